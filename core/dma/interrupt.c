// SPDX-License-Identifier: GPL-2.0-or-later
/* Interrupts, whichever way leads to them (client.h). */
#include "core/dma/interrupt.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "core/dma/client.h"

static const char *const names[] = {
	[INTERRUPT_NONE] = "none", [INTERRUPT_INTX] = "intx", [INTERRUPT_MSI] = "msi",
	[INTERRUPT_MSIX] = "msix", [INTERRUPT_AUTO] = "auto",
};

/* As the specification writes them. */
static const char *const spec_names[] = {
	[INTERRUPT_NONE] = "no interrupts", [INTERRUPT_INTX] = "INTx",	     [INTERRUPT_MSI] = "MSI",
	[INTERRUPT_MSIX] = "MSI-X",	    [INTERRUPT_AUTO] = "interrupts",
};

const char *interrupt_type_name(enum interrupt_type type)
{
	return names[type];
}

int interrupt_type_parse(const char *text, enum interrupt_type *type, struct error *error)
{
	for (unsigned int i = INTERRUPT_INTX; i <= INTERRUPT_AUTO; i++) {
		if (strcmp(text, names[i]) == 0) {
			*type = (enum interrupt_type)i;
			return 0;
		}
	}
	return error_set(error, ERROR_USAGE, "bad-option", "'%s' is none of auto, intx, msi, msix", text);
}

int interrupt_state(struct buffer_client *client, struct interrupt_state *state, struct error *error)
{
	int rc;

	error->kind = ERROR_NONE;
	rc = client->ops->irq_state(client, state, error);
	return rc < 0 ? client_failed(client, rc, "asking for its interrupts", error) : 0;
}

static int not_enabled(struct buffer_client *client, struct error *error)
{
	int rc = error_set(error, ERROR_FAILED, "irq-not-enabled", "%s: interrupts are not enabled",
			   client->device->name);

	error_hint(error, "enable them with 'pcietool -s %s irq enable'", client->device->name);
	return rc;
}

static unsigned int available(const struct interrupt_state *state, enum interrupt_type type)
{
	switch (type) {
	case INTERRUPT_INTX:
		return state->intx_available;
	case INTERRUPT_MSI:
		return state->msi_available;
	case INTERRUPT_MSIX:
		return state->msix_available;
	default:
		return 0;
	}
}

static int choose(struct buffer_client *client, const struct interrupt_state *state,
		  enum interrupt_type *type, struct error *error)
{
	static const enum interrupt_type order[] = { INTERRUPT_MSIX, INTERRUPT_MSI, INTERRUPT_INTX };

	for (size_t i = 0; i < sizeof(order) / sizeof(order[0]); i++) {
		if (available(state, order[i])) {
			*type = order[i];
			return 0;
		}
	}
	return error_set(error, ERROR_UNSUPPORTED, "no-interrupt",
			 "%s: the device has no interrupt: no MSI-X, no MSI, no INTx that can be masked",
			 client->device->name);
}

static int enabled_already(struct buffer_client *client, const struct interrupt_state *state,
			   struct error *error)
{
	int rc = error_set(error, ERROR_FAILED, "irq-enabled", "%s: %s is enabled already, %u vector%s",
			   client->device->name, spec_names[state->type], state->vectors,
			   state->vectors == 1 ? "" : "s");

	error_hint(error, "its counts go on; to start anew: 'pcietool -s %s irq disable'",
		   client->device->name);
	return rc;
}

static int too_few(struct buffer_client *client, enum interrupt_type type, unsigned int vectors,
		   unsigned int have, struct error *error)
{
	const char *device = client->device->name;
	int rc;

	if (vectors > have) {
		rc = error_set(error, ERROR_UNSUPPORTED, "no-vector",
			       "%s: the device has %u %s vector%s, not %u", device, have, spec_names[type],
			       have == 1 ? "" : "s", vectors);
		error_hint(error, "'pcietool -s %s irq enable --vectors %u'", device, have);
		return rc;
	}
	rc = error_set(error, ERROR_UNSUPPORTED, "no-vector", "%s: the kernel does not give it %u %s vectors",
		       device, vectors ? vectors : 1, spec_names[type]);
	if (type == INTERRUPT_MSI)
		error_hint(error,
			   "more than one MSI vector takes interrupt remapping (intel_iommu=on), and there "
			   "are powers of two only");
	return rc;
}

static int no_such_type(struct buffer_client *client, enum interrupt_type type, struct error *error)
{
	if (client->ops->irq_is_fixed)
		return error_set(error, ERROR_UNSUPPORTED, "no-interrupt",
				 "%s: over %s there is one interrupt, as INTx; no MSI, no MSI-X",
				 client->device->name, client->ops->name);
	return error_set(error, ERROR_UNSUPPORTED, "no-interrupt", "%s: the device has no %s%s",
			 client->device->name, spec_names[type],
			 type == INTERRUPT_INTX ? " that can be masked" : "");
}

static int explain_enable(struct buffer_client *client, enum interrupt_type type, unsigned int vectors,
			  unsigned int have, int rc, struct error *error)
{
	struct interrupt_state state;
	struct error ignored;

	if (error->kind != ERROR_NONE)
		return rc;
	switch (rc) {
	case -EBUSY:
		/* another process came in between; or a line that a driver does not share */
		if (interrupt_state(client, &state, &ignored) == 0 && state.type != INTERRUPT_NONE)
			return enabled_already(client, &state, error);
		break;
	case -EOPNOTSUPP:
		return no_such_type(client, type, error);
	case -ENOSPC:
		return too_few(client, type, vectors, have, error);
	default:
		break;
	}
	return client_failed(client, rc, "enabling interrupts", error);
}

int interrupt_unclaimed(const struct buffer_client *client, const struct interrupt_state *state,
			struct error *error)
{
	const char *device = client->device->name;
	int rc;

	rc = error_set(
		error, ERROR_FAILED, "irq-unclaimed",
		"%s: its interrupt line was asserted %u times in a row, and neither the device's Interrupt Status "
		"(PCI Status, bit 3) nor a driver of a neighbour on the line claimed that: INTx is masked now, as the "
		"kernel would turn the line off for all on it",
		device, state->unclaimed);
	if (state->msix_available || state->msi_available)
		error_hint(
			error,
			"a device that asserts INTx has to set that bit; 'pcietool -s %s irq enable --type %s' needs "
			"neither (after 'irq disable')",
			device, interrupt_type_name(state->msix_available ? INTERRUPT_MSIX : INTERRUPT_MSI));
	else
		error_hint(
			error,
			"a device that asserts INTx has to set that bit, and this one has no MSI; or the line "
			"is a neighbour's: /proc/interrupts names those that share it");
	return rc;
}

/* How long a thousand interrupts take at most, each with some reads of config space of a microsecond. */
#define UNCLAIMED_NS 20000000

/* A line that was asserted before it was enabled. Without a count of these nothing is known. */
static int check_unclaimed(struct buffer_client *client, struct error *error)
{
	const struct timespec pause = { .tv_nsec = UNCLAIMED_NS };
	struct interrupt_state state;
	struct error ignored;

	nanosleep(&pause, NULL);
	if (interrupt_state(client, &state, &ignored) < 0 || !state.unclaimed)
		return 0;
	client->ops->irq_disable(client, &ignored);
	return interrupt_unclaimed(client, &state, error);
}

/* All that the device has, or as many of them as the kernel has room for. */
static int enable_all(struct buffer_client *client, enum interrupt_type type, unsigned int have,
		      unsigned int *count, struct error *error)
{
	unsigned int n = 1;
	int rc;

	rc = client->ops->irq_enable(client, type, 0, count, error);
	while (n < have)
		n *= 2;
	for (; rc == -ENOSPC && n > 1; n /= 2)
		rc = client->ops->irq_enable(client, type, n / 2, count, error);
	if (rc == 0 && *count < have)
		context_log(client->device->ctx, LOG_WARN,
			    "%s: the kernel gives only %u of its %u %s vectors", client->device->name, *count,
			    have, spec_names[type]);
	return rc;
}

/* What is known before: they are not enabled yet, and which *TYPE it would be. */
static int begin_enable(struct buffer_client *client, struct interrupt_state *state,
			enum interrupt_type *type, struct error *error)
{
	int rc = interrupt_state(client, state, error);

	if (rc < 0)
		return rc;
	if (state->type != INTERRUPT_NONE && !client->ops->irq_is_fixed)
		return enabled_already(client, state, error);
	return *type == INTERRUPT_AUTO ? choose(client, state, type, error) : 0;
}

int interrupt_enable_check(struct buffer_client *client, enum interrupt_type type, unsigned int vectors,
			   enum interrupt_type *enabled, unsigned int *count, struct error *error)
{
	struct interrupt_state state;
	int rc = begin_enable(client, &state, &type, error);
	unsigned int have;

	if (rc < 0)
		return rc;
	have = available(&state, type);
	if (!have)
		return no_such_type(client, type, error);
	if (vectors > have)
		return too_few(client, type, vectors, have, error);
	*enabled = type;
	*count = vectors ? vectors : have;
	return 0;
}

int interrupt_enable(struct buffer_client *client, enum interrupt_type type, unsigned int vectors,
		     enum interrupt_type *enabled, unsigned int *count, struct error *error)
{
	struct interrupt_state state;
	char place[16];
	unsigned int n = 0;
	int rc;

	rc = begin_enable(client, &state, &type, error);
	if (rc < 0)
		return rc;
	error->kind = ERROR_NONE;
	rc = vectors ? client->ops->irq_enable(client, type, vectors, &n, error)
		     : enable_all(client, type, available(&state, type), &n, error);
	if (rc < 0)
		return explain_enable(client, type, vectors, available(&state, type), rc, error);
	if (type == INTERRUPT_INTX && client->ops->irq_counts_unclaimed)
		rc = check_unclaimed(client, error);
	if (rc < 0)
		return rc;
	*enabled = type;
	*count = n;
	snprintf(place, sizeof(place), "irq:%s", interrupt_type_name(type));
	return client_traced(client, TRACE_ENABLE, place, 0, n, 0, NULL);
}

int interrupt_disable_check(struct buffer_client *client, struct error *error)
{
	struct interrupt_state state;
	int rc = interrupt_state(client, &state, error);

	return rc == 0 && state.type == INTERRUPT_NONE ? not_enabled(client, error) : rc;
}

int interrupt_disable(struct buffer_client *client, struct error *error)
{
	int rc;

	error->kind = ERROR_NONE;
	rc = client->ops->irq_disable(client, error);
	if (rc == -EINVAL && error->kind == ERROR_NONE)
		return not_enabled(client, error);
	if (rc < 0)
		return client_failed(client, rc, "disabling interrupts", error);
	return client_traced(client, TRACE_DISABLE, "irq", 0, 0, 0, NULL);
}

static int explain_vector(struct buffer_client *client, unsigned int vector, int rc, struct error *error)
{
	struct interrupt_state state;

	if (error->kind != ERROR_NONE)
		return rc;
	if (rc == -ENODATA)
		return not_enabled(client, error);
	if (rc == -EIO && interrupt_state(client, &state, error) == 0 && state.unclaimed)
		return interrupt_unclaimed(client, &state, error);
	if (rc != -ERANGE)
		return client_failed(client, rc, "asking for an interrupt", error);
	rc = interrupt_state(client, &state, error);
	if (rc < 0)
		return rc;
	/* disabled in between */
	if (state.vectors == 0)
		return not_enabled(client, error);
	if (state.vectors == 1)
		rc = error_set(error, ERROR_UNSUPPORTED, "no-vector",
			       "%s: there is no vector %u: only vector 0 is enabled", client->device->name,
			       vector);
	else
		rc = error_set(error, ERROR_UNSUPPORTED, "no-vector",
			       "%s: there is no vector %u: 0 to %u are enabled", client->device->name, vector,
			       state.vectors - 1);
	error_hint(error, "'pcietool -s %s irq list' shows them", client->device->name);
	return rc;
}

int interrupt_count(struct buffer_client *client, unsigned int vector, uint64_t *count,
		    unsigned int *linux_irq, struct error *error)
{
	int rc;

	error->kind = ERROR_NONE;
	rc = client->ops->irq_count(client, vector, count, linux_irq, error);
	return rc < 0 ? explain_vector(client, vector, rc, error) : 0;
}

/* A capture waits for each block: without a trace nothing is made for it. Returns RC. */
static int trace_wait(const struct buffer_client *client, unsigned int vector, uint64_t count, int rc,
		      const struct error *error)
{
	char place[16];

	if (!client->device->ctx->trace)
		return rc;
	snprintf(place, sizeof(place), "irq:%u", vector);
	return client_traced(client, TRACE_INTERRUPT, place, 0, count, rc, error);
}

int interrupt_wait(struct buffer_client *client, unsigned int vector, uint64_t since, uint64_t timeout,
		   uint64_t *count, struct error *error)
{
	int rc;

	error->kind = ERROR_NONE;
	rc = client->ops->irq_wait(client, vector, since, timeout, count, error);
	if (rc == 0)
		return trace_wait(client, vector, *count, 0, NULL);
	if (rc == -EINTR)
		return rc;
	if (rc == -ETIME) {
		error_set(error, ERROR_TIMEOUT, "timeout",
			  "%s: no interrupt on vector %u in time, the count is %llu", client->device->name,
			  vector, (unsigned long long)*count);
		return trace_wait(client, vector, 0, -ETIME, error);
	}
	return explain_vector(client, vector, rc, error);
}

int interrupt_fd(struct buffer_client *client, unsigned int vector, int *fd, struct error *error)
{
	int rc = -EOPNOTSUPP;

	error->kind = ERROR_NONE;
	if (client->ops->irq_fd)
		rc = client->ops->irq_fd(client, vector, fd, error);
	if (rc == -EOPNOTSUPP && error->kind == ERROR_NONE)
		return error_set(error, ERROR_UNSUPPORTED, "no-descriptor",
				 "%s: over %s there is no descriptor for an interrupt", client->device->name,
				 client->ops->name);
	return rc < 0 ? explain_vector(client, vector, rc, error) : 0;
}
