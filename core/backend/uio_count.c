// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/backend/uio_count.h"
#include "core/backend/path.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/kernel/sysfs.h"

uint64_t uio_count_after(uint64_t last, uint32_t now)
{
	return last + (uint32_t)(now - (uint32_t)last);
}

uint64_t uio_count_near(uint64_t near, uint32_t now)
{
	int32_t apart = (int32_t)(now - (uint32_t)near);

	/* before the first there is none */
	if (apart < 0 && near < (uint64_t) - (int64_t)apart)
		return now;
	return near + (uint64_t)(int64_t)apart;
}

/* Locked; -errno where this user has no place for it. */
static int open_record(const struct device *device)
{
	char path[PATH_MAX];
	struct stat st;
	int fd;

	if (geteuid() != 0 && !*device->ctx->sysroot)
		return -EACCES;
	if (sysfs_path(device->ctx, path, sizeof(path), "/run/pcietool") < 0 ||
	    (mkdir(path, 0755) < 0 && errno != EEXIST))
		return -EACCES;
	if (sysfs_path(device->ctx, path, sizeof(path), "/run/pcietool/uio%d.count", device_uio(device)) < 0)
		return -EACCES;
	fd = open(path, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (fd < 0)
		return error_last();
	if (fstat(fd, &st) < 0 || st.st_uid != geteuid() || flock(fd, LOCK_EX) < 0) {
		close(fd);
		return -EACCES;
	}
	return fd;
}

/* Another binding's folder has another inode: its counter starts anew. */
static uint64_t binding(const struct device *device)
{
	char path[PATH_MAX];
	struct stat st;

	if (sysfs_path(device->ctx, path, sizeof(path), "/sys/class/uio/uio%d/", device_uio(device)) < 0 ||
	    stat(path, &st) < 0)
		return 0;
	return st.st_ino;
}

uint64_t uio_count_extend(const struct device *device, uint32_t now, uint64_t near)
{
	uint64_t inode = binding(device);
	uint64_t count = now;
	uint64_t was;
	uint64_t last;
	char text[64];
	ssize_t n;
	int fd;

	fd = open_record(device);
	if (fd < 0)
		return uio_count_near(near, now);
	n = pread(fd, text, sizeof(text) - 1, 0);
	text[n > 0 ? n : 0] = '\0';
	if (sscanf(text, "%" SCNu64 " %" SCNu64, &was, &last) == 2 && was == inode)
		count = uio_count_after(last, now);
	n = snprintf(text, sizeof(text), "%" PRIu64 " %" PRIu64 "\n", inode, count);
	/* counts only grow, so a shorter text never follows a longer one but for another binding */
	if (ftruncate(fd, 0) < 0 || pwrite(fd, text, (size_t)n, 0) != n)
		context_log(device->ctx, LOG_WARN, "%s: its count cannot be kept in /run/pcietool",
			    device->name);
	close(fd);
	return count;
}
