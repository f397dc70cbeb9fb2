#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
#
# map convert: what each format keeps, and what is told of the rest.

load ../lib/common
load ../lib/fake_device
load ../lib/map_file

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

@test "convert: names of values, and what else IP-XACT, a C header and Markdown cannot say, is told, or said otherwise" {
	map 'block,B,0x0,0x100' 'register,B.A,0x0,32,rw,reset=0x12,known=0xff' 'field,B.A,F,3:0,rw' 'enum,B.A.F,ON,0x1' \
		'enum,B.A.F,SOME,0x2:0x6' 'enum,B.A.F,ODD,0x8:0x9' 'enum,B.A.F,R,0x3,for=read' 'enum,B.A.F,W,0x3,for=write' \
		'enum,B.A.F,OTHER,*' 'register,B.B,0x4,32,rw,alternate=yes' 'register,B.C,0x4,32,rw,fields=some' 'field,B.C,G,0,rw' \
		'register,B.N,0x8,8,rw,width=32,range=1..5'
	run_tool map convert --to ipxact -o m.xml m.map
	assert_exit 0
	assert_err 'IP-XACT cannot say dots and brackets in names, the order of words, which bits of named values do not matter (2), what all other values are called (1), that fields are missing (1), which registers are alternates of others (1), reset values of bits in no field (1): that is left out'
	run_tool --map m.xml -j map show B.A
	assert_json '[.registers[0].fields[0].values[] | select(.name == "R" or .name == "W") | .value] | join(" ")' '0x3 0x3'
	# by name, what is only written, or only read
	run_tool map convert --to text -o back.map m.xml
	assert_equal "$(grep 'for=' back.map)" $'enum,B.A.F,R,0x3,for=read\nenum,B.A.F,W,0x3,for=write'
	grep -q '^register,B.N,0x8,32,' back.map
	# nothing of that kind, and nothing is told of it
	map 'block,B,0x0,0x100' 'register,B.A,0x0,32,rw,reset=0x12,known=0xf' 'field,B.A,F,3:0,rw' 'enum,B.A.F,ON,0x1:0xf'
	run_tool map convert --to ipxact -o m.xml m.map
	assert_err 'IP-XACT cannot say dots and brackets in names, the order of words: that is left out'
}

@test "convert: a C header and Markdown say which bits of a value matter, and what others are called" {
	map 'map,demo' 'register,A,0x0,32,rw,reset=0x12,known=0xff' 'field,A,F,3:0,rw' 'enum,A.F,SOME,0x2:0x6' 'enum,A.F,OTHER,*' \
		'enum,A.F,R,0x3,for=read' 'register,W,0x10,32,ro,fields=some' 'field,W,LOW,3:0,ro'
	run_tool map convert --to header -o m.h m.map
	assert_exit 0
	assert_err 'access and effects (they are comments), that fields are missing (1): that is left out'
	grep -qx '/\* DEMO_A_F_SOME: only the bits 0x6 matter \*/' m.h
	grep -qx '/\* OTHER: all other values \*/' m.h
	grep -qx '/\* DEMO_A_F_R: when it is read \*/' m.h
	grep -qx '/\* DEMO_A_RESET: only the bits 0xff are known \*/' m.h
	gcc -std=c11 -Wall -Wextra -Werror -fsyntax-only -x c m.h
	run_tool map convert --to markdown m.map
	assert_line '| 0x0 | A | 32 | read-write | 0x12 of 0xff |  |'
	assert_line '| 3:0 | F | read-write | 0x2 of 0x6 SOME, others OTHER, 0x3 R (read) |  |'
	map 'register,A,0x0,32,rw,range=1..5' 'register,B,0x4,32,rw'
	run_tool map convert --to header -o m.h m.map
	assert_err '(they are comments), write constraints (1):'
}

@test "convert: what SVD has for a part of a register of several words is told" {
	map 'register,W,0x0,64,rw,words=2' 'field,W,F,40:24,rw,range=1..5' 'enum,W.F,ON,0x1' 'field,W,G,50:41,rw' 'enum,W.G,ON,0x1' \
		'register,V,0x10,64,rw,words=2,fields=some,range=0..9'
	run_tool map convert --to svd -o m.svd m.map
	assert_exit 0
	assert_err 'SVD cannot say names of values, and what may be written, across words (2), that fields are missing (1): that is left out'
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
	assert_line '| 1:0x104 | D.CTRL | 32 | read-write | 0x10 of 0xff | Starts it |'
	assert_line '| 1:0x110 | D.CH\[0\] | 32 | read-only, a read: clear | | a\|b \*/ c |'
	assert_line '| 5:4 | MODE | read-write | 0x1 FAST |  |'
}
