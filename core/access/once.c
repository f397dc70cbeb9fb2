// SPDX-License-Identifier: GPL-2.0-or-later
/* From the text of an operand to its access, and nothing left open. */
#include "core/access/once.h"

int access_read_once(struct device *device, enum access_space space, const char *ref, uint64_t *value,
		     unsigned int *bits, struct error *error)
{
	struct access access;
	struct target target;
	struct ref r;
	int rc = ref_parse(ref, &r, error);

	if (rc < 0)
		return rc;
	access_init(&access, device->ctx, device, space);
	rc = access_resolve_read(&access, &r, &target, error);
	if (rc == 0)
		rc = target_read(&target, value, error);
	if (rc == 0 && bits)
		*bits = target_bits(&target);
	access_close(&access);
	return rc;
}

int access_write_once(struct device *device, enum access_space space, const char *assign, struct error *error)
{
	struct resolved_assign resolved;
	struct assign_result result;
	struct access access;
	struct assign a;
	int rc = assign_parse(assign, &a, error);

	if (rc < 0)
		return rc;
	access_init(&access, device->ctx, device, space);
	access.write = true;
	rc = access_resolve_assign(&access, &a, &resolved, error);
	if (rc == 0)
		rc = access_assign(&access, &resolved, false, &result, error);
	access_close(&access);
	return rc;
}
