#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
#
# batch at a terminal: a prompt.

load ../lib/common
load ../lib/fake_device

setup() {
	fake_edu
	export XDG_STATE_HOME=$BATS_TEST_TMPDIR/state
	ldconfig -p | grep -q 'libreadline.so.8\|libedit.so.2' || skip 'no readline'
}

# at_prompt TEXT...: types at the prompt of a batch with edu's map.
at_prompt() {
	run --separate-stderr timeout 60 python3 "$BATS_TEST_DIRNAME/../lib/prompt.py" "$@" -- \
		pcietool --sysroot "$SYSROOT" -s "$dev" --map "$TOP/examples/edu.map" batch
}

@test "it shows the device, runs lines, and an error does not end it" {
	at_prompt 'regs read ID\n' 'regs read NOPE\n' 'regs read 0x0\n' 'exit\n'
	assert_exit 0
	assert_line '0000:01:00.0> regs read ID'
	assert_equal "$(grep -c '^0x010000ed$' <<<"$output")" 2
	assert_output --partial "there is no register 'NOPE'"
}

@test "exit ends it, completed by Tab, with blanks around it" {
	local line
	for line in 'exi\t\n' '  quit \n'; do
		at_prompt "$line" 'regs read ID\n' '\x04'
		assert_exit 0
		refute_output --partial 'is no command'
		refute_line 0x010000ed
	done
}

@test "Ctrl-D ends it" {
	at_prompt 'regs read ID\n' '\x04'
	assert_exit 0
	assert_line 0x010000ed
}

@test "completion of nouns, verbs, options, registers, fields, values" {
	at_prompt 'reg\tre\tLIVE\t\n' 'regs read DMA_CMD.D\t\n' 'regs write DMA_CMD.DIRECTION=F\t\n' \
		'regs read DMA_C\t\t' '\x03' 'dma alloc --na\t' '\x03' 'exit\n'
	assert_exit 0
	assert_output --partial 'regs read LIVENESS'
	assert_output --partial 'regs read DMA_CMD.DIRECTION'
	assert_output --partial 'DMA_CMD.DIRECTION=FROM_DEVICE'
	assert_output --partial 'DMA_COUNT'
	assert_output --partial 'dma alloc --name'
	# what was completed was run too
	assert_equal "$(od -An -tx4 -j $((0x98)) -N 4 "$file" | tr -d ' ')" 00000002
}

@test "history" {
	at_prompt 'regs read ID\n' '\x1b[A\n' 'exit\n'
	assert_exit 0
	assert_equal "$(grep -c '^0x010000ed$' <<<"$output")" 2
}

@test "history is kept from one prompt to the next, for its user only" {
	at_prompt 'regs read ID\n' 'regs read ID\n' 'exit\n'
	assert_exit 0
	assert_equal "$(stat -c %a "$XDG_STATE_HOME/pcietool" "$XDG_STATE_HOME/pcietool/history" | tr '\n' ' ')" '700 600 '
	# one that is typed again is kept once
	assert_equal "$(grep -c 'regs read ID' "$XDG_STATE_HOME/pcietool/history")" 1
	# exit, and what was before it
	at_prompt '\x1b[A\x1b[A\n' 'exit\n'
	assert_exit 0
	assert_line 0x010000ed
	# where none can be kept, it works as well
	XDG_STATE_HOME=/dev/null at_prompt 'regs read ID\n' 'exit\n'
	assert_exit 0
	assert_line 0x010000ed
}

@test "a greeting, which -q leaves out; help, ?, help of a noun and of a command; a leading pcietool" {
	at_prompt 'exit\n'
	assert_line --partial "Tab completes, 'help' lists the commands, 'exit' or Ctrl-D ends it"
	at_prompt 'help\n' 'exit\n'
	assert_line --regexp '^  regs read +Read registers'
	at_prompt '?\n' 'exit\n'
	assert_line --regexp '^  regs read +Read registers'
	at_prompt 'help regs\n' 'help regs read\n' 'pcietool regs read ID\n' 'help regs wri\t\n' 'exit\n'
	assert_exit 0
	assert_line 'Usage: pcietool regs VERB [OPTION...] [OPERAND...]'
	assert_output --partial 'Usage: pcietool regs read'
	assert_output --partial 'Usage: pcietool regs write'
	assert_line 0x010000ed
	run timeout 60 python3 "$BATS_TEST_DIRNAME/../lib/prompt.py" 'exit\n' -- pcietool --sysroot "$SYSROOT" -q batch
	refute_output --partial 'Tab'
}

@test "Ctrl-C ends the command, not the prompt; at the prompt it ends the line" {
	at_prompt 'regs wait LIVENESS==77\n' '\x03' 'regs watch ID\n' '@ID  0x010000ed' '\x03' 'regs write LIVENESS=1' '\x03' 'regs read ID\n' \
		'exit\n'
	assert_exit 0
	assert_output --partial 'regs wait: interrupted'
	assert_line 0x010000ed
	untouched
}

@test "watch on a terminal that has no screen: a line for each change" {
	run timeout 60 python3 "$BATS_TEST_DIRNAME/../lib/prompt.py" '@0x0 TO_DEVICE' \
		"!printf '\002' | dd of='$file' bs=1 seek=152 conv=notrunc status=none" '@FROM_DEVICE' '\x03' -- \
		pcietool --sysroot "$SYSROOT" -s "$dev" --map "$TOP/examples/edu.map" \
		regs watch --interval 50ms ID DMA_CMD.DIRECTION
	assert_success
	assert_line --regexp '^[0-9.]+ +ID +0x010000ed'
	assert_line --regexp '^[0-9.]+ +DMA_CMD.DIRECTION +0x0 TO_DEVICE'
	assert_line --regexp '^[0-9.]+ +DMA_CMD.DIRECTION +0x0 -> 0x1 FROM_DEVICE'
}
