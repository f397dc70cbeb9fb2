// SPDX-License-Identifier: GPL-2.0-or-later
/* aer mask, aer unmask: which errors a function reports; with a command, only while that runs. */
#include <errno.h>
#include <string.h>

#include "cli/cmd/aer.h"
#include "cli/child.h"
#include "cli/signals.h"
#include "core/fabric/aer.h"
#include "cli/device.h"

static void show_change(struct invocation *inv, const char *name, uint32_t old, uint32_t new)
{
	struct writer *w = inv->out;
	bool shown = inv->dry_run;

	writer_object(w, NULL);
	writer_string(w, "ref", shown ? "" : NULL, name);
	writer_hex(w, "old", shown ? ": " : NULL, old, 8);
	writer_hex(w, "new", shown ? " -> " : NULL, new, 8);
	if (shown)
		writer_line(w);
	writer_end(w);
}

/* AND_BACK: what was written was written back. */
static void show(struct invocation *inv, const struct device *device, const struct aer_masks *m,
		 uint32_t uncorrectable, uint32_t correctable, bool and_back)
{
	writer_document(inv->out, inv->command->name);
	writer_string(inv->out, "address", NULL, device->name);
	writer_bool(inv->out, "dry_run", NULL, inv->dry_run);
	writer_array(inv->out, "writes");
	for (unsigned int i = 0; i < (and_back ? 2 : 1); i++) {
		if (uncorrectable != m->old_uncorrectable)
			show_change(inv, AER_UNCOR_MASK, i ? uncorrectable : m->old_uncorrectable,
				    i ? m->old_uncorrectable : uncorrectable);
		if (correctable != m->old_correctable)
			show_change(inv, AER_COR_MASK, i ? correctable : m->old_correctable,
				    i ? m->old_correctable : correctable);
	}
	writer_end(inv->out);
}

/* Masked while COMMAND runs: a signal ends that, and only then us. */
static int run_masked(struct invocation *inv, struct device *device, const struct config_map *map,
		      const struct aer_masks *m, char **command)
{
	const struct aer_masks masked = {
		.old_uncorrectable = m->old_uncorrectable | m->uncorrectable,
		.old_correctable = m->old_correctable | m->correctable,
	};
	struct error later;
	char ended[160];
	int rc;

	rc = child_check(command[0], &inv->error);
	if (rc < 0)
		return rc;
	signals_catch();
	rc = aer_masks_write(map, device, masked.old_uncorrectable, masked.old_correctable, m, &inv->error);
	if (rc == 0)
		rc = child_run(command, inv->json, signals_stopped, NULL, ended, sizeof(ended), &inv->error);
	if (aer_masks_write(map, device, m->old_uncorrectable, m->old_correctable, &masked, &later) < 0 &&
	    rc == 0) {
		inv->error = later;
		rc = -EIO;
	}
	/* what is on standard output otherwise is COMMAND's */
	if (rc == 0 && inv->json)
		show(inv, device, m, masked.old_uncorrectable, masked.old_correctable, true);
	return signals_end(inv, false, rc);
}

static int change(struct invocation *inv, bool set)
{
	unsigned int words = inv->dashes ? inv->dashes : inv->operand_count;
	char **command = inv->dashes && inv->dashes < inv->operand_count ? inv->operands + inv->dashes : NULL;
	struct config_map *map = NULL;
	struct device *device = NULL;
	struct aer_masks m = { 0 };
	uint32_t uncorrectable;
	uint32_t correctable;
	int rc;

	rc = command_device(inv, &device);
	if (rc < 0)
		return rc;
	rc = config_map_make(device, &map, &inv->error);
	if (rc == 0)
		rc = aer_masks_read(map, device, &m, &inv->error);
	for (unsigned int i = 0; rc == 0 && i < words; i++)
		rc = aer_masks_add(map, inv->operands[i], &m, &inv->error);
	if (rc < 0)
		goto out_free;
	uncorrectable = set ? m.old_uncorrectable | m.uncorrectable : m.old_uncorrectable & ~m.uncorrectable;
	correctable = set ? m.old_correctable | m.correctable : m.old_correctable & ~m.correctable;
	if (command && !inv->dry_run) {
		rc = run_masked(inv, device, map, &m, command);
		goto out_free;
	}
	if (!inv->dry_run)
		rc = aer_masks_write(map, device, uncorrectable, correctable, &m, &inv->error);
	if (rc == 0)
		show(inv, device, &m, uncorrectable, correctable, false);
out_free:
	config_map_free(map);
	device_close(device);
	return rc;
}

int aer_mask(struct invocation *inv)
{
	return change(inv, true);
}

int aer_unmask(struct invocation *inv)
{
	return change(inv, false);
}
