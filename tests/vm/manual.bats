#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
#
# The examples of the nouns' manual pages say what they say there, on the machine that they were made on.
#
# qemu: -device intel-iommu,intremap=on -device edu
# qemu: -device pcie-root-port,id=rp1,chassis=1,slot=1 -device nvme-subsys,id=s
# qemu: -device nvme,serial=a,bus=rp1,subsys=s,sriov_max_vfs=2,sriov_vq_flexible=4,sriov_vi_flexible=2,max_ioqpairs=6,msix_qsize=7
# qemu: -device pcie-root-port,id=rp2,chassis=2,slot=2 -device e1000e,romfile=,bus=rp2
# qemu: -global ICH9-LPC.acpi-pci-hotplug-with-bridge-support=off
# append: intel_iommu=on
# timeout: 600
# kernel: 6.12

load ../lib/common
load ../lib/guest
load ../lib/manual

setup() {
	unset PCIETOOL_DEVICE PCIETOOL_MAP
	cp -r "$TOP/examples" "$BATS_TEST_TMPDIR/"
	cd "$BATS_TEST_TMPDIR" || return
	pcietool -d 1234:11e8 config write COMMAND=2:2
	modprobe fuse
}

teardown() {
	pcietool -q -d 1234:11e8 driver release || true
}

# page NOUN: its examples, run here.
page() {
	examples_of "$TOP/man/pcietool-$1.8" >written
	[ "$(grep -c '^\$ ' written)" -gt 0 ]
	run_examples <written >seen
	diff -u <(mask_examples <written) <(mask_examples <seen)
}

@test "pcietool-acs(8)" {
	page acs
}

@test "pcietool-aer(8)" {
	page aer
}

@test "pcietool-bar(8)" {
	page bar
}

@test "pcietool-batch(8)" {
	page batch
}

@test "pcietool-check(8)" {
	page check
}

@test "pcietool-config(8)" {
	page config
}

@test "pcietool-dma(8)" {
	page dma
}

# behind dma, whose addresses are those of a device that had no memory yet
@test "pcietool-bench(8)" {
	page bench
}

@test "pcietool-driver(8)" {
	page driver
}

@test "pcietool-info(8)" {
	page info
}

@test "pcietool-iommu(8)" {
	page iommu
}

@test "pcietool-irq(8)" {
	page irq
}

@test "pcietool-link(8)" {
	page link
}

@test "pcietool-list(8)" {
	page list
}

@test "pcietool-map(8)" {
	page map
}

@test "pcietool-mem(8)" {
	page mem
}

@test "pcietool-metrics(8)" {
	page metrics
}

@test "pcietool-msi(8)" {
	page msi
}

@test "pcietool-mount(8)" {
	page mount
}

@test "pcietool-p2p(8)" {
	page p2p
}

@test "pcietool-power(8)" {
	page power
}

@test "pcietool-regs(8)" {
	page regs
}

@test "pcietool-reload(8)" {
	page reload
}

@test "pcietool-remove(8)" {
	page remove
}

@test "pcietool-report(8)" {
	page report
}

@test "pcietool-rescan(8)" {
	page rescan
}

@test "pcietool-reset(8)" {
	page reset
}

@test "pcietool-session(8)" {
	page session
}

@test "pcietool-slot(8)" {
	page slot
}

@test "pcietool-snapshot(8)" {
	page snapshot
}

@test "pcietool-sriov(8)" {
	page sriov
}

@test "pcietool-trace(8)" {
	page trace
}

@test "pcietool-twin(8)" {
	page twin
}

@test "pcietool-uio(8)" {
	page uio
}
