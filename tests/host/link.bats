#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
#
# The links of a fake fabric: link show, retrain, speed, disable, enable, watch.

load ../lib/common
load ../lib/fake_device
load ../lib/fake_express
load ../lib/fake_links

@test "show: whether the link layer is active is not asked of who does not report it" {
	link show -s 06:00.0
	assert_line --regexp '^  link layer active +yes +yes$'
	# a device has neither bit
	fake_config 0000:06:00.0 0x4c 32 $((4 | 16 << 4))
	fake_config 0000:06:00.0 0x52 16 $((4 | 16 << 4))
	link show -s 06:00.0
	assert_line --regexp '^  link layer active +yes +not reported$'
	link show -s 06:00.0 -j
	assert_json '.links[0] | [.up_end.dll_active, .down_end.dll_active, .down_end.dll_active_reason] | tojson' \
		'[true,null,"not reported"]'
}

@test "show: what an end does not implement, or what is reserved or undefined there, is no fact" {
	local keys='[.retimer, .retimer_reason, .two_retimers, .bandwidth_managed, .bandwidth_managed_reason,
		.bandwidth_autonomous, .training, .deemphasis, .deemphasis_reason, .l0s_exit, .l1_exit]'
	link show -s 06:00.0 -j
	assert_json ".links[0].up_end | $keys | tojson" \
		'[null,"not reported",null,null,"not reported",null,false,null,"only at 5GT/s",null,null]'
	assert_json '.links[0].down_end | [.training, .training_reason] | tojson' '[null,"it has none"]'
	# LNKCAP2's two, LNKCAP's notification and both states of ASPM, 5 GT/s
	fake_config 0000:00:03.0 0x6c 32 $((0x3e | 1 << 23 | 1 << 24))
	fake_config 0000:00:03.0 0x4c 32 $((5 | 16 << 4 | 3 << 10 | 7 << 12 | 7 << 15 | 1 << 20 | 1 << 21))
	fake_config 0000:00:03.0 0x52 16 $((2 | 16 << 4 | 1 << 13 | 1 << 14))
	link show -s 06:00.0 -j
	assert_json ".links[0].up_end | $keys | tojson" \
		'[false,null,false,true,null,false,false,"-6dB",null,">4us",">64us"]'
	# only one of the states
	fake_config 0000:00:03.0 0x4c 32 $((5 | 16 << 4 | 2 << 10))
	link show -s 06:00.0 -v
	assert_line --regexp '^  L0s exit +it has none '
	assert_line --regexp '^  L1 exit +<1us '
}

@test "show: all links, a line each, expected where they are not what they could be" {
	link show
	assert_exit 0
	assert_line '0000:00:01.0 -> 0000:01:00.0: ok, 8GT/s x8, 7.877 GB/s'
	assert_line '0000:02:01.0 -> 0000:04:00.0: slow-narrow, 2.5GT/s x2, 0.500 GB/s, expected 8GT/s x4, 3.938 GB/s'
	assert_line '0000:00:02.0 -> not seen: down, link down, expected 16GT/s x16, 31.508 GB/s'
	assert_equal "${#lines[@]}" 5
	# in the order of their upper ends, also those with nothing below
	sort -c <<<"$output"
}

@test "show: the width that some ports keep with nothing below them is no link" {
	# Data Link Layer Link Active says so
	fake_link 0000:00:02.0 1 16
	fake_config 0000:00:02.0 0x52 16 0x0101
	link show
	assert_line '0000:00:02.0 -> not seen: down, link down, expected 16GT/s x16, 31.508 GB/s'
	link show -s 00:02.0 -j
	assert_json '.links[0].verdict' down
	# a port that cannot say it is believed; how fast it should be is not known without the other end
	fake_config 0000:00:02.0 0x4c 32 $((4 | 16 << 4))
	link show -s 00:02.0
	assert_line '0000:00:02.0 -> not seen: unknown'
	assert_line 'now                    2.5GT/s x16, 4.000 GB/s'
	assert_line 'expected               the other end is not seen'
	link show -s 00:02.0 -j
	assert_json '.links[0] | [.verdict, .expected, .nothing_below] | tojson' '["unknown",null,null]'
}

@test "show: a link that is up with no device found below it: what to do, and no word of slow" {
	local rescan="the link below the port is up, and no device was found there: 'pcietool rescan' looks again"
	fake_link 0000:00:02.0 2 1
	fake_config 0000:00:02.0 0x4c 32 $((4 | 16 << 4 | 1 << 20))
	link show
	assert_exit 0
	assert_line '0000:00:02.0 -> not seen: unknown, 5GT/s x1, 0.500 GB/s'
	assert_line "  $rescan"
	refute_line --regexp '^0000:00:02.0.*slow'
	link show -s 00:02.0
	assert_line "nothing below          $rescan"
	link show -s 00:02.0 -j
	assert_json '.links[0].nothing_below' "$rescan"
	# a slot whose power is off; the kernel's switch where it has one
	fake_link 0000:00:02.0 0 0
	fake_config 0000:00:02.0 0x42 16 0x0142
	fake_config 0000:00:02.0 0x54 32 0x2
	fake_config 0000:00:02.0 0x58 16 0x0400
	fake_config 0000:00:02.0 0x5a 16 0x0040
	link show -s 00:02.0
	assert_line --partial "the slot's power is off: 'pcietool -s 0000:00:02.0 config write EXP.SLTCTL.POWER=0; pcietool rescan'"
	mkdir -p "$SYSROOT/sys/bus/pci/slots/7"
	echo 0000:05:00 >"$SYSROOT/sys/bus/pci/slots/7/address"
	echo 0 >"$SYSROOT/sys/bus/pci/slots/7/power"
	link show -s 00:02.0
	assert_line --partial "the slot's power is off: 'pcietool -s slot:7 slot power on'"
	# a link that is down, with power
	fake_config 0000:00:02.0 0x58 16 0
	link show -s 00:02.0
	assert_line --partial 'the link below the port is down, with a card in the slot'
	# an empty slot
	fake_config 0000:00:02.0 0x5a 16 0
	link show -s 00:02.0 -j
	assert_json '.links[0] | [.nothing_below, .nothing_below_reason] | tojson' '[null,"the port says of no card"]'
}

@test "show: a link that the port contains: after which error, and how to end that" {
	local text="the port contains its link (DPC) after ERR_FATAL from 06:00.0: 'pcietool -s 0000:00:03.0 config write DPC.STATUS.TRIGGER=1; pcietool rescan' ends that"
	fake_extended 0000:00:03.0 0x100 0x1d 0
	fake_config 0000:00:03.0 0x108 16 0x0005
	fake_config 0000:00:03.0 0x10a 16 0x0600
	link show -s 06:00.0 -j
	assert_json '.links[0] | .contained, .contained_reason' $'null\nthe link is not down'
	fake_link 0000:00:03.0 0 0
	fake_link 0000:06:00.0 0 0
	link show -s 06:00.0
	assert_line "contained              $text"
	link show
	assert_line --partial '0000:00:03.0 -> 0000:06:00.0: down'
	assert_line "  $text"
	link show -j
	assert_json '.links[] | select(.up == "0000:00:03.0") | .contained' "$text"
	fake_config 0000:00:03.0 0x108 16 0
	link show -s 06:00.0 -j
	assert_json '.links[0] | .contained, .contained_reason' $'null\nnot triggered'
	# with nothing below it is told once
	fake_extended 0000:00:02.0 0x100 0x1d 0
	fake_config 0000:00:02.0 0x108 16 0x0027
	link show
	assert_line "  the port contains its link (DPC) after software's wish: 'pcietool -s 0000:00:02.0 config write DPC.STATUS.TRIGGER=1; pcietool rescan' ends that"
	assert_equal "$(grep -c 'contains its link' <<<"$output")" 1
}

@test "show: where it is not known what an end could do, in speed or in width, the verdict is not ok" {
	local say='the device does not say what it could do'
	fake_attribute 0000:06:00.0 max_link_speed Unknown
	link show
	assert_line '0000:00:03.0 -> 0000:06:00.0: unknown, 16GT/s x16, 31.508 GB/s'
	link show -s 06:00.0
	assert_line "expected               $say"
	link show -s 06:00.0 -j
	assert_json '.links[0] | [.verdict, .expected, .expected_reason] | tojson' "[\"unknown\",null,\"$say\"]"
	run_tool --sysroot "$SYSROOT" list --tree -j
	assert_json '.devices[] | select(.address == "0000:06:00.0").link | [.verdict, .expected_speed_gts, .expected_width] | tojson' \
		'["unknown",null,16]'
	run_tool --sysroot "$SYSROOT" check -v -s 06:00.0
	assert_exit 0
	assert_line "not checked: link: $say (1 device)"
	# what is known to be less is told
	fake_attribute 0000:06:00.0 current_link_width 8
	fake_attribute 0000:00:03.0 current_link_width 8
	link show
	assert_line "0000:00:03.0 -> 0000:06:00.0: narrow, 16GT/s x8, 15.754 GB/s, expected $say"
	run_tool --sysroot "$SYSROOT" check -v -s 06:00.0
	assert_line --partial 'link-width: link below 0000:00:03.0 is x8, both ends have x16'
	assert_line "not checked: link: $say (1 device)"
	# the port, and the width
	fake_attribute 0000:00:01.0 max_link_width 255
	link show
	assert_line '0000:00:01.0 -> 0000:01:00.0: unknown, 8GT/s x8, 7.877 GB/s'
	link show -s 01:00.0
	assert_line 'expected               the port does not say what it could do'
}

@test "show: a width at a speed that is none is a link whose speed is not known, not one that is down" {
	local end dump=$BATS_TEST_TMPDIR/dump
	# as an older kernel words a newer speed
	fake_attribute 0000:06:00.0 current_link_speed Unknown
	link show
	assert_line --partial '0000:00:03.0 -> 0000:06:00.0: ok, 16GT/s x16, 31.508 GB/s'
	fake_attribute 0000:00:03.0 current_link_speed Unknown
	link show
	assert_line '0000:00:03.0 -> 0000:06:00.0: unknown, its speed is not known'
	run_tool --sysroot "$SYSROOT" check -v -s 06:00.0
	assert_exit 0
	assert_line 'not checked: link: its speed is not known (1 device)'
	run_tool --sysroot "$SYSROOT" list -j -s 06:00.0
	assert_json '.devices[0].link_reason' 'its speed is not known'
	# the code 9
	for end in 0000:06:00.0 0000:00:03.0; do
		fake_config $end 0x52 16 $((9 | 16 << 4))
	done
	pcietool --sysroot "$SYSROOT" config dump --all >"$dump"
	run_tool --from-dump "$dump" link show -s 06:00.0
	assert_line 'now                    its speed is not known'
}

@test "show: what only function 0 has, or is not there at that speed, is no fact of another function" {
	local say='only function 0 says'
	link show -s 06:00.1 -j
	assert_json ".links[0].down_end | with_entries(select(.value == \"$say\")) | keys | map(rtrimstr(\"_reason\")) | sort | tojson" \
		'["auto_speed_disable","auto_width_disable","equalization_8","equalization_8_phase1","equalization_8_phase2","equalization_8_phase3","equalization_8_request","retimer","target_speed","two_retimers"]'
	link show -s 06:00.0 -j
	assert_json '.links[0].down_end | [.target_speed, .equalization_8, .auto_width_disable] | tojson' '["16GT/s",false,false]'
	# an end that can do 5 GT/s, and has no target speed
	fake_config 0000:06:00.0 0x6c 32 6
	fake_config 0000:06:00.0 0x70 16 0
	link show -s 06:00.0 -j
	assert_json '.links[0].down_end | [.target_speed, .target_speed_reason, .equalization_8, .equalization_8_reason] | tojson' \
		'[null,"it has none",null,"it has none"]'
}

@test "show: a reserved speed or width among what an end could do is not known" {
	local dump=$BATS_TEST_TMPDIR/dump
	# the code 9, the width 33; PCIe 6.0 section 7.5.3.6 has the codes 1 to 7 and widths up to 32
	fake_config 0000:06:00.0 0x4c 32 $((9 | 16 << 4))
	fake_config 0000:01:00.0 0x4c 32 $((3 | 33 << 4))
	pcietool --sysroot "$SYSROOT" config dump --all >"$dump"
	run_tool --from-dump "$dump" link show
	assert_line '0000:00:03.0 -> 0000:06:00.0: unknown, 16GT/s x16, 31.508 GB/s'
	assert_line '0000:00:01.0 -> 0000:01:00.0: unknown, 8GT/s x8, 7.877 GB/s'
}

@test "two ends that disagree on what the link runs at: both are shown" {
	link show -s 03:00.0 -j
	assert_json '.links[0] | [.ends_disagree, .up_now.width, .down_now.width] | tojson' '[false,4,4]'
	fake_attribute 0000:02:00.0 current_link_width 2
	link show
	assert_line --partial '0000:03:00.0: ok, 8GT/s x4, 3.938 GB/s, the ends disagree: 0000:02:00.0 says 8GT/s x2, 1.969 GB/s, 0000:03:00.0 says 8GT/s x4'
	link show -s 03:00.0
	assert_line 'the ends disagree      0000:02:00.0 says 8GT/s x2, 1.969 GB/s, 0000:03:00.0 says 8GT/s x4, 3.938 GB/s'
	link show -s 03:00.0 -j
	assert_json '.links[0] | [.ends_disagree, .up_now.width, .down_now.width] | tojson' '[true,2,4]'
}

@test "show: a card that can do more than its slot is not degraded by that" {
	link show -s 06:00.0
	assert_exit 0
	assert_line '0000:00:03.0 -> 0000:06:00.0: ok'
	assert_line 'possible, port         32GT/s x16, 63.015 GB/s'
	assert_line 'expected               16GT/s x16, 31.508 GB/s'
}

@test "show: either end gives the same link" {
	local way
	link show -s 04:00.0 -j
	way=$(json '.links[0] | {up, down, now, expected, bottleneck}')
	link show -s 02:01.0 -j
	assert_equal "$(json '.links[0] | {up, down, now, expected, bottleneck}')" "$way"
	assert_json '.links[0].verdict' slow-narrow
	assert_json '.links[0].up_end.target_speed' 8GT/s
	assert_json '.links[0].down_end.aspm' off
}

@test "show: the bottleneck is named, also where it is not the device's own link" {
	fake_link 0000:01:00.0 1 8
	fake_link 0000:00:01.0 1 8
	link show -s 03:00.0
	assert_exit 0
	assert_line 'bottleneck             0000:00:01.0 -> 0000:01:00.0: 2.5GT/s x8, 2.000 GB/s'
	assert_line '0000:02:00.0 -> 0000:03:00.0: ok'
}

@test "show: payload sizes on the way, and that they do not match" {
	fake_config 0000:04:00.0 0x48 16 0x2830
	link show -s 04:00.0
	assert_exit 0
	assert_line '  0000:00:01.0         MPS 128 of 512, MRRS 512'
	assert_line '  0000:04:00.0         MPS 256 of 512, MRRS 512'
	assert_line '  mismatch: the sizes in use differ'
	link show -s 04:00.0 -j
	assert_json '.links[0].mps_mismatch' true
	assert_json '.links[0].payload_path[-1].mps' 256
}

@test "show: of an ARI device Max_Payload_Size is function 0's, whatever the others' registers say" {
	fake_config 0000:06:00.1 0x48 16 0x2830
	link show -s 06:00.1
	assert_line '  0000:06:00.1         MPS 256 of 512, MRRS 512'
	fake_extended 0000:06:00.1 0x100 0x0e 0
	link show -s 06:00.1
	assert_exit 0
	assert_line '  0000:06:00.1         MPS 128 of 512, MRRS 512, MPS is that of 0000:06:00.0'
	refute_output --partial mismatch
	assert_line --partial 'MPS 128, MRRS 512'
	link show -s 06:00.1 -j
	assert_json '.links[0] | [.payload_path[].mps, .payload_path[-1].mps_by, .mps_mismatch, .ceiling.mps] | tojson' \
		'[128,128,"0000:06:00.0",false,128]'
	assert_json '.links[0].payload_path[0] | [.mps_by, .mps_by_reason] | tojson' '[null,"its own"]'
	# nor do these of its Link Control count
	assert_json '.links[0].down_end | [.aspm, .aspm_reason, .common_clock, .aspm_possible] | tojson' \
		'[null,"function 0 decides",null,"none"]'
	# what function 0 is set to is not known
	fake_attribute 0000:06:00.0 power/runtime_status suspended
	link show -s 06:00.1 -j
	assert_json '.links[0].payload_path[-1] | [.mps, .mps_reason, .mrrs] | tojson' '[null,"suspended",512]'
	assert_json '.links[0] | [.mps_mismatch, .ceiling_reason] | tojson' '[false,"suspended"]'
	rm -r "$SYSROOT/sys/bus/pci/devices/0000:06:00.0"
	link show -s 06:00.1 -j
	assert_json '.links[0].payload_path[-1].mps_reason' 'function 0, which decides (ARI), is not there'
	# without ARI its own is meant, and without the capability's list none
	fake_config 0000:06:00.1 0x100 32 0
	link show -s 06:00.1 -j
	assert_json '.links[0].down_end | [.aspm, .common_clock] | tojson' '["off",false]'
	assert_json '.links[0].payload_path[-1].mps' 256
	truncate -s 256 "$SYSROOT/sys/bus/pci/devices/0000:06:00.1/config"
	link show -s 06:00.1 -j
	assert_json '.links[0].payload_path[-1].mps_reason' 'whether function 0 decides (ARI) is not known'
}

@test "show: of a port in a dump nothing is said of what is not in the dump" {
	local file=$BATS_TEST_TMPDIR/dump
	pcietool --sysroot "$SYSROOT" config dump -s 00:03.0 >"$file"
	run_tool --from-dump "$file" link show
	assert_output '0000:00:03.0 -> not seen: unknown, 16GT/s x16, 31.508 GB/s'
	run_tool --from-dump "$file" link show -j
	assert_json '.links[0] | [.nothing_below, .nothing_below_reason] | tojson' '[null,"not in the dump"]'
}

@test "show: what an end does not implement of clock power management is no 'no'" {
	fake_config 0000:06:00.0 0x50 16 $((1 << 8))
	link show -s 06:00.0 -j
	assert_json '.links[0] | [.up_end.clock_pm, .up_end.clock_pm_reason, .down_end.clock_pm] | tojson' '[null,"it has none",null]'
	fake_config 0000:06:00.0 0x4c 32 $((4 | 16 << 4 | 1 << 18))
	link show -s 06:00.0 -j
	assert_json '.links[0].down_end.clock_pm' true
	fake_config 0000:06:00.0 0x50 16 0
	link show -s 06:00.0 -j
	assert_json '.links[0].down_end.clock_pm' false
}

@test "show: where Express is cut off nothing of the next capability is taken for sizes or for the link" {
	local reason='the capability is cut off'
	fake_config 0000:06:00.0 0x41 8 0x48
	fake_config 0000:06:00.0 0x48 32 0x00030001
	link show -s 06:00.0 -j
	assert_exit 0
	assert_json '.links[0].payload_path[-1] | [.mps, .mps_reason] | tojson' "[null,\"$reason\"]"
	# without sysfs' files, which are the kernel's own look at the registers
	pcietool --sysroot "$SYSROOT" -s 06:00.0 config dump >"$BATS_TEST_TMPDIR/dump"
	run_tool --from-dump "$BATS_TEST_TMPDIR/dump" link show -s 06:00.0
	assert_exit 0
	assert_line --regexp "^now +$reason$"
	run_tool --from-dump "$BATS_TEST_TMPDIR/dump" info -s 06:00.0 -j
	assert_json .link_reason "$reason"
	run_tool --sysroot "$SYSROOT" info -s 06:00.0 -j
	assert_json .link_reason "$reason"
}

@test "show: how much data it can carry after headers, with what that is made of" {
	link show -s 06:00.0
	assert_exit 0
	assert_line 'data at most           writes 27.250 GB/s, reads 27.250 GB/s: 16GT/s x16, 128b/130b, MPS 128, MRRS 512'
	# the narrowest link, the device's own payload size, reads no longer than what is asked for
	fake_config 0000:03:00.0 0x48 16 0x0840
	fake_link 0000:01:00.0 1 8
	fake_link 0000:00:01.0 1 8
	link show -s 03:00.0 -j
	# what is above it takes no more, and sends no more
	assert_json '.links[0] | "\(.mps_mismatch) \(.ceiling.mps)"' 'true 128'
	for port in 0000:00:01.0 0000:01:00.0 0000:02:00.0; do
		fake_config $port 0x48 16 0x2040
	done
	link show -s 03:00.0 -j
	assert_json '.links[0].ceiling | "\(.down) \(.speed_gts) \(.width) \(.encoding) \(.flit_mode) \(.mps) \(.mrrs) \(.framing_bytes)"' \
		'0000:01:00.0 2.5 8 8b/10b false 512 128 8'
	jq -e '.links[0].ceiling | .link_bytes_per_second == 2e9 and .write_bytes_per_second > 1.9248e9 and
		.write_bytes_per_second < 1.9249e9 and .write_high_bytes_per_second < .write_bytes_per_second and
		.read_bytes_per_second < 1.7298e9 and .read_bytes_per_second > 1.7297e9' <<<"$output"
	# flit mode, as Link Status 2 says
	fake_config 0000:06:00.0 0x72 16 0x0400
	link show -s 06:00.0
	assert_line 'data at most           writes 26.556 GB/s, reads 26.556 GB/s: 16GT/s x16, 128b/130b in flits, MPS 128, MRRS 512'
	# a capability that has no such register
	fake_config 0000:06:00.0 0x42 16 1
	link show -s 06:00.0
	assert_line --partial '16GT/s x16, 128b/130b, MPS 128'
}

@test "show: the payload sizes of the ports above are read once, for their list and for how much data it can carry" {
	local log=$BATS_TEST_TMPDIR/opened
	"$BUILD/tests/lib/fail_call" -o -d "$SYSROOT" -l "$log" -- pcietool --sysroot "$SYSROOT" link show -s 03:00.0
	# a tree of folders that tell nothing: the bus numbers below it are looked at too; and once what kind of port it is
	assert_equal "$(grep -c '/0000:00:01.0/config$' "$log")" 3
}

@test "show: where something of it is not known, neither is how much data it can carry" {
	fake_config 0000:06:00.0 0x48 16 0x28e0
	link show -s 06:00.0 -j
	assert_exit 0
	assert_json '.links[0] | "\(.ceiling) \(.ceiling_reason)"' 'null the payload size is not known'
	fake_config 0000:06:00.0 0x48 16 0x7810
	link show -s 06:00.0
	assert_line 'data at most           the read request size is not known'
	link show -s 00:02.0
	assert_line 'data at most           nothing is below the port'
	ln -s ../0000:06:00.0 "$SYSROOT/sys/bus/pci/devices/0000:06:00.1/physfn"
	link show -s 06:00.1
	assert_line 'data at most           a virtual function does not say'
}

@test "show: GB/s after encoding, for every speed" {
	local generation
	local -A rates=([1]=1.000 [2]=2.000 [3]=3.938 [4]=7.877 [5]=15.754 [6]=29.500 [7]=59.000)
	for generation in 1 2 3 4 5 6 7; do
		fake_link 0000:03:00.0 "$generation" 4
		link show -s 03:00.0
		assert_line --partial "${rates[$generation]} GB/s"
	done
}

@test "show: in flit mode 236 of a flit's 256 bytes are packets', at every speed" {
	local lane
	# 16 GT/s x16, 128b/130b: 31.508 GB/s
	fake_config 0000:06:00.0 0x72 16 0x0400
	link show
	assert_line '0000:00:03.0 -> 0000:06:00.0: ok, 16GT/s x16, 29.046 GB/s'
	link show -s 06:00.0
	assert_line 'now                    16GT/s x16, 29.046 GB/s'
	assert_line 'expected               16GT/s x16, 29.046 GB/s'
	assert_line 'possible, port         32GT/s x16, 58.092 GB/s'
	assert_line 'bottleneck             0000:00:03.0 -> 0000:06:00.0: 16GT/s x16, 29.046 GB/s (this link)'
	link watch -s 06:00.0 --timeout 10ms
	assert_line --partial '16GT/s x16, 29.046 GB/s'
	# the port says it too, where the device cannot; 8b/10b
	fake_config 0000:00:03.0 0x72 16 0x0400
	fake_config 0000:06:00.0 0x40 8 0x05
	for lane in 0000:00:03.0 0000:06:00.0; do
		fake_link $lane 2 16
	done
	link show -s 06:00.0
	assert_line 'now                    5GT/s x16, 7.375 GB/s'
	# nobody may look
	truncate -s 64 "$SYSROOT/sys/bus/pci/devices/"*/config
	link show -s 06:00.0
	assert_line 'now                    5GT/s x16, 8.000 GB/s'
}

@test "retrain: in flit mode the rate is less" {
	fake_config 0000:02:01.0 0x72 16 0x0400
	link retrain -s 04:00.0
	assert_exit 0
	assert_output --partial '2.5GT/s x2, 0.461 GB/s'
}

@test "show: a device that sleeps is left asleep, and its link is not known" {
	fake_attribute 0000:03:00.0 power/runtime_status suspended
	link show -s 03:00.0 -j
	assert_exit 0
	assert_json '.links[0].down_possible_reason' suspended
}

@test "show: nor is the config space read of a device that sleeps, without --wake" {
	local device=$SYSROOT/sys/bus/pci/devices/0000:04:00.0
	fake_attribute 0000:04:00.0 power/runtime_status suspended
	mv "$device/config" "$SYSROOT/config"
	mkfifo "$device/config"
	TOOL_TIMEOUT=5 link show -s 04:00.0
	assert_exit 0
	assert_line --regexp '^  target speed +8GT/s +suspended$'
	assert_line --regexp '^  0000:04:00.0 +MPS suspended'
	mv "$SYSROOT/config" "$device/config"
	link show -s 04:00.0 --wake
	assert_line --regexp '^  target speed +8GT/s +16GT/s$'
	refute_output --partial suspended
}

@test "show: without rights, what sysfs has; the rest needs root" {
	local device
	for device in "$SYSROOT"/sys/bus/pci/devices/*; do
		truncate -s 64 "$device/config"
	done
	link show -s 04:00.0
	assert_exit 0
	assert_line '0000:02:01.0 -> 0000:04:00.0: slow-narrow'
}

@test "show: a device without a link is exit 6" {
	link show -s 00:00.0
	assert_exit 6
	assert_err 'it has no link'
}

@test "show: a switch's upstream port has the link above it" {
	link show -s 01:00.0
	assert_exit 0
	assert_line --index 0 '0000:00:01.0 -> 0000:01:00.0: ok'
}

@test "show: two devices is exit 3" {
	link show -d 1234:1004
	assert_exit 3
}

# trains BDF SPEED WIDTH: what hardware does with the retrain bit, once; faster than a shell could.
trains() {
	python3 "$TOP/tests/lib/fake_training.py" "$SYSROOT/sys/bus/pci/devices/$1/config" "$2" "$3" 3>&- &
	until [[ -e $SYSROOT/sys/bus/pci/devices/$1/config.watched ]]; do sleep 0.01; done
}

@test "retrain: sets the bit in the port's Link Control, whichever end is selected" {
	link retrain -s 04:00.0
	assert_exit 0
	assert_output --partial '0000:02:01.0 -> 0000:04:00.0: 2.5GT/s x2'
	run_tool --sysroot "$SYSROOT" -s 02:01.0 config read EXP.LNKCTL
	assert_output 0x0020
	run_tool --sysroot "$SYSROOT" -s 04:00.0 config read EXP.LNKCTL
	assert_output 0x0000
}

@test "retrain: a link that stays in training is exit 7" {
	fake_config 0000:02:01.0 0x52 16 $((1 | 2 << 4 | 1 << 11))
	link retrain -s 04:00.0 --timeout 50ms
	assert_exit 7
	assert_err 'the link is not up after 0.1 s'
}

@test "retrain: no partner is exit 7, and the slot's word of it" {
	fake_config 0000:00:02.0 0x42 16 $((2 | 4 << 4 | 1 << 8))
	link retrain -s 00:02.0 --timeout 50ms
	assert_exit 7
	assert_err 'no card is in it'
}

@test "retrain: a disabled link says so" {
	fake_config 0000:02:01.0 0x50 16 0x10
	link retrain -s 04:00.0
	assert_exit 1
	assert_err 'link enable'
}

@test "retrain --dry-run changes nothing" {
	link retrain -s 04:00.0 --dry-run
	assert_exit 0
	assert_output '0000:02:01.0 -> 0000:04:00.0: would retrain the link'
	run_tool --sysroot "$SYSROOT" -s 02:01.0 config read EXP.LNKCTL
	assert_output 0x0000
}

@test "speed: sets the target, retrains, verifies" {
	trains 0000:02:01.0 2 2
	link speed gen2 -s 04:00.0
	wait $!
	assert_exit 0
	assert_output --partial '5GT/s x2'
	run_tool --sysroot "$SYSROOT" -s 02:01.0 config read EXP.LNKCTL2.SPEED
	assert_output 0x2
}

@test "speed: another one comes back: exit 8, and the old target is set again" {
	trains 0000:02:01.0 1 2
	link speed 8GT/s -s 04:00.0
	wait $!
	assert_exit 8
	assert_err 'came back at 2.5 GT/s instead of 8'
	run_tool --sysroot "$SYSROOT" -s 02:01.0 config read EXP.LNKCTL2.SPEED
	assert_output 0x3
}

@test "speed: more than one of the ends can is exit 6, before anything is written" {
	link speed 4 -s 04:00.0
	assert_exit 6
	assert_err '0000:02:01.0: it cannot do 16 GT/s'
	assert_err 'generation 3'
	run_tool --sysroot "$SYSROOT" -s 02:01.0 config read EXP.LNKCTL EXP.LNKCTL2.SPEED
	assert_line --index 0 0x0000
	assert_line --index 1 0x3
}

@test "speed: 128 GT/s is generation 7" {
	link speed 7 -s 04:00.0
	assert_exit 6
	assert_err 'cannot do 128 GT/s'
	link speed 128GT/s -s 04:00.0
	assert_exit 6
	link speed 8 -s 04:00.0
	assert_exit 2
	assert_err '1 to 7'
	assert_err '128GT/s'
}

@test "speed: words that are none" {
	local word
	for word in 0 8 fast 8GT gen 33; do
		link speed "$word" -s 04:00.0
		assert_exit 2
		assert_err 'is no speed'
	done
	link speed -s 04:00.0
	assert_exit 2
	link speed 1 2 -s 04:00.0
	assert_exit 2
}

@test "speed: Ctrl-C in the middle puts the old target back" {
	fake_config 0000:02:01.0 0x52 16 $((1 | 2 << 4 | 1 << 11))
	pcietool --sysroot "$SYSROOT" -s 04:00.0 link speed 1 --timeout 20s &
	local pid=$!
	until (($(od -An -tu1 -j 0x70 -N 1 "$SYSROOT/sys/bus/pci/devices/0000:02:01.0/config") == 1)); do
		sleep 0.01
	done
	kill -TERM "$pid"
	wait "$pid" || status=$?
	assert_equal "$status" 143
	run_tool --sysroot "$SYSROOT" -s 02:01.0 config read EXP.LNKCTL2.SPEED
	assert_output 0x3
}

@test "disable: refused while a driver is bound behind the link" {
	fake_driver 0000:04:00.0 e1000e
	link disable -s 04:00.0
	assert_exit 4
	assert_err 'the driver e1000e is bound'
	run_tool --sysroot "$SYSROOT" -s 02:01.0 config read EXP.LNKCTL
	assert_output 0x0000
}

@test "disable: refused while a driver is bound to another function of the card" {
	fake_driver 0000:06:00.1 snd_hda_intel
	link disable -s 06:00.0 --dry-run
	assert_exit 4
	assert_err '0000:06:00.1: the driver snd_hda_intel is bound'
	link disable -s 00:03.0 --dry-run
	assert_exit 4
	link disable -s 06:00.0 --dry-run --force
	assert_exit 0
	rm "$SYSROOT/sys/bus/pci/devices/0000:06:00.1/driver"
	fake_driver 0000:06:00.0 nvidia
	link disable -s 06:00.1 --dry-run
	assert_exit 4
}

@test "disable: refused while a program has what is behind the link open over VFIO" {
	fake_driver 0000:06:00.1 vfio-pci
	fake_group 0000:06:00.1 9
	mkdir -p "$SYSROOT/proc/77/fd" "$SYSROOT/proc/self"
	: >"$SYSROOT/proc/self/mountinfo"
	echo qemu >"$SYSROOT/proc/77/comm"
	ln -s /dev/vfio/9 "$SYSROOT/proc/77/fd/5"
	link disable -s 06:00.0 --dry-run
	assert_exit 4
	assert_err '0000:06:00.1: qemu (process 77) has /dev/vfio/9 open'
	rm -r "$SYSROOT/proc/77"
	link disable -s 06:00.0 --dry-run
	assert_exit 0
}

@test "disable: waits until the link is down; when it is not, enables it again" {
	link disable -s 04:00.0 --timeout 30ms
	assert_exit 7
	run_tool --sysroot "$SYSROOT" -s 02:01.0 config read EXP.LNKCTL
	assert_output 0x0000
	fake_link 0000:02:01.0 0 0
	link disable -s 04:00.0
	assert_exit 0
	assert_output --partial 'link down'
	run_tool --sysroot "$SYSROOT" -s 02:01.0 config read EXP.LNKCTL.DISABLE
	assert_output 0x1
}

@test "enable: the bit goes away, and the link has to come up" {
	fake_config 0000:02:01.0 0x50 16 0x10
	link enable -s 04:00.0
	assert_exit 0
	run_tool --sysroot "$SYSROOT" -s 02:01.0 config read EXP.LNKCTL
	assert_output 0x0000
}

# until_seen TEXT: a watch in the background has told it, within 20 s.
until_seen() {
	local left
	for ((left = 1000; left > 0; left--)); do
		grep -qF -- "$1" "$BATS_TEST_TMPDIR/out" && return
		sleep 0.02
	done
	echo "not seen: $1"
	false
}

@test "watch: a link that flaps is seen, with times and how long it was in each state" {
	pcietool --sysroot "$SYSROOT" -s 02:01.0 link watch --interval 5ms >"$BATS_TEST_TMPDIR/out" &
	local pid=$!
	until_seen '2.5GT/s x2, 0.500 GB/s'
	fake_link 0000:04:00.0 3 4
	until_seen '-> 8GT/s x4, 3.938 GB/s'
	fake_link 0000:04:00.0 0 0
	until_seen '-> link down'
	fake_link 0000:04:00.0 1 2
	until_seen '-> 2.5GT/s x2, 0.500 GB/s'
	kill -TERM "$pid"
	wait "$pid"
	grep -qE '^samples [0-9]+, transitions [3-9]$' "$BATS_TEST_TMPDIR/out"
	grep -qE '^  8GT/s x4, 3.938 GB/s: samples [0-9]+, [0-9]+\.[0-9]+ s$' "$BATS_TEST_TMPDIR/out"
}

@test "watch: JSON gives a document for each change and one for the end" {
	link watch -s 04:00.0 --timeout 30ms -j
	assert_exit 0
	assert_equal "${#lines[@]}" 2
	assert_equal "$(jq -r .to.speed_gts <<<"${lines[0]}")" 2.5
	assert_equal "$(jq -r .transitions <<<"${lines[1]}")" 0
	assert_equal "$(jq -c .per_minute <<<"${lines[1]}")" '[0]'
}

@test "watch: the end comes between two looks" {
	run timeout 30 pcietool --sysroot "$SYSROOT" -s 04:00.0 link watch --interval 60s --timeout 20ms -j
	assert_success
	assert_equal "$(tail -n 1 <<<"$output" | jq .samples)" 2
	run timeout 30 pcietool --sysroot "$SYSROOT" aer watch --interval 60s --timeout 20ms
	[[ $status -ne 124 ]]
}

@test "watch: what cannot be told is not watched for" {
	run -1 timeout 60 bash -c "pcietool --sysroot '$SYSROOT' -s 04:00.0 link watch >/dev/full"
	assert_output --partial 'No space left on device'
}

@test "watch: a device that goes away is exit 5 at the end" {
	pcietool --sysroot "$SYSROOT" -s 04:00.0 link watch >"$BATS_TEST_TMPDIR/out" 3>&- &
	local pid=$! status=0
	until_seen '2.5GT/s x2'
	mv "$SYSROOT/sys/bus/pci/devices/0000:04:00.0" "$SYSROOT/gone"
	until_seen '-> the device is gone'
	kill -TERM "$pid"
	wait "$pid" || status=$?
	[ "$status" -eq 5 ]
	grep -qF -- '-> the device is gone' "$BATS_TEST_TMPDIR/out"
	grep -q '^  the device is gone: samples ' "$BATS_TEST_TMPDIR/out"
}

@test "watch: a device that falls off the bus and comes back is one that flaps" {
	local config=$SYSROOT/sys/bus/pci/devices/0000:04:00.0/config status=0
	env --default-signal=INT pcietool --sysroot "$SYSROOT" -s 04:00.0 link watch --timeout 60s \
		>"$BATS_TEST_TMPDIR/out" 3>&- &
	local pid=$!
	until_seen '2.5GT/s x2'
	cp "$config" "$SYSROOT/config"
	head -c 4096 /dev/zero | tr '\0' '\377' >"$config"
	fake_attribute 0000:04:00.0 current_link_speed Unknown
	until_seen ' -> the device does not answer'
	cp "$SYSROOT/config" "$config"
	fake_link 0000:04:00.0 1 2
	until_seen ' -> 2.5GT/s x2'
	mv "$SYSROOT/sys/bus/pci/devices/0000:04:00.0" "$SYSROOT/gone"
	until_seen ' -> the device is gone'
	mv "$SYSROOT/gone" "$SYSROOT/sys/bus/pci/devices/0000:04:00.0"
	until_seen 'the device is gone -> 2.5GT/s x2'
	kill -INT "$pid"
	wait "$pid" || status=$?
	assert_equal "$status" 0
	run cat "$BATS_TEST_TMPDIR/out"
	assert_line --partial ' -> the device does not answer'
	assert_line --regexp '(answer|down) -> 2.5GT/s x2, 0.500 GB/s$'
	assert_line --partial '2.5GT/s x2, 0.500 GB/s -> the device is gone'
	assert_line --partial 'the device is gone -> 2.5GT/s x2, 0.500 GB/s'
}

@test "watch: a device that is gone from the start, or goes away with its port, is exit 5 at once" {
	head -c 4096 /dev/zero | tr '\0' '\377' >"$SYSROOT/sys/bus/pci/devices/0000:04:00.0/config"
	fake_attribute 0000:04:00.0 current_link_speed Unknown
	link watch -s 04:00.0
	assert_exit 5
	pcietool --sysroot "$SYSROOT" -s 03:00.0 link watch >"$BATS_TEST_TMPDIR/out" 3>&- &
	local pid=$! status=0
	until_seen '8GT/s x4'
	mv "$SYSROOT/sys/bus/pci/devices/0000:02:00.0" "$SYSROOT/gone"
	mv "$SYSROOT/sys/bus/pci/devices/0000:03:00.0" "$SYSROOT/gone3"
	wait "$pid" || status=$?
	assert_equal "$status" 5
}

@test "watch: a device that sleeps is left asleep unless --wake says otherwise" {
	fake_attribute 0000:04:00.0 power/runtime_status suspended
	fake_attribute 0000:02:01.0 power/runtime_status suspended
	link watch -s 04:00.0 --timeout 20ms
	assert_exit 0
	assert_line --partial suspended
	link watch -s 04:00.0 --timeout 20ms --wake
	assert_line --partial '2.5GT/s x2'
}

@test "watch: Ctrl-C ends it well" {
	pcietool --sysroot "$SYSROOT" -s 04:00.0 link watch >"$BATS_TEST_TMPDIR/out" &
	local pid=$!
	until [[ -s $BATS_TEST_TMPDIR/out ]]; do sleep 0.01; done
	kill -TERM "$pid"
	wait "$pid"
	grep -q '^samples' "$BATS_TEST_TMPDIR/out"
}

# What is left of a device that is gone, or hung, behind a port whose link is up: all ones, of which the kernel makes 63.
gone_behind_live_port() {
	head -c 4096 /dev/zero | tr '\0' '\377' >"$SYSROOT/sys/bus/pci/devices/0000:03:00.0/config"
	fake_attribute 0000:03:00.0 current_link_speed Unknown
	fake_attribute 0000:03:00.0 current_link_width 63
	fake_attribute 0000:03:00.0 max_link_speed '64.0 GT/s PCIe'
	fake_attribute 0000:03:00.0 max_link_width 63
}

@test "a device that does not answer behind a link that is up: exit 5, and no speed is made of all ones" {
	local command
	gone_behind_live_port
	link show
	assert_exit 5
	assert_line '0000:02:00.0 -> 0000:03:00.0: unknown, the device does not answer'
	refute_output --partial x63
	assert_err '0000:03:00.0: the device does not answer, though the link of 0000:02:00.0 is up'
	# the others are shown all the same
	assert_line --partial '0000:00:03.0 -> 0000:06:00.0: ok'
	link show -s 03:00.0
	assert_exit 5
	assert_line --regexp '^now +the device does not answer$'
	refute_output --partial x63
	refute_output --partial 64GT/s
	link show -s 03:00.0 -j
	assert_exit 5
	assert_json '.links[0] | [.now, .now_reason, .verdict] | tojson' '[null,"the device does not answer","unknown"]'
	run_tool --sysroot "$SYSROOT" list --tree -n
	assert_line --partial '[link the device does not answer] 0000:03:00.0'
	for command in 'retrain' 'speed 3' 'enable'; do
		# shellcheck disable=SC2086 # two words
		link $command -s 02:00.0 --timeout 1s
		assert_exit 5
		assert_output ''
	done
}

@test "a link that is slow because of the port's target speed: said, with the command" {
	# the card at 04:00.0 could do 16GT/s, its port 8GT/s
	link show -s 04:00.0 -j
	assert_json '.links[0].slow_by_target' null
	fake_config 0000:02:01.0 0x70 16 1
	link show -s 04:00.0
	assert_exit 0
	assert_line --regexp "^slow because +the port's target speed is 2.5GT/s: 'pcietool -s 0000:02:01.0 link speed 3'$"
	link show -s 04:00.0 -j
	assert_json '.links[0].slow_by_target' 'pcietool -s 0000:02:01.0 link speed 3'
	run_tool --sysroot "$SYSROOT" check -s 04:00.0
	assert_exit 8
	assert_line --partial "at 2.5 GT/s, both ends can do 8 GT/s; the port's target speed is 2.5 GT/s: 'pcietool -s 0000:02:01.0 link speed 3'"
}
