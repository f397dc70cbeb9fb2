#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
#
# The map of Intel's 82576, on QEMU's igb beside its driver: what the registers say is what the driver saw, and a dump disturbs
# none.
#
# qemu: -device igb,romfile=,netdev=net1 -netdev user,id=net1
# qemu-at-least: 8.0
# append: iomem=relaxed
# usually: newest

load ../lib/common
load ../lib/guest
load ../lib/ready_maps

setup() {
	dev=$(bdf_of 8086:10c9)
	modprobe igb
	until_true test -d "/sys/bus/pci/devices/$dev/net"
	link=$(basename "/sys/bus/pci/devices/$dev"/net/*)
	ip link set "$link" up
	until_true grep -q 1 "/sys/class/net/$link/carrier"
}

@test "its address, the link, and the rings that the driver made" {
	regs read STATUS.LU 'RAL[0]' 'RAH[0].RAH' 'RAH[0].AV' CTRL.SLU RCTL.EN TCTL.EN
	assert_equal "${lines[0]} ${lines[3]} ${lines[4]} ${lines[5]} ${lines[6]}" '0x1 0x1 0x1 0x1 0x1'
	IFS=: read -r -a mac <"/sys/class/net/$link/address"
	assert_equal "${lines[1]}" "0x${mac[3]}${mac[2]}${mac[1]}${mac[0]}"
	assert_equal "${lines[2]}" "0x${mac[5]}${mac[4]}"
	for way in rx tx; do
		letter=${way:0:1}
		letter=${letter^}
		queues=$(find "/sys/class/net/$link/queues" -name "$way-*" | wc -l)
		for ((n = 0; n < 16; n++)); do
			regs read "${way}[$n].${letter}XDCTL.ENABLE" "${way}[$n].${letter}DLEN"
			assert_equal "$((lines[0]))" $((n < queues))
			((n >= queues)) || [ "$((lines[1]))" -gt 0 ]
		done
	done
	# MSI-X, each vector that is allocated one that is enabled
	regs read GPIE.MULTI_MSIX EIMS 'IVAR[0].RXQ0_VALID' 'IVAR[0].RXQ0' IVAR_MISC.OTHER_VALID IVAR_MISC.OTHER
	assert_equal "${lines[0]} ${lines[2]} ${lines[4]}" '0x1 0x1 0x1'
	(((lines[1] >> lines[3] & 1) && (lines[1] >> lines[5] & 1)))
}

@test "a dump reads neither what the driver waits for nor its statistics, takes no semaphore, and the link goes on" {
	local left=5 others='^read 0x(4[0-2][0-9a-f]{2}|5b50|3554|1580|c[0-3][37bf]0|b[0-9a-f]{3}) '
	# the driver reads its statistics every two seconds, which may be in between; what a dump reads is in each one
	while ((left--)); do
		trace_on
		regs dump
		trace_off
		assert_output --partial 'rx[15].RXDCTL'
		assert_output --partial 'igb.IVAR[7]'
		run trace_lines igb-mmio "$(bar_base "$dev" 0)"
		grep -qE "$others" <<<"$output" || break
	done
	[ "$(grep -c '^read' <<<"$output")" -gt 200 ]
	# the driver's interrupt may have come in between, with its read of ICR and of none of those
	refute_output --regexp "$others"
	refute_output --regexp '^write 0x(5[0-9a-f]{3}|[ce]0[0-9a-f]{2}|0) '
	ip addr add 10.0.2.15/24 dev "$link"
	echo >/dev/udp/10.0.2.2/9
	until_true grep -q '^10\.0\.2\.2 .* 0x2 ' /proc/net/arp
	assert_equal "$(basename "$(readlink "/sys/bus/pci/devices/$dev/driver")")" igb
}
