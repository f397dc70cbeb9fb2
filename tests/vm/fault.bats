#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Memory runs out inside the kernel helper, at each place where it can: nothing crashes, nothing is left behind, and
# the program says what happened. (Documentation/fault-injection/fault-injection.rst)
#
# qemu: -device edu -device e1000e,romfile=
# kernel: debug debug-6.1 debug-newest
# ignored: WARNING: .* remove_proc_entry
# timeout: 900

# shellcheck disable=SC2154 # bats sets stderr
load ../lib/common

kinds='failslab fail_page_alloc fail_usercopy'

setup_file() {
	local kind dir start acpi
	modprobe pcietool
	start=$(<"/sys/module/pcietool/sections/.text")
	# the kernel asks firmware for the way of an INTx; ACPI's interpreter uses memory after it was freed when it gets none
	mapfile -t acpi < <(awk '$2 ~ /^[tT]$/ && $3 ~ /^acpi_(ds|ex|ns|ps|ut)_/ && $3 !~ /[.]cold/ {print $1}' \
		/proc/kallsyms | sort | sed -n '1p;$p')
	for kind in $kinds; do
		dir=/sys/kernel/debug/$kind
		# only what the helper calls fails, and nobody tells the log of it
		echo "$start" >"$dir/require-start"
		printf '0x%x\n' $((start + 0x10000)) >"$dir/require-end"
		echo "0x${acpi[0]}" >"$dir/reject-start"
		echo "0x${acpi[1]}" >"$dir/reject-end"
		echo 32 >"$dir/stacktrace-depth"
		echo 0 >"$dir/verbose"
		echo Y >"$dir/task-filter"
		echo 100 >"$dir/probability"
		echo 0 >"$dir/times"
	done
	# by default only those that may not wait fail
	echo N >/sys/kernel/debug/failslab/ignore-gfp-wait
	echo N >/sys/kernel/debug/fail_page_alloc/ignore-gfp-wait
	echo N >/sys/kernel/debug/fail_page_alloc/ignore-gfp-highmem
	echo 0 >/sys/kernel/debug/fail_page_alloc/min-order
}

setup() {
	edu=$(bdf_of 1234:11e8)
	nic=$(bdf_of 8086:10d3)
}

teardown() {
	local kind
	for kind in $kinds; do echo 0 >"/sys/kernel/debug/$kind/times"; done
}

# failing KIND COMMAND...: the program, with all allocations of that kind that it has the helper make failing.
failing() {
	local times=/sys/kernel/debug/$1/times
	echo -1 >"$times"
	shift
	run --separate-stderr bash -c 'echo 1 >/proc/self/make-it-fail && exec timeout 100 "$@"' - "$@"
	echo 0 >"$times"
	echo "$output"
	echo "$stderr"
}

@test "every command of the interface, at every allocation" {
	for device in "$edu" "$nic"; do
		pcietool -s "$device" driver bind
		# the MSI-X table and a stop write want decoding, which binding turned on
		run timeout 400 "$BUILD/tests/vm/fault_inject" "$device"
		echo "$output"
		refute_line --partial 'not ok'
		assert_line --regexp '^1\.\.([89]|[1-9][0-9]+)$'
		assert_success
		pcietool -s "$device" driver release
	done
}

@test "driver bind says that the helper did not take the device, for want of memory, and leaves the device as it was" {
	failing failslab pcietool -s "$edu" driver bind
	assert_exit 1
	assert_err "$edu: the driver pcietool did not take the device"
	assert_err 'the kernel log says why'
	dmesg | grep -q "$edu.*failed with error -12"
	[ ! -e "/sys/bus/pci/devices/$edu/driver" ]
	run_tool -s "$edu" driver bind
	assert_exit 0
}

@test "dma alloc, irq enable and a capture say so, and leave nothing" {
	failing failslab pcietool -s "$edu" dma alloc --name x 64k
	assert_exit 1
	assert_err memory
	failing failslab pcietool -s "$edu" irq enable --type msi
	assert_exit 1
	assert_err memory
	pcietool -s "$edu" config write COMMAND=0x4:0x4
	failing failslab pcietool -s "$edu" dma capture -o /dev/null --block 4k --blocks 2 --size 8k --each 0x4=1 --done '0x4==1'
	assert_exit 1
	assert_err memory
	pcietool -s "$edu" config write COMMAND=0:0x4
	run_tool -s "$edu" dma list --json
	assert_json '.buffers | length' 0
	run_tool -s "$edu" irq list --json
	assert_json '.vectors | length' 0
	# and all of it goes when there is memory
	pcietool -s "$edu" dma alloc --name x 64k
	pcietool -s "$edu" irq enable --type msi
	pcietool -s "$edu" irq disable
	pcietool -s "$edu" dma free x
}

@test "nothing holds the module" {
	pcietool -s "$edu" driver release
	rmmod pcietool
}
