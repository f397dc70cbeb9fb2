// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A library for LD_PRELOAD: the first $BUSY_DEVICE of the calls mmap(), pread() and pwrite() on a BAR of a VFIO
 * device fail with EBUSY, as all but one do of the first uses by several processes at a time.
 */
#include <dlfcn.h>
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/types.h>
#include <unistd.h>

/* What anon_inode_getfile(9) names it, before and since devices have nodes of their own. */
static bool is_device(int fd)
{
	char link[64];
	char path[128];
	ssize_t n;

	snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);
	n = readlink(link, path, sizeof(path) - 1);
	path[n < 0 ? 0 : n] = '\0';
	return strstr(path, "vfio-device") || strstr(path, "vfio/devices/");
}

/* VFIO_PCI_OFFSET_TO_INDEX() of drivers/vfio/pci/vfio_pci_core.c: the ROM and config space come behind six BARs. */
#define OFFSET_SHIFT 40
#define BARS 6

static bool is_busy(int fd, off_t offset)
{
	static unsigned long seen;
	const char *number = getenv("BUSY_DEVICE");

	if (!number || offset >> OFFSET_SHIFT >= BARS || !is_device(fd) || seen >= strtoul(number, NULL, 10))
		return false;
	seen++;
	errno = EBUSY;
	return true;
}

void *mmap(void *address, size_t length, int protection, int flags, int fd, off_t offset)
{
	void *(*next)(void *, size_t, int, int, int, off_t) =
		(void *(*)(void *, size_t, int, int, int, off_t))dlsym(RTLD_NEXT, "mmap64");

	return fd >= 0 && is_busy(fd, offset) ? MAP_FAILED
					      : next(address, length, protection, flags, fd, offset);
}

ssize_t pread(int fd, void *data, size_t size, off_t offset)
{
	ssize_t (*next)(int, void *, size_t, off_t) =
		(ssize_t(*)(int, void *, size_t, off_t))dlsym(RTLD_NEXT, "pread64");

	return is_busy(fd, offset) ? -1 : next(fd, data, size, offset);
}

ssize_t pwrite(int fd, const void *data, size_t size, off_t offset)
{
	ssize_t (*next)(int, const void *, size_t, off_t) =
		(ssize_t(*)(int, const void *, size_t, off_t))dlsym(RTLD_NEXT, "pwrite64");

	return is_busy(fd, offset) ? -1 : next(fd, data, size, offset);
}
