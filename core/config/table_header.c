// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The header. PCI Local Bus 3.0 section 6.1 and 6.2 (type 0), PCI-to-PCI Bridge 1.2 section 3.2 (type 1), PC Card
 * standard volume 7 section 4.5 (type 2); what PCI Express makes of them: PCIe 6.0 section 7.5.1. Names are setpci's.
 */
#include "core/config/table.h"

static const struct config_field command[] = {
	FIELD("IO", 0, 1, RW, "I/O space decoding"),
	FIELD("MEMORY", 1, 1, RW, "memory space decoding"),
	FIELD("MASTER", 2, 1, RW, "bus mastering"),
	FIELD("SPECIAL_CYCLES", 3, 1, RW, "special cycle monitoring"),
	FIELD("MWI", 4, 1, RW, "memory write and invalidate"),
	FIELD("VGA_SNOOP", 5, 1, RW, "VGA palette snooping"),
	FIELD("PARITY", 6, 1, RW, "parity error response"),
	FIELD("STEPPING", 7, 1, RW, "address/data stepping"),
	FIELD("SERR", 8, 1, RW, "system error reporting"),
	FIELD("FAST_B2B", 9, 1, RW, "fast back-to-back transactions"),
	FIELD("INTX_DISABLE", 10, 1, RW, "INTx is not asserted"),
	{ 0 },
};

VALUES(devsel, { 0, "fast" }, { 1, "medium" }, { 2, "slow" });

static const struct config_field status[] = {
	FIELD("IMMEDIATE_READINESS", 0, 1, RO, "ready for config requests at once after a reset"),
	FIELD("INTERRUPT", 3, 1, RO, "INTx is pending"),
	FIELD("CAP_LIST", 4, 1, RO, "there is a list of capabilities"),
	FIELD("66MHZ", 5, 1, RO, "66 MHz capable"),
	FIELD("UDF", 6, 1, RO, "user definable features"),
	FIELD("FAST_B2B", 7, 1, RO, "fast back-to-back capable"),
	FIELD("PARITY", 8, 1, RW1C, "master data parity error"),
	FIELD("DEVSEL", 9, 2, RO, "DEVSEL# timing", .values = devsel),
	FIELD("SIG_TARGET_ABORT", 11, 1, RW1C, "signaled target abort"),
	FIELD("REC_TARGET_ABORT", 12, 1, RW1C, "received target abort"),
	FIELD("REC_MASTER_ABORT", 13, 1, RW1C, "received master abort"),
	FIELD("SIG_SYSTEM_ERROR", 14, 1, RW1C, "signaled system error"),
	FIELD("DETECTED_PARITY", 15, 1, RW1C, "detected parity error"),
	{ 0 },
};

static const struct config_field sec_status[] = {
	FIELD("66MHZ", 5, 1, RO, "66 MHz capable"),
	FIELD("FAST_B2B", 7, 1, RO, "fast back-to-back capable"),
	FIELD("PARITY", 8, 1, RW1C, "master data parity error"),
	FIELD("DEVSEL", 9, 2, RO, "DEVSEL# timing", .values = devsel),
	FIELD("SIG_TARGET_ABORT", 11, 1, RW1C, "signaled target abort"),
	FIELD("REC_TARGET_ABORT", 12, 1, RW1C, "received target abort"),
	FIELD("REC_MASTER_ABORT", 13, 1, RW1C, "received master abort"),
	FIELD("REC_SYSTEM_ERROR", 14, 1, RW1C, "received system error"),
	FIELD("DETECTED_PARITY", 15, 1, RW1C, "detected parity error"),
	{ 0 },
};

VALUES(header_types, { 0, "endpoint" }, { 1, "bridge" }, { 2, "cardbus" });

static const struct config_field header_type[] = {
	FIELD("LAYOUT", 0, 7, RO, "which header this is", .values = header_types),
	FIELD("MULTI_FUNCTION", 7, 1, RO, "one of several functions"),
	{ 0 },
};

static const struct config_field bist[] = {
	FIELD("RESULT", 0, 4, RO, "result of the last self-test; 0 passed"),
	FIELD("START", 6, 1, TRIGGER, "starts the self-test"),
	FIELD("CAPABLE", 7, 1, RO, "has a self-test"),
	{ 0 },
};

VALUES(pins, { 0, "none" }, { 1, "A" }, { 2, "B" }, { 3, "C" }, { 4, "D" });

static const struct config_field interrupt_pin[] = {
	FIELD("PIN", 0, 8, RO, "INTx pin", .values = pins),
	{ 0 },
};

VALUES(spaces, { 0, "memory" }, { 1, "io" });
VALUES(bar_types, { 0, "32bit" }, { 1, "below-1M" }, { 2, "64bit" });

static const struct config_field memory_bar[] = {
	FIELD("SPACE", 0, 1, RO, "memory or I/O", .values = spaces),
	FIELD("TYPE", 1, 2, RO, "where it may be", .values = bar_types),
	FIELD("PREFETCHABLE", 3, 1, RO, "reads have no side effects"),
	FIELD("ADDRESS", 4, 28, RW, "address", .shift = 4),
	{ 0 },
};

static const struct config_field io_bar[] = {
	FIELD("SPACE", 0, 1, RO, "memory or I/O", .values = spaces),
	FIELD("ADDRESS", 2, 30, RW, "address", .shift = 2),
	{ 0 },
};

VALUES(io_window_types, { 0, "16bit" }, { 1, "32bit" });
VALUES(memory_window_types, { 0, "32bit" }, { 1, "64bit" });

/* Windows of a bridge: the lowest bits of a base are zeroes, those of a limit ones; PCIe 5.0 section 7.5.1.3.6 on */
#define BASE_AND_LIMIT(name_, bits_, shift_, ...)                                                            \
	static const struct config_field name_##_base[] = {                                                  \
		__VA_ARGS__ FIELD("ADDRESS", 4, bits_, RW, "first address, its lowest 32 bits",              \
				  .shift = shift_),                                                          \
		{ 0 },                                                                                       \
	};                                                                                                   \
	static const struct config_field name_##_limit[] = {                                                 \
		__VA_ARGS__ FIELD("ADDRESS", 4, bits_, RW, "last address, its lowest 32 bits",               \
				  .shift = shift_, .plus = (1u << (shift_)) - 1),                            \
		{ 0 },                                                                                       \
	}

BASE_AND_LIMIT(io_window, 4, 12,
	       FIELD("TYPE", 0, 4, RO, "how wide its addresses are", .values = io_window_types), );
BASE_AND_LIMIT(memory_window, 12, 20);
BASE_AND_LIMIT(prefetchable_window, 12, 20,
	       FIELD("TYPE", 0, 4, RO, "how wide its addresses are", .values = memory_window_types), );

static const struct config_field rom_address[] = {
	FIELD("ENABLE", 0, 1, RW, "the ROM is decoded"),
	FIELD("ADDRESS", 11, 21, RW, "address", .shift = 11),
	{ 0 },
};

static const struct config_field bridge_control[] = {
	FIELD("PARITY", 0, 1, RW, "parity error response"),
	FIELD("SERR", 1, 1, RW, "forwards errors from the secondary side"),
	FIELD("ISA", 2, 1, RW, "ISA mode"),
	FIELD("VGA", 3, 1, RW, "forwards VGA addresses"),
	FIELD("VGA_16", 4, 1, RW, "VGA with 16-bit decoding"),
	FIELD("MASTER_ABORT", 5, 1, RW, "master abort mode"),
	FIELD("BUS_RESET", 6, 1, RW, "holds the secondary bus in reset"),
	FIELD("FAST_B2B", 7, 1, RW, "fast back-to-back transactions"),
	FIELD("PRI_DISCARD", 8, 1, RW, "primary discard timer, 2^10 instead of 2^15 clocks"),
	FIELD("SEC_DISCARD", 9, 1, RW, "secondary discard timer, 2^10 instead of 2^15 clocks"),
	FIELD("DISCARD_STATUS", 10, 1, RW1C, "a discard timer expired"),
	FIELD("DISCARD_SERR", 11, 1, RW, "reports an expired discard timer"),
	{ 0 },
};

static const struct config_field cardbus_control[] = {
	FIELD("PARITY", 0, 1, RW, "parity error response"),
	FIELD("SERR", 1, 1, RW, "forwards errors from the CardBus side"),
	FIELD("ISA", 2, 1, RW, "ISA mode"),
	FIELD("VGA", 3, 1, RW, "forwards VGA addresses"),
	FIELD("MASTER_ABORT", 5, 1, RW, "master abort mode"),
	FIELD("BUS_RESET", 6, 1, RW, "holds the card in reset"),
	FIELD("INTERRUPT_16", 7, 1, RW, "interrupts of 16-bit cards by the ISA lines, not by INTx"),
	FIELD("PREFETCH_0", 8, 1, RW, "memory window 0 is prefetchable"),
	FIELD("PREFETCH_1", 9, 1, RW, "memory window 1 is prefetchable"),
	FIELD("POST_WRITES", 10, 1, RW, "posts writes"),
	{ 0 },
};

#define EPBR .headers = HEADERS_01
#define CB .headers = HEADER_CARDBUS

#define FIRST_BAR(n_, offset_, ...)                                                                          \
	REGISTER("BASE_ADDRESS_" n_, offset_, 32, RW, "BAR " n_ ", memory", .bar = BAR_KIND_MEMORY,          \
		 .fields = memory_bar, __VA_ARGS__),                                                         \
		REGISTER("BASE_ADDRESS_" n_, offset_, 32, RW, "BAR " n_ ", I/O", .bar = BAR_KIND_IO,         \
			 .fields = io_bar, __VA_ARGS__)
#define BAR(n_, offset_, ...)                                                                                \
	FIRST_BAR(n_, offset_, __VA_ARGS__),                                                                 \
		REGISTER("BASE_ADDRESS_" n_, offset_, 32, RW, "BAR " n_ ", upper half of the one before",    \
			 .bar = BAR_KIND_UPPER, __VA_ARGS__)

static const struct config_register registers[] = {
	REGISTER("VENDOR_ID", 0x00, 16, RO, "vendor"),
	REGISTER("DEVICE_ID", 0x02, 16, RO, "device"),
	REGISTER("COMMAND", 0x04, 16, RW, "what the function may do", .fields = command),
	REGISTER("STATUS", 0x06, 16, RO, "what it can do and what happened", .fields = status),
	REGISTER("REVISION", 0x08, 8, RO, "revision"),
	REGISTER("CLASS_PROG", 0x09, 8, RO, "programming interface"),
	REGISTER("CLASS_DEVICE", 0x0a, 16, RO, "class"),
	REGISTER("CACHE_LINE_SIZE", 0x0c, 8, RW, "cache line size, in units of 4 bytes"),
	REGISTER("LATENCY_TIMER", 0x0d, 8, RW, "latency timer"),
	REGISTER("HEADER_TYPE", 0x0e, 8, RO, "header type", .fields = header_type),
	REGISTER("BIST", 0x0f, 8, RO, "built-in self-test", .fields = bist),
	FIRST_BAR("0", 0x10, EPBR),
	BAR("1", 0x14, EPBR),
	BAR("2", 0x18, EP),
	BAR("3", 0x1c, EP),
	BAR("4", 0x20, EP),
	BAR("5", 0x24, EP),
	REGISTER("CARDBUS_CIS", 0x28, 32, RO, "CardBus CIS pointer", EP),
	REGISTER("SUBSYSTEM_VENDOR_ID", 0x2c, 16, RO, "subsystem's vendor", EP),
	REGISTER("SUBSYSTEM_ID", 0x2e, 16, RO, "subsystem", EP),
	REGISTER("ROM_ADDRESS", 0x30, 32, RW, "expansion ROM", EP, .fields = rom_address),
	REGISTER("CAPABILITIES", 0x34, 8, RO, "first capability", EPBR),
	REGISTER("INTERRUPT_LINE", 0x3c, 8, RW, "interrupt line, for software's use"),
	REGISTER("INTERRUPT_PIN", 0x3d, 8, RO, "interrupt pin", .fields = interrupt_pin),
	REGISTER("MIN_GNT", 0x3e, 8, RO, "burst period", EP),
	REGISTER("MAX_LAT", 0x3f, 8, RO, "maximum latency", EP),
	REGISTER("PRIMARY_BUS", 0x18, 8, RW, "bus above the bridge", BR, KERNEL),
	REGISTER("SECONDARY_BUS", 0x19, 8, RW, "bus below the bridge", BR, KERNEL),
	REGISTER("SUBORDINATE_BUS", 0x1a, 8, RW, "last bus below the bridge", BR, KERNEL),
	REGISTER("SEC_LATENCY_TIMER", 0x1b, 8, RW, "latency timer of the bus below", BR),
	REGISTER("IO_BASE", 0x1c, 8, RW, "I/O window", BR, KERNEL, .fields = io_window_base),
	REGISTER("IO_LIMIT", 0x1d, 8, RW, "its end", BR, KERNEL, .fields = io_window_limit),
	REGISTER("SEC_STATUS", 0x1e, 16, RO, "what happened below", BR, .fields = sec_status),
	REGISTER("MEMORY_BASE", 0x20, 16, RW, "memory window", BR, KERNEL, .fields = memory_window_base),
	REGISTER("MEMORY_LIMIT", 0x22, 16, RW, "its end", BR, KERNEL, .fields = memory_window_limit),
	REGISTER("PREF_MEMORY_BASE", 0x24, 16, RW, "prefetchable window", BR, KERNEL,
		 .fields = prefetchable_window_base),
	REGISTER("PREF_MEMORY_LIMIT", 0x26, 16, RW, "its end", BR, KERNEL,
		 .fields = prefetchable_window_limit),
	REGISTER("PREF_BASE_UPPER32", 0x28, 32, RW, "prefetchable window: bits 63:32", BR, KERNEL),
	REGISTER("PREF_LIMIT_UPPER32", 0x2c, 32, RW, "its end", BR, KERNEL),
	REGISTER("IO_BASE_UPPER16", 0x30, 16, RW, "I/O window: bits 31:16", BR, KERNEL),
	REGISTER("IO_LIMIT_UPPER16", 0x32, 16, RW, "its end", BR, KERNEL),
	REGISTER("BRIDGE_ROM_ADDRESS", 0x38, 32, RW, "expansion ROM", BR, .fields = rom_address),
	REGISTER("BRIDGE_CONTROL", 0x3e, 16, RW, "what the bridge forwards", BR, .fields = bridge_control),
	REGISTER("BRIDGE_CONTROL", 0x3e, 16, RW, "what the bridge forwards", CB, .fields = cardbus_control),
	REGISTER("CB_CARDBUS_BASE", 0x10, 32, RW, "socket registers", CB),
	REGISTER("CB_CAPABILITIES", 0x14, 16, RO, "first capability", CB),
	REGISTER("CB_SEC_STATUS", 0x16, 16, RO, "what happened below", CB, .fields = sec_status),
	REGISTER("CB_BUS_NUMBER", 0x18, 8, RW, "bus above the bridge", CB, KERNEL),
	REGISTER("CB_CARDBUS_NUMBER", 0x19, 8, RW, "CardBus bus", CB, KERNEL),
	REGISTER("CB_SUBORDINATE_BUS", 0x1a, 8, RW, "last bus below the bridge", CB, KERNEL),
	REGISTER("CB_CARDBUS_LATENCY", 0x1b, 8, RW, "latency timer", CB),
	REGISTER("CB_MEMORY_BASE_0", 0x1c, 32, RW, "memory window 0", CB, KERNEL),
	REGISTER("CB_MEMORY_LIMIT_0", 0x20, 32, RW, "its end", CB, KERNEL),
	REGISTER("CB_MEMORY_BASE_1", 0x24, 32, RW, "memory window 1", CB, KERNEL),
	REGISTER("CB_MEMORY_LIMIT_1", 0x28, 32, RW, "its end", CB, KERNEL),
	REGISTER("CB_IO_BASE_0", 0x2c, 16, RW, "I/O window 0", CB, KERNEL),
	REGISTER("CB_IO_BASE_0_HI", 0x2e, 16, RW, "its upper half", CB, KERNEL),
	REGISTER("CB_IO_LIMIT_0", 0x30, 16, RW, "its end", CB, KERNEL),
	REGISTER("CB_IO_LIMIT_0_HI", 0x32, 16, RW, "upper half of that", CB, KERNEL),
	REGISTER("CB_IO_BASE_1", 0x34, 16, RW, "I/O window 1", CB, KERNEL),
	REGISTER("CB_IO_BASE_1_HI", 0x36, 16, RW, "its upper half", CB, KERNEL),
	REGISTER("CB_IO_LIMIT_1", 0x38, 16, RW, "its end", CB, KERNEL),
	REGISTER("CB_IO_LIMIT_1_HI", 0x3a, 16, RW, "upper half of that", CB, KERNEL),
	REGISTER("CB_SUBSYSTEM_VENDOR_ID", 0x40, 16, RO, "subsystem's vendor", CB),
	REGISTER("CB_SUBSYSTEM_ID", 0x42, 16, RO, "subsystem", CB),
	REGISTER("CB_LEGACY_MODE_BASE", 0x44, 32, RW, "16-bit PC Card legacy mode", CB),
	{ 0 },
};

const struct config_block config_header = {
	.name = "",
	.title = "header",
	.registers = registers,
};
