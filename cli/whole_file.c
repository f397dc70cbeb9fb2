// SPDX-License-Identifier: GPL-2.0-or-later
#include "cli/whole_file.h"

#include <stdio.h>
#include <string.h>

#include "core/base/atomic_file.h"

int whole_file_write(const char *name, const void *data, size_t length, struct error *error)
{
	struct atomic_file *file;
	int rc;

	if (!name || strcmp(name, "-") == 0) {
		errno = 0;
		if (fwrite(data, 1, length, stdout) == length && fflush(stdout) == 0)
			return 0;
		return error_errno(error, error_last(), "standard output");
	}
	rc = atomic_file_open(name, &file, error);
	if (rc < 0)
		return rc;
	rc = atomic_file_write(file, data, length, error);
	if (rc < 0) {
		atomic_file_abort(file);
		return rc;
	}
	return atomic_file_commit(file, 0644, error);
}
