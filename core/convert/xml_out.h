/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Elements of XML for whoever writes a map as that, private to write_*.c. */
#ifndef PCIETOOL_REGMAP_XML_OUT_H
#define PCIETOOL_REGMAP_XML_OUT_H

#include "core/base/text_buffer.h"

struct xml_out {
	struct text_buffer text;
	int depth; /* of the open elements */
	const char *prefix; /* in front of all names, with its colon; "": none */
};

void xml_begin(struct xml_out *xml, const char *element);
/* With an attribute, whose VALUE needs no escaping; NULL: without. */
void xml_begin_with(struct xml_out *xml, const char *element, const char *attribute, const char *value);
void xml_end(struct xml_out *xml, const char *element);
/* <ELEMENT>TEXT</ELEMENT>; TEXT NULL or empty: nothing. What XML cannot hold becomes U+FFFD. */
void xml_leaf(struct xml_out *xml, const char *element, const char *text);
/* The same of less than 256 characters. */
void xml_format(struct xml_out *xml, const char *element, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

#endif
