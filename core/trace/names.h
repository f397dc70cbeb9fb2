/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A register map by place instead of by name. */
#ifndef PCIETOOL_TRACE_NAMES_H
#define PCIETOOL_TRACE_NAMES_H

#include "core/regmap/regmap.h"
#include "core/trace/file.h"

struct trace_names;

/* Registers of blocks without a BAR are BAR 0's. MAP may be NULL: nothing has a name. *NAMES is the caller's to free. -ENOMEM. */
int trace_names_open(const struct context *ctx, const struct regmap *map, struct trace_names **names);
void trace_names_close(struct trace_names *names); /* accepts NULL */

/* The register of one access that lies at LINE's place with its width; NULL: none. */
const struct regmap_register *trace_names_find(const struct trace_names *names,
					       const struct trace_line *line);

#endif
