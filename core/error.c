// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/error.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static const struct {
	int err;
	const char *code;
} kinds[] = {
	[ERROR_NONE] = { 0, "none" },
	[ERROR_FAILED] = { -EIO, "failed" },
	[ERROR_USAGE] = { -EINVAL, "usage" },
	[ERROR_SELECT] = { -ENODEV, "no-device" },
	[ERROR_DENIED] = { -EPERM, "denied" },
	[ERROR_GONE] = { -ENODEV, "device-gone" },
	[ERROR_UNSUPPORTED] = { -EOPNOTSUPP, "unsupported" },
	[ERROR_TIMEOUT] = { -ETIME, "timeout" },
	[ERROR_DIFFERS] = { -EILSEQ, "differs" },
};

const char *error_kind_code(enum error_kind kind)
{
	return kinds[kind].code;
}

int error_set(struct error *error, enum error_kind kind, const char *code, const char *format, ...)
{
	va_list ap;

	error->kind = kind;
	error->code = code;
	error->hint[0] = '\0';
	va_start(ap, format);
	vsnprintf(error->message, sizeof(error->message), format, ap);
	va_end(ap);
	return kinds[kind].err;
}

static enum error_kind kind_of(int rc)
{
	switch (-rc) {
	case EPERM:
	case EACCES:
		return ERROR_DENIED;
	case ENODEV:
	case ENXIO:
		return ERROR_GONE;
	case EOPNOTSUPP:
	case ENOTTY:
	case ENOSYS:
		return ERROR_UNSUPPORTED;
	case ETIME:
	case ETIMEDOUT:
		return ERROR_TIMEOUT;
	default:
		return ERROR_FAILED;
	}
}

int error_errno(struct error *error, int rc, const char *format, ...)
{
	size_t used;
	va_list ap;

	error->kind = kind_of(rc);
	error->code = error_kind_code(error->kind);
	error->hint[0] = '\0';
	va_start(ap, format);
	vsnprintf(error->message, sizeof(error->message), format, ap);
	va_end(ap);
	used = strlen(error->message);
	snprintf(error->message + used, sizeof(error->message) - used, ": %s", strerror(-rc));
	return rc;
}

void error_hint(struct error *error, const char *format, ...)
{
	va_list ap;

	va_start(ap, format);
	vsnprintf(error->hint, sizeof(error->hint), format, ap);
	va_end(ap);
}
