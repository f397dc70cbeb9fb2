// SPDX-License-Identifier: GPL-2.0-or-later
/* What dma capture and dma play show: the plan, the progress, the result. */
#include "cli/cmd/capture_report.h"

#include <stdio.h>
#include <string.h>

static uint64_t rate(const struct capture_result *r)
{
	return r->time ? (uint64_t)((double)r->bytes * 1e9 / (double)r->time) : 0;
}

void capture_show_progress(const struct capture_result *r)
{
	char lost[24] = "unknown";

	if (!r->lost_reason)
		snprintf(lost, sizeof(lost), "%llu", (unsigned long long)r->lost);
	fprintf(stderr, "\r\033[K%.1f MiB, %.1f MiB/s, lost %s", (double)r->bytes / 1048576,
		(double)rate(r) / 1048576, lost);
	fflush(stderr);
}

void capture_clear_progress(void)
{
	fputs("\r\033[K", stderr);
}

static void show_result(struct writer *w, const char *name, const struct capture_result *r)
{
	writer_document(w, name);
	writer_number(w, "bytes", "", r->bytes);
	writer_number(w, "blocks", " bytes, blocks ", r->blocks);
	writer_real(w, "seconds", ", seconds ", (double)r->time / 1e9);
	writer_number(w, "rate", ", bytes/s ", rate(r));
	if (r->lost_reason)
		writer_null(w, "lost", ", lost unknown: ", r->lost_reason);
	else
		writer_number(w, "lost", ", lost ", r->lost);
	writer_number(w, "overruns", NULL, r->overruns);
	writer_bool(w, "stopped", NULL, r->stopped);
	writer_line(w);
}

void capture_show_result(struct invocation *inv, const struct capture_config *config,
			 const struct capture_result *r)
{
	struct writer *w;

	if (config->play || strcmp(config->file, "-") != 0) {
		show_result(inv->out, inv->command->name, r);
	} else if (inv->verbosity >= 0 && writer_open(stderr, false, &w) == 0) {
		show_result(w, inv->command->name, r);
		writer_close(w);
	}
}

static void show_hook(void *data, enum capture_hook hook, const char *target, const char *value)
{
	struct writer *w = data;

	writer_object(w, NULL);
	writer_string(w, "hook", "", capture_hook_name(hook));
	writer_column(w, 10);
	writer_string(w, "target", "", target);
	writer_string(w, "value", " <- ", value);
	writer_line(w);
	writer_end(w);
}

int capture_show_plan(struct invocation *inv, const struct capture_config *config, struct device *device)
{
	writer_document(inv->out, inv->command->name);
	writer_array(inv->out, "plan");
	return capture_plan(config, device, show_hook, inv->out, &inv->error);
}
