// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Capabilities in the first 256 bytes, but PCI Express (config_table_express.c) and those of buses before it
 * (config_table_legacy.c).
 */
#include "core/config/table.h"

/* --- Power Management: PCI Bus Power Management 1.2 section 3.2, PCIe 6.0 section 7.5.2 ------------- */

VALUES(aux_current, { 0, "0mA" }, { 1, "55mA" }, { 2, "100mA" }, { 3, "160mA" }, { 4, "220mA" },
       { 5, "270mA" }, { 6, "320mA" }, { 7, "375mA" });

VALUES(power_states, { 0, "D0" }, { 1, "D1" }, { 2, "D2" }, { 3, "D3hot" });

static const struct config_field pm_cap[] = {
	FIELD("VERSION", 0, 3, RO, "version of the capability"),
	FIELD("PME_CLOCK", 3, 1, RO, "needs the PCI clock for PME#"),
	FIELD("IMMEDIATE_READINESS", 4, 1, RO, "ready at once on the return to D0"),
	FIELD("DSI", 5, 1, RO, "device specific initialization"),
	FIELD("AUX_CURRENT", 6, 3, RO, "current from auxiliary power", .values = aux_current),
	FIELD("D1", 9, 1, RO, "D1 supported"),
	FIELD("D2", 10, 1, RO, "D2 supported"),
	FIELD("PME_D0", 11, 1, RO, "PME from D0"),
	FIELD("PME_D1", 12, 1, RO, "PME from D1"),
	FIELD("PME_D2", 13, 1, RO, "PME from D2"),
	FIELD("PME_D3HOT", 14, 1, RO, "PME from D3hot"),
	FIELD("PME_D3COLD", 15, 1, RO, "PME from D3cold"),
	{ 0 },
};

static const struct config_field pm_control[] = {
	FIELD("STATE", 0, 2, RW, "power state", .values = power_states),
	FIELD("NO_SOFT_RESET", 3, 1, RO, "no reset on the way from D3hot to D0"),
	FIELD("PME_ENABLE", 8, 1, RWS, "may assert PME"),
	FIELD("DATA_SELECT", 9, 4, RW, "what DATA shows"),
	FIELD("DATA_SCALE", 13, 2, RO, "unit of DATA"),
	FIELD("PME_STATUS", 15, 1, RW1CS, "PME asserted"),
	{ 0 },
};

static const struct config_field pm_bridge[] = {
	FIELD("B2_B3", 6, 1, RO, "the secondary bus goes to B2, not B3, in D3hot"),
	FIELD("BPCC_ENABLE", 7, 1, RO, "bus power and clock control"),
	{ 0 },
};

static const struct config_register pm[] = {
	REGISTER("CAP", 0x02, 16, RO, "capabilities", .fields = pm_cap),
	/* a restore into another power state would be a surprise */
	REGISTER("CONTROL", 0x04, 16, RW, "control and status", .fields = pm_control, .by_kernel = true),
	REGISTER("BRIDGE", 0x06, 8, RO, "bridge support", .fields = pm_bridge,
		 .headers = HEADER_BRIDGE | HEADER_CARDBUS),
	REGISTER("DATA", 0x07, 8, RO, "power consumed or dissipated"),
	{ 0 },
};

/* --- Vital Product Data: PCI Local Bus 3.0 appendix I ------------------------------------------------ */

static const struct config_field vpd_address[] = {
	FIELD("ADDRESS", 0, 15, RW, "address in the product data; writing it starts a read"),
	/* as a neighbour it is to be written as 0: a 1 there stores DATA */
	FIELD("FLAG", 15, 1, TRIGGER,
	      "a read is finished; writing 1 starts a write, 0 says that it is finished"),
	{ 0 },
};

static const struct config_register vpd[] = {
	/* reading them does nothing, writing ADDRESS does */
	REGISTER("ADDRESS", 0x02, 16, RW, "address and flag", .fields = vpd_address, .by_kernel = true),
	REGISTER("DATA", 0x04, 32, RW, "data", .by_kernel = true),
	{ 0 },
};

/* --- Slot Identification: PCI-to-PCI Bridge 1.2 section 13.1 ----------------------------------------- */

static const struct config_field slotid_slots[] = {
	FIELD("SLOTS", 0, 5, HWINIT, "expansion slots on the secondary bus"),
	FIELD("FIRST", 5, 1, HWINIT, "first in its chassis"),
	{ 0 },
};

static const struct config_register slotid[] = {
	REGISTER("SLOTS", 0x02, 8, RO, "expansion slots", .fields = slotid_slots),
	REGISTER("CHASSIS", 0x03, 8, RW, "chassis number"),
	{ 0 },
};

/* --- MSI: PCIe 6.0 section 7.7.1 ---------------------------------------------------------------------- */

VALUES(vector_counts, { 0, "1" }, { 1, "2" }, { 2, "4" }, { 3, "8" }, { 4, "16" }, { 5, "32" });

static const struct config_field msi_flags[] = {
	FIELD("ENABLE", 0, 1, RW, "MSI is on"),
	FIELD("VECTORS", 1, 3, RO, "vectors it can have", .values = vector_counts, .sizes = true),
	FIELD("VECTORS_ENABLED", 4, 3, RW, "vectors it has", .values = vector_counts, .sizes = true),
	FIELD("ADDRESS_64", 7, 1, RO, "64-bit addresses"),
	FIELD("MASKABLE", 8, 1, RO, "vectors can be masked"),
	FIELD("EXTENDED_DATA_CAPABLE", 9, 1, RO, "32-bit data"),
	FIELD("EXTENDED_DATA", 10, 1, RW, "32-bit data is on"),
	{ 0 },
};

/* Bit 7 of the flags, 64-bit addresses, decides where the rest is; bit 8: masks, bit 9: 32-bit data. */
#define MSI_FLAG(lsb_, bits_) .number = { .offset = 2, .width = 16, .lsb = lsb_, .bits = bits_ }
#define MSI_64                                                                                               \
	{                                                                                                    \
		MSI_FLAG(7, 1), .min = 1                                                                     \
	}
#define MSI_32                                                                                               \
	{                                                                                                    \
		MSI_FLAG(7, 1), .zero = true                                                                 \
	}
#define MASKABLE                                                                                             \
	{                                                                                                    \
		MSI_FLAG(8, 1), .min = 1                                                                     \
	}
#define EXTENDED                                                                                             \
	{                                                                                                    \
		MSI_FLAG(9, 1), .min = 1                                                                     \
	}

static const struct config_register msi[] = {
	REGISTER("FLAGS", 0x02, 16, RW, "message control", .fields = msi_flags, KERNEL),
	REGISTER("ADDRESS", 0x04, 32, RW, "message address", KERNEL),
	REGISTER("ADDRESS_HI", 0x08, 32, RW, "its upper half", KERNEL, .when = { MSI_64 }),
	REGISTER("DATA", 0x08, 16, RW, "message data", KERNEL, .when = { MSI_32 }),
	REGISTER("EXTENDED_DATA", 0x0a, 16, RW, "its upper half", KERNEL, .when = { MSI_32, EXTENDED }),
	REGISTER("MASK", 0x0c, 32, RW, "vectors that are masked", KERNEL, .when = { MSI_32, MASKABLE }),
	REGISTER("PENDING", 0x10, 32, RO, "vectors that are pending", .when = { MSI_32, MASKABLE }),
	REGISTER("DATA", 0x0c, 16, RW, "message data", KERNEL, .when = { MSI_64 }),
	REGISTER("EXTENDED_DATA", 0x0e, 16, RW, "its upper half", KERNEL, .when = { MSI_64, EXTENDED }),
	REGISTER("MASK", 0x10, 32, RW, "vectors that are masked", KERNEL, .when = { MSI_64, MASKABLE }),
	REGISTER("PENDING", 0x14, 32, RO, "vectors that are pending", .when = { MSI_64, MASKABLE }),
	{ 0 },
};

/* --- Vendor-Specific: PCI Local Bus 3.0 appendix H ----------------------------------------------------- */

static const struct config_register vndr[] = {
	REGISTER("LENGTH", 0x02, 8, RO, "length of the capability in bytes"),
	{ 0 },
};

/* --- Debug Port: EHCI 1.0 appendix C ------------------------------------------------------------------- */

VALUES(dbg_bars, { 1, "BAR0" }, { 2, "BAR1" }, { 3, "BAR2" }, { 4, "BAR3" }, { 5, "BAR4" }, { 6, "BAR5" });

static const struct config_field dbg_port[] = {
	FIELD("OFFSET", 0, 13, RO, "offset of its registers in the BAR"),
	FIELD("BAR", 13, 3, RO, "in which BAR", .values = dbg_bars),
	{ 0 },
};

static const struct config_register dbg[] = {
	REGISTER("PORT", 0x02, 16, RO, "where the debug port is", .fields = dbg_port),
	{ 0 },
};

/* --- Bridge Subsystem Vendor ID: PCI-to-PCI Bridge 1.2 section 3.2.5.13 -------------------------------- */

static const struct config_register ssvid[] = {
	REGISTER("VENDOR", 0x04, 16, RO, "subsystem's vendor"),
	REGISTER("DEVICE", 0x06, 16, RO, "subsystem"),
	{ 0 },
};

/* --- MSI-X: PCIe 6.0 section 7.7.2 --------------------------------------------------------------------- */

static const struct config_field msix_flags[] = {
	FIELD("SIZE", 0, 11, RO, "vectors", .plus = 1),
	FIELD("MASKALL", 14, 1, RW, "all vectors are masked"),
	FIELD("ENABLE", 15, 1, RW, "MSI-X is on"),
	{ 0 },
};

static const struct config_field msix_place[] = {
	FIELD("BAR", 0, 3, RO, "in which BAR"),
	FIELD("OFFSET", 3, 29, RO, "offset in it", .shift = 3),
	{ 0 },
};

static const struct config_register msix[] = {
	REGISTER("FLAGS", 0x02, 16, RW, "message control", .fields = msix_flags, .by_kernel = true),
	REGISTER("TABLE", 0x04, 32, RO, "where the table is", .fields = msix_place),
	REGISTER("PBA", 0x08, 32, RO, "where the pending bits are", .fields = msix_place),
	{ 0 },
};

/* --- SATA: Serial ATA AHCI 1.3.1 section 2.4 ----------------------------------------------------------- */

static const struct config_field sata_revision[] = {
	FIELD("MINOR", 0, 4, RO, "minor revision"),
	FIELD("MAJOR", 4, 4, RO, "major revision"),
	{ 0 },
};

VALUES(sata_bars, { 0x4, "BAR0" }, { 0x5, "BAR1" }, { 0x6, "BAR2" }, { 0x7, "BAR3" }, { 0x8, "BAR4" },
       { 0x9, "BAR5" }, { 0xf, "config" });

static const struct config_field sata_place[] = {
	FIELD("BAR", 0, 4, RO, "BAR of the index/data pair, or behind this register", .values = sata_bars),
	FIELD("OFFSET", 4, 20, RO, "offset in it", .shift = 2),
	{ 0 },
};

#define IN_CONFIG .when = { { .number = { .offset = 4, .width = 32, .bits = 4 }, .min = 0xf } }

static const struct config_register sata[] = {
	REGISTER("REVISION", 0x02, 8, RO, "revision", .fields = sata_revision),
	REGISTER("PLACE", 0x04, 32, RO, "where the index/data pair is", .fields = sata_place),
	REGISTER("INDEX", 0x08, 32, RW, "index of the controller's registers", IN_CONFIG, KERNEL),
	REGISTER("DATA", 0x0c, 32, RW, "the register of that index", IN_CONFIG, KERNEL),
	{ 0 },
};

/* --- Advanced Features: ECN Advanced Capabilities for Conventional PCI, 2006 -------------------------- */

static const struct config_field af_cap[] = {
	FIELD("TP", 0, 1, RO, "transactions pending is told"),
	FIELD("FLR", 1, 1, RO, "function level reset"),
	{ 0 },
};

static const struct config_field af_control[] = {
	FIELD("FLR", 0, 1, TRIGGER, "starts a function level reset"),
	{ 0 },
};

static const struct config_field af_status[] = {
	FIELD("TP", 0, 1, RO, "transactions pending"),
	{ 0 },
};

static const struct config_register af[] = {
	REGISTER("LENGTH", 0x02, 8, RO, "length of the capability in bytes"),
	REGISTER("CAP", 0x03, 8, RO, "capabilities", .fields = af_cap),
	REGISTER("CONTROL", 0x04, 8, RW, "control", .fields = af_control),
	REGISTER("STATUS", 0x05, 8, RO, "status", .fields = af_status),
	{ 0 },
};

/* --- Enhanced Allocation: PCIe 6.0 section 7.8.5 ------------------------------------------------------- */

VALUES(ea_bars, { 0, "BAR0" }, { 1, "BAR1" }, { 2, "BAR2" }, { 3, "BAR3" }, { 4, "BAR4" }, { 5, "BAR5" },
       { 6, "behind" }, { 7, "not-indicated" }, { 8, "ROM" }, { 9, "VF-BAR0" }, { 10, "VF-BAR1" },
       { 11, "VF-BAR2" }, { 12, "VF-BAR3" }, { 13, "VF-BAR4" }, { 14, "VF-BAR5" });

VALUES(ea_properties, { 0x00, "memory" }, { 0x01, "prefetchable" }, { 0x02, "io" },
       { 0x03, "vf-prefetchable" }, { 0x04, "vf-memory" }, { 0x05, "behind-memory" },
       { 0x06, "behind-prefetchable" }, { 0x07, "behind-io" }, { 0xfd, "unavailable-memory" },
       { 0xfe, "unavailable-io" }, { 0xff, "unavailable" });

static const struct config_field ea_count[] = {
	FIELD("ENTRIES", 0, 6, RO, "how many follow"),
	{ 0 },
};

static const struct config_field ea_buses[] = {
	FIELD("SECONDARY", 0, 8, HWINIT, "fixed secondary bus"),
	FIELD("SUBORDINATE", 8, 8, HWINIT, "fixed subordinate bus"),
	{ 0 },
};

static const struct config_field ea_entry[] = {
	FIELD("SIZE", 0, 3, HWINIT, "dwords that follow"),
	FIELD("BAR", 4, 4, HWINIT, "which BAR it stands for", .values = ea_bars),
	FIELD("PRIMARY", 8, 8, HWINIT, "what it is", .values = ea_properties),
	FIELD("SECONDARY", 16, 8, HWINIT, "what it is to who does not know that", .values = ea_properties),
	FIELD("WRITABLE", 30, 1, RO, "base and largest offset can be written"),
	FIELD("ENABLE", 31, 1, RW, "it is decoded"),
	{ 0 },
};

static const struct config_field ea_base[] = {
	FIELD("64BIT", 1, 1, HWINIT, "64 bits"),
	FIELD("ADDRESS", 2, 30, RW, "address", .shift = 2),
	{ 0 },
};

static const struct config_field ea_max_offset[] = {
	FIELD("64BIT", 1, 1, HWINIT, "64 bits"),
	FIELD("OFFSET", 2, 30, RW, "largest offset: the size, less one byte", .shift = 2, .plus = 3),
	{ 0 },
};

/* bit 1 of the base and of the largest offset of an entry that starts at START */
#define EA_WIDE(start_, offset_) .number = { .offset = start_ + offset_, .width = 32, .lsb = 1, .bits = 1 }
#define EA_EACH(start_)                                                                                      \
	.repeat = { .offset = 2, .width = 8, .bits = 6 }, .stride = 4,                                       \
	.longer = { .offset = start_, .width = 32, .bits = 3 }
#define EA_ENTRIES(start_, headers_)                                                                         \
	REGISTER("ENTRY", start_, 32, RW, "an entry", .fields = ea_entry, EA_EACH(start_),                   \
		 .headers = headers_),                                                                       \
		REGISTER("BASE", start_ + 4, 32, RW, "its base", .fields = ea_base, EA_EACH(start_),         \
			 .headers = headers_),                                                               \
		REGISTER("MAX_OFFSET", start_ + 8, 32, RW, "its largest offset", .fields = ea_max_offset,    \
			 EA_EACH(start_), .headers = headers_),                                              \
		REGISTER("BASE_HI", start_ + 12, 32, RW, "upper half of its base", EA_EACH(start_),          \
			 .headers = headers_, .when = { { EA_WIDE(start_, 4), .min = 1 } }),                 \
		REGISTER(                                                                                    \
			"MAX_OFFSET_HI", start_ + 12, 32, RW, "upper half of its largest offset",            \
			EA_EACH(start_), .headers = headers_,                                                \
			.when = { { EA_WIDE(start_, 4), .zero = true }, { EA_WIDE(start_, 8), .min = 1 } }), \
		REGISTER("MAX_OFFSET_HI", start_ + 16, 32, RW, "upper half of its largest offset",           \
			 EA_EACH(start_), .headers = headers_,                                               \
			 .when = { { EA_WIDE(start_, 4), .min = 1 }, { EA_WIDE(start_, 8), .min = 1 } })

static const struct config_register ea[] = {
	REGISTER("ENTRIES", 0x02, 8, RO, "entries", .fields = ea_count),
	REGISTER("BUSES", 0x04, 16, RO, "fixed bus numbers", .fields = ea_buses, .headers = HEADER_BRIDGE),
	EA_ENTRIES(0x04, HEADER_ENDPOINT),
	EA_ENTRIES(0x08, HEADER_BRIDGE),
	{ 0 },
};

/* --- Flattening Portal Bridge: PCIe 6.0 section 7.8.11 ------------------------------------------------- */

VALUES(fpb_rid_sizes, { 0, "256" }, { 2, "1024" }, { 5, "8192" });
VALUES(fpb_memory_sizes, { 0, "256" }, { 1, "512" }, { 2, "1024" }, { 3, "2048" }, { 4, "4096" },
       { 5, "8192" });

VALUES(fpb_rids, { 0, "8" }, { 3, "64" }, { 5, "256" });
VALUES(fpb_low_granularities, { 0, "1MiB" }, { 1, "2MiB" }, { 2, "4MiB" }, { 3, "8MiB" }, { 4, "16MiB" });
VALUES(fpb_high_granularities, { 0, "256MiB" }, { 1, "512MiB" }, { 2, "1GiB" }, { 3, "2GiB" }, { 4, "4GiB" },
       { 5, "8GiB" }, { 6, "16GiB" }, { 7, "32GiB" });

VALUES(fpb_vectors, { 0, "rid" }, { 1, "mem-low" }, { 2, "mem-high" });

static const struct config_field fpb_cap[] = {
	FIELD("RID", 0, 1, HWINIT, "routing ids"),
	FIELD("MEM_LOW", 1, 1, HWINIT, "memory below 4 GiB"),
	FIELD("MEM_HIGH", 2, 1, HWINIT, "memory above 4 GiB"),
	FIELD("NUM_SEC_DEV", 3, 5, HWINIT, "device numbers on the secondary side", .plus = 1),
	FIELD("RID_SIZE", 8, 3, HWINIT, "bits of the routing id vector", .values = fpb_rid_sizes,
	      .sizes = true),
	FIELD("MEM_LOW_SIZE", 16, 3, HWINIT, "bits of the vector below 4 GiB", .values = fpb_memory_sizes,
	      .sizes = true),
	FIELD("MEM_HIGH_SIZE", 24, 3, HWINIT, "bits of the vector above 4 GiB", .values = fpb_memory_sizes,
	      .sizes = true),
	{ 0 },
};

static const struct config_field fpb_rid1[] = {
	FIELD("ENABLE", 0, 1, RW, "decodes routing ids by the vector"),
	FIELD("GRANULARITY", 4, 4, RW, "routing ids a bit stands for", .values = fpb_rids, .sizes = true),
	FIELD("START", 19, 13, RW, "first routing id", .shift = 3),
	{ 0 },
};

static const struct config_field fpb_rid2[] = {
	FIELD("SECONDARY_START", 3, 13, RW, "first routing id of the secondary side", .shift = 3),
	{ 0 },
};

static const struct config_field fpb_mem_low[] = {
	FIELD("ENABLE", 0, 1, RW, "decodes memory below 4 GiB by the vector"),
	FIELD("GRANULARITY", 4, 4, RW, "memory a bit stands for", .values = fpb_low_granularities),
	FIELD("START", 20, 12, RW, "first address", .shift = 20),
	{ 0 },
};

static const struct config_field fpb_mem_high[] = {
	FIELD("ENABLE", 0, 1, RW, "decodes memory above 4 GiB by the vector"),
	FIELD("GRANULARITY", 4, 4, RW, "memory a bit stands for", .values = fpb_high_granularities),
	FIELD("START", 28, 4, RW, "first address, its lowest 32 bits", .shift = 28),
	{ 0 },
};

static const struct config_field fpb_access[] = {
	FIELD("OFFSET", 0, 8, RW, "dword of the vector that VECTOR_DATA shows"),
	FIELD("SELECT", 14, 2, RW, "which vector", .values = fpb_vectors),
	{ 0 },
};

/* a bridge's windows, which are the kernel's, and a window of its own */
static const struct config_register fpb[] = {
	REGISTER("CAP", 0x04, 32, RO, "capabilities", .fields = fpb_cap),
	REGISTER("RID_CONTROL1", 0x08, 32, RW, "routing id vector control 1", .fields = fpb_rid1, KERNEL),
	REGISTER("RID_CONTROL2", 0x0c, 32, RW, "routing id vector control 2", .fields = fpb_rid2, KERNEL),
	REGISTER("MEM_LOW_CONTROL", 0x10, 32, RW, "memory below 4 GiB vector control", .fields = fpb_mem_low,
		 KERNEL),
	REGISTER("MEM_HIGH_CONTROL1", 0x14, 32, RW, "memory above 4 GiB vector control 1",
		 .fields = fpb_mem_high, KERNEL),
	REGISTER("MEM_HIGH_CONTROL2", 0x18, 32, RW, "memory above 4 GiB: first address, bits 63:32", KERNEL),
	REGISTER("VECTOR_CONTROL", 0x1c, 32, RW, "vector access control", .fields = fpb_access, KERNEL),
	REGISTER("VECTOR_DATA", 0x20, 32, RW, "vector access data", KERNEL),
	{ 0 },
};

#define BLOCK(id_, name_, title_, registers_)                                                                \
	{                                                                                                    \
		.id = id_, .name = name_, .title = title_, .registers = registers_                           \
	}

const struct config_block config_pci_blocks[] = {
	BLOCK(0x01, "PM", "Power Management", pm),
	BLOCK(0x03, "VPD", "Vital Product Data", vpd),
	BLOCK(0x04, "SLOTID", "Slot Identification", slotid),
	BLOCK(0x05, "MSI", "MSI", msi),
	BLOCK(0x09, "VNDR", "Vendor-Specific", vndr),
	BLOCK(0x0a, "DBG", "Debug Port", dbg),
	BLOCK(0x0d, "SSVID", "Bridge Subsystem Vendor ID", ssvid),
	BLOCK(0x11, "MSIX", "MSI-X", msix),
	BLOCK(0x12, "SATA", "SATA Data/Index Configuration", sata),
	BLOCK(0x13, "AF", "Advanced Features", af),
	BLOCK(0x14, "EA", "Enhanced Allocation", ea),
	BLOCK(0x15, "FPB", "Flattening Portal Bridge", fpb),
	{ 0 },
};
