#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
#
# bar list, windows and resize on fake trees. A device with resizable BARs exists in no virtual machine: bar resize is
# tested here only.

# shellcheck disable=SC2154 # status, output and stderr are bats' own
load ../lib/common
load ../lib/fake_device
load ../lib/resources

dev=0000:01:00.0
port=0000:00:1c.0

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
	on info -s $dev
	assert_line --partial 'BAR0 mem 1M at 0x4100000000, 64-bit, prefetchable, LOST: the device has 0 there'
	on info -s $dev -j
	assert_json '.bars | map(.lost) | tojson' '[true,true,false]'
	# in D3hot it need not have it
	fake_attribute $dev power_state D3hot
	on bar list -s $dev -j
	assert_json '.devices[0].resources | map(.lost) | tojson' '[null,null,null]'
	assert_json '.devices[0].resources[0].lost_reason' 'in D3hot a function need not have its addresses'
	on bar list -s $dev
	refute_output --partial LOST
	on info -s $dev -j
	assert_json '.bars | map(.lost) | tojson' '[null,null,null]'
	fake_attribute $dev power_state D0
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
	assert_err "hint: take it away with 'echo $dev > /sys/bus/pci/drivers/somedriver/unbind'"
	# who pastes the hint is told what would be lost
	mkdir -p "$SYSROOT/proc/self"
	: >"$SYSROOT/proc/self/mountinfo"
	fake_attribute $dev net/eth7/flags 0x1003
	ln -s /class/net "$SYSROOT/sys/bus/pci/devices/$dev/net/eth7/subsystem"
	on -s $dev bar resize 0 2M
	assert_exit 4
	assert_err 'resizes no BAR under a driver; the network interface eth7 is up'
	assert_err 'hint: end that use first, it would be lost; then take it away'
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
