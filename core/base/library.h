/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A library that is loaded when it is needed and not linked: its functions go into members of a struct that have
 * their names.
 *
 *     #define FUNCTIONS(X) X(deflate) X(deflateEnd)
 *
 *     struct archive {
 *             void *library;
 *             FUNCTIONS(LIBRARY_MEMBER)
 *     };
 *
 *     #define SYMBOL(name) LIBRARY_SYMBOL(struct archive, name)
 *     static const struct library_symbol symbols[] = { FUNCTIONS(SYMBOL) };
 */
#ifndef PCIETOOL_LIBRARY_H
#define PCIETOOL_LIBRARY_H

#include <stddef.h>

struct library_symbol {
	const char *name;
	size_t member; /* its offset in the struct */
};

#define LIBRARY_MEMBER(function) __typeof__(function) *function;
#define LIBRARY_SYMBOL(type, function) { #function, offsetof(type, function) },

/*
 * NAME is the file with the ABI's number: what a distribution installs without development packages. NULL: no, with errno
 * ENOMEM, EMFILE or ENFILE where it is this process that lacks something, ELIBACC where the library is not there or not as
 * expected.
 */
void *library_load(const char *name, void *object, const struct library_symbol *symbols, size_t count);
void library_close(void *library); /* accepts NULL */

#endif
