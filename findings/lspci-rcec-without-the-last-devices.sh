#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# package: pciutils 1:3.15.0-2 (lspci -F), of Debian unstable
# guess:   a Root Complex Event Collector's Association Bitmap has one bit for each device number from 0 to 31 (PCIe 6.0
#          section 7.9.10.2): 38000000h are the devices 27 to 29, e0000000h are 29 to 31.
# seen:    "27-29" for the first, "29" for the second: of a row of devices that goes up to 31 it prints the lowest only.
#          fffffffeh, all devices but 0, is "1".
# matters: whose errors this collector reports is looked up there; integrated devices are often the high numbers of
#          bus 0, and those are left out, in a form that says that there is but one.
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

# A collector (class 0807h, device/port type 1010b) that is associated with the devices of the bitmap $1.
collector() {
	local row
	echo '00:00.0 a device'
	echo '000: 34 12 e8 11 00 00 10 00 00 00 07 08 00 00 00 00'
	echo '010: 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00'
	echo '020: 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00'
	echo '030: 00 00 00 00 40 00 00 00 00 00 00 00 00 00 00 00'
	echo '040: 10 00 a2 00 00 80 00 00 00 00 00 00 00 00 00 00'
	for ((row = 5; row < 256; row++)); do
		if ((row == 16)); then
			echo "100: 07 00 01 00 ${1:6:2} ${1:4:2} ${1:2:2} ${1:0:2} 00 00 00 00 00 00 00 00"
		else
			printf '%02x0: 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00\n' $row
		fi
	done
}

lspci --version
for bitmap in 00000038 38000000 e0000000 fffffffe 80000000; do
	collector $bitmap >space
	lspci -vv -n -F space | sed -n "s/^.*RCiEPBitmap: /$bitmap: /p" | tee -a seen
done
diff seen - <<'EOF'
00000038: RCiEP at Device(s): 3-5
38000000: RCiEP at Device(s): 27-29
e0000000: RCiEP at Device(s): 29
fffffffe: RCiEP at Device(s): 1
80000000: RCiEP at Device(s): 31
EOF
