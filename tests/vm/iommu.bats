#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Behind an IOMMU: VFIO, buffers of scattered pages, and faults as the reason of a wait in vain.
#
# qemu: -device intel-iommu,intremap=on,device-iotlb=on -device edu
# qemu: -device pcie-root-port,id=rp1,chassis=1,slot=1
# qemu: -device virtio-net-pci,bus=rp1,ats=on,iommu_platform=on,romfile=
# append: intel_iommu=on iommu=strict
# usually: newest
# also: debug

load ../lib/common
load ../lib/guest

setup() {
	edu=$(bdf_of 1234:11e8)
	export PCIETOOL_DEVICE=$edu
}

teardown() {
	pcietool -q -f driver release || true
	setpci -s "$edu" COMMAND=2:6
}

driver_of() {
	[[ ! -e /sys/bus/pci/devices/$1/driver ]] || basename "$(readlink "/sys/bus/pci/devices/$1/driver")"
}

@test "vfio, and back to the helper" {
	run_tool driver bind --to vfio
	assert_exit 0
	assert_equal "$(driver_of "$edu")" vfio-pci
	[ -e "/dev/vfio/$(basename "$(readlink "/sys/bus/pci/devices/$edu/iommu_group")")" ]
	run_tool driver bind
	assert_exit 0
	run_tool driver release
	assert_exit 0
	assert_equal "$(driver_of "$edu")" ''
}

@test "large buffers are one piece for the device" {
	pcietool driver bind --mask 32
	run_tool driver status --json
	assert_json .helper.iommu true
	run_tool dma alloc --name big 64M
	assert_exit 0
	pcietool dma fill big --pattern prbs31
	run_tool dma verify big --pattern prbs31
	assert_exit 0
}

@test "an access to memory that is not the device's: the fault is the reason" {
	pcietool driver bind --mask 28
	pcietool config write COMMAND=6:6
	pcietool irq enable --type msi
	(
		until_true pgrep -x pcietool >"$BATS_TEST_TMPDIR/waiting"
		until_true waits "$(<"$BATS_TEST_TMPDIR/waiting")"
		pcietool regs write -w 64 0x80=0x40000 0x88=0x7654000 0x90=2048 0x98=3
	) 3>&- &
	run_tool irq wait --timeout "$([[ $VM_KERNEL == debug* ]] && echo 20s || echo 5s)"
	assert_exit 7
	assert_err 'IOMMU refused'
	assert_err 7654000
	# long over
	run_tool irq wait --timeout 200ms
	assert_exit 7
	refute_err IOMMU
}

@test "interrupts and a round trip, remapped and translated" {
	pcietool driver bind --mask 28
	pcietool config write COMMAND=6:6
	pcietool irq enable --type msi
	pcietool dma alloc --name tx 4k
	pcietool dma alloc --name rx 4k
	pcietool dma fill tx --pattern count32
	pcietool regs write -w 64 0x80=@tx 0x88=0x40000 0x90=2048 0x98=5
	run_tool irq wait --since 0 --timeout 10s
	assert_exit 0
	pcietool regs write 0x64=0x100
	pcietool regs write -w 64 0x80=0x40000 0x88=@rx 0x90=2048 0x98=7
	run_tool irq wait --since 1 --timeout 10s
	assert_exit 0
	pcietool regs write 0x64=0x100
	run_tool dma verify rx+0+2048 --pattern count32
	assert_exit 0
}

@test "address translation services: that the kernel has turned them on is seen, and its bit is left alone" {
	local nic
	nic=$(bdf_of 1af4:1041)
	run_tool -s "$nic" config read ATS.CTRL.ENABLE
	assert_exit 0
	assert_output 0x1
	assert_equal "$(setpci -s "$nic" ECAP_ATS+6.w)" "$(pcietool -s "$nic" config read ATS.CTRL/16 | cut -c 3-)"
	pcietool -s "$nic" config save -o "$BATS_TEST_TMPDIR/saved"
	setpci -s "$nic" ECAP_ATS+6.w=0:8000
	run_tool -s "$nic" config restore --dry-run "$BATS_TEST_TMPDIR/saved"
	setpci -s "$nic" ECAP_ATS+6.w=8000:8000
	assert_exit 0
	assert_output 'left as it is: ATS.CTRL'
}
