#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Dumps of config space: those that config dump writes, and those that --from-dump finds.

load ../lib/common
load ../lib/fake_device
load ../lib/fake_express
load ../lib/fake_config

@test "dump: what lspci -F reads, and --from-dump gives the same decode" {
	config dump --all -o all.dump
	assert_exit 2
	assert_err "'pcietool config dump --all > all.dump'"
	[ ! -e all.dump ]
	PCIETOOL_DEVICE='' config dump --all
	assert_exit 0
	printf '%s\n' "$output" >all.dump
	run lspci -F all.dump -n
	assert_line --partial '01:00.1 0200: 1234:'
	run_tool --from-dump all.dump config show -s 01:00.0
	local offline=$output
	config show
	assert_equal "$output" "$offline"
}

@test "dump: the form is lspci's, to the byte" {
	config dump
	assert_line --index 0 '0000:01:00.0 Class 020000: 1234:1003'
	assert_line --index 1 '00: 34 12 03 10 06 00 10 00 00 00 00 02 00 00 00 00'
	assert_line --partial 'ff0: 00 00'
}

@test "from-dump: list, info, config read; standard input; a command that needs the device" {
	config dump >"$BATS_TEST_TMPDIR/x"
	printf '%s\n' "$output" >one.dump
	run_tool --from-dump one.dump list -n
	assert_exit 0
	assert_line '0000:01:00.0 1234:1003 [020000]'
	assert_line --partial 'link 8GT/s x4'
	run_tool --from-dump one.dump info
	assert_exit 0
	assert_line --partial 'PCI Express'
	run_tool --from-dump - config read EXP.DEVCTL.MRRS <one.dump
	assert_output 512
	run_tool --from-dump one.dump config write COMMAND.MASTER=0
	assert_exit 2
	assert_err 'needs the device itself'
	run_tool --from-dump one.dump regs read 0
	assert_exit 2
	run_tool --from-dump one.dump -s 02:00.0 config show
	assert_exit 3
}

@test "from-dump: with text between, as lspci -vvv -xxxx writes it" {
	config dump
	{
		echo '01:00.0 Ethernet controller: something'
		printf '\tSubsystem: a thing\n\tControl: I/O- Mem+\n'
		sed 1d <<<"$output"
		echo
	} >v.dump
	run_tool --from-dump v.dump config read COMMAND
	assert_output 0x0006
}

@test "from-dump: files that are none say where and why" {
	printf 'hello\n' >text
	printf '01:00.0 x\n00: 86 80\n10: 00\n' >gap
	printf '00: 86 80\n' >headless
	printf '01:00.0 x\n01:00.0 y\n' >twice
	head -c 1000 /dev/zero >zero
	printf '01:00.0 x\n' >bytes
	head -c 2000 /dev/urandom >>bytes
	: >empty
	local file
	for file in text gap headless twice zero bytes empty missing; do
		run_tool --from-dump "$file" config show -s 01:00.0
		assert_exit 1
		assert_err "$file"
	done
	run_tool --from-dump gap list
	assert_err 'gap:3: the offset does not continue'
}

@test "from-dump: 10 GB of zeroes are refused at the first" {
	truncate -s 10G huge
	run_tool --from-dump huge list
	assert_exit 1
	assert_err 'binary data'
}

@test "from-dump: an endless line, and one device again and again" {
	yes 'x' | tr -d '\n' | head -c 50000000 >line
	run_tool --from-dump line list
	assert_exit 1
	assert_err 'line:1: text without an end, no dump'
	# what goes on for ever is not read for ever, also behind a device
	run_tool --from-dump - list < <(yes 'no line of a dump')
	assert_exit 1
	assert_err 'text without an end, no dump'
	config dump
	run_tool --from-dump - list < <(printf '%s\n' "$output" && yes $'\tno line of a dump')
	assert_exit 1
	awk 'BEGIN { for (i = 0; i < 70000; i++) printf "%04x:%02x:%02x.%x y\n", i / 65536, i / 256 % 256, i / 8 % 32, i % 8 }' >many
	run_tool --from-dump many list
	assert_exit 1
	assert_err 'more devices than a machine can have'
}

@test "from-dump: 64 bytes, 256, and a list that ends where the file does" {
	config dump
	head -5 <<<"$output" >d64
	head -17 <<<"$output" >d256
	run_tool --from-dump d64 config show -s 01:00.0
	assert_exit 0
	assert_line --partial 'not in the dump'
	run_tool --from-dump d256 config show -s 01:00.0
	assert_exit 0
	assert_line 'EXP at 0x40: PCI Express'
	run_tool --from-dump d256 config read AER.COR_STATUS -s 01:00.0
	assert_exit 6
}

awk_letter='
	function digit(c) { return index("0123456789abcdef", c) - 1 }
	function letter(byte, v) {
		v = 16 * digit(substr(byte, 1, 1)) + digit(substr(byte, 2, 1))
		return v >= 32 && v < 127 ? sprintf("%c", v) : "."
	}
'

# A dump as hexdump -C writes it: no address, "*" for lines that repeat, the offset of the end. FILE is raw bytes.
hexdump_of() { # FILE
	od -An -v -tx1 "$1" | awk "$awk_letter"'
		{
			line = ""; letters = ""
			for (i = 1; i <= NF; i++) { line = line (i == 9 ? "  " : " ") $i; letters = letters letter($i) }
			if (line == last) { if (!star) print "*"; star = 1 } else { printf "%08x %s  |%s|\n", n, line, letters; star = 0 }
			last = line; n += 16
		}
		END { printf "%08x\n", n }'
}

# As xxd writes it, pairs of bytes and their letters; SWAPPED: as xxd -e -g2 does.
xxd_of() { # FILE [SWAPPED]
	od -An -v -tx1 "$1" | awk -v swapped="${2:-}" "$awk_letter"'
		{
			line = ""; letters = ""
			for (i = 1; i <= NF; i += 2) {
				line = line " " (swapped ? $(i + 1) $i : $i $(i + 1))
				letters = letters letter($i) letter($(i + 1))
			}
			printf "%08x:%s  %s\n", n, line, letters; n += 16
		}'
}

@test "from-dump: as dumps are found: quoted, indented, from a log, other blanks, encodings and offsets" {
	config dump
	printf '%s\n' "$output" >plain
	config dump -o raw
	sed 's/^/> /' plain >quoted
	sed 's/^/> > | /' plain >quoted-more
	sed 's/^/    /' plain >indented
	sed 's/^/\t/' plain >tab
	sed '2,$s/^/\t/' plain >tab-below
	sed 's/ /\t/g' plain >tab-between
	sed 's/^/Nov 28 18:09:11 host lspci[12]: /' plain >journal
	sed 's/^/2026-11-28T18:09:11+0000 host lspci[12]: /' plain >journal-iso
	sed 's/^/[   12.345678] /' plain >dmesg
	sed 's/^/[Sat Nov 28 18:09:11 2026] /' plain >dmesg-time
	sed 's/ /\xc2\xa0/g' plain >no-break
	sed 's/ /\xa0/g' plain >no-break-latin1
	sed '1s/^/\xef\xbb\xbf/' plain >bom
	sed 's/$/\r/' plain >crlf
	iconv -f UTF-8 -t UTF-16 plain >utf16
	iconv -f UTF-8 -t UTF-16LE plain >utf16le
	iconv -f UTF-8 -t UTF-16BE plain >utf16be
	sed -E '2,$s/^[0-9a-f]+:/0x&/' plain >offsets-0x
	hexdump_of raw >hexdump-C
	{ echo 01:00.0 && hexdump_of raw; } >hexdump-C-named
	sed 's/^/| /' hexdump-C >hexdump-C-quoted
	xxd_of raw >xxd
	od -Ax -tx1 raw >od-x1
	od -Ax -v -tx1z raw >od-z
	config show
	local expected=$output file
	for file in plain quoted* indented tab* journal* dmesg* no-break* bom crlf utf16* offsets-0x hexdump-C* xxd od* raw; do
		run_tool --from-dump "$file" config show -s 01:00.0
		assert_exit 0
		[[ $output == "$expected" ]] || { echo "$file: $output" && false; }
	done
	PCIETOOL_DEVICE='' run_tool --from-dump raw config show
	assert_exit 0
	assert_err 'does not say of which device it is'
	run_tool --from-dump - list -s 0002:03:00.1 -n <raw
	assert_line --index 0 '0002:03:00.1 1234:1003 [020000]'
	head -c 64 raw >raw64
	run_tool --from-dump raw64 config read COMMAND -s 01:00.0
	assert_output 0x0006
}

@test "from-dump: words whose order nothing shows, letters of other bytes, gaps: refused with the reason" {
	config dump -o raw
	od -Ax -tx2 raw >words16
	od raw >octal
	xxd_of raw swapped >other-order
	xxd_of raw | sed 's/  .*//' >no-letters
	{ xxd_of raw | head -1 && od -An -v -tx4 raw | awk '{ printf "%08x: %s\n", n, $0; n += 16 }'; } >words32
	hexdump_of raw | sed '$d' >no-end
	hexdump_of raw | sed '2s/00/01/' >damaged
	config dump
	sed '3s/00/0/' <<<"$output" | sed 's/^/> /' >short
	head -c 100 raw >part
	head -c 256 /dev/zero >zeroes
	local file
	while read -r file reason; do
		run_tool --from-dump "$file" list -s 01:00.0
		assert_exit 1
		assert_err "$file"
		assert_err "$reason"
	done <<-'END'
		words16 whose letters are missing
		octal words, not bytes
		other-order those of other bytes
		no-letters whose letters are missing
		words32 words, not bytes
		no-end a '*' at the end, without an offset behind it
		short a line of bytes that is none
		part binary data, no dump
		zeroes its vendor id is 0
	END
	# the bytes of a device are missing altogether
	printf '01:00.0 x\n\tSubsystem: y\n' >no-bytes
	run_tool --from-dump no-bytes list
	assert_exit 1
	assert_err 'no bytes of their config space'
}

@test "from-dump: a device that was gone is exit 5, by its address and by what it was" {
	{
		echo '01:00.0 Ethernet controller: something (rev ff)'
		for ((i = 0; i < 256; i += 16)); do
			printf '%02x:%s\n' "$i" "$(printf ' ff%.0s' {1..16})"
		done
	} >gone
	local words
	for words in 'config show' 'config read COMMAND' 'config dump' info 'link show' 'aer show' 'acs show'; do
		# shellcheck disable=SC2086
		run_tool --from-dump gone $words -s 01:00.0
		assert_exit 5
		assert_err 'does not answer'
	done
	run_tool --from-dump gone config show -d 1234:1003
	assert_exit 5
	assert_err '0000:01:00.0 did not answer when the dump was made'
	run_tool --from-dump gone config show -s 02:00.0
	assert_exit 3
	config dump
	printf '%s\n' "$output" >good
	run_tool config diff good gone
	assert_exit 5
	head -c 256 /dev/zero | tr '\0' '\377' >ones
	run_tool --from-dump ones config show -s 01:00.0
	assert_exit 5
}
