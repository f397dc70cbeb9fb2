#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
#
# twin serve: devices made of files, seen by a real kernel.
#
# twin: narrow --config examples/twins/narrow.config --bar 0=1M --model examples/twins/narrow.lua
# twin: oneshot --config examples/twins/oneshot.config --map examples/twins/oneshot.map --bar 2=1M --model examples/twins/oneshot.lua
# twin: stream --config examples/twins/stream.config --map examples/twins/stream.map --bar 4=4k --model examples/twins/stream.lua
# qemu-at-least: 10.1
# usually: newest

load ../lib/common
load ../lib/guest
load ../lib/twin
load ../lib/capture

@test "a link that is half as wide as it should be" {
	run_tool list -n
	assert_line --partial 'BAR0 mem 1M'
	run_tool -d 1234:5011 link show
	assert_exit 0
	assert_output --partial '8GT/s x4'
	assert_output --partial 'x8'
	echo "$output"
	run_tool -d 1234:5011 check
	assert_exit 8
	assert_output --partial x4
}

@test "a BAR without a map is memory" {
	narrow=$(bdf_of 1234:5011)
	pcietool -s "$narrow" config write COMMAND=2:2
	run_tool -s "$narrow" regs test 0:0x0+64k
	assert_exit 0
	# mapped: no access came as a message
	run grep -c ' 0:0x' /vmout/twin-narrow.log
	assert_output 0
}

@test "VPD says why" {
	run_tool -d 1234:5011 info --vpd-decode
	assert_exit 0
	assert_output --partial 'lanes 4-7 not populated'
	assert_output --partial NARROW-1
}

@test "registers of a map: write-1-to-clear, clear on read, one access each" {
	export PCIETOOL_DEVICE=1234:5012 PCIETOOL_MAP=$TOP/examples/twins/oneshot.map
	pcietool config write COMMAND=2:2
	run_tool regs read ID
	assert_output 0x1f500001
	# bus mastering is off: the engine says so, and what it says is cleared by a 1
	pcietool regs write LENGTH=64 CTRL.START=1
	pcietool regs wait STATUS.FAULT==1 --timeout 20s
	pcietool regs write STATUS=2
	run_tool regs read STATUS
	assert_output 0x00000000
	grep '^# DMA fault: writing 64 bytes at 0x0: bus mastering is off' /vmout/twin-oneshot.log
	grep '^W 0:0x18/32 0x00000040 LENGTH' /vmout/twin-oneshot.log
}

@test "a one-shot engine: dma capture with MSI" {
	export PCIETOOL_DEVICE=1234:5012 PCIETOOL_MAP=$TOP/examples/twins/oneshot.map
	pcietool driver bind
	pcietool config write COMMAND=6:6
	pcietool irq enable --type msi
	run_tool dma capture --recipe "$TOP/examples/twins/oneshot.recipe" --size 256k -o "$BATS_TEST_TMPDIR/out"
	assert_exit 0
	counts "$BATS_TEST_TMPDIR/out" 262144
	# clear on read
	run_tool regs read --unsafe BLOCKS
	assert_output 0x00000010
	run_tool regs read --unsafe BLOCKS
	assert_output 0x00000000
	pcietool driver release
}

@test "a streaming engine: a ring, head and tail, MSI-X" {
	export PCIETOOL_DEVICE=1234:5013 PCIETOOL_MAP=$TOP/examples/twins/stream.map
	pcietool driver bind
	pcietool config write COMMAND=6:6
	pcietool irq enable --type msix
	run_tool dma capture --recipe "$TOP/examples/twins/stream.recipe" --size 1M -o "$BATS_TEST_TMPDIR/out"
	assert_exit 0
	counts "$BATS_TEST_TMPDIR/out" 1048576
	# and again, wherever the head stood
	pcietool config write COMMAND=4:4
	run_tool dma capture --recipe "$TOP/examples/twins/stream.recipe" --size 1M -o "$BATS_TEST_TMPDIR/out"
	assert_exit 0
	counts "$BATS_TEST_TMPDIR/out" 1048576
	pcietool driver release
}

# overrun: has the engine lost something?
overrun() {
	(($(pcietool regs read STATUS.OVERRUN)))
}

@test "a streaming engine whose reader is slow: --lost tells what the device counts, and that is what is missing" {
	export PCIETOOL_DEVICE=1234:5013 PCIETOOL_MAP=$TOP/examples/twins/stream.map
	local reader missing
	pcietool driver bind
	pcietool config write COMMAND=6:6
	pcietool irq enable --type msix
	mkfifo "$BATS_TEST_TMPDIR/pipe"
	exec {reader}<>"$BATS_TEST_TMPDIR/pipe"
	begin capture --recipe "$TOP/examples/twins/stream.recipe" --start CTRL=3 --lost LOST --unsafe --size 2M -o pipe
	# the pipe is full, then the ring
	until_true overrun
	cat pipe >out 3>&- &
	exec {reader}>&-
	ended
	assert_exit 1
	assert_equal "$(stat -c %s out)" 2097152
	missing=$(python3 - out <<-'END'
		import array, sys
		words = array.array("I", open(sys.argv[1], "rb").read())
		print(4 * (words[-1] + 1 - len(words)))
	END
	)
	[[ $output =~ "lost 0, the device lost "([0-9]+)$ ]] || fail "$output"
	assert_err "the device counts ${BASH_REMATCH[1]} lost"
	[[ $output =~ "device lost "([0-9]+)$ ]]
	echo "missing $missing, counted ${BASH_REMATCH[1]}"
	# after the last that was saved it may have lost more
	((missing > 0 && BASH_REMATCH[1] >= missing && BASH_REMATCH[1] % 4096 == 0))
	pcietool driver release
}

# its config space reads ones
gone() {
	[[ $(setpci -s "$1" VENDOR_ID) == ffff ]]
}

@test "a device that dies is gone" {
	export PCIETOOL_DEVICE=1234:5012 PCIETOOL_MAP=$TOP/examples/twins/oneshot.map
	device=$(bdf_of 1234:5012)
	pcietool config write COMMAND=2:2
	pcietool regs write CTRL.DIE=1
	until_true gone "$device"
	run_tool -s "$device" regs read ID
	assert_exit 5
	run_tool -s "$device" info
	assert_exit 5
}
