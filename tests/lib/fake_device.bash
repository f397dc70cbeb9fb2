# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Devices in a fake tree, byte by byte:  load ../lib/fake_device  after common. The tree is $SYSROOT.

# fake_tree: an empty machine.
fake_tree() {
	export SYSROOT=$BATS_TEST_TMPDIR/root
	mkdir -p "$SYSROOT/sys/bus/pci/devices" "$SYSROOT/sys/bus/pci/drivers"
}

# fake_attribute BDF NAME TEXT
fake_attribute() {
	local file=$SYSROOT/sys/bus/pci/devices/$1/$2
	mkdir -p "${file%/*}"
	printf '%s\n' "$3" >"$file"
}

# fake_config BDF OFFSET WIDTH VALUE: a register of config space, little-endian.
fake_config() {
	local i bytes=''
	for ((i = 0; i < $3 / 8; i++)); do
		bytes+=$(printf '\\x%02x' $(($4 >> (8 * i) & 255)))
	done
	printf '%b' "$bytes" |
		dd of="$SYSROOT/sys/bus/pci/devices/$1/config" bs=1 seek=$(($2)) conv=notrunc status=none
}

# fake_pci BDF VENDOR DEVICE CLASS [SIZE]: numbers with 0x; SIZE of config space, 256 without.
fake_pci() {
	local dir=$SYSROOT/sys/bus/pci/devices/$1
	mkdir -p "$dir"
	printf '%s\n' "$2" >"$dir/vendor"
	printf '%s\n' "$3" >"$dir/device"
	printf '%s\n' "$4" >"$dir/class"
	printf '0x00\n' >"$dir/revision"
	printf '0x0000\n' | tee "$dir/subsystem_vendor" >"$dir/subsystem_device"
	printf '0x%016x 0x%016x 0x%016x\n' 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 >"$dir/resource"
	truncate -s "${5:-256}" "$dir/config"
	fake_config "$1" 0 16 "$2"
	fake_config "$1" 2 16 "$3"
	fake_config "$1" 8 32 $(($4 << 8))
}

# fake_bar BDF N START SIZE FLAGS: a line of "resource"; flags as in Linux' ioport.h.
fake_bar() {
	local file=$SYSROOT/sys/bus/pci/devices/$1/resource line
	line=$(printf '0x%016x 0x%016x 0x%016x' "$3" $(($3 + $4 - 1)) "$5")
	sed -i "$(($2 + 1))s/.*/$line/" "$file"
}

# fake_capability BDF OFFSET ID NEXT: and the first one is at 0x34, with the bit in STATUS set.
fake_capability() {
	fake_config "$1" "$2" 8 "$3"
	fake_config "$1" $(($2 + 1)) 8 "$4"
	fake_config "$1" 6 16 0x10
}

# fake_extended BDF OFFSET ID NEXT
fake_extended() {
	fake_config "$1" "$2" 32 $(($3 | 1 << 16 | $4 << 20))
}
