#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Virtual functions of two drivers, one of which allows fewer than its device has; links of root ports up to 64 GT/s.
#
# qemu-at-least: 10.1
# qemu: -device pcie-root-port,id=rp1,chassis=1,slot=1,x-speed=64,x-width=16 -device igb,bus=rp1,romfile=
# qemu: -device pcie-root-port,id=rp2,chassis=2,slot=2,x-speed=8,x-width=4 -device nvme-subsys,id=s
# qemu: -device nvme,serial=a,bus=rp2,subsys=s,sriov_max_vfs=2,sriov_vq_flexible=4,sriov_vi_flexible=2,max_ioqpairs=6,msix_qsize=7
# usually: newest

# shellcheck disable=SC2030,SC2031,SC2154 # a test is a process of its own; bats sets stderr
load ../lib/common
load ../lib/guest

setup_file() {
	modprobe igb
	modprobe nvme
	igb=$(bdf_of 8086:10c9)
	nvme=$(bdf_of 1b36:0010)
	export igb nvme
	until [[ -e /sys/bus/pci/devices/$igb/driver && -e /sys/bus/pci/devices/$nvme/driver ]]; do sleep 0.2; done
}

@test "igb: its driver allows 7 of the device's 8 virtual functions, and that is said" {
	run_tool -s "$igb" sriov show
	assert_exit 0
	assert_output "$igb VFs 0 of 7 (the device has 8, its driver allows less), offset 128, stride 2, device id 10ca, MSI-X vectors 0"
	run_tool -s "$igb" sriov numvfs 8
	assert_exit 2
	assert_equal "$(cat "/sys/bus/pci/devices/$igb/sriov_numvfs")" 0
}

@test "igb: two virtual functions, in the driver's count and on the bus" {
	run_tool -s "$igb" sriov numvfs 2
	assert_exit 0
	run_tool -s "$igb" sriov show
	assert_line --partial "VFs 2 of 7"
	assert_line --partial "VF 0 0000:01:10.0"
	assert_line --partial "VF 1 0000:01:10.2"
	assert_equal "$(cat /sys/bus/pci/devices/0000:01:10.0/device)" 0x10ca
	run_tool -s "$igb" sriov numvfs 0
	assert_exit 0
	[[ ! -e /sys/bus/pci/devices/0000:01:10.0 ]]
}

@test "igb: what the physical function says of its virtual ones' decoding counts, and its hint helps" {
	run_tool -s "$igb" sriov numvfs 2
	assert_exit 0
	run_tool -s "$igb" config write SRIOV.CTRL.MSE=0
	run_tool -s 0000:01:10.0 config write COMMAND=0:2
	run_tool -s 0000:01:10.0 regs read 0x8
	assert_exit 1
	assert_err "0000:01:10.0: BAR 0: $igb has memory decoding of its virtual functions off"
	command=$(sed -n "s/^hint: enable it with 'pcietool \(.*\)'$/\1/p" <<<"$stderr")
	# shellcheck disable=SC2086 # words
	run_tool $command
	assert_exit 0
	run_tool -s 0000:01:10.0 regs read 0x8
	assert_exit 0
	run_tool -s "$igb" sriov numvfs 0
}

@test "igb: a VF BAR is shared among all 8 that the device has" {
	run_tool -s "$igb" bar list
	assert_exit 0
	assert_line --regexp 'VF BAR0 mem 128K at 0x[0-9a-f]+, 64-bit, prefetchable, for 8 VFs of 16K, not decoded$'
	assert_line --regexp 'VF BAR3 mem 128K at 0x[0-9a-f]+, 64-bit, prefetchable, for 8 VFs of 16K, not decoded$'
}

@test "nvme: virtual functions made by its driver" {
	run_tool -s "$nvme" sriov numvfs 2
	assert_exit 0
	run_tool -s "$nvme" sriov show
	assert_line --partial "$nvme VFs 2 of 2, offset 1, stride 1, device id 0010"
	assert_line --partial "VF 0 ${nvme%.0}.1"
	assert_line --partial "VF 1 ${nvme%.0}.2"
	run_tool -s "$nvme" sriov numvfs 0
	assert_exit 0
}

@test "a virtual function says nothing of its link or of payload sizes, and the link is the port's" {
	local say='a virtual function does not say' vf=0000:01:10.0
	run_tool -s "$igb" sriov numvfs 1
	assert_exit 0
	run_tool -s $vf link show
	assert_exit 0
	assert_line --index 0 "0000:00:01.0 -> $vf: unknown"
	assert_line 'now                    2.5GT/s x1, 0.250 GB/s'
	assert_line "possible, device       $say"
	assert_line --regexp "^  target speed +64GT/s +$say$"
	assert_line --regexp "^  $vf +MPS $say$"
	run_tool -s $vf info -j
	assert_json '[.link, .link_reason] | tojson' "[null,\"$say\"]"
	run_tool snapshot -s $vf -j
	assert_json '.devices[0] | [.link, .mps, .mrrs, .mps_reason] | tojson' "[null,null,null,\"$say\"]"
	# its config space alone: no device that is down
	pcietool -s $vf config dump >"$BATS_TEST_TMPDIR/dump"
	pcietool -s 00:01.0 config dump >>"$BATS_TEST_TMPDIR/dump"
	run_tool --from-dump "$BATS_TEST_TMPDIR/dump" link show
	refute_output --partial down
	run_tool --from-dump "$BATS_TEST_TMPDIR/dump" info -s $vf -j
	assert_json .link_reason "$say"
	run_tool -s "$igb" sriov numvfs 0
}

@test "a root port for 64 GT/s x16 above a device of 2.5 GT/s x1: ok, and the device is the narrow one" {
	run_tool -s "$igb" link show
	assert_exit 0
	assert_line --index 0 "0000:00:01.0 -> $igb: ok"
	assert_line --regexp '^possible, port +64GT/s x16, 118\.000 GB/s$'
	assert_line --regexp '^possible, device +2\.5GT/s x1, 0\.250 GB/s$'
	run_tool -s "$nvme" link show
	assert_line --regexp '^possible, port +8GT/s x4, 3\.938 GB/s$'
}
