// SPDX-License-Identifier: GPL-2.0-or-later
/* Config spaces in a file, as lspci -x writes them, and what is found in them. */
#include "core/config/map.h"
#include "core/pci/dump.h"
#include "tests/fuzz/fuzz.h"

static void use_device(struct device *device)
{
	struct config_map *map;
	struct error error;

	if (config_map_make(device, &map, &error) < 0)
		return;
	for (size_t i = 0; i < map->block_count; i++) {
		char name[48];

		config_map_block_name(&map->blocks[i], name, sizeof(name));
	}
	for (size_t i = 0; i < map->regmap->register_count; i++) {
		struct config_value_of value;

		config_value_read(map, device, map->regmap->registers[i].name, &value);
	}
	config_map_free(map);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct context ctx = { .sysroot = "/nonexistent" };
	struct device *device;
	struct error error;
	struct dump *dump;

	if (dump_read(fuzz_file(0, data, size), &dump, &error) < 0)
		return 0;
	ctx.dump = dump;
	if (device_open(&ctx, &dump->devices[0].address, &device, &error) == 0) {
		use_device(device);
		device_close(device);
	}
	dump_free(dump);
	return 0;
}
