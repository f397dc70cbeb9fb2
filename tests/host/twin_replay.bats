#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
#
# twin serve --replay: a recording that answers, and what departs from it. With a real driver: tests/vm/twin_replay.bats.

load ../lib/common

NARROW=$TOP/examples/twins/narrow.config

setup() {
	# a socket's path is short
	folder=$(mktemp -d /tmp/pcietool-twin-XXXXXX)
	socket=$folder/s
	trace=$folder/a.trace
	twin=
}

teardown() {
	[[ -z $twin ]] || kill "$twin" 2>/dev/null || true
	rm -rf "$folder"
}

# recording LINE...: "PLACE NAME OP WIDTH VALUE", of one device
recording() {
	local line time=1000
	echo '# pcietool trace 1' >"$trace"
	for line; do
		echo "$((time += 1000)) 1 regs-write 0000:01:00.0 $line" >>"$trace"
	done
}

# A start, polls until it is done, an interrupt, its acknowledge.
usual() {
	recording 'config:0x4 - W 16 0x0006' 'irq:msi - E - 1' '0:0x0 ID R 32 0x12345678' '0:0x10 ADDRESS W 64 0x1000' \
		'0:0x8 - W 32 0x1' '0:0x8 - R 32 0x1' '0:0x8 - R 32 0x1' '0:0x8 - R 32 0x0' 'irq:0 - I - 1' '0:0xc - W 8 0xff' "$@"
}

serve() {
	pcietool twin serve --socket "$socket" --config "$NARROW" --replay "$trace" "$@" >"$folder/out" 2>"$folder/err" 3>&- &
	twin=$!
	until_true grep -q . "$folder/out"
}

# ended STATUS
ended() {
	local status=0
	kill "$twin"
	wait "$twin" || status=$?
	twin=
	assert_equal "$status" "$1"
}

client() {
	run timeout 60 python3 "$TOP/tests/lib/twin_client.py" "$socket" "$@"
}

@test "what comes as it was recorded is answered as it was recorded" {
	usual
	serve
	grep -q '^  BAR 0: 4K mem, recording' "$folder/out"
	client w:7:4:2:6 enable:1:1 r:0:0:4 w:0:0x10:8:0x1000 w:0:8:4:1 r:0:8:4 r:0:8:4 quiet:0 r:0:8:4 irq:0 w:0:0xc:1:0xff
	assert_output '0x12345678
0x1
0x1
none
0x0
interrupt 1'
	ended 0
	assert_equal "$(cat "$folder/err")" ''
}

@test "INTx: the line goes up where the recording had an interrupt, and down with what comes next" {
	recording 'irq:intx - E - 1' '0:0x0 ID R 32 0x12345678' '0:0x8 - W 32 0x1' 'irq:0 - I - 1' '0:0xc - W 8 0xff' \
		'0:0x8 - W 32 0x1' 'irq:0 - I - 2' '0:0xc - R 8 0x1'
	serve
	client w:7:4:2:2 enable:0:1 r:0:0:4 quiet:0 r:7:6:2 w:0:8:4:1 irq:0 r:7:6:2 w:0:0xc:1:0xff r:7:6:2 \
		w:7:4:2:0x402 w:0:8:4:1 quiet:0 r:7:6:2 w:7:4:2:2 irq:0 r:0:0xc:1 r:7:6:2 quiet:0
	assert_output '0x12345678
none
0x10
interrupt 1
0x18
0x10
none
0x18
interrupt 1
0x1
0x10
none'
	ended 0
	# of an MSI that nobody enabled no INTx is made
	usual
	serve --log "$folder/log"
	client w:7:4:2:6 enable:0:1 r:0:0:4 w:0:0x10:8:0x1000 w:0:8:4:1 r:0:8:4 r:0:8:4 r:0:8:4 quiet:0 r:7:6:2 w:0:0xc:1:0xff
	assert_line --index 4 none
	assert_line --index 5 0x10
	grep -q 'interrupt 0 of the recording: nobody enabled it' "$folder/log"
	ended 0
}

# departs TEXT WORD...: the first departure of a client that says these words
departs() {
	local text=$1
	shift
	usual '0:0x20 NEXT W 32 0x7'
	serve --log "$folder/log"
	client "$@"
	ended 8
	assert_equal "$(grep -c departs "$folder/err")" 1
	grep -qF "departs from the recording: $text" "$folder/err"
	grep -qF "# departs from the recording: $text" "$folder/log"
	grep -qF "twin serve: $trace: $text" "$folder/err"
	rm "$folder/log"
}

@test "the first access that departs is told, with what was expected, and the exit status is 8" {
	departs 'W 0:0x8 0x00000003 came, expected was W 0:0x8 0x00000001, line 6' \
		r:0:0:4 w:0:0x10:8:0x1000 w:0:8:4:3 w:0:0x20:4:9
	departs 'R 0:0x8 came, expected was W 0:0x8 0x00000001, line 6' r:0:0:4 r:0:8:4
	departs 'R 0:0x0 came, and the recording has no more of that register' r:0:0:4 r:0:0:4
	departs 'R 0:0x24 of 32 bits came, and the recording has no such access' r:0:0x24:4
	departs 'W 0:0x8 of 16 bits came, and the recording has no such access' w:0:8:2:1
	departs 'W 0:0x8 0x00000001, line 6 came, expected was first W 0:0x10 ADDRESS 0x0000000000001000, line 5' \
		r:0:0:4 w:0:8:4:1
}

@test "it goes on after that, as well as it can" {
	usual
	serve
	# another value; a register that is not there; reads past the end give the last value
	client r:0:0:4 w:0:0x10:8:0x2000 w:0:8:4:1 r:0:8:4 r:0:8:4 r:0:8:4 r:0:8:4 r:0:0x40:4 r:0:0:4
	assert_output '0x12345678
0x1
0x1
0x0
0x0
0x0
0x12345678'
	# the next client begins anew
	client r:0:0:4 w:0:0x10:8:0x1000 w:0:8:4:1 r:0:8:4 r:0:8:4 r:0:8:4
	assert_line --index 3 0x0
	ended 8
}

@test "each client begins anew: its departures are told, and the last that made an access has the exit status" {
	local whole=(r:0:0:4 w:0:0x10:8:0x1000 w:0:8:4:1 r:0:8:4 r:0:8:4 r:0:8:4 w:0:0xc:1:0xff)
	usual
	serve --log "$folder/log"
	client r:0:0:4 w:0:0x10:8:0x2000
	client r:0:0:4 w:0:0x10:8:0x3000
	grep -qF 'departs from the recording: W 0:0x10 0x0000000000002000 came' "$folder/err"
	grep -qF 'departs from the recording: W 0:0x10 0x0000000000003000 came' "$folder/err"
	assert_equal "$(grep -c '# departs' "$folder/log")" 2
	client "${whole[@]}"
	assert_line --index 3 0x0
	# one that only looks is none
	client info r:7:0:4
	ended 0
	# the other way round
	serve
	client "${whole[@]}"
	client r:0:0:4
	ended 8
	grep -qF "$trace: 1 of 7 accesses came" "$folder/err"
	# who left too early is told when the next one begins
	serve
	client r:0:0:4 w:0:0x10:8:0x1000
	client "${whole[@]}"
	grep -qF 'the client before made 2 of 7 accesses; the first that did not come: W 0:0x8 0x00000001, line 6' "$folder/err"
	ended 0
}

@test "what did not come is told at the end; what comes after all of it is no departure" {
	usual
	serve
	client r:0:0:4 w:0:0x10:8:0x1000
	ended 8
	grep -qF "$trace: 2 of 7 accesses came; the first that did not: W 0:0x8 0x00000001, line 6" "$folder/err"
	serve
	client r:0:0:4 w:0:0x10:8:0x1000 w:0:8:4:1 r:0:8:4 r:0:8:4 r:0:8:4 w:0:0xc:1:0xff w:0:0x50:4:1 r:0:0:4
	ended 0
}

@test "writes that were left for the way out may come" {
	usual '0:0x8 - S 32 0x0' '0:0x14 - W 32 1'
	serve
	client r:0:0:4 w:0:0x10:8:0x1000 w:0:8:4:1 r:0:8:4 r:0:8:4 r:0:8:4 w:0:0xc:1:0xff w:0:8:4:0 w:0:0x14:4:1
	ended 0
}

@test "a model and a map see each access, and answer what is not in the trace" {
	usual
	cat >"$folder/a.map" <<-'END'
		map,replayed
		device,1234:5011
		register,ID,0x0,32,ro,reset=0x1
		register,CTRL,0x8,32,rw
		register,SEEN,0x30,32,ro,reset=0x5
	END
	echo 'on_write("CTRL", function(v) set("SEEN", get("SEEN") + v) end)' >"$folder/a.lua"
	serve --map "$folder/a.map" --model "$folder/a.lua"
	client r:0:0:4 w:0:0x10:8:0x1000 w:0:8:4:1 r:0:0x30:4
	assert_output '0x12345678
0x6'
	ended 8
}

# refused STATUS TEXT OPTION...
refused() {
	local status=$1 text=$2
	shift 2
	run_tool twin serve --socket "$socket" --config "$NARROW" --replay "$trace" "$@"
	assert_exit "$status"
	assert_err "$text"
	[ ! -e "$socket" ]
}

@test "traces that cannot be replayed" {
	refused 1 'No such file'
	echo 'hello' >"$trace"
	refused 1 'this is no trace'
	recording 'config:0x4 - W 16 0x0006'
	refused 2 'no access to a BAR'
	usual '0:0x1ffc - W 32 0x1' '0:0x2000 - R 32 0x1'
	refused 2 "$trace:12: 0:0x1ffc does not fit into BAR 0, which has 4K" --bar 0=4k
	refused 2 "$trace:13: 0:0x2000 does not fit into BAR 0, which has 8K" --bar 0=8k
	usual '0:0xffffffffffffffff - R 32 0x1'
	refused 2 'does not fit into BAR 0' --bar 0=8k
	usual '0:0x2000 - R 33 0x1'
	refused 1 "$trace:12: this is no line of a trace"
	usual '1:0x0 - R 32 0x1'
	refused 2 'BAR 1 is the upper half of BAR 0'
	usual
	sed '$s/01:00/02:00/' "$trace" >"$trace.2" && mv "$trace.2" "$trace"
	refused 2 'it has accesses to 0000:01:00.0 and to 0000:02:00.0'
	refused 2 'no access to a BAR of 0000:03:00.0' -s 03:00.0
	serve -s 02:00.0
	client w:0:0xc:1:0xff
	ended 0
}

@test "a trace that is cut off in a line is replayed up to there, and says so" {
	usual
	truncate -s -4 "$trace"
	serve
	grep -qF "$trace: 1 line is cut off, and left out" "$folder/err"
	client r:0:0:4 w:0:0x10:8:0x1000 w:0:8:4:1 r:0:8:4 r:0:8:4 r:0:8:4
	ended 0
	usual '0:0x0 - L - 7'
	serve
	grep -q '7 accesses are missing in it' "$folder/err"
	ended 8
}

@test "a model made of a trace gives the same" {
	usual
	run_tool trace export "$trace" --to map -o "$folder/a.map"
	assert_exit 0
	run_tool trace export "$trace" --to lua -o "$folder/a.lua"
	assert_exit 0
	pcietool twin serve --socket "$socket" --config "$NARROW" --map "$folder/a.map" --model "$folder/a.lua" \
		>"$folder/out" 2>"$folder/err" 3>&- &
	twin=$!
	until_true grep -q . "$folder/out"
	client r:0:0:4 r:0:0:4 w:0:0x10:8:0x1000 w:0:8:4:1 reset r:0:8:4 r:0:8:4 r:0:8:4 r:0:8:4
	assert_output '0x12345678
0x12345678
0x1
0x1
0x0
0x0'
	ended 0
	# by a map's names, of any place; what was only written has no line
	printf 'map,x\nregister,STATE,0x8,32,rw\n' >"$folder/b.map"
	run_tool --map "$folder/b.map" trace export "$trace" --to lua
	assert_exit 0
	assert_line 'reads("STATE", { {0x1, 2}, 0x0, })'
	refute_output --partial R0010
	run_tool trace export "$trace" --to nothing
	assert_exit 2
}

@test "an MSI-X capability that is cut off before its table hides no register" {
	sed 's/^40: .*/40: 11 44 00 00 10 00 02 00 22 80 00 10 10 28 00 00/' "$NARROW" >"$folder/cut.config"
	NARROW=$folder/cut.config
	# where its table would be by the words of the next capability
	recording '0:0x20010 - R 32 0x5'
	serve
	client r:0:0x20010:4
	assert_output 0x5
	ended 0
}
