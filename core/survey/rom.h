/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The images in an expansion ROM: PCI Firmware 3.0 section 5, PCI Local Bus 3.0 section 6.3; an EFI driver's header: UEFI
 * 2.10 section 14.4.2. Knows no device.
 */
#ifndef PCIETOOL_ROM_H
#define PCIETOOL_ROM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum rom_checksum { ROM_CHECKSUM_NONE, ROM_CHECKSUM_GOOD, ROM_CHECKSUM_WRONG };

struct rom_image {
	size_t offset; /* in the ROM */
	size_t length; /* bytes */
	uint16_t vendor;
	uint16_t device;
	uint32_t class_code; /* 24 bits */
	uint16_t level; /* the vendor's revision of the code */
	uint8_t code_type; /* see rom_code_name() */
	bool is_last;
	size_t list; /* offset of further device ids, which end with 0; 0: none */
	enum rom_checksum
		checksum; /* of code for a PC's BIOS: all its bytes are 0 in sum; others have none */
	/* of an EFI image (code type 3 with EFI's signature) */
	bool is_efi;
	uint16_t efi_subsystem;
	uint16_t efi_machine;
	bool efi_is_compressed;
};

struct rom {
	const uint8_t *data; /* the caller's */
	size_t length;
	struct rom_image *images;
	size_t image_count;
	char problem[160]; /* what ended the list before the last image, with its offset; "": nothing */
};

/* DATA has to live as long as ROM. What is damaged is no error: see PROBLEM. 0 or -ENOMEM. */
int rom_parse(const uint8_t *data, size_t length, struct rom *rom);
void rom_free(struct rom *rom); /* what rom_parse() filled */

/* Is IMAGE for this device, by its own id or one of its list? */
bool rom_image_is_for(const struct rom *rom, const struct rom_image *image, uint16_t vendor, uint16_t device);

/* "BIOS", "Open Firmware", "PA-RISC", "EFI"; NULL: another. */
const char *rom_code_name(uint8_t code_type);
/* "x86-64" and so on; NULL: another. */
const char *rom_machine_name(uint16_t machine);

#endif
