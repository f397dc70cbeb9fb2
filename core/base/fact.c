// SPDX-License-Identifier: GPL-2.0-or-later
/* The words for why a thing is not known. */
#include "core/base/fact.h"

#include <errno.h>

const char *fact_reason(int rc)
{
	switch (-rc) {
	case ENOENT:
		return "not given by the kernel";
	case EACCES:
	case EPERM:
		return "needs root";
	case ENODATA:
		return "not in the dump";
	case ENODEV:
	case ENXIO:
		return "the device is gone";
	case EINVAL:
		return "not a number";
	default:
		return "cannot be read";
	}
}
