#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
#
# reset, remove, rescan, power, reload: what must be refused, plans, and what is written where, on a fake tree.
# That devices really go and come back is proved in the machine.

load ../lib/common
load ../lib/fake_device

bdf=0000:01:00.0
port=0000:00:1c.0

# A port with a device of two functions below it, and another device on the root bus.
setup() {
	fake_tree
	unset PCIETOOL_DEVICE
	mkdir -p "$SYSROOT/proc/self" "$SYSROOT/proc/net" "$SYSROOT/sys/class/block" "$SYSROOT/run"
	folder $port pci0000:00/$port
	folder 0000:00:1f.0 pci0000:00/0000:00:1f.0
	folder $bdf pci0000:00/$port/$bdf
	folder 0000:01:00.1 pci0000:00/$port/0000:01:00.1
	fake_begin
	fake_pci $port 0x8086 0xa340 0x060400 4096
	fake_pci 0000:00:1f.0 0x8086 0xa30d 0x060100
	fake_pci $bdf 0x1234 0x11e8 0xff0000 4096
	fake_pci 0000:01:00.1 0x1234 0x11e9 0xff0000 4096
	# a root port that reports its link, with SERR, all reporting, AER
	fake_config $port 4 16 0x0107
	fake_capability $port 0x40 0x10 0
	fake_config $port 0x34 8 0x40
	fake_config $port 0x42 16 0x0142
	fake_config $port 0x48 16 0x000f
	fake_config $port 0x4c 32 0x00100000
	fake_config $port 0x52 16 0x2000
	fake_extended $port 0x100 1 0
	fake_write
	for device in $bdf 0000:01:00.1; do
		fake_attribute "$device" reset ''
		fake_attribute "$device" reset_method 'flr bus'
		fake_attribute "$device" remove ''
		fake_attribute "$device" driver_override '(null)'
		: >"$SYSROOT/sys/bus/pci/devices/$device/reset"
		: >"$SYSROOT/sys/bus/pci/devices/$device/remove"
	done
	fake_attribute $bdf power_state D0
	fake_attribute $bdf power/runtime_status active
	fake_attribute $bdf power/control auto
	fake_attribute $bdf d3cold_allowed 1
	mkdir -p "$SYSROOT/sys/class/pci_bus/0000:01" "$SYSROOT/sys/class/pci_bus/0000:00"
	: >"$SYSROOT/sys/class/pci_bus/0000:01/rescan"
	: >"$SYSROOT/sys/class/pci_bus/0000:00/rescan"
	: >"$SYSROOT/sys/bus/pci/rescan"
	: >"$SYSROOT/sys/bus/pci/drivers_probe"
	dir=$SYSROOT/sys/bus/pci/devices/$bdf
}

# folder BDF PATH: the device's folder as sysfs has it, with a link to it.
folder() {
	mkdir -p "$SYSROOT/sys/devices/$2"
	ln -sfn "../../../devices/$2" "$SYSROOT/sys/bus/pci/devices/$1"
}

life() {
	run_tool --sysroot "$SYSROOT" -s 01:00.0 "$@"
}

# refused TEXT ARG...: a usage error that says TEXT, and nothing is written.
refused() {
	local text=$1
	shift
	life "$@"
	assert_exit 2
	assert_err "$text"
	assert_output ''
	quiet
}

# quiet: nothing was done to the device.
quiet() {
	[ ! -s "$dir/reset" ]
	[ ! -s "$dir/remove" ]
	[ ! -s "$SYSROOT/sys/bus/pci/rescan" ]
	[ ! -s "$SYSROOT/sys/class/pci_bus/0000:01/rescan" ]
	assert_equal "$(cat "$dir/reset_method")" 'flr bus'
	assert_equal "$(cat "$dir/power/control")" auto
}

# interface_up BDF: a network interface of it that is up.
interface_up() {
	local net=$SYSROOT/sys/bus/pci/devices/$1/net/eth0
	mkdir -p "$net" "$SYSROOT/sys/class/net"
	ln -s ../../../../../../../class/net "$net/subsystem"
	echo 0x1003 >"$net/flags"
}

@test "options and operands" {
	refused 'is no name' reset --method ''
	refused 'is no name' reset --method 'flr bus'
	refused 'is no name' reset --method ../x
	refused 'is no name' reset --method "$(printf 'a%.0s' {1..40})"
	refused 'exclude each other' reset --list --method flr
	refused 'too many' reset flr
	refused 'too many' remove x
	refused 'too many' rescan 01:00.0
	refused 'too many' power show x
	refused 'too many' power on x
	refused "'5'" power on --timeout 5
	refused "'sleep' is no verb" power sleep
	refused 'a verb is missing' power
	refused 'operand is missing' reload
	refused 'operand is missing' reload --
	refused "'3'" reload --timeout 3 -- true
	refused "'-c'" reload sh -c true
	refused 'no program' reload -- /no/such/program
	refused 'no program' reload -- no-such-program-here
	refused 'no program' reload -- ''
	refused 'no program' reload -- "$BATS_TEST_TMPDIR"
}

@test "no device, several" {
	for command in reset remove 'power show' 'power on' 'power auto' 'reload -- true'; do
		# shellcheck disable=SC2086 # several words
		run_tool --sysroot "$SYSROOT" $command
		assert_exit 3
		# shellcheck disable=SC2086
		run_tool --sysroot "$SYSROOT" -s 02:00.0 $command
		assert_exit 3
		# shellcheck disable=SC2086
		run_tool --sysroot "$SYSROOT" -s 01:00 $command
		assert_exit 3
		assert_err 0000:01:00.1
	done
	quiet
}

# --- reset -----------------------------------------------------------------------------------------

@test "reset: the list of methods" {
	life reset --list
	assert_exit 0
	assert_output $'flr\nbus'
	life reset --list --json
	assert_json '.methods | join(",")' flr,bus
	quiet
	rm "$dir/reset_method"
	life reset --list
	assert_exit 0
	assert_output --partial 5.15
	life reset --list --json
	assert_json .methods null
	[ "$(json .methods_reason)" != null ]
	rm "$dir/reset"
	life reset --list
	assert_exit 6
	assert_err 'no way to reset'
	assert_err remove
}

@test "reset: a method that the device has not" {
	life reset --method pm
	assert_exit 6
	assert_err "'pm', but by: flr bus"
	life reset --method pm --json
	assert_exit 6
	assert_json .error.code no-method
	life reset --dry-run --method pm
	assert_exit 6
	quiet
	: >"$dir/reset_method"
	life reset
	assert_exit 6
	assert_err disabled
	rm "$dir/reset_method"
	life reset --method flr
	assert_exit 6
	assert_err 5.15
	[ ! -s "$dir/reset" ]
}

@test "reset: what is written; the methods are as before" {
	life reset
	assert_exit 0
	assert_output --regexp "^$bdf: reset by the first that works of flr bus, answers after [0-9.e-]+ ms$"
	assert_equal "$(cat "$dir/reset")" 1
	assert_equal "$(cat "$dir/reset_method")" 'flr bus'
	: >"$dir/reset"
	life reset --method bus --json
	assert_exit 0
	assert_json .schema pcietool/reset/1
	assert_json .method bus
	assert_json .address $bdf
	assert_equal "$(cat "$dir/reset")" 1
	assert_equal "$(cat "$dir/reset_method")" 'flr bus'
}

@test "reset --method: the list of methods that SIGKILL left comes back with the next reset" {
	local at=(--sysroot "$SYSROOT" -s 01:00.0)
	rm "$dir/reset"
	mkfifo "$dir/reset"
	pcietool "${at[@]}" reset --method bus 3>&- &
	# a file here keeps what is behind what was written to it
	until_true grep -q '^bus' "$dir/reset_method"
	echo bus >"$dir/reset_method"
	# somebody is at work
	run_tool "${at[@]}" reset --list
	assert_output bus
	refute_err killed
	kill -KILL $!
	wait $! || true
	rm "$dir/reset"
	: >"$dir/reset"
	run_tool "${at[@]}" reset --list
	assert_output bus
	assert_err 'the next reset puts back what was there'
	run_tool "${at[@]}" reset --dry-run
	assert_equal "$(cat "$dir/reset_method")" bus
	run_tool "${at[@]}" reset
	assert_exit 0
	assert_output --partial 'the first that works of flr bus'
	assert_err 'what was there is put back'
	assert_equal "$(cat "$dir/reset_method")" 'flr bus'
	assert_equal "$(ls "$SYSROOT/run/pcietool")" ''
	run_tool "${at[@]}" reset --list
	refute_err killed
}

# fails ARG...: 'reset ARG...', whose write to "reset" the kernel refuses as it does when no method worked.
fails() {
	local log=$BATS_TEST_TMPDIR/calls n
	"$BUILD/tests/lib/fail_call" -d "$SYSROOT" -l "$log" -- pcietool --sysroot "$SYSROOT" -s 01:00.0 reset "$@"
	n=$(sed -n 's|^\([0-9]*\) write .*/reset$|\1|p' "$log")
	[ -n "$n" ]
	# ENOTTY
	run --separate-stderr "$BUILD/tests/lib/fail_call" -n "$n" -e 25 -d "$SYSROOT" -l "$log" -- \
		pcietool --sysroot "$SYSROOT" -s 01:00.0 reset "$@"
	assert_exit 6
}

@test "reset: when no method worked, what the port above says of it" {
	# the link is up, and the other function is on the bus
	fails --method bus
	assert_err "$bdf: no reset method worked: other functions are on its bus"
	fails --method flr
	assert_err "$bdf: no reset method worked"
	refute_err 'worked:'
	assert_err dmesg
	# it is not
	fake_config $port 0x52 16 0
	fails --method bus
	assert_err "$bdf: no reset method worked: the port $port does not show its link as up, which the kernel waits for"
	assert_err "hint: 'pcietool -s $port link show' shows it"
	assert_equal "$(cat "$dir/reset_method")" 'flr bus'
	# a port that contains it
	fake_extended $port 0x100 1 0x140
	fake_extended $port 0x140 0x1d 0
	fake_config $port 0x148 16 0x0005
	fails --method bus
	assert_err "$bdf: no reset method worked: the port $port contains its link"
	assert_err "'pcietool -s $port config write DPC.STATUS.TRIGGER=1; pcietool rescan' ends that"
	# one that says nothing of it
	fake_config $port 0x148 16 0
	fake_config $port 0x40 8 0x05
	fails --method bus
	assert_err "$bdf: no reset method worked: the link below $port is not seen: "
}

@test "reset: it does not answer afterwards" {
	fake_config $bdf 0 32 0xffffffff
	fake_config $bdf 8 32 0xffffffff
	life reset --json
	assert_exit 5
	assert_err 'does not answer'
	assert_json .error.exit 5
	assert_equal "$(cat "$dir/reset_method")" 'flr bus'
}

@test "reset: in use; the other function, where the bus is reset" {
	interface_up 0000:01:00.1
	life reset --dry-run
	assert_exit 0
	life reset --method bus
	assert_exit 4
	assert_err '0000:01:00.1: the network interface eth0 is up'
	fake_attribute $bdf reset_method 'device_specific flr bus'
	life reset
	assert_exit 4
	fake_attribute $bdf reset_method 'flr bus'
	life -f reset --method bus --dry-run
	assert_exit 0
	assert_output "$bdf: would be reset by bus"
	quiet
	interface_up $bdf
	life reset --method flr
	assert_exit 4
	assert_err "$bdf: the network interface eth0 is up"
	rm "$dir/reset_method"
	life reset
	assert_exit 4
	[ ! -s "$dir/reset" ]
}

@test "reset: completion of methods" {
	run_tool --complete --sysroot "$SYSROOT" -s 01:00.0 reset --method ''
	assert_output $'flr\nbus'
	run_tool --complete re
	assert_line reset
	assert_line reload
	assert_line rescan
	assert_line remove
}

# --- remove, rescan --------------------------------------------------------------------------------

@test "remove: written, or not" {
	life remove --dry-run
	assert_exit 0
	assert_output "$bdf would be removed"
	life remove --dry-run --json
	assert_json .dry_run true
	assert_json '.gone | length' 0
	quiet
	life remove
	assert_exit 0
	assert_equal "$(cat "$dir/remove")" 1
}

@test "remove: in use, also by a virtual function; a virtual function" {
	folder 0000:01:02.0 pci0000:00/$port/0000:01:02.0
	fake_pci 0000:01:02.0 0x1234 0x11ea 0xff0000
	ln -s ../0000:01:02.0 "$dir/virtfn0"
	ln -s ../$bdf "$SYSROOT/sys/bus/pci/devices/0000:01:02.0/physfn"
	for option in '' --dry-run; do
		run_tool --sysroot "$SYSROOT" -s 01:02.0 remove $option
		assert_exit 6
		assert_err "'pcietool -s $bdf sriov numvfs 0'"
	done
	interface_up 0000:01:02.0
	life remove
	assert_exit 4
	assert_err 'eth0 is up'
	life reload -- true
	assert_exit 4
	quiet
}

# below REASON COMMAND...: the command on the port is refused for what is below it, which is named; with --force it is not.
below() {
	local reason=$1
	shift
	run_tool --sysroot "$SYSROOT" -s "$port" "$@"
	assert_exit 4
	assert_err "$reason"
	run_tool --sysroot "$SYSROOT" -s "$port" "$@" --dry-run
	assert_exit 4
	[ ! -s "$SYSROOT/sys/bus/pci/devices/$port/${*: -1}" ]
	run_tool --sysroot "$SYSROOT" -s "$port" "$@" --dry-run --force
	assert_exit 0
}

@test "a device that the kernel has removed meanwhile is told as that, and not as one that cannot" {
	local command
	rm "$dir"/{vendor,remove,reset,power/control}
	for command in remove reset 'power on' 'power auto' 'sriov numvfs 1'; do
		# shellcheck disable=SC2086 # words
		life $command
		assert_exit 5
		assert_err "$bdf: the kernel has removed the device meanwhile"
	done
}

@test "who has a device open over a driver of VFIO's for certain devices, or over UIO, is asked too" {
	local case driver node command
	: >"$SYSROOT/sys/bus/pci/devices/$bdf/reset"
	mkdir -p "$SYSROOT/proc/77/fd" "$SYSROOT/proc/self"
	: >"$SYSROOT/proc/self/mountinfo"
	echo qemu >"$SYSROOT/proc/77/comm"
	fake_group $bdf 9
	mkdir -p "$SYSROOT/sys/bus/pci/devices/$bdf/uio/uio4"
	for case in mlx5_vfio_pci:/dev/vfio/9 vfio-pci:/dev/vfio/9 uio_pci_generic:/dev/uio4 igb_uio:/dev/uio4; do
		driver=${case%%:*} node=${case#*:}
		fake_driver $bdf "$driver"
		ln -sfn "$node" "$SYSROOT/proc/77/fd/5"
		for command in remove reset 'reload -- true'; do
			# shellcheck disable=SC2086 # words
			life $command
			assert_exit 4
			assert_err "$bdf: qemu (process 77) has $node open"
		done
		life remove --force --dry-run
		assert_exit 0
	done
	# a wait of our own ends by itself, and says why
	echo pcietool >"$SYSROOT/proc/77/comm"
	life remove --dry-run
	assert_exit 0
	mkdir -p "$SYSROOT/proc/78/fd"
	echo dpdk-testpmd >"$SYSROOT/proc/78/comm"
	ln -s /dev/uio4 "$SYSROOT/proc/78/fd/5"
	life remove --dry-run
	assert_exit 4
	assert_err 'dpdk-testpmd (process 78) has /dev/uio4 open'
}

@test "what is above a device takes it away: whoever has the device is asked, and the address is told" {
	for file in reset remove; do
		: >"$SYSROOT/sys/bus/pci/devices/$port/$file"
	done
	fake_attribute $port reset_method pm
	mkdir -p "$SYSROOT/proc/77/fd" "$SYSROOT/proc/self"
	: >"$SYSROOT/proc/self/mountinfo"
	# over VFIO, whoever it is
	echo qemu >"$SYSROOT/proc/77/comm"
	fake_driver 0000:01:00.1 vfio-pci
	fake_group 0000:01:00.1 9
	for node in /dev/vfio/9 /dev/vfio/devices/vfio3; do
		mkdir -p "$SYSROOT/sys/bus/pci/devices/0000:01:00.1/vfio-dev/vfio3"
		echo 1:1 >"$SYSROOT/sys/bus/pci/devices/0000:01:00.1/vfio-dev/vfio3/dev"
		ln -sfn "$node" "$SYSROOT/proc/77/fd/5"
		below "0000:01:00.1: qemu (process 77) has $node open" remove
		below "0000:01:00.1: qemu (process 77) has $node open" reset
	done
	# the function itself
	run_tool --sysroot "$SYSROOT" -s 01:00.1 remove
	assert_exit 4
	assert_err '0000:01:00.1: qemu (process 77) has /dev/vfio/devices/vfio3 open'
	rm -r "$SYSROOT/proc/77"
	run_tool --sysroot "$SYSROOT" -s "$port" remove --dry-run
	assert_exit 0
	# a session, which tells of itself by its lock
	fake_driver 0000:01:00.1 pcietool
	mkdir -p "$SYSROOT/run/pcietool/session"
	lock=$SYSROOT/run/pcietool/session/0000:01:00.1.lock
	python3 - "$lock" <<-'END' 3>&- &
		import fcntl, sys, time
		with open(sys.argv[1], "w") as lock:
		    lock.write("process 5: make test")
		    lock.flush()
		    fcntl.lockf(lock, fcntl.LOCK_EX)
		    open(sys.argv[1] + "ed", "w").close()
		    time.sleep(600)
	END
	holder=$!
	until [ -e "${lock}ed" ]; do sleep 0.05; done
	below '0000:01:00.1: a session has the device: process 5: make test' remove
	kill "$holder"
	wait "$holder" || true
	run_tool --sysroot "$SYSROOT" -s "$port" remove --dry-run
	assert_exit 0
}

@test "rescan: all, or one bus" {
	run_tool --sysroot "$SYSROOT" rescan --dry-run
	assert_exit 0
	assert_output 'would rescan all buses'
	life rescan -D
	assert_output 'would rescan bus 0000:01'
	quiet
	life rescan
	assert_exit 0
	assert_output ''
	assert_err "no device came or went; 'pcietool link show' shows the ports whose link is down"
	life -q rescan
	[ -z "$stderr" ]
	assert_equal "$(cat "$SYSROOT/sys/class/pci_bus/0000:01/rescan")" 1
	[ ! -s "$SYSROOT/sys/bus/pci/rescan" ]
	PCIETOOL_DEVICE=05:00.0 run_tool --sysroot "$SYSROOT" rescan --json
	assert_exit 0
	assert_json .bus null
	assert_json .schema pcietool/rescan/1
	assert_equal "$(cat "$SYSROOT/sys/bus/pci/rescan")" 1
}

@test "rescan: a card that is there and was not found is told" {
	rm "$SYSROOT/sys/bus/pci/devices/$bdf" "$SYSROOT/sys/bus/pci/devices/0000:01:00.1"
	run_tool --sysroot "$SYSROOT" rescan
	assert_exit 0
	assert_output ''
	assert_err "warning: $port: the link below the port is up, and no device answers there: is its image loaded"
	run_tool --sysroot "$SYSROOT" rescan -q
	assert_equal "$stderr" ''
}

@test "rescan: of an address where there is none, of no bus, of several" {
	run_tool --sysroot "$SYSROOT" -s 01:05.0 rescan --json
	assert_exit 0
	assert_json .bus 0000:01
	for option in '' --dry-run; do
		run_tool --sysroot "$SYSROOT" -s 07:00.0 rescan $option
		assert_exit 3
		assert_err 'there is no bus 0000:07'
	done
	run_tool --sysroot "$SYSROOT" -s 07:00.0 rescan
	assert_exit 3
	assert_err 'no bus 0000:07'
	run_tool --sysroot "$SYSROOT" -d dead:beef rescan
	assert_exit 3
	run_tool --sysroot "$SYSROOT" -d 1234: rescan --json
	assert_exit 0
	assert_json .bus 0000:01
	run_tool --sysroot "$SYSROOT" -s '*:' rescan
	assert_exit 3
	assert_err 'several buses'
}

# --- power -----------------------------------------------------------------------------------------

@test "power: show" {
	life power show
	assert_exit 0
	assert_line --regexp 'power state +D0'
	assert_line --regexp 'D3cold allowed +yes'
	life power show --json
	assert_json .schema pcietool/power-show/1
	assert_json .power_state D0
	assert_json .runtime_status active
	assert_json .control auto
	assert_json .d3cold_allowed true
	rm "$dir/d3cold_allowed" "$dir/power_state"
	life power show --json
	assert_exit 0
	assert_json .d3cold_allowed null
	assert_json .power_state_reason 'not given by the kernel'
}

@test "power: on and auto" {
	life power on --dry-run
	assert_exit 0
	assert_output "$bdf: power/control auto -> on"
	quiet
	life power on
	assert_exit 0
	assert_output ''
	assert_equal "$(head -c 2 "$dir/power/control")" on
	fake_attribute $bdf power/runtime_status suspended
	fake_attribute $bdf power/control on
	life power on --timeout 50ms
	assert_exit 7
	refute_err 'power/control'
	fake_attribute $bdf power/control auto
	life power on --timeout 50ms
	assert_exit 7
	assert_err "; power/control stays 'on', it was 'auto'"
	assert_equal "$(head -c 2 "$dir/power/control")" on
	fake_attribute $bdf power/control on
	fake_attribute $bdf power/runtime_status error
	fake_attribute $bdf power_state D3hot
	life power on --timeout 0s
	assert_exit 1
	assert_err 'could not wake it up'
	life power auto --json
	assert_exit 0
	assert_json .control auto
	rm "$dir/power/control"
	for words in 'power on' 'power on --dry-run' 'power auto --dry-run'; do
		# shellcheck disable=SC2086 # several words
		life $words
		assert_exit 6
		assert_err 'no runtime power management'
	done
}

@test "power on: gone; PMCSR says otherwise" {
	fake_capability $bdf 0x40 1 0
	fake_config $bdf 0x34 8 0x40
	fake_config $bdf 0x44 16 3
	life power on --timeout 50ms
	assert_exit 7
	assert_err 'PMCSR D3'
	fake_config $bdf 0 32 0xffffffff
	fake_config $bdf 8 32 0xffffffff
	life power on --timeout 50ms
	assert_exit 5
}

# --- reload ----------------------------------------------------------------------------------------

@test "reload: the plan, and nothing is done" {
	fake_driver $bdf mine
	sha256sum "$SYSROOT/sys/bus/pci/devices/$port/config" >"$BATS_TEST_TMPDIR/sum"
	life reload --dry-run -- touch "$BATS_TEST_TMPDIR/ran"
	assert_exit 0
	assert_line --regexp "^mask +planned +$port, COMMAND 0x0107 -> 0x0007, DEVCTL 0x000f -> 0x0001, AER_MASK 0x00000000 -> 0x00000020$"
	assert_line --regexp "^release +planned +$bdf mine, 0000:01:00.1 none$"
	assert_line --regexp '^save +planned .*4096 bytes'
	assert_line --regexp "^remove +planned +0000:01:00.1, $bdf$"
	assert_line --regexp '^command +planned +touch '
	assert_line --regexp '^link +planned .*link active'
	assert_line --regexp '^rescan +planned +bus 0000:01'
	assert_line --regexp '^bind +planned +.* mine'
	assert_line --regexp '^unmask +planned .*COMMAND 0x0007 -> 0x0107'
	[ ! -e "$BATS_TEST_TMPDIR/ran" ]
	sha256sum -c "$BATS_TEST_TMPDIR/sum"
	quiet
	life reload -D -j -- true
	assert_json .schema pcietool/reload/1
	assert_json .dry_run true
	assert_json .port $port
	assert_json '.steps | length' 12
	assert_json '.steps[0].milliseconds' null
}

@test "reload: where a capability of the port is cut off the next one is neither read as its registers nor written" {
	local config=$SYSROOT/sys/bus/pci/devices/$port/config
	# behind the first dwords of Express something of a vendor's, whose header would be DEVCTL; of AER's ACS, AER_MASK
	fake_config $port 0x41 8 0x48
	fake_config $port 0x48 32 0x000c0009
	fake_extended $port 0x100 1 0x108
	fake_extended $port 0x108 0x0d 0
	cp "$config" "$BATS_TEST_TMPDIR/before"
	life reload -D -- true
	assert_exit 0
	assert_line --regexp "^mask +planned +$port, COMMAND 0x0107 -> 0x0007$"
	assert_line --regexp '^link +skipped +the capability is cut off$'
	assert_err "$port: DEVCTL is not touched: the capability is cut off at 0x48"
	assert_err "$port: AER_MASK is not touched: the capability is cut off at 0x108"
	# shellcheck disable=SC2016 # the inner shell's
	life reload -- sh -c 'kill -KILL $PPID'
	assert_exit 137
	cmp -i 64 "$config" "$BATS_TEST_TMPDIR/before"
	run_tool --sysroot "$SYSROOT" rescan
	assert_exit 0
	cmp "$config" "$BATS_TEST_TMPDIR/before"
}

@test "reload: killed by its own command, the port is noted; rescan or the next reload put it back" {
	sha256sum "$SYSROOT/sys/bus/pci/devices/$port/config" >"$BATS_TEST_TMPDIR/sum"
	fake_attribute $port power/control auto
	# shellcheck disable=SC2016 # the inner shell's
	for round in rescan reload; do
		life reload -- sh -c 'kill -KILL $PPID'
		assert_exit 137
		assert_equal "$(ls "$SYSROOT/run/pcietool")" "$port.port"
		[[ $(<"$SYSROOT/sys/bus/pci/devices/$port/power/control") == on* ]]
		! sha256sum --status -c "$BATS_TEST_TMPDIR/sum"
		if [[ $round == rescan ]]; then
			run_tool --sysroot "$SYSROOT" rescan -D
			assert_line "$port would be as before a reload that was killed"
			run_tool --sysroot "$SYSROOT" -j rescan
			assert_json '.restored_ports[].address' $port
		else
			life reload -D -- true
			assert_line --regexp '^mask .* as a reload that was killed left it$'
			life reload --timeout 50ms -- true
		fi
		assert_equal "$(<"$SYSROOT/sys/bus/pci/devices/$port/power/control")" auto
		sha256sum -c "$BATS_TEST_TMPDIR/sum"
		[ -z "$(ls "$SYSROOT/run/pcietool")" ]
	done
}

@test "reload: killed by its own command, drivers are noted; rescan puts them back, or leaves newer ones alone" {
	fake_driver $bdf vfio-pci
	fake_attribute $bdf driver_override vfio-pci
	# shellcheck disable=SC2016 # the inner shell's
	life reload -- sh -c 'kill -KILL $PPID'
	assert_exit 137
	assert_equal "$(ls "$SYSROOT/run/pcietool")" "$port.port"$'\n'"$bdf.driver"
	# what a driver that is asked by name is, when the reload ends then
	fake_attribute $bdf driver_override other
	run_tool --sysroot "$SYSROOT" rescan -D
	assert_line "$bdf would have its driver vfio-pci as before a reload that was killed"
	assert_equal "$(<"$dir/driver_override")" other
	exec {fd}<"$SYSROOT/run/pcietool/$bdf.driver"
	flock -x $fd
	run_tool --sysroot "$SYSROOT" rescan
	refute_output --partial vfio-pci
	life reload -- true
	assert_exit 4
	assert_err "$bdf: another reload is at work on it"
	exec {fd}<&-
	run_tool --sysroot "$SYSROOT" -j rescan
	assert_exit 0
	assert_json '.restored_drivers | map(.address, .driver) | join(" ")' "$bdf vfio-pci"
	assert_equal "$(head -c 8 "$dir/driver_override")" vfio-pci
	assert_equal "$(ls "$SYSROOT/run/pcietool")" ''

	# no driver comes in a fake tree
	# shellcheck disable=SC2016 # the inner shell's
	life reload -- sh -c 'kill -KILL $PPID'
	rm "$dir/driver"
	run_tool --sysroot "$SYSROOT" rescan
	assert_exit 1
	assert_err 'the driver vfio-pci did not take the device'
	assert_equal "$(<"$SYSROOT/sys/bus/pci/drivers_probe")" $bdf
	assert_equal "$(ls "$SYSROOT/run/pcietool")" "$bdf.driver"
	: >"$SYSROOT/sys/bus/pci/drivers_probe"
	fake_driver $bdf another
	run_tool --sysroot "$SYSROOT" rescan
	assert_exit 0
	assert_err "$bdf: it keeps the driver another; before a reload that was killed it had vfio-pci"
	assert_equal "$(<"$SYSROOT/sys/bus/pci/drivers_probe")" ''
	assert_equal "$(ls "$SYSROOT/run/pcietool")" ''
}

@test "reload: a note of another device, of others, or of one that runs is left alone" {
	mkdir -p "$SYSROOT/run/pcietool"
	note=$SYSROOT/run/pcietool/$port.port
	printf '8086:a340 reload 0 0 -\nCOMMAND 4 107 7\n' >"$note"
	sha256sum "$SYSROOT/sys/bus/pci/devices/$port/config" >"$BATS_TEST_TMPDIR/sum"
	# not as it was changed: it is nobody's but the system's
	run_tool --sysroot "$SYSROOT" rescan -D
	[[ $output != *'before a reload'* ]]
	fake_config $port 4 16 0x0007
	exec {fd}<"$note"
	flock -x $fd
	run_tool --sysroot "$SYSROOT" rescan
	[[ $output != *'before a reload'* ]]
	life reload -- true
	assert_exit 4
	assert_err 'another reload is at work'
	exec {fd}<&-
	sed -i 's/a340/a341/' "$note"
	run_tool --sysroot "$SYSROOT" rescan
	[[ $output != *'before a reload'* ]]
	sed -i 's/a341/a340/' "$note"
	chmod 666 "$note"
	run_tool --sysroot "$SYSROOT" rescan
	[[ $output != *'before a reload'* ]]
	chmod 644 "$note"
	run_tool --sysroot "$SYSROOT" rescan
	assert_line "$port is as before a reload that was killed"
	sha256sum -c "$BATS_TEST_TMPDIR/sum"
}

@test "reload: the plan on a root bus, and behind a port that reports nothing" {
	run_tool --sysroot "$SYSROOT" -s 00:1f.0 reload -D -- true
	assert_exit 0
	assert_line --regexp '^mask +skipped +on a root bus'
	assert_line --regexp '^link +skipped'
	fake_config $port 4 16 0x0007
	fake_config $port 0x48 16 0
	fake_config $port 0x108 32 0x20
	fake_config $port 0x4c 32 0
	life reload -D -- true
	assert_exit 0
	assert_line --regexp '^mask +planned .*no fatal errors'
	assert_line --regexp '^link +planned .*training over'
}

@test "reload: the hot-plug driver is not told of the link that is lost" {
	fake_config $port 0x42 16 0x0142
	fake_config $port 0x58 16 0x1039
	fake_config $port 0x5a 16 0x0040
	life reload -D -- true
	assert_line --regexp "^mask +planned +$port, SLTCTL 0x1039 -> 0x0031, COMMAND"
	life reload --timeout 50ms -- pcietool --sysroot "$SYSROOT" -s "$port" config read 0x58/16
	assert_line 0x0031
	run_tool --sysroot "$SYSROOT" -s "$port" config read 0x58/16 0x5a/16
	# written, to clear them
	assert_output $'0x1039\n0x0108'
}

# seen WORDS: a line of the reload's output begins so.
seen() {
	local left=600
	until grep -q "^$1" "$BATS_TEST_TMPDIR/out"; do
		((left-- > 0)) || return
		sleep 0.05
	done
}

@test "reload: Ctrl-C while the link is waited for; a second one ends the waits of what undoes it, not its steps" {
	local left=20 reload
	fake_driver $bdf mine
	# a background job of a shell has SIGINT ignored, unless it gets it back
	# Data Link Layer Link Active goes, and does not come back
	env --default-signal=INT timeout -s KILL 120 pcietool --sysroot "$SYSROOT" -s 01:00.0 reload --timeout 100s -- \
		dd if=/dev/zero of="$SYSROOT/sys/bus/pci/devices/$port/config" bs=1 seek=$((0x52)) count=2 conv=notrunc status=none \
		>"$BATS_TEST_TMPDIR/out" 2>"$BATS_TEST_TMPDIR/err" 3>&- &
	reload=$!
	seen command
	pkill -INT -P "$reload"
	seen 'link  *failed'
	# one that comes at once is of the same Ctrl-C
	while ((left-- > 0)) && kill -0 "$reload" 2>/dev/null; do
		sleep 0.5
		pkill -INT -P "$reload" || true
	done
	status=0
	wait "$reload" || status=$?
	cat "$BATS_TEST_TMPDIR/out" "$BATS_TEST_TMPDIR/err"
	# of the signal, not killed by timeout
	assert_equal "$status" 130
	for step in 'link  *failed' 'rescan  *done' 'appear  *done' 'bind  *done' 'unmask  *done'; do
		grep -q "^undo $step" "$BATS_TEST_TMPDIR/out"
	done
	assert_equal "$(cat "$SYSROOT/sys/class/pci_bus/0000:01/rescan")" 1
}

@test "reload: in use, virtual functions, a port that is gone" {
	fake_attribute $bdf sriov_numvfs 2
	life reload -- true
	assert_exit 1
	assert_err "sriov numvfs 0"
	fake_attribute $bdf sriov_numvfs 0
	interface_up 0000:01:00.1
	life reload --dry-run -- true
	assert_exit 4
	assert_err '0000:01:00.1: the network interface eth0 is up'
	life -f reload --dry-run -- true
	assert_exit 0
	fake_config $port 0 32 0xffffffff
	fake_config $port 8 32 0xffffffff
	life -f reload -- true
	assert_exit 5
	assert_err $port
	quiet
}

@test "reload: a command that fails; the port is as before" {
	life reload --json --timeout 50ms -- false
	assert_exit 1
	assert_err 'false ended with status 1'
	assert_json .error.code command-failed
	assert_json '[.steps[] | select(.undo) | .step] | join(" ")' 'link rescan appear restore bind unmask'
	run_tool --sysroot "$SYSROOT" -s 00:1c.0 config read COMMAND/16 0x48/16 0x108
	assert_output $'0x0107\n0x000f\n0x00000000'
	assert_equal "$(cat "$dir/remove")" 1
}

@test "reload: a link that stays down" {
	life reload --timeout 50ms -- dd "of=$SYSROOT/sys/bus/pci/devices/$port/config" if=/dev/zero bs=1 \
		seek=$((0x52)) count=2 conv=notrunc
	assert_exit 7
	assert_err 'link did not come up'
	assert_line --regexp '^undo unmask +done'
	# a port that has the bit and never sets it
	life reload --timeout 50ms -- true
	assert_exit 0
	assert_line --regexp '^link +done .*training over'
}

@test "reload: what comes back differs" {
	life reload --json -- sh -c "echo 0x11ff >$dir/device"
	assert_exit 8
	assert_err 'device was 0x11e8, is 0x11ff'
	assert_json '.differences[0].what' device
	assert_json '.differences[0].before' 0x11e8
	life reload --accept-change -- sh -c "echo 0x11e8 >$dir/device"
	assert_exit 0
	assert_line "differs: $bdf device: 0x11ff -> 0x11e8"
}

@test "--help names all methods that the kernel knows" {
	local method
	run_tool reset --help
	assert_exit 0
	# pci_reset_fn_methods[] in Linux' drivers/pci/pci.c
	for method in device_specific acpi flr af_flr pm bus cxl_bus; do
		assert_output --regexp "[ ,:]$method,"
	done
}
