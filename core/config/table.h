/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What PCI config space is made of, as one table: blocks (the header, each capability), their registers, the
 * fields of those. Decoding, names for reads and writes, saving, restoring, completion and the appendix of the
 * manual are all made from it; map.h makes a device's register map of it.
 *
 * To add a capability: in the file of its kind, a list of its registers with their fields, the section of the
 * specification above it, and one row in that file's list of blocks. When its id is new, too, its row in
 * core/pci/capability.c (a unit program says so). Nothing else has to know.
 *
 * A block's file has its rows, its source (specification and section) above them. Names are the words of the
 * specification and of linux/pci_regs.h, [A-Z0-9_], for blocks those of setpci without CAP_ or ECAP_.
 */
#ifndef PCIETOOL_CONFIG_TABLE_H
#define PCIETOOL_CONFIG_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* PCIe 6.0 section 7.4 table 7-3. What is not in the table is reserved: written back as it was read. */
enum config_access {
	RO,
	RW,
	RW1C,
	ROS, /* S: sticky, survives a reset that keeps power */
	RWS,
	RW1CS,
	HWINIT, /* set by firmware or hardware, then read-only */
	TRIGGER, /* reads 0; writing 1 starts something: never restored */
};

/* Where a register or a field exists: bits of the device/port type, PCIe 6.0 section 7.5.3.2; 0: everywhere. */
enum config_ports {
	PORT_ENDPOINT = 1 << 0x0,
	PORT_LEGACY = 1 << 0x1,
	PORT_ROOT = 1 << 0x4,
	PORT_UPSTREAM = 1 << 0x5,
	PORT_DOWNSTREAM = 1 << 0x6,
	PORT_TO_PCI = 1 << 0x7, /* PCI Express to PCI bridge */
	PORT_FROM_PCI = 1 << 0x8,
	PORT_INTEGRATED = 1 << 0x9, /* root complex integrated endpoint */
	PORT_COLLECTOR = 1 << 0xa, /* root complex event collector */
	PORTS_ENDPOINT = PORT_ENDPOINT | PORT_LEGACY | PORT_INTEGRATED,
	PORTS_DOWN = PORT_ROOT | PORT_DOWNSTREAM | PORT_FROM_PCI, /* the upper end of a link */
	PORTS_UP = PORT_ENDPOINT | PORT_LEGACY | PORT_UPSTREAM | PORT_TO_PCI, /* the lower end */
	PORTS_LINK = PORTS_DOWN | PORTS_UP,
	PORTS_ROOT = PORT_ROOT | PORT_COLLECTOR,
};

/* Header types, PCI Local Bus 3.0 section 6.1: bits of a block's `headers` */
enum config_headers {
	HEADER_ENDPOINT = 1 << 0,
	HEADER_BRIDGE = 1 << 1,
	HEADER_CARDBUS = 1 << 2,
	HEADERS_01 = HEADER_ENDPOINT | HEADER_BRIDGE,
	HEADERS_ALL = HEADERS_01 | HEADER_CARDBUS,
};

/* What a value is called; a list ends with a row without a name. */
struct config_value {
	uint32_t value;
	const char *name;
};

struct config_condition;

struct config_field {
	const char *name;
	uint8_t lsb;
	uint8_t bits;
	uint8_t access; /* enum config_access */
	uint16_t ports; /* enum config_ports */
	const char *title; /* what it is, for people */
	const struct config_value *values; /* NULL: none */
	const struct config_condition *values_when; /* they are called so only then; NULL: always */
	bool sizes; /* its values' names are numbers: 512 means the value of that name, not the encoding */
	/* it stands for its code shifted left by SHIFT, plus PLUS: an address of which the lowest bits are not there, a
	   number of units, a count less one, the end of a window whose lowest bits are ones */
	uint8_t shift;
	uint32_t plus;
};

/* BITS bits from LSB of the register of WIDTH bits at OFFSET of the block, or of the PCI Express capability. */
struct config_number {
	uint16_t offset;
	uint8_t width; /* 0: there is no such number */
	uint8_t lsb;
	uint8_t bits;
	uint8_t top_lsb; /* where one more bit is, above those; 0: there is none */
	bool in_express; /* OFFSET counts from the PCI Express capability */
};

/* Something is there where MIN <= the number <= MAX (0: no upper limit), or, with ZERO, where the number is 0. */
struct config_condition {
	struct config_number number;
	bool zero;
	uint16_t min;
	uint16_t max;
};

/* What a BAR is: its own lowest bits tell, or those of the one before it. */
enum config_bar {
	BAR_KIND_NONE,
	BAR_KIND_MEMORY,
	BAR_KIND_IO,
	BAR_KIND_UPPER, /* the upper half of the 64-bit BAR before it */
};

/* Rows that lie behind entries of another kind. What they depend on is the block's, and not theirs. */
struct config_behind {
	struct config_condition when; /* the rows are there */
	struct config_condition others_when; /* so are the others */
	struct config_number others; /* so many of those, */
	int8_t plus; /* and so many more, */
	uint8_t stride; /* each of so many bytes */
};

struct config_register {
	const char *name; /* with a REPEAT each has its number behind it, with INNER two: "ADDR2_OF0" */
	uint16_t offset; /* from the block's start */
	uint8_t width; /* 8, 16, 32 */
	uint8_t access; /* of a register without fields */
	uint8_t headers; /* enum config_headers; 0: all */
	uint16_t ports;
	uint8_t bar; /* enum config_bar: the row of a BAR that is one of those */
	bool by_kernel; /* the kernel keeps it (bus numbers, interrupt addresses): never restored */
	bool starts; /* a write starts something on the link (margining, error injection): never restored */
	uint8_t late; /* restored behind those of a lower number: what it enables is set up by them */
	bool reads_act; /* a read does something in or behind the device: it is read only when asked for by name */
	const char *title;
	const struct config_field *fields; /* in rising order; ends with a row without a name; NULL: none */
	struct config_condition when[3]; /* all must hold */
	/* with REPEAT that number plus PLUS of them, with FIXED so many; at STRIDE bytes from each other */
	struct config_number repeat;
	int8_t plus;
	uint8_t fixed;
	uint8_t stride;
	uint8_t from; /* the number of the first one: those before it are another row's */
	/*
	 * With REPEAT: each is STRIDE bytes long and so many dwords as this number says. The number and WHEN are
	 * those of the first one, and move on to the next with it.
	 */
	struct config_number longer;
	uint8_t longer_by; /* dwords for each; 0: one */
	const struct config_behind
		*behind; /* NULL: OFFSET is that from the block's start, else without the others */
	struct config_number
		inner; /* each has so many of this register, INNER_STRIDE bytes from each other */
	uint8_t inner_stride;
};

struct config_block {
	const char *name; /* "EXP"; "" for the header, whose registers have no block in front */
	const char *title;
	bool is_extended;
	uint16_t id; /* of the capability */
	const struct config_register *registers; /* ends with a row without a name */
};

/*
 * Power limits above 239 W: with a scale of 1 the codes from F0h on are these, PCIe 6.0 sections 7.5.3.9, 7.5.3.3, 7.8.1.3.
 * POWER_ABOVE_239W: where the code and, in the two bits above, the scale are.
 */
extern const struct config_value config_power_above_239w[];
#define POWER_ABOVE_239W(offset_, lsb_)                                                                      \
	.values = config_power_above_239w, .values_when = &(const struct config_condition)                   \
	{                                                                                                    \
		.number = { .offset = offset_, .width = 32, .lsb = lsb_, .bits = 10 }, .min = 0xf0,          \
		.max = 0xff,                                                                                 \
	}

/* A list of what values are called: VALUES(name, { 0, "off" }, { 1, "on" }); */
#define VALUES(name_, ...) static const struct config_value name_[] = { __VA_ARGS__, { 0, NULL } }
/* The same for a list that more than one block has, and that is declared below */
#define SHARED_VALUES(name_, ...) const struct config_value name_[] = { __VA_ARGS__, { 0, NULL } }
/* Rows: what follows the title are further members by name. */
#define FIELD(name_, lsb_, bits_, access_, title_, ...)                                                      \
	{                                                                                                    \
		.name = name_, .lsb = lsb_, .bits = bits_, .access = access_, .title = title_, ##__VA_ARGS__ \
	}
#define REGISTER(name_, offset_, width_, access_, title_, ...)                                               \
	{                                                                                                    \
		.name = name_, .offset = offset_, .width = width_, .access = access_, .title = title_,       \
		##__VA_ARGS__                                                                                \
	}

/* Members by name, behind a title. Where a register is: */
#define EP .headers = HEADER_ENDPOINT
#define BR .headers = HEADER_BRIDGE
/* What the firmware, the kernel or a driver sets up, and what is an index into something: never restored */
#define KERNEL .by_kernel = true

/* Of links, also of those in a root complex (table_express.c) */
extern const struct config_value config_speeds[];
extern const struct config_value config_aspm_states[];
extern const struct config_value config_aspm_control[];
extern const struct config_value config_l0s_exit[];
extern const struct config_value config_l1_exit[];

/* Does a write of what has that access (enum config_access) change nothing? */
bool config_access_is_read_only(unsigned int access);

/* The I-th block, the header first; NULL behind the last. */
const struct config_block *config_block_at(size_t i);
/* NULL: the table does not have that capability. */
const struct config_block *config_block_of(bool is_extended, unsigned int id);

/* --- the blocks, each in a file table_*.c ---------------------------------------------------------- */

extern const struct config_block config_header;
extern const struct config_block config_express; /* PCI Express, 0x10 */
extern const struct config_block config_aer;

/* Files with several end with a row without a name. */
extern const struct config_block config_pci_blocks[]; /* the other capabilities of the first 256 bytes */
extern const struct config_block config_legacy_blocks[]; /* and those of buses before PCI Express */
extern const struct config_register config_ht_registers[]; /* of one of these */
extern const struct config_block config_link_blocks[]; /* extended: link, physical layer */
extern const struct config_block config_power_blocks[]; /* extended: power, latency, time */
extern const struct config_block config_flit_blocks[]; /* extended: flit mode */
extern const struct config_block config_function_blocks[]; /* extended: function, transactions */
extern const struct config_block config_iov_blocks[]; /* extended: virtualization, address translation */
extern const struct config_block config_vendor_blocks[]; /* extended: vendors', CXL */
extern const struct config_block
	config_root_blocks[]; /* extended: root complex, switches, containment, enclosures */

#endif
