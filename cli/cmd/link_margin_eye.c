// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * link margin --plot: an eye, as far as it is known. Margining measures a cross through its middle; what is between the four
 * ends of the cross is taken as straight.
 */
#include "cli/cmd/link_margin.h"

/* Characters from the middle to the edge, which stands for all that the receiver offers. */
#define HALF_WIDTH 24
#define HALF_HEIGHT 5

/* Is the place X of HALF_WIDTH, Y of HALF_HEIGHT within the line from TIMING to VOLTAGE, shares of what is offered? */
static bool is_open(unsigned int x, unsigned int y, double timing, double voltage)
{
	double across = (double)x / HALF_WIDTH;
	double along = (double)y / HALF_HEIGHT;

	if (x && timing <= 0)
		return false;
	if (y && voltage <= 0)
		return false;
	/* a rounding error is no step */
	return (x ? across / timing : 0) + (y ? along / voltage : 0) < 1 + 1e-9;
}

static double share(unsigned int steps, unsigned int all)
{
	return all ? (double)steps / all : 0;
}

void link_margin_draw_eye(struct writer *w, const struct margin_offer *offer,
			  const unsigned int steps[MARGIN_DIRECTIONS])
{
	int height = offer->has_voltage && offer->voltage_steps ? HALF_HEIGHT : 0;
	double shares[MARGIN_DIRECTIONS];

	for (enum margin_direction d = 0; d < MARGIN_DIRECTIONS; d++)
		shares[d] = share(steps[d], d <= MARGIN_RIGHT ? offer->timing_steps : offer->voltage_steps);
	for (int y = height; y >= -height; y--) {
		char row[2 * HALF_WIDTH + 2] = { 0 };

		for (int x = -HALF_WIDTH; x <= HALF_WIDTH; x++)
			row[x + HALF_WIDTH] =
				x == 0 && y == 0 ? '+'
				: is_open((unsigned int)(x < 0 ? -x : x), (unsigned int)(y < 0 ? -y : y),
					  shares[x < 0 ? MARGIN_LEFT : MARGIN_RIGHT],
					  shares[y < 0 ? MARGIN_DOWN : MARGIN_UP])
					? '#'
					: '.';
		writer_text(w, "    %s", row);
		writer_line(w);
	}
}
