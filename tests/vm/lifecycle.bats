#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Resets, removal, sleep, and a new image for a device whose link goes down.
#
# qemu: -device edu -device e1000e,romfile= -device rtl8139,romfile=
# qemu: -drive driver=null-co,size=67108864,read-zeroes=on,snapshot=on,if=none,id=nv -device nvme,serial=1,drive=nv
# qemu: -device pcie-root-port,id=rp1,chassis=1,slot=1 -device edu,id=below,bus=rp1
# qemu: -device pcie-root-port,id=rp2,chassis=2,slot=2 -device edu,id=surprise,bus=rp2
# qemu: -device pcie-root-port,id=rp3,chassis=3,slot=3 -device e1000e,romfile=,id=nic,bus=rp3
# qemu: -device pcie-root-port,id=rp4,chassis=4,slot=4
# qemu: -device e1000e,romfile=,bus=rp4,multifunction=on,addr=0.0 -device edu,bus=rp4,addr=0.1
# qemu: -global ICH9-LPC.acpi-pci-hotplug-with-bridge-support=off
# append: pcie_ports=compat
# usually: 6.12
# also: debug rt

# shellcheck disable=SC2030,SC2031,SC2154 # a test is a process of its own; bats sets stderr
load ../lib/common
load ../lib/guest

setup() {
	local d
	edu=$(bdf_of 1234:11e8)
	mapfile -t edus < <(for d in /sys/bus/pci/devices/*; do
		[[ $(<"$d/device") == 0x11e8 && $(upstream_of "${d##*/}") == 0000:* ]] && echo "${d##*/}"
	done)
	below=${edus[0]}
	surprise=${edus[1]:-}
	[ -n "$surprise" ]
	e1000e=$(bdf_of 8086:10d3)
	nic=$(bdf_of 8086:10d3 1)
	nvme=$(bdf_of 1b36:0010)
	port=$(upstream_of "$below")
}

teardown() {
	umount /mnt 2>/dev/null || true
	for device in "$edu" "$below" "$e1000e" "$nic" "$nvme"; do
		[ ! -e "/sys/bus/pci/devices/$device/driver" ] ||
			echo "$device" >"/sys/bus/pci/devices/$device/driver/unbind"
		echo >"/sys/bus/pci/devices/$device/driver_override" || true
	done
}

# upstream_of BDF: the folder above its own.
upstream_of() {
	basename "$(dirname "$(realpath "/sys/bus/pci/devices/$1")")"
}

driver_of() {
	[[ ! -e /sys/bus/pci/devices/$1/driver ]] || basename "$(readlink "/sys/bus/pci/devices/$1/driver")"
}

# its own driver, as udev would have given it
give() {
	modprobe "$2"
	[ -e "/sys/bus/pci/devices/$1/driver" ] || echo "$1" >"/sys/bus/pci/drivers/$2/bind"
}

# What a reload masks at the port: COMMAND, Device Control, the AER mask, and whether it may sleep.
reporting() {
	echo "SERR $(($(setpci -s "$port" COMMAND | sed 's/^/0x/') >> 8 & 1))"
	setpci -s "$port" CAP_EXP+8.w ECAP_AER+8.l
	cat "/sys/bus/pci/devices/$port/power/control"
}

# fatal_on: all that a reload masks is on.
fatal_on() {
	setpci -s "$port" COMMAND=100:100 CAP_EXP+8.w=e:e ECAP_AER+8.l=0:20
	before=$(reporting)
}

# step NAME: the result of that step of the last run's JSON, not of what was undone.
step() {
	json ".steps[] | select(.step == \"$1\" and .undo == false) | .result"
}

undone() {
	json '[.steps[] | select(.undo) | .step] | join(" ")'
}

methods() {
	cat "/sys/bus/pci/devices/$1/reset_method"
}

# --- reset -----------------------------------------------------------------------------------------

@test "reset: the methods there are" {
	run_tool -s "$nvme" reset --list
	assert_exit 0
	assert_line flr
	assert_equal "$(tr '\n' ' ' <<<"$output")" "$(methods "$nvme") "
	run_tool -s "$e1000e" reset --list --json
	assert_exit 0
	assert_json .schema pcietool/reset/1
	assert_json '.methods | join(" ")' "$(methods "$e1000e")"
	run_tool -s "$nvme" reset --method device_specific
	assert_exit 6
	assert_err 'but by: '
	assert_err flr
}

@test "reset: FLR on nvme, with its driver" {
	give "$nvme" nvme
	old=$(methods "$nvme")
	setpci -s "$nvme" CACHE_LINE_SIZE=10
	run_tool -s "$nvme" reset --method flr --json
	assert_exit 0
	assert_json .method flr
	assert_json .dry_run false
	[ "$(json .milliseconds)" != null ]
	assert_equal "$(methods "$nvme")" "$old"
	assert_equal "$(driver_of "$nvme")" nvme
	# the kernel has put config space back
	assert_equal "$(setpci -s "$nvme" CACHE_LINE_SIZE)" 10
	run_tool -s "$nvme" reset
	assert_exit 0
	assert_output --partial 'answers after'
}

@test "reset: pm and bus on e1000e; a register is at its default again" {
	for method in pm bus; do
		grep -qw $method "/sys/bus/pci/devices/$nic/reset_method" || {
			echo "no $method: $(methods "$nic")"
			false
		}
		old=$(methods "$nic")
		setpci -s "$nic" COMMAND=3:3
		# Flow Control Transmit Timer Value, which does nothing by itself
		pcietool -s "$nic" regs write 0x170=0x1234
		run_tool -s "$nic" regs read 0x170
		assert_output 0x00001234
		run_tool -s "$nic" reset --method $method
		assert_exit 0
		assert_output --partial "reset by $method"
		assert_equal "$(methods "$nic")" "$old"
		run_tool -s "$nic" config read VENDOR_ID/16
		assert_output 0x8086
		[ $method = pm ] && continue
		run_tool -s "$nic" regs read 0x170
		assert_output 0x00000000
	done
}

@test "reset: a mounted disk and an interface that is up are refused by name; a dry run resets nothing" {
	give "$nvme" nvme
	for ((left = 100; left > 0; left--)); do
		[ -b /dev/nvme0n1 ] && break
		sleep 0.1
	done
	modprobe ext4
	mkfs.ext4 -q -F /dev/nvme0n1
	mount /dev/nvme0n1 /mnt
	for command in reset remove 'reload -- true' 'reload -D -- true'; do
		# shellcheck disable=SC2086 # several words
		run_tool -s "$nvme" $command
		assert_exit 4
		assert_err 'nvme0n1 is mounted on /mnt'
		assert_equal "$(driver_of "$nvme")" nvme
	done
	umount /mnt
	give "$e1000e" e1000e
	interface=$(ls "/sys/bus/pci/devices/$e1000e/net")
	ip link set "$interface" up
	for command in reset remove 'reload -- true' 'reset --dry-run' 'reload --dry-run -- true'; do
		# shellcheck disable=SC2086 # several words
		run_tool -s "$e1000e" $command
		assert_exit 4
		assert_err "$interface is up"
		assert_equal "$(driver_of "$e1000e")" e1000e
	done
	run_tool -f -s "$e1000e" reset --dry-run
	assert_exit 0
	assert_output --partial 'would be reset by'
	run_tool -f -s "$e1000e" reset
	assert_exit 0
	ip link set "$interface" down
	run_tool -s "$e1000e" remove --dry-run
	assert_exit 0
	assert_equal "$(driver_of "$e1000e")" e1000e
}

@test "reset, remove, reload: not root" {
	for command in reset remove 'reload -- true' 'power auto'; do
		# shellcheck disable=SC2086 # several words
		run --separate-stderr setpriv --reuid 65534 --regid 65534 --clear-groups "$BUILD/pcietool" -s "$nvme" $command
		assert_exit 4
		assert_err root
	done
	run --separate-stderr setpriv --reuid 65534 --regid 65534 --clear-groups "$BUILD/pcietool" rescan
	assert_exit 4
	assert_err root
	[ -e "/sys/bus/pci/devices/$nvme" ]
}

# --- remove, rescan --------------------------------------------------------------------------------

@test "remove and rescan: a device below a port, by address, by all buses" {
	run_tool -s "$below" remove
	assert_exit 0
	assert_output "- $below 1234:11e8"
	[ ! -e "/sys/bus/pci/devices/$below" ]
	run_tool -s "$below" remove
	assert_exit 3
	# nobody is there, but the bus is
	run_tool -s "$below" rescan
	assert_exit 0
	assert_output "+ $below 1234:11e8"
	pcietool -s "$below" config write COMMAND=2:2
	run_tool -s "$below" regs read 0
	assert_output 0x010000ed
	pcietool -s "$below" remove
	PCIETOOL_DEVICE=$below run_tool rescan --json
	assert_exit 0
	assert_json .bus null
	assert_json '.appeared | length' 1
	assert_json '.appeared[0].address' "$below"
	assert_json '.appeared[0].vendor' 0x1234
	assert_json '.gone | length' 0
	run_tool rescan
	assert_exit 0
	assert_output ''
}

@test "remove and rescan in a batch: the device is looked for anew" {
	printf '%s\n' 'config write COMMAND=2:2' 'regs read 0' remove rescan 'config write COMMAND=2:2' 'regs read 0' \
		>"$BATS_TEST_TMPDIR/batch"
	run_tool -s "$below" batch "$BATS_TEST_TMPDIR/batch"
	assert_exit 0
	assert_output "0x010000ed
- $below 1234:11e8
+ $below 1234:11e8
0x010000ed"
}

# --- power -----------------------------------------------------------------------------------------

@test "power: show, on, auto" {
	run_tool -s "$nic" power show --json
	assert_exit 0
	# Linux 6.1 does not know, of what no driver has enabled
	assert_json '.power_state | test("^(D0|unknown)$")' true
	assert_json .control on
	run_tool -s "$nic" power auto
	assert_exit 0
	assert_equal "$(<"/sys/bus/pci/devices/$nic/power/control")" auto
	run_tool -s "$nic" power on --dry-run
	assert_exit 0
	assert_output "$nic: power/control auto -> on"
	run_tool -s "$nic" power on
	assert_exit 0
	assert_output ''
	assert_equal "$(<"/sys/bus/pci/devices/$nic/power/control")" on
	run_tool -s "$nic" power show
	assert_line --partial active
}

@test "power on: a device that somebody put to sleep by PMCSR" {
	setpci -s "$nic" CAP_PM+4.w=3:3
	run_tool -s "$nic" power on --timeout 300ms
	assert_exit 7
	assert_err 'PMCSR D3'
	assert_err reset
	setpci -s "$nic" CAP_PM+4.w=0:3
	run_tool -s "$nic" power on --timeout 0s
	assert_exit 0
}

# --- reload ----------------------------------------------------------------------------------------

@test "reload: a command that does nothing; all as before" {
	fatal_on
	pcietool -s "$below" driver bind
	run_tool -s "$below" reload --json -- true
	assert_exit 0
	assert_json .schema pcietool/reload/1
	assert_json .port "$port"
	assert_json '[.steps[].step] | join(" ")' \
		'mask release save remove command link rescan appear check restore bind unmask'
	assert_json '[.steps[].result] | unique | join(" ")' 'done'
	assert_json '[.steps[] | select(.milliseconds == null)] | length' 0
	assert_json '.differences | length' 0
	assert_equal "$(driver_of "$below")" pcietool
	assert_equal "$(cat "/sys/bus/pci/devices/$below/driver_override")" pcietool
	assert_equal "$(reporting)" "$before"
	# what 'driver bind' remembered is still known
	run_tool -s "$below" driver release
	assert_exit 0
	assert_equal "$(driver_of "$below")" ''
}

@test "reload: while the command runs, nothing is there, and nothing fatal is reported" {
	fatal_on
	cat >"$BATS_TEST_TMPDIR/command" <<-END
		#!/bin/bash
		[ ! -e /sys/bus/pci/devices/$below ] || exit 1
		setpci -s $port COMMAND CAP_EXP+8.w ECAP_AER+8.l
		cat /sys/bus/pci/devices/$port/power/control
		cat
		echo to standard error >&2
	END
	chmod +x "$BATS_TEST_TMPDIR/command"
	run --separate-stderr bash -c "echo from standard input | pcietool -s $below reload -- $BATS_TEST_TMPDIR/command"
	assert_exit 0
	assert_line 'from standard input'
	assert_line --regexp '^command +done +[0-9.]+ ms +.*ended with status 0'
	assert_err 'to standard error'
	mapfile -t words < <(grep -x -E '[0-9a-f]{4,8}|on' <<<"$output")
	assert_equal "${#words[@]}" 4
	assert_equal "$((0x${words[0]} & 0x100))" 0
	assert_equal "$((0x${words[1]} & 0xe))" 0
	assert_equal "${words[3]}" on
	assert_equal "$(reporting)" "$before"
}

@test "reload: with JSON the command's output goes to standard error" {
	run_tool -s "$below" reload --json -- echo hello
	assert_exit 0
	assert_err hello
	assert_json '.steps[4].detail' 'echo ended with status 0'
}

@test "reload: a driver of the kernel's own is bound again" {
	give "$nic" e1000e
	run_tool -s "$nic" reload -- true
	assert_exit 0
	assert_equal "$(driver_of "$nic")" e1000e
}

@test "reload: a function without a driver has none afterwards" {
	give "$nic" e1000e
	echo "$nic" >/sys/bus/pci/drivers/e1000e/unbind
	run_tool -s "$nic" reload -- true
	assert_exit 0
	assert_equal "$(driver_of "$nic")" ''
}

@test "reload: a command that fails; all as before" {
	fatal_on
	pcietool -s "$below" driver bind
	run_tool -s "$below" reload --json -- sh -c 'exit 3'
	assert_exit 1
	assert_err 'ended with status 3'
	assert_json .error.code command-failed
	assert_equal "$(step command)" failed
	assert_equal "$(undone)" 'link rescan appear restore bind unmask'
	assert_equal "$(driver_of "$below")" pcietool
	assert_equal "$(reporting)" "$before"
	pcietool -s "$below" driver release
}

@test "reload: a command that is killed" {
	fatal_on
	run_tool -s "$below" reload -- sh -c 'kill -9 $$'
	assert_exit 1
	assert_err 'killed by signal 9'
	[ -e "/sys/bus/pci/devices/$below" ]
	assert_equal "$(reporting)" "$before"
}

# interrupted SIGNAL COMMAND...: a reload of $below that gets it while COMMAND runs, for $status.
interrupted() {
	local signal=$1
	shift
	rm -f /run/started
	# a background job of a shell has SIGINT ignored, unless it gets it back
	env --default-signal=INT timeout -k 5 60 pcietool -s "$below" reload -- "$@" \
		>"$BATS_TEST_TMPDIR/out" 2>&1 3>&- &
	for ((left = 200; left > 0; left--)); do
		[ -e /run/started ] && break
		sleep 0.1
	done
	# timeout passes it on, to the command too, as a terminal does
	kill "-$signal" $!
	status=0
	wait $! || status=$?
	cat "$BATS_TEST_TMPDIR/out"
}

@test "reload: Ctrl-C and SIGTERM while the command runs; all as before" {
	fatal_on
	pcietool -s "$below" driver bind
	for signal in INT TERM; do
		interrupted $signal sh -c 'touch /run/started; sleep 30'
		[ "$status" -ne 0 ]
		grep '^undo bind' "$BATS_TEST_TMPDIR/out"
		grep '^undo unmask' "$BATS_TEST_TMPDIR/out"
		assert_equal "$(driver_of "$below")" pcietool
		assert_equal "$(reporting)" "$before"
	done
	# one that does not listen
	interrupted INT bash -c 'trap "" INT; touch /run/started; sleep 30 & wait; wait'
	grep '^undo unmask' "$BATS_TEST_TMPDIR/out"
	assert_equal "$(driver_of "$below")" pcietool
	assert_equal "$(reporting)" "$before"
	pcietool -s "$below" driver release
}

# slot_off PORT: power off by the slot's controller, which pulls what is in it; slot_on PORT. PCIe 5.0 section 7.5.3.10
slot_off() {
	setpci -s "$1" CAP_EXP+18.w=0700:0700
}

slot_on() {
	setpci -s "$1" CAP_EXP+18.w=0100:0700
}
export -f slot_off slot_on qmp qmp_once hmp

# image DEVICE,OPTION...: a command that does to the device below $port what a new image does, for reload: its link goes down, then
# QEMU's DEVICE answers.
image() {
	printf '%s; sleep 1; %s; %s' "slot_off $port" "slot_on $port" "hmp 'device_add $1,bus=rp2,id=new$RANDOM'"
}

@test "reload: the device loses its link and comes back" {
	port=$(upstream_of "$surprise")
	fatal_on
	pcietool -s "$surprise" driver bind
	run_tool -s "$surprise" reload --json -- bash -c "$(image edu)"
	assert_exit 0
	assert_equal "$(step check)" 'done'
	assert_json '.steps[] | select(.step == "link") | .detail' "$port, link active"
	assert_equal "$(driver_of "$surprise")" pcietool
	assert_equal "$(reporting)" "$before"
	pcietool -s "$surprise" driver release
	pcietool -s "$surprise" config write COMMAND=2:2
	run_tool -s "$surprise" regs read 0
	assert_output 0x010000ed
}

@test "reload: another device comes back: 8, or shown with --accept-change" {
	port=$(upstream_of "$surprise")
	fatal_on
	run_tool -s "$surprise" reload --json -- bash -c "$(image rtl8139,romfile=)"
	assert_exit 8
	assert_err 'vendor was 0x1234, is 0x10ec'
	assert_err --accept-change
	assert_json .error.code changed
	assert_json '[.differences[] | select(.what == "device")] | length' 1
	assert_equal "$(undone)" 'restore bind unmask'
	assert_equal "$(reporting)" "$before"
	run_tool -s "$surprise" reload --accept-change -- bash -c "$(image edu)"
	assert_exit 0
	assert_line "differs: $surprise vendor: 0x10ec -> 0x1234"
	assert_equal "$(reporting)" "$before"
}

@test "reload: the link stays down: 7, and what can be undone is" {
	port=$(upstream_of "$surprise")
	fatal_on
	run_tool -s "$surprise" reload --json --timeout 500ms -- bash -c "slot_off $port"
	assert_exit 7
	assert_err 'link did not come up'
	assert_equal "$(step link)" failed
	assert_equal "$(undone)" 'rescan appear restore bind unmask'
	assert_equal "$(reporting)" "$before"
	[ ! -e "/sys/bus/pci/devices/$surprise" ]
	bash -c "$(image edu)"
	run_tool -s "$surprise" rescan
	assert_exit 0
	assert_output "+ $surprise 1234:11e8"
}

@test "a surprise: what is gone is reset and woken with 5, removed, and brought back by a reload" {
	port=$(upstream_of "$surprise")
	fatal_on
	slot_off "$port"
	[ -e "/sys/bus/pci/devices/$surprise" ]
	run_tool -s "$surprise" power on --timeout 100ms
	assert_exit 5
	assert_err 'does not answer'
	if [ -e "/sys/bus/pci/devices/$surprise/reset" ]; then
		run_tool -s "$surprise" reset
		assert_exit 5
	fi
	run_tool -s "$surprise" reload --json -- bash -c "$(image edu)"
	assert_exit 0
	assert_json '.steps[] | select(.step == "save") | .detail' "$surprise does not answer"
	assert_json '.differences | length' 0
	assert_equal "$(reporting)" "$before"
	slot_off "$port"
	run_tool -s "$surprise" remove
	assert_exit 0
	assert_output "- $surprise 1234:11e8"
	bash -c "$(image edu)"
	pcietool -s "$surprise" rescan
}

@test "reload: on a root bus" {
	pcietool -s "$edu" driver bind
	run_tool -s "$edu" reload --json -- true
	assert_exit 0
	assert_json .port null
	assert_equal "$(step mask)" skipped
	assert_equal "$(step link)" skipped
	assert_equal "$(step unmask)" skipped
	assert_equal "$(step bind)" 'done'
	assert_equal "$(driver_of "$edu")" pcietool
	pcietool -s "$edu" driver release
}

@test "reload: two functions, each with its driver; its mask too" {
	first=$(bdf_of 8086:10d3 2)
	second=${first%.0}.1
	give "$first" e1000e
	pcietool -s "$second" driver bind --mask 28
	run_tool -s "$second" reload --json -- test ! -e "/sys/bus/pci/devices/$first"
	assert_exit 0
	assert_json '.steps[] | select(.step == "appear") | .detail' '2 of 2 functions'
	assert_equal "$(driver_of "$first")" e1000e
	assert_equal "$(driver_of "$second")" pcietool
	run_tool -s "$second" driver status --json
	assert_json .helper.mask_bits 28
	interface=$(ls "/sys/bus/pci/devices/$first/net")
	ip link set "$interface" up
	run_tool -s "$second" reload -- true
	assert_exit 4
	assert_err "$first: the network interface $interface is up"
	ip link set "$interface" down
	echo "$first" >/sys/bus/pci/drivers/e1000e/unbind
	pcietool -s "$second" driver release
	# its mask is of no other driver
	run_tool -s "$second" reload -- true
	assert_exit 0
	assert_equal "$(driver_of "$second")" ''
}

@test "reload: a dry run prints the plan and changes nothing" {
	fatal_on
	pcietool -s "$below" driver bind
	run_tool -s "$below" reload --dry-run -- sh -c 'touch /run/ran'
	assert_exit 0
	assert_line --regexp '^mask +planned .*COMMAND 0x.* -> 0x.*DEVCTL'
	assert_line --regexp "^release +planned .*$below pcietool"
	assert_line --regexp '^command +planned .*sh -c touch /run/ran'
	[ ! -e /run/ran ]
	assert_equal "$(driver_of "$below")" pcietool
	assert_equal "$(reporting)" "$before"
	run_tool -s "$below" reload -D -j -- true
	assert_json '[.steps[].result] | unique | join(" ")' planned
	pcietool -s "$below" driver release
}
