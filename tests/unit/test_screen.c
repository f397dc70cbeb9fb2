// SPDX-License-Identifier: GPL-2.0-or-later
/* The alternate screen, on a terminal that somebody else has made non-blocking, as ssh and node do: each frame is whole. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cli/screen.h"
#include "tests/unit/tap.h"

#define FRAMES 40
#define ROWS 60
#define COLUMNS 200

/* The other end, where the screen is to be non-blocking; the terminal is standard output then. */
static int open_terminal(void)
{
	const struct winsize size = { .ws_row = ROWS, .ws_col = COLUMNS };
	int other = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
	int terminal;

	if (other < 0 || grantpt(other) < 0 || unlockpt(other) < 0)
		return -1;
	terminal = open(ptsname(other), O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
	if (terminal < 0 || ioctl(terminal, TIOCSWINSZ, &size) < 0 || dup2(terminal, STDOUT_FILENO) < 0)
		return -1;
	close(terminal);
	return other;
}

/* Another process takes what comes, slowly, and ends with 0 where each frame's last word was there. */
static pid_t take_slowly(int other)
{
	static char taken[1 << 21];
	pid_t pid = fork();
	int frames = 0;
	size_t done = 0;
	ssize_t n;

	if (pid)
		return pid;
	close(STDOUT_FILENO);
	usleep(100000);
	while ((n = read(other, taken + done, sizeof(taken) - 1 - done)) > 0)
		done += (size_t)n;
	for (const char *at = taken; (at = strstr(at, "(end)")); at++)
		frames++;
	_exit(frames == FRAMES ? 0 : 1);
}

static int show_frames(void)
{
	struct screen *screen = screen_open();
	int rc = screen ? 0 : -ENOTTY;

	for (int i = 0; i < FRAMES && rc == 0; i++) {
		screen_begin(screen);
		for (int row = 1; row < ROWS; row++) {
			screen_text(screen, false, "%0*d", COLUMNS, row);
			screen_line(screen);
		}
		screen_text(screen, false, "(end)");
		rc = screen_show(screen);
	}
	screen_close(screen);
	return rc;
}

int main(void)
{
	struct tap tap = { 0 };
	int out = fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 3);
	int status = -1;
	int other;
	pid_t pid;
	int rc;

	signal(SIGHUP, SIG_IGN);
	setenv("TERM", "xterm", 1);
	alarm(60);
	other = open_terminal();
	if (out < 0 || other < 0) {
		puts("1..0 # SKIP no terminal to be had");
		return 0;
	}
	pid = take_slowly(other);
	rc = show_frames();
	/* its last end */
	dup2(out, STDOUT_FILENO);
	waitpid(pid, &status, 0);
	ok(&tap, rc == 0 && status == 0,
	   "%d frames on a terminal that does not block: %s, the other end's status %d", FRAMES,
	   strerror(-rc), status);
	return tap_done(&tap);
}
