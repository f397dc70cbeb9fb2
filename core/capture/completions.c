// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Blocks of an engine whose completions stand in a ring of their own and name the block that they are of, and those of a
 * play by descriptors: which of them the device has, and which it is through with. Owns struct completions.
 */
#include <errno.h>
#include <stdlib.h>

#include "core/capture/internal.h"

static void show(struct capture *c)
{
	c->symbols[SYMBOL_SUBMITTED].value = c->completions.submitted;
	c->symbols[SYMBOL_COMPLETED].value = c->completions.taken;
}

int completions_open(struct capture *c, struct error *error)
{
	const struct capture_config *config = c->config;
	struct completions *p = &c->completions;

	p->slots = calloc(c->ring->blocks, sizeof(*p->slots));
	if (!p->slots)
		return error_errno(error, -ENOMEM, "%s", c->device->name);
	p->limit = UINT64_MAX;
	/* where the device tells a length, how many blocks it will take is not known */
	if (config->has_size && !config->has_length && !config->play)
		p->limit = (config->size - 1) / config->block + 1;
	return 0;
}

void completions_close(struct capture *c)
{
	free(c->completions.slots);
	c->completions.slots = NULL;
}

bool completions_wants(const struct capture *c)
{
	return c->completions.submitted < c->completions.limit;
}

int completions_submit(struct capture *c, uint64_t slot, uint64_t length, enum capture_hook hook,
		       struct error *error)
{
	struct completions *p = &c->completions;
	struct submission *s = &p->slots[slot];
	int rc;

	s->number = p->submitted;
	s->length = length;
	capture_point_slot(c, s->number, slot, s->length);
	rc = capture_hook_run(c, hook, error);
	p->is_unsure |= rc < 0;
	if (rc < 0)
		return rc;
	s->is_out = true;
	s->is_finished = false;
	p->submitted++;
	show(c);
	return 0;
}

void completions_point(struct capture *c, uint64_t slot)
{
	const struct submission *s = &c->completions.slots[slot];

	capture_point_slot(c, s->number, slot, s->length);
}

/* As strict order has it: the oldest that the device has. */
static int check_order(const struct capture *c, const struct submission *s, struct error *error)
{
	const struct completions *p = &c->completions;

	if (c->config->order != CAPTURE_STRICT || s->number == p->taken)
		return 0;
	return error_set(error, ERROR_FAILED, "out-of-order",
			 "%s: block %llu was completed before block %llu, and --order is strict",
			 c->device->name, (unsigned long long)s->number, (unsigned long long)p->taken);
}

int completions_match(struct capture *c, uint64_t *slot, struct error *error)
{
	const struct completions *p = &c->completions;
	uint64_t blocks = c->ring->blocks;
	uint64_t n;
	int rc;

	rc = capture_completes_read(c, &n, error);
	if (rc < 0)
		return rc;
	if (n >= blocks || !p->slots[n].is_out)
		return error_set(error, ERROR_FAILED, "bad-completion",
				 "%s: completion %llu is of the block at @index %llu, which the device %s",
				 c->device->name, (unsigned long long)p->taken, (unsigned long long)n,
				 n >= blocks ? "was never told of" : "does not have");
	completions_point(c, n);
	*slot = n;
	return check_order(c, &p->slots[n], error);
}

void completions_taken(struct capture *c, uint64_t slot)
{
	struct submission *s = &c->completions.slots[slot];

	s->is_out = false;
	s->is_finished = true;
	c->completions.taken++;
	show(c);
}
