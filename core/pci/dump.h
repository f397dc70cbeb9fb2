/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Config spaces in a file, as `lspci -x`, `-xxx` and `-xxxx` write them: a line that starts with an address, then
 * lines of an offset and 16 bytes in hex; quoted, indented or from a log (dump_line.h), in any encoding (dump_text.h). A
 * hex dump, or the bytes alone, are one device without a name. With a dump in the context, its devices stand in for
 * those of sysfs.
 */
#ifndef PCIETOOL_DUMP_H
#define PCIETOOL_DUMP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "core/base/error.h"
#include "core/pci/address.h"
#include "core/pci/dump_line.h"

/* More functions than a machine has: a file that has more is broken, or an attack. */
#define DUMP_DEVICES_MAX 65536u
/* "ff0: 00 11 ... ff" and the NUL. */
#define DUMP_LINE_SIZE 56u

struct dump_device {
	struct pci_address address;
	size_t size; /* bytes that the file has, without a gap from 0 */
	uint8_t *bytes;
	/* Of a virtual function, whose ids are all ones: whose it is, and the device id that that one gives it. */
	const struct dump_device *physical; /* the dump's; NULL: it has none, or that is not in the dump */
	uint16_t virtual_id;
};

struct dump {
	struct dump_device *devices; /* in order of address */
	size_t count;
	bool is_nameless; /* nothing in it says which device it is: the first has address 0 until somebody knows better */
};

/*
 * All devices of a file ("-": standard input). Text that is no dump is skipped, such as what lspci -v writes between;
 * binary data, a gap in the offsets, words of more than a byte, an address that comes twice, or a file without a device
 * or a byte are errors with their line.
 * *DUMP is the caller's to free.
 */
int dump_read(const char *path, struct dump **dump, struct error *error);
/* Of one device, SIZE bytes of whose config space are known. NULL: no memory. */
struct dump *dump_from(const struct pci_address *address, const uint8_t *bytes, size_t size);
void dump_free(struct dump *dump); /* accepts NULL */

/* NULL: it has none of that address. */
const struct dump_device *dump_find(const struct dump *dump, const struct pci_address *address);

/* Its header is not ones alone, as lspci has it ("rev ff") of a device that was gone; less than a header says nothing. */
bool dump_device_answered(const struct dump_device *device);

/* It answered, and has no vendor and device of its own: a virtual function. PCIe 6.0 sections 9.3.4.1.1 and 9.3.4.1.2. */
bool dump_device_is_virtual(const struct dump_device *device);

/* The line for COUNT bytes at OFFSET, without a newline. */
void dump_format_line(char text[DUMP_LINE_SIZE], unsigned int offset, const uint8_t *bytes, size_t count);

#endif
