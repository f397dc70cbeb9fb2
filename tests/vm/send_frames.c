// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * send_frames INTERFACE COUNT [FILE [AHEAD [FILE]...]]: numbered frames of known content on the wire. With FILE, in which an
 * RTL8139's ring is being saved, never so many that the ring could be full. With AHEAD, too, never more frames than so many
 * that are not in FILE yet, and in each further one, which have 16 bytes before each.
 *
 * send_frames -p|-r COUNT [FILE AHEAD]: the same frames to standard output, as a file of packets (of us, which is the older
 * kind) or as records, for a play.
 */
#include <errno.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/vm/frames.h"

static int send_one(int fd, uint32_t number)
{
	uint8_t frame[FRAME_MAX];
	unsigned int length = frame_make(number, frame);

	for (;;) {
		ssize_t n = send(fd, frame, length, 0);

		if (n == (ssize_t)length)
			return 0;
		if (n >= 0 || (errno != ENOBUFS && errno != EAGAIN && errno != EINTR))
			return -1;
		usleep(1000);
	}
}

/* Waits until FILE holds all but AHEAD of what was sent. */
static void wait_for(const char *file, uint64_t sent)
{
	const uint64_t ahead = 32768;
	struct stat st = { 0 };

	while (stat(file, &st) == 0 && (uint64_t)st.st_size + ahead < sent)
		usleep(200);
}

static void wait_for_size(const char *file, uint64_t wanted)
{
	struct stat st = { 0 };

	while (stat(file, &st) == 0 && (uint64_t)st.st_size < wanted)
		usleep(200);
}

/* Waits until FILE, and each of OTHERS, holds all but the last AHEAD of COUNT frames. */
static void wait_for_frames(const char *file, char **others, uint32_t count, uint32_t ahead)
{
	static uint64_t wanted;

	if (count <= ahead)
		return;
	wanted += frame_length(count - ahead - 1) + 16;
	wait_for_size(file, wanted);
	for (; *others; others++)
		wait_for_size(*others, wanted);
}

static int write_frames(bool is_pcap, unsigned long count, const char *out, uint32_t ahead)
{
	/* draft-ietf-opsawg-pcap: us, version 2.4, Ethernet */
	const uint32_t file[] = { 0xa1b2c3d4, 2 | 4 << 16, 0, 0, 262144, 1 };
	char *none[] = { NULL };
	bool is_well = !is_pcap || fwrite(file, sizeof(file), 1, stdout) == 1;

	for (uint32_t i = 0; is_well && i < count; i++) {
		uint8_t frame[FRAME_MAX];
		uint32_t length = frame_make(i, frame);
		const uint32_t packet[] = { i / 1000, i % 1000, length, length };
		const uint64_t record[] = { length, i };

		is_well = fwrite(is_pcap ? (const void *)packet : record, 16, 1, stdout) == 1 &&
			  fwrite(frame, length, 1, stdout) == 1;
		if (out && fflush(stdout) == 0)
			wait_for_frames(out, none, i + 1, ahead);
	}
	return is_well && fflush(stdout) == 0 ? 0 : 1;
}

int main(int argc, char **argv)
{
	struct sockaddr_ll address = { .sll_family = AF_PACKET };
	const char *file = argc > 3 ? argv[3] : NULL;
	uint32_t ahead = argc > 4 ? (uint32_t)strtoul(argv[4], NULL, 0) : 0;
	uint64_t sent = 0;
	unsigned long count;
	int fd;

	if (argc < 3) {
		fputs("usage: send_frames INTERFACE|-p|-r COUNT [FILE [AHEAD [FILE]...]]\n", stderr);
		return 2;
	}
	count = strtoul(argv[2], NULL, 0);
	if (strcmp(argv[1], "-p") == 0 || strcmp(argv[1], "-r") == 0)
		return write_frames(argv[1][1] == 'p', count, file, ahead);
	address.sll_ifindex = (int)if_nametoindex(argv[1]);
	/* protocol 0: it only sends */
	fd = socket(AF_PACKET, SOCK_RAW, 0);
	if (fd < 0 || !address.sll_ifindex || bind(fd, (struct sockaddr *)&address, sizeof(address)) < 0) {
		perror(argv[1]);
		return 1;
	}
	for (unsigned long i = 0; i < count; i++) {
		if (send_one(fd, (uint32_t)i) < 0) {
			perror("send");
			return 1;
		}
		/* with header and CRC, padded */
		sent += (frame_length((uint32_t)i) + 8 + 3) & ~3u;
		if (ahead)
			wait_for_frames(file, argv + 5, (uint32_t)i + 1, ahead);
		else if (file)
			wait_for(file, sent);
	}
	close(fd);
	return 0;
}
