// SPDX-License-Identifier: GPL-2.0-or-later
/* The index of a capture: what is known of each block, as it is saved. */
#include "cli/cmd/capture_index.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

/* A file, so never a question of the device. */
static int failed(const struct capture_index *index, int rc, struct error *error)
{
	error_errno(error, rc, "--index: %s", index->file);
	error->kind = ERROR_FAILED;
	return rc;
}

static bool is_fifo(FILE *stream)
{
	struct stat status;

	return fstat(fileno(stream), &status) == 0 && S_ISFIFO(status.st_mode);
}

int capture_index_open(struct capture_index *index, const char *file, const char *command,
		       struct error *error)
{
	int fd;
	int rc;

	index->file = file;
	if (!file)
		return 0;
	snprintf(index->name, sizeof(index->name), "%s-index", command);
	fd = open(file, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
	index->is_created = fd >= 0;
	if (fd < 0 && errno == EEXIST)
		fd = open(file, O_WRONLY | O_CREAT | O_CLOEXEC, 0666);
	if (fd < 0)
		return failed(index, -errno, error);
	index->stream = fdopen(fd, "w");
	if (!index->stream) {
		rc = -errno;
		close(fd);
		return failed(index, rc, error);
	}
	/* who reads it at the other end of a pipe sees each block when it is there */
	if (is_fifo(index->stream))
		setvbuf(index->stream, NULL, _IOLBF, 0);
	if (writer_open(index->stream, true, &index->writer) < 0)
		return failed(index, -ENOMEM, error);
	return 0;
}

int capture_index_begin(struct capture_index *index, struct error *error)
{
	struct stat status;

	if (!index->stream)
		return 0;
	/* only a file has something that can be taken away */
	if (fstat(fileno(index->stream), &status) < 0 ||
	    (S_ISREG(status.st_mode) && ftruncate(fileno(index->stream), 0) < 0))
		return failed(index, -errno, error);
	index->is_begun = true;
	return 0;
}

int capture_index_write(struct capture_index *index, const struct capture_block *block, struct error *error)
{
	struct writer *w = index->writer;

	if (!w)
		return 0;
	writer_document(w, index->name);
	writer_number(w, "block", NULL, block->number);
	writer_number(w, "offset", NULL, block->offset);
	writer_number(w, "length", NULL, block->length);
	writer_number(w, "time_ns", NULL, block->time);
	if (block->has_interrupts)
		writer_number(w, "interrupts", NULL, block->interrupts);
	else
		writer_null(w, "interrupts", NULL, "without --irq they are not counted");
	writer_bool(w, "overwritten", NULL, block->overwritten);
	if (block->is_described) {
		writer_number(w, "frame", NULL, block->frame);
		writer_hex(w, "status", NULL, block->status, 0);
	}
	writer_document_end(w);
	/* a second attempt says why the first one failed */
	if (ferror(index->stream) && fflush(index->stream) != 0)
		return failed(index, -errno, error);
	return 0;
}

int capture_index_close(struct capture_index *index, struct error *error)
{
	int rc = index->writer ? writer_close(index->writer) : 0;

	if (index->stream && fclose(index->stream) != 0 && rc == 0)
		rc = -errno;
	if (index->is_created && !index->is_begun)
		unlink(index->file);
	index->is_created = false;
	index->writer = NULL;
	index->stream = NULL;
	return rc < 0 ? failed(index, rc, error) : 0;
}
