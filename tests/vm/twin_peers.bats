#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Twins that reach each other: DMA to an address in another one's BAR, which QEMU does for them.
#
# twin: a --config tests/vm/twins/peer.config --map tests/vm/twins/peer.map --bar 2=64k --model tests/vm/twins/peer.lua
# twin: b --config tests/vm/twins/peer.config --map tests/vm/twins/peer.map --bar 2=64k --model tests/vm/twins/peer.lua
# qemu: -device edu,addr=0x10
# qemu-at-least: 10.1
# usually: newest

load ../lib/common
load ../lib/guest
load ../lib/twin

setup() {
	cd "$BATS_TEST_TMPDIR" || return
	export PCIETOOL_MAP=$TOP/tests/vm/twins/peer.map TOOL_TIMEOUT=60
	first=$(bdf_of 1234:5038 0)
	second=$(bdf_of 1234:5038 1)
	a config write COMMAND=6:6
	b config write COMMAND=6:6
	registers=$(($(bar_base "$second" 0)))
	memory=$(($(bar_base "$second" 2)))
}

a() {
	pcietool -s "$first" "$@"
}

b() {
	pcietool -s "$second" "$@"
}

# does ASSIGN...: the first one's engine, to its end; prints what it says of it
does() {
	a regs write DONE=0 "$@"
	a regs wait DONE!=0 --timeout 30s
	a regs read DONE
}

@test "memory behind another's BAR is written and read" {
	run does "TARGET=$((memory + 16))" PUT=0xcafe0001
	assert_output 0x00000001
	run b regs read 2:0x10 2:0x14
	assert_output '0xcafe0001
0x00000000'
	b regs write 2:0x20=0x12345678
	run does "TARGET=$((memory + 32))" GET=1
	assert_output 0x00000001
	run a regs read WORD
	assert_output 0x12345678
	run does "TARGET=$memory" FILL=65536
	assert_output 0x00000001
	b regs dump 2:0x0+64k -o out
	counts out 65536
	# its own is one as well
	run does "TARGET=$(($(bar_base "$first" 2)))" PUT=7
	assert_output 0x00000001
	run a regs read 2:0
	assert_output 0x00000007
}

@test "a register of another's: one access of its width, with what it does" {
	run does "TARGET=$((registers + 0x10))" PUT=0xcafe0002
	assert_output 0x00000001
	run b regs read WORD
	assert_output 0xcafe0002
	grep '^W 0:0x10/32 0xcafe0002 WORD' /vmout/twin-b.log
	run does GET=1
	run a regs read WORD
	assert_output 0xcafe0002
	grep '^R 0:0x10/32 0xcafe0002 WORD' /vmout/twin-b.log
	# a device of QEMU's own: edu's complement
	pcietool -s 00:10.0 config write COMMAND=2:2
	run does "TARGET=$(($(bar_base 0000:00:10.0 0) + 4))" PUT=0x0f0f0f0f GET=1
	run a regs read WORD
	assert_output 0xf0f0f0f0
}

@test "a doorbell of another's, which interrupts" {
	b driver bind
	b config write COMMAND=6:6
	b irq enable --type msi
	run does "TARGET=$((registers + 0x1c))" PUT=1
	assert_output 0x00000001
	run_tool -s "$second" irq wait --since 0 --timeout 30s
	assert_output 1
	b driver release
}

@test "both at once, each in the other's registers" {
	local i
	a regs write "TARGET=$((registers + 0x1c))"
	b regs write "TARGET=$(($(bar_base "$first" 0) + 0x1c))"
	a_before=$(a regs read RINGS) b_before=$(b regs read RINGS)
	for ((i = 0; i < 20; i++)); do echo 'regs write PUT=1'; done >twenty
	a batch twenty 3>&- &
	one=$!
	b batch twenty
	wait "$one"
	a regs wait "RINGS==$((a_before + 20))" --timeout 30s
	b regs wait "RINGS==$((b_before + 20))" --timeout 30s
	run ! grep fault /vmout/twin-a.log /vmout/twin-b.log
}

@test "what does not reach anything is a fault that is told" {
	# decoding is off
	b config write COMMAND=0:2
	run does "TARGET=$((registers + 0x10))" PUT=1
	assert_output 0x00000002
	grep "DMA fault: writing 4 bytes at $(printf '0x%x' $((registers + 0x10))): no memory of the guest's\$" /vmout/twin-a.log
	# while the guest waits for an answer, QEMU does nothing for it
	b config write COMMAND=2:2
	run a regs read PEEK
	assert_output 0x00000002
	grep "DMA fault: reading 4 bytes .*: no memory of the guest's; another device's is not reached while" /vmout/twin-a.log
	# not a bus master
	a config write COMMAND=0:4
	run does PUT=1
	assert_output 0x00000002
}
