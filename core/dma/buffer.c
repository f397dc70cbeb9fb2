// SPDX-License-Identifier: GPL-2.0-or-later
/* Buffers, whichever way leads to them (client.h): their memory, and bytes in and out. */
#include "core/dma/buffer.h"

#include <errno.h>
#include <linux/magic.h>
#include <linux/pci_regs.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "core/base/dma_copy.h"
#include "core/base/mmio.h"
#include "core/base/sigbus.h"
#include "core/dma/client.h"

static int name_is_taken(struct buffer_client *client, const char *name, struct error *error)
{
	const char *device = client->device->name;
	int rc = error_set(error, ERROR_FAILED, "exists", "%s: there is a buffer %s already", device, name);

	error_hint(error, "free it with 'pcietool -s %s dma free %s', or choose another name", device, name);
	return rc;
}

static int trace_buffer(const struct buffer *buffer, enum trace_op op)
{
	char place[BUFFER_NAME_SIZE + 1];

	snprintf(place, sizeof(place), "@%s", buffer->name);
	return client_traced(buffer->client, op, place, buffer->length, buffer->address, 0, NULL);
}

int buffer_room(struct buffer_client *client, uint64_t count, uint64_t size, struct error *error)
{
	uint64_t page = (uint64_t)sysconf(_SC_PAGESIZE);
	uint64_t pages = size / page + (size % page != 0);
	int rc;

	if (!client->ops->room)
		return 0;
	error->kind = ERROR_NONE;
	rc = client->ops->room(client, pages > UINT64_MAX / page / count ? UINT64_MAX : pages * page * count,
			       error);
	return rc < 0 ? client_failed(client, rc, "allocating DMA memory", error) : 0;
}

/* What is refused without a look at the buffers that there are. */
static int check_alloc(struct buffer_client *client, const char *name, uint64_t size, struct error *error)
{
	if (size == 0)
		return error_set(error, ERROR_USAGE, "bad-size", "a buffer of no bytes is no buffer");
	if (!client->ops->alloc)
		return client_has_no_dma(client, error);
	return name ? buffer_name_check(name, error) : 0;
}

int buffer_alloc(struct buffer_client *client, const char *name, uint64_t size, struct buffer **buffer,
		 struct error *error)
{
	struct buffer *b;
	int rc = check_alloc(client, name, size, error);

	if (rc < 0)
		return rc;
	b = calloc(1, sizeof(*b));
	if (!b)
		return error_errno(error, -ENOMEM, "%s", client->device->name);
	error->kind = ERROR_NONE;
	rc = client->ops->alloc(client, name ? name : "", size, b, error);
	if (rc < 0) {
		free(b);
		return rc == -EEXIST ? name_is_taken(client, name, error)
				     : client_failed(client, rc, "allocating DMA memory", error);
	}
	b->client = client;
	*buffer = b;
	return trace_buffer(b, TRACE_ALLOC);
}

int buffer_map(struct buffer *buffer, struct error *error)
{
	void *map;
	int rc;

	if (buffer->map)
		return 0;
	error->kind = ERROR_NONE;
	rc = buffer->client->ops->map(buffer->client, buffer, &map, error);
	if (rc < 0)
		return client_failed(buffer->client, rc, "mapping DMA memory", error);
	buffer->map = map;
	return 0;
}

int buffer_memory_fd(const struct buffer *buffer, int *fd, struct error *error)
{
	const struct client_ops *ops = buffer->client->ops;
	struct statfs st;
	int memory = -1;
	int rc;

	error->kind = ERROR_NONE;
	rc = ops->memory_fd ? ops->memory_fd(buffer->client, buffer, &memory, error) : -EOPNOTSUPP;
	if (rc == 0 && fstatfs(memory, &st) < 0)
		rc = error_last();
	else if (rc == 0 && (unsigned int)st.f_type == HUGETLBFS_MAGIC)
		rc = -EOPNOTSUPP;
	if (rc < 0) {
		if (memory >= 0)
			close(memory);
		return client_failed(buffer->client, rc, "DMA memory as a file", error);
	}
	*fd = memory;
	return 0;
}

/* -ENOENT behind the last, without a record. */
static int next_buffer(struct buffer_client *client, uint32_t first, struct buffer *buffer,
		       struct error *error)
{
	int rc;

	if (!client->ops->next_buffer)
		return -ENOENT;
	error->kind = ERROR_NONE;
	rc = client->ops->next_buffer(client, first, buffer, error);
	if (rc == 0)
		buffer->client = client;
	return rc < 0 && rc != -ENOENT ? client_failed(client, rc, "listing DMA memory", error) : rc;
}

int buffer_alloc_check(struct buffer_client *client, const char *name, uint64_t size, struct error *error)
{
	struct buffer b;
	int rc = check_alloc(client, name, size, error);

	if (rc < 0)
		return rc;
	for (uint32_t next = 1; (rc = next_buffer(client, next, &b, error)) == 0; next = b.handle + 1) {
		if (strcmp(b.name, name) == 0)
			return name_is_taken(client, name, error);
	}
	return rc == -ENOENT ? buffer_room(client, 1, size, error) : rc;
}

static int unknown_buffer(struct buffer_client *client, const char *name, struct error *error)
{
	char names[256] = "";
	size_t used = 0;
	struct error ignored;
	struct buffer b;
	int rc;

	for (uint32_t next = 1; next_buffer(client, next, &b, &ignored) == 0; next = b.handle + 1) {
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
	while ((rc = next_buffer(client, next, b, error)) == 0 && strcmp(b->name, name) != 0)
		next = b->handle + 1;
	if (rc == -ENOENT)
		rc = unknown_buffer(client, name, error);
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

static int bus_master_on(struct buffer_client *client, const char *what, struct error *error)
{
	int rc = error_set(error, ERROR_FAILED, "bus-master-on",
			   "%s: bus mastering is on, so the device may still write to %s",
			   client->device->name, what);

	error_hint(error, "stop it with 'pcietool -s %s config write COMMAND=0:0x4', or free with --force",
		   client->device->name);
	return rc;
}

static int refuse_free(const struct buffer *buffer, struct error *error)
{
	if (!buffer->name[0] && !buffer->orphan)
		return error_set(error, ERROR_DENIED, "in-use",
				 "%s: a buffer without a name belongs to a running capture",
				 buffer->client->device->name);
	return bus_master_on(buffer->client, buffer->name[0] ? buffer->name : "the buffer", error);
}

static int read_command(struct buffer_client *client, uint32_t *command, struct error *error)
{
	int rc = device_config_read(client->device, PCI_COMMAND, 16, command, error);

	return rc == 0 && *command == UINT16_MAX ? device_gone(client->device, error) : rc;
}

static int read_bus_master(struct buffer_client *client, bool *on, struct error *error)
{
	uint32_t command;
	int rc = read_command(client, &command, error);

	if (rc == 0)
		*on = command & PCI_COMMAND_MASTER;
	return rc;
}

int buffer_free_check(const struct buffer *buffer, unsigned int how, struct error *error)
{
	bool on = false;
	int rc;

	if (!buffer->name[0] && !buffer->orphan && !buffer->own)
		return refuse_free(buffer, error);
	if (how & BUFFER_FREE_FORCE)
		return 0;
	rc = read_bus_master(buffer->client, &on, error);
	return rc == 0 && on ? refuse_free(buffer, error) : rc;
}

int buffer_free(struct buffer *buffer, unsigned int how, struct error *error)
{
	struct buffer_client *client = buffer->client;
	int rc;

	error->kind = ERROR_NONE;
	rc = client->ops->free(client, buffer->handle, how, error);
	if (rc == -EBUSY && error->kind == ERROR_NONE)
		return refuse_free(buffer, error);
	if (rc < 0)
		return client_failed(client, rc, "freeing DMA memory", error);
	return trace_buffer(buffer, TRACE_FREE);
}

int buffer_held(struct buffer_client *client, struct buffer_held *held, struct error *error)
{
	int rc;

	if (!client->ops->held) {
		*held = (struct buffer_held){ 0 };
		return 0;
	}
	error->kind = ERROR_NONE;
	rc = client->ops->held(client, held, error);
	return rc < 0 ? client_failed(client, rc, "asking for DMA memory that is held back", error) : 0;
}

static int turn_bus_master_off(struct buffer_client *client, struct error *error)
{
	uint32_t command;
	int rc = read_command(client, &command, error);

	if (rc < 0 || !(command & PCI_COMMAND_MASTER))
		return rc;
	return device_config_write(client->device, PCI_COMMAND, 16, command & ~(uint32_t)PCI_COMMAND_MASTER,
				   error);
}

static int refuse_give_back(struct buffer_client *client, struct error *error)
{
	return bus_master_on(client, "memory that was freed", error);
}

int buffer_give_back_check(struct buffer_client *client, unsigned int how, struct error *error)
{
	bool on = false;
	int rc;

	if (!client->ops->give_back || how & BUFFER_FREE_FORCE)
		return 0;
	rc = read_bus_master(client, &on, error);
	return rc == 0 && on ? refuse_give_back(client, error) : rc;
}

int buffer_give_back(struct buffer_client *client, unsigned int how, struct error *error)
{
	int rc;

	if (!client->ops->give_back)
		return 0;
	error->kind = ERROR_NONE;
	rc = client->ops->give_back(client, error);
	if (rc == -EBUSY && error->kind == ERROR_NONE && how & BUFFER_FREE_FORCE) {
		rc = turn_bus_master_off(client, error);
		if (rc == 0)
			rc = client->ops->give_back(client, error);
	}
	if (rc == -EBUSY && error->kind == ERROR_NONE)
		return refuse_give_back(client, error);
	return rc < 0 ? client_failed(client, rc, "giving back DMA memory", error) : 0;
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
			rc = error_errno(error, -ENOMEM, "%s: listing DMA memory", client->device->name);
			break;
		}
		items = grown;
		rc = next_buffer(client, next, &items[n], error);
		if (rc < 0)
			break;
		next = items[n++].handle + 1;
	}
	if (rc != -ENOENT) {
		free(items);
		return rc;
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
	struct buffer_client *client = buffer->client;
	int rc;

	if (buffer->coherent || !client->ops->sync)
		return 0;
	error->kind = ERROR_NONE;
	rc = client->ops->sync(client, buffer->handle, for_cpu, offset, length);
	return rc < 0 ? client_failed(client, rc, "synchronizing DMA memory", error) : 0;
}

int buffer_sync_for_cpu(struct buffer *buffer, uint64_t offset, uint64_t length, struct error *error)
{
	return sync_buffer(buffer, true, offset, length, error);
}

int buffer_sync_for_device(struct buffer *buffer, uint64_t offset, uint64_t length, struct error *error)
{
	return sync_buffer(buffer, false, offset, length, error);
}

/* --- bytes in and out ---------------------------------------------------------------------------- */

static int lost(const struct buffer *buffer, struct error *error)
{
	struct device *device = buffer->client->device;
	int rc;

	if (!device_is_present(device))
		return device_gone(device, error);
	rc = error_set(error, ERROR_GONE, "bus-error", "%s: %s: the memory is gone", device->name,
		       buffer->name);
	error_hint(error, "the buffer was freed, or the device released, meanwhile");
	return rc;
}

/* MEMORY's bytes into TO, or where that is NULL the bytes of FROM into it. */
static int copy(uint8_t *memory, void *to, const void *from, size_t length)
{
	struct sigbus_guard guard;
	int rc = sigbus_init();

	if (rc < 0)
		return rc;
	if (sigbus_caught(&guard))
		return -EFAULT;
	if (to)
		dma_copy_from(to, memory, length);
	else
		dma_copy_to(memory, from, length);
	sigbus_end(&guard);
	return 0;
}

int buffer_read(struct buffer *buffer, uint64_t offset, void *data, size_t length, struct error *error)
{
	int rc = buffer_sync_for_cpu(buffer, offset, length, error);

	if (rc < 0)
		return rc;
	return copy(buffer->map + offset, data, NULL, length) < 0 ? lost(buffer, error) : 0;
}

int buffer_write(struct buffer *buffer, uint64_t offset, const void *data, size_t length, struct error *error)
{
	if (copy(buffer->map + offset, NULL, data, length) < 0)
		return lost(buffer, error);
	return buffer_sync_for_device(buffer, offset, length, error);
}

static int store(void *address, unsigned int width, uint64_t value)
{
	struct sigbus_guard guard;
	int rc = sigbus_init();

	if (rc < 0)
		return rc;
	if (sigbus_caught(&guard))
		return -EFAULT;
	mmio_write(address, width, value);
	sigbus_end(&guard);
	return 0;
}

int buffer_check_store(const struct buffer *buffer, uint64_t offset, unsigned int width, struct error *error)
{
	if (width <= mmio_max_width() || offset % (width / 8))
		return 0;
	return mmio_no_width(buffer->client->device->name, buffer->name, width, error);
}

int buffer_store(struct buffer *buffer, uint64_t offset, unsigned int width, uint64_t value,
		 struct error *error)
{
	uint8_t bytes[8];

	for (unsigned int i = 0; i < sizeof(bytes); i++)
		bytes[i] = (uint8_t)(value >> (8 * i));
	if (offset % (width / 8))
		return buffer_write(buffer, offset, bytes, width / 8, error);
	if (store(buffer->map + offset, width, value) < 0)
		return lost(buffer, error);
	return buffer_sync_for_device(buffer, offset, width / 8, error);
}
