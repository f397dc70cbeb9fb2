/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The text that the kernel's tracers give, as accesses. */
#ifndef PCIETOOL_DRIVER_TRACE_INTERNAL_H
#define PCIETOOL_DRIVER_TRACE_INTERNAL_H

#include "core/pci/device.h"
#include "core/trace/trace.h"

/* The names of our kprobes start with it; behind it are 'r' or 'w' and the width in bits. */
#define DRIVER_TRACE_EVENT "pcietool_"

struct driver_access {
	enum trace_op op; /* TRACE_LOST: VALUE are missing */
	bool is_config;
	bool has_value; /* a kprobe sees what a config read is asked for, not what it gives */
	unsigned int bar;
	unsigned int width;
	uint64_t offset;
	uint64_t value;
	uint64_t time; /* ns */
	uint64_t process; /* 0: not known */
	bool is_unknown; /* TRACE_LOST: the kernel could not follow the instruction; OFFSET in BAR is known, direction and width are not */
	char code[12]; /* its first bytes, "f3,a5,90"; of others empty */
};

/* A line of mmiotrace's; BARS are the device's. False: it is of something else. */
bool driver_trace_mmio_line(const char *line, const struct bar bars[DEVICE_BARS + 1],
			    struct driver_access *access);
/* A line of the kprobes'. */
bool driver_trace_config_line(const char *line, struct driver_access *access);

#endif
