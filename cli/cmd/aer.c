// SPDX-License-Identifier: GPL-2.0-or-later
/* aer: errors, as the registers and the kernel have them. */
#include "cli/cmd/aer.h"

#include <errno.h>

#include "cli/cmd/link.h"
#include "cli/device.h"
#include "core/fabric/aer.h"
#include "core/base/number.h"

/* --- clear ----------------------------------------------------------------------------------------- */

static int clear_end(struct invocation *inv, struct aer_end *end)
{
	struct writer *w = inv->out;
	unsigned int cleared;
	int rc;

	rc = aer_state_clear(end->map, end->device, inv->dry_run, &cleared, &inv->error);
	if (rc < 0)
		return rc;
	writer_object(w, NULL);
	writer_string(w, "address", inv->dry_run ? "" : NULL, end->node->name);
	writer_number(w, "registers_cleared", inv->dry_run ? ": would clear registers: " : NULL, cleared);
	if (inv->dry_run)
		writer_line(w);
	writer_end(w);
	return 0;
}

static int run_clear(struct invocation *inv)
{
	struct topology *topology = NULL;
	struct topology_node *node = NULL;
	struct aer_end ends[2];
	unsigned int count = 0;
	int rc;

	inv->ctx.wake = true;
	rc = link_select(inv, &topology, &node);
	if (rc < 0)
		return rc;
	rc = aer_ends_open(&inv->ctx, node, ends, &count, &inv->error);
	if (rc == 0) {
		writer_document(inv->out, inv->command->name);
		writer_bool(inv->out, "dry_run", NULL, inv->dry_run);
		writer_array(inv->out, "ends");
	}
	/* the device's first: the port would log what it reports meanwhile */
	for (unsigned int i = count; rc == 0 && i-- > 0;)
		rc = clear_end(inv, &ends[i]);
	aer_ends_close(ends, count);
	topology_free(topology);
	return rc;
}

const struct command aer_commands[] = {
	{
		.name = "aer show",
		.summary = "Show errors: registers of both ends of the link, the first error's TLP, counters",
		.details = "Without -s and -d every device that has something to show. The counters are "
			   "the kernel's; where firmware handles errors they count nothing, and that is "
			   "said. A device that sleeps is left asleep.",
		.options = TAKES(OPTION_ALL_ERRORS, OPTION_WAKE),
		.offline = true,
		.pages = true,
		.run = aer_show,
	},
	{
		.name = "aer watch",
		.summary = "Watch the kernel's counters, and tell what is added and how fast",
		.details = "Of the device and the port above it; without -s and -d of all.",
		.options = TAKES(OPTION_TIMEOUT_WATCH, OPTION_INTERVAL_AER),
		.waits = true,
		.run = aer_watch,
	},
	{
		.name = "aer clear",
		.summary = "Clear the errors that are logged at both ends of the link",
		.details = "Registers only; the kernel's counters stay.",
		.run = run_clear,
	},
	{
		.name = "aer mask",
		.operands = "ERROR... [-- COMMAND [ARG...]]",
		.summary = "Do not report errors, for good or while a command runs",
		.details =
			"ERROR is a name of 'config names AER' such as SURPRISE_DOWN or BAD_TLP, or as the "
			"kernel log and lspci have it, such as RxErr; of names "
			"that both registers have, COR.INTERNAL is the correctable one. With a COMMAND the "
			"mask is as before when it ends, also after a signal, and its failure is exit "
			"status 1. The selected function's mask only: select the port for Surprise Down.",
		.min_operands = 1,
		.max_operands = COMMAND_MANY,
		.operand_kind = WORD_AER_ERROR,
		.waits = true,
		.run = aer_mask,
	},
	{
		.name = "aer unmask",
		.operands = "ERROR...",
		.summary = "Report errors again",
		.min_operands = 1,
		.max_operands = COMMAND_MANY,
		.operand_kind = WORD_AER_ERROR,
		.run = aer_unmask,
	},
	{ 0 },
};
