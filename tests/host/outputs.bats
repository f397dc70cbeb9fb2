#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
#
# What -o and its siblings may lead to: a descriptor that the shell opened, a link to nothing, and no name at all. For every
# command that takes the name of a file to write. A capture's, and a link that the kernel does not follow, are
# tests/vm/capture_edu.bats'.

load ../lib/common
load ../lib/fake_device

setup() {
	fake_edu
	printf '%s\n' map,board register,ID,0x0,32,ro register,CTRL,0x4,32,rw >"$BATS_TEST_TMPDIR/m.map"
	head -c 1024 /dev/urandom >"$SYSROOT/sys/bus/pci/devices/$dev/rom"
	head -c 300 /dev/urandom >"$SYSROOT/sys/bus/pci/devices/$dev/vpd"
	mkdir "$BATS_TEST_TMPDIR/files"
	cd "$BATS_TEST_TMPDIR/files" || return
	on_edu=(pcietool --sysroot "$SYSROOT" -s "$dev")
	"${on_edu[@]}" --trace ../edu.trace regs read 0x0
}

# The words of each command that writes a file, with its option as the last.
writers() {
	printf '%s\n' 'config save -o' 'config dump -o' 'regs dump -o' '--map ../m.map regs snapshot -o' \
		'info --rom' 'info --vpd' "map convert $TOP/examples/edu.map -o" 'map new -o' 'snapshot -o' 'report -o' \
		'metrics -o' 'trace export ../edu.trace -o'
}

# tool WORD...: the last of them the name.
tool() {
	run_limited "${on_edu[@]}" "$@"
}

# on_file HOW NAME WORD...: with that NAME behind the words, where the file "log" has HOW been opened as descriptor 1 and 7.
on_file() {
	printf 'kept\n' >log
	# shellcheck disable=SC2016 # the inner shell's
	run_limited bash -c '
		if [[ $1 == append ]]; then exec >>log; else exec 1<>log && read -r -u 1; fi
		exec 7>&1
		shift
		echo before; "$@"; status=$?; echo after; exit "$status"' - "$1" "${on_edu[@]}" "${@:3}" "$2"
}

@test "a descriptor that a shell opened is written to where it is, and nothing of its file is lost" {
	local words to
	while read -ra words; do
		[[ ${words[0]} != report ]] || continue
		run_limited "${on_edu[@]}" "${words[@]}" plain
		assert_exit 0
		for to in 'append /dev/stdout' 'append /dev/fd/7' 'place /dev/fd/1' 'place /proc/self/fd/7' 'place /proc/thread-self/fd/7'; do
			on_file "${to% *}" "${to#* }" "${words[@]}"
			assert_exit 0
			head -c 12 log | cmp - <(printf 'kept\nbefore\n')
			tail -c 6 log | cmp - <(echo after)
			(($(stat -c %s log) >= $(stat -c %s plain) + 18)) || fail "$to: ${words[*]}"
			# these have the time in them
			[[ ${words[*]} == *snapshot* || ${words[0]} == metrics ]] ||
				cmp -n "$(stat -c %s plain)" plain <(tail -c +13 log)
			assert_equal "$(ls)" $'log\nplain'
		done
		rm plain
	done < <(writers)
}

@test "report to a descriptor" {
	on_file append /dev/fd/7 report -o
	assert_exit 0
	head -c 12 log | cmp - <(printf 'kept\nbefore\n')
	# what comes behind it is no part of it
	(tail -c +13 log | gzip -dc 2>/dev/null || true) | tar t >list
	grep -qx report/about.txt list
}

@test "a descriptor by the name of a link, and of a link to that" {
	ln -s /dev/fd/7 one
	ln -s one two
	on_file append two map new -o
	assert_exit 0
	assert_equal "$(head -n 2 log)" $'kept\nbefore'
	assert_equal "$(tail -n 1 log)" after
	[[ -L one && -L two ]]
}

# held HOW: another process, $holder, has the file "log" open as descriptor 7: at its end, where it is, or to read.
held() {
	printf 'kept\n' >log
	case $1 in
	append) sleep 60 7>>log 3>&- >/dev/null 2>&1 & ;;
	place) { read -r -u 7 && exec sleep 60; } 7<>log 3>&- >/dev/null 2>&1 & ;;
	read) sleep 60 7<log 3>&- >/dev/null 2>&1 & ;;
	esac
	holder=$!
	until_true grep -qx sleep "/proc/$holder/comm"
}

@test "a descriptor of another process is written to where it is" {
	local words how name inode
	# shellcheck disable=SC2043 # one is enough where all come to the same place
	while read -ra words; do
		run_limited "${on_edu[@]}" "${words[@]}" plain
		for how in append place; do
			held "$how"
			inode=$(stat -c %i log)
			tool "${words[@]}" "/proc/$holder/fd/7"
			kill "$holder"
			assert_exit 0
			assert_equal "$(stat -c %i log)" "$inode"
			assert_equal "$(head -n 1 log)" kept
			(($(stat -c %s log) >= $(stat -c %s plain) + 5)) || fail "$how: ${words[*]}"
		done
	done < <(grep -v 'metrics\|report' < <(writers))
	# a thread's name, a link to it, what has no name any more
	pcietool map new -o plain
	for name in task link gone; do
		held append
		ln -sfn "/proc/$holder/fd/7" link
		case $name in
		task) pcietool map new -o "/proc/$holder/task/$holder/fd/7" ;;
		link) pcietool map new -o link ;;
		gone)
			rm log
			pcietool map new -o "/proc/$holder/fd/7"
			cat "/proc/$holder/fd/7" >log
			;;
		esac
		cmp <(echo kept; cat plain) log
		kill "$holder"
	done
	[[ -L link ]]
	# one that is open to read is none, and its file stays as it is
	held read
	run_limited pcietool map new -o "/proc/$holder/fd/7"
	kill "$holder"
	assert_exit 1
	assert_err 'Bad file descriptor'
	assert_equal "$(<log)" kept
	assert_equal "$(echo log* *log*)" 'log log'
}

@test "a descriptor of another process that cannot be taken over is no output, and its file stays" {
	local inode
	held append
	inode=$(stat -c %i log)
	chmod 666 log
	# without CAP_SYS_PTRACE, and with a process that may be followed and not attached to
	run_limited setpriv --inh-caps=-sys_ptrace --bounding-set=-sys_ptrace --no-new-privs pcietool map new -o "/proc/$holder/fd/7"
	if [[ $status -eq 0 ]]; then
		assert_equal "$(stat -c %i log)" "$inode"
		assert_equal "$(head -n 1 log)" kept
	else
		assert_exit 1
		assert_equal "$(<log)" kept
	fi
	run_limited setpriv --reuid=65534 --regid=65534 --clear-groups --no-new-privs "$BUILD/pcietool" map new -o "/proc/$holder/fd/7"
	kill "$holder"
	assert_exit 1
	assert_equal "$(stat -c %i log)" "$inode"
}

@test "what cannot be written to, and what the program itself has open, is no output" {
	local name
	# shellcheck disable=SC2016 # the inner shell's
	run_limited bash -c 'exec 7<"$0" && exec "$@"' ../m.map pcietool map new -o /dev/fd/7
	assert_exit 1
	assert_err 'Bad file descriptor'
	# a device's registers are open when the file is
	for name in {3..20}; do
		# shellcheck disable=SC2016 # the inner shell's
		run_limited bash -c '
			for fd in /proc/self/fd/*; do
				fd=${fd##*/}
				((fd < 3)) || eval "exec $fd>&-"
			done
			exec "$@"' - "${on_edu[@]}" regs dump -o "/dev/fd/$name"
		assert_exit 1
	done
	assert_equal "$("${on_edu[@]}" regs read 0x0)" 0x010000ed
}

@test "a pipe, a socket, /dev/null, a full device" {
	local words
	while read -ra words; do
		tool "${words[@]}" /dev/null
		assert_exit 0
		[[ -c /dev/null ]]
		tool "${words[@]}" /dev/full
		assert_exit 1
		assert_err 'No space left'
	done < <(writers)
	pcietool map new -o plain
	pcietool map new -o /dev/stdout | cmp plain
	run_limited python3 - <<-'END'
		import socket, subprocess
		ours, theirs = socket.socketpair()
		subprocess.run(["pcietool", "map", "new", "-o", "/dev/stdout"], stdout=theirs, check=True)
		theirs.close()
		assert ours.makefile("rb").read() == open("plain", "rb").read()
	END
	assert_exit 0
}

@test "a link to what is not there makes what it leads to" {
	local words
	mkdir there
	while read -ra words; do
		ln -s there/new link
		tool "${words[@]}" link
		assert_exit 0
		[[ -L link && -s there/new && ! -L there/new ]]
		assert_equal "$(ls -A . there)" $'.:\nlink\nthere\n\nthere:\nnew'
		rm link there/new
		ln -s nowhere/new link
		tool "${words[@]}" link
		assert_exit 1
		assert_err 'No such file'
		assert_equal "$(ls -A)" $'link\nthere'
		rm link
	done < <(writers)
}

@test "a link to nothing, and a failure: nothing is made" {
	ln -s new link
	tool regs dump -o link 0x0+0x100000000
	assert_exit 2
	# more than the first bytes that a file holds
	run_limited prlimit --fsize=16 pcietool map new -o link
	assert_exit 1
	assert_equal "$(ls -A)" link
}

# What is read would fail, too: what is told is what was tried first.
@test "where the output cannot be made, nothing is read for it" {
	local words
	while read -ra words; do
		[[ ${words[0]} != map && ${words[0]} != trace ]] || continue
		case ${words[*]} in
		'config save'* | 'config dump'*) truncate -s 0 "$SYSROOT/sys/bus/pci/devices/$dev/config" ;;
		*' --rom' | *' --vpd') rm -f "$SYSROOT/sys/bus/pci/devices/$dev/"{rom,vpd} ;;
		esac
		tool --trace accesses "${words[@]}" nowhere/new
		assert_exit 1
		assert_err 'nowhere/new: No such file'
		refute_err 'the trace'
		# config space is looked at to find out whether registers can be read at all
		[[ ${words[*]} != *'regs '* ]] || sed -i '/ config:/d; /^#/d' accesses
		[[ ! -s accesses ]] || fail "read: ${words[*]}"
		rm -f accesses
	done < <(writers)
	# a whole machine
	rm -r "$SYSROOT/sys"
	for words in snapshot report metrics; do
		run_tool --sysroot "$SYSROOT" "$words" -o nowhere/new
		assert_exit 1
		assert_err 'nowhere/new: No such file'
	done
	assert_equal "$(ls -A)" ''
}

@test "a dry run fails where the output cannot be made, and makes none where it can" {
	local words place
	mkdir full
	: >closed
	while read -ra words; do
		for place in none/file full closed/file; do
			tool "${words[@]}" "$place"
			assert_exit 1
			message=$stderr
			tool --dry-run "${words[@]}" "$place"
			assert_exit 1
			assert_equal "$stderr" "$message"
		done
		tool --dry-run "${words[@]}" new
		assert_exit 0
		assert_equal "$(ls)" $'closed\nfull'
	done < <(writers)
}

@test "what cannot be read leaves nothing, and an old file as it was" {
	local words
	printf 'old\n' >file
	chmod 666 file
	rm -f "$SYSROOT/sys/bus/pci/devices/$dev/"{rom,vpd}
	truncate -s 0 "$SYSROOT/sys/bus/pci/devices/$dev/config"
	for words in 'config save -o' 'info --rom' 'info --vpd' 'regs dump 0x0+0x100000000 -o' 'regs snapshot -o'; do
		# shellcheck disable=SC2086 # several words
		for name in new file; do
			tool $words $name
			((status != 0)) || fail "$words"
		done
		assert_equal "$(ls -A) $(<file)" 'file old'
	done
	# in a folder that may not be written to the file itself is
	[[ $EUID -eq 0 ]] || return 0
	tool_as_nobody --sysroot "$SYSROOT" -s "$dev" config save -o file
	((status != 0))
	assert_equal "$(<file)" old
}

@test "a bench's files are looked at before it begins" {
	local words
	for words in 'mmio 0x0' 'irq 0x60=1 0x64=1'; do
		# shellcheck disable=SC2086 # several words
		tool --trace accesses bench $words --count 10 --hgrm nowhere/new
		assert_exit 1
		assert_err 'nowhere/new: No such file'
		[[ ! -s accesses ]]
		# shellcheck disable=SC2086 # several words
		tool --trace accesses bench $words --count 10 --hgrm .
		assert_exit 1
		assert_err '.: Is a directory'
		[[ ! -s accesses ]]
	done
	tool bench mmio 0x0 --count 10 --hgrm file
	assert_exit 0
	[[ -s file ]]
}

@test "standard output by another name is not for JSON too" {
	local name
	for name in - /dev/stdout /dev/fd/1; do
		tool -j regs dump -o $name
		assert_exit 2
		tool -j dma capture -o $name --size 4k --block 4k --blocks 1 --done 0x0==0
		assert_exit 2
		assert_json .error.message "--json and '-o $name': both want standard output"
		tool dma capture -o - --index $name --size 4k --block 4k --blocks 1 --done 0x0==0
		[[ $name == - ]] || assert_exit 2
	done
}

@test "a trace, and then more in the same file" {
	# shellcheck disable=SC2016 # the inner shell's
	run_limited bash -c '"$@" --trace /dev/fd/7 regs read 0x0 7>log >/dev/null; exec 7>log2 && "$@" --trace /dev/fd/7 regs read 0x4 >/dev/null && echo last >&7' \
		- "${on_edu[@]}"
	assert_exit 0
	assert_equal "$(head -c 10 log2)" "$(head -c 10 log)"
	assert_equal "$(grep -c '' log2)" $(($(grep -c '' log) + 1))
	assert_equal "$(tail -n 1 log2)" last
	sed -i '$d' log2
	run_tool trace show log2
	assert_exit 0
	# a pipe that is not there by a name, and one that is full of nothing
	run bash -c '"$@" --trace /dev/stdout regs read 0x0 | cat >piped' - "${on_edu[@]}"
	assert_success
	grep -q '^# pcietool trace ' piped
}

@test "no name at all is a usage error" {
	local words
	while read -ra words; do
		tool "${words[@]}" ''
		assert_exit 2
	done < <(writers)
	for words in '--trace' '--from-dump'; do
		run_tool --sysroot "$SYSROOT" -s "$dev" $words '' regs read 0x0
		assert_exit 2
		assert_err "$words"
	done
	for words in 'dma capture -o' 'dma capture -o file --index' 'dma play -i' 'dma capture --recipe' 'regs load 0x0 -i' \
		'twin serve --log' 'check --baseline'; do
		# shellcheck disable=SC2086 # several words
		tool $words ''
		assert_exit 2
	done
	assert_equal "$(ls -A)" ''
}

@test "pipes that somebody else has made non-blocking are waited for, as others are" {
	fake_bar "$dev" 0 0xfe000000 0x100000 0x40200
	fake_resource "$dev" 0 1048576
	head -c 1048576 /dev/urandom >"$SYSROOT/sys/bus/pci/devices/$dev/resource0"
	run_limited python3 - "${on_edu[@]}" <<-'END'
		import os, subprocess, sys, threading, time
		tool = sys.argv[1:]
		bar = open(os.environ["SYSROOT"] + "/sys/bus/pci/devices/0000:01:00.0/resource0", "rb").read()
		def run(words, given=b""):
		    theirs, ours = os.pipe()
		    back, out = os.pipe()
		    os.set_blocking(theirs, False)
		    os.set_blocking(out, False)
		    def give():
		        for at in range(0, len(given), 65536):
		            time.sleep(0.005)
		            os.write(ours, given[at : at + 65536])
		        os.close(ours)
		    child = subprocess.Popen(tool + words, stdin=theirs, stdout=out)
		    os.close(theirs)
		    os.close(out)
		    thread = threading.Thread(target=give)
		    thread.start()
		    taken = b""
		    while piece := os.read(back, 4096 if len(taken) < 100000 else 1 << 20):
		        taken += piece
		        time.sleep(0.001)
		    thread.join()
		    assert child.wait() == 0, words
		    return taken
		assert run(["regs", "dump", "-o", "-"]) == bar
		assert run(["regs", "dump", "-o", "/dev/fd/1"]) == bar
		assert run(["--trace", "/dev/stdout", "regs", "dump", "-o", "/dev/null"]).count(b" R 32 ") >= 262144
		run(["regs", "load", "-i", "-", "0x0"], bar[::-1])
		assert run(["regs", "dump", "-o", "-"]) == bar[::-1]
		run(["batch", "-"], b"regs write 0x0=1\n" * 20000)
	END
	assert_exit 0
	tool regs read 0x0
	assert_output 0x00000001
}

# through_full_pipe FD WORD...: what comes of the command through a full, non-blocking pipe is what it writes to a file.
through_full_pipe() {
	local wanted_status
	"${on_edu[@]}" "${@:2}" >wanted.1 2>wanted.2 </dev/null && wanted_status=0 || wanted_status=$?
	run_limited python3 "$TOP/tests/lib/full_pipe.py" "$1" "${on_edu[@]}" "${@:2}"
	assert_exit "$wanted_status"
	[[ -s wanted.$1 ]] || fail "it writes nothing: ${*:2}"
	[[ $output == "$(<"wanted.$1")" ]] || fail "${*:2}: $(diff "wanted.$1" - <<<"$output")"
}

@test "a full pipe that somebody else has made non-blocking: text, JSON and messages wait for room" {
	local words
	printf 'regs read 0x0\n%.0s' {1..500} >many
	while read -ra words; do
		through_full_pipe 1 "${words[@]}"
	done <<-END
		list -n
		-j list -n
		-j config show
		--map ../m.map regs dump
		-j regs wait 0x0==1 --timeout 0s
		batch many
		-j batch many
		map new
		map convert $TOP/examples/edu.map --to svd
		trace show ../edu.trace
		trace export ../edu.trace
		--help
		regs read --help
		--version
	END
	# of these the time is another one each time
	for words in '--map ../m.map regs snapshot' metrics 'metrics -o /dev/stdout' '-j snapshot'; do
		# shellcheck disable=SC2086 # several words
		run_limited python3 "$TOP/tests/lib/full_pipe.py" 1 "${on_edu[@]}" $words
		assert_exit 0
		[[ $output ]]
	done
	through_full_pipe 2 regs read 0x40000000
	through_full_pipe 2 nonsense
	through_full_pipe 2 -D regs write 0x0=1 -o
	on_edu=(pcietool)
	through_full_pipe 1 --complete-described l
}

@test "what is read from a pipe that somebody else has made non-blocking is waited for" {
	local file=config wanted words
	"${on_edu[@]}" config dump >"$file"
	"${on_edu[@]}" -q snapshot -o base.json
	for words in 1 2 3; do
		printf '{"schema":"pcietool/dma-capture-index/1","block":%d,"time_ns":%d}\n' "$words" "$((words * 1000))"
	done >index
	while read -r file words; do
		# shellcheck disable=SC2086 # several words
		run_limited "${on_edu[@]}" $words <"$file"
		assert_exit 0
		wanted=$output
		# shellcheck disable=SC2086
		run_limited python3 "$TOP/tests/lib/full_pipe.py" --in "$file" 1 "${on_edu[@]}" $words
		assert_exit 0
		assert_equal "$output" "$wanted"
	done <<-END
		config --from-dump - config dump
		config config diff - config
		base.json check --baseline -
		index bench blocks -
	END
}
