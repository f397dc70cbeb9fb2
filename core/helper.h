/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The kernel helper's node of a device: one function per command of its interface. Everything of the
 * interface's own types ends in helper.c. Functions return 0 or the kernel's -errno; the callers, which
 * know what was wanted, make the messages.
 */
#ifndef PCIETOOL_HELPER_H
#define PCIETOOL_HELPER_H

#include <stdbool.h>
#include <stdint.h>

#include "core/buffer.h"
#include "core/interrupt.h"

struct helper;

/* Opens the node /dev/pcietool/ADDRESS; fills the record. *HELPER is the caller's to close. */
int helper_open(struct device *device, struct helper **helper, struct error *error);
void helper_close(struct helper *helper); /* accepts NULL */

struct helper_state {
	unsigned int abi_version;
	unsigned int mask_bits;
	bool has_iommu;
	bool is_coherent;
	uint64_t bytes_used;
	uint64_t bytes_free; /* under the module's cap */
	unsigned int buffers;
	struct interrupt_state interrupts;
	bool claimed; /* by anybody */
	bool claimed_here;
};
int helper_query(struct helper *helper, struct helper_state *state);
int helper_set_mask(struct helper *helper, unsigned int bits);

/* NAME "" for one of the file's own. Fills all of *BUFFER but the client and the map. */
int helper_alloc(struct helper *helper, const char *name, uint64_t size, struct buffer *buffer);
int helper_free(struct helper *helper, uint32_t handle, bool force);
/* The buffer with the smallest handle of at least FIRST; -ENOENT behind the last. */
int helper_next_buffer(struct helper *helper, uint32_t first, struct buffer *buffer);
int helper_sync(struct helper *helper, uint32_t handle, bool for_cpu, uint64_t offset, uint64_t length);
/* LENGTH bytes of the buffer at its mmap offset; *MAP is the caller's to munmap. */
int helper_map(struct helper *helper, uint64_t mmap_offset, uint64_t length, void **map);

int helper_irq_enable(struct helper *helper, enum interrupt_type type, unsigned int vectors,
		      unsigned int *enabled);
int helper_irq_disable(struct helper *helper);
int helper_irq_count(struct helper *helper, unsigned int vector, uint64_t *count, unsigned int *linux_irq);
/* TIMEOUT in ns, INTERRUPT_FOREVER; *COUNT is valid on 0 and on -ETIME. */
int helper_irq_wait(struct helper *helper, unsigned int vector, uint64_t since, uint64_t timeout,
		    uint64_t *count);

int helper_claim(struct helper *helper, bool release);
int helper_stop_write(struct helper *helper, unsigned int bar, uint64_t offset, unsigned int width,
		      uint64_t value, uint64_t mask);

/*
 * Fills the record for a command that failed with RC, where nothing better is known than WHAT was tried: a
 * device that was unbound or unplugged is told apart (exit 5). Returns a -errno.
 */
int helper_failed(struct device *device, int rc, const char *what, struct error *error);

#endif
