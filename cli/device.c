// SPDX-License-Identifier: GPL-2.0-or-later
#include "cli/device.h"

#include <stdlib.h>

int matches_list(struct invocation *inv, struct pci_address **list, size_t *count)
{
	int rc;

	rc = selector_list(&inv->ctx, &inv->selector, list, count, &inv->error);
	if (rc < 0)
		return rc;
	if (*count > 0 || !inv->selected)
		return 0;
	free(*list);
	rc = error_set(&inv->error, ERROR_SELECT, "no-device", "no device matches");
	error_hint(&inv->error, "'pcietool list' without -s and -d shows all there are");
	return rc;
}

int matches_show(struct invocation *inv, int (*show)(struct invocation *inv, struct device *device))
{
	struct pci_address *list;
	struct device *device;
	struct error ignored;
	size_t count;
	int rc;

	rc = matches_list(inv, &list, &count);
	if (rc < 0)
		return rc;
	for (size_t i = 0; rc == 0 && i < count; i++) {
		if (device_open(&inv->ctx, &list[i], &device, &ignored) < 0)
			continue;
		rc = show(inv, device);
		device_close(device);
	}
	free(list);
	return rc;
}
