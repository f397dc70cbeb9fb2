#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
#
# SIGKILL at a random moment: the next command works, and nothing is left but what the manual names. $KILLS times each;
# the seed is printed, and $KILLS_SEED repeats it.
#
# qemu: -device edu
# qemu: -device pcie-root-port,id=rp1,chassis=1,slot=1 -device e1000e,romfile=,bus=rp1
# qemu: -device pcie-root-port,id=rp2,chassis=2,slot=2 -device nvme-subsys,id=s
# qemu: -device nvme,serial=a,bus=rp2,subsys=s,sriov_max_vfs=2,sriov_vq_flexible=4,sriov_vi_flexible=2,max_ioqpairs=6,msix_qsize=7
# qemu: -global ICH9-LPC.acpi-pci-hotplug-with-bridge-support=off
# append: pcie_ports=native
# timeout: 14400
# test-timeout: 3600
# kernel: 6.12

# shellcheck disable=SC2030,SC2031,SC2154 # a test is a process of its own; bats sets stderr
load ../lib/common
load ../lib/guest
load ../lib/capture

setup_file() {
	modprobe -a e1000e nvme
	until_true compgen -G '/sys/bus/pci/devices/*/net/eth0'
	until_true compgen -G '/sys/bus/pci/devices/*/nvme/nvme0'
}

setup() {
	edu=$(bdf_of 1234:11e8)
	nic=$(bdf_of 8086:10d3)
	nvme=$(bdf_of 1b36:0010)
	port=$(basename "$(dirname "$(realpath "/sys/bus/pci/devices/$nic")")")
	export TOOL_TIMEOUT=90 PCIETOOL_DEVICE=$edu
	mkdir "$BATS_TEST_TMPDIR/here"
	cd "$BATS_TEST_TMPDIR/here" || return
	seed=${KILLS_SEED:-$RANDOM}
	RANDOM=$seed
	echo "# seed $seed" >&3
}

teardown() {
	clean_up
	pcietool -q -f driver release --idle || true
}

# killed CHECK WORD...: pcietool WORD..., killed at a moment of its time, which a first run tells; CHECK is run each time.
killed() {
	local check=$1 i start time
	shift
	start=$(date +%s%N)
	pcietool "$@" >/dev/null 2>&1 || true
	time=$((($(date +%s%N) - start) / 1000000 + 1))
	"$check"
	for ((i = 0; i < ${KILLS:-2}; i++)); do
		pcietool "$@" >out.txt 2>err.txt </dev/null 3>&- &
		pid=$!
		at=$(printf '0.%03d' $((RANDOM * time / 32768 % 1000)))
		sleep "$at"
		kill -KILL "$pid" 2>/dev/null || true
		wait "$pid" || true
		pid=
		"$check" || {
			echo "killed after $at s of $time ms, the ${i}th time: pcietool $*"
			return 1
		}
	done
}

driver_of() {
	[[ ! -e /sys/bus/pci/devices/$1/driver ]] || basename "$(readlink "/sys/bus/pci/devices/$1/driver")"
}

# no_files: none but what was meant, in a folder that was empty.
no_files() {
	assert_equal "$(find . -mindepth 1 ! -name out.txt ! -name err.txt "$@")" ''
}

# --- what changes the device ---------------------------------------------------------------------------

capture_works() {
	pcietool config write COMMAND=7:7
	run_tool dma capture "${engine[@]}" --done '0x98==0:1' --size 2k -o data
	assert_exit 0
	assert_at_rest
	assert_equal "$(stat -c %s data)" 2048
	pcietool dma free --idle --all
	pcietool config write COMMAND=7:7
}

@test "capture and play: the device is at rest, and the next one works" {
	pcietool driver bind --mask 28
	engine=(-w 64 --block 2k --each 0x80=0x40000 --each 0x88=@block --each 0x90=@block.size --each 0x98=3 --timeout 10s)
	killed capture_works dma capture "${engine[@]}" --done '0x98==0:1' --size 6k -o killed
	head -c 6k /dev/zero >in
	killed capture_works dma play -w 64 --block 2k --each 0x80=@block --each 0x88=0x40000 --each 0x90=@block.size \
		--each 0x98=1 --timeout 10s --done '0x98==0:1' -i in
	no_files ! -name killed ! -name data ! -name in
}

nic_is_back() {
	run_tool -s "$nic" -f driver release
	[[ $status -eq 0 ]] || assert_err 'nothing to release'
	until_true test "$(driver_of "$nic")" = e1000e
	assert_equal "$(<"/sys/bus/pci/devices/$nic/driver_override")" '(null)'
	assert_equal "$(ls -A /run/pcietool)" ''
}

nic_is_bound() {
	run_tool -s "$nic" -f driver bind
	assert_exit 0
	assert_equal "$(driver_of "$nic")" pcietool
}

@test "driver bind and release: release gives the device its driver back, bind goes on" {
	pcietool driver release || true
	killed nic_is_back -s "$nic" -f driver bind
	nic_is_bound
	killed nic_is_bound -s "$nic" -f driver release
	nic_is_back
}

is_restored() {
	run_tool -s "$nic" -f config restore saved
	assert_exit 0
	run_tool -s "$nic" config diff saved
	assert_exit 0
	setpci -s "$nic" CACHE_LINE_SIZE=20 CAP_EXP+8.w=2810 COMMAND=403
	no_files ! -name saved
}

@test "config restore: once more, and all is as it was saved" {
	pcietool -s "$nic" config save -o saved
	killed is_restored -s "$nic" -f config restore saved
	pcietool -s "$nic" -f config restore saved
}

# The machine's ports keep the target that they have.
speed_works() {
	run_tool -s "$nic" link speed 1
	assert_exit 8
	assert_equal "$(setpci -s "$port" CAP_EXP+10.w CAP_EXP+30.w)" "$before"
}

@test "link speed: the next one tells the same, the port's registers are as before" {
	before=$(setpci -s "$port" CAP_EXP+10.w CAP_EXP+30.w)
	killed speed_works -s "$nic" link speed 1
}

is_unmasked() {
	run_tool -s "$port" aer unmask SURPRISE_DOWN
	assert_exit 0
	assert_equal "$(setpci -s "$port" ECAP_AER+8.l)" "$before"
}

@test "aer mask with a command: unmask is the way back" {
	pcietool -s "$port" aer unmask SURPRISE_DOWN
	before=$(setpci -s "$port" ECAP_AER+8.l)
	killed is_unmasked -s "$port" aer mask SURPRISE_DOWN -- sleep 0.1
}

no_functions() {
	run_tool -s "$nvme" -f sriov numvfs 0
	assert_exit 0
	assert_equal "$(<"/sys/bus/pci/devices/$nvme/sriov_numvfs")" 0
}

@test "sriov numvfs: the next one works" {
	echo 0 >"/sys/bus/pci/devices/$nvme/sriov_drivers_autoprobe"
	killed no_functions -s "$nvme" sriov numvfs 2
}

is_bound_to() {
	[[ $(driver_of "$nic") == "$1" ]]
}

reload_works() {
	# as the manual says
	pcietool rescan
	until_true test -e "/sys/bus/pci/devices/$nic"
	assert_equal "$(<"/sys/bus/pci/devices/$port/power/control")" auto
	until_true is_bound_to e1000e
	assert_equal "$(<"/sys/bus/pci/devices/$nic/driver_override")" '(null)'
	run_tool -s "$port" config diff port
	assert_exit 0
	run_tool -s "$nic" -f reload -- true
	assert_exit 0
	assert_equal "$(driver_of "$nic")" e1000e
	run_tool -s "$port" config diff port
	assert_exit 0
	assert_equal "$(ls -A /run/pcietool)" ''
}

@test "reload: rescan, also of the port's registers" {
	echo auto >"/sys/bus/pci/devices/$port/power/control"
	pcietool -s "$port" config save -o port
	# while the device is away, to begin with
	# shellcheck disable=SC2016 # the inner shell's
	run_tool -s "$nic" -f reload -- sh -c 'kill -KILL $PPID'
	assert_exit 137
	run_tool -s "$port" config diff port
	assert_exit 8
	assert_equal "$(<"/sys/bus/pci/devices/$port/power/control")" on
	reload_works
	killed reload_works -s "$nic" -f reload -- sleep 0.1
}

@test "reload of a device that no driver of the kernel's wants: rescan gives it to the helper again" {
	pcietool driver bind --mask 28
	# shellcheck disable=SC2016 # the inner shell's
	run_tool -f reload -- sh -c 'kill -KILL $PPID'
	assert_exit 137
	run_tool -j rescan
	assert_exit 0
	assert_json '.restored_drivers | map(.address, .driver) | join(" ")' "$edu pcietool"
	assert_equal "$(<"/sys/bus/pci/devices/$edu/driver_override")" pcietool
	assert_equal "$(ls -A /run/pcietool)" "$edu"
	run_tool -j driver status
	assert_json .helper.mask_bits 28
}

slot_works() {
	run_tool -s "$nic" slot show
	assert_exit 0
	run_tool -s "$nic" slot led on
	assert_exit 0
}

@test "slot led: the next one works" {
	run_tool -s "$nic" slot led on
	[[ $status -eq 0 ]] || skip 'no slot driver'
	killed slot_works -s "$nic" slot led blink
}

# --- what writes files ----------------------------------------------------------------------------------

@test "map convert: the old file or the new one, and no other" {
	pcietool map convert --to svd -o "$BATS_FILE_TMPDIR/new" "$TOP/examples/edu.map"
	echo old >"$BATS_FILE_TMPDIR/old"
	cp "$BATS_FILE_TMPDIR/old" out.svd
	killed converted map convert --to svd -o out.svd "$TOP/examples/edu.map"
}

converted() {
	cmp -s out.svd "$BATS_FILE_TMPDIR/old" || cmp -s out.svd "$BATS_FILE_TMPDIR/new"
	no_files ! -name out.svd
	cp "$BATS_FILE_TMPDIR/old" out.svd
}

reported() {
	[[ ! -e report.tar.gz ]] || tar tzf report.tar.gz >/dev/null
	no_files ! -name report.tar.gz
	rm -f report.tar.gz
}

@test "report and snapshot: a whole file or none" {
	killed reported report -o report.tar.gz
	killed noted snapshot -o note.json
}

noted() {
	[[ ! -e note.json ]] || jq -e .schema note.json >/dev/null
	no_files ! -name note.json
	rm -f note.json
}

session_works() {
	until_true nobody_left
	run_tool session -- pcietool dma list
	assert_exit 0
	assert_equal "$(ls -A /run/pcietool/session)" ''
	assert_equal "$((0x$(setpci -s "$edu" COMMAND.w) & 4))" 0
	setpci -s "$edu" COMMAND=7:7
}

nobody_left() {
	! pgrep -x pcietool >/dev/null
}

@test "session: the next one works, and takes away what was left" {
	pcietool driver bind
	killed session_works session -- pcietool dma alloc --name a 4k
	no_files
}
