# shellcheck shell=bash disable=SC2034 # status, output, stderr are for the tests
# SPDX-License-Identifier: GPL-2.0-or-later
#
# What the capture tests share:  load ../lib/capture  after guest. The device is $PCIETOOL_DEVICE.

# take VENDOR:DEVICE [OPTION...]: binds it to the helper and selects it.
take() {
	local id=$1
	shift
	PCIETOOL_DEVICE=$(bdf_of "$id")
	export PCIETOOL_DEVICE
	pcietool driver bind "$@"
}

# ready: its BARs decoded, a bus master, its old interrupt line silent.
ready() {
	pcietool config write COMMAND=0x407:0x407
}

# assert_at_rest: it is no bus master, and nothing of its memory is left.
assert_at_rest() {
	run_tool config read COMMAND
	assert_exit 0
	assert_equal "$((output & 4))" 0
	run_tool dma list --json
	assert_exit 0
	assert_json '.buffers | length' 0
}

# assert_given_back: at rest, and no memory is held back, of this capture or one before.
assert_given_back() {
	assert_at_rest
	assert_json .held.buffers 0
}

# begin ARG...: a dma command in the background, with the signals that a shell would have it ignore;
# its process is $pid, its outputs are the files out.txt and err.txt.
pid=
begin() {
	cd "$BATS_TEST_TMPDIR" || return
	env --default-signal=INT,PIPE pcietool dma "$@" >out.txt 2>err.txt 3>&- &
	pid=$!
}

# ended: waits for what begin began; its exit status is $status then.
ended() {
	local left=${TOOL_TIMEOUT:-120}
	while kill -0 "$pid" 2>/dev/null && ((left-- > 0)); do
		sleep 0.5
	done
	if ((left < 0)); then
		kill -KILL "$pid"
		echo "it does not end" >&2
	fi
	status=0
	wait "$pid" || status=$?
	output=$(<"$BATS_TEST_TMPDIR/out.txt")
	stderr=$(<"$BATS_TEST_TMPDIR/err.txt")
}

# clean_up: for teardown; ends what begin began.
clean_up() {
	[[ -z $pid ]] || kill -KILL "$pid" 2>/dev/null || true
	while mountpoint -q "$BATS_TEST_TMPDIR/mnt" && umount "$BATS_TEST_TMPDIR/mnt"; do :; done
}

# make_disk: an ext4 at mnt, which knows direct I/O.
make_disk() {
	mkdir -p mnt
	[[ -e /dev/loop-control ]] || modprobe loop
	grep -qw ext4 /proc/filesystems || modprobe ext4
	truncate -s 64M disk
	mkfs.ext4 -q disk
	mount -o loop disk mnt
}
