#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later

load ../lib/common
load ../lib/fake_device
load ../lib/fake_express

# counters BDF SEVERITY NAME=N...: the kernel's file, with its total.
counters() {
	local file=aer_dev_$2 bdf=$1 total=0 pair text=''
	shift 2
	for pair; do
		text+="${pair%=*} ${pair#*=}"$'\n'
		total=$((total + ${pair#*=}))
	done
	fake_attribute "$bdf" "$file" "${text}TOTAL_ERR_X $total"
}

setup_file() {
	local bdf
	BATS_TEST_TMPDIR=$BATS_FILE_TMPDIR fake_tree
	fake_begin
	fake_bridge 0000:00:01.0 4 1 1 3 4 4 16
	fake_express 0000:01:00.0 0 0x020000 3 4 3 4
	fake_pci 0000:00:1f.0 0x8086 0x2918 0x060100
	for bdf in 0000:00:01.0 0000:01:00.0; do
		fake_extended "$bdf" 0x100 1 0
		fake_config "$bdf" 0x10c 32 0x00062030
		counters "$bdf" correctable RxErr=0 BadTLP=0 'RELAY_NUM Rollover=0'
		counters "$bdf" nonfatal UnsupReq=0 CmpltTO=0
		counters "$bdf" fatal MalfTLP=0
	done
	fake_attribute 0000:00:01.0 aer_rootport_total_err_cor 0
	fake_attribute 0000:00:01.0 aer_rootport_total_err_nonfatal 0
	fake_attribute 0000:00:01.0 aer_rootport_total_err_fatal 0
	fake_write
}

setup() {
	fake_copy
}

aer() {
	run_tool --sysroot "$SYSROOT" aer "$@"
}

@test "aer show: where AER is cut off what is behind its end is unknown, not 0" {
	fake_extended 0000:01:00.0 0x100 1 0x104
	fake_extended 0000:01:00.0 0x104 0x0d 0
	aer show -s 01:00.0 -j
	assert_exit 0
	for key in uncorrectable correctable tlp root; do
		assert_json ".ends[1].$key" null
		assert_json ".ends[1].${key}_reason" 'the capability is cut off'
	done
	fake_extended 0000:01:00.0 0x100 1 0x110
	fake_extended 0000:01:00.0 0x110 0x0d 0
	aer show -s 01:00.0 -j
	assert_json '.ends[1].correctable_reason' 'the capability is cut off'
	assert_json '.ends[1].root_reason' 'no root port'
	aer show -s 01:00.0
	assert_line --regexp '^  correctable +the capability is cut off$'
	# what can be told is
	fake_extended 0000:01:00.0 0x100 1 0x110
	fake_extended 0000:01:00.0 0x110 0x0d 0
	aer show -s 01:00.0 -j
	assert_json '.ends[1].uncorrectable.severity' 0x00062030
	assert_json '.ends[1].correctable' null
	# the last of several of a name
	fake_extended 0000:01:00.0 0x100 1 0x128
	fake_extended 0000:01:00.0 0x128 0x0d 0
	fake_config 0000:01:00.0 0x104 32 $((1 << 20))
	fake_config 0000:01:00.0 0x118 32 20
	aer show -s 01:00.0 -j
	assert_json '.ends[1].uncorrectable.errors[0].first' true
	assert_json '.ends[1].tlp_reason' 'the capability is cut off'
	# a root port's own are behind those that all have
	fake_extended 0000:00:01.0 0x100 1 0x12c
	fake_extended 0000:00:01.0 0x12c 0x0d 0
	aer show -s 01:00.0 -j
	assert_json '.ends[0].correctable.status' 0x00000000
	assert_json '.ends[0].root_reason' 'the capability is cut off'
}

# An unsupported request, the first; a completion timeout behind it; a bad TLP.
errors() {
	fake_config 0000:01:00.0 0x104 32 $((1 << 20 | 1 << 14))
	fake_config 0000:01:00.0 0x118 32 20
	fake_config 0000:01:00.0 0x110 32 0x40
	fake_config 0000:01:00.0 0x114 32 0x40
	fake_config 0000:01:00.0 0x11c 32 0x40000001
	fake_config 0000:01:00.0 0x120 32 0x0000050f
	fake_config 0000:01:00.0 0x124 32 0xfee00000
	fake_config 0000:01:00.0 0x4a 16 0x000a
	fake_config 0000:00:01.0 0x130 32 0x00000024
	fake_config 0000:00:01.0 0x134 32 0x01000000
	counters 0000:01:00.0 nonfatal UnsupReq=3 CmpltTO=0
	fake_attribute 0000:00:01.0 aer_rootport_total_err_nonfatal 3
}

@test "show: of half of a half what is known is shown, and nothing else is null" {
	errors
	# the mask is behind the end
	fake_extended 0000:01:00.0 0x100 1 0x114
	fake_extended 0000:01:00.0 0x114 0x0d 0
	aer show -s 01:00.0 -j
	assert_exit 0
	assert_json '.ends[1].correctable | .status, .mask, .mask_reason' $'0x00000040\nnull\nthe capability is cut off'
	assert_json '.ends[1].correctable.errors[0] | .name, .masked, .masked_reason, .first' \
		$'BAD_TLP\nnull\nthe capability is cut off\nfalse'
	assert_json '.ends[1].uncorrectable.errors[1] | .name, .severity, .masked, .first, .first_reason' \
		$'UNSUP_REQ\nnonfatal\nfalse\nnull\nthe capability is cut off'
	assert_json '.ends[1].tlp_reason' 'the capability is cut off'
	aer show -s 01:00.0
	assert_line '  correctable    BAD_TLP (bad TLP, mask unknown)'
	fake_extended 0000:01:00.0 0x100 1 0x108
	fake_extended 0000:01:00.0 0x108 0x0d 0
	aer show -s 01:00.0
	assert_line '  uncorrectable  COMP_TIMEOUT (completion timeout, severity unknown, mask unknown), UNSUP_REQ (unsupported request, severity unknown, mask unknown)'
	assert_line --regexp '^  correctable +the capability is cut off$'
	# a root port's sources
	fake_extended 0000:00:01.0 0x100 1 0x134
	fake_extended 0000:00:01.0 0x134 0x0d 0
	aer show -s 01:00.0 -j
	assert_json '.ends[0].root | .status.value, .correctable_source, .uncorrectable_source_reason' \
		$'0x0024\nnull\nthe capability is cut off'
	aer show -s 01:00.0
	assert_line --regexp '^  root .* uncorrectable from the capability is cut off$'
}

@test "show: both ends; what was first, its packet as a sentence; counters that are not zero" {
	errors
	aer show -s 01:00.0
	assert_exit 0
	assert_line '0000:00:01.0 (port)'
	assert_line '0000:01:00.0 (device)'
	assert_line '  uncorrectable  COMP_TIMEOUT (completion timeout, nonfatal), UNSUP_REQ (unsupported request, nonfatal, the first)'
	assert_line --partial '  TLP            memory write of 4 bytes to 0xfee00000, requester 00:00.0, tag 0x05'
	assert_line '  correctable    BAD_TLP (bad TLP, masked)'
	assert_line --partial 'uncorrectable from 01:00.0'
	assert_line '  device status  0x000a NONFATAL UR'
	assert_line '                 nonfatal 3: unsupported_request 3'
	assert_line '                 received correctable 0, nonfatal 3, fatal 0'
	refute_output --partial completion_timeout
}

@test "show: a count of errors that Device Control does not report is told to say nothing" {
	fake_config 0000:01:00.0 0x48 16 0x2812
	aer show -s 01:00.0
	assert_exit 0
	assert_line '  not reported   correctable, fatal: off in Device Control, a count of 0 says nothing'
	aer show -s 01:00.0 -j
	assert_json '.ends[1].unreported | join(" ")' 'correctable fatal'
}

@test "show: all is reported; by SERR# of Command the uncorrectable errors are too" {
	fake_config 0000:00:01.0 0x48 16 0x2817
	fake_config 0000:01:00.0 0x48 16 0x2811
	fake_config 0000:01:00.0 0x04 16 0x0100
	aer show -s 01:00.0
	assert_exit 0
	refute_output --partial 'not reported'
	aer show -s 01:00.0 -j
	assert_json '.ends[].unreported | type, length' $'array\n0\narray\n0'
	truncate -s 64 "$SYSROOT/sys/bus/pci/devices/0000:01:00.0/config"
	aer show -s 01:00.0 -j
	assert_json '.ends[1].unreported' null
}

@test "show, watch: a virtual function does not say what is reported: the enables are its physical function's" {
	fake_config 0000:00:01.0 0x48 16 0x2817
	fake_config 0000:01:00.0 0x48 16 0x2810
	ln -s ../0000:01:00.0 "$SYSROOT/sys/bus/pci/devices/0000:01:00.0/physfn"
	aer show -s 01:00.0
	assert_exit 0
	refute_output --partial 'not reported'
	aer show -s 01:00.0 -j
	assert_json '.ends[1] | .unreported, .unreported_reason' $'null\na virtual function does not say'
	aer watch -s 01:00.0 --timeout 20ms
	refute_err 'errors are not reported'
	rm "$SYSROOT/sys/bus/pci/devices/0000:01:00.0/physfn"
	aer watch -s 01:00.0 --timeout 20ms
	assert_err '0000:01:00.0: correctable, nonfatal, fatal errors are not reported'
}

@test "show --all: counters that are zero too" {
	aer show -s 01:00.0 --all
	assert_line --partial 'correctable 0: receiver 0, bad_tlp 0, replay_num_rollover 0'
}

@test "show: JSON" {
	errors
	aer show -s 01:00.0 -j
	assert_exit 0
	assert_json .schema pcietool/aer-show/1
	assert_json '.ends[1].uncorrectable.errors[1].name' UNSUP_REQ
	assert_json '.ends[1].uncorrectable.errors[1].first' true
	assert_json '.ends[1].tlp.address' 0xfee00000
	assert_json '.ends[1].tlp.requester' 00:00.0
	assert_json '.ends[1].correctable.errors[0].masked' true
	assert_json '.ends[0].tlp' null
	assert_json '.ends[0].root.uncorrectable_source' 01:00.0
	assert_json '.ends[1].counters.nonfatal.types.unsupported_request' 3
	assert_json '.owner' null
}

# first BIT [CONTROL]: that error is the first one, with the bits of Capabilities and Control.
first() {
	fake_config 0000:01:00.0 0x104 32 $((1 << $1))
	fake_config 0000:01:00.0 0x118 32 $(($1 | ${2:-0}))
}

# log_words WORD...: the header log, and further dwords behind the root port's registers.
log_words() {
	local at=0x11c word
	for word; do
		fake_config 0000:01:00.0 "$at" 32 "$word"
		at=$((at + 4))
		if ((at == 0x12c)); then
			at=0x138
		fi
	done
}

@test "show: an error that logs no packet is not shown with one of an error before" {
	log_words 0x40000001 0x0000050f 0xfee00000 0
	# data link protocol, surprise down, flow control protocol, receiver overflow
	for bit in 4 5 13 17; do
		first $bit
		aer show -s 01:00.0 -j
		assert_json '.ends[1].uncorrectable.errors[0].first' true
		assert_json '.ends[1] | .tlp, .tlp_reason' $'null\nsuch an error is in no TLP'
		aer show -s 01:00.0
		refute_output --partial TLP
	done
	first 22
	aer show -s 01:00.0 -j
	assert_json '.ends[1] | .tlp, .tlp_reason' \
		$'null\nan internal error need not log one: what is in the log may be older'
	for bit in 12 15 16 18 19 20 21 23 24 25 26 27 28 29 30 31; do
		first $bit
		aer show -s 01:00.0 -j
		assert_json '.ends[1].tlp.type' 'memory write'
	done
}

@test "show: a completion timeout has a packet where the device says that it logs it" {
	log_words 0x00000001 0x0100050f 0xfee00000 0
	first 14
	aer show -s 01:00.0 -j
	assert_json '.ends[1] | .tlp, .tlp_reason' \
		$'null\nthe device does not log the TLP of a completion timeout'
	first 14 $((1 << 12))
	aer show -s 01:00.0 -j
	assert_json '.ends[1].tlp | .type, .requester' $'memory read\n01:00.0'
}

@test "show: a log of all ones or of zeroes is none" {
	first 20
	aer show -s 01:00.0 -j
	assert_json '.ends[1] | .tlp, .tlp_reason' $'null\nno header is logged'
	log_words 0xffffffff 0xffffffff 0xffffffff 0xffffffff
	aer show -s 01:00.0 -j
	assert_json '.ends[1] | .tlp, .tlp_reason' $'null\nno header is logged: there was no room for it'
}

@test "show: a header of flit mode is decoded as one, and shown whole" {
	# 64-bit write with a PASID, 5 dwords of a log of 14
	log_words 0x60010010 0x01000000 0x00000001 0x00001000 0x11223344 0x55667788
	first 20 $((14 << 13 | 1 << 18 | 5 << 19))
	aer show -s 01:00.0
	assert_line '  TLP            memory write of 64 bytes to 0x100001000, requester 01:00.0, flit mode [0x60010010 0x01000000 0x00000001 0x00001000 0x11223344]'
	aer show -s 01:00.0 -j
	assert_json '.ends[1].tlp | .flit, .type, .length, .tag, .tag_reason, .poisoned, (.header | length)' \
		$'true\nmemory write\n64\nnull\nit has none\nfalse\n5'
	assert_json '.ends[1].tlp.header[4]' 0x11223344
	assert_json '.ends[1].tlp.prefixes | length' 0
	# the bits of a read without flit mode
	log_words 0x00000001 0x0100050f 0xfee00000 0
	first 20 $((1 << 18 | 1 << 19))
	aer show -s 01:00.0 -j
	assert_json '.ends[1].tlp | .type, .requester, .requester_reason, .address, .length, .poisoned' \
		$'no operation\nnull\nnot known of a TLP of this type\nnull\nnull\nnull'
	# one whose kind is reserved
	log_words 0x24000001 0x0100050f 0xfee00000 0
	first 20 $((1 << 18 | 4 << 19))
	aer show -s 01:00.0 -j
	assert_json '.ends[1].tlp | .text, .requester' $'unknown TLP (type 0x24), flit mode\nnull'
	assert_json '.ends[1].tlp.header | join(" ")' '0x24000001 0x0100050f 0xfee00000 0x00000000'
	# as many dwords as there can be
	fake_extended 0000:01:00.0 0x100 1 0x160
	fake_extended 0000:01:00.0 0x160 0x0d 0
	first 20 $((14 << 13 | 1 << 18 | 14 << 19))
	log_words 0x60110010 0x01000000 0x00000001 0x00001000 5 6 7 8 9 10 11 12 13 14
	aer show -s 01:00.0 -j
	assert_json '.ends[1].tlp.header | length, last' $'14\n0x0000000e'
	# no dwords, and all ones: there was no room
	log_words 0xffffffff 0xffffffff 0xffffffff 0xffffffff
	first 20 $((1 << 18))
	aer show -s 01:00.0 -j
	assert_json '.ends[1].tlp_reason' 'no header is logged'
	# more than any header has
	log_words 0x60110010 0x01000000
	first 20 $((1 << 18 | 31 << 19))
	aer show -s 01:00.0 -j
	assert_json '.ends[1].tlp.header | length' 14
}

@test "show: the header of flit mode goes on in config space where its log does" {
	first 20 $((1 << 18 | 6 << 19))
	log_words 0x60010010 0x01000000 0x00000001 0x00001000 0x11223344 0x55667788
	run_tool --sysroot "$SYSROOT" -s 01:00.0 config read AER.HEADER_LOG3 AER.HEADER_LOG4 AER.HEADER_LOG5
	assert_output $'0x00001000\n0x11223344\n0x55667788'
	run_tool --sysroot "$SYSROOT" -s 01:00.0 config read AER.HEADER_LOG6
	assert_exit 6
	first 20
	run_tool --sysroot "$SYSROOT" -s 01:00.0 config read AER.HEADER_LOG4
	assert_exit 6
}

@test "show: prefixes of a packet are shown" {
	log_words 0x40000001 0x0000050f 0xfee00000 0 0x91000005 0x92000000
	first 20 $((1 << 11))
	aer show -s 01:00.0
	assert_line '  TLP            memory write of 4 bytes to 0xfee00000, requester 00:00.0, tag 0x05 [0x40000001 0x0000050f 0xfee00000 0x00000000], prefixes [0x91000005 0x92000000]'
	aer show -s 01:00.0 -j
	assert_json '.ends[1].tlp.prefixes | join(" ")' '0x91000005 0x92000000'
	first 20
	aer show -s 01:00.0 -j
	assert_json '.ends[1].tlp.prefixes | length' 0
}

@test "show: of a packet whose kind is not known nothing is told but its words" {
	log_words 0x80000001 0x0100050f 0xfee00000 0
	first 18
	aer show -s 01:00.0 -j
	assert_json '.ends[1].tlp | .type, .flit, .requester, .tag, .poisoned' \
		$'unknown TLP\nfalse\nnull\nnull\nnull'
	# without data its length is reserved
	log_words 0x0a000000 0x01002004 0x00001740 0
	first 16
	aer show -s 01:00.0 -j
	assert_json '.ends[1].tlp | .requester, .length, .length_reason' $'00:00.0\nnull\nit has no data'
}

@test "show: without a selection those that have something, or how many have nothing" {
	aer show
	assert_exit 0
	assert_line '2 devices: nothing is logged or counted'
	assert_line '1 devices: unknown, neither AER registers nor counters can be seen'
	errors
	aer show
	assert_line '0000:01:00.0 (device)'
	assert_line '0000:00:01.0 (device)'
	refute_output --partial 00:1f.0
}

@test "show: without a selection a device without AER whose Device Status has errors is one that has something" {
	fake_config 0000:01:00.0 0x100 32 0
	rm "$SYSROOT"/sys/bus/pci/devices/0000:01:00.0/aer_dev_*
	# auxiliary power and pending transactions are no errors
	fake_config 0000:01:00.0 0x4a 16 0x0030
	aer show
	assert_line '1 devices: nothing is logged or counted'
	for bit in 1 2 4 8; do
		fake_config 0000:01:00.0 0x4a 16 $bit
		aer show
		assert_exit 0
		assert_line '0000:01:00.0 (device)'
		assert_line --regexp "^  device status  0x000$bit "
		refute_output --partial 'nothing is logged'
		assert_line '2 devices: unknown, neither AER registers nor counters can be seen'
	done
	aer show -j
	assert_json '.ends | length' 1
}

@test "show: without a selection a root port that only has received errors is one that has something" {
	fake_config 0000:00:01.0 0x130 32 0x54
	aer show
	assert_exit 0
	assert_line '0000:00:01.0 (device)'
	refute_output --partial 0000:01:00.0
	# the number of its interrupt's vector is none
	fake_config 0000:00:01.0 0x130 32 0x08000000
	aer show
	assert_line '2 devices: nothing is logged or counted'
}

@test "show: a port that contains its link is told, also without a selection" {
	fake_extended 0000:00:01.0 0x100 1 0x140
	fake_extended 0000:00:01.0 0x140 0x1d 0
	aer show -s 01:00.0 -j
	assert_json '.ends[] | .dpc, .dpc_reason' $'null\nnot triggered\nnull\nno Downstream Port Containment'
	fake_config 0000:00:01.0 0x148 16 0x0015
	fake_config 0000:00:01.0 0x14a 16 0x0100
	aer show
	assert_exit 0
	assert_line '0000:00:01.0 (device)'
	assert_line --regexp '^  contained +the port contains its link \(DPC\) after ERR_FATAL from 01:00.0, and is busy yet: .* ends that$'
	aer show -s 01:00.0 -j
	assert_json '.ends[0].dpc | .trigger, .source, .busy' $'fatal-message\n01:00.0\ntrue'
	fake_config 0000:00:01.0 0x148 16 0x0001
	aer show -s 01:00.0 -j
	assert_json '.ends[0].dpc | .trigger, .source, .source_reason' \
		$'uncorrectable\nnull\nno message triggered it'
}

@test "watch: of a whole machine one line says that devices do not report all errors" {
	fake_config 0000:00:01.0 0x48 16 0x2817
	fake_config 0000:01:00.0 0x48 16 0x2813
	aer watch --timeout 20ms
	assert_err '1 device does not report all errors (Device Control): those are not counted'
	fake_config 0000:01:00.0 0x48 16 0x2817
	aer watch --timeout 20ms
	refute_err 'not report'
}

@test "show: of errors that are not reported, a count alone says nothing" {
	fake_config 0000:00:01.0 0x48 16 0x2817
	fake_config 0000:01:00.0 0x48 16 0x2810
	# its AER capability cannot be seen
	fake_config 0000:01:00.0 0x100 32 0
	aer show
	assert_line '1 devices: nothing is logged or counted'
	assert_line --partial '2 devices: unknown'
}

@test "show: what cannot be known is not zero" {
	rm "$SYSROOT"/sys/bus/pci/devices/0000:01:00.0/aer_dev_*
	truncate -s 64 "$SYSROOT/sys/bus/pci/devices/0000:01:00.0/config"
	aer show -s 01:00.0
	assert_exit 0
	assert_line --partial 'correctable the kernel counts no errors of it'
	assert_line --partial 'needs root'
	aer show -s 01:00.0 -j
	assert_json '.ends[1].counters.fatal' null
	assert_json '.ends[1].uncorrectable' null
}

@test "show: a device that sleeps is left asleep, but for --wake; its counters are known" {
	local device=$SYSROOT/sys/bus/pci/devices/0000:01:00.0
	errors
	fake_attribute 0000:01:00.0 power/runtime_status suspended
	mv "$device/config" "$SYSROOT/config"
	mkfifo "$device/config"
	TOOL_TIMEOUT=5 aer show -s 01:00.0
	assert_exit 0
	assert_line --regexp '^  registers +suspended$'
	assert_line --partial 'nonfatal 3: unsupported_request 3'
	TOOL_TIMEOUT=5 aer show -j
	assert_exit 0
	assert_json '.ends[] | select(.address == "0000:01:00.0") | .uncorrectable_reason' suspended
	mv "$SYSROOT/config" "$device/config"
	aer show -s 01:00.0 --wake
	assert_line --partial 'UNSUP_REQ'
}

@test "show: where firmware handles errors, zero says nothing, and that is said" {
	mkdir -p "$SYSROOT/dev"
	printf '6,1,2,-;acpi PNP0A08:00: _OSC: OS now controls [PCIeHotplug PME PCIeCapability LTR]\n' >"$SYSROOT/dev/kmsg"
	aer show -s 01:00.0
	assert_line --index 0 --partial 'errors are handled by firmware'
	aer show -s 01:00.0 -j
	assert_json .owner firmware
	printf '6,1,2,-;acpi PNP0A08:00: _OSC: OS now controls [PCIeHotplug PME AER PCIeCapability LTR]\n' >"$SYSROOT/dev/kmsg"
	aer show -s 01:00.0 -j
	assert_json .owner kernel
}

@test "show: with pci=noaer nobody says that firmware handles errors" {
	mkdir -p "$SYSROOT/dev" "$SYSROOT/proc"
	printf '6,1,2,-;acpi PNP0A08:00: _OSC: OS now controls [PCIeHotplug PME PCIeCapability LTR]\n' >"$SYSROOT/dev/kmsg"
	echo 'BOOT_IMAGE=/vmlinuz root=/dev/sda1 pci=noaer,realloc quiet' >"$SYSROOT/proc/cmdline"
	aer show -s 01:00.0
	assert_line --index 0 'the kernel was told not to handle errors (noaer): 0 says nothing'
	aer show -s 01:00.0 -j
	assert_json .owner null
}

@test "show: who handles errors is known by the root port's service, without the kernel's log" {
	local port=$SYSROOT/sys/bus/pci/devices/0000:00:01.0
	mkdir -p "$port/driver" "$port/0000:00:01.0:pcie002" "$SYSROOT/drivers/pcieport"
	rmdir "$port/driver" && ln -s ../../../../drivers/pcieport "$port/driver"
	aer show -s 01:00.0 -j
	assert_json .owner kernel
	aer show -j
	assert_json .owner kernel
	rmdir "$port/0000:00:01.0:pcie002"
	aer show -s 01:00.0
	assert_line --index 0 '0000:00:01.0: the kernel does not handle errors below this root port: 0 says nothing'
	aer show -s 01:00.0 -j
	assert_json .owner null
	assert_json .owner_reason 'the kernel does not handle errors below this root port'
	aer show
	assert_line --index 0 --partial '0 says nothing'
	aer watch -s 01:00.0 --timeout 20ms --interval 10ms
	assert_exit 0
	assert_err 'the kernel does not handle errors below this root port'
	mkdir -p "$SYSROOT/dev"
	printf '6,1,2,-;acpi PNP0A08:00: _OSC: OS now controls [PCIeHotplug PME PCIeCapability LTR]\n' >"$SYSROOT/dev/kmsg"
	aer show -s 01:00.0 -j
	assert_json .owner firmware
}

# watch_begin ARG...: a watch in the background; watch_end: Ctrl-C, for $status, $output and $stderr.
watch_begin() {
	env --default-signal=INT pcietool --sysroot "$SYSROOT" aer watch --interval 20ms "$@" \
		>"$BATS_TEST_TMPDIR/out" 2>"$BATS_TEST_TMPDIR/err" 3>&- &
	pid=$!
	until_true watches $pid
}

watch_end() {
	kill -INT $pid
	status=0
	wait $pid || status=$?
	output=$(<"$BATS_TEST_TMPDIR/out") stderr=$(<"$BATS_TEST_TMPDIR/err")
	mapfile -t lines <"$BATS_TEST_TMPDIR/out"
}

# told TEXT: it has said this.
told() {
	grep -qF -- "$1" "$BATS_TEST_TMPDIR"/{out,err}
}

@test "watch: what is added, how fast, and a sum at the end" {
	watch_begin -s 01:00.0
	meanwhile $pid counters 0000:01:00.0 correctable RxErr=0 BadTLP=40 'RELAY_NUM Rollover=2'
	until_true told 'replay_num_rollover +2'
	watch_end
	assert_exit 0
	assert_line --regexp '0000:01:00.0 correctable bad_tlp \+40, now 40, [0-9.]+/s$'
	assert_line --regexp '0000:01:00.0 correctable replay_num_rollover \+2, now 2'
	assert_line '0000:01:00.0 correctable +42 nonfatal +0 fatal +0'
}

@test "watch: errors that Device Control does not report are told not to be counted" {
	fake_config 0000:00:01.0 0x48 16 0x2817
	fake_config 0000:01:00.0 0x48 16 0x2812
	aer watch -s 01:00.0 --interval 20ms --timeout 60ms
	assert_exit 0
	assert_err 'warning: 0000:01:00.0: correctable, fatal errors are not reported (Device Control): none is counted'
	refute_err '0000:00:01.0: '
	fake_config 0000:01:00.0 0x48 16 0x2817
	aer watch -s 01:00.0 --interval 20ms --timeout 60ms
	assert_exit 0
	assert_equal "$stderr" ''
}

@test "watch: errors in each minute; what cannot be told is not watched for" {
	watch_begin -s 01:00.0 -j
	meanwhile $pid counters 0000:01:00.0 correctable RxErr=0 BadTLP=40 'RELAY_NUM Rollover=2'
	until_true told '"replay_num_rollover"'
	watch_end
	assert_equal "$(tail -n 1 <<<"$output" | jq -c .per_minute)" '[42]'
	pcietool --sysroot "$SYSROOT" aer watch --interval 20ms -s 01:00.0 \
		>/dev/full 2>"$BATS_TEST_TMPDIR/err" 3>&- &
	pid=$!
	until_true watches $pid
	meanwhile $pid counters 0000:01:00.0 correctable RxErr=1 BadTLP=40 'RELAY_NUM Rollover=2'
	status=0
	wait $pid || status=$?
	assert_equal "$status" 1
	grep -F 'No space left on device' "$BATS_TEST_TMPDIR/err"
}

@test "watch: nothing happens; a device without counters; one that goes away" {
	aer watch --interval 20ms --timeout 60ms
	assert_exit 0
	assert_output --regexp '^2 devices, [0-9]+\.[0-9] s: no errors were counted'
	aer watch -s 00:1f.0 --timeout 60ms
	assert_exit 6
	watch_begin -s 01:00.0
	mv "$SYSROOT/sys/bus/pci/devices/0000:01:00.0" "$SYSROOT/gone"
	until_true told 'the device is gone'
	watch_end
	assert_exit 5
	assert_err 'warning'
}

@test "watch: what the port is told of a device that goes away, and a device that comes back" {
	local folder=$SYSROOT/sys/bus/pci/devices/0000:01:00.0
	counters 0000:01:00.0 correctable RxErr=0 BadTLP=9
	watch_begin -s 01:00.0
	mv "$folder" "$SYSROOT/gone"
	until_true told 'the device is gone'
	meanwhile $pid counters 0000:00:01.0 nonfatal UnsupReq=0 CmpltTO=1
	until_true told 'completion_timeout +1'
	mv "$SYSROOT/gone" "$folder"
	until_true told 'the device is back'
	meanwhile $pid counters 0000:01:00.0 correctable RxErr=0 BadTLP=2
	watch_end
	assert_exit 0
	assert_line --partial '0000:00:01.0 nonfatal completion_timeout +1, now 1'
	assert_err '0000:01:00.0: the device is gone'
	assert_err '0000:01:00.0: the device is back'
}

@test "clear: writes back what is set at both ends; --dry-run writes nothing" {
	errors
	aer clear -s 01:00.0 --dry-run
	assert_exit 0
	assert_line '0000:01:00.0: would clear registers: 3'
	assert_line '0000:00:01.0: would clear registers: 1'
	aer clear -s 01:00.0
	assert_exit 0
	assert_output ''
	run_tool --sysroot "$SYSROOT" -s 01:00.0 config read AER.UNCOR_STATUS EXP.DEVSTA
	# a file does not clear: what is there is what was written, and only bits that were set were
	assert_equal "${lines[*]}" '0x00104000 0x000a'
}

mask() {
	run_tool --sysroot "$SYSROOT" -s 01:00.0 config read AER.UNCOR_MASK AER.COR_MASK
	printf '%s\n' "${lines[*]}"
}

@test "mask and unmask: by name, either register" {
	aer mask -s 01:00.0 SURPRISE_DOWN bad_tlp COR.INTERNAL
	assert_exit 0
	assert_equal "$(mask)" '0x00000020 0x00004040'
	aer unmask -s 01:00.0 SURPRISE_DOWN
	assert_exit 0
	assert_equal "$(mask)" '0x00000000 0x00004040'
	aer mask -s 01:00.0 INTERNAL -D
	assert_output 'AER.UNCOR_MASK: 0x00000000 -> 0x00400000'
	assert_equal "$(mask)" '0x00000000 0x00004040'
}

@test "mask: the names of the kernel log and of lspci" {
	aer mask -s 01:00.0 RxErr BadTLP NonFatalErr CorrIntErr SDES CmpltTO UncorrIntErr
	assert_exit 0
	assert_equal "$(mask)" '0x00404020 0x00006041'
	aer unmask -s 01:00.0 rxerr UnCor.Internal
	assert_equal "$(mask)" '0x00004020 0x00006040'
}

@test "mask with a command: masked while it runs, as before when it ends, fails or is killed" {
	fake_config 0000:01:00.0 0x108 32 0x10
	local read="pcietool --sysroot $SYSROOT -s 01:00.0 config read AER.UNCOR_MASK"
	aer mask -s 01:00.0 SURPRISE_DOWN -- sh -c "$read"
	assert_exit 0
	assert_output 0x00000030
	assert_equal "$(mask)" '0x00000010 0x00000000'
	aer mask -j -s 01:00.0 SURPRISE_DOWN -- sh -c "$read"
	assert_exit 0
	assert_equal "$(jq -c '[.writes[] | [.ref, .old, .new]]' <<<"$output")" \
		'[["AER.UNCOR_MASK","0x00000010","0x00000030"],["AER.UNCOR_MASK","0x00000030","0x00000010"]]'
	aer mask -s 01:00.0 SURPRISE_DOWN -- sh -c 'exit 3'
	assert_exit 1
	assert_err 'ended with status 3'
	assert_equal "$(mask)" '0x00000010 0x00000000'
	aer mask -j -s 01:00.0 SURPRISE_DOWN -- sh -c 'exit 3'
	assert_exit 1
	assert_json .error.exit 1
	assert_equal "$(jq -c '[.writes[] | [.old, .new]]' <<<"$output")" \
		'[["0x00000010","0x00000030"],["0x00000030","0x00000010"]]'
	aer mask -s 01:00.0 SURPRISE_DOWN -- sh -c 'kill -9 $$'
	assert_exit 1
	assert_equal "$(mask)" '0x00000010 0x00000000'
	aer mask -s 01:00.0 SURPRISE_DOWN -- no-such-program
	assert_exit 2
	assert_equal "$(mask)" '0x00000010 0x00000000'
}

@test "mask with a command: a signal ends that first, and the masks are as before" {
	pcietool --sysroot "$SYSROOT" -s 01:00.0 aer mask SURPRISE_DOWN -- sleep 30 &
	local pid=$!
	until [[ $(mask) == 0x00000020* ]]; do sleep 0.02; done
	kill -TERM "$pid"
	wait "$pid" || status=$?
	assert_equal "$status" 143
	assert_equal "$(mask)" '0x00000000 0x00000000'
}

@test "mask: a name that is none, no name, a device without the capability" {
	aer mask -s 01:00.0 SURPRISE
	assert_exit 2
	assert_err SURPRISE_DOWN
	aer mask -s 01:00.0
	assert_exit 2
	aer mask -s 00:1f.0 SURPRISE_DOWN
	assert_exit 6
}

@test "--color: uncorrectable errors are red, correctable ones yellow, what is 0 is plain" {
	local red=$'\e[;1;31m' yellow=$'\e[;33m' plain=$'\e[m'
	errors
	run_tool --sysroot "$SYSROOT" --color=always aer show -s 01:00.0
	assert_exit 0
	assert_output --partial "${red}UNSUP_REQ$plain"
	assert_output --partial "${yellow}BAD_TLP$plain"
	assert_output --partial "nonfatal ${red}3$plain"
	assert_output --partial 'fatal 0'
}
