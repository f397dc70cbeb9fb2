// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/base/pattern.h"

#include <stdlib.h>
#include <string.h>

#include "tests/unit/tap.h"

#define LENGTH 4096

static uint8_t expected[LENGTH];
static uint8_t actual[LENGTH];

static void take(const char *name, bool has_seed, uint64_t seed, uint8_t *data, size_t length)
{
	struct pattern pattern;
	struct error error = { 0 };

	memset(data, 0x5a, length);
	if (pattern_init(&pattern, name, has_seed, seed, &error) == 0)
		pattern_next(&pattern, data, length);
}

static void check(struct tap *tap, const char *name, bool has_seed, uint64_t seed)
{
	take(name, has_seed, seed, actual, LENGTH);
	ok(tap, memcmp(expected, actual, LENGTH) == 0, "%s%s is what it is said to be", name,
	   has_seed ? " with a seed" : "");
}

static void put32(uint8_t *data, uint32_t value)
{
	for (int i = 0; i < 4; i++)
		data[i] = (uint8_t)(value >> (8 * i));
}

/* By the definition, bit by bit: a bit is the sum of those 31 and 28 places before it. */
static void prbs31(uint32_t seed)
{
	static uint8_t bits[31 + 8 * LENGTH];

	for (int i = 0; i < 31; i++)
		bits[i] = seed >> (30 - i) & 1;
	for (int i = 31; i < 31 + 8 * LENGTH; i++)
		bits[i] = bits[i - 31] ^ bits[i - 28];
	memset(expected, 0, LENGTH);
	for (int i = 0; i < 8 * LENGTH; i++)
		expected[i / 8] |= (uint8_t)(bits[31 + i] << (7 - i % 8));
}

static void check_contents(struct tap *tap)
{
	memset(expected, 0, LENGTH);
	check(tap, "zero", false, 0);
	memset(expected, 0xff, LENGTH);
	check(tap, "ones", false, 0);
	for (int i = 0; i < LENGTH; i++)
		expected[i] = (uint8_t)i;
	check(tap, "count8", false, 0);
	for (int i = 0; i < LENGTH; i++)
		expected[i] = (uint8_t)(i + 250);
	check(tap, "count8", true, 250);
	for (int i = 0; i < LENGTH; i += 4)
		put32(expected + i, (uint32_t)i / 4);
	check(tap, "count32", false, 0);
	for (int i = 0; i < LENGTH; i += 4)
		put32(expected + i, (uint32_t)i / 4 + 0xfffffff0u);
	check(tap, "count32", true, 0xfffffff0u);
	for (int i = 0; i < LENGTH; i += 4)
		put32(expected + i, 1u << (i / 4 % 32));
	check(tap, "walking1", false, 0);
	prbs31(0x7fffffff);
	check(tap, "prbs31", false, 0);
	prbs31(7);
	check(tap, "prbs31", true, 7);
	for (int i = 0; i < LENGTH; i += 4)
		put32(expected + i, 0x12345678);
	check(tap, "constant:0x12345678", false, 0);
	for (int i = 0; i < LENGTH; i += 8) {
		put32(expected + i, 0x55667788);
		put32(expected + i + 4, 0x11223344);
	}
	check(tap, "constant:0x1122334455667788", false, 0);
}

/* The same bytes in pieces of any length. */
static void check_pieces(struct tap *tap)
{
	static const char *const names[] = { "zero",	 "count8", "count32",
					     "walking1", "prbs31", "constant:0x123456789" };

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		struct pattern pattern;
		struct error error = { 0 };
		size_t done = 0;
		size_t piece = 0;

		take(names[i], false, 0, expected, LENGTH);
		pattern_init(&pattern, names[i], false, 0, &error);
		while (done < LENGTH) {
			size_t n = piece++ % 7;

			n = n < LENGTH - done ? n : LENGTH - done;
			pattern_next(&pattern, actual + done, n);
			done += n;
		}
		ok(tap, memcmp(expected, actual, LENGTH) == 0, "%s is the same in pieces", names[i]);
	}
}

static void check_refused(struct tap *tap, const char *name, bool has_seed, uint64_t seed)
{
	struct pattern pattern = { .state = 77 };
	struct error error = { 0 };
	int rc = pattern_init(&pattern, name, has_seed, seed, &error);

	ok(tap, rc < 0 && error.kind == ERROR_USAGE && error.message[0] && pattern.state == 77,
	   "'%s' is refused: %s", name, error.message);
}

int main(void)
{
	struct tap tap = { 0 };

	check_contents(&tap);
	check_pieces(&tap);
	check_refused(&tap, "", false, 0);
	check_refused(&tap, "zeroes", false, 0);
	check_refused(&tap, "constant", false, 0);
	check_refused(&tap, "constant:", false, 0);
	check_refused(&tap, "constant:08", false, 0);
	check_refused(&tap, "constant:0x10000000000000000", false, 0);
	check_refused(&tap, "zero", true, 1);
	check_refused(&tap, "walking1", true, 1);
	check_refused(&tap, "constant:1", true, 1);
	check_refused(&tap, "count8", true, 256);
	check_refused(&tap, "count32", true, UINT64_C(1) << 32);
	check_refused(&tap, "prbs31", true, 0);
	check_refused(&tap, "prbs31", true, 0x80000000u);
	return tap_done(&tap);
}
