// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/config_table.h"

const struct config_block config_pci_blocks[] = {
	{ 0 },
};
