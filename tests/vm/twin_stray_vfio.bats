#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
#
# The engine of twin_stray.bats over VFIO, behind an IOMMU: what it may not write to does not let it.
#
# qemu: -device intel-iommu,intremap=on,caching-mode=on
# append: intel_iommu=on
# twin: stray --config tests/vm/twins/stray.config --map tests/vm/twins/stray.map --model tests/vm/twins/stray.lua
# twin: captured --config tests/vm/twins/stray.config --map tests/vm/twins/stray.map --model tests/vm/twins/stray.lua
# qemu-at-least: 10.1
# usually: newest

load ../lib/common
load ../lib/guest
load ../lib/twin
load ../lib/stray

ready() {
	pcietool driver bind --to vfio --mask 32
}

@test "an engine that writes past its ring: the capture has all of it, and the rest was a fault" {
	run_tool dma capture --recipe "$recipe" --start BEYOND=64 --size 256k -o out
	assert_exit 0
	counts out 262144
	# just behind the ring
	local ring
	ring=$(sed -n 's/^W 0:0x0\/64 \(0x[0-9a-f]*\) RING.*/\1/p' /vmout/twin-stray.log | tail -n 1)
	printf '# DMA fault: writing 64 bytes at 0x%x: no memory of the guest\n' $((ring + 0x10000)) >fault
	grep -F "$(<fault)" /vmout/twin-stray.log
	# and nothing else was refused while it ran
	run ! grep -v "$(<fault)" <(grep '^# DMA fault: writing 64' /vmout/twin-stray.log)
}

@test "an engine that does not stop: nothing of what it writes afterwards arrives" {
	run_tool dma capture --recipe "$recipe" --start BEYOND=0 --start CTRL=3 --size 256k -o out
	assert_exit 0
	counts out 262144
	# the session's end has reset it
	pcietool session -- sh -c 'pcietool config write COMMAND=2:2; pcietool regs read WROTE' >wrote
	grep -x 0x00000000 wrote
}

@test "it dies in the middle of a capture: 5, and it can be released" {
	choose 1
	run_tool dma capture --recipe "$recipe" --start FATE=1 --size 1G -o out
	assert_exit 5
	counts out "$(stat -c %s out)"
	run_tool driver release
	assert_exit 0
}
