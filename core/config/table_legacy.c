// SPDX-License-Identifier: GPL-2.0-or-later
/* Capabilities of buses before PCI Express, and of IOMMUs. HyperTransport's, as long as these, are in their own file. */
#include "core/config/table.h"

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

/* of a device, and of a bridge on its primary bus */
#define PCIX_STATUS                                                                                          \
	FIELD("FUNCTION", 0, 3, RO, "function number"), FIELD("DEVICE", 3, 5, RO, "device number"),          \
		FIELD("BUS", 8, 8, RO, "bus number"), FIELD("64BIT", 16, 1, RO, "64-bit device"),            \
		FIELD("133MHZ", 17, 1, RO, "133 MHz capable"),                                               \
		FIELD("SCD", 18, 1, RW1C, "split completion discarded"),                                     \
		FIELD("USC", 19, 1, RW1C, "unexpected split completion")

static const struct config_field pcix_status[] = {
	PCIX_STATUS,
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
	PCIX_STATUS,
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

#define BLOCK(id_, name_, title_, registers_)                                                                \
	{                                                                                                    \
		.id = id_, .name = name_, .title = title_, .registers = registers_                           \
	}

const struct config_block config_legacy_blocks[] = {
	BLOCK(0x02, "AGP", "AGP", agp),
	BLOCK(0x06, "CHSWP", "CompactPCI Hot Swap", chswp),
	BLOCK(0x07, "PCIX", "PCI-X", pcix),
	BLOCK(0x08, "HT", "HyperTransport", config_ht_registers),
	BLOCK(0x0b, "CCRC", "CompactPCI Central Resource Control", ccrc),
	BLOCK(0x0c, "HOTPLUG", "PCI Hot-Plug", hotplug),
	BLOCK(0x0e, "AGP3", "AGP 8x", agp),
	BLOCK(0x0f, "SECURE", "Secure Device", secure),
	{ 0 },
};
