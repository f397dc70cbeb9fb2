#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# package: pciutils 1:3.15.0-2 (lspci -F), of Debian unstable
# guess:   it knows 128 GT/s (PCIe 7.0), as it lists "2.5-128GT/s" for bit 7 of Link Capabilities 2: code 7 in Link
#          Capabilities and Link Status, which counts the bits of that list, is "128GT/s" too.
# seen:    "Supported Link Speeds: 2.5-128GT/s", and of the same link "Speed unknown" as maximum and as current.
# matters: a script that takes the current speed from LnkSta and the possible one from LnkCap2 calls the fastest link
#          that there is unknown; whoever looks for "downgraded" finds nothing, whatever it trained to.
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

# An Express capability: the most and the current speed are code $1, x16; of the supported speeds bits 1 to $1.
link() {
	local code=$1 speeds
	printf -v speeds %02x $(((1 << (code + 1)) - 2))
	echo '00:00.0 a device'
	echo '00: 34 12 e8 11 00 00 10 00 00 00 00 ff 00 00 00 00'
	echo '10: 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00'
	echo '20: 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00'
	echo '30: 00 00 00 00 40 00 00 00 00 00 00 00 00 00 00 00'
	echo "40: 10 00 02 00 00 80 00 00 00 00 00 00 0$code 01 00 00"
	echo "50: 00 00 0$code 01 00 00 00 00 00 00 00 00 00 00 00 00"
	echo "60: 00 00 00 00 00 00 00 00 00 00 00 00 $speeds 00 00 00"
	echo '70: 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00'
	for row in 80 90 a0 b0 c0 d0 e0 f0; do
		echo "$row: 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00"
	done
}

lspci --version
for code in 6 7; do
	link $code >space
	lspci -vv -n -F space | grep -E 'LnkCap:|LnkSta:|Supported Link Speeds' | tee seen
	if ((code == 6)); then
		grep -q 'LnkSta:.*Speed 64GT/s' seen
	else
		grep -q 'Supported Link Speeds: 2.5-128GT/s' seen
		grep -q 'LnkCap:.*Speed unknown' seen
		grep -q 'LnkSta:.*Speed unknown' seen
	fi
done
