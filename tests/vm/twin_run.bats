#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
#
# twin run: a machine with the twin in it, on this one's files; and that nothing is left of it.
#
# where: host
# qemu-at-least: 10.1
# usually: 6.1

load ../lib/common

setup() {
	store=$TOP/build/vm/$VM_KERNEL
	QEMU=$("$TOP/tests/vm/qemu")
	# where /dev/kvm does not work, nobody asks it
	export QEMU VM_ACCEL=${VM_ACCEL:-tcg} TOOL_TIMEOUT=200
	machine=(--kernel "$store/vmlinux" --initrd-modules "$store/root/lib/modules/$(<"$store/release")")
	oneshot=(--config "$TOP/examples/twins/oneshot.config" --map "$TOP/examples/twins/oneshot.map" --bar "2=1M"
		--model "$TOP/examples/twins/oneshot.lua")
}

@test "COMMAND sees the device by its names; output and status are its" {
	cd "$TOP"
	# an image of 512 bytes for Open Firmware: PCI Firmware 3.0 sections 5.1.1 and 5.1.2
	{
		printf '\x55\xaa\x01'
		head -c 21 /dev/zero
		printf '\x1c\0\0\0PCIR\x34\x12\x12\x50\0\0\x18\0\0\0\0\xff\x01\0\0\0\x01\x80\0\0'
	} >"$BATS_TEST_TMPDIR/rom"
	# shellcheck disable=SC2016 # the guest's shell's
	run_tool twin run "${machine[@]}" "${oneshot[@]}" --rom "$BATS_TEST_TMPDIR/rom" -- sh -c '
		pcietool config write COMMAND=2:2
		pcietool regs read ID
		pcietool info --rom /tmp/rom --rom-decode -j | jq ".saved[0].bytes, .rom.size"
		od -An -tx1 -N 4 /tmp/rom
		pcietool regs write LENGTH=64 CTRL.START=1
		pcietool regs wait STATUS.FAULT==1 --timeout 20s
		pwd
		uname -r
		exit 42'
	assert_exit 42
	assert_output "0x1f500001
512
2048
 55 aa 01 00
$TOP
$(<"$store/release")"
	assert_err 'DMA fault: writing 64 bytes at 0x0: bus mastering is off'
}

@test "the helper is built where the kernel's headers are, and moves data" {
	[ -e "$store/kdir" ] || skip 'no headers of this kernel'
	# a tree of modules with headers, as an installed kernel has it
	modules=$BATS_TEST_TMPDIR/lib/modules/$(<"$store/release")
	mkdir -p "$modules"
	ln -s "$(realpath "$store/root/lib/modules/$(<"$store/release")")"/* "$modules/"
	ln -s "$(realpath "$store/kdir")" "$modules/build"
	cd "$TOP"
	run_tool twin run --kernel "$store/vmlinux" --initrd-modules "$modules" "${oneshot[@]}" -- sh -ec '
		pcietool driver bind >/dev/null
		pcietool config write COMMAND=6:6
		pcietool irq enable --type msi
		pcietool dma capture --recipe examples/twins/oneshot.recipe --size 64k -o /tmp/out 2>/dev/null
		od -An -tu4 -j 65532 -N 4 /tmp/out'
	assert_exit 0
	assert_output --partial 16383
}

@test "several twins: each behind a port of its own, all at work at once; two of a kind; one that dies" {
	cd "$TOP"
	printf '%s\n' "--config $TOP/examples/twins/oneshot.config" "--map $TOP/examples/twins/oneshot.map" '--bar 2=1M' \
		"--model $TOP/examples/twins/oneshot.lua" '--log again.log' >"$BATS_TEST_TMPDIR/again.twin"
	# shellcheck disable=SC2016 # the guest's shell's
	run_tool twin run "${machine[@]}" "${oneshot[@]}" --log "$BATS_TEST_TMPDIR/first.log" --twin examples/twins/stream.twin \
		--twin "$BATS_TEST_TMPDIR/again.twin" -- bash -c '
		echo "$PCIETOOL_DEVICE $PCIETOOL_DEVICE_2 $PCIETOOL_DEVICE_3 ${PCIETOOL_MAP##*/} ${PCIETOOL_MAP_2##*/} $PCIETOOL_DEVICE_4"
		for n in 1 2 3; do
			device=PCIETOOL_DEVICE_$n map=PCIETOOL_MAP_$n
			pcietool -s "${!device}" config write COMMAND=2:2
			pcietool -s "${!device}" --map "${!map}" regs read ID
		done
		# the DMA of the first goes into memory of the third, and into a register of the second
		device=/sys/bus/pci/devices
		pcietool -s $PCIETOOL_DEVICE_1 config write COMMAND=6:6
		pcietool -s $PCIETOOL_DEVICE_1 regs write ADDRESS=$(sed -n "3s/ .*//p" $device/$PCIETOOL_DEVICE_3/resource) LENGTH=64 CTRL.START=1
		pcietool -s $PCIETOOL_DEVICE_1 regs wait STATUS.DONE==1 --timeout 20s
		pcietool -s $PCIETOOL_DEVICE_3 regs read 2:0x3c
		pcietool -s $PCIETOOL_DEVICE_1 regs write STATUS=1 COUNTER=0x1234000 LENGTH=4 \
			ADDRESS=$(($(sed -n "1s/ .*//p" $device/$PCIETOOL_DEVICE_2/resource) + 0x24)) CTRL.START=1
		pcietool -s $PCIETOOL_DEVICE_1 regs wait STATUS.DONE==1 --timeout 20s
		pcietool -s $PCIETOOL_DEVICE_2 --map $PCIETOOL_MAP_2 regs read TAIL
		# its model has a fault told
		pcietool -s $PCIETOOL_DEVICE_3 regs write LENGTH=64 CTRL.START=1
		pcietool -s $PCIETOOL_DEVICE_3 regs wait STATUS.FAULT==1 --timeout 20s
		pcietool -s $PCIETOOL_DEVICE_1 regs write CTRL.DIE=1
		sleep 1
		pcietool -s $PCIETOOL_DEVICE_1 info >/dev/null 2>&1; echo $?
		pcietool -s $PCIETOOL_DEVICE_2 --map $PCIETOOL_MAP_2 regs read ID
		pcietool -s $PCIETOOL_DEVICE_3 regs read ID'
	assert_exit 0
	assert_output '0000:01:00.0 0000:02:00.0 0000:03:00.0 oneshot.map stream.map 
0x1f500001
0x57e40001
0x1f500001
0x0000000f
0x01234000
5
0x57e40001
0x1f500001'
	assert_err "$BATS_TEST_TMPDIR/again.twin: DMA fault: writing 64 bytes at 0x0: bus mastering is off"
	grep -q 'W 0:0x18/32 0x00000040 LENGTH' "$BATS_TEST_TMPDIR/again.log"
	# and no access is another one's
	assert_equal "$(grep -c LENGTH "$BATS_TEST_TMPDIR/again.log") $(grep -c LENGTH "$BATS_TEST_TMPDIR/first.log")" '1 2'
}

# begin: a run whose guest is up; $tool is its process, $folder its temporary files
begin() {
	rm -f "$BATS_TEST_TMPDIR/out"
	pcietool twin run "${machine[@]}" "${oneshot[@]}" -- sh -c 'echo up; sleep 1000' >"$BATS_TEST_TMPDIR/out" 2>&1 3>&- &
	tool=$!
	until_true grep -q up "$BATS_TEST_TMPDIR/out"
	folder=$(tr '\0' '\n' <"/proc/$(pgrep -P "$tool")/cmdline" | grep -m 1 '^/tmp/pcietool-run-')
	[ -S "$folder/twin1" ]
	pgrep -f "name pcietool-vm.*$folder" >/dev/null
}

nothing_left() {
	[ ! -e "$folder" ] && ! pgrep -f -- "$folder" >/dev/null
}

@test "a signal, and SIGKILL, leave nothing behind" {
	begin
	kill -TERM "$tool"
	status=0
	wait "$tool" || status=$?
	assert_equal "$status" 143
	until_true nothing_left
	begin
	kill -KILL "$tool"
	wait "$tool" || true
	until_true nothing_left
}

@test "without COMMAND: a shell" {
	# shellcheck disable=SC2016 # the guest's shell's
	PROMPT_TIMEOUT=200 run python3 "$TOP/tests/lib/prompt.py" -w 40x100 '@vm:' \
		'pcietool config read VENDOR_ID; stty size\n' '@0x1234' 'exit 9\n' -- \
		"$BUILD/pcietool" twin run "${machine[@]}" "${oneshot[@]}"
	[ "$status" -eq 9 ]
	assert_output --partial '1234:5012'
	assert_line '40 100'
}
