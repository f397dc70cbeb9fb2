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

# becomes LINE RESULT...: what Tab behind each LINE makes of it, in both shells; a % is typed behind that, and shows the
# blank.
becomes() {
	local shell typed=() i
	for ((i = 1; i < $#; i += 2)); do
		typed+=("pcietool --sysroot $SYSROOT ${!i}\\t" '%\x01echo \n')
	done
	for shell in alone with; do
		[ -e "$shell.rc" ] || continue
		run timeout 60 python3 "$BATS_TEST_DIRNAME/../lib/prompt.py" "${typed[@]}" 'exit\n' -- \
			bash --noprofile --rcfile "$shell.rc" -i
		assert_success
		echo "$shell: $output"
		for ((i = 2; i <= $#; i += 2)); do
			assert_line "pcietool --sysroot $SYSROOT ${!i}"
		done
	done
}

@test "nouns, verbs and options have a blank behind them" {
	becomes 'reg' 'regs %' \
		'regs rea' 'regs read %' \
		'regs read --widt' 'regs read --width %'
}

@test "a value behind = does not double the word" {
	becomes 'regs write DMA_CMD.DIRECTION=TO' 'regs write DMA_CMD.DIRECTION=TO_DEVICE %' \
		'regs write LIVENESS=1 DMA_CMD.DIRECTION=F' 'regs write LIVENESS=1 DMA_CMD.DIRECTION=FROM_DEVICE %' \
		'regs wait DMA_CMD.DIRECTION==TO' 'regs wait DMA_CMD.DIRECTION==TO_DEVICE %'
}

@test "behind a register that is to be written no blank; behind one that is read there is one" {
	becomes 'regs write LIVE' 'regs write LIVENESS%' \
		'regs wait LIVE' 'regs wait LIVENESS%' \
		'regs read LIVE' 'regs read LIVENESS %' \
		'config write COMM' 'config write COMMAND%' \
		'config read COMM' 'config read COMMAND %'
}

@test "an option's argument, in a word of its own and behind =" {
	becomes 'regs read --via sy' 'regs read --via sysfs %' \
		'regs read --via=sy' 'regs read --via=sysfs %' \
		'--via=sy' '--via=sysfs %' \
		'--map=edu.map regs read LIVE' '--map=edu.map regs read LIVENESS %'
}

@test "files and folders" {
	becomes '--map fol' '--map folder/%' \
		'--map folder/o' '--map folder/one.map %' \
		'--map=folder/o' '--map=folder/one.map %'
}

@test "addresses and ids, in which there is a colon" {
	becomes '-s 0000:01' '-s 0000:01:00.0 %' \
		'-s 01:0' '-s 01:00.0 %' \
		'--slot=0000:01' '--slot=0000:01:00.0 %' \
		'-d 1234:' '-d 1234:11e8 %'
}

@test "a quoted operand" {
	becomes "regs wait 'DMA_CMD.DIRECTION==TO" 'regs wait DMA_CMD.DIRECTION==TO_DEVICE %'
}

@test "both were tried" {
	[ -e with.rc ] || skip 'no bash-completion: bash alone was'
}
