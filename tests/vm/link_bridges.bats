#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Links whose lower end is not PCI Express, and bridges between the two: below a root port, behind a bridge below one, and
# behind integrated bridges.
#
# qemu: -device pcie-root-port,id=rp1,chassis=1,slot=1 -device edu,bus=rp1
# qemu: -device pcie-root-port,id=rp2,chassis=2,slot=2 -device pcie-pci-bridge,id=b2,bus=rp2 -device edu,bus=b2,addr=1
# qemu: -device pcie-pci-bridge,id=b3 -device edu,bus=b3,addr=1
# qemu: -device i82801b11-bridge,id=b4 -device edu,bus=b4,addr=1
# usually: newest

# shellcheck disable=SC2030,SC2031,SC2154 # a test is a process of its own; bats sets stderr
load ../lib/common
load ../lib/guest

@test "the links, and no others" {
	run_tool link show
	assert_exit 0
	assert_output '0000:00:01.0 -> 0000:01:00.0: unknown, 16GT/s x32, 63.015 GB/s
0000:00:02.0 -> 0000:02:00.0: ok, 2.5GT/s x1, 0.250 GB/s'
}

@test "a device right below a root port that is not PCI Express: the link is the port's" {
	local end
	for end in 00:01.0 01:00.0; do
		run_tool link show -s $end
		assert_exit 0
		assert_line --index 0 '0000:00:01.0 -> 0000:01:00.0: unknown'
		assert_line 'now                    16GT/s x32, 63.015 GB/s'
		assert_line 'expected               the device does not say what it could do'
		assert_line 'possible, device       not PCI Express'
	done
	run_tool link retrain -s 01:00.0
	assert_exit 0
	assert_output --partial '0000:00:01.0 -> 0000:01:00.0: 16GT/s x32'
}

@test "bridges to PCI: below a port it has the link above it, integrated none" {
	run_tool link show -s 02:00.0
	assert_line --index 0 '0000:00:02.0 -> 0000:02:00.0: ok'
	run_tool link show -s 03:01.0
	assert_exit 6
	for bridge in 00:03.0 00:04.0; do
		run_tool link show -s $bridge
		assert_exit 6
	done
	run_tool list --tree
	assert_line --regexp '^\\- 0000:04:01\.0 '
}

@test "check tells which links it cannot judge" {
	run_tool check -j
	assert_json '.not_checked | map(select(.rule | startswith("link")) | "\(.devices | join(" ")): \(.reason)") | join(", ")' \
		'0000:01:00.0: the device does not say what it could do'
}
