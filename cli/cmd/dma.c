// SPDX-License-Identifier: GPL-2.0-or-later
/* dma: buffers that the device can read and write, over the kernel helper. */
#include "cli/cmd/dma.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/number.h"

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
	if (held->buffers) {
		writer_text(w, "freed, but the device's until it is reset, or 'dma free --idle --all': ");
		writer_text(w, "%u buffers, %llu bytes", held->buffers, (unsigned long long)held->bytes);
		writer_line(w);
	}
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
		if (n == count || !inv->operands[i][0])
			return error_set(&inv->error, ERROR_USAGE, "no-buffer", "there is no buffer '%.40s'",
					 inv->operands[i]);
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
		if (!inv->dry_run)
			rc = buffer_free(&list[i], free_how(inv), &inv->error);
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
	if (rc == 0 && o->all && o->idle && !inv->dry_run)
		rc = buffer_give_back(client, &inv->error);
	buffer_list_free(list);
	dma_close(device, client);
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
