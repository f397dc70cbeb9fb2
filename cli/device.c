// SPDX-License-Identifier: GPL-2.0-or-later
/* From -s, -d and PCIETOOL_DEVICE to devices. */
#include "cli/device.h"

#include <stdlib.h>
#include <string.h>

#include "core/backend/pool.h"
#include "core/backend/uio.h"
#include "core/pci/dump.h"
#include "core/pci/power.h"

/* Who set it long ago does not think of it. */
static void tell_environment(struct invocation *inv)
{
	if (inv->by_environment)
		error_hint(
			&inv->error,
			"PCIETOOL_DEVICE says so, as there is no -s and no -d; 'pcietool list' shows what there is");
}

int no_match(struct invocation *inv)
{
	selector_no_match(&inv->selector, &inv->error);
	tell_environment(inv);
	/* not what the call returned, of which an analyzer does not know that it is never 0 */
	return error_number(ERROR_SELECT);
}

int command_device(struct invocation *inv, struct device **device)
{
	struct pci_address address;
	int rc;

	if (inv->ctx.dump && !inv->selected && inv->ctx.dump->count == 1)
		return device_open(&inv->ctx, &inv->ctx.dump->devices[0].address, device, &inv->error);
	if (!inv->selected) {
		rc = error_set(&inv->error, ERROR_SELECT, "no-device", "no device is selected");
		error_hint(&inv->error, "give -s ADDRESS or -d VENDOR:DEVICE, or set PCIETOOL_DEVICE; "
					"'pcietool list' shows what there is");
		return rc;
	}
	/* what is no PCI device has no address to be found by */
	if (inv->selector.uio >= 0 && inv->command->takes_uio)
		return uio_open_device(&inv->ctx, (unsigned int)inv->selector.uio, device, &inv->error);
	if (!inv->ctx.pool || device_pool_recall(inv->ctx.pool, &inv->selector, &address) < 0) {
		rc = selector_one(&inv->ctx, &inv->selector, &address, &inv->error);
		if (rc < 0) {
			if (strcmp(inv->error.code, "no-device") == 0)
				tell_environment(inv);
			return rc;
		}
		if (inv->ctx.pool)
			device_pool_remember(inv->ctx.pool, &inv->selector, &address);
	}
	return device_open(&inv->ctx, &address, device, &inv->error);
}

int matches_list(struct invocation *inv, struct pci_address **list, size_t *count)
{
	int rc;

	rc = selector_list(&inv->ctx, &inv->selector, list, count, &inv->error);
	if (rc < 0)
		return rc;
	if (*count > 0 || !inv->selected)
		return 0;
	free(*list);
	return no_match(inv);
}

int matches_show(struct invocation *inv,
		 int (*show)(struct invocation *inv, struct device *device, const void *data),
		 const void *data)
{
	struct pci_address *list;
	struct device *device;
	struct error ignored;
	size_t count;
	int gone = 0;
	int rc;

	rc = matches_list(inv, &list, &count);
	if (rc < 0)
		return rc;
	for (size_t i = 0; rc == 0 && i < count; i++) {
		if (device_open(&inv->ctx, &list[i], &device, &ignored) < 0)
			continue;
		rc = show(inv, device, data);
		if (rc == 0 && gone == 0 && !power_is_asleep(device) && device_is_silent(device))
			gone = device_gone(device, &inv->error);
		device_close(device);
	}
	free(list);
	return rc < 0 ? rc : gone;
}

int link_select(struct invocation *inv, struct topology **topology, struct topology_node **node)
{
	struct topology *t = NULL;
	struct device *device = NULL;
	struct topology_node *found = NULL;
	int rc;

	rc = command_device(inv, &device);
	if (rc < 0)
		return rc;
	rc = topology_read(&inv->ctx, &t, &inv->error);
	if (rc == 0) {
		found = topology_find(t, &device->address);
		if (!found) {
			topology_free(t);
			rc = device_gone(device, &inv->error);
		}
	}
	device_close(device);
	if (rc < 0)
		return rc;
	*topology = t;
	*node = found;
	return 0;
}
