#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# package: qemu-system-x86 1:11.1.3+ds-1 (q35, pcie-root-port, igb), of Debian unstable
# guess:   while Secondary Bus Reset of a root port is 1 the link below it is in Hot Reset, and with Link Disable 1 it is
#          in Disabled (PCIe 6.0 sections 4.2.7.10, 4.2.7.11, 7.5.1.3.13 and 7.5.3.7): the card reads as all ones, in
#          config space and in its BAR, until the bit is 0 again.
# seen:    the card is reset when the first bit is set, and then answers at once, with the bit still 1. It takes an
#          address and memory decoding, its registers can be read, and both are still there afterwards. Link Disable
#          takes no 1 and the card goes on as before.
# matters: code that touches a card too early, before the reset is over, works here, and on a machine it reads all ones
#          and loses what it wrote; code that waits for the card to be gone, so as to know that the reset or the
#          disabling has begun, waits forever.
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
		-L root/usr/share/qemu -L root/usr/share/seabios -machine q35 -accel qtest -nodefaults \
		-display none -qtest stdio "$@" \
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
stop() {
	exec 3>&- 4<&-
	kill "$qemu"
	wait "$qemu" || true
	rm to from
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
# The port 00:02.0: bus 1 below it, a memory window of 0xc0000000-0xc0ffffff, and all decoding on.
open_port() {
	put l "$(config 0 2 0x18)" 0x10100
	put l "$(config 0 2 0x20)" 0xc0f0c000
	put w "$(config 0 2 4)" 7
}

start -device pcie-root-port,id=rp,chassis=1,slot=1,addr=2.0 -device igb,bus=rp
open_port
put l "$(config 1 0 0x10)" 0xc0000000
put w "$(config 1 0 4)" 2
bridge_control=$(config 0 2 0x3e)
link_control=$(($(config 0 2 "$(capability 0 2 0x10)") + 0x10))
state() {
	echo "$1: ids $(get l "$(config 1 0 0)"), Command $(get w "$(config 1 0 4)")," \
		"BAR 0 $(get l "$(config 1 0 0x10)"), STATUS $(get l 0xc0000008)" | tee -a seen
}
state 'at the start'
put w "$bridge_control" 0x40
state "Bridge Control $(get w "$bridge_control")"
put l "$(config 1 0 0x10)" 0xc0000000
put w "$(config 1 0 4)" 2
state "Bridge Control $(get w "$bridge_control"), set up"
put w "$bridge_control" 0
state "Bridge Control $(get w "$bridge_control")"
put w $link_control 0x10
state "0x10 written to Link Control, it is $(get w $link_control)"
diff seen - <<'EOF'
at the start: ids 0x10c98086, Command 0x2, BAR 0 0xc0000000, STATUS 0x80080481
Bridge Control 0x40: ids 0x10c98086, Command 0x0, BAR 0 0x0, STATUS 0x0
Bridge Control 0x40, set up: ids 0x10c98086, Command 0x2, BAR 0 0xc0000000, STATUS 0x80080481
Bridge Control 0x0: ids 0x10c98086, Command 0x2, BAR 0 0xc0000000, STATUS 0x80080481
0x10 written to Link Control, it is 0x0: ids 0x10c98086, Command 0x2, BAR 0 0xc0000000, STATUS 0x80080481
EOF
