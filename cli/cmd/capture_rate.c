// SPDX-License-Identifier: GPL-2.0-or-later
#include "cli/cmd/capture_rate.h"

#include <stdio.h>

void capture_rate_add(struct capture_rate *r, uint64_t bytes, uint64_t time)
{
	/* the last look may be at the same time as the end */
	if (time <= r->time)
		return;
	course_add(&r->course, (uint64_t)((double)(bytes - r->bytes) * 1e9 / (double)(time - r->time)));
	/* a rate is held against none, not against its own least */
	course_include(&r->course, 0);
	r->bytes = bytes;
	r->time = time;
}

static void format_rate(uint64_t rate, char text[COURSE_EDGE_SIZE])
{
	char amount[AMOUNT_SIZE];

	amount_format(rate, amount);
	snprintf(text, COURSE_EDGE_SIZE, "%8s/s", amount);
}

void capture_rate_draw(struct writer *w, const struct capture_rate *r)
{
	char least[COURSE_EDGE_SIZE];
	char greatest[COURSE_EDGE_SIZE];

	format_rate(r->course.minimum, least);
	format_rate(r->course.maximum, greatest);
	course_write(w, &r->course, least, greatest);
}
