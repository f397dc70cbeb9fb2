// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * resourceN in sysfs: mmap for memory BARs, pread and pwrite for I/O BARs. Linux
 * Documentation/PCI/sysfs-pci.rst.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

#include "core/kernel/sysfs.h"
#include "core/preflight/preflight.h"
#include "core/region/provider.h"

static int check_wc(struct device *dev, const struct bar *bar, struct error *error)
{
	int rc;

	if (!dev->ctx->wc || (bar->prefetchable && !bar->io))
		return 0;
	rc = error_set(error, ERROR_UNSUPPORTED, "no-write-combining",
		       "%s: BAR %u is not prefetchable, so it cannot be mapped write-combining", dev->name,
		       bar->index);
	error_hint(error, "leave --wc out");
	return rc;
}

static int sysfs_open_bar(struct device *dev, const struct bar *bar, bool write, struct region **region,
			  struct error *error)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE);
	struct region template = {
		.ops = bar->io ? &region_port_ops : &region_mapped_ops,
		.device = dev,
		.size = bar->size,
		.max_width = bar->io ? 32 : 64,
		.granule = REGION_BAR_GRANULE,
		/* the kernel maps from the page in which the BAR starts */
		.file_base = bar->io ? 0 : bar->start % page,
		.prot = write ? PROT_READ | PROT_WRITE : PROT_READ,
	};
	char node[24];
	int rc;

	rc = check_wc(dev, bar, error);
	if (rc < 0)
		return rc;
	snprintf(node, sizeof(node), "resource%u%s", bar->index, dev->ctx->wc ? "_wc" : "");
	snprintf(template.name, sizeof(template.name), "BAR %u", bar->index);
	if (bar->index > 0)
		snprintf(template.prefix, sizeof(template.prefix), "%u:", bar->index);
	template.fd = sysfs_open(dev->ctx, write ? O_RDWR | O_SYNC : O_RDONLY | O_SYNC,
				 SYSFS_PCI_DEVICES "/%s/%s", dev->name, node);
	if (template.fd < 0)
		return preflight_explain(dev, node, "opening", template.fd, error);
	rc = bar->io ? 0 : region_map_bar(&template, node, error);
	if (rc == 0)
		rc = region_new(&template, region, error);
	if (rc < 0)
		template.ops->close(&template);
	return rc;
}

const struct backend backend_sysfs = {
	.name = "sysfs",
	.open_bar = sysfs_open_bar,
};
