#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Why a wait timed out: what config space, the error counters and the kernel log of a fake tree say.

load ../lib/common
load ../lib/fake_device

bdf=0000:01:00.0

setup() {
	fake_tree
	fake_begin
	fake_pci $bdf 0x1234 0x11e8 0x00ff00
	fake_bar $bdf 0 0xfea00000 0x1000 0x40200
	fake_resource $bdf 0 4096
	fake_config $bdf 4 16 0x0006
	fake_config $bdf 0x34 8 0x40
	fake_write
	mkdir -p "$SYSROOT/dev"
	printf '6,1,0,-;DMAR: [DMA Write] Request device [01:00.0] fault addr 0x1000 of long ago\n' >"$SYSROOT/dev/kmsg"
}

# in_vain [COMMAND...]: a wait that times out, with COMMAND run meanwhile.
in_vain() {
	local pid
	# long enough for COMMAND, where there is one
	pcietool --sysroot "$SYSROOT" -s 01:00.0 regs wait '0x0==1' --timeout "$(($# > 0 ? 2000 : 50))ms" \
		>"$BATS_TEST_TMPDIR/out" 2>"$BATS_TEST_TMPDIR/err" 3>&- &
	pid=$!
	if [[ $# -gt 0 ]]; then
		until_true waits $pid
		meanwhile $pid "$@"
	fi
	status=0
	wait $pid || status=$?
	stderr=$(<"$BATS_TEST_TMPDIR/err")
	assert_exit 7
}

@test "nothing to see: no reason is made up" {
	in_vain
	assert_err 'timed out'
	refute_err hint
}

@test "bus mastering off" {
	fake_config $bdf 4 16 0x0002
	in_vain
	# of a register nobody knows whether it needs that
	assert_err 'bus mastering is off, so the device can send neither DMA nor MSI, if the register depends on that'
	assert_err 'COMMAND=0x4:0x4'
}

@test "bus mastering off, and interrupts by INTx, which do without" {
	fake_config $bdf 4 16 0x0002
	fake_config $bdf 0x3d 8 1
	in_vain
	assert_err 'bus mastering is off, so the device can do no DMA, though send INTx'
	fake_capability $bdf 0x40 0x05 0
	fake_config $bdf 0x42 16 0x0001
	in_vain
	assert_err 'neither DMA nor MSI'
}

@test "bus mastering off in a bridge above" {
	local devices=$SYSROOT/sys/bus/pci/devices port=0000:00:1c.0
	fake_begin
	fake_pci $port 0x8086 0x9c10 0x060400
	fake_config $port 4 16 0x0007
	fake_write
	# as sysfs has it: the folder is below its bridge's
	mkdir -p "$SYSROOT/sys/devices/pci0000:00/$port"
	mv "$devices/$bdf" "$SYSROOT/sys/devices/pci0000:00/$port/"
	ln -s "../../../devices/pci0000:00/$port/$bdf" "$devices/$bdf"
	in_vain
	refute_err hint
	fake_config $port 4 16 0x0003
	in_vain
	assert_err "bus mastering is off in the bridge $port above it"
	assert_err "'pcietool -s $port config write COMMAND=0x4:0x4'"
}

@test "MSI: disabled though the kernel set it up, masked, pending" {
	fake_capability $bdf 0x40 0x05 0
	fake_config $bdf 0x42 16 0x0180
	in_vain
	refute_err hint
	mkdir "$SYSROOT/sys/bus/pci/devices/$bdf/msi_irqs"
	in_vain
	assert_err 'MSI is disabled'
	fake_config $bdf 0x42 16 0x0181
	in_vain
	refute_err hint
	fake_config $bdf 0x50 32 0x1
	in_vain
	assert_err 'MSI is masked (0x1)'
	fake_config $bdf 0x54 32 0x1
	in_vain
	assert_err 'MSI is masked (0x1) while messages are pending (0x1)'
	fake_config $bdf 0x50 32 0x0
	in_vain
	assert_err 'pending'
}

@test "MSI: where it is cut off the next capability is not its masks" {
	fake_capability $bdf 0x40 0x05 0x50
	fake_config $bdf 0x42 16 0x0181
	fake_capability $bdf 0x50 0x09 0
	mkdir "$SYSROOT/sys/bus/pci/devices/$bdf/msi_irqs"
	in_vain
	refute_err masked
}

@test "MSI-X: masked for the function" {
	fake_capability $bdf 0x40 0x11 0
	fake_config $bdf 0x42 16 0xc000
	in_vain
	assert_err 'MSI-X is masked'
	fake_config $bdf 0x42 16 0x8000
	in_vain
	refute_err hint
}

@test "INTx: disabled, asserted; not where messages are in use or there is no pin" {
	fake_config $bdf 4 16 0x0406
	fake_config $bdf 6 16 0x0008
	in_vain
	refute_err hint
	fake_config $bdf 0x3d 8 1
	fake_driver $bdf uio_pci_generic
	in_vain
	assert_err 'INTx is disabled'
	assert_err 'INTx is asserted'
	fake_capability $bdf 0x40 0x05 0
	fake_config $bdf 0x42 16 0x0001
	in_vain
	refute_err INTx
}

@test "INTx that is disabled, where nobody waits for an interrupt" {
	fake_config $bdf 4 16 0x0406
	fake_config $bdf 0x3d 8 1
	fake_attribute $bdf irq 11
	# no driver
	in_vain
	refute_err INTx
	# a driver that has asked for no interrupt
	fake_driver $bdf pcietool
	mkdir -p "$SYSROOT/proc"
	printf '%s\n' '           CPU0' ' 10:          5   IO-APIC  10-fasteoi   other' >"$SYSROOT/proc/interrupts"
	in_vain
	refute_err INTx
	printf '%s\n' ' 11:          5   IO-APIC  11-fasteoi   pcietool' >>"$SYSROOT/proc/interrupts"
	in_vain
	assert_err 'INTx is disabled'
}

@test "error counters that moved meanwhile, by their names" {
	counters() {
		fake_attribute $bdf aer_dev_correctable $'RxErr 0\nBadTLP '"$1"$'\nTOTAL_ERR_COR '"$1"
		fake_attribute $bdf aer_dev_nonfatal $'Undefined 0\nDLP 3\nUnsupReq '"$2"$'\nTOTAL_ERR_NONFATAL 9'
		fake_attribute $bdf aer_dev_fatal $'DLP 0\nTOTAL_ERR_FATAL 0'
	}
	counters 7 1
	in_vain
	refute_err AER
	in_vain counters 9 2
	assert_err '2 correctable errors of BadTLP'
	assert_err '1 errors of UnsupReq'
	refute_err DLP
	refute_err TOTAL
}

@test "faults of this device in the kernel log, since the wait began" {
	say() {
		printf '3,2,5,-;%s\n' "$1" >>"$SYSROOT/dev/kmsg"
	}
	in_vain
	refute_err IOMMU
	in_vain say 'DMAR: [DMA Write NO_PASID] Request device [01:00.0] fault addr 0xdead000 [fault reason 0x05] x'
	assert_err 'the IOMMU refused'
	assert_err '0xdead000'
	refute_err 'long ago'
	in_vain say 'DMAR: [DMA Write NO_PASID] Request device [02:00.0] fault addr 0xdead000'
	refute_err IOMMU
	in_vain say 'AMD-Vi: Event logged [IO_PAGE_FAULT device=0000:01:00.0 domain=0x000e address=0xbeef000 flags=0x0020]'
	assert_err 0xbeef000
	in_vain say 'vfio-pci 0000:01:00.0: AMD-Vi: Event logged [IO_PAGE_FAULT domain=0x0010 address=0xbeef000 flags=0x0000]'
	assert_err 0xbeef000
	in_vain say 'something of 0000:01:00.0 that is no fault of the IOMMU'
	refute_err IOMMU
}
