// SPDX-License-Identifier: GPL-2.0-or-later
/* Lines of a script, and their words. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/base/script.h"
#include "tests/unit/tap.h"

static const struct {
	const char *line;
	const char *words; /* each with a '|' behind it; NULL: refused */
} rows[] = {
	{ "", "" },
	{ "   \t ", "" },
	{ "# all of it", "" },
	{ "a b\tc  d ", "a|b|c|d|" },
	{ "a#b #c d", "a#b|" },
	{ "'a b' \"c d\"e'f'", "a b|c def|" },
	{ "''", "|" },
	{ "a '' b", "a||b|" },
	{ "a\\ b \\# \\' \\\\", "a b|#|'|\\|" },
	{ "\"a\\\"b\\$c\\n\" '\\n'", "a\"b$c\\n|\\n|" },
	{ "$HOME `x` *.c ~", "$HOME|`x`|*.c|~|" },
	{ "'a", NULL },
	{ "\"a", NULL },
	{ "a \"b\\\"", NULL },
	{ "a\\", NULL },
};

static void check_words(struct tap *tap)
{
	struct words words = { 0 };

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct error error = { 0 };
		char text[256] = "";
		int rc = words_split(rows[i].line, &words, &error);

		for (size_t w = 0; rc == 0 && w < words.count; w++)
			strcat(strcat(text, words.list[w]), "|");
		if (rows[i].words)
			ok(tap, rc == 0 && strcmp(text, rows[i].words) == 0 && !words.list[words.count],
			   "<%s> is %s", rows[i].line, text);
		else
			ok(tap, rc < 0 && error.kind == ERROR_USAGE, "<%s> is refused: %s", rows[i].line,
			   error.message);
	}
	words_free(&words);
}

/* The script of TEXT, through a pipe where it fits. */
static struct script *script_of(const char *text, size_t length, int *fd)
{
	char path[] = "/tmp/test_words.XXXXXX";
	struct script *script = NULL;
	struct error error;

	*fd = mkstemp(path);
	if (*fd < 0 || write(*fd, text, length) != (ssize_t)length || lseek(*fd, 0, SEEK_SET) < 0)
		return NULL;
	unlink(path);
	return script_open(*fd, "name", &script, &error) == 0 ? script : NULL;
}

static void expect(struct tap *tap, struct script *script, const char *wanted, unsigned int line)
{
	struct error error = { 0 };
	const char *text = NULL;
	int rc = script_next(script, &text, &error);

	if (!wanted)
		ok(tap, rc == 0 && !text, "the end");
	else
		ok(tap, rc == 0 && text && strcmp(text, wanted) == 0 && script_line(script) == line,
		   "line %u: %s", line, text ? text : error.message);
}

static void check_lines(struct tap *tap)
{
	static const char text[] = "one\n\ntwo \\\n  more\\\n\n# not \\\nlast\\\\\r\nend";
	struct script *script;
	int fd;

	script = script_of(text, sizeof(text) - 1, &fd);
	expect(tap, script, "one", 1);
	expect(tap, script, "", 2);
	expect(tap, script, "two   more", 3);
	expect(tap, script, "# not \\", 6);
	expect(tap, script, "last\\\\", 7);
	expect(tap, script, "end", 8);
	expect(tap, script, NULL, 0);
	script_close(script);
	close(fd);
}

static void check_mark(struct tap *tap)
{
	static const char text[] = "\xef\xbb\xbfone \\\n\xef\xbb\xbftwo\r\nend";
	static const char only[] = "\xef\xbb\xbf";
	struct script *script;
	int fd;

	script = script_of(text, sizeof(text) - 1, &fd);
	expect(tap, script, "one \xef\xbb\xbftwo", 1);
	expect(tap, script, "end", 3);
	expect(tap, script, NULL, 0);
	script_close(script);
	close(fd);
	script = script_of(only, sizeof(only) - 1, &fd);
	expect(tap, script, "", 1);
	expect(tap, script, NULL, 0);
	script_close(script);
	close(fd);
}

static void check_refused(struct tap *tap, const char *text, size_t length, const char *message)
{
	struct error error = { 0 };
	struct script *script;
	const char *line;
	int fd;

	script = script_of(text, length, &fd);
	expect(tap, script, "first", 1);
	ok(tap, script_next(script, &line, &error) < 0 && strstr(error.message, message), "%s",
	   error.message);
	script_close(script);
	close(fd);
}

int main(void)
{
	static char big[(1 << 20) + 8];
	struct tap tap = { 0 };

	check_words(&tap);
	check_lines(&tap);
	check_mark(&tap);
	check_refused(&tap, "first\nse\0cond\n", 14, "name:2: there is a NUL byte");
	memset(big, 'x', sizeof(big));
	memcpy(big, "first\n", 6);
	check_refused(&tap, big, sizeof(big), "name:2: the line has more than");
	return tap_done(&tap);
}
