#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
#
# DMA buffers: made, listed, filled, moved through edu and compared, freed.
#
# qemu: -device edu
# mem: 2G
# also: debug rt arm64

# shellcheck disable=SC2030,SC2031,SC2154 # a test is a process of its own; bats sets stderr
load ../lib/common
load ../lib/guest

setup() {
	edu=$(bdf_of 1234:11e8)
	page=$(getconf PAGESIZE)
	export PCIETOOL_DEVICE=$edu
	pcietool driver bind --mask 28
}

teardown() {
	pcietool -q -f driver release --idle || true
	echo 0 >/sys/module/pcietool/parameters/max_bytes
	setpci -s "$edu" COMMAND=2:6
}

names() {
	pcietool dma list --json | jq -r '[.buffers[].name] | join(" ")'
}

bus_master() {
	pcietool config write COMMAND="$1":4
}

# edu: source 0x80, destination 0x88, length 0x90, command 0x98: start 1, to memory 2, interrupt 4; its own
# buffer is at 0x40000. QEMU 7.2 aborts where a transfer ends with that buffer's last byte.
move() {
	pcietool regs write -w 64 0x80="$1" 0x88="$2" 0x90=2048 0x98="$3"
	pcietool regs wait -w 64 '0x98==0:1' --timeout 5s
}

@test "alloc prints the bus address alone; list knows the rest" {
	run_tool dma list --json
	assert_exit 0
	assert_json '.buffers | length' 0
	run_tool dma list
	assert_output ''
	run_tool dma alloc --name rx 10000
	assert_exit 0
	assert_regex "$output" '^0x[0-9a-f]+$'
	address=$output
	[ $((address % page)) -eq 0 ]
	[ $((address >> 28)) -eq 0 ]
	run_tool dma alloc --name tx 64k --json
	assert_json .schema pcietool/dma-alloc/1
	assert_json .name tx
	assert_json .size 65536
	assert_equal "$(names)" 'rx tx'
	run_tool dma list --json
	assert_json '.buffers[0] | "\(.name) \(.address) \(.size) \(.allocated) \(.orphan)"' "rx $address 10000 $(((10000 + page - 1) / page * page)) false"
	assert_json '.buffers[0].page_backed' true
	run_tool dma list
	assert_line --index 0 --partial "$address"
	assert_line --index 1 --partial tx
	assert_equal "$(pcietool regs read @rx+0x10)" 0x00000000
	pcietool dma free rx tx
	assert_equal "$(names)" ''
}

@test "a name twice, a full cap, no such buffer: said with what helps" {
	pcietool dma alloc --name rx 4k
	run_tool dma alloc --name rx 4k
	assert_exit 1
	assert_err "rx already"
	assert_err 'dma free rx'
	echo 65536 >/sys/module/pcietool/parameters/max_bytes
	run_tool dma alloc --name big 64k
	assert_exit 1
	assert_err "65536 bytes are more than the $((65536 - page)) that are left of the 65536 for all buffers together"
	# the hint is a line to type, and does it
	line=$(sed -n "s/^hint: .*'\(echo .*\)'$/\1/p" <<<"$stderr")
	assert_equal "$line" "echo $((65536 + page)) >/sys/module/pcietool/parameters/max_bytes"
	bash -c "$line"
	pcietool dma alloc --name big 64k
	pcietool dma free --idle big
	echo 65536 >/sys/module/pcietool/parameters/max_bytes
	pcietool dma alloc --name rest $((65536 - page))
	run_tool dma alloc --name more 1
	assert_exit 1
	run_tool dma read nothing
	assert_exit 2
	assert_err 'rx, rest'
	run_tool dma free rx nothing
	assert_exit 2
	assert_equal "$(names)" 'rx rest'
	pcietool dma free --all
	run_tool dma free --all
	assert_exit 0
	pcietool dma free --idle --all
	pcietool config write COMMAND=4:4
	# a ring, block by block: what all of it needs, before the first of them is there
	run_tool dma capture --block 20k --blocks 8 --each 0x98=3 --done '0x98==0:1' --size 20k -o out
	assert_exit 1
	ring=$((8 * ((20480 + page - 1) / page * page)))
	assert_err "$ring bytes are more than the 65536 that are left of the 65536 for all buffers together"
	line=$(sed -n "s/^hint: .*'\(echo .*\)'$/\1/p" <<<"$stderr")
	assert_equal "$line" "echo $ring >/sys/module/pcietool/parameters/max_bytes"
	pcietool config write COMMAND=0:4
	echo 0 >/sys/module/pcietool/parameters/max_bytes
	# half of memory, where nothing is said
	run_tool dma alloc --name more 100G
	assert_err "left of the $(($(sed -n 's/^MemTotal: *\([0-9]*\) kB$/\1/p' /proc/meminfo) * 512)) for all"
	run_tool dma read rx
	assert_exit 2
	assert_err 'dma alloc'
}

@test "more than there is in one piece: the largest that would fit, and what helps" {
	run_tool dma alloc --name big 256M
	assert_exit 1
	assert_err 'would be the largest'
	assert_err 'capture'
	largest=$(sed -n 's/.*mask; \([0-9]*k\) would be the largest.*/\1/p' <<<"$stderr")
	# the same again, now that it is known
	run_tool dma alloc --name big "$largest"
	assert_exit 0
	pcietool dma free big
	assert_equal "$(names)" ''
	bus_master 4
	run_tool dma alloc --name big 256M
	assert_exit 1
	bus_master 0
	# nothing is left behind by the question, not even under a bus master
	run_tool dma list --json
	assert_json '.buffers | length' 0
}

@test "the memory is charged to the caller's control group, held back memory too" {
	local group=$BATS_TEST_TMPDIR/cgroup
	mkdir "$group"
	mount -t cgroup2 none "$group"
	echo +memory >"$group/cgroup.subtree_control"
	mkdir "$group/small"
	echo 16M >"$group/small/memory.max"
	in_group() { (echo "$BASHPID" >"$group/small/cgroup.procs" && pcietool "$@"); }
	in_group dma alloc --name a 4M >/dev/null
	[ "$(<"$group/small/memory.current")" -ge $((4 << 20)) ]
	in_group dma alloc --name b 4M >/dev/null
	[ "$(<"$group/small/memory.current")" -ge $((8 << 20)) ]
	pcietool dma free b
	[ "$(<"$group/small/memory.current")" -ge $((8 << 20)) ]
	run in_group dma alloc --name c 12M
	assert_failure
	assert_output --partial 'memory.max'
	assert_equal "$(names)" a
	pcietool dma free --idle --all
	given_back() { [ "$(<"$group/small/memory.current")" -lt $((4 << 20)) ]; }
	until_true given_back
	rmdir "$group/small"
	umount "$group"
}

@test "read and write: values, files, pipes" {
	pcietool dma alloc --name rx 4k
	pcietool dma write rx 1 0x89abcdef 3
	assert_equal "$(pcietool dma read rx+0+12 | od -An -tx1 | tr -d ' \n')" 01000000efcdab8903000000
	pcietool dma write -w 16 rx+4 0x1234
	pcietool dma write -w 64 rx+8 @rx
	assert_equal "$(pcietool regs read @rx+4 @rx+8/64 | tr '\n' ' ')" \
		"0x89ab1234 $(printf '0x%016x' "$(pcietool dma list -j | jq -r '.buffers[0].address')") "
	run_tool dma write -w 8 rx+0xfff 0x55 0x66
	assert_exit 2
	assert_equal "$(pcietool regs read @rx+0xfff/8)" 0x00
	run_tool dma write -w 8 rx 256
	assert_exit 2
	run_tool dma write rx @nothing
	assert_exit 2
	head -c 4096 /dev/urandom >"$BATS_TEST_TMPDIR/random"
	pcietool dma write rx -i "$BATS_TEST_TMPDIR/random"
	pcietool dma read rx -o "$BATS_TEST_TMPDIR/back"
	cmp "$BATS_TEST_TMPDIR/random" "$BATS_TEST_TMPDIR/back"
	pcietool dma read rx | cmp - "$BATS_TEST_TMPDIR/random"
	head -c 100 /dev/zero | pcietool dma write rx+1000 -i -
	assert_equal "$(pcietool dma read rx+1000+100 | tr -d '\0' | wc -c)" 0
	cmp <(head -c 1000 "$BATS_TEST_TMPDIR/random") <(pcietool dma read rx+0+1000)
	for input in "$BATS_TEST_TMPDIR/random" /dev/zero; do
		run_tool dma write rx+1 -i "$input"
		assert_exit 2
		assert_err 'longer'
	done
	cmp <(head -c 1000 "$BATS_TEST_TMPDIR/random") <(pcietool dma read rx+0+1000)
	run_tool dma read rx+0+4 --json
	assert_json .schema pcietool/dma-read/1
	assert_json '.values | length' 4
	run script -qec 'pcietool dma read rx+0+16' /dev/null </dev/null
	[[ ! $(type -P script) ]] || assert_output --partial '00000000: '
}

@test "ranges that leave the buffer" {
	pcietool dma alloc --name rx 4k
	for range in rx+4097 rx+0+4097 rx+4096+1 rx+1+18446744073709551615 rx+18446744073709551615 \
		rx+18446744073709551615+2; do
		for verb in read 'fill --pattern ones' 'verify --pattern zero'; do
			# shellcheck disable=SC2086 # several words
			run_tool dma $verb "$range"
			assert_exit 2
		done
	done
	run_tool dma verify rx --pattern zero
	assert_exit 0
}

@test "a buffer ends where it was asked to, not with its page" {
	pcietool dma alloc --name rx 100
	pcietool dma fill rx --pattern ones
	run_tool regs read @rx+96 @rx+99/8
	assert_exit 0
	assert_output $'0xffffffff\n0xff'
	for words in 'read @rx+100/8' 'read @rx+97/32' 'read @rx+0xffc' 'write @rx+100=1' 'wait @rx+100==0 --timeout 0s' 'dump @rx+0+104' 'test @rx+0+104'; do
		# shellcheck disable=SC2086 # several words
		run_tool regs $words
		assert_exit 2
		[[ $words == 'read @rx+97/32' ]] || assert_err 'it has 0x64 bytes'
	done
	pcietool regs dump -o all @rx+0+100
	assert_equal "$(stat -c %s all)" 100
	run_tool regs load -i all @rx+4
	assert_exit 2
}

@test "nothing to fill or to verify is no success" {
	pcietool dma alloc --name rx 100
	for range in rx+100 rx+0+0 rx+50+0 rx+100+0; do
		for verb in fill 'fill --dry-run' verify; do
			# shellcheck disable=SC2086 # several words
			run_tool dma $verb $range --pattern zero
			assert_exit 2
			assert_err 'there is nothing in it'
		done
	done
	run_tool dma read rx+100
	assert_exit 0
	run_tool dma read rx+50+0
	assert_exit 2
	run_tool dma write rx -i - < <(:)
	assert_exit 1
	assert_err 'the input is empty'
}

@test "fill and verify: each pattern, and where it differs" {
	pcietool dma alloc --name rx 4k
	for pattern in zero ones count8 count32 walking1 prbs31 constant:0x12345678 constant:0x123456789a; do
		pcietool dma fill rx --pattern $pattern
		run_tool dma verify rx --pattern $pattern
		assert_exit 0
		assert_output ''
	done
	pcietool dma fill rx+100+50 --pattern count8 --seed 7
	run_tool dma verify rx+100+50 --pattern count8 --seed 7
	assert_exit 0
	run_tool dma verify rx+100+50 --pattern count8 --seed 8 --json
	assert_exit 8
	assert_json .different 50
	assert_json '.first | "\(.offset) \(.expected) \(.actual)"' '0x64 0x08 0x07'
	assert_json .error.exit 8
	pcietool dma fill rx --pattern zero
	pcietool dma write -w 8 rx+0x800 0x55 0 0x66
	run_tool dma verify rx --pattern zero
	assert_exit 8
	assert_err '0x800'
	assert_err '0x55'
	assert_err '2 bytes'
}

@test "a round trip through the device" {
	pcietool dma alloc --name tx 4k
	pcietool dma alloc --name rx 4k
	pcietool dma fill tx --pattern prbs31 --seed 7
	run_tool dma verify rx --pattern zero
	assert_exit 0
	bus_master 4
	move @tx 0x40000 1
	move 0x40000 @rx 3
	run_tool dma verify rx+0+2048 --pattern prbs31 --seed 7
	assert_exit 0
	run_tool dma verify rx+2048 --pattern zero
	assert_exit 0
	bus_master 0
}

@test "free while bus mastering is on: refused; --force turns it off first" {
	pcietool dma alloc --name rx 4k
	pcietool dma alloc --name tx 4k
	bus_master 4
	for what in rx --all; do
		run_tool dma free $what
		assert_exit 1
		assert_err 'bus mastering is on'
		assert_err 'COMMAND=0:0x4'
		assert_err --force
	done
	assert_equal "$(names)" 'rx tx'
	run_tool --force dma free rx
	assert_exit 0
	assert_equal "$(names)" tx
	assert_equal $(($(setpci -s "$edu" COMMAND | sed 's/^/0x/') & 4)) 0
	run_tool dma free tx
	assert_exit 0
}

@test "a dry run changes nothing" {
	pcietool dma alloc --name rx 4k
	pcietool dma fill rx --pattern count8
	for arguments in 'dma alloc --name other 4k' 'dma free rx' 'dma free --all' 'dma write rx 1 2' \
		'dma fill rx --pattern zero' 'irq enable'; do
		# shellcheck disable=SC2086 # several words
		run_tool -D $arguments
		assert_exit 0
		[[ -n $output ]]
	done
	assert_equal "$(names)" rx
	run_tool dma verify rx --pattern count8
	assert_exit 0
	run_tool irq list --json
	assert_json .type none
}

@test "a dry run fails where the real run would" {
	pcietool dma alloc --name rx 4k
	bus_master 4
	cap=$(</sys/module/pcietool/parameters/max_bytes)
	for arguments in 'dma alloc --name rx 4k' 'dma alloc --name big 1000G' 'dma free rx' 'dma free --all' \
		'dma free --idle --all' 'irq disable' 'irq enable --type msix' 'irq enable --vectors 7'; do
		# shellcheck disable=SC2086 # several words
		run_tool $arguments
		real=$status
		[[ $real -ne 0 ]]
		said=$stderr
		# shellcheck disable=SC2086 # several words
		run_tool -D $arguments
		assert_exit "$real"
		assert_equal "$stderr" "$said"
		refute_output --partial would
	done
	run_tool -D --force dma free rx
	assert_exit 0
	assert_equal "$(names)" rx
	assert_equal "$(</sys/module/pcietool/parameters/max_bytes)" "$cap"
	run_tool -D irq enable
	assert_exit 0
	assert_output 'irq type <- msi, vectors 1'
	run_tool -D -j irq enable
	assert_json '"\(.type) \(.vectors)"' 'msi 1'
	pcietool irq enable
	run_tool -D irq enable
	assert_exit 1
	assert_err 'enabled already'
	pcietool irq disable
}

@test "released while its memory is read: exit 5, not a crash" {
	pcietool dma alloc --name big 4M
	mkfifo "$BATS_TEST_TMPDIR/fifo"
	pcietool dma read big >"$BATS_TEST_TMPDIR/fifo" 2>"$BATS_TEST_TMPDIR/err" 3>&- &
	pid=$!
	exec 7<"$BATS_TEST_TMPDIR/fifo"
	# in the middle: what it has written is more than nothing, and the pipe is full
	until_true grep -q pipe_w "/proc/$pid/wchan"
	pcietool -f driver release
	cat <&7 >/dev/null
	exec 7<&-
	status=0
	wait "$pid" || status=$?
	cat "$BATS_TEST_TMPDIR/err"
	assert_equal "$status" 5
	pcietool driver bind
}

@test "buffers go with the release" {
	pcietool dma alloc --name rx 4k
	pcietool driver release
	pcietool driver bind
	assert_equal "$(names)" ''
	assert_equal "$(pcietool driver status -j | jq .helper.bytes_used)" 0
}
