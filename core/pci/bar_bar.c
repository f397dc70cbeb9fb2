// SPDX-License-Identifier: GPL-2.0-or-later
/* BARs as the kernel lists them in the sysfs file "resource": a line each of start, end, flags. */
#include <fcntl.h>
#include <linux/pci_regs.h>
#include <string.h>
#include <unistd.h>

#include "core/pci/device.h"
#include "core/pci/bar.h"

static void fill(struct bar *bar, unsigned int index, const struct resource_line *line)
{
	bool implemented = (line->flags & (RESOURCE_FLAG_IO | RESOURCE_FLAG_MEM)) != 0;

	*bar = (struct bar){
		.index = index,
		.start = line->start,
		.size = implemented && line->end >= line->start ? line->end - line->start + 1 : 0,
		.io = (line->flags & RESOURCE_FLAG_IO) != 0,
		.is_64bit = (line->flags & RESOURCE_FLAG_MEM_64) != 0,
		.prefetchable = (line->flags & RESOURCE_FLAG_PREFETCH) != 0,
		.fixed = (line->flags & RESOURCE_FLAG_FIXED) != 0,
		.state = BAR_ASSIGNED,
	};
	if (!implemented)
		bar->state = BAR_ABSENT;
	else if ((line->flags & RESOURCE_FLAG_UNSET) || line->start == 0)
		bar->state = BAR_UNASSIGNED;
}

int device_bars(const struct device *dev, struct bar bars[DEVICE_BARS + 1], struct error *error)
{
	struct resource_line lines[RESOURCE_LINES];
	unsigned int count;
	int rc;

	rc = resource_lines_read(dev, lines, &count, error);
	if (rc < 0)
		return rc;
	for (unsigned int i = 0; i <= DEVICE_BARS; i++) {
		fill(&bars[i], i, &lines[i]);
		if (i > 0 && i < DEVICE_ROM && bars[i].state == BAR_ABSENT && bars[i - 1].is_64bit)
			bars[i].state = BAR_UPPER_HALF;
	}
	return 0;
}

bool device_bar_is_forgotten(struct device *dev, const struct bar *bar)
{
	struct error ignored;
	uint32_t value;

	return bar->state == BAR_ABSENT && bar->index < DEVICE_BARS &&
	       device_config_read(dev, PCI_BASE_ADDRESS_0 + 4 * bar->index, 32, &value, &ignored) == 0 &&
	       value != 0 && value != 0xffffffff;
}

static uint32_t read_register(struct device *dev, unsigned int index)
{
	struct error ignored;
	uint32_t value;

	return device_config_read(dev, PCI_BASE_ADDRESS_0 + 4 * index, 32, &value, &ignored) < 0 ? ~0u
												 : value;
}

/* On these machines no host bridge translates addresses; where one does, 0 may be as good as any. */
#if defined(__i386__) || defined(__x86_64__)
#define ZERO_IS_NO_ADDRESS true
#else
#define ZERO_IS_NO_ADDRESS false
#endif

bool device_bar_is_lost(struct device *dev, const struct bar *bar)
{
	uint32_t flags = bar->io ? 0x3 : 0xf;

	if (!ZERO_IS_NO_ADDRESS || bar->state != BAR_ASSIGNED || bar->index >= DEVICE_BARS || bar->fixed ||
	    read_register(dev, bar->index) & ~flags)
		return false;
	if (bar->is_64bit && bar->index + 1 < DEVICE_BARS && read_register(dev, bar->index + 1) != 0)
		return false;
	/* those of a virtual function are always 0: PCIe 5.0 section 9.3.4.1.11 */
	return faccessat(dev->folder, "physfn", F_OK, AT_SYMLINK_NOFOLLOW) < 0;
}

int device_bar(const struct device *dev, unsigned int index, struct bar *bar, struct error *error)
{
	struct bar bars[DEVICE_BARS + 1];
	int rc;

	rc = device_bars(dev, bars, error);
	if (rc == 0)
		*bar = bars[index];
	return rc;
}
