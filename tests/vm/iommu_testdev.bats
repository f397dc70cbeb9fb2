#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
#
# QEMU's iommu-testdev, a device whose DMA is a read of a register: it writes a pattern to the address that it was given and says
# how that went (QEMU's docs/specs/iommu-testdev.rst). Behind an IOMMU, over VFIO and over the helper.
#
# qemu: -device intel-iommu,intremap=on,caching-mode=on -device iommu-testdev
# append: intel_iommu=on iommu=strict
# qemu-at-least: 11.0
# usually: newest

load ../lib/common
load ../lib/guest

setup() {
	export PCIETOOL_DEVICE=1b36:0005 PCIETOOL_MAP=$BATS_TEST_TMPDIR/testdev.map
	cat >"$PCIETOOL_MAP" <<-'END'
		map,iommu-testdev
		register,TRIGGER,0x0,32,ro,read=modify,The armed DMA is made
		register,IOVA_LOW,0x4,32,rw
		register,IOVA_HIGH,0x8,32,rw
		register,LENGTH,0xc,32,rw
		register,RESULT,0x10,32,ro
		register,DOORBELL,0x14,32,rw
		register,ATTRIBUTES,0x18,32,rw
	END
}

teardown() {
	pcietool -q -f driver release --idle || true
	setpci -d 1b36:0005 COMMAND=0:4
}

# armed ADDRESS: 256 bytes to there, when TRIGGER is read
armed() {
	pcietool regs write "IOVA_LOW=$1" IOVA_HIGH=0 LENGTH=256 ATTRIBUTES=0 DOORBELL=1
}

# moves: what it writes is in the memory that its address was of, and is told where there is none
moves() {
	pcietool config write COMMAND=6:6
	pcietool dma alloc --name rx 4k >/dev/null
	pcietool dma fill rx --pattern zero
	armed @rx
	pcietool regs read RESULT
	# a dump reads nothing that acts
	pcietool regs dump >/dev/null 2>&1
	pcietool regs read RESULT
	pcietool regs read --unsafe TRIGGER >/dev/null
	pcietool regs read RESULT
	pcietool dma read rx+0+16 | od -An -tx4
	pcietool dma read rx+248+16 | od -An -tx4
	armed 0xdead0000
	pcietool regs read --unsafe TRIGGER >/dev/null
	pcietool regs read RESULT
	pcietool config write COMMAND=0:4
	pcietool dma free rx
}

# moved: what moves() is to say. The device looks for its pattern at a physical address too, which nobody tells it: 0xdead0004.
moved() {
	assert_success
	assert_output "0xfffffffe
0xfffffffe
0xdead0004
 12345678 12345678 12345678 12345678
 12345678 12345678 00000000 00000000
0xdead0002"
	dmesg | grep -q 'DMAR: \[DMA Write.* fault addr 0xdead0000'
	dmesg -c >/dev/null
}

@test "over VFIO: its DMA is in the memory that it was given, and a fault of the IOMMU elsewhere" {
	pcietool driver bind --to vfio
	export -f moves armed
	run pcietool session -- bash -c 'set -e; moves 2>/dev/null'
	moved
}

@test "over the helper: the same" {
	pcietool driver bind --mask 32
	run moves 2>/dev/null
	moved
}
