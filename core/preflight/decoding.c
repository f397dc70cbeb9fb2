// SPDX-License-Identifier: GPL-2.0-or-later
/* Memory decoding of a function, and of virtual functions. Reads config space and sysfs only. */
#include "core/preflight/decoding.h"

#include <errno.h>
#include <linux/pci_regs.h>

#include "core/kernel/sysfs.h"
#include "core/pci/capability.h"
#include "core/pci/dump.h"
#include "core/pci/power.h"

bool decoding_owner(const struct device *device, char owner[PCI_ADDRESS_SIZE])
{
	/* what a dump shows has no links, and the machine may have another device at that address */
	if (device->image && device->image->physical)
		pci_address_format(&device->image->physical->address, owner);
	if (device->image)
		return device->image->physical;
	return device->config && sysfs_link_name(device->ctx, owner, PCI_ADDRESS_SIZE,
						 SYSFS_PCI_DEVICES "/%s/physfn", device->name) == 0;
}

/* SR-IOV Control of the physical function. */
static int read_control(const struct context *ctx, const char *owner, struct fact_number *control)
{
	struct pci_address address;
	struct device *pf = NULL;
	struct error ignored;
	struct capability_place sriov;
	int rc;

	rc = pci_address_parse(owner, &address);
	if (rc == 0)
		rc = device_open(ctx, &address, &pf, &ignored);
	if (rc < 0)
		return rc;
	if (power_is_asleep(pf)) {
		control->reason = POWER_SUSPENDED;
		device_close(pf);
		return 0;
	}
	sriov = capability_place_read(pf, true, PCI_EXT_CAP_ID_SRIOV);
	if (sriov.offset)
		capability_read(pf, &sriov, PCI_SRIOV_CTRL, 16, control);
	device_close(pf);
	return sriov.offset ? 0 : -ENODATA;
}

void decoding_apply(const struct device *device, struct fact_number *command)
{
	struct fact_number control = { .reason = NULL };
	char owner[PCI_ADDRESS_SIZE];

	if (command->reason || (command->value & PCI_COMMAND_MEMORY))
		return;
	if (!decoding_owner(device, owner)) {
		if (device->image && device_is_virtual(device))
			command->reason = FACT_VIRTUAL_FUNCTION;
		return;
	}
	if (read_control(device->ctx, owner, &control) < 0)
		control.reason = "its physical function does not tell";
	command->reason = control.reason;
	if (!control.reason && (control.value & PCI_SRIOV_CTRL_MSE))
		command->value |= PCI_COMMAND_MEMORY;
}

void decoding_lost_read(struct device *device, const struct bar *bar, const struct fact_number *command,
			struct fact_number *lost)
{
	*lost = (struct fact_number){ .reason = command->reason };
	if (lost->reason)
		return;
	lost->value = device_bar_is_lost(device, bar);
	if (!lost->value && power_is_in_d3(device))
		lost->reason = "in D3hot a function need not have its addresses";
}
