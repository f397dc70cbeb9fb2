#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# package: jc 1.22.5-1 (jc --lspci), of Debian 12
# guess:   the PhySlot of `lspci -vmm`, which is a name, stays one; where it is made a number, slot 10 is 10, as the
#          kernel writes slot numbers in decimal (pciehp_hpc.c, "%u").
# seen:    "physlot_int": 16. And of a slot 10-1, as the kernel names the second one of a number (drivers/pci/slot.c,
#          make_slot_name()), not only this is missing: nothing of the machine is printed, "could not parse the input".
# matters: who sends a technician to the slot of a bad card by physlot_int sends him to another one, from slot 10 on; and
#          on machines whose firmware numbers slots twice there is no inventory at all.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
apt-get -q download jc=1.22.5-1 >log 2>&1 || { cat log && exit 2; }
dpkg -x jc_*.deb root
command -v python3 >/dev/null || { echo 'there is no python3' && exit 2; }
jc() {
	PYTHONPATH=root/usr/lib/python3/dist-packages python3 -m jc --lspci "$@"
}

# As lspci -vmm prints a device in slot $1.
device() {
	printf '%s\t%s\n' Slot: 01:00.0 Class: 'Non-Volatile memory controller' Vendor: 'Intel Corporation' \
		Device: 'NVMe Datacenter SSD' PhySlot: "$1" Rev: 10 ProgIf: 02
}

jc --version | head -n 1
device 10 | jc -p | grep physlot | tee seen
grep -q '"physlot": "10"' seen
grep -q '"physlot_int": 16' seen
if device 10-1 | jc >seen 2>&1; then
	cat seen
	exit 1
fi
head -n 1 seen
grep -q 'could not parse the input data' seen
