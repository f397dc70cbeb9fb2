// SPDX-License-Identifier: GPL-2.0-or-later
/* Libraries that are loaded when they are needed: core's one place of dlopen(3). */
#include "core/base/library.h"

#include <dlfcn.h>
#include <errno.h>
#include <string.h>

/* dlopen() gives words only: glibc, elf/dl-load.c and elf/dl-error-skeleton.c. */
static int why_not(const char *words)
{
	static const struct {
		const char *words;
		int number;
	} lacks[] = {
		{ "failed to map segment", ENOMEM },  { "out of memory", ENOMEM },
		{ "Cannot allocate memory", ENOMEM }, { "Too many open files in system", ENFILE },
		{ "Too many open files", EMFILE },
	};

	for (size_t i = 0; words && i < sizeof(lacks) / sizeof(lacks[0]); i++) {
		if (strcasestr(words, lacks[i].words))
			return lacks[i].number;
	}
	return ELIBACC;
}

void *library_load(const char *name, void *object, const struct library_symbol *symbols, size_t count)
{
	void *library = dlopen(name, RTLD_LAZY | RTLD_LOCAL);

	for (size_t i = 0; library && i < count; i++) {
		void *symbol = dlsym(library, symbols[i].name);

		if (!symbol) {
			dlclose(library);
			errno = ELIBACC;
			return NULL;
		}
		memcpy((char *)object + symbols[i].member, &symbol, sizeof(symbol));
	}
	if (!library)
		errno = why_not(dlerror());
	return library;
}

void library_close(void *library)
{
	if (library)
		dlclose(library);
}
