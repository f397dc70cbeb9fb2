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
#include <stdarg.h>
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

/* What was asked for last, and found or not: a machine has many functions of few kinds. */
struct answer {
	int flags; /* 0: nothing was asked */
	unsigned int ids[4];
	struct fact_text name;
};

#define ANSWERS 64 /* a power of two */

/*
 * Two of libpci's accesses, each with one source. Its list, a text, is read whole before the first answer (some 25
 * million instructions); udev's hwdb is compiled, mapped and asked. So the hwdb goes first, and the list is loaded
 * when there is something that the hwdb does not know, or is not asked.
 */
struct names {
	const struct context *ctx;
	void *library;
	struct pci_access *hwdb; /* NULL: the hwdb is not asked */
	struct pci_access *list;
	bool list_is_loaded; /* or cannot be, see the reason */
	const char *list_reason; /* why there is no list; NULL: there is */
	const char *reason; /* why there are no names at all; NULL: there may be */
	struct answer answers[ANSWERS]; /* by a hash of what was asked */
	LIBPCI_FUNCTIONS(LIBRARY_MEMBER)
};

/*
 * Where libpci's error hook jumps to. The hook must not return, and is given nothing that would lead
 * back to the caller, so this cannot be in struct names.
 */
struct escape {
	jmp_buf to;
	const struct context *ctx;
};

static _Thread_local struct escape *escape;

static void hook_error(char *message, ...) __attribute__((noreturn, format(printf, 1, 2)));

static void hook_error(char *message, ...)
{
	char text[256];
	va_list ap;

	if (!escape)
		abort();
	va_start(ap, message);
	vsnprintf(text, sizeof(text), message, ap);
	va_end(ap);
	/* libpci, lib/init.c, pci_malloc(); zlib's zError(Z_MEM_ERROR) */
	if (strcasestr(text, "out of memory") || strcasestr(text, "insufficient memory"))
		context_lacks(escape->ctx, -ENOMEM);
	longjmp(escape->to, 1);
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

static struct pci_access *new_access(struct names *names)
{
	/* pci_init() is not called: it opens an access method, and names need none. */
	struct pci_access *access = names->pci_alloc();

	if (!access)
		return NULL;
	access->error = hook_error;
	access->warning = hook_silent;
	access->debug = hook_silent;
	/* no cache of names that came from the network, a file in the user's home */
	access->id_lookup_mode = 0;
	return access;
}

/* ACCESS frees the copy. */
static bool set_list_path(struct names *names, struct pci_access *access, const char *path)
{
	char *copy = strdup(path);

	if (!copy)
		return false;
	names->pci_set_name_list_path(access, copy, 1);
	return true;
}

/* The list of the machine that the sysroot shows; false: it has none, libpci's own default stays. */
static bool choose_list(const struct context *ctx, struct names *names)
{
	static const char *const places[] = { "/usr/share/misc/pci.ids", "/usr/share/hwdata/pci.ids" };
	char path[PATH_MAX];

	if (!ctx->sysroot[0])
		return false;
	for (unsigned int i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
		if (sysfs_path(ctx, path, sizeof(path), "%s", places[i]) == 0 && access(path, R_OK) == 0)
			return set_list_path(names, names->list, path);
	}
	return false;
}

/* Where udev looks: systemd, src/libsystemd/sd-hwdb/hwdb-internal.h, hwdb_bin_paths. */
static bool has_hwdb(void)
{
	static const char *const places[] = { "/etc/systemd/hwdb/hwdb.bin",	"/etc/udev/hwdb.bin",
					      "/usr/lib/systemd/hwdb/hwdb.bin", "/lib/systemd/hwdb/hwdb.bin",
					      "/usr/lib/udev/hwdb.bin",		"/lib/udev/hwdb.bin" };

	for (unsigned int i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
		if (access(places[i], R_OK) == 0)
			return true;
	}
	return false;
}

/*
 * libpci asks the hwdb for what is not in its list: one that cannot be loaded has nothing. Where there is no hwdb, libpci
 * 3.9 leaves 16 bytes behind for each name that it asks for.
 */
static void open_hwdb(struct names *names)
{
	if (!has_hwdb())
		return;
	names->hwdb = new_access(names);
	if (!names->hwdb || set_list_path(names, names->hwdb, "/nonexistent"))
		return;
	names->pci_cleanup(names->hwdb);
	names->hwdb = NULL;
}

/* Why there is no list, where it is not this process that lacks something. */
static const char *no_list(const struct names *names, int rc)
{
	return context_lacks(names->ctx, rc) == -ENOENT ? "pci.ids is not installed"
							: "the list of names cannot be loaded";
}

static void load_list(struct names *names)
{
	struct escape here = { .ctx = names->ctx };

	names->list_is_loaded = true;
	names->list_reason = "the list of names cannot be loaded";
	if (setjmp(here.to) == 0) {
		escape = &here;
		errno = ENOENT;
		names->list_reason =
			names->pci_load_name_list(names->list) ? NULL : no_list(names, error_last());
	}
	escape = NULL;
}

static const char *load(const struct context *ctx, struct names *names)
{
	if (!load_library(names)) {
		context_lacks(ctx, error_last());
		return "libpci.so.3 cannot be loaded";
	}
	names->list = new_access(names);
	if (!names->list)
		return "the list of names cannot be loaded";
	/* the hwdb is this machine's: it knows nothing better than the list that came with a tree */
	if (!choose_list(ctx, names))
		open_hwdb(names);
	return NULL;
}

int names_open(const struct context *ctx, struct names **names)
{
	struct names *n = calloc(1, sizeof(*n));

	if (!n)
		return -ENOMEM;
	n->ctx = ctx;
	n->reason = load(ctx, n);
	*names = n;
	return 0;
}

static void close_access(struct names *names, struct pci_access *access)
{
	struct escape here = { .ctx = names->ctx };

	if (access && setjmp(here.to) == 0) {
		escape = &here;
		names->pci_cleanup(access);
	}
	escape = NULL;
}

void names_close(struct names *names)
{
	if (!names)
		return;
	close_access(names, names->hwdb);
	close_access(names, names->list);
	library_close(names->library);
	free(names);
}

/* libpci takes as many of the ids as FLAGS imply, and ignores the rest. NAME keeps its reason where there is none. */
static bool ask(struct names *names, struct pci_access *access, struct fact_text *name, int flags,
		const unsigned int ids[4])
{
	const char *found;
	struct escape here = { .ctx = names->ctx };

	if (setjmp(here.to) == 0) {
		escape = &here;
		/* without PCI_LOOKUP_NETWORK nothing is ever asked of DNS */
		found = names->pci_lookup_name(access, name->text, sizeof(name->text),
					       flags | PCI_LOOKUP_NO_NUMBERS, ids[0], ids[1], ids[2], ids[3]);
		if (found && found != name->text)
			snprintf(name->text, sizeof(name->text), "%s", found);
		if (found)
			name->reason = NULL;
	} else {
		name->reason = "libpci failed";
	}
	escape = NULL;
	return !name->reason;
}

static void find(struct names *names, struct fact_text *name, int flags, const unsigned int ids[4])
{
	name->text[0] = '\0';
	name->reason = "not in pci.ids";
	/*
	 * The hwdb has a rule for each device and a longer one for a subsystem: asked for a subsystem without a name
	 * it gives its device's, and one with a name has the device's before it (systemd, hwdb.d/ids_parser.py).
	 */
	if (names->hwdb && !(flags & PCI_LOOKUP_SUBSYSTEM) && ask(names, names->hwdb, name, flags, ids))
		return;
	if (!names->list_is_loaded)
		load_list(names);
	if (names->list_reason)
		name->reason = names->list_reason;
	else
		ask(names, names->list, name, flags | PCI_LOOKUP_NO_HWDB, ids);
}

static struct answer *answer_to(struct names *names, int flags, const unsigned int ids[4])
{
	unsigned int hash = (unsigned int)flags;

	/* Knuth, The Art of Computer Programming 3, section 6.4: 2^32 by the golden ratio */
	for (unsigned int i = 0; i < 4; i++)
		hash = (hash ^ ids[i]) * 2654435761u;
	return &names->answers[hash >> 16 & (ANSWERS - 1)];
}

static void lookup(struct names *names, struct fact_text *name, int flags, const unsigned int ids[4])
{
	struct answer *answer;

	name->text[0] = '\0';
	name->reason = names ? names->reason : "names are not wanted";
	if (name->reason)
		return;
	answer = answer_to(names, flags, ids);
	if (answer->flags != flags || memcmp(answer->ids, ids, sizeof(answer->ids)) != 0) {
		find(names, &answer->name, flags, ids);
		answer->flags = flags;
		memcpy(answer->ids, ids, sizeof(answer->ids));
	}
	name->reason = answer->name.reason;
	memcpy(name->text, answer->name.text, strlen(answer->name.text) + 1);
}

void names_vendor(struct names *names, unsigned int vendor, struct fact_text *name)
{
	lookup(names, name, PCI_LOOKUP_VENDOR, (unsigned int[4]){ vendor });
}

void names_device(struct names *names, unsigned int vendor, unsigned int device, struct fact_text *name)
{
	lookup(names, name, PCI_LOOKUP_DEVICE, (unsigned int[4]){ vendor, device });
}

void names_subsystem(struct names *names, unsigned int vendor, unsigned int device, unsigned int subvendor,
		     unsigned int subdevice, struct fact_text *name)
{
	lookup(names, name, PCI_LOOKUP_SUBSYSTEM | PCI_LOOKUP_DEVICE,
	       (unsigned int[4]){ vendor, device, subvendor, subdevice });
}

void names_class(struct names *names, unsigned int class_id, struct fact_text *name)
{
	lookup(names, name, PCI_LOOKUP_CLASS, (unsigned int[4]){ class_id });
}
