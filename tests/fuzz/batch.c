// SPDX-License-Identifier: GPL-2.0-or-later
/* Lines of a batch up to the command that they name, which is not run. */
#include <fcntl.h>

#include "cli/commands.h"
#include "cli/options.h"
#include "core/base/script.h"
#include "tests/fuzz/fuzz.h"

/* A line of 65536 bytes has no more words than that. */
static char *argv[SCRIPT_LINE_MAX + 2];

static void parse(const struct words *words)
{
	struct arena arena = { 0 };
	struct invocation inv = {
		.commands = commands, .arena = &arena, .ctx.sysroot = "/nonexistent", .nested = true
	};

	/* what they print is libc's, to which an option 0xff is -1 and so a '?' */
	for (size_t i = 0; i < words->count; i++) {
		if (strncmp(words->list[i], "--h", 3) == 0 || strncmp(words->list[i], "--u", 3) == 0 ||
		    (words->list[i][0] == '-' && strpbrk(words->list[i], "?\xff")))
			return;
	}
	selector_init(&inv.selector);
	argv[0] = "pcietool";
	memcpy(argv + 1, words->list, (words->count + 1) * sizeof(*argv));
	options_parse((int)words->count + 1, argv, &inv);
	free(inv.options.capture);
	arena_free(&arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	int fd = open(fuzz_file(0, data, size), O_RDONLY | O_CLOEXEC);
	struct words words = { .count = 0 };
	struct script *script;
	struct error error;
	const char *line;

	if (fd < 0 || script_open(fd, "input", &script, &error) < 0)
		abort();
	while (script_next(script, &line, &error) == 0 && line) {
		if (words_split(line, &words, &error) == 0 && words.count)
			parse(&words);
	}
	words_free(&words);
	script_close(script);
	close(fd);
	return 0;
}
