/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The options of dma capture, for what runs captures too. cli/cmd/capture.c. */
#ifndef PCIETOOL_CAPTURE_COMMANDS_H
#define PCIETOOL_CAPTURE_COMMANDS_H

#include "cli/command.h"
#include "core/capture/capture.h"

/* What a recipe has of the engine and its ring, for TAKES(); capture_option_parse() parses them. */
#define CAPTURE_RING_OPTIONS                                                                                 \
	OPTION_BLOCK, OPTION_BLOCKS, OPTION_MEMORY, OPTION_RING, OPTION_IRQ, OPTION_DONE, OPTION_HEAD,       \
		OPTION_HEAD_UNIT, OPTION_SETUP, OPTION_PER_BLOCK, OPTION_START, OPTION_EACH, OPTION_ACK,     \
		OPTION_STOP, OPTION_STOPPED, OPTION_OVERRUN, OPTION_LOST, OPTION_LOST_CLEARS, OPTION_RECIPE, \
		OPTION_RING_BAR, OPTION_FAILED, OPTION_COMPLETES, OPTION_ORDER, OPTION_REFILL, OPTION_BATCH, \
		OPTION_FORMAT, OPTION_RING_WIDTH, OPTION_RING_UNSAFE, OPTION_RING_TIMEOUT,                   \
		OPTION_RING_INTERVAL

/* The same of a capture, and not of a play. */
#define CAPTURE_ONLY_OPTIONS OPTION_LENGTH, OPTION_END, OPTION_SKIP, OPTION_TRIM

/* As typed, in inv->options.capture; NULL: none was given. */
struct capture_words;

/* A command's parse(): keeps them, in their order. */
int capture_option_parse(enum option_id option, char *arg, struct invocation *inv);
/* Recipes and then the command line into *CONFIG, which is the caller's to check, and to free also after a failure. */
int capture_words_set(const struct capture_words *words, struct capture_config *config, struct error *error);

#endif
