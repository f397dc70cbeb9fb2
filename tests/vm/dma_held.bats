#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Bus mastering off only pauses an engine. edu writes 100 ms after it was started: what it was told of must not be
# anybody else's by then, whatever became of the buffer, the process and the driver meanwhile.
#
# qemu: -device edu -device edu
# qemu: -device e1000e,romfile=
# qemu: -device pcie-root-port,id=rp1,chassis=1,slot=1 -device edu,bus=rp1
# also: debug rt

# shellcheck disable=SC2030,SC2031,SC2154 # a test is a process of its own; bats sets stderr
load ../lib/common
load ../lib/guest

setup() {
	local device
	edu=$(bdf_of 1234:11e8)
	# nobody told it anything: all that it gets must stay as it is
	other=$(bdf_of 1234:11e8 1)
	below=$(bdf_of 1234:11e8 2)
	nic=$(bdf_of 8086:10d3)
	export PCIETOOL_DEVICE=$edu
	for device in "$edu" "$other"; do
		pcietool -s "$device" driver bind --mask 28
	done
	# edu's own buffer holds what it is going to write
	pcietool dma alloc --name tx 4k
	pcietool dma fill tx --pattern constant:0xa5a5a5a5
	pcietool config write COMMAND=0x6:0x6
	pcietool regs write -w 64 0x80=@tx 0x88=0x40000 0x90=2048 0x98=1
	pcietool regs wait -w 64 '0x98==0:1' --timeout 5s
	pcietool config write COMMAND=0:0x4
	pcietool dma free --idle tx
}

teardown() {
	local device
	for device in "$edu" "$other" "$below" "$nic"; do
		pcietool -q -f -s "$device" driver release --idle || true
	done
}

held() {
	pcietool dma list --json | jq -c "[.held.buffers, .held.size]"
}

# word_at ADDRESS: what is in memory there, as the machine itself sees it.
word_at() {
	hmp "xp /1xw $1" | sed 's/.*: //'
}

# a kernel that watches itself needs the engine's 100 ms for fewer
pages=$((${VM_SLOWNESS:-1} > 1 ? 2 : 6))

# grab: some pages for the other device, and for this one when it is bound; as batch lines.
grab() {
	local i
	for ((i = 1; i <= pages; i++)); do
		echo "-s $other dma alloc --name other$i 4k"
		[[ ${1:-} != both ]] || echo "dma alloc --name new$i 4k"
	done
}

# whole: what grab got is as zero as it came.
whole() {
	local i
	for ((i = 1; i <= pages; i++)); do
		pcietool -s "$other" dma verify "other$i" --pattern zero || return
		[[ ${1:-} != both ]] || pcietool dma verify "new$i" --pattern zero || return
	done
}

start='regs write -w 64 0x80=0x40000 0x88=@rx 0x90=2048 0x98=3'
off='config write COMMAND=0:0x4'
on='config write COMMAND=0x4:0x4'

# late WHOM LINE...: the engine is started, paused, the lines are run, everybody takes memory, and the engine goes on.
# Again until it did so late: a busy machine may need more than 100 ms for the lines.
late() {
	local whom=$1 last=$((SECONDS + 150)) address=
	shift
	while ((SECONDS < last)); do
		pcietool dma alloc --name rx 4k
		address=$(pcietool dma list -j | jq -r '.buffers[] | select(.name == "rx").address')
		{
			printf '%s\n' "$start" "$off" "$@"
			grab "$whom"
			echo "$on"
		} >"$BATS_TEST_TMPDIR/batch"
		pcietool --quiet batch "$BATS_TEST_TMPDIR/batch" >/dev/null
		sleep 0.3
		whole "$whom" || return
		[[ $(word_at "$address") != 0xa5a5a5a5 ]] || return 0
		pcietool config write COMMAND=0:0x4
		pcietool -s "$other" dma free --idle --all
		[[ -e /dev/pcietool/$edu ]] || pcietool driver bind --mask 28
		pcietool dma free --idle --all
	done
	((${VM_SLOWNESS:-1} == 1)) || skip "the lines took longer than the engine, each time"
	echo "the engine never wrote after the lines: nothing was proved"
	return 1
}

@test "freed: held back, and whole is what others have" {
	late both 'dma free rx'
	assert_equal "$(held)" '[1,4096]'
	run_tool dma list
	assert_err "freed, but the device's"
	assert_err '4096 bytes'
	# the name is free, the memory is not
	run_tool dma read rx
	assert_exit 2
	run_tool driver status --json
	assert_json .helper.bytes_held 4096
	assert_json .helper.reset_on_release false
}

@test "it counts under the cap, and the message says what gives it back" {
	pcietool dma alloc --name rx 64k
	pcietool dma free rx
	echo 65536 >/sys/module/pcietool/parameters/max_bytes
	run_tool dma alloc --name rx 4k
	echo 0 >/sys/module/pcietool/parameters/max_bytes
	assert_exit 1
	assert_err '65536 bytes that were freed'
	assert_err 'dma free --idle --all'
}

@test "--idle gives it back, of those named or of all; not while it is a bus master" {
	pcietool dma alloc --name a 4k
	pcietool dma alloc --name b 8k
	pcietool dma free b
	assert_equal "$(held)" '[1,8192]'
	pcietool dma free --idle a
	assert_equal "$(held)" '[1,8192]'
	pcietool config write COMMAND=4:4
	run_tool dma free --idle --all
	assert_exit 1
	assert_err 'bus mastering is on'
	assert_equal "$(held)" '[1,8192]'
	pcietool config write COMMAND=0:4
	run_tool -D dma free --idle --all
	assert_exit 0
	assert_equal "$(held)" '[1,8192]'
	pcietool dma free --idle --all
	assert_equal "$(held)" '[0,0]'
	assert_equal "$(pcietool driver status -j | jq .helper.bytes_used)" 0
}

@test "--idle with --force, and a release with it, under a bus master of which no buffer is left" {
	for words in '--force dma free --idle --all' 'driver release --idle'; do
		pcietool dma alloc --name a 4k
		pcietool dma free a
		pcietool config write COMMAND=4:4
		# shellcheck disable=SC2086 # several words
		run_tool $words
		assert_exit 0
		assert_equal $(($(setpci -s "$edu" COMMAND | sed 's/^/0x/') & 4)) 0
	done
	pcietool driver bind --mask 28
	assert_equal "$(held)" '[0,0]'
}

@test "unbound, and bound to another driver: kept for ever where there is no reset, and said" {
	late other 'driver release' 'driver bind --to uio'
	dmesg | grep -q "$edu: 4096 bytes at bus address .* are kept for ever"
	pcietool config write COMMAND=0:0x4
	pcietool driver release
	pcietool driver bind --mask 28
	pcietool dma alloc --name rx 8k
	run_tool driver release
	assert_exit 0
	assert_err '8192 bytes of DMA memory stay out of use'
	assert_err 'driver release --idle'
	pcietool driver bind --mask 28
	pcietool dma alloc --name rx 8k
	run_tool driver release --idle
	assert_exit 0
	assert_equal "$stderr" ''
	pcietool driver bind --mask 28
}

@test "release --idle that is refused frees nothing" {
	local pid
	pcietool dma alloc --name keep 4k
	pcietool config write COMMAND=4:4
	pcietool dma capture -o "$BATS_TEST_TMPDIR/out" --block 2k --blocks 1 -w 64 --each 0x98=2 --done '0x98==8:8' \
		--timeout 60s 3>&- &
	pid=$!
	capturing() { pcietool driver status -j | jq -e .helper.capturing >/dev/null; }
	until_true capturing
	run_tool driver release --idle
	assert_exit 4
	assert_err 'a capture runs'
	assert_equal "$(pcietool dma list -j | jq -r '[.buffers[].name] | index("keep") != null')" true
	kill -INT "$pid"
	wait "$pid" || true
	pcietool config write COMMAND=0:4
	pcietool dma free --idle --all
}

@test "a session that ends, and one that is killed" {
	local signal holder pid address tries seen
	for signal in TERM KILL; do
		seen=
		for tries in {1..20}; do
			# the holder is what has the buffers; COMMAND does no more than to wait
			# shellcheck disable=SC2016 # the session's shell expands it
			pcietool session -- bash -c '
				pcietool dma alloc --name rx 4k >"$1/address"
				pcietool config write COMMAND=4:4
				pcietool regs write -w 64 0x80=0x40000 0x88=@rx 0x90=2048 0x98=3
				echo $PPID >"$1/holder"
				exec sleep 30' - "$BATS_TEST_TMPDIR" 3>&- &
			pid=$!
			while [[ ! -s $BATS_TEST_TMPDIR/holder ]]; do sleep 0.01; done
			kill -"$signal" "$(<"$BATS_TEST_TMPDIR/holder")"
			wait "$pid" || true
			{ grab; echo "$on"; } >"$BATS_TEST_TMPDIR/batch"
			pcietool --quiet batch "$BATS_TEST_TMPDIR/batch" >/dev/null
			sleep 0.3
			whole
			address=$(<"$BATS_TEST_TMPDIR/address")
			[[ $(word_at "$address") != 0xa5a5a5a5 ]] || seen=1
			pcietool config write COMMAND=0:0x4
			assert_equal "$(held)" '[1,4096]'
			pcietool dma free --idle --all
			pcietool -s "$other" dma free --idle --all
			rm "$BATS_TEST_TMPDIR/holder"
			pkill -f 'sleep 30' || true
			[[ -z $seen ]] || break
		done
		# the machine may be too slow to be late in time; that others' memory is whole held each time
		echo "# $signal: the late write was seen: ${seen:-no}" >&3
	done
}

@test "captures: one that is killed leaves its ring held back; one that ends idle does not" {
	local i pid address
	pcietool config write COMMAND=4:4
	run_tool dma capture -o "$BATS_TEST_TMPDIR/out" --block 2k --blocks 2 --size 4k -w 64 --each 0x80=0x40000 \
		--each 0x88=@block --each 0x90=2048 --each 0x98=3 --done '0x98==0:1' --timeout 5s
	assert_exit 0
	assert_equal "$(held)" '[0,0]'
	for i in {1..5}; do
		pcietool config write COMMAND=4:4
		pcietool dma capture -o "$BATS_TEST_TMPDIR/out" --block 2k --blocks 1 -w 64 --each 0x80=0x40000 \
			--each 0x88=@block --each 0x90=2048 --each 0x98=3 --done '0x98==0:1' --timeout 5s 3>&- &
		pid=$!
		until [[ $(stat -c %s "$BATS_TEST_TMPDIR/out" 2>/dev/null || echo 0) -gt 2048 ]]; do sleep 0.02; done
		kill -KILL "$pid"
		wait "$pid" || true
		{ grab both; echo "$on"; } >"$BATS_TEST_TMPDIR/batch"
		pcietool --quiet batch "$BATS_TEST_TMPDIR/batch" >/dev/null
		sleep 0.3
		whole both
		assert_equal "$(held)" '[1,4096]'
		pcietool config write COMMAND=0:0x4
		pcietool dma free --idle --all
		pcietool -s "$other" dma free --idle --all
		rm "$BATS_TEST_TMPDIR/out"
	done
}

@test "a reset gives it back; one that the kernel could not do does not" {
	pcietool -s "$below" driver bind --mask 28
	pcietool -s "$below" dma alloc --name rx 4k
	pcietool -s "$below" dma free rx
	assert_equal "$(pcietool -s "$below" dma list -j | jq .held.buffers)" 1
	# its bus is reset: it is alone there
	pcietool -s "$below" reset
	assert_equal "$(pcietool -s "$below" dma list -j | jq .held.buffers)" 0
	# the machine's own bus cannot be
	pcietool dma alloc --name rx 4k
	pcietool dma free rx
	run_tool reset
	assert_exit 6
	assert_equal "$(held)" '[1,4096]'
}

@test "a function that can be reset is, at the release: nothing is lost" {
	pcietool -s "$nic" driver bind
	run_tool -s "$nic" driver status --json
	assert_json .helper.reset_on_release true
	pcietool -s "$nic" dma alloc --name rx 4k
	pcietool -s "$nic" regs write 0x5b54=0x12345678 || true
	run_tool -s "$nic" driver release
	assert_exit 0
	assert_equal "$stderr" ''
	run dmesg
	refute_output --regexp "$nic: [0-9]* bytes at bus address"
	assert_equal $(($(setpci -s "$nic" COMMAND | sed 's/^/0x/') & 4)) 0
	# its configuration is as it was
	assert_equal "$(pcietool -s "$nic" bar list -j | jq -r '.bars[0].state // "ok"')" ok
}

@test "allocated and freed a thousand times by the word that it is idle: nothing adds up" {
	local i
	for i in {1..200}; do
		printf 'dma alloc --name b 4k\ndma free --idle b\n'
	done >"$BATS_TEST_TMPDIR/batch"
	for i in {1..5}; do
		run_tool batch "$BATS_TEST_TMPDIR/batch"
		assert_exit 0
	done
	assert_equal "$(held)" '[0,0]'
}
