#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# package: qemu-system-x86 1:11.1.3+ds-1 (ich9-ahci), of Debian unstable
# guess:   a COMRESET (PxSCTL.DET 1, then 0) of a port with a disk ends with PxSSTS.DET 3, and with PxSERR.DIAG.X set and
#          PxIS.PCS with it, as the disk's COMINIT sets them: software has to write PxSERR to clear what the reset set
#          (AHCI 1.3.1 sections 3.3.12 and 10.4.2).
# seen:    PxSERR is 0 during and after it, PxIS.PCS too: nothing was exchanged. PxSSTS stays as it is in between.
# matters: a driver that never writes PxSERR works in this virtual machine. On hardware PCS cannot be cleared by PxIS, as
#          it follows DIAG.X, and with PxIE.PCS set its interrupt comes again without an end after the first reset.
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
regs=0xd0000000 port=0xd0000100
state() {
	local serr is
	serr=$(get l $((port + 0x30)))
	is=$(get l $((port + 0x10)))
	echo "$1: SSTS $(get l $((port + 0x28))), SERR $serr, DIAG.X $((serr >> 26 & 1)), PCS $((is >> 6 & 1))"
}

start -drive if=none,id=disk,file=null-co://,format=raw -device ide-hd,drive=disk,bus=ide.0
put l $(($(config 0 31 0x24) | 2 << 12)) $regs
put w $(($(config 0 31 4) | 2 << 12)) 6
# AHCI mode; a place for the command list and for received FISes, which are then received.
put l $((regs + 4)) 0x80000000
put q $port 0x100000
put q $((port + 8)) 0x101000
put l $((port + 0x18)) 0x16
put l $((port + 0x30)) 0xffffffff
put l $((port + 0x10)) 0xffffffff
{
	state 'before'
	put l $((port + 0x2c)) 1
	ask clock_step 10000000
	state 'COMRESET'
	put l $((port + 0x2c)) 0
	ask clock_step 1000000000
	state '1 s after it'
} | tee seen
signature=$(get l $((port + 0x24)))
echo "the disk's signature: $signature"
[[ $signature == 0x101 ]]
diff seen - <<'END'
before: SSTS 0x113, SERR 0x0, DIAG.X 0, PCS 0
COMRESET: SSTS 0x113, SERR 0x0, DIAG.X 0, PCS 0
1 s after it: SSTS 0x113, SERR 0x0, DIAG.X 0, PCS 0
END
