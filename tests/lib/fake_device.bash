# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Devices in a fake tree, byte by byte:  load ../lib/fake_device  after common. The tree is $SYSROOT.

# Config space is put together in memory and written once: a process for every register would take most of a test's
# time. What lies between fake_begin and fake_write is one build, and builds may lie in one another. A device that
# fake_pci makes is in memory to the end of its build; a register of any other is changed in its file, at once.
fake_depth=0
fake_made=() # devices in memory; the bytes of each in an array fake_bytes_..., its size in fake_sizes
declare -gA fake_sizes=()

fake_begin() {
	fake_depth=$((fake_depth + 1))
}

fake_write() {
	local device
	fake_depth=$((fake_depth - 1))
	((fake_depth == 0)) || return 0
	for device in "${fake_made[@]}"; do
		fake_write_device "$device"
	done
	fake_made=() fake_sizes=()
}

fake_write_device() {
	local -n space=fake_bytes_${1//[:.]/_}
	local i at=0 text=''
	for i in "${!space[@]}"; do
		# a blank is a byte of 0
		printf -v text '%s%*s\\x%02x' "$text" $((i - at)) '' "${space[i]}"
		at=$((i + 1))
	done
	((at >= ${fake_sizes[$1]})) || printf -v text '%s%*s' "$text" $((${fake_sizes[$1]} - at)) ''
	printf '%b' "${text// /\\0}" >"$SYSROOT/sys/bus/pci/devices/$1/config"
	space=()
}

# fake_tree: an empty machine.
fake_tree() {
	export SYSROOT=$BATS_TEST_TMPDIR/root
	mkdir -p "$SYSROOT/sys/bus/pci/devices" "$SYSROOT/sys/bus/pci/drivers"
}

# fake_copy: the tree that setup_file made with fake_tree in $BATS_FILE_TMPDIR, anew for this test.
fake_copy() {
	export SYSROOT=$BATS_TEST_TMPDIR/root
	cp -r "$BATS_FILE_TMPDIR/root" "$BATS_TEST_TMPDIR/"
	unset PCIETOOL_DEVICE
}

# fake_attribute BDF NAME TEXT
fake_attribute() {
	local file=$SYSROOT/sys/bus/pci/devices/$1/$2
	[[ -d ${file%/*} ]] || mkdir -p "${file%/*}"
	printf '%s\n' "$3" >"$file"
}

# fake_config BDF OFFSET WIDTH VALUE: a register of config space, little-endian.
fake_config() {
	local i text=''
	if [[ -n ${fake_sizes[$1]:-} ]]; then
		local -n config=fake_bytes_${1//[:.]/_}
		for ((i = 0; i < $3 / 8; i++)); do
			config[$2 + i]=$(($4 >> (8 * i) & 255))
		done
		return
	fi
	for ((i = 0; i < $3 / 8; i++)); do
		printf -v text '%s\\x%02x' "$text" $(($4 >> (8 * i) & 255))
	done
	printf '%b' "$text" |
		dd of="$SYSROOT/sys/bus/pci/devices/$1/config" bs=1 seek=$(($2)) conv=notrunc status=none
}

# fake_pci BDF VENDOR DEVICE CLASS [SIZE]: numbers with 0x; SIZE of config space, 256 without.
fake_pci() {
	local dir=$SYSROOT/sys/bus/pci/devices/$1
	[[ -d $dir ]] || mkdir -p "$dir"
	printf '%s\n' "$2" >"$dir/vendor"
	printf '%s\n' "$3" >"$dir/device"
	printf '%s\n' "$4" >"$dir/class"
	printf '0x00\n' >"$dir/revision"
	printf '0x0000\n' >"$dir/subsystem_vendor"
	printf '0x0000\n' >"$dir/subsystem_device"
	printf '0x%016x 0x%016x 0x%016x\n' 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 >"$dir/resource"
	fake_begin
	if [[ -e $dir/config ]]; then
		truncate -s "${5:-256}" "$dir/config"
	else
		fake_made+=("$1")
		fake_sizes[$1]=${5:-256}
		declare -ga "fake_bytes_${1//[:.]/_}=()"
	fi
	fake_config "$1" 0 16 "$2"
	fake_config "$1" 2 16 "$3"
	fake_config "$1" 8 32 $(($4 << 8))
	fake_write
}

# fake_bar BDF N START SIZE FLAGS: a line of "resource"; flags as in Linux' ioport.h. And the register.
fake_bar() {
	local file=$SYSROOT/sys/bus/pci/devices/$1/resource lines
	if (($2 < 6)); then
		fake_config "$1" $((0x10 + 4 * $2)) 32 $((($3 & 0xffffffff) | ($5 & 0x100 ? 1 : $5 >> 18 & 4 | $5 >> 10 & 8)))
		((!($5 & 0x100000))) || fake_config "$1" $((0x14 + 4 * $2)) 32 $(($3 >> 32))
	fi
	mapfile -t lines <"$file"
	(($2 < ${#lines[@]})) || fail "$file has no line for BAR $2"
	printf -v "lines[$2]" '0x%016x 0x%016x 0x%016x' "$3" $(($3 + $4 - 1)) "$5"
	printf '%s\n' "${lines[@]}" >"$file"
}

# fake_capability BDF OFFSET ID NEXT: and the first one is at 0x34, with the bit in STATUS set.
fake_capability() {
	fake_config "$1" "$2" 8 "$3"
	fake_config "$1" $(($2 + 1)) 8 "$4"
	fake_config "$1" 6 16 0x10
}

# fake_extended BDF OFFSET ID NEXT
fake_extended() {
	fake_config "$1" "$2" 32 $(($3 | 1 << 16 | $4 << 20))
}

# fake_resource BDF N SIZE: the file that a BAR's registers are in (fake_bar gives it its address).
fake_resource() {
	truncate -s "$3" "$SYSROOT/sys/bus/pci/devices/$1/resource$2"
}

# fake_driver BDF NAME: bound to it.
fake_driver() {
	local driver=$SYSROOT/sys/bus/pci/drivers/$2
	mkdir -p "$driver"
	ln -sfn "../../drivers/$2" "$SYSROOT/sys/bus/pci/devices/$1/driver"
	ln -sfn "../../devices/$1" "$driver/$1"
}

# fake_group BDF NUMBER: its IOMMU group.
fake_group() {
	local group=$SYSROOT/sys/kernel/iommu_groups/$2/devices
	mkdir -p "$group"
	ln -sfn "../../../../kernel/iommu_groups/$2" "$SYSROOT/sys/bus/pci/devices/$1/iommu_group"
	ln -sfn "../../../../bus/pci/devices/$1" "$group/$1"
}

# fake_link BDF SPEED WIDTH MAX-SPEED MAX-WIDTH: speeds as sysfs words them, '8.0 GT/s PCIe'.
fake_link() {
	fake_attribute "$1" current_link_speed "$2"
	fake_attribute "$1" current_link_width "$3"
	fake_attribute "$1" max_link_speed "$4"
	fake_attribute "$1" max_link_width "$5"
}

# fake_edu: 0000:01:00.0 as QEMU's edu, with a BAR of 4 KiB that is a file, $file; $dev is the device.
fake_edu() {
	fake_tree
	dev=0000:01:00.0
	fake_begin
	fake_pci $dev 0x1234 0x11e8 0xff0000 4096
	fake_bar $dev 0 0xfe000000 4096 0x40200
	fake_config $dev 4 16 0x0003
	fake_write
	fake_resource $dev 0 4096
	file=$SYSROOT/sys/bus/pci/devices/$dev/resource0
	printf '\xed\x00\x00\x01' | dd of="$file" conv=notrunc status=none
	cp "$file" "$BATS_TEST_TMPDIR/before"
	export XDG_CONFIG_HOME=$BATS_TEST_TMPDIR/config XDG_CACHE_HOME=$BATS_TEST_TMPDIR/cache
	unset PCIETOOL_DEVICE PCIETOOL_MAP
}

# tool ARG...: pcietool on that device.
tool() {
	run_tool --sysroot "$SYSROOT" -s "$dev" "$@"
}

# untouched: no register was written.
untouched() {
	cmp "$file" "$BATS_TEST_TMPDIR/before"
}

# --- PCI Express ---------------------------------------------------------------------------------

# fake_express BDF TYPE [MPS MRRS]: the capability at 0x40; TYPE 0 an endpoint, 4 a root port, 5 and 6 a
# switch's upstream and downstream port; sizes as the field has them, 128 << n.
fake_express() {
	fake_capability "$1" 0x40 0x10 0
	fake_config "$1" 0x34 8 0x40
	fake_config "$1" 0x42 16 $(($2 << 4 | 2))
	fake_config "$1" 0x44 32 2
	# as the kernel leaves it: all errors are reported
	fake_config "$1" 0x48 16 $((7 | ${3:-1} << 5 | ${4:-2} << 12))
}

# fake_bridge BDF BUS [LAST-BUS]: a PCI Express port with that bus below it, and a link of 8 GT/s x4.
fake_bridge() {
	fake_begin
	fake_pci "$1" 0x8086 0x1901 0x060400 4096
	fake_config "$1" 0x0e 8 1
	fake_config "$1" 0x18 8 "0x${1:5:2}"
	fake_config "$1" 0x19 8 "$2"
	fake_config "$1" 0x1a 8 "${3:-$2}"
	fake_express "$1" 4
	fake_link "$1" '8.0 GT/s PCIe' 4 '8.0 GT/s PCIe' 4
	fake_driver "$1" pcieport
	fake_aer "$1"
	# a root port whose errors the kernel handles has this service
	[[ $1 != *:00:* ]] || mkdir -p "$SYSROOT/sys/bus/pci/devices/$1/$1:pcie002"
	fake_attribute "$1" aer_rootport_total_err_cor 0
	fake_attribute "$1" aer_rootport_total_err_nonfatal 0
	fake_attribute "$1" aer_rootport_total_err_fatal 0
	fake_write
}

# fake_card BDF VENDOR DEVICE CLASS: an endpoint below such a port.
fake_card() {
	fake_begin
	fake_pci "$1" "$2" "$3" "$4" 4096
	fake_express "$1" 0
	fake_link "$1" '8.0 GT/s PCIe' 4 '8.0 GT/s PCIe' 4
	fake_bar "$1" 0 0xfe000000 4096 0x40200
	fake_config "$1" 0x10 32 0xfe000000
	fake_aer "$1"
	fake_attribute "$1" power_state D0
	fake_attribute "$1" power/runtime_status active
	fake_write
}

# fake_aer BDF [CORRECTABLE NONFATAL FATAL]: counters as Linux words them; the numbers are of bad TLPs,
# unsupported requests and malformed TLPs.
fake_aer() {
	local cor=${2:-0} nonfatal=${3:-0} fatal=${4:-0}
	fake_attribute "$1" aer_dev_correctable \
		"RxErr 0"$'\n'"BadTLP $cor"$'\n'"BadDLLP 0"$'\n'"RELAY_NUM Rollover 0"$'\n'"Timeout 0"$'\n'"TOTAL_ERR_COR $cor"
	fake_uncorrectable "$1" nonfatal 0 "$nonfatal"
	fake_uncorrectable "$1" fatal "$fatal" 0
}

fake_uncorrectable() { # BDF SEVERITY MALFORMED UNSUPPORTED
	local text name
	for name in Undefined DLP SDES TLP FCP CmpltTO CmpltAbrt UnxCmplt RxOF "MalfTLP $3" ECRC "UnsupReq $4" ACSViol; do
		[[ $name == *' '* ]] || name+=' 0'
		text+=$name$'\n'
	done
	fake_attribute "$1" "aer_dev_$2" "${text}TOTAL_ERR_${2^^} $(($3 + $4))"
}

# fake_server: ports 00:01.0, with a network card with two functions, 00:02.0, with an NVMe disk, and 00:03.0,
# with nothing; all is well. The card is 0000:01:00.0, the disk 0000:02:00.0.
fake_server() {
	fake_tree
	fake_begin
	fake_bridge 0000:00:01.0 1
	fake_bridge 0000:00:02.0 2
	fake_bridge 0000:00:03.0 3
	fake_link 0000:00:03.0 Unknown 0 '8.0 GT/s PCIe' 4
	fake_card 0000:01:00.0 0x8086 0x10d3 0x020000
	fake_card 0000:01:00.1 0x8086 0x10d3 0x020000
	fake_driver 0000:01:00.0 e1000e
	mkdir -p "$SYSROOT/sys/bus/pci/devices/0000:01:00.0/net/eth0"
	fake_card 0000:02:00.0 0x144d 0xa808 0x010802
	fake_driver 0000:02:00.0 nvme
	mkdir -p "$SYSROOT/sys/bus/pci/devices/0000:02:00.0/nvme/nvme0"
	fake_write
	unset PCIETOOL_DEVICE
}

# fake_lines BDF COUNT: how many lines "resource" has: 13, or 17 of a bridge, in a kernel with SR-IOV; 7 or 11
# without. fake_bar fills them: from line 7 on BARs of VFs, from 13 (7) on a bridge's windows.
fake_lines() {
	local file=$SYSROOT/sys/bus/pci/devices/$1/resource lines
	mapfile -t lines <"$file"
	while ((${#lines[@]} < $2)); do
		printf -v "lines[${#lines[@]}]" '0x%016x 0x%016x 0x%016x' 0 0 0
	done
	printf '%s\n' "${lines[@]}" >"$file"
}

# fake_port BDF TYPE SECONDARY: a PCI Express port above that bus; TYPE 4 root port, 5 and 6 a switch's upstream and
# downstream port, 7 a bridge to PCI. It has extended config space, and windows that are off.
fake_port() {
	fake_begin
	fake_pci "$1" 0x1b36 0x000c 0x060400 4096
	fake_lines "$1" 17
	fake_config "$1" 0x0e 8 1
	fake_config "$1" 0x18 8 $((16#${1:5:2}))
	fake_config "$1" 0x19 8 "$3"
	fake_config "$1" 0x34 8 0x40
	fake_capability "$1" 0x40 0x10 0
	fake_config "$1" 0x42 16 $((2 | $2 << 4))
	fake_write
}

# fake_acs BDF CAPABILITY CONTROL: its Access Control Services, at 0x100.
fake_acs() {
	fake_extended "$1" 0x100 0x0d 0
	fake_config "$1" 0x104 16 "$2"
	fake_config "$1" 0x106 16 "$3"
}

# fake_vf PF N BDF: the Nth virtual function of PF.
fake_vf() {
	fake_pci "$3" 0xffff 0xffff 0x020000
	ln -sfn "../$3" "$SYSROOT/sys/bus/pci/devices/$1/virtfn$2"
	ln -sfn "../$1" "$SYSROOT/sys/bus/pci/devices/$3/physfn"
}

# fake_irq BDF TYPE IRQ HWIRQ CPU ALLOWED: an interrupt number of the device; TYPE msi or msix; HWIRQ '' when the kernel
# does not tell.
fake_irq() {
	fake_attribute "$1" "msi_irqs/$3" "$2"
	mkdir -p "$SYSROOT/proc/irq/$3" "$SYSROOT/sys/kernel/irq/$3"
	[[ -z $4 ]] || printf '%s\n' "$4" >"$SYSROOT/sys/kernel/irq/$3/hwirq"
	printf '%s\n' "$5" >"$SYSROOT/proc/irq/$3/effective_affinity_list"
	printf '%s\n' "$6" >"$SYSROOT/proc/irq/$3/smp_affinity_list"
}

# fake_uio N NAME VERSION EVENTS [PARENT]: a UIO device; PARENT is a PCI device's address or a platform device's name.
fake_uio() {
	local folder=$SYSROOT/sys/class/uio/uio$1 parent=${5:-fpga.0}
	mkdir -p "$folder" "$SYSROOT/dev"
	printf '%s\n' "$2" >"$folder/name"
	printf '%s\n' "$3" >"$folder/version"
	printf '%s\n' "$4" >"$folder/event"
	if [[ -d $SYSROOT/sys/bus/pci/devices/$parent ]]; then
		ln -s "$SYSROOT/sys/bus/pci/devices/$parent" "$folder/device"
		mkdir -p "$SYSROOT/sys/bus/pci/devices/$parent/uio/uio$1"
	else
		mkdir -p "$SYSROOT/sys/devices/platform/$parent"
		ln -s "$SYSROOT/sys/devices/platform/$parent" "$folder/device"
	fi
	truncate -s 64k "$SYSROOT/dev/uio$1"
}

# fake_uio_map N INDEX NAME ADDRESS SIZE OFFSET: its memory is the file /dev/uioN.
fake_uio_map() {
	local folder=$SYSROOT/sys/class/uio/uio$1/maps/map$2
	mkdir -p "$folder"
	printf '%s\n' "$3" >"$folder/name"
	printf '%s\n' "$4" >"$folder/addr"
	printf '%s\n' "$5" >"$folder/size"
	printf '%s\n' "$6" >"$folder/offset"
}
