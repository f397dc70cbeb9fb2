#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
#
# The README's bring-up as a shell script, as a batch file, at the prompt; and batch on a device that changes
# under it.
#
# qemu: -device edu
# mem: 1G
# usually: newest

load ../lib/common
load ../lib/guest

setup() {
	export PCIETOOL_DEVICE=1234:11e8 PCIETOOL_MAP=$TOP/examples/edu.map
	edu=$(bdf_of 1234:11e8)
	cd "$BATS_TEST_TMPDIR" || return
	pcietool config write COMMAND=2:2
}

teardown() {
	pcietool -q driver release || true
}

# What the tour leaves behind: four times the pattern that was sent.
check_capture() {
	[ "$(stat -c %s out.bin)" -eq 8192 ]
	for i in 0 1 2 3; do
		cmp -n 2048 -i $((i * 2048)):0 out.bin pattern
	done
}

make_pattern() {
	pcietool driver bind --mask 28
	pcietool dma alloc --name p 2k >/dev/null
	pcietool dma fill p --pattern prbs31 --seed 7
	pcietool dma read p -o pattern
	pcietool driver release
}

@test "as a shell script: the tour itself" {
	cd "$TOP"
	run "$TOP/tests/vm/demo-tour"
	assert_success
	assert_output --partial 'the same'
	assert_output --partial '8192 bytes, blocks 4'
}

@test "as a batch file, in text and in JSON" {
	make_pattern
	run_tool batch "$TOP/examples/edu.batch"
	assert_exit 0
	assert_line --index 0 0x010000ed
	assert_line --index 1 0xedcba987
	assert_output --partial '8192 bytes, blocks 4'
	check_capture
	rm out.bin
	run_tool -j batch "$TOP/examples/edu.batch"
	assert_exit 0
	assert_equal "$(jq -sr '[.[] | select(.command | startswith("dma verify"))] | length' <<<"$output")" 1
	assert_equal "$(jq -sr '[.[] | select(.error)] | length' <<<"$output")" 0
	check_capture
	# what the tour has not
	printf '%s\n' 'driver bind' 'irq enable' 'irq disable' 'dma alloc --name b 64' 'dma write b 1 2' 'dma read b' 'dma list' \
		'driver release' >b.batch
	run_tool -j batch b.batch
	assert_exit 0
	assert_equal "$(jq -r '.result.values // empty | .[:8] | join(" ")' <<<"$output")" '0x01 0x00 0x00 0x00 0x02 0x00 0x00 0x00'
}

@test "at the prompt" {
	make_pattern
	texts=()
	# the prompt has no continuation: the lines as they are joined; and a tab there is a wish for completion
	while read -r line; do
		[[ -z $line || $line == '#'* ]] || texts+=("${line//$'\t'/ }\\n")
	done < <(sed -e :a -e '/\\$/N; s/\\\n//; ta' "$TOP/examples/edu.batch")
	PROMPT_TIMEOUT=110 run timeout 120 python3 "$TOP/tests/lib/prompt.py" "${texts[@]}" 'exit\n' -- pcietool batch
	assert_success
	assert_output --partial 0xedcba987
	refute_output --partial 'pcietool: '
	check_capture
}

@test "batch: each access is one of its width, mappings kept" {
	printf 'regs read ID\nregs write LIVENESS=3\nregs read 0x80/64\n' >s.batch
	trace_on
	run_tool batch s.batch
	trace_off
	assert_exit 0
	assert_equal "$(trace_lines edu-mmio "$(bar_base "$edu" 0)" | cut -d' ' -f1-3)" "read 0x0 4
write 0x4 4
read 0x80 8"
}

@test "batch: decoding turned off, bound and released in between" {
	printf '%s\n' 'regs read ID' 'config write COMMAND=0:2' 'regs read ID' 'config write COMMAND=2:2' 'regs read ID' \
		'driver bind' 'dma alloc --name x 4k' 'regs write @x=0x5' 'regs read @x ID' 'driver release' 'regs read ID' \
		>s.batch
	run_tool batch --keep-going s.batch
	assert_exit 1
	assert_err 's.batch:3: regs read: '
	assert_err 'memory decoding is off'
	assert_equal "$(grep -c '^0x010000ed$' <<<"$output")" 4
	assert_line 0x00000005
	[ "$(grep -c 's.batch:' <<<"$stderr")" -eq 1 ]
}

@test "batch: a removed device is told, and works again when it is back" {
	cat >s.batch <<END
regs read ID
regs wait LIVENESS==1 --timeout 3s
regs read ID
END
	(sleep 1 && echo 1 >"/sys/bus/pci/devices/$edu/remove" && echo 1 >/sys/bus/pci/rescan &&
		setpci -d 1234:11e8 COMMAND=2:2) 3>&- &
	pid=$!
	run_tool batch --keep-going s.batch
	[[ $status -eq 5 || $status -eq 7 || $status -eq 1 ]]
	wait $pid
	run_tool batch --keep-going s.batch
	assert_exit 7
	assert_equal "$(grep -c '^0x010000ed$' <<<"$output")" 2
}
