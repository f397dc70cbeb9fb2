// SPDX-License-Identifier: GPL-2.0-or-later
/* The kernel log's lines about BARs that got no address. */
#include "core/pci/no_room.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/kernel/sysfs.h"

/* A read of less than the next record fails: CONSOLE_EXT_LOG_MAX, PRINTK_MESSAGE_MAX in Linux' kernel/printk */
#define RECORD_SIZE 16384

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
	bars = realloc(n->bars, (n->count + 1) * sizeof(*bars));
	if (!bars)
		return -ENOMEM;
	n->bars = bars;
	bars = &bars[n->count++];
	*bars = (struct no_room_bar){
		.index = index,
		.size = strtoull(size + strlen(" size "), NULL, 16),
		.io = strstr(text, "[io ") != NULL,
	};
	snprintf(bars->device, sizeof(bars->device), "%s", device);
	return 0;
}

/*
 * "pci 0000:04:00.0: BAR 0: failed to assign [mem size 0x00100000]", and in newer kernels (6.12, Debian's 6.1.0-56)
 * "BAR 0 [mem size 0x00100000]: failed to assign"; "assigned" in the same places: pci_assign_resource()
 * in drivers/pci/setup-res.c. A device that was found is "pci 0000:04:00.0: [1234:11e8] type 00 class 0x00ff00":
 * pci_setup_device().
 */
static int take_line(struct no_room *n, const char *text)
{
	char device[PCI_ADDRESS_SIZE]; /* with the colon behind it at first */
	unsigned int index;
	int end = 0;

	if (sscanf(text, "%*s %19[0-9a-f:.] %n", device, &end) != 1 || end == 0)
		return 0;
	text += end;
	device[strlen(device) - 1] = '\0';
	if (text[0] == '[' && strstr(text, "] type "))
		forget(n, device, 0, DEVICE_BARS - 1);
	if (sscanf(text, "BAR %u", &index) != 1 || index >= DEVICE_BARS)
		return 0;
	if (!strstr(text, "assigned") && !strstr(text, "failed to assign"))
		return 0;
	forget(n, device, index, index);
	return strstr(text, "failed to assign") ? append(n, device, index, text) : 0;
}

int no_room_read(const struct context *ctx, struct no_room *no_room)
{
	char *line = NULL;
	size_t size = 0;
	FILE *log;
	int rc = 0;
	int fd;

	*no_room = (struct no_room){ 0 };
	fd = sysfs_open(ctx, O_RDONLY | O_NONBLOCK, "/dev/kmsg");
	if (fd < 0)
		return fd;
	log = fdopen(fd, "r");
	if (!log) {
		close(fd);
		return -ENOMEM;
	}
	setvbuf(log, NULL, _IOFBF, RECORD_SIZE);
	while (rc == 0) {
		errno = 0;
		if (getline(&line, &size, log) >= 0) {
			rc = take_line(no_room, line);
			continue;
		}
		/* EPIPE: records were overwritten meanwhile, it goes on with the next */
		if (errno != EPIPE && errno != EINTR)
			break;
		clearerr(log);
	}
	free(line);
	fclose(log);
	if (rc < 0)
		no_room_free(no_room);
	return rc;
}

void no_room_free(struct no_room *no_room)
{
	free(no_room->bars);
	*no_room = (struct no_room){ 0 };
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

void no_room_text(unsigned int index, const struct no_room_bar *bar, char text[NO_ROOM_TEXT])
{
	static const char units[] = " KMGT";
	uint64_t size = bar ? bar->size : 0;
	char known[32] = "";
	size_t unit = 0;

	while (size >= 1024 && size % 1024 == 0 && units[unit + 1]) {
		size /= 1024;
		unit++;
	}
	if (size && unit)
		snprintf(known, sizeof(known), " (%" PRIu64 "%c)", size, units[unit]);
	else if (size)
		snprintf(known, sizeof(known), " (%" PRIu64 ")", size);
	snprintf(text, NO_ROOM_TEXT, "BAR %u%s: the kernel found no room for it", index, known);
}

/* "../../../devices/pci0000:00/0000:00:01.0/0000:01:00.0" has the root port behind the host bridge. */
static bool find_root_port(const struct device *device, struct pci_address *port)
{
	char path[256];
	char target[512];
	char *name;
	char *end;
	ssize_t n;

	if (sysfs_path(device->ctx, path, sizeof(path), SYSFS_PCI_DEVICES "/%s", device->name) < 0)
		return false;
	n = readlink(path, target, sizeof(target) - 1);
	if (n < 0)
		return false;
	target[n] = '\0';
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
