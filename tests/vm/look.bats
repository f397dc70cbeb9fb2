#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
#
# list and info on emulated devices, compared with what lspci, setpci and sysfs say of the same ones.
#
# qemu: -global ICH9-LPC.acpi-pci-hotplug-with-bridge-support=off
# qemu: -device edu -device rtl8139,romfile= -device nvme,serial=1
# qemu: -device pcie-root-port,id=rp1,chassis=1,slot=1 -device e1000e,bus=rp1
# append: pcie_ports=compat
# timeout: 600
# usually: 6.12

load ../lib/common
load ../lib/guest

setup() {
	edu=$(bdf_of 1234:11e8)
	rtl=$(bdf_of 10ec:8139)
	nvme=$(bdf_of 1b36:0010)
	nic=$(bdf_of 8086:10d3)
	port=$(bdf_of 1b36:000c)
}

# 1048576: 1M
short_size() {
	local n=$1 unit
	for unit in '' K M G; do
		((n >= 1024 && n % 1024 == 0)) || break
		n=$((n / 1024))
	done
	echo "$n$unit"
}

all_devices() {
	ls /sys/bus/pci/devices
}

# As a user without any right.
as_nobody() {
	run --separate-stderr setpriv --reuid 65534 --regid 65534 --clear-groups pcietool "$@"
}

@test "list: every device of lspci, with its ids and class" {
	lspci -Dmn | awk '{gsub("\"", ""); print $1, $3 ":" $4, $2}' >"$BATS_TEST_TMPDIR/expected"
	run_tool list --json
	assert_exit 0
	json '.devices[] | "\(.address) \(.vendor_id[2:]):\(.device_id[2:]) \(.class_id[2:6])"' |
		diff "$BATS_TEST_TMPDIR/expected" -
}

@test "list: the names of lspci" {
	# which gives a number to what has no name
	lspci -Dmm | while read -r line; do
		eval "words=($line)"
		# shellcheck disable=SC2154 # words comes from the eval
		echo "${words[0]}|${words[1]}|${words[2]/#Vendor ????/-}|${words[3]/#Device ????/-}"
	done >"$BATS_TEST_TMPDIR/expected"
	run_tool list --json
	json '.devices[] | "\(.address)|\(.class)|\(.vendor // "-")|\(.device // "-")"' |
		diff "$BATS_TEST_TMPDIR/expected" -
}

@test "list and info: the BARs of lspci, with address and size" {
	for device in "$edu" "$rtl" "$nvme" "$port" "$nic"; do
		lspci -s "$device" -vv | sed -n 's/.*Region \([0-9]\): \(Memory\|I\/O ports\) at \([0-9a-f]*\) .*\[size=\([0-9KMG]*\)\].*/\1 \3 \4/p' \
			>"$BATS_TEST_TMPDIR/expected"
		run_tool -s "$device" info --json
		assert_exit 0
		json '.bars[] | "\(.index) \(.address) \(.size)"' | while read -r index address size; do
			printf '%d %x %s\n' "$index" "$address" "$(short_size "$size")"
		done >"$BATS_TEST_TMPDIR/found"
		diff "$BATS_TEST_TMPDIR/expected" "$BATS_TEST_TMPDIR/found"
		bars=$(json '.bars | map(del(.decoded, .lost)) | tojson')
		run_tool -s "$device" list --json
		assert_json '.devices[0].bars | tojson' "$bars"
	done
}

@test "info: the capabilities of lspci, at their offsets" {
	for device in "$edu" "$nvme" "$port" "$nic"; do
		lspci -s "$device" -vv | sed -n 's/^\tCapabilities: \[\([0-9a-f]*\).*/\1/p' >"$BATS_TEST_TMPDIR/expected"
		run_tool -s "$device" info --json
		assert_exit 0
		json '(.capabilities + .extended_capabilities)[].offset[2:]' | diff "$BATS_TEST_TMPDIR/expected" -
		assert_json '[.capabilities_problem, .extended_capabilities_problem] | tojson' '[null,null]'
	done
	run_tool -s "$nic" info
	assert_line --partial 'Power Management'
	assert_line --partial 'Advanced Error Reporting'
	assert_line --partial 'Device Serial Number'
}

@test "info: the link of lspci, and a device without one" {
	for device in "$nic" "$port"; do
		run_tool -s "$device" info --json
		link=$(json '.link | "Speed \(.speed_gts)GT/s, Width x\(.width)"')
		lspci -s "$device" -vv | grep 'LnkSta:' | sed 's/ ([a-z]*)//g' | grep -F "$link"
		link=$(json '.link | "Speed \(.max_speed_gts)GT/s, Width x\(.max_width)"')
		lspci -s "$device" -vv | grep 'LnkCap:' | grep -F "$link"
		link=$(json '.link | tojson')
		run_tool -s "$device" list --json
		assert_json '.devices[0].link | tojson' "$link"
	done
	run_tool -s "$edu" info --json
	assert_json .link_reason 'not PCI Express'
	run_tool -s "$nvme" info --json
	assert_json .link_reason 'integrated in the root complex'
}

@test "info: the command register as it changes" {
	setpci -s "$edu" COMMAND=0
	run_tool -s "$edu" info --json
	assert_json '[.command.memory, .command.bus_master, .bars[0].decoded] | join(" ")' 'false false false'
	run_tool -s "$edu" info
	assert_line --partial 'not decoded'
	setpci -s "$edu" COMMAND=0x406:0x406
	run_tool -s "$edu" info --json
	assert_json '[.command.memory, .command.bus_master, .command.intx_disable, .bars[0].decoded] | join(" ")' \
		'true true true true'
	assert_json .command.value "0x$(setpci -s "$edu" COMMAND)"
	setpci -s "$edu" COMMAND=2:406
}

@test "info: interrupts, driver, power and masks as the kernel has them" {
	modprobe nvme
	for ((i = 0; i < 100; i++)); do
		[ ! -e "/sys/bus/pci/devices/$nvme/nvme" ] || break
		sleep 0.1
	done
	run_tool -s "$nvme" info --json
	assert_json '[.driver, .interrupt.msix.enabled, .kernel_names[0].class] | join(" ")' 'nvme true nvme'
	assert_json .interrupt.irq "$(</sys/bus/pci/devices/"$nvme"/irq)"
	assert_json .dma_mask_bits "$(</sys/bus/pci/devices/"$nvme"/dma_mask_bits)"
	assert_json .power_state "$(</sys/bus/pci/devices/"$nvme"/power_state)"
	vectors=$(lspci -s "$nvme" -vv | sed -n 's/.*MSI-X: Enable+ Count=\([0-9]*\).*/\1/p')
	assert_json .interrupt.msix.vectors "$vectors"
	run_tool -s "$nvme" list --json
	assert_json '.devices[0].driver' nvme
	modprobe -r nvme
	run_tool -s "$edu" info --json
	assert_json '[.driver_reason, .interrupt.pin, .interrupt.msi.enabled, .interrupt.msi["64bit"]] | join(" ")' \
		'none A false true'
}

@test "info: a device that was put to sleep says so, and wakes up again" {
	setpci -s "$nic" CAP_PM+4.w=3:3
	run_tool -s "$nic" info --json
	assert_json .pmcsr_state D3hot
	setpci -s "$nic" CAP_PM+4.w=0:3
	run_tool -s "$nic" info --json
	assert_json .pmcsr_state D0
}

@test "looking changes nothing in the device" {
	lspci -xxxx >"$BATS_TEST_TMPDIR/before"
	pcietool list >/dev/null
	for device in "$edu" "$nvme" "$port" "$nic"; do
		pcietool -s "$device" info >/dev/null
	done
	lspci -xxxx | diff "$BATS_TEST_TMPDIR/before" -
}

@test "a user without rights sees what everybody may see, and why the rest is missing" {
	as_nobody list --json
	assert_exit 0
	assert_json '.devices | length' "$(all_devices | wc -l)"
	as_nobody -s "$nic" info --json
	assert_exit 0
	assert_json '[.vendor_id, .capabilities_reason, .extended_capabilities_reason, .interrupt.msi_reason] | join(", ")' \
		'0x8086, needs root, needs root, needs root'
	# sysfs has it for everybody
	assert_json '.link.width' "$(</sys/bus/pci/devices/"$nic"/current_link_width)"
	as_nobody -s "$nic" info
	assert_line 'capabilities needs root'
	# where anybody may make a file
	local open
	open=$(mktemp -d)
	chmod 1777 "$open"
	as_nobody -s "$nic" info --rom "$open/rom"
	assert_exit 4
	[ ! -e "$open/rom" ]
	as_nobody -s "$nic" config read CAP_EXP
	assert_exit 4
	as_nobody -s "$nic" config read VENDOR_ID
	assert_exit 0
}

@test "--rom saves the expansion ROM and leaves its decoder off" {
	rom=/sys/bus/pci/devices/$nic/rom
	setpci -s "$nic" COMMAND=2:2
	run_tool -s "$nic" info --json --rom "$BATS_TEST_TMPDIR/rom"
	assert_exit 0
	assert_json '.saved[0].bytes' "$(stat -c %s "$BATS_TEST_TMPDIR/rom")"
	# the signature, PCI Firmware Specification 3.0 section 5.1
	[ "$(od -An -N2 -tx1 "$BATS_TEST_TMPDIR/rom")" = " 55 aa" ]
	echo 1 >"$rom"
	cmp "$rom" "$BATS_TEST_TMPDIR/rom"
	echo 0 >"$rom"
	pcietool -s "$nic" info --rom "$BATS_TEST_TMPDIR/rom" >/dev/null
	# the permission to read was taken back
	run cat "$rom"
	assert_failure
	[ $((0x$(setpci -s "$nic" ROM_ADDRESS) & 1)) -eq 0 ]
}

@test "--rom-decode: the images of the network card's ROM, for it, with a good checksum; the decoder is off again" {
	run_tool -s "$nic" info --json --rom-decode
	assert_exit 0
	assert_json '[.rom_content.images[] | .vendor_id + ":" + .device_id] | unique | join(" ")' 0x8086:0x10d3
	assert_json '[.rom_content.images[].is_for_device] | all' true
	assert_json '.rom_content.images[0] | [.code, .checksum, .offset] | join(" ")' 'BIOS good 0x0000'
	assert_json '[.rom_content.images[] | select(.code == "EFI").machine] | any(. == "x86-64")' true
	assert_json '.rom_content.problem' null
	run cat "/sys/bus/pci/devices/$nic/rom"
	[ "$status" -ne 0 ]
	run_tool -s "$edu" info --vpd-decode
	assert_exit 6
}

@test "--rom: memory decoding off, a full disk, no ROM" {
	setpci -s "$nic" COMMAND=0:2
	run_tool -s "$nic" info --rom "$BATS_TEST_TMPDIR/rom"
	assert_exit 1
	assert_err 'memory decoding is off'
	setpci -s "$nic" COMMAND=2:2
	mkdir "$BATS_TEST_TMPDIR/small"
	mount -t tmpfs -o size=8k tmpfs "$BATS_TEST_TMPDIR/small"
	run_tool -s "$nic" info --rom "$BATS_TEST_TMPDIR/small/rom"
	umount "$BATS_TEST_TMPDIR/small"
	assert_exit 1
	assert_err 'No space left'
	run cat "/sys/bus/pci/devices/$nic/rom"
	assert_failure
	run_tool -s "$edu" info --rom "$BATS_TEST_TMPDIR/none"
	assert_exit 6
	run_tool -s "$edu" info --vpd "$BATS_TEST_TMPDIR/none"
	assert_exit 6
	[ ! -e "$BATS_TEST_TMPDIR/none" ]
}

@test "config read: setpci's names, with its values" {
	# in the order of the list: those that all have, type 0, all again, type 0, type 1
	mapfile -t names < <(setpci --dumpregs | awk 'NR > 1 {print $NF}')
	capabilities=(CAP_PM.L CAP_MSI.L CAP_EXP.L CAP_MSIX.L ECAP_AER.L ECAP_DSN.L)
	[ "${names[25]} ${names[26]} ${names[42]}" = 'MAX_LAT PRIMARY_BUS BRIDGE_CONTROL' ]
	setpci -s "$nic" "${names[@]:0:26}" "${capabilities[@]}" >"$BATS_TEST_TMPDIR/expected"
	run_tool -s "$nic" config read "${names[@]:0:26}" "${capabilities[@]%.L}"
	assert_exit 0
	echo "${output//0x/}" | diff "$BATS_TEST_TMPDIR/expected" -
	bridge=("${names[@]:0:13}" CAPABILITIES INTERRUPT_LINE INTERRUPT_PIN "${names[@]:26:17}")
	setpci -s "$port" "${bridge[@]}" >"$BATS_TEST_TMPDIR/expected"
	run_tool -s "$port" config read "${bridge[@]}"
	assert_exit 0
	echo "${output//0x/}" | diff "$BATS_TEST_TMPDIR/expected" -
}

@test "config read: a name that the device does not have is exit 6, one that nobody has exit 2" {
	for name in PRIMARY_BUS CAP_AGP ECAP_SRIOV CAP_EXP@1; do
		run_tool -s "$nic" config read VENDOR_ID "$name"
		assert_exit 6
		assert_output ''
	done
	run_tool -s "$nic" config read COMAND
	assert_exit 2
	assert_err 'did you mean COMMAND?'
}

@test "without libpci there are no names, and all else works" {
	library=$(ldconfig -p | awk '/libpci\.so\.3 / {print $NF; exit}')
	mount --bind /dev/null "$(realpath "$library")"
	run_tool list --json
	umount "$(realpath "$library")"
	assert_exit 0
	[ -z "$stderr" ]
	assert_json '.devices[0] | [.vendor, .vendor_reason, .class] | map(tostring) | join(", ")' \
		'null, libpci.so.3 cannot be loaded, null'
	assert_json '.devices | length' "$(all_devices | wc -l)"
}

@test "a device that was lost by surprise: exit 5, and list still works" {
	setpci -s "$port" CAP_EXP+18.w=0700:0700
	for ((i = 0; i < 50; i++)); do
		[ "$(setpci -s "$nic" VENDOR_ID)" != ffff ] || break
		sleep 0.1
	done
	run_tool -s "$nic" info --json
	assert_exit 5
	assert_json .error.exit 5
	run_tool list --json
	assert_exit 0
}
