#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# package: qemu-system-x86 1:11.1.3+ds-1 (cxl-type3), of Debian unstable
# guess:   with CONFIG_LOCK of a CXL device's DVSEC at 1, CXL Control is read-only, and so is the lock, until a reset (CXL 3.0
#          sections 8.1.3.2 and 8.1.3.6). A HDM decoder that was committed with Lock On Commit keeps its base, size and
#          control, Committed with them (section 8.2.4.19).
# seen:    all of them take what is written. Mem_Enable goes off with the lock at 1, the lock goes off, the decoder has another
#          base and size and is no longer committed.
# matters: firmware locks what it set up for the operating system's life. A driver that first checks whether it may change a
#          decoder, and one that does not, both work here; on a machine the second one's region is where the firmware put it,
#          and what it reads back is the only sign.
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
		-L root/usr/share/qemu -L root/usr/share/seabios -machine q35,cxl=on -accel qtest -nodefaults \
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
# extended BUS ID: where the capability is; for a DVSEC of CXL with DVSEC-ID, extended BUS 0x23 DVSEC-ID.
extended() {
	local at=0x100 header
	while ((at)); do
		header=$(get l "$(config "$1" 0 $((at)))")
		if (((header & 0xffff) == $2)); then
			(($# == 2)) || (($(get w "$(config "$1" 0 $((at + 8)))") == $3)) || { at=$((header >> 20)) && continue; }
			echo "$at"
			return
		fi
		at=$((header >> 20))
	done
}
# The card's registers at 0xc0000000, below a root port on bus 12.
open_card() {
	put l "$(config 12 0 0x18)" 0xd0d0c
	put l "$(config 12 0 0x20)" 0xc0f0c000
	put w "$(config 12 0 4)" 7
	put l "$(config 13 0 0x10)" 0xc0000000
	put l "$(config 13 0 0x14)" 0
	put w "$(config 13 0 4)" 6
}

start -object memory-backend-ram,id=memory,size=256M -device pxb-cxl,bus_nr=12,bus=pcie.0,id=cxl \
	-device cxl-rp,port=0,bus=cxl,id=rp,chassis=1,slot=1 -device cxl-type3,bus=rp,volatile-memdev=memory
open_card
control=$(($(config 13 0 "$(extended 13 0x23 0)") + 0xc))
lock=$((control + 8))

put w $control 6
put w $lock 1
echo "CXL Control $(get w $control), CXL Lock $(get w $lock)" | tee seen
put w $control 2
put w $lock 0
echo "2 and 0 written: CXL Control $(get w $control), CXL Lock $(get w $lock)" | tee -a seen

# The HDM decoders are the component register block with the id 5.
block=$((0xc0001000))
capabilities=$(get l $block)
for ((i = 1; i <= capabilities >> 24; i++)); do
	entry=$(get l $((block + 4 * i)))
	(((entry & 0xffff) != 5)) || decoder=$((block + (entry >> 20) + 0x10))
done
decoder() {
	echo "$1: base $(get l "$decoder"), size $(get l $((decoder + 8))), control $(get l $((decoder + 16)))" | tee -a seen
}
put l "$decoder" 0x40000000
put l $((decoder + 8)) 0x10000000
put l $((decoder + 16)) 0x300
decoder 'committed, locked on commit'
put l "$decoder" 0x60000000
put l $((decoder + 8)) 0x20000000
decoder 'base and size written'
put l $((decoder + 16)) 0
decoder 'control written'
diff seen - <<'EOF'
CXL Control 0x6, CXL Lock 0x1
2 and 0 written: CXL Control 0x2, CXL Lock 0x0
committed, locked on commit: base 0x40000000, size 0x10000000, control 0x700
base and size written: base 0x60000000, size 0x20000000, control 0x700
control written: base 0x60000000, size 0x20000000, control 0x0
EOF
