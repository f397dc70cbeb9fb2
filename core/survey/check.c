// SPDX-License-Identifier: GPL-2.0-or-later
/* The rules that hold everywhere, and what differs from a baseline. Tells findings and gaps, and prints nothing. */
#include "core/survey/check_internal.h"

#include <errno.h>
#include <inttypes.h>
#include <linux/pci_regs.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const char *check_severity_name(enum check_severity severity)
{
	static const char *const names[] = {
		[CHECK_INFO] = "info",
		[CHECK_WARNING] = "warning",
		[CHECK_CRITICAL] = "critical",
	};

	return names[severity];
}

/* How many the device can have, a bridge two: what stands behind them in config space is no address. -errno. */
static int read_bars(const struct check_item *item, struct bar bars[DEVICE_BARS])
{
	struct bar all[DEVICE_BARS + 1];
	struct device *device;
	struct error ignored;
	int rc;

	rc = device_open(item->check->ctx, &item->device->node->address, &device, &ignored);
	if (rc < 0)
		return rc;
	rc = device_bars(device, all, &ignored);
	device_close(device);
	if (rc < 0)
		return rc;
	memcpy(bars, all, DEVICE_BARS * sizeof(*bars));
	return item->device->node->is_bridge ? 2 : DEVICE_BARS;
}

/* --- the rules that hold everywhere ------------------------------------------------------------------ */

/* The end above, for a message; "" where it is not seen. */
static void name_above(const struct link *link, char text[40])
{
	snprintf(text, 40, link->up ? " below %s" : "%s", link->up ? link->up->name : "");
}

static void tell_less(struct check_item *item, const struct link *link, enum check_severity severity,
		      const char *rule, const char *expected, const char *actual, const char *at,
		      const char *ends, const char *why)
{
	char nick[40];
	char above[40];

	survey_nickname(item->device, nick);
	name_above(link, above);
	check_tell(item, severity, rule, expected, actual, "link%s%s is %s%s, both ends %s %s%s", above, nick,
		   at, actual, ends, expected, why);
}

/* "; the port's target speed is 2.5 GT/s: ..." where the port above is set to no more */
static void explain_slow(const struct check_item *item, const struct link *link, char *text, size_t size)
{
	unsigned int generation = 0;
	struct device *port;
	struct error ignored;
	double target;

	text[0] = '\0';
	if (!link->up || !item->open || device_open(item->open->ctx, &link->up->address, &port, &ignored) < 0)
		return;
	generation = link_target_clamps(port, link->expected_speed, &target);
	if (generation)
		snprintf(text, size, "; the port's target speed is %g GT/s: 'pcietool -s %s link speed %u'",
			 target, port->name, generation);
	device_close(port);
}

static void tell_slow(struct check_item *item, const struct link *link)
{
	char expected[32];
	char actual[32];
	char why[120];

	explain_slow(item, link, why, sizeof(why));
	snprintf(expected, sizeof(expected), "%g GT/s", link->expected_speed);
	snprintf(actual, sizeof(actual), "%g GT/s", link->speed);
	item->told_speed = true;
	tell_less(item, link, CHECK_WARNING, "link-speed", expected, actual, "at ", "can do", why);
}

static void tell_narrow(struct check_item *item, const struct link *link)
{
	char expected[32];
	char actual[32];

	snprintf(expected, sizeof(expected), "x%u", link->expected_width);
	snprintf(actual, sizeof(actual), "x%u", link->width);
	item->told_width = true;
	tell_less(item, link, CHECK_CRITICAL, "link-width", expected, actual, "", "have", "");
}

static void tell_down(struct check_item *item, const struct link *link)
{
	char above[40];
	char why[80] = "";
	struct device *port;
	struct error ignored;

	if (link->up && device_open(item->check->ctx, &link->up->address, &port, &ignored) == 0) {
		if (!power_is_asleep(port) && link_is_disabled(port))
			snprintf(why, sizeof(why), "; it is disabled: 'pcietool -s %s link enable'",
				 port->name);
		device_close(port);
	}
	name_above(link, above);
	item->told_speed = item->told_width = true;
	check_tell(item, CHECK_CRITICAL, "link-down", "up", "down",
		   "link%s is down, with a device behind it%s", above, why);
}

static void check_link(struct check_item *item)
{
	struct link link;

	if (!survey_link(item->check->survey, item->device, &link))
		return;
	if (link.reason) {
		check_tell_gap(item, "link", link.reason);
		return;
	}
	if (link.verdict == LINK_DOWN) {
		tell_down(item, &link);
		return;
	}
	if (link_expected_reason(&link))
		check_tell_gap(item, "link", link_expected_reason(&link));
	if (link.verdict == LINK_NARROW || link.verdict == LINK_SLOW_AND_NARROW)
		tell_narrow(item, &link);
	if (link.verdict == LINK_SLOW || link.verdict == LINK_SLOW_AND_NARROW)
		tell_slow(item, &link);
}

/* A port with nothing below it: a device that never came up leaves no other trace than the port's registers. */
static void check_port(struct check_item *item)
{
	struct empty_port *empty = &item->empty;
	char text[EMPTY_PORT_TEXT];

	if (!item->device->is_port || item->device->node->child)
		return;
	if (!item->open) {
		check_tell_gap(item, "link-down",
			       item->device->link.reason ? item->device->link.reason : "suspended");
		return;
	}
	empty_port_read(item->open, empty);
	empty_port_text(empty, false, text);
	if (empty->slot[0])
		item->slot = empty->slot;
	switch (empty->state) {
	case EMPTY_PORT_UNKNOWN:
		/* some ports keep a speed and a width without a link */
		if (item->device->link.reason == LINK_STATE_NO_LINK)
			check_tell_gap(item, "link-down", empty->reason);
		break;
	case EMPTY_PORT_EMPTY:
	case EMPTY_PORT_CONTAINED: /* has a rule of its own */
		break;
	case EMPTY_PORT_ACTIVE:
		check_tell(item, CHECK_WARNING, "no-device", NULL, NULL, "%s", text);
		break;
	case EMPTY_PORT_NO_POWER:
		check_tell(item, CHECK_WARNING, "slot-power", "on", "off", "%s", text);
		break;
	case EMPTY_PORT_NO_LINK:
		check_tell(item, CHECK_CRITICAL, "link-down", "up", "down", "%s", text);
		break;
	}
}

/* "bad_tlp 3, replay_timer_timeout 1" */
static void list_types(const struct aer_counts *counts, char *text, size_t size)
{
	size_t used = 0;

	text[0] = '\0';
	for (unsigned int i = 0; i < counts->type_count && used < size; i++) {
		char name[AER_NAME_SIZE];

		if (counts->types[i].count == 0)
			continue;
		aer_type_name(counts->types[i].name, name);
		used += (size_t)snprintf(text + used, size - used, "%s%s %" PRIu64, used ? ", " : ": ", name,
					 counts->types[i].count);
	}
}

static uint64_t errors_of(const struct aer_counts *counts)
{
	uint64_t sum = 0;

	for (unsigned int i = 0; i < counts->type_count; i++)
		sum += counts->types[i].count;
	return counts->total > sum ? counts->total : sum;
}

static void check_errors(struct check_item *item)
{
	static const char *const rules[] = { "aer-correctable", "aer-nonfatal", "aer-fatal" };
	const struct survey_device *d = item->device;

	if (!d->aer && d->link.reason != LINK_STATE_NOT_EXPRESS && !d->is_virtual)
		check_tell_gap(item, "aer", "the kernel counts no errors of it");
	if (d->aer && survey_counts_are_void(item->check->survey, d)) {
		check_tell_gap(item, "aer", AER_NOT_HANDLED);
		return;
	}
	if (d->aer && d->reporting.reason)
		check_tell_gap(item, "aer-reporting", d->reporting.reason);
	for (int i = 0; d->aer && i < AER_SEVERITIES; i++) {
		const struct aer_counts *counts = &d->aer->counts[i];
		const char *why = survey_count_void(item->check->survey, d, (enum aer_severity)i);
		uint64_t count = counts->reason ? 0 : errors_of(counts);
		char types[160];
		char actual[32];

		if (counts->reason || why)
			check_tell_gap(item, rules[i], counts->reason ? counts->reason : why);
		if (count == 0)
			continue;
		list_types(counts, types, sizeof(types));
		snprintf(actual, sizeof(actual), "%" PRIu64, count);
		check_tell(item, i == AER_CORRECTABLE ? CHECK_WARNING : CHECK_CRITICAL, rules[i], "0", actual,
			   "%s %s error%s%s", actual, aer_severity_name((enum aer_severity)i),
			   count == 1 ? "" : "s", types);
	}
}

static void tell_bar(struct check_item *item, const struct bar *bar)
{
	item->told_bars |= 1u << bar->index;
	check_tell(item, bar->io ? CHECK_INFO : CHECK_WARNING, "bar-unassigned", NULL, NULL,
		   "BAR %u (%s) has no address", bar->index, bar->io ? "I/O" : "memory");
}

/* BAR NULL: only config space tells of it */
static void tell_no_room(struct check_item *item, unsigned int index, const struct no_room_bar *bar)
{
	char text[NO_ROOM_TEXT];

	item->told_bars |= 1u << index;
	no_room_text(index, bar ? bar->size : 0, text);
	check_tell(item, bar && bar->io ? CHECK_INFO : CHECK_CRITICAL, "bar-unassigned", NULL, NULL, "%s",
		   text);
}

/* The kernel lists no such BAR. */
static void check_absent_bar(struct check_item *item, const struct bar *bar)
{
	const struct no_room_bar *told =
		no_room_find(&item->check->no_room, item->device->node->name, bar->index);

	if (told || (item->open && !item->device->is_virtual && device_bar_is_forgotten(item->open, bar)))
		tell_no_room(item, bar->index, told);
}

static void tell_lost_bar(struct check_item *item, const struct bar *bar)
{
	char expected[32];

	snprintf(expected, sizeof(expected), "0x%" PRIx64, bar->start);
	check_tell(item, CHECK_CRITICAL, "bar-lost", expected, "0x0",
		   "BAR %u: the device has lost its address %s: it was reset, or has a new image", bar->index,
		   expected);
}

static void check_bars(struct check_item *item)
{
	struct bar bars[DEVICE_BARS];
	int count = read_bars(item, bars);

	if (count < 0) {
		check_tell_gap(item, "bar-unassigned", "cannot be read");
		return;
	}
	for (int i = 0; i < count; i++) {
		if (bars[i].state == BAR_UNASSIGNED)
			tell_bar(item, &bars[i]);
		else if (bars[i].state == BAR_ABSENT)
			check_absent_bar(item, &bars[i]);
		else if (item->open && device_bar_is_lost(item->open, &bars[i]))
			tell_lost_bar(item, &bars[i]);
	}
}

/*
 * May it be without power? The kernel calls D3cold what the platform switched off, and as well what read all ones when it
 * looked: pci_update_current_state() in drivers/pci/pci.c. A link that is up has power at both ends.
 */
static bool may_be_off(const struct check_item *item)
{
	const struct survey_device *above = survey_above(item->check->survey, item->device);
	struct fact_number allowed;

	if (strcmp(item->device->power_state, "D3cold") != 0)
		return false;
	fact_read_number(item->open, "d3cold_allowed", &allowed);
	if (!allowed.reason && !allowed.value)
		return false;
	return !above || !above->is_port || above->link.reason;
}

static void tell_gone(struct check_item *item)
{
	char nick[40];

	survey_nickname(item->device, nick);
	if (may_be_off(item)) {
		check_tell(item, CHECK_WARNING, "no-answer", "D0", "D3cold",
			   "it does not answer: the kernel has it in D3cold, it has no power or is gone%s",
			   nick);
		return;
	}
	check_tell(item, CHECK_CRITICAL, "no-answer", NULL, NULL,
		   "it does not answer: its config space reads all ones%s", nick);
}

static void check_rules(struct check_item *item)
{
	if (item->is_gone) {
		tell_gone(item);
		check_errors(item);
		return;
	}
	if (!item->open)
		check_tell_gap(item, "no-answer",
			       item->device->is_suspended ? LINK_STATE_SUSPENDED : "the device is gone");
	check_link(item);
	check_dpc(item);
	check_port(item);
	check_payloads(item);
	check_errors(item);
	check_bars(item);
	check_capabilities(item);
}

/* --- what differs from the baseline ------------------------------------------------------------------ */

static void format_id(char text[64], const char *what, uint64_t vendor, uint64_t device)
{
	snprintf(text, 64, "%s%04x:%04x", what, (unsigned int)vendor, (unsigned int)device);
}

/* Is another device in its place? */
static bool compare_ids(struct check_item *item, const struct baseline_device *b)
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

static void compare_link(struct check_item *item, const struct baseline_device *b)
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

static void compare_size(struct check_item *item, const char *rule, unsigned int was, unsigned int is,
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

static void compare_payload_sizes(struct check_item *item, const struct baseline_device *b)
{
	const struct payload *own;

	if (b->mps == 0 && b->mrrs == 0)
		return;
	own = check_payload(item->check, item->device);
	if (own->reason) {
		check_tell_gap(item, "mps", own->reason);
		return;
	}
	if (b->mps && own->mps_reason)
		check_tell_gap(item, "mps", own->mps_reason);
	else
		compare_size(item, "mps", b->mps, own->mps, "Max_Payload_Size");
	compare_size(item, "mrrs", b->mrrs, own->mrrs, "Max_Read_Request_Size");
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

static void compare_bar_sizes(struct check_item *item, const struct baseline_device *b)
{
	struct bar bars[DEVICE_BARS];
	/* that they cannot be read was told */
	int count = b->has_bars ? read_bars(item, bars) : 0;

	for (int i = 0; i < count; i++) {
		bool is_there = bars[i].state == BAR_ASSIGNED || bars[i].state == BAR_UNASSIGNED;
		uint64_t size = is_there ? bars[i].size : 0;

		if (size != b->bars[i] && !(item->told_bars & 1u << i))
			tell_bar_size(item, i, b->bars[i], size);
	}
}

static void compare_driver(struct check_item *item, const struct baseline_device *b)
{
	const char *expected = b->driver[0] ? b->driver : "none";
	const char *actual = item->device->driver[0] ? item->device->driver : "none";

	if (b->has_driver && strcmp(expected, actual) != 0)
		check_tell(item, CHECK_WARNING, "driver", expected, actual, "driver is %s, it was %s", actual,
			   expected);
}

static void compare_all(struct check_item *item)
{
	const struct baseline_device *b = baseline_find(item->check->baseline, item->path);
	char actual[64];

	if (!b) {
		format_id(actual, "", item->device->ids.vendor_id.value, item->device->ids.device_id.value);
		check_tell(item, CHECK_INFO, "device-new", NULL, actual, "%s is not in the baseline", actual);
		return;
	}
	/* a rule tells it otherwise */
	if (item->is_gone && item->check->without_rules)
		tell_gone(item);
	/* the rest is about the device that was there */
	if (item->is_gone || compare_ids(item, b))
		return;
	compare_link(item, b);
	compare_payload_sizes(item, b);
	compare_bar_sizes(item, b);
	compare_driver(item, b);
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

static void compare_absent(struct check *check, const struct selector *selector)
{
	for (size_t i = 0; i < check->baseline->count; i++) {
		const struct baseline_device *b = &check->baseline->devices[i];

		if (is_meant(selector, b) && !topology_at(check->survey->topology, b->path))
			tell_absent(check, b);
	}
}

/* --- one device after the other ---------------------------------------------------------------------- */

/* Nothing is known of a device whose config space may not be read. */
static void look_whether_gone(struct check_item *item)
{
	struct error error;
	uint32_t vendor;

	if (!item->open) {
		if (!item->device->is_suspended)
			check_tell_gap(item, "no-answer", "the device cannot be opened");
		return;
	}
	if (device_is_present(item->open))
		return;
	if (device_config_read(item->open, PCI_VENDOR_ID, 16, &vendor, &error) < 0 &&
	    error.kind != ERROR_GONE)
		check_tell_gap(item, "no-answer", "config space cannot be read");
	else
		item->is_gone = true;
}

static void check_device(struct check *check, const struct survey_device *d)
{
	struct check_item item = { .check = check, .device = d, .slot = survey_slot(check->survey, d) };
	struct error ignored;

	topology_path(d->node, item.path);
	if (!d->is_suspended && device_open(check->ctx, &d->node->address, &item.open, &ignored) < 0)
		item.open = NULL;
	look_whether_gone(&item);
	if (!check->without_rules)
		check_rules(&item);
	if (check->baseline)
		compare_all(&item);
	device_close(item.open);
}

static int run(struct check *check, const struct selector *selector)
{
	const struct survey *survey = check->survey;
	size_t count = survey->topology->count;

	check->payloads = calloc(count + 1, sizeof(*check->payloads));
	if (!check->payloads)
		return -ENOMEM;
	no_room_read(check->ctx, &check->no_room);
	for (size_t i = 0; i < count; i++) {
		if (survey->devices[i].is_selected)
			check_device(check, &survey->devices[i]);
	}
	if (check->baseline)
		compare_absent(check, selector);
	no_room_free(&check->no_room);
	free(check->payloads);
	return context_lack(check->ctx);
}

int check_run(const struct context *ctx, const struct survey *survey, const struct baseline *baseline,
	      const struct selector *selector, const struct check_sink *sink)
{
	struct check check = { .ctx = ctx, .survey = survey, .baseline = baseline, .sink = sink };

	return run(&check, selector);
}

int check_compare(const struct context *ctx, const struct survey *survey, const struct baseline *baseline,
		  const struct selector *selector, const struct check_sink *sink)
{
	struct check check = {
		.ctx = ctx, .survey = survey, .baseline = baseline, .without_rules = true, .sink = sink
	};

	return run(&check, selector);
}
