#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# package: dmidecode 3.7-1 (--from-dump), of Debian unstable
# guess:   a slot's generation, 5 in Slot Information (SMBIOS 3.7 section 7.10.10), is shown for all kinds of slots that
#          PCI Express is in: it is for "x16" and for "PCI Express 3 SFF-8639 (U.2)".
# seen:    not for the bays of type "PCI Express 4 SFF-8639 (U.2)" and "PCI Express 5", nor for E1.S, E3 and OCP NIC 3.0.
#          The width of each is there.
# matters: which of a server's bays can do what a new drive asks for is looked up here. The bays of the last generations are
#          the ones that have no answer, and a list made of these lines gives them that of the slot before.
set -euo pipefail

version=3.7-1
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
	--no-replaces --no-enhances dmidecode | sed -n 's/^\([a-z0-9][a-z0-9.+-]*\)$/\1/p' | grep -vx dmidecode)
apt-get -q download "dmidecode=$version" "${needed[@]}" >log 2>&1 || unavailable
for file in ./*.deb; do dpkg -x "$file" root; done
loader=$(find root/usr/lib -name 'ld-linux*.so.[0-9]' | head -n 1)
libraries=$(find root/usr/lib -name libc.so.6 -printf '%h\n' | head -n 1)

dmidecode() {
	"$loader" --library-path "$libraries" root/usr/sbin/dmidecode "$@"
}

# le VALUE BYTES: little-endian
le() {
	local i
	for ((i = 0; i < $2; i++)); do printf '%b' "\\x$(printf %02x $(($1 >> 8 * i & 255)))"; done
}

# A slot of type $1, length $2 and handle $3, of generation 5 and four lanes, whose device is 0000:$3:00.0.
slot() {
	le 9 1 && le 24 1 && le "$3" 2 && le 1 1 && le "$1" 1 && le 10 1 && le 4 1 && le "$2" 1 && le "$3" 2
	le 4 1 && le 2 1 && le 0 2 && le "$3" 1 && le 0 1 && le 4 1 && le 0 1 && le 5 1 && le 10 1 && le 0 2 && le 0 1
	printf 'bay %d\0\0' "$3"
}

structures() {
	slot 0xc5 3 1
	slot 0xc6 4 3
	slot 0xb6 4 4
	slot 0x20 5 5
	slot 0x24 5 6
	slot 0x25 5 7
	slot 0x26 3 8
	printf '\x7f\x04\x09\0\0\0'
}

# entry CHECKSUM: the entry point, with the table 32 bytes behind its beginning
entry() {
	printf '_SM3_' && le "$1" 1 && printf '\x18\x03\x07\0\x01\0' && le "$(wc -c <table)" 4 && le 32 8
}

structures >table
sum=$(($(entry 0 | od -A n -t u1 -v | tr -s ' \n' + | sed 's/^+//; s/+$//')))
{ entry $((-sum & 255)) && le 0 8 && cat table; } >dump
dmidecode --version
dmidecode --from-dump dump | awk -F ': ' '/^\t(Type|PCI Express Gen|Slot Physical)/ { sub(/^\t/, ""); printf "%s%s", between, $0
		between = ", " } /^$/ && between { print ""; between = "" }' | tee seen
diff seen - <<'EOF'
Type: EDSFF E1.S, Slot Physical Width: 4x or x4
Type: EDSFF E3.L, Slot Physical Width: 4x or x4
Type: PCI Express 3 x16, PCI Express Generation: 5, Slot Physical Width: 4x or x4
Type: PCI Express 3 SFF-8639 (U.2), PCI Express Generation: 5, Slot Physical Width: 4x or x4
Type: PCI Express 4 SFF-8639 (U.2), Slot Physical Width: 4x or x4
Type: PCI Express 5 SFF-8639 (U.2), Slot Physical Width: 4x or x4
Type: OCP NIC 3.0 Small Form Factor (SFF), Slot Physical Width: 4x or x4
EOF
