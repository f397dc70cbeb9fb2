// SPDX-License-Identifier: GPL-2.0-or-later
/* Extended capabilities of vendors, and CXL's. Names are those of linux/pci_regs.h where it has them. */
#include "core/config/table.h"

/* --- Vendor-Specific, PCIe 6.0 section 7.9.5 -------------------------------------------------------- */

static const struct config_field vsec_header[] = {
	FIELD("ID", 0, 16, RO, "the vendor's number for it"),
	FIELD("REV", 16, 4, RO, "revision"),
	FIELD("LEN", 20, 12, RO, "bytes, both headers included"),
	{ 0 },
};

static const struct config_register vsec[] = {
	REGISTER("HEADER", 0x04, 32, RO, "vendor-specific header", .fields = vsec_header),
	{ 0 },
};

/* --- Designated Vendor-Specific, PCIe 6.0 section 7.9.6 --------------------------------------------- */

VALUES(dvsec_vendors, { 0x1e98, "CXL" });

static const struct config_field dvsec_header1[] = {
	FIELD("VID", 0, 16, RO, "whose it is", .values = dvsec_vendors),
	FIELD("REV", 16, 4, RO, "revision"),
	FIELD("LEN", 20, 12, RO, "bytes, the headers included"),
	{ 0 },
};

static const struct config_field dvsec_header2[] = {
	FIELD("ID", 0, 16, RO, "the vendor's number for it"),
	{ 0 },
};

#define OF_CXL                                                                                               \
	{                                                                                                    \
		.number = { .offset = 0x04, .width = 32, .bits = 16 }, .min = 0x1e98, .max = 0x1e98          \
	}
#define DVSEC_ID .number = { .offset = 0x08, .width = 16, .bits = 16 }
#define DVSEC_LENGTH(min_)                                                                                   \
	{                                                                                                    \
		.number = { .offset = 0x04, .width = 32, .lsb = 20, .bits = 12 }, .min = min_                \
	}

/* a register of CXL's DVSEC of that id, of which there are at least so many bytes */
#define CXL(id_, length_) .when = { OF_CXL, { DVSEC_ID, .min = id_, .max = id_ }, DVSEC_LENGTH(length_) }
#define CXL_DEVICE(length_) .when = { OF_CXL, { DVSEC_ID, .zero = true }, DVSEC_LENGTH(length_) }

/* --- CXL devices: CXL 3.1 section 8.1.3 ------------------------------------------------------------- */

VALUES(cxl_reset_timeouts, { 0, "10ms" }, { 1, "100ms" }, { 2, "1s" }, { 3, "10s" }, { 4, "100s" });
VALUES(cxl_granularities, { 0, "64" }, { 1, "128" }, { 2, "256" }, { 3, "512" }, { 4, "1024" }, { 5, "2048" },
       { 6, "4096" });

VALUES(cxl_fallbacks, { 0, "none" }, { 1, "PCIe" }, { 2, "type-1" }, { 3, "type-3" });
VALUES(cxl_cache_units, { 0, "unknown" }, { 1, "64K" }, { 2, "1M" });
VALUES(cxl_media, { 0, "volatile" }, { 1, "non-volatile" }, { 2, "CDAT" });
VALUES(cxl_classes, { 0, "memory" }, { 1, "storage" }, { 2, "CDAT" });
VALUES(cxl_interleaves, { 0, "none" }, { 1, "256" }, { 2, "4096" }, { 3, "512" }, { 4, "1024" },
       { 5, "2048" }, { 6, "8192" }, { 7, "16384" });

VALUES(cxl_active_timeouts, { 0, "1s" }, { 1, "4s" }, { 2, "16s" }, { 3, "64s" }, { 4, "256s" });

static const struct config_field cxl_cap[] = {
	FIELD("CACHE", 0, 1, RO, "CXL.cache"),
	FIELD("IO", 1, 1, RO, "CXL.io"),
	FIELD("MEM", 2, 1, RO, "CXL.mem"),
	FIELD("MEM_HWINIT", 3, 1, RO, "CXL.mem comes up without software"),
	FIELD("HDM_COUNT", 4, 2, RO, "ranges of memory"),
	FIELD("WB_INVALIDATE", 6, 1, RO, "can write back and invalidate its caches"),
	FIELD("RESET", 7, 1, RO, "CXL reset"),
	FIELD("RESET_TIMEOUT", 8, 3, RO, "how long that takes at most", .values = cxl_reset_timeouts),
	FIELD("RESET_MEM_CLEAR", 11, 1, HWINIT, "a CXL reset can clear memory"),
	FIELD("TSP", 12, 1, HWINIT, "TEE security protocol"),
	FIELD("MLD", 13, 1, HWINIT, "is a logical device of several"),
	FIELD("VIRAL", 14, 1, RO, "viral handling"),
	FIELD("PM_INIT_REPORT", 15, 1, HWINIT, "reports that power management came up"),
	{ 0 },
};

/* CXL 3.0 section 8.1.3.2: bytes, 1 << (code + 15); 0: no indication */
VALUES(cxl_coverages, { 0, "0" }, { 1, "65536" }, { 2, "131072" }, { 3, "262144" }, { 4, "524288" },
       { 5, "1048576" }, { 6, "2097152" }, { 7, "4194304" }, { 8, "8388608" }, { 9, "16777216" },
       { 10, "33554432" }, { 11, "67108864" }, { 12, "134217728" }, { 13, "268435456" }, { 14, "536870912" },
       { 15, "1073741824" }, { 16, "2147483648" }, { 17, "4294967296" }, { 18, "8589934592" },
       { 19, "17179869184" }, { 20, "34359738368" }, { 21, "68719476736" }, { 22, "137438953472" },
       { 23, "274877906944" }, { 24, "549755813888" }, { 25, "1099511627776" }, { 26, "2199023255552" },
       { 27, "4398046511104" }, { 28, "8796093022208" }, { 29, "17592186044416" }, { 30, "35184372088832" },
       { 31, "70368744177664" });

static const struct config_field cxl_ctrl[] = {
	FIELD("CACHE", 0, 1, RW, "CXL.cache"),
	FIELD("IO", 1, 1, RO, "CXL.io"),
	FIELD("MEM", 2, 1, RW, "CXL.mem"),
	FIELD("SF_COVERAGE", 3, 5, RW, "snoop filter: bytes that are covered", .values = cxl_coverages,
	      .sizes = true),
	FIELD("SF_GRANULARITY", 8, 3, RW, "snoop filter: granularity, bytes", .values = cxl_granularities,
	      .sizes = true),
	FIELD("CLEAN_EVICTION", 11, 1, RW, "clean evictions are not wanted"),
	FIELD("P2P_MEM", 12, 1, RW, "direct peer-to-peer CXL.mem"),
	FIELD("VIRAL", 14, 1, RW, "viral handling"),
	{ 0 },
};

static const struct config_field cxl_status[] = {
	FIELD("VIRAL", 14, 1, RW1CS, "entered the viral state"),
	{ 0 },
};

static const struct config_field cxl_ctrl2[] = {
	FIELD("CACHING_DISABLE", 0, 1, RW, "keeps no new lines in its caches"),
	FIELD("WB_INVALIDATE", 1, 1, TRIGGER, "writes back and invalidates its caches"),
	FIELD("RESET", 2, 1, TRIGGER, "starts a CXL reset"),
	FIELD("RESET_MEM_CLEAR", 3, 1, RW, "the CXL reset clears memory"),
	FIELD("HDM_HOT_RESET", 4, 1, RWS, "volatile memory is to survive a hot reset"),
	FIELD("MODIFIED_COMPLETION", 5, 1, RW, "may return modified data"),
	{ 0 },
};

static const struct config_field cxl_status2[] = {
	FIELD("CACHE_INVALID", 0, 1, RO, "caches have no valid lines"),
	FIELD("RESET_COMPLETE", 1, 1, RO, "the CXL reset is complete"),
	FIELD("RESET_ERROR", 2, 1, RO, "the CXL reset failed"),
	FIELD("HDM_PRESERVATION_ERROR", 3, 1, RW1CS, "volatile memory did not survive"),
	FIELD("PM_INIT", 15, 1, RO, "power management came up"),
	{ 0 },
};

static const struct config_field cxl_lock[] = {
	FIELD("LOCK", 0, 1, RW, "locks registers until the next reset"),
	{ 0 },
};

static const struct config_field cxl_cap2[] = {
	FIELD("CACHE_UNIT", 0, 4, RO, "unit of CACHE_SIZE", .values = cxl_cache_units),
	FIELD("FALLBACK", 4, 2, HWINIT, "what else a device of type 2 can be", .values = cxl_fallbacks),
	FIELD("MODIFIED_COMPLETION", 6, 1, HWINIT, "can return modified data"),
	FIELD("NO_CLEAN_WRITEBACK", 7, 1, HWINIT, "writes back nothing that is clean"),
	FIELD("CACHE_SIZE", 8, 8, RO, "size of the cache"),
	{ 0 },
};

static const struct config_field cxl_range_size[] = {
	FIELD("VALID", 0, 1, RO, "the size is valid"),
	FIELD("ACTIVE", 1, 1, RO, "the memory is ready"),
	FIELD("MEDIA", 2, 3, RO, "kind of memory", .values = cxl_media),
	FIELD("CLASS", 5, 3, RO, "its class", .values = cxl_classes),
	FIELD("INTERLEAVE", 8, 5, RO, "interleaving that it wants, bytes", .values = cxl_interleaves),
	FIELD("ACTIVE_TIMEOUT", 13, 3, HWINIT, "how long it takes to be ready",
	      .values = cxl_active_timeouts),
	FIELD("DEGRADED", 16, 1, RO, "ready with less capacity"),
	FIELD("SIZE", 28, 4, RO, "size, its lowest 32 bits", .shift = 28),
	{ 0 },
};

static const struct config_field cxl_range_base[] = {
	FIELD("BASE", 28, 4, RW, "base, its lowest 32 bits", .shift = 28),
	{ 0 },
};

static const struct config_field cxl_cap3[] = {
	FIELD("HDM_COLD_RESET", 0, 1, RO, "volatile memory survives a cold reset"),
	FIELD("HDM_WARM_RESET", 1, 1, RO, "volatile memory survives a warm reset"),
	FIELD("HDM_HOT_RESET", 2, 1, RO, "volatile memory survives a hot reset"),
	FIELD("HDM_HOT_RESET_CONFIG", 3, 1, RO, "that can be set"),
	FIELD("P2P_MEM", 4, 1, RO, "direct peer-to-peer CXL.mem"),
	{ 0 },
};

#define CXL_RANGE(n_, offset_)                                                                               \
	REGISTER("CXL_RANGE" n_ "_SIZE_HIGH", offset_, 32, RO, "range " n_ ": size, bits 63:32",             \
		 CXL_DEVICE(0x38)),                                                                          \
		REGISTER("CXL_RANGE" n_ "_SIZE", offset_ + 4, 32, RO, "range " n_ ": size and kind",         \
			 .fields = cxl_range_size, CXL_DEVICE(0x38)),                                        \
		REGISTER("CXL_RANGE" n_ "_BASE_HIGH", offset_ + 8, 32, RW, "range " n_ ": base, bits 63:32", \
			 .by_kernel = true, CXL_DEVICE(0x38)),                                               \
		REGISTER("CXL_RANGE" n_ "_BASE", offset_ + 12, 32, RW, "range " n_ ": base",                 \
			 .fields = cxl_range_base, .by_kernel = true, CXL_DEVICE(0x38))

/* --- CXL ports: CXL 3.0 section 8.1.5 --------------------------------------------------------------- */

static const struct config_field cxl_port_status[] = {
	FIELD("PM_INIT", 0, 1, RO, "power management came up"),
	FIELD("VIRAL", 14, 1, RW1CS, "entered the viral state"),
	{ 0 },
};

static const struct config_field cxl_port_ctrl[] = {
	FIELD("UNMASK_SBR", 0, 1, RW, "a secondary bus reset has effect"),
	FIELD("UNMASK_LINK_DISABLE", 1, 1, RW, "a link disable has effect"),
	FIELD("ALT_MEMORY", 2, 1, RW, "alternate memory windows and buses"),
	FIELD("ALT_BME", 3, 1, RW, "alternate bus mastering"),
	FIELD("VIRAL", 14, 1, RW, "viral handling"),
	{ 0 },
};

/* as the windows of any bridge */
static const struct config_field cxl_port_base[] = {
	FIELD("ADDRESS", 4, 12, RW, "first address, its lowest 32 bits", .shift = 20),
	{ 0 },
};

static const struct config_field cxl_port_limit[] = {
	FIELD("ADDRESS", 4, 12, RW, "last address, its lowest 32 bits", .shift = 20, .plus = 0xfffff),
	{ 0 },
};

static const struct config_field cxl_port_rcrb[] = {
	FIELD("ENABLE", 0, 1, RW, "decodes it"),
	FIELD("BASE", 13, 19, RW, "base, its lowest 32 bits", .shift = 13),
	{ 0 },
};

/* --- CXL global persistent flush: CXL 3.0 section 8.1.6 (ports), 8.1.7 (devices) -------------------- */

VALUES(cxl_time_units, { 0, "1us" }, { 1, "10us" }, { 2, "100us" }, { 3, "1ms" }, { 4, "10ms" },
       { 5, "100ms" }, { 6, "1s" }, { 7, "10s" });

static const struct config_field cxl_gpf_timeout[] = {
	FIELD("BASE", 0, 4, RW, "timeout, in the units of SCALE"),
	FIELD("SCALE", 8, 4, RW, "unit", .values = cxl_time_units),
	{ 0 },
};

static const struct config_field cxl_gpf_duration[] = {
	FIELD("BASE", 0, 4, RO, "duration, in the units of SCALE"),
	FIELD("SCALE", 8, 4, RO, "unit", .values = cxl_time_units),
	{ 0 },
};

/* --- CXL Flex Bus port: CXL 3.0 section 8.2.1.3 ----------------------------------------------------- */

static const struct config_field cxl_flex_cap[] = {
	FIELD("CACHE", 0, 1, RO, "CXL.cache"),
	FIELD("IO", 1, 1, RO, "CXL.io"),
	FIELD("MEM", 2, 1, RO, "CXL.mem"),
	FIELD("FLIT_68B", 5, 1, RO, "68-byte flits and virtual hierarchies"),
	FIELD("MLD", 6, 1, RO, "multi-logical device"),
	FIELD("FLIT_256B", 13, 1, RO, "latency-optimized 256-byte flits"),
	FIELD("FLIT_PBR", 14, 1, RO, "port-based routing flits"),
	{ 0 },
};

static const struct config_field cxl_flex_ctrl[] = {
	FIELD("CACHE", 0, 1, RW, "CXL.cache"),
	FIELD("IO", 1, 1, RO, "CXL.io"),
	FIELD("MEM", 2, 1, RW, "CXL.mem"),
	FIELD("SYNC_HEADER_BYPASS", 3, 1, RW, "sync header bypass"),
	FIELD("DRIFT_BUFFER", 4, 1, RW, "drift buffer"),
	FIELD("FLIT_68B", 5, 1, RW, "68-byte flits and virtual hierarchies"),
	FIELD("MLD", 6, 1, RW, "multi-logical device"),
	FIELD("RCD_DISABLE", 7, 1, RW, "no training as a restricted CXL device"),
	FIELD("RETIMER1", 8, 1, RW, "there is one retimer"),
	FIELD("RETIMER2", 9, 1, RW, "there are two retimers"),
	FIELD("FLIT_256B", 13, 1, RW, "latency-optimized 256-byte flits"),
	FIELD("FLIT_PBR", 14, 1, RW, "port-based routing flits"),
	{ 0 },
};

static const struct config_field cxl_flex_status[] = {
	FIELD("CACHE", 0, 1, RO, "CXL.cache"),
	FIELD("IO", 1, 1, RO, "CXL.io"),
	FIELD("MEM", 2, 1, RO, "CXL.mem"),
	FIELD("SYNC_HEADER_BYPASS", 3, 1, RO, "sync header bypass"),
	FIELD("DRIFT_BUFFER", 4, 1, RO, "drift buffer"),
	FIELD("FLIT_68B", 5, 1, RO, "68-byte flits and virtual hierarchies"),
	FIELD("MLD", 6, 1, RO, "multi-logical device"),
	FIELD("EVEN_HALF_FAILED", 7, 1, RW1CS, "the even half of a flit had an error"),
	FIELD("COR_FRAMING", 8, 1, RW1CS, "correctable framing error"),
	FIELD("UNCOR_FRAMING", 9, 1, RW1CS, "uncorrectable framing error"),
	FIELD("UNEXPECTED_PROTOCOL", 10, 1, RW1CS, "an unexpected protocol was dropped"),
	FIELD("RETIMER_MISMATCH", 11, 1, RW1CS, "retimers changed between the phases of training"),
	FIELD("PHASE2_MISMATCH", 12, 1, RW1CS, "enables changed between the phases of training"),
	FIELD("FLIT_256B", 13, 1, RO, "latency-optimized 256-byte flits"),
	FIELD("FLIT_PBR", 14, 1, RO, "port-based routing flits"),
	{ 0 },
};

static const struct config_field cxl_flex_received[] = {
	FIELD("DATA", 0, 24, RO, "what came in modified training sets"),
	{ 0 },
};

static const struct config_field cxl_flex_cap2[] = {
	FIELD("NOP_HINT", 0, 1, RO, "NOP hints"),
	{ 0 },
};

static const struct config_field cxl_flex_ctrl2[] = {
	FIELD("NOP_HINT", 0, 1, RW, "NOP hints"),
	{ 0 },
};

static const struct config_field cxl_flex_status2[] = {
	FIELD("NOP_HINT", 0, 2, RO, "NOP hint that came"),
	{ 0 },
};

/* --- CXL register locator: CXL 3.0 section 8.1.9 ---------------------------------------------------- */

VALUES(cxl_register_blocks, { 0, "empty" }, { 1, "component" }, { 2, "BAR-virtualization" }, { 3, "device" },
       { 4, "CPMU" }, { 0xff, "vendor" });

static const struct config_field cxl_block[] = {
	FIELD("BIR", 0, 3, HWINIT, "BAR"),
	FIELD("ID", 8, 8, HWINIT, "what is there", .values = cxl_register_blocks),
	FIELD("OFFSET", 16, 16, HWINIT, "where it is in the BAR, its lowest 32 bits", .shift = 16),
	{ 0 },
};

/* from 0x0c to the end, 8 bytes each: a length of 0x0c is 1 in units of 8 bytes */
#define PER_CXL_BLOCK                                                                                        \
	.repeat = { .offset = 0x04, .width = 32, .lsb = 23, .bits = 9 }, .plus = -1, .stride = 8, CXL(8, 0x14)

static const struct config_register dvsec[] = {
	REGISTER("HEADER1", 0x04, 32, RO, "vendor and length", .fields = dvsec_header1),
	REGISTER("HEADER2", 0x08, 16, RO, "which one", .fields = dvsec_header2),
	REGISTER("CXL_CAP", 0x0a, 16, RO, "CXL capabilities", .fields = cxl_cap, CXL_DEVICE(0x38)),
	/* memory that the machine uses may depend on it */
	REGISTER("CXL_CTRL", 0x0c, 16, RW, "CXL control", .fields = cxl_ctrl, .by_kernel = true,
		 CXL_DEVICE(0x38)),
	REGISTER("CXL_STATUS", 0x0e, 16, RO, "CXL status", .fields = cxl_status, CXL_DEVICE(0x38)),
	REGISTER("CXL_CTRL2", 0x10, 16, RW, "CXL control 2", .fields = cxl_ctrl2, CXL_DEVICE(0x38)),
	REGISTER("CXL_STATUS2", 0x12, 16, RO, "CXL status 2", .fields = cxl_status2, CXL_DEVICE(0x38)),
	REGISTER("CXL_LOCK", 0x14, 16, RW, "CXL lock", .fields = cxl_lock, .by_kernel = true,
		 CXL_DEVICE(0x38)),
	REGISTER("CXL_CAP2", 0x16, 16, RO, "CXL capabilities 2", .fields = cxl_cap2, CXL_DEVICE(0x38)),
	CXL_RANGE("1", 0x18),
	CXL_RANGE("2", 0x28),
	REGISTER("CXL_CAP3", 0x38, 16, RO, "CXL capabilities 3", .fields = cxl_cap3, CXL_DEVICE(0x3c)),
	/* CXL 3.0 section 8.1.4 */
	REGISTER("NON_CXL_MAP", 0x0c, 32, RO, "functions without CXL, a bit for each device, function ",
		 .fixed = 8, .stride = 4, CXL(2, 0x2c)),
	REGISTER("PORT_STATUS", 0x0a, 16, RO, "CXL port status", .fields = cxl_port_status, CXL(3, 0x28)),
	REGISTER("PORT_CTRL", 0x0c, 16, RW, "CXL port control", .fields = cxl_port_ctrl, CXL(3, 0x28)),
	REGISTER("PORT_ALT_BUS_BASE", 0x0e, 8, RW, "alternate buses: first", .by_kernel = true, CXL(3, 0x28)),
	REGISTER("PORT_ALT_BUS_LIMIT", 0x0f, 8, RW, "alternate buses: last", .by_kernel = true, CXL(3, 0x28)),
	REGISTER("PORT_ALT_MEM_BASE", 0x10, 16, RW, "alternate memory window", .fields = cxl_port_base,
		 .by_kernel = true, CXL(3, 0x28)),
	REGISTER("PORT_ALT_MEM_LIMIT", 0x12, 16, RW, "its end", .fields = cxl_port_limit, .by_kernel = true,
		 CXL(3, 0x28)),
	REGISTER("PORT_ALT_PREF_BASE", 0x14, 16, RW, "alternate prefetchable window", .fields = cxl_port_base,
		 .by_kernel = true, CXL(3, 0x28)),
	REGISTER("PORT_ALT_PREF_LIMIT", 0x16, 16, RW, "its end", .fields = cxl_port_limit, .by_kernel = true,
		 CXL(3, 0x28)),
	REGISTER("PORT_ALT_PREF_BASE_HIGH", 0x18, 32, RW, "alternate prefetchable window: bits 63:32",
		 .by_kernel = true, CXL(3, 0x28)),
	REGISTER("PORT_ALT_PREF_LIMIT_HIGH", 0x1c, 32, RW, "its end: bits 63:32", .by_kernel = true,
		 CXL(3, 0x28)),
	REGISTER("PORT_RCRB", 0x20, 32, RW, "CXL RCRB", .fields = cxl_port_rcrb, .by_kernel = true,
		 CXL(3, 0x28)),
	REGISTER("PORT_RCRB_HIGH", 0x24, 32, RW, "its base, bits 63:32", .by_kernel = true, CXL(3, 0x28)),
	REGISTER("GPF_PHASE1", 0x0c, 16, RW, "timeout of phase 1", .fields = cxl_gpf_timeout, CXL(4, 0x10)),
	REGISTER("GPF_PHASE2", 0x0e, 16, RW, "timeout of phase 2", .fields = cxl_gpf_timeout, CXL(4, 0x10)),
	REGISTER("GPF_DURATION", 0x0a, 16, RO, "duration of phase 2", .fields = cxl_gpf_duration,
		 CXL(5, 0x10)),
	REGISTER("GPF_POWER", 0x0c, 32, RO, "power that phase 2 takes, in mW", CXL(5, 0x10)),
	REGISTER("FLEX_CAP", 0x0a, 16, RO, "flex bus capabilities", .fields = cxl_flex_cap, CXL(7, 0x10)),
	REGISTER("FLEX_CTRL", 0x0c, 16, RW, "flex bus control", .fields = cxl_flex_ctrl, CXL(7, 0x10)),
	REGISTER("FLEX_STATUS", 0x0e, 16, RO, "flex bus status", .fields = cxl_flex_status, CXL(7, 0x10)),
	REGISTER("FLEX_RECEIVED", 0x10, 32, RO, "modified training sets", .fields = cxl_flex_received,
		 CXL(7, 0x14)),
	REGISTER("FLEX_CAP2", 0x14, 32, RO, "flex bus capabilities 2", .fields = cxl_flex_cap2, CXL(7, 0x20)),
	REGISTER("FLEX_CTRL2", 0x18, 32, RW, "flex bus control 2", .fields = cxl_flex_ctrl2, CXL(7, 0x20)),
	REGISTER("FLEX_STATUS2", 0x1c, 32, RO, "flex bus status 2", .fields = cxl_flex_status2, CXL(7, 0x20)),
	REGISTER("BLOCK", 0x0c, 32, RO, "register block ", .fields = cxl_block, PER_CXL_BLOCK),
	REGISTER("BLOCK_HIGH", 0x10, 32, HWINIT, "bits 63:32 of the offset of block ", PER_CXL_BLOCK),
	/* CXL 3.0 section 8.1.10 */
	REGISTER("MLD_COUNT", 0x0a, 16, RO, "logical devices", CXL(9, 0x10)),
	{ 0 },
};

/* What the length of a capability depends on is counted at its least. */
const struct config_block config_vendor_blocks[] = {
	{ "VSEC", "Vendor-Specific Extended", true, 0x0b, vsec },
	{ "DVSEC", "Designated Vendor-Specific", true, 0x23, dvsec },
	{ 0 },
};
