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
	complains 2 "no register 'B' above" 'register,GOOD,0x0,32,rw' 'field,B,X,0,rw'
	complains 2 'past the register' 'register,GOOD,0x0,8,rw' 'field,GOOD,X,8,rw'
	complains 2 'are no bits' 'register,GOOD,0x0,32,rw' 'field,GOOD,X,3:4,rw'
	complains 2 'are no bits' 'register,GOOD,0x0,32,rw' 'field,GOOD,X,99999,rw'
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
	complains 1 'the line has more than' "register,GOOD,0x0,32,rw,$(printf '%5000s' x)"
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
	assert_line --partial 'm.map:5: there is another register A, in line 2'
	assert_line --partial 'm.map:6: B.X lies outside of its block B of 0x10 bytes'
	assert_line --partial 'm.map:8: A.G overlaps another field'
	assert_line --partial 'm.map:9: A has another field F'
	assert_line --partial 'm.map:11: A.G: there is another value ON, in line 10'
	assert_line --partial 'm.map:12: A.G: ON and YES are one value'
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

@test "LiteX's SVD: words of one register as one value" {
	map 'block,T,0x0,0x100' 'register,T.CYCLES1,0x8,32,ro' 'register,T.CYCLES0,0xc,32,ro'
	run_tool map convert -o x.svd m.map
	assert_exit 0
	printf '\x01\x00\x00\x00\x02' | dd of="$file" bs=1 seek=8 conv=notrunc status=none
	tool --map x.svd regs read --wide T.CYCLES
	assert_output 0x0000000100000002
	tool --map x.svd regs read T.CYCLES
	assert_exit 2
	assert_err 'CYCLES'
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

@test "refused: formats, a full disk" {
	run_tool map convert --to xml "$TOP/examples/edu.map"
	assert_exit 2
	run_tool map convert -o /dev/full "$TOP/examples/edu.map"
	assert_exit 1
	assert_err 'No space left'
}
