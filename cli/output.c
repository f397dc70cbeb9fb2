// SPDX-License-Identifier: GPL-2.0-or-later
/* Files and standard output, byte for byte. */
#include "cli/output.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/base/atomic_file.h"

struct output {
	const char *name;
	struct atomic_file *file; /* NULL: standard output, or it is finished */
	bool is_stdout;
};

static int check_stdout(bool json, struct error *error)
{
	if (json)
		return error_set(error, ERROR_USAGE, "usage",
				 "-o -: the JSON document is on standard output");
	if (isatty(STDOUT_FILENO))
		return error_set(error, ERROR_USAGE, "usage", "-o -: raw bytes are not for a terminal");
	return 0;
}

int output_open(const char *name, bool json, struct output **output, struct error *error)
{
	struct output *o = calloc(1, sizeof(*o));
	int rc;

	if (!o)
		return error_errno(error, -ENOMEM, "%s", name);
	o->name = name;
	o->is_stdout = strcmp(name, "-") == 0;
	rc = o->is_stdout ? check_stdout(json, error) : atomic_file_open(name, 0, &o->file, error);
	if (rc < 0)
		free(o);
	else
		*output = o;
	return rc;
}

static int write_stdout(const char *p, size_t length, struct error *error)
{
	while (length > 0) {
		ssize_t n = write(STDOUT_FILENO, p, length);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return error_errno(error, -errno, "standard output");
		p += n;
		length -= (size_t)n;
	}
	return 0;
}

int output_write(struct output *o, const void *data, size_t length, struct error *error)
{
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

int input_open(const char *name, struct error *error)
{
	int fd = STDIN_FILENO;
	int rc;

	if (strcmp(name, "-") != 0)
		fd = open(name, O_RDONLY | O_CLOEXEC);
	if (fd >= 0)
		return fd;
	rc = error_errno(error, -errno, "%s", name);
	error->kind = ERROR_FAILED;
	return rc;
}

int whole_file_open(const char *name, struct whole_file *file, struct error *error)
{
	file->atomic = NULL;
	return name && strcmp(name, "-") != 0 ? atomic_file_open(name, 0644, &file->atomic, error) : 0;
}

static int stdout_failed(struct error *error)
{
	return error_errno(error, error_last(), "standard output");
}

int whole_file_put(struct whole_file *file, const void *data, size_t length, struct error *error)
{
	if (file->atomic)
		return atomic_file_write(file->atomic, data, length, error);
	errno = 0;
	return fwrite(data, 1, length, stdout) == length ? 0 : stdout_failed(error);
}

int whole_file_commit(struct whole_file *file, struct error *error)
{
	if (file->atomic)
		return atomic_file_commit(file->atomic, error);
	errno = 0;
	return fflush(stdout) == 0 ? 0 : stdout_failed(error);
}

void whole_file_abort(struct whole_file *file)
{
	atomic_file_abort(file->atomic);
}

int whole_file_write(const char *name, const void *data, size_t length, struct error *error)
{
	struct whole_file file;
	int rc;

	rc = whole_file_open(name, &file, error);
	if (rc < 0)
		return rc;
	rc = whole_file_put(&file, data, length, error);
	if (rc < 0) {
		whole_file_abort(&file);
		return rc;
	}
	return whole_file_commit(&file, error);
}
