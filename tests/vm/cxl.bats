#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
#
# A CXL memory device below a CXL root port, both for 64 GT/s: a link at full speed, which no other device of QEMU has.
#
# qemu-at-least: 10.1
# qemu: -machine cxl=on -object memory-backend-ram,id=m,size=256M,share=on
# qemu: -device pxb-cxl,bus_nr=12,bus=pcie.0,id=cxl
# qemu: -device cxl-rp,port=0,bus=cxl,id=rp,chassis=0,slot=2,x-speed=64,x-width=16
# qemu: -device cxl-type3,bus=rp,volatile-memdev=m,id=c0,x-speed=64,x-width=16
# usually: newest

# shellcheck disable=SC2030,SC2031,SC2154 # a test is a process of its own; bats sets stderr
load ../lib/common
load ../lib/guest

setup() {
	port=$(bdf_of 8086:7075)
	memory=$(bdf_of 8086:0d93)
}

@test "the link is 64 GT/s x16, as fast as both ends can" {
	run_tool -s "$memory" link show
	assert_exit 0
	assert_line --index 0 "$port -> $memory: ok"
	assert_line --regexp '^now +64GT/s x16, 118\.000 GB/s$'
	assert_line --regexp '^possible, port +64GT/s x16, 118\.000 GB/s$'
	assert_line --regexp '^possible, device +64GT/s x16, 118\.000 GB/s$'
	assert_equal "$(cat "/sys/bus/pci/devices/$memory/current_link_speed")" '64.0 GT/s PCIe'
	# code 6 of the Link Status register
	run_tool -s "$memory" config read EXP.LNKSTA
	assert_output 0x0106
}

@test "the device's and the port's capabilities of CXL are told by vendor and id" {
	run_tool -s "$memory" info
	assert_exit 0
	assert_line --partial 'CXL: Intel Corporation'
	for id in 0000 0005 0007 0008; do
		assert_line --partial "Designated Vendor-Specific, vendor 1e98, id $id"
	done
	assert_line --partial 'Data Object Exchange'
	run_tool -s "$port" info
	for id in 0003 0004 0007 0008; do
		assert_line --partial "Designated Vendor-Specific, vendor 1e98, id $id"
	done
}

@test "nothing is wrong with it" {
	run_tool -s "$memory" check
	assert_exit 0
}
