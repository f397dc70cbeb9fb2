#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# package: flashrom 1.8.0-2 (its dummy programmer, which emulates a chip), of Debian unstable
# guess:   "flashrom -r FILE" of one region of a layout, in which the rest of the chip is not read, writes a file of
#          the chip's size with ff outside the region: that is what an erased chip has, and what can be written back
#          without harm.
# seen:    all bytes outside the region are 00, in a file that looks like any other dump. Nothing says what was read.
# matters: beside a full dump the rest of the flash, of an FPGA or of firmware, seems to have been overwritten with
#          zeroes. And written back whole, as the file has the size for it, it zeroes the golden image with the rest.
set -euo pipefail

version=1.8.0-2
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
	--no-replaces --no-enhances flashrom | sed -n 's/^\([a-z0-9][a-z0-9.+-]*\)$/\1/p' | grep -vx flashrom)
apt-get -q download "flashrom=$version" "${needed[@]}" >log 2>&1 || unavailable
for file in ./*.deb; do dpkg -x "$file" root; done
loader=$(find root/usr/lib -name 'ld-linux*.so.[0-9]' | head -n 1)
libraries=$(find root/usr/lib -name libc.so.6 -printf '%h\n' | head -n 1)
flashrom() {
	"$loader" --library-path "$libraries" root/usr/sbin/flashrom -p dummy:emulate=W25Q128FV,image=chip "$@"
}

# A chip of 16 MiB without a byte of 00, and a layout that has its first 4 KiB and the rest.
head -c 16M /dev/zero | tr '\0' '\245' >chip
printf '%s\n' '00000000:00000fff first' '00001000:00ffffff rest' >layout
flashrom -l layout -i first -r dump
echo "the dump has $(stat -c %s dump) bytes, of which these are:"
od -A x -t x1 dump | tee seen
diff seen - <<'END'
000000 a5 a5 a5 a5 a5 a5 a5 a5 a5 a5 a5 a5 a5 a5 a5 a5
*
001000 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00
*
1000000
END
