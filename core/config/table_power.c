// SPDX-License-Identifier: GPL-2.0-or-later
/* Extended capabilities of power, latency and time. Names are those of linux/pci_regs.h where it has them. */
#include "core/config/table.h"

const struct config_value config_power_above_239w[] = {
	{ 0xf0, "250W" },  { 0xf1, "275W" }, { 0xf2, "300W" }, { 0xf3, "325W" }, { 0xf4, "350W" },
	{ 0xf5, "375W" },  { 0xf6, "400W" }, { 0xf7, "425W" }, { 0xf8, "450W" }, { 0xf9, "475W" },
	{ 0xfa, "500W" },  { 0xfb, "525W" }, { 0xfc, "550W" }, { 0xfd, "575W" }, { 0xfe, "600W" },
	{ 0xff, ">600W" }, { 0, NULL },
};

/* 32^value ns, PCIe 6.0 section 6.18 */
VALUES(latency_scales, { 0, "1ns" }, { 1, "32ns" }, { 2, "1024ns" }, { 3, "32768ns" }, { 4, "1048576ns" },
       { 5, "33554432ns" });

/* --- Power Budgeting, PCIe 6.0 section 7.8.1 -------------------------------------------------------- */

VALUES(power_states, { 0, "D0" }, { 1, "D1" }, { 2, "D2" }, { 3, "D3" });
VALUES(power_types, { 0, "pme-aux" }, { 1, "auxiliary" }, { 2, "idle" }, { 3, "sustained" },
       { 4, "sustained-emergency" }, { 5, "maximum-emergency" }, { 7, "maximum" });

VALUES(power_rails, { 0, "12V" }, { 1, "3.3V" }, { 2, "1.5V-1.8V" }, { 4, "48V" }, { 5, "5V" },
       { 7, "thermal" });

VALUES(power_disable, { 0, "unreported" }, { 1, "normal" }, { 2, "abbreviated" });
VALUES(power_loss, { 0, "unreported" }, { 1, "notification" }, { 2, "notification+acknowledgement" });

static const struct config_field pb_control[] = {
	FIELD("EXTENDED", 0, 1, RW, "extended power budgeting"),
	FIELD("LIMIT", 1, 1, RWS, "LIMIT_PM_SUB applies"),
	FIELD("LIMIT_PM_SUB", 2, 3, RWS, "power limit: PM sub-state"),
	FIELD("OOB_LIMIT", 5, 1, HWINIT, "OOB_LIMIT_PM_SUB applies"),
	FIELD("OOB_LIMIT_PM_SUB", 6, 3, HWINIT, "out of band power limit: PM sub-state"),
	{ 0 },
};

static const struct config_field pb_data[] = {
	FIELD("BASE", 0, 8, RO, "base power, watts times the scale", POWER_ABOVE_239W(0x08, 0)),
	FIELD("SCALE", 8, 2, RO, "the scale is 10^-SCALE; with SCALE_HIGH 10 or 100"),
	FIELD("PM_SUB", 10, 3, RO, "PM sub-state; 0: default"),
	FIELD("PM_STATE", 13, 2, RO, "PM state", .values = power_states),
	FIELD("TYPE", 15, 3, RO, "kind of operation", .values = power_types),
	FIELD("RAIL", 18, 3, RO, "power rail", .values = power_rails),
	FIELD("SCALE_HIGH", 21, 1, RO, "bit 2 of the scale"),
	FIELD("CONNECTOR", 22, 3, RO, "connector number"),
	FIELD("CONNECTOR_TYPE", 25, 6, RO, "connector type"),
	FIELD("EXTENDED", 31, 1, RO, "the connector's fields are valid"),
	{ 0 },
};

/* the sense detect register, 24 bits at 0dh, is the upper part of this */
static const struct config_field pb_cap[] = {
	FIELD("BUDGET", 0, 1, HWINIT, "included in the system's power budget"),
	FIELD("EXTENDED", 1, 1, HWINIT, "extended power budgeting"),
	FIELD("SENSE", 2, 1, HWINIT, "sense detect"),
	FIELD("LIMIT", 3, 1, HWINIT, "power limit"),
	FIELD("POWER_DISABLE", 4, 2, HWINIT, "power disable", .values = power_disable),
	FIELD("POWER_LOSS", 6, 2, HWINIT, "power loss notification", .values = power_loss),
	FIELD("SENSE0", 8, 3, RO, "sense wires of connector 0"),
	FIELD("SENSE1", 11, 3, RO, "sense wires of connector 1"),
	FIELD("SENSE2", 14, 3, RO, "sense wires of connector 2"),
	FIELD("SENSE3", 17, 3, RO, "sense wires of connector 3"),
	FIELD("SENSE4", 20, 3, RO, "sense wires of connector 4"),
	FIELD("SENSE5", 23, 3, RO, "sense wires of connector 5"),
	FIELD("SENSE6", 26, 3, RO, "sense wires of connector 6"),
	FIELD("SENSE7", 29, 3, RO, "sense wires of connector 7"),
	{ 0 },
};

static const struct config_register pb[] = {
	REGISTER("DSR", 0x04, 8, RW, "which entry DATA shows"),
	REGISTER("CONTROL", 0x06, 16, RW, "control", .fields = pb_control,
		 .when = { { .number = { .offset = 0x0c, .width = 8, .lsb = 1, .bits = 1 }, .min = 1 } }),
	REGISTER("DATA", 0x08, 32, RO, "an entry of the power budget", .fields = pb_data),
	REGISTER("CAP", 0x0c, 32, RO, "capability and sense detect", .fields = pb_cap),
	{ 0 },
};

/* --- Latency Tolerance Reporting, PCIe 6.0 section 7.8.2 -------------------------------------------- */

static const struct config_field ltr_latency[] = {
	FIELD("VALUE", 0, 10, RW, "in the unit of SCALE"),
	FIELD("SCALE", 10, 3, RW, "unit", .values = latency_scales),
	{ 0 },
};

static const struct config_register ltr[] = {
	REGISTER("MAX_SNOOP_LAT", 0x04, 16, RW, "longest snoop latency it may ask for",
		 .fields = ltr_latency),
	REGISTER("MAX_NOSNOOP_LAT", 0x06, 16, RW, "longest no-snoop latency it may ask for",
		 .fields = ltr_latency),
	{ 0 },
};

/* --- L1 PM Substates, PCIe 6.0 section 7.8.3 -------------------------------------------------------- */

VALUES(power_on_scales, { 0, "2us" }, { 1, "10us" }, { 2, "100us" });

static const struct config_field l1ss_cap[] = {
	FIELD("PCIPM_L1_2", 0, 1, HWINIT, "PCI-PM L1.2"),
	FIELD("PCIPM_L1_1", 1, 1, HWINIT, "PCI-PM L1.1"),
	FIELD("ASPM_L1_2", 2, 1, HWINIT, "ASPM L1.2"),
	FIELD("ASPM_L1_1", 3, 1, HWINIT, "ASPM L1.1"),
	FIELD("L1_PM_SS", 4, 1, HWINIT, "L1 PM substates"),
	FIELD("LINK_ACTIVATION", 5, 1, HWINIT, "link activation", .ports = PORTS_DOWN),
	FIELD("CM_RESTORE_TIME", 8, 8, HWINIT, "common mode restore time, us"),
	FIELD("P_PWR_ON_SCALE", 16, 2, HWINIT, "unit of the power-on time", .values = power_on_scales),
	FIELD("P_PWR_ON_VALUE", 19, 5, HWINIT, "power-on time that the other port waits"),
	{ 0 },
};

/* Times and threshold may change only while L1.2 is off: bits 0 and 2 here. */
static const struct config_field l1ss_ctl1[] = {
	FIELD("PCIPM_L1_2", 0, 1, RW, "PCI-PM L1.2"),
	FIELD("PCIPM_L1_1", 1, 1, RW, "PCI-PM L1.1"),
	FIELD("ASPM_L1_2", 2, 1, RW, "ASPM L1.2"),
	FIELD("ASPM_L1_1", 3, 1, RW, "ASPM L1.1"),
	FIELD("LINK_ACTIVATION_INT", 4, 1, RW, "interrupt when the link was activated", .ports = PORTS_DOWN),
	FIELD("LINK_ACTIVATION", 5, 1, RW, "activates the link", .ports = PORTS_DOWN),
	FIELD("CM_RESTORE_TIME", 8, 8, RW, "common mode restore time, us", .ports = PORTS_DOWN),
	FIELD("LTR_L12_TH_VALUE", 16, 10, RW, "latency from which on L1.2 is entered"),
	FIELD("LTR_L12_TH_SCALE", 29, 3, RW, "its unit", .values = latency_scales),
	{ 0 },
};

static const struct config_field l1ss_ctl2[] = {
	FIELD("T_PWR_ON_SCALE", 0, 2, RW, "unit of the power-on time", .values = power_on_scales),
	FIELD("T_PWR_ON_VALUE", 3, 5, RW, "power-on time"),
	{ 0 },
};

static const struct config_field l1ss_status[] = {
	FIELD("LINK_ACTIVATION", 0, 1, RW1C, "the link was activated"),
	{ 0 },
};

static const struct config_register l1pm[] = {
	REGISTER("CAP", 0x04, 32, RO, "capabilities", .fields = l1ss_cap),
	/* the power-on time, in CTL2, is set before what it is for is enabled: section 5.5.4 */
	REGISTER("CTL1", 0x08, 32, RW, "control 1", .fields = l1ss_ctl1, .late = 1),
	REGISTER("CTL2", 0x0c, 32, RW, "control 2", .fields = l1ss_ctl2),
	/* from version 2 of the capability on: in its header */
	REGISTER("STATUS", 0x10, 32, RO, "status", .fields = l1ss_status, .ports = PORTS_DOWN,
		 .when = { { .number = { .offset = 0x00, .width = 32, .lsb = 16, .bits = 4 }, .min = 2 } }),
	{ 0 },
};

/* --- Dynamic Power Allocation, PCIe 6.0 section 7.9.12 ---------------------------------------------- */

VALUES(latency_units, { 0, "1ms" }, { 1, "10ms" }, { 2, "100ms" });
VALUES(allocation_scales, { 0, "10W" }, { 1, "1W" }, { 2, "100mW" }, { 3, "10mW" });

static const struct config_field dpa_cap[] = {
	FIELD("SUBSTATE_MAX", 0, 5, RO, "highest substate"),
	FIELD("LATENCY_UNIT", 8, 2, RO, "unit of the transition latencies", .values = latency_units),
	FIELD("POWER_SCALE", 12, 2, RO, "unit of the substates' power", .values = allocation_scales),
	FIELD("LATENCY0", 16, 8, RO, "transition latency 0"),
	FIELD("LATENCY1", 24, 8, RO, "transition latency 1"),
	{ 0 },
};

static const struct config_field dpa_status[] = {
	FIELD("SUBSTATE", 0, 5, RO, "substate"),
	FIELD("CONTROL_ENABLED", 8, 1, RW1C, "CONTROL determines the substate, until this is cleared"),
	{ 0 },
};

static const struct config_field dpa_control[] = {
	FIELD("SUBSTATE", 0, 5, RW, "substate to go to"),
	{ 0 },
};

static const struct config_register dpa[] = {
	REGISTER("CAP", 0x04, 32, RO, "capability", .fields = dpa_cap),
	REGISTER("LATENCY", 0x08, 32, RO, "substates with latency 1 instead of 0, a bit each"),
	REGISTER("STATUS", 0x0c, 16, RO, "status", .fields = dpa_status),
	REGISTER("CONTROL", 0x0e, 16, RW, "control", .fields = dpa_control),
	REGISTER("POWER", 0x10, 8, RO, "power allocation in the unit of POWER_SCALE, substate ",
		 .repeat = { .offset = 0x04, .width = 32, .lsb = 0, .bits = 5 }, .plus = 1, .stride = 1),
	{ 0 },
};

/* --- Precision Time Measurement, PCIe 6.0 section 7.9.15 -------------------------------------------- */

VALUES(clock_granularities, { 0, "no-clock" }, { 255, ">254ns" });
VALUES(effective_granularities, { 0, "unknown" }, { 255, ">254ns" });

static const struct config_field ptm_cap[] = {
	FIELD("REQ", 0, 1, HWINIT, "requester"),
	FIELD("RES", 1, 1, HWINIT, "responder"),
	FIELD("ROOT", 2, 1, HWINIT, "can be the root of the time"),
	FIELD("EPTM", 3, 1, HWINIT, "enhanced PTM"),
	FIELD("PROPAGATION", 4, 1, HWINIT, "propagation delay adaptation"),
	FIELD("GRANULARITY", 8, 8, HWINIT, "period of the local clock, ns", .values = clock_granularities),
	{ 0 },
};

static const struct config_field ptm_ctrl[] = {
	FIELD("ENABLE", 0, 1, RW, "takes part"),
	FIELD("ROOT", 1, 1, RW, "is the root of the time"),
	FIELD("GRANULARITY", 8, 8, RW, "accuracy to expect, ns", .values = effective_granularities),
	{ 0 },
};

static const struct config_register ptm[] = {
	REGISTER("CAP", 0x04, 32, RO, "capability", .fields = ptm_cap),
	REGISTER("CTRL", 0x08, 32, RW, "control", .fields = ptm_ctrl),
	{ 0 },
};

/* --- Readiness Time Reporting, PCIe 6.0 section 7.9.16 ---------------------------------------------- */

static const struct config_field rtr_times1[] = {
	FIELD("RESET", 0, 9, HWINIT, "time after a conventional reset, in the unit of RESET_SCALE"),
	FIELD("RESET_SCALE", 9, 3, HWINIT, "its unit", .values = latency_scales),
	FIELD("DL_UP", 12, 9, HWINIT, "time after the link is up, in the unit of DL_UP_SCALE"),
	FIELD("DL_UP_SCALE", 21, 3, HWINIT, "its unit", .values = latency_scales),
	FIELD("VALID", 31, 1, HWINIT, "the times are valid"),
	{ 0 },
};

static const struct config_field rtr_times2[] = {
	FIELD("FLR", 0, 9, HWINIT, "time after a function level reset, in the unit of FLR_SCALE"),
	FIELD("FLR_SCALE", 9, 3, HWINIT, "its unit", .values = latency_scales),
	FIELD("D3_D0", 12, 9, HWINIT, "time from D3hot to D0, in the unit of D3_D0_SCALE"),
	FIELD("D3_D0_SCALE", 21, 3, HWINIT, "its unit", .values = latency_scales),
	{ 0 },
};

static const struct config_register rtr[] = {
	REGISTER("TIMES1", 0x04, 32, RO, "when the function is ready", .fields = rtr_times1),
	REGISTER("TIMES2", 0x08, 32, RO, "when the function is ready", .fields = rtr_times2),
	{ 0 },
};

const struct config_block config_power_blocks[] = {
	{ "PB", "Power Budgeting", true, 0x04, pb },
	{ "LTR", "Latency Tolerance Reporting", true, 0x18, ltr },
	{ "L1PM", "L1 PM Substates", true, 0x1e, l1pm },
	/* with one substate, in whole dwords */
	{ "DPA", "Dynamic Power Allocation", true, 0x16, dpa },
	{ "PTM", "Precision Time Measurement", true, 0x1f, ptm },
	{ "RTR", "Readiness Time Reporting", true, 0x22, rtr },
	{ 0 },
};
