# shellcheck shell=bash disable=SC2154 # the test sets dev
# SPDX-License-Identifier: GPL-2.0-or-later
#
# The maps that are installed, beside a driver:  load ../lib/ready_maps  after common.

setup_file() {
	export XDG_CONFIG_HOME=$BATS_FILE_TMPDIR/config
	mkdir -p "$XDG_CONFIG_HOME/pcietool"
	cp -r "$TOP/maps" "$XDG_CONFIG_HOME/pcietool/maps"
}

# regs VERB OPERAND...: beside the driver of $dev.
regs() {
	run_tool -q -f -s "$dev" regs "$@"
	assert_exit 0
}
