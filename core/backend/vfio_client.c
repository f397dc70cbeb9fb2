// SPDX-License-Identifier: GPL-2.0-or-later
/* Buffers and interrupts of a device that this process has open over VFIO. */
#include "core/backend/backend.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/mman.h>

#include "core/backend/path.h"
#include "core/dma/client.h"
#include "core/backend/vfio.h"

struct vfio_client {
	struct buffer_client client; /* first */
	struct vfio *vfio;
	unsigned int owner;
};

static struct vfio_client *to_vfio(struct buffer_client *client)
{
	return (struct vfio_client *)client;
}

static int alloc(struct buffer_client *client, const char *name, uint64_t size, struct buffer *buffer,
		 struct error *error)
{
	struct vfio_client *c = to_vfio(client);

	return vfio_alloc(c->vfio, c->owner, name, size, buffer, error);
}

static int free_buffer(struct buffer_client *client, uint32_t handle, unsigned int how, struct error *error)
{
	struct vfio_client *c = to_vfio(client);

	return vfio_free(c->vfio, c->owner, handle, how, error);
}

static int next_buffer(struct buffer_client *client, uint32_t first, struct buffer *buffer,
		       struct error *error)
{
	struct vfio_client *c = to_vfio(client);

	(void)error;
	return vfio_next_buffer(c->vfio, c->owner, first, buffer);
}

static int map(struct buffer_client *client, const struct buffer *buffer, void **memory, struct error *error)
{
	void *address;
	int fd;
	int rc = vfio_buffer_fd(to_vfio(client)->vfio, buffer->handle, &fd);

	(void)error;
	if (rc < 0)
		return rc;
	address = mmap(NULL, buffer->length, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (address == MAP_FAILED)
		return error_last();
	*memory = address;
	return 0;
}

static int memory_fd(struct buffer_client *client, const struct buffer *buffer, int *fd, struct error *error)
{
	int kept;
	int own;
	int rc = vfio_buffer_fd(to_vfio(client)->vfio, buffer->handle, &kept);

	(void)error;
	if (rc < 0)
		return rc;
	own = fcntl(kept, F_DUPFD_CLOEXEC, 0);
	if (own < 0)
		return error_last();
	*fd = own;
	return 0;
}

static int irq_state(struct buffer_client *client, struct interrupt_state *state, struct error *error)
{
	(void)error;
	return vfio_irq_state(to_vfio(client)->vfio, state);
}

static int irq_enable(struct buffer_client *client, enum interrupt_type type, unsigned int vectors,
		      unsigned int *enabled, struct error *error)
{
	(void)error;
	return vfio_irq_enable(to_vfio(client)->vfio, type, vectors, enabled);
}

static int irq_disable(struct buffer_client *client, struct error *error)
{
	(void)error;
	return vfio_irq_disable(to_vfio(client)->vfio);
}

static int irq_count(struct buffer_client *client, unsigned int vector, uint64_t *count,
		     unsigned int *linux_irq, struct error *error)
{
	struct event_count *events;
	int rc = vfio_irq_count(to_vfio(client)->vfio, vector, &events);

	(void)error;
	if (linux_irq)
		*linux_irq = 0;
	return rc < 0 ? rc : event_count_read(events, count);
}

static int irq_wait(struct buffer_client *client, unsigned int vector, uint64_t since, uint64_t timeout,
		    uint64_t *count, struct error *error)
{
	struct vfio *vfio = to_vfio(client)->vfio;
	bool is_intx = vfio_irq_type(vfio) == INTERRUPT_INTX;
	struct event_count *events;
	int rc = vfio_irq_count(vfio, vector, &events);

	(void)error;
	if (rc < 0)
		return rc;
	return vfio_wait(events, is_intx ? vfio_device_fd(vfio) : -1, since, timeout, -1, count);
}

static int irq_fd(struct buffer_client *client, unsigned int vector, int *fd, struct error *error)
{
	(void)error;
	return vfio_irq_watch_vector(to_vfio(client)->vfio, vector, fd);
}

static int claim(struct buffer_client *client, bool release, struct error *error)
{
	(void)error;
	return vfio_claim(to_vfio(client)->vfio, to_vfio(client)->owner, release);
}

static int stop_write(struct buffer_client *client, unsigned int bar, uint64_t offset, unsigned int width,
		      uint64_t value, uint64_t mask, struct error *error)
{
	struct vfio_client *c = to_vfio(client);

	(void)error;
	return vfio_stop_write(c->vfio, c->owner, bar, offset, width, value, mask);
}

static void close_client(struct buffer_client *client)
{
	struct vfio_client *c = to_vfio(client);

	vfio_forget(c->vfio, c->owner);
	free(c);
}

static const struct client_ops vfio_client_ops = {
	.name = "VFIO",
	.alloc = alloc,
	.free = free_buffer,
	.next_buffer = next_buffer,
	.map = map,
	.memory_fd = memory_fd,
	.irq_state = irq_state,
	.irq_enable = irq_enable,
	.irq_disable = irq_disable,
	.irq_count = irq_count,
	.irq_wait = irq_wait,
	.irq_fd = irq_fd,
	.claim = claim,
	.stop_write = stop_write,
	.close = close_client,
};

int vfio_client_open(struct device *device, struct buffer_client **client, struct error *error)
{
	struct vfio_client *c = calloc(1, sizeof(*c));

	if (!c)
		return error_errno(error, -ENOMEM, "%s", device->name);
	c->client = (struct buffer_client){ .ops = &vfio_client_ops, .device = device };
	c->vfio = device_vfio(device);
	c->owner = vfio_new_owner(device_vfio(device));
	*client = &c->client;
	return 0;
}
