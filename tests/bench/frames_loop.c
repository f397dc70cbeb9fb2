// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What a ring of descriptors costs at least: frames from Intel's 82574L, as examples/e1000e.recipe has it, each written to
 * FILE with length and time before it, its descriptor made ready again, and the tail told after BATCH of them.
 *
 * Usage: frames_loop receive ADDRESS COUNT BATCH FILE
 *        frames_loop send INTERFACE COUNT FILE       frames of 1,500 bytes, for whatever writes them to FILE
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

#include "core/backend/path.h"
#include "core/base/clock.h"
#include "core/dma/buffer.h"

#define FRAME 1500
#define HEADER 16
#define BLOCKS 32
#define BLOCK 2048

/* 82574L data sheet, 10.2: registers in words; 7.1.8: a descriptor is the address, the length at 8, the status at 12 */
enum { RCTL = 0x100 / 4, RDBAL = 0x2800 / 4, RDBAH, RDLEN, RDH = 0x2810 / 4, RDT = 0x2818 / 4 };
#define RECEIVE 0x0400801a

struct descriptor {
	uint64_t address;
	uint16_t length;
	uint16_t checksum;
	uint8_t status;
	uint8_t errors;
	uint16_t special;
};

struct receiver {
	volatile uint32_t *regs;
	struct buffer *ring;
	struct buffer *frames;
};

static int open_receiver(const char *bdf, struct receiver *r)
{
	static const struct context ctx = { .sysroot = "", .hooks = &backend_hooks };
	struct buffer_client *client;
	struct pci_address address;
	struct device *device;
	struct error error;
	char path[80];
	int fd;

	snprintf(path, sizeof(path), "/sys/bus/pci/devices/%s/resource0", bdf);
	fd = open(path, O_RDWR | O_SYNC);
	if (pci_address_parse(bdf, &address) < 0 || fd < 0)
		return -1;
	r->regs = mmap(NULL, 0x20000, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (r->regs == MAP_FAILED || device_open(&ctx, &address, &device, &error) < 0 ||
	    buffer_client_open(device, &client, &error) < 0 ||
	    buffer_alloc(client, NULL, sizeof(struct descriptor) * BLOCKS, &r->ring, &error) < 0 ||
	    buffer_map(r->ring, &error) < 0 ||
	    buffer_alloc(client, NULL, BLOCKS * BLOCK, &r->frames, &error) < 0 ||
	    buffer_map(r->frames, &error) < 0)
		return -1;
	return 0;
}

static void start(const struct receiver *r)
{
	struct descriptor *ring = (struct descriptor *)r->ring->map;

	r->regs[RCTL] = 0;
	for (unsigned int i = 0; i < BLOCKS; i++)
		ring[i] = (struct descriptor){ .address = r->frames->address + i * BLOCK };
	r->regs[RDBAL] = (uint32_t)r->ring->address;
	r->regs[RDBAH] = (uint32_t)(r->ring->address >> 32);
	r->regs[RDLEN] = BLOCKS * sizeof(struct descriptor);
	r->regs[RDH] = 0;
	r->regs[RDT] = 0;
	r->regs[RCTL] = RECEIVE;
	r->regs[RDT] = BLOCKS - 1;
}

static int receive(const char *bdf, unsigned long count, unsigned long batch, const char *file)
{
	uint64_t record[2] = { 0 };
	struct receiver r;
	int out = open(file, O_WRONLY | O_CREAT | O_TRUNC, 0666);

	if (out < 0 || open_receiver(bdf, &r) < 0)
		return 1;
	start(&r);
	for (unsigned long i = 0; i < count; i++) {
		unsigned long slot = i % BLOCKS;
		volatile struct descriptor *d = (volatile struct descriptor *)r.ring->map + slot;
		struct iovec parts[] = { { record, sizeof(record) }, { r.frames->map + slot * BLOCK, 0 } };

		while (!(d->status & 1))
			usleep(50);
		__atomic_thread_fence(__ATOMIC_ACQUIRE);
		parts[1].iov_len = record[0] = d->length;
		record[1] = clock_ns();
		if (writev(out, parts, 2) != (ssize_t)(sizeof(record) + record[0]))
			return 1;
		d->length = 0;
		d->status = 0;
		__atomic_thread_fence(__ATOMIC_RELEASE);
		if ((i + 1) % batch == 0)
			r.regs[RDT] = (uint32_t)slot;
	}
	r.regs[RCTL] = 0;
	return 0;
}

static int send_frames(const char *interface, unsigned long count, const char *file)
{
	struct sockaddr_ll address = { .sll_family = AF_PACKET,
				       .sll_ifindex = (int)if_nametoindex(interface) };
	uint8_t frame[FRAME] = "\xff\xff\xff\xff\xff\xff\x02\0\0\0\0\x01\x88\xb5";
	int fd = socket(AF_PACKET, SOCK_RAW, 0);

	if (fd < 0 || bind(fd, (struct sockaddr *)&address, sizeof(address)) < 0)
		return 1;
	for (unsigned long i = 0; i < count; i++) {
		struct stat st;

		/* some of the ring are given back in batches */
		while (stat(file, &st) < 0 ||
		       (uint64_t)st.st_size + (uint64_t)(BLOCKS / 2 - 2) * (FRAME + HEADER) <
			       i * (FRAME + HEADER))
			usleep(200);
		while (send(fd, frame, sizeof(frame), 0) < 0) {
			if (errno != ENOBUFS && errno != EINTR)
				return 1;
			usleep(1000);
		}
	}
	return 0;
}

int main(int argc, char **argv)
{
	if (argc == 6 && strcmp(argv[1], "receive") == 0)
		return receive(argv[2], strtoul(argv[3], NULL, 0), strtoul(argv[4], NULL, 0), argv[5]);
	if (argc == 5 && strcmp(argv[1], "send") == 0)
		return send_frames(argv[2], strtoul(argv[3], NULL, 0), argv[4]);
	fputs("usage: frames_loop receive ADDRESS COUNT BATCH FILE | send INTERFACE COUNT FILE\n", stderr);
	return 2;
}
