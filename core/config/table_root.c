// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Extended capabilities of the root complex, of switches, of containment and enclosures, mailboxes. Names are those
 * of linux/pci_regs.h where it has them.
 */
#include "core/config/table.h"

/* --- Root Complex Link Declaration, PCIe 6.0 section 7.9.8 ------------------------------------------ */

VALUES(rclink_elements, { 0, "config" }, { 1, "egress" }, { 2, "internal" });
VALUES(rclink_targets, { 0, "memory" }, { 1, "config" });

static const struct config_field rclink_esd[] = {
	FIELD("TYPE", 0, 4, RO, "what this element is", .values = rclink_elements),
	FIELD("LINKS", 8, 8, HWINIT, "link entries"),
	FIELD("COMPONENT", 16, 8, HWINIT, "component that the element is in"),
	FIELD("PORT", 24, 8, HWINIT, "its port there"),
	{ 0 },
};

static const struct config_field rclink_desc[] = {
	FIELD("VALID", 0, 1, HWINIT, "the entry is of a link"),
	FIELD("TYPE", 1, 1, HWINIT, "what ADDRESS is in", .values = rclink_targets),
	FIELD("RCRB", 2, 1, HWINIT, "the entry is of an RCRB header"),
	FIELD("COMPONENT", 16, 8, HWINIT, "component of the target"),
	FIELD("PORT", 24, 8, HWINIT, "its port there"),
	{ 0 },
};

#define PER_LINK .repeat = { .offset = 0x04, .width = 32, .lsb = 8, .bits = 8 }, .stride = 16

static const struct config_register rclink[] = {
	REGISTER("ESD", 0x04, 32, RO, "element self description", .fields = rclink_esd),
	REGISTER("LINK", 0x10, 32, RO, "description of link ", .fields = rclink_desc, PER_LINK),
	/* of a target in config space: bus, device and function in bits 27:12 */
	REGISTER("ADDRESS", 0x18, 32, HWINIT, "address of the target of link ", PER_LINK),
	REGISTER("ADDRESS_HIGH", 0x1c, 32, HWINIT, "bits 63:32 of that of link ", PER_LINK),
	{ 0 },
};

/* --- Root Complex Internal Link Control, PCIe 6.0 section 7.9.9 ------------------------------------- */

VALUES(link_widths, { 1, "x1" }, { 2, "x2" }, { 4, "x4" }, { 8, "x8" }, { 16, "x16" });

static const struct config_field rcilink_cap[] = {
	FIELD("SPEED", 0, 4, RO, "highest speed", .values = config_speeds),
	FIELD("WIDTH", 4, 6, RO, "largest width", .values = link_widths),
	FIELD("ASPM", 10, 2, RO, "ASPM supported", .values = config_aspm_states),
	FIELD("L0S_EXIT", 12, 3, RO, "L0s exit latency", .values = config_l0s_exit),
	FIELD("L1_EXIT", 15, 3, RO, "L1 exit latency", .values = config_l1_exit),
	FIELD("SPEED_2_5", 18, 1, RO, "2.5 GT/s"),
	FIELD("SPEED_5", 19, 1, RO, "5 GT/s"),
	FIELD("SPEED_8", 20, 1, RO, "8 GT/s"),
	FIELD("SPEED_16", 21, 1, RO, "16 GT/s"),
	FIELD("SPEED_32", 22, 1, RO, "32 GT/s"),
	FIELD("SPEED_64", 23, 1, RO, "64 GT/s"),
	FIELD("SPEED_128", 24, 1, RO, "128 GT/s"),
	{ 0 },
};

static const struct config_field rcilink_ctrl[] = {
	FIELD("ASPM", 0, 2, RW, "ASPM", .values = config_aspm_control),
	FIELD("EXTENDED_SYNC", 7, 1, RW, "extended synch"),
	{ 0 },
};

static const struct config_field rcilink_status[] = {
	FIELD("SPEED", 0, 4, RO, "speed", .values = config_speeds),
	FIELD("WIDTH", 4, 6, RO, "width", .values = link_widths),
	{ 0 },
};

static const struct config_register rcilink[] = {
	REGISTER("CAP", 0x04, 32, RO, "link capabilities", .fields = rcilink_cap),
	REGISTER("CTRL", 0x08, 16, RW, "link control", .fields = rcilink_ctrl),
	REGISTER("STATUS", 0x0a, 16, RO, "link status", .fields = rcilink_status),
	{ 0 },
};

/* --- Root Complex Event Collector Endpoint Association, PCIe 6.0 section 7.9.10 --------------------- */

static const struct config_field rcec_busn[] = {
	FIELD("NEXT", 8, 8, HWINIT, "first further bus"),
	FIELD("LAST", 16, 8, HWINIT, "last further bus; FF-0: none"),
	{ 0 },
};

static const struct config_register rcec[] = {
	REGISTER("RCIEP_BITMAP", 0x04, 32, RO, "devices of this bus whose events are collected, a bit each"),
	/* from version 2 of the capability on */
	REGISTER("BUSN", 0x08, 32, RO, "further buses", .fields = rcec_busn,
		 .when = { { .number = { .offset = 0x00, .width = 32, .lsb = 16, .bits = 4 }, .min = 2 } }),
	{ 0 },
};

/* --- Root Complex Register Block header, PCIe 6.0 section 7.9.7 ------------------------------------- */

static const struct config_field rbcb_cap[] = {
	FIELD("CRS_VISIBILITY", 0, 1, RO, "config request retry status can be made visible"),
	{ 0 },
};

static const struct config_field rbcb_ctrl[] = {
	FIELD("CRS_VISIBILITY", 0, 1, RW, "software sees config request retry status"),
	{ 0 },
};

static const struct config_register rbcb[] = {
	REGISTER("VENDOR_ID", 0x04, 16, RO, "vendor"),
	REGISTER("DEVICE_ID", 0x06, 16, RO, "device"),
	REGISTER("CAP", 0x08, 32, RO, "capabilities", .fields = rbcb_cap),
	REGISTER("CTRL", 0x0c, 32, RW, "control", .fields = rbcb_ctrl),
	{ 0 },
};

/* --- Configuration Access Correlation: Trusted Configuration Space for PCI Express ECN, 2005 -------- */

static const struct config_register cac[] = {
	REGISTER("DEVICE", 0x04, 32, RO, "device correlation"),
	{ 0 },
};

/* --- Downstream Port Containment, PCIe 6.0 section 7.9.14 ------------------------------------------- */

VALUES(dpc_triggers, { 0, "off" }, { 1, "fatal" }, { 2, "nonfatal" });
VALUES(dpc_completions, { 0, "completer-abort" }, { 1, "unsupported-request" });
VALUES(dpc_reasons, { 0, "uncorrectable" }, { 1, "nonfatal-message" }, { 2, "fatal-message" },
       { 3, "extension" });

VALUES(dpc_extensions, { 0, "rp-pio" }, { 1, "software" });

static const struct config_field dpc_cap[] = {
	FIELD("IRQ", 0, 5, RO, "vector of the interrupt"),
	FIELD("RP_EXT", 5, 1, RO, "root port extensions"),
	FIELD("POISONED_TLP", 6, 1, RO, "poisoned TLP egress blocking"),
	FIELD("SW_TRIGGER", 7, 1, RO, "software can trigger it"),
	FIELD("RP_PIO_LOG_SIZE", 8, 4, RO, "dwords of the RP PIO logs, bits 3:0"),
	FIELD("DL_ACTIVE", 12, 1, RO, "ERR_COR when the data link layer becomes active"),
	FIELD("RP_PIO_LOG_SIZE_4", 13, 1, RO, "dwords of the RP PIO logs, bit 4"),
	{ 0 },
};

static const struct config_field dpc_ctl[] = {
	FIELD("TRIGGER", 0, 2, RW, "errors that trigger it, from these on", .values = dpc_triggers),
	FIELD("COMPLETION", 2, 1, RW, "completion status while contained", .values = dpc_completions),
	FIELD("INT_EN", 3, 1, RW, "interrupt when triggered"),
	FIELD("ERR_COR", 4, 1, RW, "ERR_COR when triggered"),
	FIELD("POISONED_TLP", 5, 1, RW, "poisoned TLP egress blocking"),
	FIELD("SW_TRIGGER", 6, 1, TRIGGER, "triggers it"),
	FIELD("DL_ACTIVE", 7, 1, RW, "ERR_COR when the data link layer becomes active"),
	FIELD("SIG_SFW", 8, 1, RW, "ERR_COR for system firmware"),
	{ 0 },
};

static const struct config_field dpc_status[] = {
	FIELD("TRIGGER", 0, 1, RW1CS, "the port is contained"),
	FIELD("TRIGGER_RSN", 1, 2, ROS, "why", .values = dpc_reasons),
	FIELD("INTERRUPT", 3, 1, RW1CS, "the interrupt was raised"),
	FIELD("RP_BUSY", 4, 1, RO, "the root port is busy"),
	FIELD("TRIGGER_RSN_EXT", 5, 2, ROS, "which extension", .values = dpc_extensions),
	FIELD("RP_PIO_FEP", 8, 5, ROS, "bit of the first RP PIO error"),
	FIELD("SIG_SFW", 13, 1, RW1CS, "ERR_COR for system firmware was sent"),
	{ 0 },
};

/* Status and the registers behind it have the same bits. */
#define RP_PIO(access_)                                                                                      \
	{                                                                                                    \
		FIELD("CFG_UR", 0, 1, access_, "config request: unsupported request"),                       \
			FIELD("CFG_CA", 1, 1, access_, "config request: completer abort"),                   \
			FIELD("CFG_CTO", 2, 1, access_, "config request: completion timeout"),               \
			FIELD("IO_UR", 8, 1, access_, "I/O request: unsupported request"),                   \
			FIELD("IO_CA", 9, 1, access_, "I/O request: completer abort"),                       \
			FIELD("IO_CTO", 10, 1, access_, "I/O request: completion timeout"),                  \
			FIELD("MEM_UR", 16, 1, access_, "memory request: unsupported request"),              \
			FIELD("MEM_CA", 17, 1, access_, "memory request: completer abort"),                  \
			FIELD("MEM_CTO", 18, 1, access_, "memory request: completion timeout"), { 0 },       \
	}

static const struct config_field rp_pio_status[] = RP_PIO(RW1CS);
static const struct config_field rp_pio_mask[] = RP_PIO(RWS);

#define WITH_RP_EXT                                                                                          \
	{                                                                                                    \
		.number = { .offset = 0x04, .width = 16, .lsb = 5, .bits = 1 }, .min = 1                     \
	}
/* bit 13 is that of flit mode, whose header may have more dwords */
#define RP_PIO_LOG_SIZE                                                                                      \
	{                                                                                                    \
		.offset = 0x04, .width = 16, .lsb = 8, .bits = 4, .top_lsb = 13                              \
	}

static const struct config_register dpc[] = {
	REGISTER("CAP", 0x04, 16, RO, "capabilities", .fields = dpc_cap),
	REGISTER("CTL", 0x06, 16, RW, "control", .fields = dpc_ctl),
	REGISTER("STATUS", 0x08, 16, RO, "status", .fields = dpc_status),
	REGISTER("SOURCE_ID", 0x0a, 16, ROS, "who sent the message that triggered it"),
	REGISTER("RP_PIO_STATUS", 0x0c, 32, RO, "errors of requests that the root port made",
		 .fields = rp_pio_status, .when = { WITH_RP_EXT }),
	REGISTER("RP_PIO_MASK", 0x10, 32, RW, "which are not reported", .fields = rp_pio_mask,
		 .when = { WITH_RP_EXT }),
	REGISTER("RP_PIO_SEVERITY", 0x14, 32, RW, "which are uncorrectable", .fields = rp_pio_mask,
		 .when = { WITH_RP_EXT }),
	REGISTER("RP_PIO_SYSERROR", 0x18, 32, RW, "which raise a system error", .fields = rp_pio_mask,
		 .when = { WITH_RP_EXT }),
	REGISTER("RP_PIO_EXCEPTION", 0x1c, 32, RW, "which raise an exception in the processor",
		 .fields = rp_pio_mask, .when = { WITH_RP_EXT }),
	REGISTER("RP_PIO_HEADER_LOG", 0x20, 32, ROS, "header of the TLP of the first error, dword ",
		 .fixed = 4, .stride = 4, .when = { WITH_RP_EXT, { .number = RP_PIO_LOG_SIZE, .min = 4 } }),
	REGISTER("RP_PIO_IMPSPEC_LOG", 0x30, 32, ROS, "implementation specific",
		 .when = { WITH_RP_EXT, { .number = RP_PIO_LOG_SIZE, .min = 5 } }),
	/* in flit mode dwords 5 and further of the header */
	REGISTER("RP_PIO_TLPPREFIX_LOG", 0x34, 32, ROS, "TLP prefixes of the first error, dword ",
		 .when = { WITH_RP_EXT }, .repeat = RP_PIO_LOG_SIZE, .plus = -5, .stride = 4),
	{ 0 },
};

/* --- Hierarchy ID, PCIe 6.0 section 7.9.17 ---------------------------------------------------------- */

static const struct config_field hier_status[] = {
	FIELD("REQUESTER", 0, 16, RO, "who sent the message"),
	FIELD("WRITEABLE", 28, 1, RW, "DATA and GUID can be written"),
	FIELD("VF_CONFIGURABLE", 29, 1, RO, "WRITEABLE can be written"),
	FIELD("PENDING", 30, 1, TRIGGER, "sends the message"),
	FIELD("VALID", 31, 1, RW, "the others mean something"),
	{ 0 },
};

static const struct config_field hier_data[] = {
	FIELD("AUTHORITY", 0, 8, RW, "who made the GUID"),
	FIELD("ID", 16, 16, RW, "hierarchy ID"),
	{ 0 },
};

static const struct config_field hier_guid1[] = {
	FIELD("GUID", 0, 16, RW, "system GUID, bits 143:128"),
	{ 0 },
};

static const struct config_register hier_id[] = {
	REGISTER("STATUS", 0x04, 32, RO, "status", .fields = hier_status),
	REGISTER("DATA", 0x08, 32, RW, "hierarchy ID", .fields = hier_data),
	REGISTER("GUID1", 0x0c, 32, RW, "system GUID", .fields = hier_guid1),
	REGISTER("GUID2", 0x10, 32, RW, "system GUID, bits 127:96"),
	REGISTER("GUID3", 0x14, 32, RW, "system GUID, bits 95:64"),
	REGISTER("GUID4", 0x18, 32, RW, "system GUID, bits 63:32"),
	REGISTER("GUID5", 0x1c, 32, RW, "system GUID, bits 31:0"),
	{ 0 },
};

/* --- Native PCIe Enclosure Management, PCIe 6.0 section 7.9.19 -------------------------------------- */

#define INDICATIONS(access_)                                                                                 \
	FIELD("OK", 2, 1, access_, "OK"), FIELD("LOCATE", 3, 1, access_, "locate"),                          \
		FIELD("FAIL", 4, 1, access_, "fail"), FIELD("REBUILD", 5, 1, access_, "rebuild"),            \
		FIELD("PFA", 6, 1, access_, "predicted failure"),                                            \
		FIELD("HOTSPARE", 7, 1, access_, "hot spare"),                                               \
		FIELD("ICA", 8, 1, access_, "in a critical array"),                                          \
		FIELD("IFA", 9, 1, access_, "in a failed array"),                                            \
		FIELD("IDT", 10, 1, access_, "invalid device type"),                                         \
		FIELD("DISABLED", 11, 1, access_, "disabled"),                                               \
		FIELD("SPEC", 24, 8, access_, "the enclosure's own")

static const struct config_field npem_cap[] = {
	FIELD("CAPABLE", 0, 1, HWINIT, "the enclosure has indications"),
	FIELD("RESET", 1, 1, HWINIT, "reset"),
	INDICATIONS(HWINIT),
	{ 0 },
};

static const struct config_field npem_ctrl[] = {
	FIELD("ENABLE", 0, 1, RW, "enclosure management is enabled"),
	FIELD("RESET", 1, 1, TRIGGER, "starts a reset"),
	INDICATIONS(RW),
	{ 0 },
};

static const struct config_field npem_status[] = {
	FIELD("CC", 0, 1, RW1C, "command completed"),
	/* software of others than the enclosure writes zeroes */
	FIELD("SPEC", 24, 8, RW1C, "the enclosure's own"),
	{ 0 },
};

static const struct config_register npem[] = {
	REGISTER("CAP", 0x04, 32, RO, "indications that there are", .fields = npem_cap),
	/* every write is a command, which has to complete before the next */
	REGISTER("CTRL", 0x08, 32, RW, "indications that are on", .fields = npem_ctrl, .starts = true),
	REGISTER("STATUS", 0x0c, 32, RO, "status", .fields = npem_status),
	{ 0 },
};

/* --- System Firmware Intermediary, PCIe 6.0 section 7.9.22 ------------------------------------------ */

VALUES(sfi_filters, { 0, "off" }, { 1, "all" }, { 2, "config" });

static const struct config_field sfi_cap[] = {
	FIELD("OOB_PD", 0, 1, HWINIT, "reports out-of-band presence"),
	{ 0 },
};

static const struct config_field sfi_ctrl[] = {
	FIELD("PD_MASK", 0, 1, RW, "presence is masked"),
	FIELD("DLL_MASK", 1, 1, RW, "the data link layer's state is masked"),
	FIELD("OOB_PD_CHANGED", 2, 1, RW, "event: out-of-band presence changed"),
	FIELD("DLL_CHANGED", 3, 1, RW, "event: data link layer state changed"),
	FIELD("DPF", 4, 2, RW, "requests that are not let through", .values = sfi_filters),
	FIELD("HPS_SUPPRESS", 6, 1, RW, "no hot-plug surprise"),
	FIELD("DRS_MASK", 7, 1, RW, "device readiness status is masked"),
	FIELD("DRS_SIGNALING", 8, 1, RW, "event: device readiness status received"),
	FIELD("DRS_TRIGGER", 9, 1, TRIGGER, "behaves as if device readiness status were received"),
	{ 0 },
};

static const struct config_field sfi_status[] = {
	FIELD("PD", 0, 1, RO, "presence, unmasked"),
	FIELD("OOB_PD", 1, 1, RO, "out-of-band presence"),
	FIELD("OOB_PD_CHANGED", 2, 1, RW1C, "out-of-band presence changed"),
	FIELD("DLL", 3, 1, RO, "the data link layer is active, unmasked"),
	FIELD("DLL_CHANGED", 4, 1, RW1C, "data link layer state changed"),
	FIELD("DRS_RECEIVED", 5, 1, RW1C, "device readiness status received, unmasked"),
	{ 0 },
};

static const struct config_field sfi_cam_addr[] = {
	FIELD("REGISTER", 0, 12, RW, "offset in config space"),
	FIELD("FUNCTION", 12, 3, RW, "function"),
	FIELD("DEVICE", 15, 5, RW, "device"),
	FIELD("BUS", 20, 8, RW, "bus"),
	{ 0 },
};

static const struct config_register sfi[] = {
	REGISTER("CAP", 0x04, 16, RO, "capabilities", .fields = sfi_cap),
	/* what firmware hides from the kernel */
	REGISTER("CTRL", 0x06, 16, RW, "control", .fields = sfi_ctrl, .by_kernel = true),
	REGISTER("STATUS", 0x08, 16, RO, "status", .fields = sfi_status),
	REGISTER("CAM_ADDR", 0x0c, 32, RW, "config access below: where", .fields = sfi_cam_addr,
		 .by_kernel = true),
	/* a read is a config read on the link below, a write a config write */
	REGISTER("CAM_DATA", 0x10, 32, RW, "config access below: data", .starts = true, .reads_act = true),
	{ 0 },
};

/* --- Data Object Exchange, PCIe 6.0 section 7.9.24 -------------------------------------------------- */

static const struct config_field doe_cap[] = {
	FIELD("INT_SUP", 0, 1, HWINIT, "interrupt"),
	FIELD("INT_MSG_NUM", 1, 11, RO, "its vector"),
	{ 0 },
};

static const struct config_field doe_ctrl[] = {
	FIELD("ABORT", 0, 1, TRIGGER, "aborts the exchange"),
	FIELD("INT_EN", 1, 1, RW, "interrupt"),
	FIELD("GO", 31, 1, TRIGGER, "the object is written"),
	{ 0 },
};

static const struct config_field doe_status[] = {
	FIELD("BUSY", 0, 1, RO, "cannot take another object"),
	FIELD("INT_STATUS", 1, 1, RW1C, "the interrupt was raised"),
	FIELD("ERROR", 2, 1, RO, "error"),
	FIELD("DATA_OBJECT_READY", 31, 1, RO, "an object can be read"),
	{ 0 },
};

static const struct config_register doe[] = {
	REGISTER("CAP", 0x04, 32, RO, "capabilities", .fields = doe_cap),
	REGISTER("CTRL", 0x08, 32, RW, "control", .fields = doe_ctrl, .by_kernel = true),
	REGISTER("STATUS", 0x0c, 32, RO, "status", .fields = doe_status),
	REGISTER("WRITE", 0x10, 32, RW, "write mailbox: each write adds a dword", .starts = true),
	/*
	 * A write, of whatever value, goes on to the next dword. By the specification a read does nothing; it is
	 * left alone all the same, being half of an exchange that somebody else may be in.
	 */
	REGISTER("READ", 0x14, 32, RW, "read mailbox: a write takes a dword away", .starts = true,
		 .reads_act = true),
	{ 0 },
};

/* --- Streamlined Virtual Channel, PCIe 6.4 section 7.9.29 ------------------------------------------- */

VALUES(svc_protocols, { 0, "non-UIO" }, { 2, "UIO" }, { 3, "both" });
VALUES(svc_selections, { 0, "non-UIO" }, { 2, "UIO" });

/* of the credits that all virtual channels share */
VALUES(shares, { 0, "0%" }, { 1, "12.5%" }, { 2, "25%" }, { 3, "37.5%" }, { 4, "50%" }, { 5, "62.5%" },
       { 6, "75%" }, { 7, "87.5%" });

static const struct config_field svc_port_cap1[] = {
	FIELD("EVCC", 0, 3, RO, "extended VC count: virtual channels besides the first"),
	{ 0 },
};

static const struct config_field svc_port_ctrl[] = {
	FIELD("VC_EN_COMPLETED", 0, 1, RW, "no other virtual channel will be enabled"),
	{ 0 },
};

static const struct config_field svc_res_cap[] = {
	FIELD("PROTOCOL", 8, 4, RO, "what the channel can carry", .values = svc_protocols),
	FIELD("ID", 12, 3, RO, "number of the virtual channel"),
	{ 0 },
};

static const struct config_field svc_res_ctrl[] = {
	FIELD("TC_MAP", 0, 8, RW, "traffic classes of this channel, a bit each"),
	FIELD("PROTOCOL", 8, 4, RW, "what the channel carries", .values = svc_selections),
	FIELD("SHARED_FC_LIMIT", 27, 3, RW, "most that it takes of the shared credits", .values = shares),
	FIELD("SHARED_FC_LIMITED", 30, 1, RW, "there is such a limit"),
	FIELD("ENABLE", 31, 1, RW, "the virtual channel is enabled"),
	{ 0 },
};

static const struct config_field svc_res_status[] = {
	FIELD("NEGO", 1, 1, RO, "the negotiation is pending"),
	{ 0 },
};

#define PER_CHANNEL .repeat = { .offset = 0x04, .width = 32, .bits = 3 }, .plus = 1, .stride = 12

static const struct config_register svc[] = {
	REGISTER("PORT_CAP1", 0x04, 32, RO, "port capabilities 1", .fields = svc_port_cap1),
	REGISTER("PORT_CAP2", 0x08, 32, RO, "port capabilities 2"),
	REGISTER("PORT_CTRL", 0x0c, 32, RW, "port control", .fields = svc_port_ctrl, .by_kernel = true),
	REGISTER("PORT_STATUS", 0x10, 32, RO, "port status"),
	REGISTER("RES_CAP", 0x14, 32, RO, "capabilities of resource ", .fields = svc_res_cap, PER_CHANNEL),
	REGISTER("RES_CTRL", 0x18, 32, RW, "control of resource ", .fields = svc_res_ctrl, PER_CHANNEL),
	REGISTER("RES_STATUS", 0x1c, 32, RO, "status of resource ", .fields = svc_res_status, PER_CHANNEL),
	{ 0 },
};

/* --- MMIO Register Block Locator, PCIe 6.4 section 7.9.30 ------------------------------------------- */

VALUES(mrbl_blocks, { 0, "empty" }, { 1, "MCAP" }, { 0xff, "MDVS" });

static const struct config_field mrbl_cap[] = {
	FIELD("LEN", 0, 12, RO, "bytes, the header included"),
	{ 0 },
};

static const struct config_field mrbl_locator[] = {
	FIELD("BIR", 0, 3, RO, "BAR"),
	FIELD("ID", 8, 8, RO, "what is there", .values = mrbl_blocks),
	FIELD("OFFSET", 16, 16, RO, "where it is in the BAR, its lowest 32 bits", .shift = 16),
	{ 0 },
};

/* the header and CAP are 8 bytes, as each locator is */
#define PER_LOCATOR .repeat = { .offset = 0x04, .width = 32, .lsb = 3, .bits = 9 }, .plus = -1, .stride = 8

static const struct config_register mrbl[] = {
	REGISTER("CAP", 0x04, 32, RO, "capabilities", .fields = mrbl_cap),
	REGISTER("LOCATOR", 0x08, 32, RO, "register block ", .fields = mrbl_locator, PER_LOCATOR),
	REGISTER("LOCATOR_HIGH", 0x0c, 32, RO, "bits 63:32 of the offset of block ", PER_LOCATOR),
	{ 0 },
};

/* What the length of a capability depends on is counted at its least. */
const struct config_block config_root_blocks[] = {
	/* with one link */
	{ "RCLINK", "Root Complex Link Declaration", true, 0x05, rclink },
	{ "RCILINK", "Root Complex Internal Link Control", true, 0x06, rcilink },
	{ "RCEC", "Root Complex Event Collector", true, 0x07, rcec },
	{ "RBCB", "Root Complex Register Block", true, 0x0a, rbcb },
	{ "CAC", "Configuration Access Correlation", true, 0x0c, cac },
	{ "DPC", "Downstream Port Containment", true, 0x1d, dpc },
	{ "HIER_ID", "Hierarchy ID", true, 0x28, hier_id },
	{ "NPEM", "Native PCIe Enclosure Management", true, 0x29, npem },
	{ "SFI", "System Firmware Intermediary", true, 0x2c, sfi },
	{ "DOE", "Data Object Exchange", true, 0x2e, doe },
	{ "SVC", "Streamlined Virtual Channel", true, 0x35, svc },
	{ "MRBL", "MMIO Register Block Locator", true, 0x36, mrbl },
	{ 0 },
};
