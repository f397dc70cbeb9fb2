// SPDX-License-Identifier: GPL-2.0-or-later
/* SVD's elements: where each may be, and what becomes of its text. Others are skipped. */
#include <errno.h>
#include <string.h>

#include "core/mapfile/svd.h"

#define IN(parent) (UINT64_C(1) << SVD_TAG_##parent)
#define IN_ITEMS (IN(PERIPHERAL) | IN(CLUSTER) | IN(REGISTER) | IN(FIELD))
#define IN_DEFAULTS (IN(DEVICE) | IN(PERIPHERAL) | IN(CLUSTER) | IN(REGISTER))
#define IN_BEHAVING (IN(REGISTER) | IN(FIELD))

/* Where a number goes: into the item, or into what is pending. */
enum goes { GOES_NOWHERE, GOES_ITEM, GOES_PENDING };
#define TO_ITEM(member, flag) .goes = GOES_ITEM, .offset = offsetof(struct svd_item, member), .given = (flag)
#define TO_PENDING(member, flag)                                                                             \
	.goes = GOES_PENDING, .offset = offsetof(struct svd_pending, member), .given = (flag)

struct element {
	const char *name;
	uint64_t parents;
	size_t offset;
	uint64_t minimum;
	uint64_t maximum; /* 0: of 64 bits */
	uint32_t given;
	enum goes goes;
	enum svd_kind kind;
	bool is_item;
};

#define ITEM(k) .is_item = true, .kind = (k)

static const struct element elements[SVD_TAGS] = {
	[SVD_TAG_DEVICE] = { .name = "device", .parents = IN(NONE), ITEM(SVD_DEVICE) },
	[SVD_TAG_PERIPHERALS] = { .name = "peripherals", .parents = IN(DEVICE) },
	[SVD_TAG_PERIPHERAL] = { .name = "peripheral", .parents = IN(PERIPHERALS), ITEM(SVD_PERIPHERAL) },
	[SVD_TAG_REGISTERS] = { .name = "registers", .parents = IN(PERIPHERAL) },
	[SVD_TAG_CLUSTER] = { .name = "cluster", .parents = IN(REGISTERS) | IN(CLUSTER), ITEM(SVD_CLUSTER) },
	[SVD_TAG_REGISTER] = { .name = "register",
			       .parents = IN(REGISTERS) | IN(CLUSTER),
			       ITEM(SVD_REGISTER) },
	[SVD_TAG_FIELDS] = { .name = "fields", .parents = IN(REGISTER) },
	[SVD_TAG_FIELD] = { .name = "field", .parents = IN(FIELDS), ITEM(SVD_FIELD) },
	[SVD_TAG_ENUMS] = { .name = "enumeratedValues", .parents = IN(FIELD), ITEM(SVD_ENUMS) },
	[SVD_TAG_ENUM] = { .name = "enumeratedValue", .parents = IN(ENUMS) },
	[SVD_TAG_BLOCK] = { .name = "addressBlock", .parents = IN(PERIPHERAL) },
	[SVD_TAG_CONSTRAINT] = { .name = "writeConstraint", .parents = IN_BEHAVING },
	[SVD_TAG_RANGE] = { .name = "range", .parents = IN(CONSTRAINT) },
	[SVD_TAG_NAME] = { .name = "name", .parents = IN_ITEMS | IN(DEVICE) | IN(ENUMS) | IN(ENUM) },
	[SVD_TAG_DESCRIPTION] = { .name = "description", .parents = IN_ITEMS | IN(DEVICE) | IN(ENUM) },
	[SVD_TAG_SIZE] = { .name = "size",
			   .parents = IN_DEFAULTS | IN(BLOCK),
			   TO_ITEM(size, SVD_SIZE),
			   .minimum = 1,
			   .maximum = 64 },
	[SVD_TAG_ACCESS] = { .name = "access", .parents = IN_DEFAULTS | IN(FIELD) },
	[SVD_TAG_RESET_VALUE] = { .name = "resetValue",
				  .parents = IN_DEFAULTS,
				  TO_ITEM(reset_value, SVD_RESET_VALUE) },
	[SVD_TAG_RESET_MASK] = { .name = "resetMask",
				 .parents = IN_DEFAULTS,
				 TO_ITEM(reset_mask, SVD_RESET_MASK) },
	[SVD_TAG_UNIT_BITS] = { .name = "addressUnitBits", .parents = IN(DEVICE) },
	[SVD_TAG_WIDTH] = { .name = "width", .parents = IN(DEVICE) },
	[SVD_TAG_BASE_ADDRESS] = { .name = "baseAddress",
				   .parents = IN(PERIPHERAL),
				   TO_ITEM(address, SVD_ADDRESS) },
	[SVD_TAG_ADDRESS_OFFSET] = { .name = "addressOffset",
				     .parents = IN(CLUSTER) | IN(REGISTER),
				     TO_ITEM(address, SVD_ADDRESS) },
	[SVD_TAG_DIM] = { .name = "dim",
			  .parents = IN_ITEMS,
			  TO_ITEM(dim, SVD_DIM),
			  .minimum = 1,
			  .maximum = SVD_DIM_MAX },
	[SVD_TAG_DIM_INCREMENT] = { .name = "dimIncrement",
				    .parents = IN_ITEMS,
				    TO_ITEM(dim_increment, SVD_DIM_INCREMENT) },
	[SVD_TAG_ALTERNATE_GROUP] = { .name = "alternateGroup", .parents = IN(REGISTER) },
	[SVD_TAG_ALTERNATE_REGISTER] = { .name = "alternateRegister", .parents = IN(REGISTER) },
	[SVD_TAG_ALTERNATE_CLUSTER] = { .name = "alternateCluster", .parents = IN(CLUSTER) },
	[SVD_TAG_ALTERNATE_PERIPHERAL] = { .name = "alternatePeripheral", .parents = IN(PERIPHERAL) },
	[SVD_TAG_DIM_INDEX] = { .name = "dimIndex", .parents = IN_ITEMS },
	[SVD_TAG_ON_WRITE] = { .name = "modifiedWriteValues", .parents = IN_BEHAVING },
	[SVD_TAG_ON_READ] = { .name = "readAction", .parents = IN_BEHAVING },
	[SVD_TAG_AS_READ] = { .name = "writeAsRead", .parents = IN(CONSTRAINT) },
	[SVD_TAG_USE_ENUMS] = { .name = "useEnumeratedValues", .parents = IN(CONSTRAINT) },
	[SVD_TAG_MINIMUM] = { .name = "minimum",
			      .parents = IN(RANGE),
			      TO_PENDING(minimum, SVD_PENDING_MINIMUM) },
	[SVD_TAG_MAXIMUM] = { .name = "maximum",
			      .parents = IN(RANGE),
			      TO_PENDING(maximum, SVD_PENDING_MAXIMUM) },
	[SVD_TAG_OFFSET] = { .name = "offset", .parents = IN(BLOCK), TO_PENDING(offset, SVD_PENDING_OFFSET) },
	/* found as "size" */
	[SVD_TAG_BLOCK_SIZE] = { .name = "size", .parents = 0, TO_PENDING(size, SVD_PENDING_SIZE) },
	[SVD_TAG_USAGE] = { .name = "usage", .parents = IN(ENUMS) },
	[SVD_TAG_BIT_OFFSET] = { .name = "bitOffset",
				 .parents = IN(FIELD),
				 TO_PENDING(bit_offset, SVD_PENDING_BIT_OFFSET) },
	[SVD_TAG_BIT_WIDTH] = { .name = "bitWidth",
				.parents = IN(FIELD),
				TO_PENDING(bit_width, SVD_PENDING_BIT_WIDTH) },
	[SVD_TAG_LSB] = { .name = "lsb", .parents = IN(FIELD), TO_PENDING(lsb, SVD_PENDING_LSB) },
	[SVD_TAG_MSB] = { .name = "msb", .parents = IN(FIELD), TO_PENDING(msb, SVD_PENDING_MSB) },
	[SVD_TAG_BIT_RANGE] = { .name = "bitRange", .parents = IN(FIELD) },
	[SVD_TAG_VALUE] = { .name = "value", .parents = IN(ENUM) },
	[SVD_TAG_IS_DEFAULT] = { .name = "isDefault", .parents = IN(ENUM) },
};

static unsigned int hash_name(const char *name)
{
	unsigned int hash = 0;

	while (*name)
		hash = hash * 31 + (unsigned char)*name++;
	return (hash ^ hash >> 8) % SVD_NAME_SLOTS;
}

void svd_names_init(struct svd_names *names)
{
	*names = (struct svd_names){ 0 };
	for (unsigned int tag = SVD_TAG_NONE + 1; tag < SVD_TAGS; tag++) {
		unsigned int i = hash_name(elements[tag].name);

		if (!elements[tag].parents)
			continue;
		while (names->slots[i])
			i = (i + 1) % SVD_NAME_SLOTS;
		names->slots[i] = (uint8_t)tag;
	}
}

enum svd_tag svd_names_find(const struct svd_names *names, const char *name, enum svd_tag parent)
{
	unsigned int i = hash_name(name);
	enum svd_tag tag;

	while ((tag = (enum svd_tag)names->slots[i]) && strcmp(elements[tag].name, name) != 0)
		i = (i + 1) % SVD_NAME_SLOTS;
	if (!tag || !(elements[tag].parents >> parent & 1))
		return SVD_TAG_NONE;
	return tag == SVD_TAG_SIZE && parent == SVD_TAG_BLOCK ? SVD_TAG_BLOCK_SIZE : tag;
}

const char *svd_element_name(enum svd_tag tag)
{
	return elements[tag].name;
}

bool svd_element_number(struct svd *svd, enum svd_tag tag, struct svd_item *item, uint64_t value)
{
	const struct element *e = &elements[tag];
	char *to = e->goes == GOES_ITEM ? (char *)item : (char *)&svd->pending;

	if (e->goes == GOES_NOWHERE || value < e->minimum || (e->maximum && value > e->maximum))
		return false;
	memcpy(to + e->offset, &value, sizeof(value));
	if (e->goes == GOES_ITEM)
		item->given |= e->given;
	else
		svd->pending.given |= e->given;
	return true;
}

bool svd_element_is_number(enum svd_tag tag, uint64_t *minimum, uint64_t *maximum)
{
	*minimum = elements[tag].minimum;
	*maximum = elements[tag].maximum;
	return elements[tag].goes != GOES_NOWHERE;
}

/* --- beginnings ------------------------------------------------------------------------------- */

static int start_item(struct svd *svd, enum svd_kind kind, struct svd_item **item, size_t place,
		      const char *derived_from)
{
	int rc = svd_add_item(svd, kind, item, place);
	struct svd_item *added = *item;

	if (rc < 0)
		return rc;
	if (kind == SVD_DEVICE)
		svd->device = added;
	if (kind == SVD_ENUMS)
		added->first_enum = (uint32_t)svd->map->enum_count;
	if (kind == SVD_FIELD)
		svd->pending.given &= ~(uint32_t)SVD_PENDING_FIELD;
	if (!derived_from)
		return 0;
	added->derived_from = regmap_string(svd->map, derived_from, strlen(derived_from));
	svd->has_derived = true;
	if (kind > svd->deepest)
		svd->deepest = kind;
	return added->derived_from ? 0 : -ENOMEM;
}

int svd_element_start(struct svd *svd, enum svd_tag tag, struct svd_item **item, size_t place,
		      const char *derived_from)
{
	if (elements[tag].is_item)
		return start_item(svd, elements[tag].kind, item, place, derived_from);
	switch (tag) {
	case SVD_TAG_ENUM:
		svd->pending.given &= ~(uint32_t)SVD_PENDING_ENUM;
		svd->pending.value = (struct regmap_enum){ .mask = UINT64_MAX, .place = place };
		break;
	case SVD_TAG_BLOCK:
		svd->pending.given &= ~(uint32_t)SVD_PENDING_BLOCK;
		break;
	case SVD_TAG_CONSTRAINT:
		svd->pending.given &= ~(uint32_t)SVD_PENDING_CONSTRAINT;
		(*item)->given |= SVD_CONSTRAINT;
		break;
	default:
		break;
	}
	return 0;
}

/* --- ends ------------------------------------------------------------------------------------- */

/* One way to write a field's bits: its lowest, and how many they are. */
static void give_bits(struct svd *svd, struct svd_item *field, uint32_t what, uint64_t lsb, uint64_t bits)
{
	bool differs;

	if (field->bad)
		return;
	differs = (what & field->given & SVD_LOWEST && lsb != field->lsb) ||
		  (what & field->given & SVD_BITS && bits != field->bits);
	if (differs)
		svd_problem(svd, field, field->place, "its bit ranges differ");
	else if (what & SVD_LOWEST && lsb > 63)
		svd_problem(svd, field, field->place, "it begins above bit 63");
	else if (what & SVD_BITS && (bits == 0 || bits > 64))
		svd_problem(svd, field, field->place, "1 to 64 bits are possible");
	if (field->bad)
		return;
	field->given |= what;
	if (what & SVD_LOWEST)
		field->lsb = (unsigned int)lsb;
	if (what & SVD_BITS)
		field->bits = (unsigned int)bits;
}

static void end_field(struct svd *svd, struct svd_item *field)
{
	const struct svd_pending *p = &svd->pending;

	if (p->given & SVD_PENDING_MSB && !(p->given & SVD_PENDING_LSB)) {
		svd_problem(svd, field, field->place, "msb without lsb");
		return;
	}
	if (p->given & SVD_PENDING_RANGE)
		give_bits(svd, field, SVD_LOWEST | SVD_BITS, p->range_lsb, p->range_msb - p->range_lsb + 1);
	if (p->given & SVD_PENDING_LSB)
		give_bits(svd, field, SVD_LOWEST, p->lsb, 0);
	if (p->given & SVD_PENDING_MSB)
		give_bits(svd, field, SVD_BITS, 0, p->msb < p->lsb ? 0 : p->msb - p->lsb + 1);
	if (p->given & SVD_PENDING_BIT_OFFSET)
		give_bits(svd, field, SVD_LOWEST, p->bit_offset, 0);
	if (p->given & SVD_PENDING_BIT_WIDTH)
		give_bits(svd, field, SVD_BITS, 0, p->bit_width);
}

static void end_item(struct svd *svd, struct svd_item *item)
{
	if (item->kind == SVD_DEVICE)
		return;
	if (item->kind == SVD_ENUMS) {
		item->enum_count = (uint32_t)svd->map->enum_count - item->first_enum;
		svd_set_usage(svd, item->first_enum, item->usage);
		return;
	}
	if (item->bad)
		return;
	if (!item->name)
		svd_problem(svd, item, item->place, "it has no <name>");
	else if (item->kind == SVD_FIELD)
		end_field(svd, item);
	else if (!(item->given & SVD_ADDRESS))
		svd_problem(svd, item, item->place, "it has no <%s>",
			    item->kind == SVD_PERIPHERAL ? "baseAddress" : "addressOffset");
}

static int end_enum(struct svd *svd, struct svd_item *enums)
{
	const struct svd_pending *p = &svd->pending;
	struct regmap_enum *added;
	unsigned int bits;

	if (p->given & SVD_PENDING_BAD)
		return 0;
	if (!p->value.name || !(p->value.is_default || p->given & SVD_PENDING_VALUE)) {
		regmap_problem(svd->map, p->value.place, "enumeratedValue%s%s: it has no <%s>",
			       p->value.name ? " " : "", p->value.name ? p->value.name : "",
			       p->value.name ? "value" : "name");
		return 0;
	}
	if (svd->map->enum_count >= REGMAP_ENUMS_MAX) {
		svd_problem(svd, enums, p->value.place, "more than %u values in all", REGMAP_ENUMS_MAX);
		return -E2BIG;
	}
	added = regmap_add_enum(svd->map);
	if (!added)
		return -ENOMEM;
	*added = p->value;
	added->default_has_value = added->is_default && p->given & SVD_PENDING_VALUE;
	bits = svd_enum_bits(added);
	if (bits > enums->enum_bits)
		enums->enum_bits = bits;
	return 0;
}

static void end_block(struct svd *svd, struct svd_item *peripheral, size_t place)
{
	const struct svd_pending *p = &svd->pending;
	uint64_t end;

	if ((p->given & SVD_PENDING_BLOCK) != SVD_PENDING_BLOCK) {
		svd_note(svd, peripheral, place, "addressBlock without %s",
			 p->given & SVD_PENDING_OFFSET ? "size" : "offset");
		return;
	}
	if (__builtin_add_overflow(p->offset, p->size, &end)) {
		svd_note(svd, peripheral, place, "addressBlock ends above 64 bits");
		return;
	}
	if (!(peripheral->given & SVD_BLOCK_SIZE) || end > peripheral->block_size)
		peripheral->block_size = end;
	peripheral->given |= SVD_BLOCK_SIZE;
}

static void end_range(struct svd *svd, struct svd_item *item, size_t place)
{
	const struct svd_pending *p = &svd->pending;

	if ((p->given & SVD_PENDING_CONSTRAINT) != SVD_PENDING_CONSTRAINT || p->minimum > p->maximum) {
		svd_problem(svd, item, place, "range needs a minimum and a maximum not below it");
		return;
	}
	item->behaviour.constraint = CONSTRAINT_RANGE;
	item->behaviour.minimum = p->minimum;
	item->behaviour.maximum = p->maximum;
}

int svd_element_end(struct svd *svd, enum svd_tag tag, struct svd_item *item, size_t place, size_t end)
{
	if (elements[tag].is_item) {
		item->end = end;
		end_item(svd, item);
	} else if (tag == SVD_TAG_BLOCK) {
		end_block(svd, item, place);
	} else if (tag == SVD_TAG_RANGE) {
		end_range(svd, item, place);
	} else if (tag == SVD_TAG_ENUM) {
		return end_enum(svd, item);
	}
	return 0;
}
