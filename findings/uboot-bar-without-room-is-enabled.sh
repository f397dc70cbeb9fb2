#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# package: u-boot-qemu 2025.01-3.2 (qemu_arm64, on the machine virt of qemu-system-arm 11.1.3), of Debian unstable
# guess:   a BAR for which there is no room is named when the bus is set up, and stays 0; memory decoding of its function
#          stays off, as in Linux ("BAR 2: not assigned; can't enable device").
# seen:    it is named, "Failed autoconfig bar 18", and has the ones that it was sized with from then on, with memory decoding
#          and bus mastering on: "pci bar" shows it as any other, at ffffffffc0000000. It is one of 1 GiB; the 512 GiB at
#          8000000000, which the device tree has for such, are not among U-Boot's regions.
# matters: the card looks assigned and enabled, also to what is started next, at an address that no bridge passes on and
#          nobody gave it, and its driver maps that. Whoever looks for the fault has a BAR of all ones to tell it by, as the
#          line went by before the prompt.
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

start -object memory-backend-ram,id=memory,size=1G -device ivshmem-plain,memdev=memory,addr=5.0
say 'pci bar 0.5.0'
say 'pci header 0.5.0'
# shellcheck disable=SC2016 # U-Boot's own variable
say 'fdt addr $fdtcontroladdr; fdt print /pcie@10000000 ranges'
say 'pci regions 0'
kill $qemu
wait $qemu || true
dpkg-deb -f u-boot-qemu_*.deb Version
sed 's/\x1b[][()?0-9;]*[A-Za-z]//g; s/ *\r//g' out |
	grep -a 'Failed\|^ *[0-9]  *0x\|command register\|base address [23]\|^ranges' | sed 's/<.* \(0x03\)/<... \1/' | tee seen
diff seen - <<'EOF'
PCI: Failed autoconfig bar 18
 0   0x0000000010000000  0x0000000000000100  32     MEM
 2   0xffffffffc0000000  0x0000000040000000  64     MEM   Prefetchable
  command register ID =         0x0006
  base address 2 =              0xc000000c
  base address 3 =              0xffffffff
ranges = <... 0x03000000 0x00000080 0x00000000 0x00000080 0x00000000 0x00000080 0x00000000>
0   0x0000000000000000 0x000000003eff0000 0x0000000000010000  io
1   0x0000000010000000 0x0000000010000000 0x000000002eff0000  mem
2   0x0000000040000000 0x0000000040000000 0x0000000010000000  mem sysmem
EOF
