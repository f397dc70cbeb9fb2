// SPDX-License-Identifier: GPL-2.0-or-later
/* Copies whose loads or stores of shared memory are counted: each byte once. */
#include "core/base/dma_copy.h"

#include <string.h>

#include "core/base/mmio.h"

/* The bytes of the widest access at ADDRESS that goes no further than LENGTH. */
static size_t piece(const volatile void *address, size_t length)
{
	size_t bytes = mmio_max_width() / 8;

	while ((uintptr_t)address % bytes || bytes > length)
		bytes /= 2;
	return bytes;
}

#define STORE(bits)                                                                                          \
	case (bits) / 8: {                                                                                   \
		uint##bits##_t v;                                                                            \
                                                                                                             \
		memcpy(&v, from, sizeof(v));                                                                 \
		mmio_store##bits(to, v);                                                                     \
		break;                                                                                       \
	}

static void store(volatile uint8_t *to, const uint8_t *from, size_t bytes)
{
	switch (bytes) {
		STORE(8)
		STORE(16)
		STORE(32)
		STORE(64)
	}
}

#define LOAD(bits)                                                                                           \
	case (bits) / 8: {                                                                                   \
		uint##bits##_t v = mmio_load##bits(from);                                                    \
                                                                                                             \
		memcpy(to, &v, sizeof(v));                                                                   \
		break;                                                                                       \
	}

static void load(uint8_t *to, const volatile uint8_t *from, size_t bytes)
{
	switch (bytes) {
		LOAD(8)
		LOAD(16)
		LOAD(32)
		LOAD(64)
	}
}

void dma_copy_to(volatile void *memory, const void *from, size_t length)
{
	volatile uint8_t *to = memory;
	const uint8_t *bytes = from;

	mmio_barrier();
	while (length > 0) {
		size_t n = piece(to, length);

		store(to, bytes, n);
		to += n;
		bytes += n;
		length -= n;
	}
	mmio_barrier();
}

void dma_copy_from(void *to, const volatile void *memory, size_t length)
{
	const volatile uint8_t *from = memory;
	uint8_t *bytes = to;

	mmio_barrier();
	while (length > 0) {
		size_t n = piece(from, length);

		load(bytes, from, n);
		from += n;
		bytes += n;
		length -= n;
	}
	mmio_barrier();
}
