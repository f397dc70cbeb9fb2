# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Commands on a disk that is full at a moment that is chosen, by build/tests/lib/fail_call:  load ../lib/full_disk  after
# common. The disk is the working directory.

# each_failure CHECK COMMAND...: the command as often as it makes, writes, sizes, syncs, closes or names a file; each time
# another of these calls fails, and each time it and all behind it, or the latter only, with $STAYS_FULL. Exit status 1 and $TOLD are asserted; CHECK asserts the rest, with what failed in $failed: the call's name and its path. The first $SKIPPED are left
# alone. Without a failure the exit status is $ENDS, or 0. Each time the disk is as it was at first.
TOLD='No space left on device'
# shellcheck disable=SC2154 # status and stderr are bats' own
each_failure() {
	local check=$1 i count more log=${BATS_TEST_TMPDIR:?}/fail_call.log before=$BATS_TEST_TMPDIR/before.disk
	shift
	rm -rf "$before"
	cp -a . "$before"
	run_apart "$BUILD/tests/lib/fail_call" -d . -l "$log" -- "$@"
	assert_exit "${ENDS:-0}"
	count=$(wc -l <"$log")
	((count > ${SKIPPED:-0})) || fail "it wrote nothing: $*"
	for ((i = ${SKIPPED:-0} + 1; i <= count; i++)); do
		for more in '' -a; do
			[[ -n $more || -z ${STAYS_FULL:-} ]] || continue
			find . -mindepth 1 -delete
			cp -a "$before/." .
			run_apart timeout -k 5 60 "$BUILD/tests/lib/fail_call" -n "$i" $more -d . -l "$log" -- "$@"
			failed=$(sed -n "${i}s/^[0-9]* //p" "$log")
			# a file without a name is not had everywhere: then there is another way; and what was synced is
			# whole, whatever its close says
			case $failed$more in
			'openat '*/. | 'close '*' (deleted)'*) ((status != 0)) || continue ;;
			esac
			if [[ $status -ne 1 || $stderr != *"$TOLD"* ]] || ! "$check"; then
				batslib_print_kv_single_or_multi 8 command "$*" failed "$i $more: $failed" \
					status "$status" output "$output" stderr "$stderr" files "$(find . -type f)" |
					batslib_decorate 'a full disk' | fail
			fi
		done
	done
	find . -mindepth 1 -delete
	cp -a "$before/." .
}

# is_whole_or_not_at_all FILE COMMAND...: with such a failure FILE is not there, or as it was; nothing else is left. With
# --dry-run it is neither made nor opened.
is_whole_or_not_at_all() {
	local file=$1
	shift
	rm -f "$file"
	# the command line's first word is the tool
	run_apart "$1" --dry-run "${@:2}"
	assert_exit 0
	[[ -z $(ls -A) ]] || fail "--dry-run made $(ls -A): $*"
	each_failure has_no_file "$@"
	echo old >"$file"
	each_failure has_old_file "$@"
}

has_no_file() {
	assert_err "$file: No space left on device" && [[ -z $(ls -A) ]]
}

has_old_file() {
	assert_err "$file: No space left on device" && [[ $(ls -A) == "$file" && $(<"$file") == old ]]
}
