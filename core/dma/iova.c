// SPDX-License-Identifier: GPL-2.0-or-later
/* Which bus addresses are free. Knows numbers only. */
#include "core/dma/iova.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/array.h"

#define FIRST 4096 /* see iova_alloc() */

struct iova_space {
	struct iova_range *ranges; /* sorted, apart from each other, all of them possible for the device */
	size_t range_count;
	struct iova_range *used; /* sorted */
	size_t used_count;
	uint64_t next; /* behind the last one given: what was freed has its turn again after all others */
};

static int compare(const void *a, const void *b)
{
	const struct iova_range *x = a;
	const struct iova_range *y = b;

	return x->first < y->first ? -1 : x->first > y->first;
}

int iova_space_open(const struct iova_range *ranges, size_t count, uint64_t last, struct iova_space **space)
{
	struct iova_space *s = calloc(1, sizeof(*s));

	if (!s)
		return -ENOMEM;
	s->ranges = calloc(count ? count : 1, sizeof(*s->ranges));
	if (!s->ranges) {
		free(s);
		return -ENOMEM;
	}
	for (size_t i = 0; i < count; i++) {
		struct iova_range r = ranges[i];

		if (r.first < FIRST)
			r.first = FIRST;
		if (r.last > last)
			r.last = last;
		if (r.first <= r.last)
			s->ranges[s->range_count++] = r;
	}
	qsort(s->ranges, s->range_count, sizeof(*s->ranges), compare);
	*space = s;
	return 0;
}

void iova_space_close(struct iova_space *space)
{
	if (!space)
		return;
	free(space->ranges);
	free(space->used);
	free(space);
}

/* From AT on, the lowest multiple of ALIGN up to LAST; sums are never made that could wrap. */
static bool fits(uint64_t at, uint64_t last, uint64_t size, uint64_t align, uint64_t *address)
{
	uint64_t slack = (align - at % align) % align;

	if (at > last || slack > last - at)
		return false;
	at += slack;
	if (size - 1 > last - at)
		return false;
	*address = at;
	return true;
}

typedef bool (*gap_fn)(uint64_t first, uint64_t last, void *data);

/* All gaps in rising order, until USE returns true. */
static bool each_gap(const struct iova_space *s, gap_fn use, void *data)
{
	for (size_t r = 0; r < s->range_count; r++) {
		uint64_t at = s->ranges[r].first;
		bool is_full = false;

		for (size_t u = 0; u < s->used_count && !is_full; u++) {
			const struct iova_range *used = &s->used[u];

			if (used->last < at || used->first > s->ranges[r].last)
				continue;
			if (used->first > at && use(at, used->first - 1, data))
				return true;
			is_full = used->last >= s->ranges[r].last;
			at = used->last + 1;
		}
		if (!is_full && use(at, s->ranges[r].last, data))
			return true;
	}
	return false;
}

struct wish {
	uint64_t from; /* not below */
	uint64_t size;
	uint64_t align;
	uint64_t address;
};

static bool use_first(uint64_t first, uint64_t last, void *data)
{
	struct wish *wish = data;

	if (first < wish->from)
		first = wish->from;
	return fits(first, last, wish->size, wish->align, &wish->address);
}

int iova_alloc(struct iova_space *s, uint64_t size, uint64_t align, uint64_t *address)
{
	struct wish wish = { .from = s->next, .size = size, .align = align };
	struct iova_range *grown;
	size_t at;

	if (!each_gap(s, use_first, &wish)) {
		wish.from = 0;
		if (!each_gap(s, use_first, &wish))
			return -ENOSPC;
	}
	grown = array_grow(s->used, s->used_count, sizeof(*s->used));
	if (!grown)
		return -ENOMEM;
	s->used = grown;
	for (at = s->used_count; at > 0 && s->used[at - 1].first > wish.address; at--)
		s->used[at] = s->used[at - 1];
	s->used[at] = (struct iova_range){ wish.address, wish.address + (size - 1) };
	s->used_count++;
	s->next = wish.address + (size - 1) + 1; /* behind the last of 64 bits: from the beginning */
	*address = wish.address;
	return 0;
}

void iova_free(struct iova_space *s, uint64_t address)
{
	for (size_t i = 0; i < s->used_count; i++) {
		if (s->used[i].first != address)
			continue;
		s->used_count--;
		memmove(&s->used[i], &s->used[i + 1], (s->used_count - i) * sizeof(*s->used));
		return;
	}
}

static bool use_largest(uint64_t first, uint64_t last, void *data)
{
	uint64_t *largest = data;
	/* all of 64 bits is one more than fits */
	uint64_t size = last - first == UINT64_MAX ? UINT64_MAX : last - first + 1;

	if (size > *largest)
		*largest = size;
	return false;
}

uint64_t iova_largest(const struct iova_space *s)
{
	uint64_t largest = 0;

	each_gap(s, use_largest, &largest);
	return largest;
}
