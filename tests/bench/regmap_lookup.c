// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * regmap_lookup: what it costs to find a register by name in a map of 100 registers and in one of 100,000. Prints
 * both in nanoseconds, the best of several runs that take turns, and their ratio. The first lookup, which makes
 * the index, is not measured.
 */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "core/base/clock.h"
#include "core/mapfile/mapfile.h"

#define RUNS 15
#define LOOKUPS 10000
#define PER_BLOCK 100

static void write_map(FILE *f, unsigned int count)
{
	fprintf(f, "<device><name>BENCH</name><peripherals>\n");
	for (unsigned int block = 0; block < count / PER_BLOCK; block++) {
		fprintf(f, "<peripheral><name>BLOCK%04u</name><baseAddress>0x%x</baseAddress><registers>\n",
			block, 0x1000 * block);
		for (unsigned int i = 0; i < PER_BLOCK; i++)
			fprintf(f,
				"<register><name>REG%02u</name><addressOffset>%u</addressOffset><fields>"
				"<field><name>BUSY</name><bitRange>[0:0]</bitRange></field></fields></"
				"register>\n",
				i, 4 * i);
		fprintf(f, "</registers></peripheral>\n");
	}
	fprintf(f, "</peripherals></device>\n");
}

static struct regmap *make_map(unsigned int count)
{
	char path[] = "/tmp/regmap-lookup-XXXXXX";
	struct error error = { 0 };
	struct regmap *map = NULL;
	int fd = mkstemp(path);
	FILE *f = fd >= 0 ? fdopen(fd, "w") : NULL;

	if (!f)
		return NULL;
	write_map(f, count);
	if (fclose(f) == 0 && regmap_load(NULL, path, &map, &error) < 0)
		fprintf(stderr, "regmap_lookup: %s\n", error.message);
	unlink(path);
	return map;
}

/* Nanoseconds of one lookup: of the same number of names whatever the size of the map, so that all are cached. */
static double look_up(struct regmap *map, unsigned int count)
{
	struct error error = { 0 };
	struct regmap_item item;
	char names[16][40];
	uint64_t start;

	for (unsigned int i = 0; i < 16; i++) {
		unsigned int at = (unsigned int)((unsigned long long)count * i / 16);

		snprintf(names[i], sizeof(names[i]), "BLOCK%04u.REG%02u.BUSY", at / PER_BLOCK,
			 at % PER_BLOCK);
	}
	start = clock_ns();
	for (unsigned int i = 0; i < LOOKUPS; i++) {
		if (regmap_find(map, names[i % 16], &item, &error) < 0) {
			fprintf(stderr, "regmap_lookup: %s\n", error.message);
			exit(1);
		}
	}
	return (double)(clock_ns() - start) / LOOKUPS;
}

int main(void)
{
	static const unsigned int counts[2] = { 100, 100000 };
	double best[2] = { 1e12, 1e12 };
	struct regmap *maps[2];

	for (unsigned int m = 0; m < 2; m++) {
		maps[m] = make_map(counts[m]);
		if (!maps[m])
			return 1;
		look_up(maps[m], counts[m]);
	}
	for (unsigned int i = 0; i < RUNS; i++) {
		for (unsigned int m = 0; m < 2; m++) {
			double took = look_up(maps[m], counts[m]);

			best[m] = took < best[m] ? took : best[m];
		}
	}
	printf("lookup in %u registers %.0f ns, in %u registers %.0f ns, ratio %.2f\n", counts[0], best[0],
	       counts[1], best[1], best[1] / best[0]);
	regmap_close(maps[0]);
	regmap_close(maps[1]);
	return 0;
}
