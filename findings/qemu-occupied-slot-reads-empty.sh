#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# package: qemu-system-x86 1:11.1.3+ds-1 (q35, pcie-root-port), of Debian unstable
# guess:   a root port with a card in its slot, which answers in config space and in its BAR, has Presence Detect
#          State and, as its link is up, Data Link Layer Link Active, of which it says that it reports it (PCIe 6.0
#          sections 7.5.3.8 and 7.5.3.11).
# seen:    with all as it is by default both are 0, with an occupied slot as with an empty one: on Q35 the hot-plug is
#          ACPI's, and nobody sets the port's bits. With ICH9-LPC.acpi-pci-hotplug-with-bridge-support=off they are
#          there.
# matters: who asks the port first, as one does for a card that does not appear, finds "no card, no link" above a card
#          that works; a tool's test for an empty slot holds there for the wrong reason.
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
# state DEVICE: what the port 00:DEVICE.0 says of its slot and its link.
state() {
	local express reports present active
	express=$(capability 0 "$1" 0x10)
	reports=$(($(get l "$(config 0 "$1" $((express + 0xc)))") >> 20 & 1))
	present=$(($(get w "$(config 0 "$1" $((express + 0x1a)))") >> 6 & 1))
	active=$(($(get w "$(config 0 "$1" $((express + 0x12)))") >> 13 & 1))
	echo "reporting capable $reports, presence $present, link active $active"
}

for acpi in on off; do
	start -global ICH9-LPC.acpi-pci-hotplug-with-bridge-support=$acpi \
		-device pcie-root-port,id=rp,chassis=1,slot=1,addr=2.0 -device e1000e,bus=rp \
		-device pcie-root-port,id=empty,chassis=2,slot=2,addr=3.0
	open_port
	put l "$(config 1 0 0x10)" 0xc0000000
	put w "$(config 1 0 4)" 2
	{
		echo "ACPI hot-plug $acpi: the card has the ids $(get l "$(config 1 0 0)"), its STATUS is $(get l 0xc0000008)"
		echo "its port: $(state 2)"
		echo "the other port: $(state 3)"
	} | tee seen
	occupied=0
	[[ $acpi == on ]] || occupied=1
	grep -q 'ids 0x10d38086, its STATUS is 0x80' seen
	grep -qx "its port: reporting capable 1, presence $occupied, link active $occupied" seen
	grep -qx 'the other port: reporting capable 1, presence 0, link active 0' seen
	stop
done
