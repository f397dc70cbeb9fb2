// SPDX-License-Identifier: GPL-2.0-or-later
/* How regs watch shows what it saw. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "cli/cmd/registers_watch.h"
#include "cli/register_view.h"
#include "core/base/clock.h"
#include "core/base/number.h"

/* A change stays marked for this long, and for some looks where those are rare. */
#define MARK_TIME UINT64_C(3000000000)

/* --- a line, or a document, for each change ------------------------------------------------------- */

void watch_tell_change(struct watch *w, size_t i, bool is_first, uint64_t old)
{
	const struct target *t = &w->list.targets[i];
	const struct watched *seen = &w->watched[i];
	struct writer *out = w->inv->out;
	uint64_t us = (clock_ns() - w->start) / 1000;
	double seconds = (double)us / 1e6;
	int digits = register_digits(target_bits(t));
	char name[2 * REGISTER_NAME_SIZE];

	target_format(t, name, sizeof(name));
	writer_document(out, w->inv->command->name);
	writer_real(out, "time", NULL, seconds);
	writer_text(out, "%.6f", seconds);
	writer_column(out, 10);
	writer_string(out, "name", " ", name);
	writer_column(out, 11 + w->column);
	if (is_first) {
		writer_null(out, "old", NULL, "the first look");
	} else {
		writer_hex(out, "old", " ", old, digits);
		writer_text(out, " ->");
	}
	register_view_value(out, " ", t->map, &t->item, target_bits(t), seen->value);
	writer_hex(out, "minimum", NULL, seen->minimum, digits);
	writer_hex(out, "maximum", NULL, seen->maximum, digits);
	writer_hex(out, "toggled", NULL, seen->toggled, digits);
	writer_number(out, "changes", NULL, seen->changes);
	writer_line(out);
	writer_document_end(out);
}

/* --- a line for each look ------------------------------------------------------------------------------ */

static void csv_name(struct writer *out, const struct target *t)
{
	char name[2 * REGISTER_NAME_SIZE];

	target_format(t, name, sizeof(name));
	if (strpbrk(name, ",\""))
		writer_text(out, ",\"%s\"", name);
	else
		writer_text(out, ",%s", name);
}

void watch_tell_look(struct watch *w)
{
	struct writer *out = w->inv->out;

	writer_document(out, w->inv->command->name);
	if (w->is_first) {
		writer_text(out, "seconds");
		for (size_t i = 0; i < w->list.count; i++)
			csv_name(out, &w->list.targets[i]);
		writer_line(out);
	}
	writer_text(out, "%.6f", (double)(clock_ns() - w->start) / 1e9);
	for (size_t i = 0; i < w->list.count; i++)
		writer_text(out, ",%llu", (unsigned long long)w->watched[i].value);
	writer_line(out);
	writer_document_end(out);
}

/* --- the screen ----------------------------------------------------------------------------------- */

/* Where the columns of the table start; those for which there is no room are 0. */
struct layout {
	unsigned int value, minimum, maximum, toggled, changes, meaning;
};

#define GAP 2
#define CHANGES_WIDTH 7 /* of its heading */

/* The least and the greatest value are left out first, then the bits that toggled, then the number of changes. */
static struct layout choose_layout(const struct watch *w)
{
	unsigned int columns = screen_columns(w->screen);
	unsigned int digits = 0;
	struct layout l = { 0 };
	unsigned int width;
	unsigned int next;

	for (size_t i = 0; i < w->list.count; i++) {
		unsigned int n = (unsigned int)register_digits(target_bits(&w->list.targets[i]));

		digits = n > digits ? n : digits;
	}
	/* as the heading: "MINIMUM" */
	width = (digits > 5 ? digits + 2 : 7) + GAP;
	l.value = (unsigned int)w->column + 1;
	/* the value is never cut, the name rather */
	if (l.value + width > columns)
		l.value = columns > width ? columns - width : 0;
	next = l.value + width;
	if (next + 3 * width + CHANGES_WIDTH <= columns) {
		l.minimum = next;
		l.maximum = next + width;
		next += 2 * width;
	}
	if (next + width + CHANGES_WIDTH <= columns) {
		l.toggled = next;
		next += width;
	}
	if (next + CHANGES_WIDTH <= columns) {
		l.changes = next;
		l.meaning = next + CHANGES_WIDTH + GAP;
	}
	return l;
}

static void draw_cell(struct screen *s, unsigned int column, const char *text)
{
	if (!column)
		return;
	screen_column(s, column);
	screen_text(s, false, "%s", text);
}

static void draw_title(struct watch *w)
{
	const struct regmap *map = w->list.targets[0].map;
	char interval[DURATION_SIZE];
	char hours[16] = "";
	time_t now = time(NULL);
	struct screen *s = w->screen;
	struct tm tm;

	if (localtime_r(&now, &tm))
		strftime(hours, sizeof(hours), "  %H:%M:%S", &tm);
	duration_format(w->inv->options.interval, interval);
	screen_text(s, false, "%s  every %s%s  Ctrl-C ends  %s", w->device->name, interval, hours,
		    map ? map->path : "no register map");
	screen_line(s);
}

static void draw_heading(struct screen *s, const struct layout *l)
{
	screen_text(s, false, "%.*s", l->value ? (int)l->value - 1 : 0, "REGISTER");
	screen_column(s, l->value);
	screen_text(s, false, "VALUE");
	draw_cell(s, l->minimum, "MINIMUM");
	draw_cell(s, l->maximum, "MAXIMUM");
	draw_cell(s, l->toggled, "TOGGLED");
	draw_cell(s, l->changes, "CHANGES");
	screen_line(s);
}

static void draw_number(struct screen *s, unsigned int column, const struct target *t, uint64_t value)
{
	char text[24];

	snprintf(text, sizeof(text), "0x%0*llx", register_digits(target_bits(t)), (unsigned long long)value);
	draw_cell(s, column, text);
}

static bool is_marked(const struct watched *seen)
{
	return seen->changes && (seen->looks < MARK_LOOKS || clock_ns() - seen->changed < MARK_TIME);
}

static const char *meaning(const struct target *t, uint64_t value)
{
	const char *name = t->item.field ? regmap_enum_name(t->map, t->item.field, value) : NULL;

	return name ? name : "";
}

static void draw_row(struct watch *w, const struct layout *l, size_t i)
{
	const struct target *t = &w->list.targets[i];
	const struct watched *seen = &w->watched[i];
	struct screen *s = w->screen;
	char text[2 * REGISTER_NAME_SIZE];

	target_format(t, text, sizeof(text));
	screen_text(s, false, "%.*s", l->value ? (int)l->value - 1 : 0, text);
	screen_column(s, l->value);
	screen_text(s, is_marked(seen), "0x%0*llx", register_digits(target_bits(t)),
		    (unsigned long long)seen->value);
	draw_number(s, l->minimum, t, seen->minimum);
	draw_number(s, l->maximum, t, seen->maximum);
	draw_number(s, l->toggled, t, seen->toggled);
	snprintf(text, sizeof(text), "%llu", (unsigned long long)seen->changes);
	draw_cell(s, l->changes, text);
	draw_cell(s, l->meaning, meaning(t, seen->value));
	screen_line(s);
}

static void draw_rest(struct watch *w, size_t shown)
{
	screen_text(w->screen, false, "... and %zu more", w->list.count - shown);
	screen_line(w->screen);
}

static int draw_table(struct watch *w)
{
	struct layout l;
	size_t fit;

	screen_begin(w->screen);
	l = choose_layout(w);
	draw_title(w);
	draw_heading(w->screen, &l);
	fit = screen_rows(w->screen) > 2 ? screen_rows(w->screen) - 2 : 0;
	if (w->list.count > fit && fit)
		fit--;
	for (size_t i = 0; i < w->list.count && i < fit; i++)
		draw_row(w, &l, i);
	if (w->list.count > fit)
		draw_rest(w, fit);
	return screen_show(w->screen);
}

/* --- courses --------------------------------------------------------------------------------------- */

/* The least and the greatest value of the I-th. */
static void format_edges(const struct watch *w, size_t i, char least[COURSE_EDGE_SIZE],
			 char greatest[COURSE_EDGE_SIZE])
{
	int digits = register_digits(target_bits(&w->list.targets[i]));
	const struct course *c = &w->courses[i];

	snprintf(least, COURSE_EDGE_SIZE, "0x%0*llx", digits, (unsigned long long)c->minimum);
	snprintf(greatest, COURSE_EDGE_SIZE, "0x%0*llx", digits, (unsigned long long)c->maximum);
}

static void draw_course(struct watch *w, size_t i, unsigned int height)
{
	const struct target *t = &w->list.targets[i];
	char row_text[COURSE_WIDTH_MAX];
	char text[2 * REGISTER_NAME_SIZE];
	char least[COURSE_EDGE_SIZE];
	char greatest[COURSE_EDGE_SIZE];
	struct screen *s = w->screen;

	target_format(t, text, sizeof(text));
	screen_text(s, false, "%s  ", text);
	screen_text(s, is_marked(&w->watched[i]), "0x%0*llx", register_digits(target_bits(t)),
		    (unsigned long long)w->watched[i].value);
	screen_text(s, false, "  changes %llu  %s", (unsigned long long)w->watched[i].changes,
		    meaning(t, w->watched[i].value));
	screen_line(s);
	height = course_height(&w->courses[i], height);
	format_edges(w, i, least, greatest);
	for (unsigned int row = 0; row < height; row++) {
		unsigned int room = screen_columns(s);

		course_edge(least, greatest, height, row, text);
		room -= strlen(text) < room ? (unsigned int)strlen(text) : room;
		course_row(&w->courses[i], room < COURSE_WIDTH_MAX ? room : COURSE_WIDTH_MAX - 1, height, row,
			   row_text);
		screen_text(s, false, "%s%s", text, row_text);
		screen_line(s);
	}
}

static int draw_courses(struct watch *w)
{
	size_t rows;
	size_t each;
	size_t fit;

	screen_begin(w->screen);
	draw_title(w);
	rows = screen_rows(w->screen) > 1 ? screen_rows(w->screen) - 1 : 0;
	each = rows / w->list.count;
	/* its name, and two rows of course */
	each = each < 3 ? 3 : each > COURSE_HEIGHT + 1 ? COURSE_HEIGHT + 1 : each;
	fit = each * w->list.count <= rows ? w->list.count : rows ? (rows - 1) / each : 0;
	for (size_t i = 0; i < fit; i++)
		draw_course(w, i, (unsigned int)each - 1);
	if (fit < w->list.count)
		draw_rest(w, fit);
	return screen_show(w->screen);
}

int watch_draw(struct watch *w)
{
	return w->courses ? draw_courses(w) : draw_table(w);
}

/* --- the end --------------------------------------------------------------------------------------- */

static void tell_course(struct watch *w, size_t i)
{
	char least[COURSE_EDGE_SIZE];
	char greatest[COURSE_EDGE_SIZE];

	format_edges(w, i, least, greatest);
	course_write(w->inv->out, &w->courses[i], least, greatest);
}

void watch_tell_end(struct watch *w)
{
	struct writer *out = w->inv->out;

	writer_document(out, w->inv->command->name);
	for (size_t i = 0; i < w->list.count; i++) {
		const struct target *t = &w->list.targets[i];
		const struct watched *seen = &w->watched[i];
		int digits = register_digits(target_bits(t));
		char ref[2 * REGISTER_NAME_SIZE];

		target_format(t, ref, sizeof(ref));
		writer_text(out, "%s", ref);
		writer_column(out, w->column);
		writer_text(out, " 0x%0*llx  0x%0*llx..0x%0*llx  toggled 0x%0*llx  changes %llu  %s", digits,
			    (unsigned long long)seen->value, digits, (unsigned long long)seen->minimum,
			    digits, (unsigned long long)seen->maximum, digits,
			    (unsigned long long)seen->toggled, (unsigned long long)seen->changes,
			    meaning(t, seen->value));
		writer_line(out);
		if (w->courses)
			tell_course(w, i);
	}
	writer_document_end(out);
}
