/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A holder's session without a device: what serves requests, and connections to it. For one program each. */
#ifndef FAKE_SESSION_H
#define FAKE_SESSION_H

#include <stdlib.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#include "core/backend/path.h"
#include "core/backend/vfio_internal.h"
#include "core/session/session_internal.h"

#define SPACE 0x100000u /* of bus addresses */

/* --- a device that is a file: config space at its start, memory that maps anywhere, no interrupts ---------- */

static unsigned int mapped;

static int fake_ranges(struct vfio *vfio, struct iova_range **ranges, size_t *count)
{
	(void)vfio;
	*ranges = calloc(1, sizeof(**ranges));
	if (!*ranges)
		return -ENOMEM;
	(*ranges)[0] = (struct iova_range){ 0, SPACE - 1 };
	*count = 1;
	return 0;
}

static int fake_map(struct vfio *vfio, void *memory, uint64_t length, uint64_t address)
{
	(void)vfio;
	(void)memory;
	(void)length;
	(void)address;
	mapped++;
	return 0;
}

static int fake_unmap(struct vfio *vfio, uint64_t length, uint64_t address)
{
	(void)vfio;
	(void)length;
	(void)address;
	mapped--;
	return 0;
}

static void fake_close(struct vfio *vfio)
{
	close(vfio->device_fd);
}

static const struct vfio_iommu_ops fake_ops = {
	.ranges = fake_ranges,
	.map = fake_map,
	.unmap = fake_unmap,
	.close = fake_close,
};

static struct context ctx = { .sysroot = "/nonexistent" };
static struct device_path path = { .vfio_fd = -1, .uio = -1 };
static struct device device = {
	.ctx = &ctx, .name = "0000:01:00.0", .folder = -1, .config_fd = -1, .path = &path
};
static struct session session = { .device = &device,
				  .kind = BACKEND_VFIO,
				  .lock = -1,
				  .listener = -1,
				  .uio_fd = -1,
				  .generation = 1,
				  .command = "a test" };

static void open_fake(void)
{
	struct vfio *v = calloc(1, sizeof(*v));
	struct error error;

	if (!v)
		abort();
	v->device = &device;
	v->iommu = &fake_ops;
	v->mask_bits = 32;
	v->group_fd = v->iommu_fd = v->request_fd = v->error_fd = -1;
	v->device_fd = memfd_create("device", MFD_CLOEXEC);
	if (v->device_fd < 0 || ftruncate(v->device_fd, 4096) < 0 || vfio_buffers_open(v, &error) < 0)
		abort();
	path.vfio = v;
}

/* --- clients ------------------------------------------------------------------------------------- */

struct client {
	int socket;
	struct session_peer peer;
};

static void connect_client(struct client *c)
{
	int pair[2];

	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, pair) < 0)
		abort();
	c->socket = pair[0];
	c->peer = (struct session_peer){ .socket = pair[1] };
	session.peer_count++;
}

static void end_client(struct client *c)
{
	if (c->socket >= 0)
		close(c->socket);
	session_hang_up(&c->peer);
	session.peer_count--;
}

#endif
