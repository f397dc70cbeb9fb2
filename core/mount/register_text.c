// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The text of a register or field, and a BAR's bytes. Each access opens anew what it needs, as a command does.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/access/once.h"
#include "core/mount/internal.h"

/* Longest value that may be written. */
#define VALUE_SIZE 512

static enum access_space space_of(const struct node *node)
{
	return node->space == NODE_CONFIG_SPACE ? SPACE_CONFIG : SPACE_BAR;
}

int register_text_read(struct mount *m, const struct node *node, char **text, size_t *length,
		       struct error *error)
{
	char name[NODE_NAME_SIZE];
	unsigned int bits = 0;
	uint64_t value = 0;
	int rc;
	int n;

	node_operand(m, node, name, sizeof(name));
	rc = access_read_item_once(m->device, space_of(node), name, &value, &bits, error);
	if (rc < 0)
		return rc;
	n = asprintf(text, "0x%0*llx\n", (int)((bits + 3) / 4), (unsigned long long)value);
	if (n < 0)
		return error_errno(error, -ENOMEM, "%s", name);
	*length = (size_t)n;
	return 0;
}

int register_text_write(struct mount *m, const struct node *node, const char *text, struct error *error)
{
	char assignment[NODE_NAME_SIZE + VALUE_SIZE];
	size_t used;

	node_operand(m, node, assignment, sizeof(assignment));
	used = strlen(assignment);
	if (strlen(text) >= VALUE_SIZE)
		return error_set(error, ERROR_USAGE, "bad-operand", "%s: a value of %zu characters",
				 assignment, strlen(text));
	snprintf(assignment + used, sizeof(assignment) - used, "=%s", text);
	return access_write_item_once(m->device, space_of(node), assignment, error);
}

/* --- BARs ------------------------------------------------------------------------------------------------- */

/* Room for "0:0x0123456789abcdef/64=0x0123456789abcdef". */
#define BAR_OPERAND_SIZE 64

static int check_length(unsigned int bar, size_t length, struct error *error)
{
	int rc;

	if (length == 1 || length == 2 || length == 4 || length == 8)
		return 0;
	rc = error_set(error, ERROR_USAGE, "bad-width", "bar/%u: %zu bytes: an access has 1, 2, 4 or 8", bar,
		       length);
	error_hint(error, "dd bs=4 makes accesses of 32 bits, 'pcietool regs dump' shows ranges");
	return rc;
}

/* The low bytes of a number are its first ones: this machine is little-endian, or none of these builds runs. */
int bar_file_read(struct mount *m, unsigned int bar, uint64_t offset, void *data, size_t length,
		  struct error *error)
{
	char ref[BAR_OPERAND_SIZE];
	uint64_t value = 0;
	int rc = check_length(bar, length, error);

	if (rc < 0)
		return rc;
	snprintf(ref, sizeof(ref), "%u:0x%llx/%zu", bar, (unsigned long long)offset, 8 * length);
	rc = access_read_once(m->device, SPACE_BAR, ref, &value, NULL, error);
	if (rc == 0)
		memcpy(data, &value, length);
	return rc;
}

int bar_file_write(struct mount *m, unsigned int bar, uint64_t offset, const void *data, size_t length,
		   struct error *error)
{
	char assignment[BAR_OPERAND_SIZE];
	uint64_t value = 0;
	int rc = check_length(bar, length, error);

	if (rc < 0)
		return rc;
	memcpy(&value, data, length);
	snprintf(assignment, sizeof(assignment), "%u:0x%llx/%zu=0x%llx", bar, (unsigned long long)offset,
		 8 * length, (unsigned long long)value);
	return access_write_once(m->device, SPACE_BAR, assignment, error);
}
