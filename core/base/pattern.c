// SPDX-License-Identifier: GPL-2.0-or-later
/* Test patterns, word after word; what a pattern is filled into is the caller's. */
#include "core/base/pattern.h"

#include <string.h>

#include "core/base/number.h"

#define PRBS31_MASK 0x7fffffffu

/* What each is made of; a seed above MAX_SEED is refused, and any where that is 0. */
static const struct {
	const char *name;
	unsigned int size;
	uint64_t first;
	uint64_t max_seed;
} kinds[] = {
	[PATTERN_ZERO] = { .name = "zero", .size = 1 },
	[PATTERN_ONES] = { .name = "ones", .size = 1, .first = 0xff },
	[PATTERN_COUNT8] = { .name = "count8", .size = 1, .max_seed = 0xff },
	[PATTERN_COUNT32] = { .name = "count32", .size = 4, .max_seed = 0xffffffff },
	[PATTERN_WALKING1] = { .name = "walking1", .size = 4, .first = 1 },
	[PATTERN_PRBS31] = { .name = "prbs31", .size = 1, .first = PRBS31_MASK, .max_seed = PRBS31_MASK },
	[PATTERN_CONSTANT] = { .name = "constant:" },
};

static int find_kind(const char *name, enum pattern_kind *kind, struct error *error)
{
	for (int i = 0; i < PATTERN_CONSTANT; i++) {
		if (strcmp(name, kinds[i].name) == 0) {
			*kind = (enum pattern_kind)i;
			return 0;
		}
	}
	if (strncmp(name, kinds[PATTERN_CONSTANT].name, strlen(kinds[PATTERN_CONSTANT].name)) == 0) {
		*kind = PATTERN_CONSTANT;
		return 0;
	}
	return error_set(
		error, ERROR_USAGE, "bad-pattern",
		"'%.100s' is no pattern: zero, ones, count8, count32, walking1, prbs31, constant:VALUE",
		name);
}

static int init_constant(struct pattern *p, const char *value, struct error *error)
{
	int rc = number_parse(value, &p->state, error);

	if (rc < 0)
		error_prefix(error, "constant");
	p->size = p->state > UINT32_MAX ? 8 : 4;
	return rc;
}

static int init_seed(struct pattern *p, uint64_t seed, struct error *error)
{
	uint64_t max = kinds[p->kind].max_seed;

	if (max == 0)
		return error_set(error, ERROR_USAGE, "bad-seed", "the pattern %s has no seed",
				 kinds[p->kind].name);
	if (seed > max)
		return error_set(error, ERROR_USAGE, "bad-seed",
				 "the seed of %s is at most 0x%llx, not 0x%llx", kinds[p->kind].name,
				 (unsigned long long)max, (unsigned long long)seed);
	/* a shift register of zeroes never leaves that state */
	if (p->kind == PATTERN_PRBS31 && seed == 0)
		return error_set(error, ERROR_USAGE, "bad-seed",
				 "the seed of prbs31 cannot be 0: all would be zeroes");
	p->state = seed;
	return 0;
}

int pattern_init(struct pattern *pattern, const char *name, bool has_seed, uint64_t seed, struct error *error)
{
	struct pattern p = { 0 };
	int rc;

	rc = find_kind(name, &p.kind, error);
	if (rc < 0)
		return rc;
	p.size = kinds[p.kind].size;
	p.state = kinds[p.kind].first;
	if (p.kind == PATTERN_CONSTANT)
		rc = init_constant(&p, name + strlen(kinds[PATTERN_CONSTANT].name), error);
	if (rc == 0 && has_seed)
		rc = init_seed(&p, seed, error);
	if (rc == 0)
		*pattern = p;
	return rc;
}

/*
 * Eight steps of the register at once: a bit that enters is stages 31 and 28 added, and none of those eight
 * comes that far within eight steps.
 */
static uint8_t prbs31_step(uint64_t *state)
{
	uint32_t s = (uint32_t)*state;
	uint8_t bits = (uint8_t)(s >> 23 ^ s >> 20);

	*state = (s << 8 | bits) & PRBS31_MASK;
	return bits;
}

static void advance(struct pattern *p)
{
	switch (p->kind) {
	case PATTERN_COUNT8:
	case PATTERN_COUNT32:
		p->state++;
		break;
	case PATTERN_WALKING1:
		p->state = p->state == 0x80000000u ? 1 : p->state << 1;
		break;
	case PATTERN_ZERO:
	case PATTERN_ONES:
	case PATTERN_PRBS31:
	case PATTERN_CONSTANT:
		break;
	}
}

void pattern_next(struct pattern *p, uint8_t *data, size_t length)
{
	if (p->kind == PATTERN_ZERO || p->kind == PATTERN_ONES) {
		memset(data, (int)p->state, length);
		return;
	}
	if (p->kind == PATTERN_PRBS31) {
		for (size_t i = 0; i < length; i++)
			data[i] = prbs31_step(&p->state);
		return;
	}
	for (size_t i = 0; i < length; i++) {
		data[i] = (uint8_t)(p->state >> (8 * p->used));
		if (++p->used == p->size) {
			p->used = 0;
			advance(p);
		}
	}
}
