// SPDX-License-Identifier: GPL-2.0-or-later
/* Libraries that are loaded when they are needed: core's one place of dlopen(3). */
#include "core/base/library.h"

#include <dlfcn.h>
#include <string.h>

void *library_load(const char *name, void *object, const struct library_symbol *symbols, size_t count)
{
	void *library = dlopen(name, RTLD_LAZY | RTLD_LOCAL);

	for (size_t i = 0; library && i < count; i++) {
		void *symbol = dlsym(library, symbols[i].name);

		if (!symbol) {
			dlclose(library);
			return NULL;
		}
		memcpy((char *)object + symbols[i].member, &symbol, sizeof(symbol));
	}
	return library;
}

void library_close(void *library)
{
	if (library)
		dlclose(library);
}
