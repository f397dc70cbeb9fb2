/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What one line of a dump says. The forms: lspci -x (also with 0x before the offset), xxd, hexdump -C, od -t x1. Before
 * it may stand blanks, marks of a quotation (> |), and the time, the host and the program of a log.
 */
#ifndef PCIETOOL_DUMP_LINE_H
#define PCIETOOL_DUMP_LINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/pci/address.h"

/* Bytes in a line. */
#define DUMP_LINE_BYTES 16u

enum dump_line_kind {
	DUMP_LINE_TEXT, /* nothing of a dump */
	DUMP_LINE_ADDRESS, /* of a device */
	DUMP_LINE_DATA, /* bytes at an offset */
	DUMP_LINE_OFFSET, /* an offset alone, at the end of hexdump's */
	DUMP_LINE_REPEAT, /* "*": the line before, until the offset that follows */
	DUMP_LINE_BAD, /* it would be data; PROBLEM says what is wrong */
};

struct dump_line {
	enum dump_line_kind kind;
	struct pci_address address;
	unsigned long offset;
	uint8_t bytes[DUMP_LINE_BYTES];
	size_t count;
	bool is_hex_dump; /* of a tool that knows no devices: no address is to be expected before it */
	/* bytes in pairs, as xxd writes them: in the order of the file, or, with -e, in the machine's? */
	bool has_pairs;
	bool is_order_shown; /* the letters beside them fit in one order only, and that is the file's */
	const char *problem; /* static */
};

/* TEXT is one line of ASCII, without its end. */
void dump_line_parse(const char *text, struct dump_line *line);

#endif
