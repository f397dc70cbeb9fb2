// SPDX-License-Identifier: GPL-2.0-or-later
/* iommu: the groups, what is in them, how their DMA is treated. */
#include <stdlib.h>

#include "cli/command.h"
#include "cli/fields.h"
#include "cli/device.h"
#include "core/pci/iommu_group.h"
#include "core/kernel/sysfs.h"

static void read_driver(const struct device *device, struct fact_text *driver)
{
	int rc = device_driver(device, driver->text, sizeof(driver->text));

	driver->reason = rc == -ENOENT ? "none" : rc < 0 ? fact_reason(rc) : NULL;
}

static void write_member(struct invocation *inv, const struct iommu_member *member)
{
	struct fact_number vendor = { .reason = "not a PCI device" };
	struct fact_number device_id = vendor;
	struct fact_text driver = { .reason = vendor.reason };
	struct writer *w = inv->out;
	struct device *device;
	struct error ignored;
	bool known;

	known = member->is_pci && device_open(&inv->ctx, &member->address, &device, &ignored) == 0;
	if (known) {
		fact_read_number(device, "vendor", &vendor);
		fact_read_number(device, "device", &device_id);
		read_driver(device, &driver);
		device_close(device);
	}
	writer_column(w, FIELDS_COLUMN);
	writer_object(w, NULL);
	writer_string(w, "name", "", member->name);
	field_id(w, "vendor_id", known ? " " : NULL, &vendor, 4);
	field_id(w, "device_id", known ? ":" : NULL, &device_id, 4);
	field_text(w, "driver", known ? ", driver " : NULL, &driver);
	writer_end(w);
	writer_line(w);
}

static void write_regions(struct writer *w, const struct iommu_group *group)
{
	if (group->regions_reason) {
		writer_null(w, "reserved_regions", NULL, group->regions_reason);
		return;
	}
	writer_array(w, "reserved_regions");
	for (size_t i = 0; i < group->region_count; i++) {
		const struct iommu_region *r = &group->regions[i];

		writer_column(w, FIELDS_COLUMN);
		writer_object(w, NULL);
		writer_hex(w, "start", "reserved ", r->start, 8);
		writer_hex(w, "end", "..", r->end, 8);
		writer_string(w, "type", " ", r->type);
		writer_end(w);
		writer_line(w);
	}
	writer_end(w);
}

static int write_group(struct invocation *inv, unsigned int number)
{
	struct writer *w = inv->out;
	struct iommu_group group;
	const char *meaning;
	int rc;

	rc = iommu_group_read(&inv->ctx, number, &group, &inv->error);
	if (rc < 0)
		return rc;
	writer_object(w, NULL);
	writer_number(w, "group", "group ", group.number);
	writer_column(w, FIELDS_COLUMN);
	field_text(w, "type", "type ", &group.type);
	meaning = group.type.reason ? NULL : iommu_type_meaning(group.type.text);
	if (meaning)
		writer_string(w, "meaning", ": ", meaning);
	else
		writer_null(w, "meaning", NULL, "unknown");
	writer_line(w);
	writer_array(w, "devices");
	for (size_t i = 0; i < group.member_count; i++)
		write_member(inv, &group.members[i]);
	writer_end(w);
	write_regions(w, &group);
	writer_end(w);
	iommu_group_free(&group);
	return 0;
}

static int no_iommu(struct invocation *inv)
{
	int rc = error_set(&inv->error, ERROR_UNSUPPORTED, "no-iommu",
			   inv->selected ? "none of the devices that match is in an IOMMU group"
					 : "there are no IOMMU groups");

	error_hint(&inv->error, "%s", iommu_advice(&inv->ctx));
	return rc;
}

/* Keeps of GROUPS those that one of the devices LIST is in; returns how many. */
static size_t keep_selected(const struct invocation *inv, const struct pci_address *list, size_t count,
			    unsigned int *groups, size_t group_count)
{
	size_t kept = 0;

	for (size_t g = 0; g < group_count; g++) {
		bool wanted = false;

		for (size_t i = 0; i < count && !wanted; i++) {
			char name[PCI_ADDRESS_SIZE];
			struct fact_number group;
			struct fact_text type;

			pci_address_format(&list[i], name);
			iommu_group_of(&inv->ctx, name, &group, &type);
			wanted = !group.reason && group.value == groups[g];
		}
		if (wanted)
			groups[kept++] = groups[g];
	}
	return kept;
}

static int run_show(struct invocation *inv)
{
	struct pci_address *list;
	unsigned int *groups = NULL;
	size_t group_count = 0;
	size_t count;
	int rc;

	rc = matches_list(inv, &list, &count);
	if (rc < 0)
		return rc;
	rc = iommu_group_list(&inv->ctx, &groups, &group_count, &inv->error);
	if (rc < 0)
		goto out_free;
	if (inv->selected)
		group_count = keep_selected(inv, list, count, groups, group_count);
	if (!group_count) {
		rc = no_iommu(inv);
		goto out_free;
	}
	writer_document(inv->out, inv->command->name);
	writer_array(inv->out, "groups");
	for (size_t i = 0; rc == 0 && i < group_count; i++)
		rc = write_group(inv, groups[i]);
	writer_end(inv->out);
out_free:
	free(groups);
	free(list);
	return rc;
}

const struct command iommu_commands[] = {
	{
		.name = "iommu show",
		.summary = "Show IOMMU groups: type, members, reserved addresses",
		.details =
			"The groups of the devices that match, or all. VFIO takes all of a group or nothing.",
		.pages = true,
		.run = run_show,
	},
	{ 0 },
};
