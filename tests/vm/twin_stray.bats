#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
#
# By twins, on a real kernel: an engine that writes past its ring, says that it is where it cannot be, does not stop, answers slowly,
# or dies in the middle of something. Behind an IOMMU: twin_stray_vfio.bats.
#
# twin: stray --config tests/vm/twins/stray.config --map tests/vm/twins/stray.map --model tests/vm/twins/stray.lua
# twin: waited --config tests/vm/twins/stray.config --map tests/vm/twins/stray.map --model tests/vm/twins/stray.lua
# twin: captured --config tests/vm/twins/stray.config --map tests/vm/twins/stray.map --model tests/vm/twins/stray.lua
# twin: restored --config tests/vm/twins/stray.config --map tests/vm/twins/stray.map --model tests/vm/twins/stray.lua
# twin: reloaded --config tests/vm/twins/stray.config --map tests/vm/twins/stray.map --model tests/vm/twins/stray.lua
# qemu-at-least: 10.1
# usually: 6.1 newest

load ../lib/common
load ../lib/guest
load ../lib/twin
load ../lib/stray

ready() {
	setpci -s "$PCIETOOL_DEVICE" COMMAND=6:6
}

take() {
	pcietool driver bind
	setpci -s "$PCIETOOL_DEVICE" COMMAND=6:6
	pcietool irq enable --type msi
}

grows() { # REGISTER FROM
	(($(pcietool regs read "$1") > $2))
}

@test "an engine that writes past its ring: what lies behind it tells, and nothing else was touched" {
	take
	# the ring is the first half, and what lies behind it the second
	pcietool dma alloc --name both 128k
	pcietool dma fill both+64k+64k --pattern prbs31 --seed 5
	pcietool regs write RING=@both SIZE=0x10000 TAIL=0xf000 CTRL=1
	until_true grows WROTE 13
	pcietool regs write TAIL=0x8000
	until_true grows WROTE 22
	# a turn of a good one
	run_tool dma verify both+64k+64k --pattern prbs31 --seed 5
	assert_exit 0
	pcietool regs write BEYOND=64 TAIL=0x7000
	until_true grows WROTE 30
	run_tool dma verify both+64k+64k --pattern prbs31 --seed 5
	assert_exit 8
	assert_err 'both+0x10000 is 0xee'
	assert_err 'of 64 bytes that differ'
	pcietool regs write CTRL=0
	pcietool regs write BEYOND=0
}

@test "an engine whose head is where it cannot be: 1, and it says where" {
	take
	pcietool regs write JUMP=0x20000
	run_tool dma capture --recipe "$recipe" --size 256k -o out
	assert_exit 1
	assert_err "past the end of a ring of 65536"
	pcietool regs write JUMP=0
}

@test "slow answers during a capture: all that it sent, only later" {
	take
	run_tool dma capture --recipe "$recipe" --start SLOW=20 --size 256k -o out
	assert_exit 0
	counts out 262144
}

@test "slow answers during a reload: it comes back as it was" {
	before=$(pcietool config read EXP.DEVCTL)
	pcietool regs write SLOW=20
	run_tool reload --timeout 60s -- true
	assert_exit 0
	run_tool config read EXP.DEVCTL
	assert_output "$before"
}

@test "an engine that has no stop: it is no bus master, and its memory is nobody's until it is reset" {
	take
	grep -v -- --stop "$recipe" >endless.recipe
	run_tool dma capture --recipe endless.recipe --size 256k -o out
	assert_exit 0
	counts out 262144
	# deaf, it minds no reader
	pcietool regs write CTRL=2
	# it goes on, and nothing arrives
	local wrote
	wrote=$(pcietool regs read WROTE)
	until_true grows REFUSED $(($(pcietool regs read REFUSED) + 20))
	run_tool regs read WROTE
	assert_output "$wrote"
	run_tool dma list -j
	assert_json .held.buffers 1
	# a bus master again: it writes into what was held back for it, and into no other
	pcietool dma alloc --name other 1M
	pcietool dma fill other --pattern prbs31 --seed 9
	setpci -s "$PCIETOOL_DEVICE" COMMAND=4:4
	until_true grows WROTE "$wrote"
	run_tool dma verify other --pattern prbs31 --seed 9
	assert_exit 0
	pcietool reset
	run_tool dma list -j
	assert_json .held.buffers 0
	setpci -s "$PCIETOOL_DEVICE" COMMAND=6:6
	run_tool regs read WROTE
	assert_output 0x00000000
}

# held: how many buffers are nobody's but the device's
held() {
	pcietool dma list -j | jq .held.buffers
}

@test "an engine that stops, as --stopped says: its memory is given back" {
	take
	run_tool dma capture --recipe "$recipe" --size 256k -o out
	assert_exit 0
	refute_err 'nothing says'
	assert_equal "$(held)" 0
}

@test "an engine that does not mind its --stop: its memory is nobody's, with --stopped and without" {
	local used
	grep -v -- --stopped "$recipe" >word.recipe
	for used in word.recipe "$recipe"; do
		take
		run_tool dma capture --recipe "$used" --start CTRL=3 --size 256k -o out
		assert_exit 0
		counts out 262144
		assert_err 'nothing says that its engine has stopped: 65536 bytes'
		assert_err "pcietool -s $PCIETOOL_DEVICE reset"
		assert_equal "$(held)" 1
		# a bus master again: it writes into what was held back for it, and into no other
		pcietool dma alloc --name other 1M
		pcietool dma fill other --pattern prbs31 --seed 9
		local wrote
		wrote=$(pcietool regs read WROTE)
		setpci -s "$PCIETOOL_DEVICE" COMMAND=4:4
		until_true grows WROTE $((wrote + 20))
		run_tool dma verify other --pattern prbs31 --seed 9
		assert_exit 0
		setpci -s "$PCIETOOL_DEVICE" COMMAND=0:4
		pcietool reset
		assert_equal "$(held)" 0
		pcietool driver release
	done
}

@test "it dies while a register is waited for: 5" {
	choose 1
	pcietool regs write FATE=1
	run_tool regs wait WROTE==5 --timeout 60s
	assert_exit 5
	assert_err 'does not answer'
	run_tool regs read WROTE
	assert_exit 5
}

@test "it dies in the middle of a capture: 5, what came before is in the file, and it can be released" {
	choose 2
	take
	run_tool dma capture --recipe "$recipe" --start FATE=1 --size 1G -o out
	assert_exit 5
	assert_err 'does not answer'
	local size
	size=$(stat -c %s out)
	((size > 0))
	counts out "$size"
	run_tool driver release
	assert_exit 0
	run_tool driver status
	assert_output --partial none
}

@test "it dies while its config space is restored, slowly: 5" {
	choose 3
	pcietool config save -o saved
	pcietool config write EXP.DEVCTL=0:0x10
	pcietool regs write FATE=2
	run_tool config restore saved
	assert_exit 5
	assert_err 'does not answer'
}

@test "it dies while it is reloaded: 7, and the port is as before" {
	choose 4
	local port control
	port=$(basename "$(dirname "$(realpath "/sys/bus/pci/devices/$PCIETOOL_DEVICE")")")
	control=$(setpci -s "$port" COMMAND CAP_EXP+8.w)
	pcietool regs write FATE=1
	run_tool reload --timeout 2s -- sleep 1
	assert_exit 7
	assert_err 'it did not come back'
	[[ ! -e /sys/bus/pci/devices/$PCIETOOL_DEVICE ]]
	assert_equal "$(setpci -s "$port" COMMAND CAP_EXP+8.w)" "$control"
}
