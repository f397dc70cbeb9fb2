/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Twins that are served at the same time, each in a thread of its own: one that is slow, or dead, keeps no other waiting. */
#ifndef PCIETOOL_TWIN_SEVERAL_H
#define PCIETOOL_TWIN_SEVERAL_H

#include "core/twin/twin.h"

/*
 * As twin_serve(), until END is readable, STOPPED is true, or one of them fails. What they share, such as a register map, the
 * caller keeps them from sharing. The error is that of the first in the list that has one.
 */
int twins_serve(struct twin *const *twins, size_t count, int end, bool (*stopped)(void *data), void *data,
		struct error *error);

#endif
