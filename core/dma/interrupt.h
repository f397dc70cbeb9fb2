/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The device's interrupts: enabled for the binding, counted per vector in 64 bits, waited for. */
#ifndef PCIETOOL_INTERRUPT_H
#define PCIETOOL_INTERRUPT_H

#include <stddef.h>
#include <stdint.h>

#include "core/dma/buffer.h"

enum interrupt_type { INTERRUPT_NONE, INTERRUPT_INTX, INTERRUPT_MSI, INTERRUPT_MSIX, INTERRUPT_AUTO };

/* "intx", "msi", "msix", "auto", "none" */
const char *interrupt_type_name(enum interrupt_type type);
int interrupt_type_parse(const char *text, enum interrupt_type *type, struct error *error);

/*
 * VECTORS 0: all that the device has (one for INTx). AUTO takes MSI-X, then MSI, then INTx: the first that
 * the device has. *ENABLED and *COUNT say what was enabled. EBUSY is an error that says so; so is INTx that
 * nobody claims, which is disabled again.
 */
int interrupt_enable(struct buffer_client *client, enum interrupt_type type, unsigned int vectors,
		     enum interrupt_type *enabled, unsigned int *count, struct error *error);
/* The same without enabling them: what would be refused is, as far as that is known before; *COUNT is how many the device has. */
int interrupt_enable_check(struct buffer_client *client, enum interrupt_type type, unsigned int vectors,
			   enum interrupt_type *enabled, unsigned int *count, struct error *error);
int interrupt_disable(struct buffer_client *client, struct error *error);
int interrupt_disable_check(struct buffer_client *client, struct error *error);

struct interrupt_state {
	enum interrupt_type type; /* INTERRUPT_NONE: not enabled */
	unsigned int vectors;
	bool intx_available;
	unsigned int msi_available; /* vectors that the device has */
	unsigned int msix_available;
	/* INTx is masked for good after that many that neither the device nor another one on its line claimed; 0: it is not */
	unsigned int unclaimed;
};
int interrupt_state(struct buffer_client *client, struct interrupt_state *state, struct error *error);

/* The error of STATE's unclaimed INTx; returns a -errno. */
int interrupt_unclaimed(const struct buffer_client *client, const struct interrupt_state *state,
			struct error *error);

/* COUNT so far, and the kernel's number of the interrupt (LINUX_IRQ may be NULL). */
int interrupt_count(struct buffer_client *client, unsigned int vector, uint64_t *count,
		    unsigned int *linux_irq, struct error *error);

#define INTERRUPT_FOREVER UINT64_MAX

/*
 * Until the vector's count exceeds SINCE. TIMEOUT in ns, 0 looks once. Returns 0 with *COUNT, -ETIME
 * (record filled, *COUNT valid), -EINTR when a signal came (record not filled), or another -errno.
 */
int interrupt_wait(struct buffer_client *client, unsigned int vector, uint64_t since, uint64_t timeout,
		   uint64_t *count, struct error *error);

/*
 * *FD, the caller's to close, is for poll(2): see event_watch_open(), which clears it, too. It arms nothing: a look by interrupt_wait()
 * does. Of interrupts that are disabled it tells nothing any more.
 */
int interrupt_fd(struct buffer_client *client, unsigned int vector, int *fd, struct error *error);

#endif
