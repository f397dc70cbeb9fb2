// SPDX-License-Identifier: GPL-2.0-or-later
/* Map N of a UIO device: all of it at once, at N pages' offset of /dev/uioN. */
#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

#include "core/backend/backend.h"
#include "core/region/provider.h"
#include "core/backend/uio.h"
#include "core/backend/path.h"

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
