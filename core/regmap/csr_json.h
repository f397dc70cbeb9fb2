/* SPDX-License-Identifier: GPL-2.0-or-later */
/* LiteX's csr.json, private to the reader of text maps: the same as csr.csv, whose rows it becomes. */
#ifndef PCIETOOL_CSR_JSON_H
#define PCIETOOL_CSR_JSON_H

#include "core/regmap/text.h"

/* Does the map's text begin as JSON does? */
bool csr_json_is_one(const char *text, size_t length);
/* Takes all of the map's text. What is wrong in it is noted as a problem; -errno with ERROR: no memory, no library. */
int csr_json_take(struct text_map *t, struct error *error);

#endif
