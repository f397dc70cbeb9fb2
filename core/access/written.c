// SPDX-License-Identifier: GPL-2.0-or-later
/* Remembers by place, as a register may have several names. Knows only what this access wrote, so it is as old as that is. */
#include <errno.h>
#include <stdlib.h>

#include "core/access/internal.h"
#include "core/regmap/write_plan.h"

struct access_written {
	struct access_written *next;
	const struct region *region;
	uint64_t offset;
	unsigned int width;
	bool is_known;
	uint64_t value;
};

static struct access_written *find(const struct access *a, const struct target *t)
{
	struct access_written *w = a->written;

	while (w && (w->region != t->region || w->offset != t->offset || w->width != t->width))
		w = w->next;
	return w;
}

int access_find_written(struct access *a, const struct target *t, struct access_written **written,
			struct error *error)
{
	struct access_written *w = NULL;

	if (t->item.reg && write_plan_uses_reset(t->map, t->item.reg)) {
		w = find(a, t);
		if (!w) {
			w = malloc(sizeof(*w));
			if (!w)
				return error_errno(error, -ENOMEM, "%s", t->item.reg->name);
			*w = (struct access_written){ .next = a->written,
						      .region = t->region,
						      .offset = t->offset,
						      .width = t->width };
			a->written = w;
		}
	}
	*written = w;
	return 0;
}

uint64_t access_written_before(const struct access_written *w, uint64_t fixed, uint64_t reset)
{
	return w && w->is_known ? (fixed & ~reset) | (w->value & reset) : fixed;
}

void access_set_written(struct access_written *w, uint64_t value)
{
	if (!w)
		return;
	w->is_known = true;
	w->value = value;
}

void access_update_written(struct access *a, const struct target *t, uint64_t value)
{
	if (a->written)
		access_set_written(find(a, t), value);
}

void access_free_written(struct access *a)
{
	struct access_written *w;

	while ((w = a->written)) {
		a->written = w->next;
		free(w);
	}
}
