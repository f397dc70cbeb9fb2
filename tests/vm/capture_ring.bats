#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Capture from a ring of descriptors: a network card's, with frames of known content from another card on the same wire.
# Every byte and length is compared.
#
# qemu: -device intel-iommu,intremap=on
# qemu: -netdev hubport,hubid=0,id=h0 -device e1000e,netdev=h0,romfile=
# qemu: -netdev hubport,hubid=0,id=h1 -device virtio-net-pci,netdev=h1,romfile=
# append: intel_iommu=on
# timeout: 900
# usually: 6.1

# shellcheck disable=SC2154,SC2034 # pid, stderr: the words of lib have and use them

load ../lib/common
load ../lib/guest
load ../lib/capture
load ../lib/frames

setup_file() {
	sender_up
	take 8086:10d3 --to helper
}

setup() {
	cd "$BATS_TEST_TMPDIR" || return
	recipe=$TOP/examples/e1000e.recipe
	ready
}

teardown() {
	clean_up
	pcietool dma free --all --force >/dev/null 2>&1 || true
}

# arrived N: are so many frames in the file, whose $form is one of check_frames'?
arrived() {
	[[ $(check_frames "${form:--r}" out 2>/dev/null) == "$1" ]]
}

# all_arrive N: waits for it, as long as the capture goes on.
all_arrive() {
	until arrived "$1"; do
		kill -0 "$pid" || return
		sleep 0.2
	done
}

# index_is COUNT: the index is of so many frames, in the order of the file, each behind the one before.
index_is() {
	jq -es --argjson n "$1" '. as $a | ([.[].frame] | unique) == [range($n)] and
		all(range(length); $a[.].block == . and ($a[.].status | test("^0x[1-9a-f]")))' index >/dev/null
}

@test "3,000 frames over many turns of a ring of 32, every byte and every length the same" {
	begin capture --recipe "$recipe" --format records -o out --index index --timeout 60s
	until_true receiving
	send_frames eth0 3000
	all_arrive 3000
	kill -INT "$pid"
	ended
	assert_exit 0
	assert_output --partial 'frames 3000'
	index_is 3000
	[[ $(jq -s 'map(.length + 16) | add' index) == $(stat -c %s out) ]]
	assert_given_back
}

@test "with interrupts, and a doorbell for each block" {
	pcietool irq enable --type msi
	begin capture --recipe "$recipe" --format records -o out --index index --timeout 60s --batch 1 --irq 0 --start 0xd0=0xd0 \
		--ack 0xc0=0xd0 --stop 0xd8=0xffffffff
	until_true receiving
	send_frames eth0 500
	all_arrive 500
	kill -INT "$pid"
	ended
	assert_exit 0
	index_is 500
	jq -es 'all(.interrupts | type == "number")' index
	(($(pcietool irq list --json | jq '.vectors[0].count') > 0))
	pcietool irq disable
	assert_at_rest
}

@test "frames of several blocks each, as packets" {
	# RCTL: buffers of 256 bytes
	form=-p
	begin capture --recipe "$recipe" --format pcap -o out --index index --timeout 60s --block 256 --setup 0x100=0x04038018
	until_true receiving
	send_frames eth0 500
	all_arrive 500
	kill -INT "$pid"
	ended
	assert_exit 0
	assert_output --partial 'frames 500'
	# the blocks of a frame are whole but for its last
	jq -es 'length > 1000 and (group_by(.frame) | all(.[:-1][].length == 256))' index
	assert_at_rest
}

@test "raw, up to --size: the bytes that were used, and no more" {
	begin capture --recipe "$recipe" -o out --size 100000 --timeout 30s
	until_true receiving
	# so many have 100506 bytes; what is left over might come in the next test
	send_frames eth0 138
	ended
	assert_exit 0
	[[ $(stat -c %s out) == 100000 ]]
	# the first three have 60, 97 and 134 bytes
	[[ $(od -An -tu4 -j14 -N4 --endian=big out) -eq 0 && $(od -An -tu4 -j74 -N4 --endian=big out) -eq 1 ]]
	[[ $(od -An -tu4 -j171 -N4 --endian=big out) -eq 2 ]]
	assert_at_rest
}

@test "the same ring by its head and tail: whole blocks, as the descriptors are not looked at" {
	pcietool dma alloc --name desc 512
	begin capture -o out --block 2k --blocks 32 --head 0x2810 --head-unit 2k --size 400k --timeout 60s \
		--setup 0x100=0 --setup 0x2800=@desc.lo --setup 0x2804=@desc.hi --setup '0x2808=16*@blocks' \
		--setup 0x2810=0 --setup 0x2818=0 --setup 0x100=0x04008018 --per-block '@desc+16*@index/64=@block' \
		--start 0x100=2:2 --start 0x2818=@blocks-1 --ack '0x2818=(@tail/2048+@blocks-1)%@blocks' --stop 0x100=0
	until_true receiving
	send_frames eth0 200
	ended
	assert_exit 0
	# each of the 200 numbers, which are at 14 of its frame
	[[ $(od -An -v -tx1 -w2048 out | cut -c43-54 | sort -u | wc -l) == 200 ]]
	pcietool dma free desc
	assert_at_rest
}

@test "a length that its block does not have is the device's fault" {
	# it was told of 2 KiB
	begin capture --recipe "$recipe" --format records -o out --block 1k --timeout 30s
	until_true receiving
	# they all fit into the ring
	send_frames eth0 31
	ended
	assert_exit 1
	assert_err '--length says 1059 bytes for the block at @index 27, which has 1024'
	run check_frames -r out
	assert_output 27
	assert_at_rest
}

@test "nothing comes: which descriptor, what it reads" {
	run_tool dma capture --recipe "$recipe" -o out --timeout 200ms
	assert_exit 7
	assert_err '@index 0, @lap 0 is not finished (@desc+0xc reads 0x0), none was given back'
	assert_at_rest
}

@test "over VFIO, opened by the capture itself" {
	pcietool -q driver release
	pcietool driver bind --to vfio
	begin capture --recipe "$recipe" --format records -o out --index index --timeout 60s
	until_true answers out
	send_frames eth0 500
	all_arrive 500
	kill -INT "$pid"
	ended
	pcietool -q driver release
	pcietool driver bind --to helper
	assert_exit 0
	(($(jq -s length index) > 500))
}
