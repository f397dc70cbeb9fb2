#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Registers of a vendor's capability, by a map of the folders.

load ../lib/common
load ../lib/fake_device
load ../lib/fake_express

dev=0000:06:00.0

setup_file() {
	BATS_TEST_TMPDIR=$BATS_FILE_TMPDIR fake_tree
	fake_fabric
	# a VSEC of 1de5: id 0x0002, 0x28 bytes; a DVSEC of 16c3: id 0x0007, 0x10 bytes
	fake_config "$dev" 0x0 16 0x1de5
	fake_attribute "$dev" vendor 0x1de5
	fake_extended "$dev" 0x100 0x0b 0x200
	fake_config "$dev" 0x104 32 0x02810002
	fake_config "$dev" 0x108 32 0x02050084
	fake_config "$dev" 0x10c 32 0x1234
	fake_config "$dev" 0x124 32 0xcafe
	fake_extended "$dev" 0x200 0x23 0
	fake_config "$dev" 0x204 32 0x010116c3
	fake_config "$dev" 0x208 16 7
	fake_config "$dev" 0x20c 32 5
}

setup() {
	fake_copy
	export XDG_CONFIG_HOME=$BATS_TEST_TMPDIR/config
	maps=$XDG_CONFIG_HOME/pcietool/maps
	mkdir -p "$maps"
	cat >"$maps/vsec-1de5-0002.map" <<-'END'
		block,ras,0x0,0x100
		register,ras.EVENT_CTRL,0x8,32,rw,Event counter control
		field,ras.EVENT_CTRL,Event,27:16,rw,Group and number
		field,ras.EVENT_CTRL,STATUS,7,ro
		field,ras.EVENT_CTRL,ENABLE,4:2,rw
		enum,ras.EVENT_CTRL.ENABLE,off,1
		enum,ras.EVENT_CTRL.ENABLE,on,3
		register,ras.EVENT_DATA,0xc,32,ro
		register,ras.WIDE,0x10,64,ro
		register,ras.LAST,0x24,32,ro
		register,ras.BEHIND,0x28,32,ro
	END
}

config() {
	run_tool --sysroot "$SYSROOT" -s "$dev" config "$@"
}

@test "shown, read and written by name, within what the capability has, where config space can give it" {
	config show VSEC
	assert_exit 0
	assert_line --regexp '^  VSEC\.EVENT_CTRL +0x02050084 +ENABLE=off STATUS\+ EVENT=0x205'
	assert_line --regexp '^  VSEC\.EVENT_DATA +0x00001234'
	assert_line --regexp '^  VSEC\.LAST +0x0000cafe'
	refute_output --partial WIDE
	refute_output --partial BEHIND
	config read VSEC.EVENT_CTRL.EVENT vsec.last
	assert_output $'0x205\n0x0000cafe'
	config write VSEC.EVENT_CTRL.ENABLE=on
	assert_exit 0
	config read VSEC.EVENT_CTRL
	assert_output 0x0205008c
	config show VSEC -j
	assert_json '.blocks[0].registers[1] | [.name, .offset] | join(" ")' 'VSEC.EVENT_CTRL 0x108'
}

@test "a register narrower than its access is its own bits, and a write-only field is not known" {
	cat >"$maps/vsec-1de5-0002.map" <<-'END'
		register,LAST,0x24,8,rw,width=32
		field,LAST,LOW,3:0,rw
		field,LAST,GO,7,wo,write=w1s
	END
	config show VSEC
	assert_line --regexp '^  VSEC\.LAST +0x000000fe +GO=\? LOW=0xe|^  VSEC\.LAST +0x000000fe +LOW=0xe GO=\?'
	config read VSEC.LAST
	assert_output 0x000000fe
	config show VSEC -j
	assert_json '.blocks[0].registers[] | select(.name == "VSEC.LAST").fields[] | select(.name == "GO") | .value_reason' \
		'it is write-only'
	config write VSEC.LAST.LOW=1
	assert_exit 0
	config read 0x124
	assert_output 0x0000ca71
}

@test "what its length says and lies in the next capability is not its" {
	# that one is at 0x120 now, and LAST would be in it
	fake_extended "$dev" 0x100 0x0b 0x120
	fake_extended "$dev" 0x120 0x03 0x200
	config show VSEC
	assert_line --regexp '^  VSEC\.EVENT_DATA +0x00001234'
	refute_output --partial LAST
	config write VSEC.LAST=1
	refute_output --partial error
	((status != 0))
}

@test "a designated one is its vendor's; another id has no map" {
	echo 'register,LEVEL,0xc,16,rw,How loud' >"$maps/dvsec-16c3-0007.map"
	config read DVSEC.LEVEL
	assert_output 0x0005
	mv "$maps/dvsec-16c3-0007.map" "$maps/dvsec-16c3-0008.map"
	config read DVSEC.LEVEL
	assert_exit 2
}

@test "a map that is wrong is a warning, and the rest is shown" {
	echo nonsense >>"$maps/vsec-1de5-0002.map"
	config show VSEC
	assert_exit 0
	assert_err "vsec-1de5-0002.map:12: "
	assert_line --partial 'VSEC.HEADER'
	refute_output --partial EVENT_CTRL
}

@test "DesignWare's RAS D.E.S. comes with pcietool" {
	rm "$maps"/*
	cp "$TOP/maps/vsec-1ded-0002.map" "$maps"
	mkdir "$maps/parts"
	cp "$TOP/maps/parts/dwc-ras-des.map" "$maps/parts"
	fake_config "$dev" 0x0 16 0x1ded
	fake_attribute "$dev" vendor 0x1ded
	config show VSEC
	assert_exit 0
	assert_line --regexp '^  VSEC\.EVENT_CTRL +0x02050084 +CLEAR=\? ENABLE=\? STATUS\+ LANE=0x0 EVENT=0x5 GROUP=0x2'
	assert_line --regexp '^  VSEC\.TIME_CTRL +0x00000000 .*DURATION=manual'
	# beside a field, what is write-only is written as no change
	fake_config "$dev" 0x108 32 0x0205009f
	config write VSEC.EVENT_CTRL.EVENT=3
	assert_exit 0
	config read VSEC.EVENT_CTRL
	assert_output 0x02030080
	config write VSEC.EVENT_CTRL.ENABLE=on
	assert_exit 0
	config read VSEC.EVENT_CTRL
	assert_output 0x0203008c
}

@test "what a vendor's map says is not put back" {
	config save -o "$BATS_TEST_TMPDIR/saved"
	config write VSEC.EVENT_CTRL.ENABLE=on
	config restore "$BATS_TEST_TMPDIR/saved"
	assert_exit 0
	config read VSEC.EVENT_CTRL
	assert_output 0x0205008c
}

@test "a name that is there already, or is too long, is left out with a warning; the table's stays" {
	long=$(printf 'L%.0s' {1..125})
	cat >>"$maps/vsec-1de5-0002.map" <<-END
		register,HEADER,0x8,32,rw
		register,foo,0x1c,32,ro
		register,FOO,0x20,32,ro
		field,foo,bit,3,rw
		field,foo,BIT,4,rw
		register,$long,0x14,32,ro
	END
	config read VSEC.HEADER
	assert_exit 0
	assert_output 0x02810002
	assert_err "vsec-1de5-0002.map: the register HEADER is left out: there is a VSEC.HEADER already"
	assert_err "vsec-1de5-0002.map: the register FOO is left out: there is a VSEC.FOO already"
	assert_err "vsec-1de5-0002.map: the field BIT of VSEC.FOO is left out: there is a BIT already"
	assert_err "vsec-1de5-0002.map: the register $long is left out: VSEC.$long is too long a name"
	config show VSEC
	assert_equal "$(grep -c ' VSEC.FOO ' <<<"$output")" 1
	refute_output --partial LLLL
	config read VSEC.FOO.BIT
	assert_exit 0
}

@test "a map whose blocks are in BARs, or not always there, is not of config space" {
	for how in 'block,x,0x0,0x10,bar=1' 'block,x,0x0,0x10,at=virtio:1' 'if,ras,ID>0'; do
		printf '%s\n' 'register,ID,0x24,32,ro' 'block,ras,0x0,0x20' 'register,ras.A,0x8,32,ro' "$how" \
			>"$maps/vsec-1de5-0002.map"
		config show VSEC
		assert_exit 0
		assert_line --partial 'VSEC.HEADER'
		refute_output --partial 'VSEC.A '
		assert_err 'vsec-1de5-0002.map: the block'
		assert_err 'the map is not used'
	done
}

@test "a virtual function, which has no vendor in config space, has the map of its kernel's" {
	fake_config "$dev" 0x0 32 0xffffffff
	config read VSEC.EVENT_CTRL
	assert_exit 0
	assert_output 0x02050084
}

@test "what the map refuses has a hint that config takes" {
	printf '%s\n' 'register,A,0x8,32,rw' 'field,A,GO,0,wo' 'field,A,N,7:4,rw' 'register,R,0xc,32,ro' \
		'register,W,0x1c,32,wo' 'field,R,F,3:0,ro' >"$maps/vsec-1de5-0002.map"
	config write VSEC.A.N=1
	assert_exit 2
	assert_err 'VSEC.A: GO is write-only and has no reset value in the map'
	assert_err 'hint: write the whole register: VSEC.A=VALUE'
	refute_err --unsafe
	config write VSEC.R=1
	assert_exit 2
	assert_err 'hint: an offset is written whatever is known of it: 0x10c/32=VALUE'
	config write 0x10c/32=0x9
	assert_exit 0
	config write VSEC.R.F=1
	assert_exit 2
	assert_err '0x10c/32=VALUE:MASK'
	config write 0x10c/32=0x5:0xf
	assert_exit 0
	config read VSEC.R.F
	assert_output 0x5
	config read VSEC.W
	assert_exit 2
	assert_err 'hint: an offset is read whatever is known of it: 0x11c/32'
	config read 0x11c/32
	assert_exit 0
}
