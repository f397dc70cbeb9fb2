#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
#
# msi show on fake trees.

# shellcheck disable=SC2154 # status, output and stderr are bats' own
load ../lib/common
load ../lib/fake_device
load ../lib/resources

dev=0000:01:00.0
port=0000:00:1c.0

# interrupts: /proc/interrupts as irq_seq_show() of Linux 7 pads it (kernel/irq/proc.c): four digits at least for a
# number, the names of chips as wide as the widest
interrupts() {
	printf '%s\n' '            CPU0       CPU2       ' \
		'   1:          9          0  IO-APIC                   1-edge      i8042' \
		"  24:         10         32  PCI-MSIX-$dev       0-edge      nic-rx, other" \
		"  31: 4294967295          7  PCI-MSIX-$dev       2-edge      nic-tx" \
		'  32:          0          0  None                             nobody' \
		' NMI:          1          2  Non-maskable interrupts' >"$SYSROOT/proc/interrupts"
}

@test "msi show: /proc/interrupts as newer kernels, and other machines, pad it" {
	msix_device
	interrupts
	on -s $dev msi show
	assert_line --index 1 --partial 'irq 24 nic-rx, other, count 42, CPU 0'
	assert_line --index 2 --partial 'irq 31 nic-tx, count 4294967302, CPU 2'
	# arm64: no name of the flow, but the type
	printf '%s\n' '            CPU0       CPU2       ' \
		"  24:         10         32  ITS-PCI-MSIX-$dev    0 Edge      nic-rx, other" \
		"  31:          0          7  ITS-PCI-MSIX-$dev    2 Level   -fasteoi   nic-tx" >"$SYSROOT/proc/interrupts"
	on -s $dev msi show
	assert_line --index 1 --partial 'irq 24 nic-rx, other, count 42'
	assert_line --index 2 --partial 'irq 31 nic-tx, count 7'
	# a chip without a domain has no number of its own
	fake_irq $dev msix 32 524291 0 0
	printf '%s\n' '            CPU0       CPU2       ' \
		'  24:         10         32  None                nic-rx' \
		'  31:          0          7  dummy                            Edge      nic-tx' >"$SYSROOT/proc/interrupts"
	on -s $dev msi show
	assert_line --index 1 --partial 'irq 24 nic-rx, count 42'
	assert_line --index 2 --partial 'irq 31 nic-tx, count 7'
}

@test "msi show: the MSI-X table, joined with Linux' numbers" {
	msix_device
	on -s $dev msi show
	assert_exit 0
	assert_line --index 0 '0000:01:00.0 msix on, vectors 3, table BAR0+0x100, pending BAR0+0x200'
	assert_line --index 1 'vector 0     0xfee01000 <- 0x4021, irq 24 nic-rx, other, count 42, CPU 0'
	assert_line --index 2 'vector 2     0x1fee02000 <- 0x4022, masked, pending, irq 31 nic-tx, count 7, CPU 2'
	[ "${#lines[@]}" -eq 3 ]
	on -s $dev msi show 1
	assert_line --index 1 'vector 1     0x00000000 <- 0x0000, masked'
	[ "${#lines[@]}" -eq 2 ]
	on -s $dev msi show -j
	assert_json '.vectors | length' 3
	assert_json '.vectors[0].per_cpu | map("\(.cpu):\(.count)") | join(" ")' '0:10 2:32'
	assert_json '.vectors[0].affinity' 0-3
	assert_json '.vectors[1].linux_irq' null
	assert_json .irqs_by hwirq
	on -s $dev msi show 0 3
	assert_exit 6
	assert_err 'there is no vector 3; it has 0 to 2'
}

@test "msi show: numbers by their order where the kernel does not tell, past entries without a message" {
	msix_device
	rm "$SYSROOT"/sys/kernel/irq/*/hwirq
	on -s $dev msi show -j
	assert_exit 0
	assert_json .irqs_by order
	assert_json '.vectors | map(.linux_irq) | map(tostring) | join(" ")' '24 null 31'
	# a number that contradicts the table is not believed
	fake_irq $dev msix 24 524289 0 0-3
	fake_irq $dev msix 31 524290 2 2,3
	on -s $dev msi show -j
	assert_json .irqs_by order
	assert_json '.vectors | map(.linux_irq) | map(tostring) | join(" ")' '24 null 31'
}

@test "msi show: a table that cannot be read is said, and Linux' side is there" {
	msix_device
	fake_config $dev 4 16 0
	on -s $dev msi show
	assert_exit 0
	assert_line --partial 'messages unknown: 0000:01:00.0: BAR 0: memory decoding is off'
	assert_line 'vector 0     not readable, irq 24 nic-rx, other, count 42, CPU 0'
	on -s $dev msi show -j
	assert_json '.vectors[2].linux_irq' 31
	assert_json '.vectors[2].masked_reason' 'not readable'
	fake_config $dev 4 16 6
	fake_config $dev 0x44 32 0xff8
	on -s $dev msi show
	assert_exit 0
	assert_line --partial 'the MSI-X table is said to lie outside of BAR 0'
	fake_config $dev 0x44 32 0x105
	on -s $dev msi show
	assert_exit 0
	assert_line --partial 'the device has no BAR 5'
	# beside a driver: only looks
	fake_config $dev 0x44 32 0x100
	fake_driver $dev nic
	on -s $dev msi show
	assert_line --partial '0xfee01000 <- 0x4021'
	# asleep: not woken
	fake_config $dev 0x40 16 0x5011
	fake_capability $dev 0x50 0x01 0
	fake_config $dev 0x54 16 3
	on -s $dev msi show
	assert_exit 0
	assert_line --partial 'not in D0'
}

@test "msi show: where a capability is cut off the next one is not read as its registers" {
	msix_device
	# the table would be where Power Management says, the pending bits too
	fake_config $dev 0x40 16 0x4411
	fake_capability $dev 0x44 0x01 0
	on -s $dev msi show -j
	assert_exit 0
	assert_json .table null
	assert_json .table_reason 'the capability is cut off'
	assert_json '.vectors[0].address_reason' 'the capability is cut off'
	assert_json '.vectors[0].linux_irq' 24
	on -s $dev info -j
	assert_json .interrupts.msix null
	# MSI of 64 bits with masks: all but its first two registers would be another's
	fake_config $dev 0x40 16 0x4805
	fake_config $dev 0x42 16 0x0181
	fake_config $dev 0x44 32 0xfee01000
	fake_capability $dev 0x48 0x01 0
	on -s $dev msi show -j
	assert_exit 0
	assert_json '.vectors[0].address' null
	assert_json '.vectors[0].data' null
	assert_json '.vectors[0].masked_reason' 'the capability is cut off'
}

@test "msi show: where Power Management is cut off no power state is read from the next capability" {
	msix_device
	fake_config $dev 0x40 16 0x5011
	fake_capability $dev 0x50 0x01 0x54
	fake_capability $dev 0x54 0x03 0
	on -s $dev msi show
	assert_line --index 1 --partial '0xfee01000 <- 0x4021'
	on -s $dev info -j
	assert_json .pmcsr_state_reason 'the capability is cut off'
}

@test "msi show: without root the kernel's numbers remain" {
	msix_device
	truncate -s 64 "$SYSROOT/sys/bus/pci/devices/$dev/config"
	on -s $dev msi show
	assert_exit 0
	assert_line --index 0 '0000:01:00.0 msix, vectors 2'
	assert_line --partial 'needs root'
	assert_line 'vector 0     needs root, irq 24 nic-rx, other, count 42, CPU 0'
	on -s $dev msi show -j
	assert_json .enabled null
	assert_json .enabled_reason 'needs root'
	rm -r "$SYSROOT/sys/bus/pci/devices/$dev/msi_irqs"
	on -s $dev msi show
	assert_exit 4
}

@test "msi show: MSI's registers" {
	one_port
	fake_config $dev 0x34 8 0x50
	fake_capability $dev 0x50 0x05 0
	fake_config $dev 0x52 16 0x0195 # on, 4 possible, 2 given, 64-bit, maskable
	fake_config $dev 0x52 16 0x0195
	fake_config $dev 0x54 32 0xfee00000
	fake_config $dev 0x58 32 0
	fake_config $dev 0x5c 16 0x0040
	fake_config $dev 0x60 32 2
	fake_config $dev 0x64 32 1
	fake_irq $dev msi 40 100 0 0
	fake_irq $dev msi 41 101 0 0
	rm -f "$SYSROOT"/sys/kernel/irq/*/hwirq
	on -s $dev msi show
	assert_exit 0
	assert_line --index 0 '0000:01:00.0 msi on, vectors 2 of 4'
	assert_line 'vector 0     0xfee00000 <- 0x0040, pending, irq 40 not given by the kernel, CPU 0'
	assert_line 'vector 1     0xfee00000 <- 0x0041, masked, irq 41 not given by the kernel, CPU 0'
	# 32 bits, no mask
	fake_config $dev 0x52 16 0x0001
	fake_config $dev 0x58 16 0x0050
	printf '    CPU0\n' >"$SYSROOT/proc/interrupts"
	on -s $dev msi show -j
	assert_json '.vectors[0] | [.address, .data, .masked_reason, .action_reason] | join(" ")' \
		'0xfee00000 0x0050 not maskable not handled'
}

@test "msi show: neither, and a device that is gone" {
	one_port
	on -s $dev msi show
	assert_exit 6
	assert_err 'neither MSI nor MSI-X'
	fake_config $dev 0 32 0xffffffff
	fake_config $dev 8 32 0xffffffff
	on -s $dev msi show
	assert_exit 5
}

@test "msi show: a table that reads all ones is no table" {
	msix_device
	put 0x110 0xffffffff 0xffffffff 0xffffffff 0xffffffff
	on -s $dev msi show -v
	assert_exit 0
	assert_line --regexp '^vector 1 +reads all ones'
	refute_output --partial ffffffff
	on -s $dev msi show -j
	assert_json '.vectors[1] | [.address, .data, .masked, .pending, .address_reason] | tojson' \
		'[null,null,null,null,"reads all ones"]'
}
