// SPDX-License-Identifier: GPL-2.0-or-later
/* What has to be written, in which order, and whether it was taken. The table decides what is software's. */
#include "core/config/saved.h"

#include <errno.h>
#include <inttypes.h>
#include <linux/pci_regs.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/array.h"

#define BASE_ADDRESS_END 0x28 /* of type 0; a bridge's other registers there are the kernel's */

/* What makes it the same device. Registers that one header type does not have are zero in the other's table. */
static int check_identity(struct device *device, struct device *saved, struct error *error)
{
	static const struct {
		const char *name;
		unsigned int offset;
		unsigned int width;
		uint32_t mask;
		bool endpoint; /* type 0 only */
	} parts[] = {
		{ "vendor", 0x00, 16, 0xffff, false }, { "device", 0x02, 16, 0xffff, false },
		{ "class", 0x0a, 16, 0xffff, false },  { "header type", 0x0e, 8, 0x7f, false },
		{ "subsystem", 0x2c, 32, ~0u, true },
	};
	uint32_t type = 0;
	int rc = 0;

	for (size_t i = 0; rc == 0 && i < sizeof(parts) / sizeof(parts[0]); i++) {
		uint32_t a = 0;
		uint32_t b = 0;

		if (parts[i].endpoint && type != 0)
			continue;
		rc = device_config_read(device, parts[i].offset, parts[i].width, &a, error);
		if (rc == 0)
			rc = device_config_read(saved, parts[i].offset, parts[i].width, &b, error);
		if (rc == 0 && (a ^ b) & parts[i].mask && !device_is_present(device))
			rc = device_gone(device, error);
		else if (rc == 0 && (a ^ b) & parts[i].mask)
			rc = error_set(
				error, ERROR_DIFFERS, "other-device",
				"%s: what was saved is another device's: its %s is 0x%x, here it is 0x%x",
				device->name, parts[i].name, b & parts[i].mask, a & parts[i].mask);
		if (parts[i].offset == 0x0e)
			type = a & 0x7f;
	}
	return rc;
}

static int check_layout(const struct device *device, const struct config_map *a, const struct config_map *b,
			struct error *error)
{
	for (size_t i = 0; i < b->block_count; i++) {
		char name[48];

		if (i < a->block_count && a->blocks[i].id == b->blocks[i].id &&
		    a->blocks[i].offset == b->blocks[i].offset)
			continue;
		/* saved by somebody who saw less, or read by one */
		if (i >= a->block_count)
			break;
		config_map_block_name(&b->blocks[i], name, sizeof(name));
		return error_set(error, ERROR_DIFFERS, "other-device",
				 "%s: what was saved has the capability %s at 0x%x, the device has not",
				 device->name, name, b->blocks[i].offset);
	}
	return 0;
}

/* The bits of ROW's register that software sets, be it the kernel, and that mean no action. */
static uint32_t settable(const struct config_map *map, const struct regmap_register *reg,
			 const struct config_register *row)
{
	uint32_t mask = 0;

	if (!row->fields)
		return row->access == RW || row->access == RWS
			       ? (uint32_t)(UINT64_C(0xffffffff) >> (32 - reg->bits))
			       : 0;
	for (uint32_t i = 0; i < reg->field_count; i++) {
		const struct regmap_field *field = regmap_field_at(map->regmap, reg, i);

		if (field->behaviour.access == REGMAP_READ_WRITE &&
		    field->behaviour.on_write == WRITE_MODIFIES)
			mask |= (uint32_t)regmap_field_mask(field);
	}
	return mask;
}

/* Bits that a 1 changes: written as 0. */
static uint32_t effects(const struct config_map *map, const struct regmap_register *reg)
{
	uint32_t mask = 0;

	for (uint32_t i = 0; i < reg->field_count; i++) {
		const struct regmap_field *field = regmap_field_at(map->regmap, reg, i);

		if (field->behaviour.on_write != WRITE_MODIFIES)
			mask |= (uint32_t)regmap_field_mask(field);
	}
	return mask;
}

/* A bridge has others there, of which the narrow ones are no addresses */
static bool is_bar(const struct regmap_register *reg)
{
	if (reg->width != 32)
		return false;
	return (reg->address >= PCI_BASE_ADDRESS_0 && reg->address < BASE_ADDRESS_END) ||
	       reg->address == PCI_ROM_ADDRESS || reg->address == PCI_ROM_ADDRESS1;
}

/* In which turn: BARs, the rest, what they set up, COMMAND. */
enum {
	TURN_BAR,
	TURN_REST,
	TURN_COMMAND = TURN_REST + 3,
};

static int turn(const struct regmap_register *reg, const struct config_register *row)
{
	return is_bar(reg) ? TURN_BAR : reg->address == PCI_COMMAND ? TURN_COMMAND : TURN_REST + row->late;
}

static int add_left(struct config_plan *plan, const struct regmap_register *reg)
{
	const struct regmap_register **grown =
		array_grow(plan->left, plan->left_count, sizeof(const struct regmap_register *));

	if (!grown)
		return -ENOMEM;
	plan->left = grown;
	grown[plan->left_count++] = reg;
	return 0;
}

static int add_write(struct config_plan *plan, struct device *device, struct device *saved, size_t i,
		     struct error *error)
{
	const struct regmap_register *reg = &plan->map->regmap->registers[i];
	const struct config_register *row = plan->map->rows[i];
	uint32_t mask = settable(plan->map, reg, row);
	struct config_write *grown;
	struct error ignored;
	uint32_t now;
	uint32_t then;
	int rc;

	if (!mask || regmap_unsafe_to_read(plan->map->regmap, reg))
		return 0;
	if (device_config_read(saved, (unsigned int)reg->address, reg->width, &then, &ignored) < 0) {
		plan->missing++;
		return 0;
	}
	rc = device_config_read(device, (unsigned int)reg->address, reg->width, &now, error);
	if (rc < 0 || ((now ^ then) & mask) == 0)
		return rc;
	if (row->by_kernel || row->starts)
		return add_left(plan, reg) < 0 ? error_errno(error, -ENOMEM, "%s: restoring", device->name)
					       : 0;
	grown = array_grow(plan->writes, plan->count, sizeof(*grown));
	if (!grown)
		return error_errno(error, -ENOMEM, "%s: restoring", device->name);
	plan->writes = grown;
	grown[plan->count++] = (struct config_write){
		.reg = reg,
		.old = now,
		.new = (now & ~mask & ~effects(plan->map, reg)) | (then & mask),
		.mask = (now ^ then) & mask,
	};
	return 0;
}

/*
 * Are addresses in BARs those of the CPU? On x86 they are; elsewhere a host bridge may translate them, and a BAR that is
 * where the kernel says tells that this one does not.
 */
static bool is_untranslated(uint32_t now, uint32_t kernels)
{
#if defined(__i386__) || defined(__x86_64__)
	(void)now;
	(void)kernels;
	return true;
#else
	return now == kernels;
#endif
}

/* Does W leave its BAR where the kernel has it? *PLACE, which is 0 where it gave none. */
static bool is_in_place(const struct config_write *w, const struct bar *bars, uint64_t *place)
{
	unsigned int index = (unsigned int)(w->reg->address - PCI_BASE_ADDRESS_0) / 4;
	const struct bar *bar = &bars[index];
	uint32_t flags = bar->io ? 0x3 : 0xf;
	uint32_t half = (uint32_t)bar->start;

	if (bar->state == BAR_UPPER_HALF) {
		bar = &bars[index - 1];
		flags = 0;
		half = (uint32_t)(bar->start >> 32);
	}
	*place = bar->start;
	return bar->state != BAR_ASSIGNED || (w->new & ~flags) == half ||
	       !is_untranslated(w->old & ~flags, half);
}

/*
 * Nothing but the kernel may move a BAR: it would decode what others were given, and whoever maps it looks elsewhere. A
 * file of before the last boot may have other addresses.
 */
static int check_places(struct device *device, const struct config_plan *plan, struct error *error)
{
	struct bar bars[DEVICE_BARS + 1];
	struct error ignored;
	uint64_t place;
	int rc = 0;

	if (device->ctx->force || device_bars(device, bars, &ignored) < 0)
		return 0;
	for (size_t i = 0; rc == 0 && i < plan->count; i++) {
		const struct config_write *w = &plan->writes[i];

		if (!is_bar(w->reg) || w->reg->address >= BASE_ADDRESS_END || is_in_place(w, bars, &place))
			continue;
		rc = error_set(error, ERROR_DENIED, "bar-moved",
			       "%s: the kernel has that BAR at 0x%" PRIx64
			       " now, what was saved has 0x%x in %s",
			       device->name, place, w->new, w->reg->name);
		error_hint(error, "save it again after each boot or rescan; --force moves the BAR, "
				  "of which the kernel does not know then");
	}
	return rc;
}

int config_restore_plan(struct device *device, struct device *saved, enum config_restore_what what,
			struct config_plan **plan, struct error *error)
{
	struct config_plan *p = calloc(1, sizeof(*p));
	struct config_map *before = NULL;
	int rc;

	if (!p)
		return error_errno(error, -ENOMEM, "%s: restoring", device->name);
	rc = check_identity(device, saved, error);
	if (rc == 0)
		rc = config_map_make(device, &p->map, error);
	if (rc == 0)
		rc = config_map_make(saved, &before, error);
	if (rc == 0)
		rc = check_layout(device, p->map, before, error);
	for (int t = TURN_BAR; rc == 0 && t <= TURN_COMMAND; t++) {
		for (size_t i = 0; rc == 0 && i < p->map->regmap->register_count; i++) {
			const struct regmap_register *reg = &p->map->regmap->registers[i];

			if (turn(reg, p->map->rows[i]) == t &&
			    (what == CONFIG_RESTORE_ALL || reg->address >= PCI_STD_HEADER_SIZEOF))
				rc = add_write(p, device, saved, i, error);
		}
	}
	if (rc == 0 && !device_is_present(device))
		rc = device_gone(device, error);
	if (rc == 0)
		rc = check_places(device, p, error);
	config_map_free(before);
	if (rc < 0) {
		config_plan_free(p);
		return rc;
	}
	*plan = p;
	return 0;
}

void config_plan_free(struct config_plan *plan)
{
	if (!plan)
		return;
	config_map_free(plan->map);
	free(plan->writes);
	free(plan->left);
	free(plan);
}

static bool writes_bars(const struct config_plan *plan)
{
	return plan->count > 0 && is_bar(plan->writes[0].reg);
}

/* A BAR that moves while it is decoded answers at addresses that are somebody else's for a moment. */
static int stop_decoding(struct device *device, uint32_t *command, struct error *error)
{
	int rc = device_config_read(device, PCI_COMMAND, 16, command, error);

	if (rc < 0 || !(*command & (PCI_COMMAND_IO | PCI_COMMAND_MEMORY)))
		return rc;
	return device_config_write(device, PCI_COMMAND, 16,
				   *command & ~(uint32_t)(PCI_COMMAND_IO | PCI_COMMAND_MEMORY), error);
}

static int verify(struct device *device, const struct config_write *w, struct error *error)
{
	uint32_t value;
	int rc = device_config_read(device, (unsigned int)w->reg->address, w->reg->width, &value, error);

	if (rc == 0 && (value ^ w->new) & w->mask)
		rc = error_set(error, ERROR_DIFFERS, "differs", "%s: %s: wrote 0x%x, it reads 0x%x",
			       device->name, w->reg->name, w->new, value);
	return rc;
}

int config_restore(struct device *device, const struct config_plan *plan, struct error *error)
{
	uint32_t command = 0;
	bool stopped = writes_bars(plan);
	struct error later;
	int result = 0;
	int rc = 0;

	if (stopped)
		rc = stop_decoding(device, &command, error);
	for (size_t i = 0; rc == 0 && i < plan->count; i++) {
		const struct config_write *w = &plan->writes[i];

		if (w->reg->address == PCI_COMMAND)
			stopped = false;
		rc = device_config_write(device, (unsigned int)w->reg->address, w->reg->width, w->new, error);
		if (rc == 0 && result == 0)
			result = verify(device, w, error);
	}
	/* COMMAND was right before, and is so again */
	if (stopped &&
	    device_config_write(device, PCI_COMMAND, 16, command, rc || result ? &later : error) < 0 &&
	    rc == 0 && result == 0)
		rc = -EIO;
	/* ones look like what was written, where only ones were to be set */
	if (!device_is_present(device))
		return device_gone(device, error);
	return rc ? rc : result;
}
