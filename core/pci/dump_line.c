// SPDX-License-Identifier: GPL-2.0-or-later
/* What one line of a dump says. */
#include "core/pci/dump_line.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

/* From here on an offset is a hex dump's: lspci's have two digits or three, xxd's and hexdump's eight, od's six. */
#define HEX_DUMP_DIGITS 6

/* Words before the time in a log ("Nov 28 18:09:11", "[Sat Nov 28 18:09:11 2026]"), and behind it ("host lspci[12]:"). */
#define WORDS_BEFORE_TIME 3
#define WORDS_AFTER_TIME 3

/* What stands before it on the line. */
enum before { BEFORE_NOTHING, BEFORE_MARKS, BEFORE_LOG };

static bool is_blank(char c)
{
	return isspace((unsigned char)c) != 0;
}

static bool is_hex(char c)
{
	return isxdigit((unsigned char)c) != 0;
}

static const char *skip_blanks(const char *text)
{
	while (is_blank(*text))
		text++;
	return text;
}

static const char *skip_word(const char *text)
{
	while (*text && !is_blank(*text))
		text++;
	return skip_blanks(text);
}

static size_t hex_digits(const char *text)
{
	size_t n = 0;

	while (is_hex(text[n]))
		n++;
	return n;
}

/* At most DIGITS hexadecimal digits, and not more than 8. */
static bool hex(const char **text, unsigned int digits, unsigned long *value)
{
	char word[9] = "";
	unsigned int n = 0;

	while (n < digits && n < sizeof(word) - 1 && is_hex((*text)[n])) {
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
	if (n < 2 || *text++ != '.' || !hex(&text, 1, &part[n]) || (*text && !is_blank(*text)))
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

/* --- bytes ------------------------------------------------------------------------------------------- */

static bool letter_fits(char letter, uint8_t byte)
{
	bool is_printable = byte >= 0x20 && byte < 0x7f;

	return is_printable ? letter == (char)byte : letter == '.' || letter == '?' || letter == ' ';
}

/* The bytes as characters, as they stand beside them; a blank at the end may be lost. SWAP: of pairs the other first. */
static bool letters_fit(const char *letters, size_t n, const struct dump_line *line, bool swap)
{
	for (size_t i = 0; i < line->count; i++) {
		size_t other = swap && (i ^ 1) < line->count ? i ^ 1 : i;

		if (!letter_fits(i < n ? letters[i] : ' ', line->bytes[other]))
			return false;
	}
	return n <= line->count || skip_blanks(letters + line->count) >= letters + n;
}

/* "|...|" of hexdump, ">...<" of od, "*...*" of EFI's shell, or bare, as xxd and U-Boot have them; or nothing. */
static bool scan_letters(const char *text, struct dump_line *line)
{
	static const char frames[] = "||><**";
	const char *bare = skip_blanks(text);
	size_t n = strlen(bare);

	while (n > 0 && is_blank(bare[n - 1]))
		n--;
	if (n == 0)
		return !line->has_pairs;
	for (const char *f = frames; *f; f += 2) {
		if (n < 2 || n != line->count + 2 || bare[0] != f[0] || bare[n - 1] != f[1])
			continue;
		if (letters_fit(bare + 1, n - 2, line, false)) {
			line->is_order_shown = !letters_fit(bare + 1, n - 2, line, true);
			return true;
		}
	}
	/* bare ones begin two blanks behind the bytes, which may be the letters of blanks */
	for (size_t shift = 0; text + shift <= bare; shift++) {
		n = strlen(text + shift);
		if (letters_fit(text + shift, n, line, false)) {
			line->is_order_shown = !letters_fit(text + shift, n, line, true);
			return true;
		}
	}
	return false;
}

/* Behind the byte or pair: one blank, between the eighth and the ninth two or a '-'; NULL: here they end. */
static const char *next_group(const char *text, size_t count)
{
	if (count == 8 && (*text == '-' || (text[0] == ' ' && text[1] == ' ')) &&
	    is_hex(text[*text == '-' ? 1 : 2]))
		text += *text == '-' ? 0 : 1;
	else if (*text != ' ')
		return NULL;
	return is_hex(text[1]) ? text + 1 : NULL;
}

/* What stands between blanks, or before a '-': so many hexadecimal digits and nothing else; 0: something else. */
static size_t group_digits(const char *text)
{
	size_t n = hex_digits(text);

	return !text[n] || is_blank(text[n]) || text[n] == '-' ? n : 0;
}

static bool take_group(const char **text, size_t digits, struct dump_line *line)
{
	unsigned long value;

	for (; digits > 0; digits -= 2) {
		if (line->count == DUMP_LINE_BYTES)
			return false;
		hex(text, 2, &value);
		line->bytes[line->count++] = (uint8_t)value;
	}
	return true;
}

static bool scan_bytes(const char *text, struct dump_line *line)
{
	const size_t digits = group_digits(text);
	const char *end = text;

	line->has_pairs = digits == 4;
	while (text) {
		size_t n = group_digits(text);

		/* of pairs the last may be a byte */
		if (n != digits && !(n == 2 && line->has_pairs))
			break;
		if (!take_group(&text, n, line))
			return false;
		end = text;
		text = next_group(text, line->count);
	}
	return line->count > 0 && scan_letters(end, line);
}

/* TEXT is what stands behind the offset. */
static enum dump_line_kind scan_data(const char *text, struct dump_line *line)
{
	size_t digits = group_digits(text);

	if (digits > 2 && digits != 4) {
		line->problem = "words, not bytes, and nothing says in which order their bytes are: "
				"'xxd -g1' and 'hexdump -C' write bytes";
		return DUMP_LINE_BAD;
	}
	if ((digits == 2 || digits == 4) && scan_bytes(text, line))
		return DUMP_LINE_DATA;
	line->problem = "a line of bytes that is none: OFFSET: and up to 16 of two digits";
	if (line->has_pairs)
		line->problem = "pairs of bytes whose letters are missing, or those of other bytes "
				"('xxd -e'?): 'xxd -g1' writes bytes";
	else if (line->count > 0 && skip_blanks(text)[0] && line->is_hex_dump)
		line->problem = "more than 16 bytes, or letters beside them that are those of others";
	return DUMP_LINE_BAD;
}

/*
 * Is what stands behind an offset, TEXT, meant as bytes? At the begin of a line whatever it is; further behind it could be
 * the language of people.
 */
static bool is_data(const char *text, enum before before, bool has_colon, bool has_0x, bool is_hex_dump)
{
	size_t first = group_digits(text);

	if (before == BEFORE_NOTHING && has_colon && !has_0x)
		return true;
	if (first == 2)
		return has_colon || is_hex_dump;
	if (is_hex_dump && first > 2)
		return has_colon || first == group_digits(skip_word(text));
	return first > 0 && (has_0x || (has_colon && before != BEFORE_LOG));
}

/* "OFFSET: BYTES" or, of a hex dump, "OFFSET BYTES". */
static enum dump_line_kind scan_offset(const char *text, enum before before, struct dump_line *line)
{
	bool has_0x = text[0] == '0' && (text[1] == 'x' || text[1] == 'X');
	bool has_colon;
	size_t digits;

	text += has_0x ? 2 : 0;
	digits = hex_digits(text);
	if (digits < 2 || digits > 8)
		return DUMP_LINE_TEXT;
	line->is_hex_dump = digits >= HEX_DUMP_DIGITS;
	hex(&text, 8, &line->offset);
	has_colon = *text == ':';
	text += has_colon ? 1 : 0;
	if (!*skip_blanks(text) && line->is_hex_dump)
		return DUMP_LINE_OFFSET;
	if (!is_blank(*text) || !is_data(skip_blanks(text), before, has_colon, has_0x, line->is_hex_dump))
		return DUMP_LINE_TEXT;
	return scan_data(skip_blanks(text), line);
}

/* --- what stands before it --------------------------------------------------------------------------- */

/* "18:09:11" with what may follow in it: a part of a second, a zone; behind a date and 'T' too. */
static bool is_time(const char *word)
{
	static const char form[] = "00:00:00";
	const char *text = word;

	for (const char *t = word; *t && !is_blank(*t); t++) {
		if (*t == 'T')
			text = t + 1;
	}
	for (size_t i = 0; form[i]; i++) {
		if (form[i] == '0' ? !isdigit((unsigned char)text[i]) : text[i] != form[i])
			return false;
	}
	return text[8] == '\0' || is_blank(text[8]) || strchr(".,+-Z]", text[8]);
}

/* Behind the time of a log: "18:09:11", "[   12.345678]" or "[   12.345678][  T99]"; NULL: there is none. */
static const char *behind_time(const char *text)
{
	if (*text == '[') {
		while (*text == '[' && strchr(text, ']'))
			text = strchr(text, ']') + 1;
		return is_blank(*text) ? skip_blanks(text) : NULL;
	}
	for (unsigned int i = 0; i <= WORDS_BEFORE_TIME && *text; i++) {
		bool found = is_time(text);

		text = skip_word(text);
		if (found)
			return text;
	}
	return NULL;
}

static enum dump_line_kind scan(const char *text, enum before before, struct dump_line *line)
{
	*line = (struct dump_line){ .kind = DUMP_LINE_TEXT };
	if (scan_address(text, &line->address))
		return DUMP_LINE_ADDRESS;
	if (text[0] == '*' && !*skip_blanks(text + 1))
		return DUMP_LINE_REPEAT;
	return scan_offset(text, before, line);
}

void dump_line_parse(const char *text, struct dump_line *line)
{
	const char *start = text;

	while (is_blank(*text) || *text == '>' || *text == '|')
		text++;
	line->kind = scan(text, text == start ? BEFORE_NOTHING : BEFORE_MARKS, line);
	if (line->kind != DUMP_LINE_TEXT)
		return;
	text = behind_time(text);
	for (unsigned int i = 0; text && *text && i <= WORDS_AFTER_TIME; i++) {
		line->kind = scan(text, BEFORE_LOG, line);
		if (line->kind != DUMP_LINE_TEXT)
			return;
		text = skip_word(text);
	}
}
