/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What every core function may need to know of the caller's wishes: made once by the program, never
 * changed by core.
 */
#ifndef PCIETOOL_CONTEXT_H
#define PCIETOOL_CONTEXT_H

#include <stdbool.h>
#include <stdint.h>

struct device_hooks;
struct device_pool;
struct dump;
struct regmap_set;
struct trace;

/* The paths to a device's registers, buffers and interrupts; the words of --via. */
enum backend_id {
	BACKEND_AUTO,
	BACKEND_SYSFS,
	BACKEND_DEVMEM,
	BACKEND_HELPER,
	BACKEND_VFIO,
	BACKEND_UIO,
};

enum log_level {
	LOG_WARN, /* shown unless --quiet */
	LOG_NOTE, /* the same; nothing is wrong */
	LOG_INFO, /* shown with --verbose */
};

struct context {
	const char *sysroot; /* put before /sys, /dev, /proc, /run; "" for none */
	enum backend_id via;
	bool force; /* go ahead although a foreign driver is bound or the system uses it */
	bool wc; /* map BARs write-combining */
	struct regmap_set *maps; /* register maps, see core/mapfile/set.h; NULL: none */
	const struct device_hooks *hooks; /* of those who know more ways to a device than sysfs; NULL: none */
	struct device_pool *pool; /* devices that stay open, see core/backend/pool.h; NULL: none do */
	const struct dump
		*dump; /* config spaces that stand in for the machine's, see dump.h; NULL: the machine */
	const char *map_cache; /* the folder of compiled maps, made when there is one; NULL: none are kept */
	const char *map_file; /* the one to use; NULL: the device's */
	bool has_map_base;
	uint64_t map_base; /* the address in a map that is offset 0 of a BAR */
	struct trace *trace; /* of all accesses, see core/trace/trace.h; NULL: none */
	const char *session; /* sockets of the sessions that we are in, see session_link.h; NULL: none */
	bool opens_vfio; /* may open VFIO for itself, which resets the device */
	bool wake; /* look at devices that sleep too, which wakes them up */
	bool verbose; /* whoever logs wants LOG_INFO too */
	bool unsafe; /* do what a map says is not safe */
	const char *bars_of; /* which BARs a map's blocks are in, "MAP=N,MAP=N"; NULL: what the map says */
	bool strict; /* refuse a register map that is wrong anywhere */
	bool wide; /* registers of several accesses as one value */
	void (*log)(void *data, enum log_level level, const char *message);
	void *log_data;
	int *lack; /* where context_lacks() notes it; NULL: nowhere */
};

/*
 * A file could not be opened with RC. Where it is this process that lacks something (descriptors, memory), that says nothing
 * of the device, and what is reported as unknown for it is no answer: the first such RC is noted. Returns RC.
 */
int context_lacks(const struct context *ctx, int rc);
/* What was noted, 0 when nothing was. */
int context_lack(const struct context *ctx);

/* Hands a message to the caller's log function, if it has one. */
void context_log(const struct context *ctx, enum log_level level, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

#endif
