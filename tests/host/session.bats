#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
#
# session: what must be refused before anything is opened, and what it makes of its folder, on a fake tree. What a
# session is good for is proved in the machine.

load ../lib/common
load ../lib/fake_device

bdf=0000:01:00.0

setup() {
	# a short path, as it holds a socket
	SYSROOT=$(mktemp -d /tmp/pcietool-host-XXXXXX)
	export SYSROOT
	unset PCIETOOL_DEVICE PCIETOOL_SESSION
	mkdir -p "$SYSROOT/sys/bus/pci/devices" "$SYSROOT/sys/bus/pci/drivers/nvme" "$SYSROOT/run" "$SYSROOT/proc/self"
	fake_pci $bdf 0x1234 0x11e8 0xff0000
	ln -s ../../drivers/nvme "$SYSROOT/sys/bus/pci/devices/$bdf/driver"
	folder=$SYSROOT/run/pcietool/session
}

teardown() {
	[ -z "${server:-}" ] || kill "$server" 2>/dev/null || true
	rm -rf "$SYSROOT"
}

tool() {
	run_tool --sysroot "$SYSROOT" "$@"
}

session() {
	tool -s 01:00.0 session "$@"
}

make_folder() {
	mkdir -p "$folder"
	chmod 700 "$folder"
}

# until_made FILE
until_made() {
	local left=600
	until [ -e "$1" ]; do
		((left-- > 0)) || return
		sleep 0.05
	done
}

# has_lock: somebody who has the lock of a session of $bdf, as a holder would.
has_lock() {
	make_folder
	python3 - "$folder/$bdf.lock" <<-'END' 3>&- &
		import fcntl, os, struct, sys, time
		fd = os.open(sys.argv[1], os.O_RDWR | os.O_CREAT, 0o600)
		os.write(fd, b"process 4711: make test")
		# F_OFD_SETLK of struct flock: a lock for writing, of all of it
		fcntl.fcntl(fd, 37, struct.pack("hhqqi4x", 1, 0, 0, 0, 0))
		open(sys.argv[1] + "ed", "w").close()
		time.sleep(60)
	END
	server=$!
	until_made "$folder/$bdf.locked"
	rm "$folder/$bdf.locked"
}

@test "real time: numbers that cannot be" {
	local option
	for option in '--rt 0' '--rt 100' '--rt 18446744073709551615' '--rt x' '--rt' '--cpu 1024' '--cpu 18446744073709551615' '--cpu x' \
		'--lock=1'; do
		# shellcheck disable=SC2086 # two words
		session $option -- touch "$SYSROOT/ran"
		assert_exit 2
	done
	[[ ! -e $SYSROOT/ran && ! -e $folder ]]
}

@test "real time: without the right to it the device is not opened" {
	run_apart setpriv --bounding-set=-sys_nice prlimit --rtprio=0 pcietool --sysroot "$SYSROOT" -s 01:00.0 session --rt 50 -- \
		touch "$SYSROOT/ran"
	assert_exit 4
	assert_err 'real-time priority 50: Operation not permitted'
	assert_err RLIMIT_RTPRIO
	[[ ! -e $SYSROOT/ran && ! -e $folder ]]
}

@test "real time: without the right to lock memory the device is not opened" {
	! is_sanitized || skip 'AddressSanitizer locks nothing, and says that it did'
	run_apart setpriv --bounding-set=-ipc_lock prlimit --memlock=65536 pcietool --sysroot "$SYSROOT" -s 01:00.0 session --lock -- \
		touch "$SYSROOT/ran"
	assert_exit 4
	assert_err 'locking memory: '
	assert_err RLIMIT_MEMLOCK
	[[ ! -e $SYSROOT/ran && ! -e $folder ]]
}

@test "real time: a dry run says what would be, and changes nothing" {
	fake_driver $bdf vfio-pci
	for option in '--rt 0' '--rt 100' '--cpu 1023' '--cpu 4096'; do
		# shellcheck disable=SC2086 # an option and its argument
		session --dry-run $option -- true
		assert_exit 2
	done
	session --dry-run --json --rt 10 --cpu 0 --lock -- true
	assert_exit 0
	assert_json '"\(.priority) \(.cpu) \(.lock)"' '10 0 true'
	session --dry-run --json -- true
	assert_json '"\(.priority) \(.cpu) \(.lock)"' 'null null false'
	session --dry-run --rt 10 --cpu 0 -- true
	assert_output --partial ', real-time priority 10, on processor 0: true'
}

@test "usage errors: nothing is opened, no folder is made" {
	for words in '' '--' '--mask 11 -- true' '--mask 65 -- true' '--mask x -- true' '--mask 08 -- true' '--bind' \
		'--no-such -- true' '-- no-such-program' '-- /etc/passwd' '-- /' '--no-such-driver=1 -- true'; do
		# shellcheck disable=SC2086
		session $words
		assert_exit 2
		assert_output ''
	done
	session -- ''
	assert_exit 2
	[ ! -e "$SYSROOT/run/pcietool" ]
	tool session -- true
	assert_exit 3
	tool -s 02:00.0 session -- true
	assert_exit 3
	[ ! -e "$SYSROOT/run/pcietool" ]
}

@test "a dry run fails where the real run would" {
	local option
	for option in '' --dry-run; do
		session $option -- true
		assert_exit 6
		assert_err "$bdf: there is nothing to hold: its driver is nvme"
		session $option --bind vfio -- true
		assert_exit 4
		assert_err "$bdf: the driver nvme is bound"
		tool -s 01:00.0 --via uio session $option -- true
		assert_exit 6
		tool -s 01:00.0 --via helper session $option --reset -- true
		assert_exit 6
		assert_err '--reset: over the kernel helper'
	done
	fake_driver $bdf vfio-pci
	has_lock
	for option in '' --dry-run; do
		session $option -- true
		assert_exit 4
		assert_err "$bdf: a session has the device: process 4711: make test"
	done
}

@test "a dry run opens nothing and runs nothing" {
	fake_driver $bdf vfio-pci
	session --dry-run -- touch "$SYSROOT/ran"
	assert_exit 0
	assert_output "$bdf: touch $SYSROOT/ran"
	session --dry-run --bind vfio --json -- touch "$SYSROOT/ran"
	assert_exit 0
	assert_json .bind vfio-pci
	assert_json .dry_run true
	[[ ! -e $SYSROOT/ran && ! -e $folder ]]
}

@test "VFIO's no-IOMMU mode: refused with the way out, before anything is opened" {
	mkdir -p "$SYSROOT/sys/kernel/iommu_groups/7/devices" "$SYSROOT/sys/bus/pci/drivers/vfio-pci"
	echo vfio-noiommu >"$SYSROOT/sys/kernel/iommu_groups/7/name"
	ln -s "../../../../../kernel/iommu_groups/7" "$SYSROOT/sys/bus/pci/devices/$bdf/iommu_group"
	ln -sfn ../../../drivers/vfio-pci "$SYSROOT/sys/bus/pci/devices/$bdf/driver"
	for words in 'session -- true' 'batch -' 'dma capture --block 4k --each 0x0=0 --done 0x0==0 -o -'; do
		# shellcheck disable=SC2086 # words
		run_tool --sysroot "$SYSROOT" -s 01:00.0 $words <<<'dma alloc --name a 4k'
		assert_exit 6
		assert_err 'no-IOMMU mode'
		assert_err 'driver bind --to helper'
	done
	echo DMA >"$SYSROOT/sys/kernel/iommu_groups/7/name"
	session -- true
	refute_err 'no-IOMMU mode'
}

@test "nodes that a container was not given: which are missing, of both of VFIO's interfaces" {
	local device=$SYSROOT/sys/bus/pci/devices/$bdf
	fake_driver $bdf vfio-pci
	fake_group $bdf 7
	session -- true
	assert_exit 6
	assert_err 'there is no /dev/vfio/7 here'
	assert_err '/dev/vfio/vfio'
	mkdir -p "$device/vfio-dev/vfio0"
	echo 511:0 >"$device/vfio-dev/vfio0/dev"
	session -- true
	assert_exit 6
	assert_err 'there is no /dev/vfio/devices/vfio0 here'
	assert_err 'only the nodes that it was started with: /dev/iommu and this one, or /dev/vfio/vfio and /dev/vfio/7'
	mkdir -p "$SYSROOT/dev/vfio/devices"
	: >"$SYSROOT/dev/vfio/devices/vfio0"
	run_tool --sysroot "$SYSROOT" -j -s 01:00.0 session -- true
	assert_exit 6
	assert_json .error.code no-node
	assert_json .error.message "$bdf: there is no /dev/iommu here"
	rm -r "$device/vfio-dev"
	mknod "$SYSROOT/dev/vfio/7" c 511 1048575 || skip 'no nodes here'
	: >"$SYSROOT/dev/vfio/vfio"
	session -- true
	assert_exit 6
	assert_err 'the /dev/vfio/7 here is no device'
}

@test "a device whose driver holds nothing: which it is, and what to do; no socket, no lock stays" {
	session -- true
	assert_exit 6
	assert_err nvme
	assert_err --bind
	assert_equal "$(stat -c %a "$folder")" 700
	assert_equal "$(ls -A "$folder")" ''
	rm "$SYSROOT/sys/bus/pci/devices/$bdf/driver"
	session -- true
	assert_exit 6
	assert_err none
	tool -s 01:00.0 --via vfio session -- true
	assert_exit 6
	tool -s 01:00.0 --via uio session -- true
	assert_exit 6
	assert_equal "$(ls -A "$folder")" ''
}

@test "what the way that --bind names has not is refused before anything is bound" {
	session --bind uio --mask 32 -- touch ran
	assert_exit 2
	assert_err "--mask is the helper's and VFIO's"
	for words in '--bind uio' '--bind helper' '--dry-run --bind uio_pci_generic' '--bind pcietool'; do
		# shellcheck disable=SC2086 # several words
		session $words --reset -- touch ran
		assert_exit 2
		assert_err "--reset is VFIO's"
	done
	[ ! -e ran ]
	session --force --dry-run --bind helper --mask 32 -- true
	assert_exit 0
	session --force --dry-run --bind vfio --mask 32 --reset -- true
	assert_exit 0
}

@test "a folder that others may look into, or that is a link, is not used" {
	make_folder
	chmod 755 "$folder"
	session -- true
	assert_exit 4
	assert_err 'not a private folder'
	rmdir "$folder"
	mkdir -m 700 "$SYSROOT/elsewhere"
	ln -s "$SYSROOT/elsewhere" "$folder"
	session -- true
	assert_exit 4
	rm "$folder"
	: >"$folder"
	session -- true
	assert_exit 4
	assert_equal "$(ls -A "$SYSROOT/elsewhere")" ''
}

@test "status believes nothing in a folder that others can write to" {
	has_lock
	chmod 777 "$folder"
	tool session status
	assert_exit 4
	assert_output ''
	assert_err 'not a private folder'
	mv "$folder" "$SYSROOT/elsewhere"
	ln -s "$SYSROOT/elsewhere" "$folder"
	chmod 700 "$SYSROOT/elsewhere"
	tool session status --json
	assert_exit 4
	assert_json .error.code not-private
}

@test "no session: status says nothing, and makes nothing" {
	tool session status
	assert_exit 0
	assert_output ''
	tool session status --json
	assert_exit 0
	assert_json .schema pcietool/session-status/1
	assert_json '.sessions | length' 0
	[ ! -e "$SYSROOT/run/pcietool" ]
	# a tree that cannot be written to, or has no such folder at all
	rm -rf "$SYSROOT/run"
	tool session status
	assert_exit 0
	tool session status more
	assert_exit 2
}

@test "what a killed one left: status passes it over, the next one takes it" {
	make_folder
	echo 'process 1: true' >"$folder/$bdf.lock"
	python3 -c 'import socket, sys
s = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET); s.bind(sys.argv[1])' "$folder/$bdf"
	: >"$folder/.lock"
	: >"$folder/lock"
	tool session status
	assert_exit 0
	assert_output ''
	session -- true
	assert_exit 6
	refute_err 'process 1'
	[ ! -e "$folder/$bdf.lock" ]
}

@test "one that is there: who has it; that it does not answer" {
	has_lock
	session -- true
	assert_exit 4
	assert_err 'process 4711: make test'
	tool session status
	assert_exit 0
	assert_output "$bdf  process 4711: make test"$'\n  it does not answer'
	tool session status --json
	assert_json '.sessions[0] | "\(.device) \(.holder) \(.pid)"' "$bdf process 4711: make test null"
	# the other one's lock is left alone
	[ -e "$folder/$bdf.lock" ]
	tool -s 01:00.1 session status
	assert_exit 3
}

@test "a session that does not answer is not one that is not there: exit 5, nothing else is tried" {
	make_folder
	export PCIETOOL_SESSION=$folder/$bdf
	tool -s 01:00.0 regs read 0x0
	assert_exit 5
	assert_err 'session has ended'
	# garbage in its place
	: >"$folder/$bdf"
	tool -s 01:00.0 regs read 0x0
	assert_exit 5
	# of another device: it is none of ours
	export PCIETOOL_SESSION=$folder/0000:02:00.0,,/,x
	tool -s 01:00.0 config read 0x0/16
	assert_exit 0
	assert_output 0x1234
	export PCIETOOL_SESSION=,
	tool -s 01:00.0 config read 0x0/16
	assert_exit 0
}

@test "a path that is too long for a socket is an error with that path" {
	long=$SYSROOT/$(printf 'a%.0s' {1..100})
	mkdir "$long"
	mv "$SYSROOT"/[sr]* "$long/"
	run_tool --sysroot "$long" -s 01:00.0 session -- true
	[ "$status" -ne 0 ]
	assert_err 'too long'
	assert_err --sysroot
	[ ! -e "$long/run/pcietool/session/$bdf.lock" ]
}

@test "completion: status, options, COMMAND" {
	run pcietool --complete session ''
	assert_line status
	assert_line --index -1 -- --files--
	run pcietool --complete session --ma
	assert_line -- --mask
	run pcietool --complete session --bind ''
	assert_line vfio
	run pcietool --complete session status --js
	assert_output --json
	run pcietool --complete session status ''
	assert_output ''
	# behind -- everything is COMMAND's
	run pcietool --complete session -- s
	assert_output -- --files--
	run pcietool --complete session -- ls -
	assert_output -- --files--
	run pcietool --complete session --mask 28 -- status ''
	assert_output -- --files--
}
