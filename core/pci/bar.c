// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/pci/bar.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "core/pci/attribute.h"

#define CLASS_BRIDGE 0x0604 /* PCI-to-PCI, PCI Code and ID Assignment 1.11 section 1.7 */

/*
 * Behind the ROM come the BARs of virtual functions, where the kernel knows SR-IOV (CONFIG_PCI_IOV), then the
 * windows, which only bridges show: 13 or 17 lines in such a kernel, 7 or 11 in another (resource_show() in Linux'
 * drivers/pci/pci-sysfs.c).
 */
#define LINE_VF_BAR_0 7
#define LINE_WINDOWS 13
#define LINE_WINDOWS_WITHOUT_IOV 7

/* "0x00000000fe000000 0x00000000fe0fffff 0x0000000000040200" */
static bool parse_line(const char *line, struct resource_line *l)
{
	uint64_t *const numbers[] = { &l->start, &l->end, &l->flags };

	for (size_t i = 0; i < 3; i++) {
		char *rest;

		*numbers[i] = strtoull(line, &rest, 16);
		if (rest == line)
			return false;
		line = rest;
	}
	return true;
}

int resource_lines_read(const struct device *dev, struct resource_line lines[RESOURCE_LINES],
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
	for (line = text; line && n < RESOURCE_LINES; n++) {
		struct resource_line *l = &list[n];

		if (!parse_line(line, l))
			return error_set(error, ERROR_FAILED, "failed",
					 "%s: the list of BARs in sysfs cannot be read: '%.40s'", dev->name,
					 line);
		line = strchr(line, '\n');
		if (line)
			line++;
	}
	memcpy(lines, list, sizeof(list));
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

	rc = resource_lines_read(dev, lines, &count, error);
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
