// SPDX-License-Identifier: GPL-2.0-or-later
/* The table of /proc/interrupts, and the folders in /proc/irq. */
#include "core/kernel/interrupts.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/base/array.h"
#include "core/kernel/sysfs.h"

/* "           CPU0       CPU1" */
static int parse_head(const char *line, struct irq_counts *c)
{
	while ((line = strstr(line, "CPU"))) {
		unsigned int *cpus = array_grow(c->cpus, c->cpu_count, sizeof(*cpus));

		if (!cpus)
			return -ENOMEM;
		c->cpus = cpus;
		line += strlen("CPU");
		cpus[c->cpu_count++] = (unsigned int)strtoul(line, NULL, 10);
	}
	return 0;
}

static const char *skip_blanks(const char *s)
{
	return s + strspn(s, " ");
}

static const char *skip_word(const char *s)
{
	return skip_blanks(s + strcspn(s, " \n"));
}

/*
 * The chip, its own number of the interrupt where it has a domain, "Edge" or "Level" where the machine tells, a dash and
 * the name of the flow where it has one ("0-edge", "0 Edge    -fasteoi"), and who handles it: show_interrupts() in
 * Linux' kernel/irq/proc.c, since Linux 7 irq_seq_show(), which pads all of it otherwise.
 */
static void parse_action(const char *s, char *action, size_t size)
{
	s = skip_word(skip_blanks(s));
	if (isdigit((unsigned char)*s))
		s = skip_word(s);
	if (strncmp(s, "Edge", 4) == 0 || strncmp(s, "Level", 5) == 0)
		s = skip_word(s);
	if (*s == '-')
		s = skip_word(s);
	snprintf(action, size, "%.*s", (int)strcspn(s, "\n"), s);
}

/* " 27:          0          3   PCI-MSI 524288-edge      virtio0-config"; 0 for a line of another kind. */
static int parse_row(const char *line, struct irq_counts *c)
{
	struct irq_row row = { .irq = 0 };
	struct irq_row *rows;
	char *end;

	line += strspn(line, " ");
	if (!isdigit((unsigned char)*line))
		return 0;
	row.irq = (unsigned int)strtoul(line, &end, 10);
	if (*end++ != ':')
		return 0;
	row.counts = calloc(c->cpu_count + 1, sizeof(*row.counts));
	rows = row.counts ? array_grow(c->rows, c->row_count, sizeof(*rows)) : NULL;
	if (!rows) {
		free(row.counts);
		return -ENOMEM;
	}
	for (size_t i = 0; i < c->cpu_count; i++)
		row.counts[i] = strtoull(end, &end, 10);
	parse_action(end, row.action, sizeof(row.action));
	c->rows = rows;
	rows[c->row_count++] = row;
	return 0;
}

static int parse_line(void *data, const char *line)
{
	struct irq_counts *c = data;

	return c->cpus ? parse_row(line, c) : parse_head(line, c);
}

int irq_counts_read(const struct context *ctx, struct irq_counts *counts)
{
	struct irq_counts c = { .row_count = 0 };
	int rc = sysfs_each_line(ctx, "/proc/interrupts", parse_line, &c);

	if (rc < 0) {
		irq_counts_free(&c);
		return rc;
	}
	*counts = c;
	return 0;
}

void irq_counts_free(struct irq_counts *c)
{
	for (size_t i = 0; i < c->row_count; i++)
		free(c->rows[i].counts);
	free(c->rows);
	free(c->cpus);
	*c = (struct irq_counts){ .row_count = 0 };
}

const struct irq_row *irq_counts_find(const struct irq_counts *c, unsigned int irq)
{
	for (size_t i = 0; i < c->row_count; i++) {
		if (c->rows[i].irq == irq)
			return &c->rows[i];
	}
	return NULL;
}

uint64_t irq_row_sum(const struct irq_counts *c, const struct irq_row *row)
{
	uint64_t sum = 0;

	for (size_t i = 0; i < c->cpu_count; i++)
		sum += row->counts[i];
	return sum;
}

static void read_list(const struct context *ctx, unsigned int irq, const char *name, struct fact_text *list)
{
	int rc = sysfs_read(ctx, list->text, sizeof(list->text), "/proc/irq/%u/%s", irq, name);

	list->reason = rc < 0 ? fact_reason(rc) : !list->text[0] ? "none" : NULL;
}

void irq_affinity_read(const struct context *ctx, unsigned int irq, struct fact_text *effective,
		       struct fact_text *allowed)
{
	read_list(ctx, irq, "effective_affinity_list", effective);
	read_list(ctx, irq, "smp_affinity_list", allowed);
}
