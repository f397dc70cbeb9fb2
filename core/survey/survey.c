// SPDX-License-Identifier: GPL-2.0-or-later
/* All functions in one look; who has which link, slot and counters follows from the tree. */
#include "core/survey/survey.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/kernel/sysfs.h"

#define CLASS_BRIDGE 0x06 /* PCI Code and ID Assignment 1.11 section 1.7 */
#define CLASS_HOST_BRIDGE 0x0600 /* the same; some have a link, which leads down, to the chipset (DMI) */
#define CLASS_COLLECTOR 0x0807 /* section 1.9: root complex event collector */

/* --- one device ------------------------------------------------------------------------------ */

static void read_power(const struct device *device, struct survey_device *d)
{
	char text[32];

	if (device_read_attribute(device, "power/runtime_status", text, sizeof(text)) == 0) {
		d->has_sleep = true;
		d->is_suspended = strcmp(text, "suspended") == 0;
	}
	if (device_read_attribute(device, "power_state", text, sizeof(text)) == 0 && text[0] == 'D')
		snprintf(d->power_state, sizeof(d->power_state), "%.15s", text);
}

struct survey_counters {
	struct survey_counters *next;
	struct aer_counters aer;
};

static bool has_counts(const struct aer_counts *counts)
{
	if (counts->total)
		return true;
	for (unsigned int t = 0; t < counts->type_count; t++) {
		if (counts->types[t].count)
			return true;
	}
	return false;
}

static bool has_counted(const struct aer_counters *aer)
{
	for (int i = 0; i < AER_SEVERITIES; i++) {
		if (has_counts(&aer->counts[i]))
			return true;
	}
	return false;
}

/* Of two that never counted: do they name the same types? */
static bool is_same_quiet(const struct aer_counters *a, const struct aer_counters *b)
{
	for (int i = 0; i < AER_SEVERITIES; i++) {
		const struct aer_counts *x = &a->counts[i];
		const struct aer_counts *y = &b->counts[i];

		if (x->reason != y->reason || x->type_count != y->type_count)
			return false;
		for (unsigned int t = 0; t < x->type_count; t++) {
			if (strcmp(x->types[t].name, y->types[t].name) != 0)
				return false;
		}
	}
	return true;
}

/* A copy, or one that is there; NULL: no memory. */
static const struct aer_counters *keep_counters(struct survey *s, const struct aer_counters *aer)
{
	bool is_quiet = !has_counted(aer);
	struct survey_counters **list = is_quiet ? &s->quiet : &s->counted;
	struct survey_counters *c;

	for (c = s->quiet; is_quiet && c; c = c->next) {
		if (is_same_quiet(&c->aer, aer))
			return &c->aer;
	}
	c = malloc(sizeof(*c));
	if (!c)
		return NULL;
	c->aer = *aer;
	c->next = *list;
	*list = c;
	return &c->aer;
}

static void free_counters(struct survey_counters *list)
{
	while (list) {
		struct survey_counters *next = list->next;

		free(list);
		list = next;
	}
}

/* Of its PHYSICAL function, which stands before it in the order of addresses: that was read already. */
static void take_reporting(const char *physical, const struct survey *s, struct survey_device *d)
{
	const struct topology_node *node = NULL;
	struct pci_address address;

	if (pci_address_parse(physical, &address) == 0)
		node = topology_find(s->topology, &address);
	d->reporting.reason = FACT_VIRTUAL_FUNCTION;
	if (node && node < d->node)
		d->reporting = s->devices[node - s->topology->nodes].reporting;
}

/* The standard capabilities of a device, read when they are first asked for. */
struct capabilities {
	struct device *device;
	struct capability_list *list;
	bool is_read;
};

static const struct capability_list *list_of(struct capabilities *c)
{
	if (!c->is_read)
		capability_list_read(c->device, false, c->list);
	c->is_read = true;
	return c->list;
}

/* Has DEVICE a link below it? */
static bool read_port(struct capabilities *c, const struct survey *s, const struct survey_device *d)
{
	/* what is above it stands before it in the order of addresses */
	const struct survey_device *above = survey_above(s, d);
	struct link_port_known known = {
		.is_asleep = d->is_suspended,
		.is_express = d->link.reason != LINK_STATE_NOT_EXPRESS,
	};

	if (!d->node->is_bridge || (above && above->is_port))
		return false;
	/* its place tells, or it is not to be asked */
	if (!d->is_suspended && !(above && known.is_express))
		known.list = list_of(c);
	return link_port_is_device(c->device, d->node, &known);
}

static void read_reporting(struct capabilities *c, const struct survey *s, struct survey_device *d)
{
	char physical[PCI_ADDRESS_SIZE];

	/* with a link that is known it was asked already whether it is a virtual function */
	if ((d->is_virtual || d->link.reason) &&
	    sysfs_link_name(c->device->ctx, physical, sizeof(physical), SYSFS_PCI_DEVICES "/%s/physfn",
			    c->device->name) == 0)
		take_reporting(physical, s, d);
	else if (d->is_suspended)
		d->reporting.reason = LINK_STATE_SUSPENDED;
	else
		aer_reporting_read_in(c->device, list_of(c), &d->reporting);
}

static int read_aer(struct capabilities *c, struct survey *s, struct survey_device *d)
{
	bool is_root_port = d->node->is_bridge && !d->node->parent;
	/* it receives messages as a root port does, and the kernel counts those too: drivers/pci/pcie/aer.c */
	bool is_collector = d->ids.class_id.value >> 8 == CLASS_COLLECTOR;
	struct aer_counters aer;

	d->reporting.reason = "the kernel counts no errors of it";
	if (aer_counters_read(c->device, &aer) == 0) {
		d->aer = keep_counters(s, &aer);
		if (!d->aer)
			return -ENOMEM;
		read_reporting(c, s, d);
	}
	if (is_root_port || is_collector)
		d->aer_owner = aer_owner_of_root(c->device, d->driver);
	if (d->aer && (is_root_port || is_collector))
		aer_root_counters_read(c->device, &d->root);
	else
		d->root.reason = "no root port";
	return 0;
}

static void set_gone(struct survey_device *d)
{
	static const char gone[] = "the device is gone";

	d->ids.vendor_id.reason = d->ids.device_id.reason = d->ids.class_id.reason = gone;
	d->ids.subsystem_vendor_id.reason = d->ids.subsystem_device_id.reason = gone;
	d->link.reason = d->root.reason = d->reporting.reason = gone;
}

static int read_device(const struct context *ctx, struct survey *s, struct survey_device *d)
{
	struct capability_list list;
	struct capabilities capabilities = { .list = &list };
	struct device *device;
	struct fact_text driver;
	struct error ignored;
	int rc;

	if (device_open(ctx, &d->node->address, &device, &ignored) < 0) {
		set_gone(d);
		return 0;
	}
	device_ids_read(device, &d->ids, &driver);
	if (!driver.reason)
		snprintf(d->driver, sizeof(d->driver), "%.63s", driver.text);
	d->node->is_bridge = d->ids.class_id.value >> 8 == TOPOLOGY_CLASS_BRIDGE;
	read_power(device, d);
	link_state_survey(device, d->is_suspended, &d->link);
	capabilities.device = device;
	d->is_port = read_port(&capabilities, s, d);
	link_port_note(d->node, d->is_port);
	/* only Express ones can be virtual functions */
	if (!d->node->is_bridge && link_state_has_possible(&d->link))
		d->is_virtual = device_is_virtual(device);
	if (d->is_virtual)
		d->link = (struct link_state){ .reason = FACT_VIRTUAL_FUNCTION };
	rc = read_aer(&capabilities, s, d);
	if (d->driver[0] && d->ids.class_id.value >> 16 != CLASS_BRIDGE)
		kernel_name_first(device, d->ids.class_id.value, d->name);
	device_close(device);
	return rc;
}

/* --- all devices ----------------------------------------------------------------------------- */

static int mark_selected(const struct context *ctx, const struct selector *selector, struct survey *s,
			 struct error *error)
{
	struct pci_address *list;
	size_t count;
	int rc;

	if (!selector) {
		for (size_t i = 0; i < s->topology->count; i++)
			s->devices[i].is_selected = true;
		s->selected = s->topology->count;
		return 0;
	}
	rc = selector_list(ctx, selector, &list, &count, error);
	if (rc < 0)
		return rc;
	for (size_t i = 0; i < count; i++) {
		const struct topology_node *node = topology_find(s->topology, &list[i]);

		if (!node)
			continue;
		s->devices[node - s->topology->nodes].is_selected = true;
		s->selected++;
	}
	free(list);
	return 0;
}

static int read_all(const struct context *ctx, const struct selector *selector, struct survey *s,
		    struct error *error)
{
	int rc = topology_read_places(ctx, &s->topology, error);

	if (rc < 0)
		return rc;
	s->devices = calloc(s->topology->count + 1, sizeof(*s->devices));
	if (!s->devices)
		return error_errno(error, -ENOMEM, "reading the devices");
	s->topology->has_bridges = true; /* from here on */
	for (size_t i = 0; i < s->topology->count; i++) {
		s->devices[i].node = &s->topology->nodes[i];
		rc = read_device(ctx, s, &s->devices[i]);
		if (rc == 0)
			rc = context_lack(ctx);
		if (rc < 0)
			return error_errno(error, rc, "reading the devices");
	}
	if (slot_list_read(ctx, &s->slots) < 0)
		return error_errno(error, -ENOMEM, "reading the slots");
	return mark_selected(ctx, selector, s, error);
}

int survey_read(const struct context *ctx, const struct selector *selector, struct survey **survey,
		struct error *error)
{
	struct survey *s = calloc(1, sizeof(*s));
	int rc;

	if (!s)
		return error_errno(error, -ENOMEM, "reading the devices");
	rc = read_all(ctx, selector, s, error);
	if (rc < 0) {
		survey_free(s);
		return rc;
	}
	*survey = s;
	return 0;
}

void survey_free(struct survey *s)
{
	if (!s)
		return;
	free_counters(s->quiet);
	free_counters(s->counted);
	free(s->devices);
	slot_list_free(&s->slots);
	topology_free(s->topology);
	free(s);
}

const struct survey_device *survey_above(const struct survey *s, const struct survey_device *d)
{
	return d->node->parent ? &s->devices[d->node->parent - s->topology->nodes] : NULL;
}

static bool is_silent(const struct link_state *end)
{
	return end->reason == LINK_STATE_SUSPENDED || end->reason == LINK_STATE_UNREADABLE;
}

bool survey_link(const struct survey *s, const struct survey_device *d, struct link *link)
{
	const struct survey_device *above = survey_above(s, d);

	*link = (struct link){ .down = d->node, .down_state = d->link, .verdict = LINK_UNKNOWN };
	if (d->is_virtual || (!above && d->link.reason == LINK_STATE_NOT_EXPRESS))
		return false;
	/* a port's link is one, also where what is there is not PCI Express */
	if (above && (!above->is_port || d->node != above->node->child))
		return false;
	/* on a root bus: a port's link is below it, an integrated device has none; a guest's device may show one */
	if (!above &&
	    (d->node->is_bridge || d->link.reason || d->ids.class_id.value >> 8 == CLASS_HOST_BRIDGE))
		return false;
	if (above) {
		link->up = above->node;
		link->up_state = above->link;
	}
	if (is_silent(&link->up_state) || is_silent(&link->down_state))
		link->reason = is_silent(&link->up_state) ? link->up_state.reason : link->down_state.reason;
	else
		link_combine(link);
	/* a link that one end has is not down; some switches say nothing of theirs */
	if (link->verdict == LINK_DOWN && above && !above->link.reason) {
		link->down_state.speed = above->link.speed;
		link->down_state.width = above->link.width;
		link_combine(link);
	}
	return true;
}

bool survey_counts_are_void(const struct survey *s, const struct survey_device *d)
{
	const struct survey_device *root = d;

	while (root->node->parent)
		root = survey_above(s, root);
	if (root->aer_owner != AER_OWNER_NOT_KERNEL)
		return false;
	for (int i = 0; i < AER_SEVERITIES; i++) {
		if ((d->aer && d->aer->counts[i].total) || (!d->root.reason && d->root.totals[i]))
			return false;
	}
	return true;
}

const char *survey_count_void(const struct survey *s, const struct survey_device *d,
			      enum aer_severity severity)
{
	if (!d->aer || d->aer->counts[severity].reason || has_counts(&d->aer->counts[severity]))
		return NULL;
	if (survey_counts_are_void(s, d))
		return AER_NOT_HANDLED;
	return !d->reporting.reason && d->reporting.is_unreported[severity] ? AER_NOT_REPORTED : NULL;
}

const char *survey_slot(const struct survey *s, const struct survey_device *d)
{
	for (const struct topology_node *node = d->node; node; node = node->parent) {
		const struct slot *slot = slot_of(&s->slots, &node->address);

		if (slot)
			return slot->name;
	}
	return NULL;
}

void survey_nickname(const struct survey_device *d, char text[40])
{
	snprintf(text, 40, d->name[0] ? " (%s)" : "%s", d->name);
}
