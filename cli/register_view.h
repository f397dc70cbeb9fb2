/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How registers, their fields and values are shown, by every verb that shows them. */
#ifndef PCIETOOL_REGISTER_VIEW_H
#define PCIETOOL_REGISTER_VIEW_H

#include "cli/writer.h"
#include "core/access/register_list.h"

/* Digits that a value of BITS bits is padded to. */
int register_digits(unsigned int bits);

/*
 * "value", and "enum" where it has a name, null where others have one (in schema 1, also where none has); text: LABEL, the
 * value, the name behind it.
 */
void register_view_value(struct writer *w, const char *label, const struct regmap *map,
			 const struct regmap_item *item, unsigned int bits, uint64_t value);

/* "7:4", or "3". */
#define REGISTER_BITS_SIZE 24
void register_bits(unsigned int lsb, unsigned int bits, char text[static REGISTER_BITS_SIZE]);

/* A field's part of two values of its register: "MODE 0x1 slow -> 0x2 fast". */
void register_view_change(struct writer *w, const struct regmap *map, const struct regmap_register *reg,
			  const struct regmap_field *field, uint64_t old, uint64_t new);
/*
 * "fields": name, lsb, bits, value, enum; text: an indented line for each. WAS_READ: of a write-only field VALUE says nothing,
 * so it is null.
 */
void register_view_fields(struct writer *w, const struct regmap *map, const struct regmap_register *reg,
			  uint64_t value, bool was_read);

/* "left_out": name and reason of what was not read, of COUNT lists; text: nothing. And one warning. */
void register_view_left_out(struct writer *w, const struct context *ctx, const struct register_list *lists,
			    size_t count);

/* Where values start, so that those of a list stand below each other. */
int register_view_column(const struct register_list *list);

#endif
