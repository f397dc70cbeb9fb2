// SPDX-License-Identifier: GPL-2.0-or-later
/* How info shows a device. */
#include <linux/pci_regs.h>
#include <stdio.h>

#include "cli/fields.h"
#include "cli/cmd/info.h"
#include "core/pci/capability.h"

/* Starts a line: its title, and the column where values stand. */
static void title(struct writer *w, const char *text)
{
	writer_text(w, "%s", text);
	writer_column(w, FIELDS_COLUMN);
}

struct flag {
	unsigned int mask;
	const char *key;
	const char *text; /* shown when it is set */
	const char *clear; /* shown when it is not; NULL: nothing */
};

/* PCI Local Bus 3.0 section 6.2.2 */
static const struct flag command_flags[] = {
	{ PCI_COMMAND_IO, "io", "I/O on", "I/O off" },
	{ PCI_COMMAND_MEMORY, "memory", "memory on", "memory off" },
	{ PCI_COMMAND_MASTER, "bus_master", "bus master on", "bus master off" },
	{ PCI_COMMAND_SPECIAL, "special_cycles", "special cycles", NULL },
	{ PCI_COMMAND_INVALIDATE, "memory_write_invalidate", "memory write and invalidate", NULL },
	{ PCI_COMMAND_VGA_PALETTE, "vga_palette_snoop", "VGA palette snoop", NULL },
	{ PCI_COMMAND_PARITY, "parity_error_response", "parity error response", NULL },
	{ PCI_COMMAND_SERR, "serr", "SERR on", NULL },
	{ PCI_COMMAND_FAST_BACK, "fast_back_to_back", "fast back-to-back", NULL },
	{ PCI_COMMAND_INTX_DISABLE, "intx_disable", "INTx disabled", NULL },
	{ 0, NULL, NULL, NULL },
};

/* the same, section 6.2.3 */
static const struct flag status_flags[] = {
	{ PCI_STATUS_INTERRUPT, "intx_asserted", "INTx asserted", NULL },
	{ PCI_STATUS_CAP_LIST, "capability_list", "capability list", NULL },
	{ PCI_STATUS_66MHZ, "66mhz", "66 MHz", NULL },
	{ PCI_STATUS_FAST_BACK, "fast_back_to_back", "fast back-to-back", NULL },
	{ PCI_STATUS_PARITY, "master_data_parity_error", "master data parity error", NULL },
	{ PCI_STATUS_SIG_TARGET_ABORT, "signaled_target_abort", "signaled target abort", NULL },
	{ PCI_STATUS_REC_TARGET_ABORT, "received_target_abort", "received target abort", NULL },
	{ PCI_STATUS_REC_MASTER_ABORT, "received_master_abort", "received master abort", NULL },
	{ PCI_STATUS_SIG_SYSTEM_ERROR, "signaled_system_error", "signaled system error", NULL },
	{ PCI_STATUS_DETECTED_PARITY, "detected_parity_error", "detected parity error", NULL },
	{ 0, NULL, NULL, NULL },
};

/* MEMORY: what holds for the flag of that name, where that is not in the register; NULL: it is there. */
static void write_flags(struct writer *w, const char *key, const struct fact_number *value,
			const struct fact_number *memory, const struct flag *flags)
{
	const char *separator = ": ";

	title(w, key);
	if (value->reason) {
		writer_null(w, key, "", value->reason);
		writer_line(w);
		return;
	}
	writer_object(w, key);
	writer_hex(w, "value", "", value->value, 4);
	for (const struct flag *f = flags; f->mask; f++) {
		const struct fact_number *from = memory && f->mask == PCI_COMMAND_MEMORY ? memory : value;
		bool set = from->value & f->mask;

		if (from->reason) {
			writer_null(w, f->key, NULL, from->reason);
			continue;
		}
		writer_bool(w, f->key, NULL, set);
		if (!set && !f->clear)
			continue;
		writer_text(w, "%s%s", separator, set ? f->text : f->clear);
		separator = ", ";
	}
	writer_end(w);
	writer_line(w);
}

static void write_header(struct writer *w, const struct device_info *info)
{
	static const char *const kinds[] = { "endpoint", "PCI bridge", "CardBus bridge" };
	const struct device_summary *s = &info->summary;
	unsigned int type = (unsigned int)info->header_type.value & 0x7f;

	field_identity(w, s);
	field_id(w, "revision", ", revision ", &s->revision, 2);
	writer_line(w);
	title(w, "subsystem");
	field_id(w, "subsystem_vendor_id", "", &s->ids.subsystem_vendor_id, 4);
	field_id(w, "subsystem_device_id", s->ids.subsystem_vendor_id.reason ? NULL : ":",
		 &s->ids.subsystem_device_id, 4);
	field_name(w, "subsystem_vendor", " ", &s->subsystem_vendor);
	field_name(w, "subsystem", " ", &s->subsystem);
	writer_line(w);
	title(w, "header");
	if (info->header_type.reason) {
		writer_null(w, "header_type", "", info->header_type.reason);
		writer_null(w, "multi_function", NULL, info->header_type.reason);
	} else {
		writer_number(w, "header_type", "type ", type);
		writer_text(w, ", %s", type < 3 ? kinds[type] : "of no known kind");
		writer_bool(w, "multi_function", NULL, info->header_type.value & 0x80);
		writer_text(w, "%s", info->header_type.value & 0x80 ? ", one of several functions" : "");
	}
	writer_line(w);
	write_flags(w, "command", &info->command, &info->decoding, command_flags);
	write_flags(w, "status", &info->status, NULL, status_flags);
}

static void write_rom(struct writer *w, const struct device_info *info)
{
	const struct device_summary *s = &info->summary;
	const struct bar *rom = &s->bars[DEVICE_ROM];

	if (s->bars_reason || rom->state == BAR_ABSENT) {
		writer_null(w, "rom", NULL, s->bars_reason ? s->bars_reason : "none");
		return;
	}
	title(w, "");
	field_bar(w, "rom", rom, true, NULL, NULL);
	if (info->rom_address.reason) {
		writer_null(w, "rom_enabled", NULL, info->rom_address.reason);
	} else {
		writer_bool(w, "rom_enabled", NULL, info->rom_address.value & PCI_ROM_ADDRESS_ENABLE);
		writer_text(w, "%s",
			    info->rom_address.value & PCI_ROM_ADDRESS_ENABLE ? ", enabled" : ", disabled");
	}
	writer_line(w);
}

static void write_bars(struct writer *w, const struct device_info *info)
{
	const struct device_summary *s = &info->summary;
	bool any = false;

	title(w, "BARs");
	if (s->bars_reason) {
		writer_null(w, "bars", "", s->bars_reason);
		writer_line(w);
	} else {
		writer_array(w, "bars");
		for (unsigned int i = 0; i < DEVICE_BARS; i++) {
			if (s->bars[i].state == BAR_ABSENT || s->bars[i].state == BAR_UPPER_HALF)
				continue;
			writer_column(w, FIELDS_COLUMN);
			field_bar(w, NULL, &s->bars[i], true, &info->decoding, &info->lost[i]);
			writer_line(w);
			any = true;
		}
		writer_end(w);
		if (!any) {
			writer_text(w, "none%s", info->bars_complete ? "" : FIELDS_BARS_UNTOLD);
			writer_line(w);
		}
	}
	if (s->bars_reason)
		writer_null(w, "bars_complete", NULL, s->bars_reason);
	else
		writer_bool(w, "bars_complete", NULL, info->bars_complete);
	write_rom(w, info);
}

static void write_capability(struct writer *w, bool extended, const struct capability *c)
{
	char name[64];

	capability_name_format(extended, c->id, name, sizeof(name));
	writer_column(w, FIELDS_COLUMN);
	writer_object(w, NULL);
	writer_hex(w, "offset", "", c->offset, extended ? 3 : 2);
	writer_hex(w, "id", NULL, c->id, extended ? 4 : 2);
	if (extended)
		writer_number(w, "version", NULL, c->version);
	writer_string(w, "name", extended ? " " : "  ", name);
	if (extended && c->id == PCI_EXT_CAP_ID_DVSEC) {
		field_id(w, "dvsec_vendor_id", ", vendor ", &c->vendor, 4);
		field_id(w, "dvsec_id", ", id ", &c->vendor_specific, 4);
	} else if (extended && c->id == PCI_EXT_CAP_ID_VNDR) {
		field_id(w, "vsec_id", ", id ", &c->vendor_specific, 4);
	}
	writer_end(w);
	writer_line(w);
}

static void write_capabilities(struct writer *w, bool extended, const struct capability_list *list)
{
	const char *key = extended ? "extended_capabilities" : "capabilities";
	const char *problem_key = extended ? "extended_capabilities_problem" : "capabilities_problem";

	title(w, extended ? "extended" : "capabilities");
	if (list->reason) {
		writer_null(w, key, "", list->reason);
		writer_line(w);
		writer_null(w, problem_key, NULL, list->reason);
		return;
	}
	writer_array(w, key);
	for (unsigned int i = 0; i < list->count; i++)
		write_capability(w, extended, &list->entries[i]);
	writer_end(w);
	if (list->count == 0 && !list->problem) {
		writer_text(w, "none");
		writer_line(w);
	}
	if (!list->problem) {
		writer_null(w, problem_key, NULL, "none");
		return;
	}
	writer_column(w, FIELDS_COLUMN);
	writer_string(w, problem_key, "broken: ", list->problem);
	writer_line(w);
}

static void write_msi(struct writer *w, const struct msi_state *msi)
{
	if (msi->reason) {
		writer_null(w, "msi", NULL, msi->reason);
		return;
	}
	writer_object(w, "msi");
	writer_bool(w, "enabled", NULL, msi->enabled);
	writer_text(w, ", MSI %s (", msi->enabled ? "on" : "off");
	writer_number(w, "vectors", "vectors ", msi->vectors);
	writer_number(w, "vectors_enabled", msi->enabled ? ", enabled " : NULL, msi->vectors_enabled);
	writer_bool(w, "64bit", NULL, msi->is_64bit);
	writer_bool(w, "maskable", NULL, msi->maskable);
	writer_text(w, ", %s-bit%s)", msi->is_64bit ? "64" : "32", msi->maskable ? ", maskable" : "");
	writer_end(w);
}

static void write_msix(struct writer *w, const struct msix_state *msix)
{
	if (msix->reason) {
		writer_null(w, "msix", NULL, msix->reason);
		return;
	}
	writer_object(w, "msix");
	writer_bool(w, "enabled", NULL, msix->enabled);
	writer_bool(w, "masked", NULL, msix->masked);
	writer_text(w, ", MSI-X %s%s (", msix->enabled ? "on" : "off", msix->masked ? ", masked" : "");
	writer_number(w, "vectors", "vectors ", msix->vectors);
	writer_number(w, "table_bar", ", table BAR", msix->table_bar);
	writer_hex(w, "table_offset", "+", msix->table_offset, 1);
	writer_number(w, "pending_bar", ", pending BAR", msix->pending_bar);
	writer_hex(w, "pending_offset", "+", msix->pending_offset, 1);
	writer_text(w, ")");
	writer_end(w);
}

static void write_interrupt(struct writer *w, const struct interrupt_setup *state)
{
	static const char *const pins[] = { "none", "A", "B", "C", "D" };

	title(w, "interrupt");
	writer_object(w, "interrupt");
	if (state->pin.reason)
		writer_null(w, "pin", "pin ", state->pin.reason);
	else if (state->pin.value == 0 || state->pin.value > 4)
		writer_null(w, "pin", "pin ", state->pin.value ? "not valid" : "none");
	else
		writer_string(w, "pin", "pin ", pins[state->pin.value]);
	field_hex(w, "line", NULL, &state->line, 2);
	field_number(w, "irq", ", irq ", &state->irq);
	write_msi(w, &state->msi);
	write_msix(w, &state->msix);
	writer_end(w);
	writer_line(w);
}

static void write_power(struct writer *w, const struct device_info *info)
{
	static const char *const states[] = { "D0", "D1", "D2", "D3hot" };

	title(w, "power");
	field_text(w, "power_state", "", &info->power_state);
	field_hex(w, "pmcsr", NULL, &info->pm_control, 4);
	if (info->pm_control.reason)
		writer_null(w, "pmcsr_state", NULL, info->pm_control.reason);
	else
		writer_string(w, "pmcsr_state", ", in the device ",
			      states[info->pm_control.value & PCI_PM_CTRL_STATE_MASK]);
	field_text(w, "runtime_status", ", runtime ", &info->runtime_status);
	writer_line(w);
}

static void write_kernel_names(struct writer *w, const struct device_info *info)
{
	if (info->kernel_names.count)
		title(w, "names");
	writer_array(w, "kernel_names");
	for (unsigned int i = 0; i < info->kernel_names.count; i++) {
		writer_object(w, NULL);
		writer_string(w, "class", i ? ", " : "", info->kernel_names.names[i].class_name);
		writer_string(w, "name", " ", info->kernel_names.names[i].name);
		writer_end(w);
	}
	writer_end(w);
	if (info->kernel_names.count)
		writer_line(w);
}

static void write_kernel_view(struct writer *w, const struct device_info *info)
{
	title(w, "driver");
	field_text(w, "driver", "", &info->summary.driver);
	field_name(w, "driver_override", ", override ", &info->driver_override);
	writer_line(w);
	title(w, "IOMMU group");
	field_number(w, "iommu_group", "", &info->iommu_group);
	if (info->iommu_group.reason)
		writer_null(w, "iommu_group_devices", NULL, info->iommu_group.reason);
	else
		writer_number(w, "iommu_group_devices", ", devices in it ", info->iommu_group_devices);
	writer_line(w);
	title(w, "NUMA node");
	field_number(w, "numa_node", "", &info->numa_node);
	writer_line(w);
	write_power(w, info);
	title(w, "DMA mask");
	field_number(w, "dma_mask_bits", "", &info->dma_mask_bits);
	field_number(w, "coherent_dma_mask_bits",
		     info->dma_mask_bits.reason ? ", coherent " : " bits, coherent ",
		     &info->coherent_dma_mask_bits);
	writer_line(w);
	write_kernel_names(w, info);
}

void info_write(struct writer *w, const struct device_info *info)
{
	write_header(w, info);
	write_bars(w, info);
	write_capabilities(w, false, &info->capabilities);
	write_capabilities(w, true, &info->extended);
	title(w, "link");
	field_link(w, "", &info->summary.link, true);
	writer_line(w);
	write_interrupt(w, &info->interrupt);
	write_kernel_view(w, info);
}
