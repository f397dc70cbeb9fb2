// SPDX-License-Identifier: GPL-2.0-or-later
/* Physical addresses through /dev/mem: for BARs with --via devmem, and for the mem commands. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

#include "core/base/sigbus.h"
#include "core/region/provider.h"
#include "core/kernel/sysfs.h"
#include "core/kernel/lockdown.h"

static int explain_open(const struct context *ctx, int rc, struct error *error)
{
	char mode[32];

	if (rc == -ENOENT) {
		error_set(
			error, ERROR_UNSUPPORTED, "no-devmem",
			"there is no /dev/mem here: the kernel has none (CONFIG_DEVMEM), or a container was "
			"started without it");
		error_hint(error, "BARs are reached over sysfs without it: leave --via devmem out");
		return -EOPNOTSUPP;
	}
	error_errno(error, rc, "opening /dev/mem");
	if ((rc == -EPERM || rc == -EACCES) && geteuid() != 0)
		error_hint(error, "run as root");
	else if (rc == -EPERM && lockdown_mode(ctx, mode, sizeof(mode)))
		error_hint(error, "kernel lockdown (%s) forbids it, see kernel_lockdown(7)", mode);
	return rc;
}

/* O_SYNC: the kernel maps it uncached (Linux drivers/char/mem.c, uncached_access()). */
static int open_devmem(const struct context *ctx, bool write, struct error *error)
{
	int fd = sysfs_open(ctx, (write ? O_RDWR : O_RDONLY) | O_SYNC, "/dev/mem");

	return fd < 0 ? explain_open(ctx, fd, error) : fd;
}

static int devmem_open_bar(struct device *dev, const struct bar *bar, bool write, struct region **region,
			   struct error *error)
{
	struct region template = {
		.ops = &region_mapped_ops,
		.device = dev,
		.size = bar->size,
		.max_width = 64,
		.granule = REGION_BAR_GRANULE,
		.file_base = bar->start,
		.prot = write ? PROT_READ | PROT_WRITE : PROT_READ,
	};
	int rc;

	if (bar->io || dev->ctx->wc)
		return error_set(error, ERROR_UNSUPPORTED, "unsupported", "%s: BAR %u: /dev/mem has no %s",
				 dev->name, bar->index, bar->io ? "I/O ports" : "write-combining mapping");
	snprintf(template.name, sizeof(template.name), "BAR %u", bar->index);
	if (bar->index > 0)
		snprintf(template.prefix, sizeof(template.prefix), "%u:", bar->index);
	template.fd = open_devmem(dev->ctx, write, error);
	if (template.fd < 0)
		return template.fd;
	rc = region_map_bar(&template, "/dev/mem", error);
	if (rc == 0)
		rc = region_new(&template, region, error);
	if (rc < 0)
		template.ops->close(&template);
	return rc;
}

const struct backend backend_devmem = {
	.name = "/dev/mem",
	.open_bar = devmem_open_bar,
};

int region_open_memory(const struct context *ctx, bool write, struct region **region, struct error *error)
{
	struct region template = {
		.ops = &region_mapped_ops,
		.name = "physical memory",
		.trace = ctx->trace,
		/* every 64-bit address that off_t can hold */
		.size = (uint64_t)INT64_MAX + 1,
		.max_width = 64,
		/* page by page: the kernel refuses some, and only those asked for may be touched */
		.granule = (size_t)sysconf(_SC_PAGESIZE),
		.prot = write ? PROT_READ | PROT_WRITE : PROT_READ,
	};
	int rc;

	rc = sigbus_init();
	if (rc < 0)
		return error_errno(error, rc, "opening /dev/mem");
	template.fd = open_devmem(ctx, write, error);
	if (template.fd < 0)
		return template.fd;
	rc = region_new(&template, region, error);
	if (rc < 0)
		close(template.fd);
	return rc;
}
