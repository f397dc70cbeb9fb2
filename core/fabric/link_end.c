// SPDX-License-Identifier: GPL-2.0-or-later
/* The fields of one end of a link, by their names in the table of config space, and what it does not say. */
#include "core/fabric/link_end.h"

#include <linux/pci_regs.h>
#include <string.h>

#include "core/fabric/link.h"
#include "core/pci/power.h"

/* In the table of config space */
static const char *const names[LINK_END_FIELDS] = {
	[LINK_END_TARGET_SPEED] = "EXP.LNKCTL2.SPEED",
	[LINK_END_ASPM] = "EXP.LNKCTL.ASPM",
	[LINK_END_ASPM_POSSIBLE] = "EXP.LNKCAP.ASPM",
	[LINK_END_L1_1_ASPM] = "L1PM.CTL1.ASPM_L1_1",
	[LINK_END_L1_2_ASPM] = "L1PM.CTL1.ASPM_L1_2",
	[LINK_END_L1_1_PCIPM] = "L1PM.CTL1.PCIPM_L1_1",
	[LINK_END_L1_2_PCIPM] = "L1PM.CTL1.PCIPM_L1_2",
	[LINK_END_L0S_EXIT] = "EXP.LNKCAP.L0S_EXIT",
	[LINK_END_L1_EXIT] = "EXP.LNKCAP.L1_EXIT",
	[LINK_END_CLOCK_PM] = "EXP.LNKCTL.CLOCK_PM",
	[LINK_END_COMMON_CLOCK] = "EXP.LNKCTL.COMMON_CLOCK",
	[LINK_END_DISABLE] = "EXP.LNKCTL.DISABLE",
	[LINK_END_TRAINING] = "EXP.LNKSTA.TRAINING",
	[LINK_END_DLL_ACTIVE] = "EXP.LNKSTA.DLL_ACTIVE",
	[LINK_END_BANDWIDTH_MANAGED] = "EXP.LNKSTA.BW_MANAGEMENT",
	[LINK_END_BANDWIDTH_AUTONOMOUS] = "EXP.LNKSTA.AUTO_BW",
	[LINK_END_AUTO_WIDTH_DISABLE] = "EXP.LNKCTL.AUTO_WIDTH_DISABLE",
	[LINK_END_AUTO_SPEED_DISABLE] = "EXP.LNKCTL2.AUTO_SPEED_DISABLE",
	[LINK_END_DEEMPHASIS] = "EXP.LNKSTA2.DEEMPHASIS",
	[LINK_END_EQUALIZATION_8] = "EXP.LNKSTA2.EQ_COMPLETE",
	[LINK_END_EQUALIZATION_8_PHASE1] = "EXP.LNKSTA2.EQ_PHASE1",
	[LINK_END_EQUALIZATION_8_PHASE2] = "EXP.LNKSTA2.EQ_PHASE2",
	[LINK_END_EQUALIZATION_8_PHASE3] = "EXP.LNKSTA2.EQ_PHASE3",
	[LINK_END_EQUALIZATION_8_REQUEST] = "EXP.LNKSTA2.EQ_REQUEST",
	[LINK_END_EQUALIZATION_16] = "PL_16GT.STATUS.EQ_COMPLETE",
	[LINK_END_EQUALIZATION_32] = "PL_32GT.STATUS.EQ_COMPLETE",
	[LINK_END_EQUALIZATION_64] = "PL_64GT.STATUS.EQ_COMPLETE",
	[LINK_END_RETIMER] = "EXP.LNKSTA2.RETIMER",
	[LINK_END_TWO_RETIMERS] = "EXP.LNKSTA2.TWO_RETIMERS",
	[LINK_END_FLIT_MODE] = "EXP.LNKSTA2.FLIT_MODE",
	[LINK_END_LANE_ERRORS] = "SECPCI.LANE_ERR",
	[LINK_END_SLOT_PRESENCE] = "EXP.SLTSTA.PRESENCE_STATE",
};

/*
 * A field that means something only where another one's BITS are VALUE. Sections are of PCIe 6.0. What is not implemented
 * is always 0, which is no "no".
 */
struct condition {
	enum link_end_field field;
	const char *name; /* what it depends on */
	uint64_t bits;
	uint64_t value; /* 0: any of them set */
	const char *reason; /* what it is where that does not hold */
};

static const char not_reported[] = "not reported";
static const char none[] = "it has none";

static const struct condition conditions[] = {
	/* sections 7.5.3.6 and 7.5.3.8; devices have no LNKCAP.DLL_ACTIVE */
	{ LINK_END_DLL_ACTIVE, "EXP.LNKCAP.DLL_ACTIVE", 1, 0, not_reported },
	{ LINK_END_BANDWIDTH_MANAGED, "EXP.LNKCAP.BW_NOTIFICATION", 1, 0, not_reported },
	{ LINK_END_BANDWIDTH_AUTONOMOUS, "EXP.LNKCAP.BW_NOTIFICATION", 1, 0, not_reported },
	/* sections 7.5.3.18 and 7.5.3.20 */
	{ LINK_END_RETIMER, "EXP.LNKCAP2.RETIMER", 1, 0, not_reported },
	{ LINK_END_TWO_RETIMERS, "EXP.LNKCAP2.TWO_RETIMERS", 1, 0, not_reported },
	/* section 7.5.3.20: undefined at another speed, of which 5 GT/s is code 2 */
	{ LINK_END_DEEMPHASIS, "EXP.LNKSTA.SPEED", 0xf, 2, "only at 5GT/s" },
	/* section 7.5.3.20: reserved where that speed is not supported */
	{ LINK_END_EQUALIZATION_8, "EXP.LNKCAP2.SPEED_8", 1, 0, none },
	{ LINK_END_EQUALIZATION_8_PHASE1, "EXP.LNKCAP2.SPEED_8", 1, 0, none },
	{ LINK_END_EQUALIZATION_8_PHASE2, "EXP.LNKCAP2.SPEED_8", 1, 0, none },
	{ LINK_END_EQUALIZATION_8_PHASE3, "EXP.LNKCAP2.SPEED_8", 1, 0, none },
	{ LINK_END_EQUALIZATION_8_REQUEST, "EXP.LNKCAP2.SPEED_8", 1, 0, none },
	/* sections 7.5.3.6 and 7.5.3.7: upper ends and those without CLKREQ# have none */
	{ LINK_END_CLOCK_PM, "EXP.LNKCAP.CLOCK_PM", 1, 0, none },
	/* section 7.5.3.19: 0 where there is but one speed */
	{ LINK_END_TARGET_SPEED, "EXP.LNKCTL2.SPEED", 0xf, 0, none },
	/* section 7.5.3.6: undefined where the state is not supported */
	{ LINK_END_L0S_EXIT, "EXP.LNKCAP.ASPM", 1, 0, none },
	{ LINK_END_L1_EXIT, "EXP.LNKCAP.ASPM", 2, 0, none },
};

/* Where what it depends on cannot be read, the field is believed. */
static void apply_condition(struct link_end *end, const struct condition *c)
{
	struct config_value_of *value = &end->values[c->field];
	struct config_value_of on;

	if (value->reason)
		return;
	config_value_read(end->map, end->device, c->name, &on);
	if (on.reason)
		return;
	on.value &= c->bits;
	if (c->value ? on.value != c->value : on.value == 0)
		value->reason = c->reason;
}

/* By its place, and not by its type: some switches have their ports' types wrong. */
static bool is_upper(const struct link_end *end)
{
	return link_is_port(end->device->ctx, end->node);
}

/* Link Training is reserved but in the port above: section 7.5.3.8. */
static void hide_training(struct link_end *end)
{
	struct config_value_of *training = &end->values[LINK_END_TRAINING];

	if (!training->reason && !is_upper(end))
		training->reason = none;
}

/* Of a virtual function the link is not its own: only Link Capabilities are no reserved register. PCIe 6.0 section 9.3.5. */
static void hide_virtual(struct link_end *end)
{
	static const char own[] = "EXP.LNKCAP.";

	if (!device_is_virtual(end->device))
		return;
	for (size_t i = 0; i < LINK_END_FIELDS; i++) {
		if (!end->values[i].reason && strncmp(names[i], own, strlen(own)) != 0)
			end->values[i].reason = FACT_VIRTUAL_FUNCTION;
	}
}

static void hide(struct link_end *end, const enum link_end_field *fields, size_t count, const char *reason)
{
	for (size_t i = 0; i < count; i++) {
		if (!end->values[fields[i]].reason)
			end->values[fields[i]].reason = reason;
	}
}

/*
 * Of a device with several functions, function 0 has what is the link's, and it is reserved in the others: sections 7.5.3.7,
 * 7.5.3.19 and 7.5.3.20. With ARI (6.13) what is a device's number elsewhere is a part of the function's, and of what all
 * functions have function 0's counts alone (7.5.3.7).
 */
static void hide_other_function(struct link_end *end)
{
	static const enum link_end_field reserved[] = {
		LINK_END_TARGET_SPEED,
		LINK_END_AUTO_WIDTH_DISABLE,
		LINK_END_AUTO_SPEED_DISABLE,
		LINK_END_EQUALIZATION_8,
		LINK_END_EQUALIZATION_8_PHASE1,
		LINK_END_EQUALIZATION_8_PHASE2,
		LINK_END_EQUALIZATION_8_PHASE3,
		LINK_END_EQUALIZATION_8_REQUEST,
		LINK_END_RETIMER,
		LINK_END_TWO_RETIMERS,
	};
	static const enum link_end_field ignored[] = { LINK_END_ASPM, LINK_END_CLOCK_PM,
						       LINK_END_COMMON_CLOCK };

	/* in a guest a device may have any number on the root bus */
	bool is_first =
		end->node->address.function == 0 && (end->node->address.device == 0 || !end->node->parent);

	if (is_upper(end) || is_first)
		return;
	hide(end, reserved, sizeof(reserved) / sizeof(reserved[0]), "only function 0 says");
	if (capability_list_find(&end->map->extended, PCI_EXT_CAP_ID_ARI))
		hide(end, ignored, sizeof(ignored) / sizeof(ignored[0]), "function 0 decides");
}

/* Why nothing is known of it; NULL: it is open. */
static const char *open_device(const struct context *ctx, struct link_end *end)
{
	struct error ignored;

	if (!end->node)
		return "not seen";
	if (device_open(ctx, &end->node->address, &end->device, &ignored) < 0)
		return "it cannot be read";
	if (power_is_asleep(end->device))
		return LINK_STATE_SUSPENDED;
	if (config_map_make(end->device, &end->map, &ignored) < 0)
		return ignored.kind == ERROR_GONE ? FACT_NO_ANSWER : "it cannot be read";
	return NULL;
}

void link_end_open(const struct context *ctx, const struct topology_node *node, struct link_end *end)
{
	const char *reason;

	*end = (struct link_end){ .node = node };
	reason = open_device(ctx, end);
	for (size_t i = 0; i < LINK_END_FIELDS; i++) {
		if (reason)
			end->values[i].reason = reason;
		else
			config_value_read(end->map, end->device, names[i], &end->values[i]);
	}
	if (reason)
		return;
	hide_training(end);
	hide_virtual(end);
	hide_other_function(end);
	for (size_t i = 0; i < sizeof(conditions) / sizeof(conditions[0]); i++)
		apply_condition(end, &conditions[i]);
}

void link_end_close(struct link_end *end)
{
	config_map_free(end->map);
	device_close(end->device);
}
