// SPDX-License-Identifier: GPL-2.0-or-later
/* Linux' tracers, set to watch one device: started, emptied, put back. */
#include "core/control/driver_trace.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/base/array.h"
#include "core/base/text_buffer.h"
#include "core/control/driver_trace_internal.h"
#include "core/kernel/sysfs.h"

#define TRACING "/sys/kernel/tracing"
/* an instance of its own for config space: mmiotrace shows no other events (trace_mmiotrace.c, mmio_print_line()) */
#define INSTANCE TRACING "/instances/pcietool"
#define CPUS_ONLINE "/sys/devices/system/cpu/online"
/* of the one CPU that stays, in KiB: an access is some 60 bytes, and it is emptied all the time */
#define BUFFER_KB "65536"
#define CPU0_BUFFER TRACING "/per_cpu/cpu0/buffer_size_kb"
#define SETTING_SIZE 64

struct driver_trace {
	struct device *device;
	struct bar bars[DEVICE_BARS + 1];
	int lock; /* the folder; locked as long as we trace */
	int mmio; /* trace_pipe of each; -1: not open */
	int config;
	bool is_running;
	bool has_config;
	char buffer[SETTING_SIZE]; /* what was set before */
	char clock[SETTING_SIZE];
	char on[SETTING_SIZE];
	char cpus[SETTING_SIZE * 4];
	struct text_buffer mmio_text;
	struct text_buffer config_text;
	struct driver_access *list;
	size_t count;
};

/* The functions that drivers' pci_read_config_word() and the like end in; the arguments of the x86-64 ABI. */
static const struct {
	const char *function;
	const char *event; /* DRIVER_TRACE_EVENT and what is behind it */
} probes[] = {
	{ "pci_bus_read_config_byte", "r8" },	{ "pci_bus_read_config_word", "r16" },
	{ "pci_bus_read_config_dword", "r32" }, { "pci_bus_write_config_byte", "w8" },
	{ "pci_bus_write_config_word", "w16" }, { "pci_bus_write_config_dword", "w32" },
};
#define PROBES (sizeof(probes) / sizeof(probes[0]))
/* for the pointer by which the kernel knows our device's bus: it is behind a list_head in struct pci_dev (linux/pci.h) */
#define BUS_PROBE "pcietool_bus"

/* --- settings ------------------------------------------------------------------------------------------- */

static int set(const struct driver_trace *t, const char *value, const char *path)
{
	return sysfs_write(t->device->ctx, value, "%s", path);
}

/* The one in brackets of "[local] global mono". */
static void keep_clock(struct driver_trace *t)
{
	char text[512] = "";
	char *start;
	char *end;

	snprintf(t->clock, sizeof(t->clock), "local");
	if (sysfs_read(t->device->ctx, text, sizeof(text), TRACING "/trace_clock") < 0)
		return;
	start = strchr(text, '[');
	end = start ? strchr(start, ']') : NULL;
	if (end)
		snprintf(t->clock, sizeof(t->clock), "%.*s", (int)(end - start - 1), start + 1);
}

/* "1408 (expanded: 1408)" before it is first used, "X" where CPUs differ */
static void keep_buffer(struct driver_trace *t)
{
	const char *expanded;

	if (sysfs_read(t->device->ctx, t->buffer, sizeof(t->buffer), CPU0_BUFFER) < 0)
		t->buffer[0] = '\0';
	expanded = strstr(t->buffer, "expanded: ");
	if (expanded)
		memmove(t->buffer, expanded + 10, strlen(expanded + 10) + 1);
	t->buffer[strspn(t->buffer, "0123456789")] = '\0';
}

/* "trace-cmd stop", and whoever looks at what a buffer has, leaves it off. */
static void keep_on(struct driver_trace *t)
{
	if (sysfs_read(t->device->ctx, t->on, sizeof(t->on), TRACING "/tracing_on") < 0)
		snprintf(t->on, sizeof(t->on), "1");
}

static int has_tracer(const struct driver_trace *t, struct error *error)
{
	char tracers[256] = "";
	int rc = sysfs_read(t->device->ctx, tracers, sizeof(tracers), TRACING "/available_tracers");

	if (rc == -ENOENT) {
		rc = error_set(error, ERROR_UNSUPPORTED, "no-tracefs",
			       "tracing: there is no " TRACING "/available_tracers");
		error_hint(error, "mount -t tracefs tracefs " TRACING);
		return rc;
	}
	if (rc < 0)
		return error_errno(error, rc, TRACING);
	if (!strstr(tracers, "mmiotrace")) {
		rc = error_set(error, ERROR_UNSUPPORTED, "no-mmiotrace",
			       "this kernel has no tracer mmiotrace (CONFIG_MMIOTRACE, on x86 only)");
		error_hint(error, "what pcietool's own commands do is recorded with --trace everywhere");
		return rc;
	}
	return 0;
}

static int lock(struct driver_trace *t, struct error *error)
{
	t->lock = sysfs_open(t->device->ctx, O_RDONLY | O_DIRECTORY, TRACING);
	if (t->lock < 0)
		return error_errno(error, t->lock, TRACING);
	if (flock(t->lock, LOCK_EX | LOCK_NB) < 0)
		return error_set(error, ERROR_DENIED, "tracer-busy", "another 'trace record' is running");
	return 0;
}

/* --- config space ------------------------------------------------------------------------------------------ */

static void remove_probes(const struct driver_trace *t)
{
	const struct context *ctx = t->device->ctx;
	char path[128];

	sysfs_write(ctx, "0", INSTANCE "/events/pcietool/enable");
	if (sysfs_path(ctx, path, sizeof(path), INSTANCE) == 0)
		rmdir(path);
	for (size_t i = 0; i < PROBES; i++) {
		char line[64];
		int fd = sysfs_open(ctx, O_WRONLY | O_APPEND, TRACING "/kprobe_events");

		snprintf(line, sizeof(line), "-:pcietool/" DRIVER_TRACE_EVENT "%s", probes[i].event);
		if (fd >= 0 && write(fd, line, strlen(line)) < 0)
			context_log(ctx, LOG_INFO, "removing a kprobe: %s", strerror(errno));
		if (fd >= 0)
			close(fd);
	}
}

static int add_probe(const struct driver_trace *t, const char *line)
{
	int fd = sysfs_open(t->device->ctx, O_WRONLY | O_APPEND, TRACING "/kprobe_events");
	int rc = 0;

	if (fd < 0)
		return fd;
	if (write(fd, line, strlen(line)) < 0)
		rc = error_last();
	close(fd);
	return rc;
}

static int add_probes(const struct driver_trace *t)
{
	int rc = 0;

	for (size_t i = 0; rc == 0 && i < PROBES; i++) {
		char line[160];

		snprintf(line, sizeof(line),
			 "p:pcietool/" DRIVER_TRACE_EVENT
			 "%s %s bus=%%di:x64 devfn=%%si:u32 where=%%dx:x32 value=%%cx:x64",
			 probes[i].event, probes[i].function);
		rc = add_probe(t, line);
	}
	return rc;
}

/* What is new in FD. */
static void take(int fd, struct text_buffer *text)
{
	char bytes[65536];
	ssize_t n;

	while (fd >= 0 && ((n = read(fd, bytes, sizeof(bytes))) > 0 || (n < 0 && errno == EINTR))) {
		if (n > 0)
			text_buffer_add(text, bytes, (size_t)n);
	}
}

/* By one read of the device's id, which is made before anything is recorded. */
static bool learn_bus(const struct driver_trace *t, char bus[SETTING_SIZE])
{
	const struct context *ctx = t->device->ctx;
	struct text_buffer text = { 0 };
	struct error ignored;
	uint32_t id;
	char *found;

	if (add_probe(t, "p:pcietool/" BUS_PROBE " pci_user_read_config_dword bus=+16(%di):x64") < 0)
		return false;
	if (sysfs_write(ctx, "1", INSTANCE "/events/pcietool/" BUS_PROBE "/enable") == 0 &&
	    device_config_read(t->device, 0, 32, &id, &ignored) == 0)
		take(t->config, &text);
	sysfs_write(ctx, "0", INSTANCE "/events/pcietool/" BUS_PROBE "/enable");
	add_probe(t, "-:pcietool/" BUS_PROBE);
	text_buffer_add(&text, "", 1);
	found = text.failed ? NULL : strstr(text.bytes, " bus=0x");
	if (found)
		snprintf(bus, SETTING_SIZE, "%.*s", (int)strspn(found + 5, "0123456789abcdefx"), found + 5);
	text_buffer_free(&text);
	return found != NULL;
}

static int filter_probes(const struct driver_trace *t, const char *bus)
{
	unsigned int devfn = (unsigned int)t->device->address.device << 3 | t->device->address.function;
	int rc = 0;

	for (size_t i = 0; rc == 0 && i < PROBES; i++) {
		char filter[SETTING_SIZE * 2];

		snprintf(filter, sizeof(filter), "bus == %s && devfn == %u", bus, devfn);
		rc = sysfs_write(t->device->ctx, filter,
				 INSTANCE "/events/pcietool/" DRIVER_TRACE_EVENT "%s/filter",
				 probes[i].event);
	}
	return rc;
}

/* Without it there still is a trace. */
static void start_config(struct driver_trace *t)
{
	const struct context *ctx = t->device->ctx;
	char bus[SETTING_SIZE];
	char path[128];
	int rc;

	rc = sysfs_path(ctx, path, sizeof(path), INSTANCE);
	if (rc == 0 && mkdir(path, 0700) < 0)
		rc = error_last();
	if (rc == 0)
		rc = set(t, "mono", INSTANCE "/trace_clock");
	if (rc == 0)
		rc = add_probes(t);
	if (rc == 0)
		rc = t->config = sysfs_open(ctx, O_RDONLY | O_NONBLOCK, INSTANCE "/trace_pipe");
	if (rc >= 0)
		rc = learn_bus(t, bus) ? filter_probes(t, bus) : -ENOENT;
	if (rc == 0)
		rc = set(t, "1", INSTANCE "/events/pcietool/enable");
	t->has_config = rc == 0;
	if (rc < 0)
		context_log(ctx, LOG_WARN, "config space is not recorded: kprobes: %s", strerror(-rc));
}

/* --- start and end --------------------------------------------------------------------------------------- */

/* One that was killed has left its tracer on. */
static int check_free(struct driver_trace *t, struct error *error)
{
	const struct context *ctx = t->device->ctx;
	char tracer[SETTING_SIZE] = "";
	char path[128];
	int rc = sysfs_read(ctx, tracer, sizeof(tracer), TRACING "/current_tracer");

	if (rc < 0)
		return error_errno(error, rc, TRACING "/current_tracer");
	if (sysfs_path(ctx, path, sizeof(path), INSTANCE) == 0 && access(path, F_OK) == 0) {
		context_log(ctx, LOG_NOTE, "a 'trace record' that was killed is cleaned up behind");
		if (strcmp(tracer, "mmiotrace") == 0)
			set(t, "nop", TRACING "/current_tracer");
		/* what was set before it is not known: the kernel's defaults (Linux kernel/trace/trace.c) */
		set(t, "1", TRACING "/tracing_on");
		set(t, "local", TRACING "/trace_clock");
		set(t, "1408", CPU0_BUFFER);
		remove_probes(t);
		rc = sysfs_read(ctx, tracer, sizeof(tracer), TRACING "/current_tracer");
	}
	if (rc == 0 && strcmp(tracer, "nop") == 0)
		return 0;
	rc = error_set(error, ERROR_DENIED, "tracer-busy", "the kernel's tracer is in use: it is set to %s",
		       tracer);
	error_hint(error, "end that with 'echo nop >" TRACING "/current_tracer'");
	return rc;
}

static int start_mmio(struct driver_trace *t, struct error *error)
{
	const struct context *ctx = t->device->ctx;
	int rc;

	keep_clock(t);
	keep_buffer(t);
	keep_on(t);
	t->is_running = true;
	rc = set(t, "mono", TRACING "/trace_clock");
	/* less room is no failure: what is lost is counted */
	if (rc == 0)
		set(t, BUFFER_KB, CPU0_BUFFER);
	if (rc == 0)
		rc = set(t, "1", TRACING "/tracing_on");
	if (rc == 0)
		rc = set(t, "mmiotrace", TRACING "/current_tracer");
	if (rc == 0)
		rc = t->mmio = sysfs_open(ctx, O_RDONLY | O_NONBLOCK, TRACING "/trace_pipe");
	if (rc < 0)
		return error_errno(error, rc, "starting the kernel's tracer mmiotrace");
	return 0;
}

int driver_trace_start(struct device *device, struct driver_trace **trace, struct error *error)
{
	struct driver_trace *t = calloc(1, sizeof(*t));
	int rc;

	if (!t)
		return error_errno(error, -ENOMEM, "%s", device->name);
	t->device = device;
	t->lock = t->mmio = t->config = -1;
	rc = device_bars(device, t->bars, error);
	if (rc == 0)
		rc = has_tracer(t, error);
	if (rc == 0)
		rc = lock(t, error);
	if (rc == 0)
		rc = check_free(t, error);
	if (rc == 0)
		rc = sysfs_read(device->ctx, t->cpus, sizeof(t->cpus), CPUS_ONLINE);
	if (rc == 0) {
		start_config(t);
		rc = start_mmio(t, error);
	}
	if (rc < 0) {
		driver_trace_close(t);
		return rc;
	}
	*trace = t;
	return 0;
}

void driver_trace_collect(struct driver_trace *t)
{
	take(t->mmio, &t->mmio_text);
	take(t->config, &t->config_text);
}

/* The kernel brings them back by itself when the tracer ends; this is for where it could not. */
static void check_cpus(const struct driver_trace *t)
{
	const struct context *ctx = t->device->ctx;
	char now[sizeof(t->cpus)] = "";

	if (sysfs_read(ctx, now, sizeof(now), CPUS_ONLINE) < 0 || strcmp(now, t->cpus) == 0)
		return;
	for (const char *c = t->cpus; *c;) {
		char *end;
		unsigned long first = strtoul(c, &end, 10);
		unsigned long last = *end == '-' ? strtoul(end + 1, &end, 10) : first;

		for (unsigned long i = first; i <= last; i++)
			sysfs_write(ctx, "1", "/sys/devices/system/cpu/cpu%lu/online", i);
		c = *end ? end + 1 : end;
	}
	if (sysfs_read(ctx, now, sizeof(now), CPUS_ONLINE) < 0 || strcmp(now, t->cpus) != 0)
		context_log(ctx, LOG_WARN, "CPUs %s were online, now it is %s: see " CPUS_ONLINE, t->cpus,
			    now);
}

void driver_trace_stop(struct driver_trace *t)
{
	const struct context *ctx = t->device->ctx;
	int rc;

	if (!t->is_running)
		return;
	t->is_running = false;
	if (t->has_config)
		set(t, "0", INSTANCE "/events/pcietool/enable");
	/* setting another tracer empties the buffer */
	set(t, "0", TRACING "/tracing_on");
	driver_trace_collect(t);
	if (t->mmio >= 0)
		close(t->mmio);
	if (t->config >= 0)
		close(t->config);
	t->mmio = t->config = -1;
	rc = set(t, "nop", TRACING "/current_tracer");
	if (rc < 0)
		context_log(ctx, LOG_WARN, TRACING "/current_tracer: %s", strerror(-rc));
	set(t, t->on, TRACING "/tracing_on");
	set(t, t->clock, TRACING "/trace_clock");
	if (t->buffer[0])
		set(t, t->buffer, CPU0_BUFFER);
	remove_probes(t);
	check_cpus(t);
}

void driver_trace_close(struct driver_trace *t)
{
	if (!t)
		return;
	driver_trace_stop(t);
	if (t->config >= 0)
		close(t->config);
	if (t->lock >= 0)
		close(t->lock);
	text_buffer_free(&t->mmio_text);
	text_buffer_free(&t->config_text);
	free(t->list);
	free(t);
}

/* --- what came --------------------------------------------------------------------------------------------- */

static int add(struct driver_trace *t, const struct driver_access *access)
{
	struct driver_access *grown = array_grow(t->list, t->count, sizeof(*grown));

	if (!grown)
		return -ENOMEM;
	t->list = grown;
	grown[t->count++] = *access;
	return 0;
}

static int parse(struct driver_trace *t, struct text_buffer *text, bool is_config)
{
	char *next;
	int rc = 0;

	text_buffer_add(text, "", 1);
	if (text->failed)
		return -ENOMEM;
	for (char *line = text->bytes; rc == 0 && line; line = next) {
		struct driver_access access;

		next = strchr(line, '\n');
		if (next)
			*next++ = '\0';
		if (is_config ? driver_trace_config_line(line, &access)
			      : driver_trace_mmio_line(line, t->bars, &access)) {
			/* of a loss in config space only what is around it says when it was */
			if (!access.time && t->count)
				access.time = t->list[t->count - 1].time;
			rc = add(t, &access);
		}
	}
	return rc;
}

static int by_time(const void *a, const void *b)
{
	const struct driver_access *x = a;
	const struct driver_access *y = b;

	return x->time < y->time ? -1 : x->time > y->time;
}

/* Of COUNT accesses in a row; what the trace has of them is that they are missing. */
static void write_unknown(const struct driver_access *a, uint64_t count, struct trace *out)
{
	char text[160];

	snprintf(text, sizeof(text),
		 "%u:0x%llx: what %llu access%s read or wrote is not known, the kernel could not follow the "
		 "instruction %s",
		 a->bar, (unsigned long long)a->offset, (unsigned long long)count, count == 1 ? "" : "es",
		 a->code);
	trace_comment(out, text);
}

/* Accesses to one BAR by one instruction that follow each other, as a string move's do, are one line: how many? */
static size_t count_unknown(const struct driver_trace *t, size_t start)
{
	const struct driver_access *first = &t->list[start];
	size_t end = start + 1;

	while (end < t->count && t->list[end].is_unknown && t->list[end].bar == first->bar &&
	       strcmp(t->list[end].code, first->code) == 0)
		end++;
	return end - start;
}

static void write_access(const struct driver_trace *t, const struct driver_access *a, struct trace *out)
{
	char place[8] = "config:";

	if (!a->is_config)
		snprintf(place, sizeof(place), "%u:", a->bar);
	trace_record(out, &(struct trace_access){
				  .op = a->op,
				  .device = t->device->name,
				  .place = place,
				  .has_offset = true,
				  .offset = a->offset,
				  .width = a->width,
				  .has_value = a->has_value || a->op == TRACE_LOST,
				  .value = a->value,
				  .time = a->time,
				  .has_process = true,
				  .process = a->process,
			  });
}

int driver_trace_write(struct driver_trace *t, struct trace *out, struct driver_trace_summary *summary,
		       struct error *error)
{
	int rc = parse(t, &t->mmio_text, false);

	if (rc == 0)
		rc = parse(t, &t->config_text, true);
	if (rc < 0)
		return error_errno(error, rc, "%s: the kernel's trace", t->device->name);
	/* glibc's is a merge sort where there is memory for it; what has one time are few, in the same microsecond */
	qsort(t->list, t->count, sizeof(*t->list), by_time);
	*summary = (struct driver_trace_summary){ .has_config = t->has_config };
	trace_block(out);
	for (size_t i = 0, count; i < t->count; i += count) {
		struct driver_access *a = &t->list[i];

		count = a->is_unknown ? count_unknown(t, i) : 1;
		if (a->is_unknown) {
			a->value = count;
			write_unknown(a, count, out);
			summary->unknown += count;
		} else if (a->op == TRACE_LOST) {
			summary->lost += a->value;
		}
		write_access(t, a, out);
		summary->config += a->op != TRACE_LOST && a->is_config;
		summary->accesses += a->op != TRACE_LOST && !a->is_config;
	}
	trace_block_end(out);
	return 0;
}
