#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
#
# The kernel helper's interface, from a program of its own, built for 64 and for 32 bits.
#
# qemu: -device edu -device pcie-root-port,id=rp1,chassis=1,slot=1
# append: pcie_ports=compat
# disk: 64M
# usually: 6.1 6.12 newest
# also: debug rt

load ../lib/common
load ../lib/helper_abi

setup_file() {
	helper_abi_setup_file
}

setup() {
	helper_abi_setup
}

@test "the node is root's alone" {
	assert_equal "$(stat -c '%a %u' "/dev/pcietool/$edu")" '600 0'
	run setpriv --reuid 65534 --clear-groups cat "/dev/pcietool/$edu"
	assert_failure
	chmod 666 "/dev/pcietool/$edu"
	# even where somebody has opened it up: it needs the capability
	run setpriv --reuid 65534 --clear-groups cat "/dev/pcietool/$edu"
	assert_failure
	chmod 600 "/dev/pcietool/$edu"
}

@test "no device is bound by itself" {
	[ -z "$(modinfo -F alias pcietool)" ]
}

@test "everything the interface promises" {
	run_abi "$BUILD/tests/vm/helper_abi"
}

@test "the same for a 32-bit program on this kernel" {
	[ -x "$BUILD/tests/vm/helper_abi32" ] || skip 'no 32-bit compiler'
	run_abi "$BUILD/tests/vm/helper_abi32"
}

@test "a bridge is refused" {
	bridge=$(lspci -D -n -d ::0604 | head -1 | cut -d' ' -f1)
	[ -n "$bridge" ]
	[ ! -e "/sys/bus/pci/devices/$bridge/driver" ]
	echo pcietool >"/sys/bus/pci/devices/$bridge/driver_override"
	echo "$bridge" >/sys/bus/pci/drivers_probe || true
	[ ! -e "/sys/bus/pci/drivers/pcietool/$bridge" ]
}

@test "unloaded when nothing is in use" {
	rmmod pcietool
	[ ! -e /dev/pcietool ] || [ -z "$(ls /dev/pcietool)" ]
}
