#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
#
# One suite over every way to a device ($BACKEND): the same commands do the same, or say why they cannot. In a
# kernel that is locked down all ways but VFIO are refused, and the refusal is what is tested.
#
# qemu: -device intel-iommu,intremap=on -device edu
# append: intel_iommu=on
# each: BACKEND=helper helper-session vfio vfio-user uio sysfs devmem
# timeout: 1500
# usually: 6.1

# shellcheck disable=SC2030,SC2031,SC2154 # a test is a process of its own; bats sets stderr
load ../lib/common
load ../lib/guest
load ../lib/capture
load ../lib/paths

setup_file() {
	path_open 1234:11e8 28
}

teardown_file() {
	path_close
}

setup() {
	path_refresh
	cd "$BATS_TEST_TMPDIR" || return
	recipe=$TOP/examples/edu.recipe
}

teardown() {
	clean_up
	path_clean
}

# edu: source 0x80, destination 0x88, length 0x90, command 0x98: start 1, to memory 2, interrupt 4; its own
# buffer is at 0x40000. QEMU 7.2 aborts where a transfer ends with that buffer's last byte.
move() {
	on regs write -w 64 0x80="$1" 0x88="$2" 0x90=2048 0x98="$3"
	assert_exit 0
	on regs wait -w 64 '0x98==0:1' --timeout 5s
	assert_exit 0
}

master() {
	on -q config write COMMAND="$1":4
	assert_exit 0
}

@test "-v says which way" {
	if_refused regs read 0x0 && return
	on -v regs read 0x0
	assert_exit 0
	assert_output 0x010000ed
	assert_err "BAR 0 over $(path_of_registers)"
	has_irq || return 0
	on -v irq list
	assert_exit 0
	assert_err "interrupts over $(path_of_client)"
}

@test "the session tells by which interface VFIO has it" {
	[[ $BACKEND == vfio* ]] || return 0
	on session status --json
	assert_exit 0
	expected=group
	[ ! -e /dev/iommu ] || expected=iommufd
	assert_equal "$(json '.sessions[0].interface' | cut -d' ' -f1)" "$expected"
	assert_json '.sessions[0].via' vfio
}

@test "regs: reads, writes, masks, widths, waits, dumps" {
	if_refused regs write 0x4=0 && return
	on regs write 0x4=0x12345678
	assert_exit 0
	on regs read 0x4
	assert_output 0xedcba987 # edu's liveness register
	on regs write --verify 0x8=5
	[ "$status" -eq 0 ] || [ "$status" -eq 8 ]
	on regs wait '0x20==0:1' --timeout 5s
	assert_exit 0
	on regs read 0x8
	assert_output 0x00000078
	on regs write 0x20=0x80:0x80
	assert_exit 0
	on regs read 0x20
	assert_output 0x00000080
	on regs write 0x20=0:0x80
	on regs write -w 64 0x80=0x1122334455667788
	assert_exit 0
	on regs read -w 64 0x80
	assert_output 0x1122334455667788
	on regs dump 0x0+16 -o dump
	assert_exit 0
	assert_equal "$(od -An -tx4 -N 4 dump | tr -d ' ')" 010000ed
	on regs wait '0x4==1' --timeout 100ms
	assert_exit 7
	on regs read 0x100000
	assert_exit 2
	on regs read 2:0x0
	assert_exit 6
}

@test "config: written and read back" {
	if_refused config write COMMAND=4:4 && return
	master 4
	on config read COMMAND
	assert_exit 0
	assert_equal $((output & 4)) 4
	master 0
	on config read COMMAND.MASTER
	assert_output 0x0
	on config read VENDOR_ID
	assert_output 0x1234
}

@test "dma: address alone, list, contents, free" {
	if_no_dma && return
	on dma alloc --name rx 10000
	assert_exit 0
	assert_regex "$output" '^0x[0-9a-f]+$'
	address=$output
	[ $((address % 4096)) -eq 0 ]
	[ $((address >> 28)) -eq 0 ]
	on dma alloc --name tx 64k
	assert_exit 0
	on dma list --json
	assert_json '[.buffers[].name] | join(" ")' 'rx tx'
	assert_json '.buffers[0] | "\(.address) \(.size) \(.allocated) \(.orphan) \(.page_backed)"' \
		"$address 10000 12288 false true"
	on dma read rx
	assert_equal "$(tr -d '\0' <<<"$output" | wc -c)" 1
	on dma fill tx --pattern prbs31 --seed 7
	assert_exit 0
	on dma verify tx --pattern prbs31 --seed 7
	assert_exit 0
	on dma verify tx --pattern prbs31 --seed 8
	assert_exit 8
	on dma write rx+4 1 2 3
	on regs read @rx+8
	assert_output 0x00000002
	on dma alloc --name rx 4k
	assert_exit 1
	assert_err 'already'
	on dma free rx tx
	assert_exit 0
	on dma list
	assert_output ''
	on dma read rx
	assert_exit 2
	assert_err "there is no buffer 'rx'"
}

@test "dma: the device moves it in and out; free waits for bus mastering" {
	can_dma || return 0
	on dma alloc --name tx 4k
	on dma alloc --name rx 4k
	on dma fill tx --pattern prbs31 --seed 3
	master 4
	move @tx 0x40000 1
	move 0x40000 @rx 3
	on dma verify rx+0+2k --pattern prbs31 --seed 3
	assert_exit 0
	on dma free rx
	assert_exit 1
	assert_err 'bus mastering is on'
	on --force dma free rx tx
	assert_exit 0
	on config read COMMAND.MASTER
	assert_output 0x0
}

@test "irq: messages are counted, waited for, and none is lost between two commands" {
	can_dma || return 0
	on irq list --json
	assert_json .type none
	on irq wait --timeout 0s
	assert_exit 1
	assert_err 'irq enable'
	on irq enable --type msi
	assert_exit 0
	on irq enable
	assert_exit 1
	assert_err 'enabled already'
	master 4
	on irq wait --since 0 --timeout 100ms
	assert_exit 7
	on regs write 0x60=1 0x64=1 0x60=1 0x64=1
	on irq list --json
	assert_json '.vectors[0].count' 2
	on irq wait --since 1 --timeout 0s
	assert_exit 0
	assert_output 2
	(sleep 0.5; on regs write 0x60=1 0x64=1) &
	raiser=$!
	on irq wait --since 2 --timeout 10s
	wait "$raiser"
	assert_exit 0
	assert_output 3
	on irq wait --vector 1 --timeout 0s
	assert_exit 6
	on irq disable
	assert_exit 0
	on irq disable
	assert_exit 1
}

@test "irq: INTx is masked when it comes, and armed again by the next wait" {
	has_irq || return 0
	! is_refused || ! has_dma || return 0
	# armed already, enabling writes nothing
	if_refused irq disable && return
	on regs write 0x64=0xffffffff
	on irq enable --type intx
	assert_exit 0
	on irq list --json
	base=$(json '.vectors[0].count')
	on regs write 0x60=1
	on irq wait --since "$base" --timeout 5s
	assert_exit 0
	assert_output $((base + 1))
	# still asserted: let in again, it comes again
	on irq wait --since $((base + 1)) --timeout 5s
	assert_exit 0
	on regs write 0x64=1
	on irq list --json
	now=$(json '.vectors[0].count')
	on irq wait --since "$now" --timeout 200ms
	[ "$status" -eq 7 ] || [ "$output" -le $((now + 1)) ]
	on irq disable
	assert_exit 0
}

@test "irq: disabled while it is waited for" {
	can_dma || return 0
	on irq enable --type msi
	on irq list --json
	(sleep 0.5; on irq disable) &
	other=$!
	on irq wait --timeout 20s
	wait "$other"
	assert_exit 1
	assert_err 'not enabled'
}

@test "capture: polled, by interrupt, straight to a disk; play" {
	can_dma || return 0
	head -c 2048 /dev/urandom >in
	master 4
	on dma play -i in -w 64 --block 2k --timeout 10s --each 0x80=@block --each 0x88=0x40000 --each 0x90=@block.size \
		--each 0x98=1 --done '0x98==0:1'
	assert_exit 0
	master 4
	on dma capture --recipe "$recipe" --size 8k -o out
	assert_exit 0
	assert_output --partial ', lost 0'
	cat in in in in | cmp - out
	at_rest
	on irq enable --type msi
	master 4
	on dma capture -j -w 64 --blocks 2 --block 2k --timeout 10s --irq 0 --ack 0x64/32=0x100 --each 0x80=0x40000 \
		--each 0x88=@block --each 0x90=@block.size --each 0x98=7 --size 5000 -o out
	assert_exit 0
	assert_json '"\(.bytes) \(.blocks) \(.lost)"' '5000 3 0'
	cat in in in | head -c 5000 | cmp - out
	on irq disable
	at_rest
	make_disk
	chmod 777 mnt
	master 4
	on dma capture -w 64 --block 4k --blocks 2 --timeout 10s --direct --each 0x80=0x40000 --each 0x88=@block \
		--each 0x90=2048 --each 0x98=3 --done '0x98==0:1' --size 8k -o mnt/out
	assert_exit 0
	head -c 2048 mnt/out | cmp - in
	head -c 6144 mnt/out | tail -c 2048 | cmp - in
	at_rest
}

@test "capture: Ctrl-C and SIGKILL leave the device at rest, with --stop" {
	can_dma || return 0
	engine=(-w 64 --block 2k --each 0x80=0x40000 --each 0x88=@block --each 0x90=@block.size --each 0x98=3
		--done '0x98==0:1' --stop 0x20/32=0x80:0x80)
	for signal in INT KILL; do
		rm -f out
		on regs write 0x20=0
		master 4
		path_begin capture "${engine[@]}" -o out
		until_true test -s out
		kill -"$signal" "$pid"
		ended
		pid=
		if [ "$signal" = INT ]; then assert_equal "$status" 0; else assert_equal "$status" 137; fi
		at_rest
		on regs read 0x20
		assert_output 0x00000080
	done
	on regs write 0x20=0
}

@test "batch: the same lines in one process" {
	can_dma || return 0
	cat >lines <<-'END'
		dma alloc --name tx 4k
		dma alloc --name rx 4k
		dma fill tx --pattern count32
		config write COMMAND=4:4
		regs write -w 64 0x80=@tx 0x88=0x40000 0x90=2048 0x98=1
		regs wait -w 64 '0x98==0:1' --timeout 5s
		regs write -w 64 0x80=0x40000 0x88=@rx 0x90=2048 0x98=3
		regs wait -w 64 '0x98==0:1' --timeout 5s
		dma verify rx+0+2k --pattern count32
		irq enable --type msi
		regs write 0x60=1 0x64=1
		irq wait --since 0 --timeout 5s
		irq disable
		config write COMMAND=0:4
		dma free rx tx
	END
	on batch lines
	assert_exit 0
	assert_line 1
}
