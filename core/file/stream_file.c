// SPDX-License-Identifier: GPL-2.0-or-later
/* A file that is emptied when its content begins, and not before. */
#include "core/file/stream_file.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/file/output_path.h"

int stream_file_open(const char *path, struct stream_file *file)
{
	char *made = NULL;
	int fd = output_path_duplicate(path);
	bool is_given = fd >= 0;

	if (fd == -ENOENT)
		fd = output_path_open(path, 0666, &made);
	if (fd < 0)
		return fd;
	*file = (struct stream_file){ .fd = fd, .is_given = is_given, .made = made };
	return 0;
}

int stream_file_begin(struct stream_file *file)
{
	struct stat st;

	free(file->made);
	file->made = NULL;
	/* only a file has something that can be taken away */
	if (file->is_given || fstat(file->fd, &st) < 0 || !S_ISREG(st.st_mode))
		return 0;
	return ftruncate(file->fd, 0) < 0 ? -errno : 0;
}

void stream_file_end(struct stream_file *file)
{
	if (file->made)
		unlink(file->made);
	free(file->made);
	file->made = NULL;
}
