#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
#
# The test machine itself: what the other scenarios stand on.
#
# qemu: -device edu
# disk: 64M
# usually: 6.1 6.12 newest

load ../lib/common
load ../lib/guest

setup() {
	edu=$(bdf_of 1234:11e8)
	BAR=/sys/bus/pci/devices/$edu/resource0
}

# One 32-bit access to edu's BAR: no tool of the project, as this tests the machine.
peek() {
	devmem "$(printf '0x%x' $(($(bar_base "$edu" 0) + $1)))" 32
}

devmem() {
	busybox devmem "$@"
}

@test "the kernel is the one that was asked for" {
	# a word that is no number, such as newest, is the kernel that its folder has
	assert_equal "$(uname -r)" "$(<"$TOP/build/vm/$VM_KERNEL/release")"
	[[ ! $VM_KERNEL =~ ^[0-9]+\. || $(uname -r) == "$VM_KERNEL"[.+-]* ]]
}

@test "the host's files are there and writing to them stays in the guest" {
	[ -e "$TOP/tests/vm/machine.bats" ]
	touch "$TOP/only-in-the-guest"
	[ -e "$TOP/only-in-the-guest" ]
}

@test "modprobe finds the kernel's own modules" {
	modprobe virtio_blk
	[ -b /dev/vda ]
}

@test "ext4 works on the scratch disk" {
	modprobe -a virtio_blk ext4
	mkfs.ext4 -q -F /dev/vda
	mount /dev/vda /mnt
	dd if=/dev/zero of=/mnt/f bs=64k count=4 oflag=direct status=none
	[ "$(stat -c %s /mnt/f)" -eq 262144 ]
	umount /mnt
}

@test "edu is there, with a BAR of 1 MiB" {
	[ -e "$BAR" ]
	[ "$(stat -c %s "$BAR")" -eq $((1 << 20)) ]
}

@test "the first slots of the bus belong to the scenario" {
	[ "$edu" = 0000:00:01.0 ]
}

@test "edu answers" {
	setpci -s "$edu" COMMAND=2:2
	[ "$(peek 0)" = 0x010000ED ]
}

@test "the monitor answers from inside the guest" {
	run hmp 'info version'
	assert_success
	assert_output --partial "$VM_QEMU"
	[[ $VM_QEMU =~ ^[0-9]+\.[0-9]+ ]]
	run hmp 'no-such-thing "quoted"'
	assert_failure
}

@test "QEMU's trace shows one line for each access, with its width" {
	setpci -s "$edu" COMMAND=2:2
	base=$(bar_base "$edu" 0)
	trace_on
	peek 0
	devmem "$(printf '0x%x' $((base + 4)))" 32 0x12345678
	peek 4
	trace_off
	peek 0
	run trace_lines edu-mmio "$base"
	assert_output "read 0x0 4 0x10000ed
write 0x4 4 0x12345678
read 0x4 4 0xedcba987"
}

@test "the loopback interface is up" {
	[[ $(cat /sys/class/net/lo/operstate) != down ]]
	ip addr show lo 2>/dev/null || busybox ip addr show lo
}
