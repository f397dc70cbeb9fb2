/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A recipe: long options in a file, one a line, '#' starts a comment at the start of a line or after a
 * blank. Both "--name value" and "--name=value"; quotes around the whole value are taken off.
 */
#ifndef PCIETOOL_RECIPE_H
#define PCIETOOL_RECIPE_H

#include "core/base/error.h"

/* VALUE is NULL where the line has none. */
typedef int (*recipe_option_fn)(void *data, const char *name, const char *value, struct error *error);

/* Calls SET for every option in order; an error names file and line. */
int recipe_read(const char *file, recipe_option_fn set, void *data, struct error *error);

#endif
