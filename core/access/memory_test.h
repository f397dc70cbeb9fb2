/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Is it memory? Data lines, address lines, byte enables and cells of a piece of a region, whose contents are put
 * back. Every access is one of the width asked for, but for the narrower writes of the byte enables.
 */
#ifndef PCIETOOL_MEMORY_TEST_H
#define PCIETOOL_MEMORY_TEST_H

#include "core/access/target.h"

enum memory_test_phase {
	MEMORY_TEST_DATA, /* walking ones and zeroes in the first word */
	MEMORY_TEST_ADDRESS, /* a word at every power of two: do others change with it? */
	MEMORY_TEST_BYTES, /* writes of 8 and 16 bits, seen by reads of the width */
	MEMORY_TEST_CELLS, /* every word its own address, then the complement */
	MEMORY_TEST_PHASES,
};

const char *memory_test_phase_name(enum memory_test_phase phase);

struct memory_test_failure {
	enum memory_test_phase phase;
	uint64_t offset; /* in the region */
	uint64_t expected;
	uint64_t read;
	uint64_t cause; /* MEMORY_TEST_ADDRESS: the offset whose write changed this one */
};

#define MEMORY_TEST_FAILURES 16

struct memory_test_result {
	struct memory_test_failure failures[MEMORY_TEST_FAILURES]; /* the first ones */
	unsigned int failure_count; /* of those */
	uint64_t total[MEMORY_TEST_PHASES]; /* all */
	bool done[MEMORY_TEST_PHASES];
	uint64_t bad_bits; /* of the data, in any phase but the address lines' */
	uint64_t bad_lines; /* offset bits that do not tell words apart */
	bool stopped;
	bool not_restored; /* what was read back in the end was not what was there before */
	uint64_t not_restored_at;
};

/*
 * Tests LENGTH bytes, a multiple of the width, from TARGET on. STOPPED is asked often and ends the test early. The
 * contents are put back however it ends; where even that fails the error of the test itself is the one that is told.
 * 0 also when the memory failed: see *RESULT. -EIO and the like, with the record filled, when an access was not possible.
 */
int memory_test_run(const struct target *target, uint64_t length, bool (*stopped)(void *data), void *data,
		    struct memory_test_result *result, struct error *error);

#endif
