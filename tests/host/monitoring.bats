#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
#
# monitoring/: what it asks of 'metrics' and of 'check --nagios' is there, and a real Prometheus raises its alerts.

load ../lib/common
load ../lib/fake_device

MONITORING=$BATS_TEST_DIRNAME/../../monitoring

setup_file() {
	BATS_TEST_TMPDIR=$BATS_FILE_TMPDIR fake_server
}

setup() {
	fake_copy
	net=0000:01:00.0 disk=0000:02:00.0
	server='' prometheus=''
	fake_aer "$net"
	fake_aer "$disk"
}

teardown() {
	local process
	for process in $server $prometheus; do
		kill "$process"
		wait "$process" || true
	done
}

# write FILE: what the machine's metrics are now.
write() {
	run_tool --sysroot "$SYSROOT" metrics
	assert_exit 0
	printf '%s\n' "$output" >"$1.new"
	mv "$1.new" "$1"
}

@test "the rules are valid, and their cases pass" {
	run promtool check rules "$MONITORING/prometheus/pcie.rules.yml"
	assert_success
	run promtool test rules "$MONITORING/prometheus/pcie.rules.test.yml"
	assert_success
}

@test "every metric that a rule or the dashboard asks for is one that is written" {
	local name known asked
	fake_aer "$net" 1 1 1
	run_tool --sysroot "$SYSROOT" snapshot -o "$BATS_TEST_TMPDIR/baseline"
	run_tool --sysroot "$SYSROOT" metrics --baseline "$BATS_TEST_TMPDIR/baseline"
	known=$(sed -n 's/^# TYPE \([^ ]*\) .*/\1/p' <<<"$output")
	known+=$'\n'$(sed -n 's/.*record: //p' "$MONITORING/prometheus/pcie.rules.yml")
	asked=$(jq -r '.panels[].targets[].expr' "$MONITORING/grafana/pcie.json" | cat - "$MONITORING/prometheus/pcie.rules.yml" |
		grep -oE '\bpcie[_:][a-z_:0-9]+' | sort -u)
	[ "$(wc -l <<<"$asked")" -ge 12 ]
	for name in $asked; do
		echo "$name"
		grep -qx "$name" <<<"$known"
	done
	# a panel is where no other is, and has a number of its own
	run jq -r '[.panels[].id] | length == (unique | length)' "$MONITORING/grafana/pcie.json"
	assert_output true
	run jq -r '[.panels[].gridPos | "\(.x) \(.y)"] | length == (unique | length)' "$MONITORING/grafana/pcie.json"
	assert_output true
}

@test "node-problem-detector: fine, a problem, unknown" {
	printf '#!/bin/sh\nexec %q --sysroot %q "$@"\n' "$BUILD/pcietool" "$SYSROOT" >"$BATS_TEST_TMPDIR/pcietool"
	chmod +x "$BATS_TEST_TMPDIR/pcietool"
	PATH=$BATS_TEST_TMPDIR:$PATH
	run "$MONITORING/node-problem-detector/check-pcie"
	assert_success
	assert_output --regexp '^PCIE OK - [0-9]+ devices checked'
	fake_link "$disk" '2.5 GT/s PCIe' 4 '8.0 GT/s PCIe' 4
	run "$MONITORING/node-problem-detector/check-pcie"
	[ "$status" = 1 ]
	assert_output --partial "$disk"
	[ "${#lines[@]}" = 1 ]
	rm -r "$SYSROOT/sys"
	run "$MONITORING/node-problem-detector/check-pcie"
	[ "$status" = 2 ]
	rm "$BATS_TEST_TMPDIR/pcietool"
	PATH=/usr/bin:/bin run "$MONITORING/node-problem-detector/check-pcie"
	[ "$status" = 2 ]
	assert_output 'pcietool did not run'
	run jq -e '.rules[0].path | endswith("/check-pcie")' "$MONITORING/node-problem-detector/pcie.json"
	assert_success
}

# ask EXPRESSION: its values in Prometheus.
ask() {
	promtool query instant "http://127.0.0.1:$port" "$1" 2>/dev/null
}

# Prometheus takes a moment to start and to look; in a machine with other work it is a long one.
comes() {
	until_true "$@" || until_true "$@" || until_true "$@"
}

@test "three faults in fifty machines: three alerts, and no other" {
	local i web=$BATS_TEST_TMPDIR/web firing
	mkdir "$web"
	write "$web/healthy"
	python3 "$BATS_TEST_DIRNAME/../lib/serve_metrics.py" "$web" "$BATS_TEST_TMPDIR/served" 3>&- &
	server=$!
	comes test -e "$BATS_TEST_TMPDIR/served"

	# nobody waits for ten minutes here
	sed 's/for: .*/for: 0s/' "$MONITORING/prometheus/pcie.rules.yml" >"$BATS_TEST_TMPDIR/pcie.rules.yml"
	{
		printf '%s\n' 'global: {scrape_interval: 1s, evaluation_interval: 1s}' 'rule_files: [pcie.rules.yml]' \
			'scrape_configs:' '- job_name: node' '  static_configs:'
		for i in {1..50}; do
			printf '  - {targets: ["127.0.0.1:%s"], labels: {instance: m%s, __metrics_path__: /m%s}}\n' \
				"$(<"$BATS_TEST_TMPDIR/served")" "$i" "$i"
		done
	} >"$BATS_TEST_TMPDIR/prometheus.yml"
	prometheus --config.file="$BATS_TEST_TMPDIR/prometheus.yml" --storage.tsdb.path="$BATS_TEST_TMPDIR/tsdb" \
		--web.listen-address=127.0.0.1:0 --log.format=logfmt 3>&- 2>"$BATS_TEST_TMPDIR/prometheus.log" &
	prometheus=$!
	listens() {
		port=$(sed -n 's/.*Listening on.*address=127\.0\.0\.1:\([1-9][0-9]*\).*/\1/p' "$BATS_TEST_TMPDIR/prometheus.log")
		[[ $port ]]
	}
	comes listens
	healthy() { [[ $(ask 'count(pcie_tool_collect_success == 1)') == *'=> 50 @'* ]]; }
	comes healthy
	run ask 'ALERTS'
	assert_output ''

	fake_link "$disk" '2.5 GT/s PCIe' 4 '8.0 GT/s PCIe' 4
	write "$web/m7"
	fake_link "$disk" '8.0 GT/s PCIe' 4 '8.0 GT/s PCIe' 4
	fake_aer "$net" 0 0 1
	write "$web/m33"
	fake_aer "$net"
	rm -r "$SYSROOT/sys/bus/pci/devices/$disk"
	write "$web/m21"
	firing=$(printf '%s\n' 'm21 PcieDeviceGone' 'm33 PcieUncorrectableErrors' 'm7 PcieLinkDegraded')
	alerts() {
		[[ $(ask 'ALERTS{alertstate="firing"}' |
			sed 's/.*alertname="\([^"]*\)".*instance="\([^"]*\)".*/\2 \1/' | sort -u) == "$firing" ]]
	}
	comes alerts
}
