# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# A root port and an endpoint of two functions, a copy for each test:  load ../lib/fake_config  after common, fake_device
# and fake_express.

setup_file() {
	BATS_TEST_TMPDIR=$BATS_FILE_TMPDIR fake_tree
	fake_begin
	fake_bridge 0000:00:01.0 4 1 1 3 4 4 16
	fake_express 0000:01:00.0 0 0x020000 3 4 3 4
	fake_config 0000:01:00.0 0x04 16 0x0006
	fake_config 0000:01:00.0 0x2c 32 0x56781af4
	fake_config 0000:01:00.0 0x4a 16 0x0009
	fake_extended 0000:01:00.0 0x100 1 0
	fake_config 0000:01:00.0 0x110 32 0x000000c1
	fake_express 0000:01:00.1 0 0x020000 3 4 3 4
	fake_write
}

setup() {
	fake_copy
	export PCIETOOL_DEVICE=01:00.0
	cd "$BATS_TEST_TMPDIR" || return
}

config() {
	run_tool --sysroot "$SYSROOT" config "$@"
}
