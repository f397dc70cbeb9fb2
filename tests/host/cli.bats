#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
#
# The frame around all commands: help, options, errors, selectors, completion.

load ../lib/common
load ../lib/fake_device

setup() {
	fake_tree
	for i in 0 1 2; do
		fake_pci "0000:01:00.$i" 0x1234 "0x11e$i" 0x010802
	done
	fake_pci 10000:00:1f.7 0x8086 0x0001 0x060400
}

tool() {
	run_tool --sysroot "$SYSROOT" "$@"
}

@test "help, usage and version are on standard output, exit 0" {
	for option in --help --usage --version '-?'; do
		run_tool "$option"
		assert_exit 0
		[[ -n $output && -z $stderr ]]
	done
	run_tool regs read --help
	assert_exit 0
	assert_output --partial 'REF...'
	assert_output --partial '--sysroot'
}

@test "help in front of other options, in one word: nothing behind it counts" {
	for word in '-?s' '-?d' '-?!'; do
		run_tool "$word"
		assert_exit 0
		assert_output --partial 'Usage:'
		run_tool regs read "$word"
		assert_exit 0
		assert_output --partial 'Usage: pcietool regs read'
	done
	run_tool list --help --nonsense
	assert_exit 0
}

@test "every command has help that names its operands" {
	while read -r command; do
		# shellcheck disable=SC2086 # noun and verb
		run_tool $command --help
		assert_exit 0
		assert_output --partial "Usage: pcietool $command"
	done < <(pcietool --help | sed -n '/^Commands:/,/^$/p' | sed -n 's/^  \([a-z0-9]* \?[a-z]*\)  .*/\1/p' | sed 's/ *$//')
}

@test "help as a word is the same as --help" {
	for command in '' regs 'regs read' list; do
		# shellcheck disable=SC2086 # noun and verb
		expected=$(pcietool $command --help)
		# shellcheck disable=SC2086
		run_tool help $command
		assert_exit 0
		assert_output "$expected"
	done
	run_tool help nonsense
	assert_exit 2
	run pcietool --complete hel
	assert_output help
	run pcietool --complete help reg
	assert_output regs
	run pcietool --complete help regs rea
	assert_output read
}

@test "help of help is help, however often it is said" {
	local many
	run_tool help help regs
	assert_exit 0
	many=$output
	run_tool help regs
	assert_output "$many"
	mapfile -t many < <(yes help | head -n 20000)
	run_tool "${many[@]}"
	assert_exit 0
	assert_line --partial 'Find, use and diagnose'
	run_tool "${many[@]}" -j "${many[@]}" regs read
	assert_exit 0
	assert_line --partial 'Usage: pcietool regs read'
}

@test "help of a noun on a terminal is its manual page, and without that the list of its verbs" {
	mkdir "$BATS_TEST_TMPDIR/bin"
	printf '%s\n' '#!/bin/sh' 'echo "the page: $*"' >"$BATS_TEST_TMPDIR/bin/man"
	chmod +x "$BATS_TEST_TMPDIR/bin/man"
	PATH=$BATS_TEST_TMPDIR/bin:$PATH
	run_terminal 24x80 help regs
	assert_output --partial 'the page: 8 pcietool-regs'
	refute_output --partial 'regs write'
	run_terminal 24x80 help list
	assert_output --partial 'the page: 8 pcietool-list'
	run_terminal 24x80 help regs read
	assert_output --partial 'Usage: pcietool regs read'
	run_terminal 24x80 help nonsense
	refute_output --partial 'the page'
	run_tool help regs
	assert_exit 0
	refute_output --partial 'the page'
	assert_output --partial 'regs write'
	printf '%s\n' '#!/bin/sh' 'echo "No manual entry" >&2' 'exit 16' >"$BATS_TEST_TMPDIR/bin/man"
	run_terminal 24x80 help regs
	assert_output --partial 'No manual entry'
	assert_output --partial 'regs write'
}

@test "a command that is none: the nearest" {
	run_tool rges read 0
	assert_exit 2
	assert_err "'rges' is no command"
	assert_err "did you mean 'regs'?"
	run_tool lst
	assert_err "did you mean 'list'?"
	run_tool read 0
	assert_err "it is a verb and wants its noun: 'config read', 'regs read', 'mem read', 'dma read'"
	run_tool capture
	assert_err "'dma capture'"
	run_tool zzzzzz
	assert_err "see 'pcietool --help'"
	[[ $stderr != *'did you mean'* ]]
	run_tool regs raed 0
	assert_err 'one of: read, write'
}

@test "help says what holds without an option" {
	for expected in 'regs watch:100ms' 'regs wait:1ms' 'link watch:10ms' 'aer watch:1s' 'link retrain:2s' 'power on:5s' \
		'reload:10s'; do
		# shellcheck disable=SC2086 # noun and verb
		run_tool ${expected%:*} --help
		assert_output --partial "(${expected#*:})"
	done
}

@test "help of config names registers and fields; that of captures names both ways to the memory" {
	run_tool config read --help
	assert_output --partial EXP.LNKSTA.SPEED
	run_tool config write --help
	assert_output --partial EXP.DEVCTL.MRRS=512
	for verb in capture play; do
		run_tool dma $verb --help
		assert_output --partial 'driver bind --to vfio'
		refute_output --partial 'must be bound to the helper'
	done
}

@test "a number of blocks is not completed as a BAR, nor a mask as a width" {
	run pcietool --complete session --mask ''
	assert_output ''
	# sees a BAR
	fake_edu
	run pcietool --complete --sysroot "$SYSROOT" -s "$dev" dma capture --bar ''
	assert_output 0
	run pcietool --complete --sysroot "$SYSROOT" -s "$dev" dma capture --blocks ''
	assert_output ''
}

@test "a noun's help lists its verbs; where a noun is a command too, it is the command's" {
	run_tool link --help
	assert_exit 0
	[ -z "$stderr" ]
	assert_output --partial 'Usage: pcietool link VERB'
	for verb in $(pcietool --complete link ''); do
		assert_output --regexp "(^|"$'\n'")  link $verb +[A-Z]"
	done
	run_tool link '-?'
	assert_exit 0
	run_tool session --help
	assert_output --partial 'Usage: pcietool session [-'
	run_tool nonsense --help
	assert_exit 2
}

@test "the list of commands fits 80 columns, summaries below each other" {
	run_tool --help
	refute_line --regexp '.{80}'
	list=$(sed -n '/^Commands:/,/^$/p' <<<"$output" | sed '1d;$d')
	! grep -v -E '^(  [a-z0-9 ]{16} |                   )[^ ]' <<<"$list" || false
}

@test "usage errors are exit 2 with a hint" {
	for arguments in '' nonsense regs 'regs nonsense' 'regs rea' 'reg read' 'regs read' '--nonsense list' \
		'list --nonsense' 'regs read -w' 'regs read -w 7 0' '--via' 'list extra'; do
		# shellcheck disable=SC2086 # several words
		run_tool $arguments
		assert_exit 2
		assert_output ''
		assert_err 'pcietool: '
	done
}

@test "in JSON mode a failure is one document with the error" {
	for arguments in 'regs read 08' 'nonsense' 'list --nonsense' 'regs read -s 1f:00.0 0' '-s zz:1 info'; do
		# shellcheck disable=SC2086
		run_tool --sysroot "$SYSROOT" $arguments --json
		[[ $status -ne 0 ]]
		assert_json .error.exit "$status"
		[[ $(json .error.message) != null && $(json .error.code) != null ]]
		assert_equal "$(jq -s length <<<"$output")" 1
	done
}

@test "selectors that are malformed" {
	for slot in 1:2:3:4.5 00:02.9 zz:1 '' 20.0 100:0.0 1.2.3 80000000:0:0.0 0x; do
		tool regs read 0 -s "$slot"
		assert_exit 2
	done
	for id in 1234 12345:1 1:2:3:4:5 g:1 1234:11e8:zz 1234:11e8:01:100; do
		tool regs read 0 -d "$id"
		assert_exit 2
	done
	PCIETOOL_DEVICE=1:2:3:4.5 tool regs read 0
	assert_exit 2
	assert_err PCIETOOL_DEVICE
}

@test "selectors that match none or several" {
	tool regs read 0 -s 05:00.0
	assert_exit 3
	tool regs read 0 -d dead:beef
	assert_exit 3
	tool regs read 0 -s 01:00
	assert_exit 3
	assert_err '3 devices match'
	assert_err '0000:01:00.2'
	tool regs read 0
	assert_exit 3
}

@test "a device as an operand: it is selected with -s" {
	for words in info 'link show' 'driver status'; do
		# shellcheck disable=SC2086 # several words
		tool $words 01:00.1
		assert_exit 2
		assert_err "hint: a device is selected with -s: 'pcietool -s 01:00.1 $words'"
	done
	tool config read 0000:01:00.1 0
	assert_exit 2
	assert_err "hint: a device is selected with -s: 'pcietool -s 0000:01:00.1 config read 0'"
	tool config read 0x1y
	refute_err 'selected with -s'
	tool p2p 01:00.1
	refute_err 'selected with -s'
}

@test "an error whose place knows no way out has the one of its kind" {
	tool mem read 0x
	assert_exit 2
	assert_err "hint: 'pcietool mem read --help' tells what it takes"
	tool --via nowhere
	assert_exit 2
	assert_err "hint: see 'pcietool --help'"
	tool -s 0000:77:00.0 info
	assert_exit 3
	assert_err "hint: 'pcietool list' shows what there is"
	tool check -s 0000:77:00.0
	assert_exit 3
	assert_err "hint: 'pcietool list' shows what there is"
	tool --json mem read 0x
	assert_json .error.hint "'pcietool mem read --help' tells what it takes"
	tool -q mem read 0x
	refute_err hint
}

@test "selectors of every form find the one device" {
	for selector in '-s 0000:01:00.1' '-s 01:00.1' '-s 1:0.1' '-s 1:.1' '-s 0:1:0.1' '-d 1234:11e1' '-d :11e1' \
		'-s 01: -d 1234:11e1' '-d 1234:11e1:0108' '-d 1234:11e1:01xx' '-d 1234:11e1:0108:02' \
		'-s *:*:*.1 -d 1234:'; do
		# shellcheck disable=SC2086
		tool config read DEVICE_ID $selector
		assert_exit 0
		assert_output 0x11e1
	done
	tool config read DEVICE_ID -s 10000:00:1f.7
	assert_output 0x0001
	tool config read DEVICE_ID -d 1234:11e1:0200
	assert_exit 3
	PCIETOOL_DEVICE=01:00.1 tool config read DEVICE_ID
	assert_output 0x11e1
	PCIETOOL_DEVICE=1234:11e2 tool config read DEVICE_ID
	assert_output 0x11e2
	PCIETOOL_DEVICE=1234:11e2 tool config read DEVICE_ID -s 01:00.1
	assert_output 0x11e1
}

@test "-d by the kernel's list of ids, where that can tell" {
	local list=$SYSROOT/proc/bus/pci/devices
	mkdir -p "${list%/*}"
	printf '0100\t123411e0\t0\n0101\t123411e1\t0\n0102\t123411e2\t0\n00ff\t80860001\t0\n' >"$list"
	tool config read DEVICE_ID -d 1234:11e1
	assert_output 0x11e1
	tool config read DEVICE_ID -d 1234:
	assert_exit 3
	assert_err '3 devices match: 0000:01:00.0, 0000:01:00.1, 0000:01:00.2'
	tool config read DEVICE_ID -d 1234: -s .2
	assert_output 0x11e2
	# in another domain, which the list does not have
	tool config read DEVICE_ID -d 8086:0001
	assert_output 0x0001
	tool config read DEVICE_ID -d 8086:0001 -s 0:00:1f
	assert_exit 3
	# one address in two domains
	fake_pci 10000:01:00.1 0x1234 0x11e1 0x010802
	printf '0101\t123411e1\t0\n0101\t123411e1\t0\n' >"$list"
	tool config read DEVICE_ID -d 1234:11e1
	assert_exit 3
	assert_err '2 devices match: 0000:01:00.1, 10000:01:00.1'
	# stale, cut off, something else, empty: sysfs knows
	for text in '0200\t123411e2\t0' '0102\t123411' garbage '\t\t' ''; do
		printf '%b\n' "$text" >"$list"
		tool config read DEVICE_ID -d 1234:11e2
		assert_output 0x11e2
	done
	# that it is read at all: of two alike the one that it has
	printf '0100\t123411e0\t0\n' >"$list"
	fake_pci 0000:02:00.0 0x1234 0x11e0 0x010802
	tool config read 0x0 -d 1234:11e0
	assert_exit 0
}

@test "results go to standard output only, and a full one is told" {
	run_tool --sysroot "$SYSROOT" -s 01:00.1 config read 0
	[[ -z $stderr ]]
	run bash -c "pcietool --sysroot '$SYSROOT' -s 01:00.1 config read 0 >/dev/full"
	[[ $status -eq 1 ]]
	assert_output --partial 'standard output'
}

@test "completion: commands, options, devices, BARs, names" {
	run pcietool --complete ''
	assert_line regs
	assert_line list
	run pcietool --complete regs ''
	assert_line read
	refute_line list
	run pcietool --complete regs read --wi
	assert_output --partial --width
	export PCIETOOL_DEVICE=
	run pcietool --complete config read COMM
	assert_output COMMAND
	run pcietool --complete --via v
	assert_output vfio
	run pcietool --complete regs read -w ''
	assert_line 64
}

@test "every option and command of the help is completed" {
	for command in 'regs read' 'regs write' 'config write' 'mem dump'; do
		# shellcheck disable=SC2086
		for option in $(pcietool $command --help | grep -o -- '--[a-z-]*' | sort -u); do
			# shellcheck disable=SC2086
			run pcietool --complete $command "$option"
			assert_line "$option"
		done
	done
}
