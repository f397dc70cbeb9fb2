#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# package: smartmontools 7.5-2 (smartctl -i of an NVMe drive), of Debian unstable
# guess:   a namespace's block size and capacity are those of the format it has. There may be up to 64 formats, and FLBAS has
#          the two upper bits of the index in bits 6:5 (NVM Command Set 1.0 section 4.1.5.1): 22h is format 18.
# seen:    it is taken for format 2: 512 instead of 4096 bytes, and a drive of 4.4 TB has "549 GB". So it is in JSON, where
#          blocks are right and bytes are not. nvme-cli of the same bytes: "LBA Format 18 ... Data Size: 4096 bytes (in use)".
# matters: what capacity a drive has, and how much was written to a namespace in bytes, is an eighth of what it is; and one
#          that was formatted to 4096 bytes seems to have stayed at 512. A monitor that reads the JSON says so of each.
#
# The device is /dev/null, which answers admin commands from files by a library before the C library.
set -euo pipefail

version=7.5-2
command -v gcc >/dev/null || { echo 'there is no compiler' && exit 2; }
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
	--no-replaces --no-enhances smartmontools | sed -n 's/^\([a-z0-9][a-z0-9.+-]*\)$/\1/p' | grep -vx smartmontools)
apt-get -q download "smartmontools=$version" "${needed[@]}" >log 2>&1 || unavailable
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

# bytes FILE OFFSET BYTES...: as printf has them
bytes() {
	printf '%b' "$3" | dd of="$1" bs=1 seek=$(($2)) conv=notrunc status=none
}

# A controller with extended formats (CTRATT bit 15) and one namespace of 2^30 blocks, with 21 formats.
truncate -s 4K 06-00 06-01
bytes 06-01 4 'SERIAL'
bytes 06-01 24 'MODEL'
bytes 06-01 80 '\0\0\02\0\0\0\0\0\0\0\0\0\0\0\0\0\0\x80'
bytes 06-01 516 '\01'
for offset in 0 8 16; do bytes 06-00 $offset '\0\0\0\x40'; done
bytes 06-00 25 '\x14\x22'
for format in {0..20}; do bytes 06-00 $((128 + 4 * format)) '\0\0\x09'; done
bytes 06-00 $((128 + 4 * 18)) '\0\0\x0c'
smartctl() {
	"$loader" --library-path "$libraries" --preload ./admin.so root/usr/sbin/smartctl "$@" -d nvme /dev/null
}
dpkg-deb -f smartmontools_*.deb Version
{
	smartctl -i | sed -n 's/^Namespace 1 \(Size\|Formatted\).*: */&/p' | tr -s ' '
	smartctl -i -j | tr -d '\n ' | grep -o '"user_capacity.*"logical_block_size":[0-9]*'
} | tee seen
diff seen - <<'EOF'
Namespace 1 Size/Capacity: 549,755,813,888 [549 GB]
Namespace 1 Formatted LBA Size: 512
"user_capacity":{"blocks":1073741824,"bytes":549755813888},"logical_block_size":512
EOF
