#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
#
# No memory, at each single allocation of a command: it ends with the words for it, or does without and prints the same.
# Names are left out, as libpci ends the program by itself, and JSON that is read: json-c 0.16 does not look.

load ../lib/common
load ../lib/fake_device

setup_file() {
	BATS_TEST_TMPDIR=$BATS_FILE_TMPDIR fake_server
}

setup() {
	fake_copy
	tree=(pcietool --sysroot "$SYSROOT")
	cd "$BATS_TEST_TMPDIR" || return
}

# with_malloc VARIABLE=VALUE COMMAND...
with_malloc() {
	run_apart env LD_PRELOAD="$BUILD/tests/lib/fail_malloc.so" "$1" \
		ASAN_OPTIONS="${ASAN_OPTIONS:+$ASAN_OPTIONS:}verify_asan_link_order=0" timeout -k 5 60 "${@:2}"
}

# each_allocation COMMAND...
each_allocation() {
	local count i wanted wanted_status
	with_malloc FAIL_MALLOC_COUNT="$BATS_TEST_TMPDIR/count" "$@"
	wanted=$output wanted_status=$status
	count=$(<"$BATS_TEST_TMPDIR/count")
	((count > 0)) || fail "it allocates nothing: $*"
	for ((i = 1; i <= count; i++)); do
		with_malloc FAIL_MALLOC=$i "$@"
		[[ $status -ne $wanted_status || $output != "$wanted" ]] || continue
		case $status:$stderr in
		1:*'Cannot allocate memory'* | 1:*'out of memory'* | 3:*'Cannot allocate memory'* | 6:*'cannot be loaded'*) ;;
		*)
			batslib_print_kv_single_or_multi 8 command "$*" allocation "$i of $count" \
				status "$status" output "$output" stderr "$stderr" |
				batslib_decorate 'no memory' | fail
			;;
		esac
	done
}

@test "what is asked of all devices: none is left out silently, nothing is said to be well" {
	each_allocation "${tree[@]}" list -n
	each_allocation "${tree[@]}" list --tree -n
	each_allocation "${tree[@]}" check
	each_allocation "${tree[@]}" check --nagios
	each_allocation "${tree[@]}" link show
	each_allocation "${tree[@]}" aer show
	each_allocation "${tree[@]}" metrics
}

@test "a device: info, config, regs" {
	local device=0000:01:00.0
	each_allocation "${tree[@]}" -s $device info -n
	each_allocation "${tree[@]}" -s $device config dump
	each_allocation "${tree[@]}" -s $device config save -o saved
	"${tree[@]}" -s $device config save -o saved
	each_allocation "${tree[@]}" -s $device config diff saved
	each_allocation "${tree[@]}" --from-dump saved list -n
	fake_edu
	each_allocation pcietool --sysroot "$SYSROOT" -s "$dev" --map "$TOP/examples/edu.map" regs dump
	each_allocation pcietool --sysroot "$SYSROOT" -s "$dev" --map "$TOP/examples/edu.map" regs read 'I*'
}

@test "maps of each format" {
	each_allocation pcietool map check "$TOP/examples/edu.map"
	each_allocation pcietool map convert --to svd "$TOP/examples/edu.map"
	each_allocation pcietool map convert "$TOP/examples/edu.svd"
	each_allocation pcietool map check "$TOP/tests/data/ipxact/kactus2-2014.xml"
}

@test "snapshot, driver status" {
	each_allocation "${tree[@]}" snapshot -o file
	each_allocation "${tree[@]}" driver status
}
