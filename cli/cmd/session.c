// SPDX-License-Identifier: GPL-2.0-or-later
/* session: holds a device open for the commands of a script, process by process. */
#include "cli/cmd/session.h"

#include <dirent.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/pidfd.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cli/child.h"
#include "cli/command.h"
#include "cli/device.h"
#include "cli/options.h"
#include "cli/run.h"
#include "cli/signals.h"
#include "core/backend/path.h"
#include "core/backend/session_lock.h"
#include "core/backend/uio.h"
#include "core/base/clock.h"
#include "core/base/number.h"
#include "core/driver/driver.h"
#include "core/kernel/realtime.h"
#include "core/kernel/sysfs.h"
#include "core/pci/user_driver.h"
#include "core/session/session.h"
#include "core/trace/trace.h"

/* After the holder was told to end: what COMMAND has for its own end. */
#define END_NS 5000000000u
#define END_TURN_MS 20
#define TURN_MS 1000

/* As a shell tells it, POSIX 2.8.2 */
#define STATUS_SIGNAL 128
#define STATUS_NOT_FOUND 127

#define SESSION_FOLDER_SIZE 96 /* with a device's name behind it, it must be an address of unix(7) */

/* After su the variable may still name another user's, or one that nobody made. */
static bool is_ours(const char *runtime)
{
	struct stat st;

	return runtime && *runtime == '/' && !strchr(runtime, ',') && stat(runtime, &st) == 0 &&
	       st.st_uid == geteuid();
}

/* Where this user's sockets are: root's under /run/pcietool, others' where the system gives them a place at run time. */
static int session_folder(const struct context *ctx, char folder[SESSION_FOLDER_SIZE], struct error *error)
{
	const char *runtime = getenv("XDG_RUNTIME_DIR");
	int rc;

	if (geteuid() == 0 || *ctx->sysroot) {
		rc = sysfs_path(ctx, folder, SESSION_FOLDER_SIZE, SESSION_ROOT_FOLDER);
	} else if (is_ours(runtime)) {
		rc = snprintf(folder, SESSION_FOLDER_SIZE, "%s/pcietool", runtime);
	} else {
		rc = snprintf(folder, SESSION_FOLDER_SIZE, "/tmp/pcietool-%u", (unsigned int)geteuid());
	}
	if (rc >= SESSION_FOLDER_SIZE - (int)PCI_ADDRESS_SIZE)
		rc = -ENAMETOOLONG;
	if (rc >= 0)
		return 0;
	rc = error_errno(error, rc, "a place for the session's socket");
	error_hint(error, "the path of %s is too long for one",
		   *ctx->sysroot ? "--sysroot" : "XDG_RUNTIME_DIR");
	return rc;
}

static int parse(enum option_id option, char *arg, struct invocation *inv)
{
	struct error *error = &inv->error;
	uint64_t bits;
	int rc = number_parse(arg, &bits, error);

	(void)option;
	if (rc < 0)
		return rc;
	if (bits < 12 || bits > 64)
		return error_set(error, ERROR_USAGE, "bad-option",
				 "--mask: 12 to 64 bits are possible, not %s", arg);
	inv->options.mask = (unsigned int)bits;
	return 0;
}

/* --- COMMAND ------------------------------------------------------------------------------------ */

static void set_environment(const struct session *session, const struct device *device)
{
	const char *outer = device->ctx->session;
	char *sessions = NULL;
	char uio[24];

	if (outer && asprintf(&sessions, "%s,%s", session_path(session), outer) < 0)
		sessions = NULL;
	setenv(SESSION_VARIABLE, sessions ? sessions : session_path(session), 1);
	/* as -s takes it */
	snprintf(uio, sizeof(uio), "uio:%d", device_uio(device));
	setenv("PCIETOOL_DEVICE", device->config ? device->name : uio, 1);
	/* COMMAND may go to another folder */
	if (device->ctx->trace)
		setenv(TRACE_VARIABLE, trace_path(device->ctx->trace), 1);
	free(sessions);
}

/* In the child. The holder's end, however it comes, is COMMAND's hang-up, as that of a terminal would be. */
static void run_command(const struct session *session, const struct device *device, char **argv, pid_t holder)
{
	prctl(PR_SET_PDEATHSIG, SIGHUP);
	if (getppid() != holder)
		_exit(STATUS_SIGNAL + SIGHUP);
	signal(SIGPIPE, SIG_DFL);
	signal(SIGXFSZ, SIG_DFL);
	set_environment(session, device);
	execvp(argv[0], argv);
	fprintf(stderr, "pcietool: session: running %s: %s\n", argv[0], strerror(errno));
	_exit(STATUS_NOT_FOUND);
}

/* Each buffer, vector and client is one; COMMAND keeps the limit that it was given. */
static void allow_files(void)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit) < 0)
		return;
	limit.rlim_cur = limit.rlim_max;
	setrlimit(RLIMIT_NOFILE, &limit);
}

static int start_command(struct invocation *inv, const struct session *session, const struct device *device,
			 pid_t *child)
{
	pid_t holder = getpid();
	pid_t pid;

	fflush(NULL);
	/* where it is ignored, nobody could tell how COMMAND ended */
	signal(SIGCHLD, SIG_DFL);
	pid = fork();
	if (pid < 0)
		return error_errno(&inv->error, error_last(), "running %s", inv->operands[0]);
	if (pid == 0)
		run_command(session, device, inv->operands, holder);
	/* from the terminal they are COMMAND's: a shell in a session goes on after a Ctrl-C */
	signal(SIGINT, SIG_IGN);
	signal(SIGQUIT, SIG_IGN);
	allow_files();
	*child = pid;
	return 0;
}

/* Told to end, and served meanwhile: its trap may stop the device. Killed when it takes too long. FD: its end. */
static void end_command(struct session *session, pid_t child, int fd, int signo)
{
	uint64_t start = clock_ns();
	struct error ignored;

	kill(child, signo);
	kill(child, SIGCONT);
	while (waitpid(child, NULL, WNOHANG) == 0) {
		if (clock_ns() - start > END_NS)
			kill(child, SIGKILL);
		session_serve(session, fd, END_TURN_MS, &ignored);
	}
}

/* Until COMMAND has ended; its status as a shell has it in inv->exit_status. */
static int serve(struct invocation *inv, struct session *session, pid_t child)
{
	int fd = pidfd_open(child, 0);
	int status;
	int rc;

	if (fd < 0) {
		rc = error_errno(&inv->error, error_last(), "watching %s", inv->operands[0]);
		end_command(session, child, -1, SIGTERM);
		return rc;
	}
	do {
		rc = session_serve(session, fd, TURN_MS, &inv->error);
	} while (rc == -EAGAIN || (rc == -EINTR && !signals_received()));
	if (rc < 0)
		end_command(session, child, fd, signals_received() ? signals_received() : SIGTERM);
	close(fd);
	if (rc < 0)
		return rc;
	if (waitpid(child, &status, 0) != child)
		return error_errno(&inv->error, error_last(), "waiting for %s", inv->operands[0]);
	inv->exit_status = WIFSIGNALED(status) ? STATUS_SIGNAL + WTERMSIG(status) : WEXITSTATUS(status);
	return 0;
}

/* --- the device ----------------------------------------------------------------------------------- */

/* On one line: what a shell script in an argument holds is a blank. */
static void command_text(const struct invocation *inv, char *text, size_t size)
{
	size_t used = 0;

	text[0] = '\0';
	for (unsigned int i = 0; i < inv->operand_count && used < size; i++)
		used += (size_t)snprintf(text + used, size - used, "%s%s", i ? " " : "", inv->operands[i]);
	for (char *c = text; *c; c++) {
		if ((unsigned char)*c < ' ' || *c == 0x7f)
			*c = ' ';
	}
	if (used >= size)
		memcpy(text + size - sizeof("..."), "...", sizeof("..."));
}

static int hold(struct invocation *inv, struct device *device)
{
	const struct option_values *o = &inv->options;
	char command[128];
	char folder[SESSION_FOLDER_SIZE];
	struct session_options options = {
		.folder = folder, .command = command, .mask_bits = o->mask, .reset = o->reset
	};
	struct session *session = NULL;
	pid_t child;
	int rc;

	command_text(inv, command, sizeof(command));
	rc = session_folder(&inv->ctx, folder, &inv->error);
	if (rc == 0)
		rc = session_open(device, &options, &session, &inv->error);
	if (rc < 0)
		return rc;
	context_log(&inv->ctx, LOG_INFO, "%s: session over %s", device->name,
		    backend_names[session_kind(session)]);
	rc = start_command(inv, session, device, &child);
	if (rc == 0)
		rc = serve(inv, session, child);
	session_close(session);
	return rc;
}

/* What COMMAND left running was hung up, but may not have noticed yet. */
static int give_back(struct invocation *inv, struct device *device, struct error *error)
{
	bool force = inv->ctx.force;
	struct driver_release_plan plan;
	int rc;

	inv->ctx.force = true;
	rc = driver_release_plan(device, &plan, error);
	inv->ctx.force = force;
	return rc == 0 ? driver_release(device, &plan, error) : rc;
}

/* Takes the device for the session only; what it was before it is again. */
static int hold_bound(struct invocation *inv, struct device *device)
{
	const struct option_values *o = &inv->options;
	struct driver_plan plan;
	struct error why;
	int released;
	int rc;

	rc = driver_plan(device, user_driver_name(o->bind), &plan, &inv->error);
	if (rc == 0)
		rc = driver_bind(device, &plan, NULL, NULL, &inv->error);
	if (rc < 0)
		return rc;
	rc = hold(inv, device);
	released = plan.done ? 0 : give_back(inv, device, &why);
	if (released < 0 && rc < 0)
		context_log(&inv->ctx, LOG_WARN, "%s", why.message);
	else if (released < 0)
		inv->error = why;
	return rc < 0 ? rc : released;
}

/* What would be refused is, in a dry run too. */
static int check_plan(struct invocation *inv, struct device *device)
{
	const struct option_values *o = &inv->options;
	char folder[SESSION_FOLDER_SIZE];
	const struct session_options options = { .folder = folder, .mask_bits = o->mask, .reset = o->reset };
	struct driver_plan plan;
	int rc;

	rc = session_folder(&inv->ctx, folder, &inv->error);
	if (rc < 0)
		return rc;
	if (!o->bind)
		return session_check(device, &options, &inv->error);
	rc = session_check_free(device, &options, &inv->error);
	if (rc == 0)
		rc = driver_plan(device, user_driver_name(o->bind), &plan, &inv->error);
	return rc == 0 ? driver_bind_check(device, &plan, NULL, &inv->error) : rc;
}

static void show_plan(struct invocation *inv, const struct device *device)
{
	const struct realtime *rt = &inv->options.realtime;
	struct writer *w = inv->out;
	char command[128];

	command_text(inv, command, sizeof(command));
	writer_document(w, inv->command->name);
	writer_bool(w, "dry_run", NULL, true);
	writer_string(w, "device", "", device->name);
	if (inv->options.bind)
		writer_string(w, "bind", " bind to ", user_driver_name(inv->options.bind));
	else
		writer_null(w, "bind", NULL, "as it is bound");
	if (rt->has_priority)
		writer_number(w, "priority", ", real-time priority ", rt->priority);
	else
		writer_null(w, "priority", NULL, "as it is");
	if (rt->has_cpu)
		writer_number(w, "cpu", ", on processor ", rt->cpu);
	else
		writer_null(w, "cpu", NULL, "as it is");
	writer_bool(w, "lock", NULL, rt->lock);
	writer_text(w, "%s", rt->lock ? ", memory locked" : "");
	writer_string(w, "command", ": ", command);
	writer_line(w);
}

/* What --bind names is known before it is bound. */
static int check_bind(const struct option_values *o, struct error *error)
{
	const char *driver = o->bind ? user_driver_name(o->bind) : "";
	bool is_uio = strcmp(driver, user_driver_name("uio")) == 0;
	bool is_helper = strcmp(driver, user_driver_name("helper")) == 0;

	if (o->mask && is_uio)
		return error_set(error, ERROR_USAGE, "usage", "--mask is the helper's and VFIO's, not %s's",
				 driver);
	if (o->reset && (is_uio || is_helper))
		return error_set(error, ERROR_USAGE, "usage", "--reset is VFIO's, not %s's", driver);
	return 0;
}

static int run_session(struct invocation *inv)
{
	const struct option_values *o = &inv->options;
	struct device *device = NULL;
	int rc;

	if (inv->nested)
		return error_set(&inv->error, ERROR_USAGE, "nested",
				 "a batch opens its device itself; a session in one is for nobody");
	rc = check_bind(o, &inv->error);
	if (rc == 0)
		rc = child_check(inv->operands[0], &inv->error);
	if (rc == 0)
		rc = realtime_check(&o->realtime, &inv->error);
	if (rc == 0)
		rc = command_device(inv, &device);
	if (rc < 0 || !device)
		return rc;
	if (inv->dry_run) {
		rc = check_plan(inv, device);
		if (rc == 0)
			show_plan(inv, device);
		device_close(device);
		return rc;
	}
	/* what may be refused is, before the device is opened; COMMAND inherits all but the lock */
	rc = realtime_apply(&o->realtime, &inv->error);
	if (rc < 0) {
		device_close(device);
		return rc;
	}
	signals_catch();
	rc = o->bind ? hold_bound(inv, device) : hold(inv, device);
	device_close(device);
	return signals_end(inv, false, rc);
}

/* --- status ----------------------------------------------------------------------------------------- */

static void render_held(struct writer *w, const struct session_summary *s)
{
	writer_number(w, "pid", NULL, (uint64_t)s->pid);
	writer_string(w, "command", NULL, s->command);
	writer_string(w, "via", "  over ", backend_names[s->kind]);
	if (s->interface[0])
		writer_string(w, "interface", " ", s->interface);
	else
		writer_null(w, "interface", NULL, "not VFIO");
	if (s->mask_bits)
		writer_number(w, "mask_bits", ", address bits ", s->mask_bits);
	else
		writer_null(w, "mask_bits", NULL, "it has no DMA memory");
	writer_number(w, "buffers", ", buffers ", s->buffers);
	writer_size(w, "bytes", s->bytes ? " of " : NULL, s->bytes);
	writer_string(w, "interrupts", ", interrupts ",
		      interrupt_type_name((enum interrupt_type)s->irq_type));
	writer_number(w, "vectors", NULL, s->vectors);
	writer_number(w, "clients", ", clients ", s->clients);
	writer_number(w, "seconds", ", seconds ", s->age / 1000000000);
}

static void render(struct invocation *inv, const char *folder, const char *name)
{
	struct session_summary summary;
	struct writer *w = inv->out;
	char holder[200];

	if (session_holder(folder, name, holder, sizeof(holder)) < 0)
		return;
	writer_object(w, NULL);
	writer_string(w, "device", "", name);
	writer_string(w, "holder", "  ", holder);
	writer_line(w);
	if (session_ask_status(folder, name, &summary) == 0)
		render_held(w, &summary);
	else
		writer_null(w, "pid", "  ", "it does not answer");
	writer_line(w);
	writer_end(w);
}

/* As a session of the selected device is called; empty: none is selected. */
static int selected_name(struct invocation *inv, char name[PCI_ADDRESS_SIZE])
{
	struct pci_address address;
	struct uio_device uio = { .is_pci = true };
	int rc = 0;

	name[0] = '\0';
	if (!inv->selected)
		return 0;
	if (inv->selector.uio >= 0)
		rc = uio_read(&inv->ctx, (unsigned int)inv->selector.uio, &uio, &inv->error);
	if (rc < 0)
		return rc;
	if (!uio.is_pci) {
		snprintf(name, PCI_ADDRESS_SIZE, "uio%u", uio.number);
		return 0;
	}
	rc = selector_one(&inv->ctx, &inv->selector, &address, &inv->error);
	if (rc == 0)
		pci_address_format(&address, name);
	return rc;
}

/* Nobody makes one only to see that there is no session. */
static int look_into(const char *folder, struct dirent ***entries, int *count, struct error *error)
{
	struct error why;
	int rc = session_folder_check(folder, &why);

	if (rc == -ENOENT)
		return 0;
	if (rc < 0) {
		*error = why;
		return rc;
	}
	*count = scandir(folder, entries, NULL, alphasort);
	return 0;
}

static int session_status(struct invocation *inv)
{
	char folder[SESSION_FOLDER_SIZE];
	char selected[PCI_ADDRESS_SIZE];
	struct dirent **entries = NULL;
	int count = 0;
	int rc;

	rc = selected_name(inv, selected);
	if (rc == 0)
		rc = session_folder(&inv->ctx, folder, &inv->error);
	if (rc == 0)
		rc = look_into(folder, &entries, &count, &inv->error);
	if (rc < 0)
		return rc;
	writer_document(inv->out, inv->command->name);
	writer_array(inv->out, "sessions");
	for (int i = 0; i < count; i++) {
		char *end = strstr(entries[i]->d_name, SESSION_LOCK);

		if (end && !end[strlen(SESSION_LOCK)]) {
			*end = '\0';
			if (!selected[0] || strcmp(selected, entries[i]->d_name) == 0)
				render(inv, folder, entries[i]->d_name);
		}
		free(entries[i]);
	}
	free(entries);
	return 0;
}

const struct command session_commands[] = {
	{
		.name = "session",
		.takes_uio = true,
		.reopens = REOPENS_ALL,
		.waits = true,
		.operands = "-- COMMAND [ARG...]",
		.summary = "Hold the device open for all commands that COMMAND starts",
		.details =
			"COMMAND is a script, a make, a shell. Every pcietool that it starts uses the "
			"device that the session has open: over VFIO buffers, interrupts and counts live "
			"as long as the session. When COMMAND ends, or the session is ended, the device is "
			"stopped and all of it is given back. The exit status is COMMAND's.",
		.min_operands = 1,
		.max_operands = COMMAND_MANY,
		.operand_kind = WORD_FILE,
		.options = TAKES(OPTION_BIND, OPTION_SESSION_MASK, OPTION_RESET, OPTION_RT, OPTION_CPU,
				 OPTION_LOCK),
		.parse = parse,
		.run = run_session,
	},
	{
		.name = "session status",
		.all_by_default = true,
		.summary = "Show your sessions: device, process, command, what they hold",
		.run = session_status,
	},
	{ 0 },
};
