// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Expat is loaded when there is such a file and not linked: most commands never see one. A file that declares entities
 * is refused: no description of registers needs them, and a few lines of them expand to gigabytes.
 */
#include "core/mapfile/xml.h"

#include <errno.h>
#include <expat.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/library.h"
#include "core/regmap/store.h"

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

struct xml {
	struct expat expat;
	XML_Parser parser;
	struct regmap *map;
	const struct xml_reader *reader;
	void *data;
	bool has_text[XML_DEPTH_MAX + 1]; /* of the elements that are open */
	unsigned int depth;
	unsigned int skipped; /* elements that are open and passed over */
	char *text; /* of the open element */
	size_t length;
	size_t size;
	bool stopped;
	int rc;
};

static size_t place_now(const struct xml *x)
{
	XML_Index at = x->expat.XML_GetCurrentByteIndex(x->parser);

	return at < 0 ? 0 : (size_t)at;
}

static void stop(struct xml *x, int rc)
{
	x->rc = rc == -ECANCELED ? 0 : rc;
	x->stopped = true;
	x->expat.XML_StopParser(x->parser, XML_FALSE);
}

/* What ends the reading: the file is wrong as a whole. */
static void refuse(struct xml *x, const char *why)
{
	regmap_problem(x->map, place_now(x), "%s", why);
	stop(x, 0);
}

/* --- expat's handlers; it may call some more after it was stopped ------------------------------- */

static void on_text(void *data, const XML_Char *text, int length)
{
	struct xml *x = data;
	size_t needed = x->length + (size_t)length + 1;

	if (x->stopped)
		return;
	if (needed > x->size) {
		size_t size = needed < 4096 ? 4096 : 2 * needed;
		char *grown = realloc(x->text, size);

		if (!grown) {
			stop(x, -ENOMEM);
			return;
		}
		x->text = grown;
		x->size = size;
	}
	memcpy(x->text + x->length, text, (size_t)length);
	x->length += (size_t)length;
}

/* Expat is asked for text only where it is wanted. */
static void want_text(struct xml *x, bool wanted)
{
	x->expat.XML_SetCharacterDataHandler(x->parser, wanted ? on_text : NULL);
}

static void on_start(void *data, const XML_Char *name, const XML_Char **attributes)
{
	struct xml *x = data;
	int rc = XML_SKIP;

	if (x->stopped)
		return;
	if (x->depth + x->skipped + 1 >= XML_DEPTH_MAX) {
		refuse(x, "elements are nested too deeply");
		return;
	}
	if (!x->skipped)
		rc = x->reader->start(x->data, name, (const char *const *)attributes, place_now(x));
	if (rc < 0) {
		stop(x, rc);
		return;
	}
	/* what is in it is not of the text around it */
	want_text(x, rc == XML_TEXT);
	if (rc == XML_SKIP) {
		x->skipped++;
		return;
	}
	x->has_text[++x->depth] = rc == XML_TEXT;
	x->length = 0;
}

static void on_end(void *data, const XML_Char *name)
{
	struct xml *x = data;
	bool has_text = x->has_text[x->depth];
	int rc;

	(void)name;
	if (x->stopped)
		return;
	if (x->skipped) {
		if (--x->skipped == 0)
			want_text(x, has_text);
		return;
	}
	on_text(x, "", 0); /* there is a buffer, with room for a NUL */
	if (x->stopped)
		return;
	x->text[x->length] = '\0';
	rc = x->reader->end(x->data, has_text ? x->text : NULL, x->length, place_now(x));
	x->length = 0;
	x->depth--;
	want_text(x, x->has_text[x->depth]);
	/* what follows many problems is not worth reading any more */
	if (rc < 0 || x->map->problem_count >= REGMAP_PROBLEMS_MAX)
		stop(x, rc);
}

static void on_entity(void *data, const XML_Char *name, int is_parameter, const XML_Char *value, int length,
		      const XML_Char *base, const XML_Char *system, const XML_Char *public,
		      const XML_Char *notation)
{
	(void)name, (void)is_parameter, (void)value, (void)length;
	(void)base, (void)system, (void)public, (void)notation;
	if (!((struct xml *)data)->stopped)
		refuse(data, "it declares an entity (<!ENTITY>), which is refused");
}

static void on_skipped_entity(void *data, const XML_Char *name, int is_parameter)
{
	(void)name, (void)is_parameter;
	if (!((struct xml *)data)->stopped)
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

static int load_expat(struct xml *x, const char *path, struct error *error)
{
	int rc;

	if (load_functions(&x->expat)) {
		x->parser = x->expat.XML_ParserCreate(NULL);
		return x->parser ? 0 : error_errno(error, -ENOMEM, "%s", path);
	}
	if (errno != ELIBACC)
		return error_errno(error, -errno, "libexpat.so.1");
	rc = error_set(error, ERROR_UNSUPPORTED, "no-expat",
		       "%s: libexpat.so.1, which reads SVD files and IP-XACT, cannot be loaded", path);
	error_hint(error, "install it: apt install libexpat1");
	return rc;
}

static void unload_expat(struct xml *x)
{
	if (x->parser)
		x->expat.XML_ParserFree(x->parser);
	library_close(x->expat.library);
}

static int read_text(struct xml *x)
{
	size_t length;
	const char *text = regmap_text(x->map, &length);

	x->expat.XML_SetUserData(x->parser, x);
	x->expat.XML_SetElementHandler(x->parser, on_start, on_end);
	x->expat.XML_SetEntityDeclHandler(x->parser, on_entity);
	x->expat.XML_SetSkippedEntityHandler(x->parser, on_skipped_entity);
	/* REGMAP_FILE_MAX fits an int */
	if (x->expat.XML_Parse(x->parser, text, (int)length, XML_TRUE) == XML_STATUS_OK || x->stopped)
		return x->rc;
	if (x->expat.XML_GetErrorCode(x->parser) == XML_ERROR_NO_MEMORY)
		return -ENOMEM;
	regmap_problem(x->map, place_now(x), "not well-formed XML: %s",
		       x->expat.XML_ErrorString(x->expat.XML_GetErrorCode(x->parser)));
	x->stopped = true;
	return 0;
}

int xml_parse(struct regmap *map, const struct xml_reader *reader, void *data, bool *is_cut,
	      struct error *error)
{
	struct xml x = { .map = map, .reader = reader, .data = data };
	int rc = load_expat(&x, map->path, error);

	if (rc == 0) {
		rc = read_text(&x);
		*is_cut = x.stopped;
		if (rc < 0)
			error_errno(error, rc, "%s", map->path);
	}
	free(x.text);
	unload_expat(&x);
	return rc;
}

/* --- the outermost element ------------------------------------------------------------------------ */

struct root {
	struct xml xml;
	char *name;
	size_t size;
};

static void on_root(void *data, const XML_Char *name, const XML_Char **attributes)
{
	struct root *r = data;

	(void)attributes;
	if (!r->name[0])
		snprintf(r->name, r->size, "%s", name);
	r->xml.expat.XML_StopParser(r->xml.parser, XML_FALSE);
}

int xml_root(const struct regmap *map, char *name, size_t size, struct error *error)
{
	struct root r = { .name = name, .size = size };
	int rc = load_expat(&r.xml, map->path, error);
	size_t length;
	const char *text = regmap_text(map, &length);

	name[0] = '\0';
	if (rc == 0) {
		r.xml.expat.XML_SetUserData(r.xml.parser, &r);
		r.xml.expat.XML_SetElementHandler(r.xml.parser, on_root, NULL);
		/* what is wrong in front of it is told when the file is read */
		if (r.xml.expat.XML_Parse(r.xml.parser, text, (int)length, XML_TRUE) != XML_STATUS_OK &&
		    r.xml.expat.XML_GetErrorCode(r.xml.parser) == XML_ERROR_NO_MEMORY)
			rc = error_errno(error, -ENOMEM, "%s", map->path);
	}
	unload_expat(&r.xml);
	return rc;
}
