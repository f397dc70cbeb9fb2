// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/pci/interrupt_setup.h"

#include <linux/pci_regs.h>

/* PCI Local Bus 3.0 section 6.8.1 */
static void read_msi(struct device *device, const struct capability_list *list, struct msi_state *msi)
{
	unsigned int offset = capability_list_find(list, PCI_CAP_ID_MSI);
	struct fact_number flags;

	msi->reason = list->reason ? list->reason : offset ? NULL : "no such capability";
	if (msi->reason)
		return;
	fact_read_config(device, offset + PCI_MSI_FLAGS, 16, &flags);
	*msi = (struct msi_state){
		.reason = flags.reason,
		.enabled = (flags.value & PCI_MSI_FLAGS_ENABLE) != 0,
		.vectors = 1U << ((flags.value & PCI_MSI_FLAGS_QMASK) >> 1),
		.vectors_enabled = 1U << ((flags.value & PCI_MSI_FLAGS_QSIZE) >> 4),
		.is_64bit = (flags.value & PCI_MSI_FLAGS_64BIT) != 0,
		.maskable = (flags.value & PCI_MSI_FLAGS_MASKBIT) != 0,
	};
}

/* the same, section 6.8.2 */
static void read_msix(struct device *device, const struct capability_list *list, struct msix_state *msix)
{
	unsigned int offset = capability_list_find(list, PCI_CAP_ID_MSIX);
	struct fact_number flags;
	struct fact_number table;
	struct fact_number pending;

	msix->reason = list->reason ? list->reason : offset ? NULL : "no such capability";
	if (msix->reason)
		return;
	fact_read_config(device, offset + PCI_MSIX_FLAGS, 16, &flags);
	fact_read_config(device, offset + PCI_MSIX_TABLE, 32, &table);
	fact_read_config(device, offset + PCI_MSIX_PBA, 32, &pending);
	msix->reason = flags.reason ? flags.reason : table.reason ? table.reason : pending.reason;
	if (msix->reason)
		return;
	*msix = (struct msix_state){
		.enabled = (flags.value & PCI_MSIX_FLAGS_ENABLE) != 0,
		.masked = (flags.value & PCI_MSIX_FLAGS_MASKALL) != 0,
		.vectors = (unsigned int)(flags.value & PCI_MSIX_FLAGS_QSIZE) + 1,
		.table_bar = table.value & PCI_MSIX_TABLE_BIR,
		.table_offset = (uint32_t)table.value & PCI_MSIX_TABLE_OFFSET,
		.pending_bar = pending.value & PCI_MSIX_PBA_BIR,
		.pending_offset = (uint32_t)pending.value & PCI_MSIX_PBA_OFFSET,
	};
}

void interrupt_setup_read(struct device *device, const struct capability_list *capabilities,
			  struct interrupt_setup *state)
{
	fact_read_config(device, PCI_INTERRUPT_PIN, 8, &state->pin);
	fact_read_config(device, PCI_INTERRUPT_LINE, 8, &state->line);
	fact_read_number(device, "irq", &state->irq);
	if (!state->irq.reason && state->irq.value == 0)
		state->irq.reason = "none";
	read_msi(device, capabilities, &state->msi);
	read_msix(device, capabilities, &state->msix);
}
