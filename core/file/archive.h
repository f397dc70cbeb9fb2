/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Files in one file: a tar archive (ustar, POSIX.1-2017 pax "ustar Interchange Format") compressed as gzip (RFC 1952).
 * zlib, which is loaded, compresses. The archive is in its place whole or not at all.
 */
#ifndef PCIETOOL_ARCHIVE_H
#define PCIETOOL_ARCHIVE_H

#include <stddef.h>
#include <stdint.h>

#include "core/base/error.h"

struct archive;

/* MTIME is every file's, in seconds since 1970. *ARCHIVE is the caller's to commit or to abort. */
int archive_open(const char *path, int64_t mtime, struct archive **archive, struct error *error);
/* NAME is at most 99 bytes long. */
int archive_add(struct archive *archive, const char *name, const void *data, size_t length,
		struct error *error);
/* Frees *ARCHIVE, also when it fails; nothing is left behind then. */
int archive_commit(struct archive *archive, struct error *error);
void archive_abort(struct archive *archive); /* accepts NULL */

#endif
