// SPDX-License-Identifier: GPL-2.0-or-later
/* The file that says who has a session. */
#include "core/backend/session_lock.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/base/error.h"
#include "core/file/same_file.h"

/* Of the open file, not of the process (fcntl(2), F_OFD_SETLK): one process may hold several, and look at its own. */
static int lock(int fd)
{
	struct flock whole = { .l_type = F_WRLCK, .l_whence = SEEK_SET };

	if (fcntl(fd, F_OFD_SETLK, &whole) == 0)
		return 0;
	return errno == EACCES ? -EWOULDBLOCK : error_last();
}

/* A test that takes nothing: a lock for reading would for a moment look like a session. */
static bool is_locked(int fd)
{
	struct flock whole = { .l_type = F_WRLCK, .l_whence = SEEK_SET };

	return fcntl(fd, F_OFD_GETLK, &whole) == 0 && whole.l_type != F_UNLCK;
}

/* The last holder may have taken the file away between our open and our lock: then we have one that nobody finds. */
static bool is_at(const char *path, int fd)
{
	struct stat there;
	struct stat ours;

	return fstat(fd, &ours) == 0 && lstat(path, &there) == 0 && same_inode(&there, &ours);
}

static int write_text(int fd, const char *text)
{
	size_t size = strlen(text);
	ssize_t n;

	if (ftruncate(fd, 0) < 0)
		return error_last();
	n = pwrite(fd, text, size, 0);
	return n == (ssize_t)size ? 0 : n < 0 ? error_last() : -ENOSPC;
}

int session_lock_take(const char *path, const char *text)
{
	int rc;
	int fd;

	for (;;) {
		fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
		if (fd < 0)
			return error_last();
		rc = lock(fd);
		if (rc < 0 || is_at(path, fd))
			break;
		close(fd);
	}
	if (rc == 0)
		rc = write_text(fd, text);
	if (rc < 0) {
		close(fd);
		return rc;
	}
	return fd;
}

void session_lock_release(const char *path, int fd)
{
	if (fd < 0)
		return;
	/* before the lock goes: behind it the file may be another one's */
	unlink(path);
	close(fd);
}

int session_lock_holder(const char *path, char *text, size_t size)
{
	ssize_t n = 0;
	int fd;

	fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	if (fd < 0)
		return error_last();
	if (is_locked(fd))
		n = pread(fd, text, size - 1, 0);
	close(fd);
	if (n <= 0)
		return -ENOENT;
	text[n] = '\0';
	return 0;
}
