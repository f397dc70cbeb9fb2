#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# package: memtool 2018.03.0-1 (memtool mw), of Debian 12
# guess:   a value that does not fit into the width of the access is refused, as setpci refuses it ("out of range"): half
#          of it is no register's value, and nobody asked for that.
# seen:    it is cut off, without a word, status 0. "mw 0 0x1234567000" stores 34567000, as 4 bytes are the width when
#          none is given, and -w of 0x12345 is 2345. busybox' devmem does the same.
# matters: the bus address of a buffer above 4 GiB, written to a device's address register by this: the device is
#          started, reads or overwrites memory of somebody else below 4 GiB, and what was typed looks right.
set -euo pipefail

version=2018.03.0-1
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
apt-get -q -o APT::Sandbox::User=root download "memtool=$version" >log 2>&1 || { cat log && exit 2; }
dpkg -x ./*.deb root

# A file instead of a device's memory. stored [-WIDTH] VALUE: the 8 bytes of it after VALUE was written to offset 0.
stored() {
	printf '%8s' '' >registers
	root/usr/bin/memtool mw -d registers "${@:1:$#-1}" 0 "${@: -1}" || echo "exit status $?"
	od -A n -t x1 registers
}
for operands in '-q 0x1234567000' '0x1234567000' '-l 0x1234567000' '-w 0x12345' '-b 0x1ff'; do
	read -ra arguments <<<"$operands"
	echo "$operands:$(stored "${arguments[@]}" 2>&1)"
done | tee seen
diff seen - <<'END'
-q 0x1234567000: 00 70 56 34 12 00 00 00
0x1234567000: 00 70 56 34 20 20 20 20
-l 0x1234567000: 00 70 56 34 20 20 20 20
-w 0x12345: 45 23 20 20 20 20 20 20
-b 0x1ff: ff 20 20 20 20 20 20 20
END
