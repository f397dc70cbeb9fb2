// SPDX-License-Identifier: GPL-2.0-or-later
/* The lists of capabilities, the names of their ids, and how a device interrupts. Reads config space only. */
#include "core/pci/capability.h"

#include <errno.h>
#include <linux/pci_regs.h>
#include <stdint.h>
#include <stdio.h>

#include "core/pci/fact.h"

const char CAPABILITY_CUT_OFF[] = "the capability is cut off";

/* The dwords that a list has been at: a broken list may loop. */
struct visited {
	uint8_t dword[PCI_CFG_SPACE_EXP_SIZE / 4];
};

static bool visit(struct visited *visited, unsigned int offset)
{
	bool before = visited->dword[offset / 4];

	visited->dword[offset / 4] = 1;
	return !before;
}

/* Whose it is and what: PCIe 6.0 sections 7.9.5 and 7.9.6. */
static void read_vendor(struct device *device, const struct capability_list *list, struct capability *c)
{
	const struct capability_place place = { c->offset, capability_list_end(list, c->offset) };

	if (c->id == PCI_EXT_CAP_ID_DVSEC) {
		capability_read(device, &place, PCI_DVSEC_HEADER1, 16, &c->vendor);
		capability_read(device, &place, PCI_DVSEC_HEADER2, 16, &c->vendor_specific);
	} else if (c->id == PCI_EXT_CAP_ID_VNDR) {
		capability_read(device, &place, PCI_VNDR_HEADER, 16, &c->vendor_specific);
	}
}

/* One more entry, if the list is sound up to it. */
static bool append(struct capability_list *list, struct visited *visited, unsigned int id,
		   unsigned int offset, unsigned int version)
{
	if (!visit(visited, offset))
		list->problem = "the list runs in a loop";
	else if (list->count == CAPABILITY_MAX)
		list->problem = "the list is too long";
	if (list->problem)
		return false;
	list->entries[list->count++] = (struct capability){
		.id = id,
		.offset = offset,
		.version = version,
		.vendor = { .reason = "none" },
		.vendor_specific = { .reason = "none" },
	};
	return true;
}

/* Where the list starts; 0: there is none. */
static unsigned int first(struct device *device, struct capability_list *list)
{
	struct fact_number status;
	struct fact_number type;
	struct fact_number pointer;
	bool cardbus;

	fact_read_config(device, PCI_STATUS, 16, &status);
	fact_read_config(device, PCI_HEADER_TYPE, 8, &type);
	list->reason = status.reason ? status.reason : type.reason;
	if (list->reason || !(status.value & PCI_STATUS_CAP_LIST))
		return 0;
	cardbus = (type.value & 0x7f) == PCI_HEADER_TYPE_CARDBUS;
	fact_read_config(device, cardbus ? PCI_CB_CAPABILITY_LIST : PCI_CAPABILITY_LIST, 8, &pointer);
	list->reason = pointer.reason;
	return list->reason ? 0 : (unsigned int)pointer.value & 0xfc;
}

/* False ends the list: with what it has, or as a list that cannot be read. */
static bool read_header(struct device *device, struct capability_list *list, unsigned int offset,
			unsigned int width, struct fact_number *header)
{
	fact_read_config(device, offset, width, header);
	if (header->reason && list->count)
		list->problem = header->reason;
	else if (header->reason)
		list->reason = header->reason;
	return !header->reason;
}

static void read_standard(struct device *device, struct capability_list *list, struct visited *visited)
{
	unsigned int offset = first(device, list);
	struct fact_number header;

	while (offset) {
		if (offset < PCI_STD_HEADER_SIZEOF) {
			list->problem = "the list points into the header";
			return;
		}
		if (!read_header(device, list, offset, 16, &header))
			return;
		if ((header.value & 0xff) == 0xff) {
			list->problem = "the list ends in all ones";
			return;
		}
		if (!append(list, visited, (unsigned int)header.value & 0xff, offset, 0))
			return;
		offset = (unsigned int)header.value >> 8 & 0xfc;
	}
}

static void read_extended(struct device *device, struct capability_list *list, struct visited *visited)
{
	unsigned int offset = PCI_CFG_SPACE_SIZE;
	struct fact_number header;
	int size = device_config_size(device);

	if (size < 0)
		list->reason = fact_reason(size);
	else if (size <= PCI_STD_HEADER_SIZEOF)
		list->reason = device->image ? fact_reason(-ENODATA) : "needs root";
	else if (size <= PCI_CFG_SPACE_SIZE && device_capability(device, PCI_CAP_ID_EXP, 0))
		list->reason =
			device->image ? fact_reason(-ENODATA) : "the kernel shows no extended config space";
	if (list->reason || size <= PCI_CFG_SPACE_SIZE)
		return;
	while (offset) {
		if (offset < PCI_CFG_SPACE_SIZE) {
			list->problem = "the list points below 0x100";
			return;
		}
		if (!read_header(device, list, offset, 32, &header))
			return;
		/* no capability at all: a header of zeroes, or nobody there */
		if (offset == PCI_CFG_SPACE_SIZE && (header.value == 0 || header.value == 0xffffffff))
			return;
		if (header.value == 0) {
			list->problem = "the list points to nothing";
			return;
		}
		if ((header.value & 0xffff) == 0xffff) {
			list->problem = "the list ends in all ones";
			return;
		}
		if (!append(list, visited, (unsigned int)header.value & 0xffff, offset,
			    (unsigned int)header.value >> 16 & 0xf))
			return;
		offset = (unsigned int)header.value >> 20 & 0xffc;
	}
}

static void read_headers(struct device *device, bool extended, struct capability_list *list)
{
	struct visited visited = { .dword = { 0 } };

	list->reason = NULL;
	list->problem = NULL;
	list->count = 0;
	if (extended)
		read_extended(device, list, &visited);
	else
		read_standard(device, list, &visited);
}

void capability_list_read(struct device *device, bool extended, struct capability_list *list)
{
	read_headers(device, extended, list);
	if (!extended)
		return;
	/* where one ends is known behind the last */
	for (unsigned int i = 0; i < list->count; i++)
		read_vendor(device, list, &list->entries[i]);
}

unsigned int capability_list_find(const struct capability_list *list, unsigned int id)
{
	for (unsigned int i = 0; i < list->count; i++) {
		if (list->entries[i].id == id)
			return list->entries[i].offset;
	}
	return 0;
}

/* --- where one ends -------------------------------------------------------------------------------- */

unsigned int capability_list_end(const struct capability_list *list, unsigned int offset)
{
	unsigned int end = offset >= PCI_CFG_SPACE_SIZE ? PCI_CFG_SPACE_EXP_SIZE : PCI_CFG_SPACE_SIZE;

	for (unsigned int i = 0; i < list->count; i++) {
		if (list->entries[i].offset > offset && list->entries[i].offset < end)
			end = list->entries[i].offset;
	}
	return end;
}

struct capability_place capability_list_place(const struct capability_list *list, unsigned int id)
{
	unsigned int offset = capability_list_find(list, id);

	return (struct capability_place){ offset, offset ? capability_list_end(list, offset) : 0 };
}

struct capability_place capability_place_read(struct device *device, bool extended, unsigned int id)
{
	struct capability_list list;

	read_headers(device, extended, &list);
	return capability_list_place(&list, id);
}

bool capability_holds(const struct capability_place *place, unsigned int offset, unsigned int width)
{
	return place->offset && place->offset + offset + width / 8 <= place->end;
}

void capability_read(struct device *device, const struct capability_place *place, unsigned int offset,
		     unsigned int width, struct fact_number *fact)
{
	if (capability_holds(place, offset, width))
		fact_read_config(device, place->offset + offset, width, fact);
	else
		*fact = (struct fact_number){ .reason = CAPABILITY_CUT_OFF };
}

/* --- names --------------------------------------------------------------------------------------- */

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

/* --- how it can interrupt ------------------------------------------------------------------------ */

/* PCI Local Bus 3.0 section 6.8.1 */
static void read_msi(struct device *device, const struct capability_list *list, struct msi_state *msi)
{
	const struct capability_place place = capability_list_place(list, PCI_CAP_ID_MSI);
	struct fact_number flags;

	msi->reason = list->reason ? list->reason : place.offset ? NULL : "no such capability";
	if (msi->reason)
		return;
	capability_read(device, &place, PCI_MSI_FLAGS, 16, &flags);
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
	const struct capability_place place = capability_list_place(list, PCI_CAP_ID_MSIX);
	struct fact_number flags;
	struct fact_number table;
	struct fact_number pending;

	msix->reason = list->reason ? list->reason : place.offset ? NULL : "no such capability";
	if (msix->reason)
		return;
	capability_read(device, &place, PCI_MSIX_FLAGS, 16, &flags);
	capability_read(device, &place, PCI_MSIX_TABLE, 32, &table);
	capability_read(device, &place, PCI_MSIX_PBA, 32, &pending);
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
