// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Extended capabilities of the link and the physical layer. Names are those of linux/pci_regs.h where it has
 * them.
 */
#include "core/config/table.h"

/* PCIe 6.0 section 4.2.4.2: up to 32 GT/s, at 64 GT/s; 15 is reserved and says that none was set */
VALUES(tx_presets, { 0, "P0" }, { 1, "P1" }, { 2, "P2" }, { 3, "P3" }, { 4, "P4" }, { 5, "P5" }, { 6, "P6" },
       { 7, "P7" }, { 8, "P8" }, { 9, "P9" }, { 10, "P10" });

VALUES(pam4_presets, { 0, "Q0" }, { 1, "Q1" }, { 2, "Q2" }, { 3, "Q3" }, { 4, "Q4" }, { 5, "Q5" },
       { 6, "Q6" }, { 7, "Q7" }, { 8, "Q8" }, { 9, "Q9" }, { 10, "Q10" });

VALUES(rx_hints, { 0, "-6dB" }, { 1, "-7dB" }, { 2, "-8dB" }, { 3, "-9dB" }, { 4, "-10dB" }, { 5, "-11dB" },
       { 6, "-12dB" });

/* Lanes have as many entries as the link is wide at most: LNKCAP, bits 9:4. */
#define PER_LANE(stride_)                                                                                    \
	.repeat = { .offset = 0x0c, .width = 32, .lsb = 4, .bits = 6, .in_express = true }, .stride = stride_

/* --- Secondary PCI Express, PCIe 6.0 section 7.7.3 -------------------------------------------------- */

static const struct config_field lnkctl3[] = {
	FIELD("PERFORM_EQ", 0, 1, RW, "retraining to 8 GT/s or more equalizes", .ports = PORTS_DOWN),
	FIELD("EQ_REQUEST_INT", 1, 1, RW, "interrupt on a request for equalization", .ports = PORTS_DOWN),
	FIELD("SKP_GENERATION", 9, 7, RW, "speeds at which SKP ordered sets are sent seldom"),
	{ 0 },
};

static const struct config_field secpci_lane[] = {
	FIELD("DSP_TX_PRESET", 0, 4, HWINIT, "downstream port's transmitter", .values = tx_presets),
	FIELD("DSP_RX_HINT", 4, 3, HWINIT, "downstream port's receiver", .values = rx_hints),
	FIELD("USP_TX_PRESET", 8, 4, HWINIT, "upstream port's transmitter", .values = tx_presets),
	FIELD("USP_RX_HINT", 12, 3, HWINIT, "upstream port's receiver", .values = rx_hints),
	{ 0 },
};

static const struct config_register secpci[] = {
	REGISTER("LNKCTL3", 0x04, 32, RW, "link control 3", .fields = lnkctl3),
	REGISTER("LANE_ERR", 0x08, 32, RW1CS, "lanes that had an error, a bit each"),
	REGISTER("LE_CTRL", 0x0c, 16, HWINIT, "equalization at 8 GT/s, lane ", .fields = secpci_lane,
		 PER_LANE(2)),
	{ 0 },
};

/* --- Data Link Feature, PCIe 6.0 section 7.7.4 ------------------------------------------------------ */

VALUES(l0p_exit, { 0, "<1us" }, { 1, "<2us" }, { 2, "<4us" }, { 3, "<8us" }, { 4, "<16us" }, { 5, "<32us" },
       { 6, "<64us" }, { 7, ">64us" });

static const struct config_field dlnk_cap[] = {
	FIELD("SCALED_FC", 0, 1, HWINIT, "scaled flow control"),
	FIELD("IMMEDIATE_READINESS", 1, 1, HWINIT, "all functions are ready at once after a reset"),
	FIELD("VC_COUNT", 2, 3, HWINIT, "virtual channels besides the first (flit mode)"),
	FIELD("L0P_EXIT", 5, 3, HWINIT, "L0p exit latency (flit mode)", .values = l0p_exit),
	FIELD("EXCHANGE_ENABLE", 31, 1, HWINIT, "features are exchanged"),
	{ 0 },
};

static const struct config_field dlnk_status[] = {
	FIELD("SCALED_FC", 0, 1, RO, "the other port's scaled flow control"),
	FIELD("IMMEDIATE_READINESS", 1, 1, RO, "all functions of the other port are ready at once"),
	FIELD("VC_COUNT", 2, 3, RO, "the other port's virtual channels besides the first"),
	FIELD("L0P_EXIT", 5, 3, RO, "the other port's L0p exit latency", .values = l0p_exit),
	FIELD("VALID", 31, 1, RO, "the other port sent its features"),
	{ 0 },
};

static const struct config_register dlnk[] = {
	REGISTER("CAP", 0x04, 32, HWINIT, "features of this port", .fields = dlnk_cap),
	REGISTER("STATUS", 0x08, 32, RO, "features of the other port", .fields = dlnk_status),
	{ 0 },
};

/* --- Physical Layer 16.0 GT/s, PCIe 6.0 section 7.7.5 ----------------------------------------------- */

#define EQUALIZATION                                                                                         \
	FIELD("EQ_COMPLETE", 0, 1, ROS, "equalization complete"),                                            \
		FIELD("EQ_PHASE1", 1, 1, ROS, "its phase 1 successful"),                                     \
		FIELD("EQ_PHASE2", 2, 1, ROS, "its phase 2 successful"),                                     \
		FIELD("EQ_PHASE3", 3, 1, ROS, "its phase 3 successful"),                                     \
		FIELD("EQ_REQUEST", 4, 1, RW1CS, "equalization requested")

static const struct config_field pl16_status[] = { EQUALIZATION, { 0 } };

static const struct config_field lane_presets[] = {
	FIELD("DSP_TX_PRESET", 0, 4, HWINIT, "downstream port's transmitter", .values = tx_presets),
	FIELD("USP_TX_PRESET", 4, 4, HWINIT, "upstream port's transmitter", .values = tx_presets),
	{ 0 },
};

/* capabilities and control are reserved as a whole */
static const struct config_register pl16[] = {
	REGISTER("CAP", 0x04, 32, RO, "capabilities"),
	REGISTER("CTL", 0x08, 32, RO, "control"),
	REGISTER("STATUS", 0x0c, 32, RO, "equalization at 16 GT/s", .fields = pl16_status),
	REGISTER("PARITY_LOCAL", 0x10, 32, RW1CS, "lanes with a data parity mismatch, a bit each"),
	REGISTER("PARITY_RETIMER1", 0x14, 32, RW1CS, "lanes where the first retimer found one"),
	REGISTER("PARITY_RETIMER2", 0x18, 32, RW1CS, "lanes where the second retimer found one"),
	REGISTER("LE_CTRL", 0x20, 8, HWINIT, "equalization at 16 GT/s, lane ", .fields = lane_presets,
		 PER_LANE(1)),
	{ 0 },
};

/* --- Physical Layer 32.0 GT/s, PCIe 6.0 section 7.7.6 ----------------------------------------------- */

VALUES(ts_modes, { 0, "pcie" }, { 1, "training-set-message" }, { 2, "alternate-protocol" });

/* what TS1 and TS2 say of equalization, section 4.2.5.1 */
VALUES(link_behaviors, { 0, "full-equalization" }, { 1, "bypass-to-highest" }, { 2, "no-equalization" },
       { 3, "modified-ts" });

VALUES(negotiations, { 0, "unsupported" }, { 1, "disabled" }, { 2, "failed" }, { 3, "succeeded" });

static const struct config_field pl32_cap[] = {
	FIELD("EQ_BYPASS", 0, 1, HWINIT, "can equalize at the highest speed only"),
	FIELD("NO_EQ", 1, 1, HWINIT, "can do without equalization"),
	FIELD("TS_MODE0", 8, 1, RO, "modified TS usage mode 0: PCI Express"),
	FIELD("TS_MODE1", 9, 1, HWINIT, "modified TS usage mode 1: training set messages"),
	FIELD("TS_MODE2", 10, 1, HWINIT, "modified TS usage mode 2: alternate protocols"),
	{ 0 },
};

static const struct config_field pl32_ctl[] = {
	FIELD("EQ_BYPASS_DISABLE", 0, 1, RWS, "equalizes at every speed"),
	FIELD("NO_EQ_DISABLE", 1, 1, RWS, "always asks for equalization"),
	FIELD("TS_MODE", 8, 3, RWS, "modified TS usage mode from the next training on", .values = ts_modes,
	      .ports = PORTS_DOWN),
	{ 0 },
};

static const struct config_field pl32_status[] = {
	EQUALIZATION,
	FIELD("TS_RECEIVED", 5, 1, RO, "the modified TS registers are valid"),
	FIELD("LINK_BEHAVIOR", 6, 2, RO, "enhanced link behavior the other port asked for",
	      .values = link_behaviors),
	FIELD("TX_PRECODING", 8, 1, RO, "transmits with precoding"),
	FIELD("TX_PRECODE_REQUEST", 9, 1, RO, "asks the other port for precoding"),
	FIELD("NO_EQ_RECEIVED", 10, 1, RO, "the other port needs no equalization"),
	{ 0 },
};

static const struct config_field ts_data1[] = {
	FIELD("USAGE", 0, 3, RO, "usage mode", .values = ts_modes),
	FIELD("INFO", 3, 13, RO, "information 1"),
	FIELD("VENDOR", 16, 16, RO, "vendor of the message or the protocol"),
	{ 0 },
};

static const struct config_field ts_data2[] = {
	FIELD("INFO", 0, 24, RO, "information 2"),
	FIELD("NEGOTIATION", 24, 2, RO, "alternate protocol negotiation", .values = negotiations),
	{ 0 },
};

static const struct config_register pl32[] = {
	REGISTER("CAP", 0x04, 32, RO, "capabilities", .fields = pl32_cap),
	REGISTER("CTL", 0x08, 32, RW, "control", .fields = pl32_ctl),
	REGISTER("STATUS", 0x0c, 32, RO, "equalization at 32 GT/s", .fields = pl32_status),
	REGISTER("RX_TS1", 0x10, 32, RO, "received modified TS data 1", .fields = ts_data1),
	REGISTER("RX_TS2", 0x14, 32, RO, "received modified TS data 2", .fields = ts_data2),
	REGISTER("TX_TS1", 0x18, 32, RO, "transmitted modified TS data 1", .fields = ts_data1),
	REGISTER("TX_TS2", 0x1c, 32, RO, "transmitted modified TS data 2", .fields = ts_data2),
	REGISTER("LE_CTRL", 0x20, 8, HWINIT, "equalization at 32 GT/s, lane ", .fields = lane_presets,
		 PER_LANE(1)),
	{ 0 },
};

/* --- Physical Layer 64.0 GT/s, PCIe 6.0 section 7.7.7 ----------------------------------------------- */

static const struct config_field pl64_status[] = {
	EQUALIZATION,
	FIELD("TX_PRECODING", 5, 1, RO, "transmits with precoding"),
	FIELD("TX_PRECODE_REQUEST", 6, 1, RO, "asks the other port for precoding"),
	FIELD("NO_EQ_RECEIVED", 7, 1, RO, "the other port needs no equalization"),
	{ 0 },
};

static const struct config_field pl64_lane[] = {
	FIELD("DSP_TX_PRESET", 0, 4, HWINIT, "downstream port's transmitter", .values = pam4_presets),
	FIELD("USP_TX_PRESET", 4, 4, HWINIT, "upstream port's transmitter", .values = pam4_presets),
	{ 0 },
};

/*
 * Lanes start at 10h: figure 7-97 and PCIe 7.0. The heading of section 7.7.7.5 in 6.0 says 20h, and so does
 * linux/pci_regs.h.
 */
static const struct config_register pl64[] = {
	REGISTER("CAP", 0x04, 32, RO, "capabilities"),
	REGISTER("CTL", 0x08, 32, RO, "control"),
	REGISTER("STATUS", 0x0c, 32, RO, "equalization at 64 GT/s", .fields = pl64_status),
	REGISTER("LE_CTRL", 0x10, 8, HWINIT, "equalization at 64 GT/s, lane ", .fields = pl64_lane,
		 PER_LANE(1)),
	{ 0 },
};

/* --- Lane Margining at the Receiver, PCIe 6.0 section 7.7.10, commands: section 8.4.4 --------------- */

static const struct config_field lmr_cap[] = {
	FIELD("DRIVER", 0, 1, HWINIT, "margining needs the driver"),
	{ 0 },
};

static const struct config_field lmr_status[] = {
	FIELD("READY", 0, 1, RO, "takes margining commands"),
	FIELD("SOFTWARE_READY", 1, 1, RO, "the driver is ready"),
	{ 0 },
};

/* 7 in TYPE with 9ch in PAYLOAD is no command */
#define MARGIN(access_)                                                                                      \
	{                                                                                                    \
		FIELD("RECEIVER", 0, 3, access_, "receiver number"),                                         \
			FIELD("TYPE", 3, 3, access_, "margin type"),                                         \
			FIELD("USAGE_MODEL", 6, 1, access_, "usage model; 0: lane margining"),               \
			FIELD("PAYLOAD", 8, 8, access_, "margin payload"), { 0 },                            \
	}

static const struct config_field lmr_lane_ctrl[] = MARGIN(RW);
static const struct config_field lmr_lane_status[] = MARGIN(RO);

static const struct config_register lmr[] = {
	REGISTER("PORT_CAP", 0x04, 16, RO, "port capabilities", .fields = lmr_cap),
	REGISTER("PORT_STATUS", 0x06, 16, RO, "port status", .fields = lmr_status),
	REGISTER("LANE_CTRL", 0x08, 16, RW, "margining command, lane ", .fields = lmr_lane_ctrl,
		 .starts = true, PER_LANE(4)),
	REGISTER("LANE_STATUS", 0x0a, 16, RO, "margining response, lane ", .fields = lmr_lane_status,
		 PER_LANE(4)),
	{ 0 },
};

/* --- Alternate Protocol, PCIe 6.0 section 7.9.20 ---------------------------------------------------- */

static const struct config_field alt_proto_cap[] = {
	FIELD("COUNT", 0, 8, HWINIT, "number of protocols, PCI Express included"),
	FIELD("SELECTIVE_ENABLE", 8, 1, HWINIT, "each can be enabled by itself"),
	{ 0 },
};

static const struct config_field alt_proto_ctl[] = {
	FIELD("INDEX", 0, 8, RW, "protocol that DATA1 and DATA2 show"),
	FIELD("GLOBAL_ENABLE", 8, 1, RW, "alternate protocols are negotiated"),
	{ 0 },
};

static const struct config_field alt_proto_data1[] = {
	FIELD("USAGE", 0, 3, RO, "modified TS usage", .values = ts_modes),
	FIELD("DETAILS", 5, 11, RO, "alternate protocol details"),
	FIELD("VENDOR", 16, 16, RO, "vendor of the protocol; ffff: no such protocol"),
	{ 0 },
};

static const struct config_field alt_proto_data2[] = {
	FIELD("INFO", 0, 24, RO, "modified TS information 2"),
	{ 0 },
};

static const struct config_field alt_proto_mask[] = {
	FIELD("PCIE", 0, 1, RWS, "PCI Express may be negotiated"),
	FIELD("OTHERS", 1, 31, RWS, "others that may be, a bit each"),
	{ 0 },
};

static const struct config_register alt_proto[] = {
	REGISTER("CAP", 0x04, 32, RO, "capabilities", .fields = alt_proto_cap),
	REGISTER("CTL", 0x08, 32, RW, "control", .fields = alt_proto_ctl),
	REGISTER("DATA1", 0x0c, 32, RO, "selected protocol", .fields = alt_proto_data1),
	REGISTER("DATA2", 0x10, 32, RO, "selected protocol", .fields = alt_proto_data2),
	REGISTER("ENABLE_MASK", 0x14, 32, RW, "which are negotiated", .fields = alt_proto_mask,
		 .when = { { .number = { .offset = 0x04, .width = 32, .lsb = 8, .bits = 1 }, .min = 1 } }),
	{ 0 },
};

/* --- Protocol Multiplexing, PCIe 6.0 appendix G.5 --------------------------------------------------- */

static const struct config_field pmux_cap[] = {
	FIELD("PROTOCOLS", 0, 6, RO, "number of protocols"),
	FIELD("SPEED_2_5", 8, 1, RO, "2.5 GT/s"),
	FIELD("SPEED_5", 9, 1, RO, "5 GT/s"),
	FIELD("SPEED_8", 10, 1, RO, "8 GT/s"),
	FIELD("SPEED_16", 11, 1, RO, "16 GT/s"),
	{ 0 },
};

static const struct config_field pmux_ctl[] = {
	FIELD("CHANNEL0", 0, 6, RW, "protocol of channel 0, from 1; 0: none"),
	FIELD("CHANNEL1", 8, 6, RW, "protocol of channel 1"),
	FIELD("CHANNEL2", 16, 6, RW, "protocol of channel 2"),
	FIELD("CHANNEL3", 24, 6, RW, "protocol of channel 3"),
	{ 0 },
};

static const struct config_field pmux_status[] = {
	FIELD("SPEED0", 0, 1, RO, "channel 0 is off for the link's speed"),
	FIELD("WIDTH0", 1, 1, RO, "channel 0 is off for the link's width"),
	FIELD("PROTOCOL0", 2, 1, RO, "channel 0 is off for a reason of the protocol"),
	FIELD("SPEED1", 8, 1, RO, "channel 1 is off for the link's speed"),
	FIELD("WIDTH1", 9, 1, RO, "channel 1 is off for the link's width"),
	FIELD("PROTOCOL1", 10, 1, RO, "channel 1 is off for a reason of the protocol"),
	FIELD("SPEED2", 16, 1, RO, "channel 2 is off for the link's speed"),
	FIELD("WIDTH2", 17, 1, RO, "channel 2 is off for the link's width"),
	FIELD("PROTOCOL2", 18, 1, RO, "channel 2 is off for a reason of the protocol"),
	FIELD("SPEED3", 24, 1, RO, "channel 3 is off for the link's speed"),
	FIELD("WIDTH3", 25, 1, RO, "channel 3 is off for the link's width"),
	FIELD("PROTOCOL3", 26, 1, RO, "channel 3 is off for a reason of the protocol"),
	{ 0 },
};

static const struct config_field pmux_protocol[] = {
	FIELD("ID", 0, 16, RO, "protocol"),
	FIELD("AUTHORITY", 16, 16, RO, "who gave it its number"),
	{ 0 },
};

static const struct config_register pmux[] = {
	REGISTER("CAP", 0x04, 32, RO, "capabilities", .fields = pmux_cap),
	REGISTER("CTL", 0x08, 32, RW, "control", .fields = pmux_ctl),
	REGISTER("STATUS", 0x0c, 32, RO, "status", .fields = pmux_status),
	/* the specification counts them from 1, as the channels' assignments do */
	REGISTER("PROTOCOL", 0x10, 32, RO, "entry of the protocol array ", .fields = pmux_protocol,
		 .repeat = { .offset = 0x04, .width = 32, .lsb = 0, .bits = 6 }, .stride = 4),
	{ 0 },
};

/* with the entries of one lane, in whole dwords */
const struct config_block config_link_blocks[] = {
	{ "SECPCI", "Secondary PCI Express", true, 0x19, secpci },
	{ "DLNK", "Data Link Feature", true, 0x25, dlnk },
	{ "PL_16GT", "Physical Layer 16.0 GT/s", true, 0x26, pl16 },
	{ "PL_32GT", "Physical Layer 32.0 GT/s", true, 0x2a, pl32 },
	{ "PL_64GT", "Physical Layer 64.0 GT/s", true, 0x31, pl64 },
	{ "LMR", "Lane Margining at the Receiver", true, 0x27, lmr },
	{ "ALT_PROTO", "Alternate Protocol", true, 0x2b, alt_proto },
	{ "PMUX", "Protocol Multiplexing", true, 0x1a, pmux },
	{ 0 },
};
