/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One way to a device's buffers and interrupts: the kernel helper, VFIO, UIO, the holder of a session. For the files
 * that implement one, and for buffer.c and interrupt.c, which are what everybody else calls.
 *
 * All functions return 0 or a -errno. The error record comes empty: whoever knows more than the number says fills
 * it, otherwise the caller makes the message. A way that lacks something leaves its function NULL.
 */
#ifndef PCIETOOL_CLIENT_H
#define PCIETOOL_CLIENT_H

#include "core/dma/buffer.h"
#include "core/dma/interrupt.h"
#include "core/trace/trace.h"

struct client_ops {
	const char *name; /* "helper" */
	bool irq_counts_unclaimed; /* its irq_state says when nobody claims INTx */
	bool irq_is_fixed; /* it is enabled as long as the driver is bound: enabling arms it */

	/* NAME "": one of the client's own. Fills all of *BUFFER but the client and the map. EEXIST: the name is taken. */
	int (*alloc)(struct buffer_client *client, const char *name, uint64_t size, struct buffer *buffer,
		     struct error *error);
	/* Fails as alloc would where buffers of SIZE bytes in all go beyond a limit of their sum; NULL: there is none. */
	int (*room)(struct buffer_client *client, uint64_t size, struct error *error);
	/* HOW: BUFFER_FREE_*. EBUSY: bus mastering is on, or it is another client's unnamed one. */
	int (*free)(struct buffer_client *client, uint32_t handle, unsigned int how, struct error *error);
	/* What free left with the device; NULL, as give_back then: nothing ever. */
	int (*held)(struct buffer_client *client, struct buffer_held *held, struct error *error);
	int (*give_back)(struct buffer_client *client, struct error *error); /* EBUSY: bus mastering is on */
	/* The buffer with the smallest handle of at least FIRST; -ENOENT behind the last. */
	int (*next_buffer)(struct buffer_client *client, uint32_t first, struct buffer *buffer,
			   struct error *error);
	/* *MAP is the caller's to munmap, all of the buffer's length. */
	int (*map)(struct buffer_client *client, const struct buffer *buffer, void **map,
		   struct error *error);
	/* As buffer_memory_fd(). NULL: its memory is no file of its own. */
	int (*memory_fd)(struct buffer_client *client, const struct buffer *buffer, int *fd,
			 struct error *error);
	/* NULL: its memory is coherent. */
	int (*sync)(struct buffer_client *client, uint32_t handle, bool for_cpu, uint64_t offset,
		    uint64_t length);

	int (*irq_state)(struct buffer_client *client, struct interrupt_state *state, struct error *error);
	/* VECTORS 0: all. EOPNOTSUPP: not that type; ENOSPC: not that many; EBUSY: enabled already. */
	int (*irq_enable)(struct buffer_client *client, enum interrupt_type type, unsigned int vectors,
			  unsigned int *enabled, struct error *error);
	int (*irq_disable)(struct buffer_client *client, struct error *error); /* EINVAL: not enabled */
	/* ENODATA: not enabled; ERANGE: no such vector. LINUX_IRQ may be NULL, 0 is "not known". */
	int (*irq_count)(struct buffer_client *client, unsigned int vector, uint64_t *count,
			 unsigned int *linux_irq, struct error *error);
	/* As interrupt_wait(); *COUNT is valid on 0 and on -ETIME. */
	int (*irq_wait)(struct buffer_client *client, unsigned int vector, uint64_t since, uint64_t timeout,
			uint64_t *count, struct error *error);

	/* As interrupt_fd(). NULL, or EOPNOTSUPP: there is none this way. */
	int (*irq_fd)(struct buffer_client *client, unsigned int vector, int *fd, struct error *error);

	int (*claim)(struct buffer_client *client, bool release, struct error *error);
	/* WIDTH 0, and all others: forgets what there is. */
	int (*stop_write)(struct buffer_client *client, unsigned int bar, uint64_t offset, unsigned int width,
			  uint64_t value, uint64_t mask, struct error *error);

	void (*close)(struct buffer_client *client); /* frees it */
};

/* Puts what was done into the context's trace, if there is one; OP, PLACE and what follows: core/trace/trace.h. Returns RC. */
int client_traced(const struct buffer_client *client, enum trace_op op, const char *place, uint64_t width,
		  uint64_t value, int rc, const struct error *error);

/*
 * Fills the record for an operation that failed with RC, where nothing better is known than WHAT was tried: a
 * device that was unbound or unplugged is told apart (exit 5). Returns a -errno.
 */
int client_failed(struct buffer_client *client, int rc, const char *what, struct error *error);

/* Fills the record where the way knows of interrupts only. */
int client_has_no_dma(struct buffer_client *client, struct error *error);

#endif
