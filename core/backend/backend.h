/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The back ends of this folder, for backend.c which chooses. */
#ifndef PCIETOOL_BACKEND_H
#define PCIETOOL_BACKEND_H

#include "core/region/provider.h"

extern const struct backend backend_uio;

#endif
