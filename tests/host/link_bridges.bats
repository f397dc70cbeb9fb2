#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Which bridges have a link below them: link show, check and metrics with bridges between PCI Express and PCI, and with switches
# whose ports have each other's type.

load ../lib/common
load ../lib/fake_device
load ../lib/fake_express

#   00:01.0 root port -> 01:00.0 bridge to PCI
#                          02:01.0 PCI device
#                          02:02.0 PCI bridge
#                            03:00.0 bridge to PCI Express -> 04:00.0 card
#   00:1e.0 PCI bridge
#             05:00.0 bridge to PCI Express -> 06:00.0 card
#   00:02.0 bridge to PCI, integrated
#             07:01.0 PCI device
setup_file() {
	BATS_TEST_TMPDIR=$BATS_FILE_TMPDIR fake_tree
	fake_begin
	fake_bridge 0000:00:01.0 4 1 4 1 1 3 4
	fake_bridge 0000:01:00.0 7 2 4 1 1 1 1
	fake_pci 0000:02:01.0 0x8086 0x100e 0x020000
	pci_bridge 0000:02:02.0 3 4
	fake_bridge 0000:03:00.0 8 4 4 1 1 1 4
	fake_express 0000:04:00.0 0 0x020000 1 1 2 1
	pci_bridge 0000:00:1e.0 5 6
	fake_bridge 0000:05:00.0 8 6 6 1 4 1 4
	fake_express 0000:06:00.0 0 0x020000 1 4 2 8
	fake_bridge 0000:00:02.0 7 7 7 0 0 1 1
	fake_pci 0000:07:01.0 0x8086 0x100e 0x020000
	fake_write
}

# pci_bridge BDF SECONDARY SUBORDINATE: without PCI Express.
pci_bridge() {
	fake_pci "$1" 0x8086 0x244e 0x060401
	fake_config "$1" 0x0e 8 1
	fake_config "$1" 0x18 8 "0x${1:5:2}"
	fake_config "$1" 0x19 8 "$2"
	fake_config "$1" 0x1a 8 "$3"
}

setup() {
	fake_copy
}

link() {
	run_tool --sysroot "$SYSROOT" link "$@"
}

# without_rights: as the kernel shows config space to everybody.
without_rights() {
	local device
	for device in "$SYSROOT"/sys/bus/pci/devices/*; do
		truncate -s 64 "$device/config"
	done
}

# dump: config space of all devices, as --from-dump reads it.
dump() {
	run_tool --sysroot "$SYSROOT" config dump --all
	printf '%s\n' "$output" >"$BATS_TEST_TMPDIR/dump"
}

links() {
	assert_exit 0
	assert_output '0000:00:01.0 -> 0000:01:00.0: ok, 2.5GT/s x1, 0.250 GB/s
0000:03:00.0 -> 0000:04:00.0: ok, 2.5GT/s x1, 0.250 GB/s
0000:05:00.0 -> 0000:06:00.0: ok, 2.5GT/s x4, 1.000 GB/s'
}

@test "a bridge to PCI has its link above it, one to PCI Express below it, whatever is above them" {
	link show
	links
	link show -s 05:00.0
	assert_line --index 0 '0000:05:00.0 -> 0000:06:00.0: ok'
	link show -s 03:00.0
	assert_line --index 0 '0000:03:00.0 -> 0000:04:00.0: ok'
	link show -s 01:00.0
	assert_line --index 0 '0000:00:01.0 -> 0000:01:00.0: ok'
}

@test "the same without rights, where the type of a port cannot be read" {
	without_rights
	link show
	assert_exit 0
	links
	# an integrated bridge to PCI with nothing below it looks like a port to everybody but root
	rm -r "$SYSROOT/sys/bus/pci/devices/0000:07:01.0"
	link show
	assert_line --partial '0000:00:02.0 -> not seen: '
	rm -r "$SYSROOT/sys/bus/pci/devices/0000:00:02.0"
	link show
	links
}

@test "without rights, or asleep, an integrated bridge to PCI is known by what is below it, a port by its driver" {
	without_rights
	link show -s 07:01.0
	assert_exit 6
	run_tool --sysroot "$SYSROOT" check -j
	assert_json '[.not_checked[] | select(.devices[] == "0000:07:01.0" or .devices[] == "0000:00:02.0") | .rule]
		| map(select(startswith("link"))) | length' 0
	fake_attribute 0000:00:02.0 power/runtime_status suspended
	link show
	links
	fake_driver 0000:00:02.0 pcieport
	link show
	assert_line '0000:00:02.0 -> 0000:07:01.0: unknown, not PCI Express'
}

@test "the same of a dump" {
	dump
	run_tool --from-dump "$BATS_TEST_TMPDIR/dump" link show
	links
}

@test "an integrated bridge to PCI is no port, with something below it or nothing" {
	link show -s 00:02.0
	assert_exit 6
	run_tool --sysroot "$SYSROOT" check -s 00:02.0 -j
	assert_json '.not_checked | map(select(.rule | startswith("link"))) | length' 0
	rm -r "$SYSROOT/sys/bus/pci/devices/0000:07:01.0"
	link show -s 00:02.0
	assert_exit 6
	link show
	links
	run_tool --sysroot "$SYSROOT" check -s 00:02.0 -j
	assert_json '[.findings, .not_checked] | flatten | map(select(.rule | startswith("link"))) | length' 0
}

# a root port's type, and what is above it is none of it: with a link that is up, as 8086:3405 has it, or down, as 8086:6f00
@test "a host bridge's link to the chipset is no link above it, with rights or without, in a dump too" {
	local down
	fake_express 0000:00:00.0 4 0x060000 1 4 2 4
	for down in '' down; do
		[[ ! $down ]] || fake_link 0000:00:00.0 0 0
		link show
		links
		run_tool --sysroot "$SYSROOT" list --tree -j
		assert_json '.devices[0] | [.address, .link] | tojson' '["0000:00:00.0",null]'
		link show -s 00:00.0
		assert_exit 6
		run_tool --sysroot "$SYSROOT" metrics
		refute_line --partial 'pcie_link_width_lanes{bdf="0000:00:00.0"'
		run_tool --sysroot "$SYSROOT" check -j
		assert_json '[.findings, .not_checked] | tojson | test("00:00.0[^}]*link")' false
		dump
		run_tool --from-dump "$BATS_TEST_TMPDIR/dump" link show
		links
	done
	fake_link 0000:00:00.0 1 4
	without_rights
	link show -s 00:00.0
	assert_exit 6
}

@test "a switch whose ports have each other's type, in a dump too" {
	rm -r "$SYSROOT/sys/bus/pci/devices/"*
	fake_begin
	fake_bridge 0000:00:01.0 4 1 3 3 8 4 16
	fake_bridge 0000:01:00.0 6 2 3 3 8 3 8
	fake_bridge 0000:02:00.0 5 3 3 3 4 3 4
	fake_express 0000:03:00.0 0 0x020000 3 4 3 4
	fake_write
	local want='0000:00:01.0 -> 0000:01:00.0: ok, 8GT/s x8, 7.877 GB/s
0000:02:00.0 -> 0000:03:00.0: ok, 8GT/s x4, 3.938 GB/s'
	link show
	assert_output "$want"
	# which end is the upper one does not follow from their types either
	link show -s 01:00.0 -j
	assert_json '.links[0] | [.up_end.training, .down_end.training, .down_end.target_speed] | tojson' '[false,null,"8GT/s"]'
	link show -s 03:00.0 -j
	assert_json '.links[0] | [.up_end.training, .down_end.training] | tojson' '[false,null]'
	dump
	run_tool --from-dump "$BATS_TEST_TMPDIR/dump" link show
	assert_output "$want"
}

@test "a dump that begins with the lower end of a link: it is shown as that end has it" {
	local file=$BATS_TEST_TMPDIR/dump
	fake_begin
	fake_bridge 0000:08:00.0 5 9 10 3 8 3 8
	fake_bridge 0000:09:00.0 6 10 10 3 4 3 4
	fake_express 0000:0a:00.0 0 0x020000 3 4 3 4
	fake_write
	# a switch's upstream port alone, with what is below it, and a bridge to PCI
	pcietool --sysroot "$SYSROOT" config dump -s 08:00.0 >"$file"
	run_tool --from-dump "$file" link show
	assert_output 'not seen -> 0000:08:00.0: unknown, 8GT/s x8, 7.877 GB/s'
	run_tool --from-dump "$file" link show -s 08:00.0
	assert_exit 0
	assert_line 'possible, device       8GT/s x8, 7.877 GB/s'
	assert_line 'expected               the other end is not seen'
	for device in 09:00.0 0a:00.0 01:00.0; do
		pcietool --sysroot "$SYSROOT" config dump -s $device >>"$file"
	done
	run_tool --from-dump "$file" link show
	assert_output 'not seen -> 0000:01:00.0: unknown, 2.5GT/s x1, 0.250 GB/s
not seen -> 0000:08:00.0: unknown, 8GT/s x8, 7.877 GB/s
0000:09:00.0 -> 0000:0a:00.0: ok, 8GT/s x4, 3.938 GB/s'
	run_tool --from-dump "$file" list --tree
	assert_line --partial '[8GT/s x8]'
}

@test "check and metrics take the same links" {
	fake_attribute 0000:06:00.0 current_link_width 1
	run_tool --sysroot "$SYSROOT" check -j
	assert_json '.findings | map(select(.rule | startswith("link")) | "\(.address) \(.rule) \(.expected)") | join(", ")' \
		'0000:06:00.0 link-width x4'
	run_tool --sysroot "$SYSROOT" metrics
	assert_equal "$(sed -n 's/^pcie_link_width_lanes{bdf="\([^"]*\)".*/\1/p' <<<"$output")" \
		$'0000:01:00.0\n0000:04:00.0\n0000:06:00.0'
}

# --- a lower end that says nothing of the link ----------------------------------------------------------

# conventional: a PCI device right below a root port, 0000:00:01.0 -> 0000:01:00.0.
conventional() {
	rm -r "$SYSROOT/sys/bus/pci/devices/"*
	fake_begin
	fake_bridge 0000:00:01.0 4 1 1 3 4 4 16
	fake_pci 0000:01:00.0 0x1234 0x11e8 0x00ff00
	fake_write
}

@test "a device below a port that is not PCI Express: the link is the port's, and what should be is not known" {
	conventional
	local what
	link show
	assert_exit 0
	assert_output '0000:00:01.0 -> 0000:01:00.0: unknown, 8GT/s x4, 3.938 GB/s'
	for what in 00:01.0 01:00.0; do
		link show -s "$what"
		assert_exit 0
		assert_line --index 0 '0000:00:01.0 -> 0000:01:00.0: unknown'
		assert_line 'now                    8GT/s x4, 3.938 GB/s'
		assert_line 'expected               the device does not say what it could do'
		assert_line 'possible, port         16GT/s x16, 31.508 GB/s'
		assert_line 'possible, device       not PCI Express'
		assert_line 'data at most           not PCI Express'
		link show -s "$what" -j
		assert_json '.links[0] | [.verdict, .expected, .down_possible, .down_possible_reason, .up_now.width, .down_now] | tojson' \
			'["unknown",null,null,"not PCI Express",4,null]'
	done
	run_tool --sysroot "$SYSROOT" list --tree
	assert_line --partial '[8GT/s x4]'
	run_tool --sysroot "$SYSROOT" check -j
	assert_json '.not_checked | map(select(.rule == "link") | "\(.devices[]) \(.reason)") | join(", ")' \
		'0000:01:00.0 the device does not say what it could do'
	assert_json '.findings | length' 0
	run_tool --sysroot "$SYSROOT" metrics
	assert_line 'pcie_link_width_lanes{bdf="0000:01:00.0"} 4'
	refute_output --regexp 'pcie_link_(width_expected_lanes|degraded)\{'
	# a port that never says that its link layer is active
	fake_config 0000:00:01.0 0x52 16 $((3 | 4 << 4))
	link show
	assert_output '0000:00:01.0 -> 0000:01:00.0: unknown, 8GT/s x4, 3.938 GB/s'
	# a port that says that its link is down, above a device that is there
	fake_link 0000:00:01.0 0 0
	link show
	assert_output '0000:00:01.0 -> 0000:01:00.0: unknown, not PCI Express'
	run_tool --sysroot "$SYSROOT" check -j
	assert_json '.findings | length' 0
}

@test "a device below a port that says it is integrated in the root complex: the link is the port's" {
	conventional
	rm -r "$SYSROOT/sys/bus/pci/devices/0000:01:00.0"
	fake_express 0000:01:00.0 9 0x020000 0 0 0 0
	fake_config 0000:01:00.0 0x4c 32 0
	link show
	assert_exit 0
	assert_output '0000:00:01.0 -> 0000:01:00.0: unknown, 8GT/s x4, 3.938 GB/s'
	run_tool --sysroot "$SYSROOT" check -j
	assert_json '.findings | length' 0
	dump
	run_tool --from-dump "$BATS_TEST_TMPDIR/dump" link show
	assert_output '0000:00:01.0 -> 0000:01:00.0: unknown, 8GT/s x4, 3.938 GB/s'
}

@test "such a link is trained by its port" {
	conventional
	link retrain -s 01:00.0 -D
	assert_exit 0
	assert_output '0000:00:01.0 -> 0000:01:00.0: would retrain the link'
	link aspm show -s 00:01.0
	assert_exit 6
	assert_err "what ASPM it has is not known: not PCI Express"
}

@test "a device below a port whose capabilities a dump does not have: the link is the port's" {
	local file=$BATS_TEST_TMPDIR/dump
	rm -r "$SYSROOT/sys/bus/pci/devices/"*
	fake_begin
	fake_bridge 0000:00:01.0 4 1 1 3 4 4 16
	fake_express 0000:01:00.0 0 0x020000 3 4 3 4
	fake_write
	truncate -s 64 "$SYSROOT/sys/bus/pci/devices/0000:01:00.0/config"
	dump
	run_tool --from-dump "$file" link show
	assert_output '0000:00:01.0 -> 0000:01:00.0: unknown, 8GT/s x4, 3.938 GB/s'
	run_tool --from-dump "$file" link show -s 01:00.0
	assert_line 'possible, device       not in the dump'
	run_tool --from-dump "$file" list -j
	assert_json '.devices[1].link_reason' 'not in the dump'
	# nor does it have the port's
	truncate -s 64 "$SYSROOT/sys/bus/pci/devices/0000:00:01.0/config"
	dump
	run_tool --from-dump "$file" link show -s 01:00.0
	assert_exit 6
	assert_err 'whether it has a link is not known: not in the dump'
}

@test "a device below a port that reads all ones: the link is the port's, exit 5" {
	conventional
	tr '\0' '\377' </dev/zero | head -c 256 >"$SYSROOT/sys/bus/pci/devices/0000:01:00.0/config"
	link show
	assert_exit 5
	assert_output '0000:00:01.0 -> 0000:01:00.0: unknown, the device does not answer'
	# as lspci writes it
	dump
	{
		echo '0000:01:00.0 Unassigned class [ff00]: QEMU Device 11e8 (rev ff)'
		for offset in 00 10 20 30; do
			printf '%s:%s\n' $offset "$(printf ' ff%.0s' {1..16})"
		done
	} >>"$BATS_TEST_TMPDIR/dump"
	run_tool --from-dump "$BATS_TEST_TMPDIR/dump" link show
	assert_exit 5
	assert_output '0000:00:01.0 -> 0000:01:00.0: unknown, the device does not answer'
	run_tool --from-dump "$BATS_TEST_TMPDIR/dump" link show -s 00:01.0
	assert_exit 5
	assert_line 'possible, port         16GT/s x16, 31.508 GB/s'
	assert_line 'possible, device       the device does not answer'
}
