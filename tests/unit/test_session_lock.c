// SPDX-License-Identifier: GPL-2.0-or-later
/* One holder at a time, whoever takes, looks and lets go at the same moment; a killed one is none. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/session/session_internal.h"
#include "tests/unit/tap.h"

#define TAKERS 4
#define LOOKERS 2
#define TIMES 2000

struct shared {
	atomic_int inside;
	atomic_int most; /* that were inside at a time */
	atomic_int refused;
	atomic_int wrong; /* texts that no holder wrote */
	atomic_bool end;
};

static char folder[] = "/tmp/pcietool-unit-XXXXXX";
static char path[64];

static void take_and_release(struct shared *s)
{
	for (int i = 0; i < TIMES; i++) {
		int fd = session_lock_take(path, "somebody");
		int inside;

		if (fd < 0) {
			s->refused++;
			continue;
		}
		inside = ++s->inside;
		if (inside > s->most)
			s->most = inside;
		s->inside--;
		session_lock_release(path, fd);
	}
	_exit(0);
}

static void look(struct shared *s)
{
	char text[32];

	while (!s->end) {
		int rc = session_lock_holder(path, text, sizeof(text));

		if (rc == 0 ? strcmp(text, "somebody") != 0 : rc != -ENOENT)
			s->wrong++;
	}
	_exit(0);
}

static void race(struct tap *tap, struct shared *s, int takers)
{
	pid_t pids[TAKERS + LOOKERS];

	memset(s, 0, sizeof(*s));
	for (int i = 0; i < takers + LOOKERS; i++) {
		pids[i] = fork();
		if (pids[i] == 0 && i < takers)
			take_and_release(s);
		if (pids[i] == 0)
			look(s);
	}
	for (int i = 0; i < takers; i++)
		waitpid(pids[i], NULL, 0);
	s->end = true;
	for (int i = takers; i < takers + LOOKERS; i++)
		waitpid(pids[i], NULL, 0);
	ok(tap, s->most == 1, "%d at a time: never two have it", takers);
	ok(tap, s->wrong == 0, "%d at a time: who looks sees a holder or none (%d)", takers, s->wrong);
	if (takers == 1)
		ok(tap, s->refused == 0, "one that looks keeps nobody out (%d)", s->refused);
	ok(tap, access(path, F_OK) < 0, "the file is gone");
}

static void one_after_another(struct tap *tap)
{
	char text[32];
	int fd;

	ok(tap, session_lock_holder(path, text, sizeof(text)) == -ENOENT, "nobody has it");
	fd = session_lock_take(path, "process 1: make test");
	ok(tap, fd >= 0 && fcntl(fd, F_GETFD) & FD_CLOEXEC, "taken; no child gets it");
	ok(tap, session_lock_take(path, "another") == -EWOULDBLOCK, "a second time");
	ok(tap,
	   session_lock_holder(path, text, sizeof(text)) == 0 && strcmp(text, "process 1: make test") == 0,
	   "who has it");
	ok(tap, session_lock_holder(path, text, 8) == 0 && strcmp(text, "process") == 0, "cut");
	session_lock_release(path, fd);
	ok(tap, session_lock_holder(path, text, sizeof(text)) == -ENOENT, "given back");
	session_lock_release(path, -1);
	ok(tap, symlink("elsewhere", path) == 0 && session_lock_take(path, "x") == -ELOOP,
	   "a link is not followed");
	unlink(path);
}

static void killed(struct tap *tap)
{
	char text[32];
	int ready[2];
	pid_t child;
	char c;
	int fd;

	if (pipe(ready) < 0)
		abort();
	child = fork();
	if (child == 0) {
		fd = session_lock_take(path, "a much longer text of one that is killed");
		if (fd < 0 || write(ready[1], "r", 1) != 1)
			_exit(1);
		for (;;)
			pause();
	}
	ok(tap, read(ready[0], &c, 1) == 1 && session_lock_take(path, "x") == -EWOULDBLOCK,
	   "another process has it");
	kill(child, SIGKILL);
	waitpid(child, NULL, 0);
	ok(tap, access(path, F_OK) == 0 && session_lock_holder(path, text, sizeof(text)) == -ENOENT,
	   "killed: the file stays, nobody has it");
	fd = session_lock_take(path, "next");
	ok(tap, fd >= 0 && session_lock_holder(path, text, sizeof(text)) == 0 && strcmp(text, "next") == 0,
	   "the next one has it");
	session_lock_release(path, fd);
}

int main(void)
{
	struct tap tap = { 0 };
	struct shared *s = mmap(NULL, sizeof(*s), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	if (s == MAP_FAILED || !mkdtemp(folder))
		return 1;
	snprintf(path, sizeof(path), "%s/lock", folder);
	one_after_another(&tap);
	killed(&tap);
	race(&tap, s, 1);
	race(&tap, s, TAKERS);
	rmdir(folder);
	return tap_done(&tap);
}
