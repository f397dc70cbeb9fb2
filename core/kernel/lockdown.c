// SPDX-License-Identifier: GPL-2.0-or-later
/* The one reader of /sys/kernel/security/lockdown. */
#include "core/kernel/lockdown.h"

#include <string.h>

#include "core/kernel/sysfs.h"

bool lockdown_mode(const struct context *ctx, char *text, size_t size)
{
	char modes[64];
	const char *open;
	size_t n;

	/* "none [integrity] confidentiality": the mode in brackets is in force; kernel_lockdown(7) */
	if (sysfs_read(ctx, modes, sizeof(modes), "/sys/kernel/security/lockdown") < 0)
		return false;
	open = strchr(modes, '[');
	n = open ? strcspn(open + 1, "]") : 0;
	if (n == 0 || n >= size || strncmp(open + 1, "none", n) == 0)
		return false;
	memcpy(text, open + 1, n);
	text[n] = '\0';
	return true;
}
