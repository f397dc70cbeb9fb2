#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
#
# What config show decodes is what lspci -F decodes from the same dump; dumps of broken devices, broken dumps.
#
# tests/data/config/NAME.hex is a dump, NAME.compare says what is compared: see tests/lib/lspci_compare.py.
# lspci is this machine's and, as its words differ from version to version, those that tests/lib/pciutils can get.

load ../lib/common

bdf=0000:01:00.0

setup_file() {
	"$TOP/tests/lib/pciutils" >"$BATS_FILE_TMPDIR/pciutils" 2>"$BATS_FILE_TMPDIR/pciutils.missing" || true
}

setup() {
	cd "$BATS_TEST_TMPDIR" || return
	export TOOL_TIMEOUT=10
	data=$TOP/tests/data/config
	header_of_endpoint 4096
}

# each_dump PREFIX ARG...: compares every dump of that name, shows all that differs.
each_dump() {
	local compare folder prefix=$1 files=()
	local lspcis=(--lspci lspci)
	shift
	while read -r folder; do
		lspcis+=(--lspci "$folder/lspci")
	done <"$BATS_FILE_TMPDIR/pciutils"
	for compare in "$data/$prefix"-*.compare; do
		files+=("${compare%.compare}.hex" "$compare")
	done
	"$TOP/tests/lib/lspci_compare.py" "${lspcis[@]}" "$@" pcietool "${files[@]}"
}

# blank SIZE: config space of zeroes, in $bytes.
blank() {
	mapfile -t bytes < <(yes 00 | head -n "$1")
}

# poke OFFSET BYTE...: hexadecimal bytes
poke() {
	local offset=$(($1)) byte
	shift
	for byte in "$@"; do
		bytes[offset++]=$byte
	done
}

# An endpoint of SIZE bytes with PCI Express at 0x40, without extended capabilities
header_of_endpoint() {
	blank "$1"
	poke 0x00 6d 1d b1 80 06 04 10 00 03 00 00 02
	poke 0x34 40
	(($1 < 0x80)) || poke 0x40 10 00 02 00
}

# dump [SIZE]: the first bytes as lspci -xxxx writes them
dump() {
	local row='%s %s %s %s %s %s %s %s %s %s %s %s %s %s %s %s\n'
	echo '01:00.0 Ethernet controller: Something'
	# shellcheck disable=SC2059 # the format is a line of 16 bytes
	printf "$row" "${bytes[@]:0:${1:-${#bytes[@]}}}" | awk '{printf "%02x: %s\n", 16 * (NR - 1), $0}'
}

show() {
	run_tool --from-dump "$@" -s $bdf config show
}

# assert_problem KEY TEXT OFFSET...: both forms end well and tell the problem; what is before it in the list is there.
assert_problem() {
	local key=$1 text=$2
	shift 2
	dump >broken.hex
	show broken.hex
	assert_exit 0
	assert_line "${key//_/ }: $text"
	run_tool --from-dump broken.hex -s $bdf config show -j
	assert_exit 0
	assert_json ".${key}_problem" "$text"
	assert_json '[.blocks[].offset] | join(" ")' "$*"
}

# assert_refused FILE TEXT: no dump; says so and with what.
assert_refused() {
	show "$1"
	assert_exit 1
	assert_err "$1"
	assert_err "$2"
	assert_output ''
}

@test "every field of every dump is what lspci says: the header" {
	run each_dump header
	assert_success
}

@test "every field of every dump is what lspci says: PCI Express" {
	run each_dump express
	assert_success
}

@test "every field of every dump is what lspci says: error reporting" {
	run each_dump aer
	assert_success
}

@test "every field of every dump is what lspci says: capabilities of the first 256 bytes" {
	run each_dump pci
	assert_success
}

@test "every field of every dump is what lspci says: the link" {
	run each_dump link
	assert_success
}

@test "every field of every dump is what lspci says: functions" {
	run each_dump func
	assert_success
}

@test "every field of every dump is what lspci says: root complex and ports" {
	run each_dump root
	assert_success
}

@test "so it is with random values in the fields: the header" {
	run each_dump header --random 4 --seed 20
	assert_success
}

@test "so it is with random values in the fields: PCI Express" {
	run each_dump express --random 4 --seed 20
	assert_success
}

@test "so it is with random values in the fields: error reporting" {
	run each_dump aer --random 4 --seed 20
	assert_success
}

@test "so it is with random values in the fields: capabilities of the first 256 bytes" {
	run each_dump pci --random 4 --seed 20
	assert_success
}

@test "so it is with random values in the fields: the link" {
	run each_dump link --random 4 --seed 20
	assert_success
}

@test "so it is with random values in the fields: functions" {
	run each_dump func --random 4 --seed 20
	assert_success
}

@test "so it is with random values in the fields: root complex and ports" {
	run each_dump root --random 4 --seed 20
	assert_success
}

@test "other versions of lspci were asked too" {
	local missing
	missing=$(<"$BATS_FILE_TMPDIR/pciutils.missing")
	[[ -z $missing ]] || skip "$missing"
	run sort -u <(while read -r folder; do "$folder/lspci" --version; done <"$BATS_FILE_TMPDIR/pciutils")
	assert_equal "${#lines[@]}" 2
	assert_line --regexp 'version 3\.1[0-9]'
}

@test "every name that any setpci has, we have" {
	local setpci folder name count=0
	local setpcis=(setpci)
	while read -r folder; do
		setpcis+=("$folder/setpci")
	done <"$BATS_FILE_TMPDIR/pciutils"
	dump >whole
	while read -r name; do
		# 6: the device has it not; 2: nobody has it
		run_tool --from-dump whole -s $bdf config read "$name"
		[[ $status -eq 0 || $status -eq 6 ]] || fail "$name: status $status: $stderr"
		count=$((count + 1))
	done < <(for setpci in "${setpcis[@]}"; do "$setpci" --dumpregs; done | awk '$1 != "cap" {print $NF}' | sort -u)
	[[ $count -gt 120 ]]
	# Debian's 3.15 has it, so it is there also where that cannot be had
	run_tool --from-dump whole -s $bdf config read ECAP_FL
	assert_exit 6
}

@test "128 GT/s: code 7 of every register that has a speed" {
	poke 0x40 10 00 42 00
	poke 0x4c 07 01
	poke 0x52 07 01
	poke 0x6c fe
	poke 0x70 07
	dump >fast
	show fast
	assert_exit 0
	assert_line --regexp '^  EXP.LNKCTL2 +0x0007 +SPEED=128GT/s '
	assert_line --regexp '^  EXP.LNKCAP +0x00000107 +SPEED=128GT/s '
	assert_line --regexp '^  EXP.LNKSTA +0x0107 +SPEED=128GT/s '
	assert_line --regexp '^  EXP.LNKCAP2 +0x000000fe .*SPEED_128\+'
	# a code more is nobody's yet; pciutils 3.15 has 128 GT/s there
	poke 0x52 08 01
	dump >fast
	show fast
	assert_line --regexp '^  EXP.LNKSTA +0x0108 +SPEED=0x8 '
}

@test "every dump has one of these names" {
	run find "$data" -name '*.compare' -not -name 'header-*' -not -name 'express-*' -not -name 'aer-*' \
		-not -name 'pci-*' -not -name 'link-*' -not -name 'func-*' -not -name 'root-*'
	assert_output ''
}

@test "the comparison notices what differs" {
	compare() {
		printf '%s\t%s\t%s\n' "$@" >one.compare
		run "$TOP/tests/lib/lspci_compare.py" pcietool "$data/express-endpoint.hex" one.compare
	}
	compare EXP.DEVCTL.MRRS 'MaxReadReq (\d+)' name
	assert_success
	assert_output '1 fields compared, 0 differ'
	compare EXP.DEVCTL.MRRS 'MaxReadReq (\d+)' dec
	assert_failure 1
	assert_line --partial "EXP.DEVCTL.MRRS (line 1): lspci has '4096' (dec), pcietool has 0x5 (4096)"
	assert_line '1 fields compared, 1 differ'
	compare EXP.DEVCTL.MPS 'MaxReadReq (\d+)' name
	assert_failure 1
	compare EXP.DEVCTL.MPS 'NoSuchThing (\d+)' name
	assert_failure 1
	assert_line --partial "lspci does not say 'NoSuchThing"
	compare EXP.DEVCTL.NONE 'MaxReadReq (\d+)' name
	assert_failure 1
	assert_line --partial 'pcietool does not show it'
	compare EXP.DEVCTL.MRRS '' =0x4
	assert_failure 1
	compare EXP.DEVCTL.MRRS 'MaxReadReq \d+' name
	assert_failure 2
	compare EXP.DEVCTL.MRRS 'MaxReadReq (\d+)' octal
	assert_failure 2
	compare EXP.DEVCTL.MRRS 'NoSuchThing (\d+)' name '|' 'MaxReadReq (\d+)' name
	assert_success
	assert_output '1 fields compared, 0 differ'
	compare EXP.DEVCTL.MRRS 'MaxReadReq (\d+)' dec '|' 'MaxReadReq (\d+)' name
	assert_failure 1
	compare EXP.DEVCTL.MRRS 'NoSuchThing (\d+)' name '|' 'NorThis' unsaid
	assert_failure 1
	assert_line --partial "lspci does not say 'NoSuchThing (\d+)' or 'NorThis'"
	compare EXP.DEVCTL.MRRS 'NoSuchThing (\d+)' name '|' 'Express' unsaid
	assert_success
	compare EXP.DEVCTL.MRRS '' =0x5 '|' 'MaxReadReq (\d+)' name
	assert_failure 2
}

@test "version 1 of PCI Express has no second registers, whatever lies there" {
	run_tool --from-dump "$data/express-downstream-v1.hex" -s 04:08.0 config show -j EXP
	assert_exit 0
	assert_json '.blocks[].registers[-1].name' EXP.SLTSTA
}

@test "a list of capabilities that runs in a loop" {
	poke 0x41 50
	poke 0x50 09 60 04 00
	poke 0x60 09 50 04 00
	assert_problem capabilities 'the list runs in a loop' 0x00 0x40 0x50 0x60
	poke 0x41 40
	assert_problem capabilities 'the list runs in a loop' 0x00 0x40
}

@test "a register whose read acts is read when that is asked for" {
	show "$data/root-sfi.hex"
	assert_exit 0
	assert_line --regexp '^  SFI.CAM_DATA +the map marks it unsafe to read$'
	run_tool --from-dump "$data/root-sfi.hex" -s $bdf config show --unsafe SFI
	assert_exit 0
	assert_line --regexp '^  SFI.CAM_DATA +0xdeadbeef$'
}

@test "a list of capabilities into the header" {
	poke 0x41 10
	assert_problem capabilities 'the list points into the header' 0x00 0x40
	poke 0x34 3c
	assert_problem capabilities 'the list points into the header' 0x00
}

@test "a list of capabilities that ends in all ones" {
	poke 0x41 50
	poke 0x50 ff ff ff ff
	assert_problem capabilities 'the list ends in all ones' 0x00 0x40
	poke 0x34 50
	assert_problem capabilities 'the list ends in all ones' 0x00
}

@test "a capability that is cut off by another one, or by the end: what lies in that one is not shown as the first's" {
	# Express at 0x40; MSI in the middle of it; another one at the very end
	poke 0x41 50
	poke 0x50 05 f8 80 00
	poke 0xf8 10 00 02 00
	dump >cut.hex
	run_tool --from-dump cut.hex config show -j
	assert_exit 0
	output=$(jq -c '[.blocks[] | [.offset, .cut_off_at, .registers[-1].offset]]' <<<"$output")
	assert_output '[["0x00",null,"0x3f"],["0x40","0x50","0x4c"],["0x50",null,"0x5c"],["0xf8","0x100","0xfc"]]'
	run_tool --from-dump cut.hex config show
	assert_line 'EXP at 0x40: PCI Express, cut off at 0x50'
	run_tool --from-dump cut.hex config read EXP.LNKSTA
	assert_exit 6
	# extended: no more than AER's first two registers are there
	poke 0x100 01 00 01 10
	poke 0x104 00 00 00 00 00 00 00 00
	poke 0x110 03 00 01 00
	poke 0x100 01 00 01 11
	dump >cut.hex
	run_tool --from-dump cut.hex config show -j
	output=$(jq -c '[.blocks[] | select(.extended) | [.offset, .cut_off_at, .registers[-1].offset]]' <<<"$output")
	assert_output '[["0x100","0x110","0x10c"],["0x110",null,"0x118"]]'
}

# cut_offs: where the capabilities are and are cut off, by what the device says that it has.
cut_offs() {
	dump >cut.hex
	run_tool --from-dump cut.hex config show -j
	assert_exit 0
	output=$(jq -r '[.blocks[1:][] | "\(.offset):\(.cut_off_at)"] | join(" ")' <<<"$output")
	assert_output "$1"
}

@test "a capability is cut off where a register that it has is missing, and not by a size that others of its kind have" {
	# of an integrated endpoint version 1 of Express has 12 bytes: there is no link
	poke 0x40 10 4c 91 00
	poke 0x4c 01 00 02 00
	cut_offs '0x40:null 0x4c:null'
	# of any other endpoint there is one
	poke 0x40 10 4c 01 00
	cut_offs '0x40:0x4c 0x4c:null'
	# version 2 has more
	poke 0x40 10 54 02 00
	poke 0x54 01 00 02 00
	cut_offs '0x40:0x54 0x54:null'
	# MSI as large as its flags say: 64 bits with masks, and without
	poke 0x40 05 4c 80 01
	poke 0x4c 01 00 02 00
	cut_offs '0x40:0x4c 0x4c:null'
	poke 0x40 05 4c 00 00
	cut_offs '0x40:null 0x4c:null'
}

@test "a CardBus bridge's header is not cut off by a capability right behind its 64 bytes" {
	poke 0x0e 02
	poke 0x14 40
	dump >cut.hex
	run_tool --from-dump cut.hex config show -j
	assert_exit 0
	assert_json '.blocks | map([.offset, .cut_off_at]) | tojson' '[["0x00",null],["0x40",null]]'
}

@test "a vendor's capability that is longer, as it says, than up to the next one is cut off" {
	local id
	poke 0x108 03 00 01 00
	for id in 0b 23; do
		poke 0x100 $id 00 81 10
		poke 0x104 01 00 01 04
		cut_offs '0x40:null 0x100:0x108 0x108:null'
	done
	# one that is no longer than there is room
	poke 0x100 0b 00 81 10
	poke 0x104 01 00 81 00
	cut_offs '0x40:null 0x100:null 0x108:null'
}

@test "a list of extended capabilities that runs in a loop" {
	poke 0x100 01 00 01 20
	poke 0x200 03 00 01 10
	assert_problem extended_capabilities 'the list runs in a loop' 0x00 0x40 0x100 0x200
	poke 0x100 01 00 01 10
	assert_problem extended_capabilities 'the list runs in a loop' 0x00 0x40 0x100
}

@test "a list of extended capabilities into the first 256 bytes" {
	poke 0x100 01 00 01 04
	assert_problem extended_capabilities 'the list points below 0x100' 0x00 0x40 0x100
}

@test "a list of extended capabilities that ends in all ones" {
	poke 0x100 01 00 01 20
	poke 0x200 ff ff ff ff
	assert_problem extended_capabilities 'the list ends in all ones' 0x00 0x40 0x100
	poke 0x200 ff ff 01 00
	assert_problem extended_capabilities 'the list ends in all ones' 0x00 0x40 0x100
}

@test "all ones where extended capabilities begin are none" {
	poke 0x100 ff ff ff ff
	dump >ones.hex
	run_tool --from-dump ones.hex -s $bdf config show -j
	assert_exit 0
	assert_json '.extended_capabilities_problem' null
	assert_json '[.blocks[].name] | join(" ")' ' EXP'
}

@test "a capability at the end of its space does not reach beyond it" {
	poke 0x34 f0
	poke 0xf0 10 00 02 00
	poke 0x100 01 00 01 ff
	poke 0xff0 01 00 01 00
	dump >end.hex
	run_tool --from-dump end.hex -s $bdf config show -j
	assert_exit 0
	assert_json '[.blocks[] | select(.offset == "0xf0") | .registers[].offset] | max' 0xfc
	assert_json '[.blocks[] | select(.offset == "0xff0") | .registers[].offset] | max' 0xffc
}

@test "a list that the dump does not have to its end" {
	poke 0x41 f0
	poke 0xf0 09 00 04 00
	dump 128 >cut.hex
	run_tool --from-dump cut.hex -s $bdf config show -j
	assert_exit 0
	assert_json .capabilities_problem 'not in the dump'
	assert_json '[.blocks[].name] | join(" ")' ' EXP'
}

@test "registers that the dump does not have" {
	dump 80 >cut.hex
	show cut.hex
	assert_exit 0
	assert_line --regexp '^  EXP.LNKCAP +0x00000000'
	assert_line --regexp '^  EXP.DEVCAP2 +not in the dump$'
	run_tool --from-dump cut.hex -s $bdf config show -j
	assert_json '.blocks[1].registers[] | select(.name == "EXP.DEVCAP2").value' null
	dump 16 >cut.hex
	show cut.hex
	assert_exit 0
	assert_line --regexp '^  VENDOR_ID +0x1d6d$'
	assert_line --regexp '^  INTERRUPT_PIN +not in the dump$'
	assert_line 'capabilities: not in the dump'
}

@test "a dump of 64 bytes has no capabilities in it" {
	dump 64 >short.hex
	show short.hex
	assert_exit 0
	assert_line 'capabilities: not in the dump'
	assert_line 'extended capabilities: not in the dump'
	run_tool --from-dump short.hex -s $bdf config read EXP.DEVCTL
	assert_exit 6
	assert_err 'capabilities are unknown: not in the dump'
	run_tool --from-dump short.hex -s $bdf config read CAP_EXP+4
	assert_exit 6
	assert_err 'the dump has 64 bytes'
	run_tool --from-dump short.hex -s $bdf config save -o saved
	assert_exit 6
	assert_err 'the dump has 64 bytes'
}

@test "a dump of 256 bytes has no extended capabilities in it" {
	dump 256 >short.hex
	show short.hex
	assert_exit 0
	assert_line 'EXP at 0x40: PCI Express'
	assert_line 'extended capabilities: not in the dump'
	run_tool --from-dump short.hex -s $bdf config read AER.UNCOR_STATUS
	assert_exit 6
	assert_err 'capabilities are unknown: not in the dump'
	run_tool --from-dump short.hex -s $bdf config read ECAP_AER+4
	assert_exit 6
	assert_err 'the dump has 256 bytes'
}

@test "a dump of zeroes, a dump of ones" {
	blank 4096
	dump >zero.hex
	show zero.hex
	assert_exit 0
	assert_line --regexp '^  VENDOR_ID +0x0000$'
	refute_line --partial 'capabilities:'
	sed 's/ 00/ ff/g' zero.hex >ones.hex
	show ones.hex
	assert_exit 5
	assert_err 'does not answer'
}

@test "what is no dump is refused" {
	: >empty
	assert_refused empty 'no device'
	assert_refused missing 'No such file'
	mkdir folder
	assert_refused folder 'Is a directory'
	echo 'hello world' >text
	assert_refused text 'no device'
	head -c 100000 /dev/zero >nul
	assert_refused nul 'binary data'
	printf '01:00.0 Device\n00: 86 80\0 00\n' >nul
	assert_refused nul 'nul:2: binary data'
	python3 -c 'import random, sys; sys.stdout.buffer.write(random.Random(1).randbytes(100000))' >random
	assert_refused random random
}

@test "a dump of which lines are wrong is refused, with the line" {
	dump 256 >whole
	sed 5d whole >gap
	assert_refused gap 'gap:5: the offset does not continue'
	sed 1d whole >headless
	assert_refused headless 'headless:1: bytes before the address'
	cat whole whole >twice
	assert_refused twice "$bdf is in it twice"
	dump >long
	echo '1000: 00' >>long
	assert_refused long 'long:258: config space ends at 0x1000'
}

@test "a line of bytes that is none is not passed over" {
	dump 256 | sed '$s/...$/0/' >digit # its last byte has one digit
	assert_refused digit 'digit:17:'
	dump 256 | sed '$s/$/ 00/' >seventeen
	assert_refused seventeen 'seventeen:17:'
}

@test "a device without bytes" {
	echo '01:00.0 Device' >device
	show device
	assert_exit 1
	assert_err 'no bytes of their config space'
}

@test "line ends of DOS, no end of the last line, long names" {
	dump 256 >whole
	show whole
	expected=$output
	sed 's/$/\r/' whole >dos
	show dos
	assert_exit 0
	assert_output "$expected"
	printf %s "$(<whole)" >unended
	show unended
	assert_exit 0
	assert_output "$expected"
	sed "1s/\$/$(printf %05000d 0)/" whole >long
	show long
	assert_exit 0
	assert_output "$expected"
}

@test "the dump comes from standard input" {
	dump 256 >whole
	show whole
	expected=$output
	show - <whole
	assert_exit 0
	assert_output "$expected"
	show - </dev/null
	assert_exit 1
	assert_err 'standard input: there is no device in it'
}

@test "random config space is shown" {
	for seed in {1..10}; do
		python3 - "$seed" <<-'END' >random.hex
			import random, sys
			chance = random.Random(int(sys.argv[1]))
			data = bytearray(chance.randbytes(4096))
			data[0x06] |= 0x10  # a list of capabilities
			data[0x0e] = chance.choice((0, 1, 2, 0x7f))
			for place in range(0x40, 0x100, 4):
			    data[place] = chance.randrange(0x16)
			print("01:00.0 Device")
			for i in range(0, 4096, 16):
			    print(f"{i:02x}: {data[i:i + 16].hex(' ')}")
		END
		show random.hex
		assert_exit 0
		run_tool --from-dump random.hex -s $bdf config show -j
		assert_exit 0
		assert_json '.blocks[0].registers[0].name' VENDOR_ID
	done
}
