// SPDX-License-Identifier: GPL-2.0-or-later
/* Extended capabilities of the root complex and of ports: containment, enclosures, mailboxes. */
#include "core/config_table.h"

/* --- Root Complex Link Declaration: PCIe 6.0 section 7.9.8 ------------------------------------------------ */

static const struct config_value element_types[] = {
	{ 0, "config-space" },
	{ 1, "egress-port" },
	{ 2, "internal-link" },
	{ 0, NULL },
};

static const struct config_field rclink_self[] = {
	FIELD("TYPE", 0, 4, RO, "kind of element", .values = element_types),
	FIELD("ENTRIES", 8, 8, HWINIT, "links that follow"),
	FIELD("COMPONENT", 16, 8, HWINIT, "component"),
	FIELD("PORT", 24, 8, HWINIT, "port"),
	{ 0 },
};

static const struct config_field rclink_entry[] = {
	FIELD("VALID", 0, 1, HWINIT, "the entry is valid"),
	FIELD("TO_CONFIG", 1, 1, HWINIT, "the address is that of a config space"),
	FIELD("RCRB", 2, 1, HWINIT, "of a root complex register block"),
	FIELD("COMPONENT", 16, 8, HWINIT, "target component"),
	FIELD("PORT", 24, 8, HWINIT, "target port"),
	{ 0 },
};

#define PER_LINK .stride = 16, .repeat = { .offset = 4, .width = 32, .lsb = 8, .bits = 8 }

static const struct config_register rclink[] = {
	REGISTER("SELF", 0x04, 32, RO, "this element", .fields = rclink_self),
	REGISTER("LINK", 0x10, 32, HWINIT, "link ", .fields = rclink_entry, PER_LINK),
	REGISTER("LINK_ADDRESS_LO", 0x18, 32, HWINIT, "address of link ", PER_LINK),
	REGISTER("LINK_ADDRESS_HI", 0x1c, 32, HWINIT, "upper half of the address of link ", PER_LINK),
	{ 0 },
};

/* --- Root Complex Internal Link Control: PCIe 6.0 section 7.9.9 ------------------------------------------- */

static const struct config_field rcilink_cap[] = {
	FIELD("SPEED", 0, 4, RO, "highest speed"),
	FIELD("WIDTH", 4, 6, RO, "largest width"),
	FIELD("ASPM", 10, 2, RO, "ASPM supported"),
	{ 0 },
};

static const struct config_field rcilink_control[] = {
	FIELD("ASPM", 0, 2, RW, "ASPM"),
	FIELD("EXTENDED_SYNC", 7, 1, RW, "extended synch"),
	{ 0 },
};

static const struct config_field rcilink_status[] = {
	FIELD("SPEED", 0, 4, RO, "speed"),
	FIELD("WIDTH", 4, 6, RO, "width"),
	{ 0 },
};

static const struct config_register rcilink[] = {
	REGISTER("LNKCAP", 0x04, 32, RO, "link capabilities", .fields = rcilink_cap),
	REGISTER("LNKCTL", 0x08, 16, RW, "link control", .fields = rcilink_control),
	REGISTER("LNKSTA", 0x0a, 16, RO, "link status", .fields = rcilink_status),
	{ 0 },
};

/* --- Root Complex Event Collector: PCIe 6.0 section 7.9.10 ------------------------------------------------ */

static const struct config_field rcec_buses[] = {
	FIELD("NEXT", 8, 8, HWINIT, "first of further buses"),
	FIELD("LAST", 16, 8, HWINIT, "last of them"),
	{ 0 },
};

/* Buses came with version 2 of the capability: bits 19:16 of its header */
static const struct config_register rcec[] = {
	REGISTER("BITMAP", 0x04, 32, HWINIT, "devices on the same bus, a bit each"),
	REGISTER("BUSES", 0x08, 32, HWINIT, "further buses", .fields = rcec_buses,
		 .when = { { .number = { .offset = 0, .width = 32, .lsb = 16, .bits = 4 }, .min = 2 } }),
	{ 0 },
};

/* --- RCRB Header: PCIe 6.0 section 7.9.7 ------------------------------------------------------------------- */

static const struct config_field rcrb_control[] = {
	FIELD("CRS_VISIBILITY", 0, 1, RW, "software sees config request retry status"),
	{ 0 },
};

static const struct config_register rcrb[] = {
	REGISTER("VENDOR_ID", 0x04, 16, RO, "vendor"),
	REGISTER("DEVICE_ID", 0x06, 16, RO, "device"),
	REGISTER("CAP", 0x08, 32, RO, "capabilities"),
	REGISTER("CONTROL", 0x0c, 32, RW, "control", .fields = rcrb_control),
	{ 0 },
};

/* --- Configuration Access Correlation: PCIe 2.1, trusted configuration space -------------------------------- */

static const struct config_register cac[] = {
	REGISTER("CORRELATION", 0x04, 32, RO, "device correlation"),
	{ 0 },
};

/* --- Downstream Port Containment: PCIe 6.0 section 7.9.14 --------------------------------------------------- */

static const struct config_field dpc_cap[] = {
	FIELD("INTERRUPT", 0, 5, RO, "vector of its interrupt"),
	FIELD("RP_EXTENSIONS", 5, 1, RO, "root port extensions"),
	FIELD("POISONED_TLP", 6, 1, RO, "poisoned TLP egress blocking"),
	FIELD("SW_TRIGGER", 7, 1, RO, "software trigger"),
	FIELD("PIO_LOG_SIZE", 8, 4, RO, "size of the PIO log in dwords"),
	FIELD("DL_ACTIVE_ERR_COR", 12, 1, RO, "error message when the link comes up"),
	{ 0 },
};

static const struct config_value dpc_triggers[] = {
	{ 0, "off" },
	{ 1, "fatal" },
	{ 2, "nonfatal" },
	{ 0, NULL },
};

static const struct config_field dpc_control[] = {
	FIELD("TRIGGER", 0, 2, RW, "which errors contain the port", .values = dpc_triggers),
	FIELD("COMPLETION", 2, 1, RW, "completions with UR, not CA"),
	FIELD("INT", 3, 1, RW, "interrupt"),
	FIELD("ERR_COR", 4, 1, RW, "error message"),
	FIELD("POISONED_TLP", 5, 1, RW, "poisoned TLP egress blocking"),
	FIELD("SW_TRIGGER", 6, 1, TRIGGER, "contains the port now"),
	FIELD("DL_ACTIVE_ERR_COR", 7, 1, RW, "error message when the link comes up"),
	{ 0 },
};

static const struct config_value dpc_reasons[] = {
	{ 0, "uncorrectable" },
	{ 1, "nonfatal-message" },
	{ 2, "fatal-message" },
	{ 3, "extension" },
	{ 0, NULL },
};

static const struct config_value dpc_extensions[] = {
	{ 0, "rp-pio" },
	{ 1, "software" },
	{ 0, NULL },
};

static const struct config_field dpc_status[] = {
	FIELD("TRIGGERED", 0, 1, RW1CS, "the port is contained"),
	FIELD("REASON", 1, 2, ROS, "why", .values = dpc_reasons),
	FIELD("INTERRUPT", 3, 1, RW1CS, "interrupt"),
	FIELD("RP_BUSY", 4, 1, RO, "the root port is busy"),
	FIELD("REASON_EXTENSION", 5, 2, ROS, "why, where REASON is extension", .values = dpc_extensions),
	FIELD("PIO_FIRST", 8, 5, ROS, "bit of the first PIO error"),
	{ 0 },
};

/* Root port PIO: status, mask, severity, system error and exception have the same bits */
#define RP_PIO(access_)                                                                                      \
	{                                                                                                    \
		FIELD("CFG_UR", 0, 1, access_, "config request: UR"),                                        \
			FIELD("CFG_CA", 1, 1, access_, "config request: CA"),                                \
			FIELD("CFG_CTO", 2, 1, access_, "config request: timeout"),                          \
			FIELD("IO_UR", 8, 1, access_, "I/O request: UR"),                                    \
			FIELD("IO_CA", 9, 1, access_, "I/O request: CA"),                                    \
			FIELD("IO_CTO", 10, 1, access_, "I/O request: timeout"),                             \
			FIELD("MEM_UR", 16, 1, access_, "memory request: UR"),                               \
			FIELD("MEM_CA", 17, 1, access_, "memory request: CA"),                               \
			FIELD("MEM_CTO", 18, 1, access_, "memory request: timeout"), { 0 },                  \
	}

static const struct config_field pio_status[] = RP_PIO(RW1CS);
static const struct config_field pio_settings[] = RP_PIO(RWS);

#define WITH_PIO .when = { { .number = { .offset = 4, .width = 16, .lsb = 5, .bits = 1 }, .min = 1 } }

static const struct config_register dpc[] = {
	REGISTER("CAP", 0x04, 16, RO, "capabilities", .fields = dpc_cap),
	REGISTER("CONTROL", 0x06, 16, RW, "control", .fields = dpc_control),
	REGISTER("STATUS", 0x08, 16, RO, "status", .fields = dpc_status),
	REGISTER("SOURCE", 0x0a, 16, ROS, "who sent the error message"),
	REGISTER("PIO_STATUS", 0x0c, 32, RO, "root port PIO errors", .fields = pio_status, WITH_PIO),
	REGISTER("PIO_MASK", 0x10, 32, RW, "which are not reported", .fields = pio_settings, WITH_PIO),
	REGISTER("PIO_SEVERITY", 0x14, 32, RW, "which are uncorrectable", .fields = pio_settings, WITH_PIO),
	REGISTER("PIO_SYSERROR", 0x18, 32, RW, "which are system errors", .fields = pio_settings, WITH_PIO),
	REGISTER("PIO_EXCEPTION", 0x1c, 32, RW, "which are exceptions", .fields = pio_settings, WITH_PIO),
	REGISTER("PIO_HEADER", 0x20, 32, ROS, "header of the TLP, dword ", .fixed = 4, .stride = 4, WITH_PIO),
	{ 0 },
};

/* --- Hierarchy ID: PCIe 6.0 section 7.9.17 ------------------------------------------------------------------ */

static const struct config_field hier_status[] = {
	FIELD("MESSAGE_REQUESTER", 0, 16, RO, "who sent the message"),
	FIELD("VALID", 28, 1, RO, "the hierarchy id is valid"),
	FIELD("VF_CONFIGURED", 29, 1, RO, "set by the VF's software"),
	FIELD("WRITEABLE", 30, 1, RO, "can be written"),
	FIELD("PENDING", 31, 1, RO, "a message is awaited"),
	{ 0 },
};

static const struct config_register hier[] = {
	REGISTER("STATUS", 0x04, 32, RO, "status", .fields = hier_status),
	REGISTER("DATA", 0x08, 32, RW, "hierarchy id", .by_kernel = true),
	REGISTER("GUID1", 0x0c, 32, RW, "GUID, authority and first part", .by_kernel = true),
	REGISTER("GUID2", 0x10, 32, RW, "GUID, second part", .by_kernel = true),
	REGISTER("GUID3", 0x14, 32, RW, "GUID, third part", .by_kernel = true),
	REGISTER("GUID4", 0x18, 32, RW, "GUID, fourth part", .by_kernel = true),
	REGISTER("GUID5", 0x1c, 32, RW, "GUID, fifth part", .by_kernel = true),
	{ 0 },
};

/* --- Native PCIe Enclosure Management: PCIe 6.0 section 7.9.19 ----------------------------------------------- */

#define INDICATIONS(first_, title_, access_)                                                                 \
	{                                                                                                    \
		FIELD(first_, 0, 1, access_, title_), FIELD("RESET", 1, 1, access_, "reset"),                \
			FIELD("OK", 2, 1, access_, "OK"), FIELD("LOCATE", 3, 1, access_, "locate"),          \
			FIELD("FAIL", 4, 1, access_, "fail"), FIELD("REBUILD", 5, 1, access_, "rebuild"),    \
			FIELD("PFA", 6, 1, access_, "predicted failure"),                                    \
			FIELD("HOT_SPARE", 7, 1, access_, "hot spare"),                                      \
			FIELD("ICA", 8, 1, access_, "in a critical array"),                                  \
			FIELD("IFA", 9, 1, access_, "in a failed array"),                                    \
			FIELD("IDT", 10, 1, access_, "invalid device type"),                                 \
			FIELD("DISABLED", 11, 1, access_, "disabled"),                                       \
			FIELD("ENCLOSURE", 24, 8, access_, "enclosure specific"), { 0 },                     \
	}

static const struct config_field npem_cap[] = INDICATIONS("CAPABLE", "enclosure management", HWINIT);
static const struct config_field npem_control[] = INDICATIONS("ENABLE", "enclosure management is on", RW);

static const struct config_field npem_status[] = {
	FIELD("COMMAND_COMPLETED", 0, 1, RW1C, "a command is completed"),
	FIELD("ENCLOSURE", 24, 8, RO, "enclosure specific"),
	{ 0 },
};

static const struct config_register npem[] = {
	REGISTER("CAP", 0x04, 32, RO, "indications that it has", .fields = npem_cap),
	/* a write is a command to the enclosure */
	REGISTER("CONTROL", 0x08, 32, RW, "indications that are on", .fields = npem_control,
		 .by_kernel = true),
	REGISTER("STATUS", 0x0c, 32, RO, "status", .fields = npem_status),
	{ 0 },
};

/* --- System Firmware Intermediary: PCIe 6.0 section 7.9.22 --------------------------------------------------- */

static const struct config_register sfi[] = {
	REGISTER("CAP", 0x04, 16, RO, "capabilities"),
	REGISTER("CONTROL", 0x06, 16, RW, "control", .by_kernel = true),
	REGISTER("STATUS", 0x08, 16, RO, "status"),
	{ 0 },
};

/* --- Data Object Exchange: PCIe 6.0 section 7.9.24 ----------------------------------------------------------- */

static const struct config_field doe_cap[] = {
	FIELD("INT", 0, 1, HWINIT, "interrupt"),
	FIELD("VECTOR", 1, 11, RO, "vector of its interrupt"),
	{ 0 },
};

static const struct config_field doe_control[] = {
	FIELD("ABORT", 0, 1, TRIGGER, "aborts the exchange"),
	FIELD("INT", 1, 1, RW, "interrupt"),
	FIELD("GO", 31, 1, TRIGGER, "the object is written"),
	{ 0 },
};

static const struct config_field doe_status[] = {
	FIELD("BUSY", 0, 1, RO, "busy"),
	FIELD("INT", 1, 1, RW1C, "interrupt"),
	FIELD("ERROR", 2, 1, RO, "error"),
	FIELD("READY", 31, 1, RO, "an object can be read"),
	{ 0 },
};

static const struct config_register doe[] = {
	REGISTER("CAP", 0x04, 32, RO, "capabilities", .fields = doe_cap),
	REGISTER("CONTROL", 0x08, 32, RW, "control", .fields = doe_control, .by_kernel = true),
	REGISTER("STATUS", 0x0c, 32, RO, "status", .fields = doe_status),
	/* a write goes to whoever talks to the mailbox: the kernel */
	REGISTER("WRITE_DATA", 0x10, 32, RW, "write mailbox", .by_kernel = true),
	REGISTER("READ_DATA", 0x14, 32, RW, "read mailbox", .by_kernel = true),
	{ 0 },
};

/* --- MMIO Register Block Locator: PCIe 6.1 section 7.9.30 ---------------------------------------------------- */

static const struct config_field mrbl_cap[] = {
	FIELD("LENGTH", 0, 12, RO, "length of the capability in bytes"),
	{ 0 },
};

static const struct config_register mrbl[] = {
	REGISTER("CAP", 0x04, 32, RO, "capabilities", .fields = mrbl_cap),
	{ 0 },
};

#define BLOCK(id_, name_, title_, size_, registers_)                                                         \
	{                                                                                                    \
		.is_extended = true, .id = id_, .name = name_, .title = title_, .size = size_,               \
		.registers = registers_                                                                      \
	}

const struct config_block config_root_blocks[] = {
	BLOCK(0x05, "RCLINK", "Root Complex Link Declaration", 32, rclink),
	BLOCK(0x06, "RCILINK", "Root Complex Internal Link Control", 12, rcilink),
	BLOCK(0x07, "RCEC", "Root Complex Event Collector", 8, rcec),
	BLOCK(0x0a, "RBCB", "Root Complex Register Block", 20, rcrb),
	BLOCK(0x0c, "CAC", "Configuration Access Correlation", 8, cac),
	BLOCK(0x1d, "DPC", "Downstream Port Containment", 12, dpc),
	BLOCK(0x28, "HIER_ID", "Hierarchy ID", 32, hier),
	BLOCK(0x29, "NPEM", "Native PCIe Enclosure Management", 16, npem),
	BLOCK(0x2c, "SFI", "System Firmware Intermediary", 16, sfi),
	BLOCK(0x2e, "DOE", "Data Object Exchange", 24, doe),
	BLOCK(0x36, "MRBL", "MMIO Register Block Locator", 8, mrbl),
	{ 0 },
};
