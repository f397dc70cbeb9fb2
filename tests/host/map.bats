#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Register maps: text maps and csr.csv, map list|show|check|convert. What SVD files expand to is tests/unit's.

load ../lib/common
load ../lib/fake_device

setup() {
	fake_edu
	cd "$BATS_TEST_TMPDIR" || return
}

# map ROW...: the file m.map.
map() {
	printf '%s\n' "$@" >m.map
}

# complains LINE TEXT ROW...: of a map of these rows, check says this of the line, and no verb uses it.
complains() {
	local line=$1 text=$2
	shift 2
	map "$@"
	run_tool map check m.map
	[[ $status -eq 8 && $output == *"m.map:$line: "*"$text"* ]] || {
		echo "rows: $*; expected $line: $text; status $status: $output $stderr"
		false
	}
	tool --map m.map regs write 0x4=1 GOOD=1
	assert_exit 1
	assert_err "m.map:$line: "
	untouched
}

@test "every malformed row is named with its line" {
	complains 2 'no kind of row' 'register,GOOD,0x0,32,rw' 'registr,A,0x4,32,rw'
	complains 1 'columns are missing' 'register,GOOD,0x0'
	complains 1 'the offset is no number' 'register,GOOD,-4,32,rw'
	complains 1 'the offset is no number' 'register,GOOD,0x10000000000000000,32,rw'
	complains 1 '1 to 64 bits' 'register,GOOD,0x0,0,rw'
	complains 1 '1 to 64 bits' 'register,GOOD,0x0,65,rw'
	complains 1 'no access' 'register,GOOD,0x0,32,wr'
	complains 1 'is no name' 'register,4GOOD,0x0,32,rw'
	complains 1 'is no name' 'register,GO OD,0x0,32,rw'
	complains 1 'ends above the highest address' 'register,GOOD,0xfffffffffffffffe,32,rw'
	complains 1 'reset value has more than 8 bits' 'register,GOOD,0x0,8,rw,reset=0x100'
	complains 1 'no effect of a write' 'register,GOOD,0x0,32,rw,write=w2c'
	complains 1 'no effect of a read' 'register,GOOD,0x0,32,rw,read=maybe'
	complains 1 'is no key here' 'register,GOOD,0x0,32,rw,raed=clear'
	complains 2 "no register 'B' above" 'register,GOOD,0x0,32,rw' 'field,B,X,0,rw'
	complains 2 'past the register' 'register,GOOD,0x0,8,rw' 'field,GOOD,X,8,rw'
	complains 2 'are no bits' 'register,GOOD,0x0,32,rw' 'field,GOOD,X,3:4,rw'
	complains 2 'are no bits' 'register,GOOD,0x0,32,rw' 'field,GOOD,X,99999,rw'
	complains 2 "bit 40 is past the register's 32 bits" 'register,GOOD,0x0,32,rw' 'field,GOOD,X,40:33,rw'
	complains 2 "fields lie in a register's first 64 bits" 'register,GOOD,0x0,128,rw,words=4,width=32' 'field,GOOD,X,100:90,rw'
	complains 3 'no field' 'register,GOOD,0x0,32,rw' 'field,GOOD,X,0,rw' 'enum,GOOD.Y,ON,1'
	complains 3 'does not fit' 'register,GOOD,0x0,32,rw' 'field,GOOD,X,0,rw' 'enum,GOOD.X,ON,2'
	complains 2 "no register 'A' above" 'register,GOOD,0x0,32,rw' 'effect,A,read=clear'
	complains 2 'not understood' 'register,GOOD,0x0,32,rw' 'effect,GOOD,colour=red'
	complains 1 'no BAR 6' 'block,B,0,0x100,bar=6' 'register,GOOD,0x0,32,rw'
	complains 2 'there is a block B already' 'block,B,0,0x100' 'block,B,0x100,0x100' 'register,GOOD,0x0,32,rw'
	complains 1 "no block 'C' above" 'bar,C,1' 'register,GOOD,0x0,32,rw'
	complains 1 'is not VENDOR:DEVICE' 'device,12345:1' 'register,GOOD,0x0,32,rw'
	complains 1 'words are possible' 'csr_register,a,0x0,0,rw' 'register,GOOD,0x0,32,rw'
	complains 1 '8, 16, 32 or 64' 'constant,config_csr_data_width,7' 'register,GOOD,0x0,32,rw'
	complains 1 'the line has more than' "register,GOOD,0x0,32,rw,$(printf '%70000s' x)"
	complains 1 'there is no register' ''
}

@test "a NUL byte, an endless name, a file that is none" {
	printf 'register,GOOD,0x0,32,rw\nregister,A\0B,0x4,32,rw\n' >m.map
	run_tool map check m.map
	assert_exit 8
	assert_output 'm.map:2: there is a NUL byte in the line'
	map "register,$(printf '%200s' '' | tr ' ' A),0x0,32,rw"
	run_tool map check m.map
	assert_exit 8
	assert_output --partial 'm.map:1: '
	run_tool map check .
	assert_exit 1
	run_tool map check none.map
	assert_exit 1
	assert_err none.map
	truncate -s 65M big.map
	run_tool map check big.map
	assert_exit 1
	assert_err 'more than 64 MiB'
}

@test "check: overlaps, misalignment, names, places, with their lines" {
	map 'block,B,0x100,0x10' 'register,A,0x0,32,rw' 'register,C,0x2,16,rw' 'register,D,0x5,32,rw' \
		'register,A,0x20,32,rw' 'register,B.X,0x10,32,rw' 'field,A,F,3:0,rw' 'field,A,G,3:2,rw' 'field,A,F,8,rw' \
		'enum,A.G,ON,1' 'enum,A.G,ON,2' 'enum,A.G,YES,1'
	run_tool map check m.map
	assert_exit 8
	assert_line --partial 'm.map:3: C overlaps A (line 2)'
	assert_line --partial 'm.map:4: D: its address 0x5 is not aligned to 32 bits'
	assert_line --partial 'm.map:5: there is another register A (line 2)'
	assert_line --partial 'm.map:6: B.X lies outside of its block B of 0x10 bytes'
	assert_line --partial 'm.map:8: A.G overlaps A.F (line 7)'
	assert_line --partial 'm.map:9: A has another field F (line 7)'
	assert_line --partial 'm.map:11: A.G: there is another value ON (line 10)'
	assert_line --partial 'm.map:12: A.G: YES is the same value as ON (line 10)'
	assert_equal "${#lines[@]}" 8
	run_tool -j map check m.map
	assert_exit 8
	assert_json '.problems[0].line' 3
}

@test "two registers of one name: neither is used, both are named" {
	map 'register,A,0x0,32,rw' 'register,A,0x4,32,rw' 'register,B,0x8,32,rw'
	tool --map m.map regs write A=1
	assert_exit 2
	assert_err 'A (line 1), A (line 2)'
	untouched
	tool --map m.map regs read B
	assert_exit 0
}

@test "blocks: offsets, BARs, names without the block" {
	fake_bar "$dev" 2 0xfd000000 4096 0x40200
	fake_resource "$dev" 2 4096
	printf '\x2a' | dd of="${file%0}2" bs=1 seek=$((0x14)) conv=notrunc status=none
	map 'block,X,0x0,0x100' 'block,Y,0x10,0x100,bar=2' 'register,X.ID,0x0,32,ro' 'register,Y.ID,0x0,32,ro' \
		'register,Y.VALUE,0x4,32,ro'
	tool --map m.map regs read X.ID VALUE Y.VALUE
	assert_exit 0
	assert_output "0x010000ed
0x0000002a
0x0000002a"
	tool --map m.map regs read ID
	assert_exit 2
	assert_err "'ID' is the name of 2 registers"
}

@test "csr.csv as LiteX writes it, and rows added to it" {
	cat >csr.csv <<'END'
#--------------------------------------------------------------------------------
# Auto-generated by LiteX on 2026-11-23 10:00:00
#--------------------------------------------------------------------------------
csr_base,ctrl,0xf0000000,,
csr_base,timer0,0xf0000800,,
csr_register,ctrl_reset,0xf0000000,1,rw
csr_register,ctrl_scratch,0xf0000004,1,rw
csr_register,timer0_uptime_cycles,0xf0000808,2,ro
csr_register,timer0_long,0xf0000810,3,ro
constant,config_clock_frequency,125000000,,
constant,config_cpu_type,None,,
constant,config_csr_data_width,32,,
constant,config_csr_alignment,32,,
memory_region,csr,0xf0000000,65536,io
END
	run_tool map check csr.csv
	assert_exit 0
	printf '\x01\x02\x03\x04\x05\x06\x07\x08' | dd of="$file" bs=1 seek=$((0x808)) conv=notrunc status=none
	tool --map csr.csv regs read ctrl_scratch
	assert_exit 2
	assert_err 'is past its end'
	assert_err '--base'
	tool --map csr.csv --base 0xf0000000 regs read ctrl_reset
	assert_output 0x010000ed
	# two words, the high one first
	tool --map csr.csv --base 0xf0000000 regs read timer0_uptime_cycles
	assert_exit 2
	assert_err '64 bits in 2 words'
	tool --map csr.csv --base 0xf0000000 regs read --wide timer0_uptime_cycles
	assert_exit 0
	assert_output 0x0403020108070605
	printf '%s\n' 'field,timer0_uptime_cycles,low,7:0,rw' 'effect,timer0_uptime_cycles,access=rw' >extra
	cat csr.csv extra >rw.csv
	tool --map rw.csv --base 0xf0000000 -D regs write --wide timer0_uptime_cycles.low=1
	assert_exit 0
	assert_output 'timer0_uptime_cycles.low: 0x0403020108070605 -> 0x0403020108070601'
	tool --map rw.csv --base 0xf0000000 -j -D regs write --wide timer0_uptime_cycles.low=1
	assert_json '.writes[0].old' 0x0403020108070605
	tool --map csr.csv --base 0xf0000000 regs read --wide timer0_long
	assert_exit 6
	printf '%s\n' 'base,0xf0000000' 'field,ctrl_reset,minor,23:16,ro' 'field,ctrl_reset,major,31:24,ro' \
		'effect,ctrl_scratch,write=w1c' >>csr.csv
	tool --map csr.csv regs read ctrl_reset.major
	assert_output 0x01
	sed -i 's/config_csr_data_width,32/config_csr_data_width,8/; /^field/d' csr.csv
	tool --map csr.csv regs read --wide timer0_uptime_cycles
	assert_output 0x0105
}

@test "csr.json as LiteX writes it is csr.csv" {
	cat >csr.json <<'END'
{
    "csr_bases": {"ctrl": 4026531840, "dma0": 4026533888},
    "csr_registers": {
        "ctrl_reset": {"addr": 4026531840, "size": 1, "type": "rw"},
        "ctrl_bus_errors": {"addr": 4026531848, "size": 1, "type": "ro"},
        "dma0_base": {"addr": 4026533888, "size": 2, "type": "rw"}
    },
    "constants": {
        "config_csr_data_width": 32, "config_csr_alignment": 32, "config_csr_ordering": null,
        "config_cpu_type": "None", "config_clock_frequency": 125000000
    },
    "memories": {"csr": {"base": 4026531840, "size": 65536, "type": "io"}},
    "cores": {"dma0": "LitePCIeDMA"}
}
END
	cat >csr.csv <<'END'
csr_base,ctrl,0xf0000000,,
csr_base,dma0,0xf0000800,,
csr_register,ctrl_reset,0xf0000000,1,rw
csr_register,ctrl_bus_errors,0xf0000008,1,ro
csr_register,dma0_base,0xf0000800,2,rw
constant,config_csr_data_width,32,,
constant,config_csr_alignment,32,,
memory_region,csr,0xf0000000,65536,io
END
	run_tool map check csr.json
	assert_exit 0
	run_tool map show --map csr.csv
	local expected=$output
	run_tool map show --map csr.json
	assert_output "$expected"
	assert_line --regexp '^dma0_base +0xf0000800 bits 64 in words 2 of 32 read-write$'
	tool --map csr.json --base 0xf0000000 regs read ctrl_reset
	assert_output 0x010000ed
	sed -i 's/"config_csr_ordering": null/"config_csr_ordering": "little"/; s/"size": 2, "type": "rw"/"size": "two"/' csr.json
	run_tool map check csr.json
	assert_exit 8
	assert_line --partial "csr.json:6: csr_register: "
	echo '{"a": 1}' >other.json
	run_tool map show --map other.json
	assert_exit 1
	assert_err 'other.json:1: this is JSON, but not LiteX'
	echo '{"csr_registers": {' >short.json
	run_tool map show --map short.json
	assert_exit 1
	assert_err 'short.json: the file ends before its JSON does'
}

@test "a register of more than 64 bits is in a dump word by word, also by name and in a snapshot" {
	printf '%s\n' csr_base,ctrl,0x0,, csr_register,ctrl_reset,0x0,1,rw csr_register,ctrl_big,0x14,9,rw \
		csr_register,ctrl_after,0x38,1,ro constant,config_csr_data_width,8,, constant,config_csr_alignment,32,, >wide.csv
	printf '\x11\x22\x33\x44\x55\x66\x77\x88' | dd of="$file" bs=1 seek=$((0x14)) conv=notrunc status=none
	tool --map wide.csv regs dump
	assert_exit 0
	assert_line --regexp '^ctrl_big\+0x0 +0x014 +0x44332211$'
	assert_line --regexp '^ctrl_big\+0x4 +0x018 +0x88776655$'
	assert_line --regexp '^ctrl_big\+0x20 +0x034 '
	assert_line --regexp '^ctrl_after +0x038 '
	refute_err 'left out'
	tool --map wide.csv regs dump ctrl_big
	assert_exit 0
	assert_equal "${#lines[@]}" 9
	tool --map wide.csv regs read ctrl_big+0x4
	assert_output 0x88776655
	tool --map wide.csv regs read ctrl_big+0x0 ctrl_big+0x0/8 ctrl_reset+0
	assert_exit 0
	assert_equal "${lines[*]:0:2}" "0x44332211 0x11"
	tool --map wide.csv regs write ctrl_big+0x0=0x44332211
	assert_exit 0
	tool --map wide.csv regs read ctrl_big
	assert_err 'its words: ctrl_big+0x0/32, ctrl_big+0x4/32'
	for line in ctrl_big+0x0+8 ctrl_big+0x4..ctrl_big+0xc; do
		tool --map wide.csv regs dump "$line"
		assert_exit 0
	done
	tool --map wide.csv regs snapshot -o wide.snap
	assert_exit 0
	tool --map wide.csv regs diff wide.snap
	assert_exit 0
	printf '\x99' | dd of="$file" bs=1 seek=$((0x18)) conv=notrunc status=none
	tool --map wide.csv regs diff wide.snap
	assert_exit 8
	assert_line --regexp '^ctrl_big\+0x4 .*0x88776655 -> 0x88776699'
}

@test "LiteX's SVD: words of one register as one value" {
	map 'block,T,0x0,0x100' 'register,T.CYCLES1,0x8,32,ro' 'register,T.CYCLES0,0xc,32,ro'
	run_tool map convert -o x.svd m.map
	assert_exit 0
	printf '\x01\x00\x00\x00\x02' | dd of="$file" bs=1 seek=8 conv=notrunc status=none
	tool --map x.svd regs read --wide T.CYCLES
	assert_exit 0
	assert_output 0x0000000100000002
	tool --map x.svd regs read T.CYCLES
	assert_exit 2
	assert_err 'CYCLES'
}

@test "what was tried first, and failed, is no failure of what then works" {
	map 'register,HERE,0x0,32,ro' 'register,FAR,0x200000,32,ro' 'register,PAIR,0x8,64,rw,words=2'
	local line command
	for line in 'dump' 'dump --wide PAIR' 'snapshot -o snap'; do
		read -r -a command <<<"$line"
		tool --map m.map regs "${command[@]}"
		assert_exit 0
	done
	printf 'regs dump\nregs read HERE\n' >lines
	tool --map m.map batch lines
	assert_exit 0
	assert_line 0x010000ed
	tool --map m.map -j regs dump
	assert_exit 0
	jq -e 'has("error") | not' <<<"$output"
}

@test "the folders: the user's, by device id; text before SVD; --map by name" {
	mkdir -p config/pcietool/maps
	run_tool map list
	assert_exit 0
	assert_output --partial "$XDG_CONFIG_HOME/pcietool/maps: none"
	tool regs read ID
	assert_exit 2
	assert_err 'no register map for 1234:11e8'
	cp "$TOP/examples/edu.svd" config/pcietool/maps/1234:11e8.svd
	tool regs read ID
	assert_exit 0
	assert_output 0x010000ed
	tool map list
	assert_line --partial '* '
	tool -j map list
	assert_json .used "$XDG_CONFIG_HOME/pcietool/maps/1234:11e8.svd"
	echo 'register,MY_ID,0x0,32,ro' >config/pcietool/maps/1234:11e8.map
	tool regs read MY_ID
	assert_exit 0
	cp "$TOP/examples/edu.map" config/pcietool/maps/board.map
	tool --map board regs read LIVENESS
	assert_exit 0
	PCIETOOL_MAP=$TOP/examples/edu.map tool regs read LIVENESS
	assert_exit 0
	# no map is read where no name is used
	echo rubbish >config/pcietool/maps/1234:11e8.map
	tool regs read 0x0
	assert_exit 0
}

@test "the folders: another user's file is not used, a FIFO is no file and nothing waits for it" {
	((EUID == 0)) || skip 'to make a file of another user takes root'
	mkdir -p config/pcietool/maps
	cp "$TOP/examples/edu.map" config/pcietool/maps/1234:11e8.map
	chown 12345 config/pcietool/maps/1234:11e8.map
	tool regs read ID
	assert_exit 4
	assert_err "another user's (uid 12345)"
	assert_err '--map'
	run_tool map list
	assert_exit 0
	assert_output --partial "another user's"
	# by its name it is
	tool --map config/pcietool/maps/1234:11e8.map regs read ID
	assert_exit 0
	rm config/pcietool/maps/1234:11e8.map
	mkfifo config/pcietool/maps/1234:11e8.map
	run_tool map list
	assert_exit 0
	assert_output --partial 'it is no file'
	tool regs read ID
	assert_exit 2
	assert_err 'no register map for 1234:11e8'
}

@test "show: without hardware, in text and JSON" {
	run_tool --map "$TOP/examples/edu.svd" map show 'DMA_*' STATUS.COMPUTING
	assert_exit 0
	assert_line --regexp '^EDU.DMA_CMD .*bits 64 read-write'
	assert_line --regexp '^    DIRECTION +1 +read-write'
	assert_line --partial 'FROM_DEVICE'
	run_tool -j --map "$TOP/examples/edu.map" map show DMA_CMD
	assert_json '.registers[0].fields[1].values[1].name' FROM_DEVICE
	assert_json '.registers[0].access' read-write
	run_tool --map "$TOP/examples/edu.map" map show NOPE
	assert_exit 2
	run_tool map show
	assert_exit 2
	assert_err 'no register map'
}

@test "convert: words, and more than 64 bits, are named where they are lost" {
	map 'register,PAIR,0x8,64,rw,words=2' 'register,BIG,0x20,128,rw,words=4,width=32'
	for format in ipxact header markdown; do
		run_tool map convert --to $format -o out.$format m.map
		assert_exit 0
		assert_err '2 registers are of several words each'
	done
	run_tool map convert --to ipxact -o out.xml m.map
	assert_err '1 registers have more than 64 bits: they are left out'
	run_tool map convert --to text -o out.map m.map
	assert_equal "$stderr" ''
}

@test "convert: there and back again, nothing is lost" {
	map 'map,everything,"All, of it"' 'device,1234:11e8' 'base,0x100' 'block,B,0x100,0x200,bar=2,A block' \
		'register,B.A,0x0,32,rw,reset=0x12,known=0xff,write=w1c,range=0x1..0x5,"A, register"' \
		'field,B.A,F,3:0,ro,read=clear,write=none,"Field"' 'enum,B.A.F,ON,0x1,"On"' 'enum,B.A.F,SOME,0x2:0x6' \
		'enum,B.A.F,R,0x3,for=read' 'enum,B.A.F,OTHER,*' 'field,B.A,G,31:4,-,only=enum' \
		'register,B.C.D,0x4,8,wo' 'register,B.C.E,0x5,8,rw1,read=modify' 'register,W,0x300,64,rw,words=2' \
		'register,V,0x400,16,ro,words=2,width=32,order=low,block=B'
	run_tool map convert --to text -o once.map m.map
	assert_exit 0
	run_tool map convert --to text -o twice.map once.map
	assert_exit 0
	diff once.map twice.map
	[ "$(grep -c . once.map)" -eq "$(grep -c . m.map)" ]
	for text in 'range=0x1..0x5' 'known=0xff' 'for=read' '0x2:0x6' 'words=2,width=32,order=low' 'bar=2' ',only=enum'; do
		grep -q -- "$text" once.map
	done
	# SVD has no BARs, no words and no access that is unknown under one that is known; the rest comes back
	grep -v '^register,[VW]' m.map | sed 's/,bar=2//; s/G,31:4,-/G,31:4,rw/' >less.map
	run_tool map convert -o less.svd less.map
	assert_exit 0
	run_tool map convert -o back.map less.svd
	assert_exit 0
	pcietool map convert --to text less.map | grep -v '^base\|^device' >want.map
	diff <(sort back.map) <(sort want.map)
	run_tool map convert -o m.svd m.map
	run_tool --map m.svd -j map show B.A
	assert_json '.registers[0].fields[0] | .name, .access' 'G
null'
}

@test "an SVD value that is the default too keeps its number, in text and back again" {
	cat >d.svd <<-'EOF'
	<device><name>T</name><peripherals><peripheral><name>U</name><baseAddress>0</baseAddress><registers>
	<register><name>C</name><addressOffset>8</addressOffset><size>32</size><access>read-write</access><fields>
	<field><name>SRC</name><bitRange>[1:0]</bitRange><enumeratedValues>
	<enumeratedValue><name>RING</name><value>2</value><isDefault>true</isDefault></enumeratedValue>
	<enumeratedValue><name>XTAL</name><value>1</value></enumeratedValue>
	</enumeratedValues></field></fields></register></registers></peripheral></peripherals></device>
	EOF
	run_tool -j --map d.svd map show C
	assert_json '.registers[0].fields[0].values[0] | .name, .value, .is_default' 'RING
0x2
true'
	tool --map d.svd regs write U.C.SRC=RING
	assert_exit 0
	tool --map d.svd -q regs read U.C
	assert_output --partial 0x00000002
	run_tool map convert --to text -o d.map d.svd
	assert_exit 0
	grep -q '^enum,U.C.SRC,RING,0x2$' d.map
	grep -q '^enum,U.C.SRC,RING,\*$' d.map
	run_tool map check d.map
	assert_exit 0
	run_tool map convert --to svd -o back.svd d.svd
	assert_exit 0
	run_tool map convert --to text -o back.map back.svd
	assert_exit 0
	diff <(grep ^enum d.map) <(grep ^enum back.map)
}

@test "convert: to standard output, a terminal too, and to a file" {
	map 'block,B,0x0,0x100' 'register,B.A,0x0,32,rw,"An <A>"'
	run_tool map convert m.map
	assert_exit 0
	assert_line --partial 'An &lt;A&gt;'
	echo "$output" >one.svd
	run_tool map convert -o two.svd m.map
	assert_output ''
	diff one.svd two.svd
	run_tool map convert -o - m.map
	assert_equal "$output" "$(<one.svd)"
	script -qec "pcietool map convert m.map" /dev/null | tr -d '\r' | diff - one.svd
	run_tool -j map convert m.map
	assert_exit 2
	run_tool -j map convert -o three.svd m.map
	assert_exit 0
	diff one.svd three.svd
	printf '%s\n' 'map convert m.map' 'map check m.map' >b
	run_tool batch b
	assert_exit 0
	assert_equal "$output" "$(<one.svd)"
}

@test "convert: what SVD cannot say is told" {
	map 'device,1234:11e8' 'base,0x10' 'block,B,0x10,0x100,bar=2' 'register,B.A,0x0,32,rw'
	run_tool map convert -o m.svd m.map
	assert_exit 0
	assert_err 'SVD cannot say which device it is for, which BARs, the base'
	run_tool -q map convert -o m.svd m.map
	assert_equal "$stderr" ''
	run_tool map convert --to text -o n.map m.map
	assert_equal "$stderr" ''
	map 'block,B,0x0,0x100,bar=0' 'register,B.A,0x0,32,rw'
	run_tool map convert -o m.svd m.map
	assert_err 'SVD cannot say which BARs:'
}

@test "convert: what is not safe to read is not after it either" {
	map 'block,B,0x0,0x100' 'register,B.A,0x0,32,rw,read=unsafe' 'register,B.C,0x4,32,ro'
	run_tool map convert -o m.svd m.map
	tool --map m.svd regs dump
	assert_exit 0
	refute_line --partial 'B.A'
	assert_line --partial 'B.C'
	assert_err 'B.A'
}

@test "list: names, ids, formats; files that are bad" {
	mkdir -p config/pcietool/maps
	map 'map,card' 'device,10ee:9038' 'register,A,0,32,rw'
	cp m.map config/pcietool/maps/10ee:9038.map
	cp "$TOP/examples/edu.svd" config/pcietool/maps/board.svd
	echo rubbish >config/pcietool/maps/bad.map
	touch config/pcietool/maps/README
	run_tool -d 10ee:9038 map list
	assert_exit 0
	assert_line "* $XDG_CONFIG_HOME/pcietool/maps/10ee:9038.map  card, text, for 10ee:9038, registers 1"
	assert_line "  $XDG_CONFIG_HOME/pcietool/maps/board.svd  edu, SVD, registers 11"
	assert_line --regexp "^  .*/bad.map  .*bad.map:1: 'rubbish' is no kind of row"
	refute_line --partial README
	run_tool -j -d 10ee:9038 map list
	assert_json '.folders[0].maps[0] | .vendor_id, .device_id, .used, .format' '0x10ee
0x9038
true
text'
	assert_json '.folders[0].maps[1].name' null
	assert_json '.folders[0].maps[2].vendor_id' null
	run_tool map list
	assert_exit 0
	refute_line --partial '* '
}

@test "show: blocks, geometry, effects, directions; all of it in JSON" {
	map 'map,card,A card' 'device,10ee:9038' 'base,0x1000' 'block,B,0x1000,0x100,bar=2,A block' \
		'register,B.A,0x0,32,rw,reset=0x12,known=0xff,write=w1c,only=enum' 'field,B.A,F,3:0,ro,read=clear,range=1..5' \
		'enum,B.A.F,ON,0x2:0x6,for=read,Is on' 'enum,B.A.F,REST,*' 'register,B.W,0x10,64,ro,words=2,order=low' \
		'register,B.N,0x20,8,-,width=32'
	run_tool --map m.map map show
	assert_exit 0
	assert_output 'card, text, for 10ee:9038, base 0x1000  A card
block B                  0x1000 size 0x100 BAR 2  A block
B.A                      0x1000 BAR 2 bits 32 read-write, a write: oneToClear, only enum, reset 0x12 of 0xff
    F                    3:0    read-only, a read: clear, a write: oneToClear, range 0x1 to 0x5
        0x2 of 0x6 ON, only for read  Is on
        others REST
B.W                      0x1010 BAR 2 bits 64 in words 2 of 32, first the low read-only
B.N                      0x1020 BAR 2 bits 8 of 32 access unknown'
	run_tool --map m.map map show B.N
	assert_output 'B.N                      0x1020 BAR 2 bits 8 of 32 access unknown'
	run_tool -j --map m.map map show
	assert_json '[.map, .format, .vendor_id, .device_id, .base, .description] | join(" ")' \
		'card text 0x10ee 0x9038 0x1000 A card'
	assert_json '.blocks[0] | [.name, .address, .size, .bar, .description] | map(tostring) | join(" ")' \
		'B 0x1000 0x100 2 A block'
	assert_json '.registers[0] | [.block, .constraint, .reset, .reset_mask, .on_write] | join(" ")' \
		'B enum 0x12 0xff oneToClear'
	assert_json '.registers[0].fields[0] | [.constraint, .minimum, .maximum, .on_read] | join(" ")' 'range 0x1 0x5 clear'
	assert_json '.registers[0].fields[0].values[0] | [.value, .mask, .only_for] | join(" ")' '0x2 0x6 read'
	assert_json '.registers[0].fields[0].values[1] | .value, .is_default' 'null
true'
	assert_json '.registers[1] | [.bits, .words, .width, .word_bits, .order] | map(tostring) | join(" ")' '64 2 32 32 low'
	assert_json '.registers[2].access' null
}

@test "check: a name that is too long for a file's, no name at all" {
	run_tool map check "$(printf '%5000s' x)"
	assert_exit 1
	assert_err 'File name too long'
	run_tool map check
	assert_exit 2
	assert_err 'which map?'
	run_tool --map "$TOP/examples/edu.map" map check
	assert_exit 0
	assert_output ''
}

@test "refused: formats, a full disk" {
	run_tool map convert --to xml "$TOP/examples/edu.map"
	assert_exit 2
	run_tool map convert -o /dev/full "$TOP/examples/edu.map"
	assert_exit 1
	assert_err 'No space left'
}

# field NAME RANGE [MORE]
svd_field() {
	echo "<field><name>$1</name><bitRange>[$2]</bitRange>${3:-}</field>"
}

svd_value() {
	echo "<enumeratedValue><name>$1</name><value>$2</value></enumeratedValue>"
}

# Texas Instruments' I2C: MCS is one register to write and another one to read.
@test "SVD: registers of one name in alternate groups have their group's name, and alternates are no overlap" {
	{
		echo '<device><name>D</name><peripherals><peripheral><name>P</name><baseAddress>0</baseAddress><registers>'
		echo '<register><name>MCS</name><addressOffset>0x4</addressOffset><access>write-only</access></register>'
		echo '<register><name>MCS</name><alternateGroup>ALT</alternateGroup><addressOffset>0x4</addressOffset>'
		echo '<access>read-only</access><fields>'
		svd_field BUSY 0:0
		echo '</fields></register>'
		echo '<register><name>MODE_B</name><alternateRegister>MCS</alternateRegister><addressOffset>0x4</addressOffset></register>'
		echo '<register><name>ONLY</name><alternateGroup>ALT</alternateGroup><addressOffset>0x8</addressOffset></register>'
		echo '<register><dim>2</dim><dimIncrement>4</dimIncrement><name>R[%s]</name><addressOffset>0x10</addressOffset></register>'
		echo '<register><dim>2</dim><dimIncrement>4</dimIncrement><name>R[%s]</name><alternateGroup>X</alternateGroup>'
		echo '<addressOffset>0x10</addressOffset></register>'
		echo '<cluster><name>C</name><alternateCluster>D</alternateCluster><addressOffset>0x10</addressOffset>'
		echo '<register><name>A</name><addressOffset>0</addressOffset></register></cluster>'
		echo '</registers></peripheral><peripheral><name>Q</name><alternatePeripheral>P</alternatePeripheral>'
		echo '<baseAddress>0</baseAddress><registers><register><name>A</name><addressOffset>4</addressOffset></register>'
		echo '</registers></peripheral></peripherals></device>'
	} >alt.svd
	run_tool map check alt.svd
	assert_exit 0
	run_tool map show --map alt.svd
	local names=(P.MCS P.MCS_ALT P.MODE_B P.ONLY 'P.R[0]' 'P.R[1]' 'P.R_X[0]' 'P.R_X[1]' P.C.A Q.A)
	assert_equal "$(grep -o '^[PQ]\.[^ ]*' <<<"$output" | tr '\n' ' ')" "${names[*]} "
	tool --map alt.svd regs read P.MCS_ALT.BUSY
	assert_output 0x0
	tool --map alt.svd regs write P.MCS=7
	assert_exit 0
	# both ways, without an overlap that nothing says
	run_tool map convert -o alt.map alt.svd
	run_tool map check alt.map
	assert_exit 0
	run_tool map convert -o again.svd alt.map
	run_tool map check again.svd
	assert_exit 0
	sed -i 's/,alternate=yes//' alt.map
	run_tool map check alt.map
	assert_exit 8
	assert_output --partial 'P.MCS_ALT overlaps P.MCS'
}

@test "map new: a map with each kind of row and each word, in which check finds nothing" {
	run_tool map new -o new.map
	assert_exit 0
	run_tool map check new.map
	assert_exit 0
	assert_output ''
	run_tool map new
	assert_output "$(<new.map)"
	# all that the messages know
	echo nonsense,1 >bad.map
	run_tool map check bad.map
	local word words=${output#*is no kind of row: }
	for word in ${words//,/}; do
		grep -q "^# $word," new.map
		[[ $word == csr_* || $word == constant || $word == memory_region || $word == include ]] || grep -q "^$word," new.map
	done
	echo 'register,A,0,32,nonsense' >bad.map
	run_tool map check bad.map
	words=$(sed -n 's/.*is no access: //p' <<<"$output")
	grep -qF "ACCESS: $words" new.map
	tool --map new.map regs read ID
	assert_output 0x010000ed
}

@test "an SVD file with faults in it: what is wrong is left out, one warning, the rest is used; not with --strict" {
	local register='<register><name>%s</name><addressOffset>%s</addressOffset><size>%s</size><access>read-write</access>'
	{
		echo '<device><name>D</name><addressUnitBits></addressUnitBits><peripherals><peripheral>'
		echo '<name>P</name><baseAddress>0</baseAddress><registers>'
		# shellcheck disable=SC2059 # the format is above
		printf "$register<fields>" GOOD 0x4 32
		svd_field MODE 1:0 "<enumeratedValues>$(svd_value FAST 2)$(svd_value HUGE 10)</enumeratedValues>"
		svd_field REST 31:2
		echo '</fields></register>'
		# shellcheck disable=SC2059
		printf "$register<fields>" PART 0x8 32
		svd_field LOW 3:0
		svd_field 'BAD-NAME' 7:4
		svd_field BEYOND 35:8
		echo '</fields></register>'
		# shellcheck disable=SC2059
		printf "$register</register>" WIDE 0x10 128
		echo '</registers></peripheral>'
		echo '<peripheral derivedFrom="NOBODY"><name>Q</name><baseAddress>0x1000</baseAddress></peripheral>'
		echo '</peripherals></device>'
	} >d.svd
	run_tool map check d.svd
	assert_exit 8
	for fault in addressUnitBits 'value HUGE, 10' 'BAD-NAME' 'field BEYOND' '<size> is 128' NOBODY; do
		assert_output --partial "$fault"
	done
	tool --map d.svd regs write P.GOOD.MODE=FAST
	assert_exit 0
	assert_err 'd.svd:1: device D: <addressUnitBits>'
	assert_err '6 problems, see'
	assert_equal "$(grep -c . <<<"$stderr")" 1
	tool -q --map d.svd regs read --names P.GOOD.MODE P.PART
	assert_exit 0
	assert_line --index 0 FAST
	assert_equal "$stderr" ''
	tool --map d.svd regs write P.GOOD.MODE=HUGE
	assert_exit 2
	# what the bits do that were left out is not known, so the register is written as a whole, or --unsafe
	tool --map d.svd regs write P.PART.LOW=3
	assert_exit 2
	assert_err 'was left out, so a part of it cannot be written alone'
	tool --map d.svd regs write --unsafe P.PART.LOW=3
	assert_exit 0
	# a text map that it is converted to knows that too
	run_tool map convert -o d.map d.svd
	assert_exit 0
	grep -q '^register,P.PART,.*,fields=some' d.map
	tool --map d.map regs write P.PART.LOW=3
	assert_exit 2
	assert_err 'so a part of it cannot be written alone'
	tool --map d.svd regs read P.WIDE
	assert_exit 2
	tool --strict --map d.svd regs read P.GOOD
	assert_exit 1
	assert_err 'd.svd:1: device D: <addressUnitBits>'
	run_tool map convert --to text -o t.map d.svd
	assert_exit 0
	run_tool map check t.map
	assert_exit 0
	# nothing is left, or the end is missing: refused
	echo '<device><name>D</name><peripherals/><addressUnitBits>x</addressUnitBits></device>' >none.svd
	tool --map none.svd regs read P.GOOD
	assert_exit 1
	head -c 600 d.svd >cut.svd
	tool --map cut.svd regs read P.GOOD
	assert_exit 1
	run_tool map check cut.svd
	assert_output --partial 'not well-formed'
}

@test "a file that is no map: what it is, and the way in" {
	local kind
	# is WHAT TEXT: a file of this text is told to be that, and of no other problem
	is() {
		printf '%b' "$2" >some.file
		run_tool map check some.file
		[[ $status -eq 8 && ${#lines[@]} -eq 1 && $output == "some.file:"*": this is $1"* ]] || {
			echo "expected: $1; status $status: $output"
			false
		}
	}
	is 'SystemRDL, which PeakRDL converts' '// one\naddrmap top {\n  reg {\n  } CTRL @0x0;\n};\n'
	is 'a memory map of Cheby' '# c\nmemory-map:\n  bus: wb-32-be\n'
	is 'TOML with registers' '# c\n[register.ctrl]\nmode = "r_w"\n'
	is 'YAML or Hjson' '{ name: "uart"\n  registers: [\n'
	is 'a C header' '#ifndef A_H\n#define A_H\n#define A_CTRL 0x0\n#endif\n'
	is 'a ZIP archive' 'PK\003\004\001\002'
	is 'a PDF document' '%PDF-1.7\n'
	is "Platform Designer's .sopcinfo" '<EnsembleReport name="a" kind="system"></EnsembleReport>'
	is 'an IP-XACT design' '<?xml version="1.0"?>\n<ipxact:design xmlns:ipxact="x"/>'
	is 'XML of another kind' '<?xml version="1.0"?>\n<other/>'
	tool --map some.file regs read GOOD
	assert_exit 1
	assert_err 'some.file:2: this is XML of another kind'
}

@test "the header that HLS writes, and a CSV with a heading, as maps" {
	run_tool map check "$TOP/tests/data/formats/xscale_hw.h"
	assert_exit 0
	run_tool map show --map "$TOP/tests/data/formats/xscale_hw.h"
	assert_output "xscale_hw, text
block control            0x0
control.AP_CTRL          0x0 bits 32 read-write  Control signals
    auto_restart         7      read-write
    ap_ready             3      read-only, a read: clear
    ap_idle              2      read-only
    ap_done              1      read-only, a read: clear
    ap_start             0      read-write, a write: oneToSet
control.GIE              0x4 bits 32 read-write  Global Interrupt Enable Register
    Global_Interrupt_Enable 0      read-write
control.IER              0x8 bits 32 read-write  IP Interrupt Enable Register
    ap_done              0      read-write
control.ISR              0xc bits 32 read-write, a write: oneToToggle  IP Interrupt Status Register
    ap_done              0      read-write, a write: oneToToggle
control.samples          0x10 bits 64 in words 2 of 32, first the low read-write  Data signal of samples
control.gain             0x1c bits 16 of 32 read-write  Data signal of gain
control.peak             0x24 bits 32 read-only  Data signal of peak
control.peak_ctrl        0x28 bits 32 read-only  Control signal of peak
    peak_ap_vld          0      read-only, a read: clear
control.taps[0]          0x40 bits 32 read-write
control.taps[1]          0x44 bits 32 read-write
control.taps[2]          0x48 bits 32 read-write
control.taps[3]          0x4c bits 32 read-write"
	run_tool map check "$TOP/tests/data/formats/board.csv"
	assert_exit 0
	run_tool map show --map "$TOP/tests/data/formats/board.csv"
	assert_output 'board, text
CTRL                     0x0 bits 32 read-write, reset 0x10  Starts it; "now", later
STATUS                   0x4 bits 16 read-only  Two lines
GO                       0x8 bits 32 read-write, a write: oneToSet, reset 0x0'
	printf '%s\n' 'name,offset,width,access,reset' 'A,0x0,32,rw,0' 'B,4h,32,rw,' 'A-B,0x8,32,rw,0' >m.csv
	run_tool map check m.csv
	assert_exit 8
	assert_line --partial "m.csv:3: register: the offset is no number: '4h'; write 0x4"
	assert_line --partial "m.csv:4: register: 'A-B' is no name"
}

@test "map show with a file in place of a name: the hint has the line to type" {
	unset PCIETOOL_MAP
	cp "$TOP/examples/edu.map" here.map
	run_tool map show here.map
	assert_exit 2
	assert_err "hint: 'pcietool map show --map here.map' shows that file"
}

@test "IP-XACT of several generators, of all three standards: the whole expansion" {
	local file
	for file in "$TOP"/tests/data/ipxact/*.xml; do
		run_tool map check "$file"
		assert_exit 0
		run_tool map show --map "$file"
		assert_output "$(sed 1d "${file%.xml}.txt")"
	done
	# there and back again: what it says is in the text map
	run_tool map convert "$file" --to text -o m.map
	run_tool map show --map m.map
	assert_line --regexp '^Reg.GIER +0x11c bits 32 read-write, reset 0x80'
	tool --map "$TOP/tests/data/ipxact/quartus-2009.xml" --base 0x20 regs read s1.status
	assert_output 0x00ed
}

@test "Vivado's .hwh: its address ranges are blocks" {
	run_tool map check "$TOP/tests/data/formats/board.hwh"
	assert_exit 0
	run_tool map show --map "$TOP/tests/data/formats/board.hwh"
	assert_output "board, hwh
block uart_0             0x40000 size 0x1000
block bram_0             0x80000000 size 0x20000
block bram_0.Mem1        0x90000000 size 0x1000"
	echo '<EDKSYSTEM><MODULES><MODULE><MEMORYMAP>
<MEMRANGE INSTANCE="a" BASEVALUE="0x2" HIGHVALUE="0x1"/></MEMORYMAP></MODULE></MODULES></EDKSYSTEM>' >bad.hwh
	run_tool map check bad.hwh
	assert_exit 8
	assert_output --partial "bad.hwh:2: MEMRANGE a: its BASEVALUE '0x2' and HIGHVALUE '0x1' are no range"
}

@test "include: other maps at addresses, in BARs, under names" {
	fake_bar "$dev" 2 0xfd000000 4096 0x40200
	fake_resource "$dev" 2 4096
	printf '\x2a' | dd of="${file%0}2" bs=1 seek=$((0x104)) conv=notrunc status=none
	mkdir ips
	cp "$TOP/tests/data/formats/board.hwh" ips
	cat >ips/uart.xml <<'END'
<spirit:component xmlns:spirit="x"><spirit:name>uart</spirit:name><spirit:memoryMaps><spirit:memoryMap><spirit:name>m</spirit:name>
<spirit:addressBlock><spirit:name>Reg</spirit:name><spirit:baseAddress>0</spirit:baseAddress><spirit:range>64</spirit:range><spirit:width>32</spirit:width>
<spirit:register><spirit:name>RX</spirit:name><spirit:addressOffset>4</spirit:addressOffset><spirit:size>32</spirit:size><spirit:access>read-only</spirit:access>
<spirit:field><spirit:name>OK</spirit:name><spirit:bitOffset>8</spirit:bitOffset><spirit:bitWidth>1</spirit:bitWidth></spirit:field></spirit:register>
</spirit:addressBlock></spirit:memoryMap></spirit:memoryMaps></spirit:component>
END
	printf '%s\n' csr_base,ctrl,0xf0000000,, csr_register,ctrl_scratch,0xf0000004,2,rw >ips/csr.csv
	printf '%s\n' base,0x10 'register,EXTRA,0x14,32,rw' 'field,EXTRA,MODE,1:0,rw' 'enum,EXTRA.MODE,FAST,2' >ips/more.map
	map 'include,ips/board.hwh,0,0' 'include,ips/uart.xml,,uart_0' 'include,ips/uart.xml,2,0x100,as=second' \
		'include,ips/csr.csv,1,0x2000,from=0xf0000000' 'include,ips/more.map,,0x3000' 'field,EXTRA,BIT,3,rw' \
		'effect,EXTRA.BIT,read=clear'
	run_tool map check m.map
	assert_exit 0
	run_tool map show --map m.map
	assert_output "m, text
block uart_0             0x40000 size 0x1000 BAR 0
block bram_0             0x80000000 size 0x20000 BAR 0
block bram_0.Mem1        0x90000000 size 0x1000 BAR 0
block second             0x100 size 0x40 BAR 2
block ctrl               0x2000 BAR 1
uart_0.RX                0x40004 BAR 0 bits 32 read-only
    OK                   8      read-only
second.RX                0x104 BAR 2 bits 32 read-only
    OK                   8      read-only
ctrl_scratch             0x2004 BAR 1 bits 64 in words 2 of 32 read-write
EXTRA                    0x3004 bits 32 read-write
    BIT                  3      read-write, a read: clear
    MODE                 1:0    read-write
        0x2 FAST"
	tool --map m.map regs read second.RX
	assert_output 0x0000002a
	map 'include,none.map,,0' 'include,ips/csr.csv,9,0' 'include,ips/csr.csv,0,0,like=this' \
		'include,ips/csr.csv,0,0,from=0xf0000004' 'include,.,,0' 'include,bad.map,,0' 'include,m.map,,0'
	echo 'registr,A' >bad.map
	run_tool map check m.map
	assert_exit 8
	assert_line --partial 'm.map:1: include: none.map: No such file'
	assert_line --partial 'm.map:2: include: there is no BAR 9'
	assert_line --partial "m.map:3: include: 'like=this' is not understood here"
	assert_line --partial 'm.map:4: include: ctrl is at 0xf0000000 in the file, below 0xf0000004'
	assert_line --partial 'm.map:5: include: .: it is no file'
	assert_line --partial "m.map:6: include: bad.map:1: 'registr' is no kind of row"
	assert_line --partial 'm.map:7: include: m.map includes itself'
}

@test "--bar-of: the BAR of a block or a memory map" {
	fake_bar "$dev" 2 0xfd000000 4096 0x40200
	fake_resource "$dev" 2 4096
	printf '\x2a' | dd of="${file%0}2" bs=1 seek=4 conv=notrunc status=none
	local map=$TOP/tests/data/ipxact/magillem-2014.xml
	run_tool map show --map "$map" --bar-of apb=2,cfg=1
	assert_line --regexp '^block cfg .* BAR 1$'
	assert_line --regexp '^block apb.a .* BAR 2$'
	assert_line --regexp '^block apb.b .* BAR 2$'
	run_tool map convert "$map" --to text --bar-of cfg=1
	assert_line --regexp '^block,cfg,.*bar=1'
	map 'block,B,0x0,0x100' 'register,B.R,0x4,32,ro'
	tool --map m.map --bar-of B=2 regs read R
	assert_output 0x0000002a
	local wrong
	for wrong in B B= =1 B=6 B=12 C=1 'B=1,C=2'; do
		tool --map m.map --bar-of "$wrong" regs read R
		assert_exit 2
		assert_err '--bar-of: '
	done
}

@test "convert: to IP-XACT and back, to a C header that compiles, to Markdown" {
	map 'map,demo' 'device,1234:11e8' 'block,D,0x100,0x40,bar=1' 'register,D.CTRL,0x4,32,rw,reset=0x10,known=0xff,Starts it' \
		'field,D.CTRL,GO,0,rw,write=w1s' 'field,D.CTRL,MODE,5:4,rw,only=enum' 'enum,D.CTRL.MODE,FAST,1' \
		'register,D.BIG,0x8,64,ro,reset=0x100000000' 'register,D.CH[0],0x10,32,ro,read=clear,a|b */ c' 'register,D.CH_0,0x14,32,ro'
	run_tool map convert m.map --to ipxact -o m.xml
	assert_exit 0
	assert_err 'IP-XACT cannot say which device it is for, which BARs, dots and brackets in names'
	run_tool map show --map m.xml
	assert_output "demo, IP-XACT
block D                  0x100 size 0x40
D.CTRL                   0x104 bits 32 read-write, reset 0x10 of 0x31  Starts it
    MODE                 5:4    read-write, only enum
        0x1 FAST
    GO                   0      read-write, a write: oneToSet
D.BIG                    0x108 bits 64 read-only, reset 0x100000000
    VALUE                63:0   read-only
D.CH_0                   0x110 bits 32 read-only  a|b */ c
    VALUE                31:0   read-only, a read: clear
D.CH_0                   0x114 bits 32 read-only"
	run_tool map convert m.map --to header -o m.h
	assert_exit 0
	cat >m.c <<'END'
#include "m.h"
_Static_assert(DEMO_D_BAR == 1 && DEMO_D_BASE == 0x100 && DEMO_D_CTRL_OFFSET == 0x104, "places");
_Static_assert(DEMO_D_CTRL_MODE_MASK == 0x30 && DEMO_D_CTRL_MODE_SHIFT == 4 && DEMO_D_CTRL_MODE_FAST == 1, "fields");
_Static_assert(DEMO_D_BIG_RESET == 0x100000000ULL && DEMO_D_CH_0_OFFSET == 0x110, "resets and names");
END
	gcc -std=c11 -Wall -Wextra -Werror -fsyntax-only m.c
	run_tool map convert m.map --to markdown
	assert_line '| 1:0x104 | D.CTRL | 32 | read-write | 0x10 | Starts it |'
	assert_line '| 1:0x110 | D.CH\[0\] | 32 | read-only, a read: clear | | a\|b \*/ c |'
	assert_line '| 5:4 | MODE | read-write | 0x1 FAST |  |'
}

@test "a map for a class of devices: used where the device has none of its own" {
	fake_tree
	dev=0000:02:00.0
	fake_begin
	fake_pci $dev 0x1b36 0x0010 0x010802 4096
	fake_bar $dev 0 0xfe000000 16384 0x40204
	fake_config $dev 4 16 0x0003
	fake_write
	fake_resource $dev 0 16384
	mkdir -p config/pcietool/maps
	cp "$TOP/maps/class-010802.map" config/pcietool/maps
	run_tool map check config/pcietool/maps/class-010802.map
	assert_exit 0
	printf '\x00\x04\x01\x00' |
		dd of="$SYSROOT/sys/bus/pci/devices/$dev/resource0" bs=1 seek=8 conv=notrunc status=none
	tool -s 02:00.0 regs read VS.MJR VS.MNR
	assert_output "0x0001
0x04"
	# nothing that is not safe to read is read
	tool -s 02:00.0 regs dump
	assert_exit 0
	refute_output --regexp 'INTM[SC] +0x|DBL +0x'
	echo 'register,OWN,0x8,32,ro' >config/pcietool/maps/1b36:0010.map
	tool -s 02:00.0 regs read OWN
	assert_output 0x00010400
	tool -s 02:00.0 regs read VS
	assert_exit 2
}

@test "include: there is an end to how many files are included in all" {
	echo 'register,R,0x0,32,ro' >m0.map
	for level in {1..7}; do
		for i in {0..9}; do
			echo "include,m$((level - 1)).map,,0,as=b$i"
		done >"m$level.map"
	done
	run_tool map check m7.map
	assert_exit 8
	assert_line --partial 'm7.map:1: include: m7.map: more than 1000 files are included in all'
	# a board with as many as are allowed
	for i in {1..1000}; do
		echo "include,m0.map,,0x$i,as=b$i"
	done >board.map
	run_tool map check --quiet board.map
	refute_output --partial 'more than'
}

@test "include: there is an end to how many bytes and registers are included in all" {
	# 63 KiB a line of comment
	head -c 64000 /dev/zero | tr '\0' x >line
	for i in {1..32}; do
		printf '# ' && cat line && echo
	done >long.map
	echo 'register,R,0x0,32,ro' >>long.map
	for i in {1..33}; do
		echo "include,long.map,,0x${i}000,as=l$i"
	done >board.map
	run_tool map check board.map
	assert_exit 8
	assert_output 'board.map:33: include: board.map: more than 67108864 bytes are included in all'
	head -n 32 board.map >fits.map
	run_tool map check --quiet fits.map
	assert_exit 0
	cat >many.svd <<-'END'
		<device><name>many</name><peripherals><peripheral><name>P</name><baseAddress>0</baseAddress><registers>
		<register><name>R%s</name><dim>65536</dim><dimIncrement>4</dimIncrement><addressOffset>0</addressOffset></register>
		</registers></peripheral></peripherals></device>
	END
	for i in {1..17}; do
		echo "include,many.svd,,0x${i}000000,as=m$i"
	done >inner.map
	printf '%s\n' 'include,inner.map,,0,as=a' 'include,inner.map,,0x100000000,as=b' >board.map
	TOOL_TIMEOUT=120 run_tool map check board.map
	assert_exit 8
	assert_output --partial 'board.map:1: include: board.map: more than 1048576 registers are included in all'
	assert_equal "$(grep -c 'included in all' <<<"$output")" 2
}
