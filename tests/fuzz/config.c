// SPDX-License-Identifier: GPL-2.0-or-later
/* Two saved config spaces, in bytes: compared, and what it takes to make one of the other. */
#include "core/config/saved.h"
#include "tests/fuzz/fuzz.h"

static void count_difference(void *data, const struct config_difference *difference)
{
	*(size_t *)data += difference->has_new;
}

static void use_both(struct device *a, struct device *b)
{
	struct config_plan *plan;
	unsigned int skipped;
	struct error error;
	size_t count = 0;

	config_compare(a, b, count_difference, &count, &skipped, &error);
	if (config_restore_plan(a, b, CONFIG_RESTORE_ALL, &plan, &error) == 0)
		config_plan_free(plan);
	if (config_restore_plan(a, b, CONFIG_RESTORE_CAPABILITIES, &plan, &error) == 0)
		config_plan_free(plan);
}

/* PCIe 5.0 section 7.2.2: the largest config space. */
#define SPACE 4096u

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct context ctx = { .sysroot = "/nonexistent" };
	const struct pci_address address = { .bus = 1 };
	size_t half = size / 2 < SPACE ? size / 2 : SPACE;
	struct config_saved *a = NULL;
	struct config_saved *b = NULL;
	struct error error;

	if (half && config_saved_from(&ctx, &address, data, half, &a, &error) == 0 &&
	    config_saved_from(&ctx, &address, data + half, half, &b, &error) == 0)
		use_both(a->device, b->device);
	config_saved_close(a);
	config_saved_close(b);
	return 0;
}
