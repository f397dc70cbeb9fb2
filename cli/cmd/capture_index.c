// SPDX-License-Identifier: GPL-2.0-or-later
/* The index of a capture: what is known of each block, as it is saved. */
#include "cli/cmd/capture_index.h"

#include <errno.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/output.h"
#include "core/base/fd_stream.h"

/* A file, so never a question of the device. */
static int failed(const struct capture_index *index, int rc, struct error *error)
{
	error_errno(error, rc, "--index: %s", index->path);
	error->kind = ERROR_FAILED;
	return rc;
}

int capture_index_check(const char *path, struct error *error)
{
	const struct capture_index index = { .path = path };
	struct error why;
	int rc = path ? output_check(path, &why) : 0;

	return rc < 0 ? failed(&index, rc, error) : 0;
}

static bool is_fifo(int fd)
{
	struct stat status;

	return fstat(fd, &status) == 0 && S_ISFIFO(status.st_mode);
}

int capture_index_open(struct capture_index *index, const char *path, const char *command,
		       struct error *error)
{
	int rc;

	index->path = path;
	if (!path)
		return 0;
	snprintf(index->name, sizeof(index->name), "%s-index", command);
	rc = stream_file_open(path, &index->file);
	if (rc < 0)
		return failed(index, rc, error);
	index->stream = fd_stream(index->file.fd, "w");
	if (!index->stream) {
		rc = -errno;
		close(index->file.fd);
		return failed(index, rc, error);
	}
	/* who reads it at the other end of a pipe sees each block when it is there */
	if (is_fifo(index->file.fd))
		setvbuf(index->stream, NULL, _IOLBF, 0);
	if (writer_open(index->stream, true, &index->writer) < 0)
		return failed(index, -ENOMEM, error);
	return 0;
}

int capture_index_begin(struct capture_index *index, struct error *error)
{
	int rc = index->stream ? stream_file_begin(&index->file) : 0;

	return rc < 0 ? failed(index, rc, error) : 0;
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
	if (index->stream && close(index->file.fd) < 0 && rc == 0)
		rc = -errno;
	stream_file_end(&index->file);
	index->writer = NULL;
	index->stream = NULL;
	return rc < 0 ? failed(index, rc, error) : 0;
}
