# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# The vocabulary of all bats files, on the host and in the guest:  load ../lib/common

bats_require_minimum_version 1.5.0
# Their own load files start a dozen processes, for every single test; that is felt in an emulated CPU.
for library in "${BATS_LIB_PATH%%:*}"/bats-{support,assert}/src/*.bash; do
	# shellcheck source=/dev/null
	source "$library"
done
unset library

# Before each command of a test, its libraries' and bats' own too, bats notes the whole stack, for the lines that it tells
# of a failure: more than half of a test's time. The lines of the test's own file are enough.
if declare -F bats_setup_tracing >/dev/null; then
	eval "traced_$(declare -f bats_setup_tracing)"
	bats_setup_tracing() {
		traced_bats_setup_tracing
		# shellcheck disable=SC2154 # bats' own
		trap '[[ $BASH_SOURCE != "$BATS_TEST_SOURCE" ]] || bats_debug_trap "$BASH_SOURCE"' DEBUG
	}
fi

TOP=$(cd "${BASH_SOURCE[0]%/*}/../.." && pwd -P)
export TOP
export BUILD=${BUILD:-$TOP/build}
# terminals of tests: only pager.bats has one
export PAGER=cat
[[ :$PATH: == *":$BUILD:"* ]] || export PATH=$BUILD:$PATH
# behind the others: what tests/setup unpacked and did not install
[[ :$PATH: == *":$TOP/build/tools/usr/bin:"* ]] || export PATH=$PATH:$TOP/build/tools/usr/bin

# jq 1.6 takes five times as long to start as 1.7, in a guest eight times, 0.4 s: where a newer one was unpacked it is
# asked, with the libc that it needs. A function, as a script before it would be one more program to start.
if [[ $HOSTTYPE == x86_64 && -e $TOP/build/vm/jq/usr/bin/jq ]]; then
	jq() {
		local root=$TOP/build/vm/jq
		"$root/lib64/ld-linux-x86-64.so.2" --library-path "$root/usr/lib/x86_64-linux-gnu" "$root/usr/bin/jq" "$@"
	}
	export -f jq
fi

# is_sanitized: is the program one that AddressSanitizer watches? It wants all of the address space.
is_sanitized() {
	grep -qF __asan_init "$BUILD/pcietool"
}

# note_documents TEXT [FILE]: where tests/run collects the JSON documents that tests see, those in TEXT and in FILE are added,
# with the test's name, for tests/schemas to look at. No process is started for it.
note_documents() {
	[[ -n ${TEST_DOCUMENTS:-} ]] || return 0
	[[ $1 == "${NOTED:-}" || $1 != *'{"schema":"pcietool/'* ]] ||
		printf '#%s: %s\n%s\n' "${BATS_TEST_FILENAME##*/}" "$BATS_TEST_DESCRIPTION" "$1" >>"$TEST_DOCUMENTS"
	NOTED=$1
	[[ -z ${2:-} ]] || note_documents "$(<"$2")"
}

# run_apart PROGRAM ARG...: what run --separate-stderr does, with half as many processes.
# shellcheck disable=SC2034 # lines and stderr_lines are for the tests
run_apart() {
	local file=${BATS_TEST_TMPDIR:-$BATS_FILE_TMPDIR}/stderr-$BASHPID flags=$-
	trap bats_interrupt_trap_in_run INT
	set +eET
	output=$(exec "$@" 2>"$file") && status=0 || status=$?
	read -d '' -r stderr <"$file"
	IFS=$'\n' read -d '' -r -a lines <<<"$output"
	IFS=$'\n' read -d '' -r -a stderr_lines <<<"$stderr"
	BATS_RUN_COMMAND=$*
	# of one that was killed there may be half a document
	((status >= 124)) || note_documents "$output"
	set "-$flags"
	trap bats_interrupt_trap INT
}

# run_limited COMMAND...: as run_apart, with a time limit. In the guest bats' own limit for a test is enough where
# TOOL_TIMEOUT names no other: one process more, each time, is felt in an emulated CPU.
run_limited() {
	local limit=()
	[[ -n ${VM_QEMU:-} && -z ${TOOL_TIMEOUT:-} ]] || limit=(timeout -k 5 "${TOOL_TIMEOUT:-30}")
	run_apart "${limit[@]}" "$@"
}

# run_tool ARG...: pcietool with a time limit, for $status, $output and $stderr.
run_tool() {
	run_limited pcietool "$@"
}

# assert_exit N: the status of the last run; shows both outputs when it was another one.
# shellcheck disable=SC2154 # status, output and stderr are bats' own
assert_exit() {
	[[ $status -eq $1 ]] && return
	batslib_print_kv_single_or_multi 8 \
		expected "$1" actual "$status" output "$output" stderr "${stderr:-}" |
		batslib_decorate 'wrong exit status' | fail
}

# assert_err TEXT: the last run's standard error holds this text.
assert_err() {
	[[ ${stderr:-} == *"$1"* ]] && return
	batslib_print_kv_single_or_multi 8 expected "$1" stderr "${stderr:-}" |
		batslib_decorate 'standard error does not hold' | fail
}

# refute_err TEXT: it does not.
refute_err() {
	[[ ${stderr:-} != *"$1"* ]] && return
	batslib_print_kv_single_or_multi 8 unwanted "$1" stderr "${stderr:-}" |
		batslib_decorate 'standard error holds' | fail
}

# run_terminal ROWSxCOLUMNS ARG...: pcietool in a terminal of that size; standard error is there too.
run_terminal() {
	run timeout -k 5 90 python3 "$TOP/tests/lib/prompt.py" -w "$1" -- pcietool "${@:2}"
}

# assert_columns N: no line of the last run's output is wider.
assert_columns() {
	local line
	# shellcheck disable=SC2154 # lines is bats' own
	for line in "${lines[@]}"; do
		((${#line} <= $1)) || fail "wider than $1 columns: $line"
	done
}

# json FILTER: what jq's filter makes of the last run's output, unquoted; fails when that is no JSON.
json() {
	note_documents "$output"
	jq -r "$@" <<<"$output"
}

# assert_json FILTER EXPECTED
assert_json() {
	assert_equal "$(json "$1")" "$2"
}

# bdf_of VENDOR:DEVICE [N]: the address of the (Nth) device with these ids, as sysfs has it.
bdf_of() {
	local vendor=0x${1%:*} device=0x${1#*:} skip=${2:-0} dir
	for dir in "${SYSROOT:-}"/sys/bus/pci/devices/*; do
		[[ $(<"$dir/vendor") == "$vendor" && $(<"$dir/device") == "$device" ]] || continue
		if ((skip-- == 0)); then
			printf '%s\n' "${dir##*/}"
			return
		fi
	done
	echo "no device $1" >&2
	return 1
}

# bar_base BDF N: where a BAR lies, as sysfs has it.
bar_base() {
	awk -v "n=$2" 'NR == n + 1 {print $1}' "${SYSROOT:-}/sys/bus/pci/devices/$1/resource"
}

# tool_as_nobody ARG...: pcietool as a user without rights, for $status, $output and $stderr; needs root.
tool_as_nobody() {
	chmod go+x "$BATS_RUN_TMPDIR" "$BATS_RUN_TMPDIR"/* 2>/dev/null || true
	[[ -n ${NOBODY_READY:-} ]] || chmod -R go+rX "$BATS_TEST_TMPDIR"
	NOBODY_READY=1
	run_limited setpriv --reuid=65534 --regid=65534 --clear-groups --no-new-privs "$BUILD/pcietool" "$@"
}

# shellcheck source=tests/lib/until.bash
source "$TOP/tests/lib/until.bash"

# waits PID: has that "irq wait", "regs wait" or capture begun to wait? What was there before is noted first, and the
# kernel's log held open from then on.
waits() {
	local fd
	for fd in "/proc/$1/fd/"*; do
		[[ ! $fd -ef ${SYSROOT:-}/dev/kmsg ]] || return 0
	done
	return 1
}

# meanwhile PID COMMAND...: the command, while that process is stopped: it sees all of what is done, or nothing.
meanwhile() {
	local stopped=$1
	shift
	kill -STOP "$stopped"
	until_true grep -q '^State:.T' "/proc/$stopped/status"
	"$@"
	kill -CONT "$stopped"
}

# watches PID: has that watch begun? It catches a SIGTERM once it knows what was there before. (proc(5), SigCgt)
watches() {
	local word mask
	# the shell that becomes it catches one too
	[[ /proc/$1/exe -ef $BUILD/pcietool ]] || return
	while read -r word mask; do
		[[ $word != SigCgt: ]] || return $((!(0x$mask & 1 << 14)))
	done 2>/dev/null <"/proc/$1/status"
	return 1
}

# run_tool_limited FILES ARG...: with so many descriptors.
run_tool_limited() {
	# what bats has open beside the usual three would count
	# shellcheck disable=SC2016 # the inner shell's
	run --separate-stderr bash -c '
		for fd in /proc/self/fd/*; do
			fd=${fd##*/}
			((fd < 3)) || eval "exec $fd>&-"
		done
		exec prlimit --nofile="$1" pcietool --sysroot "$SYSROOT" "${@:2}"' - "$@"
}
