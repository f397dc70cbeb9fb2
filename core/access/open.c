// SPDX-License-Identifier: GPL-2.0-or-later
/* What operands lie in, opened when it is first needed and kept: BARs, config space, DMA memory. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/access/internal.h"
#include "core/dma/buffer.h"

/* DMA memory that a REF named: a named buffer, or a symbol's. */
struct access_memory {
	struct access_memory *next;
	char name[BUFFER_NAME_SIZE];
	struct buffer *buffer; /* NULL: a symbol's */
	const struct symbol *symbol; /* NULL: a named buffer's */
	struct region *region;
};

const struct symbol *access_find_symbol(const struct access *a, const char *name)
{
	for (size_t i = 0; i < a->symbol_count; i++) {
		if (strcmp(a->symbols[i].name, name) == 0)
			return &a->symbols[i];
	}
	return NULL;
}

int access_open_client(struct access *a, struct error *error)
{
	if (a->client)
		return 0;
	if (!a->device)
		return error_set(error, ERROR_USAGE, "bad-operand",
				 "buffers belong to a device; mem knows physical addresses only");
	return buffer_client_open(a->device, &a->client, error);
}

/* Fills M's region from a symbol, or from the device's buffer of that name. */
static int open_memory(struct access *a, struct access_memory *m, struct error *error)
{
	char label[BUFFER_NAME_SIZE + 1];
	int rc;

	snprintf(label, sizeof(label), "@%s", m->name);
	m->symbol = access_find_symbol(a, m->name);
	if (m->symbol && !m->symbol->map)
		return error_set(error, ERROR_USAGE, "bad-operand",
				 "@%s is a value, no memory to read or write", m->name);
	if (m->symbol)
		return region_from_map(a->ctx, label, m->symbol->map, m->symbol->size, &m->region, error);
	rc = access_open_client(a, error);
	if (rc == 0)
		rc = buffer_open(a->client, m->name, &m->buffer, error);
	if (rc < 0)
		return rc;
	rc = region_from_map(a->ctx, label, m->buffer->map, m->buffer->requested, &m->region, error);
	if (rc < 0)
		buffer_close(m->buffer);
	return rc;
}

int access_memory(struct access *a, const char *name, struct region **region, const struct symbol **symbol,
		  struct error *error)
{
	struct access_memory *m;
	int rc;

	for (m = a->memories; m; m = m->next) {
		if (strcmp(m->name, name) == 0)
			goto out;
	}
	m = calloc(1, sizeof(*m));
	if (!m)
		return error_errno(error, -ENOMEM, "@%s", name);
	snprintf(m->name, sizeof(m->name), "%.*s", BUFFER_NAME_SIZE - 1, name);
	rc = open_memory(a, m, error);
	if (rc < 0) {
		free(m);
		return rc;
	}
	m->next = a->memories;
	a->memories = m;
out:
	*region = m->region;
	*symbol = m->symbol;
	return 0;
}

void access_close_memories(struct access *a)
{
	struct access_memory *m;

	while ((m = a->memories)) {
		a->memories = m->next;
		region_close(m->region);
		buffer_close(m->buffer);
		free(m);
	}
	buffer_client_close(a->client);
}

int access_bar(struct access *a, unsigned int bar, struct region **region, struct error *error)
{
	int rc = 0;

	if (!a->bars[bar])
		rc = region_open_bar(a->device, bar, a->write, &a->bars[bar], error);
	if (rc == 0)
		*region = a->bars[bar];
	return rc;
}

int access_open_config(struct access *a, struct error *error)
{
	return a->base ? 0 : region_open_config(a->device, &a->base, error);
}
