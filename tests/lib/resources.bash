# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# An endpoint below a root port, in a fake tree:  load ../lib/resources  after common and fake_device. The file says what
# $dev and the $port above it are.

setup() {
	fake_tree
	unset PCIETOOL_DEVICE
}

on() {
	run_tool --sysroot "$SYSROOT" "$@"
}

# A root port, and below it an endpoint.
one_port() {
	fake_begin
	fake_port "$port" 4 1
	fake_pci "$dev" 0x1234 0x11e8 0x020000 4096
	fake_lines "$dev" 13
	fake_config "$dev" 4 16 0x0006
	fake_write
}

# Three vectors behind BAR 0, the table at 0x100, pending bits at 0x200; vectors 0 and 2 have messages.
msix_device() {
	fake_begin
	one_port
	fake_bar "$dev" 0 0xe0000000 0x1000 0x40200
	fake_resource "$dev" 0 4096
	fake_config "$dev" 0x34 8 0x40
	fake_capability "$dev" 0x40 0x11 0
	fake_config "$dev" 0x42 16 0x8002
	fake_config "$dev" 0x44 32 0x100
	fake_config "$dev" 0x48 32 0x200
	fake_write
	put 0x100 0xfee01000 0 0x4021 0 0 0 0 1 0xfee02000 1 0x4022 1
	put 0x200 4
	fake_irq "$dev" msix 24 524288 0 0-3
	fake_irq "$dev" msix 31 524290 2 2,3
	printf '%s\n' '            CPU0       CPU2' \
		'  1:          9          0  IO-APIC   1-edge      i8042' \
		' 24:         10         32  PCI-MSI 524288-edge      nic-rx, other' \
		' 31:          0          7  PCI-MSI 524290-edge      nic-tx' \
		'NMI:          1          2   Non-maskable interrupts' >"$SYSROOT/proc/interrupts"
}

# put OFFSET WORD...: into BAR 0
put() {
	local offset=$1 word i bytes=''
	shift
	for word; do
		for ((i = 0; i < 4; i++)); do printf -v bytes '%s\\x%02x' "$bytes" $((word >> (8 * i) & 255)); done
	done
	printf '%b' "$bytes" |
		dd of="$SYSROOT/sys/bus/pci/devices/$dev/resource0" bs=1 seek=$((offset)) conv=notrunc status=none
}

# fake_total BDF N: TotalVFs, as the capability has it
fake_total() {
	fake_extended "$1" 0x100 0x10 0
	fake_config "$1" 0x10e 16 "$2"
}
