# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# An edu device bound to the helper by hand, and the program that talks to it:  load ../lib/helper_abi  after common.

helper_abi_setup_file() {
	modprobe -a virtio_blk ext4
	mkfs.ext4 -q -F /dev/vda
	mount /dev/vda /mnt
	modprobe pcietool
}

helper_abi_setup() {
	edu=$(bdf_of 1234:11e8)
	dir=/sys/bus/pci/devices/$edu
	echo pcietool >"$dir/driver_override"
	[ -e "$dir/driver" ] || echo "$edu" >/sys/bus/pci/drivers_probe
}

# run_abi PROGRAM: passes when all of its tests do.
run_abi() {
	run timeout $((50 * ${VM_SLOWNESS:-1})) "$1" "/dev/pcietool/$edu" "$dir/resource0" "$dir/config" "$edu"
	refute_line --partial 'not ok'
	assert_line --regexp '^1\.\.[1-9][0-9]+$'
	assert_success
}
