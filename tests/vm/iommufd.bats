#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
#
# What can be wrong with VFIO's newer interface, and how it is told: the device's own node and iommufd.
#
# qemu: -device intel-iommu,intremap=on -device edu
# qemu: -device pcie-pci-bridge,id=bridge -device virtio-rng-pci,bus=bridge,addr=1 -device edu,bus=bridge,addr=2
# append: intel_iommu=on
# kernel: iommufd

# shellcheck disable=SC2154 # bats sets stderr
load ../lib/common
load ../lib/guest
load ../lib/session

setup() {
	session_setup
	companion=$(bdf_of 1af4:1005)
}

teardown() {
	session_teardown
	pcietool -q -f -s "$companion" driver release || true
	[ ! -e /dev/vfio/away ] || mv /dev/vfio/away /dev/vfio/vfio
	[ ! -e /dev/iommu-away ] || mv /dev/iommu-away /dev/iommu
	chmod 660 /dev/iommu
}

@test "a group that is not viable: the member and its driver are named" {
	pcietool -f -s "$second" driver bind --to vfio --group
	run_tool -s "$second" session -- pcietool session status
	assert_exit 0
	assert_output --partial iommufd
	# by somebody else's hand
	pcietool -f -s "$companion" driver release
	run_tool -s "$second" session -- true
	assert_exit 4
	assert_err "$companion in it has the driver virtio-pci"
	assert_err --group
}

@test "one process has it: which" {
	hold 'touch ready; exec ./nap 100'
	rm -rf /run/pcietool/session/*
	run_tool session -- true
	assert_exit 4
	assert_err "pcietool (process $holder) has /dev/vfio/devices/"
}

@test "a kernel without groups: what a user lacks is the right to /dev/iommu" {
	pcietool -q driver release
	pcietool driver bind --to vfio --owner nobody
	mv /dev/vfio/vfio /dev/vfio/away
	tool_as_nobody session -- true
	assert_exit 4
	assert_err 'opening /dev/iommu'
	assert_err 'chmod 666 /dev/iommu'
	chmod 666 /dev/iommu
	tool_as_nobody session -- "$BUILD/pcietool" session status
	assert_exit 0
	assert_output --partial iommufd
	chown root /dev/vfio/devices/*
	tool_as_nobody session -- true
	assert_exit 4
	assert_err 'driver bind --to vfio --owner USER'
}

@test "without its nodes it is the group's; without those too, which are missing" {
	mv /dev/iommu /dev/iommu-away
	run_tool session -- pcietool session status
	assert_exit 0
	assert_output --partial group
	mv /dev/vfio/vfio /dev/vfio/away
	run_tool session -- true
	assert_exit 6
	assert_err 'there is no /dev/iommu here'
	assert_err "or /dev/vfio/vfio and /dev/vfio/$(basename "$(readlink "/sys/bus/pci/devices/$edu/iommu_group")")"
}
