#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Tab in a real bash, in a terminal: alone, and with Debian's bash-completion; in zsh and in fish.

load ../lib/common
load ../lib/fake_device

setup() {
	fake_edu
	cd "$BATS_TEST_TMPDIR" || return
	mkdir folder
	touch folder/one.map
	cp "$TOP/examples/edu.map" .
	printf '%s\n' "PS1='\$ '" 'bind "set enable-bracketed-paste off"' ". '$TOP/completions/pcietool.bash'" >alone.rc
	printf '%s\n' "PS1='\$ '" 'unsetopt prompt_cr prompt_sp' "fpath=('$TOP/completions' \$fpath)" \
		'autoload -Uz compinit && compinit -D -u' >.zshrc
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

# in_shell SHELL LINE RESULT...: what Tab behind each LINE makes of it; a % is typed behind that, and shows the blank.
in_shell() {
	local shell=$1 typed=() i command
	shift
	for ((i = 1; i < $#; i += 2)); do
		typed+=("pcietool --sysroot $SYSROOT ${!i}\\t" '%\x01echo \n')
	done
	case $shell in
	zsh) command=(env "ZDOTDIR=$PWD" zsh -i) ;;
	fish) command=(env "HOME=$PWD" fish --no-config -C "source '$TOP/completions/pcietool.fish'") ;;
	*) command=(bash --noprofile --rcfile "$shell.rc" -i) ;;
	esac
	run timeout 60 python3 "$BATS_TEST_DIRNAME/../lib/prompt.py" "${typed[@]}" 'exit\n' -- "${command[@]}"
	assert_success
	echo "$shell: $output"
	for ((i = 2; i <= $#; i += 2)); do
		assert_line "pcietool --sysroot $SYSROOT ${!i}"
	done
}

# becomes LINE RESULT...: in bash, alone and with its library.
becomes() {
	local shell
	for shell in alone with; do
		[ ! -e "$shell.rc" ] || in_shell "$shell" "$@"
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
		'map convert --to ma' 'map convert --to markdown %' \
		'trace export --to ba' 'trace export --to batch %' \
		'driver bind --to vf' 'driver bind --to vfio %' \
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

@test "zsh: nouns, operands, addresses, files; and what each is" {
	in_shell zsh 'reg' 'regs %' \
		'regs read --widt' 'regs read --width %' \
		'regs write LIVE' 'regs write LIVENESS%' \
		'regs read LIVE' 'regs read LIVENESS %' \
		"regs wait 'DMA_CMD.DIRECTION==TO" 'regs wait DMA_CMD.DIRECTION==TO_DEVICE %' \
		'-s 01:0' '-s 01:00.0 %' \
		'--slot=0000:01' '--slot=0000:01:00.0 %' \
		'--map folder/o' '--map folder/one.map %' \
		'--map=folder/o' '--map=folder/one.map %' \
		'slot ' 'slot %'
	assert_output --partial "led    -- Set a slot's attention LED"
}

@test "fish: nouns, operands, addresses, files" {
	in_shell fish 'reg' 'regs %' \
		'regs read --widt' 'regs read --width %' \
		'regs write LIVE' 'regs write LIVENESS=%' \
		'regs read LIVE' 'regs read LIVENESS %' \
		'regs write DMA_CMD.DIRECTION=TO' 'regs write DMA_CMD.DIRECTION=TO_DEVICE %' \
		'-s 01:0' '-s 01:00.0 %' \
		'--map folder/o' '--map folder/one.map %' \
		'--map=folder/o' '--map=folder/one.map %'
}

@test "a map's descriptions run nothing in any shell, whatever is in them" {
	# shellcheck disable=SC2016 # for a shell that is wrong
	printf '%s\n' 'register,AC,0x0,32,rw,$(touch ran)`touch ran`' 'register,AB,0x4,32,rw,`touch ran`; touch ran' \
		>hostile.map
	export PCIETOOL_MAP=hostile.map
	in_shell alone 'regs read AB' 'regs read AB %'
	in_shell zsh 'regs read A' 'regs read A%' 'regs read AB' 'regs read AB %'
	in_shell fish 'regs read AB' 'regs read AB %'
	[ ! -e ran ]
}

@test "both were tried" {
	[ -e with.rc ] || skip 'no bash-completion: bash alone was'
}
