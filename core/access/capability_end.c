// SPDX-License-Identifier: GPL-2.0-or-later
/* CAP_X+OFFSET that lies past the end of that capability: whose it is. Reads config space's list of capabilities. */
#include <linux/pci_regs.h>
#include <stdio.h>

#include "core/access/internal.h"
#include "core/pci/capability.h"

/* "MSI-X at 0xb0": what OFFSET is in, of what begins before it. */
static void name_owner(struct device *device, unsigned int offset, char *text, size_t size)
{
	const bool extended = offset >= PCI_CFG_SPACE_SIZE;
	const struct capability *owner = NULL;
	struct capability_list list;
	char title[64];

	capability_list_read(device, extended, &list);
	for (unsigned int i = 0; i < list.count; i++) {
		const struct capability *c = &list.entries[i];

		if (c->offset <= offset && (!owner || c->offset > owner->offset))
			owner = c;
	}
	if (!owner) {
		snprintf(text, size, "extended config space");
		return;
	}
	capability_name_format(extended, owner->id, title, sizeof(title));
	snprintf(text, size, "%s at 0x%x", title, owner->offset);
}

int access_check_capability_end(const struct access *a, const char *name, unsigned int offset,
				const struct target *target, struct error *error)
{
	const unsigned int last = (unsigned int)target->offset + target->width / 8 - 1;
	struct capability_list list;
	struct capability_place place;
	char owner[96];
	int rc;

	capability_list_read(a->device, offset >= PCI_CFG_SPACE_SIZE, &list);
	place = (struct capability_place){ offset, capability_list_end(&list, offset) };
	/* what is past config space is refused as such */
	if (target->offset < offset || last >= PCI_CFG_SPACE_EXP_SIZE ||
	    capability_holds(&place, (unsigned int)target->offset - offset, target->width))
		return 0;
	name_owner(a->device, last, owner, sizeof(owner));
	if (!a->write || a->ctx->force) {
		context_log(a->ctx, LOG_WARN, "%s+0x%x is past the end of that capability at 0x%x: it is %s",
			    name, (unsigned int)target->offset - offset, place.end, owner);
		return 0;
	}
	rc = error_set(error, ERROR_USAGE, "out-of-range",
		       "%s: %s+0x%x is past the end of that capability at 0x%x: it is %s", a->device->name,
		       name, (unsigned int)target->offset - offset, place.end, owner);
	error_hint(error, "--force writes there all the same; so does an offset without a name: 0x%x/%u",
		   (unsigned int)target->offset, target->width);
	return rc;
}
