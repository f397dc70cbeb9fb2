#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
#
# The device as files, on a fake tree, where this machine lets one mount. With a real device: tests/vm/mount.bats.

load ../lib/common
load ../lib/fake_device

setup() {
	fake_edu
	cd "$BATS_TEST_TMPDIR" || return
	mkdir m
	cat >board.map <<-'END'
		map,board
		register,ID,0x0,32,ro
		register,CTRL,0x4,32,rw
		field,CTRL,START,0
		field,CTRL,MODE,7:4
		enum,CTRL.MODE,SLOW,0
		enum,CTRL.MODE,FAST,5
		register,KICK,0x8,32,wo
		register,FIFO,0xc,32,ro,read=clear
		register,BYTE,0x10,8,rw
		register,CH[0].LEN,0x20,32,rw
	END
}

teardown() {
	! mountpoint -q m || umount m || umount -l m
	until_true nobody_serves
}

nobody_serves() {
	! pgrep -f "pcietool .*mount $BATS_TEST_TMPDIR/m" >/dev/null
}

# mounted [OPTION...]: or the test is skipped, where nothing can be mounted here.
mounted() {
	tool --map board.map mount "$BATS_TEST_TMPDIR/m" "$@"
	# shellcheck disable=SC2154 # bats' own
	case $stderr in
	*/dev/fuse:* | *'cannot be mounted'*) skip 'nothing can be mounted here' ;;
	esac
	assert_exit 0
}

# value OFFSET: the 32-bit word there in the BAR.
value() {
	printf '0x%08x' "$(od -An -tu4 -j "$1" -N 4 "$file")"
}

@test "who is told to end before it is mounted leaves no mount" {
	local pid
	# a device and a map that are soon there come first: is one let mount here?
	mounted
	umount m
	mkfifo slow.map
	pcietool --sysroot "$SYSROOT" -s "$dev" --map slow.map mount "$BATS_TEST_TMPDIR/m" 3>&- &
	pid=$!
	# the process that stays waits for its map
	# shellcheck disable=SC2016 # the inner shell's
	until_true bash -c '[[ $(pgrep -c -f "[p]cietool .*--map slow.map mount") == 2 ]]'
	kill "$pid"
	wait "$pid" || status=$?
	assert_equal "$status" 143
	cat board.map >slow.map
	until_true nobody_serves
	run ! mountpoint -q m
}

@test "registers and fields are text: a read is an access, a write is one" {
	mounted
	assert_output ''
	assert_equal "$(ls m)" $'bar\nconfig\nerror\ninfo.json\nregs'
	assert_equal "$(ls m/regs)" "$(printf '%s\n' 'BYTE' 'CH[0].LEN' CTRL CTRL.d FIFO ID KICK | sort)"
	assert_equal "$(ls m/regs/CTRL.d)" $'MODE\nSTART'
	assert_equal "$(<m/regs/ID)" 0x010000ed
	echo 0x12 >m/regs/CTRL
	assert_equal "$(value 4)" 0x00000012
	echo FAST >m/regs/CTRL.d/MODE
	assert_equal "$(value 4)" 0x00000052
	assert_equal "$(cat m/regs/CTRL.d/MODE m/regs/CTRL.d/START)" $'0x5\n0x0'
	echo 0x1:0x1 >m/regs/CTRL
	assert_equal "$(<m/regs/CTRL)" 0x00000053
	printf 7 >'m/regs/CH[0].LEN'
	assert_equal "$(value 32)" 0x00000007
	echo 0x99 >m/regs/BYTE
	assert_equal "$(value 16)" 0x00000099
	assert_equal "$(stat -c %s m/regs/ID m/regs/BYTE m/regs/CTRL.d/MODE)" $'11\n5\n4'
	# each look is a new one, also in one open file
	exec 5<m/regs/CTRL
	assert_equal "$(cat <&5)" 0x00000053
	echo 0 >m/regs/CTRL
	python3 -c 'import os; print(os.pread(5, 64, 0).decode(), end="")' >out
	assert_equal "$(<out)" 0x00000000
	exec 5<&-
	umount m
	until_true nobody_serves
}

@test "what a condition says is not there is neither read nor written; once it is there it is" {
	cat >>board.map <<-'END'
		block,port,0x40,0x10
		register,port.DATA,0x0,32,rw
		if,port,ID:0>0
	END
	printf '\0' | dd of="$file" bs=1 conv=notrunc status=none
	mounted
	[[ -e m/regs/port.DATA ]]
	run cat m/regs/port.DATA
	assert_failure
	assert_output --partial 'Operation not supported'
	grep -F "'port.DATA' is not there, as the map's conditions have it" m/error
	run bash -c 'echo 0x77 >m/regs/port.DATA'
	assert_failure
	assert_equal "$(value 64)" 0x00000000
	printf '\1' | dd of="$file" bs=1 conv=notrunc status=none
	echo 0x77 >m/regs/port.DATA
	assert_equal "$(value 64)" 0x00000077
	assert_equal "$(<m/regs/port.DATA)" 0x00000077
}

@test "what is not safe to read cannot be read, what is read-only not written; the reason is in the file error" {
	echo register,EVENTS,0x24,32,ro,write=w1c >>board.map
	mounted
	run stat -c '%a %n' m/regs/FIFO m/regs/KICK m/regs/ID m/regs/CTRL m/regs/EVENTS
	assert_output "$(printf '%s\n' '0 m/regs/FIFO' '200 m/regs/KICK' '444 m/regs/ID' '644 m/regs/CTRL' '644 m/regs/EVENTS')"
	run cat m/regs/FIFO
	assert_failure
	assert_output --partial 'Permission denied'
	run cat m/regs/KICK
	assert_output --partial 'Permission denied'
	echo 1 >m/regs/KICK
	run grep -rs . m/regs
	assert_line 'm/regs/ID:0x010000ed'
	run bash -c 'echo 1 >m/regs/ID'
	assert_output --partial 'Permission denied'
	for line in 0x1ffffffff nonsense '1 2' '' 0x1:0x100000000; do
		run bash -c 'echo "$1" >m/regs/CTRL' - "$line"
		assert_output --partial 'Invalid argument'
	done
	echo 'QUICK' >m/regs/CTRL.d/MODE || true
	run cat m/error
	assert_line --partial "QUICK"
	assert_line --partial 'FAST'
	untouched_but_kick
	umount m
	mounted --unsafe
	assert_equal "$(<m/regs/FIFO)" 0x00000000
}

untouched_but_kick() {
	printf '\0\0\0\0' | dd of="$file" bs=1 seek=8 conv=notrunc status=none
	untouched
}

@test "config space by name, BARs by accesses of their size" {
	mounted
	assert_equal "$(<m/config/COMMAND)" 0x0003
	assert_equal "$(<m/config/COMMAND.d/MASTER)" 0x0
	echo 1 >m/config/COMMAND.d/MASTER
	tool config read COMMAND
	assert_output 0x0007
	assert_equal "$(ls m/bar)" 0
	assert_equal "$(stat -c %s m/bar/0)" 4096
	assert_equal "$(dd if=m/bar/0 bs=4 count=1 status=none | od -An -tx1 | tr -d ' \n')" ed000001
	assert_equal "$(dd if=m/bar/0 bs=2 skip=1 count=1 status=none | od -An -tx1 | tr -d ' \n')" 0001
	printf '\x11\x22\x33\x44' | dd of=m/bar/0 bs=4 seek=2 conv=notrunc status=none
	assert_equal "$(value 8)" 0x44332211
	run cat m/bar/0
	assert_failure
	assert_output --partial 'Invalid argument'
	assert_equal "$(head -n 1 m/error)" "$(printf 'bar/0: %u bytes: an access has 1, 2, 4 or 8' 131072)"
	run dd if=m/bar/0 bs=4 count=1 iflag=skip_bytes skip=2 status=none
	assert_failure
	# behind the end there is nothing
	assert_equal "$(dd if=m/bar/0 bs=4 skip=1023 status=none | wc -c)" 4
}

@test "every access is the one that was asked for" {
	mounted
	mkdir m2
	pcietool --sysroot "$SYSROOT" -s "$dev" --map board.map --trace t mount --foreground "$BATS_TEST_TMPDIR/m2" >said 3>&- &
	until_true test -e m2/regs
	ls -lR m2 >/dev/null
	cat m2/regs/CTRL
	echo FAST >m2/regs/CTRL.d/MODE
	dd if=m2/bar/0 bs=1 count=1 status=none >/dev/null
	umount m2
	wait "$!"
	assert_equal "$(<said)" "$dev is at $BATS_TEST_TMPDIR/m2"
	assert_equal "$(grep -v -e '^#' t | grep -v ' config:' | cut -d ' ' -f 3-)" "mount $dev 0:0x4 CTRL R 32 0x00000000
mount $dev 0:0x4 CTRL R 32 0x00000000
mount $dev 0:0x4 CTRL W 32 0x00000050
mount $dev 0:0x0 - R 8 0xed"
}

@test "names that mean two things: no file is something else than it is called" {
	cat >board.map <<-'END'
		map,odd
		register,A,0x0,32,rw
		field,A,B,7:0
		field,A,C,15:8
		register,A.B,0x8,32,rw
		register,R,0xc,32,rw
		field,R,F,0
		register,R.d,0x10,32,rw
	END
	mounted
	assert_equal "$(ls m/regs)" "$(printf '%s\n' A A.B A.d R R.d)"
	assert_equal "$(ls m/regs/A.d)" C
	[ -f m/regs/R.d ]
	echo 1 >m/regs/A.d/C
	assert_equal "$(value 0) $(value 8)" '0x010001ed 0x00000000'
	run ! test -e m/regs/A.d/B
}

@test "what is written is text: no byte is taken for another" {
	mounted
	for line in '5\0\0\0' '\0007' '\0'; do
		run bash -c "printf '$line' >m/regs/CTRL"
		assert_failure
	done
	printf ' \t0x7\r\n' >m/regs/CTRL
	assert_equal "$(value 4)" 0x00000007
	{ echo 1 && echo 2; } >m/regs/CTRL
	assert_equal "$(value 4)" 0x00000002
}

@test "error: why the last one failed, whatever refused it" {
	mounted
	echo nonsense >m/regs/CTRL || true
	grep -q nonsense m/error
	cat m/regs/FIFO || true
	assert_equal "$(head -n 1 m/error)" "FIFO is write-only in the map, or not safe to read: Permission denied"
	grep -q -- --unsafe m/error
	echo 1 >m/regs/ID || true
	grep -q '^ID is read-only' m/error
	for line in 'mkdir m/x' 'rmdir m/bar' 'mv m/regs/ID m/regs/NEW' 'ln -s a m/b' 'ln m/regs/ID m/regs/NEW' 'mkfifo m/p' \
		'touch m/regs/new' 'rm m/regs/ID' 'chmod 777 m/regs/ID'; do
		# shellcheck disable=SC2086 # words
		run $line
		assert_failure
		assert_output --regexp 'Operation not permitted|Permission denied'
	done
}

@test "started from anywhere: closed descriptors, others that are open, a relative root, umask" {
	timeout 20 pcietool --sysroot "$SYSROOT" -s "$dev" mount m <&- >&- 2>&- || skip 'nothing can be mounted here'
	cat m/bar/0 2>/dev/null || true
	umount m
	until_true nobody_serves
	exec 9>lock
	flock 9
	(cd "$SYSROOT/.." && umask 777 && pcietool --sysroot "${SYSROOT##*/}" -s "$dev" --map "$OLDPWD/board.map" mount "$OLDPWD/m")
	exec 9>&-
	flock -n lock true
	assert_equal "$(<m/regs/ID)" 0x010000ed
	# shellcheck disable=SC2016 # of another shell
	run timeout 20 bash -c 'x=$(pcietool --sysroot "$1" -s "$2" mount m2 3>&1 2>&1); echo "$x"' - "$SYSROOT" "$dev"
	assert_output --partial m2
	umount m
	until_true nobody_serves
	mkdir 'm, m'
	# shellcheck disable=SC2016 # as well
	timeout 20 bash -c 'x=$(pcietool --sysroot "$1" -s "$2" mount "m, m" 7>&1); echo "got $x"' - "$SYSROOT" "$dev"
	umount 'm, m'
}

@test "info.json is what info prints" {
	mounted
	tool info --json
	assert_equal "$(jq -S . m/info.json)" "$(jq -S . <<<"$output")"
}

@test "read-only; a device that goes; a process that was killed" {
	mounted --ro
	run bash -c 'echo 1 >m/regs/CTRL'
	assert_output --partial 'Read-only file system'
	tool mount m
	assert_exit 1
	assert_err "$dev is mounted there already"
	umount m
	until_true nobody_serves
	mounted
	pkill -KILL -f "pcietool .*mount $BATS_TEST_TMPDIR/m"
	run ls m
	assert_failure
	mounted
	assert_err 'whose process was killed is taken away'
	assert_equal "$(<m/regs/ID)" 0x010000ed
	rm -r "$SYSROOT/sys/bus/pci/devices/$dev"
	run cat m/regs/ID
	assert_failure
	until_true nobody_serves
	run ! mountpoint -q m
}

@test "signals end it; the JSON says where it is" {
	mounted --json
	assert_json '[.schema, .address, .read_only] | join(" ")' "pcietool/mount/1 $dev false"
	kill "$(json .pid)"
	until_true nobody_serves
	run ! mountpoint -q m
}

@test "what is no folder, no device, a batch, a dry run" {
	tool mount nowhere
	assert_exit 1
	tool mount board.map
	assert_exit 2
	run_tool --sysroot "$SYSROOT" -s 07:00.0 mount m
	assert_exit 3
	tool batch - <<<'mount m'
	assert_exit 2
	tool -D mount m
	assert_exit 0
	assert_output "would mount $dev at $BATS_TEST_TMPDIR/m"
	run ! mountpoint -q m
	# seen against its schema also where nothing can be mounted
	tool -D -j mount m
	assert_json .pid null
	[ -e /dev/fuse ] || return 0
	tool --map nothing.map mount m
	assert_exit 1
}
