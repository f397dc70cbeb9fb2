#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
#
# The device as files: registers, DMA memory and interrupts of a real device, over the helper and over VFIO; users, ends.
#
# qemu: -device intel-iommu,intremap=on -device edu -device pcie-root-port,id=rp1,chassis=1,slot=1
# qemu: -device e1000e,romfile=,bus=rp1
# append: intel_iommu=on
# usually: newest

# shellcheck disable=SC2030,SC2031,SC2154 # a test is a process of its own; bats sets stderr
load ../lib/common
load ../lib/guest

setup() {
	edu=$(bdf_of 1234:11e8)
	export PCIETOOL_DEVICE=$edu PCIETOOL_MAP=$TOP/examples/edu.map
	modprobe fuse
	cd "$BATS_TEST_TMPDIR" || return
	m=$BATS_TEST_TMPDIR/m
	mkdir m
}

teardown() {
	! mountpoint -q m || umount m || umount -l m
	# elsewhere, where a test failed: a driver is not given back as long as VFIO is open
	until_true nobody_serves || pkill -x pcietool || true
	pcietool -q -f driver release || true
	setpci -s "$edu" COMMAND=2:406
}

nobody_serves() {
	! pgrep -f 'pcietool.* mount ' >/dev/null
}

# is_reading PID: in the system call read(2), number 0 on x86.
is_reading() {
	local number rest
	read -r number rest 2>/dev/null <"/proc/$1/syscall" && [[ $number == 0 ]]
}

# can_map: the kernel hands a mapping on to another file (Linux 6.9), and this build's libfuse can say which (3.17).
can_map() {
	grep -q 'libfuse3\.so\.4' "$(command -v pcietool)" && printf '6.9\n%s\n' "$(uname -r)" | sort -VC
}

# mapper WORD...: a program in the background that maps buffers, with its words in the file out, until it is told to go on.
mapper() {
	[ -p go ] || mkfifo go
	python3 "$TOP/tests/lib/map_buffer.py" "$@" <go >out 2>&1 3>&- &
	mapper=$!
	exec 6>go
	until_true grep -qE '^waiting$|Error' out
}

# mapper_ends: it goes on, and has its memory.
mapper_ends() {
	echo >&6
	exec 6>&-
	wait "$mapper"
	assert_equal "$(tail -n 1 out)" "still b'written'"
}

# not_mapped NAME: nor is it hidden behind a copy.
not_mapped() {
	run python3 "$TOP/tests/lib/map_buffer.py" m "$1" </dev/null
	assert_failure
	assert_output --partial 'OSError: [Errno 19]'
}

# ways: the helper and VFIO, each bound, for what both do alike.
each_way() {
	local way
	for way in helper vfio; do
		pcietool -q driver bind --to "$way" --mask 28
		pcietool mount m
		"$@"
		umount m
		until_true nobody_serves
		pcietool -q -f driver release
	done
}

tour() {
	assert_equal "$(<m/regs/ID)" 0x010000ed
	echo 0x12345678 >m/regs/LIVENESS
	assert_equal "$(<m/regs/LIVENESS)" 0xedcba987
	echo 5 >m/regs/FACTORIAL
	until_true grep -q 0x0 m/regs/STATUS.d/COMPUTING
	assert_equal "$(<m/regs/FACTORIAL)" 0x00000078
	# memory is made, written, sent to the device and back
	truncate -s 4k m/dma/tx
	truncate -s 8k m/dma/rx
	assert_equal "$(ls m/dma)" $'rx\nrx.address\ntx\ntx.address'
	assert_equal "$(stat -c %s m/dma/rx)" 8192
	head -c 4096 /dev/urandom >data
	cat data >m/dma/tx
	cmp data m/dma/tx
	echo 1 >m/config/COMMAND.d/MASTER
	echo @tx >m/regs/DMA_SRC
	assert_equal "$((0x$(sed s/^0x// m/regs/DMA_SRC)))" "$(($(<m/dma/tx.address)))"
	echo 0x40000 >m/regs/DMA_DST
	echo @tx.size >m/regs/DMA_COUNT
	echo 1 >m/regs/DMA_CMD
	until_true grep -q 0x0 m/regs/DMA_CMD.d/START
	printf 0x40000 >m/regs/DMA_SRC
	printf @rx+0x800 >m/regs/DMA_DST
	echo 0x1 >m/regs/DMA_CMD.d/DIRECTION
	echo 3 >m/regs/DMA_CMD
	until_true grep -q 0x0 m/regs/DMA_CMD.d/START
	cmp data <(dd if=m/dma/rx bs=2k skip=1 count=2 status=none)
	# interrupts
	assert_equal "$(<m/irq/type)" none
	assert_equal "$(ls m/irq)" type
	echo msi >m/irq/type
	assert_equal "$(<m/irq/type)" 'msi 1'
	assert_equal "$(ls m/irq)" $'0\ntype'
	interrupts
	echo none >m/irq/type
	# what is a bus master's is not freed
	run rm m/dma/rx
	assert_failure
	assert_output --partial 'busy'
	grep -q 'bus master' m/error
	echo 0 >m/config/COMMAND.d/MASTER
	rm m/dma/rx m/dma/tx
	assert_equal "$(ls m/dma)" ''
}

# waiting: a thread of what serves the mount waits for an interrupt: in ioctl(2) over the helper, number 16 on x86.
waiting() {
	local pid number rest
	for pid in $(pgrep -f 'pcietool.* mount '); do
		for file in /proc/"$pid"/task/*/syscall; do
			read -r number rest 2>/dev/null <"$file" || true
			[[ $number != 16 ]] || return 0
		done
	done
	return 1
}

# idle: in a second of looks none does.
idle() {
	local i
	for i in {1..20}; do
		! waiting || return
		sleep 0.05
	done
}

@test "poll: one that has ended is waited for no longer, though its file is open; one that goes on is told after however long" {
	pcietool -q driver bind --mask 28
	pcietool mount m
	echo msi >m/irq/type
	echo 1 >m/config/COMMAND.d/MASTER
	timeout 120 python3 - m/irq/0 >polled 3>&- <<-'END' &
		import os, select, sys, time
		fd = os.open(sys.argv[1], os.O_RDONLY)
		p = select.poll()
		p.register(fd, select.POLLIN)
		print(p.poll(3000), flush=True)
		while not os.path.exists("go"): time.sleep(0.05)
		print("again", flush=True)
		if p.poll(60000): print(os.read(fd, 64), flush=True)
	END
	poller=$!
	until_true waiting
	until_true grep -qF '[]' polled
	until_true idle
	touch go
	until_true grep -q again polled
	until_true waiting
	# longer than a poll is taken for one
	sleep 3
	until_true waiting
	echo 1 >m/regs/IRQ_RAISE
	echo 1 >m/regs/IRQ_ACK
	wait "$poller"
	assert_equal "$(tail -n 1 polled)" "b'1\\n'"
	umount m
	until_true nobody_serves
}

# Each reader sees those that come after it looked: one that waits, a shell's byte by byte, poll(2), one that will not wait.
interrupts() {
	head -n 1 m/irq/0 >first 3>&- &
	reader=$!
	until_true is_reading "$reader"
	echo 1 >m/regs/IRQ_RAISE
	echo 1 >m/regs/IRQ_ACK
	wait "$reader"
	assert_equal "$(<first)" 1
	exec 5<m/irq/0
	echo 1 >m/regs/IRQ_RAISE
	echo 1 >m/regs/IRQ_ACK
	read -r -u 5 count
	assert_equal "$count" 2
	exec 5<&-
	run timeout 60 python3 - m/irq/0 m/regs/IRQ_RAISE <<-'END'
		import os, select, sys, threading
		fd = os.open(sys.argv[1], os.O_RDONLY | os.O_NONBLOCK)
		try:
		    os.read(fd, 64)
		except BlockingIOError:
		    print("nothing yet")
		p = select.poll()
		p.register(fd, select.POLLIN)
		print(p.poll(0))
		def strike():
		    with open(sys.argv[2], "w") as f:
		        f.write("1\n")
		threading.Timer(0.3, strike).start()
		print(len(p.poll(30000)), os.read(fd, 64))
	END
	assert_success
	assert_output $'nothing yet\n[]\n1 b\'3\\n\''
	echo 1 >m/regs/IRQ_ACK
	# a reader that is interrupted, and one that is there while the type is to change
	cat m/irq/0 >/dev/null 3>&- &
	reader=$!
	until_true is_reading "$reader"
	run bash -c 'echo none >m/irq/type'
	assert_output --partial 'busy'
	kill -INT "$reader" || true
	kill "$reader"
	wait "$reader" || true
}

@test "the README's tour with cat and echo: over the helper, over VFIO" {
	each_way tour
}

@test "a buffer that another command frees or makes is seen; what is written to a freed one fails" {
	pcietool driver bind --mask 28
	pcietool mount m
	pcietool -q dma alloc --name x 4k
	assert_equal "$(<m/dma/x.address)" "$(pcietool dma list | awk '{print $2}')"
	exec 5>m/dma/x
	pcietool dma free x
	run bash -c 'echo hello >&5'
	exec 5>&-
	assert_failure
	[ ! -e m/dma/x ]
	run bash -c 'echo 1 >m/dma/new'
	assert_failure
	grep -q 'truncate -s SIZE' m/error
	run truncate -s 1k m/dma/bad-name
	assert_failure
	# two at a time do not mix
	truncate -s 4k m/dma/one
	truncate -s 4k m/dma/two
	truncate -s 4k m/dma/one
	run truncate -s 8k m/dma/one
	assert_failure
	assert_equal "$(ls m/dma)" "$(printf "%s\n" one one.address two two.address)"
	# each byte goes where it is written
	printf abc | dd of=m/dma/one bs=1 seek=5 conv=notrunc status=none
	assert_equal "$(dd if=m/dma/one bs=1 skip=4 count=5 status=none | od -An -tx1 | tr -d ' \n')" 0061626300
	run dd if=/dev/zero of=m/dma/one bs=4k count=2 conv=notrunc
	assert_failure
	assert_output --partial 'No space left'
}

@test "each file that makes a buffer is its own; flags of an open file are those of now" {
	pcietool driver bind --mask 28
	pcietool mount m
	run timeout 60 python3 - m <<-'END'
		import os, select, sys, threading
		m = sys.argv[1]
		def make(name): return os.open(f"{m}/dma/{name}", os.O_RDWR | os.O_CREAT)
		def size(name): return os.stat(f"{m}/dma/{name}").st_size
		a, b = make("aa"), make("bb")
		os.ftruncate(a, 4096)
		os.pwrite(a, b"hello", 7)
		print(os.fstat(a).st_size, os.pread(a, 5, 7))
		try:
		    os.ftruncate(a, 65536)
		except OSError as e:
		    print(os.strerror(e.errno))
		os.close(a)
		os.ftruncate(b, 8192)
		print(size("aa"), size("bb"))
		os.close(b)
		with open(f"{m}/irq/type", "w") as f: f.write("msi")
		with open(f"{m}/config/COMMAND.d/MASTER", "w") as f: f.write("1")
		def strike():
		    for name in "IRQ_RAISE", "IRQ_ACK":
		        with open(f"{m}/regs/{name}", "w") as f: f.write("1")
		fd = os.open(f"{m}/irq/0", os.O_RDONLY)
		os.set_blocking(fd, False)
		try:
		    os.read(fd, 64)
		except BlockingIOError:
		    print("nothing yet")
		os.set_blocking(fd, True)
		threading.Timer(0.3, strike).start()
		print(os.read(fd, 64))
		strike()
		strike()
		print(os.read(fd, 64))
		p = select.poll()
		p.register(fd, select.POLLIN)
		print(p.poll(100))
		for word in "none", "msi":
		    with open(f"{m}/irq/type", "w") as f: f.write(word)
		threading.Timer(0.3, strike).start()
		print(os.read(fd, 64))
		with open(f"{m}/config/COMMAND.d/MASTER", "w") as f: f.write("0")
	END
	assert_success
	assert_output "4096 b'hello'
Invalid argument
4096 8192
nothing yet
b'1\\n'
b'3\\n'
[]
b'1\\n'"
	rm m/dma/aa m/dma/bb
}

@test "a storm with many readers, some of which are killed; and the device taken away meanwhile" {
	pcietool driver bind --to vfio --mask 28
	pcietool mount m
	echo msi >m/irq/type
	echo 1 >m/config/COMMAND.d/MASTER
	run timeout 100 python3 - m <<-'END'
		import os, random, signal, subprocess, sys, time
		m = sys.argv[1]
		readers = [subprocess.Popen(["cat", f"{m}/irq/0"], stdout=open(f"out.{i}", "wb"), stderr=subprocess.DEVNULL) for i in range(8)]
		raise_ = os.open(f"{m}/regs/IRQ_RAISE", os.O_WRONLY)
		ack = os.open(f"{m}/regs/IRQ_ACK", os.O_WRONLY)
		random.seed(5)
		for i in range(600):
		    os.write(raise_, b"1")
		    os.write(ack, b"1")
		    if i % 40 == 20:
		        n = random.randrange(8)
		        readers[n].send_signal(random.choice([signal.SIGINT, signal.SIGKILL]))
		        readers[n].wait()
		        readers[n] = subprocess.Popen(["cat", f"{m}/irq/0"], stdout=open(f"out.{n}", "wb"), stderr=subprocess.DEVNULL)
		with open(f"{m}/irq/type") as f:
		    print(f.read(), end="")
		end = time.time() + 20
		def last(n):
		    lines = open(f"out.{n}", "rb").read().split()
		    return lines[-1] if lines else b""
		os.write(raise_, b"1")
		while time.time() < end and any(last(n) != b"601" for n in range(8)):
		    time.sleep(0.1)
		print({last(n) for n in range(8)})
		for reader in readers:
		    reader.kill()
		    reader.wait()
	END
	assert_success
	assert_output $'msi 1\n{b\'601\'}'
	# readers wait when it ends, in each way
	for way in 'umount -l m' 'pkill -TERM -x pcietool' 'pkill -KILL -x pcietool'; do
		cat m/irq/0 >/dev/null 2>&1 3>&- &
		reader=$!
		until_true is_reading "$reader"
		$way
		# what is only detached is there as long as it is used
		kill "$reader" || true
		wait "$reader" || true
		until_true nobody_serves
		! mountpoint -q m || umount -l m
		pcietool mount m
		echo msi >m/irq/type
	done
}

@test "other users: none without --allow-other, and then as far as modes say" {
	pcietool driver bind --mask 28
	m=$(mktemp -d /tmp/shared.XXXXXX)
	chmod 755 "$m"
	nobody() { setpriv --reuid nobody --regid nogroup --clear-groups "$@"; }
	pcietool mount "$m"
	run nobody cat "$m/regs/ID"
	assert_failure
	umount "$m"
	until_true nobody_serves
	pcietool mount --allow-other "$m"
	run nobody cat "$m/regs/ID"
	assert_output 0x010000ed
	run nobody sh -c "echo 1 >'$m/regs/LIVENESS'"
	assert_failure
	run nobody truncate -s 4k "$m/dma/x"
	assert_failure
	umount "$m"
	rmdir "$m"
}

@test "a user who is not root, over VFIO, by fusermount3; umount needs no root either" {
	pcietool driver bind --to vfio --mask 28 --owner nobody
	chmod 666 /dev/fuse
	# what fusermount3 looks into, in a Debian that is nearly bare
	[ -e /etc/mtab ] || ln -s /proc/self/mounts /etc/mtab
	m=$(mktemp -d /tmp/theirs.XXXXXX)
	chown nobody:nogroup "$m"
	# shellcheck disable=SC2016 # of another shell
	run setpriv --reuid nobody --regid nogroup --clear-groups bash -c '
		cd / && pcietool mount "$1" && cat "$1/regs/ID" && echo 7 >"$1/regs/LIVENESS" && cat "$1/regs/LIVENESS" &&
		truncate -s 4k "$1/dma/rx" && echo @rx >"$1/regs/DMA_DST" && ls "$1/dma" && fusermount3 -u "$1"' - "$m"
	assert_success
	assert_output $'0x010000ed\n0xfffffff8\nrx\nrx.address'
	until_true nobody_serves
	rmdir "$m"
}

@test "in a container that has the mount alone, a program in any language has the device" {
	pcietool driver bind --mask 28
	pcietool mount m
	mkdir -p root/dev
	cp "$(command -v busybox)" root/ 2>/dev/null || skip 'no busybox here'
	mount --bind m root/dev
	run chroot root /busybox cat /dev/regs/ID
	umount root/dev
	assert_output 0x010000ed
}

@test "a device that is removed: ENODEV for whoever waits, and the mount is gone" {
	export PCIETOOL_DEVICE
	PCIETOOL_DEVICE=$(bdf_of 8086:10d3)
	unset PCIETOOL_MAP
	pcietool driver bind
	pcietool mount m
	echo msix 1 >m/irq/type
	cat m/irq/0 2>err >/dev/null 3>&- &
	reader=$!
	until_true is_reading "$reader"
	echo 1 >"/sys/bus/pci/devices/$PCIETOOL_DEVICE/remove"
	until_true nobody_serves
	run wait "$reader"
	grep -q 'No such device' err
	run ! mountpoint -q m
	pcietool rescan
}

@test "SIGKILL: the device is at rest, and the next mount takes the folder" {
	pcietool driver bind --to vfio --mask 28
	pcietool mount m
	truncate -s 4k m/dma/rx
	echo 1 >m/config/COMMAND.d/MASTER
	pkill -KILL -f 'pcietool.* mount '
	until_true nobody_serves
	assert_equal "$((0x$(setpci -s "$edu" COMMAND.w) & 4))" 0
	run cat m/regs/ID
	assert_failure
	run_tool mount m
	assert_exit 0
	assert_err 'whose process was killed is taken away'
	assert_equal "$(<m/regs/ID)" 0x010000ed
	assert_equal "$(ls m/dma)" ''
}

@test "in a session: the session's device, until it ends" {
	pcietool driver bind --to vfio --mask 28
	run_tool session -- bash -c 'pcietool mount m && pcietool -q dma alloc --name rx 4k && ls m/dma && cat m/regs/ID && umount m'
	assert_exit 0
	assert_line rx.address
	assert_line 0x010000ed
	run_tool session -- pcietool mount m
	assert_exit 0
	until_true nobody_serves
	run ! mountpoint -q m
}

@test "a program maps DMA memory over VFIO: it sees what the device writes, the device what it stores; freed, unmounted, killed meanwhile" {
	pcietool -q driver bind --to vfio --mask 28
	pcietool mount m
	if ! can_map; then
		truncate -s 8k m/dma/rx
		not_mapped rx
		return
	fi
	mapper m
	run cat out
	assert_output "before b'\\x00\\x00\\x00\\x00'
the device's bytes True True
b'written' b'stored'
the second page b'\\x00\\x01\\x02\\x03'
not to be written
b'written'
freed b'mine' b'written' a new one b'\\x00\\x00\\x00\\x00'
waiting"
	# as with every file that is open
	run umount m
	assert_output --partial 'busy'
	umount -l m
	pkill -TERM -x pcietool
	until_true nobody_serves
	mapper_ends
	pcietool mount m
	truncate -s 4k m/dma/rx
	mapper m rx
	pkill -KILL -x pcietool
	until_true nobody_serves
	mapper_ends
	pcietool -q mount m
}

@test "what cannot be mapped cannot, and is read all the same: over the helper, huge pages; a session's can" {
	pcietool driver bind --mask 28
	pcietool mount m
	truncate -s 4k m/dma/rx
	not_mapped rx
	echo abc >m/dma/rx
	assert_equal "$(head -c 3 m/dma/rx)" abc
	rm m/dma/rx
	umount m
	until_true nobody_serves
	pcietool -q -f driver release
	pcietool driver bind --to vfio --mask 28
	pcietool mount m
	echo 4 >/proc/sys/vm/nr_hugepages
	truncate -s 2M m/dma/rx
	assert_equal "$(awk '/^HugePages_Free/ {print $2}' /proc/meminfo)" 3
	not_mapped rx
	printf abc | dd of=m/dma/rx bs=1 seek=16 conv=notrunc status=none
	assert_equal "$(dd if=m/dma/rx bs=1 skip=16 count=3 status=none)" abc
	rm m/dma/rx
	echo 0 >/proc/sys/vm/nr_hugepages
	umount m
	until_true nobody_serves
	can_map || return 0
	# shellcheck disable=SC2016 # of another shell
	run pcietool session -- bash -c 'pcietool mount m && truncate -s 2M m/dma/rx &&
		python3 "$1/tests/lib/map_buffer.py" m rx </dev/null && umount m' - "$TOP"
	assert_success
	assert_output "b'written'
waiting
still b'written'"
}

@test "over VFIO too the mount ends with its device, which the kernel waits for; who mapped memory has its bytes" {
	export PCIETOOL_DEVICE
	PCIETOOL_DEVICE=$(bdf_of 8086:10d3)
	unset PCIETOOL_MAP
	pcietool -q driver bind --to vfio
	pcietool mount m
	truncate -s 4k m/dma/rx
	! can_map || mapper m rx
	timeout 60 tee "/sys/bus/pci/devices/$PCIETOOL_DEVICE/remove" <<<1
	until_true nobody_serves
	run ! mountpoint -q m
	! can_map || mapper_ends
	pcietool rescan
}
