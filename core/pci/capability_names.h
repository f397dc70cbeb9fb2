/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The ids of capabilities: setpci's words for operands, and names for people. */
#ifndef PCIETOOL_CAPABILITY_NAMES_H
#define PCIETOOL_CAPABILITY_NAMES_H

#include <stdbool.h>
#include <stddef.h>

struct capability_name {
	unsigned int id;
	const char *word; /* "CAP_EXP", "ECAP_AER" */
	const char *name; /* "PCI Express" */
};

/* In the order of their ids; NULL behind the last. */
const struct capability_name *capability_name_at(bool extended, size_t i);

/* The row of an id; NULL when it is not known. */
const struct capability_name *capability_name_of(bool extended, unsigned int id);

/* Its name, or "capability 0x15", "extended capability 0x0041". */
void capability_name_format(bool extended, unsigned int id, char *text, size_t size);

#endif
