#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
#
# What make try calls: a shell in the test machine, on a terminal. Its helper and its guest's /vmout are its own.
#
# where: host
# usually: newest

# shellcheck disable=SC2016 # what is typed at another shell
load ../lib/common

setup() {
	# the helper that other guests use at this time is not built anew
	export BUILD=$BATS_TEST_TMPDIR/build
	mkdir "$BUILD"
	cp "$TOP/build/pcietool" "$BUILD/"
}

@test "a shell: devices, the helper, completion; it ends with exit, and its status is the shell's" {
	KERNEL=$VM_KERNEL DEVICES="edu nvme" PROMPT_TIMEOUT=$((BATS_TEST_TIMEOUT - 10)) run \
		python3 "$TOP/tests/lib/prompt.py" -w 40x100 '@vm:' \
		'pcietool -d 1234:11e8 driver bind; echo bound $?\n' '@bound 0' \
		'complete -p pcietool\n' '@complete -F' \
		'stty size; uname -r\n' '@40 100' \
		'exit 9\n' -- "$TOP/tests/try"
	[ "$status" -eq 9 ]
	assert_output --partial '1234:11e8'
	assert_line --regexp '^Linux .*, QEMU [0-9.]*\. '
	assert_line "$(<"$TOP/build/vm/$VM_KERNEL/release")"
	assert_output --regexp 'nvme|Non-Volatile'
}
