/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One access by the text of its operand, for whoever makes few: everything is opened for it, and closed again, so that
 * decoding, a driver, a BAR's address or a buffer that changed since the last one are seen.
 */
#ifndef PCIETOOL_ACCESS_ONCE_H
#define PCIETOOL_ACCESS_ONCE_H

#include "core/access/access.h"

/* REF; *BITS, which may be NULL, is how many its value has. */
int access_read_once(struct device *device, enum access_space space, const char *ref, uint64_t *value,
		     unsigned int *bits, struct error *error);
/* ASSIGN */
int access_write_once(struct device *device, enum access_space space, const char *assign,
		      struct error *error);

/* The same of a register or field by its name, whose block has to be there: access_need_there(). */
int access_read_item_once(struct device *device, enum access_space space, const char *name, uint64_t *value,
			  unsigned int *bits, struct error *error);
int access_write_item_once(struct device *device, enum access_space space, const char *assign,
			   struct error *error);

#endif
