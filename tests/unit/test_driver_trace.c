// SPDX-License-Identifier: GPL-2.0-or-later
/* Lines of the kernel's tracers, as Linux 6.1 gives them. */
#include <string.h>

#include "core/control/driver_trace_internal.h"
#include "tests/unit/tap.h"

static const struct bar bars[DEVICE_BARS + 1] = {
	{ .index = 0, .state = BAR_ASSIGNED, .start = 0xfe400000, .size = 0x20000 },
	{ .index = 1, .state = BAR_ABSENT },
	{ .index = 2, .state = BAR_ASSIGNED, .start = 0xe000, .size = 0x20, .io = true },
	{ .index = 3, .state = BAR_ASSIGNED, .start = 0xfe440000, .size = 0x4000 },
};

static const struct {
	const char *line;
	struct driver_access access; /* op 0: it is of something else */
} rows[] = {
	{ "R 4 8.237249 2 0xfe44000c 0x1 0x0 0",
	  { TRACE_READ, false, true, 3, 32, 0xc, 0x1, 8237249000, 0, false, "" } },
	{ "W 2 8.000001 1 0xfe40001e 0xffffffffffff8001 0x0 0",
	  { TRACE_WRITE, false, true, 0, 16, 0x1e, 0x8001, 8000001000, 0, false, "" } },
	{ "MARK 9.500000 Lost 17 events.",
	  { TRACE_LOST, false, true, 0, 0, 0, 17, 9500000000, 0, false, "" } },
	{ "R 4 8.237249 2 0xe004 0x1 0x0 0", { 0 } },
	{ "R 4 8.237249 2 0xfe420000 0x1 0x0 0", { 0 } },
	{ "R 3 8.237249 2 0xfe400000 0x1 0x0 0", { 0 } },
	{ "MAP 8.228945 1 0xfe400000 0xffffc90000700000 0x20000 0x0 0", { 0 } },
	/* a string move, as memcpy_fromio() may be: that there was one, and where, is all that is known */
	{ "UNKNOWN 8.200001 1 0xfe400010 f3,a5,90 0x0 0",
	  { TRACE_LOST, false, true, 0, 0, 0x10, 1, 8200001000, 0, true, "f3,a5,90" } },
	{ "UNKNOWN 8.200001 1 0xfe420000 f3,a5,90 0x0 0", { 0 } },
	{ "UNKNOWN 8.200001 1 0xe004 f3,a5,90 0x0 0", { 0 } },
	{ "UNKNOWN 8.200001 1 0xfe400010", { 0 } },
	{ "", { 0 } },
	{ "        modprobe-1234    [000] d..1.     8.218431: pcietool_w16: (pci_bus_write_config_word+0x0/0x20) "
	  "bus=0xffff888003ae7000 devfn=0 where=0x4 value=0xffff0007",
	  { TRACE_WRITE, true, true, 0, 16, 0x4, 0x7, 8218431000, 1234, false, "" } },
	{ "   kworker/0:1-H-77 [000] ..... 12.000002: pcietool_r32: (pci_bus_read_config_dword+0x0/0x70) "
	  "bus=0xffff888003ae7000 devfn=0 where=0x100 value=0xffffc9000009d000",
	  { TRACE_READ, true, false, 0, 32, 0x100, 0, 12000002000, 77, false, "" } },
	{ "CPU:0 [LOST 123 EVENTS]", { TRACE_LOST, true, false, 0, 0, 0, 123, 0, 0, false, "" } },
	{ " x-1 [000] ..... 12.000002: pcietool_w64: () where=0x4 value=0x1", { 0 } },
	{ " x-1 [000] ..... 12.000002: pcietool_w32: () where=0x1000 value=0x1", { 0 } },
	{ "pcietool_w32:", { 0 } },
};

static bool same(const struct driver_access *a, const struct driver_access *b)
{
	return a->op == b->op && a->is_config == b->is_config && a->has_value == b->has_value &&
	       a->bar == b->bar && a->width == b->width && a->offset == b->offset &&
	       (!a->has_value || a->value == b->value) && a->time == b->time && a->process == b->process &&
	       a->is_unknown == b->is_unknown && strcmp(a->code, b->code) == 0;
}

int main(void)
{
	struct tap tap = { 0 };

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct driver_access a = { 0 };
		bool is_one = driver_trace_mmio_line(rows[i].line, bars, &a) ||
			      driver_trace_config_line(rows[i].line, &a);

		ok(&tap, is_one == (rows[i].access.op != 0) && (!is_one || same(&a, &rows[i].access)),
		   "'%.40s'", rows[i].line);
	}
	return tap_done(&tap);
}
