/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What regs watch has seen, and the forms that it is shown in. */
#ifndef PCIETOOL_REGISTERS_WATCH_H
#define PCIETOOL_REGISTERS_WATCH_H

#include "cli/command.h"
#include "cli/course.h"
#include "cli/screen.h"
#include "core/access/register_list.h"

/* Looks for which a change stays marked at the least. */
#define MARK_LOOKS 3

/* What is known of one register or field. */
struct watched {
	uint64_t value;
	uint64_t minimum;
	uint64_t maximum;
	uint64_t toggled; /* bits that were seen to change */
	uint64_t changes;
	uint64_t changed; /* when it last did, ns */
	unsigned int looks; /* since then, up to MARK_LOOKS */
};

struct watch {
	struct invocation *inv;
	struct register_list list;
	struct watched *watched;
	uint64_t *now; /* what the look that is under way reads */
	struct course *courses; /* of --plot; NULL: without */
	struct device *device;
	struct screen *screen; /* NULL: none */
	int column;
	bool is_first;
	uint64_t start; /* ns */
};

/* A line, or a document, for a change of the I-th; IS_FIRST: there is no OLD. */
void watch_tell_change(struct watch *watch, size_t i, bool is_first, uint64_t old);

/* A look as a line of comma-separated values, the first one behind a heading (RFC 4180). */
void watch_tell_look(struct watch *watch);

/* A frame of the screen: a table, or courses. 0 or -errno. */
int watch_draw(struct watch *watch);

/* What was seen in all: a line each, and its course. */
void watch_tell_end(struct watch *watch);

#endif
