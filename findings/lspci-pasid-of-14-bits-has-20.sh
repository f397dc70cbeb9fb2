#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# package: pciutils 1:3.15.0-2 (lspci -F), of Debian unstable
# guess:   Max PASID Width, the number of bits (PCIe 6.0 section 7.8.9.2), is shown as a number of bits, like the widths of
#          links: 20, which devices for shared virtual memory have.
# seen:    "Max PASID Width: 14": the register's value in hex, without a mark that it is. 10 and 16 bits are "0a" and "10".
# matters: 14 and 10 are widths that there may be as well. Whoever reads them as such plans for 16384 address spaces, or 1024,
#          on a device that has 1048576 or 65536, and two devices that do not match seem to.
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

# le VALUE BYTES: little-endian
le() {
	local i
	for ((i = 0; i < $2; i++)); do printf '%b' "\\x$(printf %02x $(($1 >> 8 * i & 255)))"; done
}

# An endpoint whose PASID capability, at 0x100, has the width $1.
device() {
	printf '01:00.0 Ethernet controller: x\n'
	{
		le 0x15b3 2 && le 0x1013 2 && le 6 2 && le 0x10 2 && le 0x02000000 4 && le 0 40 && le 0x40 8
		le 0 4 && le 0x10 2 && le 2 2 && le 0 56 && le 0 132
		le 0x0001001b 4 && le 0 1 && le "$1" 1 && le 0 2 && le 0 248
	} | od -A n -t x1 -v | awk '{ printf "%03x:%s\n", 16 * (NR - 1), $0 }'
	echo
}
lspci() {
	"$loader" --library-path "$libraries" root/usr/bin/lspci "$@" 2>/dev/null
}
lspci --version
for width in 10 14 16 20; do
	device $width >dump
	lspci -F dump -vv | sed -n "s/^\t*PASIDCap:/$width bits:/p"
done | tee seen
diff seen - <<'EOF'
10 bits: Exec- Priv-, Max PASID Width: 0a
14 bits: Exec- Priv-, Max PASID Width: 0e
16 bits: Exec- Priv-, Max PASID Width: 10
20 bits: Exec- Priv-, Max PASID Width: 14
EOF
