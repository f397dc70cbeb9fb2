// SPDX-License-Identifier: GPL-2.0-or-later
/* What a machine should have, in JSON. json-c, which reads that, is not what is tested: what it lets through is. */
#include "core/survey/baseline.h"
#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct baseline *baseline;
	struct error error;

	if (baseline_read(fuzz_file(0, data, size), &baseline, &error) < 0)
		return 0;
	for (size_t i = 0; i < baseline->count; i++) {
		if (!baseline_find(baseline, baseline->devices[i].path))
			abort();
	}
	baseline_free(baseline);
	return 0;
}
