#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
#
# The maps that come with pcietool, on emulated devices beside their drivers: what the registers say is what the driver saw, and a
# dump disturbs none: it reads nothing that the maps leave out, and the device works as before.
#
# qemu: -drive if=none,id=disk,driver=null-co,read-zeroes=on,size=64M -device ide-hd,drive=disk,bus=ide.2
# qemu: -device qemu-xhci -device usb-tablet -device sdhci-pci
# qemu: -audiodev none,id=sound -device ich9-intel-hda -device hda-duplex,audiodev=sound
# qemu: -device e1000e,romfile=,netdev=net1 -netdev user,id=net1
# qemu: -device virtio-net-pci,disable-legacy=on,romfile=,netdev=net2 -netdev user,id=net2
# qemu: -device rtl8139,romfile=,netdev=net3 -netdev user,id=net3
# qemu: -device virtio-rng-pci,disable-legacy=on
# qemu: -object memory-backend-ram,id=pmr,share=on,size=16M -device nvme,serial=1,pmrdev=pmr,cmb_size_mb=1
# disk: 64M
# append: iomem=relaxed
# usually: newest

load ../lib/common
load ../lib/guest
load ../lib/ready_maps

# of_class CLASS: the first device of it.
of_class() {
	lspci -Dn | awk -v class="$1:" '$2 == class { print $1; exit }'
}

# driven_by DRIVER: it is bound, still.
driven_by() {
	assert_equal "$(basename "$(readlink "/sys/bus/pci/devices/$dev/driver")")" "$1"
}


# address: of the interface of $dev.
address() {
	cat "/sys/bus/pci/devices/$dev"/{net,virtio*/net}/*/address 2>/dev/null
}

# answers LINK: another host on it is found: a frame is sent, and one received.
answers() {
	ip addr add 10.0.2.15/24 dev "$1"
	echo >/dev/udp/10.0.2.2/9
	until_true grep -q '^10\.0\.2\.2 .* 0x2 ' /proc/net/arp
	ip addr flush dev "$1"
	ip link set "$1" down
}

# link_of: the interface of $dev.
link_of() {
	basename "$(ls -d "/sys/bus/pci/devices/$dev"/{net,virtio*/net}/* 2>/dev/null)"
}

@test "AHCI: what the driver prints, a disk's port, and the disk goes on" {
	dev=$(of_class 0106)
	modprobe ahci
	modprobe sd_mod
	until_true test -b /dev/sda
	log=$(dmesg | grep -F "ahci $dev: ")
	regs read host.PI host.VS host.CAP.NCS
	# Linux 6.1 words it otherwise: AHCI 0001.0000 32 slots 6 ports 1.5 Gbps 0x3f impl
	[[ $log =~ port\ mask\ (0x[0-9a-f]+)\) || $log =~ (0x[0-9a-f]+)\ impl ]]
	assert_equal $((lines[0])) $((BASH_REMATCH[1]))
	[[ $log =~ AHCI\ (vers\ )?([0-9a-f]{4})\.([0-9a-f]{4}),?\ ([0-9]+)\  ]]
	assert_equal "${lines[1]}" "0x${BASH_REMATCH[2]}${BASH_REMATCH[3]}"
	assert_equal $((lines[2] + 1)) "${BASH_REMATCH[4]}"
	ports=$((lines[0]))
	trace_on
	regs dump
	trace_off
	for n in {0..31}; do
		found=$(grep -c "^port\[$n\]\." <<<"$output" || true)
		assert_equal "$((found > 0))" $((ports >> n & 1))
	done
	assert_line --regexp '^port\[2\]\.SIG +5:0x224 +0x00000101'
	assert_line --regexp '^ +DET +3:0 +0x3 UP$'
	# of ports that are not there nothing was read; the list is not empty
	run trace_lines ahci "$(bar_base "$dev" 5)"
	[ "${#lines[@]}" -gt 100 ]
	for line in "${lines[@]}"; do
		read -r op offset _ <<<"$line"
		assert_equal "$op" read
		((offset < 0x100)) || ((ports >> (offset - 0x100) / 0x80 & 1))
	done
	dd if=/dev/sda of=/dev/null bs=64k count=16 iflag=direct status=none
	driven_by ahci
}

@test "xHCI: its version and ports as the driver has them, operational registers by the parts" {
	dev=$(of_class 0c03)
	modprobe xhci_pci
	until_true test -e "/sys/bus/pci/devices/$dev/usb1"
	log=$(dmesg | grep -F "xhci_hcd $dev: hcc params")
	regs read CAP.HCIVERSION HCCPARAMS1 CAP.CAPLENGTH RTSOFF HCSPARAMS1.MAXPORTS
	[[ $log =~ hcc\ params\ (0x[0-9a-f]+)\ hci\ version\ (0x[0-9a-f]+) ]]
	assert_equal $((lines[0])) $((BASH_REMATCH[2]))
	assert_equal $((lines[1])) $((BASH_REMATCH[1]))
	# two hubs, for USB 2 and 3, share the ports
	assert_equal $((lines[4])) $(($(cat "/sys/bus/pci/devices/$dev"/usb*/maxchild | paste -sd+)))
	{
		echo "include,$TOP/maps/class-0c0330.map,,0"
		echo "include,$TOP/maps/parts/xhci-operational.map,0,${lines[2]}"
		for ((n = 1; n <= lines[4]; n++)); do
			echo "include,$TOP/maps/parts/xhci-port.map,0,$((lines[2] + 0x400 + 0x10 * (n - 1))),as=port[$n]"
		done
		echo "include,$TOP/maps/parts/xhci-interrupter.map,0,$((lines[3] + 0x20)),as=interrupter[0]"
	} >"$BATS_TEST_TMPDIR/xhci.map"
	regs dump --map "$BATS_TEST_TMPDIR/xhci.map"
	assert_output --partial 'op.USBSTS'
	# the tablet is at one of them
	pcietool -q -f -s "$dev" --json regs dump --map "$BATS_TEST_TMPDIR/xhci.map" >"$BATS_TEST_TMPDIR/dump"
	jq -e '[.. | objects | select(.name? and (.name | test("PORTSC$"))) | .fields[] | select(.name == "CCS").value |
		select(. == "0x1")] | length == 1' "$BATS_TEST_TMPDIR/dump"
	driven_by xhci_hcd
	grep -q 0627 /sys/bus/usb/devices/*/idVendor
}

@test "SDHCI: its version; the data port is not read" {
	dev=$(of_class 0805)
	modprobe sdhci_pci
	until_true test -e "/sys/bus/pci/devices/$dev/mmc_host"
	trace_on
	regs dump
	trace_off
	assert_line --regexp '^sdhci\.VERSION +0x0fe +0x2401$'
	run trace_lines sdhci "$(bar_base "$dev" 0)"
	[ "${#lines[@]}" -gt 30 ]
	refute_output --regexp '^(write|read 0x20 )'
	driven_by sdhci-pci
}

@test "HD Audio: eight streams, as the driver has them, and codecs that answer still" {
	dev=$(of_class 0403)
	# before the controller's driver, which finds no codec without
	modprobe snd_hda_codec_generic
	modprobe snd_hda_intel
	until_true test -e /proc/asound/card0/codec#0
	regs dump
	regs read GCAP.ISS GCAP.OSS VMAJ
	assert_output "0x4
0x4
0x01"
	regs dump
	assert_output --partial 'sd[7].BDPU'
	refute_output --partial 'sd[8]'
	grep -q Vendor /proc/asound/card0/codec#0
	driven_by snd_hda_intel
}

@test "82574L: its address, the link, and statistics that the driver has, not we" {
	dev=$(bdf_of 8086:10d3)
	modprobe e1000e
	until_true test -d "/sys/bus/pci/devices/$dev/net"
	link=$(link_of)
	ip link set "$link" up
	until_true grep -q 1 "/sys/class/net/$link/carrier"
	regs read STATUS.LU 'RAL[0]' 'RAH[0].RAH' 'RAH[0].AV' CTRL.SLU
	assert_equal "${lines[0]} ${lines[3]} ${lines[4]}" '0x1 0x1 0x1'
	IFS=: read -r -a mac <"/sys/class/net/$link/address"
	assert_equal "${lines[1]}" "0x${mac[3]}${mac[2]}${mac[1]}${mac[0]}"
	assert_equal "${lines[2]}" "0x${mac[5]}${mac[4]}"
	trace_on
	regs dump
	trace_off
	run trace_lines e1000e-mmio "$(bar_base "$dev" 0)"
	[ "$(grep -c '^read' <<<"$output")" -gt 80 ]
	# the driver's interrupt may have come in between, with its reads of ICR and of none of those
	refute_output --regexp '^read 0x(4[01][0-9a-f]{2}|5b50) '
	answers "$link"
	driven_by e1000e
}

@test "RTL8139: its address, and link beside its driver, each access of its width; nothing that tells once is read" {
	dev=$(bdf_of 10ec:8139)
	modprobe 8139cp
	until_true test -d "/sys/bus/pci/devices/$dev/net"
	link=$(link_of)
	ip link set "$link" up
	until_true grep -q 1 "/sys/class/net/$link/carrier"
	regs read IDR0 IDR4.ID MSR.LINKB CR.RE CR.TE RCR.APM TCR.HWVERID_A
	IFS=: read -r -a mac <"/sys/class/net/$link/address"
	assert_equal "${lines[0]} ${lines[1]}" "0x${mac[3]}${mac[2]}${mac[1]}${mac[0]} 0x${mac[5]}${mac[4]}"
	# of the C+: 8139too.c knows HWVERID_A as 0x1d
	assert_equal "${lines[*]:2}" '0x0 0x1 0x1 0x1 0x1d'
	trace_on
	regs dump
	trace_off
	# each access has its register's width
	assert_line --regexp '^rtl8139\.CR +1:0x037 +0x0[cd]$'
	# one region of QEMU's for both BARs, told at its I/O ports
	run trace_lines rtl8139 "$(io_base "$dev" 0)"
	[ "$(grep -c '^read' <<<"$output")" -gt 35 ]
	assert_line --regexp '^read 0x37 1 '
	assert_line --regexp '^read 0x3a 2 '
	# the driver's interrupt and what it sends may come in between
	refute_output --regexp '^(read 0x(64|6a|6c|6e|72)|write 0x([012][0-9a-f]|37|[4-7][0-9a-f])) '
	answers "$link"
	driven_by 8139cp
}

@test "virtio: where the capability is, the driver's progress, its queues, and the address" {
	dev=$(bdf_of 1af4:1041)
	modprobe virtio_net
	until_true test -n "$(address)"
	regs read num_queues device_status 'net.mac[0]' 'net.mac[5]' net.status.LINK_UP
	# receive, transmit, control
	assert_equal "${lines[0]}" 0x0003
	assert_equal "${lines[1]}" 0x0f
	assert_equal "${lines[2]#0x}:${lines[3]#0x}" "$(address | sed 's/:.*:/:/')"
	assert_equal "${lines[4]}" 0x1
	run_tool -f -s "$dev" regs dump
	assert_exit 0
	assert_err 'isr.status is left out: reading it clears it'
	assert_line --regexp '^common\.num_queues +4:0x012 '
	link=$(link_of)
	ip link set "$link" up
	answers "$link"
	driven_by virtio-pci
}

@test "virtio: a device without a driver, and a transitional one with a disk" {
	dev=$(bdf_of 1af4:1044)
	echo "$dev" >"/sys/bus/pci/devices/$dev/driver/unbind" || true
	setpci -s "$dev" COMMAND=2:2
	# the kernel's bus found it; a 0 resets it
	run_tool -s "$dev" regs read device_status.ACKNOWLEDGE num_queues
	assert_exit 0
	assert_output "0x1
0x0001"
	pcietool -s "$dev" regs write device_status=0
	run_tool -s "$dev" regs read device_status
	assert_output 0x00
	dev=$(bdf_of 1af4:1001)
	modprobe virtio_blk
	until_true test -b /dev/vda
	regs read --wide blk.capacity
	assert_equal $((output)) "$(cat /sys/block/vda/size)"
	regs dump
	dd if=/dev/vda of=/dev/null bs=64k count=4 iflag=direct status=none
}

@test "a driver that has the registers is not read beside without --force" {
	dev=$(bdf_of 8086:10d3)
	run_tool -s "$dev" regs dump
	assert_exit 4
	assert_err 'is bound'
}

@test "NVMe: its version, and where its own memory is, persistent or not" {
	dev=$(bdf_of 1b36:0010)
	modprobe nvme
	until_true grep -q live "/sys/bus/pci/devices/$dev/nvme/nvme0/state"
	regs read CAP.PMRS CAP.CMBS PMRCAP.BIR PMRCAP.CMSS PMRCTL.EN PMRSTS.NRDY
	assert_equal "${lines[*]:0:4}" '0x1 0x1 0x4 0x1'
	# QEMU says so, and the driver takes no such memory into use
	assert_equal "${lines[4]}" 0x0
	regs dump
	assert_line --regexp '^pmr\.PMRCAP '
	assert_line --regexp '^cmb\.CMBMSC '
	refute_output --regexp '^(boot|shutdown)\.'
	# it is enabled, and is memory from then on
	pcietool -q -f -s "$dev" regs write PMRCTL.EN=1
	regs wait PMRSTS.NRDY==0 --timeout 5s
	run_tool -q -f -s "$dev" regs test 4:0x0+4k
	assert_exit 0
	regs read CMBMSC.CRE CMBLOC.BIR CMBSZ.SZU
	assert_equal "${lines[*]:0:2}" '0x1 0x2'
	driven_by nvme
}
