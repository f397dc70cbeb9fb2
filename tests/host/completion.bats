#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Tab in a real bash, in a terminal: alone, and with Debian's bash-completion.

load ../lib/common
load ../lib/fake_device

setup() {
	fake_edu
	cd "$BATS_TEST_TMPDIR" || return
	mkdir folder
	touch folder/one.map
	cp "$TOP/examples/edu.map" .
	printf '%s\n' "PS1='\$ '" 'bind "set enable-bracketed-paste off"' ". '$TOP/completions/pcietool.bash'" >alone.rc
	for library in {"$TOP/build/tools",}/usr/share/bash-completion/bash_completion; do
		if [ -e "$library" ]; then
			{
				echo ". '$library'"
				cat alone.rc
			} >with.rc
			break
		fi
	done
	export PCIETOOL_DEVICE=$dev PCIETOOL_MAP=edu.map
}

# tab SHELL LINE: what Tab behind LINE makes of it; a % is typed behind that, and shows the blank.
tab() {
	[ -e "$1.rc" ] || return 0
	run timeout 60 python3 "$BATS_TEST_DIRNAME/../lib/prompt.py" -t 0.5 "pcietool --sysroot $SYSROOT $2\\t" '%\x01echo \n' \
		'exit\n' -- bash --noprofile --rcfile "$1.rc" -i
	assert_success
}

# becomes LINE RESULT: in both.
becomes() {
	local shell
	for shell in alone with; do
		tab "$shell" "$1"
		[ -e "$shell.rc" ] || continue
		echo "$shell: $output"
		assert_line "pcietool --sysroot $SYSROOT $2"
	done
}

@test "nouns, verbs and options have a blank behind them" {
	becomes 'reg' 'regs %'
	becomes 'regs rea' 'regs read %'
	becomes 'regs read --widt' 'regs read --width %'
}

@test "a value behind = does not double the word" {
	becomes 'regs write DMA_CMD.DIRECTION=TO' 'regs write DMA_CMD.DIRECTION=TO_DEVICE %'
	becomes 'regs write LIVENESS=1 DMA_CMD.DIRECTION=F' 'regs write LIVENESS=1 DMA_CMD.DIRECTION=FROM_DEVICE %'
	becomes 'regs wait DMA_CMD.DIRECTION==TO' 'regs wait DMA_CMD.DIRECTION==TO_DEVICE %'
}

@test "behind a register that is to be written no blank; behind one that is read there is one" {
	becomes 'regs write LIVE' 'regs write LIVENESS%'
	becomes 'regs wait LIVE' 'regs wait LIVENESS%'
	becomes 'regs read LIVE' 'regs read LIVENESS %'
	becomes 'config write COMM' 'config write COMMAND%'
	becomes 'config read COMM' 'config read COMMAND %'
}

@test "an option's argument, in a word of its own and behind =" {
	becomes 'regs read --via sy' 'regs read --via sysfs %'
	becomes 'regs read --via=sy' 'regs read --via=sysfs %'
	becomes '--via=sy' '--via=sysfs %'
	becomes '--map=edu.map regs read LIVE' '--map=edu.map regs read LIVENESS %'
}

@test "files and folders" {
	becomes '--map fol' '--map folder/%'
	becomes '--map folder/o' '--map folder/one.map %'
	becomes '--map=folder/o' '--map=folder/one.map %'
}

@test "addresses and ids, in which there is a colon" {
	becomes '-s 0000:01' '-s 0000:01:00.0 %'
	becomes '-s 01:0' '-s 01:00.0 %'
	becomes '--slot=0000:01' '--slot=0000:01:00.0 %'
	becomes '-d 1234:' '-d 1234:11e8 %'
}

@test "a quoted operand" {
	becomes "regs wait 'DMA_CMD.DIRECTION==TO" 'regs wait DMA_CMD.DIRECTION==TO_DEVICE %'
}

@test "both were tried" {
	[ -e with.rc ] || skip 'no bash-completion: bash alone was'
}
