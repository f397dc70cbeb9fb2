// SPDX-License-Identifier: GPL-2.0-or-later
/* Capabilities in the first 256 bytes, but PCI Express: config_table_express.c. */
#include "core/config_table.h"

/* --- Power Management: PCI Bus Power Management 1.2 section 3.2, PCIe 6.0 section 7.5.2 ------------- */

static const struct config_value aux_current[] = {
	{ 0, "0mA" },	{ 1, "55mA" },	{ 2, "100mA" }, { 3, "160mA" }, { 4, "220mA" },
	{ 5, "270mA" }, { 6, "320mA" }, { 7, "375mA" }, { 0, NULL },
};

static const struct config_value power_states[] = {
	{ 0, "D0" }, { 1, "D1" }, { 2, "D2" }, { 3, "D3hot" }, { 0, NULL },
};

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
	REGISTER("BRIDGE", 0x06, 8, RO, "bridge support", .fields = pm_bridge),
	REGISTER("DATA", 0x07, 8, RO, "power consumed or dissipated"),
	{ 0 },
};

/* --- AGP: AGP 3.0 section 4.1 ------------------------------------------------------------------------ */

static const struct config_field agp_version[] = {
	FIELD("MINOR", 0, 4, RO, "minor version"),
	FIELD("MAJOR", 4, 4, RO, "major version"),
	{ 0 },
};

static const struct config_field agp_status[] = {
	FIELD("RATE", 0, 3, RO, "data rates, a bit each"),
	FIELD("MODE_3", 3, 1, RO, "AGP 3.0 mode"),
	FIELD("FAST_WRITE", 4, 1, RO, "fast writes"),
	FIELD("OVER_4G", 5, 1, RO, "addresses above 4 GiB"),
	FIELD("HOST_TRANSLATION", 6, 1, RO, "translates the host's addresses (0: it does)"),
	FIELD("GART_64", 7, 1, RO, "64-bit aperture entries"),
	FIELD("SIDEBAND", 9, 1, RO, "side-band addressing"),
	FIELD("CALIBRATION", 10, 3, RO, "calibration cycle"),
	FIELD("ARQSZ", 13, 3, RO, "size of asynchronous requests"),
	FIELD("ISOCHRONOUS", 17, 1, RO, "isochronous transfers"),
	FIELD("REQUESTS", 24, 8, RO, "requests that may be outstanding, less one"),
	{ 0 },
};

static const struct config_field agp_command[] = {
	FIELD("RATE", 0, 3, RW, "data rate, one bit"),
	FIELD("FAST_WRITE", 4, 1, RW, "fast writes"),
	FIELD("OVER_4G", 5, 1, RW, "addresses above 4 GiB"),
	FIELD("GART_64", 7, 1, RW, "64-bit aperture entries"),
	FIELD("ENABLE", 8, 1, RW, "AGP operation"),
	FIELD("SIDEBAND", 9, 1, RW, "side-band addressing"),
	FIELD("ARQSZ", 13, 3, RW, "size of asynchronous requests"),
	FIELD("REQUESTS", 24, 8, RW, "requests that may be outstanding, less one"),
	{ 0 },
};

static const struct config_register agp[] = {
	REGISTER("VERSION", 0x02, 8, RO, "version", .fields = agp_version),
	REGISTER("STATUS", 0x04, 32, RO, "status", .fields = agp_status),
	REGISTER("COMMAND", 0x08, 32, RW, "command", .fields = agp_command),
	{ 0 },
};

/* --- Vital Product Data: PCI Local Bus 3.0 appendix I ------------------------------------------------ */

static const struct config_field vpd_address[] = {
	FIELD("ADDRESS", 0, 15, RW, "address in the product data"),
	FIELD("DONE", 15, 1, RW, "a transfer is finished"),
	{ 0 },
};

static const struct config_register vpd[] = {
	/* a write of the address starts a transfer */
	REGISTER("ADDRESS", 0x02, 16, RW, "address and flag", .fields = vpd_address, .by_kernel = true),
	REGISTER("DATA", 0x04, 32, RW, "data", .by_kernel = true),
	{ 0 },
};

/* --- Slot Identification: PCI-to-PCI Bridge 1.2 section 13.1 ----------------------------------------- */

static const struct config_field slotid_slots[] = {
	FIELD("SLOTS", 0, 5, RO, "expansion slots on the secondary bus"),
	FIELD("FIRST", 5, 1, RO, "first in its chassis"),
	{ 0 },
};

static const struct config_register slotid[] = {
	REGISTER("SLOTS", 0x02, 8, RO, "expansion slots", .fields = slotid_slots),
	REGISTER("CHASSIS", 0x03, 8, RW, "chassis number"),
	{ 0 },
};

/* --- MSI: PCIe 6.0 section 7.7.1 ---------------------------------------------------------------------- */

static const struct config_value vector_counts[] = {
	{ 0, "1" }, { 1, "2" }, { 2, "4" }, { 3, "8" }, { 4, "16" }, { 5, "32" }, { 0, NULL },
};

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

/* Bits 8:7 of the flags, maskable and 64-bit, decide where the rest is. */
#define LAYOUT(min_, max_)                                                                                   \
	.when = { { .number = { .offset = 2, .width = 16, .lsb = 7, .bits = 2 },                             \
		    .min = min_,                                                                             \
		    .max = max_ } },                                                                         \
	.by_kernel = true
#define WITH_64                                                                                              \
	.when = { { .number = { .offset = 2, .width = 16, .lsb = 7, .bits = 1 }, .min = 1 } },               \
	.by_kernel = true
#define WITHOUT_64                                                                                           \
	.when = { { .number = { .offset = 2, .width = 16, .lsb = 7, .bits = 1 }, .zero = true } },           \
	.by_kernel = true

static const struct config_register msi[] = {
	REGISTER("FLAGS", 0x02, 16, RW, "message control", .fields = msi_flags, .by_kernel = true),
	REGISTER("ADDRESS", 0x04, 32, RW, "message address", .by_kernel = true),
	REGISTER("ADDRESS_HI", 0x08, 32, RW, "its upper half", WITH_64),
	REGISTER("DATA", 0x08, 16, RW, "message data", WITHOUT_64),
	REGISTER("DATA", 0x0c, 16, RW, "message data", WITH_64),
	REGISTER("MASK", 0x0c, 32, RW, "vectors that are masked", LAYOUT(2, 2)),
	REGISTER("PENDING", 0x10, 32, RO, "vectors that are pending", LAYOUT(2, 2)),
	REGISTER("MASK", 0x10, 32, RW, "vectors that are masked", LAYOUT(3, 3)),
	REGISTER("PENDING", 0x14, 32, RO, "vectors that are pending", LAYOUT(3, 3)),
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
	REGISTER("CONTROL", 0x02, 8, RW, "control and status", .fields = chswp_control, .by_kernel = true),
	{ 0 },
};

/* --- PCI-X: PCI-X Protocol Addendum 2.0 section 7.2 (type 0), 8.6.2 (type 1) --------------------------- */

static const struct config_value read_counts[] = {
	{ 0, "512" }, { 1, "1024" }, { 2, "2048" }, { 3, "4096" }, { 0, NULL },
};

static const struct config_value split_counts[] = {
	{ 0, "1" },  { 1, "2" },  { 2, "3" },  { 3, "4" },  { 4, "8" },
	{ 5, "12" }, { 6, "16" }, { 7, "32" }, { 0, NULL },
};

static const struct config_field pcix_command[] = {
	FIELD("DPERE", 0, 1, RW, "recovers from data parity errors"),
	FIELD("ERO", 1, 1, RW, "relaxed ordering"),
	FIELD("RBC", 2, 2, RW, "maximum read byte count", .values = read_counts, .sizes = true),
	FIELD("OST", 4, 3, RW, "outstanding split transactions", .values = split_counts, .sizes = true),
	FIELD("VERSION", 12, 2, RO, "version of the capability"),
	{ 0 },
};

static const struct config_field pcix_status[] = {
	FIELD("FUNCTION", 0, 3, RO, "function number"),
	FIELD("DEVICE", 3, 5, RO, "device number"),
	FIELD("BUS", 8, 8, RO, "bus number"),
	FIELD("BITS_64", 16, 1, RO, "64-bit device"),
	FIELD("MHZ_133", 17, 1, RO, "133 MHz capable"),
	FIELD("SCD", 18, 1, RW1C, "split completion discarded"),
	FIELD("USC", 19, 1, RW1C, "unexpected split completion"),
	FIELD("COMPLEX", 20, 1, RO, "a bridge, not a simple device"),
	FIELD("DMMRBC", 21, 2, RO, "designed maximum read byte count", .values = read_counts, .sizes = true),
	FIELD("DMOST", 23, 3, RO, "designed outstanding split transactions", .values = split_counts,
	      .sizes = true),
	FIELD("DMCRS", 26, 3, RO, "designed cumulative read size, 1 KiB << value"),
	FIELD("RSCEM", 29, 1, RW1C, "received split completion error message"),
	FIELD("MHZ_266", 30, 1, RO, "266 MHz capable"),
	FIELD("MHZ_533", 31, 1, RO, "533 MHz capable"),
	{ 0 },
};

static const struct config_field pcix_sec_status[] = {
	FIELD("BITS_64", 0, 1, RO, "64-bit secondary bus"),
	FIELD("MHZ_133", 1, 1, RO, "133 MHz capable"),
	FIELD("SCD", 2, 1, RW1C, "split completion discarded"),
	FIELD("USC", 3, 1, RW1C, "unexpected split completion"),
	FIELD("SCO", 4, 1, RW1C, "split completion overrun"),
	FIELD("SRD", 5, 1, RW1C, "split request delayed"),
	FIELD("FREQUENCY", 6, 4, RO, "secondary bus mode and frequency"),
	{ 0 },
};

static const struct config_field pcix_bridge_status[] = {
	FIELD("FUNCTION", 0, 3, RO, "function number"),
	FIELD("DEVICE", 3, 5, RO, "device number"),
	FIELD("BUS", 8, 8, RO, "bus number"),
	FIELD("BITS_64", 16, 1, RO, "64-bit device"),
	FIELD("MHZ_133", 17, 1, RO, "133 MHz capable"),
	FIELD("SCD", 18, 1, RW1C, "split completion discarded"),
	FIELD("USC", 19, 1, RW1C, "unexpected split completion"),
	FIELD("SCO", 20, 1, RW1C, "split completion overrun"),
	FIELD("SRD", 21, 1, RW1C, "split request delayed"),
	{ 0 },
};

static const struct config_field pcix_split[] = {
	FIELD("CAPACITY", 0, 16, RO, "split transactions that fit"),
	FIELD("COMMITMENT", 16, 16, RW, "limit of their commitment"),
	{ 0 },
};

static const struct config_register pcix[] = {
	REGISTER("COMMAND", 0x02, 16, RW, "command", .fields = pcix_command, .headers = HEADER_ENDPOINT),
	REGISTER("STATUS", 0x04, 32, RO, "status", .fields = pcix_status, .headers = HEADER_ENDPOINT),
	REGISTER("SEC_STATUS", 0x02, 16, RO, "secondary status", .fields = pcix_sec_status,
		 .headers = HEADER_BRIDGE),
	REGISTER("BRIDGE_STATUS", 0x04, 32, RO, "bridge status", .fields = pcix_bridge_status,
		 .headers = HEADER_BRIDGE),
	REGISTER("UPSTREAM_SPLIT", 0x08, 32, RW, "upstream split transactions", .fields = pcix_split,
		 .headers = HEADER_BRIDGE),
	REGISTER("DOWNSTREAM_SPLIT", 0x0c, 32, RW, "downstream split transactions", .fields = pcix_split,
		 .headers = HEADER_BRIDGE),
	{ 0 },
};

/* --- HyperTransport: HyperTransport I/O Link 3.10 section 7.5, 7.12 ------------------------------------ */

static const struct config_value ht_types[] = {
	{ 0x08, "switch" },
	{ 0x10, "interrupt-discovery" },
	{ 0x11, "revision" },
	{ 0x12, "unit-id-clumping" },
	{ 0x13, "config-access" },
	{ 0x14, "address-mapping" },
	{ 0x15, "msi-mapping" },
	{ 0x16, "direct-route" },
	{ 0x17, "vc-set" },
	{ 0x18, "retry" },
	{ 0, NULL },
};

static const struct config_field ht_command[] = {
	FIELD("TYPE", 11, 5, RO, "kind of the capability; of slave and host only bits 15:13 count",
	      .values = ht_types),
	{ 0 },
};

static const struct config_field ht_msi[] = {
	FIELD("ENABLE", 0, 1, RW, "MSI are mapped"),
	FIELD("FIXED", 1, 1, RO, "at a fixed address"),
	{ 0 },
};

#define HT_TYPE(type_)                                                                                       \
	.when = {                                                                                            \
		{ .number = { .offset = 2, .width = 16, .lsb = 11, .bits = 5 }, .min = type_, .max = type_ } \
	}

static const struct config_register ht[] = {
	REGISTER("COMMAND", 0x02, 16, RO, "command and type", .fields = ht_command),
	REGISTER("REVISION", 0x02, 8, RO, "revision", HT_TYPE(0x11)),
	REGISTER("MSI_FLAGS", 0x02, 8, RW, "MSI mapping", .fields = ht_msi, HT_TYPE(0x15)),
	REGISTER("MSI_ADDRESS", 0x04, 32, RW, "mapped address", HT_TYPE(0x15), .by_kernel = true),
	REGISTER("MSI_ADDRESS_HI", 0x08, 32, RW, "its upper half", HT_TYPE(0x15), .by_kernel = true),
	{ 0 },
};

/* --- Vendor-Specific: PCI Local Bus 3.0 appendix H ----------------------------------------------------- */

static const struct config_register vndr[] = {
	REGISTER("LENGTH", 0x02, 8, RO, "length of the capability in bytes"),
	{ 0 },
};

/* --- Debug Port: EHCI 1.0 appendix C ------------------------------------------------------------------- */

static const struct config_field dbg_port[] = {
	FIELD("OFFSET", 0, 13, RO, "offset of its registers in the BAR"),
	FIELD("BAR", 13, 3, RO, "number of the BAR, counted from 1"),
	{ 0 },
};

static const struct config_register dbg[] = {
	REGISTER("PORT", 0x02, 16, RO, "where the debug port is", .fields = dbg_port),
	{ 0 },
};

/* --- Standard Hot-Plug: SHPC 1.0 section 4.3 ----------------------------------------------------------- */

static const struct config_register hotplug[] = {
	REGISTER("SELECT", 0x02, 8, RW, "dword of the controller's registers", .by_kernel = true),
	REGISTER("DATA", 0x04, 32, RW, "that dword", .by_kernel = true),
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
	FIELD("SIZE", 0, 11, RO, "vectors, less one"),
	FIELD("MASKALL", 14, 1, RW, "all vectors are masked"),
	FIELD("ENABLE", 15, 1, RW, "MSI-X is on"),
	{ 0 },
};

static const struct config_field msix_place[] = {
	FIELD("BAR", 0, 3, RO, "in which BAR"),
	FIELD("OFFSET", 3, 29, RO, "offset in it, in units of 8 bytes"),
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

static const struct config_field sata_place[] = {
	FIELD("BAR", 0, 4, RO, "BAR of the index/data pair, 4 for BAR 0; 15: in this capability"),
	FIELD("OFFSET", 4, 20, RO, "offset in it, in units of 4 bytes"),
	{ 0 },
};

static const struct config_register sata[] = {
	REGISTER("REVISION", 0x02, 8, RO, "revision", .fields = sata_revision),
	REGISTER("PLACE", 0x04, 32, RO, "where the index/data pair is", .fields = sata_place),
	{ 0 },
};

/* --- Advanced Features: PCI Advanced Capabilities ECN, PCIe 6.0 section 7.9.21 ------------------------- */

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

static const struct config_field ea_entries[] = {
	FIELD("ENTRIES", 0, 6, RO, "how many follow"),
	{ 0 },
};

static const struct config_field ea_buses[] = {
	FIELD("SECONDARY", 0, 8, HWINIT, "fixed secondary bus"),
	FIELD("SUBORDINATE", 8, 8, HWINIT, "fixed subordinate bus"),
	{ 0 },
};

static const struct config_register ea[] = {
	REGISTER("ENTRIES", 0x02, 8, RO, "entries", .fields = ea_entries),
	REGISTER("BUSES", 0x04, 16, RO, "fixed bus numbers", .fields = ea_buses, .headers = HEADER_BRIDGE),
	{ 0 },
};

/* --- Flattening Portal Bridge: PCIe 6.0 section 7.8.10 ------------------------------------------------- */

static const struct config_field fpb_cap[] = {
	FIELD("RID_SUPPORTED", 0, 1, RO, "routing ids"),
	FIELD("MEM_LOW_SUPPORTED", 1, 1, RO, "memory below 4 GiB"),
	FIELD("MEM_HIGH_SUPPORTED", 2, 1, RO, "memory above 4 GiB"),
	FIELD("NUM_SEC_DEV", 3, 5, HWINIT, "device numbers on the secondary side, less one"),
	FIELD("RID_VECTOR_SIZE", 8, 3, HWINIT, "size of the routing id vector"),
	FIELD("MEM_LOW_VECTOR_SIZE", 16, 3, HWINIT, "size of the vector below 4 GiB"),
	FIELD("MEM_HIGH_VECTOR_SIZE", 24, 3, HWINIT, "size of the vector above 4 GiB"),
	{ 0 },
};

static const struct config_register fpb[] = {
	REGISTER("CAP", 0x04, 32, RO, "capabilities", .fields = fpb_cap),
	REGISTER("RID_CONTROL1", 0x08, 32, RW, "routing id vector control 1", .by_kernel = true),
	REGISTER("RID_CONTROL2", 0x0c, 32, RW, "routing id vector control 2", .by_kernel = true),
	REGISTER("MEM_LOW_CONTROL", 0x10, 32, RW, "memory below 4 GiB vector control", .by_kernel = true),
	REGISTER("MEM_HIGH_CONTROL1", 0x14, 32, RW, "memory above 4 GiB vector control 1", .by_kernel = true),
	REGISTER("MEM_HIGH_CONTROL2", 0x18, 32, RW, "memory above 4 GiB vector control 2", .by_kernel = true),
	REGISTER("VECTOR_CONTROL", 0x1c, 32, RW, "vector access control", .by_kernel = true),
	REGISTER("VECTOR_DATA", 0x20, 32, RW, "vector access data", .by_kernel = true),
	{ 0 },
};

#define BLOCK(id_, name_, title_, size_, registers_)                                                         \
	{                                                                                                    \
		.id = id_, .name = name_, .title = title_, .size = size_, .registers = registers_            \
	}

const struct config_block config_pci_blocks[] = {
	BLOCK(0x01, "PM", "Power Management", 8, pm),
	BLOCK(0x02, "AGP", "AGP", 12, agp),
	BLOCK(0x03, "VPD", "Vital Product Data", 8, vpd),
	BLOCK(0x04, "SLOTID", "Slot Identification", 4, slotid),
	BLOCK(0x05, "MSI", "MSI", 10, msi),
	BLOCK(0x06, "CHSWP", "CompactPCI Hot Swap", 4, chswp),
	BLOCK(0x07, "PCIX", "PCI-X", 8, pcix),
	BLOCK(0x08, "HT", "HyperTransport", 4, ht),
	BLOCK(0x09, "VNDR", "Vendor-Specific", 4, vndr),
	BLOCK(0x0a, "DBG", "Debug Port", 4, dbg),
	BLOCK(0x0c, "HOTPLUG", "PCI Hot-Plug", 8, hotplug),
	BLOCK(0x0d, "SSVID", "Bridge Subsystem Vendor ID", 8, ssvid),
	BLOCK(0x0e, "AGP3", "AGP 8x", 12, agp),
	BLOCK(0x11, "MSIX", "MSI-X", 12, msix),
	BLOCK(0x12, "SATA", "SATA Data/Index Configuration", 8, sata),
	BLOCK(0x13, "AF", "Advanced Features", 6, af),
	BLOCK(0x14, "EA", "Enhanced Allocation", 4, ea),
	BLOCK(0x15, "FPB", "Flattening Portal Bridge", 36, fpb),
	{ 0 },
};
