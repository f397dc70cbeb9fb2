// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/base/recipe.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static char *trim(char *text)
{
	size_t n;

	while (isspace((unsigned char)*text))
		text++;
	n = strlen(text);
	while (n > 0 && isspace((unsigned char)text[n - 1]))
		text[--n] = '\0';
	return text;
}

static void cut_comment(char *line)
{
	char *start = line;
	char *hash;

	while ((hash = strchr(start, '#'))) {
		if (hash == line || isspace((unsigned char)hash[-1])) {
			*hash = '\0';
			return;
		}
		start = hash + 1;
	}
}

/* Whoever copies from a shell's command line copies its quotes, too. */
static char *unquote(char *value)
{
	size_t n = strlen(value);

	if (n >= 2 && (value[0] == '\'' || value[0] == '"') && value[n - 1] == value[0]) {
		value[n - 1] = '\0';
		return value + 1;
	}
	return value;
}

static int set_line(char *line, recipe_option_fn set, void *data, struct error *error)
{
	char *name;
	char *value;

	cut_comment(line);
	name = trim(line);
	if (!*name)
		return 0;
	if (strncmp(name, "--", 2) != 0 || !isalpha((unsigned char)name[2]))
		return error_set(error, ERROR_USAGE, "bad-recipe",
				 "'%.100s': a line is a long option, --NAME VALUE", name);
	name += 2;
	value = name + strcspn(name, "= \t");
	if (*value) {
		*value = '\0';
		value = unquote(trim(value + 1));
	}
	return set(data, name, *value ? value : NULL, error);
}

static int at_line(const char *file, unsigned int number, struct error *error, int rc)
{
	char why[sizeof(error->message)];

	memcpy(why, error->message, sizeof(why));
	snprintf(error->message, sizeof(error->message), "%.150s:%u: %.340s", file, number, why);
	return rc;
}

int recipe_read(const char *file, recipe_option_fn set, void *data, struct error *error)
{
	unsigned int number = 0;
	char *line = NULL;
	size_t size = 0;
	ssize_t n;
	int rc = 0;
	FILE *f;

	f = fopen(file, "re");
	if (!f)
		return error_errno(error, -errno, "%s", file);
	while (rc == 0 && (n = getline(&line, &size, f)) >= 0) {
		number++;
		if (strlen(line) != (size_t)n)
			rc = error_set(error, ERROR_USAGE, "bad-recipe", "not a text file");
		else
			rc = set_line(line, set, data, error);
		if (rc < 0)
			rc = at_line(file, number, error, rc);
	}
	if (rc == 0 && ferror(f))
		rc = error_errno(error, -errno, "%s", file);
	free(line);
	fclose(f);
	return rc;
}
