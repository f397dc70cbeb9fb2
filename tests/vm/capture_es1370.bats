#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Capture from a device that nothing holds back: a sound card's record channel, in I/O space, with INTx.
#
# qemu: -audiodev none,id=a,timer-period=1000 -device ES1370,audiodev=a
# timeout: 600
# usually: 6.1
# also: debug

# shellcheck disable=SC2154,SC2034 # pid, stderr: the words of lib have and use them

load ../lib/common
load ../lib/guest
load ../lib/capture

setup_file() {
	take 1274:5000
	pcietool irq enable --type intx
}

setup() {
	cd "$BATS_TEST_TMPDIR" || return
	recipe=$TOP/examples/es1370.recipe
	pcietool config write COMMAND=0x7:0x7
}

# grown N: are that many bytes in the file?
grown() {
	[[ $(stat -c %s out) -ge $1 ]]
}

teardown() {
	clean_up
}

@test "as many periods as are 512 KiB, by interrupt" {
	# what is not overwritten by the device would not be silence
	run_tool dma capture --recipe "$recipe" --per-block @block=0xa5a5a5a5 --per-block @block+2048=0xa5a5a5a5 \
		--size 512k -o out --index index --timeout 5s
	assert_exit 0
	assert_err 'nothing says that its engine has stopped: 65536 bytes'
	assert_output --partial '524288 bytes'
	assert_output --partial ', lost 0'
	head -c 524288 /dev/zero | cmp - out
	periods=$(jq -s 'last.interrupts - first.interrupts' index)
	echo "periods: $periods"
	# a kernel that watches itself takes several periods at once
	[[ $periods -ge $([[ $VM_KERNEL == debug* ]] && echo 100 || echo 1000) ]]
	assert_at_rest
	# the chip has no sign that its channel has ended
	assert_json .held.buffers 1
}

@test "polled, to --direct" {
	make_disk
	sed '/^--irq/d; s/0x430/0x030/' "$recipe" >polled
	# no interrupt, nothing to acknowledge
	sed -i '/^--ack/d' polled
	run_tool dma capture --recipe polled --size 100000 -o mnt/out --direct --timeout 5s
	assert_exit 0
	head -c 100000 /dev/zero | cmp - mnt/out
	assert_at_rest
}

@test "stopped for longer than the ring lasts: the loss is told" {
	sed '/^--irq/d; /^--ack/d; s/0x430/0x030/' "$recipe" >polled
	begin capture --recipe "$PWD/polled" -o out
	# the rate is known by what came in two laps of 64 KiB
	until_true grown 140000
	kill -STOP "$pid"
	sleep 1
	size=$(stat -c %s out)
	kill -CONT "$pid"
	until_true grown $((size + 1))
	kill -INT "$pid"
	ended
	assert_exit 1
	assert_err 'data was lost'
	[[ $output == *'lost unknown'* ]]
	assert_at_rest
}

@test "until Ctrl-C: exit 0" {
	begin capture --recipe "$recipe" -o out -j
	until_true grown 1001
	kill -INT "$pid"
	ended
	assert_exit 0
	assert_json .stopped true
	[[ $(json .bytes) -gt 1000 ]]
	[[ $(stat -c %s out) == $(json .bytes) ]]
	assert_at_rest
}

@test "bus mastering taken away meanwhile: a timeout that says so" {
	sed '/^--irq/d; /^--ack/d; s/0x430/0x030/' "$recipe" >polled
	begin capture --recipe "$PWD/polled" --timeout 1s -o out
	until_true test -s out
	# its channel goes on without; INTx, which nobody waits for, is no reason
	pcietool config write COMMAND=0x400:0x404
	pcietool regs write 0x00=0
	ended
	assert_exit 7
	assert_err 'bus mastering'
	refute_err 'INTx is disabled'
	assert_at_rest
}

@test "play in ring mode: the device's consumer offset as the head" {
	head -c 100000 /dev/urandom >in
	# DAC2, 8 bits mono; page 0xc holds its frame registers, 0x3c the position
	run_tool dma play -j -i in --block 4k --blocks 4 --head 0x3c:0xffff0000 --head-unit 4 --timeout 5s \
		--setup 0x00=0 --setup 0x20=0 --setup 0x0c=0xc --setup 0x38=@buf --setup 0x3c=0xfff \
		--setup 0x28=63 --start 0x00=0x1e0020 --stop 0x00=0
	assert_exit 0
	assert_json '"\(.bytes) \(.lost)"' '100000 0'
	[[ $(json '.seconds > 1') == true ]]
	assert_at_rest
}

@test "play whose input is late for longer than the ring lasts: what was sent again is not lost 0" {
	head -c 60000 /dev/urandom >in
	mkfifo late
	# the pipe takes what the ring and it have room for; 16 KiB last for 0.4 s
	(
		head -c 40000 in
		sleep 3
		tail -c +40001 in
	) >late 3>&- &
	run_tool dma play -j -i late --block 4k --blocks 4 --head 0x3c:0xffff0000 --head-unit 4 --timeout 5s \
		--setup 0x00=0 --setup 0x20=0 --setup 0x0c=0xc --setup 0x38=@buf --setup 0x3c=0xfff \
		--setup 0x28=63 --start 0x00=0x1e0020 --stop 0x00=0
	assert_exit 1
	assert_err 'data was lost'
	assert_json .lost null
	assert_at_rest
}
