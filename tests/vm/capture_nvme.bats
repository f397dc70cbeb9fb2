#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Capture from an engine of two rings, commands and completions: an NVMe controller's, whose namespace the kernel's own
# driver wrote.
#
# qemu: -device intel-iommu,intremap=on
# qemu: -drive driver=null-co,size=64M,read-zeroes=on,if=none,id=ns,snapshot=on
# qemu: -device pcie-root-port,id=rp1,chassis=1,slot=1 -device nvme,serial=SN-RINGS,drive=ns,bus=rp1
# qemu: -global ICH9-LPC.acpi-pci-hotplug-with-bridge-support=off
# disk: 256M
# append: intel_iommu=on pcie_ports=compat
# timeout: 600
# usually: 6.12

# shellcheck disable=SC2016,SC2154 # a script for another shell; pid, stderr: the words of lib have them

load ../lib/common
load ../lib/guest
load ../lib/capture

megabytes=40

setup_file() {
	modprobe -a nvme virtio_blk ext4
	until_true test -b /dev/nvme0n1
	# no two of its sectors are the same
	python3 -c '
import sys
for n in range(int(sys.argv[1]) << 11):
    sys.stdout.buffer.write(n.to_bytes(8, "little") * 64)' $megabytes >"$BATS_FILE_TMPDIR/image"
	dd if="$BATS_FILE_TMPDIR/image" of=/dev/nvme0n1 bs=1M oflag=direct status=none
	PCIETOOL_DEVICE=$(bdf_of 1b36:0010)
	export PCIETOOL_DEVICE
	pcietool -f driver bind --to helper
}

setup() {
	cd "$BATS_TEST_TMPDIR" || return
	image=$BATS_FILE_TMPDIR/image
	read=$TOP/examples/nvme-read.recipe
	ready
}

teardown() {
	clean_up
}

# watches_pipe PID: does it wait for somebody to empty its pipe?
watches_pipe() {
	grep -q pipe_w "/proc/$1/wchan"
}

slot_power_off() {
	local port
	port=$(basename "$(dirname "$(realpath "/sys/bus/pci/devices/$PCIETOOL_DEVICE")")")
	# Slot Control: power indicator off, power controller off; PCIe 5.0 section 7.5.3.10
	setpci -s "$port" CAP_EXP+18.w=0700:0700
}

@test "identify: what the controller says of itself" {
	run_tool dma capture --recipe "$TOP/examples/nvme-identify.recipe" -o out
	assert_exit 0
	[[ $(dd if=out bs=1 skip=4 count=8 status=none) == SN-RINGS ]]
	[[ $(stat -c %s out) == 4096 ]]
	assert_given_back
}

@test "a namespace into a file, through many turns of a queue of 64 entries" {
	run_tool dma capture --recipe "$read" --size ${megabytes}M -o out --index index
	assert_exit 0
	assert_output --partial "blocks $((megabytes * 8)), frames $((megabytes * 8))"
	cmp out "$image"
	jq -es --argjson n $((megabytes * 8)) 'map(.block) == [range($n)]' index
	assert_at_rest
}

@test "a file onto the namespace, and all of it read again" {
	# other numbers than before, and a last command of 64 KiB
	python3 -c '
import sys
for n in range((20 << 11) + 128):
    sys.stdout.buffer.write((n + (1 << 32)).to_bytes(8, "little") * 64)' >written
	run_tool dma play --recipe "$TOP/examples/nvme-write.recipe" -i written --index index
	assert_exit 0
	assert_output --partial "$(stat -c %s written) bytes, blocks 161,"
	jq -es 'sort_by(.block) | map(.block) == [range(161)] and .[160].length == 65536' index
	assert_at_rest
	ready
	run_tool dma capture --recipe "$read" --size ${megabytes}M -o out
	assert_exit 0
	cmp -n "$(stat -c %s written)" out written
	# behind it nothing has changed
	cmp -i "$(stat -c %s written)" out "$image"
	ready
	run_tool dma play --recipe "$TOP/examples/nvme-write.recipe" -i "$image"
	assert_exit 0
	ready
	run_tool dma capture --recipe "$read" --size ${megabytes}M -o out
	assert_exit 0
	cmp out "$image"
	assert_at_rest
}

@test "past the namespace's end: the device's status, and what came before it" {
	run_tool dma capture --recipe "$read" --size 66M -o out
	assert_exit 1
	assert_err 'the block at @index 0, @count 512 failed: --failed'
	# LBA Out of Range (80h) and Do Not Retry, above the phase, which is that of how many came before it
	[[ $stderr =~ 'reads 0x810'[01] ]]
	# all that came before, although the failure may overtake it
	[[ $(stat -c %s out) == $((64 << 20)) ]]
	cmp -n $((megabytes << 20)) out "$image"
	assert_at_rest
}

# disk [SIZE]: an ext4 on the scratch disk at mnt.
disk() {
	mkfs.ext4 -q -F -b 4096 /dev/vda ${1+"$1"}
	mkdir -p mnt
	mount /dev/vda mnt
}

@test "--direct: from the ring onto a disk, with nothing in the page cache but an end that is not whole" {
	disk
	run_tool dma capture --recipe "$read" --size ${megabytes}M -o mnt/out --direct --index index
	assert_exit 0
	# before it is read
	(($(fincore -bno PAGES mnt/out) == 0))
	cmp mnt/out "$image"
	jq -es --argjson n $((megabytes * 8)) 'map(.block) == [range($n)]' index
	ready
	run_tool dma capture --recipe "$read" --size $(((5 << 20) + 65536 + 512)) -o mnt/out --direct
	assert_exit 0
	[[ $(stat -c %s mnt/out) == $(((5 << 20) + 65536 + 512)) ]]
	cmp -n $(((5 << 20) + 65536 + 512)) mnt/out "$image"
	assert_at_rest
	umount mnt
}

@test "a disk that is full in the middle: what is in the file is as much as is said, and is told" {
	disk 24M
	local direct n
	for direct in '' --direct; do
		ready
		# shellcheck disable=SC2086 # an option, or none
		run_tool dma capture -j --recipe "$read" --size ${megabytes}M -o mnt/out --index index $direct
		assert_exit 1
		assert_err 'No space left on device'
		n=$(stat -c %s mnt/out)
		[[ $(json '"\(.bytes) \(.blocks)"') == "$n $((n >> 17))" ]]
		((n > 1 << 20 && n < megabytes << 20))
		cmp -n "$n" mnt/out "$image"
		jq -es --argjson n $((n >> 17)) 'map(.block) == [range($n)] and map(.offset) == [range($n) | . * 131072]' index
		assert_at_rest
		rm mnt/out
	done
	umount mnt
}

@test "a full disk" {
	run_tool dma capture --recipe "$read" --size 1M -o /dev/full
	assert_exit 1
	assert_err 'No space left'
	assert_at_rest
}

@test "a controller that does not answer commands: which completion, what it reads" {
	run_tool dma capture --recipe "$read" --size 1M -o out --timeout 300ms --setup 0x14=0
	assert_exit 7
	assert_err 'completion 0 is not there (@cq+0xe reads 0x0), of 8 submitted'
	ready
	run_tool dma capture --recipe "$read" --size 1M -o out --timeout 300ms --setup 0x14=0 --setup '0x1c==1:1'
	assert_exit 7
	assert_err '--setup: after'
	assert_err '0x1c==1:1 does not hold, it reads 0x0'
	assert_at_rest
}

@test "killed while its file takes no more: the next one is as the first" {
	mkfifo full
	exec {reader}<>full
	begin capture --recipe "$read" -o full
	until_true watches_pipe "$pid"
	kill -KILL "$pid"
	ended
	assert_exit 137
	exec {reader}>&-
	pcietool dma free --all --force >/dev/null 2>&1 || true
	ready
	run_tool dma capture --recipe "$read" --size 1M -o out
	assert_exit 0
	cmp -n $((1 << 20)) out "$image"
}

@test "over VFIO, by a user without rights, in a session" {
	pcietool -q driver release
	pcietool -f driver bind --to vfio --owner nobody
	chmod -R go+rX "$BATS_RUN_TMPDIR"
	mkdir -m 700 home
	chown nobody home
	(
		cd home
		ulimit -l 16384
		setpriv --reuid=65534 --regid=65534 --clear-groups --inh-caps=-all --bounding-set=-all --no-new-privs \
			env XDG_RUNTIME_DIR="$PWD" HOME="$PWD" pcietool session -- bash -c 'pcietool config write COMMAND=4:4 &&
			pcietool dma capture --recipe "$1" --size "$2M" -o out' - "$read" $megabytes
	)
	cmp home/out "$image"
	pcietool -q driver release
}

@test "pulled while it waits" {
	pcietool -f driver bind --to helper
	ready
	mkfifo full
	exec {reader}<>full
	begin capture --recipe "$read" -o full
	until_true watches_pipe "$pid" || { cat err.txt; false; }
	slot_power_off
	cat <&"$reader" >/dev/null 3>&- &
	ended
	kill $!
	exec {reader}>&-
	assert_exit 5
}
