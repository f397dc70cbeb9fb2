/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The header of a transaction layer packet, as the header log of an error has it. PCIe 6.0 section 2.2. */
#ifndef PCIETOOL_TLP_H
#define PCIETOOL_TLP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum tlp_kind {
	TLP_UNKNOWN,
	TLP_MEMORY,
	TLP_IO,
	TLP_CONFIG,
	TLP_MESSAGE,
	TLP_COMPLETION,
	TLP_ATOMIC,
	TLP_BARE, /* of which no more than its type is known */
};

struct tlp {
	enum tlp_kind kind;
	const char *type; /* "memory read", "completion with data"; for an unknown one "unknown TLP" */
	bool is_flit; /* its header is that of flit mode */
	unsigned int format; /* the Fmt field, 3 bits; in flit mode those bits of the type */
	unsigned int code; /* the Type field, 5 bits, in flit mode 8 */
	unsigned int size; /* dwords of its header that are always there, in flit mode */
	unsigned int logged; /* dwords that there are */
	bool has_fields; /* what is below is known: not where only the type is, or too little was logged */
	bool is_poisoned; /* EP */
	bool has_digest; /* TD */
	unsigned int traffic_class;
	bool has_length; /* not without data, but for a request of it */
	unsigned int length; /* bytes */
	uint16_t requester; /* bus, device, function; a completion's too */
	bool has_tag;
	unsigned int tag;
	bool has_address;
	uint64_t address; /* memory, I/O, atomics */
	unsigned int first_enables; /* byte enables of the first dword */
	unsigned int last_enables;
	uint16_t target; /* config: the function asked; completion: who completes */
	unsigned int config_offset;
	const char *status; /* completion: "SC", "UR", "CRS", "CA"; NULL: it was not logged */
	unsigned int byte_count; /* completion */
	unsigned int message; /* code */
};

/* WORDS as the log's registers give them: bits 31:24 of the first are the header's first byte. */
void tlp_decode(const uint32_t words[4], struct tlp *tlp);

/*
 * The same for one that was received in flit mode, whose header is another: section 2.2.1.2. COUNT, from 1 on: how many
 * WORDS there are.
 */
void tlp_decode_flit(const uint32_t *words, unsigned int count, struct tlp *tlp);

/* "memory write of 4 bytes to 0xfee00000, requester 01:00.0, tag 0x05" */
void tlp_format(const struct tlp *tlp, char *text, size_t size);

#endif
