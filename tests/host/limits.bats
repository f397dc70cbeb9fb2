#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Commands that only read, in a process or a container that lacks something: each does its work, or says what is missing
# with the exit status for it. None is killed, none says that all is well, or that the device has not what it has.
# Memory, allocation by allocation, is no_memory.bats; full disks are full_disk.bats.

load ../lib/common
load ../lib/fake_device

card=0000:01:00.0

# a port and a card: more of them is more of the same
setup_file() {
	local device name
	export BATS_TEST_TMPDIR=$BATS_FILE_TMPDIR
	fake_server
	rm -r "$SYSROOT"/sys/bus/pci/devices/0000:{00:02.0,00:03.0,01:00.1,02:00.0}
	device=$SYSROOT/sys/bus/pci/devices/$card
	mkdir -p "$SYSROOT"/{proc/self,proc/net,run/pcietool/session,dev,sys/class/block}
	chmod 700 "$SYSROOT/run/pcietool/session"
	fake_begin
	fake_config $card 4 16 3
	# MSI-X with a vector, its table at the BAR's beginning; PCI Express stays the first capability
	fake_config $card 0x41 8 0x80
	fake_config $card 0x80 8 0x11
	fake_config $card 0x84 32 0
	fake_write
	fake_resource $card 0 4096
	head -c 300 /dev/zero >"$device/vpd"
	fake_irq $card msix 30 0 0 0-1
	printf '           CPU0       CPU1\n 30:  5  6  PCI-MSIX-%s 0-edge eth0\n' $card >"$SYSROOT/proc/interrupts"
	fake_group $card 7
	echo DMA >"$SYSROOT/sys/kernel/iommu_groups/7/type"
	: >"$SYSROOT/sys/kernel/iommu_groups/7/reserved_regions"
	fake_uio 0 fpga 1 7
	fake_uio_map 0 0 regs 0xa0000000 0x1000 0x0
	truncate -s 64k "$SYSROOT/dev/mem"
	: >"$SYSROOT/dev/kmsg"
	for name in cmdline meminfo iomem ioports modules; do
		echo . >"$SYSROOT/proc/$name"
	done
	cd "$BATS_FILE_TMPDIR" || return
	printf '%s\n' map,board register,ID,0x0,32,ro register,CTRL,0x4,32,rw field,CTRL,ENABLE,0,rw >m.map
	pcietool --sysroot "$SYSROOT" -s $card config save -o saved
	pcietool -q --sysroot "$SYSROOT" snapshot -o base.json
}

setup() {
	export SYSROOT=$BATS_FILE_TMPDIR/root XDG_CONFIG_HOME=$BATS_TEST_TMPDIR XDG_CACHE_HOME=$BATS_TEST_TMPDIR
	unset PCIETOOL_DEVICE
	cd "$BATS_FILE_TMPDIR" || return
}

# A line for each. They go without names, as libpci, which has them, ends the program by itself.
reads() {
	cat <<-'END'
		list -n
		list -n --tree
		-j list -n
		-s 01:00.0 info -n
		-s 01:00.0 -j info -n
		-s 01:00.0 info --vpd file
		-s 01:00.0 config read VENDOR_ID
		-s 01:00.0 config show
		-s 01:00.0 config dump
		-s 01:00.0 config save -o file
		-s 01:00.0 config diff saved
		link show
		-s 00:01.0 link aspm show
		aer show
		-s 01:00.0 -f --map m.map regs read ID
		-s 01:00.0 -f --map m.map regs dump
		-s 01:00.0 -f regs dump 0+16
		-s 01:00.0 -f --map m.map regs snapshot -o file
		map list
		map check m.map
		--map m.map map show
		mem read 0
		-s 01:00.0 driver status
		-s 01:00.0 driver bind --dry-run
		-s 01:00.0 msi show
		-s 01:00.0 bar list
		-s 00:01.0 bar windows
		sriov show
		acs show
		p2p 0000:01:00.0 0000:00:01.0
		iommu show
		uio list
		-s uio:0 regs read 0
		-s uio:0 irq list
		-s 01:00.0 power show
		-s 01:00.0 reset --dry-run
		session status
		check
		-j check
		check --nagios
		check --baseline base.json
		snapshot
		snapshot -o file
		metrics
		metrics -o file
		report --list
		report -o file
		rescan --dry-run
		-s 01:00.0 -f remove --dry-run
		-s 01:00.0 reload --dry-run -- true
	END
}

# in_full WORD...: what the command gives when it lacks nothing, for is_honest.
declare -gA status_of=() output_of=()
in_full() {
	if [[ -z ${status_of["$*"]:-} ]]; then
		rm -f file
		run_apart pcietool --sysroot "$SYSROOT" "$@"
		[[ $status -le 8 ]] || fail "exit status $status: $*"
		status_of["$*"]=$status output_of["$*"]=$output
	fi
	full_status=${status_of["$*"]} full_output=${output_of["$*"]}
}

# is_honest REASON WORD...: of the last run, the same, or what it says; REASON is what standard error, or a reason in the
# output, holds then: a pattern.
is_honest() {
	local reason=$1
	shift
	[[ $status -ne $full_status || $output != "$full_output" ]] || return 0
	case $status in
	1 | 4 | 6) [[ ! $stderr =~ $reason ]] || return 0 ;;
	3) [[ $* != *--nagios* || $output != 'PCIE UNKNOWN - '* || ! $stderr =~ $reason ]] || return 0 ;;
	0) [[ -z ${REASON_IN_OUTPUT:-} || ! $output =~ $REASON_IN_OUTPUT ]] || return 0 ;;
	esac
	batslib_print_kv_single_or_multi 8 command "$*" lacks "$lacks" status "$full_status, then $status" \
		full "$full_output" output "$output" stderr "$stderr" | batslib_decorate 'a wrong verdict' | fail
}

# each_read REASON COMMAND...: each of them behind COMMAND.
each_read() {
	local reason=$1 line words
	shift
	while read -r line; do
		read -r -a words <<<"$line"
		in_full "${words[@]}"
		rm -f file
		run_apart "$@" pcietool --sysroot "$SYSROOT" "${words[@]}"
		is_honest "$reason" "${words[@]}"
	done < <(reads)
}

@test "no descriptor for one file, each in turn" {
	local line words i count log=$BATS_TEST_TMPDIR/log
	# what the others look at is looked at by them
	reads | grep -Ev '^(check$|check --baseline|-j|snapshot|metrics|report|rescan|.*remove|list -n --tree|.*-j info)' >lines
	while read -r line; do
		read -r -a words <<<"$line"
		in_full "${words[@]}"
		run_apart "$BUILD/tests/lib/fail_call" -o -d "$SYSROOT" -l "$log" -- pcietool --sysroot "$SYSROOT" "${words[@]}"
		count=$(wc -l <"$log")
		for ((i = 1; i <= count; i++)); do
			rm -f file
			run_apart "$BUILD/tests/lib/fail_call" -o -n "$i" -d "$SYSROOT" -l "$log" -- \
				pcietool --sysroot "$SYSROOT" "${words[@]}"
			lacks="file $i of $count: $(sed -n "${i}s/^[0-9]* //p" "$log")"
			is_honest 'Too many open files' "${words[@]}"
		done
	done <lines
}

# what bats has open beside the usual three would count
limited() {
	local fd
	for fd in /proc/self/fd/*; do
		fd=${fd##*/}
		((fd < 3)) || eval "exec $fd>&-"
	done
	exec prlimit "$@"
}
export -f limited

@test "few descriptors, no locked memory, no room in files" {
	for lacks in --nofile=4 --nofile=8 --nofile=16; do
		each_read 'Too many open files' bash -c 'limited "$@"' - "$lacks"
	done
	lacks=--memlock=0
	each_read 'nothing to be said' prlimit $lacks
	# standard output and error are files here
	lacks=--fsize=0
	# shellcheck disable=SC2016 # the inner shell's
	each_read 'File too large' bash -c 'exec prlimit --fsize=0 "$@" > >(cat) 2> >(cat >&2)' -
}

# least SIZE: the KiB that it takes to be loaded; with less it is the loader that fails.
least() {
	local -n kib=$1
	kib=1024
	until run_apart prlimit --as=$((kib * 1024)) pcietool --version && ((status == 0)); do
		((kib += 64))
	done
}

@test "little memory" {
	local size
	! is_sanitized || skip 'AddressSanitizer wants a lot'
	least size
	# names are left out
	local REASON_IN_OUTPUT='missing.txt'
	for size in $((size + 64)) $((size + 512)) $((size + 2048)); do
		lacks="$size KiB"
		each_read 'Cannot allocate memory|out of memory|cannot be loaded' prlimit --as=$((size * 1024))
	done
}

# libpci is loaded, the list of names is read, or one of them is not.
@test "little memory for names" {
	local size words command
	! is_sanitized || skip 'AddressSanitizer wants a lot'
	least size
	for command in list '-j list' 'list --tree' "-s $card info"; do
		read -r -a words <<<"$command"
		in_full "${words[@]}"
		for ((lacks = size; lacks < size + 2600; lacks += 130)); do
			run_apart prlimit --as=$((lacks * 1024)) pcietool --sysroot "$SYSROOT" "${words[@]}"
			is_honest 'Cannot allocate memory|out of memory' "${words[@]}"
		done
	done
}

# shellcheck disable=SC2016 # the inner shell's
read_only='mount --bind "$SYSROOT/run" "$SYSROOT/run" && mount -o remount,bind,ro "$SYSROOT/run" && exec "$@"'

# Both /proc: the one that the process sees, and that of the tree.
@test "no /proc; a /run that cannot be written to" {
	((EUID == 0)) || skip 'to mount takes root'
	unshare -m true || skip 'no mounts here'
	! is_sanitized || skip 'AddressSanitizer reads /proc'
	lacks=/proc
	# shellcheck disable=SC2016 # the inner shell's
	REASON_IN_OUTPUT='not given by the kernel|missing.txt|^file: files 1' \
		each_read /proc unshare -m bash -c 'mount -t tmpfs none /proc; mount -t tmpfs none "$SYSROOT/proc"; exec "$@"' -
	lacks='writing to /run'
	# shellcheck disable=SC2016 # the inner shell's
	each_read 'Read-only file system' unshare -m bash -c "$read_only" -
}

# What is noted there is noted first.
@test "nothing is done that could not be noted, or held, in a /run that cannot be written to" {
	local line words
	((EUID == 0)) || skip 'to mount takes root'
	unshare -m true || skip 'no mounts here'
	fake_copy
	mkdir -p "$SYSROOT/sys/bus/pci/drivers/pci-stub"
	fake_attribute $card driver_override '(null)'
	fake_attribute $card remove ''
	: >"$SYSROOT/proc/self/mountinfo"
	cp -r "$SYSROOT/sys/bus/pci/devices" before
	while read -r line; do
		read -r -a words <<<"$line"
		run_apart unshare -m bash -c "$read_only" - pcietool --sysroot "$SYSROOT" "${words[@]}"
		assert_exit 4
		assert_err 'Read-only file system'
		diff -r --no-dereference "$SYSROOT/sys/bus/pci/devices" before
	done <<-'END'
		-s 01:00.0 -f driver bind --to pci-stub
		-s 01:00.0 -f reload -- true
		-s 01:00.0 session -- true
	END
}
