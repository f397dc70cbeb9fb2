// SPDX-License-Identifier: GPL-2.0-or-later
/* Extended capabilities of the link, its physical layer and its power. */
#include "core/config_table.h"

/* One register for each lane that the port has: Link Capabilities' maximum width */
#define PER_LANE .repeat = { .offset = 0x0c, .width = 32, .lsb = 4, .bits = 6, .in_express = true }

/* --- Power Budgeting: PCIe 6.0 section 7.8.1 ----------------------------------------------------------- */

static const struct config_value pb_scales[] = {
	{ 0, "1W" }, { 1, "100mW" }, { 2, "10mW" }, { 3, "1mW" }, { 0, NULL },
};

static const struct config_value pb_states[] = {
	{ 0, "D0" }, { 1, "D1" }, { 2, "D2" }, { 3, "D3" }, { 0, NULL },
};

static const struct config_value pb_types[] = {
	{ 0, "PME-aux" },
	{ 1, "auxiliary" },
	{ 2, "idle" },
	{ 3, "sustained" },
	{ 4, "sustained-emergency" },
	{ 5, "maximum-emergency" },
	{ 7, "maximum" },
	{ 0, NULL },
};

static const struct config_value pb_rails[] = {
	{ 0, "12V" }, { 1, "3.3V" }, { 2, "1.5V-1.8V" }, { 7, "thermal" }, { 0, NULL },
};

static const struct config_field pb_data[] = {
	FIELD("BASE_POWER", 0, 8, RO, "power, in the units of SCALE"),
	FIELD("SCALE", 8, 2, RO, "unit of the power", .values = pb_scales),
	FIELD("PM_SUBSTATE", 10, 3, RO, "power management sub-state"),
	FIELD("PM_STATE", 13, 2, RO, "power state", .values = pb_states),
	FIELD("TYPE", 15, 3, RO, "operating condition", .values = pb_types),
	FIELD("RAIL", 18, 3, RO, "power rail", .values = pb_rails),
	{ 0 },
};

static const struct config_field pb_cap[] = {
	FIELD("SYSTEM_ALLOCATED", 0, 1, HWINIT, "included in the system's budget"),
	{ 0 },
};

static const struct config_register pb[] = {
	/* selects what DATA shows */
	REGISTER("SELECT", 0x04, 8, RW, "which of the data", .by_kernel = true),
	REGISTER("DATA", 0x08, 32, RO, "power in one operating condition", .fields = pb_data),
	REGISTER("CAP", 0x0c, 8, RO, "capabilities", .fields = pb_cap),
	{ 0 },
};

/* --- Dynamic Power Allocation: PCIe 6.0 section 7.9.12 ------------------------------------------------- */

static const struct config_field dpa_cap[] = {
	FIELD("SUBSTATE_MAX", 0, 5, RO, "highest sub-state"),
	FIELD("LATENCY_UNIT", 8, 2, RO, "unit of transition latencies: 1, 10, 100 ms"),
	FIELD("POWER_SCALE", 12, 2, RO, "unit of power", .values = pb_scales),
	FIELD("LATENCY0", 16, 8, RO, "transition latency 0"),
	FIELD("LATENCY1", 24, 8, RO, "transition latency 1"),
	{ 0 },
};

static const struct config_field dpa_status[] = {
	FIELD("SUBSTATE", 0, 5, RO, "current sub-state"),
	FIELD("CONTROL_ENABLED", 8, 1, RW1C, "the sub-state can be set"),
	{ 0 },
};

static const struct config_field dpa_control[] = {
	FIELD("SUBSTATE", 0, 5, RW, "sub-state to go to"),
	{ 0 },
};

static const struct config_register dpa[] = {
	REGISTER("CAP", 0x04, 32, RO, "capabilities", .fields = dpa_cap),
	REGISTER("LATENCY", 0x08, 32, RO, "which latency each sub-state has"),
	REGISTER("STATUS", 0x0c, 16, RO, "status", .fields = dpa_status),
	REGISTER("CONTROL", 0x0e, 16, RW, "control", .fields = dpa_control),
	REGISTER("POWER", 0x10, 8, RO, "power of a sub-state", .stride = 1, .plus = 1,
		 .repeat = { .offset = 4, .width = 32, .lsb = 0, .bits = 5 }),
	{ 0 },
};

/* --- Latency Tolerance Reporting: PCIe 6.0 section 7.8.2 ----------------------------------------------- */

static const struct config_value ltr_scales[] = {
	{ 0, "1ns" },	    { 1, "32ns" },	 { 2, "1024ns" }, { 3, "32768ns" },
	{ 4, "1048576ns" }, { 5, "33554432ns" }, { 0, NULL },
};

static const struct config_field ltr_latency[] = {
	FIELD("VALUE", 0, 10, RW, "latency, in the units of SCALE"),
	FIELD("SCALE", 10, 3, RW, "unit", .values = ltr_scales),
	{ 0 },
};

static const struct config_register ltr[] = {
	REGISTER("MAX_SNOOP", 0x04, 16, RW, "longest latency for snooped requests", .fields = ltr_latency),
	REGISTER("MAX_NOSNOOP", 0x06, 16, RW, "longest latency for others", .fields = ltr_latency),
	{ 0 },
};

/* --- Secondary PCI Express: PCIe 6.0 section 7.7.3 ----------------------------------------------------- */

static const struct config_value presets[] = {
	{ 0x0, "P0" }, { 0x1, "P1" }, { 0x2, "P2" }, { 0x3, "P3" }, { 0x4, "P4" },  { 0x5, "P5" },
	{ 0x6, "P6" }, { 0x7, "P7" }, { 0x8, "P8" }, { 0x9, "P9" }, { 0xa, "P10" }, { 0, NULL },
};

static const struct config_field lnkctl3[] = {
	FIELD("PERFORM_EQ", 0, 1, RW, "equalizes at the next retraining"),
	FIELD("EQ_INT", 1, 1, RW, "interrupt on an equalization request"),
	FIELD("LOWER_SKP", 9, 7, RW, "speeds at which it sends SKP ordered sets seldom"),
	{ 0 },
};

static const struct config_field lane_equalization[] = {
	FIELD("DOWN_TX", 0, 4, HWINIT, "downstream port's transmitter preset", .values = presets),
	FIELD("DOWN_RX", 4, 3, HWINIT, "downstream port's receiver preset hint"),
	FIELD("UP_TX", 8, 4, HWINIT, "upstream port's transmitter preset", .values = presets),
	FIELD("UP_RX", 12, 3, HWINIT, "upstream port's receiver preset hint"),
	{ 0 },
};

static const struct config_register secpci[] = {
	REGISTER("LNKCTL3", 0x04, 32, RW, "link control 3", .fields = lnkctl3),
	REGISTER("LANE_ERR_STAT", 0x08, 32, RW1CS, "lanes with errors, a bit each"),
	REGISTER("LANE_EQ", 0x0c, 16, HWINIT, "equalization at 8 GT/s of lane ", .fields = lane_equalization,
		 .stride = 2, PER_LANE),
	{ 0 },
};

/* --- Protocol Multiplexing: PCIe 3.1 appendix G -------------------------------------------------------- */

static const struct config_register pmux[] = {
	REGISTER("CAP", 0x04, 32, RO, "capabilities"),
	REGISTER("CONTROL", 0x08, 32, RW, "control", .by_kernel = true),
	REGISTER("STATUS", 0x0c, 32, RO, "status"),
	{ 0 },
};

/* --- L1 PM Substates: PCIe 6.0 section 7.8.3 ----------------------------------------------------------- */

static const struct config_value power_on_scales[] = {
	{ 0, "2us" },
	{ 1, "10us" },
	{ 2, "100us" },
	{ 0, NULL },
};

static const struct config_field l1pm_cap[] = {
	FIELD("PCIPM_L1_2", 0, 1, HWINIT, "L1.2 with PCI-PM"),
	FIELD("PCIPM_L1_1", 1, 1, HWINIT, "L1.1 with PCI-PM"),
	FIELD("ASPM_L1_2", 2, 1, HWINIT, "L1.2 with ASPM"),
	FIELD("ASPM_L1_1", 3, 1, HWINIT, "L1.1 with ASPM"),
	FIELD("L1_PM", 4, 1, HWINIT, "L1 PM substates"),
	FIELD("LINK_ACTIVATION", 5, 1, RO, "link activation"),
	FIELD("COMMON_MODE", 8, 8, HWINIT, "time to restore common mode, us"),
	FIELD("POWER_ON_SCALE", 16, 2, HWINIT, "unit of the power on time", .values = power_on_scales),
	FIELD("POWER_ON_VALUE", 19, 5, HWINIT, "power on time, in the units of POWER_ON_SCALE"),
	{ 0 },
};

static const struct config_field l1pm_ctl1[] = {
	FIELD("PCIPM_L1_2", 0, 1, RW, "L1.2 with PCI-PM"),
	FIELD("PCIPM_L1_1", 1, 1, RW, "L1.1 with PCI-PM"),
	FIELD("ASPM_L1_2", 2, 1, RW, "L1.2 with ASPM"),
	FIELD("ASPM_L1_1", 3, 1, RW, "L1.1 with ASPM"),
	FIELD("LINK_ACTIVATION_INT", 4, 1, RW, "interrupt on link activation"),
	FIELD("LINK_ACTIVATION", 5, 1, RW, "link activation"),
	FIELD("COMMON_MODE", 8, 8, RW, "time to restore common mode, us"),
	FIELD("THRESHOLD_VALUE", 16, 10, RW, "LTR threshold for L1.2, in the units of THRESHOLD_SCALE"),
	FIELD("THRESHOLD_SCALE", 29, 3, RW, "unit of the threshold", .values = ltr_scales),
	{ 0 },
};

static const struct config_field l1pm_ctl2[] = {
	FIELD("POWER_ON_SCALE", 0, 2, RW, "unit of the power on time", .values = power_on_scales),
	FIELD("POWER_ON_VALUE", 3, 5, RW, "power on time, in the units of POWER_ON_SCALE"),
	{ 0 },
};

static const struct config_register l1pm[] = {
	REGISTER("CAP", 0x04, 32, RO, "capabilities", .fields = l1pm_cap),
	REGISTER("CTL1", 0x08, 32, RW, "control 1", .fields = l1pm_ctl1),
	REGISTER("CTL2", 0x0c, 32, RW, "control 2", .fields = l1pm_ctl2),
	{ 0 },
};

/* --- Precision Time Measurement: PCIe 6.0 section 7.9.15 ----------------------------------------------- */

static const struct config_field ptm_cap[] = {
	FIELD("REQUESTER", 0, 1, HWINIT, "requester"),
	FIELD("RESPONDER", 1, 1, HWINIT, "responder"),
	FIELD("ROOT", 2, 1, HWINIT, "can be the root"),
	FIELD("EPTM", 3, 1, HWINIT, "enhanced PTM"),
	FIELD("ADAPTATION", 4, 1, HWINIT, "propagation delay adaptation"),
	FIELD("GRANULARITY", 8, 8, HWINIT, "granularity of the local clock, ns; 0: none, 255: more than 254"),
	{ 0 },
};

static const struct config_field ptm_control[] = {
	FIELD("ENABLE", 0, 1, RW, "PTM is on"),
	FIELD("ROOT_SELECT", 1, 1, RW, "is the root"),
	FIELD("GRANULARITY", 8, 8, RW, "effective granularity, ns; 0: unknown, 255: more than 254"),
	{ 0 },
};

static const struct config_register ptm[] = {
	REGISTER("CAP", 0x04, 32, RO, "capabilities", .fields = ptm_cap),
	REGISTER("CONTROL", 0x08, 32, RW, "control", .fields = ptm_control),
	{ 0 },
};

/* --- Readiness Time Reporting: PCIe 6.0 section 7.9.16 ------------------------------------------------- */

static const struct config_field rtr1[] = {
	FIELD("RESET_TIME", 0, 12, HWINIT,
	      "time to be ready after a reset: bits 8:0 value, 11:9 scale of 32^n ns"),
	FIELD("DL_UP_TIME", 12, 12, HWINIT, "time to be ready after the link came up"),
	FIELD("VALID", 31, 1, HWINIT, "the times are valid"),
	{ 0 },
};

static const struct config_field rtr2[] = {
	FIELD("FLR_TIME", 0, 12, HWINIT, "time to be ready after a function level reset"),
	FIELD("D3HOT_TIME", 12, 12, HWINIT, "time from D3hot to D0"),
	{ 0 },
};

static const struct config_register rtr[] = {
	REGISTER("TIMES1", 0x04, 32, RO, "readiness times 1", .fields = rtr1),
	REGISTER("TIMES2", 0x08, 32, RO, "readiness times 2", .fields = rtr2),
	{ 0 },
};

/* --- Data Link Feature: PCIe 6.0 section 7.7.4 --------------------------------------------------------- */

static const struct config_field dlnk_cap[] = {
	FIELD("SCALED_FLOW_CONTROL", 0, 1, HWINIT, "scaled flow control supported here"),
	FIELD("IMMEDIATE_READINESS", 1, 1, HWINIT, "immediate readiness supported here"),
	FIELD("EXTENDED_VC_COUNT", 2, 3, HWINIT, "extended virtual channel count"),
	FIELD("L0P_EXIT", 5, 3, HWINIT, "L0p exit latency"),
	FIELD("EXCHANGE_ENABLE", 31, 1, HWINIT, "the features are exchanged"),
	{ 0 },
};

static const struct config_field dlnk_status[] = {
	FIELD("REMOTE_SCALED_FLOW_CONTROL", 0, 1, RO, "scaled flow control supported by the other end"),
	FIELD("REMOTE_IMMEDIATE_READINESS", 1, 1, RO, "immediate readiness supported by the other end"),
	FIELD("REMOTE_EXTENDED_VC_COUNT", 2, 3, RO, "extended virtual channel count of the other end"),
	FIELD("REMOTE_L0P_EXIT", 5, 3, RO, "L0p exit latency of the other end"),
	FIELD("REMOTE_VALID", 31, 1, RO, "the other end has told its features"),
	{ 0 },
};

static const struct config_register dlnk[] = {
	REGISTER("CAP", 0x04, 32, RO, "what this end can do", .fields = dlnk_cap),
	REGISTER("STATUS", 0x08, 32, RO, "what the other end can do", .fields = dlnk_status),
	{ 0 },
};

/* --- Physical Layer 16.0 GT/s: PCIe 6.0 section 7.7.5 -------------------------------------------------- */

static const struct config_field eq_status[] = {
	FIELD("EQ_COMPLETE", 0, 1, ROS, "equalization complete"),
	FIELD("EQ_PHASE1", 1, 1, ROS, "phase 1 successful"),
	FIELD("EQ_PHASE2", 2, 1, ROS, "phase 2 successful"),
	FIELD("EQ_PHASE3", 3, 1, ROS, "phase 3 successful"),
	FIELD("EQ_REQUEST", 4, 1, RW1CS, "equalization requested"),
	{ 0 },
};

static const struct config_field lane_presets[] = {
	FIELD("DOWN_TX", 0, 4, HWINIT, "downstream port's transmitter preset", .values = presets),
	FIELD("UP_TX", 4, 4, HWINIT, "upstream port's transmitter preset", .values = presets),
	{ 0 },
};

static const struct config_register pl16[] = {
	REGISTER("CAP", 0x04, 32, RO, "capabilities"),
	REGISTER("CONTROL", 0x08, 32, RO, "control"),
	REGISTER("STATUS", 0x0c, 32, RO, "status", .fields = eq_status),
	REGISTER("LOCAL_PARITY", 0x10, 32, RW1CS, "lanes with data parity mismatches here"),
	REGISTER("RETIMER1_PARITY", 0x14, 32, RW1CS, "lanes with them at the first retimer"),
	REGISTER("RETIMER2_PARITY", 0x18, 32, RW1CS, "lanes with them at the second retimer"),
	REGISTER("LANE_EQ", 0x20, 8, HWINIT, "equalization at 16 GT/s of lane ", .fields = lane_presets,
		 .stride = 1, PER_LANE),
	{ 0 },
};

/* --- Physical Layer 32.0 GT/s: PCIe 6.0 section 7.7.6 -------------------------------------------------- */

static const struct config_field pl32_cap[] = {
	FIELD("EQ_BYPASS", 0, 1, HWINIT, "equalization bypass to the highest rate"),
	FIELD("NO_EQ_NEEDED", 1, 1, HWINIT, "no equalization needed"),
	FIELD("MODIFIED_TS_0", 8, 1, HWINIT, "modified TS usage mode 0: PCI Express"),
	FIELD("MODIFIED_TS_1", 9, 1, HWINIT, "modified TS usage mode 1: training set message"),
	FIELD("MODIFIED_TS_2", 10, 1, HWINIT, "modified TS usage mode 2: alternate protocol"),
	FIELD("MODIFIED_TS_RESERVED", 11, 5, HWINIT, "further modified TS usage modes"),
	{ 0 },
};

static const struct config_field pl32_control[] = {
	FIELD("EQ_BYPASS_DISABLE", 0, 1, RWS, "no equalization bypass"),
	FIELD("NO_EQ_NEEDED_DISABLE", 1, 1, RWS, "equalization even if not needed"),
	FIELD("MODIFIED_TS_MODE", 8, 3, RWS, "modified TS usage mode selected"),
	{ 0 },
};

static const struct config_value link_enhancements[] = {
	{ 0, "full-equalization" },
	{ 1, "equalization-bypass" },
	{ 2, "no-equalization" },
	{ 0, NULL },
};

static const struct config_field pl32_status[] = {
	FIELD("EQ_COMPLETE", 0, 1, ROS, "equalization complete"),
	FIELD("EQ_PHASE1", 1, 1, ROS, "phase 1 successful"),
	FIELD("EQ_PHASE2", 2, 1, ROS, "phase 2 successful"),
	FIELD("EQ_PHASE3", 3, 1, ROS, "phase 3 successful"),
	FIELD("EQ_REQUEST", 4, 1, RW1CS, "equalization requested"),
	FIELD("MODIFIED_TS_RECEIVED", 5, 1, ROS, "modified TS received"),
	FIELD("ENHANCED_CONTROL", 6, 2, ROS, "received enhanced link behaviour", .values = link_enhancements),
	FIELD("PRECODING_ON", 8, 1, ROS, "transmitter precoding on"),
	FIELD("PRECODING_REQUEST", 9, 1, ROS, "transmitter precoding requested"),
	FIELD("NO_EQ_RECEIVED", 10, 1, ROS, "no equalization needed received"),
	{ 0 },
};

static const struct config_register pl32[] = {
	REGISTER("CAP", 0x04, 32, RO, "capabilities", .fields = pl32_cap),
	REGISTER("CONTROL", 0x08, 32, RW, "control", .fields = pl32_control),
	REGISTER("STATUS", 0x0c, 32, RO, "status", .fields = pl32_status),
	REGISTER("RECEIVED_TS1", 0x10, 32, RO, "received modified TS data 1"),
	REGISTER("RECEIVED_TS2", 0x14, 32, RO, "received modified TS data 2"),
	REGISTER("TRANSMITTED_TS1", 0x18, 32, RO, "transmitted modified TS data 1"),
	REGISTER("TRANSMITTED_TS2", 0x1c, 32, RO, "transmitted modified TS data 2"),
	REGISTER("LANE_EQ", 0x20, 8, HWINIT, "equalization at 32 GT/s of lane ", .fields = lane_presets,
		 .stride = 1, PER_LANE),
	{ 0 },
};

/* --- Physical Layer 64.0 GT/s: PCIe 6.0 section 7.7.7 -------------------------------------------------- */

static const struct config_field pl64_status[] = {
	FIELD("EQ_COMPLETE", 0, 1, ROS, "equalization complete"),
	FIELD("EQ_PHASE1", 1, 1, ROS, "phase 1 successful"),
	FIELD("EQ_PHASE2", 2, 1, ROS, "phase 2 successful"),
	FIELD("EQ_PHASE3", 3, 1, ROS, "phase 3 successful"),
	FIELD("EQ_REQUEST", 4, 1, RW1CS, "equalization requested"),
	FIELD("PRECODING_ON", 5, 1, ROS, "transmitter precoding on"),
	FIELD("PRECODING_REQUEST", 6, 1, ROS, "transmitter precoding requested"),
	FIELD("NO_EQ_RECEIVED", 7, 1, ROS, "no equalization needed received"),
	{ 0 },
};

static const struct config_register pl64[] = {
	REGISTER("CAP", 0x04, 32, RO, "capabilities"),
	REGISTER("CONTROL", 0x08, 32, RO, "control"),
	REGISTER("STATUS", 0x0c, 32, RO, "status", .fields = pl64_status),
	REGISTER("LANE_EQ", 0x10, 8, HWINIT, "equalization at 64 GT/s of lane ", .fields = lane_presets,
		 .stride = 1, PER_LANE),
	{ 0 },
};

/* --- Lane Margining at the Receiver: PCIe 6.0 section 7.7.8 -------------------------------------------- */

static const struct config_field lmr_cap[] = {
	FIELD("DRIVER_SOFTWARE", 0, 1, HWINIT, "margining needs driver software"),
	{ 0 },
};

static const struct config_field lmr_status[] = {
	FIELD("READY", 0, 1, RO, "ready for margining"),
	FIELD("SOFTWARE_READY", 1, 1, RO, "the driver software is ready"),
	{ 0 },
};

static const struct config_value lmr_receivers[] = {
	{ 0, "broadcast" }, { 1, "A" }, { 2, "B" }, { 3, "C" },
	{ 4, "D" },	    { 5, "E" }, { 6, "F" }, { 0, NULL },
};

static const struct config_field lmr_lane_control[] = {
	FIELD("RECEIVER", 0, 3, RW, "receiver", .values = lmr_receivers),
	FIELD("TYPE", 3, 3, RW, "margin type"),
	FIELD("USAGE", 6, 1, RW, "usage model"),
	FIELD("PAYLOAD", 8, 8, RW, "margin payload"),
	{ 0 },
};

static const struct config_field lmr_lane_status[] = {
	FIELD("RECEIVER", 0, 3, RO, "receiver", .values = lmr_receivers),
	FIELD("TYPE", 3, 3, RO, "margin type"),
	FIELD("USAGE", 6, 1, RO, "usage model"),
	FIELD("PAYLOAD", 8, 8, RO, "margin payload"),
	{ 0 },
};

static const struct config_register lmr[] = {
	REGISTER("CAP", 0x04, 16, RO, "port capabilities", .fields = lmr_cap),
	REGISTER("STATUS", 0x06, 16, RO, "port status", .fields = lmr_status),
	/* a write is a margining command */
	REGISTER("LANE_CONTROL", 0x08, 16, RW, "control of lane ", .fields = lmr_lane_control, .stride = 4,
		 PER_LANE, .by_kernel = true),
	REGISTER("LANE_STATUS", 0x0a, 16, RO, "status of lane ", .fields = lmr_lane_status, .stride = 4,
		 PER_LANE),
	{ 0 },
};

/* --- Alternate Protocol: PCIe 6.0 section 7.9.20 ------------------------------------------------------- */

static const struct config_field alt_cap[] = {
	FIELD("COUNT", 0, 8, HWINIT, "alternate protocols"),
	FIELD("SELECTIVE_ENABLE", 8, 1, HWINIT, "each can be enabled"),
	{ 0 },
};

static const struct config_field alt_control[] = {
	FIELD("INDEX", 0, 8, RW, "protocol that is looked at"),
	FIELD("GLOBAL_ENABLE", 8, 1, RW, "negotiation is on"),
	{ 0 },
};

static const struct config_field alt_data1[] = {
	FIELD("USAGE", 0, 3, HWINIT, "usage information"),
	FIELD("DETAILS", 5, 11, HWINIT, "details"),
	FIELD("VENDOR", 16, 16, HWINIT, "vendor"),
	{ 0 },
};

static const struct config_register alt[] = {
	REGISTER("CAP", 0x04, 32, RO, "capabilities", .fields = alt_cap),
	REGISTER("CONTROL", 0x08, 32, RW, "control", .fields = alt_control, .by_kernel = true),
	REGISTER("DATA1", 0x0c, 32, RO, "data 1", .fields = alt_data1),
	REGISTER("DATA2", 0x10, 32, RO, "data 2"),
	{ 0 },
};

#define BLOCK(id_, name_, title_, size_, registers_)                                                         \
	{                                                                                                    \
		.is_extended = true, .id = id_, .name = name_, .title = title_, .size = size_,               \
		.registers = registers_                                                                      \
	}

const struct config_block config_link_blocks[] = {
	BLOCK(0x04, "PB", "Power Budgeting", 16, pb),
	BLOCK(0x16, "DPA", "Dynamic Power Allocation", 16, dpa),
	BLOCK(0x18, "LTR", "Latency Tolerance Reporting", 8, ltr),
	BLOCK(0x19, "SECPCI", "Secondary PCI Express", 12, secpci),
	BLOCK(0x1a, "PMUX", "Protocol Multiplexing", 16, pmux),
	BLOCK(0x1e, "L1PM", "L1 PM Substates", 16, l1pm),
	BLOCK(0x1f, "PTM", "Precision Time Measurement", 12, ptm),
	BLOCK(0x22, "RTR", "Readiness Time Reporting", 12, rtr),
	BLOCK(0x25, "DLNK", "Data Link Feature", 12, dlnk),
	BLOCK(0x26, "PL_16GT", "Physical Layer 16.0 GT/s", 32, pl16),
	BLOCK(0x27, "LMR", "Lane Margining at the Receiver", 8, lmr),
	BLOCK(0x2a, "PL_32GT", "Physical Layer 32.0 GT/s", 32, pl32),
	BLOCK(0x2b, "ALT_PROTO", "Alternate Protocol", 20, alt),
	BLOCK(0x31, "PL_64GT", "Physical Layer 64.0 GT/s", 16, pl64),
	{ 0 },
};
