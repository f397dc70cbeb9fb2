#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
#
# VFIO beyond the common suite: the README's tour in a session, MSI-X, huge pages, resets, commands that open it
# themselves.
#
# qemu: -device intel-iommu,intremap=on -device edu -device pcie-root-port,id=rp1,chassis=1,slot=1
# qemu: -device e1000e,romfile=,bus=rp1
# qemu: -device pcie-root-port,id=rp2,chassis=2,slot=2 -device igb,bus=rp2,romfile=
# append: intel_iommu=on
# qemu-at-least: 8.0
# usually: newest

# shellcheck disable=SC2016,SC2030,SC2031,SC2154 # scripts for another shell; a test is a process of its own
load ../lib/common
load ../lib/guest
load ../lib/capture

setup() {
	edu=$(bdf_of 1234:11e8)
	export PCIETOOL_DEVICE=$edu
	pcietool driver bind --to vfio --mask 28
	cd "$BATS_TEST_TMPDIR" || return
}

teardown() {
	clean_up
	pcietool -q -f driver release || true
	echo 0 >/proc/sys/vm/nr_hugepages
}

@test "the README's tour, unchanged, process by process" {
	cd "$TOP"
	run pcietool session -- "$TOP/tests/vm/demo-tour"
	assert_success
	assert_output --partial 'the same'
	assert_output --partial '8192 bytes, blocks 4'
	assert_equal "$(basename "$(readlink "/sys/bus/pci/devices/$edu/driver")")" vfio-pci
}

@test "as a batch in one process, which opens VFIO itself" {
	run_tool -v --map "$TOP/examples/edu.map" batch "$TOP/examples/edu.batch"
	# it binds to the helper by its own lines: that is what the batch says
	[ "$status" -eq 0 ]
	pcietool driver bind --to vfio
	printf '%s\n' 'dma alloc --name a 4k' 'dma list' 'regs read 0x0' 'dma free a' 'config write COMMAND=4:4' \
		'config read COMMAND.MASTER' >lines
	run_tool -v batch lines
	assert_exit 0
	assert_err 'opened over VFIO'
	assert_line 0x010000ed
	assert_line 0x1
	run_tool -D batch lines
	assert_exit 6
	assert_err session
}

@test "a capture by itself: bus mastering and interrupts are its own" {
	run_tool -v dma capture -w 64 --block 2k --blocks 4 --size 8k --irq 0 --ack 0x64/32=0x100 --each 0x80=0x40000 \
		--each 0x88=@block --each 0x90=@block.size --each 0x98=7 --timeout 10s -o out
	assert_exit 0
	assert_err 'opened over VFIO'
	assert_err 'bus mastering turned on'
	assert_equal "$(stat -c %s out)" 8192
	run_tool config read COMMAND.MASTER
	assert_output 0x0
	run_tool -D dma capture --done '0x98==0:1' --each 0x98=3 --block 4k --size 4k -o out
	assert_exit 0
}

@test "MSI-X: as many vectors as the device has, each counted" {
	pcietool -q driver release
	export PCIETOOL_DEVICE=8086:10d3
	modprobe -r e1000e || true
	pcietool -f driver bind --to vfio
	# e1000e: IMS 0xd0, ICS 0xc8, IVAR 0xe4; cause 20 on vector 0, 22 on vector 1 (datasheet of the 82574L, 10.2.4).
	# QEMU 11.1 sends a message once more when the vector's interval of 128 us (EITR) is over, so there are one or two.
	run_tool session -- bash -c 'pcietool irq enable --type msix && pcietool config write COMMAND=6:6
		pcietool irq list --json | jq -r "[.type, (.vectors | length)] | join(\" \")"
		pcietool regs write 0x5b8=0 0xe4=0x00000098 0xd0=0x00500000 0xc8=0x00100000
		pcietool irq wait --vector 0 --since 0 --timeout 5s
		pcietool irq list --json | jq -c "[.vectors[1:][].count]"
		pcietool irq enable --type msi; echo $?; pcietool reset >/dev/null && pcietool regs read 0x0 >/dev/null && echo reset'
	assert_exit 0
	assert_line --index 0 --regexp '^msix 5'
	assert_line --index 1 --regexp '^[12]$'
	assert_line --index 2 '[0,0,0,0]'
	assert_line --index 3 1
	assert_line --index 4 reset
	pcietool driver release
	export PCIETOOL_DEVICE=$edu
	pcietool driver bind --to vfio
}

@test "huge pages are used where there are some, and given back" {
	echo 4 >/proc/sys/vm/nr_hugepages
	[ "$(</proc/sys/vm/nr_hugepages)" -eq 4 ]
	run_tool session -- bash -c 'pcietool dma alloc --name big 4M; awk "/HugePages_Free/ {print \$2}" /proc/meminfo
		pcietool dma fill big --pattern prbs31 && pcietool dma verify big --pattern prbs31 && echo same
		pcietool dma alloc --name more 8M >/dev/null; pcietool dma list --json | jq ".buffers | length"'
	assert_exit 0
	assert_equal $((lines[0] % (2 << 20))) 0
	assert_line --index 1 2
	assert_line --index 2 same
	assert_line --index 3 2
	run awk '/HugePages_Free/ {print $2}' /proc/meminfo
	assert_output 4
}

# What edu's own buffer holds is no zero from here on.
fill_engine() {
	printf '%s\n' 'dma alloc --name tx 4k' 'dma fill tx --pattern constant:0xa5a5a5a5' 'config write COMMAND=6:6' \
		'regs write -w 64 0x80=@tx 0x88=0x40000 0x90=2048 0x98=1' 'regs wait -w 64 0x98==0:1 --timeout 5s' >lines
	pcietool -q batch lines
}

# writes_late ADDRESS: the engine, which was told of that address before, goes on, whoever has the device now.
writes_late() {
	dmesg -C
	printf '%s\n' "regs write -w 64 0x80=0x40000 0x88=$1 0x90=2048 0x98=3" \
		'regs wait -w 64 0x98==0:1 --timeout 5s' >late
	setpci -s "$edu" COMMAND=6:6
	pcietool --via sysfs batch late
	setpci -s "$edu" COMMAND=2:6
}

# word_at ADDRESS: of the machine's memory.
word_at() {
	hmp "xp /1xw $1" | sed 's/.*: //'
}

faulted() {
	dmesg | grep -q "DMA Write.*fault addr $(printf '0x%x' "$1")"
}

@test "late writes, of a buffer that was freed, a session that ended, a capture that was killed: faults, nobody's memory" {
	fill_engine
	dmesg -C
	# whoever has memory in this session now has other addresses
	{
		echo 'dma alloc --name rx 4k'
		echo 'regs write -w 64 0x80=0x40000 0x88=@rx 0x90=2048'
		printf '%s\n' 'config write COMMAND=0:4' 'dma free rx'
		printf 'dma alloc --name new%s 4k\n' {1..6}
		printf '%s\n' 'config write COMMAND=4:4' 'regs write 0x98=3' 'regs wait -w 64 0x98==0:1 --timeout 5s'
		printf 'dma verify new%s --pattern zero\n' {1..6}
	} >lines
	run_tool batch lines
	assert_exit 0
	address=${lines[0]}
	until_true faulted "$address"
	writes_late "$address"
	until_true faulted "$address"
	pcietool dma capture -w 64 --block 2k --blocks 1 --each 0x80=0x40000 --each 0x88=@block --each 0x90=@block.size \
		--each 0x98=3 --done '0x98==0:1' -o out 3>&- &
	pid=$!
	until_true test -s out
	kill -KILL "$pid"
	wait "$pid" || true
	pid=
	address=$(pcietool regs read -w 64 0x88)
	writes_late "$address"
	until_true faulted "$address"
	# back in the kernel's own domain (which does not tell of each fault)
	pcietool driver release
	writes_late "$address"
	assert_not_equal "$(word_at "$address")" 0xa5a5a5a5
}

@test "a group that is passed through outside of VFIO: there a late write goes through, and that is said" {
	fill_engine
	pcietool driver release
	group=$(realpath "/sys/bus/pci/devices/$edu/iommu_group")
	type=$(<"$group/type")
	echo identity >"$group/type"
	pcietool driver bind --to vfio --mask 28
	run_tool session -- bash -c 'pcietool dma alloc --name rx 1M; pcietool dma free --idle rx'
	assert_exit 0
	refute_err 'passed through'
	run_tool session -- pcietool dma alloc --name rx 1M
	assert_exit 0
	assert_err 'is passed through'
	echo 'dma alloc --name rx 4k' >lines
	run_tool batch lines
	assert_err 'is passed through'
	# the machine's first pages are nobody's
	writes_late "$output"
	assert_equal "$(word_at "$output")" 0xa5a5a5a5
	pcietool driver release
	echo "$type" >"$group/type"
}

@test "the driver is not taken from a session by its own commands" {
	run_tool session -- bash -c 'pcietool driver bind --to helper; echo $?; pcietool driver bind; echo $?
		pcietool driver release; echo $?; pcietool driver status --json | jq -r .driver'
	assert_exit 0
	assert_err 'a session has the device with vfio-pci'
	assert_output $'4\n0\n0\nvfio-pci'
}

@test "nor is a device taken away above one that a session has, by its own commands or by others" {
	local nic port words pid
	nic=$(bdf_of 8086:10d3)
	port=$(basename "$(dirname "$(realpath "/sys/bus/pci/devices/$nic")")")
	pcietool -f -s "$nic" driver bind --to vfio --group
	for words in remove '-f remove' '-D remove'; do
		# shellcheck disable=SC2086 # words
		run_tool -s "$nic" session -- pcietool -s "$port" $words
		assert_exit 4
		assert_err "$nic: it cannot be taken away in a session of it"
	done
	touch started
	pcietool -s "$nic" session -- bash -c 'rm started; exec sleep 100' 3>&- &
	pid=$!
	until_true test ! -e started
	run_tool -s "$port" remove
	assert_exit 4
	assert_err "$nic: a session has the device: process "
	kill "$pid"
	wait "$pid" || true
	pcietool -s "$nic" driver release
}

@test "nor is a virtual function that a session has, by what is done to its physical one" {
	local igb vf words
	igb=$(bdf_of 8086:10c9)
	modprobe igb
	until_true test -e "/sys/bus/pci/devices/$igb/driver"
	pcietool -s "$igb" sriov numvfs 1
	vf=$(basename "$(readlink "/sys/bus/pci/devices/$igb/virtfn0")")
	pcietool -f -s "$vf" driver bind --to vfio --group
	for words in 'sriov numvfs 0' '-D sriov numvfs 0' remove 'reload -- true'; do
		# shellcheck disable=SC2086 # words
		run_tool -s "$vf" session -- pcietool -f -s "$igb" $words
		assert_exit 4
		assert_err "$vf: it cannot be taken away in a session of it"
	done
	run_tool -f -s "$igb" sriov numvfs 0
	assert_exit 0
}

@test "what would wait in the kernel for its own end is refused" {
	for words in 'reload -- true' '-f reload -- true' '-D reload -- true' remove '-f remove' '-D remove'; do
		# shellcheck disable=SC2086 # words
		run_tool session -- pcietool $words
		assert_exit 4
		assert_err 'in a session of it'
	done
	run_tool session -- pcietool batch - <<<$'regs read 0x0\nremove'
	assert_exit 4
	[ -e "/sys/bus/pci/devices/$PCIETOOL_DEVICE/driver" ]
	# from outside it ends the session, which is asked for
	touch started
	pcietool session -- bash -c 'rm started; exec sleep 100' 3>&- &
	pid=$!
	until_true test ! -e started
	for words in remove 'driver release' 'reload -- true'; do
		# shellcheck disable=SC2086 # words
		run_tool $words
		assert_exit 4
		assert_err "$PCIETOOL_DEVICE: a session has the device: process "
	done
	run_tool -f remove
	assert_exit 0
	run wait $pid
	pcietool rescan
}
