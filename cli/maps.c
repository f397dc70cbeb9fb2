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

int map_choice_part(struct invocation *inv, struct regmap **map)
{
	struct regmap_id id;
	bool has_id = map_choice_id(inv, &id);

	return regmap_set_need_part(&inv->ctx, has_id ? &id : NULL, map, &inv->error);
}

int map_choice(struct invocation *inv, struct regmap **map)
{
	struct regmap *found;
	int rc = map_choice_part(inv, &found);

	if (rc == 0)
		rc = regmap_complete(found, &inv->error);
	if (rc == 0)
		*map = found;
	return rc;
}

/* END in the folder that VARIABLE names, or behind USUAL in the home; "" where there is neither. */
static void user_folder(const char *variable, const char *usual, const char *end, char path[PATH_MAX])
{
	const char *folder = getenv(variable);
	const char *home = getenv("HOME");
	int n = 0;

	if (folder && folder[0] == '/')
		n = snprintf(path, PATH_MAX, "%s/%s", folder, end);
	else if (home && home[0] == '/')
		n = snprintf(path, PATH_MAX, "%s/%s/%s", home, usual, end);
	if (n <= 0 || n >= PATH_MAX)
		path[0] = '\0';
}

void map_folders_init(struct map_folders *folders)
{
	unsigned int count = 0;

	user_folder("XDG_CONFIG_HOME", ".config", "pcietool/maps", folders->user);
	user_folder("XDG_CACHE_HOME", ".cache", "pcietool", folders->compiled);
	if (folders->user[0])
		folders->list[count++] = folders->user;
	for (unsigned int i = 0; regmap_system_folders[i]; i++)
		folders->list[count++] = regmap_system_folders[i];
	folders->list[count] = NULL;
}
