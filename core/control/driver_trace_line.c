// SPDX-License-Identifier: GPL-2.0-or-later
/* Lines of the kernel's tracers: Linux kernel/trace/trace_mmiotrace.c, mmio_print_rw(), and trace events of kprobes. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/control/driver_trace_internal.h"

#define NS_PER_S 1000000000u
#define NS_PER_US 1000u

typedef unsigned long long ull;

static bool find_bar(const struct bar bars[DEVICE_BARS + 1], uint64_t address, struct driver_access *access)
{
	for (unsigned int i = 0; i < DEVICE_BARS; i++) {
		const struct bar *bar = &bars[i];

		if (bar->state == BAR_ASSIGNED && !bar->io && address >= bar->start &&
		    address - bar->start < bar->size) {
			access->bar = i;
			access->offset = address - bar->start;
			return true;
		}
	}
	return false;
}

static bool is_width(unsigned int bits)
{
	return bits == 8 || bits == 16 || bits == 32 || bits == 64;
}

bool driver_trace_mmio_line(const char *line, const struct bar bars[DEVICE_BARS + 1],
			    struct driver_access *access)
{
	struct driver_access a = { .has_value = true };
	ull seconds, us, address, value;
	unsigned int bytes;
	char op;

	/*
	 * "MARK 12.000345 Lost 17 events.", "UNKNOWN 12.000345 2 0xfe440000 f3,a5,90 0x0 0", and
	 * "W 4 12.000345 2 0xfe440000 0xfee01004 0x0 0"
	 */
	if (sscanf(line, "UNKNOWN %llu.%llu %*d %llx %11[0-9a-f,]", &seconds, &us, &address, a.code) == 4) {
		if (!find_bar(bars, address, &a))
			return false;
		a.op = TRACE_LOST;
		a.is_unknown = true;
		value = 1;
	} else if (sscanf(line, "MARK %llu.%llu Lost %llu events", &seconds, &us, &value) == 3) {
		a.op = TRACE_LOST;
	} else {
		if (sscanf(line, "%c %u %llu.%llu %*u %llx %llx", &op, &bytes, &seconds, &us, &address,
			   &value) != 6 ||
		    (op != 'R' && op != 'W') || bytes > 8 || !is_width(8 * bytes) ||
		    !find_bar(bars, address, &a))
			return false;
		a.op = op == 'R' ? TRACE_READ : TRACE_WRITE;
		a.width = 8 * bytes;
		/* the kernel keeps values in a long */
		value &= a.width == 64 ? UINT64_MAX : (UINT64_C(1) << a.width) - 1;
	}
	a.value = value;
	a.time = seconds * NS_PER_S + us * NS_PER_US;
	*access = a;
	return true;
}

/* "   modprobe-123   [000] d..1.   12.000345: pcietool_w16: (pci_bus_write_config_word+0x0/0x20) ..." */
static bool parse_who(const char *line, const char *event, struct driver_access *access)
{
	const char *cpu = strstr(line, " [");
	const char *dash = NULL;
	const char *time = event;
	ull seconds, us;

	for (const char *c = line; cpu && c < cpu; c++) {
		if (*c == '-')
			dash = c;
	}
	if (dash)
		access->process = strtoull(dash + 1, NULL, 10);
	/* back over ": " and the number before it */
	while (time > line && time[-1] == ' ')
		time--;
	while (time > line && time[-1] != ' ')
		time--;
	if (sscanf(time, "%llu.%llu:", &seconds, &us) != 2)
		return false;
	access->time = seconds * NS_PER_S + us * NS_PER_US;
	return true;
}

bool driver_trace_config_line(const char *line, struct driver_access *access)
{
	const char *event = strstr(line, DRIVER_TRACE_EVENT);
	const char *where = strstr(line, " where=0x");
	struct driver_access a = { .is_config = true };
	ull offset, value;
	char op;

	/* "CPU:0 [LOST 123 EVENTS]" */
	if (sscanf(line, "CPU:%*u [LOST %llu EVENTS]", &value) == 1) {
		a.op = TRACE_LOST;
		a.value = value;
		*access = a;
		return true;
	}
	if (!event || !where || !parse_who(line, event, &a) ||
	    sscanf(event + sizeof(DRIVER_TRACE_EVENT) - 1, "%c%u:", &op, &a.width) != 2 ||
	    !is_width(a.width) || a.width > 32 ||
	    sscanf(where, " where=0x%llx value=0x%llx", &offset, &value) != 2 || offset > 4095)
		return false;
	a.op = op == 'r' ? TRACE_READ : TRACE_WRITE;
	a.has_value = a.op == TRACE_WRITE;
	a.offset = offset;
	a.value = value & ((UINT64_C(1) << a.width) - 1);
	*access = a;
	return true;
}
