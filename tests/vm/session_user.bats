#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
#
# A device that root has given to a user: all of it in a session, with no rights but that to its node.
#
# qemu: -device intel-iommu,intremap=on -device edu -device edu -device edu
# append: intel_iommu=on
# usually: 6.12

# shellcheck disable=SC2016,SC2086,SC2030,SC2031,SC2154 # scripts for another shell; a test is a process of its own
load ../lib/common
load ../lib/guest
load ../lib/capture
load ../lib/session

setup() {
	session_setup
	group=$(basename "$(readlink "/sys/bus/pci/devices/$edu/iommu_group")")
	pcietool -q driver release
	pcietool driver bind --to vfio --mask 28 --owner nobody
	chmod -R go+rX "$BATS_RUN_TMPDIR"
	mkdir -p home/run
	chmod 700 home home/run
	chown -R nobody home
	cp nap home
	cd home || return
}

teardown() {
	session_teardown
}

# user KILOBYTES WORD...: as a user without any rights, who may lock that much memory.
user() {
	bash -c 'ulimit -l "$1"; shift; exec "$@"' - "$1" setpriv --reuid=65534 --regid=65534 --clear-groups --inh-caps=-all \
		--bounding-set=-all --no-new-privs env XDG_RUNTIME_DIR="$PWD/run" HOME="$PWD" "${@:2}"
}

@test "registers, config space, DMA, interrupts, captures: process by process" {
	cat >script <<-'END'
		set -e
		id -u
		pcietool regs read 0x0
		pcietool config write COMMAND=4:4
		pcietool config read COMMAND.MASTER
		pcietool dma alloc --name tx 4k >/dev/null
		pcietool dma alloc --name rx 4k >/dev/null
		pcietool dma fill tx --pattern prbs31 --seed 9
		pcietool irq enable --type msi
		pcietool regs write -w 64 0x80=@tx 0x88=0x40000 0x90=2048
		pcietool regs write 0x98=5
		pcietool irq wait --since 0 --timeout 5s
		pcietool regs write 0x64=0x100
		pcietool regs write -w 64 0x80=0x40000 0x88=@rx
		pcietool regs write 0x98=7
		pcietool irq wait --since 1 --timeout 5s
		pcietool regs write 0x64=0x100
		pcietool dma verify rx+0+2k --pattern prbs31 --seed 9
		pcietool dma capture -w 64 --block 2k --each 0x80=0x40000 --each 0x88=@block --each 0x90=@block.size \
			--each 0x98=3 --done "0x98==0:1" --size 8k -o data >/dev/null
		stat -c %s data
		head -c 2048 data | cmp - <(pcietool dma read tx+0+2k) && echo same
		pcietool config read 0x100 >/dev/null 2>&1 || true
		pcietool session status | grep -o 'buffers 2 of 8K'
	END
	run user 1024 pcietool session -- bash script
	assert_success
	assert_output $'65534\n0x010000ed\n0x1\n1\n2\n8192\nsame\nbuffers 2 of 8K'
	assert_equal "$(ls -A run/pcietool)" ''
	assert_equal "$((0x$(setpci -s "$edu" COMMAND.w) & 4))" 0
	# root's is another place
	[ ! -e "/run/pcietool/session/$edu" ]
}

@test "outside of a session: refused, and told to be in one" {
	for words in 'regs read 0x0' 'config write COMMAND=4:4'; do
		# shellcheck disable=SC2086 # words
		run user 1024 pcietool $words
		assert_failure 4
		assert_output --partial "session -- COMMAND"
	done
}

@test "the device's mask is the one that root bound it with" {
	run user 1024 pcietool session -- bash -c 'pcietool dma alloc --name a 64k'
	assert_success
	[ $((output + 65536)) -le $((1 << 28)) ]
	run user 1024 pcietool session -- pcietool dma alloc --name a 256M
	assert_failure 1
	assert_output --partial 'below 28 bits'
}

@test "batch and capture by themselves, without a session" {
	run user 1024 pcietool batch - <<<$'dma alloc --name a 4k\ndma list\nregs read 0x0'
	assert_success
	assert_output --partial 0x010000ed
	run user 1024 pcietool dma capture -w 64 --block 2k --each 0x80=0x40000 --each 0x88=@block --each 0x90=@block.size \
		--each 0x98=3 --done "0x98==0:1" --size 4k -o data
	assert_success
	assert_equal "$(stat -c %s data)" 4096
}

@test "more memory than may be locked: the number that is needed, and with it it works" {
	for script in 'pcietool dma alloc --name a 128k' \
		'pcietool dma alloc --name a 60k >/dev/null && pcietool dma alloc --name b 60k'; do
		run user 64 pcietool session -- bash -c "$script"
		assert_failure 4
		assert_output --partial RLIMIT_MEMLOCK
		need=$(sed -n "s/.*'ulimit -l \([0-9]*\)'.*/\1/p" <<<"$output")
		[ "$need" -gt 64 ]
		run user "$need" pcietool session -- bash -c "$script"
		assert_success
		run user $((need - 4)) pcietool session -- bash -c "$script"
		assert_failure 4
	done
	run user 0 pcietool session -- pcietool dma alloc --name a 1
	assert_failure 4
	# a session that needs no memory needs no limit
	run user 0 pcietool session -- pcietool regs read 0x0
	assert_success
	assert_output 0x010000ed
}

@test "another user's device: who gives it is said; nor may root's session be used" {
	chown root "/dev/vfio/$group"
	run user 1024 pcietool session -- true
	assert_failure 4
	assert_output --partial "driver bind --to vfio --owner"
	hold 'touch ready; exec ./nap 100'
	run user 1024 env PCIETOOL_SESSION="/run/pcietool/session/$edu" pcietool regs read 0x0
	assert_failure 5
	run user 1024 pcietool session status
	assert_success
	assert_output ''
	kill -TERM "$holder"
	holder_ended
}

@test "root may use the user's session" {
	user 1024 pcietool session -- bash -c 'touch ready; exec ./nap 100' 3>&- &
	holder=$!
	until_true test -e ready
	export PCIETOOL_SESSION=$PWD/run/pcietool/$edu
	run_tool regs read 0x0
	assert_exit 0
	assert_output 0x010000ed
	run_tool dma alloc --name a 4k
	assert_exit 0
	unset PCIETOOL_SESSION
	# and its own cannot be had
	run_tool session -- true
	assert_exit 4
	assert_err "/dev/vfio/$group open"
	pkill -TERM -x pcietool
	holder_ended
	assert_equal "$status" 143
}

@test "what only root may do" {
	run user 1024 pcietool driver bind --to helper
	assert_failure
	run user 1024 pcietool driver release
	assert_failure
	# in a session the device stays where it is, whoever asks
	run user 1024 pcietool session -- bash -c 'pcietool driver release; pcietool regs read 0x0'
	assert_success
	assert_output --partial 0x010000ed
	run user 1024 pcietool -s "$second" session -- true
	assert_failure 6
	assert_equal "$(basename "$(readlink "/sys/bus/pci/devices/$edu/driver")")" vfio-pci
}

@test "a folder that is not private is not used; none at all is one in /tmp" {
	mkdir -p run/pcietool
	chown nobody run/pcietool
	chmod 755 run/pcietool
	run user 1024 pcietool session -- true
	assert_failure 4
	assert_output --partial 'not a private folder'
	rm -rf run/pcietool
	ln -s /tmp run/pcietool
	run user 1024 pcietool session -- true
	assert_failure 4
	run user 1024 env -u XDG_RUNTIME_DIR pcietool session -- bash -c 'echo "$PCIETOOL_SESSION"'
	assert_success
	assert_output "/tmp/pcietool-65534/$edu"
	assert_equal "$(stat -c '%a %u' /tmp/pcietool-65534)" '700 65534'
	# as su leaves it: another user's, or none that there is
	for runtime in /run/user/0 "$BATS_RUN_TMPDIR"; do
		run user 1024 env XDG_RUNTIME_DIR="$runtime" pcietool session -- bash -c 'echo "$PCIETOOL_SESSION"'
		assert_success
		assert_output "/tmp/pcietool-65534/$edu"
	done
	# somebody was there first
	rm -rf /tmp/pcietool-65534
	mkdir -m 777 /tmp/pcietool-65534
	for words in '-- true' status; do
		# shellcheck disable=SC2086 # words
		run user 1024 env -u XDG_RUNTIME_DIR pcietool session $words
		assert_failure 4
		assert_output --partial 'not a private folder'
	done
	rm -rf /tmp/pcietool-65534
}

# Root in a container as its makers make it: few capabilities, a /dev of its own, /sys read-only. container WORD COMMAND...;
# in WORD may be "vfio": /dev/vfio was given to it, "group": only the groups in it, "helper": /dev/pcietool and CAP_SYS_RAWIO were, "sys": /sys can be written.
write_container() {
	cat >container <<-'END'
		set -e
		what=$1 caps=-all
		shift
		# Docker's defaults
		for cap in chown dac_override fsetid fowner mknod net_raw setgid setuid setfcap setpcap net_bind_service \
			sys_chroot kill audit_write; do
			caps+=,+$cap
		done
		new=$(mktemp -d)
		mount -t tmpfs tmpfs "$new"
		for node in null zero full random urandom tty; do
			touch "$new/$node"
			mount --bind "/dev/$node" "$new/$node"
		done
		if [[ $what == *vfio* ]]; then
			mkdir "$new/vfio"
			mount --rbind /dev/vfio "$new/vfio"
		fi
		# all but the container's own
		if [[ $what == *group* ]]; then
			mkdir "$new/vfio"
			for node in /dev/vfio/[0-9]*; do
				touch "$new/vfio/${node##*/}"
				mount --bind "$node" "$new/vfio/${node##*/}"
			done
		fi
		if [[ $what == *helper* ]]; then
			mkdir "$new/pcietool"
			mount --rbind /dev/pcietool "$new/pcietool"
			caps+=,+sys_rawio
		fi
		mount --move "$new" /dev
		if [[ $what != *sys* ]]; then
			mount --bind /sys /sys
			mount -o remount,bind,ro /sys
		fi
		exec setpriv --bounding-set="$caps" --inh-caps=-all "$@"
	END
}

# as_who WHO WORD...: pcietool as one of those of the table.
as_who() {
	local who=$1 as
	shift
	case $who in
	root) as=(env) ;;
	# with HOME or PCIETOOL_MAP kept
	sudo) as=(env HOME="$PWD") ;;
	sudo-map) as=(env HOME="$PWD" PCIETOOL_MAP="$maps/1234:11e8.map") ;;
	rawio) as=(setpriv --reuid=1001 --regid=1001 --clear-groups "--inh-caps=-all,+sys_rawio" --ambient-caps=+sys_rawio) ;;
	group) as=(setpriv --reuid=1002 --regid=1002 --groups 2000 --inh-caps=-all) ;;
	group-rawio) as=(setpriv --reuid=1001 --regid=1001 --groups 2000 "--inh-caps=-all,+sys_rawio" --ambient-caps=+sys_rawio) ;;
	owner) as=(setpriv --reuid=65534 --regid=65534 --clear-groups --inh-caps=-all env HOME="$PWD") ;;
	other) as=(setpriv --reuid=1003 --regid=1003 --clear-groups --inh-caps=-all) ;;
	container*) as=(unshare -m --propagation private bash "$PWD/container" "$who") ;;
	esac
	"${as[@]}" env -u XDG_RUNTIME_DIR "$BUILD/pcietool" "$@" >/dev/null 2>&1
}

@test "who may do what: registers, config space, the helper's DMA, a session over VFIO, the map in a user's folder" {
	local who status node
	plain=$(bdf_of 1234:11e8 1)
	helper=$(bdf_of 1234:11e8 2)
	maps=$PWD/.config/pcietool/maps
	pcietool -s "$helper" driver bind
	mkdir -p "$maps"
	cp "$TOP/examples/edu.map" "$maps/1234:11e8.map"
	chown -R nobody .config
	chmod go+x . "$BATS_TEST_TMPDIR"
	setpci -s "$plain" COMMAND=2:2
	# as a rule of udev's would
	for node in "/sys/bus/pci/devices/$plain/"{resource0,config} "/dev/vfio/$group" "/dev/pcietool/$helper"; do
		chgrp 2000 "$node"
		chmod g+rw "$node"
	done
	write_container
	for who in root rawio group group-rawio owner other sudo sudo-map \
		container container-vfio container-group container-helper container-sys container-sys-vfio; do
		printf '%s' "$who"
		for words in 'regs read 0' 'config write CACHE_LINE_SIZE=0x40' 'dma alloc 4k --name' 'session -- true' 'regs read ID'; do
			status=0
			case $words in
			dma*) as_who "$who" -s "$helper" $words "of_${who//-/_}" || status=$? ;;
			session*) as_who "$who" -s "$edu" $words || status=$? ;;
			*) as_who "$who" -s "$plain" $words || status=$? ;;
			esac
			printf ' %s' "$status"
		done
		echo
	done >table
	pcietool -q -s "$helper" driver release --idle
	# 4: not permitted; 2: there is no map for it in a folder of theirs
	assert_equal "$(<table)" "root 0 0 0 0 2
rawio 4 4 4 4 2
group 0 0 4 0 2
group-rawio 0 0 0 0 2
owner 4 4 4 0 4
other 4 4 4 4 2
sudo 0 0 0 0 4
sudo-map 0 0 0 0 0
container 0 4 6 6 2
container-vfio 0 4 6 0 2
container-group 0 4 6 6 2
container-helper 0 4 0 6 2
container-sys 0 0 6 6 2
container-sys-vfio 0 0 6 0 2"
}
