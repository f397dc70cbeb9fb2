// SPDX-License-Identifier: GPL-2.0-or-later
#include "cli/last_hour.h"

#include "core/base/clock.h"

#define DRAW_NS UINT64_C(1000000000)

void last_hour_begin(struct last_hour *h, int verbosity)
{
	*h = (struct last_hour){ 0 };
	minutes_begin(&h->minutes, clock_ns());
	progress_begin(&h->progress, verbosity);
	h->drawn = clock_ns();
}

void last_hour_add(struct last_hour *h, uint64_t count)
{
	uint64_t now = clock_ns();
	char text[MINUTES_TEXT_SIZE];

	minutes_add(&h->minutes, now, count);
	if (!h->progress.is_shown || (h->progress.is_drawn && now - h->drawn < DRAW_NS))
		return;
	minutes_text(&h->minutes, text);
	progress_line(&h->progress, "last hour %s", text);
	h->drawn = now;
}

void last_hour_hide(struct last_hour *h)
{
	progress_end(&h->progress);
}

void last_hour_write(struct writer *w, const struct last_hour *h)
{
	unsigned int length = minutes_length(&h->minutes);
	char text[MINUTES_TEXT_SIZE];

	writer_array(w, "per_minute");
	for (unsigned int i = 0; i < length; i++)
		writer_number(w, NULL, NULL, minutes_count(&h->minutes, i));
	writer_end(w);
	if (length < 2)
		return;
	minutes_text(&h->minutes, text);
	writer_text(w, "last hour %s", text);
	writer_line(w);
}
