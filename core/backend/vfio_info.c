// SPDX-License-Identifier: GPL-2.0-or-later
/* Reading VFIO's answers of growing size, and finding a capability in one. */
#include "core/backend/vfio_info.h"

#include <errno.h>
#include <linux/vfio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>

#include "core/base/error.h"

/* With what all of them begin. */
struct answer_head {
	uint32_t argsz;
	uint32_t flags;
};

int vfio_info_read(int fd, unsigned long request, const void *asked, uint32_t size, void **info)
{
	struct answer_head *head = NULL;
	uint32_t room = size;
	int rc = 0;

	/* twice at most: the second time with room for the capabilities */
	do {
		struct answer_head *grown = realloc(head, room);

		if (!grown) {
			free(head);
			return -ENOMEM;
		}
		head = grown;
		memset(head, 0, room);
		memcpy(head, asked, size);
		head->argsz = room;
		if (ioctl(fd, request, head) < 0)
			rc = error_last();
	} while (rc == 0 && head->argsz > room && (room = head->argsz));
	if (rc < 0) {
		free(head);
		return rc;
	}
	*info = head;
	return 0;
}

const void *vfio_info_capability(const void *info, uint32_t size, uint32_t first, uint32_t id)
{
	const struct answer_head *head = info;
	uint32_t at = first;

	while (at >= size && at <= head->argsz - sizeof(struct vfio_info_cap_header)) {
		const struct vfio_info_cap_header *capability = (const void *)((const char *)info + at);

		if (capability->id == id)
			return capability;
		at = capability->next > at ? capability->next : 0;
	}
	return NULL;
}
