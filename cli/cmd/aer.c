// SPDX-License-Identifier: GPL-2.0-or-later
/* aer: errors, as the registers and the kernel have them. */
#include "cli/cmd/aer.h"

#include <errno.h>
#include <stdio.h>

#include "cli/cmd/link.h"
#include "cli/device.h"
#include "core/fabric/aer.h"
#include "core/base/number.h"
#include "core/base/text_buffer.h"

/* --- clear ----------------------------------------------------------------------------------------- */

struct clearing {
	struct invocation *inv;
	struct text_buffer left; /* what is still set, of all ends */
	const struct topology_node *node; /* that was selected */
	const struct aer_end *end; /* of the last of these */
};

/* By its name, or by its number where the table has none. */
static void add_left(struct clearing *c, const struct aer_end *end, const char *reg, unsigned int bit)
{
	char name[REGMAP_ITEM_NAME_SIZE];
	struct regmap_item item = { 0 };
	bool is_first;

	snprintf(name, sizeof(name), "%s bit %u", reg, bit);
	if (regmap_find(end->map->regmap, reg, &item, NULL) == 0) {
		for (uint32_t i = 0; i < item.reg->field_count; i++) {
			const struct regmap_field *field = regmap_field_at(end->map->regmap, item.reg, i);

			if (regmap_field_mask(field) >> bit & 1)
				snprintf(name, sizeof(name), "%s.%s", reg, field->name);
		}
	}
	is_first = c->end != end;
	if (is_first)
		text_buffer_format(&c->left, "%s%s: still set: ", c->left.length ? "; " : "",
				   end->node->name);
	text_buffer_format(&c->left, "%s%s", is_first ? "" : ", ", name);
	c->end = end;
	writer_string(c->inv->out, NULL, NULL, name);
}

static void view_left(struct clearing *c, const struct aer_end *end, const struct aer_cleared *cleared)
{
	writer_array(c->inv->out, "still_set");
	for (unsigned int i = 0; i < cleared->left_count; i++) {
		for (unsigned int bit = 0; bit < 32; bit++) {
			if (cleared->left[i].bits >> bit & 1)
				add_left(c, end, cleared->left[i].name, bit);
		}
	}
	writer_end(c->inv->out);
}

static int clear_end(struct clearing *c, const struct aer_end *end)
{
	struct invocation *inv = c->inv;
	struct writer *w = inv->out;
	struct aer_cleared cleared;
	int rc;

	rc = aer_state_clear(end->map, end->device, inv->dry_run, &cleared, &inv->error);
	if (rc < 0)
		return rc;
	writer_object(w, NULL);
	writer_string(w, "address", inv->dry_run ? "" : NULL, end->node->name);
	writer_number(w, "registers_cleared", inv->dry_run ? ": would clear registers: " : NULL,
		      cleared.registers);
	if (inv->dry_run) {
		writer_null(w, "still_set", NULL, "nothing was cleared");
		writer_line(w);
	} else {
		view_left(c, end, &cleared);
	}
	writer_end(w);
	return 0;
}

/* Where what causes an error lasts, its bit is set again at once. */
static int still_set(const struct clearing *c, struct error *error)
{
	int rc;

	if (c->left.failed)
		return error_errno(error, -ENOMEM, "aer clear");
	rc = error_set(error, ERROR_DIFFERS, "still-set", "%.*s", (int)c->left.length, c->left.bytes);
	error_hint(error, "what causes it lasts, or comes again at once: 'pcietool -s %s aer show'",
		   c->node->name);
	return rc;
}

static int run_clear(struct invocation *inv)
{
	struct topology *topology = NULL;
	struct topology_node *node = NULL;
	struct aer_end ends[2];
	struct clearing c = { .inv = inv };
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
		rc = clear_end(&c, &ends[i]);
	if (rc == 0 && c.left.length) {
		c.node = node;
		rc = still_set(&c, &inv->error);
	}
	text_buffer_free(&c.left);
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
		.details = "Registers only; the kernel's counters stay. Exit status 8 where something is set "
			   "all the same: what causes it lasts.",
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
