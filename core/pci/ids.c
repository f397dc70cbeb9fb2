// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * libpci is loaded when a name is first wanted and not linked: linking it (with libudev, libkmod and
 * what they bring) costs every command a fifth of its start-up, and most commands never show a name.
 */
#include "core/pci/ids.h"

#include <errno.h>
#include <limits.h>
#include <pci/pci.h>
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/base/library.h"
#include "core/kernel/sysfs.h"

#define LIBPCI_FUNCTIONS(X)                                                                                  \
	X(pci_alloc)                                                                                         \
	X(pci_cleanup)                                                                                       \
	X(pci_load_name_list)                                                                                \
	X(pci_set_name_list_path)                                                                            \
	X(pci_lookup_name)

struct names {
	void *library;
	struct pci_access *access;
	const char *reason; /* why there are none; NULL: there are */
	LIBPCI_FUNCTIONS(LIBRARY_MEMBER)
};

/*
 * Where libpci's error hook jumps to. The hook must not return, and is given nothing that would lead
 * back to the caller, so this cannot be in struct names.
 */
static _Thread_local jmp_buf *escape;

static void hook_error(char *message, ...) __attribute__((noreturn, format(printf, 1, 2)));

static void hook_error(char *message, ...)
{
	(void)message;
	if (!escape)
		abort();
	longjmp(*escape, 1);
}

static void hook_silent(char *message, ...) __attribute__((format(printf, 1, 2)));

static void hook_silent(char *message, ...)
{
	(void)message;
}

static bool load_library(struct names *names)
{
#define SYMBOL(name) LIBRARY_SYMBOL(struct names, name)
	static const struct library_symbol symbols[] = { LIBPCI_FUNCTIONS(SYMBOL) };
#undef SYMBOL

	names->library = library_load("libpci.so.3", names, symbols, sizeof(symbols) / sizeof(symbols[0]));
	return names->library;
}

/* The list of the machine that the sysroot shows, where it has one; otherwise libpci's own default. */
static void choose_list(const struct context *ctx, struct names *names)
{
	static const char *const places[] = { "/usr/share/misc/pci.ids", "/usr/share/hwdata/pci.ids" };
	char path[PATH_MAX];
	char *copy;

	if (!ctx->sysroot[0])
		return;
	for (unsigned int i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
		if (sysfs_path(ctx, path, sizeof(path), "%s", places[i]) < 0 || access(path, R_OK) != 0)
			continue;
		copy = strdup(path);
		if (copy)
			names->pci_set_name_list_path(names->access, copy, 1);
		return;
	}
}

static const char *load(const struct context *ctx, struct names *names)
{
	jmp_buf here;
	const char *volatile reason = "the list of names cannot be loaded";

	if (!load_library(names))
		return "libpci.so.3 cannot be loaded";
	/* pci_init() is not called: it opens an access method, and names need none. */
	names->access = names->pci_alloc();
	if (!names->access)
		return reason;
	names->access->error = hook_error;
	names->access->warning = hook_silent;
	names->access->debug = hook_silent;
	/* no cache of names that came from the network, a file in the user's home */
	names->access->id_lookup_mode = 0;
	choose_list(ctx, names);
	if (setjmp(here) == 0) {
		escape = &here;
		reason = names->pci_load_name_list(names->access) ? NULL : "pci.ids is not installed";
	}
	escape = NULL;
	return reason;
}

int names_open(const struct context *ctx, struct names **names)
{
	struct names *n = calloc(1, sizeof(*n));

	if (!n)
		return -ENOMEM;
	n->reason = load(ctx, n);
	*names = n;
	return 0;
}

void names_close(struct names *names)
{
	jmp_buf here;

	if (!names)
		return;
	if (names->access && setjmp(here) == 0) {
		escape = &here;
		names->pci_cleanup(names->access);
	}
	escape = NULL;
	library_close(names->library);
	free(names);
}

/* Without PCI_LOOKUP_NETWORK nothing is ever asked of DNS; without udev's list one source decides. */
#define LOOKUP_LOCAL (PCI_LOOKUP_NO_NUMBERS | PCI_LOOKUP_NO_HWDB)

/* libpci takes as many of the ids as FLAGS imply, and ignores the rest. */
static void lookup(struct names *names, struct fact_text *name, int flags, unsigned int a, unsigned int b,
		   unsigned int c, unsigned int d)
{
	const char *found;
	jmp_buf here;

	name->text[0] = '\0';
	name->reason = names ? names->reason : "names are not wanted";
	if (name->reason)
		return;
	name->reason = "libpci failed";
	if (setjmp(here) == 0) {
		escape = &here;
		found = names->pci_lookup_name(names->access, name->text, sizeof(name->text),
					       flags | LOOKUP_LOCAL, a, b, c, d);
		name->reason = found ? NULL : "not in pci.ids";
		if (found && found != name->text)
			snprintf(name->text, sizeof(name->text), "%s", found);
	}
	escape = NULL;
}

void names_vendor(struct names *names, unsigned int vendor, struct fact_text *name)
{
	lookup(names, name, PCI_LOOKUP_VENDOR, vendor, 0, 0, 0);
}

void names_device(struct names *names, unsigned int vendor, unsigned int device, struct fact_text *name)
{
	lookup(names, name, PCI_LOOKUP_DEVICE, vendor, device, 0, 0);
}

void names_subsystem(struct names *names, unsigned int vendor, unsigned int device, unsigned int subvendor,
		     unsigned int subdevice, struct fact_text *name)
{
	lookup(names, name, PCI_LOOKUP_SUBSYSTEM | PCI_LOOKUP_DEVICE, vendor, device, subvendor, subdevice);
}

void names_class(struct names *names, unsigned int class_id, struct fact_text *name)
{
	lookup(names, name, PCI_LOOKUP_CLASS, class_id, 0, 0, 0);
}
