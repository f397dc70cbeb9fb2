// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A library for LD_PRELOAD: of the calls of malloc(), calloc(), realloc() and aligned_alloc() after the program's start the
 * one with the number in $FAIL_MALLOC returns NULL, with ENOMEM. Without the variable none does, and $FAIL_MALLOC_COUNT
 * names a file that gets their number at the end. Not for
 * programs that AddressSanitizer watches, which has to come first.
 */
#include <dlfcn.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void *(*next_malloc)(size_t);
static void *(*next_calloc)(size_t, size_t);
static void *(*next_realloc)(void *, size_t);
static void *(*next_aligned_alloc)(size_t, size_t);

static unsigned long calls;
static unsigned long fails;
static int counting;

/* What dlsym() itself wants, before there is anybody to ask. */
static char early[8192];
static size_t early_used;

static void *early_alloc(size_t size)
{
	void *p = early + early_used;

	early_used += (size + 15) / 16 * 16;
	if (early_used > sizeof(early))
		abort();
	return p;
}

__attribute__((constructor)) static void start(void)
{
	const char *number = getenv("FAIL_MALLOC");

	next_calloc = (void *(*)(size_t, size_t))dlsym(RTLD_NEXT, "calloc");
	next_malloc = (void *(*)(size_t))dlsym(RTLD_NEXT, "malloc");
	next_realloc = (void *(*)(void *, size_t))dlsym(RTLD_NEXT, "realloc");
	next_aligned_alloc = (void *(*)(size_t, size_t))dlsym(RTLD_NEXT, "aligned_alloc");
	fails = number ? strtoul(number, NULL, 10) : 0;
	/* what it runs is another program's business */
	unsetenv("LD_PRELOAD");
	counting = 1;
}

__attribute__((destructor)) static void end(void)
{
	const char *name = getenv("FAIL_MALLOC_COUNT");
	FILE *f;

	counting = 0;
	f = name ? fopen(name, "we") : NULL;
	if (f) {
		fprintf(f, "%lu\n", calls);
		fclose(f);
	}
}

static int is_failing(void)
{
	if (!counting || ++calls != fails)
		return 0;
	errno = ENOMEM;
	return 1;
}

void *malloc(size_t size)
{
	if (!next_malloc)
		return early_alloc(size);
	return is_failing() ? NULL : next_malloc(size);
}

void *calloc(size_t count, size_t size)
{
	if (!next_calloc)
		return early_alloc(count * size);
	return is_failing() ? NULL : next_calloc(count, size);
}

void *realloc(void *old, size_t size)
{
	if (!next_realloc)
		abort();
	return is_failing() ? NULL : next_realloc(old, size);
}

void *aligned_alloc(size_t alignment, size_t size)
{
	if (!next_aligned_alloc)
		abort();
	return is_failing() ? NULL : next_aligned_alloc(alignment, size);
}
