// SPDX-License-Identifier: GPL-2.0-or-later
/* regs watch: looks again and again; a screen of its own on a terminal, otherwise a line for each change. */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "cli/register_view.h"
#include "cli/cmd/registers.h"
#include "cli/screen.h"
#include "cli/signals.h"
#include "core/backend/path.h"
#include "core/base/clock.h"
#include "core/base/number.h"

/* A change stays marked for this long, and for some looks where those are rare. */
#define MARK_TIME UINT64_C(3000000000)
#define MARK_LOOKS 3

/* What is known of one register or field. */
struct watched {
	uint64_t value;
	uint64_t minimum;
	uint64_t maximum;
	uint64_t toggled; /* bits that were seen to change */
	uint64_t changes;
	uint64_t changed; /* when it last did, ns */
	unsigned int looks; /* since then */
};

struct watch {
	struct invocation *inv;
	struct register_list list;
	struct watched *watched;
	struct device *device;
	struct screen *screen; /* NULL: a line for each change */
	int column;
	bool is_first;
	uint64_t start; /* ns */
};

/* --- a line, or a document, for each change ------------------------------------------------------- */

static void tell_change(struct watch *w, size_t i, bool is_first, uint64_t old)
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

static void draw_heading(struct watch *w, const struct layout *l)
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

static int draw(struct watch *w)
{
	struct layout l;
	size_t fit;

	screen_begin(w->screen);
	l = choose_layout(w);
	draw_heading(w, &l);
	fit = screen_rows(w->screen) > 2 ? screen_rows(w->screen) - 2 : 0;
	if (w->list.count > fit && fit)
		fit--;
	for (size_t i = 0; i < w->list.count && i < fit; i++)
		draw_row(w, &l, i);
	if (w->list.count > fit) {
		screen_text(w->screen, false, "... and %zu more", w->list.count - fit);
		screen_line(w->screen);
	}
	return screen_show(w->screen);
}

/* What was seen stays on the terminal's own screen. */
static void tell_end(struct watch *w)
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
	}
	writer_document_end(out);
}

/* --- looking -------------------------------------------------------------------------------------- */

static void note(struct watch *w, size_t i, uint64_t value)
{
	struct watched *seen = &w->watched[i];
	uint64_t old = seen->value;
	bool is_new = !w->is_first && value != old;

	seen->looks += seen->looks < MARK_LOOKS;
	if (w->is_first)
		*seen = (struct watched){ .value = value, .minimum = value, .maximum = value };
	if (is_new) {
		seen->toggled |= value ^ old;
		seen->changes++;
		seen->changed = clock_ns();
		seen->looks = 0;
	}
	seen->value = value;
	if (value < seen->minimum)
		seen->minimum = value;
	if (value > seen->maximum)
		seen->maximum = value;
	if (!w->screen && (w->is_first || is_new))
		tell_change(w, i, w->is_first, old);
}

static int look(struct watch *w)
{
	for (size_t i = 0; i < w->list.count; i++) {
		uint64_t value;
		int rc = target_read(&w->list.targets[i], &value, &w->inv->error);

		if (rc < 0)
			return rc;
		note(w, i, value);
	}
	return device_path_check(w->device, &w->inv->error);
}

/* Draws, and again when the terminal wants it, until the next look. */
static int show_until(struct watch *w, uint64_t until)
{
	int rc;

	do
		rc = draw(w);
	while (rc == 0 && screen_wait(w->screen, until));
	return rc < 0 ? error_errno(&w->inv->error, rc, "standard output") : 0;
}

static int watch_loop(struct watch *w)
{
	uint64_t interval = w->inv->options.interval;
	const struct timespec pause = { .tv_sec = (time_t)(interval / 1000000000),
					.tv_nsec = (long)(interval % 1000000000) };

	while (!signals_received()) {
		int rc = look(w);

		fflush(NULL);
		if (rc < 0)
			return rc;
		w->is_first = false;
		if (!w->screen)
			nanosleep(&pause, NULL);
		else
			rc = show_until(w, clock_ns() + interval);
		if (rc < 0)
			return rc;
	}
	return 0;
}

static int watch(struct watch *w)
{
	int rc;

	w->watched = calloc(w->list.count + 1, sizeof(*w->watched));
	if (!w->watched)
		return error_errno(&w->inv->error, -ENOMEM, "starting");
	w->column = register_view_column(&w->list);
	w->start = clock_ns();
	w->is_first = true;
	signals_catch();
	if (!writer_is_json(w->inv->out))
		w->screen = screen_open();
	rc = watch_loop(w);
	screen_close(w->screen);
	if (w->screen && !w->is_first)
		tell_end(w);
	free(w->watched);
	/* Ctrl-C is how a watch ends; another signal is died of, as everywhere */
	return signals_end(w->inv, signals_received() == SIGINT, rc);
}

int registers_watch(struct invocation *inv)
{
	struct watch w = { .inv = inv };
	struct access access = { 0 };
	int rc;

	rc = registers_open(inv, SPACE_BAR, false, &w.device, &access);
	for (unsigned int i = 0; rc == 0 && i < inv->operand_count; i++)
		rc = register_list_add(&w.list, &access, inv->operands[i], &inv->error);
	for (size_t i = 0; rc == 0 && i < w.list.left_out_count; i++)
		context_log(&inv->ctx, LOG_WARN, "%s is left out: %s", w.list.left_out[i].item.reg->name,
			    w.list.left_out[i].reason);
	if (rc == 0 && w.list.count == 0)
		rc = error_set(&inv->error, ERROR_USAGE, "usage", "there is nothing left to watch");
	if (rc == 0)
		rc = watch(&w);
	register_list_free(&w.list);
	registers_close(w.device, &access);
	return rc;
}
