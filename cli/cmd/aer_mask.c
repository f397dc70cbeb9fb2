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

static void begin_document(struct invocation *inv, const struct device *device)
{
	writer_document(inv->out, inv->command->name);
	writer_string(inv->out, "address", NULL, device->name);
	writer_bool(inv->out, "dry_run", NULL, inv->dry_run);
	writer_array(inv->out, "writes");
}

/* The masks of both registers, as they were and as they are then. */
static void show_changes(struct invocation *inv, const struct aer_masks *from, const struct aer_masks *to)
{
	if (from->old_uncorrectable != to->old_uncorrectable)
		show_change(inv, AER_UNCOR_MASK, from->old_uncorrectable, to->old_uncorrectable);
	if (from->old_correctable != to->old_correctable)
		show_change(inv, AER_COR_MASK, from->old_correctable, to->old_correctable);
}

/* Masked while COMMAND runs: a signal ends that, and only then us. */
static int run_masked(struct invocation *inv, struct device *device, const struct config_map *map,
		      const struct aer_masks *m, const struct aer_masks *masked, char **command)
{
	struct error later;
	char ended[160];
	int masking;
	int unmasking;
	int rc;

	rc = child_check(command[0], &inv->error);
	if (rc < 0)
		return rc;
	signals_catch();
	masking = aer_masks_write(map, device, masked->old_uncorrectable, masked->old_correctable, m,
				  &inv->error);
	rc = masking;
	if (rc == 0)
		rc = child_run(command, inv->json, signals_stopped, NULL, ended, sizeof(ended), &inv->error);
	unmasking = aer_masks_write(map, device, m->old_uncorrectable, m->old_correctable, masked, &later);
	if (unmasking < 0 && rc == 0) {
		inv->error = later;
		rc = -EIO;
	}
	/* what was done, also where COMMAND failed; what is on standard output otherwise is COMMAND's */
	if (masking == 0 && inv->json) {
		begin_document(inv, device);
		show_changes(inv, m, masked);
		if (unmasking == 0)
			show_changes(inv, masked, m);
		writer_end(inv->out);
	}
	return signals_end(inv, false, rc);
}

static int change(struct invocation *inv, bool set)
{
	unsigned int words = inv->dashes ? inv->dashes : inv->operand_count;
	char **command = inv->dashes && inv->dashes < inv->operand_count ? inv->operands + inv->dashes : NULL;
	struct config_map *map = NULL;
	struct device *device = NULL;
	struct aer_masks m = { 0 };
	struct aer_masks then;
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
	then = (struct aer_masks){
		.old_uncorrectable =
			set ? m.old_uncorrectable | m.uncorrectable : m.old_uncorrectable & ~m.uncorrectable,
		.old_correctable =
			set ? m.old_correctable | m.correctable : m.old_correctable & ~m.correctable,
	};
	if (command && !inv->dry_run) {
		rc = run_masked(inv, device, map, &m, &then, command);
		goto out_free;
	}
	if (!inv->dry_run)
		rc = aer_masks_write(map, device, then.old_uncorrectable, then.old_correctable, &m,
				     &inv->error);
	if (rc == 0) {
		begin_document(inv, device);
		show_changes(inv, &m, &then);
		writer_end(inv->out);
	}
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
