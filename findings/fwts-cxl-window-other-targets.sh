#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# package: fwts 26.09.00-1 (its test cedt), of Debian unstable
# guess:   of a CXL window (CFMWS) as many targets are shown as the structure has. ENIW is the encoded number of ways:
#          0, 1, 2 are 1, 2, 4 ways, 8 is 3 (CXL 3.0 section 9.17.1.3).
# seen:    the code is taken for the number. Of one way no host bridge is shown, of two the first, of four the first
#          two; of three ways eight, of which the last five are what the next structure begins with. "PASSED: Test 1, No
#          issues found in CEDT table."
# matters: which host bridges a window is interleaved over is asked when a CXL card's memory, or half of it, does not
#          come up. Here a sound table looks as if firmware had left a bridge out, or named some that there are not.
set -euo pipefail

version=26.09.00-1
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
	--no-replaces --no-enhances fwts | sed -n 's/^\([a-z0-9][a-z0-9.+-]*\)$/\1/p' | grep -vx fwts)
apt-get -q download "fwts=$version" "${needed[@]}" >log 2>&1 || unavailable
for file in ./*.deb; do dpkg -x "$file" root; done
loader=$(find root/usr/lib -name 'ld-linux*.so.[0-9]' | head -n 1)
libraries=$(find root/usr/lib -name libc.so.6 -printf '%h\n' | head -n 1)
fwts() {
	"$loader" --library-path "$libraries:$libraries/fwts" root/usr/bin/fwts --table-path="$work" -r "$work/results" \
		-w 120 --log-format= "$@"
}

# le VALUE BYTES: little-endian
le() {
	local i
	for ((i = 0; i < $2; i++)); do printf '%b' "\\x$(printf %02x $(($1 >> 8 * i & 255)))"; done
}

# A window of 12 GiB at $1 whose ENIW is $2, over the host bridges that follow.
window() {
	local base=$1 eniw=$2 uid
	shift 2
	le 1 2 && le $((36 + 4 * $#)) 2 && le 0 4 && le "$base" 8 && le 0x300000000 8 && le "$eniw" 1 && le 0 3
	le 0 4 && le 6 2 && le 0 2
	for uid; do le "$uid" 4; done
}

structures() {
	local uid
	for uid in 1 2 3 4; do le 0 2 && le 32 2 && le $uid 4 && le 1 4 && le 0 4 && le 0x${uid}0000000 8 && le 0x10000 8; done
	window 0x1000000000 0 1
	window 0x2000000000 1 1 2
	window 0x3000000000 2 1 2 3 4
	window 0x4000000000 8 1 2 3
	window 0x5000000000 0 4
}

# table CHECKSUM
table() {
	printf CEDT
	le $((36 + $(wc -c <body))) 4
	le 1 1
	le "$1" 1
	printf 'ABCDEFABCDEFGH\1\0\0\0ABCD\1\0\0\0'
	cat body
}

structures >body
sum=$(($(table 0 | od -A n -t u1 -v | tr -s ' \n' + | sed 's/^+//; s/+$//')))
table $((-sum & 255)) >CEDT.dat
dpkg-deb -f fwts_*.deb Version
fwts cedt >log 2>&1 || true
awk '/ENIW:/ { printf "%s%s", between, $1 " " $2; between = "\n" }
	/^ *([0-9a-f][0-9a-f] )+ *$/ { for (i = 1; i <= NF; i += 4) printf " %s", $(i + 3) $(i + 2) $(i + 1) $i }
	/PASSED/ { print "\n" $0 }' results.log | tee seen
diff seen - <<'END'
ENIW: 0x00
ENIW: 0x01 00000001
ENIW: 0x02 00000001 00000002
ENIW: 0x08 00000001 00000002 00000003 00280001 00000000 00000000 00000050 00000000
ENIW: 0x00
PASSED: Test 1, No issues found in CEDT table.
END
