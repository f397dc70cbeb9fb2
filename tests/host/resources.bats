#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
#
# bar, msi, sriov, acs, p2p, iommu on fake trees. A device with resizable BARs exists in no virtual machine: bar resize
# is tested here only.

# shellcheck disable=SC2154 # status, output and stderr are bats' own
load ../lib/common
load ../lib/fake_device

dev=0000:01:00.0
port=0000:00:1c.0

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
	fake_port $port 4 1
	fake_pci $dev 0x1234 0x11e8 0x020000 4096
	fake_lines $dev 13
	fake_config $dev 4 16 0x0006
	fake_write
}

# 00:1c.0 root port - 01:00.0 switch - 02:00.0 - 03:00.0
#                                    \ 02:01.0 - 04:00.0      00:1d.0 root port - 05:00.0
one_switch() {
	fake_port $port 4 1
	fake_port $dev 5 2
	fake_port 0000:02:00.0 6 3
	fake_port 0000:02:01.0 6 4
	fake_port 0000:00:1d.0 4 5
	fake_pci 0000:03:00.0 0x10de 0x0001 0x030000 4096
	fake_pci 0000:04:00.0 0x15b3 0x0002 0x020000 4096
	fake_pci 0000:05:00.0 0x144d 0x0003 0x010802 4096
}

@test "usage errors of all of them" {
	one_port
	fake_attribute $dev sriov_totalvfs 4
	fake_attribute $dev sriov_numvfs 0
	for words in 'bar resize' 'bar resize 0' 'bar resize 0 1M 2M' 'bar resize 6 1M' 'bar resize x 1M' 'bar resize 0 3M' \
		'bar resize 0 512k' 'bar resize 0 0' 'bar resize 0 08' 'bar list 0' 'bar windows 0' 'msi show x' \
		'msi show 2048' 'msi show 08' 'sriov numvfs' 'sriov numvfs x' 'sriov numvfs 65536' 'sriov numvfs 5' \
		'sriov numvfs 1 2' 'sriov show 1' 'acs show 1' 'p2p' 'p2p 01:00.0' 'p2p 01:00.0 zz:1' \
		'p2p 1:0.0 1:0.0 1:0.0' 'iommu show 1' 'bar resize --nonsense 0 1M'; do
		# shellcheck disable=SC2086 # several words
		on -s $dev $words
		assert_exit 2
		assert_output ''
	done
	on -s $dev sriov numvfs 5
	assert_err "hint: 'pcietool -s $dev sriov numvfs 4'"
}

@test "no device, or several: exit 3" {
	one_port
	for words in 'bar list' 'bar windows' 'bar resize 0 1M' 'msi show' 'sriov show' 'sriov numvfs 1' 'acs show' \
		'iommu show'; do
		# shellcheck disable=SC2086
		on -s 7f:00.0 $words
		assert_exit 3
	done
	for words in 'bar resize 0 1M' 'msi show' 'sriov numvfs 1'; do
		# shellcheck disable=SC2086
		on $words
		assert_exit 3
		# shellcheck disable=SC2086
		on -s '*' $words
		assert_exit 3
	done
	on p2p 01:00.0 7f:00.0
	assert_exit 3
	on p2p '*' 01:00.0
	assert_exit 3
}

@test "an empty machine: empty lists" {
	for words in 'bar list' 'bar windows' 'sriov show' 'acs show'; do
		# shellcheck disable=SC2086
		on -j $words
		assert_exit 0
		assert_json '[.[] | arrays | length] | add' 0
	done
}

# --- bar list ----------------------------------------------------------------------------------------

@test "bar list: BARs, ROM, VF BARs, windows, whether decoded" {
	one_port
	fake_bar $dev 0 0xe0000000 0x100000 0x14220c
	fake_bar $dev 2 0x1000 0x100 0x40101
	fake_bar $dev 6 0xe0200000 0x10000 0x46200
	fake_bar $dev 7 0xe0300000 0x40000 0x140204
	fake_attribute $dev sriov_totalvfs 4
	fake_total $dev 4
	fake_attribute $dev sriov_numvfs 0
	fake_bar $port 14 0xe0000000 0x400000 0x200200
	on bar list
	assert_exit 0
	assert_line '0000:00:1c.0 window io off'
	assert_line '             window memory 4M at 0xe0000000, 32-bit, not decoded'
	assert_line '0000:01:00.0 BAR0 mem 1M at 0xe0000000, 64-bit, prefetchable'
	assert_line '             BAR2 io 256 at 0x1000, not decoded'
	assert_line '             ROM 64K at 0xe0200000, not decoded'
	assert_line '             VF BAR0 mem 256K at 0xe0300000, 64-bit, for 4 VFs of 64K, not decoded'
	on bar list -j -s $dev
	assert_json '.devices | length' 1
	assert_json '.devices[0].resources | map(.name) | join(",")' 'BAR0,BAR2,ROM,VF BAR0'
	assert_json '.devices[0].resources[0] | [.kind, .index, .type, .size, .address, .bits, .prefetchable, .decoded] | join(" ")' \
		'bar 0 mem 1048576 0xe0000000 64 true true'
	assert_json '.devices[0].resources[0].sizes_reason' 'not resizable'
	assert_json '.devices[0].resources[3].size_each' 65536
}

@test "bar list: a device that lost its addresses" {
	one_port
	fake_bar $dev 0 0x4100000000 0x100000 0x14220c
	fake_bar $dev 2 0x1000 0x100 0x40101
	fake_bar $dev 3 0xe0200000 0x1000 0x40200
	fake_config $dev 0x10 32 0xc
	fake_config $dev 0x18 32 1
	on bar list -s $dev -j
	assert_json '.devices[0].resources | map(.lost) | tojson' '[false,true,false]'
	fake_config $dev 0x14 32 0
	on bar list -s $dev
	assert_line --partial 'BAR0 mem 1M at 0x4100000000, 64-bit, prefetchable, LOST: the device has 0 there'
	# what is not in the register cannot be lost: legacy IDE, Enhanced Allocation; virtual functions
	fake_bar $dev 2 0x1000 0x100 0x110
	fake_config $dev 0x18 32 0
	on bar list -s $dev -j
	assert_json '.devices[0].resources | map(.lost) | tojson' '[true,false,false]'
	ln -s "../$port" "$SYSROOT/sys/bus/pci/devices/$dev/physfn"
	on bar list -s $dev -j
	assert_json '.devices[0].resources | map(.lost) | tojson' '[false,false,false]'
}

@test "bar list: unassigned, none, and a kernel without SR-IOV" {
	fake_pci $port 0x1b36 0x000c 0x060400
	fake_lines $port 11
	fake_bar $port 9 0xe0000000 0x400000 0x202200
	fake_pci $dev 0x1234 0x11e8 0x020000
	fake_bar $dev 0 0 0x100000 0x20040200
	fake_pci 0000:02:00.0 0x1234 0x11e9 0x020000
	on bar list
	assert_exit 0
	assert_line '             window memory off'
	assert_line '             window prefetchable 4M at 0xe0000000, 32-bit, not decoded'
	assert_line '0000:01:00.0 BAR0 mem 1M unassigned'
	assert_line "0000:02:00.0 none known, and the kernel's log does not reach back to when it looked"
}

# --- bar windows -------------------------------------------------------------------------------------

@test "bar windows: used, free, the largest BAR that fits" {
	one_port
	fake_bar $port 13 0x1000 0x1000 0x200101
	fake_bar $port 14 0xe0000000 0x400000 0x200200
	fake_bar $dev 0 0xe0100000 0x100000 0x40200
	fake_bar $dev 1 0xe0280000 0x10000 0x40200
	fake_bar $dev 2 0x1000 0x1000 0x40101
	on bar windows
	assert_exit 0
	assert_line '0000:00:1c.0 window io 4K at 0x1000: used 4K, free 0'
	# free: 1 M, 512 K, then 1472 K of which 1 M is aligned
	assert_line '             window memory 4M at 0xe0000000, 32-bit: used 1088K, free 3008K, room for a BAR of 1M'
	assert_line '             window prefetchable off'
	[ "${#lines[@]}" -eq 3 ]
	on bar windows -v
	assert_line '             0000:01:00.0 BAR1 mem 64K at 0xe0280000, 32-bit, in window memory'
	on -j -s $port bar windows
	assert_json '.bridges[0].windows | map([.window, .used, .free, .largest_free] | join(":")) | join(" ")' \
		'io:4096:0:0 memory:1114112:3080192:1048576 prefetchable:0:0:0'
	assert_json '.bridges[0].below | map(.in_window) | join(",")' 'memory,memory,io'
}

@test "bar windows: overlaps, outside, unassigned" {
	one_port
	fake_bar $port 14 0xe0000000 0x200000 0x200200
	fake_bar $dev 0 0xe0000000 0x100000 0x40200
	fake_bar $dev 1 0xe00f0000 0x10000 0x40200
	fake_bar $dev 2 0xe0200000 0x10000 0x40200
	fake_bar $dev 3 0xe01ff000 0x2000 0x40200
	fake_bar $dev 4 0 0x8000 0x20040200
	# the same numbers as I/O ports are other addresses
	fake_bar $dev 5 0xe0000000 0x100 0x40101
	on bar windows
	assert_exit 0
	assert_line '             0000:01:00.0 BAR0 mem 1M at 0xe0000000, 32-bit, in window memory, OVERLAPS 0000:01:00.0 BAR1'
	assert_line '             0000:01:00.0 BAR1 mem 64K at 0xe00f0000, 32-bit, in window memory, OVERLAPS 0000:01:00.0 BAR0'
	assert_line '             0000:01:00.0 BAR2 mem 64K at 0xe0200000, 32-bit, OUTSIDE of every window, OVERLAPS 0000:01:00.0 BAR3'
	assert_line '             0000:01:00.0 BAR3 mem 8K at 0xe01ff000, 32-bit, OUTSIDE of every window, OVERLAPS 0000:01:00.0 BAR2'
	assert_line '             0000:01:00.0 BAR4 mem 32K unassigned'
	assert_line '             0000:01:00.0 BAR5 io 256 at 0xe0000000, OUTSIDE of every window'
	on bar windows -j
	assert_json '.bridges[0].windows[1].used' 1048576
	assert_json '[.bridges[0].below[] | select(.outside)] | length' 3
	# a subtractive bridge passes on what nobody else takes
	fake_attribute $port class 0x060401
	on bar windows -j
	assert_json '.bridges[0].transparent' true
	assert_json '[.bridges[0].below[] | select(.outside)] | length' 0
}

@test "bar windows: VFs in their PF's VF BAR overlap nothing; a window to the end of all addresses" {
	one_port
	fake_bar $port 15 0x4000000000 0x1000000 0x302201
	fake_bar $dev 7 0x4000000000 0x20000 0x140204
	fake_attribute $dev sriov_totalvfs 2
	fake_vf $dev 0 0000:01:00.1
	fake_bar 0000:01:00.1 0 0x4000000000 0x10000 0x140204
	on bar windows -j
	assert_exit 0
	assert_json '[.bridges[0].below[] | select(.overlaps)] | length' 0
	assert_json '.bridges[0].windows[2].used' 131072
	file=$SYSROOT/sys/bus/pci/devices/$port/resource
	sed -i '16s/.*/0xffffffffff000000 0xffffffffffffffff 0x0000000000302201/' "$file"
	on bar windows -j
	assert_exit 0
	assert_json '.bridges[0].windows[2] | [.used, .free, .largest_free] | join(" ")' '0 16777216 16777216'
	assert_json '[.bridges[0].below[] | select(.outside)] | length' 2
}

@test "bar windows: of no bridge" {
	one_port
	on -s $dev bar windows
	assert_exit 6
	assert_err 'it is no bridge'
	on -d 1234: bar windows
	assert_exit 6
	on -s '*' bar windows -j
	assert_exit 0
	assert_json '.bridges | length' 1
}

# --- bar resize --------------------------------------------------------------------------------------

resizable() {
	fake_begin
	one_port
	fake_bar $dev 0 0xe0000000 0x100000 0x14220c
	fake_attribute $dev resource0_resize 0000000000000b07 # 1M 2M 4M 256M 512M 2G
	fake_write
}

@test "bar resize: the sizes, for who may read them" {
	resizable
	on bar list -s $dev
	assert_output --partial ', sizes: 1M 2M 4M 256M 512M 2G'
	on bar list -s $dev -j
	assert_json '.devices[0].resources[0].sizes | map(tostring) | join(" ")' \
		'1048576 2097152 4194304 268435456 536870912 2147483648'
	fake_attribute $dev power/runtime_status suspended
	on bar list -s $dev -j
	assert_json '.devices[0].resources[0].sizes' null
	assert_json '.devices[0].resources[0].sizes_reason' suspended
}

@test "bar resize: --dry-run and what is refused" {
	resizable
	on -s $dev -D bar resize 0 256M
	assert_exit 0
	assert_output 'BAR0 1M -> 256M'
	on -s $dev bar resize 0 8M
	assert_exit 6
	assert_err 'one of: 1M 2M 4M 256M 512M 2G'
	on -s $dev bar resize 1 1M
	assert_exit 6
	assert_err 'upper half'
	on -s $dev bar resize 3 1M
	assert_exit 6
	assert_err 'no BAR 3'
	fake_bar $dev 3 0xe0100000 0x1000 0x40200
	on -s $dev bar resize 3 1M
	assert_exit 6
	assert_err 'cannot be resized'
	fake_attribute $dev sriov_numvfs 2
	on -s $dev bar resize 0 2M
	assert_exit 4
	assert_err 'sriov numvfs 0'
	fake_driver $dev somedriver
	on -s $dev bar resize 0 2M
	assert_exit 4
	assert_err 'the driver somedriver is bound'
	assert_err 'drivers/somedriver/unbind'
	[ "$(<"$SYSROOT/sys/bus/pci/devices/$dev/resource0_resize")" = 0000000000000b07 ]
}

@test "bar resize: writes the bit, and shows the new place" {
	resizable
	dir=$SYSROOT/sys/bus/pci/devices/$dev
	cp "$dir/resource" "$BATS_TEST_TMPDIR/new"
	sed -i "1s/.*/0x0000004000000000 0x000000400fffffff 0x000000000014220c/" "$BATS_TEST_TMPDIR/new"
	rm "$dir/resource0_resize"
	mkfifo "$dir/resource0_resize"
	# the kernel: is asked for the sizes, is told a bit, and has moved the BAR
	# shellcheck disable=SC2016 # another shell's
	timeout 20 sh -c 'exec 4>"$1/resource0_resize"; mv "$2/new" "$1/resource"; echo 0000000000000b07 >&4
		exec 4>&-; cat "$1/resource0_resize" >"$2/told"' - "$dir" "$BATS_TEST_TMPDIR" >/dev/null 2>&1 3>&- &
	on -s $dev bar resize 0 256M
	assert_exit 0
	assert_output 'BAR0 1M -> 256M at 0x4000000000'
	wait $!
	assert_equal "$(<"$BATS_TEST_TMPDIR/told")" 8
}

@test "bar resize: a kernel that does not do it" {
	resizable
	on -s $dev bar resize 0 2M -j
	assert_exit 1
	assert_json .error.code resize-failed
	# it has that size: nothing is written
	fake_attribute $dev resource0_resize 0000000000000b07
	on -s $dev bar resize 0 1M -j
	assert_exit 0
	assert_json .bar_address 0xe0000000
	[ "$(<"$SYSROOT/sys/bus/pci/devices/$dev/resource0_resize")" = 0000000000000b07 ]
}

# --- msi ---------------------------------------------------------------------------------------------

# Three vectors behind BAR 0, the table at 0x100, pending bits at 0x200; vectors 0 and 2 have messages.
msix_device() {
	fake_begin
	one_port
	fake_bar $dev 0 0xe0000000 0x1000 0x40200
	fake_resource $dev 0 4096
	fake_config $dev 0x34 8 0x40
	fake_capability $dev 0x40 0x11 0
	fake_config $dev 0x42 16 0x8002
	fake_config $dev 0x44 32 0x100
	fake_config $dev 0x48 32 0x200
	fake_write
	put 0x100 0xfee01000 0 0x4021 0 0 0 0 1 0xfee02000 1 0x4022 1
	put 0x200 4
	fake_irq $dev msix 24 524288 0 0-3
	fake_irq $dev msix 31 524290 2 2,3
	printf '%s\n' '            CPU0       CPU2' \
		'  1:          9          0  IO-APIC   1-edge      i8042' \
		' 24:         10         32  PCI-MSI 524288-edge      nic-rx, other' \
		' 31:          0          7  PCI-MSI 524290-edge      nic-tx' \
		'NMI:          1          2   Non-maskable interrupts' >"$SYSROOT/proc/interrupts"
}

# interrupts: /proc/interrupts as irq_seq_show() of Linux 7 pads it (kernel/irq/proc.c): four digits at least for a
# number, the names of chips as wide as the widest
interrupts() {
	printf '%s\n' '            CPU0       CPU2       ' \
		'   1:          9          0  IO-APIC                   1-edge      i8042' \
		"  24:         10         32  PCI-MSIX-$dev       0-edge      nic-rx, other" \
		"  31: 4294967295          7  PCI-MSIX-$dev       2-edge      nic-tx" \
		'  32:          0          0  None                             nobody' \
		' NMI:          1          2  Non-maskable interrupts' >"$SYSROOT/proc/interrupts"
}

@test "msi show: /proc/interrupts as newer kernels, and other machines, pad it" {
	msix_device
	interrupts
	on -s $dev msi show
	assert_line --index 1 --partial 'irq 24 nic-rx, other, count 42, CPU 0'
	assert_line --index 2 --partial 'irq 31 nic-tx, count 4294967302, CPU 2'
	# arm64: no name of the flow, but the type
	printf '%s\n' '            CPU0       CPU2       ' \
		"  24:         10         32  ITS-PCI-MSIX-$dev    0 Edge      nic-rx, other" \
		"  31:          0          7  ITS-PCI-MSIX-$dev    2 Level   -fasteoi   nic-tx" >"$SYSROOT/proc/interrupts"
	on -s $dev msi show
	assert_line --index 1 --partial 'irq 24 nic-rx, other, count 42'
	assert_line --index 2 --partial 'irq 31 nic-tx, count 7'
	# a chip without a domain has no number of its own
	fake_irq $dev msix 32 524291 0 0
	printf '%s\n' '            CPU0       CPU2       ' \
		'  24:         10         32  None                nic-rx' \
		'  31:          0          7  dummy                            Edge      nic-tx' >"$SYSROOT/proc/interrupts"
	on -s $dev msi show
	assert_line --index 1 --partial 'irq 24 nic-rx, count 42'
	assert_line --index 2 --partial 'irq 31 nic-tx, count 7'
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

@test "msi show: the MSI-X table, joined with Linux' numbers" {
	msix_device
	on -s $dev msi show
	assert_exit 0
	assert_line --index 0 '0000:01:00.0 msix on, vectors 3, table BAR0+0x100, pending BAR0+0x200'
	assert_line --index 1 'vector 0     0xfee01000 <- 0x4021, irq 24 nic-rx, other, count 42, CPU 0'
	assert_line --index 2 'vector 2     0x1fee02000 <- 0x4022, masked, pending, irq 31 nic-tx, count 7, CPU 2'
	[ "${#lines[@]}" -eq 3 ]
	on -s $dev msi show 1
	assert_line --index 1 'vector 1     0x00000000 <- 0x0000, masked'
	[ "${#lines[@]}" -eq 2 ]
	on -s $dev msi show -j
	assert_json '.vectors | length' 3
	assert_json '.vectors[0].per_cpu | map("\(.cpu):\(.count)") | join(" ")' '0:10 2:32'
	assert_json '.vectors[0].affinity' 0-3
	assert_json '.vectors[1].linux_irq' null
	assert_json .irqs_by hwirq
	on -s $dev msi show 0 3
	assert_exit 6
	assert_err 'there is no vector 3; it has 0 to 2'
}

@test "msi show: numbers by their order where the kernel does not tell, past entries without a message" {
	msix_device
	rm "$SYSROOT"/sys/kernel/irq/*/hwirq
	on -s $dev msi show -j
	assert_exit 0
	assert_json .irqs_by order
	assert_json '.vectors | map(.linux_irq) | map(tostring) | join(" ")' '24 null 31'
	# a number that contradicts the table is not believed
	fake_irq $dev msix 24 524289 0 0-3
	fake_irq $dev msix 31 524290 2 2,3
	on -s $dev msi show -j
	assert_json .irqs_by order
	assert_json '.vectors | map(.linux_irq) | map(tostring) | join(" ")' '24 null 31'
}

@test "msi show: a table that cannot be read is said, and Linux' side is there" {
	msix_device
	fake_config $dev 4 16 0
	on -s $dev msi show
	assert_exit 0
	assert_line --partial 'messages unknown: 0000:01:00.0: BAR 0: memory decoding is off'
	assert_line 'vector 0     not readable, irq 24 nic-rx, other, count 42, CPU 0'
	on -s $dev msi show -j
	assert_json '.vectors[2].linux_irq' 31
	assert_json '.vectors[2].masked_reason' 'not readable'
	fake_config $dev 4 16 6
	fake_config $dev 0x44 32 0xff8
	on -s $dev msi show
	assert_exit 0
	assert_line --partial 'the MSI-X table is said to lie outside of BAR 0'
	fake_config $dev 0x44 32 0x105
	on -s $dev msi show
	assert_exit 0
	assert_line --partial 'the device has no BAR 5'
	# beside a driver: only looks
	fake_config $dev 0x44 32 0x100
	fake_driver $dev nic
	on -s $dev msi show
	assert_line --partial '0xfee01000 <- 0x4021'
	# asleep: not woken
	fake_config $dev 0x40 16 0x5011
	fake_capability $dev 0x50 0x01 0
	fake_config $dev 0x54 16 3
	on -s $dev msi show
	assert_exit 0
	assert_line --partial 'not in D0'
}

@test "msi show: without root the kernel's numbers remain" {
	msix_device
	truncate -s 64 "$SYSROOT/sys/bus/pci/devices/$dev/config"
	on -s $dev msi show
	assert_exit 0
	assert_line --index 0 '0000:01:00.0 msix, vectors 2'
	assert_line --partial 'needs root'
	assert_line 'vector 0     needs root, irq 24 nic-rx, other, count 42, CPU 0'
	on -s $dev msi show -j
	assert_json .enabled null
	assert_json .enabled_reason 'needs root'
	rm -r "$SYSROOT/sys/bus/pci/devices/$dev/msi_irqs"
	on -s $dev msi show
	assert_exit 4
}

@test "msi show: MSI's registers" {
	one_port
	fake_config $dev 0x34 8 0x50
	fake_capability $dev 0x50 0x05 0
	fake_config $dev 0x52 16 0x0195 # on, 4 possible, 2 given, 64-bit, maskable
	fake_config $dev 0x52 16 0x0195
	fake_config $dev 0x54 32 0xfee00000
	fake_config $dev 0x58 32 0
	fake_config $dev 0x5c 16 0x0040
	fake_config $dev 0x60 32 2
	fake_config $dev 0x64 32 1
	fake_irq $dev msi 40 100 0 0
	fake_irq $dev msi 41 101 0 0
	rm -f "$SYSROOT"/sys/kernel/irq/*/hwirq
	on -s $dev msi show
	assert_exit 0
	assert_line --index 0 '0000:01:00.0 msi on, vectors 2 of 4'
	assert_line 'vector 0     0xfee00000 <- 0x0040, pending, irq 40 not given by the kernel, CPU 0'
	assert_line 'vector 1     0xfee00000 <- 0x0041, masked, irq 41 not given by the kernel, CPU 0'
	# 32 bits, no mask
	fake_config $dev 0x52 16 0x0001
	fake_config $dev 0x58 16 0x0050
	printf '    CPU0\n' >"$SYSROOT/proc/interrupts"
	on -s $dev msi show -j
	assert_json '.vectors[0] | [.address, .data, .masked_reason, .action_reason] | join(" ")' \
		'0xfee00000 0x0050 not maskable not handled'
}

@test "msi show: neither, and a device that is gone" {
	one_port
	on -s $dev msi show
	assert_exit 6
	assert_err 'neither MSI nor MSI-X'
	fake_config $dev 0 32 0xffffffff
	fake_config $dev 8 32 0xffffffff
	on -s $dev msi show
	assert_exit 5
}

# silence BDF: all of its config space reads all ones.
silence() {
	head -c 4096 /dev/zero | tr '\0' '\377' >"$SYSROOT/sys/bus/pci/devices/$1/config"
}

@test "a device that does not answer: exit 5, and nothing is decoded from all ones" {
	one_port
	fake_bar $dev 0 0xe0000000 0x1000 0x40200
	fake_attribute $dev resource0_resize fffffff
	fake_attribute $dev sriov_totalvfs 4
	fake_attribute $dev sriov_numvfs 0
	silence $dev
	on -s $dev bar list
	assert_exit 5
	assert_output '0000:01:00.0 BAR0 mem 4K at 0xe0000000, 32-bit, the device does not answer, sizes: the device does not answer'
	assert_err 'does not answer'
	on -s $dev bar list -j
	assert_exit 5
	assert_json '.devices[0].resources[0] | [.decoded, .lost, .sizes, .decoded_reason] | tojson' \
		'[null,null,null,"the device does not answer"]'
	# the others are shown all the same
	on bar list
	assert_exit 5
	assert_line --partial "$port"
	on -s $dev sriov show
	assert_exit 5
	assert_line --index 0 '0000:01:00.0 VFs 0 of 4, offset not given by the kernel, stride not given by the kernel, device id not given by the kernel'
	rm "$SYSROOT/sys/bus/pci/devices/$dev/sriov_totalvfs"
	on -s $dev sriov show
	assert_exit 5
	assert_output ''
	on -s $dev acs show
	assert_exit 5
	assert_output '0000:01:00.0 ACS the device does not answer'
	on -s $dev regs read 1:0
	assert_exit 5
	# what may not be read is not gone
	rm "$SYSROOT/sys/bus/pci/devices/$dev/config"
	on -s $dev bar list
	assert_exit 0
}

@test "a BAR that got no room is shown everywhere, with its size where the log has it" {
	one_port
	mkdir -p "$SYSROOT/dev"
	printf '6,1,2,-;%s\n' "pci $dev: [1234:11e8] type 00 class 0x020000" \
		"pci $dev: BAR 0: failed to assign [mem size 0x00100000]" \
		"pci $dev: BAR 2 [mem size 0x04000000 64bit pref]: failed to assign" >"$SYSROOT/dev/kmsg"
	# one that the register alone tells of
	fake_config $dev 0x20 32 0x00000001
	on -s $dev bar list
	assert_exit 0
	assert_output '0000:01:00.0 BAR 0 (1M): the kernel found no room for it
             BAR 2 (64M): the kernel found no room for it
             BAR 4: the kernel found no room for it'
	on -s $dev bar list -j
	assert_json '.devices[0].resources | map([.index, .type, .size, .assigned, .bits, .prefetchable] | tojson) | join(" ")' \
		'[0,"mem",1048576,false,32,false] [2,"mem",67108864,false,64,true] [4,"io",null,false,32,false]'
	on -s $port bar windows
	assert_line '             0000:01:00.0 BAR 0 (1M): the kernel found no room for it'
	assert_line '             0000:01:00.0 BAR 2 (64M): the kernel found no room for it'
	on -s $dev list -n
	assert_line --partial ', BAR 0 (1M): the kernel found no room for it, BAR 2 (64M): the kernel found no room for it'
	on -s $dev info -n
	assert_line 'BARs         BAR 0 (1M): the kernel found no room for it'
	assert_line '             BAR 4: the kernel found no room for it'
	on -s $dev info -j
	assert_json '[.bars_complete, (.bars | length), .bars[2].size_reason] | tojson' '[true,3,"not known"]'
	# a bridge has bus numbers and windows behind two BARs
	on -s $port bar list
	refute_output --partial 'no room'
}

@test "a line of zeroes is no word of no BAR where the log does not reach back" {
	one_port
	on -s $dev bar list
	assert_output "0000:01:00.0 none known, and the kernel's log does not reach back to when it looked"
	on -s $dev info -n
	assert_line --partial 'BARs         none known, and'
	on -s $dev info -j
	assert_json .bars_complete false
	on -s $dev regs read 1:0
	assert_exit 6
	assert_err 'the device has no BAR 1, or the kernel found no room for it, which its log does not tell'
	mkdir -p "$SYSROOT/dev"
	printf '6,1,2,-;%s\n' "pci $dev: [1234:11e8] type 00 class 0x020000" >"$SYSROOT/dev/kmsg"
	on -s $dev bar list
	assert_output '0000:01:00.0 none'
	on -s $dev regs read 1:0
	assert_exit 6
	refute_err 'no room'
}

@test "msi show: a table that reads all ones is no table" {
	msix_device
	put 0x110 0xffffffff 0xffffffff 0xffffffff 0xffffffff
	on -s $dev msi show -v
	assert_exit 0
	assert_line --regexp '^vector 1 +reads all ones'
	refute_output --partial ffffffff
	on -s $dev msi show -j
	assert_json '.vectors[1] | [.address, .data, .masked, .pending, .address_reason] | tojson' \
		'[null,null,null,null,"reads all ones"]'
}

# fake_total BDF N: TotalVFs, as the capability has it
fake_total() {
	fake_extended "$1" 0x100 0x10 0
	fake_config "$1" 0x10e 16 "$2"
}

@test "bar list: a driver that lowered the number of VFs does not change what one of them has" {
	one_port
	fake_total $dev 8
	fake_bar $dev 7 0xe0300000 0x20000 0x140204
	fake_attribute $dev sriov_totalvfs 7
	fake_attribute $dev sriov_numvfs 0
	on -s $dev bar list
	assert_line --partial 'VF BAR0 mem 128K at 0xe0300000, 64-bit, for 8 VFs of 16K'
	on -s $dev bar list -j
	assert_json '.devices[0].resources[0] | [.vfs, .size_each] | tojson' '[8,16384]'
}

@test "bar list: of how many VFs a VF BAR is, is not known without the capability" {
	one_port
	fake_bar $dev 7 0xe0300000 0x20000 0x140204
	fake_attribute $dev sriov_totalvfs 7
	fake_attribute $dev sriov_numvfs 0
	truncate -s 64 "$SYSROOT/sys/bus/pci/devices/$dev/config"
	on -s $dev bar list
	assert_line --partial 'VF BAR0 mem 128K at 0xe0300000, 64-bit, number of VFs: needs root'
	on -s $dev bar list -j
	assert_json '.devices[0].resources[0] | [.vfs, .vfs_reason, .size_each] | tojson' '[null,"needs root",null]'
}

@test "sriov: a driver that lowered the number of VFs" {
	sriov_device
	fake_attribute $dev sriov_numvfs 0
	fake_total $dev 8
	on -s $dev sriov show
	assert_line --index 0 --partial 'VFs 0 of 4 (the device has 8, its driver allows less), offset 1'
	on -s $dev sriov show -j
	assert_json '.devices[0] | [.totalvfs, .device_totalvfs] | tojson' '[4,8]'
	on -s $dev sriov numvfs 5
	assert_exit 2
	assert_err 'more than its driver allows, which is 4 of 8'
	on -s $dev sriov numvfs 9
	assert_exit 2
	fake_total $dev 4
	on -s $dev sriov show
	assert_line --index 0 --partial 'VFs 0 of 4, offset 1'
}

# --- sriov -------------------------------------------------------------------------------------------

sriov_device() {
	one_port
	fake_attribute $dev sriov_totalvfs 4
	fake_attribute $dev sriov_numvfs 2
	fake_attribute $dev sriov_offset 1
	fake_attribute $dev sriov_stride 1
	fake_attribute $dev sriov_vf_device 10
	fake_attribute $dev sriov_drivers_autoprobe 0
	fake_vf $dev 0 0000:01:00.1
	fake_vf $dev 1 0000:01:00.2
	fake_driver 0000:01:00.2 vfio-pci
}

@test "sriov show" {
	sriov_device
	on sriov show
	assert_exit 0
	assert_line --index 0 '0000:01:00.0 VFs 2 of 4, offset 1, stride 1, device id 0010, not offered to drivers'
	assert_line --index 1 '             VF 0 0000:01:00.1, driver none'
	assert_line --index 2 '             VF 1 0000:01:00.2, driver vfio-pci'
	[ "${#lines[@]}" -eq 3 ]
	on -s 01:00.1 sriov show
	assert_output '0000:01:00.1 virtual function of 0000:01:00.0'
	on sriov show -j
	assert_json '.devices[0] | [.role, .numvfs, .totalvfs, .vf_device_id, .drivers_autoprobe, .vfs[1].address] | join(" ")' \
		'pf 2 4 0x0010 false 0000:01:00.2'
	on -s $port sriov show
	assert_exit 6
	on -s $port sriov numvfs 1
	assert_exit 6
	on -s 01:00.1 sriov numvfs 1
	assert_exit 6
	assert_err 'its physical function is 0000:01:00.0'
}

@test "sriov numvfs: what is refused, and by force" {
	sriov_device
	numvfs=$SYSROOT/sys/bus/pci/devices/$dev/sriov_numvfs
	on -s $dev sriov numvfs 5
	assert_exit 2
	assert_err 'which is 4'
	on -s $dev sriov numvfs 3
	assert_exit 1
	assert_err 'sriov numvfs 0'
	on -s $dev sriov numvfs 0
	assert_exit 4
	assert_err '0000:01:00.2 has the driver vfio-pci'
	[ "$(<"$numvfs")" = 2 ]
	on -s $dev -D -f sriov numvfs 3
	assert_exit 0
	assert_output 'numvfs 2 -> 0 -> 3'
	[ "$(<"$numvfs")" = 2 ]
	on -s $dev sriov numvfs 2
	assert_exit 0
	on -s $dev -f sriov numvfs 3 -j
	assert_exit 0
	assert_json '[.old_numvfs, .through_zero, .numvfs] | map(tostring) | join(" ")' '2 true 3'
	[ "$(<"$numvfs")" = 3 ]
	rm "$SYSROOT/sys/bus/pci/devices/0000:01:00.2/driver"
	# an interface of a VF that is up
	interface=$SYSROOT/sys/bus/pci/devices/0000:01:00.1/net/eth9
	mkdir -p "$interface"
	ln -s ../../../../../../class/net "$interface/subsystem"
	echo 0x1003 >"$interface/flags"
	on -s $dev sriov numvfs 0
	assert_exit 4
	assert_err '0000:01:00.1: the network interface eth9 is up'
	echo 0x1002 >"$interface/flags"
	on -s $dev sriov numvfs 0
	assert_exit 0
	assert_output ''
	[ "$(<"$numvfs")" = 0 ]
}

# --- acs, p2p ----------------------------------------------------------------------------------------

@test "acs show: all that have it, or those that match" {
	one_switch
	fake_acs $port 0x5f 0x1d
	fake_acs 0000:02:00.0 0x0c 0x00
	on acs show
	assert_exit 0
	assert_line --index 0 '0000:00:1c.0 on: source validation, request redirect, completion redirect, upstream forwarding'
	assert_line --index 1 '             off: translation blocking, direct translated P2P'
	assert_line --index 2 '             not possible: egress control'
	assert_line --index 3 '0000:02:00.0 on: none'
	[ "${#lines[@]}" -eq 6 ]
	on -s $port acs show -j
	assert_json '.devices | length' 1
	assert_json '.devices[0].acs | [.offset, .capability, .control, .request_redirect.enabled, .egress_control.capable] | map(tostring) | join(" ")' \
		'0x100 0x005f 0x001d true false'
	on -s 03:00.0 acs show
	assert_exit 6
	truncate -s 64 "$SYSROOT/sys/bus/pci/devices/$port/config"
	on -s $port acs show
	assert_exit 0
	assert_output '0000:00:1c.0 ACS needs root'
	on -s $port acs show -j
	assert_json '.devices[0].acs_reason' 'needs root'
}

@test "acs show: among all, what sleeps is left asleep" {
	one_switch
	fake_acs $port 0x5f 0x1d
	fake_attribute $port power/runtime_status suspended
	on acs show
	assert_exit 0
	assert_line '0000:00:1c.0 ACS suspended'
	refute_output --partial 'source validation'
	on -s $port acs show
	assert_line --index 0 --partial 'source validation'
}

# verdict A B
verdict() {
	on p2p "$1" "$2" -j
	assert_exit 0
	json '.verdict // "null: " + .verdict_reason'
}

@test "p2p: in a switch without ACS directly" {
	one_switch
	assert_equal "$(verdict 03:00.0 04:00.0)" direct
	on p2p 03:00.0 04:00.0
	assert_line --index 0 --partial 'direct: directly, in the switch'
	assert_line '             0000:03:00.0, IOMMU group none'
	assert_line '             meet in 0000:01:00.0'
	assert_line '             a 0000:02:00.0 downstream port: no ACS'
	on p2p 03:00.0 04:00.0 -j
	assert_json '.changes | length' 0
	# there, but off; the root port's does not matter
	fake_acs 0000:02:00.0 0x5f 0x13
	fake_acs $port 0x5f 0x1d
	assert_equal "$(verdict 03:00.0 04:00.0)" direct
	assert_equal "$(verdict 04:00.0 03:00.0)" direct
}

@test "p2p: redirected, and what to change" {
	one_switch
	fake_group 0000:03:00.0 5
	printf 'DMA\n' >"$SYSROOT/sys/kernel/iommu_groups/5/type"
	fake_acs 0000:02:00.0 0x5f 0x1d
	fake_acs 0000:02:01.0 0x5f 0x08
	on p2p 03:00.0 04:00.0
	assert_exit 0
	assert_line --index 0 'redirected: redirected to the root complex by ACS'
	assert_line '             0000:03:00.0, IOMMU group 5, type DMA'
	assert_line --partial 'boot with pci=disable_acs_redir=0000:02:00.0;0000:02:01.0'
	assert_line '  pcietool -s 0000:02:00.0 config write ECAP_ACS+6/16=0:0xc'
	assert_line '  pcietool -s 0000:02:01.0 config write ECAP_ACS+6/16=0:0x8'
	# the command does it
	for bridge in 0000:02:00.0 0000:02:01.0; do
		command=$(pcietool --sysroot "$SYSROOT" p2p 03:00.0 04:00.0 -j |
			jq -r ".changes[] | select(.address == \"$bridge\").command")
		# shellcheck disable=SC2086
		on ${command#pcietool }
		assert_exit 0
	done
	assert_equal "$(verdict 03:00.0 04:00.0)" direct
	on -s 02:00.0 config read ECAP_ACS+6/16
	assert_output 0x0011
	# direct translated
	fake_acs 0000:02:00.0 0x5f 0x44
	on p2p 03:00.0 04:00.0 -j
	assert_json .verdict redirected
	assert_json .translated_direct true
}

@test "p2p: egress control blocks, redirects, lets through" {
	one_switch
	fake_config 0000:02:01.0 0x4c 32 0x05000000 # port number 5
	fake_acs 0000:02:00.0 0x0820 0x20
	fake_config 0000:02:00.0 0x108 32 0x20
	assert_equal "$(verdict 03:00.0 04:00.0)" blocked
	on p2p 03:00.0 04:00.0 -j
	assert_json '.ports[] | select(.blocks).address' 0000:02:00.0
	assert_equal "$(verdict 04:00.0 03:00.0)" blocked
	# not this one: but Linux goes round by the host bridge even so
	fake_config 0000:02:00.0 0x108 32 0x40
	assert_equal "$(verdict 03:00.0 04:00.0)" redirected
	fake_acs 0000:02:00.0 0x0824 0x24
	fake_config 0000:02:00.0 0x108 32 0x20
	assert_equal "$(verdict 03:00.0 04:00.0)" redirected
	# a vector that is too short to tell
	fake_acs 0000:02:00.0 0x0420 0x20
	assert_equal "$(verdict 03:00.0 04:00.0)" blocked
}

@test "p2p: different root ports, one function, one above the other" {
	one_switch
	assert_equal "$(verdict 03:00.0 05:00.0)" root-complex
	on p2p 03:00.0 05:00.0
	assert_line --index 0 --partial 'Linux allows it for those in its list'
	assert_line '             b 0000:00:1d.0 root port: no ACS'
	refute_line --partial 'two host bridges'
	assert_equal "$(verdict 03:00.0 03:00.0)" same
	assert_equal "$(verdict 03:00.0 02:00.0)" above
	assert_equal "$(verdict $dev 04:00.0)" above
	fake_port 0001:00:01.0 4 1
	fake_pci 0001:01:00.0 0x144d 0x0003 0x010802 4096
	on p2p 03:00.0 0001:01:00.0
	assert_line --index 0 --partial 'between two host bridges'
}

@test "p2p: functions of one device, VFs, a conventional bus" {
	one_switch
	fake_pci 0000:03:00.1 0x10de 0x0002 0x040300 4096
	assert_equal "$(verdict 03:00.0 03:00.1)" device
	fake_acs 0000:03:00.1 0x0c 0x0c
	assert_equal "$(verdict 03:00.0 03:00.1)" redirected
	fake_vf 0000:04:00.0 0 0000:04:10.1
	assert_equal "$(verdict 04:00.0 04:10.1)" device
	fake_port 0000:00:1e.0 7 6
	fake_pci 0000:06:01.0 0x1234 0x0001 0x020000
	fake_pci 0000:06:02.0 0x1234 0x0001 0x020000
	assert_equal "$(verdict 06:01.0 06:02.0)" bus
	fake_pci 0000:00:03.0 0x1234 0x0001 0x020000
	fake_pci 0000:00:03.1 0x1234 0x0001 0x020000
	assert_equal "$(verdict 00:03.0 00:03.1)" device
	assert_equal "$(verdict 00:03.0 06:01.0)" root-complex
}

@test "p2p: without root what ACS decides is unknown, the rest is not" {
	one_switch
	fake_vf 0000:04:00.0 0 0000:04:10.1
	for file in "$SYSROOT"/sys/bus/pci/devices/*/config; do truncate -s 64 "$file"; done
	assert_equal "$(verdict 03:00.0 04:00.0)" 'null: needs root'
	on p2p 03:00.0 04:00.0
	assert_line --index 0 'unknown, needs root: ACS of the ports in between cannot be read'
	assert_line '             a 0000:02:00.0 of unknown type: ACS needs root'
	assert_equal "$(verdict 03:00.0 05:00.0)" root-complex
	assert_equal "$(verdict 03:00.0 03:00.0)" same
	assert_equal "$(verdict 04:00.0 04:10.1)" 'null: needs root'
	on p2p 04:00.0 04:10.1 -j
	assert_json '.ports | map(.address) | join(" ")' '0000:04:00.0 0000:04:10.1'
}

@test "acs and p2p of a dump" {
	one_switch
	fake_acs 0000:02:00.0 0x5f 0x1d
	pcietool --sysroot "$SYSROOT" config dump --all >"$BATS_TEST_TMPDIR/dump"
	rm -r "$SYSROOT"
	run_tool --from-dump "$BATS_TEST_TMPDIR/dump" acs show
	assert_exit 0
	assert_line --index 0 --partial '02:00.0 on: source validation, request redirect'
	run_tool --from-dump "$BATS_TEST_TMPDIR/dump" p2p 03:00.0 04:00.0 -j
	assert_exit 0
	assert_json .verdict redirected
	assert_json .a.iommu_group_reason 'not in the dump'
	run_tool --from-dump "$BATS_TEST_TMPDIR/dump" bar list
	assert_exit 2
}

# --- iommu -------------------------------------------------------------------------------------------

@test "iommu show" {
	one_port
	on iommu show
	assert_exit 6
	assert_err 'intel_iommu=on'
	fake_group $dev 10
	fake_group $port 9
	fake_driver $dev nic
	mkdir -p "$SYSROOT/sys/kernel/iommu_groups/10/devices/arm-smmu.1"
	printf 'DMA-FQ\n' >"$SYSROOT/sys/kernel/iommu_groups/10/type"
	printf '0x%016x 0x%016x %s\n' 0 0xffffff direct 0xfee00000 0xfeefffff msi \
		>"$SYSROOT/sys/kernel/iommu_groups/10/reserved_regions"
	on iommu show
	assert_exit 0
	assert_line --index 0 'group 9      type not given by the kernel'
	assert_line 'group 10     type DMA-FQ: translated, unmapped late'
	assert_line '             0000:01:00.0 1234:11e8, driver nic'
	assert_line '             arm-smmu.1'
	assert_line '             reserved 0xfee00000..0xfeefffff msi'
	on -s $dev iommu show -j
	assert_json '.groups | length' 1
	assert_json '.groups[0] | [.group, .type, .devices[0].driver, .reserved_regions[0].end] | join(" ")' \
		'10 DMA-FQ nic 0x00ffffff'
	fake_pci 0000:02:00.0 0x1234 0x11e8 0x020000
	on -s 02:00.0 iommu show
	assert_exit 6
}

# --- all ---------------------------------------------------------------------------------------------

@test "no key depends on verbosity" {
	msix_device
	fake_attribute $dev sriov_totalvfs 4
	fake_attribute $dev sriov_numvfs 0
	fake_acs $port 0x5f 0x1d
	fake_group $dev 3
	for words in 'bar list' 'bar windows -s 00:1c.0' 'msi show' 'sriov show' 'acs show -s 00:1c.0' 'iommu show' \
		'p2p 01:00.0 00:1c.0'; do
		# shellcheck disable=SC2086
		quiet=$(pcietool --sysroot "$SYSROOT" -s $dev -j -q $words | jq -c '[paths | map(tostring) | join(".")]')
		# shellcheck disable=SC2086
		verbose=$(pcietool --sysroot "$SYSROOT" -s $dev -j -v $words 2>/dev/null | jq -c '[paths | map(tostring) | join(".")]')
		assert_equal "$quiet" "$verbose"
	done
}

@test "as lines of a batch" {
	msix_device
	fake_acs $port 0x5f 0x1d
	printf '%s\n' 'msi show 0' 'bar list' 'bar windows -s 00:1c.0' 'acs show -s 00:1c.0' 'p2p 01:00.0 01:00.0' 'msi show 0' \
		>"$BATS_TEST_TMPDIR/lines"
	on -s $dev -j batch "$BATS_TEST_TMPDIR/lines"
	assert_exit 0
	assert_equal "$(jq -r '.result.schema' <<<"$output" | xargs)" \
		'pcietool/msi-show/1 pcietool/bar-list/1 pcietool/bar-windows/1 pcietool/acs-show/1 pcietool/p2p/1 pcietool/msi-show/1'
	assert_equal "$(jq -r 'select(.line == 6).result.vectors[0].address' <<<"$output")" 0xfee01000
}

@test "addresses complete behind p2p, BARs behind bar resize" {
	one_port
	fake_bar $dev 0 0xe0000000 0x1000 0x40200
	run pcietool --complete --sysroot "$SYSROOT" p2p 0000:0
	assert_line 0000:01:00.0
	run pcietool --complete --sysroot "$SYSROOT" -s $dev bar resize ''
	assert_output 0
	run pcietool --complete bar ''
	assert_line windows
}
