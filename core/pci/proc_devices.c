// SPDX-License-Identifier: GPL-2.0-or-later
/* The lines of /proc/bus/pci/devices, as far as they tell who a function is. */
#include "core/pci/proc_devices.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "core/kernel/sysfs.h"

/* "0208\t808610c9\t...": bus, device and function, the ids, then interrupt, BARs and the driver's name. */
static int parse(const char *line, struct proc_device *device)
{
	char *end;
	unsigned long where = strtoul(line, &end, 16);
	unsigned long ids;

	if (end != line + 4 || *end != '\t')
		return -EINVAL;
	ids = strtoul(line + 5, &end, 16);
	if (end != line + 13)
		return -EINVAL;
	*device = (struct proc_device){
		.bus = (uint8_t)(where >> 8),
		.device = (uint8_t)(where >> 3 & 0x1f),
		.function = (uint8_t)(where & 7),
		.vendor_id = (uint16_t)(ids >> 16),
		.device_id = (uint16_t)ids,
	};
	return 0;
}

struct walk {
	proc_device_fn fn;
	void *data;
};

static int see_line(void *data, const char *line)
{
	const struct walk *walk = data;
	struct proc_device device;
	int rc = parse(line, &device);

	return rc == 0 ? walk->fn(walk->data, &device) : rc;
}

int proc_devices_each(const struct context *ctx, proc_device_fn fn, void *data)
{
	return sysfs_each_line(ctx, "/proc/bus/pci/devices", see_line, &(struct walk){ fn, data });
}
