// SPDX-License-Identifier: GPL-2.0-or-later
/* An arena's memory: zeroed, aligned, apart from each other's, of any size; what was used before a reset is zeroed again. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/arena.h"
#include "tests/unit/tap.h"

#define ROUNDS 3
#define PIECES 400

static bool is_zero(const unsigned char *bytes, size_t length)
{
	for (size_t i = 0; i < length; i++) {
		if (bytes[i])
			return false;
	}
	return true;
}

static void test_round(struct tap *tap, struct arena *arena, unsigned int round)
{
	unsigned char *pieces[PIECES];
	bool zeroed = true;
	bool aligned = true;
	bool apart = true;

	/* up to some blocks' worth at once */
	for (size_t i = 0; i < PIECES; i++) {
		size_t length = i * i % 40000 + 1;

		pieces[i] = arena_array(arena, length, 1);
		if (!pieces[i])
			abort();
		zeroed &= is_zero(pieces[i], length);
		aligned &= (uintptr_t)pieces[i] % _Alignof(max_align_t) == 0;
		memset(pieces[i], (int)(i % 255 + 1), length);
	}
	for (size_t i = 0; i < PIECES; i++) {
		size_t length = i * i % 40000 + 1;

		apart &= pieces[i][0] == i % 255 + 1 && pieces[i][length - 1] == i % 255 + 1;
	}
	ok(tap, zeroed, "round %u: zeroed", round);
	ok(tap, aligned, "round %u: aligned", round);
	ok(tap, apart, "round %u: apart", round);
}

int main(void)
{
	struct tap tap = { 0 };
	struct arena arena = { 0 };

	arena_reset(&arena);
	for (unsigned int round = 0; round < ROUNDS; round++) {
		test_round(&tap, &arena, round);
		arena_reset(&arena);
	}
	ok(&tap, !arena_array(&arena, SIZE_MAX / 2, 4), "no sum of a size wraps");
	ok(&tap, !arena_array(&arena, SIZE_MAX, 1), "nor its rounding");
	ok(&tap, arena_array(&arena, 0, 8), "nothing is something");
	arena_free(&arena);
	arena_free(&arena);
	return tap_done(&tap);
}
