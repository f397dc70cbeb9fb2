// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/backend/uio.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/base/array.h"
#include "core/backend/path.h"
#include "core/backend/session_link.h"
#include "core/kernel/sysfs.h"

#define CLASS "/sys/class/uio"

/* "uio12": 12; false for any other name. */
static bool parse_name(const char *name, unsigned int *number)
{
	char *end;
	unsigned long n;

	if (strncmp(name, "uio", 3) != 0 || !isdigit((unsigned char)name[3]))
		return false;
	n = strtoul(name + 3, &end, 10);
	if (*end || n > INT_MAX)
		return false;
	*number = (unsigned int)n;
	return true;
}

static int compare(const void *a, const void *b)
{
	const unsigned int *x = a;
	const unsigned int *y = b;

	return *x < *y ? -1 : *x > *y;
}

int uio_list(const struct context *ctx, unsigned int **numbers, size_t *count, struct error *error)
{
	unsigned int *list = NULL;
	char path[PATH_MAX];
	struct dirent *entry;
	size_t n = 0;
	int rc;
	DIR *dir;

	rc = sysfs_path(ctx, path, sizeof(path), CLASS);
	/* without the module there is no folder */
	dir = rc == 0 ? opendir(path) : NULL;
	while (dir && rc == 0 && (entry = readdir(dir))) {
		unsigned int number;
		unsigned int *grown;

		if (!parse_name(entry->d_name, &number))
			continue;
		grown = array_grow(list, n, sizeof(*list));
		if (!grown) {
			rc = -ENOMEM;
			break;
		}
		list = grown;
		list[n++] = number;
	}
	if (dir)
		closedir(dir);
	if (rc < 0) {
		free(list);
		return error_errno(error, rc, "listing UIO devices");
	}
	if (n)
		qsort(list, n, sizeof(*list), compare);
	*numbers = list;
	*count = n;
	return 0;
}

/* --- attributes ----------------------------------------------------------------------------------- */

static void read_text(int folder, const char *name, struct fact_text *fact)
{
	int rc = sysfs_read_at(folder, name, fact->text, sizeof(fact->text));

	fact->reason = rc < 0 ? fact_reason(rc) : NULL;
}

/* What is no number is unknown: drivers may show what they like. */
static void read_number(int folder, const char *name, struct fact_number *fact)
{
	int rc = sysfs_read_number_at(folder, name, &fact->value);

	fact->reason = rc == -EINVAL ? "no number" : rc < 0 ? fact_reason(rc) : NULL;
}

static int attribute(char *text, size_t size, const char *group, unsigned int index, const char *name)
{
	return snprintf(text, size, "%s%u/%s", group, index, name) < (int)size;
}

static void read_map(int folder, unsigned int index, struct uio_device *uio)
{
	struct uio_map *map = &uio->maps[uio->map_count];
	char path[64];

	attribute(path, sizeof(path), "maps/map", index, "size");
	if (faccessat(folder, path, F_OK, 0) < 0)
		return;
	map->index = index;
	read_number(folder, path, &map->size);
	attribute(path, sizeof(path), "maps/map", index, "addr");
	read_number(folder, path, &map->address);
	attribute(path, sizeof(path), "maps/map", index, "offset");
	read_number(folder, path, &map->offset);
	attribute(path, sizeof(path), "maps/map", index, "name");
	read_text(folder, path, &map->name);
	uio->map_count++;
}

static void read_port(int folder, unsigned int index, struct uio_device *uio)
{
	struct uio_port *port = &uio->ports[uio->port_count];
	char path[64];

	attribute(path, sizeof(path), "portio/port", index, "size");
	if (faccessat(folder, path, F_OK, 0) < 0)
		return;
	port->index = index;
	read_number(folder, path, &port->size);
	attribute(path, sizeof(path), "portio/port", index, "start");
	read_number(folder, path, &port->start);
	attribute(path, sizeof(path), "portio/port", index, "porttype");
	read_text(folder, path, &port->type);
	attribute(path, sizeof(path), "portio/port", index, "name");
	read_text(folder, path, &port->name);
	uio->port_count++;
}

int uio_open_folder(const struct context *ctx, unsigned int number, struct error *error)
{
	int folder = sysfs_open(ctx, O_PATH | O_DIRECTORY, CLASS "/uio%u", number);
	int rc;

	if (folder >= 0)
		return folder;
	rc = error_set(error, ERROR_SELECT, "no-device", "uio%u: no such UIO device", number);
	error_hint(error, "'pcietool uio list' shows those that there are");
	return rc;
}

int uio_read(const struct context *ctx, unsigned int number, struct uio_device *uio, struct error *error)
{
	int folder = uio_open_folder(ctx, number, error);
	int rc;

	if (folder < 0)
		return folder;
	*uio = (struct uio_device){ .number = number };
	read_text(folder, "name", &uio->name);
	read_text(folder, "version", &uio->version);
	read_number(folder, "event", &uio->events);
	rc = sysfs_link_name(ctx, uio->parent.text, sizeof(uio->parent.text), CLASS "/uio%u/device", number);
	uio->parent.reason = rc < 0 ? "none" : NULL;
	uio->is_pci = rc == 0 && pci_address_parse(uio->parent.text, &uio->address) == 0;
	for (unsigned int i = 0; i < UIO_MAPS; i++)
		read_map(folder, i, uio);
	for (unsigned int i = 0; i < UIO_PORTS; i++)
		read_port(folder, i, uio);
	close(folder);
	return 0;
}

int uio_find(const struct context *ctx, const char *name, unsigned int *number)
{
	char path[PATH_MAX];
	struct dirent *entry;
	int rc = -ENOENT;
	DIR *dir;

	if (sysfs_path(ctx, path, sizeof(path), SYSFS_PCI_DEVICES "/%s/uio", name) < 0)
		return -ENOENT;
	dir = opendir(path);
	while (dir && rc < 0 && (entry = readdir(dir))) {
		if (parse_name(entry->d_name, number))
			rc = 0;
	}
	if (dir)
		closedir(dir);
	return rc;
}

/* --- a device ---------------------------------------------------------------------------------------- */

int uio_open_node(const struct device *device, int *fd, struct error *error)
{
	int rc;

	/* each close of a node of its own would clear bus mastering */
	if (device_session(device) && session_link_kind(device_session(device)) == BACKEND_UIO)
		rc = fcntl(session_link_fd(device_session(device)), F_DUPFD_CLOEXEC, 0);
	else
		rc = sysfs_open(device->ctx, O_RDWR, "/dev/uio%d", device_uio(device));
	if (rc >= 0) {
		*fd = rc;
		return 0;
	}
	error_errno(error, rc, "%s: opening /dev/uio%d", device->name, device_uio(device));
	if (rc == -EACCES || rc == -EPERM)
		error_hint(error, "run as root, or give the node to its user: chown USER /dev/uio%d",
			   device_uio(device));
	else if (rc == -ENOENT)
		error_hint(error, "its driver was unbound, or nobody made its node (udev)");
	return rc;
}
