// SPDX-License-Identifier: GPL-2.0-or-later
/* A VFIO device's interrupts as eventfds, and waiting for one. */
#include <errno.h>
#include <linux/vfio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "core/backend/vfio.h"
#include "core/backend/vfio_internal.h"
#include "core/base/clock.h"

static int index_of(enum interrupt_type type)
{
	switch (type) {
	case INTERRUPT_INTX:
		return VFIO_PCI_INTX_IRQ_INDEX;
	case INTERRUPT_MSI:
		return VFIO_PCI_MSI_IRQ_INDEX;
	case INTERRUPT_MSIX:
		return VFIO_PCI_MSIX_IRQ_INDEX;
	default:
		return -1;
	}
}

/* How many vectors of INDEX there are. */
static unsigned int available(const struct vfio *v, unsigned int index)
{
	struct vfio_irq_info info = { .argsz = sizeof(info), .index = index };

	if (ioctl(v->device_fd, VFIO_DEVICE_GET_IRQ_INFO, &info) < 0 || !(info.flags & VFIO_IRQ_INFO_EVENTFD))
		return 0;
	return info.count;
}

enum interrupt_type vfio_irq_type(const struct vfio *v)
{
	return v->irq_type;
}

int vfio_irq_state(struct vfio *v, struct interrupt_state *state)
{
	*state = (struct interrupt_state){
		.type = v->irq_type,
		.vectors = v->vectors,
		.intx_available = available(v, VFIO_PCI_INTX_IRQ_INDEX) > 0,
		.msi_available = available(v, VFIO_PCI_MSI_IRQ_INDEX),
		.msix_available = available(v, VFIO_PCI_MSIX_IRQ_INDEX),
	};
	return 0;
}

/* FDS NULL: none, an action on vectors 0 to COUNT - 1. */
static int set_irqs(int device_fd, uint32_t action, unsigned int index, const int *fds, unsigned int count)
{
	size_t size = sizeof(struct vfio_irq_set) + (fds ? count * sizeof(*fds) : 0);
	struct vfio_irq_set *set = calloc(1, size);
	int rc;

	if (!set)
		return -ENOMEM;
	set->argsz = (uint32_t)size;
	set->flags = action | (fds ? VFIO_IRQ_SET_DATA_EVENTFD : VFIO_IRQ_SET_DATA_NONE);
	set->index = index;
	set->count = count;
	if (fds)
		memcpy(set->data, fds, count * sizeof(*fds));
	rc = ioctl(device_fd, VFIO_DEVICE_SET_IRQS, set);
	/* for MSI a positive answer is how many vectors could have been had */
	rc = rc > 0 ? -ENOSPC : rc < 0 ? error_last() : 0;
	free(set);
	return rc;
}

static void close_fds(int *fds, unsigned int count)
{
	for (unsigned int i = 0; i < count; i++) {
		if (fds[i] >= 0)
			close(fds[i]);
	}
	free(fds);
}

static int open_fds(unsigned int count, int **fds)
{
	int *list = malloc(count * sizeof(*list));

	if (!list)
		return -ENOMEM;
	for (unsigned int i = 0; i < count; i++) {
		list[i] = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
		if (list[i] < 0) {
			int rc = error_last();

			close_fds(list, i);
			return rc;
		}
	}
	*fds = list;
	return 0;
}

int vfio_irq_enable(struct vfio *v, enum interrupt_type type, unsigned int vectors, unsigned int *enabled)
{
	unsigned int index = (unsigned int)index_of(type);
	unsigned int have;
	int *fds = NULL;
	int rc;

	if (v->irq_type != INTERRUPT_NONE)
		return -EBUSY;
	have = available(v, index);
	if (have == 0)
		return -EOPNOTSUPP;
	if (vectors == 0)
		vectors = have;
	if (vectors > have)
		return -ENOSPC;
	rc = open_fds(vectors, &fds);
	if (rc < 0)
		return rc;
	rc = set_irqs(v->device_fd, VFIO_IRQ_SET_ACTION_TRIGGER, index, fds, vectors);
	if (rc < 0) {
		close_fds(fds, vectors);
		return rc;
	}
	v->irq_type = type;
	v->vectors = vectors;
	v->vector_fds = fds;
	*enabled = vectors;
	return 0;
}

int vfio_irq_disable(struct vfio *v)
{
	int rc;

	if (v->irq_type == INTERRUPT_NONE)
		return -EINVAL;
	rc = set_irqs(v->device_fd, VFIO_IRQ_SET_ACTION_TRIGGER, (unsigned int)index_of(v->irq_type), NULL,
		      0);
	for (unsigned int i = 0; v->counts && i < v->vectors; i++)
		event_count_close(&v->counts[i]);
	free(v->counts);
	v->counts = NULL;
	close_fds(v->vector_fds, v->vectors);
	v->vector_fds = NULL;
	v->vectors = 0;
	v->irq_type = INTERRUPT_NONE;
	return rc;
}

int vfio_irq_fd(struct vfio *v, unsigned int vector, int *fd)
{
	if (v->irq_type == INTERRUPT_NONE)
		return -ENODATA;
	if (vector >= v->vectors)
		return -ERANGE;
	*fd = v->vector_fds[vector];
	return 0;
}

int vfio_irq_count(struct vfio *v, unsigned int vector, struct event_count **count)
{
	int fd;
	int rc = vfio_irq_fd(v, vector, &fd);

	if (rc < 0)
		return rc;
	if (!v->counts) {
		v->counts = calloc(v->vectors, sizeof(*v->counts));
		if (!v->counts)
			return -ENOMEM;
		for (unsigned int i = 0; i < v->vectors; i++)
			event_count_open(v->vector_fds[i], true, &v->counts[i]);
	}
	*count = &v->counts[vector];
	return 0;
}

int vfio_irq_watch_vector(struct vfio *v, unsigned int vector, int *fd)
{
	struct event_count *count;
	int rc = vfio_irq_count(v, vector, &count);

	if (rc < 0)
		return rc;
	rc = event_count_share(count);
	if (rc < 0)
		return rc == -ENOENT ? -EOPNOTSUPP : rc;
	return event_watch_open(count->fd, -1, fd);
}

/* Lets an INTx that VFIO masked when it came come again. DEVICE_FD may be another process' copy. */
static int vfio_intx_unmask(int device_fd)
{
	return set_irqs(device_fd, VFIO_IRQ_SET_ACTION_UNMASK, VFIO_PCI_INTX_IRQ_INDEX, NULL, 1);
}

/* --- the kernel's own events -------------------------------------------------------------------------- */

static int watch(struct vfio *v, unsigned int index)
{
	int fd;

	if (available(v, index) == 0)
		return -1;
	fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (fd >= 0 && set_irqs(v->device_fd, VFIO_IRQ_SET_ACTION_TRIGGER, index, &fd, 1) < 0) {
		close(fd);
		fd = -1;
	}
	return fd;
}

void vfio_irq_watch(struct vfio *v)
{
	v->request_fd = watch(v, VFIO_PCI_REQ_IRQ_INDEX);
	v->error_fd = watch(v, VFIO_PCI_ERR_IRQ_INDEX);
}

void vfio_irq_close(struct vfio *v)
{
	if (v->request_fd >= 0)
		close(v->request_fd);
	if (v->error_fd >= 0)
		close(v->error_fd);
	v->request_fd = v->error_fd = -1;
}

int vfio_request_fd(const struct vfio *v)
{
	return v->request_fd;
}

int vfio_error_fd(const struct vfio *v)
{
	return v->error_fd;
}

/* --- waiting ------------------------------------------------------------------------------------- */

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
