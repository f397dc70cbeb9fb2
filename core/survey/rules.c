// SPDX-License-Identifier: GPL-2.0-or-later
/* The rules that hold everywhere. */
#include <inttypes.h>
#include <linux/pci_regs.h>
#include <stdio.h>
#include <string.h>

#include "core/survey/check_internal.h"

/* The PCI Express capability, PCIe 6.0 section 7.5.3 */

/* The end above, for a message; "" where it is not seen. */
static void name_above(const struct link *link, char text[40])
{
	snprintf(text, 40, link->up ? " below %s" : "%s", link->up ? link->up->name : "");
}

static void tell_slow(struct check_item *item, const struct link *link)
{
	char expected[32];
	char actual[32];
	char nick[40];
	char above[40];

	survey_nickname(item->device, nick);
	name_above(link, above);
	snprintf(expected, sizeof(expected), "%g GT/s", link->expected_speed);
	snprintf(actual, sizeof(actual), "%g GT/s", link->speed);
	item->told_speed = true;
	check_tell(item, CHECK_WARNING, "link-speed", expected, actual,
		   "link%s%s is at %s, both ends can do %s", above, nick, actual, expected);
}

static void tell_narrow(struct check_item *item, const struct link *link)
{
	char expected[32];
	char actual[32];
	char nick[40];
	char above[40];

	survey_nickname(item->device, nick);
	name_above(link, above);
	snprintf(expected, sizeof(expected), "x%u", link->expected_width);
	snprintf(actual, sizeof(actual), "x%u", link->width);
	item->told_width = true;
	check_tell(item, CHECK_CRITICAL, "link-width", expected, actual, "link%s%s is %s, both ends have %s",
		   above, nick, actual, expected);
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
		char above[40];

		name_above(&link, above);
		item->told_speed = item->told_width = true;
		check_tell(item, CHECK_CRITICAL, "link-down", "up", "down",
			   "link%s is down, with a device behind it", above);
		return;
	}
	if (link.verdict == LINK_NARROW || link.verdict == LINK_SLOW_AND_NARROW)
		tell_narrow(item, &link);
	if (link.verdict == LINK_SLOW || link.verdict == LINK_SLOW_AND_NARROW)
		tell_slow(item, &link);
}

/* Is a card in the slot below the port, with its power on? A reason where that cannot be said, "" for no. */
static const char *read_presence(struct device *port)
{
	unsigned int offset = device_capability(port, PCI_CAP_ID_EXP, 0);
	struct fact_number flags;
	struct fact_number cap;
	struct fact_number control;
	struct fact_number status;

	fact_read_config(port, offset ? offset + PCI_EXP_FLAGS : PCI_STD_HEADER_SIZEOF, 16, &flags);
	if (flags.reason || !offset || !(flags.value & PCI_EXP_FLAGS_SLOT))
		return flags.reason ? flags.reason : "";
	fact_read_config(port, offset + PCI_EXP_SLTCAP, 32, &cap);
	fact_read_config(port, offset + PCI_EXP_SLTCTL, 16, &control);
	fact_read_config(port, offset + PCI_EXP_SLTSTA, 16, &status);
	if (cap.reason || control.reason || status.reason)
		return cap.reason ? cap.reason : control.reason ? control.reason : status.reason;
	if ((cap.value & PCI_EXP_SLTCAP_PCP) && (control.value & PCI_EXP_SLTCTL_PCC))
		return "";
	return status.value & PCI_EXP_SLTSTA_PDS ? NULL : "";
}

/* The slot below a port that nothing is below: kernels name it by the bus. */
static const char *slot_below(const struct check_item *item)
{
	struct pci_address below = item->device->node->address;
	const struct slot *slot;
	struct error ignored;
	uint32_t bus;

	if (device_config_read(item->open, PCI_SECONDARY_BUS, 8, &bus, &ignored) < 0)
		return item->slot;
	below.bus = (uint8_t)bus;
	below.device = below.function = 0;
	slot = slot_of(&item->check->survey->slots, &below);
	return slot ? slot->name : item->slot;
}

/* A port with nothing below it: a device that never came up leaves no other trace than its presence in the slot. */
static void check_port(struct check_item *item)
{
	const char *reason;

	if (!survey_is_port(item->device) || item->device->node->child)
		return;
	if (!item->open) {
		check_tell_gap(item, "link-down",
			       item->device->link.reason ? item->device->link.reason : "suspended");
		return;
	}
	/* some ports keep a speed and a width without a link */
	if (item->device->link.reason != LINK_STATE_NO_LINK && !link_port_is_inactive(item->open))
		return;
	reason = read_presence(item->open);
	item->slot = slot_below(item);
	if (!reason)
		check_tell(item, CHECK_CRITICAL, "link-down", "up", "down",
			   "the link below the port is down, with a card in the slot");
	else if (*reason)
		check_tell_gap(item, "link-down", reason);
}

/*
 * A packet larger than its receiver's limit is malformed, which is fatal. A port with a greater limit than the device
 * below is how Linux sets it up for performance: requests are limited so that no such packet comes back.
 */
static void check_payloads(struct check_item *item)
{
	const struct survey_device *above = survey_above(item->check->survey, item->device);
	const struct payload *own = check_payload(item->check, item->device);
	const struct payload *port;
	char expected[32];
	char actual[32];

	if (own->reason == LINK_STATE_NOT_EXPRESS || item->device->is_virtual)
		return;
	/* the field must not be set to more than the function can: PCIe 5.0 section 7.5.3.4 */
	if (!own->reason && own->mps > own->possible) {
		snprintf(expected, sizeof(expected), "%u", own->possible);
		snprintf(actual, sizeof(actual), "%u", own->mps);
		check_tell(item, CHECK_CRITICAL, "mps-own", expected, actual,
			   "it is set to %u bytes in a packet, and can do %u", own->mps, own->possible);
	}
	if (!above || above->link.reason == LINK_STATE_NOT_EXPRESS)
		return;
	port = check_payload(item->check, above);
	if (own->reason || port->reason) {
		check_tell_gap(item, "mps-path", own->reason ? own->reason : port->reason);
		return;
	}
	snprintf(expected, sizeof(expected), "%u", port->mps);
	snprintf(actual, sizeof(actual), "%u", own->mps);
	if (own->mps > port->mps)
		check_tell(item, CHECK_CRITICAL, "mps-path", expected, actual,
			   "it may send %u bytes in a packet, %s above it takes %u", own->mps,
			   above->node->name, port->mps);
	else if (own->mps < port->mps && own->mrrs > own->mps)
		check_tell(item, CHECK_WARNING, "mps-path", expected, actual,
			   "it takes %u bytes in a packet, %s above it may send %u", own->mps,
			   above->node->name, port->mps);
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
	for (int i = 0; d->aer && i < AER_SEVERITIES; i++) {
		const struct aer_counts *counts = &d->aer->counts[i];
		uint64_t count = counts->reason ? 0 : errors_of(counts);
		char types[160];
		char actual[32];

		if (counts->reason)
			check_tell_gap(item, rules[i], counts->reason);
		if (count == 0)
			continue;
		list_types(counts, types, sizeof(types));
		snprintf(actual, sizeof(actual), "%" PRIu64, count);
		check_tell(item, i == AER_CORRECTABLE ? CHECK_WARNING : CHECK_CRITICAL, rules[i], "0", actual,
			   "%s %s error%s%s", actual, aer_severity_name((enum aer_severity)i),
			   count == 1 ? "" : "s", types);
	}
}

static void tell_bar(struct check_item *item, const struct bar *bar, const char *how)
{
	item->told_bars |= 1u << bar->index;
	check_tell(item, bar->io ? CHECK_INFO : CHECK_WARNING, "bar-unassigned", NULL, NULL, "BAR %u (%s) %s",
		   bar->index, bar->io ? "I/O" : "memory", how);
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
	int count = check_read_bars(item, bars);

	if (count < 0) {
		check_tell_gap(item, "bar-unassigned", "cannot be read");
		return;
	}
	for (int i = 0; i < count; i++) {
		if (bars[i].state == BAR_UNASSIGNED)
			tell_bar(item, &bars[i], "has no address");
		else if (item->open && !item->device->is_virtual &&
			 device_bar_is_forgotten(item->open, &bars[i]))
			tell_bar(item, &bars[i], "is not used by the kernel: there was no room for it");
		else if (item->open && device_bar_is_lost(item->open, &bars[i]))
			tell_lost_bar(item, &bars[i]);
	}
}

void check_rules(struct check_item *item)
{
	char nick[40];

	if (item->is_gone) {
		survey_nickname(item->device, nick);
		check_tell(item, CHECK_CRITICAL, "no-answer", NULL, NULL,
			   "it does not answer: its config space reads all ones%s", nick);
		check_errors(item);
		return;
	}
	if (!item->open)
		check_tell_gap(item, "no-answer",
			       item->device->is_suspended ? LINK_STATE_SUSPENDED : "the device is gone");
	check_link(item);
	check_port(item);
	check_payloads(item);
	check_errors(item);
	check_bars(item);
}
