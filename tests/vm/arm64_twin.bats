#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
#
# arm64: twins, with DMA and messages through the ITS. (QEMU 11.1's SMMUv3 does not tell a device of the host's what it maps, and
# vfio-user-pci refuses to be behind it: there is none here, and so no VFIO.)
#
# qemu: -machine iommu=none
# twin: oneshot --config examples/twins/oneshot.config --map examples/twins/oneshot.map --bar 2=1M --model examples/twins/oneshot.lua
# twin: stream --config examples/twins/stream.config --map examples/twins/stream.map --bar 4=4k --model examples/twins/stream.lua
# kernel: arm64 arm64-newest arm64-16k
# qemu-at-least: 10.1
# timeout: 1200

load ../lib/common
load ../lib/guest
load ../lib/twin

setup() {
	cd "$BATS_TEST_TMPDIR" || return
	export TOOL_TIMEOUT=90
}

@test "registers: one access of its width each, and a BAR that is memory" {
	export PCIETOOL_DEVICE=1234:5012 PCIETOOL_MAP=$TOP/examples/twins/oneshot.map
	run uname -m
	assert_output aarch64
	pcietool config write COMMAND=2:2
	run_tool regs read ID
	assert_output 0x1f500001
	pcietool regs write -w 64 ADDRESS=0x123456789abcdef0
	pcietool regs write LENGTH=64
	run_tool regs read ADDRESS
	assert_output 0x123456789abcdef0
	# what one access was, the twin knows best
	grep -q '^W 0:0x10/64 0x123456789abcdef0 ADDRESS' /vmout/twin-oneshot.log
	grep -q '^W 0:0x18/32 0x00000040 LENGTH' /vmout/twin-oneshot.log
	run_tool regs test 2:0x0+8k
	assert_exit 0
}

@test "a one-shot engine: dma capture, an MSI through the ITS for each block" {
	export PCIETOOL_DEVICE=1234:5012 PCIETOOL_MAP=$TOP/examples/twins/oneshot.map
	pcietool driver bind
	pcietool config write COMMAND=6:6
	pcietool irq enable --type msi
	grep -E 'ITS.*MSI' /proc/interrupts
	run_tool dma capture --recipe "$TOP/examples/twins/oneshot.recipe" --size 256k -o out
	assert_exit 0
	counts out 262144
	run_tool irq list -j
	assert_json '.vectors[0].count' 16
	pcietool driver release
}

@test "a streaming engine: a ring, head and tail, MSI-X" {
	export PCIETOOL_DEVICE=1234:5013 PCIETOOL_MAP=$TOP/examples/twins/stream.map
	pcietool driver bind
	pcietool config write COMMAND=6:6
	pcietool irq enable --type msix
	run_tool dma capture --recipe "$TOP/examples/twins/stream.recipe" --size 1M -o out
	assert_exit 0
	counts out 1048576
	pcietool driver release
}
