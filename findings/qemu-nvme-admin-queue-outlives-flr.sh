#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# package: qemu-system-x86 1:11.1.3+ds-1 (nvme), of Debian unstable
# guess:   a Function Level Reset, which it takes, clears the admin queue's registers AQA and ASQ with all others
#          (PCIe 6.0 section 6.6.2; NVMe 1.4 section 7.3.2). Only a reset by CC.EN leaves them (section 3.1.5).
# seen:    Command, the BAR, CC and the MSI-X masks are reset, and AQA and ASQ are still what the driver before wrote.
# matters: a driver that forgets to write them starts all the same after whoever had the device before, with an admin
#          queue at an address of that one's memory. A test that "FLR leaves nothing behind" has to look elsewhere
#          than here.
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
# The port 00:02.0: bus 1 below it, a memory window of 0xc0000000-0xc0ffffff, and all decoding on.
open_port() {
	put l "$(config 0 2 0x18)" 0x10100
	put l "$(config 0 2 0x20)" 0xc0f0c000
	put w "$(config 0 2 4)" 7
}
truncate -s 1M disk
start -device pcie-root-port,id=rp,chassis=1,slot=1,addr=2.0 -drive file=disk,format=raw,if=none,id=disk \
	-device nvme,drive=disk,serial=1,bus=rp
open_port
nvme=0xc0000000
control=$(config 1 0 $(($(capability 1 0 0x10) + 8)))
decode() {
	put l "$(config 1 0 0x10)" $nvme
	put l "$(config 1 0 0x14)" 0
	put w "$(config 1 0 4)" 6
}
show() {
	echo "$1: CC $(get l $((nvme + 0x14))), CSTS $(get l $((nvme + 0x1c))), AQA $(get l $((nvme + 0x24)))," \
		"ASQ $(get q $((nvme + 0x28)))" | tee seen
}
decode
show 'at first'
grep -q 'AQA 0x0, ASQ 0x0$' seen
put l $((nvme + 0x24)) 0xf000f
put q $((nvme + 0x28)) 0x100000
put q $((nvme + 0x30)) 0x101000
put l $((nvme + 0x14)) 0x460001
show 'enabled'
put w "$control" 0x8000
echo "behind the reset: Command $(get w "$(config 1 0 4)"), BAR 0 $(get l "$(config 1 0 0x10)")" | tee seen
grep -q 'Command 0x0, BAR 0 0x4$' seen
decode
show 'decoding again'
grep -q 'CC 0x0, CSTS 0x0, AQA 0xf000f, ASQ 0x100000$' seen
