#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# package: qemu-system-x86 1:11.1.3+ds-1 (nvme, virtio-net-pci), of Debian unstable
# guess:   a Function Level Reset clears Device Control's error reporting enables, and keeps Common Clock Configuration of Link
#          Control, which is among the few that it must not touch (PCIe 6.0 section 6.6.2). A hot reset, by Secondary Bus
#          Reset of the port, clears both.
# seen:    on nvme the enables are as they were after the one and after the other, while Command is cleared. On virtio-net-pci
#          they are cleared, and so is Common Clock Configuration.
# matters: code that resets functions is tried in virtual machines. What forgets to enable error reporting again works here,
#          and on a machine no error of that drive is reported from then on; what checks that Link Control was left alone
#          fails here only.
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

start -device pcie-root-port,id=one,chassis=1,slot=1,addr=2.0 -device nvme,serial=1,bus=one \
	-device pcie-root-port,id=two,chassis=2,slot=2,addr=3.0 -device virtio-net-pci,bus=two
put l "$(config 0 2 0x18)" 0x10100
put l "$(config 0 3 0x18)" 0x20200
state() {
	echo "$2: Command $(get w "$(config "$1" 0 4)"), Device Control $(get w "$device_control")," \
		"Link Control $(get w $((device_control + 8)))" | tee -a seen
}
set_up() {
	put w "$(config "$1" 0 4)" 6
	put w "$device_control" 0xf
	put w $((device_control + 8)) 0x40
}
for bus in 1 2; do
	device_control=$(($(config $bus 0 "$(capability $bus 0 0x10)") + 8))
	echo "ids $(get l "$(config $bus 0 0)"), FLR $(($(get l $((device_control - 4))) >> 28 & 1))" | tee -a seen
	set_up $bus
	state $bus 'set up'
	put w "$device_control" 0x800f
	state $bus 'FLR'
	set_up $bus
	put w "$(config 0 $((bus + 1)) 0x3e)" 0x40
	put w "$(config 0 $((bus + 1)) 0x3e)" 0
	state $bus 'hot reset'
done
diff seen - <<'EOF'
ids 0x101b36, FLR 1
set up: Command 0x6, Device Control 0xf, Link Control 0x0
FLR: Command 0x0, Device Control 0xf, Link Control 0x0
hot reset: Command 0x0, Device Control 0xf, Link Control 0x0
ids 0x10411af4, FLR 1
set up: Command 0x6, Device Control 0xf, Link Control 0x40
FLR: Command 0x0, Device Control 0x0, Link Control 0x0
hot reset: Command 0x0, Device Control 0x0, Link Control 0x0
EOF
