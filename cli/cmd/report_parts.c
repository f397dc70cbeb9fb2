// SPDX-License-Identifier: GPL-2.0-or-later
/* The files of a report that are rendered, and not copied. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "cli/cmd/config.h"
#include "cli/cmd/info.h"
#include "cli/cmd/list.h"
#include "cli/cmd/report.h"
#include "cli/cmd/snapshot.h"
#include "core/pci/config_space.h"
#include "core/survey/privacy.h"
#include "core/kernel/sysfs.h"

void report_note(struct report *r, const char *what, const char *reason)
{
	text_buffer_format(&r->notes, "%s: %s\n", what, reason);
}

/* DEVICE is of the Ith that is selected, from I on; NULL at the end. */
static const struct survey_device *next(const struct report *r, size_t *i)
{
	while (*i < r->survey->topology->count) {
		const struct survey_device *d = &r->survey->devices[(*i)++];

		if (d->is_selected)
			return d;
	}
	return NULL;
}

static void write_line(struct writer *w, const char *label, const char *value)
{
	writer_text(w, "%s%s", label, value);
	writer_line(w);
}

static void write_about(struct report *r, struct writer *w)
{
	struct utsname name;

	write_line(w, "pcietool ", command_version());
	if (uname(&name) == 0) {
		writer_text(w, "kernel %s %s %s %s", name.sysname, name.release, name.version, name.machine);
		writer_line(w);
	}
	write_line(w, "written by ", geteuid() == 0 ? "root" : "a user without rights");
	write_line(w, "serial numbers ", r->serials ? "included" : "left out");
	writer_text(w, "devices %zu", r->survey->selected);
	writer_line(w);
}

static void write_list(struct report *r, struct writer *w)
{
	const struct survey_device *d;
	struct pci_address *list = calloc(r->survey->selected + 1, sizeof(*list));
	size_t count = 0;

	if (!list) {
		report_note(r, "list.txt", "no memory");
		return;
	}
	for (size_t i = 0; (d = next(r, &i)) != NULL;)
		list[count++] = d->node->address;
	list_write(w, &r->inv->ctx, list, count, r->names, true);
	free(list);
}

static void write_tree(struct report *r, struct writer *w)
{
	const struct survey_device *d;

	for (size_t i = 0; (d = next(r, &i)) != NULL;) {
		int depth = 0;
		char nick[40];

		for (const struct topology_node *node = d->node->parent; node; node = node->parent)
			depth++;
		survey_nickname(d, nick);
		writer_column(w, 2 * depth);
		writer_text(w, "%s %04x:%04x [%06x]%s%s%s", d->node->name,
			    (unsigned int)d->ids.vendor_id.value, (unsigned int)d->ids.device_id.value,
			    (unsigned int)d->ids.class_id.value, d->driver[0] ? " driver " : "", d->driver,
			    nick);
		writer_line(w);
	}
}

static void write_info(struct report *r, struct writer *w)
{
	const struct survey_device *d;

	writer_document(w, "report-info");
	writer_array(w, "devices");
	for (size_t i = 0; (d = next(r, &i)) != NULL;) {
		struct device_info info;
		struct device *device;
		struct error error;

		if (device_open(&r->inv->ctx, &d->node->address, &device, &error) == 0) {
			if (device_info_read(device, r->names, &info, &error) == 0) {
				writer_object(w, NULL);
				info_write(w, &info);
				writer_end(w);
			} else {
				report_note(r, "info.json", error.message);
			}
			device_close(device);
		}
	}
	writer_document_end(w);
}

static void write_snapshot(struct report *r, struct writer *w)
{
	snapshot_document(w, &r->inv->ctx, r->survey);
}

static void write_config(struct report *r, struct writer *w)
{
	const struct survey_device *d;

	for (size_t i = 0; (d = next(r, &i)) != NULL;) {
		struct config_space space;
		struct device *device;
		struct error error;

		if (device_open(&r->inv->ctx, &d->node->address, &device, &error) < 0)
			continue;
		if (config_space_read(device, &space, &error) == 0) {
			if (!r->serials)
				privacy_mask_config(&space);
			config_dump_write(w, device, &space);
		} else {
			report_note(r, "config.txt", error.message);
		}
		device_close(device);
	}
}

static void write_vpd_of(struct report *r, struct writer *w, struct device *device)
{
	struct error error;
	struct vpd vpd;
	uint8_t *data;
	size_t length;

	if (device_vpd_read(device, &data, &length, &error) < 0) {
		if (error.kind != ERROR_UNSUPPORTED)
			report_note(r, "vpd.json", error.message);
		return;
	}
	if (vpd_parse(data, length, &vpd) == 0) {
		writer_object(w, NULL);
		writer_string(w, "address", NULL, device->name);
		info_write_vpd(w, &vpd, r->serials);
		writer_end(w);
		vpd_free(&vpd);
	} else {
		report_note(r, "vpd.json", "no memory");
	}
	free(data);
}

static void write_vpd(struct report *r, struct writer *w)
{
	const struct survey_device *d;

	writer_document(w, "report-vpd");
	writer_array(w, "devices");
	for (size_t i = 0; (d = next(r, &i)) != NULL;) {
		struct device *device;
		struct error error;

		if (device_open(&r->inv->ctx, &d->node->address, &device, &error) < 0)
			continue;
		write_vpd_of(r, w, device);
		device_close(device);
	}
	writer_document_end(w);
}

static void write_resources(struct report *r, struct writer *w)
{
	const struct survey_device *d;

	for (size_t i = 0; (d = next(r, &i)) != NULL;) {
		char text[4096];
		char *rest;
		unsigned int n = 0;

		if (sysfs_read(&r->inv->ctx, text, sizeof(text), SYSFS_PCI_DEVICES "/%s/resource",
			       d->node->name) < 0)
			continue;
		write_line(w, "", d->node->name);
		for (char *line = strtok_r(text, "\n", &rest); line; line = strtok_r(NULL, "\n", &rest)) {
			writer_text(w, "  %2u %s", n++, line);
			writer_line(w);
		}
	}
}

static void write_end(struct writer *w, const char *label, const struct topology_node *node,
		      const struct link_state *state)
{
	if (!node)
		return;
	if (state->reason)
		writer_text(w, "%s%s %s", label, node->name, state->reason);
	else
		writer_text(w, "%s%s %gGT/s x%u of %gGT/s x%u", label, node->name, state->speed, state->width,
			    state->max_speed, state->max_width);
}

static void write_links(struct report *r, struct writer *w)
{
	const struct survey_device *d;

	for (size_t i = 0; (d = next(r, &i)) != NULL;) {
		struct link link;

		if (d->is_port && !d->node->child) {
			write_end(w, "", d->node, &d->link);
			writer_text(w, ": nothing below");
		} else if (survey_link(r->survey, d, &link)) {
			write_end(w, "", link.up, &link.up_state);
			write_end(w, " - ", link.down, &link.down_state);
			writer_text(w, ": %s", link_verdict_name(link.verdict));
		} else {
			continue;
		}
		writer_line(w);
	}
}

/* Once, and not for each device: without rights it is so of all. */
static void note_unknown_reporting(struct report *r)
{
	const struct survey_device *d;
	char note[128];

	for (size_t i = 0; (d = next(r, &i)) != NULL;) {
		if (!d->aer || !d->reporting.reason)
			continue;
		snprintf(note, sizeof(note), "which errors %s reports: %s", d->node->name,
			 d->reporting.reason);
		report_note(r, "aer.txt", note);
		return;
	}
}

static void write_aer(struct report *r, struct writer *w)
{
	const struct survey_device *d;

	note_unknown_reporting(r);
	for (size_t i = 0; (d = next(r, &i)) != NULL;) {
		if (d->aer_owner == AER_OWNER_NOT_KERNEL) {
			writer_text(w, "%s %s: 0 says nothing", d->node->name, AER_NOT_HANDLED);
			writer_line(w);
		}
		for (int s = 0; d->aer && s < AER_SEVERITIES; s++) {
			const struct aer_counts *counts = &d->aer->counts[s];

			writer_text(w, "%s %s", d->node->name, aer_severity_name((enum aer_severity)s));
			if (counts->reason)
				writer_text(w, " %s", counts->reason);
			else
				writer_text(w, " total %llu", (unsigned long long)counts->total);
			for (unsigned int t = 0; !counts->reason && t < counts->type_count; t++) {
				if (counts->types[t].count)
					writer_text(w, ", %s %llu", counts->types[t].name,
						    (unsigned long long)counts->types[t].count);
			}
			if (!d->reporting.reason && d->reporting.is_unreported[s])
				writer_text(w, ", unreported: a count of 0 says nothing");
			writer_line(w);
		}
	}
}

static void write_groups(struct report *r, struct writer *w)
{
	const struct survey_device *d;

	for (size_t i = 0; (d = next(r, &i)) != NULL;) {
		char group[32];

		if (sysfs_link_name(&r->inv->ctx, group, sizeof(group), SYSFS_PCI_DEVICES "/%s/iommu_group",
				    d->node->name) < 0)
			snprintf(group, sizeof(group), "none");
		writer_text(w, "%s group %s", d->node->name, group);
		writer_line(w);
	}
}

const struct report_part report_parts[] = {
	{ "about.txt", .write = write_about },
	{ "list.txt", .write = write_list },
	{ "tree.txt", .write = write_tree },
	{ "info.json", .json = true, .write = write_info },
	{ "snapshot.json", .json = true, .write = write_snapshot },
	{ "config.txt", .write = write_config },
	{ "vpd.json", .json = true, .write = write_vpd },
	{ "resources.txt", .write = write_resources },
	{ "links.txt", .write = write_links },
	{ "aer.txt", .write = write_aer },
	{ "iommu_groups.txt", .write = write_groups },
	{ 0 },
};
