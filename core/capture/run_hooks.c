// SPDX-License-Identifier: GPL-2.0-or-later
/* Runs a hook: its ASSIGNs, and the CONDITIONs that are waited for between them, in their order. */
#include "core/capture/internal.h"

/* What stands before ASSIGN number BEFORE, from *NEXT on. */
static int run_waits(struct capture *c, enum capture_hook hook, size_t before, size_t *next,
		     struct error *error)
{
	const struct capture_assigns *assigns = &c->config->hooks[hook];
	int rc = 0;

	for (; rc == 0 && *next < assigns->wait_count && assigns->waits[*next].before == before; ++*next)
		rc = capture_wait_condition(c, hook, &c->hooks[hook].waits[*next], error);
	return rc;
}

static int run_hook(struct capture *c, enum capture_hook hook, struct error *error)
{
	const bool waits = c->config->hooks[hook].wait_count > 0;
	struct assign_result ignored;
	size_t next = 0;

	for (size_t i = 0; i < c->hooks[hook].count; i++) {
		int rc = waits ? run_waits(c, hook, i, &next, error) : 0;

		c->is_told |= rc == 0 && hook != CAPTURE_STOP;
		if (rc == 0)
			rc = access_assign(&c->access, &c->hooks[hook].list[i], false, &ignored, error);
		if (rc < 0)
			return rc;
	}
	return waits ? run_waits(c, hook, c->hooks[hook].count, &next, error) : 0;
}

int capture_hook_run(struct capture *c, enum capture_hook hook, struct error *error)
{
	/* only these run beside other threads, and what the others may wait for is not waited for with the lock */
	bool is_beside = hook == CAPTURE_EACH || hook == CAPTURE_REFILL || hook == CAPTURE_ACK;
	int rc;

	c->is_under_way |= hook == CAPTURE_EACH;
	if (is_beside)
		capture_claim_lock(c->claim);
	rc = run_hook(c, hook, error);
	if (is_beside)
		capture_claim_unlock(c->claim);
	return rc;
}
