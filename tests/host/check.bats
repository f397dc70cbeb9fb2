#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
#
# check and snapshot on a fake server: each rule is provoked.

load ../lib/common
load ../lib/fake_device

setup_file() {
	BATS_TEST_TMPDIR=$BATS_FILE_TMPDIR fake_server
}

setup() {
	fake_copy
	net=0000:01:00.0 disk=0000:02:00.0
	baseline=$BATS_TEST_TMPDIR/baseline.json
}

check() {
	run_tool --sysroot "$SYSROOT" check "$@"
}

log() {
	printf '6,1,2,-;%s\n' "$1" >>"$SYSROOT/dev/kmsg"
}

take_baseline() {
	run_tool --sysroot "$SYSROOT" snapshot -o "$baseline"
	assert_exit 0
	assert_output ''
}

# finding LINE...: exactly these, in text.
findings() {
	check --baseline "$baseline"
	assert_output "$(printf '%s\n' "$@")"
}

@test "nothing is wrong: no output, status 0" {
	check
	assert_exit 0
	assert_output ''
	assert_equal "$stderr" 'pcietool: checked: 6 devices, no finding'
	check -q
	assert_exit 0
	assert_equal "$stderr" ''
	check --json
	assert_exit 0
	assert_json .schema pcietool/check/1
	assert_json '.findings | length' 0
	assert_json '.not_checked | length' 0
	assert_json .checked 6
	check -v
	assert_output 'devices checked: 6'
}

@test "a narrow link is critical, a slow one a warning; the lower of both ends counts" {
	fake_link "$net" '8.0 GT/s PCIe' 2 '16.0 GT/s PCIe' 16
	fake_link "$disk" '2.5 GT/s PCIe' 4 '16.0 GT/s PCIe' 4
	check
	assert_exit 8
	assert_output "critical $net link-width: link below 0000:00:01.0 (eth0) is x2, both ends have x4
warning $disk link-speed: link below 0000:00:02.0 (nvme0) is at 2.5 GT/s, both ends can do 8 GT/s"
	assert_err '1 critical, 1 warning'
	check --json
	assert_exit 8
	assert_json '.findings | map("\(.severity) \(.address) \(.path) \(.rule) \(.expected) \(.actual)") | join(", ")' \
		"critical $net 0000:00:01.0/00.0 link-width x4 x2, warning $disk 0000:00:02.0/00.0 link-speed 8 GT/s 2.5 GT/s"
	assert_json .error.exit 8
}

@test "a slot that can do less than the card is no finding" {
	fake_link "$net" '8.0 GT/s PCIe' 4 '32.0 GT/s PCIe' 16
	check
	assert_exit 0
}

@test "an end that does not say what it could do: nothing follows; one that cannot be read is told" {
	fake_link "$disk" '2.5 GT/s PCIe' 1 '2.5 GT/s PCIe' 255
	check -s "$disk"
	assert_exit 0
	# as Linux words what reads all ones
	fake_link "$disk" Unknown 63 '64.0 GT/s PCIe' 63
	check -v -s "$disk"
	assert_exit 0
	assert_line 'not checked: link: the device does not answer (1 device)'
	# a switch that says nothing of its own link, where the port above does
	fake_link "$disk" Unknown 0 '8.0 GT/s PCIe' 4
	check -s "$disk"
	assert_exit 0
}

@test "a link that is down with a device behind it" {
	fake_link 0000:00:02.0 Unknown 0 '8.0 GT/s PCIe' 4
	fake_link "$disk" Unknown 0 '8.0 GT/s PCIe' 4
	check
	assert_exit 8
	assert_output "critical $disk link-down: link below 0000:00:02.0 is down, with a device behind it"
}

@test "a link that is down with a card in the slot" {
	# a slot, with a card in it
	fake_config 0000:00:03.0 0x42 16 0x0142
	fake_config 0000:00:03.0 0x5a 16 0x0040
	check
	assert_exit 8
	assert_output "critical 0000:00:03.0 link-down: the link below the port is down, with a card in the slot"
	# a port that keeps a width without a link
	fake_link 0000:00:03.0 '2.5 GT/s PCIe' 4 '8.0 GT/s PCIe' 4
	fake_config 0000:00:03.0 0x4c 32 0x00100043
	check
	assert_exit 8
	assert_output "critical 0000:00:03.0 link-down: the link below the port is down, with a card in the slot"
	# its power is off
	fake_config 0000:00:03.0 0x54 32 0x2
	fake_config 0000:00:03.0 0x58 16 0x0400
	check
	assert_exit 8
	assert_output --partial "warning 0000:00:03.0 slot-power: a card is in the slot, and the slot's power is off"
	# an empty slot with its power off is how it should be
	fake_config 0000:00:03.0 0x5a 16 0
	check
	assert_exit 0
}

@test "a port that contains its link: after which error, and how to end that" {
	local port=0000:00:02.0 ends="'pcietool -s 0000:00:02.0 config write DPC.STATUS.TRIGGER=1; pcietool rescan' ends that"
	fake_extended $port 0x100 0x1d 0
	# not triggered: what the reason says is undefined
	fake_config $port 0x108 16 0x0066
	check
	assert_exit 0
	assert_output ''
	fake_config $port 0x10a 16 0x0200
	while read -r status trigger cause; do
		fake_config $port 0x108 16 "$status"
		check
		assert_exit 8
		assert_output "critical $port dpc: the port contains its link (DPC) after $cause: $ends"
		check -j
		assert_json '.findings[0] | .rule, .expected, .actual' "dpc"$'\nnull\n'"$trigger"
	done <<-'END'
		0x0001 uncorrectable an uncorrectable error that it detected
		0x0003 nonfatal-message ERR_NONFATAL from 02:00.0
		0x0005 fatal-message ERR_FATAL from 02:00.0
		0x0007 rp-pio an error of a request of its own (RP PIO)
		0x0027 software software's wish
		0x0047 reserved something unknown
		0x0011 uncorrectable an uncorrectable error that it detected, and is busy yet
	END
	# what the hint says is a command that does it
	fake_config $port 0x108 16 0x000d
	run_tool --sysroot "$SYSROOT" -D -s $port config write DPC.STATUS.TRIGGER=1
	assert_exit 0
	assert_output --partial '0x000d -> 0x0005'
}

@test "a link that is down because it is disabled: that is told, and how to enable it" {
	local port=0000:00:03.0 above=0000:00:02.0
	fake_config $port 0x42 16 0x0142
	fake_config $port 0x5a 16 0x0040
	fake_config $port 0x50 16 0x0010
	check
	assert_exit 8
	assert_output "critical $port link-down: the link below the port is disabled, with a card in the slot: 'pcietool -s $port link enable; pcietool rescan' enables it"
	fake_config $port 0x5a 16 0
	fake_link $above Unknown 0 '8.0 GT/s PCIe' 4
	fake_link "$disk" Unknown 0 '8.0 GT/s PCIe' 4
	check
	assert_output "critical $disk link-down: link below $above is down, with a device behind it"
	fake_config $above 0x50 16 0x0010
	check
	assert_output "critical $disk link-down: link below $above is down, with a device behind it; it is disabled: 'pcietool -s $above link enable'"
}

@test "a port that contains its link, with nothing below it; one whose registers cannot be read" {
	local port=0000:00:03.0
	fake_extended $port 0x100 0x1d 0
	fake_config $port 0x108 16 0x0005
	fake_config $port 0x10a 16 0x0300
	# a slot with a card: that the link is down has a reason
	fake_config $port 0x42 16 0x0142
	fake_config $port 0x5a 16 0x0040
	check
	assert_exit 8
	assert_output "critical $port dpc: the port contains its link (DPC) after ERR_FATAL from 03:00.0: 'pcietool -s $port config write DPC.STATUS.TRIGGER=1; pcietool rescan' ends that"
	fake_config $port 0x108 16 0xffff
	check -v
	assert_line --partial 'not checked: dpc: '
	fake_config $port 0x108 16 0
	truncate -s 256 "$SYSROOT/sys/bus/pci/devices/$port/config"
	check -v
	assert_line 'not checked: dpc: the kernel shows no extended config space (1 device)'
}

@test "a link that is up, and no device was found below it" {
	fake_link 0000:00:03.0 '8.0 GT/s PCIe' 4 '8.0 GT/s PCIe' 4
	fake_config 0000:00:03.0 0x4c 32 0x00100043
	fake_config 0000:00:03.0 0x52 16 0x2043
	check
	assert_exit 8
	assert_output "warning 0000:00:03.0 no-device: the link below the port is up, and no device was found there: 'pcietool rescan' looks again"
}

@test "the slot that a finding is in is named, also of an empty port and of a device that is not there" {
	local slot
	for slot in 1 2 3; do
		mkdir -p "$SYSROOT/sys/bus/pci/slots/$((10 + slot))"
		echo "0000:0$slot:00" >"$SYSROOT/sys/bus/pci/slots/$((10 + slot))/address"
	done
	pcietool --sysroot "$SYSROOT" snapshot -o "$BATS_TEST_TMPDIR/good.json"
	fake_aer "${net%0}1" 1 0 0
	fake_config 0000:00:03.0 0x42 16 0x0142
	fake_config 0000:00:03.0 0x5a 16 0x0040
	rm -r "$SYSROOT/sys/bus/pci/devices/$disk"
	check --baseline "$BATS_TEST_TMPDIR/good.json"
	assert_exit 8
	assert_output "critical 0000:00:03.0 link-down: the link below the port is down, with a card in the slot, slot 13
warning ${net%0}1 aer-correctable: 1 correctable error: bad_tlp 1, slot 11
critical $disk device-absent: 144d:a808 is not there, slot 12"
	check --baseline "$BATS_TEST_TMPDIR/good.json" --json
	assert_json '[.findings[].slot] | join(" ")' '13 11 12'
	check --nagios
	assert_line --partial 'in the slot, slot 13'
}

@test "payload sizes that do not fit" {
	fake_config "$disk" 0x48 16 $((2 << 5 | 2 << 12))
	check
	assert_exit 8
	assert_output "critical $disk mps-path: it may send 512 bytes in a packet, 0000:00:02.0 above it takes 256"
	# the other way round it is how Linux sets it up for performance, if requests are limited
	fake_config "$disk" 0x48 16 $((0 << 5 | 2 << 12))
	check
	assert_output "warning $disk mps-path: it takes 128 bytes in a packet, 0000:00:02.0 above it may send 256"
	fake_config "$disk" 0x48 16 0
	check
	assert_exit 0
}

# ari BDF: it has the capability by which a device has up to 256 functions.
ari() {
	local old
	old=$(od -An -tu4 -j256 -N4 "$SYSROOT/sys/bus/pci/devices/$1/config")
	if ((old == 0 || old == 0xffffffff)); then
		fake_extended "$1" 0x100 0x0e 0
	else
		fail "$1 has extended capabilities already"
	fi
}

@test "payload sizes: of an ARI device only the setting of function 0 counts" {
	local second=${net%0}1
	# more than the port above, and more than the function can
	fake_config "$second" 0x48 16 $((2 << 5 | 2 << 12))
	check
	assert_exit 8
	assert_line "critical $second mps-path: it may send 512 bytes in a packet, 0000:00:01.0 above it takes 256"
	ari "$net"
	ari "$second"
	check
	assert_exit 0
	assert_output ''
	# function 0's is all functions'
	fake_config "$net" 0x48 16 $((2 << 5 | 2 << 12))
	fake_config "$second" 0x48 16 0
	check
	assert_output "critical $net mps-path: it may send 512 bytes in a packet, 0000:00:01.0 above it takes 256
critical $second mps-path: it may send 512 bytes in a packet, 0000:00:01.0 above it takes 256"
	fake_config "$net" 0x48 16 $((1 << 5 | 2 << 12))
	check
	assert_exit 0
	# whether it is one cannot be seen
	fake_config "$second" 0x48 16 $((2 << 5 | 2 << 12))
	truncate -s 256 "$SYSROOT/sys/bus/pci/devices/$second/config"
	check -v
	assert_exit 0
	assert_line 'not checked: mps-path: whether function 0 decides (ARI) is not known (1 device)'
	# and what may be ignored is no finding
	fake_config "$second" 0x44 32 0x8000
	check -v
	assert_exit 0
}

@test "payload sizes: of an ARI device function 0's setting is saved and compared for all its functions" {
	local second=${net%0}1
	ari "$second"
	fake_config "$net" 0x48 16 $((1 << 5 | 2 << 12))
	fake_config "$second" 0x48 16 $((2 << 5 | 2 << 12))
	take_baseline
	assert_equal "$(jq ".devices[] | select(.address == \"$second\") | .mps" "$baseline")" 256
	# its own register has changed, which changes nothing
	fake_config "$second" 0x48 16 $((0 << 5 | 2 << 12))
	check --baseline "$baseline"
	assert_exit 0
	fake_config "$net" 0x48 16 $((0 << 5 | 2 << 12))
	check --baseline "$baseline"
	assert_exit 8
	assert_line "warning $second mps: Max_Payload_Size is 128 bytes, it was 256"
	rm -r "$SYSROOT/sys/bus/pci/devices/$net"
	check --baseline "$baseline" -v
	refute_line --partial "$second mps:"
	assert_line 'not checked: mps: function 0, which decides (ARI), is not there (1 device)'
}

@test "payload sizes: what a receiver takes may be fixed at what it can" {
	# the port takes 256 bytes whatever it is set to
	fake_config 0000:00:02.0 0x48 16 $((0 << 5 | 2 << 12))
	check -s "$disk"
	assert_output "critical $disk mps-path: it may send 256 bytes in a packet, 0000:00:02.0 above it takes 128"
	fake_config 0000:00:02.0 0x44 32 $((0x8001 | 1 << 17))
	check -s "$disk"
	assert_exit 0
	assert_output ''
	# and the card 256 from a port that sends 256
	fake_config 0000:00:02.0 0x48 16 $((1 << 5 | 2 << 12))
	fake_config "$disk" 0x48 16 $((0 << 5 | 2 << 12))
	check -s "$disk"
	assert_output "warning $disk mps-path: it takes 128 bytes in a packet, 0000:00:02.0 above it may send 256"
	fake_config "$disk" 0x44 32 $((0x8001 | 1 << 17))
	check -s "$disk"
	assert_exit 0
	assert_output ''
}

@test "packets larger than the function itself can do are critical" {
	fake_config "$disk" 0x44 32 0x8000
	fake_config "$disk" 0x48 16 0x2830
	fake_config 0000:00:02.0 0x44 32 0x8001
	fake_config 0000:00:02.0 0x48 16 0x2830
	check
	assert_exit 8
	assert_line "critical $disk mps-own: it is set to 256 bytes in a packet, and can do 128"
	check -j
	assert_json '.findings[] | select(.rule == "mps-own") | [.expected, .actual] | join(" ")' '128 256'
	run_tool --sysroot "$SYSROOT" link show -s "$disk"
	assert_line --regexp "^  $disk +MPS 256 of 128, MRRS 512, ABOVE ITS OWN LIMIT$"
}

@test "BARs that the kernel does not list: what stands in their place in a CardBus bridge, or is a half of another, is none" {
	local bridge=0000:00:1d.0 device=0000:00:1c.0
	fake_pci $bridge 0x1180 0x0476 0x060700
	fake_config $bridge 0x0e 8 2
	# where its list of capabilities begins, and a status
	fake_config $bridge 0x14 32 0x020000dc
	check
	assert_exit 0
	assert_output ''
	# a 64-bit BAR without room, above 4 GiB
	fake_pci $device 0x1234 0x5678 0x058000
	fake_config $device 0x10 32 0x0000000c
	fake_config $device 0x14 32 0x00000020
	check
	assert_exit 8
	assert_output "critical $device bar-unassigned: BAR 0: the kernel found no room for it"
}

@test "capabilities: a list that is broken, one that is cut off" {
	# beside the disk's own, from 0x40 on
	fake_config "$disk" 0x41 8 0x90
	fake_config "$disk" 0x90 16 0x9001
	check
	assert_exit 8
	assert_output "warning $disk capabilities: its capabilities: the list runs in a loop"
	fake_config "$disk" 0x90 16 0x9409
	fake_config "$disk" 0x94 16 0x9801
	fake_config "$disk" 0x98 16 0x0009
	check
	assert_exit 8
	assert_output "warning $disk capabilities: Power Management at 0x94 is cut off at 0x98"
	check -j
	assert_json '.findings[0] | [.rule, .severity] | join(" ")' 'capabilities warning'
}

@test "capabilities: of an integrated endpoint Express of 12 bytes is whole, MSI of 12 bytes with masks is not" {
	fake_config "$disk" 0x40 32 0x00914c10
	fake_config "$disk" 0x4c 32 0x00020001
	check
	refute_output --partial 'cut off'
	fake_config "$disk" 0x40 32 0x01804c05
	check
	assert_exit 8
	assert_line "warning $disk capabilities: MSI at 0x40 is cut off at 0x4c"
}

@test "capabilities: of 256 bytes of config space the standard ones are checked, and those that are not are named" {
	local reason='the extended ones, the kernel shows no extended config space'
	truncate -s 256 "$SYSROOT/sys/bus/pci/devices/$disk/config"
	check --verbose
	assert_line "not checked: capabilities: $reason (1 device)"
	fake_config "$disk" 0x41 8 0x48
	fake_config "$disk" 0x48 16 0x0009
	check
	assert_exit 8
	assert_line "warning $disk capabilities: PCI Express at 0x40 is cut off at 0x48"
}

@test "errors: correctable ones are a warning, others critical, with their types" {
	fake_aer "$net" 3 0 0
	fake_aer "$disk" 0 2 1
	check
	assert_exit 8
	assert_output "warning $net aer-correctable: 3 correctable errors: bad_tlp 3
critical $disk aer-nonfatal: 2 nonfatal errors: unsupported_request 2
critical $disk aer-fatal: 1 fatal error: malformed_tlp 1"
}

@test "a BAR without an address; of an I/O BAR that is only told" {
	fake_bar "$net" 2 0 0x1000 0x20040200
	fake_bar "$disk" 1 0 0x20 0x20040101
	check
	assert_exit 8
	assert_output "warning $net bar-unassigned: BAR 2 (memory) has no address
info $disk bar-unassigned: BAR 1 (I/O) has no address"
	check -s "$disk"
	assert_exit 0
	assert_output --partial 'info'
}

@test "a BAR that the kernel forgot" {
	fake_config "$net" 0x18 32 0x0000000c
	check
	assert_exit 8
	assert_output "critical $net bar-unassigned: BAR 2: the kernel found no room for it"
}

@test "a BAR that only the kernel log tells of, until it is assigned or another device is found there" {
	mkdir -p "$SYSROOT/dev"
	log "pci $net: BAR 2: no space for [mem size 0x00100000]"
	log "pci $net: BAR 2: failed to assign [mem size 0x00100000]"
	# as newer kernels have it
	log "pci $net: BAR 3 [io  size 0x0020]: failed to assign"
	log "pci $disk: BAR 7: failed to assign [mem size 0x00100000]"
	check
	assert_exit 8
	assert_output "critical $net bar-unassigned: BAR 2 (1M): the kernel found no room for it
info $net bar-unassigned: BAR 3 (32): the kernel found no room for it"
	run_tool --sysroot "$SYSROOT" -s "$net" regs read 2:0
	assert_exit 1
	assert_err 'BAR 2 (1M): the kernel found no room for it'
	log "pci $net: BAR 2: assigned [mem 0xfe100000-0xfe1fffff]"
	check
	assert_output "info $net bar-unassigned: BAR 3 (32): the kernel found no room for it"
	log "pci $net: [8086:10d3] type 00 class 0x020000"
	check
	assert_exit 0
	assert_output ''
	run_tool --sysroot "$SYSROOT" -s "$net" regs read 2:0
	assert_exit 6
	assert_err 'no BAR 2'
}

@test "a BAR without room: the hint names the root port" {
	fake_config "$net" 0x18 32 0x0000000c
	mkdir -p "$SYSROOT/sys/devices/pci0000:00/0000:00:01.0"
	mv "$SYSROOT/sys/bus/pci/devices/$net" "$SYSROOT/sys/devices/pci0000:00/0000:00:01.0/$net"
	ln -s "../../../devices/pci0000:00/0000:00:01.0/$net" "$SYSROOT/sys/bus/pci/devices/$net"
	run_tool --sysroot "$SYSROOT" -s "$net" regs read 2:0
	assert_exit 1
	assert_err 'BAR 2: the kernel found no room for it'
	assert_err "'pcietool -s 0000:00:01.0 remove; pcietool rescan'"
	assert_err 'all of it goes meanwhile'
}

@test "a device that lost its addresses" {
	fake_bar "$net" 0 0x4100000000 0x10000 0x140204
	fake_config "$net" 0x10 32 4
	check
	assert_exit 0
	fake_config "$net" 0x14 32 0
	check
	assert_exit 8
	assert_output "critical $net bar-lost: BAR 0: the device has lost its address 0x4100000000: it was reset, or has a new image"
	ln -s "../$disk" "$SYSROOT/sys/bus/pci/devices/$net/physfn"
	check
	assert_exit 0
}

@test "a device in D3hot need not have its addresses: the kernel gives them back when it wakes it" {
	fake_bar "$net" 0 0x4100000000 0x10000 0x140204
	fake_config "$net" 0x10 32 4
	fake_config "$net" 0x14 32 0
	fake_attribute "$net" power_state D3hot
	check
	assert_exit 0
	assert_output ''
	# what the kernel does not know of
	fake_attribute "$net" power_state D0
	fake_config "$net" 0x34 8 0xe0
	fake_capability "$net" 0xe0 1 0x40
	fake_config "$net" 0xe4 16 3
	check
	assert_exit 0
	fake_config "$net" 0xe4 16 0
	check
	assert_exit 8
	assert_output --partial "critical $net bar-lost"
}

@test "a device in D3cold that does not answer: what the link above says decides whether it should" {
	head -c 4096 /dev/zero | tr '\0' '\377' >"$SYSROOT/sys/bus/pci/devices/$disk/config"
	fake_attribute "$disk" power_state D3cold
	fake_attribute "$disk" d3cold_allowed 1
	fake_link "$disk" Unknown 63 '64.0 GT/s PCIe' 63
	# the link is up: it has power
	check
	assert_exit 8
	assert_output "critical $disk no-answer: it does not answer: its config space reads all ones (nvme0)"
	# nothing says that it has
	fake_link 0000:00:02.0 Unknown 0 '8.0 GT/s PCIe' 4
	check
	assert_exit 8
	assert_output "warning $disk no-answer: it does not answer: the kernel has it in D3cold, it has no power or is gone (nvme0)"
	check -j
	assert_json '.findings[] | .expected, .actual' $'D0\nD3cold'
	# the kernel does not let it
	fake_attribute "$disk" d3cold_allowed 0
	check
	assert_output "critical $disk no-answer: it does not answer: its config space reads all ones (nvme0)"
}

@test "a device that does not answer" {
	head -c 4096 /dev/zero | tr '\0' '\377' >"$SYSROOT/sys/bus/pci/devices/$disk/config"
	check
	assert_exit 8
	assert_output "critical $disk no-answer: it does not answer: its config space reads all ones (nvme0)"
}

@test "a device that sleeps is left alone, and that is said" {
	fake_attribute "$disk" power/runtime_status suspended
	# what must not be read
	for file in config current_link_speed current_link_width max_link_speed max_link_width; do
		rm "$SYSROOT/sys/bus/pci/devices/$disk/$file"
		mkfifo "$SYSROOT/sys/bus/pci/devices/$disk/$file"
	done
	check -v
	assert_exit 0
	assert_line 'not checked: link: suspended (1 device)'
	assert_line 'not checked: mps-path: suspended (1 device)'
	assert_line 'not checked: no-answer: suspended (1 device)'
	check -j
	assert_json '[.not_checked[] | "\(.rule) \(.reason) \(.devices | join(","))"] | join("; ")' \
		"aer-reporting suspended $disk; link suspended $disk; mps-path suspended $disk; no-answer suspended $disk"
	take_baseline
	assert_equal "$(jq -r '.devices[] | select(.address == "'"$disk"'") | [.link, .link_reason, .mps_reason] | join(" ")' "$baseline")" \
		' suspended suspended'
}

@test "without rights: what could not be checked has a reason" {
	# what the kernel shows to everybody
	truncate -s 64 "$SYSROOT"/sys/bus/pci/devices/*/config
	check -j
	assert_exit 0
	assert_json '.not_checked[] | select(.rule == "mps-path") | [.reason, (.devices | length)] | join(" ")' \
		'needs root 3'
	[ -z "$stderr" ]
	check
	assert_exit 0
	assert_output ''
	assert_err 'warning: not checked, as that needs root: '
	assert_err mps-path
	check -q
	[ -z "$stderr" ]
	take_baseline
	assert_equal "$(jq -r '.devices[0] | [.mps, .mps_reason, .mrrs_reason] | join(" ")' "$baseline")" \
		' needs root needs root'
	[[ $EUID -eq 0 ]] || return 0
	tool_as_nobody --version
	chmod 600 "$SYSROOT"/sys/bus/pci/devices/*/config
	tool_as_nobody --sysroot "$SYSROOT" check -v
	assert_exit 0
	assert_line 'not checked: no-answer: config space cannot be read (6 devices)'
}

@test "a device of which the kernel counts no errors is not called free of them" {
	rm "$SYSROOT/sys/bus/pci/devices/$disk"/aer_dev_*
	check -v
	assert_exit 0
	assert_line 'not checked: aer: the kernel counts no errors of it (1 device)'
}

@test "errors that the kernel does not handle, as with firmware first, are not called none" {
	rmdir "$SYSROOT/sys/bus/pci/devices/0000:00:01.0/0000:00:01.0:pcie002"
	check -v
	assert_exit 0
	assert_line 'not checked: aer: the kernel does not handle errors below this root port (3 devices)'
	[ -z "$stderr" ]
	check
	assert_output ''
	assert_err 'warning: not checked: aer: errors that the kernel does not handle'
	# what it was told all the same is an error
	fake_aer "$net" 3 0 0
	check
	assert_output "warning $net aer-correctable: 3 correctable errors: bad_tlp 3"
}

@test "errors that a device does not report are not called none" {
	fake_config "$net" 0x48 16 0x2024
	check -v
	assert_exit 0
	assert_line 'not checked: aer-correctable: not reported, off in Device Control (1 device)'
	assert_line 'not checked: aer-nonfatal: not reported, off in Device Control (1 device)'
	refute_line --partial 'not checked: aer-fatal'
	check
	assert_output ''
	assert_err 'warning: not checked: aer: errors that devices do not report; -v says which'
	check --nagios
	assert_exit 0
	# what was counted before is an error
	fake_aer "$net" 3 0 0
	check
	assert_output "warning $net aer-correctable: 3 correctable errors: bad_tlp 3"
	truncate -s 64 "$SYSROOT"/sys/bus/pci/devices/*/config
	check -j
	assert_json '.not_checked[] | select(.rule == "aer-reporting") | [.reason, (.devices | length)] | join(" ")' \
		'needs root 6'
}

@test "-s and -d restrict it, PCIETOOL_DEVICE does not" {
	fake_aer "$net" 1
	fake_aer "$disk" 1
	check -s "$net"
	assert_exit 8
	refute_output --partial "$disk"
	check -d 144d:
	refute_output --partial "$net"
	PCIETOOL_DEVICE=144d: check
	assert_output --partial "$net"
	check -s 77:00.0
	assert_exit 3
}

@test "snapshot: what it holds, and that it has no findings by itself" {
	take_baseline
	jq -e . "$baseline" >/dev/null
	assert_equal "$(stat -c %a "$baseline")" 644
	assert_equal "$(jq -r .schema "$baseline")" pcietool/snapshot/1
	assert_equal "$(jq -c '.devices[] | select(.address == "'"$net"'") | del(.bars)' "$baseline")" \
		'{"path":"0000:00:01.0/00.0","address":"0000:01:00.0","vendor_id":"0x8086","device_id":"0x10d3","class_id":"0x020000","subsystem_vendor_id":null,"subsystem_vendor_id_reason":"none","subsystem_device_id":null,"subsystem_device_id_reason":"none","driver":"e1000e","link":{"speed_gts":8,"width":4,"max_speed_gts":8,"max_width":4,"port_max_speed_gts":8,"port_max_width":4},"mps":256,"mrrs":512}'
	assert_equal "$(jq -c '.devices[] | select(.address == "'"$net"'") | .bars' "$baseline")" \
		'[{"index":0,"type":"mem","size":4096}]'
	check --baseline "$baseline"
	assert_exit 0
	assert_output ''
	check --baseline - <"$baseline"
	assert_exit 0
}

@test "snapshot: a payload size that is a reserved value is none" {
	# 128 << 6, and 128 << 7
	fake_config "$disk" 0x48 16 $((7 | 6 << 5 | 7 << 12))
	run_tool --sysroot "$SYSROOT" snapshot -s "$disk" -j
	assert_json '.devices[0] | [.mps, .mps_reason, .mrrs, .mrrs_reason] | tojson' \
		'[null,"reserved value",null,"reserved value"]'
}

@test "snapshot on standard output is the same, with and without --json" {
	take_baseline
	run_tool --sysroot "$SYSROOT" snapshot
	assert_output "$(<"$baseline")"
	run_tool --sysroot "$SYSROOT" snapshot --json
	assert_output "$(<"$baseline")"
}

@test "baseline: a device that is absent" {
	take_baseline
	rm -r "$SYSROOT/sys/bus/pci/devices/$disk"
	fake_link 0000:00:02.0 Unknown 0 '8.0 GT/s PCIe' 4
	findings "critical $disk device-absent: 144d:a808 is not there, and the link below 0000:00:02.0 is down"
	assert_exit 8
	check --baseline "$baseline" -s "$net"
	assert_exit 0
	check --baseline "$baseline" -d 144d:
	assert_exit 8
	check --baseline "$baseline" -s "$disk"
	assert_exit 8
}

@test "baseline: another device in its place, by ids, class, subsystem" {
	fake_attribute "$net" subsystem_vendor 0x1028
	fake_attribute "$net" subsystem_device 0x0001
	take_baseline
	fake_attribute "$disk" device 0xa80a
	fake_attribute "$net" subsystem_device 0x0002
	fake_attribute 0000:01:00.1 class 0x028000
	findings "critical $net device-replaced: another device: subsystem 1028:0002, not subsystem 1028:0001" \
		"critical 0000:01:00.1 device-replaced: another device: class 028000, not class 020000" \
		"critical $disk device-replaced: another device: 144d:a80a, not 144d:a808"
}

@test "baseline: a link that is less than it was although it is all that both ends can" {
	take_baseline
	fake_link "$disk" '5.0 GT/s PCIe' 2 '5.0 GT/s PCIe' 2
	findings "critical $disk link-width: link is x2, it was x4" \
		"warning $disk link-speed: link is at 5 GT/s, it was at 8 GT/s"
	# one finding a fault
	fake_link "$disk" '8.0 GT/s PCIe' 2 '8.0 GT/s PCIe' 4
	findings "critical $disk link-width: link below 0000:00:02.0 (nvme0) is x2, both ends have x4"
}

@test "baseline: other sizes, another driver, none" {
	take_baseline
	fake_config "$disk" 0x48 16 $((1 << 5 | 5 << 12))
	fake_driver "$disk" vfio-pci
	rm "$SYSROOT/sys/bus/pci/devices/$net/driver"
	findings "warning $net driver: driver is none, it was e1000e" \
		"warning $disk mrrs: Max_Read_Request_Size is 4096 bytes, it was 512" \
		"warning $disk driver: driver is vfio-pci, it was nvme"
	fake_config 0000:00:02.0 0x48 16 $((0 << 5 | 2 << 12))
	fake_config "$disk" 0x48 16 $((0 << 5 | 0 << 12))
	check --baseline "$baseline" -s "$disk" -j
	assert_json '.findings | map("\(.rule) \(.expected) \(.actual)") | join(", ")' \
		'mps 256 128, mrrs 512 128, driver nvme vfio-pci'
}

@test "baseline: BARs of other sizes, new, gone; one without an address is told once" {
	fake_bar "$net" 2 0xfd000000 0x2000 0x40200
	take_baseline
	fake_bar "$net" 0 0xfe000000 0x10000 0x40200
	fake_bar "$net" 1 0xfd100000 0x1000 0x40200
	fake_bar "$net" 2 0 0 0
	sed -i '3s/.*/0x0000000000000000 0x0000000000000000 0x0000000000000000/' "$SYSROOT/sys/bus/pci/devices/$net/resource"
	findings "warning $net bar-size: BAR 0 is 65536 bytes, it was 4096" \
		"warning $net bar-size: BAR 1 of 4096 bytes is new" \
		"warning $net bar-size: BAR 2 of 8192 bytes is not there any more"
	assert_exit 8
	check --baseline "$baseline" --json
	assert_json '.findings | map("\(.expected) \(.actual)") | join(", ")' '4096 65536, none 4096, 8192 none'
	jq -c '(.devices[] | select(.address == "'"$net"'") | .bars[0].index) = 6' "$baseline" >"$baseline.bad"
	check --baseline "$baseline.bad"
	assert_exit 2
	assert_err bars
	# a baseline of before says nothing of them
	jq -c 'del(.devices[].bars)' "$baseline" >"$baseline.old"
	check --baseline "$baseline.old"
	assert_exit 0
}

@test "baseline: a BAR that has no address any more is told once" {
	take_baseline
	fake_bar "$net" 0 0 4096 0x20040200
	findings "warning $net bar-unassigned: BAR 0 (memory) has no address"
}

@test "baseline: a new device is only told" {
	take_baseline
	fake_card 0000:03:00.0 0x10ee 0x7024 0x058000
	fake_link 0000:00:03.0 '8.0 GT/s PCIe' 4 '8.0 GT/s PCIe' 4
	findings "info 0000:03:00.0 device-new: 10ee:7024 is not in the baseline"
	assert_exit 0
}

@test "baseline: the same machine with other bus numbers" {
	take_baseline
	fake_config 0000:00:02.0 0x19 8 0x42
	fake_config 0000:00:02.0 0x1a 8 0x42
	mv "$SYSROOT/sys/bus/pci/devices/$disk" "$SYSROOT/sys/bus/pci/devices/0000:42:00.0"
	check --baseline "$baseline"
	assert_exit 0
	assert_output ''
}

@test "a baseline that is broken is refused with the reason" {
	take_baseline
	cd "$BATS_TEST_TMPDIR" || return
	head -c 200 "$baseline" >"./cut"
	sed 's,pcietool/snapshot/1,pcietool/list/1,' "$baseline" >schema
	sed 's/"vendor_id":"0x144d"/"vendor_id":"beef"/' "$baseline" >id
	sed 's/"width":4/"width":-4/' "$baseline" >width
	sed 's/"speed_gts":8/"speed_gts":"fast"/' "$baseline" >speed
	jq -c '.devices += [.devices[0]]' "$baseline" >twice
	jq -c '.devices = 7' "$baseline" >list
	jq -c '.devices[0].path = ("x" * 500)' "$baseline" >path
	printf '%0*d' 200000 0 | tr 0 '[' >deep
	head -c 5000 /dev/urandom >noise
	: >empty
	echo '[]' >array
	echo 7 >number
	printf '{"schema":"pcietool/snapshot/1","devices":[]} more' >behind
	for file in cut schema id width speed twice list path deep noise empty array number behind; do
		check --baseline "$file"
		assert_exit 2
		assert_output ''
		assert_err "$file"
	done
	check --baseline schema
	assert_err "its schema is 'pcietool/list/1'"
	check --baseline nowhere
	assert_exit 1
	assert_err 'No such file'
	check --baseline .
	assert_exit 1
	truncate -s 1G huge
	check --baseline huge
	assert_exit 2
	assert_err 'more than 64 MiB'
}

@test "a baseline with what is not known yet, or without what may be missing, is read" {
	take_baseline
	jq -c '.devices |= map({path, address, vendor_id, device_id, news: {a: [1]}}) | .more = true' "$baseline" \
		>"$BATS_TEST_TMPDIR/little"
	check --baseline "$BATS_TEST_TMPDIR/little"
	assert_exit 0
	assert_output ''
}

@test "--nagios: one short line first, and a plugin's statuses" {
	check --nagios
	assert_exit 0
	assert_output 'PCIE OK - 6 devices checked'
	fake_aer "$net" 1
	check --nagios
	assert_exit 1
	assert_line -n 0 "PCIE WARNING - 1 warning: $net aer-correctable"
	assert_line -n 1 "warning $net aer-correctable: 1 correctable error: bad_tlp 1"
	[ -z "$stderr" ]
	fake_aer "$disk" 1 1 1
	check --nagios
	assert_exit 2
	assert_line -n 0 "PCIE CRITICAL - 2 critical, 2 warnings: $disk aer-nonfatal"
	[ "${#lines[0]}" -lt 80 ]
	[ "${#lines[@]}" -eq 5 ]
}

@test "--nagios: what could not be checked at all is UNKNOWN" {
	check --nagios --baseline "$BATS_TEST_TMPDIR/$(printf 'n%.0s' {1..100})"
	assert_exit 3
	assert_line -n 0 --partial 'PCIE UNKNOWN - '
	[ "${#lines[0]}" -lt 80 ]
	rm -r "$SYSROOT/sys"
	check --nagios
	assert_exit 3
	assert_line -n 0 --partial 'PCIE UNKNOWN - '
	check --nagios --no-such-option
	assert_exit 3
	check --nagios --json
	assert_exit 3
}

@test "a snapshot that cannot be written leaves nothing" {
	[[ $EUID -eq 0 ]] || skip 'to become nobody'
	mkdir "$BATS_TEST_TMPDIR/closed"
	tool_as_nobody --sysroot "$SYSROOT" snapshot -o "$BATS_TEST_TMPDIR/closed/x.json"
	assert_exit 1
	assert_err 'Permission denied'
	run_tool --sysroot "$SYSROOT" snapshot -o "$BATS_TEST_TMPDIR/nowhere/x.json"
	assert_exit 1
	[ -z "$(ls -A "$BATS_TEST_TMPDIR/closed")" ]
	run_tool --sysroot "$SYSROOT" snapshot -o /dev/full
	assert_exit 1
	assert_err 'No space left'
	[ -c /dev/full ]
}

@test "wrong arguments" {
	for args in 'check extra' 'check --baseline' 'snapshot extra' 'snapshot -o' 'check --nagios=1'; do
		# shellcheck disable=SC2086
		run_tool --sysroot "$SYSROOT" $args
		assert_exit 2
	done
	run_tool --sysroot "$SYSROOT" snapshot -s 77:00.0
	assert_exit 3
}

@test "what this process cannot see for want of descriptors is no verdict: exit 1, UNKNOWN, nothing written" {
	fake_server
	local files verb
	# three are open already; with each number another step is the one that fails
	for files in 4 5 6; do
		run_tool_limited "$files" check --nagios
		assert_exit 3
		assert_output --regexp '^PCIE UNKNOWN - .*Too many open files'
		run_tool_limited "$files" check
		assert_exit 1
		assert_err 'Too many open files'
	done
	for files in 4 5; do
		for verb in info 'link show'; do
			# shellcheck disable=SC2086 # two words
			run_tool_limited "$files" -s 01:00.0 $verb
			assert_exit 1
			assert_err 'Too many open files'
		done
	done
	for verb in list snapshot metrics; do
		run_tool_limited 4 "$verb"
		assert_exit 1
		assert_err 'Too many open files'
	done
	run_tool_limited 5 snapshot -o "$BATS_TEST_TMPDIR/good.json"
	assert_exit 1
	[ ! -e "$BATS_TEST_TMPDIR/good.json" ]
}

@test "on a terminal a finding is broken between words, and its command stays in one piece" {
	fake_link "$net" '2.5 GT/s PCIe' 4 '8.0 GT/s PCIe' 4
	fake_config 0000:00:01.0 0x42 16 0x0142
	fake_config 0000:00:01.0 0x4c 32 0x43
	fake_config 0000:00:01.0 0x6c 32 0xe
	fake_config 0000:00:01.0 0x70 16 1
	run_terminal 24x60 --sysroot "$SYSROOT" check
	assert_exit 8
	assert_line --partial "'pcietool -s 0000:00:01.0 link speed 3'"
	assert_columns 60
	assert_line --index 1 --regexp '^    [^ ]'
	run_terminal 24x80 config names EXP
	assert_exit 0
	assert_columns 80
	assert_line --regexp '^ {43}upstream-port, downstream-port,$'
}
