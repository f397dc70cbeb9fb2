/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A terminal's alternate screen, which is drawn anew again and again: what was on the terminal before is there again
 * afterwards, and while the program is stopped (Ctrl-Z).
 *
 *     screen_begin(s);
 *     screen_text(s, false, "%s", device);             cut at the right edge
 *     screen_line(s);                                  what is below the last line is left out
 *     screen_show(s);
 *     while (screen_wait(s, until)) draw again
 */
#ifndef PCIETOOL_SCREEN_H
#define PCIETOOL_SCREEN_H

#include <stdbool.h>
#include <stdint.h>

struct screen;

/* NULL: standard output is no terminal that can (TERM is "dumb", or it does not say how large it is), or no memory. */
struct screen *screen_open(void);
void screen_close(struct screen *screen); /* accepts NULL */

void screen_begin(struct screen *screen);
unsigned int screen_rows(const struct screen *screen); /* as of screen_begin() */
unsigned int screen_columns(const struct screen *screen);
void screen_text(struct screen *screen, bool reverse, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
void screen_column(struct screen *screen, unsigned int column); /* blanks up to there */
void screen_line(struct screen *screen);
int screen_show(struct screen *screen); /* 0 or -errno */

/*
 * Until clock_ns() is UNTIL or a signal comes. True: the terminal has another size, or the program went on after a stop,
 * and what it shows has to be drawn again; false: the time is over, or it was one of the signals that others catch.
 */
bool screen_wait(struct screen *screen, uint64_t until);

#endif
