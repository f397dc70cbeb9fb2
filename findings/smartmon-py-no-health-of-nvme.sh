#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# package: prometheus-node-exporter-collectors 0.0~git20260402.7b3b207-1 (smartmon.py) and smartmontools 7.5-2, of Debian
#          unstable
# guess:   smartmon.py, the Python form of smartmon.sh, tells of an NVMe drive what that one tells: whether it is healthy,
#          which is smartctl's "SMART overall-health", "FAILED!" for one with a Critical Warning.
# seen:    it has no smartmon_device_smart_healthy for an NVMe drive, whatever the drive says, only
#          smartmon_device_smart_available 0. smartmon.sh has it, 0 for the failed one, on the same output of smartctl.
# matters: an alert on "smart_healthy == 0" goes on working for SATA after the change from one to the other, and never comes
#          again for NVMe: no series is no alert.
#
# The device is /dev/null, which answers admin commands from files by a library before the C library.
set -euo pipefail

version=0.0~git20260402.7b3b207-1
command -v gcc >/dev/null || { echo 'there is no compiler' && exit 2; }
command -v python3 >/dev/null || { echo 'there is no python3' && exit 2; }
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
collectors=prometheus-node-exporter-collectors
mapfile -t needed < <(apt-cache depends --recurse --no-recommends --no-suggests --no-conflicts --no-breaks \
	--no-replaces --no-enhances smartmontools | sed -n 's/^\([a-z0-9][a-z0-9.+-]*\)$/\1/p' | grep -vx smartmontools)
apt-get -q download "$collectors=$version" smartmontools=7.5-2 python3-prometheus-client "${needed[@]}" >log 2>&1 ||
	unavailable
for file in ./*.deb; do dpkg -x "$file" root; done
loader=$(find root/usr/lib -name 'ld-linux*.so.[0-9]' | head -n 1)
libraries=$(find root/usr/lib -name libc.so.6 -printf '%h\n' | head -n 1)

cat >admin.c <<'END'
#define _GNU_SOURCE
#include <dlfcn.h>
#include <linux/nvme_ioctl.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>

int ioctl(int fd, unsigned long request, ...)
{
	int (*next)(int, unsigned long, ...) = dlsym(RTLD_NEXT, "ioctl");
	struct nvme_admin_cmd *cmd;
	char name[16];
	FILE *answer;
	void *data;
	va_list args;

	va_start(args, request);
	cmd = va_arg(args, void *);
	va_end(args);
	if (request == NVME_IOCTL_ID)
		return 1;
	if (request != NVME_IOCTL_ADMIN_CMD)
		return next(fd, request, cmd);
	data = memset((void *)(uintptr_t)cmd->addr, 0, cmd->data_len);
	snprintf(name, sizeof(name), "%02x-%02x", cmd->opcode, cmd->cdw10 & 0xff);
	answer = fopen(name, "r");
	if (answer && (fseek(answer, cmd->cdw12, SEEK_SET) || !fread(data, 1, cmd->data_len, answer)))
		cmd->result = 0;
	if (answer)
		fclose(answer);
	return 0;
}
END
gcc -shared -fPIC -o admin.so admin.c

# A drive whose Critical Warning is $1.
drive() {
	rm -f 0*-*
	truncate -s 4K 06-00 06-01
	printf 'SERIAL' | dd of=06-01 bs=1 seek=4 conv=notrunc status=none
	printf 'MODEL' | dd of=06-01 bs=1 seek=24 conv=notrunc status=none
	printf '\0\0\02\0' | dd of=06-01 bs=1 seek=80 conv=notrunc status=none
	{ printf '%b\x36\x01\x64\x0a\x03' "\\x0$1" && head -c 506 /dev/zero; } >02-02
}
mkdir bin
cat >bin/smartctl <<EOF
#!/bin/sh
case " \$* " in *" --scan"*) echo "/dev/null -d nvme # /dev/null, NVMe device" && exit ;; esac
cd "$work"
exec $loader --library-path $libraries --preload ./admin.so root/usr/sbin/smartctl "\$@"
EOF
chmod +x bin/smartctl
collectors=root/usr/share/$collectors
export PATH=$work/bin:$PATH PYTHONPATH=$work/root/usr/lib/python3/dist-packages
dpkg-deb -f prometheus-node-exporter-collectors_*.deb Version
dpkg-deb -f smartmontools_*.deb Version
for warning in 0 4; do
	drive $warning
	smartctl -H -d nvme /dev/null | grep overall || true
	for collector in python3\ $collectors/smartmon.py bash\ $collectors/smartmon.sh; do
		$collector | sed -n "s/^smartmon_device_smart_\(healthy\|available\){.*} /${collector##*/}: \1 /p"
	done
done | tee seen
diff seen - <<'EOF'
SMART overall-health self-assessment test result: PASSED
smartmon.py: available 0.0
smartmon.sh: available 0
smartmon.sh: healthy 1
SMART overall-health self-assessment test result: FAILED!
smartmon.py: available 0.0
smartmon.sh: available 0
smartmon.sh: healthy 0
EOF
