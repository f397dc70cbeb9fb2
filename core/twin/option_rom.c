// SPDX-License-Identifier: GPL-2.0-or-later
/* What is behind a twin's Expansion ROM Base Address. */
#include "core/twin/option_rom.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/twin/wire.h"

/* PCIe 6.0 section 7.5.1.2.4: bits 31 to 11 are the address */
#define ROM_MIN 2048u
/* QEMU reads all of it by one message. */
#define ROM_MAX WIRE_DATA_MAX

static int take(const char *path, const uint8_t *bytes, size_t count, struct option_rom *rom,
		struct error *error)
{
	uint32_t size = ROM_MIN;

	if (count == 0 || count > ROM_MAX)
		return error_set(error, ERROR_USAGE, "bad-rom", "%s: an expansion ROM has 1 byte to %u MiB",
				 path, ROM_MAX >> 20);
	while (size < count)
		size *= 2;
	rom->bytes = malloc(size);
	if (!rom->bytes)
		return error_errno(error, -ENOMEM, "%s", path);
	memcpy(rom->bytes, bytes, count);
	memset(rom->bytes + count, 0xff, size - count);
	rom->size = size;
	return 0;
}

int option_rom_open(const char *path, struct option_rom *rom, struct error *error)
{
	FILE *file = fopen(path, "re");
	uint8_t *bytes;
	size_t count;
	int rc;

	if (!file)
		return error_errno(error, error_last(), "%s", path);
	bytes = malloc(ROM_MAX + 1);
	if (!bytes) {
		fclose(file);
		return error_errno(error, -ENOMEM, "%s", path);
	}
	count = fread(bytes, 1, ROM_MAX + 1, file);
	rc = ferror(file) ? error_errno(error, error_last(), "%s", path)
			  : take(path, bytes, count, rom, error);
	free(bytes);
	fclose(file);
	return rc;
}

void option_rom_close(struct option_rom *rom)
{
	free(rom->bytes);
	*rom = (struct option_rom){ 0 };
}
