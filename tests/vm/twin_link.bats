#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Links by twins, on a real kernel: every speed and width, behind ports of every speed; that degrade, flap and come back; and
# what retraining says of a card that does not follow. (QEMU's port shows in its Link Status what the card below has in its own,
# and no more than it can itself. Its target speed cannot be changed.)
#
# twin: g6,x-speed=64,x-width=16 --config tests/vm/twins/link.config --map tests/vm/twins/link.map --model tests/vm/twins/link.lua
# twin: g5,x-speed=32,x-width=12 --config tests/vm/twins/link.config --map tests/vm/twins/link.map --model tests/vm/twins/link.lua
# twin: g4,x-speed=16,x-width=8 --config tests/vm/twins/link.config --map tests/vm/twins/link.map --model tests/vm/twins/link.lua
# twin: g3,x-speed=8,x-width=4 --config tests/vm/twins/link.config --map tests/vm/twins/link.map --model tests/vm/twins/link.lua
# twin: g2,x-speed=5,x-width=2 --config tests/vm/twins/link.config --map tests/vm/twins/link.map --model tests/vm/twins/link.lua
# twin: g1,x-speed=2_5,x-width=1 --config tests/vm/twins/link.config --map tests/vm/twins/link.map --model tests/vm/twins/link.lua
# twin: margin,x-speed=16,x-width=8 --config tests/vm/twins/margin.config --map tests/vm/twins/margin.map --model tests/vm/twins/margin.lua
# twin: sleepy --config tests/vm/twins/sleepy.config --map tests/vm/twins/sleepy.map --model tests/vm/twins/sleepy.lua
# qemu: -global ICH9-LPC.acpi-pci-hotplug-with-bridge-support=off
# qemu-at-least: 10.1
# usually: newest

load ../lib/common
load ../lib/guest

GT=(0 2.5 5 8 16 32 64)

setup() {
	export PCIETOOL_MAP=$TOP/tests/vm/twins/link.map
	choose 0
}

# choose N: the device of the header's line N, counted from 0
choose() {
	PCIETOOL_DEVICE=$(bdf_of 1234:5035 "$1")
	export PCIETOOL_DEVICE
	port=$(basename "$(dirname "$(realpath "/sys/bus/pci/devices/$PCIETOOL_DEVICE")")")
	setpci -s "$PCIETOOL_DEVICE" COMMAND=2:2
}

# runs_at GENERATION WIDTH: the card's link, from here on
runs_at() {
	pcietool regs write NOW=$(($2 << 8 | $1))
}

# register_of ADDRESS: Link Status, as GENERATION WIDTH
register_of() {
	local status
	status=$(setpci -s "$1" CAP_EXP+12.w)
	echo "$((0x$status & 0xf)) $((0x$status >> 4 & 0x3f))"
}

@test "every speed and width: the registers of both ends, link show and metrics" {
	local g w verdict
	for g in 1 2 3 4 5 6; do
		for w in 1 2 4 8 12 16; do
			runs_at "$g" "$w"
			assert_equal "$(register_of "$PCIETOOL_DEVICE"), $(register_of "$port")" "$g $w, $g $w"
			verdict=$([[ $g -eq 6 ]] || printf slow)$([[ $w -eq 16 ]] || printf -- -narrow)
			verdict=${verdict#-}
			run_tool link show -j
			assert_exit 0
			assert_json '.links[0] | "\(.now.speed_gts) x\(.now.width) \(.verdict) \(.ends_disagree)"' \
				"${GT[g]} x$w ${verdict:-ok} false"
		done
	done
	runs_at 4 12
	run_tool -s "$PCIETOOL_DEVICE" metrics
	assert_line "pcie_link_speed_transfers_per_second{bdf=\"$PCIETOOL_DEVICE\"} 16000000000"
	assert_line "pcie_link_width_lanes{bdf=\"$PCIETOOL_DEVICE\"} 12"
	assert_line "pcie_link_degraded{bdf=\"$PCIETOOL_DEVICE\",reason=\"speed\"} 1"
	assert_line "pcie_link_degraded{bdf=\"$PCIETOOL_DEVICE\",reason=\"width\"} 1"
	run_tool -s "$PCIETOOL_DEVICE" check
	assert_exit 8
	assert_output --partial 'is x12, both ends have x16'
	assert_output --partial 'is at 16 GT/s, both ends can do 64 GT/s'
	runs_at 6 16
	run_tool -s "$PCIETOOL_DEVICE" metrics
	assert_line "pcie_link_degraded{bdf=\"$PCIETOOL_DEVICE\",reason=\"speed\"} 0"
	assert_line "pcie_link_degraded{bdf=\"$PCIETOOL_DEVICE\",reason=\"width\"} 0"
	run_tool -s "$PCIETOOL_DEVICE" check
	assert_exit 0
}

@test "a port of every speed, with a card that can do more" {
	local n g w widths=(16 12 8 4 2 1)
	for n in 0 1 2 3 4 5; do
		choose "$n"
		g=$((6 - n)) w=${widths[n]}
		# as wide and as fast as the port: nothing is wrong
		runs_at "$g" "$w"
		run_tool link show -j
		assert_json '.links[0] | "\(.now.speed_gts) x\(.now.width) \(.expected.speed_gts) x\(.expected.width) \(.verdict)"' \
			"${GT[g]} x$w ${GT[g]} x$w ok"
		run_tool -s "$PCIETOOL_DEVICE" check
		assert_exit 0
		[[ $g -gt 1 ]] || continue
		runs_at $((g - 1)) 1
		run_tool -s "$PCIETOOL_DEVICE" check -j
		assert_exit 8
		run_tool link show -j
		assert_json '.links[0] | "\(.verdict) \(.ends_disagree)"' 'slow-narrow false'
		# the card says what the port cannot
		[[ $g -lt 6 ]] || continue
		runs_at 6 16
		run_tool link show
		assert_exit 0
		assert_line --partial 'the ends disagree'
	done
}

# story N STATES: link watch tells these, in order, while it happens
story() {
	local file=$BATS_TEST_TMPDIR/watch-$1 pid
	runs_at 6 16
	env --default-signal=INT pcietool link watch -j --interval 20ms >"$file" 3>&- &
	pid=$!
	until_true watches "$pid"
	pcietool regs write "STORY=$1"
	until_true tells "$file" "$2"
	# and nothing more
	sleep 2
	kill -INT "$pid"
	wait "$pid"
	tells "$file" "$2"
}

tells() {
	[[ $(jq -r 'select(.to) | "\(.to.speed_gts) x\(.to.width)"' "$1" | paste -sd ' ') == "$2" ]]
}

@test "link watch: a link that degrades, one that comes back, and one that flaps" {
	story 1 '64 x16 64 x8 2.5 x1'
	run_tool -s "$PCIETOOL_DEVICE" check
	assert_exit 8
	story 2 '64 x16 64 x8 2.5 x1 64 x16'
	run_tool -s "$PCIETOOL_DEVICE" check
	assert_exit 0
	story 3 '64 x16 2.5 x16 64 x16 2.5 x16 64 x16 2.5 x16 64 x16'
	run_tool link show -j
	assert_json '.links[0].verdict' ok
}

@test "link retrain and link speed: what the card trains to, and what it does not" {
	runs_at 6 16
	run_tool link retrain
	assert_exit 0
	assert_output --partial "$port -> $PCIETOOL_DEVICE: 64GT/s x16"
	run_tool link speed 64GT/s
	assert_exit 0
	assert_output --partial '64GT/s x16'
	# the link is up again, and no better: that is no failure of the retraining, and is shown
	runs_at 3 8
	run_tool link retrain
	assert_exit 0
	assert_output --partial '8GT/s x8'
	run_tool link speed 6
	assert_exit 8
	assert_err "$port: the link came back at 8 GT/s instead of 64"
	# behind the slower port more is refused before anything is written
	choose 2
	run_tool link speed 5
	assert_exit 6
	assert_err "$port: it cannot do 32 GT/s"
}

@test "link speed: a port that does not take the target is told from a card that does not follow" {
	runs_at 6 16
	before=$(setpci -s "$port" CAP_EXP+30.w)
	run_tool link speed 3
	assert_exit 8
	assert_err "$port: the port did not take the target speed"
	assert_equal "$(setpci -s "$port" CAP_EXP+30.w)" "$before"
}

@test "a reset of the bus trains a link anew, well or badly; that of the function does not" {
	pcietool regs write RESET=0x1006
	runs_at 3 8
	run_tool reset --method flr
	assert_exit 0
	run_tool link show -j
	assert_json '.links[0] | "\(.now.speed_gts) x\(.now.width)"' '8 x8'
	run_tool reset --method bus
	assert_exit 0
	run_tool link show -j
	assert_json '.links[0] | "\(.now.speed_gts) x\(.now.width) \(.verdict)"' '64 x16 ok'
	setpci -s "$PCIETOOL_DEVICE" COMMAND=2:2
	pcietool regs write RESET=0x101
	run_tool reset --method bus
	assert_exit 0
	run_tool -s "$PCIETOOL_DEVICE" check
	assert_exit 8
	assert_output --partial 'is x1, both ends have x16'
}

@test "link margin: a receiver's offer, a lane step by step, all lanes; it and the link are as they were" {
	local before
	PCIETOOL_DEVICE=$(bdf_of 1234:503e)
	PCIETOOL_MAP=$TOP/tests/vm/twins/margin.map
	port=$(basename "$(dirname "$(realpath "/sys/bus/pci/devices/$PCIETOOL_DEVICE")")")
	pcietool config write COMMAND=2:2
	before=$(setpci -s "$PCIETOOL_DEVICE" CAP_EXP+10.w CAP_EXP+30.w; setpci -s "$port" CAP_EXP+10.w CAP_EXP+30.w)
	run_tool link margin
	assert_exit 0
	# QEMU's port has none
	assert_output "$port -> $PCIETOOL_DEVICE: 16GT/s x4, 7.877 GB/s
receiver 1, of $port: it has none
receiver 6, of $PCIETOOL_DEVICE: timing 8 steps to 40% UI, both sides at once; no voltage"
	run_tool link margin --lane 2 --dwell 10ms
	assert_exit 0
	assert_line --partial '5 of 8 steps, 25% UI, errors 0'
	assert_equal "$(pcietool regs read NORMAL)" 0x00000001
	run_tool link margin --lane all --dwell 0s -j
	assert_exit 0
	assert_json '[.receivers[] | select(.receiver == 6).lanes[].margins[0] | [.steps, .outcome]] | tojson' \
		'[[3,"erred"],[4,"erred"],[5,"erred"],[6,"erred"]]'
	[[ $((16#$(pcietool regs read SETTINGS | cut -c 3-))) -ge 10 ]]
	assert_equal "$(setpci -s "$PCIETOOL_DEVICE" CAP_EXP+10.w CAP_EXP+30.w; setpci -s "$port" CAP_EXP+10.w CAP_EXP+30.w)" "$before"
}

@test "a function that loses its state in D3hot is reset on its way to D0" {
	PCIETOOL_DEVICE=$(bdf_of 1234:5039)
	PCIETOOL_MAP=$TOP/tests/vm/twins/sleepy.map
	grep -qw pm "/sys/bus/pci/devices/$PCIETOOL_DEVICE/reset_method"
	pcietool config write COMMAND=2:2
	before=$(pcietool regs read RESETS)
	pcietool regs write SCRATCH=7
	run_tool reset --method pm
	assert_exit 0
	run_tool regs read SCRATCH
	assert_output 0x00000000
	run_tool regs read RESETS
	assert_equal "$((output - before))" 1
}
