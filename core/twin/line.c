// SPDX-License-Identifier: GPL-2.0-or-later
/* The line is a level: it is told to the client when it rises, and when who looks away looks again. */
#include "core/twin/line.h"

#include <errno.h>

bool line_is_disabled(const struct config_image *c)
{
	return config_image_get16(c, PCI_COMMAND) & PCI_COMMAND_INTX_DISABLE;
}

/* It follows the Interrupt Status bit, PCIe 6.0 section 7.5.1.1.4, unless Interrupt Disable is set (7.5.1.1.3). */
int line_set(struct config_image *c, struct vectors *v, bool asserted, bool no_status)
{
	uint16_t status = config_image_get16(c, PCI_STATUS) & (uint16_t)~PCI_STATUS_INTERRUPT;

	if (asserted && !no_status)
		status |= PCI_STATUS_INTERRUPT;
	config_image_put16(c, PCI_STATUS, status);
	v->intx_asserted = asserted;
	if (!asserted)
		return 0;
	return line_is_disabled(c) ? -ENOENT : vectors_trigger(v, VFIO_PCI_INTX_IRQ_INDEX, 0);
}

void line_unmasked(const struct config_image *c, const struct vectors *v)
{
	if (v->intx_asserted && !line_is_disabled(c))
		vectors_trigger(v, VFIO_PCI_INTX_IRQ_INDEX, 0);
}
