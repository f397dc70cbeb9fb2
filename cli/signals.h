/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Commands that clean up when a signal ends them. */
#ifndef PCIETOOL_SIGNALS_H
#define PCIETOOL_SIGNALS_H

#include "cli/command.h"

/*
 * SIGINT, SIGTERM and SIGHUP are noted and end system calls from here on, unless whoever started the program has
 * them ignored; SIGPIPE is ignored for good: a closed pipe is an error then.
 */
void signals_catch(void);
/* The one that came; 0: none. */
int signals_received(void);
bool signals_stopped(void *data); /* the same as a callback; DATA is not looked at */
bool signals_insisted(void *data); /* has another come since, and not at once? */

/* When a command that began at START, clock_ns(), ends by --timeout; UINT64_MAX: it does not. */
uint64_t signals_deadline(const struct option_values *options, uint64_t start);
/* For INTERVAL ns, not beyond END, or until a signal comes. False: it is END, or later. */
bool signals_sleep(uint64_t interval, uint64_t end);

/*
 * What signals did before they do again. When one came, the program dies of it, after the output has ended; but not
 * where that is how the command ends (ENDS_WELL), nor of SIGINT at a prompt, where it is a failure of the command. RC
 * is what the command returns otherwise.
 */
int signals_end(struct invocation *inv, bool ends_well, int rc);

#endif
