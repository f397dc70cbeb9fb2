/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the verbs of twin share. */
#ifndef PCIETOOL_CMD_TWIN_H
#define PCIETOOL_CMD_TWIN_H

#include "cli/command.h"
#include "core/twin/twin.h"

/* The options of a twin, without its socket. ADDRESS: where -s goes. */
int twin_make_options(struct invocation *inv, struct twin_options *options, struct pci_address *address);
/* "N=SIZE...": which BAR, and what is behind the '='. */
int twin_bar_number(const char *text, unsigned int *bar, const char **size, struct error *error);
/* What the twin is; SOCKET, where it is to be shown. */
void twin_render(struct invocation *inv, const struct twin *twin, const char *socket);

/* One device of a machine's. */
struct twin_member {
	struct invocation *inv;
	const char *file; /* that it was made of; NULL: the command line */
	struct context ctx;
	struct regmap_set *maps; /* of CTX, where it is its own; else NULL */
	struct twin_options options;
	struct pci_address address; /* of -s */
	struct twin *twin; /* NULL: not open */
};

/* The first is the command line's, where that has one. */
struct twin_members {
	struct twin_member list[1 + TWINS_MAX];
	size_t count;
};

/* Their options, read. To be closed also after an error; MEMBERS does not move meanwhile. */
int twin_members_make(struct invocation *inv, struct twin_members *members);
/* Each option's socket is set. */
int twin_members_open(struct twin_members *members, struct error *error);
void twin_members_close(struct twin_members *members);
/* Of twin run: the first, and the others. */
void twin_members_render(struct invocation *inv, const struct twin_members *members);

int twin_run_run(struct invocation *inv);

#endif
