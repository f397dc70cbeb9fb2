#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# package: collectd-core 5.12.0-14 (its plugin pcie_errors), of Debian 12
# guess:   every bit of the AER Uncorrectable Error Status register that is set is told of, a type that the plugin has no name
#          for at least by its number: it reads the whole register, compares it with the last, and knows its severity.
# seen:    it goes through the names that it has, which end with TLP Prefix Blocked, bit 25. A fatal Poisoned TLP Egress
#          Blocked (26), DMWr Request Egress Blocked (27) or IDE Check Failed (28) (PCIe 6.0 section 7.8.4.2) is not told of.
# matters: a link whose integrity check fails looks well; the device's Device Status, which says "fatal" without a type, is
#          what to watch as well.
set -euo pipefail

version=5.12.0-14
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
unavailable() {
	cat log
	exit 2
}

# An apt state of its own for Debian 12, from the mirror that this machine uses.
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
echo "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] $site bookworm main" >sources
export APT_CONFIG=$work/conf
apt-get -q -o Acquire::Check-Valid-Until=false update >log 2>&1 || unavailable
apt-get -q download "collectd-core=$version" >log 2>&1 || unavailable
dpkg -x collectd-core_*.deb root

# A device for each bit, which is its number on bus 0: a capability PCI Express, and AER with that error, fatal.
python3 - <<'END'
import os
import struct

for bit in [4, 5, *range(12, 29)]:
    config = bytearray(4096)
    struct.pack_into("<HHHH", config, 0, 0x8086, 0x10D3, 7, 0x10)
    config[0x34] = 0x40
    struct.pack_into("<BBH", config, 0x40, 0x10, 0, 2)
    struct.pack_into("<IIII", config, 0x100, 0x0001 | 2 << 16, 1 << bit, 0, 1 << bit)
    folder = f"fs/devices/0000:00:{bit:02x}.0"
    os.makedirs(folder)
    with open(folder + "/config", "wb") as file:
        file.write(config)
END
cat >collectd.conf <<END
BaseDir "$work"
PIDFile "$work/pid"
PluginDir "$work/root/usr/lib/collectd"
TypesDB "$work/types.db"
Interval 1
LoadPlugin logfile
<Plugin logfile>
  LogLevel info
  File stdout
</Plugin>
LoadPlugin pcie_errors
<Plugin pcie_errors>
  Source sysfs
  AccessDir "$work/fs"
</Plugin>
END
echo 'pcie_error value:GAUGE:0:U' >types.db
timeout 5 root/usr/sbin/collectd -C collectd.conf -f >log 2>&1 || true
grep -q 'entering read-loop' log || unavailable
for bit in 4 5 {12..28}; do
	grep -o "plugin_instance = 0000:00:$(printf %02x "$bit")\.0.*" log | sort -u || echo "bit $bit: not told of"
done | tee seen
[[ $(grep -c 'type_instance = fatal' seen) == 16 ]] || exit 1
[[ $(grep 'not told of' seen | tr '\n' ' ') == 'bit 26: not told of bit 27: not told of bit 28: not told of ' ]]
