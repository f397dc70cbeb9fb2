/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The folders where register maps are looked for: the user's, the machine's, the ones installed with the program. */
#ifndef PCIETOOL_MAP_FOLDERS_H
#define PCIETOOL_MAP_FOLDERS_H

#include <limits.h>

struct map_folders {
	char user[PATH_MAX];
	const char *list[4]; /* ends with NULL */
};

/* From XDG_CONFIG_HOME (or HOME/.config), as the XDG base directory specification has it. */
void map_folders_init(struct map_folders *folders);

#endif
