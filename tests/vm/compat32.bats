#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
#
# pcietool built for 32 bits, in a 64-bit kernel: registers, DMA, interrupts and a capture over the helper's
# compat ioctls; and 64 bits of a register in one access.
#
# qemu: -device edu -device rtl8139,romfile=
# make: m32
# usually: newest

load ../lib/common
load ../lib/guest
load ../lib/capture

setup_file() {
	[[ -x $BUILD/m32/pcietool ]] || return 0
	PATH=$BUILD/m32:$PATH
	take 1234:11e8 --mask 28
}

setup() {
	[[ -x $BUILD/m32/pcietool ]] || skip 'no 32-bit compiler'
	PATH=$BUILD/m32:$PATH
	cd "$BATS_TEST_TMPDIR" || return
	ready
}

edu_trace() {
	trace_lines edu-mmio "$(bar_base "$PCIETOOL_DEVICE" 0)"
}

@test "it is a program of 32 bits in a kernel of 64" {
	run od -An -tu1 -j 4 -N 1 "$(command -v pcietool)"
	assert_output --partial 1
	run uname -m
	assert_output x86_64
}

@test "64 bits of a register are one load and one store" {
	trace_on
	pcietool regs write -w 64 0x80=0x123456789abcdef0
	run_tool regs read -w 64 0x80
	trace_off
	assert_exit 0
	assert_output 0x123456789abcdef0
	run edu_trace
	assert_output "write 0x80 8 0x123456789abcdef0
read 0x80 8 0x123456789abcdef0"
}

@test "and so in a masked write, a wait, a dump and a load" {
	pcietool regs write -w 64 0x80=0x1111111122222222
	trace_on
	pcietool regs write -w 64 0x80=0x3300000044:0xff000000ff
	pcietool regs wait -w 64 '0x80==0x1111113322222244' --timeout 5s
	pcietool regs dump -w 64 0x80+16 -o dump
	pcietool regs load -w 64 -i dump 0x80
	trace_off
	run edu_trace
	assert_output "read 0x80 8 0x1111111122222222
write 0x80 8 0x1111113322222244
read 0x80 8 0x1111113322222244
read 0x80 8 0x1111113322222244
read 0x88 8 0x0
write 0x80 8 0x1111113322222244
write 0x88 8 0x0"
}

@test "and over /dev/mem, by its physical address" {
	local at=$(($(bar_base "$PCIETOOL_DEVICE" 0) + 0x80))
	trace_on
	run_tool mem write -w 64 "$at=0x9988776655443322"
	assert_exit 0
	run_tool mem read -w 64 "$at"
	trace_off
	assert_exit 0
	assert_output 0x9988776655443322
	run edu_trace
	assert_output "write 0x80 8 0x9988776655443322
read 0x80 8 0x9988776655443322"
}

@test "the other widths are what they are elsewhere" {
	local rtl io
	rtl=$(bdf_of 10ec:8139)
	io=$(bar_base "$rtl" 0)
	setpci -s "$rtl" COMMAND=3:3
	trace_on
	pcietool -s "$rtl" regs write 1:0x0/8=0x52 1:0x8/16=0x1234 1:0x8/32=0x12345678 0:0xa/16=0x4321
	pcietool -s "$rtl" regs read 1:0x50/8 1:0x50/16 1:0x50/32 0:0x50/32
	trace_off
	run trace_lines rtl8139 "$io"
	assert_line --index 0 'write 0x0 1 0x52'
	assert_line --index 1 'write 0x8 2 0x1234'
	assert_line --index 2 'write 0x8 4 0x12345678'
	assert_line --index 3 'write 0xa 2 0x4321'
	assert_line --index 4 --regexp '^read 0x50 1 '
	assert_line --index 5 --regexp '^read 0x50 2 '
	assert_line --index 6 --regexp '^read 0x50 4 '
	assert_line --index 7 --regexp '^read 0x50 4 '
	assert_equal "${#lines[@]}" 8
	run_tool -s "$rtl" regs read -w 64 0:0x50
	assert_exit 6
}

@test "DMA there and back, waited for by interrupt" {
	pcietool irq enable --type msi
	pcietool dma alloc --name tx 2k
	pcietool dma alloc --name rx 2k
	pcietool dma fill tx --pattern prbs31 --seed 7
	n=$(pcietool irq list --json | jq '.vectors[0].count')
	pcietool regs write -w 64 0x80=@tx 0x88=0x40000 0x90=2048 0x98=5
	run_tool irq wait --since "$n" --timeout 10s
	assert_exit 0
	assert_output $((n + 1))
	pcietool regs write 0x64=0x100
	pcietool regs write -w 64 0x80=0x40000 0x88=@rx 0x90=2048 0x98=3
	pcietool regs wait -w 64 '0x98==0:1' --timeout 10s
	run_tool dma verify rx --pattern prbs31 --seed 7
	assert_exit 0
	run_tool dma write -w 64 rx 0x1122334455667788
	assert_exit 0
	run_tool regs read -w 64 @rx
	assert_output 0x1122334455667788
	pcietool config write COMMAND=0:0x4
	pcietool dma free --idle --all
	pcietool irq disable
}

@test "a capture by interrupt holds what the device had" {
	pcietool irq enable --type msi
	head -c 2048 /dev/urandom >in
	run_tool dma play -i in -w 64 --block 2k --timeout 10s --irq 0 --ack 0x64/32=0x100 --each 0x80=@block \
		--each 0x88=0x40000 --each 0x90=@block.size --each 0x98=5
	assert_exit 0
	ready
	run_tool dma capture -j -o out --blocks 2 --size 5000 -w 64 --block 2k --timeout 10s --irq 0 --ack 0x64/32=0x100 \
		--each 0x80=0x40000 --each 0x88=@block --each 0x90=@block.size --each 0x98=7
	assert_exit 0
	assert_json '"\(.bytes) \(.blocks) \(.lost)"' '5000 3 0'
	cat in in in | head -c 5000 | cmp - out
	assert_at_rest
	pcietool irq disable
}
