#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
#
# A kernel that is locked down: what it refuses is said to be refused by lockdown, exit 4.
#
# qemu: -device edu -device rtl8139
# qemu: -device pcie-root-port,id=rp1,chassis=1,slot=1 -device e1000e,romfile=,bus=rp1
# append: lockdown=integrity

load ../lib/common

setup() {
	edu=$(bdf_of 1234:11e8)
	rtl=$(bdf_of 10ec:8139)
}

@test "registers and config writes" {
	grep -F '[integrity]' /sys/kernel/security/lockdown
	for arguments in 'regs read 0x0' 'regs write 0x4=1' 'config write COMMAND=2:2' '--via devmem regs read 0x0'; do
		# shellcheck disable=SC2086 # several words
		run_tool -s "$edu" $arguments
		assert_exit 4
		assert_err 'lockdown'
	done
	run_tool mem read 0xfee00000
	assert_exit 4
	assert_err lockdown
}

@test "I/O ports" {
	run_tool -s "$rtl" regs write 0:0x0/8=1
	assert_exit 4
	assert_err lockdown
}

@test "looking still works" {
	run_tool -s "$edu" config read VENDOR_ID
	assert_output 0x1234
	run_tool list
	assert_exit 0
	run_tool -s "$edu" info
	assert_exit 0
}

@test "the helper cannot be loaded" {
	run_tool -s "$edu" driver bind
	assert_exit 4
	assert_err lockdown
}

@test "resets, removal and reloads still work; nothing is masked then, which needs --force" {
	e1000e=$(bdf_of 8086:10d3)
	run_tool -s "$e1000e" reset --method pm
	assert_exit 0
	run_tool -s "$edu" reload -- true
	assert_exit 0
	run_tool -s "$e1000e" reload -- true
	assert_exit 4
	assert_err lockdown
	[ -e "/sys/bus/pci/devices/$e1000e" ]
	run_tool -f -s "$e1000e" reload -- true
	assert_exit 0
	assert_err 'errors are not masked'
	assert_line --regexp '^mask +skipped'
	assert_line --regexp '^unmask +skipped'
	run_tool -s "$e1000e" remove
	assert_exit 0
	run_tool rescan
	assert_output "+ $e1000e 8086:10d3"
}
