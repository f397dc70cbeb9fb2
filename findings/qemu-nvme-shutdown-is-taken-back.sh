#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# package: qemu-system-x86 1:11.1.3+ds-1 (nvme), of Debian unstable
# guess:   after a normal shutdown (CC.SHN 01b) CSTS.SHST is 10b, complete, and stays so until the controller is reset by
#          CC.EN; CC.SHN 00b is no notification and has no effect (NVMe 1.4 sections 3.1.5, 3.1.6 and 7.6.2).
# seen:    CC.SHN 00b written, and SHST is 00b: as if there had been no shutdown.
# matters: a driver whose resume takes its request back and finds SHST 00b goes on without the reset: it works in this virtual
#          machine; what a drive does with the commands that come then is not defined.
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
# The port 00:02.0: bus 1 below it, a memory window of 0xc0000000-0xc0ffffff, and all decoding on.
open_port() {
	put l "$(config 0 2 0x18)" 0x10100
	put l "$(config 0 2 0x20)" 0xc0f0c000
	put w "$(config 0 2 4)" 7
}
regs=0xc0000000 queue=0x100000 completions=0x101000
state() {
	echo "CC $(get l $((regs + 0x14))), CSTS $(get l $((regs + 0x1c)))"
}
start -device pcie-root-port,id=rp,chassis=1,slot=1,addr=2.0 \
	-drive if=none,id=disk,file=null-co://,format=raw -device nvme,serial=a,drive=disk,bus=rp
open_port
put l "$(config 1 0 0x10)" $regs
put l "$(config 1 0 0x14)" 0
put w "$(config 1 0 4)" 6
put l $((regs + 0x24)) 0x1f001f
put q $((regs + 0x28)) $queue
put q $((regs + 0x30)) $completions
for cc in 0x460001 0x464001 0x460001; do
	put l $((regs + 0x14)) $cc
	state
done | tee seen
diff seen - <<'END'
CC 0x460001, CSTS 0x1
CC 0x464001, CSTS 0x9
CC 0x460001, CSTS 0x1
END
