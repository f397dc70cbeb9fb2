#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# package: pciutils 1:3.15.0-2 (lspci -F), of Debian unstable; 3.9.0 and 3.13.0 do the same
# guess:   a latency of the LTR capability with one of the reserved scales, 6 and 7 (PCIe 6.0 section 7.8.2.2), is shown as
#          reserved or as an error, as L1 PM Substates' threshold with the same coding is ("<error>").
# seen:    it is multiplied all the same: 5 of scale 6 are "5368709120ns", and 9 of scale 7, which is beyond 32 bits,
#          are "72ns", a latency like any other.
# matters: a firmware's mistake in exactly this register (links that never enter L1.2, or devices that lose data in it)
#          reads as a sound value. Look at the bytes.
set -euo pipefail

version=1:3.15.0-2
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
unavailable() {
	cat log
	exit 2
}

# An apt state of its own for unstable, from the mirror that this machine uses.
# shellcheck disable=SC2016 # apt's own words
site=$(apt-get indextargets --format '$(SITE)' 'Created-By: Packages' | grep -m 1 /debian) || unavailable
mkdir -p lists/partial cache/archives/partial
touch status
cat >conf <<END
Dir::Etc::sourcelist "$work/sources";
Dir::Etc::sourceparts "-";
Dir::State::lists "$work/lists";
Dir::State::status "$work/status";
Dir::Cache "$work/cache";
APT::Sandbox::User "root";
END
echo "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] $site sid main" >sources
export APT_CONFIG=$work/conf
apt-get -q -o Acquire::Check-Valid-Until=false update >log 2>&1 || unavailable
mapfile -t needed < <(apt-cache depends --recurse --no-recommends --no-suggests --no-conflicts --no-breaks \
	--no-replaces --no-enhances pciutils | sed -n 's/^\([a-z0-9][a-z0-9.+-]*\)$/\1/p' | grep -vx pciutils)
apt-get -q download "pciutils=$version" "${needed[@]}" >log 2>&1 || unavailable
for file in ./*.deb; do dpkg -x "$file" root; done
loader=$(find root/usr/lib -name 'ld-linux*.so.[0-9]' | head -n 1)
libraries=$(find root/usr/lib -name libc.so.6 -printf '%h\n' | head -n 1)
lspci() {
	"$loader" --library-path "$libraries" root/usr/bin/lspci "$@" 2>/dev/null
}

# A function with an Express capability and one extended capability, whose first two dwords are $1 and $2.
dump() {
	local row
	echo '00:00.0 a device'
	echo '00: 34 12 e8 11 00 00 10 00 00 00 00 ff 00 00 00 00'
	echo '10: 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00'
	echo '20: 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00'
	echo '30: 00 00 00 00 40 00 00 00 00 00 00 00 00 00 00 00'
	echo '40: 10 00 02 00 00 80 00 00 00 00 00 00 00 00 00 00'
	for row in $(seq 5 255); do
		if ((row == 16)); then
			echo "100: $1 $2 00 00 00 00 00 00 00 00"
		else
			printf '%x0: %s\n' "$row" '00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00'
		fi
	done
}

lspci --version
dump '18 00 01 00' '05 18 09 1c' >space
lspci -vv -n -F space | grep 'snoop latency' | tee seen
grep -q 'Max snoop latency: 5368709120ns' seen
grep -q 'Max no snoop latency: 72ns' seen
dump '1e 00 01 00' '1f 0a 00 00' | sed '/^100: /s/00 00 00 00 00 00 00 00$/0f 00 64 c0 00 00 00 00/' >space
lspci -vv -n -F space | grep LTR1.2_Threshold | tee seen
grep -q 'LTR1.2_Threshold=<error>' seen
