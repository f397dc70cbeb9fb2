# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Also for those that are no bats files.

# until_true COMMAND...: waits for it, half a minute at most.
until_true() {
	local left=300
	until "$@"; do
		((left-- > 0)) || return 1
		sleep 0.1
	done
}
