#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
#
# irq: what must be refused before a device is touched. What the commands do is proved in the machine.

load ../lib/common
load ../lib/fake_device

bdf=0000:01:00.0

setup() {
	fake_tree
	fake_pci $bdf 0x1234 0x11e8 0x00ff00
}

irq() {
	run_tool --sysroot "$SYSROOT" -s 01:00.0 irq "$@"
}

# refused TEXT ARG...: a usage error that says TEXT.
refused() {
	local text=$1
	shift
	irq "$@"
	assert_exit 2
	assert_err "$text"
	assert_output ''
}

@test "types and numbers of vectors" {
	refused 'auto, intx, msi, msix' enable --type apic
	refused 'auto, intx, msi, msix' enable --type ''
	refused 'auto, intx, msi, msix' enable --type none
	refused '--vectors' enable --vectors 0
	refused '--vectors' enable --vectors 2049
	refused "'x'" enable --vectors x
	refused 'INTx' enable --type intx --vectors 2
	refused 'too many' enable msi
}

@test "what to wait for" {
	refused '--vector' wait --vector 2048
	refused 'number' wait --vector=-1
	refused '64 bits' wait --since 18446744073709551616
	refused "'08'" wait --since 08
	refused 'number' wait --since ''
	refused "'5'" wait --timeout 5
	refused "'-1s'" wait --timeout=-1s
	refused 'too many' wait 0
	refused 'no such option' wait --type msi
}

@test "a device that is not bound to the helper: exit 6, in JSON too" {
	for verb in enable disable list wait; do
		irq $verb
		assert_exit 6
		assert_err 'driver bind'
		irq $verb -j
		assert_exit 6
		assert_json .error.code not-bound
		assert_json .schema "pcietool/irq-$verb/1"
	done
}
