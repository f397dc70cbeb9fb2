#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
#
# A device that goes away while its interrupt is waited for: orderly, and by surprise.
#
# qemu: -device pcie-root-port,id=rp1,chassis=1,slot=1 -device edu,id=orderly,bus=rp1
# qemu: -device pcie-root-port,id=rp2,chassis=2,slot=2 -device edu,id=surprise,bus=rp2
# qemu: -global ICH9-LPC.acpi-pci-hotplug-with-bridge-support=off
# append: pcie_ports=compat
# also: debug rt

load ../lib/common
load ../lib/guest

setup() {
	mapfile -t edus < <(for d in /sys/bus/pci/devices/*; do
		[[ $(<"$d/device") == 0x11e8 ]] && echo "${d##*/}"
	done)
}

begin_wait() {
	export PCIETOOL_DEVICE=$1
	pcietool driver bind
	pcietool config write COMMAND=6:6
	pcietool irq enable --type msi
	pcietool irq wait 2>"$BATS_TEST_TMPDIR/err" 3>&- &
	waiter=$!
	until_true waits $waiter
}

end_wait() {
	local status=0
	wait $waiter || status=$?
	cat "$BATS_TEST_TMPDIR/err"
	assert_equal "$status" 5
}

@test "by surprise" {
	begin_wait "${edus[1]}"
	port=$(basename "$(dirname "$(realpath "/sys/bus/pci/devices/${edus[1]}")")")
	# Slot Control: power indicator off, power controller off; PCIe 5.0 section 7.5.3.10
	setpci -s "$port" CAP_EXP+18.w=0700:0700
	end_wait
	grep 'does not answer' "$BATS_TEST_TMPDIR/err"
	# what reads as all ones is not 128 vectors
	pcietool irq disable
	run_tool irq enable --type msi
	assert_exit 5
	assert_err 'does not answer'
	run_tool driver release
	[ "$status" -le 5 ]
}

@test "orderly" {
	begin_wait "${edus[0]}"
	pcietool dma alloc --name rx 4k
	echo 1 >"/sys/bus/pci/devices/${edus[0]}/remove"
	end_wait
	run_tool dma list
	assert_exit 3
	rmmod pcietool
}
