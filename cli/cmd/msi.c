// SPDX-License-Identifier: GPL-2.0-or-later
/* msi: the vectors of MSI and MSI-X as they stand in the device, and what Linux does with them. */
#include <stdlib.h>

#include "cli/command.h"
#include "cli/fields.h"
#include "cli/device.h"
#include "core/kernel/interrupts.h"
#include "core/survey/msi.h"
#include "core/base/number.h"

/* PCIe 5.0 section 7.7.2.2: an MSI-X table has at most 2048 entries */
#define VECTORS_MAX 2048

static int parse_vector(const char *text, unsigned int *vector, struct error *error)
{
	uint64_t n;
	int rc = number_parse(text, &n, error);

	if (rc < 0)
		return rc;
	if (n >= VECTORS_MAX)
		return error_set(error, ERROR_USAGE, "bad-vector", "vectors are 0 to %d, not %s",
				 VECTORS_MAX - 1, text);
	*vector = (unsigned int)n;
	return 0;
}

/* WANTED gets true for each that is named; all without operands. */
static int parse_vectors(struct invocation *inv, bool wanted[VECTORS_MAX])
{
	unsigned int vector;
	int rc = 0;

	for (unsigned int i = 0; i < VECTORS_MAX; i++)
		wanted[i] = inv->operand_count == 0;
	for (unsigned int i = 0; rc == 0 && i < inv->operand_count; i++) {
		rc = parse_vector(inv->operands[i], &vector, &inv->error);
		if (rc == 0)
			wanted[vector] = true;
	}
	return rc;
}

static int check_vectors(const struct device *device, const struct msi_table *t,
			 const bool wanted[VECTORS_MAX], bool all, struct error *error)
{
	for (unsigned int i = t->count; !all && i < VECTORS_MAX; i++) {
		if (wanted[i])
			return error_set(error, ERROR_UNSUPPORTED, "no-vector",
					 "%s: there is no vector %u; it has 0 to %u", device->name, i,
					 t->count - 1);
	}
	return 0;
}

/* --- Linux' side --------------------------------------------------------------------------------------- */

static void write_cpus(struct writer *w, const struct irq_counts *counts, const struct irq_row *row)
{
	writer_array(w, "per_cpu");
	for (size_t i = 0; i < counts->cpu_count; i++) {
		writer_object(w, NULL);
		writer_number(w, "cpu", NULL, counts->cpus[i]);
		writer_number(w, "count", NULL, row->counts[i]);
		writer_end(w);
	}
	writer_end(w);
}

static void write_count(struct writer *w, const struct irq_counts *counts, const char *reason,
			const struct irq_row *row, bool show)
{
	if (!row) {
		reason = reason ? reason : "not handled";
		writer_null(w, "action", show ? " " : NULL, reason);
		writer_null(w, "count", NULL, reason);
		writer_null(w, "per_cpu", NULL, reason);
		return;
	}
	if (row->action[0])
		writer_string(w, "action", show ? " " : NULL, row->action);
	else
		writer_null(w, "action", NULL, "not told");
	writer_number(w, "count", show ? ", count " : NULL, irq_row_sum(counts, row));
	write_cpus(w, counts, row);
}

static void write_linux(struct invocation *inv, const struct fact_number *irq,
			const struct irq_counts *counts, const char *reason, bool show)
{
	struct fact_text effective = { .reason = irq->reason };
	struct fact_text allowed = { .reason = irq->reason };
	const struct irq_row *row = NULL;
	struct writer *w = inv->out;

	field_number(w, "linux_irq", show && !irq->reason ? ", irq " : NULL, irq);
	if (irq->reason) {
		reason = irq->reason;
	} else {
		row = irq_counts_find(counts, (unsigned int)irq->value);
		irq_affinity_read(&inv->ctx, (unsigned int)irq->value, &effective, &allowed);
	}
	write_count(w, counts, reason, row, show && !irq->reason);
	field_name(w, "effective_affinity", show ? ", CPU " : NULL, &effective);
	field_name(w, "affinity", NULL, &allowed);
}

/* --- the device's -------------------------------------------------------------------------------------- */

static void write_flag(struct writer *w, const char *key, const struct fact_number *fact, const char *text)
{
	if (fact->reason) {
		writer_null(w, key, NULL, fact->reason);
		return;
	}
	writer_bool(w, key, NULL, fact->value);
	if (text && fact->value)
		writer_text(w, "%s", text);
}

/* Worth a line: it has a message, or a number, or something waits in it. */
static bool is_used(const struct msi_entry *e)
{
	return !e->irq.reason || (!e->address.reason && (e->address.value || e->data.value)) ||
	       (!e->pending.reason && e->pending.value);
}

static void write_message(struct writer *w, const struct msi_entry *e, bool show)
{
	field_hex(w, "address", show ? "" : NULL, &e->address, 8);
	field_hex(w, "data", show && !e->address.reason ? " <- " : NULL, &e->data, 4);
	write_flag(w, "masked", &e->masked, show ? ", masked" : NULL);
	write_flag(w, "pending", &e->pending, show ? ", pending" : NULL);
}

static void write_place(struct writer *w, const struct msi_table *t)
{
	if (t->kind != MSI_KIND_MSIX || t->msix.reason) {
		writer_null(w, "table", NULL, t->msix.reason ? t->msix.reason : "MSI has none");
		return;
	}
	writer_object(w, "table");
	writer_number(w, "table_bar", ", table BAR", t->msix.table_bar);
	writer_hex(w, "table_offset", "+", t->msix.table_offset, 1);
	writer_number(w, "pending_bar", ", pending BAR", t->msix.pending_bar);
	writer_hex(w, "pending_offset", "+", t->msix.pending_offset, 1);
	writer_end(w);
}

/* Of MSI's vectors the kernel may give a device fewer than it can; MSI-X' table has them all. */
static void write_size(struct writer *w, const struct msi_table *t, const char *unknown)
{
	unsigned int possible = t->kind == MSI_KIND_MSIX ? t->msix.vectors : t->msi.vectors;

	writer_number(w, "vector_count", ", vectors ", t->count);
	if (unknown)
		writer_null(w, "vectors_possible", NULL, unknown);
	else
		writer_number(w, "vectors_possible", possible != t->count ? " of " : NULL, possible);
}

static void write_state(struct writer *w, const struct msi_table *t)
{
	bool is_msix = t->kind == MSI_KIND_MSIX;
	const char *unknown = is_msix ? t->msix.reason : t->msi.reason;

	writer_string(w, "type", " ", is_msix ? "msix" : "msi");
	if (unknown) {
		writer_null(w, "enabled", NULL, unknown);
		writer_null(w, "function_masked", NULL, unknown);
	} else {
		bool on = is_msix ? t->msix.enabled : t->msi.enabled;

		writer_bool(w, "enabled", NULL, on);
		writer_text(w, " %s", on ? "on" : "off");
		if (is_msix)
			writer_bool(w, "function_masked", NULL, t->msix.masked);
		else
			writer_null(w, "function_masked", NULL, "MSI has no such bit");
		writer_text(w, "%s", is_msix && t->msix.masked ? ", all masked" : "");
	}
	write_size(w, t, unknown);
	write_place(w, t);
	writer_line(w);
}

/* Why the messages are not shown. */
static void write_reason(struct invocation *inv, const struct msi_table *t)
{
	const char *reason = t->why.kind != ERROR_NONE ? t->why.message : t->reason;
	struct writer *w = inv->out;

	if (!reason) {
		writer_null(w, "messages_problem", NULL, "none");
		return;
	}
	writer_column(w, FIELDS_COLUMN);
	writer_string(w, "messages_problem", "messages unknown: ", reason);
	writer_line(w);
	if (t->why.kind != ERROR_NONE && t->why.hint[0])
		context_log(&inv->ctx, LOG_INFO, "%s", t->why.hint);
}

static void write_table(struct invocation *inv, const struct device *device, const struct msi_table *t,
			const bool wanted[VECTORS_MAX])
{
	struct irq_counts counts = { .row_count = 0 };
	int rc = irq_counts_read(&inv->ctx, &counts);
	bool all = inv->operand_count || inv->verbosity > 0;
	struct writer *w = inv->out;

	writer_document(w, inv->command->name);
	writer_string(w, "address", "", device->name);
	write_state(w, t);
	write_reason(inv, t);
	writer_string(w, "irqs_by", NULL, t->irqs_by_order ? "order" : "hwirq");
	writer_array(w, "vectors");
	for (unsigned int i = 0; i < t->count; i++) {
		const struct msi_entry *e = &t->entries[i];
		bool show = all || is_used(e);

		if (!wanted[i])
			continue;
		writer_object(w, NULL);
		writer_number(w, "vector", show ? "vector " : NULL, i);
		if (show)
			writer_column(w, FIELDS_COLUMN);
		write_message(w, e, show);
		write_linux(inv, &e->irq, &counts, rc < 0 ? fact_reason(rc) : NULL, show);
		writer_end(w);
		if (show)
			writer_line(w);
	}
	irq_counts_free(&counts);
}

static int run_show(struct invocation *inv)
{
	bool wanted[VECTORS_MAX];
	struct device *device = NULL;
	struct msi_table t;
	int rc;

	rc = parse_vectors(inv, wanted);
	if (rc == 0)
		rc = command_device(inv, &device);
	if (rc < 0)
		return rc;
	rc = msi_table_read(device, &t, &inv->error);
	if (rc < 0)
		goto out_close;
	rc = check_vectors(device, &t, wanted, inv->operand_count == 0, &inv->error);
	if (rc == 0)
		write_table(inv, device, &t, wanted);
	msi_table_free(&t);
out_close:
	device_close(device);
	return rc;
}

const struct command msi_commands[] = {
	{
		.name = "msi show",
		.operands = "[VECTOR...]",
		.summary = "Show the MSI-X table or MSI's registers, with Linux' numbers and counts",
		.details =
			"Address and data of each vector, masked, pending; the interrupt number, who "
			"handles it, how often it came, on which CPU. MSI-X is read behind its BAR, beside "
			"a driver if the kernel lets; where it does not, Linux' side is shown. In the text "
			"vectors that are not in use are left out, unless they are named or -v is given.",
		.max_operands = COMMAND_MANY,
		.pages = true,
		.run = run_show,
	},
	{ 0 },
};
