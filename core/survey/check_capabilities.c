// SPDX-License-Identifier: GPL-2.0-or-later
/* The rule "capabilities": are both lists of them whole? */
#include <linux/pci_regs.h>

#include "core/config/map.h"
#include "core/survey/check_internal.h"

static void tell_cut_off(struct check_item *item, const struct config_map *map, bool is_extended)
{
	for (size_t i = 0; i < map->block_count; i++) {
		const struct config_map_block *block = &map->blocks[i];

		if (block->cut_off_at && block->is_extended == is_extended)
			check_tell(item, CHECK_WARNING, "capabilities", NULL, NULL,
				   "%s at 0x%x is cut off at 0x%x", block->block->title, block->offset,
				   block->cut_off_at);
	}
}

static void check_list(struct check_item *item, const struct config_map *map, bool is_extended)
{
	const struct capability_list *list = is_extended ? &map->extended : &map->standard;

	if (list->problem)
		check_tell(item, CHECK_WARNING, "capabilities", NULL, NULL, "its %scapabilities: %s",
			   is_extended ? "extended " : "", list->problem);
	tell_cut_off(item, map, is_extended);
}

/* Those in the first 256 bytes were checked. */
static void tell_extended_gap(struct check_item *item, const char *reason)
{
	if (device_config_size(item->open) == PCI_CFG_SPACE_SIZE)
		reason = "the extended ones, the kernel shows no extended config space";
	check_tell_gap(item, "capabilities", reason);
}

void check_capabilities(struct check_item *item)
{
	struct config_map *map;
	struct error ignored;

	if (!item->open)
		return;
	if (config_map_make_blocks(item->open, &map, &ignored) < 0) {
		check_tell_gap(item, "capabilities", "cannot be read");
		return;
	}
	/* once of each device: who may not read the first reads no extended ones */
	if (map->standard.reason)
		check_tell_gap(item, "capabilities", map->standard.reason);
	else
		check_list(item, map, false);
	if (!map->standard.reason && map->extended.reason)
		tell_extended_gap(item, map->extended.reason);
	else if (!map->standard.reason)
		check_list(item, map, true);
	config_map_free(map);
}
