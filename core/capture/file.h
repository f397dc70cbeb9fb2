/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The file at the other end of a capture: written through the page cache, or with O_DIRECT straight from
 * the memory that the device filled. And the one that play reads.
 */
#ifndef PCIETOOL_CAPTURE_SINK_H
#define PCIETOOL_CAPTURE_SINK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/error.h"

/*
 * Offset, length and memory address of a direct transfer are multiples of this: the largest logical block
 * of common disks (open(2), O_DIRECT).
 */
#define CAPTURE_DIRECT_ALIGNMENT 4096

struct capture_sink {
	const char *name; /* for messages */
	int fd;
	bool is_standard; /* a standard stream: not ours to close */
	bool is_created; /* by us, and not begun yet */
	bool is_direct; /* now */
	bool was_direct; /* set by us on a standard stream: to be taken back */
};

/* What is there already stays as it is until capture_sink_begin(). NAME must outlive *SINK. */
int capture_sink_open(const char *name, bool direct, struct capture_sink **sink, struct error *error);
int capture_source_open(const char *name, bool direct, struct capture_sink **source, struct error *error);
int capture_sink_begin(struct capture_sink *sink, struct error *error); /* truncates */

/*
 * LENGTH bytes. Returns 0, or -EINTR when a signal came (record not filled), or another -errno; *DONE
 * says how many were written in every case. What is not aligned at the end of a direct write goes through the
 * page cache, and so does everything after it.
 */
int capture_sink_write(struct capture_sink *sink, const void *data, size_t length, size_t *done,
		       struct error *error);
/* Up to LENGTH bytes; *DONE below LENGTH with 0: the end of the file. Otherwise as above. */
int capture_source_read(struct capture_sink *source, void *data, size_t length, size_t *done,
			struct error *error);

/* Fills the record for a transfer that failed with RC; RC. */
int capture_sink_failed(const struct capture_sink *sink, int rc, struct error *error);

/* Closes and frees; what only then is known to have failed is reported. */
int capture_sink_finish(struct capture_sink *sink, struct error *error);
/* The same, for a capture that failed: removes a file that was created and never begun. Accepts NULL. */
void capture_sink_close(struct capture_sink *sink);

#endif
