#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Play through a ring of descriptors: a network card sends what a file has, another one on the same wire captures it. Every
# byte and length is compared. And the same of a third card, whose ring has nothing but owner bits.
#
# qemu: -device intel-iommu,intremap=on
# qemu: -netdev hubport,hubid=0,id=h0 -device e1000e,netdev=h0,romfile=,addr=5
# qemu: -netdev hubport,hubid=0,id=h1 -device e1000e,netdev=h1,romfile=,addr=6
# qemu: -netdev hubport,hubid=0,id=h2 -device pcnet,netdev=h2,romfile=,addr=7
# append: intel_iommu=on
# timeout: 900
# usually: 6.1

# shellcheck disable=SC2154,SC2034 # pid, stderr: the words of lib have and use them

load ../lib/common
load ../lib/guest
load ../lib/capture

setup_file() {
	export PATH=$BUILD/tests/vm:$PATH
	export PCIETOOL_DEVICE=0000:00:05.0 receiver=0000:00:06.0
	pcietool driver bind --to helper
	pcietool -s $receiver driver bind --to helper
	pcietool -s 0000:00:07.0 driver bind --to helper
	cd "$BATS_FILE_TMPDIR" || return
	send_frames -p 3000 >packets
	send_frames -r 500 >records
}

setup() {
	cd "$BATS_TEST_TMPDIR" || return
	recipe=$TOP/examples/e1000e-transmit.recipe
	ready
	listen
}

teardown() {
	clean_up
	[[ -z ${ear:-} ]] || kill -KILL "$ear" 2>/dev/null || true
}

# receiving: is the other card's receiver on?
receiving() {
	(($(pcietool -s "$receiver" regs read 0x100) & 2))
}

# listen: the other card captures what comes, into the file heard.
listen() {
	pcietool -s "$receiver" config write COMMAND=0x407:0x407
	env --default-signal=INT pcietool -s "$receiver" dma capture --recipe "$TOP/examples/e1000e.recipe" --format records \
		-o heard >ear.txt 2>&1 3>&- &
	ear=$!
	until_true receiving
}

# heard N: are so many frames in its file?
heard() {
	[[ $(check_frames -r heard 2>/dev/null) == "$1" ]]
}

# all_heard N: N frames were heard in the end, and nothing else.
all_heard() {
	until_true heard "$1"
	kill -INT "$ear"
	wait "$ear" || return
	ear=
	heard "$1"
	grep "frames $1," ear.txt
}

# sends COUNT ARG...: plays so many frames to the end.
sends() {
	local count=$1
	shift
	TOOL_TIMEOUT=120 run_tool dma play --recipe "$recipe" --timeout 20s "$@"
	assert_exit 0
	assert_output --partial "blocks $count, frames $count,"
	assert_output --partial 'lost 0'
}

@test "3,000 packets over many turns of a ring of 32, every byte and every length the same" {
	sends 3000 --format pcap -i "$BATS_FILE_TMPDIR/packets" --index index
	# headers are no data: 24 bytes, and 16 each
	assert_output --partial "$(($(stat -c %s "$BATS_FILE_TMPDIR/packets") - 24 - 3000 * 16)) bytes"
	jq -es '[.[].frame] == [range(3000)] and all(.status == "0x1") and .[2].length == 134 and .[2].offset == 157' index
	assert_given_back
	all_heard 3000
}

@test "records, from a pipe, with interrupts and a doorbell for each block" {
	pcietool irq enable --type msi
	sends 500 --format records --batch 1 --irq 0 --start 0xd0=1 --ack 0xc0=1 --stop 0xd8=1 -i - <"$BATS_FILE_TMPDIR/records"
	(($(pcietool irq list --json | jq '.vectors[0].count') > 0))
	pcietool irq disable
	assert_at_rest
	all_heard 500
}

@test "fewer than the ring has room for" {
	send_frames -r 7 >few
	sends 7 --format records -i few
	all_heard 7
}

@test "raw: a frame for each block, the last as long as the rest" {
	# 31 and a half of 1 KiB: more than a ring
	send_frames -r 100 | head -c $((31 * 1024 + 512)) >raw
	TOOL_TIMEOUT=60 run_tool dma play --recipe "$recipe" --timeout 20s --block 1k -i raw --index index
	assert_exit 0
	assert_output --partial "$((31 * 1024 + 512)) bytes, blocks 32, frames 32,"
	raw_is_heard() {
		(($(stat -c %s heard) == 31 * (1024 + 16) + 512 + 16))
	}
	until_true raw_is_heard
	python3 - <<-'END'
		import struct
		raw, out = open("heard", "rb").read(), b""
		while raw:
		    n = struct.unpack_from("<Q", raw)[0]
		    assert n == (1024 if len(raw) > 600 else 512), n
		    out, raw = out + raw[16:16 + n], raw[16 + n:]
		assert out == open("raw", "rb").read()
	END
}

@test "a file that is cut off: what is whole of it is sent, and then it is a failure" {
	head -c 100000 "$BATS_FILE_TMPDIR/packets" >part
	run_tool dma play --recipe "$recipe" --timeout 20s --format pcap -i part
	assert_exit 1
	assert_err 'part: frame 134 is cut off'
	assert_at_rest
	all_heard 134
}

@test "nothing is taken: which descriptor, what it reads" {
	# its transmitter stays off
	grep -v TCTL:.on "$recipe" >off
	run_tool dma play --recipe off --format pcap -i "$BATS_FILE_TMPDIR/packets" --timeout 200ms
	assert_exit 7
	assert_err 'block 0 is not finished (@desc+0xc reads 0x0), of 31 submitted'
	# by the reset that --stopped waits for
	assert_given_back
}

@test "over VFIO, polled and with MSI" {
	pcietool -q driver release
	pcietool driver bind --to vfio
	sends 500 --format records -i "$BATS_FILE_TMPDIR/records"
	all_heard 500
	listen
	sends 500 --format records -i "$BATS_FILE_TMPDIR/records" --irq 0 --start 0xd0=1 --ack 0xc0=1 --stop 0xd8=1
	all_heard 500
	pcietool -q driver release
	pcietool driver bind --to helper
}

# other: the third card is the one that the words are about, with its recipes and names.
other() {
	export PCIETOOL_DEVICE=0000:00:07.0 PCIETOOL_MAP=$TOP/examples/pcnet.map
	ready
	recipe=$TOP/examples/pcnet.recipe
}

# from_sender ARG...: the first card sends records, each when it comes but for the first eight, which fill the ring. A play
# leaves its bus mastering off.
from_sender() {
	pcietool -s 0000:00:05.0 config write COMMAND=0x407:0x407
	env -u PCIETOOL_MAP pcietool -q -s 0000:00:05.0 dma play --recipe "$TOP/examples/e1000e-transmit.recipe" \
		--blocks 8 --batch 1 --format records --timeout 20s "$@"
}

# answers: sends a frame that is none of send_frames'; has anything arrived?
answers() {
	python3 -c 'import struct, sys
sys.stdout.buffer.write(struct.pack("<QQ", 60, 0) + b"\xff" * 6 + b"\x02\0\0\0\0\x01\x88\xb6" + bytes(46))' >probe
	from_sender -i probe
	[[ -s out ]]
}

# until_it COMMAND...: waits for it as long as the capture goes on.
until_it() {
	until "$@"; do
		kill -0 "$pid" || { cat err.txt && return 1; }
		sleep 0.2
	done
}

# arrived N: are so many frames in the file out?
arrived() {
	[[ $(check_frames -r out 2>/dev/null) == "$1" ]]
}

# captures COUNT: the third card's frames, of which there are never more on their way than it has descriptors.
captures() {
	begin capture --recipe "$recipe" --format records -o out --index index --timeout 60s
	until_it answers
	timeout 60 send_frames -r "$1" out 20 | from_sender -i -
	until_it arrived "$1"
	kill -INT "$pid"
	ended
	echo "$output"
	assert_exit 0
	assert_output --partial 'skipped 0,'
	assert_output --partial 'the device lost 0'
	arrived "$1"
}

@test "a ring of owner bits: 1,000 frames over many turns, every byte and every length the same" {
	other
	captures 1000
	assert_given_back
}

@test "its reader is slow: what is missing is what the card counts" {
	other
	begin capture --recipe "$recipe" --format records -o out --timeout 60s
	until_it answers
	kill -STOP "$pid"
	send_frames -r 100 | from_sender -i -
	kill -CONT "$pid"
	# so many descriptors there are
	until_it arrived 32
	kill -INT "$pid"
	ended
	assert_exit 1
	assert_err 'the device counts 68 lost'
	assert_output --partial 'the device lost 68'
	arrived 32
	assert_at_rest
}

@test "it transmits" {
	other
	recipe=$TOP/examples/pcnet-transmit.recipe
	sends 1000 --format pcap -i <(send_frames -p 1000)
	assert_at_rest
	all_heard 1000
}

@test "it does both over VFIO" {
	other
	pcietool -q driver release
	pcietool driver bind --to vfio
	captures 300
	# it heard the same, and is to begin anew
	until_true heard 300
	kill -INT "$ear"
	wait "$ear" || return
	listen
	recipe=$TOP/examples/pcnet-transmit.recipe
	sends 300 --format records -i <(send_frames -r 300)
	all_heard 300
	pcietool -q driver release
	pcietool driver bind --to helper
}
