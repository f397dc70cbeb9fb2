// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * An offset in the ring cannot tell one lap from two. So when nobody looked at it for long, the time and the device's
 * rate until then do. Owns capture_laps.
 */
#include "core/base/clock.h"
#include "core/capture/internal.h"

void capture_laps_look(struct capture *c, struct capture_laps *l, uint64_t head)
{
	uint64_t now = clock_ns();
	uint64_t gap = now - l->looked;
	uint64_t advance = (head + c->ring_size - l->head) % c->ring_size;
	uint64_t elapsed = l->looked - c->started;

	/* before that a rate says little; and one that waits to be told how far it may go makes pauses */
	if (l->moved >= l->enough && elapsed > 0 && !capture_is_held(c)) {
		double expected = (double)l->moved / (double)elapsed * (double)gap;

		if (expected - (double)advance > (double)c->ring_size / 2) {
			c->result.overruns++;
			c->result.lost_reason = "the ring was not looked at for longer than the device "
						"needs to go round it";
		}
	}
	l->head = head;
	l->looked = now;
	l->moved += advance;
}
