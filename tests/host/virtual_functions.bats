#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
#
# A virtual function of a fake fabric, whose registers of the link and of payload sizes are reserved and read 0: PCIe 6.0
# section 9.3.5. No command takes that for what it says.

load ../lib/common
load ../lib/fake_device
load ../lib/fake_express
load ../lib/fake_links

setup_file() {
	BATS_TEST_TMPDIR=$BATS_FILE_TMPDIR fake_tree
	fake_fabric
	fake_begin
	fake_express 0000:06:01.0 0 0x030000 0 0 4 16
	fake_config 0000:06:01.0 0 32 0xffffffff
	fake_config 0000:06:01.0 0x48 16 0
	fake_config 0000:06:01.0 0x70 16 0
	fake_write
	ln -s ../0000:06:00.0 "$SYSROOT/sys/bus/pci/devices/0000:06:01.0/physfn"
	ln -s ../0000:06:01.0 "$SYSROOT/sys/bus/pci/devices/0000:06:00.0/virtfn0"
}

say='a virtual function does not say'

# of a machine, and of its dump
each_way() {
	"$@" --sysroot "$SYSROOT"
	pcietool --sysroot "$SYSROOT" config dump --all >"$BATS_TEST_TMPDIR/dump"
	"$@" --from-dump "$BATS_TEST_TMPDIR/dump"
}

show_link() {
	run_tool "$@" link show -s 06:01.0
	assert_exit 0
	assert_line --index 0 '0000:00:03.0 -> 0000:06:01.0: unknown'
	assert_line 'now                    16GT/s x16, 31.508 GB/s'
	assert_line 'expected               the device does not say what it could do'
	assert_line "possible, device       $say"
	assert_line "data at most           $say"
	assert_line --regexp "^  target speed +32GT/s +$say$"
	assert_line --regexp "^  ASPM +off +$say$"
	assert_line --regexp "^  0000:06:01.0 +MPS $say$"
	run_tool "$@" link show -s 06:01.0 -j
	assert_json '.links[0].payload_path[-1] | [.mps, .mrrs, .mps_supported, .mps_reason] | tojson' "[null,null,null,\"$say\"]"
	assert_json '.links[0].mps_mismatch' false
	# what is not of the link's control and status is its own
	assert_json ".links[0].down_end | with_entries(select(.value == \"$say\")) | keys | map(rtrimstr(\"_reason\")) | sort | tojson" \
		'["aspm","auto_speed_disable","auto_width_disable","clock_pm","common_clock","deemphasis","dll_active","equalization_8","equalization_8_phase1","equalization_8_phase2","equalization_8_phase3","equalization_8_request","flit_mode","retimer","target_speed","two_retimers"]'
	assert_json '.links[0].down_end.aspm_possible' none
}

@test "link show: neither the link's speed, nor its control, nor payload sizes" {
	each_way show_link
}

show_info() {
	run_tool "$@" info -s 06:01.0 -j
	assert_json '[.link, .link_reason] | tojson' "[null,\"$say\"]"
	run_tool "$@" list -s 06:01.0 -j
	assert_json '.devices[0] | [.link, .link_reason] | tojson' "[null,\"$say\"]"
	run_tool "$@" list --tree -j
	assert_json '.devices[] | select(.address == "0000:06:01.0").link | [.width, .verdict, .expected_width] | tojson' \
		'[16,"unknown",null]'
}

@test "link show: a port that never says that its link layer is active does not make the link down" {
	fake_config 0000:00:03.0 0x52 16 $((4 | 16 << 4))
	# it is seen alone, as in a dump of it and its port
	rm -r "$SYSROOT/sys/bus/pci/devices/0000:06:00."*
	each_way show_port
}

show_port() {
	run_tool "$@" link show
	assert_line '0000:00:03.0 -> 0000:06:01.0: unknown, 16GT/s x16, 31.508 GB/s'
}

@test "info and list" {
	each_way show_info
}

@test "what it has in these registers all the same is not taken for what it says" {
	fake_link 0000:06:01.0 1 1
	fake_config 0000:06:01.0 0x48 16 0x2810
	each_way show_info
	run_tool --sysroot "$SYSROOT" link show -s 06:01.0 -j
	assert_json '.links[0] | [.now.width, .payload_path[-1].mrrs] | tojson' '[16,null]'
}

@test "snapshot: neither a link of its own nor payload sizes; check does not miss them" {
	local file=$BATS_TEST_TMPDIR/baseline
	run_tool --sysroot "$SYSROOT" snapshot -o "$file"
	assert_exit 0
	assert_equal "$(jq -c '.devices[] | select(.address == "0000:06:01.0") | [.link, .mps, .mrrs, .mps_reason]' "$file")" \
		"[null,null,null,\"$say\"]"
	run_tool --sysroot "$SYSROOT" check --baseline "$file" -s 06:01.0 -j
	assert_json '.findings | length' 0
	assert_json '.not_checked | map(select(.rule | test("mps|mrrs|link"))) | length' 0
}

@test "a dump without the port above: it has no link of its own" {
	pcietool --sysroot "$SYSROOT" config dump -s 06:01.0 >"$BATS_TEST_TMPDIR/dump"
	run_tool --from-dump "$BATS_TEST_TMPDIR/dump" link show -s 06:01.0
	assert_exit 6
	assert_err 'it is a virtual function'
	# all ones are a device that is gone
	tr '\0' '\377' </dev/zero | head -c 4096 >"$SYSROOT/sys/bus/pci/devices/0000:06:01.0/config"
	{
		echo '0000:06:01.0 (rev ff)'
		for offset in 00 10 20 30; do
			printf '%s:%s\n' $offset "$(printf ' ff%.0s' {1..16})"
		done
	} >"$BATS_TEST_TMPDIR/dump"
	run_tool --from-dump "$BATS_TEST_TMPDIR/dump" link show -s 06:01.0
	assert_exit 5
}

# sriov PF OFFSET STRIDE COUNT CONTROL: SR-IOV of a physical function whose virtual ones have the device id 154c.
sriov() {
	fake_extended "$1" 0x100 0x10 0
	fake_config "$1" 0x108 16 "$5"
	fake_config "$1" 0x110 16 "$4"
	fake_config "$1" 0x114 16 "$2"
	fake_config "$1" 0x116 16 "$3"
	fake_config "$1" 0x11a 16 0x154c
}

show_ids() {
	run_tool "$@" list -s 06:01.0
	assert_line --index 0 --partial '0000:06:01.0 1234:154c [030000]'
	run_tool "$@" list -d 1234:154c -j
	assert_json '.devices | map(.address) | join(" ")' 0000:06:01.0
	run_tool "$@" info -s 06:01.0 -j
	assert_json '[.vendor_id, .device_id, .command.memory] | tojson' '["0x1234","0x154c",true]'
	run_tool "$@" config dump -s 06:01.0
	assert_line --index 0 '0000:06:01.0 Class 030000: 1234:154c'
	assert_line --index 1 --partial '00: ff ff ff ff'
}

@test "ids and memory decoding: those that the kernel has, or the physical function in the same dump" {
	echo 0x154c >"$SYSROOT/sys/bus/pci/devices/0000:06:01.0/device"
	sriov 0000:06:00.0 4 4 3 9
	each_way show_ids
}

@test "ids of a virtual function whose physical one is not in the dump: all ones are none" {
	local file=$BATS_TEST_TMPDIR/dump say_so='0000:06:01.0 a virtual function does not say [030000]'
	pcietool --sysroot "$SYSROOT" config dump -s 06:01.0 >"$file"
	run_tool --from-dump "$file" list
	assert_line --index 0 --partial "$say_so"
	run_tool --from-dump "$file" info
	assert_line --index 0 --partial "$say_so"
	refute_output --partial ffff:ffff
	refute_line --partial 'memory off'
	run_tool --from-dump "$file" info -j
	assert_json '[.vendor_id, .vendor_id_reason, .device_id, .vendor, .command.memory] | tojson' "[null,\"$say\",null,null,null]"
	run_tool --from-dump "$file" list -d ffff:ffff
	assert_exit 3
	run_tool --from-dump "$file" config dump
	assert_line --index 0 '0000:06:01.0 Class 030000: a virtual function'
	# one that has others
	sriov 0000:06:00.0 5 4 3 9
	pcietool --sysroot "$SYSROOT" config dump --all >"$file"
	run_tool --from-dump "$file" info -s 06:01.0 -j
	assert_json '.vendor_id' null
	# of one stride of 0, and beyond the last bus
	sriov 0000:06:00.0 0xffff 0 65535 9
	pcietool --sysroot "$SYSROOT" config dump --all >"$file"
	run_tool --from-dump "$file" info -s 06:01.0 -j
	assert_exit 0
}
