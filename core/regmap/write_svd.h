/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What is in a register's element of SVD. Private to regmap_write_svd*.c. */
#ifndef PCIETOOL_REGMAP_WRITE_SVD_H
#define PCIETOOL_REGMAP_WRITE_SVD_H

#include "core/regmap/write_xml.h"

/* The part of a register that becomes one of SVD: all of it where it has one word. */
struct svd_word {
	unsigned int lsb;
	unsigned int bits;
};

/* In the order of the schema: access; modifiedWriteValues, writeConstraint, readAction; fields. */
void svd_put_access(struct xml *xml, const struct regmap *map, const struct regmap_register *reg,
		    const struct svd_word *word);
/* SPLIT: what is written to the whole is not what is written to a word. */
void svd_put_effects(struct xml *xml, const struct regmap_register *reg, bool split);
void svd_put_fields(struct xml *xml, const struct regmap *map, const struct regmap_register *reg,
		    const struct svd_word *word);

#endif
