#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# package: nvme-cli 2.16-1 (nvme persistent-event-log), of Debian unstable
# guess:   of a drive's "PCIe Link Status Change" event is shown what the link changed to: the event has the Link Status
#          register of that moment behind its code (NVMe Base 2.1 section 5.1.12.1.14.2.5, event type 05h, code 04h), and
#          nvme-cli shows the data of a thermal excursion.
# seen:    "NVM Subsystem Hardware Error Event Code Entry: 4, PCIe Link Status Change", for a link of one lane at 2.5 GT/s
#          as for one of four at 16. In JSON there is the code alone, as well.
# matters: the drive itself kept a record of when its link went bad and how, over power cycles, and the tool that one asks
#          for it holds the second half back. -b has it: 24 + 4 bytes behind the event's beginning.
#
# The device is /dev/null, which answers admin commands from files by a library before the C library.
set -euo pipefail

version=2.16-1
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
	--no-replaces --no-enhances nvme-cli | sed -n 's/^\([a-z0-9][a-z0-9.+-]*\)$/\1/p' | grep -vx nvme-cli)
apt-get -q download "nvme-cli=$version" "${needed[@]}" >log 2>&1 || unavailable
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

# le VALUE BYTES: little-endian
le() {
	local i
	for ((i = 0; i < $2; i++)); do printf '%b' "\\x$(printf %02x $(($1 >> 8 * i & 255)))"; done
}

# event TYPE REVISION SIZE: the header of one at $moment, with SIZE bytes of data to follow
event() {
	le "$1" 1 && le "$2" 1 && le 21 1 && le 0 1 && le 1 2 && le "$moment" 8 && le 0 6 && le 0 2 && le "$3" 2
}

moment=1700000000000
{
	event 5 2 6 && le 4 2 && le 0 2 && le 0x1044 2
	event 5 2 6 && le 4 2 && le 0 2 && le 0x1011 2
	event 0xd 1 2 && le 1 1 && le 7 1
} >events
{
	le 0xd 1 && le 0 3 && le 3 4 && le $((512 + $(wc -c <events))) 8 && le 3 1 && le 0 1 && le 492 2
	le "$moment" 8 && le 9 16 && le 4 8 && le 0x144d 2 && le 0x144d 2
	printf '%-20s%-40s' SERIAL MODEL
	printf nqn.2014-08.org.nvmexpress:uuid:1 && le 0 $((480 - 116 - 33)) && le 0x2020 8 && le 0 8 && le 0 16
	cat events
} >02-0d
nvme() {
	"$loader" --library-path "$libraries" --preload ./admin.so root/usr/sbin/nvme "$@" /dev/null
}
nvme version | head -n 1
{
	for at in 540 570; do nvme persistent-event-log -a 0 -l 2048 -b | od -A n -t x2 -j $at -N 2; done
	nvme persistent-event-log -a 0 -l 2048 |
		awk '/^Event Number/ { event = $0 } /^(Event Length|NVM Subsystem Hard|Threshold)/ { print event ", " $0 }'
	nvme persistent-event-log -a 0 -l 2048 -o json | tr -d '\n ' | grep -o '"event_len":[^}]*'
} | tee seen
diff seen - <<'EOF'
 1044
 1011
Event Number: 0, Event Length: 6
Event Number: 0, NVM Subsystem Hardware Error Event Code Entry: 4, PCIe Link Status Change
Event Number: 1, Event Length: 6
Event Number: 1, NVM Subsystem Hardware Error Event Code Entry: 4, PCIe Link Status Change
Event Number: 2, Event Length: 2
Event Number: 2, Threshold: 7
"event_len":6,"nss_hw_err_code":4
"event_len":6,"nss_hw_err_code":4
"event_len":2,"over_temp":1,"threshold":7
EOF
