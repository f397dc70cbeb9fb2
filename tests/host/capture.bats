#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
#
# dma capture and dma play: what must be refused before anything is touched, recipes, dry runs. What
# they do is proved in the machine (tests/vm/capture_*.bats).

load ../lib/common
load ../lib/fake_device

bdf=0000:01:00.0

setup() {
	fake_tree
	fake_begin
	fake_pci $bdf 0x1234 0x11e8 0x00ff00
	fake_bar $bdf 0 0xfea00000 0x1000 0x40200
	fake_config $bdf 4 16 0x0006
	fake_write
	registers=$SYSROOT/sys/bus/pci/devices/$bdf/resource0
	truncate -s 4096 "$registers"
	cp "$registers" "$BATS_TEST_TMPDIR/before"
	cd "$BATS_TEST_TMPDIR" || return
}

# Whatever was asked for here, no register changed and no file appeared.
teardown() {
	cmp "$registers" "$BATS_TEST_TMPDIR/before"
	[[ ! -e $BATS_TEST_TMPDIR/out ]]
}

capture() {
	run_tool --sysroot "$SYSROOT" -s 01:00.0 dma capture -o out "$@"
}

# refused TEXT ARG...: a usage error that says TEXT.
refused() {
	local text=$1
	shift
	capture "$@"
	assert_exit 2
	assert_err "$text"
	assert_output ''
}

@test "sizes and numbers that cannot be" {
	refused "--block: '0': it cannot be 0" --block 0 --irq 0 --each 0x0=0
	refused "--size: '0': it cannot be 0" --block 4k --size 0
	refused "--blocks: '0'" --block 4k --blocks 0
	refused "--blocks: '32769'" --block 4k --blocks 32769
	refused '--block times --blocks is too large' --block 4611686018427387904 --blocks 4 --irq 0 --each 0=0
	refused '--block: a number is expected' --block=-1
	refused "--size: '08'" --size 08
	refused '--size: ' --size 18446744073709551616
	refused '--size: ' --size 9223372036854775808
	refused "--irq: '2048'" --irq 2048
	refused "--irq: 'x'" --irq x
	refused "--bar: '6'" -b 6
	refused '--width: ' -w 12
	refused "--timeout: '5'" --timeout 5
	refused "--interval: '0s'" --interval 0s
	refused '--head-unit: ' --head-unit 0
}

@test "operands that cannot be" {
	refused "--each: '0x0'" --each 0x0
	refused "--each: '0x0==1'" --each 0x0==1
	refused "--done: '0x0=1'" --done 0x0=1
	refused "--done: '0x0'" --done 0x0
	refused "--setup: '0x0=08'" --setup 0x0=08
	refused "--head: '0x4:0'" --head 0x4:0
	refused '--head: a number is missing' --head 0x4:
	refused '--overrun: ' --overrun ''
}

@test "how a finished block is known: exactly one way" {
	refused '--irq, --done or --head' --block 4k
	refused '--irq and --done' --block 4k --irq 0 --done 0x0==1
	refused '--head and --done' --block 4k --head 0x0 --done 0x0==1
	refused '--each starts every block anew' --block 4k --head 0x0 --each 0x0=1
	refused '--head-unit without --head' --block 4k --irq 0 --head-unit 4 --each 0=0
	refused '--done with several blocks needs' --block 4k --blocks 2 --done 0x0==1
	refused 'one block, again and again' --block 4k --irq 0
	refused 'one block, again and again' --block 4k --irq 0 --size 8k
	refused '--head-unit is larger than the ring' --block 4k --head 0x0 --head-unit 8k
	refused '--block SIZE is missing' --irq 0
	refused '--direct needs a --block that is a multiple of 4096' --block 1000 --irq 0 --each 0=0 --direct
}

@test "operands that the device does not have" {
	refused 'past its end' --block 4k --irq 0 --each 0x1000=1
	refused 'not aligned' --block 4k --irq 0 --each 0x2=1
	refused 'past its end' --block 4k --irq 0 --each @block+4096=1
	refused 'past its end' --block 4k --blocks 2 --irq 0 --each 0x0=1 --setup @buf+8192=1
	refused 'does not fit' --block 4k --irq 0 --each 0x0/8=0x100
	refused 'the mask does not fit' --block 4k --head 0x0/16:0x10000
	refused 'the mask' --block 4k --irq 0 --each 0x0/8=1:0x100
	capture --block 4k --irq 0 --each 1:0x0=1
	assert_exit 6
	capture --block 4k --head 1:0x0
	assert_exit 6
}

@test "the output: needed, and no directory" {
	run_tool --sysroot "$SYSROOT" -s 01:00.0 dma capture --block 4k --irq 0 --each 0=0
	assert_exit 2
	assert_err '-o FILE is missing'
	capture -o . --block 4k --irq 0 --each 0=0
	assert_exit 1
	assert_err 'Is a directory'
	capture -o none/x --block 4k --irq 0 --each 0=0
	assert_exit 1
	assert_err 'No such file or directory'
	refused "--index: '-'" --block 4k --irq 0 --each 0=0 --index -
	capture -j -o - --block 4k --irq 0 --each 0=0
	assert_exit 2
	assert_json .error.exit 2
	assert_json .schema pcietool/dma-capture/1
}

@test "--direct: a pipe is refused before the device is opened" {
	run bash -c 'pcietool --sysroot "$SYSROOT" -s 01:00.0 dma capture -o - --direct --block 4k --irq 0 \
		--each 0=0 2>&1 >&3 | cat' 3>/dev/null
	assert_output --partial 'no direct I/O'
}

@test "a file that was there stays when the capture cannot begin" {
	echo precious >keep
	capture -o keep --block 4k --irq 0 --each 0=0
	[[ $status -ne 0 ]]
	[[ $(<keep) == precious ]]
}

@test "bus mastering off is refused, with the command that helps" {
	fake_config $bdf 4 16 0x0002
	capture --block 4k --irq 0 --each 0=0
	assert_exit 1
	assert_err 'bus mastering is off'
	assert_err 'COMMAND=0x4:0x4'
}

@test "memory decoding off is refused" {
	fake_config $bdf 4 16 0x0004
	capture --block 4k --irq 0 --each 0=0
	assert_exit 1
	assert_err 'decoding is off'
}

@test "dry run: the hooks in their order" {
	capture -D --block 4k --blocks 2 --done '0x98==0:1' --stop 0x60=0 --each 0x80=@block+4 --ack 0x64=0x100:0xf00 \
		--setup 0x4=1 --setup @buf=7 --per-block 0x8/16=@index --start 0x10=@block.size
	assert_exit 0
	assert_output 'setup     0x4 <- 0x1
setup     @buf+0x0 <- 0x7
per-block 0x8 <- @index
start     0x10 <- @block.size
each      0x80 <- @block+4
ack       0x64 <- 0x100:0xf00
stop      0x60 <- 0x0'
	# calculated: what depends on the run stays as it was typed, the rest is a number
	capture -D --size 8k --block 4k --blocks 2 --start '0x10=((2+3)*4)' --each '0x80=((@index+@blocks-1)%@blocks)' \
		--done 0x80==0 --stop '0x60=(1-2)'
	assert_exit 0
	assert_output 'start     0x10 <- 0x14
each      0x80 <- ((@index+@blocks-1)%@blocks)
stop      0x60 <- 0xffffffff'
	capture -D --size 8k --block 4k --each '0x80=(@index/0)' --done 0x80==0
	assert_exit 2
	# and where it is
	capture -D --block 4k --blocks 8 --per-block '0x100+16*@index=@block.lo' --per-block '(0x104+(@index<<4))/8=@lap&1' \
		--each '0x80=(@index+@blocks-1)%@blocks' --each 0x10+2*8=@count+1 --done '0x108+16*@index!=0:1'
	assert_exit 0
	assert_output 'per-block 0x100+16*@index <- @block.lo
per-block (0x104+(@index<<4))/8 <- @lap&1
each      0x80 <- (@index+@blocks-1)%@blocks
each      0x20 <- @count+1'
	capture -D --block 4k --each '0x2*@blocks=1' --done 0x80==0
	assert_exit 2
	assert_err 'not aligned'
	refused '@count and @lap' --block 4k --head 0x0 --ack 0x64=@count
	refused 'cannot depend on a name' --block 4k --head 0x0+4*@index
	capture -D --size 8k --block 4k --each '0x80=(1<<32)' --done 0x80==0
	assert_exit 2
	capture -D -j --block 4k --head 2:0x0 --ack 0x64=@tail-16
	assert_exit 6
	capture -D -j --block 4k --head 0x8:0xff --ack 0x64=@tail-16
	assert_exit 0
	assert_json '.plan[0] | "\(.hook) \(.target) \(.value)"' 'ack 0x64 @tail-16'
}

@test "a ring of descriptors: what it needs" {
	local ring=(--block 2k --blocks 32 --memory desc:512) done='@desc+16*@index+12/8==1:1'
	refused '--done that names' "${ring[@]}" --irq 0 --length 0x0
	refused '--done that names' "${ring[@]}" --done 0x0==1 --refill 0x0=1
	refused '--done that names' "${ring[@]}" --head 0x0 --refill 0x0=1
	refused '--done needs --refill' "${ring[@]}" --done "$done" --length @desc+16*@index+8/16
	refused '--each starts' "${ring[@]}" --done "$done" --refill @desc=1 --each 0=1
	refused '--direct does not go' --block 4k --done "$done" --refill @desc=1 --direct --length @desc
	refused '--direct does not go' --block 4k --done "$done" --refill @desc=1 --direct --trim 4
	refused '--direct does not go' --block 4k --done "$done" --refill @desc=1 --direct --format pcap
	refused '--batch is larger' "${ring[@]}" --done "$done" --refill @desc=1 --batch 33
	refused '--done that names' "${ring[@]}" --done 0x0==1 --trim 4
	refused '--done that names' "${ring[@]}" --done 0x0==1 --skip 0x0==2
	refused 'it cannot be 0' "${ring[@]}" --trim 0
	refused 'the formats are' "${ring[@]}" --format pcapng
	refused '--link-type without' "${ring[@]}" --done "$done" --refill @desc=1 --format records --link-type 1
	refused 'link types are' "${ring[@]}" --link-type 65536
	refused '--irq and --done' "${ring[@]}" --irq 0 --done 0x0==1 --ack 0=1
	refused '--done with several blocks' "${ring[@]}" --done "$done"
	refused 'the form is NAME:SIZE' --memory desc
	refused 'the form is NAME:SIZE' --memory abcdefghijklmnopqrstuvwxyz0123456:5
	refused 'there is one of that name' --memory desc:1 --memory desc:2
	refused 'is reserved' --memory lap:16
	refused 'it cannot be 0' --memory desc:0
	refused 'there can be 8' --memory a:1 --memory b:1 --memory c:1 --memory d:1 --ring e=1x1 --ring f=1x1 --ring g=1x1 \
		--ring h=1x1 --ring i=1x1
	refused 'past its end' "${ring[@]}" --done '@desc+16*@index+512==1' --refill @desc=1
	capture -D "${ring[@]}" --irq 0 --done "$done" --refill @desc+16*@index+8/64=0 --ack 0x18=@index
	assert_exit 0
	assert_output 'refill    @desc+16*@index+8/64 <- 0x0
ack       0x18 <- @index'
	# a sign that changes with each lap, or one lap only, needs nothing more
	capture -D "${ring[@]}" --done '@desc+16*@index+12/8==@lap&1:1' --length @desc+16*@index+8/16
	assert_exit 0
	capture -D "${ring[@]}" --done "$done" --size 64k
	assert_exit 0
}

@test "two rings: what they need, and a dry run of them" {
	local ring=(--block 2k --blocks 4 --ring sq=8x64 --ring cq=8x16)
	local done='@cq+16*(@completed%8)+14/16==1:1' completes='@cq+16*(@completed%8)+12/16'
	refused 'the form is NAME=ENTRIESxSIZE' --ring sq:8x64
	refused 'the form is NAME=ENTRIESxSIZE' --ring sq=8
	refused 'it cannot be 0' --ring sq=0x64
	refused 'too large' --ring sq=4611686018427387904x4
	refused 'is reserved' --ring index=8x64
	refused '--done that names @completed' "${ring[@]}" --completes "$completes" --done 0x0==1 --refill 0x0=1
	refused '--completes needs --refill' "${ring[@]}" --completes "$completes" --done "$done"
	refused '--order without --completes' "${ring[@]}" --order strict --done "$done"
	refused 'the orders are' --order any
	refused 'does not go with --order completed' "${ring[@]}" --completes "$completes" --done "$done" --refill 0=1 \
		--order completed --end 0x0==1
	refused 'are numbers with --completes' "${ring[@]}" --ring completed=8x16 --completes "$completes" --done "$done" \
		--refill 0=1
	refused 'past its end' "${ring[@]}" --completes '@cq+16*(@completed%8)+128/16' --done "$done" --refill 0=1
	capture -D "${ring[@]}" --completes "$completes" --done "$done" --setup 0x14=0 --setup 0x1c==0:1 --setup 0x14=1 \
		--setup '0x1c==1:1' --refill '@sq+64*(@submitted%8)+8=@block.size/512-1' --start '0x18!=7' --start 0x20=@submitted
	assert_exit 0
	assert_output 'setup     0x14 <- 0x0
setup     wait for 0x1c==0:1
setup     0x14 <- 0x1
setup     wait for 0x1c==1:1
start     wait for 0x18!=7
start     0x20 <- @submitted
refill    @sq+64*(@submitted%8)+8 <- @block.size/512-1'
	capture -D -j "${ring[@]}" --completes "$completes" --done "$done" --setup 0x1c==0:1 --refill 0=1
	assert_json '.plan[0] | "\(.hook) \(.wait)"' 'setup 0x1c==0:1'
	# elsewhere there is nothing to wait for
	refused '--refill' "${ring[@]}" --refill 0x1c==0:1
}

@test "--head: one digit before the colon is a BAR, anything else an offset" {
	capture -D --block 4k --head 0:0x8 --ack 0x64=@tail
	assert_exit 0
	capture -D --block 4k --head 1:0x8 --ack 0x64=@tail
	assert_exit 6
	capture -D --block 4k --head 0x8:0xff --ack 0x64=@tail
	assert_exit 0
	capture -D --block 4k --head 8:0xff --ack 0x64=@tail
	assert_exit 0
	capture -D --block 4k --head 0:0x8:0xff --ack 0x64=@tail
	assert_exit 0
}

@test "a recipe: one option a line, and the command line has the last word" {
	cat >recipe <<-'END'
		# a comment

		--block 4k	# another
		  --blocks=2
		--each '0x80=@block'
		--done "0x98==0:1"
		--stop	0x60=1
	END
	capture -D --recipe recipe --stop 0x64=2
	assert_exit 0
	assert_output 'each      0x80 <- @block
stop      0x60 <- 0x1
stop      0x64 <- 0x2'
	capture -D --recipe recipe --block 3
	assert_exit 0
	capture -D --recipe recipe --block 0
	assert_exit 2
	refute_err recipe
}

@test "a recipe's errors name file and line" {
	printf -- '--block 4k\n\n--bogus 1\n' >recipe
	refused "recipe:3: '--bogus': no such option" --recipe recipe
	printf -- '--each 0x0=08\n' >recipe
	refused 'recipe:1: --each: ' --recipe recipe
	printf -- 'each 0x0=0\n' >recipe
	refused 'recipe:1: ' --recipe recipe
	printf -- '--direct yes\n' >recipe
	refused 'recipe:1: --direct: it takes no argument' --recipe recipe
	printf -- '--size\n' >recipe
	refused 'recipe:1: --size: its argument is missing' --recipe recipe
	printf -- '--recipe recipe\n' >recipe
	refused 'cannot name another' --recipe recipe
	printf -- '--input x\n' >recipe
	refused "an option of 'dma play' only" --recipe recipe
	printf -- '--size 4k\0x\n' >recipe
	refused 'recipe:1: not a text file' --recipe recipe
	capture --recipe none
	assert_exit 1
	capture --recipe .
	assert_exit 1
}

# queue NAME LINE...: a recipe
queue() {
	printf -- '%s\n' "${@:2}" >"$1.recipe"
}

@test "queues: what is the device's runs once, the rest in each; the command line has the last word" {
	queue all '--setup 0x10=1' '--per-block 0x14=1' '--start 0x18=1' '--stop 0x1c=1' '--block 8k' '--blocks 2'
	queue a '--setup 0x20=1' '--setup 0x20==1' '--per-block 0x24=1' '--start 0x28=1' '--stop 0x2c=1' '--block 4k' '--timeout 1s' \
		'--irq 0' '--output out'
	queue b '--setup 0x30=1' '--per-block 0x34=1' '--start 0x38=1' '--stop 0x3c=1' '--irq 1' '--output out2'
	run_tool --sysroot "$SYSROOT" -s 01:00.0 dma capture -D --recipe all.recipe --queue a.recipe --queue b.recipe \
		--setup 0x40=1 --setup 0x40==2 --start 0x48=1 --stop 0x4c=1
	assert_exit 0
	assert_output 'a.recipe
setup     0x10 <- 0x1
setup     0x40 <- 0x1
setup     wait for 0x40==2
setup     0x20 <- 0x1
setup     wait for 0x20==1
per-block 0x14 <- 0x1
per-block 0x24 <- 0x1
start     0x28 <- 0x1
stop      0x1c <- 0x1
stop      0x4c <- 0x1
stop      0x2c <- 0x1
b.recipe
setup     0x30 <- 0x1
per-block 0x14 <- 0x1
per-block 0x34 <- 0x1
start     0x38 <- 0x1
start     0x18 <- 0x1
start     0x48 <- 0x1
stop      0x3c <- 0x1'
	run_tool --sysroot "$SYSROOT" -s 01:00.0 dma capture -D -j --recipe all.recipe --queue a.recipe --queue b.recipe
	assert_exit 0
	assert_json '[.queues[].queue] | join(" ")' 'a.recipe b.recipe'
	assert_json '.queues[1].plan[0].target' 0x30
	grep -v output a.recipe >c.recipe
	run_tool --sysroot "$SYSROOT" -s 01:00.0 dma play -D -j --queue c.recipe --blocks 2 -i all.recipe
	assert_exit 0
	assert_json '.queues | length' 1
}

@test "the index is no file of the data; it is left alone by what does not begin" {
	local engine=(--block 4k --irq 0 --each 0x0=1)
	echo data >in
	refused '-o and --index both have the file out' "${engine[@]}" --index out
	refused '-o and --index both have the file ./out' "${engine[@]}" --index ./out
	ln in linked
	run_tool --sysroot "$SYSROOT" -s 01:00.0 dma play -i in --index linked "${engine[@]}"
	assert_exit 2
	assert_err '-i and --index both have the file linked'
	assert_equal "$(<in)" data
	# there is nothing here that has DMA memory
	echo keep >index
	for file in index new; do
		capture "${engine[@]}" --size 4k --index $file
		[[ $status -ne 0 ]]
	done
	assert_equal "$(<index)" keep
	[[ ! -e new ]]
}

@test "eight recipes, and options beside them" {
	local recipes=()
	echo '--block 4k' >r
	for _ in {1..8}; do recipes+=(--recipe r); done
	capture -D "${recipes[@]}" --size 4k --irq 0 --each 0x0=1
	assert_exit 0
	refused 'there may be 8 recipes' "${recipes[@]}" --recipe r
}

@test "queues: what is wrong with one names it" {
	queue a '--block 4k' '--irq 0' '--each 0x0=1'
	queue b '--irq 1' '--each 0x0=1'
	refused 'b.recipe: --block SIZE is missing' --queue a.recipe --queue b.recipe
	queue b '--irq 1' '--bogus'
	refused "b.recipe:2: '--bogus': no such option" --queue a.recipe --queue b.recipe
	queue b '--block 4k' '--queue a.recipe'
	refused "b.recipe:2: a recipe cannot name another one" --queue a.recipe --queue b.recipe
	queue b '--block 4k' '--irq 1' '--each 0x0=1'
	refused 'no standard stream' --queue a.recipe --queue b.recipe -o -
	refused 'both wait for vector 0' --queue a.recipe --queue a.recipe
	refused 'both have the file out' --queue a.recipe --queue b.recipe
	# seen without a device, too
	refused 'both have the file out' -D --queue a.recipe --queue b.recipe
	refused 'both have the file index' -D -o /dev/null --index index --queue a.recipe --queue b.recipe
	[[ ! -e index ]]
	# by two names
	queue a1 '--block 4k' '--irq 0' '--each 0x0=1' '--index index' '--output out1'
	queue b1 '--block 4k' '--irq 1' '--each 0x0=1' '--index ./index' '--output out2'
	run_tool --sysroot "$SYSROOT" -s 01:00.0 dma capture --queue a1.recipe --queue b1.recipe
	assert_exit 2
	assert_err 'both have the file ./index'
	[[ ! -e index && ! -e out1 ]]
	# what is one file only when it is there
	ln -s index other
	queue b1 '--block 4k' '--irq 1' '--each 0x0=1' '--index other' '--output out2'
	run_tool --sysroot "$SYSROOT" -s 01:00.0 dma capture --queue a1.recipe --queue b1.recipe
	assert_exit 2
	assert_err 'both have the file other'
	[[ ! -e index && ! -e out1 ]]
	# what keeps nothing may be everybody's
	capture -D -o /dev/null --queue a.recipe --queue b.recipe
	assert_exit 0
	# of a long path its end tells which it is
	long=$(printf 'd%.0s' {1..120})
	mkdir "$long"
	queue "$long/b" '--irq 1'
	refused 'dddd/b.recipe: --block SIZE is missing' --queue a.recipe --queue "$long/b.recipe"
	queue b '--block 4k' '--irq 1' '--each 0x2000=1'
	refused 'b.recipe: ' --queue a.recipe --queue b.recipe
	many=()
	for _ in {1..65}; do many+=(--queue a.recipe); done
	refused 'there may be 64 queues' "${many[@]}"
	capture --queue none
	assert_exit 1
	# a trace has one line after the other
	queue b '--block 4k' '--irq 1' '--each 0x0=1' '--output out2'
	echo '--output out' >>a.recipe
	run_tool --sysroot "$SYSROOT" -s 01:00.0 --trace t dma capture --queue a.recipe --queue b.recipe
	assert_exit 6
	assert_err 'a trace has no place for that'
}

@test "the recipes of examples/ are read" {
	fake_bar $bdf 0 0xfea00000 0x20000 0x40200
	fake_bar $bdf 1 0xfeb00000 0x1000 0x40200
	truncate -s 128k "$registers"
	cp "$registers" before
	truncate -s 4096 "${registers%0}1"
	for recipe in "$TOP"/examples/*.recipe; do
		[[ $recipe != *-transmit.recipe && $recipe != *-write.recipe ]] || continue
		map=()
		[[ $recipe != */xdma* ]] || map=(--map "$TOP/examples/xdma.map")
		[[ $recipe != */pcnet* ]] || map=(--map "$TOP/examples/pcnet.map")
		# the device's part of several queues
		if [[ $recipe == *-pools.recipe ]]; then
			run_tool --sysroot "$SYSROOT" -s 01:00.0 dma capture -D --recipe "$recipe" \
				--queue "${recipe%s.recipe}0.recipe" --queue "${recipe%s.recipe}1.recipe"
			assert_exit 0
			continue
		fi
		capture "${map[@]}" -D --recipe "$recipe"
		assert_exit 0
	done
}

@test "play: its own options" {
	run_tool --sysroot "$SYSROOT" -s 01:00.0 dma play --block 4k --done 0x0==0 --each 0x0=1
	assert_exit 2
	assert_err '-i FILE is missing'
	run_tool --sysroot "$SYSROOT" -s 01:00.0 dma play -i none --block 4k --done 0x0==0 --each 0x0=1
	assert_exit 1
	run_tool --sysroot "$SYSROOT" -s 01:00.0 dma play -i . --block 4k --done 0x0==0 --each 0x0=1
	assert_exit 1
	assert_err 'Is a directory'
	run_tool --sysroot "$SYSROOT" -s 01:00.0 dma play -o x --block 4k
	assert_exit 2
	echo 1 >in
	run_tool --sysroot "$SYSROOT" -s 01:00.0 dma play -D -i in --block 4k --done 0x0==0 --each 0x8=@block.size
	assert_exit 0
	assert_output 'each      0x8 <- @block.size'
}

@test "--lost: what it needs" {
	refused '--lost-clears without --lost' -o out --block 4k --done '0x0==0' --each 0x0=1 --lost-clears
	refused 'the mask is 0' -o out --block 4k --done '0x0==0' --each 0x0=1 --lost 0x60:0
	refused 'cannot depend on a name' -o out --block 4k --done '0x0==0' --each 0x0=1 --lost '0x60+4*@index'
}

play() {
	run_tool --sysroot "$SYSROOT" -s 01:00.0 dma play "$@"
}

@test "play: descriptors" {
	echo 1 >in
	play -i in --block 4k --done '0x10*@completed==1' --batch 1
	assert_exit 2
	assert_err '--refill is missing: it tells the device of each block that has data'
	play -i in --block 4k --done '0x10==1' --refill 0x0=@block
	assert_exit 2
	assert_err 'or in a play @completed'
	play -i in --block 4k --done '0x10*@completed==1' --refill 0x0=@block --ring submitted=2x16
	assert_exit 2
	assert_err '@completed and @submitted are numbers'
	printf -- '--length 0x8\n' >recipe
	play -i in --block 4k --done '0x10*@completed==1' --refill 0x0=@block --recipe recipe
	assert_exit 2
	assert_err "an option of 'dma capture' only"
	play -i in --block 4k --done '0x10*@completed==1' --refill 0x0=@block --direct
	assert_exit 2
	assert_err '--direct does not go with a play by descriptors'
	play -D -i in --block 4k --blocks 3 --ring d=4x16 --done '@d+16*(@completed%4)+12/8==1:1' --format pcap \
		--per-block '@d+16*@index/64=@d+16*@next' --refill '@d+16*(@submitted%4)/64=@block' --start 0x40=@submitted
	assert_exit 0
	assert_line 'refill    @d+16*(@submitted%4)/64 <- @block'
	fake_bar $bdf 0 0xfea00000 0x20000 0x40200
	truncate -s 128k "$registers"
	fake_bar $bdf 1 0xfeb00000 0x1000 0x40200
	truncate -s 4096 "${registers%0}1"
	for recipe in "$TOP"/examples/*-transmit.recipe "$TOP"/examples/nvme-write.recipe; do
		play -D -i in --recipe "$recipe" --map "$TOP/examples/pcnet.map"
		assert_exit 0
	done
}
