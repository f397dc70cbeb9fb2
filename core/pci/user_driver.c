// SPDX-License-Identifier: GPL-2.0-or-later
/* The one table of our drivers' names; what a device had before one of them took it, in /run/pcietool. */
#include "core/pci/user_driver.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/kernel/sysfs.h"

static const struct {
	const char *word; /* NULL: it is chosen by its name only */
	const char *driver;
} drivers[] = {
	{ "helper", "pcietool" },
	{ "vfio", "vfio-pci" },
	{ "uio", "uio_pci_generic" },
	{ NULL, "pci-stub" },
};

#define COUNT (sizeof(drivers) / sizeof(drivers[0]))

const char *user_driver_name(const char *word)
{
	for (size_t i = 0; i < COUNT; i++) {
		if (drivers[i].word && strcmp(word, drivers[i].word) == 0)
			return drivers[i].driver;
	}
	return word;
}

bool user_driver_is_one(const char *driver)
{
	for (size_t i = 0; i < COUNT; i++) {
		if (strcmp(driver, drivers[i].driver) == 0)
			return true;
	}
	return false;
}

bool user_driver_has(const struct device *device, const char *word)
{
	char driver[DRIVER_NAME_SIZE];

	return device_driver(device, driver, sizeof(driver)) == 0 &&
	       strcmp(driver, user_driver_name(word)) == 0;
}

void user_driver_hint_denied(const struct device *dev, bool lockdown, struct error *error)
{
	const char *root =
		lockdown ? "lockdown comes with Secure Boot, see kernel_lockdown(7)" : "run as root";

	if (user_driver_has(dev, "vfio"))
		error_hint(error, "%s%s in a session it goes over VFIO: 'pcietool -s %s session -- COMMAND'",
			   root, lockdown ? ";" : ", or", dev->name);
	else if (lockdown)
		error_hint(error, "%s; VFIO still works under it: 'pcietool -s %s driver bind --to vfio'",
			   root, dev->name);
	else
		error_hint(error, "%s", root);
}

/* --- the record ---------------------------------------------------------------------------------- */

#define DIRECTORY "/run/pcietool"

/*
 * A record is a line: "8086:10d3 e1000e"; the name is empty where there was no driver. Behind it there may be lines
 * "mask 28" and "group-of 0000:01:00.0".
 */
#define ID_SIZE sizeof("8086:10d3 ")
#define RECORD_SIZE (ID_SIZE + DRIVER_NAME_SIZE + PCI_ADDRESS_SIZE + sizeof("\nmask 64\ngroup-of \n"))

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

	rc = sysfs_path(ctx, path, sizeof(path), DIRECTORY);
	if (rc < 0)
		return rc;
	if (create && mkdir(path, 0755) < 0 && errno != EEXIST)
		return error_last();
	fd = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0)
		return error_last();
	if (!is_trusted(fd)) {
		close(fd);
		return -EPERM;
	}
	return fd;
}

/* Another device in the same slot has not had that driver. */
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

/* TEXT is behind the id. */
static void parse(const char *text, struct driver_record *record)
{
	size_t length = strcspn(text, "\n");
	struct driver_record r = { .mask_bits = 0 };

	snprintf(r.previous, sizeof(r.previous), "%.*s", (int)length, text);
	for (text += length; *text; text += strcspn(text, "\n")) {
		text++;
		if (strncmp(text, "mask ", 5) == 0)
			r.mask_bits = (unsigned int)strtoul(text + 5, NULL, 10);
		else if (strncmp(text, "group-of ", 9) == 0)
			snprintf(r.leader, sizeof(r.leader), "%.*s", (int)strcspn(text + 9, "\n"), text + 9);
	}
	*record = r;
}

int driver_record_read(const struct device *device, struct driver_record *record)
{
	char text[RECORD_SIZE];
	char id[ID_SIZE];
	ssize_t n = -1;
	int directory;
	int fd;

	directory = open_directory(device->ctx, false);
	if (directory < 0)
		return directory;
	fd = openat(directory, device->name, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
	if (fd >= 0 && is_trusted(fd))
		n = read(fd, text, sizeof(text));
	if (fd >= 0)
		close(fd);
	close(directory);
	if (n <= 0 || (size_t)n >= sizeof(text) || text[n - 1] != '\n')
		return -ENOENT;
	text[n - 1] = '\0';
	if (format_id(device, id) < 0 || strncmp(text, id, strlen(id)) != 0)
		return -ENOENT;
	parse(text + strlen(id), record);
	return 0;
}

static int write_file(int directory, const char *name, const char *text)
{
	size_t length = strlen(text);
	char temporary[PCI_ADDRESS_SIZE + 8];
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

int driver_record_write(const struct device *device, const struct driver_record *record, struct error *error)
{
	char text[RECORD_SIZE];
	char mask[24] = "";
	char leader[PCI_ADDRESS_SIZE + 16] = "";
	char id[ID_SIZE];
	int directory;
	int rc;

	rc = format_id(device, id);
	if (rc < 0)
		return error_errno(error, rc, "%s: reading its ids", device->name);
	if (record->mask_bits)
		snprintf(mask, sizeof(mask), "mask %u\n", record->mask_bits);
	if (record->leader[0])
		snprintf(leader, sizeof(leader), "group-of %s\n", record->leader);
	snprintf(text, sizeof(text), "%s%s\n%s%s", id, record->previous, mask, leader);
	directory = open_directory(device->ctx, true);
	rc = directory;
	if (directory >= 0) {
		rc = write_file(directory, device->name, text);
		close(directory);
	}
	if (rc < 0) {
		error_errno(error, rc, "%s: remembering its driver in " DIRECTORY, device->name);
		if (geteuid() != 0)
			error_hint(error, "run as root");
	}
	return rc;
}

void driver_record_remove(const struct device *device)
{
	int directory = open_directory(device->ctx, false);

	if (directory < 0)
		return;
	unlinkat(directory, device->name, 0);
	close(directory);
}

unsigned int driver_record_mask_bits(const struct device *device)
{
	struct driver_record record;

	return driver_record_read(device, &record) == 0 && record.mask_bits ? record.mask_bits : 32;
}
