// SPDX-License-Identifier: GPL-2.0-or-later
/* All blocks of the table, in one order; the only file that a new table_*.c is named in. */
#include "core/config/table.h"

static const struct config_block *const single[] = { &config_header, &config_express, &config_aer };
static const struct config_block *const groups[] = { config_pci_blocks,	 config_legacy_blocks,
						     config_link_blocks, config_power_blocks,
						     config_flit_blocks, config_function_blocks,
						     config_iov_blocks,	 config_vendor_blocks,
						     config_root_blocks };

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

bool config_access_is_read_only(unsigned int access)
{
	return access == RO || access == ROS || access == HWINIT;
}

const struct config_block *config_block_at(size_t i)
{
	if (i < COUNT(single))
		return single[i];
	i -= COUNT(single);
	for (size_t g = 0; g < COUNT(groups); g++) {
		for (const struct config_block *block = groups[g]; block->name; block++) {
			if (i-- == 0)
				return block;
		}
	}
	return NULL;
}

const struct config_block *config_block_of(bool is_extended, unsigned int id)
{
	const struct config_block *block;

	for (size_t i = 1; (block = config_block_at(i)) != NULL; i++) {
		if (block->is_extended == is_extended && block->id == id)
			return block;
	}
	return NULL;
}
