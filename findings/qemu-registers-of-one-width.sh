#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# package: qemu-system-x86 1:11.1.3+ds-1 (qemu-xhci, intel-hda), of Debian unstable
# guess:   a register of 8 or 16 bits is the same part of the 32 bits around it, whichever of the two widths reads it:
#          the xHCI's HCIVERSION at 2 (xHCI 1.2 section 5.3.2) as the HD Audio controller's VMAJ at 3 (Intel's data
#          sheets have all its registers "addressable in byte, word, and DWord quantities", as 6 Series chipset's,
#          section 17.1).
# seen:    xHCI: 0x1000040 of 32 bits, and of 16 bits at 2 the version is 0. HD Audio the other way round: VMAJ is 1
#          as a byte, and 32 bits at 0 are 0x4401, without it.
# matters: a dump of a BAR has holes where registers are, of one kind of device with 32-bit reads and of the other
#          with narrow ones; with which width a register was read belongs into the report.
set -euo pipefail

version=1:11.1.3+ds-1
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
	--no-replaces --no-enhances qemu-system-x86 | sed -n 's/^\([a-z0-9][a-z0-9.+-]*\)$/\1/p' |
	grep -vx qemu-system-x86)
apt-get -q download "qemu-system-x86=$version" "${needed[@]}" >log 2>&1 || unavailable
for file in ./*.deb; do dpkg -x "$file" root; done
loader=$(find root/usr/lib -name 'ld-linux*.so.[0-9]' | head -n 1)
libraries=$(find root/usr/lib -name libc.so.6 -printf '%h\n' | head -n 1)

# A Q35 without a guest: each access is asked for by QEMU's own test protocol. Its ECAM is put at 0xb0000000.
start() {
	mkfifo to from
	QEMU_MODULE_DIR=$libraries/qemu "$loader" --library-path "$libraries" root/usr/bin/qemu-system-x86_64 \
		-L root/usr/share/qemu -machine q35 -accel qtest -nodefaults -display none -qtest stdio "$@" \
		<to >from 2>log &
	qemu=$!
	trap 'kill $qemu 2>/dev/null || true; rm -rf "$work"' EXIT
	exec 3>to 4<from
	ask outl 0xcf8 0x80000060
	ask outl 0xcfc 0xb0000001
}
ask() {
	local state=IRQ
	echo "$*" >&3
	while [[ $state == IRQ ]]; do read -r state value <&4 || unavailable; done
	[[ $state == OK ]]
}
# get and put are one access each, of the width b, w, l or q.
get() {
	ask "read$1" $(($2))
	printf '0x%x\n' "$value"
}
put() {
	ask "write$1" $(($2)) $(($3))
}
# config BUS DEVICE OFFSET: the address of its config space.
config() {
	echo $((0xb0000000 | $1 << 20 | $2 << 15 | $3))
}
# capability BUS DEVICE ID: its offset.
capability() {
	local at
	at=$(get b "$(config "$1" "$2" 0x34)")
	until (($(get b "$(config "$1" "$2" "$at")") == $3)); do at=$(get b "$(config "$1" "$2" $((at + 1)))"); done
	echo "$at"
}
start -device qemu-xhci,addr=2.0 -device intel-hda,addr=3.0
for device in 2 3; do
	put l "$(config 0 $device 0x10)" $((0xc0000000 + device * 0x100000))
	put l "$(config 0 $device 0x14)" 0
	put w "$(config 0 $device 4)" 2
done
xhci=0xc0200000
audio=0xc0300000
{
	echo "xHCI: 32 bits at 0 $(get l $xhci), 8 bits at 0 $(get b $xhci), 16 bits at 2 $(get w $((xhci + 2)))"
	echo "HD Audio: 32 bits at 0 $(get l $audio), 16 bits at 0 $(get w $audio), 8 bits at 3 $(get b $((audio + 3)))"
} | tee seen
grep -q '^xHCI: 32 bits at 0 0x1000040, 8 bits at 0 0x40, 16 bits at 2 0x0$' seen
grep -q '^HD Audio: 32 bits at 0 0x4401, 16 bits at 0 0x4401, 8 bits at 3 0x1$' seen
