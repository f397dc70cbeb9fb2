// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What mmap(2) of dma/NAME maps: the buffer's own memory, where that is a file and the kernel can hand a mapping on to it
 * (FUSE_PASSTHROUGH, Linux 6.9: Documentation/filesystems/fuse/fuse-passthrough.rst). It opens that file anew by its inode, and maps
 * it at the offset that the user gave: so it must be a regular file with the buffer at 0, which VFIO's is and the
 * helper's device node is not. Reads and writes are requests as ever, by FOPEN_DIRECT_IO, which goes before it.
 */
#include <linux/fuse.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "core/dma/buffer.h"
#include "core/mount/internal.h"

/* An inode has one backing file, or none, as long as it is open: fs/fuse/iomode.c refuses another. */
struct backing {
	uint32_t buffer; /* its handle */
	int32_t id; /* the kernel's; 0: it cannot be mapped */
	unsigned int users;
	struct backing *next;
};

/* libfuse 3.17 can say it, in a build with the headers of Linux 6.9 */
#if defined(FUSE_CAP_PASSTHROUGH) && defined(FUSE_DEV_IOC_BACKING_OPEN)

/* Of root's mounts only: CAP_SYS_ADMIN is asked for. */
static int32_t open_id(struct mount *m, const struct node *node)
{
	struct fuse_backing_map map = { .flags = 0 };
	struct error ignored;
	struct buffer buffer;
	int id;
	int fd;

	if (!m->can_map || node_buffer(m, node, &buffer) < 0 || buffer_memory_fd(&buffer, &fd, &ignored) < 0)
		return 0;
	map.fd = fd;
	id = ioctl(m->fuse_session_fd(m->session), FUSE_DEV_IOC_BACKING_OPEN, &map);
	close(fd);
	return id > 0 ? id : 0;
}

static void close_id(struct mount *m, int32_t id)
{
	uint32_t number = (uint32_t)id;

	if (id > 0)
		ioctl(m->fuse_session_fd(m->session), FUSE_DEV_IOC_BACKING_CLOSE, &number);
}

static void tell(struct fuse_file_info *info, int32_t id)
{
	info->backing_id = id;
}

#else

static int32_t open_id(struct mount *m, const struct node *node)
{
	(void)m;
	(void)node;
	return 0;
}

static void close_id(struct mount *m, int32_t id)
{
	(void)m;
	(void)id;
}

static void tell(struct fuse_file_info *info, int32_t id)
{
	(void)info;
	(void)id;
}

#endif

void backing_join(struct mount *m, struct handle *h, struct fuse_file_info *info)
{
	struct backing *b = m->backings;

	while (b && b->buffer != h->node.index)
		b = b->next;
	if (!b) {
		b = calloc(1, sizeof(*b));
		if (!b)
			return;
		*b = (struct backing){ .buffer = h->node.index,
				       .id = open_id(m, &h->node),
				       .next = m->backings };
		m->backings = b;
	}
	b->users++;
	h->backing = b;
	tell(info, b->id);
}

void backing_leave(struct mount *m, struct handle *h)
{
	struct backing **at = &m->backings;
	struct backing *b = h->backing;

	h->backing = NULL;
	if (!b || --b->users > 0)
		return;
	while (*at != b)
		at = &(*at)->next;
	*at = b->next;
	close_id(m, b->id);
	free(b);
}
