# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Register maps in files:  load ../lib/map_file  after common and fake_device.

setup() {
	fake_edu
	cd "$BATS_TEST_TMPDIR" || return
}

# map ROW...: the file m.map.
map() {
	printf '%s\n' "$@" >m.map
}
