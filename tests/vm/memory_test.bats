#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
#
# regs test on RAM behind a BAR, on DMA memory, and on what is none.
#
# qemu: -object memory-backend-ram,id=shm,size=16M,share=on -device ivshmem-plain,memdev=shm -device edu
# usually: 6.1

load ../lib/common
load ../lib/guest

setup() {
	shm=$(bdf_of 1af4:1110)
	edu=$(bdf_of 1234:11e8)
	setpci -s "$shm" COMMAND=2:2
	setpci -s "$edu" COMMAND=2:2
	cd "$BATS_TEST_TMPDIR" || return
	head -c 1M /dev/urandom >random
	pcietool -s "$shm" regs load -w 64 -i random 2:0x80000
	pcietool -s "$shm" regs dump -w 64 -b 2 -o contents
}

same() {
	pcietool -s "$shm" regs dump -w 64 -b 2 -o now
	cmp now contents
}

@test "RAM is good at every width, and keeps its contents" {
	for width in 8 16 32 64; do
		run_tool -s "$shm" regs test -w $width 2:0x1000+64k
		assert_exit 0
		assert_line --regexp 'address lines +good'
	done
	same
}

@test "Ctrl-C puts the contents back" {
	env --default-signal=INT pcietool -s "$shm" regs test -w 8 2:0x0+16M >/dev/null 2>&1 3>&- &
	pid=$!
	until_true grep -q /resource2 "/proc/$pid/maps"
	kill -INT $pid
	status=0
	wait $pid || status=$?
	[[ $status -eq 130 ]]
	same
}

@test "registers are no memory: it says so" {
	run_tool -s "$edu" regs test 0x4+4
	assert_exit 8
	assert_output --regexp 'data lines +[0-9]+ failures'
	assert_output --partial 'expected'
}

@test "DMA memory" {
	pcietool -s "$edu" driver bind
	pcietool -s "$edu" dma alloc --name x 64k
	pcietool -s "$edu" dma fill x --pattern prbs31
	run_tool -s "$edu" regs test @x+0+64k
	assert_exit 0
	pcietool -s "$edu" dma verify x --pattern prbs31
	pcietool -s "$edu" driver release
}
