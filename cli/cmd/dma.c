// SPDX-License-Identifier: GPL-2.0-or-later
/* dma: buffers that the device can read and write, over the kernel helper. */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/command.h"
#include "cli/device.h"
#include "cli/output.h"
#include "core/access/access.h"
#include "core/base/fd_wait.h"
#include "core/base/number.h"
#include "core/base/pattern.h"
#include "core/dma/buffer.h"

static int dma_open(struct invocation *inv, struct device **device, struct buffer_client **client)
{
	int rc = command_device(inv, device);

	if (rc < 0)
		return rc;
	rc = buffer_client_open(*device, client, &inv->error);
	if (rc < 0)
		device_close(*device);
	return rc;
}

static void dma_close(struct device *device, struct buffer_client *client)
{
	buffer_client_close(client);
	device_close(device);
}

static int parse(enum option_id option, char *arg, struct invocation *inv)
{
	(void)option;
	inv->options.name = arg;
	return buffer_name_check(arg, &inv->error);
}

static void render_buffer(struct writer *w, const struct buffer *b)
{
	writer_object(w, NULL);
	if (b->name[0])
		writer_string(w, "name", "", b->name);
	else
		writer_null(w, "name", "", b->orphan ? "(orphan)" : "(unnamed)");
	writer_column(w, 16);
	writer_hex(w, "address", " ", b->address, 0);
	writer_size(w, "size", " size ", b->requested);
	writer_size(w, "allocated", NULL, b->length);
	writer_bool(w, "page_backed", NULL, b->page_backed);
	writer_bool(w, "coherent", NULL, b->coherent);
	writer_bool(w, "orphan", NULL, b->orphan);
	if (!b->page_backed)
		writer_text(w, " not page-backed");
	writer_line(w);
	writer_end(w);
}

static int run_alloc(struct invocation *inv)
{
	const struct option_values *o = &inv->options;
	struct buffer_client *client = NULL;
	struct buffer *buffer = NULL;
	struct device *device = NULL;
	uint64_t size = 0;
	int rc;

	if (!o->name)
		return error_set(&inv->error, ERROR_USAGE, "usage", "--name NAME is missing");
	rc = size_parse(inv->operands[0], &size, &inv->error);
	if (rc == 0 && size == 0)
		rc = error_set(&inv->error, ERROR_USAGE, "bad-size", "a buffer of no bytes is no buffer");
	if (rc == 0 && size > INT64_MAX)
		rc = error_set(&inv->error, ERROR_USAGE, "bad-size",
			       "'%s' bytes are more than any machine has", inv->operands[0]);
	if (rc == 0)
		rc = dma_open(inv, &device, &client);
	if (rc < 0)
		return rc;
	writer_document(inv->out, inv->command->name);
	writer_bool(inv->out, "dry_run", NULL, inv->dry_run);
	if (inv->dry_run) {
		rc = buffer_alloc_check(client, o->name, size, &inv->error);
		if (rc < 0)
			goto out;
		writer_string(inv->out, "name", "would allocate ", o->name);
		writer_size(inv->out, "size", " of ", size);
		goto out;
	}
	rc = buffer_alloc(client, o->name, size, &buffer, &inv->error);
	if (rc < 0)
		goto out;
	writer_string(inv->out, "name", NULL, buffer->name);
	writer_hex(inv->out, "address", "", buffer->address, 0);
	writer_size(inv->out, "size", NULL, buffer->requested);
	writer_size(inv->out, "allocated", NULL, buffer->length);
	writer_bool(inv->out, "page_backed", NULL, buffer->page_backed);
	if (!buffer->page_backed)
		context_log(&inv->ctx, LOG_INFO, "%s is not page-backed: --direct cannot write from it",
			    o->name);
out:
	buffer_close(buffer);
	dma_close(device, client);
	return rc;
}

/* What was freed and is still the device's. */
static void render_held(struct writer *w, const struct buffer_held *held)
{
	writer_object(w, "held");
	writer_number(w, "buffers", NULL, held->buffers);
	writer_size(w, "size", NULL, held->bytes);
	writer_bool(w, "reset_on_release", NULL, held->resets);
	writer_end(w);
}

static int run_list(struct invocation *inv)
{
	struct buffer_client *client = NULL;
	struct device *device = NULL;
	struct buffer *list = NULL;
	struct buffer_held held;
	size_t count = 0;
	int rc;

	rc = dma_open(inv, &device, &client);
	if (rc < 0)
		return rc;
	rc = buffer_held(client, &held, &inv->error);
	if (rc == 0)
		rc = buffer_list(client, &list, &count, &inv->error);
	if (rc == 0) {
		writer_document(inv->out, inv->command->name);
		writer_array(inv->out, "buffers");
		for (size_t i = 0; i < count; i++)
			render_buffer(inv->out, &list[i]);
		writer_end(inv->out);
		render_held(inv->out, &held);
		if (held.buffers)
			context_log(
				&inv->ctx, LOG_WARN,
				"%s: freed, but the device's until it is reset, or 'dma free --idle --all': buffers %u, "
				"%llu bytes",
				device->name, held.buffers, (unsigned long long)held.bytes);
		buffer_list_free(list);
	}
	dma_close(device, client);
	return rc;
}

/* Which of LIST the command means: those that it names, or all that are nobody's running capture. */
static bool is_meant(const struct invocation *inv, const struct buffer *b)
{
	const struct option_values *o = &inv->options;

	if (o->all)
		return b->name[0] || b->orphan;
	for (unsigned int i = 0; i < inv->operand_count; i++) {
		if (b->name[0] && strcmp(b->name, inv->operands[i]) == 0)
			return true;
	}
	return false;
}

/* Before anything is freed: is every name there? */
static int check_names(struct invocation *inv, const struct buffer *list, size_t count)
{
	for (unsigned int i = 0; i < inv->operand_count; i++) {
		size_t n = 0;

		while (n < count && strcmp(list[n].name, inv->operands[i]) != 0)
			n++;
		if (n == count || !inv->operands[i][0]) {
			int rc = error_set(&inv->error, ERROR_USAGE, "no-buffer",
					   "there is no buffer '%.40s'", inv->operands[i]);

			error_hint(&inv->error, "'pcietool dma list' shows them");
			return rc;
		}
	}
	return 0;
}

/* How the command frees. */
static unsigned int free_how(const struct invocation *inv)
{
	const struct option_values *o = &inv->options;

	return (inv->ctx.force ? BUFFER_FREE_FORCE : 0) | (o->idle ? BUFFER_FREE_IDLE : 0);
}

static int free_all(struct invocation *inv, struct buffer *list, size_t count)
{
	int rc = 0;

	writer_document(inv->out, inv->command->name);
	writer_bool(inv->out, "dry_run", NULL, inv->dry_run);
	writer_array(inv->out, "freed");
	for (size_t i = 0; rc == 0 && i < count; i++) {
		if (!is_meant(inv, &list[i]))
			continue;
		rc = inv->dry_run ? buffer_free_check(&list[i], free_how(inv), &inv->error)
				  : buffer_free(&list[i], free_how(inv), &inv->error);
		if (rc < 0)
			break;
		writer_string(inv->out, NULL, inv->dry_run ? "would free " : NULL, list[i].name);
		if (inv->dry_run)
			writer_line(inv->out);
	}
	return rc;
}

static int run_free(struct invocation *inv)
{
	const struct option_values *o = &inv->options;
	struct buffer_client *client = NULL;
	struct device *device = NULL;
	struct buffer *list = NULL;
	size_t count = 0;
	int rc;

	if (o->all == (inv->operand_count > 0)) {
		rc = error_set(&inv->error, ERROR_USAGE, "usage", "which buffers: names, or --all");
		error_hint(&inv->error, "'pcietool dma list' shows them");
		return rc;
	}
	rc = dma_open(inv, &device, &client);
	if (rc < 0)
		return rc;
	rc = buffer_list(client, &list, &count, &inv->error);
	if (rc == 0)
		rc = check_names(inv, list, count);
	if (rc == 0)
		rc = free_all(inv, list, count);
	/* that the engine is idle is said of all that it was ever told */
	if (rc == 0 && o->all && o->idle)
		rc = inv->dry_run ? buffer_give_back_check(client, free_how(inv), &inv->error)
				  : buffer_give_back(client, free_how(inv), &inv->error);
	buffer_list_free(list);
	dma_close(device, client);
	return rc;
}

/* --- what is in one --------------------------------------------------------------------------------- */

#define PIECE 65536u

/* A part of a named buffer, mapped. */
struct content {
	struct device *device;
	struct buffer_client *client;
	struct buffer *buffer;
	uint64_t offset;
	uint64_t length;
};

static void content_close(struct content *c)
{
	buffer_close(c->buffer);
	dma_close(c->device, c->client);
}

static int check_range(struct content *c, struct error *error)
{
	uint64_t size = c->buffer->requested;

	if (c->offset > size || (c->length != UINT64_MAX && c->length > size - c->offset))
		return error_set(error, ERROR_USAGE, "out-of-range",
				 "%s: 0x%" PRIx64
				 " and what is asked for there is past its end, it has 0x%" PRIx64 " bytes",
				 c->buffer->name, c->offset, size);
	if (c->length == UINT64_MAX)
		c->length = size - c->offset;
	return 0;
}

/* By the first operand. */
static int content_open(struct invocation *inv, struct content *c)
{
	char name[BUFFER_NAME_SIZE];
	int rc;

	*c = (struct content){ 0 };
	rc = buffer_range_parse(inv->operands[0], name, &c->offset, &c->length, &inv->error);
	if (rc == 0)
		rc = dma_open(inv, &c->device, &c->client);
	if (rc < 0)
		return rc;
	rc = buffer_open(c->client, name, &c->buffer, &inv->error);
	if (rc == 0)
		rc = check_range(c, &inv->error);
	if (rc < 0)
		content_close(c);
	return rc;
}

/* The same, for what says that all of it is as it should be: nothing is not. */
static int content_open_some(struct invocation *inv, struct content *c)
{
	int rc = content_open(inv, c);

	if (rc < 0 || c->length > 0)
		return rc;
	rc = error_set(&inv->error, ERROR_USAGE, "out-of-range", "%s+0x%" PRIx64 ": there is nothing in it",
		       c->buffer->name, c->offset);
	content_close(c);
	return rc;
}

static size_t piece_at(const struct content *c, uint64_t done)
{
	return c->length - done < PIECE ? (size_t)(c->length - done) : PIECE;
}

/* In pieces, to OUTPUT or, when that is NULL, to the writer. */
static int read_content(struct invocation *inv, struct content *c, struct output *output)
{
	uint8_t *piece = malloc(PIECE);
	int rc = piece ? 0 : error_errno(&inv->error, -ENOMEM, "reading");

	for (uint64_t done = 0; rc == 0 && done < c->length;) {
		size_t n = piece_at(c, done);

		rc = buffer_read(c->buffer, c->offset + done, piece, n, &inv->error);
		if (rc == 0 && output)
			rc = output_write(output, piece, n, &inv->error);
		else if (rc == 0)
			writer_data(inv->out, "values", c->offset + done, piece, n, 8, inv->verbosity > 0);
		done += n;
	}
	if (rc == 0 && !output)
		writer_data_end(inv->out);
	free(piece);
	return rc;
}

static int dump(struct invocation *inv, struct content *c)
{
	writer_document(inv->out, inv->command->name);
	writer_string(inv->out, "name", NULL, c->buffer->name);
	writer_hex(inv->out, "offset", NULL, c->offset, 0);
	writer_number(inv->out, "length", NULL, c->length);
	return read_content(inv, c, NULL);
}

/* What is left of a buffer may be nothing; a length of 0 is a mistake of whoever worked it out. */
static int check_asked(struct invocation *inv)
{
	char name[BUFFER_NAME_SIZE];
	uint64_t offset;
	uint64_t length;
	int rc = buffer_range_parse(inv->operands[0], name, &offset, &length, &inv->error);

	if (rc < 0 || length > 0)
		return rc;
	return error_set(&inv->error, ERROR_USAGE, "out-of-range",
			 "%s+0x%" PRIx64 "+0: there is nothing in it", name, offset);
}

static int dma_read(struct invocation *inv)
{
	const struct option_values *o = &inv->options;
	const char *name = o->output;
	struct output *output = NULL;
	struct content c = { 0 };
	int rc;

	rc = check_asked(inv);
	if (rc == 0)
		rc = content_open(inv, &c);
	if (rc < 0)
		return rc;
	if (!name && !inv->json && !isatty(STDOUT_FILENO))
		name = "-";
	if (!name) {
		rc = dump(inv, &c);
		goto out;
	}
	rc = output_open(inv, name, &output);
	if (rc == 0)
		rc = read_content(inv, &c, output);
	if (rc == 0)
		rc = output_finish(output, &inv->error);
out:
	output_close(output);
	content_close(&c);
	return rc;
}

static int too_long(const struct content *c, struct error *error)
{
	return error_set(error, ERROR_USAGE, "out-of-range",
			 "%s: the data is longer than the 0x%" PRIx64 " bytes from 0x%" PRIx64 " on",
			 c->buffer->name, c->length, c->offset);
}

/* A pipe's size is not known before: then it is read to memory first, so that nothing is half done. */
static int read_input(struct invocation *inv, const struct content *c, int fd, uint8_t **data,
		      uint64_t *length)
{
	uint8_t *bytes = malloc(c->length + 1);
	ssize_t n;

	if (!bytes)
		return error_errno(&inv->error, -ENOMEM, "reading the input");
	n = fd_read_full(fd, bytes, c->length + 1);
	if (n < 0) {
		free(bytes);
		error_errno(&inv->error, (int)n, "reading the input");
		inv->error.kind = ERROR_FAILED;
		return -EIO;
	}
	if ((uint64_t)n > c->length) {
		free(bytes);
		return too_long(c, &inv->error);
	}
	*data = bytes;
	*length = (uint64_t)n;
	return 0;
}

static void close_input(int fd)
{
	if (fd >= 0 && fd != STDIN_FILENO)
		close(fd);
}

static int empty_input(struct error *error)
{
	return error_set(error, ERROR_FAILED, "failed", "the input is empty");
}

/* *FD -1 where there are VALUEs instead. What is known to be empty is told before the device is opened. */
static int open_input(struct invocation *inv, int *fd)
{
	const char *name = inv->options.input;
	struct stat st;
	char byte;

	*fd = -1;
	if (!name)
		return 0;
	*fd = input_open(name, &inv->error);
	if (*fd < 0)
		return *fd;
	/* a file of /proc has a size of 0 and something in it */
	if (fstat(*fd, &st) < 0 || !S_ISREG(st.st_mode) || st.st_size > 0 || pread(*fd, &byte, 1, 0) != 0)
		return 0;
	close_input(*fd);
	return empty_input(&inv->error);
}

static int write_file(struct invocation *inv, struct content *c, int fd, uint64_t *length)
{
	uint8_t *data = NULL;
	int rc = read_input(inv, c, fd, &data, length);

	if (rc == 0 && *length == 0)
		rc = empty_input(&inv->error);
	if (rc == 0 && !inv->dry_run)
		rc = buffer_write(c->buffer, c->offset, data, *length, &inv->error);
	free(data);
	return rc;
}

static int parse_values(struct invocation *inv, struct content *c, unsigned int width, uint64_t *values)
{
	const struct target target = { .width = width };
	struct access access;
	int rc = 0;

	access_init(&access, &inv->ctx, c->device, SPACE_BAR);
	for (unsigned int i = 1; rc == 0 && i < inv->operand_count; i++) {
		struct value value;

		rc = value_parse(inv->operands[i], &value, &inv->error);
		if (rc == 0)
			rc = access_value(&access, &value, &target, &values[i - 1], &inv->error);
	}
	access_close(&access);
	return rc;
}

static int write_values(struct invocation *inv, struct content *c, uint64_t *length)
{
	const struct option_values *o = &inv->options;
	unsigned int width = o->width ? o->width : 32;
	unsigned int count = inv->operand_count - 1;
	uint64_t *values = calloc(count, sizeof(*values));
	int rc;

	if (!values)
		return error_errno(&inv->error, -ENOMEM, "starting");
	rc = parse_values(inv, c, width, values);
	*length = (uint64_t)count * (width / 8);
	if (rc == 0 && *length > c->length)
		rc = too_long(c, &inv->error);
	if (rc == 0)
		rc = buffer_check_store(c->buffer, c->offset, width, &inv->error);
	for (unsigned int i = 0; rc == 0 && !inv->dry_run && i < count; i++)
		rc = buffer_store(c->buffer, c->offset + (uint64_t)i * (width / 8), width, values[i],
				  &inv->error);
	free(values);
	return rc;
}

static int dma_write(struct invocation *inv)
{
	const struct option_values *o = &inv->options;
	uint64_t length = 0;
	struct content c = { 0 };
	int fd;
	int rc;

	if ((o->input != NULL) == (inv->operand_count > 1))
		return error_set(&inv->error, ERROR_USAGE, "usage", "what to write: -i FILE, or VALUEs");
	rc = open_input(inv, &fd);
	if (rc < 0)
		return rc;
	rc = content_open(inv, &c);
	if (rc < 0)
		goto out_close_input;
	rc = o->input ? write_file(inv, &c, fd, &length) : write_values(inv, &c, &length);
	if (rc == 0) {
		writer_document(inv->out, inv->command->name);
		writer_bool(inv->out, "dry_run", NULL, inv->dry_run);
		writer_string(inv->out, "name", inv->dry_run ? "" : NULL, c.buffer->name);
		writer_hex(inv->out, "offset", inv->dry_run ? "+" : NULL, c.offset, 0);
		writer_number(inv->out, "bytes", inv->dry_run ? " <- " : NULL, length);
		if (inv->dry_run)
			writer_text(inv->out, " bytes");
	}
	content_close(&c);
out_close_input:
	close_input(fd);
	return rc;
}

static int init_pattern(struct invocation *inv, struct pattern *pattern)
{
	const struct option_values *o = &inv->options;

	if (!o->pattern)
		return error_set(&inv->error, ERROR_USAGE, "usage", "--pattern PATTERN is missing");
	return pattern_init(pattern, o->pattern, o->has_seed, o->seed, &inv->error);
}

static int fill(struct content *c, struct pattern *pattern, struct error *error)
{
	uint8_t *piece = malloc(PIECE);
	int rc = piece ? 0 : error_errno(error, -ENOMEM, "filling");

	for (uint64_t done = 0; rc == 0 && done < c->length;) {
		size_t n = piece_at(c, done);

		pattern_next(pattern, piece, n);
		rc = buffer_write(c->buffer, c->offset + done, piece, n, error);
		done += n;
	}
	free(piece);
	return rc;
}

static int dma_fill(struct invocation *inv)
{
	struct pattern pattern = { 0 };
	struct content c = { 0 };
	int rc;

	rc = init_pattern(inv, &pattern);
	if (rc == 0)
		rc = content_open_some(inv, &c);
	if (rc < 0)
		return rc;
	if (!inv->dry_run)
		rc = fill(&c, &pattern, &inv->error);
	if (rc == 0) {
		writer_document(inv->out, inv->command->name);
		writer_bool(inv->out, "dry_run", NULL, inv->dry_run);
		writer_string(inv->out, "name", inv->dry_run ? "would fill " : NULL, c.buffer->name);
		writer_hex(inv->out, "offset", inv->dry_run ? "+" : NULL, c.offset, 0);
		writer_number(inv->out, "bytes", inv->dry_run ? ", bytes: " : NULL, c.length);
	}
	content_close(&c);
	return rc;
}

struct difference {
	uint64_t count; /* bytes that differ */
	uint64_t offset; /* of the first, in the buffer */
	uint8_t expected;
	uint8_t actual;
};

static void count_differences(const uint8_t *expected, const uint8_t *actual, size_t length, uint64_t offset,
			      struct difference *d)
{
	for (size_t i = 0; i < length; i++) {
		if (expected[i] == actual[i])
			continue;
		if (d->count++ == 0) {
			d->offset = offset + i;
			d->expected = expected[i];
			d->actual = actual[i];
		}
	}
}

static int compare(struct content *c, struct pattern *pattern, struct difference *d, struct error *error)
{
	uint8_t *expected = malloc(PIECE);
	uint8_t *actual = malloc(PIECE);
	int rc = expected && actual ? 0 : error_errno(error, -ENOMEM, "comparing");

	for (uint64_t done = 0; rc == 0 && done < c->length;) {
		size_t n = piece_at(c, done);

		rc = buffer_read(c->buffer, c->offset + done, actual, n, error);
		if (rc < 0)
			break;
		pattern_next(pattern, expected, n);
		if (memcmp(expected, actual, n) != 0)
			count_differences(expected, actual, n, c->offset + done, d);
		done += n;
	}
	free(actual);
	free(expected);
	return rc;
}

static int differs(const struct content *c, const struct difference *d, struct error *error)
{
	return error_set(error, ERROR_DIFFERS, "differs",
			 "%s+0x%" PRIx64 " is 0x%02x, expected 0x%02x: the first of %" PRIu64
			 " bytes that differ, of %" PRIu64,
			 c->buffer->name, d->offset, d->actual, d->expected, d->count, c->length);
}

static int dma_verify(struct invocation *inv)
{
	struct difference d = { 0 };
	struct pattern pattern = { 0 };
	struct content c = { 0 };
	int rc;

	rc = init_pattern(inv, &pattern);
	if (rc == 0)
		rc = content_open_some(inv, &c);
	if (rc < 0)
		return rc;
	rc = compare(&c, &pattern, &d, &inv->error);
	if (rc < 0)
		goto out;
	writer_document(inv->out, inv->command->name);
	writer_string(inv->out, "name", NULL, c.buffer->name);
	writer_number(inv->out, "bytes", NULL, c.length);
	writer_number(inv->out, "different", NULL, d.count);
	if (d.count) {
		writer_object(inv->out, "first");
		writer_hex(inv->out, "offset", NULL, d.offset, 0);
		writer_hex(inv->out, "expected", NULL, d.expected, 2);
		writer_hex(inv->out, "actual", NULL, d.actual, 2);
		writer_end(inv->out);
		rc = differs(&c, &d, &inv->error);
	}
out:
	content_close(&c);
	return rc;
}

const struct command dma_commands[] = {
	{
		.name = "dma alloc",
		.operands = "SIZE",
		.summary = "Allocate a named DMA buffer and print its bus address",
		.details =
			"It is contiguous for the device, zeroed, and lives until 'dma free' or the device's "
			"release. SIZE may end in k, M, G.",
		.min_operands = 1,
		.max_operands = 1,
		.options = TAKES(OPTION_NAME),
		.parse = parse,
		.run = run_alloc,
	},
	{
		.name = "dma list",
		.summary = "List the device's DMA buffers",
		.run = run_list,
	},
	{
		.name = "dma free",
		.operands = "NAME... | --all",
		.summary = "Free DMA buffers",
		.details =
			"Refused while bus mastering is on, as the device may still write to them; --force "
			"turns it off first. That pauses an engine and does not disarm it, so the memory stays the "
			"device's, nobody else's, until it is reset or released, or until you say that its engine is "
			"--idle; with --all that is said of all that was freed before, too.",
		.max_operands = COMMAND_MANY,
		.operand_kind = WORD_BUFFER,
		.options = TAKES(OPTION_ALL_BUFFERS, OPTION_IDLE_BUFFERS),
		.parse = parse,
		.run = run_free,
	},
	{
		.name = "dma read",
		.operands = "NAME[+OFFSET[+LENGTH]]",
		.summary = "Read a DMA buffer: a dump on a terminal, raw bytes elsewhere",
		.min_operands = 1,
		.max_operands = 1,
		.operand_kind = WORD_BUFFER,
		.options = TAKES(OPTION_OUTPUT),
		.parse = parse,
		.run = dma_read,
	},
	{
		.name = "dma write",
		.operands = "NAME[+OFFSET] [VALUE...]",
		.summary = "Write a file or values into a DMA buffer",
		.details = "VALUEs follow one another, little-endian; @NAME is a bus address: descriptors.",
		.min_operands = 1,
		.max_operands = COMMAND_MANY,
		.operand_kind = WORD_BUFFER,
		.options = TAKES(OPTION_INPUT, OPTION_VALUE_WIDTH),
		.parse = parse,
		.run = dma_write,
	},
	{
		.name = "dma fill",
		.operands = "NAME[+OFFSET[+LENGTH]]",
		.summary = "Fill a DMA buffer with a pattern",
		.details = "prbs31 is x^31+x^28+1, most significant bit first, seed 0x7fffffff.",
		.min_operands = 1,
		.max_operands = 1,
		.operand_kind = WORD_BUFFER,
		.options = TAKES(OPTION_PATTERN, OPTION_SEED),
		.parse = parse,
		.run = dma_fill,
	},
	{
		.name = "dma verify",
		.operands = "NAME[+OFFSET[+LENGTH]]",
		.summary = "Compare a DMA buffer with a pattern; exit 8 where it differs",
		.min_operands = 1,
		.max_operands = 1,
		.operand_kind = WORD_BUFFER,
		.options = TAKES(OPTION_PATTERN, OPTION_SEED),
		.parse = parse,
		.run = dma_verify,
	},
	{ 0 },
};
