// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Vivado's hardware handoff (.hwh): where the address editor put each instance. It has no registers: every MEMRANGE is a
 * block. Two masters see one instance mostly at one address: that is one block.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "core/base/name_table.h"
#include "core/base/number.h"
#include "core/mapfile/format.h"
#include "core/mapfile/xml.h"
#include "core/regmap/store.h"

enum column { INSTANCE, ADDRESS_BLOCK, MASTER, BASE, HIGH, COLUMNS };

struct reader {
	struct regmap *map;
	struct name_table names; /* of blocks */
};

static bool is_called(const char *name, const char *is)
{
	return strcmp(name, is) == 0;
}

static void take_columns(const char *const *attributes, const char *columns[COLUMNS])
{
	static const char *const names[COLUMNS] = {
		"INSTANCE", "ADDRESSBLOCK", "MASTERBUSINTERFACE", "BASEVALUE", "HIGHVALUE",
	};

	for (; attributes[0]; attributes += 2) {
		for (int i = 0; i < COLUMNS; i++) {
			if (is_called(attributes[0], names[i]))
				columns[i] = attributes[1];
		}
	}
}

/* A name for the block: the instance, and as much of the rest as tells it from those there are. 1: it is one of them. */
static int name_block(struct reader *r, const char *columns[COLUMNS], uint64_t base, const char **name)
{
	char text[REGMAP_NAME_SIZE] = "";
	size_t n = 0;

	for (int i = INSTANCE; i <= MASTER; i++) {
		uint32_t index;
		int rc;

		n += (size_t)snprintf(text + n, sizeof(text) - n, "%s%s", i ? "." : "", columns[i]);
		if (n >= sizeof(text))
			return -EINVAL;
		if (name_table_find(&r->names, text, n, &index)) {
			if (r->map->blocks[index].address == base)
				return 1;
			continue;
		}
		*name = regmap_string(r->map, text, n);
		rc = *name ? name_table_add(&r->names, *name, (uint32_t)r->map->block_count) : -ENOMEM;
		return rc;
	}
	return -EINVAL;
}

static int take_range(struct reader *r, const char *columns[COLUMNS], size_t place)
{
	struct regmap_block *block;
	struct error ignored;
	const char *name = NULL;
	uint64_t base;
	uint64_t high;
	int rc;

	if (!columns[INSTANCE][0] || number_parse(columns[BASE], &base, &ignored) < 0 ||
	    number_parse(columns[HIGH], &high, &ignored) < 0 || high < base) {
		regmap_problem(r->map, place,
			       "MEMRANGE %.64s: its BASEVALUE '%.32s' and HIGHVALUE '%.32s' are no range",
			       columns[INSTANCE], columns[BASE], columns[HIGH]);
		return 0;
	}
	rc = name_block(r, columns, base, &name);
	if (rc == -EINVAL)
		regmap_problem(r->map, place,
			       "MEMRANGE %.64s: there is another of that name, or it is too long",
			       columns[INSTANCE]);
	if (rc)
		return rc == -ENOMEM ? rc : 0;
	block = regmap_add_block(r->map);
	if (!block)
		return -ENOMEM;
	block->name = name;
	block->address = base;
	/* all of 64 bits: not known */
	block->size = high - base + 1;
	block->place = place;
	return 0;
}

static int on_start(void *data, const char *name, const char *const *attributes, size_t place)
{
	static const char *const open[] = { "EDKSYSTEM", "MODULES", "MODULE", "MEMORYMAP" };
	const char *columns[COLUMNS] = { "", "", "", "", "" };
	int rc;

	for (size_t i = 0; i < sizeof(open) / sizeof(open[0]); i++) {
		if (is_called(name, open[i]))
			return XML_OPEN;
	}
	if (!is_called(name, "MEMRANGE"))
		return XML_SKIP;
	take_columns(attributes, columns);
	rc = take_range(data, columns, place);
	return rc < 0 ? rc : XML_SKIP;
}

static int on_end(void *data, char *text, size_t length, size_t end)
{
	(void)data, (void)text, (void)length, (void)end;
	return 0;
}

int regmap_parse_hwh(struct regmap *map, struct error *error)
{
	static const struct xml_reader reader = { .start = on_start, .end = on_end };
	struct reader r = { .map = map };
	int rc = xml_parse(map, &reader, &r, &map->store->is_cut, error);

	if (rc == 0 && map->block_count == 0 && map->problem_count == 0)
		regmap_problem(map, 0, "there is no MEMRANGE in this .hwh: no address was assigned");
	name_table_free(&r.names);
	return rc;
}
