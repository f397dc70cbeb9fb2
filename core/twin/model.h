/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a map cannot say, in Lua 5.4: a file that is run once, and leaves functions for what comes. It sees the device, and
 * nothing of the machine: no files, no processes, no more memory and no more time than it is given.
 */
#ifndef PCIETOOL_TWIN_MODEL_H
#define PCIETOOL_TWIN_MODEL_H

#include "core/twin/config_image.h"
#include "core/twin/guest_memory.h"
#include "core/twin/log.h"
#include "core/twin/registers.h"
#include "core/twin/vectors.h"

struct model;

/* What it works on; all of it outlives the model. */
struct model_parts {
	const struct context *ctx;
	struct config_image *config;
	struct register_file *registers;
	struct guest_memory *memory;
	struct vectors *vectors;
	struct twin_log *log; /* NULL: none */
	uint64_t time_max; /* ns of the processor's that one of its functions may take; 0: 10 s */
};

/* Runs the file. An error has its line; ERROR_UNSUPPORTED where there is no liblua. *MODEL is the caller's to close. */
int model_open(const struct model_parts *parts, const char *path, struct model **model, struct error *error);
void model_close(struct model *model); /* accepts NULL */

/* For register accesses; of NULL: nobody wants to have a say. */
struct register_hooks model_hooks(struct model *model);
/*
 * The COUNT bytes WRITTEN came for config space from OFFSET on, which held OLD there; what they do is done, and no reset is.
 * Accepts NULL.
 */
void model_config_written(struct model *model, unsigned int offset, const uint8_t *written,
			  const uint8_t *old, size_t count);
/* The function was reset, or the device: KIND is not CONFIG_RESET_NONE. Accepts NULL. */
void model_reset(struct model *model, enum config_reset kind);

/* Timers: when the next one is due (clock_ns()), UINT64_MAX: none; and what is due is done. All accept NULL. */
uint64_t model_due(const struct model *model);
void model_run_timers(struct model *model, uint64_t now);

/* DMA that was no success, RC as guest_memory_copy(), is told. Accepts NULL. */
void model_dma_fault(struct model *model, uint64_t address, size_t size, bool write, int rc);

/* What the device does with accesses from here on. */
bool model_is_dead(const struct model *model);
bool model_answers_ones(const struct model *model);
uint64_t model_delay(const struct model *model); /* ns, of each answer */

/* The first error that one of its functions ended with; NULL: none. */
const char *model_failure(const struct model *model);

#endif
