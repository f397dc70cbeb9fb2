# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# The fabric of fake_fabric, a copy for each test:  load ../lib/fake_links  after common, fake_device and fake_express.

setup_file() {
	BATS_TEST_TMPDIR=$BATS_FILE_TMPDIR fake_tree
	fake_fabric
}

setup() {
	fake_copy
}

link() {
	run_tool --sysroot "$SYSROOT" link "$@"
}
