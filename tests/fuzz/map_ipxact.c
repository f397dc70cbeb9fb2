// SPDX-License-Identifier: GPL-2.0-or-later
/* Maps in IP-XACT, and Vivado's .hwh: expressions, definitions, arrays. */
#include "tests/fuzz/map.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (size == 0 || data[0] != '<')
		return -1;
	use_map(fuzz_file(0, data, size));
	return 0;
}
