// SPDX-License-Identifier: GPL-2.0-or-later
/* Capture and play, block by block and by a head. By descriptors: test_capture_descriptors.c. */
#include "tests/unit/fake_capture.h"

/* --- cases ------------------------------------------------------------------------------------- */

static void test_messages(struct tap *tap)
{
	const char *free_running[] = { option("output", out_file()),
				       "block 4096",
				       "blocks 4",
				       "irq 0",
				       "size 40k",
				       "stop 0x10=1",
				       NULL };
	struct capture_result r;
	struct error e;

	reset();
	for (int i = 0; i < 20; i++)
		fake.steps[i] = 1;
	ok(tap,
	   run(false, free_running, NULL, &r, &e) == 0 && r.lost == 0 && !r.lost_reason && r.blocks == 10,
	   "a message for every block: none lost, and known");
	ok(tap, fake.stop_writes == 1 && fake.releases == 1 && fake.bar[0x10] == 0,
	   "--stop is left to the kernel, once");

	reset();
	/* five at once into a ring of four: three are whole, the fourth is being written */
	fake.steps[0] = 5;
	for (int i = 1; i < 20; i++)
		fake.steps[i] = 1;
	ok(tap, run(false, free_running, NULL, &r, &e) < 0 && e.kind == ERROR_FAILED && r.lost == 2,
	   "messages that were not kept up with are blocks lost");
	ok(tap, r.blocks == 10 && blocks[0].number == 2 && blocks[9].number == 11,
	   "... and the numbers of those that were saved have a gap");

	reset();
	for (int i = 0; i < 20; i++)
		fake.steps[i] = 1;
	fake.count = 100;
	ok(tap, run(false, free_running, NULL, &r, &e) == 0 && blocks[0].interrupts == 101,
	   "a count from before does not matter");

	reset();
	for (int i = 0; i < 20; i++)
		fake.steps[i] = 1;
	fake.hidden = 4;
	ok(tap,
	   run(false, free_running, NULL, &r, &e) < 0 && blocks[0].overwritten && !blocks[1].overwritten &&
		   r.lost == 2,
	   "a block that was overwritten while it was saved is lost, and the one after it");

	reset();
	fake.type = INTERRUPT_INTX;
	for (int i = 0; i < 20; i++)
		fake.steps[i] = 1;
	ok(tap, run(false, free_running, NULL, &r, &e) == 0 && r.lost_reason,
	   "a level interrupt may stand for several blocks: unknown");
}

static void test_each(struct tap *tap)
{
	const char *each[] = { option("output", out_file()),
			       "block 4096",
			       "blocks 2",
			       "done 0x0==0",
			       "each 0x10=@block",
			       "each 0x14=@index",
			       "ack 0x18=@block.size",
			       "size 10000",
			       "stop @block=1",
			       NULL };
	const char *never[] = {
		option("output", out_file()), "block 4096", "done 0x0==1", "each 0x10=1", "timeout 5ms", NULL
	};
	struct capture_result r;
	struct error e;

	reset();
	ok(tap,
	   run(false, each, NULL, &r, &e) == 0 && r.bytes == 10000 && r.blocks == 3 && !r.lost_reason &&
		   out_size() == 10000,
	   "blocks that are started anew: a size that is no multiple");
	ok(tap, fake.bar[0x12] == 0x10 && fake.bar[0x14] == 0 && fake.bar[0x19] == 0x10,
	   "the symbols are those of the block");
	ok(tap, fake.stop_writes == 0, "--stop to memory is not for the kernel");
	ok(tap, run(false, never, NULL, &r, &e) < 0 && e.kind == ERROR_TIMEOUT && r.bytes == 0,
	   "nothing within --timeout");
}

static void set_head(unsigned int offset)
{
	fake.bar[0x30] = (uint8_t)offset;
	fake.bar[0x31] = (uint8_t)(offset >> 8);
}

/* Asked before each wait, so a good moment to move the head on. */
static bool next_head(void *data)
{
	(void)data;
	if (fake.heads[fake.head] < 0)
		return true;
	set_head((unsigned int)fake.heads[fake.head++]);
	return false;
}

static void test_head(struct tap *tap)
{
	/* the first is read before the start */
	static const int heads[] = { 0, 0x100, 0xf00, 0x200, -1 };
	const char *ring[] = { option("output", out_file()), "block 1024", "blocks 4", "head 0x30/16",
			       "ack 0x40/16=@tail-16",	     NULL };
	struct capture_result r;
	struct error e;
	uint8_t data[0x1300];
	int fd;

	reset();
	memcpy(fake.heads, heads, sizeof(heads));
	ok(tap, run(false, ring, next_head, &r, &e) == 0 && r.stopped && r.bytes == 0x1200,
	   "a ring: what lies between tail and head, round the end");
	ok(tap, fake.bar[0x40] == 0xf0 && fake.bar[0x41] == 0x01, "acknowledged up to the tail, less 16");
	fd = open(out_file(), O_RDONLY);
	ok(tap,
	   read(fd, data, sizeof(data)) == 0x1200 && data[0] == 1 && data[0xfff] == 16 && data[0x1000] == 1 &&
		   data[0x11ff] == 2,
	   "... in the order of the ring");
	close(fd);

	reset();
	fake.heads[0] = 0x1001;
	ok(tap,
	   run(false, ring, next_head, &r, &e) < 0 && e.kind == ERROR_FAILED && strstr(e.message, "--head"),
	   "a head past the end of the ring is no head");
}

/* Before anything is written, before the first block, before the second. */
static bool end_behind_block(void *data)
{
	(void)data;
	return fake.asked++ > 1;
}

static void test_idle(struct tap *tap)
{
	static const int heads[] = { 0, 0x100, -1 };
	const char *ring[] = { option("output", out_file()),
			       "block 1024",
			       "blocks 4",
			       "head 0x30/16",
			       "memory list:64",
			       "stop 0x20=1",
			       NULL,
			       NULL,
			       NULL };
	const char *each[] = { option("output", out_file()),
			       "block 4096",
			       "blocks 2",
			       "each 0x10=1",
			       "size 8k",
			       "done 0x0==0",
			       "timeout 5ms",
			       NULL };
	struct capture_result r;
	struct error e;

	reset();
	memcpy(fake.heads, heads, sizeof(heads));
	ok(tap, run(false, ring, next_head, &r, &e) == 0 && is_held_back(2) && fake.forgets == 0,
	   "--stop alone is no evidence: the ring and its memory are held back");

	reset();
	memcpy(fake.heads, heads, sizeof(heads));
	ring[6] = "stopped 0x20==1";
	ok(tap,
	   run(false, ring, next_head, &r, &e) == 0 && is_given_back(2) && fake.bar[0x20] == 1 &&
		   fake.forgets == 1 && fake.releases == 1,
	   "--stopped is: --stop is made here, once");

	reset();
	memcpy(fake.heads, heads, sizeof(heads));
	ring[6] = "stopped 0x20==2";
	ok(tap, run(false, ring, next_head, &r, &e) == 0 && is_held_back(2) && fake.bar[0x20] == 1,
	   "... not where it does not come to hold, which is no failure");

	reset();
	memcpy(fake.heads, heads, sizeof(heads));
	ring[7] = "timeout 3600s";
	fake.patience = 3;
	ok(tap, run(false, ring, next_head, &r, &e) == 0 && is_held_back(2) && fake.looks == 3,
	   "... nor for longer than its user has patience");

	reset();
	ok(tap, run(false, each, NULL, &r, &e) == 0 && is_given_back(2),
	   "blocks that are started anew: the last one that is finished is");
	reset();
	each[5] = "done 0x0==1";
	ok(tap, run(false, each, NULL, &r, &e) < 0 && is_held_back(2), "... not one that is under way");
	reset();
	each[5] = "done 0x0==1";
	each[6] = "ack 0x0=0";
	fake.ends = 4;
	ok(tap, run(false, each, end_in_wait, &r, &e) == 0 && r.stopped && r.blocks == 0 && is_given_back(2),
	   "... one that ends when no more are wanted is waited for");
	reset();
	each[6] = "timeout 5ms";
	fake.ends = 4;
	ok(tap, run(false, each, NULL, &r, &e) < 0 && is_held_back(2) && fake.looks == 0,
	   "... not where --timeout has waited for it");
	reset();
	memset(fake.bar, 1, 1);
	each[4] = "size 64k";
	each[6] = "ack 0x0=0";
	ok(tap, run(false, each, end_behind_block, &r, &e) == 0 && r.blocks == 1 && is_given_back(2),
	   "... and between two of them none is under way, whatever --done says then");
	reset();
	each[4] = "size 8k";
	each[5] = "stopped 0x0==1";
	each[6] = "done 0x0==0";
	ok(tap, run(false, each, NULL, &r, &e) == 0 && is_held_back(2),
	   "... and --stopped has the last word");
}

/* It is to end while --setup or --start waits: what was written before may have given the engine all it needs. */
static void test_idle_before_start(struct tap *tap)
{
	const char *each[] = { option("output", out_file()),
			       "block 4096",
			       "blocks 2",
			       "each 0x10=1",
			       "done 0x0==0",
			       "start 0x14=1",
			       "start 0x50==5",
			       NULL };
	const char *ring[] = { option("output", out_file()),
			       "block 1024",
			       "blocks 4",
			       "head 0x30/16",
			       "setup 0x50==5",
			       "setup 0x14=@buf",
			       "stop 0x20=1",
			       NULL };
	struct capture_result r;
	struct error e;

	reset();
	ok(tap, run(false, each, end_in_wait, &r, &e) == 0 && r.stopped && is_held_back(2),
	   "ended in a wait of --start: --done is about no block yet, and says nothing");
	reset();
	ok(tap,
	   run(false, ring, end_in_wait, &r, &e) == 0 && r.stopped && fake.bar[0x14] == 0 && is_given_back(1),
	   "ended before the first write: the device knows of no memory");
	reset();
	ring[4] = "setup 0x18=1";
	ring[5] = "setup 0x50==5";
	ok(tap, run(false, ring, end_in_wait, &r, &e) == 0 && is_held_back(1), "... after it, it may");
}

static void test_direct(struct tap *tap)
{
	const char *options[] = { option("output", out_file()), "block 4096", "blocks 2", "done 0x0==0",
				  "each 0x10=@block",		"size 10001", "direct",	  NULL };
	struct capture_result r;
	struct error e;
	int rc;

	reset();
	rc = run(false, options, NULL, &r, &e);
	if (rc < 0 && strcmp(e.code, "no-direct-io") == 0)
		ok(tap, true, "direct # SKIP no direct I/O here");
	else
		ok(tap, rc == 0 && out_size() == 10001, "direct, and the rest buffered");
	reset();
	fake.page_backed = false;
	ok(tap,
	   run(false, options, NULL, &r, &e) < 0 &&
		   (e.kind == ERROR_UNSUPPORTED || strcmp(e.code, "no-direct-io") == 0),
	   "direct from memory that is not made of pages is refused");
}

static void test_play(struct tap *tap)
{
	const char *options[] = { option("input", out_file()), "block 4096", "blocks 2", "done 0x0==0",
				  "each 0x10=@block.size",     NULL };
	const char *limited[] = { option("input", out_file()), "block 4096", "blocks 8", "done 0x0==0",
				  "ack 0x10=@index",	       "size 5000",  NULL };
	struct capture_result r;
	struct error e;
	int fd = open(out_file(), O_WRONLY | O_CREAT | O_TRUNC, 0644);

	reset();
	if (ftruncate(fd, 10000) < 0)
		exit(1);
	close(fd);
	ok(tap,
	   run(true, options, NULL, &r, &e) == 0 && r.bytes == 10000 && r.blocks == 3 &&
		   fake.bar[0x10] == (10000 % 4096 & 0xff) && blocks[2].length == 10000 % 4096,
	   "play: the last block is as long as what is left");
	reset();
	ok(tap, run(true, limited, NULL, &r, &e) == 0 && r.bytes == 5000 && r.blocks == 2,
	   "play: --size, and a ring that is longer than the input");
}

int main(void)
{
	struct tap tap = { 0 };

	make_device();
	test_messages(&tap);
	test_each(&tap);
	test_head(&tap);
	test_idle(&tap);
	test_idle_before_start(&tap);
	test_direct(&tap);
	test_play(&tap);
	return end_device(&tap);
}
