#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# package: pciutils 1:3.15.0-2 (lspci -vv), of Debian unstable
# guess:   "[virtual]" behind a region says that the kernel has an address for it which the device's BAR has not: so it is
#          for each region of a card that was reset, without a restore, and enabled again.
# seen:    only where all 32 bits of the register are 0, as those of a 32-bit, non-prefetchable BAR are. A 64-bit one, a
#          prefetchable one and one of I/O ports keep their type bits over a reset: they are shown at the kernel's address,
#          without a mark.
# matters: the BARs of today's cards are 64 bits wide. Such a card reads as all ones after its reset, and lspci, asked why,
#          shows it in its place with memory decoding on. -b has what is in the card: "<unassigned>".
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

# A folder as sysfs has for PCI, with one card, whose Command is 7 and whose BARs have their type bits and no addresses.
mkdir -p pci/devices/0000:01:00.0
cd pci/devices/0000:01:00.0
{
	le 0x81681022 4 && le 7 4 && le 0x02000000 4 && le 0 4
	le 0x4 4 && le 0 4 && le 0 4 && le 0x8 4 && le 1 4 && le 0 4
	le 0 24
} >config
echo 0x1022 >vendor
echo 0x8168 >device
echo 0x020000 >class
echo 0 >irq
cat >resource <<'EOF'
0x0000004000000000 0x00000040000fffff 0x0000000000140204
0x0000000000000000 0x0000000000000000 0x0000000000000000
0x00000000f0000000 0x00000000f0000fff 0x0000000000040200
0x00000000f0100000 0x00000000f0100fff 0x0000000000042208
0x0000000000001000 0x000000000000101f 0x0000000000040101
0x0000000000000000 0x0000000000000000 0x0000000000000000
0x0000000000000000 0x0000000000000000 0x0000000000000000
EOF
cd "$work"
lspci() {
	"$loader" --library-path "$libraries" root/usr/bin/lspci -A linux-sysfs -O sysfs.path="$work/pci" "$@" 2>/dev/null
}
dpkg-deb -f pciutils_*.deb Version
{ lspci -vv && lspci -vv -b; } | sed -n 's/^\t\(Region\)/\1/p' | tee seen
diff seen - <<'EOF'
Region 0: Memory at 4000000000 (64-bit, non-prefetchable) [size=1M]
Region 2: Memory at f0000000 (32-bit, non-prefetchable) [virtual] [size=4K]
Region 3: Memory at f0100000 (32-bit, prefetchable) [size=4K]
Region 4: I/O ports at 1000 [size=32]
Region 0: Memory at <unassigned> (64-bit, non-prefetchable)
Region 3: Memory at <unassigned> (32-bit, prefetchable)
Region 4: I/O ports at 0000
EOF
