// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The operands of a capture: resolved once, run with the symbols' values of the moment; and whether it is to end. Knows
 * the ring's addresses, not what is done with its data.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/number.h"
#include "core/capture/internal.h"

static void init_symbols(struct capture *c)
{
	/* memory that is never looked at: operands are resolved before any is allocated */
	static char nowhere;
	const struct capture_config *config = c->config;
	bool submits = capture_config_submits(config);

	c->symbols[SYMBOL_BLOCK] = (struct symbol){
		.name = "block",
		.has_size = true,
		.size = config->block,
		.map = &nowhere,
	};
	c->symbols[SYMBOL_BLOCKS] = (struct symbol){
		.name = "blocks",
		.value = config->blocks ? config->blocks : 1,
	};
	c->symbols[SYMBOL_INDEX] = (struct symbol){ .name = "index" };
	c->symbols[SYMBOL_NEXT] = (struct symbol){ .name = "next" };
	c->symbols[SYMBOL_BUF] = (struct symbol){
		.name = "buf",
		.has_size = true,
		.size = c->ring_size,
		.map = &nowhere,
	};
	/* a place that is not used has a name that nothing has */
	for (unsigned int i = 0; i < CAPTURE_MEMORIES; i++) {
		const struct capture_memory *memory = &config->memories[i];

		c->symbols[SYMBOL_MEMORY + i] = (struct symbol){
			.name = memory->name,
			.has_size = true,
			.size = memory->size,
			.map = &nowhere,
		};
	}
	c->symbols[SYMBOL_COUNT] = (struct symbol){ .name = "count" };
	c->symbols[SYMBOL_LAP] = (struct symbol){ .name = "lap" };
	c->symbols[SYMBOL_HEAD] = (struct symbol){ .name = config->has_head ? "head" : "" };
	c->symbols[SYMBOL_TAIL] = (struct symbol){ .name = config->has_head ? "tail" : "" };
	c->symbols[SYMBOL_COMPLETED] = (struct symbol){ .name = submits ? "completed" : "" };
	c->symbols[SYMBOL_SUBMITTED] = (struct symbol){ .name = submits ? "submitted" : "" };
	c->access.symbols = c->symbols;
	c->access.symbol_count = SYMBOLS;
}

static int resolve_hook(struct capture *c, enum capture_hook hook, struct error *error)
{
	const struct capture_assigns *assigns = &c->config->hooks[hook];
	struct resolved_hooks *hooks = &c->hooks[hook];

	hooks->list = calloc(assigns->count + 1, sizeof(*hooks->list));
	if (!hooks->list)
		return error_errno(error, -ENOMEM, "--%s", capture_hook_name(hook));
	for (size_t i = 0; i < assigns->count; i++) {
		int rc = access_resolve_assign(&c->access, &assigns->list[i], &hooks->list[i], error);

		if (rc < 0)
			return rc;
		hooks->count++;
	}
	hooks->waits = calloc(assigns->wait_count + 1, sizeof(*hooks->waits));
	if (!hooks->waits)
		return error_errno(error, -ENOMEM, "--%s", capture_hook_name(hook));
	for (size_t i = 0; i < assigns->wait_count; i++) {
		int rc = access_resolve_condition(&c->access, &assigns->waits[i].condition, &hooks->waits[i],
						  error);

		if (rc < 0)
			return rc;
	}
	return 0;
}

static int resolve_masked(struct capture *c, const char *option, const struct masked_ref *masked,
			  struct target *target, struct error *error)
{
	int rc = access_resolve_read(&c->access, &masked->ref, target, error);

	if (rc == 0 && masked->has_mask && masked->mask > width_max(target_value_bits(target)))
		rc = error_set(error, ERROR_USAGE, "value-too-wide", "--%s: the mask does not fit in %u bits",
			       option, target_value_bits(target));
	return rc;
}

static int resolve_moving(struct capture *c, const char *option, const struct masked_ref *masked,
			  struct moving_ref *ref, struct error *error)
{
	int rc = resolve_masked(c, option, masked, &ref->target, error);

	return rc == 0 ? access_bind_place(&c->access, &masked->ref, &ref->target, &ref->place, error) : rc;
}

static int resolve_conditions(struct capture *c, struct error *error)
{
	int rc = 0;

	for (unsigned int i = 0; i < CONDITIONS && rc == 0; i++) {
		const struct condition *condition =
			capture_config_condition(c->config, (enum capture_condition)i);

		if (condition)
			rc = access_resolve_condition(&c->access, condition, &c->conditions[i], error);
	}
	return rc;
}

int capture_resolve(struct capture *c, struct error *error)
{
	const struct capture_config *config = c->config;
	int rc = 0;

	init_symbols(c);
	for (int i = 0; i < CAPTURE_HOOKS && rc == 0; i++)
		rc = resolve_hook(c, (enum capture_hook)i, error);
	if (rc == 0)
		rc = resolve_conditions(c, error);
	if (rc == 0 && config->has_head)
		rc = resolve_masked(c, "head", &config->head, &c->head, error);
	if (rc == 0 && config->has_lost)
		rc = resolve_masked(c, "lost", &config->lost, &c->lost, error);
	if (rc == 0 && config->has_length)
		rc = resolve_moving(c, "length", &config->length, &c->length, error);
	if (rc == 0 && config->has_completes)
		rc = resolve_moving(c, "completes", &config->completes, &c->completes, error);
	return rc;
}

static void free_hooks(struct resolved_hooks *hooks)
{
	free(hooks->list);
	free(hooks->waits);
}

void capture_unresolve(struct capture *c)
{
	for (int i = 0; i < CAPTURE_HOOKS; i++)
		free_hooks(&c->hooks[i]);
	access_close(&c->access);
}

static bool is_symbol(const struct capture *c, const struct value *value)
{
	for (size_t i = 0; i < c->access.symbol_count; i++) {
		if (value_has_name(value, c->symbols[i].name))
			return true;
	}
	return false;
}

bool capture_is_held(const struct capture *c)
{
	const struct resolved_hooks *ack = &c->hooks[CAPTURE_ACK];

	for (size_t i = 0; i < ack->count; i++) {
		if (is_symbol(c, &ack->list[i].assign->value))
			return true;
	}
	return false;
}

static int check_place(const struct ref *ref, const struct bound_place *place, const struct target *target,
		       struct error *error)
{
	struct target t = *target;

	return access_place(ref, place, &t, error);
}

/* What is read of the block that was pointed at. */
static int check_places(struct capture *c, struct error *error)
{
	const struct capture_config *config = c->config;
	int rc = 0;

	for (unsigned int i = 0; i < CONDITIONS && rc == 0; i++) {
		const struct condition *condition =
			capture_config_condition(config, (enum capture_condition)i);
		const struct resolved_condition *resolved = &c->conditions[i];

		/* an overrun is the device's, not a block's */
		if (condition && i != CONDITION_OVERRUN)
			rc = check_place(&condition->ref, &resolved->place, &resolved->target, error);
	}
	if (rc == 0 && config->has_length)
		rc = check_place(&config->length.ref, &c->length.place, &c->length.target, error);
	if (rc == 0 && config->has_completes)
		rc = check_place(&config->completes.ref, &c->completes.place, &c->completes.target, error);
	return rc;
}

int capture_check_values(struct capture *c, struct error *error)
{
	for (uint64_t slot = 0; slot < c->ring->blocks; slot++) {
		capture_point(c, slot, c->config->block);
		for (int i = 0; i < CAPTURE_HOOKS; i++) {
			for (size_t n = 0; n < c->hooks[i].count; n++) {
				const struct resolved_assign *r = &c->hooks[i].list[n];
				uint64_t ignored;
				int rc = 0;

				if (!bound_value_get(&r->value, target_bits(&r->target), &ignored) &&
				    (slot == 0 || is_symbol(c, &r->assign->value)))
					rc = access_value(&c->access, &r->assign->value, &r->target, &ignored,
							  error);
				if (rc == 0)
					rc = check_place(&r->assign->ref, &r->place, &r->target, error);
				if (rc < 0)
					return rc;
			}
		}
		if (check_places(c, error) < 0)
			return -EINVAL;
	}
	capture_point(c, 0, c->config->block);
	return 0;
}

void capture_point(struct capture *c, uint64_t number, uint64_t length)
{
	capture_point_slot(c, number, number % c->symbols[SYMBOL_BLOCKS].value, length);
}

void capture_point_slot(struct capture *c, uint64_t number, uint64_t slot, uint64_t length)
{
	struct symbol *block = &c->symbols[SYMBOL_BLOCK];

	capture_ring_block(c->ring, slot, &block->value, &block->map);
	block->size = length;
	c->symbols[SYMBOL_INDEX].value = slot;
	c->symbols[SYMBOL_NEXT].value = slot + 1 < c->symbols[SYMBOL_BLOCKS].value ? slot + 1 : 0;
	c->symbols[SYMBOL_COUNT].value = number;
	c->symbols[SYMBOL_LAP].value = number / c->symbols[SYMBOL_BLOCKS].value;
}

bool capture_is_stopped(const struct capture *c)
{
	return c->events->stopped && c->events->stopped(c->events->data);
}

bool capture_is_hurried(const struct capture *c)
{
	return c->events->hurried && c->events->hurried(c->events->data);
}

static uint64_t unmask(const struct masked_ref *masked, uint64_t v)
{
	return masked->has_mask ? (v & masked->mask) >> __builtin_ctzll(masked->mask) : v;
}

static int read_moving(const struct masked_ref *masked, const struct moving_ref *ref, uint64_t *value,
		       struct error *error)
{
	uint64_t v;
	int rc;

	rc = access_read_place(&masked->ref, &ref->place, &ref->target, &v, error);
	if (rc == 0)
		*value = unmask(masked, v);
	return rc;
}

int capture_length_read(struct capture *c, uint64_t *length, struct error *error)
{
	return read_moving(&c->config->length, &c->length, length, error);
}

int capture_completes_read(struct capture *c, uint64_t *slot, struct error *error)
{
	return read_moving(&c->config->completes, &c->completes, slot, error);
}

int capture_failed_look(struct capture *c, bool *failed, uint64_t *actual, struct error *error)
{
	*failed = false;
	return c->config->has_failed
		       ? access_condition(&c->access, &c->conditions[CONDITION_FAILED], failed, actual, error)
		       : 0;
}

int capture_failed(const struct capture *c, uint64_t actual, struct error *error)
{
	return error_set(
		error, ERROR_FAILED, "block-failed",
		"%s: the device says that the block at @index %llu, @count %llu failed: --failed %.100s "
		"holds, it reads 0x%llx",
		c->device->name, (unsigned long long)c->symbols[SYMBOL_INDEX].value,
		(unsigned long long)c->symbols[SYMBOL_COUNT].value, c->config->failed.text,
		(unsigned long long)actual);
}

void capture_done_place(const struct capture *c, char *text, size_t size)
{
	struct target target = c->conditions[CONDITION_DONE].target;
	struct error ignored;

	access_place(&c->config->done.ref, &c->conditions[CONDITION_DONE].place, &target, &ignored);
	target_format(&target, text, size);
}

int capture_head_read(struct capture *c, uint64_t *head, struct error *error)
{
	const struct capture_config *config = c->config;
	uint64_t unit = config->head_unit ? config->head_unit : 1;
	uint64_t v;
	int rc;

	rc = target_read(&c->head, &v, error);
	if (rc < 0)
		return rc;
	v = unmask(&config->head, v);
	if (v > c->ring_size / unit)
		return error_set(error, ERROR_FAILED, "bad-head",
				 "%s: --head says %llu times %llu bytes, past the end of a ring of %llu",
				 c->device->name, (unsigned long long)v, (unsigned long long)unit,
				 (unsigned long long)c->ring_size);
	*head = v * unit == c->ring_size ? 0 : v * unit;
	return 0;
}

int capture_overrun_check(struct capture *c, struct error *error)
{
	uint64_t ignored;
	bool holds;
	int rc;

	if (!c->config->has_overrun)
		return 0;
	capture_claim_lock(c->claim);
	rc = access_condition(&c->access, &c->conditions[CONDITION_OVERRUN], &holds, &ignored, error);
	capture_claim_unlock(c->claim);
	if (rc < 0)
		return rc;
	if (holds && !c->is_overrun) {
		c->result.overruns++;
		if (!c->config->has_lost)
			c->result.lost_reason = "the device reports an overrun, not how much it lost";
	}
	c->is_overrun = holds;
	return 0;
}

/* As an option or the map has it. */
static bool lost_clears(const struct capture *c)
{
	const struct regmap_item *item = &c->lost.item;

	return c->config->lost_clears || (item->reg && item->reg->behaviour.on_read == READ_CLEARS) ||
	       (item->field && item->field->behaviour.on_read == READ_CLEARS);
}

int capture_lost_check(struct capture *c, struct error *error)
{
	const struct masked_ref *masked = &c->config->lost;
	uint64_t before = lost_clears(c) ? 0 : c->lost_before;
	uint64_t most;
	uint64_t now;
	int rc;

	if (!c->config->has_lost)
		return 0;
	capture_claim_lock(c->claim);
	rc = target_read(&c->lost, &now, error);
	capture_claim_unlock(c->claim);
	if (rc < 0)
		return rc;
	now = unmask(masked, now);
	most = unmask(masked, width_max(target_value_bits(&c->lost)));
	/* it may have begun anew at its end */
	if (c->counts_lost)
		c->result.device_lost += (now - before) & most;
	c->lost_before = now;
	c->counts_lost = true;
	return 0;
}

/* BAR of a target, or -1: only the kernel's own accesses to BARs can be left to it. */
static int target_bar(const struct capture *c, const struct target *target)
{
	for (int i = 0; i < DEVICE_BARS; i++) {
		if (c->access.bars[i] && c->access.bars[i] == target->region)
			return i;
	}
	return -1;
}

/* The symbols but @buf and @blocks have other values at the end. */
static bool is_constant(const struct capture *c, const struct value *value)
{
	for (size_t i = 0; i < c->access.symbol_count && value->part != VALUE_SIZE; i++) {
		const char *name = c->symbols[i].name;

		if (value_has_name(value, name) && strcmp(name, "buf") != 0 && strcmp(name, "blocks") != 0)
			return false;
	}
	return true;
}

int capture_register_stop(struct capture *c, struct error *error)
{
	const struct resolved_hooks *stop = &c->hooks[CAPTURE_STOP];
	/* PCIETOOL_MAX_STOP_WRITES of the helper's interface */
	const size_t limit = 16;

	c->kernel_stops = stop->count <= limit - c->claim->stop_writes;
	c->claim->stops_here |= c->config->has_stopped;
	for (size_t i = 0; i < stop->count && c->claim->stop_writes < limit; i++) {
		const struct assign *assign = stop->list[i].assign;
		const struct target *target = &stop->list[i].target;
		int bar = target_bar(c, target);
		uint64_t fixed;
		uint64_t keep;
		int rc;

		if (bar < 0 || assign->ref.has_expression || !is_constant(c, &assign->value) ||
		    (target->item.reg && target->item.reg->words > 1)) {
			c->kernel_stops = false;
			continue;
		}
		rc = access_assign_plan(&c->access, &stop->list[i], &keep, &fixed, error);
		if (rc == 0)
			rc = buffer_client_stop_write(c->claim->client, (unsigned int)bar, target->offset,
						      target->width, fixed, width_max(target->width) & ~keep,
						      error);
		if (rc < 0)
			return rc;
		c->claim->stop_writes++;
	}
	return 0;
}

/* --- a dry run ---------------------------------------------------------------------------------- */

/* "0x80", or the operand's own text when the value depends on the run, with its mask. */
static int describe_value(struct capture *c, const struct resolved_assign *r, char *text, size_t size,
			  struct error *error)
{
	const struct assign *assign = r->assign;
	uint64_t value = 0;
	int rc;

	if (is_symbol(c, &assign->value)) {
		snprintf(text, size, "%s", strchr(assign->text, '=') + 1);
		return 0;
	}
	rc = access_value(&c->access, &assign->value, &r->target, &value, error);
	if (rc == 0 && assign->has_mask)
		snprintf(text, size, "0x%llx:0x%llx", (unsigned long long)value,
			 (unsigned long long)assign->mask);
	else if (rc == 0)
		snprintf(text, size, "0x%llx", (unsigned long long)value);
	return rc;
}

static void plan_waits(const struct capture_assigns *assigns, enum capture_hook hook, size_t before,
		       size_t *next, capture_plan_fn tell, void *data)
{
	for (; *next < assigns->wait_count && assigns->waits[*next].before == before; ++*next)
		tell(data, hook, assigns->waits[*next].condition.text, NULL);
}

int capture_plan_hook(struct capture *c, enum capture_hook hook, capture_plan_fn tell, void *data,
		      struct error *error)
{
	const struct capture_assigns *assigns = &c->config->hooks[hook];
	size_t next = 0;

	for (size_t i = 0; i < c->hooks[hook].count; i++) {
		const struct resolved_assign *r = &c->hooks[hook].list[i];
		char target[128];
		char value[256];
		int rc;

		plan_waits(assigns, hook, i, &next, tell, data);
		if (r->assign->ref.has_expression)
			snprintf(target, sizeof(target), "%.*s", (int)strcspn(r->assign->text, "="),
				 r->assign->text);
		else
			target_format(&r->target, target, sizeof(target));
		rc = describe_value(c, r, value, sizeof(value), error);
		if (rc < 0)
			return rc;
		tell(data, hook, target, value);
	}
	plan_waits(assigns, hook, assigns->count, &next, tell, data);
	return 0;
}
