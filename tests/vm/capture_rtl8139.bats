#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Capture in ring mode: the receive ring of a network card, with frames of known content from another
# card on the same wire. Every byte is compared.
#
# qemu: -netdev hubport,hubid=0,id=h0 -device rtl8139,netdev=h0,romfile=
# qemu: -netdev hubport,hubid=0,id=h1 -device virtio-net-pci,netdev=h1,romfile=
# timeout: 900
# test-timeout: 300

load ../lib/common
load ../lib/guest
load ../lib/capture

setup_file() {
	export PATH=$BUILD/tests/vm:$PATH
	take 10ec:8139
	echo 1 >/proc/sys/net/ipv6/conf/default/disable_ipv6 || true
	modprobe virtio_net
	until_true test -e /sys/class/net/eth0
	ip link set eth0 up
	sleep 1
}

setup() {
	cd "$BATS_TEST_TMPDIR" || return
	recipe=$TOP/examples/rtl8139.recipe
	ready
}

# receiving: is the receiver on?
receiving() {
	[[ $(pcietool regs read -b 1 0x37/8) == 0x0d ]]
}

# frames N: are that many bytes in the file?
grown() {
	[[ $(stat -c %s out) -ge $1 ]]
}

@test "10,000 frames through the ring, every byte the same" {
	begin capture --recipe "$recipe" -o out --index index
	until_true receiving
	send_frames eth0 10000
	sleep 2
	kill -INT "$pid"
	ended
	assert_exit 0
	[[ $output == *', lost 0'* ]]
	run check_frames out
	assert_output 10000
	# the ring of 64 KiB went round often
	[[ $(stat -c %s out) -gt 7000000 ]]
	[[ $(jq -s 'map(.length) | add' index) == $(stat -c %s out) ]]
	assert_at_rest
}

@test "in pieces of --size, to standard output" {
	begin capture --recipe "$recipe" -o out --size 100000
	until_true receiving
	send_frames eth0 200
	ended
	assert_exit 0
	[[ $(stat -c %s out) == 100000 ]]
	# where the last frame is cut
	run check_frames out
	[[ $output == *'cut off'* || $status -eq 0 ]]
}

@test "--direct: the same bytes, past the page cache" {
	mkdir -p mnt
	modprobe loop
	modprobe ext4
	truncate -s 64M disk
	mkfs.ext4 -q disk
	mount -o loop disk mnt
	begin capture --recipe "$recipe" -o mnt/out --direct
	until_true receiving
	send_frames eth0 1000
	sleep 2
	kill -INT "$pid"
	ended
	assert_exit 0
	run check_frames mnt/out
	assert_output 1000
	umount mnt
}

@test "a ring that nobody reads: the loss is seen and exit 1" {
	begin capture --recipe "$recipe" --start 0x3c/16=0x10 --stop 0x3c/16=0 -o out --index index
	until_true receiving
	send_frames eth0 20
	until_true grown 1000
	kill -STOP "$pid"
	send_frames eth0 500
	sleep 1
	kill -CONT "$pid"
	sleep 1
	kill -INT "$pid"
	ended
	assert_exit 1
	assert_err 'data was lost'
	assert_at_rest
	ready
	run_tool dma capture --recipe "$recipe" -o out --size 1 --timeout 100ms
	assert_exit 7
	assert_err 'no data for 1'
}

@test "play: out through the transmitter" {
	modprobe af_packet || true
	# four frames make a block: the transmitter has four descriptors, used in turn
	for ((i = 0; i < 64; i++)); do
		printf '\xff\xff\xff\xff\xff\xff\x02\x00\x00\x00\x00\x02\x88\xb6'
		printf '%-1010s' "frame $i"
	done >in
	before=$(</sys/class/net/eth0/statistics/rx_packets)
	run_tool dma play -i in -b 1 --block 4k --timeout 5s --setup 0x37/8=0x10 --start 0x37/8=0x04 \
		--each 0x20=@block --each 0x10=1024 --each 0x24=@block+1024 --each 0x14=1024 \
		--each 0x28=@block+2048 --each 0x18=1024 --each 0x2c=@block+3072 --each 0x1c=1024 \
		--done '0x1c==0x8000:0x8000' --stop 0x37/8=0x10
	assert_exit 0
	assert_output --partial '65536 bytes, blocks 16'
	[[ $(($(</sys/class/net/eth0/statistics/rx_packets) - before)) == 64 ]]
	assert_at_rest
}
