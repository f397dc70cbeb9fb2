// SPDX-License-Identifier: GPL-2.0-or-later
#include "cli/map_folders.h"

#include <stdio.h>
#include <stdlib.h>

#ifndef PCIETOOL_DATADIR
#define PCIETOOL_DATADIR "/usr/local/share/pcietool"
#endif

void map_folders_init(struct map_folders *folders)
{
	const char *config = getenv("XDG_CONFIG_HOME");
	const char *home = getenv("HOME");
	unsigned int count = 0;
	int n = 0;

	if (config && config[0] == '/')
		n = snprintf(folders->user, sizeof(folders->user), "%s/pcietool/maps", config);
	else if (home && home[0] == '/')
		n = snprintf(folders->user, sizeof(folders->user), "%s/.config/pcietool/maps", home);
	if (n > 0 && n < (int)sizeof(folders->user))
		folders->list[count++] = folders->user;
	folders->list[count++] = "/etc/pcietool/maps";
	folders->list[count++] = PCIETOOL_DATADIR "/maps";
	folders->list[count] = NULL;
}
