#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Sessions on devices with a driver, a reset and many vectors of their own, and on one that disappears from its slot.
#
# qemu: -device intel-iommu,intremap=on
# qemu: -drive driver=null-co,size=67108864,read-zeroes=on,snapshot=on,if=none,id=nv -device nvme,serial=1,drive=nv
# qemu: -device pcie-root-port,id=rp1,chassis=1,slot=1 -device edu,id=below,bus=rp1
# qemu: -device pcie-root-port,id=rp2,chassis=2,slot=2 -device edu,bus=rp2
# qemu: -global ICH9-LPC.acpi-pci-hotplug-with-bridge-support=off
# append: intel_iommu=on pcie_ports=compat
# usually: 6.12

# shellcheck disable=SC2016,SC2030,SC2031,SC2154 # scripts for another shell; a test is a process of its own
load ../lib/common
load ../lib/guest
load ../lib/capture
load ../lib/session

setup() {
	session_setup
	modprobe nvme
	nvme=$(bdf_of 1b36:0010)
	until_true test -e "/sys/bus/pci/devices/$nvme/nvme"
}

teardown() {
	umount /mnt 2>/dev/null || true
	PCIETOOL_SESSION='' pcietool -q -f -s "$nvme" driver release || true
	session_teardown
}

driver_of() {
	basename "$(readlink "/sys/bus/pci/devices/$1/driver")"
}

@test "--bind takes a device from its driver and gives it back" {
	pcietool -f -s "$nvme" config write COMMAND=6:6
	run_tool -f -s "$nvme" session --bind vfio -- bash -c '
		basename "$(readlink /sys/bus/pci/devices/'"$nvme"'/driver)"
		pcietool -s '"$nvme"' regs read 0x8/32' # NVMe's version
	assert_exit 0
	assert_line --index 0 vfio-pci
	assert_line --index 1 0x00010400
	assert_equal "$(driver_of "$nvme")" nvme
	until_true test -e "/sys/bus/pci/devices/$nvme/nvme"
}

@test "--bind: a disk with a mounted file system stays where it is" {
	disk=$(basename "$(ls -d "/sys/bus/pci/devices/$nvme/nvme/"nvme*/nvme*n1)")
	until_true test -b "/dev/$disk"
	modprobe ext4
	mkfs.ext4 -q -F "/dev/$disk"
	mount "/dev/$disk" /mnt
	run_tool -s "$nvme" session --bind vfio -- touch ran
	umount /mnt
	assert_exit 4
	assert_err "$disk is mounted on /mnt"
	assert_equal "$(driver_of "$nvme")" nvme
	[ ! -e ran ]
}

@test "reset within a session, and --reset at its end" {
	pcietool -f -s "$nvme" driver bind --to vfio
	# CC, controller configuration; a reset makes it 0
	run_tool -s "$nvme" session --reset -- bash -c 'export PCIETOOL_DEVICE='"$nvme"'
		pcietool regs write 0x14=0x00460000; pcietool regs read 0x14
		pcietool -q reset >reset.out && pcietool regs read 0x14'
	assert_exit 0
	assert_output $'0x00460000\n0x00000000'
	[ -z "$stderr" ]
}

@test "config save, diff and restore go through the session" {
	run_tool session -- bash -c 'pcietool config write COMMAND=0x404:0x404 && pcietool config save -o good.cfg &&
		pcietool config write COMMAND=0:0x404 && { pcietool config diff good.cfg; echo "diff $?"; } &&
		pcietool config restore good.cfg && pcietool config diff good.cfg && pcietool config read COMMAND'
	cat err 2>/dev/null || true
	assert_exit 0
	assert_output --partial MASTER
	assert_output --partial 'diff 8'
}

@test "config: root sees the device, not what VFIO shows a virtual machine" {
	run_tool session -- bash -c 'pcietool irq enable --type msi; pcietool config read MSI.FLAGS.ENABLE MSI.ADDRESS'
	assert_exit 0
	assert_line --index 0 0x1
	assert_line --index 1 --partial 0xfee
	# its address cannot be had by writing
	run_tool session -- bash -c 'pcietool -q irq enable --type msi; pcietool config write MSI.ADDRESS=0x1000
		pcietool config read MSI.ADDRESS'
	assert_output --partial 0xfee
}

@test "by surprise, out of the slot: exit 5 for what waits, the session ends as its COMMAND does" {
	hold 'pcietool irq enable --type msi; pcietool config write COMMAND=4:4
		(trap "" TERM HUP; pcietool regs wait "0x0==1" --timeout 60s; echo "regs $?" >regs.status) 2>regs.err &
		(trap "" TERM HUP; pcietool dma capture -w 64 --block 2k --each 0x80=0x40000 --each 0x88=@block --each 0x90=@block.size \
			--each 0x98=3 --done "0x98==0:1" -o out; echo "capture $?" >capture.status) >capture.out 2>capture.err &
		until [ -s out ]; do sleep 0.1; done; touch ready
		until [ -s regs.status ] && [ -s capture.status ]; do sleep 0.1; done
		pcietool regs read 0x0; echo "read $?"; pcietool config read VENDOR_ID; echo "config $?"'
	port=$(basename "$(dirname "$(realpath "/sys/bus/pci/devices/$edu")")")
	# Slot Control: power indicator off, power controller off; PCIe 5.0 section 7.5.3.10
	setpci -s "$port" CAP_EXP+18.w=0700:0700
	holder_ended
	cat regs.err capture.err holder.err holder.out
	assert_equal "$status" 0
	assert_equal "$(cat regs.status capture.status)" $'regs 5\ncapture 5'
	assert_equal "$(<holder.out)" $'read 5\nconfig 5'
	run_tool session status
	assert_output ''
	run_tool session -- true
	assert_exit 5
	timeout 60 bash -c 'echo 1 >"/sys/bus/pci/devices/$1/remove"' - "$edu"
}
