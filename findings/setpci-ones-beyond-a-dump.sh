#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# package: pciutils 1:3.15.0-2 (setpci -A dump), of Debian unstable
# guess:   of a dump with 256 bytes a register at 0x300 cannot be read: an error and an exit status, as for a capability
#          that the dump does not have ("not found", exit status 1).
# seen:    "ff", "ffffffff", exit status 0, without a word: what was never saved looks like a device that is gone.
# matters: lspci -xxx saves 256 bytes, -xxxx all. A script that asks saved dumps for an offset of the extended space gets
#          all ones from each of the first kind, and cannot tell them from a real answer.
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
setpci() {
	"$loader" --library-path "$libraries" root/usr/bin/setpci -A dump -O dump.name=space "$@"
}

{
	echo '00:00.0 a device'
	echo '00: 34 12 e8 11 00 00 10 00 00 00 00 ff 00 00 00 00'
	for row in 10 20 30 40 50 60 70 80 90 a0 b0 c0 d0 e0 f0; do
		echo "$row: 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00"
	done
} >space
"$loader" --library-path "$libraries" root/usr/bin/setpci --version
for offset in 0.w f0.b 300.b 300.l; do
	value=$(setpci -s 0:0.0 "$offset" 2>said) && status=0 || status=$?
	echo "$offset: '$value', exit status $status, said: $(wc -c <said) bytes"
	case $offset in
	0.w) [[ $value == 1234 ]] ;;
	f0.b) [[ $value == 00 ]] ;;
	300.b) [[ $value == ff && $status == 0 && ! -s said ]] ;;
	300.l) [[ $value == ffffffff && $status == 0 && ! -s said ]] ;;
	esac
done
