/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A device of plain files and a helper that this file plays itself, for captures and plays against them: losses, laps and
 * ends that a real device gives only by chance. For one program each.
 */
#ifndef FAKE_CAPTURE_H
#define FAKE_CAPTURE_H

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/capture/capture.h"
#include "core/dma/buffer.h"
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
	unsigned int asked; /* whether it shall end */
	unsigned int looks; /* for a sign that the engine has stopped, which did not hold */
	unsigned int ends; /* at which of them the engine does; 0: never */
	unsigned int patience; /* how many of them until it shall wait no more; 0: for ever */
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

static bool ask_hurry(void *data)
{
	(void)data;
	fake.looks++;
	if (fake.looks == fake.ends)
		fake.bar[0] = 1;
	return fake.looks == fake.patience;
}

/* OPTIONS are "name value" or "name"; the result is copied. */
static int run(bool play, const char *const *options, bool (*stopped)(void *data),
	       struct capture_result *result, struct error *error)
{
	const struct capture_events events = { .stopped = stopped, .hurried = ask_hurry, .block = remember };
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

/* Was all memory given back by the word that the engine is idle? */
static inline bool is_given_back(unsigned int buffers)
{
	return fake.idle == buffers && fake.held == 0;
}

static inline bool is_held_back(unsigned int buffers)
{
	return fake.idle == 0 && fake.held == buffers;
}

/* Wishes the end when it is asked for the second time: the first is before anything is written. */
static inline bool end_in_wait(void *data)
{
	(void)data;
	return fake.asked++ > 0;
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

static int end_device(const struct tap *tap)
{
	char command[96];

	device_close(device);
	munmap(fake.bar, 4096);
	snprintf(command, sizeof(command), "rm -rf '%s'", root);
	return system(command) != 0 ? 1 : tap_done(tap);
}

#endif
