// SPDX-License-Identifier: GPL-2.0-or-later
/* Commands by their names. Knows no noun: the tables come from main(). */
#include "cli/command.h"

#include <stdio.h>
#include <string.h>

#include "core/base/name_table.h"

#ifndef PCIETOOL_VERSION
#define PCIETOOL_VERSION "unknown"
#endif

static const struct command *find(command_tables tables, const char *name)
{
	for (const struct command *const *table = tables; *table; table++) {
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

static const struct command *find_two(command_tables tables, const char *noun, const char *verb)
{
	size_t n = strlen(noun);

	for (const struct command *const *table = tables; *table; table++) {
		for (const struct command *c = *table; c->name; c++) {
			if (has_noun(c, noun, n) && strcmp(c->name + n + 1, verb) == 0)
				return c;
		}
	}
	return NULL;
}

/* The verbs of NOUN, for the hint; false when there is no such noun. */
static bool list_verbs(command_tables tables, const char *noun, char *text, size_t size)
{
	size_t n = strlen(noun);
	size_t used = 0;

	text[0] = '\0';
	for (const struct command *const *table = tables; *table; table++) {
		for (const struct command *c = *table; c->name; c++) {
			if (!has_noun(c, noun, n) || used >= size)
				continue;
			used += (size_t)snprintf(text + used, size - used, "%s%s", used ? ", " : "",
						 c->name + n + 1);
		}
	}
	return used > 0;
}

/* The noun, or the command of one word, that WORD was most likely meant to be. */
static void hint_nearest(command_tables tables, const char *word, struct error *error)
{
	unsigned int best = 3;
	char nearest[32] = "";

	for (const struct command *const *table = tables; *table; table++) {
		for (const struct command *c = *table; c->name; c++) {
			char noun[32];
			unsigned int distance;

			snprintf(noun, sizeof(noun), "%.*s", (int)strcspn(c->name, " "), c->name);
			distance = name_distance(word, noun, best - 1);
			/* a word of which most is different is another one */
			if (distance >= best || distance >= strlen(noun))
				continue;
			best = distance;
			snprintf(nearest, sizeof(nearest), "%s", noun);
		}
	}
	if (nearest[0])
		error_hint(error, "did you mean '%s'? 'pcietool --help' lists all", nearest);
	else
		error_hint(error, "see 'pcietool --help'");
}

/* "'regs read', 'mem read'": the commands with that verb; false when there is none. */
static bool list_nouns(command_tables tables, const char *verb, char *text, size_t size)
{
	size_t used = 0;

	text[0] = '\0';
	for (const struct command *const *table = tables; *table; table++) {
		for (const struct command *c = *table; c->name; c++) {
			const char *blank = strchr(c->name, ' ');

			if (blank && used < size && strcmp(blank + 1, verb) == 0)
				used += (size_t)snprintf(text + used, size - used, "%s'%s'", used ? ", " : "",
							 c->name);
		}
	}
	return used > 0;
}

/* Of two words, of the last ones. */
static const struct command *find_recalled(const struct command_recall *recall, const char *noun,
					   const char *verb)
{
	size_t n = strlen(noun);

	for (size_t i = 0; i < sizeof(recall->list) / sizeof(recall->list[0]); i++) {
		const struct command *c = recall->list[i];

		if (c && has_noun(c, noun, n) && strcmp(c->name + n + 1, verb) == 0)
			return c;
	}
	return NULL;
}

static const struct command *find_verb(command_tables tables, struct command_recall *recall, const char *noun,
				       const char *verb)
{
	const struct command *c = recall ? find_recalled(recall, noun, verb) : NULL;

	if (c)
		return c;
	c = find_two(tables, noun, verb);
	if (c && recall)
		recall->list[recall->next++ % (sizeof(recall->list) / sizeof(recall->list[0]))] = c;
	return c;
}

const struct command *command_find(command_tables tables, struct command_recall *recall, char **argv,
				   int argc, int *used, struct error *error)
{
	const struct command *c;
	char verbs[256];

	c = argc > 1 ? find_verb(tables, recall, argv[0], argv[1]) : NULL;
	if (c) {
		*used = 2;
		return c;
	}
	c = find(tables, argv[0]);
	if (c) {
		*used = 1;
		return c;
	}
	if (!list_verbs(tables, argv[0], verbs, sizeof(verbs))) {
		error_set(error, ERROR_USAGE, "bad-command", "'%s' is no command", argv[0]);
		if (list_nouns(tables, argv[0], verbs, sizeof(verbs)))
			error_hint(error, "it is a verb and wants its noun: %s", verbs);
		else
			hint_nearest(tables, argv[0], error);
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
	return PCIETOOL_VERSION;
}
