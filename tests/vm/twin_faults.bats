#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
#
# By twins, on a real kernel: the most that a device may have, and devices that answer ones, or slowly, while they are used. One
# that dies: twin_stray.bats.
#
# twin: vectors --config tests/vm/twins/vectors.config --map tests/vm/twins/vectors.map --bar 4=64k --model tests/vm/twins/vectors.lua
# twin: far --config tests/vm/twins/far.config --bar 0=8G
# twin: moody --config tests/vm/twins/moody.config --map tests/vm/twins/moody.map --model tests/vm/twins/moody.lua
# twin: mute --config tests/vm/twins/mute.config --map tests/vm/twins/mute.map --model tests/vm/twins/mute.lua
# qemu: -device edu,addr=0x10
# qemu-at-least: 10.1
# usually: 6.1 newest

load ../lib/common
load ../lib/guest

TWINS=$TOP/tests/vm/twins

@test "2,048 vectors of MSI-X: the table, and the last ones that the kernel gives" {
	export PCIETOOL_DEVICE=1234:5031 PCIETOOL_MAP=$TWINS/vectors.map
	pcietool config write COMMAND=6:6
	run_tool msi show -j
	assert_exit 0
	assert_json .vector_count 2048
	output=$(jq -c '[.vectors[-1].vector, .vectors[-1].masked]' <<<"$output")
	assert_output '[2047,true]'
	pcietool driver bind
	# one CPU has some 200 vectors for all of its devices
	run_tool irq enable --type msix --vectors 2048
	assert_exit 6
	assert_err 'does not give it 2048 MSI-X vectors'
	run_tool irq enable --type msix --vectors 100
	assert_exit 0
	pcietool regs write FIRE=99
	run_tool irq wait --vector 99 --since 0 --timeout 20s
	assert_output 1
	run_tool irq list -j
	assert_json '[.vectors[] | select(.count > 0) | .vector] | tojson' '[99]'
	pcietool driver release
}

@test "a BAR of 8 GiB above 4 GiB, read and written far up in it" {
	export PCIETOOL_DEVICE=1234:5032
	run_tool bar list -j
	assert_exit 0
	assert_json '.devices[0].resources[0].size' $((8 << 30))
	(($(bar_base "$(bdf_of 1234:5032)" 0) >= 1 << 32))
	pcietool config write COMMAND=2:2
	run_tool regs test 0x1fffff000+4k
	assert_exit 0
	pcietool regs write 0x1fffffffc=0x12345678
	run_tool regs read 0x1fffffffc 0x0
	assert_output '0x12345678
0x00000000'
	run_tool regs read 0x200000000
	assert_exit 2
}

@test "VPD that never answers, and VPD that is damaged" {
	run_tool -d 1234:5032 info --vpd-decode
	assert_exit 1
	assert_err 'Vital Product Data cannot be read'
	run_tool -d 1234:5033 info --vpd-decode
	assert_exit 8
}

answers() {
	[[ $(pcietool -q regs read ID 2>/dev/null) == 0x12345678 ]]
}

@test "a device that answers ones while it is waited for is gone, and is there again" {
	export PCIETOOL_DEVICE=1234:5033 PCIETOOL_MAP=$TWINS/moody.map
	pcietool config write COMMAND=2:2
	pcietool regs write MOOD=1
	run_tool regs wait BUSY==0 --timeout 60s
	assert_exit 5
	until_true answers
}

@test "a device that answers ones while a capture waits for it: 5, and its memory stays held back until it is reset" {
	export PCIETOOL_DEVICE=1234:5033 PCIETOOL_MAP=$TWINS/moody.map
	pcietool driver bind
	pcietool config write COMMAND=6:6
	run_tool dma capture --block 64k --blocks 1 --start MOOD=1 --done BUSY==0 --size 64k -o "$BATS_TEST_TMPDIR/out"
	assert_exit 5
	assert_err 'does not answer'
	# it could not be stopped, and is a bus master again
	until_true answers
	run_tool dma list -j
	assert_json '.buffers | length' 0
	assert_json .held.buffers 1
	pcietool reset
	run_tool dma list -j
	assert_json .held.buffers 0
	pcietool driver release
}

is_ones() {
	[[ $(setpci -s "$(bdf_of 1234:5033)" VENDOR_ID) == ffff ]]
}

@test "a device that answers ones when its memory is to be freed: 5, and no word of bus mastering" {
	export PCIETOOL_DEVICE=1234:5033 PCIETOOL_MAP=$TWINS/moody.map
	pcietool driver bind
	pcietool config write COMMAND=2:6
	pcietool dma alloc --name rx 4k
	pcietool regs write MOOD=1
	until_true is_ones
	run_tool -D dma free rx
	assert_exit 5
	assert_err 'does not answer'
	run_tool -D dma free --all --idle
	assert_exit 5
	until_true answers
	run_tool -D dma free rx
	assert_exit 0
	pcietool driver release --idle
}

@test "a device that answers ones while its config space is restored: 5, and nothing of it was written" {
	export PCIETOOL_DEVICE=1234:5033 PCIETOOL_MAP=$TWINS/moody.map
	pcietool config write COMMAND=2:2
	pcietool config save -o "$BATS_TEST_TMPDIR/saved"
	before=$(pcietool config read EXP.DEVCTL)
	pcietool config write EXP.DEVCTL=0:0x10
	changed=$(pcietool config read EXP.DEVCTL)
	[[ $before != "$changed" ]]
	pcietool regs write MOOD=3
	run_tool config restore "$BATS_TEST_TMPDIR/saved"
	assert_exit 5
	assert_err 'does not answer'
	until_true answers
	run_tool config read EXP.DEVCTL
	assert_output "$changed"
	run_tool config restore "$BATS_TEST_TMPDIR/saved"
	assert_exit 0
	run_tool config read EXP.DEVCTL
	assert_output "$before"
}

# port_of VENDOR:DEVICE
port_of() {
	basename "$(dirname "$(realpath "/sys/bus/pci/devices/$(bdf_of "$1")")")"
}

is_found() {
	pcietool rescan >/dev/null
	pcietool -q list -d 1234:5033 2>/dev/null | grep -q .
}

@test "a device that answers ones when a reload looks for it: waited for, or 7" {
	local port
	port=$(port_of 1234:5033)
	export PCIETOOL_DEVICE=1234:5033 PCIETOOL_MAP=$TWINS/moody.map
	pcietool config write COMMAND=2:2
	pcietool regs write MOOD=1
	run_tool reload --timeout 60s -- sleep 1
	assert_exit 0
	pcietool config write COMMAND=2:2
	pcietool regs write MOOD=1
	run_tool reload --timeout 0s -- sleep 1
	assert_exit 7
	assert_err 'it did not come back'
	until_true is_found
	# the port has its errors back
	((0x$(setpci -s "$port" COMMAND) & 0x100))
}

@test "Max_Payload_Size: packets that the port above does not take, and packets that the device does not take" {
	local port
	port=$(port_of 1234:5033)
	export PCIETOOL_DEVICE=1234:5033
	run_tool check
	refute_output --partial 'bytes in a packet'
	pcietool config write EXP.DEVCTL.MPS=256
	run_tool check
	assert_exit 8
	assert_output --partial "it may send 256 bytes in a packet, $port above it takes 128"
	# more than DEVCAP has, which is 512
	pcietool config write EXP.DEVCTL.MPS=1024
	run_tool check -j
	assert_exit 8
	assert_output --partial 'mps-own'
	pcietool config write EXP.DEVCTL.MPS=128
}

@test "a device that is slow is waited for, and times out" {
	export PCIETOOL_DEVICE=1234:5033 PCIETOOL_MAP=$TWINS/moody.map
	pcietool config write COMMAND=2:2
	pcietool regs write MOOD=2
	run_tool regs wait BUSY==0 --timeout 3s
	assert_exit 7
	run_tool regs read ID
	assert_output 0x12345678
}

# on the line of mute's port, which is the fourth (PCI-to-PCI Bridge Architecture 1.2, section 9.1: the pins rotate by four)
edu() {
	pcietool -s 00:10.0 "$@"
}

@test "INTx that its Interrupt Status never shows is masked, and a neighbour on the line goes on" {
	export PCIETOOL_DEVICE=1234:5034 PCIETOOL_MAP=$TWINS/mute.map
	# the first that is bound is the first suspect
	edu driver bind
	pcietool driver bind
	edu irq enable --type intx
	run_tool irq enable --type intx
	assert_exit 0
	run_tool irq list -j
	assert_json .unclaimed null
	assert_json '.vectors[0].linux_irq' "$(edu irq list -j | jq '.vectors[0].linux_irq')"
	pcietool regs write LINE=1
	run_tool irq wait --since 0 --timeout 60s
	assert_exit 1
	assert_err 'asserted 1200 times'
	assert_err 'PCI Status, bit 3'
	assert_err 'irq enable --type msi'
	run_tool irq list -j
	assert_json .unclaimed 1200
	assert_err 'asserted 1200 times'
	# it stays so, also by a second wait
	run_tool irq wait --timeout 0s
	assert_exit 1
	run_tool config read COMMAND
	((output & 0x400))
	run_tool -s 00:10.0 irq list -j
	assert_json .unclaimed null
	edu --map "$TOP/examples/edu.map" regs write IRQ_RAISE=1
	run_tool -s 00:10.0 irq wait --since 0 --timeout 60s
	assert_output 1
	edu --map "$TOP/examples/edu.map" regs write IRQ_ACK=1

	# it is asserted before it is enabled
	pcietool irq disable
	run_tool irq enable --type intx
	assert_exit 1
	assert_err 'asserted 1200 times'
	run_tool irq list -j
	assert_json .type none
	run dmesg
	refute_output --partial 'nobody cared'

	# what helps: MSI, or the bit
	pcietool -q config write COMMAND=4:4
	pcietool irq enable --type msi
	pcietool regs write LINE=1
	run_tool irq wait --since 0 --timeout 60s
	assert_output 1
	pcietool irq disable
	pcietool regs write LINE=0 HONEST=1
	pcietool irq enable --type intx
	pcietool regs write LINE=1
	run_tool irq wait --since 0 --timeout 60s
	assert_output 1
	pcietool regs write LINE=0
	pcietool driver release
	edu driver release
}
