// SPDX-License-Identifier: GPL-2.0-or-later
/* Config space as a file has it, in the form of lspci -xxxx: a device without a kernel. */
#include "core/config/saved.h"

#include <errno.h>
#include <stdlib.h>

static int choose(const struct dump *dump, const char *path, const struct pci_address *address,
		  const struct pci_address **chosen, struct error *error)
{
	const struct dump_device *d = address ? dump_find(dump, address) : NULL;
	int rc;

	if (!d && dump->count == 1)
		d = &dump->devices[0];
	if (d) {
		*chosen = &d->address;
		return 0;
	}
	rc = error_set(error, ERROR_SELECT, "no-device", "%s has %zu devices%s", path, dump->count,
		       address ? ", and none at that address" : "");
	error_hint(error, "select one of them with -s");
	return rc;
}

int config_saved_open(const struct context *ctx, const char *path, const struct pci_address *address,
		      struct config_saved **saved, struct error *error)
{
	struct config_saved *s = calloc(1, sizeof(*s));
	const struct pci_address *chosen = NULL;
	int rc;

	if (!s)
		return error_errno(error, -ENOMEM, "%s", path);
	s->ctx = (struct context){ .sysroot = "", .log = ctx->log, .log_data = ctx->log_data };
	rc = dump_read(path, &s->dump, error);
	if (rc == 0)
		rc = choose(s->dump, path, address, &chosen, error);
	if (rc == 0) {
		s->ctx.dump = s->dump;
		rc = device_open(&s->ctx, chosen, &s->device, error);
	}
	if (rc < 0) {
		config_saved_close(s);
		return rc;
	}
	*saved = s;
	return 0;
}

int config_saved_from(const struct context *ctx, const struct pci_address *address, const uint8_t *bytes,
		      size_t size, struct config_saved **saved, struct error *error)
{
	struct config_saved *s = calloc(1, sizeof(*s));
	int rc;

	if (s) {
		s->ctx = (struct context){ .sysroot = "", .log = ctx->log, .log_data = ctx->log_data };
		s->dump = dump_from(address, bytes, size);
		s->ctx.dump = s->dump;
	}
	if (s && s->dump)
		rc = device_open(&s->ctx, address, &s->device, error);
	else
		rc = error_errno(error, -ENOMEM, "a copy of config space");
	if (rc < 0) {
		config_saved_close(s);
		return rc;
	}
	*saved = s;
	return 0;
}

void config_saved_close(struct config_saved *saved)
{
	if (!saved)
		return;
	device_close(saved->device);
	dump_free(saved->dump);
	free(saved);
}
