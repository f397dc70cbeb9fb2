// SPDX-License-Identifier: GPL-2.0-or-later
/* Headers of packets, by the formats of PCIe 6.0 section 2.2. */
#include <string.h>

#include "core/fabric/tlp.h"
#include "tap.h"

struct example {
	uint32_t words[4];
	const char *text;
};

static const struct example examples[] = {
	{ { 0x00000001, 0x0100020f, 0xfebf0010, 0 },
	  "memory read of 4 bytes from 0xfebf0010, requester 01:00.0, tag 0x02" },
	{ { 0x20000020, 0x3b1a7fff, 0x00000012, 0x34567880 },
	  "memory read of 128 bytes from 0x1234567880, requester 3b:03.2, tag 0x7f" },
	{ { 0x40000001, 0x0000000f, 0xfee00000, 0 },
	  "memory write of 4 bytes to 0xfee00000, requester 00:00.0, tag 0x00" },
	{ { 0x60000000, 0x0100000f, 0x00000001, 0x00000000 },
	  "memory write of 4096 bytes to 0x100000000, requester 01:00.0, tag 0x00" },
	{ { 0x40004001, 0x0100050f, 0x1000, 0 },
	  "memory write of 4 bytes to 0x1000, requester 01:00.0, tag 0x05, poisoned" },
	{ { 0x02000001, 0x00000003, 0x0000c010, 0 },
	  "I/O read of 4 bytes from 0xc010, requester 00:00.0, tag 0x00" },
	{ { 0x04000001, 0x00000a0f, 0x0100003c, 0 },
	  "config read (type 0) of 01:00.0, offset 0x3c, requester 00:00.0, tag 0x0a" },
	{ { 0x45000001, 0x00000b03, 0x05f80104, 0 },
	  "config write (type 1) of 05:1f.0, offset 0x104, requester 00:00.0, tag 0x0b" },
	{ { 0x4a000001, 0x01000004, 0x00001740, 0 },
	  "completion with data (SC) of 4 bytes from 01:00.0 for 00:00.0, tag 0x17" },
	{ { 0x0a000000, 0x01002004, 0x00001740, 0 },
	  "completion without data (UR) of 4 bytes from 01:00.0 for 00:00.0, tag 0x17" },
	{ { 0x0a000000, 0x01008000, 0x00001740, 0 },
	  "completion without data (CA) of 4096 bytes from 01:00.0 for 00:00.0, tag 0x17" },
	{ { 0x34000000, 0x01000019, 0, 0 }, "message, code 0x19, requester 01:00.0" },
	{ { 0x4c000001, 0x0100020f, 0x2000, 0 },
	  "fetch and add of 4 bytes to 0x2000, requester 01:00.0, tag 0x02" },
	/* 10-bit tags: bits 23 and 19 of the first dword */
	{ { 0x00880001, 0x0100020f, 0x1000, 0 },
	  "memory read of 4 bytes from 0x1000, requester 01:00.0, tag 0x302" },
	{ { 0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff }, "unknown TLP (format 7, type 0x1f)" },
	{ { 0x80000000, 0, 0, 0 }, "unknown TLP (format 4, type 0x00)" },
};

struct flit_example {
	unsigned int count; /* dwords that were logged */
	uint32_t words[6];
	const char *text;
};

/* Type, OHC, TS, Attr and Length of the first dword, EP and the tag of the second: section 2.2.1.2 and 2.2.7.2 */
static const struct flit_example flit_examples[] = {
	{ 3,
	  { 0x03000001, 0x01000123, 0xfebf0010 },
	  "memory read of 4 bytes from 0xfebf0010, requester 01:00.0, tag 0x123, flit mode" },
	{ 4,
	  { 0x20000020, 0x3b1a3fff, 0x00000012, 0x34567880 },
	  "memory read of 128 bytes from 0x1234567880, requester 3b:03.2, tag 0x3fff, flit mode" },
	/* the lowest two bits of an address are its type; a posted request's tag is reserved */
	{ 4,
	  { 0x40010001, 0x01000505, 0xfee00001, 0x0000000f },
	  "memory write of 4 bytes to 0xfee00000, requester 01:00.0, flit mode" },
	{ 4,
	  { 0x60000000, 0x01008000, 0x00000001, 0x00000000 },
	  "memory write of 4096 bytes to 0x100000000, requester 01:00.0, poisoned, flit mode" },
	/* EP of a packet without data is reserved */
	{ 3,
	  { 0x03000001, 0x01008001, 0x1000 },
	  "memory read of 4 bytes from 0x1000, requester 01:00.0, tag 0x01, flit mode" },
	{ 4,
	  { 0x05010001, 0x00000a0b, 0x05f80104, 0x0000000f },
	  "config read (type 1) of 05:1f.0, offset 0x104, requester 00:00.0, tag 0xa0b, flit mode" },
	{ 3,
	  { 0x4a000001, 0x01000017, 0x00000004 },
	  "completion with data (SC) of 4 bytes from 01:00.0 for 00:00.0, tag 0x17, flit mode" },
	/* the status is in OHC-A5 */
	{ 4,
	  { 0x0a010000, 0x01000017, 0x00000004, 0x00000001 },
	  "completion without data (UR) of 4 bytes from 01:00.0 for 00:00.0, tag 0x17, flit mode" },
	{ 3,
	  { 0x0a010000, 0x01000017, 0x00000004 },
	  "completion without data (status unknown) of 4 bytes from 01:00.0 for 00:00.0, tag 0x17, flit mode" },
	{ 4, { 0x34000000, 0x01000019, 0, 0 }, "message, code 0x19, requester 01:00.0, flit mode" },
	{ 4,
	  { 0x6e000002, 0x01000102, 0, 0x2000 },
	  "compare and swap of 8 bytes to 0x2000, requester 01:00.0, tag 0x102, flit mode" },
	{ 5,
	  { 0x7b010001, 0x01000002, 0x1, 0, 0xf },
	  "deferrable memory write of 4 bytes to 0x100000000, requester 01:00.0, tag 0x02, flit mode" },
	{ 4,
	  { 0x61000010, 0x01000002, 0x1, 0 },
	  "unordered I/O write of 64 bytes to 0x100000000, requester 01:00.0, tag 0x02, flit mode" },
	/* the same bits that are a read without flit mode */
	{ 1, { 0x00000001 }, "no operation, flit mode" },
	/* of those less is known than what they are */
	{ 3, { 0x0c000001, 0x01000017, 0x00000004 }, "unordered I/O write completion, flit mode" },
	{ 4, { 0x24000001, 0x0100020f, 0, 0 }, "unknown TLP (type 0x24), flit mode" },
	{ 2, { 0x40000001, 0x01000505 }, "memory write, 2 of 3 dwords logged, flit mode" },
};

static void check_flit(struct tap *tap)
{
	for (size_t i = 0; i < sizeof(flit_examples) / sizeof(flit_examples[0]); i++) {
		const struct flit_example *e = &flit_examples[i];
		struct tlp tlp;
		char text[200];

		tlp_decode_flit(e->words, e->count, &tlp);
		tlp_format(&tlp, text, sizeof(text));
		ok(tap, strcmp(text, e->text) == 0, "%s", text);
	}
}

int main(void)
{
	struct tap tap = { 0 };

	for (size_t i = 0; i < sizeof(examples) / sizeof(examples[0]); i++) {
		struct tlp tlp;
		char text[200];

		tlp_decode(examples[i].words, &tlp);
		tlp_format(&tlp, text, sizeof(text));
		ok(&tap, strcmp(text, examples[i].text) == 0, "%s", text);
	}
	check_flit(&tap);
	return tap_done(&tap);
}
