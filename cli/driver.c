// SPDX-License-Identifier: GPL-2.0-or-later
/* driver: gives the device to the kernel helper or another driver, and back. */
#include <errno.h>
#include <string.h>

#include "cli/command.h"
#include "core/driver.h"
#include "core/helper.h"
#include "core/number.h"
#include "core/vfio_group.h"

enum {
	OPT_TO = 0x100,
	OPT_MASK,
	OPT_MODULE,
};

struct driver_options {
	const char *to;
	unsigned int mask; /* bits; 0: not given */
	const char *module;
};

/* A page is the least that is allocated; 64 bits are all that an address has. */
#define MASK_MIN 12
#define MASK_MAX 64

static int parse_mask(const char *arg, unsigned int *mask, struct error *error)
{
	uint64_t bits;
	int rc = number_parse(arg, &bits, error);

	if (rc < 0)
		return rc;
	if (bits < MASK_MIN || bits > MASK_MAX)
		return error_set(error, ERROR_USAGE, "bad-option", "--mask: %s is not %d to %d bits", arg,
				 MASK_MIN, MASK_MAX);
	*mask = (unsigned int)bits;
	return 0;
}

static int parse(int key, char *arg, struct invocation *inv)
{
	struct driver_options *o = inv->options;

	switch (key) {
	case OPT_TO:
		o->to = driver_name(arg);
		return 0;
	case OPT_MASK:
		return parse_mask(arg, &o->mask, &inv->error);
	case OPT_MODULE:
		o->module = arg;
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static bool is_helper(const char *driver)
{
	return strcmp(driver, driver_name("helper")) == 0;
}

static int set_mask(struct device *device, unsigned int bits, struct error *error)
{
	struct helper_state state;
	struct helper *helper;
	int rc;

	rc = helper_open(device, &helper, error);
	if (rc < 0)
		return rc;
	rc = helper_query(helper, &state);
	if (rc == 0 && state.mask_bits != bits)
		rc = helper_set_mask(helper, bits);
	helper_close(helper);
	if (rc == -EBUSY) {
		rc = error_set(error, ERROR_FAILED, "buffers-exist",
			       "%s: the mask of %u bits stays while there are buffers", device->name,
			       state.mask_bits);
		error_hint(error, "free them first: 'pcietool -s %s dma free --all'", device->name);
		return rc;
	}
	return rc < 0 ? error_errno(error, rc, "%s: setting a DMA mask of %u bits", device->name, bits) : 0;
}

static void render_plan(struct invocation *inv, struct device *device, const struct driver_plan *plan)
{
	struct writer *w = inv->out;

	writer_document(w, inv->command->name);
	writer_bool(w, "dry_run", NULL, inv->dry_run);
	writer_string(w, "address", inv->dry_run ? "" : NULL, device->name);
	if (plan->current[0])
		writer_string(w, "previous", inv->dry_run ? ": " : NULL, plan->current);
	else
		writer_null(w, "previous", inv->dry_run ? ": " : NULL, "none");
	writer_string(w, "driver", inv->dry_run ? " -> " : NULL, plan->driver);
}

static int run_bind(struct invocation *inv)
{
	const struct driver_options *o = inv->options;
	const char *driver = o->to ? o->to : driver_name("helper");
	struct device *device = NULL;
	struct driver_plan plan;
	int rc;

	if (o->mask && !is_helper(driver))
		return error_set(&inv->error, ERROR_USAGE, "usage", "--mask is the helper's, not %s's",
				 driver);
	rc = command_device(inv, &device);
	if (rc < 0)
		return rc;
	rc = driver_plan(device, driver, &plan, &inv->error);
	if (rc == 0 && strcmp(driver, driver_name("vfio")) == 0)
		rc = vfio_group_check(device, &inv->error);
	if (rc == 0 && !inv->dry_run)
		rc = driver_bind(device, &plan, o->module, &inv->error);
	/* the mask belongs to the binding: a new one starts with 32 bits */
	if (rc == 0 && !inv->dry_run && o->mask)
		rc = set_mask(device, o->mask, &inv->error);
	if (rc == 0) {
		context_log(&inv->ctx, LOG_INFO, "%s: %s%s", device->name,
			    plan.done ? "already bound to " : "bound to ", driver);
		render_plan(inv, device, &plan);
	}
	device_close(device);
	return rc;
}

static int run_release(struct invocation *inv)
{
	struct driver_status status;
	struct device *device = NULL;
	int rc;

	rc = command_device(inv, &device);
	if (rc < 0)
		return rc;
	rc = driver_status(device, &status, &inv->error);
	if (rc == 0 && !inv->dry_run)
		rc = driver_release(device, &inv->error);
	if (rc == 0) {
		writer_document(inv->out, inv->command->name);
		writer_bool(inv->out, "dry_run", NULL, inv->dry_run);
		writer_string(inv->out, "address", inv->dry_run ? "" : NULL, device->name);
		writer_string(inv->out, "from", inv->dry_run ? ": " : NULL,
			      status.current[0] ? status.current : "none");
		writer_string(inv->out, "to", inv->dry_run ? " -> " : NULL,
			      status.previous[0] ? status.previous : "none");
	}
	device_close(device);
	return rc;
}

static void render_helper(struct writer *w, const struct helper_state *s)
{
	writer_object(w, "helper");
	writer_number(w, "abi_version", NULL, s->abi_version);
	writer_number(w, "mask_bits", "  dma mask    ", s->mask_bits);
	writer_text(w, " bits");
	writer_line(w);
	writer_bool(w, "iommu", "  iommu       ", s->has_iommu);
	writer_line(w);
	writer_bool(w, "coherent", NULL, s->is_coherent);
	writer_number(w, "buffers", "  buffers     ", s->buffers);
	writer_size(w, "bytes_used", ", ", s->bytes_used);
	writer_size(w, "bytes_free", " used, ", s->bytes_free);
	writer_text(w, " left");
	writer_line(w);
	writer_string(w, "irq_type", "  interrupts  ", interrupt_type_name(s->interrupts.type));
	writer_number(w, "irq_vectors", ", vectors ", s->interrupts.vectors);
	writer_bool(w, "intx_available", " (offers: intx ", s->interrupts.intx_available);
	writer_number(w, "msi_available", ", msi ", s->interrupts.msi_available);
	writer_number(w, "msix_available", ", msix ", s->interrupts.msix_available);
	writer_text(w, ")");
	writer_line(w);
	writer_bool(w, "capturing", "  capturing   ", s->claimed);
	writer_line(w);
	writer_end(w);
}

static void render_name(struct writer *w, const char *key, const char *label, const char *name)
{
	if (name[0])
		writer_string(w, key, label, name);
	else
		writer_null(w, key, label, "none");
	writer_line(w);
}

static void render_status(struct invocation *inv, struct device *device, const struct driver_status *s)
{
	struct writer *w = inv->out;
	struct helper_state state;
	struct helper *helper;
	struct error why;

	writer_document(w, inv->command->name);
	writer_string(w, "address", "", device->name);
	writer_line(w);
	render_name(w, "driver", "  driver      ", s->current);
	render_name(w, "driver_override", "  override    ", s->override);
	writer_bool(w, "bound_by_pcietool", NULL, s->has_record);
	if (s->has_record)
		render_name(w, "previous", "  previous    ", s->previous);
	else
		writer_null(w, "previous", NULL, "not bound by pcietool, or not root");
	if (!is_helper(s->current)) {
		writer_null(w, "helper", NULL, "not bound to it");
		return;
	}
	if (helper_open(device, &helper, &why) < 0) {
		writer_null(w, "helper", "  helper      ", why.message);
		return;
	}
	if (helper_query(helper, &state) == 0)
		render_helper(w, &state);
	helper_close(helper);
}

static int run_status(struct invocation *inv)
{
	struct driver_status status;
	struct device *device = NULL;
	int rc;

	rc = command_device(inv, &device);
	if (rc < 0)
		return rc;
	rc = driver_status(device, &status, &inv->error);
	if (rc == 0)
		render_status(inv, device, &status);
	device_close(device);
	return rc;
}

static const struct argp_option bind_options[] = {
	{ "to", OPT_TO, "DRIVER", 0, "helper (the default), vfio, uio, or a driver's name", 0 },
	{ "mask", OPT_MASK, "MASK", 0, "How many bits the device's bus addresses have (32)", 0 },
	{ "module", OPT_MODULE, "FILE", 0, "Load the driver from FILE instead of by modprobe", 0 },
	{ 0 },
};

const struct command driver_commands[] = {
	{
		.name = "driver bind",
		.reopens = REOPENS_ALL,
		.summary = "Give the device to the kernel helper, or another driver",
		.details =
			"The driver that it had is remembered for 'driver release'. A foreign driver is only "
			"replaced with --force; a disk that is mounted or an interface that is up is refused "
			"by name.",
		.options = bind_options,
		.parse = parse,
		.options_size = sizeof(struct driver_options),
		.run = run_bind,
	},
	{
		.name = "driver release",
		.reopens = REOPENS_ALL,
		.summary = "Give the device back to the driver it had",
		.run = run_release,
	},
	{
		.name = "driver status",
		.summary = "Show its driver, the one before, and what the helper offers",
		.run = run_status,
	},
	{ 0 },
};
