// SPDX-License-Identifier: GPL-2.0-or-later
/* Several direct writes of one file in flight, on a temporary file beside this program. */
#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

#include "core/capture/direct_writer.h"
#include "tests/unit/tap.h"

#define BLOCK ((size_t)65536)
#define DEPTH 4
#define ROUNDS 50

static struct tap tap;
static char path[4096];
static uint8_t *memory; /* DEPTH blocks */

static int open_file(void)
{
	int fd = open(path, O_RDWR | O_CREAT | O_TRUNC | O_DIRECT, 0600);

	return fd;
}

static uint64_t length_of(int fd)
{
	struct stat st;

	return fstat(fd, &st) == 0 ? (uint64_t)st.st_size : UINT64_MAX;
}

static uint8_t pattern(uint64_t number)
{
	return (uint8_t)(number * 7 + 1);
}

/* Do the first COUNT blocks hold what block N was filled with? */
static bool has_pattern(int fd, uint64_t count)
{
	static uint8_t expected[BLOCK];
	uint8_t *got = aligned_alloc(4096, BLOCK);
	bool same = true;

	for (uint64_t n = 0; same && n < count; n++) {
		memset(expected, pattern(n), BLOCK);
		same = pread(fd, got, BLOCK, (off_t)(n * BLOCK)) == (ssize_t)BLOCK &&
		       memcmp(got, expected, BLOCK) == 0;
	}
	free(got);
	return same;
}

static bool submit(struct direct_writer *w, uint64_t number)
{
	unsigned int slot = (unsigned int)(number % DEPTH);

	memset(memory + slot * BLOCK, pattern(number), BLOCK);
	return direct_writer_submit(w, memory + slot * BLOCK, BLOCK, slot) == 0;
}

/* COUNT blocks round the memory; each is filled again only when it was given back. */
static bool write_blocks(struct direct_writer *w, uint64_t count)
{
	struct direct_write write;
	uint64_t taken = 0;
	bool fine = true;

	for (uint64_t n = 0; fine && n < count; n++) {
		while (fine && direct_writer_take(w, direct_writer_in_flight(w) == DEPTH, &write))
			fine = write.rc == 0 && write.done == BLOCK && write.offset == taken++ * BLOCK;
		fine = fine && submit(w, n);
	}
	while (fine && direct_writer_take(w, true, &write))
		fine = write.rc == 0 && write.done == BLOCK && write.offset == taken++ * BLOCK;
	return fine && taken == count;
}

static int register_all(struct direct_writer *w)
{
	struct iovec pieces[DEPTH];

	for (unsigned int i = 0; i < DEPTH; i++)
		pieces[i] = (struct iovec){ .iov_base = memory + i * BLOCK, .iov_len = BLOCK };
	return direct_writer_register(w, pieces, DEPTH);
}

static void test_order(bool registered, uint64_t size)
{
	const char *how = registered ? "registered" : "not registered";
	struct direct_writer *w = NULL;
	uint64_t end = 0;
	int fd = open_file();

	ok(&tap, direct_writer_open(fd, DEPTH, size, &w) == 0, "%s, size %llu: opens", how,
	   (unsigned long long)size);
	if (registered)
		ok(&tap, register_all(w) == 0, "%s: the memory can be", how);
	ok(&tap, write_blocks(w, ROUNDS), "%s: all blocks come back in order", how);
	ok(&tap, direct_writer_close(w, &end) == 0 && end == ROUNDS * BLOCK, "%s: its end", how);
	ok(&tap, length_of(fd) == ROUNDS * BLOCK && lseek(fd, 0, SEEK_CUR) == (off_t)end,
	   "%s: the file is no longer than that", how);
	ok(&tap, has_pattern(fd, ROUNDS), "%s: every byte", how);
	close(fd);
}

static void test_full_queue(void)
{
	struct direct_writer *w = NULL;
	struct direct_write write;
	int fd = open_file();

	direct_writer_open(fd, DEPTH, 0, &w);
	ok(&tap, !direct_writer_take(w, true, &write), "nothing in flight: nothing to wait for");
	for (unsigned int i = 0; i < DEPTH; i++)
		submit(w, i);
	ok(&tap, direct_writer_in_flight(w) == DEPTH, "as many in flight as asked for");
	ok(&tap, direct_writer_submit(w, memory, BLOCK, 0) == -EAGAIN, "one more does not fit");
	direct_writer_close(w, NULL);
	ok(&tap, length_of(fd) == 0, "closed without taking any back: nothing in the file");
	close(fd);
}

/* The file cannot become longer than two and a half blocks: the third is short, then fails. */
static void test_limit(void)
{
	const struct rlimit limit = { .rlim_cur = 2 * BLOCK + BLOCK / 2, .rlim_max = RLIM_INFINITY };
	struct rlimit before;
	struct direct_writer *w = NULL;
	struct direct_write writes[DEPTH];
	uint64_t end = 0;
	int fd = open_file();

	getrlimit(RLIMIT_FSIZE, &before);
	signal(SIGXFSZ, SIG_IGN);
	direct_writer_open(fd, DEPTH, 0, &w);
	setrlimit(RLIMIT_FSIZE, &limit);
	for (unsigned int i = 0; i < DEPTH; i++)
		submit(w, i);
	for (unsigned int i = 0; i < DEPTH; i++)
		direct_writer_take(w, true, &writes[i]);
	setrlimit(RLIMIT_FSIZE, &before);
	ok(&tap, writes[0].rc == 0 && writes[1].rc == 0, "what fits is written");
	ok(&tap, writes[2].rc == -EFBIG && writes[2].done == BLOCK / 2,
	   "a short write is gone on with, and fails");
	ok(&tap, writes[3].rc == -EFBIG, "the next one fails");
	ok(&tap, direct_writer_close(w, &end) == 0 && end == 2 * BLOCK + BLOCK / 2,
	   "the end is where it failed");
	ok(&tap, length_of(fd) == end && has_pattern(fd, 2), "and there the file ends");
	close(fd);
}

/* The second of three has no memory. */
static void test_hole(void)
{
	void *gone = mmap(NULL, BLOCK, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	struct direct_writer *w = NULL;
	struct direct_write write;
	int results[3];
	int fd = open_file();

	direct_writer_open(fd, DEPTH, 0, &w);
	submit(w, 0);
	direct_writer_submit(w, gone, BLOCK, 1);
	submit(w, 2);
	for (int i = 0; i < 3; i++) {
		direct_writer_take(w, true, &write);
		results[i] = write.rc;
	}
	ok(&tap, results[0] == 0 && results[1] == -EFAULT && results[2] == 0,
	   "only the one without memory fails");
	direct_writer_close(w, NULL);
	ok(&tap, length_of(fd) == BLOCK && has_pattern(fd, 1),
	   "what came behind it is not in the file: no hole");
	munmap(gone, BLOCK);
	close(fd);
}

static void test_refused(void)
{
	struct direct_writer *w = NULL;
	int ends[2];
	int fd;

	fd = open(path, O_WRONLY | O_CREAT | O_APPEND, 0600);
	ok(&tap, direct_writer_open(fd, DEPTH, 0, &w) == -EINVAL && !w,
	   "a file that is only appended to is refused");
	close(fd);
	if (pipe(ends) == 0) {
		ok(&tap, direct_writer_open(ends[1], DEPTH, 0, &w) == -ESPIPE && !w, "a pipe is refused");
		close(ends[0]);
		close(ends[1]);
	}
	ok(&tap, direct_writer_close(NULL, NULL) == 0, "nothing can be closed");
}

/* Why the rest cannot be tested here; NULL: it can. */
static const char *missing(void)
{
	struct direct_writer *w = NULL;
	int fd = open_file();
	int rc;

	if (fd < 0)
		return "the file system of the build folder has no direct I/O";
	rc = direct_writer_open(fd, DEPTH, 0, &w);
	direct_writer_close(w, NULL);
	close(fd);
	return rc < 0 ? "no io_uring here" : NULL;
}

int main(int argc, char **argv)
{
	const char *reason;
	char *self = strdup(argv[0]);

	(void)argc;
	snprintf(path, sizeof(path), "%s/direct_writer-%d", dirname(self), (int)getpid());
	free(self);
	memory = aligned_alloc(4096, DEPTH * BLOCK);
	reason = missing();
	if (reason) {
		printf("ok %d - several direct writes # skip %s\n", ++tap.count, reason);
	} else {
		test_order(false, 0);
		test_order(true, 0);
		test_order(true, ROUNDS * BLOCK);
		test_order(false, BLOCK);
		test_full_queue();
		test_limit();
		test_hole();
		test_refused();
	}
	unlink(path);
	free(memory);
	return tap_done(&tap);
}
