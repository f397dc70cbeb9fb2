// SPDX-License-Identifier: GPL-2.0-or-later
/* What stands on a device in sysfs, and whether the system has it mounted or up. */
#include "core/preflight/in_use.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/kernel/sysfs.h"

/* Folders of a device in each other, and block devices on top of each other: more is a loop. */
#define DEPTH_MAX 16

#define IFF_UP_BIT 1 /* netdevice(7) */

/* What is looked for, and what was found. */
struct search {
	const struct context *ctx;
	bool by_name; /* first what can be named, then whether anybody else has it */
	char *text;
	size_t size;
	bool found;
	int error; /* what could not be looked at: the first -errno */
};

static void found(struct search *s, const char *format, ...) __attribute__((format(printf, 2, 3)));

static void found(struct search *s, const char *format, ...)
{
	va_list ap;

	va_start(ap, format);
	vsnprintf(s->text, s->size, format, ap);
	va_end(ap);
	s->found = true;
}

/*
 * RC of looking at something. What is not there or not for us to see is not in use; what we have no descriptor or memory
 * for may be.
 */
static int looked(struct search *s, int rc)
{
	if (s->error == 0 && error_is_lack(rc))
		s->error = rc;
	return rc;
}

static DIR *open_folder(struct search *s, const char *path)
{
	DIR *dir = opendir(path);

	if (!dir)
		looked(s, -errno);
	return dir;
}

/* --- disks --------------------------------------------------------------------------------------- */

/* The disk or interface that a table is read for. */
struct wanted {
	struct search *search;
	const char *name;
	const char *number; /* "98:0", of a disk */
};

/*
 * Is a file system on it mounted: by the device's number, or by its name as the source (btrfs has a number of
 * its own). proc_pid_mountinfo(5): "36 35 98:0 /mnt1 /mnt2 rw,noatime master:1 - ext3 /dev/root rw".
 */
static int see_mount(void *data, const char *line)
{
	const struct wanted *disk = data;
	char device[32];
	char target[PATH_MAX];
	char source[PATH_MAX] = "";
	const char *dash = strstr(line, " - ");

	if (sscanf(line, "%*s %*s %31s %*s %4095s", device, target) != 2)
		return 0;
	if (dash)
		sscanf(dash, " - %*s /dev/%4095s", source);
	if (strcmp(device, disk->number) == 0 || strcmp(source, disk->name) == 0)
		found(disk->search, "the disk %s is mounted on %s", disk->name, target);
	return disk->search->found;
}

/* Where there is a /proc every process has this file: without it a disk may be mounted all the same. */
static void look_for_mount(struct search *s, struct wanted *disk)
{
	int rc = looked(s, sysfs_each_line(s->ctx, "/proc/self/mountinfo", see_mount, disk));

	if (rc == -ENOENT && s->error == 0)
		s->error = rc;
}

/* proc_swaps(5): the first word of a line is the file. */
static int see_swap(void *data, const char *line)
{
	const struct wanted *disk = data;
	char file[PATH_MAX];

	if (sscanf(line, "/dev/%4095s", file) == 1 && strcmp(file, disk->name) == 0)
		found(disk->search, "the system swaps to the disk %s", disk->name);
	return disk->search->found;
}

/*
 * Whoever else uses it exclusively: file systems in other mount namespaces or of several disks, RAID, virtual
 * machines. open(2), O_EXCL on a block device: EBUSY then.
 */
static void check_exclusive(struct search *s, const char *name)
{
	char path[PATH_MAX];
	struct stat st;
	int fd;

	if (sysfs_path(s->ctx, path, sizeof(path), "/dev/%s", name) < 0 || stat(path, &st) < 0 ||
	    !S_ISBLK(st.st_mode))
		return;
	fd = open(path, O_RDONLY | O_EXCL | O_NONBLOCK | O_CLOEXEC);
	if (fd >= 0)
		close(fd);
	else if (errno == EBUSY)
		found(s, "the disk %s is in use", name);
	else
		looked(s, -errno);
}

static void check_block(struct search *s, const char *name, int depth);

/* What stands on it: device mapper, RAID. */
static void check_holders(struct search *s, const char *name, int depth)
{
	char path[PATH_MAX];
	struct dirent *entry;
	DIR *dir;

	if (sysfs_path(s->ctx, path, sizeof(path), "/sys/class/block/%s/holders", name) < 0)
		return;
	dir = open_folder(s, path);
	while (dir && !s->found && (entry = readdir(dir))) {
		if (entry->d_name[0] != '.')
			check_block(s, entry->d_name, depth + 1);
	}
	if (dir)
		closedir(dir);
}

static void check_block(struct search *s, const char *name, int depth)
{
	char number[32];
	struct wanted disk = { .search = s, .name = name, .number = number };

	if (depth > DEPTH_MAX)
		return;
	if (!s->by_name) {
		check_exclusive(s, name);
		return;
	}
	if (looked(s, sysfs_read(s->ctx, number, sizeof(number), "/sys/class/block/%s/dev", name)) == 0)
		look_for_mount(s, &disk);
	if (!s->found)
		looked(s, sysfs_each_line(s->ctx, "/proc/swaps", see_swap, &disk));
	if (!s->found)
		check_holders(s, name, depth);
}

/*
 * Of an NVMe disk with several paths, the path nvme0c1n2 lies below the device; what is mounted is nvme0n2
 * and its partitions, which lie elsewhere (drivers/nvme/host/multipath.c).
 */
static void check_path_of_nvme(struct search *s, const char *name)
{
	unsigned int subsystem;
	unsigned int namespace;
	unsigned int path_number;
	struct dirent *entry;
	char path[PATH_MAX];
	char disk[32];
	DIR *dir;

	if (sscanf(name, "nvme%uc%un%u", &subsystem, &path_number, &namespace) != 3)
		return;
	snprintf(disk, sizeof(disk), "nvme%un%u", subsystem, namespace);
	check_block(s, disk, 0);
	if (s->found || sysfs_path(s->ctx, path, sizeof(path), "/sys/class/block/%s", disk) < 0)
		return;
	dir = open_folder(s, path);
	while (dir && !s->found && (entry = readdir(dir))) {
		size_t n = strlen(disk);

		if (strncmp(entry->d_name, disk, n) == 0 && entry->d_name[n] == 'p')
			check_block(s, entry->d_name, 0);
	}
	if (dir)
		closedir(dir);
}

/* --- interfaces ------------------------------------------------------------------------------------ */

/* "Iface Destination Gateway Flags ...": the default route's destination is 0; Documentation: proc_net(5) */
static int see_route(void *data, const char *line)
{
	const struct wanted *wanted = data;
	char interface[64];
	char destination[16];

	return sscanf(line, "%63s %15s", interface, destination) == 2 &&
	       strcmp(interface, wanted->name) == 0 && strcmp(destination, "00000000") == 0;
}

static void check_interface(struct search *s, const char *path, const char *name)
{
	struct wanted wanted = { .search = s, .name = name };
	uint64_t flags;

	if (looked(s, sysfs_read_number(s->ctx, &flags, "%s/flags", path)) == 0 && flags & IFF_UP_BIT)
		found(s, "the network interface %s is up%s", name,
		      sysfs_each_line(s->ctx, "/proc/net/route", see_route, &wanted) > 0
			      ? " (it has the default route)"
			      : "");
}

/* --- the walk -------------------------------------------------------------------------------------- */

/* PATH is without the sysroot. */
static void check_folder(struct search *s, const char *path, const char *name)
{
	char subsystem[64];

	if (sysfs_link_name(s->ctx, subsystem, sizeof(subsystem), "%s/subsystem", path) < 0)
		return;
	if (strcmp(subsystem, "net") == 0) {
		check_interface(s, path, name);
	} else if (strcmp(subsystem, "block") == 0) {
		check_block(s, name, 0);
		if (!s->found)
			check_path_of_nvme(s, name);
	}
}

static void walk(struct search *s, const char *path, int depth)
{
	char full[PATH_MAX];
	struct dirent *entry;
	DIR *dir;

	if (depth > DEPTH_MAX || sysfs_path(s->ctx, full, sizeof(full), "%s", path) < 0)
		return;
	dir = open_folder(s, full);
	while (dir && !s->found && (entry = readdir(dir))) {
		char below[PATH_MAX];

		/* links lead to other devices */
		if (entry->d_type != DT_DIR || entry->d_name[0] == '.' ||
		    snprintf(below, sizeof(below), "%s/%s", path, entry->d_name) >= (int)sizeof(below))
			continue;
		check_folder(s, below, entry->d_name);
		if (!s->found)
			walk(s, below, depth + 1);
	}
	if (dir)
		closedir(dir);
}

int in_use_find(const struct device *device, char *what, size_t size)
{
	struct search s = { .ctx = device->ctx, .text = what, .size = size };
	char path[128];

	what[0] = '\0';
	snprintf(path, sizeof(path), SYSFS_PCI_DEVICES "/%s", device->name);
	s.by_name = true;
	walk(&s, path, 0);
	s.by_name = false;
	if (!s.found)
		walk(&s, path, 0);
	return s.found ? 1 : s.error;
}

int in_use_check(const struct device *device, const char *subject, const char *hint, struct error *error)
{
	char what[256];
	int rc = in_use_find(device, what, sizeof(what));

	if (rc == 0)
		return 0;
	if (rc < 0) {
		if (rc == -ENOENT)
			rc = error_set(error, ERROR_FAILED, "no-proc",
				       "%s: whether a disk is mounted cannot be seen: there is no "
				       "/proc/self/mountinfo here",
				       subject);
		else
			rc = error_errno(error, rc, "%s: looking for what uses %s", subject, device->name);
		error_hint(error, "--force does it without knowing");
		return rc;
	}
	rc = error_set(error, ERROR_DENIED, "in-use", "%s: %s", subject, what);
	error_hint(error, "%s", hint);
	return rc;
}
