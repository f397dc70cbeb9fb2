#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# package: jq 1.6-2.1+deb12u2, of Debian 12
# guess:   an integer that jq passes through unchanged stays what it was: JSON sets no limit, and a BAR's address and a
#          64-bit register fit into a C integer.
# seen:    jq has every number as a double: 9007199254740993 (2^53 + 1) comes out as 9007199254740992, a register of all
#          ones, 18446744073709551615, as 18446744073709552000; status 0, no warning, also for "." alone.
# matters: addresses and registers belong into JSON as strings ("0x..."), and a log that went through jq with numbers has
#          lost their low bits, which is where flags are.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
apt-get -q -o APT::Sandbox::User=root download jq=1.6-2.1+deb12u2 libjq1=1.6-2.1+deb12u2 libonig5=6.9.8-1 >log 2>&1 ||
	{ cat log && exit 2; }
for file in ./*.deb; do dpkg -x "$file" root; done
jq() {
	LD_LIBRARY_PATH=$(echo "$work"/root/usr/lib/*-linux-gnu) root/usr/bin/jq "$@"
}

jq --version
status=0
said=$(jq -c . <<<'{"below":9007199254740991,"above":9007199254740993,"ones":18446744073709551615}') || status=$?
printf '%s\nexit status %s\n' "$said" "$status"
[[ $status -eq 0 && $said == '{"below":9007199254740991,"above":9007199254740992,"ones":18446744073709552000}' ]]
