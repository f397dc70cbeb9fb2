#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
#
# regs watch on a screen of its own.

load ../lib/common
load ../lib/fake_device

setup() {
	fake_edu
	export PCIETOOL_MAP=$TOP/examples/edu.map
	cd "$BATS_TEST_TMPDIR" || return
	change="do:printf '\\377\\377' | dd of=$file bs=1 seek=4 conv=notrunc status=none"
}

# on_screen ROWSxCOLUMNS STEP... -- ARG...: regs watch there.
on_screen() {
	local steps=()
	while [[ $1 != -- ]]; do
		steps+=("$1")
		shift
	done
	run timeout -k 5 90 python3 "$TOP/tests/lib/screen.py" "${steps[@]}" -- \
		pcietool --sysroot "$SYSROOT" -s "$dev" regs watch "${@:2}"
}

# restored: the screen was entered and left as often, and nothing of it came behind.
restored() {
	assert_equal "$(grep -o '\^\[\[?1049h' <<<"$output" | wc -l)" "$1"
	assert_equal "$(grep -o '\^\[\[?25h\^\[\[?1049l' <<<"$output" | wc -l)" "$1"
	after=${output##*'^[[?1049l'}
	[[ $after != *'^'* ]]
}

@test "a heading; what changed stays marked; Ctrl-C ends it, and what was seen is on the terminal's own screen" {
	on_screen 24x100 frame 'shows:REGISTER +VALUE +MINIMUM +MAXIMUM +TOGGLED +CHANGES' "$change" \
		'shows:(\e\[7m0x0000ffff\e\[m.*?){3}' 'type:\x03' -- --interval 10ms 'DMA_*' LIVENESS
	assert_exit 0
	restored 1
	assert_output --regexp "$dev  every 10ms  [0-9:]+  Ctrl-C ends  $PCIETOOL_MAP"
	[[ $after =~ LIVENESS\ +0x0000ffff\ +0x00000000..0x0000ffff\ +toggled\ 0x0000ffff\ +changes\ 1 ]]
}

@test "rows fit every width and height; the terminal's new size is drawn at once" {
	on_screen 24x100 'frame:MAXIMUM.*DMA_CMD' size:24x60 frame size:5x30 'frame:and 5 more' size:3x12 frame \
		size:24x100 'frame:MAXIMUM.*DMA_CMD' 'type:\x03' -- --interval 3600s 'DMA_*' LIVENESS ID STATUS
	assert_exit 0
	restored 1
}

@test "SIGTERM and an error give the terminal back before they are told" {
	on_screen 24x80 frame signal:TERM -- LIVENESS
	assert_exit 143
	restored 1
	gone="do:tr '\\0' '\\377' </dev/zero | head -c 4096 >$SYSROOT/sys/bus/pci/devices/$dev/config"
	on_screen 24x80 frame "$gone" -- --interval 10ms LIVENESS
	assert_exit 5
	restored 1
	[[ $after == *"pcietool: regs watch: $dev: "* ]]
	# one that fails at once
	rm -r "${SYSROOT:?}"
	on_screen 24x80 -- LIVENESS
	assert_exit 3
	refute_output --partial '1049h'
}

@test "what is read of a device that is gone is no value: it is told that it is" {
	local form
	for form in '' --json --csv; do
		fake_edu
		export PCIETOOL_MAP=$TOP/examples/edu.map
		rm -f log
		# shellcheck disable=SC2086 # none or one
		pcietool --sysroot "$SYSROOT" -s "$dev" regs watch --interval 10ms $form ID >log 2>err 3>&- &
		pid=$!
		until_true grep -q '010000ed\|16777453' log
		before=$(grep -c . log)
		meanwhile $pid vanishes
		status=0
		wait $pid || status=$?
		assert_equal "$status" 5
		grep 'regs watch: .* the device does not answer' err
		run -1 grep -E -e '-> |,0$|"old":"|ffffffff' log
		[[ $form == --csv ]] || (($(grep -v '"error"' log | grep -c .) == before))
	done
}

# As an orderly unplug has it: nothing is behind its BAR, nor behind its config space.
vanishes() {
	head -c 4096 /dev/zero >"$BATS_TEST_TMPDIR/zeroes"
	dd if="$BATS_TEST_TMPDIR/zeroes" of="$file" conv=notrunc status=none
	tr '\0' '\377' <"$BATS_TEST_TMPDIR/zeroes" >"$SYSROOT/sys/bus/pci/devices/$dev/config"
}

@test "Ctrl-Z gives the terminal back until the program goes on" {
	on_screen 24x80 frame 'type:\x1a' 'shows:\e\[\?1049l' stopped signal:CONT 'shows:\e\[\?1049h' frame 'type:\x03' -- \
		--interval 3600s LIVENESS
	assert_exit 0
	restored 2
}

@test "a terminal that cannot has a line for each change" {
	run timeout -k 5 90 python3 "$TOP/tests/lib/screen.py" 24x80 'shows:LIVENESS  0x00000000\r' 'type:\x03' -- \
		env TERM=dumb pcietool --sysroot "$SYSROOT" -s "$dev" regs watch LIVENESS
	assert_exit 0
	assert_line --regexp '^[0-9.]+ +LIVENESS  0x00000000$'
	refute_output --partial '^[['
}

@test "the course of a value, on the screen and at the end" {
	on_screen 24x80 frame "$change" 'frame:LIVENESS  .*0x0000ffff \| +\*.*\*+.*STATUS' 'type:\x03' -- --plot --interval 10ms LIVENESS STATUS
	assert_exit 0
	restored 1
	[[ $after =~ 0x0000ffff\ \|\ +\*+$'\n' ]]
	[[ $after =~ 0x00000000\ \|\*+$'\n'"STATUS" ]]
}

@test "a course where there is no screen; values as CSV, one line a look" {
	regs_watch() {
		run_tool --sysroot "$SYSROOT" -s "$dev" regs watch --interval 10ms "$@"
	}
	regs_watch --plot --timeout 100ms LIVENESS
	assert_exit 0
	assert_line --index 0 --partial 'LIVENESS  0x00000000'
	assert_line --index 1 --regexp '^0x00000000 \|\*+$'
	assert_equal "${#lines[@]}" 2
	regs_watch --csv --timeout 100ms ID STATUS DMA_SRC
	assert_exit 0
	assert_line --index 0 'seconds,ID,STATUS,DMA_SRC'
	assert_line --index 1 --regexp '^0\.[0-9]{6},16777453,0,0$'
	((${#lines[@]} > 2))
	# the end comes between two looks
	regs_watch --csv --interval 60s --timeout 50ms ID
	assert_exit 0
	assert_equal "${#lines[@]}" 2
	# three forms of the same
	for form in '--csv --plot' '--csv --json' '--plot --json'; do
		# shellcheck disable=SC2086 # two words
		regs_watch $form ID
		assert_exit 2
	done
	# ended by a full disk, not by nothing
	run bash -c "pcietool --sysroot '$SYSROOT' -s '$dev' regs watch --csv --interval 1ms ID >/dev/full"
	assert_exit 1
}
