#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Tests that pass, fail and are skipped in each way, for tests/host/run_bats.bats.
# shellcheck disable=all

load common

setup_file() { export from_file=1; }
setup() { from_setup=2; }
teardown() { false; [ "$BATS_TEST_DESCRIPTION" != "teardown fails" ]; }
failing() {
	false
	true
}

@test "what the setups leave" {
	[ "$from_file$from_setup" = 12 ]
	cd "$BATS_TEST_TMPDIR"
	touch "$BATS_FILE_TMPDIR/seen"
	changed=1
}

@test "a variable of another test is not there, a file is" {
	[ -z "$changed" ]
	[ -e "$BATS_FILE_TMPDIR/seen" ]
	[ -z "$(ls "$BATS_TEST_TMPDIR")" ]
}

@test "fails in [[ ]]" {
	true
	[[ 1 = 2 ]]
	true
}

@test "fails in (( ))" {
	((1 == 2))
	true
}

@test "fails in an assertion" {
	run echo hello
	assert_output bye
}

@test "fails in a function" {
	failing
}

@test "fails behind what did not end it" {
	run_apart false
	run_apart echo hello
	assert_err bye
}

@test "a condition does not fail" {
	if failing; then :; fi
	failing || true
	! false
	false | true
}

@test "a pipe's end fails" {
	true | false
	true
}

@test "skips" {
	skip 'no such "device"'
}

@test "skips without a reason" {
	skip
}

@test "teardown fails" {
	true
}

@test "what run sees" {
	run --separate-stderr bash -c 'echo a; echo; echo c; echo b >&2; exit 3'
	assert_equal "$status ${#lines[@]} ${lines[1]} $stderr" '3 2 c b'
	run --keep-empty-lines printf 'a\n\nb'
	assert_equal "${#lines[@]}" 3
	run -3 bash -c 'exit 3'
	run ! false
	run failing
	assert_success
}

@test "run -N fails" {
	run -3 true
}

@test "run ! fails" {
	run ! true
}

@test "an unset variable is empty" {
	echo "$there_is_none"
}

@test "exit is no end" {
	exit 0
}
