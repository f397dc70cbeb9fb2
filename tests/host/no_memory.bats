#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
#
# No memory, at each single allocation of a command: it ends with the words for it, or does without and prints the same; no device
# is left out silently, nothing is said to be well. Names are left out, as libpci ends the program by itself, and JSON that is read: json-c 0.16 does not look.

load ../lib/common
load ../lib/fake_device

setup_file() {
	BATS_TEST_TMPDIR=$BATS_FILE_TMPDIR fake_server
	# a port and a card: more of them is more of the same
	rm -r "$BATS_FILE_TMPDIR"/root/sys/bus/pci/devices/0000:{00:02.0,00:03.0,01:00.1,02:00.0}
}

setup() {
	! is_sanitized || skip 'AddressSanitizer has an allocator of its own'
	fake_copy
	card=0000:01:00.0
	tree=(pcietool --sysroot "$SYSROOT")
	cd "$BATS_TEST_TMPDIR" || return
}

# with_malloc VARIABLE=VALUE COMMAND...
with_malloc() {
	run_apart env LD_PRELOAD="$BUILD/tests/lib/fail_malloc.so" "$1" "${@:2}"
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

@test "list" {
	each_allocation "${tree[@]}" list -n
}

@test "list --tree" {
	each_allocation "${tree[@]}" list --tree -n
}

@test "check" {
	each_allocation "${tree[@]}" check
}

@test "check --nagios" {
	each_allocation "${tree[@]}" check --nagios
}

@test "link show" {
	each_allocation "${tree[@]}" link show
}

@test "aer show" {
	each_allocation "${tree[@]}" aer show
}

@test "metrics" {
	each_allocation "${tree[@]}" metrics
}

@test "snapshot" {
	each_allocation "${tree[@]}" snapshot -o file
}

@test "info" {
	each_allocation "${tree[@]}" -s "$card" info -n
}

@test "config save" {
	each_allocation "${tree[@]}" -s "$card" config save -o saved
}

@test "config diff" {
	"${tree[@]}" -s "$card" config save -o saved
	each_allocation "${tree[@]}" -s "$card" config diff saved
}

@test "list of a dump" {
	"${tree[@]}" -s "$card" config save -o saved
	each_allocation "${tree[@]}" --from-dump saved list -n
}

@test "regs dump and read, by name" {
	fake_edu
	printf '%s\n' map,board register,ID,0x0,32,ro register,CTRL,0x4,32,rw field,CTRL,ENABLE,0,rw >m.map
	each_allocation pcietool --sysroot "$SYSROOT" -s "$dev" --map m.map regs dump
	each_allocation pcietool --sysroot "$SYSROOT" -s "$dev" --map m.map regs read 'I*'
}

@test "a text map" {
	each_allocation pcietool map check "$TOP/examples/edu.map"
}

@test "a map as SVD" {
	each_allocation pcietool map convert --to svd "$TOP/examples/edu.map"
}

@test "an SVD file" {
	each_allocation pcietool map convert "$TOP/examples/edu.svd"
}

@test "an IP-XACT file" {
	each_allocation pcietool map check "$TOP/tests/data/ipxact/kactus2-2014.xml"
}
