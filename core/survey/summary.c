// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/survey/summary.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void read_driver(struct device *device, struct device_summary *s)
{
	int rc = device_driver(device, s->driver.text, sizeof(s->driver.text));

	s->driver.reason = rc == -ENOENT ? "none" : rc < 0 ? fact_reason(rc) : NULL;
}

/*
 * Where sysfs has them all in one file, that costs a third of the time: "DRIVER=e1000e", "PCI_CLASS=20000",
 * "PCI_ID=8086:10D3", a line each. False: it has not.
 */
static bool read_uevent(struct device *device, struct device_summary *s)
{
	char text[1024];
	const char *class_id;
	const char *id;
	const char *driver;
	char *rest;

	if (device_read_attribute(device, "uevent", text, sizeof(text)) < 0)
		return false;
	class_id = strstr(text, "PCI_CLASS=");
	id = strstr(text, "PCI_ID=");
	driver = strncmp(text, "DRIVER=", 7) == 0 ? text + 7 : NULL;
	if (!class_id || !id)
		return false;
	s->class_id = (struct fact_number){ .value = strtoul(class_id + 10, NULL, 16) };
	s->vendor_id = (struct fact_number){ .value = strtoul(id + 7, &rest, 16) };
	s->device_id = (struct fact_number){ .value = *rest == ':' ? strtoul(rest + 1, NULL, 16) : 0 };
	s->driver.reason = driver ? NULL : "none";
	if (driver)
		snprintf(s->driver.text, sizeof(s->driver.text), "%.*s", (int)strcspn(driver, "\n"), driver);
	return true;
}

static void read_ids(struct device *device, struct device_summary *s)
{
	fact_read_number(device, "revision", &s->revision);
	if (read_uevent(device, s))
		return;
	fact_read_number(device, "vendor", &s->vendor_id);
	fact_read_number(device, "device", &s->device_id);
	fact_read_number(device, "class", &s->class_id);
	read_driver(device, s);
}

static void read_names(struct names *names, struct device_summary *s)
{
	unsigned int vendor = (unsigned int)s->vendor_id.value;

	names_vendor(names, vendor, &s->vendor);
	names_device(names, vendor, (unsigned int)s->device_id.value, &s->device);
	names_class(names, (unsigned int)s->class_id.value >> 8, &s->class_name);
	if (s->vendor_id.reason)
		s->vendor.reason = s->device.reason = s->vendor_id.reason;
	if (s->class_id.reason)
		s->class_name.reason = s->class_id.reason;
}

static void read_subsystem(struct device *device, struct names *names, struct device_summary *s)
{
	fact_read_number(device, "subsystem_vendor", &s->subsystem_vendor_id);
	fact_read_number(device, "subsystem_device", &s->subsystem_device_id);
	/* what a device without these registers shows, such as a bridge */
	if (s->subsystem_vendor_id.value == 0 && s->subsystem_device_id.value == 0 &&
	    !s->subsystem_vendor_id.reason)
		s->subsystem_vendor_id.reason = s->subsystem_device_id.reason = "none";
	names_vendor(names, (unsigned int)s->subsystem_vendor_id.value, &s->subsystem_vendor);
	names_subsystem(names, (unsigned int)s->vendor_id.value, (unsigned int)s->device_id.value,
			(unsigned int)s->subsystem_vendor_id.value,
			(unsigned int)s->subsystem_device_id.value, &s->subsystem);
	if (s->subsystem_vendor_id.reason)
		s->subsystem.reason = s->subsystem_vendor.reason = s->subsystem_vendor_id.reason;
}

/* Nobody asked for it. */
static void leave_out_subsystem(struct device_summary *s)
{
	s->subsystem_vendor_id.reason = s->subsystem_device_id.reason = "not asked for";
	s->subsystem_vendor.reason = s->subsystem.reason = "not asked for";
}

void device_summary_identity(struct device *device, struct names *names, struct device_summary *s)
{
	memset(s, 0, sizeof(*s));
	snprintf(s->address, sizeof(s->address), "%s", device->name);
	read_ids(device, s);
	read_names(names, s);
	leave_out_subsystem(s);
}

void device_summary_read(struct device *device, struct names *names, bool subsystem, struct device_summary *s)
{
	struct error error;
	int rc;

	device_summary_identity(device, names, s);
	if (subsystem)
		read_subsystem(device, names, s);
	link_state_read(device, &s->link);
	rc = device_bars(device, s->bars, &error);
	s->bars_reason = rc < 0 ? fact_reason(rc) : NULL;
}
