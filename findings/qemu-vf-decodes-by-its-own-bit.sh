#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# package: qemu-system-x86 1:11.1.3+ds-1 (igb), of Debian unstable
# guess:   Memory Space Enable in the Command of a virtual function is read-only 0 (PCIe 6.0 section 9.3.4.1.3): VF
#          MSE, in the SR-IOV Control of the physical one, is what lets all of them decode.
# seen:    the reverse. With VF MSE on, and VF Enable, a function's BAR does not answer; its Command takes a 2, then
#          it does, alone, and goes on when VF MSE is switched off.
# matters: code that sets up functions by the specification finds all of them dead here; code that was made to work
#          here looks at a bit that hardware has as 0, and tells of each working function that its decoding is off.
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
put w "$(config 1 0 4)" 6
sriov=$(config 1 0 0x100)
until (($(get w "$sriov") == 0x10)); do sriov=$(config 1 0 $(($(get l "$sriov") >> 20))); done
put w $((sriov + 0x10)) 2
put l $((sriov + 0x24)) 0xc0800000
put l $((sriov + 0x28)) 0
# The first function is at 01:10.0, the second at 01:10.2; BAR 0 of each has 16 KiB.
for case in '9 0' '9 2' '1 2'; do
	read -r control command <<<"$case"
	put w $((sriov + 8)) "$control"
	put w "$(config 1 0x10 4)" "$command"
	echo "SR-IOV Control $(get w $((sriov + 8))), Command of the first function $(get w "$(config 1 0x10 4)"):" \
		"STATUS of the first $(get l 0xc0800008), of the second $(get l 0xc0804008)" | tee -a seen
done
grep -q 'Control 0x9, .* 0x0: STATUS of the first 0x0, of the second 0x0' seen
grep -q 'Control 0x9, .* 0x2: STATUS of the first 0x8.*, of the second 0x0' seen
grep -q 'Control 0x1, .* 0x2: STATUS of the first 0x8.*, of the second 0x0' seen
