// SPDX-License-Identifier: GPL-2.0-or-later
/* acs: what each port's Access Control Services can, and what is on. */
#include <stdlib.h>

#include "cli/command.h"
#include "cli/fields.h"
#include "cli/device.h"
#include "core/fabric/link.h"
#include "core/pci/power.h"

/* In words what the JSON has already. */
static void write_enhanced(struct writer *w, const struct acs *acs)
{
	struct acs_enhanced e;

	if (!acs_enhanced_of(acs, &e))
		return;
	writer_column(w, FIELDS_COLUMN);
	writer_text(w, "enhanced: I/O requests %s, ports' BARs %s", e.io_blocking ? "blocked" : "not blocked",
		    e.downstream_target);
	if (e.upstream_target)
		writer_text(w, ", the upstream port's %s, unclaimed requests %s", e.upstream_target,
			    e.unclaimed_redirect ? "redirected" : "not redirected");
	writer_line(w);
}

static void write_acs(struct writer *w, const struct device *device, const struct acs *acs)
{
	unsigned int all = 0;

	for (const struct acs_bit *bit = acs_bits; bit->mask; bit++)
		all |= bit->mask;
	writer_object(w, NULL);
	writer_string(w, "address", "", device->name);
	field_acs(w, acs->reason ? " ACS " : " on: ", acs);
	writer_line(w);
	if (!acs->reason) {
		writer_column(w, FIELDS_COLUMN);
		acs_text(w, "off: ", acs->capability & ~acs->control & all);
		writer_line(w);
		writer_column(w, FIELDS_COLUMN);
		acs_text(w, "not possible: ", ~acs->capability & ~acs->control & all);
		writer_line(w);
		write_enhanced(w, acs);
	}
	writer_end(w);
}

/* The document is begun with the first that has it, so that a selection without any can be refused. */
static int write_all(struct invocation *inv, const struct pci_address *list, size_t count)
{
	struct device *device;
	struct error ignored;
	bool any = false;
	struct acs acs;
	int gone = 0;

	for (size_t i = 0; i < count; i++) {
		if (device_open(&inv->ctx, &list[i], &device, &ignored) < 0)
			continue;
		if (power_is_asleep(device))
			acs = (struct acs){ .reason = LINK_STATE_SUSPENDED };
		else
			acs_read(device, &acs);
		if (acs.reason != ACS_NONE) {
			if (!any) {
				writer_document(inv->out, inv->command->name);
				writer_array(inv->out, "devices");
			}
			any = true;
			write_acs(inv->out, device, &acs);
		}
		if (acs.reason == FACT_NO_ANSWER && gone == 0)
			gone = device_gone(device, &inv->error);
		device_close(device);
	}
	if (any)
		return gone;
	if (inv->selected) {
		int rc = error_set(&inv->error, ERROR_UNSUPPORTED, "no-acs",
				   "none of the devices that match has Access Control Services");

		error_hint(&inv->error, "'pcietool acs show' without -s and -d shows those that have");
		return rc;
	}
	writer_document(inv->out, inv->command->name);
	writer_array(inv->out, "devices");
	return 0;
}

static int run_show(struct invocation *inv)
{
	struct pci_address *list;
	size_t count;
	int rc;

	/* whoever names a device wants to know; a look at all is no reason to wake any */
	inv->ctx.wake = inv->selected;
	rc = matches_list(inv, &list, &count);
	if (rc < 0)
		return rc;
	rc = write_all(inv, list, count);
	free(list);
	return rc;
}

const struct command acs_commands[] = {
	{
		.name = "acs show",
		.summary = "Show Access Control Services: what is on, off, not possible",
		.details =
			"Of each device that matches, or all that have it. What is on in the ports "
			"between two devices decides whether they reach each other directly: see 'p2p'. Among all of "
			"them, those that sleep are left asleep.",
		.offline = true,
		.pages = true,
		.run = run_show,
	},
	{ 0 },
};
