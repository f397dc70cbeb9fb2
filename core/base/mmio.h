/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One volatile load or store of a width. The compiler neither splits nor merges nor repeats a volatile
 * access of a naturally aligned scalar, which is all that is needed for uncached device memory on
 * x86-64; the barriers keep the order on machines that reorder it.
 */
#ifndef PCIETOOL_MMIO_H
#define PCIETOOL_MMIO_H

#include <stdint.h>

/*
 * Where the hardware may reorder accesses to device memory with those to DMA memory, a full barrier
 * stands on both sides of each; x86 keeps uncached accesses in order (Intel SDM volume 3, section 12.3).
 */
#if defined(__x86_64__) || defined(__i386__)
#define mmio_barrier() __asm__ volatile("" : : : "memory")
#else
#define mmio_barrier() __sync_synchronize()
#endif

static inline uint64_t mmio_read(const volatile void *address, unsigned int width)
{
	uint64_t value;

	mmio_barrier();
	switch (width) {
	case 8:
		value = *(const volatile uint8_t *)address;
		break;
	case 16:
		value = *(const volatile uint16_t *)address;
		break;
	case 32:
		value = *(const volatile uint32_t *)address;
		break;
	default:
		value = *(const volatile uint64_t *)address;
		break;
	}
	mmio_barrier();
	return value;
}

static inline void mmio_write(volatile void *address, unsigned int width, uint64_t value)
{
	mmio_barrier();
	switch (width) {
	case 8:
		*(volatile uint8_t *)address = (uint8_t)value;
		break;
	case 16:
		*(volatile uint16_t *)address = (uint16_t)value;
		break;
	case 32:
		*(volatile uint32_t *)address = (uint32_t)value;
		break;
	default:
		*(volatile uint64_t *)address = value;
		break;
	}
	mmio_barrier();
}

/* LENGTH bytes as loads of WIDTH in rising order. Both pointers are aligned to the width. */
static inline void mmio_read_block(const volatile void *address, unsigned int width, void *data,
				   uint64_t length)
{
	uint64_t n = length / (width / 8);

	mmio_barrier();
	switch (width) {
	case 8:
		for (uint64_t i = 0; i < n; i++)
			((uint8_t *)data)[i] = ((const volatile uint8_t *)address)[i];
		break;
	case 16:
		for (uint64_t i = 0; i < n; i++)
			((uint16_t *)data)[i] = ((const volatile uint16_t *)address)[i];
		break;
	case 32:
		for (uint64_t i = 0; i < n; i++)
			((uint32_t *)data)[i] = ((const volatile uint32_t *)address)[i];
		break;
	default:
		for (uint64_t i = 0; i < n; i++)
			((uint64_t *)data)[i] = ((const volatile uint64_t *)address)[i];
		break;
	}
	mmio_barrier();
}

#endif
