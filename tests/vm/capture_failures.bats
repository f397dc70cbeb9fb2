#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Everything that can end a capture badly. After each the device is at rest and the next one works.
#
# qemu: -device pcie-root-port,id=rp1,chassis=1,slot=1 -device edu,id=e1,bus=rp1
# qemu: -device pcie-root-port,id=rp2,chassis=2,slot=2 -device edu,id=e2,bus=rp2
# qemu: -device pcie-root-port,id=rp3,chassis=3,slot=3 -device edu,id=e3,bus=rp3
# qemu: -global ICH9-LPC.acpi-pci-hotplug-with-bridge-support=off
# append: pcie_ports=compat
# timeout: 900
# usually: 6.1
# also: debug rt

# shellcheck disable=SC2154,SC2034 # pid, stderr: the words of lib have and use them

load ../lib/common
load ../lib/guest
load ../lib/capture

setup_file() {
	take 1234:11e8 --mask 28
	pcietool irq enable --type msi --vectors 1
}

setup() {
	cd "$BATS_TEST_TMPDIR" || return
	ready
}

teardown() {
	clean_up
}

# A device that always has data, and one that never has; edu's liveness register tells what --stop wrote.
always=(--block 64k --blocks 4 -w 32 --each 0x4=@block --done '0x0!=0' --stop 0x4=0x11)
never=(--block 64k --blocks 4 -w 32 --each 0x4=@block --done '0x0==0' --stop 0x4=0x11)
waits=(--block 64k --blocks 4 --irq 0 --stop 0x4=0x11)

# After the end: at rest, --stop was written, and a capture works.
assert_all_well() {
	assert_at_rest
	run_tool regs read 0x4
	assert_output 0xffffffee
	assert_next_works
}

assert_next_works() {
	ready
	run_tool dma capture "${always[@]}" --size 128k -o next
	assert_exit 0
	[[ $(stat -c %s next) == 131072 ]]
	rm next
	pcietool regs write 0x4=0x22
	ready
}

started() {
	[[ $(pcietool regs read 0x4) != 0xffffffdd ]]
}

# What waits for interrupts touches no register first.
waiting() {
	watches "$pid" && waits "$pid" && [[ $(awk '{print $3}' "/proc/$pid/stat") == S ]]
}

@test "signals while it polls, waits for an interrupt, or saves to a pipe that is full" {
	pcietool regs write 0x4=0x22
	for signal in INT TERM HUP KILL; do
		begin capture "${never[@]}" -o out
		until_true started
		kill -"$signal" "$pid"
		ended
		case $signal in
		INT) assert_exit 0 ;;
		TERM) assert_exit 143 ;;
		HUP) assert_exit 129 ;;
		KILL) assert_exit 137 ;;
		esac
		assert_all_well
	done
	for signal in INT TERM KILL; do
		begin capture "${waits[@]}" -o out
		until_true waiting
		kill -"$signal" "$pid"
		ended
		case $signal in
		INT) assert_exit 0 ;;
		TERM) assert_exit 143 ;;
		KILL) assert_exit 137 ;;
		esac
		assert_all_well
	done
	mkfifo full
	for signal in INT TERM KILL; do
		exec {reader}<>full
		begin capture "${always[@]}" -o full
		until_true started
		sleep 0.5
		kill -"$signal" "$pid"
		ended
		case $signal in
		# a block was complete, and nobody took it
		INT | TERM) assert_exit 1 && [[ $output == *', lost 1' ]] ;;
		KILL) assert_exit 137 ;;
		esac
		exec {reader}>&-
		assert_all_well
	done
}

@test "Ctrl-C before the end that was asked for: dies of it" {
	begin capture "${never[@]}" --size 1M -o out
	until_true started
	kill -INT "$pid"
	ended
	assert_exit 130
	assert_all_well
}

@test "SIGKILL and SIGTERM at any moment" {
	for attempt in {1..30}; do
		ready
		begin capture "${always[@]}" -o /dev/null
		sleep "0.$(printf '%03d' $((RANDOM % 300)))"
		((attempt % 2)) && kill -KILL "$pid" || kill -TERM "$pid"
		ended
		[[ $status -eq 143 || $status -eq 137 ]]
		run_tool dma list --json
		assert_json '.buffers | length' 0
	done
	assert_next_works
}

@test "a full disk" {
	mkdir -p small
	mount -t tmpfs -o size=512k tmpfs small
	run_tool dma capture "${always[@]}" -o small/out
	umount small
	assert_exit 1
	assert_err 'No space left on device'
	assert_all_well
	run_tool dma capture "${always[@]}" -o /dev/full
	assert_exit 1
	assert_all_well
	run_tool dma capture "${always[@]}" -o out --index /dev/full --size 64k
	assert_exit 1
	assert_err '--index'
	assert_all_well
}

@test "a directory, a path that is not there: the device is not touched" {
	pcietool regs write 0x4=0x22
	for file in . none/out; do
		run_tool dma capture "${always[@]}" -o "$file"
		assert_exit 1
		run_tool regs read 0x4
		assert_output 0xffffffdd
		run_tool config read COMMAND
		assert_equal "$((output & 4))" 4
	done
}

@test "a closed pipe" {
	set +o pipefail
	pcietool dma capture "${always[@]}" -o - 2>err | head -c 100 >/dev/null
	status=${PIPESTATUS[0]}
	stderr=$(<err)
	assert_exit 1
	assert_err 'nobody reads the pipe'
	assert_all_well
}

@test "two processes on one device" {
	begin capture "${never[@]}" -o out
	until_true started
	run_tool dma capture "${always[@]}" -o out2 --size 64k
	assert_exit 4
	[[ ! -e out2 ]]
	# the first goes on undisturbed
	run_tool config read COMMAND
	assert_equal "$((output & 4))" 4
	kill -INT "$pid"
	ended
	assert_exit 0
	assert_all_well
}

@test "rmmod and dma free --all while it runs" {
	begin capture "${never[@]}" -o out
	until_true started
	run rmmod pcietool
	assert_failure
	kill -INT "$pid"
	ended
	assert_exit 0
	assert_all_well
}

@test "not bound to the helper: exit 6 and the hint" {
	run_tool -s "$(bdf_of 1234:11e8 2)" config write COMMAND=0x6:0x6
	run_tool -s "$(bdf_of 1234:11e8 2)" dma capture "${always[@]}" -o out
	assert_exit 6
	assert_err 'driver bind'
	[[ ! -e out ]]
}

@test "--direct where it cannot be: refused before the start" {
	pcietool regs write 0x4=0x22
	mkfifo pipe
	exec {reader}<>pipe
	run_tool dma capture "${always[@]}" --direct -o pipe
	exec {reader}>&-
	assert_exit 1
	assert_err 'no direct I/O'
	run_tool regs read 0x4
	assert_output 0xffffffdd
}

# What was refused; the bytes that are left are less for a real run, which has its blocks by then.
refusal() {
	printf '%s\n' "$status $stderr" | sed 's/than the [0-9]* that are left/than those that are left/'
}

# as_real ARG...: a dry run is refused as the real run is, with the same words, and leaves nothing.
as_real() {
	run_tool -D "$@"
	refused=$(refusal)
	assert_output ''
	run_tool "$@"
	[[ $status -ne 0 ]]
	assert_equal "$(refusal)" "$refused"
	[[ ! -e out ]]
}

@test "a dry run is refused what the real run is" {
	as_real dma capture "${always[@]}" --size 128k -o none/out
	as_real dma capture "${always[@]}" --size 128k -o .
	as_real dma capture "${always[@]}" --size 128k -o out --index none/x
	as_real dma play "${always[@]}" -i none
	as_real dma play "${always[@]}" -i .
	as_real dma capture "${waits[@]}" --size 128k -o out --irq 5
	assert_err 'the vectors are 0 to 0'
	as_real dma capture "${always[@]}" --size 128k -o out --blocks 32768
	assert_err 'for all buffers together'
	# what is refused behind the claim leaves bus mastering off
	ready
	as_real dma capture "${always[@]}" --size 128k -o out --memory desc:8G
	assert_err 'for all buffers together'
	ready
	pcietool config write COMMAND=0:4
	as_real dma capture "${always[@]}" --size 128k -o out
	assert_err 'bus mastering is off'
}

@test "the helper is unbound while it captures" {
	device=$PCIETOOL_DEVICE
	for mode in never waits; do
		if [[ $mode == never ]]; then
			begin capture "${never[@]}" -o out
		else
			begin capture "${waits[@]}" -o out
		fi
		until_true waiting
		echo "$device" >"/sys/bus/pci/devices/$device/driver/unbind"
		ended
		assert_exit 5
		pcietool driver bind --mask 28
		pcietool irq enable --type msi --vectors 1
		assert_next_works
	done
}

@test "pulled out by surprise while it captures: exit 5" {
	PCIETOOL_DEVICE=$(bdf_of 1234:11e8 1)
	export PCIETOOL_DEVICE
	pcietool driver bind --mask 28
	ready
	begin capture "${never[@]}" -o out
	until_true waiting
	port=$(basename "$(dirname "$(realpath "/sys/bus/pci/devices/$PCIETOOL_DEVICE")")")
	# Slot Control: power indicator off, power controller off; PCIe 5.0 section 7.5.3.10
	setpci -s "$port" CAP_EXP+18.w=0700:0700
	ended
	assert_exit 5
}

@test "removed while it captures and waits: exit 5" {
	PCIETOOL_DEVICE=$(bdf_of 1234:11e8 2)
	export PCIETOOL_DEVICE
	pcietool driver bind --mask 28
	pcietool irq enable --type msi --vectors 1
	ready
	begin capture "${waits[@]}" -o out
	until_true waiting
	echo 1 >"/sys/bus/pci/devices/$PCIETOOL_DEVICE/remove"
	ended
	assert_exit 5
}
