// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * check_frames [-r|-p] FILE: an RTL8139's receive ring as it was saved. Prints how many of send_frames' frames are in it;
 * fails where one is missing, doubled, out of order or differs in a byte. Frames of other types are skipped.
 *
 * With -r the records of a capture, with -p a file of packets, of frames without their CRC. They may be in another order: QEMU's hub lets one that
 * comes when there is room pass those that it holds back. What fails are records that go back in time.
 */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

#include "tests/vm/frames.h"

/* RTL8139 data sheet, "Receive Packet Header": received without an error */
#define STATUS_OK 0x0001
#define CRC_LENGTH 4

static int fail(const char *what, uint32_t number, long at)
{
	fprintf(stderr, "frame %u, at %ld: %s\n", number, at, what);
	return 1;
}

/* The CRC of IEEE 802.3, bit by bit. */
static uint32_t crc32(const uint8_t *data, unsigned int length)
{
	uint32_t crc = 0xffffffff;

	for (unsigned int i = 0; i < length; i++) {
		crc ^= data[i];
		for (int bit = 0; bit < 8; bit++)
			crc = crc & 1 ? crc >> 1 ^ 0xedb88320 : crc >> 1;
	}
	return ~crc;
}

static int check(const uint8_t *data, unsigned int length, uint32_t number, long at)
{
	uint8_t expected[FRAME_MAX];
	unsigned int n = frame_make(number, expected);
	uint32_t crc;

	if (length != n + CRC_LENGTH)
		return fail("another length", number, at);
	if (memcmp(data, expected, n) != 0)
		return fail("another content", number, at);
	crc = crc32(expected, n);
	for (int i = 0; i < CRC_LENGTH; i++) {
		if (data[n + i] != (uint8_t)(crc >> (8 * i)))
			return fail("another CRC", number, at);
	}
	return 0;
}

#define NUMBERS_MAX 131072

static uint32_t frame_number(const uint8_t *data)
{
	const uint8_t *n = data + FRAME_HEADER - 4;

	return (uint32_t)n[0] << 24 | (uint32_t)n[1] << 16 | (uint32_t)n[2] << 8 | n[3];
}

/* Length and time of what follows: two words of 64 bits; or seconds, ns and twice the length, 32 bits each. */
static bool read_header(FILE *f, bool is_pcap, uint64_t header[2])
{
	uint32_t packet[4];

	if (!is_pcap)
		return fread(header, 1, 16, f) == 16;
	if (fread(packet, 1, sizeof(packet), f) != sizeof(packet))
		return false;
	header[0] = packet[2] == packet[3] ? packet[2] : 0;
	header[1] = packet[0] * UINT64_C(1000000000) + packet[1];
	return true;
}

/* draft-ietf-opsawg-pcap: ns, version 2.4, Ethernet */
static bool begins_packets(FILE *f)
{
	uint32_t header[6];

	return fread(header, 1, sizeof(header), f) == sizeof(header) && header[0] == 0xa1b23c4d &&
	       header[1] == (2 | 4 << 16) && header[5] == 1;
}

static int check_records(FILE *f, bool is_pcap)
{
	static bool is_seen[NUMBERS_MAX];
	uint8_t data[FRAME_MAX];
	uint8_t expected[FRAME_MAX];
	uint64_t header[2];
	uint64_t before = 0;
	uint32_t count = 0;
	uint32_t end = 0;

	if (is_pcap && !begins_packets(f))
		return fail("no header of packets", 0, 0);
	while (read_header(f, is_pcap, header)) {
		long at = ftell(f);
		uint32_t number;

		if (header[0] < FRAME_MIN || header[0] > sizeof(data) || header[1] < before)
			return fail("no header of a record", count, at);
		if (fread(data, 1, header[0], f) != header[0])
			return fail("cut off", count, at);
		before = header[1];
		if ((data[12] << 8 | data[13]) != FRAME_TYPE)
			continue;
		number = frame_number(data);
		if (number >= NUMBERS_MAX || is_seen[number])
			return fail("doubled", number, at);
		if (header[0] != frame_make(number, expected))
			return fail("another length", number, at);
		if (memcmp(data, expected, header[0]) != 0)
			return fail("another content", number, at);
		is_seen[number] = true;
		count++;
		end = number >= end ? number + 1 : end;
	}
	if (count != end)
		return fail("one before it is missing", end - 1, ftell(f));
	printf("%u\n", count);
	return 0;
}

int main(int argc, char **argv)
{
	uint8_t data[FRAME_MAX + CRC_LENGTH + 4];
	bool is_pcap = argc == 3 && strcmp(argv[1], "-p") == 0;
	bool has_records = is_pcap || (argc == 3 && strcmp(argv[1], "-r") == 0);
	uint8_t header[4];
	uint32_t number = 0;
	FILE *f = argc == 2 || has_records ? fopen(argv[argc - 1], "rb") : NULL;

	if (!f) {
		fputs("usage: check_frames [-r|-p] FILE\n", stderr);
		return 2;
	}
	if (has_records)
		return check_records(f, is_pcap);
	while (fread(header, 1, sizeof(header), f) == sizeof(header)) {
		unsigned int length = header[2] | header[3] << 8;
		unsigned int padded = (length + 3) & ~3u;
		long at = ftell(f);

		if (!(header[0] & STATUS_OK) || padded > sizeof(data))
			return fail("no header of a frame", number, at);
		if (fread(data, 1, padded, f) != padded)
			return fail("cut off", number, at);
		if ((data[12] << 8 | data[13]) != FRAME_TYPE)
			continue;
		if (check(data, length, number, at) != 0)
			return 1;
		number++;
	}
	fclose(f);
	printf("%u\n", number);
	return 0;
}
