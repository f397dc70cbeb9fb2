// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * UIO devices in sysfs, their nodes, their maps as regions: all of a map N at once, at N pages' offset of
 * the node.
 */
#include "core/backend/uio.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

#include "core/backend/backend.h"
#include "core/backend/path.h"
#include "core/backend/session_link.h"
#include "core/kernel/sysfs.h"
#include "core/preflight/preflight.h"
#include "core/region/provider.h"

#define CLASS "/sys/class/uio"

int uio_list(const struct context *ctx, unsigned int **numbers, size_t *count, struct error *error)
{
	int rc = sysfs_list_numbers(ctx, CLASS, "uio", numbers, count);

	return rc < 0 ? error_errno(error, rc, "listing UIO devices") : 0;
}

/* --- attributes ----------------------------------------------------------------------------------- */

#define MAPS "maps/map" /* Documentation/driver-api/uio-howto.rst */
#define PORTS "portio/port"
#define ATTRIBUTE_SIZE 64

/* "maps/map0/size", in PATH. */
static const char *attribute(char path[static ATTRIBUTE_SIZE], const char *group, unsigned int index,
			     const char *name)
{
	snprintf(path, ATTRIBUTE_SIZE, "%s%u/%s", group, index, name);
	return path;
}

static void read_text(const struct context *ctx, int folder, const char *name, struct fact_text *fact)
{
	int rc = sysfs_read_at(ctx, folder, name, fact->text, sizeof(fact->text));

	fact->reason = rc < 0 ? fact_reason(rc) : NULL;
}

/* What is no number is unknown: drivers may show what they like. */
static void read_number(const struct context *ctx, int folder, const char *name, struct fact_number *fact)
{
	int rc = sysfs_read_number_at(ctx, folder, name, &fact->value);

	fact->reason = rc == -EINVAL ? "no number" : rc < 0 ? fact_reason(rc) : NULL;
}

static void read_map(const struct context *ctx, int folder, unsigned int index, struct uio_device *uio)
{
	struct uio_map *map = &uio->maps[uio->map_count];
	char path[ATTRIBUTE_SIZE];

	if (faccessat(folder, attribute(path, MAPS, index, "size"), F_OK, 0) < 0)
		return;
	map->index = index;
	read_number(ctx, folder, attribute(path, MAPS, index, "size"), &map->size);
	read_number(ctx, folder, attribute(path, MAPS, index, "addr"), &map->address);
	read_number(ctx, folder, attribute(path, MAPS, index, "offset"), &map->offset);
	read_text(ctx, folder, attribute(path, MAPS, index, "name"), &map->name);
	uio->map_count++;
}

static void read_port(const struct context *ctx, int folder, unsigned int index, struct uio_device *uio)
{
	struct uio_port *port = &uio->ports[uio->port_count];
	char path[ATTRIBUTE_SIZE];

	if (faccessat(folder, attribute(path, PORTS, index, "size"), F_OK, 0) < 0)
		return;
	port->index = index;
	read_number(ctx, folder, attribute(path, PORTS, index, "size"), &port->size);
	read_number(ctx, folder, attribute(path, PORTS, index, "start"), &port->start);
	read_text(ctx, folder, attribute(path, PORTS, index, "porttype"), &port->type);
	read_text(ctx, folder, attribute(path, PORTS, index, "name"), &port->name);
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
	read_text(ctx, folder, "name", &uio->name);
	read_text(ctx, folder, "version", &uio->version);
	read_number(ctx, folder, "event", &uio->events);
	rc = sysfs_link_name(ctx, uio->parent.text, sizeof(uio->parent.text), CLASS "/uio%u/device", number);
	uio->parent.reason = rc < 0 ? "none" : NULL;
	uio->is_pci = rc == 0 && pci_address_parse(uio->parent.text, &uio->address) == 0;
	for (unsigned int i = 0; i < UIO_MAPS; i++)
		read_map(ctx, folder, i, uio);
	for (unsigned int i = 0; i < UIO_PORTS; i++)
		read_port(ctx, folder, i, uio);
	close(folder);
	return 0;
}

int uio_find(const struct context *ctx, const char *name, unsigned int *number)
{
	DIR *dir = sysfs_opendir(ctx, SYSFS_PCI_DEVICES "/%s/uio", name);
	struct dirent *entry;
	int rc = -ENOENT;

	while (dir && rc < 0 && (entry = readdir(dir))) {
		if (sysfs_name_number(entry->d_name, "uio", number))
			rc = 0;
	}
	if (dir)
		closedir(dir);
	return rc;
}

/* --- a device ---------------------------------------------------------------------------------------- */

static int explain_open(const struct device *device, int rc, struct error *error)
{
	int number = device_uio(device);
	char node[32];
	char name[64];

	snprintf(node, sizeof(node), "/dev/uio%d", number);
	/* its driver has it still; ENODEV: drivers/uio/uio.c, uio_open(), of numbers that are no device's */
	if ((preflight_is_no_node(rc) || rc == -ENODEV) &&
	    sysfs_read(device->ctx, name, sizeof(name), CLASS "/uio%d/name", number) == 0)
		return preflight_no_node(device, node, "", error);
	error_errno(error, rc, "%s: opening %s", device->name, node);
	if (rc == -EACCES || rc == -EPERM)
		error_hint(error, "run as root, or give the node to its user: chown USER %s", node);
	else if (rc == -ENOENT)
		error_hint(error, "its driver was unbound");
	return rc;
}

int uio_open_node(const struct device *device, int *fd, struct error *error)
{
	int rc;

	/* each close of a node of its own would clear bus mastering */
	if (device_session(device) && session_link_kind(device_session(device)) == BACKEND_UIO)
		rc = fcntl(session_link_fd(device_session(device)), F_DUPFD_CLOEXEC, 0);
	else
		rc = sysfs_open(device->ctx, O_RDWR, "/dev/uio%d", device_uio(device));
	if (rc < 0)
		return explain_open(device, rc, error);
	*fd = rc;
	return 0;
}

/* --- its maps as regions ------------------------------------------------------------------------- */

static int no_map(const struct uio_device *uio, unsigned int index, struct error *error)
{
	int rc = error_set(error, ERROR_UNSUPPORTED, "no-map", "uio%u: it has no map %u, it has %zu",
			   uio->number, index, uio->map_count);

	if (uio->map_count == 0 && uio->is_pci)
		error_hint(error, "registers of a PCI device are reached over sysfs too: -s %s --via sysfs",
			   uio->parent.text);
	else if (uio->port_count > 0)
		error_hint(error, "its port regions are not reached over UIO; see 'pcietool uio list'");
	else
		error_hint(
			error,
			"'pcietool uio list' shows them; a number before the ':' of an operand is the map's");
	return rc;
}

/* A driver may say anything there. */
static int check_size(const struct uio_device *uio, const struct uio_map *map, struct error *error)
{
	uint64_t page = (uint64_t)sysconf(_SC_PAGESIZE);
	const char *what = NULL;

	if (map->size.reason)
		what = "size";
	else if (map->offset.reason || map->offset.value >= page)
		what = "offset";
	else if (map->size.value == 0 || map->size.value > UINT64_C(1) << 46)
		what = "size";
	if (!what)
		return 0;
	return error_set(error, ERROR_FAILED, "bad-map",
			 "uio%u: map %u: the %s that its driver tells makes no sense", uio->number,
			 map->index, what);
}

static const struct uio_map *find_map(const struct uio_device *uio, unsigned int index)
{
	for (size_t i = 0; i < uio->map_count; i++) {
		if (uio->maps[i].index == index)
			return &uio->maps[i];
	}
	return NULL;
}

static size_t power_above(uint64_t size)
{
	size_t power = (size_t)sysconf(_SC_PAGESIZE);

	while (power < size)
		power *= 2;
	return power;
}

static int explain_map(struct device *dev, unsigned int index, int rc, struct error *error)
{
	error_errno(error, rc, "%s: mapping map %u of /dev/uio%d", dev->name, index, device_uio(dev));
	error->kind = rc == -EACCES || rc == -EPERM ? ERROR_DENIED : ERROR_FAILED;
	if (rc == -EINVAL || rc == -ENODEV)
		error_hint(
			error,
			"its driver does not let this memory be mapped, or tells another size than it has");
	return rc;
}

static int uio_open_bar(struct device *dev, const struct bar *bar, bool write, struct region **region,
			struct error *error)
{
	uint64_t page = (uint64_t)sysconf(_SC_PAGESIZE);
	const struct uio_map *map;
	struct uio_device uio;
	struct region template;
	int rc;

	rc = uio_read(dev->ctx, (unsigned int)device_uio(dev), &uio, error);
	if (rc < 0)
		return rc;
	/* what could not be looked at makes no sense either */
	rc = context_lack(dev->ctx);
	if (rc < 0)
		return error_errno(error, rc, "uio%u: reading its maps", uio.number);
	map = find_map(&uio, bar->index);
	rc = map ? check_size(&uio, map, error) : no_map(&uio, bar->index, error);
	if (rc < 0)
		return rc;
	template = (struct region){
		.ops = &region_mapped_ops,
		.device = dev,
		.size = map->size.value,
		.max_width = 64,
		/* the offset in the file is the map's number and no place in it: there can be one window only */
		.granule = power_above(map->size.value),
		.file_base = bar->index * page + map->offset.value,
		.prot = write ? PROT_READ | PROT_WRITE : PROT_READ,
	};
	snprintf(template.name, sizeof(template.name), "map %u", bar->index);
	if (bar->index > 0)
		snprintf(template.prefix, sizeof(template.prefix), "%u:", bar->index);
	rc = uio_open_node(dev, &template.fd, error);
	if (rc < 0)
		return rc;
	rc = region_map(&template);
	if (rc < 0)
		rc = explain_map(dev, bar->index, rc, error);
	else
		rc = region_new(&template, region, error);
	if (rc < 0)
		template.ops->close(&template);
	return rc;
}

const struct backend backend_uio = {
	.name = "uio",
	.open_bar = uio_open_bar,
};
