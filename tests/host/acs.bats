#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
#
# acs and p2p on fake trees.

# shellcheck disable=SC2154 # status, output and stderr are bats' own
load ../lib/common
load ../lib/fake_device
load ../lib/resources

dev=0000:01:00.0
port=0000:00:1c.0

# 00:1c.0 root port - 01:00.0 switch - 02:00.0 - 03:00.0
#                                    \ 02:01.0 - 04:00.0      00:1d.0 root port - 05:00.0
one_switch() {
	fake_port $port 4 1
	fake_port $dev 5 2
	fake_port 0000:02:00.0 6 3
	fake_port 0000:02:01.0 6 4
	fake_port 0000:00:1d.0 4 5
	fake_pci 0000:03:00.0 0x10de 0x0001 0x030000 4096
	fake_pci 0000:04:00.0 0x15b3 0x0002 0x020000 4096
	fake_pci 0000:05:00.0 0x144d 0x0003 0x010802 4096
}

@test "acs show: all that have it, or those that match" {
	one_switch
	fake_acs $port 0x5f 0x1d
	fake_acs 0000:02:00.0 0x0c 0x00
	on acs show
	assert_exit 0
	assert_line --index 0 '0000:00:1c.0 on: source validation, request redirect, completion redirect, upstream forwarding'
	assert_line --index 1 '             off: translation blocking, direct translated P2P'
	assert_line --index 2 '             not possible: egress control'
	assert_line --index 3 '0000:02:00.0 on: none'
	[ "${#lines[@]}" -eq 6 ]
	on -s $port acs show -j
	assert_json '.devices | length' 1
	assert_json '.devices[0].acs | [.offset, .capability, .control, .request_redirect.enabled, .egress_control.capable] | map(tostring) | join(" ")' \
		'0x100 0x005f 0x001d true false'
	on -s 03:00.0 acs show
	assert_exit 6
	truncate -s 64 "$SYSROOT/sys/bus/pci/devices/$port/config"
	on -s $port acs show
	assert_exit 0
	assert_output '0000:00:1c.0 ACS needs root'
	on -s $port acs show -j
	assert_json '.devices[0].acs_reason' 'needs root'
}

@test "acs show: the enhanced capability, where there is one; of a root port only what concerns it" {
	one_switch
	fake_acs $port 0x9f 0x019d
	fake_acs 0000:02:00.0 0x9f $((1 << 7 | 1 << 8 | 2 << 10 | 1 << 12))
	fake_acs 0000:02:01.0 0x1f 0x1f80
	on acs show
	assert_line '             enhanced: I/O requests blocked, ports'"'"' BARs blocked'
	assert_line '             enhanced: I/O requests blocked, ports'"'"' BARs blocked, the upstream port'"'"'s redirected, unclaimed requests redirected'
	assert_equal "$(grep -c enhanced <<<"$output")" 2
	on acs show -j
	assert_json '.devices[] | select(.address == "0000:02:00.0") | .acs.enhanced | .io_blocking, .downstream_target, .upstream_target, .unclaimed_redirect' \
		$'true\nblocked\nredirected\ntrue'
	assert_json '.devices[] | select(.address == "'$port'") | .acs.enhanced | .downstream_target, .upstream_target, .unclaimed_redirect_reason' \
		$'blocked\nnull\nno port of a switch'
	assert_json '.devices[] | select(.address == "0000:02:01.0") | .acs | .enhanced, .enhanced_reason' \
		$'null\nnot possible'
}

@test "acs: where it is cut off the next capability is not taken for its registers" {
	one_switch
	fake_acs $port 0x5f 0x1d
	fake_extended $port 0x100 0x0d 0x104
	fake_extended $port 0x104 0x03 0
	on -s $port acs show -j
	assert_exit 0
	assert_json '.devices[0].acs_reason' 'the capability is cut off'
}

@test "p2p: an egress control vector that would be cut off is not the next capability: it is taken to block" {
	one_switch
	fake_acs 0000:02:00.0 0x0160 0x20
	fake_extended 0000:02:00.0 0x100 0x0d 0x108
	fake_extended 0000:02:00.0 0x108 0x00 0
	assert_equal "$(verdict 03:00.0 04:00.0)" blocked
}

@test "acs show: among all, what sleeps is left asleep" {
	one_switch
	fake_acs $port 0x5f 0x1d
	fake_attribute $port power/runtime_status suspended
	on acs show
	assert_exit 0
	assert_line '0000:00:1c.0 ACS suspended'
	refute_output --partial 'source validation'
	on -s $port acs show
	assert_line --index 0 --partial 'source validation'
}

# verdict A B
verdict() {
	on p2p "$1" "$2" -j
	assert_exit 0
	json '.verdict // "null: " + .verdict_reason'
}

@test "p2p: in a switch without ACS directly" {
	one_switch
	assert_equal "$(verdict 03:00.0 04:00.0)" direct
	on p2p 03:00.0 04:00.0
	assert_line --index 0 --partial 'direct: directly, in the switch'
	assert_line '             0000:03:00.0, IOMMU group none'
	assert_line '             meet in 0000:01:00.0'
	assert_line '             a 0000:02:00.0 downstream port: no ACS'
	on p2p 03:00.0 04:00.0 -j
	assert_json '.changes | length' 0
	# there, but off; the root port's does not matter
	fake_acs 0000:02:00.0 0x5f 0x13
	fake_acs $port 0x5f 0x1d
	assert_equal "$(verdict 03:00.0 04:00.0)" direct
	assert_equal "$(verdict 04:00.0 03:00.0)" direct
}

@test "p2p: redirected, and what to change" {
	one_switch
	fake_group 0000:03:00.0 5
	printf 'DMA\n' >"$SYSROOT/sys/kernel/iommu_groups/5/type"
	fake_acs 0000:02:00.0 0x5f 0x1d
	fake_acs 0000:02:01.0 0x5f 0x08
	on p2p 03:00.0 04:00.0
	assert_exit 0
	assert_line --index 0 'redirected: redirected to the root complex by ACS'
	assert_line '             0000:03:00.0, IOMMU group 5, type DMA'
	assert_line --partial 'boot with pci=disable_acs_redir=0000:02:00.0;0000:02:01.0'
	assert_line '  pcietool -s 0000:02:00.0 config write ECAP_ACS+6/16=0:0xc'
	assert_line '  pcietool -s 0000:02:01.0 config write ECAP_ACS+6/16=0:0x8'
	# the command does it
	for bridge in 0000:02:00.0 0000:02:01.0; do
		command=$(pcietool --sysroot "$SYSROOT" p2p 03:00.0 04:00.0 -j |
			jq -r ".changes[] | select(.address == \"$bridge\").command")
		# shellcheck disable=SC2086
		on ${command#pcietool }
		assert_exit 0
	done
	assert_equal "$(verdict 03:00.0 04:00.0)" direct
	on -s 02:00.0 config read ECAP_ACS+6/16
	assert_output 0x0011
	# direct translated
	fake_acs 0000:02:00.0 0x5f 0x44
	on p2p 03:00.0 04:00.0 -j
	assert_json .verdict redirected
	assert_json .translated_direct true
}

@test "p2p: egress control blocks, redirects, lets through" {
	one_switch
	fake_config 0000:02:01.0 0x4c 32 0x05000000 # port number 5
	fake_acs 0000:02:00.0 0x0820 0x20
	fake_config 0000:02:00.0 0x108 32 0x20
	assert_equal "$(verdict 03:00.0 04:00.0)" blocked
	on p2p 03:00.0 04:00.0 -j
	assert_json '.ports[] | select(.blocks).address' 0000:02:00.0
	assert_equal "$(verdict 04:00.0 03:00.0)" blocked
	# not this one: but Linux goes round by the host bridge even so
	fake_config 0000:02:00.0 0x108 32 0x40
	assert_equal "$(verdict 03:00.0 04:00.0)" redirected
	fake_acs 0000:02:00.0 0x0824 0x24
	fake_config 0000:02:00.0 0x108 32 0x20
	assert_equal "$(verdict 03:00.0 04:00.0)" redirected
	# a vector that is too short to tell; a size of 0 stands for 256 bits
	fake_acs 0000:02:00.0 0x0420 0x20
	fake_config 0000:02:00.0 0x108 32 0
	assert_equal "$(verdict 03:00.0 04:00.0)" blocked
	fake_acs 0000:02:00.0 0x0020 0x20
	assert_equal "$(verdict 03:00.0 04:00.0)" redirected
	# a port number that is in the vector's second word
	fake_config 0000:02:01.0 0x4c 32 0x25000000
	fake_config 0000:02:00.0 0x108 32 0x20
	fake_config 0000:02:00.0 0x10c 32 0
	assert_equal "$(verdict 03:00.0 04:00.0)" redirected
	fake_config 0000:02:00.0 0x108 32 0
	fake_config 0000:02:00.0 0x10c 32 0x20
	assert_equal "$(verdict 03:00.0 04:00.0)" blocked
}

@test "p2p: what one port blocks another's redirection does not open, nor a translated address" {
	one_switch
	on p2p 03:00.0 04:00.0 -j
	assert_json '[.verdict, .translated_direct] | map(tostring) | join(" ")' 'direct false'
	fake_config 0000:02:01.0 0x4c 32 0x05000000 # port number 5
	fake_acs 0000:02:00.0 0x0860 0x60
	fake_config 0000:02:00.0 0x108 32 0x20
	fake_acs 0000:02:01.0 0x0044 0x44
	for peers in '03:00.0 04:00.0' '04:00.0 03:00.0'; do
		# shellcheck disable=SC2086 # two words
		on p2p $peers -j
		assert_json '[.verdict, .translated_direct] | map(tostring) | join(" ")' 'blocked false'
	done
}

@test "p2p: egress control for a port that does not tell its number is taken to block" {
	one_switch
	fake_acs 0000:02:00.0 0x0820 0x20
	fake_config 0000:02:00.0 0x108 32 0
	assert_equal "$(verdict 03:00.0 04:00.0)" redirected
	# no capabilities, and so no port number
	fake_config 0000:02:01.0 0x34 8 0
	assert_equal "$(verdict 03:00.0 04:00.0)" blocked
}

@test "p2p: egress control in an ARI device counts functions from 0 to 255" {
	one_switch
	fake_pci 0000:03:01.2 0x10de 0x0001 0x030000 4096
	fake_acs 0000:03:00.0 0x2020 0x20
	# function 10, and not 2
	fake_config 0000:03:00.0 0x108 32 $((1 << 10))
	assert_equal "$(verdict 03:00.0 03:01.2)" blocked
	fake_config 0000:03:00.0 0x108 32 $((1 << 2))
	assert_equal "$(verdict 03:00.0 03:01.2)" redirected
	# on a root bus a device's number is its own
	fake_pci 0000:00:03.0 0x1234 0x0001 0x020000 4096
	fake_pci 0000:00:03.2 0x1234 0x0001 0x020000 4096
	fake_acs 0000:00:03.0 0x2020 0x20
	fake_config 0000:00:03.0 0x108 32 $((1 << 2))
	assert_equal "$(verdict 00:03.0 00:03.2)" blocked
}

@test "p2p: different root ports, one function, one above the other" {
	one_switch
	assert_equal "$(verdict 03:00.0 05:00.0)" root-complex
	on p2p 03:00.0 05:00.0
	assert_line --index 0 --partial 'Linux allows it for those in its list'
	assert_line '             b 0000:00:1d.0 root port: no ACS'
	refute_line --partial 'two host bridges'
	assert_equal "$(verdict 03:00.0 03:00.0)" same
	assert_equal "$(verdict 03:00.0 02:00.0)" above
	assert_equal "$(verdict $dev 04:00.0)" above
	fake_port 0001:00:01.0 4 1
	fake_pci 0001:01:00.0 0x144d 0x0003 0x010802 4096
	on p2p 03:00.0 0001:01:00.0
	assert_line --index 0 --partial 'between two host bridges'
}

@test "p2p: functions of one device, VFs, a conventional bus" {
	one_switch
	fake_pci 0000:03:00.1 0x10de 0x0002 0x040300 4096
	assert_equal "$(verdict 03:00.0 03:00.1)" device
	fake_acs 0000:03:00.1 0x0c 0x0c
	assert_equal "$(verdict 03:00.0 03:00.1)" redirected
	fake_vf 0000:04:00.0 0 0000:04:10.1
	assert_equal "$(verdict 04:00.0 04:10.1)" device
	fake_port 0000:00:1e.0 7 6
	fake_pci 0000:06:01.0 0x1234 0x0001 0x020000
	fake_pci 0000:06:02.0 0x1234 0x0001 0x020000
	assert_equal "$(verdict 06:01.0 06:02.0)" bus
	fake_pci 0000:00:03.0 0x1234 0x0001 0x020000
	fake_pci 0000:00:03.1 0x1234 0x0001 0x020000
	assert_equal "$(verdict 00:03.0 00:03.1)" device
	assert_equal "$(verdict 00:03.0 06:01.0)" root-complex
}

@test "p2p: without root what ACS decides is unknown, the rest is not" {
	one_switch
	fake_vf 0000:04:00.0 0 0000:04:10.1
	for file in "$SYSROOT"/sys/bus/pci/devices/*/config; do truncate -s 64 "$file"; done
	assert_equal "$(verdict 03:00.0 04:00.0)" 'null: needs root'
	on p2p 03:00.0 04:00.0
	assert_line --index 0 'unknown, needs root: ACS of the ports in between cannot be read'
	assert_line '             a 0000:02:00.0 of unknown type: ACS needs root'
	assert_equal "$(verdict 03:00.0 05:00.0)" root-complex
	assert_equal "$(verdict 03:00.0 03:00.0)" same
	assert_equal "$(verdict 04:00.0 04:10.1)" 'null: needs root'
	on p2p 04:00.0 04:10.1 -j
	assert_json '.ports | map(.address) | join(" ")' '0000:04:00.0 0000:04:10.1'
}

@test "acs and p2p of a dump" {
	one_switch
	fake_acs 0000:02:00.0 0x5f 0x1d
	pcietool --sysroot "$SYSROOT" config dump --all >"$BATS_TEST_TMPDIR/dump"
	rm -r "$SYSROOT"
	run_tool --from-dump "$BATS_TEST_TMPDIR/dump" acs show
	assert_exit 0
	assert_line --index 0 --partial '02:00.0 on: source validation, request redirect'
	run_tool --from-dump "$BATS_TEST_TMPDIR/dump" p2p 03:00.0 04:00.0 -j
	assert_exit 0
	assert_json .verdict redirected
	assert_json .a.iommu_group_reason 'not in the dump'
	run_tool --from-dump "$BATS_TEST_TMPDIR/dump" bar list
	assert_exit 2
}
