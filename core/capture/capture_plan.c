// SPDX-License-Identifier: GPL-2.0-or-later
/* A dry run: what a capture would write, as far as that is known without memory and a running device. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "core/capture/internal.h"

/* "0x80", or the operand's own text when the value depends on the run, with its mask. */
static int describe_value(struct capture *c, const struct resolved_assign *r, char *text, size_t size,
			  struct error *error)
{
	const struct assign *assign = r->assign;
	uint64_t value;
	int rc;

	if (capture_value_is_symbol(c, &assign->value)) {
		snprintf(text, size, "%s", strchr(assign->text, '=') + 1);
		return 0;
	}
	rc = access_value(&c->access, &assign->value, &r->target, &value, error);
	if (rc == 0 && assign->has_mask)
		snprintf(text, size, "0x%llx:0x%llx", (unsigned long long)value,
			 (unsigned long long)assign->mask);
	else if (rc == 0)
		snprintf(text, size, "0x%llx", (unsigned long long)value);
	return rc;
}

int capture_plan_hook(struct capture *c, enum capture_hook hook, capture_plan_fn tell, void *data,
		      struct error *error)
{
	for (size_t i = 0; i < c->hooks[hook].count; i++) {
		const struct resolved_assign *r = &c->hooks[hook].list[i];
		char target[128];
		char value[256];
		int rc;

		target_format(&r->target, target, sizeof(target));
		rc = describe_value(c, r, value, sizeof(value), error);
		if (rc < 0)
			return rc;
		tell(data, hook, target, value);
	}
	return 0;
}
