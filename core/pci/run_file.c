// SPDX-License-Identifier: GPL-2.0-or-later
/* Small files in /run/pcietool: who may have written them, and how they are replaced. */
#include "core/pci/run_file.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/kernel/sysfs.h"

#define ID_SIZE sizeof("8086:10d3 ")
#define NAME_SIZE (PCI_ADDRESS_SIZE + 16)

/* Written to by somebody else, its contents would become root's writes to sysfs. */
static bool is_trusted(int fd)
{
	struct stat st;

	return fstat(fd, &st) == 0 && (st.st_uid == 0 || st.st_uid == geteuid()) &&
	       !(st.st_mode & (S_IWGRP | S_IWOTH));
}

static int open_directory(const struct context *ctx, bool create)
{
	char path[PATH_MAX];
	int fd;
	int rc;

	rc = sysfs_path(ctx, path, sizeof(path), RUN_FILE_FOLDER);
	if (rc < 0)
		return rc;
	if (create && mkdir(path, 0755) < 0 && errno != EEXIST)
		return error_last();
	fd = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0)
		return context_lacks(ctx, error_last());
	if (!is_trusted(fd)) {
		close(fd);
		return -EPERM;
	}
	return fd;
}

static void format_name(const struct device *device, const char *suffix, char name[NAME_SIZE])
{
	snprintf(name, NAME_SIZE, "%s%.7s", device->name, suffix);
}

/* Another device in the same slot has not had that done to it. */
static int format_id(const struct device *device, char text[ID_SIZE])
{
	uint64_t vendor = 0;
	uint64_t id = 0;
	int rc;

	rc = sysfs_read_number(device->ctx, &vendor, SYSFS_PCI_DEVICES "/%s/vendor", device->name);
	if (rc == 0)
		rc = sysfs_read_number(device->ctx, &id, SYSFS_PCI_DEVICES "/%s/device", device->name);
	if (rc == 0)
		snprintf(text, ID_SIZE, "%04x:%04x ", (unsigned int)vendor & 0xffff,
			 (unsigned int)id & 0xffff);
	return rc;
}

static int open_file(const struct device *device, const char *suffix)
{
	int directory = open_directory(device->ctx, false);
	char name[NAME_SIZE];
	int fd;

	if (directory < 0)
		return directory;
	format_name(device, suffix, name);
	fd = openat(directory, name, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0)
		fd = context_lacks(device->ctx, error_last());
	close(directory);
	return fd;
}

int run_file_read(const struct device *device, const char *suffix, char text[RUN_FILE_TEXT])
{
	char all[RUN_FILE_TEXT + ID_SIZE] = "";
	char id[ID_SIZE];
	ssize_t n = -1;
	int fd = open_file(device, suffix);

	if (fd < 0)
		return fd;
	if (is_trusted(fd))
		n = read(fd, all, sizeof(all));
	close(fd);
	if (n <= 0 || (size_t)n >= sizeof(all) || all[n - 1] != '\n')
		return -ENOENT;
	all[n - 1] = '\0';
	if (format_id(device, id) < 0 || strncmp(all, id, strlen(id)) != 0)
		return -ENOENT;
	snprintf(text, RUN_FILE_TEXT, "%s", all + strlen(id));
	return 0;
}

static int write_file(int directory, const char *name, const char *text)
{
	size_t length = strlen(text);
	char temporary[NAME_SIZE + 8];
	int rc = 0;
	int fd;

	snprintf(temporary, sizeof(temporary), "%s.new", name);
	fd = openat(directory, temporary, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0644);
	if (fd < 0)
		return error_last();
	if (write(fd, text, length) != (ssize_t)length)
		rc = error_last();
	if (close(fd) < 0 && rc == 0)
		rc = error_last();
	if (rc == 0 && renameat(directory, temporary, directory, name) < 0)
		rc = error_last();
	if (rc < 0)
		unlinkat(directory, temporary, 0);
	return rc;
}

int run_file_write(const struct device *device, const char *suffix, const char *text)
{
	char all[RUN_FILE_TEXT + ID_SIZE] = "";
	char name[NAME_SIZE];
	char id[ID_SIZE];
	int directory;
	int rc;

	rc = format_id(device, id);
	if (rc < 0)
		return rc;
	if (snprintf(all, sizeof(all), "%s%s\n", id, text) >= (int)sizeof(all))
		return -ENAMETOOLONG;
	directory = open_directory(device->ctx, true);
	if (directory < 0)
		return directory;
	format_name(device, suffix, name);
	rc = write_file(directory, name, all);
	close(directory);
	return rc;
}

void run_file_remove(const struct device *device, const char *suffix)
{
	int directory = open_directory(device->ctx, false);
	char name[NAME_SIZE];

	if (directory < 0)
		return;
	format_name(device, suffix, name);
	unlinkat(directory, name, 0);
	close(directory);
}

int run_file_hold(const struct device *device, const char *suffix)
{
	int fd = open_file(device, suffix);
	int rc;

	if (fd < 0 || flock(fd, LOCK_EX | LOCK_NB) == 0)
		return fd;
	rc = error_last();
	close(fd);
	return rc;
}

bool run_file_parse_name(const char *name, const char *suffix, struct pci_address *address)
{
	size_t length = strlen(name);
	char text[PCI_ADDRESS_SIZE];

	if (length <= strlen(suffix))
		return false;
	length -= strlen(suffix);
	if (length >= sizeof(text) || strcmp(name + length, suffix) != 0)
		return false;
	snprintf(text, sizeof(text), "%.*s", (int)length, name);
	return pci_address_parse(text, address) == 0;
}
