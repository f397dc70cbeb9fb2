#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# package: prometheus-node-exporter 1.11.1-3 (--collector.pcidevice), of Debian unstable
# guess:   a function without a link, as every conventional one and every one inside a root complex, has no link metrics:
#          sysfs has no such files for it (Linux, drivers/pci/pci-sysfs.c, pcie_dev_attrs_are_visible()), and an absent
#          series is how Prometheus says that there is no value.
# seen:    it has a link of -1 lanes at -1 transfers a second, and the most that it could do is -1 too. So it is with a
#          speed that the kernel calls "Unknown", beside a true width.
# matters: min(), sum() and topk() over links find the devices that have none; a rule for slow links needs ">= 0".
set -euo pipefail

version=1.11.1-3
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
apt-get -q download "prometheus-node-exporter=$version" >log 2>&1 || unavailable
dpkg -x prometheus-node-exporter_*.deb root

# device ADDRESS [SPEED]: its files, with those of a link where it has a speed.
device() {
	local folder=sys/devices/pci0000:00/$1 name
	mkdir -p "$folder" sys/bus/pci/devices
	ln -s "../../../devices/pci0000:00/$1" sys/bus/pci/devices/
	local -A files=([class]=0x020000 [vendor]=0x8086 [device]=0x100e [subsystem_vendor]=0x1af4 [revision]=0x03
		[subsystem_device]=0x1100 [numa_node]=-1 [power_state]=D0)
	[[ ! ${2-} ]] || files+=([current_link_speed]=$2 [max_link_speed]='16.0 GT/s PCIe' [current_link_width]=4
		[max_link_width]=4)
	for name in "${!files[@]}"; do echo "${files[$name]}" >"$folder/$name"; done
}

device 0000:00:01.0 '16.0 GT/s PCIe'
device 0000:00:02.0
device 0000:00:03.0 Unknown
root/usr/bin/prometheus-node-exporter --path.sysfs=sys --collector.disable-defaults --collector.pcidevice \
	--web.listen-address=127.0.0.1:0 >log 2>&1 &
exporter=$!
trap 'kill $exporter; rm -rf "$work"' EXIT
until port=$(grep -o 'Listening on.*127.0.0.1:[0-9]*' log | grep -o '[0-9]*$'); do
	kill -0 $exporter 2>/dev/null || unavailable
	sleep 0.1
done
exec 3<>"/dev/tcp/127.0.0.1/$port"
printf 'GET /metrics HTTP/1.0\r\n\r\n' >&3
grep '^node_pcidevice_.*link' <&3 | sed 's/bus="00",\|,function="0"\|,segment="0000"//g' | tee seen
grep -q 'current_link_width{device="01".* 4' seen
for number in current_link_width max_link_width current_link_transfers_per_second max_link_transfers_per_second; do
	grep -q "^node_pcidevice_$number{device=\"02\".* -1\$" seen
done
grep -q 'current_link_transfers_per_second{device="03".* -1$' seen
