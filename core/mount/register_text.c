// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The text of a register or field, and a BAR's bytes. Each access opens anew what it needs, as a command does: decoding, a
 * driver, the BAR's address may have changed since the last one.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/mount/internal.h"

/* Longest value that may be written. */
#define VALUE_SIZE 512

static void begin(struct mount *m, enum node_space space, bool write, struct access *access)
{
	access_init(access, m->device->ctx, m->device, space == NODE_CONFIG_SPACE ? SPACE_CONFIG : SPACE_BAR);
	access->write = write;
}

int register_text_read(struct mount *m, const struct node *node, char **text, size_t *length,
		       struct error *error)
{
	char name[NODE_NAME_SIZE];
	struct access access;
	struct target target;
	struct ref ref;
	uint64_t value = 0;
	int n;
	int rc;

	node_operand(m, node, name, sizeof(name));
	rc = ref_parse(name, &ref, error);
	if (rc < 0)
		return rc;
	begin(m, node->space, false, &access);
	rc = access_resolve_read(&access, &ref, &target, error);
	if (rc == 0)
		rc = target_read(&target, &value, error);
	if (rc == 0) {
		n = asprintf(text, "0x%0*llx\n", (int)((target_bits(&target) + 3) / 4),
			     (unsigned long long)value);
		rc = n < 0 ? error_errno(error, -ENOMEM, "%s", name) : 0;
		*length = n < 0 ? 0 : (size_t)n;
	}
	access_close(&access);
	return rc;
}

int register_text_write(struct mount *m, const struct node *node, const char *text, struct error *error)
{
	char assignment[NODE_NAME_SIZE + VALUE_SIZE];
	struct resolved_assign resolved;
	struct assign_result result;
	struct access access;
	struct assign assign;
	size_t used;
	int rc;

	node_operand(m, node, assignment, sizeof(assignment));
	used = strlen(assignment);
	if (strlen(text) >= VALUE_SIZE)
		return error_set(error, ERROR_USAGE, "bad-operand", "%s: a value of %zu characters",
				 assignment, strlen(text));
	snprintf(assignment + used, sizeof(assignment) - used, "=%s", text);
	rc = assign_parse(assignment, &assign, error);
	if (rc < 0)
		return rc;
	begin(m, node->space, true, &access);
	rc = access_resolve_assign(&access, &assign, &resolved, error);
	if (rc == 0)
		rc = access_assign(&access, &resolved, false, &result, error);
	access_close(&access);
	return rc;
}

/* --- BARs ------------------------------------------------------------------------------------------------- */

static int resolve_bar(struct access *access, unsigned int bar, uint64_t offset, size_t length,
		       struct target *target, struct error *error)
{
	const struct ref ref = {
		.kind = REF_OFFSET, .bar = (int)bar, .offset = offset, .width = 8 * (unsigned int)length
	};
	int rc;

	if (length != 1 && length != 2 && length != 4 && length != 8) {
		rc = error_set(error, ERROR_USAGE, "bad-width",
			       "bar/%u: %zu bytes: an access has 1, 2, 4 or 8", bar, length);
		error_hint(error, "dd bs=4 makes accesses of 32 bits, 'pcietool regs dump' shows ranges");
		return rc;
	}
	return access_resolve(access, &ref, target, error);
}

int bar_file_read(struct mount *m, unsigned int bar, uint64_t offset, void *data, size_t length,
		  struct error *error)
{
	struct access access;
	struct target target;
	uint64_t value = 0;
	int rc;

	begin(m, NODE_BAR_SPACE, false, &access);
	rc = resolve_bar(&access, bar, offset, length, &target, error);
	if (rc == 0)
		rc = target_read(&target, &value, error);
	if (rc == 0) {
		/* the low bytes of a number are its first ones: this machine is little-endian, or none of these builds runs */
		memcpy(data, &value, length);
	}
	access_close(&access);
	return rc;
}

int bar_file_write(struct mount *m, unsigned int bar, uint64_t offset, const void *data, size_t length,
		   struct error *error)
{
	struct access access;
	struct target target;
	uint64_t value = 0;
	int rc;

	begin(m, NODE_BAR_SPACE, true, &access);
	rc = resolve_bar(&access, bar, offset, length, &target, error);
	if (rc == 0) {
		memcpy(&value, data, length);
		rc = target_write(&target, value, error);
	}
	access_close(&access);
	return rc;
}
