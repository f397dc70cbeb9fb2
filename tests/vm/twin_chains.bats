#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Lists of capabilities that are broken, and every extended capability, by twins: as a real kernel sees them, and the tool.
#
# QEMU builds the lists of its own and does not start with a broken one: 'shape' has none when it looks, and gets its
# capabilities afterwards.
#
# twin: shape --config tests/vm/twins/shape.config --map tests/vm/twins/shape.map --model tests/vm/twins/shape.lua
# twin: extended --config tests/vm/twins/extended.config --bar 0=1M
# qemu-at-least: 10.1
# test-timeout: 600
# usually: 6.1 newest
# warnings: expected

load ../lib/common
load ../lib/guest

TWINS=$TOP/tests/vm/twins

setup() {
	cd "$BATS_TEST_TMPDIR" || return
	export PCIETOOL_MAP=$TWINS/shape.map
}

# An Express endpoint (PCIe 6.0 section 7.5.3), without which there is no extended config space
EXPRESS=(0x40=0x00020010 0x44=0x10008022 0x4c=0x00000d06 0x50=0x01060000)

# shows OFFSET=WORD...: that is config space from now on; the kernel finds the device anew. $device is its address.
shows() {
	local word words=(CLEAR=1)
	device=$(bdf_of 1234:5036)
	for word; do words+=("AT=${word%=*}" "DATA=${word#*=}"); done
	setpci -s "$device" COMMAND=2:2
	pcietool -s "$device" regs write "${words[@]}" SHOW=1
	pcietool -s "$device" remove
	pcietool rescan
	export PCIETOOL_DEVICE=$device
}

# broken TEXT CAPABILITY...: every command that shows config space comes to its end, says what is wrong, and has those ids
broken() {
	local text=$1 list key=capabilities
	shift
	[[ $text != *extended* ]] || key=extended_capabilities
	text=${text#extended: }
	run_tool info -j
	assert_exit 0
	assert_json ".${key}_problem" "$text"
	list=$(jq -c "[.${key}[].id]" <<<"$output")
	assert_equal "$list" "$(printf '%s\n' "$@" | jq -Rcn '[inputs | select(. != "")]')"
	run_tool info
	assert_exit 0
	assert_output --partial "broken: $text"
	run_tool config show -j
	assert_exit 0
	assert_json ".${key}_problem" "$text"
	run_tool config show
	assert_exit 0
	assert_output --partial "$text"
	run_tool -s "$device" list -j
	assert_exit 0
	assert_json '.devices[0].device_id' 0x5036
	run_tool config dump --all
	assert_exit 0
	run_tool check
	assert_exit 8
	assert_output --partial "warning $device capabilities: its ${key//_/ }: $text"
	run_tool config save -o saved
	assert_exit 0
	run_tool config diff saved
	assert_exit 0
	# the dump that the tool wrote is the same device
	pcietool config dump --all >dumped
	run_tool --from-dump dumped info -j
	assert_json ".${key}_problem" "$text"
}

@test "a list that runs in a loop: into itself, of two" {
	shows 0x34=0x40 0x40=0x00004009
	broken 'the list runs in a loop' 0x09
	shows 0x34=0x40 0x40=0x00005009 0x50=0x00034001
	broken 'the list runs in a loop' 0x09 0x01
}

@test "a list that points into the header: its start, and later" {
	shows 0x34=0x20 0x40=0x00000009
	broken 'the list points into the header'
	shows 0x34=0x40 0x40=0x00003009
	broken 'the list points into the header' 0x09
}

@test "a list that ends in all ones" {
	shows 0x34=0x40 0x40=0x00005009 0x50=0xffffffff
	broken 'the list ends in all ones' 0x09
	shows 0x34=0x40 0x40=0x000050ff 0x50=0x00000009
	broken 'the list ends in all ones'
}

@test "extended capabilities in a loop: into itself, of two" {
	shows 0x34=0x40 "${EXPRESS[@]}" 0x100=0x1001000b 0x104=0x00810001
	broken 'extended: the list runs in a loop' 0x000b
	shows 0x34=0x40 "${EXPRESS[@]}" 0x100=0x14010003 0x140=0x1001000b 0x144=0x00810001
	broken 'extended: the list runs in a loop' 0x0003 0x000b
}

@test "extended capabilities that point into the first 256 bytes, to nothing, to all ones" {
	shows 0x34=0x40 "${EXPRESS[@]}" 0x100=0x04010003
	broken 'extended: the list points below 0x100' 0x0003
	shows 0x34=0x40 "${EXPRESS[@]}" 0x100=0x14010003
	broken 'extended: the list points to nothing' 0x0003
	shows 0x34=0x40 "${EXPRESS[@]}" 0x100=0x14010003 0x140=0xffffffff
	broken 'extended: the list ends in all ones' 0x0003
}

@test "a capability that is cut off by the next one: what lies in that one is not the first's, and is not written as its" {
	# MSI in the middle of Express; a serial number in the middle of AER, and AER at the very end
	shows 0x34=0x40 0x40=0x00025010 0x44=0x10008022 0x4c=0x00000d06 0x50=0x0080f805 0xf8=0x00020010 0x100=0x11010001 \
		0x108=0xffffffff 0x10c=0x00400000 0x110=0xff010003 0x114=0x89abcdef 0x118=0x01234567 0xff0=0x00010001
	run_tool config show -j
	assert_exit 0
	output=$(jq -c '[.blocks[] | select(.offset != "0x00") | [.offset, .cut_off_at, .registers[-1].offset]]' <<<"$output")
	assert_output '[["0x40","0x50","0x4c"],["0x50",null,"0x5c"],["0xf8","0x100","0xfc"],["0x100","0x110","0x10c"],["0x110",null,"0x118"],["0xff0","0x1000","0xffc"]]'
	run_tool config write EXP.LNKCTL.RETRAIN=1
	assert_exit 6
	run_tool check
	assert_exit 8
	assert_output --partial "warning $device capabilities: PCI Express at 0x40 is cut off at 0x50"
	assert_output --partial "warning $device capabilities: PCI Express at 0xf8 is cut off at 0x100"
	assert_output --partial "warning $device capabilities: Advanced Error Reporting at 0x100 is cut off at 0x110"
	assert_output --partial "warning $device capabilities: Advanced Error Reporting at 0xff0 is cut off at 0x1000"
	run_tool info
	assert_exit 0
	pcietool config save -o saved
	run_tool config diff saved
	assert_exit 0
	run_tool -D config restore saved
	assert_exit 0
	refute_output --partial LNKCTL
}

# words_of <DUMP: what is not zero in the lists of capabilities, as shows() takes it
words_of() {
	local at bytes n
	while read -r at bytes; do
		[[ $at =~ ^[0-9a-f]+:$ && $bytes == *[1-9a-f]* ]] || continue
		at=$((16#${at%:}))
		read -r -a bytes <<<"$bytes"
		for ((n = 0; n < 16; n += 4)); do
			((at + n == 0x34 || at + n >= 0x40)) || continue
			[[ ${bytes[n]}${bytes[n + 1]}${bytes[n + 2]}${bytes[n + 3]} != 00000000 ]] || continue
			printf '0x%x=0x%s%s%s%s\n' $((at + n)) "${bytes[n + 3]}" "${bytes[n + 2]}" "${bytes[n + 1]}" "${bytes[n]}"
		done
	done
}

# capabilities_of OPTION...: all that config show says of them
capabilities_of() {
	pcietool "$@" config show -j | jq -c '.blocks[] | select(.offset != "0x00")'
}

@test "every extended capability, one after the other: what is shown is what the device has, also SR-IOV and ARI" {
	local file name words count=0
	for file in "$TOP"/tests/data/config/*.hex; do
		name=${file##*/}
		mapfile -t words < <(words_of <"$file")
		# endpoints with extended config space
		grep -q '^00: .* .. \(00\|80\) ..$' "$file" && printf '%s\n' "${words[@]}" | grep -q '^0x1[0-9a-f][0-9a-f]=' || continue
		count=$((count + 1))
		shows "${words[@]}"
		assert_equal "$name $(pcietool config dump --all | words_of)" "$name $(printf '%s\n' "${words[@]}")"
		assert_equal "$name $(capabilities_of)" "$name $(capabilities_of --from-dump "$file" -s 01:00.0)"
		run_tool info
		assert_exit 0
		run_tool -s "$device" list
		assert_exit 0
		run_tool check
		[[ $status -eq 0 || $status -eq 8 ]] || fail "$name: $output $stderr"
		pcietool config save -o saved
		run_tool config diff saved
		assert_exit 0
	done
	((count > 40))
}

# read_only OPTION...: what nobody can write in them, a line each; what another can may be another's (the kernel's)
read_only() {
	pcietool "$@" config show -j | jq -r --slurpfile names named '
		([$names[0].blocks[].registers[] | .name as $name | .access as $access |
			if .fields == [] then {($name): $access} else .fields[] | {"\($name).\(.name)": .access} end] | add) as $access |
		.blocks[] | select(.offset != "0x00") | .registers[] | select(.value) | .name as $name | .value as $value |
		if .fields == [] then ["", $value] else .fields[] | [".\(.name)", .value] end |
		. as $field | ($access[$name + $field[0]] // $access[($name | sub("[0-9]+$"; "")) + $field[0]]) as $kind |
		select($kind == "RO" or $kind == "ROS" or $kind == "HWINIT") | "\($name)\($field[0]) \($field[1])"'
}

@test "all of them at once, with the lists as QEMU makes them: it hides SR-IOV and ARI" {
	PCIETOOL_DEVICE=$(bdf_of 1234:5037)
	export PCIETOOL_DEVICE
	local wanted file=(--from-dump "$TWINS/extended.config" -s 01:00.0)
	wanted=$(pcietool "${file[@]}" info -j | jq -r '.extended_capabilities[] | "\(.offset) \(.id)"' | grep -v -e 0x0010 -e 0x000e)
	run_tool info -j
	assert_exit 0
	assert_json '.extended_capabilities_problem' null
	assert_equal "$(jq -r '.extended_capabilities[] | "\(.offset) \(.id)"' <<<"$output")" "$wanted"
	env -u PCIETOOL_DEVICE pcietool config names -j >named
	# what AER has logged is past
	local logged='^AER\.CONTROL\.(FIRST_ERROR|PREFIX_LOG|FLIT_TLP|TLP_SIZE) '
	read_only "${file[@]}" | grep -v -e '^SRIOV' -e '^ARI' | sed -E "/$logged/s/0x.*/0x0/" >wanted
	read_only | sed -E "/$logged/s/0x0+\$/0x0/" >got
	(($(wc -l <wanted) > 300))
	run diff wanted got
	assert_output ''
	run_tool check
	refute_output --partial capabilities
	pcietool config save -o saved
	run_tool config diff saved
	assert_exit 0
}
