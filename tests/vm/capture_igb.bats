#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Capture from an 82576: advanced descriptors, MSI-X; frames of known content from another card on the same wire. Every byte
# and length is compared, and other programs read the file.
#
# qemu: -device intel-iommu,intremap=on
# qemu: -netdev hubport,hubid=0,id=h0 -device pcie-root-port,id=rp1,chassis=1,slot=1 -device igb,bus=rp1,netdev=h0,romfile=
# qemu: -netdev hubport,hubid=0,id=h1 -device virtio-net-pci,netdev=h1,romfile=
# append: intel_iommu=on
# timeout: 900
# qemu-at-least: 8.0
# usually: newest

# shellcheck disable=SC2154,SC2034 # pid, stderr: the words of lib have and use them

load ../lib/common
load ../lib/guest
load ../lib/capture
load ../lib/frames

setup_file() {
	sender_up
	take 8086:10c9 --to helper
}

setup() {
	cd "$BATS_TEST_TMPDIR" || return
	recipe=$TOP/examples/igb.recipe
	ready
}

teardown() {
	clean_up
}

# arrived FORM N: are so many frames in the file out?
arrived() {
	[[ $(check_frames "$1" out 2>/dev/null) == "$2" ]]
}

# captures FORM N ARG...: a capture while N frames are sent, which QEMU's card drops where it has no descriptor for them;
# FORM is check_frames'.
captures() {
	local form=$1 count=$2
	shift 2
	begin capture --recipe "$recipe" -o out --timeout 60s "$@"
	until_true receiving
	send_frames eth0 "$count" out 40
	end_when arrived "$form" "$count"
	echo "$output"
	assert_exit 0
	assert_output --partial "frames $count,"
	arrived "$form" "$count"
}

@test "5,000 frames over many turns of a ring of 64, by MSI-X; tcpdump reads them" {
	pcietool irq enable --type msix
	captures -p 5000 --format pcap --index index
	jq -es --argjson n 5000 'map(.frame) == [range($n)] and all(.interrupts | type == "number")' index
	(($(pcietool irq list --json | jq '.vectors[0].count') > 0))
	pcietool irq disable
	assert_given_back
	tcpdump -nn -e --nano -r out >said 2>complaints
	[[ $(grep -c 0x88b5 said) == 5000 ]]
	run cat complaints
	assert_output 'reading from file out, link-type EN10MB (Ethernet), snapshot length 262144'
	[[ $(head -n 1 said) =~ ^[0-9:]*\.[0-9]{9}\ 02:00:00:00:00:01\ \>\ ff:ff:ff:ff:ff:ff,\ ethertype\ Unknown\ \(0x88b5\),\ length\ 60: ]]
}

@test "polled, a doorbell for each block" {
	grep -v -e '^--irq' -e EIMS "$recipe" >polled
	recipe=polled
	captures -r 1000 --format records --batch 1
	assert_at_rest
}

@test "over VFIO, by MSI-X, opened by the capture itself" {
	pcietool -q driver release
	pcietool driver bind --to vfio
	begin capture --recipe "$recipe" --format records -o out --index index --timeout 60s
	until_true answers out
	send_frames eth0 2000 out 40
	end_when arrived -r 2000
	pcietool -q driver release
	pcietool driver bind --to helper
	assert_exit 0
	arrived -r 2000
	jq -es 'length > 2000 and all(.interrupts | type == "number")' index
}

# --- two queues at a time ---------------------------------------------------------------------------------

queues=(--recipe "$TOP/examples/igb-pools.recipe" --queue "$TOP/examples/igb-pool0.recipe"
	--queue "$TOP/examples/igb-pool1.recipe")

# Receive Control, and what is on of both queues.
receivers_are_off() {
	[[ $(pcietool regs read 0x100 0xc028 0xc068 | grep -c '0x0*$') == 3 ]]
}

both_arrived() { # N
	[[ $(check_frames -p pool0.pcap 2>/dev/null) == "$1" && $(check_frames -p pool1.pcap 2>/dev/null) == "$1" ]]
}

# N frames to all while the capture that was begun runs; ends it.
send_to_both() { # N
	until_true receiving
	send_frames eth0 "$1" pool0.pcap 40 pool1.pcap
	end_when both_arrived "$1"
	echo "$output$stderr"
	both_arrived "$1"
}

@test "two queues, each with its vector, file and ring: every frame in both; stopped together" {
	pcietool irq enable --type msix
	begin capture -j "${queues[@]}" --timeout 60s
	send_to_both 2000
	assert_exit 0
	run jq -r '.queues[] | "\(.queue | sub(".*/"; "")) \(.frames)"' out.txt
	assert_output $'igb-pool0.recipe 2000\nigb-pool1.recipe 2000'
	run jq '[.vectors[0, 1].count > 0] | all' <(pcietool irq list --json)
	assert_output true
	pcietool irq disable
	assert_given_back
	receivers_are_off
}

@test "two queues over VFIO, opened by the capture itself" {
	pcietool -q driver release
	pcietool driver bind --to vfio
	begin capture "${queues[@]}" --timeout 60s
	# VFIO is that process' alone: what is on the wire tells when it receives
	until_true answers pool0.pcap pool1.pcap
	send_frames eth0 1000 pool0.pcap 20 pool1.pcap
	end_when both_arrived 1000
	pcietool -q driver release
	pcietool driver bind --to helper
	echo "$output$stderr"
	assert_exit 0
	both_arrived 1000
}

@test "a queue that fails ends the others, and is named; SIGKILL stops all of them" {
	pcietool irq enable --type msix
	# pool 1 receives nothing
	begin capture "${queues[@]}" --setup 0xc8c=1 --timeout 3s
	until_true receiving
	send_frames eth0 10 pool0.pcap 40
	ended
	assert_exit 7
	assert_err 'igb-pool1.recipe: 0000:01:00.0: no data for'
	assert_output --partial 'igb-pool0.recipe: '
	assert_output --partial 'frames 10,'
	assert_at_rest
	ready
	begin capture "${queues[@]}"
	until_true receiving
	kill -KILL "$pid"
	ended
	until_true assert_at_rest
	receivers_are_off
	pcietool irq disable
}

@test "two queues with one vector, one file, a standard stream; a batch, a session" {
	pcietool irq enable --type msix
	sed 's/^--irq 1/--irq 0/' "$TOP/examples/igb-pool1.recipe" >other.recipe
	run_tool dma capture "${queues[@]:0:4}" --queue other.recipe
	assert_exit 2
	assert_err 'both wait for vector 0'
	run_tool dma capture "${queues[@]}" -o one.pcap
	assert_exit 2
	assert_err 'both have the file one.pcap'
	[[ ! -e one.pcap ]]
	run_tool dma capture "${queues[@]}" -o -
	assert_exit 2
	run_tool batch <<<"dma capture ${queues[*]} --size 1M"
	assert_exit 6
	assert_err 'no queues in a batch'
	pcietool irq disable
	pcietool -q driver release
	pcietool driver bind --to vfio
	run_tool session -- pcietool dma capture "${queues[@]}"
	assert_exit 6
	assert_err 'no queues in a session'
	pcietool -q driver release
	pcietool driver bind --to helper
	[[ ! -e pool0.pcap && ! -e pool1.pcap ]]
}

@test "queues that share registers: no bit of one is lost to the other; one that does not start" {
	pcietool irq enable --type msix
	# both count in one buffer's word, each in its own half, with what reads before it writes
	pcietool dma alloc --name shared 4k
	share() { # QUEUE MASK
		cat "$TOP/examples/igb-pool$1.recipe"
		echo "--batch 1"
		echo "--ack @shared/32=@count*0x10001:$2"
	}
	share 0 0xffff >zero.recipe
	share 1 0xffff0000 >one.recipe
	queues=(--recipe "$TOP/examples/igb-pools.recipe" --queue zero.recipe --queue one.recipe)
	begin capture "${queues[@]}" --timeout 60s
	send_to_both 1000
	assert_exit 0
	value=$(pcietool dma read shared 0+4 | xxd -r | od -An -tx4 | tr -d ' ')
	[[ ${value:0:4} == "${value:4:4}" ]]
	pcietool dma free --idle shared
	ready
	# the second waits for what does not come: what the first has got by then is in its file
	sed 's/0xc068==.*/0x8==0:2/' "$TOP/examples/igb-pool1.recipe" >late.recipe
	run_tool dma capture --recipe "$TOP/examples/igb-pools.recipe" --queue "$TOP/examples/igb-pool0.recipe" \
		--queue late.recipe --timeout 2s
	assert_exit 7
	assert_err 'late.recipe: '
	[[ $(od -An -tx4 -N4 pool0.pcap) == *a1b23c4d* ]]
	pcietool irq disable
	assert_at_rest
}
