// SPDX-License-Identifier: GPL-2.0-or-later
/* What the caller wished for, and how it is told of things; made by the program, only read here. */
#include "core/base/context.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>

#include "core/base/error.h"

void context_log(const struct context *ctx, enum log_level level, const char *format, ...)
{
	char message[512];
	va_list ap;

	/* a line of a batch says more than it does otherwise: what nobody reads is not even put together */
	if (!ctx->log || (level == LOG_INFO && !ctx->verbose))
		return;
	va_start(ap, format);
	vsnprintf(message, sizeof(message), format, ap);
	va_end(ap);
	ctx->log(ctx->log_data, level, message);
}

int context_lacks(const struct context *ctx, int rc)
{
	if (error_is_lack(rc) && ctx->lack && *ctx->lack == 0)
		*ctx->lack = rc;
	return rc;
}

int context_lack(const struct context *ctx)
{
	return ctx->lack ? *ctx->lack : 0;
}
