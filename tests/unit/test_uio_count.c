// SPDX-License-Identifier: GPL-2.0-or-later
#include <inttypes.h>

#include "core/backend/uio.h"
#include "tests/unit/tap.h"

static void after(struct tap *tap, uint64_t last, uint32_t now, uint64_t expected)
{
	uint64_t count = uio_count_after(last, now);

	ok(tap, count == expected, "0x%" PRIx64 ", then 0x%x: 0x%" PRIx64, last, now, count);
}

static void near(struct tap *tap, uint64_t known, uint32_t now, uint64_t expected)
{
	uint64_t count = uio_count_near(known, now);

	ok(tap, count == expected, "near 0x%" PRIx64 " 0x%x is 0x%" PRIx64, known, now, count);
}

int main(void)
{
	struct tap tap = { 0 };

	after(&tap, 0, 0, 0);
	after(&tap, 0, 5, 5);
	after(&tap, 5, 5, 5);
	after(&tap, 0xfffffffe, 0xffffffff, 0xffffffff);
	after(&tap, 0xfffffffe, 3, 0x100000003);
	after(&tap, 0x1fffffffe, 3, 0x200000003);
	after(&tap, 0x100000003, 2, 0x200000002); /* all but one of 2^32 */
	after(&tap, UINT64_C(0xffffffff00000000), 7, UINT64_C(0xffffffff00000007));

	near(&tap, 0, 0, 0);
	near(&tap, 0, 9, 9);
	near(&tap, 10, 9, 9); /* a --since that is too large */
	near(&tap, 5, 0xffffffff, 0xffffffff); /* nothing came before the first */
	near(&tap, 0x100000000, 0xffffffff, 0xffffffff);
	near(&tap, 0xffffffff, 2, 0x100000002);
	near(&tap, 0x500000007, 3, 0x500000003);
	near(&tap, 0x500000007, 0x80000006, 0x580000006);
	near(&tap, 0x500000007, 0x80000008, 0x480000008);
	return tap_done(&tap);
}
