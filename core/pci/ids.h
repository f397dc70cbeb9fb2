/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Names for ids, from udev's hwdb, and from pci.ids where that has none, and for subsystems. This is the only place
 * that knows libpci. Where it, or both lists, are not there every name is unknown, with a reason; nothing else
 * suffers. The network is never asked.
 */
#ifndef PCIETOOL_NAMES_H
#define PCIETOOL_NAMES_H

#include <stdint.h>

#include "core/base/context.h"
#include "core/pci/fact.h"

struct names;

/*
 * Loads the library; the text of pci.ids when it is first wanted, some 10 ms. Below a sysroot the list in there is
 * taken and the hwdb is not, if it has one. *NAMES is the caller's to close; -ENOMEM is the only failure.
 */
int names_open(const struct context *ctx, struct names **names);
void names_close(struct names *names); /* accepts NULL */

/* NAMES NULL: none are wanted, and that is the reason given. */
void names_vendor(struct names *names, unsigned int vendor, struct fact_text *name);
void names_device(struct names *names, unsigned int vendor, unsigned int device, struct fact_text *name);
/* The subsystem's own name; its vendor's is asked with names_vendor. */
void names_subsystem(struct names *names, unsigned int vendor, unsigned int device, unsigned int subvendor,
		     unsigned int subdevice, struct fact_text *name);
void names_class(struct names *names, unsigned int class_id, struct fact_text *name); /* 16 bits */

#endif
