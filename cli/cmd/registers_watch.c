// SPDX-License-Identifier: GPL-2.0-or-later
/* regs watch: looks again and again; a screen of its own on a terminal, otherwise a line for each change. */
#include "cli/cmd/registers_watch.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>

#include "cli/register_view.h"
#include "cli/cmd/registers.h"
#include "cli/signals.h"
#include "core/backend/path.h"
#include "core/base/clock.h"

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
	if (w->courses)
		course_add(&w->courses[i], value);
	else if (!w->screen && !w->inv->options.csv && (w->is_first || is_new))
		watch_tell_change(w, i, w->is_first, old);
}

/* What is read of a device that is gone, zeroes or ones, is no value: whether it is there is asked before one is told. */
static int look(struct watch *w)
{
	int rc = 0;

	for (size_t i = 0; rc == 0 && i < w->list.count; i++)
		rc = target_read(&w->list.targets[i], &w->now[i], &w->inv->error);
	if (rc == 0)
		rc = device_path_check(w->device, &w->inv->error);
	if (rc < 0)
		return rc;
	for (size_t i = 0; i < w->list.count; i++)
		note(w, i, w->now[i]);
	if (w->inv->options.csv)
		watch_tell_look(w);
	return 0;
}

/* Draws, and again when the terminal wants it, until the next look. */
static int show_until(struct watch *w, uint64_t until)
{
	int rc;

	do
		rc = watch_draw(w);
	while (rc == 0 && screen_wait(w->screen, until));
	return rc < 0 ? error_errno(&w->inv->error, rc, "standard output") : 0;
}

static int watch_loop(struct watch *w)
{
	const struct option_values *o = &w->inv->options;
	uint64_t end = signals_deadline(o, w->start);

	while (!signals_received()) {
		uint64_t next;
		int rc = look(w);

		/* where nothing can be told there is nothing to watch for */
		if (writer_flush(w->inv->out) < 0 || rc < 0)
			return rc;
		w->is_first = false;
		next = clock_ns() + o->interval;
		if (w->screen)
			rc = show_until(w, next < end ? next : end);
		else
			signals_sleep(o->interval, end);
		if (rc < 0 || next >= end)
			return rc;
	}
	return 0;
}

static int watch(struct watch *w)
{
	bool has_courses = w->inv->options.draws;
	int rc;

	w->watched = calloc(w->list.count + 1, sizeof(*w->watched));
	w->now = calloc(w->list.count + 1, sizeof(*w->now));
	w->courses = has_courses ? calloc(w->list.count + 1, sizeof(*w->courses)) : NULL;
	if (!w->watched || !w->now || (has_courses && !w->courses)) {
		rc = error_errno(&w->inv->error, -ENOMEM, "starting");
		goto out_free;
	}
	w->column = register_view_column(&w->list);
	w->start = clock_ns();
	w->is_first = true;
	signals_catch();
	if (!writer_is_json(w->inv->out) && !w->inv->options.csv)
		w->screen = screen_open();
	rc = watch_loop(w);
	screen_close(w->screen);
	/* what was seen stays on the terminal's own screen */
	if ((w->screen || w->courses) && !w->is_first)
		watch_tell_end(w);
	/* Ctrl-C is how a watch ends; another signal is died of, as everywhere */
	rc = signals_end(w->inv, signals_received() == SIGINT, rc);
out_free:
	free(w->courses);
	free(w->now);
	free(w->watched);
	return rc;
}

static int check_forms(struct invocation *inv)
{
	const struct option_values *o = &inv->options;

	return (inv->json && (o->csv || o->draws)) || (o->csv && o->draws)
		       ? error_set(&inv->error, ERROR_USAGE, "usage",
				   "--csv, --plot and --json are three forms of the same")
		       : 0;
}

int registers_watch(struct invocation *inv)
{
	struct watch w = { .inv = inv };
	struct access access = { 0 };
	int rc = check_forms(inv);

	if (rc == 0)
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
