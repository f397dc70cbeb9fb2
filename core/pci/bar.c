// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The lines of the sysfs file "resource": all ranges of a function, and its BARs; two looks at registers of
 * config space.
 */
#include "core/pci/bar.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/pci_regs.h>
#include <string.h>
#include <unistd.h>

#include "core/pci/attribute.h"
#include "core/pci/device.h"
#include "core/pci/power.h"

/* Linux include/linux/ioport.h; the sysfs file shows them as they are */
#define RESOURCE_FLAG_ROM_SHADOW 0x00000002 /* a copy in memory: no address of the bus */
#define RESOURCE_FLAG_FIXED                                                                                  \
	0x00000010 /* the address is not the register's: legacy IDE, Enhanced Allocation */
#define RESOURCE_FLAG_IO 0x00000100
#define RESOURCE_FLAG_MEM 0x00000200
#define RESOURCE_FLAG_PREFETCH 0x00002000
#define RESOURCE_FLAG_MEM_64 0x00100000
#define RESOURCE_FLAG_UNSET 0x20000000

struct resource_line {
	uint64_t start;
	uint64_t end;
	uint64_t flags;
};

#define CLASS_BRIDGE 0x0604 /* PCI-to-PCI, PCI Code and ID Assignment 1.11 section 1.7 */

/*
 * Behind the ROM come the BARs of virtual functions, where the kernel knows SR-IOV (CONFIG_PCI_IOV), then the
 * windows, which only bridges show: 13 or 17 lines in such a kernel, 7 or 11 in another (resource_show() in Linux'
 * drivers/pci/pci-sysfs.c).
 */
#define LINE_VF_BAR_0 7
#define LINE_WINDOWS 13
#define LINE_WINDOWS_WITHOUT_IOV 7

/* 16 or more: none */
static unsigned int hex_value(char c)
{
	unsigned int digit = (unsigned char)c - (unsigned int)'0';

	if (digit <= 9)
		return digit;
	digit = ((unsigned char)c | 0x20u) - 'a';
	return digit <= 5 ? digit + 10 : 16;
}

/* What strtoull() takes for a number of base 16, without a sign; 39 in a file, and half of a listing's time by it. */
static bool parse_hex(const char **text, uint64_t *value)
{
	const char *p = *text;
	const char *digits;
	unsigned int digit;
	uint64_t v = 0;

	while (*p == ' ')
		p++;
	if (p[0] == '0' && (p[1] == 'x' || p[1] == 'X'))
		p += 2;
	for (digits = p; (digit = hex_value(*p)) < 16; p++)
		v = v << 4 | digit;
	*value = v;
	*text = p;
	return p > digits;
}

/* "0x00000000fe000000 0x00000000fe0fffff 0x0000000000040200" */
static bool parse_line(const char *line, struct resource_line *l)
{
	return parse_hex(&line, &l->start) && parse_hex(&line, &l->end) && parse_hex(&line, &l->flags);
}

/* The first MOST lines, at most RESOURCE_LINES, and how many there are of them; those that are missing are zeroes. */
static int resource_lines_read(const struct device *dev, unsigned int most, struct resource_line *lines,
			       unsigned int *count, struct error *error)
{
	struct resource_line list[RESOURCE_LINES] = { 0 };
	const char *line;
	char text[4096];
	unsigned int n = 0;
	int rc;

	rc = device_read_attribute(dev, "resource", text, sizeof(text));
	if (rc == -ENOENT)
		return device_gone(dev, error);
	if (rc < 0)
		return error_errno(error, rc, "%s: reading its list of BARs", dev->name);
	for (line = text; line && n < most; n++) {
		struct resource_line *l = &list[n];

		if (!parse_line(line, l))
			return error_set(error, ERROR_FAILED, "failed",
					 "%s: the list of BARs in sysfs cannot be read: '%.40s'", dev->name,
					 line);
		line = strchr(line, '\n');
		if (line)
			line++;
	}
	memcpy(lines, list, most * sizeof(*list));
	*count = n;
	return 0;
}

static bool is_there(const struct resource_line *l)
{
	return l->flags & (RESOURCE_FLAG_IO | RESOURCE_FLAG_MEM) && !(l->flags & RESOURCE_FLAG_ROM_SHADOW);
}

static struct resource *append(struct resource_list *list, enum resource_kind kind, unsigned int index,
			       const struct resource_line *l)
{
	struct resource *r = &list->items[list->count++];

	*r = (struct resource){
		.kind = kind,
		.index = index,
		.assigned = is_there(l) && !(l->flags & RESOURCE_FLAG_UNSET) && l->start && l->end > l->start,
		.start = l->start,
		.size = is_there(l) && l->end >= l->start ? l->end - l->start + 1 : 0,
		.io = l->flags & RESOURCE_FLAG_IO,
		.is_64bit = l->flags & RESOURCE_FLAG_MEM_64,
		.prefetchable = l->flags & RESOURCE_FLAG_PREFETCH,
	};
	return r;
}

static void append_windows(struct resource_list *list, const struct resource_line *l)
{
	for (unsigned int i = 0; i < WINDOWS; i++) {
		struct resource *r = append(list, RESOURCE_WINDOW, i, &l[i]);

		/* of one that is off the kernel may show nothing */
		r->io = i == WINDOW_IO;
		r->prefetchable = i == WINDOW_PREFETCHABLE;
		if (!r->assigned)
			r->size = 0;
	}
}

int resource_list_read(const struct device *dev, struct resource_list *list, struct error *error)
{
	struct resource_line lines[RESOURCE_LINES] = { 0 };
	struct resource_list l = { .is_bridge = false };
	unsigned int count = 0;
	uint64_t class_id;
	bool has_iov;
	int rc;

	rc = resource_lines_read(dev, RESOURCE_LINES, lines, &count, error);
	if (rc < 0)
		return rc;
	l.is_bridge = pci_attribute_read(dev->ctx, &dev->address, "class", &class_id) == 0 &&
		      class_id >> 8 == CLASS_BRIDGE;
	has_iov = count > (l.is_bridge ? LINE_WINDOWS : LINE_VF_BAR_0);
	for (unsigned int i = 0; i < DEVICE_BARS; i++) {
		if (is_there(&lines[i]))
			append(&l, RESOURCE_BAR, i, &lines[i]);
	}
	if (is_there(&lines[DEVICE_ROM]))
		append(&l, RESOURCE_ROM, DEVICE_ROM, &lines[DEVICE_ROM]);
	for (unsigned int i = 0; has_iov && i < DEVICE_BARS; i++) {
		if (is_there(&lines[LINE_VF_BAR_0 + i]))
			append(&l, RESOURCE_VF_BAR, i, &lines[LINE_VF_BAR_0 + i]);
	}
	if (l.is_bridge)
		append_windows(&l, &lines[has_iov ? LINE_WINDOWS : LINE_WINDOWS_WITHOUT_IOV]);
	*list = l;
	return 0;
}

const char *resource_kind_name(enum resource_kind kind)
{
	static const char *const names[] = {
		[RESOURCE_BAR] = "bar",
		[RESOURCE_ROM] = "rom",
		[RESOURCE_VF_BAR] = "vf-bar",
		[RESOURCE_WINDOW] = "window",
	};

	return names[kind];
}

const char *resource_window_name(unsigned int window)
{
	static const char *const names[] = {
		[WINDOW_IO] = "io",
		[WINDOW_MEMORY] = "memory",
		[WINDOW_PREFETCHABLE] = "prefetchable",
	};

	return names[window];
}

/* --- BARs ---------------------------------------------------------------------------------------- */

static void fill(struct bar *bar, unsigned int index, const struct resource_line *line)
{
	bool implemented = (line->flags & (RESOURCE_FLAG_IO | RESOURCE_FLAG_MEM)) != 0;

	*bar = (struct bar){
		.index = index,
		.start = line->start,
		.size = implemented && line->end >= line->start ? line->end - line->start + 1 : 0,
		.io = (line->flags & RESOURCE_FLAG_IO) != 0,
		.is_64bit = (line->flags & RESOURCE_FLAG_MEM_64) != 0,
		.prefetchable = (line->flags & RESOURCE_FLAG_PREFETCH) != 0,
		.fixed = (line->flags & RESOURCE_FLAG_FIXED) != 0,
		.state = BAR_ASSIGNED,
	};
	if (!implemented)
		bar->state = BAR_ABSENT;
	else if ((line->flags & RESOURCE_FLAG_UNSET) || line->start == 0)
		bar->state = BAR_UNASSIGNED;
}

int device_bars(const struct device *dev, struct bar bars[DEVICE_BARS + 1], struct error *error)
{
	struct resource_line lines[DEVICE_BARS + 1] = { 0 };
	unsigned int count;
	int rc;

	rc = resource_lines_read(dev, DEVICE_BARS + 1, lines, &count, error);
	if (rc < 0)
		return rc;
	for (unsigned int i = 0; i <= DEVICE_BARS; i++) {
		fill(&bars[i], i, &lines[i]);
		if (i > 0 && i < DEVICE_ROM && bars[i].state == BAR_ABSENT && bars[i - 1].is_64bit)
			bars[i].state = BAR_UPPER_HALF;
	}
	return 0;
}

/* What stands behind them is bus numbers and windows, of a CardBus bridge a list of capabilities and a status, too. */
static unsigned int bar_count(struct device *dev)
{
	struct error ignored;
	uint32_t type = 0;

	device_config_read(dev, PCI_HEADER_TYPE, 8, &type, &ignored);
	switch (type & PCI_HEADER_TYPE_MASK) {
	case PCI_HEADER_TYPE_NORMAL:
		return DEVICE_BARS;
	case PCI_HEADER_TYPE_BRIDGE:
		return 2;
	case PCI_HEADER_TYPE_CARDBUS:
		return 1;
	default:
		return 0;
	}
}

/* Of a 64-bit BAR that the kernel forgot, too, the second register is no BAR. */
static bool is_upper_half(struct device *dev, unsigned int index)
{
	bool is_upper = false;

	for (unsigned int i = 0; i < index; i++) {
		struct error ignored;
		uint32_t value = 0;

		device_config_read(dev, PCI_BASE_ADDRESS_0 + 4 * i, 32, &value, &ignored);
		is_upper = !is_upper && (value & (PCI_BASE_ADDRESS_SPACE | PCI_BASE_ADDRESS_MEM_TYPE_MASK)) ==
						PCI_BASE_ADDRESS_MEM_TYPE_64;
	}
	return is_upper;
}

bool device_bar_is_forgotten(struct device *dev, const struct bar *bar)
{
	struct error ignored;
	uint32_t value;

	return bar->state == BAR_ABSENT && bar->index < bar_count(dev) &&
	       device_config_read(dev, PCI_BASE_ADDRESS_0 + 4 * bar->index, 32, &value, &ignored) == 0 &&
	       value != 0 && value != 0xffffffff && !is_upper_half(dev, bar->index);
}

static uint32_t read_register(struct device *dev, unsigned int index)
{
	struct error ignored;
	uint32_t value;

	return device_config_read(dev, PCI_BASE_ADDRESS_0 + 4 * index, 32, &value, &ignored) < 0 ? ~0u
												 : value;
}

/* On these machines no host bridge translates addresses; where one does, 0 may be as good as any. */
#if defined(__i386__) || defined(__x86_64__)
#define ZERO_IS_NO_ADDRESS true
#else
#define ZERO_IS_NO_ADDRESS false
#endif

bool device_bar_is_lost(struct device *dev, const struct bar *bar)
{
	uint32_t flags = bar->io ? 0x3 : 0xf;

	if (!ZERO_IS_NO_ADDRESS || bar->state != BAR_ASSIGNED || bar->index >= DEVICE_BARS || bar->fixed ||
	    read_register(dev, bar->index) & ~flags)
		return false;
	if (bar->is_64bit && bar->index + 1 < DEVICE_BARS && read_register(dev, bar->index + 1) != 0)
		return false;
	/* those of a virtual function are always 0: PCIe 5.0 section 9.3.4.1.11 */
	return !device_is_virtual(dev) && !power_is_in_d3(dev);
}

int device_bar(const struct device *dev, unsigned int index, struct bar *bar, struct error *error)
{
	struct bar bars[DEVICE_BARS + 1];
	int rc;

	rc = device_bars(dev, bars, error);
	if (rc == 0)
		*bar = bars[index];
	return rc;
}
