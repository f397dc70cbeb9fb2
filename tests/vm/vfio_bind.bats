#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Groups of several devices, taken for VFIO and given back; a node that is a user's.
#
# qemu: -device intel-iommu,intremap=on -device edu
# qemu: -device pcie-pci-bridge,id=bridge -device e1000,bus=bridge,addr=1,romfile= -device edu,bus=bridge,addr=2
# append: intel_iommu=on

# shellcheck disable=SC2030,SC2031,SC2154 # a test is a process of its own; bats sets stderr
load ../lib/common

setup_file() {
	modprobe e1000
}

setup() {
	edu=$(bdf_of 1234:11e8)
	second=$(bdf_of 1234:11e8 1)
	nic=$(bdf_of 8086:100e)
}

teardown() {
	for device in "$edu" "$second" "$nic"; do
		pcietool -q -f -s "$device" driver release || true
	done
	echo "$nic" >/sys/bus/pci/drivers_probe
}

driver_of() {
	basename "$(readlink "/sys/bus/pci/devices/$1/driver")"
}

@test "a group that is not viable: members and drivers named, --group takes them and release gives them back" {
	[ "$(driver_of "$nic")" = e1000 ]
	run_tool -s "$second" driver bind --to vfio
	assert_exit 4
	assert_err "$nic in it has the driver e1000"
	assert_err --group
	run_tool -s "$second" driver bind --to vfio --group
	assert_exit 4
	assert_err "$nic: the driver e1000 is bound"
	[ "$(driver_of "$nic")" = e1000 ]
	run_tool -D -f -s "$second" driver bind --to vfio --group
	assert_exit 0
	assert_line "with it: $nic"
	[ "$(driver_of "$nic")" = e1000 ]
	run_tool -f -s "$second" driver bind --to vfio --group --mask 28
	assert_exit 0
	[ "$(driver_of "$nic")" = vfio-pci ]
	run_tool -s "$nic" driver status
	assert_line --partial "taken for   $second"
	run_tool -s "$second" driver status --json
	assert_json .vfio.mask_bits 28
	run_tool -s "$second" session -- bash -c 'pcietool regs read 0x0 && pcietool dma alloc --name a 4k'
	assert_exit 0
	assert_line --index 0 0x010000ed
	run_tool -s "$second" driver release
	assert_exit 0
	[ "$(driver_of "$nic")" = e1000 ]
	[ ! -e "/sys/bus/pci/devices/$second/driver" ]
	run_tool -s "$nic" driver status --json
	assert_json .bound_by_pcietool false
}

@test "a companion that has the helper or UIO stands in the way as well; --group takes it along" {
	for way in helper uio; do
		pcietool -f -s "$nic" driver bind --to "$way"
		run_tool -s "$second" driver bind --to vfio
		assert_exit 4
		assert_err "$nic in it has the driver $(driver_of "$nic")"
		run_tool -s "$second" driver bind --to vfio --group --json
		assert_exit 0
		assert_json '.companions | join(" ")' "$nic"
		[ "$(driver_of "$nic")" = vfio-pci ]
		run_tool -s "$second" session -- pcietool regs read 0x0
		assert_exit 0
		assert_output 0x010000ed
		run_tool -s "$second" driver release
		assert_exit 0
		[ "$(driver_of "$nic")" = e1000 ]
	done
}

@test "a companion that the system uses is refused by name, and nothing has changed" {
	interface=$(ls "/sys/bus/pci/devices/$nic/net")
	ip link set "$interface" up
	run_tool -f -s "$second" driver bind --to vfio
	run_tool -s "$second" driver bind --to vfio --group
	ip link set "$interface" down
	assert_exit 4
	assert_err "$interface is up"
	[ "$(driver_of "$nic")" = e1000 ]
}

@test "a group that was half bound by somebody else's hand" {
	pcietool -f -s "$second" driver bind --to vfio --group
	pcietool -f -s "$nic" driver release
	[ "$(driver_of "$nic")" = e1000 ]
	run_tool -s "$second" session -- true
	assert_exit 4
	assert_err "$nic in it has the driver e1000"
	run_tool -s "$second" driver release
	assert_exit 0
}

@test "--owner: the node is the user's; nobody else's" {
	run_tool -s "$edu" driver bind --to vfio --owner nobody
	assert_exit 0
	group=$(basename "$(readlink "/sys/bus/pci/devices/$edu/iommu_group")")
	assert_equal "$(stat -c '%U %a' "/dev/vfio/$group")" 'nobody 600'
	run_tool -s "$edu" driver status --json
	assert_json .vfio.uid 65534
	tool_as_nobody -s "$edu" session -- "$BUILD/pcietool" regs read 0x0
	assert_exit 0
	assert_output 0x010000ed
	# given again, to another
	run_tool -s "$edu" driver bind --to vfio --owner 1000:1000
	assert_exit 0
	tool_as_nobody -s "$edu" session -- true
	assert_exit 4
	assert_err 'driver bind --to vfio --owner USER'
	run_tool -s "$edu" driver release
	assert_exit 0
}

@test "--mask of a device that somebody else bound: it is said that it is not kept" {
	modprobe vfio-pci
	echo vfio-pci >"/sys/bus/pci/devices/$edu/driver_override"
	echo "$edu" >/sys/bus/pci/drivers_probe
	run_tool -s "$edu" driver bind --to vfio --mask 28
	assert_exit 0
	assert_err "session --mask 28"
	run_tool -s "$edu" driver status --json
	assert_json .vfio.mask_bits 32
	run_tool -s "$edu" driver release
	assert_exit 4
	run_tool -f -s "$edu" driver release
	assert_exit 0
	run_tool -s "$edu" driver bind --to vfio --mask 28
	run_tool -s "$edu" driver bind --to vfio --mask 30
	assert_exit 0
	assert_equal "$stderr" ''
	run_tool -s "$edu" driver status --json
	assert_json .vfio.mask_bits 30
}

@test "--owner, --group, --mask where they do not belong" {
	run_tool -s "$edu" driver bind --owner nobody
	assert_exit 2
	assert_err 'only VFIO'
	assert_err 'all of memory'
	run_tool -s "$edu" driver bind --to uio --owner nobody
	assert_exit 2
	run_tool -s "$edu" driver bind --group
	assert_exit 2
	run_tool -s "$edu" driver bind --to uio --mask 28
	assert_exit 2
	for owner in '' : 'no such' 'nobody:none' -1 4294967295; do
		run_tool -s "$edu" driver bind --to vfio --owner="$owner"
		assert_exit 2
		assert_err --owner
	done
	[ ! -e "/sys/bus/pci/devices/$edu/driver" ]
}
