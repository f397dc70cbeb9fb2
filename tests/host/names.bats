#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
#
# regs by name on a fake tree: read, write, dump, wait, load; snapshot, diff, decode, watch, test. What a field's
# write leaves alone is tests/unit/test_field_write's.

load ../lib/common
load ../lib/fake_device

setup() {
	fake_edu
	cd "$BATS_TEST_TMPDIR" || return
	cat >m.map <<'END'
map,board
register,ID,0x0,32,ro
register,CTRL,0x4,32,rw
field,CTRL,ENABLE,0,rw
field,CTRL,MODE,3:1,rw
enum,CTRL.MODE,IDLE,0
enum,CTRL.MODE,FAST,2
field,CTRL,DONE,8,rw,write=w1c
register,FIFO,0x8,32,ro,read=modify
register,KEY,0xc,32,wo
register,COUNT,0x10,64,rw
register,BYTE,0x18,8,rw
register,BUF[0],0x20,32,rw
register,BUF[1],0x24,32,rw
END
	export PCIETOOL_MAP=m.map
}

# poke OFFSET BYTES: into the BAR, as printf's %b has them.
poke() {
	printf '%b' "$2" | dd of="$file" bs=1 seek=$(($1)) conv=notrunc status=none
}

@test "read: the value alone, padded to the register's or the field's width" {
	poke 4 '\x05\x01'
	tool regs read ID CTRL CTRL.MODE CTRL.DONE COUNT BYTE 'BUF[1]' FIFO BUF[0]+4/16
	assert_exit 0
	assert_output "0x010000ed
0x00000105
0x2
0x1
0x0000000000000000
0x00
0x00000000
0x00000000
0x0000"
	tool -j regs read CTRL.MODE
	assert_json '.values[0] | .ref, .value, .enum' 'CTRL.MODE
0x2
FAST'
	tool regs read --names CTRL.MODE CTRL.DONE
	assert_equal "${lines[*]}" 'FAST 0x1'
}

@test "globs: names in front, what is not safe to read left out" {
	tool regs read 'BUF*' '?D' 'CTRL.*'
	assert_exit 0
	assert_output "BUF[0] 0x00000000
BUF[1] 0x00000000
ID 0x010000ed
CTRL.ENABLE 0x0
CTRL.MODE   0x0 IDLE
CTRL.DONE   0x0"
	tool regs read '*'
	assert_exit 0
	assert_err 'FIFO is left out: reading it changes it'
	assert_err 'KEY is left out: it is write-only'
	refute_output --partial FIFO
	tool -j regs read '*'
	assert_json '.left_out | length' 2
	tool regs read --unsafe '*'
	assert_output --partial KEY
	tool regs read 'X*'
	assert_exit 2
}

@test "write: registers, fields, names of values; dry run and verify" {
	poke 4 '\x00\x01'
	tool -D regs write CTRL.MODE=FAST COUNT=5
	assert_output "CTRL.MODE: 0x00000100 -> 0x00000004
COUNT <- 0x5"
	cp "$file" now
	poke 4 '\x00\x00'
	cmp "$file" before
	tool regs write --verify CTRL.MODE=FAST CTRL.ENABLE=1 COUNT=0x100000000 BYTE=0xff
	assert_exit 0
	tool regs read CTRL COUNT BYTE
	assert_output "0x00000005
0x0000000100000000
0xff"
	tool regs write --verify KEY=1
	assert_exit 0
	assert_err 'cannot be verified'
}

@test "write: parts of a write-only register in one command build up" {
	printf '%s\n' 'map,wo' 'register,W,0x40,32,wo,reset=0x900' 'field,W,X,3:0,wo' 'field,W,Y,7:4,wo' \
		'field,W,GO,31,wo,write=w1s' >wo.map
	export PCIETOOL_MAP=wo.map
	tool -D regs write W.X=5 W.Y=6
	assert_output "W.X <- 0x905
W.Y <- 0x965"
	untouched
	tool regs write W.X=5 W.GO=1 W.Y=6
	assert_exit 0
	tool regs read 0x40
	assert_output 0x00000965
	# what is written as a whole, also by its offset
	tool regs write W=0x11 W.Y=2 0x40=0x44 W.X=0xf
	tool regs read 0x40
	assert_output 0x0000004f
	# the next command knows nothing of that, nor does the next line
	tool regs write W.Y=6
	tool regs read 0x40
	assert_output 0x00000960
	printf '%s\n' 'regs write W.X=1 W.Y=2' 'regs read 0x40' 'regs write W.Y=3' 'regs read 0x40' >lines
	tool batch lines
	assert_output "0x00000921
0x00000930"
}

@test "refused before anything is written" {
	for operand in 'CTRL.*=1' 'CT?L=1' CTRL.MODE=SLOW CTRL.MODE=8 CTRL=FAST NOPE=1 CTRL.NOPE=1 ID=1 BYTE=0x100 \
		CTRL.MODE/8=1 CTRL.MODE+4=1; do
		tool regs write COUNT=1 "$operand"
		assert_exit 2
		[[ -n $stderr ]]
		untouched
	done
	tool regs dump -o out 'BUF*'
	assert_exit 2
	assert_err "'regs dump' without -o and --hex"
	tool regs read KEY
	assert_exit 2
	assert_err 'write-only'
	tool regs load -i before CTRL.MODE
	assert_exit 2
}

@test "an unknown name gets the nearest three" {
	tool regs read CTLR
	assert_exit 2
	assert_err "there is no register 'CTLR' in m.map"
	assert_err 'the nearest: CTRL, '
	[[ $(sed -n 's/.*nearest: //p' <<<"$stderr") == *,*,* ]]
	tool regs write CTRL.MODE=FST
	assert_err 'the nearest: FAST'
	refute_err 'all:'
	# a few are all told
	printf '%s\n' 'map,few' 'register,M,0x0,32,rw' 'field,M,ASPM,1:0,rw' 'enum,M.ASPM,off,0' 'enum,M.ASPM,L0s,1' \
		'enum,M.ASPM,L1,2' 'enum,M.ASPM,BOTH,3' >few.map
	tool --map few.map regs write M.ASPM=disabled
	assert_exit 2
	assert_err '; all: off, L0s, L1, BOTH'
}

@test "wait and load by name" {
	poke 4 '\x04'
	tool regs wait CTRL.MODE==FAST 'CTRL.ENABLE!=1' --timeout 0s
	assert_exit 0
	tool regs wait CTRL.MODE==IDLE --timeout 0s
	assert_exit 7
	assert_err 'the last value was 0x2'
	tool regs wait 'BUF*==1' --timeout 0s
	assert_exit 2
	printf 'abcdefgh' >bytes
	tool regs load -i bytes 'BUF[0]'
	assert_exit 0
	tool regs read 'BUF[1]'
	assert_output 0x68676665
}

@test "dump: decoded by name; --hex and a file are bytes" {
	poke 4 '\x04'
	tool regs dump
	assert_exit 0
	assert_line --regexp '^CTRL +0x004  0x00000004$'
	assert_line --regexp '^    MODE +3:1 +0x2 FAST$'
	assert_err 'FIFO is left out'
	tool regs dump CTRL.MODE 'BUF*'
	assert_line --regexp '^CTRL.MODE +0x004  0x2 FAST$'
	tool regs dump 0x0+0x8
	assert_line --regexp '^ID '
	refute_output --partial COUNT
	tool regs dump --hex 0x0+0x10
	assert_output --partial '00000000: 010000ed 00000004'
	tool regs dump -o out 0x0+0x10
	cmp -n 16 out "$file"
	tool -j regs dump CTRL FIFO
	assert_json '.ranges[0].registers[0].fields[1] | .name, .enum' 'MODE
FAST'
	assert_json '.ranges[1].left_out[0].name' FIFO
	# a field without names of values has no enum; of one that has, a value without a name is null with the reason
	assert_json .schema pcietool/regs-dump/2
	assert_json '.ranges[0].registers[0].fields | map(select(.name != "MODE") | keys) | flatten | unique | join(" ")' \
		'bits lsb name value'
	poke 4 '\x0e'
	tool -j regs dump CTRL
	assert_json '.ranges[0].registers[0].fields[] | select(.name == "MODE") | [.value, .enum, .enum_reason] | tojson' \
		'["0x7",null,"it has no name"]'
	tool -j regs read CTRL.DONE
	assert_json '[.schema, .values[0].enum_reason] | join(" ")' 'pcietool/regs-read/1 it has no name'
	# one line, however many there are
	tool regs read '*'
	assert_equal "$(grep -c 'left out' <<<"$stderr")" 1
	poke 4 '\x04'
	tool regs dump ID..COUNT
	assert_line --regexp '^COUNT '
	unset PCIETOOL_MAP
	tool regs dump 0x0+0x10
	assert_output --partial '00000000: 010000ed'
}

@test "what is read of a write-only field says nothing of it" {
	printf '%s\n' 'map,wo' 'register,ST,0x40,32,rw' 'field,ST,W1,16,wo' 'field,ST,A,3:0,rw' >wo.map
	export PCIETOOL_MAP=wo.map
	poke 0x40 '\x03\x00\x01\x00'
	tool regs read ST.W1
	assert_exit 2
	tool regs dump ST
	assert_line --regexp '^    W1 +16 +it is write-only$'
	assert_line --regexp '^    A +3:0 +0x3$'
	tool regs dump --unsafe ST
	assert_line --regexp '^    W1 +16 +0x1$'
	tool -j regs dump ST
	assert_json '.ranges[0].registers[0].fields[0] | .name, .value, .value_reason' 'W1
null
it is write-only'
	for verb in read dump; do
		tool regs $verb 'ST.*'
		assert_exit 0
		refute_output --partial W1
		assert_err 'ST.W1 is left out: it is write-only'
	done
	tool regs snapshot -o a
	run_tool regs decode -i a
	assert_line --regexp '^    W1 +16 +it is write-only$'
	# what is going to be written is known
	run_tool regs decode ST=0x10000
	assert_line --regexp '^    W1 +16 +0x1$'
	poke 0x40 '\x04\x00\x00\x00'
	tool regs diff a
	assert_exit 8
	assert_output 'ST 0x00010003 -> 0x00000004
    A                    0x3 -> 0x4'
}

@test "snapshot, diff, decode" {
	tool regs snapshot -o a
	assert_exit 0
	assert_equal "$(head -1 a)" '# pcietool snapshot 1'
	grep -q '^# device 1234:11e8 0000:01:00.0$' a
	grep -q '^# map board$' a
	grep -q '^ID 0:0x0/32 0x010000ed$' a
	grep -q '^FIFO 0:0x8/32 - # reading it changes it$' a
	tool regs diff a
	assert_exit 0
	assert_output ''
	poke 4 '\x05'
	tool regs diff a
	assert_exit 8
	assert_output "CTRL 0x00000000 -> 0x00000005
    MODE                 0x0 IDLE -> 0x2 FAST
    ENABLE               0x0 -> 0x1"
	tool regs snapshot -o b
	run_tool regs diff a b
	assert_exit 8
	assert_line 'CTRL 0x00000000 -> 0x00000005'
	run_tool -j regs diff a b
	assert_json '.differences[0] | .name, .change, .fields[0].enum' 'CTRL
changed
FAST'
	assert_json .not_compared 2
	run_tool regs diff a a
	assert_exit 0
	sed -i '/^BYTE/d' b
	run_tool regs diff a b
	assert_line 'BYTE only in the first'
	run_tool regs decode -i a
	assert_exit 0
	assert_line --regexp '^    MODE +3:1 +0x0 IDLE$'
	run_tool regs decode CTRL=0x5 CTRL.MODE=FAST 0x4=0x100
	assert_exit 0
	assert_line --regexp '^    MODE +3:1 +0x2 FAST$'
	assert_line 'CTRL.MODE  0x2 FAST'
	tool regs snapshot
	assert_exit 0
	assert_output --partial 'COUNT 0:0x10/64 0x0000000000000000'
	unset PCIETOOL_MAP
	tool regs snapshot 0x0+8
	assert_line -- '- 0:0x0/32 0x010000ed'
	tool regs snapshot
	assert_exit 2
}

@test "diff: what cannot be compared is told, and is not the same" {
	tool regs snapshot -o a
	tool regs snapshot --unsafe -o b
	assert_exit 0
	grep -q '^FIFO 0:0x8/32 0x' b
	run_tool regs diff a b
	assert_exit 8
	assert_output ''
	assert_err 'FIFO cannot be compared: it has a value only in the second (reading it changes it)'
	assert_err 'what could be compared is the same, but 2 registers could not'
	run_tool -j regs diff b a
	assert_json '.differences, .not_compared, .incomparable[0].name, .incomparable[0].reason' '[]
2
FIFO
it has a value only in the first (reading it changes it)'
	# a device is not read for that
	tool regs diff b
	assert_exit 8
	assert_err 'FIFO cannot be compared'
	tool regs diff --unsafe b
	assert_exit 0
	# the map moved it: another place is no change of the device's
	sed 's|^CTRL 0:0x4/32 0x0*$|CTRL 0:0x44/32 0x00000005|' a >moved
	run_tool regs diff a moved
	assert_exit 8
	refute_output --partial CTRL
	assert_err 'CTRL cannot be compared: it is at 0:0x4/32 in the first, at 0:0x44/32 in the second'
	sed '/^BYTE/s|0x18/8|0x18/16|' a >moved
	run_tool regs diff a moved
	assert_err 'BYTE cannot be compared'
}

@test "diff reads of the device what the map says is safe, wherever a snapshot has it from" {
	# made without a map, with another one, and with a width that takes two registers
	printf '%s\n' 'map,old' 'register,ID,0x8,32,ro' 'register,LONG,0x10,64,ro' >old.map
	tool --map old.map regs snapshot -o old
	printf '%s\n' '# pcietool snapshot 1' '# device 1234:11e8 0000:01:00.0' '# map -' '# time -' '- 0:0x0/32 0x010000ed' \
		'- 0:0x8/32 0x00000000' '- 0:0x8/64 0x0000000000000000' '- 0:0xb/8 0x00' '- 0:0x10/32 0x00000000' >raw
	run_tool --trace t --sysroot "$SYSROOT" -s "$dev" regs diff raw
	assert_exit 8
	assert_err '0:0x8/32 cannot be compared: it has a value only in the first (reading it changes it)'
	refute grep -E ' 0:0x(8|b) ' t
	grep -q ' 0:0x10 ' t
	run_tool --trace t2 --sysroot "$SYSROOT" -s "$dev" regs diff old
	assert_exit 8
	assert_err 'ID cannot be compared'
	refute grep -E ' 0:0x8 ' t2
	run_tool --trace t3 --sysroot "$SYSROOT" -s "$dev" regs diff --unsafe raw
	grep -qE ' 0:0x8 ' t3
}

@test "snapshots of another device, and those that are none" {
	tool regs snapshot -o a
	sed 's/1234:11e8/1234:11e9/' a >other
	tool regs diff other
	assert_exit 2
	assert_err 'is of a device 1234:11e9'
	run_tool regs diff a other
	assert_exit 2
	for bad in 'ID 0:0x0/32' 'ID 0:0x0/24 0x0' 'ID 9:0x0/32 0x0' 'ID 0:zero/32 0x0' 'ID 0:0x0/32 red' \
		'ID 0:0x0/8 0x100' 'ID 0:0x0/32x0 0x0'; do
		{
			head -4 a
			echo "$bad"
		} >bad
		run_tool regs diff a bad
		assert_exit 1
		assert_err 'bad:5: '
	done
	echo hello >bad
	run_tool regs diff a bad
	assert_exit 1
	assert_err 'bad:1: this is no snapshot'
	: >bad
	run_tool regs decode -i bad
	assert_exit 1
	run_tool regs decode -i none
	assert_exit 1
	run_tool regs decode CTRL=0x100000000
	assert_exit 2
	run_tool regs decode
	assert_exit 2
	cp a dup
	tail -1 a >>dup
	run_tool regs diff dup dup
	assert_exit 0
	tool regs snapshot -o /dev/full
	assert_exit 1
	assert_err 'No space left'
}

@test "a register narrower than its access: its value is its own bits, what is above is kept" {
	printf '%s\n' 'map,narrow' 'register,O,0x40,12,rw,width=32' 'field,O,LOW,3:0,rw' >narrow.map
	export PCIETOOL_MAP=narrow.map
	poke 0x40 '\x12\xf0\xff\xff'
	tool regs read O 0x40
	assert_output "0x00000012
0xfffff012"
	tool -j regs read 'O*'
	assert_json '.values[0].value' 0x00000012
	tool regs dump O
	assert_line --regexp '^O 0x040  0x00000012$'
	tool regs wait O==0x12 --timeout 0s
	assert_exit 0
	tool regs snapshot -o a
	grep -q '^O 0:0x40/32 0x00000012$' a
	tool -D regs write O.LOW=3
	assert_output 'O.LOW: 0xfffff012 -> 0xfffff013'
	tool regs write --verify O.LOW=3 O=0x100:0x100
	assert_exit 0
	tool regs read 0x40 O
	assert_output "0xfffff113
0x00000113"
	# what is above may change
	poke 0x40 '\x12\x00\xee\xee'
	tool regs diff a
	assert_exit 0
	# as it was saved before
	sed -i 's/0x00000012$/0xfffff012/' a
	tool regs diff a
	assert_exit 0
	run_tool regs decode -i a
	assert_line 'O  0x012'
	run_tool regs decode O=0xfffff005
	assert_exit 2
}

@test "watch: a line for each change, JSON with what was kept, a clean end" {
	env --default-signal=INT pcietool --sysroot "$SYSROOT" -s "$dev" regs watch --interval 5ms CTRL.MODE 'BUF*' \
		>log 2>err 3>&- &
	pid=$!
	env --default-signal=INT pcietool --sysroot "$SYSROOT" -s "$dev" -j regs watch --interval 5ms CTRL \
		>json 2>err2 3>&- &
	pid2=$!
	until [[ -s log && -s json ]]; do sleep 0.02; done
	poke 4 '\x04'
	until grep -q FAST log && grep -q 0x00000004 json; do sleep 0.02; done
	poke 4 '\x05'
	until grep -q 0x00000005 json; do sleep 0.02; done
	# the other one, which has nothing to tell of it, has looked too
	sleep 0.1
	kill -INT $pid $pid2
	wait $pid
	wait $pid2
	note_documents '' json
	run cat log
	assert_line --index 0 --regexp '^[0-9.]+ +CTRL.MODE +0x0 IDLE$'
	assert_line --index 3 --regexp '^[0-9.]+ +CTRL.MODE +0x0 -> 0x2 FAST$'
	assert_equal "${#lines[@]}" 4
	assert_equal "$(jq -sr '.[2] | .old, .value, .minimum, .maximum, .toggled, .changes' json | tr '\n' ' ')" \
		'0x00000004 0x00000005 0x00000000 0x00000005 0x00000005 2 '
	tool regs watch FIFO
	assert_exit 2
	assert_err 'nothing left to watch'
}

@test "test: the contents are put back, also on Ctrl-C; refusals; dry run" {
	head -c 4096 /dev/urandom >"$file"
	cp "$file" before
	tool regs test --unsafe 0x0+4k
	assert_exit 0
	assert_line 'cells          good'
	untouched
	tool -j regs test -w 64 0x100+0x100
	assert_json '.phases | length' 4
	assert_json .restored true
	untouched
	tool -D regs test --unsafe 0x0+4k
	assert_exit 0
	assert_output --partial 'would be tested'
	for range in 0x2+4 0x0+2 0x0+0 0x0+0x1001 CTRL.MODE; do
		tool regs test $range
		assert_exit 2
	done
	fake_bar "$dev" 0 0xf0000000 $((16 << 20)) 0x40200
	fake_resource "$dev" 0 $((16 << 20))
	cp "$file" before
	env --default-signal=INT pcietool --sysroot "$SYSROOT" -s "$dev" regs test --unsafe -w 8 0x0+16M >out 2>err 3>&- &
	pid=$!
	# it has begun: before, the signal would find nothing to put back
	while cmp -s "$file" before; do sleep 0.01; done
	kill -INT $pid
	status=0
	wait $pid || status=$?
	[[ $status -eq 130 ]]
	untouched
}

@test "load and test go by what the map says of the registers in their range" {
	printf 'abcd' >bytes
	tool regs load -i bytes ID
	assert_exit 2
	assert_err 'ID is read-only in the map'
	untouched
	# wherever in the range
	printf '%s\n' 'map,mixed' 'register,A,0x40,32,rw' 'register,B,0x44,32,ro' 'register,F,0x48,32,rw,read=modify' \
		'register,W,0x4c,32,wo' 'register,C,0x50,32,rw,write=w1c' 'register,R,0x54,32,rw,range=1..2' \
		'register,P,0x58,32,rw' 'field,P,F,3:0,ro' 'register,Q,0x5c,32,rw1' \
		'register,M[0],0x60,32,rw' 'register,M[1],0x64,32,rw' 'register,T,0x68,32,rw' 'field,T,G,3:0,rw,only=enum' \
		>mixed.map
	export PCIETOOL_MAP=mixed.map
	printf 'abcdabcd' >bytes
	tool regs load -i bytes A
	assert_exit 2
	assert_err 'B is read-only'
	tool regs load -i - A < <(cat bytes)
	assert_exit 2
	untouched
	tool regs load --unsafe -i bytes A
	assert_exit 0
	tool regs load -i bytes 0x40
	assert_exit 0
	cp "$file" before
	for range in 0x40+8 0x48+4 0x4c+4 0x50+4 0x54+4 0x58+4 0x5c+4 0x68+4 A..C B; do
		tool regs test $range
		assert_exit 2
		assert_err 'in the map' || assert_err 'is no memory: the map says that'
		untouched
		tool -D regs test $range
		assert_exit 2
	done
	tool regs test 'M[0]..M[1]'
	assert_exit 0
	tool regs test --unsafe 0x40+0x10
	assert_exit 0
	untouched
}

@test "load goes by which values the map allows, as write does" {
	printf '%s\n' 'map,limits' 'register,B,0x3e,16,rw' 'register,R,0x40,32,rw,range=1..2' \
		'register,S,0x44,16,rw,range=0..0x100' 'register,O,0x46,12,rw,width=16,range=0..4' 'register,F,0x4c,32,rw' \
		'field,F,LOW,3:0,rw,range=1..2' 'register,Y,0x57,8,rw' \
		'register,W,0x58,32,rw,range=5..5,words=4,width=8,order=high' 'register,H,0x5c,32,rw' \
		'register,L,0x10000,64,rw,range=0..9' 'register,E,0x10010,32,rw,only=read' >limits.map
	export PCIETOOL_MAP=limits.map
	fake_bar "$dev" 0 0xfe000000 0x100000 0x40200
	fake_resource "$dev" 0 1048576
	cp "$file" before
	# refused REASON BYTES WORD...: refused for that, from a file, from a pipe and with a dry run
	refused() {
		printf '%b' "$2" >bytes
		tool regs load -i bytes "${@:3}"
		assert_exit 2
		assert_err "$1"
		tool regs load -i - "${@:3}" < <(cat bytes)
		assert_exit 2
		tool -D regs load -i bytes "${@:3}"
		assert_exit 2
		untouched
	}
	refused 'R: 0x3 is not within 0x1 to 0x2' '\x03\0\0\0' R
	refused 'E: the map allows only what was read just before' '\x03\0\0\0' E
	# a register behind the first, several to an access, one in several
	refused 'S: 0x201 is not within 0x0 to 0x100' '\x01\0\0\0\x01\x02\0\0' R
	refused 'O: 0x5 is not within' '\x01\0\0\0\x01\0\x05\xf0' R
	refused 'W: 0x5000000 is not within 0x5' '\0\x05\0\0\0' Y
	# of a part what no other part can put right
	refused 'R: 0x300 is not within' '\0\0\0\x03' B
	# in a file that is more than one piece, nothing before it is stored
	head -c 65536 /dev/zero | tr '\0' '\1' >bytes
	printf '\0\0\0\0\x0a\0\0\0\0\0\0\0' | dd of=bytes bs=1 seek=$((0xfffc - 0x5c)) conv=notrunc status=none
	tool regs load -i bytes H
	assert_exit 2
	assert_err 'L: 0xa is not within 0x0 to 0x9'
	untouched
	printf '\x01\0\0\0\0\x01\x04\xf0\0\0\0\x05\x0f\0\0\0' >bytes
	tool regs load -i bytes R
	assert_exit 0
	printf '\0\0\0\0\x05' >bytes
	tool regs load -i bytes Y
	assert_exit 0
	# F's field was not looked at: neither is it by a write of the whole register
	tool regs write F=0xf
	assert_exit 0
	printf '\x03\0\0\0' >bytes
	for words in '0x40' '--unsafe R'; do
		# shellcheck disable=SC2086 # words
		tool regs load -i bytes $words
		assert_exit 0
	done
}

@test "load from a file that was read in part: what is left of it counts" {
	printf 'abcdefgh' >bytes
	exec {input}<bytes
	dd bs=4 count=1 of=/dev/null status=none <&$input
	tool regs load -i - 0xffc <&$input
	exec {input}<&-
	assert_exit 0
	assert_equal "$(tail -c 4 "$file")" efgh
}

@test "dump of bytes: what is not safe to read is named before it is read" {
	for options in --hex '-o out'; do
		# shellcheck disable=SC2086 # two words
		tool regs dump $options 0x0+0x10
		assert_exit 0
		assert_err 'FIFO is read all the same: reading it changes it; KEY is read all the same: it is write-only'
		# shellcheck disable=SC2086
		tool regs dump --unsafe $options 0x0+0x10
		assert_exit 0
		refute_err 'all the same'
	done
	tool regs dump -o out
	assert_err 'FIFO is read all the same'
	tool regs dump --hex 0x0+8
	refute_err 'all the same'
}

@test "completion of registers, fields and values" {
	run_tool --complete --sysroot "$SYSROOT" -s "$dev" regs read CT
	assert_output CTRL
	run_tool --complete --sysroot "$SYSROOT" -s "$dev" regs read CTRL.
	assert_line CTRL.MODE
	run_tool --complete --sysroot "$SYSROOT" -s "$dev" regs write CTRL.MODE=
	assert_output "CTRL.MODE=IDLE
CTRL.MODE=FAST"
}
