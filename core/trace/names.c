// SPDX-License-Identifier: GPL-2.0-or-later
/* Registers in the order of their places. */
#include "core/trace/names.h"

#include <stdlib.h>

#include "core/mapfile/set.h"

struct place {
	unsigned int bar;
	uint64_t offset;
	const struct regmap_register *reg;
};

struct trace_names {
	size_t count;
	struct place places[];
};

static int compare(const void *a, const void *b)
{
	const struct place *x = a;
	const struct place *y = b;

	if (x->bar != y->bar)
		return x->bar < y->bar ? -1 : 1;
	return x->offset < y->offset ? -1 : x->offset > y->offset;
}

int trace_names_open(const struct context *ctx, const struct regmap *map, struct trace_names **names)
{
	size_t count = map ? map->register_count : 0;
	struct trace_names *n = calloc(1, sizeof(*n) + count * sizeof(n->places[0]));
	struct error ignored;

	if (!n)
		return -ENOMEM;
	for (size_t i = 0; i < count; i++) {
		const struct regmap_register *reg = &map->registers[i];
		struct place *p = &n->places[n->count];
		int bar = regmap_bar(map, reg);

		p->bar = bar < 0 ? 0 : (unsigned int)bar;
		p->reg = reg;
		if (regmap_offset(ctx, map, reg, &p->offset, &ignored) == 0)
			n->count++;
	}
	qsort(n->places, n->count, sizeof(n->places[0]), compare);
	*names = n;
	return 0;
}

void trace_names_close(struct trace_names *names)
{
	free(names);
}

const struct regmap_register *trace_names_find(const struct trace_names *names, const struct trace_line *line)
{
	const struct place wanted = { .bar = line->bar, .offset = line->offset };
	const struct place *p;

	if (line->space != TRACE_BAR || !line->has_offset || names->count == 0)
		return NULL;
	p = bsearch(&wanted, names->places, names->count, sizeof(*p), compare);
	return p && p->reg->width == line->width && p->reg->words == 1 ? p->reg : NULL;
}
