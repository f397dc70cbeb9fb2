// SPDX-License-Identifier: GPL-2.0-or-later
/* regs test on memory that is broken in the ways that memory is. */
#include <errno.h>
#include <string.h>

#include "core/access/memory_test.h"
#include "tests/unit/tap.h"

#define SIZE 256u

enum fault {
	GOOD,
	STUCK_0, /* data bit 5 */
	STUCK_1, /* data bit 9 */
	SHORTED, /* data bits 3 and 4: or */
	ADDRESS_STUCK, /* offset bit 4 reads as 0 */
	ADDRESS_SHORTED, /* offset bits 3 and 5: and */
	NO_BYTE_ENABLES, /* a narrow write writes the whole word */
	BAD_CELL, /* bit 0 of the word at 0x7c */
	GONE, /* after 100 accesses */
	FAULTS,
};

struct memory {
	struct region region; /* first: the region is the memory */
	enum fault fault;
	uint8_t bytes[SIZE];
	unsigned int accesses;
};

static uint64_t decode(const struct memory *m, uint64_t offset)
{
	if (m->fault == ADDRESS_STUCK)
		return offset & ~UINT64_C(0x10);
	if (m->fault == ADDRESS_SHORTED && !(offset & 8 && offset & 0x20))
		return offset & ~UINT64_C(0x28);
	return offset;
}

static uint32_t spoil(const struct memory *m, uint64_t offset, uint32_t v)
{
	switch (m->fault) {
	case STUCK_0:
		return v & ~0x20u;
	case STUCK_1:
		return v | 0x200u;
	case SHORTED:
		return v & 0x18 ? v | 0x18 : v;
	case BAD_CELL:
		return offset == 0x7c ? v & ~1u : v;
	default:
		return v;
	}
}

static int memory_read(struct region *region, uint64_t offset, unsigned int width, uint64_t *value,
		       struct error *error)
{
	struct memory *m = (struct memory *)region;
	uint32_t v = 0;

	if (m->fault == GONE && ++m->accesses > 100)
		return error_set(error, ERROR_GONE, "device-gone", "gone");
	memcpy(&v, m->bytes + decode(m, offset), width / 8);
	*value = spoil(m, offset, v);
	return 0;
}

static int memory_write(struct region *region, uint64_t offset, unsigned int width, uint64_t value,
			struct error *error)
{
	struct memory *m = (struct memory *)region;
	uint32_t v = (uint32_t)value;

	if (m->fault == GONE && ++m->accesses > 100)
		return error_set(error, ERROR_GONE, "device-gone", "gone");
	if (m->fault == NO_BYTE_ENABLES && width < 32) {
		v = (uint32_t)value << 8 * (offset % 4);
		offset &= ~UINT64_C(3);
		width = 32;
	}
	memcpy(m->bytes + decode(m, offset), &v, width / 8);
	return 0;
}

static const struct region_ops memory_ops = { .read = memory_read, .write = memory_write };

static int run(struct memory *m, enum fault fault, bool (*stopped)(void *data), void *data,
	       struct memory_test_result *result, struct error *error)
{
	struct target target = { .region = &m->region, .width = 32 };

	*m = (struct memory){
		.region = { .ops = &memory_ops, .name = "memory", .size = SIZE, .max_width = 32 },
		.fault = fault,
	};
	for (unsigned int i = 0; i < SIZE; i++)
		m->bytes[i] = (uint8_t)(i * 7);
	*error = (struct error){ 0 };
	return memory_test_run(&target, SIZE, stopped, data, result, error);
}

static bool is_restored(const struct memory *m)
{
	for (unsigned int i = 0; i < SIZE; i++) {
		if (m->bytes[i] != (uint8_t)(i * 7))
			return false;
	}
	return true;
}

static const struct {
	enum fault fault;
	uint64_t bits;
	uint64_t lines;
	enum memory_test_phase phase; /* of the first failure */
	bool restored;
	const char *what;
} faults[] = {
	{ STUCK_0, 0x20, 0, MEMORY_TEST_DATA, false, "a data bit stuck at 0" },
	{ STUCK_1, 0x200, 0, MEMORY_TEST_DATA, false, "a data bit stuck at 1" },
	{ SHORTED, 0x18, 0, MEMORY_TEST_DATA, false, "two shorted data lines" },
	{ ADDRESS_STUCK, 0, 0x10, MEMORY_TEST_ADDRESS, false, "a stuck address line" },
	{ ADDRESS_SHORTED, 0, 0x28, MEMORY_TEST_ADDRESS, false, "two shorted address lines" },
	{ NO_BYTE_ENABLES, 0, 0, MEMORY_TEST_BYTES, true, "byte enables that are not looked at" },
	{ BAD_CELL, 1, 0, MEMORY_TEST_CELLS, false, "one bad cell" },
};

static bool stop_after(void *data)
{
	unsigned int *left = data;

	return *left == 0 || --*left == 0;
}

int main(void)
{
	struct memory_test_result r;
	struct tap tap = { 0 };
	struct error error;
	struct memory m;
	unsigned int left = 1;
	int rc;

	rc = run(&m, GOOD, NULL, NULL, &r, &error);
	ok(&tap, rc == 0 && r.failure_count == 0 && r.done[MEMORY_TEST_CELLS] && !r.not_restored,
	   "good memory");
	ok(&tap, is_restored(&m), "its contents are put back");
	for (size_t i = 0; i < sizeof(faults) / sizeof(faults[0]); i++) {
		rc = run(&m, faults[i].fault, NULL, NULL, &r, &error);
		ok(&tap, rc == 0 && r.failure_count > 0 && r.failures[0].phase == faults[i].phase,
		   "%s: found by the %s", faults[i].what, memory_test_phase_name(faults[i].phase));
		if (faults[i].bits)
			ok(&tap, r.bad_bits == faults[i].bits, "and the bits named: 0x%llx",
			   (unsigned long long)r.bad_bits);
		if (faults[i].lines)
			ok(&tap, (r.bad_lines & faults[i].lines) == faults[i].lines,
			   "and the address lines: 0x%llx", (unsigned long long)r.bad_lines);
		if (faults[i].restored)
			ok(&tap, is_restored(&m), "and the contents put back");
	}
	run(&m, BAD_CELL, NULL, NULL, &r, &error);
	ok(&tap, r.failures[0].offset == 0x7c, "the bad cell's address: 0x%llx",
	   (unsigned long long)r.failures[0].offset);
	rc = run(&m, GONE, NULL, NULL, &r, &error);
	ok(&tap, rc < 0 && error.kind == ERROR_GONE, "a device that goes in the middle: %s", error.message);
	rc = run(&m, GOOD, stop_after, &left, &r, &error);
	ok(&tap, rc == 0 && r.stopped && !r.done[MEMORY_TEST_CELLS] && is_restored(&m),
	   "stopped in the middle, the contents are put back");
	return tap_done(&tap);
}
