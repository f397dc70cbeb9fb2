/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How often something happened in each minute of the last hour. */
#ifndef PCIETOOL_MINUTES_H
#define PCIETOOL_MINUTES_H

#include <stdint.h>

#define MINUTES 60
#define MINUTES_TEXT_SIZE (MINUTES + 1)

struct minutes {
	uint64_t start; /* ns */
	uint64_t last; /* the newest minute, counted from the start */
	uint64_t counts[MINUTES]; /* minute N is in N % MINUTES */
};

/* NOW is clock_ns()'s, and never goes back. */
void minutes_begin(struct minutes *minutes, uint64_t now);
/* COUNT more of them happened; also called with 0, as time goes on. */
void minutes_add(struct minutes *minutes, uint64_t now, uint64_t count);

/* How many minutes there are: 1 to MINUTES, the newest of which goes on. */
unsigned int minutes_length(const struct minutes *minutes);
/* I from 0, the oldest. */
uint64_t minutes_count(const struct minutes *minutes, unsigned int i);
/* A character each, the oldest first: '.' for none, a digit, '+' for more than 9. */
void minutes_text(const struct minutes *minutes, char text[MINUTES_TEXT_SIZE]);

#endif
