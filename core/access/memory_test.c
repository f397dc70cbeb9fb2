// SPDX-License-Identifier: GPL-2.0-or-later
/* Is it memory? Through a region, whichever it is. */
#include "core/access/memory_test.h"

#include <errno.h>
#include <stdlib.h>

#include "core/base/number.h"

#define PATTERN 0xaaaaaaaaaaaaaaaaull
#define ANTIPATTERN 0x5555555555555555ull
/* How many accesses are made between two looks at whether it shall end. */
#define LOOK 256

struct test {
	struct region *region;
	uint64_t start; /* in the region */
	uint64_t length;
	unsigned int width;
	unsigned int step; /* bytes of a word */
	uint64_t mask; /* all ones */
	uint8_t *saved;
	bool (*stopped)(void *data);
	void *data;
	unsigned int accesses;
	struct memory_test_result *result;
	struct error *error;
};

const char *memory_test_phase_name(enum memory_test_phase phase)
{
	static const char *const names[] = {
		[MEMORY_TEST_DATA] = "data lines",
		[MEMORY_TEST_ADDRESS] = "address lines",
		[MEMORY_TEST_BYTES] = "byte enables",
		[MEMORY_TEST_CELLS] = "cells",
	};

	return names[phase];
}

static int put(struct test *t, uint64_t at, uint64_t value)
{
	if (++t->accesses % LOOK == 0 && t->stopped && t->stopped(t->data)) {
		t->result->stopped = true;
		return -ECANCELED;
	}
	return region_write(t->region, t->start + at, t->width, value & t->mask, t->error);
}

static void fail(struct test *t, enum memory_test_phase phase, uint64_t at, uint64_t expected, uint64_t read,
		 uint64_t cause)
{
	struct memory_test_result *r = t->result;

	if (r->failure_count < MEMORY_TEST_FAILURES)
		r->failures[r->failure_count++] = (struct memory_test_failure){
			.phase = phase,
			.offset = t->start + at,
			.expected = expected,
			.read = read,
			.cause = t->start + cause,
		};
	r->total[phase]++;
	if (phase != MEMORY_TEST_ADDRESS)
		r->bad_bits |= expected ^ read;
}

static int expect(struct test *t, enum memory_test_phase phase, uint64_t at, uint64_t expected)
{
	uint64_t read;
	int rc = region_read(t->region, t->start + at, t->width, &read, t->error);

	expected &= t->mask;
	if (rc == 0 && read != expected)
		fail(t, phase, at, expected, read, at);
	return rc;
}

/* One bit after another, in a word whose neighbour on the bus is the complement: a floating line keeps that. */
static int test_data(struct test *t)
{
	const unsigned int width = t->width;
	int rc = 0;

	for (unsigned int bit = 0; rc == 0 && bit < 2 * width; bit++) {
		uint64_t one = UINT64_C(1) << (bit < width ? bit : bit - width);
		uint64_t value = bit < width ? one : ~one;

		rc = put(t, 0, value);
		if (rc == 0 && t->length > t->step)
			rc = put(t, t->step, ~value);
		if (rc == 0)
			rc = expect(t, MEMORY_TEST_DATA, 0, value);
	}
	return rc;
}

/* The next word whose offset has one bit, or none; LENGTH behind the last. */
static uint64_t next_power(const struct test *t, uint64_t at)
{
	return at == 0 ? t->step : 2 * at;
}

/* All words at powers of two hold the pattern; does writing one of them change another? */
static int test_one_line(struct test *t, uint64_t written)
{
	int rc = put(t, written, ANTIPATTERN);

	for (uint64_t at = 0; rc == 0 && at < t->length; at = next_power(t, at)) {
		uint64_t expected = (at == written ? ANTIPATTERN : PATTERN) & t->mask;
		uint64_t read;

		rc = region_read(t->region, t->start + at, t->width, &read, t->error);
		/* a data line that is stuck is none of the address lines */
		if (rc == 0 && at != written && ((read ^ expected) & ~t->result->bad_bits)) {
			fail(t, MEMORY_TEST_ADDRESS, at, expected, read, written);
			t->result->bad_lines |= at ^ written;
		}
	}
	return rc < 0 ? rc : put(t, written, PATTERN);
}

static int test_address(struct test *t)
{
	int rc = 0;

	for (uint64_t at = 0; rc == 0 && at < t->length; at = next_power(t, at))
		rc = put(t, at, PATTERN);
	for (uint64_t at = 0; rc == 0 && at < t->length; at = next_power(t, at))
		rc = test_one_line(t, at);
	return rc;
}

/* A write of WIDTH bits into a lane of the first word: that lane changes, the others do not. */
static int test_lane(struct test *t, unsigned int width, unsigned int lane)
{
	unsigned int shift = lane * width;
	uint64_t bits = width_max(width) << shift;
	uint64_t value = 0x12345678u + lane;
	int rc = put(t, 0, PATTERN);

	if (rc == 0)
		rc = region_write(t->region, t->start + lane * width / 8, width, value & width_max(width),
				  t->error);
	if (rc == 0)
		rc = expect(t, MEMORY_TEST_BYTES, 0, (PATTERN & ~bits) | (value << shift & bits));
	return rc;
}

static int test_bytes(struct test *t)
{
	int rc = 0;

	for (unsigned int width = 8; width < t->width && width <= 16; width *= 2) {
		for (unsigned int lane = 0; rc == 0 && lane < t->width / width; lane++)
			rc = test_lane(t, width, lane);
	}
	return rc;
}

static int test_cells(struct test *t)
{
	int rc = 0;

	for (int round = 0; rc == 0 && round < 2; round++) {
		uint64_t flip = round ? UINT64_MAX : 0;

		for (uint64_t at = 0; rc == 0 && at < t->length; at += t->step)
			rc = put(t, at, (at / t->step) ^ flip);
		for (uint64_t at = 0; rc == 0 && at < t->length; at += t->step) {
			rc = expect(t, MEMORY_TEST_CELLS, at, (at / t->step) ^ flip);
			if (rc == 0 && at / t->step % LOOK == 0 && t->stopped && t->stopped(t->data)) {
				t->result->stopped = true;
				rc = -ECANCELED;
			}
		}
	}
	return rc;
}

static uint64_t saved_at(const struct test *t, uint64_t at)
{
	uint64_t v = 0;

	for (unsigned int i = t->step; i-- > 0;)
		v = v << 8 | t->saved[at + i];
	return v;
}

static int restore(struct test *t)
{
	int rc;

	rc = region_write_block(t->region, t->start, t->width, t->saved, t->length, t->error);
	for (uint64_t at = 0; rc == 0 && at < t->length; at += t->step) {
		uint64_t read;

		rc = region_read(t->region, t->start + at, t->width, &read, t->error);
		if (rc == 0 && read != saved_at(t, at) && !t->result->not_restored) {
			t->result->not_restored = true;
			t->result->not_restored_at = t->start + at;
		}
	}
	return rc;
}

static int run_phases(struct test *t)
{
	static int (*const phases[])(struct test * t) = {
		[MEMORY_TEST_DATA] = test_data,
		[MEMORY_TEST_ADDRESS] = test_address,
		[MEMORY_TEST_BYTES] = test_bytes,
		[MEMORY_TEST_CELLS] = test_cells,
	};
	int rc = 0;

	for (int phase = 0; rc == 0 && phase < MEMORY_TEST_PHASES; phase++) {
		/* narrower accesses than bytes there are not */
		if (phase == MEMORY_TEST_BYTES && t->width == 8)
			continue;
		rc = phases[phase](t);
		t->result->done[phase] = rc == 0;
	}
	return rc;
}

int memory_test_run(const struct target *target, uint64_t length, bool (*stopped)(void *data), void *data,
		    struct memory_test_result *result, struct error *error)
{
	struct error restore_error = { 0 };
	struct test t = {
		.region = target->region,
		.start = target->offset,
		.length = length,
		.width = target->width,
		.step = target->width / 8,
		.mask = width_max(target->width),
		.stopped = stopped,
		.data = data,
		.result = result,
		.error = error,
	};
	int restored;
	int rc;

	*result = (struct memory_test_result){ 0 };
	t.saved = malloc(length);
	if (!t.saved)
		return error_errno(error, -ENOMEM, "saving %llu bytes", (unsigned long long)length);
	rc = region_read_block(t.region, t.start, t.width, t.saved, length, error);
	if (rc < 0)
		goto out_free;
	rc = run_phases(&t);
	t.error = &restore_error;
	restored = restore(&t);
	if (rc == -ECANCELED)
		rc = 0;
	if (rc == 0 && restored < 0) {
		*error = restore_error;
		rc = restored;
	}
out_free:
	free(t.saved);
	return rc;
}
