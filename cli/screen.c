// SPDX-License-Identifier: GPL-2.0-or-later
/* The alternate screen: ECMA-48 and xterm's private modes, which every terminal of Linux has. */
#include "cli/screen.h"

#include <errno.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

#include "core/base/clock.h"
#include "core/base/fd_wait.h"
#include "core/base/text_buffer.h"

/* xterm's control sequences: 1049 the alternate screen, 25 the cursor; ECMA-48: home, erase, reverse video */
#define HIDE_CURSOR "\033[?25l"
#define ENTER "\033[?1049h" HIDE_CURSOR "\033[H\033[2J"
#define LEAVE "\033[?25h\033[?1049l"
#define HOME "\033[H"
#define ERASE_LINE "\033[K"
#define ERASE_REST "\033[J"
#define REVERSE "\033[7m"
#define PLAIN "\033[m"

struct screen {
	struct text_buffer frame;
	struct winsize size;
	unsigned int row;
	unsigned int column;
	sigset_t waited; /* the signals that are held back until screen_wait() */
	sigset_t before;
};

static int put(const char *bytes, size_t length)
{
	return fd_write_all(STDOUT_FILENO, bytes, length);
}

static bool read_size(struct winsize *size)
{
	return ioctl(STDOUT_FILENO, TIOCGWINSZ, size) == 0 && size->ws_row && size->ws_col;
}

static bool terminal_can(struct winsize *size)
{
	const char *type = getenv("TERM");

	return isatty(STDOUT_FILENO) && type && *type && strcmp(type, "dumb") != 0 && read_size(size);
}

/* They are held back, not caught: no handler, and none of them comes in the middle of a frame. */
static void hold_signals(struct screen *s)
{
	static const int signals[] = { SIGWINCH, SIGTSTP, SIGCONT, SIGQUIT };

	sigemptyset(&s->waited);
	for (size_t i = 0; i < sizeof(signals) / sizeof(signals[0]); i++)
		sigaddset(&s->waited, signals[i]);
	sigprocmask(SIG_BLOCK, &s->waited, &s->before);
}

struct screen *screen_open(void)
{
	struct winsize size;
	struct screen *s;

	if (!terminal_can(&size))
		return NULL;
	s = calloc(1, sizeof(*s));
	if (!s)
		return NULL;
	s->size = size;
	hold_signals(s);
	fflush(stdout);
	put(ENTER, strlen(ENTER));
	return s;
}

void screen_close(struct screen *s)
{
	if (!s)
		return;
	put(LEAVE, strlen(LEAVE));
	sigprocmask(SIG_SETMASK, &s->before, NULL);
	text_buffer_free(&s->frame);
	free(s);
}

/* --- a frame -------------------------------------------------------------------------------------- */

void screen_begin(struct screen *s)
{
	struct winsize size;

	if (read_size(&size))
		s->size = size;
	s->frame.length = 0;
	s->row = s->column = 0;
	text_buffer_string(&s->frame, HOME ERASE_LINE);
}

unsigned int screen_rows(const struct screen *s)
{
	return s->size.ws_row;
}

unsigned int screen_columns(const struct screen *s)
{
	return s->size.ws_col;
}

void screen_text(struct screen *s, bool reverse, const char *format, ...)
{
	size_t room = s->size.ws_col - s->column;
	char text[512];
	va_list ap;
	size_t n;

	va_start(ap, format);
	vsnprintf(text, sizeof(text), format, ap);
	va_end(ap);
	n = strlen(text);
	if (n > room)
		n = room;
	if (s->row >= s->size.ws_row || n == 0)
		return;
	if (reverse)
		text_buffer_string(&s->frame, REVERSE);
	text_buffer_add(&s->frame, text, n);
	if (reverse)
		text_buffer_string(&s->frame, PLAIN);
	s->column += (unsigned int)n;
}

void screen_column(struct screen *s, unsigned int column)
{
	if (s->column < column)
		screen_text(s, false, "%*s", (int)(column - s->column), "");
}

/* Erased before it is written: behind a line that fills the row, its last character would be. */
void screen_line(struct screen *s)
{
	s->row++;
	s->column = 0;
	if (s->row < s->size.ws_row)
		text_buffer_string(&s->frame, "\r\n" ERASE_LINE);
}

int screen_show(struct screen *s)
{
	/* where the last line ended the frame is full */
	if (s->row < s->size.ws_row)
		text_buffer_string(&s->frame, ERASE_REST);
	text_buffer_string(&s->frame, HIDE_CURSOR);
	return s->frame.failed ? -ENOMEM : put(s->frame.bytes, s->frame.length);
}

/* --- signals -------------------------------------------------------------------------------------- */

/* What the signal does otherwise, with the terminal as it was; after SIGTSTP that returns when the program goes on. */
static void suffer(int signo)
{
	static const struct timespec now = { 0 };
	sigset_t one;
	sigset_t going_on;

	put(LEAVE, strlen(LEAVE));
	sigemptyset(&one);
	sigaddset(&one, signo);
	raise(signo);
	sigprocmask(SIG_UNBLOCK, &one, NULL);
	sigprocmask(SIG_BLOCK, &one, NULL);
	sigemptyset(&going_on);
	sigaddset(&going_on, SIGCONT);
	while (sigtimedwait(&going_on, NULL, &now) > 0)
		;
	put(ENTER, strlen(ENTER));
}

bool screen_wait(struct screen *s, uint64_t until)
{
	uint64_t now = clock_ns();
	uint64_t left = until > now ? until - now : 0;
	const struct timespec pause = { .tv_sec = (time_t)(left / 1000000000),
					.tv_nsec = (long)(left % 1000000000) };
	int signo = sigtimedwait(&s->waited, NULL, &pause);

	if (signo == SIGTSTP || signo == SIGQUIT)
		suffer(signo);
	return signo > 0;
}
