#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# package: libpciaccess 0.19-2 (pci_device_get_bridge_info()), of Debian unstable
# guess:   a bridge's memory windows are what its registers say: Memory Limit 0xd0f0 ends at 0xd0ffffff, as the low 20 bits of
#          a limit are ones (PCIe 6.0 section 7.5.1.3.8), and a prefetchable one at 0x41ffffffff.
# seen:    0xd0f0ffff and 0x41fff0ffff: 16 bits are ones, the other 4 zeroes. Bases are right. lspci has d0ffffff.
# matters: a BAR in the last 960 KiB of a window, as that of a card whose window is just large enough, is outside of it by this.
#          Whoever looks for cards whose address their bridge does not pass on, or for free room, finds some that there is
#          not.
#
# /sys/bus/pci/devices is a folder, by a library before the C library.
set -euo pipefail

version=0.19-2
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
	--no-replaces --no-enhances libpciaccess-dev pciutils | sed -n 's/^\([a-z0-9][a-z0-9.+-]*\)$/\1/p' | grep -vx libpciaccess-dev)
apt-get -q download "libpciaccess-dev=$version" "${needed[@]}" >log 2>&1 || unavailable
for file in ./*.deb; do dpkg -x "$file" root; done
loader=$(find root/usr/lib -name 'ld-linux*.so.[0-9]' | head -n 1)
libraries=$(find root/usr/lib -name libc.so.6 -printf '%h\n' | head -n 1)

# le VALUE BYTES: little-endian
le() {
	local i
	for ((i = 0; i < $2; i++)); do printf '%b' "\\x$(printf %02x $(($1 >> 8 * i & 255)))"; done
}

# A bridge with 16 MiB from 0xd0000000 and 8 GiB, prefetchable, from 0x4000000000.
bridge=pci/devices/0000:00:01.0
mkdir -p $bridge
{
	le 0x7048086 4 && le 0x100007 4 && le 0x06040000 4 && le 0x10000 4 && le 0 8 && le 0x10100 4 && le 0xf0 4
	le 0xd0f0d000 4 && le 0xfff10001 4 && le 0x40 4 && le 0x41 4 && le 0 16
} >$bridge/config
echo 0x8086 >$bridge/vendor
echo 0x0704 >$bridge/device
echo 0x060400 >$bridge/class
echo 0 >$bridge/irq
for ((i = 0; i < 13; i++)); do echo 0x0000000000000000 0x0000000000000000 0x0000000000000000; done >$bridge/resource

cat >paths.c <<'END'
#define _GNU_SOURCE
#include <dirent.h>
#include <dlfcn.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

static const char *path_of(const char *path, char *room)
{
	if (strncmp(path, "/sys/bus/pci/devices", 20))
		return path;
	snprintf(room, 4096, "pci/devices%s", path + 20);
	return room;
}

#define WRAPPED(type, name, parameters, ...) \
	type name parameters \
	{ \
		type(*next) parameters = dlsym(RTLD_NEXT, #name); \
		char room[4096]; \
\
		return next(path_of(path, room), __VA_ARGS__); \
	}

WRAPPED(int, open, (const char *path, int flags, int mode), flags, mode)
WRAPPED(int, open64, (const char *path, int flags, int mode), flags, mode)
WRAPPED(int, stat, (const char *path, struct stat *st), st)
WRAPPED(int, stat64, (const char *path, struct stat64 *st), st)
WRAPPED(int, scandir,
	(const char *path, struct dirent ***list, int (*filter)(const struct dirent *),
	 int (*compare)(const struct dirent **, const struct dirent **)),
	list, filter, compare)
WRAPPED(int, scandir64,
	(const char *path, struct dirent64 ***list, int (*filter)(const struct dirent64 *),
	 int (*compare)(const struct dirent64 **, const struct dirent64 **)),
	list, filter, compare)
END
cat >windows.c <<'END'
#include <inttypes.h>
#include <pciaccess.h>
#include <stdio.h>

int main(void)
{
	const struct pci_bridge_info *windows;
	struct pci_device *bridge;
	int err = pci_system_init();

	bridge = err ? NULL : pci_device_find_by_slot(0, 0, 1, 0);
	windows = bridge ? pci_device_get_bridge_info(bridge) : NULL;
	if (!windows)
		return 1;
	printf("memory %08" PRIx32 "-%08" PRIx32 "\n", windows->mem_base, windows->mem_limit);
	printf("prefetchable memory %016" PRIx64 "-%016" PRIx64 "\n", windows->prefetch_mem_base, windows->prefetch_mem_limit);
	pci_system_cleanup();
	return 0;
}
END
gcc -shared -fPIC -o paths.so paths.c
cp root/usr/include/pciaccess.h .
gcc -I. -o windows windows.c -L"$libraries" -Wl,--allow-shlib-undefined -lpciaccess
dpkg-deb -f libpciaccess0_*.deb Version
{
	"$loader" --library-path "$libraries" --preload ./paths.so ./windows
	"$loader" --library-path "$libraries" root/usr/bin/lspci -A linux-sysfs -O sysfs.path=pci -b -vv 2>/dev/null |
		sed -n 's/^\t\(.*emory behind bridge\)/lspci: \1/p'
} | tee seen
diff seen - <<'EOF'
memory d0000000-d0f0ffff
prefetchable memory 0000004000000000-00000041fff0ffff
lspci: Memory behind bridge: d0000000-d0ffffff [size=16M] [32-bit]
lspci: Prefetchable memory behind bridge: 0000004000000000-00000041ffffffff [size=8G] [64-bit]
EOF
