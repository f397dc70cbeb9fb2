#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
#
# UIO: a PCI device under uio_pci_generic, and one of a module that is no PCI device.
#
# qemu: -device edu
# module: uio_test
# usually: 6.12

# shellcheck disable=SC2030,SC2031,SC2154 # a test is a process of its own; bats sets stderr
load ../lib/common

setup() {
	edu=$(bdf_of 1234:11e8)
}

teardown() {
	pcietool -q -s "$edu" driver release || true
	setpci -s "$edu" COMMAND=2:406
	rmmod uio_test 2>/dev/null || true
}

parameter() {
	echo "$2" >"/sys/module/uio_test/parameters/$1"
}

# the test's device: -s uio:N
load_module() {
	modprobe uio
	insmod "$TEST_MODULE" "$@"
	number=$(basename /sys/devices/platform/uio_test/uio/uio*)
	number=${number#uio}
	[ -e "/dev/uio$number" ]
}

@test "a session has no --mask over UIO, and a --reset over VFIO only" {
	pcietool -s "$edu" driver bind --to uio
	for words in '--mask 32' --reset '--mask 32 --reset'; do
		# shellcheck disable=SC2086 # several words
		run_tool -s "$edu" session $words -- echo ran
		assert_exit 6
		assert_output ''
		assert_err 'over UIO'
	done
	pcietool -s "$edu" driver release
	pcietool -s "$edu" driver bind --to helper
	run_tool -s "$edu" session --reset -- echo ran
	assert_exit 6
	assert_output ''
	assert_err 'over the kernel helper'
	run_tool -s "$edu" session --mask 28 -- echo ran
	assert_exit 0
}

@test "list: PCI or not, maps, ports, events, one alone" {
	run_tool uio list
	assert_exit 0
	assert_output ''
	load_module
	pcietool -s "$edu" driver bind --to uio
	run_tool uio list --json
	assert_exit 0
	assert_json .schema pcietool/uio-list/1
	assert_json '.devices | length' 2
	output=$(jq '.devices[] | select(.is_pci | not)' <<<"$output")
	assert_json '"\(.name) \(.version) \(.device) \(.events) \(.maps | length) \(.ports | length)"' 'uio_test 1.2 uio_test 0 2 1'
	assert_json '.maps[1] | "\(.index) \(.name) \(.size) \(.offset)"' '1 part 0x200 0x100'
	assert_json '.ports[0] | "\(.name) \(.start) \(.size) \(.type)"' 'post 0x80 0x1 port_x86'
	run_tool -s "$edu" uio list
	assert_exit 0
	assert_line --index 0 --partial "uio_pci_generic"
	refute_output --partial uio_test
	run_tool -s "uio:$number" uio list
	assert_line --index 0 --partial 'uio_test, version 1.2'
	refute_output --partial uio_pci
	run_tool -s uio:77 uio list
	assert_exit 3
}

@test "registers of a device that is no PCI device" {
	load_module
	export PCIETOOL_DEVICE=uio:$number
	run_tool -v regs write 0x10=0x12345678 0x104/16=0xabcd
	assert_exit 0
	assert_err "map 0 over uio"
	run_tool regs read 0x10 0x12/8 1:0x4/16
	assert_exit 0
	assert_output $'0x12345678\n0x34\n0xabcd'
	run_tool regs read -w 64 0x1ff8
	assert_exit 0
	run_tool regs read 0x2000
	assert_exit 2
	run_tool regs read 1:0x200
	assert_exit 2
	run_tool regs read 2:0
	assert_exit 6
	assert_err 'no map 2'
	run_tool regs dump 0x10+16
	assert_exit 0
	assert_output --partial ' 12345678 '
	run_tool regs dump 1:0+0x200 -o "$BATS_TEST_TMPDIR/dump"
	assert_exit 0
	[ "$(stat -c %s "$BATS_TEST_TMPDIR/dump")" -eq 512 ]
	run_tool regs wait 0x10==1 --timeout 50ms
	assert_exit 7
	for verb in info 'config read 0' 'link show' 'driver status' 'aer show'; do
		# shellcheck disable=SC2086 # several words
		run_tool $verb
		assert_exit 6
		assert_err 'no PCI device'
	done
	run_tool dma alloc --name x 4k
	assert_exit 6
}

@test "a session of it, process by process" {
	load_module
	# shellcheck disable=SC2016 # for the other shell
	run_tool -s "uio:$number" session -- bash -c 'pcietool regs write 0x10=5 && pcietool -v regs read 0x10 &&
		echo 3 >/sys/module/uio_test/parameters/raise && pcietool irq wait --since 0 --timeout 5s &&
		pcietool session status && pcietool -s "$PCIETOOL_DEVICE" session status --json | jq -r ".sessions[0].device"'
	assert_exit 0
	assert_err 'map 0 over uio'
	assert_line --index 0 0x00000005
	assert_line --index 1 3
	assert_line --partial "over uio"
	assert_line "uio$number"
	run_tool -s "uio:$number" session status
	assert_exit 0
	assert_output ''
}

@test "interrupts of it: counted, armed, waited for, beyond 32 bits" {
	load_module
	export PCIETOOL_DEVICE=uio:$number
	run_tool irq list --json
	assert_exit 0
	assert_json '.vectors[0] | "\(.vector) \(.type) \(.count)"' '0 intx 0'
	parameter raise 3
	run_tool irq wait --since 2 --timeout 0s
	assert_exit 0
	assert_output 3
	assert_equal "$(cat /sys/module/uio_test/parameters/armed)" -1
	(sleep 0.5; parameter raise 1) &
	raiser=$!
	run_tool irq wait --since 3 --timeout 10s
	wait "$raiser"
	assert_exit 0
	assert_output 4
	assert_equal "$(cat /sys/module/uio_test/parameters/armed)" 1
	run_tool irq wait --timeout 100ms
	assert_exit 7
	# 2^32 - 2, and over it
	parameter count 4294967294
	run_tool irq list --json
	assert_json '.vectors[0].count' 4294967294
	parameter raise 4
	run_tool irq list --json
	assert_json '.vectors[0].count' 4294967298
	run_tool irq wait --since 4294967297 --timeout 0s
	assert_output 4294967298
	run_tool irq enable --type msi
	assert_exit 6
	run_tool irq enable
	assert_exit 0
	run_tool irq disable
	assert_equal "$(cat /sys/module/uio_test/parameters/armed)" 0
	# another binding starts anew
	rmmod uio_test
	load_module
	run_tool -s "uio:$number" irq list --json
	assert_json '.vectors[0].count' 0
}

@test "an interrupt that its driver cannot switch stays on, and one that is not there is not enabled" {
	load_module switchless=1
	run_tool -s "uio:$number" irq enable
	assert_exit 0
	run_tool -s "uio:$number" irq disable
	assert_exit 6
	assert_err "uio$number: the driver of /dev/uio$number cannot switch its interrupt, which stays on"
	parameter raise 3
	run_tool -s "uio:$number" irq wait --since 2 --timeout 5s
	assert_exit 0
	assert_output 3
	run_tool -s "uio:$number" irq wait --timeout 100ms
	assert_exit 7
	rmmod uio_test
	load_module silent=1
	for verb in enable disable 'wait --timeout 5s'; do
		# shellcheck disable=SC2086 # several words
		run_tool -s "uio:$number" irq $verb
		assert_exit 6
		assert_err "/dev/uio$number has no interrupt"
	done
}

@test "as a user: the count goes by --since" {
	load_module
	chmod 666 "/dev/uio$number"
	parameter count 1
	tool_as_nobody -s "uio:$number" irq wait --since 4294967290 --timeout 0s
	assert_exit 0
	assert_output 4294967297
	chmod 600 "/dev/uio$number"
	tool_as_nobody -s "uio:$number" regs read 0
	assert_exit 4
	assert_err 'chown'
}

@test "a size that is a lie" {
	load_module lie=0x10000000
	run_tool -s "uio:$number" regs read 0x0
	assert_exit 0
	# what lies behind is not the device's, but the driver says it is: the kernel may let it be seen, never a crash
	run_tool -s "uio:$number" regs read 0x8000000
	[ "$status" -eq 0 ] || [ "$status" -eq 5 ]
	rmmod uio_test
	load_module lie=18446744073709551615
	run_tool -s "uio:$number" regs read 0x0
	assert_exit 1
	assert_err 'makes no sense'
}

@test "uio_pci_generic: INTx masked and armed again; registers stay with sysfs" {
	pcietool -s "$edu" driver bind --to uio
	export PCIETOOL_DEVICE=$edu
	run_tool -v regs read 0x0
	assert_exit 0
	assert_err 'BAR 0 over sysfs'
	run_tool --via uio regs read 0x0
	assert_output 0x010000ed
	run_tool -s "uio:$(basename "/sys/bus/pci/devices/$edu"/uio/uio* | tr -d uio)" regs read 0x0
	assert_output 0x010000ed
	run_tool -v irq enable
	assert_exit 0
	assert_err 'interrupts over UIO'
	run_tool irq list --json
	base=$(json '.vectors[0].count')
	pcietool regs write 0x60=1
	run_tool irq wait --since "$base" --timeout 5s
	assert_exit 0
	assert_output $((base + 1))
	run_tool config read COMMAND.INTX_DISABLE
	assert_output 0x1
	# still asserted: armed again, it comes again
	run_tool irq wait --since $((base + 1)) --timeout 5s
	assert_output $((base + 2))
	pcietool regs write 0x64=1
	run_tool irq wait --timeout 200ms
	assert_exit 7
	run_tool dma alloc --name x 4k
	assert_exit 6
	assert_err 'no DMA memory over UIO'
	for words in 'dma alloc --name x 4k' 'irq enable --type msi' 'irq enable --vectors 2'; do
		# shellcheck disable=SC2086 # several words
		run_tool -D $words
		assert_exit 6
		assert_output ''
	done
	run_tool -D irq enable
	assert_exit 0
	assert_output 'irq type <- intx, vectors 1'
	pcietool driver release
	run_tool --via uio irq list
	assert_exit 6
	assert_err 'driver bind --to uio'
	run_tool --via uio regs read 0x0
	assert_exit 6
}

@test "bus mastering: cleared when the node is closed, kept in a session" {
	pcietool -s "$edu" driver bind --to uio
	export PCIETOOL_DEVICE=$edu
	pcietool config write COMMAND=4:4
	run_tool irq wait --timeout 0s
	run_tool config read COMMAND.MASTER
	assert_output 0x0
	# shellcheck disable=SC2016 # for the other shell
	run_tool session -- bash -c 'pcietool config write COMMAND=4:4; pcietool irq wait --timeout 0s
		pcietool config read COMMAND.MASTER; pcietool session status'
	assert_line 0x1
	assert_output --partial 'over uio'
	run_tool config read COMMAND.MASTER
	assert_output 0x0
}

@test "unbound while it is waited for: exit 5" {
	pcietool -s "$edu" driver bind --to uio
	pcietool -s "$edu" irq wait --timeout 30s 2>"$BATS_TEST_TMPDIR/err" 3>&- &
	pid=$!
	until_true waits "$pid"
	pcietool -s "$edu" driver release
	status=0
	wait "$pid" || status=$?
	assert_equal "$status" 5
	grep unbound "$BATS_TEST_TMPDIR/err"
}
