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
	char folder[sizeof(FOLDER)];
	char socket[sizeof(FOLDER) + 8];
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
	snprintf(r->socket, sizeof(r->socket), "%s/twin", r->folder);
	return 0;
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

/* The device and its map are COMMAND's, without an option. */
static void set_environment(const struct run *r, const struct twin *twin)
{
	const char *map = r->inv->ctx.map_file;
	struct twin_summary s;
	char id[12];
	char *path;

	twin_summary(twin, &s);
	snprintf(id, sizeof(id), "%04x:%04x", s.vendor, s.device);
	setenv("PCIETOOL_DEVICE", id, 1);
	unsetenv("PCIETOOL_MAP");
	path = map ? realpath(map, NULL) : NULL;
	if (path)
		setenv("PCIETOOL_MAP", path, 1);
	free(path);
	setenv("VM_PASS", "PCIETOOL_DEVICE PCIETOOL_MAP", 1);
	if (r->inv->verbosity > 0)
		setenv("VM_VERBOSE", "1", 1);
}

/* In the child. When this process ends, however it comes, the machine does. */
static void run_script(const struct run *r, const struct twin *twin, pid_t server)
{
	const struct option_values *o = &r->inv->options;
	const char *words[WORDS_MAX + 2] = { r->script, "--work",     r->folder,  "--twin",
					     r->socket, "--programs", r->programs };
	const char **all;
	size_t n = 7;

	prctl(PR_SET_PDEATHSIG, SIGTERM);
	if (getppid() != server)
		_exit(STATUS_SIGNAL + SIGTERM);
	signal(SIGPIPE, SIG_DFL);
	signal(SIGXFSZ, SIG_DFL);
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
	set_environment(r, twin);
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

/* IS_PATIENT: a device that died is served no more, and the machine goes on. False: a signal came before. */
static bool has_ended(int fd, bool is_patient)
{
	struct pollfd p = { .fd = fd, .events = POLLIN };

	while (is_patient && !signals_received() && poll(&p, 1, 1000) <= 0)
		;
	return poll(&p, 1, 0) > 0;
}

static int run_machine(struct run *r, struct twin **twin)
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
		run_script(r, *twin, server);
	fd = pidfd_open(child, 0);
	rc = fd < 0 ? error_errno(&r->inv->error, error_last(), "watching %s", r->script)
		    : twin_serve(*twin, fd, signals_stopped, NULL, &r->inv->error);
	/* who waits for an answer waits no longer */
	twin_close(*twin);
	*twin = NULL;
	ended = fd >= 0 && has_ended(fd, rc == 0);
	if (ended)
		waitpid(child, &status, 0);
	else
		end_machine(child, &status);
	if (fd >= 0)
		close(fd);
	return ended ? judge(r, status, rc) : rc;
}

/* The twin is read, and shown; nothing is made. */
static int dry_run(struct invocation *inv, struct twin_options *options)
{
	struct twin *twin = NULL;
	int rc;

	options->socket = "-";
	options->log = NULL;
	rc = twin_open(&inv->ctx, options, &twin, &inv->error);
	if (rc == 0)
		twin_render(inv, twin, NULL);
	twin_close(twin);
	return rc;
}

int twin_run_run(struct invocation *inv)
{
	struct twin_options options;
	struct run r = { .inv = inv };
	struct pci_address address;
	struct twin *twin = NULL;
	int rc;

	rc = twin_make_options(inv, &options, &address);
	if (rc < 0)
		return rc;
	if (inv->dry_run)
		return dry_run(inv, &options);
	rc = find_script(&r);
	if (rc < 0)
		return rc;
	signals_catch();
	options.socket = r.socket;
	rc = make_folder(&r);
	if (rc == 0)
		rc = twin_open(&inv->ctx, &options, &twin, &inv->error);
	if (rc == 0)
		rc = twin_listen(twin, &inv->error);
	if (rc == 0)
		rc = run_machine(&r, &twin);
	twin_close(twin);
	remove_folder(&r);
	return signals_end(inv, false, rc);
}
