/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Parts of a map as text, for the programs that show maps. */
#ifndef SHOW_MAP_H
#define SHOW_MAP_H

#include <inttypes.h>
#include <stdio.h>

#include "core/regmap/regmap.h"

static void show_behaviour(FILE *out, const struct regmap_behaviour *b)
{
	static const char *const constraints[] = { "", " enum-only", " range", " as-read" };

	fprintf(out, " %s", b->access ? regmap_access_name(b->access) : "?");
	if (b->on_read)
		fprintf(out, " read:%s", regmap_read_effect_name(b->on_read));
	if (b->on_write)
		fprintf(out, " write:%s", regmap_write_effect_name(b->on_write));
	fprintf(out, "%s", constraints[b->constraint]);
	if (b->constraint == CONSTRAINT_RANGE)
		fprintf(out, "=%" PRIu64 "..%" PRIu64, b->minimum, b->maximum);
}

static void show_description(FILE *out, const char *description)
{
	if (description)
		fprintf(out, " '%s'", description);
	fprintf(out, "\n");
}

#endif
