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

# The example of PCI Local Bus 3.0, section I.3.2: make_vpd FILE [PYTHON that changes the bytes D].
make_vpd() {
	python3 - "$@" <<-'END'
		import sys
		def field(keyword, value): return keyword + bytes([len(value)]) + value
		def large(tag, data): return bytes([tag]) + len(data).to_bytes(2, "little") + data
		r = field(b"PN", b"6181682A") + field(b"EC", b"4950262536") + field(b"SN", b"00000194") + field(b"MN", b"1037")
		rv = 0x2c
		d = large(0x82, b"ABCD Super-Fast Widget Controller")
		d += bytes([0x90]) + (len(r) + 3 + rv).to_bytes(2, "little") + r + b"RV" + bytes([rv])
		d += bytes([-sum(d) & 0xff]) + bytes(rv - 1)
		d += large(0x91, field(b"V1", b"65A01") + field(b"Y1", b"Error Code 26") + field(b"RW", bytes(0x61))) + b"\x78"
		d = bytearray(d)
		if len(sys.argv) > 2: exec(sys.argv[2])
		open(sys.argv[1], "wb").write(d)
	END
}

@test "VPD by keyword, its checksum; what is damaged is named, exit 8" {
	make_vpd "$dir/vpd"
	info --vpd-decode
	assert_exit 0
	assert_line 'VPD          ABCD Super-Fast Widget Controller'
	assert_line '             PN part number               6181682A'
	assert_line '             SN serial number             00000194'
	assert_line "             Y1 system's, writable        Error Code 26"
	assert_line '             checksum good'
	info -j --vpd-decode
	assert_json '.vpd | [.identifier, .checksum, (.fields | length)] | join(" ")' 'ABCD Super-Fast Widget Controller good 6'
	assert_json '.vpd.fields[1] | tojson' \
		'{"keyword":"EC","meaning":"engineering change level","area":"read-only","value":"4950262536","bytes":10,"offset":"0x035"}'
	assert_json '.vpd.fields[4] | [.keyword, .area, .value] | join(" ")' 'V1 writable 65A01'
	make_vpd "$dir/vpd" 'd[6] ^= 1'
	info --vpd-decode
	assert_exit 8
	assert_line '             checksum wrong'
	assert_err 'its checksum is wrong'
	make_vpd "$dir/vpd" 'd[44] = 0xff; d = d[:60]'
	info --vpd-decode -j
	assert_exit 8
	assert_json .vpd.problem 'at 0x24: tag 0x90 of 89 bytes, of which 21 are there'
	assert_json .vpd.checksum null
	make_vpd "$dir/vpd" 'd[37] = 20; d[38] = 0'
	info --vpd-decode
	assert_exit 8
	assert_line --partial 'at 0x32: field EC of 10 bytes, of which 6 are there'
	# no end tag; no text
	make_vpd "$dir/vpd" 'd = d[:-1]'
	info --vpd-decode
	assert_line --partial 'without an end tag'
	make_vpd "$dir/vpd" 'd[42] = 1; d[36+3+3+8+3+10+3+8+3+4+3] = (d[36+3+3+8+3+10+3+8+3+4+3] + 0x35) & 0xff'
	info --vpd-decode
	assert_exit 0
	assert_line --partial '0x0131383136383241'
	info --vpd-decode -s 00:00.0
	assert_exit 3
}

# Two images, as an EFI driver behind code for a PC's BIOS: make_rom FILE [PYTHON that changes the bytes D].
make_rom() {
	python3 - "$@" <<-'END'
		import sys, struct
		def pcir(code, last, blocks, device=1): return b"PCIR" + struct.pack("<HHHHB3sHHBBH", 0x1d6a, device, 0, 0x18, 0, b"\0\0\x02", blocks, 0x0102, code, 0x80 if last else 0, 0)
		bios = bytearray(1024)
		bios[0:3] = b"\x55\xaa\x02"
		bios[0x18:0x1a] = struct.pack("<H", 0x1c)
		bios[0x1c:0x1c + 24] = pcir(0, False, 2)
		bios[1023] = -sum(bios) & 0xff
		efi = bytearray(512)
		efi[0:0x18] = struct.pack("<HHIHHH8xH", 0xaa55, 1, 0xef1, 0xb, 0x8664, 1, 0x40)
		efi[0x18:0x1a] = struct.pack("<H", 0x1c)
		efi[0x1c:0x1c + 24] = pcir(3, True, 1, 2)
		d = bios + efi + bytearray(512)
		if len(sys.argv) > 2: exec(sys.argv[2])
		open(sys.argv[1], "wb").write(d)
	END
}

@test "the images in a ROM: kind, ids, sizes; what is damaged is named, exit 8" {
	make_rom "$dir/rom"
	info --rom-decode --rom "$BATS_TEST_TMPDIR/rom"
	assert_exit 0
	cmp "$dir/rom" "$BATS_TEST_TMPDIR/rom"
	assert_line 'ROM          images 2, read 2K'
	assert_line '             at 0x0000: BIOS, 1d6a:0001 [020000], 1K, level 0x0102, checksum good'
	assert_line '             at 0x0400: EFI for x86-64, compressed, 1d6a:0002 [020000], 512, level 0x0102, for another device'
	info -j --rom-decode
	assert_json '.rom_content.images[1] | [.code, .code_type, .machine, .machine_type, .subsystem, .compressed, .is_for_device] | join(" ")' \
		'EFI 3 x86-64 0x8664 11 true false'
	assert_json '.rom_content.images[0] | [.checksum, .size, .vendor_id, .class_id] | join(" ")' 'good 1024 0x1d6a 0x020000'
	make_rom "$dir/rom" 'd[100] = 1'
	info --rom-decode
	assert_exit 8
	assert_line --partial 'checksum wrong'
	make_rom "$dir/rom" 'd[0x400] = 0'
	info --rom-decode
	assert_exit 8
	assert_line '             damaged: at 0x400: 0x00aa, where an image begins with 0x55aa'
	make_rom "$dir/rom" 'd = d[:0x500]'
	info --rom-decode -j
	assert_exit 8
	assert_json .rom_content.problem 'at 0x400: an image of 512 bytes, of which 256 are there'
	make_rom "$dir/rom" 'd[0x19] = 0xff'
	info --rom-decode
	assert_line --partial 'its data structure would be at 0xff1c, behind the end of the ROM'
	make_rom "$dir/rom" 'd[0x1c] = 0'
	info --rom-decode
	assert_line --partial 'no data structure (PCIR) at 0x1c'
}

@test "ROM and VPD are not those of another machine than the dump's" {
	make_vpd "$dir/vpd"
	printf '01:00.0 x\n00: 6a 1d 01 00\n' >"$BATS_TEST_TMPDIR/dump"
	info --from-dump "$BATS_TEST_TMPDIR/dump" --vpd-decode
	assert_exit 6
	assert_err 'not in the dump'
}

@test "a dump tells no IOMMU group and no NUMA node, which is not that there is none" {
	printf '01:00.0 x\n00: 6a 1d 01 00\n' >"$BATS_TEST_TMPDIR/dump"
	run_tool --from-dump "$BATS_TEST_TMPDIR/dump" info -j
	assert_json '[.iommu_group, .iommu_group_reason, .iommu_group_devices_reason, .numa_node, .numa_node_reason] | map(tostring) | unique | join(", ")' \
		'not in the dump, null'
	rm -f "$dir/iommu_group"
	echo -1 >"$dir/numa_node"
	info -j
	assert_json '[.iommu_group_reason, .numa_node_reason] | join(" ")' 'none none'
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
