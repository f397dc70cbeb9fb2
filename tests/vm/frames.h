/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The frames of the capture tests: each follows from its number alone. */
#ifndef TESTS_VM_FRAMES_H
#define TESTS_VM_FRAMES_H

#include <stdint.h>
#include <string.h>

#define FRAME_MAX 1514
#define FRAME_MIN 60
#define FRAME_TYPE 0x88b5 /* IEEE 802's local experimental EtherType */
#define FRAME_HEADER 18 /* two addresses, the type, the number */

static inline unsigned int frame_length(uint32_t number)
{
	return FRAME_MIN + number * 37 % (FRAME_MAX - FRAME_MIN + 1);
}

/* Fills FRAME and returns its length. */
static inline unsigned int frame_make(uint32_t number, uint8_t frame[FRAME_MAX])
{
	static const uint8_t header[] = {
		0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x02, 0, 0, 0, 0, 1, FRAME_TYPE >> 8, FRAME_TYPE & 0xff,
	};
	unsigned int length = frame_length(number);
	uint32_t x = number * 2654435761u + 1;

	memcpy(frame, header, sizeof(header));
	for (unsigned int i = 0; i < 4; i++)
		frame[sizeof(header) + i] = (uint8_t)(number >> (24 - 8 * i));
	for (unsigned int i = FRAME_HEADER; i < length; i++) {
		/* Numerical Recipes' linear congruential generator */
		x = x * 1664525 + 1013904223;
		frame[i] = (uint8_t)(x >> 24);
	}
	return length;
}

#endif
