// SPDX-License-Identifier: GPL-2.0-or-later
/* The verbs read and write of regs, config and mem. */
#include "cli/cmd/registers.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "cli/register_view.h"
#include "cli/device.h"
#include "core/base/number.h"
#include "core/config/setpci_names.h"
#include "core/pci/user_driver.h"

/* Config space is read and written below a driver by many good tools; but the driver may undo it. */
static void warn_of_driver(const struct device *device)
{
	char driver[64];

	if (!device->ctx->force && device_driver(device, driver, sizeof(driver)) == 0 &&
	    !user_driver_is_one(driver))
		context_log(device->ctx, LOG_WARN,
			    "%s: the driver %s is bound, it may rely on what is changed or change it back",
			    device->name, driver);
}

int registers_open(struct invocation *inv, enum access_space space, bool write, struct device **device,
		   struct access *access)
{
	const struct option_values *o = &inv->options;
	int rc;

	*device = NULL;
	if (space != SPACE_MEMORY) {
		rc = command_device(inv, device);
		if (rc < 0)
			return rc;
	}
	access_init(access, &inv->ctx, *device, space);
	access->bar = o->bar;
	if (o->width)
		access->width = o->width;
	access->write = write;
	if (write && space == SPACE_CONFIG && !inv->dry_run)
		warn_of_driver(*device);
	return 0;
}

void registers_close(struct device *device, struct access *access)
{
	access_close(access);
	device_close(device);
}

/* Where the access goes, for the JSON form. */
static void render_target(struct writer *w, enum access_space space, const struct target *t, bool shown)
{
	char ref[2 * REGISTER_NAME_SIZE];

	if (!shown && !writer_is_json(w))
		return;
	target_format(t, ref, sizeof(ref));
	writer_string(w, "ref", shown ? "" : NULL, ref);
	if (space == SPACE_BAR)
		writer_string(w, "region", NULL, t->region->name);
	writer_hex(w, "offset", NULL, t->offset, 0);
	writer_number(w, "width", NULL, t->width);
}

/* A REF, or all that a glob of names matches. */
static int resolve_operand(struct invocation *inv, struct access *access, const char *operand,
			   const struct ref *ref, struct register_list *list)
{
	struct target target;
	int rc;

	if (access->space != SPACE_MEMORY && ref->kind == REF_NAME && regmap_is_glob(ref->name))
		return register_list_add_glob(list, access, operand, &inv->error);
	rc = access_resolve_read(access, ref, &target, &inv->error);
	if (rc < 0)
		return rc;
	context_log(&inv->ctx, LOG_INFO, "%s: %s+0x%llx, %u bits", operand, target.region->name,
		    (unsigned long long)target.offset, target.width);
	return register_list_add_target(list, &target, &inv->error);
}

static int check_form(struct invocation *inv, const char *operand)
{
	return inv->command->space == SPACE_CONFIG ? config_name_check_form(operand, &inv->error) : 0;
}

/* Grammar first, for all operands: a typing error is told even where the device is not there. */
static int parse_refs(struct invocation *inv, struct ref *refs)
{
	int rc = 0;

	for (unsigned int i = 0; rc == 0 && i < inv->operand_count; i++) {
		rc = check_form(inv, inv->operands[i]);
		if (rc == 0)
			rc = ref_parse(inv->operands[i], &refs[i], &inv->error);
	}
	return rc;
}

/* By its name, where that is a number or was asked for; what has none of the former kind is reserved. */
static void show_value(struct invocation *inv, const struct target *t, uint64_t value)
{
	const struct regmap_field *field = t->item.field;
	const char *name = NULL;

	if (field && (field->named_numbers || inv->options.names))
		name = regmap_enum_name(t->map, field, value);
	if (!name && field && field->named_numbers)
		name = "reserved";
	if (name)
		writer_text(inv->out, "%s", name);
	else
		writer_hex(inv->out, "value", "", value, register_digits(target_bits(t)));
}

/* The value alone; what a glob found has its name in front. */
static int read_list(struct invocation *inv, const struct register_list *list, bool is_glob)
{
	int column = is_glob ? register_view_column(list) : 0;

	for (size_t i = 0; i < list->count; i++) {
		const struct target *t = &list->targets[i];
		uint64_t value;
		int rc;

		rc = target_read(t, &value, &inv->error);
		if (rc < 0)
			return rc;
		writer_object(inv->out, NULL);
		render_target(inv->out, inv->command->space, t, is_glob);
		writer_column(inv->out, column);
		if (is_glob || writer_is_json(inv->out))
			register_view_value(inv->out, "", t->map, &t->item, target_bits(t), value);
		else
			show_value(inv, t, value);
		writer_line(inv->out);
		writer_end(inv->out);
	}
	return 0;
}

static int read_all(struct invocation *inv, const struct register_list *lists)
{
	int rc = 0;

	writer_document(inv->out, inv->command->name);
	writer_array(inv->out, "values");
	for (unsigned int i = 0; rc == 0 && i < inv->operand_count; i++)
		rc = read_list(inv, &lists[i], regmap_is_glob(inv->operands[i]));
	if (rc < 0)
		return rc;
	writer_end(inv->out);
	if (inv->command->space != SPACE_MEMORY)
		register_view_left_out(inv->out, &inv->ctx, lists, inv->operand_count);
	return 0;
}

/* --- the same line of a batch again ---------------------------------------------------------------- */

/* An OFFSET in a BAR that stays mapped is what it is. What has a name is looked up anew: a map, a buffer may be another. */
static bool is_lasting(const struct ref *ref, const struct target *target)
{
	return ref->kind == REF_OFFSET && !ref->has_expression && target->region->is_kept;
}

/* Where each step is told, none may be missing. */
static bool may_repeat(const struct invocation *inv)
{
	return inv->may_repeat && !inv->ctx.verbose;
}

struct read_again {
	struct device *device; /* the pool's */
	struct register_list *lists;
};

static int read_again(struct invocation *inv, void *data)
{
	const struct read_again *again = data;

	again->device->ctx = &inv->ctx;
	return read_all(inv, again->lists);
}

/* Without memory the line is read anew. */
static void leave_read(struct invocation *inv, struct device *device, const struct ref *refs,
		       const struct register_list *lists)
{
	size_t count = inv->operand_count;
	struct read_again *again;
	struct target *targets;

	for (size_t i = 0; i < count; i++) {
		if (!may_repeat(inv) || lists[i].count != 1 || !is_lasting(&refs[i], &lists[i].targets[0]))
			return;
	}
	again = arena_array(inv->arena, 1, sizeof(*again));
	targets = arena_array(inv->arena, count, sizeof(*targets));
	if (!again || !targets)
		return;
	again->device = device;
	again->lists = arena_array(inv->arena, count, sizeof(*again->lists));
	if (!again->lists)
		return;
	for (size_t i = 0; i < count; i++) {
		targets[i] = lists[i].targets[0];
		again->lists[i] = (struct register_list){ .targets = &targets[i], .count = 1 };
	}
	inv->repeat = (struct repeat){ .run = read_again, .data = again };
}

/* --- read -------------------------------------------------------------------------------------------- */

int registers_read(struct invocation *inv)
{
	struct register_list *lists = arena_array(inv->arena, inv->operand_count, sizeof(*lists));
	struct ref *refs = arena_array(inv->arena, inv->operand_count, sizeof(*refs));
	struct device *device = NULL;
	struct access access = { 0 };
	int rc;

	if (!lists || !refs)
		rc = error_errno(&inv->error, -ENOMEM, "starting");
	else
		rc = parse_refs(inv, refs);
	if (rc == 0)
		rc = registers_open(inv, inv->command->space, false, &device, &access);
	if (rc < 0)
		return rc;
	for (unsigned int i = 0; rc == 0 && i < inv->operand_count; i++)
		rc = resolve_operand(inv, &access, inv->operands[i], &refs[i], &lists[i]);
	if (rc == 0)
		rc = read_all(inv, lists);
	if (rc == 0)
		leave_read(inv, device, refs, lists);
	for (unsigned int i = 0; i < inv->operand_count; i++)
		register_list_free(&lists[i]);
	registers_close(device, &access);
	return rc;
}

/* --- write ------------------------------------------------------------------------------------------- */

static int parse_assigns(struct invocation *inv, struct assign *assigns)
{
	int rc = 0;

	for (unsigned int i = 0; rc == 0 && i < inv->operand_count; i++) {
		rc = check_form(inv, inv->operands[i]);
		if (rc == 0)
			rc = assign_parse(inv->operands[i], &assigns[i], &inv->error);
	}
	return rc;
}

static int verify(struct invocation *inv, struct access *access, const struct resolved_assign *resolved,
		  uint64_t written)
{
	bool differs = false;
	bool checked;
	uint64_t read;
	int rc;

	rc = access_verify(access, resolved, written, &checked, &differs, &read, &inv->error);
	if (rc == 0 && !checked)
		context_log(&inv->ctx, LOG_WARN,
			    "%s cannot be verified: the map says that it reads otherwise",
			    resolved->assign->text);
	if (rc < 0 || !differs)
		return rc;
	return error_set(&inv->error, ERROR_DIFFERS, "differs", "%s: wrote 0x%llx, read back 0x%llx",
			 resolved->assign->text, (unsigned long long)written, (unsigned long long)read);
}

static void render_write(struct invocation *inv, enum access_space space,
			 const struct resolved_assign *resolved, const struct assign_result *result)
{
	const struct target *target = &resolved->target;
	int digits = register_digits(target_whole_bits(target));
	bool shown = inv->dry_run;

	writer_object(inv->out, NULL);
	render_target(inv->out, space, target, shown);
	if (result->has_old) {
		writer_hex(inv->out, "old", shown ? ": " : NULL, result->old, digits);
		writer_hex(inv->out, "new", shown ? " -> " : NULL, result->new, digits);
	} else {
		writer_null(inv->out, "old", NULL, "not read");
		writer_hex(inv->out, "new", shown ? " <- " : NULL, result->new, 0);
	}
	if (shown)
		writer_line(inv->out);
	writer_end(inv->out);
}

static int write_all(struct invocation *inv, enum access_space space, struct access *access,
		     const struct resolved_assign *resolved)
{
	const struct option_values *o = &inv->options;
	int rc = 0;

	writer_document(inv->out, inv->command->name);
	writer_bool(inv->out, "dry_run", NULL, inv->dry_run);
	writer_array(inv->out, "writes");
	for (unsigned int i = 0; rc == 0 && i < inv->operand_count; i++) {
		struct assign_result result;

		rc = access_assign(access, &resolved[i], inv->dry_run, &result, &inv->error);
		if (rc < 0)
			break;
		context_log(&inv->ctx, LOG_INFO, "%s: %s+0x%llx, %u bits <- 0x%llx", inv->operands[i],
			    resolved[i].target.region->name, (unsigned long long)resolved[i].target.offset,
			    resolved[i].target.width, (unsigned long long)result.new);
		render_write(inv, space, &resolved[i], &result);
		if (o->verify && !inv->dry_run)
			rc = verify(inv, access, &resolved[i], result.new);
	}
	return rc;
}

struct write_again {
	struct device *device; /* the pool's */
	const struct resolved_assign *resolved;
};

static int write_again(struct invocation *inv, void *data)
{
	const struct write_again *again = data;
	struct access access;

	again->device->ctx = &inv->ctx;
	access_init(&access, &inv->ctx, again->device, inv->command->space);
	access.write = true;
	return write_all(inv, inv->command->space, &access, again->resolved);
}

static bool is_number(const struct value *value)
{
	return !value->is_symbol && !value->is_expression && !value->enum_name[0];
}

/* RESOLVED is the arena's already. */
static void leave_write(struct invocation *inv, struct device *device, const struct resolved_assign *resolved)
{
	struct write_again *again;

	for (unsigned int i = 0; i < inv->operand_count; i++) {
		const struct assign *assign = resolved[i].assign;

		if (!may_repeat(inv) || !is_lasting(&assign->ref, &resolved[i].target) ||
		    !is_number(&assign->value))
			return;
	}
	again = arena_array(inv->arena, 1, sizeof(*again));
	if (!again)
		return;
	*again = (struct write_again){ .device = device, .resolved = resolved };
	inv->repeat = (struct repeat){ .run = write_again, .data = again };
}

int registers_write(struct invocation *inv)
{
	enum access_space space = inv->command->space;
	struct assign *assigns = arena_array(inv->arena, inv->operand_count, sizeof(*assigns));
	struct resolved_assign *resolved = arena_array(inv->arena, inv->operand_count, sizeof(*resolved));
	struct device *device = NULL;
	struct access access = { 0 };
	int rc;

	if (!assigns || !resolved)
		return error_errno(&inv->error, -ENOMEM, "starting");
	rc = parse_assigns(inv, assigns);
	if (rc == 0)
		rc = registers_open(inv, space, true, &device, &access);
	if (rc < 0)
		return rc;
	access.builds_up = inv->operand_count > 1;
	for (unsigned int i = 0; rc == 0 && i < inv->operand_count; i++)
		rc = access_resolve_assign(&access, &assigns[i], &resolved[i], &inv->error);
	if (rc == 0)
		rc = write_all(inv, space, &access, resolved);
	if (rc == 0)
		leave_write(inv, device, resolved);
	registers_close(device, &access);
	return rc;
}
