#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# package: nvme-cli 2.16-1 (nvme show-regs -H), of Debian unstable
# guess:   PMRSWTP, the throughput of a persistent memory region, is shown as CMBSWTP is, that of the controller memory
#          buffer: both have the unit in bits 3:0 and the value in bits 31:8 (NVMe Base 2.0 section 3.1.3). 6402h is 64h
#          times 1 MiB/s.
# seen:    "CMBSWTV: 0x64", and of the same register value "PMRSWTV: 2": the unit's code once more. So it is in JSON.
# matters: it is asked how fast the memory behind a card's BAR takes writes. 100 MiB/s are 2, 900 are 2 as well, and 5
#          GiB/s are 3: the number that is shown for it says nothing about it.
#
# The device is /dev/null, and its BAR a file, by a library before the C library.
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
nvme() {
	"$loader" --library-path "$libraries" --preload ./paths.so root/usr/sbin/nvme "$@" 2>/dev/null
}

cat >paths.c <<'END'
#define _GNU_SOURCE
#include <dlfcn.h>
#include <string.h>
#include <sys/stat.h>

static const char *path_of(const char *path)
{
	if (!strcmp(path, "/dev/nvme0"))
		return "/dev/null";
	return strcmp(path, "/sys/class/nvme/nvme0/device/resource0") ? path : "bar";
}

int open64(const char *path, int flags, ...)
{
	int (*next)(const char *, int, ...) = dlsym(RTLD_NEXT, "open64");

	return next(path_of(path), flags, 0600);
}

int __open64_2(const char *path, int flags)
{
	return open64(path, flags);
}

int stat64(const char *path, struct stat64 *st)
{
	int (*next)(const char *, struct stat64 *) = dlsym(RTLD_NEXT, "stat64");

	return next(path_of(path), st);
}
END
gcc -shared -fPIC -o paths.so paths.c

# register OFFSET BYTES...: as printf has them
register() {
	local offset=$1
	shift
	printf '%b' "$@" | dd of=bar bs=1 seek=$((offset)) conv=notrunc status=none
}

# A controller with CAP.PMRS and CAP.CMBS, of version 2.0, whose regions are in BAR 2 and BAR 4.
truncate -s 8K bar
register 0x00 '\xff\x03\x01\x14\x20\0\0\x03\0\0\x02\0'
register 0x38 '\x02\0\0\0\x1f\x03\x01\0'
register 0x50 '\x01'
register 0xe00 '\x98\x04\0\0'
nvme version
for value in '\x02\x64\0\0' '\x02\x84\x03\0' '\x03\x05\0\0'; do
	register 0x60 "$value"
	register 0xe10 "$value"
	od -A n -t x4 -j 0xe10 -N 4 bar
	nvme show-regs -H /dev/nvme0 | sed -n 's/^.*\(\(PMR\|CMB\)SWT.\)): /\1 /p'
	nvme show-regs -H -o json /dev/nvme0 | sed -n 's/^ *\(".*(\(PMR\|CMB\)SWTV)"\)/\1/p'
done | tee seen
diff seen - <<'END'
 00006402
CMBSWTV 0x64
CMBSWTU One MB/second
PMRSWTV 2
PMRSWTU One MB/second
"CMB Sustained Write Throughput (CMBSWTV)":"0x64",
"PMR Sustained Write Throughput (PMRSWTV)":"2",
 00038402
CMBSWTV 0x384
CMBSWTU One MB/second
PMRSWTV 2
PMRSWTU One MB/second
"CMB Sustained Write Throughput (CMBSWTV)":"0x384",
"PMR Sustained Write Throughput (PMRSWTV)":"2",
 00000503
CMBSWTV 0x5
CMBSWTU One GB/second
PMRSWTV 3
PMRSWTU One GB/second
"CMB Sustained Write Throughput (CMBSWTV)":"0x5",
"PMR Sustained Write Throughput (PMRSWTV)":"3",
END
