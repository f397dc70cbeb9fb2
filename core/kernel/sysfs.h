/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Files under /sys, /dev, /proc and /run, all below the context's sysroot. FORMAT gives the path
 * without it: "/sys/bus/pci/devices/%s/vendor". Every function returns 0 or -errno; -ENAMETOOLONG when
 * the path does not fit, -ENODATA where a dump stands in for the machine.
 */
#ifndef PCIETOOL_SYSFS_H
#define PCIETOOL_SYSFS_H

#include <dirent.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/context.h"

#define SYSFS_PCI_DEVICES "/sys/bus/pci/devices"
#define SYSFS_PCI_DRIVERS "/sys/bus/pci/drivers"

int sysfs_path(const struct context *ctx, char *path, size_t size, const char *format, ...)
	__attribute__((format(printf, 4, 5)));

/* Opens with O_CLOEXEC added to FLAGS; returns the descriptor, the caller's to close, or -errno. */
int sysfs_open(const struct context *ctx, int flags, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* A folder, the caller's to close; NULL with errno set. */
DIR *sysfs_opendir(const struct context *ctx, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* One attribute as a string, without the newline at its end; cut at SIZE - 1 bytes. */
int sysfs_read(const struct context *ctx, char *text, size_t size, const char *format, ...)
	__attribute__((format(printf, 4, 5)));

/* One attribute that is a number, decimal or 0x hex; -EINVAL when it is none (also "-1"). */
int sysfs_read_number(const struct context *ctx, uint64_t *value, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* A line with its newline, NUL-terminated, the callee's until it returns. Not 0 ends the walk. */
typedef int (*sysfs_line_fn)(void *data, const char *line);

/* Calls FN for each line of a text file of any length: a table of /proc. 0, what FN returned, or -errno. */
int sysfs_each_line(const struct context *ctx, const char *path, sysfs_line_fn fn, void *data);

/* The two that read one attribute below FOLDER, a folder that is open (O_PATH will do): without the walk from the root for each. */
int sysfs_read_at(const struct context *ctx, int folder, const char *name, char *text, size_t size);
int sysfs_read_number_at(const struct context *ctx, int folder, const char *name, uint64_t *value);

/* A symbolic link's target. -ENAMETOOLONG: it does not fit. */
int sysfs_link(const struct context *ctx, char *target, size_t size, const char *format, ...)
	__attribute__((format(printf, 4, 5)));

/* The last component of a symbolic link's target: a driver's name, a group's number. */
int sysfs_link_name(const struct context *ctx, char *name, size_t size, const char *format, ...)
	__attribute__((format(printf, 4, 5)));

/* "uio12" with PREFIX "uio": 12, which fits an int; false for any other name. */
bool sysfs_name_number(const char *name, const char *prefix, unsigned int *number);
/*
 * The numbers of FOLDER's entries that are called so, rising, in *NUMBERS, which is the caller's to free (NULL: none). A folder
 * that is not there, as the module is not, has none. 0 or -ENOMEM.
 */
int sysfs_list_numbers(const struct context *ctx, const char *folder, const char *prefix,
		       unsigned int **numbers, size_t *count);

/* Writes TEXT in one write(2), as sysfs attributes want it. */
int sysfs_write(const struct context *ctx, const char *text, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

#endif
