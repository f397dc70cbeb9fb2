// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The flags of a descriptor belong to all who share what is open there, and may change while we run: they are neither changed nor
 * looked at. What waits are streams in place of stdio's own, which glibc allows ("Standard Streams" in its manual).
 */
#include "cli/streams.h"

#include <stdio.h>
#include <unistd.h>

#include "core/base/fd_stream.h"

void streams_wait(void)
{
	FILE *out = fd_stream(STDOUT_FILENO, "w");
	FILE *err = fd_stream(STDERR_FILENO, "w");

	if (out) {
		/* stdio's own looks when it is first written to */
		if (isatty(STDOUT_FILENO))
			setvbuf(out, NULL, _IOLBF, 0);
		stdout = out;
	}
	if (err) {
		setvbuf(err, NULL, _IONBF, 0);
		stderr = err;
	}
}
