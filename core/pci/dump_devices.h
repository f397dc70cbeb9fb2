/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a dump's devices are brought into once all are read; what is asked of them then is in dump.h. */
#ifndef PCIETOOL_DUMP_DEVICES_H
#define PCIETOOL_DUMP_DEVICES_H

#include "core/pci/dump.h"

/* In order of address, with PHYSICAL and VIRTUAL_ID, which SR-IOV of the physical functions tells. */
void dump_arrange(struct dump *dump);

#endif
