#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
#
# batch: command lines of a file, one process.

load ../lib/common
load ../lib/fake_device

setup() {
	fake_edu
	cd "$BATS_TEST_TMPDIR" || return
}

# script LINE...: the file s.batch.
script() {
	printf '%s\n' "$@" >s.batch
}

@test "lines run in order, with comments, quotes and continuations" {
	# shellcheck disable=SC1003 # the backslash at the end of a line is meant
	script '# bring-up' '' 'regs write 0x4=0x5 \' '   0x8=0x6   # two' "regs 'read' \"0x4\" 0x8" '  regs read 0x\0'
	tool batch s.batch
	assert_exit 0
	assert_output "0x00000005
0x00000006
0x010000ed"
}

@test "a file of an editor that writes a byte order mark and carriage returns; a recipe, too" {
	printf '\xef\xbb\xbfregs read 0x0\r\nregs read 0x0\r\n' >s.batch
	tool batch s.batch
	assert_exit 0
	assert_output $'0x010000ed\n0x010000ed'
	printf '\xef\xbb\xbf--block 4k\r\n--done 0x0==1\r\n' >r
	tool -D dma capture --recipe r --each 0x4=1 --size 4k -o out
	assert_exit 0
	assert_output --partial '0x4 <- 0x1'
}

@test "OFFSETs and VALUEs that are calculated: as on a command line" {
	script 'regs write 0x10+8*2=(1+2)*3 "(0x10<<1)+4=7&5"' 'regs read (0x40/2) 0:(0x20+4)' 'regs wait 8*4==10-1'
	tool batch s.batch
	assert_exit 0
	assert_output "0x00000009
0x00000005"
	tool regs read '0x10*2'
	assert_exit 2
	tool regs write '0x20=1/(3-3)'
	assert_exit 2
	assert_err 'divides by zero'
	tool regs write '0x20+@none*8=1'
	[[ $status -ne 0 ]]
	tool regs read 0x20
	assert_output 0x00000009
}

@test "standard input, which the commands do not get" {
	run_tool --sysroot "$SYSROOT" -s "$dev" batch - < <(printf 'regs load -i - 0x10\nregs read 0x0')
	assert_exit 1
	assert_err 'standard input:1: regs load: the input is empty'
	run_tool --sysroot "$SYSROOT" -s "$dev" batch <<<'regs read 0x0'
	assert_exit 0
	assert_output 0x010000ed
}

# driven OPTION LINE...: a batch at two pipes; a line is written when there is an answer to the one before.
driven() {
	local script answers option=$1 line answer
	shift
	coproc batch { exec pcietool --sysroot "$SYSROOT" -s "$dev" batch "$option" -; }
	exec {script}>&"${batch[1]}" {answers}<&"${batch[0]}"
	for line; do
		echo "$line" >&"$script"
		read -r -t 60 answer <&"$answers" || break
		echo "$answer"
	done
	kill "$batch_PID"
	exec {script}>&- {answers}<&-
}

@test "a program at both pipes has the answer to a line before it writes the next" {
	run driven --keep-going 'regs read 0x0' 'regs read 0x4' 'regs read 0x0'
	assert_output "0x010000ed
0x00000000
0x010000ed"
	run driven --json 'regs read 0x0' 'regs read 0x4'
	assert_line -n 0 -p '0x010000ed'
	assert_line -n 1 -p '0x00000000'
}

@test "examples/drive.py" {
	run timeout 60 python3 "$TOP/examples/drive.py" --sysroot "$SYSROOT" -s "$dev"
	assert_success
	assert_output -p "'value': '0x12345678'"
	rm "$SYSROOT/sys/bus/pci/devices/$dev/resource0"
	run timeout 60 python3 "$TOP/examples/drive.py" --sysroot "$SYSROOT" -s "$dev"
	assert_failure
	assert_output -p 'RuntimeError: '
}

@test "the first failure stops it, with file, line and status" {
	script 'regs read 0x0' 'regs read 0x2000' 'regs write 0x4=1'
	tool batch s.batch
	assert_exit 2
	assert_output 0x010000ed
	assert_err 's.batch:2: regs read: '
	untouched
	script 'regs wait 0x4==1 --timeout 0s'
	tool batch s.batch
	assert_exit 7
}

@test "keep-going: all lines run, the status is the first failure's" {
	script 'regs wait 0x4==1 --timeout 0s' 'regs read 0x2000' 'regs read 0x0'
	tool batch --keep-going s.batch
	assert_exit 7
	assert_output 0x010000ed
	assert_err 's.batch:1: '
	assert_err 's.batch:2: '
}

@test "lines that are none" {
	script 'regs read 0x0' "regs write '0x4=1" 'regs write 0x4=1'
	tool batch s.batch
	assert_exit 2
	assert_err "s.batch:2: the quote ' is never closed"
	for line in 'nonsense' 'regs' 'regs nonsense' 'pcietool regs read 0x0' 'batch s.batch' 'use -x 1' 'use'; do
		script 'regs read 0x0' "$line" 'regs write 0x4=1'
		tool batch s.batch
		assert_exit 2
		assert_err 's.batch:2: '
	done
	untouched
}

@test "a NUL byte, a line of 1 MB, a folder, no file" {
	printf 'regs read 0x0\nregs write 0x4=1\0\n' >s.batch
	tool batch s.batch
	assert_exit 2
	assert_err 's.batch:2: there is a NUL byte'
	[[ $stderr != *s.batch:2:*s.batch:2:* ]]
	# a line that is none, as others are
	printf 'regs read 0x0\n\0regs write \\\nregs write 0x4=1\nregs read 0x0\n' >s.batch
	tool batch --keep-going -j s.batch
	assert_exit 2
	assert_equal "$(jq -r '[.line, .command, .error.exit] | join(" ")' <<<"$output")" $'1 regs read 0x0 \n2 ? 2\n4 regs read 0x0 '
	{
		echo 'regs read 0x0'
		printf 'regs write 0x4=1 '
		head -c 1M /dev/zero | tr '\0' ' '
		echo
	} >s.batch
	tool batch s.batch
	assert_exit 2
	assert_err 's.batch:2: the line has more than'
	tool batch .
	assert_exit 1
	tool batch none.batch
	assert_exit 1
	assert_err none.batch
	untouched
}

@test "JSON: a document a line, with the result or the error" {
	script 'regs read 0x0' '# nothing' 'regs read 0x2000' 'driver status' 'use -s 01:00.0' "regs 'read"
	tool -j batch --keep-going s.batch
	assert_exit 2
	assert_equal "$(jq -sc '[.[].line]' <<<"$output")" '[1,3,4,5,6]'
	assert_equal "$(jq -sr '.[0] | .schema, .command, .result.schema, .result.values[0].value' <<<"$output")" \
		"pcietool/batch/1
regs read 0x0
pcietool/regs-read/1
0x010000ed"
	assert_equal "$(jq -sc '.[1] | .error.exit, .error.code' <<<"$output")" '2
"out-of-range"'
	assert_equal "$(jq -sc '.[3].result' <<<"$output")" null
	assert_equal "$(jq -sc '.[4].error.code' <<<"$output")" '"unclosed-quote"'
}

@test "options of the batch are the lines' defaults; a line has the last word" {
	script 'regs write 0x4=1'
	tool --dry-run batch s.batch
	assert_output '0x4 <- 0x1'
	untouched
	script 'regs read 0x0 -j' 'regs read 0x0'
	tool batch s.batch
	assert_exit 0
	assert_equal "$(head -1 <<<"$output" | jq -r .schema)" pcietool/regs-read/1
	assert_equal "$(tail -1 <<<"$output")" 0x010000ed
}

@test "behind a use that is wrong nothing is done to the device before, with --keep-going too" {
	local line
	for line in 'use -s 1:2:3:4' 'use -s' 'use' 'use 02:00.0' 'use -d x' 'use -s "02:00.0' $'  use\t-s 02:00.0 \\'; do
		script "$line" 'regs write 0x4=0x5'
		tool batch --keep-going s.batch
		assert_exit 2
		assert_err 's.batch:1: '
		refute_err 's.batch:2'
		untouched
	done
	# another line that is wrong does not stop it
	script 'useless' '"' 'regs read 0x0'
	tool batch --keep-going s.batch
	assert_exit 2
	assert_output 0x010000ed
}

@test "use selects the device of the lines that follow" {
	fake_pci 0000:02:00.0 0x10ee 0x9038 0xff0000
	script 'config read VENDOR_ID' 'use -s 02:00.0' 'config read VENDOR_ID' 'use -d 1234:11e8' \
		'config read VENDOR_ID' '-s 02:00.0 config read VENDOR_ID'
	tool batch s.batch
	assert_exit 0
	assert_output "0x1234
0x10ee
0x1234
0x10ee"
}

@test "help in a line is help, and the next line runs" {
	script 'regs read --help' '--version' 'regs read 0x0'
	tool batch s.batch
	assert_exit 0
	assert_output --partial 'Usage: pcietool regs read'
	assert_equal "$(tail -1 <<<"$output")" 0x010000ed
	# where every line is answered with one of JSON it is none of them
	script 'regs read --help' 'regs --help' '--version' 'regs read 0x0'
	tool -j batch s.batch
	assert_exit 0
	assert_equal "$(jq -sc '[.[].line]' <<<"$output")" '[1,2,3,4]'
	assert_err 'Usage: pcietool regs read'
}

@test "ten thousand lines; what is kept open is open once" {
	for ((i = 0; i < 10000; i++)); do echo "regs read $((i % 10 * 4))"; done >s.batch
	tool batch s.batch
	assert_exit 0
	assert_equal "$(wc -l <<<"$output")" 10000
	for ((i = 0; i < 40; i++)); do echo "regs read 0x0"; done >s.batch
	tool -v batch s.batch
	assert_equal "$(grep -c 'BAR 0 over sysfs' <<<"$stderr")" 1
}

@test "a config write between the lines: what was kept is looked at anew" {
	script 'regs read 0x0' 'config write COMMAND=0:2' 'regs read 0x0'
	tool batch s.batch
	assert_exit 1
	assert_output 0x010000ed
	assert_err 's.batch:3: regs read: '
	assert_err 'memory decoding is off'
	script 'regs read 0x0' 'config write COMMAND=2:2' 'regs read 0x0'
	tool batch --keep-going s.batch
	assert_output 0x010000ed
}

@test "a register map is read once, and by name" {
	cp "$TOP/examples/edu.map" e.map
	script 'regs write LIVENESS=7' 'regs read LIVENESS ID' 'regs write DMA_CMD.DIRECTION=FROM_DEVICE' \
		'regs read DMA_CMD'
	tool -v --map e.map batch s.batch
	assert_exit 0
	assert_output "0x00000007
0x010000ed
0x0000000000000002"
	assert_equal "$(grep -c 'register map e.map' <<<"$stderr")" 1
}

@test "a line that comes again and again is done each time, with the device, the value and the place that are then" {
	fake_pci 0000:02:00.0 0x10ee 0x9038 0xff0000
	cp -r "$SYSROOT/sys/bus/pci/devices/$dev/." "$SYSROOT/sys/bus/pci/devices/0000:02:00.0/"
	printf '\x22' | dd of="$SYSROOT/sys/bus/pci/devices/0000:02:00.0/resource0" conv=notrunc status=none
	lines=()
	for ((i = 1; i <= 6; i++)); do
		lines+=('regs read 0x0' "regs write 0x4=$i" 'regs read 0x4 0x0' 'regs write 0x8=0x10:0xf0' 'regs read 0x8/8')
	done
	script "${lines[@]}" 'use -s 02:00.0' 'regs read 0x0' 'regs read 0x0' 'regs read 0x0' 'use -s 01:00.0' \
		'regs read 0x0' 'regs read 0x0' 'regs read 0x2000' 'regs read 0x0' 'regs read 0x0' 'regs read 0x0'
	tool batch --keep-going s.batch
	assert_exit 2
	for ((i = 1; i <= 6; i++)); do
		printf '%s\n' 0x010000ed "$(printf 0x%08x "$i")" 0x010000ed 0x10
	done >expected
	printf '%s\n' 0x01000022{,,} 0x010000ed{,,,,} >>expected
	assert_equal "$output" "$(cat expected)"
	assert_err 's.batch:38: regs read: '
	assert_equal "$(grep -c '^pcietool' <<<"$stderr")" 1
	tool -j batch --keep-going s.batch
	assert_equal "$(jq -r 'select(.command | startswith("regs read")).line' <<<"$output" | tr '\n' ' ')" \
		"$(grep -n '^regs read' s.batch | cut -d: -f1 | tr '\n' ' ')"
	assert_equal "$(jq -r '.result.values[]?.value' <<<"$output")" "$(cat expected)"
}

@test "a line that comes again: what it fails with, its place, and a trace are as the first time's" {
	script 'regs read 0x0' 'regs read 0x0' 'regs read 0x0' 'regs read 0x0' 'config write COMMAND=0:2' 'regs read 0x0' 'regs read 0x0'
	tool batch --keep-going s.batch
	assert_exit 1
	assert_equal "$(wc -l <<<"$output")" 4
	assert_err 's.batch:6: regs read: '
	assert_err 's.batch:7: regs read: '
	tool config write COMMAND=2:2
	script 'regs read 0x0' 'regs write 0x4=1' 'regs read 0x0' 'regs write 0x4=1' 'regs read 0x0' 'regs write 0x4=1' 'regs read 0x0' 'regs write 0x4=1'
	tool --trace t.trace batch s.batch
	assert_exit 0
	assert_equal "$(grep -c 'regs-read .* R 32 0x010000ed$' t.trace)" 4
	assert_equal "$(grep -c 'regs-write .* W 32 0x00000001$' t.trace)" 4
	tool -v batch s.batch
	assert_equal "$(grep -c '0x0: BAR 0+0x0, 32 bits' <<<"$stderr")" 4
}

@test "a line that comes again: the memory that is gone by then is an error" {
	coproc batch { exec pcietool --sysroot "$SYSROOT" -s "$dev" batch --json - 2>err; }
	exec {script}>&"${batch[1]}" {answers}<&"${batch[0]}"
	pid=$batch_PID
	for i in 1 2 3 4; do
		((i < 4)) || truncate -s 0 "$SYSROOT/sys/bus/pci/devices/$dev/resource0"
		echo 'regs read 0x0' >&"$script"
		read -r -t 60 answer <&"$answers"
		((i == 4)) || assert_equal "$(jq -r '.result.values[0].value' <<<"$answer")" 0x010000ed
	done
	exec {script}>&- {answers}<&-
	assert_equal "$(jq -c '[.line, .error.code, .error.exit]' <<<"$answer")" '[4,"bus-error",5]'
	status=0
	wait "$pid" || status=$?
	assert_equal "$status" 5
	assert_equal "$(head -n 1 err | cut -d: -f1-3)" 'pcietool: standard input:4'
}
