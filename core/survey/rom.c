// SPDX-License-Identifier: GPL-2.0-or-later
/* The images in an expansion ROM. */
#include "core/survey/rom.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/array.h"

/* The header of an image, PCI 3.0 section 6.3.1.1, and of an EFI driver's, UEFI 2.10 table 14-14 */
#define HEADER_SIZE 0x1a
#define HEADER_PCIR 0x18
#define HEADER_BIOS_BLOCKS 2
#define EFI_SIGNATURE 4
#define EFI_SUBSYSTEM 8
#define EFI_MACHINE 0xa
#define EFI_COMPRESSION 0xc
#define EFI_MAGIC 0x0ef1

/* The data structure that it points at, section 6.3.1.2 */
#define PCIR_SIZE 0x18
#define PCIR_VENDOR 4
#define PCIR_DEVICE 6
#define PCIR_LIST 8 /* from revision 3 on, PCI Firmware 3.0 section 5.1.2 */
#define PCIR_REVISION 0xc
#define PCIR_CLASS 0xd
#define PCIR_BLOCKS 0x10
#define PCIR_LEVEL 0x12
#define PCIR_CODE 0x14
#define PCIR_INDICATOR 0x15
#define PCIR_IS_LAST 0x80

#define BLOCK 512u

#define CODE_BIOS 0
#define CODE_EFI 3

static uint16_t get16(const uint8_t *bytes)
{
	return (uint16_t)(bytes[0] | bytes[1] << 8);
}

static uint32_t get32(const uint8_t *bytes)
{
	return get16(bytes) | (uint32_t)get16(bytes + 2) << 16;
}

__attribute__((format(printf, 2, 3))) static int bad(struct rom *rom, const char *format, ...)
{
	va_list ap;

	va_start(ap, format);
	vsnprintf(rom->problem, sizeof(rom->problem), format, ap);
	va_end(ap);
	return 1;
}

static enum rom_checksum bios_checksum(const uint8_t *image, size_t length)
{
	size_t size = (size_t)image[HEADER_BIOS_BLOCKS] * BLOCK;
	uint8_t sum = 0;

	if (size == 0 || size > length)
		return ROM_CHECKSUM_NONE;
	for (size_t i = 0; i < size; i++)
		sum = (uint8_t)(sum + image[i]);
	return sum == 0 ? ROM_CHECKSUM_GOOD : ROM_CHECKSUM_WRONG;
}

/* What depends on the kind of code. */
static void read_code(const struct rom *rom, struct rom_image *image)
{
	const uint8_t *start = rom->data + image->offset;

	if (image->code_type == CODE_BIOS)
		image->checksum = bios_checksum(start, image->length);
	if (image->code_type != CODE_EFI || get32(start + EFI_SIGNATURE) != EFI_MAGIC)
		return;
	image->is_efi = true;
	image->efi_subsystem = get16(start + EFI_SUBSYSTEM);
	image->efi_machine = get16(start + EFI_MACHINE);
	image->efi_is_compressed = get16(start + EFI_COMPRESSION) != 0;
}

/* The image at AT. 0; 1: a problem, noted. */
static int read_image(struct rom *rom, size_t at, struct rom_image *image)
{
	const uint8_t *start = rom->data + at;
	size_t left = rom->length - at;
	const uint8_t *pcir;
	size_t place;

	if (left < HEADER_SIZE)
		return bad(rom, "at 0x%zx: %zu bytes are left, which is no image", at, left);
	if (start[0] != 0x55 || start[1] != 0xaa)
		return bad(rom, "at 0x%zx: 0x%02x%02x, where an image begins with 0x55aa", at, start[0],
			   start[1]);
	place = get16(start + HEADER_PCIR);
	if (place > left || left - place < PCIR_SIZE)
		return bad(rom, "at 0x%zx: its data structure would be at 0x%zx, behind the end of the ROM",
			   at, at + place);
	pcir = start + place;
	if (memcmp(pcir, "PCIR", 4) != 0)
		return bad(rom, "at 0x%zx: no data structure (PCIR) at 0x%zx", at, at + place);
	*image = (struct rom_image){
		.offset = at,
		.length = get16(pcir + PCIR_BLOCKS) * (size_t)BLOCK,
		.vendor = get16(pcir + PCIR_VENDOR),
		.device = get16(pcir + PCIR_DEVICE),
		.class_code = pcir[PCIR_CLASS] | (uint32_t)get16(pcir + PCIR_CLASS + 1) << 8,
		.level = get16(pcir + PCIR_LEVEL),
		.code_type = pcir[PCIR_CODE],
		.is_last = pcir[PCIR_INDICATOR] & PCIR_IS_LAST,
	};
	if (pcir[PCIR_REVISION] >= 3 && get16(pcir + PCIR_LIST))
		image->list = at + place + get16(pcir + PCIR_LIST);
	if (image->length == 0)
		return bad(rom, "at 0x%zx: an image of 0 bytes", at);
	if (image->length > left)
		return bad(rom, "at 0x%zx: an image of %zu bytes, of which %zu are there", at, image->length,
			   left);
	read_code(rom, image);
	return 0;
}

int rom_parse(const uint8_t *data, size_t length, struct rom *rom)
{
	struct rom_image image = { .is_last = false };
	size_t at = 0;

	*rom = (struct rom){ .data = data, .length = length };
	while (!image.is_last && read_image(rom, at, &image) == 0) {
		struct rom_image *grown = array_grow(rom->images, rom->image_count, sizeof(*grown));

		if (!grown) {
			rom_free(rom);
			return -ENOMEM;
		}
		rom->images = grown;
		grown[rom->image_count++] = image;
		at += image.length;
	}
	return 0;
}

void rom_free(struct rom *rom)
{
	free(rom->images);
	rom->images = NULL;
	rom->image_count = 0;
}

bool rom_image_is_for(const struct rom *rom, const struct rom_image *image, uint16_t vendor, uint16_t device)
{
	if (image->vendor != vendor)
		return false;
	if (image->device == device)
		return true;
	for (size_t at = image->list; at && at + 2 <= rom->length && get16(rom->data + at); at += 2) {
		if (get16(rom->data + at) == device)
			return true;
	}
	return false;
}

const char *rom_code_name(uint8_t code_type)
{
	/* PCI Firmware 3.0 table 5-5 */
	static const char *const names[] = { "BIOS", "Open Firmware", "PA-RISC", "EFI" };

	return code_type < sizeof(names) / sizeof(names[0]) ? names[code_type] : NULL;
}

const char *rom_machine_name(uint16_t machine)
{
	/* UEFI 2.10 section 2.1.1, Microsoft PE/COFF's machine types */
	static const struct {
		uint16_t machine;
		const char *name;
	} machines[] = {
		{ 0x014c, "x86" },     { 0x0200, "Itanium" },	  { 0x0ebc, "EFI byte code" },
		{ 0x8664, "x86-64" },  { 0x01c2, "arm" },	  { 0xaa64, "arm64" },
		{ 0x5064, "riscv64" }, { 0x6264, "loongarch64" },
	};

	for (size_t i = 0; i < sizeof(machines) / sizeof(machines[0]); i++) {
		if (machines[i].machine == machine)
			return machines[i].name;
	}
	return NULL;
}
