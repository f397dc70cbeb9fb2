// SPDX-License-Identifier: GPL-2.0-or-later
/* Config spaces in lspci's text. Knows no device. */
#include "core/pci/dump.h"

#include <ctype.h>
#include <errno.h>
#include <linux/pci_regs.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/array.h"

/* The longest line that means something, "fff0: " and 16 bytes, is far shorter; the rest of a longer one is text. */
#define LINE_SIZE 256

/* More text than lspci -vvv has of any device: with nothing in it, what was given is no dump, however long it is. */
#define TEXT_MAX (16u << 20)

struct reader {
	const char *path;
	FILE *file;
	unsigned long line;
	size_t text; /* bytes since the last line that was something */
	struct dump *dump;
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

/* At most DIGITS hexadecimal digits. */
static bool hex(const char **text, unsigned int digits, unsigned long *value)
{
	char word[9] = "";
	unsigned int n = 0;

	while (n < digits && n < sizeof(word) - 1 && isxdigit((unsigned char)(*text)[n])) {
		word[n] = (*text)[n];
		n++;
	}
	*value = strtoul(word, NULL, 16);
	*text += n;
	return n > 0;
}

/* "[DDDD:]BB:DD.F", and a blank or the end. */
static bool scan_address(const char *text, struct pci_address *address)
{
	unsigned long part[4] = { 0 };
	unsigned int n = 0;

	while (n < 3 && hex(&text, 8, &part[n])) {
		n++;
		if (*text != ':')
			break;
		text++;
	}
	if (n < 2 || *text++ != '.' || !hex(&text, 1, &part[n]) || (*text && !isspace((unsigned char)*text)))
		return false;
	if (part[n] > 7 || part[n - 1] > 0x1f || part[n - 2] > 0xff)
		return false;
	*address = (struct pci_address){
		.domain = n == 3 ? (uint32_t)part[0] : 0,
		.bus = (uint8_t)part[n - 2],
		.device = (uint8_t)part[n - 1],
		.function = (uint8_t)part[n],
	};
	return true;
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

/* The bytes behind "OFFSET:"; false: the line is something else. */
static bool scan_bytes(const char *text, uint8_t bytes[DUMP_LINE_BYTES], size_t *count)
{
	unsigned long value;

	*count = 0;
	while (*text == ' ' && isxdigit((unsigned char)text[1]) && isxdigit((unsigned char)text[2])) {
		if (*count == DUMP_LINE_BYTES)
			return false;
		text++;
		hex(&text, 2, &value);
		bytes[(*count)++] = (uint8_t)value;
	}
	while (isspace((unsigned char)*text))
		text++;
	return *text == '\0' && *count > 0;
}

static int add_bytes(struct reader *r, unsigned long offset, const uint8_t *bytes, size_t count)
{
	struct dump_device *d = r->dump->count ? &r->dump->devices[r->dump->count - 1] : NULL;

	if (!d)
		return bad(r, "bytes before the address of their device");
	if (offset != d->size)
		return bad(r, "the offset does not continue that of the line before");
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

static int take_line(struct reader *r, const char *text)
{
	uint8_t bytes[DUMP_LINE_BYTES];
	struct pci_address address;
	const char *start = text;
	unsigned long offset;
	size_t count;

	if (scan_address(text, &address)) {
		r->text = 0;
		return add_device(r, &address);
	}
	/* lines of text begin with a tab; at least two digits, and a blank: as lspci has it */
	if (!hex(&text, 8, &offset) || text - start < 2 || text[0] != ':' || text[1] != ' ')
		return 0;
	if (!scan_bytes(text + 1, bytes, &count))
		return bad(r, "a line of bytes that is none: OFFSET: and up to 16 of two digits");
	r->text = 0;
	return add_bytes(r, offset, bytes, count);
}

/* Is it text? Names of devices may hold any language's characters. */
static bool is_text(const char *line, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		unsigned char c = (unsigned char)line[i];

		if (c < ' ' && c != '\t' && c != '\r' && c != '\n')
			return false;
	}
	return true;
}

/* A line, cut at LINE_SIZE - 1 bytes, its length in *LENGTH; false: the end. NUL bytes are kept. */
static bool read_line(struct reader *r, char line[LINE_SIZE], size_t *length)
{
	int c = EOF;

	*length = 0;
	while ((c = getc_unlocked(r->file)) != EOF && c != '\n') {
		if (*length < LINE_SIZE - 1)
			line[(*length)++] = (char)c;
		/* the rest of a line without end is not worth reading when it is no text, or no dump */
		if (c == '\0' || ++r->text > TEXT_MAX)
			break;
	}
	line[*length] = '\0';
	r->line++;
	return c != EOF || *length > 0;
}

static int by_address(const void *a, const void *b)
{
	return pci_address_compare(&((const struct dump_device *)a)->address,
				   &((const struct dump_device *)b)->address);
}

static int finish(struct reader *r)
{
	struct dump *dump = r->dump;

	if (dump->count == 0) {
		int rc = error_set(r->error, ERROR_FAILED, "bad-dump", "%s: there is no device in it",
				   r->path);

		error_hint(r->error, "'lspci -xxxx', as root, writes what is wanted here");
		return rc;
	}
	qsort(dump->devices, dump->count, sizeof(*dump->devices), by_address);
	for (size_t i = 1; i < dump->count; i++) {
		char name[PCI_ADDRESS_SIZE];

		if (by_address(&dump->devices[i - 1], &dump->devices[i]) != 0)
			continue;
		pci_address_format(&dump->devices[i].address, name);
		return error_set(r->error, ERROR_FAILED, "bad-dump", "%s: %s is in it twice", r->path, name);
	}
	return 0;
}

static int read_lines(struct reader *r)
{
	char line[LINE_SIZE] = "";
	size_t length;
	int rc = 0;

	while (rc == 0 && read_line(r, line, &length)) {
		rc = is_text(line, length) ? take_line(r, line) : bad(r, "binary data, no dump");
		if (rc == 0 && r->text > TEXT_MAX)
			rc = bad(r, "text without an end, no dump");
	}
	if (rc == 0 && ferror(r->file))
		rc = error_errno(r->error, error_last(), "%s", r->path);
	return rc == 0 ? finish(r) : rc;
}

int dump_read(const char *path, struct dump **dump, struct error *error)
{
	bool is_stdin = strcmp(path, "-") == 0;
	struct reader r = { .path = is_stdin ? "standard input" : path, .error = error };
	int rc;

	r.file = is_stdin ? stdin : fopen(path, "re");
	if (!r.file)
		return error_errno(error, -errno, "%s", path);
	r.dump = calloc(1, sizeof(*r.dump));
	rc = r.dump ? read_lines(&r) : error_errno(error, -ENOMEM, "%s", path);
	if (!is_stdin)
		fclose(r.file);
	if (rc < 0) {
		dump_free(r.dump);
		return rc;
	}
	*dump = r.dump;
	return 0;
}

const struct dump_device *dump_find(const struct dump *dump, const struct pci_address *address)
{
	const struct dump_device key = { .address = *address };

	return bsearch(&key, dump->devices, dump->count, sizeof(*dump->devices), by_address);
}
