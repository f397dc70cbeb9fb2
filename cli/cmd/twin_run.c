// SPDX-License-Identifier: GPL-2.0-or-later
/* twin run: a machine with the twin in it. machine/run boots it; this process is the device meanwhile. */
#include "cli/cmd/twin.h"

#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/pidfd.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cli/child.h"
#include "cli/signals.h"
#include "core/base/clock.h"
#include "core/twin/several.h"

#ifndef PCIETOOL_LIBEXECDIR
#define PCIETOOL_LIBEXECDIR "/usr/local/libexec/pcietool"
#endif

#define FOLDER "/tmp/pcietool-run-XXXXXX"
/* What the machine has for its end, after it was told. */
#define END_NS 10000000000u
/* As a shell tells it, POSIX 2.8.2 */
#define STATUS_SIGNAL 128
#define WORDS_MAX 16

struct run {
	struct invocation *inv;
	struct twin_members members;
	char folder[sizeof(FOLDER)];
	char script[PATH_MAX + 20];
	char programs[PATH_MAX]; /* the folder of this one */
};

/* --- what it is made of ---------------------------------------------------------------------------- */

/* PCIETOOL_MACHINE, or beside the program where it was built, or where it was installed. */
static int find_script(struct run *r)
{
	const char *machine = getenv("PCIETOOL_MACHINE");
	ssize_t n = readlink("/proc/self/exe", r->programs, sizeof(r->programs) - 1);
	struct stat st;

	if (n < 0)
		return error_errno(&r->inv->error, error_last(), "/proc/self/exe");
	r->programs[n] = '\0';
	*strrchr(r->programs, '/') = '\0';
	if (machine)
		snprintf(r->script, sizeof(r->script), "%s/run", machine);
	else
		snprintf(r->script, sizeof(r->script), "%s/../machine/run", r->programs);
	if (!machine && access(r->script, X_OK) < 0)
		snprintf(r->script, sizeof(r->script), "%s", PCIETOOL_LIBEXECDIR "/machine/run");
	if (machine && stat(r->script, &st) == 0 &&
	    ((st.st_uid != 0 && st.st_uid != geteuid()) || (st.st_mode & (S_IWGRP | S_IWOTH))))
		return error_set(
			&r->inv->error, ERROR_DENIED, "foreign-script",
			"%s, which PCIETOOL_MACHINE names, is another user's, or others may write it",
			r->script);
	if (access(r->script, X_OK) == 0)
		return 0;
	return error_errno(&r->inv->error, error_last(), "%s", r->script);
}

static int make_folder(struct run *r)
{
	memcpy(r->folder, FOLDER, sizeof(FOLDER));
	if (!mkdtemp(r->folder)) {
		r->folder[0] = '\0';
		return error_errno(&r->inv->error, error_last(), "%s", FOLDER);
	}
	return 0;
}

static int make_sockets(struct run *r)
{
	const size_t size = sizeof(r->folder) + 10;

	for (size_t i = 0; i < r->members.count; i++) {
		char *path = arena_array(r->inv->arena, size, 1);

		if (!path)
			return error_errno(&r->inv->error, -ENOMEM, "%s", r->folder);
		snprintf(path, size, "%s/twin%zu", r->folder, i + 1);
		r->members.list[i].options.socket = path;
	}
	return 0;
}

static int listen_all(struct run *r)
{
	int rc = 0;

	for (size_t i = 0; rc == 0 && i < r->members.count; i++)
		rc = twin_listen(r->members.list[i].twin, &r->inv->error);
	return rc;
}

/* What the machine left; it removes it by itself, unless it had no time for that. */
static void remove_folder(const struct run *r)
{
	char *words[] = { "rm", "-rf", "--", (char *)r->folder, NULL };
	char text[64];
	struct error ignored;

	if (r->folder[0] && access(r->folder, F_OK) == 0)
		child_run(words, true, signals_stopped, NULL, text, sizeof(text), &ignored);
}

/* --- the machine ----------------------------------------------------------------------------------- */

/* Ids, as a twin has them; a text for each place. */
static void format_id(const struct twin_member *m, char id[12])
{
	struct twin_summary s;

	twin_summary(m->twin, &s);
	snprintf(id, 12, "%04x:%04x", s.vendor, s.device);
}

/* Where machine/run puts them: the root ports are the first devices, a bus behind each. */
static void format_address(size_t i, char address[14])
{
	snprintf(address, 14, "0000:%02x:00.0", (unsigned int)(i + 1) & 0xff);
}

/* NAME, or NAME_N; without a value it is none. */
static void set_variable(const char *name, size_t number, const char *value)
{
	char text[40];

	if (number)
		snprintf(text, sizeof(text), "%s_%zu", name, number);
	else
		snprintf(text, sizeof(text), "%s", name);
	if (value)
		setenv(text, value, 1);
	else
		unsetenv(text);
}

static void set_map(const struct twin_member *m, size_t number)
{
	char *path = m->ctx.map_file ? realpath(m->ctx.map_file, NULL) : NULL;

	set_variable("PCIETOOL_MAP", number, path);
	free(path);
}

/* The first device and its map are COMMAND's without an option; of several each has a number. */
static void set_environment(const struct run *r)
{
	const struct twin_members *all = &r->members;
	char names[40 * 2 * (2 + TWINS_MAX)] = "PCIETOOL_DEVICE PCIETOOL_MAP";
	char first[14];
	char id[14];

	format_id(&all->list[0], first);
	for (size_t i = 1; i < all->count; i++) {
		format_id(&all->list[i], id);
		/* two of a kind */
		if (strcmp(id, first) == 0)
			format_address(0, first);
	}
	set_variable("PCIETOOL_DEVICE", 0, first);
	set_map(&all->list[0], 0);
	for (size_t i = 0; all->count > 1 && i < all->count; i++) {
		size_t length = strlen(names);

		format_address(i, id);
		set_variable("PCIETOOL_DEVICE", i + 1, id);
		set_map(&all->list[i], i + 1);
		snprintf(names + length, sizeof(names) - length, " PCIETOOL_DEVICE_%zu PCIETOOL_MAP_%zu",
			 i + 1, i + 1);
	}
	setenv("VM_PASS", names, 1);
	if (r->inv->verbosity > 0)
		setenv("VM_VERBOSE", "1", 1);
}

/* In the child. When this process ends, however it comes, the machine does. */
static void run_script(const struct run *r, pid_t server)
{
	const struct option_values *o = &r->inv->options;
	const char *words[WORDS_MAX + 2 * (1 + TWINS_MAX)] = { r->script, "--work", r->folder, "--programs",
							       r->programs };
	const char **all;
	size_t n = 5;

	prctl(PR_SET_PDEATHSIG, SIGTERM);
	if (getppid() != server)
		_exit(STATUS_SIGNAL + SIGTERM);
	signal(SIGPIPE, SIG_DFL);
	signal(SIGXFSZ, SIG_DFL);
	for (size_t i = 0; i < r->members.count; i++) {
		words[n++] = "--twin";
		words[n++] = r->members.list[i].options.socket;
	}
	if (o->kernel) {
		words[n++] = "--kernel";
		words[n++] = o->kernel;
	}
	if (o->initrd_modules) {
		words[n++] = "--modules";
		words[n++] = o->initrd_modules;
	}
	words[n++] = "--";
	all = calloc(n + r->inv->operand_count + 1, sizeof(const char *));
	if (!all)
		_exit(125);
	memcpy(all, words, n * sizeof(const char *));
	for (unsigned int i = 0; i < r->inv->operand_count; i++)
		all[n + i] = r->inv->operands[i];
	set_environment(r);
	execv(all[0], (char **)all);
	fprintf(stderr, "pcietool: twin run: running %s: %s\n", r->script, strerror(errno));
	_exit(125);
}

/* It was told, or is: the guest has no end of its own then. STATUS as waitpid() has it. */
static void end_machine(pid_t child, int *status)
{
	const struct timespec pause = { .tv_nsec = 20000000 };
	uint64_t start = clock_ns();
	pid_t ended;

	kill(child, SIGTERM);
	while ((ended = waitpid(child, status, WNOHANG)) == 0 || (ended < 0 && errno == EINTR)) {
		if (clock_ns() - start > END_NS)
			kill(child, SIGKILL);
		nanosleep(&pause, NULL);
	}
}

/* What the script says was missing: a status, a message and a hint, a line each. 0: nothing was. */
static int take_error(const struct run *r)
{
	char path[sizeof(r->folder) + 8];
	char lines[3][400] = { { 0 } };
	unsigned int n = 0;
	FILE *file;
	int rc;

	snprintf(path, sizeof(path), "%s/error", r->folder);
	file = fopen(path, "re");
	if (!file)
		return 0;
	while (n < 3 && fgets(lines[n], sizeof(lines[n]), file)) {
		lines[n][strcspn(lines[n], "\n")] = '\0';
		n++;
	}
	fclose(file);
	rc = error_set(&r->inv->error,
		       lines[0][0] == '6'   ? ERROR_UNSUPPORTED
		       : lines[0][0] == '2' ? ERROR_USAGE
					    : ERROR_FAILED,
		       "no-machine", "%s", lines[1]);
	if (lines[2][0])
		error_hint(&r->inv->error, "%s", lines[2]);
	return rc;
}

/* A device that is not as it should be is no success; where COMMAND failed anyway, its status says more. */
static int judge(struct run *r, int status, int served)
{
	struct invocation *inv = r->inv;
	int rc = take_error(r);

	if (rc < 0)
		return rc;
	inv->exit_status = WIFSIGNALED(status) ? STATUS_SIGNAL + WTERMSIG(status) : WEXITSTATUS(status);
	if (served == 0 || inv->exit_status == 0)
		return served;
	context_log(&inv->ctx, LOG_WARN, "%s", inv->error.message);
	return 0;
}

static bool has_ended(int fd)
{
	struct pollfd p = { .fd = fd, .events = POLLIN };

	return fd >= 0 && poll(&p, 1, 0) > 0;
}

static int serve(struct run *r, int end)
{
	struct twin *twins[1 + TWINS_MAX];

	for (size_t i = 0; i < r->members.count; i++)
		twins[i] = r->members.list[i].twin;
	return twins_serve(twins, r->members.count, end, signals_stopped, NULL, &r->inv->error);
}

static int run_machine(struct run *r)
{
	pid_t server = getpid();
	int status = 0;
	bool ended;
	pid_t child;
	int rc;
	int fd;

	fflush(NULL);
	/* where it is ignored, nobody could tell how COMMAND ended */
	signal(SIGCHLD, SIG_DFL);
	child = fork();
	if (child < 0)
		return error_errno(&r->inv->error, error_last(), "running %s", r->script);
	if (child == 0)
		run_script(r, server);
	fd = pidfd_open(child, 0);
	rc = fd < 0 ? error_errno(&r->inv->error, error_last(), "watching %s", r->script) : serve(r, fd);
	ended = has_ended(fd);
	if (ended)
		waitpid(child, &status, 0);
	else
		end_machine(child, &status);
	if (fd >= 0)
		close(fd);
	return ended ? judge(r, status, rc) : rc;
}

/* The twins are read, and shown; nothing is made. */
static int dry_run(struct run *r)
{
	int rc;

	for (size_t i = 0; i < r->members.count; i++) {
		r->members.list[i].options.socket = "-";
		r->members.list[i].options.log = NULL;
	}
	rc = twin_members_open(&r->members, &r->inv->error);
	if (rc == 0)
		twin_members_render(r->inv, &r->members);
	return rc;
}

static int run(struct run *r)
{
	int rc = find_script(r);

	if (rc < 0)
		return rc;
	signals_catch();
	rc = make_folder(r);
	if (rc == 0)
		rc = make_sockets(r);
	if (rc == 0)
		rc = twin_members_open(&r->members, &r->inv->error);
	if (rc == 0)
		rc = listen_all(r);
	if (rc == 0)
		rc = run_machine(r);
	twin_members_close(&r->members);
	remove_folder(r);
	return signals_end(r->inv, false, rc);
}

int twin_run_run(struct invocation *inv)
{
	struct run r = { .inv = inv };
	int rc = twin_members_make(inv, &r.members);

	if (rc == 0)
		rc = inv->dry_run ? dry_run(&r) : run(&r);
	twin_members_close(&r.members);
	return rc;
}
