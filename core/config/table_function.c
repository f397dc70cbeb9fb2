// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Extended capabilities of the function and of what it sends: virtual channels, access control, hints, encryption.
 * Those of virtualization and address translation are in config_table_iov.c. Names are those of linux/pci_regs.h
 * where it has them.
 */
#include "core/config/table.h"

/* --- Virtual Channel, with MFVC and without: PCIe 6.0 section 7.9.1 --------------------------------- */

VALUES(reference_clocks, { 0, "100ns" });
VALUES(table_entries, { 0, "1-bit" }, { 1, "2-bit" }, { 2, "4-bit" }, { 3, "8-bit" });
VALUES(vc_arbitration, { 0, "fixed" }, { 1, "WRR32" }, { 2, "WRR64" }, { 3, "WRR128" });
VALUES(port_arbitration, { 0, "fixed" }, { 1, "WRR32" }, { 2, "WRR64" }, { 3, "WRR128" }, { 4, "TWRR128" },
       { 5, "WRR256" });

/* of the credits that all virtual channels share */
VALUES(shares, { 0, "0%" }, { 1, "12.5%" }, { 2, "25%" }, { 3, "37.5%" }, { 4, "50%" }, { 5, "62.5%" },
       { 6, "75%" }, { 7, "87.5%" });

static const struct config_field vc_port_cap1[] = {
	FIELD("EVCC", 0, 3, RO, "extended VC count: virtual channels besides the first"),
	FIELD("LPEVCC", 4, 3, RO, "how many of them have low priority"),
	FIELD("REF_CLOCK", 8, 2, RO, "reference clock of time-based arbitration", .values = reference_clocks),
	FIELD("ARB_SIZE", 10, 2, RO, "entries of the arbitration tables", .values = table_entries),
	{ 0 },
};

static const struct config_field vc_port_cap2[] = {
	FIELD("FIXED", 0, 1, RO, "hardware-fixed arbitration of virtual channels"),
	FIELD("32_PHASE", 1, 1, RO, "weighted round robin, 32 phases"),
	FIELD("64_PHASE", 2, 1, RO, "weighted round robin, 64 phases"),
	FIELD("128_PHASE", 3, 1, RO, "weighted round robin, 128 phases"),
	FIELD("ARB_OFF", 24, 8, RO, "offset of the VC arbitration table; 0: none", .shift = 4),
	{ 0 },
};

static const struct config_field vc_port_ctrl[] = {
	FIELD("LOAD_TABLE", 0, 1, TRIGGER, "loads the VC arbitration table"),
	FIELD("ARB_SELECT", 1, 3, RW, "arbitration of virtual channels", .values = vc_arbitration),
	FIELD("ALL_ENABLED", 4, 1, RW, "no other virtual channel will be enabled"),
	{ 0 },
};

static const struct config_field vc_port_status[] = {
	FIELD("TABLE", 0, 1, RO, "the VC arbitration table was written and is not loaded"),
	{ 0 },
};

static const struct config_field vc_res_cap[] = {
	FIELD("FIXED", 0, 1, RO, "hardware-fixed arbitration of ports"),
	FIELD("32_PHASE", 1, 1, RO, "weighted round robin, 32 phases"),
	FIELD("64_PHASE", 2, 1, RO, "weighted round robin, 64 phases"),
	FIELD("128_PHASE", 3, 1, RO, "weighted round robin, 128 phases"),
	FIELD("128_PHASE_TB", 4, 1, RO, "time-based weighted round robin, 128 phases"),
	FIELD("256_PHASE", 5, 1, RO, "weighted round robin, 256 phases"),
	FIELD("REJECT_SNOOP", 15, 1, HWINIT, "may reject transactions that are to be snooped"),
	FIELD("MAX_TIME_SLOTS", 16, 7, HWINIT, "time slots", .plus = 1),
	FIELD("ARB_OFF", 24, 8, RO, "offset of the port arbitration table; 0: none", .shift = 4),
	{ 0 },
};

static const struct config_field vc_res_ctrl[] = {
	FIELD("TC_MAP", 0, 8, RW, "traffic classes of this channel, a bit each"),
	FIELD("LOAD_TABLE", 16, 1, TRIGGER, "loads the arbitration table of the resource"),
	FIELD("ARB_SELECT", 17, 3, RW, "arbitration of ports, or of functions", .values = port_arbitration),
	FIELD("ID", 24, 3, RW, "number of the virtual channel"),
	FIELD("SHARED_FC_LIMIT", 27, 3, RW, "most that it takes of the shared credits", .values = shares),
	FIELD("SHARED_FC_LIMITED", 30, 1, RW, "there is such a limit"),
	FIELD("ENABLE", 31, 1, RW, "the virtual channel is enabled"),
	{ 0 },
};

static const struct config_field vc_res_status[] = {
	FIELD("TABLE", 0, 1, RO, "the arbitration table was written and is not loaded"),
	FIELD("NEGO", 1, 1, RO, "the negotiation is pending"),
	{ 0 },
};

#define PER_CHANNEL .repeat = { .offset = 0x04, .width = 32, .bits = 3 }, .plus = 1, .stride = 12

static const struct config_register vc[] = {
	REGISTER("PORT_CAP1", 0x04, 32, RO, "port capabilities 1", .fields = vc_port_cap1),
	REGISTER("PORT_CAP2", 0x08, 32, RO, "port capabilities 2", .fields = vc_port_cap2),
	REGISTER("PORT_CTRL", 0x0c, 16, RW, "port control", .fields = vc_port_ctrl),
	REGISTER("PORT_STATUS", 0x0e, 16, RO, "port status", .fields = vc_port_status),
	REGISTER("RES_CAP", 0x10, 32, RO, "capabilities of resource ", .fields = vc_res_cap, PER_CHANNEL),
	REGISTER("RES_CTRL", 0x14, 32, RW, "control of resource ", .fields = vc_res_ctrl, PER_CHANNEL),
	REGISTER("RES_STATUS", 0x1a, 16, RO, "status of resource ", .fields = vc_res_status, PER_CHANNEL),
	{ 0 },
};

/* --- Multi-Function Virtual Channel, PCIe 6.0 section 7.9.2 ----------------------------------------- */

static const struct config_field mfvc_res_cap[] = {
	FIELD("FIXED", 0, 1, RO, "hardware-fixed arbitration of functions"),
	FIELD("32_PHASE", 1, 1, RO, "weighted round robin, 32 phases"),
	FIELD("64_PHASE", 2, 1, RO, "weighted round robin, 64 phases"),
	FIELD("128_PHASE", 3, 1, RO, "weighted round robin, 128 phases"),
	FIELD("128_PHASE_TB", 4, 1, RO, "time-based weighted round robin, 128 phases"),
	FIELD("256_PHASE", 5, 1, RO, "weighted round robin, 256 phases"),
	FIELD("MAX_TIME_SLOTS", 16, 7, HWINIT, "time slots", .plus = 1),
	FIELD("ARB_OFF", 24, 8, RO, "offset of the function arbitration table; 0: none", .shift = 4),
	{ 0 },
};

static const struct config_register mfvc[] = {
	REGISTER("PORT_CAP1", 0x04, 32, RO, "port capabilities 1", .fields = vc_port_cap1),
	REGISTER("PORT_CAP2", 0x08, 32, RO, "port capabilities 2", .fields = vc_port_cap2),
	REGISTER("PORT_CTRL", 0x0c, 16, RW, "port control", .fields = vc_port_ctrl),
	REGISTER("PORT_STATUS", 0x0e, 16, RO, "port status", .fields = vc_port_status),
	REGISTER("RES_CAP", 0x10, 32, RO, "capabilities of resource ", .fields = mfvc_res_cap, PER_CHANNEL),
	REGISTER("RES_CTRL", 0x14, 32, RW, "control of resource ", .fields = vc_res_ctrl, PER_CHANNEL),
	REGISTER("RES_STATUS", 0x1a, 16, RO, "status of resource ", .fields = vc_res_status, PER_CHANNEL),
	{ 0 },
};

/* --- Device Serial Number, PCIe 6.0 section 7.9.3: an EUI-64 ---------------------------------------- */

static const struct config_register dsn[] = {
	REGISTER("LOW", 0x04, 32, RO, "serial number, bits 31:0"),
	REGISTER("HIGH", 0x08, 32, RO, "serial number, bits 63:32"),
	{ 0 },
};

/* --- Access Control Services, PCIe 6.0 section 7.7.11 ----------------------------------------------- */

VALUES(target_access, { 0, "direct" }, { 1, "blocked" }, { 2, "redirected" });

static const struct config_field acs_cap[] = {
	FIELD("SV", 0, 1, RO, "source validation"),
	FIELD("TB", 1, 1, RO, "translation blocking"),
	FIELD("RR", 2, 1, RO, "peer-to-peer request redirect"),
	FIELD("CR", 3, 1, RO, "peer-to-peer completion redirect"),
	FIELD("UF", 4, 1, RO, "upstream forwarding"),
	FIELD("EC", 5, 1, RO, "peer-to-peer egress control"),
	FIELD("DT", 6, 1, RO, "direct translated peer-to-peer"),
	FIELD("ENHANCED", 7, 1, RO, "enhanced capability"),
	FIELD("EGRESS_BITS", 8, 8, HWINIT, "bits of the egress control vector; 0: 256"),
	{ 0 },
};

static const struct config_field acs_ctrl[] = {
	FIELD("SV", 0, 1, RW, "source validation"),
	FIELD("TB", 1, 1, RW, "translation blocking"),
	FIELD("RR", 2, 1, RW, "peer-to-peer request redirect"),
	FIELD("CR", 3, 1, RW, "peer-to-peer completion redirect"),
	FIELD("UF", 4, 1, RW, "upstream forwarding"),
	FIELD("EC", 5, 1, RW, "peer-to-peer egress control"),
	FIELD("DT", 6, 1, RW, "direct translated peer-to-peer"),
	FIELD("IO_BLOCK", 7, 1, RW, "I/O requests are blocked", .ports = PORT_ROOT | PORT_DOWNSTREAM),
	FIELD("DSP_TARGET", 8, 2, RW, "access to BARs of downstream ports", .values = target_access,
	      .ports = PORT_ROOT | PORT_DOWNSTREAM),
	FIELD("USP_TARGET", 10, 2, RW, "access to BARs of the switch's upstream port",
	      .values = target_access, .ports = PORT_DOWNSTREAM),
	FIELD("UNCLAIMED_REDIRECT", 12, 1, RW, "requests that no port below claims go upstream",
	      .ports = PORT_DOWNSTREAM),
	{ 0 },
};

/* the vector is there with EC; of the sizes MIN to MAX it has COUNT dwords, 0 means 256 bits */
#define ACS_WITH_EC                                                                                          \
	{                                                                                                    \
		.number = { .offset = 0x04, .width = 16, .lsb = 5, .bits = 1 }, .min = 1                     \
	}
#define ACS_SIZE .number = { .offset = 0x04, .width = 16, .lsb = 8, .bits = 8 }
#define ACS_VECTOR(count_, ...)                                                                              \
	REGISTER("EGRESS_CTL_V", 0x08, 32, RW, "egress control vector, dword ", .fixed = count_,             \
		 .stride = 4, .when = { ACS_WITH_EC, { ACS_SIZE, __VA_ARGS__ } })

static const struct config_register acs[] = {
	REGISTER("CAP", 0x04, 16, RO, "capabilities", .fields = acs_cap),
	REGISTER("CTRL", 0x06, 16, RW, "control", .fields = acs_ctrl),
	ACS_VECTOR(1, .min = 1, .max = 32),
	ACS_VECTOR(2, .min = 33, .max = 64),
	ACS_VECTOR(3, .min = 65, .max = 96),
	ACS_VECTOR(4, .min = 97, .max = 128),
	ACS_VECTOR(5, .min = 129, .max = 160),
	ACS_VECTOR(6, .min = 161, .max = 192),
	ACS_VECTOR(7, .min = 193, .max = 224),
	ACS_VECTOR(8, .min = 225),
	ACS_VECTOR(8, .zero = true),
	{ 0 },
};

/* --- Alternative Routing-ID Interpretation, PCIe 6.0 section 7.8.8 ---------------------------------- */

static const struct config_field ari_cap[] = {
	FIELD("MFVC", 0, 1, RO, "function groups for arbitration by MFVC"),
	FIELD("ACS", 1, 1, RO, "function groups for egress control by ACS"),
	FIELD("NFN", 8, 8, RO, "next function; 0: this is the last"),
	{ 0 },
};

static const struct config_field ari_ctrl[] = {
	FIELD("MFVC", 0, 1, RW, "function groups for arbitration by MFVC"),
	FIELD("ACS", 1, 1, RW, "function groups for egress control by ACS"),
	FIELD("FG", 4, 3, RW, "function group"),
	{ 0 },
};

static const struct config_register ari[] = {
	REGISTER("CAP", 0x04, 16, RO, "capabilities", .fields = ari_cap),
	REGISTER("CTRL", 0x06, 16, RW, "control", .fields = ari_ctrl),
	{ 0 },
};

/* --- Multicast, PCIe 6.0 section 7.9.11 ------------------------------------------------------------- */

#define PORTS_SWITCHING (PORT_ROOT | PORT_UPSTREAM | PORT_DOWNSTREAM)

/* bytes, 1 << code */
VALUES(mcast_windows, { 0, "1" }, { 1, "2" }, { 2, "4" }, { 3, "8" }, { 4, "16" }, { 5, "32" }, { 6, "64" },
       { 7, "128" }, { 8, "256" }, { 9, "512" }, { 10, "1024" }, { 11, "2048" }, { 12, "4096" },
       { 13, "8192" }, { 14, "16384" }, { 15, "32768" }, { 16, "65536" }, { 17, "131072" }, { 18, "262144" },
       { 19, "524288" }, { 20, "1048576" }, { 21, "2097152" }, { 22, "4194304" }, { 23, "8388608" },
       { 24, "16777216" }, { 25, "33554432" }, { 26, "67108864" }, { 27, "134217728" }, { 28, "268435456" },
       { 29, "536870912" }, { 30, "1073741824" }, { 31, "2147483648" }, { 32, "4294967296" },
       { 33, "8589934592" }, { 34, "17179869184" }, { 35, "34359738368" }, { 36, "68719476736" },
       { 37, "137438953472" }, { 38, "274877906944" }, { 39, "549755813888" }, { 40, "1099511627776" },
       { 41, "2199023255552" }, { 42, "4398046511104" }, { 43, "8796093022208" }, { 44, "17592186044416" },
       { 45, "35184372088832" }, { 46, "70368744177664" }, { 47, "140737488355328" },
       { 48, "281474976710656" }, { 49, "562949953421312" }, { 50, "1125899906842624" },
       { 51, "2251799813685248" }, { 52, "4503599627370496" }, { 53, "9007199254740992" },
       { 54, "18014398509481984" }, { 55, "36028797018963968" }, { 56, "72057594037927936" },
       { 57, "144115188075855872" }, { 58, "288230376151711744" }, { 59, "576460752303423488" },
       { 60, "1152921504606846976" }, { 61, "2305843009213693952" }, { 62, "4611686018427387904" },
       { 63, "9223372036854775808" });

/* the same; below 6 there is none, as which 0 is written */
VALUES(mcast_overlays, { 0, "0" }, { 6, "64" }, { 7, "128" }, { 8, "256" }, { 9, "512" }, { 10, "1024" },
       { 11, "2048" }, { 12, "4096" }, { 13, "8192" }, { 14, "16384" }, { 15, "32768" }, { 16, "65536" },
       { 17, "131072" }, { 18, "262144" }, { 19, "524288" }, { 20, "1048576" }, { 21, "2097152" },
       { 22, "4194304" }, { 23, "8388608" }, { 24, "16777216" }, { 25, "33554432" }, { 26, "67108864" },
       { 27, "134217728" }, { 28, "268435456" }, { 29, "536870912" }, { 30, "1073741824" },
       { 31, "2147483648" }, { 32, "4294967296" }, { 33, "8589934592" }, { 34, "17179869184" },
       { 35, "34359738368" }, { 36, "68719476736" }, { 37, "137438953472" }, { 38, "274877906944" },
       { 39, "549755813888" }, { 40, "1099511627776" }, { 41, "2199023255552" }, { 42, "4398046511104" },
       { 43, "8796093022208" }, { 44, "17592186044416" }, { 45, "35184372088832" }, { 46, "70368744177664" },
       { 47, "140737488355328" }, { 48, "281474976710656" }, { 49, "562949953421312" },
       { 50, "1125899906842624" }, { 51, "2251799813685248" }, { 52, "4503599627370496" },
       { 53, "9007199254740992" }, { 54, "18014398509481984" }, { 55, "36028797018963968" },
       { 56, "72057594037927936" }, { 57, "144115188075855872" }, { 58, "288230376151711744" },
       { 59, "576460752303423488" }, { 60, "1152921504606846976" }, { 61, "2305843009213693952" },
       { 62, "4611686018427387904" }, { 63, "9223372036854775808" });

static const struct config_field mcast_cap[] = {
	FIELD("MAX_GROUP", 0, 6, RO, "multicast groups", .plus = 1),
	FIELD("WIN_SIZE", 8, 6, RO, "size of the window that it wants, bytes", .values = mcast_windows,
	      .sizes = true, .ports = PORTS_ENDPOINT),
	FIELD("ECRC", 15, 1, RO, "ECRC regeneration", .ports = PORTS_SWITCHING),
	{ 0 },
};

static const struct config_field mcast_ctrl[] = {
	FIELD("NUM_GROUP", 0, 6, RW, "groups in use", .plus = 1),
	FIELD("ENABLE", 15, 1, RW, "multicast"),
	{ 0 },
};

static const struct config_field mcast_base[] = {
	FIELD("INDEX_POS", 0, 6, RW, "lowest bit of the group's number in the address"),
	FIELD("ADDRESS", 12, 20, RW, "base of the multicast range, its lowest 32 bits", .shift = 12),
	{ 0 },
};

static const struct config_field mcast_overlay[] = {
	FIELD("SIZE", 0, 6, RW, "size of the aperture, bytes; 0: none", .values = mcast_overlays,
	      .sizes = true),
	FIELD("ADDRESS", 6, 26, RW, "its base, its lowest 32 bits", .shift = 6),
	{ 0 },
};

static const struct config_register mcast[] = {
	REGISTER("CAP", 0x04, 16, RO, "capabilities", .fields = mcast_cap),
	REGISTER("CTRL", 0x06, 16, RW, "control", .fields = mcast_ctrl),
	REGISTER("BASE", 0x08, 32, RW, "multicast range", .fields = mcast_base),
	REGISTER("BASE_HIGH", 0x0c, 32, RW, "its base, bits 63:32"),
	REGISTER("RECEIVE", 0x10, 32, RW, "groups that are received, a bit each"),
	REGISTER("RECEIVE_HIGH", 0x14, 32, RW, "groups 63:32 of those"),
	REGISTER("BLOCK_ALL", 0x18, 32, RW, "groups that nothing is sent to, a bit each"),
	REGISTER("BLOCK_ALL_HIGH", 0x1c, 32, RW, "groups 63:32 of those"),
	REGISTER("BLOCK_UNTRANS", 0x20, 32, RW, "groups that nothing untranslated is sent to, a bit each"),
	REGISTER("BLOCK_UNTRANS_HIGH", 0x24, 32, RW, "groups 63:32 of those"),
	REGISTER("OVERLAY", 0x28, 32, RW, "overlay", .fields = mcast_overlay, .ports = PORTS_SWITCHING),
	REGISTER("OVERLAY_HIGH", 0x2c, 32, RW, "its base, bits 63:32", .ports = PORTS_SWITCHING),
	{ 0 },
};

/* --- TPH Requester, PCIe 6.0 section 7.9.13 --------------------------------------------------------- */

VALUES(st_places, { 0, "none" }, { 1, "capability" }, { 2, "MSI-X" });
VALUES(st_modes, { 0, "none" }, { 1, "interrupt-vector" }, { 2, "device-specific" });
VALUES(tph_enables, { 0, "off" }, { 1, "tph" }, { 3, "tph+extended" });

static const struct config_field tph_cap[] = {
	FIELD("NO_ST", 0, 1, RO, "mode without steering tags"),
	FIELD("INT_VEC", 1, 1, RO, "interrupt vector mode"),
	FIELD("DEV_SPEC", 2, 1, RO, "device specific mode"),
	FIELD("EXTENDED", 8, 1, RO, "extended TPH"),
	FIELD("LOC", 9, 2, RO, "where the table of steering tags is", .values = st_places),
	FIELD("ST_SIZE", 16, 11, RO, "its entries", .plus = 1),
	{ 0 },
};

static const struct config_field tph_ctrl[] = {
	FIELD("MODE", 0, 3, RW, "where steering tags come from", .values = st_modes),
	FIELD("ENABLE", 8, 2, RW, "TPH in requests", .values = tph_enables),
	{ 0 },
};

static const struct config_field tph_tag[] = {
	FIELD("LOW", 0, 8, RW, "steering tag, bits 7:0"),
	FIELD("HIGH", 8, 8, RW, "steering tag, bits 15:8"),
	{ 0 },
};

static const struct config_register tph[] = {
	REGISTER("CAP", 0x04, 32, RO, "capabilities", .fields = tph_cap),
	REGISTER("CTRL", 0x08, 32, RW, "control", .fields = tph_ctrl),
	REGISTER("ST", 0x0c, 16, RW, "steering tag ", .fields = tph_tag,
		 .when = { { .number = { .offset = 0x04, .width = 32, .lsb = 9, .bits = 2 },
			     .min = 1,
			     .max = 1 } },
		 .repeat = { .offset = 0x04, .width = 32, .lsb = 16, .bits = 11 }, .plus = 1, .stride = 2),
	{ 0 },
};

/* --- LN Requester: PCIe 5.0 section 7.9.14; 6.0 has it no more -------------------------------------- */

/* 1 << code */
VALUES(lnr_registrations, { 0, "1" }, { 1, "2" }, { 2, "4" }, { 3, "8" }, { 4, "16" }, { 5, "32" },
       { 6, "64" }, { 7, "128" }, { 8, "256" }, { 9, "512" }, { 10, "1024" }, { 11, "2048" }, { 12, "4096" },
       { 13, "8192" }, { 14, "16384" }, { 15, "32768" }, { 16, "65536" }, { 17, "131072" }, { 18, "262144" },
       { 19, "524288" }, { 20, "1048576" }, { 21, "2097152" }, { 22, "4194304" }, { 23, "8388608" },
       { 24, "16777216" }, { 25, "33554432" }, { 26, "67108864" }, { 27, "134217728" }, { 28, "268435456" },
       { 29, "536870912" }, { 30, "1073741824" }, { 31, "2147483648" });

static const struct config_field lnr_cap[] = {
	FIELD("LNR_64", 0, 1, RO, "cache lines of 64 bytes"),
	FIELD("LNR_128", 1, 1, RO, "cache lines of 128 bytes"),
	FIELD("REGISTRATION_MAX", 8, 5, RO, "registrations it can have", .values = lnr_registrations,
	      .sizes = true),
	{ 0 },
};

static const struct config_field lnr_ctrl[] = {
	FIELD("ENABLE", 0, 1, RW, "LN requester"),
	FIELD("CLS", 1, 1, RW, "cache lines of 128 bytes, not 64"),
	FIELD("REGISTRATION_LIMIT", 8, 5, RW, "registrations allowed", .values = lnr_registrations,
	      .sizes = true),
	{ 0 },
};

static const struct config_register lnr[] = {
	REGISTER("CAP", 0x04, 16, RO, "capabilities", .fields = lnr_cap),
	REGISTER("CTRL", 0x06, 16, RW, "control", .fields = lnr_ctrl),
	{ 0 },
};

/* --- FRS Queueing, PCIe 6.0 section 7.8.10 ---------------------------------------------------------- */

static const struct config_field frs_cap[] = {
	FIELD("MAX_DEPTH", 0, 12, HWINIT, "messages that the queue holds"),
	FIELD("INTERRUPT", 16, 5, RO, "vector of the interrupt"),
	{ 0 },
};

static const struct config_field frs_status[] = {
	FIELD("RECEIVED", 0, 1, RW1C, "a message came"),
	FIELD("OVERFLOW", 1, 1, RW1C, "a message came when the queue was full"),
	{ 0 },
};

static const struct config_field frs_ctrl[] = {
	FIELD("INT_EN", 0, 1, RW, "interrupt on a message or an overflow"),
	{ 0 },
};

VALUES(frs_reasons, { 1, "drs-received" }, { 2, "d3hot-to-d0" }, { 3, "flr-completed" }, { 8, "vf-enabled" },
       { 9, "vf-disabled" });

static const struct config_field frs_message[] = {
	FIELD("FUNCTION", 0, 16, RO, "who sent the oldest message"),
	FIELD("REASON", 16, 4, RO, "why", .values = frs_reasons),
	FIELD("DEPTH", 20, 12, RO, "messages in the queue"),
	{ 0 },
};

static const struct config_register frs[] = {
	REGISTER("CAP", 0x04, 32, RO, "capabilities", .fields = frs_cap),
	REGISTER("STATUS", 0x08, 16, RO, "status", .fields = frs_status),
	REGISTER("CTRL", 0x0a, 16, RW, "control", .fields = frs_ctrl),
	/* a write, of whatever value, takes the oldest message away */
	REGISTER("QUEUE", 0x0c, 32, RO, "oldest message", .fields = frs_message, .starts = true),
	{ 0 },
};

/* --- Shadow Functions, PCIe 6.0 section 7.9.25 ------------------------------------------------------ */

static const struct config_field shadow_cap[] = {
	FIELD("COUNT", 0, 8, HWINIT, "shadow functions", .plus = 1),
	{ 0 },
};

static const struct config_field shadow_ctrl[] = {
	FIELD("ENABLE", 0, 1, RW, "requests in the name of shadow functions"),
	{ 0 },
};

static const struct config_field shadow_instance[] = {
	FIELD("OFFSET", 0, 16, HWINIT, "what is added to the function's own routing ID"),
	{ 0 },
};

static const struct config_register shadow[] = {
	REGISTER("CAP", 0x04, 32, RO, "capabilities", .fields = shadow_cap),
	REGISTER("CTRL", 0x08, 32, RW, "control", .fields = shadow_ctrl),
	REGISTER("INSTANCE", 0x0c, 32, RO, "shadow function ", .fields = shadow_instance,
		 .repeat = { .offset = 0x04, .width = 32, .bits = 8 }, .plus = 1, .stride = 4),
	{ 0 },
};

/* --- Device 3, PCIe 6.0 section 7.7.9; unordered I/O: PCIe 6.2 -------------------------------------- */

VALUES(l0p_exit, { 0, "<1us" }, { 1, "<2us" }, { 2, "<4us" }, { 3, "<8us" }, { 4, "<16us" }, { 5, "<32us" },
       { 6, "<=64us" }, { 7, ">64us" });

VALUES(l0p_widths, { 0, "x1" }, { 1, "x2" }, { 2, "x4" }, { 3, "x8" }, { 4, "x16" }, { 7, "dynamic" });
VALUES(initial_widths, { 0, "x1" }, { 1, "x2" }, { 2, "x4" }, { 3, "x8" }, { 4, "x16" });

static const struct config_field devcap3[] = {
	FIELD("DMWR_ROUTING", 0, 1, HWINIT, "routes deferrable memory writes", .ports = PORTS_SWITCHING),
	FIELD("TAG_14_COMPLETER", 1, 1, HWINIT, "14-bit tag completer"),
	FIELD("TAG_14_REQUESTER", 2, 1, HWINIT, "14-bit tag requester"),
	FIELD("L0P", 3, 1, HWINIT, "the receiver supports L0p"),
	FIELD("PORT_L0P_EXIT", 4, 3, HWINIT, "L0p exit latency of the port", .values = l0p_exit),
	FIELD("RETIMER_L0P_EXIT", 7, 3, HWINIT, "L0p exit latency of retimers", .values = l0p_exit),
	FIELD("UIO_COMPLETER", 10, 1, HWINIT, "completes unordered I/O reads and writes of memory"),
	FIELD("UIO_REQUESTER", 11, 1, HWINIT, "requests unordered I/O reads and writes of memory"),
	{ 0 },
};

static const struct config_field devctl3[] = {
	FIELD("DMWR_REQUESTER", 0, 1, RW, "deferrable memory write requester"),
	FIELD("DMWR_EGRESS_BLOCK", 1, 1, RW, "deferrable memory writes are not let out",
	      .ports = PORTS_SWITCHING),
	FIELD("TAG_14_REQUESTER", 2, 1, RW, "14-bit tags"),
	FIELD("L0P", 3, 1, RW, "L0p"),
	FIELD("TARGET_WIDTH", 4, 3, RW, "width that L0p is to reach", .values = l0p_widths),
	FIELD("UIO_REQUESTER", 7, 1, RW, "unordered I/O requester"),
	FIELD("UIO_256B_DISABLE", 8, 1, RW, "unordered I/O requests may cross 256-byte boundaries"),
	{ 0 },
};

static const struct config_field devsta3[] = {
	FIELD("INITIAL_WIDTH", 0, 3, RO, "width after training", .values = initial_widths),
	FIELD("SEGMENT_CAPTURED", 3, 1, RO, "has a valid segment number"),
	FIELD("REMOTE_L0P", 4, 1, RO, "the other end supports L0p"),
	{ 0 },
};

static const struct config_register dev3[] = {
	REGISTER("DEVCAP3", 0x04, 32, RO, "device capabilities 3", .fields = devcap3),
	REGISTER("DEVCTL3", 0x08, 32, RW, "device control 3", .fields = devctl3),
	REGISTER("DEVSTA3", 0x0c, 32, RO, "device status 3", .fields = devsta3),
	{ 0 },
};

/* --- Integrity and Data Encryption, PCIe 6.0 section 7.9.26; TEE-limited streams and XT: PCIe 6.2 ---- */

VALUES(ide_algorithms, { 0, "AES-GCM-256" });
VALUES(aggregation, { 0, "none" }, { 1, "2" }, { 2, "4" }, { 3, "8" });
VALUES(header_encryption, { 0, "none" }, { 1, "17:2" }, { 2, "25:2" }, { 3, "33:2" }, { 4, "41:2" });

VALUES(stream_states, { 0, "insecure" }, { 2, "secure" });

static const struct config_field ide_cap[] = {
	FIELD("LINK", 0, 1, HWINIT, "link streams"),
	FIELD("SELECTIVE", 1, 1, HWINIT, "selective streams"),
	FIELD("FLOWTHROUGH", 2, 1, HWINIT, "passes selective streams on", .ports = PORTS_SWITCHING),
	FIELD("PARTIAL_HEADER_ENC", 3, 1, HWINIT, "partial header encryption"),
	FIELD("AGGREGATION", 4, 1, HWINIT, "aggregation"),
	FIELD("PCRC", 5, 1, HWINIT, "PCRC"),
	FIELD("IDE_KM", 6, 1, HWINIT, "key management protocol"),
	FIELD("SEL_CFG", 7, 1, HWINIT, "selective streams for config requests"),
	FIELD("ALG", 8, 5, HWINIT, "algorithms", .values = ide_algorithms),
	FIELD("LINK_TC_NUM", 13, 3, HWINIT, "link streams", .plus = 1),
	FIELD("SEL_NUM", 16, 8, HWINIT, "selective streams", .plus = 1),
	FIELD("TEE_LIMITED", 24, 1, HWINIT, "TEE-limited streams"),
	FIELD("XT", 25, 1, HWINIT, "XT mode"),
	{ 0 },
};

static const struct config_field ide_ctrl[] = {
	FIELD("FLOWTHROUGH", 2, 1, RW, "passes selective streams on", .ports = PORTS_SWITCHING),
	{ 0 },
};

static const struct config_field ide_link_ctrl[] = {
	FIELD("ENABLE", 0, 1, RW, "the stream is enabled"),
	FIELD("XT", 1, 1, RW, "XT mode"),
	FIELD("TX_AGGR_NPR", 2, 2, RW, "aggregation of non-posted requests", .values = aggregation,
	      .sizes = true),
	FIELD("TX_AGGR_PR", 4, 2, RW, "aggregation of posted requests", .values = aggregation, .sizes = true),
	FIELD("TX_AGGR_CPL", 6, 2, RW, "aggregation of completions", .values = aggregation, .sizes = true),
	FIELD("PCRC", 8, 1, RW, "PCRC"),
	FIELD("PART_ENC", 10, 4, RW, "address bits that are encrypted", .values = header_encryption),
	FIELD("ALG", 14, 5, RW, "algorithm", .values = ide_algorithms),
	FIELD("TC", 19, 3, RW, "traffic class"),
	FIELD("ID", 24, 8, RW, "number of the stream"),
	{ 0 },
};

static const struct config_field ide_link_status[] = {
	FIELD("STATE", 0, 4, RO, "state of the stream", .values = stream_states),
	FIELD("CHECK_FAIL", 31, 1, RW1C, "the other end said that an integrity check failed"),
	{ 0 },
};

/* Selective streams, section 7.9.26.5 */
static const struct config_field ide_sel_cap[] = {
	FIELD("ASSOC_NUM", 0, 4, HWINIT, "address associations"),
	{ 0 },
};

static const struct config_field ide_sel_ctrl[] = {
	FIELD("ENABLE", 0, 1, RW, "the stream is enabled"),
	FIELD("XT", 1, 1, RW, "XT mode"),
	FIELD("TX_AGGR_NPR", 2, 2, RW, "aggregation of non-posted requests", .values = aggregation,
	      .sizes = true),
	FIELD("TX_AGGR_PR", 4, 2, RW, "aggregation of posted requests", .values = aggregation, .sizes = true),
	FIELD("TX_AGGR_CPL", 6, 2, RW, "aggregation of completions", .values = aggregation, .sizes = true),
	FIELD("PCRC", 8, 1, RW, "PCRC"),
	FIELD("CFG", 9, 1, RW, "config requests, too"),
	FIELD("PART_ENC", 10, 4, RW, "address bits that are encrypted", .values = header_encryption),
	FIELD("ALG", 14, 5, RW, "algorithm", .values = ide_algorithms),
	FIELD("TC", 19, 3, RW, "traffic class"),
	FIELD("DEFAULT", 22, 1, RW, "what belongs to no other stream", .ports = PORTS_UP),
	FIELD("TEE_LIMITED", 23, 1, RW, "TEE-limited stream"),
	FIELD("ID", 24, 8, RW, "number of the stream"),
	{ 0 },
};

static const struct config_field ide_rid_limit[] = {
	FIELD("LIMIT", 8, 16, RW, "last routing ID of the other end"),
	{ 0 },
};

static const struct config_field ide_rid_base[] = {
	FIELD("VALID", 0, 1, RW, "routing IDs belong to it"),
	FIELD("BASE", 8, 16, RW, "first routing ID of the other end"),
	FIELD("SEGMENT", 24, 8, RW, "their segment"),
	{ 0 },
};

static const struct config_field ide_addr_low[] = {
	FIELD("VALID", 0, 1, RW, "the addresses belong to it"),
	FIELD("BASE", 8, 12, RW, "first address, bits 31:20", .shift = 20),
	FIELD("LIMIT", 20, 12, RW, "last address, bits 31:20", .shift = 20, .plus = 0xfffff),
	{ 0 },
};

#define PER_LINK_STREAM                                                                                      \
	.when = { { .number = { .offset = 0x04, .width = 32, .bits = 1 }, .min = 1 } },                      \
	.repeat = { .offset = 0x04, .width = 32, .lsb = 13, .bits = 3 }, .plus = 1, .stride = 8

/* bits of CAP, and the link streams */
static const struct config_behind ide_selective = {
	.when = { .number = { .offset = 0x04, .width = 32, .lsb = 1, .bits = 1 }, .min = 1 },
	.others_when = { .number = { .offset = 0x04, .width = 32, .bits = 1 }, .min = 1 },
	.others = { .offset = 0x04, .width = 32, .lsb = 13, .bits = 3 },
	.plus = 1,
	.stride = 8,
};

#define IDE_ASSOC_NUM                                                                                        \
	{                                                                                                    \
		.offset = 0x0c, .width = 32, .bits = 4                                                       \
	}
#define PER_SELECTIVE_STREAM                                                                                 \
	.behind = &ide_selective, .repeat = { .offset = 0x04, .width = 32, .lsb = 16, .bits = 8 },           \
	.plus = 1, .stride = 20, .longer = IDE_ASSOC_NUM, .longer_by = 3
#define PER_ASSOCIATION .inner = IDE_ASSOC_NUM, .inner_stride = 12

static const struct config_register ide[] = {
	REGISTER("CAP", 0x04, 32, RO, "capabilities", .fields = ide_cap),
	REGISTER("CTRL", 0x08, 32, RW, "control", .fields = ide_ctrl, .by_kernel = true),
	/* enabling a stream goes with an exchange of keys */
	REGISTER("LINK_CTRL", 0x0c, 32, RW, "control of link stream ", .fields = ide_link_ctrl,
		 .by_kernel = true, PER_LINK_STREAM),
	REGISTER("LINK_STATUS", 0x10, 32, RO, "status of link stream ", .fields = ide_link_status,
		 PER_LINK_STREAM),
	REGISTER("SEL_CAP", 0x0c, 32, RO, "capabilities of selective stream ", .fields = ide_sel_cap,
		 PER_SELECTIVE_STREAM),
	REGISTER("SEL_CTRL", 0x10, 32, RW, "control of selective stream ", .fields = ide_sel_ctrl,
		 .by_kernel = true, PER_SELECTIVE_STREAM),
	REGISTER("SEL_STATUS", 0x14, 32, RO, "status of selective stream ", .fields = ide_link_status,
		 PER_SELECTIVE_STREAM),
	REGISTER("SEL_RID_LIMIT", 0x18, 32, RW, "routing IDs, last, of selective stream ",
		 .fields = ide_rid_limit, .by_kernel = true, PER_SELECTIVE_STREAM),
	REGISTER("SEL_RID_BASE", 0x1c, 32, RW, "routing IDs, first, of selective stream ",
		 .fields = ide_rid_base, .by_kernel = true, PER_SELECTIVE_STREAM),
	REGISTER("SEL_ADDR_LOW", 0x20, 32, RW, "addresses of a selective stream, bits 31:20",
		 .fields = ide_addr_low, .by_kernel = true, PER_SELECTIVE_STREAM, PER_ASSOCIATION),
	REGISTER("SEL_ADDR_LIMIT", 0x24, 32, RW, "last address of a selective stream, bits 63:32",
		 .by_kernel = true, PER_SELECTIVE_STREAM, PER_ASSOCIATION),
	REGISTER("SEL_ADDR_BASE", 0x28, 32, RW, "first address of a selective stream, bits 63:32",
		 .by_kernel = true, PER_SELECTIVE_STREAM, PER_ASSOCIATION),
	{ 0 },
};

/* What the length of a capability depends on is counted at its least. */
const struct config_block config_function_blocks[] = {
	{ "VC", "Virtual Channel", true, 0x02, vc },
	{ "DSN", "Device Serial Number", true, 0x03, dsn },
	{ "MFVC", "Multi-Function Virtual Channel", true, 0x08, mfvc },
	{ "VC2", "Virtual Channel (with MFVC)", true, 0x09, vc },
	{ "ACS", "Access Control Services", true, 0x0d, acs },
	{ "ARI", "Alternative Routing-ID Interpretation", true, 0x0e, ari },
	/* endpoints have no overlay */
	{ "MCAST", "Multicast", true, 0x12, mcast },
	{ "TPH", "TPH Requester", true, 0x17, tph },
	{ "LNR", "LN Requester", true, 0x1c, lnr },
	{ "FRS", "FRS Queueing", true, 0x21, frs },
	{ "SHADOW", "Shadow Functions", true, 0x2d, shadow },
	{ "DEV3", "Device 3", true, 0x2f, dev3 },
	{ "IDE", "Integrity and Data Encryption", true, 0x30, ide },
	{ 0 },
};
