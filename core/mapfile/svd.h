/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The reader of CMSIS-SVD 1.3 files, private to svd*.c and, as IP-XACT becomes the same tree of items, to ipxact*.c. It works in three steps: the XML becomes a tree of items,
 * numbers and words already understood (svd.c, _element.c, _text.c); every derivedFrom is found and its item's
 * properties are copied (_derive.c); the tree is expanded into the map (_expand.c, _enum.c, _group.c).
 */
#ifndef PCIETOOL_REGMAP_SVD_H
#define PCIETOOL_REGMAP_SVD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/regmap/build.h"

#define SVD_DERIVE_MAX 64 /* derivedFrom one behind the other */
#define SVD_DIM_MAX 65536
#define SVD_GRID_MAX 4 /* dimensions of an array; IP-XACT has more than one */
#define SVD_ITEMS_MAX (1u << 20) /* a file of the largest size has one every 64 bytes then */
/* What a file may ask for in all: visits of items. Clusters in clusters derived from clusters multiply. */
#define SVD_STEPS_MAX (8u << 20)

enum svd_kind { SVD_DEVICE, SVD_PERIPHERAL, SVD_CLUSTER, SVD_REGISTER, SVD_FIELD, SVD_ENUMS };

/* Bits of svd_item.given: what an item says, itself or what it is derived from. */
enum svd_given {
	SVD_SIZE = 1 << 0,
	SVD_ACCESS = 1 << 1,
	SVD_RESET_VALUE = 1 << 2,
	SVD_RESET_MASK = 1 << 3,
	SVD_ON_READ = 1 << 4,
	SVD_ON_WRITE = 1 << 5,
	SVD_CONSTRAINT = 1 << 6,
	SVD_ADDRESS = 1 << 7,
	SVD_BLOCK_SIZE = 1 << 8,
	SVD_DIM = 1 << 9,
	SVD_DIM_INCREMENT = 1 << 10,
	SVD_LOWEST = 1 << 11,
	SVD_BITS = 1 << 12,
	SVD_USAGE = 1 << 13,
};

enum svd_usage { SVD_USAGE_BOTH, SVD_USAGE_READ, SVD_USAGE_WRITE };

struct svd_item {
	enum svd_kind kind;
	bool bad; /* a problem was noted; it is left out */
	bool resolved; /* BASE is known, and what it has is copied */
	bool busy; /* being resolved or expanded: derivedFrom must not lead here */
	unsigned int level; /* of bases behind it */
	uint32_t given;
	size_t place;
	size_t end; /* all that it contains is between */
	const char *name; /* with its %s; NULL: none */
	const char *description;
	const char *derived_from;
	const char *group; /* alternateGroup of a register */
	bool is_alternate; /* it says that it lies where another does */
	struct svd_item *base;
	struct svd_item *parent;
	struct svd_item *children;
	struct svd_item *last_child;
	struct svd_item *next;
	uint64_t dim;
	uint64_t dim_increment;
	const char *dim_index;
	uint32_t grid[SVD_GRID_MAX]; /* of more than one dimension, from outside in: their product is dim */
	unsigned int grid_count;
	uint64_t address; /* from its parent's; a peripheral's from 0 */
	uint64_t block_size;
	uint64_t size;
	uint64_t reset_value;
	uint64_t reset_mask;
	struct regmap_behaviour behaviour;
	unsigned int lsb;
	unsigned int bits;
	/* of SVD_ENUMS, and of SVD_FIELD once it is built: the enums, in map->enums */
	enum svd_usage usage;
	bool has_enums;
	unsigned int enum_bits; /* that its largest value needs */
	uint32_t first_enum;
	uint32_t enum_count;
	/* of SVD_REGISTER: its fields, as they were built last */
	bool built;
	unsigned int built_bits;
	struct regmap_behaviour built_as;
	uint32_t first_field;
	uint32_t field_count;
	bool lacks_fields;
};

/* Bits of svd_pending.given. */
enum svd_pending_given {
	SVD_PENDING_BIT_OFFSET = 1 << 0,
	SVD_PENDING_BIT_WIDTH = 1 << 1,
	SVD_PENDING_LSB = 1 << 2,
	SVD_PENDING_MSB = 1 << 3,
	SVD_PENDING_RANGE = 1 << 4,
	SVD_PENDING_FIELD = 31,
	SVD_PENDING_OFFSET = 1 << 5,
	SVD_PENDING_SIZE = 1 << 6,
	SVD_PENDING_BLOCK = 3 << 5,
	SVD_PENDING_MINIMUM = 1 << 7,
	SVD_PENDING_MAXIMUM = 1 << 8,
	SVD_PENDING_CONSTRAINT = 3 << 7,
	SVD_PENDING_VALUE = 1 << 9,
	SVD_PENDING_BAD = 1 << 10,
	SVD_PENDING_ENUM = 3 << 9,
};

/* Of elements that are no items and are read at present. */
struct svd_pending {
	uint32_t given;
	uint64_t bit_offset; /* field */
	uint64_t bit_width;
	uint64_t lsb;
	uint64_t msb;
	uint64_t range_lsb;
	uint64_t range_msb;
	uint64_t offset; /* addressBlock */
	uint64_t size;
	uint64_t minimum; /* range */
	uint64_t maximum;
	struct regmap_enum value; /* enumeratedValue */
};

struct svd_chunk;
struct svd_entry;

struct svd {
	struct regmap *map;
	struct svd_item *device;
	struct svd_chunk *chunks; /* the items, in the order of the file */
	struct svd_chunk *last_chunk;
	unsigned int item_count;
	uint64_t width; /* the device's; 0: not given */
	struct svd_pending pending;
	bool has_derived;
	enum svd_kind deepest; /* that is derived from another */
	struct svd_entry *entries; /* names of items, sorted; svd_derive.c's */
	size_t entry_count;
	unsigned int deriving; /* items behind each other */
	unsigned int steps;
};

/* --- items (svd_item.c) --- */

/* Another child of *ITEM, which it becomes; *ITEM NULL: the device. -ENOMEM, or -E2BIG (a problem is noted). */
int svd_add_item(struct svd *svd, enum svd_kind kind, struct svd_item **item, size_t place);
/* All items in the order of the file: calls EACH until it returns other than 0. */
int svd_each_item(struct svd *svd, int (*each)(struct svd *svd, struct svd_item *item));
void svd_free(struct svd *svd);
const char *svd_kind_name(const struct svd *svd, enum svd_kind kind);
/* Notes what is wrong with ITEM, which is left out then. Once for each item that is expanded often. */
void svd_problem(struct svd *svd, struct svd_item *item, size_t place, const char *format, ...)
	__attribute__((format(printf, 4, 5)));
/* The same of something in ITEM, which itself is not left out. */
void svd_note(struct svd *svd, const struct svd_item *item, size_t place, const char *format, ...)
	__attribute__((format(printf, 4, 5)));
/* Counts COUNT steps at ITEM; -E2BIG (a problem is noted) when it is more than a file may ask for. */
int svd_spend(struct svd *svd, struct svd_item *item, size_t count);

/* --- elements (svd_element.c) --- */

enum svd_tag {
	SVD_TAG_NONE,
	SVD_TAG_DEVICE,
	SVD_TAG_PERIPHERALS,
	SVD_TAG_PERIPHERAL,
	SVD_TAG_REGISTERS,
	SVD_TAG_CLUSTER,
	SVD_TAG_REGISTER,
	SVD_TAG_FIELDS,
	SVD_TAG_FIELD,
	SVD_TAG_ENUMS,
	SVD_TAG_ENUM,
	SVD_TAG_BLOCK,
	SVD_TAG_CONSTRAINT,
	SVD_TAG_RANGE,
	SVD_TAG_NAME, /* from here on: text */
	SVD_TAG_DESCRIPTION,
	SVD_TAG_SIZE,
	SVD_TAG_ACCESS,
	SVD_TAG_RESET_VALUE,
	SVD_TAG_RESET_MASK,
	SVD_TAG_UNIT_BITS,
	SVD_TAG_WIDTH,
	SVD_TAG_BASE_ADDRESS,
	SVD_TAG_ADDRESS_OFFSET,
	SVD_TAG_DIM,
	SVD_TAG_DIM_INCREMENT,
	SVD_TAG_DIM_INDEX,
	SVD_TAG_ALTERNATE_GROUP,
	SVD_TAG_ALTERNATE_REGISTER,
	SVD_TAG_ALTERNATE_CLUSTER,
	SVD_TAG_ALTERNATE_PERIPHERAL,
	SVD_TAG_ON_WRITE,
	SVD_TAG_ON_READ,
	SVD_TAG_AS_READ,
	SVD_TAG_USE_ENUMS,
	SVD_TAG_MINIMUM,
	SVD_TAG_MAXIMUM,
	SVD_TAG_OFFSET,
	SVD_TAG_BLOCK_SIZE,
	SVD_TAG_USAGE,
	SVD_TAG_BIT_OFFSET,
	SVD_TAG_BIT_WIDTH,
	SVD_TAG_LSB,
	SVD_TAG_MSB,
	SVD_TAG_BIT_RANGE,
	SVD_TAG_VALUE,
	SVD_TAG_IS_DEFAULT,
	SVD_TAGS,
};

#define SVD_NAME_SLOTS 256

/* Names of elements by their hash. */
struct svd_names {
	uint8_t slots[SVD_NAME_SLOTS];
};

void svd_names_init(struct svd_names *names);
/* The element called NAME where it is a child of PARENT; SVD_TAG_NONE: of no interest. */
enum svd_tag svd_names_find(const struct svd_names *names, const char *name, enum svd_tag parent);

static inline bool svd_is_text(enum svd_tag tag)
{
	return tag >= SVD_TAG_NAME;
}

/* TAG begins at PLACE, in ITEM; *ITEM becomes the item that it is, if it is one. 0 or -errno, as all below. */
int svd_element_start(struct svd *svd, enum svd_tag tag, struct svd_item **item, size_t place,
		      const char *derived_from);
/* It ends, at END. */
int svd_element_end(struct svd *svd, enum svd_tag tag, struct svd_item *item, size_t place, size_t end);
const char *svd_element_name(enum svd_tag tag);
/* Is its text a number? */
bool svd_element_is_number(enum svd_tag tag, uint64_t *minimum, uint64_t *maximum);
/* Stores it; false: out of bounds. */
bool svd_element_number(struct svd *svd, enum svd_tag tag, struct svd_item *item, uint64_t value);

/* --- text (svd_text.c) --- */

/* The end of one with text, of LENGTH bytes, which are changed. */
int svd_element_text(struct svd *svd, enum svd_tag tag, struct svd_item *item, size_t place, char *text,
		     size_t length);
/* The same in an enumeratedValue. */
int svd_enum_text(struct svd *svd, enum svd_tag tag, size_t place, char *text, size_t length);

/* --- derivedFrom (svd_derive.c) --- */

/* Finds the base of all that are derived. 0 or -errno as all below: what is wrong in the file is noted. */
int svd_derive(struct svd *svd);
/* PARENT's own child of this name; NULL: none. For children of items that are derived. */
struct svd_item *svd_find_child(const struct svd *svd, const struct svd_item *parent, enum svd_kind kind,
				const char *name);

/* --- expansion --- */

/* The whole tree into the map (svd_expand.c). */
int svd_expand(struct svd *svd);
/* Registers of one name in alternate groups get that of their group behind it, NAME_GROUP (svd_group.c). */
int svd_name_groups(struct svd *svd);

/* What enumeratedValues have from BASE (svd_enum.c). */
int svd_inherit_enums(struct svd *svd, struct svd_item *item, const struct svd_item *base);
/* Finds out FIELD's first_enum, enum_count, enum_bits. */
int svd_field_enums(struct svd *svd, struct svd_item *field);
/* The map's enums from FIRST on are for reads, writes or both. */
void svd_set_usage(struct svd *svd, uint32_t first, enum svd_usage usage);
/* Bits that VALUE needs, those that do not matter too. */
unsigned int svd_enum_bits(const struct regmap_enum *value);
/* Another one like map->enums[FROM], at the end; -ENOMEM, or -E2BIG (a problem is noted at ITEM). */
int svd_copy_enum(struct svd *svd, struct svd_item *item, uint32_t from);

#endif
