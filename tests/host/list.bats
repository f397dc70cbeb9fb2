#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later

load ../lib/common
load ../lib/fake_device

setup() {
	fake_tree
	fake_begin
	fake_pci 0000:00:01.0 0x1234 0x11e8 0x00ff00
	fake_bar 0000:00:01.0 0 0xfe800000 0x100000 0x40200
	fake_pci 0000:01:00.0 0x8086 0x10d3 0x020000
	fake_bar 0000:01:00.0 0 0xfe000000 0x20000 0x40200
	fake_bar 0000:01:00.0 2 0xc000 0x20 0x40101
	fake_bar 0000:01:00.0 3 0x4000000000 0x1000000 0x14220c
	fake_bar 0000:01:00.0 5 0 0x4000 0x20040200
	fake_write
	mkdir -p "$SYSROOT/sys/bus/pci/drivers/e1000e"
	ln -s ../../../drivers/e1000e "$SYSROOT/sys/bus/pci/devices/0000:01:00.0/driver"
	fake_attribute 0000:01:00.0 current_link_speed '2.5 GT/s PCIe'
	fake_attribute 0000:01:00.0 current_link_width 1
	fake_attribute 0000:01:00.0 max_link_speed '8.0 GT/s PCIe'
	fake_attribute 0000:01:00.0 max_link_width 4
	mkdir -p "$SYSROOT/usr/share/misc"
	printf '8086  Test Vendor\n\t10d3  Test Card\nC 02  Network controller\n\t00  Ethernet controller\n' \
		>"$SYSROOT/usr/share/misc/pci.ids"
}

@test "two lines a device: ids and names, then driver, link and BARs" {
	run_tool --sysroot "$SYSROOT" list
	assert_exit 0
	assert_line "0000:00:01.0 1234:11e8 [00ff00]"
	assert_line "             driver none, BAR0 mem 1M"
	assert_line "0000:01:00.0 8086:10d3 [020000] Ethernet controller: Test Vendor Test Card"
	assert_line "             driver e1000e, link 2.5GT/s x1 (possible 8GT/s x4), BAR0 mem 128K, BAR2 io 32, BAR3 mem 16M, BAR5 mem 16K unassigned"
	[ -z "$stderr" ]
}

@test "--numeric looks up no names" {
	run_tool --sysroot "$SYSROOT" list -n
	assert_exit 0
	assert_line "0000:01:00.0 8086:10d3 [020000]"
	refute_output --partial Vendor
}

@test "--verbose shows where the BARs are" {
	run_tool --sysroot "$SYSROOT" list -v -s 01:00.0
	assert_exit 0
	assert_line "             BAR0 mem 128K at 0xfe000000, 32-bit"
	assert_line "             BAR2 io 32 at 0xc000"
	assert_line "             BAR3 mem 16M at 0x4000000000, 64-bit, prefetchable"
	assert_line "             BAR5 mem 16K unassigned, 32-bit"
}

@test "JSON: the same, with null and a reason where nothing is known" {
	run_tool --sysroot "$SYSROOT" list --json
	assert_exit 0
	assert_json .schema pcietool/list/1
	assert_json '.devices | length' 2
	assert_json '.devices[0].vendor' null
	assert_json '.devices[0].vendor_reason' 'not in pci.ids'
	assert_json '.devices[0].driver_reason' none
	assert_json '.devices[0].link_reason' 'not PCI Express'
	assert_json '.devices[1] | [.address, .vendor_id, .device_id, .class_id, .class, .vendor, .device, .driver] | join(" ")' \
		'0000:01:00.0 0x8086 0x10d3 0x020000 Ethernet controller Test Vendor Test Card e1000e'
	assert_json '.devices[1].link | tojson' '{"speed_gts":2.5,"width":1,"reduced":true,"max_speed_gts":8,"max_width":4}'
	assert_json '.devices[1].bars | map("\(.index) \(.type) \(.size) \(.address) \(.bits) \(.prefetchable)") | join(", ")' \
		'0 mem 131072 0xfe000000 32 false, 2 io 32 0xc000 32 false, 3 mem 16777216 0x4000000000 64 true, 5 mem 16384 null 32 false'
}

@test "whether a link is less than it could be is not known where that is not" {
	fake_attribute 0000:01:00.0 max_link_speed Unknown
	fake_attribute 0000:01:00.0 max_link_width 1
	run_tool --sysroot "$SYSROOT" list --json
	assert_json '.devices[1].link | [.reduced, .reduced_reason, .max_speed_gts] | tojson' '[null,"not known",null]'
	# less than what is known
	fake_attribute 0000:01:00.0 max_link_width 4
	run_tool --sysroot "$SYSROOT" list --json
	assert_json '.devices[1].link.reduced' true
}

@test "no key depends on --verbose or --numeric" {
	run_tool --sysroot "$SYSROOT" list --json
	assert_exit 0
	plain=$(json '[.devices[1] | keys[]] | join(" ")')
	[[ $plain == *bars*vendor_id* ]]
	run_tool --sysroot "$SYSROOT" list --json -v
	assert_json '[.devices[1] | keys[]] | join(" ")' "$plain"
	run_tool --sysroot "$SYSROOT" list --json -n
	assert_json '[.devices[1] | keys[] | select(endswith("_reason") | not)] | join(" ")' \
		"$(jq -nr --arg k "$plain" '[$k | split(" ")[] | select(endswith("_reason") | not)] | join(" ")')"
}

# with_hwdb COMMAND...: where the machine's list of names is $names/pci.ids, and udev's hwdb is $names/hwdb.bin.
# shellcheck disable=SC2016 # for the other shell
with_hwdb() {
	unshare -m sh -c 'names=$1; shift
		mount --bind "$names/pci.ids" /usr/share/misc/pci.ids || exit
		for folder in /etc/udev /usr/lib/udev /etc/systemd/hwdb /usr/lib/systemd/hwdb; do
			[ -d $folder ] || continue
			mount -t tmpfs none $folder && cp "$names/hwdb.bin" $folder || exit
		done
		exec "$@"' - "$names" "$@"
}

@test "udev's hwdb goes before pci.ids, but not for subsystems; what it does not know is in pci.ids" {
	[[ $EUID -eq 0 ]] || skip 'to mount'
	unshare -m true || skip 'no mounts here'
	[[ -e /usr/share/misc/pci.ids && -d /usr/lib/udev ]] || skip "not where libpci and udev have theirs on Debian"
	names=$BATS_TEST_TMPDIR/names
	mkdir "$names"
	fake_attribute 0000:01:00.0 subsystem_vendor 0x1af4
	fake_attribute 0000:01:00.0 subsystem_device 0x0001
	printf '%s\n' '1af4  Board Vendor' '8086  Test Vendor' $'\t10d3  Test Card' $'\t\t1af4 0001  Test Board' \
		'C 02  Network controller' $'\t00  Ethernet controller' >"$names/pci.ids"
	"$TOP/tests/lib/hwdb.py" "$names/hwdb.bin" \
		'pci:v00008086*' ID_VENDOR_FROM_DATABASE 'Vendor of the hwdb' \
		'pci:v00008086d000010D3*' ID_MODEL_FROM_DATABASE 'Card of the hwdb' \
		'pci:v00008086d000010D3sv00001AF4sd00000001*' ID_MODEL_FROM_DATABASE 'Card of the hwdb (Test Board)' \
		'pci:v*d*sv*sd*bc02sc00*' ID_PCI_SUBCLASS_FROM_DATABASE 'Class of the hwdb'
	of_card='.devices[1] | [.class, .vendor, .device, .subsystem_vendor, .subsystem] | join("|")'
	# a tree with a list of its own is another machine's
	run --separate-stderr with_hwdb pcietool --sysroot "$SYSROOT" list -j
	assert_json "$of_card" 'Ethernet controller|Test Vendor|Test Card||'
	rm "$SYSROOT/usr/share/misc/pci.ids"
	run --separate-stderr with_hwdb pcietool --sysroot "$SYSROOT" list -j
	assert_json "$of_card" 'Class of the hwdb|Vendor of the hwdb|Card of the hwdb|Board Vendor|Test Board'
	assert_json '.devices[0].vendor_reason' 'not in pci.ids'
	# a machine without the text
	: >"$names/pci.ids"
	run --separate-stderr with_hwdb pcietool --sysroot "$SYSROOT" list -s 01:00.0
	assert_line '0000:01:00.0 8086:10d3 [020000] Class of the hwdb: Vendor of the hwdb Card of the hwdb'
	# and one whose hwdb is broken
	printf '8086  Test Vendor\n' >"$names/pci.ids"
	echo broken >"$names/hwdb.bin"
	run --separate-stderr with_hwdb pcietool --sysroot "$SYSROOT" list -j -s 01:00.0
	assert_json '.devices[0].vendor' 'Test Vendor'
}

@test "-s and -d choose, together both must match" {
	run_tool --sysroot "$SYSROOT" list -n -d 8086:
	assert_line --partial 0000:01:00.0
	refute_line --partial 0000:00:01.0
	run_tool --sysroot "$SYSROOT" list -n -d 8086: -s 00:01.0
	assert_exit 3
	assert_err 'no device matches 00:01.0 and 8086:*'
	run_tool --sysroot "$SYSROOT" list -s 55: -d :12:01x8:02
	assert_exit 3
	assert_err 'no device matches 55:*.* and *:0012:01x8:02'
}

@test "who chose a device that is not there is told: the environment" {
	for words in 'regs read 0x0' info; do
		# shellcheck disable=SC2086 # two words
		PCIETOOL_DEVICE=dead:beef run_tool --sysroot "$SYSROOT" $words
		assert_exit 3
		assert_err 'no device matches dead:beef'
		assert_err 'hint: PCIETOOL_DEVICE says so'
	done
	PCIETOOL_DEVICE=dead:beef run_tool --sysroot "$SYSROOT" info -d dead:bee
	assert_err 'no device matches dead:0bee'
	refute_err PCIETOOL_DEVICE
}

@test "PCIETOOL_DEVICE does not count" {
	PCIETOOL_DEVICE=dead:beef run_tool --sysroot "$SYSROOT" list -n
	assert_exit 0
	assert_line --partial 0000:01:00.0
}

@test "an empty machine is no failure, unless something was asked for" {
	rm -r "$SYSROOT"/sys/bus/pci/devices/*
	run_tool --sysroot "$SYSROOT" list
	assert_exit 0
	assert_output ''
	run_tool --sysroot "$SYSROOT" list --json
	assert_exit 0
	assert_json '.devices | length' 0
	run_tool --sysroot "$SYSROOT" list -d 8086:10d3
	assert_exit 3
}

@test "a device that sleeps is not woken for its link" {
	fake_attribute 0000:01:00.0 power/runtime_status suspended
	run_tool --sysroot "$SYSROOT" list --json -s 01:00.0
	assert_json '.devices[0].link_reason' suspended
}

@test "an attribute that is missing or odd costs that field only" {
	rm "$SYSROOT/sys/bus/pci/devices/0000:01:00.0/device"
	fake_attribute 0000:01:00.0 current_link_speed Unknown
	fake_attribute 0000:01:00.0 resource 'not a list'
	run_tool --sysroot "$SYSROOT" list --json -s 01:00.0
	assert_exit 0
	assert_json '.devices[0] | [.vendor_id, .device_id_reason, .link_reason, .bars] | join(" ")' \
		'0x8086 not given by the kernel its speed is not known '
}

@test "arguments that are wrong are usage errors" {
	for args in 'list extra' 'list --no-such' 'list -s zz:1' 'list -s 1:2:3:4.5' 'list -s 00:02.9' 'list -d 1' \
		'list -s' 'list --numeric=yes' 'list --via nothing'; do
		# shellcheck disable=SC2086
		run_tool --sysroot "$SYSROOT" $args
		assert_exit 2
		assert_output ''
	done
}

@test "a wrong argument with --json is one document" {
	run_tool --sysroot "$SYSROOT" list --json -s zz:1
	assert_exit 2
	assert_json .error.exit 2
}

@test "output that cannot be written is reported" {
	run bash -c 'pcietool --sysroot "$1" list >/dev/full' - "$SYSROOT"
	assert_failure 1
	assert_output --partial 'No space left'
}

@test "-s NAME: what the kernel calls it, a slot, a path" {
	local devices=$SYSROOT/sys/bus/pci/devices
	mkdir -p "$SYSROOT/sys/class/net" "$SYSROOT/sys/class/misc" "$SYSROOT/sys/bus/pci/slots/7" "$SYSROOT/sys/devices/virtual/lo"
	mkdir -p "$devices/0000:01:00.0/net/eth0" "$devices/0000:01:00.0/misc/twice" "$devices/0000:00:01.0/net/twice"
	ln -s ../../bus/pci/devices/0000:01:00.0/net/eth0 "$SYSROOT/sys/class/net/eth0"
	ln -s ../../devices/virtual/lo "$SYSROOT/sys/class/net/lo"
	ln -s ../../bus/pci/devices/0000:01:00.0/misc/twice "$SYSROOT/sys/class/misc/twice"
	ln -s ../../bus/pci/devices/0000:00:01.0/net/twice "$SYSROOT/sys/class/net/twice"
	echo 0000:01:00 >"$SYSROOT/sys/bus/pci/slots/7/address"
	for name in eth0 slot:7 /sys/class/net/eth0 /sys/bus/pci/devices/0000:01:00.0; do
		run_tool --sysroot "$SYSROOT" -s $name list -n --json
		assert_exit 0
		assert_json '[.devices[].address] | join(" ")' 0000:01:00.0
	done
	PCIETOOL_DEVICE=eth0 run_tool --sysroot "$SYSROOT" config read VENDOR_ID
	assert_output 0x8086
	run_tool --sysroot "$SYSROOT" -s eth1 list
	assert_exit 3
	assert_err 'eth1: the kernel has nothing of that name'
	run_tool --sysroot "$SYSROOT" -s lo list
	assert_exit 3
	assert_err 'lo belongs to no PCI device'
	run_tool --sysroot "$SYSROOT" -s twice list
	assert_exit 3
	assert_err 'several devices have that name'
	run_tool --sysroot "$SYSROOT" -s slot:8 list
	assert_exit 3
	run_tool --sysroot "$SYSROOT" -s "slot:../slots/7" list
	assert_exit 3
	# a number is a number, as for lspci
	mkdir -p "$devices/0000:01:00.0/net/1f"
	ln -s ../../bus/pci/devices/0000:01:00.0/net/1f "$SYSROOT/sys/class/net/1f"
	run_tool --sysroot "$SYSROOT" -s 1f list -n
	assert_output ''
	printf '00:01.0 a\n00: 34 12 e8 11\n' >"$BATS_TEST_TMPDIR/dump"
	run_tool --from-dump "$BATS_TEST_TMPDIR/dump" -s eth0 list
	assert_exit 3
	assert_err 'a dump has no names'
}

@test "a device that does not answer is not listed as if all were well" {
	# what Linux makes of a Link Status of all ones
	fake_attribute 0000:01:00.0 current_link_speed Unknown
	fake_attribute 0000:01:00.0 current_link_width 63
	run_tool --sysroot "$SYSROOT" list -s 01:00.0
	assert_exit 0
	assert_output --partial 'driver e1000e, link the device does not answer, BAR0'
}

@test "on a terminal a device is one line, cut to its width; -v breaks lines between words" {
	run_terminal 24x80 --sysroot "$SYSROOT" list
	assert_exit 0
	assert_columns 80
	assert_equal "${#lines[@]}" 3
	assert_line --index 0 --regexp '^ADDRESS +ID +DRIVER +LINK +NAME$'
	assert_line --index 1 --regexp '^0000:00:01.0 1234:11e8 none +\[00ff00]$'
	assert_line --index 2 --regexp '^0000:01:00.0 8086:10d3 e1000e 2.5GT/s x1 of 8GT/s x4 Ethernet controller: T'
	# BARs where there is room
	run_terminal 24x160 --sysroot "$SYSROOT" list
	assert_line --index 2 --regexp 'Test Vendor Test Card +BAR0 mem 128K, BAR2 io 32, BAR3 mem 16M, BAR5 mem 16K unassigned$'
	run_terminal 24x60 --sysroot "$SYSROOT" list -v -s 01:00.0
	assert_columns 60
	assert_line --index 0 '0000:01:00.0 8086:10d3 [020000] Ethernet controller: Test'
	assert_line --index 1 '    Vendor Test Card, revision 00'
	# the same for a terminal that does not say, a pipe and a program
	run_terminal 0x0 --sysroot "$SYSROOT" list
	assert_line '             driver e1000e, link 2.5GT/s x1 (possible 8GT/s x4), BAR0 mem 128K, BAR2 io 32, BAR3 mem 16M, BAR5 mem 16K unassigned'
	run_terminal 24x80 --sysroot "$SYSROOT" list --json
	assert_json '.devices | length' 2
}

@test "on a terminal a tree has a line a device, and slots where there are some" {
	fake_server
	run_terminal 24x80 --sysroot "$SYSROOT" list --tree
	assert_exit 0
	assert_columns 80
	assert_equal "${#lines[@]}" 7
	assert_line --index 0 --regexp '^DEVICE +ID +LINK +DRIVER +NAME$'
	assert_line --regexp '^\+- 0000:01:00.0 8086:10d3 \[8GT/s x4\] e1000e eth0 '
	mkdir -p "$SYSROOT/sys/bus/pci/slots/7"
	echo 0000:01:00 >"$SYSROOT/sys/bus/pci/slots/7/address"
	run_terminal 24x80 --sysroot "$SYSROOT" list --tree
	assert_columns 80
	assert_line --index 0 --regexp '^DEVICE +ID +LINK +DRIVER +SLOT NAME$'
	assert_line --regexp '^\+- 0000:01:00.0 8086:10d3 .* 7 '
}
