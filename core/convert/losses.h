/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What is in a map that some format has no words for, counted. */
#ifndef PCIETOOL_LOSSES_H
#define PCIETOOL_LOSSES_H

#include "core/base/text_buffer.h"
#include "core/regmap/regmap.h"

/* As bits, so that a loss may be one of several. */
enum regmap_target {
	REGMAP_TO_TEXT = 0, /* loses nothing */
	REGMAP_TO_SVD = 1 << 0,
	REGMAP_TO_IPXACT = 1 << 1,
	REGMAP_TO_HEADER = 1 << 2,
	REGMAP_TO_MARKDOWN = 1 << 3,
};

/*
 * What of MAP such a file cannot say, for a message: "which BARs, which registers are alternates of others (1)". Adds to TEXT,
 * nothing where it says all. (Words of registers are not in it: pcietool-map(5).)
 */
void regmap_losses(const struct regmap *map, enum regmap_target to, struct text_buffer *text);

#endif
