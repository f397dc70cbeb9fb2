#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# package: mstflint 4.33.0+1-1.1 (mstvpd), of Debian unstable
# guess:   "mstvpd - <vpd" decodes what the kernel gives of a card's VPD, as its help says of "-", "to read VPD data from the
#          standard input". The kernel's file ends where the data do, behind the end tag (Linux, drivers/pci/vpd.c,
#          pci_vpd_size()).
# seen:    it prints nothing, neither data nor an error, and its status is 3. With zeroes behind the same bytes, up to 4096, it
#          decodes them; 4095 are too few.
# matters: VPD that was saved on one machine, or on the card's maker's request, and is looked at on another seems to be empty.
#          "truncate -s 4096" of a copy is what helps.
set -euo pipefail

version=4.33.0+1-1.1
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
	--no-replaces --no-enhances mstflint | sed -n 's/^\([a-z0-9][a-z0-9.+-]*\)$/\1/p' | grep -vx mstflint)
apt-get -q download "mstflint=$version" "${needed[@]}" >log 2>&1 || unavailable
for file in ./*.deb; do dpkg -x "$file" root; done
loader=$(find root/usr/lib -name 'ld-linux*.so.[0-9]' | head -n 1)
libraries=$(find root/usr/lib -name libc.so.6 -printf '%h\n' | head -n 1)
mstvpd() {
	"$loader" --library-path "$libraries" root/usr/bin/mstvpd "$@"
}

# A VPD with an identifier, a part number and a serial number, whose checksum byte is $1.
vpd() {
	printf '\x82\x04\0Card\x90\x11\0PN\x04A-12SN\x03S34RV\x01%b\x78' "\\x$1"
}

sum=$(($(vpd 00 | head -c -1 | od -A n -t u1 -v | tr -s ' \n' + | sed 's/^+//; s/+$//')))
vpd "$(printf %02x $((-sum & 255)))" >dump
dpkg-deb -f mstflint_*.deb Version
for size in "$(wc -c <dump)" 4095 4096; do
	truncate -s "$size" dump
	if mstvpd - <dump >said 2>&1; then echo "$size bytes: status 0"; else echo "$size bytes: status $?"; fi
	cat said
done | tee seen
diff seen - <<'EOF'
28 bytes: status 3
4095 bytes: status 3
4096 bytes: status 0
ID:      Card
PN:      A-12
SN:      S34
EOF
