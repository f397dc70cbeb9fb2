#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# package: grub-pc-bin 2.14-4 (the module lspci, in qemu-system-x86 11.1.3 with a pcie-root-port and an igb), of Debian unstable
# guess:   "lspci -i" shows each base address register with its size, one of 64 bits as one.
# seen:    there are no sizes, and of a bridge, which has two such registers at most (PCIe 6.0 section 7.5.1.3), it takes all
#          six words for base addresses, as an endpoint has them. The bus numbers are "32-bit memory space 2" at
#          10100, the windows further ones, and the prefetchable window is "IO space 5" at feb1fea0.
# matters: who looks from the boot loader where things are, on a machine whose kernel does not come up, finds a bridge with
#          memory below 1 MiB, where RAM is, and with I/O ports beyond 64 KiB, and takes the firmware's set-up for broken.
set -euo pipefail

version=2.14-4
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
	--no-replaces --no-enhances grub-pc-bin grub-common qemu-system-x86 |
	sed -n 's/^\([a-z0-9][a-z0-9.+-]*\)$/\1/p' | grep -vx grub-pc-bin)
apt-get -q download "grub-pc-bin=$version" "${needed[@]}" >log 2>&1 || unavailable
for file in ./*.deb; do dpkg -x "$file" root; done
loader=$(find root/usr/lib -name 'ld-linux*.so.[0-9]' | head -n 1)
libraries=$(find root/usr/lib -name libc.so.6 -printf '%h\n' | head -n 1)

cat >commands <<'EOF'
serial --unit=0
terminal_output serial
lspci -i
pcidump -s 0:2.0
halt
EOF
modules=root/usr/lib/grub/i386-pc
"$loader" --library-path "$libraries" root/usr/bin/grub-mkimage -d $modules -O i386-pc -p / -c commands -o core biosdisk \
	serial terminal lspci pcidump halt
cat $modules/boot.img core >disk
truncate -s 4M disk
QEMU_MODULE_DIR=$libraries/qemu timeout 300 "$loader" --library-path "$libraries" root/usr/bin/qemu-system-x86_64 \
	-L root/usr/share/qemu -L root/usr/share/seabios -machine q35,accel=tcg -m 64 -nodefaults -display none -serial file:out \
	-drive file=disk,format=raw,if=none,id=disk -device ide-hd,drive=disk,bus=ide.0 \
	-device pcie-root-port,id=rp,chassis=1,slot=1,addr=2.0 -device igb,bus=rp >log 2>&1 || unavailable
dpkg-deb -f grub-pc-bin_*.deb Version
# The port and the card below it, and the first 64 bytes of the port.
sed 's/\x1b[][()?0-9;]*[A-Za-z]//g; s/ *\r//g; s/ *$//' out | awk '
	/^[0-9a-f]+:[0-9a-f]+\.[0-9] / { shown = /^00:02.0|^01:/ }
	NF == 4 && /^[0-9a-f ]+$/ { shown = lines++ < 4 }
	shown' | tee seen
diff seen - <<'EOF'
00:02.0 1b36:000c [0604] PCI-PCI Bridge
        32-bit memory space 0 at 0x00000000fe800000 [non-prefetchable]
        32-bit memory space 2 at 0x0000000000010100 [non-prefetchable]
        32-bit memory space 3 at 0x000000000000c0c0 [non-prefetchable]
        32-bit memory space 4 at 0x00000000fe70fe60 [non-prefetchable]
        IO space 5 at 0xfeb1fea0
01:00.0 8086:10c9 [0200] Ethernet Controller
        32-bit memory space 0 at 0x00000000fe600000 [non-prefetchable]
        32-bit memory space 1 at 0x00000000fe620000 [non-prefetchable]
        IO space 2 at 0xc000
        64-bit memory space 3 at 0x00000000fe640000 [non-prefetchable]
000c1b36 00100103 06040000 00010000
fe800000 00000000 00010100 0000c0c0
fe70fe60 feb1fea1 00000000 00000000
00000000 00000054 00000000 0002010b
EOF
