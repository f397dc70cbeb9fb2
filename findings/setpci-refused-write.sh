#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# package: pciutils 1:3.9.0-4 (setpci), of Debian 12
# guess:   a config write that the kernel refuses ends setpci with a status that is not 0, as the write(2) failed and
#          setpci says so.
# seen:    "pcilib: sysfs_write: write failed: No space left on device" on standard error, and status 0.
# matters: "setpci ... && next-step" goes on with a device that was not set up. Read back what was written.
#
# The device is a folder as sysfs has it, whose config space is /dev/full: what reads as zeroes and refuses all writes.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
apt-get -q -o APT::Sandbox::User=root download pciutils=1:3.9.0-4 libpci3=1:3.9.0-4 >log 2>&1 || { cat log && exit 2; }
for file in ./*.deb; do dpkg -x "$file" root; done
setpci() {
	LD_LIBRARY_PATH=$(echo "$work"/root/usr/lib/*-linux-gnu) root/usr/bin/setpci "$@"
}

device=bus/devices/0000:00:00.0
mkdir -p "$device"
ln -s /dev/full "$device/config"
echo 0x1234 >"$device/vendor"
echo 0x11e8 >"$device/device"
echo 0xff0000 >"$device/class"
echo 0 >"$device/irq"
for _ in {0..6}; do echo '0x0000000000000000 0x0000000000000000 0x0000000000000000'; done >"$device/resource"

setpci --version
status=0
setpci -A linux-sysfs -O "sysfs.path=$work/bus" -s 00:00.0 COMMAND=6 2>said || status=$?
cat said
echo "exit status $status"
[[ $status -eq 0 ]] && grep -q 'sysfs_write: write failed' said
