// SPDX-License-Identifier: GPL-2.0-or-later
/* config save, diff, restore: config space into a file, against it, and back from it. */
#include <errno.h>
#include <linux/pci_regs.h>
#include <stdio.h>
#include <string.h>

#include "cli/cmd/config.h"
#include "cli/output.h"
#include "cli/register_view.h"
#include "cli/cmd/registers.h"
#include "cli/device.h"
#include "core/config/saved.h"
#include "core/pci/config_space.h"
#include "core/base/number.h"
#include "core/base/text_buffer.h"
#include "core/pci/user_driver.h"

/* --- save ------------------------------------------------------------------------------------------ */

static int save_lines(struct output *output, const struct device *device, const struct config_space *space,
		      struct error *error)
{
	struct text_buffer text = { 0 };
	char line[DUMP_LINE_SIZE];
	int rc;

	text_buffer_format(&text, "%s Class %06x: %04x:%04x\n", device->name,
			   config_space_get(space, PCI_CLASS_REVISION, 32) >> 8,
			   config_space_get(space, PCI_VENDOR_ID, 16),
			   config_space_get(space, PCI_VENDOR_ID + 2, 16));
	for (unsigned int i = 0; i < space->size; i += DUMP_LINE_BYTES) {
		size_t n = space->size - i < DUMP_LINE_BYTES ? space->size - i : DUMP_LINE_BYTES;

		dump_format_line(line, i, space->bytes + i, n);
		text_buffer_string(&text, line);
		text_buffer_add(&text, "\n", 1);
	}
	rc = text.failed ? error_errno(error, -ENOMEM, "%s", device->name)
			 : output_write(output, text.bytes, text.length, error);
	text_buffer_free(&text);
	return rc;
}

int config_save(struct invocation *inv)
{
	const struct option_values *o = &inv->options;
	struct output *output = NULL;
	struct device *device = NULL;
	struct config_space space;
	int rc;

	if (!o->output) {
		rc = error_set(&inv->error, ERROR_USAGE, "usage", "where to? A file is missing");
		error_hint(&inv->error, "give it with -o FILE");
		return rc;
	}
	rc = command_device(inv, &device);
	if (rc < 0)
		return rc;
	rc = output_open(inv, o->output, &output);
	if (rc == 0)
		rc = config_space_read(device, &space, &inv->error);
	if (rc == 0 && space.size <= PCI_STD_HEADER_SIZEOF && device->image) {
		rc = error_set(&inv->error, ERROR_UNSUPPORTED, "not-in-dump",
			       "%s: the dump has %u bytes of its config space", device->name, space.size);
		error_hint(&inv->error, "'lspci -xxxx', as root, writes all of it");
	} else if (rc == 0 && space.size <= PCI_STD_HEADER_SIZEOF) {
		rc = error_set(&inv->error, ERROR_DENIED, "denied",
			       "%s: only root may read past the first 64 bytes of config space",
			       device->name);
		error_hint(&inv->error, "run as root");
	}
	if (rc == 0)
		rc = save_lines(output, device, &space, &inv->error);
	if (rc == 0)
		rc = output_finish(output, &inv->error);
	if (rc == 0 && !output_is_stdout(output)) {
		writer_document(inv->out, inv->command->name);
		writer_string(inv->out, "address", NULL, device->name);
		writer_string(inv->out, "file", NULL, o->output);
		writer_number(inv->out, "size", NULL, space.size);
	}
	output_close(output);
	device_close(device);
	return rc;
}

/* --- diff ------------------------------------------------------------------------------------------ */

struct diff {
	struct writer *out;
	unsigned int count;
};

static void show_values(struct writer *w, const struct config_difference *d)
{
	int digits = register_digits(d->width);

	if (d->has_old)
		writer_hex(w, "old", " ", d->old, digits);
	else
		writer_null(w, "old", " ", "not there");
	if (d->has_new)
		writer_hex(w, "new", " -> ", d->new, digits);
	else
		writer_null(w, "new", " -> ", "not there");
	writer_line(w);
}

static void show_difference(void *data, const struct config_difference *d)
{
	struct diff *diff = data;
	struct writer *w = diff->out;
	char place[24];

	diff->count++;
	snprintf(place, sizeof(place), "0x%02x/%u", d->offset, d->width);
	writer_object(w, NULL);
	if (d->reg)
		writer_string(w, "name", "", d->reg->name);
	else
		writer_null(w, "name", NULL, "it has none");
	writer_text(w, "%s", d->reg ? "" : place);
	writer_hex(w, "offset", NULL, d->offset, 2);
	writer_number(w, "width", NULL, d->width);
	show_values(w, d);
	writer_array(w, "fields");
	for (uint32_t i = 0; d->reg && d->has_old && d->has_new && i < d->reg->field_count; i++) {
		const struct regmap_field *field = regmap_field_at(d->map, d->reg, i);

		if ((d->old ^ d->new) & regmap_field_mask(field))
			register_view_change(w, d->map, d->reg, field, d->old, d->new);
	}
	writer_end(w);
	writer_end(w);
}

/* The device that is selected, or the second file's. */
static int open_second(struct invocation *inv, const struct device *first, struct config_saved **saved,
		       struct device **device)
{
	int rc;

	if (inv->operand_count < 2)
		return *device ? 0 : command_device(inv, device);
	rc = config_saved_open(&inv->ctx, inv->operands[1], &first->address, saved, &inv->error);
	if (rc == 0)
		*device = (*saved)->device;
	return rc;
}

int config_diff(struct invocation *inv)
{
	struct diff diff = { .out = inv->out };
	struct config_saved *first = NULL;
	struct config_saved *second = NULL;
	struct device *own = NULL;
	struct device *device = NULL;
	struct pci_address address;
	bool has_address = false;
	unsigned int skipped = 0;
	int rc = 0;

	if (inv->operand_count < 2) {
		rc = command_device(inv, &own);
		device = own;
	} else if (inv->selected) {
		has_address = selector_file_address(&inv->selector, &address);
	}
	if (rc == 0)
		rc = config_saved_open(&inv->ctx, inv->operands[0],
				       own	     ? &own->address
				       : has_address ? &address
						     : NULL,
				       &first, &inv->error);
	if (rc == 0)
		rc = open_second(inv, first->device, &second, &device);
	if (rc == 0) {
		writer_document(inv->out, inv->command->name);
		writer_array(inv->out, "differences");
		rc = config_compare(first->device, device, show_difference, &diff, &skipped, &inv->error);
		writer_end(inv->out);
		writer_number(inv->out, "not_compared", NULL, skipped);
	}
	if (rc == 0 && skipped)
		context_log(&inv->ctx, LOG_WARN, "%u registers are not compared: one side does not have them",
			    skipped);
	if (rc == 0 && diff.count)
		rc = error_set(&inv->error, ERROR_DIFFERS, "differs", "%u register%s differ%s", diff.count,
			       diff.count == 1 ? "" : "s", diff.count == 1 ? "s" : "");
	config_saved_close(second);
	config_saved_close(first);
	device_close(own);
	return rc;
}

/* --- restore --------------------------------------------------------------------------------------- */

static void show_plan(struct invocation *inv, const struct device *device, const struct config_plan *plan)
{
	struct writer *w = inv->out;
	bool shown = inv->dry_run || inv->verbosity > 0;

	writer_document(w, inv->command->name);
	writer_string(w, "address", NULL, device->name);
	writer_bool(w, "dry_run", NULL, inv->dry_run);
	writer_array(w, "writes");
	for (size_t i = 0; i < plan->count; i++) {
		const struct config_write *write = &plan->writes[i];
		int digits = register_digits(write->reg->width);

		writer_object(w, NULL);
		writer_string(w, "ref", shown ? "" : NULL, write->reg->name);
		writer_hex(w, "offset", NULL, write->reg->address, 2);
		writer_number(w, "width", NULL, write->reg->width);
		writer_hex(w, "old", shown ? ": " : NULL, write->old, digits);
		writer_hex(w, "new", shown ? " -> " : NULL, write->new, digits);
		if (shown)
			writer_line(w);
		writer_end(w);
	}
	writer_end(w);
	writer_array(w, "left");
	for (size_t i = 0; i < plan->left_count; i++)
		writer_string(w, NULL, !shown ? NULL : i ? ", " : "left as it is: ", plan->left[i]->name);
	writer_end(w);
	if (shown && plan->left_count)
		writer_line(w);
	writer_number(w, "missing", NULL, plan->missing);
}

/* More of them than this in one warning is noise. */
#define NAMED_MAX 3

/* Whoever restores takes the device to be as it was. */
static void warn_of_rest(struct invocation *inv, const struct device *device, const struct config_plan *plan)
{
	char names[NAMED_MAX * REGISTER_NAME_SIZE] = "";
	char more[48] = "";
	size_t used = 0;

	for (size_t i = 0; i < plan->left_count && i < NAMED_MAX; i++)
		used += (size_t)snprintf(names + used, sizeof(names) - used, "%s%s", i ? ", " : "",
					 plan->left[i]->name);
	if (plan->left_count > NAMED_MAX)
		snprintf(more, sizeof(more), " and %zu more, which -v names", plan->left_count - NAMED_MAX);
	if (plan->missing)
		context_log(&inv->ctx, LOG_WARN, "%s: %u register%s not restored: the file does not have %s",
			    device->name, plan->missing, plan->missing == 1 ? " is" : "s are",
			    plan->missing == 1 ? "it" : "them");
	/* where all is shown, so are these */
	if (plan->left_count && !inv->dry_run && inv->verbosity <= 0)
		context_log(
			&inv->ctx, LOG_WARN,
			"%s: not as in the file, and left as it is, being the kernel's or to start something: %s%s",
			device->name, names, more);
}

static int check_driver(const struct device *device, struct error *error)
{
	char driver[64];
	int rc;

	if (device->ctx->force || device_driver(device, driver, sizeof(driver)) < 0 ||
	    user_driver_is_one(driver))
		return 0;
	rc = error_set(error, ERROR_DENIED, "driver",
		       "%s: the driver %s is bound and relies on what is there", device->name, driver);
	error_hint(error, "--force restores below it, --dry-run shows what would be written");
	return rc;
}

int config_restore_file(struct invocation *inv)
{
	struct config_saved *saved = NULL;
	struct config_plan *plan = NULL;
	struct device *device = NULL;
	int rc;

	rc = command_device(inv, &device);
	if (rc < 0)
		return rc;
	rc = config_saved_open(&inv->ctx, inv->operands[0], &device->address, &saved, &inv->error);
	if (rc == 0)
		rc = config_restore_plan(device, saved->device, CONFIG_RESTORE_ALL, &plan, &inv->error);
	if (rc == 0 && plan->count && !inv->dry_run)
		rc = check_driver(device, &inv->error);
	if (rc == 0) {
		show_plan(inv, device, plan);
		if (plan->count && !inv->dry_run)
			rc = config_restore(device, plan, &inv->error);
		if (rc == 0)
			warn_of_rest(inv, device, plan);
	}
	config_plan_free(plan);
	config_saved_close(saved);
	device_close(device);
	return rc;
}
