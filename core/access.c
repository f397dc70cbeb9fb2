// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/access.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/buffer.h"
#include "core/config_names.h"
#include "core/number.h"

/* DMA memory that a REF named: a named buffer, or a symbol's. */
struct access_memory {
	struct access_memory *next;
	char name[BUFFER_NAME_SIZE];
	struct buffer *buffer; /* NULL: a symbol's */
	const struct symbol *symbol; /* NULL: a named buffer's */
	struct region *region;
};

void access_init(struct access *a, const struct context *ctx, struct device *device, enum access_space space)
{
	*a = (struct access){ .ctx = ctx, .device = device, .space = space, .width = 32 };
}

void access_close(struct access *a)
{
	struct access_memory *m;

	for (unsigned int i = 0; i < DEVICE_BARS; i++)
		region_close(a->bars[i]);
	region_close(a->base);
	while ((m = a->memories)) {
		a->memories = m->next;
		region_close(m->region);
		buffer_close(m->buffer);
		free(m);
	}
	buffer_client_close(a->client);
	*a = (struct access){ 0 };
}

static const struct symbol *find_symbol(const struct access *a, const char *name)
{
	for (size_t i = 0; i < a->symbol_count; i++) {
		if (strcmp(a->symbols[i].name, name) == 0)
			return &a->symbols[i];
	}
	return NULL;
}

static int open_client(struct access *a, struct error *error)
{
	if (a->client)
		return 0;
	if (!a->device)
		return error_set(error, ERROR_USAGE, "bad-operand",
				 "buffers belong to a device; mem knows physical addresses only");
	return buffer_client_open(a->device, &a->client, error);
}

/* Fills M's region from a symbol, or from the device's buffer of that name. */
static int open_memory(struct access *a, struct access_memory *m, struct error *error)
{
	char label[BUFFER_NAME_SIZE + 1];
	int rc;

	snprintf(label, sizeof(label), "@%s", m->name);
	m->symbol = find_symbol(a, m->name);
	if (m->symbol && !m->symbol->map)
		return error_set(error, ERROR_USAGE, "bad-operand",
				 "@%s is a value, no memory to read or write", m->name);
	if (m->symbol)
		return region_from_map(label, m->symbol->map, m->symbol->size, &m->region, error);
	rc = open_client(a, error);
	if (rc == 0)
		rc = buffer_open(a->client, m->name, &m->buffer, error);
	if (rc < 0)
		return rc;
	rc = region_from_map(label, m->buffer->map, m->buffer->length, &m->region, error);
	if (rc < 0)
		buffer_close(m->buffer);
	return rc;
}

static int find_memory(struct access *a, const char *name, struct access_memory **memory, struct error *error)
{
	struct access_memory *m;
	int rc;

	for (m = a->memories; m; m = m->next) {
		if (strcmp(m->name, name) == 0) {
			*memory = m;
			return 0;
		}
	}
	m = calloc(1, sizeof(*m));
	if (!m)
		return error_errno(error, -ENOMEM, "@%s", name);
	snprintf(m->name, sizeof(m->name), "%.*s", BUFFER_NAME_SIZE - 1, name);
	rc = open_memory(a, m, error);
	if (rc < 0) {
		free(m);
		return rc;
	}
	m->next = a->memories;
	a->memories = m;
	*memory = m;
	return 0;
}

static int unknown_register(const struct access *a, const char *name, struct error *error)
{
	int rc = error_set(error, ERROR_USAGE, "unknown-name", "there is no register '%.100s'", name);

	if (a->space == SPACE_BAR)
		error_hint(error,
			   "registers are given by offset, [BAR:]OFFSET[/WIDTH]; config space has names: "
			   "'pcietool config read COMMAND'");
	return rc;
}

/* The region, offset and width that REF means; not checked against the region yet. */
static int locate(struct access *a, const struct ref *ref, struct target *target, struct error *error)
{
	struct target t = { .offset = ref->offset, .width = ref->width ? ref->width : a->width };
	struct access_memory *memory = NULL;
	unsigned int bar;
	int rc = 0;

	if (ref->bar >= 0 && a->space != SPACE_BAR)
		return error_set(error, ERROR_USAGE, "bad-operand", "there are no BARs in %s",
				 a->space == SPACE_CONFIG ? "config space" : "physical memory");
	if (ref->kind == REF_BUFFER) {
		if (a->space != SPACE_BAR)
			return error_set(error, ERROR_USAGE, "bad-operand",
					 "@%s: DMA memory is an operand of regs", ref->name);
		rc = find_memory(a, ref->name, &memory, error);
		if (rc == 0) {
			t.region = memory->region;
			t.symbol = memory->symbol;
		}
	} else if (a->space == SPACE_CONFIG) {
		if (!a->base)
			rc = region_open_config(a->device, &a->base, error);
		if (rc == 0 && ref->kind == REF_NAME) {
			unsigned int offset;
			unsigned int width;

			rc = config_name_resolve(a->device, ref->name, &offset, &width, error);
			if (rc == 0) {
				t.offset += offset;
				t.width = ref->width ? ref->width : width ? width : a->width;
			}
		}
		t.region = a->base;
	} else if (ref->kind == REF_NAME) {
		rc = unknown_register(a, ref->name, error);
	} else if (a->space == SPACE_MEMORY) {
		if (!a->base)
			rc = region_open_memory(a->ctx, a->write, &a->base, error);
		t.region = a->base;
	} else {
		bar = ref->bar >= 0 ? (unsigned int)ref->bar : a->bar;
		if (!a->bars[bar])
			rc = region_open_bar(a->device, bar, a->write, &a->bars[bar], error);
		t.region = a->bars[bar];
	}
	if (rc == 0)
		*target = t;
	return rc;
}

int access_resolve(struct access *a, const struct ref *ref, struct target *target, struct error *error)
{
	struct target t = { 0 };
	int rc;

	rc = locate(a, ref, &t, error);
	if (rc == 0)
		rc = region_check(t.region, t.offset, t.width, error);
	if (rc == 0)
		*target = t;
	return rc;
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
	if (!end.width)
		end.width = first->width;
	rc = access_resolve(a, &end, &last, error);
	if (rc < 0)
		return rc;
	if (last.region != first->region || last.offset < first->offset || last.width != first->width)
		return error_set(error, ERROR_USAGE, "bad-operand",
				 "the ends of a range are in one region, of one width, the lower one first");
	*length = last.offset - first->offset + last.width / 8;
	return 0;
}

int access_resolve_range(struct access *a, const struct range *range, struct target *target, uint64_t *length,
			 struct error *error)
{
	struct target t = { 0 };
	uint64_t n;
	int rc;

	rc = locate(a, &range->first, &t, error);
	if (rc < 0)
		return rc;
	n = range->has_length ? range->length : t.width / 8;
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

/* Value and size of @NAME: a symbol, or a buffer's bus address. */
static int lookup(struct access *a, const char *name, uint64_t *value, bool *has_size, uint64_t *size,
		  struct error *error)
{
	const struct symbol *symbol = find_symbol(a, name);
	struct buffer *buffer = NULL;
	int rc;

	if (symbol) {
		*value = symbol->value;
		*has_size = symbol->has_size;
		*size = symbol->size;
		return 0;
	}
	rc = open_client(a, error);
	if (rc == 0)
		rc = buffer_open(a->client, name, &buffer, error);
	if (rc < 0 || !buffer)
		return rc;
	*value = buffer->address;
	*has_size = true;
	*size = buffer->requested;
	buffer_close(buffer);
	return 0;
}

static int too_wide(const struct value *value, uint64_t v, unsigned int width, struct error *error)
{
	int rc = error_set(error, ERROR_USAGE, "value-too-wide", "0x%llx does not fit in %u bits",
			   (unsigned long long)v, width);

	if (value->is_symbol)
		error_hint(error, "take a part of it with @%s.lo and @%s.hi, or a wider access with -w 64",
			   value->name, value->name);
	return rc;
}

static int symbol_value(struct access *a, const struct value *value, unsigned int width, uint64_t *number,
			struct error *error)
{
	uint64_t base = 0;
	uint64_t size = 0;
	bool has_size = false;
	uint64_t v;
	int rc;

	rc = lookup(a, value->name, &base, &has_size, &size, error);
	if (rc < 0)
		return rc;
	if (value->part == VALUE_SIZE && !has_size)
		return error_set(error, ERROR_USAGE, "bad-operand", "@%s has no size", value->name);
	/*
	 * What is added is added modulo 2^width (@tail-16 in a ring of 64 KiB); an address that has more bits
	 * than the register is an error.
	 */
	if (value->part == VALUE_WHOLE && base > width_max(width))
		return too_wide(value, base, width, error);
	v = base + value->number;
	switch (value->part) {
	case VALUE_WHOLE:
		v &= width_max(width);
		break;
	case VALUE_SIZE:
		v = size;
		break;
	case VALUE_LO:
		v &= 0xffffffff;
		break;
	case VALUE_HI:
		v >>= 32;
		break;
	}
	*number = v;
	return 0;
}

int access_value(struct access *a, const struct value *value, unsigned int width, uint64_t *number,
		 struct error *error)
{
	uint64_t v = value->number;
	int rc;

	if (value->enum_name[0])
		return error_set(error, ERROR_USAGE, "unknown-name",
				 "'%.100s' is neither a number nor a name that is known here",
				 value->enum_name);
	if (value->is_symbol) {
		rc = symbol_value(a, value, width, &v, error);
		if (rc < 0)
			return rc;
	}
	if (v > width_max(width))
		return too_wide(value, v, width, error);
	*number = v;
	return 0;
}

int target_read(const struct target *target, uint64_t *value, struct error *error)
{
	if (target->symbol)
		target->region->map = target->symbol->map;
	return region_read(target->region, target->offset, target->width, value, error);
}

int target_write(const struct target *target, uint64_t value, struct error *error)
{
	if (target->symbol)
		target->region->map = target->symbol->map;
	return region_write(target->region, target->offset, target->width, value, error);
}

static int check_mask(uint64_t mask, unsigned int width, struct error *error)
{
	if (mask > width_max(width))
		return error_set(error, ERROR_USAGE, "value-too-wide",
				 "the mask 0x%llx does not fit in %u bits", (unsigned long long)mask, width);
	return 0;
}

int access_resolve_assign(struct access *a, const struct assign *assign, struct resolved_assign *resolved,
			  struct error *error)
{
	struct resolved_assign r = { .assign = assign };
	uint64_t ignored;
	int rc;

	rc = access_resolve(a, &assign->ref, &r.target, error);
	if (rc == 0)
		rc = access_value(a, &assign->value, r.target.width, &ignored, error);
	if (rc == 0 && assign->has_mask)
		rc = check_mask(assign->mask, r.target.width, error);
	if (rc == 0)
		*resolved = r;
	return rc;
}

int access_assign(struct access *a, const struct resolved_assign *resolved, bool dry_run,
		  struct assign_result *result, struct error *error)
{
	const struct assign *assign = resolved->assign;
	struct assign_result r = { 0 };
	int rc;

	rc = access_value(a, &assign->value, resolved->target.width, &r.new, error);
	if (rc == 0 && assign->has_mask) {
		rc = target_read(&resolved->target, &r.old, error);
		r.new = (r.old & ~assign->mask) | (r.new & assign->mask);
	}
	if (rc == 0 && !dry_run)
		rc = target_write(&resolved->target, r.new, error);
	if (rc == 0)
		*result = r;
	return rc;
}

int access_resolve_condition(struct access *a, const struct condition *condition,
			     struct resolved_condition *resolved, struct error *error)
{
	struct resolved_condition r = { .condition = condition };
	uint64_t ignored;
	int rc;

	rc = access_resolve(a, &condition->ref, &r.target, error);
	if (rc == 0)
		rc = access_value(a, &condition->value, r.target.width, &ignored, error);
	if (rc == 0 && condition->has_mask)
		rc = check_mask(condition->mask, r.target.width, error);
	if (rc == 0)
		*resolved = r;
	return rc;
}

int access_condition(struct access *a, const struct resolved_condition *resolved, bool *holds,
		     uint64_t *actual, struct error *error)
{
	const struct condition *c = resolved->condition;
	unsigned int width = resolved->target.width;
	uint64_t value;
	uint64_t v;
	int rc;

	rc = access_value(a, &c->value, width, &value, error);
	if (rc == 0)
		rc = target_read(&resolved->target, &v, error);
	if (rc < 0)
		return rc;
	*holds = compare_holds(c->compare, v, c->has_mask ? c->mask : width_max(width), value);
	*actual = v;
	return 0;
}

void target_format(const struct target *target, char *text, size_t size)
{
	snprintf(text, size, "%s0x%llx", target->region->prefix, (unsigned long long)target->offset);
}
