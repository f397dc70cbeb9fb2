// SPDX-License-Identifier: GPL-2.0-or-later
/* CMSIS-SVD files: which elements are open, and what becomes of each. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "core/mapfile/format.h"
#include "core/mapfile/svd.h"
#include "core/mapfile/xml.h"
#include "core/regmap/store.h"

/* An element that is open. */
struct frame {
	enum svd_tag tag;
	struct svd_item *item; /* that it is, or is in */
	size_t place;
};

struct reader {
	struct svd svd;
	struct svd_names names;
	struct frame stack[XML_DEPTH_MAX + 1];
	unsigned int depth; /* the frame in use; 0 stands for the file */
};

static const char *derived_from(const char *const *attributes)
{
	for (; attributes[0]; attributes += 2) {
		if (strcmp(attributes[0], "derivedFrom") == 0)
			return attributes[1];
	}
	return NULL;
}

static int on_start(void *data, const char *name, const char *const *attributes, size_t place)
{
	struct reader *r = data;
	struct frame frame = r->stack[r->depth];
	int rc = 0;

	frame.tag = svd_names_find(&r->names, name, frame.tag);
	if (frame.tag == SVD_TAG_NONE && r->depth == 0) {
		regmap_problem(r->svd.map, place, "%s", format_of_root(name));
		return -ECANCELED;
	}
	if (frame.tag == SVD_TAG_NONE)
		return XML_SKIP;
	frame.place = place;
	if (!svd_is_text(frame.tag))
		rc = svd_element_start(&r->svd, frame.tag, &frame.item, place, derived_from(attributes));
	r->stack[++r->depth] = frame;
	return rc < 0 ? rc : svd_is_text(frame.tag) ? XML_TEXT : XML_OPEN;
}

static int on_end(void *data, char *text, size_t length, size_t end)
{
	struct reader *r = data;
	const struct frame *frame = &r->stack[r->depth--];

	if (!svd_is_text(frame->tag))
		return svd_element_end(&r->svd, frame->tag, frame->item, frame->place, end);
	if (frame[-1].tag == SVD_TAG_ENUM)
		return svd_enum_text(&r->svd, frame->tag, frame->place, text, length);
	return svd_element_text(&r->svd, frame->tag, frame->item, frame->place, text, length);
}

static int read_file(struct reader *r, struct error *error)
{
	static const struct xml_reader reader = { .start = on_start, .end = on_end };
	struct regmap *map = r->svd.map;
	int rc;

	svd_names_init(&r->names);
	rc = xml_parse(map, &reader, r, &map->store->is_cut, error);
	/* Of a part of a file no sense is made: what it is derived from might be in the rest. */
	if (rc < 0 || map->store->is_cut)
		return rc;
	rc = svd_derive(&r->svd);
	if (rc == 0)
		rc = svd_expand(&r->svd);
	return rc < 0 ? error_errno(error, rc, "%s", map->path) : 0;
}

int regmap_parse_svd(struct regmap *map, struct error *error)
{
	struct reader *r = calloc(1, sizeof(*r));
	int rc;

	if (!r)
		return error_errno(error, -ENOMEM, "%s", map->path);
	r->svd.map = map;
	rc = read_file(r, error);
	/* more than a map may hold: a problem that was noted */
	if (rc == -E2BIG) {
		map->store->is_cut = true;
		rc = 0;
	}
	svd_free(&r->svd);
	free(r);
	return rc;
}
