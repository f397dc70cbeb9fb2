#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# package: pciutils 1:3.9.0-4 (lspci -F), of Debian 12
# guess:   lspci -F, given bytes in another form than its own, such as od's (an offset without a colon behind it), reads
#          them, or says that it does not understand the line and ends with a status that is not 0.
# seen:    neither: "Unassigned class [ffff]: Illegal Vendor ID Device ffff (rev ff)", status 0. Leading zeroes of the
#          offset do not matter (00000000: is read); without the colon, with 0x before it or a blank at the line's
#          beginning the line is left out without a word, and what was not read is all ones.
# matters: a dump that was not read looks like a device that fell off the bus.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
apt-get -q -o APT::Sandbox::User=root download pciutils=1:3.9.0-4 libpci3=1:3.9.0-4 >log 2>&1 || { cat log && exit 2; }
for file in ./*.deb; do dpkg -x "$file" root; done
lspci() {
	LD_LIBRARY_PATH=$(echo "$work"/root/usr/lib/*-linux-gnu) root/usr/bin/lspci "$@"
}

printf '\x34\x12\xe8\x11\0\0\0\0\0\0\0\xff' >config
truncate -s 64 config
{ echo '00:00.0 a device' && od -A x -t x1 -v config | sed '$d'; } >of-od
{ echo '00:00.0 a device' && od -A x -t x1 -v config | sed '$d; s/ /: /'; } >with-colons

lspci --version
for file in of-od with-colons; do
	sed -n 2p "$file"
	status=0
	lspci -n -F "$file" 2>&1 | tee said || status=$?
	echo "exit status $status"
	[[ $status -eq 0 ]]
	case $file in
	of-od) grep -q '^00:00.0 ffff: ffff:ffff (rev ff)' said ;;
	with-colons) grep -q '^00:00.0 ff00: 1234:11e8' said ;;
	esac
done
