// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/survey/kernel_names.h"

#include <dirent.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/kernel/sysfs.h"

/* Folders of classes, as they stand in a device's folder */
static const char *const classes[] = {
	"net", "nvme", "block", "drm", "infiniband", "sound", "dma", "ptp", "misc", "tty", "uio", "vfio-dev",
};

/* A virtio device is one below the PCI device, and has the classes in its folder. */
#define VIRTIO "virtio"

static DIR *open_folder(const struct device *device, const char *folder)
{
	char path[PATH_MAX];

	if (sysfs_path(device->ctx, path, sizeof(path), SYSFS_PCI_DEVICES "/%s/%s", device->name, folder) < 0)
		return NULL;
	return opendir(path);
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

/* The folders of classes in FOLDER of the device's ("": its own). */
static void look_in(const struct device *device, const char *folder, struct kernel_names *names)
{
	DIR *dir = open_folder(device, folder);
	struct dirent *entry;
	char path[300];

	while (dir && (entry = readdir(dir)) != NULL) {
		snprintf(path, sizeof(path), "%s%s%s", folder, folder[0] ? "/" : "", entry->d_name);
		if (!folder[0] && strncmp(entry->d_name, VIRTIO, strlen(VIRTIO)) == 0)
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
	look_in(device, "", names);
	qsort(names->names, names->count, sizeof(names->names[0]), by_name);
}
