#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
#
# A device that goes away while it is read and waited for: orderly, and by surprise.
#
# qemu: -device pcie-root-port,id=rp1,chassis=1,slot=1 -device edu,id=orderly,bus=rp1
# qemu: -device pcie-root-port,id=rp2,chassis=2,slot=2 -device edu,id=surprise,bus=rp2
# qemu: -device pcie-root-port,id=rp3,chassis=3,slot=3 -device e1000e,romfile=,id=nic,bus=rp3
# qemu: -global ICH9-LPC.acpi-pci-hotplug-with-bridge-support=off
# append: pcie_ports=compat
# also: debug rt

load ../lib/common
load ../lib/guest

# Behind which of the ports a device is: the bus number's order follows the ports'.
setup() {
	mapfile -t edus < <(for d in /sys/bus/pci/devices/*; do
		[[ $(<"$d/device") == 0x11e8 ]] && echo "${d##*/}"
	done)
}

slot_power_off() {
	local port
	port=$(basename "$(dirname "$(realpath "/sys/bus/pci/devices/$1")")")
	# Slot Control: power indicator off, power controller off; PCIe 5.0 section 7.5.3.10
	setpci -s "$port" CAP_EXP+18.w=0700:0700
}

@test "by surprise, while it is waited for" {
	device=${edus[1]}
	setpci -s "$device" COMMAND=3:3
	pcietool -s "$device" regs wait '0x0==1' --timeout 25s 2>"$BATS_TEST_TMPDIR/err" 3>&- &
	until_true grep -q /resource0 "/proc/$!/maps"
	slot_power_off "$device"
	status=0
	wait $! || status=$?
	cat "$BATS_TEST_TMPDIR/err"
	assert_equal "$status" 5
	grep 'does not answer' "$BATS_TEST_TMPDIR/err"
}

@test "once gone, every command says so" {
	device=${edus[1]}
	[[ -e /sys/bus/pci/devices/$device ]]
	for arguments in 'regs read 0x0' 'regs write 0x4=1' 'regs dump 0x0+16' 'info'; do
		# shellcheck disable=SC2086 # several words
		run_tool -s "$device" $arguments
		assert_exit 5
	done
	run_tool list
	assert_exit 0
}

@test "orderly: removed through sysfs while it is waited for" {
	device=${edus[0]}
	setpci -s "$device" COMMAND=3:3
	pcietool -s "$device" regs wait '0x0==1' --timeout 25s 2>"$BATS_TEST_TMPDIR/err" 3>&- &
	until_true grep -q /resource0 "/proc/$!/maps"
	echo 1 >"/sys/bus/pci/devices/$device/remove"
	status=0
	wait $! || status=$?
	cat "$BATS_TEST_TMPDIR/err"
	assert_equal "$status" 5
	run_tool -s "$device" regs read 0x0
	assert_exit 3
}

@test "link watch: a card that falls off the bus and comes back" {
	local nic port
	nic=$(bdf_of 8086:10d3)
	port=$(basename "$(dirname "$(realpath "/sys/bus/pci/devices/$nic")")")
	timeout 120 pcietool -s "$nic" link watch --timeout "$([[ $VM_KERNEL == debug* ]] && echo 45s || echo 12s)" >"$BATS_TEST_TMPDIR/out" 3>&- &
	until [[ -s $BATS_TEST_TMPDIR/out ]]; do sleep 0.1; done
	slot_power_off "$nic"
	until grep -q 'GT/s x1, .* -> the device does not answer' "$BATS_TEST_TMPDIR/out"; do sleep 0.1; done
	setpci -s "$port" CAP_EXP+18.w=0100:0700
	hmp 'device_add e1000e,romfile=,bus=rp3,id=other'
	wait $!
	grep -q ' -> 2.5GT/s x1' "$BATS_TEST_TMPDIR/out"
	grep -q '^samples .* transitions [2-9]' "$BATS_TEST_TMPDIR/out"
}
