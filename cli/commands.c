// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * All commands. A noun is a word here, in the order of the help, and a table NOUN_commands[] at the bottom of its file in
 * cli/cmd; a verb is a row in that table.
 */
#include "cli/commands.h"

// clang-format off
#define NOUNS(_) \
	_(list) _(info) _(batch) _(config) _(link) _(aer) _(regs) _(map) _(mem) _(driver) _(dma) _(capture) _(irq) \
	_(msi) _(bar) _(sriov) _(acs) _(p2p) _(iommu) _(power) _(slot) _(reset) _(rescan) _(reload) _(session) _(mount) _(uio) \
	_(twin) _(trace) _(bench) _(check) _(snapshot) _(metrics) _(report)
// clang-format on

#define DECLARE(noun) extern const struct command noun##_commands[];
NOUNS(DECLARE)

#define NAME(noun) noun##_commands,
const struct command *const commands[] = { NOUNS(NAME) NULL };
