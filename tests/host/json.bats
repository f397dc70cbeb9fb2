#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
#
# JSON stays JSON whatever a name, a driver or a failure holds; nesting, escaping, one document each.

load ../lib/common
load ../lib/fake_device

setup() {
	fake_tree
	dev=0000:01:00.0
	fake_begin
	fake_pci $dev 0x1234 0x11e8 0xff0000
	fake_bar $dev 0 0xfe000000 4096 0x40200
	fake_config $dev 4 16 2
	fake_write
	truncate -s 4096 "$SYSROOT/sys/bus/pci/devices/$dev/resource0"
	mkdir -p "$SYSROOT/usr/share/misc"
}

names() {
	printf '1234  %b\n\t11e8  a device\n' "$1" >"$SYSROOT/usr/share/misc/pci.ids"
}

@test "quotes, backslashes, control characters, broken UTF-8 in a name" {
	for name in 'say "hi"' 'a\\\\b' 'tab\there' 'bell\aend' 'esc\033[31mred' 'broken \xff\xfe' '\xc3\x28' \
		'\xed\xa0\x80 surrogate' '\xf0\x9f\x98\x80 whole' 'umlaut \xc3\xa4'; do
		names "$name"
		run_tool --sysroot "$SYSROOT" -j list
		assert_exit 0
		jq -e . <<<"$output" >"$BATS_TEST_TMPDIR/out"
		iconv -f UTF-8 -t UTF-8 <<<"$output" >/dev/null
	done
	names 'umlaut \xc3\xa4 "q"'
	run_tool --sysroot "$SYSROOT" -j list
	assert_json '.devices[0].vendor' 'umlaut ä "q"'
}

@test "a name does not drive the terminal" {
	names 'esc\033[31mred'
	run_tool --sysroot "$SYSROOT" list
	assert_exit 0
	refute_output --partial $'\033'
}

@test "a failure in the middle ends the document, which tells of it" {
	truncate -s 0 "$SYSROOT/sys/bus/pci/devices/$dev/resource0"
	local command schema
	for command in 'regs read 0' 'regs dump 0+64' 'regs write 0=1' 'regs wait 0==1'; do
		schema=1
		[[ $command != 'regs dump'* ]] || schema=2
		# shellcheck disable=SC2086
		run_tool --sysroot "$SYSROOT" -s $dev -j $command
		assert_exit 5
		assert_equal "$(jq -s length <<<"$output")" 1
		assert_json .error.exit 5
		assert_json .schema "pcietool/$(cut -d' ' -f1,2 <<<"$command" | tr ' ' -)/$schema"
	done
}

@test "no key depends on verbosity" {
	for command in list info 'regs read 0' 'regs dump 0+16' 'config dump' 'driver status'; do
		# shellcheck disable=SC2086
		quiet=$(pcietool --sysroot "$SYSROOT" -s $dev -j -q $command 2>/dev/null | jq -c '[paths | map(tostring) | join(".")]')
		# shellcheck disable=SC2086
		verbose=$(pcietool --sysroot "$SYSROOT" -s $dev -j -v $command 2>/dev/null | jq -c '[paths | map(tostring) | join(".")]')
		assert_equal "$verbose" "$quiet"
		[ -n "$quiet" ]
	done
}

@test "a dump of 16 MiB is valid and in pieces" {
	! is_sanitized || skip "a sanitizer wants more memory than the limit"
	mkdir -p "$SYSROOT/dev"
	truncate -s 16M "$SYSROOT/dev/mem"
	run bash -c "(ulimit -v 100000; exec pcietool --sysroot '$SYSROOT' -j mem dump 0x0+16M) | jq '.ranges[0].values | length'"
	assert_output 4194304
}
