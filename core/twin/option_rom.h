/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What is behind a twin's Expansion ROM Base Address: a file's bytes, ones up to a power of two. */
#ifndef PCIETOOL_TWIN_OPTION_ROM_H
#define PCIETOOL_TWIN_OPTION_ROM_H

#include <stddef.h>
#include <stdint.h>

#include "core/base/error.h"

struct option_rom {
	uint8_t *bytes; /* NULL: there is none */
	uint32_t size; /* a power of two; 0: there is none */
};

/* A usage error where PATH is empty or larger than a client asks for at once. */
int option_rom_open(const char *path, struct option_rom *rom, struct error *error);
void option_rom_close(struct option_rom *rom);

#endif
