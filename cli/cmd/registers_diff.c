// SPDX-License-Identifier: GPL-2.0-or-later
/* regs diff: two snapshots, or one and the device. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "cli/register_view.h"
#include "cli/cmd/registers.h"
#include "cli/cmd/registers_snapshot.h"
#include "core/base/array.h"

/* What is in both, and says nothing of whether it changed. */
struct incomparable {
	const struct snapshot_entry *a;
	const struct snapshot_entry *b;
	bool is_moved;
};

struct diff {
	struct invocation *inv;
	struct regmap *map; /* NULL: without fields */
	unsigned int differences;
	unsigned int not_compared;
	struct incomparable *incomparable;
	size_t incomparable_count;
	bool has_no_memory;
};

/* More of them than this in one warning is noise. */
#define NAMED_MAX 3

/* The fields that are not the same. */
static void view_fields(struct diff *d, const char *name, uint64_t a, uint64_t b)
{
	struct regmap_item item = { 0 };

	writer_array(d->inv->out, "fields");
	if (d->map && name && regmap_find(d->map, name, &item, NULL) == 0 && !item.field) {
		for (uint32_t i = item.reg->field_count; i-- > 0;) {
			const struct regmap_field *field = regmap_field_at(d->map, item.reg, i);

			if ((a ^ b) & regmap_field_mask(field) && !regmap_is_write_only(&field->behaviour))
				register_view_change(d->inv->out, d->map, item.reg, field, a, b);
		}
	}
	writer_end(d->inv->out);
}

static void view_value(struct writer *w, const char *key, const char *label, const struct snapshot_entry *e,
		       const char *absent)
{
	if (e && e->has_value)
		writer_hex(w, key, label, e->value, register_digits(e->width * e->words));
	else
		writer_null(w, key, label, absent);
}

static void name_of(const struct snapshot_entry *e, char *name, size_t size)
{
	if (e->name)
		snprintf(name, size, "%s", e->name);
	else
		snprintf(name, size, "%u:0x%llx/%u", e->bar, (unsigned long long)e->offset, e->width);
}

/* Only the device says where such a register is: it may be elsewhere and the same. */
static bool is_placed(const struct diff *d, const struct snapshot_entry *e)
{
	struct regmap_item item = { 0 };

	return d->map && e->name && regmap_find(d->map, e->name, &item, NULL) == 0 &&
	       regmap_placed(d->map, item.reg);
}

/* What is to be told of A and B; what cannot be compared is kept for later. */
static enum snapshot_change sort(struct diff *d, enum snapshot_change change, const struct snapshot_entry *a,
				 const struct snapshot_entry *b)
{
	struct incomparable *grown;

	if (change == SNAPSHOT_MOVED && a->width == b->width && a->words == b->words && a->has_value &&
	    b->has_value && is_placed(d, a))
		return a->value == b->value ? SNAPSHOT_SAME : SNAPSHOT_CHANGED;
	if (change != SNAPSHOT_ONE_SIDED && change != SNAPSHOT_MOVED)
		return change;
	grown = array_grow(d->incomparable, d->incomparable_count, sizeof(*grown));
	if (!grown) {
		d->has_no_memory = true;
		return SNAPSHOT_NOT_COMPARED;
	}
	d->incomparable = grown;
	grown[d->incomparable_count++] = (struct incomparable){ a, b, change == SNAPSHOT_MOVED };
	return SNAPSHOT_NOT_COMPARED;
}

static void reason_of(const struct incomparable *i, char text[160])
{
	const struct snapshot_entry *unread = i->a->has_value ? i->b : i->a;

	if (i->is_moved)
		snprintf(text, 160, "it is at %u:0x%llx/%u in the first, at %u:0x%llx/%u in the second",
			 i->a->bar, (unsigned long long)i->a->offset, i->a->width, i->b->bar,
			 (unsigned long long)i->b->offset, i->b->width);
	else
		snprintf(text, 160, "it has a value only in the %s%s%.100s%s",
			 unread == i->b ? "first" : "second", unread->reason ? " (" : "",
			 unread->reason ? unread->reason : "", unread->reason ? ")" : "");
}

static void view_incomparable(struct diff *d)
{
	struct writer *w = d->inv->out;
	char warning[NAMED_MAX * (REGISTER_NAME_SIZE + 200)] = "";
	size_t used = 0;

	writer_array(w, "incomparable");
	for (size_t i = 0; i < d->incomparable_count; i++) {
		const struct snapshot_entry *e = d->incomparable[i].a;
		char name[REGISTER_NAME_SIZE];
		char reason[160];

		name_of(e, name, sizeof(name));
		reason_of(&d->incomparable[i], reason);
		writer_object(w, NULL);
		writer_string(w, "name", NULL, name);
		writer_string(w, "reason", NULL, reason);
		writer_end(w);
		if (i < NAMED_MAX)
			used += (size_t)snprintf(warning + used, sizeof(warning) - used,
						 "%s%s cannot be compared: %s", i ? "; " : "", name, reason);
	}
	writer_end(w);
	if (d->incomparable_count > NAMED_MAX)
		context_log(&d->inv->ctx, LOG_WARN, "%s; and %zu more, --json names them all", warning,
			    d->incomparable_count - NAMED_MAX);
	else if (d->incomparable_count)
		context_log(&d->inv->ctx, LOG_WARN, "%s", warning);
}

static void tell(void *data, enum snapshot_change change, const struct snapshot_entry *a,
		 const struct snapshot_entry *b)
{
	static const char *const words[] = {
		[SNAPSHOT_CHANGED] = "changed",
		[SNAPSHOT_ONLY_A] = "only in the first",
		[SNAPSHOT_ONLY_B] = "only in the second",
	};
	const struct snapshot_entry *e = a ? a : b;
	struct diff *d = data;
	struct writer *w = d->inv->out;
	char name[REGISTER_NAME_SIZE];

	if (a && b)
		change = sort(d, change, a, b);
	d->not_compared += change == SNAPSHOT_NOT_COMPARED;
	if (change == SNAPSHOT_SAME || change == SNAPSHOT_NOT_COMPARED)
		return;
	d->differences++;
	name_of(e, name, sizeof(name));
	writer_object(w, NULL);
	writer_string(w, "name", "", name);
	writer_string(w, "change", NULL, words[change]);
	view_value(w, "old", change == SNAPSHOT_CHANGED ? " " : NULL, a, "it is not there");
	view_value(w, "new", change == SNAPSHOT_CHANGED ? " -> " : NULL, b, "it is not there");
	if (change != SNAPSHOT_CHANGED)
		writer_text(w, " %s", words[change]);
	writer_line(w);
	if (change == SNAPSHOT_CHANGED && a && b)
		view_fields(d, e->name, a->value, b->value);
	writer_end(w);
}

/* What cannot be compared may have changed: that is not the same. */
static int verdict(struct diff *d)
{
	size_t n = d->incomparable_count;

	if (d->not_compared > n)
		context_log(&d->inv->ctx, LOG_INFO, "%zu registers have no value to compare",
			    d->not_compared - n);
	if (d->differences)
		return error_set(&d->inv->error, ERROR_DIFFERS, "differs", "%u register%s differ%s",
				 d->differences, d->differences == 1 ? "" : "s",
				 d->differences == 1 ? "s" : "");
	if (n)
		return error_set(&d->inv->error, ERROR_DIFFERS, "not-compared",
				 "what could be compared is the same, but %zu register%s could not", n,
				 n == 1 ? "" : "s");
	return 0;
}

static int compare(struct diff *d, const struct snapshot *a, const struct snapshot *b)
{
	struct invocation *inv = d->inv;
	int rc;

	rc = snapshot_check_kind(a, b, &inv->error);
	if (rc < 0)
		return rc;
	writer_document(inv->out, inv->command->name);
	writer_array(inv->out, "differences");
	rc = snapshot_compare(a, b, tell, d);
	writer_end(inv->out);
	writer_number(inv->out, "not_compared", NULL, d->not_compared);
	if (rc == 0)
		view_incomparable(d);
	free(d->incomparable);
	if (rc == 0 && d->has_no_memory)
		rc = -ENOMEM;
	return rc < 0 ? error_errno(&inv->error, rc, "comparing") : verdict(d);
}

/* Is the block there that the map has E in? What the map does not know is. */
static int is_there(struct access *access, const struct snapshot_entry *e, bool *there, struct error *error)
{
	struct regmap_item item = { 0 };
	struct regmap *map;
	int rc = access_map(access, &map, error);

	*there = true;
	if (rc < 0 || !map || !e->name || regmap_find(map, e->name, &item, NULL) < 0)
		return rc;
	return access_is_there(access, item.reg, there, error);
}

struct unsafe_places {
	struct unsafe_place *list;
	size_t count;
};

/* Why E is not to be read, by its name or by what the map has at its place now; NULL: it may be. */
static const char *unsafe_to_read(struct access *access, const struct unsafe_places *unsafe,
				  const struct snapshot_entry *e)
{
	uint64_t size = (uint64_t)e->words * e->width / 8;
	struct regmap_item item = { 0 };
	const char *reason = NULL;

	if (access->map && e->name && regmap_find(access->map, e->name, &item, NULL) == 0)
		reason = regmap_unsafe_to_read(access->map, item.reg);
	for (size_t i = 0; !reason && i < unsafe->count; i++) {
		const struct unsafe_place *p = &unsafe->list[i];

		if (p->bar == e->bar &&
		    (p->offset < e->offset ? e->offset - p->offset < p->size : p->offset - e->offset < size))
			reason = regmap_unsafe_to_read(access->map, p->reg);
	}
	return reason;
}

/* Where E is now: what a device's capability places may be elsewhere than it was. */
static int find_entry(struct access *access, struct snapshot_entry *e, struct target *target,
		      struct error *error)
{
	struct ref ref = { .kind = REF_OFFSET, .bar = (int)e->bar, .offset = e->offset, .width = e->width };
	struct regmap_item item = { 0 };
	bool is_placed = access->map && e->name && regmap_find(access->map, e->name, &item, NULL) == 0 &&
			 regmap_placed(access->map, item.reg);

	if (e->words > 1 || is_placed) {
		ref = (struct ref){ .kind = REF_NAME, .bar = -1 };
		snprintf(ref.name, sizeof(ref.name), "%s", e->name ? e->name : "");
	}
	if (is_placed && access_place_of(access, item.reg, &e->bar, &e->offset, error) < 0)
		return error_number(error->kind);
	return access_resolve(access, &ref, target, error);
}

/* What is at the place of A's entry now; what had no value there is not read here either. */
static int read_entry(struct access *access, const struct unsafe_places *unsafe,
		      const struct snapshot_entry *a, struct snapshot *b, struct error *error)
{
	struct snapshot_entry e = *a;
	struct target t = { 0 };
	bool there = true;
	int rc;

	if (!e.has_value)
		return snapshot_add(b, &e, error);
	rc = is_there(access, &e, &there, error);
	if (rc < 0 || !there)
		return rc;
	rc = find_entry(access, &e, &t, error);
	if (rc < 0)
		return rc;
	e.reason = access->ctx->unsafe ? NULL : unsafe_to_read(access, unsafe, &e);
	e.has_value = !e.reason;
	if (e.has_value)
		rc = target_read(&t, &e.value, error);
	return rc < 0 ? rc : snapshot_add(b, &e, error);
}

static int read_places(struct access *access, const struct unsafe_places *unsafe, const struct snapshot *a,
		       struct snapshot *b, struct error *error)
{
	int rc = 0;

	for (size_t i = 0; rc == 0 && i < a->count; i++)
		rc = read_entry(access, unsafe, &a->entries[i], b, error);
	return rc;
}

static int compare_device(struct diff *d, const struct snapshot *a)
{
	struct invocation *inv = d->inv;
	struct device *device = NULL;
	struct access access = { 0 };
	struct snapshot b = { 0 };
	struct unsafe_places unsafe = { 0 };
	int rc;

	/* words of split registers are one value in the snapshot */
	inv->ctx.wide = true;
	rc = registers_open(inv, SPACE_BAR, false, &device, &access);
	if (rc < 0)
		return rc;
	rc = registers_snapshot_begin(&access, &b, &inv->error);
	if (rc == 0)
		rc = snapshot_check_kind(a, &b, &inv->error);
	if (rc == 0)
		rc = access_unsafe_places(&access, &unsafe.list, &unsafe.count, &inv->error);
	if (rc == 0)
		rc = read_places(&access, &unsafe, a, &b, &inv->error);
	free(unsafe.list);
	registers_snapshot_trim(&b, d->map);
	if (rc == 0)
		rc = compare(d, a, &b);
	snapshot_free(&b);
	registers_close(device, &access);
	return rc;
}

int registers_diff(struct invocation *inv)
{
	struct diff d = { .inv = inv };
	struct snapshot a = { 0 };
	struct snapshot b = { 0 };
	int rc;

	rc = snapshot_read(inv->operands[0], &a, &inv->error);
	if (rc == 0)
		rc = registers_snapshot_map(inv, &a, false, &d.map);
	registers_snapshot_trim(&a, d.map);
	if (rc == 0 && inv->operand_count == 2) {
		rc = snapshot_read(inv->operands[1], &b, &inv->error);
		registers_snapshot_trim(&b, d.map);
		if (rc == 0)
			rc = compare(&d, &a, &b);
	} else if (rc == 0) {
		rc = compare_device(&d, &a);
	}
	snapshot_free(&b);
	snapshot_free(&a);
	return rc;
}
