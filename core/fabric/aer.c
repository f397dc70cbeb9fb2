// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/fabric/aer.h"

#include <string.h>

static uint32_t value(const struct config_map *map, struct device *device, const char *name)
{
	struct config_value_of v;

	config_value_read(map, device, name, &v);
	return v.reason ? 0 : (uint32_t)v.value;
}

static void read_header(const struct config_map *map, struct device *device, uint32_t header[4])
{
	static const char *const names[] = { "AER.HEADER_LOG0", "AER.HEADER_LOG1", "AER.HEADER_LOG2",
					     "AER.HEADER_LOG3" };

	for (unsigned int i = 0; i < 4; i++)
		header[i] = value(map, device, names[i]);
}

static void read_root(const struct config_map *map, struct device *device, struct aer_state *s)
{
	struct config_value_of v;

	config_value_read(map, device, "AER.ROOT_STATUS", &v);
	s->has_root = !v.reason;
	if (v.reason)
		return;
	s->root_status = (uint32_t)v.value;
	s->cor_source = (uint16_t)value(map, device, "AER.ERROR_SOURCE.COR");
	s->uncor_source = (uint16_t)value(map, device, "AER.ERROR_SOURCE.UNCOR");
}

void aer_state_read(const struct config_map *map, struct device *device, struct aer_state *s)
{
	struct config_value_of status;

	memset(s, 0, sizeof(*s));
	config_value_read(map, device, "EXP.DEVSTA", &s->device_status);
	config_value_read(map, device, "AER.UNCOR_STATUS", &status);
	s->reason = status.reason;
	if (s->reason)
		return;
	s->uncor_status = (uint32_t)status.value;
	s->uncor_mask = value(map, device, "AER.UNCOR_MASK");
	s->uncor_severity = value(map, device, "AER.UNCOR_SEVERITY");
	s->cor_status = value(map, device, "AER.COR_STATUS");
	s->cor_mask = value(map, device, "AER.COR_MASK");
	s->first = value(map, device, "AER.CONTROL.FIRST_ERROR");
	/* the pointer is valid as long as the bit that it points to is set, PCIe 6.0 section 6.2.4.2 */
	s->has_first = s->uncor_status >> s->first & 1;
	if (s->has_first)
		read_header(map, device, s->header);
	read_root(map, device, s);
}

/* Writes back what is set of the bits that a 1 clears. */
static int clear_register(const struct config_map *map, struct device *device, const char *name,
			  uint32_t mask, bool dry_run, unsigned int *cleared, struct error *error)
{
	struct regmap_item item = { 0 };
	uint32_t set;
	int rc;

	if (regmap_find(map->regmap, name, &item, NULL) < 0)
		return 0;
	rc = device_config_read(device, (unsigned int)item.reg->address, item.reg->width, &set, error);
	if (rc < 0 || !(set & mask))
		return rc;
	++*cleared;
	return dry_run ? 0
		       : device_config_write(device, (unsigned int)item.reg->address, item.reg->width,
					     set & mask, error);
}

int aer_state_clear(const struct config_map *map, struct device *device, bool dry_run, unsigned int *cleared,
		    struct error *error)
{
	static const struct {
		const char *name;
		uint32_t mask;
	} registers[] = {
		{ "AER.UNCOR_STATUS", 0xffffffff },
		{ "AER.COR_STATUS", 0xffffffff },
		{ "AER.ROOT_STATUS", 0x7f }, /* above are the interrupt's vector and reserved bits */
		{ "EXP.DEVSTA", 0x0f }, /* the errors; above are states */
	};
	int rc = 0;

	*cleared = 0;
	for (size_t i = 0; rc == 0 && i < sizeof(registers) / sizeof(registers[0]); i++)
		rc = clear_register(map, device, registers[i].name, registers[i].mask, dry_run, cleared,
				    error);
	return rc;
}
