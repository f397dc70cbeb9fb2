// SPDX-License-Identifier: GPL-2.0-or-later
/* Operands that meet the device: where a REF and a RANGE lie. Opens by open.c, looks names up by name.c. */
#include "core/access/access.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "core/access/internal.h"
#include "core/config/map.h"
#include "core/config/setpci_names.h"
#include "core/base/number.h"

void access_init(struct access *a, const struct context *ctx, struct device *device, enum access_space space)
{
	*a = (struct access){ .ctx = ctx, .device = device, .space = space, .width = 32 };
}

void access_close(struct access *a)
{
	for (unsigned int i = 0; i < DEVICE_BARS; i++)
		region_close(a->bars[i]);
	region_close(a->base);
	access_free_joins(a);
	free(a->places);
	free(a->written);
	config_map_free(a->config);
	access_close_memories(a);
	*a = (struct access){ 0 };
}

static int locate_config(struct access *a, const struct ref *ref, struct target *t, struct error *error)
{
	unsigned int offset;
	unsigned int width;
	int rc;

	rc = access_open_config(a, error);
	if (rc < 0)
		return rc;
	t->region = a->base;
	if (ref->kind != REF_NAME)
		return 0;
	/* setpci's names have no dot; CAP_EXP.DEVCTL and COMMAND.MASTER are the table's */
	if (strpbrk(ref->name, ".*?"))
		return access_find_name(a, ref, t, error);
	rc = config_name_resolve(a->device, ref->name, &offset, &width, error);
	if (rc < 0)
		return rc;
	t->offset += offset;
	if (!ref->width && width)
		t->width = width;
	/* a register of the header has a width */
	return width ? 0 : access_check_capability_end(a, ref->name, offset, t, error);
}

static int locate_memory(struct access *a, const struct ref *ref, struct target *t, struct error *error)
{
	int rc = 0;

	if (ref->kind == REF_NAME)
		return error_set(error, ERROR_USAGE, "unknown-name",
				 "'%.100s': mem has no names, only addresses", ref->name);
	if (!a->base)
		rc = region_open_memory(a->ctx, a->write, &a->base, error);
	t->region = a->base;
	return rc;
}

static int locate_buffer(struct access *a, const struct ref *ref, struct target *t, struct error *error)
{
	if (a->space != SPACE_BAR)
		return error_set(error, ERROR_USAGE, "bad-operand", "@%s: DMA memory is an operand of regs",
				 ref->name);
	return access_memory(a, ref->name, &t->region, &t->symbol, error);
}

static int add_expression(struct access *a, const struct ref *ref, struct target *t, struct error *error)
{
	struct bound_names names = { 0 };
	uint64_t v = 0;
	int rc;

	rc = access_bind(a, &ref->expression, &names, error);
	if (rc == 0)
		rc = access_calculate(&ref->expression, &names, &v, error);
	if (rc == 0)
		t->offset += v;
	return rc;
}

/* The region, offset and width that REF means; not checked against the region yet. */
static int locate(struct access *a, const struct ref *ref, struct target *target, struct error *error)
{
	struct target t = { .offset = ref->offset, .width = ref->width ? ref->width : a->width };
	int rc;

	if (ref->bar >= 0 && a->space != SPACE_BAR)
		return error_set(error, ERROR_USAGE, "bad-operand", "there are no BARs in %s",
				 a->space == SPACE_CONFIG ? "config space" : "physical memory");
	if (ref->kind == REF_BUFFER)
		rc = locate_buffer(a, ref, &t, error);
	else if (a->space == SPACE_CONFIG)
		rc = locate_config(a, ref, &t, error);
	else if (a->space == SPACE_MEMORY)
		rc = locate_memory(a, ref, &t, error);
	else if (ref->kind == REF_NAME)
		rc = access_find_name(a, ref, &t, error);
	else
		rc = access_bar(a, ref->bar >= 0 ? (unsigned int)ref->bar : a->bar, &t.region, error);
	if (rc == 0 && ref->has_expression)
		rc = add_expression(a, ref, &t, error);
	if (rc == 0)
		*target = t;
	return rc;
}

/* Bytes that an access to TARGET takes, all its words. */
static uint64_t extent(const struct target *target)
{
	return (uint64_t)target->width / 8 * (target->item.reg ? target->item.reg->words : 1);
}

int access_resolve(struct access *a, const struct ref *ref, struct target *target, struct error *error)
{
	struct target t = { 0 };
	int rc;

	rc = locate(a, ref, &t, error);
	if (rc == 0)
		rc = region_check_range(t.region, t.offset, extent(&t), t.width, error);
	if (rc == 0)
		*target = t;
	return rc;
}

int access_bind_place(struct access *a, const struct ref *ref, const struct target *target,
		      struct bound_place *place, struct error *error)
{
	struct bound_place p = { 0 };
	uint64_t v = 0;
	int rc = 0;

	if (ref->has_expression)
		rc = access_bind(a, &ref->expression, &p.names, error);
	if (rc == 0 && ref->has_expression)
		rc = access_calculate(&ref->expression, &p.names, &v, error);
	if (rc < 0)
		return rc;
	p.base = target->offset - v;
	bound_place_memory(ref, target, &p);
	*place = p;
	return 0;
}

/* Where TARGET is now, in its region. */
static int place_offset(const struct ref *ref, const struct bound_place *place, const struct target *target,
			uint64_t *offset, struct error *error)
{
	uint64_t v = 0;
	int rc;

	if (!ref->has_expression) {
		*offset = target->offset;
		return 0;
	}
	rc = access_calculate(&ref->expression, &place->names, &v, error);
	v += place->base;
	if (rc == 0 && region_fit(target->region, v, extent(target), target->width) != REGION_FITS)
		rc = region_check_range(target->region, v, extent(target), target->width, error);
	if (rc == 0)
		*offset = v;
	return rc;
}

int access_place(const struct ref *ref, const struct bound_place *place, struct target *target,
		 struct error *error)
{
	return place_offset(ref, place, target, &target->offset, error);
}

int access_read_place(const struct ref *ref, const struct bound_place *place, const struct target *target,
		      uint64_t *value, struct error *error)
{
	uint64_t offset = target->offset;
	struct target t;
	int rc;

	if (bound_read(target, place, value))
		return 0;
	if (!ref->has_expression)
		return target_read(target, value, error);
	rc = place_offset(ref, place, target, &offset, error);
	if (rc < 0)
		return rc;
	if (!target->item.reg)
		return target_read_plain(target, offset, value, error);
	t = *target;
	t.offset = offset;
	return target_read(&t, value, error);
}

int access_write_place(const struct ref *ref, const struct bound_place *place, const struct target *target,
		       uint64_t value, struct error *error)
{
	uint64_t offset = target->offset;
	int rc = place_offset(ref, place, target, &offset, error);

	return rc == 0 ? target_write_plain(target, offset, value, error) : rc;
}

int access_resolve_read(struct access *a, const struct ref *ref, struct target *target, struct error *error)
{
	const struct regmap_behaviour *b;
	struct target t = { 0 };
	int rc;

	rc = access_resolve(a, ref, &t, error);
	if (rc < 0)
		return rc;
	if (t.item.reg && !a->ctx->unsafe) {
		b = t.item.field ? &t.item.field->behaviour : &t.item.reg->behaviour;
		if (regmap_is_write_only(b)) {
			rc = error_set(error, ERROR_USAGE, "write-only", "%s is write-only in the map",
				       ref->name);
			if (a->space == SPACE_BAR)
				error_hint(error, "--unsafe reads it all the same");
			else
				error_hint(error, "an offset is read whatever is known of it: 0x%llx/%u",
					   (unsigned long long)t.offset, t.width);
			return rc;
		}
	}
	*target = t;
	return 0;
}

/* The end of FIRST..LAST: behind the whole access at LAST. */
static int span_length(struct access *a, const struct target *first, const struct ref *ref, uint64_t *length,
		       struct error *error)
{
	struct ref end = *ref;
	struct target last = { 0 };
	int rc;

	if (end.bar < 0 && end.kind == REF_OFFSET && first->region != a->base) {
		/* 2:0x10..0x1c: the second end is in the first one's BAR */
		for (int i = 0; i < DEVICE_BARS; i++) {
			if (a->bars[i] == first->region)
				end.bar = i;
		}
	}
	if (!end.width && end.kind != REF_NAME)
		end.width = first->width;
	rc = access_resolve(a, &end, &last, error);
	if (rc < 0)
		return rc;
	if (last.region != first->region || last.offset < first->offset ||
	    (last.width != first->width && end.kind != REF_NAME) || last.item.field)
		return error_set(error, ERROR_USAGE, "bad-operand",
				 "the ends of a range are in one region, of one width, the lower one first");
	*length = last.offset - first->offset + extent(&last);
	return 0;
}

int access_resolve_range(struct access *a, const struct range *range, struct target *target, uint64_t *length,
			 struct error *error)
{
	struct target t = { 0 };
	uint64_t n;
	int rc;

	rc = locate(a, &range->first, &t, error);
	if (rc == 0 && t.item.field)
		rc = error_set(error, ERROR_USAGE, "bad-operand", "'%.150s' is a field, no range",
			       range->first.name);
	if (rc < 0)
		return rc;
	n = range->has_length ? range->length : extent(&t);
	if (range->has_last)
		rc = span_length(a, &t, &range->last, &n, error);
	if (rc == 0)
		rc = region_check_range(t.region, t.offset, n, t.width, error);
	if (rc == 0) {
		*target = t;
		*length = n;
	}
	return rc;
}
