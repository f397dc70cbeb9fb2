// SPDX-License-Identifier: GPL-2.0-or-later
/* From the text of an operand to its access, and nothing left open. */
#include "core/access/once.h"

/* What shows every register to everybody does not go by who asks for it by name. */
static int check_presence(struct access *access, const struct target *target, bool is_checked,
			  struct error *error)
{
	return is_checked && target->item.reg ? access_need_there(access, target->item.reg, error) : 0;
}

static int read_once(struct device *device, enum access_space space, const char *ref, bool is_checked,
		     uint64_t *value, unsigned int *bits, struct error *error)
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
		rc = check_presence(&access, &target, is_checked, error);
	if (rc == 0)
		rc = target_read(&target, value, error);
	if (rc == 0 && bits)
		*bits = target_value_bits(&target);
	access_close(&access);
	return rc;
}

static int write_once(struct device *device, enum access_space space, const char *assign, bool is_checked,
		      struct error *error)
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
		rc = check_presence(&access, &resolved.target, is_checked, error);
	if (rc == 0)
		rc = access_assign(&access, &resolved, false, &result, error);
	access_close(&access);
	return rc;
}

int access_read_once(struct device *device, enum access_space space, const char *ref, uint64_t *value,
		     unsigned int *bits, struct error *error)
{
	return read_once(device, space, ref, false, value, bits, error);
}

int access_write_once(struct device *device, enum access_space space, const char *assign, struct error *error)
{
	return write_once(device, space, assign, false, error);
}

int access_read_item_once(struct device *device, enum access_space space, const char *name, uint64_t *value,
			  unsigned int *bits, struct error *error)
{
	return read_once(device, space, name, true, value, bits, error);
}

int access_write_item_once(struct device *device, enum access_space space, const char *assign,
			   struct error *error)
{
	return write_once(device, space, assign, true, error);
}
