// SPDX-License-Identifier: GPL-2.0-or-later
/* A .tar.gz that is written: tar(5) by hand, zlib loaded when it is needed. Knows files, no PCI. */
#include "core/file/archive.h"

#include <errno.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "core/file/atomic_file.h"
#include "core/base/library.h"

#define BLOCK ((size_t)512)
#define RECORD (20 * BLOCK) /* a tar file's length is a multiple of this */
#define GZIP_WINDOW (15 + 16) /* zlib.h: 16 more than the window's bits asks for a gzip header */

#define ZLIB_FUNCTIONS(X)                                                                                    \
	X(deflateInit2_)                                                                                     \
	X(deflate)                                                                                           \
	X(deflateEnd)

struct archive {
	void *library;
	struct atomic_file *file;
	z_stream stream;
	bool has_stream;
	uint64_t length; /* of the tar */
	int64_t mtime;
	ZLIB_FUNCTIONS(LIBRARY_MEMBER)
	uint8_t out[65536];
};

/* A header: text fields, numbers in octal with a NUL behind them. */
struct header {
	char name[100];
	char mode[8];
	char uid[8];
	char gid[8];
	char size[12];
	char mtime[12];
	char checksum[8];
	char type;
	char link[100];
	char magic[6]; /* "ustar" and a NUL */
	char version[2]; /* "00" */
	char user[32];
	char group[32];
	char major[8];
	char minor[8];
	char prefix[155];
	char unused[12];
};

_Static_assert(sizeof(struct header) == BLOCK, "a header is a block");

static int load_library(struct archive *a)
{
#define SYMBOL(name) LIBRARY_SYMBOL(struct archive, name)
	static const struct library_symbol symbols[] = { ZLIB_FUNCTIONS(SYMBOL) };
#undef SYMBOL

	a->library = library_load("libz.so.1", a, symbols, sizeof(symbols) / sizeof(symbols[0]));
	if (!a->library)
		return -errno;
	a->has_stream = a->deflateInit2_(&a->stream, Z_DEFAULT_COMPRESSION, Z_DEFLATED, GZIP_WINDOW, 8,
					 Z_DEFAULT_STRATEGY, ZLIB_VERSION, (int)sizeof(a->stream)) == Z_OK;
	return a->has_stream ? 0 : -ENOMEM;
}

static void free_archive(struct archive *a)
{
	if (a->has_stream)
		a->deflateEnd(&a->stream);
	library_close(a->library);
	free(a);
}

int archive_open(const char *path, int64_t mtime, struct archive **archive, struct error *error)
{
	struct archive *a = calloc(1, sizeof(*a));
	int rc;

	if (!a)
		return error_errno(error, -ENOMEM, "%s", path);
	a->mtime = mtime;
	rc = load_library(a);
	if (rc == 0) {
		rc = atomic_file_open(path, 0600, &a->file, error);
	} else if (rc != -ELIBACC) {
		rc = error_errno(error, rc, "libz.so.1");
	} else {
		rc = error_set(error, ERROR_FAILED, "no-library",
			       "libz.so.1 cannot be loaded, and it compresses");
		error_hint(error, "it is in the package zlib1g, or zlib");
	}
	if (rc < 0) {
		free_archive(a);
		return rc;
	}
	*archive = a;
	return 0;
}

/* FLUSH is zlib's: Z_NO_FLUSH, or Z_FINISH at the end. */
static int compress_bytes(struct archive *a, const void *data, size_t length, int flush, struct error *error)
{
	a->stream.next_in = (Bytef *)(uintptr_t)data;
	a->stream.avail_in = (uInt)length;
	do {
		int rc;

		a->stream.next_out = a->out;
		a->stream.avail_out = sizeof(a->out);
		if (a->deflate(&a->stream, flush) == Z_STREAM_ERROR)
			return error_set(error, ERROR_FAILED, "failed", "zlib failed");
		rc = atomic_file_write(a->file, a->out, sizeof(a->out) - a->stream.avail_out, error);
		if (rc < 0)
			return rc;
	} while (a->stream.avail_out == 0);
	return 0;
}

/* In pieces that zlib's counters hold. */
static int put(struct archive *a, const void *data, size_t length, struct error *error)
{
	const uint8_t *p = data;

	a->length += length;
	while (length > 0) {
		size_t n = length < (1u << 30) ? length : 1u << 30;
		int rc = compress_bytes(a, p, n, Z_NO_FLUSH, error);

		if (rc < 0)
			return rc;
		p += n;
		length -= n;
	}
	return 0;
}

static int pad(struct archive *a, size_t multiple, struct error *error)
{
	static const uint8_t zeroes[RECORD];
	size_t over = (size_t)(a->length % multiple);

	return over ? put(a, zeroes, multiple - over, error) : 0;
}

/* SIZE - 1 digits, and a NUL. */
static void put_octal(char *field, size_t size, uint64_t value)
{
	field[--size] = '\0';
	while (size > 0) {
		field[--size] = (char)('0' + (value & 7));
		value >>= 3;
	}
}

static void fill_header(const struct archive *a, const char *name, size_t length, struct header *h)
{
	unsigned int sum = 0;

	*h = (struct header){
		.type = '0', .magic = "ustar", .version = { '0', '0' }, .user = "root", .group = "root"
	};
	snprintf(h->name, sizeof(h->name), "%s", name);
	put_octal(h->mode, sizeof(h->mode), 0644);
	put_octal(h->uid, sizeof(h->uid), 0);
	put_octal(h->gid, sizeof(h->gid), 0);
	put_octal(h->size, sizeof(h->size), length);
	put_octal(h->mtime, sizeof(h->mtime), (uint64_t)a->mtime);
	put_octal(h->major, sizeof(h->major), 0);
	put_octal(h->minor, sizeof(h->minor), 0);
	/* of all bytes, with the checksum's own as blanks */
	memset(h->checksum, ' ', sizeof(h->checksum));
	for (size_t i = 0; i < sizeof(*h); i++)
		sum += ((const uint8_t *)h)[i];
	put_octal(h->checksum, sizeof(h->checksum) - 1, sum);
}

int archive_add(struct archive *a, const char *name, const void *data, size_t length, struct error *error)
{
	struct header header;
	int rc;

	fill_header(a, name, length, &header);
	rc = put(a, &header, sizeof(header), error);
	if (rc == 0)
		rc = put(a, data, length, error);
	return rc < 0 ? rc : pad(a, BLOCK, error);
}

static int finish(struct archive *a, struct error *error)
{
	static const uint8_t end[2 * BLOCK];
	int rc = put(a, end, sizeof(end), error);

	if (rc == 0)
		rc = pad(a, RECORD, error);
	return rc < 0 ? rc : compress_bytes(a, NULL, 0, Z_FINISH, error);
}

int archive_commit(struct archive *a, struct error *error)
{
	int rc = finish(a, error);

	if (rc < 0) {
		archive_abort(a);
		return rc;
	}
	rc = atomic_file_commit(a->file, error);
	free_archive(a);
	return rc;
}

void archive_abort(struct archive *a)
{
	if (!a)
		return;
	atomic_file_abort(a->file);
	free_archive(a);
}
