/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Reading JSON files. json-c does it, which is loaded with the first file: most commands read none. This is the only
 * place that knows it. (JSON is written by cli/writer.h, as a stream.)
 */
#ifndef PCIETOOL_JSON_H
#define PCIETOOL_JSON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/error.h"

struct json; /* a file */
struct json_value; /* of it; lives as long */

/*
 * PATH, "-" standard input: one document, at most LIMIT bytes. A file that is none is a usage error that says where;
 * one that cannot be read, or a missing library, a failure. *JSON is the caller's to free.
 */
int json_read(const char *path, size_t limit, struct json **json, struct error *error);
/* The same of LENGTH bytes at TEXT, of which messages say PATH. */
int json_parse(const char *path, const char *text, size_t length, struct json **json, struct error *error);
void json_free(struct json *json); /* accepts NULL */

const struct json_value *json_root(const struct json *json);
/* All of these accept a VALUE that is NULL or of another type. NULL: no such member, or null. */
const struct json_value *json_member(const struct json *json, const struct json_value *value,
				     const char *key);
/* TAKE for each member of an object, in the order of the file, until one is not 0, which is returned. */
typedef int (*json_take_member)(void *data, const char *key, const struct json_value *value);
int json_each_member(const struct json *json, const struct json_value *value, json_take_member take,
		     void *data);
const char *json_string(const struct json *json, const struct json_value *value); /* NULL: it is none */
bool json_number(const struct json *json, const struct json_value *value, double *number);
/* A whole number from 0 on, or hexadecimal in a string, "0x10ee". */
bool json_unsigned(const struct json *json, const struct json_value *value, uint64_t *number);
size_t json_length(const struct json *json, const struct json_value *value); /* of an array; 0 */
bool json_is_array(const struct json *json, const struct json_value *value);
const struct json_value *json_item(const struct json *json, const struct json_value *value, size_t index);

#endif
