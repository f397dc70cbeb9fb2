#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
#
# driver: what must be refused, what is in use, and what is written where, on a fake tree. That drivers really
# come and go is proved in the machine.

load ../lib/common
load ../lib/fake_device

bdf=0000:01:00.0

setup() {
	fake_tree
	fake_pci $bdf 0x8086 0x10d3 0x020000
	fake_attribute $bdf driver_override '(null)'
	mkdir -p "$SYSROOT/proc/self" "$SYSROOT/proc/net" "$SYSROOT/sys/class/block" "$SYSROOT/run"
	: >"$SYSROOT/proc/self/mountinfo"
	dir=$SYSROOT/sys/bus/pci/devices/$bdf
}

driver() {
	run_tool --sysroot "$SYSROOT" -s 01:00.0 driver "$@"
}

# refused TEXT ARG...: a usage error that says TEXT.
refused() {
	local text=$1
	shift
	driver "$@"
	assert_exit 2
	assert_err "$text"
	assert_output ''
}

# in_use TEXT: a bind is refused, exit 4, and says TEXT; nothing was written.
in_use() {
	driver bind
	assert_exit 4
	assert_err "$1"
	[ "$(cat "$dir/driver_override")" = '(null)' ]
	[ ! -e "$SYSROOT/run/pcietool" ]
}

# fake_block PATH MAJOR:MINOR: a disk or partition below the device.
fake_block() {
	mkdir -p "$dir/$1/holders"
	ln -s ../../../../../../../class/block "$dir/$1/subsystem"
	echo "$2" >"$dir/$1/dev"
	ln -s "$dir/$1" "$SYSROOT/sys/class/block/${1##*/}"
}

mounted() {
	printf '36 35 %s / %s rw,noatime shared:1 - %s %s rw\n' "$1" "$2" "$3" "$4" >>"$SYSROOT/proc/self/mountinfo"
}

@test "masks, names, operands" {
	refused '--mask' bind --mask 11
	refused '--mask' bind --mask 65
	refused '--mask' bind --mask 0
	refused "'x'" bind --mask x
	refused "'08'" bind --mask 08
	refused '--mask' bind --to vfio --mask 65
	refused '--mask' bind --to uio --mask 32
	refused '--mask' bind --to e1000e --mask 32
	refused '--group' bind --group
	refused '--owner' bind --owner root
	refused '--owner' bind --to uio --owner root
	refused 'no user' bind --to vfio --owner no-such-user
	refused 'no group' bind --to vfio --owner root:no-such-group
	refused '--owner' bind --to vfio --owner ''
	refused 'no name of a driver' bind --to ''
	refused 'no name of a driver' bind --to ../x
	refused 'no name of a driver' bind --to "$(printf 'a%.0s' {1..100})"
	refused 'too many' bind vfio
	refused 'too many' release x
	refused 'too many' status x
}

@test "a foreign driver is refused by name" {
	fake_driver $bdf e1000e
	in_use 'the driver e1000e is bound'
	assert_err "hint: 'pcietool -s $bdf --force driver bind --to helper' takes the device from it; 'driver release' gives it back"
	driver bind -D -f
	assert_exit 0
	assert_output "$bdf: e1000e -> pcietool"
	driver bind -D -f -j --to vfio
	[ "$status" -ne 0 ]
}

@test "an interface that is up" {
	fake_driver $bdf e1000e
	mkdir -p "$dir/net/eth0" "$SYSROOT/sys/class/net"
	ln -s ../../../../../../class/net "$dir/net/eth0/subsystem"
	echo 0x1002 >"$dir/net/eth0/flags"
	in_use 'the driver e1000e is bound'
	echo 0x1003 >"$dir/net/eth0/flags"
	in_use 'the network interface eth0 is up'
	refute_err default
	printf 'Iface\tDestination\tGateway\tFlags\neth1\t00000000\t01000001\t0003\n' >"$SYSROOT/proc/net/route"
	in_use 'eth0 is up'
	refute_err default
	printf 'eth0\t00000000\t01000001\t0003\n' >>"$SYSROOT/proc/net/route"
	in_use 'default route'
}

@test "what cannot be looked at for want of descriptors is not taken for unused" {
	local files

	fake_driver $bdf nvme
	fake_block nvme/nvme0/nvme0n1 259:0
	mounted 259:0 /home ext4 /dev/nvme0n1
	# three are open already; with each number another step is the one that fails, with the last none
	for files in 4 5 6 7 8 16; do
		run_tool_limited "$files" -s 01:00.0 driver bind --dry-run
		[[ $status == 1 && $stderr == *'Too many open files'* ||
			$status == 4 && $stderr == *'nvme0n1 is mounted on /home'* ]]
	done
	[ "$status" = 4 ]
}

@test "nor is a disk where there is no /proc" {
	fake_driver $bdf nvme
	fake_block nvme/nvme0/nvme0n1 259:0
	rm "$SYSROOT/proc/self/mountinfo"
	run_tool --sysroot "$SYSROOT" -s 01:00.0 driver bind --dry-run
	assert_exit 1
	assert_err 'there is no /proc/self/mountinfo here'
	assert_err --force
	: >"$SYSROOT/proc/self/mountinfo"
	run_tool --sysroot "$SYSROOT" -s 01:00.0 driver bind --dry-run
	assert_exit 4
	assert_err 'the driver nvme is bound'
}

@test "disks: mounted, by number or by name, swap" {
	fake_driver $bdf nvme
	fake_block nvme/nvme0/nvme0n1 259:0
	fake_block nvme/nvme0/nvme0n1/nvme0n1p1 259:1
	mounted 8:1 / ext4 /dev/sda1
	in_use 'the driver nvme is bound'
	mounted 259:1 /home ext4 /dev/root
	in_use 'nvme0n1p1 is mounted on /home'
	: >"$SYSROOT/proc/self/mountinfo"
	mounted 0:35 /data btrfs /dev/nvme0n1p1
	in_use 'nvme0n1p1 is mounted on /data'
	: >"$SYSROOT/proc/self/mountinfo"
	mounted 0:35 /data btrfs /dev/nvme0n1p11
	in_use 'the driver nvme is bound'
	printf 'Filename\t\t\t\tType\n/dev/nvme0n1p1 partition 1 0 -2\n' >"$SYSROOT/proc/swaps"
	in_use 'swaps to the disk nvme0n1p1'
}

@test "disks below device mapper and RAID" {
	fake_driver $bdf nvme
	fake_block nvme/nvme0/nvme0n1 259:0
	mkdir -p "$SYSROOT/sys/class/block/dm-0/holders/md0" "$SYSROOT/sys/class/block/md0/holders"
	mkdir "$dir/nvme/nvme0/nvme0n1/holders/dm-0"
	echo 253:0 >"$SYSROOT/sys/class/block/dm-0/dev"
	echo 9:0 >"$SYSROOT/sys/class/block/md0/dev"
	in_use 'the driver nvme is bound'
	mounted 9:0 /srv xfs /dev/md0
	in_use 'md0 is mounted on /srv'
	# who stands on himself
	mkdir "$SYSROOT/sys/class/block/md0/holders/dm-0"
	: >"$SYSROOT/proc/self/mountinfo"
	in_use 'the driver nvme is bound'
}

@test "a path of an NVMe disk with several: the disk lies elsewhere" {
	fake_driver $bdf nvme
	fake_block nvme/nvme0/nvme3c0n2 259:7
	mkdir -p "$SYSROOT/sys/class/block/nvme3n2/holders" "$SYSROOT/sys/class/block/nvme3n2p1/holders" \
		"$SYSROOT/sys/class/block/nvme3n2/nvme3n2p1"
	echo 259:2 >"$SYSROOT/sys/class/block/nvme3n2/dev"
	echo 259:3 >"$SYSROOT/sys/class/block/nvme3n2p1/dev"
	mounted 259:3 /var ext4 /dev/nvme3n2p1
	in_use 'nvme3n2p1 is mounted on /var'
}

@test "a driver that is not there, and no module either" {
	driver bind --to no_such_driver_here
	[ "$status" -eq 6 ] || [ "$status" -eq 4 ]
	assert_err no_such_driver_here
	[ "$(cat "$dir/driver_override")" = '(null)' ]
	driver bind --module /no/such.ko
	[ "$status" -ne 0 ]
	assert_output ''
}

@test "a driver that does not take the device: all as before" {
	mkdir -p "$SYSROOT/sys/bus/pci/drivers/pcietool"
	echo >"$SYSROOT/sys/bus/pci/drivers_probe"
	driver bind
	assert_exit 1
	assert_err 'did not take'
	[ ! -e "$SYSROOT/run/pcietool/$bdf" ]
	driver bind -j
	assert_json .error.exit 1
}

# record PREVIOUS [LINE]: what 'driver bind' remembers.
record() {
	mkdir -p "$SYSROOT/run/pcietool"
	printf '8086:10d3 %s\n' "$1" "${@:2}" | sed '2,$s/^8086:10d3 //' >"$SYSROOT/run/pcietool/$bdf"
}

@test "a driver that does not take the device that was ours: what is remembered of it is as before" {
	fake_driver $bdf vfio-pci
	record e1000e 'mask 28'
	cp "$SYSROOT/run/pcietool/$bdf" "$BATS_TEST_TMPDIR/record"
	mkdir -p "$SYSROOT/sys/bus/pci/drivers/uio_pci_generic"
	: >"$SYSROOT/sys/bus/pci/drivers/vfio-pci/unbind"
	echo >"$SYSROOT/sys/bus/pci/drivers_probe"
	driver bind --to uio
	assert_exit 1
	assert_err 'did not take'
	cmp "$SYSROOT/run/pcietool/$bdf" "$BATS_TEST_TMPDIR/record"
}

@test "release: the previous driver is not there any more: an error, and the same can be done again" {
	record gone_driver
	driver release --dry-run
	assert_exit 0
	assert_output "$bdf: none -> gone_driver"
	driver release -j
	assert_exit 1
	assert_json .error.code not-given-back
	assert_err 'left without its driver gone_driver: there is no driver gone_driver'
	assert_err "hint: 'pcietool -s $bdf driver release' tries it again"
	run grep -c gone_driver "$dir/driver_override"
	assert_output 0
	assert_equal "$(<"$SYSROOT/run/pcietool/$bdf")" '8086:10d3 gone_driver'
	fake_driver $bdf gone_driver
	driver release -j
	assert_exit 0
	assert_json .to gone_driver
	[ ! -e "$SYSROOT/run/pcietool/$bdf" ]
}

@test "release: another driver came meanwhile: it stays, which is said" {
	record e1000e
	fake_driver $bdf igb
	driver release --dry-run
	assert_exit 0
	assert_output "$bdf: igb -> igb"
	driver release
	assert_exit 1
	assert_err "$bdf: it keeps the driver igb, which came meanwhile; before it was taken it had e1000e"
	assert_err "hint: 'pcietool -s $bdf --force driver bind --to e1000e'"
	[ ! -e "$SYSROOT/run/pcietool/$bdf" ]
	# it had none
	record ''
	driver release -j
	assert_exit 0
	assert_json .to igb
}

@test "release: a dry run is refused what the release is refused" {
	driver release --dry-run
	assert_exit 1
	assert_err 'nothing to release'
	fake_driver $bdf vfio-pci
	driver release --dry-run
	assert_exit 4
	assert_err 'was bound by somebody else'
	record e1000e
	mkdir -p "$SYSROOT/proc/77/fd"
	echo qemu >"$SYSROOT/proc/77/comm"
	ln -s /dev/vfio/7 "$SYSROOT/proc/77/fd/3"
	fake_group $bdf 7
	driver release --dry-run
	assert_exit 4
	assert_err "$bdf: qemu (process 77) has /dev/vfio/7 open"
	driver release
	assert_exit 4
	assert_output ''
	rm -r "$SYSROOT/proc/77"
	# one of its group
	fake_pci 0000:01:00.1 0x8086 0x10d3 0x020000
	fake_attribute 0000:01:00.1 driver_override ice
	fake_driver 0000:01:00.1 ice
	printf '8086:10d3 e1000e\ngroup-of %s\n' $bdf >"$SYSROOT/run/pcietool/0000:01:00.1"
	driver release --dry-run
	assert_exit 4
	assert_err '0000:01:00.1: the driver ice is bound'
	driver release --dry-run --force
	assert_exit 0
	assert_output "$bdf: vfio-pci -> e1000e"
}

@test "nothing to release" {
	driver release
	assert_exit 1
	assert_err 'nothing to release'
	fake_driver $bdf e1000e
	driver release
	assert_exit 1
	assert_err e1000e
}

@test "a driver that somebody else bound" {
	fake_driver $bdf vfio-pci
	driver release
	assert_exit 4
	assert_err vfio-pci
}

@test "status of what is there" {
	driver status
	assert_exit 0
	assert_output --partial none
	fake_driver $bdf e1000e
	driver status -j
	assert_exit 0
	assert_json .schema pcietool/driver-status/1
	assert_json .driver e1000e
	assert_json .driver_override null
	assert_json .helper null
	fake_driver $bdf pcietool
	driver status -j
	assert_exit 0
	assert_json .driver pcietool
	assert_json .helper null
	[ "$(json .helper_reason)" != null ]
}

# The kernel's side of a bind to vfio-pci: at the probe the driver takes the device and its IOMMU group comes, or not.
answer_probe() { # COMMAND...: what happens then
	rm -f "$SYSROOT/sys/bus/pci/drivers_probe"
	mkfifo "$SYSROOT/sys/bus/pci/drivers_probe"
	{
		# the open of the one who writes waits for this one's
		until grep -qs vfio-pci "$dir/driver_override"; do sleep 0.05; done
		"$@"
		cat "$SYSROOT/sys/bus/pci/drivers_probe"
	} >/dev/null 2>&1 3>&- &
	answerer=$!
}

# an_iommu NAME: the machine has one of that name, and the driver vfio-pci.
an_iommu() {
	mkdir -p "$SYSROOT/sys/bus/pci/drivers/vfio-pci" "$SYSROOT/sys/class/iommu/$1"
	echo >"$SYSROOT/sys/bus/pci/drivers_probe"
}

takes() {
	fake_driver $bdf vfio-pci
}

takes_with_group() {
	fake_group $bdf 7
	takes
}

takes_with_others() {
	fake_pci 0000:01:00.1 0x8086 0x10d3 0x020000
	fake_driver 0000:01:00.1 e1000e
	fake_group 0000:01:00.1 7
	takes_with_group
}

untouched() {
	[ "$(cat "$dir/driver_override")" = '(null)' ]
	[ ! -e "$SYSROOT/run/pcietool/$bdf" ]
}

@test "vfio: no IOMMU, or one of x86 that left the device out: refused before anything is touched" {
	for name in '' dmar0 ivhd0; do
		an_iommu "$name"
		driver bind --to vfio
		assert_exit 6
		assert_err 'there is no IOMMU'
		untouched
	done
}

@test "vfio: a group that comes with the driver" {
	an_iommu smmu3.0x0000000009050000
	driver bind --to vfio --dry-run
	assert_exit 0
	untouched
	answer_probe takes_with_group
	driver bind --to vfio --mask 28
	kill "$answerer" 2>/dev/null || true
	assert_exit 0
	grep -q vfio-pci "$dir/driver_override"
	grep -q 28 "$SYSROOT/run/pcietool/$bdf"
	driver bind --to vfio
	assert_exit 0
}

@test "vfio: no group came with the driver either: all as before" {
	an_iommu smmu3.0x0000000009050000
	driver bind --to vfio
	assert_exit 6
	assert_err 'there is no IOMMU'
	assert_output ''
	run grep -c vfio-pci "$dir/driver_override"
	assert_output 0
	[ ! -e "$SYSROOT/run/pcietool/$bdf" ]
}

@test "vfio: the driver took the device without a group: given back" {
	an_iommu smmu3.0x0000000009050000
	answer_probe takes
	driver bind --to vfio
	kill "$answerer" 2>/dev/null || true
	assert_exit 6
	assert_err 'there is no IOMMU'
	run grep -c vfio-pci "$dir/driver_override"
	assert_output 0
	[ ! -e "$SYSROOT/run/pcietool/$bdf" ]
}

@test "vfio: others in the group that came: refused by name, given back" {
	an_iommu smmu3.0x0000000009050000
	answer_probe takes_with_others
	driver bind --to vfio
	kill "$answerer" 2>/dev/null || true
	assert_exit 4
	assert_err 'IOMMU group 7 is not viable: 0000:01:00.1 in it has the driver e1000e'
	run grep -c vfio-pci "$dir/driver_override"
	assert_output 0
	[ ! -e "$SYSROOT/run/pcietool/$bdf" ]
}

@test "vfio: --owner that fails takes the bind back, where there was one" {
	an_iommu dmar0
	fake_group $bdf 7
	: >"$SYSROOT/sys/bus/pci/drivers/vfio-pci/unbind"
	answer_probe takes
	driver bind --to vfio --owner root
	kill "$answerer" 2>/dev/null || true
	[ "$status" -ne 0 ]
	assert_err /dev/vfio/7
	assert_equal "$(cat "$SYSROOT/sys/bus/pci/drivers/vfio-pci/unbind")" $bdf
	run grep -c vfio-pci "$dir/driver_override"
	assert_output 0
	[ ! -e "$SYSROOT/run/pcietool/$bdf" ]
	# it had been bound before
	: >"$SYSROOT/sys/bus/pci/drivers/vfio-pci/unbind"
	record e1000e 'mask 28'
	cp "$SYSROOT/run/pcietool/$bdf" "$BATS_TEST_TMPDIR/record"
	driver bind --to vfio --mask 30 --owner root
	[ "$status" -ne 0 ]
	assert_equal "$(cat "$SYSROOT/sys/bus/pci/drivers/vfio-pci/unbind")" ''
	cmp "$SYSROOT/run/pcietool/$bdf" "$BATS_TEST_TMPDIR/record"
}

@test "vfio: a foreign driver is refused by name also where groups come late" {
	an_iommu smmu3.0x0000000009050000
	fake_driver $bdf e1000e
	driver bind --to vfio
	assert_exit 4
	assert_err 'the driver e1000e is bound'
	untouched
	# what was probed would have its group
	driver bind --to vfio --force
	assert_exit 6
	assert_err 'there is no IOMMU'
	untouched
}

@test "vfio: a member of the group that is in use is said to be, before --group takes it" {
	fake_group $bdf 7
	fake_pci 0000:01:00.1 0x8086 0x10d3 0x020000
	fake_driver 0000:01:00.1 e1000e
	fake_group 0000:01:00.1 7
	driver bind --to vfio
	assert_exit 4
	assert_err 'not viable: 0000:01:00.1 in it has the driver e1000e'$'\n'
	assert_err "hint: VFIO takes all of a group: 'pcietool -s $bdf --force driver bind --to vfio --group'"
	interface=$SYSROOT/sys/bus/pci/devices/0000:01:00.1/net/eth9
	mkdir -p "$interface" "$SYSROOT/sys/class/net"
	ln -s ../../../../../../class/net "$interface/subsystem"
	echo 0x1003 >"$interface/flags"
	driver bind --to vfio
	assert_err 'has the driver e1000e, and the network interface eth9 is up'
	assert_err "hint: end that use first, it would be lost; VFIO takes all of a group: 'pcietool -s $bdf --force"
}
