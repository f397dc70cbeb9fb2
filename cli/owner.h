/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PCIETOOL_OWNER_H
#define PCIETOOL_OWNER_H

#include <sys/types.h>

#include "core/base/error.h"

/* "USER", "USER:GROUP", ":GROUP", each a name or a number, as chown(1) has it; what is not given is -1. */
int owner_parse(const char *text, uid_t *uid, gid_t *gid, struct error *error);

#endif
