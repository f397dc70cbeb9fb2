#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Compiled maps in the user's cache: what a second run makes of one is what the text says, and where the text has changed, or
# the file cannot be trusted, it is the text that counts.

load ../lib/common
load ../lib/fake_device

setup() {
	fake_edu
	export XDG_CACHE_HOME=$BATS_TEST_TMPDIR/cache
	cache=$XDG_CACHE_HOME/pcietool
	cd "$BATS_TEST_TMPDIR" || return
}

# large FILE FROM: FROM's text, long enough to be kept, and written a while ago.
large() {
	{
		cat "$2"
		printf '%*s\n' 70000 ''
	} | fold -w 1000 >"$1"
	touch -d '1 hour ago' "$1"
}

# board NAME=OFFSET...: the map board.map with these registers.
board() {
	local row
	for row in "$@"; do
		echo "register,${row%=*},${row#*=},32,rw"
	done >small
	large board.map small
}

# reads NAME VALUE
reads() {
	tool --map board.map regs read "$1"
	assert_exit 0
	assert_output "$2"
	assert_equal "$stderr" ''
}

kept() {
	find "$cache" -type f | wc -l
}

@test "a map of any format, the second time, is the same in text and in JSON" {
	local from name form
	ln -s "$TOP/maps/parts" .
	for from in "$TOP"/tests/data/svd/*.svd "$TOP"/tests/data/ipxact/*.xml "$TOP"/tests/data/formats/* \
		"$TOP"/examples/*.map "$TOP"/maps/*.map; do
		name=${from##*/}
		large "$name" "$from"
		rm -rf "$cache"
		for form in '' --json; do
			# shellcheck disable=SC2086
			XDG_CACHE_HOME=/dev/null pcietool $form --map "$name" map show >expected 2>warned
			# shellcheck disable=SC2086
			pcietool $form --map "$name" map show >first
			assert_equal "$(kept)" 1
			# shellcheck disable=SC2086
			pcietool $form --map "$name" map show >second 2>again
			cmp expected first
			cmp expected second
			cmp warned again
			XDG_CACHE_HOME=/dev/null pcietool --map "$name" map convert --to header -o expected
			pcietool --map "$name" map convert --to header -o second
			cmp expected second
		done
	done
}

@test "names, fields, values and what is near them, out of the compiled map" {
	printf 'register,%s,32,rw\n' A.ID,0x0 B.ID,0x0 CONTROL,0x8 >small
	printf '%s\n' field,CONTROL,MODE,2:1,rw enum,CONTROL.MODE,FAST,2 'block,A,0,4' 'block,B,4,4' | tac >blocks
	cat blocks small | awk '/^block/ || /^register/ {print} /^field|^enum/ {late[n++] = $0} END {while (n) print late[--n]}' >rows
	large board.map rows
	for _ in first second; do
		reads A.ID 0x010000ed
		tool --map board.map regs write CONTROL.MODE=FAST
		assert_exit 0
		tool --map board.map regs read CONTROL.MODE
		assert_output 0x2
		tool --map board.map regs read ID
		assert_exit 2
		assert_err "'ID' is the name of 2 registers in board.map: A.ID (line 3), B.ID (line 4)"
		tool --map board.map regs read CONTROL.MOD
		assert_exit 2
		assert_err 'CONTROL has no field'
		assert_err 'MODE'
		tool --map board.map regs read CONTROLL
		assert_exit 2
		assert_err 'the nearest: CONTROL'
		tool --map board.map regs decode 0x8=4
		assert_exit 0
		assert_output --partial FAST
		tool --map board.map regs decode CONTROL=4
		assert_output --partial FAST
		tool --map board.map regs dump
		assert_exit 0
		assert_output --partial CONTROL
		run pcietool --complete --map board.map map show CONTROL.
		assert_output --partial CONTROL.MODE
		run pcietool --complete --sysroot "$SYSROOT" -s "$dev" --map board.map regs write CONTROL.MODE=
		assert_output --partial FAST
	done
	assert_equal "$(kept)" 1
}

@test "a warning of what is wrong in a vendor's file comes every time" {
	cat >small <<-'END'
		<device><name>d</name><peripherals><peripheral><name>P</name><baseAddress>0</baseAddress><registers>
		<register><name>GOOD</name><addressOffset>0</addressOffset></register>
		<register><name>BAD</name><addressOffset>zero</addressOffset></register>
		</registers></peripheral></peripherals></device>
	END
	large board.map small
	tool --map board.map regs read GOOD
	first=$stderr
	[[ $first == *'board.map:3: '*'1 problem,'* ]]
	assert_equal "$(kept)" 1
	tool --map board.map regs read GOOD
	assert_exit 0
	assert_equal "$stderr" "$first"
	tool --map board.map regs read BAD
	assert_exit 2
}

@test "a file that has changed is read anew, also one that is included" {
	board A=0x0
	reads A 0x010000ed
	reads A 0x010000ed
	board A=0x4
	reads A 0x00000000
	# the same size, the same time of change
	touch -d '2 hours ago' stamp
	touch -r stamp board.map
	reads A 0x00000000
	sed -i 's/0x4/0x0/' board.map
	touch -r stamp board.map
	reads A 0x010000ed

	echo 'register,X,0x0,32,rw' >part.map
	echo 'include,part.map,0,0,as=P' >small
	large board.map small
	touch -r stamp part.map
	reads P.X 0x010000ed
	reads P.X 0x010000ed
	assert_equal "$(kept)" 1
	echo 'register,X,0x4,32,rw' >part.map
	touch -r stamp part.map
	reads P.X 0x00000000
	reads P.X 0x00000000
	rm part.map
	tool --map board.map regs read P.X
	assert_exit 1
	assert_err part.map
}

@test "one that was changed just now is not kept, nor a small one" {
	board A=0x0
	touch board.map
	reads A 0x010000ed
	[[ ! -e $cache ]]
	touch -d '1 hour ago' small
	tool --map ./small regs read A
	assert_exit 0
	[[ ! -e $cache ]]
}

@test "the file is the caller's alone, in a folder that is" {
	((EUID == 0)) || skip 'to give files away takes root'
	board A=0x4
	reads A 0x00000000
	assert_equal "$(stat -c %a "$cache" "$cache"/* | tr '\n' ' ')" '700 600 '
	good=$(echo "$cache"/*)
	board A=0x0
	reads A 0x010000ed
	cp -p "$good" lie
	for how in 'chown 12345' 'chmod 0660' 'chmod 0606'; do
		cp -p lie "$good"
		$how "$good"
		before=$(stat -c %i "$good")
		reads A 0x010000ed
		# it was made anew
		[[ $(stat -c %i%a%u "$good") != "$before"* && $(stat -c %a%u "$good") == 6000 ]]
	done
	chmod 0770 "$cache"
	reads A 0x010000ed
	chmod 0700 "$cache"
	chown 12345 "$cache"
	rm "$good"
	reads A 0x010000ed
	[[ ! -e $good ]]
}

@test "with another user's home nothing is made there, nor where nothing can be" {
	((EUID == 0)) || skip 'to give folders away takes root'
	board A=0x0
	mkdir home
	chown 12345 home
	unset XDG_CACHE_HOME
	HOME=$PWD/home reads A 0x010000ed
	assert_equal "$(ls -A home)" ''
	chown 0 home
	HOME=$PWD/home reads A 0x010000ed
	assert_equal "$(stat -c %a home/.cache home/.cache/pcietool | tr '\n' ' ')" '700 700 '
	HOME=/dev/null reads A 0x010000ed
	HOME=/proc/self reads A 0x010000ed
	HOME='' reads A 0x010000ed
}

@test "a full disk leaves nothing, and says nothing" {
	((EUID == 0)) || skip 'to mount takes root'
	unshare -m true || skip 'no mounts here'
	board A=0x0
	mkdir -p "$cache"
	# shellcheck disable=SC2016 # for the other shell
	run unshare -m bash -c '
		mount -t tmpfs -o size=16k none "$1" || exit 99
		head -c 16k /dev/zero >"$1/filler" 2>/dev/null
		pcietool --sysroot "$2" -s "$3" --map board.map regs read A && ls "$1"' - "$cache" "$SYSROOT" "$dev"
	[[ $status -ne 99 ]] || skip 'to mount'
	assert_output '0x010000ed
filler'
}

@test "another build's file is made anew: its parser may have made something else of the map" {
	board A=0x0
	reads A 0x010000ed
	good=$(echo "$cache"/*)
	cp "$good" copy
	# the note of type 3 by GNU: the build id
	python3 - "$BUILD/pcietool" other <<-'END'
		import sys
		program = bytearray(open(sys.argv[1], "rb").read())
		note = b"\x04\0\0\0\x14\0\0\0\x03\0\0\0GNU\0"
		assert program.count(note) == 1
		program[program.index(note) + len(note)] ^= 1
		open(sys.argv[2], "wb").write(program)
	END
	chmod +x other
	run ./other --sysroot "$SYSROOT" -s "$dev" --map board.map regs read A
	assert_output 0x010000ed
	run ! cmp -s copy "$good"
	reads A 0x010000ed
	cmp copy "$good"
}

@test "another version's file, and one that is none, are made anew" {
	board A=0x0
	reads A 0x010000ed
	good=$(echo "$cache"/*)
	cp "$good" copy
	printf '\xfe' | dd of="$good" bs=1 seek=8 conv=notrunc status=none
	reads A 0x010000ed
	cmp copy "$good"
	echo nonsense >"$good"
	reads A 0x010000ed
	cmp copy "$good"
	rm "$good"
	mkfifo "$good"
	reads A 0x010000ed
	rm "$good"
	ln -s "$PWD/copy" "$good"
	reads A 0x010000ed
	[[ ! -L $good ]]
}

@test "many at a time" {
	local i pids=()
	for ((i = 0; i < 2000; i++)); do echo "register,R$i,$((i % 8 * 4)),32,rw"; done >small
	large board.map small
	for i in {1..12}; do
		pcietool --sysroot "$SYSROOT" -s "$dev" --map board.map regs read R0 R1999 >"out.$i" 2>&1 &
		pids+=($!)
	done
	for i in "${pids[@]}"; do wait "$i"; done
	for i in {1..12}; do
		assert_equal "$(<"out.$i")" $'0x010000ed\n0x00000000'
	done
	assert_equal "$(kept)" 1
}
