// SPDX-License-Identifier: GPL-2.0-or-later
/* One device, whole: config space and the kernel's view of it; the images that it carries. */
#include "core/survey/info.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/magic.h>
#include <linux/pci_regs.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "core/kernel/sysfs.h"
#include "core/pci/attribute.h"
#include "core/preflight/decoding.h"
#include "core/preflight/no_room.h"

static void read_config(struct device *device, struct device_info *info)
{
	struct capability_place place;
	bool bridge;

	fact_read_config(device, PCI_COMMAND, 16, &info->command);
	info->decoding = info->command;
	decoding_apply(device, &info->decoding);
	fact_read_config(device, PCI_STATUS, 16, &info->status);
	fact_read_config(device, PCI_HEADER_TYPE, 8, &info->header_type);
	bridge = (info->header_type.value & 0x7f) == PCI_HEADER_TYPE_BRIDGE;
	fact_read_config(device, bridge ? PCI_ROM_ADDRESS1 : PCI_ROM_ADDRESS, 32, &info->rom_address);
	capability_list_read(device, false, &info->capabilities);
	capability_list_read(device, true, &info->extended);
	interrupt_setup_read(device, &info->capabilities, &info->interrupt);
	/* config space has more to say than sysfs, where it may be read */
	place = capability_list_place(&info->capabilities, PCI_CAP_ID_EXP);
	if (place.offset)
		link_state_read_config(device, &place, &info->summary.link);
	place = capability_list_place(&info->capabilities, PCI_CAP_ID_PM);
	if (place.offset)
		capability_read(device, &place, PCI_PM_CTRL, 16, &info->pm_control);
	else
		info->pm_control.reason =
			info->capabilities.reason ? info->capabilities.reason : "no such capability";
}

static DIR *open_folder(const struct device *device, const char *name)
{
	return sysfs_opendir(device->ctx, SYSFS_PCI_DEVICES "/%s/%s", device->name, name);
}

static void read_iommu_group(const struct device *device, struct device_info *info)
{
	char name[32];
	struct dirent *entry;
	DIR *folder;
	int rc;

	rc = sysfs_link_name(device->ctx, name, sizeof(name), SYSFS_PCI_DEVICES "/%s/iommu_group",
			     device->name);
	info->iommu_group.reason = rc == -ENOENT ? "none" : rc < 0 ? fact_reason(rc) : NULL;
	if (rc < 0)
		return;
	info->iommu_group.value = strtoull(name, NULL, 10);
	folder = open_folder(device, "iommu_group/devices");
	while (folder && (entry = readdir(folder)) != NULL)
		info->iommu_group_devices += entry->d_name[0] != '.';
	if (folder)
		closedir(folder);
}

static void read_kernel_view(const struct device *device, struct device_info *info)
{
	fact_read_text(device, "driver_override", &info->driver_override);
	/* how the kernel prints a null pointer */
	if (!info->driver_override.reason && strcmp(info->driver_override.text, "(null)") == 0)
		info->driver_override.reason = "none";
	read_iommu_group(device, info);
	fact_read_number(device, "numa_node", &info->numa_node);
	/* "-1", which is no number here */
	if (info->numa_node.reason && !device->image)
		info->numa_node.reason = "none";
	fact_read_text(device, "power_state", &info->power_state);
	fact_read_text(device, "power/runtime_status", &info->runtime_status);
	fact_read_number(device, "dma_mask_bits", &info->dma_mask_bits);
	fact_read_number(device, "consistent_dma_mask_bits", &info->coherent_dma_mask_bits);
	kernel_names_read(device, &info->kernel_names);
}

static void read_no_room(struct device *device, struct device_info *info)
{
	bool is_virtual = device_is_virtual(device);
	struct no_room no_room;

	no_room_read(device->ctx, &no_room);
	if (!info->summary.bars_reason)
		no_room_apply(&no_room, device, !is_virtual, info->summary.bars);
	info->bars_complete = is_virtual || no_room_would_tell(&no_room, &device->address);
	no_room_free(&no_room);
}

static void read_lost(struct device *device, struct device_info *info)
{
	for (unsigned int i = 0; !info->summary.bars_reason && i < DEVICE_BARS; i++)
		decoding_lost_read(device, &info->summary.bars[i], &info->command, &info->lost[i]);
}

int device_info_read(struct device *device, struct names *names, struct device_info *info,
		     struct error *error)
{
	/* where config space may not be read at all, the kernel's view is left */
	if (device_is_silent(device))
		return device_gone(device, error);
	memset(info, 0, sizeof(*info));
	device_summary_read(device, names, true, &info->summary);
	read_config(device, info);
	read_no_room(device, info);
	read_lost(device, info);
	read_kernel_view(device, info);
	return 0;
}

/* An expansion ROM has 16 MiB at most, PCI Local Bus 3.0 section 6.2.5.2; VPD 32 KiB, Appendix I. */
#define IMAGE_MAX (16U << 20)
#define IMAGE_CHUNK (64U << 10)

/* All of FD, until its end. */
static int read_all(int fd, uint8_t **data, size_t *length)
{
	uint8_t *buffer = NULL;
	size_t used = 0;
	size_t room = 0;
	uint8_t *larger;
	ssize_t n = 1;

	while (n > 0 && used < IMAGE_MAX) {
		if (used == room) {
			room = room ? 2 * room : IMAGE_CHUNK;
			larger = realloc(buffer, room);
			if (!larger) {
				free(buffer);
				return -ENOMEM;
			}
			buffer = larger;
		}
		n = read(fd, buffer + used, room - used);
		if (n < 0 && errno == EINTR) {
			n = 1;
			continue;
		}
		if (n < 0) {
			int rc = error_last();

			free(buffer);
			return rc;
		}
		used += (size_t)n;
	}
	*data = buffer;
	*length = used;
	return 0;
}

static int open_image(struct device *device, const char *file, int flags, const char *what,
		      struct error *error)
{
	int fd;
	int rc;

	/* the machine may have another device at that address */
	if (device->image)
		return error_set(error, ERROR_UNSUPPORTED, "not-in-dump", "%s: the %s is %s", device->name,
				 what, fact_reason(-ENODATA));
	fd = sysfs_open(device->ctx, flags, SYSFS_PCI_DEVICES "/%s/%s", device->name, file);
	if (fd == -ENOENT)
		return device_is_present(device) ? error_set(error, ERROR_UNSUPPORTED, "unsupported",
							     "%s: the device has no %s", device->name, what)
						 : device_gone(device, error);
	if (fd == -EACCES || fd == -EPERM) {
		rc = error_set(error, ERROR_DENIED, "denied", "%s: only root may read the %s", device->name,
			       what);
		error_hint(error, "run it as root");
		return rc;
	}
	return fd < 0 ? error_errno(error, fd, "%s: opening the %s", device->name, what) : fd;
}

static bool has_bytes(const uint8_t *data, size_t length)
{
	for (size_t i = 0; i < length; i++) {
		if (data[i] != 0xff)
			return true;
	}
	return false;
}

/*
 * What became of a reading; an image of no bytes is a failure, and its memory freed. So is one of all ones: a device that is
 * gone has VPD's flag of "done" set too.
 */
static int check_image(struct device *device, int rc, uint8_t **data, size_t length, const char *what,
		       struct error *error)
{
	bool is_present = device_is_present(device);

	if (rc < 0 && rc != -EIO && is_present)
		return error_errno(error, rc, "%s: reading the %s", device->name, what);
	if (rc == 0 && is_present && has_bytes(*data, length))
		return 0;
	if (rc == 0) {
		free(*data);
		*data = NULL;
	}
	if (!is_present)
		return device_gone(device, error);
	rc = error_set(error, ERROR_FAILED, "no-image", "%s: the %s cannot be read", device->name, what);
	error_hint(error, "the kernel finds no valid image in it");
	return rc;
}

static int check_decoding(struct device *device, struct error *error)
{
	uint32_t command;
	int rc;

	rc = device_config_read(device, PCI_COMMAND, 16, &command, error);
	if (rc < 0 || (command & PCI_COMMAND_MEMORY))
		return rc;
	rc = error_set(error, ERROR_FAILED, "decoding-off", "%s: expansion ROM: memory decoding is off",
		       device->name);
	error_hint(error, "enable it with 'pcietool -s %s config write COMMAND=0x2:0x2'", device->name);
	return rc;
}

/*
 * Writing "1" to sysfs' file "rom" lets the next read switch the decoder on, and only for its own time;
 * "0" takes that back, with a newline: without one, Linux 6.1 takes it for a 1 (drivers/pci/pci-sysfs.c,
 * pci_write_rom()). Signals wait meanwhile, so that they cannot leave it permitted.
 */
static int read_rom(int fd, uint8_t **data, size_t *length)
{
	struct statfs fs;
	sigset_t all;
	sigset_t before;
	int rc;

	/* in a captured tree the file is the image */
	if (fstatfs(fd, &fs) == 0 && fs.f_type != SYSFS_MAGIC)
		return read_all(fd, data, length);
	sigfillset(&all);
	sigprocmask(SIG_SETMASK, &all, &before);
	rc = pwrite(fd, "1\n", 2, 0) == 2 ? 0 : error_last();
	if (rc == 0 && lseek(fd, 0, SEEK_SET) < 0)
		rc = error_last();
	if (rc == 0)
		rc = read_all(fd, data, length);
	if (pwrite(fd, "0\n", 2, 0) != 2 && rc == 0) {
		rc = error_last();
		free(*data);
		*data = NULL;
	}
	sigprocmask(SIG_SETMASK, &before, NULL);
	return rc;
}

/* FD is closed. */
static int read_image(struct device *device, int fd, int (*read)(int fd, uint8_t **data, size_t *length),
		      const char *what, uint8_t **data, size_t *length, struct error *error)
{
	uint8_t *bytes = NULL;
	size_t n = 0;
	int rc = read(fd, &bytes, &n);

	rc = check_image(device, rc, &bytes, n, what, error);
	close(fd);
	if (rc < 0)
		return rc;
	*data = bytes;
	*length = n;
	return 0;
}

int device_rom_read(struct device *device, uint8_t **data, size_t *length, struct error *error)
{
	static const char what[] = "expansion ROM";
	int fd = open_image(device, "rom", O_RDWR, what, error);
	int rc;

	if (fd < 0)
		return fd;
	rc = check_decoding(device, error);
	if (rc < 0) {
		close(fd);
		return rc;
	}
	return read_image(device, fd, read_rom, what, data, length, error);
}

int device_vpd_read(struct device *device, uint8_t **data, size_t *length, struct error *error)
{
	static const char what[] = "Vital Product Data";
	int fd = open_image(device, "vpd", O_RDONLY, what, error);

	return fd < 0 ? fd : read_image(device, fd, read_all, what, data, length, error);
}
