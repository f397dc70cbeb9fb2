// SPDX-License-Identifier: GPL-2.0-or-later
/* mount: the device as files. */
#include "core/mount/mount.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cli/cmd/info.h"
#include "cli/device.h"
#include "cli/signals.h"
#include "core/pci/ids.h"

static void write_info(struct writer *w, const void *info)
{
	writer_document(w, "info");
	info_write(w, info);
	/* what --rom and --vpd are about */
	writer_array(w, "saved");
	writer_end(w);
}

/* What `info --json` prints. */
static int describe(void *data, char **text, size_t *length)
{
	struct device *device = data;
	struct names *names = NULL;
	struct device_info info;
	struct error ignored;
	char *written = NULL;
	int rc;

	rc = names_open(device->ctx, &names);
	if (rc < 0)
		return rc;
	rc = device_info_read(device, names, &info, &ignored);
	if (rc == 0)
		rc = writer_to_text(true, write_info, &info, &written, length);
	names_close(names);
	if (rc < 0)
		free(written);
	else
		*text = written;
	return rc;
}

/* --- in the background ------------------------------------------------------------------------------------ */

/* To whoever started it: how it began. That is told once. False: nobody is there to hear it, who was told to end meanwhile. */
static bool tell(int *fd, const struct error *error)
{
	ssize_t n;

	do {
		n = write(*fd, error, sizeof(*error));
	} while (n < 0 && errno == EINTR);
	close(*fd);
	*fd = -1;
	return n == (ssize_t)sizeof(*error);
}

/* What comes after that is for nobody's terminal, and holds no folder. */
static int detach(struct error *error)
{
	int fd = open("/dev/null", O_RDWR | O_CLOEXEC);
	int rc = 0;

	if (fd < 0)
		return error_errno(error, error_last(), "/dev/null");
	if (chdir("/") < 0 || dup2(fd, STDIN_FILENO) < 0 || dup2(fd, STDOUT_FILENO) < 0 ||
	    dup2(fd, STDERR_FILENO) < 0)
		rc = error_errno(error, error_last(), "going to the background");
	close(fd);
	return rc;
}

/* What the process in the background said, or that it ended without a word. */
static int hear(int fd, struct error *error)
{
	struct error said;
	ssize_t n;

	do {
		n = read(fd, &said, sizeof(said));
	} while (n < 0 && errno == EINTR);
	if (n != (ssize_t)sizeof(said))
		return error_set(error, ERROR_FAILED, "ended", "the process in the background ended");
	*error = said;
	return said.kind == ERROR_NONE ? 0 : error_number(said.kind);
}

/* --- the command ------------------------------------------------------------------------------------------ */

static void show(struct invocation *inv, const char *folder, const struct device *device, pid_t pid)
{
	/* as mount(8); whoever starts it in the foreground waits for a word */
	bool shown = inv->dry_run || inv->options.foreground;
	struct writer *w = inv->out;

	writer_document(w, inv->command->name);
	writer_bool(w, "dry_run", NULL, inv->dry_run);
	writer_string(w, "address", inv->dry_run ? "would mount " : shown ? "" : NULL, device->name);
	writer_string(w, "folder", inv->dry_run ? " at " : shown ? " is at " : NULL, folder);
	writer_bool(w, "read_only", NULL, inv->options.read_only);
	if (inv->dry_run)
		writer_null(w, "pid", NULL, "nothing was started");
	else
		writer_number(w, "pid", NULL, (uint64_t)pid);
	if (shown)
		writer_line(w);
	writer_document_end(w);
	writer_flush(w);
}

/* *READY: where it is told that it is mounted, -1 from then on; -1 at first: in the foreground. */
static int serve(struct invocation *inv, const char *folder, struct device *device, int *ready)
{
	const struct mount_options options = { .folder = folder,
					       .read_only = inv->options.read_only,
					       .allow_other = inv->options.allow_other,
					       .describe = describe,
					       .data = device };
	struct mount *mount;
	int rc;

	/* a signal leaves no mount without a process */
	signals_catch();
	rc = mount_open(device, &options, &mount, &inv->error);
	if (rc < 0)
		return signals_end(inv, true, rc);
	if (*ready < 0) {
		show(inv, folder, device, getpid());
	} else {
		rc = detach(&inv->error);
		if (rc == 0 && !tell(ready, &inv->error))
			rc = error_set(&inv->error, ERROR_FAILED, "interrupted", "interrupted");
	}
	if (rc == 0)
		rc = mount_serve(mount, signals_stopped, NULL, &inv->error);
	mount_close(mount);
	return signals_end(inv, true, rc);
}

static int open_and_serve(struct invocation *inv, const char *folder, int *ready)
{
	struct device *device;
	int rc = command_device(inv, &device);

	if (rc < 0)
		return rc;
	rc = serve(inv, folder, device, ready);
	device_close(device);
	return rc;
}

/* What whoever started us had open, pipes and locks: all of ours is closed by exec(2). */
static void close_inherited(void)
{
	DIR *folder = opendir("/proc/self/fd");
	const struct dirent *entry;

	while (folder && (entry = readdir(folder))) {
		int fd = atoi(entry->d_name);

		if (fd > STDERR_FILENO && fd != dirfd(folder) && !(fcntl(fd, F_GETFD) & FD_CLOEXEC))
			close(fd);
	}
	if (folder)
		closedir(folder);
}

/* The process that stays: how it begins is shown by the one that it comes from. */
static int stay(struct invocation *inv, const char *folder, int ready)
{
	int rc;

	inv->is_told = true;
	setsid();
	close_inherited();
	rc = open_and_serve(inv, folder, &ready);
	if (ready >= 0)
		tell(&ready, &inv->error);
	return rc;
}

/* By whoever does not serve it. */
static int show_device(struct invocation *inv, const char *folder, pid_t pid)
{
	struct device *device;
	int rc = command_device(inv, &device);

	if (rc < 0)
		return rc;
	show(inv, folder, device, pid);
	device_close(device);
	return 0;
}

static int start(struct invocation *inv, const char *folder)
{
	int ends[2];
	pid_t pid;
	int rc;

	if (pipe2(ends, O_CLOEXEC) < 0)
		return error_errno(&inv->error, error_last(), "going to the background");
	pid = fork();
	if (pid == 0) {
		close(ends[0]);
		return stay(inv, folder, ends[1]);
	}
	close(ends[1]);
	/* that is with the other process */
	inv->ctx.opens_vfio = false;
	rc = pid < 0 ? error_errno(&inv->error, error_last(), "going to the background")
		     : hear(ends[0], &inv->error);
	close(ends[0]);
	if (pid > 0 && rc < 0)
		waitpid(pid, NULL, 0);
	return rc < 0 ? rc : show_device(inv, folder, pid);
}

/* Where one of the three is closed, nothing else is to be opened in its place. */
static int open_standard(struct error *error)
{
	int fd;

	do {
		fd = open("/dev/null", O_RDWR | O_CLOEXEC);
	} while (fd >= 0 && fd <= STDERR_FILENO);
	if (fd < 0)
		return error_errno(error, error_last(), "/dev/null");
	close(fd);
	return 0;
}

static int run_mount(struct invocation *inv)
{
	char *sysroot = NULL;
	int nobody = -1;
	char *folder;
	int rc;

	if (inv->nested)
		return error_set(&inv->error, ERROR_USAGE, "nested",
				 "a batch opens its device itself; a mount is a process of its own");
	rc = open_standard(&inv->error);
	if (rc < 0)
		return rc;
	folder = mount_folder(inv->operands[0], &inv->error);
	if (!folder)
		return error_number(inv->error.kind);
	/* the process that stays has no folder of its own */
	if (inv->ctx.sysroot[0])
		sysroot = realpath(inv->ctx.sysroot, NULL);
	if (sysroot)
		inv->ctx.sysroot = sysroot;
	inv->ctx.opens_vfio = !inv->dry_run;
	if (inv->dry_run)
		rc = show_device(inv, folder, 0);
	else if (inv->options.foreground)
		rc = open_and_serve(inv, folder, &nobody);
	else
		rc = start(inv, folder);
	free(folder);
	inv->ctx.sysroot = "";
	free(sysroot);
	return rc;
}

const struct command mount_commands[] = {
	{
		.name = "mount",
		.operands = "DIR",
		.summary = "The device as files: registers, config space, BARs, buffers, interrupts",
		.details =
			"A read of a file is an access, a write is one: 'cat DIR/regs/STATUS', 'echo 1 > "
			"DIR/regs/CTRL.d/START', 'head -n 1 DIR/irq/0'. What a register map says is not safe to "
			"read cannot be read. DIR/error says why the last one failed. Stays in the background "
			"until 'umount DIR', or until the device is gone.",
		.min_operands = 1,
		.max_operands = 1,
		.operand_kind = WORD_DIRECTORY,
		.options = TAKES(OPTION_READ_ONLY, OPTION_ALLOW_OTHER, OPTION_FOREGROUND, OPTION_UNSAFE,
				 OPTION_WIDE),
		.waits = true,
		.run = run_mount,
	},
	{ 0 },
};
