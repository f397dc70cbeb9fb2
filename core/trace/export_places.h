/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What forms that go by registers have in common: a trace's accesses to BARs in the order of their places. */
#ifndef PCIETOOL_TRACE_EXPORT_PLACES_H
#define PCIETOOL_TRACE_EXPORT_PLACES_H

#include "core/trace/addresses.h"

struct trace_place_line {
	const struct trace_line *line;
	const struct trace_address *address; /* of its value */
};

struct trace_places {
	struct trace_place_line
		*lines; /* reads and writes that did not fail; of one place in the order of the file */
	size_t count;
	struct trace_address *addresses;
};

/* -ENOMEM; the caller frees PLACES, before FILE. */
int trace_export_places(const struct trace_file *file, struct trace_places *places);
void trace_export_places_free(struct trace_places *places);
/* How many lines from START on are of the same place. */
size_t trace_export_place(const struct trace_places *places, size_t start);
/* Says, behind BEFORE, which of COUNT lines' values was a bus address, where one was. */
void trace_export_address(const struct trace_place_line *lines, size_t count, const char *before,
			  struct text_buffer *text);

#endif
