// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * derivedFrom: finds what each item is derived from, and copies what the item does not say itself. Children are
 * not copied: whoever expands an item walks along its bases.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "core/mapfile/svd.h"

/* A name of an item, as SCOPE's child; or, without SCOPE, as one of all items of its kind. */
struct svd_entry {
	uint64_t hash;
	const struct svd_item *scope;
	enum svd_kind kind;
	const char *name; /* not NUL-terminated in a key */
	size_t length;
	size_t place;
	struct svd_item *item;
};

/* FNV-1a, http://www.isthe.com/chongo/tech/comp/fnv/ */
static uint64_t hash_bytes(uint64_t hash, const void *data, size_t length)
{
	const unsigned char *bytes = data;

	for (size_t i = 0; i < length; i++)
		hash = (hash ^ bytes[i]) * UINT64_C(1099511628211);
	return hash;
}

static struct svd_entry make_entry(const struct svd_item *scope, enum svd_kind kind, const char *name,
				   size_t length, size_t place)
{
	struct svd_entry e = { .scope = scope, .kind = kind, .name = name, .length = length, .place = place };
	size_t scope_place = scope ? scope->place + 1 : 0;

	e.hash = hash_bytes(UINT64_C(14695981039346656037), name, length);
	e.hash = hash_bytes(e.hash, &scope_place, sizeof(scope_place));
	return e;
}

/* The same name, to the place? */
static int compare_names(const struct svd_entry *x, const struct svd_entry *y)
{
	if (x->hash != y->hash)
		return x->hash < y->hash ? -1 : 1;
	if (x->kind != y->kind)
		return x->kind < y->kind ? -1 : 1;
	if (x->scope != y->scope)
		return (uintptr_t)x->scope < (uintptr_t)y->scope ? -1 : 1;
	if (x->length != y->length)
		return x->length < y->length ? -1 : 1;
	return memcmp(x->name, y->name, x->length);
}

static int compare_entries(const void *a, const void *b)
{
	const struct svd_entry *x = a;
	const struct svd_entry *y = b;
	int order = compare_names(x, y);

	if (order == 0 && x->place != y->place)
		order = x->place < y->place ? -1 : 1;
	return order;
}

/* Can ITEM be asked for? By what is derived, or as what overrides something in a derived item. */
static bool is_wanted(const struct svd *svd, const struct svd_item *item)
{
	return item->name && item->parent && (item->kind <= svd->deepest || item->parent->derived_from);
}

static int count_entries(struct svd *svd, struct svd_item *item)
{
	svd->entry_count += is_wanted(svd, item) ? 2 : 0;
	return 0;
}

static int add_entries(struct svd *svd, struct svd_item *item)
{
	size_t length;

	if (!is_wanted(svd, item))
		return 0;
	length = strlen(item->name);
	for (unsigned int i = 0; i < 2; i++) {
		struct svd_entry *e = &svd->entries[svd->entry_count++];

		*e = make_entry(i ? item->parent : NULL, item->kind, item->name, length, item->place);
		e->item = item;
	}
	return 0;
}

static int make_entries(struct svd *svd)
{
	svd_each_item(svd, count_entries);
	svd->entries = calloc(svd->entry_count + 1, sizeof(*svd->entries));
	if (!svd->entries)
		return -ENOMEM;
	svd->entry_count = 0;
	svd_each_item(svd, add_entries);
	qsort(svd->entries, svd->entry_count, sizeof(*svd->entries), compare_entries);
	return 0;
}

/* The first at or behind KEY's place that is not EXCEPT and begins before END. */
static struct svd_item *find_entry(const struct svd *svd, const struct svd_entry *key, size_t end,
				   const struct svd_item *except)
{
	size_t low = 0;
	size_t high = svd->entry_count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (compare_entries(&svd->entries[middle], key) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	for (; low < svd->entry_count && compare_names(&svd->entries[low], key) == 0; low++) {
		if (svd->entries[low].place >= end)
			break;
		if (svd->entries[low].item != except)
			return svd->entries[low].item;
	}
	return NULL;
}

static struct svd_item *find_in(const struct svd *svd, const struct svd_item *scope, enum svd_kind kind,
				const char *name, size_t length, const struct svd_item *except)
{
	struct svd_entry key = make_entry(scope, kind, name, length, 0);

	return find_entry(svd, &key, SIZE_MAX, except);
}

struct svd_item *svd_find_child(const struct svd *svd, const struct svd_item *parent, enum svd_kind kind,
				const char *name)
{
	return find_in(svd, parent, kind, name, strlen(name), NULL);
}

/* --- paths ------------------------------------------------------------------------------------ */

/* What the part of a path is, AFTER parts before the end, which is of KIND, in SCOPE. */
static enum svd_kind part_kind(const struct svd_item *scope, enum svd_kind kind, unsigned int after)
{
	if (after == 0)
		return kind;
	if (kind == SVD_ENUMS && after <= 2)
		return after == 1 ? SVD_FIELD : SVD_REGISTER;
	if (kind == SVD_FIELD && after == 1)
		return SVD_REGISTER;
	return scope->kind == SVD_DEVICE ? SVD_PERIPHERAL : SVD_CLUSTER;
}

/* PATH from SCOPE, "CLUSTER.REGISTER", to something of KIND. */
static struct svd_item *find_path(const struct svd *svd, const struct svd_item *scope, const char *path,
				  enum svd_kind kind, const struct svd_item *except)
{
	struct svd_item *found = NULL;
	unsigned int after = 0;

	for (const char *dot = strchr(path, '.'); dot; dot = strchr(dot + 1, '.'))
		after++;
	for (;; after--) {
		size_t length = strcspn(path, ".");

		found = find_in(svd, scope, part_kind(scope, kind, after), path, length, except);
		if (!found || after == 0)
			return found;
		scope = found;
		path += length + 1;
	}
}

/*
 * What ITEM is derived from: the name or path as seen from around it, then from further out; a simple name
 * besides anywhere within each of these. Not EXCEPT: a register may have the name of what it is derived from.
 */
static struct svd_item *find_base(const struct svd *svd, const struct svd_item *item,
				  const struct svd_item *except)
{
	const char *path = item->derived_from;
	bool is_simple = !strchr(path, '.');

	for (const struct svd_item *scope = item->parent; scope; scope = scope->parent) {
		struct svd_item *found = find_path(svd, scope, path, item->kind, except);

		if (!found && is_simple) {
			struct svd_entry key = make_entry(NULL, item->kind, path, strlen(path), scope->place);

			found = find_entry(svd, &key, scope->end, except);
		}
		if (found)
			return found;
	}
	return NULL;
}

/* --- inheriting ------------------------------------------------------------------------------- */

#define INHERIT(flag, member)                                                                                \
	do {                                                                                                 \
		if (missing & (flag))                                                                        \
			item->member = base->member;                                                         \
	} while (0)

static void inherit_constraint(struct svd_item *item, const struct svd_item *base)
{
	item->behaviour.constraint = base->behaviour.constraint;
	item->behaviour.minimum = base->behaviour.minimum;
	item->behaviour.maximum = base->behaviour.maximum;
}

/* What ITEM does not say, BASE, which has all from its own base, says. */
static int inherit(struct svd *svd, struct svd_item *item, const struct svd_item *base)
{
	uint32_t missing = base->given & ~item->given;
	/* a copy of an array is an array only if its name can say so */
	bool is_array = item->name && strstr(item->name, "%s");

	if (item->kind == SVD_ENUMS)
		return svd_inherit_enums(svd, item, base);
	if (!is_array)
		missing &= ~(uint32_t)(SVD_DIM | SVD_DIM_INCREMENT);
	if (missing & SVD_DIM && !item->dim_index)
		item->dim_index = base->dim_index;
	if (!item->description)
		item->description = base->description;
	INHERIT(SVD_SIZE, size);
	INHERIT(SVD_RESET_VALUE, reset_value);
	INHERIT(SVD_RESET_MASK, reset_mask);
	INHERIT(SVD_ACCESS, behaviour.access);
	INHERIT(SVD_ON_READ, behaviour.on_read);
	INHERIT(SVD_ON_WRITE, behaviour.on_write);
	INHERIT(SVD_BLOCK_SIZE, block_size);
	INHERIT(SVD_DIM, dim);
	INHERIT(SVD_DIM_INCREMENT, dim_increment);
	INHERIT(SVD_LOWEST, lsb);
	INHERIT(SVD_BITS, bits);
	if (missing & SVD_CONSTRAINT)
		inherit_constraint(item, base);
	item->given |= missing;
	return 0;
}

static int resolve(struct svd *svd, struct svd_item *item);

static int derive_from(struct svd *svd, struct svd_item *item, struct svd_item *base)
{
	int rc = 0;

	if (base == item || base->busy) {
		svd_problem(svd, item, item->place, "derivedFrom '%.100s' leads back to itself",
			    item->derived_from);
		return 0;
	}
	item->busy = true;
	if (++svd->deriving <= SVD_DERIVE_MAX)
		rc = resolve(svd, base);
	svd->deriving--;
	item->busy = false;
	if (rc < 0)
		return rc;
	item->base = base;
	item->level = base->level + 1;
	if (base->bad)
		item->bad = true; /* the problem is that one's */
	else if (item->level > SVD_DERIVE_MAX || svd->deriving >= SVD_DERIVE_MAX)
		svd_problem(svd, item, item->place, "derivedFrom goes on over more than %d others",
			    SVD_DERIVE_MAX);
	return item->bad ? 0 : inherit(svd, item, base);
}

static int resolve(struct svd *svd, struct svd_item *item)
{
	struct svd_item *base;
	int rc;

	if (item->resolved || !item->derived_from)
		return 0;
	rc = svd_spend(svd, item, 1);
	if (rc < 0)
		return rc;
	item->resolved = true;
	base = find_base(svd, item, item);
	if (!base && find_base(svd, item, NULL))
		base = item;
	if (!base) {
		svd_problem(svd, item, item->place, "derivedFrom '%.100s': there is no such %s",
			    item->derived_from, svd_kind_name(svd, item->kind));
		return 0;
	}
	return derive_from(svd, item, base);
}

int svd_derive(struct svd *svd)
{
	int rc;

	if (!svd->has_derived)
		return 0;
	rc = make_entries(svd);
	return rc < 0 ? rc : svd_each_item(svd, resolve);
}
