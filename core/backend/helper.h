/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The kernel helper's node of a device. Everything of the interface's own types ends in helper.c. Functions return 0 or
 * the kernel's -errno.
 */
#ifndef PCIETOOL_HELPER_H
#define PCIETOOL_HELPER_H

#include <stdbool.h>
#include <stdint.h>

#include "core/dma/buffer.h"
#include "core/dma/interrupt.h"

struct helper;

/* Opens the node /dev/pcietool/ADDRESS; fills the record. *HELPER is the caller's to close. */
int helper_open(struct device *device, struct helper **helper, struct error *error);
void helper_close(struct helper *helper); /* accepts NULL */
/* The same node as a way to buffers and interrupts; closing it closes the helper. */
struct buffer_client *helper_client(struct helper *helper);
int helper_fd(const struct helper *helper); /* the open node; stays the helper's */
/*
 * The node as the holder of a session has it open, FD, which must stay open as long as the helper: named buffers are made
 * and freed over that one, and end with it.
 */
void helper_join(struct helper *helper, int fd);

struct helper_state {
	unsigned int abi_version;
	unsigned int mask_bits;
	bool has_iommu;
	bool is_coherent;
	uint64_t bytes_used;
	uint64_t bytes_free; /* under the module's cap */
	unsigned int buffers;
	struct buffer_held held;
	struct interrupt_state interrupts;
	bool claimed; /* by anybody */
	bool claimed_here;
};
int helper_query(struct helper *helper, struct helper_state *state);
/*
 * The device's bus addresses have BITS bits, 12 to 64, from now on; what others see, too. Nothing is asked of the kernel
 * where they have. "buffers-exist": not while there are any, free or held back; "bad-mask", -EOPNOTSUPP: the kernel has
 * no such memory. Fills the record.
 */
int helper_set_mask(struct helper *helper, unsigned int bits, struct error *error);

#endif
