// SPDX-License-Identifier: GPL-2.0-or-later
/* io_uring, which is loaded when it is wanted: knows a file and memory, nothing of a capture. */
#include "core/capture/direct_writer.h"

#include <errno.h>
#include <fcntl.h>
#include <liburing.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "core/base/library.h"

/* Linux transfers at most this much in one call (read(2), NOTES); a multiple of the alignment. */
#define TRANSFER_MAX 0x7ffff000u
/* What O_DIRECT can end at: a write that ended elsewhere is not gone on with so. */
#define ALIGNMENT 512
/*
 * How much longer a file is made at a time. It waits for all that is in flight (ext4_fallocate() and
 * xfs_file_fallocate() call inode_dio_wait()), so it is worth many writes.
 */
#define RESERVE_MIN (UINT64_C(64) << 20)
#define RESERVE_ROUNDS 8
#define SUBMIT_TRIES 1000
#define NOBODY UINT64_MAX

#define URING_FUNCTIONS(X)                                                                                   \
	X(io_uring_queue_init)                                                                               \
	X(io_uring_queue_exit)                                                                               \
	X(io_uring_register_buffers)                                                                         \
	X(io_uring_submit)                                                                                   \
	X(io_uring_submit_and_wait)                                                                          \
	X(io_uring_peek_batch_cqe)

struct entry {
	struct direct_write write;
	unsigned int piece;
	bool is_ended;
};

struct direct_writer {
	void *library;
	struct io_uring ring;
	bool has_ring;
	bool is_registered;

	int fd;
	bool is_regular;
	bool reserves; /* makes the file longer ahead of the writes */
	uint64_t size; /* 0: not known */
	uint64_t reserved; /* the file is that long */
	uint64_t submitted; /* where the next write goes to */
	uint64_t end; /* of what was given back whole */
	bool is_broken; /* a write was not: what comes behind it does not count */

	struct entry *queue; /* DEPTH of them, in the order of the file */
	unsigned int depth;
	unsigned int first;
	unsigned int count;
	URING_FUNCTIONS(LIBRARY_MEMBER)
};

static bool load_library(struct direct_writer *w)
{
#define SYMBOL(name) LIBRARY_SYMBOL(struct direct_writer, name)
	static const struct library_symbol symbols[] = { URING_FUNCTIONS(SYMBOL) };
#undef SYMBOL

	w->library = library_load("liburing.so.2", w, symbols, sizeof(symbols) / sizeof(symbols[0]));
	return w->library;
}

static int open_ring(struct direct_writer *w)
{
	int rc;

	if (!load_library(w))
		return -ENOPKG;
	rc = w->io_uring_queue_init(w->depth, &w->ring, 0);
	if (rc < 0)
		return rc;
	w->has_ring = true;
	/* came with Linux 5.6, as did the plain write */
	return w->ring.features & IORING_FEAT_RW_CUR_POS ? 0 : -ENOSYS;
}

static int look_at_file(struct direct_writer *w)
{
	off_t position = lseek(w->fd, 0, SEEK_CUR);
	int flags = fcntl(w->fd, F_GETFL);
	struct stat st;

	if (position < 0 || flags < 0 || fstat(w->fd, &st) < 0)
		return -errno;
	/* each write of such a file goes to its end, in the order in which they happen to run */
	if (flags & O_APPEND)
		return -EINVAL;
	w->is_regular = S_ISREG(st.st_mode);
	w->reserves = w->is_regular;
	w->reserved = (uint64_t)position;
	w->submitted = (uint64_t)position;
	w->end = (uint64_t)position;
	return 0;
}

static void free_writer(struct direct_writer *w)
{
	if (w->has_ring)
		w->io_uring_queue_exit(&w->ring);
	library_close(w->library);
	free(w->queue);
	free(w);
}

int direct_writer_open(int fd, unsigned int depth, uint64_t size, struct direct_writer **writer)
{
	struct direct_writer *w = calloc(1, sizeof(*w));
	int rc = -ENOMEM;

	if (!w)
		return rc;
	w->fd = fd;
	w->size = size;
	w->depth = depth;
	w->queue = calloc(depth, sizeof(*w->queue));
	if (w->queue)
		rc = look_at_file(w);
	if (rc == 0)
		rc = open_ring(w);
	if (rc < 0) {
		free_writer(w);
		return rc;
	}
	*writer = w;
	return 0;
}

int direct_writer_register(struct direct_writer *w, const struct iovec *pieces, unsigned int count)
{
	int rc = w->io_uring_register_buffers(&w->ring, pieces, count);

	w->is_registered = rc == 0;
	return rc;
}

unsigned int direct_writer_in_flight(const struct direct_writer *w)
{
	return w->count;
}

/* As far as that goes: without it writes only wait for each other, and one on a full disk says so itself. */
static void reserve(struct direct_writer *w, size_t length)
{
	uint64_t needed = w->submitted + length;
	uint64_t step = (uint64_t)length * w->depth * RESERVE_ROUNDS;
	uint64_t end = w->reserved + (step > RESERVE_MIN ? step : RESERVE_MIN);

	if (!w->reserves || needed <= w->reserved)
		return;
	if (w->size && end > w->size)
		end = w->size;
	if (end < needed)
		end = needed;
	if (fallocate(w->fd, 0, (off_t)w->reserved, (off_t)(end - w->reserved)) == 0)
		w->reserved = end;
	else if (errno != EINTR)
		w->reserves = false;
}

static void pause_shortly(void)
{
	static const struct timespec pause = { .tv_nsec = 1000000 };

	nanosleep(&pause, NULL);
}

/* The kernel may be short of memory for a moment. What it does not take is in the queue, and must not be taken later. */
static int submit(struct direct_writer *w, struct io_uring_sqe *sqe)
{
	int rc = 0;

	for (int i = 0; i < SUBMIT_TRIES; i++) {
		rc = w->io_uring_submit(&w->ring);
		if (rc >= 0)
			return 0;
		pause_shortly();
	}
	io_uring_prep_nop(sqe);
	io_uring_sqe_set_data64(sqe, NOBODY);
	return rc;
}

/* What is left of an entry, to the kernel. */
static int start(struct direct_writer *w, unsigned int index)
{
	struct entry *entry = &w->queue[index];
	struct direct_write *write = &entry->write;
	const char *data = (const char *)write->data + write->done;
	size_t left = write->length - write->done;
	unsigned int length = left < TRANSFER_MAX ? (unsigned int)left : TRANSFER_MAX;
	struct io_uring_sqe *sqe = io_uring_get_sqe(&w->ring);

	if (!sqe)
		return -EBUSY;
	if (w->is_registered)
		io_uring_prep_write_fixed(sqe, w->fd, data, length, write->offset + write->done,
					  (int)entry->piece);
	else
		io_uring_prep_write(sqe, w->fd, data, length, write->offset + write->done);
	io_uring_sqe_set_data64(sqe, index);
	return submit(w, sqe);
}

int direct_writer_submit(struct direct_writer *w, const void *data, size_t length, unsigned int piece)
{
	unsigned int index = (w->first + w->count) % w->depth;
	int rc;

	if (w->count == w->depth)
		return -EAGAIN;
	reserve(w, length);
	w->queue[index] = (struct entry){
		.write = { .data = data, .length = length, .offset = w->submitted },
		.piece = piece,
	};
	rc = start(w, index);
	if (rc < 0)
		return rc;
	w->submitted += length;
	w->count++;
	return 0;
}

static void end_entry(struct entry *entry, int rc)
{
	entry->write.rc = rc;
	entry->is_ended = true;
}

/* The kernel wrote RESULT bytes, or says why not. */
static void on_completion(struct direct_writer *w, unsigned int index, int result)
{
	struct entry *entry = &w->queue[index];
	struct direct_write *write = &entry->write;
	int flags;
	int rc;

	if (result == 0)
		result = -ENOSPC;
	if (result < 0 && result != -EINTR && result != -EAGAIN) {
		end_entry(entry, result);
		return;
	}
	if (result > 0)
		write->done += (size_t)result;
	if (write->done == write->length) {
		end_entry(entry, 0);
		return;
	}
	/* the rest is written through the page cache then */
	flags = fcntl(w->fd, F_GETFL);
	if (write->done % ALIGNMENT && flags >= 0)
		fcntl(w->fd, F_SETFL, flags & ~O_DIRECT);
	rc = start(w, index);
	if (rc < 0)
		end_entry(entry, rc);
}

static void reap(struct direct_writer *w)
{
	struct io_uring_cqe *cqe;

	while (w->io_uring_peek_batch_cqe(&w->ring, &cqe, 1) == 1) {
		uint64_t index = io_uring_cqe_get_data64(cqe);
		int result = cqe->res;

		/* its place first: going on with a short write makes another one */
		io_uring_cqe_seen(&w->ring, cqe);
		if (index != NOBODY)
			on_completion(w, (unsigned int)index, result);
	}
}

/* Nothing may be freed before: there is nothing else to do than to go on. */
static void wait_for_one(struct direct_writer *w)
{
	int rc = w->io_uring_submit_and_wait(&w->ring, 1);

	if (rc < 0 && rc != -EINTR)
		pause_shortly();
}

bool direct_writer_take(struct direct_writer *w, bool wait, struct direct_write *write)
{
	struct entry *oldest = &w->queue[w->first];

	if (w->count == 0)
		return false;
	reap(w);
	while (wait && !oldest->is_ended) {
		wait_for_one(w);
		reap(w);
	}
	if (!oldest->is_ended)
		return false;
	*write = oldest->write;
	w->first = (w->first + 1) % w->depth;
	w->count--;
	if (!w->is_broken)
		w->end += write->done;
	w->is_broken |= write->rc < 0;
	return true;
}

int direct_writer_close(struct direct_writer *w, uint64_t *end)
{
	struct direct_write ignored;
	int rc = 0;

	if (!w)
		return 0;
	w->is_broken |= w->count > 0;
	while (w->count > 0)
		direct_writer_take(w, true, &ignored);
	if (w->is_regular && ftruncate(w->fd, (off_t)w->end) < 0)
		rc = -errno;
	if (lseek(w->fd, (off_t)w->end, SEEK_SET) < 0 && rc == 0)
		rc = -errno;
	if (end)
		*end = w->end;
	free_writer(w);
	return rc;
}
