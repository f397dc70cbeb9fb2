#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# package: collectd-core 5.12.0-28+b1 (the plugin pcie_errors), of Debian unstable
# guess:   each bit of Advanced Error Reporting's Uncorrectable Error Status that is set is one notification. Bits that the
#          plugin has no name for, as Poisoned TLP Egress Blocked or IDE Check Failed (PCIe 6.0 section 7.8.4.2), have some:
#          its manual says "for every error that is set".
# seen:    there is none for the bits 26 to 31, neither a notification nor a line in the log. All up to 25 have theirs. Device
#          Status, which has a notification of its own, says that there was an error, not which.
# matters: a link whose encryption fails its check (bit 28) and a port that keeps poisoned data back (26) look alike: a
#          "Non-Fatal Error" without a cause. Who alerts on the names, or has cleared Device Status, hears nothing.
set -euo pipefail

version=5.12.0-28+b1
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
cat >conf <<EOF
Dir::Etc::sourcelist "$work/sources";
Dir::Etc::sourceparts "-";
Dir::State::lists "$work/lists";
Dir::State::status "$work/status";
Dir::Cache "$work/cache";
APT::Sandbox::User "root";
EOF
echo "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] $site sid main" >sources
export APT_CONFIG=$work/conf
apt-get -q -o Acquire::Check-Valid-Until=false update >log 2>&1 || unavailable
mapfile -t needed < <(apt-cache depends --recurse --no-recommends --no-suggests --no-conflicts --no-breaks \
	--no-replaces --no-enhances collectd-core | sed -n 's/^\([a-z0-9][a-z0-9.+-]*\)$/\1/p' | grep -vx collectd-core)
apt-get -q download "collectd-core=$version" "${needed[@]}" >log 2>&1 || unavailable
for file in ./*.deb; do dpkg -x "$file" root; done
loader=$(find root/usr/lib -name 'ld-linux*.so.[0-9]' | head -n 1)
libraries=$(find root/usr/lib -name libc.so.6 -printf '%h\n' | head -n 1)

# le VALUE BYTES: little-endian
le() {
	local i
	for ((i = 0; i < $2; i++)); do printf '%b' "\\x$(printf %02x $(($1 >> 8 * i & 255)))"; done
}

# An endpoint at $1 with a PCI Express capability (Device Status $2) and AER (Uncorrectable Error Status $3, nothing masked, all
# of it non-fatal).
endpoint() {
	mkdir -p "pci/devices/$1"
	{
		le 0x15338086 4 && le 0x00100006 4 && le 0x02000003 4 && le 0 40 && le 0x40 4 && le 0 8
		le 0x00020010 4 && le 0x8000 4 && le $(($2 << 16 | 0xf)) 4 && le 0 180
		le 0x00020001 4 && le $(($3)) 4 && le 0 36
	} >"pci/devices/$1/config"
	truncate -s 4096 "pci/devices/$1/config"
}
# The bus is the number of the bit.
for bit in 4 5 {12..31}; do endpoint "$(printf '0000:%02x:00.0' "$bit")" 0 $((1 << bit)); done
endpoint 0000:80:00.0 2 $((1 << 26))

cat >collectd.conf <<EOF
BaseDir "$work"
PIDFile "$work/pid"
PluginDir "$work/root/usr/lib/collectd"
TypesDB "$work/root/usr/share/collectd/types.db"
Hostname "host"
LoadPlugin logfile
<Plugin logfile>
	File "stdout"
	Timestamp false
</Plugin>
LoadPlugin pcie_errors
<Plugin pcie_errors>
	AccessDir "$work/pci"
</Plugin>
EOF
dpkg-deb -f collectd-core_*.deb Version
"$loader" --library-path "$libraries" root/usr/sbin/collectd -T -C collectd.conf >out 2>&1 || unavailable
for device in pci/devices/*; do
	address=${device##*/}
	bus=$((16#${address:5:2}))
	((bus < 32)) && echo -n "bit $bus: " || echo -n "bit 26, with Device Status: "
	sed -n "s/.*plugin_instance = $address,.* message = //p" out | paste -s -d , | sed 's/^$/(nothing)/'
done | tee seen
diff seen - <<'EOF'
bit 4: Uncorrectable(non_fatal) Error set: Data Link Protocol
bit 5: Uncorrectable(non_fatal) Error set: Surprise Down
bit 12: Uncorrectable(non_fatal) Error set: Poisoned TLP
bit 13: Uncorrectable(non_fatal) Error set: Flow Control Protocol
bit 14: Uncorrectable(non_fatal) Error set: Completion Timeout
bit 15: Uncorrectable(non_fatal) Error set: Completer Abort
bit 16: Uncorrectable(non_fatal) Error set: Unexpected Completion
bit 17: Uncorrectable(non_fatal) Error set: Receiver Overflow
bit 18: Uncorrectable(non_fatal) Error set: Malformed TLP
bit 19: Uncorrectable(non_fatal) Error set: ECRC Error Status
bit 20: Uncorrectable(non_fatal) Error set: Unsupported Request
bit 21: Uncorrectable(non_fatal) Error set: ACS Violation
bit 22: Uncorrectable(non_fatal) Error set: Internal
bit 23: Uncorrectable(non_fatal) Error set: MC blocked TLP
bit 24: Uncorrectable(non_fatal) Error set: Atomic egress blocked
bit 25: Uncorrectable(non_fatal) Error set: TLP prefix blocked
bit 26: (nothing)
bit 27: (nothing)
bit 28: (nothing)
bit 29: (nothing)
bit 30: (nothing)
bit 31: (nothing)
bit 26, with Device Status: Device Status Error set: Non-Fatal Error
EOF
