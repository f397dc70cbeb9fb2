#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# package: u-boot-qemu 2025.01-3.2 (qemu_arm64, on the machine virt of qemu-system-arm 11.1.3 with an nvme and an
#          ivshmem-plain), of Debian unstable
# guess:   "pci bar" has BARs by their numbers, which is the column ID: of a drive with a BAR of 64 bits and its controller
#          memory buffer in BAR 2 (CMBLOC.BIR) these are 0 and 2, as the upper half of a BAR of 64 bits is BAR 1
#          (PCIe 6.0 section 7.5.1.2.1).
# seen:    0 and 1. One of 64 bits counts once; one that there is not counts too: ivshmem, which has the BARs 0 and 2, has
#          0 and 2.
# matters: data sheets, a capability's BIR and Linux' resourceN mean the register. What is looked up as BAR 1 here is half
#          of BAR 0 there, and BAR 2 is not found.
set -euo pipefail

version=2025.01-3.2
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
cat >conf <<EOF
Dir::Etc::sourcelist "$work/sources";
Dir::Etc::sourceparts "-";
Dir::State::lists "$work/lists";
Dir::State::status "$work/status";
Dir::Cache "$work/cache";
APT::Sandbox::User "root";
EOF
echo "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] $site sid main" >sources
export APT_CONFIG=$work/conf
apt-get -q -o Acquire::Check-Valid-Until=false update >log 2>&1 || unavailable
mapfile -t needed < <(apt-cache depends --recurse --no-recommends --no-suggests --no-conflicts --no-breaks \
	--no-replaces --no-enhances u-boot-qemu qemu-system-arm | sed -n 's/^\([a-z0-9][a-z0-9.+-]*\)$/\1/p' | grep -vx u-boot-qemu)
apt-get -q download "u-boot-qemu=$version" "${needed[@]}" >log 2>&1 || unavailable
for file in ./*.deb; do dpkg -x "$file" root; done
loader=$(find root/usr/lib -name 'ld-linux*.so.[0-9]' | head -n 1)
libraries=$(find root/usr/lib -name libc.so.6 -printf '%h\n' | head -n 1)

# say COMMAND: types it at U-Boot's prompt and waits until it is done.
count=0
say() {
	count=$((count + 1))
	printf '%s; echo end of %s\r' "$1" $count >&3
	expect "^end of $count"
}
# expect PATTERN [KEY]: waits for it in what was printed, typing KEY meanwhile.
expect() {
	local tries
	for ((tries = 1200; tries > 0; tries--)); do
		! grep -aq "$1" out || return 0
		kill -0 $qemu 2>/dev/null || unavailable
		printf '%b' "${2:-}" >&3
		sleep 0.25
	done
	unavailable
}
# start DEVICE...: the machine "virt" with U-Boot, up to the prompt.
start() {
	touch out
	mkfifo in
	exec 3<>in
	QEMU_MODULE_DIR=$libraries/qemu "$loader" --library-path "$libraries" root/usr/bin/qemu-system-aarch64 \
		-L root/usr/share/qemu -machine virt,accel=tcg -cpu cortex-a57 -m 256 -nodefaults -display none -serial stdio \
		-bios root/usr/lib/u-boot/qemu_arm64/u-boot.bin "$@" <in >out 2>log &
	qemu=$!
	trap 'kill $qemu 2>/dev/null || true; rm -rf "$work"' EXIT
	# What is typed before the serial port is set up stays there for ever.
	expect 'stop autoboot'
	expect '^=> ' '\r'
}

start -device nvme,serial=1,cmb_size_mb=16,addr=3.0 -object memory-backend-ram,id=memory,size=16M \
	-device ivshmem-plain,memdev=memory,addr=5.0
for device in 0.3.0 0.5.0; do
	say "pci bar $device"
	say "pci header $device"
done
kill $qemu
wait $qemu || true
dpkg-deb -f u-boot-qemu_*.deb Version
sed 's/\x1b[][()?0-9;]*[A-Za-z]//g; s/ *\r//g' out | grep -a '^ID\|^ *[0-9]  *0x\|base address [0-5]\|^=> pci bar' |
	sed 's/; echo.*//' | tee seen
diff seen - <<'EOF'
=> pci bar 0.3.0
ID   Base                Size                Width  Type
 0   0x0000000010000000  0x0000000000004000  64     MEM
 1   0x0000000011000000  0x0000000001000000  64     MEM   Prefetchable
  base address 0 =              0x10000004
  base address 1 =              0x00000000
  base address 2 =              0x1100000c
  base address 3 =              0x00000000
  base address 4 =              0x00000000
  base address 5 =              0x00000000
=> pci bar 0.5.0
ID   Base                Size                Width  Type
 0   0x0000000012000000  0x0000000000000100  32     MEM
 2   0x0000000013000000  0x0000000001000000  64     MEM   Prefetchable
  base address 0 =              0x12000000
  base address 1 =              0x00000000
  base address 2 =              0x1300000c
  base address 3 =              0x00000000
  base address 4 =              0x00000000
  base address 5 =              0x00000000
EOF
