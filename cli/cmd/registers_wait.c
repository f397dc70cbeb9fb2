// SPDX-License-Identifier: GPL-2.0-or-later
/* regs wait: looks until all conditions hold in one round. */
#include <errno.h>
#include <stdlib.h>

#include "cli/register_view.h"
#include "cli/cmd/registers.h"
#include "cli/signals.h"
#include "core/access/wait.h"

struct wait {
	struct invocation *inv;
	struct access access;
	struct resolved_condition *conditions;
	uint64_t *actual; /* what each was when it was last seen */
};

static int wait_for(struct wait *w)
{
	const struct option_values *o = &w->inv->options;
	const struct access_wait wait = {
		.conditions = w->conditions,
		.count = w->inv->operand_count,
		.actual = w->actual,
		.has_timeout = o->has_timeout,
		.timeout = o->timeout,
		.interval = o->interval,
		/* at a prompt Ctrl-C ends the wait, not the program */
		.stopped = w->inv->interactive ? signals_stopped : NULL,
	};
	int rc;

	if (w->inv->interactive)
		signals_catch();
	rc = access_wait(&w->access, &wait, &w->inv->error);
	return w->inv->interactive ? signals_end(w->inv, false, rc) : rc;
}

static void render(struct wait *w)
{
	struct writer *out = w->inv->out;

	writer_document(out, w->inv->command->name);
	writer_array(out, "conditions");
	for (unsigned int i = 0; i < w->inv->operand_count; i++) {
		const struct target *t = &w->conditions[i].target;

		writer_object(out, NULL);
		writer_string(out, "condition", NULL, w->conditions[i].condition->text);
		register_view_value(out, NULL, t->map, &t->item, target_bits(t), w->actual[i]);
		writer_end(out);
	}
}

static int parse_conditions(struct invocation *inv, struct condition *conditions)
{
	int rc = 0;

	for (unsigned int i = 0; rc == 0 && i < inv->operand_count; i++)
		rc = condition_parse(inv->operands[i], &conditions[i], &inv->error);
	return rc;
}

static int resolve_and_wait(struct invocation *inv, const struct condition *conditions, struct wait *w)
{
	struct device *device = NULL;
	int rc;

	rc = registers_open(inv, SPACE_BAR, false, &device, &w->access);
	if (rc < 0)
		return rc;
	for (unsigned int i = 0; rc == 0 && i < inv->operand_count; i++)
		rc = access_resolve_condition(&w->access, &conditions[i], &w->conditions[i], &inv->error);
	if (rc == 0)
		rc = wait_for(w);
	if (rc == 0)
		render(w);
	registers_close(device, &w->access);
	return rc;
}

int registers_wait(struct invocation *inv)
{
	struct condition *conditions = calloc(inv->operand_count, sizeof(*conditions));
	struct wait w = {
		.inv = inv,
		.conditions = calloc(inv->operand_count, sizeof(*w.conditions)),
		.actual = calloc(inv->operand_count, sizeof(*w.actual)),
	};
	int rc;

	if (!conditions || !w.conditions || !w.actual)
		rc = error_errno(&inv->error, -ENOMEM, "starting");
	else
		rc = parse_conditions(inv, conditions);
	if (rc == 0)
		rc = resolve_and_wait(inv, conditions, &w);
	free(w.actual);
	free(w.conditions);
	free(conditions);
	return rc;
}
