// SPDX-License-Identifier: GPL-2.0-or-later
/* trace record: what a driver does, by the kernel's own tracer. */
#include <stdio.h>
#include <string.h>

#include "cli/child.h"
#include "cli/cmd/trace.h"
#include "cli/device.h"
#include "cli/signals.h"
#include "core/file/output_path.h"
#include "core/control/driver_trace.h"

static const char *base_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash && slash[1] ? slash + 1 : path;
}

/* Called again and again while COMMAND runs. */
static bool collect(void *data)
{
	driver_trace_collect(data);
	return signals_stopped(NULL);
}

static void view_summary(struct invocation *inv, const struct driver_trace_summary *s)
{
	if (s->lost)
		context_log(&inv->ctx, LOG_WARN, "the kernel had no room for %llu accesses: they are missing",
			    (unsigned long long)s->lost);
	if (s->unknown)
		context_log(&inv->ctx, LOG_WARN,
			    "%llu %s that the kernel cannot follow, as those of string moves: what they read "
			    "or wrote is not in the trace",
			    (unsigned long long)s->unknown,
			    s->unknown == 1 ? "access was made by an instruction"
					    : "accesses were made by instructions");
	if (s->accesses == 0 && s->unknown == 0)
		context_log(
			&inv->ctx, LOG_WARN,
			"no access to a BAR was seen: the tracer sees what is mapped while it runs, by a driver "
			"that is loaded or bound by COMMAND");
	context_log(&inv->ctx, LOG_INFO, "%zu accesses to BARs, %zu to config space", s->accesses, s->config);
	if (!inv->json)
		return;
	writer_document(inv->out, inv->command->name);
	writer_number(inv->out, "accesses", NULL, s->accesses);
	if (s->has_config)
		writer_number(inv->out, "config", NULL, s->config);
	else
		writer_null(inv->out, "config", NULL, "kprobes could not be set");
	writer_number(inv->out, "lost", NULL, s->lost);
	writer_number(inv->out, "unknown", NULL, s->unknown);
}

/* What came is written also where COMMAND failed, or was ended. */
static int record(struct invocation *inv, struct driver_trace *t, struct trace *out)
{
	struct driver_trace_summary summary = { 0 };
	struct error error = { 0 };
	char text[256];
	int failed;
	int rc;

	failed = child_run(inv->operands, true, collect, t, text, sizeof(text), &inv->error);
	driver_trace_stop(t);
	rc = driver_trace_write(t, out, &summary, &error);
	if (rc == 0)
		view_summary(inv, &summary);
	if (failed < 0)
		return failed;
	if (rc < 0)
		inv->error = error;
	return rc;
}

static int open_output(struct invocation *inv, struct trace **out)
{
	const char *name = inv->options.output;
	bool is_stdout = !name || output_path_is_stdout(name);
	int rc;

	if (is_stdout && inv->json)
		return error_set(&inv->error, ERROR_USAGE, "bad-option",
				 "standard output cannot have both JSON and the trace: -o names it");
	rc = trace_open(&inv->ctx, is_stdout ? "/dev/stdout" : name, out, &inv->error);
	if (rc == 0)
		trace_set_command(*out, base_name(inv->operands[0]));
	return rc;
}

static void show_plan(struct invocation *inv, const struct device *device)
{
	struct writer *w = inv->out;

	writer_document(w, inv->command->name);
	writer_bool(w, "dry_run", NULL, true);
	writer_string(w, "device", "", device->name);
	writer_string(w, "command", ": record while this runs: ", inv->operands[0]);
	for (unsigned int i = 1; i < inv->operand_count; i++)
		writer_text(w, " %s", inv->operands[i]);
	writer_line(w);
}

int trace_record_run(struct invocation *inv)
{
	struct driver_trace *t = NULL;
	struct device *device = NULL;
	struct trace *out = NULL;
	struct error error = { 0 };
	int closed;
	int rc;

	rc = child_check(inv->operands[0], &inv->error);
	if (rc == 0)
		rc = command_device(inv, &device);
	if (rc == 0 && inv->dry_run) {
		show_plan(inv, device);
		goto out_close;
	}
	if (rc == 0)
		rc = open_output(inv, &out);
	if (rc < 0)
		goto out_close;
	signals_catch();
	rc = driver_trace_start(device, &t, &inv->error);
	if (rc == 0)
		rc = record(inv, t, out);
	driver_trace_close(t);
	closed = trace_close(out, &error);
	if (rc == 0 && closed < 0)
		inv->error = error;
	rc = signals_end(inv, false, rc < 0 ? rc : closed);
out_close:
	device_close(device);
	return rc;
}
