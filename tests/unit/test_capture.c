// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Capture and play against a device of plain files and a helper that this file plays itself: losses, laps
 * and ends that a real device gives only by chance.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/dma/buffer.h"
#include "core/capture/capture.h"
#include "core/dma/interrupt.h"
#include "tests/unit/tap.h"

#define BLOCK 4096

/* --- the helper's part ------------------------------------------------------------------------- */

static struct fake {
	uint64_t count; /* of the interrupt */
	uint64_t steps[64]; /* how much each wait adds */
	unsigned int step;
	uint64_t hidden; /* comes while the first block is saved */
	unsigned int counts; /* how often the count was asked for: at the start, after each save */
	enum interrupt_type type;
	unsigned int stop_writes;
	unsigned int releases;
	unsigned int forgets;
	unsigned int idle; /* buffers that were freed by the word that the engine is idle */
	unsigned int held; /* and those that were without */
	unsigned int buffers;
	bool page_backed;
	uint8_t *bar;
	int heads[64]; /* what the head register says, look by look; -1: the end */
	unsigned int head;
	uint8_t *maps[8]; /* of the buffers, in their order */
} fake;

int buffer_client_open(struct device *device, struct buffer_client **client, struct error *error)
{
	(void)error;
	*client = calloc(1, sizeof(**client));
	(*client)->device = device;
	return 0;
}

void buffer_client_close(struct buffer_client *client)
{
	free(client);
}

int buffer_room(struct buffer_client *client, uint64_t count, uint64_t size, struct error *error)
{
	(void)client, (void)count, (void)size, (void)error;
	return 0;
}

int buffer_alloc(struct buffer_client *client, const char *name, uint64_t size, struct buffer **buffer,
		 struct error *error)
{
	struct buffer *b = calloc(1, sizeof(*b));

	(void)name;
	(void)error;
	b->client = client;
	b->requested = size;
	b->length = (size + 4095) & ~UINT64_C(4095);
	b->address = 0x100000 + 0x100000 * fake.buffers++;
	b->page_backed = fake.page_backed;
	b->coherent = true;
	*buffer = b;
	return 0;
}

/* Each byte says in which block and where it is. */
int buffer_map(struct buffer *buffer, struct error *error)
{
	(void)error;
	buffer->map = mmap(NULL, buffer->length, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	for (uint64_t i = 0; i < buffer->length; i++)
		buffer->map[i] = (uint8_t)(i / 256 + buffer->address / 0x100000);
	fake.maps[(buffer->address / 0x100000 - 1) % 8] = buffer->map;
	return 0;
}

int buffer_open(struct buffer_client *client, const char *name, struct buffer **buffer, struct error *error)
{
	(void)client;
	(void)buffer;
	return error_set(error, ERROR_USAGE, "no-buffer", "no buffer %s", name);
}

int buffer_free(struct buffer *buffer, unsigned int how, struct error *error)
{
	(void)buffer;
	(void)error;
	if (how & BUFFER_FREE_IDLE)
		fake.idle++;
	else
		fake.held++;
	return 0;
}

int buffer_held(struct buffer_client *client, struct buffer_held *held, struct error *error)
{
	(void)client;
	(void)error;
	*held = (struct buffer_held){ .bytes = fake.held * UINT64_C(4096), .buffers = fake.held };
	return 0;
}

int buffer_client_forget_stops(struct buffer_client *client, struct error *error)
{
	(void)client;
	(void)error;
	fake.forgets++;
	return 0;
}

void buffer_close(struct buffer *buffer)
{
	if (!buffer)
		return;
	if (buffer->map)
		munmap(buffer->map, buffer->length);
	free(buffer);
}

int buffer_sync_for_cpu(struct buffer *buffer, uint64_t offset, uint64_t length, struct error *error)
{
	(void)buffer;
	(void)offset;
	(void)length;
	(void)error;
	return 0;
}

int buffer_sync_for_device(struct buffer *buffer, uint64_t offset, uint64_t length, struct error *error)
{
	return buffer_sync_for_cpu(buffer, offset, length, error);
}

int buffer_client_claim(struct buffer_client *client, struct error *error)
{
	(void)client;
	(void)error;
	return 0;
}

int buffer_client_release(struct buffer_client *client, struct error *error)
{
	(void)client;
	(void)error;
	fake.releases++;
	return 0;
}

int buffer_client_stop_write(struct buffer_client *client, unsigned int bar, uint64_t offset,
			     unsigned int width, uint64_t value, uint64_t mask, struct error *error)
{
	(void)client;
	(void)bar;
	(void)offset;
	(void)width;
	(void)value;
	(void)mask;
	(void)error;
	fake.stop_writes++;
	return 0;
}

int interrupt_enable(struct buffer_client *client, enum interrupt_type type, unsigned int vectors,
		     enum interrupt_type *enabled, unsigned int *count, struct error *error)
{
	(void)client;
	(void)vectors;
	*enabled = type;
	*count = 1;
	error->kind = ERROR_NONE;
	return 0;
}

int interrupt_state(struct buffer_client *client, struct interrupt_state *state, struct error *error)
{
	(void)client;
	(void)error;
	*state = (struct interrupt_state){ .type = fake.type, .vectors = 1 };
	return 0;
}

int interrupt_count(struct buffer_client *client, unsigned int vector, uint64_t *count,
		    unsigned int *linux_irq, struct error *error)
{
	(void)client;
	(void)vector;
	(void)linux_irq;
	(void)error;
	if (++fake.counts == 2)
		fake.count += fake.hidden;
	*count = fake.count;
	return 0;
}

int interrupt_wait(struct buffer_client *client, unsigned int vector, uint64_t since, uint64_t timeout,
		   uint64_t *count, struct error *error)
{
	(void)client;
	(void)vector;
	(void)timeout;
	if (fake.count <= since && fake.steps[fake.step])
		fake.count += fake.steps[fake.step++];
	*count = fake.count;
	return fake.count > since ? 0 : error_set(error, ERROR_TIMEOUT, "timeout", "timed out");
}

/* --- the device and one run -------------------------------------------------------------------- */

static struct context ctx;
static char root[64];
static struct device *device;
static struct capture_block blocks[64];
static unsigned int block_count;

static int make_file(const char *name, const void *data, size_t length, size_t size)
{
	char path[256];
	int fd;

	snprintf(path, sizeof(path), "%s/sys/bus/pci/devices/0000:01:00.0/%s", root, name);
	fd = open(path, O_RDWR | O_CREAT | O_TRUNC, 0644);
	if (fd < 0 || write(fd, data, length) != (ssize_t)length || ftruncate(fd, (off_t)size) < 0)
		exit(1);
	return fd;
}

static void make_device(void)
{
	static const char *const folders[] = { "sys", "sys/bus", "sys/bus/pci", "sys/bus/pci/devices",
					       "sys/bus/pci/devices/0000:01:00.0" };
	/* ids, COMMAND; BAR 0 as below */
	static const uint8_t config[0x14] = { 0x34, 0x12, 0xe8, 0x11, 0x06, [0x12] = 0xa0, [0x13] = 0xfe };
	static const char resource[] = "0x00000000fea00000 0x00000000fea00fff 0x0000000000040200\n";
	struct pci_address address = { .bus = 1 };
	struct error error;
	char path[256];
	int fd;

	snprintf(root, sizeof(root), "/tmp/pcietool-unit-XXXXXX");
	if (!mkdtemp(root))
		exit(1);
	for (size_t i = 0; i < sizeof(folders) / sizeof(folders[0]); i++) {
		snprintf(path, sizeof(path), "%s/%s", root, folders[i]);
		mkdir(path, 0755);
	}
	close(make_file("config", config, sizeof(config), 256));
	close(make_file("resource", resource, strlen(resource), strlen(resource)));
	fd = make_file("resource0", "", 0, 4096);
	fake.bar = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	close(fd);
	ctx.sysroot = root;
	if (device_open(&ctx, &address, &device, &error) < 0) {
		fprintf(stderr, "%s\n", error.message);
		exit(1);
	}
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

static int remember(void *data, const struct capture_block *block, struct error *error)
{
	(void)data;
	(void)error;
	if (block_count < 64)
		blocks[block_count++] = *block;
	return 0;
}

static void reset(void)
{
	uint8_t *bar = fake.bar;

	fake = (struct fake){ .bar = bar, .type = INTERRUPT_MSI, .page_backed = true };
	memset(bar, 0, 4096);
	block_count = 0;
}

/* OPTIONS are "name value" or "name"; the result is copied. */
static int run(bool play, const char *const *options, bool (*stopped)(void *data),
	       struct capture_result *result, struct error *error)
{
	const struct capture_events events = { .stopped = stopped, .block = remember };
	struct capture_config config = { .play = play };
	struct capture *capture = NULL;
	int rc = 0;

	memset(result, 0, sizeof(*result));
	error->kind = ERROR_NONE;
	for (; *options && rc == 0; options++) {
		char name[32];
		const char *blank = strchr(*options, ' ');

		snprintf(name, sizeof(name), "%.*s", blank ? (int)(blank - *options) : 31, *options);
		rc = capture_config_set(&config, name, blank ? blank + 1 : NULL, error);
	}
	if (rc == 0)
		rc = capture_config_check(&config, error);
	if (rc == 0)
		rc = capture_open(&config, device, &events, &capture, error);
	if (rc == 0) {
		rc = capture_run(capture, error);
		*result = *capture_result(capture);
	}
	capture_close(capture);
	capture_config_free(&config);
	if (rc < 0 && error->kind == ERROR_NONE)
		error->kind = ERROR_FAILED;
	return rc;
}

static char *out_file(void)
{
	static char path[96];

	snprintf(path, sizeof(path), "%s/out", root);
	return path;
}

static char *option(const char *name, const char *value)
{
	static char text[8][128];
	static unsigned int next;

	next = (next + 1) % 8;
	snprintf(text[next], sizeof(text[next]), "%s %s", name, value);
	return text[next];
}

static off_t out_size(void)
{
	struct stat st;

	return stat(out_file(), &st) == 0 ? st.st_size : -1;
}

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

/* Was all memory given back by the word that the engine is idle? */
static bool is_given_back(unsigned int buffers)
{
	return fake.idle == buffers && fake.held == 0;
}

static bool is_held_back(unsigned int buffers)
{
	return fake.idle == 0 && fake.held == buffers;
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
	ok(tap, run(false, each, NULL, &r, &e) == 0 && is_given_back(2),
	   "blocks that are started anew: the last one that is finished is");
	reset();
	each[5] = "done 0x0==1";
	ok(tap, run(false, each, NULL, &r, &e) < 0 && is_held_back(2), "... not one that is under way");
	reset();
	each[5] = "stopped 0x0==1";
	each[6] = "done 0x0==0";
	ok(tap, run(false, each, NULL, &r, &e) == 0 && is_held_back(2),
	   "... and --stopped has the last word");
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
		   r.blocks == 0 && r.bytes == 0,
	   "... a full disk: nothing was saved, and nothing is said to be");
	/* the third of 116, 117 and 118 bytes with their headers is cut off */
	begin_receiving(10, 1);
	engine.pace = 4;
	limit_files(300);
	ok(tap,
	   run(false, records, receive, &r, &e) < 0 && r.frames == 2 && r.blocks == 2 &&
		   r.bytes == 100 + 101 + 51 && out_size() == 300,
	   "... one that is full in the midst of it: what reached the file is counted");
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
		   blocks[2].length == 22,
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
		   strstr(e.message, "frame 39 is cut off"),
	   "... one that is cut off, when all before it are sent");
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
		   strstr(e.message, "@index 2, @count 6"),
	   "play by descriptors: --failed ends it");
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

int main(void)
{
	struct tap tap = { 0 };
	char command[96];

	make_device();
	test_messages(&tap);
	test_each(&tap);
	test_head(&tap);
	test_idle(&tap);
	test_direct(&tap);
	test_two_rings(&tap);
	test_descriptors(&tap);
	test_lost(&tap);
	test_play(&tap);
	test_play_descriptors(&tap);
	device_close(device);
	munmap(fake.bar, 4096);
	snprintf(command, sizeof(command), "rm -rf '%s'", root);
	if (system(command) != 0)
		return 1;
	return tap_done(&tap);
}
