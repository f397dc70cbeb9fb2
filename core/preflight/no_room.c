// SPDX-License-Identifier: GPL-2.0-or-later
/* The kernel log's lines about BARs that got no address. */
#include "core/preflight/no_room.h"

#include <errno.h>
#include <linux/pci_regs.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/array.h"
#include "core/base/number.h"
#include "core/kernel/kmsg.h"
#include "core/kernel/sysfs.h"

static void forget(struct no_room *n, const char *device, unsigned int first, unsigned int last)
{
	size_t kept = 0;

	for (size_t i = 0; i < n->count; i++) {
		const struct no_room_bar *b = &n->bars[i];

		if (strcmp(b->device, device) != 0 || b->index < first || b->index > last)
			n->bars[kept++] = *b;
	}
	n->count = kept;
}

static int append(struct no_room *n, const char *device, unsigned int index, const char *text)
{
	const char *size = strstr(text, " size 0x");
	struct no_room_bar *bars;

	if (!size)
		return 0;
	bars = array_grow(n->bars, n->count, sizeof(*bars));
	if (!bars)
		return -ENOMEM;
	n->bars = bars;
	bars = &bars[n->count++];
	*bars = (struct no_room_bar){
		.index = index,
		.size = strtoull(size + strlen(" size "), NULL, 16),
		.io = strstr(text, "[io ") != NULL,
		.is_64bit = strstr(text, " 64bit") != NULL,
		.prefetchable = strstr(text, " pref") != NULL,
	};
	snprintf(bars->device, sizeof(bars->device), "%s", device);
	return 0;
}

static int add_found(struct no_room *n, const char *device)
{
	struct pci_address address;
	struct pci_address *found;

	if (pci_address_parse(device, &address) < 0)
		return 0;
	found = array_grow(n->found, n->found_count, sizeof(*found));
	if (!found)
		return -ENOMEM;
	n->found = found;
	found[n->found_count++] = address;
	return 0;
}

/*
 * "pci 0000:04:00.0: BAR 0: failed to assign [mem size 0x00100000]", and in newer kernels (6.12, Debian's 6.1.0-56)
 * "BAR 0 [mem size 0x00100000]: failed to assign"; "assigned" in the same places: pci_assign_resource()
 * in drivers/pci/setup-res.c. A device that was found is "pci 0000:04:00.0: [1234:11e8] type 00 class 0x00ff00":
 * pci_setup_device().
 */
static int take_line(void *data, char *line)
{
	const char *text = line;
	struct no_room *n = data;
	char device[PCI_ADDRESS_SIZE]; /* with the colon behind it at first */
	unsigned int index;
	int end = 0;

	if (sscanf(text, "%*s %19[0-9a-f:.] %n", device, &end) != 1 || end == 0)
		return 0;
	text += end;
	device[strlen(device) - 1] = '\0';
	if (text[0] == '[' && strstr(text, "] type ")) {
		forget(n, device, 0, DEVICE_BARS - 1);
		return add_found(n, device);
	}
	if (sscanf(text, "BAR %u", &index) != 1 || index >= DEVICE_BARS)
		return 0;
	if (!strstr(text, "assigned") && !strstr(text, "failed to assign"))
		return 0;
	forget(n, device, index, index);
	return strstr(text, "failed to assign") ? append(n, device, index, text) : 0;
}

int no_room_read(const struct context *ctx, struct no_room *no_room)
{
	int rc;

	*no_room = (struct no_room){ 0 };
	/* the log is this machine's */
	if (ctx->dump)
		return -ENODATA;
	rc = kmsg_read(ctx, take_line, no_room);
	if (rc < 0)
		no_room_free(no_room);
	return rc;
}

void no_room_free(struct no_room *no_room)
{
	free(no_room->bars);
	free(no_room->found);
	*no_room = (struct no_room){ 0 };
}

bool no_room_would_tell(const struct no_room *no_room, const struct pci_address *address)
{
	for (size_t i = 0; i < no_room->found_count; i++) {
		if (pci_address_compare(&no_room->found[i], address) == 0)
			return true;
	}
	return false;
}

/* What the low bits of a BAR's register say: PCI Local Bus 3.0 section 6.2.5.1. */
static void fill_from_register(struct device *device, struct bar *bar)
{
	struct error ignored;
	uint32_t value = 0;

	device_config_read(device, PCI_BASE_ADDRESS_0 + 4 * bar->index, 32, &value, &ignored);
	bar->io = value & PCI_BASE_ADDRESS_SPACE_IO;
	bar->is_64bit = !bar->io && (value & PCI_BASE_ADDRESS_MEM_TYPE_MASK) == PCI_BASE_ADDRESS_MEM_TYPE_64;
	bar->prefetchable = !bar->io && value & PCI_BASE_ADDRESS_MEM_PREFETCH;
}

/* Is it one? Then *BAR says so. */
static bool apply(const struct no_room *no_room, struct device *device, bool look, struct bar *bar)
{
	const struct no_room_bar *told = no_room_find(no_room, device->name, bar->index);

	if (bar->state != BAR_ABSENT && !(bar->state == BAR_UNASSIGNED && told))
		return false;
	if (told) {
		bar->size = told->size;
		bar->io = told->io;
		bar->is_64bit = told->is_64bit;
		bar->prefetchable = told->prefetchable;
	} else if (look && device_bar_is_forgotten(device, bar)) {
		fill_from_register(device, bar);
	} else {
		return false;
	}
	bar->state = BAR_NO_ROOM;
	return true;
}

bool no_room_apply(const struct no_room *no_room, struct device *device, bool look,
		   struct bar bars[DEVICE_BARS])
{
	bool any = false;

	for (unsigned int i = 0; i < DEVICE_BARS; i++) {
		if (!apply(no_room, device, look, &bars[i]))
			continue;
		any = true;
		if (bars[i].is_64bit && i + 1 < DEVICE_BARS && bars[i + 1].state == BAR_ABSENT)
			bars[i + 1].state = BAR_UPPER_HALF;
	}
	return any;
}

/* Where BAR INDEX is or belongs in the list; *IS_THERE: it is. */
static unsigned int place_of(const struct resource_list *list, unsigned int index, bool *is_there)
{
	unsigned int i = 0;

	while (i < list->count && list->items[i].kind == RESOURCE_BAR && list->items[i].index < index)
		i++;
	*is_there = i < list->count && list->items[i].kind == RESOURCE_BAR && list->items[i].index == index;
	return i;
}

void no_room_apply_list(const struct no_room *no_room, struct device *device, bool look,
			struct resource_list *list)
{
	struct bar bars[DEVICE_BARS + 1];
	struct error ignored;

	if (device_bars(device, bars, &ignored) < 0 || !no_room_apply(no_room, device, look, bars))
		return;
	for (unsigned int i = 0; i < DEVICE_BARS; i++) {
		const struct bar *bar = &bars[i];
		bool is_there;
		unsigned int at = place_of(list, i, &is_there);

		if (bar->state != BAR_NO_ROOM || (!is_there && list->count == RESOURCE_LINES))
			continue;
		if (!is_there) {
			memmove(&list->items[at + 1], &list->items[at],
				(list->count - at) * sizeof(list->items[0]));
			list->count++;
		}
		list->items[at] = (struct resource){
			.kind = RESOURCE_BAR,
			.index = i,
			.has_no_room = true,
			.size = bar->size,
			.io = bar->io,
			.is_64bit = bar->is_64bit,
			.prefetchable = bar->prefetchable,
		};
	}
}

const struct no_room_bar *no_room_find(const struct no_room *no_room, const char *device, unsigned int index)
{
	for (size_t i = 0; i < no_room->count; i++) {
		const struct no_room_bar *b = &no_room->bars[i];

		if (b->index == index && strcmp(b->device, device) == 0)
			return b;
	}
	return NULL;
}

void no_room_text(unsigned int index, uint64_t size, char text[NO_ROOM_TEXT])
{
	char known[SIZE_TEXT];

	size_format(size, known);
	snprintf(text, NO_ROOM_TEXT, "BAR %u%s%s%s: the kernel found no room for it", index, size ? " (" : "",
		 size ? known : "", size ? ")" : "");
}

/* "../../../devices/pci0000:00/0000:00:01.0/0000:01:00.0" has the root port behind the host bridge. */
static bool find_root_port(const struct device *device, struct pci_address *port)
{
	char target[PATH_MAX];
	char *name;
	char *end;

	if (sysfs_link(device->ctx, target, sizeof(target), SYSFS_PCI_DEVICES "/%s", device->name) < 0)
		return false;
	name = strstr(target, "/pci");
	name = name ? strchr(name + 1, '/') : NULL;
	end = name ? strchr(name + 1, '/') : NULL;
	if (!end)
		return false;
	*end = '\0';
	return pci_address_parse(name + 1, port) == 0;
}

void no_room_hint(const struct device *device, struct error *error)
{
	struct pci_address address;
	char port[PCI_ADDRESS_SIZE];

	if (!find_root_port(device, &address)) {
		error_hint(error, "the kernel log says why ('no space'); boot with pci=realloc");
		return;
	}
	pci_address_format(&address, port);
	error_hint(error,
		   "'pcietool -s %s remove; pcietool rescan' lays out anew what is below that root port, and "
		   "all of it goes meanwhile; or boot with pci=realloc",
		   port);
}
