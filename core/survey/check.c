// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/survey/check.h"

#include <errno.h>
#include <linux/pci_regs.h>
#include <stdlib.h>

#include "core/survey/check_internal.h"

/* Nothing is known of a device whose config space may not be read. */
static void look_whether_gone(struct check_item *item)
{
	struct error error;
	uint32_t vendor;

	if (!item->open || device_is_present(item->open))
		return;
	if (device_config_read(item->open, PCI_VENDOR_ID, 16, &vendor, &error) < 0 &&
	    error.kind != ERROR_GONE)
		check_tell_gap(item, "no-answer", "config space cannot be read");
	else
		item->is_gone = true;
}

static void check_device(struct check *check, const struct survey_device *d)
{
	struct check_item item = { .check = check, .device = d, .slot = survey_slot(check->survey, d) };
	struct error ignored;

	topology_path(d->node, item.path);
	if (!d->is_suspended && device_open(check->ctx, &d->node->address, &item.open, &ignored) < 0)
		item.open = NULL;
	look_whether_gone(&item);
	check_rules(&item);
	if (check->baseline)
		check_baseline(&item);
	device_close(item.open);
}

int check_run(const struct context *ctx, const struct survey *survey, const struct baseline *baseline,
	      const struct selector *selector, const struct check_sink *sink)
{
	size_t count = survey->topology->count;
	struct check check = {
		.ctx = ctx,
		.survey = survey,
		.baseline = baseline,
		.sink = sink,
		.payloads = calloc(count + 1, sizeof(struct payload)),
	};

	if (!check.payloads)
		return -ENOMEM;
	for (size_t i = 0; i < count; i++) {
		if (survey->devices[i].is_selected)
			check_device(&check, &survey->devices[i]);
	}
	if (baseline)
		check_absent(&check, selector);
	free(check.payloads);
	return 0;
}
