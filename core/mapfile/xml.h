/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * XML for the readers of maps, private to them: expat, and what holds for any file that comes from elsewhere. Nothing
 * outside the file is read, entities are refused, nesting is bounded.
 */
#ifndef PCIETOOL_REGMAP_XML_H
#define PCIETOOL_REGMAP_XML_H

#include <stdbool.h>
#include <stddef.h>

#include "core/regmap/regmap.h"

#define XML_DEPTH_MAX 64 /* of elements; a register's field in three clusters of SVD has 13 */

/* What a reader says of an element that begins. */
enum xml_interest {
	XML_SKIP, /* nothing in it matters: it and what it contains is passed over */
	XML_OPEN, /* what it contains may matter */
	XML_TEXT, /* its text does, and what it contains may */
};

/* A reader; DATA is its own. */
struct xml_reader {
	/*
	 * An element called NAME, with its prefix, begins at PLACE. ATTRIBUTES are names and values in turn, then NULL. An
	 * enum xml_interest, or -errno; -ECANCELED: a problem was noted, the rest is not worth reading.
	 */
	int (*start)(void *data, const char *name, const char *const *attributes, size_t place);
	/*
	 * The last one that was not skipped ends, at END. TEXT: LENGTH bytes and a NUL, the reader's to change, without that
	 * of elements in it; NULL where it was XML_OPEN.
	 */
	int (*end)(void *data, char *text, size_t length, size_t end);
};

/*
 * Reads the map's text. 0 also where a problem was noted; *IS_CUT: it ended the reading, so that only a part was given to
 * READER. -errno of a reader's, or with ERROR filled where expat cannot be had (ERROR is filled for -ENOMEM too).
 */
int xml_parse(struct regmap *map, const struct xml_reader *reader, void *data, bool *is_cut,
	      struct error *error);

/*
 * The name of the outermost element, at most SIZE - 1 characters of it; "" where there is none. As xml_parse(), but no
 * problem is noted.
 */
int xml_root(const struct regmap *map, char *name, size_t size, struct error *error);

#endif
