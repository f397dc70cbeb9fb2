/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Every option of every command, once: its name, its help, what completes its argument, and where its value goes.
 * A command's row names those that it takes. Knows no command.
 */
#ifndef PCIETOOL_OPTION_TABLE_H
#define PCIETOOL_OPTION_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "core/dma/interrupt.h"
#include "core/kernel/realtime.h"

/* of --twin: root ports that the machine has room for, less the command line's own */
#define TWINS_MAX 15

/* What an operand or an option's argument is, for completion. */
enum word_kind {
	WORD_NONE,
	WORD_REF, /* BAR:, @BUFFER */
	WORD_ASSIGN, /* the same, with a value or a condition behind it */
	WORD_BUFFER, /* a DMA buffer's name */
	WORD_CAPABILITY, /* a block of config space */
	WORD_CONFIG, /* a register name of config space */
	WORD_CONFIG_ASSIGN,
	WORD_FILE,
	WORD_DEVICE, /* an address */
	WORD_ID, /* VENDOR:DEVICE */
	WORD_BAR,
	WORD_WIDTH,
	WORD_BACKEND,
	WORD_COLOR,
	WORD_DRIVER,
	WORD_IRQ_TYPE,
	WORD_PATTERN,
	WORD_DIRECTORY,
	WORD_GENERATION,
	WORD_POWER, /* of a slot */
	WORD_LED,
	WORD_ASPM,
	WORD_AER_ERROR,
	WORD_RESET_METHOD,
	WORD_CAPTURE_FORMAT,
	WORD_CAPTURE_ORDER,
	WORD_MAP_FORMAT,
	WORD_TRACE_FORMAT,
};

/* One is a name with a help: where commands say different things of a name, it is there several times. */
enum option_id {
	OPTION_NONE, /* the end of a list */

	/* of all commands */
	OPTION_SLOT,
	OPTION_DEVICE,
	OPTION_COLOR,
	OPTION_NO_PAGER,
	OPTION_VIA,
	OPTION_MAP,
	OPTION_BASE,
	OPTION_BAR_OF,
	OPTION_STRICT,
	OPTION_FROM_DUMP,
	OPTION_JSON,
	OPTION_TRACE,
	OPTION_DRY_RUN,
	OPTION_FORCE,
	OPTION_QUIET,
	OPTION_VERBOSE,
	OPTION_SYSROOT,
	OPTION_HELP,
	OPTION_USAGE,
	OPTION_VERSION,

	/* accesses */
	OPTION_BAR,
	OPTION_WIDTH,
	OPTION_VALUE_WIDTH,
	OPTION_WC,
	OPTION_UNSAFE,
	OPTION_WIDE,
	OPTION_NAMES,
	OPTION_HEX,
	OPTION_VERIFY,
	OPTION_OUTPUT,
	OPTION_INPUT,

	/* files */
	OPTION_WHOLE_FILE,
	OPTION_MAP_FILE,
	OPTION_MAP_FORMAT,
	OPTION_TRACE_FORMAT,
	OPTION_RECORD_FILE,
	OPTION_ARCHIVE,
	OPTION_REPORT_LIST,
	OPTION_SERIAL,
	OPTION_ROM,
	OPTION_VPD,
	OPTION_ROM_DECODE,
	OPTION_VPD_DECODE,
	OPTION_BASELINE,
	OPTION_NAGIOS,

	/* how much is shown */
	OPTION_NUMERIC,
	OPTION_TREE,
	OPTION_LIST,
	OPTION_WAKE,
	OPTION_ALL_DEVICES,
	OPTION_ALL_ERRORS,
	OPTION_ALL_METRICS,
	OPTION_ALL_BUFFERS,
	OPTION_IDLE_BUFFERS,
	OPTION_IDLE_RELEASE,

	/* times */
	OPTION_TIMEOUT,
	OPTION_TIMEOUT_LINK,
	OPTION_TIMEOUT_POWER,
	OPTION_TIMEOUT_RELOAD,
	OPTION_TIMEOUT_MARGIN,
	OPTION_TIMEOUT_WATCH,
	OPTION_INTERVAL_WAIT,
	OPTION_INTERVAL_WATCH,
	OPTION_CSV,
	OPTION_COURSE,
	OPTION_EYE,
	OPTION_INTERVAL_LINK,
	OPTION_INTERVAL_AER,
	OPTION_LANE,
	OPTION_RECEIVER,
	OPTION_DWELL,
	OPTION_ERROR_LIMIT,

	/* buffers and interrupts */
	OPTION_NAME,
	OPTION_PATTERN,
	OPTION_SEED,
	OPTION_ACCESSES,
	OPTION_SPIN,
	OPTION_SIZES,
	OPTION_BYTES,
	OPTION_PLOT,
	OPTION_HGRM,
	OPTION_WORSE_THAN,
	OPTION_IRQ_TYPE,
	OPTION_VECTORS,
	OPTION_VECTOR,
	OPTION_SINCE,

	/* drivers and the device as a whole */
	OPTION_TO_DRIVER,
	OPTION_DRIVER_MASK,
	OPTION_GROUP,
	OPTION_OWNER,
	OPTION_MODULE,
	OPTION_BIND,
	OPTION_SESSION_MASK,
	OPTION_RT,
	OPTION_CPU,
	OPTION_LOCK,
	OPTION_RESET,
	OPTION_METHOD,
	OPTION_ACCEPT_CHANGE,
	OPTION_KEEP_GOING,

	/* dma capture and dma play; a recipe has the same names */
	OPTION_CAPTURE_FILE,
	OPTION_CAPTURE_SIZE,
	OPTION_CAPTURE_DIRECT,
	OPTION_PLOT_RATE,
	OPTION_PLAY_FILE,
	OPTION_PLAY_SIZE,
	OPTION_PLAY_DIRECT,
	OPTION_BLOCK,
	OPTION_BLOCKS,
	OPTION_MEMORY,
	OPTION_RING,
	OPTION_IRQ,
	OPTION_DONE,
	OPTION_HEAD,
	OPTION_HEAD_UNIT,
	OPTION_LENGTH,
	OPTION_END,
	OPTION_SKIP,
	OPTION_TRIM,
	OPTION_FAILED,
	OPTION_COMPLETES,
	OPTION_ORDER,
	OPTION_SETUP,
	OPTION_PER_BLOCK,
	OPTION_START,
	OPTION_EACH,
	OPTION_REFILL,
	OPTION_ACK,
	OPTION_STOP,
	OPTION_BATCH,
	OPTION_STOPPED,
	OPTION_OVERRUN,
	OPTION_LOST,
	OPTION_LOST_CLEARS,
	OPTION_RECIPE,
	OPTION_QUEUE,
	OPTION_INDEX,
	OPTION_FORMAT,
	OPTION_LINK_TYPE,
	OPTION_RING_BAR,
	OPTION_RING_WIDTH,
	OPTION_RING_UNSAFE,
	OPTION_RING_TIMEOUT,
	OPTION_RING_INTERVAL,

	/* twin serve, twin run */
	OPTION_SOCKET,
	OPTION_TWIN_CONFIG,
	OPTION_TWIN_BAR,
	OPTION_TWIN_LOG,
	OPTION_TWIN_SNAPSHOT,
	OPTION_TWIN_ROM,
	OPTION_MODEL,
	OPTION_REPLAY,
	OPTION_TWIN,
	OPTION_KERNEL,
	OPTION_READ_ONLY,
	OPTION_ALLOW_OTHER,
	OPTION_FOREGROUND,
	OPTION_INITRD_MODULES,

	OPTION_COUNT,
};

/* What a command is given beside the common options; what was not given is zero. */
struct option_values {
	unsigned int bar;
	unsigned int width; /* bits; 0: the verb's default */
	bool verify;
	bool names;
	bool hex;
	bool csv;
	bool draws;
	bool spins;
	bool plot_rate;
	bool all;
	bool list;
	bool numeric;
	bool tree;
	bool serial;
	bool nagios;
	bool group;
	bool reset;
	bool accept_change;
	bool keep_going;
	bool idle; /* the user's word that no engine uses the memory any more */
	const char *input;
	const char *output;
	const char *rom;
	const char *vpd;
	bool rom_decode;
	bool vpd_decode;
	const char *baseline;
	const char *format;
	const char *name;
	const char *pattern;
	const char *to; /* a driver */
	const char *bind;
	const char *module;
	const char *method;
	bool has_seed;
	uint64_t seed;
	bool has_accesses;
	uint64_t accesses;
	const char *sizes; /* with commas between them */
	const char *bytes;
	const char *plot;
	const char *hgrm;
	struct realtime realtime;
	bool has_worse_than;
	uint64_t worse_than; /* percent */
	const char *lane; /* a number, or "all" */
	bool has_receiver;
	uint64_t receiver;
	bool has_error_limit;
	uint64_t error_limit;
	bool has_dwell;
	uint64_t dwell; /* ns */
	bool has_since;
	uint64_t since;
	bool has_timeout;
	uint64_t timeout; /* ns */
	bool has_interval;
	uint64_t interval; /* ns */
	enum interrupt_type irq_type; /* INTERRUPT_NONE: not given */
	unsigned int vectors;
	unsigned int vector;
	unsigned int mask; /* bits; 0: not given */
	bool has_owner;
	uid_t uid;
	gid_t gid;
	struct capture_words *capture;
	const char *socket;
	const char *config;
	const char *log;
	const char *snapshot;
	const char *model;
	const char *replay;
	const char *kernel;
	const char *initrd_modules;
	bool read_only;
	bool allow_other;
	bool foreground;
	const char *twin_bars[6]; /* behind "N="; NULL: nothing was said */
	const char *twins[TWINS_MAX]; /* files of other twins */
	unsigned int twin_count;
};

enum option_type {
	OPTION_OWN, /* parsed by the command, or for the common ones by options.c */
	OPTION_FLAG,
	OPTION_TEXT,
	OPTION_NUMBER,
	OPTION_TIME, /* ns */
	OPTION_BITS, /* of an access */
	OPTION_BAR_NUMBER,
};

struct option_row {
	const char *name;
	char letter; /* 0: none */
	const char *argument; /* as the help calls it; NULL: none */
	const char *help; /* with %s where the time stands that holds without it */
	int group; /* in the help, argp's */
	enum word_kind word; /* what completes the argument */
	enum option_type type;
	size_t value; /* where in struct invocation it goes */
	size_t given; /* of numbers and times: the flag beside it */
	uint64_t fallback; /* of times, ns: what holds without it */
};

extern const struct option_row option_table[OPTION_COUNT];

/* For the row of a command. */
#define TAKES(...) ((const enum option_id[]){ __VA_ARGS__, OPTION_NONE })

#endif
