#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later

load ../lib/common
load ../lib/fake_device
load ../lib/fake_express

setup_file() {
	BATS_TEST_TMPDIR=$BATS_FILE_TMPDIR fake_tree
	fake_begin
	fake_bridge 0000:00:01.0 4 1 1 3 4 4 16
	fake_express 0000:01:00.0 0 0x020000 3 4 3 4
	fake_config 0000:01:00.0 0x04 16 0x0006
	fake_config 0000:01:00.0 0x2c 32 0x56781af4
	fake_config 0000:01:00.0 0x4a 16 0x0009
	fake_extended 0000:01:00.0 0x100 1 0
	fake_config 0000:01:00.0 0x110 32 0x000000c1
	fake_express 0000:01:00.1 0 0x020000 3 4 3 4
	fake_write
}

setup() {
	fake_copy
	export PCIETOOL_DEVICE=01:00.0
	cd "$BATS_TEST_TMPDIR" || return
}

config() {
	run_tool --sysroot "$SYSROOT" config "$@"
}

# --- names ---------------------------------------------------------------------------------------

@test "read: a field by name; one whose values are sizes gives the size" {
	config read EXP.DEVCTL.MRRS EXP.DEVCTL EXP.LNKSTA.SPEED COMMAND.MASTER exp.devctl.mps CAP_EXP.DEVCTL.MPS
	assert_exit 0
	assert_equal "${lines[*]}" '512 0x2810 0x3 0x1 128 128'
}

@test "read --names: a field's value by name, where it has one" {
	config read --names EXP.DEVCTL.MRRS EXP.LNKSTA.SPEED COMMAND.MASTER EXP.LNKSTA
	assert_exit 0
	assert_equal "${lines[0]} ${lines[1]} ${lines[2]}" '512 8GT/s 0x1'
	assert_line --index 3 --regexp '^0x[0-9a-f]{4}$'
}

@test "read: a glob gives names and values" {
	config read 'EXP.DEVSTA.*'
	assert_exit 0
	assert_line --regexp '^EXP.DEVSTA.COR +0x1$'
	assert_line --regexp '^EXP.DEVSTA.FATAL +0x0$'
}

@test "write: a field alone, the rest of its register as it was" {
	config write EXP.DEVCTL.MRRS=4096
	assert_exit 0
	config read EXP.DEVCTL
	assert_output 0x5810
}

@test "write: a field beside bits that a 1 clears leaves those alone" {
	config write -D AER.COR_STATUS.BAD_TLP=1
	assert_output 'AER.COR_STATUS.BAD_TLP: 0x000000c1 -> 0x00000040'
	config write EXP.DEVSTA.UR=1
	assert_exit 0
	# the fake's bits do not clear: what was written is what is there
	config read EXP.DEVSTA
	assert_output 0x0008
}

@test "write: so does a mask, also at an offset and by a name of setpci" {
	fake_config 0000:01:00.0 0x06 16 0xf910
	fake_config 0000:01:00.0 0x4a 16 0x000f
	local assign
	while read -r assign expected; do
		config write -D "$assign"
		assert_output "$expected"
	done <<-'END'
		STATUS=0x100:0x100 0x6: 0xf910 -> 0x0110
		0x6/8=0:1 0x6: 0x10 -> 0x10
		0x7/8=1:1 0x7: 0xf9 -> 0x01
		COMMAND/32=0x4:0x4 0x4: 0xf9100006 -> 0x00100006
		CAP_EXP+8/32=0x5000:0x7000 0x48: 0x000f2810 -> 0x00005810
		EXP.DEVCTL/32=0x5000:0x7000 0x48: 0x000f2810 -> 0x00005810
		0x4a/16=1:1 0x4a: 0x000f -> 0x0001
		0x110/32=0x40:0x40 0x110: 0x000000c1 -> 0x00000040
	END
	# without a mask it is what was given
	config write -D 0x4a/16=0xf
	assert_output '0x4a <- 0xf'
}

@test "write: a size that there is not names those there are, and writes nothing" {
	local value
	for value in 3 500 8192 2; do
		config write EXP.DEVCTL.MRRS=$value
		assert_exit 2
	done
	config write EXP.DEVCTL.MRRS=500
	assert_err 128
	config read EXP.DEVCTL
	assert_output 0x2810
}

@test "write: by the name of a value; read-only fields are refused" {
	config write EXP.LNKCTL.ASPM=L0s+L1
	assert_exit 0
	config read EXP.LNKCTL
	assert_output 0x0003
	config write EXP.LNKSTA.SPEED=1
	assert_exit 2
	assert_err 'read-only'
}

@test "names: what is not there, and what nobody has" {
	config read EXP.DEVCTL.MRSS
	assert_exit 2
	assert_err MRRS
	config read EXP.SLTCTL
	assert_exit 6
	assert_err 'a device of this kind has no EXP.SLTCTL'
	config read PM.CONTROL
	assert_exit 6
	config read SRIOV.CTL
	assert_exit 6
	assert_err 'no capability SRIOV'
	config read FOO.BAR
	assert_exit 2
}

@test "names: without rights the reason is said" {
	truncate -s 64 "$SYSROOT/sys/bus/pci/devices/0000:01:00.0/config"
	config read EXP.DEVCTL.MRRS
	assert_exit 4
	config read COMMAND.MASTER
	assert_exit 0
	assert_output 0x1
}

@test "completion: capabilities, registers, fields and their values" {
	run pcietool --complete --sysroot "$SYSROOT" -s 01:00.0 config show E
	assert_line EXP
	run pcietool --complete --sysroot "$SYSROOT" -s 01:00.0 config read EXP.DEVCTL.M
	assert_line EXP.DEVCTL.MPS
	assert_line EXP.DEVCTL.MRRS
	run pcietool --complete --sysroot "$SYSROOT" -s 01:00.0 config write EXP.DEVCTL.MRRS=
	assert_line EXP.DEVCTL.MRRS=4096
}

# --- show ----------------------------------------------------------------------------------------

@test "show: blocks with their offset, registers a line each" {
	config show
	assert_exit 0
	assert_line 'header at 0x00'
	assert_line 'EXP at 0x40: PCI Express'
	assert_line 'AER at 0x100: Advanced Error Reporting, version 1'
	assert_line --regexp '^  EXP.DEVCTL +0x2810 +COR_ENABLE- NONFATAL_ENABLE- .* RELAXED_ORDERING\+$'
	run ! grep -q " $" <<<"$output"
}

@test "show: one capability; with -v a line for each field with what it is" {
	config show -v EXP
	assert_exit 0
	assert_line --regexp '^    MRRS=512 +maximum read request size, bytes$'
	refute_line --partial AER
	config show cap_exp ECAP_AER
	assert_exit 0
	config show HEADER
	assert_line --regexp '^  COMMAND +0x0006'
}

@test "show: a register, several, a pattern; a field has its register shown" {
	config show EXP.LNKSTA
	assert_exit 0
	assert_equal "${#lines[@]}" 2
	assert_line --index 0 'EXP at 0x40: PCI Express'
	assert_line --index 1 --regexp '^  EXP.LNKSTA +0x2043 +SPEED=8GT/s WIDTH=x4 .* DLL_ACTIVE\+$'
	config show command cap_exp.devctl.mrrs AER
	assert_exit 0
	assert_line --index 0 'header at 0x00'
	assert_line --index 1 --regexp '^  COMMAND +0x0006'
	assert_line --index 3 'EXP at 0x40: PCI Express'
	assert_line --index 4 --regexp '^  EXP.DEVCTL +0x2810'
	refute_line --partial EXP.DEVSTA
	assert_line --regexp '^  AER.UNCOR_STATUS'
	config show 'EXP.LNK*' -j
	assert_json '[.blocks[].registers[].name] | join(" ")' \
		'EXP.LNKCAP EXP.LNKCTL EXP.LNKSTA EXP.LNKCAP2 EXP.LNKCTL2 EXP.LNKSTA2'
	run pcietool --complete --sysroot "$SYSROOT" -s 01:00.0 config show EXP.LNKS
	assert_line EXP.LNKSTA
}

@test "show: a capability or a register that it does not have, one that there is not" {
	config show SRIOV
	assert_exit 6
	config show EXPRESS
	assert_exit 2
	assert_err 'no capability and no register'
	config show EXP.SLTCTL
	assert_exit 6
	config show SRIOV.CTRL
	assert_exit 6
	config show EXP.LNKSTS
	assert_exit 2
	assert_err LNKSTA
	config show 'EXP.NO*'
	assert_exit 2
}

@test "show: JSON, with the same names" {
	config show -j EXP
	assert_exit 0
	assert_json .schema pcietool/config-show/2
	assert_json '.blocks[0].registers[] | select(.name == "EXP.DEVCTL") | .fields[] | select(.name == "MRRS") | .enum' 512
	assert_json '.capabilities_problem' null
}

@test "show: without rights the header, and why there is no more" {
	truncate -s 64 "$SYSROOT/sys/bus/pci/devices/0000:01:00.0/config"
	config show
	assert_exit 0
	assert_line --partial 'capabilities: '
	assert_line --regexp '^  COMMAND +0x0006'
}

@test "show: ports have registers that endpoints do not" {
	config show EXP -s 00:01.0
	assert_line --partial EXP.RTCTL
	config show EXP
	refute_line --partial EXP.RTCTL
}

# PCIe 6.0 sections 10.5.1 and 7.9.11, CXL 3.0 section 8.1.3; lspci shows the codes (WindowSz 21, of 2097152 bytes)
@test "fields that are codes of powers of two are what they stand for, in and out" {
	local data=$TOP/tests/data/config
	run_tool --from-dump "$data/func-ats.hex" config read ATS.CTRL.STU ATS.CAP.QDEP -s 01:00.0
	assert_equal "${lines[*]}" "$((4096 << 0x0b)) 19"
	run_tool --from-dump "$data/func-mcast-ep.hex" config read MCAST.CAP.WIN_SIZE -s 01:00.0
	assert_output 2097152
	run_tool --from-dump "$data/func-lnr.hex" config read LNR.CAP.REGISTRATION_MAX LNR.CTRL.REGISTRATION_LIMIT -s 01:00.0
	assert_equal "${lines[*]}" "$((1 << 0x15)) $((1 << 0x0b))"
	run_tool --from-dump "$data/func-cxl-device.hex" config read DVSEC.CXL_CTRL.SF_COVERAGE
	assert_output "$((1 << (0x15 + 15)))"
	fake_config 0000:01:00.0 0x100 32 0x0001000f
	config write ATS.CTRL.STU=0x4000
	assert_exit 0
	config read ATS.CTRL ATS.CTRL.STU
	assert_equal "${lines[*]}" '0x0002 16384'
	config write ATS.CTRL.STU=5000
	assert_exit 2
	# a depth of 0 is the largest
	fake_config 0000:01:00.0 0x104 16 0
	config read ATS.CAP.QDEP
	assert_output 32
	config names ATS
	assert_line --partial 'smallest translation unit, bytes: 4096, 8192, 16384, 32768, ..., 8796093022208'
	# the same of a port's multicast overlay, whose size may be none
	fake_config 0000:00:01.0 0x100 32 0x00010012
	export PCIETOOL_DEVICE=00:01.0
	config write MCAST.OVERLAY.SIZE=1048576
	assert_exit 0
	config read MCAST.OVERLAY MCAST.OVERLAY.SIZE
	assert_equal "${lines[*]}" '0x00000014 1048576'
	config write MCAST.OVERLAY.SIZE=0
	config read MCAST.OVERLAY.SIZE
	assert_output 0
}

# --- dumps ---------------------------------------------------------------------------------------

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

# --- save, diff, restore ---------------------------------------------------------------------------

@test "save and diff: nothing differs; then what does, with the fields' names, exit 8" {
	config save -o saved
	assert_exit 0
	config diff saved
	assert_exit 0
	assert_output ''
	config write EXP.DEVCTL.MRRS=4096
	config diff saved
	assert_exit 8
	assert_line 'EXP.DEVCTL 0x2810 -> 0x5810'
	assert_line --regexp '^    MRRS +0x2 512 -> 0x5 4096$'
	config diff saved -j
	assert_exit 8
	assert_json '.differences[0].fields[0].name' MRRS
}

@test "diff: what has no name is compared by offset" {
	config save -o saved
	fake_config 0000:01:00.0 0x80 32 0xdeadbeef
	config diff saved
	assert_exit 8
	assert_output --partial '0x80/32 0x00000000 -> 0xdeadbeef'
}

@test "diff: what a file does not reach to is not compared" {
	config save -o saved
	head -n 5 saved >short
	config diff short
	assert_exit 0
	assert_output ''
	assert_err 'not compared'
	config write COMMAND=0
	config diff short
	assert_exit 8
	assert_output --partial COMMAND
	refute_output --partial 'not there'
	run_tool --sysroot /nonexistent config diff saved short
	assert_exit 0
}

@test "diff: two files, also without a device" {
	config save -o one
	fake_config 0000:01:00.0 0x04 16 0x0002
	config save -o two
	PCIETOOL_DEVICE='' run_tool --sysroot /nonexistent config diff one two
	assert_exit 8
	assert_line 'COMMAND 0x0006 -> 0x0002'
	# files of several devices: the one that is selected, in domain 0 where none is said
	PCIETOOL_DEVICE='' config dump --all
	printf '%s\n' "$output" >all
	for line in 01:00.0 0000:01:00.0; do
		PCIETOOL_DEVICE='' run_tool --sysroot /nonexistent -s $line config diff all one
		assert_exit 8
		assert_line 'COMMAND 0x0002 -> 0x0006'
	done
	PCIETOOL_DEVICE='' run_tool --sysroot /nonexistent config diff all one
	assert_exit 3
}

@test "save: without a file, into a folder that is not there, without rights" {
	config save
	assert_exit 2
	config save -o nowhere/file
	assert_exit 1
	truncate -s 64 "$SYSROOT/sys/bus/pci/devices/0000:01:00.0/config"
	config save -o saved
	assert_exit 4
	[ ! -e saved ]
}

@test "restore: writes back what software sets, status bits and what is read-only are left alone" {
	config save -o saved
	config write EXP.DEVCTL.MRRS=4096
	fake_config 0000:01:00.0 0x04 16 0x0000
	fake_config 0000:01:00.0 0x10 32 0xfebf0000
	fake_config 0000:01:00.0 0x52 16 0x2011
	fake_config 0000:01:00.0 0x110 32 0
	config restore saved -D
	assert_exit 0
	assert_equal "${lines[*]}" 'BASE_ADDRESS_0: 0xfebf0000 -> 0x00000000 EXP.DEVCTL: 0x5810 -> 0x2810 COMMAND: 0x0000 -> 0x0006'
	config read EXP.DEVCTL
	assert_output 0x5810
	config restore saved
	assert_exit 0
	config read EXP.DEVCTL COMMAND BASE_ADDRESS_0 EXP.LNKSTA AER.COR_STATUS
	assert_equal "${lines[*]}" '0x2810 0x0006 0x00000000 0x2011 0x00000000'
}

@test "restore: another device's is refused, and nothing is written" {
	config save -o saved
	config write EXP.DEVCTL.MRRS=4096
	fake_config 0000:01:00.0 0x02 16 0x4321
	config restore saved
	assert_exit 8
	assert_err "another device's: its device is 0x1003"
	config read EXP.DEVCTL
	assert_output 0x5810
}

@test "restore: refused below a driver, unless forced" {
	config save -o saved
	config write EXP.DEVCTL.MRRS=4096
	fake_driver 0000:01:00.0 e1000e
	config restore saved
	assert_exit 4
	assert_err 'the driver e1000e is bound'
	config restore saved --force
	assert_exit 0
	config read EXP.DEVCTL
	assert_output 0x2810
}

@test "restore: ASPM comes behind L1 substates, these behind their times" {
	fake_extended 0000:01:00.0 0x150 0x1e 0
	fake_config 0000:01:00.0 0x100 16 0x0001
	fake_config 0000:01:00.0 0x102 16 0x1501
	fake_config 0000:01:00.0 0x50 16 0x0042
	fake_config 0000:01:00.0 0x158 32 0x4064000f
	fake_config 0000:01:00.0 0x15c 32 0x00000029
	config save -o saved
	fake_config 0000:01:00.0 0x50 16 0
	fake_config 0000:01:00.0 0x158 32 0
	fake_config 0000:01:00.0 0x15c 32 0
	config restore saved -D
	assert_equal "${lines[*]}" \
		'L1PM.CTL2: 0x00000000 -> 0x00000029 L1PM.CTL1: 0x00000000 -> 0x4064000f EXP.LNKCTL: 0x0000 -> 0x0042'
}

@test "restore: a BAR that the kernel has elsewhere now is not moved, unless forced" {
	fake_bar 0000:01:00.0 0 0x4100000000 4096 0x140204
	fake_config 0000:01:00.0 0x10 32 4
	fake_config 0000:01:00.0 0x14 32 0x41
	fake_bar 0000:01:00.0 2 0xe000 32 0x40101
	fake_config 0000:01:00.0 0x18 32 0xe001
	config save -o saved
	# lost, where it is as saved
	fake_config 0000:01:00.0 0x14 32 0
	config restore saved -D
	assert_exit 0
	assert_output 'BASE_ADDRESS_1: 0x00000000 -> 0x00000041'
	# after a boot that gave it another address, lost and not
	fake_bar 0000:01:00.0 0 0x4200000000 4096 0x140204
	local upper
	for upper in 0 0x42; do
		fake_config 0000:01:00.0 0x14 32 $upper
		config restore saved
		assert_exit 4
		assert_err 'the kernel has that BAR at 0x4200000000 now, what was saved has 0x41 in BASE_ADDRESS_1'
		config read BASE_ADDRESS_1
		assert_output "$(printf '0x%08x' $upper)"
	done
	fake_config 0000:01:00.0 0x14 32 0x41
	fake_bar 0000:01:00.0 2 0xd000 32 0x40101
	fake_config 0000:01:00.0 0x18 32 0xd001
	config restore saved
	assert_exit 4
	assert_err 'the kernel has that BAR at 0xd000 now'
	config restore saved --force
	assert_exit 0
	config read BASE_ADDRESS_1 BASE_ADDRESS_2
	assert_equal "${lines[*]}" '0x00000041 0x0000e001'
}

@test "restore: a bridge keeps its bus numbers and windows" {
	config save -s 00:01.0 -o saved
	fake_config 0000:00:01.0 0x19 8 0x07
	fake_config 0000:00:01.0 0x20 16 0xfe00
	fake_config 0000:00:01.0 0x3e 16 0x0002
	config restore saved -D -s 00:01.0
	assert_exit 0
	assert_output 'BRIDGE_CONTROL: 0x0002 -> 0x0000
left as it is: SECONDARY_BUS, MEMORY_BASE'
	config restore saved -j -s 00:01.0
	assert_json '.left | join(" ")' 'SECONDARY_BUS MEMORY_BASE'
	config restore saved -s 00:01.0
	assert_output ''
}

@test "restore: a file with several devices gives the one of that address" {
	PCIETOOL_DEVICE='' config dump --all
	printf '%s\n' "$output" >all
	config write EXP.DEVCTL.MRRS=1024
	config restore all -D
	assert_output 'EXP.DEVCTL: 0x3810 -> 0x2810'
}

@test "names that the program itself reads are in the table" {
	local names used
	run_tool config names -j
	assert_exit 0
	# shellcheck disable=SC2016 # the variable is jq's
	names=$(json '.blocks[].registers[] | .name as $r | $r, (.fields[] | "\($r).\(.name)")')
	used=$(grep -rhoE '"(EXP|AER|L1PM|SECPCI|PL_[0-9]+GT)\.[A-Z0-9_]+(\.[A-Z0-9_]+)?"' "$TOP/cli" "$TOP/core" --include='*.c' |
		tr -d '"' | sed 's/^AER\.HEADER_LOG[0-3]$/AER.HEADER_LOGN/' | sort -u)
	[ "$(wc -l <<<"$used")" -gt 30 ]
	run comm -23 <(printf '%s\n' "$used") <(printf '%s\n' "$names" | sort -u)
	assert_output ''
}

@test "a field that is an address, a count less one or in units of something is what it means, in and out" {
	fake_config 0000:01:00.0 0x10 32 0xfe000000
	fake_config 0000:01:00.0 0x41 8 0xa0
	fake_capability 0000:01:00.0 0xa0 0x11 0
	fake_config 0000:01:00.0 0xa2 16 0x0007
	fake_config 0000:01:00.0 0xa4 32 0x00002000
	config read BASE_ADDRESS_0.ADDRESS MSIX.TABLE.OFFSET MSIX.FLAGS.SIZE
	assert_exit 0
	assert_output $'0xfe000000\n0x00002000\n0x008'
	config write BASE_ADDRESS_0.ADDRESS=0xfd000000
	assert_exit 0
	config read BASE_ADDRESS_0
	assert_output 0xfd000000
	config write BASE_ADDRESS_0.ADDRESS=0xfd000008
	assert_exit 2
	assert_err 'BASE_ADDRESS_0.ADDRESS: 0xfd000008 is not a multiple of 0x10'
	config write BASE_ADDRESS_0.ADDRESS=0x1fd000000
	assert_exit 2
	# a mask is of the address
	config write BASE_ADDRESS_0.ADDRESS=0x01000000:0x0f000000
	assert_exit 0
	config read BASE_ADDRESS_0
	assert_output 0xf1000000
	config write -D BASE_ADDRESS_0.ADDRESS=0xfe000000
	assert_output 'BASE_ADDRESS_0.ADDRESS: 0xf1000000 -> 0xfe000000'
}

@test "a window of a bridge: from its first address to its last" {
	port=0000:00:1c.0
	fake_pci $port 0x8086 0x1234 0x060400 4096
	fake_config $port 0x0e 8 1
	fake_config $port 0x20 32 0xa3f0a200
	run_tool --sysroot "$SYSROOT" -s $port config read MEMORY_BASE.ADDRESS MEMORY_LIMIT.ADDRESS
	assert_exit 0
	assert_output $'0xa2000000\n0xa3ffffff'
	run_tool --sysroot "$SYSROOT" -s $port config write MEMORY_LIMIT.ADDRESS=0xa4ffffff
	assert_exit 0
	run_tool --sysroot "$SYSROOT" -s $port config read MEMORY_LIMIT
	assert_output 0xa4f0
	run_tool --sysroot "$SYSROOT" -s $port config write MEMORY_LIMIT.ADDRESS=0xa4fffff0
	assert_exit 2
	assert_err 'its lowest 20 bits are 0xfffff'
	run_tool --sysroot "$SYSROOT" -s $port config write MEMORY_LIMIT.ADDRESS=0xa4ffffff:0xff000000
	assert_exit 2
	run_tool --sysroot "$SYSROOT" -s $port config write MEMORY_LIMIT.ADDRESS=0
	assert_exit 2
	assert_err 'from 0xfffff to 0xffffffff'
}

@test "slot power limits of 250 W and more have codes of their own" {
	port=0000:00:01.0
	limit() { # CODE SCALE
		fake_config $port 0x42 16 0x0142
		fake_config $port 0x54 32 $(($1 << 7 | $2 << 15))
		fake_config 0000:01:00.0 0x44 32 $(($1 << 18 | $2 << 26))
		run_tool --sysroot "$SYSROOT" -s $port config show EXP.SLTCAP
		assert_exit 0
		slot=$(tr -s ' \n' ' ' <<<"$output")
		run_tool --sysroot "$SYSROOT" -s 01:00.0 config show EXP.DEVCAP
		assert_exit 0
		output=$(tr -s ' \n' ' ' <<<"$output")
	}
	limit 0xf5 0
	[[ $slot == *' POWER_LIMIT=375W '* && $output == *' SLOT_POWER=375W '* ]]
	limit 0xff 0
	[[ $slot == *' POWER_LIMIT=>600W '* && $output == *' SLOT_POWER=>600W '* ]]
	limit 0xef 0
	[[ $slot == *' POWER_LIMIT=0xef POWER_SCALE=1W '* && $output == *' SLOT_POWER=0xef '* ]]
	# with another scale they are numbers like the others: 24.5 W
	limit 0xf5 1
	[[ $slot == *' POWER_LIMIT=0xf5 POWER_SCALE=100mW '* && $output == *' SLOT_POWER=0xf5 '* ]]
}

@test "setpci's .b, .w and .l get the operand to type instead" {
	local typed wanted
	while read -r typed wanted; do
		if [[ $typed == *=* ]]; then config write -D "$typed"; else config read "$typed"; fi
		assert_exit 2
		assert_output ''
		assert_err "'$typed': that is setpci's way to give a width"
		assert_err "hint: its numbers are hexadecimal; here: $wanted"
		# what it says is understood
		if [[ $typed == *=* ]]; then config write -D "$wanted"; else config read "$wanted"; fi
		assert_exit 0
	done <<-END
		CAP_EXP+10.w=0:3 CAP_EXP+0x10/16=0x0:0x3
		CAP_EXP+0x10.b=0x00 CAP_EXP+0x10/8=0x0
		CAP_EXP+10.w CAP_EXP+0x10/16
		cap_exp+10.W@0 cap_exp@0+0x10/16
		COMMAND.w COMMAND/16
		10.L 0x10/32
		04.w=6:FFff 0x4/16=0x6:0xffff
	END
	config write CAP_EXP+10.w=1,2
	assert_exit 2
	assert_err 'one value an operand'
}

@test "a decimal above 9 beside one of setpci's names is refused with both readings" {
	config write -D LATENCY_TIMER=40
	assert_exit 2
	assert_err "40 beside one of setpci's names can be read in two ways"
	assert_err 'hint: write 0x40 as setpci reads it, or 0x28 for the decimal 40'
	config write -D COMMAND=0x40:40
	assert_exit 2
	config read CAP_EXP+10/16
	assert_exit 2
	assert_err '0x10 as setpci reads it, or 0xa'
	# nobody reads these otherwise, and the table's names are not setpci's
	config write -D LATENCY_TIMER=9 COMMAND=0x40:0x40 EXP.DEVCTL.MRRS=512 LATENCY_TIMER=0b11
	assert_exit 0
	config read CAP_EXP+0x10/16 0x10 16/32
	assert_exit 0
}
