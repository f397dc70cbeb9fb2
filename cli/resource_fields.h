/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The fields of an address range, for the verbs of bar. */
#ifndef PCIETOOL_RESOURCE_FIELDS_H
#define PCIETOOL_RESOURCE_FIELDS_H

#include "cli/writer.h"
#include "core/pci/bar.h"

#define RESOURCE_NAME_SIZE 32

/* "BAR0", "ROM", "VF BAR0", "window memory" */
void resource_name_format(const struct resource *resource, char name[RESOURCE_NAME_SIZE]);

/* In the open object; in the text, when SHOW: "BAR0 mem 16M at 0xe0000000, 64-bit, prefetchable". */
void field_resource(struct writer *w, const struct resource *resource, bool show);

#endif
