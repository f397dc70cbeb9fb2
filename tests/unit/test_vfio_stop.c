// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What VFIO writes when a capture's process has died: over VFIO itself, whatever the holder's own words say of other ways,
 * and whatever would refuse a user's access.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/vfio.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "core/backend/path.h"
#include "core/backend/vfio_internal.h"
#include "core/pci/config_space.h"
#include "tests/unit/tap.h"

/* --- a device that is a file: config space, then BAR 0, which cannot be mapped ------------------------------- */

#define CONFIG_AT 0
#define BAR_AT 4096
#define BAR_SIZE 4096u

/* Instead of the C library's. */
int ioctl(int fd, unsigned long request, ...)
{
	struct vfio_region_info *info;
	va_list ap;

	(void)fd;
	va_start(ap, request);
	info = va_arg(ap, struct vfio_region_info *);
	va_end(ap);
	if (request != VFIO_DEVICE_GET_REGION_INFO || info->index > VFIO_PCI_BAR1_REGION_INDEX) {
		errno = ENOTTY;
		return -1;
	}
	info->offset = BAR_AT;
	info->size = info->index == VFIO_PCI_BAR0_REGION_INDEX ? BAR_SIZE : 0;
	info->flags = VFIO_REGION_INFO_FLAG_READ | VFIO_REGION_INFO_FLAG_WRITE;
	return 0;
}

/* The device's folder in sysfs: a config space that answers, decoding off; no list of BARs. */
static int make_folder(char *path)
{
	const uint8_t config[64] = { 0x34, 0x12, 0xe8, 0x11 };
	int folder;
	int fd;

	if (!mkdtemp(path))
		abort();
	folder = open(path, O_PATH | O_DIRECTORY | O_CLOEXEC);
	fd = openat(folder, "config", O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	if (fd < 0 || write(fd, config, sizeof(config)) != sizeof(config))
		abort();
	close(fd);
	return folder;
}

static uint32_t reg(const struct vfio *v, unsigned int offset)
{
	uint32_t value = 0;

	if (pread(v->device_fd, &value, sizeof(value), BAR_AT + offset) != sizeof(value))
		abort();
	return value;
}

static void run(struct tap *tap, const struct context *ctx, const char *what)
{
	char path[] = "/tmp/pcietool-stop-XXXXXX";
	struct device_path way = { .uio = -1 };
	struct device device = {
		.ctx = ctx, .name = "0000:01:00.0", .config = &config_ops_sysfs, .config_fd = -1, .path = &way
	};
	struct vfio v = { .device = &device };
	const uint32_t before = 0x11223344;

	device.folder = make_folder(path);
	v.device_fd = way.vfio_fd = memfd_create("device", MFD_CLOEXEC);
	if (ftruncate(v.device_fd, BAR_AT + BAR_SIZE) < 0 ||
	    pwrite(v.device_fd, &before, sizeof(before), BAR_AT + 0x24) != sizeof(before))
		abort();
	ok(tap,
	   vfio_claim(&v, 1, false) == 0 && vfio_stop_write(&v, 1, 0, 0x20, 32, 0x80, UINT64_MAX) == 0 &&
		   vfio_stop_write(&v, 1, 1, 0x0, 32, 0x1, UINT64_MAX) == 0 &&
		   vfio_stop_write(&v, 1, 0, 0x24, 32, 0x55, 0xff) == 0,
	   "%s: a claim with stop writes", what);
	ok(tap, vfio_claim(&v, 1, true) == 0 && v.claim == 0 && v.stop_count == 0, "%s: it ends", what);
	ok(tap, reg(&v, 0x20) == 0x80, "%s: the device was written to", what);
	ok(tap, reg(&v, 0x24) == 0x11223355, "%s: also behind one that cannot be, with a mask", what);
	close(v.device_fd);
	unlinkat(device.folder, "config", 0);
	if (device.config_fd >= 0)
		close(device.config_fd);
	close(device.folder);
	rmdir(path);
}

int main(void)
{
	const struct context quiet = { .sysroot = "/nonexistent" };
	struct context ctx = quiet;
	struct tap tap = { 0 };

	run(&tap, &ctx, "decoding off in sysfs");
	ctx.via = BACKEND_SYSFS;
	run(&tap, &ctx, "--via sysfs");
	ctx.via = BACKEND_DEVMEM;
	run(&tap, &ctx, "--via devmem");
	ctx = quiet;
	ctx.wc = true;
	run(&tap, &ctx, "--wc");
	return tap_done(&tap);
}
