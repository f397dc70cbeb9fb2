// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/pci/user_driver.h"

#include <string.h>

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
