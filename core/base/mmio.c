// SPDX-License-Identifier: GPL-2.0-or-later
/* Accesses of a width to mapped registers, and which widths this build has as one load or store. */
#include "core/base/mmio.h"

int mmio_no_width(const char *device, const char *object, unsigned int width, struct error *error)
{
	int rc = error_set(error, ERROR_UNSUPPORTED, "width",
			   "%s%s%s: this build for 32 bits has no single access of %u bits on this processor",
			   device ? device : "", device ? ": " : "", object, width);

	error_hint(error, "-w 32 or /32 where the device takes two accesses, or pcietool built for 64 bits");
	return rc;
}
