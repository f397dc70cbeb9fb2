/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Vital Product Data, decoded: PCI Local Bus 3.0 Appendix I, PCIe 6.0 section 6.27. Knows no device. */
#ifndef PCIETOOL_VPD_H
#define PCIETOOL_VPD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct vpd_field {
	char keyword[3]; /* two letters or digits */
	bool is_writable; /* of VPD-W */
	size_t offset; /* of its value, in the VPD */
	size_t length;
};

enum vpd_checksum { VPD_CHECKSUM_NONE, VPD_CHECKSUM_GOOD, VPD_CHECKSUM_WRONG };

struct vpd {
	const uint8_t *data; /* the caller's */
	size_t length;
	bool has_identifier;
	size_t identifier; /* offset and length of the identifier string */
	size_t identifier_length;
	struct vpd_field *fields; /* in the order of the data; without RV and RW, which are no information */
	size_t field_count;
	enum vpd_checksum checksum; /* RV: all bytes up to it are 0 in sum */
	char problem[160]; /* what ended the decoding before the end tag, with its offset; "": nothing */
};

/* DATA has to live as long as VPD. What is damaged is no error: see PROBLEM. 0 or -ENOMEM. */
int vpd_parse(const uint8_t *data, size_t length, struct vpd *vpd);
void vpd_free(struct vpd *vpd); /* what vpd_parse() filled */

/* What a keyword says, "serial number"; NULL: nothing that the specification knows. */
const char *vpd_meaning(const char *keyword);

/* LENGTH bytes at OFFSET as text, without blanks and zeroes at its end; as "0x..." where it is none. The caller's to free; NULL: no memory. */
char *vpd_text(const struct vpd *vpd, size_t offset, size_t length);

#endif
