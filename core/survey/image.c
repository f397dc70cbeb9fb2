// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/survey/image.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <linux/pci_regs.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "core/kernel/sysfs.h"

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
	int fd = sysfs_open(device->ctx, flags, SYSFS_PCI_DEVICES "/%s/%s", device->name, file);
	int rc;

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

/* What became of a reading; an image of no bytes is a failure, and its memory freed. */
static int check_image(struct device *device, int rc, uint8_t **data, size_t length, const char *what,
		       struct error *error)
{
	if (rc < 0 && rc != -EIO)
		return error_errno(error, rc, "%s: reading the %s", device->name, what);
	if (rc == 0 && length > 0)
		return 0;
	if (rc == 0) {
		free(*data);
		*data = NULL;
	}
	if (!device_is_present(device))
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
 * "0" takes that back. Signals wait meanwhile, so that they cannot leave it permitted.
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
	rc = pwrite(fd, "1", 1, 0) == 1 ? 0 : error_last();
	if (rc == 0 && lseek(fd, 0, SEEK_SET) < 0)
		rc = error_last();
	if (rc == 0)
		rc = read_all(fd, data, length);
	if (pwrite(fd, "0", 1, 0) != 1 && rc == 0) {
		rc = error_last();
		free(*data);
		*data = NULL;
	}
	sigprocmask(SIG_SETMASK, &before, NULL);
	return rc;
}

int device_rom_read(struct device *device, uint8_t **data, size_t *length, struct error *error)
{
	static const char what[] = "expansion ROM";
	uint8_t *bytes = NULL;
	size_t n = 0;
	int rc;
	int fd;

	fd = open_image(device, "rom", O_RDWR, what, error);
	if (fd < 0)
		return fd;
	rc = check_decoding(device, error);
	if (rc < 0) {
		close(fd);
		return rc;
	}
	rc = read_rom(fd, &bytes, &n);
	rc = check_image(device, rc, &bytes, n, what, error);
	close(fd);
	if (rc < 0)
		return rc;
	*data = bytes;
	*length = n;
	return 0;
}

int device_vpd_read(struct device *device, uint8_t **data, size_t *length, struct error *error)
{
	static const char what[] = "Vital Product Data";
	uint8_t *bytes = NULL;
	size_t n = 0;
	int rc;
	int fd;

	fd = open_image(device, "vpd", O_RDONLY, what, error);
	if (fd < 0)
		return fd;
	rc = read_all(fd, &bytes, &n);
	rc = check_image(device, rc, &bytes, n, what, error);
	close(fd);
	if (rc < 0)
		return rc;
	*data = bytes;
	*length = n;
	return 0;
}
