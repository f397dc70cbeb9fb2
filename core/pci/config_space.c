// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Config space of a device, whichever way leads to it, and whether it still answers. Of the ways this knows sysfs and a
 * dump; others set device->config.
 */
#include "core/pci/config_space.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/pci_regs.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/kernel/lockdown.h"
#include "core/pci/dump.h"
#include "core/pci/user_driver.h"
#include "core/trace/trace.h"

int config_traced(const struct device *device, bool write, uint64_t offset, unsigned int width,
		  uint32_t value, int rc)
{
	struct trace_access access = {
		.op = write ? TRACE_WRITE : TRACE_READ,
		.device = device->name,
		.place = "config:",
		.has_offset = true,
		.offset = offset,
		.width = width,
		.has_value = write || rc == 0,
		.value = value,
	};

	if (!device->ctx->trace)
		return rc;
	if (rc < 0) {
		const char *word = strerrorname_np(-rc);

		access.error = word ? word : "failed";
	}
	trace_record(device->ctx->trace, &access);
	return rc;
}

/* --- sysfs ----------------------------------------------------------------------------------------- */

/* Opened for writing only when that is asked for: reading must work for everybody. */
static int open_config(struct device *dev, bool write)
{
	int fd;

	if (dev->config_fd >= 0 && (dev->config_writable || !write))
		return 0;
	fd = openat(dev->folder, "config", (write ? O_RDWR : O_RDONLY) | O_CLOEXEC);
	if (fd < 0)
		return context_lacks(dev->ctx, -errno);
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

int config_pread(int fd, uint64_t offset, unsigned int width, uint32_t *value)
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

int config_pwrite(int fd, uint64_t offset, unsigned int width, uint32_t value)
{
	uint8_t bytes[4];
	ssize_t n;

	for (unsigned int i = 0; i < 4; i++)
		bytes[i] = (uint8_t)(value >> (8 * i));
	n = pwrite(fd, bytes, width / 8, (off_t)offset);
	if (n < 0)
		return -errno;
	return (size_t)n == width / 8 ? 0 : -EIO;
}

static int sysfs_read_config(struct device *dev, unsigned int offset, unsigned int width, uint32_t *value)
{
	int rc = open_config(dev, false);
	uint32_t v = 0;

	if (rc < 0)
		return rc;
	rc = config_pread(dev->config_fd, offset, width, &v);
	if (rc == 0)
		*value = v;
	return config_traced(dev, false, offset, width, v, rc);
}

static int sysfs_write_config(struct device *dev, unsigned int offset, unsigned int width, uint32_t value)
{
	int rc = open_config(dev, true);

	if (rc < 0)
		return rc;
	rc = config_pwrite(dev->config_fd, offset, width, value);
	return config_traced(dev, true, offset, width, value, rc);
}

static int sysfs_size(struct device *dev)
{
	struct stat st;
	uint32_t value;
	int rc = open_config(dev, false);

	if (rc < 0)
		return rc;
	if (fstat(dev->config_fd, &st) < 0)
		return -errno;
	/* the file's size is the device's; how much of it may be read depends on who asks */
	if (st.st_size > PCI_STD_HEADER_SIZEOF &&
	    sysfs_read_config(dev, PCI_STD_HEADER_SIZEOF, 8, &value) < 0)
		return PCI_STD_HEADER_SIZEOF;
	return (int)st.st_size;
}

const struct config_ops config_ops_sysfs = {
	.read = sysfs_read_config,
	.write = sysfs_write_config,
	.size = sysfs_size,
};

/* --- a dump ------------------------------------------------------------------------------------------ */

static int dump_read_config(struct device *dev, unsigned int offset, unsigned int width, uint32_t *value)
{
	if (offset + width / 8 > dev->image->size)
		return -EIO;
	*value = from_bytes(dev->image->bytes + offset, width);
	return 0;
}

static int dump_size(struct device *dev)
{
	return (int)dev->image->size;
}

const struct config_ops config_ops_dump = {
	.read = dump_read_config,
	.size = dump_size,
};

/* --- is it there? ------------------------------------------------------------------------------------ */

bool device_is_present(struct device *dev)
{
	uint32_t vendor = 0xffff;
	uint32_t class = 0xffffffff;

	if (dev->image)
		return dump_device_answered(dev->image);
	if (!dev->config)
		return faccessat(dev->folder, "name", F_OK, 0) == 0;
	/* never VFIO's view, which keeps the ids of a device that is gone */
	if (sysfs_read_config(dev, PCI_VENDOR_ID, 16, &vendor) < 0)
		return false;
	/* a virtual function's vendor id is all ones (PCIe 5.0 section 9.3.4.1.1), its class is not */
	return vendor != 0xffff ||
	       (sysfs_read_config(dev, PCI_CLASS_REVISION, 32, &class) == 0 && class != 0xffffffff);
}

bool device_is_virtual(const struct device *dev)
{
	if (dev->image)
		return dump_device_is_virtual(dev->image);
	return faccessat(dev->folder, "physfn", F_OK, AT_SYMLINK_NOFOLLOW) == 0;
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

	if (!dev->config)
		return foreign_gone(dev, error);
	rc = error_set(error, ERROR_GONE, "device-gone",
		       "%s: the device does not answer (its config space reads all ones)", dev->name);

	if (dev->image) {
		error_hint(error, "it did not when the dump was made: there, 'pcietool check' says more");
		return rc;
	}
	error_hint(error,
		   "it was removed, lost its link or its power; after a repair: "
		   "'pcietool -s %s remove; pcietool rescan'",
		   dev->name);
	return rc;
}

/* --- access ------------------------------------------------------------------------------------------ */

/* -errno, no record; -EIO past the end. */
static int read_config(struct device *dev, unsigned int offset, unsigned int width, uint32_t *value)
{
	return dev->config ? dev->config->read(dev, offset, width, value) : -EOPNOTSUPP;
}

int device_config_size(struct device *dev)
{
	return dev->config ? dev->config->size(dev) : -EOPNOTSUPP;
}

bool device_is_silent(struct device *device)
{
	return !device_is_present(device) && device_config_size(device) >= 0;
}

static int config_errno(struct device *dev, int rc, const char *what, unsigned int offset,
			struct error *error)
{
	int size = device_config_size(dev);

	if (!dev->config)
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
	int rc = read_config(dev, offset, width, value);

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
	int rc;

	if (!dev->config)
		return no_pci_device(dev, error);
	if (!dev->config->write)
		return error_set(error, ERROR_USAGE, "dump", "%s: a dump cannot be written to", dev->name);
	rc = dev->config->write(dev, offset, width, value);
	return rc < 0 ? explain_config_denied(dev, rc, offset, error) : 0;
}

unsigned int device_capability(struct device *dev, unsigned int id, unsigned int instance)
{
	uint32_t status = 0;
	uint32_t pointer = 0;
	uint32_t header = 0;

	if (read_config(dev, PCI_STATUS, 16, &status) < 0 || !(status & PCI_STATUS_CAP_LIST) ||
	    read_config(dev, PCI_CAPABILITY_LIST, 8, &pointer) < 0)
		return 0;
	/* a broken list may loop: it cannot have more than (256 - 64) / 4 entries */
	for (int left = 48; left > 0; left--) {
		pointer &= 0xfc;
		if (pointer < PCI_STD_HEADER_SIZEOF || read_config(dev, pointer, 16, &header) < 0)
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
		if (read_config(dev, offset, 32, &header) < 0 || header == 0 || header == 0xffffffff)
			return 0;
		if ((header & 0xffff) == id && instance-- == 0)
			return offset;
		offset = header >> 20 & 0xffc;
		if (offset < PCI_CFG_SPACE_SIZE)
			return 0;
	}
	return 0;
}

/* --- a copy ------------------------------------------------------------------------------------------ */

int config_space_read(struct device *device, struct config_space *space, struct error *error)
{
	int size = device_config_size(device);

	if (size < 0)
		return error_errno(error, size, "%s: reading config space", device->name);
	if (!device_is_present(device))
		return device_gone(device, error);
	space->size = (unsigned int)size;
	for (unsigned int i = 0; i < space->size;) {
		unsigned int width = space->size - i >= 4 ? 32 : 8;
		uint32_t value;
		int rc = device_config_read(device, i, width, &value, error);

		if (rc < 0)
			return rc;
		for (unsigned int n = 0; n < width / 8; n++)
			space->bytes[i++] = (uint8_t)(value >> (8 * n));
	}
	/* it went in between: ones are no config space of anything */
	return device_is_present(device) ? 0 : device_gone(device, error);
}

uint32_t config_space_get(const struct config_space *space, unsigned int offset, unsigned int width)
{
	uint32_t value = 0;

	for (unsigned int n = width / 8; n-- > 0;)
		value = value << 8 | (offset + n < space->size ? space->bytes[offset + n] : 0);
	return value;
}

/* What the kernel says, and config space only where it says nothing. */
int device_vendor(struct device *dev, uint32_t *vendor, struct error *error)
{
	uint64_t value;

	if (device_read_number(dev, "vendor", &value) < 0)
		return device_config_read(dev, PCI_VENDOR_ID, 16, vendor, error);
	*vendor = (uint32_t)value;
	return 0;
}
