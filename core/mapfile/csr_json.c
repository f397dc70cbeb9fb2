// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * LiteX's csr.json (litex/soc/integration/export.py, get_csr_json): its members become the rows that csr.csv has, in the
 * same order.
 */
#include "core/mapfile/text.h"

#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "core/base/json.h"
#include "core/regmap/store.h"

struct reader {
	struct text_map *map;
	const struct json *json;
	const char *text;
	size_t length;
	size_t place; /* of the member that is read */
	const char *kind; /* of row */
};

bool csr_json_is_one(const char *text, size_t length)
{
	size_t i = length >= 3 && memcmp(text, "\xef\xbb\xbf", 3) == 0 ? 3 : 0;

	while (i < length && text[i] && strchr(" \t\r\n", text[i]))
		i++;
	if (i == length || text[i++] != '{')
		return false;
	/* a key without quotes is Hjson, of another tool */
	while (i < length && text[i] && strchr(" \t\r\n", text[i]))
		i++;
	return i == length || !isalpha((unsigned char)text[i]);
}

/* json-c does not say where something stands: the next place where it is written. */
static size_t place_of(const struct reader *r, const char *key)
{
	char quoted[REGMAP_NAME_SIZE + 2];
	int n = snprintf(quoted, sizeof(quoted), "\"%s\"", key);
	const char *found = NULL;

	if (n > 0 && (size_t)n < sizeof(quoted))
		found = memmem(r->text + r->place, r->length - r->place, quoted, (size_t)n);
	return found ? (size_t)(found - r->text) : r->place;
}

static int take_row(struct reader *r, const char *const *columns, unsigned int count)
{
	struct text_row row = { .place = r->place, .count = count, .line = "" };

	for (unsigned int i = 0; i < count; i++)
		row.columns[i].text = columns[i];
	return text_row_take(r->map, &row);
}

/* A number as a column has it; what is none stays as it is written, and the row says what is wrong with it. */
static const char *number_text(const struct reader *r, const struct json_value *value, char text[24])
{
	const char *string = json_string(r->json, value);
	uint64_t number;

	if (string)
		return string;
	if (!json_unsigned(r->json, value, &number))
		return "";
	snprintf(text, 24, "0x%" PRIx64, number);
	return text;
}

static int take_base(void *data, const char *key, const struct json_value *value)
{
	struct reader *r = data;
	char address[24];
	const char *const columns[] = { r->kind, key, number_text(r, value, address) };

	r->place = place_of(r, key);
	return take_row(r, columns, 3);
}

static int take_register(void *data, const char *key, const struct json_value *value)
{
	struct reader *r = data;
	char address[24];
	char words[24];
	const char *type = json_string(r->json, json_member(r->json, value, "type"));
	const char *const columns[] = {
		r->kind,
		key,
		number_text(r, json_member(r->json, value, "addr"), address),
		number_text(r, json_member(r->json, value, "size"), words),
		type ? type : "",
	};

	r->place = place_of(r, key);
	return take_row(r, columns, 5);
}

static int take_memory(void *data, const char *key, const struct json_value *value)
{
	struct reader *r = data;
	char address[24];
	char size[24];
	const char *const columns[] = {
		r->kind,
		key,
		number_text(r, json_member(r->json, value, "base"), address),
		number_text(r, json_member(r->json, value, "size"), size),
	};

	r->place = place_of(r, key);
	return take_row(r, columns, 4);
}

/* A constant may be null: of LiteX's own, one that is not set. */
static int take_constant(void *data, const char *key, const struct json_value *value)
{
	return value ? take_base(data, key, value) : 0;
}

static int take_all(struct reader *r)
{
	static const struct {
		const char *member;
		const char *kind;
		json_take_member take;
	} parts[] = {
		{ "csr_bases", "csr_base", take_base },
		{ "csr_registers", "csr_register", take_register },
		{ "constants", "constant", take_constant },
		{ "memories", "memory_region", take_memory },
	};
	const struct json_value *root = json_root(r->json);
	int rc = 0;

	if (!json_member(r->json, root, "csr_registers")) {
		regmap_problem(r->map->map, 0,
			       "this is JSON, but not LiteX's csr.json: it has no csr_registers");
		return 0;
	}
	for (size_t i = 0; rc == 0 && i < sizeof(parts) / sizeof(parts[0]); i++) {
		r->kind = parts[i].kind;
		r->place = 0;
		r->place = place_of(r, parts[i].member);
		rc = json_each_member(r->json, json_member(r->json, root, parts[i].member), parts[i].take, r);
	}
	return rc;
}

int csr_json_take(struct text_map *t, struct error *error)
{
	struct reader r = { .map = t };
	struct json *json;
	int rc;

	r.text = regmap_text(t->map, &r.length);
	rc = json_parse(t->map->path, r.text, r.length, &json, error);
	if (rc < 0) {
		/* a file that is no map is no wrong operand */
		error->kind = error->kind == ERROR_USAGE ? ERROR_FAILED : error->kind;
		return rc;
	}
	r.json = json;
	rc = take_all(&r);
	json_free(json);
	return rc < 0 ? error_errno(error, rc, "%s", t->map->path) : 0;
}
