#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Sessions at their limits: many commands at a time, little memory, few files; a device that goes away under all of
# them; what a batch in a session leaves open.
#
# qemu: -device intel-iommu,intremap=on -device edu -device edu
# append: intel_iommu=on
# timeout: 1500
# test-timeout: 400
# usually: 6.1

# shellcheck disable=SC2016,SC2030,SC2031,SC2154 # scripts for another shell; a test is a process of its own
load ../lib/common
load ../lib/guest
load ../lib/capture
load ../lib/session

setup() {
	session_setup
}

teardown() {
	[ -e "/sys/bus/pci/devices/$edu" ] || echo 1 >/sys/bus/pci/rescan
	session_teardown
}

# Interrupts of the device: not enabled as messages, none of its own in the kernel's table.
interrupts_are_off() {
	assert_equal "$((0x$(setpci -s "$edu" CAP_MSI+2.w) & 1))" 0
	run grep "vfio-.*$edu" /proc/interrupts
	assert_failure
}

@test "more commands at a time than the holder has places for: they wait" {
	run_tool session -- bash -c 'seq 200 | xargs -P 200 -I{} pcietool regs read 0x0 | sort | uniq -c | tr -s " "'
	assert_exit 0
	assert_output ' 200 0x010000ed'
	hold 'SILENT=100 python3 "$bad" crowd & until [ -e crowded ]; do sleep 0.1; done; touch ready; exec ./nap 100'
	export PCIETOOL_SESSION=/run/pcietool/session/$edu
	pcietool regs read 0x0 >out 2>err 3>&- &
	waiting=$!
	sleep 1
	kill -0 "$waiting"
	assert_equal "$(<out)" ''
	pkill -f bad_client.py
	wait "$waiting"
	assert_equal "$(<out)" 0x010000ed
	assert_equal "$(<err)" ''
	kill -TERM "$holder"
	holder_ended
}

# VFIO claims a BAR at its first use without a lock: of two commands that are the first at a time one hears EBUSY.
@test "a BAR that another command is about to claim: tried again, and not for ever" {
	run_tool session -- bash -c 'LD_PRELOAD=$BUILD/tests/lib/busy_device.so BUSY_DEVICE=3 pcietool regs read 0x0'
	assert_exit 0
	assert_output 0x010000ed
	run_tool session -- bash -c 'LD_PRELOAD=$BUILD/tests/lib/busy_device.so BUSY_DEVICE=9999 pcietool regs read 0x0'
	assert_exit 1
	assert_err 'mapping BAR 0: Device or resource busy'
}

@test "more buffers and clients than COMMAND may have files" {
	run bash -c 'ulimit -S -n 40; pcietool session -- bash -c "ulimit -S -n
		for ((i = 0; i < 60; i++)); do pcietool dma alloc --name b\$i 4k >/dev/null || exit; done
		pcietool session status --json"'
	assert_success
	assert_line --index 0 40
	assert_equal "$(jq .sessions[0].buffers <<<"${lines[1]}")" 60
	at_rest_after
}

@test "a batch in a session closes what it has opened" {
	for ((i = 0; i < 100; i++)); do
		printf 'dma read a+0+16 -o /dev/null\nirq list\ndma alloc --name b 4k\ndma verify b --pattern zero\ndma free b\n'
	done >lines
	run_tool session -- bash -c 'pcietool dma alloc --name a 4k >/dev/null; pcietool irq enable --type msi
		ulimit -n 30; pcietool batch lines >/dev/null; echo $?; ls /proc/$PPID/fd | wc -l >one
		pcietool batch lines >/dev/null; ls /proc/$PPID/fd | wc -l | diff - one && echo same'
	assert_exit 0
	assert_output $'0\nsame'
	at_rest_after
}

@test "started by one that ignores its children's end" {
	run python3 -c 'import os, signal
signal.signal(signal.SIGCHLD, signal.SIG_IGN)
os.execvp("pcietool", ["pcietool", "session", "--", "bash", "-c", "exit 9"])'
	assert_failure 9
	at_rest_after
}

@test "memory to the last byte that is available is refused, most of it is had; nobody is killed" {
	# locking memory takes an emulated CPU on a busy host its time
	run_tool session --mask 64 -- bash -c 'kb=$(awk "/MemAvailable/ {print \$2}" /proc/meminfo)
		for percent in 100 97 80; do
			pcietool dma alloc --name a $((kb * percent / 100))k >/dev/null
			echo "$percent: $?"
			pcietool -q dma free a 2>/dev/null
		done'
	assert_exit 0
	assert_output $'100: 1\n97: 1\n80: 0'
	assert_err 'are more than'
	run dmesg
	refute_output --regexp 'Out of memory|oom-kill|invoked oom'
	at_rest_after
}

@test "interrupts are off after a session, and after one that was killed" {
	for signal in TERM KILL; do
		hold "$script"
		run grep -c "vfio-.*$edu" /proc/interrupts
		assert_output 1
		kill -"$signal" "$holder"
		holder_ended
		pkill -x nap || true
		until_true nobody_left
		interrupts_are_off
		# what a killed one leaves in the folder the next one takes away
		run_tool session -- true
		at_rest_after
	done
}

@test "INTx: process by process, none is lost and none comes twice" {
	run_tool session -- bash -c 'set -e; pcietool irq enable --type intx
		for ((i = 0; i < 10; i++)); do
			before=$(pcietool irq list --json | jq .vectors[0].count)
			pcietool regs write 0x60=1
			pcietool irq wait --since $before --timeout 5s
			pcietool regs write 0x64=1
		done
		pcietool irq wait --since 10 --timeout 100ms || echo "status $?"'
	assert_exit 0
	assert_output "$(seq 10)"$'\nstatus 7'
	at_rest_after
}

@test "what waits when interrupts are enabled anew is told" {
	run_tool session -- bash -c 'pcietool irq enable --type msi
		pcietool irq wait --timeout 60s & waiting=$!; until_true waits $waiting
		pcietool irq disable; wait $waiting; echo "status $?"'
	assert_exit 0
	assert_output 'status 1'
	# also where it would have waited for ever
	run_tool session -- bash -c 'pcietool irq enable --type msi
		pcietool irq wait & waiting=$!; until_true waits $waiting
		pcietool irq disable; wait $waiting; echo "status $?"'
	assert_exit 0
	assert_output 'status 1'
	assert_err 'not enabled'
}

@test "the device is removed under a wait, a capture and a script: exit 5 for all, no hang" {
	hold 'pcietool irq enable --type msi; pcietool config write COMMAND=4:4
		(trap "" TERM HUP; pcietool irq wait --timeout 60s; echo "irq $?" >irq.status) 2>irq.err &
		(trap "" TERM HUP; pcietool dma capture -w 64 --block 2k --each 0x80=0x40000 --each 0x88=@block --each 0x90=@block.size \
			--each 0x98=3 --done "0x98==0:1" -o out; echo "capture $?" >capture.status) 2>capture.err &
		until [ -s out ]; do sleep 0.1; done; touch ready; exec ./nap 100'
	timeout 60 bash -c 'echo 1 >"/sys/bus/pci/devices/$1/remove"' - "$edu"
	holder_ended
	assert_equal "$status" 5
	until_true test -s irq.status
	until_true test -s capture.status
	cat capture.err
	assert_equal "$(cat irq.status capture.status)" $'irq 5\ncapture 5'
	[ ! -e "/sys/bus/pci/devices/$edu" ]
	echo 1 >/sys/bus/pci/rescan
	until_true test -e "/sys/bus/pci/devices/$edu"
	pcietool -f driver bind --to vfio --mask 28
	at_rest_after
}

@test "a holder that has the device by another program's doing names that" {
	group=$(basename "$(readlink "/sys/bus/pci/devices/$edu/iommu_group")")
	python3 -c 'import os, sys, time
f = os.open(sys.argv[1], os.O_RDWR); open("ready", "w"); time.sleep(60)' "/dev/vfio/$group" 3>&- &
	other=$!
	until_true test -e ready
	run_tool session -- true
	assert_exit 4
	assert_err "python3 (process $other) has /dev/vfio/$group open"
	kill "$other"
	wait "$other" || true
	run_tool session -- true
	assert_exit 0
}

@test "a second session of another user is told, without the first one's command" {
	group=$(basename "$(readlink "/sys/bus/pci/devices/$edu/iommu_group")")
	chown nobody "/dev/vfio/$group"
	hold "$script"
	run setpriv --reuid=65534 --regid=65534 --clear-groups env -u XDG_RUNTIME_DIR pcietool session -- true
	assert_failure 4
	assert_output --partial "another process has /dev/vfio/$group open"
	kill -TERM "$holder"
	holder_ended
}

@test "a command of several lines is shown on one" {
	pcietool session -- bash -c $'touch ready\n\t# \x01\x7f\nexec ./nap 100' 3>&- &
	holder=$!
	until_true test -e ready
	run_tool session status
	assert_equal "${#lines[@]}" 2
	assert_line --index 0 --regexp ": bash -c touch ready +# +exec ./nap 100$"
	kill -TERM "$holder"
	holder_ended
	assert_equal "$status" 143
}

@test "--bind: a session that is killed leaves the device to driver release; what COMMAND does is no matter" {
	pcietool driver release
	pcietool session --bind vfio -- bash -c 'touch ready; exec ./nap 100' 3>&- &
	holder=$!
	until_true test -e ready
	kill -KILL "$holder"
	holder_ended
	pkill -x nap || true
	run_tool driver release
	assert_exit 0
	[ ! -e "/sys/bus/pci/devices/$edu/driver" ]
	run_tool session --bind vfio -- bash -c 'exit 3'
	assert_exit 3
	[ ! -e "/sys/bus/pci/devices/$edu/driver" ]
	run_tool session --bind no-such-driver -- true
	[ "$status" -ne 0 ]
	[ ! -e "/sys/bus/pci/devices/$edu/driver" ]
	# one that is bound already stays so
	pcietool driver bind --to vfio
	run_tool session --bind vfio -- true
	assert_exit 0
	assert_equal "$(basename "$(readlink "/sys/bus/pci/devices/$edu/driver")")" vfio-pci
}

@test "COMMAND that does not want to end is killed, what it started is hung up" {
	hold 'trap "" TERM HUP; (trap "" TERM HUP; touch ready; while pcietool regs read 0x0 >/dev/null 2>&1; do sleep 0.1; done
		pcietool regs read 0x0 2>/dev/null; echo "$?" >last) & wait; wait; ./nap 100; ./nap 100'
	kill -TERM "$holder"
	holder_ended
	assert_equal "$status" 143
	until_true test -s last
	assert_equal "$(<last)" 5
	at_rest_after
}

# lacking WHAT COMMAND...: proc, where there is none; run, which cannot be written to; a number of descriptors.
write_lacking() {
	cat >lacking <<-'END'
		what=$1
		shift
		case $what in
		proc) exec unshare -m bash -c 'mount -t tmpfs none /proc; exec "$@"' - "$@" ;;
		run) exec unshare -m bash -c 'mount --bind /run /run; mount -o remount,bind,ro /run; exec "$@"' - "$@" ;;
		[0-9]*)
			for fd in /proc/self/fd/*; do
				fd=${fd##*/}
				((fd < 3 || fd == 255)) || eval "exec $fd>&-"
			done
			exec prlimit --nofile="$what" "$@"
			;;
		esac
		exec "$@"
	END
}

# Those that a fake tree has no kernel for; the others are tests/host/limits.bats.
@test "without /proc, with a /run that cannot be written to, with few descriptors: it works, or says what is missing" {
	local what words line run='-w 64 --block 2k --each 0x80=0x40000 --each 0x88=@block --each 0x90=@block.size --each 0x98=3'
	run+=' --done 0x98==0:1 --size 2k --timeout 10s -o file'
	write_lacking
	echo 'pcietool irq enable --type msi && pcietool irq list' >irqs
	pcietool -s "$second" driver bind --mask 28
	pcietool -s "$second" dma alloc --name a 4k >/dev/null
	for what in nothing proc run 4 8; do
		for device in "$edu" "$second"; do
			pcietool -s "$device" config write COMMAND=6:6
		done
		printf '%s:' "$what"
		while read -r line; do
			read -r -a words <<<"$line"
			rm -f file
			run_apart bash lacking "$what" pcietool "${words[@]}" </dev/null
			printf ' %s' "$status"
			case $what:$status in
			nothing:* | *:0) ;;
			*:7) [[ $line == *'irq wait'* ]] ;;
			proc:1) assert_err /proc ;;
			run:4) assert_err 'Read-only file system' ;;
			[48]:1) assert_err 'Too many open files' ;;
			*) fail "$what: $line: $status $stderr" ;;
			esac >&2
		done <<-END
			-s $second driver status
			-s $second dma alloc --name b 4k
			-s $second dma list
			-s $second dma fill a --pattern count8
			-s $second dma verify a --pattern count8
			-s $second dma read a -o file
			-s $second irq enable --type msi
			-s $second irq list
			-s $second irq wait --timeout 1ms
			-s $second dma capture $run
			-s $second dma free --idle b
			-s $edu dma capture $run
			-s $edu session -- true
			-s $edu session -- pcietool dma alloc --name b 4k
			-s $edu session -- bash irqs
			session status
			-s $second driver release --idle
			-s $second driver bind --mask 28
		END
		echo
		# where it was refused
		pcietool -q -s "$second" driver bind --mask 28
		pcietool -q -s "$second" dma alloc --name a 4k >/dev/null 2>&1 || true
	done >table
	# 7: a wait in vain
	assert_equal "$(head -1 table)" 'nothing: 0 0 0 0 0 0 0 0 7 0 0 0 0 0 0 0 0 0'
}
