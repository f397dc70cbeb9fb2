/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A trace as it was read from its file; the format is pcietool-trace(5)'s. */
#ifndef PCIETOOL_TRACE_FILE_H
#define PCIETOOL_TRACE_FILE_H

#include <stddef.h>

#include "core/trace/trace.h"

/* What a place is in. */
enum trace_space {
	TRACE_BAR,
	TRACE_CONFIG,
	TRACE_MEMORY,
	TRACE_ROM, /* the expansion ROM, which no operand reaches */
	TRACE_BUFFER, /* DMA memory; PLACE has its name */
	TRACE_IRQ,
};

struct trace_line {
	unsigned int number; /* in the file, from 1 */
	uint64_t time; /* ns */
	unsigned int clock; /* 0, and one more where the machine was started anew, and its clock with it */
	uint64_t process;
	const char *command; /* "regs-read" */
	const char *device; /* NULL: none */
	unsigned int
		device_rank; /* 0: the first that the file names, and so on; of lines without one 0 too */
	const char *place; /* as it stands there: "0:0x98" */
	const char *name; /* NULL: none */
	enum trace_op op;
	enum trace_space space;
	unsigned int bar; /* TRACE_BAR */
	bool has_offset;
	uint64_t offset;
	uint64_t width; /* 0: none */
	bool has_value;
	uint64_t value;
	const char *error; /* NULL: none */
};

struct trace_file {
	struct trace_line *lines;
	size_t count;
	unsigned int devices; /* how many it names */
	unsigned int cut; /* lines that are cut off, and left out */
	uint64_t lost; /* accesses that its writer could not record */
	bool lost_unknown; /* and others, nobody knows how many */
	char *text; /* that strings point into */
};

/* Largest file, in bytes. */
#define TRACE_FILE_MAX (1u << 30)

/*
 * FILE starts zeroed and is the caller's to free. What is no trace, or damaged, is ERROR_FAILED with the line's number; of
 * another version ERROR_UNSUPPORTED. A line that a machine's end cut off is left out and counted.
 */
int trace_file_read(const char *path, struct trace_file *file, struct error *error);
/*
 * Leaves out all lines but those of DEVICE, "0000:01:00.0", and counts them in *OTHERS; without one it is ERROR_SELECT. What
 * had no device, as memory, goes too.
 */
int trace_file_keep(const char *path, struct trace_file *file, const char *device, size_t *others,
		    struct error *error);
void trace_file_free(struct trace_file *file);

/* The same done again: place, width, value and failure; times, processes and commands do not count. */
bool trace_line_same(const struct trace_line *a, const struct trace_line *b);
/* An order in which those are beside each other, and which means nothing else: 0, they are the same. */
int trace_line_order(const struct trace_line *a, const struct trace_line *b);

/* The order of accesses to BARs by place, for qsort(3): BAR, offset, width; 0: the same. */
int trace_line_compare_place(const struct trace_line *a, const struct trace_line *b);
/* By place, and at one place in the order of the file. */
int trace_line_compare(const struct trace_line *a, const struct trace_line *b);

/* --- steps: lines, with loops of equal polls as one ------------------------------------------------------- */

struct trace_step {
	const struct trace_line *line; /* the first */
	size_t count;
	uint64_t last; /* ns: the time of the last */
};

/* From one to another in ms; below 0, where the one that was written first was done last. Both of one clock. */
double trace_ms(uint64_t from, uint64_t to);

/* *STEPS, of *COUNT, is the caller's to free, before the file is. -ENOMEM, no record. */
int trace_steps(const struct trace_file *file, struct trace_step **steps, size_t *count);

/*
 * Is STEP a loop that waited for what the next one saw? (Two equal reads at least, and then another value at that place.) *MASK
 * is what changed: the loop ended when ((value & MASK) == (NEXT's value & MASK)).
 */
bool trace_step_is_wait(const struct trace_step *step, const struct trace_step *next, uint64_t *mask);

#endif
