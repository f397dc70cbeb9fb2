// SPDX-License-Identifier: GPL-2.0-or-later
/* Text maps, LiteX' csr.csv among them. */
#include "tests/fuzz/map.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	/* that would be the other format */
	if (size && data[0] == '<')
		return -1;
	use_map(fuzz_file(0, data, size));
	return 0;
}
