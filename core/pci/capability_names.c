// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/pci/capability_names.h"

#include <stdio.h>

/* PCI Code and ID Assignment Specification 1.11 section 2: capability ids */
static const struct capability_name standard[] = {
	{ 0x00, "CAP_NULL", "Null" },
	{ 0x01, "CAP_PM", "Power Management" },
	{ 0x02, "CAP_AGP", "AGP" },
	{ 0x03, "CAP_VPD", "Vital Product Data" },
	{ 0x04, "CAP_SLOTID", "Slot Identification" },
	{ 0x05, "CAP_MSI", "MSI" },
	{ 0x06, "CAP_CHSWP", "CompactPCI Hot Swap" },
	{ 0x07, "CAP_PCIX", "PCI-X" },
	{ 0x08, "CAP_HT", "HyperTransport" },
	{ 0x09, "CAP_VNDR", "Vendor-Specific" },
	{ 0x0a, "CAP_DBG", "Debug Port" },
	{ 0x0b, "CAP_CCRC", "CompactPCI Central Resource Control" },
	{ 0x0c, "CAP_HOTPLUG", "PCI Hot-Plug" },
	{ 0x0d, "CAP_SSVID", "Bridge Subsystem Vendor ID" },
	{ 0x0e, "CAP_AGP3", "AGP 8x" },
	{ 0x0f, "CAP_SECURE", "Secure Device" },
	{ 0x10, "CAP_EXP", "PCI Express" },
	{ 0x11, "CAP_MSIX", "MSI-X" },
	{ 0x12, "CAP_SATA", "SATA Data/Index Configuration" },
	{ 0x13, "CAP_AF", "Advanced Features" },
	{ 0x14, "CAP_EA", "Enhanced Allocation" },
	{ 0x15, "CAP_FPB", "Flattening Portal Bridge" },
};

/* the same, section 3: extended capability ids */
static const struct capability_name extended_ids[] = {
	{ 0x00, "ECAP_NULL", "Null" },
	{ 0x01, "ECAP_AER", "Advanced Error Reporting" },
	{ 0x02, "ECAP_VC", "Virtual Channel" },
	{ 0x03, "ECAP_DSN", "Device Serial Number" },
	{ 0x04, "ECAP_PB", "Power Budgeting" },
	{ 0x05, "ECAP_RCLINK", "Root Complex Link Declaration" },
	{ 0x06, "ECAP_RCILINK", "Root Complex Internal Link Control" },
	{ 0x07, "ECAP_RCEC", "Root Complex Event Collector" },
	{ 0x08, "ECAP_MFVC", "Multi-Function Virtual Channel" },
	{ 0x09, "ECAP_VC2", "Virtual Channel (with MFVC)" },
	/* setpci's spelling */
	{ 0x0a, "ECAP_RBCB", "Root Complex Register Block" },
	{ 0x0b, "ECAP_VNDR", "Vendor-Specific Extended" },
	{ 0x0c, "ECAP_CAC", "Configuration Access Correlation" },
	{ 0x0d, "ECAP_ACS", "Access Control Services" },
	{ 0x0e, "ECAP_ARI", "Alternative Routing-ID Interpretation" },
	{ 0x0f, "ECAP_ATS", "Address Translation Services" },
	{ 0x10, "ECAP_SRIOV", "Single Root I/O Virtualization" },
	{ 0x11, "ECAP_MRIOV", "Multi-Root I/O Virtualization" },
	{ 0x12, "ECAP_MCAST", "Multicast" },
	{ 0x13, "ECAP_PRI", "Page Request Interface" },
	{ 0x15, "ECAP_REBAR", "Resizable BAR" },
	{ 0x16, "ECAP_DPA", "Dynamic Power Allocation" },
	{ 0x17, "ECAP_TPH", "TPH Requester" },
	{ 0x18, "ECAP_LTR", "Latency Tolerance Reporting" },
	{ 0x19, "ECAP_SECPCI", "Secondary PCI Express" },
	{ 0x1a, "ECAP_PMUX", "Protocol Multiplexing" },
	{ 0x1b, "ECAP_PASID", "Process Address Space ID" },
	{ 0x1c, "ECAP_LNR", "LN Requester" },
	{ 0x1d, "ECAP_DPC", "Downstream Port Containment" },
	{ 0x1e, "ECAP_L1PM", "L1 PM Substates" },
	{ 0x1f, "ECAP_PTM", "Precision Time Measurement" },
	{ 0x20, "ECAP_M_PCIE", "PCI Express over M-PHY" },
	{ 0x21, "ECAP_FRS", "FRS Queueing" },
	{ 0x22, "ECAP_RTR", "Readiness Time Reporting" },
	{ 0x23, "ECAP_DVSEC", "Designated Vendor-Specific" },
	{ 0x24, "ECAP_VF_REBAR", "VF Resizable BAR" },
	{ 0x25, "ECAP_DLNK", "Data Link Feature" },
	{ 0x26, "ECAP_16GT", "Physical Layer 16.0 GT/s" },
	{ 0x27, "ECAP_LMR", "Lane Margining at the Receiver" },
	{ 0x28, "ECAP_HIER_ID", "Hierarchy ID" },
	{ 0x29, "ECAP_NPEM", "Native PCIe Enclosure Management" },
	{ 0x2a, "ECAP_32GT", "Physical Layer 32.0 GT/s" },
	{ 0x2b, "ECAP_ALT_PROTO", "Alternate Protocol" },
	{ 0x2c, "ECAP_SFI", "System Firmware Intermediary" },
	{ 0x2d, "ECAP_SHADOW", "Shadow Functions" },
	{ 0x2e, "ECAP_DOE", "Data Object Exchange" },
	{ 0x2f, "ECAP_DEV3", "Device 3" },
	{ 0x30, "ECAP_IDE", "Integrity and Data Encryption" },
	{ 0x31, "ECAP_64GT", "Physical Layer 64.0 GT/s" },
	{ 0x32, "ECAP_FLIT_LOG", "Flit Logging" },
	{ 0x32, "ECAP_FL", "Flit Logging" }, /* as setpci has it since 3.15 */
	{ 0x33, "ECAP_FLIT_PM", "Flit Performance Measurement" },
	{ 0x34, "ECAP_FLIT_EI", "Flit Error Injection" },
	{ 0x35, "ECAP_SVC", "Streamlined Virtual Channel" },
	{ 0x36, "ECAP_MRBL", "MMIO Register Block Locator" },
};

#define ROWS(table) (sizeof(table) / sizeof((table)[0]))

const struct capability_name *capability_name_at(bool extended, size_t i)
{
	if (i >= (extended ? ROWS(extended_ids) : ROWS(standard)))
		return NULL;
	return extended ? &extended_ids[i] : &standard[i];
}

const struct capability_name *capability_name_of(bool extended, unsigned int id)
{
	const struct capability_name *row;

	for (size_t i = 0; (row = capability_name_at(extended, i)) != NULL; i++) {
		if (row->id == id)
			return row;
	}
	return NULL;
}

void capability_name_format(bool extended, unsigned int id, char *text, size_t size)
{
	const struct capability_name *row = capability_name_of(extended, id);

	if (row)
		snprintf(text, size, "%s", row->name);
	else if (extended)
		snprintf(text, size, "extended capability 0x%04x", id);
	else
		snprintf(text, size, "capability 0x%02x", id);
}
