// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * HyperTransport's capability: HyperTransport I/O Link 3.10 chapter 7; what the links have: section 7.5. One id, and the
 * command's upper bits say which of many it is.
 */
#include "core/config/table.h"

/* bits 15:13 */
VALUES(ht_link_types, { 0, "slave" }, { 1, "host" });

/* bits 15:11 */
VALUES(ht_types, { 0x08, "switch" }, { 0x10, "interrupt-discovery" }, { 0x11, "revision" },
       { 0x12, "unit-id-clumping" }, { 0x13, "config-access" }, { 0x14, "address-mapping" },
       { 0x15, "msi-mapping" }, { 0x16, "direct-route" }, { 0x17, "vc-set" }, { 0x18, "retry" },
       { 0x19, "x86" }, { 0x1a, "gen3" }, { 0x1c, "power-management" });

VALUES(ht_widths, { 0, "8bit" }, { 1, "16bit" }, { 3, "32bit" }, { 4, "2bit" }, { 5, "4bit" },
       { 7, "unconnected" });

VALUES(ht_frequencies, { 0x0, "200MHz" }, { 0x1, "300MHz" }, { 0x2, "400MHz" }, { 0x3, "500MHz" },
       { 0x4, "600MHz" }, { 0x5, "800MHz" }, { 0x6, "1.0GHz" }, { 0x7, "1.2GHz" }, { 0x8, "1.4GHz" },
       { 0x9, "1.6GHz" }, { 0xa, "1.8GHz" }, { 0xb, "2.0GHz" }, { 0xc, "2.2GHz" }, { 0xd, "2.4GHz" },
       { 0xe, "2.6GHz" }, { 0xf, "vendor" });

VALUES(ht_map_types, { 0, "40-bit" }, { 1, "64-bit" });

#define HT_TYPE FIELD("TYPE", 11, 5, RO, "kind of the capability", .values = ht_types)
#define HT_LINK_TYPE FIELD("TYPE", 13, 3, RO, "kind of the capability", .values = ht_link_types)

static const struct config_field ht_slave[] = {
	FIELD("BASE_UNIT", 0, 5, RW, "first unit id"),
	FIELD("UNITS", 5, 5, RO, "how many unit ids"),
	FIELD("MASTER_HOST", 10, 1, RO, "which link leads to the master host"),
	FIELD("DEFAULT_DIRECTION", 11, 1, RW, "requests go away from the master host"),
	FIELD("DROP_UNINIT", 12, 1, RW, "drops what goes to a link that is not initialized"),
	HT_LINK_TYPE,
	{ 0 },
};

static const struct config_field ht_host[] = {
	FIELD("WARM_RESET", 0, 1, RW, "a reset of the secondary bus is a warm one"),
	FIELD("DOUBLE_ENDED", 1, 1, RW, "a host at the other end"),
	FIELD("DEVICE", 2, 5, RW, "device number of the host"),
	FIELD("CHAIN_SIDE", 7, 1, RO, "which end of the chain it is"),
	FIELD("HOST_HIDE", 8, 1, RW, "hidden from the chain"),
	FIELD("SLAVE", 10, 1, RW, "acts as a slave"),
	FIELD("INBOUND_EOC", 11, 1, RW1CS, "an inbound packet got to the end of the chain"),
	FIELD("DROP_UNINIT", 12, 1, RW, "drops what goes to a link that is not initialized"),
	HT_LINK_TYPE,
	{ 0 },
};

static const struct config_field ht_link_control[] = {
	FIELD("CRC_FLOOD", 1, 1, RW, "CRC errors flood the link"),
	FIELD("CRC_TEST", 2, 1, TRIGGER, "starts a CRC test"),
	FIELD("CRC_FORCE_ERROR", 3, 1, RW, "sends a wrong CRC"),
	FIELD("FAILURE", 4, 1, RW1CS, "link failure"),
	FIELD("INIT_COMPLETE", 5, 1, RO, "initialized"),
	/* software sets these two, a reset clears them */
	FIELD("END_OF_CHAIN", 6, 1, RW, "end of the chain"),
	FIELD("TX_OFF", 7, 1, RW, "transmitter off"),
	FIELD("CRC_ERROR", 8, 4, RW1CS, "CRC error, a bit for each byte lane"),
	FIELD("ISOCHRONOUS", 12, 1, RW, "isochronous flow control"),
	FIELD("LDTSTOP_TRISTATE", 13, 1, RW, "transmitter tristated while LDTSTOP# is asserted"),
	FIELD("EXTENDED_CTL", 14, 1, RW, "extended CTL time"),
	FIELD("ADDRESS_64", 15, 1, RW, "64-bit addresses"),
	{ 0 },
};

static const struct config_field ht_link_config[] = {
	FIELD("MAX_WIDTH_IN", 0, 3, RO, "largest width in", .values = ht_widths),
	FIELD("DWORD_IN_CAPABLE", 3, 1, RO, "doubleword flow control in supported"),
	FIELD("MAX_WIDTH_OUT", 4, 3, RO, "largest width out", .values = ht_widths),
	FIELD("DWORD_OUT_CAPABLE", 7, 1, RO, "doubleword flow control out supported"),
	FIELD("WIDTH_IN", 8, 3, RW, "width in", .values = ht_widths),
	FIELD("DWORD_IN", 11, 1, RW, "doubleword flow control in"),
	FIELD("WIDTH_OUT", 12, 3, RW, "width out", .values = ht_widths),
	FIELD("DWORD_OUT", 15, 1, RW, "doubleword flow control out"),
	{ 0 },
};

static const struct config_field ht_revision[] = {
	FIELD("MINOR", 0, 5, RO, "minor revision"),
	FIELD("MAJOR", 5, 3, RO, "major revision"),
	{ 0 },
};

static const struct config_field ht_link_freq[] = {
	FIELD("FREQUENCY", 0, 4, RW, "clock of the transmitter", .values = ht_frequencies),
	FIELD("PROTOCOL_ERROR", 4, 1, RW1CS, "protocol error"),
	FIELD("OVERFLOW_ERROR", 5, 1, RW1CS, "overflow error"),
	FIELD("EOC_ERROR", 6, 1, RW1CS, "end of chain error"),
	FIELD("CTL_TIMEOUT", 7, 1, RW, "how long CTL may be deasserted"),
	{ 0 },
};

static const struct config_field ht_link_freq_cap[] = {
	FIELD("200MHZ", 0, 1, RO, "200 MHz"),
	FIELD("300MHZ", 1, 1, RO, "300 MHz"),
	FIELD("400MHZ", 2, 1, RO, "400 MHz"),
	FIELD("500MHZ", 3, 1, RO, "500 MHz"),
	FIELD("600MHZ", 4, 1, RO, "600 MHz"),
	FIELD("800MHZ", 5, 1, RO, "800 MHz"),
	FIELD("1000MHZ", 6, 1, RO, "1.0 GHz"),
	FIELD("1200MHZ", 7, 1, RO, "1.2 GHz"),
	FIELD("1400MHZ", 8, 1, RO, "1.4 GHz"),
	FIELD("1600MHZ", 9, 1, RO, "1.6 GHz"),
	FIELD("1800MHZ", 10, 1, RO, "1.8 GHz"),
	FIELD("2000MHZ", 11, 1, RO, "2.0 GHz"),
	FIELD("2200MHZ", 12, 1, RO, "2.2 GHz"),
	FIELD("2400MHZ", 13, 1, RO, "2.4 GHz"),
	FIELD("2600MHZ", 14, 1, RO, "2.6 GHz"),
	FIELD("VENDOR", 15, 1, RO, "a frequency of the vendor's"),
	{ 0 },
};

/* of a slave 8 bits, of a host 16 */
#define HT_FEATURES                                                                                          \
	FIELD("ISOCHRONOUS", 0, 1, RO, "isochronous flow control mode"),                                     \
		FIELD("LDTSTOP", 1, 1, RO, "LDTSTOP# supported"),                                            \
		FIELD("CRC_TEST", 2, 1, RO, "CRC test mode"),                                                \
		FIELD("EXTENDED_CTL", 3, 1, RO, "needs the extended CTL time"),                              \
		FIELD("ADDRESS_64", 4, 1, RO, "64-bit addresses"),                                           \
		FIELD("UNITID_REORDER_DISABLE", 5, 1, RW, "no reordering of unit ids")

static const struct config_field ht_slave_features[] = {
	HT_FEATURES,
	{ 0 },
};

static const struct config_field ht_host_features[] = {
	HT_FEATURES,
	FIELD("EXTENDED_REGISTERS", 8, 1, RO, "has the registers from SCRATCHPAD on"),
	FIELD("UPSTREAM_CONFIG", 9, 1, RW, "upstream configuration"),
	{ 0 },
};

static const struct config_field ht_errors[] = {
	FIELD("PROTOCOL_FLOOD", 0, 1, RW, "protocol errors flood the link"),
	FIELD("OVERFLOW_FLOOD", 1, 1, RW, "overflow errors flood the link"),
	FIELD("PROTOCOL_FATAL", 2, 1, RW, "protocol errors are fatal interrupts"),
	FIELD("OVERFLOW_FATAL", 3, 1, RW, "overflow errors are"),
	FIELD("EOC_FATAL", 4, 1, RW, "end of chain errors are"),
	FIELD("RESPONSE_FATAL", 5, 1, RW, "response errors are"),
	FIELD("CRC_FATAL", 6, 1, RW, "CRC errors are"),
	FIELD("SERR_FATAL", 7, 1, RW, "system errors are"),
	FIELD("CHAIN_FAIL", 8, 1, RO, "the chain failed"),
	FIELD("RESPONSE_ERROR", 9, 1, RW1CS, "response error"),
	FIELD("PROTOCOL_NONFATAL", 10, 1, RW, "protocol errors are non-fatal interrupts"),
	FIELD("OVERFLOW_NONFATAL", 11, 1, RW, "overflow errors are"),
	FIELD("EOC_NONFATAL", 12, 1, RW, "end of chain errors are"),
	FIELD("RESPONSE_NONFATAL", 13, 1, RW, "response errors are"),
	FIELD("CRC_NONFATAL", 14, 1, RW, "CRC errors are"),
	FIELD("SERR_NONFATAL", 15, 1, RW, "system errors are"),
	{ 0 },
};

static const struct config_field ht_switch[] = {
	FIELD("VIB_ERROR", 7, 1, RW1CS, "virtual inter-bridge error"),
	FIELD("VIB_FLOOD", 8, 1, RW, "floods the links"),
	FIELD("VIB_FATAL", 9, 1, RW, "is a fatal interrupt"),
	FIELD("VIB_NONFATAL", 10, 1, RW, "is a non-fatal interrupt"),
	HT_TYPE,
	{ 0 },
};

static const struct config_field ht_switch_info[] = {
	FIELD("DEFAULT_PORT", 0, 5, RO, "default port"),
	FIELD("DECODE", 5, 1, RW, "decodes addresses"),
	FIELD("COLD_RESET", 6, 1, RW, "a reset of the port is a cold one"),
	FIELD("COUNTER", 8, 4, RW, "which counter PERF_DATA shows"),
	FIELD("RANGE", 12, 6, RW, "which range RANGE_DATA and SEC_BASE_DATA show"),
	FIELD("HOT_PLUG", 18, 1, RW, "hot-plug"),
	FIELD("HIDE", 19, 1, RW, "the port is hidden"),
	{ 0 },
};

static const struct config_field ht_interrupt[] = {
	FIELD("INDEX", 0, 8, RW, "which register DATA shows"),
	HT_TYPE,
	{ 0 },
};

static const struct config_field ht_revision_id[] = {
	FIELD("MINOR", 0, 5, RO, "minor revision"),
	FIELD("MAJOR", 5, 3, RO, "major revision"),
	HT_TYPE,
	{ 0 },
};

static const struct config_field ht_plain[] = {
	HT_TYPE,
	{ 0 },
};

static const struct config_field ht_config_address[] = {
	FIELD("REGISTER", 2, 10, RW, "register", .shift = 2),
	FIELD("FUNCTION", 12, 3, RW, "function"),
	FIELD("DEVICE", 15, 5, RW, "device"),
	FIELD("BUS", 20, 8, RW, "bus"),
	FIELD("ACCESS_TYPE", 28, 1, RW, "type of the access, 0 or 1"),
	{ 0 },
};

static const struct config_field ht_mapping[] = {
	FIELD("DMA_WINDOWS", 0, 4, RO, "DMA windows"),
	FIELD("IO_SIZE", 4, 5, RO, "size of the I/O space"),
	FIELD("MAP_TYPE", 9, 2, RO, "size of addresses", .values = ht_map_types),
	HT_TYPE,
	{ 0 },
};

#define HT_WINDOW_FLAGS                                                                                      \
	FIELD("COMPAT", 28, 1, RW, "compatibility"), FIELD("NONCOHERENT", 29, 1, RW, "not coherent"),        \
		FIELD("ISOCHRONOUS", 30, 1, RW, "isochronous"), FIELD("ENABLE", 31, 1, RW, "in use")

static const struct config_field ht_window[] = {
	FIELD("BASE", 0, 20, RW, "address, 40 bits", .shift = 20),
	HT_WINDOW_FLAGS,
	{ 0 },
};

static const struct config_field ht_dma[] = {
	FIELD("BASE", 0, 24, RW, "primary base"),
	HT_WINDOW_FLAGS,
	{ 0 },
};

static const struct config_field ht_msi[] = {
	FIELD("ENABLE", 0, 1, RW, "MSI are mapped"),
	FIELD("FIXED", 1, 1, RO, "at 0xfee00000, without the registers of the address"),
	HT_TYPE,
	{ 0 },
};

static const struct config_field ht_msi_address[] = {
	FIELD("ADDRESS", 20, 12, RW, "address, its lowest 32 bits", .shift = 20),
	{ 0 },
};

static const struct config_field ht_direct_route[] = {
	FIELD("SPACES", 0, 4, RO, "DirectRoute spaces"),
	FIELD("INDEX", 4, 5, RW, "which register DATA shows"),
	HT_TYPE,
	{ 0 },
};

VALUES(ht_streams, { 0, "0" }, { 1, "0-3" }, { 2, "0-15" });

static const struct config_field ht_stream_count[] = {
	FIELD("CHANNELS", 0, 8, RO, "streaming virtual channels supported", .values = ht_streams),
	{ 0 },
};

static const struct config_field ht_retry_control[] = {
	FIELD("ENABLE", 0, 1, RW, "link retry"),
	FIELD("FORCE_ERROR", 1, 1, TRIGGER, "sends one error"),
	FIELD("ROLLOVER_NONFATAL", 2, 1, RW, "non-fatal interrupt when the count rolls over"),
	FIELD("FORCE_STOMP", 3, 1, TRIGGER, "stomps one packet"),
	FIELD("NONFATAL", 4, 1, RW, "a retry is a non-fatal interrupt"),
	FIELD("FATAL", 5, 1, RW, "a retry is a fatal interrupt"),
	FIELD("ATTEMPTS", 6, 2, RW, "attempts to retrain the link"),
	{ 0 },
};

static const struct config_field ht_retry_status[] = {
	FIELD("SENT", 0, 1, RW1CS, "a retry was sent"),
	FIELD("ROLLOVER", 1, 1, RW1CS, "the count rolled over"),
	FIELD("STOMPED", 2, 1, RW1CS, "a stomped packet was received"),
	{ 0 },
};

/* The command's upper bits say what the capability is: bits 15:13 of links, 15:11 of the others. */
#define SLAVE                                                                                                \
	{                                                                                                    \
		.number = { .offset = 2, .width = 16, .lsb = 13, .bits = 3 }, .zero = true                   \
	}
#define HOST                                                                                                 \
	{                                                                                                    \
		.number = { .offset = 2, .width = 16, .lsb = 13, .bits = 3 }, .min = 1, .max = 1             \
	}
#define OTHER(min_, max_)                                                                                    \
	{                                                                                                    \
		.number = { .offset = 2, .width = 16, .lsb = 11, .bits = 5 }, .min = min_, .max = max_       \
	}
#define TYPE(type_) .when = { OTHER(type_, type_) }
/* registers that came with revision 1.02, and what of them a host need not have */
#define NEW_SLAVE .when = { SLAVE, { .number = { .offset = 0xc, .width = 8, .bits = 8 }, .min = 0x22 } }
#define NEW_HOST .when = { HOST, { .number = { .offset = 8, .width = 8, .bits = 8 }, .min = 0x22 } }
#define EXTENDED_HOST                                                                                        \
	.when = { HOST, { .number = { .offset = 0xc, .width = 16, .lsb = 8, .bits = 1 }, .min = 1 } }
#define LINKS .fixed = 2, .stride = 4
#define MAP_40                                                                                               \
	.when = { OTHER(0x14, 0x14),                                                                         \
		  { .number = { .offset = 2, .width = 16, .lsb = 9, .bits = 2 }, .zero = true } }
#define MAP_64                                                                                               \
	.when = { OTHER(0x14, 0x14),                                                                         \
		  { .number = { .offset = 2, .width = 16, .lsb = 9, .bits = 2 }, .min = 1, .max = 1 } }
#define DMA_WINDOWS .repeat = { .offset = 2, .width = 16, .bits = 4 }, .stride = 8
#define MSI_ADDRESS                                                                                          \
	.when = { OTHER(0x15, 0x15),                                                                         \
		  { .number = { .offset = 2, .width = 16, .lsb = 1, .bits = 1 }, .zero = true } }

const struct config_register config_ht_registers[] = {
	REGISTER("COMMAND", 0x02, 16, RW, "slave or primary interface", .fields = ht_slave, .when = { SLAVE },
		 KERNEL),
	REGISTER("LINK_CONTROL", 0x04, 16, RW, "control of link 0 and 1", .fields = ht_link_control,
		 .when = { SLAVE }, LINKS, KERNEL),
	REGISTER("LINK_CONFIG", 0x06, 16, RW, "widths of link 0 and 1", .fields = ht_link_config,
		 .when = { SLAVE }, LINKS, KERNEL),
	REGISTER("REVISION", 0x0c, 8, RO, "revision", .fields = ht_revision, .when = { SLAVE }),
	REGISTER("LINK_FREQ", 0x0d, 8, RW, "frequency and errors of link 0 and 1", .fields = ht_link_freq,
		 NEW_SLAVE, LINKS, KERNEL),
	REGISTER("LINK_FREQ_CAP", 0x0e, 16, RO, "frequencies of link 0 and 1", .fields = ht_link_freq_cap,
		 NEW_SLAVE, LINKS),
	REGISTER("FEATURES", 0x10, 8, RO, "features", .fields = ht_slave_features, NEW_SLAVE),
	REGISTER("SCRATCHPAD", 0x14, 16, RW, "enumeration scratchpad", NEW_SLAVE),
	REGISTER("ERRORS", 0x16, 16, RW, "error handling", .fields = ht_errors, NEW_SLAVE),
	REGISTER("MEMORY_BASE_UPPER", 0x18, 8, RW, "prefetchable window: address bits 39:32", NEW_SLAVE,
		 KERNEL),
	REGISTER("MEMORY_LIMIT_UPPER", 0x19, 8, RW, "its end", NEW_SLAVE, KERNEL),
	REGISTER("BUS", 0x1a, 8, RO, "bus number", NEW_SLAVE),

	REGISTER("COMMAND", 0x02, 16, RW, "host or secondary interface", .fields = ht_host, .when = { HOST },
		 KERNEL),
	REGISTER("LINK_CONTROL", 0x04, 16, RW, "link control", .fields = ht_link_control, .when = { HOST },
		 KERNEL),
	REGISTER("LINK_CONFIG", 0x06, 16, RW, "link widths", .fields = ht_link_config, .when = { HOST },
		 KERNEL),
	REGISTER("REVISION", 0x08, 8, RO, "revision", .fields = ht_revision, .when = { HOST }),
	REGISTER("LINK_FREQ", 0x09, 8, RW, "link frequency and errors", .fields = ht_link_freq, NEW_HOST,
		 KERNEL),
	REGISTER("LINK_FREQ_CAP", 0x0a, 16, RO, "link frequencies", .fields = ht_link_freq_cap, NEW_HOST),
	REGISTER("FEATURES", 0x0c, 16, RO, "features", .fields = ht_host_features, NEW_HOST),
	REGISTER("SCRATCHPAD", 0x10, 16, RW, "enumeration scratchpad", EXTENDED_HOST),
	REGISTER("ERRORS", 0x12, 16, RW, "error handling", .fields = ht_errors, EXTENDED_HOST),
	REGISTER("MEMORY_BASE_UPPER", 0x14, 8, RW, "prefetchable window: address bits 39:32", EXTENDED_HOST,
		 KERNEL),
	REGISTER("MEMORY_LIMIT_UPPER", 0x15, 8, RW, "its end", EXTENDED_HOST, KERNEL),

	REGISTER("COMMAND", 0x02, 16, RW, "switch", .fields = ht_switch, TYPE(0x08)),
	REGISTER("PARTITION_MASK", 0x04, 32, RW, "ports of the partition", TYPE(0x08), KERNEL),
	REGISTER("SWITCH_INFO", 0x08, 32, RW, "switch information", .fields = ht_switch_info, TYPE(0x08),
		 KERNEL),
	REGISTER("PERF_DATA", 0x0c, 32, RW, "performance counter", TYPE(0x08), KERNEL),
	REGISTER("RANGE_DATA", 0x10, 32, RW, "base or limit of a range", TYPE(0x08), KERNEL),
	REGISTER("SEC_BASE_DATA", 0x14, 32, RW, "secondary base of a range", TYPE(0x08), KERNEL),

	REGISTER("COMMAND", 0x02, 16, RW, "interrupt discovery", .fields = ht_interrupt, TYPE(0x10), KERNEL),
	REGISTER("DATA", 0x04, 32, RW, "the register of that index", TYPE(0x10), KERNEL),

	REGISTER("COMMAND", 0x02, 16, RO, "revision of the specification", .fields = ht_revision_id,
		 TYPE(0x11)),

	REGISTER("COMMAND", 0x02, 16, RO, "unit id clumping", .fields = ht_plain, TYPE(0x12)),
	REGISTER("CLUMPING_CAPABLE", 0x04, 32, RO, "unit ids that can be one with that below", TYPE(0x12)),
	REGISTER("CLUMPING", 0x08, 32, RW, "unit ids that are", TYPE(0x12), KERNEL),

	REGISTER("COMMAND", 0x02, 16, RO, "extended configuration space access", .fields = ht_plain,
		 TYPE(0x13)),
	REGISTER("CONFIG_ADDRESS", 0x04, 32, RW, "what CONFIG_DATA accesses", .fields = ht_config_address,
		 TYPE(0x13), KERNEL),
	REGISTER("CONFIG_DATA", 0x08, 32, RW, "data", TYPE(0x13), KERNEL),

	REGISTER("COMMAND", 0x02, 16, RO, "address mapping", .fields = ht_mapping, TYPE(0x14)),
	REGISTER("MEMORY_WINDOW", 0x04, 32, RW, "non-prefetchable window", .fields = ht_window, MAP_40,
		 KERNEL),
	REGISTER("PREF_WINDOW", 0x08, 32, RW, "prefetchable window", .fields = ht_window, MAP_40, KERNEL),
	REGISTER("DMA_BASE", 0x0c, 32, RW, "DMA window: primary base and control", .fields = ht_dma, MAP_40,
		 DMA_WINDOWS, KERNEL),
	REGISTER("DMA_SEC_LIMIT", 0x10, 16, RW, "its secondary limit", MAP_40, DMA_WINDOWS, KERNEL),
	REGISTER("DMA_SEC_BASE", 0x12, 16, RW, "its secondary base", MAP_40, DMA_WINDOWS, KERNEL),
	REGISTER("INDEX", 0x04, 32, RW, "which register DATA shows", MAP_64, KERNEL),
	REGISTER("DATA", 0x08, 32, RW, "the register of that index", MAP_64, KERNEL),
	REGISTER("DATA_HI", 0x0c, 32, RW, "its upper half", MAP_64, KERNEL),

	REGISTER("COMMAND", 0x02, 16, RW, "MSI mapping", .fields = ht_msi, TYPE(0x15)),
	REGISTER("ADDRESS", 0x04, 32, RW, "mapped address", .fields = ht_msi_address, MSI_ADDRESS, KERNEL),
	REGISTER("ADDRESS_HI", 0x08, 32, RW, "its upper half", MSI_ADDRESS, KERNEL),

	REGISTER("COMMAND", 0x02, 16, RW, "DirectRoute", .fields = ht_direct_route, TYPE(0x16), KERNEL),
	REGISTER("ENABLE", 0x04, 32, RW, "spaces in use, a bit each", TYPE(0x16), KERNEL),
	REGISTER("DATA", 0x08, 32, RW, "the register of that index", TYPE(0x16), KERNEL),

	REGISTER("COMMAND", 0x02, 16, RO, "virtual channel sets", .fields = ht_plain, TYPE(0x17)),
	REGISTER("SETS", 0x04, 8, RO, "sets supported, a bit each", TYPE(0x17)),
	REGISTER("LINK1_SETS", 0x05, 8, RW, "sets in use on link 1", TYPE(0x17), KERNEL),
	REGISTER("LINK0_SETS", 0x06, 8, RW, "sets in use on link 0", TYPE(0x17), KERNEL),
	REGISTER("STREAM_DEPTH", 0x08, 8, RW, "depth of the stream bucket", TYPE(0x17), KERNEL),
	REGISTER("STREAM_INTERVAL", 0x09, 8, RW, "stream interval", TYPE(0x17), KERNEL),
	REGISTER("STREAMS", 0x0a, 8, RO, "streaming channels", .fields = ht_stream_count, TYPE(0x17)),
	REGISTER("NON_FC_DEPTH", 0x0c, 8, RW, "depth of the bucket without flow control", TYPE(0x17), KERNEL),
	REGISTER("NON_FC_INTERVAL", 0x0d, 8, RW, "its interval", TYPE(0x17), KERNEL),

	REGISTER("COMMAND", 0x02, 16, RO, "retry mode", .fields = ht_plain, TYPE(0x18)),
	REGISTER("RETRY_CONTROL", 0x04, 8, RW, "retry control of link 0 and 1", .fields = ht_retry_control,
		 TYPE(0x18), .fixed = 2, .stride = 2, KERNEL),
	REGISTER("RETRY_STATUS", 0x05, 8, RO, "retry status of link 0 and 1", .fields = ht_retry_status,
		 TYPE(0x18), .fixed = 2, .stride = 2),
	REGISTER("RETRY_COUNT", 0x08, 16, RW, "retries of link 0 and 1", TYPE(0x18), .fixed = 2, .stride = 2,
		 KERNEL),

	/* of no known layout */
	REGISTER("COMMAND", 0x02, 16, RO, "command and type", .fields = ht_plain,
		 .when = { OTHER(0x09, 0x0f) }),
	REGISTER("COMMAND", 0x02, 16, RO, "command and type", .fields = ht_plain,
		 .when = { OTHER(0x19, 0x1f) }),
	{ 0 },
};
