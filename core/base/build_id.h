/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which build of the program this is. By its build id, which the linker makes of its contents: ld(1), --build-id; in memory
 * it is a note of the program (elf(5), NT_GNU_BUILD_ID).
 */
#ifndef PCIETOOL_BUILD_ID_H
#define PCIETOOL_BUILD_ID_H

#include <stdint.h>

/* *NUMBER is another one in another build. -ENODATA: it was linked without a build id. */
int build_id_number(uint64_t *number);

#endif
