// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/fabric/aer_owner.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdbool.h>
#include <string.h>
#include <unistd.h>

#include "core/kernel/sysfs.h"

/* The log may have more; what is looked for stands near its start. */
#define LOG_RECORDS 4096

const char AER_NOT_HANDLED[] = "the kernel does not handle errors below this root port";

/*
 * The kernel's driver for ports makes a device "0000:00:1c.0:pcie002" for the AER of a root port that it handles: not where
 * firmware keeps it, not where the port has none, not with pci=noaer. drivers/pci/pcie/portdrv.c
 */
enum aer_owner aer_owner_of_root_at(int folder, const char *name, const char *driver)
{
	char service[64];

	if (strcmp(driver, "pcieport") != 0)
		return AER_OWNER_UNKNOWN;
	snprintf(service, sizeof(service), "%.32s:pcie002", name);
	return faccessat(folder, service, F_OK, 0) == 0 ? AER_OWNER_KERNEL : AER_OWNER_NOT_KERNEL;
}

enum aer_owner aer_owner_of_root(const struct context *ctx, const char *name)
{
	enum aer_owner owner;
	char driver[64];
	int folder;

	if (sysfs_link_name(ctx, driver, sizeof(driver), SYSFS_PCI_DEVICES "/%s/driver", name) < 0)
		return AER_OWNER_UNKNOWN;
	folder = sysfs_open(ctx, O_RDONLY | O_DIRECTORY, SYSFS_PCI_DEVICES "/%s", name);
	if (folder < 0)
		return AER_OWNER_UNKNOWN;
	owner = aer_owner_of_root_at(folder, name, driver);
	close(folder);
	return owner;
}

/* "acpi PNP0A08:00: _OSC: OS now controls [PCIeHotplug PME AER ...]" */
static enum aer_owner owner_in(const char *record)
{
	const char *controls = strstr(record, "_OSC: OS now controls [");

	if (controls)
		return strstr(controls, " AER") || strstr(controls, "[AER") ? AER_OWNER_KERNEL
									    : AER_OWNER_FIRMWARE;
	if (strstr(record, "_OSC failed") && strstr(record, "disabling ASPM"))
		return AER_OWNER_FIRMWARE;
	return AER_OWNER_UNKNOWN;
}

/* "pci=noaer,...": the kernel did not even ask for it. Documentation/admin-guide/kernel-parameters.txt */
static bool is_switched_off(const struct context *ctx)
{
	char line[4096];

	return sysfs_read(ctx, line, sizeof(line), "/proc/cmdline") == 0 && strstr(line, "noaer");
}

enum aer_owner aer_owner_of_log(const struct context *ctx)
{
	enum aer_owner owner = AER_OWNER_UNKNOWN;
	char record[1024];
	int fd;

	if (is_switched_off(ctx))
		return AER_OWNER_NOT_KERNEL;
	/* a read gives a record; O_NONBLOCK: EAGAIN at the end; Documentation/ABI/testing/dev-kmsg */
	fd = sysfs_open(ctx, O_RDONLY | O_NONBLOCK, "/dev/kmsg");
	if (fd < 0)
		return owner;
	for (unsigned int i = 0; i < LOG_RECORDS && owner == AER_OWNER_UNKNOWN; i++) {
		ssize_t n = read(fd, record, sizeof(record) - 1);

		/* EPIPE: a record was overwritten before it was read; EINVAL: it is longer than this */
		if (n < 0 && (errno == EPIPE || errno == EINVAL || errno == EINTR))
			continue;
		if (n <= 0)
			break;
		record[n] = '\0';
		owner = owner_in(record);
	}
	close(fd);
	return owner;
}
