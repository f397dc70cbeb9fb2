/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How `info` shows a device (info_fields.c) and what its ROM and VPD hold (info_images.c); its options are in info.c. */
#ifndef PCIETOOL_INFO_H
#define PCIETOOL_INFO_H

#include "cli/writer.h"
#include "core/survey/info.h"
#include "core/survey/rom.h"
#include "core/survey/vpd.h"

/* All fields, in an open document. */
void info_write(struct writer *w, const struct device_info *info);

/* As "vpd" and "rom_content". Without serial numbers, what tells one card from others of its kind is "xxxx". */
void info_write_vpd(struct writer *w, const struct vpd *vpd, bool with_serials);
void info_write_rom(struct writer *w, const struct rom *rom, const struct device_ids *ids);

#endif
