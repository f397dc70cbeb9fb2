// SPDX-License-Identifier: GPL-2.0-or-later
/* What differs from the baseline. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "core/survey/check_internal.h"

static void format_id(char text[64], const char *what, uint64_t vendor, uint64_t device)
{
	snprintf(text, 64, "%s%04x:%04x", what, (unsigned int)vendor, (unsigned int)device);
}

/* Is another device in its place? */
static bool check_ids(struct check_item *item, const struct baseline_device *b)
{
	const struct survey_device *d = item->device;
	char expected[64];
	char actual[64];

	if (!d->ids.vendor_id.reason && !d->ids.device_id.reason &&
	    (d->ids.vendor_id.value != b->vendor_id || d->ids.device_id.value != b->device_id)) {
		format_id(expected, "", b->vendor_id, b->device_id);
		format_id(actual, "", d->ids.vendor_id.value, d->ids.device_id.value);
	} else if (b->has_class && !d->ids.class_id.reason && d->ids.class_id.value != b->class_id) {
		snprintf(expected, sizeof(expected), "class %06x", b->class_id);
		snprintf(actual, sizeof(actual), "class %06x", (unsigned int)d->ids.class_id.value);
	} else if (b->has_subsystem && !d->ids.subsystem_vendor_id.reason &&
		   !d->ids.subsystem_device_id.reason &&
		   (d->ids.subsystem_vendor_id.value != b->subsystem_vendor_id ||
		    d->ids.subsystem_device_id.value != b->subsystem_device_id)) {
		format_id(expected, "subsystem ", b->subsystem_vendor_id, b->subsystem_device_id);
		format_id(actual, "subsystem ", d->ids.subsystem_vendor_id.value,
			  d->ids.subsystem_device_id.value);
	} else {
		return false;
	}
	check_tell(item, CHECK_CRITICAL, "device-replaced", expected, actual, "another device: %s, not %s",
		   actual, expected);
	return true;
}

static void check_link(struct check_item *item, const struct baseline_device *b)
{
	struct link link;
	char expected[64];
	char actual[64];

	/* where it sleeps, that was told already */
	if ((b->width == 0 && b->speed <= 0) || !survey_link(item->check->survey, item->device, &link) ||
	    link.reason)
		return;
	if (link.width < b->width && !item->told_width) {
		snprintf(expected, sizeof(expected), "x%u", b->width);
		snprintf(actual, sizeof(actual), "x%u", link.width);
		check_tell(item, CHECK_CRITICAL, "link-width", expected, actual, "link is %s, it was %s",
			   actual, expected);
	}
	if (link.speed < b->speed && !item->told_speed) {
		snprintf(expected, sizeof(expected), "%g GT/s", b->speed);
		snprintf(actual, sizeof(actual), "%g GT/s", link.speed);
		check_tell(item, CHECK_WARNING, "link-speed", expected, actual, "link is at %s, it was at %s",
			   actual, expected);
	}
}

static void check_size(struct check_item *item, const char *rule, unsigned int was, unsigned int is,
		       const char *what)
{
	char expected[64];
	char actual[64];

	if (was == 0 || was == is)
		return;
	snprintf(expected, sizeof(expected), "%u", was);
	snprintf(actual, sizeof(actual), "%u", is);
	check_tell(item, CHECK_WARNING, rule, expected, actual, "%s is %s bytes, it was %s", what, actual,
		   expected);
}

static void check_payload_sizes(struct check_item *item, const struct baseline_device *b)
{
	const struct payload *own;

	if (b->mps == 0 && b->mrrs == 0)
		return;
	own = check_payload(item->check, item->device);
	if (own->reason) {
		check_tell_gap(item, "mps", own->reason);
		return;
	}
	check_size(item, "mps", b->mps, own->mps, "Max_Payload_Size");
	check_size(item, "mrrs", b->mrrs, own->mrrs, "Max_Read_Request_Size");
}

static void tell_bar_size(struct check_item *item, int index, uint64_t was, uint64_t is)
{
	char expected[64] = "none";
	char actual[64] = "none";

	if (was)
		snprintf(expected, sizeof(expected), "%" PRIu64, was);
	if (is)
		snprintf(actual, sizeof(actual), "%" PRIu64, is);
	if (is && was)
		check_tell(item, CHECK_WARNING, "bar-size", expected, actual, "BAR %d is %s bytes, it was %s",
			   index, actual, expected);
	else
		check_tell(item, CHECK_WARNING, "bar-size", expected, actual,
			   is ? "BAR %d of %s bytes is new" : "BAR %d of %s bytes is not there any more",
			   index, is ? actual : expected);
}

static void check_bar_sizes(struct check_item *item, const struct baseline_device *b)
{
	struct bar bars[DEVICE_BARS];
	/* that they cannot be read was told */
	int count = b->has_bars ? check_read_bars(item, bars) : 0;

	for (int i = 0; i < count; i++) {
		bool is_there = bars[i].state == BAR_ASSIGNED || bars[i].state == BAR_UNASSIGNED;
		uint64_t size = is_there ? bars[i].size : 0;

		if (size != b->bars[i] && !(item->told_bars & 1u << i))
			tell_bar_size(item, i, b->bars[i], size);
	}
}

static void check_driver(struct check_item *item, const struct baseline_device *b)
{
	const char *expected = b->driver[0] ? b->driver : "none";
	const char *actual = item->device->driver[0] ? item->device->driver : "none";

	if (b->has_driver && strcmp(expected, actual) != 0)
		check_tell(item, CHECK_WARNING, "driver", expected, actual, "driver is %s, it was %s", actual,
			   expected);
}

void check_baseline(struct check_item *item)
{
	const struct baseline_device *b = baseline_find(item->check->baseline, item->path);
	char actual[64];

	if (!b) {
		format_id(actual, "", item->device->ids.vendor_id.value, item->device->ids.device_id.value);
		check_tell(item, CHECK_INFO, "device-new", NULL, actual, "%s is not in the baseline", actual);
		return;
	}
	/* the rest is about the device that was there */
	if (item->is_gone || check_ids(item, b))
		return;
	check_link(item, b);
	check_payload_sizes(item, b);
	check_bar_sizes(item, b);
	check_driver(item, b);
}

/* What is left of the way to PATH: the port above, where it is there. */
static const struct survey_device *port_above(const struct check *check, const char *path)
{
	const struct topology_node *node;
	char above[TOPOLOGY_PATH_SIZE];
	char *slash;

	snprintf(above, sizeof(above), "%s", path);
	slash = strrchr(above, '/');
	if (!slash)
		return NULL;
	*slash = '\0';
	node = topology_at(check->survey->topology, above);
	return node ? &check->survey->devices[node - check->survey->topology->nodes] : NULL;
}

static void tell_absent(struct check *check, const struct baseline_device *b)
{
	const struct survey_device *port = port_above(check, b->path);
	bool is_down = port && port->link.reason == LINK_STATE_NO_LINK;
	struct check_finding finding = {
		.severity = CHECK_CRITICAL,
		.address = b->address,
		.path = b->path,
		.rule = "device-absent",
	};
	const struct slot *slot;
	struct pci_address address;

	slot = pci_address_parse(b->address, &address) == 0 ? slot_of(&check->survey->slots, &address) : NULL;
	finding.slot = slot ? slot->name : NULL;

	format_id(finding.expected, "", b->vendor_id, b->device_id);
	snprintf(finding.message, sizeof(finding.message), "%s is not there%s%s%s", finding.expected,
		 is_down ? ", and the link below " : "", is_down ? port->node->name : "",
		 is_down ? " is down" : "");
	check->sink->finding(check->sink->data, &finding);
}

static bool is_meant(const struct selector *selector, const struct baseline_device *b)
{
	struct pci_address address;

	return !selector || (pci_address_parse(b->address, &address) == 0 &&
			     selector_matches(selector, &address, b->vendor_id, b->device_id, b->class_id));
}

void check_absent(struct check *check, const struct selector *selector)
{
	for (size_t i = 0; i < check->baseline->count; i++) {
		const struct baseline_device *b = &check->baseline->devices[i];

		if (is_meant(selector, b) && !topology_at(check->survey->topology, b->path))
			tell_absent(check, b);
	}
}
