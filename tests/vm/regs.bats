#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Registers on emulated devices; QEMU's trace of memory accesses proves each access and its width.
#
# qemu: -device edu -device rtl8139 -device nvme,serial=1
# qemu: -object memory-backend-ram,id=shm,size=1M,share=on -device ivshmem-plain,memdev=shm
# usually: 6.1

load ../lib/common
load ../lib/guest

setup() {
	edu=$(bdf_of 1234:11e8)
	rtl=$(bdf_of 10ec:8139)
	nvme=$(bdf_of 1b36:0010)
	shm=$(bdf_of 1af4:1110)
	for device in "$edu" "$rtl" "$nvme" "$shm"; do
		setpci -s "$device" COMMAND=3:3
	done
	IO=$(io_base "$rtl" 0)
}

# rtl8139's registers are one region in QEMU, which lies in the I/O space for the trace.
rtl_trace() {
	trace_lines rtl8139 "$IO"
}

@test "read: the value alone, padded to the width" {
	run_tool -s "$edu" regs read 0x0
	assert_exit 0
	assert_output 0x010000ed
	run_tool -s "$nvme" regs read -w 64 0x0 0x8/32
	assert_exit 0
	assert_line --index 0 --regexp '^0x[0-9a-f]{16}$'
	assert_line --index 1 --regexp '^0x[0-9a-f]{8}$'
}

@test "read: one load of each width, over memory BAR and I/O BAR" {
	trace_on
	pcietool -s "$rtl" regs read 1:0x50/8 1:0x50/16 1:0x50/32 0:0x51/8 0:0x52/16 0:0x50/32
	trace_off
	run rtl_trace
	assert_line --index 0 --regexp '^read 0x50 1 '
	assert_line --index 1 --regexp '^read 0x50 2 '
	assert_line --index 2 --regexp '^read 0x50 4 '
	assert_line --index 3 --regexp '^read 0x51 1 '
	assert_line --index 4 --regexp '^read 0x52 2 '
	assert_line --index 5 --regexp '^read 0x50 4 '
	assert_equal "${#lines[@]}" 6
}

@test "read: one load of 64 bits" {
	trace_on
	pcietool -s "$edu" regs read -w 64 0x80
	pcietool -s "$nvme" regs read 0x0/64
	trace_off
	run trace_lines edu-mmio "$(bar_base "$edu" 0)"
	assert_output --regexp '^read 0x80 8 0x0$'
	run trace_lines nvme "$(bar_base "$nvme" 0)"
	assert_output --regexp '^read 0x0 8 0x[0-9a-f]+$'
}

@test "write: one store of each width, no read" {
	trace_on
	pcietool -s "$rtl" regs write 1:0x0/8=0x52 1:0x8/16=0x1234 1:0x8/32=0x12345678 0:0x1/8=0x54 \
		0:0xa/16=0x4321 0:0xc/32=0x87654321
	pcietool -s "$edu" regs write -w 64 0x80=0x123456789abc 0x4/32=0
	trace_off
	run rtl_trace
	assert_output "write 0x0 1 0x52
write 0x8 2 0x1234
write 0x8 4 0x12345678
write 0x1 1 0x54
write 0xa 2 0x4321
write 0xc 4 0x87654321"
	run trace_lines edu-mmio "$(bar_base "$edu" 0)"
	assert_output "write 0x80 8 0x123456789abc
write 0x4 4 0x0"
}

@test "masked write: one read, one write, only those bits" {
	run_tool -s "$rtl" regs write -b 1 0x8=0x12345678
	trace_on
	pcietool -s "$rtl" regs write -b 1 0x8=0xffffffff:0x0000ff00 0x8/16=0:0xf
	trace_off
	run rtl_trace
	assert_output "read 0x8 4 0x12345678
write 0x8 4 0x1234ff78
read 0x8 2 0xff78
write 0x8 2 0xff70"
}

@test "bench mmio: as many accesses as were asked for and one before them, of that width; a write and the read behind it" {
	trace_on
	run_tool -s "$edu" bench mmio 0x0 --count 20 -j
	trace_off
	assert_exit 0
	assert_json '"\(.count) \(.read.minimum_ns > 0) \(.read.histogram | map(.count) | add)"' '20 true 20'
	run trace_lines edu-mmio "$(bar_base "$edu" 0)"
	assert_equal "$(printf '%s\n' "${lines[@]}" | sort | uniq -c | xargs)" '21 read 0x0 4 0x10000ed'
	trace_on
	run_tool -s "$rtl" bench mmio -b 1 0x8/16=0x1234 --count 5 -j
	trace_off
	assert_exit 0
	assert_json '"\(.write.median_ns <= .read.median_ns)"' true
	run rtl_trace
	assert_equal "$(printf '%s\n' "${lines[@]}" | sort | uniq -c | xargs)" '6 read 0x8 2 0x1234 7 write 0x8 2 0x1234'
	assert_line --index -1 --regexp '^read'
}

@test "write --verify reads back once and finds a register that does not hold its value" {
	trace_on
	run_tool -s "$rtl" regs write -b 1 --verify 0x8=0xcafe0001
	trace_off
	assert_exit 0
	run rtl_trace
	assert_output "write 0x8 4 0xcafe0001
read 0x8 4 0xcafe0001"
	run_tool -s "$edu" regs write --verify 0x4=0x12345678
	assert_exit 8
	assert_err 'wrote 0x12345678, read back 0xedcba987'
}

@test "dump: each register once, in rising order, at the width" {
	trace_on
	pcietool -s "$rtl" regs dump -b 1 -w 16 0x50+8
	pcietool -s "$edu" regs dump 0x80/64..0x90
	trace_off
	run rtl_trace
	assert_equal "$(cut -d' ' -f1-3 <<<"$output")" "read 0x50 2
read 0x52 2
read 0x54 2
read 0x56 2"
	run trace_lines edu-mmio "$(bar_base "$edu" 0)"
	assert_equal "$(cut -d' ' -f1-3 <<<"$output")" "read 0x80 8
read 0x88 8
read 0x90 8"
}

@test "dump: raw bytes to a file are the same as read one by one" {
	run_tool -s "$edu" regs dump 0x0+0x10 -o "$BATS_TEST_TMPDIR/raw"
	assert_exit 0
	assert_output ''
	run od -An -tx4 -v "$BATS_TEST_TMPDIR/raw"
	assert_output --partial ' 010000ed'
	assert_equal "$(stat -c %s "$BATS_TEST_TMPDIR/raw")" 16
}

@test "dump: a full disk is reported" {
	run_tool -s "$shm" regs dump -b 2 -o /dev/full
	assert_exit 1
	assert_err 'No space left on device'
	run_tool -s "$shm" regs dump -b 2 -o /tmp
	assert_exit 1
	assert_err 'Is a directory'
}

@test "load and dump: a file through a RAM BAR, byte for byte, at every width" {
	head -c 65536 /dev/urandom >"$BATS_TEST_TMPDIR/in"
	for width in 8 16 32 64; do
		head -c 65536 /dev/zero | pcietool -s "$shm" regs load -b 2 -i - 0x0
		run_tool -s "$shm" regs load -b 2 -w $width -i "$BATS_TEST_TMPDIR/in" 0x1000
		assert_exit 0
		pcietool -s "$shm" regs dump -b 2 -w $width -o "$BATS_TEST_TMPDIR/out" 0x1000+64k
		cmp "$BATS_TEST_TMPDIR/in" "$BATS_TEST_TMPDIR/out"
	done
}

@test "load: what does not fit is refused with nothing touched" {
	pcietool -s "$shm" regs write 2:0xffff0=0x5555
	head -c 32 /dev/urandom >"$BATS_TEST_TMPDIR/in"
	run_tool -s "$shm" regs load -b 2 -i "$BATS_TEST_TMPDIR/in" 0xffff0
	assert_exit 2
	assert_err 'past its end'
	run_tool -s "$shm" regs read 2:0xffff0
	assert_output 0x00005555
	head -c 7 /dev/urandom >"$BATS_TEST_TMPDIR/in"
	run_tool -s "$shm" regs load -b 2 -i "$BATS_TEST_TMPDIR/in" 0x0
	assert_exit 2
	assert_err 'no whole number'
}

@test "load: one store of the width each" {
	printf '\x11\x22\x33\x44' >"$BATS_TEST_TMPDIR/in"
	trace_on
	pcietool -s "$rtl" regs load -b 1 -w 16 -i "$BATS_TEST_TMPDIR/in" 0x8
	trace_off
	run rtl_trace
	assert_output "write 0x8 2 0x2211
write 0xa 2 0x4433"
}

@test "wait: one read a look, returns when the condition holds" {
	trace_on
	pcietool -s "$edu" regs wait '0x0==0xed:0xff' --timeout 5s
	trace_off
	run trace_lines edu-mmio "$(bar_base "$edu" 0)"
	assert_output 'read 0x0 4 0x10000ed'
	# the factorial takes edu a moment, in another thread
	pcietool -s "$edu" regs write 0x8=10
	run_tool -s "$edu" regs wait '0x20==0:1' '0x8>1' --timeout 5s
	assert_exit 0
	run_tool -s "$edu" regs read 0x8
	assert_output 0x00375f00
}

@test "wait: a timeout is exit 7 with the last value" {
	run_tool -s "$edu" regs wait '0x0==0' --timeout 20ms
	assert_exit 7
	assert_err 'the last value was 0x010000ed'
	run_tool -j -s "$edu" regs wait '0x0==0' --timeout 0s
	assert_exit 7
	assert_json .error.exit 7
}

@test "write-combining: where the BAR is prefetchable, and refused where it is not" {
	run_tool -s "$shm" regs write --wc 2:0x100=0xabcd1234
	assert_exit 0
	run_tool -s "$shm" regs read --wc 2:0x100
	assert_output 0xabcd1234
	run_tool -s "$edu" regs read --wc 0x0
	assert_exit 6
}

@test "dry run: nothing is written, only a masked write reads" {
	pcietool -s "$rtl" regs write -b 1 0x8=0x12345678
	trace_on
	run_tool -D -s "$rtl" regs write -b 1 0x8=0x1 0x8=0xff:0xff
	trace_off
	assert_exit 0
	assert_output "1:0x8 <- 0x1
1:0x8: 0x12345678 -> 0x123456ff"
	run rtl_trace
	assert_output 'read 0x8 4 0x12345678'
}

@test "/dev/mem: what the kernel refuses, and what helps" {
	run_tool mem read 0x100000
	assert_exit 4
	assert_err 'keeps RAM'
	run_tool mem read 0x10000000000000
	assert_exit 1
	assert_err "no address of this processor's"
}

@test "/dev/mem: the same registers over it" {
	base=$(bar_base "$edu" 0)
	trace_on
	run_tool --via devmem -s "$edu" regs read 0x0
	assert_output 0x010000ed
	run_tool mem read "$base"
	assert_output 0x010000ed
	run_tool mem write "$(printf '0x%x' $((base + 4)))=0x0f0f0f0f"
	assert_exit 0
	run_tool mem dump "$base..$(printf '0x%x' $((base + 4)))"
	assert_output --regexp ': 010000ed f0f0f0f0 '
	trace_off
	run trace_lines edu-mmio "$base"
	assert_output "read 0x0 4 0x10000ed
read 0x0 4 0x10000ed
write 0x4 4 0xf0f0f0f
read 0x0 4 0x10000ed
read 0x4 4 0xf0f0f0f0"
	run_tool --via devmem -s "$rtl" regs read 0:0
	assert_exit 6
}

@test "bad operands are refused with nothing touched" {
	trace_on
	for operands in 0x100000 0xfffff 0x2 0x10000000000000000 5:0x0 1:0x0 08 0x '' 0x0z 6:0 0x0/24 -- -1; do
		run_tool -s "$edu" regs write -- "${operands}=1"
		[[ $status -eq 2 || $status -eq 6 ]]
		# one bad operand among good ones: the good ones are not written either
		run_tool -s "$edu" regs write 0x4=5 "$operands=1"
		[[ $status -eq 2 || $status -eq 6 ]]
	done
	run_tool -s "$edu" regs write 0x4=0x100000000
	assert_exit 2
	assert_err 'does not fit in 32 bits'
	run_tool -s "$edu" regs write 0x4=1:0x1ffffffff
	assert_exit 2
	run_tool -s "$rtl" regs write -w 64 0:0x0=1
	assert_exit 6
	assert_err 'up to 32'
	trace_off
	run trace_lines edu-mmio "$(bar_base "$edu" 0)"
	assert_output ''
}

@test "a 64-bit BAR's upper half is no BAR" {
	run_tool -s "$shm" regs read 3:0x0
	assert_exit 6
	assert_err 'upper half of the 64-bit BAR 2'
}

@test "decoding off: said, with the command that turns it on" {
	pcietool -s "$edu" config write COMMAND=0:2
	run_tool -s "$edu" regs read 0x0
	assert_exit 1
	assert_err 'memory decoding is off'
	assert_err "hint: enable it with 'pcietool -s $edu config write COMMAND=0x2:0x2'"
	# shellcheck disable=SC2154 # bats' own
	eval "$(sed -n "s/.*'\(pcietool .*\)'/\1/p" <<<"$stderr")"
	run_tool -s "$edu" regs read 0x0
	assert_exit 0
	pcietool -s "$rtl" config write COMMAND=0:1
	run_tool -s "$rtl" regs read 0:0x0/8
	assert_exit 1
	assert_err 'I/O decoding is off'
}

@test "not root: exit 4 says so" {
	run --separate-stderr setpriv --reuid 65534 --clear-groups pcietool -s "$edu" regs read 0x0
	assert_exit 4
	assert_err 'run as root'
	run --separate-stderr setpriv --reuid 65534 --clear-groups pcietool -s "$edu" config read COMMAND
	assert_exit 0
	run --separate-stderr setpriv --reuid 65534 --clear-groups pcietool -s "$edu" config write COMMAND=0
	assert_exit 4
	run --separate-stderr setpriv --reuid 65534 --clear-groups pcietool -s "$edu" config read 0x40
	assert_exit 4
	assert_err 'only root'
	run --separate-stderr setpriv --reuid 65534 --clear-groups pcietool mem read 0x0
	assert_exit 4
}

@test "selecting: by id, by address, by environment, several" {
	run_tool -d 1234:11e8 regs read 0x0
	assert_output 0x010000ed
	PCIETOOL_DEVICE=1234:11e8 run_tool regs read 0x0
	assert_output 0x010000ed
	PCIETOOL_DEVICE=$edu run_tool regs read 0x0
	assert_output 0x010000ed
	run_tool -s "$rtl" -d 1234:11e8 regs read 0x0
	assert_exit 3
	run_tool -s 00: regs read 0x0
	assert_exit 3
	assert_err "$edu"
	assert_err "$rtl"
	run_tool -s 1f:1f.7 regs read 0x0
	assert_exit 3
	run_tool regs read 0x0
	assert_exit 3
	assert_err PCIETOOL_DEVICE
}

@test "config space: read, write, dump as setpci and lspci have it" {
	run_tool -s "$edu" config read VENDOR_ID command CAP_MSI/16 CAP_MSI+2/16 0x0 0x0/8
	assert_exit 0
	assert_line --index 0 0x1234
	assert_line --index 1 "0x$(setpci -s "$edu" COMMAND)"
	assert_line --index 2 "0x$(setpci -s "$edu" CAP_MSI.w)"
	assert_line --index 3 "0x$(setpci -s "$edu" CAP_MSI+2.w)"
	assert_line --index 4 0x11e81234
	assert_line --index 5 0x34
	# SERR# is on where a firmware was that turned it on
	was=$(setpci -s "$edu" COMMAND)
	assert_regex "$was" '^0[01]03$'
	run_tool -s "$edu" config write COMMAND=0x4:0x4
	assert_exit 0
	assert_equal "$(setpci -s "$edu" COMMAND)" "${was%3}7"
	run_tool -s "$edu" config write COMMAND=0:0x4
	assert_equal "$(setpci -s "$edu" COMMAND)" "$was"
	run_tool -s "$edu" config read CAP_EXP+4
	assert_exit 6
	run_tool -s "$edu" config read NO_SUCH
	assert_exit 2
	run_tool -s "$nvme" config dump -o "$BATS_TEST_TMPDIR/dump"
	assert_exit 0
	cmp "$BATS_TEST_TMPDIR/dump" "/sys/bus/pci/devices/$nvme/config"
	run_tool -s "$edu" config dump
	assert_line --index 1 --partial '00: 34 12 e8 11'
}
