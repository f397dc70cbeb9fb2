// SPDX-License-Identifier: GPL-2.0-or-later
/* Capture and play by descriptors: in a ring, in two; what is lost. */
#include <signal.h>
#include <sys/resource.h>

#include "tests/unit/fake_capture.h"

/* --- a ring of descriptors in the BAR, at 0x100: length at 8, status at 12 (done, end of frame) --- */

static struct {
	unsigned int delivered;
	unsigned int limit;
	unsigned int each; /* blocks a frame */
	unsigned int first_length;
	unsigned int pace; /* blocks at once */
	bool has_phase; /* instead of a status that is cleared */
} engine;

static uint8_t *descriptor(unsigned int number)
{
	return fake.bar + 0x100 + 16 * (size_t)(number % 4);
}

/* More blocks, as far as the ring has room. */
static bool receive(void *data)
{
	(void)data;
	for (unsigned int i = 0; i < engine.pace && engine.delivered < engine.limit; i++) {
		unsigned int n = engine.delivered;
		uint8_t *d = descriptor(n);
		unsigned int length = engine.first_length + n;

		if (engine.has_phase) {
			d[12] = !(n / 4 & 1);
		} else if (d[12]) {
			break;
		} else {
			d[12] = (n + 1) % engine.each == 0 ? 3 : 1;
		}
		d[8] = (uint8_t)length;
		d[9] = (uint8_t)(length >> 8);
		engine.delivered++;
	}
	return engine.delivered == engine.limit;
}

static void begin_receiving(unsigned int limit, unsigned int each)
{
	reset();
	memset(&engine, 0, sizeof(engine));
	engine.limit = limit;
	engine.each = each;
	engine.pace = 3;
	engine.first_length = 100;
}

#define DESCRIPTORS                                                                                          \
	"block 4096", "blocks 4", "done 0x100+16*@index+12/8==1:1", "length 0x100+16*@index+8/16:0xffff",    \
		"refill 0x100+16*@index+8/64=0", "ack 0x40=@index"

/* The device counts what it lost in eight bits, from 250 on. */
static bool receive_and_lose(void *data)
{
	bool is_over = receive(data);

	if (is_over)
		fake.bar[0x60] = 3;
	return is_over;
}

static void test_lost(struct tap *tap)
{
	const char *count[] = { option("output", out_file()), DESCRIPTORS, "lost 0x60/8", NULL };
	const char *field[] = { option("output", out_file()), DESCRIPTORS, "lost 0x60/8:0xe", NULL };
	const char *clears[] = { option("output", out_file()), DESCRIPTORS, "lost 0x60/8", "lost-clears",
				 NULL };
	struct capture_result r;
	struct error e;

	begin_receiving(5, 1);
	fake.bar[0x60] = 250;
	ok(tap,
	   run(false, count, receive_and_lose, &r, &e) < 0 && strcmp(e.code, "device-lost") == 0 &&
		   r.device_lost == 9 && r.lost == 0 && !r.lost_reason && r.blocks == 5 &&
		   strstr(e.message, "the device counts 9 lost"),
	   "--lost: what the device counts, over the end of its count");
	begin_receiving(5, 1);
	fake.bar[0x60] = 0xfa;
	ok(tap, run(false, field, receive_and_lose, &r, &e) < 0 && r.device_lost == 4, "--lost: of a field");
	begin_receiving(5, 1);
	fake.bar[0x60] = 250;
	ok(tap, run(false, clears, receive_and_lose, &r, &e) < 0 && r.device_lost == 3,
	   "--lost-clears: what was there before does not count");
	begin_receiving(5, 1);
	fake.bar[0x60] = 3;
	ok(tap, run(false, count, receive_and_lose, &r, &e) == 0 && r.device_lost == 0 && !r.lost_reason,
	   "--lost: none, and known");
}

/* A write beyond BYTES of a file fails. */
static void limit_files(rlim_t bytes)
{
	struct rlimit limit;

	signal(SIGXFSZ, SIG_IGN);
	getrlimit(RLIMIT_FSIZE, &limit);
	limit.rlim_cur = bytes;
	setrlimit(RLIMIT_FSIZE, &limit);
}

static void test_descriptors(struct tap *tap)
{
	const char *full[] = { "output /dev/full", DESCRIPTORS, "format pcap",
			       "end 0x100+16*@index+12/8==2:2", NULL };
	const char *records[] = { option("output", out_file()), DESCRIPTORS, "format records", NULL };
	const char *packets[] = {
		option("output", out_file()),	 DESCRIPTORS, "format pcap", "link-type 147",
		"end 0x100+16*@index+12/8==2:2", NULL
	};
	const char *frames[] = { option("output", out_file()), DESCRIPTORS, "end 0x100+16*@index+12/8==2:2",
				 NULL };
	const char *limited[] = { option("output", out_file()), DESCRIPTORS, "size 350", NULL };
	const char *skipped[] = { option("output", out_file()), DESCRIPTORS, "skip 0x100+16*@index+8/16==101",
				  "end 0x100+16*@index+12/8==2:2", NULL };
	const char *trimmed[] = { option("output", out_file()),	   DESCRIPTORS, "format records", "trim 104",
				  "end 0x100+16*@index+12/8==2:2", NULL };
	const char *never[] = { option("output", out_file()), DESCRIPTORS, "timeout 5ms", NULL };
	const char *phase[] = { option("output", out_file()),
				"block 4096",
				"blocks 4",
				"done 0x100+16*@index+12/8==@lap+1&1:1",
				"length 0x100+16*@index+8/16",
				"size 650",
				NULL };
	struct capture_result r;
	struct error e;
	uint8_t data[17] = { 0 };
	uint32_t words[10] = { 0 };
	int fd;

	begin_receiving(10, 1);
	ok(tap,
	   run(false, records, receive, &r, &e) == 0 && r.stopped && r.bytes == 1045 && r.blocks == 10 &&
		   r.frames == 10 && out_size() == 1045 + 10 * 16,
	   "descriptors: as many bytes as each says, a header before each");
	ok(tap,
	   blocks[9].number == 9 && blocks[9].frame == 9 && blocks[9].length == 109 &&
		   blocks[9].status == 3 && blocks[9].offset == 936 + 160 && blocks[9].is_described,
	   "... and the index has number, frame, length, status and where it is");
	ok(tap, fake.bar[0x40] == 1 && descriptor(1)[12] == 0,
	   "... made ready again, acknowledged up to the last");
	fd = open(out_file(), O_RDONLY);
	ok(tap, pread(fd, data, 17, 116) == 17 && data[0] == 101 && data[1] == 0 && data[16] == 2,
	   "... a header is the length, little-endian, and a time");
	close(fd);

	begin_receiving(9, 3);
	ok(tap,
	   run(false, frames, receive, &r, &e) == 0 && r.frames == 3 && r.blocks == 9 && r.bytes == 936 &&
		   blocks[5].frame == 1 && blocks[6].frame == 2 && blocks[6].status == 1,
	   "--end: frames of several blocks");
	begin_receiving(6, 2);
	ok(tap,
	   run(false, packets, receive, &r, &e) == 0 && r.frames == 3 && r.bytes == 615 &&
		   out_size() == 24 + 3 * 16 + 615 && blocks[1].offset == 24 + 16 + 100,
	   "a file of packets");
	fd = open(out_file(), O_RDONLY);
	ok(tap,
	   pread(fd, words, sizeof(words), 0) == sizeof(words) && words[0] == 0xa1b23c4d &&
		   words[1] == (2 | 4 << 16) && words[4] == 262144 && words[5] == 147 &&
		   words[7] < 1000000000 && words[8] == 201 && words[9] == 201,
	   "... with its header, and one of a packet");
	close(fd);

	begin_receiving(6, 2);
	ok(tap,
	   run(false, full, receive, &r, &e) < 0 && e.kind == ERROR_FAILED && r.frames == 0 &&
		   r.blocks == 0 && r.bytes == 0 && block_count == 0,
	   "... a full disk: nothing was saved, and nothing is said to be");
	/* the third of 116, 117 and 118 bytes with their headers is cut off */
	begin_receiving(10, 1);
	engine.pace = 4;
	limit_files(300);
	ok(tap,
	   run(false, records, receive, &r, &e) < 0 && r.frames == 2 && r.blocks == 2 &&
		   r.bytes == 100 + 101 + 51 && out_size() == 300 && block_count == 2,
	   "... one that is full in the midst of it: what reached the file is counted, what is whole is told");
	limit_files(RLIM_INFINITY);

	begin_receiving(8, 100);
	ok(tap, run(false, frames, receive, &r, &e) < 0 && strcmp(e.code, "frame-too-long") == 0,
	   "... one that does not end within the ring");
	begin_receiving(5, 3);
	ok(tap,
	   run(false, frames, receive, &r, &e) == 0 && r.bytes == 510 && r.blocks == 5 && out_size() == 510,
	   "... what there is of one when it is to end");

	begin_receiving(6, 2);
	ok(tap,
	   run(false, skipped, receive, &r, &e) == 0 && r.skipped == 1 && r.frames == 2 && r.blocks == 4 &&
		   r.bytes == 615 - 201 && out_size() == 615 - 201 && blocks[0].number == 2 &&
		   blocks[0].frame == 0 && descriptor(0)[12] == 0 && fake.bar[0x40] == 1,
	   "--skip: a frame is left out as a whole, and its blocks are given back");
	begin_receiving(6, 2);
	ok(tap,
	   run(false, trimmed, receive, &r, &e) == 0 && r.frames == 3 && r.bytes == 615 - 3 * 104 &&
		   out_size() == 3 * 16 + 615 - 3 * 104 && blocks[0].length == 97 && blocks[1].length == 0,
	   "--trim: the end of a frame is not saved, in more than one block");
	begin_receiving(5, 1);
	ok(tap,
	   run(false, trimmed, receive, &r, &e) < 0 && strcmp(e.code, "bad-length") == 0 &&
		   strstr(e.message, "frame 0 has 100 bytes, which is less than --trim"),
	   "... of one that is shorter: the device's fault");

	begin_receiving(40, 1);
	ok(tap, run(false, limited, receive, &r, &e) == 0 && r.bytes == 350 && out_size() == 350,
	   "--size: not a byte more");
	begin_receiving(40, 1);
	engine.first_length = 4095;
	ok(tap,
	   run(false, never, receive, &r, &e) < 0 && strcmp(e.code, "bad-length") == 0 &&
		   strstr(e.message, "4097") && out_size() == 4095 + 4096,
	   "a length larger than its block is the device's fault; what came before is in the file");
	begin_receiving(2, 1);
	ok(tap,
	   run(false, never, NULL, &r, &e) < 0 && e.kind == ERROR_TIMEOUT &&
		   strstr(e.message,
			  "@index 0, @lap 0 is not finished (0x10c reads 0x0), none was given back"),
	   "the timeout says which descriptor, and what it reads");
	begin_receiving(6, 1);
	engine.has_phase = true;
	engine.pace = 1;
	ok(tap, run(false, phase, receive, &r, &e) == 0 && r.bytes == 615 && r.blocks == 6 && r.stopped,
	   "a phase bit that changes with each lap");
}

/*
 * --- two rings in the BAR: commands at 0x200 (the index of the block), completions at 0x300 (a phase, the index) ------
 *
 * How many commands there are is written to 0x44. The newest is completed first, one a look.
 */

static struct {
	uint8_t pending[64];
	unsigned int pending_count;
	unsigned int seen;
	unsigned int completed;
	unsigned int lie; /* the index that is named instead, less one */
	bool is_fair; /* the oldest first */
} pair;

static bool complete(void *data)
{
	unsigned int told = fake.bar[0x44];
	uint8_t *c = fake.bar + 0x300 + 4 * (size_t)(pair.completed % 8);
	unsigned int at;

	(void)data;
	while (pair.seen < told)
		pair.pending[pair.pending_count++] = fake.bar[0x200 + 4 * (pair.seen++ % 8)];
	if (pair.pending_count == 0)
		return false;
	at = pair.is_fair ? 0 : pair.pending_count - 1;
	c[2] = pair.lie ? (uint8_t)(pair.lie - 1) : pair.pending[at];
	c[0] = !(pair.completed++ / 8 & 1);
	memmove(pair.pending + at, pair.pending + at + 1, --pair.pending_count - at);
	return false;
}

static void begin_completing(void)
{
	reset();
	memset(&pair, 0, sizeof(pair));
}

#define TWO_RINGS                                                                                            \
	"block 4096", "blocks 4", "per-block 0x200+4*(@submitted%8)=@index",                                 \
		"refill 0x200+4*(@submitted%8)=@index", "start 0x44=@submitted",                             \
		"done 0x300+4*(@completed%8)==@completed/8+1&1:1",                                           \
		"completes 0x300+4*(@completed%8):0xffff0000", "ack 0x44=@submitted", "ack 0x48=@completed", \
		"batch 1", "timeout 2s"

/* Are these the numbers of the blocks, as they were told of? */
static bool numbers_are(const unsigned int *numbers, unsigned int count)
{
	bool same = block_count == count;

	for (unsigned int i = 0; same && i < count; i++)
		same = blocks[i].number == numbers[i];
	return same;
}

static void test_two_rings(struct tap *tap)
{
	static const unsigned int in_order[] = { 0, 1, 2, 3, 4, 5, 6, 7 };
	static const unsigned int as_completed[] = { 3, 2, 4, 5, 6, 7, 1, 0 };
	const char *submitted[] = { option("output", out_file()), TWO_RINGS, "size 30000", NULL };
	const char *completed[] = { option("output", out_file()), TWO_RINGS, "size 32k", "order completed",
				    NULL };
	const char *strict[] = { option("output", out_file()), TWO_RINGS, "size 32k", "order strict", NULL };
	const char *failed[] = { option("output", out_file()), TWO_RINGS, "size 32k",
				 "failed 0x300+4*(@completed%8)==0x20000:0xffff0000", NULL };
	const char *sized[] = { option("output", out_file()), TWO_RINGS, "size 30000",
				"refill 0x400+4*(@submitted%8)=@block.size/2-1", NULL };
	const char *silent[] = { option("output", out_file()), TWO_RINGS, "timeout 5ms", "start 0x44=0",
				 NULL };
	const char *waits[] = { option("output", out_file()),
				TWO_RINGS,
				"setup 0x50=3",
				"setup 0x50==1:1",
				"setup 0x50==5",
				"setup 0x54=1",
				"timeout 5ms",
				NULL };
	struct capture_result r;
	struct error e;
	uint8_t data[8];
	int fd;

	begin_completing();
	ok(tap,
	   run(false, submitted, complete, &r, &e) == 0 && r.bytes == 30000 && out_size() == 30000 &&
		   numbers_are(in_order, 8),
	   "two rings: completed in another order, saved as submitted");
	fd = open(out_file(), O_RDONLY);
	for (unsigned int i = 0; i < 8; i++)
		data[i] = pread(fd, &data[i], 1, 4096 * (off_t)i) == 1 ? data[i] : 0;
	ok(tap, memcmp(data, "\1\2\3\4\1\2\3\4", 8) == 0, "... each with its own data");
	close(fd);
	ok(tap, pair.seen == 8 && fake.bar[0x44] == 8, "... and no more are submitted than are wanted");

	begin_completing();
	ok(tap,
	   run(false, sized, complete, &r, &e) == 0 && fake.bar[0x400 + 4 * 7] == 0x97 &&
		   fake.bar[0x400 + 4 * 7 + 1] == 0x02 && fake.bar[0x400 + 4 * 6 + 1] == 0x07,
	   "... the last for no more bytes than are wanted");

	begin_completing();
	ok(tap,
	   run(false, completed, complete, &r, &e) == 0 && r.bytes == 32768 && numbers_are(as_completed, 8),
	   "two rings: saved as they come");
	fd = open(out_file(), O_RDONLY);
	for (unsigned int i = 0; i < 8; i++)
		data[i] = pread(fd, &data[i], 1, 4096 * (off_t)i) == 1 ? data[i] : 0;
	ok(tap, memcmp(data, "\4\3\4\3\4\3\2\1", 8) == 0, "... each with its own data");
	close(fd);

	begin_completing();
	ok(tap,
	   run(false, strict, complete, &r, &e) < 0 && strcmp(e.code, "out-of-order") == 0 &&
		   strstr(e.message, "block 3 was completed before block 0"),
	   "two rings: strict order is what the device was promised to have");
	begin_completing();
	pair.is_fair = true;
	ok(tap, run(false, strict, complete, &r, &e) == 0 && r.blocks == 8,
	   "... and when it has, all is well");

	begin_completing();
	pair.is_fair = true;
	ok(tap,
	   run(false, failed, complete, &r, &e) < 0 && strcmp(e.code, "block-failed") == 0 &&
		   strstr(e.message, "@index 2, @count 2") && out_size() == 8192,
	   "two rings: --failed ends it, with what came before in the file");
	begin_completing();
	pair.lie = 5;
	ok(tap,
	   run(false, submitted, complete, &r, &e) < 0 && strcmp(e.code, "bad-completion") == 0 &&
		   strstr(e.message, "@index 4, which the device was never told of"),
	   "two rings: a completion of no block");
	begin_completing();
	pair.lie = 2;
	ok(tap,
	   run(false, submitted, complete, &r, &e) < 0 && strcmp(e.code, "bad-completion") == 0 &&
		   strstr(e.message,
			  "completion 1 is of the block at @index 1, which the device does not have"),
	   "two rings: the same block completed twice");
	begin_completing();
	ok(tap,
	   run(false, silent, complete, &r, &e) < 0 && e.kind == ERROR_TIMEOUT &&
		   strstr(e.message, "completion 0 is not there (0x300 reads 0x0), of 4 submitted"),
	   "two rings: the timeout says which completion");
	begin_completing();
	ok(tap,
	   run(false, waits, complete, &r, &e) < 0 && e.kind == ERROR_TIMEOUT && fake.bar[0x54] == 0 &&
		   strstr(e.message, "--setup: after") &&
		   strstr(e.message, "0x50==5 does not hold, it reads 0x3"),
	   "--setup CONDITION waits, and what stands behind it is not written before");
}

/*
 * --- a transmit ring in the BAR: five descriptors at 0x100 for four blocks, address at 0, length at 8, status at 12 --
 *
 * How many there were is written to 0x40.
 */

static struct {
	uint8_t sent[4096];
	size_t length;
	unsigned int frames;
	unsigned int doorbells; /* other values of it that were seen */
	unsigned int told;
	unsigned int bad; /* of this frame and no other the status is 3 */
} transmitter;

static bool transmit(void *data)
{
	(void)data;
	if (transmitter.told != fake.bar[0x40])
		transmitter.doorbells++;
	transmitter.told = fake.bar[0x40];
	/* not all at once: the others stay as they are meanwhile */
	for (unsigned int i = 0; i < 2 && transmitter.frames < transmitter.told; i++) {
		uint8_t *d = fake.bar + 0x100 + 16 * (size_t)(transmitter.frames % 5);
		const uint8_t *from = fake.maps[((d[2] | d[3] << 8) >> 4) - 1];
		size_t length = d[8] | (size_t)d[9] << 8;

		if (d[12] || length == 0 || transmitter.length + length > sizeof(transmitter.sent))
			return true;
		memcpy(transmitter.sent + transmitter.length, from, length);
		transmitter.length += length;
		d[12] = ++transmitter.frames == transmitter.bad ? 3 : 1;
	}
	return false;
}

/* DATA is the input. */
static void begin_transmitting(const void *data, size_t length)
{
	int fd = open(out_file(), O_WRONLY | O_CREAT | O_TRUNC, 0644);

	reset();
	memset(&transmitter, 0, sizeof(transmitter));
	if (fd < 0 || write(fd, data, length) != (ssize_t)length)
		exit(1);
	close(fd);
}

static bool has_sent(const uint8_t *data, size_t length)
{
	return transmitter.length == length && memcmp(transmitter.sent, data, length) == 0;
}

#define TRANSMIT                                                                                             \
	"block 64", "blocks 4", "refill 0x100+16*(@submitted%5)=@block",                                     \
		"refill 0x100+16*(@submitted%5)+8/64=@block.size", "start 0x40=@submitted",                  \
		"done 0x100+16*(@completed%5)+12/8==1:1", "ack 0x40=@submitted", "timeout 1s"

/* COUNT frames of 1, 2, 3 ... bytes into FILE, with headers as SWAPPED says, or as records; their data into DATA. */
static size_t make_frames(uint8_t *file, uint8_t *data, unsigned int count, bool is_pcap, size_t *data_length)
{
	static const uint8_t swapped[24] = { 0xa1, 0xb2, 0xc3, 0xd4, 0, 2, 0, 4, [21] = 4, [23] = 1 };
	size_t at = 0;

	*data_length = 0;
	if (is_pcap) {
		memcpy(file, swapped, sizeof(swapped));
		at = sizeof(swapped);
	}
	for (unsigned int i = 0; i < count; i++) {
		uint8_t length = (uint8_t)(i + 1);

		memset(file + at, 0, 16);
		file[at + (is_pcap ? 11 : 0)] = length;
		file[at + (is_pcap ? 15 : 8)] = length;
		at += 16;
		for (unsigned int n = 0; n < length; n++)
			file[at++] = data[(*data_length)++] = (uint8_t)(7 * i + n);
	}
	return at;
}

static void test_play_descriptors(struct tap *tap)
{
	const char *raw[] = { option("input", out_file()), TRANSMIT, "batch 1", NULL };
	const char *limited[] = { option("input", out_file()), TRANSMIT, "size 150", NULL };
	const char *records[] = { option("input", out_file()), TRANSMIT, "format records", NULL };
	const char *packets[] = { option("input", out_file()), TRANSMIT, "format pcap", NULL };
	const char *failed[] = { option("input", out_file()), TRANSMIT,
				 "failed 0x100+16*(@completed%5)+12/8==2:2", NULL };
	const char *silent[] = { option("input", out_file()), TRANSMIT, "timeout 5ms", "start 0x40=0", NULL };
	const char *halfway[] = {
		option("input", out_file()),	  TRANSMIT, "blocks 1", "refill 0x60=@submitted+1",
		"refill 0x61/8=1/(1-@submitted)", NULL
	};
	const char *lists[] = { option("input", out_file()), TRANSMIT, "per-block 0x200+4*@index=@next",
				NULL };
	const char *two[] = { option("input", out_file()), TWO_RINGS, "block 64", NULL };
	struct capture_result r;
	struct error e;
	uint8_t file[4096];
	uint8_t data[4096];
	size_t length;
	size_t n;

	for (unsigned int i = 0; i < sizeof(data); i++)
		data[i] = (uint8_t)(i / 64 + i);
	begin_transmitting(data, 650);
	ok(tap,
	   run(true, raw, transmit, &r, &e) == 0 && has_sent(data, 650) && r.bytes == 650 && r.blocks == 11 &&
		   r.frames == 11 && blocks[10].length == 10 && blocks[10].number == 10 &&
		   blocks[10].status == 1 && !r.lost_reason,
	   "play by descriptors: raw, over two turns of the ring");
	ok(tap, transmitter.doorbells >= 6, "... a doorbell for each block");
	begin_transmitting(data, 650);
	ok(tap,
	   run(true, limited, transmit, &r, &e) == 0 && has_sent(data, 150) && transmitter.doorbells == 1 &&
		   blocks[2].length == 22 && is_given_back(4),
	   "... --size, fewer than there are blocks");
	begin_transmitting(data, 1);
	ok(tap,
	   run(true, lists, transmit, &r, &e) == 0 && fake.bar[0x200] == 1 && fake.bar[0x208] == 3 &&
		   fake.bar[0x20c] == 0,
	   "@next: the block behind it, the first behind the last");

	n = make_frames(file, data, 40, false, &length);
	begin_transmitting(file, n);
	ok(tap,
	   run(true, records, transmit, &r, &e) == 0 && has_sent(data, length) && r.bytes == length &&
		   r.frames == 40 && blocks[39].length == 40 && blocks[2].offset == 3,
	   "play by descriptors: records");
	begin_transmitting(file, n - 1);
	ok(tap,
	   run(true, records, transmit, &r, &e) < 0 && has_sent(data, length - 40) &&
		   strstr(e.message, "frame 39 is cut off") && is_given_back(4),
	   "... one that is cut off, when all before it are sent and finished");
	file[0] = 65;
	begin_transmitting(file, n);
	ok(tap,
	   run(true, records, transmit, &r, &e) < 0 &&
		   strstr(e.message, "frame 0 has 65 bytes, a block only 64") && fake.bar[0x40] == 0 &&
		   fake.bar[0x100] == 0,
	   "... one that is longer than a block, before anything is sent");
	file[0] = 0;
	begin_transmitting(file, n);
	ok(tap, run(true, records, transmit, &r, &e) < 0 && strstr(e.message, "frame 0 has no bytes"),
	   "... one without bytes");

	n = make_frames(file, data, 40, true, &length);
	begin_transmitting(file, n);
	ok(tap, run(true, packets, transmit, &r, &e) == 0 && has_sent(data, length) && r.frames == 40,
	   "play by descriptors: packets in the other byte order");
	begin_transmitting(file, 24);
	ok(tap, run(true, packets, transmit, &r, &e) < 0 && strcmp(e.code, "empty") == 0, "... none");
	begin_transmitting(file, 23);
	ok(tap, run(true, packets, transmit, &r, &e) < 0 && strstr(e.message, "no file of packets"),
	   "... not even a header");
	begin_transmitting("\n\r\r\n\x1c\0\0\0\x4d\x3c\x2b\x1a\1\0\0\0\xff\xff\xff\xff\xff\xff\xff\xff", 24);
	ok(tap, run(true, packets, transmit, &r, &e) < 0 && strstr(e.hint, "editcap -F pcap"),
	   "... pcapng: how to convert it");

	begin_transmitting(data, 650);
	transmitter.bad = 7;
	ok(tap,
	   run(true, failed, transmit, &r, &e) < 0 && strcmp(e.code, "block-failed") == 0 && r.blocks == 6 &&
		   strstr(e.message, "@index 2, @count 6") && is_held_back(4),
	   "play by descriptors: --failed ends it");
	begin_transmitting(data, 650);
	ok(tap,
	   run(true, halfway, transmit, &r, &e) < 0 && r.blocks == 1 && fake.bar[0x60] == 2 &&
		   is_held_back(1),
	   "play by descriptors: of a block that was handed over by half nobody knows whose it is");
	begin_transmitting(data, 650);
	ok(tap,
	   run(true, silent, transmit, &r, &e) < 0 && e.kind == ERROR_TIMEOUT &&
		   strstr(e.message, "block 0 is not finished (0x10c reads 0x0), of 4 submitted"),
	   "play by descriptors: the timeout says which");

	begin_completing();
	begin_transmitting(data, 640);
	ok(tap,
	   run(true, two, complete, &r, &e) == 0 && r.bytes == 640 && r.blocks == 10 && pair.seen == 10 &&
		   blocks[0].number == 3 && blocks[1].number != 1,
	   "play by two rings: each block is filled again when it is completed, in whatever order");
}

/* It is to end while --setup waits: nothing was submitted, and nothing is finished. */
static void test_idle_before_start(struct tap *tap)
{
	const char *receiving[] = { option("output", out_file()), TWO_RINGS, "setup 0x50=3", "setup 0x50==5",
				    NULL };
	const char *sending[] = { option("input", out_file()), TRANSMIT, "setup 0x50=3", "setup 0x50==5",
				  NULL };
	struct capture_result r;
	struct error e;

	begin_completing();
	ok(tap, run(false, receiving, end_in_wait, &r, &e) == 0 && r.stopped && is_held_back(4),
	   "two rings, ended in a wait of --setup: none submitted is no evidence");
	begin_transmitting("data", 4);
	ok(tap, run(true, sending, end_in_wait, &r, &e) == 0 && r.stopped && is_held_back(4),
	   "play by descriptors, ended in a wait of --setup: the same");
}

int main(void)
{
	struct tap tap = { 0 };

	make_device();
	test_two_rings(&tap);
	test_descriptors(&tap);
	test_lost(&tap);
	test_play_descriptors(&tap);
	test_idle_before_start(&tap);
	return end_device(&tap);
}
