#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
#
# config save, diff and restore.

load ../lib/common
load ../lib/fake_device
load ../lib/fake_express
load ../lib/fake_config

@test "save and diff: nothing differs; then what does, with the fields' names, exit 8" {
	config save -o saved
	assert_exit 0
	config diff saved
	assert_exit 0
	assert_output ''
	config write EXP.DEVCTL.MRRS=4096
	config diff saved
	assert_exit 8
	assert_line 'EXP.DEVCTL 0x2810 -> 0x5810'
	assert_line --regexp '^    MRRS +0x2 512 -> 0x5 4096$'
	config diff saved -j
	assert_exit 8
	assert_json '.differences[0].fields[0].name' MRRS
}

@test "diff: what has no name is compared by offset" {
	config save -o saved
	fake_config 0000:01:00.0 0x80 32 0xdeadbeef
	config diff saved
	assert_exit 8
	assert_output --partial '0x80/32 0x00000000 -> 0xdeadbeef'
}

@test "diff: what a file does not reach to is not compared" {
	config save -o saved
	head -n 5 saved >short
	config diff short
	assert_exit 0
	assert_output ''
	assert_err 'not compared'
	config write COMMAND=0
	config diff short
	assert_exit 8
	assert_output --partial COMMAND
	refute_output --partial 'not there'
	run_tool --sysroot /nonexistent config diff saved short
	assert_exit 0
}

@test "diff: two files, also without a device" {
	config save -o one
	fake_config 0000:01:00.0 0x04 16 0x0002
	config save -o two
	PCIETOOL_DEVICE='' run_tool --sysroot /nonexistent config diff one two
	assert_exit 8
	assert_line 'COMMAND 0x0006 -> 0x0002'
	# files of several devices: the one that is selected, in domain 0 where none is said
	PCIETOOL_DEVICE='' config dump --all
	printf '%s\n' "$output" >all
	for line in 01:00.0 0000:01:00.0; do
		PCIETOOL_DEVICE='' run_tool --sysroot /nonexistent -s $line config diff all one
		assert_exit 8
		assert_line 'COMMAND 0x0002 -> 0x0006'
	done
	PCIETOOL_DEVICE='' run_tool --sysroot /nonexistent config diff all one
	assert_exit 3
}

@test "save: without a file, into a folder that is not there, without rights" {
	config save
	assert_exit 2
	config save -o nowhere/file
	assert_exit 1
	truncate -s 64 "$SYSROOT/sys/bus/pci/devices/0000:01:00.0/config"
	config save -o saved
	assert_exit 4
	[ ! -e saved ]
}

@test "restore: writes back what software sets, status bits and what is read-only are left alone" {
	config save -o saved
	config write EXP.DEVCTL.MRRS=4096
	fake_config 0000:01:00.0 0x04 16 0x0000
	fake_config 0000:01:00.0 0x10 32 0xfebf0000
	fake_config 0000:01:00.0 0x52 16 0x2011
	fake_config 0000:01:00.0 0x110 32 0
	config restore saved -D
	assert_exit 0
	assert_equal "${lines[*]}" 'BASE_ADDRESS_0: 0xfebf0000 -> 0x00000000 EXP.DEVCTL: 0x5810 -> 0x2810 COMMAND: 0x0000 -> 0x0006'
	config read EXP.DEVCTL
	assert_output 0x5810
	config restore saved
	assert_exit 0
	config read EXP.DEVCTL COMMAND BASE_ADDRESS_0 EXP.LNKSTA AER.COR_STATUS
	assert_equal "${lines[*]}" '0x2810 0x0006 0x00000000 0x2011 0x00000000'
}

@test "restore: what the file does not have is told" {
	config save -o saved
	assert_exit 0
	# as lspci -xxx has it, and cut off within
	for lines in 17 5; do
		head -n $lines saved >short
		config write EXP.DEVCTL.MRRS=4096
		config restore short
		assert_exit 0
		assert_err 'registers are not restored: the file does not have them'
		config restore short -D
		assert_err 'registers are not restored: the file does not have them'
		config restore -j short
		(($(jq .missing <<<"$output") > 1))
	done
	config restore saved
	assert_exit 0
	refute_err 'restored'
	config restore -j saved
	assert_json .missing 0
}

@test "restore: another device's is refused, and nothing is written" {
	config save -o saved
	config write EXP.DEVCTL.MRRS=4096
	fake_config 0000:01:00.0 0x02 16 0x4321
	config restore saved
	assert_exit 8
	assert_err "another device's: its device is 0x1003"
	config read EXP.DEVCTL
	assert_output 0x5810
}

@test "restore: refused below a driver, unless forced" {
	config save -o saved
	config write EXP.DEVCTL.MRRS=4096
	fake_driver 0000:01:00.0 e1000e
	config restore saved
	assert_exit 4
	assert_err 'the driver e1000e is bound'
	config restore saved --force
	assert_exit 0
	config read EXP.DEVCTL
	assert_output 0x2810
}

@test "restore: ASPM comes behind L1 substates, these behind their times" {
	fake_extended 0000:01:00.0 0x150 0x1e 0
	fake_config 0000:01:00.0 0x100 16 0x0001
	fake_config 0000:01:00.0 0x102 16 0x1501
	fake_config 0000:01:00.0 0x50 16 0x0042
	fake_config 0000:01:00.0 0x158 32 0x4064000f
	fake_config 0000:01:00.0 0x15c 32 0x00000029
	config save -o saved
	fake_config 0000:01:00.0 0x50 16 0
	fake_config 0000:01:00.0 0x158 32 0
	fake_config 0000:01:00.0 0x15c 32 0
	config restore saved -D
	assert_equal "${lines[*]}" \
		'L1PM.CTL2: 0x00000000 -> 0x00000029 L1PM.CTL1: 0x00000000 -> 0x4064000f EXP.LNKCTL: 0x0000 -> 0x0042'
}

@test "restore: a BAR that the kernel has elsewhere now is not moved, unless forced" {
	fake_bar 0000:01:00.0 0 0x4100000000 4096 0x140204
	fake_config 0000:01:00.0 0x10 32 4
	fake_config 0000:01:00.0 0x14 32 0x41
	fake_bar 0000:01:00.0 2 0xe000 32 0x40101
	fake_config 0000:01:00.0 0x18 32 0xe001
	config save -o saved
	# lost, where it is as saved
	fake_config 0000:01:00.0 0x14 32 0
	config restore saved -D
	assert_exit 0
	assert_output 'BASE_ADDRESS_1: 0x00000000 -> 0x00000041'
	# after a boot that gave it another address, lost and not
	fake_bar 0000:01:00.0 0 0x4200000000 4096 0x140204
	local upper
	for upper in 0 0x42; do
		fake_config 0000:01:00.0 0x14 32 $upper
		config restore saved
		assert_exit 4
		assert_err 'the kernel has that BAR at 0x4200000000 now, what was saved has 0x41 in BASE_ADDRESS_1'
		config read BASE_ADDRESS_1
		assert_output "$(printf '0x%08x' $upper)"
	done
	fake_config 0000:01:00.0 0x14 32 0x41
	fake_bar 0000:01:00.0 2 0xd000 32 0x40101
	fake_config 0000:01:00.0 0x18 32 0xd001
	config restore saved
	assert_exit 4
	assert_err 'the kernel has that BAR at 0xd000 now'
	config restore saved --force
	assert_exit 0
	config read BASE_ADDRESS_1 BASE_ADDRESS_2
	assert_equal "${lines[*]}" '0x00000041 0x0000e001'
}

@test "restore: a bridge keeps its bus numbers and windows" {
	config save -s 00:01.0 -o saved
	fake_config 0000:00:01.0 0x19 8 0x07
	fake_config 0000:00:01.0 0x20 16 0xfe00
	fake_config 0000:00:01.0 0x3e 16 0x0002
	config restore saved -D -s 00:01.0
	assert_exit 0
	assert_output 'BRIDGE_CONTROL: 0x0002 -> 0x0000
left as it is: SECONDARY_BUS, MEMORY_BASE'
	config restore saved -j -s 00:01.0
	assert_json '.left | join(" ")' 'SECONDARY_BUS MEMORY_BASE'
	config restore saved -s 00:01.0
	assert_output ''
	assert_err "left as it is, being the kernel's or to start something: SECONDARY_BUS, MEMORY_BASE"
	config restore saved -s 00:01.0 -v
	assert_line 'left as it is: SECONDARY_BUS, MEMORY_BASE'
	refute_err 'being the kernel'
}

@test "restore: a file with several devices gives the one of that address" {
	PCIETOOL_DEVICE='' config dump --all
	printf '%s\n' "$output" >all
	config write EXP.DEVCTL.MRRS=1024
	config restore all -D
	assert_output 'EXP.DEVCTL: 0x3810 -> 0x2810'
}
