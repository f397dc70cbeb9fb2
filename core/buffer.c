// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/buffer.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "core/config_regs.h"
#include "core/helper.h"

int buffer_client_open(struct device *device, struct buffer_client **client, struct error *error)
{
	struct buffer_client *c = calloc(1, sizeof(*c));
	int rc;

	if (!c)
		return error_errno(error, -ENOMEM, "%s", device->name);
	c->device = device;
	rc = helper_open(device, &c->helper, error);
	if (rc < 0) {
		free(c);
		return rc;
	}
	*client = c;
	return 0;
}

void buffer_client_close(struct buffer_client *client)
{
	if (!client)
		return;
	helper_close(client->helper);
	free(client);
}

/*
 * The largest power of two of bytes that would have been given, found by asking; 0 for none, or not known:
 * what was had for the question can be given back only while bus mastering is off.
 */
static uint64_t largest_possible(struct buffer_client *client, uint64_t size)
{
	struct error ignored;
	struct buffer probe;
	uint32_t command;
	uint64_t try = 1;

	if (device_config_read(client->device, CONFIG_COMMAND, 16, &command, &ignored) < 0 ||
	    command & CONFIG_COMMAND_MASTER)
		return 0;
	while (try <= size / 2)
		try *= 2;
	for (; try >= 4096; try /= 2) {
		if (helper_alloc(client->helper, "", try, &probe) == 0) {
			helper_free(client->helper, probe.handle, false);
			return try;
		}
	}
	return 0;
}

static int explain_no_memory(struct buffer_client *client, uint64_t size, struct error *error)
{
	uint64_t largest = largest_possible(client, size - 1);
	char fits[64] = "";
	int rc;

	if (largest)
		snprintf(fits, sizeof(fits), "; %lluk would be the largest",
			 (unsigned long long)largest / 1024);
	rc = error_set(error, ERROR_FAILED, "no-memory",
		       "%s: the kernel has no %llu contiguous bytes under the device's DMA mask%s",
		       client->device->name, (unsigned long long)size, fits);
	error_hint(error,
		   "an IOMMU (intel_iommu=on) makes scattered pages contiguous, a wider mask (driver bind "
		   "--mask) or cma= at boot gives more; a capture needs only its blocks contiguous");
	return rc;
}

static int explain_alloc(struct buffer_client *client, const char *name, uint64_t size, int rc,
			 struct error *error)
{
	const char *device = client->device->name;
	struct helper_state state = { 0 };

	switch (rc) {
	case -EEXIST:
		rc = error_set(error, ERROR_FAILED, "exists", "%s: there is a buffer %s already", device,
			       name);
		error_hint(error, "free it with 'pcietool -s %s dma free %s', or choose another name", device,
			   name);
		return rc;
	case -EDQUOT:
		helper_query(client->helper, &state);
		rc = error_set(error, ERROR_FAILED, "over-cap",
			       "%s: %llu bytes are more than the %llu that all buffers may still take",
			       device, (unsigned long long)size, (unsigned long long)state.bytes_free);
		error_hint(error, "free buffers, or raise /sys/module/pcietool/parameters/max_bytes");
		return rc;
	case -ENOMEM:
		return explain_no_memory(client, size, error);
	default:
		return helper_failed(client->device, rc, "allocating DMA memory", error);
	}
}

int buffer_alloc(struct buffer_client *client, const char *name, uint64_t size, struct buffer **buffer,
		 struct error *error)
{
	struct buffer *b;
	int rc;

	if (size == 0)
		return error_set(error, ERROR_USAGE, "bad-size", "a buffer of no bytes is no buffer");
	if (name) {
		rc = buffer_name_check(name, error);
		if (rc < 0)
			return rc;
	}
	b = calloc(1, sizeof(*b));
	if (!b)
		return error_errno(error, -ENOMEM, "%s", client->device->name);
	rc = helper_alloc(client->helper, name ? name : "", size, b);
	if (rc < 0) {
		free(b);
		return explain_alloc(client, name, size, rc, error);
	}
	b->client = client;
	*buffer = b;
	return 0;
}

int buffer_map(struct buffer *buffer, struct error *error)
{
	void *map;
	int rc;

	if (buffer->map)
		return 0;
	rc = helper_map(buffer->client->helper, buffer->mmap_offset, buffer->length, &map);
	if (rc < 0)
		return helper_failed(buffer->client->device, rc, "mapping DMA memory", error);
	buffer->map = map;
	return 0;
}

static int unknown_buffer(struct buffer_client *client, const char *name, struct error *error)
{
	char names[256] = "";
	size_t used = 0;
	struct buffer b;
	int rc;

	for (uint32_t next = 1; helper_next_buffer(client->helper, next, &b) == 0; next = b.handle + 1) {
		if (b.name[0] && used + sizeof(b.name) < sizeof(names))
			used += (size_t)snprintf(names + used, sizeof(names) - used, "%s%s", used ? ", " : "",
						 b.name);
	}
	rc = error_set(error, ERROR_USAGE, "no-buffer", "%s: there is no buffer '%.40s'",
		       client->device->name, name);
	if (used)
		error_hint(error, "there are: %s", names);
	else
		error_hint(error, "there are none; 'pcietool -s %s dma alloc --name %.40s SIZE' makes it",
			   client->device->name, name);
	return rc;
}

int buffer_open(struct buffer_client *client, const char *name, struct buffer **buffer, struct error *error)
{
	struct buffer *b = calloc(1, sizeof(*b));
	uint32_t next = 1;
	int rc;

	if (!b)
		return error_errno(error, -ENOMEM, "@%s", name);
	while ((rc = helper_next_buffer(client->helper, next, b)) == 0 && strcmp(b->name, name) != 0)
		next = b->handle + 1;
	if (rc == -ENOENT)
		rc = unknown_buffer(client, name, error);
	else if (rc < 0)
		rc = helper_failed(client->device, rc, "listing DMA memory", error);
	b->client = client;
	if (rc == 0)
		rc = buffer_map(b, error);
	if (rc < 0) {
		free(b);
		return rc;
	}
	*buffer = b;
	return 0;
}

void buffer_close(struct buffer *buffer)
{
	if (!buffer)
		return;
	if (buffer->map)
		munmap(buffer->map, buffer->length);
	free(buffer);
}

int buffer_free(struct buffer *buffer, bool force, struct error *error)
{
	struct buffer_client *client = buffer->client;
	int rc;

	rc = helper_free(client->helper, buffer->handle, force);
	if (rc == -EBUSY) {
		if (!buffer->name[0] && !buffer->orphan)
			return error_set(error, ERROR_DENIED, "in-use",
					 "%s: a buffer without a name belongs to a running capture",
					 client->device->name);
		rc = error_set(error, ERROR_FAILED, "bus-master-on",
			       "%s: bus mastering is on, so the device may still write to %s",
			       client->device->name, buffer->name[0] ? buffer->name : "the buffer");
		error_hint(error,
			   "stop it with 'pcietool -s %s config write COMMAND=0:0x4', or free with --force",
			   client->device->name);
		return rc;
	}
	return rc < 0 ? helper_failed(client->device, rc, "freeing DMA memory", error) : 0;
}

int buffer_list(struct buffer_client *client, struct buffer **list, size_t *count, struct error *error)
{
	struct buffer *items = NULL;
	size_t n = 0;
	uint32_t next = 1;
	int rc;

	for (;;) {
		struct buffer *grown = reallocarray(items, n + 1, sizeof(*items));

		if (!grown) {
			rc = -ENOMEM;
			break;
		}
		items = grown;
		rc = helper_next_buffer(client->helper, next, &items[n]);
		if (rc < 0)
			break;
		items[n].client = client;
		next = items[n++].handle + 1;
	}
	if (rc != -ENOENT) {
		free(items);
		return helper_failed(client->device, rc, "listing DMA memory", error);
	}
	*list = items;
	*count = n;
	return 0;
}

void buffer_list_free(struct buffer *list)
{
	free(list);
}

static int sync_buffer(struct buffer *buffer, bool for_cpu, uint64_t offset, uint64_t length,
		       struct error *error)
{
	int rc;

	if (buffer->coherent)
		return 0;
	rc = helper_sync(buffer->client->helper, buffer->handle, for_cpu, offset, length);
	return rc < 0 ? helper_failed(buffer->client->device, rc, "synchronizing DMA memory", error) : 0;
}

int buffer_sync_for_cpu(struct buffer *buffer, uint64_t offset, uint64_t length, struct error *error)
{
	return sync_buffer(buffer, true, offset, length, error);
}

int buffer_sync_for_device(struct buffer *buffer, uint64_t offset, uint64_t length, struct error *error)
{
	return sync_buffer(buffer, false, offset, length, error);
}

int buffer_client_claim(struct buffer_client *client, struct error *error)
{
	int rc = helper_claim(client->helper, false);

	if (rc == -EBUSY) {
		rc = error_set(error, ERROR_DENIED, "claimed",
			       "%s: another process is capturing from the device", client->device->name);
		error_hint(error, "wait for it to end, or end it: 'fuser -v /dev/pcietool/%s' names it",
			   client->device->name);
		return rc;
	}
	return rc < 0 ? helper_failed(client->device, rc, "claiming the device", error) : 0;
}

int buffer_client_release(struct buffer_client *client, struct error *error)
{
	int rc = helper_claim(client->helper, true);

	return rc < 0 ? helper_failed(client->device, rc, "stopping the device", error) : 0;
}

int buffer_client_stop_write(struct buffer_client *client, unsigned int bar, uint64_t offset,
			     unsigned int width, uint64_t value, uint64_t mask, struct error *error)
{
	int rc = helper_stop_write(client->helper, bar, offset, width, value, mask);

	if (rc == -ENOSPC)
		return error_set(error, ERROR_USAGE, "too-many", "%s: there may be 16 --stop writes at most",
				 client->device->name);
	return rc < 0 ? helper_failed(client->device, rc, "registering a stop write", error) : 0;
}
