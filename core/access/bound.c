// SPDX-License-Identifier: GPL-2.0-or-later
/* What is left of a hook that describes blocks in memory once everything was looked up: loads and stores. */
#include "core/access/bound.h"

#include "core/access/internal.h"
#include "core/base/number.h"
#include "core/base/sigbus.h"

/* What a name that is not there points to. */
static const uint64_t zero;

static struct bound_term fixed_term(uint64_t value)
{
	return (struct bound_term){
		.name = &zero,
		.added = &zero,
		.term = { .mask = UINT64_MAX, .after = value },
	};
}

void bound_names_term(const struct expression *e, struct bound_names *names)
{
	uint64_t values[EXPRESSION_NAMES] = { 0 };
	bool moves[EXPRESSION_NAMES] = { false };
	struct bound_term *t = &names->term;

	for (unsigned int i = 0; i < e->name_count; i++) {
		values[i] = names->list[i].value;
		moves[i] = names->list[i].symbol;
	}
	names->is_term = expression_is_term(e, values, moves, &t->term);
	t->name = names->is_term && t->term.has_name ? names->list[t->term.name].symbol : &zero;
	t->added = names->is_term && t->term.has_added ? names->list[t->term.added].symbol : &zero;
}

void bound_place_memory(const struct ref *ref, const struct target *target, struct bound_place *place)
{
	const struct region *region = target->region;

	place->is_memory = target->symbol && !target->item.reg && !region->trace &&
			   target->width <= mmio_max_width() &&
			   (!ref->has_expression || place->names.is_term);
	if (!place->is_memory)
		return;
	place->last = region->size - target->width / 8;
	place->misaligned = target->width / 8 - 1;
	place->offset = ref->has_expression ? place->names.term : fixed_term(target->offset);
	if (ref->has_expression)
		place->offset.term.after += place->base;
}

static void bind_symbol(const struct access *a, const struct value *value, unsigned int width,
			struct bound_value *bound)
{
	const struct symbol *symbol = access_find_symbol(a, value->name);
	/* a symbol that is too wide by itself is refused, also where taking something off makes it fit */
	bool is_less = value->part == VALUE_WHOLE && value->number > width_max(width);

	if (!symbol || is_less || (value->part == VALUE_SIZE && !symbol->has_size))
		return;
	bound->is_bound = true;
	bound->part = value->part == VALUE_SIZE ? VALUE_WHOLE : value->part;
	bound->term = fixed_term(value->part == VALUE_SIZE ? 0 : value->number);
	bound->term.term.factor = 1;
	bound->term.name = value->part == VALUE_SIZE ? &symbol->size : &symbol->value;
}

void bound_value_make(const struct access *a, const struct value *value, const struct target *target,
		      const struct bound_names *names, struct bound_value *bound)
{
	*bound = (struct bound_value){ .part = value->part };
	if (value->enum_name[0])
		return;
	if (value->is_expression) {
		bound->is_bound = names->is_term;
		bound->term = names->term;
	} else if (value->is_symbol) {
		bind_symbol(a, value, target_bits(target), bound);
	} else if (!target->item.reg) { /* the values of a field may be called 128, 256, 512 */
		bound->is_bound = true;
		bound->part = VALUE_WHOLE;
		bound->term = fixed_term(value->number);
	}
}

/* NULL: there is nothing, or not as its width has it. */
static inline uint8_t *locate(const struct target *target, const struct bound_place *place)
{
	uint64_t offset = bound_term_value(&place->offset);

	return offset > place->last || offset & place->misaligned ? NULL
								  : (uint8_t *)target->symbol->map + offset;
}

static inline bool narrow(const struct bound_value *bound, unsigned int width, uint64_t *value)
{
	uint64_t v = bound_term_value(&bound->term);

	if (bound->part == VALUE_LO)
		v &= UINT32_MAX;
	else if (bound->part == VALUE_HI)
		v >>= 32;
	*value = v;
	return v <= width_max(width);
}

bool bound_value_get(const struct bound_value *bound, unsigned int width, uint64_t *value)
{
	return bound->is_bound && narrow(bound, width, value);
}

size_t bound_assign(const struct resolved_assign *list, size_t count)
{
	struct sigbus_guard guard;
	volatile size_t done = 0;

	if (count == 0 || !list->is_store)
		return 0;
	if (sigbus_caught(&guard))
		return done;
	for (size_t i = 0; i < count && list[i].is_store; i++) {
		const struct target *target = &list[i].target;
		uint8_t *address = locate(target, &list[i].place);
		uint64_t value;

		if (!address || !narrow(&list[i].value, target->width, &value))
			break;
		mmio_write(address, target->width, value);
		done = i + 1;
	}
	sigbus_end(&guard);
	return done;
}

bool bound_read(const struct target *target, const struct bound_place *place, uint64_t *value)
{
	struct sigbus_guard guard;
	const uint8_t *address;

	if (!place->is_memory)
		return false;
	address = locate(target, place);
	if (!address || sigbus_caught(&guard))
		return false;
	*value = mmio_read(address, target->width);
	sigbus_end(&guard);
	return true;
}
