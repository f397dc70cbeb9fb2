// SPDX-License-Identifier: GPL-2.0-or-later
/* The one reader of a function's ids, names, driver and kernel names; for list, info and a survey. */
#include "core/survey/summary.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* --- ids ------------------------------------------------------------------------------------- */

/* What follows KEY at the start of LINE; NULL: it is another line. */
static const char *after(const char *line, const char *key)
{
	size_t n = strlen(key);

	return strncmp(line, key, n) == 0 ? line + n : NULL;
}

static bool take_pair(const char *text, struct fact_number *a, struct fact_number *b)
{
	char *end;
	char *rest;

	*a = (struct fact_number){ .value = strtoul(text, &end, 16) };
	if (*end != ':')
		return false;
	*b = (struct fact_number){ .value = strtoul(end + 1, &rest, 16) };
	return rest > end + 1;
}

/* "DRIVER=e1000e", "PCI_CLASS=20000", "PCI_ID=8086:10D3", a line each: drivers/pci/pci-driver.c, pci_uevent(). */
static bool read_uevent(const struct device *device, struct device_ids *ids, struct fact_text *driver)
{
	unsigned int found = 0; /* of the three with ids */
	char text[1024];
	char *next;

	if (device_read_attribute(device, "uevent", text, sizeof(text)) < 0)
		return false;
	driver->reason = "none";
	for (char *line = text; line; line = next) {
		const char *value;

		next = strchr(line, '\n');
		if (next)
			*next++ = '\0';
		if ((value = after(line, "DRIVER=")) != NULL) {
			driver->reason = NULL;
			snprintf(driver->text, sizeof(driver->text), "%s", value);
		} else if ((value = after(line, "PCI_CLASS=")) != NULL) {
			ids->class_id = (struct fact_number){ .value = strtoul(value, NULL, 16) };
			found++;
		} else if ((value = after(line, "PCI_ID=")) != NULL) {
			found += take_pair(value, &ids->vendor_id, &ids->device_id);
		} else if ((value = after(line, "PCI_SUBSYS_ID=")) != NULL) {
			found += take_pair(value, &ids->subsystem_vendor_id, &ids->subsystem_device_id);
		}
	}
	return found == 3;
}

/* Where there is no uevent, as in a captured tree or a dump. */
static void read_apart(const struct device *device, struct device_ids *ids, struct fact_text *driver)
{
	int rc = device_driver(device, driver->text, sizeof(driver->text));

	driver->reason = rc == -ENOENT ? "none" : rc < 0 ? fact_reason(rc) : NULL;
	fact_read_number(device, "vendor", &ids->vendor_id);
	fact_read_number(device, "device", &ids->device_id);
	if (ids->vendor_id.reason && device->image && device_is_virtual(device))
		ids->vendor_id.reason = ids->device_id.reason = FACT_VIRTUAL_FUNCTION;
	fact_read_number(device, "class", &ids->class_id);
	fact_read_number(device, "subsystem_vendor", &ids->subsystem_vendor_id);
	fact_read_number(device, "subsystem_device", &ids->subsystem_device_id);
}

void device_ids_read(const struct device *device, struct device_ids *ids, struct fact_text *driver)
{
	if (!read_uevent(device, ids, driver))
		read_apart(device, ids, driver);
}

void device_ids_check_subsystem(struct device_ids *ids)
{
	if (ids->subsystem_vendor_id.value == 0 && ids->subsystem_device_id.value == 0 &&
	    !ids->subsystem_vendor_id.reason)
		ids->subsystem_vendor_id.reason = ids->subsystem_device_id.reason = "none";
}

/* --- names ----------------------------------------------------------------------------------- */

static void read_names(struct names *names, struct device_summary *s)
{
	unsigned int vendor = (unsigned int)s->ids.vendor_id.value;

	names_vendor(names, vendor, &s->vendor);
	names_device(names, vendor, (unsigned int)s->ids.device_id.value, &s->device);
	names_class(names, (unsigned int)s->ids.class_id.value >> 8, &s->class_name);
	if (s->ids.vendor_id.reason)
		s->vendor.reason = s->device.reason = s->ids.vendor_id.reason;
	if (s->ids.class_id.reason)
		s->class_name.reason = s->ids.class_id.reason;
}

static void read_details(struct device *device, struct names *names, struct device_summary *s)
{
	fact_read_number(device, "revision", &s->revision);
	device_ids_check_subsystem(&s->ids);
	names_vendor(names, (unsigned int)s->ids.subsystem_vendor_id.value, &s->subsystem_vendor);
	names_subsystem(names, (unsigned int)s->ids.vendor_id.value, (unsigned int)s->ids.device_id.value,
			(unsigned int)s->ids.subsystem_vendor_id.value,
			(unsigned int)s->ids.subsystem_device_id.value, &s->subsystem);
	if (s->ids.subsystem_vendor_id.reason)
		s->subsystem.reason = s->subsystem_vendor.reason = s->ids.subsystem_vendor_id.reason;
}

/* Nobody asked for it. */
static void leave_out_details(struct device_summary *s)
{
	s->revision.reason = "not asked for";
	s->ids.subsystem_vendor_id.reason = s->ids.subsystem_device_id.reason = "not asked for";
	s->subsystem_vendor.reason = s->subsystem.reason = "not asked for";
}

static void read_identity(struct device *device, struct names *names, struct device_summary *s)
{
	memset(s, 0, sizeof(*s));
	snprintf(s->address, sizeof(s->address), "%s", device->name);
	device_ids_read(device, &s->ids, &s->driver);
	read_names(names, s);
}

void device_summary_identity(struct device *device, struct names *names, struct device_summary *s)
{
	read_identity(device, names, s);
	leave_out_details(s);
}

void device_summary_read(struct device *device, struct names *names, bool details, struct device_summary *s)
{
	struct error error;
	int rc;

	read_identity(device, names, s);
	if (details)
		read_details(device, names, s);
	else
		leave_out_details(s);
	link_state_read(device, &s->link);
	rc = device_bars(device, s->bars, &error);
	s->bars_reason = rc < 0 ? fact_reason(rc) : NULL;
}

/* --- what the kernel made of it -------------------------------------------------------------- */

/* PCI Code and ID Assignment 1.11 section 1 */
#define CLASS_STORAGE_NVM 0x0108
#define CLASS_NETWORK 0x02
#define CLASS_DISPLAY 0x03

/* Folders of classes, as they stand in a device's folder */
static const char *const classes[] = {
	"net", "nvme", "block", "drm", "infiniband", "sound", "dma", "ptp", "misc", "tty", "uio", "vfio-dev",
};

/* A virtio device is one below the PCI device, and has the classes in its folder. */
#define VIRTIO "virtio"

static DIR *open_folder(const struct device *device, const char *folder)
{
	int fd = openat(device->folder, folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *dir = fd < 0 ? NULL : fdopendir(fd);

	if (!dir)
		context_lacks(device->ctx, -errno);
	if (!dir && fd >= 0)
		close(fd);
	return dir;
}

/* All that is in FOLDER, which is of class CLASS_NAME. */
static void add_folder(const struct device *device, const char *folder, const char *class_name,
		       struct kernel_names *names)
{
	DIR *dir = open_folder(device, folder);
	struct dirent *entry;

	while (dir && (entry = readdir(dir)) != NULL) {
		struct kernel_name *name;

		if (entry->d_name[0] == '.' || names->count == KERNEL_NAMES_MAX)
			continue;
		name = &names->names[names->count++];
		snprintf(name->class_name, sizeof(name->class_name), "%s", class_name);
		snprintf(name->name, sizeof(name->name), "%.31s", entry->d_name);
	}
	if (dir)
		closedir(dir);
}

/* The folders of classes in FOLDER of the device's (".": its own). */
static void look_in(const struct device *device, const char *folder, struct kernel_names *names)
{
	DIR *dir = open_folder(device, folder);
	struct dirent *entry;
	bool is_own = strcmp(folder, ".") == 0;
	char path[300];

	while (dir && (entry = readdir(dir)) != NULL) {
		snprintf(path, sizeof(path), "%s%s%s", is_own ? "" : folder, is_own ? "" : "/",
			 entry->d_name);
		if (is_own && strncmp(entry->d_name, VIRTIO, strlen(VIRTIO)) == 0)
			look_in(device, path, names);
		for (size_t i = 0; i < sizeof(classes) / sizeof(classes[0]); i++) {
			if (strcmp(entry->d_name, classes[i]) == 0)
				add_folder(device, path, classes[i], names);
		}
	}
	if (dir)
		closedir(dir);
}

static int by_name(const void *a, const void *b)
{
	const struct kernel_name *x = a;
	const struct kernel_name *y = b;
	int order = strcmp(x->class_name, y->class_name);

	return order ? order : strverscmp(x->name, y->name);
}

void kernel_names_read(const struct device *device, struct kernel_names *names)
{
	names->count = 0;
	look_in(device, ".", names);
	qsort(names->names, names->count, sizeof(names->names[0]), by_name);
}

/* The first of FOLDER's; false where there is no such folder, or it is empty. */
static bool first_in(const struct device *device, const char *folder, char name[KERNEL_NAME_SIZE])
{
	DIR *dir = open_folder(device, folder);
	struct dirent *entry;

	while (dir && (entry = readdir(dir)) != NULL) {
		if (entry->d_name[0] != '.' && (!name[0] || strverscmp(entry->d_name, name) < 0))
			snprintf(name, KERNEL_NAME_SIZE, "%.31s", entry->d_name);
	}
	if (dir)
		closedir(dir);
	return name[0];
}

void kernel_name_first(const struct device *device, uint64_t class_id, char name[KERNEL_NAME_SIZE])
{
	struct kernel_names names;

	name[0] = '\0';
	if ((class_id >> 16 == CLASS_NETWORK && first_in(device, "net", name)) ||
	    (class_id >> 16 == CLASS_DISPLAY && first_in(device, "drm", name)) ||
	    (class_id >> 8 == CLASS_STORAGE_NVM && first_in(device, "nvme", name)))
		return;
	kernel_names_read(device, &names);
	if (names.count)
		snprintf(name, KERNEL_NAME_SIZE, "%s", names.names[0].name);
}
