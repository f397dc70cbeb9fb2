// SPDX-License-Identifier: GPL-2.0-or-later
#include "cli/cmd/capture_rate.h"

#define HEIGHT 8
#define WIDTH 64

void capture_rate_add(struct capture_rate *r, uint64_t bytes, uint64_t time)
{
	/* the last look may be at the same time as the end */
	if (time <= r->time)
		return;
	course_add(&r->course, (uint64_t)((double)(bytes - r->bytes) * 1e9 / (double)(time - r->time)));
	/* a rate is held against none, not against its own least */
	r->course.minimum = 0;
	r->bytes = bytes;
	r->time = time;
}

void capture_rate_draw(struct writer *w, const struct capture_rate *r)
{
	unsigned int height = course_height(&r->course, HEIGHT);
	char edge[AMOUNT_SIZE];
	char text[COURSE_WIDTH_MAX];

	for (unsigned int row = 0; r->course.count && row < height; row++) {
		if (row == 0 || row == height - 1) {
			amount_format(row == height - 1 ? r->course.minimum : r->course.maximum, edge);
			writer_text(w, "%8s/s |", edge);
		} else {
			writer_text(w, "%10s |", "");
		}
		course_row(&r->course, WIDTH, height, row, text);
		writer_text(w, "%s", text);
		writer_line(w);
	}
}
