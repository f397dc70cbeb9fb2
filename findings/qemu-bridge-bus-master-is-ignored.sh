#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# package: qemu-system-x86 1:11.1.3+ds-1 (q35, pcie-root-port, edu), of Debian unstable
# guess:   Bus Master Enable of a root port is what lets memory requests of what is below it go up: with a 0 it answers
#          each as an Unsupported Request (PCIe 6.0 section 7.5.1.1.3, bit 2 for type 1 headers), and no DMA gets
#          through, whatever the device's own bit is.
# seen:    the port's bit makes no difference: the device reads from memory and writes to it with a 0 as with a 1. The
#          device's own bit is obeyed.
# matters: code that forgets the bit of a bridge above its device works in this virtual machine, and on a machine its
#          DMA never arrives; and who clears the port's bit to quiet all below it finds memory written to afterwards.
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

start -device pcie-root-port,id=rp,chassis=1,slot=1,addr=2.0 -device edu,bus=rp
open_port
bar=0xc0000000
buffer=0x40000 # edu's own, as its registers name it
put l "$(config 1 0 0x10)" $bar
put w "$(config 1 0 4)" 6
# dma FROM TO COMMAND: 4 bytes, without an interrupt; edu does it 100 ms after the command.
dma() {
	put q $((bar + 0x80)) "$1"
	put q $((bar + 0x88)) "$2"
	put q $((bar + 0x90)) 4
	put q $((bar + 0x98)) "$3"
	ask clock_step 200000000
}
enable() {
	put w "$(config 0 2 4)" $((2 | $1 << 2))
	put w "$(config 1 0 4)" $((2 | $2 << 2))
}
# One word on its way from memory to edu and back; a new one each time, so that no older one is taken for it.
word=0xa5000000
while read -r direction port device; do
	word=$((word + 1))
	put l 0x100000 $word
	put l 0x100100 0
	[[ $direction != read ]] || enable "$port" "$device"
	dma 0x100000 $buffer 1
	enable 1 1
	[[ $direction != write ]] || enable "$port" "$device"
	dma $buffer 0x100100 3
	enable 1 1
	arrived=0
	(($(get l 0x100100) != word)) || arrived=1
	echo "$direction, Bus Master Enable of the port $port, of the device $device: arrived $arrived" | tee -a seen
done <<'EOF'
read 1 1
write 1 1
read 0 1
write 0 1
read 1 0
write 1 0
EOF
diff seen - <<'EOF'
read, Bus Master Enable of the port 1, of the device 1: arrived 1
write, Bus Master Enable of the port 1, of the device 1: arrived 1
read, Bus Master Enable of the port 0, of the device 1: arrived 1
write, Bus Master Enable of the port 0, of the device 1: arrived 1
read, Bus Master Enable of the port 1, of the device 0: arrived 0
write, Bus Master Enable of the port 1, of the device 0: arrived 0
EOF
