#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
#
# The kernel resets a function that the helper has while its interrupts are enabled and disabled: what the kernel puts
# back is what is there.
#
# qemu: -device pcie-root-port,id=rp1,chassis=1,slot=1 -device edu,bus=rp1
# cpus: 2
# usually: 6.1 6.12 newest
# also: debug

# shellcheck disable=SC2154 # bats sets output
load ../lib/common

@test "interrupts are enabled and disabled between resets, not within" {
	edu=$(bdf_of 1234:11e8)
	pcietool -s "$edu" driver bind
	run timeout 200 "$BUILD/tests/vm/reset_race" "/dev/pcietool/$edu" "/sys/bus/pci/devices/$edu"
	echo "$output"
	refute_line --partial 'not ok'
	assert_line 1..4
	assert_success
	pcietool -s "$edu" driver release
}
