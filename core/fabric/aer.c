// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The registers of Advanced Error Reporting, by their names in the table of config space; the two ends of a link;
 * masks.
 */
#include "core/fabric/aer.h"

#include <errno.h>
#include <string.h>
#include <strings.h>

#include "core/base/number.h"
#include "core/fabric/link.h"
#include "core/pci/power.h"

/* --- registers --------------------------------------------------------------------------------------- */

/* What cannot be read is 0. */
static struct fact_number fact(const struct config_map *map, struct device *device, const char *name)
{
	struct config_value_of v;

	config_value_read(map, device, name, &v);
	return (struct fact_number){ .reason = v.reason, .value = v.reason ? 0 : v.value };
}

/* The same, and *REASON, unless it has one, says why. */
static uint32_t value(const struct config_map *map, struct device *device, const char *name,
		      const char **reason)
{
	const struct fact_number f = fact(map, device, name);

	if (!*reason)
		*reason = f.reason;
	return (uint32_t)f.value;
}

static void read_first(const struct config_map *map, struct device *device, struct aer_state *s)
{
	s->first_reason = s->uncor_status.reason;
	s->first = value(map, device, "AER.CONTROL.FIRST_ERROR", &s->first_reason);
	/* the pointer is valid as long as the bit that it points to is set, PCIe 6.0 section 6.2.4.2 */
	s->has_first = !s->first_reason && s->uncor_status.value >> s->first & 1;
	if (s->has_first)
		aer_log_read(map, device, s->first, &s->log);
}

static void read_root(const struct config_map *map, struct device *device, struct aer_state *s)
{
	s->root_status = value(map, device, "AER.ROOT_STATUS", &s->root_reason);
	if (s->root_reason) {
		if (s->root_reason != CAPABILITY_CUT_OFF)
			s->root_reason = "no root port";
		return;
	}
	s->cor_source = fact(map, device, "AER.ERROR_SOURCE.COR");
	s->uncor_source = fact(map, device, "AER.ERROR_SOURCE.UNCOR");
}

/* Is anything of them known? */
static bool read_halves(const struct config_map *map, struct device *device, struct aer_state *s)
{
	s->uncor_status = fact(map, device, "AER.UNCOR_STATUS");
	s->uncor_mask = fact(map, device, "AER.UNCOR_MASK");
	s->uncor_severity = fact(map, device, "AER.UNCOR_SEVERITY");
	s->cor_status = fact(map, device, "AER.COR_STATUS");
	s->cor_mask = fact(map, device, "AER.COR_MASK");
	return !s->uncor_status.reason || !s->uncor_mask.reason || !s->uncor_severity.reason ||
	       !s->cor_status.reason || !s->cor_mask.reason;
}

static void read_state(const struct config_map *map, struct device *device, struct aer_state *s)
{
	memset(s, 0, sizeof(*s));
	aer_reporting_read(device, &s->reporting);
	config_value_read(map, device, "EXP.DEVSTA", &s->device_status);
	dpc_read(device, &s->dpc);
	if (!read_halves(map, device, s)) {
		s->reason = s->uncor_status.reason;
		return;
	}
	read_first(map, device, s);
	read_root(map, device, s);
}

/* All ones are what is read of a device that is not there. */
static int read_status(struct device *device, const struct regmap_register *reg, uint32_t *value,
		       struct error *error)
{
	uint32_t v = 0;
	int rc = device_config_read(device, (unsigned int)reg->address, reg->width, &v, error);

	if (rc == 0 && v == width_max(reg->width) && !device_is_present(device))
		rc = device_gone(device, error);
	if (rc == 0)
		*value = v;
	return rc;
}

/* Writes back what is set of the bits that a 1 clears. */
static int clear_register(const struct config_map *map, struct device *device, const char *name,
			  uint32_t mask, bool dry_run, struct aer_cleared *cleared, struct error *error)
{
	struct regmap_item item = { 0 };
	uint32_t left = 0;
	uint32_t set = 0;
	int rc;

	if (regmap_find(map->regmap, name, &item, NULL) < 0)
		return 0;
	rc = read_status(device, item.reg, &set, error);
	if (rc < 0 || !(set & mask))
		return rc;
	cleared->registers++;
	if (dry_run)
		return 0;
	rc = device_config_write(device, (unsigned int)item.reg->address, item.reg->width, set & mask, error);
	if (rc == 0)
		rc = read_status(device, item.reg, &left, error);
	if (rc < 0 || !(left & set & mask))
		return rc;
	cleared->left[cleared->left_count].name = name;
	cleared->left[cleared->left_count++].bits = left & set & mask;
	return 0;
}

int aer_state_clear(const struct config_map *map, struct device *device, bool dry_run,
		    struct aer_cleared *cleared, struct error *error)
{
	static const struct {
		const char *name;
		uint32_t mask;
	} registers[AER_STATUSES] = {
		{ "AER.UNCOR_STATUS", 0xffffffff },
		{ "AER.COR_STATUS", 0xffffffff },
		{ "AER.ROOT_STATUS", AER_ROOT_ERRORS },
		{ "EXP.DEVSTA", AER_DEVICE_ERRORS },
	};
	struct aer_cleared c = { 0 };
	int rc = 0;

	for (size_t i = 0; rc == 0 && i < AER_STATUSES; i++)
		rc = clear_register(map, device, registers[i].name, registers[i].mask, dry_run, &c, error);
	if (rc == 0)
		*cleared = c;
	return rc;
}

/* --- both ends of a link ----------------------------------------------------------------------------- */

static int open_end(const struct context *ctx, const struct topology_node *node, const char *role,
		    struct aer_end *end, struct error *error)
{
	struct aer_end new = { .node = node, .role = role };
	int rc;

	rc = device_open(ctx, &node->address, &new.device, error);
	if (rc == 0 && !power_is_asleep(new.device))
		rc = config_map_make(new.device, &new.map, error);
	if (rc < 0) {
		device_close(new.device);
		return rc;
	}
	*end = new;
	return 0;
}

int aer_ends_open(const struct context *ctx, const struct topology_node *node, struct aer_end ends[2],
		  unsigned int *count, struct error *error)
{
	struct link link;
	unsigned int n = 0;
	int rc = 0;

	if (node->parent && link_is_port(ctx, node->parent) && link_above(ctx, node, &link))
		rc = open_end(ctx, node->parent, "port", &ends[n++], error);
	if (rc < 0)
		return rc;
	rc = open_end(ctx, node, "device", &ends[n], error);
	if (rc < 0) {
		aer_ends_close(ends, n);
		return rc;
	}
	*count = n + 1;
	return 0;
}

void aer_ends_close(struct aer_end *ends, unsigned int count)
{
	for (unsigned int i = 0; i < count; i++) {
		config_map_free(ends[i].map);
		device_close(ends[i].device);
	}
}

/* Its enables, SERR# too, are its physical function's, and its own are reserved: PCIe 6.0 sections 9.3.4.1.3, 9.3.5.4. */
static void hide_virtual(const struct aer_end *end, struct aer_state *s)
{
	if (!s->reporting.reason && topology_is_virtual(end->device->ctx, end->node))
		s->reporting = (struct aer_reporting){ .reason = FACT_VIRTUAL_FUNCTION };
}

void aer_end_read(const struct aer_end *end, struct aer_state *state)
{
	if (end->map) {
		read_state(end->map, end->device, state);
		hide_virtual(end, state);
	} else {
		*state = (struct aer_state){
			.reason = LINK_STATE_SUSPENDED,
			.device_status.reason = LINK_STATE_SUSPENDED,
			.reporting.reason = LINK_STATE_SUSPENDED,
			.dpc.reason = LINK_STATE_SUSPENDED,
		};
	}
}

/* --- masks ------------------------------------------------------------------------------------------- */

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

/* As the kernel log and lspci have them, for those that read otherwise here: Linux' aer.c, pciutils' ls-ecaps.c. */
static const char *kernel_word(const char *word)
{
	static const char *const words[][2] = {
		{ "RxErr", "RX_ERROR" },
		{ "BadTLP", "BAD_TLP" },
		{ "BadDLLP", "BAD_DLLP" },
		{ "Rollover", "REPLAY_ROLLOVER" },
		{ "Timeout", "REPLAY_TIMEOUT" },
		{ "NonFatalErr", "ADV_NONFATAL" },
		{ "AdvNonFatalErr", "ADV_NONFATAL" },
		{ "CorrIntErr", "COR.INTERNAL" },
		{ "HeaderOF", "LOG_OVERFLOW" },
		{ "SDES", "SURPRISE_DOWN" },
		{ "TLP", "POISONED_TLP" },
		{ "CmpltTO", "COMP_TIMEOUT" },
		{ "CmpltAbrt", "COMP_ABORT" },
		{ "UnxCmplt", "UNX_COMP" },
		{ "RxOF", "RX_OVERFLOW" },
		{ "MalfTLP", "MALFORMED_TLP" },
		{ "UnsupReq", "UNSUP_REQ" },
		{ "ACSViol", "ACS_VIOLATION" },
		{ "UncorrIntErr", "UNCOR.INTERNAL" },
		{ "BlockedTLP", "MC_BLOCKED_TLP" },
		{ "AtomicOpBlocked", "ATOMIC_EGRESS" },
		{ "TLPBlockedErr", "TLP_PREFIX" },
		{ "PoisonTLPBlocked", "POISONED_EGRESS" },
		{ "DMWrReqBlocked", "DMWR_EGRESS" },
		{ "IDECheck", "IDE_CHECK" },
		{ "MisIDETLP", "MISROUTED_IDE" },
		{ "TLPXlatBlocked", "TLP_XLAT_EGRESS" },
	};

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		if (strcasecmp(words[i][0], word) == 0)
			return words[i][1];
	}
	return word;
}

static int add_name(const struct config_map *map, const char *word, struct aer_masks *masks)
{
	bool correctable_only = strncasecmp(word, "COR.", 4) == 0;
	bool uncorrectable_only = strncasecmp(word, "UNCOR.", 6) == 0;
	const char *name = correctable_only ? word + 4 : uncorrectable_only ? word + 6 : word;
	uint32_t uncorrectable = correctable_only ? 0 : find_bit(map, AER_UNCOR_MASK, name);
	uint32_t correctable = uncorrectable_only || uncorrectable ? 0 : find_bit(map, AER_COR_MASK, name);

	masks->uncorrectable |= uncorrectable;
	masks->correctable |= correctable;
	return uncorrectable || correctable ? 0 : -ENOENT;
}

int aer_masks_add(const struct config_map *map, const char *word, struct aer_masks *masks,
		  struct error *error)
{
	int rc;

	if (add_name(map, kernel_word(word), masks) == 0)
		return 0;
	rc = error_set(error, ERROR_USAGE, "unknown-name", "'%.40s' is no error that can be masked", word);
	error_hint(
		error,
		"'pcietool config names AER' has their names, such as SURPRISE_DOWN, COMP_TIMEOUT, BAD_TLP");
	return rc;
}

static int read_register(const struct config_map *map, struct device *device, const char *name,
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

int aer_masks_read(const struct config_map *map, struct device *device, struct aer_masks *masks,
		   struct error *error)
{
	int rc = read_register(map, device, AER_UNCOR_MASK, &masks->old_uncorrectable, error);

	return rc < 0 ? rc : read_register(map, device, AER_COR_MASK, &masks->old_correctable, error);
}

/* A mask that the device does not take is no mask: a bit that it does not implement reads 0. */
static int write_register(const struct config_map *map, struct device *device, const char *name,
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

int aer_masks_write(const struct config_map *map, struct device *device, uint32_t uncorrectable,
		    uint32_t correctable, const struct aer_masks *now, struct error *error)
{
	int rc = 0;

	if (uncorrectable != now->old_uncorrectable)
		rc = write_register(map, device, AER_UNCOR_MASK, uncorrectable, error);
	if (rc == 0 && correctable != now->old_correctable)
		rc = write_register(map, device, AER_COR_MASK, correctable, error);
	return rc;
}
