// SPDX-License-Identifier: GPL-2.0-or-later
/* What the verbs of bench write into files: the picture of --plot, the percentiles of --hgrm. */
#include "cli/cmd/bench.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>

#include "cli/output.h"
#include "core/access/percentiles.h"
#include "core/file/same_file.h"

/* Are both there, and one file? Either may be NULL. */
static bool is_same_file(const char *a, const char *b)
{
	struct stat of_a;
	struct stat of_b;

	return a && b && stat(a, &of_a) == 0 && stat(b, &of_b) == 0 && same_inode(&of_a, &of_b);
}

int bench_check_files(struct invocation *inv)
{
	const char *hgrm = inv->options.hgrm;

	if (hgrm && (strcmp(hgrm, "-") == 0 || !*hgrm))
		return error_set(&inv->error, ERROR_USAGE, "usage", "--hgrm: the name of a file is expected");
	for (unsigned int i = 0; i < inv->operand_count; i++) {
		if (is_same_file(hgrm, inv->operands[i]) || is_same_file(inv->options.plot, inv->operands[i]))
			return error_set(&inv->error, ERROR_USAGE, "same-file",
					 "%.200s is what is read, and would be replaced", inv->operands[i]);
	}
	if (hgrm && inv->options.plot && strcmp(hgrm, inv->options.plot) == 0)
		return error_set(&inv->error, ERROR_USAGE, "same-file", "--plot and --hgrm are one file");
	if (hgrm && output_check(hgrm, &inv->error) < 0)
		return -EINVAL;
	return plot_check(inv->options.plot, &inv->error);
}

void bench_plot_percentiles(struct plot *plot, const char *title)
{
	plot_titles(plot, title, "percentile", "ns");
	/* by 1 / (1 - p), as HdrHistogram's plotters have it: what is rare gets as much room as what is not */
	plot_settings(plot,
		      "set logscale xy\n"
		      "set format y '%.0f'\n"
		      "set xtics ('0%%' 1, '50%%' 2, '90%%' 10, '99%%' 100, '99.9%%' 1e3, '99.99%%' 1e4, "
		      "'99.999%%' 1e5, '99.9999%%' 1e6, '99.99999%%' 1e7)\n");
}

void bench_plot_rates(struct plot *plot, const char *title)
{
	plot_titles(plot, title, "bytes a block", "bytes a second");
	plot_settings(plot, "set logscale x 2\nset format x '%.0b %B'\nset format y '%.1s %c'\n"
			    "set yrange [0:*]\n");
}

void bench_plot_time(struct plot *plot, double level, uint64_t count, double time)
{
	/* the last of N is the (1 - 1/N)th; a logarithm has no 0 */
	double x = level < 1 - 1 / (double)count ? 1 / (1 - level) : (double)count;

	plot_point(plot, x, time < 1 ? 1 : time);
}

struct curve {
	struct plot *plot;
	uint64_t count;
};

static void add_point(void *data, const struct percentile *p)
{
	struct curve *curve = data;

	bench_plot_time(curve->plot, p->level, curve->count, (double)p->value);
}

static int write_plot(struct invocation *inv, const char *title, const struct bench_times *times, size_t n)
{
	struct plot plot = { .count = 0 };

	bench_plot_percentiles(&plot, title);
	for (size_t i = 0; i < n; i++) {
		struct curve curve = { &plot, times[i].count };

		plot_curve(&plot, times[i].name, "lines");
		percentiles_each(times[i].sorted, times[i].count, add_point, &curve);
	}
	return plot_write(&plot, inv, inv->options.plot);
}

static int write_hgrm(struct invocation *inv, const struct bench_times *times)
{
	struct text_buffer text = { .length = 0 };
	int rc;

	percentiles_hgrm(times->sorted, times->count, &text);
	rc = text.failed ? error_errno(&inv->error, -ENOMEM, "%s", inv->options.hgrm)
			 : output_write_file(inv, inv->options.hgrm, text.bytes, text.length);
	text_buffer_free(&text);
	return rc;
}

int bench_write_files(struct invocation *inv, const char *title, const struct bench_times *times, size_t n)
{
	int rc = 0;

	if (inv->options.hgrm)
		rc = write_hgrm(inv, times);
	if (rc == 0 && inv->options.plot)
		rc = write_plot(inv, title, times, n);
	return rc;
}
