// SPDX-License-Identifier: GPL-2.0-or-later
/* Names of a file that is not there yet: by folders and links, also to links, also in a circle. */
#include <stdlib.h>
#include <unistd.h>

#include "core/file/same_file.h"
#include "tests/unit/tap.h"

static const char *const links[][2] = {
	{ "missing", "one" }, { "./missing", "two" }, { "one", "three" },      { "../f/missing", "f/up" },
	{ "other", "four" },  { "circle", "circle" }, { "nowhere/a", "lost" },
};

static const struct {
	const char *one;
	const char *other;
	bool is_same;
} cases[] = {
	{ "one", "two", true },	       { "one", "missing", true }, { "three", "two", true },
	{ "f/up", "f/missing", true }, { "f/up", "one", false },   { "one", "four", false },
	{ "circle", "circle", false }, { "lost", "lost", false },  { "./new", "new", true },
};

int main(void)
{
	char folder[] = "/tmp/pcietool-same-XXXXXX";
	struct tap tap = { 0 };
	struct stat status;

	if (!mkdtemp(folder) || chdir(folder) < 0 || mkdir("f", 0700) < 0)
		abort();
	for (size_t i = 0; i < sizeof(links) / sizeof(links[0]); i++) {
		if (symlink(links[i][0], links[i][1]) < 0)
			abort();
	}
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		ok(&tap, same_file(cases[i].one, cases[i].other, &status) == cases[i].is_same,
		   "%s and %s: %s", cases[i].one, cases[i].other,
		   cases[i].is_same ? "one file" : "not one file");
	for (size_t i = 0; i < sizeof(links) / sizeof(links[0]); i++)
		unlink(links[i][1]);
	rmdir("f");
	if (chdir("/") == 0)
		rmdir(folder);
	return tap_done(&tap);
}
