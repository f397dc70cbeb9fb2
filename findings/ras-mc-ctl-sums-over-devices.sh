#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# package: rasdaemon 0.8.4-2 (ras-mc-ctl --summary), of Debian unstable
# guess:   the summary counts PCIe errors for each device, as it counts those of memory for each DIMM: the database has the
#          device's address with each.
# seen:    it counts them for each message, of all devices together: "3 Corrected error errors: Receiver Error" is two of a card
#          and one of another. Of memory there is a line for each label.
# matters: the question is which card, riser or slot has them. One link with thousands of errors and a hundred with a few each
#          are one line, the same, and a link that gets worse is hidden by the sum; --errors has the addresses, one line for
#          each error.
#
# Of the tables that are empty here the database has the columns that are asked for.
set -euo pipefail

version=0.8.4-2
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
mapfile -t needed < <(apt-cache depends --recurse --no-recommends --no-suggests --no-conflicts --no-breaks \
	--no-replaces --no-enhances rasdaemon sqlite3 | sed -n 's/^\([a-z0-9][a-z0-9.+-]*\)$/\1/p' | grep -vx rasdaemon)
apt-get -q download "rasdaemon=$version" "${needed[@]}" >log 2>&1 || unavailable
for file in ./*.deb; do dpkg -x "$file" root; done
loader=$(find root/usr/lib -name 'ld-linux*.so.[0-9]' | head -n 1)
libraries=$(find root/usr/lib -name libc.so.6 -printf '%h\n' | head -n 1)
modules=$(find root/usr/lib root/usr/share -path '*/perl*' \( -name '5.[0-9]*' -o -name perl5 -o -name perl-base \) \
	-printf "$work/%p:")
sed "s#/var/lib/rasdaemon/ras-mc_event.db#$work/events#" root/usr/sbin/ras-mc-ctl >ras-mc-ctl

"$loader" --library-path "$libraries" root/usr/bin/sqlite3 events <<'EOF'
create table mc_event (id integer primary key, timestamp text, err_count integer, err_type text, err_msg text, label text,
	mc integer, top_layer integer, middle_layer integer, lower_layer integer, address integer, grain integer,
	syndrome integer, driver_detail text);
create table aer_event (id integer primary key, timestamp text, dev_name text, err_type text, err_msg text);
create table arm_event (id integer primary key, mpidr, timestamp, error_count, affinity, running_state, psci_state);
create table cxl_aer_ue_event (id integer primary key, memdev, timestamp, host, serial, error_status, first_error, header_log);
create table cxl_aer_ce_event (id integer primary key, memdev, timestamp, host, serial, error_status);
create table cxl_overflow_event (id integer primary key, memdev, timestamp, host, serial, log_type, count, first_ts, last_ts);
create table cxl_poison_event (id integer primary key, memdev, timestamp, host, serial, trace_type, region, region_uuid, hpa);
create table cxl_generic_event (id integer primary key, memdev);
create table cxl_general_media_event (id integer primary key, memdev);
create table cxl_dram_event (id integer primary key, memdev);
create table cxl_memory_module_event (id integer primary key, memdev);
create table extlog_event (id integer primary key, etype, severity);
create table devlink_event (id integer primary key, dev_name);
create table disk_errors (id integer primary key, dev);
create table memory_failure_event (id integer primary key, action_result);
create table mce_record (id integer primary key, error_msg);
create table signal_event (id integer primary key, code);
insert into mc_event values (1, '2026-11-01 10:00:00 +0000', 1, 'Corrected', 'read error', 'DIMM_A1', 0, 0, 0, -1, 0, 0, 0, '');
insert into mc_event values (2, '2026-11-01 10:00:01 +0000', 1, 'Corrected', 'read error', 'DIMM_B1', 0, 1, 0, -1, 0, 0, 0, '');
insert into aer_event values (1, '2026-11-01 10:00:00 +0000', '0000:01:00.0', 'Corrected error', 'Receiver Error');
insert into aer_event values (2, '2026-11-01 10:00:01 +0000', '0000:01:00.0', 'Corrected error', 'Receiver Error');
insert into aer_event values (3, '2026-11-01 10:00:02 +0000', '0000:02:00.0', 'Corrected error', 'Receiver Error');
EOF
dpkg-deb -f rasdaemon_*.deb Version
PERL5LIB=$modules "$loader" --library-path "$libraries" root/usr/bin/perl ras-mc-ctl --summary |
	sed -n '/events summary/p; /^\t/p' | tee seen
diff seen - <<'EOF'
Memory controller events summary:
	Corrected on DIMM Label(s): 'DIMM_A1' location: 0:0:0:-1 errors: 1
	Corrected on DIMM Label(s): 'DIMM_B1' location: 0:1:0:-1 errors: 1
PCIe AER events summary:
	3 Corrected error errors: Receiver Error
EOF
