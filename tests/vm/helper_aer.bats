#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
#
# An error of a device that is bound to the helper: the kernel's recovery (Documentation/PCI/pci-error-recovery.rst)
# goes through, also for those beside it, and leaves a device that can be used.
#
# qemu: -device pcie-root-port,id=rp1,chassis=1,slot=1 -device virtio-net-pci,id=net0,bus=rp1,aer=on,romfile=
# qemu: -global ICH9-LPC.acpi-pci-hotplug-with-bridge-support=off
# also: debug

# shellcheck disable=SC2154 # bats sets stderr
load ../lib/common
load ../lib/guest

setup() {
	device=$(bdf_of 1af4:1041)
	PCIETOOL_DEVICE=$device
	export PCIETOOL_DEVICE
}

setup_file() {
	local device
	device=$(bdf_of 1af4:1041)
	# virtio-pci has it, which the initramfs loaded
	pcietool -f -s "$device" driver bind
	pcietool -s "$device" irq enable --type msix
	# errors are reported: PCIe 5.0 sections 7.5.1.1.3 and 7.5.3.4
	setpci -s "$device" COMMAND=100:100 CAP_EXP+8.w=f:f
	setpci -s "$(basename "$(dirname "$(realpath "/sys/bus/pci/devices/$device")")")" COMMAND=100:100 CAP_EXP+8.w=f:f
}

# look: what a reset takes away, but for COMMAND.
look() {
	setpci -s "$device" BASE_ADDRESS_1 BASE_ADDRESS_4 CAP_MSIX+2.w CAP_EXP+8.w
}

# inject ERROR: and what the kernel's recovery came to.
inject() {
	local left seen
	seen=$(dmesg | wc -l)
	hmp "pcie_aer_inject_error net0 $1 0x40000001 0x0000000f 0xfee00000 0x0"
	for ((left = 300; left > 0; left--)); do
		dmesg | tail -n "+$((seen + 1))" | grep -q 'AER: device recovery' && break
		sleep 0.1
	done
	dmesg | tail -n "+$((seen + 1))"
}

# interrupt: the device sends one, of a changed configuration. Virtio 1.1 section 4.1.4.3: device_status is 0x14,
# msix_config 0x10; QEMU wants DRIVER_OK.
interrupt() {
	local count
	pcietool config write COMMAND=0x4:0x4
	pcietool regs write -b 4 0x14/8=0
	pcietool regs write -b 4 0x14/8=3 0x10/16=0 0x14/8=7
	count=$(pcietool irq list --json | jq '.vectors[0].count')
	hmp 'set_link net0 off'
	hmp 'set_link net0 on'
	run_tool irq wait --vector 0 --since "$count" --timeout 20s
	assert_exit 0
}

@test "an interrupt before any error" {
	interrupt
}

@test "a nonfatal error: nothing changes" {
	pcietool config write COMMAND=0x4:0x4
	before=$(look)
	run inject COMP_TIME
	assert_output --partial 'device recovery successful'
	assert_equal "$(look)" "$before"
	run_tool config read COMMAND.MASTER
	assert_output 0x1
	interrupt
}

@test "a fatal error: it is reset, BARs and MSI-X are back, bus mastering is off until somebody turns it on" {
	buffer=$(pcietool dma alloc --name kept 4k)
	pcietool config write COMMAND=0x4:0x4
	before=$(look)
	run inject MALF_TLP
	assert_output --partial 'device recovery successful'
	assert_output --partial 'bus mastering is off'
	assert_equal "$(look)" "$before"
	run_tool config read COMMAND.MASTER
	assert_output 0x0
	run_tool config read COMMAND.MEMORY
	assert_output 0x1
	run_tool dma list --json
	assert_json '.buffers[0].address' "$buffer"
	interrupt
	pcietool dma free kept --force
}

@test "after a reset by sysfs another one is got over, too" {
	pcietool reset
	interrupt
	before=$(look)
	run inject MALF_TLP
	assert_output --partial 'device recovery successful'
	assert_equal "$(look)" "$before"
	interrupt
	pcietool driver release
	rmmod pcietool
}
