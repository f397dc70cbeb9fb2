// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Long blocks of descriptors, several of which are written in one call: what is in the file, what is told and given back
 * when that call is short, is interrupted, fails. Writes as the kernel would, with what this file says it has room for.
 */
#include <sys/syscall.h>
#include <sys/uio.h>

#include "tests/unit/fake_capture.h"

#define LONG (UINT64_C(128) * 1024)
#define BLOCKS 8

/* --- the kernel's part: writev() ---------------------------------------------------------------- */

static struct {
	uint64_t at_once; /* bytes that a call takes; 0: all */
	uint64_t room; /* bytes that there are until ERROR; 0: enough */
	int error;
	unsigned int interrupted; /* which call is; 0: none */
	unsigned int calls;
	unsigned int most; /* bytes of one call */
	bool was_given_back; /* a block was, before it was in the file */
} kernel;

static uint8_t *status_of(unsigned int number);

/* Of the block that DATA is in: its descriptor is not ready again. */
static bool is_kept(const void *data)
{
	for (unsigned int i = 0; i < BLOCKS; i++) {
		const uint8_t *map = fake.maps[i];

		if (map && (const uint8_t *)data >= map && (const uint8_t *)data < map + LONG)
			return *status_of(i) != 0;
	}
	return true;
}

ssize_t writev(int fd, const struct iovec *parts, int count)
{
	struct iovec some[1024];
	uint64_t left = kernel.at_once ? kernel.at_once : UINT64_MAX;
	ssize_t written;
	int n;

	if (++kernel.calls == kernel.interrupted) {
		errno = EINTR;
		return -1;
	}
	if (kernel.error && kernel.room < left)
		left = kernel.room;
	if (left == 0) {
		errno = kernel.error;
		return -1;
	}
	for (n = 0; n < count && left > 0; n++) {
		some[n] = parts[n];
		if (some[n].iov_len > left)
			some[n].iov_len = left;
		left -= some[n].iov_len;
		kernel.was_given_back |= !is_kept(some[n].iov_base);
	}
	written = syscall(SYS_writev, fd, some, n);
	kernel.room -= kernel.error && written > 0 ? (uint64_t)written : 0;
	if (written > kernel.most)
		kernel.most = (unsigned int)written;
	return written;
}

/* --- the device's: a ring of eight descriptors at 0x100, length at 0 (32 bits), status at 4 (done), at 5 (end of frame) --- */

static struct {
	unsigned int delivered;
	unsigned int limit;
	unsigned int pace; /* at once */
	bool is_lazy; /* not before all are acknowledged */
	uint64_t length[64];
	bool goes_on[64]; /* no frame ends with it */
} engine;

static uint8_t *status_of(unsigned int number)
{
	return fake.bar + 0x100 + 8 * (size_t)(number % BLOCKS) + 4;
}

/* Shall it end? Not before the ask after that which brought the last one. */
static bool receive(void *data)
{
	(void)data;
	if (engine.delivered == engine.limit)
		return true;
	if (engine.is_lazy && fake.bar[0x40] != engine.delivered)
		return false;
	for (unsigned int i = 0; i < engine.pace && engine.delivered < engine.limit; i++) {
		unsigned int n = engine.delivered;
		uint8_t *status = status_of(n);

		if (status[0])
			break;
		memcpy(status - 4, &engine.length[n], 4);
		/* which block it is, where its data begins and ends */
		fake.maps[n % BLOCKS][0] = (uint8_t)n;
		fake.maps[n % BLOCKS][engine.length[n] - 1] = (uint8_t)~n;
		status[1] = !engine.goes_on[n];
		status[0] = 1;
		engine.delivered++;
	}
	return false;
}

#define RING                                                                                                 \
	"block 128k", "blocks 8", "done 0x100+8*@index+4/8==1:1", "length 0x100+8*@index",                   \
		"refill 0x100+8*@index+4/8=0", "refill 0x50=@count", "ack 0x40=@count+1"

static void begin(unsigned int limit, unsigned int pace)
{
	reset();
	memset(&engine, 0, sizeof(engine));
	memset(&kernel, 0, sizeof(kernel));
	engine.limit = limit;
	engine.pace = pace;
	for (unsigned int i = 0; i < 64; i++)
		engine.length[i] = LONG;
}

/* Are the first COUNT blocks in the file, behind HEADER bytes each, and told where they are? */
static bool is_saved(unsigned int count, unsigned int header)
{
	int fd = open(out_file(), O_RDONLY);
	uint64_t at = 0;
	bool is_so = block_count == count;

	for (unsigned int n = 0; n < count && is_so; n++) {
		uint8_t ends[2] = { 0 };

		at += header;
		is_so = pread(fd, &ends[0], 1, (off_t)at) == 1 &&
			pread(fd, &ends[1], 1, (off_t)(at + engine.length[n] - 1)) == 1 &&
			ends[0] == (uint8_t)n && ends[1] == (uint8_t)~n && blocks[n].number == n &&
			blocks[n].offset == at && blocks[n].length == engine.length[n];
		at += engine.length[n];
	}
	close(fd);
	return is_so;
}

static void test_whole(struct tap *tap)
{
	const char *raw[] = { option("output", out_file()), RING, NULL };
	const char *each[] = { option("output", out_file()), RING, "batch 1", NULL };
	const char *records[] = { option("output", out_file()), RING, "format records", NULL };
	const char *frames[] = { option("output", out_file()), RING, "end 0x100+8*@index+5/8==1", NULL };
	const char *limited[] = { option("output", out_file()), RING, "size 800000", NULL };
	struct capture_result r;
	struct error e;

	begin(24, 8);
	ok(tap,
	   run(false, raw, receive, &r, &e) == 0 && is_saved(24, 0) && r.blocks == 24 && r.frames == 24 &&
		   r.bytes == 24 * LONG && out_size() == 24 * (off_t)LONG,
	   "long blocks: all of them, in their order");
	ok(tap, kernel.calls == 6 && kernel.most == 4 * LONG, "... half a ring in a call");
	ok(tap, !kernel.was_given_back && fake.bar[0x40] == 24 && fake.bar[0x50] == 23,
	   "... each given back when it is in the file, all of them acknowledged");
	begin(24, 3);
	engine.is_lazy = true;
	ok(tap, run(false, raw, receive, &r, &e) == 0 && is_saved(24, 0) && kernel.most == 3 * LONG,
	   "... no more is waited for than is finished");
	begin(24, 8);
	ok(tap, run(false, each, receive, &r, &e) == 0 && is_saved(24, 0) && kernel.most == LONG,
	   "--batch 1: a block in a call, as the doorbell is due");
	begin(24, 8);
	ok(tap,
	   run(false, records, receive, &r, &e) == 0 && is_saved(24, 16) && !kernel.was_given_back &&
		   out_size() == 24 * (off_t)(LONG + 16) && r.bytes == 24 * LONG && kernel.calls == 6,
	   "records: headers between them");
	begin(24, 8);
	ok(tap,
	   run(false, limited, receive, &r, &e) == 0 && r.bytes == 800000 && r.blocks == 7 &&
		   out_size() == 800000,
	   "--size: not a byte more");

	/* blocks 1 and 2 are a frame, as are 4 to 6 */
	begin(12, 8);
	engine.goes_on[1] = engine.goes_on[4] = engine.goes_on[5] = true;
	ok(tap,
	   run(false, frames, receive, &r, &e) == 0 && is_saved(12, 0) && r.frames == 9 &&
		   blocks[6].frame == 3 && blocks[7].frame == 4 && !kernel.was_given_back,
	   "frames of several long blocks");
	/* a frame as long as the ring, behind others */
	begin(16, 8);
	for (unsigned int n = 3; n < 10; n++)
		engine.goes_on[n] = true;
	ok(tap, run(false, frames, receive, &r, &e) == 0 && is_saved(16, 0) && r.frames == 9,
	   "... one that fills the ring");
}

/* Short ones are copied, and are given back behind the long ones before them all the same. */
static void test_mixed(struct tap *tap)
{
	const char *raw[] = { option("output", out_file()), RING, NULL };
	const char *skips[] = { option("output", out_file()), RING, "skip 0x100+8*@index==5", NULL };
	struct capture_result r;
	struct error e;
	uint64_t bytes = 0;

	begin(32, 8);
	for (unsigned int n = 0; n < 32; n++) {
		engine.length[n] = n % 3 == 0 ? LONG : 100 + n;
		bytes += engine.length[n];
	}
	ok(tap,
	   run(false, raw, receive, &r, &e) == 0 && is_saved(32, 0) && r.bytes == bytes && r.blocks == 32 &&
		   !kernel.was_given_back && fake.bar[0x40] == 32,
	   "long and short blocks by turns");
	begin(16, 8);
	engine.length[2] = engine.length[6] = 5;
	ok(tap,
	   run(false, skips, receive, &r, &e) == 0 && r.skipped == 2 && r.blocks == 14 &&
		   out_size() == 14 * (off_t)LONG && !kernel.was_given_back && fake.bar[0x40] == 16,
	   "one that is skipped behind long ones");
}

static void test_short(struct tap *tap)
{
	const char *raw[] = { option("output", out_file()), RING, NULL };
	const char *records[] = { option("output", out_file()), RING, "format records", NULL };
	struct capture_result r;
	struct error e;

	begin(24, 8);
	kernel.at_once = 100000;
	kernel.interrupted = 1;
	ok(tap,
	   run(false, raw, receive, &r, &e) == 0 && is_saved(24, 0) && r.bytes == 24 * LONG &&
		   out_size() == 24 * (off_t)LONG && kernel.calls > 24 && !kernel.was_given_back,
	   "short writes are gone on with in the middle of a block, interrupted ones again");
	begin(24, 8);
	kernel.at_once = LONG + 16;
	ok(tap, run(false, records, receive, &r, &e) == 0 && is_saved(24, 16), "... and between two parts");
	begin(24, 8);
	kernel.at_once = 7;
	for (unsigned int n = 0; n < 24; n++)
		engine.length[n] = 70000;
	ok(tap, run(false, records, receive, &r, &e) == 0 && is_saved(24, 16),
	   "... in the midst of a header");
}

static bool end_when_interrupted(void *data)
{
	return (kernel.interrupted && kernel.calls >= kernel.interrupted) || receive(data);
}

static void test_failures(struct tap *tap)
{
	const char *raw[] = { option("output", out_file()), RING, NULL };
	const char *records[] = { option("output", out_file()), RING, "format records", NULL };
	struct capture_result r;
	struct error e;

	begin(24, 8);
	kernel.room = 6 * LONG + 1000;
	kernel.error = ENOSPC;
	ok(tap,
	   run(false, raw, receive, &r, &e) < 0 && e.kind == ERROR_FAILED &&
		   strstr(e.message, "No space left") && is_saved(6, 0) && r.blocks == 6 && r.frames == 6 &&
		   r.bytes == 6 * LONG + 1000 && out_size() == (off_t)r.bytes,
	   "a disk that is full in the middle of a write: what is in the file is counted and told, and nothing else");
	ok(tap, *status_of(4) && *status_of(5) && fake.bar[0x40] == 4, "... and none of it is given back");
	begin(24, 8);
	kernel.room = 4 * LONG;
	kernel.error = ENOSPC;
	ok(tap,
	   run(false, raw, receive, &r, &e) < 0 && is_saved(4, 0) && r.blocks == 4 && r.bytes == 4 * LONG,
	   "... between two");
	begin(24, 8);
	kernel.room = 2 * (LONG + 16) + 10;
	kernel.error = EIO;
	ok(tap,
	   run(false, records, receive, &r, &e) < 0 && is_saved(2, 16) && r.blocks == 2 &&
		   r.bytes == 2 * LONG && strstr(e.message, "Input/output error"),
	   "... in a header, which is no data");
	begin(24, 8);
	kernel.room = LONG;
	kernel.error = EFAULT;
	ok(tap,
	   run(false, raw, receive, &r, &e) == -ENODEV && strcmp(e.code, "unbound") == 0 && is_saved(1, 0) &&
		   r.bytes == LONG,
	   "memory that went away meanwhile");
	begin(24, 8);
	kernel.at_once = LONG + 1000;
	kernel.interrupted = 3;
	ok(tap,
	   run(false, raw, end_when_interrupted, &r, &e) == 0 && r.stopped && is_saved(2, 0) &&
		   r.blocks == 2 && r.bytes == 2 * (LONG + 1000) && out_size() == (off_t)r.bytes &&
		   kernel.calls == 3,
	   "one that is interrupted as it shall end: nothing more is written");
}

int main(void)
{
	struct tap tap = { 0 };

	make_device();
	test_whole(&tap);
	test_mixed(&tap);
	test_short(&tap);
	test_failures(&tap);
	return end_device(&tap);
}
