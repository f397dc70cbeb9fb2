// SPDX-License-Identifier: GPL-2.0-or-later
/* The line of what takes long. */
#include "cli/progress.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "cli/writer.h"
#include "core/base/clock.h"

#define QUIET_NS UINT64_C(1000000000) /* what is over before needs no line */
#define STEP_NS UINT64_C(200000000)
#define BAR 32
#define LINE 80 /* the widest, with its bar */

void progress_begin(struct progress *p, int verbosity)
{
	*p = (struct progress){ .is_shown = verbosity >= 0 && isatty(STDERR_FILENO), .start = clock_ns() };
}

void progress_line(struct progress *p, const char *format, ...)
{
	va_list ap;

	if (!p->is_shown)
		return;
	fputs("\r\033[K", stderr);
	va_start(ap, format);
	vfprintf(stderr, format, ap);
	va_end(ap);
	fflush(stderr);
	p->is_drawn = true;
}

static bool is_due(struct progress *p, uint64_t now)
{
	if (!p->is_shown || now - p->start < QUIET_NS || now - p->drawn < STEP_NS)
		return false;
	p->drawn = now;
	return true;
}

/* A line that is broken could not be drawn over. */
static bool has_room(void)
{
	struct winsize size;

	return ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col >= LINE;
}

void progress_bytes(struct progress *p, uint64_t done, uint64_t total)
{
	char amount[AMOUNT_SIZE];
	char all[AMOUNT_SIZE];
	char second[AMOUNT_SIZE];
	char bar[BAR + 1];
	uint64_t now = clock_ns();
	bool has_bar;
	size_t filled;

	if (!is_due(p, now))
		return;
	amount_format(done, amount);
	amount_format((uint64_t)((double)done * 1e9 / (double)(now - p->start)), second);
	if (total == 0 || done > total) {
		progress_line(p, "%s, %s/s", amount, second);
		return;
	}
	amount_format(total, all);
	filled = (size_t)((double)done * BAR / (double)total);
	memset(bar, ' ', BAR);
	memset(bar, '#', filled);
	bar[BAR] = '\0';
	has_bar = has_room();
	progress_line(p, "%3u%% %s%s%s%s of %s, %s/s", (unsigned int)((double)done * 100 / (double)total),
		      has_bar ? "[" : "", has_bar ? bar : "", has_bar ? "] " : "", amount, all, second);
}

void progress_end(struct progress *p)
{
	if (p->is_drawn)
		fputs("\r\033[K", stderr);
	p->is_drawn = false;
}
