/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Elements of XML, indented. Private to regmap_write_svd*.c. */
#ifndef PCIETOOL_REGMAP_WRITE_XML_H
#define PCIETOOL_REGMAP_WRITE_XML_H

#include "core/regmap/regmap_write_buffer.h"

struct xml {
	struct write_buffer buffer;
	int depth; /* of the open elements */
};

void xml_begin(struct xml *xml, const char *element);
void xml_end(struct xml *xml, const char *element);
/* <ELEMENT>TEXT</ELEMENT>; TEXT NULL or empty: nothing. What XML cannot hold becomes U+FFFD. */
void xml_leaf(struct xml *xml, const char *element, const char *text);
/* The same of less than 256 characters. */
void xml_format(struct xml *xml, const char *element, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

#endif
