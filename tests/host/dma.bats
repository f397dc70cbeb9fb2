#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
#
# dma: what must be refused before a device is touched. What the commands do is proved in the machine.

# shellcheck disable=SC2030,SC2031,SC2154 # a test is a process of its own; bats sets stderr
load ../lib/common
load ../lib/fake_device

bdf=0000:01:00.0

setup() {
	fake_tree
	fake_pci $bdf 0x1234 0x11e8 0x00ff00
	cd "$BATS_TEST_TMPDIR" || return
}

dma() {
	run_tool --sysroot "$SYSROOT" -s 01:00.0 dma "$@"
}

# refused TEXT ARG...: a usage error that says TEXT.
refused() {
	local text=$1
	shift
	dma "$@"
	assert_exit 2
	assert_err "$text"
	assert_output ''
}

@test "names of buffers" {
	long=$(printf 'a%.0s' {1..10000})
	refused 'no buffer name' alloc --name ../x 4k
	refused 'no buffer name' alloc --name '' 4k
	refused 'no buffer name' alloc --name 0x 4k
	refused 'no buffer name' alloc --name 'a b' 4k
	refused 'no buffer name' alloc --name 'rx/' 4k
	refused 'no buffer name' alloc --name -x 4k
	refused 'at most 32' alloc --name "$long" 4k
	[[ ${#stderr} -lt 500 ]]
	refused 'at most 32' alloc --name "${long:0:33}" 4k
	for name in buf block blocks index head tail; do
		refused "$name" alloc --name $name 4k
	done
	dma alloc --name "${long:0:32}" 4k
	assert_exit 6
}

@test "sizes of buffers" {
	refused 'no bytes' alloc --name rx 0
	refused 'no bytes' alloc --name rx 0k
	refused 'more than any machine' alloc --name rx 9223372036854775808
	refused 'more than any machine' alloc --name rx 18446744073709551615
	refused '64 bits' alloc --name rx 18446744073709551616
	refused '08' alloc --name rx 08
	refused 'x' alloc --name rx x
	refused '4kb' alloc --name rx 4kb
	refused 'number' alloc --name rx -- -1
	refused 'an operand is empty' alloc --name rx ''
	refused 'operand is missing' alloc --name rx
	refused '--name' alloc 4k
	refused 'too many' alloc --name rx 4k 4k
}

@test "ranges in buffers" {
	for verb in read 'fill --pattern zero' 'verify --pattern zero'; do
		for range in '' + rx+ rx+x rx+0+ rx+0+0+0 rx+08 'rx 0' rx-4 rx+18446744073709551616; do
			# shellcheck disable=SC2086 # several words
			dma $verb "$range"
			assert_exit 2
			assert_output ''
		done
		# shellcheck disable=SC2086 # several words
		refused 'operand is missing' $verb
		# shellcheck disable=SC2086 # several words
		refused 'too many' $verb rx tx
	done
}

@test "patterns" {
	for verb in fill verify; do
		refused '--pattern' $verb rx
		refused 'no pattern' $verb rx --pattern nothing
		refused 'a number' $verb rx --pattern constant:
		refused "'08'" $verb rx --pattern constant:08
		refused 'no seed' $verb rx --pattern zero --seed 1
		refused 'at most 0xff' $verb rx --pattern count8 --seed 256
		refused 'cannot be 0' $verb rx --pattern prbs31 --seed 0
		refused 'at most 0x7fffffff' $verb rx --pattern prbs31 --seed 0x80000000
		refused "'x'" $verb rx --pattern prbs31 --seed x
	done
}

@test "what to write" {
	refused 'what to write' write rx
	refused 'what to write' write rx -i file 1
	: >empty
	dma write rx -i empty
	assert_exit 1
	assert_err 'the input is empty'
	dma write -D rx -i empty
	assert_exit 1
	refused 'rx+0x0+0: there is nothing in it' read rx+0+0 -o r
	[[ ! -e r ]]
	dma write rx -i none
	[[ $status -ne 0 ]]
	refused "'12'" write -w 12 rx 1
}

@test "what to free" {
	refused 'names, or --all' free --idle
	refused 'names, or --all' free --idle --all rx
	refused 'idle' free --idle=yes rx
	refused 'idle' alloc --idle --name rx 4k
	refused 'which buffers' free
	refused 'which buffers' free --all rx
}

@test "not bound to the helper, behind an IOMMU: VFIO is named first" {
	dma alloc --name rx 4k
	assert_exit 6
	refute_err 'VFIO'
	fake_group $bdf 7
	dma alloc --name rx 4k
	assert_exit 6
	assert_err "session --bind vfio -- COMMAND'; or give it"
	assert_err 'driver bind'
}

@test "a device that is not bound to the helper: exit 6, in JSON too" {
	for arguments in 'alloc --name rx 4k' list 'free --all' 'read rx' 'write rx 1' 'fill rx --pattern zero' \
		'verify rx --pattern zero'; do
		# shellcheck disable=SC2086 # several words
		dma $arguments
		assert_exit 6
		assert_err 'driver bind'
		# shellcheck disable=SC2086 # several words
		dma $arguments -j
		assert_exit 6
		assert_json .error.exit 6
		assert_json .error.code not-bound
		assert_json .schema "pcietool/dma-${arguments%% *}/1"
	done
	fake_driver $bdf e1000e
	dma list
	assert_exit 6
	assert_err e1000e
}
