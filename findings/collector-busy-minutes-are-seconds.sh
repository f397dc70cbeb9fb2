#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# package: prometheus-node-exporter-collectors 0.0~git20260402.7b3b207-1 (nvme_metrics.py), of Debian unstable
# guess:   nvme_controller_busy_time_seconds_total is a drive's Controller Busy Time in seconds: the log has it in minutes
#          (NVMe Base 2.0 section 5.16.1.3), the collector turns percents into ratios and kelvins into degrees.
# seen:    it has the number of minutes, as seconds: an hour is 60.
# matters: rate() of it, a drive's share of time at work, is a sixtieth. A drive that does nothing but work for a whole day is
#          at 1.7 percent, and no alert on a busy one ever comes.
#
# The nvme that the collector asks prints what nvme-cli 2.16 does for a drive that has been busy for an hour.
set -euo pipefail

version=0.0~git20260402.7b3b207-1
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
unavailable() {
	cat log
	exit 2
}

# An apt state of its own for unstable, from the mirror that this machine uses.
# shellcheck disable=SC2016 # apt's own words
site=$(apt-get indextargets --format '$(SITE)' 'Created-By: Packages' | grep -m 1 /debian) || unavailable
mkdir -p lists/partial cache/archives/partial
touch status
cat >conf <<END
Dir::Etc::sourcelist "$work/sources";
Dir::Etc::sourceparts "-";
Dir::State::lists "$work/lists";
Dir::State::status "$work/status";
Dir::Cache "$work/cache";
APT::Sandbox::User "root";
END
echo "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] $site sid main" >sources
export APT_CONFIG=$work/conf
apt-get -q -o Acquire::Check-Valid-Until=false update >log 2>&1 || unavailable
apt-get -q download "prometheus-node-exporter-collectors=$version" python3-prometheus-client >log 2>&1 || unavailable
for file in ./*.deb; do dpkg -x "$file" root; done
command -v python3 >/dev/null || { echo 'there is no python3' && exit 2; }
((EUID == 0)) || { echo 'the collector is for root' && exit 2; }

mkdir bin
cat >bin/nvme <<'EOF'
#!/bin/sh
case $1 in
version) echo 'nvme version 2.16 (git 2.16)' ;;
list) cat <<END ;;
{"Devices": [{"HostNQN": "nqn.2014-08.org.nvmexpress:uuid:1", "HostID": "1", "Subsystems": [{
"Subsystem": "nvme-subsys0", "SubsystemNQN": "nqn.2014-08.org.nvmexpress:uuid:2", "Controllers": [{
"Controller": "nvme0", "Cntlid": "1", "SerialNumber": "SERIAL", "ModelNumber": "MODEL", "Firmware": "1", "Transport": "pcie",
"Address": "0000:01:00.0", "Slot": "", "Namespaces": [{"NameSpace": "nvme0n1", "Generic": "ng0n1", "NSID": 1,
"UsedBytes": 524288, "MaximumLBA": 1048576, "PhysicalSize": 536870912, "SectorSize": 512}], "Paths": []}],
"Namespaces": []}]}]}
END
smart-log) cat <<END ;;
{"critical_warning": {"value": 0, "available_spare": 0, "temp_threshold": 0, "reliability_degraded": 0, "ro": 0,
"vmbu_failed": 0, "pmr_ro": 0}, "temperature": 310, "avail_spare": 100, "spare_thresh": 10, "percent_used": 3,
"endurance_grp_critical_warning_summary": 0, "data_units_read": 1000, "data_units_written": 2000,
"host_read_commands": 5, "host_write_commands": 6, "controller_busy_time": 60, "power_cycles": 7, "power_on_hours": 8,
"unsafe_shutdowns": 0, "media_errors": 0, "num_err_log_entries": 0, "warning_temp_time": 0, "critical_comp_time": 0,
"thm_temp1_trans_count": 0, "thm_temp2_trans_count": 0, "thm_temp1_total_time": 0, "thm_temp2_total_time": 0}
END
esac
EOF
chmod +x bin/nvme
dpkg-deb -f prometheus-node-exporter-collectors_*.deb Version
PATH=$work/bin:$PATH PYTHONPATH=root/usr/lib/python3/dist-packages \
	python3 root/usr/share/prometheus-node-exporter-collectors/nvme_metrics.py |
	grep -E '^nvme_(controller_busy|percentage|temperature)' | tee seen
diff seen - <<'EOF'
nvme_controller_busy_time_seconds_total{device="nvme0n1"} 60.0
nvme_percentage_used_ratio{device="nvme0n1"} 0.03
nvme_temperature_celsius{device="nvme0n1"} 37.0
EOF
