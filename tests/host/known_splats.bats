#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
#
# What tests/lib/known-splats.awk takes out of a kernel's log, and what it leaves in.

# shellcheck disable=SC2154 # bats sets output
load ../lib/common

# splats RELEASE: the log on standard input, without what is known in that kernel.
splats() {
	cat >"$BATS_TEST_TMPDIR/log"
	run awk -v release="$1" -f "$TOP/tests/lib/known-splats.awk" "$BATS_TEST_TMPDIR/log" "$BATS_TEST_TMPDIR/log"
	assert_success
}

# Lines that a kernel might write, with FUNCTION in the trace.
lock_held() { # FUNCTION
	printf '[ 1.%d] %s\n' 0 'before' 1 'WARNING: lock held when returning to user space!' 2 '6.12.117 #1 Not tainted' \
		3 '------------' 4 'bash/77 is leaving the kernel with locks still held!' 5 '2 locks held by bash/77:' \
		6 " #0: ffff8880 (&q->q_lockdep_map){++++}-{0:0}, at: $1+0x10/0x20" \
		6 " #1: ffff8881 (&q->q_lockdep_map){++++}-{0:0}, at: $1+0x20/0x20" 7 'after'
}

circle() { # FUNCTION
	printf '[ 1.%d] %s\n' 0 'before' 1 'WARNING: possible circular locking dependency detected' 2 'bash/77 is trying to lock' \
		3 'Call Trace:' 4 ' <TASK>' 5 " $1+0x10/0x20" 6 ' </TASK>' 7 'after'
}

pending() {
	printf '[ 1.%d] %s\n' 1 'DMA-API: pcietool 0000:00:01.0: device driver has pending DMA allocations while released from device [count=1]' \
		2 'One of leaked entries details: [device address=0x100]' 3 'WARNING: CPU: 0 PID: 77 at kernel/dma/debug.c' \
		4 'DMA-API: Mapped at:' 5 ' debug_dma_map_phys' 6 ' pcietool_ioctl [pcietool]'
}

@test "what is known of a kernel is taken out and counted, what stands around it stays" {
	splats 6.12.117 < <(lock_held nvme_start_freeze && circle pciehp_configure_device)
	assert_output '[ 1.0] before
[ 1.7] after
[ 1.0] before
[ 1.7] after
known: nvme_start_freeze, 1
known: pciehp_configure_device, 1'
	for release in 6.1.176 7.3.4; do
		splats "$release" < <(circle pciehp_configure_device)
		assert_output '[ 1.0] before
[ 1.7] after
known: pciehp_configure_device, 1'
	done
}

@test "in another kernel it is a splat" {
	splats 7.3.40 < <(circle pciehp_configure_device)
	assert_output "$(circle pciehp_configure_device)"
	splats 6.12.118 < <(lock_held nvme_start_freeze && circle pciehp_configure_device)
	assert_output "$(lock_held nvme_start_freeze && circle pciehp_configure_device)"
}

@test "another one of the same kind is a splat" {
	splats 6.12.117 < <(lock_held pt_ioctl && circle pt_ioctl)
	assert_output "$(lock_held pt_ioctl && circle pt_ioctl)"
}

@test "one that comes before the known one has ended is kept with its first line" {
	splats 6.12.117 < <(circle pt_ioctl | head -n 4 && lock_held nvme_start_freeze)
	assert_output "$(circle pt_ioctl | head -n 4)"'
[ 1.0] before
[ 1.7] after
known: nvme_start_freeze, 1'
}

@test "a leak is known only where the helper said that it keeps memory for ever" {
	splats 6.12.117 < <(pending)
	assert_output "$(pending)"
	splats 6.12.117 < <(echo 'pcietool 0000:00:01.0: 8192 bytes are kept for ever: the function has no reset' && pending)
	assert_output 'pcietool 0000:00:01.0: 8192 bytes are kept for ever: the function has no reset
known: pcietool, 1'
}
