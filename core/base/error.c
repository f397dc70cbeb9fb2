// SPDX-License-Identifier: GPL-2.0-or-later
/* The error record, and the words and kinds of errno. */
#include "core/base/error.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static const char *const kind_codes[] = {
	[ERROR_NONE] = "none",
	[ERROR_FAILED] = "failed",
	[ERROR_USAGE] = "usage",
	[ERROR_SELECT] = "no-device",
	[ERROR_DENIED] = "denied",
	[ERROR_GONE] = "device-gone",
	[ERROR_UNSUPPORTED] = "unsupported",
	[ERROR_TIMEOUT] = "timeout",
	[ERROR_DIFFERS] = "differs",
};

static const char *error_kind_code(enum error_kind kind)
{
	return kind_codes[kind];
}

void error_record(struct error *error, enum error_kind kind, const char *code, const char *format, ...)
{
	va_list ap;

	error->kind = kind;
	snprintf(error->code, sizeof(error->code), "%s", code);
	error->hint[0] = '\0';
	va_start(ap, format);
	vsnprintf(error->message, sizeof(error->message), format, ap);
	va_end(ap);
}

static enum error_kind kind_of(int rc)
{
	switch (-rc) {
	case EPERM:
	case EACCES:
	case EROFS: /* a container's /sys */
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

void error_record_errno(struct error *error, int rc, const char *format, ...)
{
	size_t used;
	va_list ap;

	error->kind = kind_of(rc);
	snprintf(error->code, sizeof(error->code), "%s", error_kind_code(error->kind));
	error->hint[0] = '\0';
	va_start(ap, format);
	vsnprintf(error->message, sizeof(error->message), format, ap);
	va_end(ap);
	used = strlen(error->message);
	snprintf(error->message + used, sizeof(error->message) - used, ": %s", strerror(-rc));
}

void error_prefix(struct error *error, const char *what)
{
	struct error before = *error;

	snprintf(error->message, sizeof(error->message), "%.200s: %.*s", what,
		 (int)sizeof(error->message) - 210, before.message);
}

void error_add(struct error *error, const char *format, ...)
{
	size_t used = strlen(error->message);
	va_list ap;

	if (used + 2 >= sizeof(error->message))
		return;
	used += (size_t)snprintf(error->message + used, sizeof(error->message) - used, "; ");
	va_start(ap, format);
	vsnprintf(error->message + used, sizeof(error->message) - used, format, ap);
	va_end(ap);
}

void error_hint(struct error *error, const char *format, ...)
{
	va_list ap;

	va_start(ap, format);
	vsnprintf(error->hint, sizeof(error->hint), format, ap);
	va_end(ap);
}
