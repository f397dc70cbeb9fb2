// SPDX-License-Identifier: GPL-2.0-or-later
/* aer mask, aer unmask: which errors a function reports; with a command, only while that runs. */
#include <errno.h>
#include <string.h>

#include "cli/cmd/aer.h"
#include "cli/child.h"
#include "cli/signals.h"
#include "cli/device.h"

/* The two mask registers: bits to set, and what was in them. */
struct masks {
	uint32_t uncorrectable;
	uint32_t correctable;
	uint32_t old_uncorrectable;
	uint32_t old_correctable;
};

static const char uncor_mask[] = "AER.UNCOR_MASK";
static const char cor_mask[] = "AER.COR_MASK";

static const struct regmap_register *find_register(const struct config_map *map, const char *name)
{
	struct regmap_item item = { 0 };

	return regmap_find(map->regmap, name, &item, NULL) == 0 ? item.reg : NULL;
}

/* NAME's bit of the register; 0: it has none. */
static uint32_t find_bit(const struct config_map *map, const char *register_name, const char *name)
{
	const struct regmap_register *reg = find_register(map, register_name);

	for (uint32_t i = 0; reg && i < reg->field_count; i++) {
		const struct regmap_field *field = regmap_field_at(map->regmap, reg, i);

		if (strcasecmp(field->name, name) == 0)
			return 1u << field->lsb;
	}
	return 0;
}

static int add_error(const struct config_map *map, const char *word, struct masks *masks, struct error *error)
{
	bool correctable_only = strncasecmp(word, "COR.", 4) == 0;
	bool uncorrectable_only = strncasecmp(word, "UNCOR.", 6) == 0;
	const char *name = correctable_only ? word + 4 : uncorrectable_only ? word + 6 : word;
	uint32_t uncorrectable = correctable_only ? 0 : find_bit(map, uncor_mask, name);
	uint32_t correctable = uncorrectable_only || uncorrectable ? 0 : find_bit(map, cor_mask, name);
	int rc;

	masks->uncorrectable |= uncorrectable;
	masks->correctable |= correctable;
	if (uncorrectable || correctable)
		return 0;
	rc = error_set(error, ERROR_USAGE, "unknown-name", "'%.40s' is no error that can be masked", word);
	error_hint(
		error,
		"'pcietool config show AER' has their names, such as SURPRISE_DOWN, COMP_TIMEOUT, BAD_TLP");
	return rc;
}

static int read_register(struct device *device, const struct config_map *map, const char *name,
			 uint32_t *value, struct error *error)
{
	const struct regmap_register *reg = find_register(map, name);
	int rc;

	if (!reg) {
		rc = error_set(error, ERROR_UNSUPPORTED, "no-capability",
			       "%s: the device has no Advanced Error Reporting that can be seen",
			       device->name);
		if (map->extended.reason)
			error_hint(error, "%s", map->extended.reason);
		return rc;
	}
	return device_config_read(device, (unsigned int)reg->address, 32, value, error);
}

/* A mask that the device does not take is no mask: a bit that it does not implement reads 0. */
static int write_register(struct device *device, const struct config_map *map, const char *name,
			  uint32_t value, struct error *error)
{
	const struct regmap_register *reg = find_register(map, name);
	uint32_t now = value;
	int rc;

	rc = device_config_write(device, (unsigned int)reg->address, 32, value, error);
	if (rc == 0)
		rc = device_config_read(device, (unsigned int)reg->address, 32, &now, error);
	if (rc == 0 && now != value)
		rc = error_set(error, ERROR_UNSUPPORTED, "not-taken", "%s: %s: wrote 0x%08x, it reads 0x%08x",
			       device->name, name, value, now);
	return rc;
}

/* Writes both where they change. */
static int put(struct device *device, const struct config_map *map, uint32_t uncorrectable,
	       uint32_t correctable, const struct masks *now, struct error *error)
{
	int rc = 0;

	if (uncorrectable != now->old_uncorrectable)
		rc = write_register(device, map, uncor_mask, uncorrectable, error);
	if (rc == 0 && correctable != now->old_correctable)
		rc = write_register(device, map, cor_mask, correctable, error);
	return rc;
}

static void show_change(struct invocation *inv, const char *name, uint32_t old, uint32_t new)
{
	struct writer *w = inv->out;
	bool shown = inv->dry_run;

	writer_object(w, NULL);
	writer_string(w, "ref", shown ? "" : NULL, name);
	writer_hex(w, "old", shown ? ": " : NULL, old, 8);
	writer_hex(w, "new", shown ? " -> " : NULL, new, 8);
	if (shown)
		writer_line(w);
	writer_end(w);
}

static void show(struct invocation *inv, const struct device *device, const struct masks *m,
		 uint32_t uncorrectable, uint32_t correctable)
{
	writer_document(inv->out, inv->command->name);
	writer_string(inv->out, "address", NULL, device->name);
	writer_bool(inv->out, "dry_run", NULL, inv->dry_run);
	writer_array(inv->out, "writes");
	if (uncorrectable != m->old_uncorrectable)
		show_change(inv, uncor_mask, m->old_uncorrectable, uncorrectable);
	if (correctable != m->old_correctable)
		show_change(inv, cor_mask, m->old_correctable, correctable);
	writer_end(inv->out);
}

/* Masked while COMMAND runs: a signal ends that, and only then us. */
static int run_masked(struct invocation *inv, struct device *device, const struct config_map *map,
		      const struct masks *m, char **command)
{
	const struct masks masked = {
		.old_uncorrectable = m->old_uncorrectable | m->uncorrectable,
		.old_correctable = m->old_correctable | m->correctable,
	};
	struct error later;
	char ended[160];
	int rc;

	rc = child_check(command[0], &inv->error);
	if (rc < 0)
		return rc;
	signals_catch();
	rc = put(device, map, masked.old_uncorrectable, masked.old_correctable, m, &inv->error);
	if (rc == 0)
		rc = child_run(command, inv->json, signals_stopped, NULL, ended, sizeof(ended), &inv->error);
	if (put(device, map, m->old_uncorrectable, m->old_correctable, &masked, &later) < 0 && rc == 0) {
		inv->error = later;
		rc = -EIO;
	}
	return signals_end(inv, false, rc);
}

static int change(struct invocation *inv, bool set)
{
	unsigned int words = inv->dashes ? inv->dashes : inv->operand_count;
	char **command = inv->dashes && inv->dashes < inv->operand_count ? inv->operands + inv->dashes : NULL;
	struct config_map *map = NULL;
	struct device *device = NULL;
	struct masks m = { 0 };
	uint32_t uncorrectable;
	uint32_t correctable;
	int rc;

	rc = command_device(inv, &device);
	if (rc < 0)
		return rc;
	rc = config_map_make(device, &map, &inv->error);
	if (rc == 0)
		rc = read_register(device, map, uncor_mask, &m.old_uncorrectable, &inv->error);
	if (rc == 0)
		rc = read_register(device, map, cor_mask, &m.old_correctable, &inv->error);
	for (unsigned int i = 0; rc == 0 && i < words; i++)
		rc = add_error(map, inv->operands[i], &m, &inv->error);
	if (rc < 0)
		goto out_free;
	uncorrectable = set ? m.old_uncorrectable | m.uncorrectable : m.old_uncorrectable & ~m.uncorrectable;
	correctable = set ? m.old_correctable | m.correctable : m.old_correctable & ~m.correctable;
	if (command && !inv->dry_run) {
		rc = run_masked(inv, device, map, &m, command);
		goto out_free;
	}
	if (!inv->dry_run)
		rc = put(device, map, uncorrectable, correctable, &m, &inv->error);
	if (rc == 0)
		show(inv, device, &m, uncorrectable, correctable);
out_free:
	config_map_free(map);
	device_close(device);
	return rc;
}

int aer_mask(struct invocation *inv)
{
	return change(inv, true);
}

int aer_unmask(struct invocation *inv)
{
	return change(inv, false);
}
