// SPDX-License-Identifier: GPL-2.0-or-later
/* The one table of our drivers' names; what a device had before one of them took it. */
#include "core/pci/user_driver.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/pci/run_file.h"

static const struct {
	const char *word; /* NULL: it is chosen by its name only */
	const char *driver;
} drivers[] = {
	{ "helper", "pcietool" },
	{ "vfio", "vfio-pci" },
	{ "uio", "uio_pci_generic" },
	{ NULL, "pci-stub" },
};

#define COUNT (sizeof(drivers) / sizeof(drivers[0]))

const char *user_driver_name(const char *word)
{
	for (size_t i = 0; i < COUNT; i++) {
		if (drivers[i].word && strcmp(word, drivers[i].word) == 0)
			return drivers[i].driver;
	}
	return word;
}

bool user_driver_is_one(const char *driver)
{
	for (size_t i = 0; i < COUNT; i++) {
		if (strcmp(driver, drivers[i].driver) == 0)
			return true;
	}
	return false;
}

bool user_driver_is_vfio(const char *driver)
{
	return strstr(driver, "vfio");
}

bool user_driver_lends(const char *driver)
{
	return user_driver_is_one(driver) || user_driver_is_vfio(driver) || strstr(driver, "uio") ||
	       strcmp(driver, "pciback") == 0;
}

bool user_driver_has(const struct device *device, const char *word)
{
	char driver[DRIVER_NAME_SIZE];

	return device_driver(device, driver, sizeof(driver)) == 0 &&
	       strcmp(driver, user_driver_name(word)) == 0;
}

void user_driver_hint_denied(const struct device *dev, bool lockdown, struct error *error)
{
	const char *root =
		lockdown ? "lockdown comes with Secure Boot, see kernel_lockdown(7)" : "run as root";

	if (user_driver_has(dev, "vfio"))
		error_hint(error, "%s%s in a session it goes over VFIO: 'pcietool -s %s session -- COMMAND'",
			   root, lockdown ? ";" : ", or", dev->name);
	else if (lockdown)
		error_hint(error, "%s; VFIO still works under it: 'pcietool -s %s driver bind --to vfio'",
			   root, dev->name);
	else
		error_hint(error, "%s", root);
}

/* --- the record ---------------------------------------------------------------------------------- */

/*
 * A record is a line with the name, which is empty where there was no driver. Behind it there may be lines "mask 28" and
 * "group-of 0000:01:00.0".
 */
/* TEXT is behind the id. */
static void parse(const char *text, struct driver_record *record)
{
	size_t length = strcspn(text, "\n");
	struct driver_record r = { .mask_bits = 0 };

	snprintf(r.previous, sizeof(r.previous), "%.*s", (int)length, text);
	for (text += length; *text; text += strcspn(text, "\n")) {
		text++;
		if (strncmp(text, "mask ", 5) == 0)
			r.mask_bits = (unsigned int)strtoul(text + 5, NULL, 10);
		else if (strncmp(text, "group-of ", 9) == 0)
			snprintf(r.leader, sizeof(r.leader), "%.*s", (int)strcspn(text + 9, "\n"), text + 9);
	}
	*record = r;
}

int driver_record_read(const struct device *device, struct driver_record *record)
{
	char text[RUN_FILE_TEXT];
	int rc = run_file_read(device, "", text);

	if (rc == 0)
		parse(text, record);
	return rc;
}

int driver_record_write(const struct device *device, const struct driver_record *record, struct error *error)
{
	char text[RUN_FILE_TEXT];
	char mask[24] = "";
	char leader[PCI_ADDRESS_SIZE + 16] = "";
	int rc;

	if (record->mask_bits)
		snprintf(mask, sizeof(mask), "\nmask %u", record->mask_bits);
	if (record->leader[0])
		snprintf(leader, sizeof(leader), "\ngroup-of %s", record->leader);
	snprintf(text, sizeof(text), "%s%s%s", record->previous, mask, leader);
	rc = run_file_write(device, "", text);
	if (rc < 0) {
		error_errno(error, rc, "%s: remembering its driver in " RUN_FILE_FOLDER, device->name);
		if (geteuid() != 0)
			error_hint(error, "run as root");
	}
	return rc;
}

void driver_record_remove(const struct device *device)
{
	run_file_remove(device, "");
}

unsigned int driver_record_mask_bits(const struct device *device)
{
	struct driver_record record;

	return driver_record_read(device, &record) == 0 && record.mask_bits ? record.mask_bits : 32;
}
