#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Register maps: text maps, and map list|show|check. What SVD files expand to is tests/unit's.

load ../lib/common
load ../lib/fake_device
load ../lib/map_file

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

@test "a value of a register of more than 64 bits has all of its digits; what does not fit in one bit is told in the singular" {
	map 'register,BIG,0x0,128,rw,words=4,width=32' 'field,BIG,LOW,7:0,rw' 'register,ONE,0x10,32,rw' 'field,ONE,F,0,rw'
	run_tool --map m.map regs decode BIG=0x1234
	assert_exit 0
	assert_line --index 0 'BIG  0x00000000000000000000000000001234'
	run_tool --map m.map -j regs decode BIG=0x1234
	assert_json '.registers[0] | .value, .fields[0].value' $'0x0000000000001234\n0x34'
	run_tool --map m.map regs decode ONE.F=2
	assert_exit 2
	assert_err 'does not fit in 1 bit'
	refute_err '1 bits'
	tool --map m.map regs write ONE.F=2
	assert_exit 2
	refute_err '1 bits'
	tool --map m.map regs write ONE.F=0:3
	assert_exit 2
	refute_err '1 bits'
}

@test "an expression that is wrong says where" {
	local operand
	while read -r operand expected; do
		run_tool --sysroot "$SYSROOT" -s "$dev" regs read "$operand"
		assert_exit 2
		assert_err "$expected"
		refute_err "at ''"
	done <<-'END'
		0x10+8*(4/0) at '0)': it divides by zero
		0x10+(4%(2-2)) at '(2-2))': it divides by zero
	END
	run_tool --sysroot "$SYSROOT" -s "$dev" regs write '0x0=@rx+8*(1/0)'
	assert_exit 2
	assert_err "at '0)': it divides by zero"
	run_tool --sysroot "$SYSROOT" -s "$dev" regs write '0x0=@rx/0'
	assert_exit 2
	assert_err "at '0': it divides by zero"
	run_tool --sysroot "$SYSROOT" -s "$dev" regs write '0x0=@rx+2*'
	assert_exit 2
	assert_err "at the end: a number, an @NAME or '(' is missing"
}

@test "map show with a file in place of a name: the hint has the line to type" {
	unset PCIETOOL_MAP
	cp "$TOP/examples/edu.map" here.map
	run_tool map show here.map
	assert_exit 2
	assert_err "hint: 'pcietool map show --map here.map' shows that file"
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

@test "a field of a write-only register keeps what the same command wrote to the others" {
	map 'register,W,0x10,32,wo,reset=0x0' 'field,W,X,7:0,wo' 'field,W,Y,15:8,wo' 'field,W,GO,16,wo,write=w1s' \
		'register,ALSO,0x10,32,wo,reset=0x0,alternate=yes' 'field,ALSO,Z,31:24,wo'
	tool --map m.map regs write W.X=5 W.GO=1 W.Y=6 ALSO.Z=7
	assert_exit 0
	tool regs read 0x10
	assert_output 0x07000605
	tool --map m.map -D regs write W=0xff W.Y=1 W.X=0 0x10=0x20 W.Y=2
	assert_output 'W <- 0xff
W.Y <- 0x1ff
W.X <- 0x100
0x10 <- 0x20
W.Y <- 0x220'
	# the next command knows nothing of it
	tool --map m.map regs write W.Y=8
	tool regs read 0x10
	assert_output 0x00000800
}

@test "a name that is only for what is read is not written, but compared" {
	map 'register,A,0x4,32,rw' 'field,A,F,3:0,rw' 'enum,A.F,BUSY,1,for=read' 'enum,A.F,GO,2,for=write' \
		'enum,A.F,BOTH,3,for=read' 'enum,A.F,BOTH,4,for=write'
	tool --map m.map regs write A.F=BUSY
	assert_exit 2
	assert_err "A.F: 'BUSY' is only what is read"
	assert_err '--unsafe writes it all the same'
	for assign in A.F=GO A.F=BOTH '--unsafe A.F=BUSY'; do
		# shellcheck disable=SC2086 # words
		tool --map m.map regs write $assign
		assert_exit 0
	done
	tool --map m.map regs wait A.F==BUSY --timeout 0s
	assert_exit 0
}

@test "a name that is only for what is written is not compared with what was read, but written" {
	map 'register,A,0x4,32,rw' 'field,A,F,3:0,rw' 'enum,A.F,BUSY,1,for=read' 'enum,A.F,GO,2,for=write' \
		'enum,A.F,BOTH,3,for=read' 'enum,A.F,BOTH,9,for=write' 'enum,A.F,REST,*'
	for condition in A.F==GO 'A.F!=GO' 'A.F<GO' 'A.F>GO'; do
		tool --map m.map regs wait "$condition" --timeout 0s
		assert_exit 2
		assert_err "A.F: 'GO' is only what is written"
		assert_err '--unsafe compares it all the same'
		tool --map m.map -D dma capture --irq 0 --overrun "$condition" --blocks 2 --block 4k -o out
		assert_exit 2
		assert_err 'is only what is written'
	done
	tool --map m.map regs wait --unsafe A.F==GO --timeout 0s
	assert_exit 7
	# of two of one name the one that is read, whatever is compared
	tool --map m.map regs write A.F=BUSY --unsafe
	for condition in A.F!=BOTH 'A.F<BOTH'; do
		tool --map m.map regs wait "$condition" --timeout 0s
		assert_exit 0
	done
	tool --map m.map regs write A=4
	tool --map m.map regs wait 'A.F<BOTH' --timeout 0s
	assert_exit 7
	tool --map m.map regs wait 'A.F>BOTH' --timeout 0s
	assert_exit 0
	# completion offers what is taken
	run_tool --complete --sysroot "$SYSROOT" -s "$dev" --map m.map regs wait A.F==
	assert_output 'A.F==BUSY
A.F==BOTH'
	run_tool --complete --sysroot "$SYSROOT" -s "$dev" --map m.map regs write A.F=
	assert_output 'A.F=GO
A.F=BOTH'
}
