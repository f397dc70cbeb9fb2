// SPDX-License-Identifier: GPL-2.0-or-later
/* The memory of an SVD file's items, and what is wrong with them. */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "core/mapfile/svd.h"

#define CHUNK_ITEMS 256

/* Items do not move: they point at each other. */
struct svd_chunk {
	struct svd_chunk *next;
	unsigned int count;
	struct svd_item items[CHUNK_ITEMS];
};

static struct svd_chunk *add_chunk(struct svd *svd)
{
	struct svd_chunk *chunk = calloc(1, sizeof(*chunk));

	if (!chunk)
		return NULL;
	if (svd->last_chunk)
		svd->last_chunk->next = chunk;
	else
		svd->chunks = chunk;
	svd->last_chunk = chunk;
	return chunk;
}

int svd_add_item(struct svd *svd, enum svd_kind kind, struct svd_item **at, size_t place)
{
	struct svd_item *parent = *at;
	struct svd_chunk *chunk = svd->last_chunk;
	struct svd_item *item;

	if (svd->item_count++ >= SVD_ITEMS_MAX) {
		svd_problem(svd, parent, place, "more than %u registers, fields and others in the file",
			    SVD_ITEMS_MAX);
		return -E2BIG;
	}
	if (!chunk || chunk->count == CHUNK_ITEMS)
		chunk = add_chunk(svd);
	if (!chunk)
		return -ENOMEM;
	item = &chunk->items[chunk->count++];
	item->kind = kind;
	item->parent = parent;
	item->place = place;
	item->end = SIZE_MAX;
	if (parent && parent->last_child)
		parent->last_child->next = item;
	else if (parent)
		parent->children = item;
	if (parent)
		parent->last_child = item;
	*at = item;
	return 0;
}

int svd_each_item(struct svd *svd, int (*each)(struct svd *svd, struct svd_item *item))
{
	int rc = 0;

	for (struct svd_chunk *chunk = svd->chunks; chunk; chunk = chunk->next) {
		for (unsigned int i = 0; rc == 0 && i < chunk->count; i++)
			rc = each(svd, &chunk->items[i]);
	}
	return rc;
}

void svd_free(struct svd *svd)
{
	while (svd->chunks) {
		struct svd_chunk *chunk = svd->chunks;

		svd->chunks = chunk->next;
		free(chunk);
	}
	free(svd->entries);
}

const char *svd_kind_name(const struct svd *svd, enum svd_kind kind)
{
	/* CMSIS-SVD's words, IP-XACT's */
	static const char *const names[][2] = {
		[SVD_DEVICE] = { "device", "component" },
		[SVD_PERIPHERAL] = { "peripheral", "addressBlock" },
		[SVD_CLUSTER] = { "cluster", "registerFile" },
		[SVD_REGISTER] = { "register", "register" },
		[SVD_FIELD] = { "field", "field" },
		[SVD_ENUMS] = { "enumeratedValues", "enumeratedValues" },
	};

	return names[kind][svd->map->format == REGMAP_IPXACT];
}

void svd_problem(struct svd *svd, struct svd_item *item, size_t place, const char *format, ...)
{
	char text[300];
	va_list ap;

	va_start(ap, format);
	vsnprintf(text, sizeof(text), format, ap);
	va_end(ap);
	item->bad = true;
	svd_note(svd, item, place, "%s", text);
}

void svd_note(struct svd *svd, const struct svd_item *item, size_t place, const char *format, ...)
{
	char text[300];
	va_list ap;

	va_start(ap, format);
	vsnprintf(text, sizeof(text), format, ap);
	va_end(ap);
	regmap_problem(svd->map, place, "%s%s%s: %s", svd_kind_name(svd, item->kind), item->name ? " " : "",
		       item->name ? item->name : "", text);
}

int svd_spend(struct svd *svd, struct svd_item *item, size_t count)
{
	if (svd->map->problem_count >= REGMAP_PROBLEMS_MAX)
		return -E2BIG;
	if (count <= SVD_STEPS_MAX - svd->steps) {
		svd->steps += (unsigned int)count;
		return 0;
	}
	svd_problem(svd, item, item->place,
		    "the file expands to too much: it is derived or repeated too often");
	return -E2BIG;
}
