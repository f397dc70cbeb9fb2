/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A trace: what was done to devices, as lines of text that are appended to a file, in the order in which it was done. Those
 * who make an access call here when their context (or region) has a trace; nothing is read for it. The lines are
 * pcietool-trace(5)'s, format TRACE_VERSION; several processes may write one file at a time.
 */
#ifndef PCIETOOL_TRACE_H
#define PCIETOOL_TRACE_H

#include <stdbool.h>
#include <stdint.h>

#include "core/base/context.h"
#include "core/base/error.h"

#define TRACE_VERSION 1
/* What a trace starts with; the version is behind it. */
#define TRACE_MAGIC "# pcietool trace "
/* The next line, where it is known: whose clock the times are of. The kernel's boot id is behind it. */
#define TRACE_BOOT "# boot "

/* What was done; the letters of the file. */
enum trace_op {
	TRACE_READ = 'R',
	TRACE_WRITE = 'W',
	TRACE_ALLOC = 'A', /* DMA memory: WIDTH its bytes, VALUE its bus address */
	TRACE_FREE = 'F', /* the same, given back */
	TRACE_ENABLE = 'E', /* interrupts: OFFSET unused, VALUE how many vectors */
	TRACE_DISABLE = 'D',
	TRACE_INTERRUPT = 'I', /* a wait ended: VALUE is the vector's count */
	TRACE_STOP = 'S', /* a write that is left with the kernel, or a session's holder, for the way out */
	TRACE_LOST = 'L', /* VALUE accesses are missing here; UINT64_MAX: it is not known how many */
};

/* The characters of a word in a trace; in a name and a command, any other one becomes '_'. */
#define TRACE_WORD "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_.:@+-[]"

struct trace_access {
	enum trace_op op;
	const char *device; /* NULL: none */
	const char *place; /* what OFFSET is in: "0:", "config:", "mem:", "@rx+"; without it "@rx", "irq:0" */
	bool has_offset;
	uint64_t offset;
	uint64_t width; /* bits; of TRACE_ALLOC and TRACE_FREE bytes; 0: none */
	bool has_value;
	uint64_t value;
	const char *error; /* a word, as in the record of an error; NULL: it did not fail */
	uint64_t time; /* ns, as clock_ns() has them; 0: now */
	bool has_process; /* it was another one's */
	uint64_t process; /* 0: nobody knows */
};

struct trace;

/*
 * PATH is made when it is not there, and appended to; what is in it already must be a trace (usage error).
 * *TRACE is the caller's to close. Nothing is written before there is something to write. The boot id is that of CTX.
 */
int trace_open(const struct context *ctx, const char *path, struct trace **trace, struct error *error);
/* What could not be written is -EIO with the record filled; accepts NULL. */
int trace_close(struct trace *trace, struct error *error);
/* Absolute. */
const char *trace_path(const struct trace *trace);

/* Whose accesses follow: "regs read"; the lines have it with a '-' for the blank; not empty. */
void trace_set_command(struct trace *trace, const char *name);
/* What a map calls the next one that is recorded, and only that; must live until then. */
void trace_set_name(struct trace *trace, const char *name);

/* A line. Failures are kept for trace_close(). */
void trace_record(struct trace *trace, const struct trace_access *access);
/* A line that means nothing to who reads the file: TEXT, without a newline, of some 200 bytes at most. */
void trace_comment(struct trace *trace, const char *text);
/* Lines until the end of the block may be written together; blocks do not nest. */
void trace_block(struct trace *trace);
void trace_block_end(struct trace *trace);

#endif
