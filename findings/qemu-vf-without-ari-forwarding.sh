#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# package: qemu-system-x86 1:11.1.3+ds-1 (q35, pcie-root-port, igb), of Debian unstable
# guess:   a root port whose ARI Forwarding Enable is 0 sends on configuration requests for device 0 of the bus below it
#          only and answers those for devices 1 to 31 as Unsupported Requests (PCIe 6.0 sections 6.13 and 7.3.1): a
#          virtual function at 01:10.0 reads as all ones until the bit is 1.
# seen:    the bit is 0, as it is after a reset, and the virtual function answers, as with a 1.
# matters: a driver, a hypervisor or firmware that forgets the bit finds all virtual functions here and, on a machine,
#          only those with the device number 0.
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
express=$(config 0 2 "$(capability 0 2 0x10)")
(($(get l $((express + 0x24))) & 0x20)) # the port is capable of ARI forwarding
sriov=$(config 1 0 0x100)
until (($(get w "$sriov") == 0x10)); do sriov=$(config 1 0 $(($(get l "$sriov") >> 20))); done
put w $((sriov + 0x10)) 2
for case in '0 0' '1 0' '1 1'; do
	read -r enable forwarding <<<"$case"
	put w $((express + 0x28)) $((forwarding << 5))
	put w $((sriov + 8)) "$enable"
	echo "VF Enable $enable, Device Control 2 of the port $(get w $((express + 0x28))):" \
		"first VF offset $(get w $((sriov + 0x14))), class and revision at 01:10.0 $(get l "$(config 1 0x10 8)")" |
		tee -a seen
done
diff seen - <<'EOF'
VF Enable 0, Device Control 2 of the port 0x0: first VF offset 0x80, class and revision at 01:10.0 0xffffffff
VF Enable 1, Device Control 2 of the port 0x0: first VF offset 0x80, class and revision at 01:10.0 0x2000001
VF Enable 1, Device Control 2 of the port 0x20: first VF offset 0x80, class and revision at 01:10.0 0x2000001
EOF
