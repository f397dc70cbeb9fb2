// SPDX-License-Identifier: GPL-2.0-or-later
/* slot: what a slot's hot-plug driver says of it, its power and its LEDs. */
#include <stdlib.h>
#include <string.h>

#include "cli/command.h"
#include "cli/device.h"
#include "core/control/functions.h"
#include "core/control/slot.h"
#include "core/preflight/in_use.h"

/* The slots of the machine, and those of them that are meant. */
struct slots {
	struct invocation *inv;
	struct slot_list list;
	struct topology *topology;
	bool *is_meant; /* of each */
	size_t count; /* that are */
};

/* --- which slot ------------------------------------------------------------------------------------ */

static bool is_part(int64_t wanted, unsigned int part)
{
	return wanted == SELECT_ANY || wanted == part;
}

/* By the address of the slot itself, so that an empty one can be meant too. */
static bool is_at(const struct selector *s, const struct pci_address *slot)
{
	return s->has_slot && !s->has_id && s->bus != SELECT_ANY && is_part(s->domain, slot->domain) &&
	       is_part(s->bus, slot->bus) && is_part(s->device, slot->device);
}

static const struct topology_node *port_of(const struct slots *s, const struct slot *slot)
{
	return slot_port(&s->inv->ctx, s->topology, slot);
}

/* By a device in it, or by the port above. */
static bool is_of_any(const struct slots *s, const struct slot *slot, const struct pci_address *devices,
		      size_t device_count)
{
	const struct topology_node *port = device_count ? port_of(s, slot) : NULL;

	for (size_t i = 0; i < device_count; i++) {
		if (slot_of(&s->list, &devices[i]) == slot ||
		    (port && pci_address_compare(&port->address, &devices[i]) == 0))
			return true;
	}
	return false;
}

static void mark(struct slots *s, const struct pci_address *devices, size_t device_count)
{
	for (size_t i = 0; i < s->list.count; i++) {
		const struct slot *slot = &s->list.slots[i];

		s->is_meant[i] = !s->inv->selected || is_at(&s->inv->selector, &slot->address) ||
				 is_of_any(s, slot, devices, device_count);
		s->count += s->is_meant[i];
	}
}

static int find(struct slots *s)
{
	struct invocation *inv = s->inv;
	struct pci_address *devices = NULL;
	size_t device_count = 0;
	int rc;

	if (slot_list_read(&inv->ctx, &s->list) < 0)
		return error_errno(&inv->error, -ENOMEM, "reading the slots");
	s->is_meant = calloc(s->list.count + 1, sizeof(*s->is_meant));
	if (!s->is_meant)
		return error_errno(&inv->error, -ENOMEM, "reading the slots");
	rc = topology_read(&inv->ctx, &s->topology, &inv->error);
	if (rc == 0 && inv->selected)
		rc = selector_list(&inv->ctx, &inv->selector, &devices, &device_count, &inv->error);
	if (rc == 0)
		mark(s, devices, device_count);
	free(devices);
	if (rc < 0 || s->count || !inv->selected)
		return rc;
	rc = error_set(&inv->error, ERROR_SELECT, "no-slot", "no slot matches");
	error_hint(&inv->error, s->list.count ? "'pcietool slot show' shows those that the kernel knows"
					      : "the kernel knows no slots: is a hot-plug driver loaded, as "
						"pciehp is where ports say that they can?");
	return rc;
}

static void slots_free(struct slots *s)
{
	slot_list_free(&s->list);
	topology_free(s->topology);
	free(s->is_meant);
}

static const struct slot *next(const struct slots *s, size_t *i)
{
	while (*i < s->list.count && !s->is_meant[*i])
		(*i)++;
	return *i < s->list.count ? &s->list.slots[(*i)++] : NULL;
}

/* The one; with none or several the error says so. */
static int find_one(struct slots *s, const struct slot **slot)
{
	struct invocation *inv = s->inv;
	size_t i = 0;
	int rc;

	if (!inv->selected) {
		rc = error_set(&inv->error, ERROR_SELECT, "no-slot", "no slot is selected");
		error_hint(&inv->error,
			   "give -s slot:NAME, or a device in it; 'pcietool slot show' shows them");
		return rc;
	}
	rc = find(s);
	if (rc < 0)
		return rc;
	*slot = next(s, &i);
	if (s->count == 1)
		return 0;
	rc = error_set(&inv->error, ERROR_SELECT, "several-slots", "%zu slots match", s->count);
	error_hint(&inv->error, "choose one with -s slot:NAME");
	return rc;
}

/* --- show ------------------------------------------------------------------------------------------ */

static void write_switch(struct writer *w, const char *key, const char *label, const struct fact_number *fact,
			 const char *const words[], unsigned int count)
{
	if (fact->reason)
		writer_null(w, key, NULL, fact->reason);
	else if (fact->value >= count)
		writer_null(w, key, NULL, "not a value that the kernel has");
	else
		writer_string(w, key, label, words[fact->value]);
}

static void write_speed(struct writer *w, const char *key, const char *label, const struct fact_text *fact)
{
	if (fact->reason)
		writer_null(w, key, NULL, fact->reason);
	else
		writer_string(w, key, label, fact->text);
}

static void write_indications(const struct slots *s, const char *key, const struct pci_address *address)
{
	struct slot_indication list[SLOT_INDICATIONS];
	unsigned int count = slot_indications_read(&s->inv->ctx, address, list);
	struct writer *w = s->inv->out;
	char name[PCI_ADDRESS_SIZE];

	if (!count)
		return;
	pci_address_format(address, name);
	writer_array(w, key);
	writer_text(w, "  indications of %s:", name);
	for (unsigned int i = 0; i < count; i++) {
		writer_object(w, NULL);
		writer_string(w, "name", " ", list[i].name);
		writer_bool(w, "on", NULL, list[i].is_on);
		writer_text(w, list[i].is_on ? "+" : "-");
		writer_end(w);
	}
	writer_end(w);
	writer_line(w);
}

static void write_slot(const struct slots *s, const struct slot *slot)
{
	static const char *const off_on[] = { "off", "on" };
	static const char *const attention[] = { "off", "on", "blink" };
	static const char *const latch[] = { "closed", "open" };
	static const char *const adapter[] = { "none", "present" };
	const struct topology_node *port = port_of(s, slot);
	struct writer *w = s->inv->out;
	char address[PCI_ADDRESS_SIZE];
	struct slot_state state;

	slot_state_read(&s->inv->ctx, slot, &state);
	pci_address_format(&slot->address, address);
	writer_object(w, NULL);
	writer_string(w, "slot", "slot ", slot->name);
	writer_string(w, "address", ": ", address);
	if (port)
		writer_string(w, "port", ", below ", port->name);
	else
		writer_null(w, "port", NULL, "it is not seen");
	write_switch(w, "adapter", ", card ", &state.adapter, adapter, 2);
	write_switch(w, "power", ", power ", &state.power, off_on, 2);
	write_switch(w, "attention", ", attention ", &state.attention, attention, 3);
	write_switch(w, "latch", ", latch ", &state.latch, latch, 2);
	write_speed(w, "speed", ", ", &state.speed);
	write_speed(w, "max_speed", " of ", &state.max_speed);
	writer_line(w);
	if (port)
		write_indications(s, "port_indications", &port->address);
	write_indications(s, "indications", &slot->address);
	writer_end(w);
}

static int run_show(struct invocation *inv)
{
	struct slots s = { .inv = inv };
	const struct slot *slot;
	size_t i = 0;
	int rc = find(&s);

	if (rc == 0) {
		writer_document(inv->out, inv->command->name);
		writer_array(inv->out, "slots");
		while ((slot = next(&s, &i)))
			write_slot(&s, slot);
		writer_end(inv->out);
		if (!s.list.count)
			context_log(&inv->ctx, LOG_WARN, "the kernel knows no slots");
	}
	slots_free(&s);
	return rc;
}

/* --- power, led ------------------------------------------------------------------------------------ */

static int off_or_on(struct invocation *inv, const char *word, bool *on)
{
	*on = strcmp(word, "on") == 0;
	if (*on || strcmp(word, "off") == 0)
		return 0;
	return error_set(&inv->error, ERROR_USAGE, "bad-operand", "'%.20s' is neither on nor off", word);
}

static void show_set(struct invocation *inv, const struct slot *slot, const char *what, const char *state)
{
	struct writer *w = inv->out;

	writer_document(w, inv->command->name);
	writer_bool(w, "dry_run", NULL, inv->dry_run);
	writer_string(w, "slot", inv->dry_run ? "slot " : NULL, slot->name);
	writer_string(w, "what", inv->dry_run ? ": would set " : NULL, what);
	writer_string(w, "state", inv->dry_run ? " to " : NULL, state);
}

static int check_function(const struct context *ctx, const struct slot *slot,
			  const struct pci_address *address, struct error *error)
{
	struct device *device;
	char subject[96];
	int rc;

	rc = device_open(ctx, address, &device, error);
	if (rc < 0)
		return rc;
	snprintf(subject, sizeof(subject), "slot %s: the system uses what is in it", slot->name);
	rc = functions_check_session(device, error);
	if (rc == 0 && !ctx->force)
		rc = in_use_check(device, subject, "--force turns the power off all the same", error);
	if (rc == 0)
		rc = functions_check_use(device, error);
	device_close(device);
	return rc;
}

/* What loses its power must not be what the system stands on: all below the port, or the slot's own device where others share its bus. */
static int check_use(const struct slots *s, const struct slot *slot)
{
	const struct topology_node *port = port_of(s, slot);
	const struct context *ctx = &s->inv->ctx;
	int rc = 0;

	if (port && slot_has_bus(&s->list, slot))
		return check_function(ctx, slot, &port->address, &s->inv->error);
	for (size_t i = 0; rc == 0 && i < s->topology->count; i++) {
		const struct pci_address *address = &s->topology->nodes[i].address;

		if (slot_has_function(slot, address))
			rc = check_function(ctx, slot, address, &s->inv->error);
	}
	return rc;
}

static int run_power(struct invocation *inv)
{
	struct slots s = { .inv = inv };
	const struct slot *slot = NULL;
	bool on;
	int rc = off_or_on(inv, inv->operands[0], &on);

	if (rc == 0)
		rc = find_one(&s, &slot);
	if (rc == 0)
		rc = slot_check_power(&inv->ctx, slot, &inv->error);
	if (rc == 0 && !on)
		rc = check_use(&s, slot);
	if (rc == 0 && !inv->dry_run)
		rc = slot_set_power(&inv->ctx, slot, on, &inv->error);
	if (rc == 0)
		show_set(inv, slot, "power", inv->operands[0]);
	slots_free(&s);
	return rc;
}

/* Of the port where it has that indication, otherwise of the device in the slot. */
static int set_indication(const struct slots *s, const struct slot *slot, const char *name, bool on)
{
	const struct topology_node *port = port_of(s, slot);
	struct slot_indication list[SLOT_INDICATIONS];
	const struct pci_address *of = &slot->address;
	unsigned int count = port ? slot_indications_read(&s->inv->ctx, &port->address, list) : 0;

	for (unsigned int i = 0; i < count; i++) {
		if (strcmp(list[i].name, name) == 0)
			of = &port->address;
	}
	return s->inv->dry_run ? slot_check_indication(&s->inv->ctx, of, name, &s->inv->error)
			       : slot_set_indication(&s->inv->ctx, of, name, on, &s->inv->error);
}

static int set_attention(const struct slots *s, const struct slot *slot, const char *word)
{
	static const char *const words[] = {
		[SLOT_ATTENTION_OFF] = "off",
		[SLOT_ATTENTION_ON] = "on",
		[SLOT_ATTENTION_BLINK] = "blink",
	};

	for (unsigned int i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		if (strcmp(word, words[i]) == 0)
			return s->inv->dry_run ? slot_check_attention(&s->inv->ctx, slot, &s->inv->error)
					       : slot_set_attention(&s->inv->ctx, slot,
								    (enum slot_attention)i, &s->inv->error);
	}
	return error_set(&s->inv->error, ERROR_USAGE, "bad-operand", "'%.20s' is none of off, on, blink",
			 word);
}

static bool is_word(const char *name)
{
	return *name && !name[strspn(name, "abcdefghijklmnopqrstuvwxyz_0123456789")];
}

static int run_led(struct invocation *inv)
{
	const char *name = inv->operand_count > 1 ? inv->operands[1] : NULL;
	struct slots s = { .inv = inv };
	const struct slot *slot = NULL;
	bool on = false;
	int rc = name ? off_or_on(inv, inv->operands[0], &on) : 0;

	if (rc == 0 && name && !is_word(name))
		rc = error_set(&inv->error, ERROR_USAGE, "bad-operand", "'%.40s' is no indication's name",
			       name);
	if (rc == 0)
		rc = find_one(&s, &slot);
	if (rc == 0)
		rc = name ? set_indication(&s, slot, name, on) : set_attention(&s, slot, inv->operands[0]);
	if (rc == 0)
		show_set(inv, slot, name ? name : "attention", inv->operands[0]);
	slots_free(&s);
	return rc;
}

const struct command slot_commands[] = {
	{
		.name = "slot show",
		.all_by_default = true,
		.summary = "Show the slots that the kernel knows: card, power, LEDs",
		.details =
			"What a slot's hot-plug driver tells; -s slot:NAME, a device in it, or the port above "
			"it selects one.",
		.run = run_show,
	},
	{
		.name = "slot power",
		.reopens = REOPENS_ALL,
		.operands = "on|off",
		.summary = "Turn a slot's power on or off, through its hot-plug driver",
		.details =
			"The driver brings the card up, or takes it out first. Off is refused while the system "
			"uses what is there; --force goes ahead.",
		.min_operands = 1,
		.max_operands = 1,
		.operand_kind = WORD_POWER,
		.run = run_power,
	},
	{
		.name = "slot led",
		.operands = "on|off|blink [INDICATION]",
		.summary = "Set a slot's attention LED, or an indication of its enclosure",
		.details =
			"INDICATION is a name that 'slot show' lists, such as locate or fail: native enclosure "
			"management (NPEM), from Linux 6.13 on; on or off.",
		.min_operands = 1,
		.max_operands = 2,
		.operand_kind = WORD_LED,
		.run = run_led,
	},
	{ 0 },
};
