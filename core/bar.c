// SPDX-License-Identifier: GPL-2.0-or-later
/* BARs as the kernel lists them in the sysfs file "resource": a line each of start, end, flags. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/config_regs.h"
#include "core/device.h"
#include "core/sysfs.h"

/* Linux include/linux/ioport.h; the sysfs file shows them as they are */
#define RESOURCE_IO 0x00000100
#define RESOURCE_MEM 0x00000200
#define RESOURCE_PREFETCH 0x00002000
#define RESOURCE_MEM_64 0x00100000
#define RESOURCE_UNSET 0x20000000

static void fill(struct bar *bar, unsigned int index, uint64_t start, uint64_t end, uint64_t flags)
{
	bool implemented = (flags & (RESOURCE_IO | RESOURCE_MEM)) != 0;

	*bar = (struct bar){
		.index = index,
		.start = start,
		.size = implemented && end >= start ? end - start + 1 : 0,
		.io = (flags & RESOURCE_IO) != 0,
		.is_64bit = (flags & RESOURCE_MEM_64) != 0,
		.prefetchable = (flags & RESOURCE_PREFETCH) != 0,
		.state = BAR_ASSIGNED,
	};
	if (!implemented)
		bar->state = BAR_ABSENT;
	else if ((flags & RESOURCE_UNSET) || start == 0)
		bar->state = BAR_UNASSIGNED;
}

/* "0x00000000fe000000 0x00000000fe0fffff 0x0000000000040200" */
static bool parse_line(const char *line, uint64_t *start, uint64_t *end, uint64_t *flags)
{
	uint64_t *const numbers[] = { start, end, flags };

	for (size_t i = 0; i < 3; i++) {
		char *rest;

		*numbers[i] = strtoull(line, &rest, 16);
		if (rest == line)
			return false;
		line = rest;
	}
	return true;
}

int device_bars(const struct device *dev, struct bar bars[DEVICE_BARS + 1], struct error *error)
{
	struct bar list[DEVICE_BARS + 1];
	char text[4096];
	const char *line = text;
	int rc;

	rc = device_read_attribute(dev, "resource", text, sizeof(text));
	if (rc == -ENOENT)
		return device_gone(dev, error);
	if (rc < 0)
		return error_errno(error, rc, "%s: reading its list of BARs", dev->name);
	for (unsigned int i = 0; i <= DEVICE_BARS; i++) {
		uint64_t start = 0;
		uint64_t end = 0;
		uint64_t flags = 0;

		if (line && !parse_line(line, &start, &end, &flags))
			return error_set(error, ERROR_FAILED, "failed",
					 "%s: the list of BARs in sysfs cannot be read: '%.40s'", dev->name,
					 line);
		fill(&list[i], i, start, end, flags);
		if (i > 0 && i < DEVICE_ROM && list[i].state == BAR_ABSENT && list[i - 1].is_64bit)
			list[i].state = BAR_UPPER_HALF;
		line = line ? strchr(line, '\n') : NULL;
		if (line)
			line++;
	}
	memcpy(bars, list, sizeof(list));
	return 0;
}

bool device_bar_is_forgotten(struct device *dev, const struct bar *bar)
{
	struct error ignored;
	uint32_t value;

	return bar->state == BAR_ABSENT && bar->index < DEVICE_BARS &&
	       device_config_read(dev, CONFIG_BASE_ADDRESS_0 + 4 * bar->index, 32, &value, &ignored) == 0 &&
	       value != 0 && value != 0xffffffff;
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
