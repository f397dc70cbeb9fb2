#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
#
# regs, config and mem on a fake tree: what is refused, what is printed, in which form.

load ../lib/common
load ../lib/fake_device

# One memory BAR of 4 KiB whose registers hold their own offsets, one I/O BAR, decoding on.
setup() {
	fake_tree
	dev=0000:01:00.0
	fake_begin
	fake_pci "$dev" 0x1234 0x11e8 0xff0000 4096
	fake_bar "$dev" 0 0xfe000000 4096 0x40200
	fake_bar "$dev" 2 0xe000 256 0x40101
	fake_bar "$dev" 3 0 0 0x14220c
	fake_config "$dev" 4 16 0x0003
	fake_write
	file=$SYSROOT/sys/bus/pci/devices/$dev/resource0
	printf -v words '\\x%02x\\0\\0\\0' {0..252..4}
	printf '%b' "$words" >"$file"
	truncate -s 4096 "$file"
	cp "$file" "$BATS_TEST_TMPDIR/before"
}

tool() {
	run_tool --sysroot "$SYSROOT" -s "$dev" "$@"
}

untouched() {
	cmp "$file" "$BATS_TEST_TMPDIR/before"
}

@test "read: values padded to the width" {
	tool regs read 0x10 0x10/8 0x10/16 0x10/64
	assert_exit 0
	assert_output "0x00000010
0x10
0x0010
0x0000001400000010"
}

@test "read in JSON: one document with what was read" {
	tool -j regs read 0x10 0x14/8
	assert_exit 0
	assert_json .schema pcietool/regs-read/1
	assert_json '.values | length' 2
	assert_json '.values[1].value' 0x14
	assert_json '.values[0].width' 32
	assert_json '.values[0].offset' 0x10
}

@test "write: prints nothing and changes only what was asked" {
	tool regs write 0x10=0xaabbccdd 0x20/8=0x55
	assert_exit 0
	assert_output ''
	tool regs read 0x10 0x20 0x14
	assert_output "0xaabbccdd
0x00000055
0x00000014"
}

@test "masked write and verify" {
	tool regs write --verify 0x14=0xffff:0x00f0
	assert_exit 0
	tool regs read 0x14
	assert_output 0x000000f4
}

@test "dry run changes nothing" {
	tool -D regs write 0x10=3 0x14=1:1
	assert_exit 0
	assert_output "0x10 <- 0x3
0x14: 0x00000014 -> 0x00000015"
	untouched
	tool -D regs write '0x10=(1/(2-2))'
	assert_exit 2
	tool -D regs write '0x10=(0x1234567890+1).hi' '0x14=(1<<1|1):0xf'
	assert_exit 0
	assert_output "0x10 <- 0x12
0x14: 0x00000014 -> 0x00000013"
	tool -D -j regs write 0x10=3
	assert_json .dry_run true
	assert_json '.writes[0].old' null
	assert_json '.writes[0].old_reason' 'not read'
}

@test "options before the noun and after the verb" {
	run_tool --sysroot "$SYSROOT" regs read -s "$dev" -j 0x10
	assert_exit 0
	assert_json '.values[0].value' 0x00000010
	run_tool regs read 0x10 --sysroot "$SYSROOT" -d 1234:11e8
	assert_exit 0
}

@test "numbers that are refused" {
	for number in 08 010 0x 0b '' -1 18446744073709551616 0x1g 1k 1.5 ' 1' ff; do
		tool regs write -- "0x10=$number"
		assert_exit 2
		tool regs read -- "$number"
		assert_exit 2
	done
	tool regs write 0x10=08
	assert_err '0x8 for hexadecimal or 8 for decimal'
	untouched
}

@test "operands that are refused, with none of the good ones done" {
	for operand in 0x1000=1 0xffd=1 0x1=1 0x10/16=0x10000 0x10=0x100000000 0x10=1:0x100000000 6:0=1 \
		0x10/24=1 0x10=1=2 0x10==1 0x10 @rx 0x10=@../x NAME=1 0x10=WORD 0x10=1:; do
		tool regs write 0x20=1 "$operand"
		[[ $status -eq 2 || ($status -eq 6 && $operand == @rx) || $status -eq 4 ]] ||
			assert_exit 2
		[[ -n $stderr ]]
		untouched
	done
}

@test "ranges that are refused" {
	for range in 0x0+0x1001 0xffc+8 0x10+0 0x10+ 0x10.. ..0x10 0x20..0x10 0x0+6 2:0x0..0x10+; do
		tool regs dump "$range"
		assert_exit 2
	done
}

@test "conditions that are refused" {
	for condition in 0x10 0x10=1 '0x10<=1' '0x10==' '0x10==1:' '0x10==0x100000000'; do
		tool regs wait "$condition" --timeout 0s
		assert_exit 2
	done
	for time in 5 5h s -1s ''; do
		tool regs wait '0x10==1' "--timeout=$time"
		assert_exit 2
	done
}

@test "conditions that cannot hold, or always do, and values outside of their mask" {
	for condition in 0x3c==0x30:0xf '0x3c!=0x30:0xf' '0x0<0' '0x0>0xffffffff' 0x0==0:0; do
		tool regs wait "$condition" --timeout 0s
		assert_exit 2
		assert_err holds || assert_err 'has no bits'
	done
	for operand in 0x0=0x30:0xf 0x0/8=0x11:0x10; do
		tool regs write 0x8=1 "$operand"
		assert_exit 2
		assert_err 'are outside of the mask'
		untouched
		echo "regs write 0x8=1 $operand" >"$BATS_TEST_TMPDIR/lines"
		tool batch "$BATS_TEST_TMPDIR/lines"
		assert_exit 2
		untouched
	done
	tool regs write 0x14=0xffff:0x00f0
	assert_exit 0
	# as setpci has it, which is told
	tool config write COMMAND=0x103:0x3
	assert_exit 0
	assert_err 'the bits 0x100 are outside of the mask 0x3, and are not written'
	tool config read COMMAND
	assert_output 0x0003
}

@test "wait: holds at once, times out, all must hold" {
	tool regs wait '0x10==0x10' '0x14!=0' '0x18<0x19' '0x1c>0x1b' '0x14==0x4:0xf'
	assert_exit 0
	tool regs wait '0x10==0x10' '0x14==0' --timeout 1ms
	assert_exit 7
	assert_err '0x14==0'
	assert_err 0x00000014
}

@test "BARs: absent, unassigned, I/O, upper half, bad numbers" {
	tool regs read 1:0
	assert_exit 6
	assert_err 'no BAR 1'
	tool regs read 3:0
	assert_exit 1
	assert_err 'no address'
	tool regs read 4:0
	assert_exit 6
	assert_err 'upper half'
	tool regs read -w 64 2:0
	[[ $status -eq 6 ]]
	for bar in 6 -1 x 08; do
		tool regs read "--bar=$bar" 0
		assert_exit 2
	done
}

@test "decoding off, device gone" {
	fake_config "$dev" 4 16 0
	tool regs read 0x10
	assert_exit 1
	assert_err 'memory decoding is off'
	tr '\0' '\377' </dev/zero | head -c 4096 >"$SYSROOT/sys/bus/pci/devices/$dev/config"
	tool regs read 0x10
	assert_exit 5
	assert_err 'does not answer'
}

# a_vf CONTROL: a virtual function with a BAR, whose COMMAND is 0 as it is in hardware, and its physical function's SR-IOV
# Control.
a_vf() {
	vf=0000:01:00.1
	fake_begin
	fake_pci "$dev" 0x1234 0x11e8 0xff0000 4096
	fake_extended "$dev" 0x100 0x10 0
	fake_config "$dev" 0x108 16 "$1"
	fake_write
	fake_begin
	fake_vf "$dev" 0 "$vf"
	fake_bar "$vf" 0 0xfd000000 4096 0x40200
	fake_write
	cp "$file" "$SYSROOT/sys/bus/pci/devices/$vf/resource0"
}

@test "a virtual function: VF MSE of its physical function is what decodes its memory" {
	a_vf 0x0009
	run_tool --sysroot "$SYSROOT" -s $vf regs read 0x10
	assert_exit 0
	assert_output 0x00000010
	run_tool --sysroot "$SYSROOT" -s $vf bar list
	assert_exit 0
	refute_output --partial 'not decoded'
	run_tool --sysroot "$SYSROOT" -s $vf info --json
	assert_json '.bars[0].decoded' true
	assert_json '.command.memory' true
	a_vf 0x0001
	run_tool --sysroot "$SYSROOT" -s $vf regs read 0x10
	assert_exit 1
	assert_err "$vf: BAR 0: $dev has memory decoding of its virtual functions off"
	assert_err "'pcietool -s $dev config write SRIOV.CTRL.MSE=1'"
	run_tool --sysroot "$SYSROOT" -s $vf bar list
	assert_output --partial 'not decoded'
}

@test "a virtual function whose physical function does not tell: nobody says that it is off" {
	a_vf 0x0001
	truncate -s 64 "$SYSROOT/sys/bus/pci/devices/$dev/config"
	run_tool --sysroot "$SYSROOT" -s $vf regs read 0x10
	assert_exit 0
	run_tool --sysroot "$SYSROOT" -s $vf bar list --json
	assert_json '.devices[0].resources[0].decoded' null
}

@test "a device that lost its address: said before that decoding is off, which would not help" {
	fake_config "$dev" 0x10 32 0
	fake_config "$dev" 4 16 0
	tool regs read 0x10
	assert_exit 1
	assert_err 'BAR 0: the device has lost its address, which the kernel has at 0xfe000000'
	assert_err "hint: 'pcietool -s $dev remove; pcietool rescan'"
	tool -j regs read 0x10
	assert_json .error.code bar-lost
}

@test "a dump of nothing but ones: there is a word about it" {
	tr '\0' '\377' </dev/zero | head -c 2048 | dd of="$file" conv=notrunc status=none
	tool regs dump 0+64
	assert_exit 0
	assert_line --index 0 --partial '00000000: ffffffff'
	assert_err "warning: $dev: all that was read is ones, though its config space answers"
	tool -q regs dump 0+64
	[ -z "$stderr" ]
	for range in 0+8 2032+64; do
		tool regs dump "$range"
		assert_exit 0
		[ -z "$stderr" ]
	done
	tool regs dump -o "$BATS_TEST_TMPDIR/bytes" 0+1024
	assert_err 'is ones'
	tool regs wait '0==1' --timeout 1ms
	assert_exit 7
	assert_err 'the last value was 0xffffffff: what a read that nobody answers gets'
	tool regs wait '0x900==1' --timeout 1ms
	refute_err 'nobody answers'
}

@test "all ones in a register of a device that is there is a value" {
	tool regs write 0x10=0xffffffff
	tool regs read 0x10
	assert_exit 0
	assert_output 0xffffffff
}

@test "load: a dry run refuses what would not fit, also from a pipe" {
	run_tool --sysroot "$SYSROOT" -s "$dev" -D regs load -w 8 -i - 0xff8 < <(head -c 904 /dev/zero)
	assert_exit 2
	assert_err 'past its end'
}

@test "a BAR file that is shorter than the BAR: the bus error is caught" {
	truncate -s 0 "$file"
	tool regs read 0x10
	assert_exit 5
	assert_err 'bus error'
	tool regs write 0x10=1
	assert_exit 5
	tool regs dump
	assert_exit 5
	fake_bar "$dev" 0 0xfe000000 8192 0x40200
	truncate -s 4096 "$file"
	head -c 8192 /dev/zero >"$BATS_TEST_TMPDIR/in"
	tool regs load -i "$BATS_TEST_TMPDIR/in" 0x0
	assert_exit 5
	assert_err 'writing 0x1000: bus error'
	tool regs dump 0x0+0x2000
	assert_exit 5
	assert_err 'reading 0x1000: bus error'
}

@test "a range of any size is dumped" {
	fake_bar "$dev" 0 0xfe000000 $((8 << 20)) 0x40200
	truncate -s 8M "$file"
	printf '\x5a' | dd of="$file" bs=1 seek=$((8 * 1024 * 1024 - 1)) conv=notrunc status=none
	tool regs dump 0x100+0x7fff00
	assert_exit 0
	assert_equal "${#lines[@]}" 3
	assert_line -n 0 '00000100: 00000000 00000000 00000000 00000000  ................'
	assert_line -n 2 '007ffff0: 00000000 00000000 00000000 5a000000  ...............Z'
}

@test "a foreign driver is refused, ours is not" {
	mkdir -p "$SYSROOT/sys/bus/pci/drivers/nvme" "$SYSROOT/sys/bus/pci/drivers/pcietool"
	ln -s ../../drivers/nvme "$SYSROOT/sys/bus/pci/devices/$dev/driver"
	tool regs read 0x10
	assert_exit 4
	assert_err 'nvme'
	tool --force regs read 0x10
	assert_exit 0
	ln -sfn ../../drivers/pcietool "$SYSROOT/sys/bus/pci/devices/$dev/driver"
	tool regs read 0x10
	assert_exit 0
}

@test "D3hot is refused" {
	fake_capability "$dev" 0x40 0x01 0
	fake_config "$dev" 0x34 8 0x40
	tool regs read 0x10
	assert_exit 0
	fake_config "$dev" 0x44 16 3
	tool regs read 0x10
	assert_exit 1
	assert_err D3hot
	# what its registers have is of no use then, and turning decoding on would not help
	fake_config "$dev" 0x10 32 0
	fake_config "$dev" 4 16 0
	tool regs read 0x0
	assert_exit 1
	assert_err D3hot
	assert_err 'power on'
	fake_driver "$dev" vfio-pci
	tool regs read 0x10
	assert_exit 1
	assert_err "'pcietool -s $dev session -- COMMAND'"
	[[ $stderr != *'power on'* ]]
}

@test "a looping capability list does not hang" {
	fake_config "$dev" 0x34 8 0x40
	fake_capability "$dev" 0x40 0x09 0x50
	fake_capability "$dev" 0x50 0x09 0x40
	tool regs read 0x10
	assert_exit 0
	tool config read CAP_EXP
	assert_exit 6
}

@test "dump: hex and ASCII, runs of equal lines, -v all of them" {
	tool regs dump 0x0+0x20
	assert_exit 0
	assert_output "00000000: 00000000 00000004 00000008 0000000c  ................
00000010: 00000010 00000014 00000018 0000001c  ................"
	tool regs dump 0x100+0x100
	assert_output "00000100: 00000000 00000000 00000000 00000000  ................
*
00000200"
	tool -v regs dump 0x100+0x100
	assert_equal "${#lines[@]}" 16
	tool regs dump -w 8 0x30+0x12
	assert_line --index 0 '00000030: 30 00 00 00 34 00 00 00 38 00 00 00 3c 00 00 00  0...4...8...<...'
	assert_line --index 1 --regexp '^00000040: 40 00                                            @\.$'
}

@test "dump in JSON: the values as read" {
	tool -j regs dump 0x0..0x8
	assert_json '.ranges[0].values | join(" ")' '0x00000000 0x00000004 0x00000008'
	assert_json '.ranges[0].length' 12
}

@test "dump: the whole BAR to a file, without a range" {
	tool regs dump -o "$BATS_TEST_TMPDIR/out"
	assert_exit 0
	cmp "$BATS_TEST_TMPDIR/out" "$file"
	pcietool --sysroot "$SYSROOT" -s "$dev" regs dump -o - | cmp - "$file"
	tool -j regs dump -o -
	assert_exit 2
	tool regs dump -o "$BATS_TEST_TMPDIR"
	assert_exit 1
	tool regs dump -o "$BATS_TEST_TMPDIR/no/where"
	assert_exit 1
	tool regs dump -o /dev/full
	assert_exit 1
	assert_err 'No space left'
}

@test "dump: a large BAR is not dumped to a terminal by accident" {
	fake_bar "$dev" 0 0xfe000000 $((1 << 20)) 0x40200
	truncate -s 1M "$file"
	tool regs dump
	assert_exit 2
	assert_err '-o FILE'
	assert_err '--map FILE'
	tool regs dump -o "$BATS_TEST_TMPDIR/out"
	assert_exit 0
	cmp "$BATS_TEST_TMPDIR/out" "$file"
}

# slowly: a pipe that takes its time, in $pipe; the BAR has room for it
slowly() {
	pipe=$BATS_TEST_TMPDIR/pipe
	[[ -p $pipe ]] || mkfifo "$pipe"
	for _ in {1..8}; do
		head -c 65536 /dev/zero
		sleep 0.2
	done >"$pipe" 3>&- &
}

@test "what takes over a second tells how far it is, on a terminal, without -q" {
	fake_bar "$dev" 0 0xfe000000 0x100000 0x40200
	fake_write
	fake_resource "$dev" 0 1048576
	slowly
	run_terminal 24x80 --sysroot "$SYSROOT" -s "$dev" regs load -i "$pipe" 0x0
	assert_success
	assert_output --regexp '[0-9.]+K, [0-9.]+[KM]/s'
	slowly
	run_terminal 24x80 --sysroot "$SYSROOT" -s "$dev" -q regs load -i "$pipe" 0x0
	assert_success
	refute_output --partial /s
	slowly
	tool regs load -i "$pipe" 0x0
	assert_exit 0
	assert_equal "$stderr" ''
}

@test "load: from a file, from a pipe, at a width; refused when it does not fit" {
	head -c 64 /dev/urandom >"$BATS_TEST_TMPDIR/in"
	tool regs load -i "$BATS_TEST_TMPDIR/in" 0x100
	assert_exit 0
	cmp -n 64 "$BATS_TEST_TMPDIR/in" "$file" 0 0x100
	pcietool --sysroot "$SYSROOT" -s "$dev" regs load -w 8 -i - 0x201 <"$BATS_TEST_TMPDIR/in"
	cmp -n 64 "$BATS_TEST_TMPDIR/in" "$file" 0 0x201
	cp "$file" "$BATS_TEST_TMPDIR/before"
	tool regs load -i "$BATS_TEST_TMPDIR/in" 0xff0
	assert_exit 2
	tool regs load -i "$BATS_TEST_TMPDIR/missing" 0
	assert_exit 1
	tool regs load -i "$BATS_TEST_TMPDIR" 0
	assert_exit 1
	tool regs load -i /dev/null 0x0
	tool regs load 0x0
	assert_exit 2
	untouched
}

# load_stream BYTES WORD...: so many from a pipe, into what the words say.
load_stream() {
	# shellcheck disable=SC2016 # the inner shell's
	run_limited bash -c 'head -c "$1" /dev/zero | "${@:2}" -i -' - "$1" pcietool --sysroot "$SYSROOT" -s "$dev" "${@:2}"
}

@test "load: a pipe that has more than there is room for: how much of it is stored is told" {
	fake_bar "$dev" 0 0xfe000000 0x100000 0x40200
	fake_write
	fake_resource "$dev" 0 1048576
	head -c 1048576 /dev/urandom >"$file"
	cp "$file" "$BATS_TEST_TMPDIR/before"
	# in one piece with what fits: nothing is
	load_stream 20 regs load 0xffff0
	assert_exit 2
	assert_err 'past its end'
	refute_err stored
	untouched
	load_stream 1048577 -D regs load 0x0
	assert_exit 2
	refute_err stored
	untouched
	load_stream 1048576 regs load 0x100
	assert_exit 1
	assert_err '0xf0100+0x10000 is past its end, it has 0x100000 bytes: 983040 bytes of the input are stored'
	cmp -n 983040 "$file" /dev/zero 0x100
	cmp "$file" "$BATS_TEST_TMPDIR/before" 0xf0100 0xf0100
	# no whole access at the end
	load_stream 65537 -j regs load 0x0
	assert_exit 1
	assert_json .error.message "0000:01:00.0: BAR 0: 0x1 bytes are no whole number of 32-bit accesses: 65536 bytes of the input are stored"
	# a store that failed in the midst of a piece
	truncate -s 131072 "$file"
	load_stream 262144 regs load 0xf000
	assert_exit 5
	assert_err 'any more: the first 65536 bytes of the input are stored, and perhaps some more'
}

@test "config: names, offsets, widths, masks" {
	tool config read VENDOR_ID device_id COMMAND 0 0x2/16 STATUS
	assert_exit 0
	assert_output "0x1234
0x11e8
0x0003
0x11e81234
0x11e8
0x0000"
	tool config write COMMAND=0x4:0x4
	assert_exit 0
	tool config read COMMAND
	assert_output 0x0007
	tool -D config write COMMAND=0:0x4
	assert_output '0x4: 0x0007 -> 0x0003'
	tool -v config read 10/16
	assert_err 'config space+0xa'
}

@test "config: what is refused" {
	for ref in 1 0x1000 0xffe 1:0 NOT_A_NAME @rx COMMAND/24 08; do
		tool config read "$ref"
		assert_exit 2
	done
	for ref in 0/64 CAP_EXP ECAP_AER CAP42; do
		tool config read "$ref"
		assert_exit 6
	done
	tool config write COMMAND=0x10000
	assert_exit 2
	tool config read COMMAND=1
	assert_exit 2
}

@test "config dump: all of it, to a file too" {
	tool config dump
	assert_line --index 0 '0000:01:00.0 Class ff0000: 1234:11e8'
	assert_line --index 1 '00: 34 12 e8 11 03 00 00 00 00 00 00 ff 00 00 00 00'
	tool config dump -o "$BATS_TEST_TMPDIR/out"
	cmp "$BATS_TEST_TMPDIR/out" "$SYSROOT/sys/bus/pci/devices/$dev/config"
}

@test "mem: a physical address; no device is asked for" {
	mkdir -p "$SYSROOT/dev"
	cp "$file" "$SYSROOT/dev/mem"
	run_tool --sysroot "$SYSROOT" mem read 0x10
	assert_exit 0
	assert_output 0x00000010
	run_tool --sysroot "$SYSROOT" mem write 0x10=5
	run_tool --sysroot "$SYSROOT" mem dump 0x10+16
	assert_output --partial '00000010: 00000005 00000014'
	run_tool --sysroot "$SYSROOT" mem dump
	assert_exit 2
	run_tool --sysroot "$SYSROOT" mem read 1:0x10
	assert_exit 2
	rm "$SYSROOT/dev/mem"
	run_tool --sysroot "$SYSROOT" mem read 0x10
	assert_exit 6
	assert_err 'there is no /dev/mem here'
	assert_err CONFIG_DEVMEM
	assert_err container
}

@test "backends that this version does not have" {
	tool --via vfio regs read 0
	assert_exit 6
	tool --via nothing regs read 0
	assert_exit 2
}
