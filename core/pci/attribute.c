// SPDX-License-Identifier: GPL-2.0-or-later
/* The files of a function's folder in sysfs, or what a dump says in their place. */
#include "core/pci/attribute.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "core/kernel/sysfs.h"
#include "core/pci/dump.h"

/* Where an attribute is in config space, PCI Local Bus 3.0 section 6.2.1 and 6.2.4 */
static const struct {
	const char *name;
	unsigned int offset;
	unsigned int bytes;
} places[] = {
	{ "vendor", 0x00, 2 }, { "device", 0x02, 2 },		{ "revision", 0x08, 1 },
	{ "class", 0x09, 3 },  { "subsystem_vendor", 0x2c, 2 }, { "subsystem_device", 0x2e, 2 },
};

#define HEADER_TYPE 0x0e
#define SUBSYSTEM 0x2c /* of type 0 only */

static int from_dump(const struct dump_device *d, const char *attribute, uint64_t *value);

/* A virtual function has no ids of its own: PCIe 6.0 sections 9.3.4.1.1 and 9.3.4.1.2. */
static int virtual_id(const struct dump_device *d, const char *attribute, uint64_t *value)
{
	if (!d->physical)
		return -ENODATA;
	if (strcmp(attribute, "vendor") == 0)
		return from_dump(d->physical, attribute, value);
	*value = d->virtual_id;
	return 0;
}

static bool is_id(const char *attribute)
{
	return strcmp(attribute, "vendor") == 0 || strcmp(attribute, "device") == 0;
}

static int from_dump(const struct dump_device *d, const char *attribute, uint64_t *value)
{
	if (!d)
		return -ENODEV;
	if (is_id(attribute) && dump_device_is_virtual(d))
		return virtual_id(d, attribute, value);
	for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
		uint64_t v = 0;

		if (strcmp(places[i].name, attribute) != 0)
			continue;
		if (places[i].offset + places[i].bytes > d->size)
			return -ENODATA;
		for (unsigned int n = places[i].bytes; n-- > 0;)
			v = v << 8 | d->bytes[places[i].offset + n];
		/* sysfs has zeroes for a bridge */
		if (places[i].offset >= SUBSYSTEM && (d->bytes[HEADER_TYPE] & 0x7f) != 0)
			v = 0;
		*value = v;
		return 0;
	}
	return -ENODATA;
}

int pci_attribute_read(const struct context *ctx, const struct pci_address *address, const char *attribute,
		       uint64_t *value)
{
	char name[PCI_ADDRESS_SIZE];

	if (ctx->dump)
		return from_dump(dump_find(ctx->dump, address), attribute, value);
	pci_address_format(address, name);
	return sysfs_read_number(ctx, value, SYSFS_PCI_DEVICES "/%s/%s", name, attribute);
}

/* --- of a device that is open ----------------------------------------------------------------------- */

int device_read_attribute(const struct device *dev, const char *name, char *text, size_t size)
{
	return dev->image ? -ENODATA : sysfs_read_at(dev->ctx, dev->folder, name, text, size);
}

int device_read_number(const struct device *dev, const char *name, uint64_t *value)
{
	if (dev->image)
		return pci_attribute_read(dev->ctx, &dev->address, name, value);
	return sysfs_read_number_at(dev->ctx, dev->folder, name, value);
}

int device_driver(const struct device *dev, char *name, size_t size)
{
	char target[PATH_MAX];
	const char *slash;
	ssize_t n;

	if (dev->image)
		return -ENODATA;
	n = readlinkat(dev->folder, "driver", target, sizeof(target) - 1);
	if (n < 0)
		return -errno;
	target[n] = '\0';
	slash = strrchr(target, '/');
	n = snprintf(name, size, "%s", slash ? slash + 1 : target);
	return (size_t)n >= size ? -ENAMETOOLONG : 0;
}

bool attribute_exists(const struct device *device, const char *name)
{
	char path[PATH_MAX];

	return sysfs_path(device->ctx, path, sizeof(path), SYSFS_PCI_DEVICES "/%s/%s", device->name, name) ==
		       0 &&
	       access(path, F_OK) == 0;
}

/* A function that is removed takes its files with it. */
int attribute_check_device(const struct device *device, struct error *error)
{
	int rc;

	if (attribute_exists(device, "vendor"))
		return 0;
	rc = error_set(error, ERROR_GONE, "device-gone", "%s: the kernel has removed the device meanwhile",
		       device->name);
	error_hint(error, "'pcietool rescan' looks for it again");
	return rc;
}

int attribute_explain(const struct device *device, const char *what, int rc, struct error *error)
{
	if (rc == -ENOENT || rc == -ENODEV) {
		int gone = attribute_check_device(device, error);

		if (gone < 0)
			return gone;
	}
	error_errno(error, rc, "%s: writing '%s' in sysfs", device->name, what);
	if ((rc == -EACCES || rc == -EPERM) && geteuid() != 0)
		error_hint(error, "run as root");
	return rc;
}

int attribute_write(const struct device *device, const char *name, const char *text, struct error *error)
{
	int rc = sysfs_write(device->ctx, text, SYSFS_PCI_DEVICES "/%s/%s", device->name, name);

	return rc < 0 ? attribute_explain(device, name, rc, error) : 0;
}
