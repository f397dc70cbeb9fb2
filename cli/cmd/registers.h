/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The verbs that regs, config and mem share; the space they work on is in the command's row. */
#ifndef PCIETOOL_REGISTERS_H
#define PCIETOOL_REGISTERS_H

#include "cli/command.h"
#include "core/access/access.h"

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
