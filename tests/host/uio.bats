#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
#
# UIO on a fake tree: what is shown, what is selected, drivers that say anything.

load ../lib/common
load ../lib/fake_device

bdf=0000:01:00.0

setup() {
	fake_tree
	fake_pci $bdf 0x1234 0x11e8 0x00ff00
}

on() {
	run_tool --sysroot "$SYSROOT" "$@"
}

@test "no module, no device" {
	on uio list
	assert_exit 0
	assert_output ''
	on -j uio list
	assert_json '.devices | length' 0
	on -s uio:0 uio list
	assert_exit 3
	on -s uio:0 regs read 0
	assert_exit 3
	assert_err 'no such UIO device'
}

@test "list: in order, with maps and ports" {
	fake_uio 10 ten 1 7
	fake_uio 2 fpga 0.9 4294967295
	fake_uio_map 2 0 regs 0xa0000000 0x1000 0x0
	fake_uio_map 2 2 ram 0xa0010000 0x10000 0x10
	mkdir -p "$SYSROOT/sys/class/uio/uio2/portio/port0"
	printf 'io\n' >"$SYSROOT/sys/class/uio/uio2/portio/port0/name"
	printf '0x3f8\n' >"$SYSROOT/sys/class/uio/uio2/portio/port0/start"
	printf '0x8\n' >"$SYSROOT/sys/class/uio/uio2/portio/port0/size"
	printf 'port_x86\n' >"$SYSROOT/sys/class/uio/uio2/portio/port0/porttype"
	on uio list
	assert_exit 0
	assert_line --index 0 'uio2 fpga, version 0.9, device fpga.0, events 4294967295'
	assert_line --index 1 '  map 0 regs            address 0xa0000000 size 0x1000 offset 0x0'
	assert_line --index 2 '  map 2 ram             address 0xa0010000 size 0x10000 offset 0x10'
	assert_line --index 3 '  port 0 io             start 0x3f8 size 0x8 port_x86'
	assert_line --index 4 --partial 'uio10 ten'
	on -j uio list
	assert_json '.devices[0].maps | map(.index) | join(" ")' '0 2'
	assert_json '.devices[0] | "\(.number) \(.is_pci)"' '2 false'
}

@test "list: a selection that matches nothing is one that matches nothing" {
	fake_uio 0 uio_pci_generic 0.01.0 3 $bdf
	fake_uio 1 fpga 0.9 1
	fake_pci 0000:02:00.0 0x1234 0x11e9 0x00ff00
	for words in '-s 05:00.0' '-s 02:00.0' '-d 1234:11e9' '-s uio:2'; do
		# shellcheck disable=SC2086 # two words
		on $words uio list
		assert_exit 3
		assert_output ''
		# shellcheck disable=SC2086 # two words
		on $words -j uio list
		assert_json .error.exit 3
	done
	on -s 02:00.0 uio list
	assert_err 'no UIO device matches'
	on -d 1234: uio list
	assert_exit 0
	assert_equal "${#lines[@]}" 1
}

@test "a PCI device's: selected by either name" {
	fake_uio 0 uio_pci_generic 0.01.0 3 $bdf
	on -s 01:00.0 uio list
	assert_line --index 0 --partial "device $bdf"
	on -s uio:0 config read VENDOR_ID
	assert_exit 0
	assert_output 0x1234
	on -s uio:0 list
	assert_line --index 0 --partial $bdf
	PCIETOOL_DEVICE=uio:0 run_tool --sysroot "$SYSROOT" config read DEVICE_ID
	assert_output 0x11e8
	on -s uio:0 -v irq list
	assert_exit 0
	assert_output --partial 'count 3'
	assert_err 'over UIO'
}

@test "registers: the map's number selects, its offset counts" {
	fake_uio 0 fpga 1 0
	fake_uio_map 0 0 regs 0xa0000000 0x1000 0x0
	fake_uio_map 0 1 part 0xa0001040 0x80 0x40
	on -s uio:0 regs write 0x8=0x11223344 1:0x4=0x55667788
	assert_exit 0
	assert_equal "$(od -An -tx4 -j 8 -N 4 "$SYSROOT/dev/uio0" | tr -d ' ')" 11223344
	assert_equal "$(od -An -tx4 -j $((4096 + 0x44)) -N 4 "$SYSROOT/dev/uio0" | tr -d ' ')" 55667788
	# nothing but ones: it has no config space that answers
	tr '\0' '\377' </dev/zero | head -c 64 | dd of="$SYSROOT/dev/uio0" conv=notrunc status=none
	on -s uio:0 regs dump 0+64
	assert_exit 0
	[ -z "$stderr" ]
	on -s uio:0 regs read 1:0x4 1:0x80
	assert_exit 2
	on -s uio:0 regs read 3:0
	assert_exit 6
	assert_err 'no map 3, it has 2'
	for verb in 'config read 0' info 'dma list' 'aer show' remove; do
		# shellcheck disable=SC2086 # several words
		on -s uio:0 $verb
		[ "$status" -eq 6 ] || [ "$verb" = 'dma list' ]
	done
}

@test "sysfs that lies: sizes, offsets, numbers that are none" {
	fake_uio 0 'a name' '' x
	fake_uio_map 0 0 none 0x0 0x0 0x0
	fake_uio_map 0 1 huge 0x0 0xffffffffffffffff 0x0
	fake_uio_map 0 2 far 0x0 0x1000 0x5000
	fake_uio_map 0 3 words what is this
	on uio list
	assert_exit 0
	assert_line --index 0 --partial 'events no number'
	on -j uio list
	assert_exit 0
	assert_json '.devices[0].events' null
	for map in 0 1 2 3; do
		on -s uio:0 regs read $map:0
		assert_exit 1
		assert_err 'makes no sense'
	done
	# larger than what can be mapped: a fault is no crash
	fake_uio_map 0 4 more 0x0 0x100000 0x0
	on -s uio:0 regs read 4:0x80000
	assert_exit 5
	assert_err 'bus error'
	on -s uio:0 irq list
	[ "$status" -ne 0 ]
}

@test "malformed selectors" {
	for word in uio: uio:x uio:-1 uio:1x uio:99999999999; do
		on -s "$word" uio list
		assert_exit 2
		assert_err 'uio:N'
	done
}

@test "--via uio without a UIO driver: the driver is named" {
	fake_driver $bdf e1000e
	on -s 01:00.0 --via uio irq list
	assert_exit 6
	assert_err 'its driver: e1000e'
	assert_err 'driver bind --to uio'
}

@test "counts go on beyond 32 bits from one command to the next" {
	mkdir -p "$SYSROOT/run"
	fake_uio 0 fpga 1 4294967290
	on -j -s uio:0 irq list
	assert_json '.vectors[0].count' 4294967290
	echo 4 >"$SYSROOT/sys/class/uio/uio0/event"
	on -j -s uio:0 irq list
	assert_json '.vectors[0].count' 4294967300
	assert_json '.vectors[0].linux_irq' null
}

@test "a node that a container was not given" {
	local words
	fake_uio 0 uio_pci_generic 0.01.0 3 $bdf
	fake_uio_map 0 0 regs 0xa0000000 0x1000 0x0
	rm "$SYSROOT/dev/uio0"
	mkdir "$SYSROOT/run"
	for words in '-s uio:0 regs read 0' '-s uio:0 irq wait --timeout 1ms' '-s uio:0 --via uio session -- true'; do
		# shellcheck disable=SC2086 # words
		on $words
		assert_exit 6
		assert_err 'there is no /dev/uio0 here'
		assert_err 'only the nodes that it was started with'
	done
	mknod "$SYSROOT/dev/uio0" c 511 1048575 || skip 'no nodes here'
	on -s uio:0 regs read 0
	assert_exit 6
	assert_err '/dev/uio0 here is no device'
}
