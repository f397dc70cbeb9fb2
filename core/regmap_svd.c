// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/regmap_build.h"

#include <errno.h>

int regmap_parse_svd(struct regmap *map, struct error *error)
{
	return error_set(error, ERROR_UNSUPPORTED, "no-svd", "%s: not read yet", map->path);
}
