// SPDX-License-Identifier: GPL-2.0-or-later
#include "cli/course.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

/* Two cells become one. */
static void compress(struct course *c)
{
	for (size_t i = 0; i < COURSE_CELLS / 2; i++) {
		c->cells[i] = c->cells[2 * i];
		if (c->cells[2 * i + 1].minimum < c->cells[i].minimum)
			c->cells[i].minimum = c->cells[2 * i + 1].minimum;
		if (c->cells[2 * i + 1].maximum > c->cells[i].maximum)
			c->cells[i].maximum = c->cells[2 * i + 1].maximum;
	}
	c->count = COURSE_CELLS / 2;
	c->per_cell *= 2;
	c->in_last = c->per_cell;
}

void course_include(struct course *c, uint64_t value)
{
	if (value < c->minimum)
		c->minimum = value;
	if (value > c->maximum)
		c->maximum = value;
}

void course_add(struct course *c, uint64_t value)
{
	if (c->per_cell == 0) {
		c->per_cell = 1;
		c->minimum = c->maximum = value;
	}
	course_include(c, value);
	if (c->count == 0 || c->in_last == c->per_cell) {
		if (c->count == COURSE_CELLS)
			compress(c);
		c->cells[c->count].minimum = c->cells[c->count].maximum = value;
		c->count++;
		c->in_last = 1;
		return;
	}
	c->in_last++;
	if (value < c->cells[c->count - 1].minimum)
		c->cells[c->count - 1].minimum = value;
	if (value > c->cells[c->count - 1].maximum)
		c->cells[c->count - 1].maximum = value;
}

unsigned int course_height(const struct course *c, unsigned int height)
{
	uint64_t span = c->maximum - c->minimum;

	return span < height ? (unsigned int)span + 1 : height;
}

/* From the bottom, 0, to HEIGHT - 1. */
static unsigned int level(const struct course *c, unsigned int height, uint64_t value)
{
	uint64_t span = c->maximum - c->minimum;

	if (span == 0 || height < 2)
		return 0;
	/* the least and the greatest value alone are at the edges of 64 bits */
	return (unsigned int)((long double)(value - c->minimum) / (long double)span * (height - 1) + 0.5L);
}

void course_row(const struct course *c, unsigned int width, unsigned int height, unsigned int row, char *text)
{
	unsigned int columns = c->count < width ? c->count : width;
	unsigned int here = height - 1 - row;

	for (unsigned int i = 0; i < columns; i++) {
		unsigned int from = (unsigned int)((uint64_t)i * c->count / columns);
		unsigned int to = (unsigned int)((uint64_t)(i + 1) * c->count / columns);
		bool is_hit = false;
		bool is_span = false;

		for (unsigned int j = from; j < to; j++) {
			unsigned int low = level(c, height, c->cells[j].minimum);
			unsigned int high = level(c, height, c->cells[j].maximum);

			is_hit |= low <= here && here <= high;
			is_span |= low < high;
		}
		text[i] = !is_hit ? ' ' : is_span ? '|' : '*';
	}
	while (columns && text[columns - 1] == ' ')
		columns--;
	text[columns] = '\0';
}

void course_edge(const char *least, const char *greatest, unsigned int height, unsigned int row, char *text)
{
	const char *edge = row == height - 1 ? least : row == 0 ? greatest : "";

	snprintf(text, COURSE_EDGE_SIZE + 3, "%*s |", (int)strlen(least), edge);
}

void course_write(struct writer *w, const struct course *c, const char *least, const char *greatest)
{
	unsigned int height = course_height(c, COURSE_HEIGHT);
	char edge[COURSE_EDGE_SIZE + 3];
	char text[COURSE_WIDTH_MAX];

	for (unsigned int row = 0; c->count && row < height; row++) {
		course_edge(least, greatest, height, row, edge);
		course_row(c, COURSE_WIDTH, height, row, text);
		writer_text(w, "%s%s", edge, text);
		writer_line(w);
	}
}
