// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/fabric/slot.h"

#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>

#include "core/base/array.h"
#include "core/kernel/sysfs.h"

#define SLOTS "/sys/bus/pci/slots"

int slot_list_read(const struct context *ctx, struct slot_list *list)
{
	struct dirent *entry;
	char path[PATH_MAX];
	DIR *dir = NULL;
	int rc = 0;

	*list = (struct slot_list){ 0 };
	if (sysfs_path(ctx, path, sizeof(path), SLOTS) == 0)
		dir = opendir(path);
	while (dir && rc == 0 && (entry = readdir(dir)) != NULL) {
		struct slot slot;
		struct slot *grown;
		char text[32];
		char full[40];

		/* "0000:01:00": the file has no function */
		if (entry->d_name[0] == '.' ||
		    sysfs_read(ctx, text, sizeof(text), SLOTS "/%s/address", entry->d_name) < 0)
			continue;
		snprintf(full, sizeof(full), "%s.0", text);
		if (pci_address_parse(full, &slot.address) < 0)
			continue;
		snprintf(slot.name, sizeof(slot.name), "%.31s", entry->d_name);
		grown = array_grow(list->slots, list->count, sizeof(*grown));
		if (!grown) {
			rc = -ENOMEM;
			break;
		}
		list->slots = grown;
		grown[list->count++] = slot;
	}
	if (dir)
		closedir(dir);
	if (rc < 0)
		slot_list_free(list);
	return rc;
}

void slot_list_free(struct slot_list *list)
{
	free(list->slots);
	*list = (struct slot_list){ 0 };
}

const struct slot *slot_of(const struct slot_list *list, const struct pci_address *address)
{
	struct pci_address first = *address;

	first.function = 0;
	for (size_t i = 0; i < list->count; i++) {
		if (pci_address_compare(&list->slots[i].address, &first) == 0)
			return &list->slots[i];
	}
	return NULL;
}
