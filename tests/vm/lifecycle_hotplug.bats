#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
#
# A new image below a port whose hot-plug driver watches the link too.
#
# qemu: -device pcie-root-port,id=rp1,chassis=1,slot=1 -device edu,id=below,bus=rp1
# qemu: -device pcie-root-port,id=rp2,chassis=2,slot=2,power_controller_present=off -device pci-testdev,bus=rp2
# qemu: -global ICH9-LPC.acpi-pci-hotplug-with-bridge-support=off
# append: pcie_ports=native
# usually: 6.12
# also: debug

# shellcheck disable=SC2154 # bats sets stderr
load ../lib/common
load ../lib/guest

setup() {
	edu=$(bdf_of 1234:11e8)
	port=$(basename "$(dirname "$(realpath "/sys/bus/pci/devices/$edu")")")
}

# pull ID: out of the slot, as somebody who presses its button; returns once it is out.
pull() {
	hmp "device_del $1"
	for ((left = 200; left > 0; left--)); do
		[[ $(hmp 'info pci') != *1234:11e8* ]] && return
		sleep 0.1
	done
	return 1
}
export -f pull hmp qmp qmp_once

@test "the port's hot-plug driver is there" {
	compgen -G "/sys/bus/pci_express/drivers/pciehp/$port:*"
}

@test "reload: the hot-plug driver has found it already" {
	pcietool -s "$edu" driver bind
	run_tool -s "$edu" reload --json --timeout 20s -- bash -c \
		"pull below; hmp 'device_add edu,id=new,bus=rp1'; for ((i = 0; i < 200; i++)); do
		[ -e /sys/bus/pci/devices/$edu ] && break; sleep 0.1; done; [ -e /sys/bus/pci/devices/$edu ]"
	assert_exit 0
	assert_json '[.steps[].result] | unique | join(" ")' 'done'
	assert_equal "$(basename "$(readlink "/sys/bus/pci/devices/$edu/driver")")" pcietool
	pcietool -s "$edu" driver release
}

@test "reload: it has not yet" {
	run_tool -s "$edu" reload --json --timeout 20s -- bash -c "pull new; hmp 'device_add edu,id=newer,bus=rp1'"
	assert_exit 0
	assert_json '.differences | length' 0
	pcietool -s "$edu" config write COMMAND=2:2
	run_tool -s "$edu" regs read 0
	assert_output 0x010000ed
}

@test "reload: while the command runs the hot-plug driver is not told of the link, as it would cut the power" {
	local before
	# Presence Detect Changed Enable, which the driver leaves off where the slot has a button, as QEMU's has
	setpci -s "$port" CAP_EXP+18.w=8:8
	before=$(setpci -s "$port" CAP_EXP+18.w)
	[[ $((0x$before & 0x1008)) -ne 0 ]]
	run_tool -s "$edu" reload -- setpci -s "$port" CAP_EXP+18.w
	assert_exit 0
	assert_line "$(printf '%04x' $((0x$before & ~0x1008)))"
	assert_equal "$(setpci -s "$port" CAP_EXP+18.w)" "$before"
	assert_equal "$((0x$(setpci -s "$port" CAP_EXP+1a.w) & 0x108))" 0
}

@test "a capture keeps what is above its device: removal and power off are refused, unless forced" {
	local capture slot left status=0
	slot=$(pcietool slot show -s "$edu" --json | jq -r '.slots[0].slot')
	pcietool -s "$edu" driver bind
	pcietool -s "$edu" config write COMMAND=6:6
	pcietool -s "$edu" -q dma capture -o /dev/null --block 2k --done '0x0==1' --each 0x4=0 2>/dev/null 3>&- &
	capture=$!
	for ((left = 200; left > 0; left--)); do
		[[ $(pcietool -s "$edu" driver status -j | jq .helper.capturing) == true ]] && break
		sleep 0.1
	done
	for command in "-s $port remove" "-s $port remove --dry-run" "-s $port slot power off" "-s slot:$slot slot power off" "-s $edu remove"; do
		# shellcheck disable=SC2086 # several words
		run_tool $command
		assert_exit 4
		assert_err "$edu: a capture runs on the device"
	done
	[ -e "/sys/bus/pci/devices/$edu" ]
	kill -0 "$capture"
	run_tool -f -s "$port" remove
	assert_exit 0
	wait "$capture" || status=$?
	assert_equal "$status" 5
	run_tool rescan
	assert_exit 0
	[ -e "/sys/bus/pci/devices/$edu" ]
}

@test "slot power: what is so already is done; a slot without a power controller keeps its power" {
	local card slot
	card=$(bdf_of 1b36:0005)
	slot=$(pcietool slot show -s "$card" --json | jq -r '.slots[0].slot')
	run_tool -s "$card" slot power on
	assert_exit 0
	run_tool -s "$card" slot power off
	assert_exit 8
	assert_err "slot $slot: no device is in it any more for the kernel, but its power is on all the same"
	[ ! -e "/sys/bus/pci/devices/$card" ]
	run_tool -s "slot:$slot" slot power off
	assert_exit 8
	# the hint helps
	run_tool -s "slot:$slot" slot power on
	assert_exit 0
	[ -e "/sys/bus/pci/devices/$card" ]
}

@test "slot: card, power and LED through the hot-plug driver; without power the card is gone" {
	local slot
	slot=$(pcietool slot show -s "$edu" --json | jq -r '.slots[0].slot')
	run_tool -s "slot:$slot" slot show
	assert_exit 0
	assert_output --partial "slot $slot: $edu, below $port, card present, power on, "
	run_tool -s "slot:$slot" slot led blink
	assert_exit 0
	run_tool -s "$port" config read --names EXP.SLTCTL.ATTENTION_INDICATOR
	assert_output blink
	run_tool -s "slot:$slot" slot show
	assert_output --partial ', attention blink'
	run_tool -s "$edu" slot power off
	assert_exit 0
	[ ! -e "/sys/bus/pci/devices/$edu" ]
	run_tool -s "slot:$slot" slot show
	assert_exit 0
	assert_output --partial ', power off, '
	run_tool -s "slot:$slot" slot power off
	assert_exit 0
	run_tool -s "$port" config read --names EXP.SLTCTL.POWER
	assert_output off
}
