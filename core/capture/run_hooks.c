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

/* The ASSIGNs from FIRST to the one before END. */
static int run_assigns(struct capture *c, enum capture_hook hook, size_t first, size_t end,
		       struct error *error)
{
	const struct resolved_assign *list = c->hooks[hook].list;
	struct assign_result ignored;
	int rc = 0;

	c->is_told |= first < end && hook != CAPTURE_STOP;
	while (rc == 0 && first < end) {
		first += bound_assign(list + first, end - first);
		if (first < end)
			rc = access_assign(&c->access, &list[first++], false, &ignored, error);
	}
	return rc;
}

static int run_hook(struct capture *c, enum capture_hook hook, struct error *error)
{
	size_t count = c->hooks[hook].count;
	size_t next = 0;
	int rc = 0;

	if (c->config->hooks[hook].wait_count == 0)
		return run_assigns(c, hook, 0, count, error);
	for (size_t i = 0; rc == 0 && i < count; i++) {
		rc = run_waits(c, hook, i, &next, error);
		if (rc == 0)
			rc = run_assigns(c, hook, i, i + 1, error);
	}
	return rc == 0 ? run_waits(c, hook, count, &next, error) : rc;
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
