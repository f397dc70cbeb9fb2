// SPDX-License-Identifier: GPL-2.0-or-later
/* A file as lines of ASCII, however it was kept. */
#include "core/pci/dump_text.h"

#include <errno.h>
#include <string.h>

/* More text than lspci -vvv has of any device: with nothing in it, what was given is no dump, however long it is. */
#define IDLE_MAX (16u << 20)

#define NO_CHARACTER (-2) /* what has no width */
#define BINARY (-3)
#define OTHER '?'

/* Unicode's blanks (White_Space) that a terminal, a browser or an editor puts in the place of one, and what has no width. */
static int character(uint32_t c)
{
	if (c == 0xa0 || (c >= 0x2000 && c <= 0x200a) || c == 0x202f || c == 0x205f || c == 0x3000)
		return ' ';
	if ((c >= 0x200b && c <= 0x200f) || c == 0x2060 || c == 0xfeff)
		return NO_CHARACTER;
	if (c >= 0x80)
		return OTHER;
	if (c == '\t' || c == '\r' || c == '\f')
		return ' ';
	return c >= ' ' || c == '\n' ? (int)c : BINARY;
}

/* --- bytes ------------------------------------------------------------------------------------------- */

static int next_byte(struct dump_text *t)
{
	int c = t->back;

	if (c != EOF)
		t->back = EOF;
	else if (t->next < t->head_size)
		c = t->head[t->next++];
	else
		c = getc_unlocked(t->file);
	if (c != EOF)
		t->idle++;
	return c;
}

static void put_back(struct dump_text *t, int c)
{
	t->back = c;
	if (c != EOF)
		t->idle--;
}

/* UTF-16 without its mark: pairs of a character of ASCII and a zero, more of them than a header has by chance. */
static bool is_plain_utf16(const uint8_t *head, size_t size, size_t zero)
{
	if (size < 32)
		return false;
	for (size_t i = 0; i < 32; i++) {
		bool is_zero = i % 2 == zero;

		if (is_zero ? head[i] != 0 : head[i] >= 0x80 || character(head[i]) < 0)
			return false;
	}
	return true;
}

void dump_text_begin(struct dump_text *t, FILE *file)
{
	t->file = file;
	t->encoding = DUMP_UTF8;
	t->next = 0;
	t->back = EOF;
	t->idle = 0;
	t->head_size = fread(t->head, 1, sizeof(t->head), file);
	if (t->head_size >= 2 && t->head[0] == 0xff && t->head[1] == 0xfe)
		t->encoding = DUMP_UTF16LE;
	else if (t->head_size >= 2 && t->head[0] == 0xfe && t->head[1] == 0xff)
		t->encoding = DUMP_UTF16BE;
	else if (is_plain_utf16(t->head, t->head_size, 1))
		t->encoding = DUMP_UTF16LE;
	else if (is_plain_utf16(t->head, t->head_size, 0))
		t->encoding = DUMP_UTF16BE;
}

bool dump_text_is_bytes(const struct dump_text *t)
{
	size_t size = t->head_size;
	size_t ones = 0;

	if (t->encoding != DUMP_UTF8)
		return false;
	if (size != PCI_STD_HEADER_SIZEOF && size != PCI_CFG_SPACE_SIZE && size != PCI_CFG_SPACE_EXP_SIZE)
		return false;
	while (ones < size && t->head[ones] == 0xff)
		ones++;
	return ones == size || memchr(t->head, '\0', size);
}

/* --- characters -------------------------------------------------------------------------------------- */

/* EOF, or one as character() has it. What is no UTF-8 is of an 8-bit encoding, all of which have 0xa0 in one place. */
static int next_utf8(struct dump_text *t)
{
	int first = next_byte(t);
	unsigned int more = 0;
	uint32_t value;

	if (first < 0x80)
		return first == EOF ? EOF : character((uint32_t)first);
	if (first >= 0xc2 && first <= 0xdf)
		more = 1;
	else if (first >= 0xe0 && first <= 0xef)
		more = 2;
	value = (uint32_t)first & (more == 1 ? 0x1f : more == 2 ? 0x0f : 0xff);
	for (; more > 0; more--) {
		int c = next_byte(t);

		if (c == EOF || (c & 0xc0) != 0x80) {
			put_back(t, c);
			return OTHER;
		}
		value = value << 6 | ((uint32_t)c & 0x3f);
	}
	return character(value);
}

static int next_utf16(struct dump_text *t)
{
	int first = next_byte(t);
	int second = first == EOF ? EOF : next_byte(t);

	if (first == EOF)
		return EOF;
	if (second == EOF)
		return BINARY;
	return character(t->encoding == DUMP_UTF16LE ? (uint32_t)(second << 8 | first)
						     : (uint32_t)(first << 8 | second));
}

int dump_text_line(struct dump_text *t, char line[DUMP_TEXT_LINE])
{
	size_t n = 0;
	bool any = false;
	int c;

	for (;;) {
		c = t->encoding == DUMP_UTF8 ? next_utf8(t) : next_utf16(t);
		if (c == EOF || c == '\n' || c == BINARY)
			break;
		any = true;
		if (t->idle > IDLE_MAX)
			return -EFBIG;
		if (c != NO_CHARACTER && n < DUMP_TEXT_LINE - 1)
			line[n++] = (char)c;
	}
	line[n] = '\0';
	if (c == BINARY)
		return -EILSEQ;
	if (c == EOF && ferror(t->file))
		return errno ? -errno : -EIO;
	return c != EOF || any ? 1 : 0;
}
