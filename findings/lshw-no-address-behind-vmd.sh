#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# package: lshw 02.19.git.2021.06.19.996aaad9c7-2.1, of Debian unstable
# guess:   a device's address is shown in full, "pci@10000:01:00.0", when its domain has five digits, as those of what is
#          behind Intel's VMD have (Linux, drivers/pci/controller/vmd.c, vmd_find_free_domain()).
# seen:    it is not shown at all: there is no "bus info" in the entry, and with -businfo the column is empty. The same drive
#          in domain 0 has it.
# matters: on machines with VMD all NVMe drives are there. Which of ten equal ones an entry is, and to which line of lspci or
#          of the kernel's log it belongs, cannot be told; a script that takes bus info for the key loses all but one.
#
# /sys is a folder, by the library of umockdev.
set -euo pipefail

version=02.19.git.2021.06.19.996aaad9c7-2.1
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
	--no-replaces --no-enhances lshw umockdev | sed -n 's/^\([a-z0-9][a-z0-9.+-]*\)$/\1/p' | grep -vx lshw)
apt-get -q download "lshw=$version" "${needed[@]}" >log 2>&1 || unavailable
for file in ./*.deb; do dpkg -x "$file" root; done
loader=$(find root/usr/lib -name 'ld-linux*.so.[0-9]' | head -n 1)
libraries=$(find root/usr/lib -name libc.so.6 -printf '%h\n' | head -n 1)
lshw() {
	UMOCKDEV_DIR=$work "$loader" --library-path "$libraries" --preload "$libraries/libumockdev-preload.so.0" \
		root/usr/bin/lshw "$@" 2>/dev/null
}

# le VALUE BYTES: little-endian
le() {
	local i
	for ((i = 0; i < $2; i++)); do printf '%b' "\\x$(printf %02x $(($1 >> 8 * i & 255)))"; done
}

# A drive at $1, with a BAR of 16 KiB and the driver nvme.
drive() {
	local folder=sys/devices/$1
	mkdir -p "$folder" sys/bus/pci/devices sys/bus/pci/drivers/nvme
	{
		le 0xa808144d 4 && le 6 4 && le 0x01080200 4 && le 0 4 && le 0xf0000004 4 && le 0 24
		le 0xa801144d 4 && le 0 12 && le 16 4 && le 0 192
	} >"$folder/config"
	echo 0x144d >"$folder/vendor"
	echo 0xa808 >"$folder/device"
	echo 0x010802 >"$folder/class"
	echo 16 >"$folder/irq"
	echo 0x00000000f0000000 0x00000000f0003fff 0x0000000000140204 >"$folder/resource"
	ln -s ../../bus/pci/drivers/nvme "$folder/driver"
	ln -s "../../../devices/$1" sys/bus/pci/devices
}

drive 0000:01:00.0
drive 10000:01:00.0
dpkg-deb -f lshw_*.deb Version
{
	lshw -class storage | sed -n 's/^ *\(\*-\|bus info\|configuration\|resources\)/\1/p'
	lshw -class storage -businfo | tail -n +3 | cut -c -46
} | tee seen
diff seen - <<'EOF'
*-nvme:0
bus info: pci@0000:01:00.0
configuration: driver=nvme latency=0
resources: irq:16 memory:f0000000-f0003fff
*-nvme:1
configuration: driver=nvme latency=0
resources: irq:16 memory:f0000000-f0003fff
pci@0000:01:00.0            storage        NVM
                            storage        NVM
EOF
