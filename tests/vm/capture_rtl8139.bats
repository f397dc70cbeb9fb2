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
# usually: 6.1
# also: debug rt

# shellcheck disable=SC2154,SC2034 # pid, stderr: the words of lib have and use them

load ../lib/common
load ../lib/guest
load ../lib/capture
load ../lib/frames

setup_file() {
	take 10ec:8139
	sender_up
}

setup() {
	cd "$BATS_TEST_TMPDIR" || return
	recipe=$TOP/examples/rtl8139.recipe
	ready
}

teardown() {
	clean_up
	pcietool dma free --all --force >/dev/null 2>&1 || true
}

# receiving: is the receiver on?
receiving() {
	[[ $(pcietool regs read -b 1 0x37/8) == 0x0d ]]
}

# drained FILE: has it taken all that came? Neither the device's offset (CBR) nor the file has moved for a while.
drained() {
	local look now before=
	for look in {1..6}; do
		now="$(pcietool regs read -b 1 0x3a/16) $(stat -c %s "$1")"
		[[ -z $before || $now == "$before" ]] || return
		before=$now
		sleep 0.1
	done
}

# grown N: are that many bytes in the file?
grown() {
	[[ $(stat -c %s out) -ge $1 ]]
}

@test "10,000 frames through the ring, every byte the same" {
	begin capture --recipe "$recipe" -o out --index index
	until_true receiving
	send_frames eth0 10000 out
	until_true drained out
	kill -INT "$pid"
	ended
	assert_exit 0
	assert_output --partial ', lost 0'
	run check_frames out
	assert_output 10000
	# the ring of 64 KiB went round often
	[[ $(stat -c %s out) -gt 7000000 ]]
	[[ $(jq -s 'map(.length) | add' index) == $(stat -c %s out) ]]
	assert_given_back
}

@test "a loop in Python has every byte, also of what goes round the end of the ring" {
	export PYTHONPATH=$BUILD/python PYTHONDONTWRITEBYTECODE=1
	/usr/bin/python3 -c 'import pcietool' || skip 'there is no package for it in this build: cffi, the headers of Python, no sanitizers'
	cat >blocks.py <<-'END'
		import sys, pcietool
		with pcietool.Device(sys.argv[1]) as dev, open("out", "wb", buffering=0) as out:
		    with dev.blocks(sys.argv[2], size=280000) as blocks:
		        for block in blocks:
		            out.write(block.data)
		    print(blocks.result.bytes, blocks.result.lost)
	END
	timeout 100 /usr/bin/python3 blocks.py "$PCIETOOL_DEVICE" "$recipe" >said 2>&1 3>&- &
	pid=$!
	until_true receiving
	send_frames eth0 365 out
	wait "$pid"
	assert_equal "$(cat said)" '280000 0'
	# where the last frame is cut, nothing is wrong before
	run check_frames out
	[[ $output == *'cut off'* || $status -eq 0 ]]
	assert_at_rest
}

# Some 30 KiB that a slow reader has not taken, all in the ring: the file that send_frames looks at does not matter.
fill_behind() { # INTERVAL [STOP]
	mkfifo fifo
	"$TOP/tests/lib/slow_reader.py" fifo "$@" >out 3>&- &
	reader=$!
	begin capture --recipe "$recipe" -o fifo --index index
	until_true receiving
	send_frames eth0 40
	sleep 1
	[[ $(stat -c %s out) -lt 20000 ]]
}

@test "stopped while a slow reader's pipe is full: it gets all that was complete" {
	fill_behind 0.15
	kill -INT "$pid"
	ended
	assert_exit 0
	assert_output --partial ', lost 0'
	wait "$reader"
	run check_frames out
	assert_output 40
	[[ $(jq -s 'map(.length) | add' index) == $(stat -c %s out) ]]
	assert_at_rest
}

@test "stopped while nobody reads the pipe: what was complete and is not in it is counted" {
	fill_behind 0.01 2048
	kill -INT "$pid"
	ended
	kill "$reader"
	assert_exit 1
	assert_err 'blocks lost'
	[[ $output == *', lost '[1-9]* ]]
	# what went into the pipe is in the index: more than was read of it
	local bytes
	bytes=$(jq -s 'map(.length) | add' index)
	((bytes >= 2048 && bytes < 30000))
	[[ $output == "$bytes bytes"* ]]
	assert_at_rest
}

@test "--size: not a byte more" {
	begin capture --recipe "$recipe" -o out --size 100000
	until_true receiving
	send_frames eth0 150 out
	ended
	assert_exit 0
	[[ $(stat -c %s out) == 100000 ]]
	# where the last frame is cut, nothing is wrong before
	run check_frames out
	[[ $output == *'cut off'* || $status -eq 0 ]]
}

@test "--direct: the same bytes, past the page cache" {
	make_disk
	begin capture --recipe "$recipe" -o mnt/out --direct
	until_true receiving
	send_frames eth0 1000 mnt/out
	until_true drained mnt/out
	kill -INT "$pid"
	ended
	assert_exit 0
	run check_frames mnt/out
	assert_output 1000
}

@test "a ring that nobody reads: the loss is seen and exit 1" {
	pcietool dma alloc --name tx 4k
	pcietool dma fill tx --pattern count8
	# The transmitter's loopback: its frames are not held back when the ring is full. And the overrun's
	# interrupt, without which QEMU does not even try to put a frame into so full a ring.
	begin capture --recipe "$recipe" --start 0x40/32=0x60600 --start 0x3c/16=0x10 --stop 0x3c/16=0 -o out
	until_true receiving
	kill -STOP "$pid"
	frames=()
	for _ in {1..25}; do
		frames+=(0x20=@tx 0x10=1024 0x24=@tx 0x14=1024 0x28=@tx 0x18=1024 0x2c=@tx 0x1c=1024)
	done
	pcietool regs write -b 1 "${frames[@]}"
	kill -CONT "$pid"
	until_true grown 60000
	kill -INT "$pid"
	ended
	assert_exit 1
	assert_err 'data was lost'
	[[ $output == *'lost unknown'* ]]
	[[ $(stat -c %s out) -lt 100000 ]]
	pcietool dma free tx
	assert_at_rest
}

@test "play: out through the transmitter" {
	modprobe af_packet || true
	# four frames make a block: the transmitter has four descriptors, used in turn
	for n in {0..63}; do
		printf '\xff\xff\xff\xff\xff\xff\x02\x00\x00\x00\x00\x02\x88\xb6'
		printf '%-1010s' "frame $n"
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
