// SPDX-License-Identifier: GPL-2.0-or-later
/* What all ways to buffers and interrupts have in common. */
#include "core/dma/client.h"

#include <errno.h>
#include <stdio.h>

int client_traced(const struct buffer_client *client, enum trace_op op, const char *place, uint64_t width,
		  uint64_t value, int rc, const struct error *error)
{
	const struct device *device = client->device;
	const struct trace_access access = {
		.op = op,
		.device = device->name,
		.place = place,
		.width = width,
		.has_value = rc == 0,
		.value = value,
		.error = rc < 0 ? error->code : NULL,
	};

	if (device->ctx->trace)
		trace_record(device->ctx->trace, &access);
	return rc;
}

void buffer_client_close(struct buffer_client *client)
{
	if (client)
		client->ops->close(client);
}

int client_failed(struct buffer_client *client, int rc, const char *what, struct error *error)
{
	struct device *device = client->device;

	if (error->kind != ERROR_NONE)
		return rc;
	if (rc != -ENODEV)
		return error_errno(error, rc, "%s: %s", device->name, what);
	if (!device_is_present(device))
		return device_gone(device, error);
	return error_set(error, ERROR_GONE, "unbound",
			 "%s: %s: the device was unbound from its driver meanwhile", device->name, what);
}

int client_has_no_dma(struct buffer_client *client, struct error *error)
{
	return error_set(error, ERROR_UNSUPPORTED, "no-dma", "%s: there is no DMA memory over %s",
			 client->device->name, client->ops->name);
}

static int claim(struct buffer_client *client, bool release, const char *what, struct error *error)
{
	int rc;

	if (!client->ops->claim)
		return client_has_no_dma(client, error);
	error->kind = ERROR_NONE;
	rc = client->ops->claim(client, release, error);
	if (rc == -EBUSY && error->kind == ERROR_NONE && !release) {
		rc = error_set(error, ERROR_DENIED, "claimed",
			       "%s: another process is capturing from the device", client->device->name);
		error_hint(error, "wait for it to end, or end it");
	}
	return rc < 0 ? client_failed(client, rc, what, error) : 0;
}

int buffer_client_claim(struct buffer_client *client, struct error *error)
{
	return claim(client, false, "claiming the device", error);
}

int buffer_client_release(struct buffer_client *client, struct error *error)
{
	return claim(client, true, "stopping the device", error);
}

int buffer_client_stop_write(struct buffer_client *client, unsigned int bar, uint64_t offset,
			     unsigned int width, uint64_t value, uint64_t mask, struct error *error)
{
	char place[32];
	int rc;

	error->kind = ERROR_NONE;
	rc = client->ops->stop_write(client, bar, offset, width, value, mask, error);
	if (rc == -ENOSPC && error->kind == ERROR_NONE)
		return error_set(error, ERROR_USAGE, "too-many", "%s: there may be 16 --stop writes at most",
				 client->device->name);
	if (rc < 0)
		return client_failed(client, rc, "registering a stop write", error);
	snprintf(place, sizeof(place), "%u:0x%llx", bar, (unsigned long long)offset);
	return client_traced(client, TRACE_STOP, place, width, value, 0, NULL);
}

int buffer_client_forget_stops(struct buffer_client *client, struct error *error)
{
	int rc;

	error->kind = ERROR_NONE;
	rc = client->ops->stop_write(client, 0, 0, 0, 0, 0, error);
	return rc < 0 ? client_failed(client, rc, "forgetting stop writes", error) : 0;
}
