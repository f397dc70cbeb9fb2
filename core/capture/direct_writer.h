/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One file, written in order with O_DIRECT and io_uring straight from the caller's memory, several writes in flight.
 *
 * Writes end in any order, and are given back in the order of the file. A regular file is made longer ahead of them, as
 * file systems do one write at a time that makes a file longer (ext4_dio_write_iter() waits for such a one under the
 * inode's lock), and cut when the writer is closed: where what was given back ends, so that nothing stands in it behind
 * a write that failed.
 */
#ifndef PCIETOOL_DIRECT_WRITER_H
#define PCIETOOL_DIRECT_WRITER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct iovec;
struct direct_writer;

/*
 * FD is open with O_DIRECT, its position is where the first write goes to. SIZE: what it will be at most, 0: not known.
 * -ENOPKG when there is no liburing, otherwise what the kernel said of io_uring, or -EINVAL: a file that has no place.
 */
int direct_writer_open(int fd, unsigned int depth, uint64_t size, struct direct_writer **writer);
/*
 * Waits for what is in flight and frees. *END, which may be NULL, is where in the file that ends which was given back;
 * a regular file ends there, and the position of FD is there. 0 or -errno.
 */
int direct_writer_close(struct direct_writer *writer, uint64_t *end); /* accepts NULL */

/*
 * Has the kernel look up the memory's pages once, not for every write. 0, or -errno when it will not (too much locked
 * memory, a kind that it cannot keep, too many pieces): then each write does so for itself.
 */
int direct_writer_register(struct direct_writer *writer, const struct iovec *pieces, unsigned int count);

unsigned int direct_writer_in_flight(const struct direct_writer *writer);
/*
 * LENGTH bytes of piece PIECE (or of any memory, where none were registered), behind what was submitted before. LENGTH
 * is a multiple of the alignment. DATA stays as it is until the write was given back. -EAGAIN: as many as fit are in
 * flight.
 */
int direct_writer_submit(struct direct_writer *writer, const void *data, size_t length, unsigned int piece);

struct direct_write {
	const void *data;
	size_t length;
	size_t done; /* bytes; below LENGTH when RC < 0 */
	uint64_t offset; /* in the file */
	int rc;
};

/* The oldest write, once it has ended. WAIT: waits for it, through signals. False: it has not, or there is none. */
bool direct_writer_take(struct direct_writer *writer, bool wait, struct direct_write *write);

#endif
