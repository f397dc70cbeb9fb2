#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Long text on a terminal goes through a pager, and nothing else does.

load ../lib/common
load ../lib/fake_device

setup() {
	fake_edu
	cd "$BATS_TEST_TMPDIR" || return
	export PAGER="sed 's/^/P:/'"
	unset PCIETOOL_PAGER LESS
}

# terminal ARGUMENT...: the program in a terminal of 24 lines and $columns.
terminal() {
	run timeout -k 5 60 python3 "$TOP/tests/lib/screen.py" "24x${columns:-80}" "${steps[@]}" -- \
		pcietool --sysroot "$SYSROOT" "$@"
}

steps=()

@test "long text is shown by the pager that the environment names, in the terminal's width" {
	terminal list
	assert_success
	assert_line --partial 'P:0000:01:00.0 1234:11e8'
	terminal --help
	assert_success
	assert_line --partial 'P:Usage: pcietool'
	PCIETOOL_PAGER="sed 's/^/Q:/'" terminal list
	assert_line --partial 'Q:0000:01:00.0'
	# -: it is read and written, and no terminal
	columns=44
	PAGER='cat -' terminal config names
	assert_success
	local paged=$output
	terminal --no-pager config names
	assert_equal "$output" "$paged"
}

@test "nothing is paged that is no text, has no end, or that nobody wants paged" {
	local option
	for option in --no-pager --json; do
		terminal $option list
		assert_success
		refute_output --partial P:
	done
	for PAGER in '' cat no-such-program; do
		terminal list
		assert_success
		assert_line --partial '0000:01:00.0 1234:11e8'
	done
	export PAGER="sed 's/^/P:/'"
	PCIETOOL_PAGER='' terminal list
	refute_output --partial P:
	terminal -d 1234:11e8 regs read 0x0
	assert_line --partial 0x010000ed
	refute_output --partial P:
	terminal -d 1234:11e8 regs dump 0x0+0x20 -o words
	refute_output --partial P:
	echo list >lines
	terminal batch lines
	assert_line --partial '0000:01:00.0 1234:11e8'
	refute_output --partial P:
	run pcietool --sysroot "$SYSROOT" list
	assert_success
	refute_output --partial P:
	PROMPT_TERM=dumb run python3 "$TOP/tests/lib/prompt.py" -- pcietool --sysroot "$SYSROOT" list
	assert_success
	refute_output --partial P:
}

@test "the status is the command's, with its message; who has seen enough is told nothing" {
	terminal -d 1234:11e8 config show NOPE
	assert_failure 2
	assert_output --partial P:pcietool
	PAGER='cat >/dev/null; exit 3' terminal list
	assert_success
	# more than a pipe holds
	seq 0 20000 | sed 's/.*/register,REGISTER_NUMBER_&,0x0,32/' | sed '1i map,long' >long.map
	PAGER='head -n 1' terminal map show --map long.map
	assert_success
	refute_output --partial 'standard output'
	refute_output --partial REGISTER_NUMBER_3
	PAGER=true terminal -d ffff:1234 config show
	assert_failure 3
	# one that is not there is told, as nothing was seen
	PAGER='no-such-program -F' terminal list
	assert_failure 1
	assert_output --partial 'the pager could not be run'
	# what we ignore it does not
	PAGER='grep SigIgn /proc/self/status; cat' terminal list
	assert_line --regexp 'SigIgn:.[0-9a-f]{9}0[0-9a-f]{2}0[0-9a-f]{3}$'
}

@test "less: one screen is as without it; Ctrl-C is the pager's, q ends it" {
	command -v less >/dev/null || skip 'no less here'
	unset PAGER
	terminal list
	assert_success
	assert_line --partial '0000:01:00.0 1234:11e8'
	seq 100 999 | sed 's/.*/register,REGISTER_&,0x0,32/' | sed '1i map,long' >long.map
	steps=(shows:REGISTER_100 'type: ' shows:REGISTER_130 type:q)
	terminal map show --map long.map
	assert_success
	refute_output --partial REGISTER_900
	steps=(shows:REGISTER_100 'type:\x03' 'do:sleep 1' type:q)
	terminal map show --map long.map
	assert_success
	# what ends the command waits for who reads, and leaves nobody behind
	seq 0 20000 | sed 's/.*/register,REGISTER_NUMBER_&,0x0,32/' | sed '1i map,long' >long.map
	steps=(shows:REGISTER_NUMBER_5 signal:TERM 'do:sleep 0.5' 'type:q')
	terminal map show --map long.map
	assert_failure 143
	steps=()
	run pgrep -x -s 0 less
	assert_failure
}
