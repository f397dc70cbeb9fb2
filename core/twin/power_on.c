// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Defaults of the PCIe 6.0 specification, whose sections these are unless another is named: 0, but for what is listed. Blocks
 * whose defaults are the device's own are left out, and stay as they are.
 */
#include "core/twin/power_on.h"

#include <string.h>

#include "core/base/number.h"

#define ALL UINT32_MAX

/* What may be written in these is 0, or in the list below. */
static const char *const blocks[] = {
	"", /* the header */
	"PM",	"MSI", "MSIX",	"EXP", "AER",	"ACS", "ARI",  "MCAST", "TPH", "LNR", "FRS",	"SHADOW",
	"DEV3", "ATS", "SRIOV", "PRI", "PASID", "LTR", "L1PM", "DPA",	"PTM", "PB",  "SECPCI",
};

/* All of it is of the link, or of all of the device's functions. */
static const char *const shared_blocks[] = { "VC",	"VC2",	   "MFVC",    "SECPCI", "DLNK",
					     "PL_16GT", "PL_32GT", "PL_64GT", "LMR" };

static const struct {
	const char *block;
	const char *name;
	uint32_t keeps; /* bits whose default is the device's own, or depends on what it has */
	uint32_t value; /* after power-on */
	uint32_t state; /* read-only bits that say what goes on */
	uint32_t flr_leaves;
} registers[] = {
	/* section 7.7.1.8, Pending Bits */
	{ "MSI", "PENDING", .state = ALL },
	/* section 7.5.3.4: relaxed ordering, no snoop, and reads of 512 bytes; 8-bit tags are the device's; Max_Payload_Size stays */
	{ "EXP", "DEVCTL", .keeps = 0x0100, .value = 0x2810, .flr_leaves = 0x00e0 },
	/* section 7.5.3.5, Transactions Pending */
	{ "EXP", "DEVSTA", .state = 0x0020 },
	/* section 7.5.3.7: ASPM, read completion boundary, clocks, Extended Synch, Hardware Autonomous Width Disable */
	{ "EXP", "LNKCTL", .flr_leaves = 0x03cb },
	/* section 7.5.3.19: Target Link Speed is the highest one that there is; de-emphasis is the board's */
	{ "EXP", "LNKCTL2", .keeps = 0x000f },
	/* sections 7.8.4.3, 7.8.4.4, 7.8.4.6: bits that are 1 where the device has that error, and newer ones */
	{ "AER", "UNCOR_MASK", .keeps = 0xfc400000 },
	{ "AER", "UNCOR_SEVERITY", .keeps = 0xfc462030 },
	{ "AER", "COR_MASK", .keeps = 0x0000e000 },
	/* sections 9.3.3.13, 4 KiB; 9.3.3.14, the type of a BAR */
	{ "SRIOV", "SYS_PGSIZE", .value = 1 },
	{ "SRIOV", "BAR", .keeps = 0xf },
	/* section 7.8.3.4, T_POWER_ON */
	{ "L1PM", "CTL2", .keeps = ALL },
	/* section 7.9.12.4, Substate Control Enabled */
	{ "DPA", "STATUS", .value = 0x0100 },
	/* section 10.5.2.3: stopped */
	{ "PRI", "STATUS", .state = 0x0100, .value = 0x0100 },
};

static bool is_in(const char *name, const char *const *list, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (strcmp(name, list[i]) == 0)
			return true;
	}
	return false;
}

static bool is_written(const struct config_block *block, unsigned int access)
{
	/* what AER has logged; other sticky bits that are read-only are the link's */
	return access == RW || access == RWS || access == RW1C || access == RW1CS ||
	       (access == ROS && block == &config_aer);
}

/* The bits that software writes, and that errors have left. */
static uint32_t written_bits(const struct config_map *map, const struct config_block *block, size_t i)
{
	const struct config_register *row = map->rows[i];
	uint32_t bits = 0;

	if (!row->fields && is_written(block, row->access))
		return (uint32_t)width_max(row->width);
	for (const struct config_field *f = row->fields; f && f->name; f++) {
		if ((!f->ports || f->ports & map->port) && is_written(block, f->access))
			bits |= (uint32_t)width_max(f->bits) << f->lsb;
	}
	return bits;
}

struct power_on power_on(const struct config_map *map, const struct config_map_block *block, size_t i)
{
	const struct config_register *row = map->rows[i];
	struct power_on p = { 0 };
	uint32_t bits;

	if (!block->block)
		return p;
	bits = written_bits(map, block->block, i);
	if (is_in(block->block->name, shared_blocks, sizeof(shared_blocks) / sizeof(shared_blocks[0])))
		p.flr_leaves = bits;
	/* BARs are made of their sizes */
	if (row->bar || !is_in(block->block->name, blocks, sizeof(blocks) / sizeof(blocks[0])))
		return p;
	p.forgets = bits;
	for (size_t n = 0; n < sizeof(registers) / sizeof(registers[0]); n++) {
		if (strcmp(registers[n].block, block->block->name) != 0 ||
		    strcmp(registers[n].name, row->name) != 0)
			continue;
		p.forgets = (bits & ~registers[n].keeps) | registers[n].state | registers[n].value;
		p.value = registers[n].value;
		p.flr_leaves |= registers[n].flr_leaves;
	}
	return p;
}
