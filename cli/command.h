/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A command: one row in the table of its noun's file. Help, the check of the number of operands and
 * completion are made from the row; run() selects, opens, acts and renders.
 */
#ifndef PCIETOOL_COMMAND_H
#define PCIETOOL_COMMAND_H

#include <stdbool.h>
#include <stddef.h>

#include "cli/option_table.h"
#include "cli/writer.h"
#include "core/base/arena.h"
#include "core/base/context.h"
#include "core/pci/device.h"
#include "core/base/error.h"
#include "core/pci/select.h"

struct invocation;

enum reopens {
	REOPENS_NOTHING,
	REOPENS_MAPPINGS, /* decoding, BARs: VFIO looks after its own */
	REOPENS_ALL,
};

struct command {
	const char *name; /* "regs read", "list" */
	const char *operands; /* for the usage line: "REF..." */
	const char *summary; /* one line, no full stop */
	const char *details; /* more for --help, or NULL */
	unsigned int min_operands;
	unsigned int max_operands; /* COMMAND_MANY: no limit */
	enum word_kind operand_kind;
	const enum option_id *options; /* TAKES(): beside the common ones; NULL: none */
	/*
	 * One of the above that is OPTION_OWN in the table. Fills inv->error and returns -errno when ARG is bad; NULL where
	 * there is none.
	 */
	int (*parse)(enum option_id option, char *arg, struct invocation *inv);
	bool offline; /* works on a dump (--from-dump) too */
	enum reopens reopens; /* changes what is behind an open device: what a pool must not keep */
	bool all_by_default; /* with none selected it is about all: PCIETOOL_DEVICE is not looked at */
	bool takes_uio; /* works on a UIO device that is no PCI device too (-s uio:N) */
	bool pages; /* long text, which has an end: on a terminal a pager shows it */
	bool waits; /* may take long: what was printed before it is to be seen */
	unsigned int space; /* regs, config, mem: the enum access_space that their verbs work on */
	int (*run)(struct invocation *inv); /* 0, or -errno with inv->error filled */
};

/* All there are, a table a noun (each ends with a row without a name), in the order of the help; NULL at the end. */
typedef const struct command *const *command_tables;

/* Exit statuses of monitoring plugins, as Nagios and Icinga have them */
enum monitor_status {
	MONITOR_OK,
	MONITOR_WARNING,
	MONITOR_CRITICAL,
	MONITOR_UNKNOWN,
};

enum color_when { COLOR_AUTO, COLOR_ALWAYS, COLOR_NEVER };

#define COMMAND_MANY ((unsigned int)-1)

struct command_recall;

/*
 * Does once more what a command did, for a batch in which the same line comes again. Where it may be repeated, run() may leave it if the operands
 * mean the same for as long as the pool drops nothing (device_pool_drops()); not of a command that reopens or waits.
 */
struct repeat {
	int (*run)(struct invocation *inv, void *data); /* as the command's; NULL: there is none */
	void *data; /* in the invocation's arena */
};

struct invocation {
	command_tables commands; /* that it may be one of */
	struct command_recall *recall; /* a batch's; NULL: none */
	struct arena
		*arena; /* what is needed as long as the command runs: its operands, and what they come to */
	const struct command *command;
	struct context ctx;
	struct selector selector;
	bool inherited; /* the selection is the batch's */
	bool selected; /* -s or -d was given, or PCIETOOL_DEVICE */
	bool by_environment; /* it was PCIETOOL_DEVICE */
	const char *fallback; /* what PCIETOOL_DEVICE says; NULL: nothing */
	bool json;
	enum color_when color;
	bool no_pager;
	bool dry_run;
	bool shown; /* --help or the like was asked for, and is printed: there is nothing to run */
	bool nested; /* a line of a batch */
	bool interactive; /* of a prompt: a signal ends the command, not the program */
	const char *dump_file; /* --from-dump; NULL: the machine */
	const char *trace_file; /* --trace, or what PCIETOOL_TRACE says; NULL: none */
	bool own_trace; /* ctx.trace was opened for this one */
	struct dump *dump; /* what was read from it; the invocation's */
	const char *script; /* the file that it stands in, for messages; NULL: none */
	unsigned int line;
	int verbosity; /* -1 quiet, 0, 1 verbose */
	struct option_values options; /* the command's own */
	char **operands;
	unsigned int operand_count;
	unsigned int
		dashes; /* how many of them stand before a "--"; 0: there is none, or it is the first word */
	bool is_monitor; /* check --nagios: the exit status is MONITOR_STATUS, or 3 after an error */
	bool may_repeat; /* the line has come before, and may come again */
	struct repeat repeat;
	int lack; /* what this process lacked, see context_lacks() */
	enum monitor_status monitor_status;
	int exit_status; /* without an error: of the command that it was to run */
	struct pager *pager; /* that standard output goes to; NULL: it is what it was */
	struct writer *out;
	bool own_writer; /* OUT was made for this one */
	bool is_told; /* the error was shown already */
	struct error error; /* the last: see begin_line() in cmd/batch.c */
};

/* The commands that were found last, for a batch, whose lines are of a few: to find one costs a look at all. Starts zeroed. */
struct command_recall {
	const struct command *list[4];
	unsigned int next;
};

/* The command named by the words at ARGV; RECALL may be NULL; *USED is how many of them. NULL: ERROR says why. */
const struct command *command_find(command_tables tables, struct command_recall *recall, char **argv,
				   int argc, int *used, struct error *error);

/* Is it a verb of NOUN, such as "regs read" of "regs"? */
bool command_has_noun(const struct command *c, const char *noun);

/* "0.1.0" */
const char *command_version(void);

#endif
