// SPDX-License-Identifier: GPL-2.0-or-later
/* Config spaces in a file: its devices and their bytes. Knows no device of the machine. */
#include "core/pci/dump.h"

#include <errno.h>
#include <linux/pci_regs.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/base/array.h"
#include "core/base/fd_stream.h"
#include "core/pci/dump_devices.h"
#include "core/pci/dump_text.h"

struct reader {
	const char *path;
	struct dump_text text;
	unsigned long line;
	struct dump *dump;
	bool is_hex_dump; /* the last bytes were a hex dump's, with an end and with lines left out */
	bool is_repeated; /* "*": bytes are missing up to the next offset */
	bool has_pairs; /* whose order no line has shown yet */
	bool is_order_shown;
	struct error *error;
};

void dump_free(struct dump *dump)
{
	if (!dump)
		return;
	for (size_t i = 0; i < dump->count; i++)
		free(dump->devices[i].bytes);
	free(dump->devices);
	free(dump);
}

struct dump *dump_from(const struct pci_address *address, const uint8_t *bytes, size_t size)
{
	struct dump *dump = calloc(1, sizeof(*dump));

	if (dump)
		dump->devices = calloc(1, sizeof(*dump->devices));
	if (dump && dump->devices) {
		dump->count = 1;
		dump->devices[0] = (struct dump_device){ .address = *address,
							 .size = size,
							 .bytes = malloc(PCI_CFG_SPACE_EXP_SIZE) };
	}
	if (!dump || !dump->devices || !dump->devices[0].bytes) {
		dump_free(dump);
		return NULL;
	}
	memcpy(dump->devices[0].bytes, bytes, size);
	return dump;
}

void dump_format_line(char text[DUMP_LINE_SIZE], unsigned int offset, const uint8_t *bytes, size_t count)
{
	size_t used = (size_t)snprintf(text, DUMP_LINE_SIZE, "%02x:", offset);

	for (size_t i = 0; i < count && i < DUMP_LINE_BYTES; i++)
		used += (size_t)snprintf(text + used, DUMP_LINE_SIZE - used, " %02x", bytes[i]);
}

static int bad(const struct reader *r, const char *what)
{
	int rc = error_set(r->error, ERROR_FAILED, "bad-dump", "%s:%lu: %s", r->path, r->line, what);

	error_hint(r->error, "'lspci -xxxx', as root, writes what is wanted here");
	return rc;
}

static int add_device(struct reader *r, const struct pci_address *address)
{
	struct dump *dump = r->dump;
	struct dump_device *grown;

	if (dump->count >= DUMP_DEVICES_MAX)
		return bad(r, "more devices than a machine can have");
	grown = array_grow(dump->devices, dump->count, sizeof(*grown));
	if (!grown)
		return error_errno(r->error, -ENOMEM, "%s", r->path);
	dump->devices = grown;
	grown[dump->count++] = (struct dump_device){ .address = *address };
	return 0;
}

/* A hex dump knows no devices: what comes first is of one without a name. */
static int add_nameless(struct reader *r)
{
	const struct pci_address none = { 0 };

	r->dump->is_nameless = true;
	return add_device(r, &none);
}

static int append_bytes(struct reader *r, struct dump_device *d, const uint8_t *bytes, size_t count)
{
	size_t offset = d->size;

	if (offset + count > PCI_CFG_SPACE_EXP_SIZE)
		return bad(r, "config space ends at 0x1000");
	if (offset == 0 || offset == PCI_CFG_SPACE_SIZE) {
		uint8_t *grown = realloc(d->bytes, offset ? PCI_CFG_SPACE_EXP_SIZE : PCI_CFG_SPACE_SIZE);

		if (!grown)
			return error_errno(r->error, -ENOMEM, "%s", r->path);
		d->bytes = grown;
	}
	if (offset < PCI_CFG_SPACE_SIZE && offset + count > PCI_CFG_SPACE_SIZE)
		return bad(r, "a line across 0x100");
	memcpy(d->bytes + offset, bytes, count);
	d->size += count;
	return 0;
}

/* What "*" stands for, up to OFFSET. */
static int repeat(struct reader *r, struct dump_device *d, unsigned long offset)
{
	uint8_t bytes[DUMP_LINE_BYTES];
	int rc = 0;

	r->is_repeated = false;
	if (offset > PCI_CFG_SPACE_EXP_SIZE)
		return bad(r, "config space ends at 0x1000");
	if (!d->bytes || d->size < DUMP_LINE_BYTES || offset <= d->size ||
	    (offset - d->size) % DUMP_LINE_BYTES)
		return bad(r, "an offset behind a '*' that does not continue");
	memcpy(bytes, d->bytes + d->size - DUMP_LINE_BYTES, DUMP_LINE_BYTES);
	while (rc == 0 && d->size < offset)
		rc = append_bytes(r, d, bytes, DUMP_LINE_BYTES);
	return rc;
}

static struct dump_device *last_device(const struct reader *r)
{
	return r->dump->count ? &r->dump->devices[r->dump->count - 1] : NULL;
}

static int take_bytes(struct reader *r, const struct dump_line *line)
{
	int rc = 0;

	if (!r->dump->count && !line->is_hex_dump) {
		rc = bad(r, "bytes before the address of their device");
		error_hint(r->error, "put a line with its address before them, such as '01:00.0'");
		return rc;
	}
	if (!r->dump->count)
		rc = add_nameless(r);
	if (rc == 0 && r->is_repeated)
		rc = repeat(r, last_device(r), line->offset);
	if (rc < 0)
		return rc;
	if (line->offset != last_device(r)->size)
		return bad(r, "the offset does not continue that of the line before");
	r->is_hex_dump = line->is_hex_dump;
	r->has_pairs = r->has_pairs || line->has_pairs;
	r->is_order_shown = r->is_order_shown || line->is_order_shown;
	return append_bytes(r, last_device(r), line->bytes, line->count);
}

/* Behind the bytes of a hex dump; elsewhere it is text. */
static int take_offset(struct reader *r, unsigned long offset)
{
	int rc = 0;

	if (!r->is_hex_dump)
		return 0;
	if (r->is_repeated)
		rc = repeat(r, last_device(r), offset);
	if (rc == 0 && offset != last_device(r)->size)
		rc = bad(r, "the offset does not continue that of the line before");
	r->is_hex_dump = false;
	return rc;
}

static int take_address(struct reader *r, const struct pci_address *address)
{
	if (r->is_repeated)
		return bad(r, "a '*' without an offset behind it");
	r->is_hex_dump = false;
	return add_device(r, address);
}

static int take_line(struct reader *r, const char *text)
{
	struct dump_line line;

	dump_line_parse(text, &line);
	if (line.kind != DUMP_LINE_TEXT)
		r->text.idle = 0;
	switch (line.kind) {
	case DUMP_LINE_ADDRESS:
		return take_address(r, &line.address);
	case DUMP_LINE_DATA:
		return take_bytes(r, &line);
	case DUMP_LINE_OFFSET:
		return take_offset(r, line.offset);
	case DUMP_LINE_REPEAT:
		r->is_repeated = r->is_hex_dump && last_device(r)->size % DUMP_LINE_BYTES == 0;
		return 0;
	case DUMP_LINE_BAD:
		return bad(r, line.problem);
	case DUMP_LINE_TEXT:
		break;
	}
	return 0;
}

static int refuse(const struct reader *r, const char *what)
{
	int rc = error_set(r->error, ERROR_FAILED, "bad-dump", "%s: %s", r->path, what);

	error_hint(r->error, "'lspci -xxxx', as root, writes what is wanted here");
	return rc;
}

static int finish(struct reader *r)
{
	struct dump *dump = r->dump;
	size_t bytes = 0;

	for (size_t i = 0; i < dump->count; i++)
		bytes += dump->devices[i].size;
	if (dump->count == 0)
		return refuse(r, "there is no device in it");
	if (bytes == 0)
		return refuse(r, "there are devices in it, but no bytes of their config space");
	if (r->is_repeated)
		return refuse(r, "a '*' at the end, without an offset behind it");
	if (r->has_pairs && !r->is_order_shown)
		return refuse(r, "pairs of bytes, and nothing shows in which order they are");
	if (dump->is_nameless && bytes < PCI_STD_HEADER_SIZEOF)
		return refuse(r, "these are fewer bytes than a config space has, and no device is named");
	dump_arrange(dump);
	for (size_t i = 1; i < dump->count; i++) {
		char name[PCI_ADDRESS_SIZE];

		if (pci_address_compare(&dump->devices[i - 1].address, &dump->devices[i].address) != 0)
			continue;
		pci_address_format(&dump->devices[i].address, name);
		return error_set(r->error, ERROR_FAILED, "bad-dump", "%s: %s is in it twice", r->path, name);
	}
	return 0;
}

static int read_lines(struct reader *r)
{
	char line[DUMP_TEXT_LINE];
	int rc = 0;
	int got = 1;

	while (rc == 0 && got > 0) {
		got = dump_text_line(&r->text, line);
		r->line++;
		if (got > 0)
			rc = take_line(r, line);
	}
	if (rc < 0)
		return rc;
	if (got == -EILSEQ)
		return bad(r, "binary data, no dump");
	if (got == -EFBIG)
		return bad(r, "text without an end, no dump");
	return got < 0 ? error_errno(r->error, got, "%s", r->path) : finish(r);
}

/* The bytes alone, as `config` in sysfs has them. */
static int take_file(struct reader *r)
{
	const uint8_t *head = r->text.head;
	size_t size = r->text.head_size;
	int rc;

	/* no vendor has 0000 (PCI 3.0 section 6.2.1) */
	if (head[PCI_VENDOR_ID] == 0 && head[PCI_VENDOR_ID + 1] == 0)
		return refuse(r, "binary data, and no config space: its vendor id is 0");
	rc = add_nameless(r);
	for (size_t i = 0; rc == 0 && i < size; i += DUMP_LINE_BYTES)
		rc = append_bytes(r, last_device(r), head + i, DUMP_LINE_BYTES);
	return rc;
}

int dump_read(const char *path, struct dump **dump, struct error *error)
{
	bool is_stdin = strcmp(path, "-") == 0;
	struct reader r = { .path = is_stdin ? "standard input" : path, .error = error };
	FILE *file;
	int rc;

	file = is_stdin ? fd_stream(STDIN_FILENO, "r") : fopen(path, "re");
	if (!file)
		return error_errno(error, -errno, "%s", path);
	r.dump = calloc(1, sizeof(*r.dump));
	dump_text_begin(&r.text, file);
	if (!r.dump)
		rc = error_errno(error, -ENOMEM, "%s", path);
	else
		rc = dump_text_is_bytes(&r.text) ? take_file(&r) : read_lines(&r);
	fclose(file);
	if (rc < 0) {
		dump_free(r.dump);
		return rc;
	}
	*dump = r.dump;
	return 0;
}
