// SPDX-License-Identifier: GPL-2.0-or-later
#include "cli/command.h"

#include <stdio.h>
#include <string.h>

#include "core/backend/uio.h"
#include "core/backend/pool.h"
#include "core/pci/dump.h"

const struct command *const command_tables[] = {
	list_commands,	info_commands,	   batch_commands,   config_commands,  link_commands,
	aer_commands,	regs_commands,	   map_commands,     mem_commands,     driver_commands,
	dma_commands,	capture_commands,  irq_commands,     msi_commands,     bar_commands,
	sriov_commands, acs_commands,	   p2p_commands,     iommu_commands,   power_commands,
	reset_commands, rescan_commands,   reload_commands,  session_commands, uio_commands,
	check_commands, snapshot_commands, metrics_commands, report_commands,  NULL,
};

static const struct command *find(const char *name)
{
	for (const struct command *const *table = command_tables; *table; table++) {
		for (const struct command *c = *table; c->name; c++) {
			if (strcmp(c->name, name) == 0)
				return c;
		}
	}
	return NULL;
}

/* a letter first: batch asks for each of its lines */
static bool has_noun(const struct command *c, const char *noun, size_t n)
{
	return c->name[0] == noun[0] && strncmp(c->name, noun, n) == 0 && c->name[n] == ' ';
}

bool command_has_noun(const struct command *c, const char *noun)
{
	return has_noun(c, noun, strlen(noun));
}

static const struct command *find_two(const char *noun, const char *verb)
{
	size_t n = strlen(noun);

	for (const struct command *const *table = command_tables; *table; table++) {
		for (const struct command *c = *table; c->name; c++) {
			if (has_noun(c, noun, n) && strcmp(c->name + n + 1, verb) == 0)
				return c;
		}
	}
	return NULL;
}

/* The verbs of NOUN, for the hint; false when there is no such noun. */
static bool list_verbs(const char *noun, char *text, size_t size)
{
	size_t n = strlen(noun);
	size_t used = 0;

	text[0] = '\0';
	for (const struct command *const *table = command_tables; *table; table++) {
		for (const struct command *c = *table; c->name; c++) {
			if (!has_noun(c, noun, n) || used >= size)
				continue;
			used += (size_t)snprintf(text + used, size - used, "%s%s", used ? ", " : "",
						 c->name + n + 1);
		}
	}
	return used > 0;
}

const struct command *command_find(char **argv, int argc, int *used, struct error *error)
{
	const struct command *c;
	char verbs[256];

	c = argc > 1 ? find_two(argv[0], argv[1]) : NULL;
	if (c) {
		*used = 2;
		return c;
	}
	c = find(argv[0]);
	if (c) {
		*used = 1;
		return c;
	}
	if (!list_verbs(argv[0], verbs, sizeof(verbs))) {
		error_set(error, ERROR_USAGE, "bad-command", "'%s' is no command", argv[0]);
		error_hint(error, "see 'pcietool --help'");
		return NULL;
	}
	if (argc < 2) {
		error_set(error, ERROR_USAGE, "bad-command", "%s: a verb is missing", argv[0]);
		error_hint(error, "one of: %s", verbs);
		return NULL;
	}
	error_set(error, ERROR_USAGE, "bad-command", "%s: '%s' is no verb of it", argv[0], argv[1]);
	error_hint(error, "one of: %s", verbs);
	return NULL;
}

const char *command_version(void)
{
	return argp_program_version + strlen("pcietool ");
}

int command_device(struct invocation *inv, struct device **device)
{
	struct pci_address address;
	int rc;

	if (inv->ctx.dump && !inv->selected && inv->ctx.dump->count == 1)
		return device_open(&inv->ctx, &inv->ctx.dump->devices[0].address, device, &inv->error);
	if (!inv->selected) {
		rc = error_set(&inv->error, ERROR_SELECT, "no-device", "no device is selected");
		error_hint(&inv->error, "give -s ADDRESS or -d VENDOR:DEVICE, or set PCIETOOL_DEVICE; "
					"'pcietool list' shows what there is");
		return rc;
	}
	/* what is no PCI device has no address to be found by */
	if (inv->selector.uio >= 0 && inv->command->takes_uio)
		return uio_open_device(&inv->ctx, (unsigned int)inv->selector.uio, device, &inv->error);
	if (!inv->ctx.pool || device_pool_recall(inv->ctx.pool, &inv->selector, &address) < 0) {
		rc = selector_one(&inv->ctx, &inv->selector, &address, &inv->error);
		if (rc < 0)
			return rc;
		if (inv->ctx.pool)
			device_pool_remember(inv->ctx.pool, &inv->selector, &address);
	}
	return device_open(&inv->ctx, &address, device, &inv->error);
}
