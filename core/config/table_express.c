// SPDX-License-Identifier: GPL-2.0-or-later
/* The PCI Express capability, PCIe 6.0 section 7.5.3; version 1: PCIe 1.1 section 7.8. */
#include "core/config/table.h"

VALUES(types, { 0x0, "endpoint" }, { 0x1, "legacy-endpoint" }, { 0x4, "root-port" }, { 0x5, "upstream-port" },
       { 0x6, "downstream-port" }, { 0x7, "pcie-to-pci-bridge" }, { 0x8, "pci-to-pcie-bridge" },
       { 0x9, "integrated-endpoint" }, { 0xa, "event-collector" });

/* 128 bytes << value */
VALUES(payload_sizes, { 0, "128" }, { 1, "256" }, { 2, "512" }, { 3, "1024" }, { 4, "2048" }, { 5, "4096" });
VALUES(phantom_bits, { 0, "none" }, { 1, "1-bit" }, { 2, "2-bit" }, { 3, "3-bit" });
VALUES(endpoint_l0s, { 0, "64ns" }, { 1, "128ns" }, { 2, "256ns" }, { 3, "512ns" }, { 4, "1us" },
       { 5, "2us" }, { 6, "4us" }, { 7, "unlimited" });

VALUES(endpoint_l1, { 0, "1us" }, { 1, "2us" }, { 2, "4us" }, { 3, "8us" }, { 4, "16us" }, { 5, "32us" },
       { 6, "64us" }, { 7, "unlimited" });

/* 7 is "more than", section 7.5.3.6 (pciutils calls it unlimited, which only a bearable latency can be: section 7.5.3.3) */
SHARED_VALUES(config_l0s_exit, { 0, "<64ns" }, { 1, "<128ns" }, { 2, "<256ns" }, { 3, "<512ns" },
	      { 4, "<1us" }, { 5, "<2us" }, { 6, "<4us" }, { 7, ">4us" });

SHARED_VALUES(config_l1_exit, { 0, "<1us" }, { 1, "<2us" }, { 2, "<4us" }, { 3, "<8us" }, { 4, "<16us" },
	      { 5, "<32us" }, { 6, "<64us" }, { 7, ">64us" });

VALUES(power_scales, { 0, "1W" }, { 1, "100mW" }, { 2, "10mW" }, { 3, "1mW" });

/* Codes are bit numbers of LNKCAP2's vector, from 1; 7 is PCIe 7.0's (pciutils 3.15 has 8, which is no bit of it) */
SHARED_VALUES(config_speeds, { 1, "2.5GT/s" }, { 2, "5GT/s" }, { 3, "8GT/s" }, { 4, "16GT/s" },
	      { 5, "32GT/s" }, { 6, "64GT/s" }, { 7, "128GT/s" });

VALUES(widths, { 0, "x0" }, { 1, "x1" }, { 2, "x2" }, { 4, "x4" }, { 8, "x8" }, { 12, "x12" }, { 16, "x16" },
       { 32, "x32" });

SHARED_VALUES(config_aspm_states, { 0, "none" }, { 1, "L0s" }, { 2, "L1" }, { 3, "L0s+L1" });
SHARED_VALUES(config_aspm_control, { 0, "off" }, { 1, "L0s" }, { 2, "L1" }, { 3, "L0s+L1" });
VALUES(rcb_sizes, { 0, "64" }, { 1, "128" });
VALUES(drs_signaling, { 0, "off" }, { 1, "interrupt" }, { 2, "drs-to-frs" });
VALUES(indicators, { 1, "on" }, { 2, "blink" }, { 3, "off" });
VALUES(power_control, { 0, "on" }, { 1, "off" });
VALUES(presence, { 0, "empty" }, { 1, "card" });
VALUES(open_closed, { 0, "closed" }, { 1, "open" });
VALUES(engaged, { 0, "disengaged" }, { 1, "engaged" });
VALUES(timeout_ranges, { 0x0, "none" }, { 0x1, "A" }, { 0x2, "B" }, { 0x3, "AB" }, { 0x6, "BC" },
       { 0x7, "ABC" }, { 0xe, "BCD" }, { 0xf, "ABCD" });

VALUES(timeouts, { 0x0, "50us-50ms" }, { 0x1, "50us-100us" }, { 0x2, "1ms-10ms" }, { 0x5, "16ms-55ms" },
       { 0x6, "65ms-210ms" }, { 0x9, "260ms-900ms" }, { 0xa, "1s-3.5s" }, { 0xd, "4s-13s" },
       { 0xe, "17s-64s" });

VALUES(line_sizes, { 0, "none" }, { 1, "64" }, { 2, "128" });
VALUES(tph_completer, { 0, "none" }, { 1, "tph" }, { 3, "tph+extended" });
VALUES(obff_methods, { 0, "none" }, { 1, "message" }, { 2, "wake" }, { 3, "message+wake" });
VALUES(obff_enables, { 0, "off" }, { 1, "message-a" }, { 2, "message-b" }, { 3, "wake" });
VALUES(power_reduction, { 0, "unsupported" }, { 1, "device-specific" }, { 2, "form-factor" });
VALUES(prefix_counts, { 0, "4" }, { 1, "1" }, { 2, "2" }, { 3, "3" });
VALUES(dmwr_lengths, { 0, "64" }, { 1, "128" });
VALUES(deemphasis, { 0, "-6dB" }, { 1, "-3.5dB" });
VALUES(crosslink, { 0, "unsupported" }, { 1, "upstream" }, { 2, "downstream" }, { 3, "incomplete" });
VALUES(component_presence, { 0, "link-down-unknown" }, { 1, "link-down-empty" }, { 2, "link-down-present" },
       { 4, "link-up-present" }, { 5, "link-up-drs" });

static const struct config_field flags[] = {
	FIELD("VERSION", 0, 4, RO, "version of the capability"),
	FIELD("TYPE", 4, 4, RO, "what kind of device or port this is", .values = types),
	FIELD("SLOT", 8, 1, HWINIT, "the port has a slot", .ports = PORTS_DOWN),
	FIELD("INTERRUPT", 9, 5, RO, "vector of the port's interrupt"),
	FIELD("FLIT_MODE", 15, 1, HWINIT, "flit mode supported"),
	{ 0 },
};

static const struct config_field devcap[] = {
	FIELD("MPS", 0, 3, RO, "maximum payload size supported, bytes", .values = payload_sizes,
	      .sizes = true),
	FIELD("PHANTOM", 3, 2, RO, "phantom functions", .values = phantom_bits),
	FIELD("EXT_TAG", 5, 1, RO, "8-bit tags"),
	FIELD("L0S_LATENCY", 6, 3, RO, "L0s exit latency that it can bear", .values = endpoint_l0s,
	      .ports = PORTS_ENDPOINT),
	FIELD("L1_LATENCY", 9, 3, RO, "L1 exit latency that it can bear", .values = endpoint_l1,
	      .ports = PORTS_ENDPOINT),
	FIELD("ATTENTION_BUTTON", 12, 1, RO, "attention button (version 1)"),
	FIELD("ATTENTION_INDICATOR", 13, 1, RO, "attention indicator (version 1)"),
	FIELD("POWER_INDICATOR", 14, 1, RO, "power indicator (version 1)"),
	FIELD("ROLE_BASED_ERRORS", 15, 1, RO, "role-based error reporting"),
	FIELD("COR_SUBCLASS", 16, 1, RO, "sub-classes of correctable errors"),
	FIELD("RX_MPS_FIXED", 17, 1, HWINIT, "takes payloads of its maximum, whatever MPS is set to"),
	FIELD("SLOT_POWER", 18, 8, RO, "slot power limit, in the units of SLOT_POWER_SCALE",
	      .ports = PORTS_UP, POWER_ABOVE_239W(0x04, 18)),
	FIELD("SLOT_POWER_SCALE", 26, 2, RO, "unit of the slot power limit", .values = power_scales,
	      .ports = PORTS_UP),
	FIELD("FLR", 28, 1, RO, "function level reset", .ports = PORTS_ENDPOINT),
	FIELD("MIXED_MPS", 29, 1, HWINIT, "payload sizes may differ by target", .ports = PORTS_ENDPOINT),
	FIELD("TEE_IO", 30, 1, HWINIT, "TEE-IO supported"),
	{ 0 },
};

static const struct config_field devctl[] = {
	FIELD("COR_ENABLE", 0, 1, RW, "reports correctable errors"),
	FIELD("NONFATAL_ENABLE", 1, 1, RW, "reports non-fatal errors"),
	FIELD("FATAL_ENABLE", 2, 1, RW, "reports fatal errors"),
	FIELD("UR_ENABLE", 3, 1, RW, "reports unsupported requests"),
	FIELD("RELAXED_ORDERING", 4, 1, RW, "relaxed ordering"),
	FIELD("MPS", 5, 3, RW, "maximum payload size, bytes", .values = payload_sizes, .sizes = true),
	FIELD("EXT_TAG", 8, 1, RW, "8-bit tags"),
	FIELD("PHANTOM", 9, 1, RW, "phantom functions"),
	FIELD("AUX_POWER", 10, 1, RWS, "auxiliary power"),
	FIELD("NO_SNOOP", 11, 1, RW, "no snoop"),
	FIELD("MRRS", 12, 3, RW, "maximum read request size, bytes", .values = payload_sizes, .sizes = true),
	FIELD("FLR", 15, 1, TRIGGER, "starts a function level reset", .ports = PORTS_ENDPOINT),
	FIELD("CONFIG_RETRY", 15, 1, RW, "bridge: config request retry status", .ports = PORT_TO_PCI),
	{ 0 },
};

static const struct config_field devsta[] = {
	FIELD("COR", 0, 1, RW1C, "correctable error detected"),
	FIELD("NONFATAL", 1, 1, RW1C, "non-fatal error detected"),
	FIELD("FATAL", 2, 1, RW1C, "fatal error detected"),
	FIELD("UR", 3, 1, RW1C, "unsupported request detected"),
	FIELD("AUX_POWER", 4, 1, RO, "auxiliary power detected"),
	FIELD("PENDING", 5, 1, RO, "transactions pending"),
	FIELD("EMERGENCY_POWER", 6, 1, RW1C, "emergency power reduction detected"),
	{ 0 },
};

static const struct config_field lnkcap[] = {
	FIELD("SPEED", 0, 4, RO, "highest speed", .values = config_speeds),
	FIELD("WIDTH", 4, 6, RO, "largest width", .values = widths),
	FIELD("ASPM", 10, 2, RO, "ASPM supported", .values = config_aspm_states),
	FIELD("L0S_EXIT", 12, 3, RO, "L0s exit latency", .values = config_l0s_exit),
	FIELD("L1_EXIT", 15, 3, RO, "L1 exit latency", .values = config_l1_exit),
	FIELD("CLOCK_PM", 18, 1, RO, "clock power management"),
	FIELD("SURPRISE_DOWN", 19, 1, RO, "surprise down error reporting"),
	FIELD("DLL_ACTIVE", 20, 1, RO, "data link layer active reporting"),
	FIELD("BW_NOTIFICATION", 21, 1, RO, "bandwidth notification"),
	FIELD("ASPM_OPTIONALITY", 22, 1, HWINIT, "ASPM optionality compliance"),
	FIELD("PORT", 24, 8, HWINIT, "port number"),
	{ 0 },
};

static const struct config_field lnkctl[] = {
	FIELD("ASPM", 0, 2, RW, "ASPM", .values = config_aspm_control),
	FIELD("PTM_PROPAGATION", 2, 1, RW, "PTM propagation delay adaptation interpretation B"),
	FIELD("RCB", 3, 1, RW, "read completion boundary, bytes", .values = rcb_sizes, .sizes = true),
	FIELD("DISABLE", 4, 1, RW, "link disable", .ports = PORTS_DOWN),
	FIELD("RETRAIN", 5, 1, TRIGGER, "retrains the link", .ports = PORTS_DOWN),
	FIELD("COMMON_CLOCK", 6, 1, RW, "common clock"),
	FIELD("EXTENDED_SYNC", 7, 1, RW, "extended synch"),
	FIELD("CLOCK_PM", 8, 1, RW, "clock power management"),
	FIELD("AUTO_WIDTH_DISABLE", 9, 1, RW, "no autonomous change of the width"),
	FIELD("BW_INT", 10, 1, RW, "link bandwidth management interrupt", .ports = PORTS_DOWN),
	FIELD("AUTO_BW_INT", 11, 1, RW, "link autonomous bandwidth interrupt", .ports = PORTS_DOWN),
	FIELD("SRIS_CLOCKING", 12, 1, RW, "SRIS clocking"),
	FIELD("FLIT_DISABLE", 13, 1, RW, "no flit mode", .ports = PORTS_DOWN),
	FIELD("DRS_SIGNALING", 14, 2, RW, "device readiness signaling", .values = drs_signaling,
	      .ports = PORTS_DOWN),
	{ 0 },
};

static const struct config_field lnksta[] = {
	FIELD("SPEED", 0, 4, RO, "speed", .values = config_speeds),
	FIELD("WIDTH", 4, 6, RO, "width", .values = widths),
	FIELD("TRAINING_ERROR", 10, 1, RO, "training error (version 1)"),
	FIELD("TRAINING", 11, 1, RO, "link training"),
	FIELD("SLOT_CLOCK", 12, 1, HWINIT, "uses the slot's clock"),
	FIELD("DLL_ACTIVE", 13, 1, RO, "data link layer active"),
	FIELD("BW_MANAGEMENT", 14, 1, RW1C, "the link was retrained, or changed to be reliable",
	      .ports = PORTS_DOWN),
	FIELD("AUTO_BW", 15, 1, RW1C, "the link changed by itself", .ports = PORTS_DOWN),
	{ 0 },
};

static const struct config_field sltcap[] = {
	FIELD("ATTENTION_BUTTON", 0, 1, HWINIT, "attention button"),
	FIELD("POWER_CONTROLLER", 1, 1, HWINIT, "power controller"),
	FIELD("MRL_SENSOR", 2, 1, HWINIT, "MRL sensor"),
	FIELD("ATTENTION_INDICATOR", 3, 1, HWINIT, "attention indicator"),
	FIELD("POWER_INDICATOR", 4, 1, HWINIT, "power indicator"),
	FIELD("SURPRISE", 5, 1, HWINIT, "hot-plug surprise"),
	FIELD("HOTPLUG", 6, 1, HWINIT, "hot-plug capable"),
	FIELD("POWER_LIMIT", 7, 8, HWINIT, "slot power limit, in the units of POWER_SCALE",
	      POWER_ABOVE_239W(0x14, 7)),
	FIELD("POWER_SCALE", 15, 2, HWINIT, "unit of the power limit", .values = power_scales),
	FIELD("INTERLOCK", 17, 1, HWINIT, "electromechanical interlock"),
	FIELD("NO_CMD_COMPLETE", 18, 1, HWINIT, "no command completed interrupt"),
	FIELD("NUMBER", 19, 13, HWINIT, "physical slot number"),
	{ 0 },
};

static const struct config_field sltctl[] = {
	FIELD("ATTENTION_BUTTON", 0, 1, RW, "event: attention button pressed"),
	FIELD("POWER_FAULT", 1, 1, RW, "event: power fault"),
	FIELD("MRL", 2, 1, RW, "event: MRL sensor changed"),
	FIELD("PRESENCE", 3, 1, RW, "event: presence changed"),
	FIELD("CMD_COMPLETE", 4, 1, RW, "interrupt when a command is completed"),
	FIELD("HOTPLUG_INT", 5, 1, RW, "hot-plug interrupt"),
	FIELD("ATTENTION_INDICATOR", 6, 2, RW, "attention indicator", .values = indicators),
	FIELD("POWER_INDICATOR", 8, 2, RW, "power indicator", .values = indicators),
	FIELD("POWER", 10, 1, RW, "power to the slot", .values = power_control),
	FIELD("INTERLOCK", 11, 1, TRIGGER, "toggles the interlock"),
	FIELD("DLL_STATE", 12, 1, RW, "event: data link layer state changed"),
	FIELD("AUTO_POWER_LIMIT_DISABLE", 13, 1, RW, "no automatic slot power limit message"),
	FIELD("IN_BAND_PRESENCE_DISABLE", 14, 1, RW, "no in-band presence detection"),
	{ 0 },
};

static const struct config_field sltsta[] = {
	FIELD("ATTENTION_BUTTON", 0, 1, RW1C, "attention button pressed"),
	FIELD("POWER_FAULT", 1, 1, RW1C, "power fault detected"),
	FIELD("MRL", 2, 1, RW1C, "MRL sensor changed"),
	FIELD("PRESENCE", 3, 1, RW1C, "presence changed"),
	FIELD("CMD_COMPLETE", 4, 1, RW1C, "command completed"),
	FIELD("MRL_STATE", 5, 1, RO, "MRL", .values = open_closed),
	FIELD("PRESENCE_STATE", 6, 1, RO, "slot", .values = presence),
	FIELD("INTERLOCK_STATE", 7, 1, RO, "interlock", .values = engaged),
	FIELD("DLL_STATE", 8, 1, RW1C, "data link layer state changed"),
	{ 0 },
};

static const struct config_field rtctl[] = {
	FIELD("COR_SERR", 0, 1, RW, "system error on a correctable error"),
	FIELD("NONFATAL_SERR", 1, 1, RW, "system error on a non-fatal error"),
	FIELD("FATAL_SERR", 2, 1, RW, "system error on a fatal error"),
	FIELD("PME_INT", 3, 1, RW, "interrupt on a power management event"),
	FIELD("CRS_VISIBILITY", 4, 1, RW, "software sees config request retry status"),
	{ 0 },
};

static const struct config_field rtcap[] = {
	FIELD("CRS_VISIBILITY", 0, 1, RO, "config request retry status can be made visible"),
	{ 0 },
};

static const struct config_field rtsta[] = {
	FIELD("PME_REQUESTER", 0, 16, RO, "who sent the power management event"),
	FIELD("PME", 16, 1, RW1C, "a power management event came"),
	FIELD("PME_PENDING", 17, 1, RO, "another is pending"),
	{ 0 },
};

static const struct config_field devcap2[] = {
	FIELD("TIMEOUT_RANGES", 0, 4, HWINIT, "completion timeout ranges", .values = timeout_ranges),
	FIELD("TIMEOUT_DISABLE", 4, 1, HWINIT, "completion timeout can be disabled"),
	FIELD("ARI_FORWARDING", 5, 1, RO, "ARI forwarding", .ports = PORTS_DOWN),
	FIELD("ATOMIC_ROUTING", 6, 1, RO, "AtomicOp routing", .ports = PORTS_DOWN | PORT_UPSTREAM),
	FIELD("ATOMIC_32", 7, 1, RO, "32-bit AtomicOp completer"),
	FIELD("ATOMIC_64", 8, 1, RO, "64-bit AtomicOp completer"),
	FIELD("ATOMIC_CAS128", 9, 1, RO, "128-bit compare and swap completer"),
	FIELD("NO_RO_PASSING", 10, 1, HWINIT, "no relaxed-ordering enabled passing",
	      .ports = PORT_ROOT | PORT_UPSTREAM | PORT_DOWNSTREAM),
	FIELD("LTR", 11, 1, RO, "latency tolerance reporting"),
	FIELD("TPH_COMPLETER", 12, 2, RO, "TPH completer", .values = tph_completer),
	FIELD("LN_CLS", 14, 2, HWINIT, "LN system cache line size, bytes", .values = line_sizes),
	FIELD("TAG_10_COMPLETER", 16, 1, HWINIT, "10-bit tag completer"),
	FIELD("TAG_10_REQUESTER", 17, 1, HWINIT, "10-bit tag requester"),
	FIELD("OBFF", 18, 2, HWINIT, "optimized buffer flush/fill", .values = obff_methods),
	FIELD("EXT_FORMAT", 20, 1, RO, "extended format field"),
	FIELD("EETLP_PREFIX", 21, 1, HWINIT, "end-end TLP prefixes"),
	FIELD("EETLP_PREFIX_MAX", 22, 2, HWINIT, "how many end-end TLP prefixes", .values = prefix_counts),
	FIELD("EMERGENCY_POWER", 24, 2, HWINIT, "emergency power reduction", .values = power_reduction),
	FIELD("EMERGENCY_POWER_INIT", 26, 1, HWINIT, "emergency power reduction needs initialization"),
	FIELD("DMWR_COMPLETER", 28, 1, HWINIT, "deferrable memory write completer"),
	FIELD("DMWR_LENGTH", 29, 2, HWINIT, "longest deferrable memory write, bytes", .values = dmwr_lengths,
	      .sizes = true),
	FIELD("FRS", 31, 1, HWINIT, "function readiness status"),
	{ 0 },
};

static const struct config_field devctl2[] = {
	FIELD("TIMEOUT", 0, 4, RW, "completion timeout", .values = timeouts),
	FIELD("TIMEOUT_DISABLE", 4, 1, RW, "no completion timeout"),
	FIELD("ARI_FORWARDING", 5, 1, RW, "ARI forwarding", .ports = PORTS_DOWN),
	FIELD("ATOMIC_REQUESTER", 6, 1, RW, "AtomicOp requester", .ports = PORTS_ENDPOINT | PORT_ROOT),
	FIELD("ATOMIC_EGRESS_BLOCK", 7, 1, RW, "AtomicOps are not let out",
	      .ports = PORTS_DOWN | PORT_UPSTREAM),
	FIELD("IDO_REQUEST", 8, 1, RW, "id-based ordering of requests"),
	FIELD("IDO_COMPLETION", 9, 1, RW, "id-based ordering of completions"),
	FIELD("LTR", 10, 1, RW, "latency tolerance reporting"),
	FIELD("EMERGENCY_POWER", 11, 1, RW, "emergency power reduction request"),
	FIELD("TAG_10_REQUESTER", 12, 1, RW, "10-bit tags"),
	FIELD("OBFF", 13, 2, RW, "optimized buffer flush/fill", .values = obff_enables),
	FIELD("EETLP_PREFIX_BLOCK", 15, 1, RW, "end-end TLP prefixes are blocked"),
	{ 0 },
};

static const struct config_field lnkcap2[] = {
	FIELD("SPEED_2_5", 1, 1, HWINIT, "2.5 GT/s"),
	FIELD("SPEED_5", 2, 1, HWINIT, "5 GT/s"),
	FIELD("SPEED_8", 3, 1, HWINIT, "8 GT/s"),
	FIELD("SPEED_16", 4, 1, HWINIT, "16 GT/s"),
	FIELD("SPEED_32", 5, 1, HWINIT, "32 GT/s"),
	FIELD("SPEED_64", 6, 1, HWINIT, "64 GT/s"),
	FIELD("SPEED_128", 7, 1, HWINIT, "128 GT/s"),
	FIELD("CROSSLINK", 8, 1, RO, "crosslink"),
	FIELD("SKP_GENERATION", 9, 7, HWINIT, "speeds at which it can send SKP ordered sets seldom"),
	FIELD("SKP_RECEPTION", 16, 7, HWINIT, "speeds at which it can receive them seldom"),
	FIELD("RETIMER", 23, 1, HWINIT, "retimer presence detection"),
	FIELD("TWO_RETIMERS", 24, 1, HWINIT, "detection of two retimers"),
	FIELD("DRS", 31, 1, HWINIT, "device readiness status"),
	{ 0 },
};

static const struct config_field lnkctl2[] = {
	FIELD("SPEED", 0, 4, RWS, "target speed", .values = config_speeds),
	FIELD("ENTER_COMPLIANCE", 4, 1, RWS, "enter compliance"),
	FIELD("AUTO_SPEED_DISABLE", 5, 1, RWS, "no autonomous change of the speed"),
	FIELD("DEEMPHASIS", 6, 1, HWINIT, "selectable de-emphasis at 5 GT/s", .values = deemphasis,
	      .ports = PORTS_DOWN),
	FIELD("MARGIN", 7, 3, RWS, "transmit margin"),
	FIELD("MODIFIED_COMPLIANCE", 10, 1, RWS, "enter modified compliance"),
	FIELD("COMPLIANCE_SOS", 11, 1, RWS, "SKP ordered sets in compliance"),
	FIELD("COMPLIANCE_PRESET", 12, 4, RWS, "compliance preset or de-emphasis"),
	{ 0 },
};

static const struct config_field lnksta2[] = {
	FIELD("DEEMPHASIS", 0, 1, RO, "de-emphasis at 5 GT/s", .values = deemphasis),
	FIELD("EQ_COMPLETE", 1, 1, ROS, "equalization at 8 GT/s complete"),
	FIELD("EQ_PHASE1", 2, 1, ROS, "its phase 1 successful"),
	FIELD("EQ_PHASE2", 3, 1, ROS, "its phase 2 successful"),
	FIELD("EQ_PHASE3", 4, 1, ROS, "its phase 3 successful"),
	FIELD("EQ_REQUEST", 5, 1, RW1CS, "equalization at 8 GT/s requested"),
	FIELD("RETIMER", 6, 1, ROS, "a retimer is present"),
	FIELD("TWO_RETIMERS", 7, 1, ROS, "two retimers are present"),
	FIELD("CROSSLINK", 8, 2, RO, "crosslink resolution", .values = crosslink),
	FIELD("FLIT_MODE", 10, 1, RO, "flit mode"),
	FIELD("COMPONENT", 12, 3, RO, "downstream component", .values = component_presence,
	      .ports = PORTS_DOWN),
	FIELD("DRS", 15, 1, RW1C, "device readiness message received", .ports = PORTS_DOWN),
	{ 0 },
};

static const struct config_field sltcap2[] = {
	FIELD("IN_BAND_PRESENCE_DISABLE", 0, 1, HWINIT, "in-band presence detection can be disabled"),
	{ 0 },
};

/* registers from DEVCAP2 on came with version 2 */
#define IS_VERSION_2                                                                                         \
	{                                                                                                    \
		.number = { .offset = 2, .width = 16, .lsb = 0, .bits = 4 }, .min = 2                        \
	}
/* slot registers mean something where the port has one */
#define HAS_SLOT                                                                                             \
	{                                                                                                    \
		.number = { .offset = 2, .width = 16, .lsb = 8, .bits = 1 }, .min = 1                        \
	}
#define VERSION_2 .when = { IS_VERSION_2 }
#define WITH_SLOT .when = { HAS_SLOT }
#define WITH_SLOT_2 .when = { HAS_SLOT, IS_VERSION_2 }

static const struct config_register registers[] = {
	REGISTER("FLAGS", 0x02, 16, RO, "PCI Express capabilities", .fields = flags),
	REGISTER("DEVCAP", 0x04, 32, RO, "device capabilities", .fields = devcap),
	REGISTER("DEVCTL", 0x08, 16, RW, "device control", .fields = devctl),
	REGISTER("DEVSTA", 0x0a, 16, RO, "device status", .fields = devsta),
	REGISTER("LNKCAP", 0x0c, 32, RO, "link capabilities", .fields = lnkcap, .ports = PORTS_LINK),
	/* ASPM comes after L1 substates: section 5.5.4 */
	REGISTER("LNKCTL", 0x10, 16, RW, "link control", .fields = lnkctl, .ports = PORTS_LINK, .late = 2),
	REGISTER("LNKSTA", 0x12, 16, RO, "link status", .fields = lnksta, .ports = PORTS_LINK),
	REGISTER("SLTCAP", 0x14, 32, RO, "slot capabilities", .fields = sltcap, .ports = PORTS_DOWN,
		 WITH_SLOT),
	REGISTER("SLTCTL", 0x18, 16, RW, "slot control", .fields = sltctl, .ports = PORTS_DOWN, WITH_SLOT,
		 .by_kernel = true),
	REGISTER("SLTSTA", 0x1a, 16, RO, "slot status", .fields = sltsta, .ports = PORTS_DOWN, WITH_SLOT),
	REGISTER("RTCTL", 0x1c, 16, RW, "root control", .fields = rtctl, .ports = PORTS_ROOT),
	REGISTER("RTCAP", 0x1e, 16, RO, "root capabilities", .fields = rtcap, .ports = PORTS_ROOT),
	REGISTER("RTSTA", 0x20, 32, RO, "root status", .fields = rtsta, .ports = PORTS_ROOT),
	REGISTER("DEVCAP2", 0x24, 32, RO, "device capabilities 2", .fields = devcap2, VERSION_2),
	REGISTER("DEVCTL2", 0x28, 16, RW, "device control 2", .fields = devctl2, VERSION_2),
	REGISTER("DEVSTA2", 0x2a, 16, RO, "device status 2", VERSION_2),
	REGISTER("LNKCAP2", 0x2c, 32, RO, "link capabilities 2", .fields = lnkcap2, .ports = PORTS_LINK,
		 VERSION_2),
	REGISTER("LNKCTL2", 0x30, 16, RW, "link control 2", .fields = lnkctl2, .ports = PORTS_LINK,
		 VERSION_2),
	REGISTER("LNKSTA2", 0x32, 16, RO, "link status 2", .fields = lnksta2, .ports = PORTS_LINK, VERSION_2),
	REGISTER("SLTCAP2", 0x34, 32, RO, "slot capabilities 2", .fields = sltcap2, .ports = PORTS_DOWN,
		 WITH_SLOT_2),
	REGISTER("SLTCTL2", 0x38, 16, RW, "slot control 2", .ports = PORTS_DOWN, WITH_SLOT_2,
		 .by_kernel = true),
	REGISTER("SLTSTA2", 0x3a, 16, RO, "slot status 2", .ports = PORTS_DOWN, WITH_SLOT_2),
	{ 0 },
};

const struct config_block config_express = {
	.name = "EXP",
	.title = "PCI Express",
	.id = 0x10,
	.registers = registers,
};
