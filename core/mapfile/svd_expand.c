// SPDX-License-Identifier: GPL-2.0-or-later
/* Peripherals, clusters and registers into the map: each instance with its address, its name, its defaults. */
#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/mapfile/svd.h"

/* --- dim: an item that stands for several ------------------------------------------------------- */

/* An instance of an item. */
struct svd_instance {
	char name[REGMAP_NAME_SIZE];
	uint64_t offset; /* times dimIncrement */
};

enum svd_index { SVD_INDEX_NONE, SVD_INDEX_NUMBERS, SVD_INDEX_LETTERS, SVD_INDEX_LIST };

struct svd_dim {
	const struct svd_item *item;
	uint64_t count;
	uint64_t next;
	enum svd_index index;
	uint64_t first; /* number or letter */
	const char *list; /* what is left of it */
};

static const char *skip_blanks(const char *text)
{
	while (*text == ' ')
		text++;
	return text;
}

/* The next word of a list "A,B,C"; NULL: it is none. *LIST is moved behind its comma, or to the end. */
static const char *list_word(const char **list, size_t *length)
{
	const char *word = skip_blanks(*list);
	size_t n = 0;

	while (isalnum((unsigned char)word[n]) || word[n] == '_')
		n++;
	*length = n;
	*list = skip_blanks(word + n);
	if (n == 0 || (**list && **list != ','))
		return NULL;
	if (**list)
		(*list)++;
	return word;
}

/* How many words a list has; 0: it is none. */
static uint64_t list_count(const char *list)
{
	uint64_t count = 1;
	size_t length;

	for (const char *comma = strchr(list, ','); comma; comma = strchr(comma + 1, ','))
		count++;
	for (uint64_t i = 0; i < count; i++) {
		if (!list_word(&list, &length))
			return 0;
	}
	return count;
}

/* "A-D" or "3-6". */
static bool scan_range(const char *text, struct svd_dim *dim, uint64_t *count)
{
	uint64_t last;

	if (isalpha((unsigned char)text[0]) && text[1] == '-' && isalpha((unsigned char)text[2]) &&
	    !text[3]) {
		dim->index = SVD_INDEX_LETTERS;
		dim->first = (unsigned char)text[0];
		last = (unsigned char)text[2];
	} else {
		int end = 0;

		if (!isdigit((unsigned char)text[0]) ||
		    sscanf(text, "%9" SCNu64 " - %9" SCNu64 "%n", &dim->first, &last, &end) < 2 || text[end])
			return false;
		dim->index = SVD_INDEX_NUMBERS;
	}
	*count = last - dim->first + 1;
	return last >= dim->first;
}

static uint64_t scan_index(const char *text, struct svd_dim *dim)
{
	uint64_t count = 0;

	if (scan_range(text, dim, &count))
		return count;
	dim->index = SVD_INDEX_LIST;
	dim->list = text;
	return list_count(text);
}

static int check_dim(struct svd *svd, struct svd_item *item, struct svd_dim *dim)
{
	uint64_t count = item->dim;
	uint64_t span;

	if (!(item->given & SVD_DIM_INCREMENT)) {
		svd_problem(svd, item, item->place, "dim without dimIncrement");
		return -EINVAL;
	}
	if (!strstr(item->name, "%s") && item->dim > 1) {
		svd_problem(svd, item, item->place, "dim is %" PRIu64 ", but there is no %%s in the name",
			    item->dim);
		return -EINVAL;
	}
	if (__builtin_mul_overflow(item->dim, item->dim_increment, &span)) {
		svd_problem(svd, item, item->place, "dim times dimIncrement does not fit 64 bits");
		return -EINVAL;
	}
	dim->index = SVD_INDEX_NUMBERS;
	if (item->dim_index)
		count = scan_index(item->dim_index, dim);
	if (count == 0)
		svd_problem(svd, item, item->place, "dimIndex '%.64s' is neither a list nor a range",
			    item->dim_index);
	else if (count != item->dim)
		svd_problem(svd, item, item->place, "dim is %" PRIu64 ", but dimIndex has %" PRIu64,
			    item->dim, count);
	return count && count == item->dim ? 0 : -EINVAL;
}

/* Prepares the instances of ITEM, one for an item without dim; -EINVAL: a problem was noted. */
static int dim_start(struct svd *svd, struct svd_item *item, struct svd_dim *dim)
{
	*dim = (struct svd_dim){ .item = item, .count = 1 };
	if (item->given & SVD_DIM) {
		dim->count = item->dim;
		return check_dim(svd, item, dim);
	}
	if (strstr(item->name, "%s")) {
		svd_problem(svd, item, item->place, "there is a %%s in the name, but no dim");
		return -EINVAL;
	}
	return 0;
}

/* NAME with INDEX for each %s; too long: empty. */
static void put_index(char *text, const char *name, const char *index, size_t length)
{
	size_t used = 0;

	while (*name) {
		bool is_index = name[0] == '%';
		size_t n = is_index ? length : 1;

		if (used + n >= REGMAP_NAME_SIZE) {
			used = 0;
			break;
		}
		memcpy(text + used, is_index ? index : name, n);
		used += n;
		name += is_index ? 2 : 1;
	}
	text[used] = '\0';
}

/* Element I of an array with more than one dimension: what is between the outermost brackets, "1][0". */
static size_t grid_index(const struct svd_item *item, uint64_t i, char *text, size_t size)
{
	uint64_t inner = item->dim;
	size_t n = 0;

	for (unsigned int d = 0; d < item->grid_count; d++) {
		inner /= item->grid[d];
		n += (size_t)snprintf(text + n, size - n, "%s%" PRIu64, d ? "][" : "", i / inner);
		i %= inner;
	}
	return n;
}

/* The next one; false: that was the last. A name that is too long is left empty. */
static bool dim_next(struct svd_dim *dim, struct svd_instance *instance)
{
	char number[48] = "";
	const char *index = number;
	size_t length = 0;

	if (dim->next == dim->count)
		return false;
	if (dim->item->grid_count > 1)
		length = grid_index(dim->item, dim->next, number, sizeof(number));
	else if (dim->index == SVD_INDEX_LIST)
		index = list_word(&dim->list, &length);
	else if (dim->index == SVD_INDEX_LETTERS)
		length = (size_t)snprintf(number, sizeof(number), "%c", (int)(dim->first + dim->next));
	else if (dim->index == SVD_INDEX_NUMBERS)
		length = (size_t)snprintf(number, sizeof(number), "%" PRIu64, dim->first + dim->next);
	put_index(instance->name, dim->item->name, index, length);
	instance->offset = dim->next * dim->item->dim_increment;
	dim->next++;
	return true;
}

/* --- fields: registers whose fields come out the same share them --------------------------------- */

/* The register that the fields are built in. */
struct fields {
	const struct regmap_behaviour *as;
	unsigned int bits;
};

static struct regmap_behaviour field_behaviour(const struct svd_item *field, const struct fields *reg)
{
	struct regmap_behaviour b = *reg->as;
	const struct regmap_behaviour *own = &field->behaviour;

	if (field->given & SVD_ACCESS)
		b.access = own->access;
	if (field->given & SVD_ON_READ)
		b.on_read = own->on_read;
	if (field->given & SVD_ON_WRITE)
		b.on_write = own->on_write;
	if (field->given & SVD_CONSTRAINT) {
		b.constraint = own->constraint;
		b.minimum = own->minimum;
		b.maximum = own->maximum;
	} else if (b.constraint == CONSTRAINT_RANGE && field->bits < reg->bits) {
		/* a range of the whole register's value says nothing of a part */
		b.constraint = CONSTRAINT_NONE;
		b.minimum = b.maximum = 0;
	}
	return b;
}

/* Copies of those that fit, as others may share them. */
static int drop_large_enums(struct svd *svd, struct svd_item *field)
{
	uint32_t first = (uint32_t)svd->map->enum_count;
	int rc = 0;

	for (uint32_t i = field->first_enum; rc == 0 && i < field->first_enum + field->enum_count; i++) {
		const struct regmap_enum *e = &svd->map->enums[i];

		if (svd_enum_bits(e) <= field->bits)
			rc = svd_copy_enum(svd, field, i);
		else
			svd_note(svd, field, e->place, "value %s, %" PRIu64 ", does not fit its %u bit%s",
				 e->name, e->value | ~e->mask, field->bits, field->bits == 1 ? "" : "s");
	}
	field->first_enum = first;
	field->enum_count = (uint32_t)svd->map->enum_count - first;
	field->enum_bits = field->bits;
	return rc;
}

/* What can be wrong with FIELD in this register. */
static int check_field(struct svd *svd, struct svd_item *field)
{
	int rc;

	if (!(field->given & SVD_LOWEST && field->given & SVD_BITS)) {
		svd_problem(svd, field, field->place, "its bits are not given (bitRange)");
		return 0;
	}
	rc = svd_field_enums(svd, field);
	if (rc == 0 && field->enum_bits > field->bits)
		rc = drop_large_enums(svd, field);
	return rc;
}

static int add_instance(struct svd *svd, struct svd_item *field, const struct fields *reg,
			const struct svd_instance *instance)
{
	/* far enough to be out of any register */
	uint64_t lsb = instance->offset > 64 ? 65 : field->lsb + instance->offset;
	struct regmap_field *f;

	if (!instance->name[0]) {
		svd_problem(svd, field, field->place, "its name is too long");
		return 0;
	}
	if (lsb + field->bits > reg->bits) {
		svd_problem(svd, field, field->place,
			    "bits %" PRIu64 "..%" PRIu64 " are not in a register of %u", lsb,
			    lsb + field->bits - 1, reg->bits);
		return 0;
	}
	if (svd->map->field_count >= REGMAP_FIELDS_MAX) {
		svd_problem(svd, field, field->place, "more than %u fields in all", REGMAP_FIELDS_MAX);
		return -E2BIG;
	}
	f = regmap_add_field(svd->map);
	if (!f)
		return -ENOMEM;
	f->lsb = (unsigned int)lsb;
	f->bits = field->bits;
	f->description = field->description;
	f->behaviour = field_behaviour(field, reg);
	f->first_enum = field->first_enum;
	f->enum_count = field->enum_count;
	f->place = field->place;
	f->name = field->given & SVD_DIM ? regmap_string(svd->map, instance->name, strlen(instance->name))
					 : field->name;
	return f->name ? 0 : -ENOMEM;
}

static int add_field(struct svd *svd, struct svd_item *field, const struct fields *reg)
{
	struct svd_instance instance;
	struct svd_dim dim;
	int rc = check_field(svd, field);

	if (rc < 0 || field->bad || dim_start(svd, field, &dim) < 0)
		return rc;
	while (rc == 0 && !field->bad && dim_next(&dim, &instance))
		rc = add_instance(svd, field, reg, &instance);
	return rc;
}

/* Has a register that is derived from FIELD's, REG at last, another field of that name? */
static bool is_field_overridden(const struct svd *svd, const struct svd_item *reg,
				const struct svd_item *field)
{
	for (; reg && reg != field->parent; reg = reg->base) {
		if (reg->children && svd_find_child(svd, reg, SVD_FIELD, field->name))
			return true;
	}
	return false;
}

static int add_all(struct svd *svd, const struct svd_item *reg, const struct fields *fields,
		   bool *lacks_fields)
{
	int rc = 0;

	for (const struct svd_item *from = reg; from; from = from->base) {
		for (struct svd_item *field = from->children; rc == 0 && field; field = field->next) {
			rc = svd_spend(svd, field, 1);
			if (rc == 0 && !field->bad && !is_field_overridden(svd, reg, field))
				rc = add_field(svd, field, fields);
			*lacks_fields |= field->bad;
		}
	}
	return rc;
}

static int by_lsb(const void *a, const void *b)
{
	const struct regmap_field *x = a;
	const struct regmap_field *y = b;

	if (x->lsb != y->lsb)
		return x->lsb < y->lsb ? -1 : 1;
	return x->place < y->place ? -1 : x->place > y->place;
}

static void sort_fields(struct regmap_field *fields, size_t count)
{
	for (size_t i = 1; i < count; i++) {
		if (fields[i].lsb < fields[i - 1].lsb) {
			qsort(fields, count, sizeof(*fields), by_lsb);
			return;
		}
	}
}

static bool same_behaviour(const struct regmap_behaviour *a, const struct regmap_behaviour *b)
{
	return a->access == b->access && a->on_read == b->on_read && a->on_write == b->on_write &&
	       a->constraint == b->constraint && a->minimum == b->minimum && a->maximum == b->maximum;
}

/* Fields of the register TO. */
static int add_fields(struct svd *svd, struct svd_item *reg, struct regmap_register *to)
{
	const struct regmap_behaviour *as = &to->behaviour;
	unsigned int bits = to->bits;
	struct fields fields = { .as = as, .bits = bits };
	int rc;

	/* a copy without fields of its own has those of its base */
	while (!reg->children && reg->base)
		reg = reg->base;
	if (!reg->built || reg->built_bits != bits || !same_behaviour(&reg->built_as, as)) {
		reg->first_field = (uint32_t)svd->map->field_count;
		reg->lacks_fields = false;
		rc = add_all(svd, reg, &fields, &reg->lacks_fields);
		if (rc < 0)
			return rc;
		reg->field_count = (uint32_t)svd->map->field_count - reg->first_field;
		if (reg->field_count)
			sort_fields(svd->map->fields + reg->first_field, reg->field_count);
		reg->built = true;
		reg->built_bits = bits;
		reg->built_as = *as;
	}
	to->first_field = reg->first_field;
	to->field_count = reg->field_count;
	to->lacks_fields = reg->lacks_fields;
	return 0;
}

/* --- scopes ------------------------------------------------------------------------------------- */

/* What an item is expanded in. */
struct scope {
	char name[REGMAP_NAME_SIZE]; /* with a '.' behind */
	size_t length;
	size_t block_length;
	uint32_t block;
	uint64_t address;
	uint64_t size;
	enum regmap_access access;
	bool is_unsafe; /* whoever says the access says that too: IP-XACT's no-access */
	bool has_reset;
	uint64_t reset_value;
	bool has_reset_mask;
	uint64_t reset_mask;
	bool is_alternate;
};

/* What ITEM says of all in it. */
static void take_defaults(struct scope *scope, const struct svd_item *item)
{
	if (item->given & SVD_SIZE)
		scope->size = item->size;
	if (item->given & SVD_ACCESS) {
		scope->access = item->behaviour.access;
		scope->is_unsafe = item->behaviour.on_read == READ_UNSAFE;
	}
	if (item->given & SVD_RESET_VALUE) {
		scope->has_reset = true;
		scope->reset_value = item->reset_value;
	}
	if (item->given & SVD_RESET_MASK) {
		scope->has_reset_mask = true;
		scope->reset_mask = item->reset_mask;
	}
	scope->is_alternate = scope->is_alternate || item->is_alternate;
}

/* SCOPE, moved into an instance of ITEM; the scope inside goes to *INNER. False: a problem was noted. */
static bool enter(struct svd *svd, const struct scope *scope, struct svd_item *item,
		  const struct svd_instance *instance, struct scope *inner)
{
	size_t n = strlen(instance->name);
	uint64_t address;

	if (n == 0 || scope->length + n >= REGMAP_NAME_SIZE - 1) {
		svd_problem(svd, item, item->place, "the name %.*s%.64s is longer than %d characters",
			    (int)scope->length, scope->name, instance->name, REGMAP_NAME_SIZE - 2);
		return false;
	}
	if (__builtin_add_overflow(scope->address, item->address, &address) ||
	    __builtin_add_overflow(address, instance->offset, &address)) {
		svd_problem(svd, item, item->place, "its address does not fit 64 bits");
		return false;
	}
	*inner = *scope;
	memcpy(inner->name + inner->length, instance->name, n);
	inner->length += n;
	inner->name[inner->length] = '\0';
	inner->address = address;
	take_defaults(inner, item);
	return true;
}

static void enter_dot(struct scope *scope)
{
	scope->name[scope->length++] = '.';
	scope->name[scope->length] = '\0';
}

/* --- registers -------------------------------------------------------------------------------- */

static unsigned int access_width(unsigned int bits)
{
	unsigned int width = 8;

	while (width < bits)
		width *= 2;
	return width;
}

static struct regmap_behaviour register_behaviour(const struct svd_item *item, const struct scope *scope)
{
	struct regmap_behaviour b = item->behaviour;

	b.access = scope->access;
	if (scope->is_unsafe)
		b.on_read = READ_UNSAFE;
	return b;
}

/* What is the same for all instances of a register. */
static void describe(struct regmap_register *reg, const struct svd_item *item, const struct scope *scope)
{
	uint64_t all = scope->size >= 64 ? UINT64_MAX : (UINT64_C(1) << scope->size) - 1;

	reg->description = item->description;
	reg->block = scope->block;
	reg->bits = (unsigned int)scope->size;
	reg->width = access_width(reg->bits);
	reg->words = 1;
	reg->word_bits = reg->bits;
	reg->behaviour = register_behaviour(item, scope);
	reg->has_reset = scope->has_reset;
	if (reg->has_reset) {
		reg->reset_mask = (scope->has_reset_mask ? scope->reset_mask : UINT64_MAX) & all;
		reg->reset_value = scope->reset_value & all;
	}
	reg->place = item->place;
	reg->is_alternate = scope->is_alternate;
	reg->group = item->group;
}

static int add_register(struct svd *svd, struct svd_item *item, const struct scope *scope,
			const struct regmap_register *like)
{
	struct regmap_register *reg;
	const char *name;
	uint64_t end;

	if (__builtin_add_overflow(scope->address, like->width / 8 - 1, &end)) {
		svd_problem(svd, item, item->place, "its address does not fit 64 bits");
		return 0;
	}
	if (svd->map->register_count >= REGMAP_REGISTERS_MAX) {
		svd_problem(svd, item, item->place, "more than %u registers in all", REGMAP_REGISTERS_MAX);
		return -E2BIG;
	}
	name = regmap_string(svd->map, scope->name, scope->length);
	reg = regmap_add_register(svd->map);
	if (!name || !reg)
		return -ENOMEM;
	*reg = *like;
	reg->name = name;
	reg->short_name = name + scope->block_length;
	reg->address = scope->address;
	return 0;
}

static int expand_register(struct svd *svd, const struct scope *scope, struct svd_item *item)
{
	struct regmap_register like = { 0 };
	struct svd_instance instance;
	struct scope inner = *scope;
	struct svd_dim dim;
	int rc;

	if (dim_start(svd, item, &dim) < 0)
		return 0;
	take_defaults(&inner, item);
	describe(&like, item, &inner);
	rc = add_fields(svd, item, &like);
	while (rc == 0 && !item->bad && dim_next(&dim, &instance)) {
		rc = svd_spend(svd, item, 1);
		if (rc == 0 && enter(svd, scope, item, &instance, &inner))
			rc = add_register(svd, item, &inner, &like);
	}
	return rc;
}

/* --- what contains them ----------------------------------------------------------------------- */

static int expand_children(struct svd *svd, const struct scope *scope, struct svd_item *item);

static int expand_cluster(struct svd *svd, const struct scope *scope, struct svd_item *item)
{
	struct svd_instance instance;
	struct scope inner;
	struct svd_dim dim;
	int rc = 0;

	if (dim_start(svd, item, &dim) < 0)
		return 0;
	while (rc == 0 && !item->bad && dim_next(&dim, &instance)) {
		rc = svd_spend(svd, item, 1);
		if (rc == 0 && enter(svd, scope, item, &instance, &inner)) {
			enter_dot(&inner);
			rc = expand_children(svd, &inner, item);
		}
	}
	return rc;
}

/* Has one that is derived from CHILD's parent, ITEM at last, another of that kind and name? */
static bool is_overridden(const struct svd *svd, const struct svd_item *item, const struct svd_item *child)
{
	for (; item && item != child->parent; item = item->base) {
		if (item->children && svd_find_child(svd, item, child->kind, child->name))
			return true;
	}
	return false;
}

/* The children that ITEM has from FROM: those of FROM's own bases come first. */
static int expand_from(struct svd *svd, const struct scope *scope, struct svd_item *item,
		       const struct svd_item *from)
{
	int rc = from->base ? expand_from(svd, scope, item, from->base) : 0;

	for (struct svd_item *child = from->children; rc == 0 && child; child = child->next) {
		rc = svd_spend(svd, child, 1);
		if (rc < 0 || child->bad || is_overridden(svd, item, child))
			continue;
		if (child->kind == SVD_CLUSTER)
			rc = expand_cluster(svd, scope, child);
		else
			rc = expand_register(svd, scope, child);
	}
	return rc;
}

/* A cluster may be derived from one that it is in. */
static bool leads_back(struct svd_item *item)
{
	for (; item; item = item->base) {
		if (item->busy)
			return true;
	}
	return false;
}

static int expand_children(struct svd *svd, const struct scope *scope, struct svd_item *item)
{
	int rc;

	if (leads_back(item)) {
		svd_problem(svd, item, item->place, "derivedFrom leads back to itself");
		return 0;
	}
	for (struct svd_item *i = item; i; i = i->base)
		i->busy = true;
	rc = expand_from(svd, scope, item, item);
	for (struct svd_item *i = item; i; i = i->base)
		i->busy = false;
	return rc;
}

static int add_block(struct svd *svd, const struct svd_item *item, struct scope *scope)
{
	struct regmap_block *block;
	const char *name = regmap_string(svd->map, scope->name, scope->length);

	scope->block = (uint32_t)svd->map->block_count;
	block = regmap_add_block(svd->map);
	if (!name || !block)
		return -ENOMEM;
	block->name = name;
	block->description = item->description;
	block->address = scope->address;
	block->size = item->block_size;
	block->place = item->place;
	enter_dot(scope);
	scope->block_length = scope->length;
	return 0;
}

static int expand_peripheral(struct svd *svd, const struct scope *scope, struct svd_item *item)
{
	struct svd_instance instance;
	struct scope inner;
	struct svd_dim dim;
	int rc = 0;

	if (dim_start(svd, item, &dim) < 0)
		return 0;
	while (rc == 0 && !item->bad && dim_next(&dim, &instance)) {
		if (svd->map->block_count >= REGMAP_REGISTERS_MAX) {
			svd_problem(svd, item, item->place, "more than %u peripherals in all",
				    REGMAP_REGISTERS_MAX);
			return -E2BIG;
		}
		if (!enter(svd, scope, item, &instance, &inner))
			break;
		rc = add_block(svd, item, &inner);
		if (rc == 0)
			rc = expand_children(svd, &inner, item);
	}
	return rc;
}

int svd_expand(struct svd *svd)
{
	struct scope scope = { .size = svd->width ? svd->width : 32, .block = REGMAP_NO_BLOCK };
	int rc = 0;

	svd->map->name = svd->device->name;
	svd->map->description = svd->device->description;
	take_defaults(&scope, svd->device);
	for (struct svd_item *item = svd->device->children; rc == 0 && item; item = item->next) {
		if (!item->bad)
			rc = expand_peripheral(svd, &scope, item);
	}
	return rc < 0 ? rc : svd_name_groups(svd);
}
