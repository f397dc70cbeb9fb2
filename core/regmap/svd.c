// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * CMSIS-SVD files. XML is expat's, which is loaded when there is such a file and not linked: most commands never
 * see one. Nothing outside the file is read, and a file that declares entities is refused: no device description
 * needs them, and a few lines of them expand to gigabytes.
 */
#include <errno.h>
#include <expat.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/library.h"
#include "core/regmap/format.h"
#include "core/regmap/svd.h"
#include "core/regmap/internal.h"

#define EXPAT_FUNCTIONS(X)                                                                                   \
	X(XML_ParserCreate)                                                                                  \
	X(XML_ParserFree)                                                                                    \
	X(XML_SetUserData)                                                                                   \
	X(XML_SetElementHandler)                                                                             \
	X(XML_SetCharacterDataHandler)                                                                       \
	X(XML_SetEntityDeclHandler)                                                                          \
	X(XML_SetSkippedEntityHandler)                                                                       \
	X(XML_Parse)                                                                                         \
	X(XML_StopParser)                                                                                    \
	X(XML_GetCurrentByteIndex)                                                                           \
	X(XML_GetErrorCode)                                                                                  \
	X(XML_ErrorString)

/* Expat 2.9.0 calls XML_GetCurrentByteIndex deprecated, for files above 2 GiB; older ones have nothing else. */
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wdeprecated-declarations"
struct expat {
	void *library;
	EXPAT_FUNCTIONS(LIBRARY_MEMBER)
};
#pragma GCC diagnostic pop

/* An element that is open. */
struct frame {
	enum svd_tag tag;
	struct svd_item *item; /* that it is, or is in */
	size_t place;
};

struct reader {
	struct svd svd;
	struct expat expat;
	XML_Parser parser;
	struct svd_names names;
	struct frame stack[SVD_DEPTH_MAX];
	unsigned int depth; /* the frame in use; 0 stands for the file */
	unsigned int skipped; /* elements of no interest that are open */
	char *text; /* of the open element */
	size_t length;
	size_t size;
	bool stopped;
	int rc;
};

static size_t place_now(const struct reader *r)
{
	XML_Index at = r->expat.XML_GetCurrentByteIndex(r->parser);

	return at < 0 ? 0 : (size_t)at;
}

static void stop(struct reader *r, int rc)
{
	r->rc = rc;
	r->stopped = true;
	r->expat.XML_StopParser(r->parser, XML_FALSE);
}

/* What ends the reading: the file is wrong as a whole. */
static void refuse(struct reader *r, const char *why)
{
	regmap_problem(r->svd.map, place_now(r), "%s", why);
	stop(r, 0);
}

/* --- expat's handlers; it may call some more after it was stopped ------------------------------- */

static void on_text(void *data, const XML_Char *text, int length)
{
	struct reader *r = data;
	size_t needed = r->length + (size_t)length + 1;

	if (r->stopped)
		return;
	if (needed > r->size) {
		size_t size = needed < 4096 ? 4096 : 2 * needed;
		char *grown = realloc(r->text, size);

		if (!grown) {
			stop(r, -ENOMEM);
			return;
		}
		r->text = grown;
		r->size = size;
	}
	memcpy(r->text + r->length, text, (size_t)length);
	r->length += (size_t)length;
}

static const char *derived_from(const XML_Char **attributes)
{
	for (; attributes[0]; attributes += 2) {
		if (strcmp(attributes[0], "derivedFrom") == 0)
			return attributes[1];
	}
	return NULL;
}

static void on_start(void *data, const XML_Char *name, const XML_Char **attributes)
{
	struct reader *r = data;
	struct frame frame = r->stack[r->depth];
	enum svd_tag tag;
	int rc;

	if (r->stopped)
		return;
	if (r->depth + r->skipped + 1 >= SVD_DEPTH_MAX) {
		refuse(r, "elements are nested too deeply");
		return;
	}
	tag = r->skipped ? SVD_TAG_NONE : svd_names_find(&r->names, name, frame.tag);
	if (tag == SVD_TAG_NONE) {
		if (r->depth == 0 && !r->skipped)
			refuse(r, format_of_root(name));
		r->skipped++;
		/* what is in it is not of the text around it */
		r->expat.XML_SetCharacterDataHandler(r->parser, NULL);
		return;
	}
	frame.tag = tag;
	frame.place = place_now(r);
	if (svd_is_text(tag)) {
		r->length = 0;
		r->expat.XML_SetCharacterDataHandler(r->parser, on_text);
	} else {
		rc = svd_element_start(&r->svd, tag, &frame.item, frame.place, derived_from(attributes));
		if (rc < 0)
			stop(r, rc);
	}
	r->stack[++r->depth] = frame;
}

/* The text of FRAME, which is in an element PARENT, is complete. */
static int end_text(struct reader *r, const struct frame *frame, enum svd_tag parent)
{
	on_text(r, "", 0); /* there is a buffer, with room for a NUL */
	if (r->stopped)
		return 0;
	if (parent == SVD_TAG_ENUM)
		return svd_enum_text(&r->svd, frame->tag, frame->place, r->text, r->length);
	return svd_element_text(&r->svd, frame->tag, frame->item, frame->place, r->text, r->length);
}

static void on_end(void *data, const XML_Char *name)
{
	struct reader *r = data;
	const struct frame *frame = &r->stack[r->depth];
	int rc;

	(void)name;
	if (r->stopped)
		return;
	if (r->skipped) {
		if (--r->skipped == 0 && svd_is_text(frame->tag))
			r->expat.XML_SetCharacterDataHandler(r->parser, on_text);
		return;
	}
	r->depth--;
	if (svd_is_text(frame->tag)) {
		r->expat.XML_SetCharacterDataHandler(r->parser, NULL);
		rc = end_text(r, frame, frame[-1].tag);
	} else {
		rc = svd_element_end(&r->svd, frame->tag, frame->item, frame->place, place_now(r));
	}
	/* what follows is not worth reading any more */
	if (rc < 0 || r->svd.map->problem_count >= REGMAP_PROBLEMS_MAX)
		stop(r, rc);
}

static void on_entity(void *data, const XML_Char *name, int is_parameter, const XML_Char *value, int length,
		      const XML_Char *base, const XML_Char *system, const XML_Char *public,
		      const XML_Char *notation)
{
	(void)name, (void)is_parameter, (void)value, (void)length;
	(void)base, (void)system, (void)public, (void)notation;
	if (!((struct reader *)data)->stopped)
		refuse(data, "it declares an entity (<!ENTITY>), which is refused");
}

static void on_skipped_entity(void *data, const XML_Char *name, int is_parameter)
{
	(void)name, (void)is_parameter;
	if (!((struct reader *)data)->stopped)
		refuse(data, "an entity that is not in the file is refused");
}

/* ---------------------------------------------------------------------------------------------- */

static bool load_functions(struct expat *expat)
{
#define SYMBOL(name) LIBRARY_SYMBOL(struct expat, name)
	static const struct library_symbol symbols[] = { EXPAT_FUNCTIONS(SYMBOL) };
#undef SYMBOL

	expat->library = library_load("libexpat.so.1", expat, symbols, sizeof(symbols) / sizeof(symbols[0]));
	return expat->library;
}

static int load_expat(struct reader *r, struct error *error)
{
	int rc;

	if (load_functions(&r->expat))
		return 0;
	rc = error_set(error, ERROR_UNSUPPORTED, "no-expat",
		       "%s: libexpat.so.1, which reads SVD files, cannot be loaded", r->svd.map->path);
	error_hint(error, "install it: apt install libexpat1");
	return rc;
}

/* The file into items. 0 also when there are problems. */
static int read_items(struct reader *r)
{
	size_t length;
	const char *text = regmap_text(r->svd.map, &length);

	r->parser = r->expat.XML_ParserCreate(NULL);
	if (!r->parser)
		return -ENOMEM;
	svd_names_init(&r->names);
	r->expat.XML_SetUserData(r->parser, r);
	r->expat.XML_SetElementHandler(r->parser, on_start, on_end);
	r->expat.XML_SetEntityDeclHandler(r->parser, on_entity);
	r->expat.XML_SetSkippedEntityHandler(r->parser, on_skipped_entity);
	/* REGMAP_FILE_MAX fits an int */
	if (r->expat.XML_Parse(r->parser, text, (int)length, XML_TRUE) == XML_STATUS_OK || r->stopped)
		return r->rc;
	if (r->expat.XML_GetErrorCode(r->parser) == XML_ERROR_NO_MEMORY)
		return -ENOMEM;
	regmap_problem(r->svd.map, place_now(r), "not well-formed XML: %s",
		       r->expat.XML_ErrorString(r->expat.XML_GetErrorCode(r->parser)));
	r->stopped = true;
	return 0;
}

static int read_file(struct reader *r)
{
	int rc = read_items(r);

	r->svd.map->store->is_cut = r->stopped;
	/* Of a part of a file no sense is made: what it is derived from might be in the rest. */
	if (rc < 0 || r->stopped)
		return rc;
	rc = svd_derive(&r->svd);
	return rc < 0 ? rc : svd_expand(&r->svd);
}

int regmap_parse_svd(struct regmap *map, struct error *error)
{
	struct reader *r = calloc(1, sizeof(*r));
	int rc;

	if (!r)
		return error_errno(error, -ENOMEM, "%s", map->path);
	r->svd.map = map;
	rc = load_expat(r, error);
	if (rc < 0)
		goto out_close_library;
	rc = read_file(r);
	/* more than a map may hold: a problem that was noted */
	if (rc == -E2BIG) {
		map->store->is_cut = true;
		rc = 0;
	}
	if (rc < 0)
		error_errno(error, rc, "%s", map->path);
	if (r->parser)
		r->expat.XML_ParserFree(r->parser);
	free(r->text);
	svd_free(&r->svd);
out_close_library:
	library_close(r->expat.library);
	free(r);
	return rc;
}
