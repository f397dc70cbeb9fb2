/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Registers are read until conditions hold, and why not where they do not. */
#ifndef PCIETOOL_ACCESS_WAIT_H
#define PCIETOOL_ACCESS_WAIT_H

#include "core/access/access.h"

struct access_wait {
	const struct resolved_condition
		*conditions; /* all hold in one round: each register is read once in it */
	size_t count; /* at least 1 */
	uint64_t *actual; /* COUNT values: what each was when it was last read */
	bool has_timeout;
	uint64_t timeout; /* ns; 0 looks once */
	uint64_t interval; /* ns between two rounds; 0: none */
	bool (*stopped)(void *data); /* shall it end now? NULL: nobody asks */
	void *data;
};

/* 0: they hold, or it was stopped. ERROR_TIMEOUT with what config space knows of the reason; ERROR_GONE. */
int access_wait(struct access *access, const struct access_wait *wait, struct error *error);

#endif
