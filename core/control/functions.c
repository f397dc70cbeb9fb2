// SPDX-License-Identifier: GPL-2.0-or-later
/* The functions of a device in a slot, who uses them, and what each was before it went away. */
#include "core/control/functions.h"

#include <linux/pci_regs.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/array.h"
#include "core/config/saved.h"
#include "core/driver/driver.h"
#include "core/fabric/topology.h"
#include "core/fabric/upstream_bridge.h"
#include "core/kernel/sysfs.h"
#include "core/pci/attribute.h"

/* PCIe 6.0 section 9.3.3.3: NumVFs has 16 bits */
#define VIRTUAL_MAX 65536u

static int add_function(struct functions *f, const struct pci_address *address, struct error *error)
{
	struct device **grown = array_grow(f->list, f->count, sizeof(struct device *));
	int rc;

	if (!grown)
		return error_errno(error, -ENOMEM, "listing functions");
	f->list = grown;
	rc = device_open(&f->ctx, address, &f->list[f->count], error);
	if (rc < 0)
		return rc;
	if (device_is_virtual(f->list[f->count]))
		device_close(f->list[f->count]);
	else
		f->count++;
	return 0;
}

int functions_open(const struct device *device, struct functions **functions, struct error *error)
{
	struct functions *f = calloc(1, sizeof(*f));
	struct pci_address *list = NULL;
	struct selector selector;
	size_t count = 0;
	int rc;

	if (!f)
		return error_errno(error, -ENOMEM, "listing functions");
	f->ctx = *device->ctx;
	f->ctx.pool = NULL;
	selector_init(&selector);
	selector.has_slot = true;
	selector.domain = device->address.domain;
	selector.bus = device->address.bus;
	if (!upstream_bridge_is_express_port(device))
		selector.device = device->address.device;
	rc = selector_list(&f->ctx, &selector, &list, &count, error);
	for (size_t i = 0; rc == 0 && i < count; i++)
		rc = add_function(f, &list[i], error);
	free(list);
	if (rc < 0)
		functions_close(f);
	else
		*functions = f;
	return rc;
}

void functions_close(struct functions *f)
{
	if (!f)
		return;
	for (size_t i = 0; i < f->count; i++)
		device_close(f->list[i]);
	free(f->list);
	free(f);
}

/* One that is not there any more is used by nobody. */
static int check_other(const struct context *ctx, const struct pci_address *address, struct error *error)
{
	struct device *device;
	struct error ignored;
	int rc;

	if (device_open(ctx, address, &device, &ignored) < 0)
		return 0;
	rc = driver_check_use(device, error);
	device_close(device);
	return rc;
}

/* "virtfn3" is a link to the fourth of them. */
static int check_virtual(const struct context *ctx, const struct device *device, struct error *error)
{
	struct pci_address address;
	char name[PCI_ADDRESS_SIZE];
	int rc = 0;

	for (unsigned int i = 0; rc == 0 && i < VIRTUAL_MAX; i++) {
		if (sysfs_link_name(ctx, name, sizeof(name), SYSFS_PCI_DEVICES "/%s/virtfn%u", device->name,
				    i) < 0)
			break;
		if (pci_address_parse(name, &address) == 0)
			rc = check_other(ctx, &address, error);
	}
	return rc;
}

/* What is below a bridge goes, is reset and loses its power with it. */
static int check_below(const struct context *ctx, const struct device *device, struct error *error)
{
	struct topology *topology = NULL;
	const struct topology_node *bridge;
	uint64_t class_id;
	int rc;

	if (device_read_number(device, "class", &class_id) < 0 || class_id >> 8 != TOPOLOGY_CLASS_BRIDGE)
		return 0;
	rc = topology_read_places(ctx, &topology, error);
	if (rc < 0)
		return rc;
	bridge = topology_find(topology, &device->address);
	for (size_t i = 0; bridge && rc == 0 && i < topology->count; i++) {
		const struct topology_node *node = &topology->nodes[i];

		if (node != bridge && topology_is_above(bridge, node))
			rc = check_other(ctx, &node->address, error);
	}
	topology_free(topology);
	return rc;
}

int functions_check_use(struct device *device, struct error *error)
{
	struct context ctx = *device->ctx;
	int rc;

	if (ctx.force)
		return 0;
	ctx.pool = NULL;
	rc = driver_check_use(device, error);
	if (rc == 0)
		rc = check_virtual(&ctx, device, error);
	return rc == 0 ? check_below(&ctx, device, error) : rc;
}

static const struct {
	const char *attribute;
	const char *what;
	size_t offset; /* in struct function_state */
	int digits;
} ids[] = {
	{ "vendor", "vendor", offsetof(struct function_state, vendor), 4 },
	{ "device", "device", offsetof(struct function_state, device), 4 },
	{ "class", "class", offsetof(struct function_state, class), 6 },
	{ "subsystem_vendor", "subsystem vendor", offsetof(struct function_state, subsystem_vendor), 4 },
	{ "subsystem_device", "subsystem device", offsetof(struct function_state, subsystem_device), 4 },
};
#define IDS (sizeof(ids) / sizeof(ids[0]))

static uint64_t *id_of(struct function_state *s, size_t i)
{
	return (uint64_t *)(void *)((char *)s + ids[i].offset);
}

static uint64_t id_value(const struct function_state *s, size_t i)
{
	return *(const uint64_t *)(const void *)((const char *)s + ids[i].offset);
}

/* The kernel remembers them: a device that does not answer has them too. */
static int read_identity(const struct context *ctx, struct function_state *s)
{
	int rc = 0;

	for (size_t i = 0; rc == 0 && i < IDS; i++)
		rc = sysfs_read_number(ctx, id_of(s, i), SYSFS_PCI_DEVICES "/%s/%s", s->name,
				       ids[i].attribute);
	return rc;
}

/* In words, as some devices are exact about the width. */
static int read_config(struct device *device, struct function_state *s, struct error *error)
{
	int size = device_config_size(device);

	if (size < 0)
		return error_errno(error, size, "%s: reading config space", device->name);
	s->config_size = 0;
	if (!device_is_present(device))
		return 0;
	for (unsigned int offset = 0; offset < (unsigned int)size && offset < PCI_CFG_SPACE_EXP_SIZE;
	     offset += 4) {
		struct error ignored;
		uint32_t value;

		if (device_config_read(device, offset, 32, &value, &ignored) < 0)
			break;
		for (unsigned int i = 0; i < 4; i++)
			s->config[offset + i] = (uint8_t)(value >> (8 * i));
		s->config_size = offset + 4;
	}
	return 0;
}

int function_state_read(struct device *device, struct function_state *state, struct error *error)
{
	int rc;

	state->address = device->address;
	memcpy(state->name, device->name, sizeof(state->name));
	rc = read_identity(device->ctx, state);
	if (rc < 0)
		return error_errno(error, rc, "%s: reading its ids", device->name);
	rc = device_bars(device, state->bars, error);
	return rc < 0 ? rc : read_config(device, state, error);
}

/* --- comparing -------------------------------------------------------------------------------------- */

static void format_bar(const struct bar *bar, char text[DIFFERENCE_TEXT_SIZE])
{
	if (bar->size == 0)
		snprintf(text, DIFFERENCE_TEXT_SIZE, "none");
	else
		snprintf(text, DIFFERENCE_TEXT_SIZE, "%s 0x%llx%s", bar->io ? "io" : "mem",
			 (unsigned long long)bar->size, bar->state == BAR_UNASSIGNED ? ", no address" : "");
}

static void compare_bars(const struct function_state *before, const struct device *device, function_tell tell,
			 void *data)
{
	static const char *const names[] = { "BAR 0", "BAR 1", "BAR 2", "BAR 3", "BAR 4", "BAR 5", "ROM" };
	struct function_difference d;
	struct bar now[DEVICE_BARS + 1];
	struct error ignored;

	if (device_bars(device, now, &ignored) < 0)
		return;
	memcpy(d.address, before->name, sizeof(d.address));
	for (unsigned int i = 0; i <= DEVICE_BARS; i++) {
		const struct bar *was = &before->bars[i];

		if (now[i].size == was->size && now[i].io == was->io &&
		    (now[i].state == BAR_UNASSIGNED) == (was->state == BAR_UNASSIGNED))
			continue;
		d.what = names[i];
		format_bar(was, d.before);
		format_bar(&now[i], d.after);
		tell(data, &d);
	}
}

void function_state_compare(const struct function_state *before, const struct context *ctx,
			    function_tell tell, void *data)
{
	struct function_state now = { .address = before->address };
	struct function_difference d;
	struct device *device;
	struct error ignored;

	memcpy(d.address, before->name, sizeof(d.address));
	memcpy(now.name, before->name, sizeof(now.name));
	if (read_identity(ctx, &now) < 0 || device_open(ctx, &before->address, &device, &ignored) < 0) {
		d.what = "function";
		snprintf(d.before, sizeof(d.before), "there");
		snprintf(d.after, sizeof(d.after), "not there");
		tell(data, &d);
		return;
	}
	for (size_t i = 0; i < IDS; i++) {
		if (id_value(before, i) == id_value(&now, i))
			continue;
		d.what = ids[i].what;
		snprintf(d.before, sizeof(d.before), "0x%0*llx", ids[i].digits,
			 (unsigned long long)id_value(before, i));
		snprintf(d.after, sizeof(d.after), "0x%0*llx", ids[i].digits,
			 (unsigned long long)id_value(&now, i));
		tell(data, &d);
	}
	compare_bars(before, device, tell, data);
	device_close(device);
}

bool function_state_is_same(const struct function_state *before, const struct context *ctx)
{
	struct function_state now = { .address = before->address };

	memcpy(now.name, before->name, sizeof(now.name));
	return read_identity(ctx, &now) == 0 && now.vendor == before->vendor &&
	       now.device == before->device && now.class == before->class;
}

/* --- restoring -------------------------------------------------------------------------------------- */

int function_state_restore(const struct function_state *before, struct device *device, bool only_count,
			   unsigned int *changed, struct error *error)
{
	struct config_saved *saved = NULL;
	struct config_plan *plan = NULL;
	struct error other;
	int rc;

	*changed = 0;
	if (before->config_size <= PCI_STD_HEADER_SIZEOF)
		return 0;
	rc = config_saved_from(device->ctx, &before->address, before->config, before->config_size, &saved,
			       error);
	if (rc < 0)
		return rc;
	rc = config_restore_plan(device, saved->device, CONFIG_RESTORE_CAPABILITIES, &plan, &other);
	if (rc == 0) {
		*changed = (unsigned int)plan->count;
		if (plan->count && !only_count)
			rc = config_restore(device, plan, error);
	} else if (other.kind == ERROR_DIFFERS) {
		rc = 0; /* another image: nothing of the old one's settings is its own */
	} else {
		*error = other;
	}
	config_plan_free(plan);
	config_saved_close(saved);
	return rc;
}
