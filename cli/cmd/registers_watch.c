// SPDX-License-Identifier: GPL-2.0-or-later
/* regs watch: looks again and again; a live table on a terminal, otherwise a line for each change. */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

#include "cli/register_view.h"
#include "cli/cmd/registers.h"
#include "cli/signals.h"
#include "core/backend/path.h"
#include "core/base/clock.h"

/* What is known of one register or field. */
struct watched {
	uint64_t value;
	uint64_t minimum;
	uint64_t maximum;
	uint64_t toggled; /* bits that were seen to change */
	uint64_t changes;
	bool is_new; /* changed in the last look */
};

struct watch {
	struct invocation *inv;
	struct register_list list;
	struct watched *watched;
	bool is_table;
	size_t rows; /* that the table had when it was last drawn */
	int column;
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

/* --- the table ------------------------------------------------------------------------------------ */

/* ECMA-48: cursor up, erase to the end of the line, reverse video */
#define TERMINAL_UP "\033[%zuA\r"
#define TERMINAL_ERASE "\033[K"
#define TERMINAL_REVERSE "\033[7m"
#define TERMINAL_PLAIN "\033[m"

static size_t rows_that_fit(void)
{
	struct winsize size;

	return ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_row > 3 ? size.ws_row - 3u : 20;
}

static void draw_row(struct watch *w, size_t i)
{
	const struct target *t = &w->list.targets[i];
	const struct watched *seen = &w->watched[i];
	struct writer *out = w->inv->out;
	int digits = register_digits(target_bits(t));
	const char *name = t->item.field ? regmap_enum_name(t->map, t->item.field, seen->value) : NULL;
	char ref[2 * REGISTER_NAME_SIZE];

	target_format(t, ref, sizeof(ref));
	/* not writer_column(), which counts the escapes too */
	writer_text(out, "%-*s", w->column, ref);
	writer_text(out,
		    " %s0x%0*llx%s  0x%0*llx..0x%0*llx  toggled 0x%0*llx  changes %llu  %s" TERMINAL_ERASE,
		    seen->is_new ? TERMINAL_REVERSE : "", digits, (unsigned long long)seen->value,
		    seen->is_new ? TERMINAL_PLAIN : "", digits, (unsigned long long)seen->minimum, digits,
		    (unsigned long long)seen->maximum, digits, (unsigned long long)seen->toggled,
		    (unsigned long long)seen->changes, name ? name : "");
	writer_line(out);
}

static void draw_table(struct watch *w)
{
	struct writer *out = w->inv->out;
	size_t fit = rows_that_fit();
	size_t rows = w->list.count < fit ? w->list.count : fit;

	if (w->rows)
		writer_text(out, TERMINAL_UP, w->rows);
	for (size_t i = 0; i < rows; i++)
		draw_row(w, i);
	w->rows = rows;
	if (rows < w->list.count) {
		writer_text(out, "... and %zu more" TERMINAL_ERASE, w->list.count - rows);
		writer_line(out);
		w->rows++;
	}
}

/* --- looking -------------------------------------------------------------------------------------- */

static void note(struct watch *w, size_t i, uint64_t value, bool is_first)
{
	struct watched *seen = &w->watched[i];
	uint64_t old = seen->value;

	seen->is_new = !is_first && value != old;
	if (is_first)
		*seen = (struct watched){ .value = value, .minimum = value, .maximum = value };
	if (seen->is_new) {
		seen->toggled |= value ^ old;
		seen->changes++;
	}
	seen->value = value;
	if (value < seen->minimum)
		seen->minimum = value;
	if (value > seen->maximum)
		seen->maximum = value;
	if (!w->is_table && (is_first || seen->is_new))
		tell_change(w, i, is_first, old);
}

static int look(struct watch *w, bool is_first)
{
	for (size_t i = 0; i < w->list.count; i++) {
		uint64_t value;
		int rc = target_read(&w->list.targets[i], &value, &w->inv->error);

		if (rc < 0)
			return rc;
		note(w, i, value, is_first);
	}
	return 0;
}

static int watch_loop(struct watch *w, struct device *device)
{
	const struct option_values *o = &w->inv->options;
	uint64_t interval = o->interval;
	const struct timespec pause = { .tv_sec = (time_t)(interval / 1000000000),
					.tv_nsec = (long)(interval % 1000000000) };
	bool is_first = true;

	while (!signals_received()) {
		int rc = look(w, is_first);

		if (rc == 0)
			rc = device_path_check(device, &w->inv->error);
		if (w->is_table)
			draw_table(w);
		fflush(NULL);
		if (rc < 0)
			return rc;
		is_first = false;
		nanosleep(&pause, NULL);
	}
	return 0;
}

static int watch(struct watch *w, struct device *device)
{
	int rc;

	w->watched = calloc(w->list.count + 1, sizeof(*w->watched));
	if (!w->watched)
		return error_errno(&w->inv->error, -ENOMEM, "starting");
	w->column = register_view_column(&w->list);
	w->start = clock_ns();
	signals_catch();
	rc = watch_loop(w, device);
	free(w->watched);
	/* Ctrl-C is how a watch ends; another signal is died of, as everywhere */
	return signals_end(w->inv, signals_received() == SIGINT, rc);
}

int registers_watch(struct invocation *inv)
{
	struct watch w = { .inv = inv, .is_table = !writer_is_json(inv->out) && isatty(STDOUT_FILENO) };
	struct device *device = NULL;
	struct access access = { 0 };
	int rc;

	rc = registers_open(inv, SPACE_BAR, false, &device, &access);
	for (unsigned int i = 0; rc == 0 && i < inv->operand_count; i++)
		rc = register_list_add(&w.list, &access, inv->operands[i], &inv->error);
	for (size_t i = 0; rc == 0 && i < w.list.left_out_count; i++)
		context_log(&inv->ctx, LOG_WARN, "%s is left out: %s", w.list.left_out[i].item.reg->name,
			    w.list.left_out[i].reason);
	if (rc == 0 && w.list.count == 0)
		rc = error_set(&inv->error, ERROR_USAGE, "usage", "there is nothing left to watch");
	if (rc == 0)
		rc = watch(&w, device);
	register_list_free(&w.list);
	registers_close(device, &access);
	return rc;
}
