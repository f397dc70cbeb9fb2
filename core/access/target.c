// SPDX-License-Identifier: GPL-2.0-or-later
/* A register of one or several words: read, written, named. */
#include "core/access/target.h"

#include <stdio.h>
#include <string.h>

#include "core/base/number.h"
#include "core/pci/device.h"
#include "core/trace/trace.h"

unsigned int target_bits(const struct target *target)
{
	return target->item.field ? regmap_field_value_bits(target->item.field) : target_whole_bits(target);
}

unsigned int target_value_bits(const struct target *target)
{
	const struct regmap_item *item = &target->item;

	return item->reg && !item->field && item->reg->bits < target->width ? item->reg->bits
									    : target_bits(target);
}

unsigned int target_whole_bits(const struct target *target)
{
	return target->item.reg && target->item.reg->words > 1 ? target->item.reg->bits : target->width;
}

unsigned int target_word_shift(const struct regmap_register *reg, unsigned int word)
{
	return reg->word_bits * (reg->low_first ? word : reg->words - 1 - word);
}

/* --- words of a register, which a trace calls by its name ------------------------------------------- */

/* The trace that the word's access goes to, by the register's name, made in NAME; NULL: none. */
static struct trace *begin_word(const struct target *target, char name[static REGMAP_ITEM_NAME_SIZE])
{
	const struct region *region = target->region;
	struct trace *trace = region->device ? region->device->ctx->trace : region->trace;

	if (!trace)
		return NULL;
	regmap_item_name(&target->item, name, REGMAP_ITEM_NAME_SIZE);
	trace_set_name(trace, name);
	return trace;
}

static void end_word(struct trace *trace)
{
	if (trace)
		trace_set_name(trace, NULL);
}

static int read_word(const struct target *target, unsigned int word, uint64_t *value, struct error *error)
{
	char name[REGMAP_ITEM_NAME_SIZE];
	struct trace *trace = begin_word(target, name);
	int rc = region_read(target->region, target->offset + word * target->width / 8, target->width, value,
			     error);

	end_word(trace);
	return rc;
}

static int write_word(const struct target *target, unsigned int word, uint64_t value, struct error *error)
{
	char name[REGMAP_ITEM_NAME_SIZE];
	struct trace *trace = begin_word(target, name);
	int rc = region_write(target->region, target->offset + word * target->width / 8, target->width, value,
			      error);

	end_word(trace);
	return rc;
}

int target_read_plain(const struct target *target, uint64_t offset, uint64_t *value, struct error *error)
{
	if (target->symbol)
		target->region->map = target->symbol->map;
	return region_read(target->region, offset, target->width, value, error);
}

int target_write_plain(const struct target *target, uint64_t offset, uint64_t value, struct error *error)
{
	if (target->symbol)
		target->region->map = target->symbol->map;
	return region_write(target->region, offset, target->width, value, error);
}

static int read_register(const struct target *target, uint64_t *value, struct error *error)
{
	const struct regmap_register *reg = target->item.reg;
	uint64_t v = 0;

	if (reg->words <= 1)
		return read_word(target, 0, value, error);
	for (unsigned int i = 0; i < reg->words; i++) {
		uint64_t word;
		int rc = read_word(target, i, &word, error);

		if (rc < 0)
			return rc;
		v |= (word & width_max(reg->word_bits)) << target_word_shift(reg, i);
	}
	*value = v;
	return 0;
}

int target_read(const struct target *target, uint64_t *value, struct error *error)
{
	const struct regmap_field *field = target->item.field;
	uint64_t v;
	int rc;

	if (!target->item.reg)
		return target_read_plain(target, target->offset, value, error);
	rc = read_register(target, &v, error);
	if (rc == 0)
		*value = field ? regmap_field_value(field, v) : v & width_max(target->item.reg->bits);
	return rc;
}

int target_read_access(const struct target *target, uint64_t *value, struct error *error)
{
	return target->item.reg ? read_register(target, value, error)
				: target_read_plain(target, target->offset, value, error);
}

int target_write(const struct target *target, uint64_t value, struct error *error)
{
	const struct regmap_register *reg = target->item.reg;
	int rc = 0;

	if (!reg)
		return target_write_plain(target, target->offset, value, error);
	if (reg->words <= 1)
		return write_word(target, 0, value, error);
	for (unsigned int i = 0; rc == 0 && i < reg->words; i++)
		rc = write_word(target, i, value >> target_word_shift(reg, i) & width_max(reg->word_bits),
				error);
	return rc;
}

void target_format(const struct target *target, char *text, size_t size)
{
	char offset[NUMBER_HEX_SIZE];

	if (target->item.reg) {
		regmap_item_name(&target->item, text, size);
		return;
	}
	number_format_hex(target->offset, 1, offset);
	/* a batch writes one for each access: put together by hand where there is nothing in front */
	if (!target->region->prefix[0] && size >= sizeof(offset))
		memcpy(text, offset, sizeof(offset));
	else
		snprintf(text, size, "%s%s", target->region->prefix, offset);
}
