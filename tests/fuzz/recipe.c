// SPDX-License-Identifier: GPL-2.0-or-later
/* The options of a capture in a file. */
#include "core/base/script.h"
#include "core/capture/capture.h"
#include "tests/fuzz/fuzz.h"

static int set(void *data, const char *name, const char *value, struct error *error)
{
	return capture_config_set(data, name, value, error);
}

static void use_recipe(const char *path, bool play)
{
	struct capture_config config = { .play = play };
	struct error error;

	if (recipe_read(path, set, &config, &error) == 0)
		capture_config_check(&config, &error);
	capture_config_free(&config);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *path = fuzz_file(0, data, size);

	use_recipe(path, false);
	use_recipe(path, true);
	return 0;
}
