// SPDX-License-Identifier: GPL-2.0-or-later
/* The fields of one end of a link, by their names in the table of config space, and what it does not say. */
#include "core/fabric/link_end.h"

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

/* Without LNKCAP's bit, which devices do not have, LNKSTA's is always 0: PCIe 6.0 sections 7.5.3.6 and 7.5.3.8. */
static bool reports_dll(const struct link_end *end)
{
	struct config_value_of reporting;

	config_value_read(end->map, end->device, "EXP.LNKCAP.DLL_ACTIVE", &reporting);
	return reporting.reason || reporting.value;
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
	struct config_value_of *dll = &end->values[LINK_END_DLL_ACTIVE];
	const char *reason;

	*end = (struct link_end){ .node = node };
	reason = open_device(ctx, end);
	for (size_t i = 0; i < LINK_END_FIELDS; i++) {
		if (reason)
			end->values[i].reason = reason;
		else
			config_value_read(end->map, end->device, names[i], &end->values[i]);
	}
	if (!dll->reason && !reports_dll(end))
		dll->reason = "not reported";
}

void link_end_close(struct link_end *end)
{
	config_map_free(end->map);
	device_close(end->device);
}
