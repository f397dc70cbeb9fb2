#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
#
# A twin over VFIO, its memory mapped by the guest's IOMMU.
#
# qemu: -device intel-iommu,intremap=on,caching-mode=on
# append: intel_iommu=on
# twin: stream --config examples/twins/stream.config --map examples/twins/stream.map --bar 4=4k --model examples/twins/stream.lua
# qemu-at-least: 10.1
# usually: newest

load ../lib/common
load ../lib/guest
load ../lib/twin

@test "a streaming engine over VFIO, behind an IOMMU" {
	export PCIETOOL_DEVICE=1234:5013 PCIETOOL_MAP=$TOP/examples/twins/stream.map
	pcietool driver bind --to vfio --mask 32
	run_tool dma capture --recipe "$TOP/examples/twins/stream.recipe" --size 1M -o "$BATS_TEST_TMPDIR/out"
	assert_exit 0
	counts "$BATS_TEST_TMPDIR/out" 1048576
	pcietool driver release
}
