#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# package: efi-shell-x64 2026.08+ds-2 (its command pci; under ovmf of the same version and qemu-system-x86 11.1.3, with a
#          pcie-root-port and a virtio-net-pci), of Debian unstable
# guess:   "pci ... -i -ec 1" of a root port shows who sent it a correctable error behind CorrectableErrorSourceIden, and who
#          sent an uncorrectable one behind ErrorSourceIdentification. Bits 15:0 of the Error Source Identification
#          register are the former, 31:16 the latter (PCIe 6.0 section 7.8.4.11).
# seen:    the reverse: Root Error Status 1, ERR_COR Received and nothing else, and the sender 01:00.0 is behind
#          ErrorSourceIdentification; the other one is 0000, the host bridge.
# matters: when both kinds have come, from two cards, the card with the uncorrectable error is taken for the one with the
#          corrected one, and the wrong card is changed.
set -euo pipefail

version=2026.08+ds-2
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
	--no-replaces --no-enhances efi-shell-x64 ovmf qemu-system-x86 |
	sed -n 's/^\([a-z0-9][a-z0-9.+-]*\)$/\1/p' | grep -vx efi-shell-x64)
apt-get -q download "efi-shell-x64=$version" "${needed[@]}" >log 2>&1 || unavailable
for file in ./*.deb; do dpkg -x "$file" root; done
loader=$(find root/usr/lib -name 'ld-linux*.so.[0-9]' | head -n 1)
libraries=$(find root/usr/lib -name libc.so.6 -printf '%h\n' | head -n 1)

# expect PATTERN FILE: waits for it in what was printed.
expect() {
	local tries
	for ((tries = 1200; tries > 0; tries--)); do
		! tr -d '\r' <"$2" | grep -aq "$1" || return 0
		kill -0 $qemu 2>/dev/null || unavailable
		sleep 0.25
	done
	unavailable
}

# The shell is what the firmware starts. It lets errors be reported, by Device Control and SERR#, in the card and the port.
mkdir -p disk/EFI/BOOT
cp root/usr/share/efi-shell-x64/shellx64.efi disk/EFI/BOOT/BOOTX64.EFI
cat >disk/startup.nsh <<'EOF'
@echo -off
mm 0x10000048 F -w 2 -PCIE -n
mm 0x10000004 106 -w 2 -PCIE -n
mm 0x20005C F -w 2 -PCIE -n
mm 0x200004 107 -w 2 -PCIE -n
mm 0x20003E 2 -w 2 -PCIE -n
echo ready
EOF
cp root/usr/share/OVMF/OVMF_VARS_4M.fd variables
touch out
mkfifo in monitor.in monitor.out
exec 3<>in 4<>monitor.in 5<>monitor.out
QEMU_MODULE_DIR=$libraries/qemu "$loader" --library-path "$libraries" root/usr/bin/qemu-system-x86_64 \
	-L root/usr/share/qemu -L root/usr/share/seabios -machine q35,accel=tcg -m 256 -nodefaults -display none \
	-drive if=pflash,unit=0,format=raw,readonly=on,file=root/usr/share/OVMF/OVMF_CODE_4M.fd \
	-drive if=pflash,unit=1,format=raw,file=variables \
	-drive file=fat:rw:disk,format=raw,if=none,id=disk -device ide-hd,drive=disk,bus=ide.0 \
	-device pcie-root-port,id=rp,chassis=1,slot=1,addr=2.0 -device virtio-net-pci,aer=on,bus=rp,id=card \
	-serial stdio -monitor pipe:monitor <in >out 2>log &
qemu=$!
trap 'kill $qemu 2>/dev/null || true; rm -rf "$work"' EXIT
expect ready out
echo 'pcie_aer_inject_error card RCVR' >&4
while read -r -t 60 line <&5; do [[ $line != OK* ]] || break; done
[[ $line == OK* ]]
printf '%s\r' 'pci 00 02 00 -i -ec 1' 'echo end' >&3
expect '^end$' out
kill $qemu
wait $qemu || true
dpkg-deb -f efi-shell-x64_*.deb Version
# The register is at 0x34 of the capability, which is at 0x100.
sed 's/\x1b[][()?0-9;]*[A-Za-z]//g; s/\r//g' out |
	sed -n '/^  0000013\|RootErrorStatus\|ErrorSource/p' | tee seen
diff seen - <<'EOF'
  00000130: 01 00 00 00 00 01 00 00-00 00 00 00 00 00 00 00  *................*
    RootErrorStatus                00000001
    ErrorSourceIdentification      0100
    CorrectableErrorSourceIden     0000
EOF
