#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# package: collectd-core 5.12.0-28+b1 (the plugin pcie_errors), of Debian unstable
# guess:   a card that is gone, whose config space is all ones from now on, has no new errors: nobody is there to say so. Its
#          reading fails, or it is left out, as one is that was gone before the start.
# seen:    "Device Status Error set" of three kinds, Non-Fatal, Fatal and Unsupported Request, for a card that had a corrected
#          error before. Neither that it is gone is said, nor that something could not be read.
# matters: the log ends with a fatal error which the card never had. That looks like the cause, while it is all that is left of
#          a card that lost its power or was pulled out.
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

# Two endpoints with a PCI Express capability, AER and a Receiver Error. The one on bus 2 is gone from the beginning.
for address in 0000:01:00.0 0000:02:00.0; do
	mkdir -p pci/devices/$address
	{
		le 0x15338086 4 && le 0x00100006 4 && le 0x02000003 4 && le 0 40 && le 0x40 4 && le 0 8
		le 0x00020010 4 && le 0x8000 4 && le 0x0001000f 4 && le 0 180
		le 0x00020001 4 && le 0 4 && le 0 8 && le 1 4 && le 0 24
	} >pci/devices/$address/config
	truncate -s 4096 pci/devices/$address/config
done
head -c 4096 /dev/zero | tr '\0' '\377' >ones
cp ones pci/devices/0000:02:00.0/config

cat >collectd.conf <<EOF
BaseDir "$work"
PIDFile "$work/pid"
PluginDir "$work/root/usr/lib/collectd"
TypesDB "$work/root/usr/share/collectd/types.db"
Hostname "host"
Interval 1
LoadPlugin logfile
<Plugin logfile>
	File "$work/out"
	Timestamp false
</Plugin>
LoadPlugin pcie_errors
<Plugin pcie_errors>
	AccessDir "$work/pci"
</Plugin>
EOF
# notified TEXT: waits for it
notified() {
	local tries
	for ((tries = 600; tries > 0; tries--)); do
		! grep -q "message = $1" out 2>>log || return 0
		sleep 0.1
	done
	unavailable
}
dpkg-deb -f collectd-core_*.deb Version
"$loader" --library-path "$libraries" root/usr/sbin/collectd -f -C collectd.conf >log 2>&1 &
collectd=$!
trap 'kill $collectd 2>/dev/null || true; rm -rf "$work"' EXIT
notified 'Correctable Error set: Receiver Error'
echo '(now it is gone)' >>out
# A card is gone at once, not byte by byte.
mv ones pci/devices/0000:01:00.0/config
notified '.*Unsupported Request'
kill $collectd
wait $collectd || true
sed -n 's/.*plugin_instance = \(.*\), type = .* message = /\1: /p; /^(/p; /pcie_errors: /p' out | tee seen
diff seen - <<'EOF'
0000:01:00.0: Device Status Error set: Correctable Error
0000:01:00.0: Correctable Error set: Receiver Error Status
(now it is gone)
0000:01:00.0: Device Status Error set: Non-Fatal Error
0000:01:00.0: Device Status Error set: Fatal Error
0000:01:00.0: Device Status Error set: Unsupported Request
EOF
