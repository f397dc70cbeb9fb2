#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Drivers: taken away, given back, and what must not be taken.
#
# qemu: -device edu -device e1000e,romfile= -device rtl8139,romfile=
# qemu: -drive driver=null-co,size=67108864,read-zeroes=on,snapshot=on,if=none,id=nv -device nvme,serial=1,drive=nv
# usually: 6.12

# shellcheck disable=SC2030,SC2031,SC2154 # a test is a process of its own; bats sets stderr
load ../lib/common
load ../lib/guest

setup() {
	edu=$(bdf_of 1234:11e8)
	e1000e=$(bdf_of 8086:10d3)
	rtl=$(bdf_of 10ec:8139)
	nvme=$(bdf_of 1b36:0010)
}

teardown() {
	umount /mnt 2>/dev/null || true
	for device in "$edu" "$e1000e" "$rtl" "$nvme"; do
		pcietool -s "$device" -f driver release 2>/dev/null || true
		[ ! -e "/sys/bus/pci/devices/$device/driver" ] ||
			echo "$device" >"/sys/bus/pci/devices/$device/driver/unbind"
	done
	chown -R 0:0 /run/pcietool 2>/dev/null || true
}

driver_of() {
	[[ ! -e /sys/bus/pci/devices/$1/driver ]] || basename "$(readlink "/sys/bus/pci/devices/$1/driver")"
}

override_of() {
	cat "/sys/bus/pci/devices/$1/driver_override"
}

# its own driver, as udev would have given it
give() {
	modprobe "$2"
	[ -e "/sys/bus/pci/devices/$1/driver" ] || echo "$1" >"/sys/bus/pci/drivers/$2/bind"
}

interface_of() {
	ls "/sys/bus/pci/devices/$1/net"
}

@test "a device without a driver: bound, and none again" {
	run_tool -s "$edu" driver bind
	assert_exit 0
	assert_output ''
	refute_err .
	assert_equal "$(driver_of "$edu")" pcietool
	assert_equal "$(override_of "$edu")" pcietool
	[ -c "/dev/pcietool/$edu" ]
	run_tool -s "$edu" driver bind
	assert_exit 0
	run_tool -s "$edu" driver status --json
	assert_exit 0
	assert_json .driver pcietool
	assert_json .bound_by_pcietool true
	assert_json .previous null
	assert_json .helper.mask_bits 32
	assert_json .helper.buffers 0
	assert_json .helper.irq_type none
	assert_json .helper.msi_available 1
	run_tool -s "$edu" driver release
	assert_exit 0
	assert_output ''
	assert_equal "$(driver_of "$edu")" ''
	assert_equal "$(override_of "$edu")" '(null)'
	[ ! -e "/run/pcietool/$edu" ]
	run_tool -s "$edu" driver release
	assert_exit 1
	assert_err 'nothing to release'
	run_tool -s "$edu" driver status --json
	assert_json .driver null
}

@test "the record of the previous driver is root's alone" {
	pcietool -s "$edu" driver bind
	assert_equal "$(stat -c '%a %u' /run/pcietool)" '755 0'
	assert_equal "$(stat -c '%a %u' "/run/pcietool/$edu")" '644 0'
	pcietool -s "$edu" driver release
	chown 65534 /run/pcietool
	run_tool -s "$edu" driver bind
	assert_exit 4
	assert_err /run/pcietool
	assert_equal "$(driver_of "$edu")" ''
	chown 0 /run/pcietool
	mv /run/pcietool /run/elsewhere
	ln -s /run/elsewhere /run/pcietool
	run_tool -s "$edu" driver bind
	[ "$status" -ne 0 ]
	rm /run/pcietool
	mv /run/elsewhere /run/pcietool
}

@test "a foreign driver: refused by name, taken with --force, given back" {
	for pair in "$e1000e e1000e" "$rtl 8139cp" "$nvme nvme"; do
		read -r device driver <<<"$pair"
		give "$device" "$driver"
		run_tool -s "$device" driver bind
		assert_exit 4
		assert_err "$driver"
		assert_err --force
		assert_equal "$(driver_of "$device")" "$driver"
		run_tool -s "$device" --force driver bind
		assert_exit 0
		assert_equal "$(driver_of "$device")" pcietool
		run_tool -s "$device" driver status --json
		assert_json .previous "$driver"
		run_tool -s "$device" driver release
		assert_exit 0
		assert_equal "$(driver_of "$device")" "$driver"
		assert_equal "$(override_of "$device")" '(null)'
	done
}

@test "an interface that is up: refused by its name, unless forced" {
	give "$e1000e" e1000e
	interface=$(interface_of "$e1000e")
	ip link set "$interface" up
	run_tool -s "$e1000e" driver bind
	assert_exit 4
	assert_err "$interface is up"
	refute_err 'default route'
	ip addr add 10.0.0.1/24 dev "$interface"
	ip route add default via 10.0.0.2
	run_tool -s "$e1000e" driver bind --json
	assert_exit 4
	assert_err 'default route'
	assert_json .error.code in-use
	assert_equal "$(driver_of "$e1000e")" e1000e
	run_tool -s "$e1000e" -f driver bind
	assert_exit 0
	pcietool -s "$e1000e" driver release
	ip link set "$(interface_of "$e1000e")" down
}

@test "a mounted disk, swap: refused by name" {
	give "$nvme" nvme
	for ((left = 100; left > 0; left--)); do
		[ -b /dev/nvme0n1 ] && break
		sleep 0.1
	done
	modprobe ext4
	mkfs.ext4 -q -F /dev/nvme0n1
	mount /dev/nvme0n1 /mnt
	run_tool -s "$nvme" driver bind
	assert_exit 4
	assert_err 'nvme0n1 is mounted on /mnt'
	umount /mnt
	printf '%s\n' o n p 1 '' +30M w | busybox fdisk /dev/nvme0n1
	mkfs.ext4 -q -F /dev/nvme0n1p1
	mount /dev/nvme0n1p1 /mnt
	run_tool -s "$nvme" driver bind
	assert_exit 4
	assert_err 'nvme0n1p1 is mounted on /mnt'
	umount /mnt
	mkswap -q /dev/nvme0n1p1
	swapon /dev/nvme0n1p1
	run_tool -s "$nvme" driver bind
	swapoff /dev/nvme0n1p1
	assert_exit 4
	assert_err 'swaps to the disk nvme0n1p1'
	# where only others see the mount
	mkfs.ext4 -q -F /dev/nvme0n1p1
	unshare -m bash -c 'mount /dev/nvme0n1p1 /mnt && echo >/run/mounted && exec sleep 30' 3>&- &
	for ((left = 100; left > 0; left--)); do
		[ -e /run/mounted ] && break
		sleep 0.1
	done
	run_tool -s "$nvme" driver bind
	kill $!
	wait $! || true
	assert_exit 4
	assert_err 'is in use'
	run_tool -s "$nvme" driver bind
	assert_exit 4
	refute_err 'in use'
	assert_err "driver nvme is bound"
	assert_equal "$(driver_of "$nvme")" nvme
}

@test "a disk behind device mapper" {
	type -P dmsetup >/dev/null || skip 'no dmsetup here'
	modprobe dm-mod
	give "$nvme" nvme
	wipefs -q -a /dev/nvme0n1
	dmsetup create --noudevsync over --table '0 65536 linear /dev/nvme0n1 0'
	mkfs.ext4 -q -F /dev/dm-0
	mount /dev/dm-0 /mnt
	run_tool -s "$nvme" driver bind
	umount /mnt
	dmsetup remove --noudevsync over
	assert_exit 4
	assert_err 'is mounted on /mnt'
}

@test "--mask: for the binding, not while there are buffers" {
	export PCIETOOL_DEVICE=$edu
	run_tool driver bind --mask 28
	assert_exit 0
	run_tool driver status --json
	assert_json .helper.mask_bits 28
	pcietool dma alloc --name low 4k
	assert_equal "$(($(pcietool dma list -j | jq -r '.buffers[0].address') >> 28))" 0
	run_tool driver bind --mask 32
	assert_exit 1
	assert_err 28
	assert_err 'dma free'
	run_tool driver bind --mask 28
	assert_exit 0
	pcietool dma free low
	run_tool driver bind --mask 40
	assert_exit 0
	run_tool driver status --json
	assert_json .helper.mask_bits 40
	pcietool driver release
	pcietool driver bind
	run_tool driver status --json
	assert_json .helper.mask_bits 32
}

@test "a dry run fails where the real run would" {
	for dry in '' -D; do
		run_tool -s "$e1000e" -v $dry -f driver bind --to nosuch
		assert_exit 6
		assert_err 'no module of that name'
		run_tool -s "$e1000e" -v $dry -f driver bind --to nosuch --module /nonexist.ko
		assert_exit 1
		assert_err /nonexist.ko
		refute_output --partial nosuch
	done
	give "$e1000e" e1000e
	run_tool -s "$e1000e" -v -D -f driver bind
	assert_exit 0
	refute_err 'bound to'
}

@test "a dry run changes nothing" {
	give "$e1000e" e1000e
	run_tool -s "$e1000e" -D driver bind
	assert_exit 4
	run_tool -s "$e1000e" -D -f driver bind
	assert_exit 0
	assert_output "$e1000e: e1000e -> pcietool"
	assert_equal "$(driver_of "$e1000e")" e1000e
	pcietool -s "$e1000e" -f driver bind
	run_tool -s "$e1000e" -D driver release
	assert_exit 0
	assert_output "$e1000e: pcietool -> e1000e"
	assert_equal "$(driver_of "$e1000e")" pcietool
}

@test "killed half way: release cleans up, bind goes on" {
	give "$e1000e" e1000e
	pcietool -s "$e1000e" -f driver bind
	# as after SIGKILL between unbinding and binding
	echo "$e1000e" >/sys/bus/pci/drivers/pcietool/unbind
	run_tool -s "$e1000e" driver bind
	assert_exit 0
	echo "$e1000e" >/sys/bus/pci/drivers/pcietool/unbind
	run_tool -s "$e1000e" driver release
	assert_exit 0
	assert_equal "$(driver_of "$e1000e")" e1000e
	assert_equal "$(override_of "$e1000e")" '(null)'
	# between giving back and forgetting
	pcietool -s "$e1000e" -f driver bind
	cp "/run/pcietool/$e1000e" /run/record
	pcietool -s "$e1000e" driver release
	mv /run/record "/run/pcietool/$e1000e"
	run_tool -s "$e1000e" driver release
	assert_exit 0
	assert_equal "$(driver_of "$e1000e")" e1000e
	[ ! -e "/run/pcietool/$e1000e" ]
}

@test "a driver that came in another way meanwhile stays; another device's record counts for nothing" {
	pcietool -s "$e1000e" driver bind
	echo "$e1000e" >/sys/bus/pci/drivers/pcietool/unbind
	echo >"/sys/bus/pci/devices/$e1000e/driver_override"
	give "$e1000e" e1000e
	run_tool -s "$e1000e" driver release
	assert_exit 0
	assert_equal "$(driver_of "$e1000e")" e1000e
	pcietool -s "$e1000e" -f driver bind
	pcietool -s "$edu" driver bind
	cp "/run/pcietool/$e1000e" "/run/pcietool/$edu"
	run_tool -s "$edu" driver release
	assert_exit 0
	assert_equal "$(driver_of "$edu")" ''
}

@test "a driver that is not there, or does not take the device: as before" {
	give "$e1000e" e1000e
	run_tool -f -s "$e1000e" driver bind --to no_such_driver
	assert_exit 6
	assert_err no_such_driver
	run_tool -f -s "$e1000e" driver bind --to virtio-pci
	assert_exit 1
	assert_err virtio-pci
	assert_equal "$(driver_of "$e1000e")" e1000e
	assert_equal "$(override_of "$e1000e")" '(null)'
	[ ! -e "/run/pcietool/$e1000e" ]
	run_tool -s "$edu" driver bind --to vfio
	assert_exit 6
	assert_err IOMMU
	assert_equal "$(driver_of "$edu")" ''
}

@test "a module that is there, and that modprobe does not load or is not there itself, is told as that" {
	local conf=/etc/modprobe.d/test-refused.conf
	modprobe -r uio_pci_generic 2>/dev/null || true
	mkdir -p /etc/modprobe.d
	echo 'install uio_pci_generic /bin/false' >"$conf"
	run_tool -s "$edu" driver bind --to uio
	rm "$conf"
	assert_exit 1
	assert_err 'there is a module uio_pci_generic, but modprobe did not load it'
	mount --bind /dev/null /sbin/modprobe
	run_tool -s "$edu" driver bind --to uio
	umount /sbin/modprobe
	assert_exit 6
	assert_err 'there is no driver uio_pci_generic, and /sbin/modprobe, which would load it, is not run: Permission denied'
	run_tool -s "$edu" driver bind --to no_such_driver
	assert_exit 6
	assert_err 'there is no driver no_such_driver, and modprobe finds no module of that name'
	run_tool -s "$edu" driver bind --to uio
	assert_exit 0
}

@test "a bind that fails leaves the mask, too, and one whose mask is refused the driver" {
	pcietool -s "$edu" driver bind --mask 28
	run_tool -s "$edu" driver bind --to virtio-pci
	assert_exit 1
	assert_err 'did not take the device'
	run_tool -s "$edu" driver status -j
	assert_json .driver pcietool
	assert_json .helper.mask_bits 28
	assert_json .previous null
	assert_equal "$(override_of "$edu")" pcietool
	run_tool -s "$edu" driver release
	assert_exit 0
	# the kernel has no memory for so few bits
	give "$e1000e" e1000e
	run_tool -f -s "$e1000e" driver bind --mask 12
	assert_exit 6
	assert_equal "$(driver_of "$e1000e")" e1000e
	assert_equal "$(override_of "$e1000e")" '(null)'
	[ ! -e "/run/pcietool/$e1000e" ]
	pcietool -s "$edu" driver bind --to uio
	run_tool -s "$edu" driver bind --mask 12
	assert_exit 6
	assert_equal "$(driver_of "$edu")" uio_pci_generic
	run_tool -s "$edu" driver release
	assert_exit 0
	assert_equal "$(driver_of "$edu")" ''
}

@test "release tells the driver that the device has then, and when its own did not come back" {
	give "$e1000e" e1000e
	pcietool -f -s "$e1000e" driver bind
	run_tool -s "$e1000e" driver release -j
	assert_exit 0
	assert_json .to e1000e
	pcietool -f -s "$e1000e" driver bind
	sed -i 's/ e1000e$/ no_such_driver/' "/run/pcietool/$e1000e"
	run_tool -s "$e1000e" driver release
	assert_exit 1
	assert_err 'left without its driver no_such_driver'
	assert_equal "$(driver_of "$e1000e")" ''
	assert_equal "$(override_of "$e1000e")" '(null)'
	sed -i 's/ no_such_driver$/ e1000e/' "/run/pcietool/$e1000e"
	run_tool -s "$e1000e" driver release -j
	assert_exit 0
	assert_json .to e1000e
	assert_equal "$(driver_of "$e1000e")" e1000e
}

@test "uio, and another driver by name" {
	run_tool -s "$edu" driver bind --to uio
	assert_exit 0
	assert_equal "$(driver_of "$edu")" uio_pci_generic
	run_tool -s "$edu" driver bind
	assert_exit 0
	assert_equal "$(driver_of "$edu")" pcietool
	run_tool -s "$edu" driver bind --to pci-stub
	assert_exit 0
	assert_equal "$(driver_of "$edu")" pci-stub
	run_tool -s "$edu" driver release
	assert_exit 0
	assert_equal "$(driver_of "$edu")" ''
	# by somebody else
	echo pci-stub >"/sys/bus/pci/devices/$edu/driver_override"
	echo "$edu" >/sys/bus/pci/drivers_probe
	run_tool -s "$edu" driver release
	assert_exit 4
	assert_err 'somebody else'
	run_tool -f -s "$edu" driver release
	assert_exit 0
	assert_equal "$(driver_of "$edu")" ''
}

@test "a bridge is not for the helper" {
	bridge=$(lspci -D -n -d ::0601 | head -1 | cut -d' ' -f1)
	[ -n "$bridge" ] || skip 'none here'
	run_tool -s "$bridge" driver status
	assert_exit 0
}

@test "not root: exit 4, and status still tells what it can" {
	pcietool -s "$edu" driver bind
	for verb in bind release; do
		[ $verb = release ] || pcietool -s "$edu" driver release
		run --separate-stderr setpriv --reuid 65534 --clear-groups "$BUILD/pcietool" -s "$edu" driver $verb
		assert_exit 4
		assert_err root
		[ $verb = release ] || pcietool -s "$edu" driver bind
	done
	run --separate-stderr setpriv --reuid 65534 --clear-groups "$BUILD/pcietool" -s "$edu" -j driver status
	assert_exit 0
	assert_json .driver pcietool
	assert_json .helper null
}

@test "a running capture keeps the device, unless forced" {
	export PCIETOOL_DEVICE=$edu
	pcietool driver bind
	pcietool config write COMMAND=6:6
	pcietool -q dma capture -o /dev/null --block 2k --done '0x0==1' --each 0x4=0 2>/dev/null 3>&- &
	capture=$!
	for ((left = 100; left > 0; left--)); do
		[[ $(pcietool driver status -j | jq .helper.capturing) == true ]] && break
		sleep 0.1
	done
	run_tool driver release
	assert_exit 4
	assert_err 'a capture runs'
	run_tool driver bind --to uio
	assert_exit 4
	run_tool -f driver release
	assert_exit 0
	status=0
	wait $capture || status=$?
	assert_equal "$status" 5
}

@test "the module is not unloaded while named buffers are there" {
	export PCIETOOL_DEVICE=$edu
	pcietool driver bind
	pcietool dma alloc --name held 4k
	run rmmod pcietool
	assert_failure
	assert_output --partial 'in use'
	pcietool dma free held
	rmmod pcietool
	[ ! -e "/dev/pcietool/$edu" ]
}

@test "--module FILE, and files that are none" {
	rmmod pcietool 2>/dev/null || true
	run_tool -s "$edu" driver bind --module /dev/null
	[ "$status" -ne 0 ]
	assert_err /dev/null
	run_tool -s "$edu" driver bind --module /no/such.ko
	assert_exit 1
	assert_err /no/such.ko
	assert_equal "$(driver_of "$edu")" ''
	run_tool -s "$edu" driver bind --module "$PCIETOOL_KO"
	assert_exit 0
	assert_equal "$(driver_of "$edu")" pcietool
}
