// SPDX-License-Identifier: GPL-2.0-or-later
/* dma/NAME: a buffer that is made by its size, read, written, removed. It is opened anew each time: others may free it. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "core/dma/buffer.h"
#include "core/mount/internal.h"

int buffer_file_resize(struct mount *m, const struct node *node, off_t size, struct error *error)
{
	struct handle *h = node->kind == NODE_NEW_BUFFER ? node_made(m, node) : NULL;
	struct buffer *buffer = NULL;
	struct stat st;
	int rc;

	/* as a shell's > does before it writes */
	if (size == 0)
		return 0;
	rc = node_stat(m, node, &st);
	if (rc == 0 && st.st_size == size)
		return 0;
	if (rc < 0 || !h || h->node.kind != NODE_NEW_BUFFER)
		return error_set(error, ERROR_USAGE, "bad-size",
				 "only a buffer that is made gets a size, once");
	rc = buffer_alloc(m->client, h->name, (uint64_t)size, &buffer, error);
	if (rc < 0 || !buffer)
		return rc;
	h->node = (struct node){ .kind = NODE_BUFFER, .index = buffer->handle };
	buffer_close(buffer);
	return 0;
}

int buffer_file_remove(struct mount *m, const char *name, struct error *error)
{
	struct buffer *buffer = NULL;
	int rc = buffer_open(m->client, name, &buffer, error);

	if (rc == 0)
		rc = buffer_free(buffer, 0, error);
	buffer_close(buffer);
	return rc;
}

int buffer_file_address(struct mount *m, const struct node *node, char **text, size_t *length,
			struct error *error)
{
	struct buffer buffer;
	int rc = node_buffer(m, node, &buffer);
	int n;

	if (rc < 0)
		return error_errno(error, rc, "a buffer");
	n = asprintf(text, "0x%llx\n", (unsigned long long)buffer.address);
	if (n < 0)
		return error_errno(error, -ENOMEM, "%s", buffer.name);
	*length = (size_t)n;
	return 0;
}

/* --- bytes ------------------------------------------------------------------------------------------------ */

/* Opened, and what of SIZE bytes from OFFSET on it has. */
static int open_part(struct mount *m, const struct node *node, uint64_t offset, size_t *size,
		     struct buffer **opened, struct error *error)
{
	struct buffer *buffer = NULL;
	struct buffer found;
	int rc = node_buffer(m, node, &found);

	if (rc < 0)
		return error_errno(error, rc, "a buffer");
	rc = buffer_open(m->client, found.name, &buffer, error);
	if (rc < 0)
		return rc;
	if (offset >= buffer->requested)
		*size = 0;
	else if (*size > buffer->requested - offset)
		*size = (size_t)(buffer->requested - offset);
	*opened = buffer;
	return 0;
}

int buffer_file_read(struct mount *m, const struct node *node, uint64_t offset, size_t *size, char **data,
		     struct error *error)
{
	struct buffer *buffer = NULL;
	int rc = open_part(m, node, offset, size, &buffer, error);
	char *bytes;

	if (rc < 0)
		return rc;
	bytes = malloc(*size + 1);
	rc = bytes ? buffer_read(buffer, offset, bytes, *size, error)
		   : error_errno(error, -ENOMEM, "@%s", buffer->name);
	buffer_close(buffer);
	if (rc < 0)
		free(bytes);
	else
		*data = bytes;
	return rc;
}

int buffer_file_write(struct mount *m, const struct node *node, uint64_t offset, const char *data,
		      size_t *size, struct error *error)
{
	struct buffer *buffer = NULL;
	int rc = open_part(m, node, offset, size, &buffer, error);

	if (rc < 0)
		return rc;
	if (*size == 0)
		rc = error_errno(error, -ENOSPC, "@%s ends at 0x%llx", buffer->name,
				 (unsigned long long)buffer->requested);
	else
		rc = buffer_write(buffer, offset, data, *size, error);
	buffer_close(buffer);
	return rc;
}
