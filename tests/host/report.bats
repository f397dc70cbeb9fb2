#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
#
# report on a fake server: what is in the archive, and what must not be.

load ../lib/common
load ../lib/fake_device

net=0000:01:00.0 disk=0000:02:00.0

setup_file() {
	fake_begin
	BATS_TEST_TMPDIR=$BATS_FILE_TMPDIR fake_server
	mkdir -p "$SYSROOT"/{proc,dev} "$SYSROOT/sys/kernel/security"
	echo 'BOOT_IMAGE=/vmlinuz BOOTIF=01-52-54-00-ab-cd-ef quiet' >"$SYSROOT/proc/cmdline"
	echo '           CPU0' >"$SYSROOT/proc/interrupts"
	echo '00000000-00000fff : Reserved' >"$SYSROOT/proc/iomem"
	echo 'e1000e 278528 0 - Live 0x0' >"$SYSROOT/proc/modules"
	echo '[none] integrity confidentiality' >"$SYSROOT/sys/kernel/security/lockdown"
	cat >"$SYSROOT/dev/kmsg" <<-END
		6,1,100,-;Linux version 6.12.0
		6,2,200,-;pci 0000:01:00.0: [8086:10d3] type 00 class 0x020000
		 SUBSYSTEM=pci
		6,3,300,-;e1000e 0000:01:00.0 eth0: (PCI Express:2.5GT/s:Width x1) 52:54:00:12:34:56
		6,4,400,-;pci 0000:02:00.0: Serial Number S4EWNX0R123456
		3,5,500,-;pcieport 0000:00:01.0: AER: Corrected error received: 0000:01:00.0
		6,6,600,-;usb 1-1: SerialNumber: ABCDEF
		6,7,700,-;EXT4-fs (sda1): mounted
		6,8,800,-;Kernel command line: pci=nomsi rd.iscsi.password=geheim root=UUID=3f2504e0-4f89-11d3-9a0c-0305e82c3301
		6,9,899,-;e1000e 0000:01:00.0 enx5254008899aa: renamed from eth0
		6,9,900,-;pci 0000:02:00.0: asked for by bench-7, mac 525400ab12ef
	END
	# a Device Serial Number behind AER, and what was last read of the VPD
	fake_extended $disk 0x100 0x0001 0x150
	fake_extended $disk 0x150 0x0003 0
	fake_config $disk 0x154 32 0xdeadbeef
	fake_config $disk 0x158 32 0xcafef00d
	fake_config $disk 0x160 32 0x11223344
	fake_config $disk 0x41 8 0x80
	fake_config $disk 0x80 16 0x0003
	fake_config $disk 0x84 32 0x56504421
	fake_write
	printf '\x82\x06\x00A card\x90\x15\x00PN\x04PN77SN\x04Z9Y8V3\x04MLX7\x78' \
		>"$SYSROOT/sys/bus/pci/devices/$disk/vpd"
}

setup() {
	fake_copy
	archive=$BATS_TEST_TMPDIR/out/report.tar.gz
	mkdir "$BATS_TEST_TMPDIR/out"
}

# report ARG...: made and unpacked into $files.
report() {
	run_tool --sysroot "$SYSROOT" report -o "$archive" "$@"
	assert_exit 0
	files=$BATS_TEST_TMPDIR/out/report
	rm -rf "$files"
	tar xzf "$archive" -C "$BATS_TEST_TMPDIR/out"
}

@test "the archive is one, with these files and today's date" {
	report
	assert_output "$archive: files 18, devices 6"
	gzip -t "$archive"
	assert_equal "$(tar tzf "$archive" | tr '\n' ' ')" \
		"report/about.txt report/list.txt report/tree.txt report/info.json report/snapshot.json report/config.txt report/vpd.json report/resources.txt report/links.txt report/aer.txt report/iommu_groups.txt report/cmdline.txt report/lockdown.txt report/interrupts.txt report/iomem.txt report/modules.txt report/kernel_log.txt report/missing.txt "
	(($(date +%s) - $(stat -c %Y "$files/list.txt") < 600))
	assert_equal "$(stat -c %a "$archive")" 600
	assert_equal "$(cd "$BATS_TEST_TMPDIR/out" && echo .[!.]* *)" '.[!.]* report report.tar.gz'
	# Python's reader is strict about headers
	python3 -c 'import sys, tarfile; t = tarfile.open(sys.argv[1]); assert all(m.isreg() and m.mode == 0o644 for m in t)' "$archive"
}

@test "what an end of a link could be is no 0 where it does not say" {
	fake_link "$disk" '8.0 GT/s PCIe' 4 Unknown 255
	report
	grep -qx "0000:00:02.0 8GT/s x4 of 8GT/s x4 - $disk 8GT/s x4 of a speed that is not known, a width that is not known: unknown" \
		"$files/links.txt"
}

@test "what is in the files" {
	fake_aer "$net" 3
	report
	grep -qx "pcietool $(pcietool --version | cut -d' ' -f2)" "$files/about.txt"
	grep -q "^kernel Linux $(uname -r)" "$files/about.txt"
	grep -qx "  $net 8086:10d3 \[020000\] driver e1000e (eth0)" "$files/tree.txt"
	grep -q "^$disk 144d:a808" "$files/list.txt"
	assert_equal "$(jq '.devices | length' "$files/info.json")" 6
	assert_equal "$(jq -r '.devices[] | select(.address == "'"$disk"'") | .driver' "$files/info.json")" nvme
	grep -qx "$net correctable total 3, BadTLP 3" "$files/aer.txt"
	grep -qx "0000:00:01.0 8GT/s x4 of 8GT/s x4 - $net 8GT/s x4 of 8GT/s x4: ok" "$files/links.txt"
	grep -qx '0000:00:03.0 no link: nothing below' "$files/links.txt"
	grep -qx "$net group none" "$files/iommu_groups.txt"
	grep -A1 "^$net" "$files/resources.txt" | grep -q '0x00000000fe000000'
	grep -qx 'ioports.txt: not given by the kernel' "$files/missing.txt"
	grep -q 'AER: Corrected error' "$files/kernel_log.txt"
	run ! grep -q 'EXT4\|SUBSYSTEM\|Linux version' "$files/kernel_log.txt"
	run_tool --sysroot "$SYSROOT" check --baseline "$files/snapshot.json"
	assert_exit 8
}

@test "errors that a device does not report are not told as none; what is not known is missing" {
	fake_config "$net" 0x48 16 0x2020
	fake_aer "$net" 3
	report
	grep -qx "$net correctable total 3, BadTLP 3, unreported: a count of 0 says nothing" "$files/aer.txt"
	grep -qx "$net fatal total 0, unreported: a count of 0 says nothing" "$files/aer.txt"
	grep -qx "$disk fatal total 0" "$files/aer.txt"
	run ! grep -q '^aer.txt' "$files/missing.txt"
	truncate -s 64 "$SYSROOT"/sys/bus/pci/devices/*/config
	report
	grep -qx "aer.txt: which errors 0000:00:01.0 reports: needs root" "$files/missing.txt"
	run ! grep -q unreported "$files/aer.txt"
}

@test "the dump is what lspci and --from-dump read" {
	report
	run lspci -F "$files/config.txt" -s 02:00.0 -n
	assert_output '02:00.0 0108: 144d:a808'
	run_tool --from-dump "$files/config.txt" list -n -s 02:00.0
	assert_line --partial '144d:a808'
}

# What the kernel says of an error of a device, whose driver has no "pci" in its name.
@test "the kernel log has all lines of an error, in the words of any kernel" {
	# Linux 6.12
	cat >>"$SYSROOT/dev/kmsg" <<-END
		4,10,800,-;pcieport 0000:00:01.0: AER: Correctable error message received from $disk
		4,11,800,-;nvme $disk: PCIe Bus Error: severity=Correctable, type=Data Link Layer, (Receiver ID)
		4,12,800,-;nvme $disk:   device [144d:a808] error status/mask=00000040/0000e000
		4,13,800,-;nvme $disk:    [ 6] BadTLP
		3,14,900,-;nvme $disk: AER:   TLP Header: 40000001 0000000f fee00000 00000000
	END
	report
	assert_equal "$(grep -c ";nvme $disk: " "$files/kernel_log.txt")" 4
	# Linux 7.3
	cat >>"$SYSROOT/dev/kmsg" <<-END
		3,15,800,-;pcieport 0000:00:01.0: AER: Uncorrectable (Non-Fatal) Error message received from $disk
		3,16,800,-;nvme $disk: PCIe Bus Error: severity=Uncorrectable (Non-Fatal)
		3,17,800,-;nvme $disk:   device [144d:a808] error status/mask=00104000/02400000
		3,18,800,-;nvme $disk:   [14] CmpltTO           | Requester   | Transaction Layer
		3,19,800,-;nvme $disk:   [20] UnsupReq          | Receiver    | Transaction Layer (First)
		3,20,900,-;nvme $disk: AER:   TLP Header: 0x40000001 0x0000000f 0xfee00000 0x00000000
	END
	report
	assert_equal "$(grep -c ";nvme $disk: " "$files/kernel_log.txt")" 9
	# what is no address is none
	printf '6,20,1000,-;clock 12:34:56.7 is late\n6,21,1000,-;x 00000:02:00.0.1 y\n' >>"$SYSROOT/dev/kmsg"
	report
	run ! grep -q 'is late' "$files/kernel_log.txt"
}

@test "what newer kernels have in every device's folder changes nothing" {
	local device command
	for command in 'list --tree' 'info -s 02:00.0' 'check' 'link show' 'aer show' 'snapshot -o -' 'metrics'; do
		# shellcheck disable=SC2086 # several words
		pcietool --sysroot "$SYSROOT" $command 2>&1 | grep -v 'collect_duration\|"date"' || true
	done >"$BATS_TEST_TMPDIR/before"
	for device in "$SYSROOT"/sys/bus/pci/devices/*; do
		# Linux 7: a folder for AER's rates also where there is no AER, the others where a device has them
		mkdir -p "$device"/{aer,wakeup/wakeup3,doe_features,power}
		touch "$device/wakeup/wakeup3/active_count" "$device/doe_features/0001:01"
		echo 5000 >"$device/aer/correctable_ratelimit_interval_ms"
		echo de-ad-be-ef-ca-fe-f0-0d >"$device/serial_number"
	done
	for command in 'list --tree' 'info -s 02:00.0' 'check' 'link show' 'aer show' 'snapshot -o -' 'metrics'; do
		# shellcheck disable=SC2086
		pcietool --sysroot "$SYSROOT" $command 2>&1 | grep -v 'collect_duration\|"date"' || true
	done | diff "$BATS_TEST_TMPDIR/before" -
	[[ $(wc -l <"$BATS_TEST_TMPDIR/before") -gt 50 ]]
	report
	run ! grep -rqi 'de-ad-be-ef\|deadbeef\|wakeup' "$files"
}

@test "no serial numbers and no hardware addresses" {
	report
	run_tool --from-dump "$files/config.txt" -s 02:00.0 config read 0x150 0x154 0x158 0x160 0x80 0x84
	assert_output "0x00010003
0x00000000
0x00000000
0x11223344
0x00000003
0x00000000"
	run ! grep -rqiE 'S4EWNX|52[:-]54[:-]00|ABCDEF|ef be ad de|Z9Y8|MLX7' "$files"
	run jq -c '.devices[0] | .address, .vpd.identifier, [.vpd.fields[].value]' "$files/vpd.json"
	assert_output '"0000:02:00.0"
"A card"
["PN77","xxxx","xxxx"]'
	grep -q 'Width x1) xx:xx:xx:xx:xx:xx' "$files/kernel_log.txt"
	grep -q 'BOOTIF=xx-xx-xx-xx-xx-xx-xx quiet' "$files/cmdline.txt"
}

@test "no passwords, names or addresses of the command line and the log" {
	echo 'BOOT_IMAGE=/vmlinuz root=UUID=3f2504e0-4f89-11d3-9a0c-0305e82c3301 rd.iscsi.password=geheim ip=10.0.0.2:::bench-7 pci=nomsi quiet' \
		>"$SYSROOT/proc/cmdline"
	mkdir -p "$SYSROOT/proc/sys/kernel"
	echo bench-7 >"$SYSROOT/proc/sys/kernel/hostname"
	report
	! grep -riE 'geheim|3f2504e0|bench-7|10\.0\.0\.2|525400ab12ef|5254008899aa' "$files" || return
	assert_equal "$(<"$files/cmdline.txt")" 'BOOT_IMAGE=... root=... rd.iscsi.password=... ip=... pci=nomsi quiet'
	grep -q 'asked for by xxxxxxx, mac xxxxxxxxxxxx' "$files/kernel_log.txt"
	grep -q cmdline.txt "$files/missing.txt"
}

@test "whatever the host is called JSON stays JSON, and a dump a dump" {
	mkdir -p "$SYSROOT/proc/sys/kernel"
	report
	cp -r "$files" "$BATS_TEST_TMPDIR/unmasked"
	for host in 1 10 86 null true command address 01 0000 n; do
		echo "$host" >"$SYSROOT/proc/sys/kernel/hostname"
		report
		for part in info snapshot vpd; do
			jq -e . "$files/$part.json" >/dev/null || fail "$host: $part.json is no JSON"
			assert_equal "$(jq -c '[paths] | length' "$files/$part.json")" \
				"$(jq -c '[paths] | length' "$BATS_TEST_TMPDIR/unmasked/$part.json")"
		done
		assert_equal "$(jq -c '[.devices[].address]' "$files/info.json")" \
			"$(jq -c '[.devices[].address]' "$BATS_TEST_TMPDIR/unmasked/info.json")"
		run_tool --from-dump "$files/config.txt" -s 02:00.0 config read DEVICE_ID
		assert_exit 0
		cmp "$files/resources.txt" "$BATS_TEST_TMPDIR/unmasked/resources.txt"
	done
}

@test "--list: what is in it, with and without writing it" {
	run_tool --sysroot "$SYSROOT" report --list
	assert_exit 0
	assert_line --regexp '^list.txt [0-9]+'
	assert_line --partial 'not written, without -o: files 18'
	[ ! -e "$archive" ]
	run_tool --sysroot "$SYSROOT" report --list -o "$archive" --json
	assert_exit 0
	assert_json '.contents | length' 18
	assert_json .file "$archive"
	assert_equal "$(jq -r '.contents[].name' <<<"$output" | sort)" "$(tar tzf "$archive" | sed 's/.*\///' | sort)"
}

@test "--serial: serial numbers, and still no hardware addresses" {
	report --serial
	run_tool --from-dump "$files/config.txt" -s 02:00.0 config read 0x154 0x158
	assert_output "0xdeadbeef
0xcafef00d"
	grep -q S4EWNX "$files/kernel_log.txt"
	grep -q Z9Y8 "$files/vpd.json"
	run ! grep -rqE '52[:-]54[:-]00' "$files"
}

@test "a broken list of capabilities does not hold it up" {
	fake_extended "$disk" 0x150 0x0003 0x100
	fake_config "$disk" 0x81 8 0x80
	report
	run_tool --from-dump "$files/config.txt" -s 02:00.0 config read 0x154
	assert_output 0x00000000
}

@test "a long log is cut at its start" {
	for ((i = 0; i < 30000; i++)); do
		printf '6,%d,1,-;pci 0000:01:00.0: line %d of a log that has very many of them\n' "$i" "$i"
	done >"$SYSROOT/dev/kmsg"
	report
	(($(stat -c %s "$files/kernel_log.txt") <= 1 << 20))
	tail -n 1 "$files/kernel_log.txt" | grep -q 'line 29999 '
	head -n 1 "$files/kernel_log.txt" | grep -q '^6,'
}

@test "without rights: what there is, and what is missing" {
	[[ $EUID -eq 0 ]] || skip 'to become nobody'
	truncate -s 64 "$SYSROOT"/sys/bus/pci/devices/*/config
	chmod 777 "$BATS_TEST_TMPDIR/out"
	tool_as_nobody --version
	chmod 600 "$SYSROOT/dev/kmsg"
	tool_as_nobody --sysroot "$SYSROOT" report -o "$archive"
	assert_exit 0
	tar xzf "$archive" -C "$BATS_TEST_TMPDIR/out"
	files=$BATS_TEST_TMPDIR/out/report
	grep -qx 'kernel_log.txt: needs root' "$files/missing.txt"
	grep -q '^30:' "$files/config.txt"
	run ! grep -q '^40:' "$files/config.txt"
}

@test "JSON says what was made" {
	report --json
	assert_json .schema pcietool/report/1
	assert_json '[.file, .files, .devices, .serial_numbers] | join(" ")' "$archive 18 6 false"
	local name
	for name in info vpd snapshot; do note_documents '' "$files/$name.json"; done
}

@test "a place that cannot be written to, a full disk: an error and no file" {
	run_tool --sysroot "$SYSROOT" report -o "$BATS_TEST_TMPDIR/nowhere/x.tar.gz"
	assert_exit 1
	assert_err 'No such file'
	run_tool --sysroot "$SYSROOT" report -o /dev/full
	assert_exit 1
	assert_err 'No space left'
	[[ $EUID -eq 0 ]] || return 0
	mount -t tmpfs -o size=4k none "$BATS_TEST_TMPDIR/out" || return 0
	run_tool --sysroot "$SYSROOT" report -o "$archive"
	left=$(ls -A "$BATS_TEST_TMPDIR/out")
	umount "$BATS_TEST_TMPDIR/out"
	assert_exit 1
	assert_err 'No space left'
	assert_equal "$left" ''
}

@test "wrong arguments, a selection" {
	for args in report 'report -o -' 'report extra -o x' 'report -o'; do
		# shellcheck disable=SC2086
		run_tool --sysroot "$SYSROOT" $args
		assert_exit 2
	done
	run_tool --sysroot "$SYSROOT" report -o "$archive" -s 77:00.0
	assert_exit 3
	[ ! -e "$archive" ]
	report -s "$net"
	assert_equal "$(grep -c '^[0-9]' "$files/tree.txt")" 0
	assert_equal "$(jq '.devices | length' "$files/info.json")" 1
	run_tool --sysroot "$SYSROOT" -D report -o "$BATS_TEST_TMPDIR/out/dry.tar.gz"
	assert_exit 0
	assert_output "would write $BATS_TEST_TMPDIR/out/dry.tar.gz, devices 6"
	run_tool --sysroot "$SYSROOT" -D report -j -o "$BATS_TEST_TMPDIR/out/dry.tar.gz"
	assert_json '[.dry_run, .files, .files_reason, .devices] | tojson' '[true,null,"dry run",6]'
	[ ! -e "$BATS_TEST_TMPDIR/out/dry.tar.gz" ]
}
