// SPDX-License-Identifier: GPL-2.0-or-later
/* Which register map a command means, and the folders that maps are found in. */
#include "cli/maps.h"

#include <stdio.h>
#include <stdlib.h>

#include "core/access/access.h"

bool map_choice_id(struct invocation *inv, struct regmap_id *id)
{
	const struct selector *s = &inv->selector;
	struct pci_address address;
	struct device *device;
	struct error ignored;
	bool found;

	if (s->has_id && s->vendor_id != SELECT_ANY && s->device_id != SELECT_ANY) {
		*id = (struct regmap_id){ .vendor = (uint16_t)s->vendor_id,
					  .device = (uint16_t)s->device_id };
		return true;
	}
	if (!inv->selected || selector_one(&inv->ctx, s, &address, &ignored) < 0 ||
	    device_open(&inv->ctx, &address, &device, &ignored) < 0)
		return false;
	found = access_map_id(device, id) == 0;
	device_close(device);
	return found;
}

int map_choice(struct invocation *inv, struct regmap **map)
{
	struct regmap_id id;
	bool has_id = map_choice_id(inv, &id);

	return regmap_set_need(&inv->ctx, has_id ? &id : NULL, map, &inv->error);
}

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
