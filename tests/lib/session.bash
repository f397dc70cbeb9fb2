# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Sessions of an edu device that is bound to vfio-pci, in the background:  load ../lib/session  after common and guest.

session_setup() {
	session_options=()
	edu=$(bdf_of 1234:11e8)
	second=$(bdf_of 1234:11e8 1)
	export PCIETOOL_DEVICE=$edu
	pcietool driver bind --to vfio --mask 28
	cd "$BATS_TEST_TMPDIR" || return
	export bad=$TOP/tests/lib/bad_client.py
	# bats has sleeps of its own
	cp "$(command -v sleep)" nap
}

session_teardown() {
	[ -z "${holder:-}" ] || kill -KILL "$holder" 2>/dev/null || true
	until_true nobody_left || true
	pkill -x nap || true
	chmod 755 /run/pcietool 2>/dev/null || true
	chmod 700 /run/pcietool/session 2>/dev/null || true
	for device in "$edu" "$second"; do
		PCIETOOL_SESSION='' pcietool -q -f -s "$device" driver release || true
	done
}

nobody_left() {
	! pgrep -x pcietool >/dev/null
}

# begun COMMAND-LINE: has that wait begun, in a session?
begun() {
	local pid
	pid=$(pgrep -o -f "^$1") && waits "$pid"
}
export -f begun waits until_true

# hold SCRIPT: a session in the background, with "${session_options[@]}"; returns when SCRIPT has made the file "ready", and
# its ./nap has begun: a shell that has not got so far has another name.
hold() {
	rm -f ready
	pcietool "${session_options[@]}" session -- bash -c "$1" >holder.out 2>holder.err 3>&- &
	holder=$!
	local left=600
	until [ -e ready ]; do
		((left-- > 0)) && kill -0 "$holder" || return
		sleep 0.1
	done
	case $1 in
	*'exec ./nap '* | *'./nap 100 &'*) until_true pgrep -x nap >/dev/null ;;
	esac
}

# holder_ended: its exit status is $status.
holder_ended() {
	status=0
	wait "$holder" || status=$?
	holder=
}

at_rest_after() {
	assert_equal "$((0x$(setpci -s "$edu" COMMAND.w) & 4))" 0
	run_tool session status
	assert_output ''
	assert_equal "$(ls -A /run/pcietool/session)" ''
	# and it can be had again
	run_tool session -- pcietool dma list
	assert_exit 0
	assert_output ''
}

script='pcietool dma alloc --name rx 64k >/dev/null && pcietool irq enable --type msi &&
	pcietool config write COMMAND=4:4 && touch ready && exec ./nap 100'
