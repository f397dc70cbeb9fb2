/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which virtual functions of a dump are whose: what SR-IOV of the physical ones says of their addresses and their id. */
#ifndef PCIETOOL_DUMP_VIRTUAL_H
#define PCIETOOL_DUMP_VIRTUAL_H

#include "core/pci/dump.h"

/* Fills in PHYSICAL and VIRTUAL_ID of the devices, which are in order of address. */
void dump_virtual_connect(struct dump *dump);

#endif
