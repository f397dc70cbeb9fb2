// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Extended capabilities of virtualization and address translation, and sizes of BARs. Names are those of
 * linux/pci_regs.h where it has them.
 */
#include "core/config/table.h"

/* --- Address Translation Services, PCIe 6.0 section 10.5.1 ------------------------------------------ */

/* a depth of 0 is 32 */
VALUES(ats_depths, { 0, "32" }, { 1, "1" }, { 2, "2" }, { 3, "3" }, { 4, "4" }, { 5, "5" }, { 6, "6" },
       { 7, "7" }, { 8, "8" }, { 9, "9" }, { 10, "10" }, { 11, "11" }, { 12, "12" }, { 13, "13" },
       { 14, "14" }, { 15, "15" }, { 16, "16" }, { 17, "17" }, { 18, "18" }, { 19, "19" }, { 20, "20" },
       { 21, "21" }, { 22, "22" }, { 23, "23" }, { 24, "24" }, { 25, "25" }, { 26, "26" }, { 27, "27" },
       { 28, "28" }, { 29, "29" }, { 30, "30" }, { 31, "31" });

/* 4096 bytes << code */
VALUES(ats_units, { 0, "4096" }, { 1, "8192" }, { 2, "16384" }, { 3, "32768" }, { 4, "65536" },
       { 5, "131072" }, { 6, "262144" }, { 7, "524288" }, { 8, "1048576" }, { 9, "2097152" },
       { 10, "4194304" }, { 11, "8388608" }, { 12, "16777216" }, { 13, "33554432" }, { 14, "67108864" },
       { 15, "134217728" }, { 16, "268435456" }, { 17, "536870912" }, { 18, "1073741824" },
       { 19, "2147483648" }, { 20, "4294967296" }, { 21, "8589934592" }, { 22, "17179869184" },
       { 23, "34359738368" }, { 24, "68719476736" }, { 25, "137438953472" }, { 26, "274877906944" },
       { 27, "549755813888" }, { 28, "1099511627776" }, { 29, "2199023255552" }, { 30, "4398046511104" },
       { 31, "8796093022208" });

static const struct config_field ats_cap[] = {
	FIELD("QDEP", 0, 5, RO, "invalidate requests it can have queued", .values = ats_depths,
	      .sizes = true),
	FIELD("PAGE_ALIGNED", 5, 1, RO, "untranslated addresses are multiples of 4096"),
	FIELD("GLOBAL_INVALIDATE", 6, 1, RO, "global invalidate"),
	FIELD("RELAXED_ORDERING", 7, 1, RO, "relaxed ordering of translation requests"),
	{ 0 },
};

static const struct config_field ats_ctrl[] = {
	FIELD("STU", 0, 5, RW, "smallest translation unit, bytes", .values = ats_units, .sizes = true),
	FIELD("ENABLE", 15, 1, RW, "the function may keep translations"),
	{ 0 },
};

static const struct config_register ats[] = {
	REGISTER("CAP", 0x04, 16, RO, "capabilities", .fields = ats_cap),
	/* the IOMMU's driver must know */
	REGISTER("CTRL", 0x06, 16, RW, "control", .fields = ats_ctrl, .by_kernel = true),
	{ 0 },
};

/* --- Page Request Interface, PCIe 6.0 section 10.5.2 ------------------------------------------------ */

static const struct config_field pri_ctrl[] = {
	FIELD("ENABLE", 0, 1, RW, "the function may request pages"),
	FIELD("RESET", 1, 1, TRIGGER, "forgets requests that are pending"),
	{ 0 },
};

static const struct config_field pri_status[] = {
	FIELD("RF", 0, 1, RW1C, "a response said failure"),
	FIELD("UPRGI", 1, 1, RW1C, "a response was for no known group of requests"),
	FIELD("STOPPED", 8, 1, RO, "no request is pending"),
	FIELD("PASID", 15, 1, RO, "responses must have a PASID"),
	{ 0 },
};

static const struct config_register pri[] = {
	REGISTER("CTRL", 0x04, 16, RW, "control", .fields = pri_ctrl, .by_kernel = true),
	REGISTER("STATUS", 0x06, 16, RO, "status", .fields = pri_status),
	REGISTER("MAX_REQ", 0x08, 32, RO, "requests that may be pending at most"),
	REGISTER("ALLOC_REQ", 0x0c, 32, RW, "requests that are allowed to be pending", .by_kernel = true),
	{ 0 },
};

/* --- Process Address Space ID, PCIe 6.0 section 7.8.9 ----------------------------------------------- */

static const struct config_field pasid_cap[] = {
	FIELD("EXEC", 1, 1, RO, "execute permission"),
	FIELD("PRIV", 2, 1, RO, "privileged mode"),
	FIELD("TRANSLATED", 3, 1, RO, "translated requests with a PASID"),
	FIELD("WIDTH", 8, 5, RO, "bits of a PASID"),
	{ 0 },
};

static const struct config_field pasid_ctrl[] = {
	FIELD("ENABLE", 0, 1, RW, "the function may use PASIDs"),
	FIELD("EXEC", 1, 1, RW, "execute permission"),
	FIELD("PRIV", 2, 1, RW, "privileged mode"),
	FIELD("TRANSLATED", 3, 1, RW, "translated requests with a PASID"),
	{ 0 },
};

static const struct config_register pasid[] = {
	REGISTER("CAP", 0x04, 16, RO, "capabilities", .fields = pasid_cap),
	REGISTER("CTRL", 0x06, 16, RW, "control", .fields = pasid_ctrl, .by_kernel = true),
	{ 0 },
};

/* --- Single Root I/O Virtualization, PCIe 6.0 section 9.3.3 ----------------------------------------- */

static const struct config_field sriov_cap[] = {
	FIELD("VFM", 0, 1, RO, "migration of virtual functions"),
	FIELD("ARI_PRESERVED", 1, 1, RO, "CTRL.ARI survives changes of the power state"),
	FIELD("TAG_10_REQUESTER", 2, 1, HWINIT, "virtual functions: 10-bit tag requester"),
	FIELD("TAG_14_REQUESTER", 3, 1, HWINIT, "virtual functions: 14-bit tag requester"),
	FIELD("INTR", 21, 11, RO, "vector of the interrupt on migration"),
	{ 0 },
};

static const struct config_field sriov_ctrl[] = {
	FIELD("VFE", 0, 1, RW, "virtual functions are enabled"),
	FIELD("VFM", 1, 1, RW, "migration of virtual functions"),
	FIELD("INTR", 2, 1, RW, "interrupt on migration"),
	FIELD("MSE", 3, 1, RW, "memory space decoding of virtual functions"),
	FIELD("ARI", 4, 1, RW, "virtual functions may have the numbers 8 to 255 of the bus"),
	FIELD("TAG_10_REQUESTER", 5, 1, RW, "virtual functions: 10-bit tags"),
	FIELD("TAG_14_REQUESTER", 6, 1, RW, "virtual functions: 14-bit tags"),
	{ 0 },
};

static const struct config_field sriov_status[] = {
	FIELD("VFM", 0, 1, RW1C, "a migration was requested"),
	{ 0 },
};

static const struct config_field sriov_migration[] = {
	FIELD("BIR", 0, 3, RO, "BAR of the array"),
	FIELD("OFFSET", 3, 29, RO, "where it is there", .shift = 3),
	{ 0 },
};

static const struct config_register sriov[] = {
	REGISTER("CAP", 0x04, 32, RO, "capabilities", .fields = sriov_cap),
	REGISTER("CTRL", 0x08, 16, RW, "control", .fields = sriov_ctrl, .by_kernel = true),
	REGISTER("STATUS", 0x0a, 16, RO, "status", .fields = sriov_status),
	REGISTER("INITIAL_VF", 0x0c, 16, RO, "virtual functions at first"),
	REGISTER("TOTAL_VF", 0x0e, 16, RO, "virtual functions at most"),
	REGISTER("NUM_VF", 0x10, 16, RW, "virtual functions", .by_kernel = true),
	REGISTER("FUNC_LINK", 0x12, 8, RO, "function that this one depends on; its own number: none"),
	REGISTER("VF_OFFSET", 0x14, 16, RO,
		 "from the function's routing ID to that of its first virtual one"),
	REGISTER("VF_STRIDE", 0x16, 16, RO, "from one virtual function's routing ID to the next"),
	REGISTER("VF_DID", 0x1a, 16, RO, "device ID of virtual functions"),
	REGISTER("SUP_PGSIZE", 0x1c, 32, RO,
		 "page sizes supported: bit 0 is 4K, each further one twice as much"),
	REGISTER("SYS_PGSIZE", 0x20, 32, RW, "page size in use, such a bit", .by_kernel = true),
	REGISTER("BAR", 0x24, 32, RW, "BAR of virtual functions ", .fixed = 6, .stride = 4,
		 .by_kernel = true),
	REGISTER("VFM", 0x3c, 32, RO, "migration state array", .fields = sriov_migration),
	{ 0 },
};

/* --- Resizable BAR and VF Resizable BAR, PCIe 6.0 section 7.8.6 and 7.8.7 --------------------------- */

/* 2^(value+20) bytes */
VALUES(bar_sizes, { 0, "1M" }, { 1, "2M" }, { 2, "4M" }, { 3, "8M" }, { 4, "16M" }, { 5, "32M" },
       { 6, "64M" }, { 7, "128M" }, { 8, "256M" }, { 9, "512M" }, { 10, "1G" }, { 11, "2G" }, { 12, "4G" },
       { 13, "8G" }, { 14, "16G" }, { 15, "32G" }, { 16, "64G" }, { 17, "128G" }, { 18, "256G" },
       { 19, "512G" }, { 20, "1T" }, { 21, "2T" }, { 22, "4T" }, { 23, "8T" }, { 24, "16T" }, { 25, "32T" },
       { 26, "64T" }, { 27, "128T" }, { 28, "256T" }, { 29, "512T" }, { 30, "1P" }, { 31, "2P" },
       { 32, "4P" }, { 33, "8P" }, { 34, "16P" }, { 35, "32P" }, { 36, "64P" }, { 37, "128P" },
       { 38, "256P" }, { 39, "512P" }, { 40, "1E" }, { 41, "2E" }, { 42, "4E" }, { 43, "8E" });

static const struct config_field rebar_cap[] = {
	FIELD("SIZE_1M", 4, 1, RO, "can be 1M"),
	FIELD("SIZE_2M", 5, 1, RO, "can be 2M"),
	FIELD("SIZE_4M", 6, 1, RO, "can be 4M"),
	FIELD("SIZE_8M", 7, 1, RO, "can be 8M"),
	FIELD("SIZE_16M", 8, 1, RO, "can be 16M"),
	FIELD("SIZE_32M", 9, 1, RO, "can be 32M"),
	FIELD("SIZE_64M", 10, 1, RO, "can be 64M"),
	FIELD("SIZE_128M", 11, 1, RO, "can be 128M"),
	FIELD("SIZE_256M", 12, 1, RO, "can be 256M"),
	FIELD("SIZE_512M", 13, 1, RO, "can be 512M"),
	FIELD("SIZE_1G", 14, 1, RO, "can be 1G"),
	FIELD("SIZE_2G", 15, 1, RO, "can be 2G"),
	FIELD("SIZE_4G", 16, 1, RO, "can be 4G"),
	FIELD("SIZE_8G", 17, 1, RO, "can be 8G"),
	FIELD("SIZE_16G", 18, 1, RO, "can be 16G"),
	FIELD("SIZE_32G", 19, 1, RO, "can be 32G"),
	FIELD("SIZE_64G", 20, 1, RO, "can be 64G"),
	FIELD("SIZE_128G", 21, 1, RO, "can be 128G"),
	FIELD("SIZE_256G", 22, 1, RO, "can be 256G"),
	FIELD("SIZE_512G", 23, 1, RO, "can be 512G"),
	FIELD("SIZE_1T", 24, 1, RO, "can be 1T"),
	FIELD("SIZE_2T", 25, 1, RO, "can be 2T"),
	FIELD("SIZE_4T", 26, 1, RO, "can be 4T"),
	FIELD("SIZE_8T", 27, 1, RO, "can be 8T"),
	FIELD("SIZE_16T", 28, 1, RO, "can be 16T"),
	FIELD("SIZE_32T", 29, 1, RO, "can be 32T"),
	FIELD("SIZE_64T", 30, 1, RO, "can be 64T"),
	FIELD("SIZE_128T", 31, 1, RO, "can be 128T"),
	{ 0 },
};

static const struct config_field rebar_ctrl[] = {
	FIELD("BAR_IDX", 0, 3, RO, "which BAR"),
	FIELD("NBAR", 5, 3, RO, "resizable BARs, in the first control register"),
	FIELD("BAR_SIZE", 8, 6, RW, "its size", .values = bar_sizes),
	FIELD("SIZE_256T", 16, 1, RO, "can be 256T"),
	FIELD("SIZE_512T", 17, 1, RO, "can be 512T"),
	FIELD("SIZE_1P", 18, 1, RO, "can be 1P"),
	FIELD("SIZE_2P", 19, 1, RO, "can be 2P"),
	FIELD("SIZE_4P", 20, 1, RO, "can be 4P"),
	FIELD("SIZE_8P", 21, 1, RO, "can be 8P"),
	FIELD("SIZE_16P", 22, 1, RO, "can be 16P"),
	FIELD("SIZE_32P", 23, 1, RO, "can be 32P"),
	FIELD("SIZE_64P", 24, 1, RO, "can be 64P"),
	FIELD("SIZE_128P", 25, 1, RO, "can be 128P"),
	FIELD("SIZE_256P", 26, 1, RO, "can be 256P"),
	FIELD("SIZE_512P", 27, 1, RO, "can be 512P"),
	FIELD("SIZE_1E", 28, 1, RO, "can be 1E"),
	FIELD("SIZE_2E", 29, 1, RO, "can be 2E"),
	FIELD("SIZE_4E", 30, 1, RO, "can be 4E"),
	FIELD("SIZE_8E", 31, 1, RO, "can be 8E"),
	{ 0 },
};

#define PER_BAR .repeat = { .offset = 0x08, .width = 32, .lsb = 5, .bits = 3 }, .stride = 8

static const struct config_register rebar[] = {
	REGISTER("CAP", 0x04, 32, RO, "capabilities of entry ", .fields = rebar_cap, PER_BAR),
	/* the address goes with the size */
	REGISTER("CTRL", 0x08, 32, RW, "control of entry ", .fields = rebar_ctrl, .by_kernel = true, PER_BAR),
	{ 0 },
};

/* What the length of a capability depends on is counted at its least. */
const struct config_block config_iov_blocks[] = {
	{ "ATS", "Address Translation Services", true, 0x0f, ats },
	{ "SRIOV", "Single Root I/O Virtualization", true, 0x10, sriov },
	{ "PRI", "Page Request Interface", true, 0x13, pri },
	{ "REBAR", "Resizable BAR", true, 0x15, rebar },
	{ "PASID", "Process Address Space ID", true, 0x1b, pasid },
	{ "VF_REBAR", "VF Resizable BAR", true, 0x24, rebar },
	{ 0 },
};
