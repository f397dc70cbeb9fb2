#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
#
# sriov and iommu on fake trees, and what holds for bar, msi, acs and p2p too.

# shellcheck disable=SC2154 # status, output and stderr are bats' own
load ../lib/common
load ../lib/fake_device
load ../lib/resources

dev=0000:01:00.0
port=0000:00:1c.0

@test "usage errors of all of them" {
	one_port
	fake_attribute $dev sriov_totalvfs 4
	fake_attribute $dev sriov_numvfs 0
	for words in 'bar resize' 'bar resize 0' 'bar resize 0 1M 2M' 'bar resize 6 1M' 'bar resize x 1M' 'bar resize 0 3M' \
		'bar resize 0 512k' 'bar resize 0 0' 'bar resize 0 08' 'bar list 0' 'bar windows 0' 'msi show x' \
		'msi show 2048' 'msi show 08' 'sriov numvfs' 'sriov numvfs x' 'sriov numvfs 65536' 'sriov numvfs 5' \
		'sriov numvfs 1 2' 'sriov show 1' 'acs show 1' 'p2p' 'p2p 01:00.0' 'p2p 01:00.0 zz:1' \
		'p2p 1:0.0 1:0.0 1:0.0' 'iommu show 1' 'bar resize --nonsense 0 1M'; do
		# shellcheck disable=SC2086 # several words
		on -s $dev $words
		assert_exit 2
		assert_output ''
	done
	on -s $dev sriov numvfs 5
	assert_err "hint: 'pcietool -s $dev sriov numvfs 4'"
}

@test "no device, or several: exit 3" {
	one_port
	for words in 'bar list' 'bar windows' 'bar resize 0 1M' 'msi show' 'sriov show' 'sriov numvfs 1' 'acs show' \
		'iommu show'; do
		# shellcheck disable=SC2086
		on -s 7f:00.0 $words
		assert_exit 3
	done
	for words in 'bar resize 0 1M' 'msi show' 'sriov numvfs 1'; do
		# shellcheck disable=SC2086
		on $words
		assert_exit 3
		# shellcheck disable=SC2086
		on -s '*' $words
		assert_exit 3
	done
	on p2p 01:00.0 7f:00.0
	assert_exit 3
	on p2p '*' 01:00.0
	assert_exit 3
}

@test "an empty machine: empty lists" {
	for words in 'bar list' 'bar windows' 'sriov show' 'acs show'; do
		# shellcheck disable=SC2086
		on -j $words
		assert_exit 0
		assert_json '[.[] | arrays | length] | add' 0
	done
}

# silence BDF: all of its config space reads all ones.
silence() {
	head -c 4096 /dev/zero | tr '\0' '\377' >"$SYSROOT/sys/bus/pci/devices/$1/config"
}

@test "a device that does not answer: exit 5, and nothing is decoded from all ones" {
	one_port
	fake_bar $dev 0 0xe0000000 0x1000 0x40200
	fake_attribute $dev resource0_resize fffffff
	fake_attribute $dev sriov_totalvfs 4
	fake_attribute $dev sriov_numvfs 0
	silence $dev
	on -s $dev bar list
	assert_exit 5
	assert_output '0000:01:00.0 BAR0 mem 4K at 0xe0000000, 32-bit, the device does not answer, sizes: the device does not answer'
	assert_err 'does not answer'
	on -s $dev bar list -j
	assert_exit 5
	assert_json '.devices[0].resources[0] | [.decoded, .lost, .sizes, .decoded_reason] | tojson' \
		'[null,null,null,"the device does not answer"]'
	# the others are shown all the same
	on bar list
	assert_exit 5
	assert_line --partial "$port"
	on -s $dev sriov show
	assert_exit 5
	assert_line --index 0 '0000:01:00.0 VFs 0 of 4, offset not given by the kernel, stride not given by the kernel, device id not given by the kernel'
	rm "$SYSROOT/sys/bus/pci/devices/$dev/sriov_totalvfs"
	on -s $dev sriov show
	assert_exit 5
	assert_output ''
	on -s $dev acs show
	assert_exit 5
	assert_output '0000:01:00.0 ACS the device does not answer'
	on -s $dev regs read 1:0
	assert_exit 5
	# what may not be read is not gone
	rm "$SYSROOT/sys/bus/pci/devices/$dev/config"
	on -s $dev bar list
	assert_exit 0
}

# falls_asleep DEVICE: whoever reads its config space waits for ever.
falls_asleep() {
	fake_attribute "$1" power/runtime_status suspended
	rm "$SYSROOT/sys/bus/pci/devices/$1/config"
	mkfifo "$SYSROOT/sys/bus/pci/devices/$1/config"
}

# in_folders: the devices lie in each other as sysfs has them, so that what is above what is known without a register.
in_folders() {
	local device devices=$SYSROOT/sys/bus/pci/devices root=$SYSROOT/sys/devices/pci0000:00 below
	mkdir -p "$root"
	for device in "$devices"/0000:00:* "$devices"/0000:01:*; do
		below=${device##*/}
		[[ $below == 0000:00:* ]] || below=$port/$below
		mv "$device" "$root/$below"
		ln -s "../../../devices/pci0000:00/$below" "$device"
	done
}

@test "what lists devices wakes none that sleeps, and tells what is not known of it" {
	sriov_device
	fake_bar $dev 0 0xe0000000 0x1000 0x40200
	fake_bar $dev 7 0xe0300000 0x40000 0x140204
	mkdir -p "$SYSROOT/sys/bus/pci/slots/3" "$SYSROOT/sys/bus/pci/slots/4"
	echo 0000:01:00 >"$SYSROOT/sys/bus/pci/slots/3/address"
	echo 0000:02:00 >"$SYSROOT/sys/bus/pci/slots/4/address"
	fake_pci 0000:00:1d.0 0x8086 0x1901 0x060400 4096
	in_folders
	for device in $dev $port 0000:00:1d.0; do
		falls_asleep "$device"
	done
	for words in list 'list -v' 'bar list' 'bar windows' 'sriov show' 'acs show' 'link show' 'aer show' check metrics snapshot \
		'iommu list' 'slot show' 'uio list' "bar list -s $dev" "power show -s $dev" "link show -s $dev" "aer show -s $dev"; do
		# shellcheck disable=SC2086 # several words
		on $words
		[[ $status -lt 100 ]] || fail "$words: $status $stderr"
	done
	on sriov show -j
	assert_json '.devices[0] | [.address, .device_totalvfs, .device_totalvfs_reason, .totalvfs] | tojson' \
		"[\"$dev\",null,\"suspended\",4]"
	on bar list -j
	assert_json '[.devices[] | select(.address == "'$dev'") | .resources[] | [.name, .decoded, .decoded_reason, .lost, .lost_reason] | join(" ")] | join(",")' \
		'BAR0  suspended  suspended,VF BAR0 true   suspended'
	on bar list
	assert_output --partial 'BAR0 mem 4K at 0xe0000000, 32-bit, suspended'
}

@test "msi show: a device that sleeps: Linux' side, and why not the device's" {
	msix_device
	falls_asleep $dev
	on -s $dev msi show -j
	assert_exit 0
	assert_json '[.type, .enabled, .enabled_reason, .messages_problem] | tojson' '["msix",null,"suspended","suspended"]'
	assert_json '[.vectors[] | .linux_irq] | tojson' '[24,31]'
	assert_json '[.vectors[] | .address_reason] | unique | join(" ")' suspended
	rm -r "$SYSROOT/sys/bus/pci/devices/$dev/msi_irqs"
	on -s $dev msi show
	assert_exit 1
	assert_err "$dev: the device sleeps, and the kernel has allocated no vectors"
	assert_err "hint: 'pcietool -s $dev power on' wakes it"
}

@test "completion wakes no device: what any has is offered" {
	msix_device
	falls_asleep $dev
	for words in 'config show MS' 'config read CAP_M' 'config write COM' 'msi show ' 'regs read C' 'config read EXP.L'; do
		# shellcheck disable=SC2086 # several words
		run_tool --complete --sysroot "$SYSROOT" -s $dev ${words% *} "${words##* }"
		assert_exit 0
	done
	run_tool --complete --sysroot "$SYSROOT" -s $dev config show MS
	assert_line --partial MSIX
	run_tool --complete --sysroot "$SYSROOT" -s $dev config read CAP_M
	assert_line CAP_MSI
}

@test "sriov: a driver that lowered the number of VFs" {
	sriov_device
	fake_attribute $dev sriov_numvfs 0
	fake_total $dev 8
	on -s $dev sriov show
	assert_line --index 0 --partial 'VFs 0 of 4 (the device has 8, its driver allows less), offset 1'
	on -s $dev sriov show -j
	assert_json '.devices[0] | [.totalvfs, .device_totalvfs] | tojson' '[4,8]'
	on -s $dev sriov numvfs 5
	assert_exit 2
	assert_err 'more than its driver allows, which is 4 of 8'
	on -s $dev sriov numvfs 9
	assert_exit 2
	fake_total $dev 4
	on -s $dev sriov show
	assert_line --index 0 --partial 'VFs 0 of 4, offset 1'
}

@test "sriov: where the capability is cut off what the device has is not known" {
	sriov_device
	fake_total $dev 8
	fake_extended $dev 0x100 0x10 0x10c
	fake_extended $dev 0x10c 0x0d 0
	on -s $dev sriov show -j
	assert_exit 0
	assert_json '.devices[0].device_totalvfs_reason' 'the capability is cut off'
}

# --- sriov -------------------------------------------------------------------------------------------

sriov_device() {
	one_port
	fake_attribute $dev sriov_totalvfs 4
	fake_attribute $dev sriov_numvfs 2
	fake_driver $dev nic
	fake_attribute $dev sriov_offset 1
	fake_attribute $dev sriov_stride 1
	fake_attribute $dev sriov_vf_device 10
	fake_attribute $dev sriov_drivers_autoprobe 0
	fake_vf $dev 0 0000:01:00.1
	fake_vf $dev 1 0000:01:00.2
	fake_driver 0000:01:00.2 vfio-pci
}

@test "sriov show" {
	sriov_device
	on sriov show
	assert_exit 0
	assert_line --index 0 '0000:01:00.0 VFs 2 of 4, offset 1, stride 1, device id 0010, not offered to drivers'
	assert_line --index 1 '             VF 0 0000:01:00.1, driver none'
	assert_line --index 2 '             VF 1 0000:01:00.2, driver vfio-pci'
	[ "${#lines[@]}" -eq 3 ]
	on -s 01:00.1 sriov show
	assert_output '0000:01:00.1 virtual function of 0000:01:00.0'
	on sriov show -j
	assert_json '.devices[0] | [.role, .numvfs, .totalvfs, .vf_device_id, .drivers_autoprobe, .vfs[1].address] | join(" ")' \
		'pf 2 4 0x0010 false 0000:01:00.2'
	on -s $port sriov show
	assert_exit 6
	on -s $port sriov numvfs 1
	assert_exit 6
	on -s 01:00.1 sriov numvfs 1
	assert_exit 6
	assert_err 'its physical function is 0000:01:00.0'
}

@test "sriov numvfs: what is refused, and by force" {
	sriov_device
	numvfs=$SYSROOT/sys/bus/pci/devices/$dev/sriov_numvfs
	on -s $dev sriov numvfs 5
	assert_exit 2
	assert_err 'which is 4'
	on -s $dev sriov numvfs 3
	assert_exit 1
	assert_err 'sriov numvfs 0'
	on -s $dev sriov numvfs 0
	assert_exit 4
	assert_err '0000:01:00.2 has the driver vfio-pci'
	[ "$(<"$numvfs")" = 2 ]
	on -s $dev -D -f sriov numvfs 3
	assert_exit 0
	assert_output 'numvfs 2 -> 0 -> 3'
	[ "$(<"$numvfs")" = 2 ]
	on -s $dev sriov numvfs 2
	assert_exit 0
	on -s $dev -f sriov numvfs 3 -j
	assert_exit 0
	assert_json '[.old_numvfs, .through_zero, .numvfs] | map(tostring) | join(" ")' '2 true 3'
	[ "$(<"$numvfs")" = 3 ]
	rm "$SYSROOT/sys/bus/pci/devices/0000:01:00.2/driver"
	# an interface of a VF that is up
	interface=$SYSROOT/sys/bus/pci/devices/0000:01:00.1/net/eth9
	mkdir -p "$interface"
	ln -s ../../../../../../class/net "$interface/subsystem"
	echo 0x1003 >"$interface/flags"
	on -s $dev sriov numvfs 0
	assert_exit 4
	assert_err '0000:01:00.1: the network interface eth9 is up'
	echo 0x1002 >"$interface/flags"
	on -s $dev sriov numvfs 0
	assert_exit 0
	assert_output ''
	[ "$(<"$numvfs")" = 0 ]
}

@test "sriov numvfs: a virtual function of a guest is not ended, whichever driver of VFIO's it has" {
	local driver
	sriov_device
	numvfs=$SYSROOT/sys/bus/pci/devices/$dev/sriov_numvfs
	for driver in mlx5_vfio_pci xe-vfio-pci igb_uio pciback; do
		fake_driver 0000:01:00.2 $driver
		on -s $dev sriov numvfs 0
		assert_exit 4
		assert_err "0000:01:00.2 has the driver $driver"
		assert_equal "$(<"$numvfs")" 2
	done
	# and by name where it is seen
	mkdir -p "$SYSROOT/proc/77/fd"
	echo qemu >"$SYSROOT/proc/77/comm"
	ln -s /dev/vfio/9 "$SYSROOT/proc/77/fd/5"
	fake_driver 0000:01:00.2 mlx5_vfio_pci
	fake_group 0000:01:00.2 9
	on -s $dev sriov numvfs 0
	assert_exit 4
	assert_err '0000:01:00.2: qemu (process 77) has /dev/vfio/9 open'
	assert_equal "$(<"$numvfs")" 2
	# the system's own driver does not hold it
	fake_driver 0000:01:00.2 mlx5_core
	on -s $dev sriov numvfs 0
	assert_exit 0
}

@test "sriov numvfs: without a driver, which makes them, a dry run fails as the real one does" {
	sriov_device
	echo 0 >"$SYSROOT/sys/bus/pci/devices/$dev/sriov_numvfs"
	rm "$SYSROOT/sys/bus/pci/devices/$dev/driver"
	for option in '' -D; do
		on -s $dev sriov numvfs 2 $option
		assert_exit 1
		assert_err "$dev: no driver is bound, and it is the driver that makes virtual functions"
		on -s $dev sriov numvfs 0 $option
		assert_exit 0
	done
}

@test "sriov numvfs: a number that cannot be read back is no success" {
	sriov_device
	numvfs=$SYSROOT/sys/bus/pci/devices/$dev/sriov_numvfs
	rm "$SYSROOT/sys/bus/pci/devices/0000:01:00.2/driver" "$numvfs"
	# what is read first is 2, then nothing
	mkfifo "$numvfs"
	{
		echo 2 >"$numvfs"
		cat "$numvfs" >"$BATS_TEST_TMPDIR/written"
		: >"$numvfs"
	} 3>&- &
	on -s $dev sriov numvfs 0
	assert_exit 1
	assert_err 'the kernel took the number 0, and how many there are is not known'
}

@test "sriov numvfs: that the earlier ones are gone is told when there are no new ones" {
	local number
	sriov_device
	device=$SYSROOT/sys/bus/pci/devices/$dev
	# the second write, behind that and a close
	run --separate-stderr "$BUILD/tests/lib/fail_call" -n 3 -d "$device" -l "$BATS_TEST_TMPDIR/log" -- \
		pcietool --sysroot "$SYSROOT" -s $dev -f sriov numvfs 3
	assert_exit 1
	assert_err "$dev: setting the number of virtual functions to 3: No space left on device; the earlier 2 were ended before; now there are 0; 'pcietool -s $dev sriov numvfs 2' makes as many new ones"
	# the first one: none were
	echo 2 >"$device/sriov_numvfs"
	for number in 0 3; do
		run --separate-stderr "$BUILD/tests/lib/fail_call" -n 1 -d "$device" -l "$BATS_TEST_TMPDIR/log" -- \
			pcietool --sysroot "$SYSROOT" -s $dev -f sriov numvfs $number
		assert_exit 1
		assert_err "$dev: setting the number of virtual functions to 0: No space left on device; now there are 2"
		refute_err ended
	done
	# from none to some none were ended
	echo 0 >"$device/sriov_numvfs"
	run --separate-stderr "$BUILD/tests/lib/fail_call" -n 1 -d "$device" -l "$BATS_TEST_TMPDIR/log" -- \
		pcietool --sysroot "$SYSROOT" -s $dev -f sriov numvfs 3
	assert_exit 1
	refute_err ended
}

@test "sriov numvfs: a signal between its two steps does not leave the first alone" {
	local signal
	sriov_device
	device=$SYSROOT/sys/bus/pci/devices/$dev
	for signal in 2 15; do
		echo 2 >"$device/sriov_numvfs"
		run --separate-stderr "$BUILD/tests/lib/fail_call" -n 1 -k "$signal" -d "$device" -l "$BATS_TEST_TMPDIR/log" -- \
			pcietool --sysroot "$SYSROOT" -s $dev -f sriov numvfs 3
		assert_exit $((128 + signal))
		assert_equal "$(<"$device/sriov_numvfs")" 3
	done
}

# --- iommu -------------------------------------------------------------------------------------------

@test "iommu show" {
	one_port
	on iommu show
	assert_exit 6
	assert_err "Intel's also needs intel_iommu=on"
	# there is no such word: Linux, parse_amd_iommu_options() in drivers/iommu/amd/init.c
	refute_err amd_iommu
	fake_group $dev 10
	fake_group $port 9
	fake_driver $dev nic
	mkdir -p "$SYSROOT/sys/kernel/iommu_groups/10/devices/arm-smmu.1"
	printf 'DMA-FQ\n' >"$SYSROOT/sys/kernel/iommu_groups/10/type"
	printf '0x%016x 0x%016x %s\n' 0 0xffffff direct 0xfee00000 0xfeefffff msi \
		>"$SYSROOT/sys/kernel/iommu_groups/10/reserved_regions"
	on iommu show
	assert_exit 0
	assert_line --index 0 'group 9      type not given by the kernel'
	assert_line 'group 10     type DMA-FQ: translated, unmapped late'
	assert_line '             0000:01:00.0 1234:11e8, driver nic'
	assert_line '             arm-smmu.1'
	assert_line '             reserved 0xfee00000..0xfeefffff msi'
	on -s $dev iommu show -j
	assert_json '.groups | length' 1
	assert_json '.groups[0] | [.group, .type, .devices[0].driver, .reserved_regions[0].end] | join(" ")' \
		'10 DMA-FQ nic 0x00ffffff'
	fake_pci 0000:02:00.0 0x1234 0x11e8 0x020000
	on -s 02:00.0 iommu show
	assert_exit 6
	assert_err 'none of the devices that match is in an IOMMU group'
	assert_err "there is an IOMMU, with none of its groups for this: 'pcietool iommu show' shows them"
	refute_err intel_iommu
}

@test "no key depends on verbosity" {
	msix_device
	fake_attribute $dev sriov_totalvfs 4
	fake_attribute $dev sriov_numvfs 0
	fake_acs $port 0x5f 0x1d
	fake_group $dev 3
	for words in 'bar list' 'bar windows -s 00:1c.0' 'msi show' 'sriov show' 'acs show -s 00:1c.0' 'iommu show' \
		'p2p 01:00.0 00:1c.0'; do
		# shellcheck disable=SC2086
		quiet=$(pcietool --sysroot "$SYSROOT" -s $dev -j -q $words | jq -c '[paths | map(tostring) | join(".")]')
		# shellcheck disable=SC2086
		verbose=$(pcietool --sysroot "$SYSROOT" -s $dev -j -v $words 2>/dev/null | jq -c '[paths | map(tostring) | join(".")]')
		assert_equal "$quiet" "$verbose"
	done
}

@test "as lines of a batch" {
	msix_device
	fake_acs $port 0x5f 0x1d
	printf '%s\n' 'msi show 0' 'bar list' 'bar windows -s 00:1c.0' 'acs show -s 00:1c.0' 'p2p 01:00.0 01:00.0' 'msi show 0' \
		>"$BATS_TEST_TMPDIR/lines"
	on -s $dev -j batch "$BATS_TEST_TMPDIR/lines"
	assert_exit 0
	assert_equal "$(jq -r '.result.schema' <<<"$output" | xargs)" \
		'pcietool/msi-show/1 pcietool/bar-list/1 pcietool/bar-windows/1 pcietool/acs-show/1 pcietool/p2p/1 pcietool/msi-show/1'
	assert_equal "$(jq -r 'select(.line == 6).result.vectors[0].address' <<<"$output")" 0xfee01000
}

@test "addresses complete behind p2p, BARs behind bar resize" {
	one_port
	fake_bar $dev 0 0xe0000000 0x1000 0x40200
	run pcietool --complete --sysroot "$SYSROOT" p2p 0000:0
	assert_line 0000:01:00.0
	run pcietool --complete --sysroot "$SYSROOT" -s $dev bar resize ''
	assert_output 0
	run pcietool --complete bar ''
	assert_line windows
}
