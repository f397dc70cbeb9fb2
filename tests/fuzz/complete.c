// SPDX-License-Identifier: GPL-2.0-or-later
/* Completion: the words so far, each ends with a NUL, of a machine that is a dump. */
#include "cli/commands.h"
#include "cli/complete.h"
#include "core/mapfile/set.h"
#include "core/pci/dump.h"
#include "tests/fuzz/fuzz.h"

#define WORDS_MAX 16
#define SPACE 4096

static void tell(void *data, const char *word, const char *what)
{
	*(size_t *)data += strlen(word) + (what ? strlen(what) : 0);
}

/* A device with all that its zeroes say: a bridge's or an endpoint's header, and one capability. */
static void make_machine(struct context *ctx)
{
	static const char *const nowhere[] = { NULL };
	const struct pci_address address = { .bus = 1 };
	uint8_t bytes[SPACE] = { 0x34, 0x12, 0xe8, 0x11, [6] = 0x10, [0x34] = 0x40, [0x40] = 0x10 };
	const struct dump *dump = dump_from(&address, bytes, sizeof(bytes));

	ctx->sysroot = "/nonexistent";
	ctx->map_file = "examples/edu.map";
	ctx->dump = dump;
	if (!dump || regmap_set_open(nowhere, &ctx->maps) < 0)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct context ctx;
	char *text = fuzz_string(data, size);
	char *argv[WORDS_MAX + 1];
	size_t length = 0;
	int argc = 0;

	if (!ctx.sysroot)
		make_machine(&ctx);
	for (char *word = text; word <= text + size && argc < WORDS_MAX; word += strlen(word) + 1)
		argv[argc++] = word;
	argv[argc] = NULL;
	/* another root, another map: this machine's files are not what is meant */
	if (!memmem(data, size, "--sysroot", 9) && !memmem(data, size, "--map", 5))
		complete_words(commands, &ctx, NULL, argv, argc, true, tell, &length);
	free(text);
	return 0;
}
