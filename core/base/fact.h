/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What was found out, or why it was not: one unreadable attribute must not cost the rest of an answer. REASON is NULL
 * when the value is known, otherwise a literal to show in its place.
 */
#ifndef PCIETOOL_BASE_FACT_H
#define PCIETOOL_BASE_FACT_H

#include <stdint.h>

#define FACT_TEXT_SIZE 256

struct fact_number {
	const char *reason;
	uint64_t value;
};

struct fact_text {
	const char *reason;
	char text[FACT_TEXT_SIZE];
};

/* The reason that stands for an -errno. */
const char *fact_reason(int rc);

#endif
