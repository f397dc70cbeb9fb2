#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Registers and fields by name, on edu and on a real register whose bits clear when 1 is written: an xHCI port's
# status (xHCI 1.2, section 5.4.8), with a device plugged into one of its ports.
#
# qemu: -device edu -device qemu-xhci -device usb-tablet
# usually: 6.1

load ../lib/common
load ../lib/guest

setup() {
	edu=$(bdf_of 1234:11e8)
	xhci=$(bdf_of 1b36:000d)
	export PCIETOOL_MAP=$BATS_TEST_TMPDIR/xhci.map
	# CAPLENGTH is 0x40 in QEMU's; a port has 16 bytes
	for port in 1 2 3 4 5 6 7 8; do
		printf 'register,PORTSC%d,0x%x,32,rw\n' $port $((0x440 + (port - 1) * 16))
		printf "field,PORTSC$port,%s\n" CCS,0,ro PED,1,rw,write=w1c PR,4,rw,write=w1s PLS,8:5,rw \
			PP,9,rw CSC,17,rw,write=w1c PEC,18,rw,write=w1c PRC,21,rw,write=w1c LWS,16,rw,write=w1s \
			WCE,25,rw WDE,26,rw
	done >"$PCIETOOL_MAP"
	pcietool -s "$xhci" config write COMMAND=2:2
	pcietool -s "$edu" config write COMMAND=2:2
}

# The port that something is plugged into.
port_in_use() {
	pcietool -s "$xhci" regs read 'PORTSC*.CCS' | sed -n 's/^\(PORTSC[0-9]\)\.CCS .*0x1$/\1/p'
}

@test "a field beside write-1-to-clear bits: it changes, they do not" {
	port=$(port_in_use)
	[[ $port == PORTSC? ]]
	# a reset of the port sets PRC, which stays until 1 is written to it
	pcietool -s "$xhci" regs write "$port.PR=1"
	run_tool -s "$xhci" regs read "$port.PRC" "$port.WCE" "$port.PED"
	assert_output "0x1
0x0
0x1"
	pcietool -s "$xhci" regs write --verify "$port.WCE=1"
	run_tool -s "$xhci" regs read "$port.PRC" "$port.WCE" "$port.PED"
	assert_output "0x1
0x1
0x1"
}

@test "config write --verify compares what keeps what was written: neither what is read-only nor what a 1 clears" {
	# QEMU's xHCI is a PCI Express device; on the root bus it is one with interrupts and DMA
	local assign
	for assign in STATUS=0xf900 0x6/16=0xffff 0x4/32=0xf9ff0002 EXP.DEVSTA=0xffff EXP.DEVSTA=0xf CAP_EXP+0xa/16=0xf COMMAND=2 COMMAND=0x2:0x2 \
		INTERRUPT_LINE=0xb; do
		run_tool -s "$xhci" config write --verify $assign
		assert_exit 0
	done
	for assign in STATUS=0xf900:0xf900 EXP.DEVSTA=0xf:0xf; do
		run_tool -s "$xhci" config write --verify $assign
		assert_exit 0
		assert_err 'cannot be verified'
	done
	# what is writable by the table and does not take it is told
	run_tool -s "$xhci" config write --verify 0x4/16=0xffff
	assert_exit 8
	run_tool -s "$xhci" config write VENDOR_ID=1
	assert_exit 2
	run_tool -s "$xhci" config write --force VENDOR_ID=1
	assert_exit 0
	assert_equal "$(pcietool -s "$xhci" config read VENDOR_ID)" 0x1b36
}

@test "a write-1-to-clear field is cleared alone" {
	port=$(port_in_use)
	pcietool -s "$xhci" regs write "$port.PR=1"
	pcietool -s "$xhci" regs write "$port.PRC=1"
	run_tool -s "$xhci" regs read "$port.PRC" "$port.PED"
	assert_output "0x0
0x1"
}

@test "without the map's knowledge the same bit is lost: the model above is the device's" {
	port=$(port_in_use)
	number=${port#PORTSC}
	offset=$(printf '0x%x' $((0x440 + (number - 1) * 16)))
	pcietool -s "$xhci" regs write "$port.PR=1"
	pcietool -s "$xhci" regs write "$offset=0x4000000:0x4000000"
	run_tool -s "$xhci" regs read "$port.PRC"
	assert_output 0x0
}

@test "a register's name makes one access, a field's write one load and one store" {
	export PCIETOOL_MAP=$TOP/examples/edu.map
	base=$(bar_base "$edu" 0)
	trace_on
	pcietool -s "$edu" regs write LIVENESS=5 'DMA_COUNT=0x10'
	trace_off
	run trace_lines edu-mmio "$base"
	assert_output "write 0x4 4 0x5
write 0x90 8 0x10"
	trace_on
	pcietool -s "$edu" regs write STATUS.IRQ_ENABLE=1
	trace_off
	run trace_lines edu-mmio "$base"
	assert_output "read 0x20 4 0x0
write 0x20 4 0x80"
}

@test "edu by name: read, wait, dump, snapshot, diff, decode" {
	export PCIETOOL_MAP=$TOP/examples/edu.map
	cd "$BATS_TEST_TMPDIR" || return
	run_tool -s "$edu" regs read ID
	assert_output 0x010000ed
	pcietool -s "$edu" regs write LIVENESS=0x12345678
	run_tool -s "$edu" regs read LIVENESS
	assert_output 0xedcba987
	pcietool -s "$edu" regs write FACTORIAL=5
	run_tool -s "$edu" regs wait 'STATUS.COMPUTING==0' --timeout 5s
	assert_exit 0
	run_tool -s "$edu" regs read FACTORIAL
	assert_output 0x00000078
	run_tool -s "$edu" regs dump
	assert_exit 0
	assert_output --partial 'ID '
	assert_output --partial 'COMPUTING'
	assert_err 'IRQ_RAISE is left out: it is write-only'
	pcietool -s "$edu" regs snapshot -o before.regs
	run_tool -s "$edu" regs diff before.regs
	assert_exit 0
	pcietool -s "$edu" regs write FACTORIAL=3
	pcietool -s "$edu" regs wait 'STATUS.COMPUTING==0' --timeout 5s
	run_tool -s "$edu" regs diff before.regs
	assert_exit 8
	assert_output --partial 'FACTORIAL'
	assert_output --partial '0x00000078 -> 0x00000006'
	run_tool regs decode -i before.regs
	assert_exit 0
	assert_output --partial 'FACTORIAL'
}

@test "the SVD and the text map of edu say the same" {
	svd=$(pcietool -q -s "$edu" --map "$TOP/examples/edu.svd" regs dump | sed 's/^EDU\.//; s/  *0x/ 0x/')
	text=$(pcietool -q -s "$edu" --map "$TOP/examples/edu.map" regs dump | sed 's/  *0x/ 0x/')
	assert_equal "$svd" "$text"
	[[ $text == *DIRECTION* ]]
}

@test "watch: a line per change, and a clean end" {
	export PCIETOOL_MAP=$TOP/examples/edu.map
	pcietool -s "$edu" regs write LIVENESS=0
	env --default-signal=INT pcietool -s "$edu" regs watch --interval 10ms LIVENESS \
		>"$BATS_TEST_TMPDIR/log" 2>"$BATS_TEST_TMPDIR/err" 3>&- &
	pid=$!
	until_true test -s "$BATS_TEST_TMPDIR/log"
	pcietool -s "$edu" regs write LIVENESS=0xffff0000
	until_true grep -q 0x0000ffff "$BATS_TEST_TMPDIR/log"
	kill -INT $pid
	wait $pid
	run cat "$BATS_TEST_TMPDIR/log"
	assert_line --index 0 --regexp 'LIVENESS +0xffffffff$'
	assert_line --index 1 --partial '0xffffffff -> 0x0000ffff'
	assert_equal "${#lines[@]}" 2
}
