// SPDX-License-Identifier: GPL-2.0-or-later
/* Extended capabilities of flit mode. */
#include "core/config/table.h"

VALUES(widths, { 0, "x1" }, { 1, "x2" }, { 2, "x4" }, { 3, "x8" }, { 4, "x16" });

/* of a measurement, an injection */
VALUES(progress, { 0, "not-started" }, { 1, "started" }, { 2, "completed" }, { 3, "error" });

/* --- Flit Logging, PCIe 6.0 section 7.7.8 ----------------------------------------------------------- */

VALUES(counted_events, { 0, "flits" }, { 1, "correctable-flits" }, { 2, "invalid-flits" },
       { 3, "flits+ordered-sets" });

VALUES(fber_granularities, { 0, "all" }, { 1, "even" }, { 2, "odd" }, { 3, "mismatches" });

static const struct config_field error_log1[] = {
	/* clearing it brings the next entry of the log */
	FIELD("VALID", 0, 1, RW1CS, "an error is logged"),
	FIELD("WIDTH", 1, 3, ROS, "width of the link then", .values = widths),
	FIELD("OFFSET", 4, 4, ROS, "flits since the last logged one; 15: or more"),
	FIELD("CONSECUTIVE", 8, 5, ROS, "which of the next five flits had errors, a bit each"),
	FIELD("MORE", 13, 1, ROS, "there are more entries"),
	FIELD("UNRECOGNIZED", 14, 1, ROS, "unrecognized flit"),
	FIELD("UNCORRECTABLE", 15, 1, ROS, "not correctable by FEC"),
	FIELD("PARITY0", 16, 8, ROS, "syndrome parity of ECC group 0"),
	FIELD("CHECK0", 24, 8, ROS, "syndrome check of ECC group 0"),
	{ 0 },
};

static const struct config_field error_log2[] = {
	FIELD("PARITY1", 0, 8, ROS, "syndrome parity of ECC group 1"),
	FIELD("CHECK1", 8, 8, ROS, "syndrome check of ECC group 1"),
	FIELD("PARITY2", 16, 8, ROS, "syndrome parity of ECC group 2"),
	FIELD("CHECK2", 24, 8, ROS, "syndrome check of ECC group 2"),
	{ 0 },
};

static const struct config_field counter_ctl[] = {
	FIELD("ENABLE", 0, 1, RW, "counts errors"),
	FIELD("INTERRUPT", 1, 1, RW, "interrupt when the count is beyond TRIGGER"),
	FIELD("EVENTS", 2, 2, RW, "what is counted", .values = counted_events),
	FIELD("TRIGGER", 4, 8, RW, "count beyond which there is an interrupt; 0: none"),
	{ 0 },
};

static const struct config_field counter_status[] = {
	FIELD("WIDTH", 0, 3, ROS, "width of the link when counting started", .values = widths),
	FIELD("INTERRUPT", 3, 1, RW1CS, "the count triggered an interrupt"),
	FIELD("COUNT", 8, 8, ROS, "errors"),
	{ 0 },
};

static const struct config_field fber_ctl[] = {
	FIELD("ENABLE", 0, 1, RW, "measures"),
	FIELD("CLEAR", 1, 1, TRIGGER, "clears the counters"),
	FIELD("GRANULARITY", 2, 2, RW, "which bit errors a lane counts", .values = fber_granularities),
	FIELD("LONGEST_BURST", 4, 1, RW, "reports the longest burst, not the first"),
	{ 0 },
};

static const struct config_register flit_log[] = {
	REGISTER("ERR1", 0x04, 32, RO, "oldest logged error", .fields = error_log1),
	REGISTER("ERR2", 0x08, 32, RO, "oldest logged error", .fields = error_log2),
	REGISTER("CNT_CTL", 0x0c, 16, RW, "error counter", .fields = counter_ctl, .starts = true),
	REGISTER("CNT_STATUS", 0x0e, 16, RO, "its count", .fields = counter_status),
	REGISTER("FBER_CTL", 0x10, 32, RW, "measurement of the first bit error rate", .fields = fber_ctl,
		 .starts = true),
	REGISTER("FBER_FLITS", 0x14, 32, ROS, "flits received"),
	REGISTER("FBER_INVALID", 0x18, 16, ROS, "invalid flits received"),
	/* the specification has two to a register */
	REGISTER("FBER_LANE", 0x1c, 16, RO, "correctable errors of lane ", .fixed = 16, .stride = 2),
	{ 0 },
};

/* --- Flit Performance Measurement, PCIe 6.0 section 7.8.12 ------------------------------------------ */

VALUES(flit_types, { 0, "idle+nop" }, { 1, "payload" }, { 2, "any" });
VALUES(flit_delays, { 0, "none" }, { 1, "100ns" }, { 2, "200ns" }, { 3, "300ns" });
VALUES(l0_delays, { 0, "none" }, { 1, "6.4ms" }, { 2, "12.8ms" }, { 3, "19.2ms" });
VALUES(l1_delays, { 0, "none" }, { 1, "1s" }, { 2, "2s" }, { 3, "3s" }, { 4, "4s" }, { 5, "5s" },
       { 6, "10s" });

static const struct config_field pm_cap[] = {
	FIELD("VECTOR", 0, 10, HWINIT, "vector of the interrupt"),
	FIELD("TRACKERS", 10, 3, HWINIT, "how many LTSSM transitions can be tracked at a time"),
	{ 0 },
};

static const struct config_field pm_ctl[] = {
	FIELD("ENABLE", 0, 1, RW, "measures the latency of flits, in units of 8 ns"),
	FIELD("ACK", 1, 1, RW, "flit to ack latency"),
	FIELD("NAK", 2, 1, RW, "flit to nak latency"),
	FIELD("REPLAY", 3, 1, RW, "nak to replay latency"),
	FIELD("FLIT_TYPE", 4, 2, RW, "which flits", .values = flit_types),
	FIELD("FLITS", 6, 5, RW, "how many; 0: the slowest one"),
	FIELD("FLIT_INT", 11, 3, RW, "interrupt if one takes longer", .values = flit_delays),
	FIELD("RECOVERY", 14, 1, RW, "tracks L0 to recovery"),
	FIELD("L0P", 15, 1, RW, "tracks L0p, start of a lane"),
	FIELD("L1_0", 16, 1, RW, "tracks L1.0 to L0"),
	FIELD("L1_1", 17, 1, RW, "tracks L1.1 to L0"),
	FIELD("L1_2", 18, 1, RW, "tracks L1.2 to L0"),
	FIELD("TRANSITIONS", 19, 5, RW, "how many; 0: the slowest one"),
	FIELD("L0_INT", 24, 3, RW, "interrupt if RECOVERY, L0P or L1_0 take longer", .values = l0_delays),
	FIELD("L1_INT", 27, 3, RW, "interrupt if L1_1 or L1_2 take longer", .values = l1_delays),
	{ 0 },
};

static const struct config_field pm_status[] = {
	FIELD("STATE", 0, 2, RO, "measurement", .values = progress),
	FIELD("TRACKED", 2, 5, RO, "flits so far"),
	FIELD("INTERRUPT", 7, 1, RW1C, "there was an interrupt"),
	FIELD("COUNTER", 8, 16, RO, "time, microseconds", .shift = 6),
	{ 0 },
};

static const struct config_field ltssm_status[] = {
	FIELD("STATE", 0, 2, ROS, "measurement", .values = progress),
	FIELD("TRACKED", 2, 5, ROS, "transitions so far"),
	FIELD("INTERRUPT", 7, 1, RW1CS, "there was an interrupt"),
	FIELD("COUNTER", 8, 16, ROS, "time, microseconds", .shift = 6),
	{ 0 },
};

static const struct config_register flit_pm[] = {
	REGISTER("CAP", 0x04, 32, RO, "capability", .fields = pm_cap),
	REGISTER("CTL", 0x08, 32, RW, "control", .fields = pm_ctl, .starts = true),
	REGISTER("STATUS", 0x0c, 32, RO, "latency of flits", .fields = pm_status),
	REGISTER("LTSSM_STATUS", 0x10, 32, RO, "tracked transitions of the LTSSM, in the order of CTL, ",
		 .fields = ltssm_status, .repeat = { .offset = 0x04, .width = 32, .lsb = 10, .bits = 3 },
		 .stride = 4),
	{ 0 },
};

/* --- Flit Error Injection, PCIe 6.0 section 7.8.13 -------------------------------------------------- */

VALUES(injected_flits, { 0, "any" }, { 1, "not-idle" }, { 2, "payload" }, { 3, "nop" }, { 4, "idle" },
       { 5, "same-sequence" }, { 6, "one-sequence" });

VALUES(injected_errors, { 0, "random" }, { 1, "correctable-one-group" }, { 2, "correctable-all-groups" },
       { 3, "uncorrectable" });

/* 6.0 has ERRORS and FLIT_TYPE as read-only; as such they would control nothing */
static const struct config_field ei_ctl1[] = {
	FIELD("ENABLE", 0, 1, RW, "injects errors into flits"),
	FIELD("TX", 1, 1, RW, "transmitted ones"),
	FIELD("RX", 2, 1, RW, "received ones"),
	FIELD("SPEED_2_5", 3, 1, RW, "at 2.5 GT/s"),
	FIELD("SPEED_5", 4, 1, RW, "at 5 GT/s"),
	FIELD("SPEED_8", 5, 1, RW, "at 8 GT/s"),
	FIELD("SPEED_16", 6, 1, RW, "at 16 GT/s"),
	FIELD("SPEED_32", 7, 1, RW, "at 32 GT/s"),
	FIELD("SPEED_64", 8, 1, RW, "at 64 GT/s"),
	FIELD("ERRORS", 16, 5, RWS, "how many errors; 0: without end"),
	FIELD("SPACING", 21, 8, RW, "flits between them; 0: random"),
	FIELD("FLIT_TYPE", 29, 3, RWS, "which flits", .values = injected_flits),
	{ 0 },
};

static const struct config_field ei_ctl2[] = {
	FIELD("CONSECUTIVE", 0, 3, RW, "consecutive flits; 7: random, from 7 to 15"),
	FIELD("TYPE", 3, 2, RW, "kind of error", .values = injected_errors),
	FIELD("OFFSET", 5, 7, RW, "byte of the FEC group, or distance of the bytes"),
	FIELD("MAGNITUDE", 12, 8, RW, "magnitude; 0: random"),
	{ 0 },
};

static const struct config_field ei_status[] = {
	FIELD("TX", 0, 2, RO, "injection into transmitted flits", .values = progress),
	FIELD("RX", 2, 2, RO, "injection into received flits", .values = progress),
	{ 0 },
};

static const struct config_field os_ctl1[] = {
	FIELD("ENABLE", 0, 1, RWS, "injects errors into ordered sets"),
	FIELD("TX", 1, 1, RWS, "transmitted ones"),
	FIELD("RX", 2, 1, RWS, "received ones"),
	FIELD("ERRORS", 3, 5, RWS, "how many errors; 0: without end"),
	FIELD("SPACING", 8, 8, RWS, "ordered sets between them; 0: random"),
	FIELD("TS0", 16, 1, RWS, "into TS0"),
	FIELD("TS1", 17, 1, RWS, "into TS1"),
	FIELD("TS2", 18, 1, RWS, "into TS2"),
	FIELD("SKP", 19, 1, RWS, "into SKP"),
	FIELD("EIEOS", 20, 1, RWS, "into EIEOS"),
	FIELD("EIOS", 21, 1, RWS, "into EIOS"),
	FIELD("SDS", 22, 1, RWS, "into SDS"),
	FIELD("POLLING", 23, 1, RWS, "in polling"),
	FIELD("CONFIGURATION", 24, 1, RWS, "in configuration"),
	FIELD("L0", 25, 1, RWS, "in L0"),
	FIELD("RECOVERY", 26, 1, RWS, "in recovery without equalization"),
	FIELD("EQ_PHASE01", 27, 1, RWS, "in phases 0 and 1 of equalization"),
	FIELD("EQ_PHASE2", 28, 1, RWS, "in phase 2 of equalization"),
	FIELD("EQ_PHASE3", 29, 1, RWS, "in phase 3 of equalization"),
	{ 0 },
};

static const struct config_field os_ctl2[] = {
	FIELD("BYTES", 0, 16, RWS, "bytes with errors, a bit each; 0: random"),
	FIELD("LANES", 16, 16, RWS, "lanes with errors, a bit each"),
	{ 0 },
};

static const struct config_field os_status[] = {
	FIELD("TS0", 0, 2, ROS, "TS0", .values = progress),
	FIELD("TS1", 2, 2, ROS, "TS1", .values = progress),
	FIELD("TS2", 4, 2, ROS, "TS2", .values = progress),
	FIELD("SKP", 6, 2, ROS, "SKP", .values = progress),
	FIELD("EIEOS", 8, 2, ROS, "EIEOS", .values = progress),
	FIELD("EIOS", 10, 2, ROS, "EIOS", .values = progress),
	FIELD("SDS", 12, 2, ROS, "SDS", .values = progress),
	FIELD("POLLING", 14, 2, ROS, "polling", .values = progress),
	FIELD("CONFIGURATION", 16, 2, ROS, "configuration", .values = progress),
	FIELD("L0", 18, 2, ROS, "L0", .values = progress),
	FIELD("RECOVERY", 20, 2, ROS, "recovery without equalization", .values = progress),
	FIELD("EQ_PHASE01", 22, 2, ROS, "phases 0 and 1 of equalization", .values = progress),
	FIELD("EQ_PHASE2", 24, 2, ROS, "phase 2 of equalization", .values = progress),
	FIELD("EQ_PHASE3", 26, 2, ROS, "phase 3 of equalization", .values = progress),
	{ 0 },
};

static const struct config_register flit_ei[] = {
	REGISTER("CAP", 0x04, 32, RO, "capability"),
	REGISTER("CTL1", 0x08, 32, RW, "control 1", .fields = ei_ctl1, .starts = true),
	REGISTER("CTL2", 0x0c, 32, RW, "control 2", .fields = ei_ctl2, .starts = true),
	REGISTER("STATUS", 0x10, 32, RO, "status", .fields = ei_status),
	REGISTER("OS_CTL1", 0x14, 32, RW, "ordered sets: control 1", .fields = os_ctl1, .starts = true),
	REGISTER("OS_CTL2", 0x18, 32, RW, "ordered sets: control 2", .fields = os_ctl2, .starts = true),
	REGISTER("OS_TX_STATUS", 0x1c, 32, RO, "ordered sets: transmitted ones", .fields = os_status),
	REGISTER("OS_RX_STATUS", 0x20, 32, RO, "ordered sets: received ones", .fields = os_status),
	{ 0 },
};

const struct config_block config_flit_blocks[] = {
	{ "FLIT_LOG", "Flit Logging", true, 0x32, flit_log },
	{ "FLIT_PM", "Flit Performance Measurement", true, 0x33, flit_pm },
	{ "FLIT_EI", "Flit Error Injection", true, 0x34, flit_ei },
	{ 0 },
};
