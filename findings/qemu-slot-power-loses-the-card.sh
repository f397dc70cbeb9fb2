#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# package: qemu-system-x86 1:11.1.3+ds-1 (q35, pcie-root-port, e1000e), of Debian unstable
# guess:   a slot with a power controller is switched off and on by Power Controller Control; the Power Indicator is
#          only a lamp (PCIe 6.0 sections 6.7.1.1.2 and 7.5.3.10). Off, the card in it reads as all ones; on again it is
#          back, as nobody pulled it out: that is the way to restart a card that hangs.
# seen:    so it is when the lamp is on or blinks at the switching off. When the same write puts it out,
#          the card is pulled out: Presence Detect State is 0, and after the power came back its ids are all ones still.
# matters: whoever restarts a card in a virtual machine and puts the lamp right, as hot-plug software does, loses it
#          until someone plugs it in from outside; the same accesses restart the card on a machine with such slots.
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

# After the line's Power Indicator Control: on 1, blinking 2, off 3.
for lamp in 1 2 3; do
	start -global ICH9-LPC.acpi-pci-hotplug-with-bridge-support=off \
		-device pcie-root-port,id=rp,chassis=1,slot=1,addr=2.0 -device e1000e,bus=rp
	open_port
	slot=$(($(config 0 2 "$(capability 0 2 0x10)") + 0x14))
	(($(get l $slot) & 2)) # it has a power controller
	state() {
		echo "  $1: the card's ids $(get l "$(config 1 0 0)"), presence $(($(get w $((slot + 6))) >> 6 & 1))"
	}
	# The Attention Indicator stays off (bits 7:6); bit 10 is Power Controller Control, 1 for off.
	{
		echo "Power Indicator $lamp"
		put w $((slot + 4)) 0x1c0
		state 'at the start'
		put w $((slot + 4)) $((0x4c0 | lamp << 8))
		state 'power off'
		put w $((slot + 4)) 0x1c0
		state 'power on'
	} | tee -a seen
	stop
done
diff seen - <<'EOF'
Power Indicator 1
  at the start: the card's ids 0x10d38086, presence 1
  power off: the card's ids 0xffffffff, presence 1
  power on: the card's ids 0x10d38086, presence 1
Power Indicator 2
  at the start: the card's ids 0x10d38086, presence 1
  power off: the card's ids 0xffffffff, presence 1
  power on: the card's ids 0x10d38086, presence 1
Power Indicator 3
  at the start: the card's ids 0x10d38086, presence 1
  power off: the card's ids 0xffffffff, presence 0
  power on: the card's ids 0xffffffff, presence 0
EOF
