#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later

load ../lib/common
load ../lib/fake_device

bdf=0000:01:00.0

# A PCI Express endpoint with everything that info knows.
setup() {
	fake_tree
	fake_begin
	fake_pci $bdf 0x1d6a 0x0001 0x020000 4096
	dir=$SYSROOT/sys/bus/pci/devices/$bdf
	fake_bar $bdf 0 0x4000000000 0x1000000 0x14220c
	fake_bar $bdf 2 0xc000 0x20 0x40101
	fake_bar $bdf 6 0xfe000000 0x10000 0x46200
	fake_config $bdf 4 16 0x0506
	fake_config $bdf 0x34 8 0x40
	fake_config $bdf 0x30 32 0xfe000000
	fake_config $bdf 0x3d 8 1
	fake_capability $bdf 0x40 0x01 0x50
	fake_config $bdf 0x44 16 0x0003
	fake_capability $bdf 0x50 0x05 0x70
	fake_config $bdf 0x52 16 0x018b   # on, 32 vectors, 1 given, 64-bit, maskable
	fake_capability $bdf 0x70 0x10 0xb0
	fake_config $bdf 0x72 16 0x0002
	fake_config $bdf 0x7c 32 0x00000044   # 16 GT/s x4
	fake_config $bdf 0x82 16 0x0013   # 8 GT/s x1
	fake_capability $bdf 0xb0 0x11 0xc0
	fake_config $bdf 0xb2 16 0x4007
	fake_config $bdf 0xb4 32 0x2000
	fake_config $bdf 0xb8 32 0x3002
	fake_capability $bdf 0xc0 0x77 0
	fake_extended $bdf 0x100 1 0x150
	fake_extended $bdf 0x150 0x19 0x200
	fake_extended $bdf 0x200 0x0999 0
	fake_write
	fake_attribute $bdf irq 24
	fake_attribute $bdf numa_node -1
	fake_attribute $bdf power_state D3hot
	fake_attribute $bdf power/runtime_status active
	fake_attribute $bdf dma_mask_bits 32
	fake_attribute $bdf consistent_dma_mask_bits 64
	fake_attribute $bdf driver_override '(null)'
	mkdir -p "$SYSROOT/sys/kernel/iommu_groups/7/devices/"{a,b} "$dir/net/eth9"
	ln -s ../../../../kernel/iommu_groups/7 "$dir/iommu_group"
	SELECT="--sysroot $SYSROOT -s 01:00.0"
}

info() {
	# shellcheck disable=SC2086
	run_tool $SELECT info "$@"
}

@test "the text form" {
	info -n
	assert_exit 0
	assert_line --index 0 '0000:01:00.0 1d6a:0001 [020000], revision 00'
	assert_line 'command      0x0506: I/O off, memory on, bus master on, SERR on, INTx disabled'
	assert_line 'status       0x0010: capability list'
	assert_line 'BARs         BAR0 mem 16M at 0x4000000000, 64-bit, prefetchable'
	assert_line '             BAR2 io 32 at 0xc000, not decoded'
	assert_line '             ROM 64K at 0xfe000000, disabled'
	assert_line 'capabilities 0x40  Power Management'
	assert_line '             0x70  PCI Express'
	assert_line '             0xc0  capability 0x77'
	assert_line 'extended     0x100 Advanced Error Reporting'
	assert_line '             0x200 extended capability 0x0999'
	assert_line 'link         8GT/s x1 (possible 16GT/s x4)'
	assert_line 'interrupt    pin A, irq 24, MSI on (vectors 32, enabled 1, 64-bit, maskable), MSI-X off, masked (vectors 8, table BAR0+0x2000, pending BAR2+0x3000)'
	assert_line 'driver       none'
	assert_line 'IOMMU group  7, devices in it 2'
	assert_line 'NUMA node    none'
	assert_line 'power        D3hot, in the device D3hot, runtime active'
	assert_line 'DMA mask     32 bits, coherent 64'
	assert_line 'names        net eth9'
}

@test "the JSON form" {
	info -j
	assert_exit 0
	assert_json .schema pcietool/info/1
	assert_json '[.address, .vendor_id, .device_id, .class_id, .revision, .header_type, .multi_function] | join(" ")' \
		'0000:01:00.0 0x1d6a 0x0001 0x020000 0x00 0 false'
	assert_json '.command | [.value, .io, .memory, .bus_master, .serr, .intx_disable] | join(" ")' \
		'0x0506 false true true true true'
	assert_json '.bars | map("\(.index) \(.decoded)") | join(", ")' '0 true, 2 false'
	assert_json '.rom | [.size, .address] | join(" ")' '65536 0xfe000000'
	assert_json .rom_enabled false
	assert_json '.capabilities | map("\(.offset) \(.id)") | join(", ")' \
		'0x40 0x01, 0x50 0x05, 0x70 0x10, 0xb0 0x11, 0xc0 0x77'
	assert_json .capabilities_problem null
	assert_json '.extended_capabilities | map("\(.offset) \(.id)") | join(", ")' \
		'0x100 0x0001, 0x150 0x0019, 0x200 0x0999'
	assert_json '.link | tojson' '{"speed_gts":8,"width":1,"reduced":true,"max_speed_gts":16,"max_width":4}'
	assert_json '.interrupt | [.pin, .irq] | join(" ")' 'A 24'
	assert_json '.interrupt.msi | [.[]] | map(tostring) | join(" ")' 'true 32 1 true true'
	assert_json '.interrupt.msix | [.[]] | map(tostring) | join(" ")' 'false true 8 0 0x2000 2 0x3000'
	assert_json '[.driver_override, .driver_override_reason, .iommu_group, .iommu_group_devices, .numa_node_reason] | map(tostring) | join(" ")' \
		'null none 7 2 none'
	assert_json '[.power_state, .pmcsr, .pmcsr_state, .dma_mask_bits, .coherent_dma_mask_bits] | join(" ")' \
		'D3hot 0x0003 D3hot 32 64'
	assert_json '.kernel_names | tojson' '[{"class":"net","name":"eth9"}]'
	assert_json '.saved | length' 0
}

@test "without root: 64 bytes of config space, and that is said" {
	truncate -s 64 "$dir/config"
	info -j
	assert_exit 0
	assert_json '[.capabilities, .capabilities_reason, .extended_capabilities_reason, .interrupt.msi_reason, .pmcsr_reason] | map(tostring) | join(", ")' \
		'null, needs root, needs root, needs root, needs root'
	assert_json '.command.value' 0x0506
}

@test "a capability list that runs in a loop ends" {
	fake_capability $bdf 0xc0 0x77 0x50
	fake_extended $bdf 0x200 0x0b 0x100
	info -j
	assert_exit 0
	assert_json '[.capabilities_problem, .extended_capabilities_problem] | join(", ")' \
		'the list runs in a loop, the list runs in a loop'
	assert_json '.capabilities | length' 5
	info
	assert_line '             broken: the list runs in a loop'
}

@test "a list that points nowhere, or ends in all ones" {
	fake_capability $bdf 0xc0 0x77 0x20
	fake_extended $bdf 0x200 0x0b 0x040
	info -j
	assert_json '[.capabilities_problem, .extended_capabilities_problem] | join(", ")' \
		'the list points into the header, the list points below 0x100'
	fake_capability $bdf 0xc0 0xff 0
	fake_config $bdf 0x200 32 0xffffffff
	info -j
	assert_json '[.capabilities_problem, .extended_capabilities_problem] | join(", ")' \
		'the list ends in all ones, the list ends in all ones'
}

@test "a device that is gone is exit 5" {
	head -c 4096 /dev/zero | tr '\0' '\377' >"$dir/config"
	info -j
	assert_exit 5
	assert_json .error.exit 5
	assert_err 'does not answer'
}

@test "VPD of all ones is none: of a device that is gone exit 5, and no file" {
	head -c 512 /dev/zero | tr '\0' '\377' >"$dir/vpd"
	info --vpd "$BATS_TEST_TMPDIR/vpd"
	assert_exit 1
	assert_err 'the Vital Product Data cannot be read'
	head -c 4096 /dev/zero | tr '\0' '\377' >"$dir/config"
	info --vpd "$BATS_TEST_TMPDIR/vpd"
	assert_exit 5
	assert_err 'does not answer'
	[ ! -e "$BATS_TEST_TMPDIR/vpd" ]
}

@test "a virtual function, whose vendor id reads all ones, is there" {
	fake_config $bdf 0 32 0xffffffff
	info -j
	assert_exit 0
	assert_json .vendor_id 0x1d6a
}

@test "no config space at all costs its fields only" {
	rm "$dir/config"
	info -j
	assert_exit 0
	assert_json '[.command, .command_reason, .capabilities] | map(tostring) | join(", ")' \
		'null, not given by the kernel, null'
	assert_json .numa_node null
}

@test "exactly one device is needed" {
	fake_pci 0000:02:00.0 0x1d6a 0x0002 0x020000
	run_tool --sysroot "$SYSROOT" info
	assert_exit 3
	run_tool --sysroot "$SYSROOT" -d 1d6a: info
	assert_exit 3
	assert_err 0000:01:00.0
	assert_err 0000:02:00.0
	run_tool --sysroot "$SYSROOT" -d 1d6a:0003 info
	assert_exit 3
	PCIETOOL_DEVICE=1d6a:0002 run_tool --sysroot "$SYSROOT" info
	assert_exit 0
}

@test "arguments that are wrong are usage errors" {
	for args in extra --rom --rom=- --vpd= --vpd '-n --no-such' '--numeric=1'; do
		# shellcheck disable=SC2086
		info $args
		assert_exit 2
		assert_output ''
	done
}

@test "ROM and VPD into files" {
	head -c 100000 /dev/urandom >"$dir/rom"
	head -c 300 /dev/urandom >"$dir/vpd"
	cp "$dir/rom" "$BATS_TEST_TMPDIR/before"
	info --rom "$BATS_TEST_TMPDIR/rom" --vpd "$BATS_TEST_TMPDIR/vpd"
	assert_exit 0
	cmp "$dir/rom" "$BATS_TEST_TMPDIR/before"
	cmp "$dir/rom" "$BATS_TEST_TMPDIR/rom"
	cmp "$dir/vpd" "$BATS_TEST_TMPDIR/vpd"
	assert_line "saved        rom, bytes 100000, in $BATS_TEST_TMPDIR/rom"
	info -j --vpd "$BATS_TEST_TMPDIR/vpd"
	assert_json '.saved | tojson' "[{\"what\":\"vpd\",\"bytes\":300,\"file\":\"$BATS_TEST_TMPDIR/vpd\"}]"
}

@test "no ROM, no VPD: exit 6, and no file" {
	for what in rom vpd; do
		info --$what "$BATS_TEST_TMPDIR/file"
		assert_exit 6
		assert_err 'the device has no'
		[ ! -e "$BATS_TEST_TMPDIR/file" ]
	done
}

@test "an empty ROM, or memory decoding off: exit 1, an old file stays" {
	echo old >"$BATS_TEST_TMPDIR/file"
	: >"$dir/rom"
	info --rom "$BATS_TEST_TMPDIR/file"
	assert_exit 1
	head -c 512 /dev/zero >"$dir/rom"
	fake_config $bdf 4 16 0
	info --rom "$BATS_TEST_TMPDIR/file"
	assert_exit 1
	assert_err 'memory decoding is off'
	assert_err 'config write COMMAND=0x2:0x2'
	[ "$(cat "$BATS_TEST_TMPDIR/file")" = old ]
}

@test "a file that cannot be written: exit 1" {
	head -c 512 /dev/zero >"$dir/vpd"
	info --vpd "$BATS_TEST_TMPDIR"
	assert_exit 1
	info --vpd "$BATS_TEST_TMPDIR/no/such"
	assert_exit 1
	info --vpd /dev/full
	assert_exit 1
	assert_err 'No space left'
}

@test "--dry-run saves nothing" {
	head -c 512 /dev/zero >"$dir/vpd"
	info -D --vpd "$BATS_TEST_TMPDIR/file"
	assert_exit 0
	[ ! -e "$BATS_TEST_TMPDIR/file" ]
}

@test "a vendor's own capabilities say whose they are" {
	fake_extended $bdf 0x100 0x23 0x200
	fake_config $bdf 0x104 32 0x03801e98
	fake_config $bdf 0x108 16 0x0008
	fake_extended $bdf 0x200 0x0b 0x300
	fake_config $bdf 0x204 32 0x01020003
	fake_extended $bdf 0x300 0x03 0
	run_tool --sysroot "$SYSROOT" -s $bdf info
	assert_exit 0
	assert_line 'extended     0x100 Designated Vendor-Specific, vendor 1e98, id 0008'
	assert_line '             0x200 Vendor-Specific Extended, id 0003'
	run_tool --sysroot "$SYSROOT" -s $bdf info -j
	assert_json '.extended_capabilities | map([.dvsec_vendor_id, .dvsec_id, .vsec_id]) | tojson' \
		'[["0x1e98","0x0008",null],[null,null,"0x0003"],[null,null,null]]'
}
