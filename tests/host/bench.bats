#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
#
# bench: so many accesses as were asked for and no other ones, times that are in order, what it refuses.

load ../lib/common
load ../lib/fake_device

setup() {
	fake_edu
	export PCIETOOL_MAP=$TOP/examples/edu.map
	cd "$BATS_TEST_TMPDIR" || return
}

# bench ARG...: of the device, traced
bench() {
	run_tool --sysroot "$SYSROOT" -s "$dev" --trace trace "$@"
}

# accesses PATTERN: how many lines of the trace
accesses() {
	grep -c "$1" trace || true
}

# in_order KEY: the times of that object, and its histogram
in_order() {
	jq -e ".count as \$n | .$1 | [.minimum_ns, .median_ns, .p90_ns, .p99_ns, .p99_9_ns, .maximum_ns] as \$t |
		(\$t | sort) == \$t and .mean_ns >= .minimum_ns and .mean_ns <= .maximum_ns and
		(.histogram | map(.count) | add) == \$n and .histogram[0].from_ns == .minimum_ns and
		.histogram[-1].to_ns >= .maximum_ns" <<<"$output"
}

@test "reads: one each, and one before them" {
	bench --json bench mmio ID --count 50
	assert_exit 0
	jq -e '.ref == "ID" and .region == "BAR 0" and .width == 32 and .count == 50 and .write == null and .clock_ns >= 0' \
		<<<"$output"
	in_order read
	[[ $(accesses ' 0:.* R ') == 51 && $(accesses ' 0:.* W ') == 0 ]]
}

@test "writes: one each with a read behind it" {
	bench --json bench mmio LIVENESS=0x55 --count 20
	assert_exit 0
	in_order read
	in_order write
	jq -e '.write.minimum_ns <= .read.maximum_ns' <<<"$output"
	[[ $(accesses ' 0:.* R ') == 21 && $(accesses ' 0:.* W ') == 22 ]]
	tool regs read LIVENESS
	assert_output 0x00000055
}

@test "a field, a mask: the others are kept" {
	printf '%s\n' map,board register,CTRL,0x4,32,rw field,CTRL,MODE,3:0,rw >m.map
	tool regs write 0x4=0x12345678
	bench --map m.map bench mmio CTRL.MODE=1 --count 3
	assert_exit 0
	tool regs read 0x4
	assert_output 0x12345671
	rm trace
	bench bench mmio 0x4=0xff000000:0xff000000 --count 3
	assert_exit 0
	[[ $(accesses ' 0:.* W ') == 5 ]]
	tool regs read 0x4
	assert_output 0xff345671
}

@test "text: what was timed, percentiles, a picture, the processor" {
	bench bench mmio 0x8 -w 16 --count 2000
	assert_exit 0
	assert_line --index 0 '0x8 in BAR 0+0x8, 16 bits: 2000 reads'
	assert_line --index 1 --regexp '^read +min [0-9]+, median [0-9]+, 90% [0-9]+, 99% [0-9]+, 99\.9% [0-9]+, max [0-9]+ ns$'
	assert_line --index 2 --regexp '^ +[0-9]+\.\.[0-9]+ +[0-9]+( +#+)?$'
	assert_line --regexp '^ +[0-9]+\.\.[0-9]+ +[0-9]+ +#{40}$'
	assert_line --regexp '^processor +CPU [0-9]+, governor .+, idle driver .+'
	assert_line --regexp '^clock +[0-9]+ ns taken off$'
	refute_output --regexp ' $'
}

@test "the processor's governor and idle driver, where the kernel tells" {
	local cpu
	for ((cpu = 0; cpu < $(nproc --all); cpu++)); do
		mkdir -p "$SYSROOT/sys/devices/system/cpu/cpu$cpu/cpufreq"
		echo powersave >"$SYSROOT/sys/devices/system/cpu/cpu$cpu/cpufreq/scaling_governor"
	done
	mkdir -p "$SYSROOT/sys/devices/system/cpu/cpuidle"
	echo intel_idle >"$SYSROOT/sys/devices/system/cpu/cpuidle/current_driver"
	bench --json bench mmio ID --count 5
	jq -e '.governor == "powersave" and .idle_driver == "intel_idle" and (.cpu | type == "number")' <<<"$output"
}

@test "what it does not do" {
	local words
	printf '%s\n' map,board register,FIFO,0x0,32,ro,read=clear register,CTRL,0x4,32,wo >m.map
	run_tool map check m.map
	assert_exit 0
	while read -r -a words; do
		rm -f trace
		bench --map m.map bench mmio "${words[@]}"
		assert_exit 2
		[[ ! -s trace ]] || ! grep -q ' 0:.* [RW] ' trace
	done <<-'END'
		ID --count 0
		FIFO --count 10000001
		FIFO
		CTRL
		CTRL=1
		FIFO.NO
		FIFO=
		--dry-run 0x8=1
	END
	bench --map m.map bench mmio --unsafe FIFO --count 3
	assert_exit 0
}

@test "interrupts: what is refused before anything is written" {
	local words
	while read -r -a words; do
		rm -f trace
		bench bench irq "${words[@]}"
		assert_exit 2
		[[ ! -s trace ]] || ! grep -q ' 0:.* [RW] ' trace
	done <<-'END'
		0x60
		0x60=1 0x64
		0x60=1 --count 0
		0x60=1 --vector 2048
		--dry-run 0x60=1
	END
	# nobody who counts them
	bench --json bench irq 0x60=1
	[[ $status -eq 6 || $status -eq 4 ]]
	untouched
}

@test "DMA: what is refused before anything is touched" {
	local words recipe=(--recipe "$TOP/examples/edu.recipe")
	# nothing says how a block is finished
	bench bench dma --block 2k
	assert_exit 2
	assert_err '--irq, --done or --head must say'
	while read -r -a words; do
		bench bench dma "${recipe[@]}" "${words[@]}"
		assert_exit 2
		assert_output ''
	done <<-'END'
		--sizes
		--sizes=
		--sizes 0
		--sizes 4k,
		--sizes ,4k
		--sizes 4k;8k
		--sizes 4k,x
		--sizes 1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30,31,32,33
		--bytes 0
		--bytes x
		--bytes 9223372036854775808
		--sizes 4k --bytes 8191
		--bytes 2k
		--block 0
		--direct
		--queue 1
		-o out
		--dry-run
		0x80=1
	END
	[[ ! -e out ]]
	assert_err usage:
	# one that cannot be is found before the first has its run
	bench bench dma "${recipe[@]}" --sizes 1k,2k,8M --bytes 8M
	assert_exit 2
	assert_err '--bytes 8388608: less than two blocks of 8388608, of which the first is not timed'
	bench bench dma "${recipe[@]}" --sizes 1k --bytes 8k
	assert_exit 1
	assert_err 'bus mastering is off'
	assert_output ''
	# no way to memory for it: nothing was written
	tool config write COMMAND=4:4
	cp "$SYSROOT/sys/bus/pci/devices/$dev/config" before
	bench bench dma "${recipe[@]}" --sizes 1k --bytes 8k
	[[ $status -eq 6 || $status -eq 4 ]]
	cmp "$SYSROOT/sys/bus/pci/devices/$dev/config" before
}

@test "DMA: a recipe's size holds, and what it says of files does not" {
	printf '%s\n' '--output out' '--direct' '--index index' '--size 3k' >more.recipe
	bench bench dma --recipe "$TOP/examples/edu.recipe" --recipe more.recipe
	assert_exit 2
	assert_err '--bytes 3072: less than two blocks of 2048'
	bench bench dma --recipe "$TOP/examples/edu.recipe" --recipe more.recipe --bytes 8k
	assert_exit 1
	assert_err 'bus mastering is off'
	[[ ! -e out && ! -e index ]]
}

# gnuplot's own pictures, where it is installed
needs_gnuplot() {
	type -P gnuplot >/dev/null || skip "no gnuplot on this host"
}

# fake_gnuplot LINES: a gnuplot of our own, which keeps its script
fake_gnuplot() {
	mkdir -p bin
	printf '#!/bin/sh\n%s\n' "$1" >bin/gnuplot
	chmod +x bin/gnuplot
	PATH=$PWD/bin:$PATH
}

# svg FILE: it is one, and well-formed
svg() {
	python3 -c 'import sys, xml.dom.minidom; sys.exit(xml.dom.minidom.parse(sys.argv[1]).documentElement.tagName != "svg")' "$1"
}

@test "--hgrm: each percentile in its order, the last has all of them" {
	bench --json bench mmio ID --count 321 --hgrm times.hgrm
	assert_exit 0
	assert_equal "$(head -n 1 times.hgrm)" '       Value     Percentile TotalCount 1/(1-Percentile)'
	awk -v most="$(jq .read.maximum_ns <<<"$output")" '
		/^ +[0-9]/ {
			if ($1 < value || $2 < level || $3 < count || $3 < $2 * 321 - 1e-6) bad = 1
			value = $1; level = $2; count = $3; rows++
		}
		/^#\[Max/ {last = $0}
		END {exit bad || rows < 10 || level != 1 || count != 321 || value != most || last !~ /Total count    = +321\]$/}
	' times.hgrm
	assert_equal "$(grep -c '^#\[\(Mean\|Max\|Buckets\) ' times.hgrm)" 3
	# of a write and the read behind it, which is the longer of both
	bench --json bench mmio LIVENESS=1 --count 10 --hgrm times.hgrm
	assert_equal "$(awk '$2 == 1 {print $1 + 0}' times.hgrm)" "$(jq .read.maximum_ns <<<"$output")"
}

@test "--plot: a picture, of both times of a write" {
	needs_gnuplot
	bench bench mmio ID --count 100 --plot times.svg
	assert_exit 0
	svg times.svg
	grep -qF "$dev ID" times.svg
	bench bench mmio LIVENESS=1 --count 100 --plot times.svg
	assert_exit 0
	svg times.svg
	grep -q '>write<' times.svg
	grep -q '>write and read<' times.svg
	bench bench mmio ID --count 1 --plot times.png
	assert_exit 0
	assert_equal "$(head -c 4 times.png | tail -c 3)" PNG
	# what a user has set does not matter
	mkdir home
	echo 'set terminal dumb' >home/.gnuplot
	HOME=$PWD/home bench bench mmio ID --count 10 --plot times.svg
	svg times.svg
}

@test "--plot: no gnuplot, and a name that says no format: refused before anything is timed" {
	mkdir empty
	ln -s "$(type -P pcietool)" "$(type -P timeout)" empty/
	PATH=$PWD/empty run_tool --sysroot "$SYSROOT" -s "$dev" --trace trace --json bench mmio ID --plot times.svg
	assert_exit 6
	assert_err gnuplot-nox
	[[ $output == *'"code":"no-gnuplot"'* ]]
	[[ ! -e times.svg && ! -e trace ]] || ! grep -q ' 0:.* R ' trace
	for name in times times.pdf .svg '' -; do
		bench bench mmio ID --plot "$name"
		assert_exit 2
		bench bench irq 0x60=1 --plot "$name"
		assert_exit 2
	done
	for name in '' -; do
		bench bench mmio ID --hgrm "$name"
		assert_exit 2
	done
	assert_err 'the name of a file is expected'
}

@test "--plot: gnuplot that fails leaves what was there, and says why" {
	echo old >times.svg
	fake_gnuplot 'cat >script; echo half; echo; echo "         line 0: no such thing" >&2; exit 3'
	bench bench mmio ID --count 10 --plot times.svg
	assert_exit 1
	assert_err 'gnuplot failed: line 0: no such thing'
	assert_equal "$(cat times.svg)" old
	assert_line --partial '10 reads'
	fake_gnuplot 'kill -9 $$'
	bench bench mmio ID --count 10 --plot times.svg
	assert_exit 1
	fake_gnuplot true
	bench bench mmio ID --count 10 --plot times.svg
	assert_exit 1
	assert_err 'made no picture'
	bench bench mmio ID --count 10 --plot no/such/times.svg --hgrm no/such/times.hgrm
	assert_exit 1
	assert_equal "$(cat times.svg)" old
	assert_equal "$(echo times* .t*)" 'times.svg .t*'
}

@test "--plot: no file's name is in the script" {
	fake_gnuplot 'cat >script; echo picture'
	bench bench mmio ID --count 10 --plot "a'b.svg"
	assert_exit 0
	assert_equal "$(cat "a'b.svg")" picture
	run grep -c "a'" script
	assert_output 0
	# all of a picture comes, however large: no pipe that is full
	fake_gnuplot 'head -c 3000000 /dev/zero; head -c 200000 /dev/zero >&2; cat >script'
	bench bench mmio ID --count 10 --plot large.png
	assert_exit 0
	assert_equal "$(stat -c %s large.png)" 3000000
}

@test "a device that is gone: no times of ones" {
	tr '\0' '\377' </dev/zero | head -c 4096 >"$SYSROOT/sys/bus/pci/devices/$dev/config"
	bench bench mmio ID --count 5
	assert_exit 5
	assert_output ''
}

@test "Ctrl-C ends it" {
	run timeout -s INT 1 pcietool --sysroot "$SYSROOT" -s "$dev" bench mmio ID --count 10000000
	[[ $status -eq 130 || $status -eq 124 ]]
}
