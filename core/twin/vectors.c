// SPDX-License-Identifier: GPL-2.0-or-later
/* What VFIO_USER_DEVICE_SET_IRQS sets (vfio-user.rst, section of that name), and what a device does with it. */
#include "core/twin/vectors.h"

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include "core/base/error.h"

#define INDEXES 3

int vectors_open(struct vectors *v, const unsigned int counts[3])
{
	*v = (struct vectors){ 0 };
	for (unsigned int i = 0; i < INDEXES; i++) {
		v->fds[i] = calloc(counts[i] ? counts[i] : 1, sizeof(int));
		if (!v->fds[i]) {
			vectors_close(v);
			return -ENOMEM;
		}
		v->counts[i] = counts[i];
		for (unsigned int n = 0; n < counts[i]; n++)
			v->fds[i][n] = -1;
	}
	return 0;
}

static void set_fd(struct vectors *v, unsigned int index, unsigned int vector, int fd)
{
	if (v->fds[index][vector] >= 0)
		close(v->fds[index][vector]);
	v->fds[index][vector] = fd;
}

static void release(struct vectors *v, unsigned int index)
{
	for (unsigned int n = 0; n < v->counts[index]; n++)
		set_fd(v, index, n, -1);
}

void vectors_release(struct vectors *v)
{
	for (unsigned int i = 0; i < INDEXES; i++)
		release(v, i);
	v->intx_masked = false;
}

void vectors_close(struct vectors *v)
{
	vectors_release(v);
	for (unsigned int i = 0; i < INDEXES; i++)
		free(v->fds[i]);
	*v = (struct vectors){ 0 };
}

bool vectors_enabled(const struct vectors *v, unsigned int index)
{
	for (unsigned int n = 0; n < v->counts[index]; n++) {
		if (v->fds[index][n] >= 0)
			return true;
	}
	return false;
}

static int signal_vector(int fd)
{
	const uint64_t one = 1;

	if (fd < 0)
		return -ENOENT;
	/* an eventfd whose counter is full has an interrupt pending already; what is none was the client's doing */
	if (write(fd, &one, sizeof(one)) < 0 && errno != EAGAIN)
		return error_last();
	return 0;
}

int vectors_trigger(const struct vectors *v, unsigned int index, unsigned int vector)
{
	if (index >= INDEXES || vector >= v->counts[index])
		return -ENOENT;
	if (index == VFIO_PCI_INTX_IRQ_INDEX && v->intx_masked)
		return -ENOENT;
	return signal_vector(v->fds[index][vector]);
}

/* Descriptors in the order of the vectors; none: their interrupts are disabled. */
static int assign(struct vectors *v, const struct vfio_irq_set *set, int *fds, unsigned int count)
{
	if (count && count != set->count)
		return -EINVAL;
	for (unsigned int i = 0; i < set->count; i++) {
		set_fd(v, set->index, set->start + i, count ? fds[i] : -1);
		if (count)
			fds[i] = -1;
	}
	return 0;
}

/* MASK, UNMASK and TRIGGER for each vector that DATA, if there is any, says. */
static void act(struct vectors *v, const struct vfio_irq_set *set, const uint8_t *data, bool *unmasked)
{
	for (unsigned int i = 0; i < set->count; i++) {
		if (data && !data[i])
			continue;
		if (set->flags & VFIO_IRQ_SET_ACTION_TRIGGER)
			signal_vector(v->fds[set->index][set->start + i]);
		else if (set->index == VFIO_PCI_INTX_IRQ_INDEX)
			v->intx_masked = set->flags & VFIO_IRQ_SET_ACTION_MASK;
	}
	*unmasked = set->index == VFIO_PCI_INTX_IRQ_INDEX && set->flags & VFIO_IRQ_SET_ACTION_UNMASK;
}

int vectors_set(struct vectors *v, const struct vfio_irq_set *set, const uint8_t *data, size_t data_size,
		int *fds, unsigned int count, bool *unmasked)
{
	uint32_t what = set->flags & VFIO_IRQ_SET_DATA_TYPE_MASK;
	uint32_t action = set->flags & VFIO_IRQ_SET_ACTION_TYPE_MASK;

	*unmasked = false;
	/* errors and requests to give the device back are QEMU's; this device has none */
	if (set->index >= INDEXES || set->start > v->counts[set->index] ||
	    set->count > v->counts[set->index] - set->start)
		return -EINVAL;
	if (what == VFIO_IRQ_SET_DATA_EVENTFD && action == VFIO_IRQ_SET_ACTION_TRIGGER)
		return assign(v, set, fds, count);
	if (what == VFIO_IRQ_SET_DATA_NONE && action == VFIO_IRQ_SET_ACTION_TRIGGER && set->count == 0 &&
	    set->start == 0) {
		release(v, set->index);
		return 0;
	}
	/* an event when the device unmasks a vector: it never does so by itself */
	if (what == VFIO_IRQ_SET_DATA_EVENTFD)
		return 0;
	if (what == VFIO_IRQ_SET_DATA_BOOL && data_size < set->count)
		return -EINVAL;
	if (action == 0 || (what != VFIO_IRQ_SET_DATA_BOOL && what != VFIO_IRQ_SET_DATA_NONE))
		return -EINVAL;
	act(v, set, what == VFIO_IRQ_SET_DATA_BOOL ? data : NULL, unmasked);
	return 0;
}
