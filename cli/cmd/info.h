/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How `info` shows a device; its options and its files are in info.c. */
#ifndef PCIETOOL_INFO_H
#define PCIETOOL_INFO_H

#include "cli/writer.h"
#include "core/survey/info.h"

/* All fields, in an open document. */
void info_write(struct writer *w, const struct device_info *info);

#endif
