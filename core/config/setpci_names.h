/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Registers of config space by setpci's names: COMMAND, BASE_ADDRESS_0, CAP_EXP, ECAP_AER; numeric
 * CAP05 and ECAP0001; "@N" picks the Nth of several capabilities of an id, from 0. Upper and lower case
 * are the same.
 */
#ifndef PCIETOOL_CONFIG_NAMES_H
#define PCIETOOL_CONFIG_NAMES_H

#include <stddef.h>

#include "core/pci/device.h"
#include "core/base/error.h"

/*
 * *WIDTH is the register's own in bits, 0 for a capability, which has none. A usage error for an
 * unknown name, with those that are near; unsupported when the device has no such capability or
 * register.
 */
int config_name_resolve(struct device *device, const char *name, unsigned int *offset, unsigned int *width,
			struct error *error);

/*
 * The bits of the header's register of that NAME, which is of WIDTH bits at OFFSET, that a write does not change; 0: there is
 * none of that name there. All of them where it has no others than such and reserved ones. No device is asked.
 */
uint32_t config_name_read_only(const char *name, unsigned int offset, unsigned int width);

/*
 * An operand of config as it is typed, before it is parsed: setpci's ".w" is answered with the operand to type, and a
 * decimal above 9 beside one of its names, which setpci reads as hexadecimal, is refused with both readings.
 */
int config_name_check_form(const char *operand, struct error *error);

/* All names, in the order of --dumpregs; NULL behind the last. For completion. */
const char *config_name_at(size_t i);

#endif
