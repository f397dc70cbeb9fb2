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
	until arrived "$form" "$count"; do
		kill -0 "$pid" || break
		sleep 0.5
	done
	kill -INT "$pid" 2>/dev/null || true
	ended
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
	assert_at_rest
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
	until_true answers
	send_frames eth0 2000 out 40
	until arrived -r 2000; do
		kill -0 "$pid" || break
		sleep 0.5
	done
	kill -INT "$pid" 2>/dev/null || true
	ended
	pcietool -q driver release
	pcietool driver bind --to helper
	assert_exit 0
	arrived -r 2000
	jq -es 'length > 2000 and all(.interrupts | type == "number")' index
}
