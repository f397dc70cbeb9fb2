#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Twins behind an IOMMU: an address in another one's BAR that the IOMMU does not map is a fault, as is memory that it does not map.
#
# qemu: -device intel-iommu,intremap=on,caching-mode=on
# append: intel_iommu=on
# twin: a --config tests/vm/twins/peer.config --map tests/vm/twins/peer.map --bar 2=64k --model tests/vm/twins/peer.lua
# twin: b --config tests/vm/twins/peer.config --map tests/vm/twins/peer.map --bar 2=64k --model tests/vm/twins/peer.lua
# qemu-at-least: 10.1
# usually: newest
# ignored: DMAR:

load ../lib/common
load ../lib/guest

@test "DMA to another's BAR is stopped by the IOMMU, which tells it; what it maps is reached" {
	export PCIETOOL_MAP=$TOP/tests/vm/twins/peer.map TOOL_TIMEOUT=60
	local first second base
	first=$(bdf_of 1234:5038 0)
	second=$(bdf_of 1234:5038 1)
	pcietool -s "$second" config write COMMAND=2:2
	pcietool -s "$first" driver bind --to vfio --mask 32
	base=$(printf "0x%x" "$(bar_base "$second" 2)")
	# shellcheck disable=SC2016 # the session's shell's
	run_tool -s "$first" session -- sh -c '
		pcietool config write COMMAND=6:6
		pcietool regs write TARGET='"$base"' PUT=0xcafe
		pcietool regs wait DONE!=0 --timeout 30s
		pcietool regs read DONE
		pcietool dma alloc --name rx 4k >/dev/null
		pcietool regs write DONE=0 TARGET=@rx PUT=0xcafe
		pcietool regs wait DONE!=0 --timeout 30s
		pcietool regs read DONE @rx'
	assert_exit 0
	assert_output '0x00000002
0x00000001
0x0000cafe'
	grep "DMA fault: writing 4 bytes at $base: no memory of the guest's\$" /vmout/twin-a.log
	dmesg | grep -i 'DMAR:.*fault addr'
	run_tool -s "$second" regs read 2:0
	assert_output 0x00000000
	pcietool -s "$first" driver release
}
