// SPDX-License-Identifier: GPL-2.0-or-later
/* A model that takes the processor's time where it has few instructions: with less of it than a twin gives. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/twin/model.h"
#include "tests/unit/tap.h"

static int open_text(const char *text, struct error *error)
{
	struct config_image config = { .size = PCI_CFG_SPACE_SIZE };
	struct register_file registers = { 0 };
	struct guest_memory memory = { 0 };
	struct vectors vectors = { 0 };
	struct context ctx = { 0 };
	const struct model_parts parts = { .ctx = &ctx,
					   .config = &config,
					   .registers = &registers,
					   .memory = &memory,
					   .vectors = &vectors,
					   .time_max = 50000000 };
	char path[] = "/tmp/pcietool-model-XXXXXX";
	struct model *model = NULL;
	int fd = mkstemp(path);
	int rc;

	if (fd < 0 || write(fd, text, strlen(text)) != (ssize_t)strlen(text))
		abort();
	close(fd);
	rc = model_open(&parts, path, &model, error);
	model_close(model);
	unlink(path);
	return rc;
}

static void ends(struct tap *tap, const char *what, const char *text)
{
	struct error error = { 0 };
	int rc = open_text(text, &error);

	ok(tap, rc < 0 && strstr(error.message, ":2: ended after 50 ms of the processor's time"), "%s: %s",
	   what, rc < 0 ? error.message : "it went on");
}

int main(void)
{
	struct tap tap = { 0 };
	struct error error = { 0 };

	if (open_text("local x = 1", &error) < 0 && error.kind == ERROR_UNSUPPORTED) {
		printf("1..0 # SKIP %s\n", error.message);
		return 0;
	}
	/* what is not ended takes hours */
	alarm(60);
	ends(&tap, "texts put together",
	     "local s = ('x'):rep(8 << 20)\nwhile true do local t = s .. 'y' end");
	ends(&tap, "a text in capitals", "local s = ('x'):rep(8 << 20)\nwhile true do s:upper() end");
	ends(&tap, "the same, and errors caught",
	     "local s = ('x'):rep(8 << 20)\nwhile true do pcall(function() while true do s:upper() end end) end");
	return tap_done(&tap);
}
