#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Traces on a fake tree: what is recorded, in which form, and what is no trace.

load ../lib/common
load ../lib/fake_device

setup() {
	fake_edu
	trace=$BATS_TEST_TMPDIR/a.trace
	PCIETOOL_MAP=$TOP/examples/edu.map
}

# accesses [FILE]: without times, processes and the tool's own looks at config space.
accesses() {
	grep -v -e '^#' -e '^$' "${1:-$trace}" | grep -v ' config:' | cut -d ' ' -f 3-
}

@test "every access is a line: place, name, width, value" {
	tool --trace "$trace" regs write 0x20=0x55:0xff
	assert_exit 0
	tool regs read 0x20/16 --trace "$trace"
	assert_exit 0
	tool --map "$PCIETOOL_MAP" regs read ID --trace "$trace"
	assert_exit 0
	assert_equal "$(head -n 1 "$trace")" '# pcietool trace 1'
	assert_equal "$(accesses)" "regs-write $dev 0:0x20 - R 32 0x00000000
regs-write $dev 0:0x20 - W 32 0x00000055
regs-read $dev 0:0x20 - R 16 0x0055
regs-read $dev 0:0x0 ID R 32 0x010000ed"
	[[ $(sed -n 2p "$trace") =~ ^[0-9]+\ [0-9]+\ regs-write\ $dev\ config:0x[0-9a-f]+\ -\ R\ (8|16|32)\ 0x ]]
}

@test "what was not done is not in it: a dry run, operands that are wrong" {
	tool --trace "$trace" -D regs write 0x20=5
	assert_exit 0
	tool --trace "$trace" regs write 0x20=5 0x21=5
	assert_exit 2
	assert_equal "$(accesses)" ''
	tool --trace "$trace" map list
	assert_exit 0
	untouched
}

@test "config space, also by name, and what failed with its error" {
	tool --trace "$trace" config write COMMAND=0x4:0x4
	assert_exit 0
	assert_equal "$(grep -c "config-write $dev config:0x4 .* W 16 0x0007\$" "$trace")" 1
	truncate -s 64 "$SYSROOT/sys/bus/pci/devices/$dev/config"
	tool --trace "$trace" config read 0x100
	assert_exit 4
	truncate -s 0 "$file"
	tool --trace "$trace" regs read 0x20
	assert_exit 5
	assert_equal "$(tail -n 1 <<<"$(accesses)")" "regs-read $dev 0:0x20 - R 32 - bus-error"
	tool --trace "$trace" regs write 0x20=7
	assert_exit 5
	assert_equal "$(tail -n 1 <<<"$(accesses)")" "regs-write $dev 0:0x20 - W 32 0x00000007 bus-error"
	tool --trace "$trace" regs dump 0x0+0x10
	assert_equal "$(tail -n 1 <<<"$(accesses)")" "regs-dump $dev 0:0x0 - R 32 - bus-error"
}

@test "blocks are the same accesses, one by one" {
	tool --trace "$trace" regs dump -w 16 0x0+0x8
	assert_exit 0
	tool regs dump -w 16 0x0+0x8 --hex
	untraced=$output
	assert_equal "$(accesses)" "regs-dump $dev 0:0x0 - R 16 0x00ed
regs-dump $dev 0:0x2 - R 16 0x0100
regs-dump $dev 0:0x4 - R 16 0x0000
regs-dump $dev 0:0x6 - R 16 0x0000"
	tool --trace "$trace" regs dump -w 16 0x0+0x8 --hex
	assert_output "$untraced"
	printf '\1\2\3\4\5\6\7\10' >"$BATS_TEST_TMPDIR/bytes"
	rm "$trace"
	tool --trace "$trace" regs load -i "$BATS_TEST_TMPDIR/bytes" 0x40
	assert_exit 0
	assert_equal "$(accesses)" "regs-load $dev 0:0x40 - W 32 0x04030201
regs-load $dev 0:0x44 - W 32 0x08070605"
}

@test "a batch has one trace, each line under its own name" {
	printf '%s\n' 'regs read 0x0' 'regs wait 0x0==0x010000ed' 'mem read 0x1000' >"$BATS_TEST_TMPDIR/b"
	mkdir -p "$SYSROOT/dev"
	truncate -s 8192 "$SYSROOT/dev/mem"
	tool batch --trace "$trace" "$BATS_TEST_TMPDIR/b"
	assert_exit 0
	assert_equal "$(grep -c '^#' "$trace")" 1
	assert_equal "$(accesses)" "regs-read $dev 0:0x0 - R 32 0x010000ed
regs-wait $dev 0:0x0 - R 32 0x010000ed
mem-read - mem:0x1000 - R 32 0x00000000"
	echo "regs read 0x0 --trace $trace" >"$BATS_TEST_TMPDIR/b"
	tool batch "$BATS_TEST_TMPDIR/b"
	assert_exit 2
	assert_err 'option of the batch'
}

@test "the environment does as the option does" {
	cd "$BATS_TEST_TMPDIR"
	PCIETOOL_TRACE=env.trace tool regs read 0x0
	assert_exit 0
	assert_equal "$(accesses env.trace)" "regs-read $dev 0:0x0 - R 32 0x010000ed"
}

@test "nobody else's file is written to, and a disk that is full is told" {
	echo precious >"$BATS_TEST_TMPDIR/other"
	tool --trace "$BATS_TEST_TMPDIR/other" regs write 0x20=5
	assert_exit 2
	assert_err 'no trace'
	assert_equal "$(<"$BATS_TEST_TMPDIR/other")" precious
	tool --trace "$BATS_TEST_TMPDIR/no/folder" regs write 0x20=5
	assert_exit 1
	untouched
	printf '# pcietool trace 1\n12 34 regs-re' >"$trace"
	tool --trace "$trace" regs read 0x20
	assert_equal "$(sed -n 2,4p "$trace")" $'12 34 regs-re\n\n# pcietool trace 1'
	tool --trace /dev/full regs read 0x0
	assert_exit 1
	assert_output 0x010000ed
	assert_err 'the trace is not whole'
}

@test "processes that write at a time do not mix lines" {
	printf 'regs dump 0x0+0x400 --hex\nregs read 0x0\n%.0s' {1..20} >"$BATS_TEST_TMPDIR/b"
	local pids=()
	for _ in 1 2 3; do
		pcietool --sysroot "$SYSROOT" -s "$dev" batch --trace "$trace" "$BATS_TEST_TMPDIR/b" >/dev/null &
		pids+=($!)
	done
	wait "${pids[@]}"
	run grep -vcE '^$|^# pcietool trace 1$|^[0-9]+ [0-9]+ [a-z-]+ [0-9a-f:.]+ [a-z0-9]+:0x[0-9a-f]+ - R [0-9]+ 0x[0-9a-f]+$' "$trace"
	assert_output 0
	assert_equal "$(accesses | wc -l)" $((3 * 20 * 257))
	# also where one came while another was in the midst of a line
	run_tool -j trace show "$trace"
	assert_exit 0
	assert_json .cut_off 0
}

# --- what is made of one -------------------------------------------------------------------------------

@test "show: names, fields, loops of polls, pauses" {
	run_tool --map "$PCIETOOL_MAP" trace show "$TOP/tests/data/trace/edu.trace"
	assert_exit 0
	assert_line --regexp '^ +2.001 ms  0:0x20 STATUS +R 0x00000081 ×3, 0.002 ms IRQ_ENABLE=0x1 COMPUTING=0x1$'
	assert_line '  -- 12.400 ms'
	assert_line --regexp '^ +15.503 ms  0:0x24 IRQ_STATUS +R none bus-error$'
	run_tool --map "$PCIETOOL_MAP" -j trace show "$TOP/tests/data/trace/edu.trace"
	assert_exit 0
	assert_json '.steps | length' 7
	assert_json '.steps[3] | [.name, .count, .value, .fields[1].name, .fields[1].value] | join(" ")' \
		'STATUS 3 0x00000081 COMPUTING 0x1'
	assert_json '.steps[6] | [.name, .error, .value, has("fields")] | map(tostring) | join(" ")' \
		'IRQ_STATUS bus-error null true'
	assert_json .lost 0
}

@test "diff: where the second went another way; times and polls do not count" {
	cd "$BATS_TEST_TMPDIR"
	sed '3,$s/^[0-9][0-9]*/7/; s/^7 11/7 99/; s/0000:01:00.0/0000:05:00.0/' "$TOP/tests/data/trace/edu.trace" |
		sed 6d >other
	run_tool trace diff "$TOP/tests/data/trace/edu.trace" other
	assert_exit 0
	assert_output ''
	sed -i 's/W 64 0x0000000000000001/W 64 0x0000000000000003/; /irq-wait/d' other
	run_tool trace diff "$TOP/tests/data/trace/edu.trace" other
	assert_exit 8
	assert_equal "$(tr -s ' ' <<<"$output")" ' 0:0x80 DMA_SRC W 0x000000007f000010 line 3
- 0:0x98 DMA_CMD W 0x0000000000000001 line 4
+ 0:0x98 DMA_CMD W 0x0000000000000003 line 4
 0:0x20 STATUS R 0x00000080 line 8
- irq:0 I 0x1 line 9'
	run_tool -j trace diff other "$TOP/tests/data/trace/edu.trace"
	assert_exit 8
	assert_json '.differences | map(.change + " " + .place) | join(", ")' \
		'only in the first 0:0x98, only in the second 0:0x98, only in the second irq:0'
	assert_json .error.exit 8
}

@test "diff: thousands of differences are no reason to call equal steps different" {
	cd "$BATS_TEST_TMPDIR"
	# steps FACTOR: 9000, of which each third is another one
	steps() {
		echo '# pcietool trace 1'
		awk -v factor="$1" 'BEGIN {
			for (i = 1; i <= 9000; i++)
				printf "%d 10 x 0000:01:00.0 0:0x%x - W 32 0x%x\n", i, i % 3 * 4, i % 3 ? i : i * factor
		}'
	}
	steps 1 >one
	steps 4 >two
	tool -j trace diff one two
	assert_exit 8
	assert_json '.differences | length' 6000
	assert_json .approximate false
	# the other way round, it takes too long to find what little is equal
	{ head -n 1 one && tail -n 9000 one | tac; } >three
	tool -j trace diff one three
	assert_exit 8
	assert_json .approximate true
	assert_err 'too many differences to find the fewest'
}

@test "export: a batch that does the same, a table that compiles, a map" {
	cd "$BATS_TEST_TMPDIR"
	tool batch --trace "$trace" - <<<$'regs write 0x20=0x55 0x24/8=0x7\nconfig write COMMAND=0x7\nregs read 0x20'
	tool trace export "$trace" -o up.batch
	assert_exit 0
	cp "$file" after
	cp before "$file"
	tool batch up.batch
	assert_exit 0
	cmp "$file" after
	tool config read COMMAND
	assert_output 0x0007
	run_tool trace export "$TOP/tests/data/trace/edu.trace"
	assert_exit 0
	assert_line 'regs write 0:0x80/64=@rx+0x10  # DMA_SRC'
	assert_line "regs wait '0:0x20/32==0x0:0x1' --timeout 1s  # 3 polls, 12.402 ms, STATUS"
	run_tool trace export --to c "$TOP/tests/data/trace/edu.trace"
	assert_exit 0
	assert_line --partial '{ SEQUENCE_WAIT, 0, 32, 0x20, 0x0, 0x1 }, /* STATUS */'
	"${CC:-cc}" -Wall -Werror -Wno-unused-variable -fsyntax-only -x c - <<<"$output"
	run_tool trace export --to map "$TOP/tests/data/trace/edu.trace" -o used.map
	assert_exit 0
	run_tool map check used.map
	assert_exit 0
	assert_output ''
	assert_equal "$(pcietool --map used.map map show | grep -c '^BAR0.R00')" 3
	# the expansion ROM is none of the BARs that a map or a batch has
	printf '%s\n' '# pcietool trace 1' '1 1 x 0000:01:00.0 0:0x10 - W 32 0x00000001' \
		'2 1 x 0000:01:00.0 6:0x0 - R 16 0xaa55' '3 1 x 0000:01:00.0 6:0x4 - W 32 0x00000001' >rom.trace
	run_tool trace export rom.trace
	assert_output --partial '# expansion ROM: regs write 0x4/32=0x1'
	refute_line --partial 'regs write 6:'
	run_tool trace export --to c rom.trace
	assert_equal "$(grep -c '^.{ SEQ' <<<"$output")" 1
	run_tool trace export --to map rom.trace -o rom.map
	run_tool map check rom.map
	assert_exit 0
	run_tool trace export --to lua rom.trace
	refute_output --partial reads\(\"
	run_tool trace export --to pdf "$TOP/tests/data/trace/edu.trace"
	assert_exit 2
	run_tool -j trace export "$TOP/tests/data/trace/edu.trace"
	assert_exit 2
}

@test "what is no trace, damaged, cut off, of another version" {
	cd "$BATS_TEST_TMPDIR"
	good=$TOP/tests/data/trace/edu.trace
	run_tool trace show nowhere
	assert_exit 1
	: >empty
	run_tool trace show empty
	assert_exit 1
	assert_err 'it is empty'
	head -c 5000 "$BUILD/pcietool" >binary
	run_tool trace show binary
	assert_exit 1
	assert_err 'no trace'
	{ cat "$good"; printf '1 2 x\0y\n'; } >nul
	run_tool trace diff nul "$good"
	assert_exit 1
	assert_err 'NUL'
	sed 's/trace 1/trace 2/' "$good" >newer
	run_tool trace export newer
	assert_exit 6
	assert_err 'version 2'
	head -c -8 "$good" >torn
	run_tool trace show torn
	assert_exit 0
	assert_err '1 line is cut off'
	# and another process went on in it
	tool --trace torn regs read 0x0
	assert_exit 0
	run_tool -j trace show torn
	assert_exit 0
	assert_json .cut_off 1
	for damage in 's/R 32/Q 32/' 's/R 32/R 31/' 's/0x00000081/0x100000081/' 's/0:0x20/9:0x20/' 's/STATUS/*\/x/' 's/ STATUS//'; do
		sed "5$damage" "$good" >damaged
		run_tool trace show damaged
		assert_exit 1
		assert_err 'damaged:5:'
	done
}

@test "export: an address of another device's buffer is none of this one's" {
	cat >"$BATS_TEST_TMPDIR/two" <<-'END'
		# pcietool trace 1
		1000 10 dma-alloc 0000:01:00.0 @a - A 4096 0x10000
		2000 10 regs-write 0000:01:00.0 0:0x80 - W 64 0x0000000000010004
		3000 10 regs-write 0000:02:00.0 0:0x80 - W 64 0x0000000000010004
	END
	run_tool trace export "$BATS_TEST_TMPDIR/two"
	assert_exit 0
	assert_line --regexp '^regs write 0:0x80/64=@a\+0x4  # or the number 0x10004$'
	assert_line --regexp '^regs write 0:0x80/64=0x10004$'
}

@test "export: a bus address in two halves of 32 bits" {
	cd "$BATS_TEST_TMPDIR"
	cat >halves <<-'END'
		# pcietool trace 1
		1000 10 dma-alloc 0000:01:00.0 @rx - A 4096 0x123456000
		1100 10 dma-alloc 0000:01:00.0 @low - A 8192 0x7f000000
		2000 10 regs-write 0000:01:00.0 0:0x80 RDBAL W 32 0x23456010
		3000 10 regs-write 0000:01:00.0 0:0x84 RDBAH W 32 0x00000001
		4000 10 regs-write 0000:01:00.0 0:0x88 RDLEN W 32 0x00000001
		5000 10 regs-write 0000:01:00.0 0:0x94 TDBAH W 32 0x00000000
		6000 10 regs-write 0000:01:00.0 0:0x90 TDBAL W 32 0x7f001000
		7000 10 regs-write 0000:01:00.0 @low+0x8 - W 32 0x23456000
		8000 10 regs-write 0000:01:00.0 @low+0xc - W 32 0x00000001
		9000 10 regs-write 0000:01:00.0 0:0x200 - W 32 0x7f000000
		9100 10 regs-write 0000:01:00.0 0:0x400 - W 32 0x00000001
		9200 10 regs-write 0000:01:00.0 0:0x300 - W 32 0x23456ffc
		9300 10 regs-write 0000:01:00.0 0:0x310 - W 32 0x23457000
	END
	run_tool trace export halves
	assert_exit 0
	assert_line 'regs write 0:0x80/32=@rx+0x10.lo  # RDBAL'
	assert_line 'regs write 0:0x84/32=@rx+0x10.hi  # RDBAH'
	# a 1 that belongs to no address
	assert_line 'regs write 0:0x88/32=0x1  # RDLEN'
	# the high half first, and 0
	assert_line 'regs write 0:0x94/32=@low+0x1000.hi  # TDBAH, or the number 0x0'
	assert_line 'regs write 0:0x90/32=@low+0x1000.lo  # TDBAL'
	assert_line 'regs write @low+0x8/32=@rx.lo'
	assert_line 'regs write @low+0xc/32=@rx.hi'
	# an address of 32 bits alone
	assert_line 'regs write 0:0x200/32=@low'
	# the high half elsewhere; behind the buffer's end
	assert_line 'regs write 0:0x400/32=@rx+0xffc.hi  # or the number 0x1'
	assert_line 'regs write 0:0x300/32=@rx+0xffc.lo'
	assert_line 'regs write 0:0x310/32=0x23457000'
	run_tool trace export --to c halves
	assert_line --partial '0x80, 0x23456010, 0xffffffff }, /* RDBAL, @rx+0x10.lo */'
	assert_line --partial '0x84, 0x1, 0xffffffff }, /* RDBAH, @rx+0x10.hi */'
	"${CC:-cc}" -Wall -Werror -Wno-unused-variable -fsyntax-only -x c - <<<"$output"
}

@test "export: halves that may be numbers have a remark, and small numbers are none" {
	cd "$BATS_TEST_TMPDIR"
	cat >halves <<-'END'
		# pcietool trace 1
		1000 10 dma-alloc 0000:01:00.0 @rx - A 4096 0x100000000
		2000 10 regs-write 0000:01:00.0 0:0x80 - W 32 0x00000000
		3000 10 regs-write 0000:01:00.0 0:0x84 - W 32 0x00000001
		4000 10 regs-write 0000:01:00.0 0:0x100 - W 32 0x00000010
		5000 10 regs-write 0000:01:00.0 0:0x200 - W 32 0x00000001
		6000 10 dma-free 0000:01:00.0 @rx - F 4096 0x100000000
		7000 10 regs-write 0000:01:00.0 0:0x80 - W 32 0x00000000
		8000 10 regs-write 0000:01:00.0 0:0x84 - W 32 0x00000001
		9000 10 dma-alloc 0000:01:00.0 @up - A 4096 0x123456000
		9100 10 regs-write 0000:01:00.0 0:0x300 - W 32 0x23456004
		9200 10 dma-alloc 0000:01:00.0 @ - A 4096 0x323456000
		9300 10 regs-write 0000:01:00.0 0:0x308 - W 64 0x0000000323456004
	END
	run_tool trace export halves
	assert_exit 0
	assert_equal "$(grep '^regs' <<<"$output")" 'regs write 0:0x80/32=@rx.lo  # or the number 0x0
regs write 0:0x84/32=@rx.hi  # or the number 0x1
regs write 0:0x100/32=0x10
regs write 0:0x200/32=0x1
regs write 0:0x80/32=0x0
regs write 0:0x84/32=0x1
regs write 0:0x300/32=@up+0x4.lo  # or the number 0x23456004
regs write 0:0x308/64=0x323456004  # an address in DMA memory without a name'
}

@test "export: which half belongs to which, where several might" {
	cd "$BATS_TEST_TMPDIR"
	cat >halves <<-'END'
		# pcietool trace 1
		1000 10 dma-alloc 0000:01:00.0 @big - A 8192 0x1fffff000
		1100 10 dma-alloc 0000:01:00.0 @one - A 4096 0x512340000
		1200 10 dma-alloc 0000:01:00.0 @two - A 4096 0x512345000
		2000 10 regs-write 0000:01:00.0 0:0x80 - W 32 0x00000010
		2100 10 regs-write 0000:01:00.0 0:0x84 - W 32 0x00000002
		3000 10 regs-write 0000:01:00.0 0:0x90 - W 32 0x12340010
		3100 10 regs-write 0000:01:00.0 0:0x90 - W 32 0x12345010
		3200 10 regs-write 0000:01:00.0 0:0x94 - W 32 0x00000005
		4000 10 regs-write 0000:01:00.0 0:0x500 - W 32 0x00000005
		4100 10 regs-write 0000:01:00.0 0:0xa4 - W 32 0x12340020
		4200 10 regs-write 0000:01:00.0 0:0xa0 - W 32 0x00000005
		5000 10 regs-write 0000:01:00.0 0:0xb0 - W 32 0x12340030
		5100 10 regs-write 0000:01:00.0 0:0xb4 - W 32 0x00000005
		5200 10 regs-write 0000:01:00.0 0:0xb8 - W 32 0x12345040
	END
	run_tool trace export halves
	assert_exit 0
	# a buffer across 4 GiB; the next address in the same place; the high half before the low one's place, though a 5 stands
	# elsewhere, too; one that is another's already
	assert_equal "$(grep '^regs' <<<"$output")" 'regs write 0:0x80/32=@big+0x1010.lo  # or the number 0x10
regs write 0:0x84/32=@big+0x1010.hi  # or the number 0x2
regs write 0:0x90/32=@one+0x10.lo  # or the number 0x12340010
regs write 0:0x90/32=@two+0x10.lo
regs write 0:0x94/32=@two+0x10.hi
regs write 0:0x500/32=@two+0x40.hi  # or the number 0x5
regs write 0:0xa4/32=@one+0x20.lo
regs write 0:0xa0/32=@one+0x20.hi
regs write 0:0xb0/32=@one+0x30.lo
regs write 0:0xb4/32=@one+0x30.hi
regs write 0:0xb8/32=@two+0x40.lo'
}

@test "export: an address in a buffer that was gone with the machine is a number" {
	cd "$BATS_TEST_TMPDIR"
	cat >boots <<-'END'
		# pcietool trace 1
		900000000000 10 dma-alloc 0000:01:00.0 @rx - A 4096 0x123456000
		900000001000 10 regs-write 0000:01:00.0 0:0x80 - W 32 0x23456000
		# pcietool trace 1
		7000000000 10 regs-write 0000:01:00.0 0:0x84 - W 32 0x00000001
		7000001000 10 regs-write 0000:01:00.0 0:0x80 - W 64 0x0000000123456000
	END
	run_tool trace export boots
	assert_equal "$(grep '^regs' <<<"$output")" 'regs write 0:0x80/32=@rx.lo  # or the number 0x23456000
regs write 0:0x84/32=0x1
regs write 0:0x80/64=0x123456000'
}

@test "export: what was read and is an address then is said to be one" {
	cd "$BATS_TEST_TMPDIR"
	cat >reads <<-'END'
		# pcietool trace 1
		1000 10 dma-alloc 0000:01:00.0 @rx - A 4096 0x123456000
		2000 10 regs-read 0000:01:00.0 0:0x80 - R 64 0x0000000000000000
		2100 10 regs-read 0000:01:00.0 0:0x80 - R 64 0x0000000000000000
		3000 10 regs-read 0000:01:00.0 0:0x80 - R 64 0x0000000123456010
	END
	run_tool trace export reads
	assert_line --regexp "^regs wait '0:0x80/64==0x123456010:0x123456010' .*, an address in @rx then$"
	run_tool trace export --to c reads
	assert_line --regexp 'SEQUENCE_WAIT.*/\* an address in @rx then \*/$'
	run_tool trace export --to lua reads
	assert_line --regexp '^reads\("BAR0.R0080_64", .* -- 0x123456010 was an address in @rx$'
	run_tool trace export --to map reads
	assert_line --regexp '^register,BAR0.R0080_64,.*; 0x123456010 was an address in @rx$'
}

@test "of several devices in a trace, -s takes one; a table, a map and a model are of one" {
	cd "$BATS_TEST_TMPDIR"
	cat >two <<-'END'
		# pcietool trace 1
		1000 10 regs-read 0000:05:00.0 0:0x80 - R 32 0x00000001
		2000 10 regs-read 0000:06:00.0 0:0x80 - R 32 0x00000002
		3000 10 mem-read - mem:0x80 - R 32 0x00000003
	END
	local format
	for format in c map lua; do
		run_tool trace export --to $format two
		assert_exit 2
		assert_err "accesses to 2 devices: one is what --to $format can say"
		run_tool -s 05:00.0 trace export --to $format two
		assert_exit 0
	done
	run_tool -s 06:00.0 trace export --to map two
	assert_line 'register,BAR0.R0080_32,0x80,32,ro,1 accesses; always 0x00000002'
	refute_line --regexp 'bits that changed'
	assert_err '0000:06:00.0 alone; 2 lines of others are left out'
	run_tool -j -s 0000:06:00.0 trace show two
	assert_json '[.steps[].value] | join(" ")' 0x00000002
	run_tool -j trace show two
	assert_json '.steps | length' 3
	run_tool -s 07:00.0 trace show two
	assert_exit 3
	assert_err 'nothing of 0000:07:00.0 is in it'
	# it is not that of another one, also where there is one only; what the environment selects is read everywhere
	grep -v 06:00.0 two | grep -v mem: >alone
	local verb
	for verb in show 'export --to c' export; do
		# shellcheck disable=SC2086
		run_tool -s 06:00.0 trace $verb alone
		assert_exit 3
		assert_err 'nothing of 0000:06:00.0 is in it'
		# shellcheck disable=SC2086
		run_tool -s 05:00.0 trace $verb alone
		assert_exit 0
		refute_err 'left out'
		# shellcheck disable=SC2086
		PCIETOOL_DEVICE=0000:06:00.0 run_tool trace $verb alone
		assert_exit 0
	done
	run_tool -s 06:00.0 trace diff two alone
	assert_exit 3
	run_tool -s 05: trace show two
	assert_exit 2
	assert_err 'whole address'
	# the same device at another place
	printf '%s\n' '# pcietool trace 1' '1000 10 regs-read 0000:06:00.0 0:0x80 - R 32 0x00000002' >one
	run_tool -s 06:00.0 trace diff two one
	assert_exit 0
}

@test "a trace of hundreds of devices is read" {
	cd "$BATS_TEST_TMPDIR"
	{
		echo '# pcietool trace 1'
		for i in {0..299}; do
			printf '%d 10 check 0000:%02x:%02x.%x config:0x0 - R 16 0x1234\n' $((i + 1)) $((i / 256)) $((i / 8 % 32)) $((i % 8))
		done
		echo '400 10 check 0000:00:00.1 config:0x2 - R 16 0x1234'
	} >many
	run_tool -j trace show many
	assert_exit 0
	assert_json '.steps | length' 301
	assert_json '.steps[299].device' 0000:01:05.3
	run_tool trace diff many many
	assert_exit 0
	run_tool trace export --to c many
	assert_exit 2
	assert_err 'accesses to 300 devices'
}

@test "show: the clock of another boot begins anew; lines that are a little late do not" {
	cd "$BATS_TEST_TMPDIR"
	cat >boots <<-'END'
		# pcietool trace 1
		900000000000 10 regs-read 0000:01:00.0 0:0x80 - R 32 0x00000001
		900001000000 10 regs-read 0000:01:00.0 0:0x80 - R 32 0x00000001

		# pcietool trace 1
		7000000000 10 regs-read 0000:01:00.0 0:0x80 - R 32 0x00000001
		7002000000 10 regs-read 0000:01:00.0 0:0x80 - R 32 0x00000001
		# pcietool trace 1
		7001000000 11 regs-read 0000:01:00.0 0:0x80 - R 32 0x00000002
		6999000000 10 regs-read 0000:01:00.0 0:0x84 - R 32 0x00000003
	END
	# the empty line is of a line that was cut off, as the machine hung
	sed -i '3s/.*/&\n900002000000 10 regs-re/' boots
	run_tool trace show boots
	assert_exit 0
	assert_equal "$(grep -v process <<<"$output" | tr -s ' ')" ' 0.000 ms 0:0x80 R 0x00000001 ×2, 1.000 ms
 -- another clock: the machine was started anew
 0.000 ms 0:0x80 R 0x00000001 ×2, 2.000 ms
 1.000 ms 0:0x80 R 0x00000002
 -1.000 ms 0:0x84 R 0x00000003'
	run_tool -j trace show boots
	assert_json '[.steps[] | [.clock, .count]] | tojson' '[[0,2],[1,2],[1,1],[1,1]]'
	# what was polled for before the machine hung was not what came after it
	run_tool trace export boots
	assert_equal "$(grep -v '^#' <<<"$output")" "regs wait '0:0x80/32==0x2:0x3' --timeout 1s  # 2 polls, 1.000 ms"
	sed -i 's/^900001000000/&/; s/^7000000000\(.*\)1$/7000000000\12/; 7,11d' boots
	run_tool trace export boots
	assert_equal "$(grep -v '^#' <<<"$output")" ''
}

@test "of which boot a trace's clock is: noted, and what came after it begins anew however late it is" {
	mkdir -p "$SYSROOT/proc/sys/kernel/random"
	boot=$SYSROOT/proc/sys/kernel/random/boot_id
	first=0c5a5b0c-4f0e-4d3f-9b7a-6b8f7f0c2a11
	echo "$first" >"$boot"
	tool --trace "$trace" regs read 0x20
	assert_exit 0
	assert_equal "$(head -n 2 "$trace")" "# pcietool trace 1
# boot $first"
	tool --trace "$trace" regs read 0x20
	run_tool -j trace show "$trace"
	assert_json '[.steps[] | select(.place == "0:0x20") | .clock] | unique | tojson' '[0]'
	# the same machine, which was up for long before the next one
	echo 5e0e3c22-90a3-4b51-8f7c-0d6c3c6a1e42 >"$boot"
	tool --trace "$trace" regs read 0x20
	run_tool trace show "$trace"
	assert_line --partial 'another clock: the machine was started anew'
	run_tool -j trace show "$trace"
	assert_json '[.steps[] | select(.place == "0:0x20") | .clock] | unique | tojson' '[0,1]'
	# what is no id is not written down; without one the clock alone tells, as before
	for text in 'a b' '' "$first$first"; do
		echo "$text" >"$boot"
		rm "$trace"
		tool --trace "$trace" regs read 0x20
		assert_exit 0
		refute grep -q boot "$trace"
	done
	rm "$boot" "$trace"
	tool --trace "$trace" regs read 0x20
	assert_exit 0
	refute grep -q boot "$trace"
}

@test "one boot's lines have one clock, however late; a remark of somebody's is none of a boot" {
	cd "$BATS_TEST_TMPDIR"
	cat >boots <<-'END'
		# pcietool trace 1
		# boot aaaa
		900000000000 10 regs-read 0000:01:00.0 0:0x80 - R 32 0x00000001
		# pcietool trace 1
		# boot aaaa
		800000000000 11 regs-read 0000:01:00.0 0:0x80 - R 32 0x00000001
		# boot by hand
		# boot bbbb
		900000000000 10 regs-read 0000:01:00.0 0:0x80 - R 32 0x00000001
		# pcietool trace 1
		# boot bbbb
		900000000001 12 regs-read 0000:01:00.0 0:0x80 - R 32 0x00000001
		# pcietool trace 1
		900000000002 13 regs-read 0000:01:00.0 0:0x80 - R 32 0x00000001
		# pcietool trace 1
		# boot cccc
		900000000003 14 regs-read 0000:01:00.0 0:0x80 - R 32 0x00000001
	END
	run_tool -j trace show boots
	assert_exit 0
	# one of an earlier pcietool in between hides nothing
	assert_json '[.steps[].clock] | tojson' '[0,0,0,1,1,2]'
}

@test "record: a dry run runs nothing" {
	tool trace record --dry-run -o file -- touch ran
	assert_exit 0
	assert_output "$dev: record while this runs: touch ran"
	tool -j trace record --dry-run -- touch ran
	assert_exit 0
	assert_json .command touch
	[[ ! -e ran && ! -e file ]]
}

@test "record: where the kernel cannot, or is busy, nothing is run" {
	ran=$BATS_TEST_TMPDIR/ran
	tracing=$SYSROOT/sys/kernel/tracing
	tool trace record
	assert_exit 2
	tool trace record -- no-such-program
	assert_exit 2
	tool trace record -o "$trace" -- touch "$ran"
	assert_exit 6
	assert_err 'mount -t tracefs'
	mkdir -p "$tracing"
	echo 'function nop' >"$tracing/available_tracers"
	tool trace record -o "$trace" -- touch "$ran"
	assert_exit 6
	assert_err CONFIG_MMIOTRACE
	echo 'mmiotrace function nop' >"$tracing/available_tracers"
	echo function >"$tracing/current_tracer"
	tool trace record -o "$trace" -- touch "$ran"
	assert_exit 4
	assert_err 'set to function'
	assert_equal "$(<"$tracing/current_tracer")" function
	tool -j trace record -- touch "$ran"
	assert_exit 2
	[[ ! -e $ran && ! -s $trace ]]
}

# fake_tracing LINE...: a kernel whose mmiotrace gives these lines.
fake_tracing() {
	tracing=$SYSROOT/sys/kernel/tracing
	mkdir -p "$tracing/per_cpu/cpu0" "$SYSROOT/sys/devices/system/cpu"
	echo 'mmiotrace function nop' >"$tracing/available_tracers"
	echo nop >"$tracing/current_tracer"
	echo '[local] global mono' >"$tracing/trace_clock"
	echo 1408 >"$tracing/per_cpu/cpu0/buffer_size_kb"
	echo 0 >"$SYSROOT/sys/devices/system/cpu/online"
	echo 1 >"$tracing/tracing_on"
	printf '%s\n' "$@" >"$tracing/trace_pipe"
}

@test "record: tracing that was switched off is on meanwhile, and off again" {
	local before
	for before in 0 1; do
		fake_tracing 'R 4 8.237249 2 0xfe00000c 0x1 0x0 0'
		echo "$before" >"$tracing/tracing_on"
		tool trace record -o "$trace$before" -- cp "$tracing/tracing_on" "$BATS_TEST_TMPDIR/meanwhile"
		assert_exit 0
		assert_equal "$(<"$BATS_TEST_TMPDIR/meanwhile")" 1
		assert_equal "$(<"$tracing/tracing_on")" "$before"
		assert_equal "$(accesses "$trace$before")" "cp $dev 0:0xc - R 32 0x00000001"
	done
}

@test "record: a command of any name, or an exceedingly long one, leaves a trace that can be read" {
	local name long
	printf -v long '%0255d' 1
	for name in './load_é(1).sh' $'a\tb\nc' ' ' "#" "${long:0:200}é"; do
		rm -f "$trace"
		fake_tracing 'R 4 8.237249 2 0xfe00000c 0x1 0x0 0'
		printf '#!/bin/sh\n' >"$BATS_TEST_TMPDIR/${name#./}"
		chmod +x "$BATS_TEST_TMPDIR/${name#./}"
		tool trace record -o "$trace" -- "$BATS_TEST_TMPDIR/${name#./}"
		assert_exit 0
		run_tool -j trace show "$trace"
		assert_exit 0
		assert_json '.steps | length' 1
		assert_json '.steps[0].op' R
	done
	assert_equal "$(grep -c "^[0-9]* 0 ${long:0:200}__ " "$trace")" 1
}

@test "record: accesses that the kernel could not follow are counted, told, and in the trace as missing" {
	fake_tracing 'R 4 8.237249 2 0xfe00000c 0x1 0x0 0' 'UNKNOWN 8.237250 2 0xfe000010 f3,a5,90 0x0 0' \
		'UNKNOWN 8.237251 2 0xfe000014 f3,a5,90 0x0 0' 'W 4 8.237252 2 0xfe00000c 0x2 0x0 0' \
		'UNKNOWN 8.237253 2 0xfe000020 a4,00,01 0x0 0' 'UNKNOWN 8.237254 2 0xff000020 a4,00,01 0x0 0'
	tool -j trace record -o "$trace" -- true
	assert_exit 0
	assert_json '[.accesses, .lost, .unknown] | join(" ")' '2 0 3'
	assert_err '3 accesses were made by instructions that the kernel cannot follow'
	assert_equal "$(accesses)" "true $dev 0:0xc - R 32 0x00000001
true $dev 0:0x10 - L - 0x2
true $dev 0:0xc - W 32 0x00000002
true $dev 0:0x20 - L - 0x1"
	assert_equal "$(grep '^# 0' "$trace")" '# 0:0x10: what 2 accesses read or wrote is not known, the kernel could not follow the instruction f3,a5,90
# 0:0x20: what 1 access read or wrote is not known, the kernel could not follow the instruction a4,00,01'
	run_tool -j trace show "$trace"
	assert_exit 0
	assert_json .lost 3
	assert_err '3 accesses are missing'
	# nothing but those is not nothing
	fake_tracing 'UNKNOWN 8.237250 2 0xfe000010 f3,a5,90 0x0 0'
	rm "$trace"
	tool trace record -o "$trace" -- true
	assert_err '1 access was made by an instruction'
	refute_err 'no access to a BAR was seen'
}
