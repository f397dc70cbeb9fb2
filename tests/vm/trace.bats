#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Traces of a session's commands, and of somebody else's driver by the kernel's tracer.
#
# qemu: -device edu
# qemu: -device pcie-root-port,id=rp1,chassis=1,slot=1 -device e1000e,romfile=,bus=rp1
# qemu: -device pcie-root-port,id=rp2,chassis=2,slot=2 -device e1000e,romfile=,bus=rp2
# append: iomem=relaxed
# cpus: 2
# usually: 6.1

load ../lib/common
load ../lib/guest

setup_file() {
	mountpoint -q /sys/kernel/tracing || mount -t tracefs tracefs /sys/kernel/tracing
	export TRACING=/sys/kernel/tracing
	# it starts with a small one
	echo 1408 >"$TRACING/buffer_size_kb"
}

setup() {
	first=$(bdf_of 8086:10d3)
	second=$(bdf_of 8086:10d3 1)
	trace=$BATS_TEST_TMPDIR/a.trace
}

# settings: what the kernel's tracing is set to, and which CPUs are there.
settings() {
	cat "$TRACING"/{current_tracer,trace_clock,tracing_on,kprobe_events,per_cpu/cpu0/buffer_size_kb} \
		/sys/devices/system/cpu/online
	ls "$TRACING/instances"
}

@test "a session's commands are in one trace, in order, with memory and interrupts" {
	export PCIETOOL_DEVICE
	PCIETOOL_DEVICE=$(bdf_of 1234:11e8)
	pcietool driver bind --mask 28
	run_tool session --trace "$trace" -- sh -ec '
		cd /
		pcietool irq enable --type msi
		pcietool config write COMMAND=0x4:0x4
		pcietool dma alloc --name rx 4k
		pcietool regs write 0x60=0x1
		pcietool irq wait --since 0 --timeout 20s
		pcietool regs write 0x64=0x1
		pcietool config write COMMAND=0:0x4
		pcietool dma free rx
		pcietool irq disable'
	assert_exit 0
	run grep -v -e '^#' -e ' config:' -e '^$' "$trace"
	assert_equal "$(cut -d ' ' -f 3,5,7 <<<"$output")" "irq-enable irq:msi E
dma-alloc @rx A
regs-write 0:0x60 W
irq-wait irq:0 I
regs-write 0:0x64 W
dma-free @rx F
irq-disable irq D"
	run_tool trace export "$trace"
	assert_exit 0
	assert_line 'dma alloc --name rx 4096'
	assert_line 'regs write 0:0x60/32=0x1'
	pcietool driver release
}

# words DEVICE: its registers as they are now, OFFSET VALUE a line, but for ICR (0xc0), which is cleared by a read (82574
# datasheet, section 10.2.4.1), and flow control in CTRL (bits 28:27 of 0x0), which is set when the link has come up.
words() {
	pcietool -q -f -s "$1" regs wait '0x8==0x2:0x2' --timeout 60s
	pcietool -q -f -s "$1" regs dump 0x0+0x6000 --hex -v | while read -r offset a b c d _; do
		[[ -n $a && $offset != 000000c0: ]] || continue
		[[ $offset != 00000000: ]] || printf -v a '%08x' $((0x$a & ~0x18000000))
		echo "$offset $a $b $c $d"
	done
}

@test "e1000e: what its driver did, done again without a driver, leaves the same values" {
	# as "trace-cmd stop" leaves it
	echo 0 >"$TRACING/tracing_on"
	before=$(settings)
	echo none >"/sys/bus/pci/devices/$second/driver_override"
	run_tool -s "$first" -j trace record -o "$trace" -- modprobe e1000e
	assert_exit 0
	assert_json '(.accesses > 500) and (.config > 0)' true
	assert_json .lost 0
	assert_equal "$(settings)" "$before"
	pcietool trace export "$trace" -o "$BATS_TEST_TMPDIR/up.batch"
	run_tool -s "$second" batch "$BATS_TEST_TMPDIR/up.batch"
	assert_exit 0
	words "$first" >"$BATS_TEST_TMPDIR/first"
	words "$second" >"$BATS_TEST_TMPDIR/second"
	assert_equal "$(wc -l <"$BATS_TEST_TMPDIR/first")" $((0x6000 / 16 - 1))
	run diff "$BATS_TEST_TMPDIR/first" "$BATS_TEST_TMPDIR/second"
	assert_output ''
	modprobe -r e1000e
}

@test "the tracer is off again however it ends" {
	echo 1 >"$TRACING/tracing_on"
	before=$(settings)
	run_tool -s "$first" trace record -o "$trace" -- sh -c 'kill -KILL $$'
	assert_exit 1
	assert_equal "$(settings)" "$before"
	pcietool -s "$first" trace record -o "$trace" -- sleep 1000 3>&- &
	pid=$!
	until_true grep -q mmiotrace "$TRACING/current_tracer"
	kill -TERM "$pid"
	wait "$pid" || status=$?
	assert_equal "$status" 143
	assert_equal "$(settings)" "$before"
	pcietool -s "$first" trace record -o "$trace" -- sleep 1000 3>&- &
	pid=$!
	until_true grep -q mmiotrace "$TRACING/current_tracer"
	kill -KILL "$pid"
	wait "$pid" || status=$?
	run_tool -s "$first" trace record -o "$trace" -- true
	assert_exit 0
	assert_err 'cleaned up'
	assert_equal "$(settings)" "$before"
}
