// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/backend/vfio_wait.h"

#include <errno.h>

#include "core/base/clock.h"
#include "core/backend/vfio.h"

static uint64_t left(uint64_t start, uint64_t timeout)
{
	uint64_t waited = clock_ns() - start;

	if (timeout == UINT64_MAX)
		return UINT64_MAX;
	return waited < timeout ? timeout - waited : 0;
}

int vfio_wait(struct event_count *count, int intx_fd, uint64_t since, uint64_t timeout, int hangup,
	      uint64_t *value)
{
	uint64_t start = timeout && timeout != UINT64_MAX ? clock_ns() : 0;
	int waited;
	int rc;

	if (count->info < 0 && count->total > since) {
		*value = count->total;
		return 0;
	}
	/* an event that nobody has waited for yet ends the wait below: only INTx must be known to be due */
	if (intx_fd >= 0 || timeout == 0 || (count->info >= 0 && count->epoll < 0)) {
		rc = event_count_read(count, value);
		if (rc < 0 || *value > since)
			return rc;
		if (intx_fd >= 0)
			rc = vfio_intx_unmask(intx_fd);
		if (rc < 0)
			return rc;
	}
	do {
		waited = event_count_wait(count, timeout ? left(start, timeout) : 0, hangup);
		if (waited < 0 && waited != -ETIME)
			return waited;
		rc = event_count_read(count, value);
		if (rc < 0 || *value > since)
			return rc;
	} while (waited == 0);
	return -ETIME;
}
