// SPDX-License-Identifier: GPL-2.0-or-later
/* link aspm: what of ASPM is on, what both ends can, and setting it. */
#include <string.h>

#include "cli/cmd/link.h"
#include "cli/device.h"
#include "cli/fields.h"
#include "core/fabric/aspm.h"

#define COLUMN 16

static const struct {
	unsigned int bit;
	const char *key;
	const char *text;
} bits[] = {
	{ ASPM_BIT_L0S, "l0s", "L0s" },
	{ ASPM_BIT_L1, "l1", "L1" },
	{ ASPM_BIT_L1_1, "l1_1", "L1.1" },
	{ ASPM_BIT_L1_2, "l1_2", "L1.2" },
};

/* An array of words; in the text "L1, L1.1", or NONE. */
static void write_bits(struct writer *w, const char *key, const char *label, unsigned int set,
		       const char *none)
{
	const char *separator = "";

	writer_text(w, "%s", label);
	writer_array(w, key);
	for (size_t i = 0; i < sizeof(bits) / sizeof(bits[0]); i++) {
		if (!(set & bits[i].bit))
			continue;
		writer_text(w, "%s%s", separator, bits[i].text);
		writer_string(w, NULL, NULL, bits[i].key);
		separator = ", ";
	}
	writer_end(w);
	writer_text(w, "%s", *separator ? "" : none);
}

static void write_ends(struct writer *w, const struct aspm *aspm)
{
	writer_array(w, "ends");
	for (unsigned int i = 0; i < aspm->count; i++) {
		const struct aspm_end *end = &aspm->ends[i];

		writer_object(w, NULL);
		writer_string(w, "address", "  ", end->device->name);
		writer_column(w, COLUMN);
		write_bits(w, "on", " ", end->on | end->substates_on, "off");
		write_bits(w, "possible", ", possible: ", end->can | end->substates_can, "none");
		writer_end(w);
		writer_line(w);
	}
	writer_end(w);
}

static void write_kernel(struct invocation *inv)
{
	struct writer *w = inv->out;
	struct aspm_kernel kernel;

	aspm_kernel_read(&inv->ctx, &kernel);
	writer_text(w, "  kernel");
	writer_column(w, COLUMN);
	field_text(w, "kernel_policy", " policy ", &kernel.policy);
	if (kernel.off_because)
		writer_string(w, "kernel_off_because", ", leaves it alone: ", kernel.off_because);
	else
		writer_null(w, "kernel_off_because", NULL, "nothing is known to keep it from it");
	writer_line(w);
}

static void write_title(struct invocation *inv, const struct aspm *aspm)
{
	struct writer *w = inv->out;

	writer_document(w, inv->command->name);
	writer_bool(w, "dry_run", NULL, inv->dry_run);
	writer_string(w, "up", "", aspm->ends[0].device->name);
	writer_string(w, "down", " -> ", aspm->ends[1].device->name);
}

static int show(struct invocation *inv, const struct aspm *aspm)
{
	struct writer *w = inv->out;

	write_title(inv, aspm);
	writer_line(w);
	write_ends(w, aspm);
	writer_text(w, "  both ends");
	writer_column(w, COLUMN);
	write_bits(w, "possible", " possible: ", aspm->can | aspm->substates_can, "none");
	writer_line(w);
	write_kernel(inv);
	return 0;
}

static int set(struct invocation *inv, struct aspm *aspm, enum aspm_mode mode)
{
	unsigned int substates = 0;
	unsigned int on = 0;
	int rc;

	rc = aspm_plan(aspm, mode, &on, &substates, &inv->error);
	if (rc == 0 && !inv->dry_run)
		rc = aspm_set(aspm, mode, &inv->error);
	if (rc < 0)
		return rc;
	write_title(inv, aspm);
	write_bits(inv->out, "set", inv->dry_run ? ": would be set to " : ": ", on | substates, "off");
	writer_line(inv->out);
	return 0;
}

/* ASPM_MODES: show. */
static int parse_mode(const char *text, enum aspm_mode *mode, struct error *error)
{
	int rc;

	*mode = ASPM_MODES;
	if (strcmp(text, "show") == 0)
		return 0;
	for (unsigned int m = 0; m < ASPM_MODES; m++) {
		if (strcmp(text, aspm_mode_name(m)) == 0) {
			*mode = m;
			return 0;
		}
	}
	rc = error_set(error, ERROR_USAGE, "bad-operand", "'%.20s' is nothing that ASPM can be set to", text);
	error_hint(error, "show, off, l0s, l1 or l1ss");
	return rc;
}

int link_aspm(struct invocation *inv)
{
	struct topology *topology = NULL;
	struct topology_node *node = NULL;
	enum aspm_mode mode;
	struct aspm aspm;
	struct link link;
	int rc;

	rc = parse_mode(inv->operands[0], &mode, &inv->error);
	if (rc == 0)
		rc = link_select(inv, &topology, &node);
	if (rc < 0)
		return rc;
	rc = link_read(&inv->ctx, node, &link, &inv->error);
	if (rc == 0)
		rc = aspm_open(&inv->ctx, &link, &aspm, &inv->error);
	if (rc == 0) {
		rc = mode == ASPM_MODES ? show(inv, &aspm) : set(inv, &aspm, mode);
		aspm_close(&aspm);
	}
	topology_free(topology);
	return rc;
}
