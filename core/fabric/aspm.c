// SPDX-License-Identifier: GPL-2.0-or-later
/* ASPM of a link: what both ends can, what is on, and the order in which it is set. */
#include "core/fabric/aspm.h"

#include <linux/pci_regs.h>
#include <stdio.h>
#include <string.h>

#include "core/kernel/kmsg.h"
#include "core/kernel/sysfs.h"

#define ASPM_FIELD "EXP.LNKCTL.ASPM"
#define L1_1_FIELD "L1PM.CTL1.ASPM_L1_1"
#define L1_2_FIELD "L1PM.CTL1.ASPM_L1_2"

const char *aspm_mode_name(enum aspm_mode mode)
{
	static const char *const names[] = {
		[ASPM_OFF] = "off",
		[ASPM_L0S] = "l0s",
		[ASPM_L1] = "l1",
		[ASPM_L1SS] = "l1ss",
	};

	return names[mode];
}

/* --- what there is --------------------------------------------------------------------------------- */

static unsigned int value_of(const struct aspm_end *end, const char *name)
{
	struct config_value_of v;

	config_value_read(end->map, end->device, name, &v);
	return v.reason ? 0 : (unsigned int)v.value;
}

static void read_on(struct aspm_end *end)
{
	end->on = value_of(end, ASPM_FIELD);
	end->substates_on = (value_of(end, L1_1_FIELD) ? ASPM_BIT_L1_1 : 0) |
			    (value_of(end, L1_2_FIELD) ? ASPM_BIT_L1_2 : 0);
}

static int read_end(struct aspm_end *end, struct error *error)
{
	struct config_value_of can;
	struct config_value_of substates;

	config_value_read(end->map, end->device, "EXP.LNKCAP.ASPM", &can);
	if (can.reason)
		return error_set(error, ERROR_UNSUPPORTED, "no-aspm", "%s: what ASPM it has is not known: %s",
				 end->device->name, can.reason);
	end->can = (unsigned int)can.value;
	config_value_read(end->map, end->device, ASPM_FIELD, &can);
	if (can.reason)
		return error_set(error, ERROR_UNSUPPORTED, "no-aspm", "%s: what ASPM is on is not known: %s",
				 end->device->name, can.reason);
	config_value_read(end->map, end->device, "L1PM.CAP.L1_PM_SS", &substates);
	end->has_substates = !substates.reason && substates.value;
	if (end->has_substates)
		end->substates_can = (value_of(end, "L1PM.CAP.ASPM_L1_1") ? ASPM_BIT_L1_1 : 0) |
				     (value_of(end, "L1PM.CAP.ASPM_L1_2") ? ASPM_BIT_L1_2 : 0);
	read_on(end);
	return 0;
}

static int open_end(const struct context *ctx, const struct topology_node *node, struct aspm *aspm,
		    struct error *error)
{
	struct aspm_end *end = &aspm->ends[aspm->count];
	int rc;

	rc = device_open(ctx, &node->address, &end->device, error);
	if (rc < 0)
		return rc;
	aspm->count++;
	rc = config_map_make(end->device, &end->map, error);
	return rc < 0 ? rc : read_end(end, error);
}

static bool has_ltr(const struct context *ctx, const struct topology_node *node)
{
	struct capability_place express;
	struct fact_number control;
	struct device *device;
	struct error ignored;

	if (device_open(ctx, &node->address, &device, &ignored) < 0)
		return false;
	express = capability_place_read(device, false, PCI_CAP_ID_EXP);
	capability_read(device, &express, PCI_EXP_DEVCTL2, 16, &control);
	device_close(device);
	return !control.reason && control.value & PCI_EXP_DEVCTL2_LTR_EN;
}

/*
 * Without its times a device would sleep too deep, or wake too late: section 5.5.4. What it needs must be known on the whole
 * way to the root: 5.5.1, 6.18, where the bit is function 0's (7.5.3.16); so does Linux, drivers/pci/pcie/aspm.c.
 */
static const char *missing_for_l1_2(const struct context *ctx, const struct link *link, bool has_times)
{
	if (!has_times)
		return "whose times neither firmware nor kernel has set";
	if (!has_ltr(ctx, link->up->child))
		return "for which latency tolerance reporting is off";
	for (const struct topology_node *node = link->up; node; node = node->parent) {
		if (!has_ltr(ctx, node))
			return "for which latency tolerance reporting is off";
	}
	return NULL;
}

static void combine(const struct context *ctx, const struct link *link, struct aspm *aspm)
{
	bool has_times = true;

	aspm->can = ASPM_BIT_L0S | ASPM_BIT_L1;
	aspm->substates_can = ASPM_SUBSTATES;
	for (unsigned int i = 0; i < aspm->count; i++) {
		const struct aspm_end *end = &aspm->ends[i];

		/* the substates are those of function 0, the others have no such capability: section 7.8.3 */
		bool counts = i < 2 || end->has_substates;

		aspm->can &= end->can;
		aspm->substates_can &= counts ? end->substates_can : ASPM_SUBSTATES;
		has_times &= !counts || value_of(end, "L1PM.CTL1.LTR_L12_TH_VALUE") != 0;
	}
	aspm->no_l1_2 = missing_for_l1_2(ctx, link, has_times);
}

int aspm_open(const struct context *ctx, const struct link *link, struct aspm *aspm, struct error *error)
{
	struct aspm new = { .count = 0 };
	int rc;

	if (!link->up || !link->down)
		return error_set(error, ERROR_UNSUPPORTED, "one-end",
				 "%s: no %s is seen at the other end of the link",
				 link->up ? link->up->name : link->down->name, link->up ? "device" : "port");
	rc = open_end(ctx, link->up, &new, error);
	for (const struct topology_node *node = link->up->child; rc == 0 && node && new.count < ASPM_ENDS;
	     node = node->next) {
		if (!topology_is_virtual(ctx, node))
			rc = open_end(ctx, node, &new, error);
	}
	if (rc < 0) {
		aspm_close(&new);
		return rc;
	}
	combine(ctx, link, &new);
	*aspm = new;
	return 0;
}

void aspm_close(struct aspm *aspm)
{
	for (unsigned int i = 0; i < aspm->count; i++) {
		config_map_free(aspm->ends[i].map);
		device_close(aspm->ends[i].device);
	}
	aspm->count = 0;
}

/* --- setting it ------------------------------------------------------------------------------------ */

static int cannot(const struct aspm *aspm, unsigned int on, unsigned int substates, enum aspm_mode mode,
		  struct error *error)
{
	for (unsigned int i = 0; i < aspm->count; i++) {
		const struct aspm_end *end = &aspm->ends[i];
		int rc;

		if ((end->can & on) == on && (!substates || end->substates_can & substates))
			continue;
		rc = error_set(error, ERROR_UNSUPPORTED, "aspm", "%s: it cannot do %s", end->device->name,
			       aspm_mode_name(mode));
		error_hint(error, "'pcietool -s %s link aspm show' shows what both ends can",
			   end->device->name);
		return rc;
	}
	return error_set(error, ERROR_UNSUPPORTED, "aspm",
			 "%s: the ends of the link have no substate in common", aspm->ends[0].device->name);
}

int aspm_plan(const struct aspm *aspm, enum aspm_mode mode, unsigned int *on, unsigned int *substates,
	      struct error *error)
{
	static const unsigned int values[] = {
		[ASPM_OFF] = 0,
		[ASPM_L0S] = ASPM_BIT_L0S,
		[ASPM_L1] = ASPM_BIT_L1,
		[ASPM_L1SS] = ASPM_BIT_L1,
	};
	unsigned int wanted = mode == ASPM_L1SS ? aspm->substates_can : 0;

	if ((aspm->can & values[mode]) != values[mode] || (mode == ASPM_L1SS && !wanted))
		return cannot(aspm, values[mode], mode == ASPM_L1SS ? ASPM_SUBSTATES : 0, mode, error);
	if (aspm->no_l1_2)
		wanted &= ~ASPM_BIT_L1_2;
	if (mode == ASPM_L1SS && !wanted)
		return error_set(error, ERROR_UNSUPPORTED, "aspm", "%s: its only substate is L1.2, %s",
				 aspm->ends[0].device->name, aspm->no_l1_2);
	*on = values[mode];
	*substates = wanted;
	return 0;
}

/* What an end is to have. */
struct wanted {
	unsigned int on;
	unsigned int substates;
};

static int write_end(const struct aspm_end *end, unsigned int on, struct error *error)
{
	return config_value_write(end->map, end->device, ASPM_FIELD, on, NULL, error);
}

static int write_substates(const struct aspm_end *end, unsigned int substates, struct error *error)
{
	int rc;

	if (!end->has_substates)
		return 0;
	rc = config_value_write(end->map, end->device, L1_1_FIELD, (substates & ASPM_BIT_L1_1) != 0, NULL,
				error);
	return rc < 0 ? rc
		      : config_value_write(end->map, end->device, L1_2_FIELD,
					   (substates & ASPM_BIT_L1_2) != 0, NULL, error);
}

/*
 * L1 is switched off at the lower ends first and on at the port first (section 7.5.3.7), substates are changed while it is
 * off (5.5.4), in the same order. The first failure counts; the rest is tried all the same.
 */
static int apply(const struct aspm *aspm, const struct wanted wanted[ASPM_ENDS], struct error *error)
{
	struct error later;
	int first = 0;
	int rc;

	for (unsigned int i = aspm->count; i-- > 0;) {
		rc = write_end(&aspm->ends[i], 0, first ? &later : error);
		first = first ? first : rc;
	}
	for (unsigned int i = aspm->count; i-- > 0;) {
		rc = write_substates(&aspm->ends[i], 0, first ? &later : error);
		first = first ? first : rc;
	}
	for (unsigned int i = 0; i < aspm->count; i++) {
		if (!wanted[i].substates)
			continue;
		rc = write_substates(&aspm->ends[i], wanted[i].substates, first ? &later : error);
		first = first ? first : rc;
	}
	for (unsigned int i = 0; i < aspm->count; i++) {
		if (!wanted[i].on)
			continue;
		rc = write_end(&aspm->ends[i], wanted[i].on, first ? &later : error);
		first = first ? first : rc;
	}
	return first;
}

static int verify(struct aspm *aspm, const struct wanted wanted[ASPM_ENDS], struct error *error)
{
	for (unsigned int i = 0; i < aspm->count; i++) {
		struct aspm_end *end = &aspm->ends[i];

		if (!device_is_present(end->device))
			return device_gone(end->device, error);
		read_on(end);
		if (end->on != wanted[i].on ||
		    (end->has_substates && end->substates_on != wanted[i].substates))
			return error_set(error, ERROR_DIFFERS, "differs",
					 "%s: it did not take the setting of ASPM", end->device->name);
	}
	return 0;
}

int aspm_set(struct aspm *aspm, enum aspm_mode mode, struct error *error)
{
	struct wanted wanted[ASPM_ENDS] = { { 0 } };
	struct wanted before[ASPM_ENDS] = { { 0 } };
	unsigned int substates = 0;
	struct error ignored;
	unsigned int on = 0;
	int rc;

	rc = aspm_plan(aspm, mode, &on, &substates, error);
	if (rc < 0)
		return rc;
	for (unsigned int i = 0; i < aspm->count; i++) {
		const struct aspm_end *end = &aspm->ends[i];

		before[i] = (struct wanted){ .on = end->on, .substates = end->substates_on };
		wanted[i] = (struct wanted){ .on = on, .substates = end->has_substates ? substates : 0 };
	}
	rc = apply(aspm, wanted, error);
	if (rc == 0)
		rc = verify(aspm, wanted, error);
	if (rc < 0) {
		apply(aspm, before, &ignored);
		for (unsigned int i = 0; i < aspm->count; i++)
			read_on(&aspm->ends[i]);
	}
	return rc;
}

/* --- the kernel ------------------------------------------------------------------------------------ */

/* Lines of Linux' drivers/acpi/pci_root.c, drivers/pci/pci-acpi.c and drivers/pci/pcie/aspm.c */
static int take_line(void *data, char *line)
{
	static const struct {
		const char *words;
		const char *also;
		const char *reason;
	} rows[] = {
		{ "FADT declares", "support PCIe ASPM",
		  "the firmware's FADT says that the machine has no ASPM" },
		{ "_OSC", "disabling ASPM", "the firmware keeps PCIe to itself (_OSC)" },
		{ "PCIe ASPM is disabled", "", "the kernel was started with pcie_aspm=off" },
	};
	const char **reason = data;

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		if (strstr(line, rows[i].words) && strstr(line, rows[i].also)) {
			*reason = rows[i].reason;
			return 1;
		}
	}
	return 0;
}

/* "[default] performance powersave powersupersave" */
static void read_policy(const struct context *ctx, struct fact_text *policy)
{
	char text[128];
	char *start;
	char *end;
	int rc;

	rc = sysfs_read(ctx, text, sizeof(text), "/sys/module/pcie_aspm/parameters/policy");
	start = rc < 0 ? NULL : strchr(text, '[');
	end = start ? strchr(start, ']') : NULL;
	policy->reason = rc < 0 ? fact_reason(rc) : end ? NULL : "cannot be understood";
	if (end)
		snprintf(policy->text, sizeof(policy->text), "%.*s", (int)(end - start - 1), start + 1);
}

void aspm_kernel_read(const struct context *ctx, struct aspm_kernel *kernel)
{
	*kernel = (struct aspm_kernel){ .off_because = NULL };
	read_policy(ctx, &kernel->policy);
	kmsg_read(ctx, take_line, &kernel->off_because);
}
