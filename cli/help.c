// SPDX-License-Identifier: GPL-2.0-or-later
/* The lists of commands in help, made from the tables. */
#include "cli/help.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "cli/child.h"

enum {
	SUMMARY_COLUMN = 19,
	LAST_COLUMN = 79, /* argp's own */
};

/* argp would start the second line of a summary below the names. */
static void put_summary(FILE *f, const char *text)
{
	size_t column = SUMMARY_COLUMN;

	while (*text) {
		size_t word = strcspn(text, " ");

		if (column > SUMMARY_COLUMN && column + 1 + word > LAST_COLUMN) {
			fprintf(f, "\n%*s", SUMMARY_COLUMN, "");
			column = SUMMARY_COLUMN;
		} else if (column > SUMMARY_COLUMN) {
			fputc(' ', f);
			column++;
		}
		fwrite(text, 1, word, f);
		column += word;
		text += word;
		text += strspn(text, " ");
	}
	fputc('\n', f);
}

static void put_command(FILE *f, const struct command *c)
{
	fprintf(f, "  %-*s", SUMMARY_COLUMN - 2, c->name);
	put_summary(f, c->summary);
}

void help_commands(command_tables tables, FILE *f)
{
	fputs("Commands:\n", f);
	for (const struct command *const *table = tables; *table; table++) {
		for (const struct command *c = *table; c->name; c++)
			put_command(f, c);
	}
	fputs("\n'pcietool COMMAND --help' tells more of one; pcietool(8) of all.\n", f);
}

int help_noun(command_tables tables, FILE *f, const char *noun)
{
	bool found = false;

	for (const struct command *const *table = tables; *table; table++) {
		for (const struct command *c = *table; c->name; c++) {
			if (!command_has_noun(c, noun))
				continue;
			if (!found)
				fprintf(f, "Usage: pcietool %s VERB [OPTION...] [OPERAND...]\n\n", noun);
			found = true;
			put_command(f, c);
		}
	}
	if (!found)
		return -ENOENT;
	fprintf(f, "\n'pcietool %s VERB --help' tells more of one.\n", noun);
	return 0;
}

static bool is_noun(command_tables tables, const char *word)
{
	for (const struct command *const *table = tables; *table; table++) {
		for (const struct command *c = *table; c->name; c++) {
			if (strcmp(c->name, word) == 0 || command_has_noun(c, word))
				return true;
		}
	}
	return false;
}

/* man itself has the terminal, and its Ctrl-C */
static bool never(void *data)
{
	(void)data;
	return false;
}

bool help_page(command_tables tables, const char *noun)
{
	struct error error = { 0 };
	char ended[128];
	char page[64];
	char *man[] = { "man", "8", page, NULL };

	if (!isatty(STDOUT_FILENO) || !is_noun(tables, noun) || child_check(man[0], &error) < 0)
		return false;
	snprintf(page, sizeof(page), "pcietool-%s", noun);
	return child_run(man, false, never, NULL, ended, sizeof(ended), &error) == 0;
}
