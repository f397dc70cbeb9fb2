// SPDX-License-Identifier: GPL-2.0-or-later
/* The build id of the program that runs, from its own memory. */
#include "core/base/build_id.h"

#include <errno.h>
#include <link.h>
#include <stdbool.h>
#include <string.h>

#define ALIGNED(n) (((size_t)(n) + 3) & ~(size_t)3)

/* The id in one segment of notes; names and contents are padded to 4 bytes. */
static bool take_note(const char *notes, size_t size, uint64_t *number)
{
	ElfW(Nhdr) note;

	while (size >= sizeof(note)) {
		size_t whole;

		memcpy(&note, notes, sizeof(note));
		if (note.n_namesz > size || note.n_descsz > size)
			return false;
		whole = sizeof(note) + ALIGNED(note.n_namesz) + ALIGNED(note.n_descsz);
		if (whole > size)
			return false;
		if (note.n_type == NT_GNU_BUILD_ID && note.n_namesz == sizeof(ELF_NOTE_GNU) &&
		    memcmp(notes + sizeof(note), ELF_NOTE_GNU, sizeof(ELF_NOTE_GNU)) == 0 &&
		    note.n_descsz >= sizeof(*number)) {
			memcpy(number, notes + sizeof(note) + ALIGNED(note.n_namesz), sizeof(*number));
			return true;
		}
		notes += whole;
		size -= whole;
	}
	return false;
}

/* The first one is the program; its libraries have ids of their own. */
static int take_program(struct dl_phdr_info *info, size_t size, void *number)
{
	(void)size;
	for (size_t i = 0; i < info->dlpi_phnum; i++) {
		const ElfW(Phdr) *segment = &info->dlpi_phdr[i];

		if (segment->p_type == PT_NOTE &&
		    take_note((const char *)(info->dlpi_addr + segment->p_vaddr), segment->p_memsz, number))
			return 1;
	}
	return -ENODATA;
}

int build_id_number(uint64_t *number)
{
	return dl_iterate_phdr(take_program, number) == 1 ? 0 : -ENODATA;
}
