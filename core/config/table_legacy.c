// SPDX-License-Identifier: GPL-2.0-or-later
/* Capabilities of buses before PCI Express, and of IOMMUs. */
#include "core/config/table.h"

#define EP .headers = HEADER_ENDPOINT
#define BR .headers = HEADER_BRIDGE
/* What the firmware, the kernel or a driver sets up, and what is an index into something: never restored */
#define KERNEL .by_kernel = true

/* --- AGP: AGP 2.0 section 6.1, AGP 3.0 section 4.1 (0x0e: the same, in a bridge) ---------------------- */

VALUES(agp2_rates, { 0, "none" }, { 1, "x1" }, { 2, "x2" }, { 3, "x1+x2" }, { 4, "x4" }, { 5, "x1+x4" },
       { 6, "x2+x4" }, { 7, "x1+x2+x4" });

VALUES(agp3_rates, { 0, "none" }, { 1, "x4" }, { 2, "x8" }, { 3, "x4+x8" });

/* x << 4 bytes */
VALUES(agp_sizes, { 0, "16" }, { 1, "32" }, { 2, "64" }, { 3, "128" }, { 4, "256" }, { 5, "512" },
       { 6, "1024" }, { 7, "2048" });

VALUES(agp_calibration, { 0, "4ms" }, { 1, "16ms" }, { 2, "64ms" }, { 3, "256ms" }, { 7, "none" });

static const struct config_field agp_version[] = {
	FIELD("MINOR", 0, 4, RO, "minor version"),
	FIELD("MAJOR", 4, 4, RO, "major version"),
	{ 0 },
};

#define AGP_STATUS(rates_)                                                                                   \
	{                                                                                                    \
		FIELD("RATE", 0, 3, RO, "data rates", .values = rates_),                                     \
			FIELD("MODE_3", 3, 1, RO, "AGP 3.0 mode"),                                           \
			FIELD("FAST_WRITE", 4, 1, RO, "fast writes"),                                        \
			FIELD("OVER_4G", 5, 1, RO, "addresses above 4 GiB"),                                 \
			FIELD("NO_HOST_TRANSLATION", 6, 1, RO, "does not translate the host's addresses"),   \
			FIELD("GART_64", 7, 1, RO, "64-bit aperture entries"),                               \
			FIELD("COHERENT", 8, 1, RO, "accesses to the aperture are coherent"),                \
			FIELD("SIDEBAND", 9, 1, RO, "side-band addressing"),                                 \
			FIELD("CALIBRATION", 10, 3, RO, "calibration cycle", .values = agp_calibration),     \
			FIELD("ARQSZ", 13, 3, RO, "best size of asynchronous requests, bytes",               \
			      .values = agp_sizes, .sizes = true),                                           \
			FIELD("ISOCHRONOUS", 17, 1, RO, "isochronous transfers"),                            \
			FIELD("REQUESTS", 24, 8, RO, "requests that it can have outstanding", .plus = 1),    \
			{ 0 },                                                                               \
	}

#define AGP_COMMAND(rates_)                                                                                  \
	{                                                                                                    \
		FIELD("RATE", 0, 3, RW, "data rate", .values = rates_),                                      \
			FIELD("FAST_WRITE", 4, 1, RW, "fast writes"),                                        \
			FIELD("OVER_4G", 5, 1, RW, "addresses above 4 GiB"),                                 \
			FIELD("GART_64", 7, 1, RW, "64-bit aperture entries"),                               \
			FIELD("ENABLE", 8, 1, RW, "AGP operation"),                                          \
			FIELD("SIDEBAND", 9, 1, RW, "side-band addressing"),                                 \
			FIELD("CALIBRATION", 10, 3, RW, "calibration cycle", .values = agp_calibration),     \
			FIELD("ARQSZ", 13, 3, RW, "size of asynchronous requests, bytes",                    \
			      .values = agp_sizes, .sizes = true),                                           \
			FIELD("REQUESTS", 24, 8, RW, "requests that may be outstanding", .plus = 1), { 0 },  \
	}

static const struct config_field agp2_status[] = AGP_STATUS(agp2_rates);
static const struct config_field agp3_status[] = AGP_STATUS(agp3_rates);
static const struct config_field agp2_command[] = AGP_COMMAND(agp2_rates);
static const struct config_field agp3_command[] = AGP_COMMAND(agp3_rates);

static const struct config_field agp_isoch_status[] = {
	FIELD("ERROR", 0, 3, RO, "isochronous error code"),
	FIELD("LATENCY", 3, 3, RO, "largest latency, in isochronous periods"),
	FIELD("PAYLOAD", 6, 2, RO, "payload size"),
	FIELD("TRANSACTIONS", 8, 8, RO, "most transactions in a period"),
	FIELD("BANDWIDTH", 16, 8, RO, "largest bandwidth, bytes a period", .shift = 5),
	{ 0 },
};

static const struct config_field agp_isoch_command[] = {
	FIELD("PAYLOAD", 6, 2, RW, "payload size"),
	FIELD("TRANSACTIONS", 8, 8, RW, "transactions in a period"),
	{ 0 },
};

/* One bit of the status: in AGP 2 mode, in AGP 3.0 mode, with isochronous transfers */
#define AGP_STATUS_BIT(bit_) .number = { .offset = 4, .width = 32, .lsb = bit_, .bits = 1 }
#define MODE_2 .when = { { AGP_STATUS_BIT(3), .zero = true } }
#define MODE_3 .when = { { AGP_STATUS_BIT(3), .min = 1 } }
#define ISOCHRONOUS .when = { { AGP_STATUS_BIT(3), .min = 1 }, { AGP_STATUS_BIT(17), .min = 1 } }

static const struct config_register agp[] = {
	REGISTER("VERSION", 0x02, 8, RO, "version", .fields = agp_version),
	REGISTER("STATUS", 0x04, 32, RO, "status", .fields = agp2_status, MODE_2),
	REGISTER("STATUS", 0x04, 32, RO, "status", .fields = agp3_status, MODE_3),
	REGISTER("COMMAND", 0x08, 32, RW, "command", .fields = agp2_command, MODE_2, KERNEL),
	REGISTER("COMMAND", 0x08, 32, RW, "command", .fields = agp3_command, MODE_3, KERNEL),
	REGISTER("ISOCH_STATUS", 0x0c, 32, RO, "isochronous status", .fields = agp_isoch_status, ISOCHRONOUS),
	REGISTER("ISOCH_COMMAND", 0x20, 16, RW, "isochronous command", .fields = agp_isoch_command,
		 ISOCHRONOUS, KERNEL),
	{ 0 },
};

/* --- CompactPCI Hot Swap: PICMG 2.1 section 4.3 -------------------------------------------------------- */

static const struct config_field chswp_control[] = {
	FIELD("DHA", 0, 1, RW, "device hiding arm"),
	FIELD("EIM", 1, 1, RW, "ENUM# is masked"),
	FIELD("PIE", 2, 1, RO, "pending insert or extract"),
	FIELD("LOO", 3, 1, RW, "the LED is on"),
	FIELD("PI", 4, 2, RO, "programming interface"),
	FIELD("EXT", 6, 1, RW1C, "extraction"),
	FIELD("INS", 7, 1, RW1C, "insertion"),
	{ 0 },
};

static const struct config_register chswp[] = {
	REGISTER("CONTROL", 0x02, 8, RW, "control and status", .fields = chswp_control, KERNEL),
	{ 0 },
};

/* --- CompactPCI central resource control: PCI code and ID assignment 1.11; PICMG 2.13 has what it says -- */

static const struct config_register ccrc[] = {
	REGISTER("FLAGS", 0x02, 16, RO, "flags of the capability"),
	{ 0 },
};

/* --- PCI-X: PCI-X Protocol Addendum 2.0 section 7.2 (type 0), 8.6.2 (type 1) --------------------------- */

VALUES(read_counts, { 0, "512" }, { 1, "1024" }, { 2, "2048" }, { 3, "4096" });
VALUES(split_counts, { 0, "1" }, { 1, "2" }, { 2, "3" }, { 3, "4" }, { 4, "8" }, { 5, "12" }, { 6, "16" },
       { 7, "32" });

VALUES(cumulative_reads, { 0, "8" }, { 1, "16" }, { 2, "32" }, { 3, "64" }, { 4, "128" }, { 5, "256" },
       { 6, "512" }, { 7, "1024" });

VALUES(pcix_ecc_versions, { 0, "none" }, { 1, "mode-2" }, { 2, "mode-1-and-2" });
VALUES(complexity, { 0, "simple" }, { 1, "bridge" });
VALUES(pcix_frequencies, { 0x0, "conventional" }, { 0x1, "66MHz" }, { 0x2, "100MHz" }, { 0x3, "133MHz" },
       { 0x5, "66MHz-ecc" }, { 0x6, "100MHz-ecc" }, { 0x7, "133MHz-ecc" }, { 0x9, "66MHz-266" },
       { 0xa, "100MHz-266" }, { 0xb, "133MHz-266" }, { 0xd, "66MHz-533" }, { 0xe, "100MHz-533" },
       { 0xf, "133MHz-533" });

static const struct config_field pcix_command[] = {
	FIELD("DPERE", 0, 1, RW, "recovers from data parity errors"),
	FIELD("ERO", 1, 1, RW, "relaxed ordering"),
	FIELD("RBC", 2, 2, RW, "maximum read byte count", .values = read_counts, .sizes = true),
	FIELD("OST", 4, 3, RW, "outstanding split transactions", .values = split_counts, .sizes = true),
	FIELD("VERSION", 12, 2, RO, "in which modes there is ECC", .values = pcix_ecc_versions),
	{ 0 },
};

static const struct config_field pcix_status[] = {
	FIELD("FUNCTION", 0, 3, RO, "function number"),
	FIELD("DEVICE", 3, 5, RO, "device number"),
	FIELD("BUS", 8, 8, RO, "bus number"),
	FIELD("64BIT", 16, 1, RO, "64-bit device"),
	FIELD("133MHZ", 17, 1, RO, "133 MHz capable"),
	FIELD("SCD", 18, 1, RW1C, "split completion discarded"),
	FIELD("USC", 19, 1, RW1C, "unexpected split completion"),
	FIELD("COMPLEXITY", 20, 1, RO, "a bridge or a simple device", .values = complexity),
	FIELD("DMMRBC", 21, 2, RO, "designed maximum read byte count", .values = read_counts, .sizes = true),
	FIELD("DMOST", 23, 3, RO, "designed outstanding split transactions", .values = split_counts,
	      .sizes = true),
	FIELD("DMCRS", 26, 3, RO, "designed cumulative read size, in units of 128 bytes",
	      .values = cumulative_reads, .sizes = true),
	FIELD("RSCEM", 29, 1, RW1C, "received split completion error message"),
	FIELD("266MHZ", 30, 1, RO, "266 MHz capable"),
	FIELD("533MHZ", 31, 1, RO, "533 MHz capable"),
	{ 0 },
};

static const struct config_field pcix_sec_status[] = {
	FIELD("64BIT", 0, 1, RO, "64-bit secondary bus"),
	FIELD("133MHZ", 1, 1, RO, "133 MHz capable"),
	FIELD("SCD", 2, 1, RW1C, "split completion discarded"),
	FIELD("USC", 3, 1, RW1C, "unexpected split completion"),
	FIELD("SCO", 4, 1, RW1C, "split completion overrun"),
	FIELD("SRD", 5, 1, RW1C, "split request delayed"),
	FIELD("FREQUENCY", 6, 4, RO, "secondary bus mode and frequency", .values = pcix_frequencies),
	FIELD("VERSION", 12, 2, RO, "in which modes there is ECC", .values = pcix_ecc_versions),
	FIELD("266MHZ", 14, 1, RO, "266 MHz capable"),
	FIELD("533MHZ", 15, 1, RO, "533 MHz capable"),
	{ 0 },
};

static const struct config_field pcix_bridge_status[] = {
	FIELD("FUNCTION", 0, 3, RO, "function number"),
	FIELD("DEVICE", 3, 5, RO, "device number"),
	FIELD("BUS", 8, 8, RO, "bus number"),
	FIELD("64BIT", 16, 1, RO, "64-bit device"),
	FIELD("133MHZ", 17, 1, RO, "133 MHz capable"),
	FIELD("SCD", 18, 1, RW1C, "split completion discarded"),
	FIELD("USC", 19, 1, RW1C, "unexpected split completion"),
	FIELD("SCO", 20, 1, RW1C, "split completion overrun"),
	FIELD("SRD", 21, 1, RW1C, "split request delayed"),
	FIELD("ID_MESSAGING", 29, 1, RO, "device ID messaging capable"),
	FIELD("266MHZ", 30, 1, RO, "266 MHz capable"),
	FIELD("533MHZ", 31, 1, RO, "533 MHz capable"),
	{ 0 },
};

static const struct config_field pcix_split[] = {
	FIELD("CAPACITY", 0, 16, RO, "split transactions that fit"),
	FIELD("COMMITMENT", 16, 16, RW, "limit of their commitment"),
	{ 0 },
};

VALUES(ecc_phases, { 0, "none" }, { 1, "address" }, { 2, "second-address" }, { 3, "attribute" },
       { 4, "data-32" }, { 5, "data-64" });

/* DISABLE_CORRECTION and MODE are taken over only by a write that has UPDATE set. */
static const struct config_field pcix_ecc[] = {
	FIELD("SECONDARY", 0, 1, RW, "shows the registers of the bus below"),
	FIELD("OTHER_BANK", 1, 1, RO, "an error in the registers of the other bus"),
	FIELD("MORE_CORRECTABLE", 2, 1, RW1CS, "further correctable errors"),
	FIELD("MORE_UNCORRECTABLE", 3, 1, RW1CS, "further uncorrectable errors"),
	FIELD("PHASE", 4, 3, RW1CS, "phase of the error", .values = ecc_phases),
	FIELD("CORRECTED", 7, 1, ROS, "the error was corrected"),
	FIELD("SYNDROME", 8, 8, ROS, "syndrome"),
	FIELD("FIRST_COMMAND", 16, 4, ROS, "first command"),
	FIELD("SECOND_COMMAND", 20, 4, ROS, "second command"),
	FIELD("UPPER_ATTRIBUTES", 24, 4, ROS, "upper attributes"),
	FIELD("UPDATE", 28, 1, TRIGGER, "the same write changes DISABLE_CORRECTION and MODE"),
	FIELD("DISABLE_CORRECTION", 30, 1, RW, "single-bit errors are not corrected"),
	FIELD("MODE", 31, 1, RW, "ECC, not parity"),
	{ 0 },
};

/* bits 13:12, the version: with ECC registers */
#define WITH_ECC                                                                                             \
	.when = { { .number = { .offset = 2, .width = 16, .lsb = 12, .bits = 2 }, .min = 1, .max = 2 } }

static const struct config_register pcix[] = {
	REGISTER("COMMAND", 0x02, 16, RW, "command", .fields = pcix_command, EP),
	REGISTER("STATUS", 0x04, 32, RO, "status", .fields = pcix_status, EP),
	REGISTER("ECC", 0x08, 32, RW, "ECC control and status", .fields = pcix_ecc, EP, WITH_ECC, KERNEL),
	REGISTER("ECC_FIRST_ADDRESS", 0x0c, 32, ROS, "address of the error", EP, WITH_ECC),
	REGISTER("ECC_SECOND_ADDRESS", 0x10, 32, ROS, "its upper half", EP, WITH_ECC),
	REGISTER("ECC_ATTRIBUTE", 0x14, 32, ROS, "attributes of the error", EP, WITH_ECC),
	REGISTER("SEC_STATUS", 0x02, 16, RO, "secondary status", .fields = pcix_sec_status, BR),
	REGISTER("BRIDGE_STATUS", 0x04, 32, RO, "bridge status", .fields = pcix_bridge_status, BR),
	REGISTER("UPSTREAM_SPLIT", 0x08, 32, RW, "upstream split transactions", .fields = pcix_split, BR),
	REGISTER("DOWNSTREAM_SPLIT", 0x0c, 32, RW, "downstream split transactions", .fields = pcix_split, BR),
	REGISTER("ECC", 0x10, 32, RW, "ECC control and status", .fields = pcix_ecc, BR, WITH_ECC, KERNEL),
	REGISTER("ECC_FIRST_ADDRESS", 0x14, 32, ROS, "address of the error", BR, WITH_ECC),
	REGISTER("ECC_SECOND_ADDRESS", 0x18, 32, ROS, "its upper half", BR, WITH_ECC),
	REGISTER("ECC_ATTRIBUTE", 0x1c, 32, ROS, "attributes of the error", BR, WITH_ECC),
	{ 0 },
};

/* --- HyperTransport: HyperTransport I/O Link 3.10 chapter 7; what the links have: section 7.5 ---------- */

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

static const struct config_field ht_window[] = {
	FIELD("BASE", 0, 20, RW, "address, 40 bits", .shift = 20),
	FIELD("COMPAT", 28, 1, RW, "compatibility"),
	FIELD("NONCOHERENT", 29, 1, RW, "not coherent"),
	FIELD("ISOCHRONOUS", 30, 1, RW, "isochronous"),
	FIELD("ENABLE", 31, 1, RW, "in use"),
	{ 0 },
};

static const struct config_field ht_dma[] = {
	FIELD("BASE", 0, 24, RW, "primary base"),
	FIELD("COMPAT", 28, 1, RW, "compatibility"),
	FIELD("NONCOHERENT", 29, 1, RW, "not coherent"),
	FIELD("ISOCHRONOUS", 30, 1, RW, "isochronous"),
	FIELD("ENABLE", 31, 1, RW, "in use"),
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

static const struct config_register ht[] = {
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

/* --- Standard Hot-Plug: SHPC 1.0 section 4.3 ----------------------------------------------------------- */

static const struct config_field hotplug_pending[] = {
	FIELD("SERR", 2, 1, RO, "the controller has a system error pending"),
	FIELD("INTERRUPT", 3, 1, RO, "the controller has an interrupt pending"),
	{ 0 },
};

static const struct config_register hotplug[] = {
	REGISTER("SELECT", 0x02, 8, RW, "dword of the controller's registers", KERNEL),
	REGISTER("PENDING", 0x03, 8, RO, "what is pending", .fields = hotplug_pending),
	REGISTER("DATA", 0x04, 32, RW, "that dword", KERNEL),
	{ 0 },
};

/* --- Secure Device: PCI code and ID assignment 1.11; AMD I/O Virtualization Technology 3.00 section 3.2 - */

VALUES(secure_types, { 0, "device-exclusion" }, { 3, "iommu" });

static const struct config_field secure_cap[] = {
	FIELD("TYPE", 0, 3, RO, "kind of the capability", .values = secure_types),
	FIELD("REVISION", 3, 5, RO, "revision"),
	{ 0 },
};

static const struct config_field iommu_cap[] = {
	FIELD("TYPE", 0, 3, RO, "kind of the capability", .values = secure_types),
	FIELD("REVISION", 3, 5, RO, "revision"),
	FIELD("IOTLB", 8, 1, RO, "remote IOTLB supported"),
	FIELD("HT_TUNNEL", 9, 1, RO, "HyperTransport tunnel translation"),
	FIELD("NP_CACHE", 10, 1, RO, "caches entries that are not present"),
	FIELD("EXTENDED_FEATURES", 11, 1, RO, "extended feature register"),
	FIELD("EXTENSION", 12, 1, RO, "MISC1 is there"),
	{ 0 },
};

static const struct config_field iommu_base[] = {
	FIELD("ENABLE", 0, 1, RW, "decodes its registers; locks them until a reset"),
	FIELD("ADDRESS", 14, 18, RW, "address of its registers, its lowest 32 bits", .shift = 14),
	{ 0 },
};

static const struct config_field iommu_range[] = {
	FIELD("UNIT", 0, 5, RO, "HyperTransport unit id"),
	FIELD("VALID", 7, 1, RO, "the rest is valid"),
	FIELD("BUS", 8, 8, RO, "bus"),
	FIELD("FIRST", 16, 8, RO, "first device and function"),
	FIELD("LAST", 24, 8, RO, "last device and function"),
	{ 0 },
};

static const struct config_field iommu_misc[] = {
	FIELD("INTERRUPT", 0, 5, RO, "vector of the event log"),
	FIELD("GUEST_ADDRESS_SIZE", 5, 3, RO, "guest virtual address size"),
	FIELD("PHYSICAL_ADDRESS_SIZE", 8, 7, RO, "physical address bits"),
	FIELD("VIRTUAL_ADDRESS_SIZE", 15, 7, RO, "virtual address bits"),
	FIELD("HT_ATS_RESERVED", 22, 1, RO, "ATS requests of HyperTransport are blocked"),
	FIELD("PPR_INTERRUPT", 27, 5, RO, "vector of the page request log"),
	{ 0 },
};

static const struct config_field iommu_misc1[] = {
	FIELD("GUEST_INTERRUPT", 0, 5, RO, "vector of the guest interrupt log"),
	{ 0 },
};

#define SECURE_TYPE .number = { .offset = 2, .width = 16, .bits = 3 }
#define IOMMU                                                                                                \
	{                                                                                                    \
		SECURE_TYPE, .min = 3, .max = 3                                                              \
	}
#define WITH_MISC1                                                                                           \
	.when = { IOMMU, { .number = { .offset = 2, .width = 16, .lsb = 12, .bits = 1 }, .min = 1 } }

static const struct config_register secure[] = {
	REGISTER("CAP", 0x02, 16, RO, "capabilities", .fields = secure_cap,
		 .when = { { SECURE_TYPE, .zero = true } }),
	REGISTER("CAP", 0x02, 16, RO, "capabilities", .fields = secure_cap,
		 .when = { { SECURE_TYPE, .min = 1, .max = 2 } }),
	REGISTER("CAP", 0x02, 16, RO, "capabilities", .fields = secure_cap,
		 .when = { { SECURE_TYPE, .min = 4 } }),
	REGISTER("CAP", 0x02, 16, RO, "capabilities", .fields = iommu_cap, .when = { IOMMU }),
	REGISTER("BASE", 0x04, 32, RW, "address of the registers", .fields = iommu_base, .when = { IOMMU },
		 KERNEL),
	REGISTER("BASE_HI", 0x08, 32, RW, "its upper half", .when = { IOMMU }, KERNEL),
	REGISTER("RANGE", 0x0c, 32, RO, "devices", .fields = iommu_range, .when = { IOMMU }),
	REGISTER("MISC0", 0x10, 32, RO, "sizes and interrupts", .fields = iommu_misc, .when = { IOMMU }),
	REGISTER("MISC1", 0x14, 32, RO, "further interrupts", .fields = iommu_misc1, WITH_MISC1),
	{ 0 },
};

#define BLOCK(id_, name_, title_, size_, registers_)                                                         \
	{                                                                                                    \
		.id = id_, .name = name_, .title = title_, .size = size_, .registers = registers_            \
	}

const struct config_block config_legacy_blocks[] = {
	BLOCK(0x02, "AGP", "AGP", 12, agp),
	BLOCK(0x06, "CHSWP", "CompactPCI Hot Swap", 4, chswp),
	BLOCK(0x07, "PCIX", "PCI-X", 8, pcix),
	BLOCK(0x08, "HT", "HyperTransport", 4, ht),
	BLOCK(0x0b, "CCRC", "CompactPCI Central Resource Control", 4, ccrc),
	BLOCK(0x0c, "HOTPLUG", "PCI Hot-Plug", 8, hotplug),
	BLOCK(0x0e, "AGP3", "AGP 8x", 12, agp),
	BLOCK(0x0f, "SECURE", "Secure Device", 4, secure),
	{ 0 },
};
