#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
#
# metrics, snapshot, check and report on a real kernel: with Prometheus' tools, an error that is injected and a
# device that goes.
#
# qemu: -device pcie-root-port,id=rp1,chassis=1,slot=1 -device e1000e,id=card,bus=rp1
# qemu: -device pcie-root-port,id=rp2,chassis=2,slot=2 -device nvme,id=disk,bus=rp2,serial=SN-OF-THE-DISK
# qemu: -device pcie-root-port,id=rp3,chassis=3,slot=3 -device virtio-net-pci,id=loud,bus=rp3,aer=on,romfile=
# qemu: -device pcie-root-port,id=rp4,chassis=4,slot=4
# qemu: -global ICH9-LPC.acpi-pci-hotplug-with-bridge-support=off
# append: pcie_ports=native
# usually: 6.12

load ../lib/common
load ../lib/guest

setup_file() {
	modprobe -a e1000e nvme
	for ((i = 0; i < 100; i++)); do
		compgen -G '/sys/bus/pci/devices/*/nvme/nvme0' && compgen -G '/sys/bus/pci/devices/*/net/eth0' && break
		sleep 0.1
	done
}

setup() {
	card=$(bdf_of 8086:10d3)
	disk=$(bdf_of 1b36:0010) || true
	port=$(basename "$(dirname "$(realpath "/sys/bus/pci/devices/$card")")")
	folder=/run/textfile
	mkdir -p "$folder"
}

as_nobody() {
	run --separate-stderr setpriv --reuid=65534 --regid=65534 --clear-groups --no-new-privs timeout 60 "$@"
}

# slot_of BDF: as the kernel names it.
slot_of() {
	basename "$(dirname "$(grep -lx "${1%.*}" /sys/bus/pci/slots/*/address)")"
}

@test "metrics as nobody are what promtool takes" {
	as_nobody "$BUILD/pcietool" metrics --all
	assert_exit 0
	[ -z "$stderr" ]
	assert_line --partial "pcie_device_info{bdf=\"$card\",path=\"$port/00.0\",slot=\"$(slot_of "$card")\",vendor_id=\"0x8086\",device_id=\"0x10d3\",class_id=\"0x020000\",driver=\"e1000e\",name=\"eth0\"} 1"
	assert_line --regexp "^pcie_link_speed_transfers_per_second\{bdf=\"$card\"\} [1-9][0-9]{9,}$"
	assert_line --regexp "^pcie_link_width_lanes\{bdf=\"$card\"\} [1-9]"
	assert_line "pcie_link_degraded{bdf=\"$card\",reason=\"width\"} 0"
	assert_line "pcie_aer_device_errors_total{bdf=\"$card\",severity=\"fatal\"} 0"
	assert_line "pcie_aer_rootport_errors_total{bdf=\"$port\",severity=\"correctable\"} 0"
	run promtool check metrics <<<"$output"
	assert_success
	assert_output ''
}

# What only root may read of metrics, and zeroes that are none with it, left out.
for_all() {
	grep -vE 'pcie_aer_reporting_enabled|^pcie_aer_device_errors_total.* 0$'
}

@test "as nobody and as root they are the same, but for what only root may read" {
	as_nobody "$BUILD/pcietool" metrics
	nobody=$output
	refute_output --partial pcie_aer_reporting_enabled
	run_tool metrics
	assert_line "pcie_aer_reporting_enabled{bdf=\"$card\",severity=\"fatal\"} 1"
	assert_equal "$(for_all <<<"$output")" "$(for_all <<<"$nobody")"
}

@test "a node_exporter serves them" {
	chown 65534 "$folder"
	as_nobody "$BUILD/pcietool" metrics -o "$folder/pcie.prom"
	assert_exit 0
	setpriv --reuid=65534 --regid=65534 --clear-groups prometheus-node-exporter \
		--web.listen-address=127.0.0.1:9100 --collector.disable-defaults --collector.textfile \
		--collector.textfile.directory="$folder" 3>&- >/run/exporter.log 2>&1 &
	exporter=$!
	for ((i = 0; i < 300; i++)); do
		exec {http}<>/dev/tcp/127.0.0.1/9100 && break
		sleep 0.1
	done 2>/dev/null
	printf 'GET /metrics HTTP/1.0\r\n\r\n' >&"$http"
	answer=$(timeout 60 cat <&"$http")
	kill "$exporter"
	cat /run/exporter.log
	grep -q "^pcie_device_info{bdf=\"$card\"" <<<"$answer"
	grep -q "^pcie_link_width_lanes{bdf=\"$disk\"} " <<<"$answer"
	grep -q '^pcie_tool_collect_success 1' <<<"$answer"
	grep -q '^node_textfile_scrape_error 0' <<<"$answer"
	grep -q '^node_textfile_mtime_seconds{file="[^"]*pcie.prom"}' <<<"$answer"
}

@test "nothing is wrong with the machine, and a snapshot of it is a baseline" {
	run_tool check -v
	assert_exit 0
	refute_output --partial warning
	run_tool snapshot -o /run/baseline.json
	assert_exit 0
	run jq -r ".devices[] | select(.address == \"$card\") | [.mps, .mrrs, .link.width >= 1, .driver] | join(\" \")" \
		/run/baseline.json
	assert_output --regexp '^(128|256|512) (128|256|512) true e1000e$'
	run ! grep SN-OF-THE-DISK /run/baseline.json
	note_documents '' /run/baseline.json
	run_tool check --baseline /run/baseline.json
	assert_exit 0
	assert_output ''
}

@test "as nobody: what could not be checked is said" {
	as_nobody "$BUILD/pcietool" check -j --baseline /run/baseline.json
	assert_exit 0
	assert_json '[.not_checked[] | select(.rule == "mps-path") | .reason] | unique | join(",")' 'needs root'
}

@test "other payload sizes than in the baseline are found" {
	# QEMU's devices do not let theirs be changed
	jq -c "(.devices[] | select(.address == \"$disk\") | .mrrs) = 4096" /run/baseline.json >/run/other.json
	run_tool check --baseline /run/other.json
	assert_exit 8
	assert_output "warning $disk mrrs: Max_Read_Request_Size is 128 bytes, it was 4096, slot $(slot_of "$disk")"
	assert_equal "$(lspci -s "$disk" -vv | grep -o 'MaxReadReq [0-9]*')" 'MaxReadReq 128'
	run_tool metrics --baseline /run/other.json
	assert_equal "$(grep '^pcie_baseline' <<<"$output" | tr '\n' ' ')" 'pcie_baseline_findings{severity="info"} 0 pcie_baseline_findings{severity="warning"} 1 pcie_baseline_findings{severity="critical"} 0 '
}

@test "a report, without the disk's serial number" {
	run_tool report -o /run/report.tar.gz
	assert_exit 0
	cd /run || return
	tar xzf report.tar.gz
	note_documents '' report/info.json
	note_documents '' report/vpd.json
	run ! grep -r SN-OF-THE-DISK report
	run ! grep -rE '52:54:00' report
	grep -q "$card" report/kernel_log.txt
	run lspci -F report/config.txt -s "$card" -vv
	assert_output --partial 'Device Serial Number 00-00-00-00-00-00-00-00'
	run_tool report --serial -o /run/report.tar.gz
	tar xzf report.tar.gz
	run lspci -F report/config.txt -s "$card" -vv
	assert_output --partial 'Device Serial Number'
	refute_output --partial 'Device Serial Number 00-00-00-00-00-00-00-00'
}

@test "an error that a card reports is in the metrics and a finding" {
	# the only one of QEMU's devices that can be told to
	loud=$(bdf_of 1af4:1041)
	port=$(basename "$(dirname "$(realpath "/sys/bus/pci/devices/$loud")")")
	setpci -s "$loud" COMMAND=0100:0100
	hmp 'pcie_aer_inject_error loud UNSUP'
	for ((i = 0; i < 100; i++)); do
		grep -q '^UnsupReq [1-9]' "/sys/bus/pci/devices/$loud/aer_dev_nonfatal" && break
		sleep 0.1
	done
	as_nobody "$BUILD/pcietool" metrics
	assert_line "pcie_aer_errors_total{bdf=\"$loud\",severity=\"nonfatal\",type=\"unsupported_request\"} 1"
	assert_line "pcie_aer_rootport_errors_total{bdf=\"$port\",severity=\"nonfatal\"} 1"
	run promtool check metrics <<<"$output"
	assert_success
	run_tool check
	assert_exit 8
	assert_output "critical $loud aer-nonfatal: 1 nonfatal error: unsupported_request 1, slot $(slot_of "$loud")"
	run_tool check --nagios
	assert_exit 2
	assert_line -n 0 "PCIE CRITICAL - 1 critical: $loud aer-nonfatal"
}

@test "a disk that was pulled is found" {
	local port
	port=$(basename "$(dirname "$(realpath "/sys/bus/pci/devices/$disk")")")
	# the kernel forgets the device first; until the slot's power is off its link is up with nothing below
	slot_is_empty() { [ ! -e "/sys/bus/pci/devices/$disk" ] && (((0x$(setpci -s "$port" CAP_EXP+1a.w) & 0x40) == 0)); }
	hmp 'device_del disk'
	for ((i = 0; i < 300; i++)); do
		! slot_is_empty || break
		sleep 0.1
	done
	run_tool check --baseline /run/baseline.json
	assert_exit 8
	assert_line --partial "critical $disk device-absent: 1b36:0010 is not there"
	run_tool check --baseline /run/baseline.json --nagios
	assert_exit 2
	assert_line -n 0 --regexp '^PCIE CRITICAL - 2 critical: '
	assert_line --partial "critical $disk device-absent: "
}

@test "-s by the kernel's names: an interface, a disk, its node, a slot, a path" {
	local loud slot interface
	loud=$(bdf_of 1af4:1041)
	modprobe virtio_net
	has_interface() { compgen -G "/sys/bus/pci/devices/$loud/virtio*/net/*" >/dev/null; }
	until_true has_interface
	chosen() { pcietool -s "$1" list -n --json | jq -r '[.devices[].address] | join(" ")'; }
	interface=$(basename /sys/bus/pci/devices/"$card"/net/*)
	assert_equal "$(chosen "$interface")" "$card"
	interface=$(basename /sys/bus/pci/devices/"$loud"/virtio*/net/*)
	assert_equal "$(chosen "$interface")" "$loud"
	assert_equal "$(chosen /sys/class/net/"$interface")" "$loud"
	assert_equal "$(chosen nvme0)" "$disk"
	assert_equal "$(chosen /dev/nvme0)" "$disk"
	slot=$(slot_of "$card")
	assert_equal "$(chosen "slot:$slot")" "$card"
	run_tool -s lo list
	assert_exit 3
	assert_err 'lo belongs to no PCI device'
	run_tool -s nvme7 link show
	assert_exit 3
	run_tool -s /dev/null regs read 0
	assert_exit 3
	assert_err '/dev/null belongs to no PCI device'
}

@test "the systemd unit, run by systemd: all that root sees, and as little as before may it do" {
	local units=/run/units name systemd
	[[ -x /lib/systemd/systemd ]] || skip 'no systemd'
	make -s -C "$TOP" install-systemd DESTDIR= UNITDIR="$units" BINDIR="$BUILD" TEXTFILE_GROUP=nogroup >/dev/null
	# nothing of the host's is to be started
	for name in nothing sysinit basic shutdown; do
		printf '[Unit]\nDefaultDependencies=no\n' >"$units/$name.target"
	done
	systemd-machine-id-setup
	mountpoint -q /sys/fs/cgroup || mount -t cgroup2 cgroup2 /sys/fs/cgroup
	unshare --pid --fork --mount-proc --mount env container=other SYSTEMD_UNIT_PATH="$units" /lib/systemd/systemd --system \
		--unit=nothing.target --log-target=null 3>&- >/dev/null 2>&1 &
	# it does not answer those whose process it cannot see
	in_there() { nsenter --target "$systemd" --pid --mount --root --wd env SYSTEMD_IGNORE_CHROOT=1 "$@"; }
	is_up() { systemd=$(pgrep -x systemd) && [[ $(in_there systemctl is-system-running) == @(running|degraded) ]]; }
	until_true is_up
	in_there systemctl start pcietool-metrics.service
	diff <(pcietool metrics | for_all) <(for_all </var/lib/prometheus/node-exporter/pcie.prom)
	# in tenths
	in_there systemd-analyze security --threshold=10 pcietool-metrics.service
	kill -KILL "$systemd"
}
