// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/pci/device.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/pci_regs.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/backend/path.h"
#include "core/backend/pool.h"
#include "core/pci/dump.h"
#include "core/base/number.h"
#include "core/pci/attribute.h"
#include "core/kernel/sysfs.h"
#include "core/kernel/lockdown.h"
#include "core/pci/user_driver.h"

int device_open(const struct context *ctx, const struct pci_address *address, struct device **device,
		struct error *error)
{
	struct device *dev = ctx->pool ? device_pool_find(ctx->pool, address) : NULL;
	int rc = 0;

	if (dev) {
		/* the context is the command's, and ends with it */
		dev->ctx = ctx;
		*device = dev;
		return 0;
	}
	dev = calloc(1, sizeof(*dev));
	if (!dev)
		return error_errno(error, -ENOMEM, "opening a device");
	dev->ctx = ctx;
	dev->address = *address;
	dev->config_fd = -1;
	dev->vfio_fd = -1;
	dev->uio = -1;
	pci_address_format(address, dev->name);
	dev->folder = -1;
	dev->image = ctx->dump ? dump_find(ctx->dump, address) : NULL;
	if (!dev->image) {
		rc = sysfs_open(ctx, O_PATH | O_DIRECTORY, SYSFS_PCI_DEVICES "/%s", dev->name);
		dev->folder = rc;
	}
	if (rc < 0) {
		error_set(error, ERROR_SELECT, "no-device", "%s: no such device", dev->name);
		free(dev);
		return -ENODEV;
	}
	device_path_join(dev);
	if (ctx->pool)
		device_pool_keep(ctx->pool, dev);
	*device = dev;
	return 0;
}

void device_close(struct device *dev)
{
	if (!dev || dev->is_kept)
		return;
	device_path_close(dev);
	if (dev->config_fd >= 0)
		close(dev->config_fd);
	if (dev->folder >= 0)
		close(dev->folder);
	free(dev);
}

/* Opened for writing only when that is asked for: reading must work for everybody. */
static int open_config(struct device *dev, bool write)
{
	int fd;

	if (dev->config_fd >= 0 && (dev->config_writable || !write))
		return 0;
	fd = openat(dev->folder, "config", (write ? O_RDWR : O_RDONLY) | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	if (dev->config_fd >= 0)
		close(dev->config_fd);
	dev->config_fd = fd;
	dev->config_writable = write;
	return 0;
}

static uint32_t from_bytes(const uint8_t *bytes, unsigned int width)
{
	uint32_t v = 0;

	for (unsigned int i = width / 8; i-- > 0;)
		v = v << 8 | bytes[i];
	return v;
}

static int pread_width(int fd, uint64_t offset, unsigned int width, uint32_t *value)
{
	uint8_t bytes[4] = { 0 };
	ssize_t n = pread(fd, bytes, width / 8, (off_t)offset);

	if (n < 0)
		return -errno;
	if ((size_t)n != width / 8)
		return -EIO;
	*value = from_bytes(bytes, width);
	return 0;
}

static int pread_sysfs(struct device *dev, unsigned int offset, unsigned int width, uint32_t *value)
{
	int rc = open_config(dev, false);

	return rc < 0 ? rc : pread_width(dev->config_fd, offset, width, value);
}

/* The kernel shows root all of config space, others the header. */
static bool sysfs_shows_all(struct device *dev)
{
	uint32_t value;

	return pread_sysfs(dev, PCI_STD_HEADER_SIZEOF, 8, &value) == 0;
}

/* The bytes of one access in the order of the bus, which is little-endian; -EIO past the end. */
static int pread_config(struct device *dev, unsigned int offset, unsigned int width, uint32_t *value)
{
	if (dev->is_foreign)
		return -EOPNOTSUPP;
	if (dev->image) {
		if (offset + width / 8 > dev->image->size)
			return -EIO;
		*value = from_bytes(dev->image->bytes + offset, width);
		return 0;
	}
	/* VFIO hides and keeps what a virtual machine must not see: whoever may look behind that does */
	if (dev->vfio_fd < 0 || sysfs_shows_all(dev))
		return pread_sysfs(dev, offset, width, value);
	if (offset + width / 8 > dev->vfio_config_size)
		return -EIO;
	/* its view of the header outlives the device, whose own answer would be this */
	if (offset < PCI_STD_HEADER_SIZEOF && !device_is_present(dev)) {
		*value = (uint32_t)width_max(width);
		return 0;
	}
	return pread_width(dev->vfio_fd, dev->vfio_config + offset, width, value);
}

bool device_is_present(struct device *dev)
{
	uint32_t vendor = 0xffff;
	uint32_t class = 0xffffffff;

	if (dev->image)
		return true; /* whatever it says */
	if (dev->is_foreign)
		return faccessat(dev->folder, "name", F_OK, 0) == 0;
	/* never VFIO's view, which keeps the ids of a device that is gone */
	if (pread_sysfs(dev, PCI_VENDOR_ID, 16, &vendor) < 0)
		return false;
	/* a virtual function's vendor id is all ones (PCIe 5.0 section 9.3.4.1.1), its class is not */
	return vendor != 0xffff ||
	       (pread_sysfs(dev, PCI_CLASS_REVISION, 32, &class) == 0 && class != 0xffffffff);
}

static int foreign_gone(const struct device *dev, struct error *error)
{
	return error_set(error, ERROR_GONE, "device-gone",
			 "%s: the device is gone: its driver was unbound, or removed", dev->name);
}

static int no_pci_device(const struct device *dev, struct error *error)
{
	return error_set(error, ERROR_UNSUPPORTED, "no-pci-device",
			 "%s: this is no PCI device: it has registers and an interrupt only", dev->name);
}

int device_gone(const struct device *dev, struct error *error)
{
	int rc;

	if (dev->is_foreign)
		return foreign_gone(dev, error);
	rc = error_set(error, ERROR_GONE, "device-gone",
		       "%s: the device does not answer (its config space reads all ones)", dev->name);

	error_hint(error,
		   "it was removed, lost its link or its power; after a repair: "
		   "'pcietool -s %s remove; pcietool rescan'",
		   dev->name);
	return rc;
}

int device_read_attribute(const struct device *dev, const char *name, char *text, size_t size)
{
	return dev->image ? -ENODATA : sysfs_read_at(dev->folder, name, text, size);
}

int device_read_number(const struct device *dev, const char *name, uint64_t *value)
{
	if (dev->image)
		return pci_attribute_read(dev->ctx, &dev->address, name, value);
	return sysfs_read_number_at(dev->folder, name, value);
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

int device_config_size(struct device *dev)
{
	struct stat st;
	uint32_t value;
	int rc;

	if (dev->is_foreign)
		return -EOPNOTSUPP;
	if (dev->image)
		return (int)dev->image->size;
	if (dev->vfio_fd >= 0)
		return (int)dev->vfio_config_size;
	rc = open_config(dev, false);
	if (rc < 0)
		return rc;
	if (fstat(dev->config_fd, &st) < 0)
		return -errno;
	/* the file's size is the device's; how much of it may be read depends on who asks */
	if (st.st_size > PCI_STD_HEADER_SIZEOF && pread_config(dev, PCI_STD_HEADER_SIZEOF, 8, &value) < 0)
		return PCI_STD_HEADER_SIZEOF;
	return (int)st.st_size;
}

static int config_errno(struct device *dev, int rc, const char *what, unsigned int offset,
			struct error *error)
{
	int size = device_config_size(dev);

	if (dev->is_foreign)
		return no_pci_device(dev, error);
	if (dev->image)
		return error_set(error, ERROR_UNSUPPORTED, "not-in-dump",
				 "%s: config 0x%x: the dump has %d bytes of its config space", dev->name,
				 offset, size);
	/* reading past the end of the file gives no bytes; writing, EINVAL or EFBIG */
	if ((rc == -EIO || rc == -EINVAL || rc == -EFBIG) && size >= 0 && offset >= (unsigned int)size) {
		if (size == PCI_STD_HEADER_SIZEOF)
			return error_set(error, ERROR_DENIED, "denied",
					 "%s: config 0x%x: only root may read past the first 64 bytes",
					 dev->name, offset);
		return error_set(error, ERROR_UNSUPPORTED, "no-extended-config",
				 "%s: config 0x%x: the device has %d bytes of config space here", dev->name,
				 offset, size);
	}
	if (rc == -ENODEV || rc == -ENOENT)
		return device_gone(dev, error);
	return error_errno(error, rc, "%s: %s config 0x%x", dev->name, what, offset);
}

int device_config_read(struct device *dev, unsigned int offset, unsigned int width, uint32_t *value,
		       struct error *error)
{
	int rc = pread_config(dev, offset, width, value);

	return rc < 0 ? config_errno(dev, rc, "reading", offset, error) : 0;
}

static int explain_config_denied(struct device *dev, int rc, unsigned int offset, struct error *error)
{
	char mode[32];

	if (rc != -EPERM && rc != -EACCES)
		return config_errno(dev, rc, "writing", offset, error);
	error_set(error, ERROR_DENIED, "denied", "%s: config 0x%x: writing is not permitted", dev->name,
		  offset);
	if (geteuid() == 0 && lockdown_mode(dev->ctx, mode, sizeof(mode))) {
		error_set(error, ERROR_DENIED, "lockdown",
			  "%s: config 0x%x: kernel lockdown (%s) forbids config writes", dev->name, offset,
			  mode);
		user_driver_hint_denied(dev, true, error);
	} else if (geteuid() != 0) {
		user_driver_hint_denied(dev, false, error);
	}
	return rc;
}

int device_config_write(struct device *dev, unsigned int offset, unsigned int width, uint32_t value,
			struct error *error)
{
	uint8_t bytes[4];
	ssize_t n;
	int rc;

	if (dev->image)
		return error_set(error, ERROR_USAGE, "dump", "%s: a dump cannot be written to", dev->name);
	if (dev->is_foreign)
		return no_pci_device(dev, error);
	rc = dev->vfio_fd >= 0 ? 0 : open_config(dev, true);
	if (rc < 0)
		return explain_config_denied(dev, rc, offset, error);
	for (unsigned int i = 0; i < 4; i++)
		bytes[i] = (uint8_t)(value >> (8 * i));
	if (dev->vfio_fd >= 0)
		n = pwrite(dev->vfio_fd, bytes, width / 8, (off_t)(dev->vfio_config + offset));
	else
		n = pwrite(dev->config_fd, bytes, width / 8, offset);
	if (n < 0)
		return explain_config_denied(dev, -errno, offset, error);
	if ((size_t)n != width / 8)
		return config_errno(dev, -EIO, "writing", offset, error);
	return 0;
}

unsigned int device_capability(struct device *dev, unsigned int id, unsigned int instance)
{
	uint32_t status = 0;
	uint32_t pointer = 0;
	uint32_t header = 0;

	if (pread_config(dev, PCI_STATUS, 16, &status) < 0 || !(status & PCI_STATUS_CAP_LIST) ||
	    pread_config(dev, PCI_CAPABILITY_LIST, 8, &pointer) < 0)
		return 0;
	/* a broken list may loop: it cannot have more than (256 - 64) / 4 entries */
	for (int left = 48; left > 0; left--) {
		pointer &= 0xfc;
		if (pointer < PCI_STD_HEADER_SIZEOF || pread_config(dev, pointer, 16, &header) < 0)
			return 0;
		if ((header & 0xff) == 0xff)
			return 0;
		if ((header & 0xff) == id && instance-- == 0)
			return pointer;
		pointer = header >> 8;
	}
	return 0;
}

unsigned int device_extended_capability(struct device *dev, unsigned int id, unsigned int instance)
{
	unsigned int offset = PCI_CFG_SPACE_SIZE;
	uint32_t header = 0;

	/* (4096 - 256) / 8 entries at most */
	for (int left = 480; left > 0; left--) {
		if (pread_config(dev, offset, 32, &header) < 0 || header == 0 || header == 0xffffffff)
			return 0;
		if ((header & 0xffff) == id && instance-- == 0)
			return offset;
		offset = header >> 20 & 0xffc;
		if (offset < PCI_CFG_SPACE_SIZE)
			return 0;
	}
	return 0;
}
