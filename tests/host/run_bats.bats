#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
#
# tests/lib/run-bats, which runs these files: it gives the verdicts that bats gives.

# shellcheck disable=SC2016 # the text of other files
load ../lib/common

setup() {
	cd "$BATS_TEST_TMPDIR" || return
	# what the two of them set for those whom they run
	clean=(env -u BATS_TEST_TIMEOUT -u BATS_RUN_TMPDIR -u BATS_TEST_TMPDIR -u BATS_FILE_TMPDIR -u BATS_ROOT_PID)
	cp "$TOP/tests/data/verdicts.bats" file.bats
	sed -i "s|^load |&$TOP/tests/lib/|" file.bats
}

verdicts() {
	grep -E '^(not )?ok |^1\.\.' | sed 's/ *$//'
}

@test "verdicts, names and reasons are those of bats" {
	"${clean[@]}" bats --tap file.bats | verdicts >theirs || true
	"${clean[@]}" "$TOP/tests/lib/run-bats" file.bats | verdicts >ours || true
	[ "$(grep -c '^not ok' theirs)" -ge 8 ]
	diff theirs ours
	status=0
	"${clean[@]}" "$TOP/tests/lib/run-bats" -f 'setups leave|exit is' file.bats >ours || status=$?
	assert_equal "$status $(grep -c ok ours)" '1 2'
	"${clean[@]}" "$TOP/tests/lib/run-bats" -f 'setups leave' file.bats
}

@test "a failure tells its line, what led there and what was seen" {
	run "${clean[@]}" "$TOP/tests/lib/run-bats" -f 'fails in a' file.bats
	assert_failure
	assert_line "#   \`assert_output bye' failed"
	assert_line '# actual   : hello'
	assert_line "# (in test file file.bats, line $(grep -n 'assert_output bye' file.bats | cut -d : -f 1))"
	assert_line "# (from function \`failing' in file file.bats, line $(($(grep -n '^failing' file.bats | cut -d : -f 1) + 1)))"
}

@test "a failure's line is not that of an earlier one which ended nothing" {
	run "${clean[@]}" "$TOP/tests/lib/run-bats" -f 'fails behind' file.bats
	assert_line "# (in test file file.bats, line $(grep -n 'assert_err bye' file.bats | cut -d : -f 1))"
}

@test "a test that takes too long is ended, and the next one runs" {
	printf '@test "slow" {\n\tsleep 100\n}\n@test "quick" {\n\ttrue\n}\n' >slow.bats
	run "${clean[@]}" BATS_TEST_TIMEOUT=1 "$TOP/tests/lib/run-bats" slow.bats
	assert_failure
	assert_line 'not ok 1 slow'
	assert_line '# timeout after 1s'
	assert_line 'ok 2 quick'
}

@test "each word has a run of its own" {
	printf 'setup_file() {\n\texport before=$before$WORD\n}\n@test "once" {\n\t[ "$before" = "$WORD" ]\n}\n' >words.bats
	run env BATS_EACH='WORD=a b' "${clean[@]}" "$TOP/tests/lib/run-bats" words.bats
	assert_success
	assert_output $'1..2\nok 1 [a] once\nok 2 [b] once'
}

@test "a file that cannot be read has failed" {
	printf '@test "once" {\n\tif\n}\n' >words.bats
	run "${clean[@]}" "$TOP/tests/lib/run-bats" words.bats
	assert_failure
	assert_line 'not ok 1 words.bats cannot be read'
}

@test "setup_file fails: said, and nothing runs" {
	printf 'setup_file() {\n\techo why\n\tfalse\n}\n@test "once" {\n\ttrue\n}\n' >words.bats
	run "${clean[@]}" "$TOP/tests/lib/run-bats" words.bats
	assert_failure
	assert_line 'not ok 1 setup_file of words.bats'
	assert_line '# why'
	refute_line --partial once
}
