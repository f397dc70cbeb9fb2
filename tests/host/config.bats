#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
#
# config read, write, names and show, by the names of the table.

load ../lib/common
load ../lib/fake_device
load ../lib/fake_express
load ../lib/fake_config

# --- names ---------------------------------------------------------------------------------------

@test "read: a field by name; one whose values are sizes gives the size" {
	config read EXP.DEVCTL.MRRS EXP.DEVCTL EXP.LNKSTA.SPEED COMMAND.MASTER exp.devctl.mps CAP_EXP.DEVCTL.MPS
	assert_exit 0
	assert_equal "${lines[*]}" '512 0x2810 0x3 0x1 128 128'
}

@test "read: what the conditions of the names' rows ask for is read once, not for each row" {
	config read --trace "$BATS_TEST_TMPDIR/trace" EXP.LNKSTA
	assert_exit 0
	run awk '/config:/ {print $5, $7, $8}' "$BATS_TEST_TMPDIR/trace"
	((${#lines[@]} > 10))
	# once for the list of capabilities or to find its type, once for the rows
	run awk '++seen[$0] > 2 {print}' <(printf '%s\n' "${lines[@]}")
	assert_output ''
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

@test "read: past the end of the capability that is named, whose that is is said" {
	config read CAP_EXP+0x80 CAP_EXP+0x3c/16
	assert_exit 0
	assert_equal "${#lines[@]} $stderr" '2 '
	# MSI-X behind it
	fake_config 0000:01:00.0 0x41 8 0xb0
	fake_config 0000:01:00.0 0xb0 16 0x11
	config read CAP_EXP+0x6c
	assert_equal "$stderr" ''
	config read CAP_EXP+0x80
	assert_exit 0
	assert_output 0x00000000
	assert_err 'CAP_EXP+0x80 is past the end of that capability at 0xb0: it is MSI-X at 0xb0'
	config read CAP_EXP+0xd0
	assert_exit 0
	assert_err 'CAP_EXP+0xd0 is past the end of that capability at 0xb0: it is Advanced Error Reporting at 0x100'
	config read -q CAP_EXP+0x80
	assert_equal "$stderr" ''
	# setpci's numbers of capabilities, and the second of an id
	config read CAP10@0+0x70
	assert_err 'past the end'
	config read CAP_MSIX+0x50/8
	assert_err 'CAP_MSIX+0x50 is past the end of that capability at 0x100'
}

@test "write: past the end of the capability that is named is refused, but for --force and an offset without a name" {
	fake_config 0000:01:00.0 0x41 8 0xb0
	fake_config 0000:01:00.0 0xb0 16 0x11
	config write CAP_EXP+0x10/16=0 CAP_EXP+0x74=0x1
	assert_exit 2
	assert_err 'CAP_EXP+0x74 is past the end of that capability at 0xb0: it is MSI-X at 0xb0'
	assert_err "--force writes there all the same; so does an offset without a name: 0xb4/32"
	# nothing of the line was written
	config read CAP_EXP+0x10/16 0xb4
	assert_equal "${lines[1]}" 0x00000000
	config write -D CAP_EXP+0x74=0x1:0x1
	assert_exit 2
	config write --force CAP_EXP+0x74=0x1
	assert_exit 0
	assert_err 'past the end'
	config write 0xb4=0x3
	assert_exit 0
	config read 0xb4
	assert_output 0x00000003
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

@test "write: what the table says is read-only is refused, by setpci's names too, but for --force and an offset" {
	local assign
	for assign in EXP.LNKSTA=1:1 EXP.LNKSTA.SPEED=1 VENDOR_ID=1 vendor_id=1 STATUS=0x10:0x10 STATUS=0x110:0x110 EXP.LNKCAP=0 \
		EXP.LNKCAP=1:1 CLASS_DEVICE=0x200 REVISION=1:1; do
		config write "$assign"
		assert_exit 2
		assert_err 'read-only'
		assert_err '--force writes it all the same'
		config write -D COMMAND=2:2 "$assign"
		assert_exit 2
		config write -D --force "$assign"
		assert_exit 0
	done
	config read VENDOR_ID STATUS EXP.LNKCAP
	local before=$output
	# a part of these can be written, or nobody says what it is
	for assign in EXP.DEVSTA=0xf EXP.DEVSTA=0xf:0xf STATUS=0xf900 STATUS=0x100:0x100 COMMAND=7 COMMAND=0:4 CAP_EXP+0xc=1 \
		0x0/16=1 VENDOR_ID+0x0/16=1 INTERRUPT_LINE=5; do
		config write -D "$assign"
		assert_exit 0
	done
	config read VENDOR_ID STATUS EXP.LNKCAP
	assert_output "$before"
	config write --force VENDOR_ID=0x4321
	assert_exit 0
	config read VENDOR_ID
	assert_output 0x4321
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

@test "IDE's selective streams lie behind the link streams, each as long as its address associations" {
	local device=0000:02:00.0 shown
	fake_begin
	fake_express $device 0 0x020000 4 16 4 16
	fake_extended $device 0x100 0x30 0x200
	# two link streams, two selective ones with two associations and one
	fake_config $device 0x104 32 $((3 | 1 << 13 | 1 << 16))
	fake_config $device 0x11c 32 2
	fake_config $device 0x120 32 $((1 | 1 << 9 | 0x5a << 24))
	fake_config $device 0x124 32 2
	fake_config $device 0x128 32 $((0x1234 << 8))
	fake_config $device 0x12c 32 $((1 | 0x1230 << 8 | 3 << 24))
	fake_config $device 0x130 32 $((1 | 0xe00 << 8 | 0xe0f << 20))
	fake_config $device 0x13c 32 $((0x001 << 8 | 0x002 << 20))
	fake_config $device 0x140 32 0x11
	fake_config $device 0x144 32 0x10
	fake_config $device 0x148 32 1
	fake_config $device 0x14c 32 $((0x5b << 24))
	fake_config $device 0x164 32 0x77
	fake_extended $device 0x200 0x03 0
	fake_write
	run_tool --sysroot "$SYSROOT" -s $device config read --names IDE.SEL_CTRL0.ID IDE.SEL_CTRL0.CFG IDE.SEL_STATUS0.STATE \
		IDE.SEL_RID_LIMIT0.LIMIT IDE.SEL_RID_BASE0.BASE IDE.SEL_RID_BASE0.SEGMENT IDE.SEL_ADDR_LOW0_OF0.BASE \
		IDE.SEL_ADDR_LOW0_OF0.LIMIT IDE.SEL_ADDR_LOW1_OF0.LIMIT IDE.SEL_ADDR_LIMIT1_OF0 IDE.SEL_ADDR_BASE1_OF0 \
		IDE.SEL_CAP1.ASSOC_NUM IDE.SEL_CTRL1.ID IDE.SEL_ADDR_BASE0_OF1
	assert_equal "${lines[*]}" '0x5a 0x1 secure 0x1234 0x1230 0x03 0xe0000000 0xe0ffffff 0x002fffff 0x00000011 0x00000010 0x1 0x5b 0x00000077'
	for shown in IDE.SEL_ADDR_LOW2_OF0 IDE.SEL_ADDR_LOW1_OF1 IDE.SEL_CTRL2 IDE.LINK_CTRL2; do
		run_tool --sysroot "$SYSROOT" -s $device config read $shown
		assert_exit 6
	done
	# without link streams they are at the start, whatever the number of those says
	fake_config $device 0x104 32 $((2 | 1 << 13))
	fake_config $device 0x110 32 $((0x66 << 24))
	run_tool --sysroot "$SYSROOT" -s $device config read IDE.SEL_CTRL0.ID
	assert_output 0x66
	run_tool --sysroot "$SYSROOT" -s $device config read IDE.SEL_ADDR_LOW0_OF0
	assert_exit 6
	fake_config $device 0x104 32 0
	run_tool --sysroot "$SYSROOT" -s $device config read IDE.SEL_CTRL0
	assert_exit 6
	# more than there is room for
	fake_config $device 0x104 32 $((2 | 255 << 16))
	run_tool --sysroot "$SYSROOT" -s $device config show
	assert_exit 0
	assert_line --partial 'cut off at 0x200'
}

@test "what the newer specifications name: deferrable writes, IDE's header encryption, the flit counter, RP PIO's log" {
	local root=0000:00:01.0
	fake_tree
	fake_port $root 4 1
	fake_config $root 0x44 32 $((1 << 17))
	fake_config $root 0x64 32 $((1 << 28 | 1 << 29))
	# RP PIO logs of 20 dwords, which need bit 4 of their number
	fake_extended $root 0x100 0x1d 0x180
	fake_config $root 0x104 16 $((1 << 5 | 4 << 8 | 1 << 13))
	fake_config $root 0x120 32 0x60110010
	fake_config $root 0x130 32 0x11111111
	fake_config $root 0x16c 32 0x22222222
	fake_extended $root 0x180 0x30 0x1a0
	fake_config $root 0x184 32 1
	fake_config $root 0x18c 32 $((3 << 10))
	fake_extended $root 0x1a0 0x32 0
	fake_config $root 0x1ac 16 2
	run_tool --sysroot "$SYSROOT" -s $root config read --names EXP.DEVCAP.RX_MPS_FIXED EXP.DEVCAP2.DMWR_COMPLETER \
		EXP.DEVCAP2.DMWR_LENGTH IDE.LINK_CTRL0.PART_ENC FLIT_LOG.CNT_CTL.INTERRUPT
	assert_equal "${lines[*]}" '0x1 0x1 128 33:2 0x1'
	for code in 0=none 1=17:2 2=25:2 4=41:2 5=0x5; do
		fake_config $root 0x18c 32 $((${code%=*} << 10))
		run_tool --sysroot "$SYSROOT" -s $root config read --names IDE.LINK_CTRL0.PART_ENC
		assert_output "${code#*=}"
	done
	run_tool --sysroot "$SYSROOT" -s $root config read DPC.RP_PIO_HEADER_LOG0 DPC.RP_PIO_IMPSPEC_LOG \
		DPC.RP_PIO_TLPPREFIX_LOG14
	assert_equal "${lines[*]}" '0x60110010 0x11111111 0x22222222'
	run_tool --sysroot "$SYSROOT" -s $root config read DPC.RP_PIO_TLPPREFIX_LOG15
	assert_exit 6
}
