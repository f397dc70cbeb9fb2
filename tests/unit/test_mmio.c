// SPDX-License-Identifier: GPL-2.0-or-later
/* That an access of 64 bits is one: a thread that writes two values in turn is never seen between them. */
#include <inttypes.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/mmio.h"
#include "tests/unit/tap.h"

#define FIRST UINT64_C(0x1111111122222222)
#define SECOND UINT64_C(0xeeeeeeeedddddddd)
#define ROUNDS 2000000

struct shared {
	_Alignas(8) uint64_t word;
	uint32_t stop;
};

static void *write_in_turn(void *data)
{
	struct shared *s = data;

	while (!__atomic_load_n(&s->stop, __ATOMIC_RELAXED)) {
		mmio_write(&s->word, 64, FIRST);
		mmio_write(&s->word, 64, SECOND);
	}
	return NULL;
}

static void is_whole(struct tap *tap)
{
	struct shared s = { .word = FIRST };
	unsigned int torn = 0;
	pthread_t thread;

	if (pthread_create(&thread, NULL, write_in_turn, &s) != 0) {
		ok(tap, false, "a thread");
		return;
	}
	for (unsigned int i = 0; i < ROUNDS; i++) {
		uint64_t v = mmio_read(&s.word, 64);

		torn += v != FIRST && v != SECOND;
	}
	__atomic_store_n(&s.stop, 1, __ATOMIC_RELAXED);
	pthread_join(thread, NULL);
	ok(tap, torn == 0, "64 bits are read and written whole, %u were torn", torn);
}

static void keeps_values(struct tap *tap, unsigned int width)
{
	_Alignas(8) uint8_t memory[32], copy[16];
	uint64_t value = UINT64_C(0x8877665544332211) >> (64 - width), read;
	unsigned int bytes = width / 8;

	memset(memory, 0xa5, sizeof(memory));
	mmio_write(memory + 8, width, value);
	read = mmio_read(memory + 8, width);
	ok(tap, read == value, "%u bits: 0x%" PRIx64, width, read);
	ok(tap, memory[7] == 0xa5 && memory[8 + bytes] == 0xa5, "%u bits: and nothing beside them", width);
	for (unsigned int i = 0; i < sizeof(memory); i++)
		memory[i] = (uint8_t)i;
	mmio_read_block(memory + 8, width, copy, sizeof(copy));
	ok(tap, memcmp(copy, memory + 8, sizeof(copy)) == 0, "%u bits: a block", width);
	memset(memory, 0xa5, sizeof(memory));
	mmio_write_block(memory + 8, width, copy, sizeof(copy));
	ok(tap, memcmp(copy, memory + 8, sizeof(copy)) == 0 && memory[7] == 0xa5 && memory[24] == 0xa5,
	   "%u bits: a block is written, and nothing beside it", width);
}

int main(void)
{
	struct tap tap = { 0 };
	unsigned int widest = mmio_max_width();

	ok(&tap, widest == 64 || (widest == 32 && sizeof(void *) == 4), "the widest access has %u bits",
	   widest);
	for (unsigned int width = 8; width <= widest; width *= 2)
		keeps_values(&tap, width);
	if (widest == 64)
		is_whole(&tap);
	return tap_done(&tap);
}
