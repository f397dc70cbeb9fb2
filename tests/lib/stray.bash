# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# The engine of tests/vm/twins/stray.*:  load ../lib/stray  after guest and twin. The file's ready() makes the device that
# was chosen fit for use.

setup() {
	export PCIETOOL_MAP=$TOP/tests/vm/twins/stray.map TOOL_TIMEOUT=120
	recipe=$TOP/tests/vm/twins/stray.recipe
	cd "$BATS_TEST_TMPDIR" || return
	choose 0
}

# choose N: the device of the header's line N, counted from 0
choose() {
	PCIETOOL_DEVICE=$(bdf_of 1234:5036 "$1")
	export PCIETOOL_DEVICE
	ready
}

teardown() {
	pcietool driver release 2>/dev/null || true
}
