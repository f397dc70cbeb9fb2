// SPDX-License-Identifier: GPL-2.0-or-later
/* irq: vectors of INTx, MSI and MSI-X, over the helper, VFIO or UIO; counts and waits. */
#include "cli/cmd/irq.h"

#include <errno.h>
#include <string.h>
#include <time.h>

#include "cli/device.h"
#include "cli/options.h"
#include "cli/signals.h"
#include "core/base/clock.h"
#include "core/base/number.h"
#include "core/dma/interrupt.h"
#include "core/preflight/preflight.h"
#include "core/preflight/wait_reason.h"

/* PCIe 5.0 section 7.7.2.2: an MSI-X table has at most 2048 entries */
#define VECTORS_MAX 2048
/* How long the kernel is left alone with a wait: a device that is torn out tells nobody. */
#define SLICE_NS 1000000000u

static int parse_vectors(const char *arg, struct option_values *o, struct error *error)
{
	uint64_t n;
	int rc = number_parse(arg, &n, error);

	if (rc < 0)
		return rc;
	if (n < 1 || n > VECTORS_MAX)
		return error_set(error, ERROR_USAGE, "bad-option", "--vectors: 1 to %d are possible, not %s",
				 VECTORS_MAX, arg);
	o->vectors = (unsigned int)n;
	return 0;
}

int irq_parse_vector(const char *arg, struct option_values *o, struct error *error)
{
	uint64_t n;
	int rc = number_parse(arg, &n, error);

	if (rc < 0)
		return rc;
	if (n >= VECTORS_MAX)
		return error_set(error, ERROR_USAGE, "bad-option", "--vector: vectors are 0 to %d, not %s",
				 VECTORS_MAX - 1, arg);
	o->vector = (unsigned int)n;
	return 0;
}

static int parse(enum option_id option, char *arg, struct invocation *inv)
{
	struct option_values *o = &inv->options;

	if (option == OPTION_IRQ_TYPE)
		return interrupt_type_parse(arg, &o->irq_type, &inv->error);
	return option == OPTION_VECTORS ? parse_vectors(arg, o, &inv->error)
					: irq_parse_vector(arg, o, &inv->error);
}

/* The device and its helper; both are the caller's to close, whatever is returned. */
static int open_client(struct invocation *inv, struct device **device, struct buffer_client **client)
{
	int rc;

	*device = NULL;
	*client = NULL;
	rc = command_device(inv, device);
	return rc < 0 ? rc : buffer_client_open(*device, client, &inv->error);
}

static void close_client(struct device *device, struct buffer_client *client)
{
	buffer_client_close(client);
	device_close(device);
}

/* --- enable, disable --------------------------------------------------------------------------- */

/* MSI and MSI-X are writes to memory: PCIe 5.0 section 6.1.4 */
static void warn_of_bus_master(struct device *device, enum interrupt_type type)
{
	struct error why;

	if (type != INTERRUPT_INTX && preflight_bus_master(device, &why) < 0)
		context_log(device->ctx, LOG_WARN, "%s; %s", why.message, why.hint);
}

static void render_enabled(struct invocation *inv, enum interrupt_type type, unsigned int vectors)
{
	writer_document(inv->out, inv->command->name);
	writer_bool(inv->out, "dry_run", NULL, inv->dry_run);
	if (inv->dry_run)
		writer_text(inv->out, "irq type <- ");
	writer_string(inv->out, "type", inv->dry_run ? "" : NULL, interrupt_type_name(type));
	writer_number(inv->out, "vectors", inv->dry_run ? ", vectors " : NULL, vectors);
	if (inv->dry_run)
		writer_line(inv->out);
}

static int irq_enable(struct invocation *inv)
{
	const struct option_values *o = &inv->options;
	enum interrupt_type type = o->irq_type ? o->irq_type : INTERRUPT_AUTO;
	struct buffer_client *client;
	unsigned int vectors = o->vectors;
	struct device *device;
	int rc;

	if (type == INTERRUPT_INTX && vectors > 1)
		return error_set(&inv->error, ERROR_USAGE, "bad-option", "--vectors: INTx is one, not %u",
				 vectors);
	rc = open_client(inv, &device, &client);
	if (rc == 0 && inv->dry_run)
		rc = interrupt_enable_check(client, type, vectors, &type, &vectors, &inv->error);
	else if (rc == 0)
		rc = interrupt_enable(client, type, vectors, &type, &vectors, &inv->error);
	if (rc < 0)
		goto out_close;
	render_enabled(inv, type, vectors);
	if (!inv->dry_run)
		context_log(&inv->ctx, LOG_INFO, "%s: %s enabled, vectors: %u", device->name,
			    interrupt_type_name(type), vectors);
	warn_of_bus_master(device, type);
out_close:
	close_client(device, client);
	return rc;
}

static int irq_disable(struct invocation *inv)
{
	struct buffer_client *client = NULL;
	struct device *device = NULL;
	int rc;

	rc = open_client(inv, &device, &client);
	if (rc == 0)
		rc = inv->dry_run ? interrupt_disable_check(client, &inv->error)
				  : interrupt_disable(client, &inv->error);
	if (rc == 0) {
		writer_document(inv->out, inv->command->name);
		writer_bool(inv->out, "dry_run", NULL, inv->dry_run);
		if (inv->dry_run)
			writer_text(inv->out, "irq type <- none\n");
	}
	close_client(device, client);
	return rc;
}

/* --- list -------------------------------------------------------------------------------------- */

static int render_vector(struct invocation *inv, struct buffer_client *client, const char *type,
			 unsigned int vector)
{
	struct writer *w = inv->out;
	unsigned int linux_irq;
	uint64_t count;
	int rc;

	rc = interrupt_count(client, vector, &count, &linux_irq, &inv->error);
	if (rc < 0)
		return rc;
	writer_object(w, NULL);
	writer_number(w, "vector", "vector ", vector);
	writer_column(w, 12);
	writer_string(w, "type", "", type);
	writer_column(w, 18);
	writer_number(w, "count", "count ", count);
	if (linux_irq)
		writer_number(w, "linux_irq", "  irq ", linux_irq);
	else
		writer_null(w, "linux_irq", NULL, "not known over this way");
	writer_line(w);
	writer_end(w);
	return 0;
}

static void render_unclaimed(struct invocation *inv, const struct buffer_client *client,
			     const struct interrupt_state *state)
{
	struct error why;

	if (!state->unclaimed) {
		writer_null(inv->out, "unclaimed", NULL, "INTx is not masked for that");
		return;
	}
	writer_number(inv->out, "unclaimed", NULL, state->unclaimed);
	interrupt_unclaimed(client, state, &why);
	context_log(&inv->ctx, LOG_WARN, "%s; %s", why.message, why.hint);
}

static int irq_list(struct invocation *inv)
{
	struct interrupt_state state = { 0 };
	struct buffer_client *client = NULL;
	struct device *device = NULL;
	int rc;

	rc = open_client(inv, &device, &client);
	if (rc == 0)
		rc = interrupt_state(client, &state, &inv->error);
	if (rc < 0)
		goto out_close;
	writer_document(inv->out, inv->command->name);
	writer_string(inv->out, "type", NULL, interrupt_type_name(state.type));
	render_unclaimed(inv, client, &state);
	if (state.type == INTERRUPT_NONE)
		context_log(&inv->ctx, LOG_INFO, "%s: interrupts are not enabled", device->name);
	writer_array(inv->out, "vectors");
	for (unsigned int i = 0; rc == 0 && i < state.vectors; i++)
		rc = render_vector(inv, client, interrupt_type_name(state.type), i);
out_close:
	close_client(device, client);
	return rc;
}

/* --- wait -------------------------------------------------------------------------------------- */

static int timed_out(struct device *device, const struct wait_reason *before, struct error *error)
{
	char reason[sizeof(error->hint)];

	if (!device_is_present(device))
		return device_gone(device, error);
	if (wait_reason_explain(device, before, reason, sizeof(reason)))
		error_hint(error, "%s", reason);
	return -ETIME;
}

/* In slices; SINCE stays the same, so that nothing is lost between two of them. */
static int wait_loop(struct invocation *inv, struct buffer_client *client, uint64_t since, uint64_t *count)
{
	const struct option_values *o = &inv->options;
	uint64_t start = clock_ns();
	struct wait_reason before;
	int rc;

	/* at a prompt Ctrl-C ends the wait, not the program */
	if (inv->interactive)
		signals_catch();
	wait_reason_begin(client->device, &before);
	for (;;) {
		uint64_t waited = clock_ns() - start;
		uint64_t left = !o->has_timeout ? SLICE_NS : waited < o->timeout ? o->timeout - waited : 0;

		rc = interrupt_wait(client, o->vector, since, left < SLICE_NS ? left : SLICE_NS, count,
				    &inv->error);
		if (rc == -EINTR && inv->interactive && signals_received())
			break;
		if (rc == -EINTR)
			continue;
		if (rc != -ETIME)
			break;
		if (o->has_timeout && clock_ns() - start >= o->timeout) {
			rc = timed_out(client->device, &before, &inv->error);
			break;
		}
		if (!device_is_present(client->device)) {
			rc = device_gone(client->device, &inv->error);
			break;
		}
	}
	wait_reason_end(&before);
	return inv->interactive ? signals_end(inv, false, rc) : rc;
}

static int irq_wait(struct invocation *inv)
{
	const struct option_values *o = &inv->options;
	struct buffer_client *client = NULL;
	struct device *device = NULL;
	uint64_t since = o->since;
	uint64_t count;
	int rc;

	rc = open_client(inv, &device, &client);
	if (rc == 0 && !o->has_since)
		rc = interrupt_count(client, o->vector, &since, NULL, &inv->error);
	if (rc == 0)
		rc = wait_loop(inv, client, since, &count);
	if (rc == 0) {
		writer_document(inv->out, inv->command->name);
		writer_number(inv->out, "vector", NULL, o->vector);
		writer_number(inv->out, "since", NULL, since);
		writer_number(inv->out, "count", "", count);
		writer_line(inv->out);
	}
	close_client(device, client);
	return rc;
}

const struct command irq_commands[] = {
	{
		.name = "irq enable",
		.takes_uio = true,
		.summary = "Enable and count the device's interrupts",
		.details = "They stay enabled, and are counted, until 'irq disable' or 'driver release'. "
			   "MSI and MSI-X need bus mastering: 'config write COMMAND=0x4:0x4'.",
		.options = TAKES(OPTION_IRQ_TYPE, OPTION_VECTORS),
		.parse = parse,
		.run = irq_enable,
	},
	{
		.name = "irq disable",
		.takes_uio = true,
		.summary = "Disable them, which forgets the counts",
		.run = irq_disable,
	},
	{
		.name = "irq list",
		.takes_uio = true,
		.summary = "Vectors and their counts",
		.run = irq_list,
	},
	{
		.name = "irq wait",
		.takes_uio = true,
		.waits = true,
		.summary = "Wait for an interrupt and print the new count",
		.details =
			"Read the count with 'irq list', start the device, then wait --since that count: so "
			"no interrupt is lost that comes between the commands.",
		.options = TAKES(OPTION_VECTOR, OPTION_SINCE, OPTION_TIMEOUT),
		.parse = parse,
		.run = irq_wait,
	},
	{ 0 },
};
