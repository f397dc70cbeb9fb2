// SPDX-License-Identifier: GPL-2.0-or-later
/* A JSON document that is read; json-c is loaded when it is needed. */
#include "core/base/json.h"

#include <fcntl.h>
#include <json-c/json.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/base/fd_wait.h"
#include "core/base/library.h"

#define DEPTH 32 /* objects in objects; what this program writes has a handful */
#define CHUNK 65536

#define JSON_FUNCTIONS(X)                                                                                    \
	X(json_tokener_new_ex)                                                                               \
	X(json_tokener_set_flags)                                                                            \
	X(json_tokener_parse_ex)                                                                             \
	X(json_tokener_get_error)                                                                            \
	X(json_tokener_get_parse_end)                                                                        \
	X(json_tokener_error_desc)                                                                           \
	X(json_tokener_free)                                                                                 \
	X(json_object_put)                                                                                   \
	X(json_object_get_type)                                                                              \
	X(json_object_object_get_ex)                                                                         \
	X(json_object_iter_begin)                                                                            \
	X(json_object_iter_end)                                                                              \
	X(json_object_iter_next)                                                                             \
	X(json_object_iter_equal)                                                                            \
	X(json_object_iter_peek_name)                                                                        \
	X(json_object_iter_peek_value)                                                                       \
	X(json_object_get_string)                                                                            \
	X(json_object_get_double)                                                                            \
	X(json_object_get_int64)                                                                             \
	X(json_object_array_length)                                                                          \
	X(json_object_array_get_idx)

struct json {
	void *library;
	struct json_object *root;
	JSON_FUNCTIONS(LIBRARY_MEMBER)
};

static int load_library(struct json *json)
{
#define SYMBOL(name) LIBRARY_SYMBOL(struct json, name)
	static const struct library_symbol symbols[] = { JSON_FUNCTIONS(SYMBOL) };
#undef SYMBOL
	const size_t count = sizeof(symbols) / sizeof(symbols[0]);

	json->library = library_load("libjson-c.so.5", json, symbols, count);
	if (!json->library && errno == ELIBACC)
		json->library = library_load("libjson-c.so.4", json, symbols, count);
	return json->library ? 0 : -errno;
}

/* A file's permissions are no matter of the device's. */
static int file_error(struct error *error, int rc, const char *path)
{
	rc = error_errno(error, rc, "%s", path);
	error->kind = ERROR_FAILED;
	return rc;
}

/* All of FD. */
static int read_text(int fd, const char *path, size_t limit, char **text, size_t *length, struct error *error)
{
	char *bytes = NULL;
	size_t used = 0;
	size_t room = 0;
	ssize_t n;

	do {
		if (room - used < CHUNK) {
			char *more = realloc(bytes, room = 2 * room + CHUNK);

			if (!more) {
				free(bytes);
				return file_error(error, -ENOMEM, path);
			}
			bytes = more;
		}
		n = fd_read(fd, bytes + used, CHUNK);
		if (n < 0) {
			int rc = file_error(error, (int)n, path);

			free(bytes);
			return rc;
		}
		used += (size_t)n;
		if (used > limit) {
			free(bytes);
			return error_set(error, ERROR_USAGE, "bad-file",
					 "%s: more than %zu MiB, which is no such file", path, limit >> 20);
		}
	} while (n != 0);
	*text = bytes;
	*length = used;
	return 0;
}

static unsigned int line_of(const char *text, size_t place)
{
	unsigned int line = 1;

	for (size_t i = 0; i < place; i++)
		line += text[i] == '\n';
	return line;
}

static bool only_blanks(const char *text, size_t from, size_t length)
{
	for (; from < length; from++) {
		if (!strchr(" \t\r\n", text[from]) || !text[from])
			return false;
	}
	return true;
}

static int parse(struct json *json, const char *path, const char *text, size_t length, struct error *error)
{
	struct json_tokener *tokener = json->json_tokener_new_ex(DEPTH);
	enum json_tokener_error verdict;
	size_t end;
	int rc = 0;

	if (!tokener)
		return file_error(error, -ENOMEM, path);
	json->json_tokener_set_flags(tokener, JSON_TOKENER_STRICT);
	json->root = json->json_tokener_parse_ex(tokener, text, (int)length);
	verdict = json->json_tokener_get_error(tokener);
	end = json->json_tokener_get_parse_end(tokener);
	if (length == 0 || verdict == json_tokener_continue)
		rc = error_set(error, ERROR_USAGE, "bad-file", "%s: the file ends before its JSON does",
			       path);
	else if (verdict != json_tokener_success)
		rc = error_set(error, ERROR_USAGE, "bad-file", "%s:%u: this is no JSON: %s", path,
			       line_of(text, end), json->json_tokener_error_desc(verdict));
	else if (!only_blanks(text, end, length))
		rc = error_set(error, ERROR_USAGE, "bad-file", "%s:%u: something stands behind the JSON",
			       path, line_of(text, end));
	json->json_tokener_free(tokener);
	return rc;
}

static int read_file(struct json *json, const char *path, size_t limit, struct error *error)
{
	size_t length = 0;
	char *text = NULL;
	int fd = STDIN_FILENO;
	int rc;

	if (strcmp(path, "-") != 0) {
		fd = open(path, O_RDONLY | O_CLOEXEC);
		if (fd < 0)
			return file_error(error, -errno, path);
	}
	rc = read_text(fd, path, limit, &text, &length, error);
	if (fd != STDIN_FILENO)
		close(fd);
	if (rc < 0)
		return rc;
	rc = parse(json, path, text, length, error);
	free(text);
	return rc;
}

/* An empty document, with the library. */
static int begin(const char *path, struct json **json, struct error *error)
{
	struct json *j = calloc(1, sizeof(*j));
	int rc;

	if (!j)
		return file_error(error, -ENOMEM, path);
	rc = load_library(j);
	if (rc < 0) {
		free(j);
		if (rc != -ELIBACC)
			return error_errno(error, rc, "libjson-c.so.5");
		rc = error_set(error, ERROR_FAILED, "no-library", "libjson-c.so.5 cannot be loaded");
		error_hint(error, "it is in the package libjson-c5, or json-c");
		return rc;
	}
	*json = j;
	return 0;
}

int json_read(const char *path, size_t limit, struct json **json, struct error *error)
{
	struct json *j;
	int rc = begin(path, &j, error);

	if (rc < 0)
		return rc;
	rc = read_file(j, path, limit, error);
	if (rc < 0) {
		json_free(j);
		return rc;
	}
	*json = j;
	return 0;
}

int json_parse(const char *path, const char *text, size_t length, struct json **json, struct error *error)
{
	struct json *j;
	int rc = begin(path, &j, error);

	if (rc < 0)
		return rc;
	rc = parse(j, path, text, length, error);
	if (rc < 0) {
		json_free(j);
		return rc;
	}
	*json = j;
	return 0;
}

void json_free(struct json *json)
{
	if (!json)
		return;
	if (json->root)
		json->json_object_put(json->root);
	library_close(json->library);
	free(json);
}

/* json-c's functions take what they only read as theirs to change. */
static struct json_object *object(const struct json_value *value)
{
	return (struct json_object *)(uintptr_t)value;
}

static const struct json_value *value_of(const struct json_object *o)
{
	return (const struct json_value *)o;
}

static bool is_type(const struct json *json, const struct json_value *value, enum json_type type)
{
	return value && json->json_object_get_type(object(value)) == type;
}

const struct json_value *json_root(const struct json *json)
{
	return value_of(json->root);
}

const struct json_value *json_member(const struct json *json, const struct json_value *value, const char *key)
{
	struct json_object *found = NULL;

	if (!is_type(json, value, json_type_object))
		return NULL;
	return json->json_object_object_get_ex(object(value), key, &found) ? value_of(found) : NULL;
}

int json_each_member(const struct json *json, const struct json_value *value, json_take_member take,
		     void *data)
{
	struct json_object_iterator at;
	struct json_object_iterator end;
	int rc = 0;

	if (!is_type(json, value, json_type_object))
		return 0;
	at = json->json_object_iter_begin(object(value));
	end = json->json_object_iter_end(object(value));
	for (; rc == 0 && !json->json_object_iter_equal(&at, &end); json->json_object_iter_next(&at))
		rc = take(data, json->json_object_iter_peek_name(&at),
			  value_of(json->json_object_iter_peek_value(&at)));
	return rc;
}

const char *json_string(const struct json *json, const struct json_value *value)
{
	return is_type(json, value, json_type_string) ? json->json_object_get_string(object(value)) : NULL;
}

bool json_number(const struct json *json, const struct json_value *value, double *number)
{
	double v;

	if (!is_type(json, value, json_type_double) && !is_type(json, value, json_type_int))
		return false;
	v = json->json_object_get_double(object(value));
	if (!isfinite(v))
		return false;
	*number = v;
	return true;
}

bool json_unsigned(const struct json *json, const struct json_value *value, uint64_t *number)
{
	const char *text = json_string(json, value);
	unsigned long long v;
	char *end;

	if (is_type(json, value, json_type_int)) {
		int64_t whole = json->json_object_get_int64(object(value));

		if (whole >= 0)
			*number = (uint64_t)whole;
		return whole >= 0;
	}
	if (!text || strncmp(text, "0x", 2) != 0 || !text[2] ||
	    strspn(text + 2, "0123456789abcdefABCDEF") != strlen(text + 2))
		return false;
	errno = 0;
	v = strtoull(text + 2, &end, 16);
	if (errno || *end)
		return false;
	*number = v;
	return true;
}

bool json_is_array(const struct json *json, const struct json_value *value)
{
	return is_type(json, value, json_type_array);
}

size_t json_length(const struct json *json, const struct json_value *value)
{
	return json_is_array(json, value) ? json->json_object_array_length(object(value)) : 0;
}

const struct json_value *json_item(const struct json *json, const struct json_value *value, size_t index)
{
	return index < json_length(json, value)
		       ? value_of(json->json_object_array_get_idx(object(value), index))
		       : NULL;
}
