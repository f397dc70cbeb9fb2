/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the writers share. */
#ifndef PCIETOOL_CONVERT_INTERNAL_H
#define PCIETOOL_CONVERT_INTERNAL_H

#include "core/base/text_buffer.h"
#include "core/convert/convert.h"

/* --- write_text.c ------------------------------------------------------------------------------------- */

/* Gives TEXT to PUT, piece by piece until one fails, and frees it. 0 or -errno with ERROR filled. */
int regmap_write_out(const struct regmap *map, struct text_buffer *text, regmap_put put, void *data,
		     struct error *error);

#endif
