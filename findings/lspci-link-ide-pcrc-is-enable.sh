#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# package: pciutils 1:3.15.0-2 (lspci -F), of Debian unstable
# guess:   PCRC Enable of a Link IDE Stream is bit 8 of its Control, Link IDE Stream Enable is bit 0 (PCIe 6.0 section
#          7.9.26.4): a stream with 00000001h is "En+ PCRC-", one with 00000100h "En- PCRC+".
# seen:    "En+ PCRC+" and "En- PCRC-". For a Selective IDE Stream, with the same two bits, it is as it should be.
# matters: whether the plaintext of a protected link is covered by a CRC is asked there, for a security review as for
#          two ends that do not agree on it: the answer is yes for each stream that is on, and never otherwise.
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

# A device with one Link IDE Stream, its Control is $1, and one Selective IDE Stream, its Control is $2. It is capable
# of both and of PCRC.
streams() {
	local row
	echo '00:00.0 a device'
	echo '000: 34 12 e8 11 00 00 10 00 00 00 00 ff 00 00 00 00'
	echo '010: 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00'
	echo '020: 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00'
	echo '030: 00 00 00 00 40 00 00 00 00 00 00 00 00 00 00 00'
	echo '040: 10 00 02 00 00 80 00 00 00 00 00 00 00 00 00 00'
	for ((row = 5; row < 256; row++)); do
		case $row in
		16) echo "100: 30 00 01 00 23 00 00 00 00 00 00 00 $(bytes "$1")" ;;
		17) echo "110: 00 00 00 00 00 00 00 00 $(bytes "$2") 00 00 00 00" ;;
		*) printf '%02x0: 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00\n' $row ;;
		esac
	done
}
bytes() {
	echo "${1:6:2} ${1:4:2} ${1:2:2} ${1:0:2}"
}

lspci --version
for control in 00000000 00000001 00000100 00000101; do
	streams $control $control >space
	lspci -vvv -n -F space | sed -n "s/^.*[^A-Za-z]\([A-Za-z]*IDE\)#0 Ctl: \(En.\).*\(PCRC.\).*$/$control: \1 \2 \3/p" | tee -a seen
done
diff seen - <<'EOF'
00000000: LinkIDE En- PCRC-
00000000: SelectiveIDE En- PCRC-
00000001: LinkIDE En+ PCRC+
00000001: SelectiveIDE En+ PCRC-
00000100: LinkIDE En- PCRC-
00000100: SelectiveIDE En- PCRC+
00000101: LinkIDE En+ PCRC+
00000101: SelectiveIDE En+ PCRC+
EOF
