/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A file as lines of ASCII, however it was kept: UTF-8, UTF-16 (with a byte order mark, or plainly of ASCII), one of the
 * 8-bit encodings; no-break and other blanks are blanks, what has no width is nothing, other characters are '?'.
 * Or bytes: what sysfs has in a function's `config` file. Knows nothing of what the lines say.
 */
#ifndef PCIETOOL_DUMP_TEXT_H
#define PCIETOOL_DUMP_TEXT_H

#include <linux/pci_regs.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

/* 16 bytes with a log's prefix and their letters are far shorter; the rest of a longer line is cut. */
#define DUMP_TEXT_LINE 256

enum dump_encoding { DUMP_UTF8, DUMP_UTF16LE, DUMP_UTF16BE };

struct dump_text {
	FILE *file;
	enum dump_encoding encoding;
	/* what it begins with, read ahead to see what it is; a byte more than config space has */
	uint8_t head[PCI_CFG_SPACE_EXP_SIZE + 1];
	size_t head_size;
	size_t next; /* in head */
	int back; /* a byte that was read too far, or EOF */
	size_t idle; /* bytes since the caller last set it to 0 */
};

/* FILE is the caller's. Reads its head. */
void dump_text_begin(struct dump_text *text, FILE *file);

/*
 * Is the whole file the bytes of a config space: 64 (all that others than root may read), 256 or 4096 of them, which
 * are no text?
 */
bool dump_text_is_bytes(const struct dump_text *text);

/*
 * The next line without its end. 1; 0: there is none; -EILSEQ: this is binary; -EFBIG: there is no end of text that is
 * nothing (IDLE); another -errno: reading failed.
 */
int dump_text_line(struct dump_text *text, char line[DUMP_TEXT_LINE]);

#endif
