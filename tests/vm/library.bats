#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
#
# libpcietool, and Python's package by it, with a real device: over the helper and over VFIO.
#
# qemu: -device intel-iommu,intremap=on -device edu -netdev user,id=n -device rtl8139,romfile=,netdev=n
# append: intel_iommu=on
# usually: 6.12

# shellcheck disable=SC2030,SC2031,SC2154 # a test is a process of its own; bats sets stderr
load ../lib/common
load ../lib/guest

setup() {
	edu=$(bdf_of 1234:11e8)
	cd "$BATS_TEST_TMPDIR" || return
	compile=("${CC:-cc}" -Wall -Wextra -Werror -std=c17 -I "$TOP/include")
	link=(-L "$BUILD" -lpcietool "-Wl,-rpath,$(realpath "$BUILD")")
}

teardown() {
	pcietool -q -f -s "$edu" driver release --idle || true
	setpci -s "$edu" COMMAND=2:406
}

@test "the tour in C: over the helper, and over VFIO that the program opens itself" {
	"${compile[@]}" -o tour "$TOP/examples/library/tour.c" "${link[@]}"
	pcietool -s "$edu" driver bind --mask 28
	run ./tour 1234:11e8 "$TOP/examples/edu.map"
	assert_success
	assert_output "$edu: version 1
0xedcba987
1 interrupt, the same"
	assert_equal "$(pcietool -s "$edu" dma list)" ''
	pcietool -s "$edu" driver release --idle
	pcietool -s "$edu" driver bind --to vfio --mask 28
	run ./tour 1234:11e8 "$TOP/examples/edu.map" open-vfio 1
	assert_success
	assert_line '1 interrupt, the same'
}

@test "killed in the middle: the device is at rest, nothing of it is left" {
	cat >endless.c <<-'END'
		#include <pcietool.h>
		#include <unistd.h>
		int main(int argc, char **argv) {
			struct pcietool_context *c = pcietool_context_new();
			struct pcietool_device *d;
			struct pcietool_buffer *b;
			(void)argc;
			pcietool_context_set(c, "open-vfio", "1", NULL);
			if (pcietool_device_open(c, argv[1], &d, NULL) < 0 || pcietool_buffer_alloc(d, "x", 4096, &b, NULL) < 0 ||
			    pcietool_config_write(d, "COMMAND=6:6", NULL) < 0) return 1;
			write(1, "ready\n", 6);
			pause();
			return 0;
		}
	END
	"${compile[@]}" -Wno-unused-result -o endless endless.c "${link[@]}"
	pcietool -s "$edu" driver bind --to vfio --mask 28
	./endless "$edu" >said 3>&- &
	pid=$!
	until_true grep -q ready said
	assert_equal "$((0x$(setpci -s "$edu" COMMAND.w) & 4))" 4
	kill -KILL "$pid"
	wait "$pid" || true
	until_true at_rest
	pcietool -s "$edu" session -- pcietool -s "$edu" dma alloc --name x 4k
}

@test "the tour in Python: over the helper, over VFIO, in a session; numpy sees what the device wrote" {
	python=/usr/bin/python3
	export PYTHONPATH=$BUILD/python PYTHONDONTWRITEBYTECODE=1
	"$python" -c 'import pcietool' || skip 'there is no package for it in this build: cffi, the headers of Python, no sanitizers'
	local want=$'version 1\n0xedcba987\n1 interrupt\nthe same'
	pcietool -s "$edu" driver bind --mask 28
	run "$python" "$TOP/examples/python/tour.py" 1234:11e8 "$TOP/examples/edu.map"
	assert_success
	assert_output "$want"
	pcietool -s "$edu" driver release --idle
	pcietool -s "$edu" driver bind --to vfio --mask 28
	run "$python" "$TOP/examples/python/tour.py" 1234:11e8 "$TOP/examples/edu.map"
	assert_success
	assert_output "$want"
	run pcietool -s "$edu" session -- "$python" "$TOP/examples/python/tour.py" 1234:11e8 "$TOP/examples/edu.map"
	assert_success
	assert_output "$want"
	# arrays outlive what they are of
	"$python" -c 'import numpy' || return 0
	run "$python" - "$edu" <<-'END'
		import gc, sys, numpy, pcietool
		with pcietool.Device(sys.argv[1], open_vfio=True) as dev:
		    buf = dev.dma("rx", 8192)
		    array = numpy.frombuffer(buf.memory, dtype="<u4")
		    array[7] = 0x01020304
		    print(bytes(buf.memory[28:32]).hex(), hex(buf.address), len(buf))
		    dev.config["COMMAND.MASTER"] = 1
		    try:
		        buf.free()
		    except pcietool.Error as error:
		        print(error.code)
		    dev.config["COMMAND.MASTER"] = 0
		    buf.free()
		    try:
		        buf.memory
		    except pcietool.UsageError as error:
		        print(error.code)
		del buf, dev
		gc.collect()
		print(hex(array[7]))
	END
	assert_success
	# what is freed is the program's own memory from then on
	assert_output $'04030201 0x1000 8192\nbus-master-on\nclosed\n0x0'
	# a child that ends leaves the parent's device as it is; a wait that is cancelled ends
	run timeout 60 "$python" - "$edu" <<-'END'
		import asyncio, os, sys, pcietool
		with pcietool.Device(sys.argv[1], open_vfio=True) as dev:
		    dev.irq.enable("msi")
		    dev.config["COMMAND.MASTER"] = 1
		    if os.fork() == 0:
		        sys.exit()
		    os.wait()
		    print(dev.config["COMMAND.MASTER"], dev.irq.count())
		    try:
		        asyncio.run(asyncio.wait_for(dev.irq.wait_async(), 0.3))
		    except asyncio.TimeoutError:
		        print("cancelled")
		    dev.config["COMMAND.MASTER"] = 0
		    before = len(os.listdir("/proc/self/fd"))
		    for i in range(50):
		        dev.dma(None, 4096).close()
		    print(len(os.listdir("/proc/self/fd")) - before)
		    try:
		        with dev.dma("x", 4096):
		            dev.config["COMMAND.MASTER"] = 1
		            raise KeyError("mine")
		    except KeyError as error:
		        print(error)
	END
	assert_success
	assert_output $'1 0\ncancelled\n0\n\'mine\''
	pcietool -s "$edu" driver release
	pcietool -s "$edu" driver bind --mask 28
	run "$python" - "$edu" <<-'END'
		import sys, pcietool
		with pcietool.Device(sys.argv[1]) as dev:
		    buf = dev.dma("rx", 8192)
		    view = buf.memory
		    view[0] = 7
		    buf.free()
		    print(view[0])
		    buf = dev.dma("part", 100)
		    buf.sync_for_cpu(50, 50)
		    dev.regs["@part+96"].read()
		    for beyond in (lambda: buf.sync_for_device(0, 101), lambda: dev.regs["@part+100"].read()):
		        try:
		            beyond()
		        except pcietool.UsageError as error:
		            print(error.code)
	END
	assert_success
	assert_output $'0\nout-of-range\nout-of-range'
}

@test "Python: with dev.session(): what was made in it ends with it, over the helper and over VFIO" {
	python=/usr/bin/python3
	export PYTHONPATH=$BUILD/python PYTHONDONTWRITEBYTECODE=1
	"$python" -c 'import pcietool' || skip 'there is no package for it in this build: cffi, the headers of Python, no sanitizers'
	cat >session.py <<-'END'
		import sys, pcietool
		dev = pcietool.Device(sys.argv[1])
		with dev.session():
		    buf = dev.dma("rx", 2**16)
		    other = dev.dma(None, 4096)
		    dev.irq.enable("msi")
		    dev.config["COMMAND.MASTER"] = 1
		    other.close()
		    try:
		        with dev.session():
		            pass
		    except pcietool.UsageError as error:
		        print(error.code)
		print(dev.config["COMMAND.MASTER"], buf._view)
		try:
		    dev.open_dma("rx")
		except pcietool.Error as error:
		    print(type(error).__name__)
		with dev.session():
		    dev.dma("rx", 4096)
		    # found, not made: it stays
		    with dev.open_dma("rx") as found:
		        found.memory[0] = 7
		    with dev.open_dma("rx") as found:
		        print(found.memory[0])
		try:
		    with dev.session():
		        dev.dma("rx", 4096)
		        dev.config["COMMAND.MASTER"] = 1
		        raise KeyError("mine")
		except KeyError as error:
		    print(error, dev.config["COMMAND.MASTER"])
		with dev.session():
		    dev.dma("rx", 4096)
		    dev.close()
		print("closed")
	END
	local want=$'busy\n0 None\nUsageError\n7\n\'mine\' 0\nclosed'
	pcietool -s "$edu" driver bind --mask 28
	run "$python" session.py "$edu"
	assert_success
	assert_output "$want"
	pcietool -s "$edu" driver release --idle
	pcietool -s "$edu" driver bind --to vfio --mask 28
	run "$python" session.py "$edu"
	assert_success
	assert_output "$want"
}

@test "an event loop waits for interrupts without a thread: over the helper, VFIO, a session, UIO; all waiters see them" {
	python=/usr/bin/python3
	export PYTHONPATH=$BUILD/python PYTHONDONTWRITEBYTECODE=1
	"$python" -c 'import pcietool' || skip 'there is no package for it in this build: cffi, the headers of Python, no sanitizers'
	local type loop=(timeout 120 "$python" "$TOP/tests/python/loop.py" "$edu")
	pcietool -s "$edu" driver bind --mask 28
	for type in msi intx; do
		run "${loop[@]}" $type
		assert_output "$type seen"
		pcietool -q -s "$edu" irq disable || true
	done
	pcietool -s "$edu" driver release --idle
	pcietool -s "$edu" driver bind --to vfio --mask 28
	for type in msi intx; do
		run "${loop[@]}" $type
		assert_output "$type seen"
		run pcietool -s "$edu" session -- "${loop[@]}" $type
		assert_output "$type seen"
	done
	# the loop is told when the session ends
	run "$python" - "$edu" <<-'END'
		import asyncio, os, signal, subprocess, sys, pcietool
		holder = subprocess.Popen(["pcietool", "-s", sys.argv[1], "session", "--", "sh", "-c", "echo $PCIETOOL_SESSION; exec sleep 60"],
		                          stdout=subprocess.PIPE, text=True)
		with pcietool.Device(sys.argv[1], session=holder.stdout.readline().strip()) as dev:
		    dev.irq.enable("msi")
		    async def main():
		        asyncio.get_running_loop().call_later(0.2, holder.kill)
		        await dev.irq.wait_async(timeout=30)
		    try:
		        asyncio.run(main())
		    except pcietool.GoneError as error:
		        print(error.code)
	END
	assert_output session-ended
	pcietool -s "$edu" driver release
	pcietool -s "$edu" driver bind --to uio
	# more than one in one wait of C's: each is let come again
	run "$python" - "$edu" <<-'END'
		import sys, threading, time, pcietool
		from pcietool._native import ffi, lib
		dev = pcietool.Device(sys.argv[1])
		before = dev.irq.count()
		def strike():
		    with pcietool.Device(sys.argv[1]) as other:
		        for _ in range(6):
		            time.sleep(0.2)
		            other.regs["0x60"] = 1
		            other.regs["0x64"] = 1
		count = ffi.new("uint64_t *")
		thread = threading.Thread(target=strike)
		thread.start()
		rc = lib.pcietool_irq_wait(dev._open_handle(), 0, before + 2, 20 * 10**9, count, ffi.NULL)
		thread.join()
		print(rc, count[0] - before)
	END
	assert_output '0 3'
	run "${loop[@]}" intx uio
	assert_output 'intx seen'
	run pcietool -s "$edu" session -- "${loop[@]}" intx uio
	assert_output 'intx seen'
}

@test "blocks in a loop: their bytes without a file, over the helper and VFIO; whatever ends the loop stops the device" {
	python=/usr/bin/python3
	export PYTHONPATH=$BUILD/python PYTHONDONTWRITEBYTECODE=1
	"$python" -c 'import pcietool' || skip 'there is no package for it in this build: cffi, the headers of Python, no sanitizers'
	local blocks=(timeout 120 "$python" "$TOP/tests/python/blocks.py" "$edu" "$TOP/examples/edu.recipe")
	pcietool -s "$edu" driver bind --mask 28
	run "${blocks[@]}"
	assert_output seen
	# a notebook that is killed; a program that ends
	run "${blocks[@]}" killed
	assert_output begun
	until_true at_rest
	run "${blocks[@]}" ends
	assert_success
	assert_output begun
	at_rest
	run "${blocks[@]}" forked
	assert_success
	assert_output $'begun\nforked'
	until_true at_rest
	pcietool -s "$edu" driver release --idle
	pcietool -s "$edu" driver bind --to vfio --mask 28
	run "${blocks[@]}"
	assert_output seen
	run pcietool -s "$edu" session -- "${blocks[@]}"
	assert_output seen
}

at_rest() {
	(((0x$(setpci -s "$edu" COMMAND.w) & 4) == 0))
}
