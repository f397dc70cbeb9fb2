// SPDX-License-Identifier: GPL-2.0-or-later
/* Bus addresses behind an IOMMU: holes, masks, alignment, both ends of 64 bits. */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>

#include "core/dma/iova.h"
#include "tests/unit/tap.h"

#define PAGE 0x1000u
#define ROOM(list) (sizeof(list) / sizeof((list)[0]))

/* What x86 has: all but the window of interrupts. */
static const struct iova_range x86[] = { { 0, 0xfedfffff }, { 0xfef00000, UINT64_MAX } };

static struct iova_space *space(const struct iova_range *ranges, size_t count, uint64_t last)
{
	struct iova_space *s;

	if (iova_space_open(ranges, count, last, &s) < 0)
		abort();
	return s;
}

static void gives(struct tap *tap, struct iova_space *s, uint64_t size, uint64_t align, uint64_t expected)
{
	uint64_t address = 0x5a5a;
	int rc = iova_alloc(s, size, align, &address);

	ok(tap, rc == 0 && address == expected,
	   "%#" PRIx64 " bytes by %#" PRIx64 " at %#" PRIx64 ": %#" PRIx64, size, align, expected, address);
}

static void refuses(struct tap *tap, struct iova_space *s, uint64_t size, uint64_t align)
{
	uint64_t address = 0x5a5a;
	int rc = iova_alloc(s, size, align, &address);

	ok(tap, rc == -ENOSPC && address == 0x5a5a, "no room for %#" PRIx64 " bytes by %#" PRIx64, size,
	   align);
}

static void largest(struct tap *tap, struct iova_space *s, uint64_t expected)
{
	uint64_t size = iova_largest(s);

	ok(tap, size == expected, "the largest is %#" PRIx64 ": %#" PRIx64, expected, size);
}

static void first_fit(struct tap *tap)
{
	struct iova_space *s = space(x86, ROOM(x86), 0xffff);

	largest(tap, s, 0xf000);
	gives(tap, s, PAGE, PAGE, 0x1000);
	gives(tap, s, 2 * PAGE, PAGE, 0x2000);
	gives(tap, s, PAGE, 4 * PAGE, 0x4000);
	gives(tap, s, 4 * PAGE, 4 * PAGE, 0x8000);
	largest(tap, s, 0x4000);
	gives(tap, s, 4 * PAGE, PAGE, 0xc000);
	/* the gap below an aligned one is not lost */
	gives(tap, s, 3 * PAGE, PAGE, 0x5000);
	largest(tap, s, 0);
	refuses(tap, s, 1, 1);
	iova_free(s, 0x2001);
	refuses(tap, s, 1, 1);
	iova_free(s, 0x2000);
	largest(tap, s, 0x2000);
	refuses(tap, s, 3 * PAGE, PAGE);
	iova_free(s, 0x4000);
	largest(tap, s, 0x3000);
	gives(tap, s, 3 * PAGE, PAGE, 0x2000);
	iova_space_close(s);
}

static void holes_and_masks(struct tap *tap)
{
	struct iova_space *s = space(x86, ROOM(x86), UINT32_MAX);

	gives(tap, s, 0xfee00000 - PAGE, PAGE, PAGE);
	gives(tap, s, PAGE, PAGE, 0xfef00000);
	/* behind the window to the end of 32 bits, and not a page more */
	largest(tap, s, 0x10ff000);
	refuses(tap, s, 0x1100000, PAGE);
	gives(tap, s, 0x10ff000, PAGE, 0xfef01000);
	refuses(tap, s, 1, 1);
	iova_space_close(s);

	s = space(x86, ROOM(x86), 0xfff);
	/* 12 bits are the page that is never given */
	largest(tap, s, 0);
	refuses(tap, s, 1, 1);
	iova_space_close(s);

	s = space(NULL, 0, UINT64_MAX);
	largest(tap, s, 0);
	refuses(tap, s, 1, 1);
	iova_free(s, 0);
	iova_space_close(s);
	iova_space_close(NULL);
}

static void any_order(struct tap *tap)
{
	static const struct iova_range mixed[] = { { 0x30000, 0x3ffff },
						   { 0x8000, 0x7fff },
						   { 0x10000, 0x1ffff } };
	struct iova_space *s = space(mixed, ROOM(mixed), 0x37fff);

	gives(tap, s, 0x10000, PAGE, 0x10000);
	gives(tap, s, 0x8000, 0x10000, 0x30000);
	refuses(tap, s, PAGE, PAGE);
	iova_space_close(s);
}

static void end_of_64_bits(struct tap *tap)
{
	static const struct iova_range top = { UINT64_MAX - 0x3fff, UINT64_MAX };
	static const struct iova_range all = { 0, UINT64_MAX };
	struct iova_space *s = space(&top, 1, UINT64_MAX);

	largest(tap, s, 0x4000);
	refuses(tap, s, 0x5000, PAGE);
	refuses(tap, s, PAGE, UINT64_C(1) << 63);
	gives(tap, s, 0x3000, PAGE, UINT64_MAX - 0x3fff);
	refuses(tap, s, 0x2000, PAGE);
	gives(tap, s, PAGE, PAGE, UINT64_MAX - 0xfff);
	largest(tap, s, 0);
	refuses(tap, s, 1, 1);
	iova_free(s, UINT64_MAX - 0xfff);
	gives(tap, s, PAGE, PAGE, UINT64_MAX - 0xfff);
	iova_space_close(s);

	s = space(&all, 1, UINT64_MAX);
	largest(tap, s, UINT64_MAX - PAGE + 1);
	refuses(tap, s, UINT64_MAX, 1);
	gives(tap, s, UINT64_MAX - PAGE + 1, PAGE, PAGE);
	refuses(tap, s, 1, 1);
	iova_space_close(s);

	s = space(&all, 1, UINT64_MAX);
	gives(tap, s, PAGE, UINT64_C(1) << 63, UINT64_C(1) << 63);
	gives(tap, s, PAGE, UINT64_C(1) << 62, UINT64_C(3) << 62);
	iova_space_close(s);
}

/* A late write to what was freed is to hit nobody. */
static void freed_comes_last(struct tap *tap)
{
	struct iova_space *s = space(x86, ROOM(x86), 0x5fff);

	gives(tap, s, PAGE, PAGE, 0x1000);
	iova_free(s, 0x1000);
	gives(tap, s, PAGE, PAGE, 0x2000);
	iova_free(s, 0x2000);
	gives(tap, s, 2 * PAGE, PAGE, 0x3000);
	gives(tap, s, PAGE, PAGE, 0x5000);
	iova_free(s, 0x5000);
	/* all others had their turn; the one that has been free for longest is the first */
	gives(tap, s, PAGE, PAGE, 0x1000);
	iova_free(s, 0x1000);
	gives(tap, s, PAGE, PAGE, 0x2000);
	iova_free(s, 0x3000);
	gives(tap, s, 3 * PAGE, PAGE, 0x3000);
	refuses(tap, s, 2 * PAGE, PAGE);
	gives(tap, s, PAGE, PAGE, 0x1000);
	refuses(tap, s, 1, 1);
	iova_space_close(s);
}

#define PIECES 64

struct piece {
	uint64_t first;
	uint64_t size; /* 0: none */
};

static bool overlaps(const struct piece *pieces, size_t except)
{
	const struct piece *p = &pieces[except];

	for (size_t i = 0; i < PIECES; i++) {
		if (i != except && pieces[i].size && p->first < pieces[i].first + pieces[i].size &&
		    pieces[i].first < p->first + p->size)
			return true;
	}
	return false;
}

/* Against a simple model: what is given lies in a range, is aligned, and is nobody else's. */
static void at_random(struct tap *tap)
{
	static const struct iova_range ranges[] = { { 0, 0x3ffff }, { 0x50000, 0x6ffff } };
	struct iova_space *s = space(ranges, ROOM(ranges), 0x67fff);
	struct piece pieces[PIECES] = { 0 };
	bool good = true;

	srand(7);
	for (int i = 0; i < 20000; i++) {
		size_t at = (size_t)rand() % PIECES;
		struct piece *p = &pieces[at];
		uint64_t align = UINT64_C(0x1000) << rand() % 5;

		if (p->size) {
			iova_free(s, p->first);
			p->size = 0;
			continue;
		}
		p->size = UINT64_C(0x1000) * (1 + (uint64_t)rand() % 8);
		if (iova_alloc(s, p->size, align, &p->first) < 0) {
			p->size = 0;
			continue;
		}
		good &= p->first % align == 0 && p->first >= PAGE && p->first + p->size - 1 <= 0x67fff;
		good &= p->first + p->size - 1 <= 0x3ffff || p->first >= 0x50000;
		good &= !overlaps(pieces, at);
	}
	ok(tap, good, "20000 times at random: aligned, in a range, nobody else's");
	for (size_t i = 0; i < PIECES; i++) {
		if (pieces[i].size)
			iova_free(s, pieces[i].first);
	}
	largest(tap, s, 0x3f000);
	gives(tap, s, 0x3f000, PAGE, PAGE);
	gives(tap, s, 0x18000, PAGE, 0x50000);
	iova_space_close(s);
}

int main(void)
{
	struct tap tap = { 0 };

	first_fit(&tap);
	holes_and_masks(&tap);
	any_order(&tap);
	end_of_64_bits(&tap);
	freed_comes_last(&tap);
	at_random(&tap);
	return tap_done(&tap);
}
