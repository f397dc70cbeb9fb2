#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
#
# arm64: one access per operand whatever the way, an access that is rejected, IOMMU groups that come with the driver,
# the helper and VFIO behind an SMMUv3, with messages through the ITS.
#
# qemu: -device edu -device edu -device rtl8139,romfile=
# qemu: -object memory-backend-ram,id=shm,size=1M,share=on -device ivshmem-plain,memdev=shm
# kernel: arm64 arm64-newest arm64-16k
# timeout: 1200

# shellcheck disable=SC2016,SC2030,SC2031,SC2154 # scripts for another shell; a test is a process of its own
load ../lib/common
load ../lib/guest
load ../lib/capture

setup() {
	edu=$(bdf_of 1234:11e8)
	other=$(bdf_of 1234:11e8 1)
	rtl=$(bdf_of 10ec:8139)
	shm=$(bdf_of 1af4:1110)
	export PCIETOOL_DEVICE=$edu TOOL_TIMEOUT=90
	cd "$BATS_TEST_TMPDIR" || return
}

edu_trace() {
	trace_lines edu-mmio "$(bar_base "$edu" 0)"
}

has_late_groups() { # before Linux 6.15
	[[ $(printf '%s\n' 6.15 "$(uname -r)" | sort -V | head -n 1) != 6.15 ]]
}

@test "vfio: a function that no driver was probed for has no group yet, and is bound; taken by its driver it is refused" {
	run uname -m
	assert_output aarch64
	local dir=/sys/bus/pci/devices/$other
	if has_late_groups; then [ ! -e "$dir/iommu_group" ]; fi
	run_tool -s "$other" driver bind --to vfio --dry-run
	assert_exit 0
	run_tool -s "$other" driver bind --to vfio --mask 28
	assert_exit 0
	[ -e "$dir/iommu_group" ]
	[ "$(basename "$(readlink "$dir/driver")")" = vfio-pci ]
	run_tool -s "$other" driver release
	assert_exit 0
	[ ! -e "$dir/driver" ]
	run cat "$dir/driver_override"
	assert_output '(null)'
	run_tool -s "$(bdf_of 1b36:0004)" driver bind --to vfio
	assert_exit 4
	assert_err serial
}

@test "registers: one access of its width each, over sysfs and /dev/mem" {
	local at
	at=$(($(bar_base "$edu" 0) + 0x80))
	setpci -s "$edu" COMMAND=2:2
	run_tool regs read 0x0
	assert_output 0x010000ed
	trace_on
	pcietool regs write -w 64 0x80=0x123456789abcdef0 0x4/32=5
	pcietool regs read -w 64 0x80
	pcietool regs read 0x0
	pcietool --via devmem regs read 0x4
	pcietool mem write -w 64 "$at=0x1122334455667788"
	pcietool regs dump -w 64 0x80+16 -o dump
	trace_off
	run edu_trace
	assert_output "write 0x80 8 0x123456789abcdef0
write 0x4 4 0x5
read 0x80 8 0x123456789abcdef0
read 0x0 4 0x10000ed
read 0x4 4 0xfffffffa
write 0x80 8 0x1122334455667788
read 0x80 8 0x1122334455667788
read 0x88 8 0x0"
}

@test "registers: 8, 16 and 32 bits, in memory and at I/O ports" {
	setpci -s "$rtl" COMMAND=3:3
	trace_on
	pcietool -s "$rtl" regs write 1:0x0/8=0x52 1:0x8/16=0x1234 1:0x8/32=0x12345678 0:0x1/8=0x54 0:0xa/16=0x4321 \
		0:0xc/32=0x87654321
	pcietool -s "$rtl" regs read 1:0x50/8 1:0x50/16 1:0x50/32 0:0x51/8 0:0x52/16 0:0x50/32
	trace_off
	run trace_lines rtl8139 "$(io_base "$rtl" 0)"
	run cut -d ' ' -f 1-3 <<<"$output"
	assert_output "write 0x0 1
write 0x8 2
write 0x8 4
write 0x1 1
write 0xa 2
write 0xc 4
read 0x50 1
read 0x50 2
read 0x50 4
read 0x51 1
read 0x52 2
read 0x50 4"
}

@test "an access that the device rejects is said to be that, exit 5" {
	setpci -s "$edu" COMMAND=2:2
	run_tool regs read -w 16 0x0
	assert_exit 5
	assert_err 'rejected the access'
	refute_err 'driver status'
	run_tool regs read 0x0
	assert_exit 0
	assert_output 0x010000ed
}

@test "memory behind a BAR is tested" {
	setpci -s "$shm" COMMAND=2:2
	run_tool -s "$shm" regs test 2:0x0+8k
	assert_exit 0
}

# a round trip of 2 KiB through the device's own memory, waited for by interrupt
round_trip='
	set -e
	pcietool config write COMMAND=0x6:0x6
	pcietool dma alloc --name tx 2k >/dev/null
	pcietool dma alloc --name rx 2k >/dev/null
	pcietool dma fill tx --pattern prbs31 --seed 7
	n=$(pcietool irq list --json | jq ".vectors[0].count")
	pcietool regs write -w 64 0x80=@tx 0x88=0x40000 0x90=2048 0x98=5
	n=$(pcietool irq wait --since "$n" --timeout 30s)
	pcietool regs write 0x64=0x100
	pcietool regs write -w 64 0x80=0x40000 0x88=@rx 0x90=2048 0x98=7
	pcietool irq wait --since "$n" --timeout 30s
	pcietool regs write 0x64=0x100
	pcietool dma verify rx --pattern prbs31 --seed 7'

@test "the helper: DMA there and back by MSI and by INTx, and a capture" {
	run_tool driver bind --mask 28
	assert_exit 0
	for type in msi intx; do
		pcietool irq enable --type $type
		run timeout 120 bash -c "$round_trip"
		assert_success
		pcietool config write COMMAND=0:0x4
		pcietool dma free --idle --all
		pcietool irq disable
	done
	pcietool irq enable --type msi
	ready
	run_tool dma capture -j -o out --blocks 2 --size 5000 -w 64 --block 2k --timeout 30s --irq 0 --ack 0x64/32=0x100 \
		--each 0x80=0x40000 --each 0x88=@block --each 0x90=@block.size --each 0x98=7
	assert_exit 0
	assert_json '"\(.bytes) \(.blocks) \(.lost)"' '5000 3 0'
	cmp -n 2048 out out 0 2048
	run cmp -n 904 out out 0 4096
	assert_success
	assert_at_rest
	pcietool irq disable
	pcietool driver release
}

@test "VFIO: the same in a session, without the helper" {
	run_tool driver bind --to vfio --mask 28
	assert_exit 0
	run timeout 150 pcietool session -- bash -c "pcietool irq enable --type msi; $round_trip"
	assert_success
	run_tool driver release
	assert_exit 0
}

@test "UIO: registers and the interrupt of uio_pci_generic" {
	run_tool driver bind --to uio
	assert_exit 0
	pcietool config write COMMAND=0x406:0x406
	run_tool irq enable
	assert_exit 0
	n=$(pcietool irq list --json | jq '.vectors[0].count')
	pcietool config write COMMAND=0:0x400
	pcietool regs write 0x60=1
	run_tool irq wait --since "$n" --timeout 30s
	assert_exit 0
	pcietool regs write 0x64=1
	run_tool driver release
	assert_exit 0
}
