#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Capture and play with a one-shot engine: each block is started anew. What was put into the device is
# what comes out, polled and by interrupt.
#
# qemu: -device edu
# timeout: 600
# usually: newest
# also: debug rt

load ../lib/common
load ../lib/guest
load ../lib/capture

setup_file() {
	take 1234:11e8 --mask 28
	pcietool irq enable --type msi --vectors 1
}

setup() {
	cd "$BATS_TEST_TMPDIR" || return
	recipe=$TOP/examples/edu.recipe
	ready
}

teardown() {
	clean_up
}

# The hooks of the recipe, for an end that interrupts.
by_irq=(-w 64 --block 2k --timeout 10s --irq 0 --ack 0x64/32=0x100)
from_device=(--each 0x80=0x40000 --each 0x88=@block --each 0x90=@block.size)
to_device=(--each 0x80=@block --each 0x88=0x40000 --each 0x90=@block.size)

# put FILE: into the device's buffer.
put() {
	run_tool dma play -i "$1" -w 64 --block 2k --timeout 10s "${to_device[@]}" --each 0x98=1 --done '0x98==0:1'
	assert_exit 0
	ready
}

@test "what dma put into the device comes out again" {
	pcietool dma alloc --name tx 4k
	pcietool dma fill tx --pattern prbs31 --seed 7
	pcietool dma read tx+0+2k >expected
	pcietool regs write -w 64 0x80=@tx 0x88=0x40000 0x90=2048 0x98=1
	pcietool regs wait -w 64 '0x98==0:1' --timeout 5s
	pcietool config write COMMAND=0:0x4
	pcietool dma free tx
	pcietool config write COMMAND=0x4:0x4
	run_tool dma capture --recipe "$recipe" --size 8k -o out
	assert_exit 0
	assert_output --regexp '^8192 bytes, blocks 4, [0-9]+\.[0-9]{3} s, [0-9]+\.[0-9]K/s, lost 0$'
	assert_output --partial ', lost 0'
	cat expected expected expected expected | cmp - out
	assert_at_rest
}

@test "play and capture by interrupt, index and result in JSON" {
	head -c 2048 /dev/urandom >in
	run_tool dma play -j -i in --index played "${by_irq[@]}" "${to_device[@]}" --each 0x98=5
	note_documents '' played
	assert_exit 0
	assert_json '"\(.schema) \(.bytes) \(.blocks) \(.lost)"' 'pcietool/dma-play/1 2048 1 0'
	ready
	run_tool dma capture -j -o out --index index --blocks 2 --size 5000 "${by_irq[@]}" "${from_device[@]}" --each 0x98=7
	assert_exit 0
	assert_json '"\(.schema) \(.bytes) \(.blocks) \(.lost) \(.stopped)"' 'pcietool/dma-capture/1 5000 3 0 false'
	cat in in in | head -c 5000 | cmp - out
	note_documents '' index
	run jq -c '[.schema, .block, .offset, .length, .overwritten]' index
	assert_output '["pcietool/dma-capture-index/1",0,0,2048,false]
["pcietool/dma-capture-index/1",1,2048,2048,false]
["pcietool/dma-capture-index/1",2,4096,904,false]'
	[[ $(jq -s '.[2].interrupts - .[0].interrupts' index) == 2 ]]
	[[ $(jq -s '.[0].time_ns < .[1].time_ns and .[1].time_ns < .[2].time_ns' index) == true ]]
	assert_at_rest
}

@test "play: the last block is as short as the file" {
	head -c 3000 /dev/urandom >in
	put in
	run_tool dma capture --recipe "$recipe" --size 2k -o out
	assert_exit 0
	# the second block went over the first
	{ tail -c +2049 in; head -c 2048 in | tail -c +953; } | cmp - out
}

@test "play from a pipe; nothing to play" {
	head -c 2048 /dev/urandom >in
	# shellcheck disable=SC2016
	run bash -c 'cat in | pcietool dma play -i - "$@"' _ "${by_irq[@]}" "${to_device[@]}" --each 0x98=5
	assert_success
	ready
	run_tool dma capture --recipe "$recipe" --size 2k -o out
	assert_exit 0
	cmp in out
	ready
	run_tool dma play -i /dev/null "${by_irq[@]}" "${to_device[@]}" --each 0x98=5
	assert_exit 1
	assert_err empty
	assert_at_rest
}

@test "to a pipe: data on standard output, the result on standard error" {
	head -c 2048 /dev/urandom >in
	put in
	pcietool dma capture --recipe "$recipe" --size 4k -o - 2>err >out
	cat in in | cmp - out
	grep '4096 bytes' err
}

@test "a descriptor that a shell opened is written to where it is; the result is on standard error where that is its own" {
	local name
	head -c 2048 /dev/urandom >in
	put in
	(echo before && cat in in && echo after) >expected
	for name in - /dev/stdout /dev/fd/1; do
		ready
		echo before >out
		(pcietool dma capture --recipe "$recipe" --size 4k -o $name 2>err && echo after) >>out
		cmp expected out
		grep '4096 bytes' err
		ready
		echo before >out
		(read -r && pcietool dma capture --recipe "$recipe" --size 4k -o $name 2>err && echo after) <>out >&0
		cmp expected out
	done
	ready
	echo before >out
	run_limited bash -c '"$@" 7>>out && echo after >>out' - \
		pcietool dma capture --recipe "$recipe" --size 4k -o /dev/fd/7 --index new
	assert_exit 0
	cmp expected out
	assert_output --partial '4096 bytes'
	cat new >plain
	ready
	echo before >index
	# shellcheck disable=SC2016 # the inner shell's
	run_limited bash -c '"$@" 7>>index && echo after >>index' - \
		pcietool dma capture --recipe "$recipe" --size 4k -o /dev/null --index /dev/fd/7
	assert_exit 0
	assert_equal "$(head -n 1 index) $(wc -l <index) $(tail -n 1 index)" "before $(($(wc -l <plain) + 2)) after"
}

@test "a link to nothing is made what it leads to, and is nothing again where nothing came" {
	local name
	for name in out index; do
		ln -s "new-$name" $name
	done
	run_tool dma capture --recipe "$recipe" --size 4k -o out --index index
	assert_exit 0
	assert_equal "$(stat -c %s new-out) $(grep -c . new-index)" '4096 2'
	[[ -L out && -L index ]]
	rm new-*
	ready
	pcietool config write COMMAND=0:0x4
	run_tool dma capture --recipe "$recipe" --size 4k -o out --index index
	assert_exit 1
	[[ -L out && -L index && ! -e new-out && ! -e new-index ]]
}

# As the kernel does it for open(2): Documentation/admin-guide/sysctl/fs.rst, protected_symlinks.
@test "a link that the kernel does not follow is not followed, and not replaced" {
	local words target
	sysctl -qw fs.protected_symlinks=1
	mkdir -m 1777 shared
	echo theirs >target
	for target in ../target ../none; do
		ln -s $target shared/link
		chown -h 65534:65534 shared/link
		for words in 'config save' 'map new' snapshot metrics report 'dma capture --size 4k' \
			'dma capture --size 4k -o /dev/null --index' --trace; do
			[[ $words != 'dma '* ]] || words+=" --recipe $recipe"
			case $words in
			*--index* | --trace) ;;
			*) words+=' -o' ;;
			esac
			words=${words/--index --recipe $recipe/--recipe $recipe --index}
			# shellcheck disable=SC2086 # several words
			run_tool $words shared/link
			[[ $words != --trace ]] || run_tool --trace shared/link regs read 0x0
			[[ $status == [14] ]]
			assert_err 'shared/link: Permission denied'
			[[ -L shared/link && $(<target) == theirs && ! -e none ]]
		done
		rm shared/link
	done
}

@test "each hook is one access, in order" {
	trace_on
	run_tool dma capture --recipe "$recipe" --blocks 1 --size 2k -o out \
		--setup 0x4/32=0x11 --start 0x4/32=0x22 --stop 0x4/32=0x33
	trace_off
	assert_exit 0
	trace_lines edu-mmio "$(bar_base "$PCIETOOL_DEVICE" 0)" >trace
	sed -n '/^write/p' trace | sed 's/^write 0x88 8 .*/write 0x88 8 BLOCK/' >writes
	diff writes - <<-'END'
		write 0x4 4 0x11
		write 0x4 4 0x22
		write 0x80 8 0x40000
		write 0x88 8 BLOCK
		write 0x90 8 0x800
		write 0x98 8 0x3
		write 0x4 4 0x33
	END
	# all reads are those of --done
	[[ $(grep -c '^read' trace) -ge 1 ]]
	run grep -v -e '^write' -e '^read 0x98 8' trace
	assert_output ''
}

@test "descriptors in the ring: @buf and @block as memory" {
	head -c 2048 /dev/urandom >in
	put in
	run_tool dma capture --recipe "$recipe" --blocks 3 --size 6k -o out --setup @buf+4096/32=0x12345678 \
		--per-block @block=@index --stop @block+8=@buf -v
	assert_exit 0
	assert_err contiguous
	cat in in in | cmp - out
}

@test "a timeout is exit 7, with what was complete in the file, and says why" {
	head -c 2048 /dev/urandom >in
	put in
	# vector 0 never comes: the start does not ask for it
	run_tool dma capture -j -o out --timeout 500ms "${by_irq[@]}" --timeout 500ms "${from_device[@]}" --each 0x98=3
	assert_exit 7
	assert_json .error.exit 7
	assert_json .bytes 0
	# a busy host lets it look late
	[[ $stderr =~ 'no data for '([0-9]+)' ms' ]]
	((BASH_REMATCH[1] >= 500))
	assert_at_rest
}

@test "--irq without irq enable, and a vector that there is not" {
	run_tool dma capture -o out --block 4k --irq 5 --each 0x98=3
	assert_exit 2
	pcietool irq disable
	run_tool dma capture -o out --block 4k --irq 0 --each 0x98=3
	assert_exit 1
	assert_err 'irq enable'
	pcietool irq enable --type msi --vectors 1
	[[ ! -e out ]]
}

@test "a bus address that does not fit the register, or the mask" {
	run_tool dma capture -o out --block 4k --done '0x98==0:1' -w 64 --each 0x80/8=@block
	assert_exit 2
	assert_err 'does not fit'
	run_tool dma capture -o out --block 1G --done '0x98==0:1' -w 64 --each 0x88=@block
	assert_exit 1
	[[ ! -e out ]]
	assert_at_rest
}

@test "calculated values reach the device, and the stop write that the kernel has" {
	head -c 2048 /dev/urandom >pattern
	pcietool config write COMMAND=0x4:0x4
	pcietool dma alloc --name tx 4k >/dev/null
	pcietool dma write tx -i pattern
	pcietool regs write -w 64 '0x80=(@tx+2*4-8)' 0x88=0x40000 '0x90=(1<<11)' 0x98=1
	pcietool regs wait -w 64 '0x98==(3-3):1' --timeout 5s
	pcietool config write COMMAND=0:0x4
	pcietool dma free --idle tx
	pcietool config write COMMAND=0x4:0x4
	run_tool -v dma capture -w 64 --block 2k --blocks 4 --size 16k --each '0x80=(0x3ffff+1)' --each '0x88=(@block)' \
		--each '0x90=((@index/@blocks)*0+2048)' --each '0x98=(1|2)' --done '0x98==(0):1' --stop '0x98=(@blocks-4)' \
		--timeout 10s -o out
	assert_exit 0
	for _ in {1..8}; do cat pattern; done | cmp - out
}

@test "the course of the rate, on standard error where the data is on standard output" {
	run_tool dma capture --recipe "$recipe" --size 8k -o out --plot-rate
	assert_exit 0
	assert_line --index 1 --regexp '^ +[0-9.]+[KMG]/s \|[ *|]*\*$'
	assert_line --index 8 --regexp '^ +0/s \|'
	ready
	run_tool dma capture --recipe "$recipe" --size 8k -o - --plot-rate
	assert_exit 0
	assert_err '/s |'
	run_tool dma capture --recipe "$recipe" --size 8k -o out --plot-rate -j
	assert_exit 2
}

@test "the times between blocks, of an index" {
	run_tool dma capture --recipe "$recipe" --size 8k -o out --index out.index
	assert_exit 0
	run_tool bench blocks out.index
	assert_exit 0
	assert_line --index 0 'out.index: blocks 4, missing 0'
}

@test "a progress line where standard error is a terminal, and only there" {
	run script -qec "pcietool dma capture --recipe '$recipe' --size 8k -o out >/dev/null" /dev/null
	assert_success
	assert_output --regexp '[0-9]+\.[0-9][KMG]/s, lost 0'
	ready
	run script -qec "pcietool -q dma capture --recipe '$recipe' --size 8k -o out >/dev/null" /dev/null
	assert_success
	refute_output --partial '/s, lost'
	ready
	run_tool dma capture --recipe "$recipe" --size 8k -o out
	refute_err '/s, lost'
}

# has_bytes N: are there so many in the file?
has_bytes() {
	(($(stat -c %s out 2>/dev/null || echo 0) >= $1))
}

# A block takes it 100 ms, so that nearly any moment is in the midst of one.
@test "interrupted in the midst of a block: that ends, and the memory is given back without a word" {
	# what tests before have freed otherwise
	pcietool config write COMMAND=0:0x4
	pcietool dma free --idle --all
	for signal in INT TERM; do
		ready
		begin capture --recipe "$recipe" -o out
		until_true has_bytes 4096
		kill -"$signal" "$pid"
		ended
		refute_err 'nothing says'
		assert_given_back
		rm out
	done
}
