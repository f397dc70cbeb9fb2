// SPDX-License-Identifier: GPL-2.0-or-later
/* Addresses among the values of a trace. Knows how devices take one: 64 bits at once, or two registers of 32. */
#include "core/trace/addresses.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/array.h"

/* An address below that may as well be a number of bytes. */
#define LENGTH_LIKE (1u << 20)
/* So many writes of one device lie between two halves at most. */
#define NEAR 8

typedef unsigned long long ull;

struct finder {
	const struct trace_file *file;
	struct trace_address *list;
	const struct trace_line **buffers; /* that are allocated where we are, of all devices */
	size_t count;
	unsigned int clock; /* of the line where we are */
};

/* How two halves lie to each other, the best first. */
enum match {
	MATCH_BEHIND, /* the high half in the next 32 bits, as nearly all devices have it */
	MATCH_BEFORE,
	MATCH_ELSEWHERE,
	MATCH_NONE,
};

struct pair {
	const struct trace_line *buffer;
	const struct trace_line *high; /* NULL: not seen */
	uint64_t address;
	enum match match;
	bool may_share;
};

/* --- buffers ------------------------------------------------------------------------------------------- */

static int follow_buffers(struct finder *f, const struct trace_line *line)
{
	const struct trace_line **grown;

	/* what was allocated is gone with the machine */
	if (line->clock != f->clock)
		f->count = 0;
	f->clock = line->clock;
	if (line->error || line->space != TRACE_BUFFER)
		return 0;
	if (line->op == TRACE_ALLOC) {
		grown = array_grow(f->buffers, f->count, sizeof(const struct trace_line *));
		if (!grown)
			return -ENOMEM;
		f->buffers = grown;
		grown[f->count++] = line;
	}
	for (size_t i = f->count; line->op == TRACE_FREE && i-- > 0;) {
		const struct trace_line *buffer = f->buffers[i];

		if (buffer->value != line->value || buffer->device_rank != line->device_rank)
			continue;
		f->count--;
		memmove(&f->buffers[i], &f->buffers[i + 1],
			(f->count - i) * sizeof(const struct trace_line *));
		break;
	}
	return 0;
}

static bool lies_in(const struct trace_line *buffer, const struct trace_line *line, uint64_t address)
{
	/* another device's may have the same address */
	return buffer->device_rank == line->device_rank && address >= buffer->value &&
	       address - buffer->value < buffer->width;
}

/* --- whole ones ---------------------------------------------------------------------------------------- */

static bool find_whole(const struct finder *f, const struct trace_line *line, struct trace_address *found)
{
	for (size_t i = f->count; line->value && i-- > 0;) {
		if (!lies_in(f->buffers[i], line, line->value))
			continue;
		*found = (struct trace_address){ .buffer = f->buffers[i],
						 .offset = line->value - f->buffers[i]->value,
						 .is_doubtful = line->value < LENGTH_LIKE };
		return true;
	}
	return false;
}

/* --- halves -------------------------------------------------------------------------------------------- */

static bool is_half(const struct trace_line *line)
{
	return line->op == TRACE_WRITE && line->width == 32 && line->has_value && !line->error &&
	       line->space != TRACE_ROM;
}

/* In the same BAR, or buffer, or config space of one device. */
static bool same_space(const struct trace_line *a, const struct trace_line *b)
{
	size_t name = strcspn(a->place, "+");

	if (a->space != b->space || a->bar != b->bar || a->device_rank != b->device_rank)
		return false;
	return a->space != TRACE_BUFFER ||
	       (strncmp(a->place, b->place, name) == 0 && strcspn(b->place, "+") == name);
}

static enum match match_of(const struct trace_line *low, const struct trace_line *high)
{
	if (low->offset + 4 == high->offset)
		return MATCH_BEHIND;
	if (high->offset + 4 == low->offset)
		return MATCH_BEFORE;
	return low->offset == high->offset ? MATCH_NONE : MATCH_ELSEWHERE;
}

/* A high half that was written once may be that of several addresses in its buffer. */
static bool is_free(const struct finder *f, const struct trace_line *high, const struct pair *pair)
{
	const struct trace_address *taken = &f->list[high - f->file->lines];

	return !taken->buffer ||
	       (pair->may_share && taken->part == TRACE_HIGH && taken->buffer == pair->buffer);
}

/*
 * Goes from LOW on in steps of STEP, as long as PAIR's buffer is there, to the writes near it; takes what is a better high half
 * than PAIR has. The first one that comes is what the device had, or has next, in that place.
 */
static void find_high(const struct finder *f, const struct trace_line *low, int step, struct pair *pair)
{
	const struct trace_line *end = step < 0 ? pair->buffer : f->file->lines + f->file->count;
	bool is_seen[MATCH_NONE] = { false };
	unsigned int near = 0;

	for (const struct trace_line *l = low + step; l != end && near < NEAR; l += step) {
		enum match match;

		if (l->clock != low->clock || (l->op == TRACE_FREE && l->value == pair->buffer->value &&
					       l->device_rank == low->device_rank))
			break;
		if (!is_half(l) || !same_space(low, l))
			continue;
		near++;
		match = match_of(low, l);
		/* the next address in the same place has a high half of its own */
		if (match == MATCH_NONE && step > 0)
			break;
		if (match == MATCH_NONE || (match < MATCH_ELSEWHERE && is_seen[match]))
			continue;
		is_seen[match] = true;
		if (l->value == pair->address >> 32 && match < pair->match && is_free(f, l, pair)) {
			pair->high = l;
			pair->match = match;
		}
	}
}

/* May what was found be two halves, or is it more likely a number that happens to fit? */
static bool is_pair(const struct pair *pair, const struct trace_line *low)
{
	/* 0 and small numbers are everywhere */
	if (pair->address >> 32 == 0)
		return pair->match == MATCH_BEHIND && low->value != 0;
	return pair->match <= MATCH_BEFORE || low->value >= LENGTH_LIKE;
}

/* The address in BUFFER whose lower half LINE has. */
static bool joined(const struct trace_line *buffer, const struct trace_line *line, uint64_t *address)
{
	uint64_t a = (buffer->value & ~(uint64_t)UINT32_MAX) | line->value;

	if (a < buffer->value)
		a += UINT64_C(1) << 32;
	*address = a;
	return lies_in(buffer, line, a);
}

/* Of what is read, the high half is not looked for. */
static void find_low(const struct finder *f, const struct trace_line *line, struct trace_address *found)
{
	uint64_t address;

	for (size_t i = f->count; line->value >= LENGTH_LIKE && i-- > 0;) {
		if (!joined(f->buffers[i], line, &address))
			continue;
		*found = (struct trace_address){ .buffer = f->buffers[i],
						 .offset = address - f->buffers[i]->value,
						 .part = TRACE_LOW,
						 .is_doubtful = true };
		return;
	}
}

static bool find_pair(const struct finder *f, const struct trace_line *low, struct pair *found)
{
	*found = (struct pair){ .match = MATCH_NONE };
	for (size_t i = f->count; i-- > 0;) {
		struct pair pair = { .buffer = f->buffers[i], .match = MATCH_NONE };

		if (!joined(pair.buffer, low, &pair.address))
			continue;
		find_high(f, low, -1, &pair);
		find_high(f, low, 1, &pair);
		pair.may_share = true;
		find_high(f, low, -1, &pair);
		if (is_pair(&pair, low) && (!found->buffer || pair.match < found->match))
			*found = pair;
	}
	return found->buffer != NULL;
}

static void take_pair(const struct finder *f, const struct trace_line *low, const struct pair *pair)
{
	struct trace_address address = {
		.buffer = pair->buffer,
		.offset = pair->address - pair->buffer->value,
		.part = TRACE_LOW,
		.is_doubtful = low->value < LENGTH_LIKE || !pair->high,
	};

	f->list[low - f->file->lines] = address;
	if (!pair->high || f->list[pair->high - f->file->lines].buffer)
		return;
	address.part = TRACE_HIGH;
	address.is_doubtful =
		low->value < LENGTH_LIKE || pair->high->value == 0 || pair->match == MATCH_ELSEWHERE;
	f->list[pair->high - f->file->lines] = address;
}

/* --- all of them --------------------------------------------------------------------------------------- */

static void find(const struct finder *f, const struct trace_line *line)
{
	struct trace_address *address = &f->list[line - f->file->lines];
	struct pair pair;

	if (line->width < 32 || !line->has_value || address->buffer ||
	    (line->op != TRACE_WRITE && line->op != TRACE_READ))
		return;
	if (is_half(line) && find_pair(f, line, &pair))
		take_pair(f, line, &pair);
	else if (!find_whole(f, line, address) && line->op == TRACE_READ && line->width == 32)
		find_low(f, line, address);
}

int trace_addresses(const struct trace_file *file, struct trace_address **list)
{
	struct finder f = { .file = file };
	int rc = 0;

	f.list = calloc(file->count + 1, sizeof(*f.list));
	if (!f.list)
		return -ENOMEM;
	for (size_t i = 0; rc == 0 && i < file->count; i++) {
		rc = follow_buffers(&f, &file->lines[i]);
		if (rc == 0)
			find(&f, &file->lines[i]);
	}
	free(f.buffers);
	if (rc < 0)
		free(f.list);
	else
		*list = f.list;
	return rc;
}

bool trace_address_has_name(const struct trace_address *address)
{
	return address->buffer->place[1] != '\0';
}

void trace_address_put(struct text_buffer *text, const struct trace_address *address)
{
	static const char *const parts[] = { [TRACE_WHOLE] = "", [TRACE_LOW] = ".lo", [TRACE_HIGH] = ".hi" };

	text_buffer_string(text, address->buffer->place);
	if (address->offset)
		text_buffer_format(text, "+0x%llx", (ull)address->offset);
	text_buffer_string(text, parts[address->part]);
}
