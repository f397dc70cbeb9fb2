// SPDX-License-Identifier: GPL-2.0-or-later
/* The script for gnuplot, and its picture into a file. */
#include "cli/plot.h"

#include <stdbool.h>
#include <string.h>

#include "cli/child.h"
#include "cli/command.h"
#include "cli/output.h"

#define PROGRAM "gnuplot"

static bool ends_with(const char *text, const char *end)
{
	size_t length = strlen(text);
	size_t of_end = strlen(end);

	return length > of_end && strcmp(text + length - of_end, end) == 0;
}

int plot_check(const char *file, struct error *error)
{
	struct error ignored;
	int rc;

	if (!file)
		return 0;
	if (!ends_with(file, ".svg") && !ends_with(file, ".png"))
		return error_set(error, ERROR_USAGE, "usage",
				 "--plot %.200s: a name that ends in .svg or .png is expected", file);
	rc = output_check(file, error);
	if (rc < 0)
		return rc;
	if (child_check(PROGRAM, &ignored) == 0)
		return 0;
	rc = error_set(error, ERROR_UNSUPPORTED, "no-gnuplot",
		       "--plot needs the program gnuplot, which is not there");
	error_hint(error, "install it, Debian's package is gnuplot-nox: 'apt install gnuplot-nox'");
	return rc;
}

/*
 * In single quotes, where a quote is doubled and all else is itself: neither escapes nor `commands` ("help quotes", "help
 * substitution" in gnuplot). What would end a line, and is no ASCII, is a question mark; so is a backquote, for older ones.
 */
static void add_quoted(struct text_buffer *text, const char *string)
{
	text_buffer_string(text, "'");
	for (; *string; string++) {
		bool is_plain = *string >= ' ' && *string <= '~' && *string != '`';

		if (*string == '\'')
			text_buffer_string(text, "''");
		else
			text_buffer_add(text, is_plain ? string : "?", 1);
	}
	text_buffer_string(text, "'");
}

void plot_titles(struct plot *p, const char *title, const char *x, const char *y)
{
	text_buffer_string(&p->settings, "set title ");
	add_quoted(&p->settings, title);
	text_buffer_string(&p->settings, "\nset xlabel ");
	add_quoted(&p->settings, x);
	text_buffer_string(&p->settings, "\nset ylabel ");
	add_quoted(&p->settings, y);
	text_buffer_string(&p->settings, "\n");
}

void plot_settings(struct plot *p, const char *settings)
{
	text_buffer_string(&p->settings, settings);
}

void plot_curve(struct plot *p, const char *title, const char *style)
{
	text_buffer_format(&p->data, "%s$curve%u << END\n", p->count ? "END\n" : "", p->count);
	text_buffer_format(&p->curves, "%s$curve%u using 1:2 with %s title ", p->count ? ", " : "plot ",
			   p->count, style);
	add_quoted(&p->curves, title);
	p->count++;
}

void plot_point(struct plot *p, double x, double y)
{
	text_buffer_format(&p->data, "%.15g %.15g\n", x, y);
}

static void make_script(const struct plot *p, const char *file, struct text_buffer *script)
{
	text_buffer_format(script, "set encoding utf8\nset terminal %s size 900,600 noenhanced\n",
			   ends_with(file, ".svg") ? "svg" : "png");
	text_buffer_string(script, "set grid\nset key top left\n");
	text_buffer_add(script, p->settings.bytes, p->settings.length);
	text_buffer_add(script, p->data.bytes, p->data.length);
	text_buffer_string(script, "END\n");
	text_buffer_add(script, p->curves.bytes, p->curves.length);
	text_buffer_string(script, "\n");
	script->failed |= p->settings.failed || p->data.failed || p->curves.failed;
}

static int write_picture(struct invocation *inv, const char *file, const struct text_buffer *picture)
{
	if (picture->length == 0)
		return error_set(&inv->error, ERROR_FAILED, "command-failed", "gnuplot made no picture");
	return output_write_file(inv, file, picture->bytes, picture->length);
}

int plot_write(struct plot *p, struct invocation *inv, const char *file)
{
	/* -d: without what the user's own files set */
	char *argv[] = { PROGRAM, "-d", NULL };
	struct text_buffer picture = { 0 };
	struct text_buffer script = { 0 };
	int rc;

	make_script(p, file, &script);
	rc = child_filter(argv, &script, &picture, &inv->error);
	if (rc == 0)
		rc = write_picture(inv, file, &picture);
	text_buffer_free(&picture);
	text_buffer_free(&script);
	text_buffer_free(&p->curves);
	text_buffer_free(&p->data);
	text_buffer_free(&p->settings);
	return rc;
}
