// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/fabric/acs.h"

#include <linux/pci_regs.h>

#include "core/pci/capability.h"
#include "core/pci/fact.h"

const char ACS_NONE[] = "no ACS";

const struct acs_bit acs_bits[] = {
	{ PCI_ACS_SV, "source_validation", "source validation" },
	{ PCI_ACS_TB, "translation_blocking", "translation blocking" },
	{ PCI_ACS_RR, "request_redirect", "request redirect" },
	{ PCI_ACS_CR, "completion_redirect", "completion redirect" },
	{ PCI_ACS_UF, "upstream_forwarding", "upstream forwarding" },
	{ PCI_ACS_EC, "egress_control", "egress control" },
	{ PCI_ACS_DT, "direct_translated_p2p", "direct translated P2P" },
	{ 0, NULL, NULL },
};

void acs_read(struct device *device, struct acs *acs)
{
	struct capability_list list = { .reason = NULL };
	struct fact_number capability;
	struct fact_number control;
	unsigned int offset;

	capability_list_read(device, true, &list);
	*acs = (struct acs){ .reason = list.reason };
	if (list.reason)
		return;
	offset = capability_list_find(&list, PCI_EXT_CAP_ID_ACS);
	if (!offset) {
		acs->reason = ACS_NONE;
		return;
	}
	fact_read_config(device, offset + PCI_ACS_CAP, 16, &capability);
	fact_read_config(device, offset + PCI_ACS_CTRL, 16, &control);
	*acs = (struct acs){
		.reason = capability.reason ? capability.reason : control.reason,
		.offset = offset,
		.capability = (unsigned int)capability.value,
		.control = (unsigned int)control.value,
	};
}

int acs_egress(struct device *device, const struct acs *acs, unsigned int number)
{
	/* 0 in bits 15:8 stands for 256 */
	unsigned int bits = acs->capability >> 8 & 0xff;
	struct fact_number vector;

	if (number >= (bits ? bits : 256))
		return -1;
	fact_read_config(device, acs->offset + PCI_ACS_EGRESS_CTL_V + number / 32 * 4, 32, &vector);
	return vector.reason ? -1 : (int)(vector.value >> number % 32 & 1);
}
