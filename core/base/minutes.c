// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/base/minutes.h"

#define MINUTE_NS UINT64_C(60000000000)

void minutes_begin(struct minutes *m, uint64_t now)
{
	*m = (struct minutes){ .start = now };
}

void minutes_add(struct minutes *m, uint64_t now, uint64_t count)
{
	uint64_t minute = (now - m->start) / MINUTE_NS;

	if (minute - m->last >= MINUTES)
		*m = (struct minutes){ .start = m->start, .last = minute };
	while (m->last < minute)
		m->counts[++m->last % MINUTES] = 0;
	m->counts[minute % MINUTES] += count;
}

unsigned int minutes_length(const struct minutes *m)
{
	return m->last < MINUTES - 1 ? (unsigned int)m->last + 1 : MINUTES;
}

uint64_t minutes_count(const struct minutes *m, unsigned int i)
{
	return m->counts[(m->last + 1 - minutes_length(m) + i) % MINUTES];
}

void minutes_text(const struct minutes *m, char text[MINUTES_TEXT_SIZE])
{
	unsigned int length = minutes_length(m);

	for (unsigned int i = 0; i < length; i++) {
		uint64_t count = minutes_count(m, i);

		text[i] = ".123456789+"[count < 10 ? count : 10];
	}
	text[length] = '\0';
}
