// SPDX-License-Identifier: GPL-2.0-or-later
/* regs load: a file's bytes into a region, one store of the width after another. */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/output.h"
#include "cli/progress.h"
#include "cli/cmd/registers.h"
#include "core/base/fd_wait.h"

#define PIECE 65536u

/* What can be known before the first store: what is left of a regular file. A pipe's, *SIZE 0, is found out on the way. */
static int check_size(const struct target *target, int fd, uint64_t *size, struct error *error)
{
	struct stat st;
	off_t at;

	if (fstat(fd, &st) < 0)
		return error_errno(error, -errno, "reading the input");
	if (S_ISDIR(st.st_mode))
		return error_set(error, ERROR_FAILED, "failed", "the input is a directory");
	*size = 0;
	if (!S_ISREG(st.st_mode))
		return 0;
	at = lseek(fd, 0, SEEK_CUR);
	if (at < 0 || at >= st.st_size)
		return 0;
	*size = (uint64_t)(st.st_size - at);
	return region_check_range(target->region, target->offset, *size, target->width, error);
}

/*
 * What the device's map says is not there, or where a name was given is not to be written, is not. DATA: that piece of the
 * input; NULL: it is looked at later.
 */
static int check_map(struct access *access, const struct target *target, bool is_named, uint64_t done,
		     const uint8_t *data, uint64_t length, struct error *error)
{
	struct target first = *target;

	first.offset += done;
	return access_check_span(access, &first, length, is_named ? ACCESS_STORE : ACCESS_BYTES, data, error);
}

/* So that no register of one access is in two pieces, where what is written to it is looked at. */
static size_t piece_size(const struct target *target, bool is_named, uint64_t done)
{
	return is_named ? PIECE - (target->offset + done) % PIECE : PIECE;
}

/* All of a file before the first store; it is read once more then. */
static int check_file(struct access *access, const struct target *target, bool is_named, int fd,
		      uint64_t size, struct error *error)
{
	uint8_t *piece;
	off_t start;
	int rc = 0;

	if (!is_named)
		return check_map(access, target, is_named, 0, NULL, size, error);
	piece = malloc(PIECE);
	if (!piece)
		return error_errno(error, -ENOMEM, "starting");
	start = lseek(fd, 0, SEEK_CUR);
	for (uint64_t done = 0; rc == 0 && done < size;) {
		ssize_t n = fd_read_full(fd, piece, piece_size(target, is_named, done));

		if (n < 0)
			rc = error_errno(error, (int)n, "reading the input");
		if (n <= 0)
			break;
		rc = check_map(access, target, is_named, done, piece, (uint64_t)n, error);
		done += (uint64_t)n;
	}
	free(piece);
	if (rc == 0 && lseek(fd, start, SEEK_SET) < 0)
		rc = error_errno(error, -errno, "reading the input");
	return rc;
}

/* What is already done is told with what went wrong; by a pipe's length that is no more a mere error of usage. */
static void tell_stored(struct error *error, uint64_t done, bool is_partly)
{
	const char *rest = is_partly ? ", and perhaps some more" : "";
	size_t length = strlen(error->message);

	if (error->kind == ERROR_USAGE)
		error->kind = ERROR_FAILED;
	snprintf(error->message + length, sizeof(error->message) - length,
		 ": %s%" PRIu64 " bytes of the input are stored%s", is_partly ? "the first " : "", done,
		 rest);
}

static int store(const struct target *target, uint64_t done, const uint8_t *data, size_t length, bool dry_run,
		 bool *is_partly, struct error *error)
{
	uint64_t offset = target->offset + done;
	int rc = region_check_range(target->region, offset, length, target->width, error);

	if (rc < 0 || dry_run)
		return rc;
	rc = region_write_block(target->region, offset, target->width, data, length, error);
	*is_partly = rc < 0;
	return rc;
}

/* SIZE of the input; 0: it is not known. */
static int load(struct invocation *inv, struct access *access, const struct target *target, bool is_named,
		int fd, uint64_t size, uint64_t *total)
{
	uint8_t *piece = malloc(PIECE);
	struct progress progress;
	bool is_partly = false;
	uint64_t done = 0;
	int rc = 0;

	if (!piece)
		return error_errno(&inv->error, -ENOMEM, "starting");
	progress_begin(&progress, inv->verbosity);
	for (;;) {
		ssize_t n = fd_read_full(fd, piece, piece_size(target, is_named, done));

		if (n < 0)
			rc = error_errno(&inv->error, (int)n, "reading the input");
		if (n <= 0)
			break;
		/* what was there before was looked at as a whole */
		if (done + (uint64_t)n > size)
			rc = check_map(access, target, is_named, done, piece, (uint64_t)n, &inv->error);
		if (rc == 0)
			rc = store(target, done, piece, (size_t)n, inv->dry_run, &is_partly, &inv->error);
		if (rc < 0)
			break;
		done += (uint64_t)n;
		progress_bytes(&progress, done, size);
	}
	progress_end(&progress);
	free(piece);
	if (rc < 0 && !inv->dry_run && done > 0)
		tell_stored(&inv->error, done, is_partly);
	if (rc == 0 && done == 0)
		rc = error_set(&inv->error, ERROR_FAILED, "failed", "the input is empty");
	*total = done;
	return rc;
}

static void render(struct invocation *inv, const struct target *target, uint64_t total)
{
	struct writer *w = inv->out;
	char ref[80];

	target_format(target, ref, sizeof(ref));
	writer_document(w, inv->command->name);
	writer_bool(w, "dry_run", NULL, inv->dry_run);
	writer_string(w, "ref", inv->dry_run ? "" : NULL, ref);
	writer_number(w, "width", NULL, target->width);
	writer_number(w, "bytes", inv->dry_run ? " <- " : NULL, total);
	if (inv->dry_run) {
		writer_text(w, " bytes");
		writer_line(w);
	}
}

int registers_load(struct invocation *inv)
{
	const struct option_values *o = &inv->options;
	struct device *device = NULL;
	struct access access;
	struct target target = { 0 };
	uint64_t total = 0;
	uint64_t size = 0;
	bool is_named;
	struct ref ref;
	int fd = -1;
	int rc;

	if (!o->input)
		return error_set(&inv->error, ERROR_USAGE, "usage", "-i FILE is missing");
	rc = ref_parse(inv->operands[0], &ref, &inv->error);
	if (rc < 0)
		return rc;
	fd = input_open(o->input, &inv->error);
	if (fd < 0)
		return fd;
	rc = registers_open(inv, SPACE_BAR, true, &device, &access);
	if (rc < 0)
		goto out_input;
	rc = access_resolve(&access, &ref, &target, &inv->error);
	if (rc == 0 && target.item.field)
		rc = error_set(&inv->error, ERROR_USAGE, "bad-operand",
			       "'%s' is a field: bytes go to registers", inv->operands[0]);
	is_named = target.item.reg != NULL;
	/* from there on it is a place, whatever the register is */
	target.item = (struct regmap_item){ 0 };
	if (rc == 0)
		rc = check_size(&target, fd, &size, &inv->error);
	if (rc == 0 && size > 0)
		rc = check_file(&access, &target, is_named, fd, size, &inv->error);
	if (rc == 0)
		rc = load(inv, &access, &target, is_named, fd, size, &total);
	if (rc == 0)
		render(inv, &target, total);
	registers_close(device, &access);
out_input:
	if (fd != STDIN_FILENO)
		close(fd);
	return rc;
}
