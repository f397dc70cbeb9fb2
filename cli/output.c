// SPDX-License-Identifier: GPL-2.0-or-later
/* Files and standard output, byte for byte. */
#include "cli/output.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/command.h"
#include "core/base/fd_wait.h"
#include "core/file/atomic_file.h"
#include "core/file/output_path.h"

struct output {
	struct atomic_file *file; /* NULL: standard output, or it is finished */
	bool is_stdout;
	bool is_discarded;
};

static int check_stdout(const char *name, bool json, struct error *error)
{
	bool is_dash = strcmp(name, "-") == 0;

	if (json)
		return error_set(error, ERROR_USAGE, "usage",
				 "%s%.100s: the JSON document is on standard output", is_dash ? "-o " : "",
				 name);
	/* who calls it by another name means it */
	if (is_dash && isatty(STDOUT_FILENO))
		return error_set(error, ERROR_USAGE, "usage", "-o -: raw bytes are not for a terminal");
	return 0;
}

/* A dry run fails where the real run would. */
static int discard(struct invocation *inv, const char *name)
{
	int rc = output_check(name, &inv->error);

	if (rc == 0)
		context_log(&inv->ctx, LOG_NOTE, "would write %s", name);
	return rc;
}

int output_open(struct invocation *inv, const char *name, struct output **output)
{
	struct output *o = calloc(1, sizeof(*o));
	int rc = 0;

	if (!o)
		return error_errno(&inv->error, -ENOMEM, "%s", name);
	o->is_stdout = output_path_is_stdout(name);
	o->is_discarded = !o->is_stdout && inv->dry_run;
	if (o->is_stdout)
		rc = check_stdout(name, inv->json, &inv->error);
	else if (o->is_discarded)
		rc = discard(inv, name);
	else
		rc = atomic_file_open(name, 0, &o->file, &inv->error);
	if (rc < 0)
		free(o);
	else
		*output = o;
	return rc;
}

static int write_stdout(const void *data, size_t length, struct error *error)
{
	int rc = fd_write_all(STDOUT_FILENO, data, length);

	return rc < 0 ? error_errno(error, rc, "standard output") : 0;
}

int output_write(struct output *o, const void *data, size_t length, struct error *error)
{
	if (o->is_discarded)
		return 0;
	return o->is_stdout ? write_stdout(data, length, error)
			    : atomic_file_write(o->file, data, length, error);
}

bool output_is_stdout(const struct output *o)
{
	return o->is_stdout;
}

int output_finish(struct output *o, struct error *error)
{
	struct atomic_file *file = o->file;

	o->file = NULL;
	return file ? atomic_file_commit(file, error) : 0;
}

void output_close(struct output *o)
{
	if (!o)
		return;
	atomic_file_abort(o->file);
	free(o);
}

int output_write_file(struct invocation *inv, const char *name, const void *data, size_t length)
{
	struct output *output;
	int rc;

	rc = output_open(inv, name, &output);
	if (rc < 0)
		return rc;
	rc = output_write(output, data, length, &inv->error);
	if (rc == 0)
		rc = output_finish(output, &inv->error);
	output_close(output);
	return rc;
}

static int file_failed(struct error *error, int rc, const char *name)
{
	rc = error_errno(error, rc, "%s", name);
	error->kind = ERROR_FAILED;
	return rc;
}

int output_check(const char *name, struct error *error)
{
	const char *slash = strrchr(name, '/');
	char *folder;
	struct stat st;
	int rc;

	if (stat(name, &st) == 0 && S_ISDIR(st.st_mode))
		return file_failed(error, -EISDIR, name);
	if (access(name, W_OK) == 0)
		return 0;
	if (errno != ENOENT)
		return file_failed(error, -errno, name);
	folder = slash ? strndup(name, (size_t)(slash - name) + 1) : strdup(".");
	if (!folder)
		return file_failed(error, -ENOMEM, name);
	rc = access(folder, W_OK | X_OK) < 0 ? file_failed(error, -errno, name) : 0;
	free(folder);
	return rc;
}

int input_check(const char *name, struct error *error)
{
	struct stat st;

	if (strcmp(name, "-") == 0)
		return 0;
	if (stat(name, &st) == 0 && S_ISDIR(st.st_mode))
		return file_failed(error, -EISDIR, name);
	return access(name, R_OK) < 0 ? file_failed(error, -errno, name) : 0;
}

int input_open(const char *name, struct error *error)
{
	int fd = STDIN_FILENO;

	if (strcmp(name, "-") != 0)
		fd = open(name, O_RDONLY | O_CLOEXEC);
	return fd >= 0 ? fd : file_failed(error, -errno, name);
}

int whole_file_open(struct invocation *inv, const char *name, struct whole_file *file)
{
	bool is_stdout = !name || output_path_is_stdout(name);

	*file = (struct whole_file){ .is_discarded = !is_stdout && inv->dry_run };
	if (is_stdout)
		return 0;
	return file->is_discarded ? discard(inv, name)
				  : atomic_file_open(name, 0644, &file->atomic, &inv->error);
}

static int stdout_failed(struct error *error)
{
	return error_errno(error, error_last(), "standard output");
}

int whole_file_put(struct whole_file *file, const void *data, size_t length, struct error *error)
{
	if (file->is_discarded)
		return 0;
	if (file->atomic)
		return atomic_file_write(file->atomic, data, length, error);
	errno = 0;
	return fwrite(data, 1, length, stdout) == length ? 0 : stdout_failed(error);
}

int whole_file_commit(struct whole_file *file, struct error *error)
{
	struct atomic_file *atomic = file->atomic;

	file->atomic = NULL;
	if (atomic)
		return atomic_file_commit(atomic, error);
	errno = 0;
	return fflush(stdout) == 0 ? 0 : stdout_failed(error);
}

void whole_file_abort(struct whole_file *file)
{
	atomic_file_abort(file->atomic);
	file->atomic = NULL;
}

int whole_file_write(struct invocation *inv, const char *name, const void *data, size_t length)
{
	struct whole_file file;
	int rc;

	rc = whole_file_open(inv, name, &file);
	if (rc < 0)
		return rc;
	rc = whole_file_put(&file, data, length, &inv->error);
	if (rc == 0)
		rc = whole_file_commit(&file, &inv->error);
	whole_file_abort(&file);
	return rc;
}
