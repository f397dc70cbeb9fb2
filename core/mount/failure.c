// SPDX-License-Identifier: GPL-2.0-or-later
/* What a file's user is told by a number, and whoever looks into "error" in words. */
#include <errno.h>
#include <string.h>

#include "core/mount/internal.h"

int mount_fail(struct mount *m, int rc, const struct error *error)
{
	m->failure = *error;
	return mount_errno(rc, error);
}

int mount_errno(int rc, const struct error *error)
{
	/* what has a number of its own that its kind has not */
	if (strcmp(error->code, "bus-master-on") == 0 || strcmp(error->code, "irq-enabled") == 0)
		return EBUSY;
	switch (error->kind) {
	case ERROR_USAGE:
	case ERROR_SELECT:
		return EINVAL;
	case ERROR_DENIED:
		return rc == -EACCES ? EACCES : EPERM;
	case ERROR_GONE:
		return ENODEV;
	case ERROR_UNSUPPORTED:
		return EOPNOTSUPP;
	case ERROR_TIMEOUT:
		return ETIMEDOUT;
	default:
		return rc < 0 ? -rc : EIO;
	}
}
