#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Why an access cannot work: a driver that is bound, sleep, a BAR without an address.
#
# qemu: -device e1000e,romfile= -device nvme,serial=1
# qemu: -device pcie-root-port,id=rp1,chassis=1,slot=1,bus=pcie.0
# qemu: -object memory-backend-ram,id=big,size=256G,share=on,reserve=off
# usually: 6.12

load ../lib/common
load ../lib/guest

setup() {
	e1000e=$(bdf_of 8086:10d3)
	nvme=$(bdf_of 1b36:0010)
}

unbind() {
	echo "$1" >"/sys/bus/pci/devices/$1/driver/unbind"
}

bind() {
	modprobe "$2"
	[ -e "/sys/bus/pci/devices/$1/driver" ] || echo "$1" >"/sys/bus/pci/drivers/$2/bind"
}

@test "a foreign driver: refused without --force, by the kernel even then" {
	for pair in "$e1000e e1000e" "$nvme nvme"; do
		read -r device driver <<<"$pair"
		bind "$device" "$driver"
		run_tool -s "$device" regs read 0x0
		assert_exit 4
		assert_err "the driver $driver is bound"
		assert_err "driver bind"
		run_tool -f -s "$device" regs read 0x0
		assert_exit 4
		assert_err "$driver has claimed it"
		assert_err iomem=relaxed
		run_tool -f --via devmem -s "$device" regs read 0x0
		assert_exit 4
		unbind "$device"
		setpci -s "$device" COMMAND=3:3
		run_tool -s "$device" regs read 0x8
		assert_exit 0
	done
}

@test "config space below a driver: done, with a word of warning" {
	bind "$e1000e" e1000e
	run_tool -s "$e1000e" config write CACHE_LINE_SIZE=0x10
	assert_exit 0
	assert_err "the driver e1000e is bound"
	run_tool -q -s "$e1000e" config write CACHE_LINE_SIZE=0x10
	refute_err "bound"
	unbind "$e1000e"
}

@test "D3hot: its power state decides, though an emulated device still answers" {
	setpci -s "$e1000e" COMMAND=3:3
	setpci -s "$e1000e" CAP_PM+4.w=3:3
	run_tool -s "$e1000e" regs read 0x8
	assert_exit 1
	assert_err 'power state D3hot'
	assert_err 'power on'
	pcietool -s "$e1000e" config write CAP_PM+4/16=0:3
	sleep 0.1
	setpci -s "$e1000e" COMMAND=3:3
	run_tool -s "$e1000e" regs read 0x8
	assert_exit 0
}

@test "a SIGBUS from a mapping whose BAR a driver claims is exit 5" {
	setpci -s "$nvme" COMMAND=3:3
	[ ! -e "/sys/bus/pci/devices/$nvme/driver" ]
	pcietool -s "$nvme" regs wait '0x0==1' --timeout 20s 2>"$BATS_TEST_TMPDIR/err" 3>&- &
	until_true grep -q /resource0 "/proc/$!/maps"
	bind "$nvme" nvme
	status=0
	wait $! || status=$?
	assert_equal "$status" 5
	grep 'bus error' "$BATS_TEST_TMPDIR/err"
	unbind "$nvme"
}

@test "a BAR without an address" {
	hmp 'device_add ivshmem-plain,memdev=big,bus=rp1,id=shm' || skip 'no such device here'
	for ((i = 0; i < 100; i++)); do
		shm=$(bdf_of 1af4:1110 2>/dev/null) && break
		sleep 0.1
	done
	run_tool -s "$shm" regs read 2:0x0
	assert_exit 1
	assert_err 'the kernel found no room for it'
	assert_err 'remove; pcietool rescan'
	run_tool -s "$shm" info
	assert_exit 0
}
