// SPDX-License-Identifier: GPL-2.0-or-later
/* DMA memory. */
#include "core/dma/buffer.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/mman.h>

#include "lib/internal.h"

struct pcietool_buffer {
	struct buffer *buffer;
	bool is_freed;
};

/* Takes BUFFER, also where it fails. */
static int give(struct buffer *buffer, struct pcietool_buffer **given, struct error *error)
{
	struct pcietool_buffer *b = calloc(1, sizeof(*b));
	int rc = b ? 0 : error_errno(error, -ENOMEM, "a buffer");

	if (rc == 0 && !buffer->map)
		rc = buffer_map(buffer, error);
	if (rc < 0) {
		buffer_close(buffer);
		free(b);
		return rc;
	}
	b->buffer = buffer;
	*given = b;
	return 0;
}

int pcietool_buffer_alloc(struct pcietool_device *d, const char *name, uint64_t size,
			  struct pcietool_buffer **buffer, struct pcietool_error *error)
{
	struct buffer_client *client;
	struct buffer *b = NULL;
	int rc = name ? buffer_name_check(name, RECORD(error)) : 0;

	if (rc == 0 && size == 0)
		rc = error_set(RECORD(error), ERROR_USAGE, "bad-size", "a buffer of no bytes is no buffer");
	if (rc == 0)
		rc = device_client(d, &client, RECORD(error));
	if (rc == 0)
		rc = buffer_alloc(client, name, size, &b, RECORD(error));
	return rc < 0 || !b ? rc : give(b, buffer, RECORD(error));
}

int pcietool_buffer_open(struct pcietool_device *d, const char *name, struct pcietool_buffer **buffer,
			 struct pcietool_error *error)
{
	struct buffer_client *client;
	struct buffer *b = NULL;
	int rc = device_client(d, &client, RECORD(error));

	if (rc == 0)
		rc = buffer_open(client, name, &b, RECORD(error));
	return rc < 0 || !b ? rc : give(b, buffer, RECORD(error));
}

void pcietool_buffer_close(struct pcietool_buffer *b)
{
	struct error ignored;

	if (!b)
		return;
	/* one without a name is nobody else's; where the device is bus master, the client's end frees it */
	if (!b->buffer->name[0] && !b->is_freed)
		buffer_free(b->buffer, 0, &ignored);
	buffer_close(b->buffer);
	free(b);
}

int pcietool_buffer_free(struct pcietool_buffer *b, struct pcietool_error *error)
{
	struct buffer *buffer = b->buffer;
	int rc = buffer_free(buffer, 0, RECORD(error));

	if (rc < 0)
		return rc;
	b->is_freed = true;
	/* the helper's pages go with the memory, and who still looks at them would fault */
	if (mmap(buffer->map, buffer->length, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED,
		 -1, 0) == MAP_FAILED)
		return error_errno(RECORD(error), error_last(), "a buffer's mapping");
	return 0;
}

void *pcietool_buffer_map(const struct pcietool_buffer *b)
{
	return b->buffer->map;
}

uint64_t pcietool_buffer_size(const struct pcietool_buffer *b)
{
	return b->buffer->requested;
}

uint64_t pcietool_buffer_address(const struct pcietool_buffer *b)
{
	return b->buffer->address;
}

static int check_part(const struct pcietool_buffer *b, uint64_t offset, uint64_t length, struct error *error)
{
	if (offset <= b->buffer->requested && length <= b->buffer->requested - offset)
		return 0;
	return error_set(error, ERROR_USAGE, "out-of-range",
			 "0x%llx bytes at 0x%llx go beyond the buffer's 0x%llx", (unsigned long long)length,
			 (unsigned long long)offset, (unsigned long long)b->buffer->requested);
}

int pcietool_buffer_sync_for_cpu(struct pcietool_buffer *b, uint64_t offset, uint64_t length,
				 struct pcietool_error *error)
{
	int rc = check_part(b, offset, length, RECORD(error));

	return rc < 0 ? rc : buffer_sync_for_cpu(b->buffer, offset, length, RECORD(error));
}

int pcietool_buffer_sync_for_device(struct pcietool_buffer *b, uint64_t offset, uint64_t length,
				    struct pcietool_error *error)
{
	int rc = check_part(b, offset, length, RECORD(error));

	return rc < 0 ? rc : buffer_sync_for_device(b->buffer, offset, length, RECORD(error));
}
