#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
#
# bench dma: a run for each size of a block, all of its bytes counted, the device at rest behind each; what the link could
# carry beside it. No time is asserted.
#
# qemu: -device intel-iommu,intremap=on,caching-mode=on -device edu
# append: intel_iommu=on
# twin: stream --config examples/twins/stream.config --map examples/twins/stream.map --bar 4=4k --model examples/twins/stream.lua
# qemu-at-least: 10.1
# timeout: 600
# usually: newest
# also: rt

load ../lib/common
load ../lib/guest
load ../lib/capture

setup_file() {
	modprobe vfio-pci
	pcietool -d 1234:11e8 driver bind --mask 28
	pcietool -d 1234:5013 driver bind
}

setup() {
	cd "$BATS_TEST_TMPDIR" || return
}

# edu: the device, a bus master
edu() {
	export PCIETOOL_DEVICE=1234:11e8
	ready
}

# rates: what each run of the document says of itself fits together.
rates() {
	note_documents "$output"
	jq -e '[.runs[] | .timed_bytes > 0 and .timed_bytes < .bytes and .seconds > 0 and .cpu_seconds_per_gib > 0 and
		(.bytes_per_second - .timed_bytes / .seconds | fabs) <= .bytes_per_second / 1000 + 1 and
		.blocks_per_second > 0 and (.stopped | not)] | all' <<<"$output"
}

@test "a run for each size: as many bytes as were asked for, in blocks of it" {
	edu
	run_tool --json bench dma --recipe "$TOP/examples/edu.recipe" --sizes 1k,2k --bytes 16k
	assert_exit 0
	rates
	assert_json '[.runs[] | "\(.block) \(.bytes) \(.blocks) \(.timed_bytes) \(.lost)"] | join(", ")' \
		'1024 16384 16 14336 0, 2048 16384 8 14336 0'
	# conventional PCI: it has no link
	assert_json '.ceiling' null
	assert_json '.ceiling_reason' 'not PCI Express'
	assert_json '[.runs[].of_ceiling] | unique | tostring' '[null]'
	assert_at_rest
}

@test "without sizes: the recipe's own; text" {
	edu
	run_tool bench dma --recipe "$TOP/examples/edu.recipe" --bytes 8k
	assert_exit 0
	assert_line --index 0 --regexp '^link +not PCI Express$'
	assert_line --index 1 --regexp '^2K +8192 bytes, blocks 4: [0-9.]+K?/s, [0-9.]+ blocks/s, CPU [0-9.]+ s/GiB, lost 0$'
	assert_line --index 2 --regexp '^processor +CPU [0-9]+'
	assert_at_rest
}

@test "bus mastering that is off is not turned on, and an engine that does not move is a timeout" {
	edu
	pcietool config write COMMAND=0:0x4
	run_tool bench dma --recipe "$TOP/examples/edu.recipe" --bytes 8k
	assert_exit 1
	assert_err 'bus mastering is off'
	edu
	run_tool --json bench dma --recipe "$TOP/examples/edu.recipe" --sizes 1k,2k --bytes 8k --done '0x98==0x10:0x10' --timeout 50ms
	assert_exit 7
	assert_json '.runs | length' 0
	assert_at_rest
}

@test "what is lost does not keep the other sizes from their run, and is a failure" {
	edu
	run_tool --json bench dma --recipe "$TOP/examples/edu.recipe" --sizes 1k,2k --bytes 8k --overrun 0x0/32==0x010000ed
	assert_exit 1
	rates
	assert_json '[.runs[] | "\(.bytes) \(.overruns) \(.lost)"] | join(", ")' '8192 1 null, 8192 1 null'
	assert_json .error.code blocks-lost
	assert_at_rest
}

@test "Ctrl-C: what there is of the run is shown, and the device is at rest" {
	edu
	# it may be in the midst of a block, which standard error tells then
	run --separate-stderr timeout -s INT 3 pcietool --json bench dma --recipe "$TOP/examples/edu.recipe" --sizes 1k,2k --bytes 64M
	[[ $status -eq 124 || $status -eq 130 ]]
	jq -e '(.runs | length) == 1 and .runs[0].stopped and .runs[0].bytes < 67108864 and .runs[0].bytes_per_second == null' \
		<<<"$output"
	note_documents "$output"
	assert_at_rest
}

@test "a picture of the rates, and both results side by side" {
	type -P gnuplot >/dev/null || skip "no gnuplot on this host"
	edu
	run_tool --json bench dma --recipe "$TOP/examples/edu.recipe" --sizes 1k,2k --bytes 8k --plot rates.svg
	assert_exit 0
	python3 -c 'import xml.dom.minidom; xml.dom.minidom.parse("rates.svg")'
	echo "$output" >a.json
	edu
	run_tool --json bench dma --recipe "$TOP/examples/edu.recipe" --sizes 2k --bytes 8k
	assert_exit 0
	echo "$output" >b.json
	run_tool --json bench compare a.json b.json --plot both.svg
	assert_exit 0
	python3 -c 'import xml.dom.minidom; xml.dom.minidom.parse("both.svg")'
	assert_json '[.series[0].points[] | "\(.point) \(.b == null)"] | join(", ")' '1K true, 2K false'
	jq -e '.series[0].points[1] | .ratio > 0 and (.ratio - .b / .a | fabs) < 0.001' <<<"$output"
}

@test "a ring behind a link: its ceiling, and how much of it came" {
	export PCIETOOL_DEVICE=1234:5013 PCIETOOL_MAP=$TOP/examples/twins/stream.map
	ready
	pcietool irq enable --type msix
	run_tool --json bench dma --recipe "$TOP/examples/twins/stream.recipe" --sizes 64k,16k --bytes 512k
	assert_exit 0
	rates
	assert_json '[.runs[] | "\(.block) \(.bytes) \(.lost)"] | join(", ")' '65536 524288 0, 16384 524288 0'
	jq -e '.ceiling | .speed_gts == 16 and .width == 8 and .encoding == "128b/130b" and .mps == 128 and .framing_bytes == 8 and
		.write_bytes_per_second > 13.6e9 and .write_bytes_per_second < 13.7e9' <<<"$output"
	jq -e '.ceiling.write_bytes_per_second as $most | [.runs[] | .of_ceiling > 0 and .of_ceiling < 1 and
		(.of_ceiling * $most / .bytes_per_second - 1 | fabs) < 0.001] | all' <<<"$output"
	assert_equal "$(pcietool link show --json | jq -c .links[0].ceiling)" "$(jq -c .ceiling <<<"$output")"
	assert_at_rest
}

@test "over VFIO, which a capture opens by itself; in a session" {
	export PCIETOOL_DEVICE=1234:5013 PCIETOOL_MAP=$TOP/examples/twins/stream.map
	pcietool driver bind --to vfio --mask 32
	run_tool --json bench dma --recipe "$TOP/examples/twins/stream.recipe" --sizes 64k,16k --bytes 512k
	assert_exit 0
	rates
	# shellcheck disable=SC2016 # the session's shell expands them
	run_tool session -- bash -c 'pcietool config write COMMAND=4:4 && pcietool irq enable --type msix &&
		pcietool --json bench dma --recipe "$0" --sizes 64k,16k --bytes 512k' "$TOP/examples/twins/stream.recipe"
	assert_exit 0
	rates
	pcietool driver release
}
