/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The x*_hw.h that Vivado and Vitis HLS write for a kernel, private to the reader of text maps: its comments describe
 * the registers of each AXI-Lite interface, and become rows.
 */
#ifndef PCIETOOL_HLS_HEADER_H
#define PCIETOOL_HLS_HEADER_H

#include "core/regmap/text.h"

bool hls_header_is_one(const char *text, size_t length);
/* Takes all of the map's text. 0, also where problems were noted; -ENOMEM. */
int hls_header_take(struct text_map *t);

#endif
