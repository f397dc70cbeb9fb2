#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
#
# link margin: receivers that answer as PCIe 5.0 section 4.2.13 says, played by tests/lib/fake_receiver.py.

load ../lib/common
load ../lib/fake_device
load ../lib/fake_express

port=0000:00:03.0
card=0000:06:00.0

setup_file() {
	local dev
	BATS_TEST_TMPDIR=$BATS_FILE_TMPDIR fake_tree
	fake_fabric
	# ready; ASPM L1, which a link that is margined must not enter
	for dev in "$port" "$card"; do
		fake_extended "$dev" 0x100 0x27 0
		fake_config "$dev" 0x106 16 1
		fake_config "$dev" 0x50 16 0x42
	done
}

setup() {
	fake_copy
	players=()
}

teardown() {
	[[ ${#players[@]} -eq 0 ]] || kill "${players[@]}"
}

# receiver BDF RECEIVERS BEHAVIOUR...
receiver() {
	local config=$SYSROOT/sys/bus/pci/devices/$1/config
	python3 "$TOP/tests/lib/fake_receiver.py" "$config" 0x100 16 "${@:2}" 3>&- &
	players+=($!)
	until [[ -e $config.watched ]]; do sleep 0.01; done
}

# both BEHAVIOUR...: of the port's receiver; the card's can little.
both() {
	receiver "$port" 1 caps=0x17 vsteps=32 tsteps=12 treach=40 vreach=40 "$@"
	receiver "$card" 6 caps=0x10 tsteps=6
}

# the answer comes when the player of the receiver is next scheduled
margin() {
	run_tool --sysroot "$SYSROOT" -s "$card" link margin --timeout 60s "$@"
}

# commands BDF: what its receivers were told, without "no command".
commands() {
	grep -v ' 7 9c ' "$SYSROOT/sys/bus/pci/devices/$1/config.commands"
}

as_before() {
	run_tool --sysroot "$SYSROOT" -s "$port" config read EXP.LNKCTL EXP.LNKCTL2
	assert_output $'0x0042\n0x0005'
	run_tool --sysroot "$SYSROOT" -s "$card" config read EXP.LNKCTL EXP.LNKCTL2
	assert_output $'0x0042\n0x0004'
}

@test "what the receivers offer" {
	both
	margin
	assert_exit 0
	assert_output "$port -> $card: 16GT/s x16, 31.508 GB/s
receiver 1, of $port: timing 12 steps to 40% UI, left and right; voltage 32 steps to 400 mV, up and down
receiver 6, of $card: timing 6 steps, both sides at once; no voltage"
	as_before
	margin -j
	assert_json '.receivers[0].offer | tojson' '{"timing_steps":12,"timing_reach_percent_ui":40,"left_right":true,"voltage_steps":32,"voltage_reach_mv":400,"up_down":true,"own_sampler":true}'
	assert_json '.receivers[1] | [.offer.timing_reach_percent_ui, .offer.voltage_steps, .lanes] | tojson' '[null,null,null]'
}

@test "a lane, step by step; meanwhile the link may neither sleep nor change" {
	both left=8 right=11 up=3 errors=2
	margin --lane 3 --receiver 1 --dwell 1ms
	assert_exit 0
	assert_line -n 2 '  lane 3'
	assert_line -n 3 '    left   7 of 12 steps, 23.3% UI, errors 2'
	assert_line -n 4 '    right  10 of 12 steps, 33.3% UI, errors 2'
	assert_line -n 5 '    up     2 of 32 steps, 25 mV, errors 2'
	assert_line -n 6 '    down   32 of 32 steps, 400 mV, errors 2'
	run commands "$port"
	# reports, the limit of 4, eight steps to the left, errors cleared, normal settings
	assert_line -n 5 '3 1 2 c4 0240 0025'
	assert_line -n 6 '3 1 3 41 0240 0025'
	assert_line -n 13 '3 1 3 48 0240 0025'
	assert_line -n 14 '3 1 2 55 0240 0025'
	assert_line -n 15 '3 1 2 0f 0240 0025'
	assert_line -p '3 1 3 01 '
	assert_line -p '3 1 4 01 '
	assert_line -p '3 1 4 81 '
	as_before
}

@test "all lanes; one side for both; fewer errors allowed" {
	both errors=2
	margin --lane all --receiver 6 --dwell 0s -j
	assert_json '[.receivers[].lanes[].lane] | tojson' '[0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15]'
	assert_json '.receivers[0].lanes[15].margins | tojson' '[{"direction":"left","steps":6,"percent_ui":null,"percent_ui_reason":"the receiver does not say how far that is","errors":0,"outcome":"at-end"}]'
	margin --lane 0 --receiver 1 --dwell 0s --error-limit 1 -j
	assert_json '[.receivers[0].lanes[0].margins[] | [.steps, .outcome]] | unique | tojson' '[[0,"erred"]]'
	as_before
}

@test "a receiver that refuses a step" {
	both nak=5
	margin --lane 0 --receiver 1 --dwell 0s
	assert_exit 0
	assert_line -n 3 '    left   4 of 12 steps, 13.3% UI, errors 0, refused the next'
}

@test "a receiver that does not answer: exit 7, and all is as it was" {
	both dead=2
	margin --lane 2 --timeout 10ms
	assert_exit 7
	assert_err "$port: receiver 1 does not answer on lane 2"
	as_before
}

@test "a link that drops meanwhile: exit 1, and the receiver is at its normal settings" {
	both leave=3
	margin --lane 0 --dwell 0s
	assert_exit 1
	assert_err 'the link left 16GT/s x16 while it was margined: 8GT/s x16'
	assert_equal "$(commands "$port" | tail -n 1 | cut -d ' ' -f 1-4)" '0 1 2 0f'
	as_before
}

@test "interrupted: the receiver is at its normal settings, the link as it was" {
	local pid status=0
	both
	pcietool --sysroot "$SYSROOT" -s "$card" link margin --lane 0 --timeout 60s --dwell 300s >/dev/null 2>&1 3>&- &
	pid=$!
	until grep -q '^0 1 3 41 ' "$SYSROOT/sys/bus/pci/devices/$port/config.commands"; do
		kill -0 "$pid"
		sleep 0.01
	done
	kill -TERM "$pid"
	wait "$pid" || status=$?
	assert_equal "$status" 143
	assert_equal "$(commands "$port" | tail -n 1 | cut -d ' ' -f 1-4)" '0 1 2 0f'
	as_before
}

@test "retimers have the receivers in between" {
	fake_config "$port" 0x72 16 0x40
	receiver "$port" 123 caps=0x10 tsteps=6
	receiver "$card" 6 caps=0x10 tsteps=6
	margin -j
	assert_json '[.receivers[].receiver] | tojson' '[1,2,3,6]'
	margin --receiver 4
	assert_exit 6
	assert_err 'receiver 4: there is no such retimer'
}

@test "a receiver that would disturb the data is not margined unasked" {
	receiver "$port" 1 caps=0x00 tsteps=6
	receiver "$card" 6 caps=0x10 tsteps=6
	margin
	assert_exit 0
	assert_line -p 'disturbs the data'
	margin --lane 0 --dwell 0s
	assert_exit 4
	assert_err 'receiver 1 has no sampler of its own'
	run commands "$port"
	refute_line -p ' 3 41 '
	margin --lane 0 --dwell 0s --force
	assert_exit 0
	as_before
}

@test "links and ends that cannot be margined" {
	fake_config "$card" 0x106 16 0
	receiver "$port" 1 caps=0x10 tsteps=6
	margin
	assert_exit 0
	assert_line -n 2 "receiver 6, of $card: not ready"
	margin --receiver 6
	assert_exit 6
	assert_err "$card: receiver 6: not ready"
	run_tool --sysroot "$SYSROOT" -s 03:00.0 link margin
	assert_exit 6
	assert_err 'the link runs at 8GT/s; receivers can be margined from 16GT/s on'
	run_tool --sysroot "$SYSROOT" -s 00:02.0 link margin
	assert_exit 6
	fake_link "$port" 6 16
	margin
	assert_exit 6
	assert_err 'margining is known here for 16 and 32'
}

@test "wrong arguments, a dry run" {
	for args in '--lane x' '--lane 32' '--receiver 0' '--receiver 7' '--error-limit 64' '--dwell x'; do
		# shellcheck disable=SC2086
		margin $args
		assert_exit 2
	done
	margin --lane 0 --dry-run
	assert_exit 0
	assert_output "$port -> $card: would margin it"
	as_before
}

@test "the eye of a lane: a diamond within what is offered; one side for both; without voltage a line" {
	both left=6 right=12 up=16 errors=0
	margin --lane 3 --dwell 1ms --plot
	assert_exit 0
	# left 5 of 12, right 11, up 15 of 32, down all
	assert_line -n 7 '    .................................................'
	assert_line -n 11 '    ...................##################............'
	assert_line -n 12 '    ..............##########+######################..'
	assert_line -n 17 '    ........................#........................'
	# the card: both sides at once, all of it
	assert_line '    ########################+########################'
	margin --plot
	assert_exit 2
	margin --lane 3 --plot -j
	assert_exit 2
}
