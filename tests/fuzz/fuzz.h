/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the fuzz programs share. Each is libFuzzer's with one function (https://llvm.org/docs/LibFuzzer.html): bytes that
 * it made up go where a user's go. A crash, what a sanitizer finds, abort() and a hang are what it looks for.
 */
#ifndef FUZZ_H
#define FUZZ_H

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

/* 0, or -1 where the input is not worth to be kept. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* A file with these bytes, for those who want a path: in memory, the SLOTth of two. */
static inline const char *fuzz_file(unsigned int slot, const void *data, size_t size)
{
	static char paths[2][32];
	static int files[2];

	if (!files[slot]) {
		files[slot] = memfd_create("input", MFD_CLOEXEC);
		snprintf(paths[slot], sizeof(paths[slot]), "/proc/self/fd/%d", files[slot]);
	}
	if (files[slot] < 0 || ftruncate(files[slot], 0) < 0 ||
	    pwrite(files[slot], data, size, 0) != (ssize_t)size)
		abort();
	return paths[slot];
}

/* The bytes as a string, the caller's to free. */
static inline char *fuzz_string(const void *data, size_t size)
{
	char *text = malloc(size + 1);

	if (!text)
		abort();
	memcpy(text, data, size);
	text[size] = '\0';
	return text;
}

#endif
