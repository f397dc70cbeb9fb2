#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
#
# --direct with several writes in flight: what is in the file is what was in memory, a block is given back only when
# it is written, and however it ends nothing is missing before what is there. The hooks themselves put into the
# memory what a device would, as nothing is faster than they are.
#
# qemu: -device edu
# disk: 1G
# timeout: 900
# also: debug

# shellcheck disable=SC2154,SC2034 # pid, stderr: the words of lib have and use them

load ../lib/common
load ../lib/guest
load ../lib/capture

setup_file() {
	modprobe -a virtio_blk ext4
	take 1234:11e8 --mask 28
	pcietool irq enable --type msi --vectors 1
}

setup() {
	cd "$BATS_TEST_TMPDIR" || return
	ready
}

teardown() {
	clean_up
	if [[ -e /proc/sys/kernel/io_uring_disabled ]]; then sysctl -q kernel.io_uring_disabled=0; fi
}

# disk [SIZE]: an ext4 on the scratch disk at mnt.
disk() {
	mkfs.ext4 -q -F /dev/vda ${1+"$1"}
	mkdir -p mnt
	mount /dev/vda mnt
}

# Each block gets its number in the ring at both ends, and loses it when it is given back.
ring=(--block 64k --blocks 8 -w 32 --direct -v)
device=(--each @block=@index --each '@block+65532=@index' --each 0x4=@block --done '0x0!=0' --stop 0x4=0x11)
back=(--ack @block=0xdead --ack '@block+65532=0xdead' --ack 0x20=@index)

# check FILE [killed]: the blocks of that device in order, prints how many bytes. The file of a process that was killed
# may end in zeroes, and in blocks that miss some before them.
check() {
	python3 - "$@" <<-'END'
		import struct, sys

		BLOCK, SLOTS = 65536, 8
		data = open(sys.argv[1], 'rb').read()
		n = 0
		slots = [struct.pack('<I', n).ljust(BLOCK - 4, b'\0') + struct.pack('<I', n) for n in range(SLOTS)]
		while n * BLOCK < len(data):
		    block = data[n * BLOCK:(n + 1) * BLOCK]
		    if block != slots[n % SLOTS][:len(block)]:
		        break
		    n += 1
		end = min(n * BLOCK, len(data))
		rest = data[end:]
		if len(sys.argv) > 2:
		    rest = rest[SLOTS * BLOCK:]
		if rest != bytes(len(rest)) or (len(sys.argv) == 2 and end < len(data)):
		    sys.exit(f'block {n} is {block[:4].hex()}..{block[-4:].hex()}')
		print(end)
	END
}

in_flight() {
	assert_err 'up to 8 direct writes in flight with io_uring'
}

one_at_a_time() { # REASON
	assert_err "direct writes one at a time: $1"
	refute_err 'in flight with'
}

@test "every byte, each block given back when it is written; -v says how" {
	disk
	run_tool dma capture -j "${ring[@]}" "${device[@]}" "${back[@]}" --size 64M -o mnt/out --index index
	assert_exit 0
	in_flight
	assert_json '"\(.bytes) \(.blocks)"' "$((64 << 20)) 1024"
	[[ $(check mnt/out) == $((64 << 20)) ]]
	run jq -s 'length as $n | [.[] | .block] == [range($n)] and [.[] | .offset] == [range($n) | . * 65536]' index
	assert_output true
	assert_at_rest
}

@test "several are out at a time, never more than the ring has; they come back in order" {
	disk
	trace_on
	run_tool dma capture "${ring[@]}" "${device[@]}" "${back[@]}" --size 8M -o mnt/out
	trace_off
	assert_exit 0
	trace_lines edu-mmio "$(bar_base "$PCIETOOL_DEVICE" 0)" >trace
	run awk '
		$1 == "write" && $2 == "0x4" && $4 != "0x11" {out++; if (out > most) most = out}
		$1 == "write" && $2 == "0x20" {if ($4 != "0x" back++ % 8) bad++; out--}
		END {print (most > 1 && most <= 8), back, out, bad + 0}' trace
	assert_output '1 128 0 0'
}

@test "the last block is not whole: its end goes through the page cache" {
	disk
	for size in 100000 65536 65537 4095 1048575; do
		run_tool dma capture "${ring[@]}" "${device[@]}" --size "$size" -o mnt/out
		assert_exit 0
		[[ $(check mnt/out) == "$size" ]]
		ready
	done
}

@test "a file that was longer; a disk without a file system" {
	disk
	head -c 2M /dev/urandom >mnt/out
	run_tool dma capture "${ring[@]}" "${device[@]}" --size 1M -o mnt/out
	assert_exit 0
	[[ $(check mnt/out) == $((1 << 20)) ]]
	umount mnt
	ready
	run_tool dma capture "${ring[@]}" "${device[@]}" --size 1M -o /dev/vda
	assert_exit 0
	in_flight
	head -c 1M /dev/vda >out
	[[ $(check out) == $((1 << 20)) ]]
}

@test "a device's data, by interrupt" {
	disk
	head -c 2048 /dev/urandom >in
	run_tool dma play -i in -w 64 --block 2k --timeout 10s --each 0x80=@block --each 0x88=0x40000 --each 0x90=2048 \
		--each 0x98=1 --done '0x98==0:1'
	assert_exit 0
	ready
	head -c 2048 /dev/zero >zeroes
	run_tool dma capture -v -w 64 --block 4k --blocks 4 --direct --timeout 10s --irq 0 --each 0x80=0x40000 \
		--each 0x88=@block --each 0x90=2048 --each 0x98=7 --size 32k -o mnt/out
	assert_exit 0
	assert_err 'up to 4 direct writes in flight'
	for _ in {1..8}; do cat in zeroes; done | cmp - mnt/out
	ready
	# what acknowledges an interrupt cannot wait
	run_tool dma capture -v -w 64 --block 4k --blocks 4 --direct --timeout 10s --irq 0 --each 0x80=0x40000 \
		--each 0x88=@block --each 0x90=2048 --each 0x98=7 --ack 0x64/32=0x100 --size 16k -o mnt/out
	assert_exit 0
	one_at_a_time '--ack has to come before'
	for _ in {1..4}; do cat in zeroes; done | cmp - mnt/out
}

@test "a full disk: what is in the file is whole, and as much as is said" {
	for size in 16M 24M; do
		disk "$size"
		ready
		run_tool dma capture -j "${ring[@]}" "${device[@]}" "${back[@]}" -o mnt/out --index index
		assert_exit 1
		assert_err 'No space left on device'
		[[ $(check mnt/out) == $(json .bytes) ]]
		[[ $(json .bytes) -gt 4000000 ]]
		[[ $(jq -s 'map(.length) | add' index) == $(($(json .bytes) / 65536 * 65536)) ]]
		assert_at_rest
		umount mnt
	done
}

@test "a disk that fails in the middle" {
	modprobe dm_mod
	# a megabyte that is read and written, an error behind it
	printf '0 2048 linear /dev/vda 0\n2048 128 error\n2176 4096 linear /dev/vda 2176\n' |
		dmsetup create --noudevsync bad
	run_tool dma capture -j "${ring[@]}" "${device[@]}" "${back[@]}" \
		-o "/dev/$(dmsetup info -c --noheadings -o blkdevname bad)"
	dmsetup remove --noudevsync bad
	assert_exit 1
	assert_err 'Input/output error'
	assert_json .bytes $((1 << 20))
}

@test "Ctrl-C and SIGTERM in the middle" {
	disk
	for signal in INT TERM INT TERM; do
		ready
		# that it has begun is seen by a file that is new
		rm -f mnt/out
		begin capture -j "${ring[@]}" "${device[@]}" "${back[@]}" -o mnt/out --index index
		until_true test -s mnt/out
		sleep "0.$((RANDOM % 300 + 100))"
		kill -"$signal" "$pid"
		ended
		pid=
		if [[ $signal == INT ]]; then assert_exit 0; else assert_exit 143; fi
		in_flight
		[[ $(check mnt/out) == $(json .bytes) ]]
		[[ $(jq -s 'map(.length) | add' index) == $(json .bytes) ]]
		assert_at_rest
		run_tool regs read 0x4
		assert_output 0xffffffee
	done
}

@test "SIGKILL in the middle: zeroes at the end at most; nothing of it stays" {
	disk
	for _ in {1..6}; do
		ready
		# that it has begun is seen by a file that is new
		rm -f mnt/out
		begin capture "${ring[@]}" "${device[@]}" "${back[@]}" -o mnt/out
		until_true test -s mnt/out
		sleep "0.$((RANDOM % 300 + 100))"
		kill -KILL "$pid"
		ended
		pid=
		assert_exit 137
		until_true at_rest_again
		[[ $(check mnt/out killed) -gt 0 ]]
		run_tool regs read 0x4
		assert_output 0xffffffee
	done
	# nobody holds the file any more
	umount mnt
}

at_rest_again() {
	[[ $(pcietool dma list --json | jq '.buffers | length') == 0 ]]
}

@test "the helper is unbound in the middle: exit 5, and no block of what was its memory" {
	disk
	begin capture -j "${ring[@]}" "${device[@]}" "${back[@]}" -o mnt/out
	until_true test -s mnt/out
	sleep 0.5
	echo "$PCIETOOL_DEVICE" >"/sys/bus/pci/devices/$PCIETOOL_DEVICE/driver/unbind"
	ended
	pid=
	pcietool driver bind --mask 28
	pcietool irq enable --type msi --vectors 1
	assert_exit 5
	[[ $(check mnt/out) == $(json .bytes) ]]
}

@test "without io_uring: one write at a time, and -v says why" {
	disk
	library=$(ldconfig -p | awk '/liburing\.so\.2/ {print $NF; exit}')
	mount --bind /dev/null "$(realpath "$library")"
	run_tool dma capture "${ring[@]}" "${device[@]}" "${back[@]}" --size 1M -o mnt/out
	umount "$(realpath "$library")"
	assert_exit 0
	one_at_a_time 'liburing.so.2 cannot be loaded'
	[[ $(check mnt/out) == $((1 << 20)) ]]
	# a kernel that was built without it, or a container's filter
	ready
	run_limited "$BUILD/tests/lib/fail_call" -u -d mnt -l log -- \
		pcietool dma capture "${ring[@]}" "${device[@]}" "${back[@]}" --size 1M -o mnt/out
	assert_exit 0
	one_at_a_time 'io_uring: Function not implemented'
	[[ $(check mnt/out) == $((1 << 20)) ]]
	[[ -e /proc/sys/kernel/io_uring_disabled ]] || return 0
	# it came with Linux 6.6
	sysctl -q kernel.io_uring_disabled=2
	ready
	run_tool dma capture "${ring[@]}" "${device[@]}" "${back[@]}" --size 1M -o mnt/out
	assert_exit 0
	one_at_a_time 'io_uring: Operation not permitted'
	[[ $(check mnt/out) == $((1 << 20)) ]]
}

@test "what cannot be several: one block, standard output, an --ack for what is waited for" {
	disk
	run_tool dma capture "${ring[@]}" --blocks 1 "${device[@]}" --size 128k -o mnt/out
	assert_exit 0
	one_at_a_time 'the ring has one block'
	ready
	pcietool dma capture "${ring[@]}" "${device[@]}" --size 1M -o - 2>err >mnt/out
	[[ $(check mnt/out) == $((1 << 20)) ]]
	grep 'one at a time: standard output' err
	ready
	run_tool dma capture "${ring[@]}" "${device[@]}" --ack 0x20=0 --size 1M -o mnt/out
	assert_exit 0
	one_at_a_time '--ack has to come before'
	[[ $(check mnt/out) == $((1 << 20)) ]]
}
