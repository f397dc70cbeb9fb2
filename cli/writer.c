// SPDX-License-Identifier: GPL-2.0-or-later
/* The document: what is open, in which order; how a value looks is its back end's business. */
#include "cli/writer.h"

#include <assert.h>
#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/writer_backend.h"
#include "core/base/number.h"

/* Of 1024 bits: no register that is a number has more. */
#define HEX_DIGITS_MAX 256

int writer_open(FILE *out, bool json, struct writer **writer)
{
	struct writer *w = calloc(1, sizeof(*w));

	if (!w)
		return -ENOMEM;
	w->out = out;
	w->json = json;
	w->terminal = STDOUT_FILENO;
	w->is_terminal = !json && out == stdout && isatty(STDOUT_FILENO);
	w->ops = json ? &writer_json_ops : &writer_text_ops;
	*writer = w;
	return 0;
}

int writer_close(struct writer *w)
{
	int rc;

	writer_document_end(w);
	writer_text_flush(w);
	writer_json_flush(w);
	errno = 0;
	if (fflush(w->out) != 0 && w->error == 0)
		w->error = errno ? -errno : -EIO;
	/* of what others wrote there, such as argp its help */
	if (ferror(w->out) && w->error == 0)
		w->error = -EIO;
	rc = w->error;
	text_buffer_free(&w->pending);
	free(w);
	return rc;
}

int writer_to_text(bool json, void (*write)(struct writer *writer, const void *data), const void *data,
		   char **text, size_t *length)
{
	struct writer *w;
	int rc = -ENOMEM;
	FILE *f;

	*text = NULL;
	f = open_memstream(text, length);
	if (f && writer_open(f, json, &w) == 0) {
		write(w, data);
		rc = writer_close(w);
	}
	/* glibc's fclose() does not say when it has no memory for the end of the text */
	if (f && (fclose(f) != 0 || !*text))
		rc = -ENOMEM;
	return rc;
}

bool writer_is_terminal(const struct writer *w)
{
	return w->is_terminal;
}

void writer_set_terminal(struct writer *w, int fd)
{
	w->terminal = fd;
}

void writer_color(struct writer *w, bool color)
{
	w->has_color = color && !w->json;
}

bool writer_is_json(const struct writer *w)
{
	return w->json;
}

/* Documents whose form was changed, beyond new keys: the number that they have now, where it is not 1. */
static unsigned int schema_of(const char *name)
{
	static const struct {
		const char *name;
		unsigned int schema;
	} changed[] = {
		/* 2: no "enum" of a field none of whose values has a name */
		{ "config show", 2 },
		{ "regs decode", 2 },
		{ "regs dump", 2 },
	};

	for (size_t i = 0; i < sizeof(changed) / sizeof(changed[0]); i++) {
		if (strcmp(changed[i].name, name) == 0)
			return changed[i].schema;
	}
	return 1;
}

unsigned int writer_schema(const struct writer *w)
{
	return w->schema;
}

static void start_document(struct writer *w, const char *name)
{
	assert(!w->in_document);
	w->schema = schema_of(name);
	w->ops->document(w, name);
	w->in_document = true;
}

/* The batch's own part of the document of one of its lines. */
static void start_answer(struct writer *w)
{
	start_document(w, "batch");
	writer_number(w, "line", NULL, w->line_number);
	writer_string(w, "command", NULL, w->command);
	w->is_answered = true;
}

void writer_document(struct writer *w, const char *name)
{
	char schema[64];
	char number[NUMBER_DECIMAL_SIZE];
	char *end;

	if (!w->command || !writer_is_json(w)) {
		start_document(w, name);
		return;
	}
	start_answer(w);
	writer_object(w, "result");
	w->schema = schema_of(name);
	assert(strlen(name) < 32);
	end = stpcpy(stpcpy(schema, "pcietool/"), name);
	for (char *c = strchr(schema, ' '); c; c = strchr(c, ' '))
		*c = '-';
	*end++ = '/';
	stpcpy(end, number_format_decimal(w->schema, number));
	writer_string(w, "schema", NULL, schema);
}

void writer_batch_line(struct writer *w, unsigned int line, const char *command)
{
	w->line_number = line;
	w->command = command;
	w->is_answered = false;
}

void writer_batch_line_end(struct writer *w)
{
	if (w->command && !w->is_answered && writer_is_json(w)) {
		start_answer(w);
		w->ops->scalar(w, "result", NULL, "", "null", false);
	}
	writer_document_end(w);
	w->command = NULL;
}

void writer_document_end(struct writer *w)
{
	if (!w->in_document)
		return;
	writer_table_end(w);
	writer_data_end(w);
	while (w->depth > 0)
		writer_end(w);
	w->ops->document_end(w);
	w->in_document = false;
	w->has_items[0] = false;
}

int writer_flush(struct writer *w)
{
	writer_json_flush(w);
	errno = 0;
	if (fflush(w->out) != 0 && w->error == 0)
		w->error = errno ? -errno : -EIO;
	return w->error;
}

static void begin(struct writer *w, const char *key, enum writer_container container)
{
	assert(w->depth < WRITER_DEPTH);
	w->ops->begin(w, key, container);
	w->open[w->depth++] = container;
	w->has_items[w->depth] = false;
}

void writer_object(struct writer *w, const char *key)
{
	begin(w, key, WRITER_OBJECT);
}

void writer_array(struct writer *w, const char *key)
{
	begin(w, key, WRITER_ARRAY);
}

void writer_end(struct writer *w)
{
	assert(w->depth > 0);
	w->ops->end(w, w->open[--w->depth]);
}

void writer_string(struct writer *w, const char *key, const char *label, const char *value)
{
	w->ops->scalar(w, key, label, value, value, true);
}

void writer_number(struct writer *w, const char *key, const char *label, uint64_t value)
{
	char buffer[NUMBER_DECIMAL_SIZE];
	const char *text = number_format_decimal(value, buffer);

	w->ops->scalar(w, key, label, text, text, false);
}

void writer_real(struct writer *w, const char *key, const char *label, double value)
{
	char buffer[32];
	const char *text = buffer;

	/* of less than seven digits, as most speeds are: what "%.6g" makes of it, for a tenth */
	if (value > 0 && value < 1e6 && value == (double)(unsigned int)value)
		text = number_format_decimal((unsigned int)value, buffer);
	else
		snprintf(buffer, sizeof(buffer), "%.6g", value);
	w->ops->scalar(w, key, label, text, text, false);
}

void writer_seconds(struct writer *w, const char *key, const char *label, double seconds)
{
	char text[32];
	char number[32];

	snprintf(text, sizeof(text), "%.3f", seconds);
	snprintf(number, sizeof(number), "%.6g", seconds);
	w->ops->scalar(w, key, label, text, number, false);
}

void writer_bool(struct writer *w, const char *key, const char *label, bool value)
{
	w->ops->scalar(w, key, label, value ? "yes" : "no", value ? "true" : "false", false);
}

/* Of a register of more than 64 bits: the digits above those of VALUE are zeroes, for people. */
static void write_long_hex(struct writer *w, const char *key, const char *label, uint64_t value, int digits)
{
	char text[HEX_DIGITS_MAX + 3];
	char json[NUMBER_HEX_SIZE];

	number_format_hex(value, digits, json);
	if (digits > HEX_DIGITS_MAX)
		digits = HEX_DIGITS_MAX;
	snprintf(text, sizeof(text), "0x%0*" PRIx64, digits, value);
	w->ops->scalar(w, key, label, text, json, true);
}

void writer_hex(struct writer *w, const char *key, const char *label, uint64_t value, int digits)
{
	char text[24];

	if (digits > 16) {
		write_long_hex(w, key, label, value, digits);
		return;
	}
	number_format_hex(value, digits, text);
	w->ops->scalar(w, key, label, text, text, true);
}

void writer_id(struct writer *w, const char *key, const char *label, uint64_t value, int digits)
{
	char text[24];

	number_format_hex(value, digits, text);
	w->ops->scalar(w, key, label, text + 2, text, true);
}

void writer_size(struct writer *w, const char *key, const char *label, uint64_t bytes)
{
	char number[NUMBER_DECIMAL_SIZE];
	char text[SIZE_TEXT];

	size_format(bytes, text);
	w->ops->scalar(w, key, label, text, number_format_decimal(bytes, number), false);
}

void amount_format(uint64_t bytes, char text[AMOUNT_SIZE])
{
	static const char *const units[] = { "K", "M", "G", "T" };
	double v = (double)bytes / 1024;
	unsigned int unit = 0;

	/* 1023.95 would be rounded to the next unit's 1 */
	for (; unit < 3 && v >= 1023.95; unit++)
		v /= 1024;
	if (bytes < 1024)
		snprintf(text, AMOUNT_SIZE, "%" PRIu64, bytes);
	else
		snprintf(text, AMOUNT_SIZE, "%.1f%s", v, units[unit]);
}

void writer_amount(struct writer *w, const char *key, const char *label, uint64_t bytes)
{
	char number[NUMBER_DECIMAL_SIZE];
	char text[AMOUNT_SIZE];

	amount_format(bytes, text);
	w->ops->scalar(w, key, label, text, number_format_decimal(bytes, number), false);
}

void writer_null(struct writer *w, const char *key, const char *label, const char *reason)
{
	char reason_key[64];

	w->ops->scalar(w, key, label, reason, "null", false);
	if (!key)
		return;
	assert(strlen(key) + sizeof("_reason") <= sizeof(reason_key));
	stpcpy(stpcpy(reason_key, key), "_reason");
	w->ops->scalar(w, reason_key, NULL, reason, reason, true);
}

void writer_data(struct writer *w, const char *key, uint64_t offset, const void *data, size_t length,
		 unsigned int width, bool all)
{
	if (w->json && !w->in_data)
		writer_array(w, key);
	w->ops->data(w, key, offset, data, length, width, all);
	w->in_data = true;
}

void writer_data_end(struct writer *w)
{
	if (w->in_data && w->json)
		writer_end(w);
	else if (w->in_data)
		w->ops->data_end(w);
	w->in_data = false;
}

void writer_error(struct writer *w, const char *name, const struct error *error)
{
	if (!w->in_document && w->command)
		start_answer(w);
	else if (!w->in_document)
		start_document(w, name);
	writer_data_end(w);
	while (w->depth > 0)
		writer_end(w);
	writer_object(w, "error");
	writer_string(w, "code", NULL, error->code);
	writer_string(w, "message", NULL, error->message);
	if (error->hint[0])
		writer_string(w, "hint", NULL, error->hint);
	else
		writer_null(w, "hint", NULL, "none");
	writer_number(w, "exit", NULL, (uint64_t)error->kind);
	writer_end(w);
	writer_document_end(w);
}
