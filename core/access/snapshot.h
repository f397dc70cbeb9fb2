/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What registers held at a time, as text that diff(1) is content with: comments of the form "# KEY ..." that say of
 * what, then a line for each, NAME [BAR:]OFFSET/WIDTH VALUE. '-' stands for a name or a value that there is not.
 */
#ifndef PCIETOOL_SNAPSHOT_H
#define PCIETOOL_SNAPSHOT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/error.h"
#include "core/pci/select.h"

struct snapshot_entry {
	const char *name; /* NULL: none */
	unsigned int bar;
	uint64_t offset; /* in the BAR */
	unsigned int width; /* bits of an access */
	unsigned int words; /* accesses that make the value; 1 to 64 */
	bool has_value;
	uint64_t value;
	const char *reason; /* why it was not read; NULL: not known */
};

struct snapshot {
	char *path; /* NULL: not from a file */
	bool has_id;
	uint16_t vendor;
	uint16_t device;
	char address[PCI_ADDRESS_SIZE]; /* of the device; empty: not known */
	char *map; /* its name; NULL: none */
	char time[32]; /* UTC, ISO 8601 */
	struct snapshot_entry *entries;
	size_t count;
};

#define SNAPSHOT_ENTRIES_MAX (1u << 20)

/* SNAPSHOT starts zeroed. */
void snapshot_free(struct snapshot *snapshot);
/* Copies the entry with its strings. */
int snapshot_add(struct snapshot *snapshot, const struct snapshot_entry *entry, struct error *error);
int snapshot_set_map(struct snapshot *snapshot, const char *name, struct error *error);

/* Fills a zeroed one. An error names PATH:LINE; *SNAPSHOT is to be freed then too. */
int snapshot_read(const char *path, struct snapshot *snapshot, struct error *error);

typedef int (*snapshot_put)(void *data, const char *text, size_t length, struct error *error);
int snapshot_write(const struct snapshot *snapshot, snapshot_put put, void *data, struct error *error);

/* A usage error when both say which device they are of, and these are of different kinds. */
int snapshot_check_kind(const struct snapshot *a, const struct snapshot *b, struct error *error);

enum snapshot_change {
	SNAPSHOT_SAME,
	SNAPSHOT_CHANGED,
	SNAPSHOT_ONLY_A,
	SNAPSHOT_ONLY_B,
	SNAPSHOT_NOT_COMPARED, /* neither was read, or there are several of the name */
	SNAPSHOT_ONE_SIDED, /* one of them was not read */
	SNAPSHOT_MOVED, /* they are of one name, but not of one place: what is there may be something else */
};

typedef void (*snapshot_tell)(void *data, enum snapshot_change change, const struct snapshot_entry *a,
			      const struct snapshot_entry *b);
/*
 * Tells all registers, in the order of A and then those that only B has (A or B is NULL for such). Registers are the
 * same that have the same name, or, without one, the same place. 0 or -ENOMEM.
 */
int snapshot_compare(const struct snapshot *a, const struct snapshot *b, snapshot_tell tell, void *data);

#endif
