/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The INTx line of a device, and the bit that shows it. */
#ifndef PCIETOOL_TWIN_LINE_H
#define PCIETOOL_TWIN_LINE_H

#include "core/twin/config_image.h"
#include "core/twin/vectors.h"

/* Asserts it, or no more; NO_STATUS: Interrupt Status stays 0. 0 where an interrupt went out; -ENOENT: none, or it is off. */
int line_set(struct config_image *config, struct vectors *vectors, bool asserted, bool no_status);
/* It was unmasked, by the client or by Interrupt Disable: an interrupt where it is still asserted. */
void line_unmasked(const struct config_image *config, const struct vectors *vectors);
/* PCIe 6.0 section 7.5.1.1.3: Interrupt Disable */
bool line_is_disabled(const struct config_image *config);

#endif
