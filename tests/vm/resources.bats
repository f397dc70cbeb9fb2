#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Resources, vectors, virtual functions, ACS and IOMMU groups on a real kernel, compared with lspci, setpci and /proc.
#
# qemu: -device intel-iommu,intremap=on -device edu
# qemu: -drive driver=null-co,size=67108864,read-zeroes=on,snapshot=on,if=none,id=nv
# qemu: -device pcie-root-port,id=rp1,chassis=1,slot=1 -device nvme-subsys,id=sub0
# qemu: -device nvme,id=ctrl,serial=1,bus=rp1,subsys=sub0,sriov_max_vfs=2,sriov_vq_flexible=4,sriov_vi_flexible=2,max_ioqpairs=6,msix_qsize=7
# qemu: -device pcie-root-port,id=rp2,chassis=2,slot=2 -device x3130-upstream,id=up,bus=rp2
# qemu: -device xio3130-downstream,id=d1,bus=up,chassis=3,slot=3 -device e1000e,bus=d1,romfile=
# qemu: -device xio3130-downstream,id=d2,bus=up,chassis=4,slot=4 -device e1000e,bus=d2,romfile=
# qemu: -global ICH9-LPC.acpi-pci-hotplug-with-bridge-support=off
# qemu: -device pcie-root-port,id=rp3,chassis=5,slot=5 -device x3130-upstream,id=up2,bus=rp3
# qemu: -device xio3130-downstream,id=d3,bus=up2,chassis=6,slot=6,addr=0.0 -device xio3130-downstream,id=d4,bus=up2,chassis=7,slot=7,addr=1.0
# append: intel_iommu=on iommu=strict
# timeout: 600
# usually: 6.12

# shellcheck disable=SC2030,SC2031,SC2154 # a test is a process of its own; bats sets stderr
load ../lib/common
load ../lib/guest

setup() {
	edu=$(bdf_of 1234:11e8)
	nvme=$(bdf_of 1b36:0010)
	nic=$(bdf_of 8086:10d3)
	other=$(bdf_of 8086:10d3 1)
	port=$(bdf_of 1b36:000c)
}

teardown() {
	pcietool -q -s "$nic" -f driver release || true
	pcietool -q -s "$edu" -f driver release || true
	echo 0 2>/dev/null >"/sys/bus/pci/devices/$nvme/sriov_numvfs" || true
	[ ! -e "/sys/bus/pci/devices/$nvme/driver" ] || echo "$nvme" >"/sys/bus/pci/devices/$nvme/driver/unbind"
}

# as udev would have
give_nvme() {
	modprobe nvme
	[ -e "/sys/bus/pci/devices/$nvme/driver" ] || echo "$nvme" >/sys/bus/pci/drivers/nvme/bind
}

as_nobody() {
	run --separate-stderr setpriv --reuid 65534 --regid 65534 --clear-groups pcietool "$@"
}

# The sum of a Linux interrupt's counts.
count_of() {
	awk -v irq="$1:" '$1 == irq {for (i = 2; $i ~ /^[0-9]+$/; i++) n += $i; print n}' /proc/interrupts
}

# --- bar ---------------------------------------------------------------------------------------------

@test "a device that lost its addresses is told, and restore puts it right; no bar of the others is called lost" {
	run_tool bar list -j
	assert_json '[.devices[].resources[] | select(.lost)] | length' 0
	run_tool -s "$other" config save -o "$BATS_TEST_TMPDIR/saved"
	# what a reset behind the kernel's back does
	setpci -s "$other" COMMAND=0 BASE_ADDRESS_0=0 BASE_ADDRESS_1=0 BASE_ADDRESS_2=0 BASE_ADDRESS_3=0
	run_tool -s "$other" regs read 0x8
	assert_exit 1
	assert_err 'BAR 0: the device has lost its address'
	run_tool -s "$other" bar list -j
	assert_json '[.devices[].resources[] | select(.lost)] | length' 4
	run_tool check -s "$other"
	assert_exit 8
	assert_line --partial 'bar-lost: BAR 0'
	run_tool -s "$other" config restore "$BATS_TEST_TMPDIR/saved"
	assert_exit 0
	run_tool -s "$other" config write COMMAND=0x2:0x2
	run_tool -s "$other" regs read 0x8
	assert_exit 0
	run_tool check -s "$other"
	[[ $output != *bar-lost* ]]
}

@test "config restore: a BAR that the kernel has elsewhere is not moved" {
	local bar
	bar=$(setpci -s "$other" BASE_ADDRESS_0)
	run_tool -s "$other" config dump
	printf '%s\n' "$output" | sed 's/^10: \(.. ..\) ..\(.*\)/10: \1 77\2/' >"$BATS_TEST_TMPDIR/moved"
	run_tool -s "$other" config restore "$BATS_TEST_TMPDIR/moved"
	assert_exit 4
	assert_err "the kernel has that BAR at 0x$bar now"
	assert_equal "$(setpci -s "$other" BASE_ADDRESS_0)" "$bar"
}

@test "bar list: as lspci has it" {
	for device in "$edu" "$nic" "$nvme"; do
		lspci -vs "$device" | sed -n 's/.*\(Memory\|I\/O ports\) at 0*\([0-9a-f]*\) .*\[size=\(.*\)\]/\2 \3/p' \
			>"$BATS_TEST_TMPDIR/lspci"
		[ -s "$BATS_TEST_TMPDIR/lspci" ]
		pcietool bar list -s "$device" |
			sed -n '/VF/d; s/.*BAR[0-9] [a-z]* \([0-9KMG]*\) at 0x0*\([0-9a-f]*\).*/\2 \1/p' |
			diff "$BATS_TEST_TMPDIR/lspci" -
	done
	run_tool bar list -s "$nvme" --json
	assert_json '.devices[0].resources[] | select(.kind == "vf-bar") | [.vfs, .size_each, .decoded] | map(tostring) | join(" ")' \
		'2 16384 false'
	as_nobody bar list --json
	assert_exit 0
	assert_json '.devices | length' "$(find /sys/bus/pci/devices -type l | wc -l)"
}

@test "bar windows: the windows that lspci -vv shows" {
	lspci -vvs "$port" | sed -n 's/.*\(I\/O\|emory\) behind bridge: 0*\([0-9a-f]*\)-0*\([0-9a-f]*\).*/\2-\3/p' >"$BATS_TEST_TMPDIR/lspci"
	[ "$(wc -l <"$BATS_TEST_TMPDIR/lspci")" -eq 3 ]
	run_tool -s "$port" bar windows --json
	assert_exit 0
	json '.bridges[0].windows[] | select(.assigned) | "\(.address) \(.size)"' |
		while read -r address size; do printf '%x-%x\n' "$address" $((address + size - 1)); done |
		diff "$BATS_TEST_TMPDIR/lspci" -
	# the nvme's BAR and its VFs' lie in the memory window
	assert_json '.bridges[0].windows[] | select(.window == "memory").used' $((16384 + 32768))
	assert_json '[.bridges[0].below[] | select(.outside or .overlaps)] | length' 0
	run_tool -s "$edu" bar windows
	assert_exit 6
	as_nobody bar windows
	assert_exit 0
}

@test "bar resize: no device here can" {
	run_tool -s "$edu" bar resize 0 1M
	assert_exit 6
	assert_err 'cannot be resized'
}

# --- msi ---------------------------------------------------------------------------------------------

@test "msi show: virtio's table beside its driver, counts as /proc/interrupts" {
	for dir in /sys/bus/pci/drivers/virtio-pci/*:*; do device=${dir##*/}; done
	run_tool -s "$device" msi show --json
	assert_exit 0
	assert_json .type msix
	assert_json .enabled true
	[ "$(json '[.vectors[] | select(.linux_irq)] | length')" -eq "$(find "$dir/msi_irqs/" -type f | wc -l)" ]
	# vector 0 is for changes of the configuration, and rests
	irq=$(json '.vectors[0].linux_irq')
	assert_json '.vectors[0].count' "$(count_of "$irq")"
	[[ $(json '.vectors[0].action') == *-config && $(json '.vectors[1].action') == *-requests ]]
	assert_json '.vectors[1].effective_affinity' 0
	[ "$(json '.vectors[1].count')" -gt 0 ]
	[[ $(json '.vectors[1].address') == 0xfee* ]]
	assert_json '.vectors[1].masked' false
}

@test "msi show: nvme's driver keeps its BAR, Linux' side is there" {
	give_nvme
	run_tool -s "$nvme" msi show
	assert_exit 0
	assert_line --partial 'the driver nvme has claimed it'
	assert_line --regexp '^vector 0     not readable, irq [0-9]+ nvme0q0, count [0-9]+, CPU 0$'
	run_tool -s "$nvme" msi show --json
	irq=$(json '.vectors[0].linux_irq')
	assert_json '.vectors[0].count' "$(count_of "$irq")"
	echo "$nvme" >"/sys/bus/pci/devices/$nvme/driver/unbind"
	# nobody has it now: D0 and decoding are all it takes
	setpci -s "$nvme" COMMAND=2:2
	run_tool -s "$nvme" msi show --json
	assert_exit 0
	assert_json .enabled false
	assert_json '.vectors[0].masked' true
	setpci -s "$nvme" COMMAND=0:2
	run_tool -s "$nvme" msi show
	assert_line --partial 'memory decoding is off'
}

@test "msi show: e1000e behind the helper with five vectors, one masked by hand" {
	pcietool -s "$nic" -f driver bind
	pcietool -s "$nic" config write COMMAND=6:6
	pcietool -s "$nic" irq enable --type msix --vectors 5
	run_tool -s "$nic" msi show --json
	assert_exit 0
	assert_json '.vectors | length' 5
	assert_json '[.vectors[] | select(.linux_irq and (.masked | not))] | length' 5
	assert_json '.vectors | map(.linux_irq) | . == sort' true
	json '.vectors[].linux_irq' >"$BATS_TEST_TMPDIR/msi"
	pcietool -s "$nic" irq list --json | jq '.vectors[].linux_irq' | diff "$BATS_TEST_TMPDIR/msi" -
	run_tool -s "$nic" msi show 3
	assert_exit 0
	[ "${#lines[@]}" -eq 2 ]
	run_tool -s "$nic" msi show 5
	assert_exit 6
	# the table is in BAR 3; its word 3 of an entry masks
	pcietool -s "$nic" regs write 3:0x2c=1
	run_tool -s "$nic" msi show 2 --json
	assert_json '.vectors[0].masked' true
	assert_json '.vectors[0].pending' false
	# IVAR: cause 'other' to vector 2, and raise it: it waits
	pcietool -s "$nic" regs write 0xe4=0x800a0000 0xd0=0x01000000 0xc8=0x01000000
	run_tool -s "$nic" msi show 2 --json
	assert_json '.vectors[0].pending' true
	assert_json '.vectors[0].count' 0
	pcietool -s "$nic" regs write 3:0x2c=0
	run_tool -s "$nic" msi show 2 --json
	assert_json '.vectors[0].pending' false
	assert_json '.vectors[0].count' 1
}

@test "msi show: edu's MSI, its count moves" {
	pcietool -s "$edu" driver bind
	pcietool -s "$edu" config write COMMAND=6:6
	run_tool -s "$edu" msi show
	assert_line --index 0 "$edu msi off, vectors 1"
	pcietool -s "$edu" irq enable --type msi
	pcietool -s "$edu" regs write 0x60=1
	pcietool -s "$edu" irq wait --since 0 --timeout 10s
	run_tool -s "$edu" msi show --json
	assert_json '[.type, .enabled, .vectors[0].count] | map(tostring) | join(" ")' 'msi true 1'
	assert_json '.vectors[0].data' "0x$(setpci -s "$edu" CAP_MSI+c.w)"
	pcietool -s "$edu" regs write 0x64=1
	as_nobody -s "$edu" msi show
	assert_exit 0
	assert_line --regexp '^vector 0     needs root, irq [0-9]+ .*, count 1, CPU 0$'
}

# --- sriov -------------------------------------------------------------------------------------------

@test "sriov: no driver, two VFs and none again" {
	run_tool sriov show --json
	assert_exit 0
	assert_json '.devices | length' 1
	assert_json '.devices[0] | [.address, .numvfs, .totalvfs] | map(tostring) | join(" ")' "$nvme 0 2"
	run_tool -s "$nvme" sriov numvfs 2
	assert_exit 1
	assert_err 'no driver is bound'
	give_nvme
	echo 0 >"/sys/bus/pci/devices/$nvme/sriov_drivers_autoprobe"
	run_tool -s "$nvme" sriov numvfs 3
	assert_exit 2
	assert_err 'which is 2'
	run_tool -s "$nvme" sriov numvfs 2
	assert_exit 0
	assert_output ''
	run_tool sriov show --json
	assert_json '.devices[0].vfs | length' 2
	vf=$(json '.devices[0].vfs[1].address')
	[ -e "/sys/bus/pci/devices/$vf" ]
	assert_json '.devices[0].vfs[1].driver_reason' none
	run_tool -s "$vf" sriov show
	assert_output "$vf virtual function of $nvme"
	run_tool -s "$port" bar windows --json
	assert_json '[.bridges[0].below[] | select(.outside or .overlaps)] | length' 0
	run_tool -s "$nvme" sriov numvfs 1
	assert_exit 1
	run_tool -s "$nvme" -f sriov numvfs 1
	assert_exit 0
	[ ! -e "/sys/bus/pci/devices/$vf" ]
	vf=$(pcietool sriov show --json | jq -r '.devices[0].vfs[0].address')
	run_tool -s "$vf" driver bind --to vfio
	assert_exit 0
	run_tool -s "$nvme" sriov numvfs 0
	assert_exit 4
	assert_err "$vf has the driver vfio-pci"
	pcietool -s "$vf" driver release
	run_tool -s "$nvme" sriov numvfs 0
	assert_exit 0
	[ "$(<"/sys/bus/pci/devices/$nvme/sriov_numvfs")" = 0 ]
	echo 1 >"/sys/bus/pci/devices/$nvme/sriov_drivers_autoprobe"
	as_nobody -s "$nvme" sriov numvfs 1
	assert_exit 4
	assert_err 'run as root'
	as_nobody -s "$nvme" sriov show
	assert_exit 0
}

# --- acs, p2p, iommu ---------------------------------------------------------------------------------

@test "acs show: the root ports, as setpci has them" {
	run_tool acs show --json
	assert_exit 0
	assert_json '.devices | length' 3
	assert_json '.devices[0].acs.control' "0x$(setpci -s "$port" ECAP_ACS+6.w)"
	assert_json '.devices[0].acs.request_redirect.enabled' true
	as_nobody -s "$port" acs show
	assert_exit 0
	assert_output "$port ACS needs root"
}

@test "p2p: in the switch, by different root ports, VFs, and without root" {
	run_tool p2p "$nic" "$other" --json
	assert_exit 0
	assert_json .verdict direct
	assert_json '.ports | map(.type) | join(", ")' 'downstream port, downstream port'
	assert_json .a.iommu_group "$(basename "$(readlink "/sys/bus/pci/devices/$nic/iommu_group")")"
	run_tool p2p "$nic" "$nvme" --json
	assert_json .verdict root-complex
	assert_json '.ports | map(.type) | join(", ")' 'downstream port, upstream port, root port, root port'
	assert_json '.ports[2].redirects' true
	run_tool p2p "$edu" "$nic" --json
	assert_json .verdict root-complex
	run_tool p2p 00:1f.2 00:1f.3 --json
	assert_json .verdict device
	give_nvme
	pcietool -s "$nvme" sriov numvfs 2
	vf=$(pcietool sriov show --json | jq -r '.devices[0].vfs[0].address')
	run_tool p2p "$nvme" "$vf" --json
	assert_json .verdict device
	as_nobody p2p "$nic" "$other"
	assert_exit 0
	assert_line --index 0 'unknown, needs root: ACS of the ports in between cannot be read'
	as_nobody p2p "$nic" "$nvme" --json
	assert_json .verdict root-complex
}

@test "iommu show: every group, as sysfs has it" {
	run_tool iommu show --json
	assert_exit 0
	assert_json '.groups | length' "$(find /sys/kernel/iommu_groups -mindepth 1 -maxdepth 1 | wc -l)"
	for group in $(json '.groups[].group'); do
		# shellcheck disable=SC2011,SC2012 # names of devices
		assert_json ".groups[] | select(.group == $group).devices | map(.name) | join(\" \")" \
			"$(ls "/sys/kernel/iommu_groups/$group/devices" | xargs)"
		assert_json ".groups[] | select(.group == $group).type" "$(<"/sys/kernel/iommu_groups/$group/type")"
	done
	as_nobody -s "$edu" iommu show --json
	assert_exit 0
	assert_json '.groups | length' 1
	assert_json '.groups[0].reserved_regions[] | select(.type == "msi").start' 0xfee00000
	pcietool -s "$edu" driver bind --to vfio
	run_tool -s "$edu" iommu show
	assert_line --partial 'driver vfio-pci'
}

# --- a BAR without room ------------------------------------------------------------------------------

functions_came() {
	[ "$(pcietool list -d 1234:11e8 --json | jq '[.devices[] | select(.address | startswith("0000:00:") | not)] | length')" -eq 3 ]
}

@test "BARs without room behind a switch are shown with their size; its root port removed and found again gives them it" {
	local address line n without=0 root
	for n in 2 1 0; do
		hmp "device_add edu,id=card$n,bus=d4,addr=0.$n,multifunction=on"
	done
	until_true functions_came
	for address in $(pcietool list -d 1234:11e8 --json | jq -r '.devices[].address'); do
		[[ $address != 0000:00:* ]] || continue
		read -r line <"/sys/bus/pci/devices/$address/resource"
		[[ $line == '0x0000000000000000 '* ]] || continue
		without=$((without + 1))
		run_tool -s "$address" bar list
		assert_output "$address BAR 0 (1M): the kernel found no room for it"
		run_tool -s "$address" bar list -j
		assert_json '.devices[0].resources | map([.index, .size, .assigned] | tojson) | join(" ")' '[0,1048576,false]'
		run_tool -s "$address" list -n
		assert_output --partial ', BAR 0 (1M): the kernel found no room for it'
		run_tool -s "$address" info -n
		assert_line 'BARs         BAR 0 (1M): the kernel found no room for it'
		run_tool bar windows
		assert_line "             $address BAR 0 (1M): the kernel found no room for it"
		run_tool check -s "$address"
		assert_exit 8
		assert_line --partial "critical $address bar-unassigned: BAR 0 (1M): the kernel found no room for it"
		run_tool -s "$address" regs read 0
		assert_exit 1
	done
	[ "$without" -gt 0 ]
	# what the hint says
	root=$(sed -n "s/^hint: 'pcietool -s \([0-9a-f:.]*\) remove; pcietool rescan'.*/\1/p" <<<"$stderr")
	[ -n "$root" ]
	pcietool -s "$root" remove
	pcietool rescan
	until_true functions_came
	run_tool bar list -d 1234:11e8 -j
	assert_json '[.devices[].resources[] | select(.assigned | not)] | length' 0
}
