/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Bytes to and from memory that a device works in at the same time.
 *
 * memcpy() may store a byte twice: the pieces that it copies overlap where the length is no multiple of them (glibc
 * sysdeps/x86_64/multiarch/memmove-vec-unaligned-erms.S; of 8 bytes all are stored twice). What the other side wrote between
 * the two, such as a status word that it cleared, is then undone.
 */
#ifndef PCIETOOL_DMA_COPY_H
#define PCIETOOL_DMA_COPY_H

#include <stddef.h>

/*
 * Stores LENGTH bytes in rising order, each once, in the widest pieces that are aligned: a word of a descriptor is seen
 * whole. What was stored before is seen before, as posted writes are (PCIe 6.0 section 2.4.1).
 */
void dma_copy_to(volatile void *memory, const void *from, size_t length);

/* Loads LENGTH bytes in the same way. */
void dma_copy_from(void *to, const volatile void *memory, size_t length);

#endif
