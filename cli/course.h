/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The course of a value over a whole run, as a picture of characters. It takes the same memory however long the run is:
 * when it is full, two neighbours become one, of which the least and the greatest value stay.
 */
#ifndef PCIETOOL_COURSE_H
#define PCIETOOL_COURSE_H

#include <stddef.h>
#include <stdint.h>

#include "cli/writer.h"

#define COURSE_CELLS 512

/* Of the text that course_row() writes, with its end. */
#define COURSE_WIDTH_MAX 256

/* Of one that is told, and not drawn on a screen. */
#define COURSE_HEIGHT 8
#define COURSE_WIDTH 64

#define COURSE_EDGE_SIZE 32

/* To be zeroed. */
struct course {
	struct {
		uint64_t minimum;
		uint64_t maximum;
	} cells[COURSE_CELLS];
	unsigned int count; /* of cells that have a value */
	uint64_t per_cell; /* values; 0: there was none */
	uint64_t in_last; /* how many of them the last cell has */
	uint64_t minimum; /* of all */
	uint64_t maximum;
};

void course_add(struct course *course, uint64_t value);
/* VALUE is none of the course, but has its place in the picture. */
void course_include(struct course *course, uint64_t value);

/* How many of HEIGHT rows it needs: not more than there are values between the least and the greatest. */
unsigned int course_height(const struct course *course, unsigned int height);

/* What stands in front of ROW of HEIGHT: LEAST and GREATEST, which are of one length, at the edges. TEXT has COURSE_EDGE_SIZE + 3. */
void course_edge(const char *least, const char *greatest, unsigned int height, unsigned int row, char *text);

/*
 * TEXT is ROW (0: the top one) of HEIGHT, not more than WIDTH characters, below COURSE_WIDTH_MAX: the newest value is the
 * last one.
 */
void course_row(const struct course *course, unsigned int width, unsigned int height, unsigned int row,
		char *text);

/* All of it, COURSE_HEIGHT rows at most, each with its edge. */
void course_write(struct writer *w, const struct course *course, const char *least, const char *greatest);

#endif
