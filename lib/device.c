// SPDX-License-Identifier: GPL-2.0-or-later
/* One device, and its config space. */
#include <errno.h>
#include <stdlib.h>

#include "core/access/once.h"
#include "lib/internal.h"

int pcietool_device_open(struct pcietool_context *c, const char *selector, struct pcietool_device **device,
			 struct pcietool_error *error)
{
	struct pcietool_device *d = calloc(1, sizeof(*d));
	struct pci_address address;
	struct selector s;
	int rc;

	if (!d)
		return error_errno(RECORD(error), -ENOMEM, "%s", selector);
	rc = select_text(selector, &s, RECORD(error));
	if (rc == 0)
		rc = selector_one(&c->ctx, &s, &address, RECORD(error));
	if (rc == 0)
		rc = device_open(&c->ctx, &address, &d->device, RECORD(error));
	if (rc < 0) {
		free(d);
		return rc;
	}
	d->context = c;
	c->is_used = true;
	*device = d;
	return 0;
}

void pcietool_device_close(struct pcietool_device *d)
{
	if (!d)
		return;
	bars_close(d);
	buffer_client_close(d->client);
	device_close(d->device);
	free(d);
}

int device_client(struct pcietool_device *d, struct buffer_client **client, struct error *error)
{
	int rc = d->client ? 0 : buffer_client_open(d->device, &d->client, error);

	*client = d->client;
	return rc;
}

const char *pcietool_device_address(const struct pcietool_device *d)
{
	return d->device->name;
}

int pcietool_device_ids(const struct pcietool_device *d, uint16_t *vendor, uint16_t *device_id,
			uint32_t *class_code, struct pcietool_error *error)
{
	uint64_t numbers[3] = { 0 };
	static const char *const names[3] = { "vendor", "device", "class" };

	for (unsigned int i = 0; i < 3; i++) {
		int rc = device_read_number(d->device, names[i], &numbers[i]);

		if (rc == -ENOENT)
			return device_gone(d->device, RECORD(error));
		if (rc < 0)
			return error_errno(RECORD(error), rc, "%s: %s", d->device->name, names[i]);
	}
	if (vendor)
		*vendor = (uint16_t)numbers[0];
	if (device_id)
		*device_id = (uint16_t)numbers[1];
	if (class_code)
		*class_code = (uint32_t)numbers[2];
	return 0;
}

int pcietool_device_check(struct pcietool_device *d, struct pcietool_error *error)
{
	return device_is_present(d->device) ? 0 : device_gone(d->device, RECORD(error));
}

/* --- config space ----------------------------------------------------------------------------------------- */

int pcietool_config_read(struct pcietool_device *d, const char *ref, uint64_t *value,
			 struct pcietool_error *error)
{
	return access_read_once(d->device, SPACE_CONFIG, ref, value, NULL, RECORD(error));
}

int pcietool_config_write(struct pcietool_device *d, const char *assign, struct pcietool_error *error)
{
	return access_write_once(d->device, SPACE_CONFIG, assign, RECORD(error));
}
