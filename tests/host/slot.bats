#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
#
# slot: what the kernel's hot-plug drivers tell, and their switches. Files of a fake tree take every write.

load ../lib/common
load ../lib/fake_device
load ../lib/fake_express

setup_file() {
	BATS_TEST_TMPDIR=$BATS_FILE_TMPDIR fake_tree
	fake_fabric
	# one with a card, one without, one that has no switches
	fake_slot 7 0000:06:00 adapter=1 power=1 attention=0 latch=0 cur_bus_speed='16.0 GT/s PCIe' \
		max_bus_speed='32.0 GT/s PCIe'
	fake_slot 8 0000:05:00 adapter=0 power=0 attention=2
	fake_slot 9-1 0000:03:00
	for led in 0000:00:03.0:enclosure:locate 0000:00:03.0:enclosure:fail 0000:00:03.0:other:locate; do
		fake_attribute 0000:00:03.0 "leds/$led/brightness" 0
	done
	fake_attribute 0000:06:00.0 leds/0000:06:00.0:enclosure:ok/brightness 1
}

setup() {
	fake_copy
}

# fake_slot NAME ADDRESS FILE=TEXT...
fake_slot() {
	local file folder=$SYSROOT/sys/bus/pci/slots/$1
	mkdir -p "$folder"
	for file in "address=$2" "${@:3}"; do
		echo "${file#*=}" >"$folder/${file%%=*}"
	done
}

slot() {
	run_tool --sysroot "$SYSROOT" slot "$@"
}

# file NAME FILE: what is in it
file() {
	cat "$SYSROOT/sys/bus/pci/slots/$1/$2"
}

led() {
	cat "$SYSROOT/sys/bus/pci/devices/$1/leds/$1:enclosure:$2/brightness"
}

@test "show: all, in their drivers' words" {
	slot show
	assert_exit 0
	assert_line 'slot 7: 0000:06:00.0, below 0000:00:03.0, card present, power on, attention off, latch closed, 16.0 GT/s PCIe of 32.0 GT/s PCIe'
	assert_line '  indications of 0000:00:03.0: fail- locate-'
	assert_line '  indications of 0000:06:00.0: ok+'
	assert_line 'slot 8: 0000:05:00.0, below 0000:00:02.0, card none, power off, attention blink'
	assert_line 'slot 9-1: 0000:03:00.0, below 0000:02:00.0'
	assert_equal "${#lines[@]}" 5
	slot show -j
	assert_json '[.slots[] | select(.slot == "8") | [.adapter, .latch, .latch_reason]] | tojson' \
		'[["none",null,"the slot'"'"'s driver does not tell"]]'
}

@test "show: in order of address" {
	local i
	for i in {10..25}; do
		fake_slot "$i" "$(printf '0000:20:%02x' $((26 - i)))"
	done
	slot show -j
	assert_json '[.slots[].address] | . == sort' true
	assert_json '.slots | length' 19
}

@test "show: by slot, empty or not, by a device in it, by the port above" {
	for selector in '-s slot:7' '-s 06:00.1' '-s 00:03.0' '-d 1234:1004:0300'; do
		# shellcheck disable=SC2086
		slot show $selector -j
		assert_json '[.slots[].slot] | tojson' '["7"]'
	done
	for selector in '-s slot:8' '-s 00:02.0'; do
		# shellcheck disable=SC2086
		slot show $selector -j
		assert_json '[.slots[].slot] | tojson' '["8"]'
	done
	slot show -s 00:00.0
	assert_exit 3
	assert_err 'no slot matches'
}

@test "show: a machine without slots" {
	rm -r "$SYSROOT/sys/bus/pci/slots"
	slot show
	assert_exit 0
	[[ -z $output ]]
	assert_err 'the kernel knows no slots'
	slot show -s 06:00.0
	assert_exit 3
	assert_err 'is a hot-plug driver loaded'
}

@test "power: through the driver's file; an empty slot is meant by its name" {
	slot power on -s slot:8
	assert_exit 0
	[[ -z $output ]]
	assert_equal "$(file 8 power)" 1
	slot power off -s slot:7
	assert_exit 0
	assert_equal "$(file 7 power)" 0
}

@test "power off: refused while the system uses what is there" {
	mkdir -p "$SYSROOT/proc/net" "$SYSROOT/proc/self" "$SYSROOT/sys/class/block"
	: >"$SYSROOT/proc/self/mountinfo"
	fake_attribute 0000:06:00.0 net/eth7/flags 0x1003
	ln -s /class/net "$SYSROOT/sys/bus/pci/devices/0000:06:00.0/net/eth7/subsystem"
	# what is below the port is in its folder
	mv "$SYSROOT/sys/bus/pci/devices/0000:06:00.0" "$SYSROOT/sys/bus/pci/devices/0000:00:03.0/"
	ln -s 0000:00:03.0/0000:06:00.0 "$SYSROOT/sys/bus/pci/devices/0000:06:00.0"
	slot power off -s slot:7
	assert_exit 4
	assert_err 'slot 7: the system uses what is in it: '
	assert_err eth7
	assert_equal "$(file 7 power)" 1
	slot power off -s slot:7 --force
	assert_exit 0
	assert_equal "$(file 7 power)" 0
}

@test "power off: a slot of a root bus, where no bridge is above: each function in it is asked" {
	fake_pci 0000:00:05.0 0x1234 0x2001 0x010802
	fake_pci 0000:00:05.2 0x1234 0x2002 0x020000
	fake_slot 5 0000:00:05 adapter=1 power=1
	mkdir -p "$SYSROOT/proc/net" "$SYSROOT/proc/self" "$SYSROOT/sys/class/block"
	: >"$SYSROOT/proc/self/mountinfo"
	fake_attribute 0000:00:05.2 net/eth7/flags 0x1003
	ln -s /class/net "$SYSROOT/sys/bus/pci/devices/0000:00:05.2/net/eth7/subsystem"
	for selector in slot:5 00:05.0; do
		slot power off -s "$selector"
		assert_exit 4
		assert_err 'slot 5: the system uses what is in it: the network interface eth7 is up'
	done
	slot power off -s slot:5 --dry-run
	assert_exit 4
	assert_equal "$(file 5 power)" 1
	slot power off -s slot:5 --force
	assert_exit 0
	assert_equal "$(file 5 power)" 0
	fake_attribute 0000:00:05.2 net/eth7/flags 0x1002
	slot power off -s slot:5
	assert_exit 0
}

@test "power off: of several slots on a conventional bus only the one's own functions are asked" {
	local slot
	# no capability of PCI Express
	fake_pci 0000:00:06.0 0x1b36 0x0001 0x060400
	fake_config 0000:00:06.0 0x0e 8 1
	fake_config 0000:00:06.0 0x19 16 0x0707
	fake_pci 0000:07:01.0 0x1234 0x2001 0x020000
	fake_pci 0000:07:02.0 0x1234 0x2002 0x010802
	fake_pci 0000:07:02.1 0x1234 0x2003 0x020000
	fake_slot 21 0000:07:01 adapter=1 power=1
	fake_slot 22 0000:07:02 adapter=1 power=1
	# one without a number of its own in the bridge's bus, and empty
	fake_slot 20 0000:07:00 adapter=0 power=1
	mkdir -p "$SYSROOT/proc/net" "$SYSROOT/proc/self" "$SYSROOT/sys/class/block"
	: >"$SYSROOT/proc/self/mountinfo"
	fake_attribute 0000:07:02.1 net/eth7/flags 0x1003
	ln -s /class/net "$SYSROOT/sys/bus/pci/devices/0000:07:02.1/net/eth7/subsystem"
	for slot in 0000:07:01.0 0000:07:02.0 0000:07:02.1; do
		mv "$SYSROOT/sys/bus/pci/devices/$slot" "$SYSROOT/sys/bus/pci/devices/0000:00:06.0/"
		ln -s "0000:00:06.0/$slot" "$SYSROOT/sys/bus/pci/devices/$slot"
	done
	slot show -s slot:21
	assert_output --partial 'slot 21: 0000:07:01.0, below 0000:00:06.0'
	for slot in 20 21; do
		slot power off -s slot:$slot
		assert_exit 0
		assert_equal "$(file $slot power)" 0
	done
	slot power off -s slot:22
	assert_exit 4
	assert_err 'slot 22: the system uses what is in it: the network interface eth7 is up'
	assert_equal "$(file 22 power)" 1
}

# refused STATUS ARG...: 'slot ARG...', whose write to "power" the driver answers with ENODEV.
refused() {
	local log=$BATS_TEST_TMPDIR/calls n expected=$1
	shift
	cp -r "$SYSROOT" "$BATS_TEST_TMPDIR/copy"
	"$BUILD/tests/lib/fail_call" -d "$BATS_TEST_TMPDIR/copy" -l "$log" -- \
		pcietool --sysroot "$BATS_TEST_TMPDIR/copy" slot "$@" || true
	rm -r "$BATS_TEST_TMPDIR/copy"
	n=$(sed -n 's|^\([0-9]*\) write .*/power$|\1|p' "$log")
	[ -n "$n" ]
	run --separate-stderr "$BUILD/tests/lib/fail_call" -n "$n" -e 19 -d "$SYSROOT" -l "$log" -- \
		pcietool --sysroot "$SYSROOT" slot "$@"
	assert_exit "$expected"
}

@test "power: what is so already is done, though the driver refuses it" {
	refused 0 power on -s slot:7
	refused 0 power off -s slot:8
	# no card, and on: without a power controller
	echo 1 >"$SYSROOT/sys/bus/pci/slots/8/power"
	refused 5 power on -s slot:8
	assert_err 'its driver finds no card there'
	refused 8 power off -s slot:8
	assert_err 'slot 8: no device is in it any more for the kernel, but its power is on all the same'
	assert_err "'pcietool -s slot:8 slot power on' finds its card again"
	# a card, and it stays
	refused 5 power off -s slot:7
	echo 0 >"$SYSROOT/sys/bus/pci/slots/7/power"
	refused 5 power on -s slot:7
}

@test "power off: refused while a program has what is there open over VFIO" {
	mkdir -p "$SYSROOT/proc/77/fd" "$SYSROOT/proc/self"
	: >"$SYSROOT/proc/self/mountinfo"
	echo qemu >"$SYSROOT/proc/77/comm"
	ln -s /dev/vfio/9 "$SYSROOT/proc/77/fd/5"
	fake_driver 0000:06:00.1 vfio-pci
	fake_group 0000:06:00.1 9
	slot power off -s slot:7
	assert_exit 4
	assert_err '0000:06:00.1: qemu (process 77) has /dev/vfio/9 open'
	assert_equal "$(file 7 power)" 1
	rm -r "$SYSROOT/proc/77"
	slot power off -s slot:7
	assert_exit 0
	assert_equal "$(file 7 power)" 0
}

@test "power: no switch, a dry run" {
	slot power on -s slot:9-1
	assert_exit 6
	assert_err 'slot 9-1: its driver has no switch for that: there is no power'
	slot power on -s slot:9-1 --dry-run
	assert_exit 6
	assert_err 'slot 9-1: its driver has no switch for that: there is no power'
	slot power off -s slot:7 --dry-run
	assert_exit 0
	assert_output 'slot 7: would set power to off'
	assert_equal "$(file 7 power)" 1
}

@test "led: the attention LED" {
	slot led blink -s 06:00.0
	assert_exit 0
	assert_equal "$(file 7 attention)" 2
	slot led on -s slot:7
	assert_equal "$(file 7 attention)" 1
	slot led off -s slot:7
	assert_equal "$(file 7 attention)" 0
	for option in '' --dry-run; do
		slot led on -s slot:9-1 $option
		assert_exit 6
		assert_err 'there is no attention'
	done
	slot led blink -s slot:7 --dry-run
	assert_output 'slot 7: would set attention to blink'
	assert_equal "$(file 7 attention)" 0
}

@test "led: an indication, the port's or else the device's" {
	slot led on locate -s slot:7
	assert_exit 0
	assert_equal "$(led 0000:00:03.0 locate) $(led 0000:00:03.0 fail) $(file 7 attention)" '1 0 0'
	slot led off ok -s slot:7
	assert_exit 0
	assert_equal "$(led 0000:06:00.0 ok)" 0
	for option in '' --dry-run; do
		slot led on rebuild -s slot:7 $option
		assert_exit 6
		assert_err "it has no indication 'rebuild'"
	done
	slot led on locate -s slot:7 --dry-run
	assert_output 'slot 7: would set locate to on'
}

@test "wrong arguments" {
	for args in 'power' 'power maybe -s slot:7' 'power on off -s slot:7' 'led dim -s slot:7' 'led blink locate -s slot:7' \
		'led on ../x -s slot:7'; do
		# shellcheck disable=SC2086
		slot $args
		assert_exit 2
	done
	slot power on
	assert_exit 3
	assert_err 'no slot is selected'
	slot led on -d 1234:
	assert_exit 3
	assert_err 'slots match'
}

@test "completion" {
	run_tool --complete --sysroot "$SYSROOT" slot power ''
	assert_output $'on\noff'
	run_tool --complete --sysroot "$SYSROOT" slot led bl
	assert_output blink
}
