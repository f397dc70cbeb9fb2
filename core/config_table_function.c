// SPDX-License-Identifier: GPL-2.0-or-later
/* Extended capabilities of functions: transactions, virtualization, vendors. */
#include "core/config_table.h"

/* --- Virtual Channel, Multi-Function Virtual Channel: PCIe 6.0 sections 7.9.1, 7.9.2 -------------------- */

static const struct config_field vc_cap1[] = {
	FIELD("COUNT", 0, 3, RO, "virtual channels beside the first"),
	FIELD("LOW_COUNT", 4, 3, RO, "of them in the low priority group"),
	FIELD("REFERENCE_CLOCK", 8, 2, RO, "reference clock; 0: 100 ns"),
	FIELD("PAT_SIZE", 10, 2, RO, "size of a port arbitration table entry, 1 << value bits"),
	{ 0 },
};

static const struct config_field vc_cap2[] = {
	FIELD("FIXED", 0, 1, RO, "hardware-fixed arbitration"),
	FIELD("WRR32", 1, 1, RO, "weighted round robin, 32 phases"),
	FIELD("WRR64", 2, 1, RO, "weighted round robin, 64 phases"),
	FIELD("WRR128", 3, 1, RO, "weighted round robin, 128 phases"),
	FIELD("TABLE", 24, 8, RO, "offset of the arbitration table, in units of 16 bytes"),
	{ 0 },
};

static const struct config_field vc_control[] = {
	FIELD("LOAD_TABLE", 0, 1, TRIGGER, "loads the arbitration table"),
	FIELD("ARBITRATION", 1, 3, RW, "arbitration"),
	{ 0 },
};

static const struct config_field vc_status[] = {
	FIELD("TABLE_CHANGED", 0, 1, RO, "the arbitration table is not loaded yet"),
	{ 0 },
};

static const struct config_field vc_resource_cap[] = {
	FIELD("FIXED", 0, 1, RO, "hardware-fixed port arbitration"),
	FIELD("WRR32", 1, 1, RO, "weighted round robin, 32 phases"),
	FIELD("WRR64", 2, 1, RO, "weighted round robin, 64 phases"),
	FIELD("WRR128", 3, 1, RO, "weighted round robin, 128 phases"),
	FIELD("TWRR128", 4, 1, RO, "time-based weighted round robin, 128 phases"),
	FIELD("WRR256", 5, 1, RO, "weighted round robin, 256 phases"),
	FIELD("REJECT_SNOOP", 15, 1, RO, "rejects transactions with snoop"),
	FIELD("TIME_SLOTS", 16, 7, HWINIT, "maximum time slots, less one"),
	FIELD("TABLE", 24, 8, RO, "offset of the port arbitration table, in units of 16 bytes"),
	{ 0 },
};

static const struct config_field vc_resource_control[] = {
	FIELD("TC_MAP", 0, 8, RW, "traffic classes, a bit each"),
	FIELD("LOAD_TABLE", 16, 1, TRIGGER, "loads the port arbitration table"),
	FIELD("ARBITRATION", 17, 3, RW, "port arbitration"),
	FIELD("ID", 24, 3, RW, "virtual channel's id"),
	FIELD("ENABLE", 31, 1, RW, "the channel is on"),
	{ 0 },
};

static const struct config_field vc_resource_status[] = {
	FIELD("TABLE_CHANGED", 0, 1, RO, "the port arbitration table is not loaded yet"),
	FIELD("NEGOTIATION_PENDING", 1, 1, RO, "flow control is not initialized yet"),
	{ 0 },
};

#define PER_VC .stride = 12, .plus = 1, .repeat = { .offset = 4, .width = 32, .lsb = 0, .bits = 3 }

static const struct config_register vc[] = {
	REGISTER("CAP1", 0x04, 32, RO, "port capabilities 1", .fields = vc_cap1),
	REGISTER("CAP2", 0x08, 32, RO, "port capabilities 2", .fields = vc_cap2),
	REGISTER("CONTROL", 0x0c, 16, RW, "port control", .fields = vc_control),
	REGISTER("STATUS", 0x0e, 16, RO, "port status", .fields = vc_status),
	REGISTER("RESOURCE_CAP", 0x10, 32, RO, "capabilities of channel ", .fields = vc_resource_cap, PER_VC),
	REGISTER("RESOURCE_CONTROL", 0x14, 32, RW, "control of channel ", .fields = vc_resource_control,
		 PER_VC),
	REGISTER("RESOURCE_STATUS", 0x1a, 16, RO, "status of channel ", .fields = vc_resource_status, PER_VC),
	{ 0 },
};

/* --- Device Serial Number: PCIe 6.0 section 7.9.3 ------------------------------------------------------ */

static const struct config_register dsn[] = {
	REGISTER("LOW", 0x04, 32, RO, "lower half"),
	REGISTER("HIGH", 0x08, 32, RO, "upper half"),
	{ 0 },
};

/* --- Vendor-Specific Extended: PCIe 6.0 section 7.9.5 -------------------------------------------------- */

static const struct config_field vsec_header[] = {
	FIELD("ID", 0, 16, RO, "the vendor's id of it"),
	FIELD("REVISION", 16, 4, RO, "revision"),
	FIELD("LENGTH", 20, 12, RO, "length in bytes"),
	{ 0 },
};

static const struct config_register vsec[] = {
	REGISTER("HEADER", 0x04, 32, RO, "header", .fields = vsec_header),
	{ 0 },
};

/* --- Access Control Services: PCIe 6.0 section 7.7.11 -------------------------------------------------- */

static const struct config_field acs_cap[] = {
	FIELD("SOURCE_VALIDATION", 0, 1, RO, "source validation"),
	FIELD("TRANSLATION_BLOCKING", 1, 1, RO, "translation blocking"),
	FIELD("REQUEST_REDIRECT", 2, 1, RO, "peer-to-peer request redirect"),
	FIELD("COMPLETION_REDIRECT", 3, 1, RO, "peer-to-peer completion redirect"),
	FIELD("UPSTREAM_FORWARDING", 4, 1, RO, "upstream forwarding"),
	FIELD("EGRESS_CONTROL", 5, 1, RO, "peer-to-peer egress control"),
	FIELD("DIRECT_TRANSLATED", 6, 1, RO, "direct translated peer-to-peer"),
	FIELD("ENHANCED", 7, 1, RO, "enhanced capability"),
	FIELD("EGRESS_VECTOR_SIZE", 8, 8, HWINIT, "size of the egress control vector; 0: 256"),
	{ 0 },
};

static const struct config_field acs_control[] = {
	FIELD("SOURCE_VALIDATION", 0, 1, RW, "source validation"),
	FIELD("TRANSLATION_BLOCKING", 1, 1, RW, "translation blocking"),
	FIELD("REQUEST_REDIRECT", 2, 1, RW, "peer-to-peer request redirect"),
	FIELD("COMPLETION_REDIRECT", 3, 1, RW, "peer-to-peer completion redirect"),
	FIELD("UPSTREAM_FORWARDING", 4, 1, RW, "upstream forwarding"),
	FIELD("EGRESS_CONTROL", 5, 1, RW, "peer-to-peer egress control"),
	FIELD("DIRECT_TRANSLATED", 6, 1, RW, "direct translated peer-to-peer"),
	FIELD("IO_REQUEST_BLOCKING", 7, 1, RW, "I/O request blocking"),
	FIELD("DSP_MEMORY_CONTROL", 8, 2, RW, "downstream port memory target access"),
	FIELD("USP_MEMORY_CONTROL", 10, 2, RW, "upstream port memory target access"),
	FIELD("UNCLAIMED_REDIRECT", 12, 1, RW, "unclaimed request redirect"),
	{ 0 },
};

static const struct config_register acs[] = {
	REGISTER("CAP", 0x04, 16, RO, "capabilities", .fields = acs_cap),
	REGISTER("CONTROL", 0x06, 16, RW, "control", .fields = acs_control),
	{ 0 },
};

/* --- Alternative Routing-ID Interpretation: PCIe 6.0 section 7.8.8 ------------------------------------- */

static const struct config_field ari_cap[] = {
	FIELD("MFVC_GROUPS", 0, 1, RO, "function groups for multi-function virtual channels"),
	FIELD("ACS_GROUPS", 1, 1, RO, "function groups for access control"),
	FIELD("NEXT_FUNCTION", 8, 8, RO, "next function; 0: the last"),
	{ 0 },
};

static const struct config_field ari_control[] = {
	FIELD("MFVC_GROUPS", 0, 1, RW, "function groups for multi-function virtual channels"),
	FIELD("ACS_GROUPS", 1, 1, RW, "function groups for access control"),
	FIELD("GROUP", 4, 3, RW, "function group"),
	{ 0 },
};

static const struct config_register ari[] = {
	REGISTER("CAP", 0x04, 16, RO, "capabilities", .fields = ari_cap),
	REGISTER("CONTROL", 0x06, 16, RW, "control", .fields = ari_control),
	{ 0 },
};

/* --- Address Translation Services: PCIe 6.0 section 10.5.1 --------------------------------------------- */

static const struct config_field ats_cap[] = {
	FIELD("QUEUE_DEPTH", 0, 5, RO, "invalidations that it accepts; 0: 32"),
	FIELD("PAGE_ALIGNED", 5, 1, RO, "untranslated addresses are page-aligned"),
	FIELD("GLOBAL_INVALIDATE", 6, 1, RO, "global invalidate"),
	FIELD("RELAXED_ORDERING", 7, 1, RO, "relaxed ordering"),
	{ 0 },
};

static const struct config_field ats_control[] = {
	FIELD("STU", 0, 5, RW, "smallest translation unit, 4096 << value bytes"),
	FIELD("ENABLE", 15, 1, RW, "translation is on"),
	{ 0 },
};

static const struct config_register ats[] = {
	REGISTER("CAP", 0x04, 16, RO, "capabilities", .fields = ats_cap),
	REGISTER("CONTROL", 0x06, 16, RW, "control", .fields = ats_control, .by_kernel = true),
	{ 0 },
};

/* --- SR-IOV: PCIe 6.0 section 9.3.3 --------------------------------------------------------------------- */

static const struct config_field sriov_cap[] = {
	FIELD("VF_MIGRATION", 0, 1, RO, "VF migration"),
	FIELD("ARI_PRESERVED", 1, 1, RO, "the ARI capable hierarchy bit is preserved"),
	FIELD("VF_TAG_10_REQUESTER", 2, 1, HWINIT, "VFs can use 10-bit tags"),
	FIELD("MIGRATION_VECTOR", 21, 11, RO, "vector of the migration interrupt"),
	{ 0 },
};

static const struct config_field sriov_control[] = {
	FIELD("VF_ENABLE", 0, 1, RW, "VFs are enabled"),
	FIELD("MIGRATION_ENABLE", 1, 1, RW, "VF migration"),
	FIELD("MIGRATION_INT", 2, 1, RW, "interrupt on VF migration"),
	FIELD("VF_MSE", 3, 1, RW, "VFs decode memory"),
	FIELD("ARI", 4, 1, RW, "ARI capable hierarchy"),
	FIELD("VF_TAG_10_REQUESTER", 5, 1, RW, "VFs use 10-bit tags"),
	{ 0 },
};

static const struct config_field sriov_status[] = {
	FIELD("MIGRATION", 0, 1, RW1C, "VF migration requested"),
	{ 0 },
};

static const struct config_register sriov[] = {
	REGISTER("CAP", 0x04, 32, RO, "capabilities", .fields = sriov_cap),
	REGISTER("CONTROL", 0x08, 16, RW, "control", .fields = sriov_control, .by_kernel = true),
	REGISTER("STATUS", 0x0a, 16, RO, "status", .fields = sriov_status),
	REGISTER("INITIAL_VFS", 0x0c, 16, RO, "VFs at first"),
	REGISTER("TOTAL_VFS", 0x0e, 16, RO, "VFs at most"),
	REGISTER("NUM_VFS", 0x10, 16, RW, "VFs visible", .by_kernel = true),
	REGISTER("FUNCTION_LINK", 0x12, 8, RO, "function dependency link"),
	REGISTER("FIRST_VF", 0x14, 16, RO, "routing id of the first VF, from the PF's"),
	REGISTER("VF_STRIDE", 0x16, 16, RO, "distance of routing ids"),
	REGISTER("VF_DEVICE_ID", 0x1a, 16, RO, "VFs' device id"),
	REGISTER("SUPPORTED_PAGES", 0x1c, 32, RO, "page sizes, 4096 << bit"),
	REGISTER("SYSTEM_PAGES", 0x20, 32, RW, "page size, 4096 << bit", .by_kernel = true),
	REGISTER("VF_BAR", 0x24, 32, RW, "VFs' BAR ", .fixed = 6, .stride = 4, .by_kernel = true),
	REGISTER("MIGRATION_ARRAY", 0x3c, 32, RO, "offset and BAR of the migration state array"),
	{ 0 },
};

/* --- Multicast: PCIe 6.0 section 7.9.11 ------------------------------------------------------------------ */

static const struct config_field mcast_cap[] = {
	FIELD("MAX_GROUP", 0, 6, RO, "groups, less one"),
	FIELD("WINDOW_SIZE", 8, 6, RO, "requested window, 1 << value bytes", .ports = PORTS_ENDPOINT),
	FIELD("ECRC_REGENERATION", 15, 1, RO, "ECRC regeneration", .ports = PORTS_DOWN | PORT_UPSTREAM),
	{ 0 },
};

static const struct config_field mcast_control[] = {
	FIELD("NUM_GROUP", 0, 6, RW, "groups in use, less one"),
	FIELD("ENABLE", 15, 1, RW, "multicast is on"),
	{ 0 },
};

static const struct config_register mcast[] = {
	REGISTER("CAP", 0x04, 16, RO, "capabilities", .fields = mcast_cap),
	REGISTER("CONTROL", 0x06, 16, RW, "control", .fields = mcast_control),
	REGISTER("BASE", 0x08, 32, RW, "index position and base address"),
	REGISTER("BASE_HI", 0x0c, 32, RW, "its upper half"),
	REGISTER("RECEIVE", 0x10, 32, RW, "groups that are received"),
	REGISTER("RECEIVE_HI", 0x14, 32, RW, "its upper half"),
	REGISTER("BLOCK_ALL", 0x18, 32, RW, "groups that are blocked"),
	REGISTER("BLOCK_ALL_HI", 0x1c, 32, RW, "its upper half"),
	REGISTER("BLOCK_UNTRANSLATED", 0x20, 32, RW, "groups blocked unless translated"),
	REGISTER("BLOCK_UNTRANSLATED_HI", 0x24, 32, RW, "its upper half"),
	REGISTER("OVERLAY", 0x28, 32, RW, "overlay BAR", .ports = PORTS_DOWN | PORT_UPSTREAM),
	REGISTER("OVERLAY_HI", 0x2c, 32, RW, "its upper half", .ports = PORTS_DOWN | PORT_UPSTREAM),
	{ 0 },
};

/* --- Page Request Interface: PCIe 6.0 section 10.5.2 ----------------------------------------------------- */

static const struct config_field pri_control[] = {
	FIELD("ENABLE", 0, 1, RW, "page requests"),
	FIELD("RESET", 1, 1, TRIGGER, "resets the interface"),
	{ 0 },
};

static const struct config_field pri_status[] = {
	FIELD("RESPONSE_FAILURE", 0, 1, RW1C, "response failure"),
	FIELD("UNEXPECTED_INDEX", 1, 1, RW1C, "unexpected group index"),
	FIELD("STOPPED", 8, 1, RO, "stopped"),
	FIELD("PASID_REQUIRED", 15, 1, RO, "responses need a PASID"),
	{ 0 },
};

static const struct config_register pri[] = {
	REGISTER("CONTROL", 0x04, 16, RW, "control", .fields = pri_control, .by_kernel = true),
	REGISTER("STATUS", 0x06, 16, RO, "status", .fields = pri_status),
	REGISTER("CAPACITY", 0x08, 32, RO, "requests that may be outstanding"),
	REGISTER("ALLOCATION", 0x0c, 32, RW, "requests that are allowed", .by_kernel = true),
	{ 0 },
};

/* --- Resizable BAR, VF Resizable BAR: PCIe 6.0 sections 7.8.6, 7.8.7 -------------------------------------- */

static const struct config_value bar_sizes[] = {
	{ 0, "1M" },	{ 1, "2M" },	{ 2, "4M" },   { 3, "8M" },    { 4, "16M" },   { 5, "32M" },
	{ 6, "64M" },	{ 7, "128M" },	{ 8, "256M" }, { 9, "512M" },  { 10, "1G" },   { 11, "2G" },
	{ 12, "4G" },	{ 13, "8G" },	{ 14, "16G" }, { 15, "32G" },  { 16, "64G" },  { 17, "128G" },
	{ 18, "256G" }, { 19, "512G" }, { 20, "1T" },  { 21, "2T" },   { 22, "4T" },   { 23, "8T" },
	{ 24, "16T" },	{ 25, "32T" },	{ 26, "64T" }, { 27, "128T" }, { 28, "256T" }, { 29, "512T" },
	{ 30, "1P" },	{ 0, NULL },
};

static const struct config_field rebar_cap[] = {
	FIELD("SIZES", 4, 28, RO, "sizes that it can have: 1 MiB << bit"),
	{ 0 },
};

static const struct config_field rebar_control[] = {
	FIELD("BAR", 0, 3, RO, "number of the BAR"),
	FIELD("COUNT", 5, 3, RO, "resizable BARs, in the first of these"),
	FIELD("SIZE", 8, 6, RW, "its size", .values = bar_sizes),
	FIELD("SIZES_HI", 16, 16, RO, "further sizes, 256 TiB << bit"),
	{ 0 },
};

#define PER_BAR .stride = 8, .repeat = { .offset = 8, .width = 32, .lsb = 5, .bits = 3 }

static const struct config_register rebar[] = {
	REGISTER("CAP", 0x04, 32, RO, "sizes of entry ", .fields = rebar_cap, PER_BAR),
	/* a BAR that changes its size below the kernel is in nobody's place */
	REGISTER("CONTROL", 0x08, 32, RW, "control of entry ", .fields = rebar_control, PER_BAR,
		 .by_kernel = true),
	{ 0 },
};

/* --- TPH Requester: PCIe 6.0 section 7.9.13 -------------------------------------------------------------- */

static const struct config_value tph_places[] = {
	{ 0, "none" },
	{ 1, "here" },
	{ 2, "msix" },
	{ 0, NULL },
};

static const struct config_field tph_cap[] = {
	FIELD("NO_ST", 0, 1, RO, "no steering tag mode"),
	FIELD("INTERRUPT_VECTOR", 1, 1, RO, "interrupt vector mode"),
	FIELD("DEVICE_SPECIFIC", 2, 1, RO, "device specific mode"),
	FIELD("EXTENDED", 8, 1, RO, "extended TPH"),
	FIELD("TABLE_PLACE", 9, 2, RO, "where the steering tags are", .values = tph_places),
	FIELD("TABLE_SIZE", 16, 11, RO, "steering tags, less one"),
	{ 0 },
};

static const struct config_field tph_control[] = {
	FIELD("MODE", 0, 3, RW, "steering tag mode"),
	FIELD("ENABLE", 8, 2, RW, "requests with hints"),
	{ 0 },
};

static const struct config_register tph[] = {
	REGISTER("CAP", 0x04, 32, RO, "capabilities", .fields = tph_cap),
	REGISTER("CONTROL", 0x08, 32, RW, "control", .fields = tph_control),
	{ 0 },
};

/* --- Process Address Space ID: PCIe 6.0 section 7.8.9 ---------------------------------------------------- */

static const struct config_field pasid_cap[] = {
	FIELD("EXECUTE", 1, 1, RO, "execute permission"),
	FIELD("PRIVILEGED", 2, 1, RO, "privileged mode"),
	FIELD("WIDTH", 8, 5, RO, "bits of an id"),
	{ 0 },
};

static const struct config_field pasid_control[] = {
	FIELD("ENABLE", 0, 1, RW, "ids are used"),
	FIELD("EXECUTE", 1, 1, RW, "execute permission"),
	FIELD("PRIVILEGED", 2, 1, RW, "privileged mode"),
	{ 0 },
};

static const struct config_register pasid[] = {
	REGISTER("CAP", 0x04, 16, RO, "capabilities", .fields = pasid_cap),
	REGISTER("CONTROL", 0x06, 16, RW, "control", .fields = pasid_control, .by_kernel = true),
	{ 0 },
};

/* --- LN Requester: PCIe 3.1 section 7.30 ----------------------------------------------------------------- */

static const struct config_field lnr_cap[] = {
	FIELD("LN64", 0, 1, RO, "64-byte lines"),
	FIELD("LN128", 1, 1, RO, "128-byte lines"),
	FIELD("REGISTRATION_MAX", 8, 5, RO, "registrations, 1 << value"),
	{ 0 },
};

static const struct config_field lnr_control[] = {
	FIELD("ENABLE", 0, 1, RW, "lightweight notification"),
	FIELD("LN128", 1, 1, RW, "128-byte lines"),
	FIELD("REGISTRATION_LIMIT", 8, 5, RW, "registrations, 1 << value"),
	{ 0 },
};

static const struct config_register lnr[] = {
	REGISTER("CAP", 0x04, 16, RO, "capabilities", .fields = lnr_cap),
	REGISTER("CONTROL", 0x06, 16, RW, "control", .fields = lnr_control),
	{ 0 },
};

/* --- Designated Vendor-Specific: PCIe 6.0 section 7.9.6; CXL: CXL 2.0 section 8.1 ------------------------- */

static const struct config_field dvsec_header1[] = {
	FIELD("VENDOR", 0, 16, RO, "vendor"),
	FIELD("REVISION", 16, 4, RO, "revision"),
	FIELD("LENGTH", 20, 12, RO, "length in bytes"),
	{ 0 },
};

static const struct config_field cxl_cap[] = {
	FIELD("CACHE", 0, 1, RO, "CXL.cache"),
	FIELD("IO", 1, 1, RO, "CXL.io"),
	FIELD("MEM", 2, 1, RO, "CXL.mem"),
	FIELD("MEM_HWINIT", 3, 1, RO, "memory is initialized by hardware"),
	FIELD("HDM_COUNT", 4, 2, RO, "host-managed memory ranges"),
	FIELD("WB_INVALIDATE", 6, 1, RO, "cache writeback and invalidate"),
	FIELD("CXL_RESET", 7, 1, RO, "CXL reset"),
	FIELD("VIRAL", 14, 1, RO, "viral handling"),
	{ 0 },
};

static const struct config_field cxl_control[] = {
	FIELD("CACHE", 0, 1, RW, "CXL.cache"),
	FIELD("IO", 1, 1, RO, "CXL.io"),
	FIELD("MEM", 2, 1, RW, "CXL.mem"),
	FIELD("CACHE_SF_COVERAGE", 3, 5, RW, "snoop filter coverage"),
	FIELD("CACHE_SF_GRANULARITY", 8, 3, RW, "snoop filter granularity"),
	FIELD("CACHE_CLEAN", 11, 1, RW, "cache is clean on eviction"),
	FIELD("VIRAL", 14, 1, RW, "viral handling"),
	{ 0 },
};

static const struct config_field cxl_status[] = {
	FIELD("VIRAL", 14, 1, RW1C, "in viral state"),
	{ 0 },
};

#define CXL_DEVICE                                                                                           \
	.when = {                                                                                            \
		{ .number = { .offset = 4, .width = 16, .lsb = 0, .bits = 16 },                              \
		  .min = 0x1e98,                                                                             \
		  .max = 0x1e98 },                                                                           \
		{ .number = { .offset = 8, .width = 16, .lsb = 0, .bits = 16 }, .zero = true },              \
	}

static const struct config_register dvsec[] = {
	REGISTER("HEADER1", 0x04, 32, RO, "header 1", .fields = dvsec_header1),
	REGISTER("ID", 0x08, 16, RO, "the vendor's id of it"),
	REGISTER("CXL_CAP", 0x0a, 16, RO, "CXL device: capabilities", .fields = cxl_cap, CXL_DEVICE),
	/* coherent memory that is switched behind the kernel's back is not for a tool */
	REGISTER("CXL_CONTROL", 0x0c, 16, RW, "CXL device: control", .fields = cxl_control, CXL_DEVICE,
		 .by_kernel = true),
	REGISTER("CXL_STATUS", 0x0e, 16, RO, "CXL device: status", .fields = cxl_status, CXL_DEVICE),
	{ 0 },
};

/* --- Device 3: PCIe 6.0 section 7.7.9 --------------------------------------------------------------------- */

static const struct config_field devcap3[] = {
	FIELD("DMWR_ROUTING", 0, 1, HWINIT, "deferrable memory write routing"),
	FIELD("TAG_14_COMPLETER", 1, 1, HWINIT, "14-bit tag completer"),
	FIELD("TAG_14_REQUESTER", 2, 1, HWINIT, "14-bit tag requester"),
	FIELD("RECEIVER_L0P", 3, 1, HWINIT, "receiver supports L0p"),
	FIELD("PORT_L0P_EXIT", 4, 3, HWINIT, "port's L0p exit latency"),
	FIELD("RETIMER_L0P_EXIT", 7, 3, HWINIT, "retimers' L0p exit latency"),
	{ 0 },
};

static const struct config_field devctl3[] = {
	FIELD("DMWR_REQUESTER", 0, 1, RW, "deferrable memory writes"),
	FIELD("DMWR_EGRESS_BLOCK", 1, 1, RW, "they are not let out"),
	FIELD("TAG_14_REQUESTER", 2, 1, RW, "14-bit tags"),
	FIELD("L0P", 3, 1, RW, "L0p"),
	FIELD("TARGET_WIDTH", 4, 3, RW, "target link width"),
	{ 0 },
};

static const struct config_field devsta3[] = {
	FIELD("INITIAL_WIDTH", 0, 3, RO, "initial link width"),
	FIELD("SEGMENT_CAPTURED", 3, 1, RO, "segment captured"),
	FIELD("REMOTE_L0P", 4, 1, RO, "the other end supports L0p"),
	{ 0 },
};

static const struct config_register dev3[] = {
	REGISTER("DEVCAP3", 0x04, 32, RO, "device capabilities 3", .fields = devcap3),
	REGISTER("DEVCTL3", 0x08, 32, RW, "device control 3", .fields = devctl3),
	REGISTER("DEVSTA3", 0x0c, 32, RO, "device status 3", .fields = devsta3),
	{ 0 },
};

/* --- Integrity and Data Encryption: PCIe 6.0 section 7.9.26 ------------------------------------------------ */

static const struct config_field ide_cap[] = {
	FIELD("LINK_STREAM", 0, 1, HWINIT, "link streams"),
	FIELD("SELECTIVE_STREAM", 1, 1, HWINIT, "selective streams"),
	FIELD("FLOW_THROUGH", 2, 1, HWINIT, "flow-through streams"),
	FIELD("PARTIAL_HEADER", 3, 1, HWINIT, "partial header encryption"),
	FIELD("AGGREGATION", 4, 1, HWINIT, "aggregation"),
	FIELD("PCRC", 5, 1, HWINIT, "PCRC"),
	FIELD("KEY_MANAGEMENT", 6, 1, HWINIT, "key management protocol"),
	FIELD("SELECTIVE_CONFIG", 7, 1, HWINIT, "selective streams for config requests"),
	FIELD("ALGORITHMS", 8, 5, HWINIT, "algorithms"),
	FIELD("LINK_TCS", 13, 3, HWINIT, "traffic classes of link streams, less one"),
	FIELD("SELECTIVE_STREAMS", 16, 8, HWINIT, "selective streams, less one"),
	{ 0 },
};

static const struct config_field ide_control[] = {
	FIELD("FLOW_THROUGH", 2, 1, RW, "flow-through streams"),
	{ 0 },
};

static const struct config_register ide[] = {
	REGISTER("CAP", 0x04, 32, RO, "capabilities", .fields = ide_cap),
	REGISTER("CONTROL", 0x08, 32, RW, "control", .fields = ide_control, .by_kernel = true),
	{ 0 },
};

#define BLOCK(id_, name_, title_, size_, registers_)                                                         \
	{                                                                                                    \
		.is_extended = true, .id = id_, .name = name_, .title = title_, .size = size_,               \
		.registers = registers_                                                                      \
	}

const struct config_block config_function_blocks[] = {
	BLOCK(0x02, "VC", "Virtual Channel", 28, vc),
	BLOCK(0x03, "DSN", "Device Serial Number", 12, dsn),
	BLOCK(0x08, "MFVC", "Multi-Function Virtual Channel", 28, vc),
	BLOCK(0x09, "VC2", "Virtual Channel (with MFVC)", 28, vc),
	BLOCK(0x0b, "VSEC", "Vendor-Specific Extended", 8, vsec),
	BLOCK(0x0d, "ACS", "Access Control Services", 8, acs),
	BLOCK(0x0e, "ARI", "Alternative Routing-ID Interpretation", 8, ari),
	BLOCK(0x0f, "ATS", "Address Translation Services", 8, ats),
	BLOCK(0x10, "SRIOV", "Single Root I/O Virtualization", 64, sriov),
	BLOCK(0x12, "MCAST", "Multicast", 48, mcast),
	BLOCK(0x13, "PRI", "Page Request Interface", 16, pri),
	BLOCK(0x15, "REBAR", "Resizable BAR", 12, rebar),
	BLOCK(0x17, "TPH", "TPH Requester", 12, tph),
	BLOCK(0x1b, "PASID", "Process Address Space ID", 8, pasid),
	BLOCK(0x1c, "LNR", "LN Requester", 8, lnr),
	BLOCK(0x23, "DVSEC", "Designated Vendor-Specific", 12, dvsec),
	BLOCK(0x24, "VF_REBAR", "VF Resizable BAR", 12, rebar),
	BLOCK(0x2f, "DEV3", "Device 3", 16, dev3),
	BLOCK(0x30, "IDE", "Integrity and Data Encryption", 12, ide),
	{ 0 },
};
