/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A result that is a file: in its place whole or not at all. */
#ifndef PCIETOOL_WHOLE_FILE_H
#define PCIETOOL_WHOLE_FILE_H

#include <stddef.h>

#include "core/base/error.h"

/* NAME NULL or "-": standard output, with all else that goes there. The file's mode is 0644. */
int whole_file_write(const char *name, const void *data, size_t length, struct error *error);

#endif
