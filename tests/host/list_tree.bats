#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
#
# list --tree on the fabric of link.bats.

load ../lib/common
load ../lib/fake_device
load ../lib/fake_express
load ../lib/fake_links

@test "list --tree: each edge with its link, less than it could be with what that is" {
	run_tool --sysroot "$SYSROOT" list --tree -n
	assert_exit 0
	assert_line '0000:00:01.0 1234:1043 [060400]'
	assert_line '\- [8GT/s x8] 0000:01:00.0 1234:1053 [060400]'
	assert_line '   +- 0000:02:00.0 1234:1063 [060400]'
	assert_line '   |  \- [8GT/s x4] 0000:03:00.0 1234:1003 [020000]'
	assert_line '   \- 0000:02:01.0 1234:1061 [060400]'
	assert_line '      \- [2.5GT/s x2 of 8GT/s x4, slow-narrow] 0000:04:00.0 1234:1001 [020000]'
	assert_line '+- [16GT/s x16] 0000:06:00.0 1234:1004 [030000]'
	assert_line '\- [16GT/s x16] 0000:06:00.1 1234:1004 [040300]'
}

@test "list --tree: what is integrated in the root complex has no link, what a guest has on its root bus may" {
	fake_express 0000:00:05.0 9 0x088000 0 0 0 0
	# "unknown", as the kernel writes it
	fake_attribute 0000:00:05.0 max_link_width 255
	fake_express 0000:00:06.0 0 0x020000 3 4 4 8
	fake_express 0000:00:07.0 0 0x020000 0 0 4 8
	run_tool --sysroot "$SYSROOT" list --tree -n
	assert_line '0000:00:05.0 1234:1090 [088000]'
	assert_line '[8GT/s x4] 0000:00:06.0 1234:1003 [020000]'
	assert_line '[link down] 0000:00:07.0 1234:1000 [020000]'
	run_tool --sysroot "$SYSROOT" list --tree -n -j -s 00:05.0
	assert_json '.devices[0] | [.link, .link_reason] | tojson' '[null,"there is no link above it"]'
	link show -s 00:05.0
	assert_exit 6
	assert_err 'integrated in the root complex'
}

@test "list --tree: virtual functions, which say nothing of their link, are at their port's" {
	fake_express 0000:06:00.2 0 0x020000 0 0 4 16
	ln -s ../0000:06:00.0 "$SYSROOT/sys/bus/pci/devices/0000:06:00.2/physfn"
	run_tool --sysroot "$SYSROOT" list --tree -n
	assert_line '\- [16GT/s x16] 0000:06:00.2 1234:1000 [020000]'
	link show -s 06:00.2
	assert_exit 0
	refute_line --partial down
}

@test "list --tree: a device is shown with what is above and below it, and nothing else" {
	run_tool --sysroot "$SYSROOT" list --tree -n -s 02:01.0
	assert_exit 0
	assert_equal "${#lines[@]}" 4
	assert_line --index 0 --partial 0000:00:01.0
	assert_line --index 3 --partial 0000:04:00.0
}

@test "list --tree: driver, kernel names and slot; JSON has the stable path and the parent" {
	fake_driver 0000:03:00.0 e1000e
	mkdir -p "$SYSROOT/sys/bus/pci/devices/0000:03:00.0/net/eth7" "$SYSROOT/sys/bus/pci/slots/12"
	echo 0000:03:00 >"$SYSROOT/sys/bus/pci/slots/12/address"
	run_tool --sysroot "$SYSROOT" list --tree -n
	assert_line --partial '0000:03:00.0 1234:1003 [020000], slot 12, driver e1000e eth7'
	run_tool --sysroot "$SYSROOT" list --tree -j
	assert_json .schema pcietool/list-tree/1
	assert_json '.devices[] | select(.address == "0000:04:00.0") | .path' 0000:00:01.0/00.0/01.0/00.0
	assert_json '.devices[] | select(.address == "0000:04:00.0") | .parent' 0000:02:01.0
	assert_json '.devices[] | select(.address == "0000:04:00.0") | .link.verdict' slow-narrow
	assert_json '.devices[] | select(.address == "0000:03:00.0") | .kernel_names[0].name' eth7
	assert_json '.devices[] | select(.address == "0000:00:00.0") | .link' null
}

@test "list --tree: folders of sysfs say what is above what, whatever the bus numbers" {
	local devices=$SYSROOT/sys/bus/pci/devices
	mkdir -p "$SYSROOT/sys/devices/pci0000:00/0000:00:03.0"
	mv "$devices/0000:00:03.0" "$SYSROOT/sys/devices/pci0000:00/"
	mv "$devices/0000:04:00.0" "$SYSROOT/sys/devices/pci0000:00/0000:00:03.0/"
	rm -rf "$SYSROOT/sys/devices/pci0000:00/0000:00:03.0/0000:00:03.0/x"
	ln -s ../../../devices/pci0000:00/0000:00:03.0/0000:04:00.0 "$devices/0000:04:00.0"
	ln -s ../../../devices/pci0000:00/0000:00:03.0 "$devices/0000:00:03.0"
	run_tool --sysroot "$SYSROOT" list --tree -n -j
	assert_json '.devices[] | select(.address == "0000:04:00.0") | .parent' 0000:00:03.0
}

@test "list --tree: a tree of folders that runs in a circle ends" {
	local devices=$SYSROOT/sys/bus/pci/devices
	mv "$devices/0000:04:00.0" "$SYSROOT/sys/card"
	mkdir -p "$SYSROOT/sys/0000:04:00.0"
	mv "$SYSROOT/sys/card" "$SYSROOT/sys/0000:04:00.0/0000:04:00.0"
	ln -s ../../../0000:04:00.0/0000:04:00.0 "$devices/0000:04:00.0"
	run_tool --sysroot "$SYSROOT" list --tree -n
	assert_exit 0
	assert_line --partial 0000:04:00.0
}
