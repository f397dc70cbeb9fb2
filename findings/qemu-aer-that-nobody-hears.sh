#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# package: qemu-system-x86 1:11.1.3+ds-1 (e1000e, igb), of Debian unstable
# guess:   both have Advanced Error Reporting, and the emulator's pcie_aer_inject_error takes them. With the enables of
#          Device Control on, as for any function with AER, an injected correctable error reaches the root port:
#          Root Error Status has ERR_COR Received and the source is 01:00.0 (PCIe 6.0 sections 6.2.5 and 7.5.3.4).
# seen:    Device Control takes none of the enables, it stays 0. The error is in the card's own status registers, the
#          root port never hears of it, and Device Status is not cleared by ones. virtio-net-pci,aer=on does it all.
# matters: who tests a driver's error handlers, or AER's counters and alerts, on the two network cards that people take
#          for it sees that injecting "OK" does nothing, and looks for the fault in the kernel's set-up and in the code.
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
	mkfifo to from monitor.in monitor.out
	QEMU_MODULE_DIR=$libraries/qemu "$loader" --library-path "$libraries" root/usr/bin/qemu-system-x86_64 \
		-L root/usr/share/qemu -L root/usr/share/seabios -machine q35 -accel qtest -nodefaults \
		-display none -qtest stdio -monitor pipe:monitor "$@" \
		<to >from 2>log &
	qemu=$!
	trap 'kill $qemu 2>/dev/null || true; rm -rf "$work"' EXIT
	exec 3>to 4<from 5<>monitor.in
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
stop() {
	exec 3>&- 4<&- 5>&-
	kill "$qemu"
	wait "$qemu" || true
	rm to from monitor.in monitor.out
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
# extended BUS DEVICE ID: its offset.
extended() {
	local at=0x100
	until (($(get w "$(config "$1" "$2" "$at")") == $3)); do at=$(($(get l "$(config "$1" "$2" "$at")") >> 20)); done
	echo "$at"
}

for card in e1000e igb virtio-net-pci,aer=on,disable-legacy=on; do
	start -device pcie-root-port,id=rp,chassis=1,slot=1,addr=2.0 -device "$card,bus=rp,id=card"
	open_port
	express=$(config 1 0 "$(capability 1 0 0x10)")
	status=$(($(config 1 0 "$(extended 1 0 1)") + 0x10))
	root=$(($(config 0 2 "$(extended 0 2 1)") + 0x30))
	# All reporting on, by Command and Bridge Control (SERR#) as well as by Device Control.
	put w "$(config 1 0 4)" 0x106
	put w "$(config 0 2 4)" 0x107
	put w "$(config 0 2 0x3e)" 2
	put w $((express + 8)) 0xf
	put w $(($(config 0 2 "$(capability 0 2 0x10)") + 8)) 0xf
	echo 'pcie_aer_inject_error card RCVR' >&5
	for ((tries = 40; tries > 0 && $(get l $status) == 0; tries--)); do sleep 0.05; done
	{
		echo "${card%%,*}: Device Control $(get w $((express + 8)))"
		echo "  correctable error status $(get l $status), Device Status $(get w $((express + 10)))"
		echo "  root error status $(get l $root), source $(get w $((root + 4)))"
		put w $((express + 10)) 0xf
		echo "  Device Status after 0xf was written to it $(get w $((express + 10)))"
	} | tee -a seen
	stop
done
diff seen - <<'END'
e1000e: Device Control 0x0
  correctable error status 0x1, Device Status 0x1
  root error status 0x0, source 0x0
  Device Status after 0xf was written to it 0x1
igb: Device Control 0x0
  correctable error status 0x1, Device Status 0x1
  root error status 0x0, source 0x0
  Device Status after 0xf was written to it 0x1
virtio-net-pci: Device Control 0xf
  correctable error status 0x1, Device Status 0x1
  root error status 0x1, source 0x100
  Device Status after 0xf was written to it 0x0
END
