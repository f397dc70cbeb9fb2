/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A device's config space as a file has it: opened as a device, so that all that reads config space works on it. */
#ifndef PCIETOOL_CONFIG_SAVED_H
#define PCIETOOL_CONFIG_SAVED_H

#include "core/pci/device.h"
#include "core/pci/dump.h"

struct config_saved {
	struct context ctx;
	struct dump *dump;
	struct device *device;
};

/*
 * PATH's device of that ADDRESS; without one (NULL, or the file has another only) the only one that the file has.
 * CTX's log stays in use. *SAVED is the caller's to close.
 */
int config_saved_open(const struct context *ctx, const char *path, const struct pci_address *address,
		      struct config_saved **saved, struct error *error);
/* The same from SIZE bytes that were read of ADDRESS before. */
int config_saved_from(const struct context *ctx, const struct pci_address *address, const uint8_t *bytes,
		      size_t size, struct config_saved **saved, struct error *error);
void config_saved_close(struct config_saved *saved); /* accepts NULL */

#endif
