// SPDX-License-Identifier: GPL-2.0-or-later
/* Advanced Error Reporting, PCIe 6.0 section 7.8.4. */
#include "core/config/table.h"

/* Status, mask and severity have the same bits. */
#define UNCORRECTABLE(access_)                                                                               \
	{                                                                                                    \
		FIELD("DLP", 4, 1, access_, "data link protocol error"),                                     \
			FIELD("SURPRISE_DOWN", 5, 1, access_, "surprise down"),                              \
			FIELD("POISONED_TLP", 12, 1, access_, "poisoned TLP received"),                      \
			FIELD("FCP", 13, 1, access_, "flow control protocol error"),                         \
			FIELD("COMP_TIMEOUT", 14, 1, access_, "completion timeout"),                         \
			FIELD("COMP_ABORT", 15, 1, access_, "completer abort"),                              \
			FIELD("UNX_COMP", 16, 1, access_, "unexpected completion"),                          \
			FIELD("RX_OVERFLOW", 17, 1, access_, "receiver overflow"),                           \
			FIELD("MALFORMED_TLP", 18, 1, access_, "malformed TLP"),                             \
			FIELD("ECRC", 19, 1, access_, "ECRC error"),                                         \
			FIELD("UNSUP_REQ", 20, 1, access_, "unsupported request"),                           \
			FIELD("ACS_VIOLATION", 21, 1, access_, "ACS violation"),                             \
			FIELD("INTERNAL", 22, 1, access_, "uncorrectable internal error"),                   \
			FIELD("MC_BLOCKED_TLP", 23, 1, access_, "multicast blocked TLP"),                    \
			FIELD("ATOMIC_EGRESS", 24, 1, access_, "AtomicOp egress blocked"),                   \
			FIELD("TLP_PREFIX", 25, 1, access_, "TLP prefix blocked"),                           \
			FIELD("POISONED_EGRESS", 26, 1, access_, "poisoned TLP egress blocked"),             \
			FIELD("DMWR_EGRESS", 27, 1, access_, "deferrable memory write egress blocked"),      \
			FIELD("IDE_CHECK", 28, 1, access_, "IDE check failed"),                              \
			FIELD("MISROUTED_IDE", 29, 1, access_, "misrouted IDE TLP"),                         \
			FIELD("PCRC_CHECK", 30, 1, access_, "PCRC check failed"),                            \
			FIELD("TLP_XLAT_EGRESS", 31, 1, access_, "TLP translation egress blocked"), { 0 },   \
	}

#define CORRECTABLE(access_)                                                                                 \
	{                                                                                                    \
		FIELD("RX_ERROR", 0, 1, access_, "receiver error"),                                          \
			FIELD("BAD_TLP", 6, 1, access_, "bad TLP"),                                          \
			FIELD("BAD_DLLP", 7, 1, access_, "bad DLLP"),                                        \
			FIELD("REPLAY_ROLLOVER", 8, 1, access_, "replay number rollover"),                   \
			FIELD("REPLAY_TIMEOUT", 12, 1, access_, "replay timer timeout"),                     \
			FIELD("ADV_NONFATAL", 13, 1, access_, "advisory non-fatal error"),                   \
			FIELD("INTERNAL", 14, 1, access_, "corrected internal error"),                       \
			FIELD("LOG_OVERFLOW", 15, 1, access_, "header log overflow"), { 0 },                 \
	}

static const struct config_field uncor_status[] = UNCORRECTABLE(RW1CS);
static const struct config_field uncor_mask[] = UNCORRECTABLE(RWS);
static const struct config_field uncor_severity[] = UNCORRECTABLE(RWS);
static const struct config_field cor_status[] = CORRECTABLE(RW1CS);
static const struct config_field cor_mask[] = CORRECTABLE(RWS);

static const struct config_field control[] = {
	FIELD("FIRST_ERROR", 0, 5, ROS, "bit of the first uncorrectable error"),
	FIELD("ECRC_GEN_CAPABLE", 5, 1, RO, "can generate ECRC"),
	FIELD("ECRC_GEN", 6, 1, RWS, "generates ECRC"),
	FIELD("ECRC_CHECK_CAPABLE", 7, 1, RO, "can check ECRC"),
	FIELD("ECRC_CHECK", 8, 1, RWS, "checks ECRC"),
	FIELD("MULTI_HEADER_CAPABLE", 9, 1, RO, "can log several headers"),
	FIELD("MULTI_HEADER", 10, 1, RWS, "logs several headers"),
	FIELD("PREFIX_LOG", 11, 1, ROS, "the TLP prefix log is valid"),
	FIELD("TIMEOUT_LOG", 12, 1, RO, "logs the prefix or header of completion timeouts"),
	FIELD("HEADER_LOG_SIZE", 13, 5, RO, "header log size in dwords; 0: 4"),
	FIELD("FLIT_TLP", 18, 1, ROS, "the logged TLP was received in flit mode"),
	FIELD("TLP_SIZE", 19, 5, ROS, "its size in dwords"),
	{ 0 },
};

static const struct config_field root_command[] = {
	FIELD("COR_ENABLE", 0, 1, RW, "interrupt on a correctable error"),
	FIELD("NONFATAL_ENABLE", 1, 1, RW, "interrupt on a non-fatal error"),
	FIELD("FATAL_ENABLE", 2, 1, RW, "interrupt on a fatal error"),
	{ 0 },
};

VALUES(cor_subclasses, { 0, "legacy" }, { 1, "sig-sfw" }, { 2, "sig-os" }, { 3, "extended" });

static const struct config_field root_status[] = {
	FIELD("COR", 0, 1, RW1CS, "correctable error received"),
	FIELD("MULTI_COR", 1, 1, RW1CS, "several of them"),
	FIELD("UNCOR", 2, 1, RW1CS, "uncorrectable error received"),
	FIELD("MULTI_UNCOR", 3, 1, RW1CS, "several of them"),
	FIELD("FIRST_FATAL", 4, 1, RW1CS, "the first uncorrectable one was fatal"),
	FIELD("NONFATAL", 5, 1, RW1CS, "non-fatal messages received"),
	FIELD("FATAL", 6, 1, RW1CS, "fatal messages received"),
	FIELD("COR_SUBCLASS", 7, 2, ROS, "sub-class of the correctable error", .values = cor_subclasses),
	FIELD("INTERRUPT", 27, 5, RO, "vector of the interrupt"),
	{ 0 },
};

static const struct config_field error_source[] = {
	FIELD("COR", 0, 16, ROS, "who sent the first correctable error"),
	FIELD("UNCOR", 16, 16, ROS, "who sent the first uncorrectable error"),
	{ 0 },
};

static const struct config_register registers[] = {
	REGISTER("UNCOR_STATUS", 0x04, 32, RO, "uncorrectable errors", .fields = uncor_status),
	REGISTER("UNCOR_MASK", 0x08, 32, RW, "which are not reported", .fields = uncor_mask),
	REGISTER("UNCOR_SEVERITY", 0x0c, 32, RW, "which are fatal", .fields = uncor_severity),
	REGISTER("COR_STATUS", 0x10, 32, RO, "correctable errors", .fields = cor_status),
	REGISTER("COR_MASK", 0x14, 32, RW, "which are not reported", .fields = cor_mask),
	REGISTER("CONTROL", 0x18, 32, RW, "capabilities and control", .fields = control),
	REGISTER("HEADER_LOG", 0x1c, 32, ROS, "header of the TLP of the first error, dword ", .fixed = 4,
		 .stride = 4),
	REGISTER("ROOT_COMMAND", 0x2c, 32, RW, "root error command", .fields = root_command,
		 .ports = PORTS_ROOT),
	REGISTER("ROOT_STATUS", 0x30, 32, RO, "root error status", .fields = root_status,
		 .ports = PORTS_ROOT),
	REGISTER("ERROR_SOURCE", 0x34, 32, RO, "who sent them", .fields = error_source, .ports = PORTS_ROOT),
	/* lies behind the root registers, which others have as reserved space */
	REGISTER("PREFIX_LOG", 0x38, 32, ROS, "TLP prefixes of the first error, dword ", .fixed = 4,
		 .stride = 4,
		 .when = { { .number = { .offset = 0x18, .width = 32, .lsb = 11, .bits = 1 }, .min = 1 } }),
	/* where the header goes on that was received in flit mode, section 7.8.4.8; its size is TLP_SIZE */
	REGISTER("HEADER_LOG", 0x38, 32, ROS, "header of the TLP of the first error in flit mode, dword ",
		 .when = { { .number = { .offset = 0x18, .width = 32, .lsb = 18, .bits = 1 }, .min = 1 } },
		 .repeat = { .offset = 0x18, .width = 32, .lsb = 19, .bits = 5 }, .plus = -4, .stride = 4,
		 .from = 4),
	{ 0 },
};

const struct config_block config_aer = {
	.name = "AER",
	.title = "Advanced Error Reporting",
	.is_extended = true,
	.id = 0x01,
	.registers = registers,
};
