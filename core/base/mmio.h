/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One volatile load or store of a width. The compiler neither splits nor merges nor repeats a volatile
 * access of a naturally aligned scalar of at most a machine word, which is all that is needed for uncached
 * device memory on x86-64; the barriers keep the order on machines that reorder it.
 *
 * 64 bits on a 32-bit machine would become two accesses: there it is an instruction that is single-copy atomic,
 * or none at all. mmio_max_width() says what there is; a wider access must not be asked for.
 */
#ifndef PCIETOOL_MMIO_H
#define PCIETOOL_MMIO_H

#include <stdint.h>

#include "core/base/error.h"

#if defined(__arm__)
#include <sys/auxv.h>
#endif

/*
 * Where the hardware may reorder accesses to device memory with those to DMA memory, a full barrier
 * stands on both sides of each; x86 keeps uncached accesses in order (Intel SDM volume 3, section 12.3).
 */
#if defined(__x86_64__) || defined(__i386__)
#define mmio_barrier() __asm__ volatile("" : : : "memory")
#else
#define mmio_barrier() __sync_synchronize()
#endif

#if defined(__aarch64__)

/*
 * Plain instructions, as in Linux arch/arm64/include/asm/io.h: a compiler's load or store that also moves the
 * pointer on cannot be emulated by a hypervisor.
 */
#define MMIO_ACCESS(bits, load, store, form)                                                                 \
	static inline uint##bits##_t mmio_load##bits(const volatile void *address)                           \
	{                                                                                                    \
		uint##bits##_t value;                                                                        \
                                                                                                             \
		__asm__ volatile(load " %" form "0, [%1]" : "=r"(value) : "r"(address) : "memory");          \
		return value;                                                                                \
	}                                                                                                    \
                                                                                                             \
	static inline void mmio_store##bits(volatile void *address, uint##bits##_t value)                    \
	{                                                                                                    \
		__asm__ volatile(store " %" form "0, [%1]" : : "rZ"(value), "r"(address) : "memory");        \
	}

MMIO_ACCESS(8, "ldrb", "strb", "w")
MMIO_ACCESS(16, "ldrh", "strh", "w")
MMIO_ACCESS(32, "ldr", "str", "w")
MMIO_ACCESS(64, "ldr", "str", "x")

#else

#define MMIO_ACCESS(bits)                                                                                    \
	static inline uint##bits##_t mmio_load##bits(const volatile void *address)                           \
	{                                                                                                    \
		return *(const volatile uint##bits##_t *)address;                                            \
	}                                                                                                    \
                                                                                                             \
	static inline void mmio_store##bits(volatile void *address, uint##bits##_t value)                    \
	{                                                                                                    \
		*(volatile uint##bits##_t *)address = value;                                                 \
	}

MMIO_ACCESS(8)
MMIO_ACCESS(16)
MMIO_ACCESS(32)

#if UINTPTR_MAX > UINT32_MAX

MMIO_ACCESS(64)

#elif defined(__i386__)

/* a compiler that was not told of SSE knows no such register, and has nothing in it */
#ifdef __SSE__
#define MMIO_CLOBBERED "xmm0", "memory"
#else
#define MMIO_CLOBBERED "memory"
#endif

/* An aligned quadword is one access since the Pentium (Intel SDM volume 3, section 9.1.1); the register is SSE2's. */
static inline uint64_t mmio_load64(const volatile void *address)
{
	uint64_t value;

	__asm__ volatile("movq %1, %%xmm0\n\tmovq %%xmm0, %0"
			 : "=m"(value)
			 : "m"(*(const volatile uint64_t *)address)
			 : MMIO_CLOBBERED);
	return value;
}

static inline void mmio_store64(volatile void *address, uint64_t value)
{
	__asm__ volatile("movq %1, %%xmm0\n\tmovq %%xmm0, %0"
			 : "=m"(*(volatile uint64_t *)address)
			 : "m"(value)
			 : MMIO_CLOBBERED);
}

#undef MMIO_CLOBBERED

#elif defined(__arm__) && __ARM_ARCH >= 7

/*
 * Aligned, they are single-copy atomic where the large physical address extension is (ARM DDI 0406C, section A3.5.3).
 * %Q and %R are the pair's lower and upper register, in either mode of byte order that Linux runs in.
 */
static inline uint64_t mmio_load64(const volatile void *address)
{
	uint64_t value;

	__asm__ volatile("ldrd %Q0, %R0, [%1]" : "=r"(value) : "r"(address) : "memory");
	return value;
}

static inline void mmio_store64(volatile void *address, uint64_t value)
{
	__asm__ volatile("strd %Q1, %R1, [%0]" : : "r"(address), "r"(value) : "memory");
}

#else

/* never reached: mmio_max_width() */
static inline uint64_t mmio_load64(const volatile void *address)
{
	(void)address;
	__builtin_trap();
}

static inline void mmio_store64(volatile void *address, uint64_t value)
{
	(void)address;
	(void)value;
	__builtin_trap();
}

#endif
#endif
#undef MMIO_ACCESS

/* The width, in bits, of the widest access that this build can make as one on this processor. */
static inline unsigned int mmio_max_width(void)
{
#if UINTPTR_MAX > UINT32_MAX
	return 64;
#elif defined(__i386__)
	return __builtin_cpu_supports("sse2") ? 64 : 32;
#elif defined(__arm__) && __ARM_ARCH >= 7
	/* HWCAP_LPAE of Linux arch/arm/include/uapi/asm/hwcap.h */
	return getauxval(AT_HWCAP) & 1UL << 20 ? 64 : 32;
#else
	return 32;
#endif
}

/* Fills the record for a wider one: unsupported. DEVICE may be NULL. Returns a -errno. */
int mmio_no_width(const char *device, const char *object, unsigned int width, struct error *error);

static inline uint64_t mmio_read(const volatile void *address, unsigned int width)
{
	uint64_t value;

	mmio_barrier();
	switch (width) {
	case 8:
		value = mmio_load8(address);
		break;
	case 16:
		value = mmio_load16(address);
		break;
	case 32:
		value = mmio_load32(address);
		break;
	default:
		value = mmio_load64(address);
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
		mmio_store8(address, (uint8_t)value);
		break;
	case 16:
		mmio_store16(address, (uint16_t)value);
		break;
	case 32:
		mmio_store32(address, (uint32_t)value);
		break;
	default:
		mmio_store64(address, value);
		break;
	}
	mmio_barrier();
}

/* LENGTH bytes as loads of WIDTH in rising order. Both pointers are aligned to the width. */
static inline void mmio_read_block(const volatile void *address, unsigned int width, void *data,
				   uint64_t length)
{
	const volatile uint8_t *from = address;
	uint64_t n = length / (width / 8);

	mmio_barrier();
	switch (width) {
	case 8:
		for (uint64_t i = 0; i < n; i++)
			((uint8_t *)data)[i] = mmio_load8(from + i);
		break;
	case 16:
		for (uint64_t i = 0; i < n; i++)
			((uint16_t *)data)[i] = mmio_load16(from + 2 * i);
		break;
	case 32:
		for (uint64_t i = 0; i < n; i++)
			((uint32_t *)data)[i] = mmio_load32(from + 4 * i);
		break;
	default:
		for (uint64_t i = 0; i < n; i++)
			((uint64_t *)data)[i] = mmio_load64(from + 8 * i);
		break;
	}
	mmio_barrier();
}

/* The same as stores. */
static inline void mmio_write_block(volatile void *address, unsigned int width, const void *data,
				    uint64_t length)
{
	volatile uint8_t *to = address;
	uint64_t n = length / (width / 8);

	mmio_barrier();
	switch (width) {
	case 8:
		for (uint64_t i = 0; i < n; i++)
			mmio_store8(to + i, ((const uint8_t *)data)[i]);
		break;
	case 16:
		for (uint64_t i = 0; i < n; i++)
			mmio_store16(to + 2 * i, ((const uint16_t *)data)[i]);
		break;
	case 32:
		for (uint64_t i = 0; i < n; i++)
			mmio_store32(to + 4 * i, ((const uint32_t *)data)[i]);
		break;
	default:
		for (uint64_t i = 0; i < n; i++)
			mmio_store64(to + 8 * i, ((const uint64_t *)data)[i]);
		break;
	}
	mmio_barrier();
}

#endif
