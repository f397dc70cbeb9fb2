/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a file is that is no register map: people bring what their tools wrote. Knows how files begin, and no device. */
#ifndef PCIETOOL_REGMAP_FORMAT_H
#define PCIETOOL_REGMAP_FORMAT_H

#include <stddef.h>

/*
 * What a file with this TEXT, NUL-terminated, is and what can be done with it, for a message; NULL: not recognized. Not
 * to be asked of a text map.
 */
const char *format_of_text(const char *text, size_t length);
/* The same of an XML file whose outermost element is called NAME, with its prefix. Never NULL. */
const char *format_of_root(const char *name);

#endif
