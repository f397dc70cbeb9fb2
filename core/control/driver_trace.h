/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What somebody else's driver does to a device, as Linux' mmiotrace tracer sees it (Documentation/trace/mmiotrace.rst): each
 * access to what is mapped while it runs faults, and is recorded; the kernel runs on one CPU meanwhile. Config space is
 * recorded by kprobes. What the kernel's tracing was set to is so again at the end.
 */
#ifndef PCIETOOL_DRIVER_TRACE_H
#define PCIETOOL_DRIVER_TRACE_H

#include "core/pci/device.h"
#include "core/trace/trace.h"

struct driver_trace;

struct driver_trace_summary {
	size_t accesses; /* to BARs */
	size_t config; /* to config space */
	uint64_t lost; /* that the kernel had no room for */
	uint64_t unknown; /* to BARs, by instructions that it could not follow: lines TRACE_LOST */
	bool has_config; /* config space could be watched */
};

/*
 * Unsupported where the kernel has no such tracer (other processors than x86, no CONFIG_MMIOTRACE) or tracefs is not mounted,
 * denied where it is in use. Cleans up behind one that was killed. *TRACE is the caller's to end.
 */
int driver_trace_start(struct device *device, struct driver_trace **trace, struct error *error);
/* Takes what has come so far out of the kernel's buffer: to be called often. Failures are told by driver_trace_write(). */
void driver_trace_collect(struct driver_trace *trace);
/* Ends the tracer and brings back the CPUs; what came is there still. Failures are warnings. May be called twice. */
void driver_trace_stop(struct driver_trace *trace);
/* The device's accesses, in order of time. */
int driver_trace_write(struct driver_trace *trace, struct trace *out, struct driver_trace_summary *summary,
		       struct error *error);
void driver_trace_close(struct driver_trace *trace); /* stops it; accepts NULL */

#endif
