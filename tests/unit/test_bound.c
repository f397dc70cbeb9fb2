// SPDX-License-Identifier: GPL-2.0-or-later
/* Operands whose names were looked up once: they do what those do that are looked up each time, and leave to these what they cannot. */
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "core/access/access.h"
#include "tests/unit/tap.h"

#define PAGE 4096

static uint8_t memory[PAGE];
static uint8_t block[2][64];
static struct symbol symbols[] = {
	{ .name = "m", .value = 0x100000, .has_size = true, .size = PAGE, .map = memory },
	{ .name = "block", .value = 0x40000000, .has_size = true, .size = 64, .map = block[0] },
	{ .name = "index" },
	{ .name = "far", .value = UINT64_C(0x123456789a), .has_size = true, .size = 8 },
};
enum { M, BLOCK, INDEX, FAR };

static struct access open_access(void)
{
	static const struct context ctx = { .sysroot = "" };
	struct access a;

	access_init(&a, &ctx, NULL, SPACE_BAR);
	a.symbols = symbols;
	a.symbol_count = sizeof(symbols) / sizeof(symbols[0]);
	return a;
}

/* Where the symbols are for block NUMBER. */
static void point(unsigned int number)
{
	symbols[BLOCK].map = block[number % 2];
	symbols[BLOCK].value = 0x40000000 + 64 * (uint64_t)(number % 2);
	symbols[INDEX].value = number;
}

static void clear(void)
{
	memset(memory, 0xee, sizeof(memory));
	memset(block, 0xee, sizeof(block));
}

/*
 * For many blocks: what is stored at once (*STORES of them) is what access_assign() stores; where nothing is, and that
 * fails, *REFUSED.
 */
static bool is_same(const char *text, unsigned int *stores, unsigned int *refused)
{
	struct access a = open_access();
	struct resolved_assign r;
	struct assign assign;
	struct error error;
	bool same = true;

	*stores = *refused = 0;
	point(0);
	if (assign_parse(text, &assign, &error) < 0 || access_resolve_assign(&a, &assign, &r, &error) < 0)
		return false;
	for (unsigned int i = 0; i < 100; i++) {
		struct assign_result result;
		uint8_t once[PAGE];
		uint8_t blocks[2][64];
		size_t count;
		int rc;

		point(i);
		clear();
		count = bound_assign(&r, 1);
		memcpy(once, memory, sizeof(once));
		memcpy(blocks, block, sizeof(blocks));
		/* nothing was done where it was left alone */
		same &= count || (once[0] == 0xee && memcmp(once, once + 1, sizeof(once) - 1) == 0);
		clear();
		rc = access_assign(&a, &r, false, &result, &error);
		if (count)
			same &= rc == 0 && memcmp(once, memory, sizeof(once)) == 0 &&
				memcmp(blocks, block, sizeof(blocks)) == 0;
		*stores += (unsigned int)count;
		*refused += rc < 0;
	}
	access_close(&a);
	return same;
}

static void assigns(struct tap *tap)
{
	static const struct {
		const char *text;
		unsigned int stores;
		unsigned int refused;
	} cases[] = {
		{ "@m+0=5", 100, 0 },
		{ "@m+8/64=@block", 100, 0 },
		{ "@m+8=@block+4", 100, 0 },
		{ "@m+8/64=@block+4096", 100, 0 },
		{ "@m+16=@block.size", 100, 0 },
		{ "@m+16*(@index%64)+4/16=@index", 100, 0 },
		{ "@m+64*(@index%32)/64=1<<32|@index<<16|2", 100, 0 },
		{ "@m+8*@index+4=@block.size/16-1", 100, 0 },
		{ "@block+8=@index+1", 100, 0 },
		{ "@block+8/8=@index*@index", 0, 84 }, /* no term; from 16 on too wide */
		{ "@m+64*@index=1", 64, 36 }, /* past its end */
		{ "@m+@index=1", 25, 75 }, /* misaligned */
		{ "@m+4/8=@index*4", 64, 36 }, /* too wide */
		{ "@m+4=@index-1", 0, 0 }, /* may be below zero */
		{ "@m+4=@index+1-2", 99, 0 }, /* is, once */
		{ "@m+4=@far.lo", 100, 0 },
		{ "@m+4=@far.hi", 100, 0 },
		{ "@m+4=(@far+@index).lo", 100, 0 },
		{ "@m+4=(@far+@index).hi", 100, 0 },
		{ "@m+8/64=@far+@index*2", 100, 0 },
		{ "@m+4*(@index%8)=1:3", 0, 0 }, /* a mask */
		{ "@m+4=1/(@index-50)", 0, 1 },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		unsigned int stores;
		unsigned int refused;
		bool same = is_same(cases[i].text, &stores, &refused);

		ok(tap, same && stores == cases[i].stores && refused == cases[i].refused,
		   "%s: %u of 100 at once, %u refused", cases[i].text, stores, refused);
	}
}

static void conditions(struct tap *tap)
{
	struct access a = open_access();
	struct resolved_condition r;
	struct condition condition;
	struct error error;
	unsigned int holding = 0;
	uint64_t sum = 0;

	point(0);
	for (unsigned int i = 0; i < 64; i++)
		memory[16 * i + 14] = (uint8_t)(i * 3);
	ok(tap,
	   condition_parse("@m+16*(@index%64)+14/8==(@index/2+1)&3:3", &condition, &error) == 0 &&
		   access_resolve_condition(&a, &condition, &r, &error) == 0,
	   "a condition");
	for (unsigned int i = 0; i < 64; i++) {
		uint64_t actual = 0;
		bool holds = false;

		point(i);
		if (access_condition(&a, &r, &holds, &actual, &error) == 0 && actual == (uint8_t)(i * 3) &&
		    holds == (((i * 3) & 3) == ((i / 2 + 1) & 3)))
			sum++;
		holding += holds;
	}
	ok(tap, sum == 64 && holding > 0 && holding < 64, "... of another place and value each time");
	symbols[INDEX].value = 300;
	condition_parse("@m+16*@index==1", &condition, &error);
	point(0);
	if (access_resolve_condition(&a, &condition, &r, &error) == 0) {
		uint64_t actual;
		bool holds;

		point(300);
		ok(tap,
		   access_condition(&a, &r, &holds, &actual, &error) < 0 &&
			   strcmp(error.code, "out-of-range") == 0,
		   "... past the end");
	}
	access_close(&a);
}

/* Of memory whose second page went away. */
static void gone(struct tap *tap)
{
	static const char *const texts[] = { "@m+0=1", "@m+4=2", "@m+4096=3", "@m+8=4" };
	struct resolved_assign list[4];
	struct assign assign[4];
	struct assign_result result;
	struct access a;
	struct error error;
	char path[] = "/tmp/pcietool-unit-XXXXXX";
	int fd = mkstemp(path);
	uint8_t *map;

	unlink(path);
	if (fd < 0 || ftruncate(fd, 2 * PAGE) < 0)
		return;
	map = mmap(NULL, 2 * PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	symbols[M].map = map;
	symbols[M].size = 2 * PAGE;
	a = open_access();
	for (unsigned int i = 0; i < 4; i++) {
		assign_parse(texts[i], &assign[i], &error);
		access_resolve_assign(&a, &assign[i], &list[i], &error);
	}
	ok(tap, bound_assign(list, 4) == 4 && map[0] == 1 && map[4] == 2 && map[4096] == 3 && map[8] == 4,
	   "several stores at once");
	memset(map, 0, PAGE);
	ok(tap,
	   ftruncate(fd, PAGE) == 0 && bound_assign(list, 4) == 2 && map[0] == 1 && map[4] == 2 &&
		   map[8] == 0,
	   "... up to the one that faults");
	ok(tap,
	   access_assign(&a, &list[2], false, &result, &error) < 0 && strcmp(error.code, "bus-error") == 0,
	   "... which says why");
	access_close(&a);
	munmap(map, 2 * PAGE);
	close(fd);
}

int main(void)
{
	struct tap tap = { 0 };

	assigns(&tap);
	conditions(&tap);
	gone(&tap);
	return tap_done(&tap);
}
