// SPDX-License-Identifier: GPL-2.0-or-later
/* Whether messages are sent for errors: Command and Device Control, and nothing of the AER capability. */
#include "core/fabric/aer_reporting.h"

#include <linux/pci_regs.h>

#include "core/fabric/link.h"

const char AER_NOT_REPORTED[] = "not reported, off in Device Control";

static const char *read_registers(struct device *device, const struct capability_list *list,
				  struct fact_number *command, struct fact_number *control)
{
	const struct capability_place place = capability_list_place(list, PCI_CAP_ID_EXP);

	if (!place.offset)
		return list->reason ? list->reason : list->problem ? list->problem : LINK_STATE_NOT_EXPRESS;
	fact_read_config(device, PCI_COMMAND, 16, command);
	capability_read(device, &place, PCI_EXP_DEVCTL, 16, control);
	return command->reason ? command->reason : control->reason;
}

/*
 * A correctable error is reported by Device Control alone, the others by SERR# Enable of Command as well: PCIe 6.0
 * sections 6.2.6 and 7.5.3.4.
 */
void aer_reporting_read_in(struct device *device, const struct capability_list *list,
			   struct aer_reporting *reporting)
{
	static const unsigned int enables[AER_SEVERITIES] = {
		[AER_CORRECTABLE] = PCI_EXP_DEVCTL_CERE,
		[AER_NONFATAL] = PCI_EXP_DEVCTL_NFERE,
		[AER_FATAL] = PCI_EXP_DEVCTL_FERE,
	};
	struct fact_number command = { .value = 0 };
	struct fact_number control = { .value = 0 };

	*reporting = (struct aer_reporting){ .reason = read_registers(device, list, &command, &control) };
	for (unsigned int i = 0; i < AER_SEVERITIES && !reporting->reason; i++)
		reporting->is_unreported[i] = !(control.value & enables[i]) &&
					      !(command.value & PCI_COMMAND_SERR && i != AER_CORRECTABLE);
}

void aer_reporting_read(struct device *device, struct aer_reporting *reporting)
{
	struct capability_list list;

	capability_list_read(device, false, &list);
	aer_reporting_read_in(device, &list, reporting);
}

bool aer_reporting_lacks(const struct aer_reporting *reporting)
{
	for (unsigned int i = 0; i < AER_SEVERITIES && !reporting->reason; i++) {
		if (reporting->is_unreported[i])
			return true;
	}
	return false;
}
