// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/convert/xml_out.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

static void indent(struct xml_out *xml)
{
	for (int i = 0; i < xml->depth; i++)
		text_buffer_string(&xml->text, "  ");
}

static void tag(struct xml_out *xml, const char *start, const char *element, const char *end)
{
	text_buffer_string(&xml->text, start);
	text_buffer_string(&xml->text, xml->prefix);
	text_buffer_string(&xml->text, element);
	text_buffer_string(&xml->text, end);
}

void xml_begin_with(struct xml_out *xml, const char *element, const char *attribute, const char *value)
{
	indent(xml);
	tag(xml, "<", element, value ? " " : ">\n");
	if (value)
		text_buffer_format(&xml->text, "%s=\"%s\">\n", attribute, value);
	xml->depth++;
}

void xml_begin(struct xml_out *xml, const char *element)
{
	xml_begin_with(xml, element, NULL, NULL);
}

void xml_end(struct xml_out *xml, const char *element)
{
	xml->depth--;
	indent(xml);
	tag(xml, "</", element, ">\n");
}

/* XML 1.0, section 2.2 */
static bool is_char(uint32_t c)
{
	return c == '\t' || (c >= 0x20 && c < 0xd800) || (c >= 0xe000 && c < 0xfffe) ||
	       (c >= 0x10000 && c < 0x110000);
}

/* RFC 3629: bytes of the character at TEXT, of the shortest form; 0: there is none that XML can hold. */
static size_t char_length(const char *text)
{
	static const uint32_t smallest[] = { 0, 0, 0x80, 0x800, 0x10000 };
	const unsigned char *t = (const unsigned char *)text;
	size_t n = t[0] < 0x80 ? 1 : t[0] >= 0xf0 ? 4 : t[0] >= 0xe0 ? 3 : t[0] >= 0xc0 ? 2 : 0;
	uint32_t c = n > 1 ? t[0] & (0xffu >> (n + 1)) : t[0];

	for (size_t i = 1; i < n; i++) {
		if ((t[i] & 0xc0) != 0x80)
			return 0;
		c = c << 6 | (t[i] & 0x3f);
	}
	return n && t[0] < 0xf8 && c >= smallest[n] && is_char(c) ? n : 0;
}

static void put_escaped(struct xml_out *xml, const char *text)
{
	while (*text) {
		size_t n = char_length(text);
		/* section 2.4 */
		const char *entity = n == 0	    ? "\xef\xbf\xbd"
				     : *text == '&' ? "&amp;"
				     : *text == '<' ? "&lt;"
				     : *text == '>' ? "&gt;"
						    : NULL;

		if (entity)
			text_buffer_string(&xml->text, entity);
		else
			text_buffer_add(&xml->text, text, n);
		text += n ? n : 1;
	}
}

void xml_leaf(struct xml_out *xml, const char *element, const char *text)
{
	if (!text || !text[0])
		return;
	indent(xml);
	tag(xml, "<", element, ">");
	put_escaped(xml, text);
	tag(xml, "</", element, ">\n");
}

void xml_format(struct xml_out *xml, const char *element, const char *format, ...)
{
	char text[256];
	va_list ap;

	va_start(ap, format);
	vsnprintf(text, sizeof(text), format, ap);
	va_end(ap);
	xml_leaf(xml, element, text);
}
