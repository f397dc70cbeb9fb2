// SPDX-License-Identifier: GPL-2.0-or-later
/* bench blocks: the times between the blocks of a capture, from what its --index wrote. No device is needed. */
#include "cli/cmd/bench.h"

#include "cli/fields.h"
#include "core/capture/index_file.h"

static void render(struct invocation *inv, const struct index_times *times, const struct latency *between)
{
	struct writer *w = inv->out;

	writer_document(w, inv->command->name);
	writer_string(w, "file", "", inv->operands[0]);
	writer_number(w, "blocks", ": blocks ", times->blocks);
	writer_number(w, "missing", ", missing ", times->missing);
	writer_line(w);
	bench_write_latency(w, "between", "between", between);
}

int bench_blocks(struct invocation *inv)
{
	struct index_times times;
	struct latency between;
	int rc;

	rc = bench_check_files(inv);
	if (rc < 0)
		return rc;
	rc = index_times_read(inv->operands[0], &times, &inv->error);
	if (rc == 0 && times.count == 0)
		rc = error_set(&inv->error, ERROR_USAGE, "bad-index",
			       "%.200s: it has no two blocks, one behind the other", inv->operands[0]);
	if (rc == 0) {
		struct bench_times curve = { "between", times.between, times.count };

		latency_summarize(times.between, times.count, 0, &between);
		render(inv, &times, &between);
		rc = bench_write_files(inv, inv->operands[0], &curve, 1);
	}
	index_times_free(&times);
	return rc;
}
