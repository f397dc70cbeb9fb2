// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/capture/index_file.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/base/fd_stream.h"
#include "core/base/json.h"

struct reader {
	const char *path;
	struct index_times *times;
	size_t size; /* of times->between */
	uint64_t number; /* of the block before */
	uint64_t time;
	unsigned int line;
	struct error *error;
};

static int bad(const struct reader *r, const char *what)
{
	return error_set(r->error, ERROR_USAGE, "bad-index", "%.200s:%u: %s", r->path, r->line, what);
}

static int add_time(struct reader *r, uint64_t between)
{
	struct index_times *t = r->times;

	if (t->count == r->size) {
		size_t size = r->size ? 2 * r->size : 1024;
		uint64_t *grown = reallocarray(t->between, size, sizeof(*grown));

		if (!grown)
			return error_errno(r->error, -ENOMEM, "%s", r->path);
		t->between = grown;
		r->size = size;
	}
	t->between[t->count++] = between;
	return 0;
}

static int take_block(struct reader *r, uint64_t number, uint64_t time)
{
	bool is_first = r->times->blocks++ == 0;
	int rc = 0;

	if (!is_first && (number <= r->number || time < r->time))
		return bad(r, "this block is not behind the one before");
	if (r->times->blocks > INDEX_BLOCKS_MAX)
		return bad(r, "there are too many blocks");
	if (!is_first && number == r->number + 1)
		rc = add_time(r, time - r->time);
	else if (!is_first)
		r->times->missing += number - r->number - 1;
	r->number = number;
	r->time = time;
	return rc;
}

static bool is_index(const struct json *json)
{
	const char *schema = json_string(json, json_member(json, json_root(json), "schema"));

	return schema && (strcmp(schema, "pcietool/dma-capture-index/1") == 0 ||
			  strcmp(schema, "pcietool/dma-play-index/1") == 0);
}

static int take_line(struct reader *r, const char *text, size_t length)
{
	struct error why;
	struct json *json;
	uint64_t number;
	uint64_t time;
	int rc;

	rc = json_parse(r->path, text, length, &json, &why);
	if (rc < 0 && why.kind != ERROR_USAGE) {
		*r->error = why;
		return rc;
	}
	if (rc < 0)
		return bad(r, "no line of an --index");
	if (is_index(json) && json_unsigned(json, json_member(json, json_root(json), "block"), &number) &&
	    json_unsigned(json, json_member(json, json_root(json), "time_ns"), &time))
		rc = take_block(r, number, time);
	else
		rc = bad(r, "no line of an --index");
	json_free(json);
	return rc;
}

int index_times_read(const char *path, struct index_times *times, struct error *error)
{
	struct reader r = { .path = path, .times = times, .error = error };
	FILE *file = strcmp(path, "-") == 0 ? fd_stream(STDIN_FILENO, "r") : fopen(path, "re");
	char *line = NULL;
	size_t size = 0;
	ssize_t n;
	int rc = 0;

	*times = (struct index_times){ 0 };
	if (!file)
		return error_errno(error, error_last(), "%s", path);
	while (rc == 0 && (n = getline(&line, &size, file)) > 0) {
		r.line++;
		rc = take_line(&r, line, (size_t)n);
	}
	if (rc == 0 && !feof(file))
		rc = error_errno(error, error_last(), "%s", path);
	free(line);
	fclose(file);
	return rc;
}

void index_times_free(struct index_times *times)
{
	free(times->between);
	times->between = NULL;
}
