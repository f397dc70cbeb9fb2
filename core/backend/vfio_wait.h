/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Waiting for a vector whose eventfd is a copy of what vfio_irq_fd() gave, in whichever process. */
#ifndef PCIETOOL_VFIO_WAIT_H
#define PCIETOOL_VFIO_WAIT_H

#include "core/dma/event_count.h"

/*
 * As interrupt_wait(): until the count exceeds SINCE, *VALUE is it on 0 and on -ETIME. INTX_FD: the device's
 * descriptor when the vector is INTx, which is let come again unless SINCE is exceeded already; -1: it is a message.
 * HANGUP as in event_count_wait().
 */
int vfio_wait(struct event_count *count, int intx_fd, uint64_t since, uint64_t timeout, int hangup,
	      uint64_t *value);

#endif
