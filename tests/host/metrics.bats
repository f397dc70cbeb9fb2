#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
#
# metrics on a fake server; Prometheus' own promtool is the judge of the format.

load ../lib/common
load ../lib/fake_device

setup_file() {
	BATS_TEST_TMPDIR=$BATS_FILE_TMPDIR fake_server
}

setup() {
	fake_copy
	net=0000:01:00.0 disk=0000:02:00.0
	folder=$BATS_TEST_TMPDIR/textfile
	mkdir "$folder"
}

metrics() {
	run_tool --sysroot "$SYSROOT" metrics "$@"
}

valid() {
	run promtool check metrics <<<"$output"
	assert_success
	assert_output ''
}

@test "valid for promtool, with --all, with errors, on an empty machine" {
	metrics
	assert_exit 0
	valid
	fake_aer "$net" 1 2 3
	metrics --all
	valid
	rm -r "$SYSROOT"/sys/bus/pci/devices/*
	metrics
	assert_exit 0
	assert_line 'pcie_devices 0'
	refute_line --partial pcie_device_info
	valid
}

# differences INFO WARNING CRITICAL: so many from the baseline.
differences() {
	metrics --baseline "$BATS_TEST_TMPDIR/baseline"
	assert_exit 0
	assert_equal "$(sed -n 's/^pcie_baseline_findings{severity="[a-z]*"} //p' <<<"$output" | tr '\n' ' ')" "$1 $2 $3 "
}

@test "what differs from a baseline; not what was so when it was taken" {
	fake_link "$disk" '2.5 GT/s PCIe' 4 '8.0 GT/s PCIe' 4
	run_tool --sysroot "$SYSROOT" snapshot -o "$BATS_TEST_TMPDIR/baseline"
	differences 0 0 0
	valid
	metrics
	refute_output --partial pcie_baseline
	# a link of half the width, another driver, a device more, one less
	fake_link "$disk" '2.5 GT/s PCIe' 2 '8.0 GT/s PCIe' 4
	differences 0 0 1
	rm "$SYSROOT/sys/bus/pci/devices/$net/driver"
	differences 0 1 1
	fake_begin
	fake_pci 0000:00:1e.0 0x1234 0x11e8 0xff0000
	fake_write
	differences 1 1 1
	rm -r "$SYSROOT/sys/bus/pci/devices/$disk"
	differences 1 1 1
	# one that is there and does not answer differs too
	head -c 64 /dev/zero | tr '\0' '\377' >"$SYSROOT/sys/bus/pci/devices/$net/config"
	differences 1 0 2
	# of what is selected
	metrics -s "$net" --baseline "$BATS_TEST_TMPDIR/baseline"
	assert_line 'pcie_baseline_findings{severity="critical"} 1'
	assert_line 'pcie_baseline_findings{severity="info"} 0'
}

@test "a baseline that is broken or not there: told, and an older file of metrics stays" {
	echo old >"$folder/pcie.prom"
	echo '{}' >"$BATS_TEST_TMPDIR/baseline"
	metrics -o "$folder/pcie.prom" --baseline "$BATS_TEST_TMPDIR/baseline"
	assert_exit 2
	assert_err 'this is no baseline'
	metrics -o "$folder/pcie.prom" --baseline "$BATS_TEST_TMPDIR/none"
	assert_exit 1
	assert_equal "$(<"$folder/pcie.prom")" old
}

@test "what is known of a device and of its link" {
	fake_link "$disk" '2.5 GT/s PCIe' 2 '16.0 GT/s PCIe' 16
	metrics
	assert_line "pcie_device_info{bdf=\"$net\",path=\"0000:00:01.0/00.0\",vendor_id=\"0x8086\",device_id=\"0x10d3\",class_id=\"0x020000\",driver=\"e1000e\",name=\"eth0\"} 1"
	assert_line "pcie_device_info{bdf=\"0000:01:00.1\",path=\"0000:00:01.0/00.1\",vendor_id=\"0x8086\",device_id=\"0x10d3\",class_id=\"0x020000\"} 1"
	assert_line "pcie_link_speed_transfers_per_second{bdf=\"$net\"} 8000000000"
	assert_line "pcie_link_speed_transfers_per_second{bdf=\"$disk\"} 2500000000"
	assert_line "pcie_link_speed_expected_transfers_per_second{bdf=\"$disk\"} 8000000000"
	assert_line "pcie_link_width_lanes{bdf=\"$disk\"} 2"
	assert_line "pcie_link_width_expected_lanes{bdf=\"$disk\"} 4"
	assert_line "pcie_link_degraded{bdf=\"$disk\",reason=\"speed\"} 1"
	assert_line "pcie_link_degraded{bdf=\"$disk\",reason=\"width\"} 1"
	assert_line "pcie_link_degraded{bdf=\"$net\",reason=\"speed\"} 0"
	# the second function's link is the first one's, and what a port has is below it
	refute_line --partial 'pcie_link_width_lanes{bdf="0000:01:00.1"'
	refute_line --partial 'pcie_link_width_lanes{bdf="0000:00:01.0"'
	assert_line "pcie_power_state{bdf=\"$disk\",state=\"D0\"} 1"
	assert_line "pcie_device_suspended{bdf=\"$disk\"} 0"
	assert_line 'pcie_tool_collect_success 1'
	assert_line "pcie_tool_build_info{version=\"$(pcietool --version | cut -d' ' -f2)\"} 1"
}

@test "the slot of a device, and of one behind a switch in it" {
	mkdir -p "$SYSROOT/sys/bus/pci/slots/4-1"
	echo 0000:01:00 >"$SYSROOT/sys/bus/pci/slots/4-1/address"
	metrics
	assert_line --partial "bdf=\"$net\",path=\"0000:00:01.0/00.0\",slot=\"4-1\",vendor_id"
	assert_line --partial 'bdf="0000:01:00.1",path="0000:00:01.0/00.1",slot="4-1",vendor_id'
	refute_line --regexp 'bdf="0000:0[02].*slot='
}

@test "each metric has its HELP and TYPE once, and its samples together" {
	fake_aer "$net" 1 2 3
	metrics
	assert_equal "$(grep -c '^# HELP' <<<"$output")" "$(grep -c '^# TYPE' <<<"$output")"
	assert_equal "$(grep '^#' <<<"$output" | sort | uniq -d)" ''
	assert_equal "$(sed '/^#/d; s/[{ ].*//' <<<"$output" | uniq | sort | uniq -d)" ''
}

@test "errors: by type only those that came, sums always" {
	fake_aer "$net" 3 0 7
	fake_attribute 0000:00:01.0 aer_rootport_total_err_cor 12
	metrics
	assert_equal "$(grep -c '^pcie_aer_errors_total' <<<"$output")" 2
	assert_line "pcie_aer_errors_total{bdf=\"$net\",severity=\"correctable\",type=\"bad_tlp\"} 3"
	assert_line "pcie_aer_errors_total{bdf=\"$net\",severity=\"fatal\",type=\"malformed_tlp\"} 7"
	assert_line "pcie_aer_device_errors_total{bdf=\"$net\",severity=\"fatal\"} 7"
	assert_line "pcie_aer_device_errors_total{bdf=\"$disk\",severity=\"correctable\"} 0"
	assert_line 'pcie_aer_rootport_errors_total{bdf="0000:00:01.0",severity="correctable"} 12'
	metrics --all
	assert_line "pcie_aer_errors_total{bdf=\"$net\",severity=\"correctable\",type=\"replay_num_rollover\"} 0"
	assert_equal "$(grep -c "^pcie_aer_errors_total{bdf=\"$net\"" <<<"$output")" $((5 + 13 + 13))
}

@test "errors: an event collector's received ones are counted as a root port's" {
	fake_pci 0000:00:1e.0 0x8086 0x0998 0x080700
	fake_aer 0000:00:1e.0
	fake_attribute 0000:00:1e.0 aer_rootport_total_err_cor 0
	fake_attribute 0000:00:1e.0 aer_rootport_total_err_nonfatal 5
	fake_attribute 0000:00:1e.0 aer_rootport_total_err_fatal 0
	metrics
	valid
	metrics
	assert_line 'pcie_aer_rootport_errors_total{bdf="0000:00:1e.0",severity="nonfatal"} 5'
	# whose errors nobody handles
	fake_driver 0000:00:1e.0 pcieport
	fake_attribute 0000:00:1e.0 aer_rootport_total_err_nonfatal 0
	metrics
	refute_output --partial 'pcie_aer_rootport_errors_total{bdf="0000:00:1e.0"'
	mkdir "$SYSROOT/sys/bus/pci/devices/0000:00:1e.0/0000:00:1e.0:pcie602"
	metrics
	assert_line 'pcie_aer_rootport_errors_total{bdf="0000:00:1e.0",severity="nonfatal"} 0'
}

@test "names of errors with blanks, large numbers, lines that are none" {
	fake_attribute "$net" aer_dev_correctable $'Receiver Error 1\nBad TLP 18446744073709551615\nnonsense\nNot a number x\n\nReplay Timer Timeout 2'
	metrics
	valid
	metrics
	assert_line "pcie_aer_errors_total{bdf=\"$net\",severity=\"correctable\",type=\"receiver_error\"} 1"
	assert_line "pcie_aer_errors_total{bdf=\"$net\",severity=\"correctable\",type=\"bad_tlp\"} 18446744073709551615"
	assert_line "pcie_aer_errors_total{bdf=\"$net\",severity=\"correctable\",type=\"replay_timer_timeout\"} 2"
}

@test "what is not known has no sample" {
	rm "$SYSROOT/sys/bus/pci/devices/$net"/{aer_dev_*,power_state,power/runtime_status}
	fake_attribute "$disk" max_link_width 255
	fake_attribute 0000:00:02.0 max_link_width 255
	fake_attribute "$disk" power_state unknown
	metrics
	valid
	metrics
	for name in pcie_aer_device_errors_total pcie_power_state pcie_device_suspended; do
		refute_line --partial "$name{bdf=\"$net\""
	done
	refute_line --partial "pcie_link_width_expected_lanes{bdf=\"$disk\""
	refute_line --partial "pcie_link_degraded{bdf=\"$disk\",reason=\"width\""
	refute_line --partial "pcie_power_state{bdf=\"$disk\""
	refute_line --regexp ' -[0-9]'
}

@test "errors that the kernel does not handle have no sample that says 0" {
	rmdir "$SYSROOT/sys/bus/pci/devices/0000:00:01.0/0000:00:01.0:pcie002"
	fake_aer "${net%0}1" 1 0 0
	metrics --all
	valid
	metrics --all
	refute_line --partial "errors_total{bdf=\"$net\""
	refute_line --partial 'errors_total{bdf="0000:00:01.0"'
	assert_line "pcie_aer_device_errors_total{bdf=\"${net%0}1\",severity=\"correctable\"} 1"
	assert_line "pcie_aer_device_errors_total{bdf=\"$disk\",severity=\"correctable\"} 0"
}

@test "errors that a device does not report have no sample that says 0, and a metric says so" {
	# correctable and fatal ones off in Device Control
	fake_config "$net" 0x48 16 0x2022
	metrics --all
	valid
	metrics --all
	refute_line --regexp "errors_total\{bdf=\"$net\",severity=\"(correctable|fatal)\""
	assert_line "pcie_aer_device_errors_total{bdf=\"$net\",severity=\"nonfatal\"} 0"
	assert_line "pcie_aer_errors_total{bdf=\"$net\",severity=\"nonfatal\",type=\"malformed_tlp\"} 0"
	assert_line "pcie_aer_reporting_enabled{bdf=\"$net\",severity=\"correctable\"} 0"
	assert_line "pcie_aer_reporting_enabled{bdf=\"$net\",severity=\"nonfatal\"} 1"
	assert_line "pcie_aer_device_errors_total{bdf=\"$disk\",severity=\"correctable\"} 0"
	# uncorrectable ones are reported by SERR# of Command, too
	fake_config "$net" 0x04 16 0x0106
	metrics
	assert_line "pcie_aer_device_errors_total{bdf=\"$net\",severity=\"fatal\"} 0"
	refute_line --partial "errors_total{bdf=\"$net\",severity=\"correctable\""
	# what was counted before stays
	fake_aer "$net" 3 0 0
	metrics
	assert_line "pcie_aer_device_errors_total{bdf=\"$net\",severity=\"correctable\"} 3"
}

@test "a virtual function reports what its physical function does; what may not be read is not known" {
	local vf=${net%0}1
	ln -s "../$net" "$SYSROOT/sys/bus/pci/devices/$vf/physfn"
	fake_config "$vf" 0x48 16 0
	metrics
	assert_line "pcie_aer_device_errors_total{bdf=\"$vf\",severity=\"fatal\"} 0"
	assert_line "pcie_aer_reporting_enabled{bdf=\"$vf\",severity=\"fatal\"} 1"
	fake_config "$vf" 0x48 16 7
	fake_config "$net" 0x48 16 0
	metrics
	refute_line --partial "errors_total{bdf=\"$vf\""
	assert_line "pcie_aer_reporting_enabled{bdf=\"$vf\",severity=\"fatal\"} 0"
	# what the kernel shows to everybody
	truncate -s 64 "$SYSROOT"/sys/bus/pci/devices/*/config
	metrics
	refute_line --partial pcie_aer_reporting_enabled
	assert_line "pcie_aer_device_errors_total{bdf=\"$vf\",severity=\"fatal\"} 0"
}

@test "a device that sleeps is not woken, and no config space is read" {
	fake_attribute "$disk" power/runtime_status suspended
	rm "$SYSROOT"/sys/bus/pci/devices/*/config
	for file in current_link_speed current_link_width max_link_speed max_link_width; do
		rm "$SYSROOT/sys/bus/pci/devices/$disk/$file"
		mkfifo "$SYSROOT/sys/bus/pci/devices/$disk/$file"
	done
	TOOL_TIMEOUT=5 metrics
	assert_exit 0
	assert_line "pcie_device_suspended{bdf=\"$disk\"} 1"
	refute_line --partial "pcie_link_speed_transfers_per_second{bdf=\"$disk\""
}

@test "labels are escaped" {
	dir=$SYSROOT/sys/bus/pci/devices/$net
	rm -r "$dir/net/eth0"
	mkdir "$dir/net/"$'a"b\\c\nd\te'
	metrics
	assert_line --partial 'name="a\"b\\c\nd?e"'
	valid
}

@test "ids and driver from uevent, where there is one" {
	fake_attribute "$disk" uevent $'DRIVER=mydriver\nPCI_CLASS=10802\nPCI_ID=144D:A80A\nPCI_SUBSYS_ID=0000:0000\nPCI_SLOT_NAME=x'
	rm "$SYSROOT/sys/bus/pci/devices/$disk"/{vendor,device}
	metrics
	assert_line --partial "bdf=\"$disk\",path=\"0000:00:02.0/00.0\",vendor_id=\"0x144d\",device_id=\"0xa80a\",class_id=\"0x010802\",driver=\"mydriver\""
}

@test "a virtual function has no link of its own" {
	ln -s "../$disk" "$SYSROOT/sys/bus/pci/devices/$net/physfn"
	fake_link "$net" Unknown 0 Unknown 0
	metrics
	refute_line --partial "pcie_link_width_lanes{bdf=\"$net\""
	run_tool --sysroot "$SYSROOT" check
	assert_exit 0
}

@test "-o replaces the file as a whole, readable for all, and leaves nothing beside it" {
	echo old >"$folder/pcie.prom"
	chmod 600 "$folder/pcie.prom"
	inode=$(stat -c %i "$folder/pcie.prom")
	umask 077
	metrics -o "$folder/pcie.prom"
	assert_exit 0
	assert_output ''
	assert_equal "$(stat -c %a "$folder/pcie.prom")" 644
	[ "$(stat -c %i "$folder/pcie.prom")" != "$inode" ]
	assert_equal "$(ls -A "$folder")" pcie.prom
	run promtool check metrics <"$folder/pcie.prom"
	assert_success
	metrics
	assert_output "$(<"$folder/pcie.prom")"
}

@test "-o through a link replaces what it leads to; what is no file is written to" {
	echo old >"$folder/target"
	ln -s target "$folder/link"
	metrics -o "$folder/link"
	assert_exit 0
	[ -L "$folder/link" ]
	grep -q pcie_devices "$folder/target"
	mkfifo "$folder/pipe"
	cat "$folder/pipe" >"$folder/out" &
	metrics -o "$folder/pipe"
	assert_exit 0
	wait $!
	[ -p "$folder/pipe" ]
	cmp "$folder/out" "$folder/target"
}

@test "a place that cannot be written to: an error, the old file stays" {
	metrics -o "$BATS_TEST_TMPDIR/nowhere/pcie.prom"
	assert_exit 1
	assert_err 'No such file'
	metrics -o /dev/full
	assert_exit 1
	assert_err 'No space left'
	mkdir "$folder/pcie.prom"
	metrics -o "$folder/pcie.prom"
	assert_exit 1
	assert_equal "$(ls -A "$folder")" pcie.prom
	run bash -c 'pcietool --sysroot "$1" metrics >/dev/full' - "$SYSROOT"
	assert_failure 1
	[[ $EUID -eq 0 ]] || return 0
	tool_as_nobody --sysroot "$SYSROOT" metrics -o "$folder/other.prom"
	assert_exit 1
	assert_err 'Permission denied'
	assert_equal "$(ls -A "$folder")" pcie.prom
}

@test "a full disk leaves the old file" {
	[[ $EUID -eq 0 ]] || skip 'to mount'
	mount -t tmpfs -o size=8k none "$folder" || skip 'no mounts here'
	echo old >"$folder/pcie.prom"
	metrics -o "$folder/pcie.prom"
	left=$(ls -A "$folder") content=$(<"$folder/pcie.prom")
	umount "$folder"
	assert_exit 1
	assert_err 'No space left'
	assert_equal "$left $content" 'pcie.prom old'
}

# The folder of the process alone is hidden: a sanitizer needs the rest of /proc.
@test "without /proc/self/fd, by which a file without a name gets one" {
	[[ $EUID -eq 0 ]] || skip 'to mount'
	unshare -m true || skip 'no mounts here'
	echo old >"$folder/pcie.prom"
	# shellcheck disable=SC2016 # for the other shell
	run unshare -m sh -c 'mount -t tmpfs none /proc/$$/fd && exec pcietool --sysroot "$1" metrics -o "$2"' - "$SYSROOT" \
		"$folder/pcie.prom"
	assert_success
	grep -q pcie_devices "$folder/pcie.prom"
	assert_equal "$(ls -A "$folder")" pcie.prom
}

@test "a machine whose devices cannot be listed: a failure, and a metric that says so" {
	rm -r "$SYSROOT/sys"
	metrics -o "$folder/pcie.prom"
	assert_exit 1
	grep -qx 'pcie_tool_collect_success 0' "$folder/pcie.prom"
	run promtool check metrics <"$folder/pcie.prom"
	assert_success
}

@test "wrong arguments, a selection" {
	for args in 'metrics extra' 'metrics -o' 'metrics --json' 'metrics --all=1'; do
		# shellcheck disable=SC2086
		run_tool --sysroot "$SYSROOT" $args
		assert_exit 2
	done
	metrics -s "$net"
	assert_exit 0
	assert_equal "$(grep -c ^pcie_device_info <<<"$output")" 1
	assert_line "pcie_link_width_lanes{bdf=\"$net\"} 4"
	metrics -s 77:00.0
	assert_exit 3
	PCIETOOL_DEVICE=$net metrics
	assert_line 'pcie_devices 6'
}

@test "the units are what systemd takes" {
	make -s -C "$TOP" install-systemd DESTDIR="$BATS_TEST_TMPDIR/root" UNITDIR=/units BINDIR="$BUILD" \
		TEXTFILE_DIR=/srv/text TEXTFILE_GROUP=monitor >/dev/null
	units=$BATS_TEST_TMPDIR/root/units
	grep -qx "ExecStart=$BUILD/pcietool metrics -o /srv/text/pcie.prom" "$units/pcietool-metrics.service"
	grep -qx 'ReadWritePaths=-/srv/text' "$units/pcietool-metrics.service"
	grep -qx 'SupplementaryGroups=monitor' "$units/pcietool-metrics.service"
	grep -q RandomizedDelaySec "$units/pcietool-metrics.timer"
	command -v systemd-analyze >/dev/null || skip 'no systemd-analyze'
	# it looks for the manual page, too
	MANPATH=$TOP/build/none run systemd-analyze verify --man=no "$units"/pcietool-metrics.{service,timer}
	assert_success
	assert_output ''
}
