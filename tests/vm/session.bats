#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Sessions: how they begin and end, in whatever way; who may use them; what bad clients do to them.
#
# qemu: -device intel-iommu,intremap=on -device edu -device edu
# append: intel_iommu=on
# timeout: 1500
# usually: newest

# shellcheck disable=SC2016,SC2030,SC2031,SC2154 # scripts for another shell; a test is a process of its own
load ../lib/common
load ../lib/guest
load ../lib/capture
load ../lib/session

setup() {
	session_setup
}

teardown() {
	session_teardown
}

@test "COMMAND's status is the session's; words and streams are its own" {
	run_tool session -- true
	assert_exit 0
	run_tool session -- bash -c 'exit 7'
	assert_exit 7
	run_tool session -- bash -c 'kill -TERM $$'
	assert_exit 143
	run_tool session -- no-such-program
	assert_exit 2
	run bash -c 'echo in | pcietool session -- bash -c "cat; echo err >&2; echo \"\$1\"" - "two words"'
	assert_success
	assert_line in
	assert_line err
	assert_line 'two words'
	assert_equal "$(pcietool session -- bash -c 'echo $PCIETOOL_DEVICE')" "$edu"
	# a name in the session's last test of itself: nothing stays
	at_rest_after
}

@test "real time: the holder and COMMAND, on one processor, with the holder's memory locked" {
	run_tool session --rt 42 --cpu 0 --lock -- bash -c 'chrt -p $PPID; chrt -p $$; taskset -cp $PPID; taskset -cp $$
		awk "/^VmLck/ {print (\$2 > 1000)}" /proc/$PPID/status /proc/$$/status
		pcietool config write COMMAND=6:6 && pcietool irq enable --type msi && pcietool regs write 0x60=1 &&
			pcietool irq wait --since 0 --timeout 5s'
	assert_exit 0
	assert_equal "$(grep -c 'scheduling policy: SCHED_FIFO$' <<<"$output")" 2
	assert_equal "$(grep -c 'scheduling priority: 42$' <<<"$output")" 2
	assert_equal "$(grep -c 'affinity list: 0$' <<<"$output")" 2
	# the holder's, not COMMAND's, and what irq wait says
	assert_equal "$(tail -n 3 <<<"$output")" $'1\n0\n1'
	run_tool session --cpu 700 -- true
	assert_exit 2
	assert_err 'processor 700: there is none'
	run_tool session -- bash -c 'chrt -p $$'
	assert_line --partial SCHED_OTHER
	at_rest_after
}

@test "a shell script, process by process" {
	cat >script <<-'END'
		set -e
		pcietool dma alloc --name tx 4k >/dev/null
		pcietool dma alloc --name rx 4k >/dev/null
		pcietool dma fill tx --pattern prbs31 --seed 9
		pcietool irq enable --type msi
		pcietool config write COMMAND=4:4
		pcietool regs write -w 64 0x80=@tx 0x88=0x40000 0x90=2048
		pcietool regs write 0x98=5
		pcietool irq wait --since 0 --timeout 5s
		pcietool regs write 0x64=0x100
		pcietool regs write -w 64 0x80=0x40000 0x88=@rx
		pcietool regs write 0x98=7
		pcietool irq wait --since 1 --timeout 5s
		pcietool regs write 0x64=0x100
		pcietool dma verify rx+0+2k --pattern prbs31 --seed 9
		pcietool session status --json | jq -r '.sessions[0] | "\(.via) \(.buffers) \(.interrupts)"'
	END
	run_tool session -- bash script
	assert_exit 0
	assert_output $'1\n2\nvfio 2 msi'
	at_rest_after
}

@test "the holder is told to end: COMMAND ends, the device is at rest" {
	for signal in TERM HUP; do
		hold "$script"
		kill -"$signal" "$holder"
		holder_ended
		assert_equal "$status" $((128 + $(kill -l "$signal")))
		run pgrep -x nap
		assert_failure
		at_rest_after
	done
	# a Ctrl-C is COMMAND's
	hold "$script"
	kill -INT "$holder"
	sleep 0.5
	kill -0 "$holder"
	kill -TERM "$holder"
	holder_ended
}

@test "the holder is told to end: COMMAND's trap still has the session" {
	hold 'pcietool dma alloc --name rx 4k >/dev/null
		trap "pcietool regs write 0x4=1; pcietool regs read 0x4; pcietool -f dma free --all; exit 3" TERM
		touch ready
		./nap 100 & wait'
	kill -TERM "$holder"
	holder_ended
	assert_equal "$status" 143
	assert_equal "$(<holder.out)" 0xfffffffe
	assert_equal "$(<holder.err)" ''
	pkill -x nap
	at_rest_after
}

@test "the holder is killed: COMMAND gets a hang-up, its commands end with 5, the next session works" {
	hold 'pcietool dma alloc --name rx 64k; pcietool irq enable --type msi; pcietool config write COMMAND=4:4
		(trap "" HUP; pcietool irq wait --timeout 60s; echo "irq $?" >irq.status) 2>irq.err &
		(trap "" HUP; pcietool regs wait 0x4==1 --timeout 60s; echo "regs $?" >regs.status) 2>regs.err &
		trap "touch hung-up; exit 1" HUP; ./nap 100 & nap=$!
		until_true begun "pcietool irq wait" && until_true begun "pcietool regs wait" && touch ready
		wait $nap'
	kill -KILL "$holder"
	wait "$holder" || true
	holder=
	until_true test -e hung-up
	until_true test -s irq.status
	until_true test -s regs.status
	assert_equal "$(cat irq.status regs.status)" $'irq 5\nregs 5'
	grep 'session has ended' irq.err regs.err
	pkill -x nap || true
	# what a killed one leaves, the next one takes away
	run_tool session -- true
	assert_exit 0
	at_rest_after
}

@test "COMMAND is killed; a child is killed in the middle of a capture" {
	hold "$script"
	pkill -KILL -x nap
	holder_ended
	assert_equal "$status" 137
	at_rest_after
	hold 'pcietool config write COMMAND=4:4; pcietool dma capture -w 64 --block 2k --each 0x80=0x40000 --each 0x88=@block \
		--each 0x90=@block.size --each 0x98=3 --done "0x98==0:1" --stop 0x20/32=0x80:0x80 -o out & child=$!
		until [ -s out ]; do sleep 0.1; done; kill -KILL $child; wait $child
		pcietool regs read 0x20; pcietool config read COMMAND.MASTER; pcietool dma list; pcietool dma alloc --name x 4k >/dev/null
		pcietool dma free x && echo freed; touch ready'
	holder_ended
	assert_equal "$status" 0
	assert_equal "$(cat holder.out)" $'0x00000080\n0x0\nfreed'
	at_rest_after
}

@test "a child is killed in a capture: the device is stopped over VFIO, also by a holder with --via sysfs" {
	session_options=(--via sysfs)
	hold 'pcietool config write COMMAND=4:4; pcietool regs write 0x20=0
		pcietool dma capture -w 64 --block 2k --each 0x80=0x40000 --each 0x88=@block --each 0x90=@block.size \
		--each 0x98=3 --done "0x98==0:1" --stop 0x20/32=0x80:0x80 -o out & child=$!
		until [ -s out ]; do sleep 0.1; done; kill -KILL $child; wait $child
		pcietool regs read 0x20; pcietool config read COMMAND.MASTER; touch ready'
	holder_ended
	assert_equal "$status" 0
	assert_equal "$(cat holder.out)" $'0x00000080\n0x0'
	at_rest_after
}

@test "one session a device: the second one is told who has it; another device is another session" {
	hold "$script"
	run_tool session -- true
	assert_exit 4
	assert_err "process $holder: bash -c"
	# by another way into the kernel: the group is open
	run_tool --sysroot / session -- true
	assert_exit 4
	pcietool -s "$second" driver bind --to vfio
	run_tool -s "$second" session -- pcietool regs read 0x0
	assert_exit 0
	assert_output 0x010000ed
	run_tool session status
	assert_line --index 0 --partial "$edu  process $holder: bash -c"
	assert_line --index 1 --partial 'buffers 1 of 64K, interrupts msi'
	run_tool session status --json
	assert_json '.sessions | length' 1
	assert_json '.sessions[0].pid' "$holder"
	kill -TERM "$holder"
	holder_ended
}

@test "a session inside a session" {
	pcietool -s "$second" driver bind --to vfio
	run_tool session -- bash -c 'pcietool session -- true; echo $?
		pcietool -s "$1" session -- bash -c "pcietool dma alloc --name inner 4k >/dev/null; pcietool dma list
			pcietool -s \"\$1\" dma alloc --name outer 4k > /dev/null; pcietool -s \"\$1\" dma list" - "$2"
		pcietool dma list' - "$second" "$edu"
	assert_exit 0
	assert_err 'in a session of the device already'
	assert_line --index 0 4
	assert_line --index 1 --regexp '^inner '
	assert_line --index 2 --regexp '^outer '
	assert_line --index 3 --regexp '^outer '
}

@test "masks, and more than there is" {
	run_tool session --mask 16 -- pcietool dma alloc --name a 32k
	assert_exit 0
	[ $((output + 32768)) -le 65536 ]
	run_tool session --mask 16 -- pcietool dma alloc --name a 128k
	assert_exit 1
	assert_err 'below 16 bits'
	assert_err 'would be the largest'
	run_tool session -- pcietool dma alloc --name a 100G
	assert_exit 1
	run_tool session --mask 64 -- pcietool dma alloc --name a 100G
	assert_exit 1
	assert_err 'available'
	run_tool session --mask 11 -- true
	assert_exit 2
}

@test "--bind takes the device and gives it back, also when it is told to end; --reset" {
	pcietool driver release
	run_tool session --bind vfio -- pcietool regs read 0x0
	assert_exit 0
	assert_output 0x010000ed
	[ ! -e "/sys/bus/pci/devices/$edu/driver" ]
	pcietool session --bind vfio -- bash -c 'touch ready; exec ./nap 100' 3>&- &
	holder=$!
	until_true test -e ready
	kill -TERM "$holder"
	holder_ended
	[ ! -e "/sys/bus/pci/devices/$edu/driver" ]
	run_tool session -- true
	assert_exit 6
	assert_err --bind
	run_tool session --bind vfio --reset -- true
	assert_exit 0
}

@test "the device is taken away in a session: exit 5, no hang" {
	hold 'touch ready; exec ./nap 100'
	timeout 30 bash -c 'echo "$1" >/sys/bus/pci/drivers/vfio-pci/unbind' - "$edu"
	holder_ended
	assert_equal "$status" 5
	grep 'wants the device back' holder.err
}

@test "memory that may not be locked: the number is said, and is enough" {
	group=$(basename "$(readlink "/sys/bus/pci/devices/$edu/iommu_group")")
	chown nobody "/dev/vfio/$group"
	as_nobody=(setpriv --reuid=65534 --regid=65534 --clear-groups --no-new-privs env -u XDG_RUNTIME_DIR)
	run bash -c 'ulimit -l 64; exec "$@"' - "${as_nobody[@]}" pcietool session -- pcietool dma alloc --name a 128k
	assert_failure 4
	assert_output --partial 'RLIMIT_MEMLOCK'
	need=$(sed -n "s/.*'ulimit -l \([0-9]*\)'.*/\1/p" <<<"$output")
	run bash -c 'ulimit -l '"$need"'; exec "$@"' - "${as_nobody[@]}" pcietool session -- pcietool dma alloc --name a 128k
	assert_success
}

@test "others cannot connect" {
	hold 'echo "$PCIETOOL_SESSION" >socket; touch ready; exec ./nap 100'
	socket=$(<socket)
	run setpriv --reuid=65534 --regid=65534 --clear-groups python3 "$bad" hello "$socket"
	assert_output refused
	# even if somebody opened the folders
	chmod 755 /run/pcietool /run/pcietool/session
	chmod 666 "$socket"
	run setpriv --reuid=65534 --regid=65534 --clear-groups python3 "$bad" hello "$socket"
	assert_output 'hung up'
	kill -TERM "$holder"
	holder_ended
}

# In a session: has its holder more files open than before, or as many?
has_more() {
	set -- "/proc/$PPID/fd/"*
	[ $# -gt "$(<fds.before)" ]
}

has_as_many() {
	set -- "/proc/$PPID/fd/"*
	[ $# -eq "$(<fds.before)" ]
}
export -f has_more has_as_many

@test "bad clients: each is hung up, the others are served, nothing is left" {
	hold 'cp /proc/$PPID/status before; ls /proc/$PPID/fd | wc -l >fds.before
		for kind in garbage half empty long magic type hello many descriptors connections; do
			echo "$kind: $(python3 "$bad" $kind)"
			pcietool regs read 0x0
		done
		python3 "$bad" silent & silent=$!
		until_true has_more
		pcietool dma alloc --name a 4k && pcietool dma free a
		kill $silent; wait $silent
		until_true has_as_many || true
		ls /proc/$PPID/fd | wc -l >fds.after; touch ready; exec ./nap 100'
	assert_equal "$(<fds.after)" "$(<fds.before)"
	run cat holder.out
	for kind in garbage half long magic type; do
		assert_line "$kind: hung up"
	done
	assert_line 'hello: answered'
	assert_line 'descriptors: answered'
	assert_equal "$(grep -c '^0x010000ed$' holder.out)" 10
	kill -TERM "$holder"
	holder_ended
}

@test "a holder that is stopped: status does not wait for it; it goes on" {
	hold "$script"
	kill -STOP "$holder"
	run_tool session status
	assert_exit 0
	assert_output --partial 'it does not answer'
	run_tool session -- true
	assert_exit 4
	assert_err "process $holder"
	(sleep 3 && kill -CONT "$holder") 3>&- &
	PCIETOOL_SESSION=/run/pcietool/session/$edu run_tool dma list
	assert_exit 0
	assert_output --partial rx
	kill "$holder"
	holder_ended
}

@test "a hundred sessions leave nothing behind" {
	memory() { awk '$1 ~ /^(Unevictable|Mlocked|Shmem):/ {print $1, $2}' /proc/meminfo; }
	run_tool session -- true
	before=$(memory)
	for ((i = 0; i < 100; i++)); do
		pcietool session -- bash -c 'pcietool dma alloc --name a 1M >/dev/null && pcietool irq enable --type msi' || return
	done
	assert_equal "$(ls -A /run/pcietool/session)" ''
	locked() { awk '$1 ~ /Unevictable|Mlocked/' <<<"$1"; }
	assert_equal "$(locked "$(memory)")" "$(locked "$before")"
	# a hundred times 1 MiB would be seen
	shmem() { awk '$1 == "Shmem:" {print $2}' <<<"$1"; }
	[ $(($(shmem "$(memory)") - $(shmem "$before"))) -lt 20000 ]
	at_rest_after
}

@test "over the kernel helper: buffers die with the session, also under a bus master when it is killed" {
	pcietool driver release
	pcietool driver bind --mask 28
	pcietool dma alloc --name before 4k
	run_tool session -- bash -c 'pcietool dma alloc --name inside 4k >/dev/null; pcietool irq enable; pcietool dma list'
	assert_exit 0
	assert_output --partial inside
	run_tool irq list --json
	assert_json .type none
	run_tool dma list --json
	assert_json '[.buffers[].name] | join(" ")' before
	hold "$script"
	kill -KILL "$holder"
	wait "$holder" || true
	holder=
	run_tool config read COMMAND.MASTER
	assert_output 0x0
	run_tool dma list --json
	assert_json '[.buffers[].name] | join(" ")' before
	pkill -x nap || true
	run_tool session -- pcietool dma free before
	assert_exit 0
}

@test "over the kernel helper: --mask is the session's, and what was before it is again" {
	pcietool driver release
	run_tool session --bind helper --mask 28 -- bash -c 'pcietool dma alloc --name a 4k
		pcietool driver status --json | jq .helper.mask_bits
		pcietool session status --json | jq ".sessions[0].mask_bits"'
	assert_exit 0
	assert_equal "${#lines[@]}" 3
	[ "$((lines[0]))" -lt "$((1 << 28))" ]
	assert_equal "${lines[1]} ${lines[2]}" '28 28'
	pcietool driver bind
	pcietool dma alloc --name before 4k
	pcietool config write COMMAND.MASTER=1
	run_tool session --mask 28 -- true
	assert_exit 1
	assert_err 'the mask of 32 bits stays while there are buffers'
	# one that does not begin stops nothing
	assert_equal "$(pcietool config read COMMAND.MASTER)" 0x1
	pcietool config write COMMAND.MASTER=0
	pcietool dma free before
	run_tool session --mask 28 -- bash -c 'pcietool dma alloc --name a 4k'
	assert_exit 0
	[ "$((output))" -lt "$((1 << 28))" ]
	run_tool driver status --json
	assert_json .helper.mask_bits 32
}

@test "over VFIO: the status says the session's --mask" {
	run_tool session --mask 28 -- bash -c 'pcietool driver status --json | jq .vfio.mask_bits
		pcietool session status --json | jq ".sessions[0].mask_bits"'
	assert_exit 0
	assert_output $'28\n28'
}

@test "in a session that has ended nothing else is tried" {
	export PCIETOOL_SESSION=/run/pcietool/session/$edu
	run_tool regs read 0x0
	assert_exit 5
	assert_err 'session has ended'
	run_tool dma alloc --name x 4k
	assert_exit 5
	run_tool list
	assert_exit 0
	run_tool --via sysfs regs read 0x0
	assert_exit 0
}
