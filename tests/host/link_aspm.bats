#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
#
# link aspm: what both ends and all functions can, and what is set in them.

load ../lib/common
load ../lib/fake_device
load ../lib/fake_express
load ../lib/fake_links

# aspm_ends PORT-CAN DEVICE-CAN: fields ASPM of both ends of 06:00's link; both functions of the device.
aspm_ends() {
	fake_config 0000:00:03.0 0x4c 32 $((5 | 16 << 4 | 1 << 20 | $1 << 10))
	fake_config 0000:06:00.0 0x4c 32 $((4 | 16 << 4 | $2 << 10))
	fake_config 0000:06:00.1 0x4c 32 $((4 | 16 << 4 | $2 << 10))
}

# aspm_control: the port's and the functions' Link Control.
aspm_control() {
	local device
	for device in 0000:00:03.0 0000:06:00.0 0000:06:00.1; do
		od -An -tx2 -j $((0x50)) -N 2 "$SYSROOT/sys/bus/pci/devices/$device/config"
	done | tr -d '\n'
}

@test "aspm: set at both ends and all functions, the other bits stay; what an end cannot do is exit 6" {
	aspm_ends 3 2
	fake_config 0000:00:03.0 0x50 16 0x0041
	fake_config 0000:06:00.0 0x50 16 0x0140
	link aspm -s 06:00.0 l1
	assert_exit 0
	assert_output '0000:00:03.0 -> 0000:06:00.0: L1'
	assert_equal "$(aspm_control)" ' 0042 0142 0002'
	link aspm -s 00:03.0 off -D
	assert_output '0000:00:03.0 -> 0000:06:00.0: would be set to off'
	assert_equal "$(aspm_control)" ' 0042 0142 0002'
	link aspm -s 00:03.0 l0s
	assert_exit 6
	assert_err '0000:06:00.0: it cannot do l0s'
	link aspm -s 00:03.0 l1ss
	assert_exit 6
	assert_err '0000:00:03.0: it cannot do l1ss'
	link aspm -s 00:03.0 off
	assert_exit 0
	assert_equal "$(aspm_control)" ' 0040 0140 0000'
	# nothing at the other end, no link, no such word
	link aspm -s 00:02.0 off
	assert_exit 6
	assert_err '0000:00:02.0: no device is seen at the other end of the link'
	link aspm -s 06:00.0 l2
	assert_exit 2
	assert_err 'show, off, l0s, l1 or l1ss'
}

@test "aspm: substates that both ends can; L1.2 only with its times" {
	local device
	aspm_ends 2 2
	for device in 0000:00:03.0 0000:06:00.0; do
		fake_extended $device 0x100 0x1e 0
		fake_config $device 0x104 32 0x1f
	done
	link aspm -s 06:00.0 l1ss
	assert_exit 0
	assert_output '0000:00:03.0 -> 0000:06:00.0: L1, L1.1'
	assert_equal "$(od -An -tx4 -j $((0x108)) -N 4 "$SYSROOT/sys/bus/pci/devices/0000:06:00.0/config")" ' 00000008'
	for device in 0000:00:03.0 0000:06:00.0; do fake_config $device 0x108 32 0x40500000; done
	# nor without latency tolerance reporting, at both ends and above
	link aspm -s 06:00.0 l1ss
	assert_output '0000:00:03.0 -> 0000:06:00.0: L1, L1.1'
	fake_config 0000:06:00.0 0x68 16 0x0400
	link aspm -s 06:00.0 l1ss
	assert_output '0000:00:03.0 -> 0000:06:00.0: L1, L1.1'
	for device in 0000:00:03.0 0000:06:00.0; do fake_config $device 0x104 32 0x15; done
	link aspm -s 06:00.0 l1ss
	assert_exit 6
	assert_err '0000:00:03.0: its only substate is L1.2, for which latency tolerance reporting is off'
	for device in 0000:00:03.0 0000:06:00.0; do fake_config $device 0x104 32 0x1f; done
	fake_config 0000:00:03.0 0x68 16 0x0400
	link aspm -s 06:00.0 l1ss -j
	assert_json '.set | join(" ")' 'l1 l1_1 l1_2'
	assert_equal "$(od -An -tx4 -j $((0x108)) -N 4 "$SYSROOT/sys/bus/pci/devices/0000:00:03.0/config")" ' 4050000c'
	link aspm -s 06:00.0 l1
	assert_output '0000:00:03.0 -> 0000:06:00.0: L1'
	assert_equal "$(od -An -tx4 -j $((0x108)) -N 4 "$SYSROOT/sys/bus/pci/devices/0000:00:03.0/config")" ' 40500000'
	assert_equal "$(aspm_control)" ' 0002 0002 0002'
}

@test "aspm show: what is on, what both ends can, and why the kernel leaves it alone" {
	aspm_ends 3 2
	fake_config 0000:00:03.0 0x50 16 2
	fake_config 0000:06:00.0 0x50 16 2
	link aspm -s 06:00.0 show
	assert_exit 0
	assert_line --index 0 '0000:00:03.0 -> 0000:06:00.0'
	assert_line --index 1 '  0000:00:03.0   L1, possible: L0s, L1'
	assert_line --index 2 '  0000:06:00.0   L1, possible: L1'
	assert_line --index 3 '  0000:06:00.1   off, possible: L1'
	assert_line --index 4 '  both ends      possible: L1'
	assert_line --index 5 '  kernel         policy not given by the kernel'
	mkdir -p "$SYSROOT/sys/module/pcie_aspm/parameters" "$SYSROOT/dev"
	echo 'default [performance] powersave powersupersave' >"$SYSROOT/sys/module/pcie_aspm/parameters/policy"
	printf '6,1,2,-;ACPI FADT declares the system does not support PCIe ASPM, so disable it\n' >"$SYSROOT/dev/kmsg"
	link aspm -s 06:00.0 show
	assert_line "  kernel         policy performance, leaves it alone: the firmware's FADT says that the machine has no ASPM"
	link aspm -s 06:00.0 show -j
	assert_json '[(.ends[0].on | join(" ")), .kernel_policy, (.possible | join(" "))] | tojson' '["l1","performance","l1"]'
	head -c 4096 /dev/zero | tr '\0' '\377' >"$SYSROOT/sys/bus/pci/devices/0000:06:00.0/config"
	link aspm -s 00:03.0 off
	assert_exit 5
}
