#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
#
# What is wrong has a colour on a terminal, and only there; what is written is the same.

load ../lib/common
load ../lib/fake_device
load ../lib/fake_express

setup_file() {
	BATS_TEST_TMPDIR=$BATS_FILE_TMPDIR fake_tree
	fake_fabric
}

setup() {
	fake_copy
	export PROMPT_TERM=xterm
	unset NO_COLOR
}

escape=$'\e'
yellow=$'\e[;33m' plain=$'\e[m'

link() {
	run_tool --sysroot "$SYSROOT" "$@" link show -s 04:00.0
}

terminal() {
	run_terminal 24x60 --sysroot "$SYSROOT" "$@"
}

without_colors() {
	sed 's/\x1b\[[;0-9]*m//g'
}

@test "always: the word that says what is wrong, and nothing else changes" {
	link
	before=$output
	refute_output --partial "$escape"
	link --color=always
	assert_exit 0
	assert_line --partial "-> 0000:04:00.0: ${yellow}slow-narrow$plain"
	assert_equal "$(without_colors <<<"$output")" "$before"
	link --color=always -j
	refute_output --partial "$escape"
	link --color=never
	assert_equal "$output" "$before"
}

@test "auto: a terminal that can, and whose user does not refuse" {
	terminal link show -s 04:00.0
	assert_output --partial "${yellow}slow-narrow$plain"
	terminal --color=auto link show -s 04:00.0
	assert_output --partial "$yellow"
	NO_COLOR='' terminal link show -s 04:00.0
	assert_output --partial "$yellow"
	NO_COLOR=1 terminal link show -s 04:00.0
	refute_output --partial "$yellow"
	NO_COLOR=1 terminal --color=always link show -s 04:00.0
	assert_output --partial "$yellow"
	PROMPT_TERM=dumb terminal link show -s 04:00.0
	refute_output --partial "$yellow"
	terminal --color=never link show -s 04:00.0
	refute_output --partial "$yellow"
	assert_output --partial slow-narrow
}

@test "lines are broken where they are without colours" {
	terminal --color=never check
	assert_columns 60
	before=$output
	refute_output --partial "$yellow"
	terminal check
	assert_output --partial "${yellow}warning$plain"
	assert_equal "$(without_colors <<<"$output")" "$before"
}

@test "a word that there is not" {
	run_tool --color=red list
	assert_exit 2
	assert_err "--color: 'red' is none of auto, always, never"
}
