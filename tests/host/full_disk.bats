#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
#
# A full disk, at each single call that makes, writes, syncs, closes or names a file: whatever a command writes. The
# captures' are tests/vm/capture_failures.bats.

load ../lib/common
load ../lib/fake_device
load ../lib/full_disk

setup() {
	fake_edu
	printf '%s\n' map,board register,ID,0x0,32,ro register,CTRL,0x4,32,rw >"$BATS_TEST_TMPDIR/m.map"
	mkdir "$BATS_TEST_TMPDIR/disk"
	cd "$BATS_TEST_TMPDIR/disk" || return
	on_edu=(pcietool --sysroot "$SYSROOT" -s "$dev")
}

@test "config save and dump: the old file, or none" {
	is_whole_or_not_at_all file "${on_edu[@]}" config save -o file
	is_whole_or_not_at_all file "${on_edu[@]}" config dump -o file
}

@test "regs dump and snapshot, mem dump" {
	is_whole_or_not_at_all file "${on_edu[@]}" regs dump -o file
	is_whole_or_not_at_all file "${on_edu[@]}" regs dump -w 64 -o file 0x0+0x80
	is_whole_or_not_at_all file "${on_edu[@]}" --map ../m.map regs snapshot -o file
	mkdir "$SYSROOT/dev"
	truncate -s 64k "$SYSROOT/dev/mem"
	is_whole_or_not_at_all file pcietool --sysroot "$SYSROOT" mem dump -o file 0x100+4096
}

@test "info: ROM and VPD" {
	head -c 70000 /dev/urandom >"$SYSROOT/sys/bus/pci/devices/$dev/rom"
	head -c 300 /dev/urandom >"$SYSROOT/sys/bus/pci/devices/$dev/vpd"
	is_whole_or_not_at_all file "${on_edu[@]}" info --rom file
	is_whole_or_not_at_all file "${on_edu[@]}" info --vpd file
}

@test "map convert and new" {
	local format
	for format in svd ipxact header markdown text; do
		is_whole_or_not_at_all file pcietool map convert --to $format -o file "$TOP/examples/edu.map"
	done
	is_whole_or_not_at_all file pcietool map new -o file
}

@test "snapshot, report, metrics" {
	is_whole_or_not_at_all file pcietool --sysroot "$SYSROOT" snapshot -o file
	is_whole_or_not_at_all file pcietool --sysroot "$SYSROOT" report -o file
	is_whole_or_not_at_all file pcietool --sysroot "$SYSROOT" metrics -o file
}

@test "trace export" {
	"${on_edu[@]}" --trace "$BATS_TEST_TMPDIR/trace" regs read 0x0 0x4
	is_whole_or_not_at_all file pcietool trace export --to batch -o file "$BATS_TEST_TMPDIR/trace"
}

@test "a trace: what it lost is told, and the registers are read all the same" {
	each_failure trace_failed "${on_edu[@]}" --trace file regs read 0x0 0x4
}

trace_failed() {
	assert_err 'file: '
	[[ $failed == open* ]] || assert_output $'0x010000ed\n0x00000000'
}

@test "standard output" {
	local words SKIPPED=2 # the shell's own
	for words in 'list' '-j list' 'list --tree' '-j check' 'info' 'regs dump' '-j regs dump' 'config show' \
		'regs dump -o -' '--map ../m.map regs snapshot' '--map ../m.map regs snapshot -o -' 'config save -o -' 'snapshot' 'metrics' 'report --list' 'map new' \
		'config dump --all' 'config names'; do
		# shellcheck disable=SC2016,SC2086 # the inner shell's; several words
		each_failure stdout_failed bash -c 'exec "$@" >out' - "${on_edu[@]}" $words
	done
}

stdout_failed() {
	assert_err 'standard output: No space left on device'
}

@test "help: argp does not tell why" {
	local words SKIPPED=2 TOLD='standard output: '
	for words in '--help' 'regs --help' 'regs dump --help' '--version'; do
		# shellcheck disable=SC2016,SC2086 # as above
		each_failure true bash -c 'exec "$@" >out' - pcietool $words
	done
}

@test "driver bind: nothing is done without a note of what was before" {
	mkdir "$SYSROOT/run"
	fake_attribute "$dev" driver_override '(null)'
	mkdir -p "$SYSROOT/proc/self" "$SYSROOT/proc/net" "$SYSROOT/sys/class/block" "$SYSROOT/sys/bus/pci/drivers/pci-stub"
	cd "$SYSROOT/run"
	# no driver comes in a fake tree
	ENDS=1 each_failure is_unbound pcietool --sysroot "$SYSROOT" -s "$dev" driver bind --to pci-stub
}

is_unbound() {
	[[ $(<"$SYSROOT/sys/bus/pci/devices/$dev/driver_override") != pci-stub* ]]
}
