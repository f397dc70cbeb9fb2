/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Known content for memory: filled in before a transfer, compared after it. A stream of bytes that is the
 * same in whatever pieces it is taken.
 *
 *     zero, ones       0x00, 0xff
 *     count8           bytes that count up from the seed (0)
 *     count32          32-bit words, little-endian, that count up from the seed (0)
 *     walking1         32-bit words, little-endian: 1, 2, 4, ... 0x80000000, 1, ...
 *     prbs31           x^31 + x^28 + 1 (ITU-T O.150, not inverted), from the seed (0x7fffffff): the bit that
 *                      enters the shift register is sent, the most significant bit of a byte first
 *     constant:VALUE   VALUE as 32-bit words, little-endian; as 64-bit ones when it has more bits
 */
#ifndef PCIETOOL_PATTERN_H
#define PCIETOOL_PATTERN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/error.h"

enum pattern_kind {
	PATTERN_ZERO,
	PATTERN_ONES,
	PATTERN_COUNT8,
	PATTERN_COUNT32,
	PATTERN_WALKING1,
	PATTERN_PRBS31,
	PATTERN_CONSTANT,
};

struct pattern {
	enum pattern_kind kind;
	uint64_t state; /* the next word, or the shift register */
	unsigned int size; /* bytes of a word */
	unsigned int used; /* bytes of the next word that were taken already */
};

/* NAME as above; SEED counts when HAS_SEED. Usage errors otherwise. */
int pattern_init(struct pattern *pattern, const char *name, bool has_seed, uint64_t seed,
		 struct error *error);

/* The next LENGTH bytes of the stream. */
void pattern_next(struct pattern *pattern, uint8_t *data, size_t length);

#endif
