// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/driver.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/driver_record.h"
#include "core/in_use.h"
#include "core/module.h"
#include "core/preflight.h"
#include "core/sysfs.h"

const char *driver_name(const char *word)
{
	static const char *const words[][2] = {
		{ "helper", "pcietool" },
		{ "vfio", "vfio-pci" },
		{ "uio", "uio_pci_generic" },
	};

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		if (strcmp(word, words[i][0]) == 0)
			return words[i][1];
	}
	return word;
}

static void current_driver(const struct device *device, char name[DRIVER_NAME_SIZE])
{
	if (device_driver(device, name, DRIVER_NAME_SIZE) < 0)
		name[0] = '\0';
}

/* What sysfs shows as "(null)" is none. */
static void current_override(const struct device *device, char name[DRIVER_NAME_SIZE])
{
	if (sysfs_read(device->ctx, name, DRIVER_NAME_SIZE, SYSFS_PCI_DEVICES "/%s/driver_override",
		       device->name) < 0 ||
	    strcmp(name, "(null)") == 0)
		name[0] = '\0';
}

static int check_use(struct device *device, const char *driver, struct error *error)
{
	char what[256];
	int rc;

	if (device->ctx->force)
		return 0;
	if (in_use_find(device, what, sizeof(what))) {
		rc = error_set(error, ERROR_DENIED, "in-use", "%s: %s", device->name, what);
		error_hint(error, "the system uses the device; unmount it or take it down first, or --force");
		return rc;
	}
	if (preflight_driver_is_ours(driver))
		return 0;
	rc = error_set(error, ERROR_DENIED, "driver-bound", "%s: the driver %s is bound", device->name, driver);
	error_hint(error, "--force takes the device from it; 'driver release' gives it back");
	return rc;
}

int driver_plan(struct device *device, const char *driver, struct driver_plan *plan, struct error *error)
{
	struct driver_plan p = { .done = false };
	int rc;

	if (!*driver || strlen(driver) >= sizeof(p.driver) || strchr(driver, '/') || strchr(driver, '\n'))
		return error_set(error, ERROR_USAGE, "bad-driver", "'%.60s' is no name of a driver", driver);
	snprintf(p.driver, sizeof(p.driver), "%s", driver);
	current_driver(device, p.current);
	p.done = strcmp(p.current, p.driver) == 0;
	if (p.current[0] && !p.done) {
		rc = check_use(device, p.current, error);
		if (rc < 0)
			return rc;
	}
	*plan = p;
	return 0;
}

static int set_override(struct device *device, const char *driver)
{
	/* a newline clears it */
	return sysfs_write(device->ctx, *driver ? driver : "\n", SYSFS_PCI_DEVICES "/%s/driver_override",
			   device->name);
}

static int unbind(struct device *device)
{
	int rc = sysfs_write(device->ctx, device->name, SYSFS_PCI_DEVICES "/%s/driver/unbind", device->name);

	return rc == -ENOENT || rc == -ENODEV ? 0 : rc;
}

/* Offers the device to the drivers; which one took it is for the caller to look at. */
static int probe(struct device *device)
{
	return sysfs_write(device->ctx, device->name, "/sys/bus/pci/drivers_probe");
}

static void roll_back(struct device *device, const char *driver)
{
	unbind(device);
	set_override(device, driver);
	probe(device);
	set_override(device, "");
	driver_record_remove(device);
}

static int explain(struct device *device, int rc, const char *what, struct error *error)
{
	error_errno(error, rc, "%s: %s", device->name, what);
	if ((rc == -EACCES || rc == -EPERM) && geteuid() != 0)
		error_hint(error, "run as root");
	return rc;
}

static bool is_bound_to(const struct device *device, const char *driver)
{
	char now[DRIVER_NAME_SIZE];

	current_driver(device, now);
	return strcmp(now, driver) == 0;
}

static int did_not_bind(struct device *device, const char *driver, struct error *error)
{
	int rc = error_set(error, ERROR_FAILED, "bind-failed", "%s: the driver %s did not take the device",
			   device->name, driver);

	error_hint(error, "the kernel log says why: 'dmesg | tail'");
	return rc;
}

static int bind(struct device *device, const struct driver_plan *plan, struct error *error)
{
	int rc;

	rc = set_override(device, plan->driver);
	if (rc < 0)
		return explain(device, rc, "setting driver_override", error);
	rc = unbind(device);
	if (rc < 0)
		return explain(device, rc, "unbinding its driver", error);
	rc = probe(device);
	if (rc < 0 && rc != -EINVAL && rc != -ENODEV)
		return explain(device, rc, "offering it to the driver", error);
	if (!is_bound_to(device, plan->driver))
		return did_not_bind(device, plan->driver, error);
	return 0;
}

int driver_bind(struct device *device, const struct driver_plan *plan, const char *module_file,
		struct error *error)
{
	struct driver_record record;
	bool had_record;
	int rc;

	if (plan->done)
		return 0;
	rc = module_load(device->ctx, plan->driver, module_file, error);
	if (rc < 0)
		return rc;
	/* bound by us before: what it had at first is what it gets back */
	had_record = driver_record_read(device, &record) == 0;
	if (!had_record) {
		snprintf(record.previous, sizeof(record.previous), "%s", plan->current);
		rc = driver_record_write(device, &record, error);
		if (rc < 0)
			return rc;
	}
	rc = bind(device, plan, error);
	if (rc < 0)
		roll_back(device, plan->current);
	return rc;
}

int driver_status(struct device *device, struct driver_status *status, struct error *error)
{
	struct driver_status s = { .has_record = false };
	struct driver_record record;

	(void)error;
	current_driver(device, s.current);
	current_override(device, s.override);
	if (driver_record_read(device, &record) == 0) {
		s.has_record = true;
		snprintf(s.previous, sizeof(s.previous), "%s", record.previous);
	}
	*status = s;
	return 0;
}

/* The previous driver by name, not whichever would take the device first. */
static int restore(struct device *device, const char *previous, struct error *error)
{
	int rc;

	rc = set_override(device, previous);
	if (rc < 0)
		return explain(device, rc, "setting driver_override", error);
	rc = probe(device);
	if (rc < 0 && rc != -EINVAL && rc != -ENODEV)
		return explain(device, rc, "offering it to its driver", error);
	if (!is_bound_to(device, previous))
		return did_not_bind(device, previous, error);
	return 0;
}

int driver_release(struct device *device, struct error *error)
{
	char current[DRIVER_NAME_SIZE];
	char override[DRIVER_NAME_SIZE];
	struct driver_record record = { .previous = "" };
	int rc;

	current_driver(device, current);
	current_override(device, override);
	rc = driver_record_read(device, &record);
	if (rc < 0 && !preflight_driver_is_ours(current) && !override[0]) {
		rc = error_set(error, ERROR_FAILED, "not-bound", "%s: it was not taken by 'driver bind'",
			       device->name);
		error_hint(error, "its driver is %s", current[0] ? current : "none");
		return rc;
	}
	/* a record beside the previous driver: a bind that was killed before it did anything */
	if (current[0] && strcmp(current, record.previous) != 0) {
		rc = unbind(device);
		if (rc < 0)
			return explain(device, rc, "unbinding its driver", error);
	}
	rc = record.previous[0] ? restore(device, record.previous, error) : 0;
	if (rc == 0) {
		rc = set_override(device, "");
		if (rc < 0)
			return explain(device, rc, "clearing driver_override", error);
		driver_record_remove(device);
	}
	return rc;
}
