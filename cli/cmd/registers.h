/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The verbs that regs, config and mem share; the space they work on is in the command's row. */
#ifndef PCIETOOL_REGISTERS_H
#define PCIETOOL_REGISTERS_H

#include "cli/command.h"
#include "core/access/access.h"

struct register_options {
	unsigned int bar;
	unsigned int width; /* 0: the verb's default */
	bool verify;
	bool hex;
	bool all;
	const char *input;
	const char *output;
	bool has_timeout;
	uint64_t timeout; /* ns */
	bool has_interval;
	uint64_t interval; /* ns */
};

enum {
	REGISTERS_VERIFY = 0x100,
	REGISTERS_WC,
	REGISTERS_TIMEOUT,
	REGISTERS_INTERVAL,
	REGISTERS_UNSAFE,
	REGISTERS_WIDE,
	REGISTERS_HEX,
	REGISTERS_ALL,
};

/* Rows for the option tables of the verbs. */
#define REGISTERS_OPTION_BAR                                                                                 \
	{                                                                                                    \
		"bar", 'b', "N", 0, "BAR of operands that name none (0)", 0                                  \
	}
#define REGISTERS_OPTION_WIDTH                                                                               \
	{                                                                                                    \
		"width", 'w', "BITS", 0, "Width of an access: 8, 16, 32 (default), 64", 0                    \
	}
#define REGISTERS_OPTION_WC                                                                                  \
	{                                                                                                    \
		"wc", REGISTERS_WC, NULL, 0, "Map write-combining: stores may be merged and delayed", 0      \
	}
#define REGISTERS_OPTION_UNSAFE                                                                              \
	{                                                                                                    \
		"unsafe", REGISTERS_UNSAFE, NULL, 0, "Do what the register map says is not safe", 0          \
	}
#define REGISTERS_OPTION_WIDE                                                                                \
	{                                                                                                    \
		"wide", REGISTERS_WIDE, NULL, 0, "Registers of several words as one value", 0                \
	}
#define REGISTERS_OPTION_HEX                                                                                 \
	{                                                                                                    \
		"hex", REGISTERS_HEX, NULL, 0, "Hex and ASCII, also where a map is known", 0                 \
	}
#define REGISTERS_OPTION_ALL                                                                                 \
	{                                                                                                    \
		"all", REGISTERS_ALL, NULL, 0, "Every device that matches -s and -d, or all there are", 0    \
	}
#define REGISTERS_OPTION_VERIFY                                                                              \
	{                                                                                                    \
		"verify", REGISTERS_VERIFY, NULL, 0, "Read back what was written; exit 8 on a difference", 0 \
	}
#define REGISTERS_OPTION_OUTPUT                                                                              \
	{                                                                                                    \
		"output", 'o', "FILE", 0, "Raw bytes to FILE ('-': standard output)", 0                      \
	}
#define REGISTERS_OPTION_INPUT                                                                               \
	{                                                                                                    \
		"input", 'i', "FILE", 0, "Raw bytes from FILE ('-': standard input)", 0                      \
	}
#define REGISTERS_OPTION_TIMEOUT                                                                             \
	{                                                                                                    \
		"timeout", REGISTERS_TIMEOUT, "TIME", 0,                                                     \
			"Give up after TIME (10us, 5ms, 2s); 0s looks once", 0                               \
	}
#define REGISTERS_OPTION_INTERVAL                                                                            \
	{                                                                                                    \
		"interval", REGISTERS_INTERVAL, "TIME", 0, "Time between two looks (1ms)", 0                 \
	}

int registers_parse(int key, char *arg, struct invocation *inv);

/* Opens the device (not in SPACE_MEMORY) and fills *ACCESS from the options. */
int registers_open(struct invocation *inv, enum access_space space, bool write, struct device **device,
		   struct access *access);
void registers_close(struct device *device, struct access *access);

int registers_read(struct invocation *inv);
int registers_write(struct invocation *inv);
int registers_dump(struct invocation *inv); /* cli/cmd/registers_dump.c */
int registers_load(struct invocation *inv); /* cli/cmd/registers_load.c */
int registers_wait(struct invocation *inv); /* cli/cmd/registers_wait.c */
int registers_watch(struct invocation *inv); /* cli/cmd/registers_watch.c */
int registers_snapshot(struct invocation *inv); /* cli/cmd/registers_snapshot.c */
int registers_diff(struct invocation *inv); /* cli/cmd/registers_diff.c */
int registers_test(struct invocation *inv); /* cli/cmd/registers_test.c */
int registers_decode(struct invocation *inv); /* cli/cmd/registers_decode.c */

#endif
