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
		/^ *[0-9]/ {
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

# times NAME FACTOR: a document of reads, each so many times as long
times() {
	jq -c -n --argjson f "$2" '{schema: "pcietool/bench-mmio/1", ref: "STATUS", region: "BAR 0", offset: "0x0", width: 32, count: 1000,
		write: null, write_reason: "only read", read: {minimum_ns: (100 * $f), median_ns: (200 * $f), mean_ns: (210.5 * $f),
		p90_ns: (300 * $f), p99_ns: (400 * $f), p99_9_ns: (1000 * $f), maximum_ns: (2000 * $f), histogram: [
		{from_ns: (100 * $f), to_ns: (200 * $f - 1), count: 500}, {from_ns: (200 * $f), to_ns: (400 * $f), count: 490},
		{from_ns: (400 * $f + 1), to_ns: (2000 * $f), count: 10}]}, cpu: 0, governor: null, governor_reason: "none",
		idle_driver: null, idle_driver_reason: "none", clock_ns: 20}' >"$1"
	note_documents "$(<"$1")"
}

@test "compare: each percentile with its ratio, all of both histograms" {
	times a.json 1
	times b.json 2
	run_tool bench compare a.json b.json --json
	assert_exit 0
	assert_json '"\(.verb) \(.unit) \(.a.file) \(.b.subject) \(.series | length)"' 'bench mmio ns a.json STATUS 1'
	assert_json '[.series[0].points[] | "\(.point) \(.a) \(.b) \(.ratio)"] | join(", ")' \
		'min 100 200 2, median 200 400 2, 90% 300 600 2, 99% 400 800 2, 99.9% 1000 2000 2, max 2000 4000 2, mean 210.5 421 2'
	jq -e '.series[0].histogram as $h | ([$h[].a_share] | add) > 0.9999 and ([$h[].a_share] | add) < 1.0001 and
		([$h[].b_share] | add) > 0.9999 and ([$h[].b_share] | add) < 1.0001 and $h[0].from_ns == 100 and
		$h[-1].to_ns == 4000 and ([range(1; $h | length)] | all($h[.].from_ns == $h[. - 1].to_ns + 1))' <<<"$output"
	run_tool bench compare a.json a.json --json
	assert_exit 0
	jq -e '.series[0] | ([.points[].ratio] | unique) == [1] and ([.histogram[] | .a_share == .b_share] | all)' <<<"$output"
	run_tool bench compare - b.json <a.json
	assert_exit 0
}

@test "compare: text, and the bars of both over each other" {
	times a.json 1
	times b.json 1.5
	run_tool bench compare a.json b.json
	assert_exit 0
	assert_line --index 0 'A            a.json: STATUS'
	assert_line --index 1 'B            b.json: STATUS'
	assert_line --index 2 read
	assert_line --regexp '^ +median +200 ns +300 ns +x1\.500$'
	assert_line --regexp '^ +[0-9]+\.\.[0-9]+ +[0-9.]+% +0\.00% +A+$'
	assert_line --regexp '^ +[0-9]+\.\.[0-9]+ +[0-9.]+% +[0-9.]+% +#+B+$'
	refute_output --regexp ' $'
	assert_line --regexp ' A{40}$'
	run_tool bench compare a.json a.json
	refute_output --regexp '[AB]$'
	assert_line --regexp ' #{40}$'
}

@test "compare: real results, of writes too; rates" {
	bench --json bench mmio LIVENESS=5 --count 100
	echo "$output" >a.json
	bench --json bench mmio LIVENESS=5 --count 50
	echo "$output" >b.json
	run_tool bench compare a.json b.json --json
	assert_exit 0
	assert_json '[.series[].name] | join(", ")' 'write, write and read'
	assert_json '.series[1].points[0].a' "$(jq .read.minimum_ns a.json)"
	cat >rates.json <<-'END'
		{"schema": "pcietool/bench-dma/1", "runs": [{"block": 4096, "bytes_per_second": 1000000}, {"block": 65536,
		 "bytes_per_second": 90000000}, {"block": 1048576, "bytes_per_second": null}]}
	END
	sed 's/90000000/81000000/; s/1048576, "bytes_per_second": null/2048, "bytes_per_second": 7/' rates.json >slower.json
	run_tool bench compare rates.json slower.json --json
	assert_exit 0
	assert_json '[.series[0].points[] | "\(.point) \(.a) \(.b) \(.ratio)"] | join(", ")' \
		'4K 1000000 1000000 1, 64K 90000000 81000000 0.9, 2K null 7 null'
	assert_json .series[0].histogram null
	run_tool bench compare rates.json slower.json --worse-than 9
	assert_exit 8
	assert_err 'rate, 64K: 81000000 bytes/s, and was 90000000: worse by more than 9%'
	run_tool bench compare rates.json slower.json --worse-than 11
	assert_exit 0
	# a size that B has no rate for is none that is as good
	run_tool bench compare slower.json rates.json --worse-than 0
	assert_exit 8
	assert_err 'rates.json has none for 2K'
	run_tool bench compare slower.json rates.json
	assert_exit 0
	run_tool bench compare rates.json slower.json --worse-than 100
	assert_exit 2
	sed 's/"block": [0-9]*/"block": 512/; s/, {"block": 65536.*//' rates.json | tr -d '\n' | sed 's/}.*/}]}/' >other.json
	run_tool bench compare rates.json other.json
	assert_exit 2
	assert_err 'no size of a block in common'
}

@test "compare: --worse-than looks at the median, 90% and 99%, in one direction" {
	times a.json 1
	times b.json 1.5
	run_tool bench compare a.json b.json --worse-than 49
	assert_exit 8
	assert_err 'read, median: 300 ns, and was 200: worse by more than 49%'
	run_tool bench compare a.json b.json --worse-than 51 --json
	assert_exit 0
	run_tool bench compare b.json a.json --worse-than 0
	assert_exit 0
	jq -c '.read.maximum_ns = 9999999 | .read.p99_9_ns = 9999999 | .read.histogram[-1].to_ns = 9999999' a.json >c.json
	run_tool bench compare a.json c.json --worse-than 0
	assert_exit 0
	# of nothing there is no percentage
	jq -c '.read.minimum_ns = 0 | .read.median_ns = 0' a.json >zero.json
	run_tool bench compare zero.json a.json --worse-than 10
	assert_exit 0
	run_tool bench compare a.json b.json --worse-than x
	assert_exit 2
}

@test "compare: what cannot be compared, and what is no document" {
	local filter
	times a.json 1
	jq -c '.write = .read | del(.write_reason)' a.json >writes.json
	jq -c '{schema: "pcietool/bench-irq/1", raised_by: "0x60=1", interrupt: .read}' a.json >irq.json
	run_tool bench compare a.json irq.json
	assert_exit 2
	assert_err 'a.json is of bench mmio, irq.json of bench irq'
	run_tool bench compare writes.json a.json
	assert_exit 2
	assert_err 'one of them is of reads, the other of writes'
	run_tool bench compare irq.json irq.json
	assert_exit 0
	run_tool bench compare a.json none.json
	assert_exit 1
	while read -r filter; do
		jq -c "$filter" a.json >bad.json
		run_tool bench compare a.json bad.json
		assert_exit 2
		assert_err 'bad.json: '
		assert_output ''
	done <<-'END'
		.schema = "pcietool/regs-read/1"
		del(.schema)
		del(.read)
		[1]
		.read.median_ns = "x"
		.read.median_ns = -1
		.read.median_ns = 1e300
		.read.p90_ns = 1
		del(.read.mean_ns)
		.read.histogram = []
		.read.histogram[0].to_ns = 1
		.read.histogram[1].from_ns = 150
		.read.histogram[0].count = -1
		.read.histogram = [range(65) | {from_ns: ., to_ns: ., count: 1}]
		.read.histogram[] |= (.count = 0)
		.read.histogram[2].to_ns = 18446744073709551615
		{schema: "pcietool/bench-dma/1", runs: []}
		{schema: "pcietool/bench-dma/1", runs: [{block: 0, bytes_per_second: 1}]}
		{schema: "pcietool/bench-dma/1", runs: [{block: 4096, bytes_per_second: null}]}
		{schema: "pcietool/bench-dma/1", runs: [{block: 1, bytes_per_second: 1}, {block: 1, bytes_per_second: 1}]}
	END
	echo '{"schema": "pcietool/bench-mmio/1"' >bad.json
	run_tool bench compare a.json bad.json
	assert_exit 2
	run_tool bench compare a.json
	assert_exit 2
}

@test "compare: names that would be commands to gnuplot, or to a shell, are text in the picture" {
	local name
	needs_gnuplot
	times a.json 1
	# shellcheck disable=SC2016 # nothing of them is to be expanded
	for name in "x'; system('touch evil'); '.json" '`touch evil`.json' '$(touch evil).json' '"; !touch evil; ".json' \
		"$(printf 'a\n!touch evil\nb.json')" '@evil <b> & \n {Symbol a}_x^y.json' $'\xff\xfe.json' '|touch evil'; do
		# shellcheck disable=SC2094 # the name is text there
		jq -c --arg name "$name" '.ref = $name' a.json >"$name"
		rm -f picture.svg
		run_tool bench compare a.json "./$name" --plot picture.svg
		assert_exit 0
		svg picture.svg
		[[ ! -e evil ]]
	done
	# a quote is doubled, the rest is as it is
	cp a.json "it's <b> & {c}_d.json"
	run_tool bench compare a.json "it's <b> & {c}_d.json" --plot picture.svg
	python3 -c 'import sys, xml.dom.minidom
for node in xml.dom.minidom.parse("picture.svg").getElementsByTagName("text"):
	print("".join(child.data for child in node.childNodes))' >texts
	grep -qxF "B read: it's <b> & {c}_d.json" texts
	# and where the picture goes is no command
	run_tool bench compare a.json a.json --plot '|touch evil;.svg'
	assert_exit 0
	svg '|touch evil;.svg'
	[[ ! -e evil ]]
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

# index_of NUMBER:TIME...: what --index of a capture writes.
index_of() {
	local pair
	for pair; do
		printf '{"schema":"pcietool/dma-capture-index/1","block":%s,"offset":0,"length":4096,"time_ns":%s,"interrupts":null,"interrupts_reason":"polled","overwritten":false}\n' \
			"${pair%:*}" "${pair#*:}"
	done
}

@test "blocks: the times between them, of an index; what is missing is no time" {
	cd "$BATS_TEST_TMPDIR"
	index_of 0:100 1:200 2:400 5:9000 6:9100 >x.index
	run_tool bench blocks x.index
	assert_exit 0
	assert_line --index 0 'x.index: blocks 5, missing 2'
	assert_line --index 1 --regexp '^between +min 100, median 100, 90% 200, .*max 200 ns$'
	run_tool bench blocks x.index -j --hgrm x.hgrm
	assert_json '[.blocks, .missing, .between.mean_ns == 133.333, ([.between.histogram[].count] | add)] | tojson' '[5,2,true,3]'
	grep -F 'Total count    =            3' x.hgrm
	cp "$BATS_TEST_TMPDIR/x.index" y.index
	pcietool bench blocks -j x.index >a.json
	index_of 0:0 1:200 2:400 >y.index
	pcietool bench blocks -j - <y.index >b.json
	run_tool bench compare a.json b.json
	assert_exit 0
	assert_line --regexp 'median +100 ns +200 ns +x2.000'
}

@test "blocks: files that are no index" {
	cd "$BATS_TEST_TMPDIR"
	index_of 0:100 >one.index
	index_of 0:100 1:90 >back.index
	index_of 1:100 1:200 >twice.index
	{
		index_of 0:100 1:200
		echo '{"schema":"pcietool/dma-capture/1"}'
	} >other.index
	{
		index_of 0:100 1:200
		index_of 2:300 | head -c 30
	} >cut.index
	: >empty.index
	index_of 0:100 1:200 >good.index
	ln good.index linked.index
	for option in '--hgrm good.index' '--hgrm linked.index' '--plot a.svg --hgrm a.svg'; do
		# shellcheck disable=SC2086 # an option and its argument
		run_tool bench blocks good.index $option
		assert_exit 2
	done
	assert_equal "$(wc -l <good.index)" 2
	for file in one back twice other cut empty; do
		run_tool bench blocks $file.index
		assert_exit 2
		assert_err "$file.index"
		assert_output ''
	done
	run_tool bench blocks back.index
	assert_err 'back.index:2: this block is not behind the one before'
	run_tool bench blocks none.index
	assert_exit 1
	run_tool bench blocks .
	assert_exit 1
}
