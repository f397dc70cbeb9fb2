// SPDX-License-Identifier: GPL-2.0-or-later
/* Two config spaces: only reads. */
#include "core/config/saved.h"

#include <errno.h>
#include <linux/pci_regs.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/number.h"

struct compare {
	struct device *a;
	struct device *b;
	struct config_map *map_a;
	struct config_map *map_b;
	config_tell tell;
	void *data;
	unsigned int skipped;
	int rc; /* what kept a register from being looked for */
	bool named[PCI_CFG_SPACE_EXP_SIZE]; /* bytes that a register of either has */
};

static bool read_register(struct device *device, unsigned int offset, unsigned int width, uint32_t *value)
{
	struct error ignored;

	return device_config_read(device, offset, width, value, &ignored) == 0;
}

/* Nothing is known of it there: who saved it saw less (without root 64 bytes). */
static bool is_beyond(struct device *device, const struct regmap_register *reg)
{
	int size = device_config_size(device);

	return size >= 0 && reg->address + reg->width / 8 > (uint64_t)size;
}

/* A register of the first, and what the second has under that name; REG_B NULL: nothing. */
static void compare_register(struct compare *c, const struct regmap_register *a,
			     const struct regmap_register *b)
{
	struct config_difference d = {
		.map = c->map_a->regmap,
		.reg = a,
		.offset = (unsigned int)a->address,
		.width = a->width,
	};

	if (regmap_unsafe_to_read(c->map_a->regmap, a))
		return;
	d.has_old = read_register(c->a, d.offset, d.width, &d.old);
	d.has_new =
		b && b->width == a->width && read_register(c->b, (unsigned int)b->address, b->width, &d.new);
	/* what a vendor's map has may be narrower than its access */
	d.old &= (uint32_t)width_max(a->bits);
	d.new &= (uint32_t)width_max(a->bits);
	if (!d.has_old || (b && !d.has_new) || (!b && is_beyond(c->b, a)))
		c->skipped++;
	else if (!b || d.old != d.new)
		c->tell(c->data, &d);
}

static const struct regmap_register *find(struct compare *c, struct config_map *map, const char *name)
{
	struct regmap_item item;
	int rc = regmap_find(map->regmap, name, &item, NULL);

	if (rc == -ENOMEM)
		c->rc = rc;
	return rc == 0 && !item.field ? item.reg : NULL;
}

static void note_bytes(struct compare *c, const struct regmap_register *reg)
{
	for (unsigned int i = 0; i < reg->width / 8 && reg->address + i < PCI_CFG_SPACE_EXP_SIZE; i++)
		c->named[reg->address + i] = true;
}

static void compare_named(struct compare *c)
{
	for (size_t i = 0; c->rc == 0 && i < c->map_a->regmap->register_count; i++) {
		const struct regmap_register *reg = &c->map_a->regmap->registers[i];
		const struct regmap_register *other;

		note_bytes(c, reg);
		other = find(c, c->map_b, reg->name);
		if (c->rc == 0)
			compare_register(c, reg, other);
	}
	for (size_t i = 0; c->rc == 0 && i < c->map_b->regmap->register_count; i++) {
		const struct regmap_register *reg = &c->map_b->regmap->registers[i];
		struct config_difference d = {
			.map = c->map_b->regmap,
			.reg = reg,
			.offset = (unsigned int)reg->address,
			.width = reg->width,
		};

		note_bytes(c, reg);
		if (find(c, c->map_a, reg->name) || c->rc < 0 || regmap_unsafe_to_read(c->map_b->regmap, reg))
			continue;
		d.has_new = read_register(c->b, d.offset, d.width, &d.new);
		if (d.has_new && is_beyond(c->a, reg))
			c->skipped++;
		else if (d.has_new)
			c->tell(c->data, &d);
	}
}

/* The dwords of which a byte has no name. */
static void compare_rest(struct compare *c, unsigned int size)
{
	for (unsigned int offset = 0; offset + 4 <= size; offset += 4) {
		struct config_difference d = { .offset = offset, .width = 32 };
		uint32_t mask = 0;

		for (unsigned int i = 0; i < 4; i++)
			mask |= c->named[offset + i] ? 0 : 0xffu << (8 * i);
		if (!mask)
			continue;
		d.has_old = read_register(c->a, offset, 32, &d.old);
		d.has_new = read_register(c->b, offset, 32, &d.new);
		if (d.has_old && d.has_new && ((d.old ^ d.new) & mask))
			c->tell(c->data, &d);
	}
}

int config_compare(struct device *a, struct device *b, config_tell tell, void *data, unsigned int *skipped,
		   struct error *error)
{
	int size_a = device_config_size(a);
	int size_b = device_config_size(b);
	struct compare *c;
	int rc;

	if (size_a < 0 || size_b < 0)
		return error_errno(error, size_a < 0 ? size_a : size_b, "%s: opening its config space",
				   size_a < 0 ? a->name : b->name);
	c = calloc(1, sizeof(*c));
	if (!c)
		return error_errno(error, -ENOMEM, "comparing");
	c->a = a;
	c->b = b;
	c->tell = tell;
	c->data = data;
	rc = config_map_make(a, &c->map_a, error);
	if (rc == 0)
		rc = config_map_make(b, &c->map_b, error);
	if (rc == 0) {
		compare_named(c);
		if (c->rc < 0)
			rc = error_errno(error, c->rc, "comparing");
	}
	if (rc == 0) {
		compare_rest(c, (unsigned int)(size_a < size_b ? size_a : size_b));
		/* a device that went in between differs in all that came after */
		if (!device_is_present(b))
			rc = device_gone(b, error);
		else if (!device_is_present(a))
			rc = device_gone(a, error);
	}
	if (rc == 0)
		*skipped = c->skipped;
	config_map_free(c->map_a);
	config_map_free(c->map_b);
	free(c);
	return rc;
}
