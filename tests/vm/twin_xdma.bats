#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
#
# An XDMA's card-to-host channel: a chain of descriptors, credits, the count that is written back, packets of a stream.
#
# qemu: -device intel-iommu,intremap=on,caching-mode=on
# append: intel_iommu=on
# twin: memory --map examples/xdma.map --bar 0=64k --model examples/twins/xdma.lua
# twin: stream --map examples/xdma.map --bar 0=64k --model examples/twins/xdma.lua --snapshot examples/twins/xdma-stream.snapshot
# qemu-at-least: 10.1
# usually: newest

load ../lib/common
load ../lib/guest
load ../lib/twin

setup_file() {
	local device
	for device in $(pcietool -d 10ee:9038 list --json | jq -r '.devices[].address'); do
		pcietool -s "$device" config write COMMAND=2:2
		if [[ $(pcietool -s "$device" --map "$TOP/examples/xdma.map" regs read C2H0.ID.STREAM) == 0x1 ]]; then
			export stream=$device
		else
			export memory=$device
		fi
	done
}

setup() {
	cd "$BATS_TEST_TMPDIR" || return
}

# bring_up ARG...: examples/xdma.sh.
bring_up() {
	"$TOP/examples/xdma.sh" "$@"
}

# packets FILE: its records are of words that count up, as long as the twin's generator has them; how many there are.
packets() {
	python3 - "$1" <<-'END'
		import struct, sys
		data = open(sys.argv[1], "rb").read()
		seed, word, at, count = 1, 0, 0, 0
		while at < len(data):
		    seed = seed * 48271 % 0x7fffffff
		    n = seed % 3000 + 1
		    assert struct.unpack_from("<Q", data, at)[0] == 4 * n, (count, n)
		    assert data[at + 16:at + 16 + 4 * n] == struct.pack("<%dI" % n, *range(word, word + n)), count
		    word, at, count = word + n, at + 16 + 4 * n, count + 1
		print(count)
	END
}

@test "the card's memory, through many turns of the chain" {
	bring_up "$memory" helper memory 4M out
	counts out $((4 << 20))
	# a credit for each descriptor that was used again, and the chain never begun anew
	(($(grep -c 'C2H0_SGDMA.CREDITS' /vmout/twin-memory.log) >= 64))
	(($(grep -c 'W.* C2H0_SGDMA.DESC_LO' /vmout/twin-memory.log) == 1))
}

@test "a stream: packets of several descriptors each, as records" {
	bring_up "$stream" helper stream 2M out --format records --index index
	count=$(packets out)
	((count > 300))
	jq -es --argjson n "$count" '([.[].frame] | unique) == [range($n)] and length > 2 * $n * 2 / 3' index
}

@test "a stream, raw, up to a size" {
	bring_up "$stream" helper stream 1000000 out
	counts out 1000000
}

@test "the other kind is refused" {
	run bring_up "$stream" helper memory 1M out
	[[ $status -eq 7 && ! -e out ]]
}

@test "over VFIO" {
	bring_up "$memory" vfio memory 2M out
	counts out $((2 << 20))
	bring_up "$stream" vfio stream 1M packets --format records
	(($(packets packets) > 100))
}
