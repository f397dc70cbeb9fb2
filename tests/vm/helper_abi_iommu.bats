#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
#
# The kernel helper's interface, from a program of its own, behind an IOMMU.
#
# qemu: -device intel-iommu,intremap=on -device edu
# append: intel_iommu=on iommu=strict
# disk: 64M
# also: debug

load ../lib/common
load ../lib/helper_abi

setup_file() {
	helper_abi_setup_file
}

setup() {
	helper_abi_setup
}

@test "everything the interface promises" {
	run_abi "$BUILD/tests/vm/helper_abi"
}

@test "the same for a 32-bit program on this kernel" {
	[ -x "$BUILD/tests/vm/helper_abi32" ] || skip 'no 32-bit compiler'
	run_abi "$BUILD/tests/vm/helper_abi32"
}

@test "unloaded when nothing is in use" {
	rmmod pcietool
	[ ! -e /dev/pcietool ] || [ -z "$(ls /dev/pcietool)" ]
}
